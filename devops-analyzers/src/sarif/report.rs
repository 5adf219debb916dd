//! What a SARIF report says.

use core::fmt;

use devops_core::{Analysis, BaselineState, Finding, Outcome};

/// How many warnings are kept word for word; the others are counted.
const KEPT_WARNINGS: usize = 100;
/// How many warnings an analysis shows.
const SHOWN_WARNINGS: usize = 5;

/// A result that is not as SARIF asks for, and what was made of it.
///
/// Its number is that of the result in its run, from 0, as in a JSON path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SarifWarning {
    /// The result; `None` for the run itself.
    pub result: Option<u64>,
    /// What is wrong, and what is made of it.
    pub problem: String,
}

impl fmt::Display for SarifWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.result {
            Some(number) => write!(f, "result {number}: {}", self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

/// What one run of a tool says.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct SarifRun {
    /// The tool's name; empty where the report does not say.
    pub tool: String,
    /// The tool's version; empty where the report does not say.
    pub version: String,
    /// Whether the run has a list of results at all. A run without one did not look.
    pub looked: bool,
    /// What it found, in the order of the report; results that are gone since the baseline are marked
    /// [`BaselineState::Fixed`].
    pub findings: Vec<Finding>,
    /// How many results say that a rule holds or does not apply.
    pub passed: u64,
    /// How many results could not be read as a result at all.
    pub unreadable: u64,
    /// How many results lie beyond the reader's limit.
    pub left_out: u64,
    /// What went wrong while the tool ran, in its own words.
    pub failures: Vec<String>,
    /// The first hundred things in the report that are not as SARIF asks for.
    pub warnings: Vec<SarifWarning>,
    /// How many such things there are.
    pub warning_count: u64,
}

impl SarifRun {
    pub(super) fn warn(&mut self, result: Option<u64>, problem: String) {
        self.warning_count = self.warning_count.saturating_add(1);
        if self.warnings.len() < KEPT_WARNINGS {
            self.warnings.push(SarifWarning { result, problem });
        }
    }

    /// Whether it says anything: it looked, and did not fail with empty hands.
    fn counts(&self) -> bool {
        self.looked && (self.failures.is_empty() || !self.findings.is_empty())
    }

    fn name(&self) -> &str {
        if self.tool.is_empty() { "the tool" } else { &self.tool }
    }

    /// Why it says nothing.
    fn silence(&self) -> String {
        match self.failures.first() {
            Some(failure) => format!("did not run to its end: {failure}"),
            None => "did not look: the report has no list of results".to_owned(),
        }
    }
}

/// What a SARIF report says, run by run.
///
/// ```
/// use devops_analyzers::sarif::SarifReader;
///
/// let looked = SarifReader::new().read(br#"{"version":"2.1.0","runs":[{"results":[]}]}"#)?;
/// assert_eq!(looked.outcome().status(), "completed");
/// let did_not = SarifReader::new().read(br#"{"version":"2.1.0","runs":[{}]}"#)?;
/// assert_eq!(did_not.outcome().status(), "skipped");
/// # Ok::<(), devops_analyzers::sarif::SarifError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct SarifReport {
    /// The runs, in the order of the report.
    pub runs: Vec<SarifRun>,
}

impl SarifReport {
    /// The findings of all runs, those that are gone since the baseline left out.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.runs.iter().flat_map(|run| &run.findings).filter(|f| f.baseline() != BaselineState::Fixed)
    }

    /// How the tool's run ended, as the pipeline counts it.
    ///
    /// *Skipped* where no run looked, *failed* where all that looked broke off with empty hands, else
    /// *completed*: in part where a run did not look, broke off, or has results that could not be read.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.runs.iter().any(SarifRun::counts) {
            return Outcome::Completed(self.merged());
        }
        let reasons = self.runs.iter().map(|run| format!("{} {}", run.name(), run.silence()));
        let reason = reasons.reduce(|all, one| format!("{all}; {one}"));
        let reason = reason.unwrap_or_else(|| "did not look: the report has no run".to_owned());
        if self.runs.iter().any(|run| !run.failures.is_empty()) {
            Outcome::Failed { reason, transient: false }
        } else {
            Outcome::Skipped { reason }
        }
    }

    fn merged(&self) -> Analysis {
        let mut analysis = Analysis::new().with_findings(self.findings().cloned());
        for run in &self.runs {
            analysis = told(run, analysis);
        }
        analysis
    }
}

/// Adds what the reader of an analysis should know of a run.
fn told(run: &SarifRun, mut analysis: Analysis) -> Analysis {
    let name = run.name();
    if !run.counts() {
        return analysis.with_skipped(name, run.silence());
    }
    for failure in &run.failures {
        analysis = analysis.with_skipped(name, failure.clone());
    }
    for (count, what) in
        [(run.unreadable, "results that cannot be read"), (run.left_out, "results beyond the reader's limit")]
    {
        if count > 0 {
            analysis = analysis.with_skipped(name, format!("{count} {what}"));
        }
    }
    if run.passed > 0 {
        analysis = analysis.with_note(format!("{name}: {} checks passed", run.passed));
    }
    let gone = run.findings.iter().filter(|f| f.baseline() == BaselineState::Fixed).count();
    if gone > 0 {
        analysis = analysis.with_note(format!("{name}: {gone} findings are gone since its baseline"));
    }
    for warning in run.warnings.iter().take(SHOWN_WARNINGS) {
        analysis = analysis.with_note(format!("{name}: {warning}"));
    }
    let shown = u64::try_from(SHOWN_WARNINGS).unwrap_or(u64::MAX);
    match run.warning_count.saturating_sub(shown) {
        0 => analysis,
        more => analysis.with_note(format!("{name}: {more} more warnings")),
    }
}
