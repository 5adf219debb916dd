//! All that is known of what happened, and since when it is known.
//!
//! A [`DeliveryLog`] takes events in any order and as often as they come. Under each id it keeps every revision with
//! its arrival time; the newest one counts, and of several that arrived at once the one whose packed bytes are
//! greatest. So two logs with the same revisions answer the same, however they came to them, and logs merge.
//!
//! ```
//! use devops_metrics::event::{Arrival, Deployment, Outcome, Retraction};
//! use devops_metrics::log::{DeliveryLog, Insertion};
//!
//! let time = "2026-03-02T10:00:00Z".parse()?;
//! let deployment = Deployment::new("d1".parse()?, "api".parse()?, time, Outcome::Succeeded);
//! let mut log = DeliveryLog::new();
//! assert_eq!(log.insert(&Arrival::new(deployment.clone(), time))?.insertion, Insertion::Added);
//! assert_eq!(log.insert(&Arrival::new(deployment, time))?.insertion, Insertion::Known);
//!
//! let later = "2026-03-09T00:00:00Z".parse()?;
//! log.insert(&Arrival::new(Retraction::new("d1".parse()?), later))?;
//! assert_eq!(log.events().count(), 0);
//! assert_eq!(log.as_known_at(time).events().count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod block;
mod effect;
mod index;
mod pack;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::{EventId, Timestamp};

use block::{Block, Key};
pub use effect::{Effect, Insertion, Touched};

use crate::event::plain::{LineReader, lines};
use crate::event::record::{Record, Time, bits};
use crate::event::{Arrival, Event, EventError, EventKind, LineError, written_record};
pub(crate) use index::{IdIndex, Place, hash};
pub(crate) use pack::{Field, View};

/// Where a revision's bytes begin, and when it arrived.
#[derive(Debug, Clone, Copy)]
struct Revision {
    start: usize,
    arrived_at: Timestamp,
}

/// Events by id, with all their revisions.
///
/// Its JSON form is the list of all revisions, ordered by id, arrival and bytes.
#[derive(Debug, Clone, Default)]
pub struct DeliveryLog {
    bytes: Vec<u8>,
    revisions: Vec<Revision>,
    newest: IdIndex,
    /// The next older revision of the same id, where there is one.
    older: BTreeMap<u32, u32>,
    /// Where the arriving event is packed; kept for its memory alone.
    scratch: Vec<u8>,
}

impl DeliveryLog {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event. Without an arrival time it counts as known since the latest time that it names itself.
    ///
    /// # Errors
    ///
    /// [`EventError`] where the event breaks a rule of its kind, and for a retraction without arrival time.
    pub fn insert(&mut self, arrival: &Arrival) -> Result<Effect, EventError> {
        let record = arrival.event.record().settle()?;
        self.insert_record(&record, arrival.arrived_at)
    }

    /// Takes a JSON Lines text, line by line, and says how many events it read.
    ///
    /// Lines whose `arrived_at` is absent count as [`insert`](Self::insert) has it.
    ///
    /// # Errors
    ///
    /// [`LineError`] of the first line that is refused; the lines before it have been taken. To go on after
    /// an error, take [`read_json_lines`](crate::event::read_json_lines) and [`insert`](Self::insert).
    ///
    /// ```
    /// use devops_metrics::log::DeliveryLog;
    ///
    /// let mut log = DeliveryLog::new();
    /// let line = br#"{"type":"incident","id":"INC-7","service":"api","opened_at":"2026-03-02T10:20:00Z"}"#;
    /// assert_eq!(log.read_json_lines(line)?, 1);
    /// assert_eq!(log.len(), 1);
    /// # Ok::<(), devops_metrics::event::LineError>(())
    /// ```
    pub fn read_json_lines(&mut self, text: &[u8]) -> Result<usize, LineError> {
        let (mut count, mut reader) = (0_usize, LineReader::new());
        if self.is_empty() {
            let expected = memchr::memchr_iter(b'\n', text).count();
            self.newest.reserve(expected);
            self.revisions.reserve_exact(expected);
        }
        let mut block = Block::default();
        let mut read = Ok(());
        for (line, json) in lines(text) {
            let taken = reader.read(json).and_then(|(record, arrived_at)| block.add(record, arrived_at));
            if let Err(error) = taken {
                read = Err(LineError { line, error });
                break;
            }
            count = count.saturating_add(1);
            if block.is_full() {
                self.place_all(&mut block);
            }
        }
        self.place_all(&mut block);
        read.map(|()| count)
    }

