//! Is one sample larger than the other, asked again at every look? A rank test whose p-value may be read at any
//! time.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "counts and indices of samples that fit in memory"
)]

use crate::StatsError;
use crate::input::{enough, finite};
use crate::mann_whitney::Counts;
use crate::pettitt::doubled_ranks;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The effects that are bet on, as drift of the standardised rank sum over √(n₁n₂/N): about √12 times what the
/// chance of being larger exceeds one half by.
pub const DRIFTS: [f64; 6] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6];
/// Up to this many steps the distribution under ties is summed; beyond, that without ties bounds it.
const STEPS_MAX: usize = 40_000;

/// What has been seen for "the first sample is larger", over any number of looks.
///
/// Each look brings *new* values of both samples, which are ranked among themselves. When nothing differs, every
/// split of a look's values is equally likely given all looks before, so that `exp(θU)/E exp(θU)` has mean 1 and
/// the product over looks is a test martingale (Ville 1939; Robbins 1970; Shafer et al. 2011). The average over
/// the drifts θ of [`DRIFTS`] is one too; that it ever exceeds `1/α` has probability at most `α`. Looks of any
/// size, at any time, decided on by what was seen, keep that. `E exp(θU)` is exact without ties,
/// `∏ sinh(θ(n₂ + i)/2)·i / (sinh(θi/2)·(n₂ + i))`, and with ties in looks up to some hundred values (elementary
/// symmetric functions); beyond, that without ties bounds it from above, which keeps the level (Jensen).
///
/// ```
/// use devops_stats::sequential_rank::SequentialRank;
/// let mut evidence = SequentialRank::new();
/// assert_eq!(evidence.p(), 1.0);
/// for _ in 0..8 {
///     evidence.look(&[5.0, 7.0, 6.5], &[4.0, 5.5, 3.0])?;
/// }
/// assert!(evidence.p() < 0.01);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SequentialRank {
    /// Logarithm of the evidence for each drift.
    log: [f64; 6],
    /// Logarithm of the largest average so far.
    largest: f64,
    /// Pairs seen, and pairs in which the first is larger (ties count half).
    pairs: f64,
    larger: f64,
}

impl Default for SequentialRank {
    fn default() -> Self {
        Self::new()
    }
}

impl SequentialRank {
    /// Nothing seen yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { log: [0.0; 6], largest: 0.0, pairs: 0.0, larger: 0.0 }
    }

    /// Takes the new values of a look. A side without values tells nothing.
    ///
    /// # Errors
    ///
    /// A value that is not finite; nothing is taken then.
    pub fn look(&mut self, x: &[f64], y: &[f64]) -> Result<(), StatsError> {
        let (x, y) = (finite("x", x)?, finite("y", y)?);
        if x.is_empty() || y.is_empty() {
            return Ok(());
        }
        let counts = Counts::of(&x, &y);
        let (n, m) = (x.len(), y.len());
        let ranks = (counts.tied() && n.min(m) * (n + m) <= STEPS_MAX).then(|| {
            let all: Vec<f64> = x.iter().chain(&y).copied().collect();
            centered(&doubled_ranks(&all))
        });
        self.take(0.5 * counts.delta(), (n, m), ranks.as_deref());
        Ok(())
    }

    /// Takes a look of these sizes in which every value of the first sample is larger: the most that such looks
    /// can show.
    ///
    /// # Errors
    ///
    /// A size of 0.
    ///
    /// ```
    /// use devops_stats::sequential_rank::SequentialRank;
    /// let mut most = SequentialRank::new();
    /// most.look_at_best(2, 2)?;
    /// assert!(most.p() > 0.2); // one look of two a side shows nothing
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn look_at_best(&mut self, n1: usize, n2: usize) -> Result<(), StatsError> {
        enough(1, n1)?;
        enough(1, n2)?;
        self.take(0.5 * n1 as f64 * n2 as f64, (n1, n2), None);
        Ok(())
    }

    /// `distance`: U less its mean. `ranks`: of all values, less their mean, where they are tied.
    fn take(&mut self, distance: f64, (n, m): (usize, usize), ranks: Option<&[f64]>) {
        let product = n as f64 * m as f64;
        let total = n as f64 + m as f64;
        // Standard deviation of U over √(nm/N).
        let unit = libm::sqrt(total * (total + 1.0) / 12.0);
        for (log, drift) in self.log.iter_mut().zip(DRIFTS) {
            let tilt = drift / unit;
            let expected = match ranks {
                Some(ranks) => ln_mean_tied(ranks, n.min(m), if n <= m { tilt } else { -tilt }),
                None => ln_mean(n, m, tilt),
            };
            *log += tilt * distance - expected;
        }
        self.pairs += product;
        self.larger += 0.5 * product + distance;
        let average = ln_average(&self.log);
        self.largest = if average > self.largest { average } else { self.largest };
    }

    /// The p-value of "the first is not larger", valid whenever it is read: 1 over the largest evidence so far.
    #[must_use]
    pub fn p(&self) -> f64 {
        crate::tail::at_most_one(libm::exp(-self.largest))
    }

    /// The chance that a value of the first sample exceeds one of the second in the same look, ties counting
    /// half; `None` before the first look.
    #[must_use]
    pub fn superiority(&self) -> Option<f64> {
        (self.pairs > 0.0).then(|| self.larger / self.pairs)
    }
}

/// Logarithm of the mean of `exp`.
pub(crate) fn ln_average(logs: &[f64]) -> f64 {
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a });
    let sum: f64 = logs.iter().map(|l| libm::exp(l - top)).sum();
    top + libm::log(sum / logs.len() as f64)
}

