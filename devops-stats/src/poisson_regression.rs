//! Do counts rise or fall, given how long we looked? Poisson regression.

use crate::StatsError;
use crate::input::{enough, finite, open_unit, same_length};
use crate::outcome::{Outcome, Undefined};
use crate::proportion::critical;
use crate::special::stirling_error;
use crate::sums::{scale_of, sum};
use crate::tail::{Interval, NormalTest};
use alloc::format;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Above this dispersion a negative binomial model is fitted too.
pub const OVERDISPERSED: f64 = 2.0;
/// Steps of Newton's method before giving up.
const STEPS: u32 = 200;

/// A log-linear model of counts: `log μ = intercept + slope · t + log exposure`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PoissonRegression {
    /// Number of periods.
    pub n: usize,
    /// Logarithm of the rate at time 0.
    pub intercept: f64,
    /// Change of the logarithm of the rate per unit of time.
    pub slope: f64,
    /// Standard error of the intercept.
    pub se_intercept: f64,
    /// Standard error of the slope for Poisson counts.
    pub se_slope: f64,
    /// Wald test of the slope.
    pub test: NormalTest,
    /// Interval of the slope, `slope ∓ z · se_slope`.
    pub interval: Interval,
    /// `exp(slope)`: factor of the rate per unit of time; `None` when it overflows.
    pub rate_ratio: Option<f64>,
    /// Deviance of the model.
    pub deviance: f64,
    /// Deviance of the model without a slope.
    pub null_deviance: f64,
    /// Logarithm of the likelihood.
    pub log_likelihood: f64,
    /// Pearson's `Σ (y − μ)²/μ`.
    pub pearson: f64,
    /// `pearson/(n − 2)`; about 1 for Poisson counts, `None` for two periods.
    pub dispersion: Option<f64>,
    /// Standard error of the slope times `√dispersion` (quasi-Poisson).
    pub se_slope_quasi: Option<f64>,
    /// The model for over-dispersed counts, when the dispersion is above [`OVERDISPERSED`].
    pub negative_binomial: Option<NegativeBinomial>,
}

/// A log-linear model with variance `μ + αμ²` (NB2).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NegativeBinomial {
    /// The over-dispersion α, at which Pearson's statistic equals `n − 2` (Breslow 1984).
    pub alpha: f64,
    /// Logarithm of the rate at time 0.
    pub intercept: f64,
    /// Change of the logarithm of the rate per unit of time.
    pub slope: f64,
    /// Standard error of the slope.
    pub se_slope: f64,
    /// Wald test of the slope.
    pub test: NormalTest,
}

/// Poisson regression of `counts` on time with `exposure` (hours observed, deployments tried, …).
///
/// Maximum likelihood by iteratively reweighted least squares with halved steps (McCullagh & Nelder 1989).
/// O(n) a step, at most 200 steps. Undefined when all times are equal ([`Undefined::OneTime`]), with fewer than
/// 2 non-zero counts or all events at one end ([`Undefined::Separated`]).
///
/// # Errors
///
/// Different lengths, fewer than 2 periods, a time that is not finite, an exposure that is not finite and
/// positive, a confidence outside (0, 1).
///
/// ```
/// use devops_stats::poisson_regression::poisson_regression;
/// let deploys = [3, 4, 6, 5, 9, 11];
/// let weeks = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
/// let found = poisson_regression(&deploys, &weeks, &[1.0; 6], 0.95)?.defined().unwrap();
/// assert!(found.rate_ratio.unwrap() > 1.2 && found.test.p < 0.02);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn poisson_regression(
    counts: &[u64],
    times: &[f64],
    exposure: &[f64],
    confidence: f64,
) -> Result<Outcome<PoissonRegression>, StatsError> {
    same_length("counts", counts.len(), "times", times.len())?;
    same_length("counts", counts.len(), "exposure", exposure.len())?;
    open_unit("confidence", confidence)?;
    enough(2, counts.len())?;
    let times = finite("times", times)?;
    if let Some(index) = exposure.iter().position(|e| !(e.is_finite() && *e > 0.0)) {
        let value = exposure.get(index).map(|e| format!("{e}")).unwrap_or_default();
        let range = "a finite number above 0";
        return Err(StatsError::ElementOutOfRange { argument: "exposure", index, value, range });
    }
    Ok(match fit(counts, &times, exposure, confidence) {
        Ok(found) => Outcome::Defined(found),
        Err(reason) => Outcome::Undefined(reason),
    })
}

