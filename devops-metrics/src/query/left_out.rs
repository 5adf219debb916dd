//! Which events are left out of a metric.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::cells::{CellFacts, Placed};
use super::measure::concerns;
use super::value::DeliveryMetric;
use crate::sweep::{Reason, RestoreFact};

/// The events that are left out of a metric of a cell, each once and in order: one that counts in it, if with another of
/// its services or through another deployment, is not left out; of several reasons the first one tells.
pub(super) fn left_out(metric: DeliveryMetric, facts: CellFacts<'_>) -> Vec<(u32, Reason)> {
    let concerned = facts.excluded.iter().filter(|(_, fact)| concerns(metric, fact.part));
    let mut left: Vec<(u32, Reason)> = concerned.map(|(_, fact)| (fact.event, fact.reason)).collect();
    if left.is_empty() {
        return left;
    }
    left.sort_unstable();
    left.dedup_by_key(|(event, _)| *event);
    let counted = counted(metric, facts);
    left.retain(|(event, _)| counted.binary_search(event).is_err());
    left
}

/// How many events are left out of a metric of a cell, by reason.
pub(super) fn reasons(metric: DeliveryMetric, facts: CellFacts<'_>) -> BTreeMap<Reason, u64> {
    let mut counts: BTreeMap<Reason, u64> = BTreeMap::new();
    for (_, reason) in left_out(metric, facts) {
        let count = counts.entry(reason).or_default();
        *count = count.saturating_add(1);
    }
    counts
}

/// The events that count in a metric, in order.
fn counted(metric: DeliveryMetric, facts: CellFacts<'_>) -> Vec<u32> {
    let deployments = facts.deployments.iter().map(|(_, fact)| fact);
    let recovered = |cases: &[Placed<RestoreFact>]| cases.iter().map(|(_, fact)| fact.event).collect();
    let mut events: Vec<u32> = match metric {
        DeliveryMetric::DeploymentFrequency | DeliveryMetric::ReworkRate => {
            deployments.filter(|fact| fact.counted).map(|fact| fact.event).collect()
        }
        DeliveryMetric::ChangeLeadTime => facts.leads.iter().map(|(_, fact)| fact.event).collect(),
        DeliveryMetric::ChangeFailureRate => {
            let failing = deployments.filter(|fact| fact.is_in_failure_rate()).map(|fact| fact.event);
            failing.chain(facts.incidents.iter().map(|(_, fact)| fact.event)).collect()
        }
        DeliveryMetric::RecoveryTime => recovered(facts.recoveries),
        DeliveryMetric::TimeToRestore => recovered(facts.restores),
    };
    events.sort_unstable();
    events
}
