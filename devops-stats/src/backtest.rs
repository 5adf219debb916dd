//! How wrong were such forecasts in the past? Rolling-origin evaluation.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "origins and horizons are checked against the length"
)]

use crate::ets_fit::{EtsFitOptions, fit_from};
use crate::forecast::{Forecast, check_horizon};
use crate::input::{enough, finite};
use crate::sums::{scale_of, sum};
use crate::xmr::moving_ranges;
use crate::{Outcome, StatsError, Undefined};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Which forecasts of the past are made again.
///
/// ```
/// use devops_stats::backtest::BacktestOptions;
/// let options = BacktestOptions::new(4).with_origins(8).with_min_train(20);
/// assert_eq!((options.horizon, options.origins, options.min_train), (4, 8, 20));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BacktestOptions {
    /// Steps ahead, at least 1.
    pub horizon: usize,
    /// At most so many origins, the latest ones; 12 unless set.
    pub origins: usize,
    /// Least number of values before an origin; 10 unless set.
    pub min_train: usize,
    /// Confidence of the intervals whose coverage is counted; 0.95 unless set.
    pub confidence: f64,
}

impl BacktestOptions {
    /// The last 12 origins with at least 10 values before them.
    ///
    /// ```
    /// use devops_stats::backtest::BacktestOptions;
    /// assert_eq!(BacktestOptions::new(4).origins, 12);
    /// ```
    #[must_use]
    pub fn new(horizon: usize) -> Self {
        Self { horizon, origins: 12, min_train: 10, confidence: 0.95 }
    }

    /// Sets the largest number of origins.
    ///
    /// ```
    /// use devops_stats::backtest::BacktestOptions;
    /// assert_eq!(BacktestOptions::new(4).with_origins(5).origins, 5);
    /// ```
    #[must_use]
    pub fn with_origins(mut self, origins: usize) -> Self {
        self.origins = origins;
        self
    }

    /// Sets the least number of values before an origin.
    ///
    /// ```
    /// use devops_stats::backtest::BacktestOptions;
    /// assert_eq!(BacktestOptions::new(4).with_min_train(30).min_train, 30);
    /// ```
    #[must_use]
    pub fn with_min_train(mut self, min_train: usize) -> Self {
        self.min_train = min_train;
        self
    }

    /// Sets the confidence of the intervals.
    ///
    /// ```
    /// use devops_stats::backtest::BacktestOptions;
    /// assert_eq!(BacktestOptions::new(4).with_confidence(0.8).confidence, 0.8);
    /// ```
    #[must_use]
    pub fn with_confidence(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }

    /// The origins: lengths of the past, rising.
    fn starts(&self, n: usize) -> Result<core::ops::RangeInclusive<usize>, StatsError> {
        check_horizon(self.horizon)?;
        if self.origins == 0 {
            return Err(StatsError::out_of_range("origins", self.origins, "at least 1"));
        }
        let train = if self.min_train == 0 { 1 } else { self.min_train };
        enough(train.saturating_add(self.horizon), n)?;
        let last = n - self.horizon;
        let first = (last + 1).saturating_sub(self.origins);
        Ok((if first > train { first } else { train })..=last)
    }
}

/// Errors of forecasts that were made again from the past of a series.
///
/// ```
/// use devops_stats::backtest::{BacktestOptions, rolling_origin};
/// use devops_stats::forecast::naive;
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
/// let options = BacktestOptions::new(1).with_min_train(3);
/// let error = rolling_origin(&x, &options, |past, h| naive(past, h, 0.95))?;
/// assert_eq!((error.origins, error.mae, error.bias), (3, 1.0, -1.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BacktestError {
    /// Number of origins.
    pub origins: usize,
    /// Steps ahead.
    pub horizon: usize,
    /// Mean absolute error over all origins and steps, in the unit of the values.
    pub mae: f64,
    /// Root mean square error.
    pub rmse: f64,
    /// Mean of forecast less value.
    pub bias: f64,
    /// Mean absolute error for every step ahead.
    pub mae_by_step: Vec<f64>,
    /// Mean absolute scaled error: `mae` over the mean absolute step of the series (Hyndman & Koehler 2006).
    /// Below 1 the forecast beats "as last period" one step ahead; undefined for a constant series.
    pub mase: Outcome<f64>,
    /// Share of the values inside their prediction interval.
    pub coverage: f64,
    /// What the share should have been.
    pub confidence: f64,
}

