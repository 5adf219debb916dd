//! The delivery metrics the slow and obvious way: of each cell all events are looked at, one rule after the other, and
//! local days are told by hand. Knows the rules of this crate's own definition and a few of its choices.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "tests may panic"
)]

use std::collections::{BTreeMap, BTreeSet};

use devops_metrics::calendar::{PeriodKind, Weekday};
use devops_metrics::definition::{
    ChangeLink, Definition, FirstDeployment, FrequencyMeasure, FrequencyWeeks, OpenRule, RestoreFrom,
    Statistic,
};
use devops_metrics::event::{CauseClass, DeploymentKind, Outcome};

use crate::naive::{DAY, MINUTE, civil, label, offset};

/// Offsets and the ends of windows are whole quarters of an hour.
pub(crate) const STEP: i64 = 15 * MINUTE;

#[derive(Debug, Clone)]
pub(crate) struct Deployment {
    pub(crate) id: String,
    pub(crate) service: u8,
    pub(crate) at: i64,
    pub(crate) environment: Option<&'static str>,
    pub(crate) outcome: Outcome,
    pub(crate) kind: DeploymentKind,
    pub(crate) declared: bool,
    pub(crate) replaces: Option<usize>,
    pub(crate) changes: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) id: String,
    pub(crate) service: u8,
    pub(crate) authored: Option<i64>,
    pub(crate) committed: Option<i64>,
    pub(crate) merged: Option<i64>,
    /// Places of deployments; one that is not there is unknown to the log.
    pub(crate) deployments: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Blame {
    Nothing,
    Deployment(usize),
    Commit(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Incident {
    pub(crate) id: String,
    pub(crate) services: Vec<u8>,
    pub(crate) opened: i64,
    pub(crate) resolved: Option<i64>,
    pub(crate) cause: CauseClass,
    pub(crate) blames: Blame,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) changes: Vec<Change>,
    pub(crate) incidents: Vec<Incident>,
}

/// What a cell comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Numbers {
    /// Deployments of the cell, whether they count or not.
    pub(crate) all_deployments: u64,
    pub(crate) deployments: u64,
    pub(crate) rework: u64,
    pub(crate) failures: u64,
    pub(crate) leads: u64,
    pub(crate) recoveries: (u64, u64),
    pub(crate) restores: (u64, u64),
    pub(crate) frequency: Option<f64>,
    /// Durations in milliseconds.
    pub(crate) lead: Option<f64>,
    pub(crate) recovery: Option<f64>,
    pub(crate) restore: Option<f64>,
}

/// A period of a window: its label and the local days that belong to it.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) label: String,
    days: BTreeSet<i64>,
    /// Whether instants before the window belong to it.
    reaches_back: bool,
}

/// Where and when is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) zone: &'static str,
    pub(crate) week_start: Weekday,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Asked {
    /// The local day of an instant, in days since 1970.
    pub(crate) fn day(self, at: i64) -> i64 {
        (at + offset(self.zone, at)).div_euclid(DAY)
    }

    fn steps(from: i64, to: i64) -> impl Iterator<Item = i64> {
        (0..(to - from) / STEP).map(move |step| from + step * STEP)
    }

    /// The periods of the window, in order: local days by their label.
    pub(crate) fn cells(self, kind: PeriodKind) -> Vec<Cell> {
        let mut days: Vec<i64> = Self::steps(self.from, self.to).map(|at| self.day(at)).collect();
        days.dedup();
        if let PeriodKind::Rolling { days: length } = kind {
            let back = i64::from(length);
            let cell = |last: i64| {
                let (year, month, day) = civil(last);
                let label = format!("{length} days to {year}-{month:02}-{day:02}");
                Cell { label, days: (last - back + 1..=last).collect(), reaches_back: true }
            };
            return days.into_iter().map(cell).collect();
        }
        let mut cells: Vec<Cell> = Vec::new();
        for day in days {
            let label = label(kind, self.week_start, day * DAY);
            match cells.last_mut() {
                Some(last) if last.label == label => drop(last.days.insert(day)),
                _ => cells.push(Cell { label, days: [day].into(), reaches_back: false }),
            }
        }
        cells
    }

    pub(crate) fn holds(self, cell: &Cell, at: i64) -> bool {
        at < self.to && (cell.reaches_back || at >= self.from) && cell.days.contains(&self.day(at))
    }

    /// Quarters of an hour of the days of a cell, and of some days around them.
    fn around(cell: &Cell, days: i64) -> impl Iterator<Item = i64> {
        let (first, last) = (*cell.days.first().unwrap(), *cell.days.last().unwrap());
        Self::steps((first - days) * DAY, (last + days) * DAY)
    }

    /// Those of the cell.
    fn quarters(self, cell: &Cell) -> impl Iterator<Item = i64> {
        Self::around(cell, 2).filter(move |at| self.holds(cell, *at))
    }

    /// The length of a cell, quarter by quarter of an hour.
    fn millis(self, cell: &Cell) -> i64 {
        self.quarters(cell).count() as i64 * STEP
    }
}

