//! One rule: what a kind of secret looks like.

use devops_core::{RuleId, Severity};

use super::allowlist::Allowlist;
use super::pattern::Pattern;

/// What a kind of secret looks like, in the terms of a gitleaks rule.
///
/// ```
/// use devops_analyzers::secrets::RuleSet;
///
/// let rules = RuleSet::builtin();
/// let rule = rules.get("github-pat").unwrap();
/// assert_eq!(rule.keywords(), ["ghp_"]);
/// assert!(rule.entropy().is_some());
/// ```
#[derive(Debug, Clone)]
pub struct Rule {
    pub(super) id: String,
    pub(super) finding_id: RuleId,
    pub(super) description: String,
    pub(super) regex: Option<Pattern>,
    pub(super) path: Option<Pattern>,
    /// 0: the first group that is not empty.
    pub(super) secret_group: usize,
    /// 0: any.
    pub(super) entropy: f64,
    /// In lower case.
    pub(super) keywords: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) allowlists: Vec<Allowlist>,
    pub(super) required: Vec<Required>,
    pub(super) skip_report: bool,
}

/// Another rule that must match nearby.
#[derive(Debug, Clone)]
pub(super) struct Required {
    pub(super) id: String,
    pub(super) within_lines: Option<u64>,
    pub(super) within_columns: Option<u64>,
}

impl Rule {
    /// The id in the rule file, such as `github-pat`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The id in findings: `secrets/` and the id in the rule file.
    #[must_use]
    pub fn finding_id(&self) -> &RuleId {
        &self.finding_id
    }

    /// What it finds, in one sentence; empty where the rule file says nothing.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The regular expression as the rule file writes it; `None` where the path alone decides.
    #[must_use]
    pub fn regex(&self) -> Option<&str> {
        self.regex.as_ref().map(Pattern::source)
    }

    /// The regular expression of the paths it looks at; `None` for all.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_ref().map(Pattern::source)
    }

    /// The entropy that a secret must exceed, in bits per character; `None` for any.
    #[must_use]
    pub fn entropy(&self) -> Option<f64> {
        (self.entropy > 0.0).then_some(self.entropy)
    }

    /// The words of which one must be there, in lower case; none for rules that always run.
    #[must_use]
    pub fn keywords(&self) -> &[String] {
        &self.keywords
    }

    /// The tags.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// How bad a match is: critical, or what a tag such as `severity:minor` says.
    ///
    /// ```
    /// use devops_analyzers::secrets::RuleSet;
    /// use devops_core::Severity;
    ///
    /// let text = "[[rules]]\nid = 'a'\nregex = 'b'\ntags = ['severity:minor']";
    /// assert_eq!(RuleSet::from_toml(text)?.get("a").unwrap().severity(), Severity::Minor);
    /// assert_eq!(RuleSet::builtin().get("github-pat").unwrap().severity(), Severity::Critical);
    /// # Ok::<(), devops_analyzers::secrets::RuleError>(())
    /// ```
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.tags
            .iter()
            .find_map(|tag| tag.strip_prefix("severity:")?.parse().ok())
            .unwrap_or(Severity::Critical)
    }

    /// Whether it looks for anything that is assigned to a telling name, so that a rule for a known form of
    /// token is to be preferred.
    pub(super) fn is_generic(&self) -> bool {
        self.id.to_ascii_lowercase().contains("generic")
    }
}
