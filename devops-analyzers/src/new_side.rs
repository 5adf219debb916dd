//! What stands behind the change in a file: the whole of it, or what the diff shows.

#![cfg_attr(
    not(all(feature = "style", feature = "naming", feature = "duplication", feature = "complexity")),
    allow(dead_code, reason = "each analyzer needs a part of it")
)]

use std::borrow::Cow;

use devops_core::{
    Analysis, ChangeSet, FileChange, Finding, LineKind, Location, Region, RepoPath, RuleId, Severity, Skipped,
};

use crate::language::{Language, generated_reason, skip_reason};
use crate::suppress::mark_inline;

/// How much of a line names a finding: many findings on one long line must not each take all of it.
#[cfg(any(feature = "style", feature = "naming"))]
const LONGEST_CONTEXT: usize = 1000;

/// What every code analyzer does last: marks what a line in the source suppresses, and puts all in order.
pub(crate) fn marked_and_settled(mut analysis: Analysis, change: &ChangeSet) -> Analysis {
    analysis.findings = mark_inline(analysis.findings, change).findings;
    analysis.settled()
}

/// Consecutive lines of a file.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    /// The number of the first line, from 1.
    pub(crate) first_line: u32,
    pub(crate) text: Cow<'a, [u8]>,
}

impl Piece<'_> {
    /// The number in the file of a line of the piece, both from 1.
    pub(crate) const fn line(&self, line: u32) -> u32 {
        self.first_line.saturating_add(line).saturating_sub(1)
    }

    /// The first byte of each line.
    #[cfg(any(feature = "style", feature = "naming"))]
    pub(crate) fn line_starts(&self) -> Vec<usize> {
        let ends = self.text.iter().enumerate().filter(|(_, b)| **b == b'\n');
        std::iter::once(0).chain(ends.map(|(at, _)| at.saturating_add(1))).collect()
    }
}

/// A file behind the change.
#[derive(Debug)]
pub(crate) struct NewSide<'a> {
    pub(crate) path: &'a RepoPath,
    pub(crate) language: Option<Language>,
    /// One piece where the whole file is known, else one for each hunk.
    pub(crate) pieces: Vec<Piece<'a>>,
    /// Whether the whole file is known.
    pub(crate) whole: bool,
    /// First and last of the added lines that follow each other, in order.
    added: Vec<(u32, u32)>,
}

/// What there is to look at in a file.
#[derive(Debug)]
pub(crate) enum View<'a> {
    /// Text that people wrote.
    Text(NewSide<'a>),
    /// Something that is left out, and why.
    Skipped(&'static str),
    /// Nothing: the file goes, or only its mode or path changes.
    Nothing,
}

/// What there is to look at in that file.
pub(crate) fn view(file: &FileChange) -> View<'_> {
    let Some(path) = file.new_path() else { return View::Nothing };
    let link = file.new_mode().is_some_and(devops_core::FileMode::is_symlink);
    if file.is_submodule() || link {
        return View::Nothing;
    }
    if file.is_binary() {
        return View::Skipped("binary");
    }
    if file.hunks().is_empty() {
        return View::Nothing;
    }
    if let Some(reason) = skip_reason(path) {
        return View::Skipped(reason);
    }
    let pieces = pieces(file);
    let top = pieces.first().filter(|p| p.first_line == 1).map_or(&b""[..], |p| &p.text);
    if let Some(reason) = generated_reason(top) {
        return View::Skipped(reason);
    }
    View::Text(NewSide {
        path,
        language: Language::detect(path, top),
        whole: file.new_contents().is_some(),
        pieces,
        added: added(file),
    })
}

/// How many bytes looking at that file takes.
pub(crate) fn work(file: &FileChange) -> u64 {
    let contents = file.new_contents().map_or(0, <[u8]>::len);
    let hunks = file.hunks().iter().fold(0_usize, |n, hunk| n.saturating_add(hunk.body().len()));
    u64::try_from(contents.max(hunks)).unwrap_or(u64::MAX)
}

