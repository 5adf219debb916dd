//! Lead times.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::{ExcludedFact, Failures, LeadRun, LeadTimes, Part, Reason, Sink, Sweep};
use crate::dataset::column::{NEVER, NO_ROW, Times, instant};
use crate::dataset::row;
use crate::dataset::shard::{ChangeRows, Changes, change_trait};
use crate::definition::{
    ChangeLink, ChangeTime, Composition, FirstDeployment, LeadPeriod, LeadTimeRule, LeadUnit, LeadUntil,
    NonPositive, Redeployed, Rounding,
};
use crate::event::record::List;

/// The lead times of one service on their way to a sink.
struct Leads<'a, S> {
    sweep: &'a Sweep<'a>,
    rule: &'a LeadTimeRule,
    changes: &'a Changes,
    /// Where a duration may start, in order.
    starts: Vec<&'a Times>,
    /// The first of them, where durations are nothing but differences.
    plain: &'a [i64],
    /// Traits that are looked at, and as what they are nothing special.
    ordinary: (u8, u8),
    /// No change is anything special, and whatever lead time it has counts.
    all_plain: bool,
    /// Of each deployment row where lead times end, where that is not the deployment.
    ends: Vec<i64>,
    /// Why each change has no lead time, kept only where that is asked for.
    reasons: Option<Vec<Option<Reason>>>,
    /// The deployment at hand.
    carrier: Carrier,
    /// The instant that decides the period of what was found of it: rows of changes, and their lead times.
    at: i64,
    rows: Vec<u32>,
    values: Vec<i64>,
    sink: &'a mut S,
}

/// The deployment through which a change is delivered.
#[derive(Clone, Copy)]
struct Carrier {
    at: i64,
    /// Where lead times end.
    end: i64,
    event: u32,
    environment: u32,
}

/// Where a definition takes changes without a deployment.
const NO_CARRIER: Carrier = Carrier { at: NEVER, end: NEVER, event: NO_ROW, environment: NO_ROW };

impl Sweep<'_> {
    pub(super) fn lead_times<S: Sink>(&self, found: Failures<'_>, sink: &mut S) {
        let (rule, changes) = (&self.definition().lead_time, &self.shard.changes);
        let starts: Vec<_> = rule.from.iter().map(|from| column(changes, *from)).collect();
        let is_plain = rule.composition == Composition::Span
            && rule.period == LeadPeriod::Deployed
            && rule.until == LeadUntil::Deployed
            && rule.rounding == Rounding::None
            && self.terms.clock.is_none();
        let plain = starts.first().filter(|_| is_plain).map_or(&[][..], |times| times.as_slice());
        let ordinary = ordinary(rule);
        let all_plain = is_plain
            && matches!(rule.non_positive, NonPositive::Keep | NonPositive::RefuseNegative)
            && starts.first().is_some_and(|times| times.are_complete(changes.len()))
            && are_ordinary(&changes.traits, ordinary);
        let ends = match rule.until {
            LeadUntil::Deployed => Vec::new(),
            LeadUntil::Recovered => (0..self.at.len()).map(|row| self.recovered_at(row, found)).collect(),
        };
        let not_carried = match rule.link {
            ChangeLink::HeadCommit => Reason::NotHeadCommit,
            _ => Reason::NotDeployed,
        };
        let leads = Leads {
            sweep: self,
            rule,
            changes,
            starts,
            plain,
            ordinary,
            all_plain,
            ends,
            reasons: sink.wants_exclusions().then(|| vec![Some(not_carried); changes.len()]),
            carrier: NO_CARRIER,
            at: NEVER,
            rows: Vec::new(),
            values: Vec::new(),
            sink,
        };
        leads.find();
    }

    /// Milliseconds between two instants, in working time where a calendar is given.
    pub(super) fn span(&self, from: i64, to: i64) -> Result<i64, Reason> {
        let Some(clock) = self.terms.clock else { return Ok(to.saturating_sub(from)) };
        let ends = instant(from).zip(instant(to));
        ends.and_then(|(from, to)| clock.millis_between(from, to)).ok_or(Reason::OutsideWorkingCalendar)
    }
}

