//! A stretch of changed lines.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::cursor::cut_line;
use super::hunk_reader::merge_present;

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
    /// Whether a newline ends it; only the last line of a file may lack one. Git does not tell in a merge.
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

/// The old sides of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OldSides {
    /// The one of a plain hunk, kept without an allocation.
    One([LineRange; 1]),
    /// Those of a merge.
    Many(Box<[LineRange]>),
}

/// A stretch of changed lines with their surroundings.
///
/// The lines are kept as the bytes of the diff, so a hunk takes about as much memory as it took in the diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// One old side, or as many as a merge has parents.
    old: OldSides,
    new: LineRange,
    /// The section, and behind it the lines as in the diff: as many marks as there are old sides, text,
    /// newline; `\ No newline` lines too.
    text: Box<[u8]>,
    section: usize,
    added: u32,
    removed: u32,
}

impl Hunk {
    /// A hunk whose lines have been checked and counted; the first `section` bytes of its text are the section.
    pub(super) fn new(
        old: OldSides,
        new: LineRange,
        (text, section): (Box<[u8]>, usize),
        (added, removed): (u32, u32),
    ) -> Self {
        Self { old, new, text, section, added, removed }
    }

    /// The old side; in a merge, that of the first parent.
    #[must_use]
    pub fn old_range(&self) -> LineRange {
        self.old_ranges().first().copied().unwrap_or(LineRange { start: 0, count: 0 })
    }

    /// The old sides: one, or as many as a merge has parents.
    #[must_use]
    pub fn old_ranges(&self) -> &[LineRange] {
        match &self.old {
            OldSides::One(range) => range,
            OldSides::Many(ranges) => ranges,
        }
    }

    /// The new side.
    #[must_use]
    pub const fn new_range(&self) -> LineRange {
        self.new
    }

    /// What git shows behind the second `@@`: usually the enclosing function.
    #[must_use]
    pub fn section(&self) -> &[u8] {
        self.text.get(..self.section).unwrap_or_default()
    }

    /// The lines as they stand in the diff, the last one always with its newline.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.text.get(self.section..).unwrap_or_default()
    }

    /// How many lines it adds; counted once, when the diff is read.
    #[must_use]
    pub const fn lines_added(&self) -> u32 {
        self.added
    }

    /// How many lines it removes.
    #[must_use]
    pub const fn lines_removed(&self) -> u32 {
        self.removed
    }

    /// The lines in order. Walking through them allocates nothing; in a merge, one counter for each parent.
    ///
    /// ```
    /// use devops_core::{ChangeSet, LineKind};
    ///
    /// let change = ChangeSet::from_diff(b"--- a/x\n+++ b/x\n@@ -7 +7,2 @@\n one\n+two\n")?;
    /// let lines: Vec<_> = change.files()[0].hunks()[0].lines().map(|l| (l.kind, l.new_line)).collect();
    /// assert_eq!(lines, [(LineKind::Context, Some(7)), (LineKind::Added, Some(8))]);
    /// # Ok::<(), devops_core::DiffError>(())
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let old_line = match &self.old {
            OldSides::One([range]) => Counters::One([range.start]),
            OldSides::Many(ranges) => Counters::Many(ranges.iter().map(|r| r.start).collect()),
        };
        Lines { rest: self.body(), old_line, new_line: self.new.start }
    }
}

/// The next line number on each old side.
enum Counters {
    One([u32; 1]),
    Many(Vec<u32>),
}

/// Walks through the body of a hunk.
struct Lines<'a> {
    rest: &'a [u8],
    old_line: Counters,
    new_line: u32,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (raw, mut rest) = cut_line(self.rest);
        let counters = match &mut self.old_line {
            Counters::One(counter) => counter.as_mut_slice(),
            Counters::Many(counters) => counters.as_mut_slice(),
        };
        let (marks, text) = raw.split_at_checked(counters.len()).unwrap_or((raw, &[]));
        let has_newline = !rest.starts_with(b"\\");
        if !has_newline {
            rest = cut_line(rest).1;
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
        // An empty line may lack its blank.
        let blank: &[u8] = if marks.is_empty() { b" " } else { marks };
        for (counter, _) in counters.iter_mut().zip(blank).filter(|(_, mark)| **mark == merge_present(kind)) {
            old_line = old_line.or(Some(*counter));
            *counter = counter.saturating_add(1);
        }
        let new_line = (kind != LineKind::Removed).then_some(self.new_line);
        self.new_line = self.new_line.saturating_add(u32::from(new_line.is_some()));
        // In a merge a line may be new to some parents only: then it is added, and has no one old number.
        let old_line = if kind == LineKind::Added { None } else { old_line };
        Some(Line { kind, old_line, new_line, text, has_newline })
    }
}
