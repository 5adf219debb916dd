//! Exponential smoothing with given parameters: states, forecasts and their intervals.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "seasonal states are indexed modulo the period"
)]

use crate::StatsError;
use crate::forecast::{Forecast, ForecastMethod, check_horizon};
use crate::input::{check_finite, enough, finite, finite_one};
use crate::sums::{fits, sum};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// An additive exponential smoothing model: ETS(A,N,·), (A,A,·) or (A,Ad,·), with or without seasons.
///
/// Error form (Hyndman, Koehler, Ord & Snyder 2008): with e = y − (l + φ b + s),
/// l ← l + φ b + α e, b ← φ b + β e, s ← s + γ e. The β here is the one of the error form (β = α β* of Holt).
///
/// ```
/// use devops_stats::ets::EtsModel;
/// let model = EtsModel::damped(0.5, 0.1, 0.9, 10.0, 1.0)?;
/// assert_eq!((model.alpha, model.phi), (0.5, 0.9));
/// assert!(EtsModel::simple(1.5, 10.0).is_err());
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EtsModel {
    /// Simple, trend or damped trend.
    pub method: ForecastMethod,
    /// Weight of an error in the level, in [0, 1].
    pub alpha: f64,
    /// Weight of an error in the trend, in [0, 1]; 0 without trend.
    pub beta: f64,
    /// Damping of the trend, in [0, 1]; 1 undamped, 0 without trend.
    pub phi: f64,
    /// Weight of an error in the season, in [0, 1]; 0 without seasons.
    pub gamma: f64,
    /// Level before the first value.
    pub level: f64,
    /// Trend before the first value, per period.
    pub trend: f64,
    /// Seasonal deviations, the first for the first value; empty without seasons.
    pub season: Vec<f64>,
}

fn unit(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(StatsError::out_of_range(argument, value, "in [0, 1]"))
    }
}

impl EtsModel {
    /// A level alone, ETS(A,N,N).
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] names the parameter that is outside its range.
    ///
    /// ```
    /// use devops_stats::ets::EtsModel;
    /// assert_eq!(EtsModel::simple(0.3, 5.0)?.beta, 0.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn simple(alpha: f64, level: f64) -> Result<Self, StatsError> {
        Self::new(ForecastMethod::Simple, [alpha, 0.0, 0.0], level, 0.0)
    }

    /// A level and a trend, ETS(A,A,N).
    ///
    /// # Errors
    /// As [`simple`](Self::simple).
    ///
    /// ```
    /// use devops_stats::ets::EtsModel;
    /// assert_eq!(EtsModel::trend(0.3, 0.1, 5.0, 1.0)?.phi, 1.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn trend(alpha: f64, beta: f64, level: f64, trend: f64) -> Result<Self, StatsError> {
        Self::new(ForecastMethod::Trend, [alpha, beta, 1.0], level, trend)
    }

    /// A level and a trend that fades, ETS(A,Ad,N).
    ///
    /// # Errors
    /// As [`simple`](Self::simple).
    ///
    /// ```
    /// use devops_stats::ets::EtsModel;
    /// assert_eq!(EtsModel::damped(0.3, 0.1, 0.9, 5.0, 1.0)?.trend, 1.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn damped(alpha: f64, beta: f64, phi: f64, level: f64, trend: f64) -> Result<Self, StatsError> {
        Self::new(ForecastMethod::DampedTrend, [alpha, beta, phi], level, trend)
    }

    fn new(method: ForecastMethod, weights: [f64; 3], level: f64, trend: f64) -> Result<Self, StatsError> {
        Ok(Self {
            method,
            alpha: unit("alpha", weights[0])?,
            beta: unit("beta", weights[1])?,
            phi: unit("phi", weights[2])?,
            gamma: 0.0,
            level: finite_one("level", level)?,
            trend: finite_one("trend", trend)?,
            season: Vec::new(),
        })
    }

    /// The same with additive seasons, as many as a cycle has periods.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for γ outside [0, 1], [`StatsError::NonFinite`] for a bad season.
    ///
    /// ```
    /// use devops_stats::ets::EtsModel;
    /// let weekly = EtsModel::simple(0.3, 5.0)?.with_season(0.1, vec![1.0, -1.0])?;
    /// assert_eq!(weekly.season.len(), 2);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn with_season(mut self, gamma: f64, season: Vec<f64>) -> Result<Self, StatsError> {
        check_finite("season", &season)?;
        self.gamma = if season.is_empty() { 0.0 } else { unit("gamma", gamma)? };
        self.season = season;
        Ok(self)
    }
}

/// A model after it has seen a series.
///
/// ```
/// use devops_stats::ets::{EtsModel, ets};
/// let state = ets(&[6.0, 8.0], &EtsModel::simple(0.5, 6.0)?)?;
/// assert_eq!((state.model.level, state.sse), (7.0, 4.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EtsState {
    /// The model with the states after the last value, the first season being the next one.
    pub model: EtsModel,
    /// Number of values seen.
    pub n: usize,
    /// Sum of squared one-step errors.
    pub sse: f64,
    /// Variance of the errors: SSE/n for given parameters; a fit divides by n less its parameters.
    pub sigma2: f64,
    /// One-step errors, in order.
    pub errors: Vec<f64>,
}

