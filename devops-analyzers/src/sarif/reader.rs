//! Reads SARIF.

use std::borrow::Cow;
use std::collections::BTreeMap;

use devops_core::{RepoPath, Severity};
use serde::de::DeserializeSeed as _;

use super::error::SarifError;
use super::json::{Budget, List, Loose, Scalar, Seed};
use super::report::{SarifReport, SarifRun};
use super::resolve::Resolver;
use super::shape::{Document, Invocation, Notification, Presence, Run};
use super::stream::Walk;
use crate::report_path::ReportPaths;

/// How many bytes the lists of runs, rules and files may take.
const LIST_BUDGET: usize = 256 * 1024 * 1024;

/// Reads SARIF 2.1.0 reports into findings.
///
/// It is lenient with each result and strict with the file: what is wrong with one result becomes a
/// [`SarifWarning`](super::SarifWarning) with its number, and as much of the result as makes sense is kept; a file
/// that is cut off, no JSON, no SARIF or too large is a [`SarifError`]. The results are read one by one, so the
/// memory taken is that of the findings kept.
///
/// **Severity** is taken from the first of these that a result or its rule has:
/// [`with_rule_severity`](Self::with_rule_severity), `properties.security-severity`
/// ([`severity_of_number`](super::severity_of_number)), `level` ([`severity_of_level`](super::severity_of_level)),
/// the rule's `defaultConfiguration.level`, and `warning`. A result of the kind `open`, `review` or
/// `informational` is info; one of the kind `pass` or `notApplicable` is counted and is no finding. `rank` is not
/// used: no two tools mean the same by it.
///
/// **Fingerprints** are made from the rule, the path and the line at the finding's place where the file's
/// contents are known, else from the `partialFingerprints` of the tool, else from its snippet, else from the
/// message. `fingerprints` are not used: some tools write one and the same text there for every result.
///
/// **Columns** are kept only where the contents are known, since SARIF counts UTF-16 units and we count bytes.
///
/// ```
/// use devops_analyzers::sarif::SarifReader;
/// use devops_core::Severity;
///
/// let report = SarifReader::new().read(br#"{
///     "version": "2.1.0",
///     "runs": [{
///         "tool": {"driver": {"name": "bandit"}},
///         "results": [{
///             "ruleId": "B608", "level": "warning", "message": {"text": "SQL from a string"},
///             "locations": [{"physicalLocation": {
///                 "artifactLocation": {"uri": "app/db.py"}, "region": {"startLine": 12}
///             }}]
///         }]
///     }]
/// }"#)?;
/// let finding = report.findings().next().unwrap();
/// assert_eq!(finding.to_string(), "minor app/db.py:12: SQL from a string [B608]");
/// # Ok::<(), devops_analyzers::sarif::SarifError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SarifReader {
    paths: ReportPaths,
    max_bytes: usize,
    max_results: u64,
    at_most: Severity,
    rules: BTreeMap<String, Severity>,
}

impl Default for SarifReader {
    fn default() -> Self {
        Self {
            paths: ReportPaths::new(),
            max_bytes: 1024 * 1024 * 1024,
            max_results: 2_000_000,
            at_most: Severity::Critical,
            rules: BTreeMap::new(),
        }
    }
}

impl SarifReader {
    /// At most 1 GiB and two million results; file names as they are.
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

    /// Counts further results without reading them; the analysis is then partial.
    #[must_use]
    pub fn with_max_results(self, max_results: u64) -> Self {
        Self { max_results, ..self }
    }

    /// No finding is worse than that, rules with a severity of their own excepted: for tools that call
    /// everything an error.
    #[must_use]
    pub fn with_severity_at_most(self, severity: Severity) -> Self {
        Self { at_most: severity, ..self }
    }