/// The data with times moved and scaled to about −1 … 1.
struct Data {
    y: Vec<f64>,
    t: Vec<f64>,
    log_exposure: Vec<f64>,
    center: f64,
    scale: f64,
}

/// Coefficients on the moved times, with the information that they were found with.
#[derive(Clone, Copy)]
struct Fit {
    a: f64,
    b: f64,
    weight: f64,
    mean_t: f64,
    spread: f64,
}

impl Data {
    fn new(counts: &[u64], times: &[f64], exposure: &[f64]) -> Result<Self, Undefined> {
        let ends = |keep: &dyn Fn(usize) -> bool| {
            let chosen = times.iter().enumerate().filter(|(i, _)| keep(*i));
            chosen.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, &t)| {
                (if t < low { t } else { low }, if t > high { t } else { high })
            })
        };
        let (low, high) = ends(&|_| true);
        if low == high {
            return Err(Undefined::OneTime);
        }
        let happened = |i: usize| counts.get(i).is_some_and(|c| *c > 0);
        let nonzero = (0..counts.len()).filter(|&i| happened(i)).count();
        let (first, last) = ends(&happened);
        if nonzero < 2 || (first == last && (first == low || first == high)) {
            return Err(Undefined::Separated);
        }
        let guard = scale_of(times);
        let half = 0.5 * (high * guard - low * guard);
        let center = 0.5 * low * guard + 0.5 * high * guard;
        Ok(Self {
            y: counts.iter().map(|&c| real(c)).collect(),
            t: times.iter().map(|t| (t * guard - center) / half).collect(),
            log_exposure: exposure.iter().map(|e| libm::log(*e)).collect(),
            center: center / half,
            scale: guard / half,
        })
    }

    fn means(&self, a: f64, b: f64) -> Vec<f64> {
        self.t.iter().zip(&self.log_exposure).map(|(t, e)| libm::exp(a + b * t + e)).collect()
    }

    /// Log-likelihood less what does not depend on the coefficients.
    fn objective(&self, a: f64, b: f64, alpha: f64) -> f64 {
        let eta = self.t.iter().zip(&self.log_exposure).map(|(t, e)| a + b * t + e);
        sum(self.y.iter().zip(eta).map(|(y, eta)| {
            let mean = libm::exp(eta);
            if alpha == 0.0 {
                y * eta - mean
            } else {
                y * eta - (y + 1.0 / alpha) * libm::log1p(alpha * mean)
            }
        }))
    }

    /// Newton's (scoring) method from a start, halving steps that do not climb.
    fn climb(&self, mut a: f64, mut b: f64, alpha: f64) -> Result<Fit, Undefined> {
        let mut here = self.objective(a, b, alpha);
        for _ in 0..STEPS {
            let (fit, da, db) = self.step(a, b, alpha).ok_or(Undefined::Separated)?;
            let mut factor = 1.0;
            let mut there = self.objective(a + da, b + db, alpha);
            while !(there >= here - 1e-12 * here.abs()) && factor > 1e-9 {
                factor *= 0.5;
                there = self.objective(a + factor * da, b + factor * db, alpha);
            }
            a += factor * da;
            b += factor * db;
            here = there;
            let small = |change: f64, size: f64| change.abs() <= 4.0 * f64::EPSILON * (1.0 + size.abs());
            if small(factor * da, a) && small(factor * db, b) || factor <= 1e-9 {
                return Ok(Fit { a, b, ..fit });
            }
        }
        let (fit, ..) = self.step(a, b, alpha).ok_or(Undefined::NotConverged)?;
        let settled = fit.spread > 0.0 && b.abs() < 1e6;
        if settled { Ok(Fit { a, b, ..fit }) } else { Err(Undefined::NotConverged) }
    }

    /// One scoring step; `None` when the information has run out.
    fn step(&self, a: f64, b: f64, alpha: f64) -> Option<(Fit, f64, f64)> {
        let means = self.means(a, b);
        let weights: Vec<f64> = means.iter().map(|m| m / (1.0 + alpha * m)).collect();
        let residuals: Vec<f64> =
            self.y.iter().zip(&means).map(|(y, m)| (y - m) / (1.0 + alpha * m)).collect();
        let weight = sum(weights.iter().copied());
        let mean_t = sum(weights.iter().zip(&self.t).map(|(w, t)| w * t)) / weight;
        let spread = sum(weights.iter().zip(&self.t).map(|(w, t)| w * (t - mean_t) * (t - mean_t)));
        if !(weight > 0.0 && spread > 0.0 && weight.is_finite()) {
            return None;
        }
        let db = sum(residuals.iter().zip(&self.t).map(|(r, t)| r * (t - mean_t))) / spread;
        let da = sum(residuals.iter().copied()) / weight - db * mean_t;
        (da.is_finite() && db.is_finite()).then_some((Fit { a, b, weight, mean_t, spread }, da, db))
    }

    /// Slope, intercept and their standard errors in the caller's time.
    fn own(&self, fit: &Fit) -> [f64; 4] {
        let slope = fit.b * self.scale;
        let intercept = fit.a - fit.b * self.center;
        let se_slope = self.scale / libm::sqrt(fit.spread);
        let away = self.center + fit.mean_t;
        let se_intercept = libm::sqrt(1.0 / fit.weight + away * away / fit.spread);
        [slope, intercept, se_slope, se_intercept]
    }
}

