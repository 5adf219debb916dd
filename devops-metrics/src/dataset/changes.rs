//! Lays out changes, and the links between changes and deployments that events name.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::column::{NEVER, NO_ROW};
use super::places::Places;
use super::row;
use super::shard::{Changes, Shard, change_trait};
use crate::event::ChangeUnit;
use crate::event::record::{Code, List, Text, Time};
use crate::log::{Field, View};

/// How many changes are looked up together.
const BLOCK: usize = 64;

/// A change as the log has it; its memory serves one change after the other.
#[derive(Default)]
struct Told<'l> {
    authored: Option<i64>,
    committed: Option<i64>,
    opened: Option<i64>,
    merged: Option<i64>,
    reverts: Option<&'l [u8]>,
    traits: u8,
    /// The ids of its deployments.
    deployments: Vec<&'l [u8]>,
    /// The services that it changes, and those of its deployments.
    services: Vec<u32>,
    /// Its deployments as (service, row), each once, in order.
    named: Vec<(u32, u32)>,
}

impl<'l> Told<'l> {
    fn read(&mut self, view: View<'l>, places: &Places<'l>) {
        (self.authored, self.committed, self.opened, self.merged) = (None, None, None, None);
        (self.reverts, self.traits) = (None, 0);
        self.deployments.clear();
        self.services.clear();
        self.named.clear();
        for field in view.fields() {
            match field {
                Field::Time(Time::AuthoredAt, at) => self.authored = Some(at),
                Field::Time(Time::CommittedAt, at) => self.committed = Some(at),
                Field::Time(Time::OpenedAt, at) => self.opened = Some(at),
                Field::Time(Time::MergedAt, at) => self.merged = Some(at),
                Field::Text(Text::Reverts, id) => self.reverts = Some(id),
                Field::Code(Code::Bot, 1) => self.traits |= change_trait::BOT,
                Field::Code(Code::Merge, 1) => self.traits |= change_trait::MERGE,
                Field::Code(Code::Unit, code)
                    if ChangeUnit::of_code(code) == Some(ChangeUnit::PullRequest) =>
                {
                    self.traits |= change_trait::PULL_REQUEST;
                }
                Field::Item(List::Services, name) => self.services.extend(places.services.get(name)),
                Field::Item(List::Deployments, id) => {
                    self.traits |= change_trait::GIVEN;
                    self.deployments.push(id);
                }
                _ => {}
            }
        }
    }

    /// With the deployments that list it.
    fn add_listed(&mut self, revision: u32, listed: &[(u32, u32, u32)]) {
        let from = listed.partition_point(|entry| entry.0 < revision);
        let theirs = listed.get(from..).unwrap_or(&[]).iter().take_while(|entry| entry.0 == revision);
        self.named.extend(theirs.map(|(_, service, row)| (*service, *row)));
        self.named.sort_unstable();
        self.named.dedup();
        if !self.named.is_empty() {
            self.traits |= change_trait::GIVEN;
        }
        self.services.extend(self.named.iter().map(|(service, _)| *service));
        self.services.sort_unstable();
        self.services.dedup();
    }
}

/// The changes of a service, in the order in which they were put.
#[derive(Default)]
struct Heap<'l> {
    changes: Changes,
    /// The first named deployment of each here, [`NO_ROW`] without one.
    deployment: Vec<u32>,
    /// All named deployments of a change that has several here.
    several: BTreeMap<u32, Vec<u32>>,
    /// Changes, by their revision, and what each reverts.
    reverts: Vec<(u32, &'l [u8])>,
}

impl<'l> Heap<'l> {
    fn push(&mut self, revision: u32, service: u32, told: &Told<'l>) {
        let place = self.changes.len();
        let changes = &mut self.changes;
        let mut here = told.named.iter().filter(|named| named.0 == service).map(|named| named.1);
        let first = here.next();
        self.deployment.push(first.unwrap_or(NO_ROW));
        let mut traits = told.traits;
        if let Some(second) = here.next() {
            traits |= change_trait::SEVERAL;
            self.several.insert(row(place), first.into_iter().chain([second]).chain(here).collect());
        }
        changes.event.push(revision);
        changes.traits.push(traits);
        changes.authored.set(place, told.authored);
        changes.committed.set(place, told.committed);
        changes.opened.set(place, told.opened);
        changes.merged.set(place, told.merged);
        self.reverts.extend(told.reverts.map(|id| (revision, id)));
    }
}

