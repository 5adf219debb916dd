//! Is there a monotone trend? The Mann–Kendall test.

use crate::StatsError;
use crate::input::{enough, finite, present};
use crate::inversions::{Ties, key, sort_counting};
use crate::kendall_exact::kendall_exact_p;
use crate::outcome::{Outcome, Undefined};
use crate::tail::NormalTest;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Up to this length, without ties, the exact p-value is given too.
pub const EXACT_MAX: usize = 50;

/// What the Mann–Kendall test found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MannKendall {
    /// Number of values used.
    pub n: usize,
    /// Number of gaps left out.
    pub missing: usize,
    /// Rising pairs less falling pairs: positive when the series rises.
    pub s: i64,
    /// Variance of `s` when there is no trend, corrected for ties.
    pub var_s: f64,
    /// Kendall's τ-a: `s` over the number of pairs.
    pub tau: f64,
    /// Normal approximation with continuity correction; undefined when all values are equal.
    pub test: Outcome<NormalTest>,
    /// Exact two-sided p-value, for at most [`EXACT_MAX`] values without ties.
    pub exact_p: Option<f64>,
}

impl MannKendall {
    /// The best two-sided p-value there is: exact where possible, else by the normal approximation.
    ///
    /// ```
    /// use devops_stats::mann_kendall::mann_kendall;
    /// let found = mann_kendall(&[1.0, 2.0, 3.0, 4.0])?;
    /// assert!((found.p().unwrap() - 2.0 / 24.0).abs() < 1e-15);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn p(&self) -> Option<f64> {
        self.exact_p.or_else(|| self.test.defined().map(|t| t.p))
    }
}

/// The Mann–Kendall test for a monotone trend in equally spaced values.
///
/// `S = Σ_{i<j} sgn(x_j − x_i)` by merge sort (Knight 1966),
/// `Var S = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)]/18` over groups of `t` equal values in 128-bit integers,
/// `z = (S − sgn S)/√Var S`, `p = erfc(|z|/√2)`; Mann 1945, Kendall 1975, Gilbert 1987. O(n log n).
///
/// The test assumes independent values: under autocorrelation use
/// [`mk_ar1`](crate::mann_kendall_ar1::mk_ar1). Below 5 values no verdict at 5 % is possible.
///
/// # Errors
///
/// A value that is not finite, or fewer than 2 values.
///
/// ```
/// use devops_stats::mann_kendall::mann_kendall;
///
/// let weeks = [9.0, 8.5, 8.7, 8.0, 7.2, 7.4, 6.9, 6.1];
/// let found = mann_kendall(&weeks)?;
/// assert_eq!(found.s, -24);
/// assert!(found.p().unwrap() < 0.01);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mann_kendall(x: &[f64]) -> Result<MannKendall, StatsError> {
    let x = finite("x", x)?;
    enough(2, x.len())?;
    Ok(test_clean(&x))
}

/// The Mann–Kendall test for a series with gaps (`None`).
///
/// A gap keeps the order of the others, so the test is that of the values present.
///
/// # Errors
///
/// A value that is not finite, or fewer than 2 values. How many gaps are too many is for the caller to say.
///
/// ```
/// use devops_stats::mann_kendall::mann_kendall_gaps;
/// let found = mann_kendall_gaps(&[Some(1.0), None, Some(3.0), Some(2.0)])?;
/// assert_eq!((found.n, found.missing, found.s), (3, 1, 1));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mann_kendall_gaps(x: &[Option<f64>]) -> Result<MannKendall, StatsError> {
    let (values, _) = present("x", x)?;
    enough(2, values.len())?;
    let mut found = test_clean(&values);
    found.missing = x.len().saturating_sub(values.len());
    Ok(found)
}

/// The test of at least two finite values.
pub(crate) fn test_clean(x: &[f64]) -> MannKendall {
    let score = Score::of(x);
    let exact = score.n <= EXACT_MAX && score.tied == 0;
    MannKendall {
        n: score.n,
        missing: 0,
        s: score.s,
        var_s: score.variance(),
        tau: score.tau(),
        test: z_test(score.s, score.variance(), Undefined::Constant),
        exact_p: exact.then(|| kendall_exact_p(score.n, score.falling).ok()).flatten(),
    }
}

/// `z = (S − sgn S)/√V`, undefined (for this reason) unless `V > 0`.
pub(crate) fn z_test(s: i64, variance: f64, reason: Undefined) -> Outcome<NormalTest> {
    if !(variance > 0.0) || variance.is_infinite() {
        return Outcome::Undefined(reason);
    }
    let shrunk = s.saturating_sub(s.signum());
    Outcome::Defined(NormalTest::from_z(real(shrunk) / libm::sqrt(variance)))
}

