//! What a definition needs and a log does not hold.

use alloc::collections::BTreeMap;

use super::value::{DeliveryMetric, Needs};
use crate::dataset::Dataset;
use crate::dataset::column::NO_ROW;
use crate::dataset::shard::{Shard, change_trait};
use crate::definition::{
    ChangeLink, Definition, FailureCount, FailureSignal, IncidentLink, LeadUnit, RestoreUnit,
};
use crate::event::Outcome;

/// Which metric lacks what.
pub(crate) fn needs(definition: &Definition, dataset: &Dataset<'_>) -> BTreeMap<DeliveryMetric, Needs> {
    let any = |is: &dyn Fn(&Shard) -> bool| dataset.shards.iter().any(is);
    let changes = |wanted: bool| {
        any(&|shard: &Shard| {
            shard.changes.traits.iter().any(|bits| (bits & change_trait::PULL_REQUEST != 0) == wanted)
        })
    };
    let mut lacks = BTreeMap::new();
    let lead = DeliveryMetric::ChangeLeadTime;
    match definition.lead_time.unit {
        LeadUnit::PullRequest if !changes(true) => lacks.insert(lead, Needs::PullRequests),
        LeadUnit::Commit if !changes(false) => lacks.insert(lead, Needs::Commits),
        _ => None,
    };
    if definition.lead_time.link == ChangeLink::HeadCommit
        && !any(&|shard| shard.deployments.head.iter().any(|head| *head != NO_ROW))
    {
        lacks.insert(lead, Needs::DeploymentsWithCommits);
    }
    let failed = any(&|shard| shard.deployments.traits.iter().any(|t| t.outcome == Outcome::Failed));
    let declared = any(&|shard| shard.deployments.traits.iter().any(|t| t.declared.is_some()));
    let signals = definition.failure.signals.as_slice();
    let failure = DeliveryMetric::ChangeFailureRate;
    match signals {
        [FailureSignal::Outcome] if !failed => lacks.insert(failure, Needs::FailedDeployments),
        [FailureSignal::Declared] if !declared => lacks.insert(failure, Needs::Declarations),
        _ => None,
    };
    let only_commits = matches!(definition.incidents.links.as_slice(), [IncidentLink::Commit]);
    let named = |shard: &Shard| {
        use crate::dataset::shard::Named;
        let change = shard.incidents.named_change.iter().any(|row| *row != NO_ROW);
        change || shard.incidents.named.iter().any(|named| *named != Named::No)
    };
    if only_commits && definition.failure.count != FailureCount::Incidents && !any(&named) {
        lacks.insert(failure, Needs::IncidentsWithCommits);
    }
    let rules = [
        (DeliveryMetric::RecoveryTime, &definition.recovery),
        (DeliveryMetric::TimeToRestore, &definition.restore),
    ];
    for (metric, rule) in rules {
        if rule.unit == RestoreUnit::FailedOutcome && !failed {
            lacks.insert(metric, Needs::FailedDeployments);
        }
    }
    lacks
}
