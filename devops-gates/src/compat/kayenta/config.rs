//! Kayenta's canary configuration, and the whole judge.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::classify::classify;
use super::document::{CanaryOptionsForm, UnknownWord};
use super::outliers::{OutlierDetector, remove_nan, remove_outliers, replace_nan};
use super::score::{CanaryScore, ScoreVerdict, ScoredMetric, classify_score, score};
use super::statistics::{Summary, summary};
use super::{
    Classification, ClassifierOptions, Direction, EffectMeasure, KayentaError, MetricClassification,
    NanStrategy, OutlierStrategy,
};
use crate::compat::lenient;

/// A canary configuration as Kayenta stores it; what the judge does not look at is passed over, and listed in
/// [`CanaryConfig::passed_over`].
///
/// ```
/// use devops_gates::compat::kayenta::CanaryConfig;
/// let config: CanaryConfig = serde_json::from_str(r#"{
///     "name": "checkout", "configVersion": "1", "judge": {"name": "NetflixACAJudge-v1.0"},
///     "metrics": [{"name": "latency", "groups": ["speed"], "query": {},
///         "analysisConfigurations": {"canary": {"direction": "increase", "critical": true}}}],
///     "classifier": {"groupWeights": {"speed": 100.0}}
/// }"#)?;
/// assert!(config.metrics[0].analysis_configurations.canary.critical);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CanaryConfig {
    /// Its name.
    pub name: String,
    /// Which judge it is for.
    pub judge: JudgeConfig,
    /// Its metrics.
    pub metrics: Vec<MetricConfig>,
    /// Weights of groups, and thresholds where they are stored here.
    pub classifier: ClassifierConfig,
    /// The places in the document that the judge does not look at, in its order.
    #[serde(skip)]
    pub passed_over: Vec<String>,
}

/// Which judge a configuration is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct JudgeConfig {
    /// Its name: `NetflixACAJudge-v1.0` for the one that is reproduced here. Empty where it is not written.
    pub name: String,
}

/// A metric of a configuration.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MetricConfig {
    /// Its name.
    pub name: String,
    /// The groups that it counts in.
    #[serde(deserialize_with = "lenient::list")]
    pub groups: Vec<String>,
    /// How it is analysed.
    #[serde(deserialize_with = "lenient::object")]
    pub analysis_configurations: AnalysisConfigurations,
}

/// The analyses of a metric.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AnalysisConfigurations {
    /// The one there is.
    #[serde(deserialize_with = "lenient::object")]
    pub canary: CanaryOptions,
}

/// How a metric is analysed.
///
/// ```
/// use devops_gates::compat::kayenta::{CanaryOptions, Direction};
/// let options: CanaryOptions = serde_json::from_str(r#"{"direction": "sideways", "critical": true}"#)?;
/// assert_eq!(options.direction, Direction::Either); // as the judge reads what it does not know
/// assert_eq!(options.unknown_words[0].value, "sideways");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", from = "CanaryOptionsForm")]
#[non_exhaustive]
pub struct CanaryOptions {
    /// In which direction it can fail.
    pub direction: Direction,
    /// What becomes of NaN.
    pub nan_strategy: NanStrategy,
    /// Whether its failure fails the canary.
    pub critical: bool,
    /// Whether no data is a failure.
    pub must_have_data: bool,
    /// Whether it is shown and not scored.
    pub muted: bool,
    /// How large an effect must be.
    pub effect_size: EffectSizeOptions,
    /// What becomes of outliers.
    pub outliers: OutlierOptions,
    /// The words among these that are not known, so that the judge reads another in their place.
    #[serde(skip)]
    pub unknown_words: Vec<UnknownWord>,
}

/// How large an effect must be; what is not written is "no effect" of the measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EffectSizeOptions {
    /// The measure.
    pub measure: EffectMeasure,
    /// High only from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_increase: Option<f64>,
    /// Low only down from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_decrease: Option<f64>,
    /// Critically high only from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_increase: Option<f64>,
    /// Critically low only down from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_decrease: Option<f64>,
}

/// What becomes of outliers.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OutlierOptions {
    /// Whether they are removed.
    pub strategy: OutlierStrategy,
    /// How many interquartile ranges from the quartiles; 3 where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlier_factor: Option<f64>,
}

/// Weights of groups, and thresholds where they are stored here.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ClassifierConfig {
    /// Weights in percent.
    #[serde(deserialize_with = "lenient::map")]
    pub group_weights: BTreeMap<String, f64>,
    /// The thresholds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_thresholds: Option<ScoreThresholds>,
}

/// From which score on a canary passes, or is marginal.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "the original has two")]
pub struct ScoreThresholds {
    /// Passed from here on.
    pub pass: f64,
    /// Marginal from here on.
    pub marginal: f64,
}

/// The samples of one metric; NaN stands for what was not measured.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a name and two sides")]
pub struct MetricPair {
    /// The metric's name.
    pub name: String,
    /// The canary.
    pub experiment: Vec<f64>,
    /// The baseline.
    pub control: Vec<f64>,
}

/// What the judge says of one metric.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct MetricResult {
    /// The metric.
    pub name: String,
    /// Its label.
    pub result: MetricClassification,
    /// Whether it is shown and not scored.
    pub muted: bool,
    /// The canary's sample as it was compared.
    pub experiment: Summary,
    /// The baseline's sample as it was compared.
    pub control: Summary,
}

/// What the judge says of a canary.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CanaryResult {
    /// The verdict.
    pub verdict: ScoreVerdict,
    /// The score.
    pub score: CanaryScore,
    /// The metrics, in the order of the samples.
    pub metrics: Vec<MetricResult>,
}

