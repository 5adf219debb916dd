//! Exponential smoothing fitted by maximum likelihood.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "arrays of fixed size; seasonal states are indexed modulo the period"
)]

use crate::StatsError;
use crate::box_search::{Simplex, minimize_in_box};
use crate::ets::{EtsModel, EtsState, ets};
use crate::forecast::Forecast;
use crate::input::{enough, finite};
use crate::sums::{fits, mean, scale_of};
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Which components the model has.
///
/// Closed: the additive, non-seasonal part has these three shapes.
///
/// ```
/// use devops_stats::ets_fit::EtsShape;
/// assert_eq!(EtsShape::default(), EtsShape::DampedTrend);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the additive part has these three shapes")]
pub enum EtsShape {
    /// A level.
    Simple,
    /// A level and a trend.
    Trend,
    /// A level and a trend that fades: the steadiest in forecast competitions.
    #[default]
    DampedTrend,
}

/// Options of a fit.
///
/// ```
/// use devops_stats::ets_fit::{EtsFitOptions, EtsShape};
/// let options = EtsFitOptions::new(EtsShape::Trend).with_period(7);
/// assert_eq!(options.period, 7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EtsFitOptions {
    /// Which components the model has.
    pub shape: EtsShape,
    /// Periods of a seasonal cycle; 0 or 1 for none.
    pub period: usize,
}

impl EtsFitOptions {
    /// Without seasons.
    ///
    /// ```
    /// use devops_stats::ets_fit::{EtsFitOptions, EtsShape};
    /// assert_eq!(EtsFitOptions::new(EtsShape::Simple).period, 0);
    /// ```
    #[must_use]
    pub fn new(shape: EtsShape) -> Self {
        Self { shape, period: 0 }
    }

    /// Sets the length of the seasonal cycle.
    ///
    /// ```
    /// use devops_stats::ets_fit::{EtsFitOptions, EtsShape};
    /// assert_eq!(EtsFitOptions::new(EtsShape::Simple).with_period(12).period, 12);
    /// ```
    #[must_use]
    pub fn with_period(mut self, period: usize) -> Self {
        self.period = period;
        self
    }

    fn cycle(self) -> usize {
        if self.period > 1 { self.period } else { 0 }
    }

    /// Estimated numbers: weights, initial states, seasons (less one, which the level determines).
    fn parameters(self) -> usize {
        let shape = match self.shape {
            EtsShape::Simple => 2,
            EtsShape::Trend => 4,
            EtsShape::DampedTrend => 5,
        };
        shape + self.cycle()
    }

    fn check(self, n: usize) -> Result<(), StatsError> {
        if self.period > n.saturating_mul(2) {
            return Err(StatsError::NotEnoughData { needed: self.period.saturating_mul(2), got: n });
        }
        let for_cycle = self.cycle() * 2;
        let for_shape = self.parameters() + 1;
        enough(if for_cycle > for_shape { for_cycle } else { for_shape }, n)
    }
}

/// A fitted model.
///
/// ```
/// use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
/// let x = [10.0, 12.0, 11.0, 13.0, 12.0, 14.0];
/// let fit = ets_fit(&x, EtsFitOptions::new(EtsShape::Simple))?;
/// assert_eq!((fit.n, fit.parameters), (6, 2));
/// assert!(fit.sse <= 12.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EtsFit {
    /// The model with its states before the first value.
    pub initial: EtsModel,
    /// The states after the last value, with σ² = SSE/(n − parameters).
    pub state: EtsState,
    /// Number of values.
    pub n: usize,
    /// Number of estimated parameters, initial states included.
    pub parameters: usize,
    /// Sum of squared one-step errors, the least that was found.
    pub sse: f64,
}

impl EtsFit {
    /// The next `horizon` values, at most half as many as there are past ones.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for a horizon of 0 or beyond n/2, or a confidence outside (0, 1).
    ///
    /// ```
    /// use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
    /// let x = [10.0, 12.0, 11.0, 13.0, 12.0, 14.0];
    /// let fit = ets_fit(&x, EtsFitOptions::new(EtsShape::Simple))?;
    /// assert_eq!(fit.forecast(3, 0.9)?.steps.len(), 3);
    /// assert!(fit.forecast(4, 0.9).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn forecast(&self, horizon: usize, confidence: f64) -> Result<Forecast, StatsError> {
        if horizon > self.n / 2 {
            return Err(StatsError::out_of_range(
                "horizon",
                horizon,
                "at most half the number of past values",
            ));
        }
        self.state.forecast(horizon, confidence)
    }
}

