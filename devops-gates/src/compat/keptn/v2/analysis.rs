//! Analyses: weighted objectives.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::{Target, TargetResult, evaluate_target};
use crate::compat::keptn::RunResult;
use crate::compat::{go_float, lenient};

/// An `AnalysisDefinition`: the whole resource, or its `spec` alone.
///
/// ```
/// use devops_gates::compat::keptn::v2::AnalysisDefinition;
///
/// let definition: AnalysisDefinition = serde_json::from_str(r#"{
///     "objectives": [{
///         "analysisValueTemplateRef": {"name": "response-time-p95", "namespace": "shop"},
///         "target": {"failure": {"greaterThan": {"fixedValue": 600}}, "warning": {"inRange": {"lowBound": 300, "highBound": 600}}},
///         "weight": 1, "keyObjective": true
///     }],
///     "totalScore": {"passPercentage": 90, "warningPercentage": 75}
/// }"#)?;
/// assert_eq!(definition.objectives[0].name, "response-time-p95-shop");
/// let whole = format!(r#"{{"kind": "AnalysisDefinition", "spec": {}}}"#, serde_json::to_string(&definition)?);
/// assert_eq!(serde_json::from_str::<AnalysisDefinition>(&whole)?, definition);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Resource", rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnalysisDefinition {
    /// The objectives.
    pub objectives: Vec<AnalysisObjective>,
    /// The thresholds of the whole.
    pub total_score: AnalysisThresholds,
}

/// A resource, or what stands in its `spec`.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Resource {
    spec: Option<lenient::Object<Spec>>,
    #[serde(deserialize_with = "lenient::list")]
    objectives: Vec<AnalysisObjective>,
    #[serde(rename = "totalScore", alias = "total_score")]
    total_score: AnalysisThresholds,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Spec {
    #[serde(deserialize_with = "lenient::list")]
    objectives: Vec<AnalysisObjective>,
    #[serde(rename = "totalScore", alias = "total_score")]
    total_score: AnalysisThresholds,
}

impl From<Resource> for AnalysisDefinition {
    fn from(Resource { spec, objectives, total_score }: Resource) -> Self {
        let whole = spec.map(|lenient::Object(spec)| spec);
        let Spec { objectives, total_score } = whole.unwrap_or(Spec { objectives, total_score });
        Self { objectives, total_score }
    }
}

/// The thresholds of an analysis, in percent of the weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "what a Keptn analysis knows")]
pub struct AnalysisThresholds {
    /// Passed from here on.
    #[serde(alias = "pass_percentage", alias = "pass")]
    pub pass_percentage: f64,
    /// Warning from here on.
    #[serde(alias = "warning_percentage", alias = "warning")]
    pub warning_percentage: f64,
}

impl AnalysisThresholds {
    /// Those thresholds.
    ///
    /// ```
    /// use devops_gates::compat::keptn::v2::AnalysisThresholds;
    ///
    /// assert!(AnalysisThresholds::new(90.0, 75.0).is_ordered());
    /// ```
    #[must_use]
    pub const fn new(pass_percentage: f64, warning_percentage: f64) -> Self {
        Self { pass_percentage, warning_percentage }
    }

    /// Whether Keptn's webhook takes them: the warning below the pass.
    ///
    /// ```
    /// use devops_gates::compat::keptn::v2::AnalysisThresholds;
    ///
    /// assert!(!AnalysisThresholds::new(75.0, 90.0).is_ordered());
    /// ```
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.warning_percentage < self.pass_percentage
    }
}

/// One objective of an analysis.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnalysisObjective {
    /// What it looks at: the name of the value template, with its namespace behind a `-` where one is written.
    #[serde(alias = "analysisValueTemplateRef", alias = "sli", deserialize_with = "reference")]
    pub name: String,
    /// When it fails or warns.
    pub target: Target,
    /// How much it counts: 1 unless written.
    pub weight: i64,
    /// Whether the analysis fails where it earns nothing.
    #[serde(alias = "key_objective", alias = "key")]
    pub key_objective: bool,
}

impl Default for AnalysisObjective {
    fn default() -> Self {
        Self::new("", Target::default(), 1)
    }
}

impl AnalysisObjective {
    /// An objective of that weight.
    ///
    /// ```
    /// use devops_gates::compat::keptn::v2::{AnalysisObjective, Target};
    ///
    /// assert_eq!(AnalysisObjective::new("errors", Target::default(), 2).weight, 2);
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, target: Target, weight: i64) -> Self {
        Self { name: name.into(), target, weight, key_objective: false }
    }

    /// As a key objective.
    ///
    /// ```
    /// use devops_gates::compat::keptn::v2::{AnalysisObjective, Target};
    ///
    /// assert!(AnalysisObjective::new("errors", Target::default(), 1).with_key(true).key_objective);
    /// ```
    #[must_use]
    pub fn with_key(self, key_objective: bool) -> Self {
        Self { key_objective, ..self }
    }
}

/// A name, or a map of `name` and `namespace`.
fn reference<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct ReferenceVisitor;

    impl<'de> Visitor<'de> for ReferenceVisitor {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name, or a map with `name` and `namespace`")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<String, E> {
            Ok(name.into())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
            let (mut name, mut namespace) = (String::new(), String::new());
            while let Some(key) = map.next_key::<String>()? {
                match key.as_str() {
                    "name" => name = map.next_value()?,
                    "namespace" => namespace = map.next_value::<Option<String>>()?.unwrap_or_default(),
                    _ => {
                        map.next_value::<serde::de::IgnoredAny>()?;
                    }
                }
            }
            Ok(if namespace.is_empty() { name } else { alloc::format!("{name}-{namespace}") })
        }
    }

    deserializer.deserialize_any(ReferenceVisitor)
}

