//! A JUnit report as a part of a pipeline.

use std::sync::Arc;

use devops_core::{Analysis, Analyzer, AnalyzerError, ChangeSet, Context, Descriptor, async_trait};

use super::reader::JunitReader;
use super::report::TestReport;

/// JUnit reports of a test run as an [`Analyzer`]: findings for failed tests, and the measures of
/// [`TestReport::to_analysis`]. A report that cannot be read, or holds no case, is an error.
///
/// ```
/// use devops_analyzers::junit::{JunitReader, JunitSource};
/// use devops_core::{Analyzer as _, AnalyzerKind, ChangeSet, Context, Descriptor};
///
/// let descriptor = Descriptor::new("tests", AnalyzerKind::Review)?.with_required(true);
/// let report = b"<testsuite><testcase name='a'><failure>no</failure></testcase></testsuite>".to_vec();
/// let source = JunitSource::new(descriptor, JunitReader::new(), [report]);
/// # futures::executor::block_on(async {
/// let analysis = source.analyze(&ChangeSet::default(), &Context::new()).await?;
/// assert_eq!(analysis.findings[0].message(), "test `a` failed: no");
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct JunitSource {
    descriptor: Descriptor,
    reader: JunitReader,
    reports: Vec<Arc<[u8]>>,
}

impl JunitSource {
    /// Those reports, read by that reader: one file, or one for each suite.
    #[must_use]
    pub fn new<B: Into<Arc<[u8]>>>(
        descriptor: Descriptor,
        reader: JunitReader,
        reports: impl IntoIterator<Item = B>,
    ) -> Self {
        Self { descriptor, reader, reports: reports.into_iter().map(Into::into).collect() }
    }

    /// The tests of all reports.
    ///
    /// # Errors
    ///
    /// [`AnalyzerError::Failed`] where a report is refused or none holds a case, [`AnalyzerError::OverBudget`].
    pub fn report(&self, context: &Context) -> Result<TestReport, AnalyzerError> {
        let mut all = TestReport::default();
        for bytes in &self.reports {
            context.check()?;
            context.spend(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
            let one = self.reader.read(bytes).map_err(|error| AnalyzerError::failed(error.to_string()))?;
            all = all.merged(one);
        }
        if all.cases().is_empty() {
            return Err(AnalyzerError::failed("the test report holds no test case"));
        }
        Ok(all)
    }
}

#[async_trait]
impl Analyzer for JunitSource {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn analyze(&self, _change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        context.checkpoint().await?;
        Ok(self.report(context)?.to_analysis())
    }
}