/// Fits additive exponential smoothing by maximum likelihood: the least sum of squared one-step errors.
///
/// Bounds 0.0001 ≤ β ≤ α ≤ 0.9999, 0.8 ≤ φ ≤ 0.98, 0.0001 ≤ γ ≤ 1 − α. The errors are linear in the initial
/// level and trend, so for every choice of weights those are solved for exactly, and only the one to four
/// weights are searched: a grid, then Nelder & Mead (1965) from its best points, then a compass search.
/// Initial seasons come from a regression on season and trend. The interval uses SSE/(n − parameters).
/// Source: Hyndman, Koehler, Ord & Snyder (2008), chapter 5. Time O(n) for each of about 500 trials.
///
/// # Errors
/// [`StatsError::NotEnoughData`] with no more values than parameters or less than two cycles,
/// [`StatsError::NonFinite`], [`StatsError::OutOfRange`] when the sum of squares is not finite.
///
/// ```
/// use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
///
/// let falling: Vec<f64> = (0..24).map(|i| 40.0 - f64::from(i) + f64::from(i * 7 % 5)).collect();
/// let fit = ets_fit(&falling, EtsFitOptions::new(EtsShape::DampedTrend))?;
/// let forecast = fit.forecast(4, 0.95)?;
/// assert!(forecast.steps[3].mean < 20.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn ets_fit(x: &[f64], options: EtsFitOptions) -> Result<EtsFit, StatsError> {
    fit_from(x, options, None).map(|(fit, _)| fit)
}

/// A fit and the place in the box where it was found; `near` starts the search at an earlier such place.
pub(crate) fn fit_from(
    x: &[f64],
    options: EtsFitOptions,
    near: Option<&[f64]>,
) -> Result<(EtsFit, Vec<f64>), StatsError> {
    options.check(x.len())?;
    let x = finite("x", x)?;
    let problem = Problem::new(&x, options);
    let (grid, starts) = (problem.grid(), Simplex { starts: 3, iterations: 60 });
    let point = match near {
        Some(point) if point.len() == problem.dimensions() => {
            minimize_in_box(&[point.to_vec()], Simplex { starts: 1, iterations: 30 }, |p| problem.sse(p))
        }
        _ => minimize_in_box(&grid, starts, |p| problem.sse(p)),
    };
    let initial = problem.model(&point)?;
    let mut state = ets(&x, &initial)?;
    let parameters = options.parameters();
    let sse = state.sse;
    state.sigma2 = sse / (x.len() - parameters) as f64;
    Ok((EtsFit { initial, state, n: x.len(), parameters, sse }, point))
}

/// Weights of the recursion.
#[derive(Debug, Clone, Copy)]
struct Weights {
    alpha: f64,
    beta: f64,
    phi: f64,
    gamma: f64,
}

/// The values around their first, scaled, and what is to be fitted.
struct Problem {
    y: Vec<f64>,
    offset: f64,
    scale: f64,
    options: EtsFitOptions,
    season: Vec<f64>,
}

/// Sums of products of the errors' three parts: by the data, by a unit of level, by a unit of trend.
type Products = [f64; 6];

const FLOOR: f64 = 1e-4;
const CEILING: f64 = 0.9999;

impl Problem {
    fn new(x: &[f64], options: EtsFitOptions) -> Self {
        let scale = scale_of(x);
        let offset = x[0] * scale;
        let y: Vec<f64> = x.iter().map(|v| v * scale - offset).collect();
        let season = seasonal_start(&y, options.cycle());
        Self { y, offset, scale, options, season }
    }

    fn dimensions(&self) -> usize {
        let shape = match self.options.shape {
            EtsShape::Simple => 1,
            EtsShape::Trend => 2,
            EtsShape::DampedTrend => 3,
        };
        shape + usize::from(!self.season.is_empty())
    }

    /// A point of the unit box: α, β's share of its range, φ's, γ's.
    fn weights(&self, point: &[f64]) -> Weights {
        let alpha = FLOOR + (CEILING - FLOOR) * point[0];
        let beta = FLOOR + (alpha - FLOOR) * point.get(1).copied().unwrap_or(0.0);
        let gamma = match (self.season.is_empty(), point.last()) {
            (false, Some(share)) => FLOOR + (1.0 - alpha - FLOOR).clamp(0.0, 1.0) * share,
            _ => 0.0,
        };
        match self.options.shape {
            EtsShape::Simple => Weights { alpha, beta: 0.0, phi: 0.0, gamma },
            EtsShape::Trend => Weights { alpha, beta, phi: 1.0, gamma },
            EtsShape::DampedTrend => Weights { alpha, beta, phi: 0.8 + 0.18 * point[2], gamma },
        }
    }

