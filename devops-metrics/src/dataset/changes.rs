//! Lays out changes, and the links between changes and deployments that events name.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use devops_core::Timestamp;

use super::column::NO_ROW;
use super::places::Places;
use super::row;
use super::shard::{Shard, change_trait};
use crate::event::ChangeUnit;
use crate::event::record::{Code, List, Record, Text, Time};

/// A change on its way to its row.
struct Draft {
    revision: u32,
    /// Its first named deployment here, [`NO_ROW`] without one.
    deployment: u32,
    at: i64,
    traits: u8,
}

/// Fills the changes of all shards, and what deployments know of them.
pub(super) fn lay_out(
    changes: &[u32],
    deployments: &[u32],
    places: &mut Places<'_, '_>,
    shards: &mut [Shard],
) {
    for revision in changes {
        if let Some(commit) = places.log.record(*revision).text(Text::Commit) {
            places.put_merge_commit(commit, *revision);
        }
    }
    let listed = listed_by_deployments(deployments, places);
    let mut by_service: Vec<Vec<Draft>> = shards.iter().map(|_| Vec::new()).collect();
    let mut several: Vec<BTreeMap<u32, Vec<u32>>> = shards.iter().map(|_| BTreeMap::new()).collect();
    for revision in changes {
        let record = places.log.record(*revision);
        let named = named_deployments(*revision, &record, &listed, places);
        let traits = traits(&record, &named);
        let at = change_time(&record);
        let mut services = places.services(&record);
        services.extend(named.iter().map(|(service, _)| *service));
        services.sort_unstable();
        services.dedup();
        for service in services {
            let here: Vec<u32> = named.iter().filter(|n| n.0 == service).map(|n| n.1).collect();
            let more = if here.len() > 1 { change_trait::SEVERAL } else { 0 };
            let deployment = here.first().copied().unwrap_or(NO_ROW);
            let draft = Draft { revision: *revision, deployment, at, traits: traits | more };
            if let Some(list) = by_service.get_mut(service as usize) {
                list.push(draft);
            }
            if let Some(map) = several.get_mut(service as usize).filter(|_| more != 0) {
                map.insert(*revision, here);
            }
        }
    }
    let lists = by_service.into_iter().zip(several);
    for (shard, (drafts, several)) in shards.iter_mut().zip(lists) {
        fill(shard, drafts, &several, places);
    }
}

/// The instant that orders a change: its commit, or the first one known.
fn change_time(record: &Record<'_>) -> i64 {
    let order = [Time::CommittedAt, Time::AuthoredAt, Time::OpenedAt, Time::MergedAt];
    order.into_iter().find_map(|field| record.time(field)).map_or(0, Timestamp::as_millis)
}

fn traits(record: &Record<'_>, named: &[(u32, u32)]) -> u8 {
    let pull_request = record.code(Code::Unit).and_then(ChangeUnit::of_code) == Some(ChangeUnit::PullRequest);
    let bits = [
        (record.flag(Code::Bot), change_trait::BOT),
        (record.flag(Code::Merge), change_trait::MERGE),
        (pull_request, change_trait::PULL_REQUEST),
        (!named.is_empty() || !record.list(List::Deployments).is_empty(), change_trait::GIVEN),
    ];
    bits.into_iter().filter(|(set, _)| *set).fold(0, |all, (_, bit)| all | bit)
}

/// Changes that deployments list: (change, service, deployment row), in order.
fn listed_by_deployments(deployments: &[u32], places: &Places<'_, '_>) -> Vec<(u32, u32, u32)> {
    let mut listed = Vec::new();
    for revision in deployments {
        let record = places.log.record(*revision);
        let names = record.list(List::Changes);
        let Some((service, row)) = places.deployment(&record.id).filter(|_| !names.is_empty()) else {
            continue;
        };
        listed
            .extend(names.iter().filter_map(|name| places.change(name)).map(|change| (change, service, row)));
    }
    listed.sort_unstable();
    listed
}

