//! Which changes are more than noise? A significance step that holds its level under autocorrelation too.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "changes are rising indices of the series; running sums have one element more than it"
)]

use crate::StatsError;
use crate::input::{finite, open_unit};
use crate::pelt::{search, standard_ranks};
use crate::pettitt::doubled_ranks;
use crate::quantile::median;
use crate::segmentation::{Pruning, default_penalty, spans};
use crate::special::normal_sf;
use crate::sums::{fits, mean, scale_of};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Options of the significance step.
///
/// ```
/// use devops_stats::significance::SignificanceOptions;
/// let options = SignificanceOptions::new().with_alpha(0.01).with_min_segment(5);
/// assert_eq!((options.alpha, options.min_segment), (0.01, 5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignificanceOptions {
    /// Probability of any false change in a series without one, at most; 0.05 unless set.
    pub alpha: f64,
    /// Least number of values between changes, at least 2; 3 unless set.
    pub min_segment: usize,
}

impl Default for SignificanceOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl SignificanceOptions {
    /// α = 0.05, segments of 3 or more.
    ///
    /// ```
    /// use devops_stats::significance::SignificanceOptions;
    /// assert_eq!(SignificanceOptions::new().alpha, 0.05);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { alpha: 0.05, min_segment: 3 }
    }

    /// Sets the level.
    ///
    /// ```
    /// use devops_stats::significance::SignificanceOptions;
    /// assert_eq!(SignificanceOptions::new().with_alpha(0.1).alpha, 0.1);
    /// ```
    #[must_use]
    pub fn with_alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// Sets the least length of a segment.
    ///
    /// ```
    /// use devops_stats::significance::SignificanceOptions;
    /// assert_eq!(SignificanceOptions::new().with_min_segment(4).min_segment, 4);
    /// ```
    #[must_use]
    pub fn with_min_segment(mut self, min_segment: usize) -> Self {
        self.min_segment = min_segment;
        self
    }

    fn check(&self) -> Result<(), StatsError> {
        open_unit("alpha", self.alpha)?;
        if self.min_segment < 2 {
            return Err(StatsError::out_of_range("min_segment", self.min_segment, "at least 2"));
        }
        Ok(())
    }
}

/// A change that is more than noise.
///
/// ```
/// use devops_stats::significance::{SignificanceOptions, significant_changes};
/// let x = [3.0, 4.0, 3.5, 4.5, 3.2, 4.1, 3.8, 9.0, 8.5, 9.5, 8.8, 9.2, 9.9, 8.1];
/// let change = significant_changes(&x, &SignificanceOptions::new())?.changes[0];
/// assert_eq!((change.index, change.median_before, change.median_after), (7, 3.8, 9.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignificantChange {
    /// The first index after the change.
    pub index: usize,
    /// z of the rank sum between the neighbouring segments, shrunk for autocorrelation; positive when the
    /// level rises.
    pub z: f64,
    /// min(1, n Φ(−|z|)): corrected for the search over the series.
    pub p: f64,
    /// Mean of the segment before, in the unit of the values.
    pub mean_before: f64,
    /// Mean of the segment after.
    pub mean_after: f64,
    /// Median of the segment before.
    pub median_before: f64,
    /// Median of the segment after.
    pub median_after: f64,
}

/// The changes of a series that are more than noise.
///
/// ```
/// use devops_stats::significance::{SignificanceOptions, significant_changes};
/// let found = significant_changes(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0], &SignificanceOptions::new())?;
/// assert_eq!((found.n, found.changes.len()), (6, 0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignificantChanges {
    /// Number of values.
    pub n: usize,
    /// The changes, by index.
    pub changes: Vec<SignificantChange>,
    /// How many changes the penalty alone proposed.
    pub proposed: usize,
    /// First-order autocorrelation of the residuals within the segments, corrected for bias, in [0, 0.95];
    /// 0 when nothing was proposed, as it is then not needed.
    pub autocorrelation: f64,
    /// The options used.
    pub options: SignificanceOptions,
}

