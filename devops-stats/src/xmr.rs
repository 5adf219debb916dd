//! Is the process predictable, and what is its ordinary range? Limits of the individuals chart (XmR).

use crate::StatsError;
use crate::input::{enough, finite};
use crate::quantile::median;
use crate::sums::{fits, mean, scale_of};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Which average of the moving ranges measures the noise.
///
/// Closed: Wheeler describes these two.
///
/// ```
/// use devops_stats::xmr::MovingRange;
/// assert_eq!(MovingRange::default(), MovingRange::Mean);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the method has these two")]
pub enum MovingRange {
    /// Their mean: efficient when there are few shocks.
    #[default]
    Mean,
    /// Their median: steadier when a few ranges are huge.
    Median,
}

/// Which constants turn the average moving range into limits.
///
/// Closed: exact or as printed.
///
/// ```
/// use devops_stats::xmr::Constants;
/// assert_eq!(Constants::default(), Constants::Exact);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "exact or as printed")]
pub enum Constants {
    /// From the normal distribution to all digits: 3√π/2 = 2.6587 (mean), 3.1451 (median).
    #[default]
    Exact,
    /// As printed in Wheeler's books: 2.66 and 3.268 (mean), 3.145 and 3.865 (median).
    Wheeler,
}

/// 3/d₂ with d₂ = 2/√π, the mean range of two normal values.
const MEAN_LIMIT: f64 = 2.658_680_776_358_274;
/// (d₂ + 3 d₃)/d₂ with d₃ = √(2 − 4/π).
const MEAN_RANGE: f64 = 3.266_531_919_288_601;
/// 3/d₄ with d₄ = √2 Φ⁻¹(3/4), the median range of two normal values.
const MEDIAN_LIMIT: f64 = 3.145_074_247_522_591_5;
/// (d₂ + 3 d₃)/d₄.
const MEDIAN_RANGE: f64 = 3.864_128_973_068_072_3;

fn factors(range: MovingRange, constants: Constants) -> (f64, f64) {
    match (range, constants) {
        (MovingRange::Mean, Constants::Exact) => (MEAN_LIMIT, MEAN_RANGE),
        (MovingRange::Mean, Constants::Wheeler) => (2.66, 3.268),
        (MovingRange::Median, Constants::Exact) => (MEDIAN_LIMIT, MEDIAN_RANGE),
        (MovingRange::Median, Constants::Wheeler) => (3.145, 3.865),
    }
}

/// Natural process limits of a series.
///
/// ```
/// use devops_stats::xmr::{Constants, MovingRange, xmr};
/// let limits = xmr(&[4.0, 6.0, 5.0, 5.0], MovingRange::Mean, Constants::Wheeler)?;
/// assert_eq!((limits.n, limits.center, limits.moving_range), (4, 5.0, 1.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct XmrLimits {
    /// Number of values.
    pub n: usize,
    /// The centre line: the mean, in the unit of the values.
    pub center: f64,
    /// The average moving range that was used, in the unit of the values.
    pub moving_range: f64,
    /// One standard deviation as the chart sees it: a third of the distance from centre to limit.
    pub sigma: f64,
    /// Lower natural process limit.
    pub lower: f64,
    /// Upper natural process limit.
    pub upper: f64,
    /// Upper limit of a single moving range.
    pub range_upper: f64,
    /// Which average of the moving ranges was used.
    pub range: MovingRange,
    /// Which constants were used.
    pub constants: Constants,
}

/// Limits of the individuals and moving range chart: mean ± 2.66 × the mean moving range.
///
/// The noise is judged from neighbours, so a shift inside the series does not widen the limits. Of steady
/// normal noise, about 0.3 % lies outside (the limits are estimates: for n below about 20 expect more). When
/// all values are equal the limits collapse on them. Source: Shewhart (1931); Wheeler & Chambers (1992). O(n).
///
/// The signals are in [`run_rules`](crate::run_rules), with `center` and `sigma` from here.
///
/// # Errors
/// [`StatsError::NotEnoughData`] below 2 values, [`StatsError::NonFinite`] for NaN or infinity,
/// [`StatsError::OutOfRange`] when a limit would not be finite.
///
/// ```
/// use devops_stats::xmr::{Constants, MovingRange, xmr};
///
/// let limits = xmr(&[10.0, 12.0, 11.0, 13.0, 12.0], MovingRange::Mean, Constants::Wheeler)?;
/// assert_eq!(limits.moving_range, 1.5);
/// assert!((limits.upper - (11.6 + 2.66 * 1.5)).abs() < 1e-12);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn xmr(x: &[f64], range: MovingRange, constants: Constants) -> Result<XmrLimits, StatsError> {
    enough(2, x.len())?;
    let mut y = finite("x", x)?;
    let scale = scale_of(&y);
    for v in &mut y {
        *v *= scale;
    }
    let ranges: Vec<f64> = moving_ranges(&y).collect();
    let average = match range {
        MovingRange::Mean => mean(&ranges),
        MovingRange::Median => median(&ranges)?,
    };
    limits_from(x.len(), mean(&y), average, scale, range, constants)
}

/// The limits from centre and average moving range of values that were multiplied by `scale`.
pub(crate) fn limits_from(
    n: usize,
    center: f64,
    average: f64,
    scale: f64,
    range: MovingRange,
    constants: Constants,
) -> Result<XmrLimits, StatsError> {
    let (limit, range_limit) = factors(range, constants);
    let back = |value: f64| fits("x", value / scale);
    Ok(XmrLimits {
        n,
        center: back(center)?,
        moving_range: back(average)?,
        sigma: back(average * limit / 3.0)?,
        lower: back(center - average * limit)?,
        upper: back(center + average * limit)?,
        range_upper: back(average * range_limit)?,
        range,
        constants,
    })
}

/// The distances of neighbours.
pub(crate) fn moving_ranges(x: &[f64]) -> impl Iterator<Item = f64> + '_ {
    x.iter().zip(x.iter().skip(1)).map(|(a, b)| libm::fabs(b - a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::normal_quantile;

    #[test]
    fn constants_follow_from_the_normal_distribution() {
        let pi = core::f64::consts::PI;
        let (d2, d3) = (2.0 / pi.sqrt(), (2.0 - 4.0 / pi).sqrt());
        let d4 = 2.0_f64.sqrt() * normal_quantile(0.75);
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-15, "{a:.17} {b:.17}");
        close(MEAN_LIMIT, 3.0 / d2);
        close(MEAN_RANGE, (d2 + 3.0 * d3) / d2);
        close(MEDIAN_LIMIT, 3.0 / d4);
        close(MEDIAN_RANGE, (d2 + 3.0 * d3) / d4);
    }

    #[test]
    fn equal_values_have_limits_on_themselves() {
        let limits = xmr(&[0.1; 7], MovingRange::Mean, Constants::Exact).unwrap();
        assert_eq!((limits.center, limits.lower, limits.upper, limits.sigma), (0.1, 0.1, 0.1, 0.0));
    }

    #[test]
    fn short_and_extreme_series() {
        let run = |x: &[f64]| xmr(x, MovingRange::Mean, Constants::Exact);
        assert_eq!(run(&[1.0]), Err(StatsError::NotEnoughData { needed: 2, got: 1 }));
        assert!(run(&[1e308, -1e308]).is_err());
        let tiny = run(&[1e-310, 2e-310]).unwrap();
        assert!((tiny.center / 1.5e-310 - 1.0).abs() < 1e-12);
        let large = run(&[1e307, 1.1e307]).unwrap();
        assert!((large.moving_range / 1e306 - 1.0).abs() < 1e-12);
    }
}