const UNPLANNED: [DeploymentKind; 3] =
    [DeploymentKind::Hotfix, DeploymentKind::Rollback, DeploymentKind::Rework];

impl World {
    /// In production, and it succeeded.
    fn counts(&self, place: usize) -> bool {
        let deployment = &self.deployments[place];
        deployment.environment.is_none_or(|name| name == "prod") && deployment.outcome == Outcome::Succeeded
    }

    /// The deployments of a service that count, in order of time and id.
    fn counted(&self, service: u8) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.deployments.len())
            .filter(|place| self.deployments[*place].service == service && self.counts(*place))
            .collect();
        places.sort_by_key(|place| (self.deployments[*place].at, self.deployments[*place].id.clone()));
        places
    }

    /// Whether some event names the deployment for the change.
    fn named(&self, change: usize, deployment: usize) -> bool {
        self.changes[change].deployments.contains(&deployment)
            || self.deployments[deployment].changes.contains(&change)
    }

    /// A change is with its own service and with that of each deployment that is named for it.
    fn with(&self, change: usize, service: u8) -> bool {
        let there = |place: &usize| self.deployments[*place].service == service && self.named(change, *place);
        self.changes[change].service == service || (0..self.deployments.len()).any(|place| there(&place))
    }

    /// The deployment of a service that an incident is linked to.
    fn linked(&self, incident: &Incident, service: u8) -> Option<usize> {
        if !matches!(incident.cause, CauseClass::Change | CauseClass::Unknown) {
            return None;
        }
        match incident.blames {
            Blame::Nothing => {}
            Blame::Deployment(place) => {
                let named = self.deployments.get(place)?;
                if named.service != service {
                    return None;
                }
                if self.counts(place) {
                    return Some(place);
                }
            }
            Blame::Commit(change) => {
                self.changes.get(change)?;
                let carriers = self.counted(service);
                if let Some(first) = carriers.into_iter().find(|place| self.named(change, *place)) {
                    return Some(first);
                }
            }
        }
        if !incident.services.contains(&service) {
            return None;
        }
        let before = |place: &usize| self.deployments[*place].at <= incident.opened;
        let latest = self.counted(service).into_iter().rfind(before)?;
        (incident.opened - self.deployments[latest].at <= DAY).then_some(latest)
    }

    fn incidents_of(&self, deployment: usize) -> Vec<&Incident> {
        let service = self.deployments[deployment].service;
        self.incidents.iter().filter(|i| self.linked(i, service) == Some(deployment)).collect()
    }

    /// What a hotfix, rollback or rework mends.
    fn mended(&self, remedy: usize) -> Option<usize> {
        let this = &self.deployments[remedy];
        let replaced = |place: usize| {
            let next = self.deployments.get(self.deployments[place].replaces?)?;
            let next = self.deployments.iter().position(|d| d.id == next.id)?;
            (self.deployments[next].service == this.service).then_some(next)
        };
        let steps = std::iter::successors(replaced(remedy), |place| replaced(*place));
        let circle = steps.take(self.deployments.len()).any(|place| place == remedy);
        if let Some(target) = replaced(remedy).filter(|_| !circle) {
            return Some(target);
        }
        let counted = self.counted(this.service);
        let before = counted.iter().take_while(|place| **place != remedy);
        before.filter(|place| self.deployments[**place].environment == this.environment).last().copied()
    }

    fn failed(&self, place: usize) -> bool {
        let soon = |remedy: usize| {
            let gap = self.deployments[remedy].at - self.deployments[place].at;
            (0..=7 * DAY).contains(&gap)
        };
        let remedies = (0..self.deployments.len()).filter(|remedy| {
            let other = &self.deployments[*remedy];
            let mends = || self.mended(*remedy) == Some(place) && soon(*remedy);
            *remedy != place
                && other.service == self.deployments[place].service
                && self.counts(*remedy)
                && UNPLANNED.contains(&other.kind)
                && mends()
        });
        self.counts(place)
            && (self.deployments[place].declared
                || !self.incidents_of(place).is_empty()
                || remedies.count() > 0)
    }

    /// From a failed deployment until all its incidents were over, or without one until the next success.
    fn recovered(&self, place: usize) -> Option<i64> {
        let incidents = self.incidents_of(place);
        if !incidents.is_empty() {
            let ends: Option<Vec<i64>> = incidents.iter().map(|incident| incident.resolved).collect();
            return ends?.into_iter().max();
        }
        let this = &self.deployments[place];
        let counted = self.counted(this.service);
        let mut later = counted.into_iter().skip_while(|other| *other != place).skip(1);
        let next = later.find(|other| self.deployments[*other].environment == this.environment)?;
        Some(self.deployments[next].at)
    }

    /// The deployment that a change counts with, in a service.
    fn delivered(&self, change: usize, service: u8, definition: &Definition) -> Option<usize> {
        let rule = &definition.lead_time;
        let counted = self.counted(service);
        let this = &self.changes[change];
        let some_named = !this.deployments.is_empty()
            || self.deployments.iter().any(|deployment| deployment.changes.contains(&change));
        if some_named && rule.link == ChangeLink::GivenOrNext {
            return counted.into_iter().find(|place| self.named(change, *place));
        }
        let ready = this.merged.or(this.committed).or(this.authored)?;
        let next = counted.iter().position(|place| self.deployments[*place].at >= ready)?;
        let taken = match rule.first_deployment {
            FirstDeployment::Credit => true,
            FirstDeployment::LookBack { millis } => {
                (self.deployments[counted[0]].at - ready).unsigned_abs() <= millis
            }
            _ => false,
        };
        (next > 0 || taken).then(|| counted[next])
    }

    /// When a time to restore begins: where it has to do with deployments, with the first one of those that the incident
    /// is linked to, of whichever service.
    fn restored_from(&self, incident: &Incident, from: RestoreFrom) -> i64 {
        let linked = (0..3).filter_map(|service| Some(self.deployments[self.linked(incident, service)?].at));
        match (from, linked.min()) {
            (RestoreFrom::Deployed, Some(at)) => at,
            (RestoreFrom::Earlier, Some(at)) => at.min(incident.opened),
            _ => incident.opened,
        }
    }

    /// The local day of the first event of some services.
    fn first_day(&self, services: &[u8], asked: Asked) -> Option<i64> {
        let deployed = self.deployments.iter().filter(|d| services.contains(&d.service)).map(|d| d.at);
        let changes = (0..self.changes.len()).filter(|c| services.iter().any(|s| self.with(*c, *s)));
        let changed =
            changes.flat_map(|change| [self.changes[change].committed, self.changes[change].merged]);
        let incidents = self.incidents.iter().filter(|i| i.services.iter().any(|s| services.contains(s)));
        let all = deployed.chain(changed.flatten()).chain(incidents.map(|incident| incident.opened));
        all.min().map(|at| asked.day(at))
    }

    /// The numbers of some services together in a cell.
    pub(crate) fn numbers(
        &self,
        services: &[u8],
        asked: Asked,
        cell: &Cell,
        definition: &Definition,
    ) -> Numbers {
        let mut numbers = Numbers::default();
        let (mut leads, mut recoveries, mut restores) = (Vec::new(), Vec::new(), Vec::new());
        let mut times = Vec::new();
        let open = |start: i64, end: Option<i64>, rule: OpenRule| match end {
            Some(end) => Some((end - start, false)).filter(|(value, _)| *value >= 0),
            None if rule == OpenRule::Ignore || start > asked.to => None,
            None => Some((asked.to - start, rule == OpenRule::Censor)),
        };
        for place in 0..self.deployments.len() {
            let this = &self.deployments[place];
            if !services.contains(&this.service) || !asked.holds(cell, this.at) {
                continue;
            }
            numbers.all_deployments += 1;
            if self.counts(place) {
                times.push(this.at);
                numbers.rework += u64::from(UNPLANNED.contains(&this.kind));
            }
            if self.failed(place) {
                numbers.failures += 1;
                recoveries.extend(open(this.at, self.recovered(place), definition.recovery.open));
            }
        }
        for (change, service) in
            (0..self.changes.len()).flat_map(|change| services.iter().map(move |service| (change, *service)))
        {
            let start = self.changes[change].committed.or(self.changes[change].authored);
            if !self.with(change, service) {
                continue;
            }
            if let (Some(place), Some(start)) = (self.delivered(change, service, definition), start) {
                let at = self.deployments[place].at;
                if asked.holds(cell, at) && at >= start {
                    leads.push(at - start);
                }
            }
        }
        for incident in &self.incidents {
            let ours = incident.services.iter().any(|service| services.contains(service));
            let counts = matches!(incident.cause, CauseClass::Change | CauseClass::Unknown);
            let start = self.restored_from(incident, definition.restore.from);
            if ours && counts && asked.holds(cell, start) {
                restores.extend(open(start, incident.resolved, definition.restore.open));
            }
        }
        let over = |cases: &[(i64, bool)]| {
            (cases.len() as u64, cases.iter().filter(|(_, open)| !open).count() as u64)
        };
        numbers.deployments = times.len() as u64;
        numbers.leads = leads.len() as u64;
        numbers.recoveries = over(&recoveries);
        numbers.restores = over(&restores);
        let begin = self.first_day(services, asked);
        numbers.frequency = frequency(&times, begin, asked, cell, definition);
        numbers.lead = statistic(definition.lead_time.statistic, leads);
        numbers.recovery = survived(definition.recovery.statistic, &recoveries);
        numbers.restore = survived(definition.restore.statistic, &restores);
        numbers
    }
}

