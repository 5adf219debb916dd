//! A log laid out for questions: by service, in columns, in order of time, with the links that events name
//! resolved.
//!
//! A [`Dataset`] holds what is known; what counts is up to a definition. Build it once, ask it often.
//!
//! ```
//! use devops_metrics::dataset::Dataset;
//! use devops_metrics::log::DeliveryLog;
//!
//! let mut log = DeliveryLog::new();
//! log.read_json_lines(br#"{"type":"deployment","id":"d1","service":"api","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}"#)?;
//! let dataset = Dataset::of(&log);
//! assert_eq!(dataset.services().collect::<Vec<_>>(), ["api"]);
//! # Ok::<(), devops_metrics::event::LineError>(())
//! ```

mod changes;
pub(crate) mod column;
mod deployments;
mod incidents;
mod names;
mod places;
pub(crate) mod shard;

use alloc::string::String;
use alloc::vec::Vec;
use devops_core::{EventId, ServiceId};

use crate::event::EventKind;
use crate::log::DeliveryLog;
use incidents::SharedIncident;
use places::Places;
use shard::Shard;

/// The changes, deployments and incidents of a log, ready for queries.
#[derive(Debug, Clone)]
pub struct Dataset<'l> {
    pub(crate) log: &'l DeliveryLog,
    pub(crate) shards: Vec<Shard>,
    pub(crate) environments: Vec<String>,
    /// Deployments whose `replaces` leads in a circle.
    pub(crate) circles: Vec<u32>,
    /// Incidents that have rows with several services.
    pub(crate) shared: Vec<SharedIncident>,
}

impl<'l> Dataset<'l> {
    /// Lays out a log.
    #[must_use]
    pub fn of(log: &'l DeliveryLog) -> Self {
        let mut places = Places::new(log);
        let (mut deployments, mut changes, mut incidents) = (Vec::new(), Vec::new(), Vec::new());
        for revision in log.current() {
            let view = log.view(revision);
            let list = match view.kind {
                EventKind::Deployment => &mut deployments,
                EventKind::Change => &mut changes,
                EventKind::Incident => &mut incidents,
                _ => continue,
            };
            list.push(revision);
            places.hear_of(revision, view);
        }
        let (services, environments) = (places.services.number(), places.environments.number());
        let names = services.iter().filter_map(|name| ServiceId::new(name).ok());
        let mut shards: Vec<Shard> = names.map(Shard::new).collect();
        let circles = deployments::lay_out(&deployments, &mut places, &mut shards);
        changes::lay_out(&changes, &mut places, &mut shards);
        let shared = incidents::lay_out(&incidents, &places, &mut shards);
        Self { log, shards, environments, circles, shared }
    }

    /// The services, by name.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.shards.iter().map(|shard| shard.service.as_str())
    }

    /// The environments that deployments name, by name.
    pub fn environments(&self) -> impl Iterator<Item = &str> {
        self.environments.iter().map(String::as_str)
    }

    /// Bytes that the columns hold on the heap, about; the log's own are not among them.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.shards.iter().map(Shard::heap_bytes).fold(0, usize::saturating_add)
    }

    /// The id of an event.
    pub(crate) fn id(&self, revision: u32) -> Option<EventId> {
        EventId::new(core::str::from_utf8(self.log.id_of(revision)).ok()?).ok()
    }
}

/// A number of rows; logs hold less than 2³² revisions.
pub(crate) fn row(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(column::NO_ROW)
}
