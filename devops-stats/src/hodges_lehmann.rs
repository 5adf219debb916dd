//! By how much do two samples differ? The median of all differences.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "indices are those of the samples, ranks below the number of pairs"
)]

use crate::StatsError;
use crate::input::{enough, finite, open_unit};
use crate::mann_whitney::{Counts, EXACT_PRODUCT_MAX};
use crate::outcome::{Outcome, Undefined};
use crate::rank_sum_exact::u_quantile;
use crate::rng::Rng;
use crate::slope_select::median_ranks;
use crate::special::normal_quantile;
use crate::tail::Interval;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The shift between two samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HodgesLehmann {
    /// Median of all differences `x − y`.
    pub shift: f64,
    /// Interval of the shift.
    pub interval: Interval,
    /// Confidence asked for.
    pub confidence: f64,
    /// Confidence reached, where the exact distribution tells (no ties, `n1 · n2 ≤ 2500`); it may be lower than
    /// asked for in tiny samples, whose widest interval is then given.
    pub achieved: Option<f64>,
}

/// The Hodges–Lehmann shift of `x` against `y` with its interval.
///
/// The median of the `n₁n₂` differences `x_i − y_j` (Hodges & Lehmann 1963); the interval from order statistics
/// of the differences at the quantiles of U, exact without ties for `n1 · n2 ≤ 2500` (numbered as R's
/// `wilcox.test` does), else by the normal approximation (Hollander & Wolfe). Differences are not listed:
/// O((n₁ + n₂) log) expected time and O(n₁ + n₂) memory, and the same `f64` as if they were.
///
/// Undefined when a difference overflows.
///
/// # Errors
///
/// A value that is not finite, an empty sample, a confidence outside (0, 1).
///
/// ```
/// use devops_stats::hodges_lehmann::hodges_lehmann;
/// let found = hodges_lehmann(&[5.0, 7.0, 9.0], &[1.0, 2.0, 3.5], 0.9)?.defined().unwrap();
/// assert_eq!(found.shift, 5.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn hodges_lehmann(x: &[f64], y: &[f64], confidence: f64) -> Result<Outcome<HodgesLehmann>, StatsError> {
    let (x, y) = (finite("x", x)?, finite("y", y)?);
    open_unit("confidence", confidence)?;
    enough(1, x.len())?;
    enough(1, y.len())?;
    let counts = Counts::of(&x, &y);
    let pairs = (x.len() as u64).saturating_mul(y.len() as u64);
    let (rank, achieved) = interval_rank(&counts, x.len(), y.len(), confidence);
    let mut ranks = median_ranks(pairs);
    ranks.extend([rank - 1, pairs - rank]);
    let differences = Differences::new(x, y);
    let found: Vec<f64> = ranks.iter().map(|&r| differences.select(r) * differences.factor).collect();
    let middle = match found[..found.len() - 2] {
        [a, b] if (a + b).is_finite() => (a + b) * 0.5,
        [a, b] => a * 0.5 + b * 0.5,
        _ => found[0],
    };
    let (low, high) = (found[found.len() - 2], found[found.len() - 1]);
    if !(middle.is_finite() && low.is_finite() && high.is_finite()) {
        return Ok(Outcome::Undefined(Undefined::Overflow));
    }
    let interval = Interval::new(low, high);
    Ok(Outcome::Defined(HodgesLehmann { shift: middle + 0.0, interval, confidence, achieved }))
}

/// The rank from 1 of the interval's lower end, and the confidence reached.
fn interval_rank(counts: &Counts, n1: usize, n2: usize, confidence: f64) -> (u64, Option<f64>) {
    let half = (1.0 - confidence) / 2.0;
    if !counts.tied() && n1.saturating_mul(n2) <= EXACT_PRODUCT_MAX {
        let (q, below) = u_quantile(n1, n2, half);
        let (q, below) = if q == 0 { (1, 1.0 / arrangements(n1, n2)) } else { (q, below) };
        return (q as u64, Some(1.0 - 2.0 * below));
    }
    let pairs = n1 as f64 * n2 as f64;
    let rank = libm::floor(0.5 * pairs + normal_quantile(half) * libm::sqrt(counts.variance()));
    let top = ((n1 as u64) * (n2 as u64)).div_ceil(2);
    (if rank < 1.0 { 1 } else { (rank as u64).min(top) }, None)
}

/// `C(n1 + n2, n1)` as a float.
fn arrangements(n1: usize, n2: usize) -> f64 {
    (1..=n1.min(n2)).fold(1.0, |c, i| c * (n1.max(n2) + i) as f64 / i as f64)
}

/// All differences of two sorted samples, as a matrix with rising rows and columns.
struct Differences {
    rising: Vec<f64>,
    falling: Vec<f64>,
    factor: f64,
}

