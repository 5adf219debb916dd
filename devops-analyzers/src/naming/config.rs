//! The configuration of the naming analyzer.

use devops_core::{Severity, ValueError};

use super::declaration::NameKind;

/// Which kinds of names are looked at, and how severe a finding is.
///
/// ```
/// use devops_analyzers::naming::{NameKind, NamingConfig};
/// use devops_core::Severity;
///
/// let config: NamingConfig = serde_json::from_str(r#"{"severity": "info", "ignored_kinds": ["variable"]}"#)?;
/// assert_eq!((config.severity(), config.ignores(NameKind::Variable)), (Severity::Info, true));
/// assert!(serde_json::from_str::<NamingConfig>(r#"{"severity": "critical"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct NamingConfig {
    severity: Severity,
    ignored_kinds: Vec<NameKind>,
    ignored_names: Vec<String>,
}

impl Default for NamingConfig {
    fn default() -> Self {
        Self { severity: Severity::Minor, ignored_kinds: Vec::new(), ignored_names: Vec::new() }
    }
}

impl NamingConfig {
    /// With another severity.
    ///
    /// # Errors
    ///
    /// [`ValueError::Inconsistent`] for [`Severity::Critical`]: a name never blocks a release on its own.
    pub fn with_severity(self, severity: Severity) -> Result<Self, ValueError> {
        if severity == Severity::Critical {
            return Err(ValueError::Inconsistent {
                field: "severity",
                value: "critical".to_owned(),
                expected: "`major`, `minor` or `info` for a name",
            });
        }
        Ok(Self { severity, ..self })
    }

    /// Without a kind of names.
    #[must_use]
    pub fn without_kind(mut self, kind: NameKind) -> Self {
        self.ignored_kinds.push(kind);
        self
    }

    /// Without a name, whatever it is given to.
    #[must_use]
    pub fn without_name(mut self, name: impl Into<String>) -> Self {
        self.ignored_names.push(name.into());
        self
    }

    /// How severe a finding is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Whether a kind of names is left out.
    #[must_use]
    pub fn ignores(&self, kind: NameKind) -> bool {
        self.ignored_kinds.contains(&kind)
    }

    /// Whether a name is left out.
    #[must_use]
    pub fn ignores_name(&self, name: &str) -> bool {
        self.ignored_names.iter().any(|ignored| ignored == name)
    }
}

/// The form in files.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Form {
    severity: Severity,
    ignored_kinds: Vec<NameKind>,
    ignored_names: Vec<String>,
}

impl Default for Form {
    fn default() -> Self {
        NamingConfig::default().into()
    }
}

impl TryFrom<Form> for NamingConfig {
    type Error = ValueError;

    fn try_from(form: Form) -> Result<Self, ValueError> {
        let config =
            Self { ignored_kinds: form.ignored_kinds, ignored_names: form.ignored_names, ..Self::default() };
        config.with_severity(form.severity)
    }
}

impl From<NamingConfig> for Form {
    fn from(config: NamingConfig) -> Self {
        let NamingConfig { severity, ignored_kinds, ignored_names } = config;
        Self { severity, ignored_kinds, ignored_names }
    }
}
