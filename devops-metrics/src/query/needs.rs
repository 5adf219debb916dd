//! What a definition needs and a log does not hold.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::value::{DeliveryMetric, Needs};
use crate::dataset::Dataset;
use crate::dataset::column::NO_ROW;
use crate::dataset::shard::{Named, Shard, change_trait};
use crate::definition::{
    ChangeLink, ChangeTime, Definition, FailureCount, FailureSignal, IncidentLink, LeadUnit, RestoreUnit,
};
use crate::event::Outcome;

/// Which kinds of events and details a log holds: a bit each, so that the parts of a log add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Holds(u8);

impl Holds {
    const PULL_REQUESTS: u8 = 1;
    const COMMITS: u8 = 2;
    const HEADS: u8 = 4;
    const FAILED: u8 = 8;
    const DECLARED: u8 = 16;
    const NAMED: u8 = 32;
    const MERGED: u8 = 64;
    const BLAMED: u8 = 128;

    pub(crate) fn of(dataset: &Dataset<'_>) -> Self {
        let changes = |wanted: bool| {
            move |shard: &Shard| {
                shard.changes.traits.iter().any(|bits| (bits & change_trait::PULL_REQUEST != 0) == wanted)
            }
        };
        let named = |shard: &Shard| {
            let change = shard.incidents.named_change.iter().any(|row| *row != NO_ROW);
            change || shard.incidents.named.iter().any(|named| *named != Named::No)
        };
        let any = |is: &dyn Fn(&Shard) -> bool| dataset.shards.iter().any(is);
        let held = [
            (Self::PULL_REQUESTS, any(&changes(true))),
            (Self::COMMITS, any(&changes(false))),
            (Self::HEADS, any(&|shard| shard.deployments.head.iter().any(|head| *head != NO_ROW))),
            (
                Self::FAILED,
                any(&|shard| shard.deployments.traits.iter().any(|t| t.outcome == Outcome::Failed)),
            ),
            (Self::DECLARED, any(&|shard| shard.deployments.traits.iter().any(|t| t.declared.is_some()))),
            (Self::NAMED, any(&named)),
            (Self::BLAMED, any(&|shard| shard.incidents.named_change.iter().any(|row| *row != NO_ROW))),
            (Self::MERGED, any(&|shard| !shard.changes.merged.as_slice().is_empty())),
        ];
        Self(held.into_iter().filter(|(_, held)| *held).fold(0, |all, (bit, _)| all | bit))
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn lacks(self, bit: u8) -> bool {
        self.0 & bit == 0
    }
}

/// Which metric lacks what.
pub(crate) fn needs(definition: &Definition, holds: Holds) -> BTreeMap<DeliveryMetric, Needs> {
    let mut lacks = BTreeMap::new();
    let lead = DeliveryMetric::ChangeLeadTime;
    if definition.lead_time.from == [ChangeTime::Merged] && holds.lacks(Holds::MERGED) {
        lacks.insert(lead, Needs::MergeTimes);
    }
    match definition.lead_time.unit {
        LeadUnit::PullRequest if holds.lacks(Holds::PULL_REQUESTS) => lacks.insert(lead, Needs::PullRequests),
        LeadUnit::Commit if holds.lacks(Holds::COMMITS) => lacks.insert(lead, Needs::Commits),
        _ => None,
    };
    let by_head = matches!(definition.lead_time.link, ChangeLink::HeadCommit | ChangeLink::UpToHeadCommit);
    if by_head && holds.lacks(Holds::HEADS) {
        lacks.insert(lead, Needs::DeploymentsWithCommits);
    }
    let failure = DeliveryMetric::ChangeFailureRate;
    match definition.failure.signals.as_slice() {
        [FailureSignal::Outcome] if holds.lacks(Holds::FAILED) => {
            lacks.insert(failure, Needs::FailedDeployments)
        }
        [FailureSignal::Declared] if holds.lacks(Holds::DECLARED) => {
            lacks.insert(failure, Needs::Declarations)
        }
        _ => None,
    };
    let only_commits = matches!(definition.incidents.links.as_slice(), [IncidentLink::Commit]);
    let lacks_names = match definition.failure.count {
        FailureCount::Incidents => false,
        FailureCount::Deployments => holds.lacks(Holds::NAMED),
        FailureCount::Rows => holds.lacks(Holds::BLAMED),
    };
    if only_commits && lacks_names {
        lacks.insert(failure, Needs::IncidentsWithCommits);
    }
    let rules = [
        (DeliveryMetric::RecoveryTime, &definition.recovery),
        (DeliveryMetric::TimeToRestore, &definition.restore),
    ];
    for (metric, rule) in rules {
        if rule.unit == RestoreUnit::FailedOutcome && holds.lacks(Holds::FAILED) {
            lacks.insert(metric, Needs::FailedDeployments);
        }
    }
    lacks
}
