//! The change points that Apache Otava (Hunter) reports: windows, a t-test, split and merge. For parity.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "change points are rising indices inside the series"
)]

use crate::StatsError;
use crate::e_divisive::{Sums, best_division};
use crate::input::{finite, open_unit};
use crate::special::student_t_sf;
use crate::sums::{mean, scale_of, squares};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Options with Otava's names and defaults.
///
/// ```
/// use devops_stats::otava::OtavaOptions;
/// let options = OtavaOptions::new().with_window(30).with_max_p(0.01).with_min_magnitude(0.05);
/// assert_eq!(options.window, 30);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtavaOptions {
    /// Length of the sliding window, at least 2; 50 unless set.
    pub window: usize,
    /// Largest p that is kept; 0.001 unless set.
    pub max_p: f64,
    /// Changes whose relative size is not above this are dropped; 0 unless set.
    pub min_magnitude: f64,
}

impl Default for OtavaOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl OtavaOptions {
    /// Window 50, p 0.001, any magnitude.
    ///
    /// ```
    /// use devops_stats::otava::OtavaOptions;
    /// assert_eq!(OtavaOptions::new().max_p, 0.001);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { window: 50, max_p: 0.001, min_magnitude: 0.0 }
    }

    /// Sets the window.
    ///
    /// ```
    /// use devops_stats::otava::OtavaOptions;
    /// assert_eq!(OtavaOptions::new().with_window(20).window, 20);
    /// ```
    #[must_use]
    pub fn with_window(mut self, window: usize) -> Self {
        self.window = window;
        self
    }

    /// Sets the largest p.
    ///
    /// ```
    /// use devops_stats::otava::OtavaOptions;
    /// assert_eq!(OtavaOptions::new().with_max_p(0.05).max_p, 0.05);
    /// ```
    #[must_use]
    pub fn with_max_p(mut self, max_p: f64) -> Self {
        self.max_p = max_p;
        self
    }

    /// Sets the least relative size.
    ///
    /// ```
    /// use devops_stats::otava::OtavaOptions;
    /// assert_eq!(OtavaOptions::new().with_min_magnitude(0.1).min_magnitude, 0.1);
    /// ```
    #[must_use]
    pub fn with_min_magnitude(mut self, min_magnitude: f64) -> Self {
        self.min_magnitude = min_magnitude;
        self
    }

    fn check(&self) -> Result<(), StatsError> {
        if self.window < 2 {
            return Err(StatsError::out_of_range("window", self.window, "at least 2"));
        }
        if !(self.min_magnitude >= 0.0 && self.min_magnitude.is_finite()) {
            return Err(StatsError::out_of_range("min_magnitude", self.min_magnitude, "at least 0"));
        }
        open_unit("max_p", self.max_p).map(|_| ())
    }

    /// The looser level of the first pass.
    fn first_pass(&self) -> f64 {
        if self.max_p < 0.05 {
            self.max_p * 10.0
        } else if self.max_p < 0.5 {
            self.max_p * 2.0
        } else {
            self.max_p
        }
    }
}

/// A change with the statistics that Otava attaches to it.
///
/// ```
/// use devops_stats::otava::{OtavaOptions, otava_change_points};
/// let x = [10.0, 10.2, 9.9, 10.1, 10.0, 13.0, 13.1, 12.9, 13.2, 13.0];
/// let found = otava_change_points(&x, &OtavaOptions::new())?;
/// assert_eq!((found[0].index, found[0].mean_before), (5, 10.04));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OtavaChange {
    /// The first index after the change.
    pub index: usize,
    /// p of the t-test between the neighbouring segments, as Otava computes it.
    pub p: f64,
    /// Mean of the segment before.
    pub mean_before: f64,
    /// Mean of the segment after.
    pub mean_after: f64,
    /// Standard deviation of the segment before, dividing by n.
    pub deviation_before: f64,
    /// Standard deviation of the segment after, dividing by n.
    pub deviation_after: f64,
}

