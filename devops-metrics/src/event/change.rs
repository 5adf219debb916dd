//! Changes: what is delivered.

use alloc::vec::Vec;
use devops_core::{EventId, ServiceId, Timestamp};

use super::ChangeUnit;

/// A commit or a pull request on its way to production.
///
/// Of a pull request, `authored_at` and `committed_at` are those of its first commit. Times that are not known
/// are absent; a definition that needs one excludes the change and says so.
///
/// ```
/// use devops_core::{EventId, ServiceId};
/// use devops_metrics::event::Change;
///
/// let change = Change::new(EventId::new("8023f6f")?, [ServiceId::new("api")?])
///     .with_committed_at("2026-03-02T09:00:00Z".parse()?)
///     .with_deployments([EventId::new("api@1.4.0")?]);
/// assert!(!change.bot);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The commit id, or the pull request's id.
    pub id: EventId,
    /// The services that it changes; at least one.
    pub services: Vec<ServiceId>,
    /// Commit or pull request.
    pub unit: ChangeUnit,
    /// The commit under which it reached the main branch, where that is not its id.
    pub commit: Option<EventId>,
    /// When it was written.
    pub authored_at: Option<Timestamp>,
    /// When it was committed.
    pub committed_at: Option<Timestamp>,
    /// When the pull request was opened.
    pub opened_at: Option<Timestamp>,
    /// When somebody else first reviewed it.
    pub reviewed_at: Option<Timestamp>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// The deployments that carried it, where that is known; otherwise they are derived.
    pub deployments: Vec<EventId>,
    /// Whether a program wrote it.
    pub bot: bool,
    /// Whether it is a merge commit.
    pub merge: bool,
    /// The change that it reverts.
    pub reverts: Option<EventId>,
}

impl Change {
    /// A commit of which nothing more is known yet.
    #[must_use]
    pub fn new(id: EventId, services: impl IntoIterator<Item = ServiceId>) -> Self {
        Self {
            id,
            services: services.into_iter().collect(),
            unit: ChangeUnit::Commit,
            commit: None,
            authored_at: None,
            committed_at: None,
            opened_at: None,
            reviewed_at: None,
            merged_at: None,
            deployments: Vec::new(),
            bot: false,
            merge: false,
            reverts: None,
        }
    }

    /// A pull request of which nothing more is known yet.
    #[must_use]
    pub fn pull_request(id: EventId, services: impl IntoIterator<Item = ServiceId>) -> Self {
        Self { unit: ChangeUnit::PullRequest, ..Self::new(id, services) }
    }

    /// With the commit under which it reached the main branch.
    #[must_use]
    pub fn with_commit(self, commit: EventId) -> Self {
        Self { commit: Some(commit), ..self }
    }

    /// Written then.
    #[must_use]
    pub fn with_authored_at(self, time: Timestamp) -> Self {
        Self { authored_at: Some(time), ..self }
    }

    /// Committed then.
    #[must_use]
    pub fn with_committed_at(self, time: Timestamp) -> Self {
        Self { committed_at: Some(time), ..self }
    }

    /// Opened then.
    #[must_use]
    pub fn with_opened_at(self, time: Timestamp) -> Self {
        Self { opened_at: Some(time), ..self }
    }

    /// First reviewed then.
    #[must_use]
    pub fn with_reviewed_at(self, time: Timestamp) -> Self {
        Self { reviewed_at: Some(time), ..self }
    }

    /// Merged then.
    #[must_use]
    pub fn with_merged_at(self, time: Timestamp) -> Self {
        Self { merged_at: Some(time), ..self }
    }

    /// Carried by those deployments.
    #[must_use]
    pub fn with_deployments(self, deployments: impl IntoIterator<Item = EventId>) -> Self {
        Self { deployments: deployments.into_iter().collect(), ..self }
    }

    /// Written by a program, or not.
    #[must_use]
    pub fn with_bot(self, bot: bool) -> Self {
        Self { bot, ..self }
    }

    /// A merge commit, or not.
    #[must_use]
    pub fn with_merge(self, merge: bool) -> Self {
        Self { merge, ..self }
    }

    /// Reverting that change.
    #[must_use]
    pub fn with_reverts(self, change: EventId) -> Self {
        Self { reverts: Some(change), ..self }
    }
}