impl CanaryOptions {
    /// What [`classify`] is told of a metric with these options.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{CanaryOptions, ClassifierOptions};
    /// assert_eq!(CanaryOptions::default().classifier_options(), ClassifierOptions::new());
    /// ```
    #[must_use]
    pub fn classifier_options(&self) -> ClassifierOptions {
        let effect = self.effect_size;
        let or_none = |value: Option<f64>| value.unwrap_or(effect.measure.none());
        ClassifierOptions::new()
            .with_direction(self.direction)
            .with_nan_strategy(self.nan_strategy)
            .with_critical(self.critical)
            .with_must_have_data(self.must_have_data)
            .with_effect(effect.measure, or_none(effect.allowed_decrease), or_none(effect.allowed_increase))
            .with_critical_effect(or_none(effect.critical_decrease), or_none(effect.critical_increase))
    }

    /// The sample as it is compared.
    fn transformed(&self, values: &[f64]) -> Result<Vec<f64>, KayentaError> {
        let values = match self.nan_strategy {
            NanStrategy::Remove => remove_nan(values),
            NanStrategy::Replace => replace_nan(values),
        };
        match self.outliers.strategy {
            OutlierStrategy::Keep => Ok(values),
            OutlierStrategy::Remove => {
                let factor = self.outliers.outlier_factor.unwrap_or(3.0);
                remove_outliers(&values, OutlierDetector::Iqr { factor, reduce_sensitivity: true })
            }
        }
    }
}

/// Judges a canary as `NetflixACAJudge-v1.0` does.
///
/// # Errors
///
/// Samples of a metric that is not configured, a weight that is not finite, or, where outliers are removed, an
/// infinite value or a factor that is not above 0.
///
/// ```
/// use devops_gates::compat::kayenta::{CanaryConfig, MetricPair, ScoreThresholds, ScoreVerdict, judge};
/// let config: CanaryConfig = serde_json::from_str(
///     r#"{"metrics": [{"name": "latency", "groups": ["speed"]}]}"#)?;
/// let control: Vec<f64> = (0..30).map(|i| 100.0 + f64::from(i)).collect();
/// let experiment = control.iter().map(|v| v * 2.0).collect();
/// let pair = MetricPair { name: "latency".into(), experiment, control };
/// let thresholds = ScoreThresholds { pass: 95.0, marginal: 75.0 };
/// assert_eq!(judge(&config, thresholds, &[pair])?.verdict, ScoreVerdict::Fail);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn judge(
    config: &CanaryConfig,
    thresholds: ScoreThresholds,
    pairs: &[MetricPair],
) -> Result<CanaryResult, KayentaError> {
    let mut metrics = Vec::with_capacity(pairs.len());
    let mut scored = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let unknown = || KayentaError::UnknownMetric { name: pair.name.clone() };
        let metric = config.metrics.iter().find(|m| m.name == pair.name).ok_or_else(unknown)?;
        let canary = &metric.analysis_configurations.canary;
        let (experiment, control) =
            (canary.transformed(&pair.experiment)?, canary.transformed(&pair.control)?);
        let result = classify(&experiment, &control, &canary.classifier_options());
        scored.push(ScoredMetric {
            name: pair.name.clone(),
            classification: result.classification,
            critical: result.critical,
            muted: canary.muted,
            groups: metric.groups.clone(),
        });
        metrics.push(MetricResult {
            name: pair.name.clone(),
            result,
            muted: canary.muted,
            experiment: summary(&experiment),
            control: summary(&control),
        });
    }
    let score = score(&scored, &config.classifier.group_weights)?;
    Ok(CanaryResult {
        verdict: classify_score(score.score, thresholds.pass, thresholds.marginal),
        score,
        metrics,
    })
}

impl CanaryResult {
    /// The labels, by metric.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{CanaryConfig, Classification, MetricPair, ScoreThresholds, judge};
    /// let config: CanaryConfig = serde_json::from_str(r#"{"metrics": [{"name": "latency"}]}"#)?;
    /// let pair = MetricPair { name: "latency".into(), experiment: vec![], control: vec![1.0] };
    /// let found = judge(&config, ScoreThresholds { pass: 95.0, marginal: 75.0 }, &[pair])?;
    /// assert_eq!(found.classifications()["latency"], Classification::Nodata);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn classifications(&self) -> BTreeMap<&str, Classification> {
        self.metrics.iter().map(|m| (m.name.as_str(), m.result.classification)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn unknown_words_fall_back_and_outliers_go() {
        let config: CanaryConfig = serde_json::from_str(
            r#"{"metrics": [{"name": "m", "groups": ["g"], "analysisConfigurations": {"canary": {
                "direction": "up", "nanStrategy": "none", "outliers": {"strategy": "remove", "outlierFactor": 1.5}}}}]}"#,
        )
        .unwrap();
        let options = &config.metrics[0].analysis_configurations.canary;
        assert_eq!((options.direction, options.nan_strategy), (Direction::Either, NanStrategy::Remove));
        let mut control: Vec<f64> = (0..20).map(|i| 10.0 + f64::from(i % 5)).collect();
        let experiment = control.clone();
        control.extend([f64::NAN, f64::NAN]);
        let pair = MetricPair { name: "m".into(), experiment, control };
        let thresholds = ScoreThresholds { pass: 95.0, marginal: 75.0 };
        let found = judge(&config, thresholds, core::slice::from_ref(&pair)).unwrap();
        assert_eq!(found.metrics[0].control.count, 20);
        assert_eq!(found.verdict, ScoreVerdict::Pass);
        assert_eq!(found.classifications()["m"], Classification::Pass);
        let other = MetricPair { name: "x".into(), ..pair };
        let error = judge(&config, thresholds, &[other]).unwrap_err();
        assert_eq!(error.to_string(), "metric `x` is not in the configuration");
    }
}
