//! Do two proportions differ, and by how much?

use crate::StatsError;
use crate::outcome::{Outcome, Undefined};
use crate::proportion::{check, critical, score};
use crate::tail::{Interval, NormalTest};
use serde::{Deserialize, Serialize};

/// Two proportions compared; differences are first less second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TwoProportion {
    /// Difference of the proportions.
    pub difference: f64,
    /// Pooled z-test; undefined when all outcomes are the same.
    pub test: Outcome<NormalTest>,
    /// Newcombe's (1998) hybrid score interval of the difference. The one to show.
    pub newcombe: Interval,
    /// Wald's interval, for comparison with other tools.
    pub wald: Interval,
    /// The interval of Agresti & Caffo 2000.
    pub agresti_caffo: Interval,
}

/// Compares `k1` out of `n1` with `k2` out of `n2`.
///
/// `z = (p₁ − p₂)/√(p(1 − p)(1/n₁ + 1/n₂))` with the pooled `p`; the difference's interval combines two Wilson
/// intervals (Newcombe 1998, method 10). For small cells use
/// [`fisher_exact`](crate::fisher::fisher_exact). O(1).
///
/// # Errors
///
/// `n1` or `n2` is 0, a count exceeds its total, or a confidence outside (0, 1).
///
/// ```
/// use devops_stats::two_proportion::two_proportion;
/// let found = two_proportion(26, 76, 58, 106, 0.95)?;
/// assert!((found.test.defined().unwrap().p - 0.0062).abs() < 1e-4);
/// assert!(found.newcombe.high < 0.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn two_proportion(
    k1: u64,
    n1: u64,
    k2: u64,
    n2: u64,
    confidence: f64,
) -> Result<TwoProportion, StatsError> {
    let (a, m) = check(k1, n1, confidence)?;
    let (b, n) = check(k2, n2, confidence)?;
    let z = critical(confidence);
    let difference = exact_difference(k1, n1, k2, n2);
    Ok(TwoProportion {
        difference,
        test: pooled(difference, a + b, m, n),
        newcombe: newcombe(difference, score(a, m, z), score(b, n, z), a / m, b / n),
        wald: wald(difference, (a / m, m), (b / n, n), z),
        agresti_caffo: caffo((a, m), (b, n), z),
    })
}

/// `(k₁n₂ − k₂n₁)/(n₁n₂)` without cancellation.
#[expect(clippy::cast_precision_loss, reason = "the difference is rounded once")]
fn exact_difference(k1: u64, n1: u64, k2: u64, n2: u64) -> f64 {
    let (left, right) =
        (u128::from(k1).saturating_mul(u128::from(n2)), u128::from(k2).saturating_mul(u128::from(n1)));
    let size = left.abs_diff(right) as f64 / n1 as f64 / n2 as f64;
    if left < right { -size } else { size }
}

fn pooled(difference: f64, events: f64, m: f64, n: f64) -> Outcome<NormalTest> {
    let total = m + n;
    let rest = total - events;
    if events == 0.0 || rest <= 0.0 {
        return Outcome::Undefined(Undefined::OneOutcome);
    }
    let spread = libm::sqrt((events / total) * (rest / total) * (total / m / n));
    Outcome::Defined(NormalTest::from_z(difference / spread))
}

fn newcombe(difference: f64, first: Interval, second: Interval, p1: f64, p2: f64) -> Interval {
    let below = libm::hypot(p1 - first.low, second.high - p2);
    let above = libm::hypot(first.high - p1, p2 - second.low);
    Interval::new(difference - below, difference + above)
}

fn wald(difference: f64, (p1, m): (f64, f64), (p2, n): (f64, f64), z: f64) -> Interval {
    let half = z * libm::sqrt(p1 * (1.0 - p1) / m + p2 * (1.0 - p2) / n);
    Interval::new(difference - half, difference + half)
}

fn caffo((a, m): (f64, f64), (b, n): (f64, f64), z: f64) -> Interval {
    let (p1, p2) = ((a + 1.0) / (m + 2.0), (b + 1.0) / (n + 2.0));
    wald(p1 - p2, (p1, m + 2.0), (p2, n + 2.0), z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_failures_at_all() {
        let found = two_proportion(0, 13, 0, 6, 0.95).unwrap();
        assert_eq!(found.test.reason(), Some(Undefined::OneOutcome));
        assert_eq!(two_proportion(3, 3, 7, 7, 0.95).unwrap().test.reason(), Some(Undefined::OneOutcome));
        assert!(two_proportion(1, 0, 1, 2, 0.95).is_err());
    }
}
