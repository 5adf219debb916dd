//! What the methods that cut a series into steady segments have in common: options, result, default penalty.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "segment bounds are rising indices of the series"
)]

use crate::StatsError;
use crate::quantile::median_absolute_deviation;
use crate::sums::{fits, mean, scale_of, squares};
use crate::xmr::moving_ranges;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// How the search for the best segmentation discards candidates. The answer is the same.
///
/// Closed: the two ways that are exact.
///
/// ```
/// use devops_stats::segmentation::Pruning;
/// assert_eq!(Pruning::default(), Pruning::Functional);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the two exact ways")]
pub enum Pruning {
    /// A candidate lives while it is best for some level (Maidstone et al. 2017): near linear on noise too.
    #[default]
    Functional,
    /// A candidate lives while it can still win (Killick et al. 2012): linear when changes keep coming,
    /// quadratic within a long segment.
    Inequality,
}

/// Options of a segmentation.
///
/// ```
/// use devops_stats::segmentation::SegmentOptions;
/// let options = SegmentOptions::new().with_penalty(10.0).with_min_segment(4);
/// assert_eq!((options.penalty, options.min_segment), (Some(10.0), 4));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SegmentOptions {
    /// Price of one change, in units of the cost (squared values for L2); `None` chooses by the data.
    pub penalty: Option<f64>,
    /// Least number of values between changes, and before the first and after the last; 2 unless set.
    pub min_segment: usize,
    /// How candidates are discarded (L2 and ranks; the other costs use [`Pruning::Inequality`]).
    pub pruning: Pruning,
}

impl Default for SegmentOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl SegmentOptions {
    /// The default penalty, segments of 2 or more, functional pruning.
    ///
    /// ```
    /// use devops_stats::segmentation::SegmentOptions;
    /// assert_eq!(SegmentOptions::new().min_segment, 2);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { penalty: None, min_segment: 2, pruning: Pruning::Functional }
    }

    /// Sets the price of one change.
    ///
    /// ```
    /// use devops_stats::segmentation::SegmentOptions;
    /// assert_eq!(SegmentOptions::new().with_penalty(3.0).penalty, Some(3.0));
    /// ```
    #[must_use]
    pub fn with_penalty(mut self, penalty: f64) -> Self {
        self.penalty = Some(penalty);
        self
    }

    /// Sets the least length of a segment.
    ///
    /// ```
    /// use devops_stats::segmentation::SegmentOptions;
    /// assert_eq!(SegmentOptions::new().with_min_segment(5).min_segment, 5);
    /// ```
    #[must_use]
    pub fn with_min_segment(mut self, min_segment: usize) -> Self {
        self.min_segment = min_segment;
        self
    }

    /// Sets how candidates are discarded.
    ///
    /// ```
    /// use devops_stats::segmentation::{Pruning, SegmentOptions};
    /// let options = SegmentOptions::new().with_pruning(Pruning::Inequality);
    /// assert_eq!(options.pruning, Pruning::Inequality);
    /// ```
    #[must_use]
    pub fn with_pruning(mut self, pruning: Pruning) -> Self {
        self.pruning = pruning;
        self
    }

    pub(crate) fn check(&self) -> Result<(), StatsError> {
        if self.min_segment == 0 {
            return Err(StatsError::out_of_range("min_segment", self.min_segment, "at least 1"));
        }
        match self.penalty {
            Some(penalty) if !(penalty.is_finite() && penalty >= 0.0) => {
                Err(StatsError::out_of_range("penalty", penalty, "a finite number of at least 0"))
            }
            _ => Ok(()),
        }
    }
}

/// A stretch without change.
///
/// ```
/// use devops_stats::pelt::pelt_l2;
/// use devops_stats::segmentation::SegmentOptions;
/// let found = pelt_l2(&[1.0, 1.0, 1.0, 9.0, 9.0], &SegmentOptions::new())?;
/// assert_eq!((found.segments[1].start, found.segments[1].end, found.segments[1].level), (3, 5, 9.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Segment {
    /// First index.
    pub start: usize,
    /// Index after the last.
    pub end: usize,
    /// The level: mean, rate or proportion, in the unit of the input (ranks: of the standardised ranks).
    pub level: f64,
}

