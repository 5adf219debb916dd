//! A stretch of changed lines.

use alloc::vec::Vec;

/// What a change does to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the three kinds of a unified diff")]
pub enum LineKind {
    /// On both sides.
    Context,
    /// Only on the new side.
    Added,
    /// Only on the old side.
    Removed,
}

/// One line of a hunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line<'a> {
    /// What the change does to it.
    pub kind: LineKind,
    /// Its number on the old side, from 1; `None` for an added line. In a merge: in the first parent that has it.
    pub old_line: Option<u32>,
    /// Its number on the new side, from 1; `None` for a removed line.
    pub new_line: Option<u32>,
    /// The text as bytes, without the newline; a carriage return before it is part of the text.
    pub text: &'a [u8],
    /// Whether a newline ends it; only the last line of a file may lack one.
    pub has_newline: bool,
}

impl Line<'_> {
    /// The text, with what is not UTF-8 replaced.
    ///
    /// ```
    /// use devops_core::ChangeSet;
    ///
    /// let change = ChangeSet::from_diff(b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")?;
    /// let line = change.files()[0].added_lines().next().unwrap();
    /// assert_eq!((line.new_line, &*line.text_lossy()), (Some(1), "b"));
    /// # Ok::<(), devops_core::DiffError>(())
    /// ```
    #[must_use]
    pub fn text_lossy(&self) -> alloc::borrow::Cow<'_, str> {
        alloc::string::String::from_utf8_lossy(self.text)
    }
}

/// First line, from 1, and number of lines on one side of a hunk; an empty side starts at the line before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a start and a length are all there is")]
pub struct LineRange {
    /// First line.
    pub start: u32,
    /// How many lines.
    pub count: u32,
}

/// A stretch of changed lines with their surroundings.
///
/// The lines are kept as the bytes of the diff, so a hunk takes about as much memory as it took in the diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// One old side, or as many as a merge has parents.
    old: Vec<LineRange>,
    new: LineRange,
    section: Vec<u8>,
    /// Lines as in the diff: as many marks as there are old sides, text, newline; `\ No newline` lines too.
    body: Vec<u8>,
}

impl Hunk {
    /// A hunk whose body has been checked against the ranges.
    pub(super) const fn new(old: Vec<LineRange>, new: LineRange, section: Vec<u8>, body: Vec<u8>) -> Self {
        Self { old, new, section, body }
    }

    /// The old side; in a merge, that of the first parent.
    #[must_use]
    pub fn old_range(&self) -> LineRange {
        self.old.first().copied().unwrap_or(LineRange { start: 0, count: 0 })
    }

    /// The old sides: one, or as many as a merge has parents.
    #[must_use]
    pub fn old_ranges(&self) -> &[LineRange] {
        &self.old
    }

    /// The new side.
    #[must_use]
    pub const fn new_range(&self) -> LineRange {
        self.new
    }

    /// What git shows behind the second `@@`: usually the enclosing function.
    #[must_use]
    pub fn section(&self) -> &[u8] {
        &self.section
    }

    /// The lines as they stand in the diff.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The lines in order.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        Lines {
            rest: &self.body,
            old_line: self.old.iter().map(|r| r.start).collect(),
            new_line: self.new.start,
        }
    }
}

/// Walks through the body of a hunk.
struct Lines<'a> {
    rest: &'a [u8],
    old_line: Vec<u32>,
    new_line: u32,
}

/// Splits behind the first newline; the newline stays with the first part.
pub(super) fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| at.saturating_add(1));
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (raw, mut rest) = split_line(self.rest);
        let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
        let (marks, text) = raw.split_at_checked(self.old_line.len()).unwrap_or((raw, &[]));
        let has_newline = !rest.starts_with(b"\\");
        if !has_newline {
            rest = split_line(rest).1;
        }
        self.rest = rest;
        let kind = if marks.contains(&b'-') {
            LineKind::Removed
        } else if marks.contains(&b'+') {
            LineKind::Added
        } else {
            LineKind::Context
        };
        let mut old_line = None;
        for (counter, mark) in self.old_line.iter_mut().zip(marks) {
            // In a merge a blank beside a `-` means: not in that parent.
            let present = if kind == LineKind::Removed { *mark == b'-' } else { *mark != b'+' };
            if present {
                old_line = old_line.or(Some(*counter));
                *counter = counter.saturating_add(1);
            }
        }
        let new_line = (kind != LineKind::Removed).then_some(self.new_line);
        self.new_line = self.new_line.saturating_add(u32::from(new_line.is_some()));
        // A merge may take a line from one parent only: then it is added, and has a number on that parent's side.
        let old_line = if kind == LineKind::Added { None } else { old_line };
        Some(Line { kind, old_line, new_line, text, has_newline })
    }
}