    /// Findings of that rule have that severity, whatever the report says. A `*` at the end stands for any
    /// rest; the longest that fits counts.
    ///
    /// ```
    /// use devops_analyzers::sarif::SarifReader;
    /// use devops_core::Severity;
    ///
    /// let reader = SarifReader::new()
    ///     .with_rule_severity("E*", Severity::Info)
    ///     .with_rule_severity("E999", Severity::Major);
    /// # let report = reader.read(br#"{"version":"2.1.0","runs":[{"results":[
    /// #     {"ruleId":"E501","message":{"text":"m"}},{"ruleId":"E999","message":{"text":"m"}}]}]}"#)?;
    /// # let severities: Vec<_> = report.findings().map(|f| f.severity()).collect();
    /// # assert_eq!(severities, [Severity::Info, Severity::Major]);
    /// # Ok::<(), devops_analyzers::sarif::SarifError>(())
    /// ```
    #[must_use]
    pub fn with_rule_severity(mut self, rule: &str, severity: Severity) -> Self {
        self.rules.insert(rule.to_owned(), severity);
        self
    }

    pub(super) const fn paths(&self) -> &ReportPaths {
        &self.paths
    }

    pub(super) const fn max_results(&self) -> u64 {
        self.max_results
    }

    pub(super) fn capped(&self, severity: Severity) -> Severity {
        severity.min(self.at_most)
    }

    pub(super) fn severity_of_rule(&self, rule: &str) -> Option<Severity> {
        if let Some(severity) = self.rules.get(rule) {
            return Some(*severity);
        }
        let fits = |pattern: &str| pattern.strip_suffix('*').is_some_and(|start| rule.starts_with(start));
        self.rules.iter().filter(|(p, _)| fits(p)).max_by_key(|(p, _)| p.len()).map(|(_, s)| *s)
    }

    /// Reads a report without knowing the files that it speaks of.
    ///
    /// # Errors
    ///
    /// [`SarifError`].
    pub fn read(&self, bytes: &[u8]) -> Result<SarifReport, SarifError> {
        self.read_with(bytes, &|_| None)
    }

    /// Reads a report; `contents` gives a file as it was when the tool looked at it, where it is known.
    ///
    /// # Errors
    ///
    /// [`SarifError`].
    ///
    /// ```
    /// use devops_analyzers::sarif::SarifReader;
    ///
    /// let bytes = r#"{"version":"2.1.0","runs":[{"results":[{
    ///     "ruleId": "r", "message": {"text": "m"},
    ///     "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"},
    ///         "region": {"startLine": 1, "startColumn": 4}}}]
    /// }]}]}"#;
    /// let report = SarifReader::new().read_with(bytes.as_bytes(), &|_| Some("é = 1\n".as_bytes()))?;
    /// let finding = report.findings().next().unwrap();
    /// // The third character starts at the fifth byte.
    /// assert_eq!(finding.location().unwrap().to_string(), "a.py:1:5");
    /// # Ok::<(), devops_analyzers::sarif::SarifError>(())
    /// ```
    pub fn read_with<'a>(
        &self,
        bytes: &[u8],
        contents: &'a dyn Fn(&RepoPath) -> Option<&'a [u8]>,
    ) -> Result<SarifReport, SarifError> {
        let text = self.text(bytes)?;
        let shapes = read_shapes(&text)?;
        let runs = shapes.iter().map(|run| run.get().map_or_else(unreadable_run, run_of)).collect();
        let mut resolver = Resolver::new(self, &shapes, contents, runs);
        let mut json = serde_json::Deserializer::from_str(&text);
        Walk::new(&mut resolver).deserialize(&mut json).map_err(|e| SarifError::json(&e))?;
        let mut runs = resolver.runs;
        for (run, shape) in runs.iter_mut().zip(&shapes) {
            let taken = count(run.findings.len()).saturating_add(run.passed).saturating_add(run.unreadable);
            if let Some(Presence::List(listed)) = shape.get().map(|s| s.results) {
                run.left_out = listed.saturating_sub(taken);
            }
        }
        Ok(SarifReport { runs })
    }

    fn text<'b>(&self, bytes: &'b [u8]) -> Result<Cow<'b, str>, SarifError> {
        if bytes.len() > self.max_bytes {
            return Err(SarifError::TooLarge { bytes: bytes.len(), limit: self.max_bytes });
        }
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(SarifError::Utf16);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = core::str::from_utf8(bytes);
        let text = text.map_err(|error| SarifError::NotUtf8 { offset: error.valid_up_to() })?;
        Ok(super::surrogate::mended(text))
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The first look: everything but the results.
fn read_shapes(text: &str) -> Result<Vec<Loose<Run>>, SarifError> {
    let budget = Budget::new(LIST_BUDGET);
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Seed::<Loose<Document>>::new(&budget).deserialize(&mut json);
    let document =
        read.and_then(|document| json.end().map(|()| document)).map_err(|e| SarifError::json(&e))?;
    let Loose::Is(document) = document else {
        let found = "no object".to_owned();
        return Err(SarifError::Shape { field: "(the whole file)", found, expected: "an object" });
    };
    if let Some(field) = document.repeated {
        return Err(SarifError::Repeated { field });
    }
    match &document.version {
        Scalar::Text(version) if version == "2.1.0" => {}
        Scalar::Text(version) => {
            return Err(SarifError::Version { version: devops_core::excerpt(version) });
        }
        other => {
            let found = format!("{other}");
            return Err(SarifError::Shape { field: "version", found, expected: "`2.1.0`" });
        }
    }
    let Loose::Is(List(runs)) = document.runs else {
        let found = if document.runs == Loose::Absent { "missing" } else { "no list" }.to_owned();
        return Err(SarifError::Shape { field: "runs", found, expected: "a list of runs" });
    };
    if budget.is_exceeded() {
        return Err(SarifError::TooMuch { limit: LIST_BUDGET });
    }
    for run in runs.iter().filter_map(Loose::get) {
        if let Some(field) = run.repeated {
            return Err(SarifError::Repeated { field });
        }
        if run.results == Presence::Wrong {
            let found = "no list".to_owned();
            return Err(SarifError::Shape { field: "results", found, expected: "a list of results" });
        }
    }
    Ok(runs)
}