/// The traits that can make a change special, and those of them that an ordinary change has.
const fn ordinary(rule: &LeadTimeRule) -> (u8, u8) {
    let mut looked_at = change_trait::SEVERAL;
    if !rule.bots {
        looked_at |= change_trait::BOT;
    }
    if !rule.merges {
        looked_at |= change_trait::MERGE;
    }
    match rule.unit {
        LeadUnit::Change => (looked_at, 0),
        LeadUnit::Commit => (looked_at | change_trait::PULL_REQUEST, 0),
        LeadUnit::PullRequest => (looked_at | change_trait::PULL_REQUEST, change_trait::PULL_REQUEST),
    }
}

/// Whether all have nothing but ordinary traits.
fn are_ordinary(traits: &[u8], (looked_at, ordinary): (u8, u8)) -> bool {
    let (some, all) = traits.iter().fold((0, u8::MAX), |(some, all), bits| (some | bits, all & bits));
    traits.is_empty() || (some & looked_at == ordinary && all & looked_at == ordinary)
}

const fn column(changes: &Changes, time: ChangeTime) -> &Times {
    match time {
        ChangeTime::Authored => &changes.authored,
        ChangeTime::Committed => &changes.committed,
        ChangeTime::Opened => &changes.opened,
        ChangeTime::Merged => &changes.merged,
    }
}

/// The first of some times of a change that is told.
fn first_told(change: usize, times: [&Times; 3]) -> Option<i64> {
    times.into_iter().map(|times| times.get(change)).find(|at| *at != NEVER)
}

