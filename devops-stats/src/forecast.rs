//! What a forecast is, when it reaches a target, and the baselines that every forecast has to beat.
#![expect(clippy::arithmetic_side_effects, reason = "floating point; step numbers are at most the horizon")]

use crate::StatsError;
use crate::input::{enough, finite, finite_one, open_unit};
use crate::special::{normal_cdf, normal_quantile};
use crate::sums::{fits, scale_of, sum};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Most steps that a forecast may have.
pub(crate) const MAX_HORIZON: usize = 100_000;

/// One future value.
///
/// ```
/// use devops_stats::forecast::naive;
/// let step = naive(&[1.0, 3.0, 2.0], 1, 0.95)?.steps[0];
/// assert!(step.low < step.mean && step.mean < step.high);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ForecastStep {
    /// Expected value.
    pub mean: f64,
    /// Variance of the value around it.
    pub variance: f64,
    /// Lower end of the prediction interval.
    pub low: f64,
    /// Upper end of the prediction interval.
    pub high: f64,
}

/// How a forecast was made.
///
/// ```
/// use devops_stats::forecast::{ForecastMethod, naive};
/// assert_eq!(naive(&[1.0, 2.0], 1, 0.9)?.method, ForecastMethod::Naive);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ForecastMethod {
    /// The last value stays.
    Naive,
    /// The average step of the past goes on.
    Drift,
    /// The value of one cycle ago comes again.
    SeasonalNaive,
    /// Exponential smoothing of a level.
    Simple,
    /// Exponential smoothing of a level and a trend.
    Trend,
    /// Exponential smoothing of a level and a trend that fades.
    DampedTrend,
}

/// Future values with prediction intervals.
///
/// ```
/// use devops_stats::forecast::drift;
/// let forecast = drift(&[1.0, 2.0, 3.0, 4.5], 2, 0.9)?;
/// assert_eq!((forecast.steps.len(), forecast.confidence), (2, 0.9));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Forecast {
    /// How it was made.
    pub method: ForecastMethod,
    /// Number of past values it was made from.
    pub n: usize,
    /// Probability that the intervals are meant to hold.
    pub confidence: f64,
    /// One entry for every step ahead, the first for the next period.
    pub steps: Vec<ForecastStep>,
}

impl Forecast {
    /// Normal intervals around means with variances.
    pub(crate) fn normal(
        method: ForecastMethod,
        n: usize,
        confidence: f64,
        moments: impl IntoIterator<Item = (f64, f64)>,
    ) -> Result<Self, StatsError> {
        let z = normal_quantile(0.5 + open_unit("confidence", confidence)? * 0.5);
        let mut steps = Vec::new();
        for (mean, variance) in moments {
            let half = z * libm::sqrt(variance);
            let (low, high) = (fits("x", mean - half)?, fits("x", mean + half)?);
            steps.push(ForecastStep { mean: fits("x", mean)?, variance: fits("x", variance)?, low, high });
        }
        Ok(Self { method, n, confidence, steps })
    }
}

pub(crate) fn check_horizon(horizon: usize) -> Result<(), StatsError> {
    if (1..=MAX_HORIZON).contains(&horizon) {
        Ok(())
    } else {
        Err(StatsError::out_of_range("horizon", horizon, "from 1 to 100000"))
    }
}

/// The naive forecast: the last value, with variance h σ² from the past steps (a random walk).
///
/// Source: Hyndman & Athanasopoulos (2021), section 5.2. O(n + h).
///
/// # Errors
/// [`StatsError::NotEnoughData`] below 2 values, [`StatsError::NonFinite`], [`StatsError::OutOfRange`] for a
/// bad horizon or confidence, or values too large for a finite variance.
///
/// ```
/// use devops_stats::forecast::naive;
/// let forecast = naive(&[5.0, 6.0, 4.0, 5.0], 2, 0.95)?;
/// assert_eq!(forecast.steps[1].mean, 5.0);
/// assert_eq!(forecast.steps[1].variance, 2.0 * forecast.steps[0].variance);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn naive(x: &[f64], horizon: usize, confidence: f64) -> Result<Forecast, StatsError> {
    enough(2, x.len())?;
    check_horizon(horizon)?;
    let x = finite("x", x)?;
    let (differences, scale) = steps_of(&x);
    let variance = sum(differences.iter().map(|d| d * d)) / differences.len() as f64 / scale / scale;
    let last = x.last().copied().unwrap_or(0.0);
    let moments = (1..=horizon).map(|h| (last, variance * h as f64));
    Forecast::normal(ForecastMethod::Naive, x.len(), confidence, moments)
}

