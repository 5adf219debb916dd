//! What an analyzer found.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::{Fingerprint, Location, RuleId, Severity, Timestamp};

/// Something that an analyzer found: rule, severity, message, place, and what makes it the same finding in the
/// next run.
///
/// ```
/// use devops_core::{Finding, Location, Region, RepoPath, RuleId, Severity};
///
/// let finding = Finding::new(RuleId::new("style/line-length")?, Severity::Info, "line of 140 characters")
///     .at(Location::new(RepoPath::new("src/lib.rs")?).with_region(Region::line(3)?))
///     .with_context(b"let x = 1;");
/// assert_eq!(finding.to_string(), "info src/lib.rs:3: line of 140 characters [style/line-length]");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    rule: RuleId,
    severity: Severity,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    fingerprint: Fingerprint,
    #[serde(rename = "content_fingerprint")]
    rename_key: Fingerprint,
    #[serde(default, skip_serializing_if = "is_false")]
    heuristic: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(default)]
    baseline: BaselineState,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Whether a finding was there before.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BaselineState {
    /// No baseline was given, or it cannot tell.
    #[default]
    Unknown,
    /// Not in the baseline.
    New,
    /// In the baseline as it is.
    Unchanged,
    /// In the baseline, not found any more.
    Fixed,
}

/// Why a finding is not counted; it stays in the report, marked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Suppression {
    /// What suppresses it.
    pub kind: SuppressionKind,
    /// Why, in the words of who suppressed it.
    pub reason: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// Whether the change under judgement itself adds it: then it is shown and lifts no veto.
    #[serde(default, skip_serializing_if = "is_false")]
    pub added_by_change: bool,
}

impl Suppression {
    /// A suppression with a reason, without owner or end.
    #[must_use]
    pub const fn new(kind: SuppressionKind, reason: String) -> Self {
        Self { kind, reason, owner: None, expires: None, added_by_change: false }
    }

    /// The same, answered for by `owner`.
    #[must_use]
    pub fn with_owner(self, owner: String) -> Self {
        Self { owner: Some(owner), ..self }
    }

    /// The same until `expires`.
    #[must_use]
    pub fn with_expiry(self, expires: Timestamp) -> Self {
        Self { expires: Some(expires), ..self }
    }

    /// The same, added by the very change that it speaks of.
    #[must_use]
    pub fn with_added_by_change(self, added_by_change: bool) -> Self {
        Self { added_by_change, ..self }
    }
}

/// What suppresses a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuppressionKind {
    /// A marker in the source.
    InSource,
    /// It was known before.
    Baseline,
    /// A waiver with an owner and an end.
    Waiver,
    /// The tool that found it says so.
    Tool,
}

impl Finding {
    /// A finding of the change as a whole; see [`Finding::at`] for its place.
    #[must_use]
    pub fn new(rule: RuleId, severity: Severity, message: impl Into<String>) -> Self {
        let message = message.into();
        let rename_key = Fingerprint::of_finding(&rule, None, message.as_bytes());
        Self {
            rule,
            severity,
            message,
            location: None,
            fingerprint: rename_key,
            rename_key,
            heuristic: false,
            fix: None,
            help: None,
            baseline: BaselineState::Unknown,
            suppressions: Vec::new(),
        }
    }

    /// At that place. Until [`Finding::with_context`] gives the code there, the message stands for it.
    #[must_use]
    pub fn at(self, location: Location) -> Self {
        let context = self.message.clone();
        Self { location: Some(location), ..self }.with_context(context.as_bytes())
    }

    /// With the code that the finding is about (its line, or the lines around it): with rule and path it makes
    /// the [`Fingerprint`], so that a finding stays the same when lines above it move.
    #[must_use]
    pub fn with_context(mut self, context: &[u8]) -> Self {
        let path = self.location.as_ref().map(Location::path);
        self.fingerprint = Fingerprint::of_finding(&self.rule, path, context);
        self.rename_key = Fingerprint::of_finding(&self.rule, None, context);
        self
    }

    /// With a fingerprint that the tool which found it computed.
    #[must_use]
    pub fn with_fingerprint(self, fingerprint: Fingerprint) -> Self {
        Self { fingerprint, ..self }
    }

    /// Marked as found by a heuristic: it never blocks on its own.
    #[must_use]
    pub fn with_heuristic(self, heuristic: bool) -> Self {
        Self { heuristic, ..self }
    }

