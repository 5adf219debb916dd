//! By how much? The median of all pairwise slopes, with its interval.

use crate::StatsError;
use crate::input::{enough, finite, open_unit, positive, present, same_length};
use crate::inversions::{Ties, key};
use crate::outcome::{Outcome, Undefined};
use crate::quantile::median;
use crate::slope_field::SlopeField;
use crate::slope_select::{median_ranks, select_slopes};
use crate::special::normal_quantile;
use crate::tail::Interval;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// At most this many points are taken.
pub const MAX_POINTS: usize = 1 << 31;

/// How the line's intercept is estimated.
///
/// Closed: these are the two in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "these are the two in use")]
pub enum Intercept {
    /// `median(y) − slope · median(x)` (Conover 1980).
    #[default]
    Separate,
    /// `median(y − slope · x)`.
    Joint,
}

/// Options of [`theil_sen`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TheilSenOptions {
    /// Confidence of the interval, in (0, 1); 0.95 unless told.
    pub confidence: f64,
    /// How the intercept is estimated.
    pub intercept: Intercept,
    /// Variance of Kendall's S to use for the interval instead of that of independent values: under
    /// autocorrelation, the `var_s` of [`mk_ar1`](crate::mann_kendall_ar1::mk_ar1).
    pub variance: Option<f64>,
}

impl Default for TheilSenOptions {
    fn default() -> Self {
        Self { confidence: 0.95, intercept: Intercept::Separate, variance: None }
    }
}

impl TheilSenOptions {
    /// The defaults.
    ///
    /// ```
    /// use devops_stats::theil_sen::TheilSenOptions;
    /// assert_eq!(TheilSenOptions::new().confidence, 0.95);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With this confidence.
    ///
    /// ```
    /// use devops_stats::theil_sen::TheilSenOptions;
    /// assert_eq!(TheilSenOptions::new().with_confidence(0.9).confidence, 0.9);
    /// ```
    #[must_use]
    pub fn with_confidence(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }

    /// With this intercept.
    ///
    /// ```
    /// use devops_stats::theil_sen::{Intercept, TheilSenOptions};
    /// let options = TheilSenOptions::new().with_intercept(Intercept::Joint);
    /// assert_eq!(options.intercept, Intercept::Joint);
    /// ```
    #[must_use]
    pub fn with_intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// With this variance of S.
    ///
    /// ```
    /// use devops_stats::theil_sen::TheilSenOptions;
    /// assert_eq!(TheilSenOptions::new().with_variance(28.0).variance, Some(28.0));
    /// ```
    #[must_use]
    pub fn with_variance(mut self, variance: f64) -> Self {
        self.variance = Some(variance);
        self
    }
}

/// A line through the data by medians.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TheilSen {
    /// Number of points.
    pub n: usize,
    /// Number of pairs with different times.
    pub pairs: u64,
    /// Median of the pairwise slopes.
    pub slope: f64,
    /// Value of the line at time 0.
    pub intercept: f64,
    /// Interval of the slope; `None` when its variance is not positive (heavy ties on both sides).
    pub interval: Option<Interval>,
    /// Standard deviation of S that the interval rests on.
    pub sigma: f64,
    /// Confidence of the interval.
    pub confidence: f64,
}

