//! One condition.

use alloc::string::{String, ToString as _};

use super::ValueType;
use crate::compat::lenient;

/// `OK` or `ERROR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(clippy::exhaustive_enums, reason = "the statuses of SonarQube since version 7.6")]
pub enum Level {
    /// The threshold is not passed.
    Ok,
    /// It is.
    Error,
}

/// Which side of the threshold is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "the operators of SonarQube since version 7.6")]
pub enum Op {
    /// Above it.
    #[serde(rename = "GT")]
    GreaterThan,
    /// Below it.
    #[serde(rename = "LT")]
    LessThan,
}

/// A condition of a gate, as the web API shows it.
///
/// ```
/// use devops_gates::compat::sonar::{Condition, Op};
///
/// let condition: Condition = serde_json::from_str(r#"{"metric": "new_coverage", "op": "LT", "error": "80"}"#)?;
/// assert_eq!(condition, Condition::new("new_coverage", Op::LessThan, "80"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Condition {
    /// The key of the metric; one that begins with `new_` is on new code.
    pub metric: String,
    /// Which side is an error.
    pub op: Op,
    /// The threshold.
    #[serde(alias = "error_threshold", alias = "errorThreshold", deserialize_with = "lenient::text")]
    pub error: String,
}

impl Condition {
    /// A condition on that metric.
    ///
    /// ```
    /// use devops_gates::compat::sonar::{Condition, Op};
    ///
    /// assert_eq!(Condition::new("coverage", Op::LessThan, "80").error, "80");
    /// ```
    #[must_use]
    pub fn new(metric: impl Into<String>, op: Op, error: impl Into<String>) -> Self {
        Self { metric: metric.into(), op, error: error.into() }
    }
}

/// Why SonarQube refuses to evaluate a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SonarError {
    /// The threshold is no number of the type.
    #[error(
        "threshold `{threshold}` of a metric of type {value_type:?} is not a number: expected {expected}"
    )]
    BadThreshold {
        /// The threshold.
        threshold: String,
        /// The type of the metric.
        value_type: ValueType,
        /// What would be right.
        expected: &'static str,
    },
    /// A metric of a type that no condition can be on.
    #[error("a condition on a metric of type {value_type:?} is not allowed: expected a numeric type")]
    UnsupportedType {
        /// The type of the metric.
        value_type: ValueType,
    },
}

/// Holds a value against the threshold of a condition: an error strictly beyond it. Whole numbers and ratings are cut
/// to whole numbers on both sides, so 9.99 is not above 9, and a threshold of `9.9` is 9. A missing value is OK,
/// before the threshold is looked at.
///
/// # Errors
///
/// [`SonarError`] for a type without order and for a threshold that is no number of the type.
///
/// ```
/// use devops_gates::compat::sonar::{Level, Op, ValueType, condition};
///
/// assert_eq!(condition(Some(10.3), ValueType::Float, Op::GreaterThan, "10.2")?, Level::Error);
/// assert_eq!(condition(Some(9.99), ValueType::Int, Op::GreaterThan, "9")?, Level::Ok);
/// assert_eq!(condition(None, ValueType::Percent, Op::LessThan, "80")?, Level::Ok);
/// # Ok::<(), devops_gates::compat::sonar::SonarError>(())
/// ```
pub fn condition(
    value: Option<f64>,
    value_type: ValueType,
    op: Op,
    error_threshold: &str,
) -> Result<Level, SonarError> {
    let Some(value) = value else {
        let may_be_missing = value_type.is_numeric() || value_type == ValueType::Level;
        return if may_be_missing { Ok(Level::Ok) } else { Err(SonarError::UnsupportedType { value_type }) };
    };
    let ordering = match value_type {
        ValueType::Int | ValueType::Rating => {
            cut_to_i32(value).cmp(&whole_threshold(error_threshold, value_type)?)
        }
        ValueType::Millisec | ValueType::WorkDur => {
            let expected = "a whole number";
            cut_to_i64(value)
                .cmp(&error_threshold.parse().map_err(|_| bad(error_threshold, value_type, expected))?)
        }
        ValueType::Float | ValueType::Percent => {
            let threshold = java_double(error_threshold);
            let threshold = threshold.ok_or_else(|| bad(error_threshold, value_type, "a decimal number"))?;
            java_order(value).total_cmp(&java_order(threshold))
        }
        _ => return Err(SonarError::UnsupportedType { value_type }),
    };
    let beyond = match op {
        Op::GreaterThan => ordering.is_gt(),
        Op::LessThan => ordering.is_lt(),
    };
    Ok(if beyond { Level::Error } else { Level::Ok })
}

fn bad(threshold: &str, value_type: ValueType, expected: &'static str) -> SonarError {
    SonarError::BadThreshold { threshold: threshold.to_string(), value_type, expected }
}

/// The threshold of a whole number: everything from the first point on is left out.
pub(super) fn whole_threshold(text: &str, value_type: ValueType) -> Result<i32, SonarError> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    whole.parse().map_err(|_| bad(text, value_type, "a whole number of 32 bits"))
}

/// A threshold as `Double.parseDouble` reads it: blanks around it, and a suffix such as `d`, do not count.
pub(super) fn java_double(text: &str) -> Option<f64> {
    let text = text.trim_matches(|c: char| c <= ' ');
    let (sign, body) = match text.strip_prefix('-') {
        Some(body) => (-1.0, body),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = match body {
        "NaN" => f64::NAN,
        "Infinity" => f64::INFINITY,
        _ => {
            let digits = body.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(body);
            let decimal = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
            if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || !digits.chars().all(decimal) {
                return None;
            }
            digits.parse().ok()?
        }
    };
    Some(sign * magnitude)
}

/// All NaN as one, which Java orders above everything.
fn java_order(value: f64) -> f64 {
    if value.is_nan() { f64::NAN.abs() } else { value }
}

#[expect(clippy::cast_possible_truncation, reason = "cut as Java cuts: towards 0, at the ends of the range")]
const fn cut_to_i32(value: f64) -> i32 {
    value as i32
}

#[expect(clippy::cast_possible_truncation, reason = "cut as Java cuts: towards 0, at the ends of the range")]
const fn cut_to_i64(value: f64) -> i64 {
    value as i64
}
