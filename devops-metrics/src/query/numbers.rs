//! Numbers from the facts of a cell.

use alloc::vec::Vec;
use devops_stats::kaplan_meier::{KaplanMeier, kaplan_meier};

use super::cells::{CellFacts, Placed};
use super::middle::middle;
use crate::calendar::{Calendar, PeriodKind, Window};
use crate::dataset::column::instant;
use crate::definition::{
    Definition, FailureBase, FailureCount, FrequencyMeasure, FrequencyRule, FrequencyWeeks, Statistic,
};
use crate::sweep::{RestoreFact, without_weekends};

const DAY: i64 = 86_400_000;

/// A number that may not be there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Figure {
    Known(f64),
    /// There is nothing to compute it from.
    Nothing,
    /// More than half of the cases are still open.
    NotReached,
}

impl Figure {
    pub(crate) const fn known(self) -> Option<f64> {
        match self {
            Self::Known(value) => Some(value),
            Self::Nothing | Self::NotReached => None,
        }
    }
}

/// Milliseconds as a float; durations lie far below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "durations lie below 4 × 10¹⁴ milliseconds")]
pub(crate) const fn float(millis: i64) -> f64 {
    millis as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts lie below 2⁵³")]
pub(crate) const fn count(number: usize) -> f64 {
    number as f64
}

/// Puts durations together. Changes their order.
pub(crate) fn statistic(kind: Statistic, values: &mut [i64]) -> Option<f64> {
    if kind == Statistic::Mean {
        return (!values.is_empty()).then(|| mean(values));
    }
    let (lower, upper) = middle(values).or_else(|| middle_of_many(values))?;
    Some(match kind {
        Statistic::LowerMedian => lower,
        Statistic::UpperMedian => upper,
        _ => lower * 0.5 + upper * 0.5,
    })
}

#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is wanted")]
fn mean(values: &[i64]) -> f64 {
    let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
    sum as f64 / values.len() as f64
}

/// The lower and the upper of the two values in the middle, which are the same where their number is odd.
fn middle_of_many(values: &mut [i64]) -> Option<(f64, f64)> {
    let n = values.len();
    let (below, upper, _) = (n > 0).then(|| values.select_nth_unstable(n / 2))?;
    // The lower one is the largest of those that the selection put before the upper one.
    let lower = if n % 2 == 1 { *upper } else { below.iter().copied().max().unwrap_or(*upper) };
    Some((float(lower), float(*upper)))
}

/// The same for durations behind their instants, as the daily medians need them.
pub(crate) fn timed_statistic(
    kind: Statistic,
    timed: impl Iterator<Item = (i64, i64)>,
    scratch: &mut Vec<i64>,
) -> Option<f64> {
    scratch.clear();
    if kind != Statistic::MedianOfDailyMedians {
        scratch.extend(timed.map(|(_, value)| value));
        return statistic(kind, scratch);
    }
    let mut by_day: Vec<(i64, i64)> = timed.map(|(at, value)| (at.div_euclid(DAY), value)).collect();
    by_day.sort_unstable();
    let mut medians = Vec::new();
    for day in by_day.chunk_by(|a, b| a.0 == b.0) {
        scratch.clear();
        scratch.extend(day.iter().map(|(_, value)| *value));
        medians.extend(statistic(Statistic::Median, scratch));
    }
    devops_stats::quantile::median(&medians).ok()
}

/// The figure of a lead time, in milliseconds.
pub(crate) fn lead(definition: &Definition, facts: CellFacts<'_>, scratch: &mut Vec<i64>) -> Option<f64> {
    let timed = facts.leads.iter().map(|(_, fact)| (fact.at, fact.value));
    timed_statistic(definition.lead_time.statistic, timed, scratch)
}

/// The figure of a recovery, in milliseconds.
pub(crate) fn restore(
    kind: Statistic,
    cases: &[Placed<RestoreFact>],
    level: f64,
    scratch: &mut Vec<i64>,
) -> Figure {
    if cases.is_empty() {
        return Figure::Nothing;
    }
    if cases.iter().any(|(_, fact)| fact.open) {
        let (times, events) = censored(cases);
        // A negative time, which a survival curve cannot hold, was dropped or is an error before.
        return match kaplan_meier(&times, &events, level).ok().and_then(|curve| median_of(&curve)) {
            Some(median) => Figure::Known(median),
            None => Figure::NotReached,
        };
    }
    let timed = cases.iter().map(|(_, fact)| (fact.at, fact.value));
    timed_statistic(kind, timed, scratch).map_or(Figure::Nothing, Figure::Known)
}

/// The middle of the stretch on which exactly half last; its beginning where none ends after it, as it goes on as long
/// as somebody looks.
pub(crate) fn median_of(curve: &KaplanMeier) -> Option<f64> {
    let ends_there = curve.median == curve.steps.last().map(|step| step.time);
    if ends_there { curve.median } else { curve.median_midpoint }
}

/// Durations, and whether each has ended.
pub(crate) fn censored(cases: &[Placed<RestoreFact>]) -> (Vec<f64>, Vec<bool>) {
    cases.iter().map(|(_, fact)| (float(fact.value.max(0)), !fact.open)).unzip()
}

/// Failures and what they are divided by.
pub(crate) fn failures(definition: &Definition, facts: CellFacts<'_>) -> (u64, u64) {
    let rule = &definition.failure;
    let deployments = facts.deployments.iter().map(|(_, fact)| fact);
    let failed = if rule.count == FailureCount::Incidents {
        facts.incidents.len() as u64
    } else {
        deployments.clone().map(|fact| u64::from(fact.failures)).sum()
    };
    let base = if rule.base == FailureBase::LeadTimes {
        facts.leads.len() as u64
    } else {
        deployments.filter(|fact| fact.base).count() as u64
    };
    (failed, base)
}

/// The rate of failures, times a factor.
pub(crate) fn failure_rate(definition: &Definition, failed: u64, base: u64, factor: f64) -> Figure {
    let alone = definition.failure.base == FailureBase::Successful && base == 0 && failed > 0;
    super::measure::rate(failed, if alone { 1 } else { base }, factor)
}

/// Deployments that count, and those of them that are rework.
pub(crate) fn reworked(facts: CellFacts<'_>) -> (u64, u64) {
    let counted = facts.deployments.iter().filter(|(_, fact)| fact.counted);
    (counted.clone().filter(|(_, fact)| fact.rework).count() as u64, counted.count() as u64)
}

/// The instants of deployments that count.
pub(crate) fn times(facts: CellFacts<'_>) -> Vec<i64> {
    facts.deployments.iter().filter(|(_, fact)| fact.counted).map(|(_, fact)| fact.at).collect()
}

/// The deployments that a frequency is made of.
#[derive(Clone, Copy, Default)]
pub(crate) struct Deployed<'a> {
    pub(crate) n: usize,
    /// Their instants, where more than their number is asked.
    pub(crate) times: &'a [i64],
    /// When the first event was, where that is asked.
    pub(crate) begin: Option<i64>,
}