    fn grid(&self) -> Vec<Vec<f64>> {
        let mut points = vec![Vec::new()];
        let axes: &[&[f64]] = match self.options.shape {
            EtsShape::Simple => &[&[0.0, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]],
            EtsShape::Trend => &[&[0.0, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0], &[0.0, 0.1, 0.4, 0.8]],
            EtsShape::DampedTrend => {
                &[&[0.0, 0.05, 0.15, 0.3, 0.5, 0.75, 1.0], &[0.0, 0.1, 0.4, 0.8], &[0.1, 0.6, 1.0]]
            }
        };
        let gamma: &[&[f64]] = if self.season.is_empty() { &[] } else { &[&[0.0, 0.2, 0.6]] };
        for axis in axes.iter().chain(gamma) {
            points = points
                .iter()
                .flat_map(|p| {
                    axis.iter().map(move |&v| {
                        let mut next = p.clone();
                        next.push(v);
                        next
                    })
                })
                .collect();
        }
        points
    }

    /// The least sum of squares for these weights over all initial levels and trends.
    fn sse(&self, point: &[f64]) -> f64 {
        let weights = self.weights(point);
        let s = if self.season.is_empty() { self.products(weights) } else { self.seasonal_products(weights) };
        let (level, trend) = solve(&s);
        let sse = s[0]
            + 2.0 * (level * s[1] + trend * s[2])
            + level * level * s[3]
            + 2.0 * level * trend * s[4]
            + trend * trend * s[5];
        if sse.is_finite() { sse } else { f64::MAX }
    }

    fn products(&self, w: Weights) -> Products {
        let mut sums = [0.0; 6];
        let mut level = [0.0, 1.0, 0.0];
        let mut trend = [0.0, 0.0, if w.phi > 0.0 { 1.0 } else { 0.0 }];
        for &y in &self.y {
            let mut e = [0.0; 3];
            for k in 0..3 {
                let carried = w.phi * trend[k];
                let fitted = level[k] + carried;
                e[k] = if k == 0 { y - fitted } else { -fitted };
                level[k] = fitted + w.alpha * e[k];
                trend[k] = carried + w.beta * e[k];
            }
            accumulate(&mut sums, e);
        }
        sums
    }

    fn seasonal_products(&self, w: Weights) -> Products {
        let mut sums = [0.0; 6];
        let mut level = [0.0, 1.0, 0.0];
        let mut trend = [0.0, 0.0, if w.phi > 0.0 { 1.0 } else { 0.0 }];
        let mut season: Vec<[f64; 3]> = self.season.iter().map(|&s| [s, 0.0, 0.0]).collect();
        for (t, &y) in self.y.iter().enumerate() {
            let mut e = [0.0; 3];
            let place = t % season.len();
            for k in 0..3 {
                let carried = w.phi * trend[k];
                let fitted = level[k] + carried;
                let seen = fitted + season[place][k];
                e[k] = if k == 0 { y - seen } else { -seen };
                level[k] = fitted + w.alpha * e[k];
                trend[k] = carried + w.beta * e[k];
                season[place][k] += w.gamma * e[k];
            }
            accumulate(&mut sums, e);
        }
        sums
    }

    /// The model in the unit of the input.
    fn model(&self, point: &[f64]) -> Result<EtsModel, StatsError> {
        let w = self.weights(point);
        let s = if self.season.is_empty() { self.products(w) } else { self.seasonal_products(w) };
        let (level, trend) = solve(&s);
        let back = |v: f64| fits("x", v / self.scale);
        let (level, trend) = (back(level + self.offset)?, back(trend)?);
        let model = match self.options.shape {
            EtsShape::Simple => EtsModel::simple(w.alpha, level)?,
            EtsShape::Trend => EtsModel::trend(w.alpha, w.beta, level, trend)?,
            EtsShape::DampedTrend => EtsModel::damped(w.alpha, w.beta, w.phi, level, trend)?,
        };
        let season = self.season.iter().map(|&s| back(s)).collect::<Result<Vec<f64>, _>>()?;
        model.with_season(w.gamma, season)
    }
}

fn accumulate(sums: &mut Products, e: [f64; 3]) {
    sums[0] += e[0] * e[0];
    sums[1] += e[0] * e[1];
    sums[2] += e[0] * e[2];
    sums[3] += e[1] * e[1];
    sums[4] += e[1] * e[2];
    sums[5] += e[2] * e[2];
}

