//! Reads the section of one file that starts with `diff --git`, `diff --cc` or `diff --combined`.

use alloc::vec::Vec;

use super::binary::read_binary_patch;
use super::contents::fill_contents;
use super::cursor::{Cursor, trim_cr};
use super::error::{DiffError, shown};
use super::file::FileChange;
use super::header::{Header, Marked, read_header, read_marked};
use super::hunk::Hunk;
use super::hunk_reader::{at_hunk, read_hunk};
use super::name::{Name, lone_prefix, prefixes, split_names};
use super::quote::whole;
use crate::RepoPath;

/// The names of a file as its section gives them.
struct Names<'a> {
    /// Those behind `diff --git`, where they can be told apart.
    first: Option<(Name<'a>, Name<'a>)>,
    minus: Option<Marked<'a>>,
    plus: Option<Marked<'a>>,
    line: usize,
    raw: &'a [u8],
}

/// Reads a section that starts with `diff --git`.
pub(super) fn read_git(cursor: &mut Cursor<'_>) -> Result<FileChange, DiffError> {
    let line = cursor.line();
    let raw = trim_cr(cursor.next().unwrap_or_default());
    let first = split_names(raw.strip_prefix(b"diff --git ").unwrap_or_default());
    let mut names = Names { first, minus: None, plus: None, line, raw };
    let mut file = FileChange::blank();
    let header = read_header(cursor, false, &mut file.carried)?;
    if cursor.at(b"--- ") && names.belong(cursor)? {
        let (minus, plus) = read_names(cursor, false)?;
        (names.minus, names.plus) = (Some(minus), Some(plus));
        file.hunks = read_hunks(cursor, false)?;
    } else {
        file.binary = read_binary(cursor, &mut file.carried)?;
    }
    names.check_null(&header)?;
    let is_new = header.is_new || names.minus.as_ref().is_some_and(|m| m.name.is_none());
    let is_deleted = header.is_deleted || names.plus.as_ref().is_some_and(|m| m.name.is_none());
    check_kind(is_new, is_deleted, line, raw)?;
    let (old_path, new_path) = names.paths(&header)?;
    file.set_paths(old_path, new_path, is_new, is_deleted);
    file.set_header(&header);
    fill_contents(&mut file, header.old_id, header.new_id);
    file.carried.shrink_to_fit();
    Ok(file)
}

/// Reads a section that starts with `diff --cc` or `diff --combined`.
pub(super) fn read_merge(cursor: &mut Cursor<'_>) -> Result<FileChange, DiffError> {
    let line = cursor.line();
    let raw = trim_cr(cursor.next().unwrap_or_default());
    let text = raw.strip_prefix(b"diff --cc ").or_else(|| raw.strip_prefix(b"diff --combined "));
    let path = repo_path(&text.and_then(whole).unwrap_or_default(), line, raw)?;
    let mut old_path = path.clone();
    let mut file = FileChange::blank();
    let header = read_header(cursor, true, &mut file.carried)?;
    let (mut is_new, mut is_deleted) = (header.is_new, header.is_deleted);
    if cursor.at(b"--- ") {
        let (minus, plus) = read_names(cursor, true)?;
        is_new |= minus.name.is_none();
        is_deleted |= plus.name.is_none();
        if let (Some(old), Some(new)) = (&minus.name, &plus.name) {
            let stripped = old.get(prefixes(old, new, true).0..).unwrap_or_default();
            if stripped != path.as_bytes() {
                old_path = repo_path(stripped, minus.line, minus.raw)?;
            }
        }
        file.hunks = read_hunks(cursor, true)?;
    } else if cursor.peek().is_some_and(|l| trim_cr(l) == b"Binary files differ") {
        file.binary = true;
        cursor.next();
    }
    check_kind(is_new, is_deleted, line, raw)?;
    file.parents = file.hunks.first().map_or(header.parents.max(2), |h| h.old_ranges().len());
    file.set_paths(old_path, path, is_new, is_deleted);
    file.set_header(&header);
    file.carried.shrink_to_fit();
    Ok(file)
}

/// Reads the `---` and `+++` lines, and sees that a hunk follows; a merge may have a `---` for each parent.
pub(super) fn read_names<'a>(
    cursor: &mut Cursor<'a>,
    merge: bool,
) -> Result<(Marked<'a>, Marked<'a>), DiffError> {
    let mut minus = read_marked(cursor, false)?;
    while merge && cursor.at(b"--- ") {
        let next = read_marked(cursor, false)?;
        if minus.name.is_none() {
            minus = next;
        }
    }
    if !cursor.at(b"+++ ") {
        let found = shown(cursor.peek().unwrap_or_default());
        return Err(DiffError::Path { line: cursor.line(), found, expected: "`+++` and the new path" });
    }
    let plus = read_marked(cursor, false)?;
    Ok((minus, plus))
}

