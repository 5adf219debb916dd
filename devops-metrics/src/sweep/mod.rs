//! Goes through the events of a service under a definition and says what each one is worth.
//!
//! This is the one place where definitions are applied; cells, explanations and comparisons are made from what it
//! finds. Everything is found in one pass over columns in order of time.

mod across;
mod fact;
mod failures;
mod lead;
mod links;
mod reason;
mod restore;

use alloc::borrow::Cow;
use alloc::vec::Vec;

pub(crate) use across::Across;
pub(crate) use fact::{
    DeploymentFact, ExcludedFact, IncidentFact, LeadFact, LeadRun, LeadTimes, Part, RestoreFact, Sink,
};
pub(crate) use lead::without_weekends;
use links::{Links, Pair, Target};
pub use reason::Reason;

use crate::calendar::BusinessClock;
use crate::dataset::column::NO_ROW;
use crate::dataset::shard::{DeploymentTraits, Shard};
use crate::dataset::{Dataset, row};
use crate::definition::{Definition, DeploymentTime, FailureBase, FailureCount, FrequencyWeeks};
use crate::event::Outcome;

/// What a sweep needs to know beside the events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) definition: &'a Definition,
    /// Until when what is open has lasted.
    pub(crate) now: i64,
    pub(crate) clock: Option<&'a BusinessClock>,
}

/// Which deployments of a service failed.
#[derive(Debug, Clone, Copy)]
struct Failures<'a> {
    links: &'a Links,
    /// Of each row.
    failed: &'a [bool],
    /// Of each row, whether it is a failure that counts: of a row of failures the first, where the definition has it so.
    counted: &'a [bool],
}

impl Failures<'_> {
    fn failed(&self, row: usize) -> bool {
        self.failed.get(row).copied().unwrap_or(false)
    }

    /// Whether the row is the failure that counts of those in a row.
    fn is_first(&self, row: usize) -> bool {
        self.counted.get(row).copied().unwrap_or(false)
    }

    /// Whether it counts for the failure rate: an outcome that is failed always does.
    fn counts(&self, row: usize, outcome: Outcome) -> bool {
        self.is_first(row) || (self.failed(row) && outcome == Outcome::Failed)
    }
}

/// One service under one definition.
pub(crate) struct Sweep<'a> {
    pub(crate) dataset: &'a Dataset<'a>,
    pub(crate) terms: Terms<'a>,
    pub(crate) service: u32,
    pub(crate) shard: &'a Shard,
    /// The instant of each deployment.
    pub(crate) at: Cow<'a, [i64]>,
    /// Deployment rows in order of their instants; `None` where rows are in order already.
    order: Option<Vec<u32>>,
    /// What each deployment is to the definition, as bits of [`stand`].
    stands: Vec<u8>,
}

/// What a deployment is to a definition.
mod stand {
    /// Of a tier and kind that count, whatever its outcome.
    pub(super) const ATTEMPT: u8 = 1;
    /// Counts for frequency and lead time.
    pub(super) const COUNTS: u8 = 2;
    /// Failures are looked for in it.
    pub(super) const MAY_FAIL: u8 = 4;
    /// Counts, and is rework.
    pub(super) const REWORK: u8 = 8;
}

