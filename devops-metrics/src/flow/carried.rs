//! Which deployment first carried each change, by the rules of the crate's own definition.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use devops_core::Timestamp;

use super::FlowQuery;
use crate::dataset::Dataset;
use crate::dataset::shard::Changes;
use crate::definition::{ChangeTime, Definition, NonPositive};
use crate::sweep::{
    Across, DeploymentFact, ExcludedFact, IncidentFact, LeadRun, Part, Reason, RestoreFact, Sink, Sweep,
    Terms,
};

/// A change of a service on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Journey {
    /// When it began: its commit, or the first instant that is known.
    pub(super) begun: Timestamp,
    pub(super) committed: Option<Timestamp>,
    pub(super) opened: Option<Timestamp>,
    pub(super) merged: Option<Timestamp>,
    /// When the first deployment that counts had carried it.
    pub(super) deployed: Option<Timestamp>,
}

/// What the services of a query did, whenever.
#[derive(Debug, Default)]
pub(super) struct Carried {
    pub(super) journeys: Vec<Journey>,
    /// Each deployment that counts, with how many changes it was the first to carry.
    pub(super) batches: Vec<(Timestamp, u64)>,
    /// Changes of which it is not known whether they were carried, by reason.
    pub(super) unknown: BTreeMap<Reason, u64>,
}

impl Carried {
    pub(super) fn of(dataset: &Dataset<'_>, query: &FlowQuery) -> Self {
        let mut definition = Definition::dora_2025();
        definition.deployments.tiers = Some(query.tiers().collect());
        definition.lead_time.non_positive = NonPositive::Keep;
        definition.lead_time.from =
            [ChangeTime::Committed, ChangeTime::Authored, ChangeTime::Opened, ChangeTime::Merged].into();
        let terms = Terms { definition: &definition, now: query.window().to().as_millis(), clock: None };
        let mut carried = Self::default();
        for (index, shard) in dataset.shards.iter().enumerate() {
            let Some(sweep) = query.wants(&shard.service).then(|| crate::dataset::row(index)) else {
                continue;
            };
            let Some(sweep) = Sweep::new(dataset, terms, sweep) else { continue };
            let mut facts = Facts::default();
            sweep.run(&Across::default(), &mut facts);
            carried.take(&shard.changes, facts);
        }
        carried
    }

    fn take(&mut self, changes: &Changes, facts: Facts) {
        let places: BTreeMap<u32, usize> = changes.event.iter().copied().zip(0..).collect();
        let journey = |event: &u32, deployed| journey(changes, *places.get(event)?, deployed);
        for (event, (deployed, _)) in &facts.leads {
            self.journeys.extend(journey(event, instant(*deployed)));
        }
        let mut carried: BTreeMap<u32, u64> = BTreeMap::new();
        for (_, deployment) in facts.leads.values() {
            let count = carried.entry(*deployment).or_default();
            *count = count.saturating_add(1);
        }
        for (at, deployment) in facts.deployments {
            self.batches.extend(instant(at).map(|at| (at, carried.get(&deployment).copied().unwrap_or(0))));
        }
        for (event, reason) in facts.left_out {
            match reason {
                Reason::NotDeployed | Reason::DeploymentNotCounted => {
                    self.journeys.extend(journey(&event, None));
                }
                other => {
                    let count = self.unknown.entry(other).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
    }
}

fn instant(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millis(millis).ok()
}

fn journey(changes: &Changes, place: usize, deployed: Option<Timestamp>) -> Option<Journey> {
    let columns = [&changes.committed, &changes.authored, &changes.opened, &changes.merged];
    let [committed, authored, opened, merged] = columns.map(|times| instant(times.get(place)));
    let committed = committed.or(authored);
    let begun = committed.or(opened).or(merged)?;
    Some(Journey { begun, committed, opened, merged, deployed })
}

#[derive(Default)]
struct Facts {
    /// By the change's revision: when and by which deployment.
    leads: BTreeMap<u32, (i64, u32)>,
    deployments: Vec<(i64, u32)>,
    left_out: Vec<(u32, Reason)>,
}

impl Sink for Facts {
    fn wants_exclusions(&self) -> bool {
        true
    }

    fn takes_elsewhere(&self, _: u32) -> bool {
        false
    }

    fn begins(&mut self, _: i64) {}

    fn deployment(&mut self, fact: DeploymentFact) {
        if fact.counted {
            self.deployments.push((fact.at, fact.event));
        }
    }

    fn leads(&mut self, run: LeadRun<'_>) {
        let now = (run.at, run.deployment);
        for fact in run.facts() {
            let first = self.leads.entry(fact.event).or_insert(now);
            *first = (*first).min(now);
        }
    }

    fn restore(&mut self, _: Part, _: RestoreFact) {}

    fn incident(&mut self, _: IncidentFact) {}

    fn excluded(&mut self, fact: ExcludedFact) {
        if fact.part == Part::Lead {
            self.left_out.push((fact.event, fact.reason));
        }
    }
}
