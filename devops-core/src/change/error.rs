//! Why a diff could not be read.

use alloc::string::String;

/// Why a diff could not be read; every `line` counts from 1 in the input.
///
/// ```
/// use devops_core::ChangeSet;
///
/// let cut_off = b"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n";
/// let error = ChangeSet::from_diff(cut_off).unwrap_err();
/// assert_eq!(error.line(), 6);
/// assert_eq!(error.to_string(), "line 6: hunk of line 3 ends early: expected 1 more old and 1 more new lines");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// Neither a diff nor empty.
    #[error("line {line}: `{found}` is no diff: expected `diff --git`, `diff --cc` or `---`")]
    NotADiff {
        /// The first line that is not blank.
        line: usize,
        /// What stands there, shortened.
        found: String,
    },
    /// An extended header line in the wrong form, or one that contradicts another.
    #[error("line {line}: header `{found}` is malformed: expected {expected}")]
    Header {
        /// The line.
        line: usize,
        /// What stands there, shortened.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A path that is missing, ambiguous, wrongly quoted or holds a NUL byte.
    #[error("line {line}: path in `{found}` cannot be read: expected {expected}")]
    Path {
        /// The line.
        line: usize,
        /// What stands there, shortened.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// File names that no hunk follows.
    #[error("line {line}: `{found}` stands where a hunk must: expected `@@ -`")]
    MissingHunk {
        /// The line where the hunk should be.
        line: usize,
        /// What stands there, shortened; empty at the end of the input.
        found: String,
    },
    /// A hunk header in the wrong form.
    #[error("line {line}: hunk header `{found}` is malformed: expected {expected}")]
    HunkHeader {
        /// The line.
        line: usize,
        /// What stands there, shortened.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A line number or count that no file has.
    #[error("line {line}: number `{found}` in the hunk header is too large: expected lines up to 4294967295")]
    NumberTooLarge {
        /// The line.
        line: usize,
        /// The number, shortened.
        found: String,
    },
    /// A hunk without the names of its file.
    #[error("line {line}: hunk `{found}` belongs to no file: expected `---` and `+++` before it")]
    OrphanHunk {
        /// The line.
        line: usize,
        /// What stands there, shortened.
        found: String,
    },
    /// Fewer lines than the hunk header claims.
    #[error(
        "line {line}: hunk of line {hunk} ends early: expected {old_missing} more old and {new_missing} more new lines"
    )]
    TruncatedHunk {
        /// The line where the hunk ends.
        line: usize,
        /// The line of the hunk header.
        hunk: usize,
        /// How many lines the old side still lacks; in a merge, the parent that lacks most.
        old_missing: u32,
        /// How many lines the new side still lacks.
        new_missing: u32,
    },
    /// More lines than the hunk header claims.
    #[error(
        "line {line}: `{found}` is more than the hunk of line {hunk} claims: expected the next hunk or file"
    )]
    ExcessLine {
        /// The line.
        line: usize,
        /// The line of the hunk header.
        hunk: usize,
        /// What stands there, shortened.
        found: String,
    },
    /// A line inside a hunk that does not start as one.
    #[error("line {line}: `{found}` is no line of the hunk of line {hunk}: expected {expected}")]
    WrongMark {
        /// The line.
        line: usize,
        /// The line of the hunk header.
        hunk: usize,
        /// What stands there, shortened.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// `\ No newline at end of file` without a line that it could speak of.
    #[error("line {line}: `{found}` does not stand behind a line of a hunk")]
    StrayNoNewline {
        /// The line.
        line: usize,
        /// What stands there, shortened.
        found: String,
    },
    /// A binary patch in the wrong form.
    #[error("line {line}: binary patch has `{found}`: expected {expected}")]
    BinaryPatch {
        /// The line.
        line: usize,
        /// What stands there, shortened; empty at the end of the input.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
}

impl DiffError {
    /// The line of the input, from 1; one behind the last where the input ends too early.
    ///
    /// ```
    /// assert_eq!(devops_core::ChangeSet::from_diff(b"hello\n").unwrap_err().line(), 1);
    /// ```
    #[must_use]
    pub const fn line(&self) -> usize {
        match self {
            Self::NotADiff { line, .. }
            | Self::Header { line, .. }
            | Self::Path { line, .. }
            | Self::MissingHunk { line, .. }
            | Self::HunkHeader { line, .. }
            | Self::NumberTooLarge { line, .. }
            | Self::OrphanHunk { line, .. }
            | Self::TruncatedHunk { line, .. }
            | Self::ExcessLine { line, .. }
            | Self::WrongMark { line, .. }
            | Self::StrayNoNewline { line, .. }
            | Self::BinaryPatch { line, .. } => *line,
        }
    }
}

/// A line made fit for a message: shortened before it is decoded, so that a line of any length costs nothing.
pub(super) fn shown(line: &[u8]) -> String {
    // 81 characters of at most four bytes: enough for the excerpt to see that there is more.
    let head = line.get(..324).unwrap_or(line);
    crate::excerpt(&String::from_utf8_lossy(head))
}
