//! Is one sample larger than the other? The Mann–Whitney test.

use crate::StatsError;
use crate::input::{enough, finite};
use crate::inversions::key;
use crate::outcome::{Outcome, Undefined};
use crate::pettitt::doubled_ranks;
use crate::rank_sum_exact::{tied, untied};
use crate::special::normal_sf;
use crate::tail::{DirectedP, at_most_one};
use crate::theil_sen::real;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Up to this product of sample sizes, without ties, exact p-values are given.
pub const EXACT_PRODUCT_MAX: usize = 2_500;
/// Up to this many values in both samples together, with ties, exact p-values are given.
pub const EXACT_TIED_MAX: usize = 50;

/// What the Mann–Whitney test found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MannWhitney {
    /// Size of the first sample.
    pub n1: usize,
    /// Size of the second sample.
    pub n2: usize,
    /// Pairs in which the first is larger, ties counting half.
    pub u1: f64,
    /// Whether any two values are equal.
    pub ties: bool,
    /// Probability that a value of the first exceeds one of the second, ties counting half (common-language
    /// effect size): `u1/(n1 n2)`.
    pub superiority: f64,
    /// Cliff's δ, `2 · superiority − 1`.
    pub cliffs_delta: f64,
    /// Exact p-values: without ties for `n1 · n2 ≤ 2500`, with ties for at most 50 values.
    pub exact: Option<DirectedP>,
    /// Normal approximation with continuity correction; undefined when all values are equal.
    pub asymptotic: Outcome<DirectedP>,
    /// Normal approximation without continuity correction.
    pub asymptotic_uncorrected: Outcome<DirectedP>,
}

impl MannWhitney {
    /// The best p-values there are: exact where possible, else the corrected approximation.
    ///
    /// ```
    /// use devops_stats::mann_whitney::mann_whitney;
    /// let found = mann_whitney(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0, 7.0])?;
    /// assert!((found.p().unwrap().two_sided - 2.0 / 35.0).abs() < 1e-15);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn p(&self) -> Option<DirectedP> {
        match self.asymptotic {
            Outcome::Undefined(_) => None,
            Outcome::Defined(p) => Some(self.exact.unwrap_or(p)),
        }
    }
}

/// The Mann–Whitney U test of two independent samples.
///
/// `U₁ = #{x > y} + ½ #{x = y}`; the normal approximation has variance
/// `n₁n₂/12 [(N + 1) − Σ(t³ − t)/(N(N − 1))]`; exact p-values by the count of orderings (Mann & Whitney 1947)
/// or, with ties, by the shift algorithm (Streitberg & Röhmel 1986). Two-sided exact p is twice the smaller tail.
/// O(n log n).
///
/// # Errors
///
/// A value that is not finite, or an empty sample.
///
/// ```
/// use devops_stats::mann_whitney::mann_whitney;
/// let before = [14.0, 11.0, 19.0, 16.0];
/// let after = [9.0, 8.0, 12.0, 7.0];
/// let found = mann_whitney(&before, &after)?;
/// assert_eq!(found.u1, 15.0);
/// assert_eq!(found.cliffs_delta, 0.875);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mann_whitney(x: &[f64], y: &[f64]) -> Result<MannWhitney, StatsError> {
    let (x, y) = (finite("x", x)?, finite("y", y)?);
    enough(1, x.len())?;
    enough(1, y.len())?;
    let counts = Counts::of(&x, &y);
    let product = real(x.len()) * real(y.len());
    let exact = if counts.ties == 0 {
        (x.len().saturating_mul(y.len()) <= EXACT_PRODUCT_MAX).then(|| untied(x.len(), y.len(), counts.u1()))
    } else {
        exact_tied(&x, &y)
    };
    let share = counts.u1() / product;
    Ok(MannWhitney {
        n1: x.len(),
        n2: y.len(),
        u1: counts.u1(),
        ties: counts.ties > 0,
        superiority: share,
        cliffs_delta: counts.delta() / product,
        exact,
        asymptotic: counts.normal(product, 0.5),
        asymptotic_uncorrected: counts.normal(product, 0.0),
    })
}

fn exact_tied(x: &[f64], y: &[f64]) -> Option<DirectedP> {
    if x.len().saturating_add(y.len()) > EXACT_TIED_MAX {
        return None;
    }
    let all: Vec<f64> = x.iter().chain(y).copied().collect();
    let ranks = doubled_ranks(&all);
    let sum = ranks.iter().take(x.len()).sum();
    Some(tied(&ranks, x.len(), sum))
}

