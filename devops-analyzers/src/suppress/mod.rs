//! Suppressions: what a team decided not to act on, and when that ends.
//!
//! # Which findings count, and which decisions are out of date?
//!
//! ```
//! use devops_analyzers::suppress::{Suppressions, Waiver};
//! use devops_core::{ChangeSet, Finding, Location, RepoPath, RuleId, Severity};
//!
//! let change = ChangeSet::default();
//! let finding = Finding::new(RuleId::new("style/todo-owner")?, Severity::Minor, "whose?")
//!     .at(Location::new(RepoPath::new("src/old/a.rs")?));
//! let waiver = Waiver::new("style/todo-owner", "ada", "goes with the rewrite", "2027-01-01T00:00:00Z".parse()?)?
//!     .with_path("src/old/**");
//!
//! let all = Suppressions::new().with_waivers([waiver]);
//! let before = all.apply(vec![finding.clone()], &change, "2026-11-23T00:00:00Z".parse()?);
//! assert!(before.findings[0].is_suppressed());
//! let after = all.apply(vec![finding], &change, "2027-01-01T00:00:00Z".parse()?);
//! assert!(!after.findings[0].is_suppressed());
//! assert!(after.notices[0].to_string().contains("expired"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`mark_inline`]: markers in the source, such as `devops:allow RULE -- reason`.
//! - [`Baseline`]: findings that were known before.
//! - [`Waiver`]: a decision with an owner and an end.
//! - [`Suppressions`]: all three at once.
//!
//! A suppressed finding stays, marked. A marker that the change itself adds lifts no veto. Suppressions that are
//! unused, expired or malformed are told as [`Notice`]s. Everything is a pure function of what is passed in; the
//! time too.

mod baseline;
mod inline;
mod marker;
mod notice;
mod scope;
mod visible;
mod waiver;

use devops_core::{ChangeSet, Finding, Timestamp};

pub use baseline::{Baseline, BaselineEntry, Compared, FormatOne, Gone, Seen};
pub use inline::mark_inline;
pub use marker::{Marker, MarkerSyntax, parse_markers};
pub use notice::{Notice, NoticeKind};
pub use waiver::{Waiver, WaiverFile, apply_waivers};

/// Findings with what suppresses them, and what is to be said of the suppressions.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Suppressed {
    /// All findings that went in, in the same order.
    pub findings: Vec<Finding>,
    /// What is unused, expired or malformed.
    pub notices: Vec<Notice>,
}

/// Markers, a baseline and waivers together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suppressions {
    baseline: Option<Baseline>,
    waivers: Vec<Waiver>,
    complete: bool,
}

impl Suppressions {
    /// Only the markers in the source.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With findings that were known before.
    #[must_use]
    pub fn with_baseline(self, baseline: Baseline) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// With waivers.
    #[must_use]
    pub fn with_waivers(self, waivers: impl IntoIterator<Item = Waiver>) -> Self {
        Self { waivers: waivers.into_iter().collect(), ..self }
    }

    /// Whether the findings come from a look at the whole repository rather than at the change alone: then what
    /// nothing matches any more is fixed or unused for certain.
    ///
    /// ```
    /// use devops_analyzers::suppress::{Suppressions, Waiver};
    /// use devops_core::ChangeSet;
    ///
    /// let waiver = Waiver::new("old-rule", "ada", "done with", "2027-01-01T00:00:00Z".parse()?)?;
    /// let all = Suppressions::new().with_waivers([waiver]);
    /// let now = "2026-11-23T00:00:00Z".parse()?;
    /// assert!(all.clone().apply(Vec::new(), &ChangeSet::default(), now).notices.is_empty());
    /// assert_eq!(all.with_complete(true).apply(Vec::new(), &ChangeSet::default(), now).notices.len(), 1);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn with_complete(self, complete: bool) -> Self {
        Self { complete, ..self }
    }

    /// Marks the findings: first by markers, then by the baseline, then by waivers valid at `now`.
    ///
    /// ```
    /// use devops_analyzers::suppress::Suppressions;
    /// use devops_core::{ChangeSet, Timestamp};
    ///
    /// let done = Suppressions::new().apply(Vec::new(), &ChangeSet::default(), Timestamp::EPOCH);
    /// assert!(done.findings.is_empty() && done.notices.is_empty());
    /// ```
    #[must_use]
    pub fn apply(&self, findings: Vec<Finding>, change: &ChangeSet, now: Timestamp) -> Suppressed {
        let Suppressed { findings, mut notices } = mark_inline(findings, change);
        let findings = match &self.baseline {
            Some(baseline) => {
                let seen = if self.complete { Seen::Everything } else { Seen::Change(change) };
                baseline.compare(findings, seen).findings
            }
            None => findings,
        };
        let waived = apply_waivers(findings, &self.waivers, now);
        let wanted = |notice: &Notice| self.complete || notice.kind() != NoticeKind::Unused;
        notices.extend(waived.notices.into_iter().filter(wanted));
        Suppressed { findings: waived.findings, notices }
    }
}
