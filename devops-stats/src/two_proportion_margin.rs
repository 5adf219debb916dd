//! Does one proportion exceed another by more than a margin?

use crate::StatsError;
use crate::outcome::{Outcome, Undefined};
use crate::proportion::check;
use crate::special::{normal_cdf, normal_sf};
use serde::{Deserialize, Serialize};

/// The test of a difference of proportions against a margin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MarginTest {
    /// `(p̂₁ − p̂₂ − margin)` over its standard error at the margin.
    pub z: f64,
    /// For the difference being below the margin.
    pub less: f64,
    /// For the difference being above the margin.
    pub greater: f64,
}

/// Tests `p₁ − p₂` of `k1` out of `n1` and `k2` out of `n2` against a margin.
///
/// The score test of Miettinen & Nurminen (1985) and Farrington & Manning (1990): the standard error is that of
/// the proportions that are most likely where their difference *is* the margin. At margin 0 it is the pooled
/// z-test. About 60 steps. Undefined where these proportions leave no variance.
///
/// # Errors
///
/// `n1` or `n2` is 0, a count exceeds its total, or a margin outside (−1, 1).
///
/// ```
/// use devops_stats::two_proportion_margin::two_proportion_margin;
/// // 2.4 % errors against 1 %: surely more, but surely more than half a percent more?
/// let above = |margin| two_proportion_margin(24, 1000, 10, 1000, margin).map(|t| t.defined().unwrap().greater);
/// assert!(above(0.0)? < 0.01 && above(0.005)? > 0.05);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn two_proportion_margin(
    k1: u64,
    n1: u64,
    k2: u64,
    n2: u64,
    margin: f64,
) -> Result<Outcome<MarginTest>, StatsError> {
    let (a, m) = check(k1, n1, 0.5)?;
    let (b, n) = check(k2, n2, 0.5)?;
    if !(margin > -1.0 && margin < 1.0) {
        return Err(StatsError::out_of_range("margin", margin, "in (-1, 1)"));
    }
    let (p1, p2) = restricted((a, m), (b, n), margin);
    let variance = p1 * (1.0 - p1) / m + p2 * (1.0 - p2) / n;
    if !(variance > 0.0) {
        return Ok(Outcome::Undefined(Undefined::NoVariance));
    }
    let z = (a / m - b / n - margin) / libm::sqrt(variance);
    Ok(Outcome::finite(z).map(|z| MarginTest { z, less: normal_cdf(z), greater: normal_sf(z) }))
}

/// The most likely proportions of which the first exceeds the second by exactly `margin`.
///
/// The likelihood is concave in the second proportion, so that its slope has one zero: found by halving.
pub(crate) fn restricted((a, m): (f64, f64), (b, n): (f64, f64), margin: f64) -> (f64, f64) {
    if margin == 0.0 {
        let pooled = (a + b) / (m + n);
        return (pooled, pooled);
    }
    let mut low = if margin < 0.0 { -margin } else { 0.0 };
    let mut high = if margin > 0.0 { 1.0 - margin } else { 1.0 };
    let part = |count: f64, p: f64| if count > 0.0 { count / p } else { 0.0 };
    let slope =
        |p: f64| part(a, p + margin) - part(m - a, 1.0 - p - margin) + part(b, p) - part(n - b, 1.0 - p);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let p2 = 0.5 * (low + high);
    ((p2 + margin).clamp(0.0, 1.0), p2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::two_proportion::two_proportion;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert!(two_proportion_margin(1, 0, 1, 2, 0.1).is_err());
        assert!(two_proportion_margin(1, 2, 1, 2, 1.0).is_err());
        let none = two_proportion_margin(0, 10, 0, 10, 0.0).unwrap();
        assert_eq!(none.reason(), Some(Undefined::NoVariance));
        let safe = two_proportion_margin(0, 1000, 0, 1000, 0.01).unwrap().defined().unwrap();
        assert!(safe.less < 0.01);
    }

    proptest! {
        #[test]
        fn without_margin_it_is_the_pooled_test(k1 in 0_u64..50, r1 in 1_u64..50, k2 in 0_u64..50, r2 in 1_u64..50) {
            let found = two_proportion_margin(k1, k1 + r1, k2, k2 + r2, 0.0).unwrap().defined();
            let pooled = two_proportion(k1, k1 + r1, k2, k2 + r2, 0.95).unwrap().test.defined();
            match (found, pooled) {
                (Some(a), Some(b)) => prop_assert!((a.z - b.z).abs() < 1e-9, "{a:?} {b:?}"),
                (None, None) => {}
                (a, b) => prop_assert!(false, "{a:?} {b:?}"),
            }
        }

        #[test]
        fn restricted_proportions_are_the_most_likely(k1 in 0_u64..20, r1 in 1_u64..20, k2 in 0_u64..20, r2 in 1_u64..20, margin in -0.9_f64..0.9) {
            let (a, m, b, n) = (k1 as f64, (k1 + r1) as f64, k2 as f64, (k2 + r2) as f64);
            let log = |count: f64, p: f64| if count == 0.0 { 0.0 } else { count * p.max(1e-300).ln() };
            let likelihood = |p1: f64, p2: f64| log(a, p1) + log(m - a, 1.0 - p1) + log(b, p2) + log(n - b, 1.0 - p2);
            let (p1, p2) = restricted((a, m), (b, n), margin);
            let best = likelihood(p1, p2);
            for step in 0..=100 {
                let q = (-margin).max(0.0) + (1.0 - margin.abs()) * f64::from(step) / 100.0;
                prop_assert!(likelihood((q + margin).clamp(0.0, 1.0), q) <= best + 1e-6);
            }
        }

        #[test]
        fn falls_as_the_margin_rises(k1 in 0_u64..50, r1 in 0_u64..50, k2 in 1_u64..50, r2 in 1_u64..50, margin in -0.8_f64..0.8) {
            let z = |margin: f64| two_proportion_margin(k1, k1 + r1 + 1, k2, k2 + r2, margin).unwrap().defined().map(|t| t.z);
            if let (Some(a), Some(b)) = (z(margin), z(margin + 0.1)) {
                prop_assert!(a >= b - 1e-9);
            }
        }
    }
}
