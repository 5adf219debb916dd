//! Finds repeated stretches in a row of tokens: a rolling hash over windows (Karp and Rabin 1987), each match
//! compared token by token and grown to its full length.

use super::units::Unit;

/// Two equal stretches of the row: their starts, the earlier first, and how many tokens they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) early: usize,
    pub(super) late: usize,
    pub(super) length: usize,
}

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The repeats of at least `window` tokens. Each stretch is matched with the last place in the row where its
/// first window stands; expected time and memory are linear in the row.
pub(super) fn repeats(units: &[Unit], window: usize, renamed: bool) -> Vec<Repeat> {
    let hashes = window_hashes(units, window);
    let mut table = Table::new(hashes.len());
    let mut found = Vec::new();
    // From the back, source by source: so that each stretch pairs with the last one like it.
    for (start, end) in sources_backwards(units) {
        let mut at = start;
        while at.saturating_add(window) <= end {
            let Some(hash) = hashes.get(at).copied() else { break };
            let grown = table
                .get_or_insert(hash, at)
                .map(|other| (other, grow(units, other, at, renamed)))
                .filter(|(_, length)| *length >= window);
            let Some((other, length)) = grown else {
                at = at.saturating_add(1);
                continue;
            };
            found.push(Repeat { early: at.min(other), late: at.max(other), length });
            // The windows that reach behind the end of the match are new.
            at = at.saturating_add(length.saturating_sub(window)).saturating_add(1);
        }
    }
    found
}

/// First and behind-last unit of each source, the last source first.
fn sources_backwards(units: &[Unit]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    let mut source = None;
    for (at, unit) in units.iter().enumerate().filter(|(_, u)| u.source != u32::MAX) {
        match all.last_mut() {
            Some((_, end)) if source == Some(unit.source) => *end = at.saturating_add(1),
            _ => all.push((at, at.saturating_add(1))),
        }
        source = Some(unit.source);
    }
    all.reverse();
    all
}

/// The hash of the window at each place.
fn window_hashes(units: &[Unit], window: usize) -> Vec<u64> {
    let Some(count) = units.len().checked_sub(window) else { return Vec::new() };
    let top = (1..window).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let key = |at: usize| units.get(at).map_or(0, |u| u.key);
    let mut hash = (0..window).fold(0_u64, |hash, at| hash.wrapping_mul(BASE).wrapping_add(key(at)));
    let mut hashes = Vec::with_capacity(count.saturating_add(1));
    for at in 0..=count {
        hashes.push(hash);
        let without = hash.wrapping_sub(key(at).wrapping_mul(top));
        hash = without.wrapping_mul(BASE).wrapping_add(key(at.saturating_add(window)));
    }
    hashes
}

/// How many tokens are equal from both places on; with `renamed`, up to one name that stands for two.
fn grow(units: &[Unit], one: usize, other: usize, renamed: bool) -> usize {
    let (early, late) = (one.min(other), one.max(other));
    let mut pairs = std::collections::BTreeMap::new();
    let mut backwards = std::collections::BTreeMap::new();
    let rest = units.get(late..).unwrap_or_default();
    let equal = units.get(early..).unwrap_or_default().iter().zip(rest).take_while(|(a, b)| {
        if a.key != b.key || a.source == u32::MAX {
            return false;
        }
        if !renamed || (a.name == 0 && b.name == 0) {
            return true;
        }
        *pairs.entry(a.name).or_insert(b.name) == b.name
            && *backwards.entry(b.name).or_insert(a.name) == a.name
    });
    equal.count()
}

/// First place of each hash; open addressing, at most half full.
struct Table {
    slots: Vec<(u64, usize)>,
    mask: usize,
}

impl Table {
    fn new(entries: usize) -> Self {
        let size = entries.saturating_mul(2).max(16).checked_next_power_of_two().unwrap_or(1 << 62);
        Self { slots: vec![(0, usize::MAX); size], mask: size.saturating_sub(1) }
    }

    /// The place that is known for the hash; where none is, this one is from now on.
    fn get_or_insert(&mut self, hash: u64, place: usize) -> Option<usize> {
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits choose the slot")]
        let mut slot = (hash ^ (hash >> 32)) as usize & self.mask;
        for _ in 0..self.slots.len() {
            let entry = self.slots.get_mut(slot)?;
            if entry.1 == usize::MAX {
                *entry = (hash, place);
                return None;
            }
            if entry.0 == hash {
                return Some(entry.1);
            }
            slot = slot.wrapping_add(1) & self.mask;
        }
        None
    }
}
