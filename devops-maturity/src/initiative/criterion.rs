//! When something is done: predicates on measures.

use alloc::format;
use alloc::string::String;

use devops_core::{Criterion, Measures, Number, Scope, Value};

/// A predicate on a metric that tells whether something is done.
///
/// Either absolute, or as a percentage of the value at the beginning.
///
/// ```
/// use devops_core::{Comparison, Criterion, Measure, Measures, MetricId, Unit};
/// use devops_maturity::initiative::{CriterionState, SuccessCriterion};
///
/// let recovery = MetricId::new("time_to_recovery")?;
/// let halved = SuccessCriterion::of_baseline(Criterion::new(recovery.clone(), Comparison::AtMost, "50".parse()?, Unit::Hours));
/// assert_eq!(halved.to_string(), "time_to_recovery <= 50 % of the baseline");
///
/// let hours = |n| Measures::try_from(vec![Measure::number(recovery.clone(), n, Unit::Hours).unwrap()]).unwrap();
/// assert!(matches!(halved.check(&hours(1.9), &hours(4.0)), CriterionState::Met { .. }));
/// assert!(matches!(halved.check(&hours(2.1), &hours(4.0)), CriterionState::NotMet { .. }));
/// assert!(matches!(halved.check(&hours(2.1), &Measures::new()), CriterionState::NotMeasured { .. }));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SuccessCriterion {
    /// Metric, comparison, value, unit and window. The unit is that of the metric; so is the value, unless it is
    /// one of the baseline.
    pub criterion: Criterion,
    /// Whether the value is a percentage of the metric's value at the beginning.
    #[serde(default)]
    pub of_baseline: bool,
}

/// How a criterion stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum CriterionState {
    /// The measure meets it.
    Met {
        /// The measured value.
        value: String,
    },
    /// The measure does not meet it.
    NotMet {
        /// The measured value.
        value: String,
    },
    /// Nobody knows: that is not a yes.
    NotMeasured {
        /// Why.
        reason: String,
    },
}

impl CriterionState {
    /// Whether it is met.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        matches!(self, Self::Met { .. })
    }
}

impl core::fmt::Display for CriterionState {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Met { value } => write!(f, "met: {value}"),
            Self::NotMet { value } => write!(f, "not met: {value}"),
            Self::NotMeasured { reason } => write!(f, "not measured: {reason}"),
        }
    }
}

/// A criterion and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CriterionCheck {
    /// The criterion.
    pub criterion: SuccessCriterion,
    /// How it stands.
    pub state: CriterionState,
}

impl core::fmt::Display for SuccessCriterion {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if !self.of_baseline {
            return write!(f, "{}", self.criterion);
        }
        let c = &self.criterion;
        write!(f, "{} {} {} % of the baseline", c.metric(), c.comparison(), c.value())?;
        match c.window_days() {
            Some(days) => write!(f, " over {days} d"),
            None => Ok(()),
        }
    }
}

impl SuccessCriterion {
    /// On the value itself.
    #[must_use]
    pub const fn new(criterion: Criterion) -> Self {
        Self { criterion, of_baseline: false }
    }

    /// On the value as a percentage of the value at the beginning.
    #[must_use]
    pub const fn of_baseline(criterion: Criterion) -> Self {
        Self { criterion, of_baseline: true }
    }

    /// How it stands, by overall measures in the criterion's unit.
    #[must_use]
    pub fn check(&self, now: &Measures, baseline: &Measures) -> CriterionState {
        match self.read(now, baseline) {
            Ok((value, shown)) => match self.criterion.holds(&value) {
                Some(true) => CriterionState::Met { value: shown },
                Some(false) => CriterionState::NotMet { value: shown },
                None => CriterionState::NotMeasured { reason: format!("the value is {value}") },
            },
            Err(reason) => CriterionState::NotMeasured { reason },
        }
    }

    fn read(&self, now: &Measures, baseline: &Measures) -> Result<(Value, String), String> {
        let (value, shown) = self.find(now, "no measure")?;
        if !self.of_baseline {
            return Ok((value, shown));
        }
        let (first, first_shown) = self.find(baseline, "no baseline")?;
        let (Some(now), Some(first)) = (value.as_number(), first.as_number()) else {
            return Err("the value or its baseline is no number".into());
        };
        let share = Number::new(100.0 * now.get() / first.get())
            .map_err(|_| format!("the baseline is {first_shown}, which nothing is a share of"))?;
        Ok((share.into(), format!("{shown}, baseline {first_shown}")))
    }

    fn find(&self, measures: &Measures, missing: &str) -> Result<(Value, String), String> {
        let measure =
            measures.get(self.criterion.metric(), &Scope::Overall).ok_or_else(|| String::from(missing))?;
        if measure.unit() != self.criterion.unit() {
            return Err(format!("measured in {}, expected in {}", measure.unit(), self.criterion.unit()));
        }
        let symbol = measure.unit().symbol();
        let space = if symbol.is_empty() { "" } else { " " };
        let shown = match measure.value() {
            Value::Number { value } => format!("{value}{space}{symbol}"),
            value => format!("{value}"),
        };
        Ok((measure.value().clone(), shown))
    }
}