/// Changes of level that survive a test which holds its level on white, autocorrelated (AR(1)), log-normal
/// and count noise.
///
/// 1. The exact segmentation of the midranks ([`pelt_rank`](crate::pelt::pelt_rank), penalty 3 σ² ln n)
///    proposes changes.
/// 2. Each is tested against its neighbours by the rank sum of the two segments beside it, ties counted. Its
///    variance is multiplied by that of a difference of means of AR(1) values relative to independent ones,
///    with the first-order autocorrelation φ of the residuals:
///    φ = (n r₁ + q)/(n − q − 2), q = 1 + 3 × number of changes, in [0, 0.95]: the bias correction of
///    Kendall (1954) and Marriott & Pope (1954), with three parameters for every change, as its place is
///    chosen too.
/// 3. p = n Φ(−|z|), n standing for the places at which a change could have been found. The factor is from
///    simulation (docs/statistics.md): it keeps the chance of any false change at most α.
/// 4. While some p is above α the least likely change is dropped, and its neighbours and φ are computed anew.
///
/// Ranks make it independent of the distribution, and no random numbers are used. Below about 10 values no
/// change can be significant at 0.05. A steady trend is cut into steps: test for a trend first.
/// Equal values have no change. O(n log n) as seen, O(n k) with many proposals k.
///
/// # Errors
/// [`StatsError::NonFinite`] for NaN or infinity, [`StatsError::OutOfRange`] for bad options,
/// [`StatsError::TooMany`] above 2²⁰ values.
///
/// ```
/// use devops_stats::significance::{SignificanceOptions, significant_changes};
///
/// // 26 weeks about 20 hours, then 26 about 14.
/// let hours: Vec<f64> = (0..52)
///     .map(|week| if week < 26 { 20.0 } else { 14.0 } + f64::from(week * 5 % 7) - 3.0)
///     .collect();
/// let found = significant_changes(&hours, &SignificanceOptions::new())?;
/// assert_eq!(found.changes.len(), 1);
/// assert_eq!(found.changes[0].index, 26);
/// assert!(found.changes[0].p < 0.001);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn significant_changes(
    x: &[f64],
    options: &SignificanceOptions,
) -> Result<SignificantChanges, StatsError> {
    const LIMIT: usize = 1 << 20;
    options.check()?;
    let x = finite("x", x)?;
    if x.len() > LIMIT {
        return Err(StatsError::TooMany { argument: "x", limit: LIMIT, got: x.len() });
    }
    let none = SignificantChanges {
        n: x.len(),
        changes: Vec::new(),
        proposed: 0,
        autocorrelation: 0.0,
        options: *options,
    };
    let Some(first) = x.first() else { return Ok(none) };
    if x.iter().all(|v| v == first) {
        return Ok(none);
    }
    let scores = standard_ranks(&x);
    let proposed = search(&scores, default_penalty(&scores), options.min_segment, Pruning::Functional);
    if proposed.is_empty() {
        return Ok(none);
    }
    let mut elimination = Elimination::new(&x, &scores, proposed);
    let count = elimination.changes.len();
    let (tested, autocorrelation) = elimination.run(options.alpha);
    let changes = described(&x, &tested)?;
    Ok(SignificantChanges { changes, proposed: count, autocorrelation, ..none })
}

/// Levels on both sides of every change, in the unit of the values.
fn described(x: &[f64], tested: &[(usize, f64, f64)]) -> Result<Vec<SignificantChange>, StatsError> {
    let scale = scale_of(x);
    let scaled: Vec<f64> = x.iter().map(|v| v * scale).collect();
    let cuts: Vec<usize> = tested.iter().map(|t| t.0).collect();
    let mut levels = Vec::with_capacity(cuts.len() + 1);
    for (start, end) in spans(&cuts, x.len()) {
        levels.push((fits("x", mean(&scaled[start..end]) / scale)?, median(&x[start..end])?));
    }
    let pairs = levels.iter().zip(levels.iter().skip(1));
    Ok(tested
        .iter()
        .zip(pairs)
        .map(|(&(index, z, p), (before, after))| SignificantChange {
            index,
            z,
            p,
            mean_before: before.0,
            mean_after: after.0,
            median_before: before.1,
            median_after: after.1,
        })
        .collect())
}

/// Drops the least likely change until all are likely enough.
struct Elimination<'a> {
    x: &'a [f64],
    changes: Vec<usize>,
    /// Rank sum z of every change as if the values were independent.
    independent: Vec<f64>,
    residuals: Residuals<'a>,
}

impl<'a> Elimination<'a> {
    fn new(x: &'a [f64], scores: &'a [f64], changes: Vec<usize>) -> Self {
        let mut this = Self {
            x,
            independent: alloc::vec![0.0; changes.len()],
            changes,
            residuals: Residuals::new(scores),
        };
        for i in 0..this.changes.len() {
            this.independent[i] = this.rank_sum(i);
        }
        this
    }

    /// Start, place and end of the stretch in which a change is tested.
    fn window(&self, i: usize) -> (usize, usize, usize) {
        let start = if i == 0 { 0 } else { self.changes[i - 1] };
        (start, self.changes[i], self.changes.get(i + 1).copied().unwrap_or(self.x.len()))
    }

    fn rank_sum(&self, i: usize) -> f64 {
        let (start, index, end) = self.window(i);
        rank_sum_z(&self.x[start..end], index - start)
    }

    /// (index, z, p) of the changes that are left, and the autocorrelation at the end.
    fn run(&mut self, alpha: f64) -> (Vec<(usize, f64, f64)>, f64) {
        let n = self.x.len() as f64;
        loop {
            let phi = self.residuals.autocorrelation(&self.changes);
            let z: Vec<f64> = (0..self.changes.len())
                .map(|i| {
                    let (start, index, end) = self.window(i);
                    self.independent[i] / libm::sqrt(inflation(index - start, end - index, phi))
                })
                .collect();
            let weakest = (0..z.len()).min_by(|&a, &b| libm::fabs(z[a]).total_cmp(&libm::fabs(z[b])));
            let p = |z: f64| (n * normal_sf(libm::fabs(z))).clamp(0.0, 1.0);
            match weakest {
                Some(i) if p(z[i]) > alpha => self.drop(i),
                _ => {
                    let left = self.changes.iter().zip(&z).map(|(&index, &z)| (index, z, p(z))).collect();
                    return (left, phi);
                }
            }
        }
    }

