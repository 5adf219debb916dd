//! The lines behind the change that are known: those of the hunks, and of whole files where they are given.

use std::collections::BTreeMap;

use devops_core::{ChangeSet, FileChange, Hunk, LineKind, RepoPath};

/// A line behind the change.
pub(super) struct VisibleLine<'a> {
    pub(super) text: &'a [u8],
    /// Whether the change adds it.
    pub(super) added: bool,
}

/// The known lines of one file, by number from 1.
pub(super) type VisibleLines<'a> = BTreeMap<u32, VisibleLine<'a>>;

/// The known lines of every file of the change.
pub(super) fn visible_lines(change: &ChangeSet) -> BTreeMap<&RepoPath, VisibleLines<'_>> {
    let files = change.files().iter();
    files.filter_map(|file| Some((file.new_path()?, lines_of(file)))).collect()
}

fn lines_of(file: &FileChange) -> VisibleLines<'_> {
    let mut lines = VisibleLines::new();
    if let Some(contents) = file.new_contents() {
        for (number, text) in (1..).zip(contents.split(|b| *b == b'\n')) {
            lines.insert(number, VisibleLine { text, added: false });
        }
    }
    for line in file.hunks().iter().flat_map(Hunk::lines) {
        if let Some(number) = line.new_line {
            lines.insert(number, VisibleLine { text: line.text, added: line.kind == LineKind::Added });
        }
    }
    lines
}
