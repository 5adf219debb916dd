//! What a change does to one file.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

use super::header::Header;
use super::hunk::{Hunk, Line, LineKind};
use crate::RepoPath;

/// What a change does to a file.
///
/// ```
/// use devops_core::ChangeKind;
///
/// assert_eq!(ChangeKind::Renamed.to_string(), "renamed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its contents change.
    Modified,
    /// It goes.
    Deleted,
    /// It has another path; its contents may change too.
    Renamed,
    /// It is made from another file, which stays.
    Copied,
    /// Only its mode changes.
    ModeChanged,
}

impl ChangeKind {
    /// The name as it is written in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Modified => "modified",
            Self::Deleted => "deleted",
            Self::Renamed => "renamed",
            Self::Copied => "copied",
            Self::ModeChanged => "mode_changed",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A mode as git writes it, such as octal 100644.
///
/// ```
/// use devops_core::FileMode;
///
/// assert_eq!(FileMode::new(0o100755).to_string(), "100755");
/// assert!(FileMode::new(0o160000).is_submodule());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileMode(u32);

impl FileMode {
    /// The mode with those bits.
    #[must_use]
    pub const fn new(bits: u32) -> Self {
        Self(bits)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether it is a symbolic link.
    #[must_use]
    pub const fn is_symlink(self) -> bool {
        self.0 & 0o170_000 == 0o120_000
    }

    /// Whether it is a submodule.
    #[must_use]
    pub const fn is_submodule(self) -> bool {
        self.0 & 0o170_000 == 0o160_000
    }
}

impl fmt::Display for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06o}", self.0)
    }
}

/// What a change does to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    pub(super) kind: ChangeKind,
    pub(super) old_path: Option<RepoPath>,
    pub(super) new_path: Option<RepoPath>,
    pub(super) old_mode: Option<FileMode>,
    pub(super) new_mode: Option<FileMode>,
    pub(super) similarity: Option<u8>,
    pub(super) dissimilarity: Option<u8>,
    pub(super) binary: bool,
    /// How many parents a merge has; 1 elsewhere.
    pub(super) parents: usize,
    pub(super) hunks: Box<[Hunk]>,
    /// Header lines without a path, binary data, or the lines of a submodule's log: written back as they are.
    pub(super) carried: Box<[u8]>,
    pub(super) old_contents: Option<Arc<[u8]>>,
    pub(super) new_contents: Option<Arc<[u8]>>,
}

impl FileChange {
    /// A change of which nothing is known yet.
    pub(super) fn blank() -> Self {
        Self {
            kind: ChangeKind::Modified,
            old_path: None,
            new_path: None,
            old_mode: None,
            new_mode: None,
            similarity: None,
            dissimilarity: None,
            binary: false,
            parents: 1,
            hunks: Box::default(),
            carried: Box::default(),
            old_contents: None,
            new_contents: None,
        }
    }

    /// Sets the paths, and the kind as far as they tell; hunks and binary data must be there already.
    pub(super) fn set_paths(&mut self, old: RepoPath, new: RepoPath, is_new: bool, is_deleted: bool) {
        self.kind = match (is_new, is_deleted) {
            (true, _) => ChangeKind::Added,
            (_, true) => ChangeKind::Deleted,
            _ if old != new => ChangeKind::Renamed,
            _ => ChangeKind::Modified,
        };
        self.old_path = (!is_new).then_some(old);
        self.new_path = (!is_deleted).then_some(new);
    }

    /// Sets what the header lines say; the paths must be there already.
    pub(super) fn set_header(&mut self, header: &Header<'_>) {
        // A merge says what it renames by its names alone.
        let is_kept = matches!(self.kind, ChangeKind::Modified | ChangeKind::Renamed) && !self.is_merge();
        if is_kept && header.is_copy {
            self.kind = ChangeKind::Copied;
        } else if is_kept && header.from.is_some() {
            self.kind = ChangeKind::Renamed;
        }
        self.similarity = header.similarity;
        self.dissimilarity = header.dissimilarity;
        self.old_mode = header.old_mode.or(header.index_mode).filter(|_| self.old_path.is_some());
        self.new_mode = header.new_mode.or(header.index_mode).filter(|_| self.new_path.is_some());
        let only_mode = self.kind == ChangeKind::Modified && self.hunks.is_empty() && !self.binary;
        if only_mode && self.old_mode != self.new_mode && self.old_mode.is_some() && self.new_mode.is_some() {
            self.kind = ChangeKind::ModeChanged;
        }
    }

