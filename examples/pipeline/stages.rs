//! Build and test stages that run a command of the user's and read the reports it leaves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use devops_analyzers::cobertura::CoberturaReader;
use devops_analyzers::coverage::Coverage;
use devops_analyzers::junit::{self, JunitReader};
use devops_analyzers::lcov::LcovReader;
use devops_analyzers::report_path::ReportPaths;
use devops_core::{MetricId, async_trait, metric};
use devops_pipeline::{BuildReport, BuildRunner, StageError, StageInput, TestReport, TestRunner};

/// How much of what a command printed last is told when it fails.
const TAIL_LINES: usize = 5;

/// Builds by a shell command.
#[derive(Debug)]
pub(crate) struct CommandBuild {
    pub(crate) command: String,
    pub(crate) root: PathBuf,
}

#[async_trait]
impl BuildRunner for CommandBuild {
    async fn build(&self, _input: &StageInput<'_>) -> Result<BuildReport, StageError> {
        Ok(match run(&self.command, &self.root).await? {
            Ended::Well => BuildReport::passed(format!("`{}` succeeded", self.command)),
            Ended::Badly(how) => BuildReport::failed(format!("`{}` {how}", self.command)),
        })
    }
}

/// Tests by a shell command, by reports that are there already, or by both.
#[derive(Debug)]
pub(crate) struct ReportedTests {
    pub(crate) command: Option<String>,
    pub(crate) junit: Vec<PathBuf>,
    pub(crate) coverage: Vec<PathBuf>,
    pub(crate) paths: ReportPaths,
    pub(crate) root: PathBuf,
}

impl ReportedTests {
    /// Whether there is anything to do.
    pub(crate) fn is_configured(&self) -> bool {
        self.command.is_some() || !self.junit.is_empty() || !self.coverage.is_empty()
    }
}

#[async_trait]
impl TestRunner for ReportedTests {
    fn measures(&self) -> BTreeSet<MetricId> {
        let coverage = (!self.coverage.is_empty()).then_some(metric::TEST_COVERAGE);
        coverage.into_iter().filter_map(|id| MetricId::new(id).ok()).collect()
    }

    async fn test(&self, input: &StageInput<'_>) -> Result<TestReport, StageError> {
        let ended = match &self.command {
            Some(command) => Some((command, run(command, &self.root).await?)),
            None => None,
        };
        let mut report = match (self.cases()?, &ended) {
            (Some(cases), _) => of_cases(&cases)?,
            // Without a report of its own the command is one test.
            (None, Some((_, Ended::Well))) => TestReport::new(1, 0, 0),
            (None, Some((_, Ended::Badly(_)))) => TestReport::new(1, 1, 0),
            (None, None) => {
                return Err(StageError::failed(
                    "only coverage is given: name a JUnit report or a test command",
                ));
            }
        };
        if let Some((command, Ended::Badly(how))) = &ended {
            report = report.with_passed(false).with_summary(format!("`{command}` {how}"));
        }
        if let Some(coverage) = self.coverage()? {
            let new_code = coverage.of_new_code(input.change);
            report = report.with_measure(coverage.measure()).with_measure(new_code.measure());
        }
        Ok(report)
    }
}

impl ReportedTests {
    /// The cases of all JUnit reports; `None` where none is named.
    fn cases(&self) -> Result<Option<junit::TestReport>, StageError> {
        let reader = JunitReader::new().with_paths(self.paths.clone());
        let mut all: Option<junit::TestReport> = None;
        for path in &self.junit {
            let report = reader.read(&read(path)?).map_err(|error| named(path, &error))?;
            all = Some(match all {
                Some(before) => before.merged(report),
                None => report,
            });
        }
        Ok(all)
    }

    /// The lines of all coverage reports; `None` where none is named.
    fn coverage(&self) -> Result<Option<Coverage>, StageError> {
        let mut all: Option<Coverage> = None;
        for path in &self.coverage {
            let bytes = read(path)?;
            let coverage = if path.extension().is_some_and(|e| e == "xml") {
                let reader = CoberturaReader::new().with_paths(self.paths.clone());
                reader.read(&bytes).map_err(|error| named(path, &error))?
            } else {
                let reader = LcovReader::new().with_paths(self.paths.clone());
                reader.read(&bytes).map_err(|error| named(path, &error))?
            };
            all = Some(match all {
                Some(before) => before.merged(coverage),
                None => coverage,
            });
        }
        Ok(all)
    }
}

fn of_cases(cases: &junit::TestReport) -> Result<TestReport, StageError> {
    if cases.cases().is_empty() {
        return Err(StageError::failed("the JUnit report holds no test case"));
    }
    let report = TestReport::new(cases.run(), cases.failed(), cases.skipped());
    Ok(cases.to_analysis().findings.into_iter().fold(report, TestReport::with_finding))
}

fn read(path: &Path) -> Result<Vec<u8>, StageError> {
    std::fs::read(path).map_err(|error| named(path, &error))
}

fn named(path: &Path, error: &dyn std::error::Error) -> StageError {
    StageError::failed(format!("`{}`: {error}", path.display()))
}

/// How a command ended.
enum Ended {
    Well,
    Badly(String),
}

async fn run(command: &str, root: &Path) -> Result<Ended, StageError> {
    let output = tokio::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(root)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| StageError::failed(format!("`{command}` could not be started: {error}")))?;
    if output.status.success() {
        return Ok(Ended::Well);
    }
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let lines: Vec<&str> = printed.lines().filter(|l| !l.trim().is_empty()).collect();
    let tail = lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or_default().join(" / ");
    Ok(Ended::Badly(format!("failed ({}): {tail}", output.status)))
}
