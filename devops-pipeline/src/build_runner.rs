//! Who builds.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use async_trait::async_trait;
use devops_core::{Finding, Measure};

use crate::{StageError, StageInput};

/// Builds the change.
///
/// # Contract
///
/// - A build that fails is an answer, [`BuildReport::failed`]; an error means that it could not be tried.
/// - The code analysis is in the input: what changed, how risky it is. An implementation may build less for it.
/// - The future may be dropped at every await, when the run is cancelled; what it started must end then.
///
/// ```
/// use devops_core::{ChangeSet, Context, JobId, PipelineJob, async_trait};
/// use devops_pipeline::{BuildReport, BuildRunner, StageError, StageInput};
///
/// #[derive(Debug)]
/// struct Nothing;
///
/// #[async_trait]
/// impl BuildRunner for Nothing {
///     async fn build(&self, input: &StageInput<'_>) -> Result<BuildReport, StageError> {
///         Ok(BuildReport::passed(format!("nothing to build in {} files", input.change.files().len())))
///     }
/// }
///
/// let (job, change, context) = (PipelineJob::new(JobId::new("1")?), ChangeSet::default(), Context::new());
/// let report = futures::executor::block_on(Nothing.build(&StageInput::new(&job, &change, &context)))?;
/// assert!(report.passed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[async_trait]
pub trait BuildRunner: Send + Sync + fmt::Debug {
    /// Builds.
    async fn build(&self, input: &StageInput<'_>) -> Result<BuildReport, StageError>;
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        #[async_trait]
        impl<T: BuildRunner + ?Sized> BuildRunner for $kind {
            async fn build(&self, input: &StageInput<'_>) -> Result<BuildReport, StageError> {
                (**self).build(input).await
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// What came of a build.
///
/// ```
/// use devops_pipeline::BuildReport;
///
/// assert!(!BuildReport::failed("2 errors in src/cart.rs").passed);
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct BuildReport {
    /// Whether it was built.
    pub passed: bool,
    /// What happened, in a sentence.
    pub summary: String,
    /// What it measured, such as the size of what was built.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// What it found, such as warnings; they count among the open findings of the gate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl BuildReport {
    /// It was built.
    #[must_use]
    pub fn passed(summary: impl Into<String>) -> Self {
        Self { passed: true, summary: summary.into(), measures: Vec::new(), findings: Vec::new() }
    }

    /// It could not be built.
    #[must_use]
    pub fn failed(summary: impl Into<String>) -> Self {
        Self { passed: false, ..Self::passed(summary) }
    }

    /// With one more measure.
    #[must_use]
    pub fn with_measure(mut self, measure: Measure) -> Self {
        self.measures.push(measure);
        self
    }

    /// With one more finding.
    #[must_use]
    pub fn with_finding(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }
}

/// A [`BuildRunner`] of a function; made by [`build_fn`].
#[derive(Clone)]
pub struct FnBuildRunner<F>(F);

impl<F> fmt::Debug for FnBuildRunner<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnBuildRunner").finish_non_exhaustive()
    }
}

/// A [`BuildRunner`] of a function that does not wait: for results that are there already, and for tests.
///
/// ```
/// use devops_pipeline::{BuildReport, BuildRunner, build_fn};
///
/// let built_before = build_fn(|_input| Ok(BuildReport::passed("built by the job before")));
/// # let _: &dyn BuildRunner = &built_before;
/// ```
pub const fn build_fn<F>(build: F) -> FnBuildRunner<F>
where
    F: Fn(&StageInput<'_>) -> Result<BuildReport, StageError> + Send + Sync,
{
    FnBuildRunner(build)
}

#[async_trait]
impl<F> BuildRunner for FnBuildRunner<F>
where
    F: Fn(&StageInput<'_>) -> Result<BuildReport, StageError> + Send + Sync,
{
    async fn build(&self, input: &StageInput<'_>) -> Result<BuildReport, StageError> {
        (self.0)(input)
    }
}
