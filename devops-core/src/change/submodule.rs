//! Reads the `Submodule` lines of `git diff --submodule=log`.

use super::cursor::{Cursor, with_last_newline};
use super::error::DiffError;
use super::file::{FileChange, FileMode};
use super::section::FirstLine;

/// Reads `Submodule <path> <old>..<new>:` and the commits below it; `None` where the line is none.
pub(super) fn read_submodule<'a>(
    start: Cursor<'a>,
    cursor: &mut Cursor<'a>,
    first: &FirstLine<'_>,
) -> Result<Option<FileChange>, DiffError> {
    let Some((path, note)) = parts(first.raw) else {
        return Ok(None);
    };
    while cursor.at(b"  > ") || cursor.at(b"  < ") {
        cursor.next();
    }
    let mut file = FileChange::blank();
    let path = first.path(path)?;
    file.set_paths(path.clone(), path, note == b" (new submodule)", note == b" (submodule deleted)");
    file.old_mode = file.old_path.is_some().then_some(FileMode::new(0o160_000));
    file.new_mode = file.new_path.is_some().then_some(FileMode::new(0o160_000));
    file.carried = with_last_newline(cursor.since(&start));
    Ok(Some(file))
}

/// The path, and the note behind the commits.
fn parts(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = raw.strip_prefix(b"Submodule ")?;
    let dots = memchr::memmem::rfind(text, b"..")?;
    let (before, after) = text.split_at_checked(dots)?;
    let before = before.strip_suffix(b".").unwrap_or(before);
    let blank = memchr::memrchr(b' ', before)?;
    let (path, old) = before.split_at_checked(blank)?;
    let new = after.strip_prefix(b"..")?;
    let end = new.iter().position(|b| !b.is_ascii_hexdigit()).unwrap_or(new.len());
    let (new, note) = new.split_at_checked(end)?;
    let note = note.strip_suffix(b":").unwrap_or(note);
    let old = old.strip_prefix(b" ")?;
    let is_id = |id: &[u8]| id.len() >= 4 && id.iter().all(u8::is_ascii_hexdigit);
    (is_id(old) && is_id(new) && (note.is_empty() || (note.starts_with(b" (") && note.ends_with(b")"))))
        .then_some((path, note))
}

#[cfg(test)]
mod tests {
    use crate::{ChangeKind, ChangeSet};

    #[test]
    fn lines_of_a_log() {
        let log = b"Submodule a b 1234567..89abcde (rewind):\n  < back\n  > forth\n\
                    Submodule c 0000000...89abcde (new submodule)\nSubmodule d contains modified content\n\
                    Submodule e 1234567...0000000 (submodule deleted)\n";
        let change = ChangeSet::from_diff(log).unwrap();
        let kinds: alloc::vec::Vec<_> = change.files().iter().map(crate::FileChange::kind).collect();
        assert_eq!(kinds, [ChangeKind::Modified, ChangeKind::Added, ChangeKind::Deleted]);
        assert!(change.files().iter().all(crate::FileChange::is_submodule));
        assert_eq!(change.files()[0].path().unwrap().as_bytes(), b"a b");
    }
}