impl<'a> Sweep<'a> {
    pub(crate) fn new(dataset: &'a Dataset<'a>, terms: Terms<'a>, service: u32) -> Option<Self> {
        let shard = dataset.shards.get(service as usize)?;
        let deployments = &shard.deployments;
        let rule = &terms.definition.deployments;
        let at: Cow<'a, [i64]> = match rule.time {
            DeploymentTime::Finished => Cow::Borrowed(&deployments.finished),
            DeploymentTime::Started => instants(&deployments.finished, |row| deployments.started.get(row)),
            DeploymentTime::FirstPart => {
                instants(&deployments.finished, |row| deployments.first_part.get(row))
            }
        };
        let order = (!at.is_sorted()).then(|| {
            let mut rows: Vec<u32> = (0..row(at.len())).collect();
            rows.sort_by_key(|row| at.get(*row as usize).copied());
            rows
        });
        // Most deployments are like the one before.
        let mut like = deployments.traits.first().map(|first| (*first, stands(terms.definition, *first)));
        let stands = deployments.traits.iter().map(|traits| match like {
            Some((there, bits)) if there == *traits => bits,
            _ => like.insert((*traits, stands(terms.definition, *traits))).1,
        });
        let stands = stands.collect();
        Some(Self { dataset, terms, service, shard, at, order, stands })
    }

    pub(crate) const fn definition(&self) -> &'a Definition {
        self.terms.definition
    }

    /// Deployment rows in order of their instants.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.at.len()).map(|place| match &self.order {
            Some(order) => order.get(place).map_or(0, |row| *row as usize),
            None => place,
        })
    }

    /// The deployment rows behind one, in order of their instants.
    pub(crate) fn rows_after(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let place = match &self.order {
            Some(order) => order.iter().position(|there| *there as usize == row).unwrap_or(usize::MAX),
            None => row,
        };
        (place.saturating_add(1)..self.at.len()).map(|place| match &self.order {
            Some(order) => order.get(place).map_or(0, |row| *row as usize),
            None => place,
        })
    }

    pub(crate) fn at(&self, row: usize) -> i64 {
        self.at.get(row).copied().unwrap_or(0)
    }

    pub(crate) fn traits(&self, row: usize) -> Option<DeploymentTraits> {
        self.shard.deployments.traits.get(row).copied()
    }

    fn is(&self, row: usize, bit: u8) -> bool {
        self.stands.get(row).is_some_and(|bits| bits & bit != 0)
    }

    pub(crate) fn is_attempt(&self, row: usize) -> bool {
        self.is(row, stand::ATTEMPT)
    }

    /// Whether it counts for frequency and lead time.
    pub(crate) fn counts(&self, row: usize) -> bool {
        self.is(row, stand::COUNTS)
    }

    /// Whether failures are looked for in it.
    pub(crate) fn may_fail(&self, row: usize) -> bool {
        self.is(row, stand::MAY_FAIL)
    }

    pub(crate) fn environment(&self, row: usize) -> u32 {
        self.shard.deployments.environment.get(row).copied().unwrap_or(NO_ROW)
    }

    pub(crate) fn event(&self, row: usize) -> u32 {
        self.shard.deployments.event.get(row).copied().unwrap_or(NO_ROW)
    }

    /// Goes through everything.
    pub(crate) fn run<S: Sink>(&self, across: &Across, sink: &mut S) {
        if self.definition().frequency.weeks == FrequencyWeeks::AfterFirstEvent
            && let Some(at) = self.shard.first_event()
        {
            sink.begins(at);
        }
        let links = self.links(across);
        let failed = self.failed(&links);
        let counted = self.first_of_rows(&failed);
        let failures = Failures { links: &links, failed: &failed, counted: &counted };
        self.deployments(failures, sink);
        self.lead_times(failures, sink);
        let targets = self.targets(&links, across);
        self.recoveries(Part::Recovery, failures, &targets, sink);
        self.recoveries(Part::Restore, failures, &targets, sink);
        self.incidents(&links, sink);
    }

    fn deployments<S: Sink>(&self, found: Failures<'_>, sink: &mut S) {
        let rule = &self.definition().failure;
        let blamed = if rule.count == FailureCount::Rows { self.blamed(found.links) } else { Vec::new() };
        for row in self.rows() {
            let (at, event, environment) = (self.at(row), self.event(row), self.environment(row));
            let Some(traits) = self.traits(row) else { continue };
            let mut leave_out = |part, reason| {
                if sink.wants_exclusions() {
                    sink.excluded(ExcludedFact { at, event, environment, part, reason });
                }
            };
            let (counted, may_fail) = (self.counts(row), self.may_fail(row));
            if !(counted || may_fail) {
                let refused = refusal(self.definition(), traits);
                leave_out(Part::Deployments, refused.unwrap_or(Reason::OtherOutcome));
                continue;
            }
            if !counted {
                leave_out(Part::Frequency, Reason::OtherOutcome);
            }
            let failures = match rule.count {
                FailureCount::Deployments => u32::from(found.counts(row, traits.outcome)),
                FailureCount::Incidents => 0,
                FailureCount::Rows => self.failure_rows(&blamed, row),
            };
            let stands = self.below_the_line(row, traits, may_fail, failures > 0);
            if let Err(Some(reason)) = stands
                && failures == 0
            {
                leave_out(Part::Failures, reason);
            }
            let base = stands.is_ok();
            let rework = self.is(row, stand::REWORK);
            sink.deployment(DeploymentFact { at, event, environment, counted, base, failures, rework });
        }
    }

    /// Whether failures are divided by the deployment, among others; else why not, where that leaves it out.
    fn below_the_line(
        &self,
        row: usize,
        traits: DeploymentTraits,
        may_fail: bool,
        failed: bool,
    ) -> Result<(), Option<Reason>> {
        if !may_fail {
            return Err(Some(Reason::OtherOutcome));
        }
        match self.definition().failure.base {
            FailureBase::Deployments => Ok(()),
            FailureBase::DeploymentsWithChanges if self.shard.deployments.changes_of(row).is_empty() => {
                Err(Some(Reason::WithoutChanges))
            }
            FailureBase::DeploymentsWithChanges => Ok(()),
            FailureBase::Successful if traits.outcome == Outcome::Succeeded && !failed => Ok(()),
            FailureBase::Successful => Err(Some(Reason::OtherOutcome)),
            FailureBase::LeadTimes => Err(None),
        }
    }

    /// The changes that incidents name, in order: one entry an incident.
    fn blamed(&self, links: &Links) -> Vec<u32> {
        let named = self.shard.incidents.named_change.iter().enumerate();
        let counted = named
            .filter(|(row, change)| **change != NO_ROW && links.refused(*row) != Some(Reason::OtherCause));
        let mut blamed: Vec<u32> = counted.map(|(_, change)| *change).collect();
        blamed.sort_unstable();
        blamed
    }

    /// Pairs of a change of the deployment and an incident that names it.
    fn failure_rows(&self, blamed: &[u32], row: usize) -> u32 {
        let incidents = |change: &u32| {
            let from = blamed.partition_point(|named| named < change);
            let rest = blamed.get(from..).unwrap_or(&[]);
            rest.partition_point(|named| named == change)
        };
        let pairs = self.shard.deployments.changes_of(row).each().map(|change| incidents(&change));
        crate::dataset::row(pairs.fold(0, usize::saturating_add))
    }

    /// Incidents that count as failures by themselves.
    fn incidents<S: Sink>(&self, links: &Links, sink: &mut S) {
        if self.definition().failure.count != FailureCount::Incidents {
            return;
        }
        let incidents = &self.shard.incidents;
        let home = (0..incidents.len()).filter(|row| !incidents.is_foreign(*row));
        for (row, at, event) in
            home.filter_map(|row| Some((row, *incidents.opened.get(row)?, *incidents.event.get(row)?)))
        {
            if links.refused(row) == Some(Reason::OtherCause) {
                if sink.wants_exclusions() {
                    let (environment, part, reason) = (NO_ROW, Part::Failures, Reason::OtherCause);
                    sink.excluded(ExcludedFact { at, event, environment, part, reason });
                }
                continue;
            }
            sink.incident(IncidentFact { at, event, shared: self.shared(row) });
        }
    }

    /// The place of an incident among the shared ones, where it is of several services.
    fn shared(&self, incident: usize) -> Option<u32> {
        let shared = *self.shard.incidents.shared.get(&row(incident))?;
        let services = &self.dataset.shared.get(shared as usize)?.services;
        (services.len() > 1).then_some(shared)
    }
}

