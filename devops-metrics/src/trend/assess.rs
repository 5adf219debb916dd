//! One call: from a series to a report.

use alloc::vec::Vec;
use devops_core::GoodDirection;
use devops_stats::special::f_sf;
use devops_stats::tail::Interval;
use devops_stats::trend_power::smallest_slope;

use super::error::TrendError;
use super::future;
use super::levels::{Levels, levels};
use super::policy::{SmallestEffect, TrendPolicy};
use super::prepare::Prepared;
use super::report::{Direction, Power, Practical, Reason, Season, Shape, TestMethod, TrendReport, Warning};
use super::series::{Kind, Series};
use super::slope::{Slope, slope};

/// Below this many periods only large trends show.
const SHORT: usize = 12;

/// Is it getting better, by how much, since when, how sure, and when will it be there?
///
/// The kind of the series chooses the test: Mann–Kendall for values, rate regression for counts,
/// Cochran–Armitage for shares, Kaplan–Meier medians with the log-rank test for open cases; all with an
/// autocorrelation taken on the side of caution. A change of level is told only when it survives its own test.
/// How often the verdict is wrong on noise stands in `docs/statistics.md`. O(n log n) without a forecast.
///
/// # Errors
///
/// [`TrendError`] for values that no period can hold. Too few values are no error but a verdict.
///
/// ```
/// use devops_core::{GoodDirection, Timestamp, Unit};
/// use devops_metrics::trend::{Direction, Series, Step, TrendPolicy, assess};
///
/// let start: Timestamp = "2026-01-05T00:00:00Z".parse().unwrap();
/// let hours = [26.0, 24.5, 25.1, 22.0, 21.4, 22.3, 19.0, 18.2, 18.9, 16.5, 15.2, 15.9];
/// let weeks = (0..12).map(|i| start.checked_add_millis(i * 604_800_000).unwrap());
/// let series = Series::values(weeks.zip(hours.map(Some))).named("lead time").in_unit(Unit::Hours);
/// let report = assess(&series, &TrendPolicy::new(GoodDirection::Down))?;
/// assert_eq!(report.direction, Direction::Improving);
/// # Ok::<(), devops_metrics::trend::TrendError>(())
/// ```
pub fn assess(series: &Series, policy: &TrendPolicy) -> Result<TrendReport, TrendError> {
    let mut prepared = Prepared::of(series)?;
    let season = season(&mut prepared, policy, series)?;
    let found = slope(&prepared, policy.alpha)?;
    let told = match &found {
        Some(found) => levels(&prepared, found, policy.alpha)?,
        None => Levels { shape: Shape::Level, changes: Vec::new(), periods: Vec::new(), unusual: Vec::new() },
    };
    let mut report = draft(series, policy, &prepared, season);
    report.shape = told.shape;
    report.changes = told.changes;
    report.periods = told.periods;
    report.unusual = told.unusual;
    if let Some(found) = &found {
        describe(&mut report, found, policy);
    }
    judge(&mut report, found.as_ref(), prepared.constant());
    future::add(&mut report, &prepared, policy)?;
    Ok(report)
}

fn draft(series: &Series, policy: &TrendPolicy, prepared: &Prepared, season: Option<Season>) -> TrendReport {
    TrendReport {
        format: 1,
        name: series.name.clone(),
        unit: series.unit,
        kind: prepared.kind,
        step: prepared.step,
        n: prepared.len(),
        gaps: prepared.gaps,
        from: prepared.points.first().map(|p| p.time),
        to: prepared.points.last().map(|p| p.time),
        direction: Direction::NotEnoughData,
        reason: Reason::NotSignificant,
        confidence: None,
        test: None,
        effect: None,
        practical: Practical::NotAsked,
        shape: Shape::Level,
        changes: Vec::new(),
        unusual: Vec::new(),
        autocorrelation: None,
        season,
        forecast: None,
        target: None,
        power: None,
        warnings: prepared.warnings.clone(),
        periods: Vec::new(),
        policy: policy.clone(),
    }
}

fn describe(report: &mut TrendReport, found: &Slope, policy: &TrendPolicy) {
    report.test = Some(found.test);
    report.effect = Some(found.effect);
    report.autocorrelation = Some(found.autocorrelation);
    let size = SmallestIn::of(policy.smallest_effect);
    report.practical = match (size, found.effect.interval, found.effect.percent_interval) {
        (None, ..) => Practical::NotAsked,
        (Some(SmallestIn::Unit(size)), Some(interval), _) => practical(interval, size),
        (Some(SmallestIn::Percent(size)), _, Some(interval)) => practical(interval, size),
        _ => Practical::Unclear,
    };
    let phi = found.autocorrelation.phi;
    report.power = smallest_slope(report.n, found.scatter, phi, policy.alpha, policy.power)
        .ok()
        .map(|smallest_effect| Power { smallest_effect, probability: policy.power });
    if report.n < SHORT {
        report.warnings.push(Warning::Short { periods: report.n });
    }
    if found.autocorrelation.phi > 0.4 {
        report.warnings.push(Warning::Autocorrelated);
    }
    let ranked = found.test.method == TestMethod::MannKendall;
    if ranked && matches!(report.kind, Kind::Count | Kind::Proportion) {
        report.warnings.push(Warning::RanksUsed);
    }
}

#[derive(Clone, Copy)]
enum SmallestIn {
    Unit(f64),
    Percent(f64),
}

impl SmallestIn {
    fn of(effect: Option<SmallestEffect>) -> Option<Self> {
        effect.map(|e| match e {
            SmallestEffect::Unit { per_period } => Self::Unit(per_period),
            SmallestEffect::Percent { per_period } => Self::Percent(per_period),
        })
    }
}

