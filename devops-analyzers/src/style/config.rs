//! The configuration of the style analyzer.

use std::collections::BTreeMap;

use devops_core::{Severity, ValueError, excerpt};

use super::rule::StyleRule;

/// Which rules of style run, how severe they are, and the longest line.
///
/// In files each rule is named by its id without `style/`; a severity replaces the rule's own, `off` switches
/// it off. `critical` is refused: style never blocks a release on its own.
///
/// ```
/// use devops_analyzers::style::{StyleConfig, StyleRule};
/// use devops_core::Severity;
///
/// let config: StyleConfig =
///     serde_json::from_str(r#"{"line_length": 100, "rules": {"todo-owner": "off", "mixed-newlines": "info"}}"#)?;
/// assert_eq!(config.severity(StyleRule::TodoOwner), None);
/// assert_eq!(config.severity(StyleRule::MixedNewlines), Some(Severity::Info));
/// assert!(serde_json::from_str::<StyleConfig>(r#"{"rules": {"todo-ownr": "off"}}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct StyleConfig {
    line_length: u32,
    severities: BTreeMap<StyleRule, Option<Severity>>,
}

impl Default for StyleConfig {
    fn default() -> Self {
        Self { line_length: 120, severities: BTreeMap::new() }
    }
}

impl StyleConfig {
    /// With a longest line, in characters.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] outside 20 to 10,000.
    pub fn with_line_length(self, characters: u32) -> Result<Self, ValueError> {
        if !(20..=10_000).contains(&characters) {
            return Err(ValueError::OutOfRange {
                field: "line_length",
                value: characters.to_string(),
                min: "20".to_owned(),
                max: "10000".to_owned(),
            });
        }
        Ok(Self { line_length: characters, ..self })
    }

    /// With another severity for a rule; `None` switches it off.
    ///
    /// # Errors
    ///
    /// [`ValueError::Inconsistent`] for [`Severity::Critical`].
    pub fn with_rule(mut self, rule: StyleRule, severity: Option<Severity>) -> Result<Self, ValueError> {
        if severity == Some(Severity::Critical) {
            return Err(ValueError::Inconsistent {
                field: "severity",
                value: "critical".to_owned(),
                expected: "`major`, `minor`, `info` or `off` for a rule of style",
            });
        }
        self.severities.insert(rule, severity);
        Ok(self)
    }

    /// The longest line, in characters.
    #[must_use]
    pub const fn line_length(&self) -> u32 {
        self.line_length
    }

    /// How severe a rule is; `None` where it is off.
    #[must_use]
    pub fn severity(&self, rule: StyleRule) -> Option<Severity> {
        self.severities.get(&rule).copied().unwrap_or_else(|| Some(rule.severity()))
    }
}

/// The form in files.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Form {
    line_length: u32,
    rules: BTreeMap<String, String>,
}

impl Default for Form {
    fn default() -> Self {
        Self { line_length: StyleConfig::default().line_length, rules: BTreeMap::new() }
    }
}

impl TryFrom<Form> for StyleConfig {
    type Error = ValueError;

    fn try_from(form: Form) -> Result<Self, ValueError> {
        let mut config = Self::default().with_line_length(form.line_length)?;
        for (name, severity) in form.rules {
            let rule = StyleRule::ALL.iter().copied().find(|r| r.name() == name).ok_or_else(|| {
                ValueError::Inconsistent {
                    field: "rule",
                    value: excerpt(&name),
                    expected: "a rule of style such as `line-length` or `todo-owner`",
                }
            })?;
            let severity = if severity == "off" { None } else { Some(severity.parse()?) };
            config = config.with_rule(rule, severity)?;
        }
        Ok(config)
    }
}

impl From<StyleConfig> for Form {
    fn from(config: StyleConfig) -> Self {
        let name = |severity: Option<Severity>| severity.map_or("off", Severity::as_str).to_owned();
        let rules =
            config.severities.into_iter().map(|(rule, s)| (rule.name().to_owned(), name(s))).collect();
        Self { line_length: config.line_length, rules }
    }
}
