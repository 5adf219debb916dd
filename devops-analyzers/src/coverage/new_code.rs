//! Coverage of what a change adds.

use std::collections::BTreeSet;

use devops_core::{ChangeSet, Measure, RepoPath, Scope};

use super::{Coverage, measure};

/// Which of the lines that a change adds the tests ran.
///
/// Lines on which nothing can run (blank ones, comments, declarations) do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewCodeCoverage {
    /// How many added lines ran.
    pub covered: u64,
    /// How many added lines can run.
    pub coverable: u64,
    /// The added lines that can run and did not, by file.
    pub uncovered: Vec<(RepoPath, Vec<u32>)>,
    /// Files with added lines, of a kind that the report knows, of which it says nothing: no test so much as
    /// loads them, or the tool was told to leave them out.
    pub unmeasured: Vec<RepoPath>,
}

impl NewCodeCoverage {
    /// The measure `test_coverage` of the new code. Missing where no added line can run: a change of comments is
    /// neither covered nor not.
    #[must_use]
    pub fn measure(&self) -> Measure {
        measure(self.covered, self.coverable, "no added line can run").with_scope(Scope::NewCode)
    }
}

impl Coverage {
    /// Holds the coverage against what a change adds.
    ///
    /// ```
    /// use devops_analyzers::coverage::Coverage;
    /// use devops_core::{ChangeSet, RepoPath};
    ///
    /// let change = ChangeSet::from_diff(b"--- a/a.py\n+++ b/a.py\n@@ -1 +1,4 @@\n a = 1\n+b = 2\n+# note\n+c = 3\n")?;
    /// let path = RepoPath::new("a.py")?;
    /// let mut coverage = Coverage::new();
    /// for (line, hits) in [(1, 0), (2, 1), (4, 0)] {
    ///     coverage.add(&path, line, hits);
    /// }
    /// let new = coverage.of_new_code(&change);
    /// assert_eq!(new.measure().to_string(), "test_coverage (new code) = 50 % (1 of 2)");
    /// assert_eq!(new.uncovered, [(path, vec![4])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_new_code(&self, change: &ChangeSet) -> NewCodeCoverage {
        let mut new = NewCodeCoverage::default();
        let kinds: BTreeSet<Option<&str>> = self.files().map(|(path, _)| path.extension()).collect();
        for file in change.files() {
            let Some(path) = file.new_path() else { continue };
            let mut added = file.added_lines().filter_map(|line| line.new_line).peekable();
            let Some(lines) = self.file(path) else {
                if added.peek().is_some() && path.extension().is_some() && kinds.contains(&path.extension()) {
                    new.unmeasured.push(path.clone());
                }
                continue;
            };
            let mut uncovered = Vec::new();
            for (line, hits) in added.filter_map(|line| Some((line, lines.hits(line)?))) {
                new.coverable = new.coverable.saturating_add(1);
                if hits > 0 {
                    new.covered = new.covered.saturating_add(1);
                } else {
                    uncovered.push(line);
                }
            }
            if !uncovered.is_empty() {
                new.uncovered.push((path.clone(), uncovered));
            }
        }
        new.uncovered.sort();
        new.unmeasured.sort();
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_the_report_leaves_out() {
        let diff = b"diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -0,0 +1 @@\n+x = 1\n\
            diff --git a/n.md b/n.md\n--- a/n.md\n+++ b/n.md\n@@ -0,0 +1 @@\n+text\n";
        let change = ChangeSet::from_diff(diff).unwrap();
        let mut coverage = Coverage::new();
        coverage.add(&RepoPath::new("y.py").unwrap(), 1, 1);
        let new = coverage.of_new_code(&change);
        assert_eq!(new.unmeasured, [RepoPath::new("x.py").unwrap()]);
        assert_eq!(new.measure().to_string(), "test_coverage (new code) = missing: no added line can run");
    }
}
