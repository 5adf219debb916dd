//! A configuration as it is written: what the judge reads in other words, and what it passes over.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::{Deserialize, Deserializer, IgnoredAny};
use serde_ignored::Path;

use super::config::{EffectSizeOptions, OutlierOptions};
use super::{CanaryConfig, CanaryOptions, ClassifierConfig, JudgeConfig, MetricConfig};
use crate::compat::lenient::{self, Object};

/// A word that is not known where it stands, so that the judge reads another in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownWord {
    /// Where it stands, such as `effectSize.measure`.
    pub field: &'static str,
    /// The word.
    pub value: String,
    /// What the judge reads.
    pub read_as: &'static str,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ConfigForm {
    name: String,
    judge: Object<JudgeForm>,
    #[serde(deserialize_with = "lenient::list")]
    metrics: Vec<Object<MetricConfig>>,
    classifier: Object<ClassifierConfig>,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct JudgeForm {
    name: String,
    /// Settings that no judge ever reads: each is passed over by its name.
    #[serde(deserialize_with = "lenient::map")]
    judge_configurations: BTreeMap<String, IgnoredAny>,
}

impl<'de> Deserialize<'de> for CanaryConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut passed_over = Vec::new();
        let Object(form): Object<ConfigForm> =
            serde_ignored::deserialize(deserializer, |path| passed_over.push(place(&path)))?;
        let Object(JudgeForm { name: judge, judge_configurations: _ }) = form.judge;
        Ok(Self {
            name: form.name,
            judge: JudgeConfig { name: judge },
            metrics: form.metrics.into_iter().map(|Object(metric)| metric).collect(),
            classifier: form.classifier.0,
            passed_over,
        })
    }
}

/// `metrics[0].query`.
fn place(path: &Path<'_>) -> String {
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", place(parent)),
        Path::Map { parent, key } => match place(parent) {
            parent if parent.is_empty() => key.clone(),
            parent => format!("{parent}.{key}"),
        },
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => {
            place(parent)
        }
    }
}