/// Makes the forecast again from every origin, each time with what was known then, and compares.
///
/// `forecast(past, horizon)` must answer `horizon` steps. Source: Tashman (2000). Costs as many forecasts as
/// origins.
///
/// # Errors
/// [`StatsError::NotEnoughData`] when no origin has enough past and future, [`StatsError::NonFinite`],
/// [`StatsError::OutOfRange`] for bad options, and whatever `forecast` answers.
///
/// ```
/// use devops_stats::backtest::{BacktestOptions, rolling_origin};
/// use devops_stats::forecast::drift;
///
/// let x: Vec<f64> = (0..30).map(|i| 2.0 * f64::from(i) + f64::from(i % 3)).collect();
/// let error = rolling_origin(&x, &BacktestOptions::new(3), |past, h| drift(past, h, 0.95))?;
/// assert_eq!(error.origins, 12);
/// assert!(error.mae < 3.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn rolling_origin(
    x: &[f64],
    options: &BacktestOptions,
    mut forecast: impl FnMut(&[f64], usize) -> Result<Forecast, StatsError>,
) -> Result<BacktestError, StatsError> {
    let x = finite("x", x)?;
    let starts = options.starts(x.len())?;
    let mut errors: Vec<Vec<f64>> = Vec::new();
    let mut inside = 0_usize;
    for origin in starts {
        let made = forecast(&x[..origin], options.horizon)?;
        let future = &x[origin..origin + options.horizon];
        if made.steps.len() < options.horizon {
            return Err(StatsError::NotEnoughData { needed: options.horizon, got: made.steps.len() });
        }
        inside += made.steps.iter().zip(future).filter(|(s, v)| s.low <= **v && **v <= s.high).count();
        errors.push(made.steps.iter().zip(future).map(|(s, v)| s.mean - v).collect());
    }
    Ok(summary(&x, options, &errors, inside))
}

fn summary(x: &[f64], options: &BacktestOptions, errors: &[Vec<f64>], inside: usize) -> BacktestError {
    let finite = |v: f64| v.clamp(-f64::MAX, f64::MAX);
    let every: Vec<f64> = errors.iter().flatten().copied().map(finite).collect();
    let scale = scale_of(&every);
    let all = || every.iter().map(|e| e * scale);
    let origins = errors.len() as f64;
    let count = origins * options.horizon as f64;
    let mae = finite(sum(all().map(libm::fabs)) / count / scale);
    let by_step = |h: usize| {
        let own = every.iter().skip(h).step_by(options.horizon);
        finite(sum(own.map(|e| libm::fabs(e * scale))) / origins / scale)
    };
    let step = sum(moving_ranges(x)) / (x.len() - 1) as f64;
    BacktestError {
        origins: errors.len(),
        horizon: options.horizon,
        mae,
        rmse: finite(libm::sqrt(sum(all().map(|e| e * e)) / count) / scale),
        bias: finite(sum(all()) / count / scale),
        mae_by_step: (0..options.horizon).map(by_step).collect(),
        mase: if step > 0.0 { Outcome::finite(mae / step) } else { Outcome::Undefined(Undefined::Constant) },
        coverage: inside as f64 / count,
        confidence: options.confidence,
    }
}

/// Back-test of a fitted exponential smoothing; every fit starts from the one of the origin before.
///
/// # Errors
/// As [`rolling_origin`] and [`ets_fit`](crate::ets_fit::ets_fit).
///
/// ```
/// use devops_stats::backtest::{BacktestOptions, ets_backtest};
/// use devops_stats::ets_fit::{EtsFitOptions, EtsShape};
///
/// let x: Vec<f64> = (0..40).map(|i| f64::from(i) + f64::from(i * 7 % 5)).collect();
/// let error = ets_backtest(&x, EtsFitOptions::new(EtsShape::Trend), &BacktestOptions::new(4))?;
/// assert!(error.mase.defined().is_some_and(|e| e < 1.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn ets_backtest(
    x: &[f64],
    model: EtsFitOptions,
    options: &BacktestOptions,
) -> Result<BacktestError, StatsError> {
    let mut place: Option<Vec<f64>> = None;
    rolling_origin(x, options, |past, horizon| {
        let (fit, point) = fit_from(past, model, place.as_deref())?;
        place = Some(point);
        fit.state.forecast(horizon, options.confidence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ets_fit::EtsShape;
    use crate::forecast::naive;
    use crate::rng::Rng;

    #[test]
    fn options_are_checked() {
        let run = |x: &[f64], o: BacktestOptions| rolling_origin(x, &o, |p, h| naive(p, h, 0.95));
        assert!(run(&[1.0; 10], BacktestOptions::new(1)).is_err());
        assert!(run(&[1.0; 20], BacktestOptions::new(0)).is_err());
        assert!(run(&[1.0; 20], BacktestOptions::new(2).with_origins(0)).is_err());
        assert!(run(&[1.0; 20], BacktestOptions::new(usize::MAX)).is_err());
        assert!(run(&[f64::NAN; 20], BacktestOptions::new(1)).is_err());
        let flat = run(&[1.0; 20], BacktestOptions::new(2)).unwrap();
        assert_eq!((flat.mae, flat.coverage), (0.0, 1.0));
        assert_eq!(flat.mase.reason(), Some(Undefined::Constant));
    }

    #[test]
    fn intervals_of_noise_hold() {
        let mut rng = Rng::new(3);
        let x: Vec<f64> = (0..150).map(|_| 20.0 + rng.normal()).collect();
        let options = BacktestOptions::new(4).with_origins(60);
        let error = ets_backtest(&x, EtsFitOptions::new(EtsShape::Simple), &options).unwrap();
        assert!((0.85..=1.0).contains(&error.coverage), "{}", error.coverage);
        assert!(error.mase.defined().unwrap() < 1.0);
    }
}