/// Differences of scaled neighbours, and the scale.
fn steps_of(x: &[f64]) -> (Vec<f64>, f64) {
    let scale = scale_of(x);
    (x.iter().zip(x.iter().skip(1)).map(|(a, b)| b * scale - a * scale).collect(), scale)
}

/// The drift forecast: the straight line through the first and the last value goes on, with variance
/// σ² h (1 + h/(n − 1)).
///
/// Source: Hyndman & Athanasopoulos (2021), sections 5.2 and 5.5. O(n + h).
///
/// # Errors
/// As [`naive`], with at least 3 values.
///
/// ```
/// use devops_stats::forecast::drift;
/// let forecast = drift(&[1.0, 2.5, 3.0, 4.0], 3, 0.95)?;
/// assert_eq!(forecast.steps[2].mean, 7.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn drift(x: &[f64], horizon: usize, confidence: f64) -> Result<Forecast, StatsError> {
    enough(3, x.len())?;
    check_horizon(horizon)?;
    let x = finite("x", x)?;
    let (differences, scale) = steps_of(&x);
    let count = differences.len() as f64;
    let slope = sum(differences.iter().copied()) / count;
    let variance = sum(differences.iter().map(|d| (d - slope) * (d - slope))) / (count - 1.0) / scale / scale;
    let last = x.last().copied().unwrap_or(0.0);
    let moments = (1..=horizon).map(|h| {
        let h = h as f64;
        (last + slope * h / scale, variance * h * (1.0 + h / count))
    });
    Forecast::normal(ForecastMethod::Drift, x.len(), confidence, moments)
}

/// The seasonal naive forecast: the last cycle comes again, with variance σ² per cycle ahead.
///
/// Source: Hyndman & Athanasopoulos (2021), sections 5.2 and 5.5. O(n + h).
///
/// # Errors
/// As [`naive`], with at least two full cycles; [`StatsError::OutOfRange`] for a period of 0.
///
/// ```
/// use devops_stats::forecast::seasonal_naive;
/// let forecast = seasonal_naive(&[1.0, 5.0, 2.0, 6.0], 2, 3, 0.95)?;
/// let means: Vec<f64> = forecast.steps.iter().map(|s| s.mean).collect();
/// assert_eq!(means, [2.0, 6.0, 2.0]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn seasonal_naive(
    x: &[f64],
    period: usize,
    horizon: usize,
    confidence: f64,
) -> Result<Forecast, StatsError> {
    if period == 0 {
        return Err(StatsError::out_of_range("period", period, "at least 1"));
    }
    let two_cycles = period.saturating_mul(2);
    enough(two_cycles, x.len())?;
    check_horizon(horizon)?;
    let x = finite("x", x)?;
    let scale = scale_of(&x);
    let differences: Vec<f64> =
        x.iter().zip(x.iter().skip(period)).map(|(a, b)| b * scale - a * scale).collect();
    let variance = sum(differences.iter().map(|d| d * d)) / differences.len() as f64 / scale / scale;
    let cycle: Vec<f64> = x.iter().skip(x.len() - period).copied().collect();
    let ahead = cycle.iter().cycle().take(horizon);
    let moments = ahead.enumerate().map(|(h, &mean)| (mean, variance * (h / period + 1) as f64));
    Forecast::normal(ForecastMethod::SeasonalNaive, x.len(), confidence, moments)
}

/// On which side of a target the good values lie.
///
/// Closed: there are two sides.
///
/// ```
/// use devops_stats::forecast::Goal;
/// assert_ne!(Goal::AtMost, Goal::AtLeast);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there are two sides")]
pub enum Goal {
    /// The target is met at or below it.
    AtMost,
    /// The target is met at or above it.
    AtLeast,
}

/// When a target is reached, in steps ahead (0: it is met now).
///
/// ```
/// use devops_stats::forecast::{Goal, drift, time_to_target};
/// let forecast = drift(&[10.0, 9.0, 8.1, 7.0], 6, 0.8)?;
/// let reach = time_to_target(7.0, &forecast, 4.0, Goal::AtMost)?;
/// assert_eq!((reach.expected, reach.earliest), (Some(3), Some(3)));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TargetReach {
    /// First step whose expected value meets the target; `None` beyond the horizon.
    pub expected: Option<usize>,
    /// First step whose interval touches the target: hardly sooner.
    pub earliest: Option<usize>,
    /// First step whose whole interval meets the target: hardly later.
    pub latest: Option<usize>,
    /// For every step ahead, the probability that the value of that period meets the target.
    pub probability: Vec<f64>,
    /// The forecast's confidence.
    pub confidence: f64,
}

