//! Numbers for names, in the order of the names.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

/// A sorted set of names; a name's number is its place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Symbols(Vec<String>);

impl Symbols {
    pub(crate) fn of(names: BTreeSet<String>) -> Self {
        Self(names.into_iter().collect())
    }

    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        let place = self.0.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        u32::try_from(place).ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
