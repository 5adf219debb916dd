//! Columns of numbers that may be absent.

use alloc::vec::Vec;
use devops_core::Timestamp;

/// No instant: outside the range of [`Timestamp`].
pub(crate) const NEVER: i64 = i64::MIN;
/// No row.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// Instants in milliseconds, [`NEVER`] where absent; empty where all are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Times {
    times: Vec<i64>,
    /// Some row before the end is absent.
    gaps: bool,
}

impl Times {
    /// Sets the value of a row; rows are set in order, and those left out are absent.
    pub(crate) fn set(&mut self, row: usize, time: Option<i64>) {
        if let Some(time) = time {
            if self.times.len() < row {
                self.times.resize(row, NEVER);
                self.gaps = true;
            }
            self.times.push(time);
        }
    }

    /// The same instants in the order of those rows, without memory to spare.
    pub(crate) fn in_order(&self, rows: impl ExactSizeIterator<Item = usize>) -> Self {
        if self.times.is_empty() {
            return Self::default();
        }
        let gaps = self.gaps || self.times.len() < rows.len();
        Self { times: rows.map(|row| self.get(row)).collect(), gaps }
    }

    pub(crate) fn get(&self, row: usize) -> i64 {
        self.times.get(row).copied().unwrap_or(NEVER)
    }

    pub(crate) fn earliest(&self) -> Option<i64> {
        self.times.iter().copied().filter(|time| *time != NEVER).min()
    }

    /// The instants as far as they are known: rows behind the end are absent.
    pub(crate) const fn as_slice(&self) -> &[i64] {
        self.times.as_slice()
    }

    /// Whether none of so many rows is absent.
    pub(crate) const fn are_complete(&self, rows: usize) -> bool {
        !self.gaps && self.times.len() >= rows
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.times.capacity().saturating_mul(8)
    }

    pub(crate) fn shrink(&mut self) {
        self.times.shrink_to_fit();
    }
}

/// An instant of a column.
pub(crate) fn instant(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millis(millis).ok()
}