/// The Theil–Sen line through `(x, y)`, exact in O(n log n) expected time and O(n) memory.
///
/// The median of `(y_j − y_i)/(x_j − x_i)` over pairs with different `x`, and the order statistics
/// `(N ∓ z √Var S)/2` as interval (Theil 1950, Sen 1968 eq. 2.6; Hollander & Wolfe). Up to 20,000 pairs are
/// computed outright; above, merge sorts count slopes and narrow the search (Matoušek 1991), and the result is
/// the same `f64` that the double loop gives. (One exception: more than 6·10⁷ pairs within a few rounding
/// errors of the answer, as on a noiseless line of non-integers, where it is within two units in the last
/// place.) `x` may be uneven, tied and in any order.
///
/// Undefined when all `x` are equal ([`Undefined::OneTime`]) or the slope overflows.
///
/// # Errors
///
/// Values that are not finite, different lengths, fewer than 2 points, a confidence outside (0, 1).
///
/// ```
/// use devops_stats::theil_sen::{TheilSenOptions, theil_sen};
///
/// let weeks = [0.0, 1.0, 2.0, 3.0, 4.0];
/// let hours = [20.0, 18.0, 17.0, 60.0, 12.0]; // one outlier
/// let line = theil_sen(&weeks, &hours, &TheilSenOptions::new())?.defined().unwrap();
/// assert_eq!(line.slope, -1.75);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn theil_sen(x: &[f64], y: &[f64], options: &TheilSenOptions) -> Result<Outcome<TheilSen>, StatsError> {
    same_length("x", x.len(), "y", y.len())?;
    let (x, y) = (finite("x", x)?, finite("y", y)?);
    fit(&x, &y, options)
}

/// The Theil–Sen line of equally spaced values; time is the index from 0.
///
/// As [`theil_sen`] with `x` = 0, 1, 2, …
///
/// # Errors
///
/// As [`theil_sen`].
///
/// ```
/// use devops_stats::theil_sen::{TheilSenOptions, sen_slope};
/// let line = sen_slope(&[1.0, 2.0, 3.5], &TheilSenOptions::new())?.defined().unwrap();
/// assert_eq!(line.slope, 1.25);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn sen_slope(values: &[f64], options: &TheilSenOptions) -> Result<Outcome<TheilSen>, StatsError> {
    let y = finite("values", values)?;
    let x: Vec<f64> = (0..y.len()).map(real).collect();
    fit(&x, &y, options)
}