fn pieces(file: &FileChange) -> Vec<Piece<'_>> {
    if let Some(contents) = file.new_contents() {
        return vec![Piece { first_line: 1, text: Cow::Borrowed(contents) }];
    }
    let of_hunk = |hunk: &devops_core::Hunk| {
        let mut text = Vec::with_capacity(hunk.body().len());
        for line in hunk.lines().filter(|l| l.kind != LineKind::Removed) {
            text.extend_from_slice(line.text);
            if line.has_newline {
                text.push(b'\n');
            }
        }
        Piece { first_line: hunk.new_range().start.max(1), text: Cow::Owned(text) }
    };
    file.hunks().iter().map(of_hunk).filter(|piece| !piece.text.is_empty()).collect()
}

fn added(file: &FileChange) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in file.added_lines().filter_map(|line| line.new_line) {
        match ranges.last_mut() {
            Some((_, last)) if last.saturating_add(1) == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    ranges
}

impl NewSide<'_> {
    /// Whether the change adds that line.
    pub(crate) fn is_added(&self, line: u32) -> bool {
        self.adds_any(line, line)
    }

    /// Whether the change adds any of those lines, ends included.
    pub(crate) fn adds_any(&self, first: u32, last: u32) -> bool {
        let at = self.added.partition_point(|(_, end)| *end < first);
        self.added.get(at).is_some_and(|(start, _)| *start <= last)
    }

    pub(crate) fn skipped(&self, reason: &str) -> Skipped {
        Skipped { what: self.path.to_string(), reason: reason.to_owned() }
    }

    /// A finding on a line; `columns` are bytes of it, from 0, end excluded.
    #[cfg(any(feature = "style", feature = "naming"))]
    pub(crate) fn finding(&self, what: &Found<'_>) -> Finding {
        let columns = what.columns.clone();
        let column = |at: usize| u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
        let region = Region::line(what.line)
            .map(|line| line.with_columns(column(columns.start), column(columns.end)).unwrap_or(line));
        place(what.rule, what.severity, what.message.clone(), self.path, region.ok())
            .with_context(what.context.get(..LONGEST_CONTEXT).unwrap_or(what.context))
    }
}

/// What a rule found on a line.
#[cfg(any(feature = "style", feature = "naming"))]
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) rule: &'static str,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) line: u32,
    pub(crate) columns: std::ops::Range<usize>,
    /// The code that makes it the same finding in the next run.
    pub(crate) context: &'a [u8],
}

/// A finding at a place.
pub(crate) fn place(
    rule: &'static str,
    severity: Severity,
    message: String,
    path: &RepoPath,
    region: Option<Region>,
) -> Finding {
    let location = Location::new(path.clone());
    let location = match region {
        Some(region) => location.with_region(region),
        None => location,
    };
    Finding::new(rule_id(rule), severity, message).at(location)
}

/// The id of a built-in rule.
pub(crate) fn rule_id(id: &'static str) -> RuleId {
    #[expect(clippy::expect_used, reason = "a constant of this crate; a test makes each once")]
    RuleId::new(id).expect("a well-formed rule id")
}

#[cfg(test)]
mod tests {
    use super::*;
    use devops_core::ChangeSet;

    #[test]
    fn pieces_and_added_lines() {
        let diff = b"--- a/x.rs\n+++ b/x.rs\n@@ -3,2 +3,3 @@\n a\n+b\n-c\n+d\n@@ -9,0 +10,1 @@\n+e\n";
        let change = ChangeSet::from_diff(diff).unwrap();
        let View::Text(side) = view(&change.files()[0]) else { panic!() };
        assert_eq!(side.added, [(4, 5), (10, 10)]);
        assert_eq!(side.pieces.len(), 2);
        assert_eq!((&*side.pieces[0].text, side.pieces[0].line(3)), (&b"a\nb\nd\n"[..], 5));
        assert!(side.is_added(4) && !side.is_added(3) && side.adds_any(6, 10) && !side.adds_any(6, 9));
        assert!(!side.whole && side.language == Some(Language::Rust));
    }

    #[test]
    fn what_is_left_out() {
        let lock = b"--- a/Cargo.lock\n+++ b/Cargo.lock\n@@ -1 +1 @@\n-a\n+b\n";
        let made = b"--- /dev/null\n+++ b/a.go\n@@ -0,0 +1,2 @@\n+// Code generated by x. DO NOT EDIT.\n+a\n";
        for (diff, reason) in [(&lock[..], "lock file"), (made, "generated")] {
            let change = ChangeSet::from_diff(diff).unwrap();
            assert!(matches!(view(&change.files()[0]), View::Skipped(r) if r == reason));
        }
    }
}
