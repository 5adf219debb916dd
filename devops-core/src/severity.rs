//! How bad a finding is.

use core::fmt;
use core::str::FromStr;

use crate::ValueError;

/// How bad a finding is, from least to worst.
///
/// Closed: scoring must say what each one weighs. Other tools' levels are mapped onto these four by their
/// readers.
///
/// ```
/// use devops_core::Severity;
///
/// assert!(Severity::Critical > Severity::Major);
/// assert_eq!("minor".parse::<Severity>()?, Severity::Minor);
/// assert!("blocker".parse::<Severity>().is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a scoring policy gives every severity its weight")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be fixed at leisure.
    Minor,
    /// Should be fixed before it ships.
    Major,
    /// Must not ship.
    Critical,
}

impl Severity {
    /// All four, worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Major, Self::Minor, Self::Info];

    /// The name as it is written in reports.
    ///
    /// ```
    /// assert_eq!(devops_core::Severity::Major.as_str(), "major");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::ALL
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or_else(|| ValueError::malformed("severity", text, "`critical`, `major`, `minor` or `info`"))
    }
}
