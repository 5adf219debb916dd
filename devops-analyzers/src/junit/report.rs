//! What became of the tests.

use core::time::Duration;

use devops_core::{
    Analysis, Finding, Location, Measure, MetricId, Region, RepoPath, RuleId, Severity, Unit, Value, metric,
};

/// How many warnings an analysis shows.
const SHOWN_WARNINGS: usize = 5;

/// What became of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the four of JUnit")]
pub enum TestResult {
    /// It passed.
    Passed,
    /// What it checks does not hold.
    Failed,
    /// It broke off.
    Errored,
    /// It did not run.
    Skipped,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct TestCase {
    /// The class or suite that it belongs to; empty where the report does not say.
    pub suite: String,
    /// Its name.
    pub name: String,
    /// What became of it, all its reruns considered.
    pub result: TestResult,
    /// How long it took, where the report says.
    pub duration: Option<Duration>,
    /// Whether it failed and then passed without a change.
    pub flaky: bool,
    /// Its source file, where the report says.
    pub file: Option<RepoPath>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// Why it failed or did not run, as the runner says it.
    pub message: String,
}

impl TestCase {
    /// Suite and name as one text, as people look for it.
    ///
    /// ```
    /// # use devops_analyzers::junit::JunitReader;
    /// let report = JunitReader::new().read(b"<testsuite><testcase classname='a.B' name='c'/></testsuite>")?;
    /// assert_eq!(report.cases()[0].full_name(), "a.B::c");
    /// # Ok::<(), devops_analyzers::junit::XmlError>(())
    /// ```
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.suite.is_empty() { self.name.clone() } else { format!("{}::{}", self.suite, self.name) }
    }

    /// Whether it failed or broke off.
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        matches!(self.result, TestResult::Failed | TestResult::Errored)
    }
}

/// What became of the tests: each case, counted here and not taken from the report's own sums.
///
/// ```
/// use devops_analyzers::junit::JunitReader;
///
/// let report = JunitReader::new().read(
///     b"<testsuite tests='0' failures='0'>
///         <testcase name='a' time='0.2'/><testcase name='b'><failure message='1 != 2'/></testcase>
///       </testsuite>",
/// )?;
/// assert_eq!((report.run(), report.failed(), report.skipped()), (2, 1, 0));
/// assert_eq!(report.to_string(), "2 tests run, 1 failed, 0 skipped");
/// # Ok::<(), devops_analyzers::junit::XmlError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestReport {
    pub(super) cases: Vec<TestCase>,
    pub(super) warnings: Vec<String>,
}

impl TestReport {
    /// The cases, in the order of the reports.
    #[must_use]
    pub fn cases(&self) -> &[TestCase] {
        &self.cases
    }

    /// What is odd about the report, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// With the cases of another report: runners that write one file for each suite.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.cases.extend(other.cases);
        self.warnings.extend(other.warnings);
        self
    }

    fn count(&self, matches: impl Fn(&TestCase) -> bool) -> u64 {
        u64::try_from(self.cases.iter().filter(|case| matches(case)).count()).unwrap_or(u64::MAX)
    }

    /// How many tests ran.
    #[must_use]
    pub fn run(&self) -> u64 {
        self.count(|case| case.result != TestResult::Skipped)
    }

    /// How many failed or broke off.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.count(TestCase::is_failure)
    }

    /// How many did not run.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.count(|case| case.result == TestResult::Skipped)
    }

    /// How many failed and then passed.
    #[must_use]
    pub fn flaky(&self) -> u64 {
        self.count(|case| case.flaky)
    }

    /// The sum of the times of the cases that tell one; `None` where none does.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.cases.iter().filter_map(|case| case.duration).reduce(Duration::saturating_add)
    }

    /// Findings for the failed tests, and the measures `tests_run`, `tests_failed`, `tests_skipped` and
    /// `test_duration` (seconds).
    ///
    /// A report without a single case measures nothing: all four are missing, so that no gate takes it for
    /// tests that passed.
    #[must_use]
    pub fn to_analysis(&self) -> Analysis {
        let mut analysis = Analysis::new();
        for (id, value, unit) in self.values() {
            if let Ok(id) = MetricId::new(id) {
                let mut measure = Measure::new(id, value, unit);
                if !self.cases.is_empty() {
                    measure = measure.with_sample_size(self.count(|_| true));
                }
                analysis.measures.push(measure);
            }
        }
        if self.cases.is_empty() {
            analysis = analysis.with_skipped("tests", "the report holds no test case");
        }
        analysis.findings.extend(self.cases.iter().filter(|c| c.is_failure()).filter_map(finding));
        let flaky = self.flaky();
        if flaky > 0 {
            analysis = analysis.with_note(format!("{flaky} tests failed first and passed when run again"));
        }
        analysis.notes.extend(self.warnings.iter().take(SHOWN_WARNINGS).cloned());
        analysis
    }

    fn values(&self) -> [(&'static str, Value, Unit); 4] {
        let missing = || Value::Missing { reason: "the report holds no test case".to_owned() };
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 tests")]
        let number =
            |n: u64| if self.cases.is_empty() { missing() } else { Value::number_or_missing(n as f64) };
        let duration = self.duration().map_or_else(
            || Value::Missing { reason: "no test case tells its time".to_owned() },
            |d| Value::number_or_missing(d.as_secs_f64()),
        );
        [
            (metric::TESTS_RUN, number(self.run()), Unit::Count),
            (metric::TESTS_FAILED, number(self.failed()), Unit::Count),
            (metric::TESTS_SKIPPED, number(self.skipped()), Unit::Count),
            (metric::TEST_DURATION, duration, Unit::Seconds),
        ]
    }
}

impl core::fmt::Display for TestReport {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} tests run, {} failed, {} skipped", self.run(), self.failed(), self.skipped())
    }
}

/// A failed test as a finding; known again by its name, whatever its message says this time.
fn finding(case: &TestCase) -> Option<Finding> {
    let (rule, verb) = match case.result {
        TestResult::Errored => ("test/errored", "broke off"),
        _ => ("test/failed", "failed"),
    };
    let name = case.full_name();
    let reason = case.message.lines().map(str::trim).find(|line| !line.is_empty());
    let reason = reason.map(|line| format!(": {}", devops_core::excerpt(line))).unwrap_or_default();
    let shown = devops_core::excerpt(&name);
    let mut finding =
        Finding::new(RuleId::new(rule).ok()?, Severity::Major, format!("test `{shown}` {verb}{reason}"));
    if let Some(file) = &case.file {
        let region = case.line.and_then(|line| Region::line(line).ok());
        let location = Location::new(file.clone());
        finding = finding.at(match region {
            Some(region) => location.with_region(region),
            None => location,
        });
    }
    Some(finding.with_context(name.as_bytes()))
}
