//! The slopes of all pairs of points, kept for several questions: a median first, intervals later.

use crate::StatsError;
use crate::input::{enough, finite, open_unit, positive, same_length};
use crate::outcome::{Outcome, Undefined};
use crate::slope_field::SlopeField;
use crate::slope_select::{Slopes, median_ranks};
use crate::tail::Interval;
use crate::theil_sen::{MAX_POINTS, average, guarded, interval_ranks};

/// The slopes `(y_j − y_i)/(x_j − x_i)` of all pairs of points with different `x`.
///
/// [`theil_sen`](crate::theil_sen::theil_sen) answers one question at once. This answers several about the same
/// points, where a later one depends on an earlier answer: the median slope gives residuals, those give the
/// autocorrelation, and that the variance of the interval. Up to 20,000 slopes are kept; of more points only the
/// order is, and each question costs a search of O(n log n).
///
/// ```
/// use devops_stats::pairwise_slopes::PairwiseSlopes;
///
/// let mut slopes = PairwiseSlopes::of(&[0.0, 1.0, 2.0, 3.0], &[1.0, 2.0, 4.0, 4.0])?.defined().unwrap();
/// assert_eq!((slopes.pairs(), slopes.median()), (6, 1.0));
/// let interval = slopes.interval(8.7, 0.9)?;
/// assert!(interval.contains(1.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub struct PairwiseSlopes {
    slopes: Slopes,
    factor: f64,
    pairs: u64,
}

impl core::fmt::Debug for PairwiseSlopes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PairwiseSlopes").field("pairs", &self.pairs).finish_non_exhaustive()
    }
}

impl PairwiseSlopes {
    /// The slopes of these points; undefined when all `x` are equal.
    ///
    /// # Errors
    ///
    /// Values that are not finite, different lengths, fewer than 2 points or more than can be indexed.
    ///
    /// ```
    /// use devops_stats::pairwise_slopes::PairwiseSlopes;
    /// assert!(PairwiseSlopes::of(&[1.0, 1.0], &[2.0, 3.0])?.reason().is_some());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn of(x: &[f64], y: &[f64]) -> Result<Outcome<Self>, StatsError> {
        same_length("x", x.len(), "y", y.len())?;
        let (x, y) = (finite("x", x)?, finite("y", y)?);
        enough(2, x.len())?;
        if x.len() > MAX_POINTS {
            return Err(StatsError::TooMany { argument: "x", limit: MAX_POINTS, got: x.len() });
        }
        let (points, factor) = guarded(x.into_iter().zip(y).map(|(a, b)| (0, a, b)).collect());
        let field = SlopeField::new(points);
        let pairs = field.pairs;
        if pairs == 0 {
            return Ok(Outcome::Undefined(Undefined::OneTime));
        }
        Ok(Outcome::Defined(Self { slopes: Slopes::of(field), factor, pairs }))
    }

    /// Number of pairs with different times.
    ///
    /// ```
    /// use devops_stats::pairwise_slopes::PairwiseSlopes;
    /// let slopes = PairwiseSlopes::of(&[1.0, 2.0, 2.0], &[2.0, 3.0, 4.0])?.defined().unwrap();
    /// assert_eq!(slopes.pairs(), 2);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.pairs
    }

    /// The median slope (Theil 1950, Sen 1968); infinite where it is beyond the largest float.
    ///
    /// ```
    /// use devops_stats::pairwise_slopes::PairwiseSlopes;
    /// let mut slopes = PairwiseSlopes::of(&[0.0, 1.0, 2.0], &[2.0, 3.0, 9.0])?.defined().unwrap();
    /// assert_eq!(slopes.median(), 3.5);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn median(&mut self) -> f64 {
        average(&self.slopes.at(&median_ranks(self.pairs))) * self.factor + 0.0
    }

    /// The interval of the median slope when Kendall's S has this variance, as in
    /// [`TheilSenOptions::with_variance`](crate::theil_sen::TheilSenOptions::with_variance).
    ///
    /// # Errors
    ///
    /// A variance that is not finite and positive, a confidence outside (0, 1).
    ///
    /// ```
    /// use devops_stats::pairwise_slopes::PairwiseSlopes;
    /// let mut slopes = PairwiseSlopes::of(&[0.0, 1.0, 2.0], &[2.0, 3.0, 9.0])?.defined().unwrap();
    /// let interval = slopes.interval(1.0, 0.5)?;
    /// assert_eq!((interval.low, interval.high), (1.0, 6.0));
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn interval(&mut self, variance: f64, confidence: f64) -> Result<Interval, StatsError> {
        positive("variance", variance)?;
        open_unit("confidence", confidence)?;
        let (low, high) = interval_ranks(self.pairs, libm::sqrt(variance), confidence);
        let found = self.slopes.at(&[low, high]);
        let end = |at: usize| found.get(at).map_or(0.0, |slope| slope * self.factor);
        Ok(Interval::new(end(0), end(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::theil_sen::{TheilSenOptions, theil_sen};
    use alloc::vec::Vec;

    #[test]
    fn answers_are_those_of_theil_sen_for_few_and_for_many_points() {
        let mut rng = Rng::new(5);
        for n in [2, 3, 10, 52, 199, 260, 900] {
            let x: Vec<f64> = (0..n).map(|_| (rng.next_f64() * 300.0).floor()).collect();
            let y: Vec<f64> = (0..n).map(|_| (rng.normal() * 9.0).floor()).collect();
            let Some(mut slopes) = PairwiseSlopes::of(&x, &y).unwrap().defined() else { continue };
            for (variance, confidence) in [(40.0, 0.95), (1e4, 0.9), (1e5, 0.5)] {
                let options = TheilSenOptions::new().with_variance(variance).with_confidence(confidence);
                let line = theil_sen(&x, &y, &options).unwrap().defined().unwrap();
                assert_eq!(slopes.interval(variance, confidence).unwrap(), line.interval.unwrap());
                assert_eq!((slopes.median(), slopes.pairs()), (line.slope, line.pairs));
            }
        }
    }
}