    fn drop(&mut self, i: usize) {
        self.changes.remove(i);
        self.independent.remove(i);
        if i > 0 {
            self.independent[i - 1] = self.rank_sum(i - 1);
        }
        if i < self.changes.len() {
            self.independent[i] = self.rank_sum(i);
        }
    }
}

/// z of the rank sum of what follows `index`, with ties; 0 when all are equal.
fn rank_sum_z(x: &[f64], index: usize) -> f64 {
    let n = x.len() as f64;
    let deviation = |r: &i64| *r as f64 - (n + 1.0);
    let ranks = doubled_ranks(x);
    let squares: f64 = ranks.iter().map(|r| deviation(r) * deviation(r)).sum();
    let sum: f64 = ranks[index..].iter().map(deviation).sum();
    let (n1, n2) = (index as f64, n - index as f64);
    let variance = n1 * n2 / (n * (n - 1.0)) * squares;
    if variance > 0.0 { sum / libm::sqrt(variance) } else { 0.0 }
}

/// Variance of the mean of `n` AR(1) values of variance 1.
fn mean_variance(n: f64, phi: f64) -> f64 {
    let rest = 1.0 - phi;
    ((1.0 + phi) / rest - 2.0 * phi * (1.0 - libm::pow(phi, n)) / (n * rest * rest)) / n
}

/// How much larger the variance of the difference of two neighbouring means is for AR(1) values than for
/// independent ones of the same sample variance.
fn inflation(before: usize, after: usize, phi: f64) -> f64 {
    if phi <= 0.0 {
        return 1.0;
    }
    let (n1, n2) = (before as f64, after as f64);
    let n = n1 + n2;
    let reach = |n: f64| (1.0 - libm::pow(phi, n)) / (1.0 - phi) / n;
    let covariance = phi * reach(n1) * reach(n2);
    let variance = mean_variance(n1, phi) + mean_variance(n2, phi) - 2.0 * covariance;
    // The sample variance of autocorrelated values falls short of their variance.
    let seen = 1.0 - (n * mean_variance(n, phi) - 1.0) / (n - 1.0);
    variance / (1.0 / n1 + 1.0 / n2) / seen
}

/// First-order autocorrelation of what is left after the level of every segment, in O(1) a segment.
struct Residuals<'a> {
    scores: &'a [f64],
    /// Running sums of the scores, their squares, and their products with the score before.
    sums: Vec<[f64; 3]>,
}

impl<'a> Residuals<'a> {
    fn new(scores: &'a [f64]) -> Self {
        let mut total = [0.0; 3];
        let mut sums = Vec::with_capacity(scores.len() + 1);
        sums.push(total);
        let mut last = 0.0;
        for &s in scores {
            total = [total[0] + s, total[1] + s * s, total[2] + s * last];
            sums.push(total);
            last = s;
        }
        Self { scores, sums }
    }

    fn level(&self, start: usize, end: usize) -> f64 {
        (self.sums[end][0] - self.sums[start][0]) / (end - start) as f64
    }

    /// Squares and neighbours' products of the residuals of one segment.
    fn within(&self, start: usize, end: usize) -> (f64, f64) {
        let (a, b) = (self.sums[start], self.sums[end]);
        let m = self.level(start, end);
        let square = (b[1] - a[1]) - m * (b[0] - a[0]);
        let pairs = (end - start - 1) as f64;
        let later = b[0] - self.sums[start + 1][0];
        let earlier = self.sums[end - 1][0] - a[0];
        let product = (b[2] - self.sums[start + 1][2]) - m * (later + earlier) + pairs * m * m;
        (square, product)
    }

    fn autocorrelation(&self, changes: &[usize]) -> f64 {
        let n = self.scores.len();
        let (mut square, mut product, mut last) = (0.0, 0.0, None);
        for (start, end) in spans(changes, n) {
            let (s, p) = self.within(start, end);
            square += s;
            product += p;
            let level = self.level(start, end);
            if let Some(before) = last {
                product += (self.scores[start] - level) * (self.scores[start - 1] - before);
            }
            last = Some(level);
        }
        let n = n as f64;
        let q = 1.0 + 3.0 * changes.len() as f64;
        if square <= 1e-9 * n {
            return 0.0;
        }
        if n - q - 2.0 <= 0.0 {
            return 0.95;
        }
        ((n * product / square + q) / (n - q - 2.0)).clamp(0.0, 0.95)
    }
}

#[cfg(test)]
mod tests;
