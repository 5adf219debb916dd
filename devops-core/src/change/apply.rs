//! From one side of a file to the other.

use alloc::vec::Vec;

use super::cursor::cut_line;
use super::file::FileChange;
use super::hunk::{Line, LineKind};

/// Why a change does not fit the contents that it was applied to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// A line is not what the diff says.
    #[error("line {line} of the file is not what the diff says: these contents belong to another version")]
    Mismatch {
        /// The line in the contents that were given, from 1.
        line: u32,
    },
    /// The change has no lines: its contents are binary, or it comes from a merge.
    #[error("the diff does not hold the lines of this file: binary contents and merges cannot be applied")]
    NoLines,
}

impl FileChange {
    /// The file behind the change, from the file before it.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Mismatch`] where `old` is not the file that the diff was made from,
    /// [`ApplyError::NoLines`] for binary files and merges.
    ///
    /// ```
    /// use devops_core::ChangeSet;
    ///
    /// let change = ChangeSet::from_diff(b"--- a/x\n+++ b/x\n@@ -2 +2 @@\n-b\n+c\n")?;
    /// assert_eq!(change.files()[0].apply(b"a\nb\n")?, b"a\nc\n");
    /// assert!(change.files()[0].apply(b"a\nx\n").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apply(&self, old: &[u8]) -> Result<Vec<u8>, ApplyError> {
        self.walk(old, LineKind::Removed, LineKind::Added)
    }

    /// The file before the change, from the file behind it: how a caller who has only the working tree gets
    /// both sides.
    ///
    /// # Errors
    ///
    /// As [`FileChange::apply`], for the other side.
    ///
    /// ```
    /// use devops_core::ChangeSet;
    ///
    /// let change = ChangeSet::from_diff(b"--- a/x\n+++ b/x\n@@ -2 +2 @@\n-b\n+c\n")?;
    /// assert_eq!(change.files()[0].revert(b"a\nc\n")?, b"a\nb\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revert(&self, new: &[u8]) -> Result<Vec<u8>, ApplyError> {
        self.walk(new, LineKind::Added, LineKind::Removed)
    }

    /// Copies `from`, checks the lines that are on its side and takes in those of the other side.
    fn walk(&self, from: &[u8], there: LineKind, taken: LineKind) -> Result<Vec<u8>, ApplyError> {
        if self.binary || self.is_merge() {
            return Err(ApplyError::NoLines);
        }
        let mut copy = Copy { rest: from, line: 1, to: Vec::with_capacity(from.len()) };
        for hunk in &self.hunks {
            let range = if there == LineKind::Removed { hunk.old_range() } else { hunk.new_range() };
            // An empty side starts at the line before it.
            copy.up_to(if range.count == 0 { range.start.saturating_add(1) } else { range.start })?;
            for entry in hunk.lines() {
                if entry.kind != taken {
                    copy.check(&entry)?;
                }
                if entry.kind != there {
                    copy.add(&entry);
                }
            }
        }
        copy.to.extend_from_slice(copy.rest);
        Ok(copy.to)
    }
}

/// A file under way from one side to the other.
struct Copy<'a> {
    rest: &'a [u8],
    line: u32,
    to: Vec<u8>,
}

impl Copy<'_> {
    /// Copies the lines before `start`.
    fn up_to(&mut self, start: u32) -> Result<(), ApplyError> {
        while self.line < start {
            let raw = self.next()?;
            self.to.extend_from_slice(raw);
        }
        Ok(())
    }

    /// Passes over a line that must be there.
    fn check(&mut self, entry: &Line<'_>) -> Result<(), ApplyError> {
        let line = self.line;
        if same(entry, self.next()?) { Ok(()) } else { Err(ApplyError::Mismatch { line }) }
    }

    fn add(&mut self, entry: &Line<'_>) {
        self.to.extend_from_slice(entry.text);
        self.to.extend_from_slice(if entry.has_newline { b"\n" } else { b"" });
    }
}

impl<'a> Copy<'a> {
    /// The next line with its newline.
    fn next(&mut self) -> Result<&'a [u8], ApplyError> {
        let (_, rest) = cut_line(self.rest);
        let length = self.rest.len().saturating_sub(rest.len());
        let raw = self.rest.get(..length).unwrap_or_default();
        if raw.is_empty() {
            return Err(ApplyError::Mismatch { line: self.line });
        }
        self.rest = rest;
        self.line = self.line.saturating_add(1);
        Ok(raw)
    }
}

/// Whether a line of the file is the line of the diff, newline included.
fn same(entry: &Line<'_>, raw: &[u8]) -> bool {
    match raw.strip_suffix(b"\n") {
        Some(text) => entry.has_newline && text == entry.text,
        None => !entry.has_newline && raw == entry.text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::ChangeSet;
    use super::*;
    use proptest::prelude::*;

    fn change(diff: &[u8]) -> FileChange {
        ChangeSet::from_diff(diff).unwrap().files()[0].clone()
    }

    #[test]
    fn whole_files_come_and_go() {
        let added = change(b"diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n");
        assert_eq!(added.apply(b"").unwrap(), b"a\nb");
        assert_eq!(added.revert(b"a\nb").unwrap(), b"");
        assert_eq!(added.revert(b"a\nb\n"), Err(ApplyError::Mismatch { line: 2 }));
    }

    #[test]
    fn other_versions_are_refused() {
        let file = change(b"--- a/x\n+++ b/x\n@@ -3,2 +3,2 @@\n c\n-d\n+e\n");
        for (contents, line) in
            [(&b""[..], 1), (b"a\n", 2), (b"a\nb\nx\nd\n", 3), (b"a\nb\nc\n", 4), (b"a\nb\nc\nd", 4)]
        {
            assert_eq!(file.apply(contents), Err(ApplyError::Mismatch { line }));
        }
        let binary = change(b"diff --git a/x b/x\nindex 1..2 100644\nBinary files a/x and b/x differ\n");
        assert_eq!(binary.apply(b""), Err(ApplyError::NoLines));
    }

    proptest! {
        /// Any edit of one file, as a diff without surroundings, goes there and back.
        #[test]
        fn there_and_back(old in proptest::collection::vec(0u8..4, 0..12), new in proptest::collection::vec(0u8..4, 0..12)) {
            let text = |lines: &[u8]| lines.iter().map(|n| alloc::format!("line {n}\n")).collect::<alloc::string::String>();
            let mut diff = alloc::format!(
                "--- a/x\n+++ b/x\n@@ -{},{} +{},{} @@\n",
                usize::from(!old.is_empty()), old.len(), usize::from(!new.is_empty()), new.len(),
            );
            for n in &old { diff.push_str(&alloc::format!("-line {n}\n")); }
            for n in &new { diff.push_str(&alloc::format!("+line {n}\n")); }
            if !(old.is_empty() && new.is_empty()) {
                let file = change(diff.as_bytes());
                prop_assert_eq!(file.apply(text(&old).as_bytes()).unwrap(), text(&new).into_bytes());
                prop_assert_eq!(file.revert(text(&new).as_bytes()).unwrap(), text(&old).into_bytes());
            }
        }
    }
}
