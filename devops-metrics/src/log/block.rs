//! Packed events on their way into a log, some together.

use alloc::vec::Vec;
use core::ops::Range;
use devops_core::Timestamp;

use super::index::hash;
use super::{own_time, pack};
use crate::event::EventError;
use crate::event::record::Record;

/// What a log looks at of packed bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// Of the id.
    pub(super) hash: u64,
    pub(super) arrived_at: Timestamp,
}

impl Key {
    pub(super) fn of(bytes: &[u8], arrived_at: Timestamp) -> Self {
        Self { hash: hash(pack::id_of(bytes)), arrived_at }
    }

    /// Packs a settled record behind other bytes. Without an arrival time it counts as known since the latest time that
    /// it names itself.
    pub(super) fn pack(
        record: &Record<'_>,
        arrived_at: Option<Timestamp>,
        out: &mut Vec<u8>,
    ) -> Result<Self, EventError> {
        let Some(arrived_at) = arrived_at.or_else(|| own_time(record)) else {
            let event = crate::event::describe_record(record);
            return Err(EventError::Missing { event, field: "arrived_at" });
        };
        pack::pack(record, out);
        Ok(Self { hash: hash(record.id.as_bytes()), arrived_at })
    }
}

/// Events that are filed together, so that their places are fetched from memory together.
#[derive(Debug, Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    events: Vec<(Range<usize>, Key)>,
}

impl Block {
    const SIZE: usize = 64;

    pub(super) fn add(
        &mut self,
        record: &Record<'_>,
        arrived_at: Option<Timestamp>,
    ) -> Result<(), EventError> {
        let start = self.bytes.len();
        let key = Key::pack(record, arrived_at, &mut self.bytes)?;
        self.events.push((start..self.bytes.len(), key));
        Ok(())
    }

    pub(super) const fn is_full(&self) -> bool {
        self.events.len() >= Self::SIZE
    }

    pub(super) fn events(&self) -> impl Iterator<Item = (&[u8], Key)> {
        self.events.iter().map(|(range, key)| (self.bytes.get(range.clone()).unwrap_or(&[]), *key))
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.events.clear();
    }
}