/// When a forecast reaches a target, with an interval, and the probability for every period.
///
/// `current` is the present value of the series; when it meets the target all three times are 0. Normal
/// probabilities from the forecast's means and variances. O(h).
///
/// # Errors
/// [`StatsError::OutOfRange`] when `current` or `target` is not finite.
///
/// ```
/// use devops_stats::forecast::{Goal, naive, time_to_target};
/// let forecast = naive(&[4.0, 6.0, 5.0], 3, 0.95)?;
/// let reach = time_to_target(5.0, &forecast, 5.0, Goal::AtLeast)?;
/// assert_eq!(reach.latest, Some(0));
/// assert_eq!(reach.probability, [0.5; 3]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn time_to_target(
    current: f64,
    forecast: &Forecast,
    target: f64,
    goal: Goal,
) -> Result<TargetReach, StatsError> {
    let (current, target) = (finite_one("current", current)?, finite_one("target", target)?);
    let meets = |value: f64| match goal {
        Goal::AtMost => value <= target,
        Goal::AtLeast => value >= target,
    };
    let first = |value: &dyn Fn(&ForecastStep) -> f64| {
        if meets(current) {
            return Some(0);
        }
        forecast.steps.iter().position(|s| meets(value(s))).map(|i| i + 1)
    };
    let favourable = |s: &ForecastStep| if goal == Goal::AtMost { s.low } else { s.high };
    let other = |s: &ForecastStep| if goal == Goal::AtMost { s.high } else { s.low };
    let probability = forecast.steps.iter().map(|s| probability_met(s, target, goal)).collect();
    Ok(TargetReach {
        expected: first(&|s| s.mean),
        earliest: first(&favourable),
        latest: first(&other),
        probability,
        confidence: forecast.confidence,
    })
}

fn probability_met(step: &ForecastStep, target: f64, goal: Goal) -> f64 {
    let margin = match goal {
        Goal::AtMost => target - step.mean,
        Goal::AtLeast => step.mean - target,
    };
    if step.variance > 0.0 {
        normal_cdf(margin / libm::sqrt(step.variance))
    } else if margin >= 0.0 {
        1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bad_input_is_refused() {
        assert!(naive(&[1.0], 1, 0.9).is_err());
        assert!(drift(&[1.0, 2.0], 1, 0.9).is_err());
        assert!(naive(&[1.0, 2.0], 0, 0.9).is_err());
        assert!(naive(&[1.0, 2.0], usize::MAX, 0.9).is_err());
        assert!(naive(&[1.0, 2.0], 1, 1.0).is_err());
        assert!(naive(&[1e300, -1e300], 1, 0.9).is_err());
        assert!(seasonal_naive(&[1.0, 2.0, 3.0], 2, 1, 0.9).is_err());
        assert!(seasonal_naive(&[1.0, 2.0, 3.0], 0, 1, 0.9).is_err());
        assert!(seasonal_naive(&[1.0, 2.0, 3.0], usize::MAX, 1, 0.9).is_err());
    }

    #[test]
    fn a_line_is_continued_without_doubt() {
        let forecast = drift(&[1.0, 2.0, 3.0, 4.0], 2, 0.95).unwrap();
        assert_eq!((forecast.steps[1].mean, forecast.steps[1].variance), (6.0, 0.0));
        let reach = time_to_target(4.0, &forecast, 5.5, Goal::AtLeast).unwrap();
        assert_eq!((reach.earliest, reach.expected, reach.latest), (Some(2), Some(2), Some(2)));
        assert_eq!(reach.probability, [0.0, 1.0]);
        let never = time_to_target(4.0, &forecast, 50.0, Goal::AtLeast).unwrap();
        assert_eq!(never.expected, None);
    }

    proptest! {
        #[test]
        fn any_bits_never_panic(bits in proptest::collection::vec(any::<u64>(), 0..20), h in 0..9_usize, t in any::<u64>()) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).collect();
            for forecast in [naive(&x, h, 0.9), drift(&x, h, 0.9), seasonal_naive(&x, h, h, 0.9)].into_iter().flatten() {
                let _ = time_to_target(0.0, &forecast, f64::from_bits(t), Goal::AtMost);
            }
        }

        #[test]
        fn reaching_times_are_ordered(x in proptest::collection::vec(-9.0..9.0_f64, 3..20), target in -20.0..20.0_f64) {
            let forecast = drift(&x, 30, 0.8).unwrap();
            for goal in [Goal::AtMost, Goal::AtLeast] {
                let reach = time_to_target(x[x.len() - 1], &forecast, target, goal).unwrap();
                let late = |t: Option<usize>| t.unwrap_or(usize::MAX);
                prop_assert!(late(reach.earliest) <= late(reach.expected));
                prop_assert!(late(reach.expected) <= late(reach.latest));
            }
        }
    }
}
