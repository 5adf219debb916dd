//! What came of testing.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use devops_core::{Finding, Measure, MetricId, Score, Unit, Value, metric};

/// What came of testing: counts, coverage, performance, findings.
///
/// ```
/// use devops_pipeline::TestReport;
///
/// let report = TestReport::new(120, 1, 3).with_coverage(412, 500);
/// assert!(!report.passed);
/// let shown: Vec<String> = report.measures().iter().map(ToString::to_string).collect();
/// assert_eq!(
///     shown,
///     ["tests_run = 120", "tests_failed = 1", "tests_skipped = 3", "test_coverage = 82.4 % (412 of 500)"]
/// );
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct TestReport {
    /// Whether the tests are fine; by default, whether some ran and none failed.
    pub passed: bool,
    /// How many ran to an end.
    pub run: u64,
    /// How many of those failed.
    pub failed: u64,
    /// How many were left out.
    pub skipped: u64,
    /// What happened, in a sentence; empty where the counts say all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// What failed, and other findings; they count among the open findings of the gate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What was measured besides the counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Measure>,
}

impl TestReport {
    /// That many tests ran, that many of those failed, and that many were left out.
    #[must_use]
    pub const fn new(run: u64, failed: u64, skipped: u64) -> Self {
        Self {
            passed: run > 0 && failed == 0,
            run,
            failed,
            skipped,
            summary: String::new(),
            findings: Vec::new(),
            further: Vec::new(),
        }
    }

    /// Fine or not, whatever the counts say: for a runner that forgives known failures.
    #[must_use]
    pub fn with_passed(self, passed: bool) -> Self {
        Self { passed, ..self }
    }

    /// With a sentence.
    #[must_use]
    pub fn with_summary(self, summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), ..self }
    }

    /// With one more finding, such as a failed test.
    #[must_use]
    pub fn with_finding(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }

    /// With one more measure.
    #[must_use]
    pub fn with_measure(mut self, measure: Measure) -> Self {
        self.further.push(measure);
        self
    }

    /// The tests ran `covered` of `lines` lines.
    #[must_use]
    pub fn with_coverage(self, covered: u64, lines: u64) -> Self {
        match MetricId::new(metric::TEST_COVERAGE) {
            Ok(id) => self.with_measure(Measure::fraction(id, covered, lines, Unit::Percent)),
            Err(_) => self,
        }
    }

    /// The score of the measured performance.
    #[must_use]
    pub fn with_performance(self, score: Score) -> Self {
        match MetricId::new(metric::PERFORMANCE) {
            Ok(id) => self.with_measure(Measure::score(id, score)),
            Err(_) => self,
        }
    }

    /// How long the tests took, as a measure that a gate can ask for. It is not the same from run to run, and
    /// then neither is the report.
    ///
    /// ```
    /// use core::time::Duration;
    /// use devops_pipeline::TestReport;
    ///
    /// let report = TestReport::new(1, 0, 0).with_duration(Duration::from_millis(1500));
    /// assert_eq!(report.further[0].to_string(), "test_duration = 1.5 s");
    /// ```
    #[must_use]
    pub fn with_duration(self, duration: Duration) -> Self {
        match MetricId::new(metric::TEST_DURATION) {
            Ok(id) => {
                let value = Value::number_or_missing(duration.as_secs_f64());
                self.with_measure(Measure::new(id, value, Unit::Seconds))
            }
            Err(_) => self,
        }
    }

    /// Everything measured: the three counts, then the rest.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        let counts = [
            (metric::TESTS_RUN, self.run),
            (metric::TESTS_FAILED, self.failed),
            (metric::TESTS_SKIPPED, self.skipped),
        ];
        let counts = counts.into_iter().filter_map(|(name, count)| {
            #[expect(clippy::cast_precision_loss, reason = "nobody runs 2^53 tests")]
            let value = Value::number_or_missing(count as f64);
            Some(Measure::new(MetricId::new(name).ok()?, value, Unit::Count))
        });
        counts.chain(self.further.iter().cloned()).collect()
    }
}
