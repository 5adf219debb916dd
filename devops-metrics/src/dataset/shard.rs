//! The events of one service, as columns in order of time.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Range;
use devops_core::ServiceId;

use super::column::{NO_ROW, Times};
use crate::event::{CauseClass, DeclaredFailure, DeploymentKind, Outcome, Tier};

/// Deployments by (end, id).
#[derive(Debug, Clone, Default)]
pub(crate) struct Deployments {
    pub(crate) event: Vec<u32>,
    pub(crate) finished: Vec<i64>,
    pub(crate) started: Times,
    pub(crate) first_part: Times,
    pub(crate) traits: Vec<DeploymentTraits>,
    /// Index of the environment's name, [`NO_ROW`] where it has none.
    pub(crate) environment: Vec<u32>,
    /// Where the changes of each begin in `changes`; one entry more than rows.
    pub(crate) change_start: Vec<u32>,
    /// Change rows, by deployment; empty where they are 0, 1, 2 and so on.
    pub(crate) changes: Vec<u32>,
    /// The change row of the commit that was deployed; empty where no deployment names one.
    pub(crate) head: Vec<u32>,
    /// What a deployment replaces, where both are of this service and that leads to no circle.
    pub(crate) replaces: BTreeMap<u32, u32>,
    /// Ends of the parts, where there are several.
    pub(crate) parts: BTreeMap<u32, Vec<i64>>,
}

/// Rows of changes, in order.
#[derive(Debug, Clone)]
pub(crate) enum ChangeRows<'a> {
    SideBySide(Range<u32>),
    Listed(&'a [u32]),
}

impl<'a> ChangeRows<'a> {
    pub(crate) fn each(self) -> impl DoubleEndedIterator<Item = u32> + use<'a> {
        let (range, list) = match self {
            Self::SideBySide(range) => (range, &[][..]),
            Self::Listed(list) => (0..0, list),
        };
        range.chain(list.iter().copied())
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::SideBySide(range) => range.is_empty(),
            Self::Listed(list) => list.is_empty(),
        }
    }

    pub(crate) fn contains(&self, row: u32) -> bool {
        match self {
            Self::SideBySide(range) => range.contains(&row),
            Self::Listed(list) => list.contains(&row),
        }
    }
}

/// The closed vocabularies of a deployment, one byte each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeploymentTraits {
    pub(crate) outcome: Outcome,
    pub(crate) kind: DeploymentKind,
    pub(crate) tier: Option<Tier>,
    pub(crate) declared: Option<DeclaredFailure>,
}

impl Deployments {
    pub(crate) const fn len(&self) -> usize {
        self.finished.len()
    }

    /// Makes room for that many, no more.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.event.reserve_exact(count);
        self.finished.reserve_exact(count);
        self.traits.reserve_exact(count);
        self.environment.reserve_exact(count);
    }

    /// The change rows that were named for a deployment.
    pub(crate) fn changes_of(&self, row: usize) -> ChangeRows<'_> {
        let start = self.change_start.get(row).copied().unwrap_or(0);
        let end = self.change_start.get(row.saturating_add(1)).copied().unwrap_or(0);
        if self.changes.is_empty() {
            return ChangeRows::SideBySide(start..end);
        }
        ChangeRows::Listed(self.changes.get(start as usize..end as usize).unwrap_or(&[]))
    }

    pub(crate) fn head_of(&self, row: usize) -> Option<usize> {
        self.head.get(row).filter(|head| **head != NO_ROW).map(|head| *head as usize)
    }
}

/// What a change is, as bits.
pub(crate) mod change_trait {
    /// Written by a program.
    pub(crate) const BOT: u8 = 1;
    /// A merge commit.
    pub(crate) const MERGE: u8 = 2;
    /// A pull request.
    pub(crate) const PULL_REQUEST: u8 = 4;
    /// Some event names a deployment for it.
    pub(crate) const GIVEN: u8 = 8;
    /// Several deployments of this service are named for it.
    pub(crate) const SEVERAL: u8 = 16;
}

