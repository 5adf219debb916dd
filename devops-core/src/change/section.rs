//! Reads the section of one file that starts with `diff --git`, `diff --cc` or `diff --combined`.

use alloc::boxed::Box;
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

/// The first line of a section.
#[derive(Debug)]
pub(super) struct FirstLine<'a> {
    /// The line without its end.
    pub(super) raw: &'a [u8],
    /// Its number.
    pub(super) line: usize,
}

impl FirstLine<'_> {
    /// A path that the line names.
    pub(super) fn path(&self, path: &[u8]) -> Result<RepoPath, DiffError> {
        repo_path(path, self.line, self.raw)
    }

    fn malformed(&self, expected: &'static str) -> DiffError {
        DiffError::Header { line: self.line, found: shown(self.raw), expected }
    }
}

/// Reads a section behind its `diff --git`.
pub(super) fn read_git<'a>(cursor: &mut Cursor<'a>, first: &FirstLine<'a>) -> Result<FileChange, DiffError> {
    let pair = split_names(first.raw.strip_prefix(b"diff --git ").unwrap_or_default());
    let mut names = Names { first, pair, marked: None };
    let mut file = FileChange::blank();
    let header = read_header(cursor, false)?;
    let behind_header = *cursor;
    if cursor.at(b"--- ") {
        let marked = read_names(cursor, false)?;
        if names.belong(&marked, &header) {
            names.marked = Some(marked);
            file.hunks = read_hunks(cursor, false)?;
        } else {
            // The section of another file, which has no `diff --git`.
            *cursor = behind_header;
        }
    }
    let mut data: &[u8] = &[];
    if names.marked.is_none() {
        (file.binary, data) = read_binary(cursor)?;
    }
    names.check_null(&header)?;
    let (no_old, no_new) =
        names.marked.as_ref().map_or((false, false), |(m, p)| (m.name.is_none(), p.name.is_none()));
    let (is_new, is_deleted) = (header.is_new || no_old, header.is_deleted || no_new);
    check_kind(is_new, is_deleted, first)?;
    let (old_path, new_path) = names.paths(&header)?;
    file.set_paths(old_path, new_path, is_new, is_deleted);
    file.set_header(&header);
    file.carried = header.carried(data);
    fill_contents(&mut file, header.old_id, header.new_id);
    Ok(file)
}

/// Reads a section behind its `diff --cc` or `diff --combined`.
pub(super) fn read_merge<'a>(
    cursor: &mut Cursor<'a>,
    first: &FirstLine<'a>,
) -> Result<FileChange, DiffError> {
    let text = first.raw.strip_prefix(b"diff --cc ").or_else(|| first.raw.strip_prefix(b"diff --combined "));
    let path = first.path(&text.and_then(whole).unwrap_or_default())?;
    let mut old_path = path.clone();
    let mut file = FileChange::blank();
    let header = read_header(cursor, true)?;
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
        // Where only the mode differs between the parents, git writes the names and no hunk.
        if at_hunk(cursor) || at_hunk_line(cursor) {
            file.hunks = read_hunks(cursor, true)?;
        }
    } else if cursor.at(b"Binary files differ") {
        file.binary = true;
        cursor.next();
    }
    check_kind(is_new, is_deleted, first)?;
    file.parents = file.hunks.first().map_or(header.parents.max(2), |h| h.old_ranges().len());
    file.set_paths(old_path, path, is_new, is_deleted);
    file.set_header(&header);
    file.carried = header.carried(&[]);
    Ok(file)
}