impl<S: Sink> Leads<'_, S> {
    fn find(mut self) {
        match self.rule.link {
            ChangeLink::HeadCommit => self.head_commits(),
            ChangeLink::UpToHeadCommit => self.up_to_head_commits(),
            ChangeLink::Next => self.next_deployments(true),
            ChangeLink::Given | ChangeLink::GivenRolledForward => self.given(),
            ChangeLink::GivenOrNext => {
                self.given();
                self.next_deployments(false);
            }
        }
        if self.rule.undeployed {
            self.undeployed();
        }
        self.tell();
        self.tell_excluded();
    }

    #[inline]
    fn note(&mut self, change: usize, reason: Option<Reason>) {
        if let Some(slot) = self.reasons.as_mut().and_then(|all| all.get_mut(change)) {
            // A change that contributes once contributes.
            if slot.is_some() {
                *slot = reason;
            }
        }
    }

    fn tell_excluded(self) {
        let changes = self.changes;
        for (place, reason) in self.reasons.iter().flatten().enumerate() {
            let Some(reason) = reason else { continue };
            let own = [&changes.committed, &changes.authored, &changes.opened, &changes.merged];
            let at = own.iter().map(|times| times.get(place)).find(|at| *at != NEVER);
            let unit = self.refuses(place).unwrap_or(*reason);
            let event = changes.event.get(place).copied().unwrap_or(NO_ROW);
            let (at, environment, part) = (at.unwrap_or(NEVER), NO_ROW, Part::Lead);
            self.sink.excluded(ExcludedFact { at, event, environment, part, reason: unit });
        }
    }

    /// Why the definition does not look at a change at all.
    fn refuses(&self, change: usize) -> Option<Reason> {
        let pull_request = self.changes.has(change, change_trait::PULL_REQUEST);
        match self.rule.unit {
            LeadUnit::Commit if pull_request => return Some(Reason::OtherUnit),
            LeadUnit::PullRequest if !pull_request => return Some(Reason::OtherUnit),
            _ => {}
        }
        if !self.rule.bots && self.changes.has(change, change_trait::BOT) {
            return Some(Reason::Bot);
        }
        (!self.rule.merges && self.changes.has(change, change_trait::MERGE)).then_some(Reason::MergeCommit)
    }

    fn given(&mut self) {
        let sweep = self.sweep;
        let roll = self.rule.link == ChangeLink::GivenRolledForward;
        let once = self.rule.redeployed == Redeployed::First && !roll;
        // Deployments of no counted outcome since the last one that counted, and where a change of several rolled to.
        let mut waiting: Vec<usize> = Vec::new();
        let mut rolled: BTreeMap<usize, usize> = BTreeMap::new();
        for place in sweep.rows() {
            if !sweep.counts(place) {
                if self.reasons.is_some() {
                    for change in sweep.shard.deployments.changes_of(place).each() {
                        self.note(change as usize, Some(Reason::DeploymentNotCounted));
                    }
                }
                if roll && sweep.is_attempt(place) {
                    waiting.push(place);
                }
                continue;
            }
            if waiting.is_empty() && self.tell_plain(place) {
                continue;
            }
            self.set_carrier(place);
            for earlier in waiting.drain(..).chain([place]) {
                let changes = sweep.shard.deployments.changes_of(earlier);
                for change in changes.each() {
                    let change = change as usize;
                    let several = roll && self.changes.has(change, change_trait::SEVERAL);
                    let before = if several { rolled.insert(change, place) } else { None };
                    if before == Some(place) {
                        continue;
                    }
                    let again = before.is_some() && self.rule.redeployed == Redeployed::First;
                    if again || (once && !self.is_first(change, place)) {
                        self.note(change, Some(Reason::Redeployed));
                    } else {
                        self.lead(change);
                    }
                }
            }
        }
    }

    /// Tells the changes of a deployment at once, where none of them is anything special: what
    /// [`lead`](Self::lead) does one by one.
    fn tell_plain(&mut self, place: usize) -> bool {
        let sweep = self.sweep;
        let ChangeRows::SideBySide(rows) = sweep.shard.deployments.changes_of(place) else { return false };
        let at = sweep.at(place);
        if !self.all_plain && !self.are_plain(&rows, at) {
            return false;
        }
        if rows.is_empty() {
            return true;
        }
        if self.reasons.is_some() {
            rows.clone().for_each(|row| self.note(row as usize, None));
        }
        self.tell();
        let (deployment, environment) = (sweep.event(place), sweep.environment(place));
        let times = LeadTimes::UpToDeployment { rows, starts: self.plain };
        self.sink.leads(LeadRun { at, deployment, environment, events: &self.changes.event, times });
        true
    }

    /// Whether changes are ordinary and from before their deployment.
    fn are_plain(&self, rows: &Range<u32>, deployed: i64) -> bool {
        let range = rows.start as usize..rows.end as usize;
        let (Some(starts), Some(traits)) = (self.plain.get(range.clone()), self.changes.traits.get(range))
        else {
            return false;
        };
        let (looked_at, ordinary) = self.ordinary;
        let is_plain =
            |start: i64, traits: u8| traits & looked_at == ordinary && start != NEVER && start < deployed;
        starts.iter().zip(traits).all(|(start, traits)| is_plain(*start, *traits))
    }

    /// Whether no earlier deployment that counts carries the change.
    fn is_first(&self, change: usize, place: usize) -> bool {
        if !self.changes.has(change, change_trait::SEVERAL) {
            return true;
        }
        let rows = self.changes.several.get(&row(change)).map_or(&[][..], Vec::as_slice);
        let counted = rows.iter().map(|row| *row as usize).filter(|row| self.sweep.counts(*row));
        let first = counted.min_by_key(|row| (self.sweep.at(*row), *row));
        first == Some(place)
    }

    fn head_commits(&mut self) {
        let sweep = self.sweep;
        let once = self.rule.redeployed == Redeployed::First;
        let mut seen = vec![false; if once { self.changes.len() } else { 0 }];
        for place in sweep.rows() {
            let Some(change) = sweep.shard.deployments.head_of(place) else { continue };
            if !sweep.counts(place) {
                self.note(change, Some(Reason::DeploymentNotCounted));
                continue;
            }
            match seen.get_mut(change) {
                Some(true) => continue,
                Some(mark) => *mark = true,
                None => {}
            }
            self.set_carrier(place);
            self.lead(change);
        }
    }

    /// The instant at which a change was ready for deployment: its merge, or else its commit.
    fn ready_at(&self, change: usize) -> Option<i64> {
        let changes = &self.changes;
        first_told(change, [&changes.merged, &changes.committed, &changes.authored])
    }

    /// Where a change stands among the commits: a pull request at its merge.
    fn stands_at(&self, change: usize) -> Option<i64> {
        let changes = &self.changes;
        if changes.has(change, change_trait::PULL_REQUEST) {
            return self.ready_at(change);
        }
        first_told(change, [&changes.committed, &changes.authored, &changes.merged])
    }

    /// Changes between the commit of the previous deployment and that of each, by time.
    fn up_to_head_commits(&mut self) {
        let sweep = self.sweep;
        let once = self.rule.redeployed == Redeployed::First;
        let count = self.changes.len();
        let mut order: Vec<(i64, usize)> =
            (0..count).filter_map(|change| Some((self.stands_at(change)?, change))).collect();
        order.sort_unstable();
        let mut before: BTreeMap<u32, i64> = BTreeMap::new();
        let mut seen = vec![false; count];
        for place in sweep.rows() {
            let Some(head) = sweep.shard.deployments.head_of(place) else { continue };
            if !sweep.counts(place) {
                self.note(head, Some(Reason::DeploymentNotCounted));
                continue;
            }
            let until = self.stands_at(head);
            let from = until.and_then(|until| before.insert(sweep.environment(place), until));
            let between = from.zip(until).map_or(0..0, |(from, until)| {
                let start = order.partition_point(|(at, _)| *at <= from);
                start..order.partition_point(|(at, _)| *at <= until).max(start)
            });
            let others = order.get(between).unwrap_or(&[]).iter().map(|(_, change)| *change);
            // Back to a commit from before the previous one: nothing lies between.
            let own = from.zip(until).is_none_or(|(from, until)| from < until).then_some(head);
            self.set_carrier(place);
            for change in others.filter(|change| *change != head).chain(own) {
                match seen.get_mut(change) {
                    Some(true) if once => self.note(change, Some(Reason::Redeployed)),
                    Some(mark) => {
                        *mark = true;
                        self.lead(change);
                    }
                    None => {}
                }
            }
        }
    }

    /// Changes of which no deployment is named (or `all`) belong to the next one that counts.
    fn next_deployments(&mut self, all: bool) {
        let (sweep, changes) = (self.sweep, self.changes);
        let open = |change: &usize| all || !changes.has(*change, change_trait::GIVEN);
        let mut pending = (0..changes.len()).filter(open).peekable();
        if pending.peek().is_none() {
            return;
        }
        let rows: Vec<usize> = sweep.rows().filter(|place| sweep.counts(*place)).collect();
        for change in pending {
            let Some(at) = self.ready_at(change) else {
                self.note(change, Some(Reason::NoStart));
                continue;
            };
            let next = rows.partition_point(|place| sweep.at(*place) < at);
            let Some(place) = rows.get(next).copied() else {
                self.note(change, Some(Reason::NotDeployed));
                continue;
            };
            if next == 0 && !self.first_takes(at, sweep.at(place)) {
                self.note(change, Some(Reason::BeforeFirstDeployment));
                continue;
            }
            self.set_carrier(place);
            self.lead(change);
        }
    }

    /// Whether the first deployment is credited with a change of that time.
    fn first_takes(&self, change: i64, deployment: i64) -> bool {
        match self.rule.first_deployment {
            FirstDeployment::Skip => false,
            FirstDeployment::Credit => true,
            FirstDeployment::LookBack { millis } => {
                deployment.saturating_sub(change).unsigned_abs() <= millis
            }
            FirstDeployment::Since { time } => change >= time.as_millis(),
        }
    }

    /// Changes without a deployment that counts, where the definition takes them without.
    fn undeployed(&mut self) {
        let (sweep, changes) = (self.sweep, self.changes);
        let rows: Vec<usize> = sweep.rows().filter(|place| sweep.counts(*place)).collect();
        let last = rows.last().map(|place| sweep.at(*place));
        for change in 0..changes.len() {
            let carried = if changes.has(change, change_trait::GIVEN) {
                rows.iter().any(|place| sweep.shard.deployments.changes_of(*place).contains(row(change)))
            } else {
                self.ready_at(change).zip(last).is_some_and(|(at, last)| at <= last)
            };
            if carried {
                continue;
            }
            if self.is_first_service_of(change) {
                self.tell();
                (self.carrier, self.at) = (NO_CARRIER, NEVER);
                self.lead(change);
            } else {
                self.note(change, Some(Reason::CountedElsewhere));
            }
        }
    }

    /// Whether this is the first service of a change by name: what no deployment carried counts once.
    fn is_first_service_of(&self, change: usize) -> bool {
        let event = self.changes.event.get(change).copied().unwrap_or(NO_ROW);
        let record = self.sweep.dataset.log.record(event);
        record.list(List::Services).first().is_some_and(|name| **name == *self.sweep.shard.service.as_str())
    }

    fn lead(&mut self, change: usize) {
        match self.duration(change) {
            Ok((at, value)) => {
                if at != self.at {
                    self.tell();
                    self.at = at;
                }
                self.take(change, value);
            }
            Err(reason) => self.note(change, Some(reason)),
        }
    }

    /// From here on changes are delivered by that deployment.
    fn set_carrier(&mut self, place: usize) {
        self.tell();
        let at = self.sweep.at(place);
        let end = self.ends.get(place).copied().unwrap_or(at);
        let (event, environment) = (self.sweep.event(place), self.sweep.environment(place));
        (self.carrier, self.at) = (Carrier { at, end, event, environment }, at);
    }

    /// Keeps a lead time until the others of its deployment are there.
    #[inline]
    fn take(&mut self, change: usize, value: i64) {
        self.note(change, None);
        self.rows.push(row(change));
        self.values.push(value);
    }

    /// Tells the sink what was kept.
    fn tell(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        let Carrier { event: deployment, environment, .. } = self.carrier;
        let times = LeadTimes::Each { rows: &self.rows, values: &self.values };
        self.sink.leads(LeadRun { at: self.at, deployment, environment, events: &self.changes.event, times });
        self.rows.clear();
        self.values.clear();
    }

    /// The instant that decides the period, and the duration up to where lead times of the deployment at hand end.
    fn duration(&self, change: usize) -> Result<(i64, i64), Reason> {
        if let Some(reason) = self.refuses(change) {
            return Err(reason);
        }
        let Carrier { at: deployed, end, .. } = self.carrier;
        let at = match self.rule.period {
            LeadPeriod::Deployed => deployed,
            LeadPeriod::Merged => self.changes.merged.get(change),
        };
        if at == NEVER {
            return Err(if deployed == NEVER { Reason::NotDeployed } else { Reason::NotMerged });
        }
        let rounding = self.rule.rounding;
        let value = match self.rule.composition {
            Composition::Span => rounding.apply(self.sweep.span(self.start_of(change)?, end)?),
            Composition::SpanWithoutWeekends => {
                rounding.apply(without_weekends(self.start_of(change)?, end, is_weekend))
            }
            Composition::PartsWithoutNegative => self.parts(self.changes.authored.get(change), change)?,
            Composition::PartsMissingZero => self.parts(self.changes.committed.get(change), change)?,
        };
        check_sign(value, self.rule.non_positive).map(|value| (at, value))
    }

    /// Where the lead time of a change starts.
    fn start_of(&self, change: usize) -> Result<i64, Reason> {
        let start = self.starts.iter().map(|times| times.get(change)).find(|at| *at != NEVER);
        start.filter(|_| self.carrier.end != NEVER).ok_or(Reason::NoStart)
    }

    /// The sum of the stages that are known and positive.
    fn parts(&self, from: i64, change: usize) -> Result<i64, Reason> {
        let (opened, merged) = (self.changes.opened.get(change), self.changes.merged.get(change));
        if merged == NEVER {
            return Err(Reason::NotMerged);
        }
        let parts = [(from, opened), (opened, merged), (merged, self.carrier.end)];
        let known = parts.iter().filter(|(a, b)| *a != NEVER && *b != NEVER);
        let rounded = known.map(|(a, b)| self.rule.rounding.apply(b.saturating_sub(*a)));
        Ok(rounded.filter(|part| *part > 0).fold(0, i64::saturating_add))
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