impl Differences {
    fn new(mut x: Vec<f64>, mut y: Vec<f64>) -> Self {
        let large = x.iter().chain(&y).any(|v| v.abs() > f64::MAX / 4.0);
        let factor = if large { 4.0 } else { 1.0 };
        x.iter_mut().chain(y.iter_mut()).for_each(|v| *v /= factor);
        x.sort_unstable_by(f64::total_cmp);
        y.sort_unstable_by(|a, b| b.total_cmp(a));
        Self { rising: x, falling: y, factor }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.rising[i] - self.falling[j] + 0.0
    }

    /// For each row, how many entries satisfy `below` (true for a beginning of every row, shorter in later rows).
    fn frontier(&self, below: impl Fn(f64) -> bool) -> Vec<usize> {
        let mut j = self.falling.len();
        (0..self.rising.len())
            .map(|i| {
                while j > 0 && !below(self.at(i, j - 1)) {
                    j -= 1;
                }
                j
            })
            .collect()
    }

    /// The difference of this rank (from 0): samples narrow the candidates until few are left.
    ///
    /// Rounding keeps the order of rows and columns, so this is the exact order statistic of the rounded
    /// differences.
    fn select(&self, rank: u64) -> f64 {
        let rows = self.rising.len();
        let mut low = alloc::vec![0_usize; rows];
        let mut high = alloc::vec![self.falling.len(); rows];
        let mut rng = Rng::new(rank);
        let few = 4 * (rows + self.falling.len()) as u64;
        let mut narrow = true;
        loop {
            let passed = total(&low);
            let left = total(&high) - passed;
            if left <= few {
                return self.last(&low, &high, rank);
            }
            let mut sample = self.sample(&low, &high, left, &mut rng);
            sample.sort_unstable_by(f64::total_cmp);
            let share = (rank - passed) as f64 / left as f64;
            let center = share * sample.len() as f64;
            let spread = 2.0 * libm::sqrt(sample.len() as f64 * share * (1.0 - share)) + 1.0;
            let place = |p: f64| sample[(p.clamp(0.0, sample.len() as f64) as usize).min(sample.len() - 1)];
            // Every other round one value alone, so that ties between two values cannot stall the search.
            let spread = if narrow { spread } else { 0.0 };
            narrow = !narrow;
            let (from, to) = (place(center - spread), place(center + spread));
            let less = self.frontier(|v| v < from);
            let most = self.frontier(|v| v <= to);
            let (below, with) = (total(&less), total(&most));
            if rank < below {
                high = less;
            } else if rank >= with {
                low = most;
            } else if from == to {
                return from;
            } else {
                low = less;
                high = most;
            }
        }
    }

    /// Candidates drawn with equal chance.
    fn sample(&self, low: &[usize], high: &[usize], left: u64, rng: &mut Rng) -> Vec<f64> {
        let size = 4 * libm::sqrt(low.len() as f64) as usize + 64;
        let mut targets: Vec<u64> = (0..size).map(|_| rng.below(left)).collect();
        targets.sort_unstable();
        let (mut row, mut before) = (0, 0_u64);
        let mut found = Vec::with_capacity(size);
        for target in targets {
            while before + ((high[row] - low[row]) as u64) <= target {
                before += (high[row] - low[row]) as u64;
                row += 1;
            }
            found.push(self.at(row, low[row] + (target - before) as usize));
        }
        found
    }

    fn last(&self, low: &[usize], high: &[usize], rank: u64) -> f64 {
        let passed = total(low);
        let mut rest = Vec::new();
        for (i, (l, h)) in low.iter().zip(high).enumerate() {
            rest.extend((*l..*h).map(|j| self.at(i, j)));
        }
        *rest.select_nth_unstable_by((rank - passed) as usize, f64::total_cmp).1
    }
}

fn total(ends: &[usize]) -> u64 {
    ends.iter().map(|v| *v as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert!(hodges_lehmann(&[], &[1.0], 0.95).is_err());
        assert!(hodges_lehmann(&[1.0], &[1.0], 1.0).is_err());
        let found = hodges_lehmann(&[3.0], &[1.0], 0.95).unwrap().defined().unwrap();
        assert_eq!((found.shift, found.interval), (2.0, Interval::new(2.0, 2.0)));
        let over = hodges_lehmann(&[1e308], &[-1e308], 0.95).unwrap();
        assert_eq!(over.reason(), Some(Undefined::Overflow));
    }

    proptest! {
        #[test]
        fn selects_what_sorting_all_would(x in prop::collection::vec(-40_i32..40, 1..60), y in prop::collection::vec(-40_i32..40, 1..60)) {
            let x: Vec<f64> = x.into_iter().map(|v| f64::from(v) * 0.1).collect();
            let y: Vec<f64> = y.into_iter().map(|v| f64::from(v) * 0.3).collect();
            let mut all: Vec<f64> = x.iter().flat_map(|a| y.iter().map(move |b| a - b)).collect();
            all.sort_unstable_by(f64::total_cmp);
            let differences = Differences::new(x, y);
            for rank in [0, all.len() / 3, all.len() / 2, all.len() - 1] {
                prop_assert_eq!(differences.select(rank as u64), all[rank]);
            }
        }
    }
}