impl OtavaChange {
    /// The larger of the relative changes forward and backward; 0 from or to a mean of 0.
    fn magnitude(&self) -> f64 {
        let relative = |from: f64, to: f64| if from == 0.0 { 0.0 } else { libm::fabs(to / from - 1.0) };
        let forward = relative(self.mean_before, self.mean_after);
        let backward = relative(self.mean_after, self.mean_before);
        if forward > backward { forward } else { backward }
    }
}

/// The t-test between two segments, fed standard deviations that divide by n (as Otava does).
fn compare(index: usize, left: &[f64], right: &[f64]) -> OtavaChange {
    let deviation = |part: &[f64], center: f64| libm::sqrt(squares(part, center) / part.len() as f64);
    let (mean_before, mean_after) = (mean(left), mean(right));
    let (deviation_before, deviation_after) = (deviation(left, mean_before), deviation(right, mean_after));
    let (n1, n2) = (left.len() as f64, right.len() as f64);
    let degrees = n1 + n2 - 2.0;
    let difference = libm::fabs(mean_before - mean_after);
    let mut p = 1.0;
    if degrees > 0.0 && difference > 0.0 {
        let pooled =
            (n1 - 1.0) * deviation_before * deviation_before + (n2 - 1.0) * deviation_after * deviation_after;
        let error = libm::sqrt(pooled / degrees * (1.0 / n1 + 1.0 / n2));
        p = if error > 0.0 { 2.0 * student_t_sf(difference / error, degrees) } else { 0.0 };
    }
    OtavaChange { index, p, mean_before, mean_after, deviation_before, deviation_after }
}

/// The change points of Apache Otava's `compute_change_points` (version 0.8, on a list).
///
/// Divides every window of the series at the best energy division as long as a t-test between the neighbours
/// has p at most 10 × `max_p` (2 × from 0.05 on), then removes the weakest changes until all have p below
/// `max_p` and a size above `min_magnitude`. **It raises false alarms**: the t-test is run on a division that
/// was chosen to be extreme, with standard deviations that are too small (3 % of noise series of 50 values at
/// p 0.001, half of them at 0.05), so use it to compare with Otava, and
/// [`significant_changes`](crate::significance::significant_changes) to decide.
/// Source: Fleming et al. (2023). Time O(n w) for windows of w, a little more with many changes.
///
/// # Errors
/// [`StatsError::NonFinite`] for NaN or infinity, [`StatsError::OutOfRange`] for bad options.
///
/// ```
/// use devops_stats::otava::{OtavaOptions, otava_change_points};
///
/// let x: Vec<f64> = (0..40).map(|i| if i < 25 { 100.0 } else { 120.0 } + f64::from(i % 3)).collect();
/// let found = otava_change_points(&x, &OtavaOptions::new())?;
/// assert_eq!(found.iter().map(|c| c.index).collect::<Vec<_>>(), [25]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn otava_change_points(x: &[f64], options: &OtavaOptions) -> Result<Vec<OtavaChange>, StatsError> {
    options.check()?;
    let mut x = finite("x", x)?;
    let scale = scale_of(&x);
    x.iter_mut().for_each(|v| *v *= scale);
    let mut found = merge(&x, split(&x, options), options);
    for change in &mut found {
        let OtavaChange { mean_before, mean_after, deviation_before, deviation_after, .. } = change;
        [mean_before, mean_after, deviation_before, deviation_after].into_iter().for_each(|v| *v /= scale);
    }
    Ok(found)
}

/// Weak change points of all windows, rising.
fn split(x: &[f64], options: &OtavaOptions) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let (step, mut start) = (options.window / 2, 0);
    while start < x.len() {
        let end = x.len().min(start.saturating_add(options.window));
        let inside = divide(&x[start..end], options.first_pass());
        let last = inside.last().map_or(0, |i| start + i);
        for index in inside.iter().map(|i| start + i) {
            if !found.contains(&index) {
                found.push(index);
            }
        }
        // A change is never at a window's own start, and a step is at least 1: the start moves on.
        start = last.max(start + step);
    }
    found.sort_unstable();
    found
}

