//! Does a proportion rise or fall over ordered groups?

use crate::StatsError;
use crate::input::{enough, finite, same_length};
use crate::outcome::{Outcome, Undefined};
use crate::sums::{scale_of, sum};
use crate::tail::NormalTest;
use alloc::format;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What the Cochran–Armitage test found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CochranArmitage {
    /// Number of groups.
    pub groups: usize,
    /// z-test of a linear trend (its square is R's χ² of `prop.trend.test`).
    pub test: Outcome<NormalTest>,
    /// The same with `N − 1` for `N` in the variance, as some packages have it.
    pub z_n_minus_1: Outcome<f64>,
}

/// The Cochran–Armitage test for a trend in proportions: `events[i]` of `totals[i]` at `scores[i]`.
///
/// `z = Σ x_i (t_i − t̄)/√(p(1 − p) Σ n_i (t_i − t̄)²)` with `t̄` weighted by the totals (Cochran 1954, Armitage
/// 1955). O(n). Undefined when all outcomes or all scores are the same.
///
/// # Errors
///
/// Different lengths, fewer than 2 groups, a score that is not finite, more events than total.
///
/// ```
/// use devops_stats::cochran_armitage::cochran_armitage;
/// let found = cochran_armitage(&[9, 6, 4, 2], &[30, 30, 30, 30], &[0.0, 1.0, 2.0, 3.0])?;
/// assert!(found.test.defined().unwrap().p < 0.05);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn cochran_armitage(
    events: &[u64],
    totals: &[u64],
    scores: &[f64],
) -> Result<CochranArmitage, StatsError> {
    same_length("events", events.len(), "totals", totals.len())?;
    same_length("events", events.len(), "scores", scores.len())?;
    enough(2, events.len())?;
    let scores = finite("scores", scores)?;
    if let Some(index) = events.iter().zip(totals).position(|(e, t)| e > t) {
        let value = events.get(index).map(|e| format!("{e}")).unwrap_or_default();
        return Err(StatsError::ElementOutOfRange {
            argument: "events",
            index,
            value,
            range: "at most the total",
        });
    }
    let (z, n) = match statistic(events, totals, &scores) {
        Ok(found) => found,
        Err(reason) => {
            let test = Outcome::Undefined(reason);
            return Ok(CochranArmitage {
                groups: events.len(),
                test,
                z_n_minus_1: Outcome::Undefined(reason),
            });
        }
    };
    Ok(CochranArmitage {
        groups: events.len(),
        test: Outcome::Defined(NormalTest::from_z(z)),
        z_n_minus_1: Outcome::Defined(z * libm::sqrt((n - 1.0) / n)),
    })
}

/// The statistic and the total.
fn statistic(events: &[u64], totals: &[u64], scores: &[f64]) -> Result<(f64, f64), Undefined> {
    let scale = scale_of(scores);
    let t: Vec<f64> = scores.iter().map(|s| s * scale).collect();
    let x: Vec<f64> = events.iter().map(|&e| real(e)).collect();
    let n: Vec<f64> = totals.iter().map(|&e| real(e)).collect();
    let total = sum(n.iter().copied());
    let happened = sum(x.iter().copied());
    if happened == 0.0 || happened >= total {
        return Err(Undefined::OneOutcome);
    }
    let first = t.first().copied().unwrap_or(0.0);
    let mean = first + sum(t.iter().zip(&n).map(|(t, n)| (t - first) * n)) / total;
    let above = sum(t.iter().zip(&x).map(|(t, x)| x * (t - mean)));
    let spread = sum(t.iter().zip(&n).map(|(t, n)| n * (t - mean) * (t - mean)));
    let share = happened / total;
    let rest = (total - happened) / total;
    if !(spread > 0.0) {
        return Err(Undefined::OneTime);
    }
    let z = above / libm::sqrt(share * rest * spread);
    if z.is_finite() { Ok((z, total)) } else { Err(Undefined::Overflow) }
}

#[expect(clippy::cast_precision_loss, reason = "counts above 2^53 are rounded")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_and_refused() {
        let none = cochran_armitage(&[0, 0], &[3, 4], &[0.0, 1.0]).unwrap();
        assert_eq!(none.test.reason(), Some(Undefined::OneOutcome));
        let flat = cochran_armitage(&[1, 2], &[3, 4], &[7.0, 7.0]).unwrap();
        assert_eq!(flat.test.reason(), Some(Undefined::OneTime));
        let refused = cochran_armitage(&[1, 5], &[3, 4], &[0.0, 1.0]);
        assert!(matches!(refused, Err(StatsError::ElementOutOfRange { index: 1, .. })));
    }

    #[test]
    fn scale_of_scores_does_not_matter() {
        let z = |s: f64| {
            let scores = [0.0, s, 2.0 * s];
            cochran_armitage(&[1, 4, 6], &[9, 9, 9], &scores).unwrap().test.defined().unwrap().z
        };
        assert!((z(1.0) - z(1e300)).abs() < 1e-14);
        assert!((z(1.0) - z(1e-300)).abs() < 1e-14);
    }
}
