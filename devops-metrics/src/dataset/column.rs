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
    pub(crate) fn set(&mut self, row: usize, time: Option<i64>) {
        if let Some(time) = time {
            if self.0.len() < row {
                self.0.resize(row, NEVER);
            }
            self.0.push(time);
        }
    }

    /// The same instants in the order of those rows, without memory to spare.
    pub(crate) fn in_order(&self, rows: impl ExactSizeIterator<Item = usize>) -> Self {
        if self.0.is_empty() {
            return Self::default();
        }
        Self(rows.map(|row| self.get(row)).collect())
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