fn statistic(kind: Statistic, mut values: Vec<i64>) -> Option<f64> {
    values.sort_unstable();
    let (n, last) = (values.len(), values.len().checked_sub(1)?);
    Some(match kind {
        Statistic::Mean => values.iter().map(|value| *value as f64).sum::<f64>() / n as f64,
        Statistic::LowerMedian => values[last / 2] as f64,
        Statistic::UpperMedian => values[n / 2] as f64,
        _ => (values[last / 2] as f64 + values[n / 2] as f64) / 2.0,
    })
}

/// Product-limit by the definition: of each time at which something ended, the share of those at risk that did not.
fn survived(kind: Statistic, cases: &[(i64, bool)]) -> Option<f64> {
    if cases.iter().all(|(_, open)| !open) {
        return statistic(kind, cases.iter().map(|(value, _)| *value).collect());
    }
    let ends: BTreeSet<i64> = cases.iter().filter(|(_, open)| !open).map(|(value, _)| *value).collect();
    let mut survival = 1.0;
    let mut half: Option<i64> = None;
    for end in ends {
        if let Some(half) = half {
            return Some((half as f64 + end as f64) / 2.0);
        }
        let at_risk = cases.iter().filter(|(value, _)| *value >= end).count();
        let ended = cases.iter().filter(|(value, open)| *value == end && !open).count();
        survival *= 1.0 - ended as f64 / at_risk as f64;
        if (survival - 0.5_f64).abs() < 1e-9 {
            half = Some(end);
        } else if survival < 0.5 {
            return Some(end as f64);
        }
    }
    // Exactly half survived to the end of what was seen: how long that is says nothing of them.
    half.map(|half| half as f64)
}

