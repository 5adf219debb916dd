//! The pipeline: eight stages, one report.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use devops_core::{AnalyzerId, ChangeSet, Context, Descriptor, Message, MetricId, PipelineJob, Stage};

use crate::builder::PipelineBuilder;
use crate::run::Run;
use crate::{AnalyzerSet, PipelinePolicy, PipelineReport};

/// Runs a change through the eight stages: analyzers and scanners look at it, it is built, tested, gated,
/// deployed and validated, and one report says what happened, why, and what to do next.
///
/// A stage without an implementation is skipped, and says so; it is never passed. What stops the run and what
/// must have run is the [`PipelinePolicy`].
///
/// ```
/// use devops_core::{Analysis, AnalyzerKind, ChangeSet, Context, JobId, PipelineJob, scanner_fn};
/// use devops_pipeline::{Pipeline, TestReport, test_fn};
///
/// let pipeline = Pipeline::builder()
///     .scanner(scanner_fn("secrets", AnalyzerKind::Secrets, |_, _| Ok(Analysis::new()))?)
///     .test_runner(test_fn(&[], |_input| Ok(TestReport::new(12, 1, 0))))
///     .build()?;
/// let (job, change) = (PipelineJob::new(JobId::new("1042")?), ChangeSet::default());
/// let report = futures::executor::block_on(pipeline.run(&job, &change, &Context::new()));
/// assert_eq!(report.outcome.status(), "failed"); // a test failed
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Pipeline {
    pub(crate) parts: PipelineBuilder,
    pub(crate) code: AnalyzerSet,
    pub(crate) security: AnalyzerSet,
    pub(crate) expected: BTreeSet<MetricId>,
    pub(crate) required: BTreeSet<AnalyzerId>,
}

impl Pipeline {
    /// A pipeline with nothing in it yet, under the recommended policy.
    pub fn builder() -> PipelineBuilder {
        PipelineBuilder::default()
    }

    /// Runs the change through.
    ///
    /// Everything happens in the caller's task; nothing is spawned. Dropping the future ends it all at once.
    /// Setting [`Context::cancellation`] ends it at the next poll, except that a deployment or rollback under
    /// way is brought to its end. The same job, change, context and answers of the implementations give the
    /// same report to the byte, whatever finished first; what depends on the clock is in
    /// [`PipelineReport::timings`].
    pub async fn run(&self, job: &PipelineJob, change: &ChangeSet, context: &Context) -> PipelineReport {
        // The image of the job is for the scanners to see, unless the caller named one.
        let with_image = match (&job.image, context.image()) {
            (Some(image), None) => Some(context.with_fresh_budget().with_image(image.clone())),
            _ => None,
        };
        Run::new(self, job, change, with_image.as_ref().unwrap_or(context)).complete().await
    }

    /// The policy.
    ///
    /// ```
    /// let pipeline = devops_pipeline::Pipeline::builder().build()?;
    /// assert_eq!(pipeline.policy().spec().name, "recommended");
    /// # Ok::<(), devops_pipeline::PipelineError>(())
    /// ```
    #[must_use]
    pub const fn policy(&self) -> &PipelinePolicy {
        &self.parts.policy
    }

    /// The analyzers and scanners: those of the code analysis, then those of the security scan, each by id.
    pub fn descriptors(&self) -> impl Iterator<Item = &Descriptor> {
        self.code.descriptors().chain(self.security.descriptors())
    }

    /// What is legal in it and most likely a mistake: remarks on the gate, and sources that are required and
    /// not registered, so that nothing can pass.
    ///
    /// ```
    /// let pipeline = devops_pipeline::Pipeline::builder().build()?;
    /// let remark = devops_pipeline::texts().render(&pipeline.lints()[0]);
    /// assert_eq!(remark, "required source `secrets` is not registered: no change can pass");
    /// # Ok::<(), devops_pipeline::PipelineError>(())
    /// ```
    #[must_use]
    pub fn lints(&self) -> Vec<Message> {
        let there = |id: &AnalyzerId| self.descriptors().any(|d| d.id() == id);
        let absent = self.policy().spec().required.ids.iter().filter(|id| !there(id));
        let absent = absent.map(|id| Message::new("lint.required_absent").with("source", id));
        let gate = self.policy().gate().lints().iter();
        absent.chain(gate.map(|lint| Message::new("lint.gate").with("lint", lint))).collect()
    }

    /// Whether a stage has what it takes to run.
    ///
    /// ```
    /// use devops_core::Stage;
    ///
    /// let pipeline = devops_pipeline::Pipeline::builder().build()?;
    /// assert!(!pipeline.has(Stage::Build) && pipeline.has(Stage::QualityGate));
    /// # Ok::<(), devops_pipeline::PipelineError>(())
    /// ```
    #[must_use]
    pub fn has(&self, stage: Stage) -> bool {
        match stage {
            Stage::CodeAnalysis => !self.code.is_empty(),
            Stage::SecurityScan => !self.security.is_empty(),
            Stage::Build => self.parts.build.is_some(),
            Stage::Test => self.parts.test.is_some(),
            Stage::QualityGate => true,
            Stage::Deployment => self.parts.deployer.is_some(),
            Stage::Validation => self.parts.validator.is_some(),
            Stage::Monitoring => false,
        }
    }
}