    fn insert_record(
        &mut self,
        record: &Record<'_>,
        arrived_at: Option<Timestamp>,
    ) -> Result<Effect, EventError> {
        let before = self.find(record.id.as_bytes());
        let (insertion, revision) = self.put(record, arrived_at)?;
        let new = matches!(insertion, Insertion::Added | Insertion::Revised);
        let touched = [before, Some(revision)].into_iter().flatten().filter(|_| new);
        let records: Vec<_> = touched.map(|revision| self.record(revision)).collect();
        Ok(Effect::new(insertion, &records))
    }

    /// Puts a revision in its place.
    fn put(
        &mut self,
        record: &Record<'_>,
        arrived_at: Option<Timestamp>,
    ) -> Result<(Insertion, u32), EventError> {
        let mut packed = core::mem::take(&mut self.scratch);
        packed.clear();
        let placed = Key::pack(record, arrived_at, &mut packed).map(|key| self.place(&packed, key));
        self.scratch = packed;
        placed
    }

    /// Puts the revisions of a block in their places, and leaves it empty.
    fn place_all(&mut self, block: &mut Block) {
        // Nothing is made of the answer, so it must not be optimised away.
        core::hint::black_box(block.events().filter(|(_, key)| self.newest.is_taken(key.hash)).count());
        for (bytes, key) in block.events() {
            self.place(bytes, key);
        }
        block.clear();
    }

    /// Files packed bytes as a revision, unless it is known.
    fn place(&mut self, bytes: &[u8], Key { hash: hashed, arrived_at }: Key) -> (Insertion, u32) {
        let id = pack::id_of(bytes);
        let found = self.newest.find(hashed, |revision| pack::id_of(self.packed(revision)) == id);
        let fresh = u32::try_from(self.revisions.len()).unwrap_or(u32::MAX);
        let revision = Revision { start: self.bytes.len(), arrived_at };
        let Place::Found { slot, revision: newest } = found else {
            self.keep(bytes, revision);
            let (all, packed) = (&self.revisions, &self.bytes);
            self.newest.add(hashed, fresh, |revision| hash(pack::id_of(slice(all, packed, revision))));
            return (Insertion::Added, fresh);
        };
        // From the newest down to the first one that is not newer.
        let (mut newer, mut place) = (None, Some(newest));
        while let Some(revision) = place {
            let there = (self.arrived_at(revision), self.packed(revision));
            match there.cmp(&(arrived_at, bytes)) {
                core::cmp::Ordering::Equal => return (Insertion::Known, revision),
                core::cmp::Ordering::Less => break,
                core::cmp::Ordering::Greater => (newer, place) = (place, self.older.get(&revision).copied()),
            }
        }
        self.keep(bytes, revision);
        if let Some(older) = place {
            self.older.insert(fresh, older);
        }
        if let Some(newer) = newer {
            self.older.insert(newer, fresh);
            (Insertion::Superseded, fresh)
        } else {
            self.newest.replace(slot, fresh);
            (Insertion::Revised, fresh)
        }
    }

    fn keep(&mut self, bytes: &[u8], revision: Revision) {
        make_room(&mut self.bytes, bytes.len());
        self.bytes.extend_from_slice(bytes);
        make_room(&mut self.revisions, 1);
        self.revisions.push(revision);
    }

    fn packed(&self, revision: u32) -> &[u8] {
        slice(&self.revisions, &self.bytes, revision)
    }

    fn arrived_at(&self, revision: u32) -> Timestamp {
        self.revisions.get(revision as usize).map_or(Timestamp::MIN, |r| r.arrived_at)
    }