/// The deployments of a change as (service, row), each once, in order.
fn named_deployments(
    revision: u32,
    record: &Record<'_>,
    listed: &[(u32, u32, u32)],
    places: &Places<'_, '_>,
) -> Vec<(u32, u32)> {
    let own = record.list(List::Deployments).iter().filter_map(|id| places.deployment(id));
    let mut named: Vec<(u32, u32)> = own.collect();
    let from = listed.partition_point(|entry| entry.0 < revision);
    let theirs = listed.get(from..).unwrap_or(&[]).iter().take_while(|entry| entry.0 == revision);
    named.extend(theirs.map(|(_, service, row)| (*service, *row)));
    named.sort_unstable();
    named.dedup();
    named
}

fn fill(
    shard: &mut Shard,
    mut drafts: Vec<Draft>,
    several: &BTreeMap<u32, Vec<u32>>,
    places: &Places<'_, '_>,
) {
    // Side by side with what the same deployment carries; the rest at the end.
    drafts.sort_unstable_by_key(|draft| (draft.deployment, draft.at, draft.revision));
    let changes = &mut shard.changes;
    let mut links: Vec<(u32, u32)> = Vec::with_capacity(drafts.len());
    for (place, draft) in drafts.iter().enumerate() {
        let record = places.log.record(draft.revision);
        changes.event.push(draft.revision);
        changes.traits.push(draft.traits);
        changes.authored.set(place, record.time(Time::AuthoredAt));
        changes.committed.set(place, record.time(Time::CommittedAt));
        changes.opened.set(place, record.time(Time::OpenedAt));
        changes.merged.set(place, record.time(Time::MergedAt));
        if let Some(rows) = several.get(&draft.revision) {
            links.extend(rows.iter().map(|deployment| (*deployment, row(place))));
            changes.several.insert(row(place), rows.clone());
        } else if draft.deployment != NO_ROW {
            links.push((draft.deployment, row(place)));
        }
    }
    changes.event.shrink_to_fit();
    changes.traits.shrink_to_fit();
    [&mut changes.authored, &mut changes.committed, &mut changes.opened, &mut changes.merged]
        .into_iter()
        .for_each(super::column::Times::shrink);
    links.sort_unstable();
    let mut start = vec![0_u32; shard.deployments.len().saturating_add(1)];
    for (deployment, _) in &links {
        if let Some(count) = start.get_mut((*deployment as usize).saturating_add(1)) {
            *count = count.saturating_add(1);
        }
    }
    let mut sum = 0_u32;
    for count in &mut start {
        sum = sum.saturating_add(*count);
        *count = sum;
    }
    shard.deployments.change_start = start;
    let side_by_side = links.iter().zip(0_u32..).all(|((_, change), place)| *change == place);
    if !side_by_side {
        shard.deployments.changes = links.into_iter().map(|(_, change)| change).collect();
    }
    link_commits(shard, &drafts, places);
}

/// The commits that deployments and reverts name, as rows of this shard.
fn link_commits(shard: &mut Shard, drafts: &[Draft], places: &Places<'_, '_>) {
    let mut rows: Vec<(u32, u32)> =
        (0_u32..).zip(drafts).map(|(place, draft)| (draft.revision, place)).collect();
    rows.sort_unstable();
    let row_of = |id: &str| {
        let revision = places.change(id)?;
        let place = rows.binary_search_by_key(&revision, |entry| entry.0).ok()?;
        rows.get(place).map(|entry| entry.1)
    };
    let deployments = &mut shard.deployments;
    for (place, revision) in deployments.event.iter().enumerate() {
        let record = places.log.record(*revision);
        if let Some(change) = record.text(Text::Commit).and_then(row_of) {
            deployments.head.resize(place, NO_ROW);
            deployments.head.push(change);
        }
    }
    for (place, draft) in (0_u32..).zip(drafts) {
        let record = places.log.record(draft.revision);
        if let Some(target) = record.text(Text::Reverts).and_then(row_of) {
            shard.changes.reverts.insert(place, target);
        }
    }
}