    /// What the change does to the file.
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// The path before the change; `None` for a new file.
    #[must_use]
    pub const fn old_path(&self) -> Option<&RepoPath> {
        self.old_path.as_ref()
    }

    /// The path behind the change; `None` for a deleted file.
    #[must_use]
    pub const fn new_path(&self) -> Option<&RepoPath> {
        self.new_path.as_ref()
    }

    /// The path behind the change or, for a deleted file, before it.
    #[must_use]
    pub fn path(&self) -> Option<&RepoPath> {
        self.new_path.as_ref().or(self.old_path.as_ref())
    }

    /// The mode before the change, where the diff tells.
    #[must_use]
    pub const fn old_mode(&self) -> Option<FileMode> {
        self.old_mode
    }

    /// The mode behind the change, where the diff tells.
    #[must_use]
    pub const fn new_mode(&self) -> Option<FileMode> {
        self.new_mode
    }

    /// How similar a renamed or copied file is to its source, in percent.
    #[must_use]
    pub const fn similarity(&self) -> Option<u8> {
        self.similarity
    }

    /// How much of a rewritten file is new, in percent, where git shows it (`git diff -B`).
    #[must_use]
    pub const fn dissimilarity(&self) -> Option<u8> {
        self.dissimilarity
    }

    /// Whether the diff calls its contents binary, and so has no lines of it.
    #[must_use]
    pub const fn is_binary(&self) -> bool {
        self.binary
    }

    /// Whether it is a submodule on either side.
    #[must_use]
    pub fn is_submodule(&self) -> bool {
        self.old_mode.is_some_and(FileMode::is_submodule) || self.new_mode.is_some_and(FileMode::is_submodule)
    }

    /// Whether it comes from a combined (merge) diff.
    #[must_use]
    pub const fn is_merge(&self) -> bool {
        self.parents > 1
    }

    /// The stretches of changed lines, in the order of the diff.
    #[must_use]
    pub fn hunks(&self) -> &[Hunk] {
        &self.hunks
    }

    /// How many lines it adds; no lines are walked through for it.
    ///
    /// ```
    /// let change = devops_core::ChangeSet::from_diff(b"--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n+b\n+c\n")?;
    /// assert_eq!((change.files()[0].lines_added(), change.files()[0].lines_removed()), (2, 1));
    /// # Ok::<(), devops_core::DiffError>(())
    /// ```
    #[must_use]
    pub fn lines_added(&self) -> u64 {
        self.hunks.iter().fold(0, |n, h| n.saturating_add(h.lines_added().into()))
    }

    /// How many lines it removes.
    #[must_use]
    pub fn lines_removed(&self) -> u64 {
        self.hunks.iter().fold(0, |n, h| n.saturating_add(h.lines_removed().into()))
    }

    /// The added lines, in order.
    pub fn added_lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.hunks.iter().flat_map(Hunk::lines).filter(|l| l.kind == LineKind::Added)
    }

    /// The removed lines, in order.
    pub fn removed_lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.hunks.iter().flat_map(Hunk::lines).filter(|l| l.kind == LineKind::Removed)
    }

    /// The whole file before the change, where the caller gave it or a deleted file's hunk holds it.
    #[must_use]
    pub fn old_contents(&self) -> Option<&[u8]> {
        self.old_contents.as_deref()
    }

    /// The whole file behind the change, where the caller gave it or a new file's hunk holds it.
    #[must_use]
    pub fn new_contents(&self) -> Option<&[u8]> {
        self.new_contents.as_deref()
    }
}
