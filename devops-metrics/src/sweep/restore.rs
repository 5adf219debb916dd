//! Times to recover.

use super::lead::check_sign;
use super::{ExcludedFact, Failures, Links, Pair, Part, Reason, RestoreFact, Sink, Sweep, Target};
use crate::dataset::column::{NEVER, NO_ROW};
use crate::dataset::shard::Incidents;
use crate::definition::{OpenRule, RestoreFrom, RestorePeriod, RestoreRule, RestoreTo, RestoreUnit};
use crate::event::Outcome;

/// What recovers, before the rule is applied.
struct Case {
    event: u32,
    environment: u32,
    /// When the deployment was; the same as `start` where there is none.
    deployed: i64,
    start: i64,
    /// [`NEVER`] while it is open.
    end: i64,
    shared: Option<u32>,
}

impl Sweep<'_> {
    /// Failed deployment recovery times, or times to restore service.
    pub(super) fn recoveries<S: Sink>(
        &self,
        part: Part,
        found: Failures<'_>,
        targets: &[Option<Target>],
        sink: &mut S,
    ) {
        let definition = self.definition();
        let rule = if part == Part::Recovery { &definition.recovery } else { &definition.restore };
        self.each(rule, found, targets, |case| match self.settle(rule, &case) {
            Ok(fact) => sink.restore(part, fact),
            Err(reason) => leave_out(sink, &case, part, reason),
        });
        self.tell_unlinked(rule, part, found.links, sink);
    }

    fn each(
        &self,
        rule: &RestoreRule,
        found: Failures<'_>,
        targets: &[Option<Target>],
        mut take: impl FnMut(Case),
    ) {
        let links = found.links;
        match rule.unit {
            RestoreUnit::Incident => {
                let incidents = &self.shard.incidents;
                let home = (0..incidents.len()).filter(|row| !incidents.is_foreign(*row));
                for row in home.filter(|row| links.refused(*row) != Some(Reason::OtherCause)) {
                    take(self.incident_case(rule, self.service, row, targets.get(row).copied().flatten()));
                }
            }
            RestoreUnit::LinkedIncident => {
                for pair in links.pairs() {
                    let target = Some(self.target(pair.deployment));
                    take(self.incident_case(rule, pair.service, pair.incident as usize, target));
                }
            }
            RestoreUnit::FailedDeployment => {
                for row in self.rows().filter(|row| found.is_first(*row)) {
                    take(self.deployment_case(rule, found, row));
                }
            }
            RestoreUnit::FailedOutcome => self.failed_outcomes(take),
        }
    }

    fn incidents_of(&self, service: u32) -> Option<&Incidents> {
        self.dataset.shards.get(service as usize).map(|shard| &shard.incidents)
    }

    fn incident_case(&self, rule: &RestoreRule, service: u32, row: usize, target: Option<Target>) -> Case {
        let Some(incidents) = self.incidents_of(service) else {
            return Case { event: NO_ROW, environment: NO_ROW, deployed: 0, start: 0, end: 0, shared: None };
        };
        let opened = incidents.opened.get(row).copied().unwrap_or(0);
        let start = match rule.from {
            RestoreFrom::Opened => opened,
            RestoreFrom::Detected => detected(incidents, row).unwrap_or(opened),
            RestoreFrom::Deployed => target.map_or(opened, |target| target.at),
            RestoreFrom::Earlier => target.map_or(opened, |target| target.at.min(opened)),
        };
        Case {
            event: incidents.event.get(row).copied().unwrap_or(NO_ROW),
            environment: target.map_or(NO_ROW, |target| target.environment),
            deployed: target.map_or(start, |target| target.at),
            start,
            end: incidents.resolved.get(row),
            shared: (service == self.service).then(|| self.shared(row)).flatten(),
        }
    }

    fn deployment_case(&self, rule: &RestoreRule, found: Failures<'_>, row: usize) -> Case {
        let mut pairs = found.links.of_deployment(row);
        let failed_itself = self.traits(row).is_some_and(|traits| traits.outcome == Outcome::Failed);
        if rule.to == RestoreTo::SomeResolvedOrNextGood && failed_itself {
            pairs = &[];
        }
        let end = match rule.to {
            RestoreTo::ResolvedOrNextSuccess if pairs.is_empty() => self.next_success(row),
            RestoreTo::Resolved | RestoreTo::ResolvedOrNextSuccess => self.all_resolved(pairs),
            RestoreTo::NextSuccess => self.next_success(row),
            RestoreTo::SomeResolvedOrNextGood => self.some_resolved_or_next_good(pairs, found, row),
        };
        let first = |of: fn(&Incidents, usize) -> Option<i64>| {
            let times =
                pairs.iter().filter_map(|pair| of(self.incidents_of(pair.service)?, pair.incident as usize));
            times.min().unwrap_or(self.at(row))
        };
        let start = match rule.from {
            RestoreFrom::Deployed => self.at(row),
            RestoreFrom::Opened => first(opened),
            RestoreFrom::Detected => first(detected),
            RestoreFrom::Earlier => first(opened).min(self.at(row)),
        };
        let environment = self.environment(row);
        Case { event: self.event(row), environment, deployed: self.at(row), start, end, shared: None }
    }

    /// When the last of these incidents was resolved; [`NEVER`] where one is open or there is none.
    fn all_resolved(&self, pairs: &[Pair]) -> i64 {
        let resolved = |pair: &Pair| {
            let incidents = self.incidents_of(pair.service);
            incidents.map_or(NEVER, |incidents| incidents.resolved.get(pair.incident as usize))
        };
        let mut ends = pairs.iter().map(resolved);
        if ends.clone().any(|end| end == NEVER) { NEVER } else { ends.by_ref().max().unwrap_or(NEVER) }
    }

    /// When the last of the incidents that are over was resolved, after one was opened; where none is, when the next
    /// deployment succeeded and did not fail afterwards.
    fn some_resolved_or_next_good(&self, pairs: &[Pair], found: Failures<'_>, row: usize) -> i64 {
        let times = |of: fn(&Incidents, usize) -> i64| {
            pairs
                .iter()
                .filter_map(move |pair| Some(of(self.incidents_of(pair.service)?, pair.incident as usize)))
        };
        let opened = times(|incidents, row| incidents.opened.get(row).copied().unwrap_or(NEVER)).min();
        let resolved = times(|incidents, row| incidents.resolved.get(row)).filter(|at| *at != NEVER).max();
        if let Some(at) = resolved.filter(|at| opened.is_some_and(|opened| *at > opened)) {
            return at;
        }
        self.next_success_that(row, |next| !found.failed(next))
    }

    /// When a failed deployment was recovered from, or now; of any other the deployment itself.
    pub(super) fn recovered_at(&self, row: usize, found: Failures<'_>) -> i64 {
        if !found.is_first(row) {
            return self.at(row);
        }
        let end = self.deployment_case(&self.definition().recovery, found, row).end;
        if end == NEVER { self.terms.now.max(self.at(row)) } else { end }
    }

    /// When the next deployment of the same service and environment succeeded; [`NEVER`] where none did.
    fn next_success(&self, row: usize) -> i64 {
        self.next_success_that(row, |_| true)
    }

    fn next_success_that(&self, row: usize, is: impl Fn(usize) -> bool) -> i64 {
        let later = self.rows_after(row).filter(|next| self.is_attempt(*next));
        let here = later.filter(|next| self.environment(*next) == self.environment(row));
        let mut good =
            here.filter(|next| self.traits(*next).is_some_and(|t| t.outcome == Outcome::Succeeded));
        good.find(|next| is(*next)).map_or(NEVER, |next| self.at(next))
    }

    /// From the first of failed deployments in a row to the next that succeeds.
    fn failed_outcomes(&self, mut take: impl FnMut(Case)) {
        let mut first: Option<usize> = None;
        for row in self.rows().filter(|row| self.is_attempt(*row)) {
            match (self.traits(row).map(|t| t.outcome), first) {
                (Some(Outcome::Failed), None) => first = Some(row),
                (Some(Outcome::Succeeded), Some(start)) => {
                    take(self.outcome_case(start, self.at(row)));
                    first = None;
                }
                _ => {}
            }
        }
        if let Some(start) = first {
            take(self.outcome_case(start, NEVER));
        }
    }

    fn outcome_case(&self, row: usize, end: i64) -> Case {
        let (event, environment) = (self.event(row), self.environment(row));
        Case { event, environment, deployed: self.at(row), start: self.at(row), end, shared: None }
    }

    fn settle(&self, rule: &RestoreRule, case: &Case) -> Result<RestoreFact, Reason> {
        let open = case.end == NEVER;
        if open && (rule.open == OpenRule::Ignore || case.start > self.terms.now) {
            return Err(Reason::StillOpen);
        }
        let end = if open { self.terms.now } else { case.end };
        let value = rule.rounding.apply(self.span(case.start, end)?);
        let value = check_sign(value, rule.non_positive)?;
        let (at, must_end) = match rule.period {
            RestorePeriod::Start => (case.start, case.start),
            RestorePeriod::End => (end, end),
            RestorePeriod::Deployed => (case.deployed, case.deployed),
            RestorePeriod::DeployedAndEnd => (case.start, end),
        };
        Ok(RestoreFact {
            at,
            event: case.event,
            environment: case.environment,
            value,
            open: open && rule.open == OpenRule::Censor,
            end: must_end,
            shared: case.shared,
        })
    }

    /// Incidents that a rule of linked ones or of failed deployments does not see.
    fn tell_unlinked<S: Sink>(&self, rule: &RestoreRule, part: Part, links: &Links, sink: &mut S) {
        if !sink.wants_exclusions() {
            return;
        }
        let incidents = &self.shard.incidents;
        for row in (0..incidents.len()).filter(|row| !incidents.is_foreign(*row)) {
            let reason = match rule.unit {
                RestoreUnit::FailedOutcome => Some(Reason::NoIncidents),
                _ => links.refused(row),
            };
            let Some(reason) = reason else { continue };
            if rule.unit == RestoreUnit::Incident && reason != Reason::OtherCause {
                continue;
            }
            let shared = incidents.shared.get(&crate::dataset::row(row));
            if reason == Reason::CountedElsewhere
                && shared.is_some_and(|shared| sink.takes_elsewhere(*shared))
            {
                continue;
            }
            let at = incidents.opened.get(row).copied().unwrap_or(NEVER);
            let event = incidents.event.get(row).copied().unwrap_or(NO_ROW);
            sink.excluded(ExcludedFact { at, event, environment: NO_ROW, part, reason });
        }
    }
}

fn opened(incidents: &Incidents, row: usize) -> Option<i64> {
    incidents.opened.get(row).copied()
}

/// When an incident was detected; when it was opened where that is not known.
fn detected(incidents: &Incidents, row: usize) -> Option<i64> {
    Some(incidents.detected.get(row)).filter(|at| *at != NEVER).or_else(|| opened(incidents, row))
}

fn leave_out<S: Sink>(sink: &mut S, case: &Case, part: Part, reason: Reason) {
    if sink.wants_exclusions() {
        let (at, event, environment) = (case.start, case.event, case.environment);
        sink.excluded(ExcludedFact { at, event, environment, part, reason });
    }
}