fn instants<'a>(finished: &[i64], of: impl Fn(usize) -> i64) -> Cow<'a, [i64]> {
    let told = finished.iter().enumerate().map(|(row, end)| match of(row) {
        crate::dataset::column::NEVER => *end,
        at => at,
    });
    Cow::Owned(told.collect())
}

/// What a deployment of such traits is to a definition.
fn stands(definition: &Definition, traits: DeploymentTraits) -> u8 {
    if refusal(definition, traits).is_some() {
        return 0;
    }
    let counts = definition.deployments.outcomes.contains(&traits.outcome);
    let may_fail = definition.failure.outcomes.contains(&traits.outcome);
    let rework = counts && definition.rework.kinds.contains(&traits.kind);
    let bits = [(counts, stand::COUNTS), (may_fail, stand::MAY_FAIL), (rework, stand::REWORK)];
    bits.into_iter().filter(|(set, _)| *set).fold(stand::ATTEMPT, |all, (_, bit)| all | bit)
}

/// Why a deployment is no attempt that the definition looks at.
fn refusal(definition: &Definition, traits: DeploymentTraits) -> Option<Reason> {
    let rule = &definition.deployments;
    if let Some(tiers) = &rule.tiers {
        match traits.tier {
            None if !rule.untold_tier => return Some(Reason::UntoldTier),
            Some(tier) if !tiers.contains(&tier) => return Some(Reason::OtherTier),
            _ => {}
        }
    }
    let other_kind = rule.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&traits.kind));
    other_kind.then_some(Reason::OtherKind)
}
