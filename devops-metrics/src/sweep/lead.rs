//! Lead times.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::{ExcludedFact, Failures, LeadFact, Part, Reason, Sink, Sweep};
use crate::dataset::column::{NEVER, NO_ROW, instant};
use crate::dataset::row;
use crate::dataset::shard::change_trait;
use crate::definition::{
    ChangeLink, ChangeTime, Composition, FirstDeployment, LeadPeriod, LeadUnit, LeadUntil, NonPositive,
    Redeployed,
};

/// What lead times are told by, beside the events.
struct Ledger {
    /// Why each change has none, kept only where that is asked for.
    reasons: Option<Vec<Option<Reason>>>,
    /// Of each deployment row where lead times end, where that is not the deployment.
    ends: Vec<i64>,
}

impl Ledger {
    fn note(&mut self, change: usize, reason: Option<Reason>) {
        if let Some(slot) = self.reasons.as_mut().and_then(|all| all.get_mut(change)) {
            // A change that contributes once contributes.
            if slot.is_some() {
                *slot = reason;
            }
        }
    }
}

impl Sweep<'_> {
    pub(super) fn lead_times<S: Sink>(&self, found: Failures<'_>, sink: &mut S) {
        let rule = &self.definition().lead_time;
        let reasons = || vec![Some(Reason::NotDeployed); self.shard.changes.len()];
        let ends = match rule.until {
            LeadUntil::Deployed => Vec::new(),
            LeadUntil::Recovered => (0..self.at.len()).map(|row| self.recovered_at(row, found)).collect(),
        };
        let mut ledger = Ledger { reasons: sink.wants_exclusions().then(reasons), ends };
        match rule.link {
            ChangeLink::HeadCommit => self.head_commits(sink, &mut ledger),
            ChangeLink::UpToHeadCommit => self.up_to_head_commits(sink, &mut ledger),
            ChangeLink::Next => self.next_deployments(true, sink, &mut ledger),
            ChangeLink::Given | ChangeLink::GivenRolledForward => self.given(sink, &mut ledger),
            ChangeLink::GivenOrNext => {
                self.given(sink, &mut ledger);
                self.next_deployments(false, sink, &mut ledger);
            }
        }
        if rule.undeployed {
            self.undeployed(sink, &mut ledger);
        }
        self.tell_excluded(&ledger, sink);
    }

    fn tell_excluded<S: Sink>(&self, ledger: &Ledger, sink: &mut S) {
        let changes = &self.shard.changes;
        for (place, reason) in ledger.reasons.iter().flatten().enumerate() {
            let Some(reason) = reason else { continue };
            let own = [&changes.committed, &changes.authored, &changes.opened, &changes.merged];
            let at = own.iter().map(|times| times.get(place)).find(|at| *at != NEVER);
            let unit = self.refuses(place).unwrap_or(*reason);
            let event = changes.event.get(place).copied().unwrap_or(NO_ROW);
            let (at, environment, part) = (at.unwrap_or(NEVER), NO_ROW, Part::Lead);
            sink.excluded(ExcludedFact { at, event, environment, part, reason: unit });
        }
    }

    /// Why the definition does not look at a change at all.
    fn refuses(&self, change: usize) -> Option<Reason> {
        let rule = &self.definition().lead_time;
        let changes = &self.shard.changes;
        let pull_request = changes.has(change, change_trait::PULL_REQUEST);
        match rule.unit {
            LeadUnit::Commit if pull_request => return Some(Reason::OtherUnit),
            LeadUnit::PullRequest if !pull_request => return Some(Reason::OtherUnit),
            _ => {}
        }
        if !rule.bots && changes.has(change, change_trait::BOT) {
            return Some(Reason::Bot);
        }
        (!rule.merges && changes.has(change, change_trait::MERGE)).then_some(Reason::MergeCommit)
    }

    fn given<S: Sink>(&self, sink: &mut S, ledger: &mut Ledger) {
        let roll = self.definition().lead_time.link == ChangeLink::GivenRolledForward;
        let once = self.definition().lead_time.redeployed == Redeployed::First;
        // Deployments of no counted outcome since the last one that counted.
        let mut waiting: Vec<usize> = Vec::new();
        for place in self.rows() {
            if !self.counts(place) {
                for change in self.shard.deployments.changes_of(place) {
                    ledger.note(*change as usize, Some(Reason::DeploymentNotCounted));
                }
                if roll && self.is_attempt(place) {
                    waiting.push(place);
                }
                continue;
            }
            for earlier in waiting.drain(..).chain([place]) {
                for change in self.shard.deployments.changes_of(earlier) {
                    let change = *change as usize;
                    if once && !roll && !self.is_first(change, place) {
                        ledger.note(change, Some(Reason::Redeployed));
                        continue;
                    }
                    self.lead(change, Some(place), sink, ledger);
                }
            }
        }
    }

    /// Whether no earlier deployment that counts carries the change.
    fn is_first(&self, change: usize, place: usize) -> bool {
        if !self.shard.changes.has(change, change_trait::SEVERAL) {
            return true;
        }
        let rows = self.shard.changes.several.get(&row(change)).map_or(&[][..], Vec::as_slice);
        let counted = rows.iter().map(|row| *row as usize).filter(|row| self.counts(*row));
        let first = counted.min_by_key(|row| (self.at(*row), *row));
        first == Some(place)
    }

    fn head_commits<S: Sink>(&self, sink: &mut S, ledger: &mut Ledger) {
        let once = self.definition().lead_time.redeployed == Redeployed::First;
        let mut seen = vec![false; if once { self.shard.changes.len() } else { 0 }];
        for place in self.rows() {
            let Some(change) = self.shard.deployments.head_of(place) else { continue };
            if !self.counts(place) {
                ledger.note(change, Some(Reason::DeploymentNotCounted));
                continue;
            }
            match seen.get_mut(change) {
                Some(true) => continue,
                Some(mark) => *mark = true,
                None => {}
            }
            self.lead(change, Some(place), sink, ledger);
        }
    }

    /// The instant at which a change was ready for deployment: its merge, or else its commit.
    fn ready_at(&self, change: usize) -> Option<i64> {
        let changes = &self.shard.changes;
        let times = [&changes.merged, &changes.committed, &changes.authored];
        times.into_iter().map(|times| times.get(change)).find(|at| *at != NEVER)
    }

    /// Changes between the commit of the previous deployment and that of each, by time.
    fn up_to_head_commits<S: Sink>(&self, sink: &mut S, ledger: &mut Ledger) {
        let once = self.definition().lead_time.redeployed == Redeployed::First;
        let count = self.shard.changes.len();
        let mut order: Vec<(i64, usize)> =
            (0..count).filter_map(|change| Some((self.ready_at(change)?, change))).collect();
        order.sort_unstable();
        let mut before: BTreeMap<u32, i64> = BTreeMap::new();
        let mut seen = vec![false; count];
        for place in self.rows() {
            let Some(head) = self.shard.deployments.head_of(place) else { continue };
            if !self.counts(place) {
                ledger.note(head, Some(Reason::DeploymentNotCounted));
                continue;
            }
            let until = self.ready_at(head);
            let from = until.and_then(|until| before.insert(self.environment(place), until));
            let between = from.zip(until).map_or(0..0, |(from, until)| {
                let start = order.partition_point(|(at, _)| *at <= from);
                start..order.partition_point(|(at, _)| *at <= until).max(start)
            });
            let others = order.get(between).unwrap_or(&[]).iter().map(|(_, change)| *change);
            for change in others.filter(|change| *change != head).chain([head]) {
                match seen.get_mut(change) {
                    Some(true) if once => ledger.note(change, Some(Reason::Redeployed)),
                    Some(mark) => {
                        *mark = true;
                        self.lead(change, Some(place), sink, ledger);
                    }
                    None => {}
                }
            }
        }
    }

    /// Changes of which no deployment is named (or `all`) belong to the next one that counts.
    fn next_deployments<S: Sink>(&self, all: bool, sink: &mut S, ledger: &mut Ledger) {
        let open = |change: &usize| all || !self.shard.changes.has(*change, change_trait::GIVEN);
        let mut pending = (0..self.shard.changes.len()).filter(open).peekable();
        if pending.peek().is_none() {
            return;
        }
        let rows: Vec<usize> = self.rows().filter(|place| self.counts(*place)).collect();
        for change in pending {
            let Some(at) = self.ready_at(change) else {
                ledger.note(change, Some(Reason::NoStart));
                continue;
            };
            let next = rows.partition_point(|place| self.at(*place) < at);
            let Some(place) = rows.get(next).copied() else {
                ledger.note(change, Some(Reason::NotDeployed));
                continue;
            };
            if next == 0 && !self.first_takes(at, self.at(place)) {
                ledger.note(change, Some(Reason::BeforeFirstDeployment));
                continue;
            }
            self.lead(change, Some(place), sink, ledger);
        }
    }

    /// Whether the first deployment is credited with a change of that time.
    fn first_takes(&self, change: i64, deployment: i64) -> bool {
        match self.definition().lead_time.first_deployment {
            FirstDeployment::Skip => false,
            FirstDeployment::Credit => true,
            FirstDeployment::LookBack { millis } => {
                deployment.saturating_sub(change).unsigned_abs() <= millis
            }
            FirstDeployment::Since { time } => change >= time.as_millis(),
        }
    }

    /// Changes without a deployment that counts, where the definition takes them without.
    fn undeployed<S: Sink>(&self, sink: &mut S, ledger: &mut Ledger) {
        let rows: Vec<usize> = self.rows().filter(|place| self.counts(*place)).collect();
        let last = rows.last().map(|place| self.at(*place));
        let changes = &self.shard.changes;
        for change in 0..changes.len() {
            let carried = if changes.has(change, change_trait::GIVEN) {
                rows.iter().any(|place| self.shard.deployments.changes_of(*place).contains(&row(change)))
            } else {
                self.ready_at(change).zip(last).is_some_and(|(at, last)| at <= last)
            };
            if !carried {
                self.lead(change, None, sink, ledger);
            }
        }
    }

    fn lead<S: Sink>(&self, change: usize, place: Option<usize>, sink: &mut S, ledger: &mut Ledger) {
        let end = place.map(|place| ledger.ends.get(place).copied().unwrap_or_else(|| self.at(place)));
        match self.duration(change, place, end.unwrap_or(NEVER)) {
            Ok((at, value)) => {
                ledger.note(change, None);
                sink.lead(LeadFact {
                    at,
                    event: self.shard.changes.event.get(change).copied().unwrap_or(NO_ROW),
                    deployment: place.map_or(NO_ROW, |place| self.event(place)),
                    environment: place.map_or(NO_ROW, |place| self.environment(place)),
                    value,
                });
            }
            Err(reason) => ledger.note(change, Some(reason)),
        }
    }

    /// The instant that decides the period, and the duration up to an end, [`NEVER`] without a deployment.
    fn duration(&self, change: usize, place: Option<usize>, end: i64) -> Result<(i64, i64), Reason> {
        if let Some(reason) = self.refuses(change) {
            return Err(reason);
        }
        let rule = &self.definition().lead_time;
        let changes = &self.shard.changes;
        let deployed = place.map_or(NEVER, |place| self.at(place));
        let at = match rule.period {
            LeadPeriod::Deployed => deployed,
            LeadPeriod::Merged => changes.merged.get(change),
        };
        if at == NEVER {
            return Err(if place.is_some() { Reason::NotMerged } else { Reason::NotDeployed });
        }
        let value = match rule.composition {
            Composition::Span => {
                let start = self.start_of(change).filter(|_| end != NEVER).ok_or(Reason::NoStart)?;
                rule.rounding.apply(self.span(start, end)?)
            }
            Composition::SpanWithoutWeekends => {
                let start = self.start_of(change).filter(|_| end != NEVER).ok_or(Reason::NoStart)?;
                rule.rounding.apply(without_weekends(start, end, is_weekend))
            }
            Composition::PartsWithoutNegative | Composition::PartsMissingZero => {
                let from = if rule.composition == Composition::PartsMissingZero {
                    changes.committed.get(change)
                } else {
                    changes.authored.get(change)
                };
                let (opened, merged) = (changes.opened.get(change), changes.merged.get(change));
                if merged == NEVER {
                    return Err(Reason::NotMerged);
                }
                let parts = [(from, opened), (opened, merged), (merged, end)];
                let known = parts.iter().filter(|(a, b)| *a != NEVER && *b != NEVER);
                let rounded = known.map(|(a, b)| rule.rounding.apply(b.saturating_sub(*a)));
                rounded.filter(|part| *part > 0).fold(0, i64::saturating_add)
            }
        };
        check_sign(value, rule.non_positive).map(|value| (at, value))
    }

    /// Where the lead time of a change starts.
    fn start_of(&self, change: usize) -> Option<i64> {
        let from = &self.definition().lead_time.from;
        from.iter().map(|from| self.change_time(change, *from)).find(|at| *at != NEVER)
    }

    fn change_time(&self, change: usize, time: ChangeTime) -> i64 {
        let changes = &self.shard.changes;
        match time {
            ChangeTime::Authored => changes.authored.get(change),
            ChangeTime::Committed => changes.committed.get(change),
            ChangeTime::Opened => changes.opened.get(change),
            ChangeTime::Merged => changes.merged.get(change),
        }
    }

    /// Milliseconds between two instants, in working time where a calendar is given.
    pub(super) fn span(&self, from: i64, to: i64) -> Result<i64, Reason> {
        let Some(clock) = self.terms.clock else { return Ok(to.saturating_sub(from)) };
        let ends = instant(from).zip(instant(to));
        ends.and_then(|(from, to)| clock.millis_between(from, to)).ok_or(Reason::OutsideWorkingCalendar)
    }
}

const DAY: i64 = 86_400_000;

/// Whether an instant is on a Saturday or Sunday, UTC; 1970-01-01 was a Thursday.
const fn is_weekend(at: i64) -> bool {
    at.div_euclid(DAY).saturating_add(3).rem_euclid(7) >= 5
}

/// A span of two days or more less a day for each weekend day that a walk in steps of a day from its start comes by.
pub(crate) fn without_weekends(from: i64, to: i64, is_weekend: impl Fn(i64) -> bool) -> i64 {
    let span = to.saturating_sub(from);
    let days = span.div_euclid(DAY);
    if days < 2 {
        return span;
    }
    let steps = (0..=days).filter(|day| is_weekend(from.saturating_add(day.saturating_mul(DAY))));
    steps.fold(span, |rest, _| rest.saturating_sub(DAY))
}

pub(super) const fn check_sign(value: i64, rule: NonPositive) -> Result<i64, Reason> {
    match rule {
        NonPositive::KeepNonNegative | NonPositive::KeepPositive if value < 0 => Err(Reason::Negative),
        NonPositive::KeepPositive if value == 0 => Err(Reason::Zero),
        _ => Ok(value),
    }
}