#[expect(clippy::cast_precision_loss, reason = "the statistic is rounded once")]
pub(crate) fn real(s: i64) -> f64 {
    s as f64
}

/// The counts behind S, which add up over seasons and regions.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Score {
    pub(crate) n: usize,
    pub(crate) s: i64,
    pub(crate) falling: u64,
    pub(crate) tied: u128,
    pub(crate) pairs: u128,
    pub(crate) variance18: u128,
}

impl Score {
    /// The score of finite values without −0.0.
    pub(crate) fn of(x: &[f64]) -> Self {
        let mut keys: Vec<i64> = x.iter().map(|&v| key(v)).collect();
        let falling = sort_counting(&mut keys);
        let ties = Ties::of(&keys);
        Self::from_counts(x.len(), falling, ties)
    }

    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "n < 2^40 in memory, so that n³ fits 128 bits and n² 64"
    )]
    pub(crate) fn from_counts(n: usize, falling: u64, ties: Ties) -> Self {
        let wide = n as u128;
        let pairs = wide * wide.saturating_sub(1) / 2;
        let rising = pairs - ties.pairs - u128::from(falling);
        let s = (rising as i64) - falling.cast_signed();
        let variance18 = 2 * pairs * (2 * wide + 5) - ties.variance;
        Self { n, s, falling, tied: ties.pairs, pairs, variance18 }
    }

    #[expect(clippy::cast_precision_loss, reason = "the variance is rounded once")]
    pub(crate) fn variance(&self) -> f64 {
        self.variance18 as f64 / 18.0
    }

    #[expect(clippy::cast_precision_loss, reason = "the ratio is rounded once")]
    pub(crate) fn tau(&self) -> f64 {
        if self.pairs == 0 { 0.0 } else { real(self.s) / self.pairs as f64 }
    }

    /// The sum of two independent scores.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            n: self.n.saturating_add(other.n),
            s: self.s.saturating_add(other.s),
            falling: self.falling.saturating_add(other.falling),
            tied: self.tied.saturating_add(other.tied),
            pairs: self.pairs.saturating_add(other.pairs),
            variance18: self.variance18.saturating_add(other.variance18),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn too_short() {
        assert_eq!(mann_kendall(&[]), Err(StatsError::NotEnoughData { needed: 2, got: 0 }));
        assert_eq!(mann_kendall(&[1.0]), Err(StatsError::NotEnoughData { needed: 2, got: 1 }));
    }

    #[test]
    fn smallest_exact_p_values() {
        assert!((mann_kendall(&[1.0, 2.0, 3.0]).unwrap().p().unwrap() - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!(mann_kendall(&[1.0, 2.0]).unwrap().exact_p, Some(1.0));
    }

    #[test]
    fn constant_is_undefined() {
        let found = mann_kendall(&[2.0; 9]).unwrap();
        assert_eq!((found.s, found.var_s, found.tau), (0, 0.0, 0.0));
        assert_eq!(found.test, Outcome::Undefined(Undefined::Constant));
        assert_eq!(found.p(), None);
    }

    #[test]
    fn infinity_is_refused_with_its_place() {
        let refused = mann_kendall(&[1.0, 2.0, f64::INFINITY, 4.0]);
        assert_eq!(refused, Err(StatsError::NonFinite { argument: "x", index: 2, value: "inf".into() }));
    }

    #[test]
    fn zeros_of_both_signs_are_tied() {
        assert_eq!(mann_kendall(&[-0.0, 0.0, 1.0]).unwrap().s, 2);
    }

    #[test]
    fn a_million_points_fit_the_integers() {
        let x: Vec<f64> = (0..1_000_000).map(f64::from).collect();
        let found = mann_kendall(&x).unwrap();
        assert_eq!(found.s, 499_999_500_000);
        assert_eq!(found.tau, 1.0);
        assert!((found.var_s / 1.111_112_777_777_222e17 - 1.0).abs() < 1e-5);
    }

    proptest! {
        #[test]
        fn equals_the_double_loop(x in prop::collection::vec(-4_i32..4, 2..80)) {
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            let mut s = 0_i64;
            for i in 0..x.len() {
                for j in i..x.len() {
                    s += (x[j] > x[i]) as i64 - (x[j] < x[i]) as i64;
                }
            }
            prop_assert_eq!(mann_kendall(&x).unwrap().s, s);
        }

        #[test]
        fn any_bits_are_answered(bits in prop::collection::vec(any::<u64>(), 0..40)) {
            let x: Vec<f64> = bits.into_iter().map(f64::from_bits).collect();
            if let Ok(found) = mann_kendall(&x) {
                prop_assert!(found.tau.abs() <= 1.0);
            }
        }
    }
}