fn unreadable_run() -> SarifRun {
    let mut run = SarifRun::default();
    run.warn(None, "run is no object: cannot be read".to_owned());
    run
}

/// What a run says besides its results.
fn run_of(shape: &Run) -> SarifRun {
    let driver = shape.tool.get().and_then(|tool| tool.driver.get());
    let text = |scalar: Option<&Scalar>| scalar.and_then(Scalar::text).unwrap_or_default().to_owned();
    let mut run = SarifRun {
        tool: text(driver.map(|d| &d.name)),
        version: text(driver.map(|d| if d.version.is_given() { &d.version } else { &d.semantic_version })),
        looked: matches!(shape.results, Presence::List(_)),
        ..SarifRun::default()
    };
    if shape.external.get().is_some_and(|e| e.results != Presence::Absent) {
        run.failures.push("results stand in another file, which was not given".to_owned());
    }
    for invocation in shape.invocations.get().into_iter().flat_map(|List(items)| items).filter_map(Loose::get)
    {
        failures_of(invocation, &mut run.failures);
    }
    run
}

fn failures_of(invocation: &Invocation, failures: &mut Vec<String>) {
    if invocation.successful == Scalar::Bool(false) {
        let code = if invocation.exit_code.is_given() {
            format!(" (exit code {})", invocation.exit_code)
        } else {
            String::new()
        };
        let why = invocation.exit_description.text().map(|t| format!(": {}", devops_core::excerpt(t)));
        failures.push(format!("the tool reports an unsuccessful run{code}{}", why.unwrap_or_default()));
    }
    for list in [&invocation.notifications, &invocation.configuration] {
        for notification in list.get().into_iter().flat_map(|List(items)| items).filter_map(Loose::get) {
            failures.extend(error_of(notification));
        }
    }
}

/// The text of a notification of an error; warnings and notes of the tool say nothing of its results.
fn error_of(notification: &Notification) -> Option<String> {
    if notification.level.text() != Some("error") {
        return None;
    }
    let text = notification.message.get().and_then(|m| m.text.text()).unwrap_or("an error without a message");
    Some(devops_core::excerpt(text))
}
