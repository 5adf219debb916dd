//! Do two groups take equally long, open cases included? The log-rank test.
#![expect(clippy::arithmetic_side_effects, reason = "counts are at most the numbers of subjects")]

use crate::input::enough;
use crate::kaplan_meier::sorted_times;
use crate::special::two_sided_p;
use crate::sums::sum;
use crate::{Outcome, StatsError, Undefined};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Result of the log-rank test.
///
/// ```
/// use devops_stats::log_rank::log_rank;
/// let found = log_rank(&[1.0, 2.0], &[true, true], &[3.0, 4.0], &[true, true])?;
/// assert_eq!(found.observed, 2);
/// assert!(found.observed as f64 > found.expected);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogRank {
    /// Events seen in the first group.
    pub observed: usize,
    /// Events expected in it if both groups were alike. More observed than expected: it is the faster group.
    pub expected: f64,
    /// Hypergeometric variance of the difference.
    pub variance: f64,
    /// χ² with one degree of freedom.
    pub chi_squared: Outcome<f64>,
    /// Two-sided p; undefined when no event happens while both groups are at risk.
    pub p: Outcome<f64>,
}

/// Two-group log-rank test: at every event time the events of group 1 against their hypergeometric mean.
///
/// Source: Mantel (1966); Peto & Peto (1972). O(n log n).
///
/// # Errors
/// [`StatsError::NotEnoughData`] for an empty group, otherwise as
/// [`kaplan_meier`](crate::kaplan_meier::kaplan_meier).
///
/// ```
/// use devops_stats::log_rank::log_rank;
///
/// let before = ([9.0, 12.0, 15.0, 20.0, 31.0], [true, true, true, true, false]);
/// let after = ([1.0, 2.0, 2.5, 4.0, 6.0], [true; 5]);
/// let found = log_rank(&before.0, &before.1, &after.0, &after.1)?;
/// assert!(found.p.defined().is_some_and(|p| p < 0.01));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn log_rank(
    time1: &[f64],
    event1: &[bool],
    time2: &[f64],
    event2: &[bool],
) -> Result<LogRank, StatsError> {
    enough(1, time1.len())?;
    enough(1, time2.len())?;
    let mut subjects: Vec<(f64, bool, bool)> =
        sorted_times(time1, event1)?.into_iter().map(|(t, e)| (t, e, true)).collect();
    subjects.extend(sorted_times(time2, event2)?.into_iter().map(|(t, e)| (t, e, false)));
    subjects.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut at_risk, mut at_risk1) = (subjects.len(), time1.len());
    let (mut expected, mut variances) = (Vec::new(), Vec::new());
    for group in subjects.chunk_by(|a, b| a.0 == b.0) {
        let d = group.iter().filter(|s| s.1).count() as f64;
        let (n, n1) = (at_risk as f64, at_risk1 as f64);
        if d > 0.0 {
            expected.push(d * n1 / n);
            if at_risk > 1 {
                variances.push(d * (n1 / n) * (1.0 - n1 / n) * (n - d) / (n - 1.0));
            }
        }
        at_risk -= group.len();
        at_risk1 -= group.iter().filter(|s| s.2).count();
    }
    let observed = event1.iter().filter(|&&e| e).count();
    let (expected, variance) = (sum(expected), sum(variances));
    let (chi_squared, p) = if variance > 0.0 {
        let z = (observed as f64 - expected) / libm::sqrt(variance);
        (Outcome::Defined(z * z), Outcome::Defined(two_sided_p(z)))
    } else {
        (Outcome::Undefined(Undefined::NoVariance), Outcome::Undefined(Undefined::NoVariance))
    };
    Ok(LogRank { observed, expected, variance, chi_squared, p })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_event_or_no_overlap_is_undefined() {
        let none = log_rank(&[1.0], &[false], &[2.0], &[false]).unwrap();
        assert_eq!(none.p.reason(), Some(Undefined::NoVariance));
        let apart = log_rank(&[1.0], &[false], &[2.0], &[true]).unwrap();
        assert_eq!(apart.p.reason(), Some(Undefined::NoVariance));
        assert!(log_rank(&[], &[], &[2.0], &[true]).is_err());
        assert!(log_rank(&[1.0], &[true], &[f64::NAN], &[true]).is_err());
    }

    proptest! {
        #[test]
        fn swapping_the_groups_changes_no_p(
            a in proptest::collection::vec((0..9_u32, any::<bool>()), 1..20),
            b in proptest::collection::vec((0..9_u32, any::<bool>()), 1..20),
        ) {
            let split = |g: &[(u32, bool)]| -> (Vec<f64>, Vec<bool>) {
                (g.iter().map(|s| f64::from(s.0)).collect(), g.iter().map(|s| s.1).collect())
            };
            let ((t1, e1), (t2, e2)) = (split(&a), split(&b));
            let one = log_rank(&t1, &e1, &t2, &e2).unwrap();
            let two = log_rank(&t2, &e2, &t1, &e1).unwrap();
            match (one.p.defined(), two.p.defined()) {
                (Some(p), Some(q)) => prop_assert!((p - q).abs() < 1e-9),
                (p, q) => prop_assert_eq!(p, q),
            }
        }
    }
}