    pub(crate) fn record(&self, revision: u32) -> Record<'_> {
        pack::unpack(self.packed(revision))
    }

    /// A revision, to be read as far as needed.
    pub(crate) fn view(&self, revision: u32) -> View<'_> {
        View::of(self.packed(revision))
    }

    /// The id of a revision, as bytes: their order is that of the texts.
    pub(crate) fn id_of(&self, revision: u32) -> &[u8] {
        pack::id_of(self.packed(revision))
    }

    /// The newest revision of an id.
    pub(crate) fn find(&self, id: &[u8]) -> Option<u32> {
        match self.newest.find(hash(id), |revision| pack::id_of(self.packed(revision)) == id) {
            Place::Found { revision, .. } => Some(revision),
            Place::Free => None,
        }
    }

    /// The kind of a revision.
    pub(crate) fn kind(&self, revision: u32) -> EventKind {
        pack::kind_of(self.packed(revision))
    }

    /// The newest revisions of all ids, in the order in which they were put.
    pub(crate) fn current(&self) -> Vec<u32> {
        self.newest.newest().collect()
    }

    /// A revision and all older ones of its id, newest first.
    fn chain(&self, newest: u32) -> impl Iterator<Item = u32> {
        core::iter::successors(Some(newest), |revision| self.older.get(revision).copied())
    }

    /// How many ids are known, retracted ones included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.newest.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many revisions are kept.
    #[must_use]
    pub const fn revision_count(&self) -> usize {
        self.revisions.len()
    }

    /// Bytes that the log holds on the heap, about.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let revision = size_of::<Revision>().saturating_mul(self.revisions.capacity());
        self.bytes.capacity().saturating_add(revision).saturating_add(self.newest.heap_bytes())
    }

    /// The events that count: of each id the newest revision, unless that is a retraction. In no order.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let records = self.current().into_iter().map(|revision| self.record(revision));
        let told = records.filter(|record| record.kind != EventKind::Retraction);
        told.filter_map(|record| Event::of_record(&record).ok())
    }

    /// All revisions of an id, newest first.
    ///
    /// ```
    /// use devops_metrics::log::DeliveryLog;
    /// assert!(DeliveryLog::new().revisions(&"d1".parse()?).is_empty());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn revisions(&self, id: &EventId) -> Vec<Arrival> {
        let newest = self.find(id.as_str().as_bytes()).into_iter();
        newest.flat_map(|newest| self.chain(newest)).filter_map(|revision| self.arrival(revision)).collect()
    }

    fn arrival(&self, revision: u32) -> Option<Arrival> {
        let event = Event::of_record(&self.record(revision)).ok()?;
        Some(Arrival::new(event, self.arrived_at(revision)))
    }

    /// Ids under which events of two kinds were told. The newest revision counts; the others are left out.
    ///
    /// ```
    /// use devops_metrics::event::EventKind;
    /// use devops_metrics::log::DeliveryLog;
    ///
    /// let mut log = DeliveryLog::new();
    /// log.read_json_lines(br#"{"type":"incident","id":"7","service":"api","opened_at":"2026-03-02T10:20:00Z"}
    /// {"type":"check","id":"7","service":"api","finished_at":"2026-03-03T10:20:00Z","outcome":"failed"}"#)?;
    /// assert_eq!(log.of_two_kinds(), [("7".parse()?, EventKind::Incident)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_two_kinds(&self) -> Vec<(EventId, EventKind)> {
        let mut found = Vec::new();
        for newest in self.current() {
            let counts = self.kind(newest);
            let mut kinds: Vec<_> = self.chain(newest).map(|revision| self.kind(revision)).collect();
            kinds.sort_unstable();
            kinds.dedup();
            // A retraction takes back whatever was there.
            let others = kinds.iter().filter(|kind| **kind != counts && **kind != EventKind::Retraction);
            if counts != EventKind::Retraction
                && let Ok(id) = EventId::new(&self.record(newest).id)
            {
                found.extend(others.map(|kind| (id.clone(), *kind)));
            }
        }
        found.sort();
        found
    }

    /// The log as it was at that time: without what arrived later.
    #[must_use]
    pub fn as_known_at(&self, time: Timestamp) -> Self {
        let mut then = Self::new();
        for revision in 0..u32::try_from(self.revisions.len()).unwrap_or(u32::MAX) {
            if self.arrived_at(revision) <= time {
                then.copy(self, revision);
            }
        }
        then
    }

    /// Takes all that another log knows. Associative, commutative and idempotent.
    ///
    /// ```
    /// use devops_metrics::log::DeliveryLog;
    ///
    /// let line = br#"{"type":"incident","id":"INC-7","service":"api","opened_at":"2026-03-02T10:20:00Z"}"#;
    /// let (mut a, mut b) = (DeliveryLog::new(), DeliveryLog::new());
    /// b.read_json_lines(line)?;
    /// a.merge(&b);
    /// a.merge(&b);
    /// assert_eq!(a, b);
    /// # Ok::<(), devops_metrics::event::LineError>(())
    /// ```
    pub fn merge(&mut self, other: &Self) {
        for revision in 0..u32::try_from(other.revisions.len()).unwrap_or(u32::MAX) {
            self.copy(other, revision);
        }
    }

    /// Takes one revision of another log.
    pub(crate) fn copy(&mut self, other: &Self, revision: u32) {
        let bytes = other.packed(revision);
        self.place(bytes, Key::of(bytes, other.arrived_at(revision)));
    }

    /// All revisions by id, arrival and bytes: the one order of a log.
    fn ordered(&self) -> Vec<u32> {
        let mut all: Vec<u32> = (0..u32::try_from(self.revisions.len()).unwrap_or(u32::MAX)).collect();
        all.sort_by(|a, b| {
            let (x, y) = (self.packed(*a), self.packed(*b));
            let by_arrival = || (self.arrived_at(*a), x).cmp(&(self.arrived_at(*b), y));
            pack::id_of(x).cmp(pack::id_of(y)).then_with(by_arrival)
        });
        all
    }

    /// All revisions as JSON Lines, ordered by id, arrival and bytes.
    ///
    /// ```
    /// use devops_metrics::log::DeliveryLog;
    ///
    /// let mut log = DeliveryLog::new();
    /// log.read_json_lines(br#"{"type":"retraction","id":"a","arrived_at":"2026-03-02T10:20:00Z"}"#)?;
    /// let text = log.to_json_lines();
    /// let mut again = DeliveryLog::new();
    /// again.read_json_lines(text.as_bytes())?;
    /// assert_eq!(again, log);
    /// # Ok::<(), devops_metrics::event::LineError>(())
    /// ```
    #[must_use]
    pub fn to_json_lines(&self) -> String {
        let mut text = String::new();
        for revision in self.ordered() {
            text.push_str(&written_record(&self.record(revision), Some(self.arrived_at(revision))));
            text.push('\n');
        }
        text
    }
}

