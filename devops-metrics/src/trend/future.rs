//! Where does it go, and when is the target reached?

use alloc::string::ToString;
use alloc::vec::Vec;
use devops_core::{GoodDirection, Timestamp};
use devops_stats::StatsError;
use devops_stats::backtest::{BacktestError, BacktestOptions, ets_backtest, rolling_origin};
use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
use devops_stats::forecast::{Forecast as Steps, Goal, naive, time_to_target};

use super::error::TrendError;
use super::policy::TrendPolicy;
use super::prepare::{Prepared, to_count};
use super::report::{Direction, Forecast, FuturePeriod, Target, TrendReport, Warning};
use super::series::Kind;

/// Below this many periods there is no smoothing to fit.
const FITTED: usize = 10;
/// Longest grid that is forecast.
const LIMIT: usize = 10_000;

/// Adds forecast and target to the report.
pub(crate) fn add(
    report: &mut TrendReport,
    series: &Prepared,
    policy: &TrendPolicy,
) -> Result<(), TrendError> {
    let steps = ahead(report, series, policy)?;
    if let Some(value) = policy.target {
        report.target = Some(target(report, series, value, steps.as_ref())?);
    }
    Ok(())
}

fn ahead(
    report: &mut TrendReport,
    series: &Prepared,
    policy: &TrendPolicy,
) -> Result<Option<Steps>, TrendError> {
    if policy.horizon == 0 {
        return Ok(None);
    }
    let Some(filled) = filled(series).filter(|_| report.direction != Direction::NotEnoughData) else {
        report.warnings.push(Warning::NoForecast);
        return Ok(None);
    };
    if policy.horizon > series.len() / 2 {
        report.warnings.push(Warning::HorizonTooFar { most: series.len() / 2 });
        return Ok(None);
    }
    let Some((method, mut steps, backtest)) = made(&filled, policy) else {
        report.warnings.push(Warning::NoForecast);
        return Ok(None);
    };
    let floor = if series.points.iter().all(|p| p.y >= 0.0) { 0.0 } else { f64::MIN };
    let roof = if series.kind == Kind::Proportion { 100.0 } else { f64::MAX };
    for step in &mut steps.steps {
        step.mean = step.mean.clamp(floor, roof);
        step.low = step.low.clamp(floor, roof);
        step.high = step.high.clamp(floor, roof);
    }
    let periods = steps
        .steps
        .iter()
        .zip(1..)
        .map(|(s, k)| FuturePeriod { time: after(report, k), mean: s.mean, low: s.low, high: s.high })
        .collect();
    let confidence = 1.0 - policy.alpha;
    report.forecast = Some(Forecast { method: method.to_string(), confidence, periods, backtest });
    Ok(Some(steps))
}

fn after(report: &TrendReport, count: usize) -> Option<Timestamp> {
    report.step.after(report.to?, count)
}

type Made = (&'static str, Steps, Option<BacktestError>);

/// Damped-trend smoothing, or the last value where that cannot be fitted.
fn made(values: &[f64], policy: &TrendPolicy) -> Option<Made> {
    let (horizon, confidence) = (policy.horizon, 1.0 - policy.alpha);
    let options = BacktestOptions::new(horizon).with_origins(8).with_confidence(confidence);
    let shape = EtsFitOptions::new(EtsShape::DampedTrend);
    let fitted = || -> Result<Made, StatsError> {
        let steps = ets_fit(values, shape)?.forecast(horizon, confidence)?;
        let error = ets_backtest(values, shape, &options).ok();
        Ok(("damped-trend exponential smoothing", steps, error))
    };
    let sound = |made: &Made| made.1.steps.iter().all(|s| s.low.is_finite() && s.high.is_finite());
    if values.len() >= FITTED
        && let Some(made) = fitted().ok().filter(sound)
    {
        return Some(made);
    }
    let steps = naive(values, horizon, confidence).ok()?;
    let error = rolling_origin(values, &options, |past, h| naive(past, h, confidence)).ok();
    Some(("last value", steps, error)).filter(sound)
}

/// The values on the grid, gaps bridged by a straight line; `None` when the times lie off the grid.
fn filled(series: &Prepared) -> Option<Vec<f64>> {
    if !series.regular || series.len() < 2 || series.len().saturating_add(series.gaps) > LIMIT {
        return None;
    }
    let mut values: Vec<f64> = Vec::new();
    let mut last: Option<f64> = None;
    for point in &series.points {
        let place = to_count(libm::round(point.x));
        let missing = place.checked_sub(values.len())?;
        let from = last.unwrap_or(point.y);
        for k in 1..=missing {
            let share = k as f64 / (missing as f64 + 1.0);
            values.push(from * (1.0 - share) + point.y * share);
        }
        values.push(point.y);
        last = Some(point.y);
    }
    Some(values)
}

fn target(
    report: &TrendReport,
    series: &Prepared,
    value: f64,
    steps: Option<&Steps>,
) -> Result<Target, TrendError> {
    let current = report.periods.last().map(|p| p.expected);
    let last = series.points.last().map_or(0.0, |p| p.y);
    let current = current.unwrap_or(last);
    let goal = match report.policy.good {
        GoodDirection::Up => Goal::AtLeast,
        GoodDirection::Down => Goal::AtMost,
        GoodDirection::Neutral if current < value => Goal::AtLeast,
        GoodDirection::Neutral => Goal::AtMost,
    };
    let met = series.len() > 0
        && match goal {
            Goal::AtLeast => current >= value,
            Goal::AtMost => current <= value,
        };
    let mut found = Target { value, met, expected: None, earliest: None, latest: None, probability: None };
    if let Some(steps) = steps {
        let reach = time_to_target(current, steps, value, goal)?;
        let date = |count: Option<usize>| count.and_then(|c| after(report, c));
        found.expected = date(reach.expected);
        found.earliest = date(reach.earliest);
        found.latest = date(reach.latest);
        found.probability = reach.probability.last().copied();
    }
    Ok(found)
}
