//! An analyzer of one's own in a pipeline: every new public Rust function has a doc comment.
//!
//! `git diff | cargo run --example custom_analyzer`

use std::io::Read as _;

use devops_analyzers::secrets::SecretScanner;
use devops_core::{
    Analysis, Analyzer, AnalyzerError, AnalyzerKind, ChangeSet, Context, Descriptor, Finding, JobId,
    Location, PipelineJob, Region, RuleId, Severity, async_trait,
};
use devops_pipeline::Pipeline;

/// Looks for `pub fn` on added lines without `///` on the line above.
#[derive(Debug)]
struct DocumentedFunctions(Descriptor);

#[async_trait]
impl Analyzer for DocumentedFunctions {
    fn descriptor(&self) -> &Descriptor {
        &self.0
    }

    async fn analyze(&self, change: &ChangeSet, context: &Context) -> Result<Analysis, AnalyzerError> {
        let rule = RuleId::new("undocumented-function")?;
        let mut analysis = Analysis::new();
        for file in change.files() {
            context.checkpoint().await?; // lets others run, and ends a cancelled run
            let Some(path) = file.new_path().filter(|p| p.extension() == Some("rs")) else { continue };
            let mut documented = false;
            for line in file.added_lines() {
                let text = line.text.trim_ascii_start();
                if let (true, false, Some(number)) = (text.starts_with(b"pub fn "), documented, line.new_line)
                {
                    let finding =
                        Finding::new(rule.clone(), Severity::Minor, "public function without a doc comment")
                            .at(Location::new(path.clone()).with_region(Region::line(number)?))
                            .with_context(line.text);
                    analysis.findings.push(finding);
                }
                documented = text.starts_with(b"///") || text.starts_with(b"#[");
            }
        }
        Ok(analysis)
    }
}

fn main() -> anyhow::Result<()> {
    let mut diff = Vec::new();
    std::io::stdin().read_to_end(&mut diff)?;
    let change = ChangeSet::from_diff(&diff)?;
    let analyzer = DocumentedFunctions(Descriptor::new("documented-functions", AnalyzerKind::Style)?);
    let pipeline = Pipeline::builder().analyzer(analyzer).scanner(SecretScanner::new()?).build()?;
    let job = PipelineJob::new(JobId::new("custom")?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(pipeline.run(&job, &change, &Context::new()));
    print!("{}", report.to_text());
    Ok(())
}
