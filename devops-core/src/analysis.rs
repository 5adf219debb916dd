//! What an analyzer returns.

use alloc::string::String;
use alloc::vec::Vec;

use crate::{Finding, Location, Measure, Ratio, RepoPath};

/// What an analyzer returns: findings, measures, and what it could not look at.
///
/// It does not score itself; `devops-gates` does that from what is here.
///
/// ```
/// use devops_core::{Analysis, Finding, RuleId, Severity};
///
/// let analysis = Analysis::new()
///     .with_finding(Finding::new(RuleId::new("size")?, Severity::Minor, "the change is large"))
///     .with_skipped("logo.png", "binary");
/// assert!(!analysis.is_complete());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Analysis {
    /// What it found.
    pub findings: Vec<Finding>,
    /// What it measured: one of each metric and scope. What is measured twice counts for nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// The touched functions, for the complexity score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<FunctionComplexity>,
    /// The probability of a defect, for the risk score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<ChangeRisk>,
    /// What it could not look at, and why; nothing where it is complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// What the reader should know besides, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Analysis {
    /// A complete analysis that found nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more finding.
    #[must_use]
    pub fn with_finding(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }

    /// With more findings.
    #[must_use]
    pub fn with_findings(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(findings);
        self
    }

    /// With one more measure.
    #[must_use]
    pub fn with_measure(mut self, measure: Measure) -> Self {
        self.measures.push(measure);
        self
    }

    /// With one more touched function.
    #[must_use]
    pub fn with_function(mut self, function: FunctionComplexity) -> Self {
        self.functions.push(function);
        self
    }

    /// With the risk of a defect.
    #[must_use]
    pub fn with_risk(self, risk: ChangeRisk) -> Self {
        Self { risk: Some(risk), ..self }
    }

    /// With one more thing that it could not look at.
    #[must_use]
    pub fn with_skipped(mut self, what: impl Into<String>, reason: impl Into<String>) -> Self {
        self.skipped.push(Skipped { what: what.into(), reason: reason.into() });
        self
    }

    /// With one more sentence for the reader.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Whether it looked at everything.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.skipped.is_empty()
    }

    /// The same with everything in the order of reports: equal analyses become equal bytes.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.findings = crate::settle_findings(self.findings);
        self.measures.sort_by(|a, b| (a.metric(), a.scope()).cmp(&(b.metric(), b.scope())));
        self.functions.sort_by(|a, b| a.location.cmp(&b.location).then_with(|| a.name.cmp(&b.name)));
        self.skipped.sort();
        self.notes.sort();
        if let Some(risk) = &mut self.risk {
            risk.files.sort_by(|a, b| a.path.cmp(&b.path));
        }
        self
    }
}

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "what and why are all there is")]
pub struct Skipped {
    /// What: a path, or a part of a report.
    pub what: String,
    /// Why, in a few words.
    pub reason: String,
}

/// How complex a touched function is, and was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct FunctionComplexity {
    /// Its name, with the type it belongs to where that is known.
    pub name: String,
    /// Where it stands behind the change.
    pub location: Location,
    /// Its complexity behind the change.
    pub now: Complexity,
    /// Its complexity before the change: zero for a new function, `None` where the old file is not known.
    pub before: Option<Complexity>,
    /// Whether the language is known only roughly; then it never blocks on its own.
    pub heuristic: bool,
}

impl FunctionComplexity {
    /// A function of which only the state behind the change is known.
    #[must_use]
    pub fn new(name: impl Into<String>, location: Location, now: Complexity) -> Self {
        Self { name: name.into(), location, now, before: None, heuristic: false }
    }

    /// With its state before the change.
    #[must_use]
    pub fn with_before(self, before: Complexity) -> Self {
        Self { before: Some(before), ..self }
    }

    /// Marked as known only roughly.
    #[must_use]
    pub fn with_heuristic(self, heuristic: bool) -> Self {
        Self { heuristic, ..self }
    }
}

/// The three figures of a function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "a plain record that analyzers fill in")]
pub struct Complexity {
    /// Cognitive complexity (Campbell 2018).
    pub cognitive: u32,
    /// Cyclomatic complexity (McCabe 1976): 1 + decisions.
    pub cyclomatic: u32,
    /// Lines from its first to its last.
    pub lines: u32,
}

/// The probability that a change brings a defect.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ChangeRisk {
    /// Of the whole change.
    pub probability: Ratio,
    /// Whether the probability is calibrated on the team's own history.
    pub calibrated: bool,
    /// Of each file's part of the change.
    pub files: Vec<FileRisk>,
}

impl ChangeRisk {
    /// The risk of the whole change, uncalibrated, without files.
    #[must_use]
    pub const fn new(probability: Ratio) -> Self {
        Self { probability, calibrated: false, files: Vec::new() }
    }

    /// Marked as calibrated.
    #[must_use]
    pub fn with_calibrated(self, calibrated: bool) -> Self {
        Self { calibrated, ..self }
    }

    /// With the risk of one more file.
    #[must_use]
    pub fn with_file(mut self, file: FileRisk) -> Self {
        self.files.push(file);
        self
    }
}

/// The probability that one file's part of a change brings a defect.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct FileRisk {
    /// The file.
    pub path: RepoPath,
    /// The probability.
    pub probability: Ratio,
    /// What contributed, most first, in a few words each.
    pub reasons: Vec<String>,
}

impl FileRisk {
    /// That file with that probability.
    #[must_use]
    pub const fn new(path: RepoPath, probability: Ratio) -> Self {
        Self { path, probability, reasons: Vec::new() }
    }

    /// With one more reason.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        self
    }
}