/// The figure of deployment frequency.
pub(crate) fn frequency(
    rule: &FrequencyRule,
    deployed: Deployed<'_>,
    window: Window,
    calendar: &Calendar,
) -> Option<f64> {
    let Deployed { n, times, .. } = deployed;
    let days = float(window.millis()) / float(DAY);
    if days <= 0.0 {
        return None;
    }
    match rule.measure {
        FrequencyMeasure::PerDay => Some(count(n) / days),
        FrequencyMeasure::PerWeek => Some(count(n) * 7.0 / days),
        FrequencyMeasure::Count => Some(count(n)),
        FrequencyMeasure::PerDayFloor => {
            let touched = calendar.periods(PeriodKind::Day, window).ok()?.len();
            n.checked_div(touched).map(count)
        }
        FrequencyMeasure::MedianDaysPerWeek => {
            let mut weeks = days_per_week(rule, deployed, window, calendar)?;
            statistic(Statistic::Median, &mut weeks)
        }
        FrequencyMeasure::LowerMedianDaysPerWeek => {
            let mut weeks = days_per_week(rule, deployed, window, calendar)?;
            statistic(Statistic::LowerMedian, &mut weeks)
        }
        FrequencyMeasure::MeanGap if n == 1 => Some(days),
        FrequencyMeasure::MeanGap => mean_gap(times.to_vec(), calendar),
    }
}

/// Of each week that counts the number of days with a deployment.
fn days_per_week(
    rule: &FrequencyRule,
    deployed: Deployed<'_>,
    window: Window,
    calendar: &Calendar,
) -> Option<Vec<i64>> {
    let window = match rule.weeks {
        FrequencyWeeks::AfterFirstEvent => window_after(deployed.begin?, window, calendar)?,
        _ => window,
    };
    let weeks = calendar.periods(PeriodKind::Week, window).ok()?;
    let mut days = alloc::vec![alloc::collections::BTreeSet::new(); weeks.len()];
    for at in deployed.times.iter().filter_map(|millis| instant(*millis)) {
        let week = weeks.index_of(at).and_then(|index| days.get_mut(index));
        if let Some(week) = week {
            week.insert(calendar.date_of(at));
        }
    }
    let first = days.iter().position(|week| !week.is_empty());
    let wanted = |(index, week): &(usize, &alloc::collections::BTreeSet<_>)| match rule.weeks {
        FrequencyWeeks::AfterFirstEvent => true,
        FrequencyWeeks::All => first.is_some(),
        FrequencyWeeks::FromFirstDeployment => first.is_some_and(|first| *index >= first),
        FrequencyWeeks::WithDeployment => !week.is_empty(),
    };
    let whole = |index: usize| weeks.get(index).is_none_or(|week| !week.partial);
    let counted = days.iter().enumerate().filter(wanted);
    let counted = counted.filter(|(index, _)| rule.partial_weeks || whole(*index));
    Some(counted.map(|(_, week)| i64::try_from(week.len()).unwrap_or(0)).collect())
}

/// What of a window lies behind the day of an instant.
fn window_after(begin: i64, window: Window, calendar: &Calendar) -> Option<Window> {
    let next = calendar.day_holding(instant(begin)?).ok()?.next().ok()?;
    let from = calendar.start_of_day(next).ok()?.max(window.from());
    Window::new(from, window.to()).ok().filter(|window| window.millis() > 0)
}

/// Days between deployments in a row, over the number of deployments, Saturdays and Sundays left out.
fn mean_gap(mut times: Vec<i64>, calendar: &Calendar) -> Option<f64> {
    use crate::calendar::Weekday;
    times.sort_unstable();
    let is_weekend = |at: i64| {
        let day = instant(at).map(|at| calendar.date_of(at).weekday());
        matches!(day, Some(Weekday::Saturday | Weekday::Sunday))
    };
    let gaps = times.windows(2).map(|pair| match pair {
        [from, to] => without_weekends(*from, *to, is_weekend),
        _ => 0,
    });
    let n = times.len();
    (n > 1).then(|| float(gaps.fold(0, i64::saturating_add)) / float(DAY) / count(n))
}