/// The best segmentation of a series.
///
/// ```
/// use devops_stats::pelt::pelt_l2;
/// use devops_stats::segmentation::SegmentOptions;
/// let found = pelt_l2(&[1.0, 1.0, 1.0, 9.0, 9.0], &SegmentOptions::new().with_penalty(2.0))?;
/// assert_eq!((found.changes, found.objective), (vec![3], 2.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Segmentation {
    /// Number of values.
    pub n: usize,
    /// The changes, rising; each is the first index after the change.
    pub changes: Vec<usize>,
    /// The segments between them.
    pub segments: Vec<Segment>,
    /// Sum of the segments' costs plus the penalty for every change.
    pub objective: f64,
    /// The penalty that was used.
    pub penalty: f64,
    /// The least length of a segment that was used.
    pub min_segment: usize,
}

/// Start and end of the segments that `changes` cut 0..n into.
pub(crate) fn spans(changes: &[usize], n: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let starts = core::iter::once(0).chain(changes.iter().copied());
    let ends = changes.iter().copied().chain(core::iter::once(n));
    starts.zip(ends)
}

/// Values centred and scaled by a power of two so that squares are harmless.
pub(crate) struct Scaled {
    pub(crate) values: Vec<f64>,
    pub(crate) scale: f64,
    center: f64,
}

impl Scaled {
    /// `x` must be finite and not empty.
    pub(crate) fn new(x: &[f64]) -> Self {
        let scale = scale_of(x);
        let center = mean(&x.iter().map(|v| v * scale).collect::<Vec<_>>());
        Self { values: x.iter().map(|v| v * scale - center).collect(), scale, center }
    }

    /// A penalty in the scaled unit.
    pub(crate) fn penalty(&self, penalty: f64) -> f64 {
        (penalty * self.scale * self.scale).clamp(0.0, f64::MAX)
    }

    /// The result in the unit of the input, the objective summed anew from the segments.
    pub(crate) fn result(
        &self,
        changes: Vec<usize>,
        penalty: f64,
        min_segment: usize,
    ) -> Result<Segmentation, StatsError> {
        let n = self.values.len();
        let mut total = penalty * changes.len() as f64;
        let mut segments = Vec::with_capacity(changes.len() + 1);
        for (start, end) in spans(&changes, n) {
            let part = &self.values[start..end];
            let level = mean(part);
            total += squares(part, level);
            let level = fits("x", (level + self.center) / self.scale)?;
            segments.push(Segment { start, end, level });
        }
        let back = |v: f64| fits("x", v / self.scale / self.scale);
        let (objective, penalty) = (back(total)?, back(penalty)?);
        Ok(Segmentation { n, changes, segments, objective, penalty, min_segment })
    }
}

/// The standard deviation of the noise, from neighbours, so that changes of level do not count:
/// 1.4826 MAD(differences)/√2; where more than half of the differences are equal, the mean moving range over
/// 1.128; 0 when all values are equal.
pub(crate) fn noise_sigma(x: &[f64]) -> f64 {
    let differences: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
    let spread = median_absolute_deviation(&differences).unwrap_or(0.0);
    if spread > 0.0 {
        return 1.482_602_218_505_602 * spread / core::f64::consts::SQRT_2;
    }
    let ranges: Vec<f64> = moving_ranges(x).collect();
    mean(&ranges) * 0.886_226_925_452_758
}

/// 3 σ² ln n: with segments of 2 or more it errs in 10 % (n = 26) to 1.5 % (n = 104) of white normal series, and in
/// most autocorrelated ones (docs/statistics.md).
pub(crate) fn default_penalty(x: &[f64]) -> f64 {
    let sigma = noise_sigma(x);
    3.0 * sigma * sigma * libm::log(x.len() as f64)
}
