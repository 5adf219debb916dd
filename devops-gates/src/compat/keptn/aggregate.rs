//! Baselines: old values made one.

use alloc::vec::Vec;

use super::SliResult;

/// The percentile that Keptn computes: the `p (n + 1)`-th smallest value, linear between neighbours, cut at both ends.
/// 0 of no values. `p` is a share, 0.9 for the 90th.
///
/// ```
/// use devops_gates::compat::keptn::percentile;
///
/// assert_eq!(percentile(&[4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
/// assert_eq!(percentile(&[4.0, 1.0], 0.9), 4.0);
/// assert_eq!(percentile(&[], 0.9), 0.0);
/// ```
#[must_use]
pub fn percentile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    // Go sorts NaN first.
    sorted.sort_by(|a, b| b.is_nan().cmp(&a.is_nan()).then_with(|| a.total_cmp(b)));
    #[expect(clippy::cast_precision_loss, reason = "lists are shorter than 2^53")]
    let (position, size) = (p * (sorted.len() as f64 + 1.0), sorted.len() as f64);
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return 0.0;
    };
    if position < 1.0 {
        return *first;
    }
    if position >= size {
        return *last;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to the length of the list"
    )]
    let below = (position as usize).saturating_sub(1);
    match sorted.get(below..) {
        Some([lower, upper, ..]) => lower + position % 1.0 * (upper - lower),
        _ => *last,
    }
}

/// A baseline, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Aggregate {
    /// The baseline; 0 where there is none.
    pub value: f64,
    /// Whether there is none, so that relative criteria are satisfied unseen.
    pub skip: bool,
}

/// The baseline of an indicator from old runs: `avg`, `p50`, `p90` or `p95` of those values that were measured. Any
/// other function gives 0, without a word.
///
/// ```
/// use devops_gates::compat::keptn::{SliResult, aggregate};
///
/// let old = [SliResult::new("a", 10.0), SliResult::new("a", 20.0), SliResult::failed("a", "timeout")];
/// assert_eq!(aggregate(&old, "avg").value, 15.0);
/// assert_eq!(aggregate(&old, "median").value, 0.0);
/// assert!(aggregate(&old[2..], "avg").skip);
/// ```
#[must_use]
pub fn aggregate(previous: &[SliResult], function: &str) -> Aggregate {
    let values: Vec<f64> = previous.iter().filter(|sli| sli.success).map(|sli| sli.value).collect();
    if values.is_empty() {
        return Aggregate { value: 0.0, skip: true };
    }
    #[expect(clippy::cast_precision_loss, reason = "lists are shorter than 2^53")]
    let value = match function {
        "avg" => values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64,
        "p50" => percentile(&values, 0.5),
        "p90" => percentile(&values, 0.9),
        "p95" => percentile(&values, 0.95),
        _ => 0.0,
    };
    Aggregate { value, skip: false }
}
