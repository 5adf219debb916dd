//! Puts a pipeline together.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use devops_core::{Analyzer, AnalyzerId, MetricId, Scanner, ScannerExt as _, Stage, metric};

use crate::guard::guarded;
use crate::{
    AnalyzerSet, BuildRunner, Deployer, Fault, Observer, Pipeline, PipelineError, PipelinePolicy, TestRunner,
    Timer, Validator,
};

/// Puts a [`Pipeline`] together; made by [`Pipeline::builder`].
#[derive(Debug, Default)]
#[must_use]
pub struct PipelineBuilder {
    analyzers: Vec<Arc<dyn Analyzer>>,
    pub(crate) build: Option<Arc<dyn BuildRunner>>,
    pub(crate) test: Option<Arc<dyn TestRunner>>,
    pub(crate) deployer: Option<Arc<dyn Deployer>>,
    pub(crate) validator: Option<Arc<dyn Validator>>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) timer: Option<Arc<dyn Timer>>,
    pub(crate) policy: PipelinePolicy,
}

impl PipelineBuilder {
    /// With an analyzer or report reader; its kind decides which stage runs it.
    pub fn analyzer(self, analyzer: impl Analyzer + 'static) -> Self {
        self.shared_analyzer(Arc::new(analyzer))
    }

    /// With an analyzer that others hold too.
    pub fn shared_analyzer(mut self, analyzer: Arc<dyn Analyzer>) -> Self {
        self.analyzers.push(analyzer);
        self
    }

    /// With a scanner; its kind decides which stage runs it.
    pub fn scanner(self, scanner: impl Scanner + 'static) -> Self {
        self.shared_analyzer(Arc::new(scanner.into_analyzer()))
    }

    /// With what builds.
    pub fn build_runner(self, runner: impl BuildRunner + 'static) -> Self {
        Self { build: Some(Arc::new(runner)), ..self }
    }

    /// With what tests.
    pub fn test_runner(self, runner: impl TestRunner + 'static) -> Self {
        Self { test: Some(Arc::new(runner)), ..self }
    }

    /// With what deploys.
    pub fn deployer(self, deployer: impl Deployer + 'static) -> Self {
        Self { deployer: Some(Arc::new(deployer)), ..self }
    }

    /// With what looks at the deployed thing.
    pub fn validator(self, validator: impl Validator + 'static) -> Self {
        Self { validator: Some(Arc::new(validator)), ..self }
    }

    /// With who is told.
    pub fn observer(self, observer: impl Observer + 'static) -> Self {
        Self { observer: Some(Arc::new(observer)), ..self }
    }

    /// With where time comes from.
    pub fn timer(self, timer: impl Timer + 'static) -> Self {
        Self { timer: Some(Arc::new(timer)), ..self }
    }

    /// With a policy; the recommended one where none is given.
    pub fn policy(self, policy: PipelinePolicy) -> Self {
        Self { policy, ..self }
    }

    /// Checks it all.
    ///
    /// # Errors
    ///
    /// [`PipelineError`] with all faults at once: ids that are there twice or belong to the pipeline itself,
    /// implementations that panic when they are asked who they are.
    ///
    /// ```
    /// use devops_core::{Analysis, AnalyzerKind, analyzer_fn};
    /// use devops_pipeline::Pipeline;
    ///
    /// let named = |id| analyzer_fn(id, AnalyzerKind::Style, |_, _| Ok(Analysis::new()));
    /// let error = Pipeline::builder()
    ///     .analyzer(named("a")?)
    ///     .analyzer(named("a")?)
    ///     .analyzer(named("stage/build")?)
    ///     .build()
    ///     .unwrap_err();
    /// assert_eq!(error.faults().len(), 2);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn build(mut self) -> Result<Pipeline, PipelineError> {
        let (set, mut faults) = AnalyzerSet::asked(core::mem::take(&mut self.analyzers));
        let reserved = set.descriptors().map(devops_core::Descriptor::id);
        let reserved = reserved.filter(|id| id.as_str().starts_with("stage/"));
        faults.extend(reserved.map(|id| Fault::ReservedId { id: id.clone() }));
        let expected = match self.test.as_ref().map(|t| guarded(|| t.measures())) {
            None => BTreeSet::new(),
            Some(Ok(measures)) => expected_of_tests(measures),
            Some(Err(panic)) => {
                faults.push(Fault::TestRunnerPanicked { message: panic.0 });
                BTreeSet::new()
            }
        };
        PipelineError::unless_empty(faults)?;
        let required = self.required(&set);
        let (code, security) = set.split(Stage::CodeAnalysis);
        Ok(Pipeline { parts: self, code, security, expected, required })
    }

    /// What must have run to an end.
    fn required(&self, set: &AnalyzerSet) -> BTreeSet<AnalyzerId> {
        let rule = &self.policy.spec().required;
        let mut required = rule.ids.clone();
        let wanted = set.descriptors().filter(|d| rule.registered || d.is_required());
        required.extend(wanted.map(|d| d.id().clone()));
        let runners = [(self.build.is_some(), Stage::Build), (self.test.is_some(), Stage::Test)];
        let runners = runners.into_iter().filter(|(there, _)| *there && rule.registered);
        required.extend(runners.filter_map(|(_, stage)| stage_id(stage)));
        required
    }
}

fn expected_of_tests(mut measures: BTreeSet<MetricId>) -> BTreeSet<MetricId> {
    let counts = [metric::TESTS_RUN, metric::TESTS_FAILED, metric::TESTS_SKIPPED];
    measures.extend(counts.iter().filter_map(|m| MetricId::new(m).ok()));
    measures
}

/// Under which id the runner of a stage stands among the sources.
pub(crate) fn stage_id(stage: Stage) -> Option<AnalyzerId> {
    AnalyzerId::new(&alloc::format!("stage/{stage}")).ok()
}
