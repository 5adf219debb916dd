//! Identifiers: short checked texts that are cheap to clone.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::borrow::Borrow;
use core::fmt;

use crate::ValueError;

/// ASCII letters, digits and `. _ - / :`, starting with a letter or digit, at most 200 bytes.
fn check_name(field: &'static str, value: &str) -> Result<(), ValueError> {
    const EXPECTED: &str =
        "1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit";
    if value.is_empty() {
        return Err(ValueError::Empty { field, expected: EXPECTED });
    }
    let starts = value.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let fits = value.len() <= 200
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b':'));
    if starts && fits { Ok(()) } else { Err(ValueError::malformed(field, value, EXPECTED)) }
}

/// Any text of one line, at most 500 bytes: what other tools call their rules, commits and jobs.
fn check_line(field: &'static str, value: &str) -> Result<(), ValueError> {
    const EXPECTED: &str = "1 to 500 bytes of text without control characters";
    if value.is_empty() {
        return Err(ValueError::Empty { field, expected: EXPECTED });
    }
    let plain = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if value.len() <= 500 && (plain(value) || !value.chars().any(char::is_control)) {
        Ok(())
    } else {
        Err(ValueError::malformed(field, value, EXPECTED))
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $field:literal, $check:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and takes the text.
            ///
            /// # Errors
            ///
            /// [`ValueError::Empty`] or [`ValueError::Malformed`].
            pub fn new(value: &str) -> Result<Self, ValueError> {
                Self::check(value)?;
                Ok(Self(Arc::from(value)))
            }

            /// Checks a text without taking it.
            ///
            /// # Errors
            ///
            /// As for [`new`](Self::new).
            pub fn check(value: &str) -> Result<(), ValueError> {
                $check($field, value)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = ValueError;

            fn try_from(value: String) -> Result<Self, ValueError> {
                Self::new(&value)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = ValueError;

            fn try_from(value: &str) -> Result<Self, ValueError> {
                Self::new(value)
            }
        }

        impl core::str::FromStr for $name {
            type Err = ValueError;

            fn from_str(value: &str) -> Result<Self, ValueError> {
                Self::new(value)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0.to_string()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id! {
    /// Names a metric, such as `test_coverage`.
    ///
    /// ```
    /// use devops_core::MetricId;
    ///
    /// assert_eq!(MetricId::new("test_coverage")?.as_str(), "test_coverage");
    /// assert!(MetricId::new("test coverage").is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    MetricId, "metric id", check_name
}
id! {
    /// Names an analyzer, scanner or report source, such as `secrets` or `sarif/ruff`.
    ///
    /// ```
    /// assert!(devops_core::AnalyzerId::new("sarif/ruff").is_ok());
    /// assert!(devops_core::AnalyzerId::new("").is_err());
    /// ```
    AnalyzerId, "analyzer id", check_name
}
id! {
    /// Names a condition or group of a gate.
    ///
    /// ```
    /// assert!(devops_core::ConditionId::new("tests_pass").is_ok());
    /// assert!(devops_core::ConditionId::new("-x").is_err());
    /// ```
    ConditionId, "condition id", check_name
}
id! {
    /// Names an item of a maturity model: a question, a measured value or a checklist.
    ///
    /// ```
    /// assert!(devops_core::ItemId::new("automation.deployments").is_ok());
    /// assert!(devops_core::ItemId::new("a b").is_err());
    /// ```
    ItemId, "item id", check_name
}
id! {
    /// Names a node of a maturity model: a dimension, a function or a practice.
    ///
    /// ```
    /// assert!(devops_core::NodeId::new("monitoring").is_ok());
    /// assert!(devops_core::NodeId::new("").is_err());
    /// ```
    NodeId, "node id", check_name
}
id! {
    /// Names a rule of some tool; any text of one line.
    ///
    /// ```
    /// assert!(devops_core::RuleId::new("clippy::needless_range_loop").is_ok());
    /// assert!(devops_core::RuleId::new("a\nb").is_err());
    /// ```
    RuleId, "rule id", check_line
}

impl RuleId {
    /// Whether `name` stands for it: its id, its part behind the last `/`, or a family of rules (`style` or
    /// `style/*` for `style/line-length`).
    ///
    /// ```
    /// use devops_core::RuleId;
    ///
    /// let rule = RuleId::new("style/line-length")?;
    /// assert!(rule.fits("style/line-length") && rule.fits("line-length") && rule.fits("style/*"));
    /// assert!(!rule.fits("line") && !rule.fits("*") && !rule.fits(""));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        let rule = self.as_str();
        let family = name.strip_suffix("/*").unwrap_or(name);
        let in_family = || rule.strip_prefix(family).is_some_and(|rest| rest.starts_with('/'));
        let is_own_name = || rule.rsplit('/').next() == Some(name);
        !family.is_empty() && (name == rule || is_own_name() || in_family())
    }
}
id! {
    /// Names a run of the pipeline; any text of one line.
    ///
    /// ```
    /// assert!(devops_core::JobId::new("build 1042").is_ok());
    /// ```
    JobId, "job id", check_line
}
id! {
    /// Names a delivery event: a commit, pull request, deployment or incident; any text of one line.
    ///
    /// ```
    /// assert!(devops_core::EventId::new("8023f6fd").is_ok());
    /// assert!(devops_core::EventId::new(&"x".repeat(501)).is_err());
    /// ```
    EventId, "event id", check_line
}
id! {
    /// Names a service: what is deployed and fails as one; any text of one line.
    ///
    /// ```
    /// assert!(devops_core::ServiceId::new("payments/api").is_ok());
    /// ```
    ServiceId, "service", check_line
}
id! {
    /// Names an environment that is deployed to; any text of one line.
    ///
    /// ```
    /// assert!(devops_core::EnvironmentId::new("prod-eu").is_ok());
    /// ```
    EnvironmentId, "environment", check_line
}

id! {
    /// Names a proposal of an improvement.
    ///
    /// ```
    /// assert!(devops_core::ProposalId::new("batch_size-1a2b3c4d").is_ok());
    /// ```
    ProposalId, "proposal id", check_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_by_id_own_name_and_family() {
        for (name, rule, expected) in [
            ("style/line-length", "style/line-length", true),
            ("E501", "ruff/E501", true),
            ("style", "style/line-length", true),
            ("style/*", "style/line-length", true),
            ("style/*", "styles/line-length", false),
            ("", "a/b", false),
            ("/*", "a/b", false),
            ("*", "a/b", false),
        ] {
            assert_eq!(RuleId::new(rule).unwrap().fits(name), expected, "{name} for {rule}");
        }
    }

    #[test]
    fn messages_name_field_value_and_form() {
        for (value, message) in [
            ("", "metric id is empty: expected 1 to 200 ASCII letters"),
            ("a b", "metric id `a b` is malformed: expected 1 to 200 ASCII letters"),
            ("é", "metric id `é` is malformed"),
        ] {
            let error = MetricId::new(value).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
        assert!(MetricId::new(&"a".repeat(201)).is_err());
        assert!(serde_json::from_str::<RuleId>("\"\"").is_err());
        let id: RuleId = serde_json::from_str("\"E501\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"E501\"");
        assert_eq!(alloc::format!("{id:?} {id:>6}"), "RuleId(E501)   E501");
    }
}
