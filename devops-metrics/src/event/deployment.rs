//! Deployments: attempts to bring a version to an environment.

use alloc::vec::Vec;
use devops_core::{EnvironmentId, EventId, ServiceId, Timestamp};

use super::{DeclaredFailure, DeploymentKind, Outcome, Tier};

/// An attempt to bring a version of a service to an environment.
///
/// ```
/// use devops_core::{EnvironmentId, EventId, ServiceId};
/// use devops_metrics::event::{Deployment, Outcome, Tier};
///
/// let time = "2026-03-02T10:00:00Z".parse()?;
/// let deployment = Deployment::new(EventId::new("api@1.4.0")?, ServiceId::new("api")?, time, Outcome::Succeeded)
///     .with_environment(EnvironmentId::new("prod-eu")?);
/// assert_eq!(deployment.tier(), Some(Tier::Production));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deployment {
    /// Its id.
    pub id: EventId,
    /// What was deployed.
    pub service: ServiceId,
    /// Where to.
    pub environment: Option<EnvironmentId>,
    /// The tier of the environment, where its name does not tell it.
    pub tier: Option<Tier>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended; of several parts the last one.
    pub finished_at: Timestamp,
    /// When each of its parts (repositories, regions) ended, where there are several.
    pub parts_finished_at: Vec<Timestamp>,
    /// How it ended.
    pub outcome: Outcome,
    /// What it is for.
    pub kind: DeploymentKind,
    /// The commit that was deployed.
    pub commit: Option<EventId>,
    /// The version that was deployed.
    pub version: Option<EventId>,
    /// The deployment that it replaces.
    pub replaces: Option<EventId>,
    /// What people said about whether it failed its users.
    pub declared_failure: Option<DeclaredFailure>,
    /// The changes that it carried, where they are listed; each once.
    pub changes: Vec<EventId>,
}

impl Deployment {
    /// A normal deployment.
    #[must_use]
    pub const fn new(id: EventId, service: ServiceId, finished_at: Timestamp, outcome: Outcome) -> Self {
        Self {
            id,
            service,
            environment: None,
            tier: None,
            started_at: None,
            finished_at,
            parts_finished_at: Vec::new(),
            outcome,
            kind: DeploymentKind::Normal,
            commit: None,
            version: None,
            replaces: None,
            declared_failure: None,
            changes: Vec::new(),
        }
    }

    /// To that environment.
    #[must_use]
    pub fn with_environment(self, environment: EnvironmentId) -> Self {
        Self { environment: Some(environment), ..self }
    }

    /// To an environment of that tier.
    #[must_use]
    pub fn with_tier(self, tier: Tier) -> Self {
        Self { tier: Some(tier), ..self }
    }

    /// Begun then.
    #[must_use]
    pub fn with_started_at(self, time: Timestamp) -> Self {
        Self { started_at: Some(time), ..self }
    }

    /// With the times at which its parts ended.
    #[must_use]
    pub fn with_parts_finished_at(self, times: impl IntoIterator<Item = Timestamp>) -> Self {
        Self { parts_finished_at: times.into_iter().collect(), ..self }
    }

    /// For that.
    #[must_use]
    pub fn with_kind(self, kind: DeploymentKind) -> Self {
        Self { kind, ..self }
    }

    /// Of that commit.
    #[must_use]
    pub fn with_commit(self, commit: EventId) -> Self {
        Self { commit: Some(commit), ..self }
    }

    /// Of that version.
    #[must_use]
    pub fn with_version(self, version: EventId) -> Self {
        Self { version: Some(version), ..self }
    }

    /// In place of that deployment.
    #[must_use]
    pub fn with_replaces(self, deployment: EventId) -> Self {
        Self { replaces: Some(deployment), ..self }
    }

    /// Declared to have failed its users, or not.
    #[must_use]
    pub fn with_declared_failure(self, failure: DeclaredFailure) -> Self {
        Self { declared_failure: Some(failure), ..self }
    }

    /// Carrying those changes.
    #[must_use]
    pub fn with_changes(self, changes: impl IntoIterator<Item = EventId>) -> Self {
        Self { changes: changes.into_iter().collect(), ..self }
    }

    /// The tier: as given, or as the environment's name tells it; `None` where neither is known.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        self.tier.or_else(|| self.environment.as_ref().map(|name| Tier::of_environment(name.as_str())))
    }
}
