//! The one predicate that gates, proposals and roadmaps share.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use crate::{Decimal, MetricId, Unit, Value, ValueError};

/// How a value is held against a threshold.
///
/// ```
/// use core::cmp::Ordering;
/// use devops_core::Comparison;
///
/// assert!(Comparison::AtLeast.holds(Ordering::Equal));
/// assert!(!Comparison::Above.holds(Ordering::Equal));
/// assert_eq!(">=".parse::<Comparison>()?, Comparison::AtLeast);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "the six comparisons of an order")]
pub enum Comparison {
    /// `<`
    #[serde(rename = "<")]
    Below,
    /// `<=`
    #[serde(rename = "<=")]
    AtMost,
    /// `=`
    #[serde(rename = "=")]
    Equal,
    /// `!=`
    #[serde(rename = "!=")]
    NotEqual,
    /// `>=`
    #[serde(rename = ">=")]
    AtLeast,
    /// `>`
    #[serde(rename = ">")]
    Above,
}

impl Comparison {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Below, Self::AtMost, Self::Equal, Self::NotEqual, Self::AtLeast, Self::Above];

    /// Whether it holds for a value that stands so to the threshold.
    #[must_use]
    pub const fn holds(self, value_to_threshold: Ordering) -> bool {
        match self {
            Self::Below => value_to_threshold.is_lt(),
            Self::AtMost => value_to_threshold.is_le(),
            Self::Equal => value_to_threshold.is_eq(),
            Self::NotEqual => value_to_threshold.is_ne(),
            Self::AtLeast => value_to_threshold.is_ge(),
            Self::Above => value_to_threshold.is_gt(),
        }
    }

    /// The sign.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::AtLeast => ">=",
            Self::Above => ">",
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Comparison {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::ALL
            .into_iter()
            .find(|c| c.as_str() == text)
            .ok_or_else(|| ValueError::malformed("comparison", text, "`<`, `<=`, `=`, `!=`, `>=` or `>`"))
    }
}

/// A checkable statement on a metric: metric, comparison, value, unit, and the window it is measured over.
///
/// ```
/// use devops_core::{Comparison, Criterion, MetricId, Unit, Value};
///
/// let goal = Criterion::new(MetricId::new("test_coverage")?, Comparison::AtLeast, "57".parse()?, Unit::Percent);
/// assert_eq!(goal.to_string(), "test_coverage >= 57 %");
/// assert_eq!(goal.holds(&Value::Fraction { part: 57, whole: 100 }), Some(true));
/// assert_eq!(goal.holds(&Value::Text { value: "high".into() }), None);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    metric: MetricId,
    comparison: Comparison,
    value: Decimal,
    unit: Unit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    window_days: Option<core::num::NonZeroU32>,
}

impl Criterion {
    /// Without a window.
    #[must_use]
    pub const fn new(metric: MetricId, comparison: Comparison, value: Decimal, unit: Unit) -> Self {
        Self { metric, comparison, value, unit, window_days: None }
    }

    /// Measured over that many days.
    #[must_use]
    pub fn with_window_days(self, days: core::num::NonZeroU32) -> Self {
        Self { window_days: Some(days), ..self }
    }

    /// The metric.
    #[must_use]
    pub const fn metric(&self) -> &MetricId {
        &self.metric
    }

    /// The comparison.
    #[must_use]
    pub const fn comparison(&self) -> Comparison {
        self.comparison
    }

    /// The threshold.
    #[must_use]
    pub const fn value(&self) -> Decimal {
        self.value
    }

    /// The unit of the threshold.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// The window in days, where one is named.
    #[must_use]
    pub const fn window_days(&self) -> Option<core::num::NonZeroU32> {
        self.window_days
    }

    /// Whether the statement holds for a value in the criterion's unit; `None` where the value is no number.
    #[must_use]
    pub fn holds(&self, value: &Value) -> Option<bool> {
        let order = compare(value, self.unit, self.value)?;
        Some(self.comparison.holds(order))
    }
}

/// How a value in `unit` stands to a threshold in the same unit, exactly; `None` where it is no number.
///
/// A fraction is held against a percentage as 100 · part / whole, against anything else as part / whole.
///
/// ```
/// use core::cmp::Ordering;
/// use devops_core::{Unit, Value, compare};
///
/// let value = Value::Fraction { part: 1, whole: 3 };
/// assert_eq!(compare(&value, Unit::Ratio, "0.3333333333333333".parse()?), Some(Ordering::Greater));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn compare(value: &Value, unit: Unit, threshold: Decimal) -> Option<Ordering> {
    match value {
        Value::Number { value } => Some(Decimal::from(*value).cmp(&threshold)),
        Value::Fraction { part, whole } => {
            let order = if unit == Unit::Percent {
                threshold.cmp_fraction_scaled(*part, *whole, 100)
            } else {
                threshold.cmp_fraction(*part, *whole)
            };
            order.map(Ordering::reverse)
        }
        Value::Flag { .. } | Value::Text { .. } | Value::Missing { .. } => None,
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.metric, self.comparison, self.value)?;
        if !self.unit.symbol().is_empty() {
            write!(f, " {}", self.unit.symbol())?;
        }
        match self.window_days {
            Some(days) => write!(f, " over {days} d"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Number;
    use alloc::string::ToString as _;

    #[test]
    fn only_numbers_hold_or_fail() {
        let goal = Criterion::new("m".parse().unwrap(), Comparison::NotEqual, Decimal::ZERO, Unit::None);
        for value in [
            Value::Flag { value: true },
            Value::Text { value: "1".into() },
            Value::Missing { reason: "x".into() },
            Value::Fraction { part: 1, whole: 0 },
        ] {
            assert_eq!(goal.holds(&value), None, "{value}");
        }
        assert_eq!(goal.holds(&Number::from(1).into()), Some(true));
    }

    #[test]
    fn huge_counts_compare_exactly() {
        let value = Value::Fraction { part: u64::MAX - 1, whole: u64::MAX };
        assert_eq!(compare(&value, Unit::Percent, "100".parse().unwrap()), Some(Ordering::Less));
    }

    #[test]
    fn json_form() {
        let goal: Criterion =
            serde_json::from_str(r#"{"metric":"m","comparison":">=","value":80.0,"unit":"percent"}"#)
                .unwrap();
        assert_eq!(goal.to_string(), "m >= 80 %");
        assert!(
            serde_json::from_str::<Criterion>(
                r#"{"metric":"m","comparison":">=","value":80,"unit":"percent","x":1}"#
            )
            .is_err()
        );
    }
}
