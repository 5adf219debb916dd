//! What came of a run.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{AnalyzerId, AnalyzerRun, Finding, Message, PipelineJob, Ratio, Stage, TextTable};
use devops_gates::{Status, Verdict};

use crate::{MeasureConflict, Recommendation, RunOutcome, StageReport, Timings, render, texts};

/// What came of a run: what happened, why, and what to do next.
///
/// [`Display`](fmt::Display) is one line, [`to_text`](Self::to_text) a page, [`to_markdown`](Self::to_markdown)
/// a comment for a pull request, and the serialised form is for machines. The serialised form leaves
/// [`timings`](Self::timings) out: without them the same run gives the same bytes.
///
/// ```
/// use devops_core::{ChangeSet, Context, JobId, PipelineJob, Stage};
/// use devops_pipeline::{Pipeline, PipelineReport, TestReport, test_fn};
///
/// let pipeline =
///     Pipeline::builder().test_runner(test_fn(&[], |_input| Ok(TestReport::new(12, 1, 0)))).build()?;
/// let job = PipelineJob::new(JobId::new("1042")?);
/// let report: PipelineReport =
///     futures::executor::block_on(pipeline.run(&job, &ChangeSet::default(), &Context::new()));
/// assert!(report.to_string().starts_with("1042: failed in quality_gate: "));
/// assert!(report.to_markdown().starts_with("## Pipeline 1042: failed in quality_gate: "));
/// assert_eq!(report.stage(Stage::Test).unwrap().outcome.to_string(), "failed: 1 of 12 tests failed");
/// assert_eq!(report.verdict().unwrap().condition("tests_pass").unwrap().reason_text(), "1 does not meet = 0");
/// assert_eq!(report.runs().count(), 1);
/// assert_eq!((report.findings().count(), report.not_run().count()), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PipelineReport {
    /// The form of the document: 1.
    pub format: u32,
    /// The name of the policy.
    pub policy: String,
    /// What the pipeline was asked to do.
    pub job: PipelineJob,
    /// How the run ended.
    pub outcome: RunOutcome,
    /// The last stage that ran: the one that ended the run, where it did not come to its end.
    pub current_stage: Stage,
    /// The verdict of the gate in numbers; absent where it was not reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<GateSummary>,
    /// The eight stages, in order.
    pub stages: Vec<StageReport>,
    /// What had to run to an end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<AnalyzerId>,
    /// What was measured more than once and so does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<MeasureConflict>,
    /// What to do next, most valuable first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommendations: Vec<Recommendation>,
    /// What the reader should know besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Message>,
    /// How long it took; not part of the serialised form.
    #[serde(skip)]
    pub timings: Timings,
}

/// The verdict of the gate in numbers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct GateSummary {
    /// The gate.
    pub name: String,
    /// Its verdict.
    pub status: Status,
    /// How many conditions passed.
    pub passed: usize,
    /// How many had a say.
    pub total: usize,
    /// The share of these that passed; absent where none had a say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_rate: Option<Ratio>,
}

impl PipelineReport {
    /// The report of a stage.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> Option<&StageReport> {
        self.stages.iter().find(|r| r.stage == stage)
    }

    /// The verdict of the gate with its trace; `None` where it was not reached.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.stage(Stage::QualityGate)?.verdict.as_ref()
    }

    /// All sources with how they ended, by stage and id.
    pub fn runs(&self) -> impl Iterator<Item = &AnalyzerRun> {
        self.stages.iter().flat_map(|s| &s.runs)
    }

    /// Everything that was found, by stage, source and place.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.stages.iter().flat_map(StageReport::findings)
    }

    /// The sources that did not run to an end.
    pub fn not_run(&self) -> impl Iterator<Item = &AnalyzerRun> {
        self.runs().filter(|r| r.outcome.analysis().is_none())
    }

    pub(crate) fn gate_summary(&self) -> Option<GateSummary> {
        let verdict = self.verdict()?;
        Some(GateSummary {
            name: verdict.gate_name().into(),
            status: verdict.status(),
            passed: verdict.passed(),
            total: verdict.total(),
            pass_rate: verdict.pass_rate(),
        })
    }

    /// The report as Markdown, such as for a comment on a pull request: the verdict first, then why, what to
    /// do, and what it rests on. What comes from the change itself is escaped.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.to_markdown_with(&texts())
    }

    /// The same with the caller's texts.
    #[must_use]
    pub fn to_markdown_with(&self, table: &TextTable) -> String {
        render::markdown(self, table)
    }

    /// The report as plain text of a page, without colours.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.to_text_with(&texts())
    }

    /// The same with the caller's texts.
    #[must_use]
    pub fn to_text_with(&self, table: &TextTable) -> String {
        render::text(self, table)
    }
}

impl fmt::Display for PipelineReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.job.id, self.outcome)
    }
}
