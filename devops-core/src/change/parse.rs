//! Finds the files in a diff; what stands between them (mail headers, commit messages) is passed over.

use alloc::vec::Vec;

use super::cursor::{Cursor, trim_cr};
use super::error::{DiffError, shown};
use super::file::FileChange;
use super::hunk_reader::is_hunk_header;
use super::plain::{read_plain, read_plain_binary};
use super::section::{FirstLine, read_git, read_merge};
use super::submodule::read_submodule;

pub(super) fn parse(diff: &[u8]) -> Result<Vec<FileChange>, DiffError> {
    let mut cursor = Cursor::new(diff);
    let mut files = Vec::new();
    loop {
        let start = cursor;
        let Some(line) = cursor.next() else { break };
        if !matches!(line.first(), Some(b'd' | b'-' | b'B' | b'S' | b'G' | b'@')) {
            continue;
        }
        if let Some(file) = read_file(start, &mut cursor, line)? {
            files.push(file);
        }
    }
    if files.is_empty() {
        check_no_diff(diff)?;
    }
    files.shrink_to_fit();
    Ok(files)
}

/// Reads the file whose first line is the one between `start` and the cursor, or passes over that line.
fn read_file<'a>(
    start: Cursor<'a>,
    cursor: &mut Cursor<'a>,
    line: &'a [u8],
) -> Result<Option<FileChange>, DiffError> {
    let first = FirstLine { raw: trim_cr(line), line: start.line() };
    match line.first() {
        Some(b'd') if line.starts_with(b"diff --git ") => read_git(cursor, &first).map(Some),
        Some(b'd') if line.starts_with(b"diff --cc ") || line.starts_with(b"diff --combined ") => {
            read_merge(cursor, &first).map(Some)
        }
        Some(b'-') if line.starts_with(b"--- ") => read_after_minus(start, cursor, &first),
        Some(b'B') if line.starts_with(b"Binary files ") => read_plain_binary(&first),
        Some(b'S') if line.starts_with(b"Submodule ") => read_submodule(start, cursor, &first),
        Some(b'G') if first.raw == b"GIT binary patch" => {
            let expected = "`diff --git` before it";
            Err(DiffError::BinaryPatch { line: first.line, found: shown(line), expected })
        }
        Some(b'@') if is_hunk_header(line) => {
            Err(DiffError::OrphanHunk { line: first.line, found: shown(line) })
        }
        _ => Ok(None),
    }
}

/// Reads a plain section if `+++` follows; a `---` at the very end is a diff that was cut off.
fn read_after_minus<'a>(
    start: Cursor<'a>,
    cursor: &mut Cursor<'a>,
    first: &FirstLine<'_>,
) -> Result<Option<FileChange>, DiffError> {
    if cursor.at(b"+++ ") {
        *cursor = start;
        return read_plain(cursor).map(Some);
    }
    if cursor.rest().is_empty() {
        let expected = "`+++` and the new path behind it";
        return Err(DiffError::Path { line: first.line, found: shown(first.raw), expected });
    }
    Ok(None)
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
