//! Lays out deployments.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use devops_core::Timestamp;

use super::column::NO_ROW;
use super::places::Places;
use super::shard::{DeploymentTraits, Shard};
use super::{Symbols, row};
use crate::event::record::{Code, Record, Text, Time};
use crate::event::{DeclaredFailure, DeploymentKind, Outcome, Tier};

/// Fills the deployments of all shards, and tells those whose `replaces` leads in a circle.
pub(super) fn lay_out(
    revisions: &[u32],
    environments: &Symbols,
    places: &mut Places<'_, '_>,
    shards: &mut [Shard],
) -> Vec<u32> {
    let mut by_service: Vec<Vec<(i64, u32)>> = shards.iter().map(|_| Vec::new()).collect();
    for revision in revisions {
        let record = places.log.record(*revision);
        let at = record.time(Time::FinishedAt).map_or(0, Timestamp::as_millis);
        for service in places.services(&record) {
            if let Some(list) = by_service.get_mut(service as usize) {
                list.push((at, *revision));
            }
        }
    }
    for ((service, shard), mut list) in (0_u32..).zip(shards.iter_mut()).zip(by_service) {
        list.sort_by(|a, b| {
            let id = |revision: u32| places.log.record(revision).id;
            a.0.cmp(&b.0).then_with(|| id(a.1).cmp(&id(b.1)))
        });
        for (at, revision) in list {
            let record = places.log.record(revision);
            let place = shard.deployments.len();
            push(shard, revision, at, &record, environments);
            places.put_deployment(revision, service, row(place));
            if let Some(commit) = record.text(Text::Commit) {
                places.put_deployed_commit(commit, at, service, row(place));
            }
        }
        shard.deployments.finished.shrink_to_fit();
        shard.deployments.started.shrink();
    }
    let mut circles = Vec::new();
    for (service, shard) in (0_u32..).zip(shards.iter_mut()) {
        let replaces = replaced(places, shard, service);
        circles.extend(
            replaces
                .keys()
                .filter(|row| in_circle(&replaces, **row))
                .filter_map(|row| shard.deployments.event.get(*row as usize).copied()),
        );
        let straight = replaces.iter().filter(|(row, _)| !in_circle(&replaces, **row));
        shard.deployments.replaces = straight.map(|(row, earlier)| (*row, *earlier)).collect();
    }
    circles
}

fn push(shard: &mut Shard, revision: u32, at: i64, record: &Record<'_>, environments: &Symbols) {
    let deployments = &mut shard.deployments;
    let place = deployments.len();
    deployments.event.push(revision);
    deployments.finished.push(at);
    deployments.started.set(place, record.time(Time::StartedAt));
    deployments.first_part.set(place, record.parts.first().copied());
    if record.parts.len() > 1 {
        let parts = record.parts.iter().map(|time| time.as_millis()).collect();
        deployments.parts.insert(row(place), parts);
    }
    let given = record.code(Code::Tier).and_then(Tier::of_code);
    let environment = record.text(Text::Environment);
    deployments.traits.push(DeploymentTraits {
        outcome: record.code(Code::Outcome).and_then(Outcome::of_code).unwrap_or(Outcome::Failed),
        kind: record.code(Code::Kind).and_then(DeploymentKind::of_code).unwrap_or(DeploymentKind::Normal),
        tier: given.or_else(|| environment.map(Tier::of_environment)),
        declared: record.code(Code::DeclaredFailure).and_then(DeclaredFailure::of_code),
    });
    let number = environment.and_then(|name| environments.number(name));
    deployments.environment.push(number.unwrap_or(NO_ROW));
}

/// What each deployment of a service replaces.
fn replaced(places: &Places<'_, '_>, shard: &Shard, service: u32) -> BTreeMap<u32, u32> {
    let mut replaces = BTreeMap::new();
    for (place, revision) in (0_u32..).zip(&shard.deployments.event) {
        let record = places.log.record(*revision);
        let earlier = record.text(Text::Replaces).and_then(|id| places.deployment(id));
        if let Some((_, earlier)) = earlier.filter(|(there, _)| *there == service) {
            replaces.insert(place, earlier);
        }
    }
    replaces
}

/// Whether a row leads back to itself: at most as many steps as there are rows.
fn in_circle(replaces: &BTreeMap<u32, u32>, start: u32) -> bool {
    let steps = core::iter::successors(replaces.get(&start), |row| replaces.get(row));
    steps.take(replaces.len()).any(|row| *row == start)
}
