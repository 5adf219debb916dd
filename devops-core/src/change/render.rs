//! Writes unified diffs.

use alloc::vec::Vec;

use super::file::FileChange;

pub(super) fn render(_files: &[FileChange]) -> Vec<u8> {
    Vec::new()
}
