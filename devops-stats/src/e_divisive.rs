//! Changes of distribution, not of level alone: E-divisive with a permutation test.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "loops run over indices of the part; change points are inside the series"
)]

use crate::StatsError;
use crate::input::{enough, finite, open_unit};
use crate::rng::Rng;
use crate::segmentation::spans;
use crate::sums::scale_of;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Where a stretch is best divided.
///
/// ```
/// use devops_stats::e_divisive::e_divisive_candidate;
/// let found = e_divisive_candidate(&[1.0, 1.0, 5.0, 5.0])?;
/// assert_eq!((found.index, found.q), (2, 8.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Candidate {
    /// The first index after the division.
    pub index: usize,
    /// The energy statistic Q there, in the unit of the values.
    pub q: f64,
}

/// The place and the end (τ, κ) at which the energy distance between `x[..τ]` and `x[τ..κ]` is largest.
///
/// Q = 2/(n+m) Σ|xᵢ − yⱼ| − 2m/((n+m)(n−1)) Σ|xᵢ − xₖ| − 2n/((n+m)(m−1)) Σ|yⱼ − yₖ| for the n values before τ
/// and the m from there to κ: energy distance with exponent 1. At equal Q the earliest τ wins, then the
/// earliest κ. Source: Matteson & James (2014). Time O(n²), memory O(n).
///
/// # Errors
/// [`StatsError::NotEnoughData`] below 2 values, [`StatsError::NonFinite`], [`StatsError::OutOfRange`] when Q
/// is not finite.
///
/// ```
/// use devops_stats::e_divisive::e_divisive_candidate;
/// let x = [3.0, 3.2, 2.9, 3.1, 7.0, 7.1, 6.8];
/// assert_eq!(e_divisive_candidate(&x)?.index, 4);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn e_divisive_candidate(x: &[f64]) -> Result<Candidate, StatsError> {
    enough(2, x.len())?;
    let x = finite("x", x)?;
    let scale = scale_of(&x);
    let scaled: Vec<f64> = x.iter().map(|v| v * scale).collect();
    let found = best_division(&scaled, &mut Sums::default());
    Ok(Candidate { index: found.index, q: crate::sums::fits("x", found.q / scale)? })
}

/// Running sums for every τ: distances across it, before it, and after it.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    across: Vec<f64>,
    before: Vec<f64>,
    after: Vec<f64>,
}

/// The best division of a stretch of at least two values.
pub(crate) fn best_division(x: &[f64], sums: &mut Sums) -> Candidate {
    let n = x.len();
    for list in [&mut sums.across, &mut sums.before, &mut sums.after] {
        list.clear();
        list.resize(n + 1, 0.0);
    }
    let (mut best, mut best_kappa) = (Candidate { index: 1, q: f64::NEG_INFINITY }, 0);
    for (j, &v) in x.iter().enumerate() {
        // Distances of the new value to each earlier one, from the nearest back: those after τ come first.
        let mut after = 0.0;
        for tau in (1..=j).rev() {
            sums.after[tau] += after;
            after += libm::fabs(x[tau - 1] - v);
            // Now `after` holds the distances to tau−1.. and becomes "after" of the next smaller τ.
        }
        let all = if j > 0 { after } else { 0.0 };
        let mut before = 0.0;
        for tau in 1..=j {
            before += libm::fabs(x[tau - 1] - v);
            sums.across[tau] += before;
        }
        sums.before[j + 1] = sums.before[j] + all;
        for tau in 1..=j {
            let (left, right) = (tau as f64, (j + 1 - tau) as f64);
            let q = statistic(left, right, sums.across[tau], sums.before[tau], sums.after[tau]);
            if q > best.q || (q == best.q && (tau, j + 1) < (best.index, best_kappa)) {
                best = Candidate { index: tau, q };
                best_kappa = j + 1;
            }
        }
    }
    best
}

fn statistic(n: f64, m: f64, across: f64, before: f64, after: f64) -> f64 {
    let within_left = if n > 1.0 { m * before / (n - 1.0) } else { 0.0 };
    let within_right = if m > 1.0 { n * after / (m - 1.0) } else { 0.0 };
    2.0 / (n + m) * (across - within_left - within_right)
}

/// Options of the permutation test.
///
/// ```
/// use devops_stats::e_divisive::EDivisiveOptions;
/// let options = EDivisiveOptions::new(7).with_alpha(0.01).with_permutations(499);
/// assert_eq!((options.seed, options.permutations), (7, 499));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EDivisiveOptions {
    /// A change is kept while its p is at most this; 0.05 unless set.
    pub alpha: f64,
    /// Number of permutations R; the least p is 1/(R + 1); 199 unless set.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
}