    /// With what would mend it.
    #[must_use]
    pub fn with_fix(self, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..self }
    }

    /// With the address of a page that explains the rule.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// With its state against a baseline.
    #[must_use]
    pub fn with_baseline(self, baseline: BaselineState) -> Self {
        Self { baseline, ..self }
    }

    /// With one more suppression.
    #[must_use]
    pub fn with_suppression(mut self, suppression: Suppression) -> Self {
        self.suppressions.push(suppression);
        self
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> &RuleId {
        &self.rule
    }

    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// What it says, in one sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it is; `None` for the change as a whole.
    #[must_use]
    pub const fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// What makes it the same finding in the next run.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The second key, which survives a rename of the file.
    #[must_use]
    pub const fn rename_key(&self) -> Fingerprint {
        self.rename_key
    }

    /// Whether a heuristic found it.
    #[must_use]
    pub const fn is_heuristic(&self) -> bool {
        self.heuristic
    }

    /// What would mend it.
    #[must_use]
    pub fn fix(&self) -> Option<&str> {
        self.fix.as_deref()
    }

    /// The address of a page that explains the rule.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Its state against a baseline.
    #[must_use]
    pub const fn baseline(&self) -> BaselineState {
        self.baseline
    }

    /// What suppresses it.
    #[must_use]
    pub fn suppressions(&self) -> &[Suppression] {
        &self.suppressions
    }

    /// Whether anything suppresses it.
    #[must_use]
    pub fn is_suppressed(&self) -> bool {
        !self.suppressions.is_empty()
    }

    /// Whether it counts as a veto: nothing suppresses it but markers that the change itself adds.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.suppressions.iter().all(|s| s.added_by_change)
    }

    /// The order of reports: by place, then rule, then fingerprint.
    #[must_use]
    pub fn report_order(&self, other: &Self) -> Ordering {
        self.location
            .cmp(&other.location)
            .then_with(|| self.rule.cmp(&other.rule))
            .then_with(|| self.fingerprint.cmp(&other.fingerprint))
            .then_with(|| self.message.cmp(&other.message))
            .then_with(|| self.severity.cmp(&other.severity))
    }
}

impl core::fmt::Display for Finding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.severity)?;
        if let Some(location) = &self.location {
            write!(f, " {location}")?;
        }
        write!(f, ": {} [{}]", self.message, self.rule)
    }
}

/// Sorts findings for a report and tells equal ones apart, so that no two share a fingerprint by accident.
///
/// Findings that are alike in everything, place included, are one finding and are kept once.
///
/// ```
/// use devops_core::{Finding, RuleId, Severity, settle_findings};
///
/// let todo = Finding::new(RuleId::new("todo")?, Severity::Info, "to do");
/// assert_eq!(settle_findings(vec![todo.clone(), todo]).len(), 1);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn settle_findings(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(Finding::report_order);
    findings.dedup();
    let mut seen = alloc::collections::BTreeMap::new();
    for finding in &mut findings {
        let count: &mut u64 = seen.entry(finding.fingerprint).or_default();
        finding.fingerprint = finding.fingerprint.nth(*count);
        *count = count.saturating_add(1);
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Region, RepoPath};

    fn finding(line: u32, context: &[u8]) -> Finding {
        let location = Location::new(RepoPath::new("a.rs").unwrap()).with_region(Region::line(line).unwrap());
        Finding::new("r".parse().unwrap(), Severity::Minor, "m").at(location).with_context(context)
    }

    #[test]
    fn fingerprints_survive_moves_and_renames() {
        assert_eq!(finding(3, b"x").fingerprint(), finding(9, b"x").fingerprint());
        let moved = Location::new(RepoPath::new("b.rs").unwrap());
        let other = Finding::new("r".parse().unwrap(), Severity::Minor, "m").at(moved).with_context(b"x");
        assert_ne!(finding(3, b"x").fingerprint(), other.fingerprint());
        assert_eq!(finding(3, b"x").rename_key(), other.rename_key());
    }

    #[test]
    fn settling_is_order_free_and_unique() {
        let settled = settle_findings(alloc::vec![finding(9, b"x"), finding(3, b"x"), finding(3, b"y")]);
        let again = settle_findings(alloc::vec![finding(3, b"y"), finding(3, b"x"), finding(9, b"x")]);
        assert_eq!(settled, again);
        let mut prints: Vec<_> = settled.iter().map(Finding::fingerprint).collect();
        prints.sort();
        prints.dedup();
        assert_eq!(prints.len(), 3);
    }

    #[test]
    fn a_marker_of_the_change_itself_lifts_no_veto() {
        let own = Suppression::new(SuppressionKind::InSource, "why".into()).with_added_by_change(true);
        let old = Suppression::new(SuppressionKind::InSource, "why".into());
        assert!(finding(1, b"x").with_suppression(own.clone()).is_open());
        assert!(!finding(1, b"x").with_suppression(own).with_suppression(old).is_open());
    }
}
