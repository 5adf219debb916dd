//! Where events are: the row of a deployment, the event of a commit.

use alloc::vec::Vec;

use super::names::Names;
use crate::event::EventKind;
use crate::event::record::{List, Text};
use crate::log::{DeliveryLog, Field, View};

/// Finds events by what other events call them.
pub(super) struct Places<'l> {
    pub(super) log: &'l DeliveryLog,
    /// The numbers of services and environments, in the order of their names.
    pub(super) services: Names<'l, u32>,
    pub(super) environments: Names<'l, u32>,
    /// Service and row of each deployment, by its id.
    deployments: Names<'l, (u32, u32)>,
    /// The change that reached the main branch as that commit.
    merged_as: Names<'l, u32>,
    /// The first deployment of a commit: instant, service and row.
    deployed_commits: Names<'l, (i64, u32, u32)>,
    /// What deployments list: service and row, and the name of a change.
    pub(super) listed: Vec<(u32, u32, &'l [u8])>,
    /// The commit of each deployment that names one: service and row, and the commit.
    pub(super) heads: Vec<(u32, u32, &'l [u8])>,
}

impl<'l> Places<'l> {
    pub(super) fn new(log: &'l DeliveryLog) -> Self {
        Self {
            log,
            services: Names::default(),
            environments: Names::default(),
            deployments: Names::default(),
            merged_as: Names::default(),
            deployed_commits: Names::default(),
            listed: Vec::new(),
            heads: Vec::new(),
        }
    }

    /// Hears of the names that an event brings along.
    pub(super) fn hear_of(&mut self, revision: u32, view: View<'l>) {
        let (kind, id) = (view.kind, view.id);
        for field in view.fields() {
            match field {
                Field::Item(List::Services, name) => {
                    self.services.entry(name, || 0);
                }
                Field::Text(Text::Environment, name) => {
                    self.environments.entry(name, || 0);
                }
                Field::Text(Text::Commit, commit) if kind == EventKind::Change => {
                    let log = self.log;
                    if let Some(there) = self.merged_as.entry(commit, || revision)
                        && id < log.id_of(*there)
                    {
                        *there = revision;
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn put_deployment(&mut self, revision: u32, service: u32, row: u32) {
        self.deployments.entry(self.log.id_of(revision), || (service, row));
    }

    pub(super) fn put_deployed_commit(&mut self, commit: &'l [u8], at: i64, service: u32, row: u32) {
        if let Some(there) = self.deployed_commits.entry(commit, || (at, service, row)) {
            *there = (*there).min((at, service, row));
        }
    }

    /// Service and row of the deployment with that id.
    pub(super) fn deployment(&self, id: &[u8]) -> Option<(u32, u32)> {
        self.deployments.get(id).copied()
    }

    /// The same for each of several ids.
    pub(super) fn deployments(&self, ids: &[&[u8]], found: &mut Vec<Option<(u32, u32)>>) {
        self.deployments.get_all(ids, found);
    }

    /// Service and row of the first deployment of that commit.
    pub(super) fn deployed_commit(&self, commit: &[u8]) -> Option<(u32, u32)> {
        self.deployed_commits.get(commit).map(|(_, service, row)| (*service, *row))
    }

    /// The change of that id, or else the one that reached the main branch as that commit.
    pub(super) fn change(&self, id: &[u8]) -> Option<u32> {
        let revision = self.log.find(id).filter(|r| self.log.kind(*r) == EventKind::Change);
        revision.or_else(|| self.merged_as.get(id).copied())
    }
}