impl EDivisiveOptions {
    /// α = 0.05 with 199 permutations.
    ///
    /// ```
    /// use devops_stats::e_divisive::EDivisiveOptions;
    /// assert_eq!(EDivisiveOptions::new(1).permutations, 199);
    /// ```
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { alpha: 0.05, permutations: 199, seed }
    }

    /// Sets the level.
    ///
    /// ```
    /// use devops_stats::e_divisive::EDivisiveOptions;
    /// assert_eq!(EDivisiveOptions::new(1).with_alpha(0.1).alpha, 0.1);
    /// ```
    #[must_use]
    pub fn with_alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// Sets the number of permutations.
    ///
    /// ```
    /// use devops_stats::e_divisive::EDivisiveOptions;
    /// assert_eq!(EDivisiveOptions::new(1).with_permutations(99).permutations, 99);
    /// ```
    #[must_use]
    pub fn with_permutations(mut self, permutations: usize) -> Self {
        self.permutations = permutations;
        self
    }
}

/// A change that the permutations confirm.
///
/// ```
/// use devops_stats::e_divisive::{EDivisiveOptions, e_divisive};
/// let x = [1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 5.0, 5.1, 4.9, 5.0, 5.2, 4.8];
/// let found = e_divisive(&x, &EDivisiveOptions::new(1))?;
/// assert_eq!((found.changes[0].index, found.changes[0].p), (6, 0.005));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EDivisiveChange {
    /// The first index after the change.
    pub index: usize,
    /// The energy statistic, in the unit of the values.
    pub q: f64,
    /// (1 + permutations with a Q as large)/(R + 1).
    pub p: f64,
}

/// Changes by E-divisive.
///
/// ```
/// use devops_stats::e_divisive::{EDivisiveOptions, e_divisive};
/// let found = e_divisive(&[1.0; 9], &EDivisiveOptions::new(1))?;
/// assert_eq!((found.n, found.changes.len(), found.options.seed), (9, 0, 1));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EDivisive {
    /// Number of values.
    pub n: usize,
    /// The changes, by index.
    pub changes: Vec<EDivisiveChange>,
    /// Level, permutations and seed, so that the result can be computed again.
    pub options: EDivisiveOptions,
}

/// Hierarchical division by energy distance, each step confirmed by permuting within the parts found so far.
///
/// It sees changes of spread and shape too, but takes the values as independent: under autocorrelation use
/// [`significant_changes`](crate::significance::significant_changes). Source: Matteson & James (2014);
/// p = (1 + #{Q* ≥ Q})/(R + 1). Time O(R n²) for every change, so series are limited to 5,000 values.
///
/// # Errors
/// [`StatsError::NotEnoughData`] below 2 values, [`StatsError::TooMany`] above 5,000,
/// [`StatsError::NonFinite`], [`StatsError::OutOfRange`] for a bad level or no permutations.
///
/// ```
/// use devops_stats::e_divisive::{EDivisiveOptions, e_divisive};
///
/// // The spread changes, the level does not.
/// let x: Vec<f64> = (0..100)
///     .map(|i| f64::from(i * 7 % 11 - 5) * if i < 50 { 1.0 } else { 30.0 })
///     .collect();
/// let found = e_divisive(&x, &EDivisiveOptions::new(1))?;
/// assert_eq!(found.changes.len(), 1);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn e_divisive(x: &[f64], options: &EDivisiveOptions) -> Result<EDivisive, StatsError> {
    const LIMIT: usize = 5_000;
    enough(2, x.len())?;
    open_unit("alpha", options.alpha)?;
    if x.len() > LIMIT {
        return Err(StatsError::TooMany { argument: "x", limit: LIMIT, got: x.len() });
    }
    if !(1..=1_000_000).contains(&options.permutations) {
        return Err(StatsError::out_of_range("permutations", options.permutations, "from 1 to 1000000"));
    }
    let x = finite("x", x)?;
    let scale = scale_of(&x);
    let y: Vec<f64> = x.iter().map(|v| v * scale).collect();
    let (mut rng, mut sums) = (Rng::new(options.seed), Sums::default());
    let mut changes: Vec<EDivisiveChange> = Vec::new();
    // Every pass adds a change, and there are at most n − 1.
    for _ in 1..x.len() {
        let cuts: Vec<usize> = changes.iter().map(|c| c.index).collect();
        let Some(candidate) = best_of_parts(&y, &cuts, &mut sums) else { break };
        let p = permutation_p(&y, &cuts, candidate.q, options, &mut rng, &mut sums);
        if candidate.q <= 0.0 || p > options.alpha {
            break;
        }
        let q = crate::sums::fits("x", candidate.q / scale)?;
        changes.push(EDivisiveChange { index: candidate.index, q, p });
        changes.sort_unstable_by_key(|c| c.index);
    }
    Ok(EDivisive { n: x.len(), changes, options: *options })
}