fn fit(
    counts: &[u64],
    times: &[f64],
    exposure: &[f64],
    confidence: f64,
) -> Result<PoissonRegression, Undefined> {
    let data = Data::new(counts, times, exposure)?;
    let events = sum(data.y.iter().copied());
    let largest = data.log_exposure.iter().fold(f64::NEG_INFINITY, |m, e| if *e > m { *e } else { m });
    let observed = sum(data.log_exposure.iter().map(|e| libm::exp(e - largest)));
    let flat = libm::log(events) - libm::log(observed) - largest;
    let found = data.climb(flat, 0.0, 0.0)?;
    // The information belongs to the step before; take it at the solution.
    let found = data.step(found.a, found.b, 0.0).map_or(found, |(at, ..)| at);
    let [slope, intercept, se_slope, se_intercept] = data.own(&found);
    if ![slope, intercept, se_slope, se_intercept].iter().all(|v| v.is_finite()) || !(se_slope > 0.0) {
        return Err(Undefined::Overflow);
    }
    let means = data.means(found.a, found.b);
    let pearson = pearson(&data.y, &means, 0.0);
    let log_likelihood = log_likelihood(&data.y, &means);
    let [deviance, null_deviance] = [means, data.means(flat, 0.0)].map(|m| deviance(&data.y, &m));
    let n = data.y.len();
    if ![pearson, deviance, log_likelihood, null_deviance].iter().all(|v| v.is_finite()) {
        return Err(Undefined::Overflow);
    }
    let dispersion = (n > 2).then(|| pearson / (real(n as u64) - 2.0));
    let half = critical(confidence) * se_slope;
    let ratio = libm::exp(slope);
    Ok(PoissonRegression {
        n,
        intercept,
        slope,
        se_intercept,
        se_slope,
        test: NormalTest::from_z(slope / se_slope),
        interval: Interval::new(slope - half, slope + half),
        rate_ratio: ratio.is_finite().then_some(ratio),
        deviance,
        null_deviance,
        log_likelihood,
        pearson,
        dispersion,
        se_slope_quasi: dispersion.map(|d| se_slope * libm::sqrt(d)),
        negative_binomial: dispersion
            .filter(|d| *d > OVERDISPERSED)
            .and_then(|_| negative_binomial(&data, &found)),
    })
}

fn pearson(y: &[f64], means: &[f64], alpha: f64) -> f64 {
    sum(y.iter().zip(means).map(|(&y, &m)| {
        if y == 0.0 {
            return m / (1.0 + alpha * m);
        }
        let residual = y - m;
        residual * (residual / (m * (1.0 + alpha * m)))
    }))
}

