//! The four verdicts.

use core::fmt;

/// The verdict on a condition, a group or a gate, from worst to best.
///
/// Closed: whoever acts on a verdict must say what becomes of each.
///
/// ```
/// use devops_gates::Status;
///
/// assert!(Status::Failed < Status::Inconclusive && Status::Warning < Status::Passed);
/// assert_eq!(Status::Inconclusive.to_string(), "inconclusive");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a caller must say what becomes of each of the four")]
pub enum Status {
    /// It does not meet what is asked.
    Failed,
    /// Too little is known to say.
    Inconclusive,
    /// It meets what is asked for a warning.
    Warning,
    /// It meets what is asked.
    Passed,
}

impl Status {
    /// The name as it is written in reports.
    ///
    /// ```
    /// assert_eq!(devops_gates::Status::Passed.as_str(), "passed");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Inconclusive => "inconclusive",
            Self::Warning => "warning",
            Self::Passed => "passed",
        }
    }

    /// Passed and failed exchanged.
    pub(crate) const fn negated(self) -> Self {
        match self {
            Self::Failed => Self::Passed,
            Self::Passed => Self::Failed,
            other => other,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
