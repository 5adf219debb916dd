//! Writes SARIF.

use std::collections::BTreeMap;

use devops_core::{AnalyzerRun, Descriptor, Finding, Outcome, RepoPath, RuleId, Severity, Stage};

use super::resolve::Contents;
use super::written::{
    Configuration, Driver, Invocation, Log, Notification, Properties, Rule, Run, Text, Tool,
};
use super::written_result::{Files, result};

/// Writes findings as SARIF 2.1.0, so that code-hosting sites and editors show them.
///
/// One run for each analyzer: what it found, what it could not look at (as notifications of errors), and where it
/// did not run to an end no list of results at all, so that no reader takes it for a clean scan. Severities become
/// levels (critical and major `error`, minor `warning`, info `note`), for security analyzers `security-severity`
/// on the rule too; the severity itself stands in `properties` as `devops/severity`, and
/// [`SarifReader`](super::SarifReader) reads it back. Fingerprints stand under
/// [`Fingerprint::SCHEME`](devops_core::Fingerprint::SCHEME); columns and `primaryLocationLineHash` are written
/// only where the contents of the file are given.
///
/// The same runs give the same bytes; findings are written in the order of reports, whatever order they come in.
///
/// ```
/// use devops_analyzers::sarif::{SarifReader, SarifWriter};
/// use devops_core::{AnalyzerKind, Descriptor, Finding, RuleId, Severity};
///
/// let descriptor = Descriptor::new("style", AnalyzerKind::Style)?.with_version("1.0.0");
/// let finding = Finding::new(RuleId::new("todo")?, Severity::Minor, "a to-do without an owner");
/// let sarif = SarifWriter::new().write_findings(&descriptor, &[finding.clone()]);
/// let report = SarifReader::new().read(sarif.as_bytes())?;
/// assert_eq!(report.findings().collect::<Vec<_>>(), [&finding]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SarifWriter {
    information: Option<String>,
    compact: bool,
}

impl SarifWriter {
    /// Writes indented JSON.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the address of a page about the tool.
    #[must_use]
    pub fn with_information(self, address: impl Into<String>) -> Self {
        Self { information: Some(address.into()), ..self }
    }

    /// On one line.
    #[must_use]
    pub fn with_compact(self, compact: bool) -> Self {
        Self { compact, ..self }
    }

    /// Writes the findings of one analyzer that ran to an end.
    #[must_use]
    pub fn write_findings(&self, descriptor: &Descriptor, findings: &[Finding]) -> String {
        let analysis = devops_core::Analysis::new().with_findings(findings.iter().cloned());
        self.write(&[AnalyzerRun { descriptor: descriptor.clone(), outcome: Outcome::Completed(analysis) }])
    }

    /// Writes what analyzers found, without knowing the files.
    ///
    /// ```
    /// use devops_analyzers::sarif::{SarifReader, SarifWriter};
    /// use devops_core::{AnalyzerKind, AnalyzerRun, Descriptor, Outcome};
    ///
    /// let descriptor = Descriptor::new("secrets", AnalyzerKind::Secrets)?;
    /// let run = AnalyzerRun { descriptor, outcome: Outcome::TimedOut { limit_ms: 500 } };
    /// let report = SarifReader::new().read(SarifWriter::new().write(&[run]).as_bytes())?;
    /// assert_eq!(report.outcome().status(), "failed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn write(&self, runs: &[AnalyzerRun]) -> String {
        self.write_with(runs, &|_| None)
    }

    /// Writes what analyzers found; `contents` gives a file as it is behind the change, where it is known.
    #[must_use]
    pub fn write_with<'c>(
        &self,
        runs: &[AnalyzerRun],
        contents: &'c dyn Fn(&RepoPath) -> Option<&'c [u8]>,
    ) -> String {
        let mut files = Files::new(contents as Contents<'c>);
        let runs = runs.iter().map(|run| self.run(run, &mut files)).collect();
        let log = Log { schema: Log::SCHEMA, version: "2.1.0", runs };
        let text =
            if self.compact { serde_json::to_string(&log) } else { serde_json::to_string_pretty(&log) };
        // Text, numbers and lists only: nothing that JSON could refuse.
        text.unwrap_or_default()
    }

    fn run(&self, run: &AnalyzerRun, files: &mut Files<'_>) -> Run {
        let is_security = run.descriptor.kind().stage() == Stage::SecurityScan;
        let mut findings: Vec<&Finding> =
            run.outcome.analysis().into_iter().flat_map(|analysis| &analysis.findings).collect();
        findings.sort_by(|a, b| a.report_order(b));
        let rules = rules_of(&findings, is_security);
        let places: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(n, r)| (&*r.id, n)).collect();
        let results = findings
            .iter()
            .map(|finding| {
                let index = places.get(finding.rule().as_str()).copied();
                let rule = index.and_then(|i| rules.get(i));
                result(finding, index, rule.and_then(|r| r.help.as_deref()), files)
            })
            .collect();
        Run {
            invocations: vec![invocation(&run.outcome)],
            results: run.outcome.analysis().map(|_| results),
            column_kind: "utf16CodeUnits",
            tool: Tool {
                driver: Driver {
                    name: run.descriptor.id().to_string(),
                    version: Some(run.descriptor.version()).filter(|v| !v.is_empty()).map(str::to_owned),
                    information: self.information.clone(),
                    rules,
                },
            },
        }
    }
}

/// How the run ended, and what it could not look at.
fn invocation(outcome: &Outcome) -> Invocation {
    let Outcome::Completed(analysis) = outcome else {
        let skipped = matches!(outcome, Outcome::Skipped { .. });
        return Invocation {
            successful: skipped,
            description: Some(outcome.to_string()),
            notifications: Vec::new(),
        };
    };
    let skipped = analysis.skipped.iter().map(|s| (format!("{}: {}", s.what, s.reason), "error"));
    let notes = analysis.notes.iter().map(|note| (note.clone(), "note"));
    let notifications =
        skipped.chain(notes).map(|(text, level)| Notification { level, message: Text { text } });
    Invocation { successful: true, description: None, notifications: notifications.collect() }
}

/// The rules that findings name, by id, each as bad as its worst finding.
fn rules_of(findings: &[&Finding], is_security: bool) -> Vec<Rule> {
    let mut rules: BTreeMap<&RuleId, (Severity, Option<&str>)> = BTreeMap::new();
    for finding in findings {
        let entry = rules.entry(finding.rule()).or_insert((finding.severity(), None));
        entry.0 = entry.0.max(finding.severity());
        entry.1 = entry.1.or_else(|| finding.help().filter(|h| is_address(h)));
    }
    let rules = rules.into_iter().map(|(id, (worst, help))| Rule {
        id: id.to_string(),
        short: Text { text: id.to_string() },
        help: help.map(str::to_owned),
        configuration: Configuration { level: level(worst) },
        properties: is_security.then(|| Properties {
            security_severity: Some(security_severity(worst)),
            tags: Some(&["security"]),
            ..Properties::default()
        }),
    });
    rules.collect()
}

/// The schema asks for a URI.
fn is_address(help: &str) -> bool {
    let rest = help.strip_prefix("https://").or_else(|| help.strip_prefix("http://"));
    rest.is_some_and(|r| !r.is_empty())
        && help.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b))
}

pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Major => "error",
        Severity::Minor => "warning",
        Severity::Info => "note",
    }
}

/// The middle of each band that code-hosting sites read.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::Major => "8.0",
        Severity::Minor => "5.5",
        Severity::Info => "2.0",
    }
}