/// The best division among the parts, the first at equal Q.
fn best_of_parts(x: &[f64], cuts: &[usize], sums: &mut Sums) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    for (start, end) in spans(cuts, x.len()) {
        if end - start < 2 {
            continue;
        }
        let found = best_division(&x[start..end], sums);
        if best.is_none_or(|b| found.q > b.q) {
            best = Some(Candidate { index: start + found.index, q: found.q });
        }
    }
    best
}

/// p of the largest Q under permutation within the parts; stops once it cannot come down to the level.
fn permutation_p(
    x: &[f64],
    cuts: &[usize],
    q: f64,
    options: &EDivisiveOptions,
    rng: &mut Rng,
    sums: &mut Sums,
) -> f64 {
    let total = options.permutations as f64 + 1.0;
    let mut shuffled = vec![0.0; x.len()];
    let mut as_large = 1.0;
    // Equal arrangements must count as equal, whatever the order of the sums.
    let bar = q * (1.0 - 1e-12);
    for _ in 0..options.permutations {
        shuffled.copy_from_slice(x);
        for (start, end) in spans(cuts, x.len()) {
            rng.shuffle(&mut shuffled[start..end]);
        }
        if best_of_parts(&shuffled, cuts, sums).is_some_and(|c| c.q >= bar) {
            as_large += 1.0;
            if as_large / total > options.alpha {
                break;
            }
        }
    }
    as_large / total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use proptest::prelude::*;

    /// Q by its definition for every (τ, κ).
    fn slow(x: &[f64]) -> f64 {
        let pairs = |a: &[f64], b: &[f64]| -> f64 {
            a.iter().map(|u| b.iter().map(|v| (u - v).abs()).sum::<f64>()).sum()
        };
        let mut best = f64::NEG_INFINITY;
        for tau in 1..x.len() {
            for kappa in tau + 1..=x.len() {
                let (a, b) = (&x[..tau], &x[tau..kappa]);
                let (n, m) = (a.len() as f64, b.len() as f64);
                let left = if n > 1.0 { m / (n - 1.0) * pairs(a, a) / 2.0 } else { 0.0 };
                let right = if m > 1.0 { n / (m - 1.0) * pairs(b, b) / 2.0 } else { 0.0 };
                best = f64::max(best, 2.0 / (n + m) * (pairs(a, b) - left - right));
            }
        }
        best
    }

    #[test]
    fn the_level_is_held_on_white_noise() {
        let mut rng = Rng::new(5);
        let false_alarms = (0..100)
            .filter(|&seed| {
                let x: Vec<f64> = (0..20).map(|_| rng.normal()).collect();
                let options = EDivisiveOptions::new(seed).with_permutations(99);
                !e_divisive(&x, &options).unwrap().changes.is_empty()
            })
            .count();
        assert!(false_alarms <= 11, "{false_alarms}");
    }

    #[test]
    fn edges() {
        let options = EDivisiveOptions::new(1);
        assert!(e_divisive(&[1.0], &options).is_err());
        assert!(e_divisive(&[1.0; 5001], &options).is_err());
        assert!(e_divisive(&[1.0, 2.0], &options.with_alpha(0.0)).is_err());
        assert!(e_divisive(&[1.0, 2.0], &options.with_permutations(0)).is_err());
        assert!(e_divisive_candidate(&[1.0, f64::INFINITY]).is_err());
        assert_eq!(e_divisive_candidate(&[1.0, 1.0]).unwrap().q, 0.0);
    }

    proptest! {
        #[test]
        fn equals_the_definition(x in proptest::collection::vec(-9.0..9.0_f64, 2..14)) {
            let (found, want) = (e_divisive_candidate(&x).unwrap().q, slow(&x));
            prop_assert!((found - want).abs() < 1e-9 * (1.0 + want.abs()), "{} {}", found, want);
        }

        #[test]
        fn any_bits_never_panic(bits in proptest::collection::vec(any::<u64>(), 0..12)) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).collect();
            let _ = e_divisive(&x, &EDivisiveOptions::new(1).with_permutations(19));
            let _ = e_divisive_candidate(&x);
        }
    }
}