/// What an objective earns: its weight, half of it in warning, else 0.
///
/// ```
/// use devops_gates::compat::keptn::v2::{TargetResult, objective_score};
///
/// assert_eq!(objective_score(TargetResult::Warning, 3), 1.5);
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "Keptn counts weights as floats")]
pub fn objective_score(result: TargetResult, weight: i64) -> f64 {
    match result {
        TargetResult::Pass => weight as f64,
        TargetResult::Warning => weight as f64 / 2.0,
        TargetResult::Fail => 0.0,
    }
}

/// The share that is reached, in percent: 0 of nothing, 100 of all, else `total / max × 100` in floating point, so that
/// 57 of 100 is 56.99999999999999.
///
/// ```
/// use devops_gates::compat::keptn::v2::achieved_percentage;
///
/// assert_eq!(achieved_percentage(3.0, 6.0), 50.0);
/// assert_eq!(achieved_percentage(0.0, 0.0), 0.0);
/// assert_eq!(achieved_percentage(57.0, 100.0), 56.99999999999999);
/// ```
#[must_use]
#[expect(clippy::float_cmp, reason = "Keptn compares floats as they are")]
pub fn achieved_percentage(total: f64, max: f64) -> f64 {
    if max == 0.0 {
        0.0
    } else if total == max {
        100.0
    } else {
        total / max * 100.0
    }
}

/// What an objective earned, of what it could.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "all that the total looks at")]
pub struct Earned {
    /// What it earned.
    pub score: f64,
    /// What it could have.
    pub weight: i64,
    /// Whether the analysis fails where it earned nothing.
    #[serde(default, alias = "keyObjective", alias = "key_objective")]
    pub key: bool,
}

/// The total of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct AnalysisTotal {
    /// What was earned.
    pub total: f64,
    /// What could have been.
    pub max: f64,
    /// The share in percent.
    pub percent: f64,
    /// The result.
    pub result: RunResult,
}

/// The total: passed or warning by the share; failed where a key objective earned exactly nothing, so always where its
/// weight is 0. A key objective in warning does not fail it. Without objectives the share is 0.
///
/// ```
/// use devops_gates::compat::keptn::RunResult;
/// use devops_gates::compat::keptn::v2::{AnalysisThresholds, Earned, analysis_total};
///
/// let earned = [Earned { score: 99.0, weight: 99, key: false }, Earned { score: 0.0, weight: 0, key: true }];
/// let total = analysis_total(&earned, AnalysisThresholds::new(90.0, 75.0));
/// assert_eq!((total.percent, total.result), (100.0, RunResult::Fail));
/// ```
#[must_use]
pub fn analysis_total(earned: &[Earned], thresholds: AnalysisThresholds) -> AnalysisTotal {
    let total = earned.iter().fold(0.0, |sum, one| sum + one.score);
    let max = earned.iter().fold(0.0, |sum, one| sum + objective_score(TargetResult::Pass, one.weight));
    let percent = achieved_percentage(total, max);
    let result = if earned.iter().any(|one| one.key && one.score == 0.0) {
        RunResult::Fail
    } else if percent >= thresholds.pass_percentage {
        RunResult::Pass
    } else if percent >= thresholds.warning_percentage {
        RunResult::Warning
    } else {
        RunResult::Fail
    };
    AnalysisTotal { total, max, percent, result }
}

/// One objective of an analysis and what came of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct AnalysisObjectiveResult {
    /// What it looks at.
    pub name: String,
    /// What was measured; 0 where nothing was.
    pub value: f64,
    /// How it stands; nothing where there is no value, which earns 0.
    pub result: Option<TargetResult>,
    /// What it earns.
    pub score: f64,
}

/// An analysis and what came of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct AnalysisResult {
    /// The total.
    pub total: AnalysisTotal,
    /// The objectives, in order.
    pub objectives: Vec<AnalysisObjectiveResult>,
}

/// Evaluates an analysis on values by the name of their objective, as the texts that providers return. A value that is
/// missing or no number earns 0; the text `NaN` is a number, and passes.
///
/// ```
/// use std::collections::BTreeMap;
/// use devops_gates::compat::keptn::RunResult;
/// use devops_gates::compat::keptn::v2::{AnalysisDefinition, analyse};
///
/// let definition: AnalysisDefinition = serde_json::from_str(r#"{
///     "objectives": [{"name": "errors", "target": {"failure": {"greaterThan": 5}}, "weight": 1}],
///     "totalScore": {"passPercentage": 90, "warningPercentage": 75}
/// }"#)?;
/// let values = BTreeMap::from([("errors".to_string(), "NaN".to_string())]);
/// assert_eq!(analyse(&definition, &values).total.result, RunResult::Pass);
/// assert_eq!(analyse(&definition, &BTreeMap::new()).total.result, RunResult::Fail);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn analyse(definition: &AnalysisDefinition, values: &BTreeMap<String, String>) -> AnalysisResult {
    let evaluate = |objective: &AnalysisObjective| {
        let value = values.get(&objective.name).and_then(|text| go_float(text));
        let result = value.map(|value| evaluate_target(value, &objective.target));
        let score = result.map_or(0.0, |result| objective_score(result, objective.weight));
        AnalysisObjectiveResult { name: objective.name.clone(), value: value.unwrap_or(0.0), result, score }
    };
    let objectives: Vec<_> = definition.objectives.iter().map(evaluate).collect();
    let earned: Vec<Earned> = definition
        .objectives
        .iter()
        .zip(&objectives)
        .map(|(o, r)| Earned { score: r.score, weight: o.weight, key: o.key_objective })
        .collect();
    AnalysisResult { total: analysis_total(&earned, definition.total_score), objectives }
}