/// [`CanaryOptions`] as they are written.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CanaryOptionsForm {
    direction: Option<String>,
    nan_strategy: Option<String>,
    critical: Option<bool>,
    must_have_data: Option<bool>,
    muted: Option<bool>,
    effect_size: Option<Object<EffectSizeForm>>,
    outliers: Option<Object<OutlierForm>>,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EffectSizeForm {
    measure: Option<String>,
    allowed_increase: Option<f64>,
    allowed_decrease: Option<f64>,
    critical_increase: Option<f64>,
    critical_decrease: Option<f64>,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OutlierForm {
    strategy: Option<String>,
    outlier_factor: Option<f64>,
}

impl From<CanaryOptionsForm> for CanaryOptions {
    fn from(form: CanaryOptionsForm) -> Self {
        let Object(effect) = form.effect_size.unwrap_or_default();
        let Object(outliers) = form.outliers.unwrap_or_default();
        let mut words = Words(Vec::new());
        Self {
            direction: words.read("direction", form.direction, &["increase", "decrease", "either"], "either"),
            nan_strategy: words.read("nanStrategy", form.nan_strategy, &["remove", "replace"], "remove"),
            critical: form.critical.unwrap_or_default(),
            must_have_data: form.must_have_data.unwrap_or_default(),
            muted: form.muted.unwrap_or_default(),
            effect_size: EffectSizeOptions {
                measure: words.read(
                    "effectSize.measure",
                    effect.measure,
                    &["meanRatio", "cles"],
                    "meanRatio",
                ),
                allowed_increase: effect.allowed_increase,
                allowed_decrease: effect.allowed_decrease,
                critical_increase: effect.critical_increase,
                critical_decrease: effect.critical_decrease,
            },
            outliers: OutlierOptions {
                strategy: words.read("outliers.strategy", outliers.strategy, &["keep", "remove"], "keep"),
                outlier_factor: outliers.outlier_factor,
            },
            unknown_words: words.0,
        }
    }
}

/// Collects the words that are not known.
struct Words(Vec<UnknownWord>);

impl Words {
    fn read<T: Default + From<String>>(
        &mut self,
        field: &'static str,
        word: Option<String>,
        known: &[&str],
        read_as: &'static str,
    ) -> T {
        let Some(word) = word else { return T::default() };
        if !known.contains(&word.as_str()) {
            self.0.push(UnknownWord { field, value: word.clone(), read_as });
        }
        T::from(word)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Direction, EffectMeasure, NanStrategy, OutlierStrategy};
    use super::*;
    use alloc::string::ToString;

    fn config(text: &str) -> Result<CanaryConfig, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn what_is_passed_over_is_told_by_its_place() {
        let read = config(
            r#"{"id": "7", "judge": {"name": "J", "judgeConfigurations": {"tolerance": 0.1}, "x": 1},
                "metrics": [{"name": "m", "query": {"type": "p"}, "groups": null, "analysisConfigurations": {
                    "canary": {"criticality": "high", "outliers": {"factor": 2}}, "other": {}}}],
                "classifier": {"groupWeights": null, "scoreThresholds": {"pass": 95, "marginal": 75, "fail": 1}}}"#,
        )
        .unwrap();
        assert_eq!(
            read.passed_over,
            [
                "id",
                "judge.judgeConfigurations.tolerance",
                "judge.x",
                "metrics[0].query",
                "metrics[0].analysisConfigurations.canary.criticality",
                "metrics[0].analysisConfigurations.canary.outliers.factor",
                "metrics[0].analysisConfigurations.other",
                "classifier.scoreThresholds.fail",
            ]
        );
        assert_eq!(read.judge.name, "J");
        let written = serde_json::to_string(&read).unwrap();
        assert!(config(&written).unwrap().passed_over.is_empty());
    }

    #[test]
    fn unknown_words_are_kept_beside_what_is_read() {
        let read: CanaryOptions = serde_json::from_str(
            r#"{"direction": "Increase", "nanStrategy": "", "effectSize": {"measure": "cohen"},
                "outliers": {"strategy": "winsorize"}, "critical": null}"#,
        )
        .unwrap();
        let words: Vec<_> =
            read.unknown_words.iter().map(|w| (w.field, w.value.as_str(), w.read_as)).collect();
        assert_eq!(
            words,
            [
                ("direction", "Increase", "either"),
                ("nanStrategy", "", "remove"),
                ("effectSize.measure", "cohen", "meanRatio"),
                ("outliers.strategy", "winsorize", "keep"),
            ]
        );
        assert_eq!(
            (read.direction, read.nan_strategy, read.effect_size.measure, read.outliers.strategy),
            (Direction::Either, NanStrategy::Remove, EffectMeasure::MeanRatio, OutlierStrategy::Keep)
        );
    }

    #[test]
    fn wrong_types_are_refused_wherever_they_stand() {
        let canary = |inner: &str| {
            format!(r#"{{"metrics": [{{"name": "m", "analysisConfigurations": {{"canary": {inner}}}}}]}}"#)
        };
        for (text, error) in [
            ("[1]".to_string(), "invalid type: sequence, expected a map"),
            ("3".to_string(), "invalid type: integer `3`, expected a map"),
            (r#"{"name": 3}"#.to_string(), "invalid type: integer `3`, expected a string"),
            (r#"{"judge": "NetflixACAJudge-v1.0"}"#.to_string(), "invalid type: string"),
            (
                r#"{"judge": {"judgeConfigurations": [1]}}"#.to_string(),
                "invalid type: sequence, expected a map",
            ),
            (r#"{"metrics": {}}"#.to_string(), "invalid type: map, expected a sequence"),
            (r#"{"metrics": [null]}"#.to_string(), "invalid type: null"),
            (
                r#"{"metrics": [{"groups": "speed"}]}"#.to_string(),
                "invalid type: string \"speed\", expected a sequence",
            ),
            (r#"{"metrics": [{"groups": [1]}]}"#.to_string(), "invalid type: integer `1`, expected a string"),
            (canary("[]"), "invalid type: sequence, expected a map"),
            (canary(r#"["increase"]"#), "invalid type: sequence, expected a map"),
            (canary(r#"{"effectSize": []}"#), "invalid type: sequence, expected a map"),
            (r#"{"metrics": [[]]}"#.to_string(), "invalid type: sequence, expected a map"),
            (r#"{"classifier": []}"#.to_string(), "invalid type: sequence, expected a map"),
            (canary(r#"{"direction": 1}"#), "invalid type: integer `1`, expected a string"),
            (canary(r#"{"direction": ["increase"]}"#), "invalid type: sequence, expected a string"),
            (canary(r#"{"critical": "yes"}"#), "invalid type: string \"yes\", expected a boolean"),
            (canary(r#"{"mustHaveData": 1}"#), "invalid type: integer `1`, expected a boolean"),
            (canary(r#"{"effectSize": 1.1}"#), "invalid type: floating point `1.1`"),
            (
                canary(r#"{"effectSize": {"allowedIncrease": "1.1"}}"#),
                "invalid type: string \"1.1\", expected f64",
            ),
            (canary(r#"{"outliers": "remove"}"#), "invalid type: string \"remove\""),
            (
                r#"{"classifier": {"groupWeights": [1]}}"#.to_string(),
                "invalid type: sequence, expected a map",
            ),
            (
                r#"{"classifier": {"groupWeights": {"g": null}}}"#.to_string(),
                "invalid type: null, expected f64",
            ),
            (r#"{"classifier": {"scoreThresholds": {"pass": 95}}}"#.to_string(), "missing field `marginal`"),
        ] {
            let told = config(&text).unwrap_err().to_string();
            assert!(told.contains(error), "{text}: {told}");
        }
    }
}
