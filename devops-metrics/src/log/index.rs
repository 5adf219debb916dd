//! Finds what was numbered by its bytes: the newest revision of an id.

use alloc::vec;
use alloc::vec::Vec;

const EMPTY: u32 = u32::MAX;

/// Open addressing over numbers of revisions, or of anything else; the bytes themselves stay where they are kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct IdIndex {
    slots: Vec<u32>,
    /// A byte of each hash: most others are told apart without a look at their bytes.
    tags: Vec<u8>,
    used: usize,
}

/// The top byte; places come from the others.
const fn tag(hash: u64) -> u8 {
    hash.to_be_bytes()[0]
}

/// Folds eight bytes at a time (multiply and xor, as in wyhash; Wang Yi, 2019).
pub(crate) fn hash(id: &[u8]) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let fold = |a: u64, b: u64| {
        let wide = u128::from(a).wrapping_mul(u128::from(b));
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
        let halves = (wide as u64, (wide >> 64) as u64);
        halves.0 ^ halves.1
    };
    let mut state = K.wrapping_mul((id.len() as u64) << 1 | 1);
    let (words, rest) = id.as_chunks();
    for word in words.iter().map(|word| u64::from_le_bytes(*word)) {
        state = fold(state ^ word, K | 1);
    }
    fold(state ^ few(rest), 0xBF58_476D_1CE4_E5B9)
}

/// Fewer than eight bytes as a number: others of the same length have another one.
fn few(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Where an id is, or where it would go.
pub(crate) enum Place {
    Found { slot: usize, revision: u32 },
    Free,
}

/// The numbers in some slots, in order: each is there once, and none is far above their count.
fn ascending(slots: &[u32]) -> impl Iterator<Item = u32> + use<> {
    let numbers = || slots.iter().copied().filter(|slot| *slot != EMPTY);
    let end = numbers().max().map_or(0, |last| (last as usize).saturating_add(1));
    let mut is_there = vec![false; end];
    for number in numbers() {
        if let Some(mark) = is_there.get_mut(number as usize) {
            *mark = true;
        }
    }
    (0_u32..).zip(is_there).filter(|(_, there)| *there).map(|(number, _)| number)
}

impl IdIndex {
    fn start(&self, hash: u64) -> usize {
        usize::try_from(hash & (self.slots.len() as u64).wrapping_sub(1)).unwrap_or(0)
    }

    pub(crate) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Place {
        if self.slots.is_empty() {
            return Place::Free;
        }
        let mut slot = self.start(hash);
        loop {
            match (self.slots.get(slot), self.tags.get(slot)) {
                (Some(&revision), Some(there)) if revision != EMPTY => {
                    if *there == tag(hash) && is_it(revision) {
                        return Place::Found { slot, revision };
                    }
                }
                _ => return Place::Free,
            }
            slot = slot.wrapping_add(1) & self.slots.len().wrapping_sub(1);
        }
    }

    /// The first number that may be that of a hash, by its tag.
    pub(crate) fn guess(&self, hash: u64) -> Option<u32> {
        let mut slot = self.start(hash);
        loop {
            let revision = *self.slots.get(slot).filter(|revision| **revision != EMPTY)?;
            if self.tags.get(slot) == Some(&tag(hash)) {
                return Some(revision);
            }
            slot = slot.wrapping_add(1) & self.slots.len().wrapping_sub(1);
        }
    }

    /// Whether something is where the search for a hash begins.
    pub(super) fn is_taken(&self, hash: u64) -> bool {
        let slot = self.start(hash);
        // The tag is looked at in any case: whoever asks will look at both.
        let tagged = self.tags.get(slot).is_some_and(|there| *there == tag(hash));
        self.slots.get(slot).is_some_and(|there| (*there != EMPTY) | tagged)
    }

    pub(super) fn replace(&mut self, slot: usize, revision: u32) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = revision;
        }
    }

    /// Adds an id that is not there; `hash_of` tells the hash of the ids that are.
    pub(crate) fn add(&mut self, hash: u64, revision: u32, hash_of: impl Fn(u32) -> u64) {
        if self.used.saturating_mul(4) >= self.slots.len().saturating_mul(3) {
            self.grow(self.slots.len().saturating_mul(2).max(16), hash_of);
        }
        self.put(hash, revision);
        self.used = self.used.saturating_add(1);
    }

    /// Makes room for that many where there is nothing yet.
    pub(super) fn reserve(&mut self, count: usize) {
        if self.used == 0 {
            // At most three quarters full.
            let size = count.saturating_mul(4).div_ceil(3).checked_next_power_of_two();
            self.grow(size.unwrap_or(0).max(16), |_| 0);
        }
    }

    fn grow(&mut self, size: usize, hash_of: impl Fn(u32) -> u64) {
        let old = core::mem::replace(&mut self.slots, vec![EMPTY; size]);
        self.tags = vec![0; size];
        // In the order of their numbers, as their bytes lie in memory.
        for moved in ascending(&old) {
            self.put(hash_of(moved), moved);
        }
    }

    fn put(&mut self, hash: u64, revision: u32) {
        let mut slot = self.start(hash);
        while self.slots.get(slot).is_some_and(|there| *there != EMPTY) {
            slot = slot.wrapping_add(1) & self.slots.len().wrapping_sub(1);
        }
        self.replace(slot, revision);
        if let Some(place) = self.tags.get_mut(slot) {
            *place = tag(hash);
        }
    }

    /// The newest revision of every id, in order.
    pub(super) fn newest(&self) -> impl Iterator<Item = u32> + use<> {
        ascending(&self.slots)
    }

    pub(super) const fn len(&self) -> usize {
        self.used
    }

    pub(super) const fn heap_bytes(&self) -> usize {
        self.slots.capacity().saturating_mul(size_of::<u32>()).saturating_add(self.tags.capacity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn other_bytes_have_another_hash() {
        let mut seen = alloc::collections::BTreeSet::new();
        let mut count = 0;
        for length in 0..30 {
            let zeros = vec![0_u8; length];
            assert!(seen.insert(hash(&zeros)));
            for (place, byte) in (0..length).flat_map(|place| [1, 128, 255].map(|byte| (place, byte))) {
                let mut bytes = zeros.clone();
                bytes[place] = byte;
                assert!(seen.insert(hash(&bytes)), "{bytes:?}");
                count += 1;
            }
        }
        assert_eq!(seen.len(), count + 30);
    }

    #[test]
    fn finds_what_was_added_and_nothing_else() {
        let ids: Vec<_> = (0..5000_u32).map(|i| format!("id-{i}")).collect();
        let mut index = IdIndex::default();
        for (revision, id) in (0_u32..).zip(&ids) {
            let at = |revision: u32| ids[revision as usize].as_bytes();
            assert!(matches!(index.find(hash(id.as_bytes()), |r| at(r) == id.as_bytes()), Place::Free));
            index.add(hash(id.as_bytes()), revision, |r| hash(at(r)));
        }
        for (revision, id) in (0_u32..).zip(&ids) {
            let place = index.find(hash(id.as_bytes()), |r| ids[r as usize] == *id);
            assert!(matches!(place, Place::Found { revision: found, .. } if found == revision));
        }
        assert_eq!((index.len(), index.newest().count()), (5000, 5000));
    }
}
