//! Incidents: impairments of services.

use alloc::vec::Vec;
use devops_core::{EventId, ServiceId, Severity, Timestamp};

use super::{CauseClass, Recovery};

/// What an incident is said to be caused by.
///
/// Closed: a deployment or a commit; anything else is a [`CauseClass`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a deployment or a commit: linking must handle both")]
pub enum CausedBy {
    /// That deployment.
    Deployment(EventId),
    /// That commit.
    Commit(EventId),
}

/// An impairment of one or several services.
///
/// ```
/// use devops_core::{EventId, ServiceId};
/// use devops_metrics::event::{CausedBy, Incident};
///
/// let incident = Incident::new(EventId::new("INC-7")?, [ServiceId::new("api")?], "2026-03-02T10:20:00Z".parse()?)
///     .with_caused_by(CausedBy::Deployment(EventId::new("api@1.4.0")?));
/// assert!(incident.resolved_at.is_none()); // still open
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Incident {
    /// Its id.
    pub id: EventId,
    /// The services that it impairs; at least one.
    pub services: Vec<ServiceId>,
    /// When it began or was reported.
    pub opened_at: Timestamp,
    /// When it was noticed.
    pub detected_at: Option<Timestamp>,
    /// When service was restored; absent while it is open.
    pub resolved_at: Option<Timestamp>,
    /// What it is said to be caused by.
    pub caused_by: Option<CausedBy>,
    /// What class of cause it has.
    pub cause: CauseClass,
    /// How service came back.
    pub recovery: Recovery,
    /// How bad it is.
    pub severity: Option<Severity>,
}

impl Incident {
    /// An open incident of unknown cause.
    #[must_use]
    pub fn new(id: EventId, services: impl IntoIterator<Item = ServiceId>, opened_at: Timestamp) -> Self {
        Self {
            id,
            services: services.into_iter().collect(),
            opened_at,
            detected_at: None,
            resolved_at: None,
            caused_by: None,
            cause: CauseClass::Unknown,
            recovery: Recovery::Unknown,
            severity: None,
        }
    }

    /// Noticed then.
    #[must_use]
    pub fn with_detected_at(self, time: Timestamp) -> Self {
        Self { detected_at: Some(time), ..self }
    }

    /// Over since then.
    #[must_use]
    pub fn with_resolved_at(self, time: Timestamp) -> Self {
        Self { resolved_at: Some(time), ..self }
    }

    /// Caused by that.
    #[must_use]
    pub fn with_caused_by(self, caused_by: CausedBy) -> Self {
        Self { caused_by: Some(caused_by), ..self }
    }

    /// With a cause of that class.
    #[must_use]
    pub fn with_cause(self, cause: CauseClass) -> Self {
        Self { cause, ..self }
    }

    /// Recovered like that.
    #[must_use]
    pub fn with_recovery(self, recovery: Recovery) -> Self {
        Self { recovery, ..self }
    }

    /// That bad.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }
}