/// Reads all hunks of a file; there must be one.
pub(super) fn read_hunks(cursor: &mut Cursor<'_>, merge: bool) -> Result<Vec<Hunk>, DiffError> {
    if !at_hunk(cursor) {
        let found = shown(cursor.peek().unwrap_or_default());
        return Err(DiffError::MissingHunk { line: cursor.line(), found });
    }
    let mut hunks = Vec::with_capacity(1);
    while at_hunk(cursor) {
        let (line, raw) = (cursor.line(), cursor.peek().unwrap_or_default());
        let hunk = read_hunk(cursor, merge)?;
        if hunks.last().is_some_and(|last: &Hunk| last.old_ranges().len() != hunk.old_ranges().len()) {
            let expected = "as many old sides as the hunk before has";
            return Err(DiffError::HunkHeader { line, found: shown(raw), expected });
        }
        hunks.push(hunk);
    }
    hunks.shrink_to_fit();
    Ok(hunks)
}

/// Reads a line that says that the contents are binary, or a binary patch.
fn read_binary(cursor: &mut Cursor<'_>, carried: &mut Vec<u8>) -> Result<bool, DiffError> {
    let line = trim_cr(cursor.peek().unwrap_or_default());
    if line == b"GIT binary patch" {
        read_binary_patch(cursor, carried)?;
        return Ok(true);
    }
    let says_so =
        (line.starts_with(b"Binary files ") || line.starts_with(b"Files ")) && line.ends_with(b" differ");
    if says_so {
        cursor.next();
    }
    Ok(says_so)
}

fn check_kind(is_new: bool, is_deleted: bool, line: usize, raw: &[u8]) -> Result<(), DiffError> {
    if is_new && is_deleted {
        let expected = "a file that is not new and deleted at once";
        return Err(DiffError::Header { line, found: shown(raw), expected });
    }
    Ok(())
}

/// A path of the repository; the line is where it stands.
pub(super) fn repo_path(path: &[u8], line: usize, raw: &[u8]) -> Result<RepoPath, DiffError> {
    RepoPath::from_bytes(path.to_vec()).map_err(|_| DiffError::Path {
        line,
        found: shown(raw),
        expected: if path.is_empty() { "a path" } else { "a path without NUL bytes" },
    })
}

impl<'a> Names<'a> {
    /// Whether the `---` and `+++` lines at the cursor name this file: behind a file without hunks, the
    /// section of another file may follow that has no `diff --git`.
    fn belong(&self, cursor: &Cursor<'a>) -> Result<bool, DiffError> {
        let Some((old, new)) = &self.first else {
            return Ok(true);
        };
        let mut ahead = *cursor;
        let (minus, plus) = read_names(&mut ahead, false)?;
        let named = |marked: &Marked<'_>, name: &Name<'_>, prefix: usize| {
            let rest = name.get(prefix..).unwrap_or_default();
            marked.name.as_ref().is_none_or(|m| m.ends_with(rest))
        };
        let (o, n) = prefixes(old, new, true);
        Ok(named(&minus, old, o) && named(&plus, new, n))
    }

    fn malformed(&self, expected: &'static str) -> DiffError {
        DiffError::Header { line: self.line, found: shown(self.raw), expected }
    }

    /// A new file has no old name and a deleted file no new one.
    fn check_null(&self, header: &Header<'_>) -> Result<(), DiffError> {
        for (null, marked) in [(header.is_new, &self.minus), (header.is_deleted, &self.plus)] {
            if let Some(Marked { name: Some(_), line, raw, .. }) = marked
                && null
            {
                return Err(DiffError::Path { line: *line, found: shown(raw), expected: "`/dev/null`" });
            }
        }
        Ok(())
    }

    /// The old and the new path; for a new or deleted file, both are the one that it has.
    fn paths(&self, header: &Header<'_>) -> Result<(RepoPath, RepoPath), DiffError> {
        let here = |path: &[u8]| repo_path(path, self.line, self.raw);
        match (&header.from, &header.to) {
            (Some(from), Some(to)) => return Ok((here(from)?, here(to)?)),
            (None, None) => {}
            _ => return Err(self.malformed("both a source and a target of the rename or copy")),
        }
        let minus = self.minus.as_ref().and_then(|m| m.name.as_ref());
        let plus = self.plus.as_ref().and_then(|m| m.name.as_ref());
        let pair = self.first.as_ref().map(|(old, new)| (old, new));
        let (old, new) = match (minus, plus, pair) {
            (Some(old), Some(new), _) | (_, _, Some((old, new))) => {
                let (o, n) = prefixes(old, new, true);
                (old.get(o..), new.get(n..))
            }
            (Some(old), None, None) => {
                let rest = old.get(lone_prefix(old, b"a/")..);
                (rest, rest)
            }
            (None, Some(new), None) => {
                let rest = new.get(lone_prefix(new, b"b/")..);
                (rest, rest)
            }
            (None, None, None) => {
                let expected = "an old and a new path that can be told apart";
                return Err(DiffError::Path { line: self.line, found: shown(self.raw), expected });
            }
        };
        let old_path = here(old.unwrap_or_default())?;
        let new_path = if old == new { old_path.clone() } else { here(new.unwrap_or_default())? };
        Ok((old_path, new_path))
    }
}
