//! Lays out deployments.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::column::NO_ROW;
use super::places::Places;
use super::row;
use super::shard::{DeploymentTraits, Shard};
use crate::event::record::{Code, List, Text, Time};
use crate::event::{DeclaredFailure, DeploymentKind, Outcome, Tier};
use crate::log::{Field, View};

/// A deployment as the log has it.
struct Told<'l> {
    traits: DeploymentTraits,
    started: Option<i64>,
    environment: Option<&'l [u8]>,
    commit: Option<&'l [u8]>,
    replaces: Option<&'l [u8]>,
    parts: Vec<i64>,
    changes: Vec<&'l [u8]>,
}

impl<'l> Told<'l> {
    fn of(view: View<'l>) -> Self {
        let traits = DeploymentTraits {
            outcome: Outcome::Failed,
            kind: DeploymentKind::Normal,
            tier: None,
            declared: None,
        };
        let (parts, changes) = (Vec::new(), Vec::new());
        let mut told =
            Self { traits, started: None, environment: None, commit: None, replaces: None, parts, changes };
        for field in view.fields() {
            match field {
                Field::Time(Time::StartedAt, at) => told.started = Some(at),
                Field::Text(Text::Environment, name) => told.environment = Some(name),
                Field::Text(Text::Commit, commit) => told.commit = Some(commit),
                Field::Text(Text::Replaces, id) => told.replaces = Some(id),
                Field::Code(Code::Outcome, code) => {
                    told.traits.outcome = Outcome::of_code(code).unwrap_or(Outcome::Failed);
                }
                Field::Code(Code::Kind, code) => {
                    told.traits.kind = DeploymentKind::of_code(code).unwrap_or(DeploymentKind::Normal);
                }
                Field::Code(Code::Tier, code) => told.traits.tier = Tier::of_code(code),
                Field::Code(Code::DeclaredFailure, code) => {
                    told.traits.declared = DeclaredFailure::of_code(code);
                }
                Field::Item(List::Changes, id) => told.changes.push(id),
                Field::Part(at) => told.parts.push(at),
                _ => {}
            }
        }
        let name = told.environment.and_then(|name| core::str::from_utf8(name).ok());
        told.traits.tier = told.traits.tier.or_else(|| name.map(Tier::of_environment));
        told
    }
}

/// Fills the deployments of all shards, and tells those whose `replaces` leads in a circle.
pub(super) fn lay_out(revisions: &[u32], places: &mut Places<'_>, shards: &mut [Shard]) -> Vec<u32> {
    let mut by_service: Vec<Vec<(i64, u32)>> = shards.iter().map(|_| Vec::new()).collect();
    for revision in revisions {
        let mut at = 0;
        for field in places.log.view(*revision).fields() {
            match field {
                Field::Time(Time::FinishedAt, end) => at = end,
                Field::Item(List::Services, name) => {
                    let service = places.services.get(name);
                    if let Some(list) = service.and_then(|service| by_service.get_mut(*service as usize)) {
                        list.push((at, *revision));
                    }
                }
                _ => {}
            }
        }
    }
    let mut replaces: Vec<(u32, u32, &[u8])> = Vec::new();
    for ((service, shard), mut list) in (0_u32..).zip(shards.iter_mut()).zip(by_service) {
        list.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| places.log.id_of(a.1).cmp(places.log.id_of(b.1)))
        });
        shard.deployments.reserve(list.len());
        for (at, revision) in list {
            let place = row(shard.deployments.len());
            let told = Told::of(places.log.view(revision));
            push(shard, revision, at, &told, places);
            places.put_deployment(revision, service, place);
            replaces.extend(told.replaces.map(|id| (service, place, id)));
            places.listed.extend(told.changes.iter().map(|change| (service, place, *change)));
            if let Some(commit) = told.commit {
                places.put_deployed_commit(commit, at, service, place);
                places.heads.push((service, place, commit));
            }
        }
        shard.deployments.started.shrink();
    }
    resolve_replaces(&replaces, places, shards)
}

fn push(shard: &mut Shard, revision: u32, at: i64, told: &Told<'_>, places: &Places<'_>) {
    let deployments = &mut shard.deployments;
    let place = deployments.len();
    deployments.event.push(revision);
    deployments.finished.push(at);
    deployments.started.set(place, told.started);
    deployments.first_part.set(place, told.parts.first().copied());
    if told.parts.len() > 1 {
        deployments.parts.insert(row(place), told.parts.clone());
    }
    deployments.traits.push(told.traits);
    let number = told.environment.and_then(|name| places.environments.get(name));
    deployments.environment.push(number.copied().unwrap_or(NO_ROW));
}

/// Puts down what deployments replace within their service, and tells those that are in a circle.
fn resolve_replaces(replaces: &[(u32, u32, &[u8])], places: &Places<'_>, shards: &mut [Shard]) -> Vec<u32> {
    let mut circles = Vec::new();
    for of_service in replaces.chunk_by(|a, b| a.0 == b.0) {
        let pairs = of_service.iter().filter_map(|(service, place, id)| {
            let (there, earlier) = places.deployment(id)?;
            (there == *service).then_some((*place, earlier))
        });
        let replaces: BTreeMap<u32, u32> = pairs.collect();
        let shard = of_service.first().and_then(|(service, ..)| shards.get_mut(*service as usize));
        let Some(deployments) = shard.map(|shard| &mut shard.deployments) else { continue };
        let in_circles = in_circles(&replaces);
        circles.extend(in_circles.iter().filter_map(|row| deployments.event.get(*row as usize).copied()));
        deployments.replaces = replaces;
        deployments.replaces.retain(|row, _| !in_circles.contains(row));
    }
    circles
}

/// The rows that lead back to themselves.
fn in_circles(replaces: &BTreeMap<u32, u32>) -> BTreeSet<u32> {
    // The start of the walk that came by first.
    let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for start in replaces.keys() {
        let mut at = *start;
        while let Some(next) = replaces.get(&at).filter(|_| !seen.contains_key(&at)) {
            seen.insert(at, *start);
            at = *next;
        }
        // A walk that ends where it came by itself ends in a circle, and goes once around it.
        if seen.get(&at) == Some(start) {
            while found.insert(at) {
                at = replaces.get(&at).copied().unwrap_or(at);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_that_lead_back_to_themselves_are_in_circles() {
        let of = |pairs: &[(u32, u32)]| in_circles(&pairs.iter().copied().collect());
        assert_eq!(of(&[]), [].into());
        assert_eq!(of(&[(1, 0), (2, 1), (3, 2)]), [].into());
        assert_eq!(of(&[(0, 0), (1, 0)]), [0].into());
        // 0 leads into the circle of 1, 2 and 3, and so does 4.
        assert_eq!(of(&[(0, 1), (1, 2), (2, 3), (3, 1), (4, 3), (5, 6)]), [1, 2, 3].into());
        let chain: Vec<_> = (1..100_000).map(|row| (row, row - 1)).collect();
        assert_eq!(of(&chain), [].into());
    }
}
