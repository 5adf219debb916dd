//! Which lines the tests ran.
//!
//! # Do the tests reach what the change adds?
//!
//! [`LcovReader`](crate::lcov::LcovReader) and [`CoberturaReader`](crate::cobertura::CoberturaReader) give a
//! [`Coverage`]; it merges with others and is held against a change by [`Coverage::of_new_code`].

mod new_code;
mod source;

use std::collections::BTreeMap;

use devops_core::{Measure, MetricId, RepoPath, Unit, Value, metric};

pub use new_code::NewCodeCoverage;
pub use source::CoverageSource;

/// Lines that tests can run, and how often they did, file by file.
///
/// Only lines are counted, not branches: what share of the conditions was taken is told differently by every
/// tool.
///
/// ```
/// use devops_analyzers::coverage::Coverage;
/// use devops_core::RepoPath;
///
/// let mut coverage = Coverage::new();
/// let path = RepoPath::new("a.py")?;
/// coverage.add(&path, 1, 3);
/// coverage.add(&path, 2, 0);
/// assert_eq!((coverage.covered(), coverage.coverable()), (1, 2));
/// assert_eq!(coverage.measure().to_string(), "test_coverage = 50 % (1 of 2)");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    files: BTreeMap<RepoPath, FileCoverage>,
    warnings: Vec<String>,
    warning_count: u64,
}

/// How often each line of a file ran that can run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileCoverage(BTreeMap<u32, u64>);

impl FileCoverage {
    /// How often that line ran; `None` where nothing on it can run.
    #[must_use]
    pub fn hits(&self, line: u32) -> Option<u64> {
        self.0.get(&line).copied()
    }

    /// The lines that can run, with how often they did, by line.
    pub fn lines(&self) -> impl Iterator<Item = (u32, u64)> {
        self.0.iter().map(|(line, hits)| (*line, *hits))
    }
}

/// How many warnings are kept word for word.
const KEPT_WARNINGS: usize = 100;

impl Coverage {
    /// Of no file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds runs of a line; line 0 is none.
    pub fn add(&mut self, path: &RepoPath, line: u32, hits: u64) {
        self.touch(path);
        if let (Some(file), true) = (self.files.get_mut(path), line > 0) {
            let sum = file.0.entry(line).or_default();
            *sum = sum.saturating_add(hits);
        }
    }

    /// Notes that the report speaks of that file, also where nothing in it can run.
    pub fn touch(&mut self, path: &RepoPath) {
        if !self.files.contains_key(path) {
            self.files.insert(path.clone(), FileCoverage::default());
        }
    }

    /// With another report's: runs of the same line add up.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        for (path, file) in other.files {
            self.touch(&path);
            for (line, hits) in file.0 {
                self.add(&path, line, hits);
            }
        }
        self.warning_count = self.warning_count.saturating_add(other.warning_count);
        self.warnings.extend(other.warnings);
        self.warnings.truncate(KEPT_WARNINGS);
        self
    }

    #[cfg(any(feature = "lcov", feature = "cobertura"))]
    pub(crate) fn warn(&mut self, warning: String) {
        self.warning_count = self.warning_count.saturating_add(1);
        if self.warnings.len() < KEPT_WARNINGS {
            self.warnings.push(warning);
        }
    }

    /// The first hundred things in the reports that could not be read.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// How many such things there are.
    #[must_use]
    pub const fn warning_count(&self) -> u64 {
        self.warning_count
    }

    /// The files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&RepoPath, &FileCoverage)> {
        self.files.iter()
    }

    /// That file, where the report speaks of it.
    #[must_use]
    pub fn file(&self, path: &RepoPath) -> Option<&FileCoverage> {
        self.files.get(path)
    }

    /// How many lines can run.
    #[must_use]
    pub fn coverable(&self) -> u64 {
        self.lines(|_| true)
    }

    /// How many lines ran.
    #[must_use]
    pub fn covered(&self) -> u64 {
        self.lines(|hits| hits > 0)
    }

    fn lines(&self, counts: impl Fn(u64) -> bool) -> u64 {
        let lines = self.files.values().flat_map(|file| file.0.values()).filter(|hits| counts(**hits));
        u64::try_from(lines.count()).unwrap_or(u64::MAX)
    }

    /// The measure `test_coverage` of everything: lines that ran out of lines that can run. Missing where none
    /// can.
    #[must_use]
    pub fn measure(&self) -> Measure {
        measure(self.covered(), self.coverable(), "no line of the coverage report can run")
    }
}

/// `test_coverage` as an exact fraction.
fn measure(covered: u64, coverable: u64, reason: &str) -> Measure {
    #[expect(clippy::unwrap_used, reason = "a constant that is a metric id")]
    let id = MetricId::new(metric::TEST_COVERAGE).unwrap();
    if coverable == 0 {
        return Measure::new(id, Value::Missing { reason: reason.to_owned() }, Unit::Percent);
    }
    Measure::fraction(id, covered, coverable, Unit::Percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(lines: &[(u8, u8, u8)]) -> Coverage {
        let mut coverage = Coverage::new();
        for (file, line, hits) in lines {
            let path = RepoPath::new(&format!("{file}.py")).unwrap();
            coverage.add(&path, u32::from(*line), u64::from(*hits));
        }
        coverage
    }

    #[test]
    fn nothing_to_run_is_missing() {
        let mut coverage = Coverage::new();
        coverage.touch(&RepoPath::new("a").unwrap());
        coverage.add(&RepoPath::new("a").unwrap(), 0, 1);
        assert_eq!(
            coverage.measure().to_string(),
            "test_coverage = missing: no line of the coverage report can run"
        );
    }

    proptest! {
        #[test]
        fn merging_is_order_free(
            a in proptest::collection::vec((0u8..3, 0u8..5, 0u8..3), 0..12),
            b in proptest::collection::vec((0u8..3, 0u8..5, 0u8..3), 0..12),
        ) {
            let both = of(&a).merged(of(&b));
            prop_assert_eq!(&both, &of(&b).merged(of(&a)));
            let all: Vec<_> = a.iter().chain(&b).copied().collect();
            prop_assert_eq!(&both, &of(&all));
            prop_assert!(both.covered() <= both.coverable());
        }
    }
}
