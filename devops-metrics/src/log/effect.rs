//! What an arriving event did to a log.

use alloc::vec::Vec;
use devops_core::{ServiceId, Timestamp};

use crate::event::record::{List, Record, Time};

/// What an arriving event did to a log.
///
/// Closed: an id was new, its newest revision was replaced, an older one was filled in, or nothing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "these are the four cases")]
pub enum Insertion {
    /// The id was not known.
    Added,
    /// It is the newest revision of its id now.
    Revised,
    /// It arrived before the newest revision of its id; only questions about the past see it.
    Superseded,
    /// That revision was there already.
    Known,
}

/// The stretch of time of one service in which answers may have changed.
///
/// It spans the times that the old and the new revision name. A definition may carry a change further, to the
/// deployment that an incident or commit is linked to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Touched {
    /// The service.
    pub service: ServiceId,
    /// The earliest time named.
    pub from: Timestamp,
    /// The latest time named.
    pub to: Timestamp,
}

/// What an arriving event did, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effect {
    /// What it did.
    pub insertion: Insertion,
    /// Where answers may have changed, by service; empty where the current state is the same as before.
    pub touched: Vec<Touched>,
}

impl Effect {
    pub(super) fn new(insertion: Insertion, records: &[Record<'_>]) -> Self {
        let mut touched: Vec<Touched> = Vec::new();
        for record in records {
            let times = Time::ALL.iter().filter_map(|field| record.time(*field));
            let times = times.chain(record.parts.iter().copied());
            let span = times.fold(None, |span: Option<(Timestamp, Timestamp)>, time| {
                Some(span.map_or((time, time), |(from, to)| (from.min(time), to.max(time))))
            });
            let Some((from, to)) = span else { continue };
            for service in record.list(List::Services).iter().filter_map(|name| ServiceId::new(name).ok()) {
                match touched.iter_mut().find(|t| t.service == service) {
                    Some(known) => {
                        known.from = known.from.min(from);
                        known.to = known.to.max(to);
                    }
                    None => touched.push(Touched { service, from, to }),
                }
            }
        }
        touched.sort();
        Self { insertion, touched }
    }
}
