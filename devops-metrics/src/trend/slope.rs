//! Does it go up or down, and by how much? One test for each kind.

use alloc::vec::Vec;
use devops_stats::cochran_armitage::cochran_armitage;
use devops_stats::log_rank::log_rank;
use devops_stats::mann_kendall::mann_kendall;
use devops_stats::pairwise_slopes::PairwiseSlopes;
use devops_stats::poisson_regression::{OVERDISPERSED, poisson_regression};
use devops_stats::quantile::{median, median_absolute_deviation};
use devops_stats::special::two_sided_p;
use devops_stats::tail::Interval;

use super::caution::{Autocorrelation, larger};
use super::error::TrendError;
use super::prepare::Prepared;
use super::report::{Effect, Test, TestMethod};
use super::series::Kind;

/// A trend as its kind's method sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slope {
    pub(crate) test: Test,
    pub(crate) autocorrelation: Autocorrelation,
    pub(crate) effect: Effect,
    /// The interval at confidence 1 − 2α, for the equivalence test.
    pub(crate) inner: Option<Interval>,
    /// The inner interval in percent.
    pub(crate) inner_percent: Option<Interval>,
    /// The line's value at every point.
    pub(crate) line: Vec<f64>,
    /// Scatter around the line, in the unit of the values.
    pub(crate) scatter: f64,
}

/// The trend; `None` when there are fewer than two different times.
pub(crate) fn slope(series: &Prepared, alpha: f64) -> Result<Option<Slope>, TrendError> {
    match series.kind {
        Kind::Count => {
            if let Some(found) = rate(series, alpha)? {
                return Ok(Some(found));
            }
            ranks(series, alpha)
        }
        Kind::Proportion => {
            if let Some(found) = proportion(series, alpha)? {
                return Ok(Some(found));
            }
            ranks(series, alpha)
        }
        Kind::Censored => {
            let Some(mut found) = ranks(series, alpha)? else { return Ok(None) };
            survive(series, &mut found)?;
            Ok(Some(found))
        }
        Kind::Value => ranks(series, alpha),
    }
}

fn ranks(series: &Prepared, alpha: f64) -> Result<Option<Slope>, TrendError> {
    if series.len() < 2 {
        return Ok(None);
    }
    let (xs, ys) = (series.xs(), series.ys());
    let Some(mut slopes) = PairwiseSlopes::of(&xs, &ys)?.defined() else { return Ok(None) };
    let slope = slopes.median();
    let intercept = median(&ys)? - slope * median(&xs)?;
    let line: Vec<f64> = xs.iter().map(|x| intercept + slope * x).collect();
    if line.iter().any(|v| !v.is_finite()) {
        return Ok(None);
    }
    let residuals: Vec<f64> = ys.iter().zip(&line).map(|(y, l)| settle(y - l, *y)).collect();
    let autocorrelation = Autocorrelation::of(&residuals);
    let test = mann_kendall(&ys)?;
    let variance = test.var_s * autocorrelation.inflation;
    let shrunk = test.s.saturating_sub(test.s.signum()) as f64;
    let z = if variance > 0.0 { shrunk / libm::sqrt(variance) } else { 0.0 };
    let exact = test.exact_p.unwrap_or(0.0);
    let p = if variance > 0.0 { larger(autocorrelation.p(z), exact) } else { 1.0 };
    let mut interval = |confidence: f64| -> Result<Option<Interval>, TrendError> {
        let widened = autocorrelation.widened(test.var_s, confidence);
        if !(widened > 0.0) {
            return Ok(None);
        }
        let interval = slopes.interval(widened, confidence)?;
        Ok(Some(interval).filter(|i| i.low.is_finite() && i.high.is_finite()))
    };
    let outer = interval(1.0 - alpha)?;
    let inner = interval(1.0 - 2.0 * alpha)?;
    let level = line.get(line.len() / 2).copied().unwrap_or(0.0).abs();
    let effect = Effect::absolute(slope, outer, level, 1.0 - alpha);
    let inner_percent = inner.and_then(|i| percent_of(i, level));
    let test = Test { method: TestMethod::MannKendall, p, statistic: z };
    let robust = 1.4826 * median_absolute_deviation(&residuals)?;
    let scatter = if robust > 0.0 && robust.is_finite() { robust } else { spread(&residuals) };
    Ok(Some(Slope { test, autocorrelation, effect, inner, inner_percent, line, scatter }))
}

