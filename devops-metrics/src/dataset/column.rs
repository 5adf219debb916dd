//! Columns of numbers that may be absent.

use alloc::vec::Vec;
use devops_core::Timestamp;

/// No instant: outside the range of [`Timestamp`].
pub(crate) const NEVER: i64 = i64::MIN;
/// No row.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// Instants in milliseconds, [`NEVER`] where absent; empty where all are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Times(Vec<i64>);

impl Times {
    /// Sets the value of a row; rows are set in order, and those left out are absent.
    pub(crate) fn set(&mut self, row: usize, time: Option<Timestamp>) {
        if let Some(time) = time {
            self.0.resize(row, NEVER);
            self.0.push(time.as_millis());
        }
    }

    pub(crate) fn get(&self, row: usize) -> i64 {
        self.0.get(row).copied().unwrap_or(NEVER)
    }

    /// The instants as far as they are known: rows behind the end are absent.
    pub(crate) const fn as_slice(&self) -> &[i64] {
        self.0.as_slice()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.0.capacity().saturating_mul(8)
    }

    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// An instant of a column.
pub(crate) fn instant(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millis(millis).ok()
}
