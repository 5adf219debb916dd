//! What the implementation of a stage gets to see.

use devops_core::{AnalyzerRun, ChangeSet, Context, PipelineJob, Stage, ValueError};

use crate::StageReport;

/// What the implementation of a stage gets to see: the job, the change, its context, and the reports of the
/// stages before it.
///
/// ```
/// use devops_core::{ChangeSet, Context, JobId, PipelineJob, Stage};
/// use devops_pipeline::StageInput;
///
/// let job = PipelineJob::new(JobId::new("1042")?);
/// let (change, context) = (ChangeSet::default(), Context::new());
/// let input = StageInput::new(&job, &change, &context);
/// assert!(input.report(Stage::CodeAnalysis).is_none());
/// assert_eq!(input.runs().count(), 0);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StageInput<'a> {
    /// What the pipeline is asked to do.
    pub job: &'a PipelineJob,
    /// What is judged.
    pub change: &'a ChangeSet,
    /// What a diff lacks: files, image, the caller's own values, the flag that stops the run.
    pub context: &'a Context,
    /// The reports so far, in the order of the stages.
    pub reports: &'a [StageReport],
}

impl<'a> StageInput<'a> {
    /// That job and change, with no reports yet: for tests of an implementation.
    #[must_use]
    pub const fn new(job: &'a PipelineJob, change: &'a ChangeSet, context: &'a Context) -> Self {
        Self { job, change, context, reports: &[] }
    }

    /// With those reports.
    #[must_use]
    pub const fn with_reports(self, reports: &'a [StageReport]) -> Self {
        Self { reports, ..self }
    }

    /// The report of a stage that has run, such as the code analysis.
    #[must_use]
    pub fn report(&self, stage: Stage) -> Option<&'a StageReport> {
        self.reports.iter().find(|r| r.stage == stage)
    }

    /// What all analyzers and scanners so far say.
    pub fn runs(&self) -> impl Iterator<Item = &'a AnalyzerRun> {
        self.reports.iter().flat_map(|r| &r.runs)
    }
}

/// Why the implementation of a stage says nothing about the change.
///
/// It is not for a build that fails or tests that fail: those are answers.
///
/// ```
/// use devops_pipeline::StageError;
///
/// assert_eq!(StageError::failed("no space on the build host").to_string(), "no space on the build host");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// It could not do its work.
    #[error("{message}")]
    Failed {
        /// What happened, as it should be shown.
        message: alloc::string::String,
    },
    /// The run was cancelled.
    #[error("the run was cancelled")]
    Cancelled,
    /// A value was refused.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl StageError {
    /// It could not do its work.
    #[must_use]
    pub fn failed(message: impl Into<alloc::string::String>) -> Self {
        Self::Failed { message: message.into() }
    }
}
