//! Conditions on findings, as people write them.

use alloc::string::String;
use core::fmt;

use devops_core::{BaselineState, Finding, Severity, Value};

use crate::gate::unwritten::is_default;
use crate::score::sources::counts;

/// Which findings a condition looks at, and what it makes of them; each filter narrows the selection.
///
/// A finding is looked at where it is there and nothing suppresses it but the change itself. Findings of
/// heuristics never block on their own, so they are left out unless asked for.
///
/// ```
/// use devops_core::{Finding, Measures, RuleId, Severity};
/// use devops_gates::{ConditionSpec, Evidence, FindingsSpec, Gate, GateSpec, Status};
///
/// let major = FindingsSpec::count().with_min_severity(Severity::Major);
/// let spec = GateSpec::new("g")
///     .with_condition(ConditionSpec::on_findings("few", major, "<= 1"))
///     .with_condition(ConditionSpec::on_findings("mild", FindingsSpec::max_severity(), "<= minor"));
/// let finding = Finding::new(RuleId::new("sql/injection")?, Severity::Major, "a query of text");
/// let measures = Measures::new();
/// let verdict = Gate::build(spec)?.evaluate(&Evidence::new(&measures).with_findings([&finding]));
/// assert_eq!(verdict.condition("few").unwrap().status(), Status::Passed);
/// assert_eq!(verdict.condition("mild").unwrap().reason().argument("value"), Some("major"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct FindingsSpec {
    /// What is made of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub what: FindingsMeasure,
    /// Only findings of that severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::severity"))]
    pub severity: Option<Severity>,
    /// Only findings of that severity and worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::severity"))]
    pub min_severity: Option<Severity>,
    /// Only findings of that rule: its id, its part behind the last `/`, or a family such as `style/*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Only findings in those files: a pattern with `*`, `**` and `?`, or a directory with all below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only findings that the baseline does not have. One of which that is not known counts as new.
    #[serde(default, skip_serializing_if = "is_default")]
    pub new_only: bool,
    /// With the findings of heuristics.
    #[serde(default, skip_serializing_if = "is_default")]
    pub heuristics: bool,
}

/// What is made of findings.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum FindingsMeasure {
    /// How many there are; criteria are numbers, such as `<= 3`.
    #[default]
    Count,
    /// The worst severity among them, `none` where there are none; criteria are severities, such as `<= minor`.
    MaxSeverity,
}

/// Whether a pattern fits a path, or names a directory above it.
pub(crate) fn in_path(finding: &Finding, pattern: &str) -> bool {
    finding.location().is_some_and(|location| {
        let below = || !pattern.ends_with('/') && location.path().fits(&alloc::format!("{pattern}/"));
        location.path().fits(pattern) || below()
    })
}

impl FindingsSpec {
    /// How many findings there are.
    #[must_use]
    pub fn count() -> Self {
        Self::default()
    }

    /// The worst severity of the findings.
    #[must_use]
    pub fn max_severity() -> Self {
        Self { what: FindingsMeasure::MaxSeverity, ..Self::default() }
    }

    /// Only of that severity.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    /// Only of that severity and worse.
    #[must_use]
    pub fn with_min_severity(self, severity: Severity) -> Self {
        Self { min_severity: Some(severity), ..self }
    }

    /// Only of that rule.
    #[must_use]
    pub fn with_rule(self, rule: impl Into<String>) -> Self {
        Self { rule: Some(rule.into()), ..self }
    }

    /// Only in those files.
    #[must_use]
    pub fn with_path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// Only new ones.
    #[must_use]
    pub fn with_new_only(self, new_only: bool) -> Self {
        Self { new_only, ..self }
    }

    /// With or without those of heuristics.
    #[must_use]
    pub fn with_heuristics(self, heuristics: bool) -> Self {
        Self { heuristics, ..self }
    }

    /// Whether it looks at a finding.
    ///
    /// ```
    /// use devops_core::{Finding, RuleId, Severity};
    /// use devops_gates::FindingsSpec;
    ///
    /// let finding = Finding::new(RuleId::new("style/tabs")?, Severity::Minor, "a tab");
    /// assert!(FindingsSpec::count().with_rule("style/*").selects(&finding));
    /// assert!(!FindingsSpec::count().with_min_severity(Severity::Major).selects(&finding));
    /// assert!(!FindingsSpec::count().with_path("src").selects(&finding));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn selects(&self, finding: &Finding) -> bool {
        counts(finding)
            && (self.heuristics || !finding.is_heuristic())
            && self.severity.is_none_or(|s| finding.severity() == s)
            && self.min_severity.is_none_or(|s| finding.severity() >= s)
            && self.rule.as_ref().is_none_or(|rule| finding.rule().fits(rule))
            && self.path.as_ref().is_none_or(|pattern| in_path(finding, pattern))
            && !(self.new_only && finding.baseline() == BaselineState::Unchanged)
    }

    /// What it makes of findings.
    pub(crate) fn value(&self, findings: &[&Finding]) -> Value {
        let selected = findings.iter().filter(|f| self.selects(f));
        match self.what {
            FindingsMeasure::Count => {
                let n = u32::try_from(selected.count()).unwrap_or(u32::MAX);
                Value::Number { value: n.into() }
            }
            FindingsMeasure::MaxSeverity => {
                let worst = selected.map(|f| f.severity()).max();
                Value::Text { value: worst.map_or("none", Severity::as_str).into() }
            }
        }
    }
}

impl fmt::Display for FindingsSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.new_only { "new findings" } else { "findings" })?;
        if let Some(severity) = self.severity {
            write!(f, ", {severity}")?;
        }
        if let Some(severity) = self.min_severity {
            write!(f, ", {severity} or worse")?;
        }
        if let Some(rule) = &self.rule {
            write!(f, ", rule {}", devops_core::excerpt(rule))?;
        }
        match &self.path {
            Some(path) => write!(f, ", in {}", devops_core::excerpt(path)),
            None => Ok(()),
        }
    }
}