/// Fills the changes of all shards, and what deployments know of them.
pub(super) fn lay_out<'l>(changes: &[u32], places: &mut Places<'l>, shards: &mut [Shard]) {
    let listed = core::mem::take(&mut places.listed);
    let of_change = |(service, row, name): (u32, u32, &[u8])| Some((places.change(name)?, service, row));
    let mut listed: Vec<(u32, u32, u32)> = listed.into_iter().filter_map(of_change).collect();
    listed.sort_unstable();
    let mut heaps: Vec<Heap<'l>> = shards.iter().map(|_| Heap::default()).collect();
    let mut block: Vec<Told<'l>> = (0..BLOCK).map(|_| Told::default()).collect();
    let (mut ids, mut found) = (Vec::new(), Vec::new());
    for revisions in changes.chunks(BLOCK) {
        ids.clear();
        for (told, revision) in block.iter_mut().zip(revisions) {
            told.read(places.log.view(*revision), places);
            ids.extend_from_slice(&told.deployments);
        }
        places.deployments(&ids, &mut found);
        let mut found = found.iter().copied();
        for (told, revision) in block.iter_mut().zip(revisions) {
            told.named.extend(found.by_ref().take(told.deployments.len()).flatten());
            told.add_listed(*revision, &listed);
            for service in &told.services {
                if let Some(heap) = heaps.get_mut(*service as usize) {
                    heap.push(*revision, *service, told);
                }
            }
        }
    }
    let mut heads = places.heads.as_slice();
    for ((service, shard), heap) in (0_u32..).zip(shards.iter_mut()).zip(heaps) {
        let here = heads.partition_point(|head| head.0 <= service);
        let (own, rest) = heads.split_at_checked(here).unwrap_or((&[], &[]));
        heads = rest;
        fill(shard, heap, own, places);
    }
}

/// Where a change is in its shard: by its first deployment here, its instant, and its revision; and its place before.
type Key = (u32, i64, u32, u32);

/// The instant that orders a change: its commit, or the first one known.
fn change_time(changes: &Changes, place: usize) -> i64 {
    let order = [&changes.committed, &changes.authored, &changes.opened, &changes.merged];
    order.into_iter().map(|times| times.get(place)).find(|at| *at != NEVER).unwrap_or(0)
}

fn fill(shard: &mut Shard, heap: Heap<'_>, heads: &[(u32, u32, &[u8])], places: &Places<'_>) {
    let came = heap.changes;
    let keys = (0_u32..)
        .zip(heap.deployment.iter().zip(&came.event))
        .map(|(place, (deployment, event))| (*deployment, change_time(&came, place as usize), *event, place));
    let mut keys: Vec<Key> = keys.collect();
    // Side by side with what the same deployment carries; the rest at the end.
    keys.sort_unstable();
    let order = || keys.iter().map(|key| key.3 as usize);
    let mut changes = Changes {
        event: keys.iter().map(|key| key.2).collect(),
        traits: order().map(|place| came.traits.get(place).copied().unwrap_or(0)).collect(),
        authored: came.authored.in_order(order()),
        committed: came.committed.in_order(order()),
        opened: came.opened.in_order(order()),
        merged: came.merged.in_order(order()),
        several: BTreeMap::new(),
        reverts: BTreeMap::new(),
    };
    drop(came);
    let mut links: Vec<(u32, u32)> = Vec::with_capacity(keys.len());
    for (place, (deployment, _, _, before)) in (0_u32..).zip(&keys) {
        if let Some(rows) = heap.several.get(before) {
            links.extend(rows.iter().map(|deployment| (*deployment, place)));
            changes.several.insert(place, rows.clone());
        } else if *deployment != NO_ROW {
            links.push((*deployment, place));
        }
    }
    links.sort_unstable();
    put_links(shard, &links);
    link_commits(shard, &mut changes, &heap.reverts, heads, &keys, places);
    shard.changes = changes;
}

/// Writes down which changes each deployment carried.
fn put_links(shard: &mut Shard, links: &[(u32, u32)]) {
    let mut start = vec![0_u32; shard.deployments.len().saturating_add(1)];
    for (deployment, _) in links {
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
        shard.deployments.changes = links.iter().map(|(_, change)| *change).collect();
    }
}

/// The commits that deployments and reverts name, as rows of this shard.
fn link_commits(
    shard: &mut Shard,
    changes: &mut Changes,
    reverts: &[(u32, &[u8])],
    heads: &[(u32, u32, &[u8])],
    keys: &[Key],
    places: &Places<'_>,
) {
    if reverts.is_empty() && heads.is_empty() {
        return;
    }
    let mut rows: Vec<(u32, u32)> = (0_u32..).zip(keys).map(|(place, key)| (key.2, place)).collect();
    rows.sort_unstable();
    let row_of_event = |revision: u32| {
        let place = rows.binary_search_by_key(&revision, |entry| entry.0).ok()?;
        rows.get(place).map(|entry| entry.1)
    };
    for (_, place, commit) in heads {
        if let Some(change) = places.change(commit).and_then(row_of_event) {
            shard.deployments.head.resize(*place as usize, NO_ROW);
            shard.deployments.head.push(change);
        }
    }
    for (revision, id) in reverts {
        let target = places.change(id).and_then(row_of_event);
        if let (Some(target), Some(place)) = (target, row_of_event(*revision)) {
            changes.reverts.insert(place, target);
        }
    }
}
