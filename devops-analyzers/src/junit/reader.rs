//! Reads JUnit XML.

use super::duration::seconds;
use super::report::{TestCase, TestReport, TestResult};
use crate::report_path::ReportPaths;
use crate::xml::{Element, Piece, Pull, XmlError, document};

const EXPECTED: &str = "`<testsuites>` or `<testsuite>`";
/// How many characters of a failure are kept.
const MAX_MESSAGE: usize = 2000;

/// Reads JUnit XML as pytest, Surefire, Gradle, nextest, gotestsum, jest and others write it.
///
/// - Test cases are counted; the sums in `tests=` and `failures=` are only compared: Surefire leaves them out or
///   at 0, and some runners write them before the tests run.
/// - A case with `<failure>` failed, with `<error>` broke off, with `<skipped>` (or the states `skipped`,
///   `disabled`, `notrun`) did not run. `<flakyFailure>` and `<flakyError>` mark a case that passed in the end,
///   `<rerunFailure>` and `<rerunError>` further failures of one that did not.
/// - An `<error>` or `<failure>` directly in a suite is a case of its own: set-up that breaks takes its tests with
///   it.
/// - Entities that the document defines are not expanded, and no DTD is fetched.
///
/// ```
/// use devops_analyzers::junit::{JunitReader, XmlError};
///
/// let report = JunitReader::new().read(b"<testsuites><testsuite name='s'><testcase name='a'/></testsuite></testsuites>")?;
/// assert_eq!(report.run(), 1);
/// let cut = JunitReader::new().read(b"<testsuites><testsuite name='s'><testcase name='a'/>");
/// assert_eq!(cut.unwrap_err(), XmlError::Truncated { element: "testsuite".into() });
/// # Ok::<(), XmlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JunitReader {
    paths: ReportPaths,
    max_bytes: usize,
}

impl Default for JunitReader {
    fn default() -> Self {
        Self { paths: ReportPaths::new(), max_bytes: 256 * 1024 * 1024 }
    }
}

impl JunitReader {
    /// At most 256 MiB; file names as they are.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With these rules for file names.
    #[must_use]
    pub fn with_paths(self, paths: ReportPaths) -> Self {
        Self { paths, ..self }
    }

    /// Refuses larger files.
    #[must_use]
    pub fn with_max_bytes(self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self }
    }

    /// Reads a report.
    ///
    /// # Errors
    ///
    /// [`XmlError`].
    pub fn read(&self, bytes: &[u8]) -> Result<TestReport, XmlError> {
        let text = document(bytes, self.max_bytes)?;
        let mut pull = Pull::new(&text);
        let root = pull.root(&["testsuites", "testsuite"], EXPECTED)?;
        let mut report = TestReport::default();
        let mut suites = vec![Suite::of(&root)];
        while let Some(suite) = suites.last() {
            match pull.next()? {
                Piece::Start(element) => match &*element.name() {
                    "testsuite" => suites.push(Suite::of(&element)),
                    "testcase" => {
                        let case = self.case(&mut pull, &element, suite)?;
                        report.cases.push(case);
                    }
                    "failure" | "error" => {
                        let case = broken_suite(&mut pull, &element, suite)?;
                        report.cases.push(case);
                    }
                    _ => {
                        pull.text_of_element()?;
                    }
                },
                Piece::End => {
                    suites.pop();
                }
                Piece::Text(_) => {}
                Piece::Done => break,
            }
        }
        compare(&root, &mut report);
        Ok(report)
    }

    fn case(&self, pull: &mut Pull<'_>, element: &Element<'_>, suite: &Suite) -> Result<TestCase, XmlError> {
        let text = |name: &str| element.attribute(name).unwrap_or_default();
        let class = text("classname");
        let file = element.attribute("file").or_else(|| suite.file.clone());
        let mut case = TestCase {
            suite: if class.is_empty() { suite.name.clone() } else { class },
            name: text("name"),
            result: TestResult::Passed,
            duration: seconds(&text("time")),
            flaky: false,
            file: file.and_then(|name| Some(self.paths.resolve(&name)?.path)),
            line: text("line").trim().parse().ok().filter(|line| *line > 0),
            message: String::new(),
        };
        let states = [text("status"), text("result")];
        if states.iter().any(|state| matches!(&**state, "skipped" | "disabled" | "notrun" | "suppressed")) {
            case.result = TestResult::Skipped;
        }
        loop {
            match pull.next()? {
                Piece::Start(child) => take_child(pull, &child, &mut case)?,
                Piece::End | Piece::Done => return Ok(case),
                Piece::Text(_) => {}
            }
        }
    }
}

/// The suite that is being read.
struct Suite {
    name: String,
    file: Option<String>,
}

impl Suite {
    fn of(element: &Element<'_>) -> Self {
        Self { name: element.attribute("name").unwrap_or_default(), file: element.attribute("file") }
    }
}

fn take_child(pull: &mut Pull<'_>, child: &Element<'_>, case: &mut TestCase) -> Result<(), XmlError> {
    let result = match &*child.name() {
        "failure" | "rerunFailure" => TestResult::Failed,
        "error" | "rerunError" => TestResult::Errored,
        "skipped" | "disabled" => TestResult::Skipped,
        name => {
            case.flaky |= matches!(name, "flakyFailure" | "flakyError");
            pull.text_of_element()?;
            return Ok(());
        }
    };
    let message = reason(pull, child)?;
    // A failure outweighs a skip, and the first failure names the case.
    let outweighs =
        !case.is_failure() && (result != TestResult::Skipped || case.result == TestResult::Passed);
    if outweighs {
        case.result = result;
        case.message = message;
    }
    Ok(())
}

/// The message attribute, else the text, else the type.
fn reason(pull: &mut Pull<'_>, element: &Element<'_>) -> Result<String, XmlError> {
    let text = pull.text_of_element()?;
    let message = element.attribute("message").filter(|m| !m.trim().is_empty());
    let message = message.unwrap_or_else(|| text.trim().to_owned());
    let message = if message.is_empty() { element.attribute("type").unwrap_or_default() } else { message };
    Ok(message.chars().take(MAX_MESSAGE).collect())
}

fn broken_suite(pull: &mut Pull<'_>, element: &Element<'_>, suite: &Suite) -> Result<TestCase, XmlError> {
    let result = if element.name() == "error" { TestResult::Errored } else { TestResult::Failed };
    Ok(TestCase {
        suite: suite.name.clone(),
        name: "(the whole suite)".to_owned(),
        result,
        duration: None,
        flaky: false,
        file: None,
        line: None,
        message: reason(pull, element)?,
    })
}

/// Says where the report's own sums claim more failures than there are: then cases are missing.
fn compare(root: &Element<'_>, report: &mut TestReport) {
    let sum = |name: &str| element_count(root, name);
    let claimed = sum("failures").zip(sum("errors")).map(|(f, e)| f.saturating_add(e)).or(sum("failures"));
    let failed = report.failed();
    if let Some(claimed) = claimed.filter(|claimed| *claimed > failed) {
        report.warnings.push(format!("the report claims {claimed} failures and lists {failed}"));
    }
    let listed = u64::try_from(report.cases.len()).unwrap_or(u64::MAX);
    if let Some(claimed) = sum("tests").filter(|claimed| *claimed > listed) {
        report.warnings.push(format!("the report claims {claimed} tests and lists {listed}"));
    }
}

fn element_count(element: &Element<'_>, name: &str) -> Option<u64> {
    element.attribute(name)?.trim().parse().ok()
}
