//! What a sweep finds.

use super::Reason;
use crate::dataset::column::NO_ROW;

/// A deployment, in the light of a definition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeploymentFact {
    pub(crate) at: i64,
    pub(crate) event: u32,
    pub(crate) environment: u32,
    /// It counts for frequency.
    pub(crate) counted: bool,
    /// Failures are divided by it.
    pub(crate) base: bool,
    /// How often it is counted as a failure.
    pub(crate) failures: u32,
    /// It is rework.
    pub(crate) rework: bool,
}

/// A lead time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeadFact {
    pub(crate) at: i64,
    pub(crate) event: u32,
    /// The deployment, [`NO_ROW`](crate::dataset::column::NO_ROW) where none is needed.
    pub(crate) deployment: u32,
    pub(crate) value: i64,
}

/// The lead times of changes that one deployment carries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeadRun<'a> {
    pub(crate) at: i64,
    /// The deployment, [`NO_ROW`](crate::dataset::column::NO_ROW) where none is needed.
    pub(crate) deployment: u32,
    pub(crate) environment: u32,
    /// Events by change row.
    pub(crate) events: &'a [u32],
    /// The change rows, and the lead time of each.
    pub(crate) rows: &'a [u32],
    pub(crate) values: &'a [i64],
}

impl<'a> LeadRun<'a> {
    /// One by one.
    pub(crate) fn facts(self) -> impl Iterator<Item = LeadFact> + use<'a> {
        self.rows.iter().zip(self.values).map(move |(row, value)| LeadFact {
            at: self.at,
            event: self.events.get(*row as usize).copied().unwrap_or(NO_ROW),
            deployment: self.deployment,
            value: *value,
        })
    }
}

/// A time to recover.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RestoreFact {
    pub(crate) at: i64,
    pub(crate) event: u32,
    pub(crate) environment: u32,
    pub(crate) value: i64,
    /// It is not over: `value` is how long it has lasted.
    pub(crate) open: bool,
    /// Where it must end, too, in the period: its end; otherwise the same as `at`.
    pub(crate) end: i64,
    /// Row of the incident in this service's shard, where it has several services.
    pub(crate) shared: Option<u32>,
}

/// An incident that is counted as a failure by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IncidentFact {
    pub(crate) at: i64,
    pub(crate) event: u32,
    pub(crate) shared: Option<u32>,
}

/// An event that is left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExcludedFact {
    pub(crate) at: i64,
    pub(crate) event: u32,
    pub(crate) environment: u32,
    pub(crate) part: Part,
    pub(crate) reason: Reason,
}

/// Which numbers an event is left out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Deployment frequency, failure rate and rework rate.
    Deployments,
    /// Deployment frequency and rework rate.
    Frequency,
    /// The failure rate alone.
    Failures,
    /// Lead time.
    Lead,
    /// Failed deployment recovery time.
    Recovery,
    /// Time to restore service.
    Restore,
}

/// Takes what a sweep finds.
pub(crate) trait Sink {
    /// Whether events that are left out matter.
    fn wants_exclusions(&self) -> bool;
    fn deployment(&mut self, fact: DeploymentFact);
    fn leads(&mut self, run: LeadRun<'_>);
    /// A recovery, of [`Part::Recovery`] or [`Part::Restore`].
    fn restore(&mut self, part: Part, fact: RestoreFact);
    fn incident(&mut self, fact: IncidentFact);
    fn excluded(&mut self, fact: ExcludedFact);
}