/// Runs a model with given parameters and initial states over a series.
///
/// Source: Hyndman, Koehler, Ord & Snyder (2008), chapter 2. O(n).
///
/// # Errors
/// [`StatsError::NotEnoughData`] for an empty series, [`StatsError::NonFinite`], [`StatsError::OutOfRange`]
/// when the states or the sum of squares are not finite.
///
/// ```
/// use devops_stats::ets::{EtsModel, ets};
///
/// let model = EtsModel::damped(0.4, 0.1, 0.9, 20.0, -0.5)?;
/// let state = ets(&[19.0, 19.5, 18.0, 17.5], &model)?;
/// let forecast = state.forecast(3, 0.95)?;
/// assert!(forecast.steps[2].mean < 18.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn ets(x: &[f64], model: &EtsModel) -> Result<EtsState, StatsError> {
    enough(1, x.len())?;
    let x = finite("x", x)?;
    let mut model = model.clone();
    let mut errors = Vec::with_capacity(x.len());
    let period = model.season.len();
    for (t, y) in x.iter().enumerate() {
        let season = if period > 0 { model.season[t % period] } else { 0.0 };
        let fitted = model.level + model.phi * model.trend;
        let e = y - (fitted + season);
        model.level = fitted + model.alpha * e;
        model.trend = model.phi * model.trend + model.beta * e;
        if period > 0 {
            model.season[t % period] += model.gamma * e;
        }
        errors.push(e);
    }
    if period > 0 {
        model.season.rotate_left(x.len() % period);
    }
    fits("x", model.level)?;
    fits("x", model.trend)?;
    let sse = fits("x", sum(errors.iter().map(|e| e * e)))?;
    Ok(EtsState { model, n: x.len(), sse, sigma2: sse / x.len() as f64, errors })
}

impl EtsState {
    /// The next `horizon` values: means from the states, variances
    /// σ² [1 + Σ_{j<h} (α + β φ_j + γ at whole cycles)²] with φ_j = φ + … + φʲ, normal intervals.
    ///
    /// Source: Hyndman, Koehler, Ord & Snyder (2008), chapter 6. O(h).
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for a horizon outside 1..=100000 or a confidence outside (0, 1).
    ///
    /// ```
    /// use devops_stats::ets::{EtsModel, ets};
    /// let state = ets(&[4.0, 6.0, 5.0], &EtsModel::simple(0.5, 5.0)?)?;
    /// let forecast = state.forecast(2, 0.95)?;
    /// assert_eq!(forecast.steps[0].variance, state.sigma2);
    /// assert_eq!(forecast.steps[1].variance, state.sigma2 * 1.25);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn forecast(&self, horizon: usize, confidence: f64) -> Result<Forecast, StatsError> {
        check_horizon(horizon)?;
        let model = &self.model;
        let (mut fading, mut power, mut spread) = (0.0, 1.0, 1.0);
        let mut moments = Vec::with_capacity(horizon);
        for h in 1..=horizon {
            power *= model.phi;
            fading += power;
            let season =
                if model.season.is_empty() { 0.0 } else { model.season[(h - 1) % model.season.len()] };
            moments.push((model.level + fading * model.trend + season, self.sigma2 * spread));
            let cycle =
                if !model.season.is_empty() && h % model.season.len() == 0 { model.gamma } else { 0.0 };
            let weight = model.alpha + model.beta * fading + cycle;
            spread += weight * weight;
        }
        Forecast::normal(model.method, self.n, confidence, moments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    #[test]
    fn seasons_turn_with_the_series() {
        let model = EtsModel::simple(0.0, 10.0).unwrap().with_season(0.0, vec![1.0, 2.0, 3.0]).unwrap();
        let state = ets(&[11.0, 12.0, 13.0, 11.0], &model).unwrap();
        assert_eq!(state.sse, 0.0);
        let means: Vec<f64> = state.forecast(4, 0.9).unwrap().steps.iter().map(|s| s.mean).collect();
        assert_eq!(means, [12.0, 13.0, 11.0, 12.0]);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert!(EtsModel::trend(0.5, f64::NAN, 0.0, 0.0).is_err());
        assert!(EtsModel::damped(0.5, 0.1, 1.1, 0.0, 0.0).is_err());
        assert!(EtsModel::simple(0.5, f64::INFINITY).is_err());
        assert!(EtsModel::simple(0.5, 0.0).unwrap().with_season(2.0, vec![1.0]).is_err());
        assert!(ets(&[], &EtsModel::simple(0.5, 0.0).unwrap()).is_err());
        assert!(ets(&[1e300, -1e300], &EtsModel::simple(0.5, 0.0).unwrap()).is_err());
    }

    proptest! {
        #[test]
        fn any_bits_never_panic(bits in proptest::collection::vec(any::<u64>(), 0..20), p in any::<[u64; 5]>()) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).collect();
            let p = p.map(f64::from_bits);
            let usual = EtsModel::damped(0.5, 0.4, 0.9, p[3], p[4]);
            for model in [EtsModel::damped(p[0], p[1], p[2], p[3], p[4]), usual].into_iter().flatten() {
                if let Ok(state) = ets(&x, &model) {
                    let _ = state.forecast(5, 0.9);
                }
            }
        }
    }
}
