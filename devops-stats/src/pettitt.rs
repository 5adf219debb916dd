//! Is there one change of level, and where? Pettitt's rank test.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_wrap,
    reason = "ranks of a slice fit its length; lengths are limited so that rank sums fit i64"
)]

use crate::input::{enough, finite};
use crate::{Outcome, StatsError, Undefined};
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Result of Pettitt's test.
///
/// ```
/// use devops_stats::pettitt::pettitt;
/// let found = pettitt(&[1.0, 2.0, 1.0, 7.0, 8.0, 9.0])?;
/// assert_eq!((found.k, found.direction), (9, 1));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pettitt {
    /// Number of values.
    pub n: usize,
    /// The statistic: the largest |U_t|.
    pub k: i64,
    /// Approximate two-sided p, conservative at small n; undefined when all values are equal.
    pub p: Outcome<f64>,
    /// Every index at which |U_t| is largest, each the first index after the change.
    pub change_at: Vec<usize>,
    /// 1 when the level rises at the first of them, −1 when it falls, 0 when all values are equal.
    pub direction: i8,
}

/// Pettitt's test for one change of level at an unknown time.
///
/// U_t = 2 Σ_{i<t} rᵢ − t (n + 1) over midranks r, K = max |U_t|, p = min(1, 2 exp(−6 K²/(n³ + n²))).
/// It needs no distribution, only independence: under autocorrelation use
/// [`significant_changes`](crate::significance::significant_changes). Source: Pettitt (1979).
/// O(n log n), exact in integers.
///
/// # Errors
/// [`StatsError::NotEnoughData`] below 2 values, [`StatsError::NonFinite`] for NaN or infinity,
/// [`StatsError::TooMany`] above 2³⁰ values.
///
/// ```
/// use devops_stats::pettitt::pettitt;
///
/// let hours = [9.0, 8.5, 9.5, 9.0, 8.0, 9.2, 8.8, 4.0, 4.5, 3.9, 4.1, 4.2, 3.8, 4.4];
/// let found = pettitt(&hours)?;
/// assert_eq!(found.change_at, [7]);
/// assert!(found.p.defined().is_some_and(|p| p < 0.05));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn pettitt(x: &[f64]) -> Result<Pettitt, StatsError> {
    const LIMIT: usize = 1 << 30;
    enough(2, x.len())?;
    if x.len() > LIMIT {
        return Err(StatsError::TooMany { argument: "x", limit: LIMIT, got: x.len() });
    }
    let doubled = doubled_ranks(&finite("x", x)?);
    let n = x.len() as i64;
    let (mut sum, mut k, mut direction) = (0, 0, 0);
    let mut change_at = Vec::new();
    for (t, rank) in doubled.iter().enumerate() {
        if t > 0 {
            let u: i64 = sum - t as i64 * (n + 1);
            if u.abs() > k {
                k = u.abs();
                direction = if u < 0 { 1 } else { -1 };
                change_at.clear();
            }
            if u.abs() == k {
                change_at.push(t);
            }
        }
        sum += rank;
    }
    let constant = doubled.iter().all(|&r| r == n + 1);
    let p = if constant { Outcome::Undefined(Undefined::Constant) } else { Outcome::Defined(p_value(k, n)) };
    Ok(Pettitt { n: x.len(), k, p, change_at, direction })
}

fn p_value(k: i64, n: i64) -> f64 {
    let (k, n) = (k as f64, n as f64);
    let p = 2.0 * libm::exp(-6.0 * k * k / (n * n * n + n * n));
    if p < 1.0 { p } else { 1.0 }
}

/// Twice the midrank of every value: a whole number with ties too.
pub(crate) fn doubled_ranks(x: &[f64]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_unstable_by(|&a, &b| x[a].total_cmp(&x[b]));
    let mut ranks = vec![0; x.len()];
    let mut start = 0;
    while start < order.len() {
        let value = x[order[start]];
        let end = order[start..].iter().position(|&i| x[i] != value).map_or(order.len(), |k| start + k);
        for &i in &order[start..end] {
            ranks[i] = (start + end + 1) as i64;
        }
        start = end;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert_eq!(pettitt(&[1.0]), Err(StatsError::NotEnoughData { needed: 2, got: 1 }));
        let flat = pettitt(&[2.0; 4]).unwrap();
        assert_eq!((flat.k, flat.direction), (0, 0));
        assert_eq!(flat.change_at, [1, 2, 3]);
        assert_eq!(flat.p.reason(), Some(Undefined::Constant));
        assert_eq!(pettitt(&[0.0, -0.0]).unwrap().p.reason(), Some(Undefined::Constant));
        assert_eq!(pettitt(&[1e308, -1e308]).unwrap().direction, -1);
    }

    /// U_t by its definition: the sum of signs over all pairs across t.
    fn slow(x: &[f64]) -> (i64, Vec<usize>) {
        let sign = |a: f64, b: f64| i64::from(b > a) - i64::from(b < a);
        let u: Vec<i64> = (1..x.len())
            .map(|t| {
                x[..t].iter().map(|&a| x[t..].iter().map(|&b| sign(a, b)).sum::<i64>()).sum::<i64>().abs()
            })
            .collect();
        let k = u.iter().copied().max().unwrap();
        (k, (1..x.len()).filter(|t| u[t - 1] == k).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn equals_the_definition(x in proptest::collection::vec(-4..4_i32, 2..30)) {
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            let found = pettitt(&x).unwrap();
            prop_assert_eq!((found.k, found.change_at), slow(&x));
        }

        #[test]
        fn any_bits_never_panic(bits in proptest::collection::vec(any::<u64>(), 0..20)) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).collect();
            let _ = pettitt(&x);
        }
    }
}