/// Rounding errors are no residual.
fn settle(residual: f64, value: f64) -> f64 {
    if residual.abs() <= 8.0 * f64::EPSILON * value.abs() { 0.0 } else { residual }
}

pub(crate) fn percent_of(interval: Interval, level: f64) -> Option<Interval> {
    let (low, high) = (100.0 * interval.low / level, 100.0 * interval.high / level);
    (level > 0.0 && low.is_finite() && high.is_finite()).then(|| Interval::new(low, high))
}

fn spread(residuals: &[f64]) -> f64 {
    let scale = residuals.iter().fold(0.0, |m, r| larger(m, r.abs()));
    if !(scale > 0.0) {
        return 0.0;
    }
    let free = larger(residuals.len() as f64 - 2.0, 1.0);
    let squares: f64 = residuals.iter().map(|r| (r / scale) * (r / scale)).sum();
    scale * libm::sqrt(squares / free)
}

/// Quasi-Poisson or negative binomial regression of the rate.
fn rate(series: &Prepared, alpha: f64) -> Result<Option<Slope>, TrendError> {
    if series.len() < 3 {
        return Ok(None);
    }
    let xs = series.xs();
    let counts: Vec<u64> = series.points.iter().map(|p| p.events).collect();
    let exposure: Vec<f64> = series.points.iter().map(|p| p.weight).collect();
    let Some(fit) = poisson_regression(&counts, &xs, &exposure, 1.0 - alpha)?.defined() else {
        return Ok(None);
    };
    let dispersion = larger(fit.dispersion.unwrap_or(1.0), 1.0);
    let quasi = (fit.slope, fit.se_slope * libm::sqrt(dispersion), fit.intercept, TestMethod::QuasiPoisson);
    let (b, se, a, method) = match fit.negative_binomial {
        // The wider of the two: each is too narrow on some over-dispersed counts.
        Some(nb) if dispersion > OVERDISPERSED && nb.se_slope >= quasi.1 => {
            (nb.slope, nb.se_slope, nb.intercept, TestMethod::NegativeBinomial)
        }
        _ => quasi,
    };
    let line: Vec<f64> = xs.iter().map(|x| libm::exp(a + b * x)).collect();
    if line.iter().any(|v| !(v.is_finite() && *v > 0.0)) || !(se > 0.0) {
        return Ok(None);
    }
    let residuals: Vec<f64> =
        series.points.iter().zip(&line).map(|(p, mu)| (p.y - mu) * libm::sqrt(p.weight / mu)).collect();
    let autocorrelation = Autocorrelation::of(&residuals);
    let hidden = autocorrelation.hidden_scatter(&xs);
    let dispersed = larger(fit.dispersion.unwrap_or(1.0) * hidden, 1.0) / dispersion;
    let se = se * libm::sqrt(larger(dispersed, 1.0) * autocorrelation.slope_inflation(&xs));
    let z = b / se;
    let middle = line.get(line.len() / 2).copied().unwrap_or(0.0);
    let relative = |confidence: f64| {
        let half = autocorrelation.critical(confidence) * se;
        let (low, high) = (100.0 * libm::expm1(b - half), 100.0 * libm::expm1(b + half));
        (low.is_finite() && high.is_finite()).then(|| Interval::new(low, high))
    };
    let effect = Effect::relative(100.0 * libm::expm1(b), relative(1.0 - alpha), middle, 1.0 - alpha);
    let inner_percent = relative(1.0 - 2.0 * alpha);
    let inner = inner_percent.map(|i| Interval::new(i.low * middle / 100.0, i.high * middle / 100.0));
    let raw: Vec<f64> = series.points.iter().zip(&line).map(|(p, mu)| p.y - mu).collect();
    let test = Test { method, p: autocorrelation.p(z), statistic: z };
    Ok(Some(Slope { test, autocorrelation, effect, inner, inner_percent, line, scatter: spread(&raw) }))
}

