//! Do two series rise and fall together? Kendall's rank correlation.

use crate::StatsError;
use crate::input::{enough, finite, same_length};
use crate::inversions::{Ties, key, sort_counting};
use crate::kendall_exact::{EXACT_MAX, kendall_exact_p};
use crate::mann_kendall::real;
use crate::outcome::{Outcome, Undefined};
use crate::tail::NormalTest;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Kendall's rank correlation of two series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KendallTau {
    /// Number of pairs of values.
    pub n: usize,
    /// Concordant less discordant pairs.
    pub s: i64,
    /// τ-b, corrected for ties; undefined when one series is constant.
    pub tau_b: Outcome<f64>,
    /// τ-c (Stuart), for tables with different numbers of values.
    pub tau_c: Outcome<f64>,
    /// Normal approximation without continuity correction, variance corrected for ties.
    pub test: Outcome<NormalTest>,
    /// Exact two-sided p-value, for at most [`EXACT_MAX`] values without ties.
    pub exact_p: Option<f64>,
}

/// Kendall's τ-b and τ-c of `x` and `y`, with p-values.
///
/// `τ_b = S/√((N − T_x)(N − T_y))`, `τ_c = 2S/(n²(m − 1)/m)` with `m` the smaller number of distinct values
/// (Kendall 1945, Stuart 1953), by sorting and merging in O(n log n) (Knight 1966); counts are 128-bit integers.
///
/// # Errors
///
/// Values that are not finite, different lengths, fewer than 2.
///
/// ```
/// use devops_stats::kendall_tau::kendall_tau;
/// let found = kendall_tau(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0])?;
/// assert!((found.tau_b.defined().unwrap() - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn kendall_tau(x: &[f64], y: &[f64]) -> Result<KendallTau, StatsError> {
    same_length("x", x.len(), "y", y.len())?;
    let (x, y) = (finite("x", x)?, finite("y", y)?);
    enough(2, x.len())?;
    Ok(Counts::of(&x, &y).result())
}

struct Counts {
    n: usize,
    discordant: u64,
    ties_x: Ties,
    ties_y: Ties,
    ties_both: Ties,
}

impl Counts {
    fn of(x: &[f64], y: &[f64]) -> Self {
        let ordered = |v: f64| u128::from(key(v).cast_unsigned() ^ (1 << 63));
        let mut pairs: Vec<u128> = x.iter().zip(y).map(|(&a, &b)| (ordered(a) << 64) | ordered(b)).collect();
        pairs.sort_unstable();
        let ties_both = Ties::of(&pairs);
        let high = |p: &u128| p.wrapping_shr(64);
        let firsts: Vec<u128> = pairs.iter().map(high).collect();
        let ties_x = Ties::of(&firsts);
        let mut seconds: Vec<i64> = pairs.iter().map(|p| low_word(*p)).collect();
        let discordant = sort_counting(&mut seconds);
        Self { n: x.len(), discordant, ties_x, ties_y: Ties::of(&seconds), ties_both }
    }

    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "n < 2^40 in memory, so that n³ fits 128 bits; results are rounded once"
    )]
    fn result(&self) -> KendallTau {
        let n = self.n as u128;
        let all = n * (n - 1) / 2;
        let (tied_x, tied_y) = (self.ties_x.pairs, self.ties_y.pairs);
        let s = (all + self.ties_both.pairs - tied_x - tied_y) as i64 - 2 * self.discordant.cast_signed();
        let (free_x, free_y) = (all - tied_x, all - tied_y);
        if free_x == 0 || free_y == 0 {
            let no = Outcome::Undefined(Undefined::Constant);
            let test = Outcome::Undefined(Undefined::Constant);
            return KendallTau { n: self.n, s, tau_b: no, tau_c: no, test, exact_p: None };
        }
        let tau_b = real(s) / libm::sqrt(free_x as f64) / libm::sqrt(free_y as f64);
        let classes = self.ties_x.groups.min(self.ties_y.groups) as f64;
        let size = self.n as f64;
        let tau_c = 2.0 * real(s) / (size * size * (classes - 1.0) / classes);
        let m = (2 * all) as f64;
        // Below zero where both are mostly ties; what follows makes up for it.
        let tied = (self.ties_x.variance + self.ties_y.variance).cast_signed();
        let base = ((2 * all * (2 * n + 5)).cast_signed() - tied) as f64 / 18.0;
        let twos = 2.0 * (tied_x as f64) * (tied_y as f64) / m;
        let threes = if self.n > 2 {
            (self.ties_x.triples as f64) * (self.ties_y.triples as f64) / (9.0 * m * (size - 2.0))
        } else {
            0.0
        };
        let z = real(s) / libm::sqrt(base + twos + threes);
        let exact = self.n <= EXACT_MAX && tied_x == 0 && tied_y == 0;
        KendallTau {
            n: self.n,
            s,
            tau_b: Outcome::Defined(tau_b.clamp(-1.0, 1.0)),
            tau_c: Outcome::Defined(tau_c),
            test: Outcome::finite(z).map(NormalTest::from_z),
            exact_p: exact.then(|| kendall_exact_p(self.n, self.discordant).ok()).flatten(),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low word is what is wanted")]
fn low_word(pair: u128) -> i64 {
    ((pair as u64) ^ (1 << 63)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn heavy_ties_on_both_sides() {
        let found = kendall_tau(&[1.0, 0.0, 0.0, 0.0], &[0.0, 0.0, 0.0, 1.0]).unwrap();
        assert_eq!(found.s, -1);
        // Kendall's variance of the permutation distribution: 4 placements of the lone 1 beside 3 others.
        let z = found.test.defined().unwrap().z;
        assert!((z + 1.0 / libm::sqrt(3.0)).abs() < 1e-12, "{z}");
    }

    #[test]
    fn edges() {
        assert!(kendall_tau(&[1.0], &[1.0]).is_err());
        assert!(kendall_tau(&[1.0], &[]).is_err());
        let two = kendall_tau(&[1.0, 2.0], &[5.0, 3.0]).unwrap();
        assert_eq!((two.tau_b, two.exact_p), (Outcome::Defined(-1.0), Some(1.0)));
        let flat = kendall_tau(&[1.0; 3], &[1.0, 2.0, 3.0]).unwrap();
        assert_eq!(flat.tau_b.reason(), Some(Undefined::Constant));
    }

    proptest! {
        #[test]
        fn equals_the_double_loop(points in prop::collection::vec((-4_i32..4, -4_i32..4), 2..60)) {
            let x: Vec<f64> = points.iter().map(|p| f64::from(p.0)).collect();
            let y: Vec<f64> = points.iter().map(|p| f64::from(p.1)).collect();
            let mut s = 0;
            for i in 0..x.len() {
                for j in 0..i {
                    s += ((x[i] - x[j]) * (y[i] - y[j])).partial_cmp(&0.0).unwrap() as i64;
                }
            }
            prop_assert_eq!(kendall_tau(&x, &y).unwrap().s, s);
        }
    }
}