/// Whether a line stands here that only a hunk can have.
fn at_hunk_line(cursor: &Cursor<'_>) -> bool {
    matches!(cursor.rest().first(), Some(b' ' | b'+' | b'-')) && !cursor.at(b"--")
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
pub(super) fn read_hunks(cursor: &mut Cursor<'_>, merge: bool) -> Result<Box<[Hunk]>, DiffError> {
    if !at_hunk(cursor) {
        let found = shown(cursor.peek().unwrap_or_default());
        return Err(DiffError::MissingHunk { line: cursor.line(), found });
    }
    let mut hunks = Vec::with_capacity(1);
    while at_hunk(cursor) {
        let start = *cursor;
        let hunk = read_hunk(cursor, merge)?;
        if hunks.last().is_some_and(|last: &Hunk| last.old_ranges().len() != hunk.old_ranges().len()) {
            let found = shown(start.peek().unwrap_or_default());
            let expected = "as many old sides as the hunk before has";
            return Err(DiffError::HunkHeader { line: start.line(), found, expected });
        }
        hunks.push(hunk);
    }
    Ok(hunks.into())
}

/// Reads a line that says that the contents are binary, or a binary patch, which it also gives.
fn read_binary<'a>(cursor: &mut Cursor<'a>) -> Result<(bool, &'a [u8]), DiffError> {
    if !matches!(cursor.rest().first(), Some(b'G' | b'B' | b'F')) {
        return Ok((false, &[]));
    }
    let start = *cursor;
    let line = trim_cr(cursor.next().unwrap_or_default());
    if line == b"GIT binary patch" {
        read_binary_patch(cursor)?;
        return Ok((true, cursor.since(&start)));
    }
    let says_so =
        (line.starts_with(b"Binary files ") || line.starts_with(b"Files ")) && line.ends_with(b" differ");
    if !says_so {
        *cursor = start;
    }
    Ok((says_so, &[]))
}

fn check_kind(is_new: bool, is_deleted: bool, first: &FirstLine<'_>) -> Result<(), DiffError> {
    if is_new && is_deleted {
        return Err(first.malformed("a file that is not new and deleted at once"));
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

/// The names of a file as its section gives them.
struct Names<'a, 'f> {
    first: &'f FirstLine<'a>,
    /// Those behind `diff --git`, where they can be told apart.
    pair: Option<(Name<'a>, Name<'a>)>,
    /// Those behind `---` and `+++`.
    marked: Option<(Marked<'a>, Marked<'a>)>,
}

impl Names<'_, '_> {
    /// Whether the `---` and `+++` lines name this file.
    fn belong(&self, (minus, plus): &(Marked<'_>, Marked<'_>), header: &Header<'_>) -> bool {
        if let (Some(from), Some(to)) = (&header.from, &header.to) {
            // The names of a rename stand alone on their lines; those of `diff --git` can be cut in many places.
            let ends =
                |marked: &Marked<'_>, name: &Name<'_>| marked.name.as_ref().is_none_or(|m| m.ends_with(name));
            return ends(minus, from) && ends(plus, to);
        }
        let Some((old, new)) = &self.pair else {
            return true;
        };
        let named = |marked: &Marked<'_>, name: &Name<'_>, prefix: usize| {
            let rest = name.get(prefix..).unwrap_or_default();
            marked.name.as_ref().is_none_or(|m| m.ends_with(rest))
        };
        let (o, n) = prefixes(old, new, true);
        named(minus, old, o) && named(plus, new, n)
    }

    /// A new file has no old name and a deleted file no new one.
    fn check_null(&self, header: &Header<'_>) -> Result<(), DiffError> {
        let Some((minus, plus)) = &self.marked else {
            return Ok(());
        };
        for (null, marked) in [(header.is_new, minus), (header.is_deleted, plus)] {
            if null && marked.name.is_some() {
                let found = shown(marked.raw);
                return Err(DiffError::Path { line: marked.line, found, expected: "`/dev/null`" });
            }
        }
        Ok(())
    }

    /// The old and the new path; for a new or deleted file, both are the one that it has.
    fn paths(&self, header: &Header<'_>) -> Result<(RepoPath, RepoPath), DiffError> {
        match (&header.from, &header.to) {
            (Some(from), Some(to)) => return Ok((self.first.path(from)?, self.first.path(to)?)),
            (None, None) => {}
            _ => return Err(self.first.malformed("both a source and a target of the rename or copy")),
        }
        let (minus, plus) =
            self.marked.as_ref().map_or((None, None), |(m, p)| (m.name.as_ref(), p.name.as_ref()));
        let pair = self.pair.as_ref().map(|(old, new)| (old, new));
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
                let found = shown(self.first.raw);
                return Err(DiffError::Path { line: self.first.line, found, expected });
            }
        };
        let old_path = self.first.path(old.unwrap_or_default())?;
        let new_path =
            if old == new { old_path.clone() } else { self.first.path(new.unwrap_or_default())? };
        Ok((old_path, new_path))
    }
}