/// Changes, those of the same deployment side by side.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    pub(crate) event: Vec<u32>,
    pub(crate) traits: Vec<u8>,
    pub(crate) authored: Times,
    pub(crate) committed: Times,
    pub(crate) opened: Times,
    pub(crate) merged: Times,
    /// All deployment rows of a change that has several, in order.
    pub(crate) several: BTreeMap<u32, Vec<u32>>,
    /// The change that a change reverts, both of this service.
    pub(crate) reverts: BTreeMap<u32, u32>,
}

impl Changes {
    pub(crate) const fn len(&self) -> usize {
        self.event.len()
    }

    pub(crate) fn has(&self, row: usize, trait_bit: u8) -> bool {
        self.traits.get(row).is_some_and(|bits| bits & trait_bit != 0)
    }
}

/// Which deployment an incident names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// None.
    No,
    /// A deployment of this service.
    Here(u32),
    /// A deployment of another service.
    Elsewhere,
    /// A deployment that the log does not know.
    Unknown,
}

/// Incidents by (opening, id). Those of other services that name a deployment of this one come along, marked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Incidents {
    pub(crate) event: Vec<u32>,
    pub(crate) opened: Vec<i64>,
    pub(crate) detected: Times,
    pub(crate) resolved: Times,
    pub(crate) cause: Vec<CauseClass>,
    pub(crate) named: Vec<Named>,
    /// The change row of the commit that the incident names, [`NO_ROW`] where it names none of this service.
    pub(crate) named_change: Vec<u32>,
    /// Rows of incidents of other services.
    pub(crate) foreign: Vec<bool>,
    /// Of an incident that has rows with several services its place in
    /// [`Dataset::shared`](crate::dataset::Dataset::shared).
    pub(crate) shared: BTreeMap<u32, u32>,
}

impl Incidents {
    pub(crate) const fn len(&self) -> usize {
        self.opened.len()
    }

    pub(crate) fn is_foreign(&self, row: usize) -> bool {
        self.foreign.get(row).copied().unwrap_or(false)
    }
}

/// All that happened to one service.
#[derive(Debug, Clone)]
pub(crate) struct Shard {
    pub(crate) service: ServiceId,
    pub(crate) deployments: Deployments,
    pub(crate) changes: Changes,
    pub(crate) incidents: Incidents,
}

impl Shard {
    pub(crate) fn new(service: ServiceId) -> Self {
        Self {
            service,
            deployments: Deployments::default(),
            changes: Changes::default(),
            incidents: Incidents::default(),
        }
    }

    /// When the first deployment ended, the first change was committed, opened or merged, or the first incident was
    /// opened, whichever came first.
    pub(crate) fn first_event(&self) -> Option<i64> {
        let (changes, incidents) = (&self.changes, &self.incidents);
        let times = [&changes.committed, &changes.opened, &changes.merged];
        let changed = times.into_iter().filter_map(Times::earliest);
        let own = (0..incidents.len()).find(|row| !incidents.is_foreign(*row));
        let opened = own.and_then(|row| incidents.opened.get(row)).copied();
        self.deployments.finished.first().copied().into_iter().chain(changed).chain(opened).min()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let (d, c, i) = (&self.deployments, &self.changes, &self.incidents);
        let deployments = d.len().saturating_mul(4 + 8 + 4 + 4 + 4);
        let named = d.changes.capacity().saturating_add(d.head.capacity()).saturating_mul(4);
        let changes = c.event.capacity().saturating_mul(5);
        let incidents = i.len().saturating_mul(4 + 8 + 1 + 8 + 4 + 1);
        let times = [&d.started, &d.first_part, &c.authored, &c.committed, &c.opened, &c.merged, &i.detected];
        let times = times.iter().map(|t| t.heap_bytes()).fold(i.resolved.heap_bytes(), usize::saturating_add);
        [deployments, named, changes, incidents, times].into_iter().fold(0, usize::saturating_add)
    }
}