/// The Theil–Sen line of equally spaced values with gaps, which keep their places in time.
///
/// # Errors
///
/// As [`theil_sen`].
///
/// ```
/// use devops_stats::theil_sen::{TheilSenOptions, sen_slope_gaps};
/// let line = sen_slope_gaps(&[Some(1.0), None, Some(5.0)], &TheilSenOptions::new())?;
/// assert_eq!(line.defined().unwrap().slope, 2.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn sen_slope_gaps(
    values: &[Option<f64>],
    options: &TheilSenOptions,
) -> Result<Outcome<TheilSen>, StatsError> {
    let (y, places) = present("values", values)?;
    let x: Vec<f64> = places.into_iter().map(real).collect();
    fit(&x, &y, options)
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

/// The slope alone of at least two equally spaced clean values; `None` when it overflows.
pub(crate) fn slope_of(values: &[f64]) -> Option<f64> {
    let points = values.iter().enumerate().map(|(i, &v)| (0, real(i), v)).collect();
    let (points, factor) = guarded(points);
    let field = SlopeField::new(points);
    let slope = middle(&field) * factor;
    slope.is_finite().then_some(slope)
}

/// Points whose differences cannot overflow, and the factor that slopes must be multiplied with.
pub(crate) fn guarded(mut points: Vec<(u32, f64, f64)>) -> (Vec<(u32, f64, f64)>, f64) {
    const LARGE: f64 = f64::MAX / 4.0;
    let mut factor = 1.0;
    if points.iter().any(|p| p.1.abs() > LARGE) {
        points.iter_mut().for_each(|p| p.1 *= 0.25);
        factor *= 0.25;
    }
    if points.iter().any(|p| p.2.abs() > LARGE) {
        points.iter_mut().for_each(|p| p.2 *= 0.25);
        factor *= 4.0;
    }
    (points, factor)
}

/// The median slope of a field with at least one pair.
pub(crate) fn middle(field: &SlopeField) -> f64 {
    average(&select_slopes(field, &median_ranks(field.pairs)))
}

/// The middle one, or the mean of the middle two, without overflow.
pub(crate) fn average(slopes: &[f64]) -> f64 {
    match *slopes {
        [one] => one,
        [a, b] => {
            let sum = a + b;
            if sum.is_finite() { sum * 0.5 } else { a * 0.5 + b * 0.5 }
        }
        _ => 0.0,
    }
}

/// Ranks (from 0) of the interval's ends among `pairs` slopes, as SciPy numbers them.
pub(crate) fn interval_ranks(pairs: u64, sigma: f64, confidence: f64) -> (u64, u64) {
    let z = -normal_quantile((1.0 - confidence) / 2.0);
    let count = wide(pairs);
    let high = libm::rint((count + z * sigma) / 2.0);
    let low = libm::rint((count - z * sigma) / 2.0) - 1.0;
    (clamped(low, pairs), clamped(high, pairs))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range first")]
fn clamped(rank: f64, pairs: u64) -> u64 {
    let last = pairs.saturating_sub(1);
    if rank <= 0.0 { 0 } else { (rank as u64).min(last) }
}

#[expect(clippy::cast_precision_loss, reason = "pair counts are rounded once")]
fn wide(count: u64) -> f64 {
    count as f64
}

/// The median slope and its interval from one search.
pub(crate) fn slope_and_interval(
    field: &SlopeField,
    sigma: Option<f64>,
    confidence: f64,
    factor: f64,
) -> (f64, Option<Interval>) {
    let mut ranks = median_ranks(field.pairs);
    let middle_count = ranks.len();
    if let Some(sigma) = sigma {
        let (low, high) = interval_ranks(field.pairs, sigma, confidence);
        ranks.extend([low, high]);
    }
    let mut sorted = ranks.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let slopes = select_slopes(field, &sorted);
    let at = |rank: &u64| {
        let place = sorted.binary_search(rank).unwrap_or(0);
        slopes.get(place).copied().unwrap_or(0.0)
    };
    let (middles, ends) = ranks.split_at(middle_count);
    let middles: Vec<f64> = middles.iter().map(at).collect();
    let interval = match ends {
        [low, high] => Some(Interval::new(at(low) * factor, at(high) * factor)),
        _ => None,
    };
    (average(&middles) * factor + 0.0, interval)
}

fn fit(x: &[f64], y: &[f64], options: &TheilSenOptions) -> Result<Outcome<TheilSen>, StatsError> {
    open_unit("confidence", options.confidence)?;
    if let Some(variance) = options.variance {
        positive("variance", variance)?;
    }
    enough(2, x.len())?;
    if x.len() > MAX_POINTS {
        return Err(StatsError::TooMany { argument: "x", limit: MAX_POINTS, got: x.len() });
    }
    let sigma2 = options.variance.unwrap_or_else(|| tied_variance(x, y));
    let (points, factor) = guarded(x.iter().zip(y).map(|(&a, &b)| (0, a, b)).collect());
    let field = SlopeField::new(points);
    if field.pairs == 0 {
        return Ok(Outcome::Undefined(Undefined::OneTime));
    }
    let sigma = (sigma2 >= 0.0).then(|| libm::sqrt(sigma2));
    let (slope, interval) = slope_and_interval(&field, sigma, options.confidence, factor);
    let intercept = match options.intercept {
        Intercept::Separate => median(y)? - slope * median(x)?,
        Intercept::Joint => joint(x, y, slope),
    };
    let finite_interval = interval.is_none_or(|i| i.low.is_finite() && i.high.is_finite());
    if !slope.is_finite() || !intercept.is_finite() || !finite_interval {
        return Ok(Outcome::Undefined(Undefined::Overflow));
    }
    Ok(Outcome::Defined(TheilSen {
        n: x.len(),
        pairs: field.pairs,
        slope,
        intercept: intercept + 0.0,
        interval,
        sigma: sigma.unwrap_or(0.0),
        confidence: options.confidence,
    }))
}

/// `median(y − slope · x)`; infinite when it overflows.
pub(crate) fn joint(x: &[f64], y: &[f64], slope: f64) -> f64 {
    let scaled = |factor: f64| {
        let residuals: Vec<f64> = x.iter().zip(y).map(|(a, b)| b * factor - slope * factor * a).collect();
        median(&residuals).unwrap_or(f64::INFINITY)
    };
    let plain = scaled(1.0);
    if plain.is_finite() { plain } else { scaled(1.0 / 1024.0) * 1024.0 }
}

/// `[n(n−1)(2n+5) − Σ over ties in x − Σ over ties in y]/18`.
#[expect(clippy::cast_precision_loss, reason = "the variance is rounded once")]
fn tied_variance(x: &[f64], y: &[f64]) -> f64 {
    let n = i128::try_from(x.len()).unwrap_or(0);
    let all = n.saturating_mul(n.saturating_sub(1)).saturating_mul(n.saturating_mul(2).saturating_add(5));
    let ties = |values: &[f64]| {
        let mut keys: Vec<i64> = values.iter().map(|&v| key(v)).collect();
        keys.sort_unstable();
        i128::try_from(Ties::of(&keys).variance).unwrap_or(0)
    };
    all.saturating_sub(ties(x)).saturating_sub(ties(y)) as f64 / 18.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(x: &[f64], y: &[f64]) -> Outcome<TheilSen> {
        theil_sen(x, y, &TheilSenOptions::new()).unwrap()
    }

    #[test]
    fn edges() {
        assert_eq!(
            theil_sen(&[], &[], &TheilSenOptions::new()),
            Err(StatsError::NotEnoughData { needed: 2, got: 0 })
        );
        assert_eq!(line(&[1.0, 1.0], &[1.0, 2.0]), Outcome::Undefined(Undefined::OneTime));
        assert_eq!(line(&[0.0, 1.0], &[5.0, 3.0]).defined().unwrap().slope, -2.0);
    }

    #[test]
    fn huge_values_do_not_overflow_on_the_way() {
        let found = line(&[0.0, 2.0], &[-1e308, 1e308]).defined().unwrap();
        assert_eq!(found.slope, 1e308);
        assert_eq!(line(&[0.0, 1.0], &[-1e308, 1e308]), Outcome::Undefined(Undefined::Overflow));
        let joint = TheilSenOptions::new().with_intercept(Intercept::Joint);
        let found =
            theil_sen(&[0.0, 4.0, 8.0], &[1e308, -1e308, -1.7e308], &joint).unwrap().defined().unwrap();
        assert_eq!(found.intercept, 1e308);
    }

    #[test]
    fn subnormal_slopes() {
        let least = f64::from_bits(1);
        assert_eq!(line(&[0.0, 1.0], &[0.0, 3.0 * least]).defined().unwrap().slope, 3.0 * least);
    }

    #[test]
    fn order_of_points_does_not_matter() {
        let a = line(&[3.0, 1.0, 2.0, 2.0], &[1.0, 4.0, 0.0, 9.0]);
        let b = line(&[1.0, 2.0, 2.0, 3.0], &[4.0, 9.0, 0.0, 1.0]);
        assert_eq!(a, b);
    }

    proptest! {
        #[test]
        fn any_bits_are_answered(bits in prop::collection::vec((any::<u64>(), any::<u64>()), 0..30)) {
            let x: Vec<f64> = bits.iter().map(|b| f64::from_bits(b.0)).collect();
            let y: Vec<f64> = bits.iter().map(|b| f64::from_bits(b.1)).collect();
            if let Ok(Outcome::Defined(found)) = theil_sen(&x, &y, &TheilSenOptions::new()) {
                prop_assert!(found.slope.is_finite());
                if let Some(i) = found.interval {
                    prop_assert!(i.low <= i.high);
                }
            }
        }
    }
}
