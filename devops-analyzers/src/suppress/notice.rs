//! What is to be said of suppressions themselves.

use std::fmt;

use devops_core::{Finding, Location, RuleId, Severity, ValueError};

/// What is the matter with a suppression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoticeKind {
    /// It suppresses nothing.
    Unused,
    /// Its time is over.
    Expired,
    /// It cannot be understood, so it suppresses nothing.
    Malformed,
}

impl NoticeKind {
    /// The name as it is written in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Expired => "expired",
            Self::Malformed => "malformed",
        }
    }
}

/// Something to be said of a suppression: it is unused, expired or malformed.
///
/// ```
/// use devops_analyzers::suppress::mark_inline;
/// use devops_core::ChangeSet;
///
/// let change = ChangeSet::from_diff(b"--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a = 1 # devops:allow style/tab -- old\n")?;
/// let notice = &mark_inline(Vec::new(), &change).notices[0];
/// assert_eq!(notice.to_string(), "x:1: unused suppression: marker `style/tab` covers no finding");
/// assert_eq!(notice.to_finding()?.rule().as_str(), "suppress/unused");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    kind: NoticeKind,
    message: String,
    location: Option<Location>,
}

impl Notice {
    pub(super) const fn new(kind: NoticeKind, message: String, location: Option<Location>) -> Self {
        Self { kind, message, location }
    }

    /// What is the matter.
    #[must_use]
    pub const fn kind(&self) -> NoticeKind {
        self.kind
    }

    /// Which suppression, and why.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where the suppression stands; `None` for one outside of the source.
    #[must_use]
    pub const fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// The same as a finding: rule `suppress/unused`, `suppress/expired` or `suppress/malformed`; minor, and
    /// info where it is only unused.
    ///
    /// # Errors
    ///
    /// None in practice: the rules' ids are well-formed.
    pub fn to_finding(&self) -> Result<Finding, ValueError> {
        let severity = if self.kind == NoticeKind::Unused { Severity::Info } else { Severity::Minor };
        let rule = RuleId::new(&format!("suppress/{}", self.kind.as_str()))?;
        let finding = Finding::new(rule, severity, self.message.clone());
        Ok(match &self.location {
            Some(location) => finding.at(location.clone()),
            None => finding,
        })
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        write!(f, "{} suppression: {}", self.kind.as_str(), self.message)
    }
}