fn practical(interval: Interval, size: f64) -> Practical {
    if interval.low >= size || interval.high <= -size {
        Practical::Matters
    } else if interval.low > -size && interval.high < size {
        Practical::Negligible
    } else {
        Practical::Unclear
    }
}

/// Two one-sided tests (Schuirmann 1987): the interval of confidence 1 − 2α within the smallest effect.
fn equivalent(found: &Slope, policy: &TrendPolicy) -> bool {
    let within = |interval: Option<Interval>, size: f64| {
        interval.is_some_and(|i| practical(i, size) == Practical::Negligible)
    };
    match SmallestIn::of(policy.smallest_effect) {
        None => false,
        Some(SmallestIn::Unit(size)) => within(found.inner, size),
        Some(SmallestIn::Percent(size)) => within(found.inner_percent, size),
    }
}

fn judge(report: &mut TrendReport, found: Option<&Slope>, constant: bool) {
    let policy = report.policy.clone();
    let too_few = report.n < policy.min_points;
    if too_few || report.gaps > report.n {
        report.direction = Direction::NotEnoughData;
        report.reason = if too_few {
            Reason::TooFew { needed: policy.min_points, got: report.n }
        } else {
            Reason::TooManyGaps { gaps: report.gaps }
        };
        report.changes.clear();
        return;
    }
    if constant {
        let stable = policy.smallest_effect.is_some();
        report.direction = if stable { Direction::Stable } else { Direction::NoEvidence };
        report.reason = Reason::Constant;
        return;
    }
    let Some(found) = found else {
        report.direction = Direction::NoEvidence;
        report.reason = Reason::NotSignificant;
        return;
    };
    if report.changes.is_empty() && equivalent(found, &policy) {
        (report.direction, report.reason) = (Direction::Stable, Reason::WithinSmallestEffect);
        return;
    }
    let (rise, p, reason) = moved(report, found, policy.alpha);
    report.reason = reason;
    report.confidence = p.map(|p| 1.0 - p);
    report.direction = match p {
        None => Direction::NoEvidence,
        Some(_) => named(rise, policy.good),
    };
}

/// Which way it moved, with the p-value that says so.
fn moved(report: &TrendReport, found: &Slope, alpha: f64) -> (bool, Option<f64>, Reason) {
    if found.test.p <= alpha && found.test.statistic != 0.0 {
        return (found.test.statistic > 0.0, Some(found.test.p), Reason::Trend);
    }
    let (Some(first), Some(last)) = (report.changes.first(), report.changes.last()) else {
        return (false, None, Reason::NotSignificant);
    };
    let shift = last.after - first.before;
    let largest = report.changes.iter().fold(0.0, |m, c| super::caution::larger(m, c.difference.abs()));
    if shift.abs() < 0.5 * largest {
        return (false, None, Reason::Returned);
    }
    let p = report.changes.iter().fold(1.0, |m, c| if c.p < m { c.p } else { m });
    (shift > 0.0, Some(p), Reason::Change)
}

fn named(rise: bool, good: GoodDirection) -> Direction {
    match (good, rise) {
        (GoodDirection::Up, true) | (GoodDirection::Down, false) => Direction::Improving,
        (GoodDirection::Up, false) | (GoodDirection::Down, true) => Direction::Worsening,
        (GoodDirection::Neutral, true) => Direction::Rising,
        (GoodDirection::Neutral, false) => Direction::Falling,
    }
}

/// Looks for the policy's season in values, and takes it out where it is found.
fn season(series: &mut Prepared, policy: &TrendPolicy, given: &Series) -> Result<Option<Season>, TrendError> {
    let Some(periods) = policy.season else { return Ok(None) };
    let enough = series.len() >= periods.saturating_mul(2).saturating_add(2) && series.regular;
    if given.kind() != Kind::Value || !enough || series.constant() {
        series.warnings.push(Warning::SeasonUnjudged);
        return Ok(None);
    }
    let Some(around) = slope(series, policy.alpha)? else { return Ok(None) };
    let place = |x: f64| super::prepare::to_count(libm::round(x)).checked_rem(periods).unwrap_or(0);
    let mut sums = alloc::vec![(0.0, 0.0); periods];
    for (point, line) in series.points.iter().zip(&around.line) {
        if let Some(sum) = sums.get_mut(place(point.x)) {
            *sum = (sum.0 + (point.y - line), sum.1 + 1.0);
        }
    }
    let used = sums.iter().filter(|s| s.1 > 0.0).count();
    let (n, total) = (series.len() as f64, sums.iter().map(|s| s.0).sum::<f64>());
    let mean = total / n;
    let level: Vec<f64> = sums.iter().map(|s| if s.1 > 0.0 { s.0 / s.1 - mean } else { 0.0 }).collect();
    let at = |x: f64| level.get(place(x)).copied().unwrap_or(0.0);
    let (mut between, mut within) = (0.0, 0.0);
    for (point, line) in series.points.iter().zip(&around.line) {
        let (fit, residual) = (at(point.x), point.y - line - mean);
        between += fit * fit;
        within += (residual - fit) * (residual - fit);
    }
    let (free1, free2) = (used as f64 - 1.0, n - used as f64 - 1.0);
    if !(free1 > 0.0 && free2 > 0.0 && (between + within).is_finite() && between + within > 0.0) {
        series.warnings.push(Warning::SeasonUnjudged);
        return Ok(None);
    }
    let p = if within > 0.0 { f_sf(between / free1 / (within / free2), free1, free2) } else { 0.0 };
    let removed = p <= 0.01;
    if removed {
        for point in &mut series.points {
            point.y -= at(point.x);
        }
    }
    Ok(Some(Season { periods, p: p.clamp(0.0, 1.0), share: between / (between + within), removed }))
}