/// `2 Σ [y ln(y/μ) − (y − μ)]`
fn deviance(y: &[f64], means: &[f64]) -> f64 {
    2.0 * sum(y.iter().zip(means).map(|(&y, &m)| if y == 0.0 { m } else { y * libm::log(y / m) - (y - m) }))
}

/// Each term is the saddle-point form of the Poisson density (Loader 2000).
fn log_likelihood(y: &[f64], means: &[f64]) -> f64 {
    sum(y.iter().zip(means).map(|(&y, &m)| {
        if y == 0.0 {
            return -m;
        }
        let away = y * libm::log(y / m) - (y - m);
        -away - stirling_error(y) - 0.5 * libm::log(core::f64::consts::TAU * y)
    }))
}

/// α by bisection on Pearson's statistic, the coefficients refitted at each.
fn negative_binomial(data: &Data, start: &Fit) -> Option<NegativeBinomial> {
    let free = real(data.y.len() as u64) - 2.0;
    let excess = |alpha: f64, from: &Fit| {
        let fit = data.climb(from.a, from.b, alpha).ok()?;
        Some((fit, pearson(&data.y, &data.means(fit.a, fit.b), alpha) - free))
    };
    let (mut low, mut high) = (0.0, 1e-3);
    let mut fit = *start;
    loop {
        let (there, over) = excess(high, &fit)?;
        fit = there;
        if over <= 0.0 {
            break;
        }
        low = high;
        high *= 4.0;
        if high > 1e9 {
            return None;
        }
    }
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        let (there, over) = excess(middle, &fit)?;
        fit = there;
        if over > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
        if high - low <= 1e-14 * high {
            break;
        }
    }
    let (at, ..) = data.step(fit.a, fit.b, high)?;
    let [slope, intercept, se_slope, _] = data.own(&at);
    let test = NormalTest::from_z(slope / se_slope);
    (slope.is_finite() && intercept.is_finite() && test.z.is_finite()).then_some(NegativeBinomial {
        alpha: high,
        intercept,
        slope,
        se_slope,
        test,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts above 2^53 are rounded")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn undefined_cases() {
        let run = |y: &[u64], t: &[f64]| {
            poisson_regression(y, t, &alloc::vec![1.0; y.len()], 0.95).unwrap().reason()
        };
        assert_eq!(run(&[0, 0, 0], &[0.0, 1.0, 2.0]), Some(Undefined::Separated));
        assert_eq!(run(&[0, 0, 5], &[0.0, 1.0, 2.0]), Some(Undefined::Separated));
        assert_eq!(run(&[0, 3, 5], &[0.0, 2.0, 2.0]), Some(Undefined::Separated));
        assert_eq!(run(&[1, 3, 5], &[2.0, 2.0, 2.0]), Some(Undefined::OneTime));
        assert_eq!(run(&[1, 3], &[0.0, 1.0]), None);
    }

    #[test]
    fn over_dispersed_counts_get_a_wider_error() {
        let y = [0, 40, 2, 55, 1, 60, 3, 70, 90, 0];
        let t: Vec<f64> = (0..10).map(f64::from).collect();
        let found = poisson_regression(&y, &t, &[1.0; 10], 0.95).unwrap().defined().unwrap();
        let nb = found.negative_binomial.unwrap();
        assert!(nb.alpha > 0.1 && nb.se_slope > 2.0 * found.se_slope);
    }

    proptest! {
        #[test]
        fn any_input_ends(y in prop::collection::vec(0_u64..50, 2..12), seed in any::<u64>(), spread in -300_i32..300) {
            let mut rng = crate::rng::Rng::new(seed);
            let t: Vec<f64> = y.iter().map(|_| rng.next_f64() * 10.0_f64.powi(spread)).collect();
            let e: Vec<f64> = y.iter().map(|_| rng.next_f64() + 1e-9).collect();
            if let Ok(Outcome::Defined(found)) = poisson_regression(&y, &t, &e, 0.95) {
                prop_assert!(found.slope.is_finite() && found.test.p <= 1.0);
            }
        }
    }
}