/// `ln E exp(tilt (U − nm/2))` without ties.
fn ln_mean(n: usize, m: usize, tilt: f64) -> f64 {
    let (small, large) = if n < m { (n, m) } else { (m, n) };
    let term = |i: usize| ln_sinhc(0.5 * tilt * i as f64);
    (1..=small).map(|i| term(large + i) - term(i)).sum()
}

/// `ln(sinh(a)/a)` for `a ≥ 0`.
fn ln_sinhc(a: f64) -> f64 {
    if a < 1e-4 {
        return a * a / 6.0;
    }
    a + libm::log1p(-libm::exp(-2.0 * a)) - libm::log(2.0 * a)
}

/// Midranks less their mean.
fn centered(doubled: &[i64]) -> Vec<f64> {
    let mean = 0.5 * (doubled.len() as f64 + 1.0);
    doubled.iter().map(|r| 0.5 * *r as f64 - mean).collect()
}

/// `ln E exp(tilt Σ ranks)` over all choices of `n` of the ranks, each equally likely.
fn ln_mean_tied(ranks: &[f64], n: usize, tilt: f64) -> f64 {
    let mut sorted = ranks.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    // The mean over choices of j among those seen so far.
    let mut means = vec![0.0; n + 1];
    if let Some(first) = means.first_mut() {
        *first = 1.0;
    }
    for (seen, rank) in sorted.iter().enumerate() {
        let weight = libm::exp(tilt * rank);
        let all = seen as f64 + 1.0;
        for j in (1..=n.min(seen + 1)).rev() {
            let before = means.get(j - 1).copied().unwrap_or(0.0);
            if let Some(here) = means.get_mut(j) {
                *here = *here * ((all - j as f64) / all) + weight * before * (j as f64 / all);
            }
        }
    }
    libm::log(means.get(n).copied().unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use proptest::prelude::*;

    /// The mean over all choices, one by one.
    fn slow_mean(ranks: &[f64], n: usize, tilt: f64) -> f64 {
        let choices = (0_u32..1 << ranks.len()).filter(|c| c.count_ones() as usize == n);
        let sums: Vec<f64> = choices
            .map(|c| (0..ranks.len()).filter(|i| c >> i & 1 == 1).map(|i| ranks[i]).sum::<f64>())
            .collect();
        sums.iter().map(|s| (tilt * s).exp()).sum::<f64>() / sums.len() as f64
    }

    #[test]
    fn means_equal_enumeration() {
        for (n, m) in [(1, 1), (2, 5), (4, 4), (6, 3)] {
            let plain: Vec<i64> = (1..=(n + m) as i64).map(|r| 2 * r).collect();
            let ranks = centered(&plain);
            for tilt in [0.01, 0.3, 2.0] {
                let slow = slow_mean(&ranks, n, tilt).ln();
                assert!((ln_mean(n, m, tilt) - slow).abs() < 1e-12, "{n} {m} {tilt}");
                assert!((ln_mean_tied(&ranks, n, tilt) - slow).abs() < 1e-12);
            }
        }
        let tied = centered(&[3, 3, 8, 8, 8, 12, 14, 16]);
        assert!((ln_mean_tied(&tied, 3, 0.4) - slow_mean(&tied, 3, 0.4).ln()).abs() < 1e-12);
        // Ties never raise the mean: that without ties bounds it.
        assert!(ln_mean_tied(&tied, 3, 0.4) <= ln_mean(3, 5, 0.4));
    }

    #[test]
    fn looking_often_raises_no_alarm() {
        let mut alarms = 0;
        for round in 0..400 {
            let mut rng = Rng::for_stream(3, round);
            let mut evidence = SequentialRank::new();
            for _ in 0..50 {
                let mut side = || -> Vec<f64> { (0..4).map(|_| rng.poisson(2.0).unwrap() as f64).collect() };
                let (x, y) = (side(), side());
                evidence.look(&x, &y).unwrap();
            }
            alarms += usize::from(evidence.p() <= 0.05);
        }
        // 20 are allowed at most, on average.
        assert!(alarms <= 30, "{alarms}");
    }

    #[test]
    fn edges() {
        let mut evidence = SequentialRank::new();
        evidence.look(&[], &[1.0]).unwrap();
        evidence.look(&[2.0; 5], &[2.0; 9]).unwrap();
        assert_eq!(evidence.p(), 1.0);
        assert_eq!(evidence.superiority(), Some(0.5));
        assert!(evidence.look(&[f64::NAN], &[1.0]).is_err());
        assert!(evidence.look_at_best(0, 1).is_err());
        let mut large = SequentialRank::new();
        large.look_at_best(1_000_000, 3).unwrap();
        assert!(large.p() > 0.0 && large.p() < 1.0);
    }

    proptest! {
        #[test]
        fn roles_and_order_are_symmetric(x in prop::collection::vec(-9_i32..9, 1..9), y in prop::collection::vec(-9_i32..9, 1..9)) {
            let float = |v: &[i32], s: f64| -> Vec<f64> { v.iter().map(|k| s * f64::from(*k)).collect() };
            let look = |a: &[f64], b: &[f64]| { let mut e = SequentialRank::new(); e.look(a, b).unwrap(); e };
            let plain = look(&float(&x, 1.0), &float(&y, 1.0));
            let turned = look(&float(&y, -1.0), &float(&x, -1.0));
            for (a, b) in plain.log.iter().zip(turned.log) {
                prop_assert!((a - b).abs() < 1e-9);
            }
        }
    }
}