/// The initial level and trend that make the sum of squares least.
fn solve(s: &Products) -> (f64, f64) {
    let determinant = s[3] * s[5] - s[4] * s[4];
    if determinant > 1e-13 * s[3] * s[5] {
        return ((s[4] * s[2] - s[5] * s[1]) / determinant, (s[4] * s[1] - s[3] * s[2]) / determinant);
    }
    (if s[3] > 0.0 { -s[1] / s[3] } else { 0.0 }, 0.0)
}

/// Seasonal deviations by least squares on season and linear trend, with sum 0.
///
/// The slope is that of the values about their season's mean; each season's deviation is its mean less the
/// trend at its own mean time.
fn seasonal_start(y: &[f64], period: usize) -> Vec<f64> {
    if period == 0 {
        return Vec::new();
    }
    let pick = |phase: usize| (phase..y.len()).step_by(period);
    let (mut cross, mut square) = (0.0, 0.0);
    let (mut times, mut levels) = (Vec::with_capacity(period), Vec::with_capacity(period));
    for phase in 0..period {
        let count = pick(phase).count() as f64;
        let time = pick(phase).map(|t| t as f64).sum::<f64>() / count;
        let level = pick(phase).map(|t| y[t]).sum::<f64>() / count;
        for t in pick(phase) {
            cross += (t as f64 - time) * (y[t] - level);
            square += (t as f64 - time) * (t as f64 - time);
        }
        times.push(time);
        levels.push(level);
    }
    let slope = if square > 0.0 { cross / square } else { 0.0 };
    let raw: Vec<f64> = levels.iter().zip(&times).map(|(level, time)| level - slope * time).collect();
    let center = mean(&raw);
    raw.iter().map(|v| v - center).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_fitted_without_error() {
        let x: Vec<f64> = (0..20).map(|i| 3.0 + 2.0 * f64::from(i)).collect();
        let fit = ets_fit(&x, EtsFitOptions::new(EtsShape::Trend)).unwrap();
        assert!(fit.sse < 1e-18, "{}", fit.sse);
        assert!((fit.forecast(2, 0.9).unwrap().steps[1].mean - 45.0).abs() < 1e-9);
    }

    #[test]
    fn seasons_are_found() {
        let mut rng = Rng::new(1);
        let cycle = [5.0, -2.0, -3.0, 0.0];
        let x: Vec<f64> =
            (0..40).map(|i| 50.0 + 0.5 * i as f64 + cycle[i % 4] + 0.1 * rng.normal()).collect();
        let fit = ets_fit(&x, EtsFitOptions::new(EtsShape::Trend).with_period(4)).unwrap();
        for (h, step) in fit.forecast(8, 0.95).unwrap().steps.iter().enumerate() {
            let truth = 70.0 + 0.5 * h as f64 + cycle[h % 4];
            assert!((step.mean - truth).abs() < 0.5, "{h} {} {truth}", step.mean);
        }
        assert!(ets_fit(&x[..7], EtsFitOptions::new(EtsShape::Simple).with_period(4)).is_err());
    }

    #[test]
    fn offsets_and_scales_do_no_harm() {
        let mut rng = Rng::new(2);
        let x: Vec<f64> = (0..30).map(|i| f64::from(i) * 0.2 + rng.normal()).collect();
        let options = EtsFitOptions::new(EtsShape::DampedTrend);
        let plain = ets_fit(&x, options).unwrap();
        let moved: Vec<f64> = x.iter().map(|v| v + 1e9).collect();
        assert!((ets_fit(&moved, options).unwrap().sse / plain.sse - 1.0).abs() < 1e-5);
        let tiny: Vec<f64> = x.iter().map(|v| v * 1e-150).collect();
        assert!((ets_fit(&tiny, options).unwrap().sse / plain.sse / 1e-300 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn short_and_constant_series() {
        let options = EtsFitOptions::new(EtsShape::DampedTrend);
        assert_eq!(ets_fit(&[1.0; 5], options), Err(StatsError::NotEnoughData { needed: 6, got: 5 }));
        let flat = ets_fit(&[4.0; 10], options).unwrap();
        assert_eq!(flat.sse, 0.0);
        assert_eq!(flat.forecast(2, 0.9).unwrap().steps[1].mean, 4.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn any_bits_never_panic(bits in proptest::collection::vec(any::<u64>(), 0..20), period in any::<usize>()) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).filter(|v| v.is_finite()).collect();
            for shape in [EtsShape::Simple, EtsShape::Trend, EtsShape::DampedTrend] {
                for period in [0, 3, period] {
                    let _ = ets_fit(&x, EtsFitOptions::new(shape).with_period(period));
                }
            }
        }
    }
}
