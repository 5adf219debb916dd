//! Criteria: `<=+10%`.

use alloc::string::{String, ToString as _};

use super::{KeptnError, SliResult, aggregate};
use crate::compat::{go_float, lenient};

/// A criterion that was read.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Criterion {
    /// `<`, `<=`, `=`, `>=` or `>`; anything else cannot be evaluated.
    pub operator: String,
    /// The number behind it, without its sign.
    #[serde(deserialize_with = "lenient::number")]
    pub value: f64,
    /// Whether the number is a percentage of the baseline.
    pub percent: bool,
    /// Whether it is held against the baseline, and not against the number itself.
    pub relative: bool,
    /// Whether the number is added to the baseline; else it is taken off.
    pub increase: bool,
}

/// How a value stands to one criterion.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Check {
    /// Whether it is satisfied.
    pub satisfied: bool,
    /// What the value was held against; 0 where a relative criterion has no baseline.
    pub target: f64,
    /// The baseline; 0 where there is none.
    pub compared_value: f64,
}

/// Reads a criterion: an operator, then a number. A sign makes it relative to the baseline, a trailing `%` a
/// percentage of it (an increase unless a `-` says otherwise), so `>=-5` means at least the baseline less 5.
///
/// # Errors
///
/// [`KeptnError::InvalidCriterion`] where no operator begins it, [`KeptnError::UnparsableTarget`] where what follows is
/// no number; `==1` and `=<1` are the latter.
///
/// ```
/// use devops_gates::compat::keptn::parse_criterion;
///
/// let criterion = parse_criterion("<= -10.5 %")?;
/// assert_eq!((criterion.operator.as_str(), criterion.value), ("<=", 10.5));
/// assert!(criterion.percent && criterion.relative && !criterion.increase);
/// assert!(!parse_criterion(">1e3")?.relative);
/// assert_eq!(parse_criterion("!=1").unwrap_err().to_string(), "invalid criteria string");
/// assert_eq!(parse_criterion("==1").unwrap_err().to_string(), "could not parse criteria target value");
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn parse_criterion(text: &str) -> Result<Criterion, KeptnError> {
    let criterion: String = text.chars().filter(|c| *c != ' ').collect();
    // All that `^[<|=>]{1,2}[+|-]?\d*\.?\d*%?` asks for, as it has no end.
    if !criterion.starts_with(['<', '|', '=', '>']) {
        return Err(KeptnError::InvalidCriterion { criterion: text.to_string() });
    }
    let prefixed = |operator: &&str| criterion.starts_with(*operator);
    let operator = ["<=", "<", "=", ">=", ">"].into_iter().find(prefixed).unwrap_or_default();
    let rest = criterion.strip_prefix(operator).unwrap_or(&criterion);
    let (percent, rest) = match rest.strip_suffix('%') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (relative, increase, rest) = match (rest.strip_prefix('-'), rest.strip_prefix('+')) {
        (Some(rest), _) => (true, false, rest),
        (_, Some(rest)) => (true, true, rest),
        _ => (percent, percent, rest),
    };
    let value = go_float(rest).ok_or_else(|| KeptnError::UnparsableTarget { criterion: text.to_string() })?;
    Ok(Criterion { operator: operator.to_string(), value, percent, relative, increase })
}

/// Compares as Keptn does: plain floating point, so that NaN satisfies nothing.
///
/// # Errors
///
/// [`KeptnError::NoOperator`] for any other operator.
///
/// ```
/// use devops_gates::compat::keptn::compare;
///
/// assert!(compare(10.0, 9.0, ">")?);
/// assert!(!compare(f64::NAN, 9.0, "<=")?);
/// assert_eq!(compare(1.0, 1.0, "==").unwrap_err().to_string(), "no operator set");
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
#[expect(clippy::float_cmp, reason = "Keptn compares floats as they are")]
pub fn compare(measured: f64, target: f64, operator: &str) -> Result<bool, KeptnError> {
    match operator {
        "<" => Ok(measured < target),
        "<=" => Ok(measured <= target),
        "=" => Ok(measured == target),
        ">=" => Ok(measured >= target),
        ">" => Ok(measured > target),
        _ => Err(KeptnError::NoOperator { operator: operator.to_string() }),
    }
}

/// Holds a value against the number of a criterion.
///
/// # Errors
///
/// [`KeptnError::NoOperator`] where the criterion has none.
///
/// ```
/// use devops_gates::compat::keptn::{fixed_threshold, parse_criterion};
///
/// assert!(fixed_threshold(9.0, &parse_criterion("<10")?)?.satisfied);
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn fixed_threshold(measured: f64, criterion: &Criterion) -> Result<Check, KeptnError> {
    let satisfied = compare(measured, criterion.value, &criterion.operator)?;
    Ok(Check { satisfied, target: criterion.value, compared_value: 0.0 })
}

/// Holds a value against the baseline of a criterion: `baseline × (100 ± v) / 100`, or `baseline ± v`.
///
/// Without any old value it is satisfied and the target shown is 0. A baseline of 0 makes `<=+10%` mean `<=0`, and
/// below 0 the percentage points the other way, so that an unchanged value fails.
///
/// # Errors
///
/// [`KeptnError::NoOperator`] where the criterion has none.
///
/// ```
/// use devops_gates::compat::keptn::{SliResult, parse_criterion, relative_threshold};
///
/// let criterion = parse_criterion("<=+10%")?;
/// let old = [SliResult::new("a", -10.0)];
/// let check = relative_threshold(-10.0, &criterion, &old, "avg")?;
/// assert_eq!((check.satisfied, check.target), (false, -11.0));
/// assert!(relative_threshold(99.0, &criterion, &[], "avg")?.satisfied);
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn relative_threshold(
    measured: f64,
    criterion: &Criterion,
    previous: &[SliResult],
    aggregate_function: &str,
) -> Result<Check, KeptnError> {
    let baseline = aggregate(previous, aggregate_function);
    if baseline.skip {
        return Ok(Check { satisfied: true, target: 0.0, compared_value: 0.0 });
    }
    let (base, by) = (baseline.value, criterion.value);
    let target = match (criterion.percent, criterion.increase) {
        (true, true) => base * (100.0 + by) / 100.0,
        (true, false) => base * (100.0 - by) / 100.0,
        (false, true) => base + by,
        (false, false) => base - by,
    };
    let satisfied = compare(measured, target, &criterion.operator)?;
    Ok(Check { satisfied, target, compared_value: base })
}

/// Holds an indicator against one criterion as it is written.
///
/// # Errors
///
/// [`KeptnError::InvalidSli`] where the indicator has no value, else what [`parse_criterion`] tells.
///
/// ```
/// use devops_gates::compat::keptn::{SliResult, evaluate_criterion};
///
/// let old = [SliResult::new("a", 10.0), SliResult::new("a", 10.0)];
/// assert!(!evaluate_criterion(&SliResult::new("a", 11.01), "<=+10%", &old, "avg")?.satisfied);
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn evaluate_criterion(
    sli: &SliResult,
    criterion: &str,
    previous: &[SliResult],
    aggregate_function: &str,
) -> Result<Check, KeptnError> {
    if !sli.success {
        return Err(KeptnError::InvalidSli { metric: sli.metric.clone() });
    }
    let criterion = parse_criterion(criterion)?;
    if criterion.relative {
        return relative_threshold(sli.value, &criterion, previous, aggregate_function);
    }
    let check = fixed_threshold(sli.value, &criterion)?;
    Ok(Check { compared_value: aggregate(previous, aggregate_function).value, ..check })
}
