//! Change sets: what a change does to the files of a repository.

mod apply;
mod binary;
mod contents;
mod cursor;
mod error;
mod file;
mod header;
mod hunk;
mod hunk_reader;
mod name;
mod parse;
mod plain;
mod quote;
mod render;
mod section;
mod stamp;
mod submodule;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

pub use apply::ApplyError;
pub use error::DiffError;
pub use file::{ChangeKind, FileChange, FileMode};
pub use hunk::{Hunk, Line, LineKind, LineRange};

use crate::{RepoPath, Timestamp};

/// Who made a commit, when, and what they said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CommitInfo {
    /// Its hash, in hexadecimal.
    pub id: String,
    /// The author, as git shows them.
    pub author: String,
    /// When it was authored.
    pub authored_at: Option<Timestamp>,
    /// The message.
    pub message: String,
}

impl CommitInfo {
    /// A commit of which only the hash is known.
    #[must_use]
    pub fn new(id: String) -> Self {
        Self { id, ..Self::default() }
    }

    /// With an author.
    #[must_use]
    pub fn with_author(self, author: String) -> Self {
        Self { author, ..self }
    }

    /// With the time it was authored.
    #[must_use]
    pub fn with_authored_at(self, at: Timestamp) -> Self {
        Self { authored_at: Some(at), ..self }
    }

    /// With a message.
    #[must_use]
    pub fn with_message(self, message: String) -> Self {
        Self { message, ..self }
    }
}

/// What a change does to the files of a repository: what analyzers look at.
///
/// It is read from a unified diff as git writes it, and [`ChangeSet::to_diff`] writes one again. What a diff
/// lacks (whole files, the commit's message) can be added by the caller, who has the repository.
///
/// ```
/// use devops_core::{ChangeKind, ChangeSet};
///
/// let diff = b"diff --git a/hello.txt b/hello.txt\n\
///              index ce01362..cc628cc 100644\n\
///              --- a/hello.txt\n\
///              +++ b/hello.txt\n\
///              @@ -1 +1,2 @@\n \
///              hello\n\
///              +world\n";
/// let change = ChangeSet::from_diff(diff)?;
/// assert_eq!(change.files().len(), 1);
/// assert_eq!(change.files()[0].kind(), ChangeKind::Modified);
/// assert_eq!((change.lines_added(), change.lines_removed()), (1, 0));
/// # Ok::<(), devops_core::DiffError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    files: Vec<FileChange>,
    commit: Option<CommitInfo>,
}

impl ChangeSet {
    /// Reads a unified diff.
    ///
    /// # Errors
    ///
    /// [`DiffError`] with the line number of what cannot be read. An empty diff is a change set without files.
    pub fn from_diff(diff: &[u8]) -> Result<Self, DiffError> {
        Ok(Self { files: parse::parse(diff)?, commit: None })
    }

    /// Writes a unified diff that reads back as the same change.
    #[must_use]
    pub fn to_diff(&self) -> Vec<u8> {
        render::render(&self.files)
    }

    /// With the commit's metadata.
    #[must_use]
    pub fn with_commit(self, commit: CommitInfo) -> Self {
        Self { commit: Some(commit), ..self }
    }

    /// With the whole contents of files: `lookup` is asked once for each path before and behind the change.
    ///
    /// ```
    /// use devops_core::{ChangeSet, Side};
    ///
    /// let change = ChangeSet::from_diff(b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")?
    ///     .with_contents(|_path, side| Some(if side == Side::Old { &b"a\n"[..] } else { b"b\n" }.into()));
    /// assert_eq!(change.files()[0].new_contents(), Some(&b"b\n"[..]));
    /// # Ok::<(), devops_core::DiffError>(())
    /// ```
    #[must_use]
    pub fn with_contents(mut self, mut lookup: impl FnMut(&RepoPath, Side) -> Option<Arc<[u8]>>) -> Self {
        for file in &mut self.files {
            if let Some(path) = &file.old_path {
                file.old_contents = lookup(path, Side::Old).or(file.old_contents.take());
            }
            if let Some(path) = &file.new_path {
                file.new_contents = lookup(path, Side::New).or(file.new_contents.take());
            }
        }
        self
    }

    /// The files, in the order of the diff.
    #[must_use]
    pub fn files(&self) -> &[FileChange] {
        &self.files
    }

    /// The commit's metadata, where the caller gave it.
    #[must_use]
    pub const fn commit(&self) -> Option<&CommitInfo> {
        self.commit.as_ref()
    }

    /// The file with that path behind the change or, for a deleted file, before it.
    #[must_use]
    pub fn file(&self, path: &RepoPath) -> Option<&FileChange> {
        self.files.iter().find(|f| f.path() == Some(path))
    }

    /// How many lines the change adds.
    #[must_use]
    pub fn lines_added(&self) -> u64 {
        self.files.iter().fold(0, |n, f| n.saturating_add(f.lines_added()))
    }

    /// How many lines the change removes.
    #[must_use]
    pub fn lines_removed(&self) -> u64 {
        self.files.iter().fold(0, |n, f| n.saturating_add(f.lines_removed()))
    }

    /// Whether it touches nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Before or behind the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a change has two sides")]
pub enum Side {
    /// Before.
    Old,
    /// Behind.
    New,
}
