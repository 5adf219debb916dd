//! Finds the files in a diff; what stands between them (mail headers, commit messages) is passed over.

use alloc::vec::Vec;

use super::cursor::{Cursor, trim_cr};
use super::error::{DiffError, shown};
use super::file::FileChange;
use super::hunk_reader::is_hunk_header;
use super::plain::{read_plain, read_plain_binary};
use super::section::{read_git, read_merge};
use super::submodule::read_submodule;

pub(super) fn parse(diff: &[u8]) -> Result<Vec<FileChange>, DiffError> {
    let mut cursor = Cursor::new(diff);
    let mut files = Vec::new();
    while let Some(line) = cursor.peek() {
        match read_file(&mut cursor, line)? {
            Some(file) => files.push(file),
            None => {}
        }
    }
    if files.is_empty() {
        check_no_diff(diff)?;
    }
    files.shrink_to_fit();
    Ok(files)
}

/// Reads the file that starts at the cursor, or passes over one line.
fn read_file(cursor: &mut Cursor<'_>, line: &[u8]) -> Result<Option<FileChange>, DiffError> {
    match line.first() {
        Some(b'd') if line.starts_with(b"diff --git ") => return read_git(cursor).map(Some),
        Some(b'd') if line.starts_with(b"diff --cc ") || line.starts_with(b"diff --combined ") => {
            return read_merge(cursor).map(Some);
        }
        Some(b'-') if line.starts_with(b"--- ") && names_follow(cursor)? => {
            return read_plain(cursor).map(Some);
        }
        Some(b'B') if line.starts_with(b"Binary files ") => return read_plain_binary(cursor),
        Some(b'S') if line.starts_with(b"Submodule ") => return read_submodule(cursor),
        Some(b'G') if trim_cr(line) == b"GIT binary patch" => {
            let expected = "`diff --git` before it";
            return Err(DiffError::BinaryPatch { line: cursor.line(), found: shown(line), expected });
        }
        Some(b'@') if is_hunk_header(line) => {
            return Err(DiffError::OrphanHunk { line: cursor.line(), found: shown(line) });
        }
        _ => {}
    }
    cursor.next();
    Ok(None)
}

/// Whether `+++` follows; a `---` at the very end is a diff that was cut off.
fn names_follow(cursor: &Cursor<'_>) -> Result<bool, DiffError> {
    match cursor.peek_second() {
        Some(second) => Ok(second.starts_with(b"+++ ")),
        None => {
            let found = shown(cursor.peek().unwrap_or_default());
            Err(DiffError::Path { line: cursor.line(), found, expected: "`+++` and the new path behind it" })
        }
    }
}

/// A text without files is a diff only if it is blank or is what git writes of a commit that changes nothing.
fn check_no_diff(diff: &[u8]) -> Result<(), DiffError> {
    let mut cursor = Cursor::new(diff);
    while let Some(raw) = cursor.peek() {
        if !raw.trim_ascii().is_empty() {
            let id = raw.strip_prefix(b"commit ").or_else(|| raw.strip_prefix(b"From "));
            let is_commit =
                id.and_then(|id| id.get(..40)).is_some_and(|id| id.iter().all(u8::is_ascii_hexdigit));
            if is_commit {
                return Ok(());
            }
            return Err(DiffError::NotADiff { line: cursor.line(), found: shown(raw) });
        }
        cursor.next();
    }
    Ok(())
}