fn frequency(
    times: &[i64],
    begin: Option<i64>,
    asked: Asked,
    cell: &Cell,
    definition: &Definition,
) -> Option<f64> {
    let measure = definition.frequency.measure;
    let (n, days) = (times.len() as f64, asked.millis(cell) as f64 / DAY as f64);
    match measure {
        FrequencyMeasure::PerWeek => Some(n * 7.0 / days),
        FrequencyMeasure::Count => Some(n),
        FrequencyMeasure::PerDayFloor => {
            let touched: BTreeSet<i64> = asked.quarters(cell).map(|at| asked.day(at)).collect();
            Some((times.len() / touched.len()) as f64)
        }
        FrequencyMeasure::MedianDaysPerWeek | FrequencyMeasure::LowerMedianDaysPerWeek => {
            let weeks = weeks(times, begin, asked, cell, definition)?;
            let kind = if measure == FrequencyMeasure::MedianDaysPerWeek {
                Statistic::Median
            } else {
                Statistic::LowerMedian
            };
            statistic(kind, weeks)
        }
        _ => Some(n / days),
    }
}

/// Of each week of the cell that counts the days with a deployment. `begin` is the day of the first event.
fn weeks(
    times: &[i64],
    begin: Option<i64>,
    asked: Asked,
    cell: &Cell,
    definition: &Definition,
) -> Option<Vec<i64>> {
    let rule = &definition.frequency;
    let week = |at: i64| label(PeriodKind::Week, asked.week_start, asked.day(at) * DAY);
    let is_in = |at: i64| match rule.weeks {
        FrequencyWeeks::AfterFirstEvent => begin.is_some_and(|begin| asked.day(at) > begin),
        _ => true,
    };
    // Of each week how much lies in the cell, and how much in all.
    let mut shares: BTreeMap<i64, (String, u32, u32)> = BTreeMap::new();
    let mut seen: BTreeMap<String, i64> = BTreeMap::new();
    for at in Asked::around(cell, 10) {
        let first = *seen.entry(week(at)).or_insert(at);
        let share = shares.entry(first).or_insert_with(|| (week(at), 0, 0));
        share.1 += u32::from(asked.holds(cell, at) && is_in(at));
        share.2 += 1;
    }
    let mut found: Vec<(bool, i64)> = Vec::new();
    for (name, inside, all) in shares.into_values().filter(|(_, inside, _)| *inside > 0) {
        let here = times.iter().filter(|at| week(**at) == name && is_in(**at));
        let days: BTreeSet<i64> = here.map(|at| asked.day(*at)).collect();
        found.push((inside == all, days.len() as i64));
    }
    match rule.weeks {
        FrequencyWeeks::FromFirstDeployment => {
            let first = found.iter().position(|(_, days)| *days > 0)?;
            found.drain(..first);
        }
        FrequencyWeeks::WithDeployment => found.retain(|(_, days)| *days > 0),
        FrequencyWeeks::AfterFirstEvent => {}
        _ if times.is_empty() => return None,
        _ => {}
    }
    let wanted = found.iter().filter(|(whole, _)| rule.partial_weeks || *whole);
    Some(wanted.map(|(_, days)| *days).collect())
}
