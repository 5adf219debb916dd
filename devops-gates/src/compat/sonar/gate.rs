//! A whole gate.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Condition, Level, SonarError, ValueType, condition, metric_type, standard_equivalent};
use crate::compat::lenient;

/// A gate, as the web API shows it (`api/qualitygates/show`). Other fields are passed over.
///
/// ```
/// use devops_gates::compat::sonar::QualityGate;
///
/// let gate: QualityGate = serde_json::from_str(r#"{
///     "name": "Sonar way", "isBuiltIn": true,
///     "conditions": [{"id": "1", "metric": "new_violations", "op": "GT", "error": "0"}]
/// }"#)?;
/// assert_eq!(gate.conditions.len(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct QualityGate {
    /// Its name.
    pub name: String,
    /// Its conditions.
    #[serde(deserialize_with = "lenient::list")]
    pub conditions: Vec<Condition>,
}

impl QualityGate {
    /// A gate of those conditions.
    ///
    /// ```
    /// use devops_gates::compat::sonar::QualityGate;
    ///
    /// assert!(QualityGate::new("Sonar way", vec![]).conditions.is_empty());
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, conditions: Vec<Condition>) -> Self {
        Self { name: name.into(), conditions }
    }
}

/// A measure, as the web API shows it: the value a text, that of new code in `period`. The type may be left out for
/// metrics that [`metric_type`] knows.
///
/// ```
/// use devops_gates::compat::sonar::SonarMeasure;
///
/// let measure: SonarMeasure = serde_json::from_str(r#"{"metric": "new_bugs", "period": {"index": 1, "value": "3"}}"#)?;
/// assert_eq!(measure.value(), Some(3.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct SonarMeasure {
    /// The key of the metric.
    pub metric: String,
    /// Its type; told by its key where it is left out, and a number otherwise.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub value_type: Option<ValueType>,
    /// The value.
    #[serde(default, deserialize_with = "lenient::optional_number", skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    /// The value of new code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Period {
    #[serde(default, deserialize_with = "lenient::optional_number", skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
}

impl SonarMeasure {
    /// A measured value, or that there is none.
    ///
    /// ```
    /// use devops_gates::compat::sonar::SonarMeasure;
    ///
    /// assert_eq!(SonarMeasure::new("bugs", 3.0).value(), Some(3.0));
    /// assert_eq!(SonarMeasure::new("bugs", None).value(), None);
    /// ```
    #[must_use]
    pub fn new(metric: impl Into<String>, value: impl Into<Option<f64>>) -> Self {
        Self { metric: metric.into(), value_type: None, value: value.into(), period: None }
    }

    /// Of that type.
    ///
    /// ```
    /// use devops_gates::compat::sonar::{SonarMeasure, ValueType};
    ///
    /// assert_eq!(SonarMeasure::new("mine", 3.0).with_type(ValueType::Int).value_type, Some(ValueType::Int));
    /// ```
    #[must_use]
    pub fn with_type(self, value_type: ValueType) -> Self {
        Self { value_type: Some(value_type), ..self }
    }

    /// The value, where there is one.
    ///
    /// ```
    /// use devops_gates::compat::sonar::SonarMeasure;
    ///
    /// let measure: SonarMeasure = serde_json::from_str(r#"{"metric": "new_bugs", "period": {"value": "3"}}"#)?;
    /// assert_eq!(measure.value(), Some(3.0));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        self.value.or_else(|| self.period.as_ref().and_then(|period| period.value))
    }
}

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GateSettings {
    /// `sonar.qualitygate.ignoreSmallChanges`: below 20 new lines, conditions on coverage and duplication of new code
    /// are OK.
    pub ignore_small_changes: bool,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self { ignore_small_changes: true }
    }
}

/// Metrics whose conditions do not count in a small change.
pub const IGNORED_IN_SMALL_CHANGES: [&str; 6] = [
    "new_coverage",
    "new_line_coverage",
    "new_branch_coverage",
    "new_duplicated_lines_density",
    "new_duplicated_lines",
    "new_duplicated_blocks",
];

/// New lines below which a change is small.
pub const SMALL_CHANGE_LINES: u32 = 20;

/// One condition and what came of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ConditionOutcome {
    /// The metric that the condition names.
    pub metric: String,
    /// The standard metric that was looked at in its place, where its own was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_by: Option<String>,
    /// What was measured.
    pub value: Option<f64>,
    /// How it stands.
    pub level: Level,
    /// Whether it would be an error if the change were not small.
    pub ignored: bool,
}

/// A gate and what came of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct GateOutcome {
    /// `ERROR` where any condition is; `OK` without conditions.
    pub level: Level,
    /// The conditions, in order.
    pub conditions: Vec<ConditionOutcome>,
    /// Whether any was ignored because the change is small.
    pub ignored_conditions: bool,
}

/// Evaluates a gate. Of two measures of one metric the first counts.
///
/// # Errors
///
/// [`SonarError`] of the first condition that SonarQube refuses.
///
/// ```
/// use devops_gates::compat::sonar::{Condition, GateSettings, Level, Op, QualityGate, SonarMeasure, evaluate_gate};
///
/// let gate = QualityGate::new("g", vec![Condition::new("new_coverage", Op::LessThan, "80")]);
/// let covered = SonarMeasure::new("new_coverage", 10.0);
/// let small = [covered.clone(), SonarMeasure::new("new_lines", 19.0)];
/// assert_eq!(evaluate_gate(&gate, &small, GateSettings::default())?.level, Level::Ok);
/// let large = [covered, SonarMeasure::new("new_lines", 20.0)];
/// assert_eq!(evaluate_gate(&gate, &large, GateSettings::default())?.level, Level::Error);
/// # Ok::<(), devops_gates::compat::sonar::SonarError>(())
/// ```
pub fn evaluate_gate(
    gate: &QualityGate,
    measures: &[SonarMeasure],
    settings: GateSettings,
) -> Result<GateOutcome, SonarError> {
    let find = |key: &str| measures.iter().find(|measure| measure.metric == key && measure.value().is_some());
    let lines = find("new_lines").and_then(SonarMeasure::value);
    let small = settings.ignore_small_changes && lines.is_some_and(|n| n < f64::from(SMALL_CHANGE_LINES));
    let mut outcome = GateOutcome { level: Level::Ok, conditions: Vec::new(), ignored_conditions: false };
    for written in &gate.conditions {
        let mut measured_by = None;
        let measure = find(&written.metric).or_else(|| {
            let measure = find(&standard_equivalent(&written.metric)?)?;
            measured_by = Some(measure.metric.clone());
            Some(measure)
        });
        let value = measure.and_then(SonarMeasure::value);
        let value_type = measure.map_or(ValueType::Float, type_of);
        let level = condition(value, value_type, written.op, &written.error)?;
        let ignored =
            small && level == Level::Error && IGNORED_IN_SMALL_CHANGES.contains(&written.metric.as_str());
        let level = if ignored { Level::Ok } else { level };
        outcome.level = outcome.level.max(level);
        outcome.ignored_conditions |= ignored;
        outcome.conditions.push(ConditionOutcome {
            metric: written.metric.clone(),
            measured_by,
            value,
            level,
            ignored,
        });
    }
    Ok(outcome)
}

fn type_of(measure: &SonarMeasure) -> ValueType {
    measure.value_type.or_else(|| metric_type(&measure.metric)).unwrap_or(ValueType::Float)
}
