//! Checks, alerts and uptime: what else is known about a service; and retractions.

use devops_core::{EventId, ServiceId, Timestamp};

use super::Outcome;

/// A run of a code check.
///
/// ```
/// use devops_core::{EventId, ServiceId};
/// use devops_metrics::event::{Check, Outcome};
///
/// let time = "2026-03-02T09:10:00Z".parse()?;
/// let check = Check::new(EventId::new("ci-118")?, ServiceId::new("api")?, time, Outcome::Failed);
/// assert!(check.commit.is_none());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// Its id.
    pub id: EventId,
    /// What was checked.
    pub service: ServiceId,
    /// When it ended.
    pub finished_at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// The commit that was checked.
    pub commit: Option<EventId>,
}

impl Check {
    /// A run that ended then.
    #[must_use]
    pub const fn new(id: EventId, service: ServiceId, finished_at: Timestamp, outcome: Outcome) -> Self {
        Self { id, service, finished_at, outcome, commit: None }
    }

    /// Of that commit.
    #[must_use]
    pub fn with_commit(self, commit: EventId) -> Self {
        Self { commit: Some(commit), ..self }
    }
}

/// What a monitor said about a moment, and what turned out to be true.
///
/// ```
/// use devops_core::{EventId, ServiceId};
/// use devops_metrics::event::Alert;
///
/// let time = "2026-03-02T10:21:00Z".parse()?;
/// let missed = Alert::new(EventId::new("a1")?, ServiceId::new("api")?, time, false).with_actual(true);
/// assert!(!missed.predicted);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// Its id.
    pub id: EventId,
    /// Whose service.
    pub service: ServiceId,
    /// The moment.
    pub at: Timestamp,
    /// Whether the monitor raised the alarm.
    pub predicted: bool,
    /// Whether something was wrong, once that is known.
    pub actual: Option<bool>,
}

impl Alert {
    /// A verdict of a monitor that nobody has looked at yet.
    #[must_use]
    pub const fn new(id: EventId, service: ServiceId, at: Timestamp, predicted: bool) -> Self {
        Self { id, service, at, predicted, actual: None }
    }

    /// With what turned out to be true.
    #[must_use]
    pub fn with_actual(self, actual: bool) -> Self {
        Self { actual: Some(actual), ..self }
    }
}

/// A stretch of time in which a service was up or down.
///
/// ```
/// use devops_core::{EventId, ServiceId};
/// use devops_metrics::event::Uptime;
///
/// let (from, to) = ("2026-03-02T00:00:00Z".parse()?, "2026-03-03T00:00:00Z".parse()?);
/// assert!(Uptime::new(EventId::new("u1")?, ServiceId::new("api")?, from, to, true).up);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uptime {
    /// Its id.
    pub id: EventId,
    /// Whose service.
    pub service: ServiceId,
    /// Its beginning, included.
    pub from: Timestamp,
    /// Its end, excluded.
    pub to: Timestamp,
    /// Up or down.
    pub up: bool,
}

impl Uptime {
    /// Up or down in `from..to`.
    #[must_use]
    pub const fn new(id: EventId, service: ServiceId, from: Timestamp, to: Timestamp, up: bool) -> Self {
        Self { id, service, from, to, up }
    }
}

/// Takes back what was said under an id, until a later revision says something new.
///
/// ```
/// use devops_metrics::event::Retraction;
///
/// assert_eq!(Retraction::new("INC-7".parse()?).id.as_str(), "INC-7");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retraction {
    /// The id of the event that is taken back.
    pub id: EventId,
}

impl Retraction {
    /// Takes that event back.
    #[must_use]
    pub const fn new(id: EventId) -> Self {
        Self { id }
    }
}
