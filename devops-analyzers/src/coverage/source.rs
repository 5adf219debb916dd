//! Coverage as a part of a pipeline.

use devops_core::{Analysis, Analyzer, AnalyzerError, ChangeSet, Context, Descriptor, async_trait};

use super::Coverage;

/// How many warnings and files an analysis shows.
const SHOWN: usize = 5;

/// A [`Coverage`] as an [`Analyzer`]: the measure `test_coverage` of everything and of the new code.
///
/// ```
/// use devops_analyzers::coverage::{Coverage, CoverageSource};
/// use devops_core::{Analyzer as _, AnalyzerKind, ChangeSet, Context, Descriptor, RepoPath};
///
/// let mut coverage = Coverage::new();
/// coverage.add(&RepoPath::new("a.py")?, 1, 1);
/// let source = CoverageSource::new(Descriptor::new("coverage", AnalyzerKind::Review)?, coverage);
/// # futures::executor::block_on(async {
/// let analysis = source.analyze(&ChangeSet::default(), &Context::new()).await?;
/// assert_eq!(analysis.measures.len(), 2);
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CoverageSource {
    descriptor: Descriptor,
    coverage: Coverage,
}

impl CoverageSource {
    /// That coverage.
    #[must_use]
    pub const fn new(descriptor: Descriptor, coverage: Coverage) -> Self {
        Self { descriptor, coverage }
    }

    /// What the pipeline gets.
    #[must_use]
    pub fn analysis(&self, change: &ChangeSet) -> Analysis {
        let new = self.coverage.of_new_code(change);
        let mut analysis = Analysis::new().with_measure(self.coverage.measure()).with_measure(new.measure());
        for path in new.unmeasured.iter().take(SHOWN) {
            analysis = analysis.with_note(format!("the coverage report says nothing of `{path}`"));
        }
        for warning in self.coverage.warnings().iter().take(SHOWN) {
            analysis = analysis.with_note(warning.clone());
        }
        analysis
    }
}

#[async_trait]
impl Analyzer for CoverageSource {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        context.checkpoint().await?;
        Ok(self.analysis(change))
    }
}
