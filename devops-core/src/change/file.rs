//! What a change does to one file.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

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
    pub(super) binary: bool,
    /// How many parents a merge has; 1 elsewhere.
    pub(super) parents: usize,
    pub(super) hunks: Vec<Hunk>,
    /// Header lines that are carried for the round trip but mean nothing here (`index …`, binary data).
    pub(super) carried: Vec<u8>,
    pub(super) old_contents: Option<Arc<[u8]>>,
    pub(super) new_contents: Option<Arc<[u8]>>,
}

impl FileChange {
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

    /// The added lines, in order.
    pub fn added_lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.hunks.iter().flat_map(Hunk::lines).filter(|l| l.kind == LineKind::Added)
    }

    /// The removed lines, in order.
    pub fn removed_lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.hunks.iter().flat_map(Hunk::lines).filter(|l| l.kind == LineKind::Removed)
    }

    /// The whole file before the change, where the caller gave it.
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