/// A part of a window and its best division, known as long as the part stays whole.
struct Part {
    start: usize,
    end: usize,
    division: Option<(usize, f64)>,
}

/// The significant divisions of one window, the most different first, until one is not significant.
fn divide(x: &[f64], level: f64) -> Vec<usize> {
    let mut sums = Sums::default();
    let mut part = |start: usize, end: usize| {
        let division = (end - start > 1).then(|| {
            let found = best_division(&x[start..end], &mut sums);
            (start + found.index, found.q)
        });
        Part { start, end, division }
    };
    let mut parts = alloc::vec![part(0, x.len())];
    loop {
        let mut best: Option<(usize, usize, f64)> = None;
        for (i, p) in parts.iter().enumerate() {
            if let Some((index, q)) = p.division
                && best.is_none_or(|b| q > b.2)
            {
                best = Some((i, index, q));
            }
        }
        let Some((i, index, _)) = best else { break };
        let (start, end) = (parts[i].start, parts[i].end);
        if compare(index, &x[start..index], &x[index..end]).p > level {
            break;
        }
        // Both halves are shorter, so the loop ends.
        let right = part(index, end);
        parts[i] = part(start, index);
        parts.insert(i + 1, right);
    }
    parts.iter().skip(1).map(|p| p.start).collect()
}

/// Removes the weakest change until all that are left are strong enough.
fn merge(x: &[f64], indices: Vec<usize>, options: &OtavaOptions) -> Vec<OtavaChange> {
    let mut indices = indices;
    let tested = |indices: &[usize], i: usize| {
        let start = if i == 0 { 0 } else { indices[i - 1] };
        let end = indices.get(i + 1).copied().unwrap_or(x.len());
        compare(indices[i], &x[start..indices[i]], &x[indices[i]..end])
    };
    let mut changes: Vec<OtavaChange> = (0..indices.len()).map(|i| tested(&indices, i)).collect();
    while let Some(weakest) = weakest(&changes, options) {
        changes.remove(weakest);
        indices.remove(weakest);
        // As Otava does: the change after the gap and the next one are tested anew, the one before is not.
        for i in [weakest, weakest + 1] {
            if i < indices.len() {
                changes[i] = tested(&indices, i);
            }
        }
    }
    changes
}

/// The change with the largest p if that is not below the level, else the smallest one if it is too small.
fn weakest(changes: &[OtavaChange], options: &OtavaOptions) -> Option<usize> {
    let (mut least_likely, mut smallest) = (0, 0);
    for (i, change) in changes.iter().enumerate() {
        if change.p > changes[least_likely].p {
            least_likely = i;
        }
        if change.magnitude() < changes[smallest].magnitude() {
            smallest = i;
        }
    }
    if changes.get(least_likely)?.p >= options.max_p {
        return Some(least_likely);
    }
    (changes[smallest].magnitude() <= options.min_magnitude).then_some(smallest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        let run = |x: &[f64], o: OtavaOptions| otava_change_points(x, &o).map(|f| f.len());
        let options = OtavaOptions::new();
        assert_eq!(run(&[], options), Ok(0));
        assert_eq!(run(&[1.0], options), Ok(0));
        assert_eq!(run(&[1.0; 60], options), Ok(0));
        assert!(run(&[1.0], options.with_window(1)).is_err());
        assert!(run(&[1.0], options.with_max_p(0.0)).is_err());
        assert!(run(&[1.0], options.with_min_magnitude(-1.0)).is_err());
    }

    proptest! {
        #[test]
        fn any_series_is_taken(
            x in proptest::collection::vec(prop_oneof![-9.0..9.0_f64, Just(0.0), Just(1.0), Just(1e150)], 0..80),
            window in 2..90_usize, max_p in 0.001..0.9_f64,
        ) {
            let options = OtavaOptions::new().with_window(window).with_max_p(max_p);
            let found = otava_change_points(&x, &options).unwrap();
            prop_assert!(found.windows(2).all(|w| w[0].index < w[1].index));
            prop_assert!(found.iter().all(|c| c.p < max_p && c.index > 0 && c.index < x.len()));
        }
    }
}
