//! The whole contents of new and deleted files, where the diff holds them.

use alloc::sync::Arc;

use super::file::{ChangeKind, FileChange};
use super::hunk::{Hunk, Line, LineRange};

/// What git calls an empty file, by SHA-1 and by SHA-256.
const EMPTY_IDS: [&[u8]; 2] = [
    b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// Fills in the contents of a new or deleted text file; the ids are those of the `index` line.
pub(super) fn fill_contents(file: &mut FileChange, old_id: &[u8], new_id: &[u8]) {
    if file.binary || file.is_merge() || file.is_submodule() {
        return;
    }
    match file.kind {
        ChangeKind::Added => file.new_contents = whole(&file.hunks, new_id, Hunk::new_range, Hunk::old_range),
        ChangeKind::Deleted => {
            file.old_contents = whole(&file.hunks, old_id, Hunk::old_range, Hunk::new_range);
        }
        _ => {}
    }
}

type RangeOf = fn(&Hunk) -> LineRange;

fn whole(hunks: &[Hunk], id: &[u8], this: RangeOf, other: RangeOf) -> Option<Arc<[u8]>> {
    match hunks {
        [] => is_empty_file(id).then(|| Arc::from(&[][..])),
        [hunk] if this(hunk).start == 1 && other(hunk).count == 0 => {
            // The marks are not part of it, nor are newlines that the file lacks.
            let size = hunk.lines().fold(0_usize, |n, line| n.saturating_add(length(&line)));
            let mut contents: Arc<[u8]> = core::iter::repeat_n(0, size).collect();
            let mut rest = Arc::get_mut(&mut contents)?;
            for line in hunk.lines() {
                let (text, behind) = rest.split_at_mut_checked(line.text.len())?;
                text.copy_from_slice(line.text);
                rest = behind;
                if line.has_newline {
                    let (newline, behind) = rest.split_first_mut()?;
                    *newline = b'\n';
                    rest = behind;
                }
            }
            Some(contents)
        }
        _ => None,
    }
}

fn length(line: &Line<'_>) -> usize {
    line.text.len().saturating_add(usize::from(line.has_newline))
}

/// Whether the id, which may be shortened to seven digits, is that of an empty file.
fn is_empty_file(id: &[u8]) -> bool {
    id.len() >= 7 && EMPTY_IDS.iter().any(|empty| empty.starts_with(id))
}
