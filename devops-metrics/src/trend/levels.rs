//! Since when? Changes of level that survive, and what is expected of every period.

use alloc::vec;
use alloc::vec::Vec;
use devops_stats::run_rules::{Rule, run_rules};
use devops_stats::significance::{SignificanceOptions, significant_changes};
use devops_stats::xmr::{Constants, MovingRange, xmr};

use super::caution::larger;
use super::error::TrendError;
use super::prepare::{Point, Prepared};
use super::report::{ChangePoint, ExpectedPeriod, Shape, Unusual};
use super::series::Kind;
use super::slope::Slope;

/// What the series looks like once the noise is set aside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Levels {
    pub(crate) shape: Shape,
    pub(crate) changes: Vec<ChangePoint>,
    pub(crate) periods: Vec<ExpectedPeriod>,
    pub(crate) unusual: Vec<Unusual>,
}

/// Steps, a line or one level: whichever the data bear out.
pub(crate) fn levels(series: &Prepared, slope: &Slope, alpha: f64) -> Result<Levels, TrendError> {
    let ys = series.ys();
    let found = significant_changes(&ys, &SignificanceOptions::new().with_alpha(alpha))?;
    let cuts: Vec<usize> = found.changes.iter().map(|c| c.index).collect();
    let trend = slope.test.p <= alpha;
    let steps = step_levels(&series.points, &cuts);
    let stepped = !cuts.is_empty() && (!trend || better(&ys, &steps, cuts.len(), &slope.line));
    let (shape, fit) = if stepped {
        (Shape::Steps, steps)
    } else if trend {
        (Shape::Line, slope.line.clone())
    } else {
        (Shape::Level, step_levels(&series.points, &[]))
    };
    let changes = if stepped {
        found
            .changes
            .iter()
            .filter_map(|c| {
                let first = series.points.get(c.index)?;
                let (before, after) = (c.median_before, c.median_after);
                let percent = Some(100.0 * (after - before) / before.abs()).filter(|p| p.is_finite());
                Some(ChangePoint {
                    time: first.time,
                    index: c.index,
                    before,
                    after,
                    difference: after - before,
                    percent,
                    p: c.p,
                    confidence: 1.0 - c.p,
                })
            })
            .collect()
    } else {
        Vec::new()
    };
    let (periods, unusual) = chart(series, &fit)?;
    Ok(Levels { shape, changes, periods, unusual })
}

/// The level of every point: weighted means between the cuts.
fn step_levels(points: &[Point], cuts: &[usize]) -> Vec<f64> {
    let mut levels = vec![0.0; points.len()];
    let mut start = 0;
    for end in cuts.iter().copied().chain([points.len()]) {
        let Some(part) = points.get(start..end) else { continue };
        let weight: f64 = part.iter().map(|p| p.weight).sum();
        let mean: f64 = part.iter().map(|p| p.y * (p.weight / weight)).sum();
        for level in levels.iter_mut().take(end).skip(start) {
            *level = mean;
        }
        start = end;
    }
    levels
}

/// Whether steps explain more than a line does, each parameter paid for (Schwarz 1978).
fn better(ys: &[f64], steps: &[f64], count: usize, line: &[f64]) -> bool {
    let scale = ys.iter().fold(f64::MIN_POSITIVE, |m, y| larger(m, y.abs()));
    let squares = |fit: &[f64]| -> f64 {
        ys.iter().zip(fit).map(|(y, f)| (y / scale - f / scale) * (y / scale - f / scale)).sum()
    };
    let n = ys.len() as f64;
    let floor = 1e-24 * n;
    let cost = |fit: &[f64], parameters: f64| {
        n * libm::log(larger(squares(fit), floor) / n) + parameters * libm::log(n)
    };
    cost(steps, 2.0 * count as f64 + 1.0) < cost(line, 2.0)
}

/// Limits around what is expected: XmR for values, Laney's u′ and p′ for counts and proportions.
fn chart(series: &Prepared, fit: &[f64]) -> Result<(Vec<ExpectedPeriod>, Vec<Unusual>), TrendError> {
    let scales: Vec<f64> = series.points.iter().zip(fit).map(|(p, f)| sampling(series.kind, p, *f)).collect();
    let standard: Vec<f64> = series
        .points
        .iter()
        .zip(fit)
        .zip(&scales)
        .map(|((p, f), s)| (p.y - f) / s)
        .map(|v| if v.is_finite() { v } else { 0.0 })
        .collect();
    if standard.len() < 2 {
        return Ok((Vec::new(), Vec::new()));
    }
    let limits = xmr(&standard, MovingRange::Mean, Constants::Exact)?;
    let sigma = limits.sigma;
    let floor = if series.points.iter().all(|p| p.y >= 0.0) { 0.0 } else { f64::MIN };
    let roof = if series.kind == Kind::Proportion { 100.0 } else { f64::MAX };
    let periods = series
        .points
        .iter()
        .zip(fit)
        .zip(&scales)
        .map(|((point, expected), scale)| ExpectedPeriod {
            time: point.time,
            value: point.y,
            expected: *expected,
            lower: (expected - 3.0 * sigma * scale).clamp(floor, roof),
            upper: (expected + 3.0 * sigma * scale).clamp(floor, roof),
        })
        .collect();
    let unusual = run_rules(&standard, 0.0, sigma, &Rule::WHEELER)?
        .into_iter()
        .filter_map(|signal| {
            let point = series.points.get(signal.index)?;
            let expected = *fit.get(signal.index)?;
            Some(Unusual {
                time: point.time,
                index: signal.index,
                value: point.y,
                expected,
                rule: signal.rule,
            })
        })
        .collect();
    Ok((periods, unusual))
}

/// One standard deviation of sampling at that level; 1 where the chart itself finds it.
fn sampling(kind: Kind, point: &Point, fit: f64) -> f64 {
    let variance = match kind {
        Kind::Count => fit / point.weight,
        Kind::Proportion => fit * (100.0 - fit) / point.weight,
        _ => 1.0,
    };
    if variance > 1e-12 { libm::sqrt(variance) } else { 1.0 }
}
