//! Where events are: the row of a deployment, the event of a commit.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::Symbols;
use super::column::NO_ROW;
use crate::event::EventKind;
use crate::event::record::{List, Record};
use crate::log::DeliveryLog;

/// Finds events by what other events call them.
pub(super) struct Places<'l, 's> {
    pub(super) log: &'l DeliveryLog,
    services: &'s Symbols,
    /// Service and row of each deployment, by revision.
    deployments: Vec<(u32, u32)>,
    /// The change that reached the main branch as that commit.
    merged_as: BTreeMap<String, u32>,
    /// The first deployment of a commit, as service and row.
    deployed_commits: BTreeMap<String, (i64, u32, u32)>,
}

impl<'l, 's> Places<'l, 's> {
    pub(super) fn new(log: &'l DeliveryLog, services: &'s Symbols) -> Self {
        let deployments = vec![(NO_ROW, NO_ROW); log.revision_count()];
        let (merged_as, deployed_commits) = (BTreeMap::new(), BTreeMap::new());
        Self { log, services, deployments, merged_as, deployed_commits }
    }

    /// The numbers of the services of an event, in order.
    pub(super) fn services(&self, record: &Record<'_>) -> Vec<u32> {
        record.list(List::Services).iter().filter_map(|name| self.services.number(name)).collect()
    }

    pub(super) fn put_deployment(&mut self, revision: u32, service: u32, row: u32) {
        if let Some(place) = self.deployments.get_mut(revision as usize) {
            *place = (service, row);
        }
    }

    pub(super) fn put_deployed_commit(&mut self, commit: &str, at: i64, service: u32, row: u32) {
        let there = self.deployed_commits.get(commit);
        if there.is_none_or(|there| (at, service, row) < *there) {
            self.deployed_commits.insert(commit.into(), (at, service, row));
        }
    }

    pub(super) fn put_merge_commit(&mut self, commit: &str, change: u32) {
        let id = |revision: u32| self.log.record(revision).id.into_owned();
        let there = self.merged_as.get(commit).copied();
        if there.is_none_or(|there| id(change) < id(there)) {
            self.merged_as.insert(commit.into(), change);
        }
    }

    /// Service and row of the deployment with that id.
    pub(super) fn deployment(&self, id: &str) -> Option<(u32, u32)> {
        let revision = self.log.find(id.as_bytes())?;
        self.deployments.get(revision as usize).copied().filter(|(_, row)| *row != NO_ROW)
    }

    /// Service and row of the first deployment of that commit.
    pub(super) fn deployed_commit(&self, commit: &str) -> Option<(u32, u32)> {
        self.deployed_commits.get(commit).map(|(_, service, row)| (*service, *row))
    }

    /// The change of that id, or else the one that reached the main branch as that commit.
    pub(super) fn change(&self, id: &str) -> Option<u32> {
        let revision = self.log.find(id.as_bytes()).filter(|r| self.log.kind(*r) == EventKind::Change);
        revision.or_else(|| self.merged_as.get(id).copied())
    }
}