/// Comparisons across the samples and ties within all values.
pub(crate) struct Counts {
    n1: usize,
    n2: usize,
    less: u128,
    greater: u128,
    /// Σ(t³ − t)
    ties: u128,
}

impl Counts {
    /// By walking through both sorted samples.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "counts below 2^40 in memory, so that their cubes fit 128 bits"
    )]
    pub(crate) fn of(x: &[f64], y: &[f64]) -> Self {
        let (xs, ys) = (sorted_keys(x), sorted_keys(y));
        let (mut left, mut right) = (xs.as_slice(), ys.as_slice());
        let mut counts = Self { n1: x.len(), n2: y.len(), less: 0, greater: 0, ties: 0 };
        while let Some(&value) = match (left.first(), right.first()) {
            (Some(a), Some(b)) => Some(if a < b { a } else { b }),
            (a, b) => a.or(b),
        } {
            let a = left.iter().take_while(|v| **v == value).count();
            let b = right.iter().take_while(|v| **v == value).count();
            left = left.get(a..).unwrap_or_default();
            right = right.get(b..).unwrap_or_default();
            counts.greater += (a as u128) * ((ys.len() - right.len() - b) as u128);
            counts.less += (a as u128) * (right.len() as u128);
            let t = (a + b) as u128;
            counts.ties += if t > 1 { t * t * t - t } else { 0 };
        }
        counts
    }

    /// Variance of U under no difference.
    #[expect(clippy::cast_precision_loss, reason = "counts are rounded once")]
    pub(crate) fn variance(&self) -> f64 {
        let n = real(self.n1) + real(self.n2);
        let product = real(self.n1) * real(self.n2);
        let tied = self.ties as f64 / (n * (n - 1.0));
        product / 12.0 * ((n + 1.0) - tied)
    }

    pub(crate) fn tied(&self) -> bool {
        self.ties > 0
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are rounded once")]
    pub(crate) fn delta(&self) -> f64 {
        (self.greater.cast_signed().saturating_sub(self.less.cast_signed())) as f64
    }

    fn u1(&self) -> f64 {
        0.5 * (real(self.n1) * real(self.n2) + self.delta())
    }

    /// Whether all values of both samples are equal.
    fn constant(&self) -> bool {
        let n = (self.n1 as u128).saturating_add(self.n2 as u128);
        self.ties == n.saturating_mul(n).saturating_mul(n).saturating_sub(n)
    }

    pub(crate) fn normal(&self, product: f64, correction: f64) -> Outcome<DirectedP> {
        if self.constant() {
            return Outcome::Undefined(Undefined::Constant);
        }
        let spread = libm::sqrt(self.variance());
        let above = |u: f64| normal_sf((u - 0.5 * product - correction) / spread);
        let (u1, u2) = (self.u1(), product - self.u1());
        let larger = if u1 > u2 { u1 } else { u2 };
        Outcome::Defined(DirectedP {
            two_sided: at_most_one(2.0 * above(larger)),
            less: above(u2),
            greater: above(u1),
        })
    }
}

fn sorted_keys(values: &[f64]) -> Vec<i64> {
    let mut keys: Vec<i64> = values.iter().map(|&v| key(v)).collect();
    keys.sort_unstable();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert!(mann_whitney(&[], &[1.0]).is_err());
        let one = mann_whitney(&[1.0], &[2.0]).unwrap();
        assert_eq!(one.exact.unwrap().two_sided, 1.0);
        let flat = mann_whitney(&[1.0, 1.0], &[1.0]).unwrap();
        assert_eq!(flat.asymptotic.reason(), Some(Undefined::Constant));
        assert_eq!(flat.p(), None);
        assert_eq!(flat.superiority, 0.5);
    }

    proptest! {
        #[test]
        fn equals_the_double_loop(x in prop::collection::vec(-5_i32..5, 1..30), y in prop::collection::vec(-5_i32..5, 1..30)) {
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            let y: Vec<f64> = y.into_iter().map(f64::from).collect();
            let mut u = 0.0;
            for a in &x {
                for b in &y {
                    u += if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 };
                }
            }
            let found = mann_whitney(&x, &y).unwrap();
            prop_assert_eq!(found.u1, u);
            if let Some(p) = found.exact {
                prop_assert!((p.less + p.greater) >= 1.0 - 1e-12);
            }
        }
    }
}