/// Room for more, and for a quarter of what is there: a list that doubles would hold twice what it needs.
fn make_room<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity().saturating_sub(list.len()) < more {
        list.reserve_exact(more.max(list.len() / 4).max(16));
    }
}

fn slice<'a>(revisions: &[Revision], bytes: &'a [u8], revision: u32) -> &'a [u8] {
    let place = revision as usize;
    let Some(start) = revisions.get(place).map(|r| r.start) else { return &[] };
    let end = revisions.get(place.saturating_add(1)).map_or(bytes.len(), |r| r.start);
    bytes.get(start..end).unwrap_or(&[])
}

/// The latest time that an event names itself.
fn own_time(record: &Record<'_>) -> Option<Timestamp> {
    bits(record.mask()).map_while(Time::of_bit).filter_map(|field| record.time(field)).max()
}

impl PartialEq for DeliveryLog {
    fn eq(&self, other: &Self) -> bool {
        let one = self.ordered().into_iter().map(|r| (self.arrived_at(r), self.packed(r)));
        let two = other.ordered().into_iter().map(|r| (other.arrived_at(r), other.packed(r)));
        self.revisions.len() == other.revisions.len() && one.eq(two)
    }
}

impl Eq for DeliveryLog {}

impl serde::Serialize for DeliveryLog {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.ordered().into_iter().filter_map(|revision| self.arrival(revision)))
    }
}

impl<'de> serde::Deserialize<'de> for DeliveryLog {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let arrivals = Vec::<Arrival>::deserialize(deserializer)?;
        let mut log = Self::new();
        for arrival in &arrivals {
            log.insert(arrival).map_err(serde::de::Error::custom)?;
        }
        Ok(log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_holds_at_most_a_quarter_more_than_it_needs() {
        let mut log = DeliveryLog::new();
        // One more than a list that doubles has room for.
        let lines = (0..=8192).map(|i| {
            alloc::format!(
                r#"{{"type":"change","id":"c{i}","service":"api","committed_at":"2026-03-02T10:00:00Z"}}"#
            )
        });
        for line in lines {
            log.insert(&Arrival::new(Event::from_json(line.as_bytes()).unwrap(), Timestamp::EPOCH)).unwrap();
        }
        let needed = log.bytes.len() + size_of::<Revision>() * log.revisions.len();
        let held = log.heap_bytes() - log.newest.heap_bytes();
        assert!((needed..=needed + needed / 4).contains(&held), "{held} for {needed}");
        assert!((5 * log.len()..20 * log.len()).contains(&log.newest.heap_bytes()));
    }
}
