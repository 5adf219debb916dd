//! What a sweep finds.

use alloc::vec::Vec;
use core::ops::Range;

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

impl DeploymentFact {
    /// Whether it stands below or above the line of the failure rate.
    pub(crate) const fn is_in_failure_rate(&self) -> bool {
        self.base || self.failures > 0
    }
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
#[derive(Debug, Clone)]
pub(crate) struct LeadRun<'a> {
    pub(crate) at: i64,
    /// The deployment, [`NO_ROW`](crate::dataset::column::NO_ROW) where none is needed.
    pub(crate) deployment: u32,
    pub(crate) environment: u32,
    /// Events by change row.
    pub(crate) events: &'a [u32],
    pub(crate) times: LeadTimes<'a>,
}

/// Rows of changes, and their lead times.
#[derive(Debug, Clone)]
pub(crate) enum LeadTimes<'a> {
    /// Worked out one by one.
    Each { rows: &'a [u32], values: &'a [i64] },
    /// From the starts of these rows, of all that there are, to the instant of the deployment.
    UpToDeployment { rows: Range<u32>, starts: &'a [i64] },
}

impl LeadTimes<'_> {
    const fn rows(&self) -> (&[u32], Range<u32>) {
        match self {
            Self::Each { rows, .. } => (rows, 0..0),
            Self::UpToDeployment { rows, .. } => (&[], rows.start..rows.end),
        }
    }
}

impl<'a> LeadRun<'a> {
    /// One by one.
    pub(crate) fn facts(&self) -> impl Iterator<Item = LeadFact> + use<'_, 'a> {
        let (rows, side_by_side) = self.times.rows();
        let rows = rows.iter().copied().chain(side_by_side.rev());
        rows.zip(self.values()).map(|(row, value)| LeadFact {
            at: self.at,
            event: self.events.get(row as usize).copied().unwrap_or(NO_ROW),
            deployment: self.deployment,
            value,
        })
    }

    /// The lead times.
    pub(crate) fn values(&self) -> impl Iterator<Item = i64> + use<'_, 'a> {
        let (values, starts) = match &self.times {
            LeadTimes::Each { values, .. } => (*values, &[][..]),
            LeadTimes::UpToDeployment { rows, starts } => {
                (&[][..], starts.get(rows.start as usize..rows.end as usize).unwrap_or(&[]))
            }
        };
        values.iter().copied().chain(starts.iter().rev().map(|start| self.at.saturating_sub(*start)))
    }

    /// Puts the lead times behind others.
    #[inline]
    pub(crate) fn put_values(&self, all: &mut Vec<i64>) {
        if let LeadTimes::UpToDeployment { rows, starts } = &self.times
            && rows.len() <= WIDTH
            && let Some(wide) = starts.get(..rows.end as usize).and_then(<[i64]>::last_chunk::<WIDTH>)
        {
            // As many as always, and the rest cut off: so that nothing depends on how many there are.
            let mut values = wide.map(|start| self.at.wrapping_sub(start));
            values.reverse();
            let len = all.len().saturating_add(rows.len());
            all.extend_from_slice(&values);
            all.truncate(len);
        } else {
            all.extend(self.values());
        }
    }
}

/// Most deployments carry no more changes.
const WIDTH: usize = 8;

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
    /// Its place among the shared incidents, where it is of several services.
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
    /// Whether an incident that is linked elsewhere is so with another service that is looked at.
    fn takes_elsewhere(&self, shared: u32) -> bool;
    /// When the first event of the service was, where the definition asks for that.
    fn begins(&mut self, at: i64);
    fn deployment(&mut self, fact: DeploymentFact);
    fn leads(&mut self, run: LeadRun<'_>);
    /// A recovery, of [`Part::Recovery`] or [`Part::Restore`].
    fn restore(&mut self, part: Part, fact: RestoreFact);
    fn incident(&mut self, fact: IncidentFact);
    fn excluded(&mut self, fact: ExcludedFact);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_as_they_are_told_however_many_there_are() {
        let starts: Vec<i64> = (0..40).map(|row| row * row).collect();
        let events: Vec<u32> = (100..140).collect();
        for (from, count) in (0..30).flat_map(|from| (0..11).map(move |count| (from, count))) {
            let times = LeadTimes::UpToDeployment { rows: from..from + count, starts: &starts };
            let run = LeadRun { at: 2000, deployment: 7, environment: 0, events: &events, times };
            let expected: Vec<i64> =
                (from..from + count).rev().map(|row| 2000 - i64::from(row * row)).collect();
            let mut put = alloc::vec![-1];
            run.put_values(&mut put);
            assert_eq!(put[1..], expected);
            assert_eq!(run.values().collect::<Vec<_>>(), expected);
            let facts: Vec<_> = run.facts().map(|fact| (fact.event, fact.value)).collect();
            let told = (from..from + count).rev().map(|row| 100 + row).zip(expected);
            assert_eq!(facts, told.collect::<Vec<_>>());
        }
    }
}
