//! Numbers for names.

use alloc::string::String;
use alloc::vec::Vec;

use super::row;
use crate::log::{IdIndex, Place, hash};

/// Names and what belongs to each, found by the bytes of a name. Numbers count from 0, in the order in which names came.
#[derive(Debug)]
pub(super) struct Names<'l, T> {
    index: IdIndex,
    entries: Vec<(&'l [u8], T)>,
}

impl<T> Default for Names<'_, T> {
    fn default() -> Self {
        Self { index: IdIndex::default(), entries: Vec::new() }
    }
}

impl<'l, T> Names<'l, T> {
    fn place(&self, name: &[u8], hashed: u64) -> Option<usize> {
        let is_it = |entry: u32| self.entries.get(entry as usize).is_some_and(|(known, _)| *known == name);
        match self.index.find(hashed, is_it) {
            Place::Found { revision, .. } => Some(revision as usize),
            Place::Free => None,
        }
    }

    /// What belongs to a name; `first` where the name is new.
    pub(super) fn entry(&mut self, name: &'l [u8], first: impl FnOnce() -> T) -> Option<&mut T> {
        let hashed = hash(name);
        let place = self.place(name, hashed).unwrap_or_else(|| {
            let place = self.entries.len();
            self.entries.push((name, first()));
            let entries = &self.entries;
            let hash_of = |entry: u32| entries.get(entry as usize).map_or(0, |(name, _)| hash(name));
            self.index.add(hashed, row(place), hash_of);
            place
        });
        self.entries.get_mut(place).map(|(_, value)| value)
    }

    /// What belongs to each of several names. Step by step for all of them, so that the memory of one is waited for
    /// while that of the others is fetched.
    pub(super) fn get_all(&self, names: &[&[u8]], found: &mut Vec<Option<T>>)
    where
        T: Copy,
    {
        let hashes: Vec<u64> = names.iter().map(|name| hash(name)).collect();
        let guesses: Vec<Option<u32>> = hashes.iter().map(|hash| self.index.guess(*hash)).collect();
        let entries = guesses.iter().map(|guess| guess.and_then(|guess| self.entries.get(guess as usize)));
        let entries: Vec<_> = entries.map(|entry| entry.map(|(known, value)| (*known, *value))).collect();
        found.clear();
        found.extend(names.iter().zip(entries).map(|(name, entry)| match entry {
            Some((known, value)) if known == *name => Some(value),
            Some(_) => self.get(name).copied(),
            None => None,
        }));
    }

    pub(super) fn get(&self, name: &[u8]) -> Option<&T> {
        self.place(name, hash(name)).and_then(|place| self.entries.get(place)).map(|(_, value)| value)
    }
}

impl Names<'_, u32> {
    /// Numbers the names by their order, and tells them.
    pub(super) fn number(&mut self) -> Vec<String> {
        let mut names: Vec<&[u8]> = self.entries.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        for (number, name) in (0_u32..).zip(&names) {
            if let Some(place) = self.place(name, hash(name))
                && let Some((_, value)) = self.entries.get_mut(place)
            {
                *value = number;
            }
        }
        // They were written from texts.
        names.into_iter().map(|name| String::from(core::str::from_utf8(name).unwrap_or(""))).collect()
    }
}
