//! What came of a stage.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{AnalyzerId, AnalyzerRun, Finding, Message, Stage, TextTable};
use devops_gates::{Scorecard, Verdict};

use crate::StageOutcome;

/// What came of a stage. How long it took is in [`Timings`](crate::Timings), since that is never the same twice.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct StageReport {
    /// Which stage.
    pub stage: Stage,
    /// How it ended.
    pub outcome: StageOutcome,
    /// What happened, one sentence each; together one paragraph.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub summary: Vec<Message>,
    /// The scores, of a stage that is scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Scorecard>,
    /// How its sources ended, by id: analyzers and scanners, and `stage/build` or `stage/test` for a runner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<AnalyzerRun>,
    /// The verdict, of the gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What came of taking the deployment back, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
}

/// What came of taking a deployment back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "whether and how are all there is")]
pub struct Rollback {
    /// Whether it is taken back.
    pub done: bool,
    /// What happened.
    pub summary: String,
}

impl StageReport {
    /// A stage that ended so, with nothing to say.
    ///
    /// ```
    /// use devops_core::Stage;
    /// use devops_pipeline::{StageOutcome, StageReport};
    ///
    /// let report = StageReport::new(Stage::Build, StageOutcome::Passed);
    /// assert_eq!(report.findings().count(), 0);
    /// ```
    #[must_use]
    pub const fn new(stage: Stage, outcome: StageOutcome) -> Self {
        Self {
            stage,
            outcome,
            summary: Vec::new(),
            scores: None,
            runs: Vec::new(),
            verdict: None,
            rollback: None,
        }
    }

    /// With one more sentence.
    #[must_use]
    pub fn saying(mut self, message: Message) -> Self {
        self.summary.push(message);
        self
    }

    /// What its sources found.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.runs.iter().filter_map(|r| r.outcome.analysis()).flat_map(|a| &a.findings)
    }

    /// The paragraph, in the words of a table of texts.
    ///
    /// ```
    /// use devops_core::{Message, Stage};
    /// use devops_pipeline::{StageOutcome, StageReport, texts};
    ///
    /// let report = StageReport::new(Stage::Build, StageOutcome::Passed)
    ///     .saying(Message::new("stage.said").with("text", "built in one go"))
    ///     .saying(Message::new("stage.cannot_roll_back"));
    /// assert_eq!(report.summary_in(&texts()), "built in one go. The deployer cannot roll back.");
    /// ```
    #[must_use]
    pub fn summary_in(&self, table: &TextTable) -> String {
        let sentence = |m: &Message| {
            let mut text = table.render(m);
            if !text.is_empty() && !text.ends_with(['.', '!', '?']) {
                text.push('.');
            }
            text
        };
        self.summary.iter().map(sentence).collect::<Vec<_>>().join(" ")
    }
}

/// The run of that source in reports that hold their runs by id.
pub(crate) fn find_run<'a>(reports: &'a [StageReport], id: &AnalyzerId) -> Option<&'a AnalyzerRun> {
    reports.iter().find_map(|report| {
        let place = report.runs.binary_search_by(|run| run.descriptor.id().cmp(id)).ok()?;
        report.runs.get(place)
    })
}