/// Cochran–Armitage, with the scatter beyond the binomial and the autocorrelation in its variance.
fn proportion(series: &Prepared, alpha: f64) -> Result<Option<Slope>, TrendError> {
    if series.len() < 3 {
        return Ok(None);
    }
    let xs = series.xs();
    let events: Vec<u64> = series.points.iter().map(|p| p.events).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sums of whole numbers")]
    let totals: Vec<u64> = series.points.iter().map(|p| p.weight as u64).collect();
    let Some(test) = cochran_armitage(&events, &totals, &xs)?.test.defined() else { return Ok(None) };
    let whole: f64 = series.points.iter().map(|p| p.weight).sum();
    let share = series.points.iter().map(|p| p.events as f64).sum::<f64>() / whole;
    let mean = series.points.iter().map(|p| p.weight * p.x).sum::<f64>() / whole;
    let square: f64 = series.points.iter().map(|p| p.weight * (p.x - mean) * (p.x - mean)).sum();
    let variance = share * (1.0 - share);
    if !(square > 0.0 && variance > 0.0) {
        return Ok(None);
    }
    let b = test.z * libm::sqrt(variance / square);
    let line: Vec<f64> = xs.iter().map(|x| (share + b * (x - mean)).clamp(0.0, 1.0) * 100.0).collect();
    let residuals: Vec<f64> = series
        .points
        .iter()
        .zip(&line)
        .map(|(p, l)| (p.y - l) * 0.01 * libm::sqrt(p.weight / variance))
        .collect();
    let autocorrelation = Autocorrelation::of(&residuals);
    let free = larger(series.len() as f64 - 2.0, 1.0);
    let scatter = residuals.iter().map(|r| r * r).sum::<f64>() / free * autocorrelation.hidden_scatter(&xs);
    let dispersion = larger(scatter, 1.0);
    let factor = libm::sqrt(dispersion * autocorrelation.slope_inflation(&xs));
    let se = 100.0 * libm::sqrt(variance / square) * factor;
    let interval = |confidence: f64| {
        let half = autocorrelation.critical(confidence) * se;
        Interval::new(100.0 * b - half, 100.0 * b + half)
    };
    let z = test.z / factor;
    let inner = interval(1.0 - 2.0 * alpha);
    let raw: Vec<f64> = series.points.iter().zip(&line).map(|(p, l)| p.y - l).collect();
    Ok(Some(Slope {
        test: Test { method: TestMethod::CochranArmitage, p: autocorrelation.p(z), statistic: z },
        autocorrelation,
        effect: Effect::absolute(100.0 * b, Some(interval(1.0 - alpha)), 100.0 * share, 1.0 - alpha),
        inner: Some(inner),
        inner_percent: percent_of(inner, 100.0 * share),
        line,
        scatter: spread(&raw),
    }))
}

/// The rank test on medians, held back by the log-rank test of the earlier half against the later.
fn survive(series: &Prepared, found: &mut Slope) -> Result<(), TrendError> {
    let half = series.len() / 2;
    let side = |late: bool| {
        let cases = series.cases.iter().filter(|c| (c.0 >= half) == late);
        cases.map(|c| (c.1, c.2)).unzip::<f64, bool, Vec<f64>, Vec<bool>>()
    };
    let (early, late) = (side(false), side(true));
    if early.0.is_empty() || late.0.is_empty() {
        return Ok(());
    }
    let test = log_rank(&early.0, &early.1, &late.0, &late.1)?;
    let z = libm::sqrt(test.chi_squared.defined().unwrap_or(0.0) / found.autocorrelation.inflation);
    found.test.p = larger(found.test.p, two_sided_p(z));
    found.test.method = TestMethod::MediansAndLogRank;
    Ok(())
}
