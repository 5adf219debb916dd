//! Targets: when an objective fails or warns.

use super::{Quantity, Range};

/// One operator and what it compares with. Exactly one is expected; of several the first counts, in the order of the
/// fields, and without any nothing is fulfilled. [`Operator::faults`] tells what Keptn's webhook would refuse.
///
/// ```
/// use devops_gates::compat::keptn::v2::Operator;
///
/// let operator: Operator = serde_json::from_str(r#"{"greaterThan": {"fixedValue": "600m"}}"#)?;
/// assert!(operator.faults().is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Operator {
    /// Equal.
    #[serde(alias = "equal_to", skip_serializing_if = "Option::is_none")]
    pub equal_to: Option<Quantity>,
    /// At most.
    #[serde(alias = "less_than_or_equal", skip_serializing_if = "Option::is_none")]
    pub less_than_or_equal: Option<Quantity>,
    /// Below.
    #[serde(alias = "less_than", skip_serializing_if = "Option::is_none")]
    pub less_than: Option<Quantity>,
    /// At least.
    #[serde(alias = "greater_than_or_equal", skip_serializing_if = "Option::is_none")]
    pub greater_than_or_equal: Option<Quantity>,
    /// Above.
    #[serde(alias = "greater_than", skip_serializing_if = "Option::is_none")]
    pub greater_than: Option<Quantity>,
    /// Within a range, its ends included.
    #[serde(alias = "in_range", skip_serializing_if = "Option::is_none")]
    pub in_range: Option<Range>,
    /// Outside a range, its ends excluded.
    #[serde(alias = "not_in_range", skip_serializing_if = "Option::is_none")]
    pub not_in_range: Option<Range>,
}

/// What Keptn's webhook refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperatorFault {
    /// There is no operator.
    None,
    /// There is more than one.
    Several,
    /// The lower end of a range is not below the upper one.
    EmptyRange,
}

impl Operator {
    /// What Keptn's webhook refuses when the target is stored; [`fulfilled`] evaluates it nevertheless.
    ///
    /// ```
    /// use devops_gates::compat::keptn::v2::{Operator, OperatorFault};
    ///
    /// assert_eq!(Operator::default().faults(), [OperatorFault::None]);
    /// ```
    #[must_use]
    pub fn faults(&self) -> alloc::vec::Vec<OperatorFault> {
        let singles = [
            self.equal_to,
            self.less_than_or_equal,
            self.less_than,
            self.greater_than_or_equal,
            self.greater_than,
        ];
        let ranges = [self.in_range, self.not_in_range];
        let given = singles.iter().flatten().count().saturating_add(ranges.iter().flatten().count());
        let empty =
            |range: &Range| range.low.get().partial_cmp(&range.high.get()) != Some(core::cmp::Ordering::Less);
        [
            (given == 0).then_some(OperatorFault::None),
            (given > 1).then_some(OperatorFault::Several),
            ranges.iter().flatten().any(empty).then_some(OperatorFault::EmptyRange),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether the operator is fulfilled: plain floating point, so that NaN fulfils none of them.
///
/// ```
/// use devops_gates::compat::keptn::v2::{Operator, fulfilled};
///
/// let operator: Operator = serde_json::from_str(r#"{"in_range": [15, 25]}"#)?;
/// assert!(fulfilled(25.0, &operator) && !fulfilled(25.1, &operator));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
#[expect(clippy::float_cmp, reason = "Keptn compares floats as they are")]
pub fn fulfilled(value: f64, operator: &Operator) -> bool {
    if let Some(target) = operator.equal_to {
        value == target.get()
    } else if let Some(target) = operator.less_than_or_equal {
        value <= target.get()
    } else if let Some(target) = operator.less_than {
        value < target.get()
    } else if let Some(target) = operator.greater_than_or_equal {
        value >= target.get()
    } else if let Some(target) = operator.greater_than {
        value > target.get()
    } else if let Some(range) = operator.in_range {
        value >= range.low.get() && value <= range.high.get()
    } else if let Some(range) = operator.not_in_range {
        value < range.low.get() || value > range.high.get()
    } else {
        false
    }
}

/// When an objective fails, and when it warns.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Target {
    /// It fails where this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Operator>,
    /// Else it warns where this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<Operator>,
}

/// How an objective stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "what a Keptn analysis can say")]
pub enum TargetResult {
    /// Neither holds.
    Pass,
    /// The warning holds.
    Warning,
    /// The failure holds.
    Fail,
}

/// Failure before warning before pass. Without a target, and for NaN, it passes.
///
/// ```
/// use devops_gates::compat::keptn::v2::{Target, TargetResult, evaluate_target};
///
/// let target: Target = serde_json::from_str(r#"{"failure": {"less_than": 15}, "warning": {"less_than": 20}}"#)?;
/// assert_eq!(evaluate_target(17.0, &target), TargetResult::Warning);
/// assert_eq!(evaluate_target(f64::NAN, &target), TargetResult::Pass);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn evaluate_target(value: f64, target: &Target) -> TargetResult {
    let holds = |operator: &Option<Operator>| operator.as_ref().is_some_and(|o| fulfilled(value, o));
    if holds(&target.failure) {
        TargetResult::Fail
    } else if holds(&target.warning) {
        TargetResult::Warning
    } else {
        TargetResult::Pass
    }
}
