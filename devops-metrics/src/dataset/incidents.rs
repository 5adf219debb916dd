//! Lays out incidents.

use alloc::vec::Vec;

use super::column::NO_ROW;
use super::places::Places;
use super::row;
use super::shard::{Named, Shard};
use crate::event::CauseClass;
use crate::event::record::{Code, List, Text, Time};
use crate::log::Field;

/// An incident on its way to its rows.
struct Draft {
    opened: i64,
    detected: Option<i64>,
    resolved: Option<i64>,
    cause: CauseClass,
    revision: u32,
    /// The deployment that it names: service and row.
    deployment: Option<(u32, u32)>,
    /// It names a deployment that the log does not know.
    unknown: bool,
    /// The change that it names.
    change: Option<u32>,
    services: Vec<u32>,
}

/// An incident that has rows with several services.
#[derive(Debug, Clone)]
pub(crate) struct SharedIncident {
    /// Those it is of, in order; more than one, or one and those of what it names.
    pub(crate) services: Vec<u32>,
    /// All of its rows: service and place, in order.
    pub(crate) places: Vec<(u32, u32)>,
}

/// Fills the incidents of all shards, and tells which have rows with several.
pub(super) fn lay_out(revisions: &[u32], places: &Places<'_>, shards: &mut [Shard]) -> Vec<SharedIncident> {
    let mut drafts: Vec<Draft> = revisions.iter().map(|revision| draft(*revision, places)).collect();
    drafts.sort_by(|a, b| {
        let id = |draft: &Draft| places.log.id_of(draft.revision);
        a.opened.cmp(&b.opened).then_with(|| id(a).cmp(id(b)))
    });
    let named: Vec<u32> = drafts.iter().filter_map(|draft| draft.change).collect();
    let rows = change_rows(named, shards);
    let mut shared = Vec::new();
    for draft in &drafts {
        let from = draft.change.map_or(rows.len(), |change| rows.partition_point(|entry| entry.0 < change));
        let of_change = rows.get(from..).unwrap_or(&[]).iter().take_while(|e| Some(e.0) == draft.change);
        let mut services = draft.services.clone();
        services.extend(draft.deployment.map(|(service, _)| service));
        services.extend(of_change.clone().map(|(_, service, _)| *service));
        services.sort_unstable();
        services.dedup();
        let mut stands = Vec::new();
        for service in services {
            let change = of_change.clone().find(|(_, there, _)| *there == service).map(|(_, _, row)| *row);
            if let Some(shard) = shards.get_mut(service as usize) {
                stands.push((service, row(shard.incidents.len())));
                push(shard, service, draft, change);
            }
        }
        if stands.len() > 1 {
            for (service, place) in &stands {
                if let Some(shard) = shards.get_mut(*service as usize) {
                    shard.incidents.shared.insert(*place, row(shared.len()));
                }
            }
            shared.push(SharedIncident { services: draft.services.clone(), places: stands });
        }
    }
    shared
}

fn draft(revision: u32, places: &Places<'_>) -> Draft {
    let (mut opened, mut detected, mut resolved) = (0, None, None);
    let (mut cause, mut id, mut commit, mut services) = (CauseClass::Unknown, None, None, Vec::new());
    for field in places.log.view(revision).fields() {
        match field {
            Field::Time(Time::OpenedAt, at) => opened = at,
            Field::Time(Time::DetectedAt, at) => detected = Some(at),
            Field::Time(Time::ResolvedAt, at) => resolved = Some(at),
            Field::Text(Text::CausedByDeployment, text) => id = Some(text),
            Field::Text(Text::CausedByCommit, text) => commit = Some(text),
            Field::Code(Code::Cause, code) => cause = CauseClass::of_code(code).unwrap_or(cause),
            Field::Item(List::Services, name) => services.extend(places.services.get(name)),
            _ => {}
        }
    }
    let change = commit.and_then(|commit| places.change(commit));
    // A commit without an event of its own may still be known as what was deployed.
    let deployed = commit.filter(|_| change.is_none()).and_then(|commit| places.deployed_commit(commit));
    let deployment = id.and_then(|id| places.deployment(id)).or(deployed);
    let unknown = deployment.is_none() && change.is_none() && (id.is_some() || commit.is_some());
    Draft { opened, detected, resolved, cause, revision, deployment, unknown, change, services }
}

/// The rows of some changes: (change, service, row), in order.
fn change_rows(mut named: Vec<u32>, shards: &[Shard]) -> Vec<(u32, u32, u32)> {
    named.sort_unstable();
    named.dedup();
    let mut rows = Vec::new();
    if named.is_empty() {
        return rows;
    }
    for (service, shard) in (0_u32..).zip(shards) {
        for (place, revision) in (0_u32..).zip(&shard.changes.event) {
            if named.binary_search(revision).is_ok() {
                rows.push((*revision, service, place));
            }
        }
    }
    rows.sort_unstable();
    rows
}

fn push(shard: &mut Shard, service: u32, draft: &Draft, change: Option<u32>) {
    let incidents = &mut shard.incidents;
    let place = incidents.len();
    incidents.event.push(draft.revision);
    incidents.opened.push(draft.opened);
    incidents.detected.set(place, draft.detected);
    incidents.resolved.set(place, draft.resolved);
    incidents.cause.push(draft.cause);
    incidents.named.push(match draft.deployment {
        Some((there, deployment)) if there == service => Named::Here(deployment),
        Some(_) => Named::Elsewhere,
        None if draft.unknown => Named::Unknown,
        None => Named::No,
    });
    incidents.named_change.push(change.unwrap_or(NO_ROW));
    incidents.foreign.push(!draft.services.contains(&service));
}
