//! A SARIF report as a source of findings in a pipeline.

use std::sync::Arc;

use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, Finding, LineKind,
    Outcome, Scanner, ValueError, async_trait,
};

use super::reader::SarifReader;

/// A SARIF report of a tool that has already run, as an [`Analyzer`] and [`Scanner`] among the others.
///
/// A report that did not look, or broke off with empty hands, is an error: it is never read as a clean scan.
/// Contents of files come from the [`Context`] or the change.
///
/// ```
/// use devops_analyzers::sarif::{SarifReader, SarifSource};
/// use devops_core::{AnalyzerKind, ChangeSet, Context, Descriptor, Scanner as _};
///
/// let report = br#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"bandit"}},"results":[]}]}"#;
/// let descriptor = Descriptor::new("sarif/bandit", AnalyzerKind::Sast)?.with_required(true);
/// let source = SarifSource::new(descriptor, SarifReader::new(), report.to_vec());
/// # futures::executor::block_on(async {
/// assert!(source.scan(&ChangeSet::default(), &Context::new()).await?.is_complete());
/// # Ok::<(), devops_core::AnalyzerError>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SarifSource {
    descriptor: Descriptor,
    reader: SarifReader,
    bytes: Arc<[u8]>,
    changed_only: bool,
}

impl SarifSource {
    /// That report, read by that reader.
    #[must_use]
    pub fn new(descriptor: Descriptor, reader: SarifReader, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { descriptor, reader, bytes: bytes.into(), changed_only: false }
    }

    /// The report of the tool `name`, which is required: without it the change does not pass.
    ///
    /// # Errors
    ///
    /// [`ValueError`] where `sarif/name` is no [`AnalyzerId`](devops_core::AnalyzerId).
    pub fn required(name: &str, kind: AnalyzerKind, bytes: impl Into<Arc<[u8]>>) -> Result<Self, ValueError> {
        let descriptor = Descriptor::new(&format!("sarif/{name}"), kind)?.with_required(true);
        Ok(Self::new(descriptor, SarifReader::new(), bytes))
    }

    /// Reads with that reader.
    #[must_use]
    pub fn with_reader(self, reader: SarifReader) -> Self {
        Self { reader, ..self }
    }

    /// Keeps only what touches an added line, or is about a changed file or the change as a whole. How many
    /// findings are left out is noted: the tool looked at the whole tree, and old faults are not this change's.
    /// Not for reports on dependencies: those speak of a lock file as a whole, at whatever line.
    #[must_use]
    pub fn with_changed_lines_only(self, changed_only: bool) -> Self {
        Self { changed_only, ..self }
    }

    /// What the pipeline gets, without waiting.
    ///
    /// # Errors
    ///
    /// [`AnalyzerError::Failed`] where the report is refused or says nothing, [`AnalyzerError::OverBudget`]
    /// where it is larger than the work budget.
    pub fn analysis(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        context.check()?;
        context.spend(u64::try_from(self.bytes.len()).unwrap_or(u64::MAX))?;
        let report = self.reader.read_with(&self.bytes, &|path| {
            context.file(path).or_else(|| change.file(path).and_then(|file| file.new_contents()))
        });
        let report = report.map_err(|error| AnalyzerError::failed(error.to_string()))?;
        match report.outcome() {
            Outcome::Completed(analysis) if self.changed_only => Ok(of_change(analysis, change)),
            Outcome::Completed(analysis) => Ok(analysis),
            Outcome::Failed { reason, .. } | Outcome::Skipped { reason } => {
                Err(AnalyzerError::failed(reason))
            }
            other => Err(AnalyzerError::failed(other.to_string())),
        }
    }
}

/// Without the findings that lie elsewhere.
fn of_change(mut analysis: Analysis, change: &ChangeSet) -> Analysis {
    let before = analysis.findings.len();
    analysis.findings.retain(|finding| touches(finding, change));
    let elsewhere = before.saturating_sub(analysis.findings.len());
    if elsewhere == 0 {
        return analysis;
    }
    analysis.with_note(format!("{elsewhere} findings outside the changed lines are left out"))
}

fn touches(finding: &Finding, change: &ChangeSet) -> bool {
    let Some(location) = finding.location() else { return true };
    let Some(file) = change.file(location.path()) else { return false };
    let Some(region) = location.region() else { return true };
    let lines = region.start_line()..=region.end_line();
    let all = file.hunks().iter().flat_map(devops_core::Hunk::lines);
    all.filter(|line| line.kind == LineKind::Added).any(|l| l.new_line.is_some_and(|n| lines.contains(&n)))
}

#[async_trait]
impl Analyzer for SarifSource {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        context.checkpoint().await?;
        self.analysis(change, context)
    }
}

#[async_trait]
impl Scanner for SarifSource {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn scan(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        context.checkpoint().await?;
        self.analysis(change, context)
    }
}
