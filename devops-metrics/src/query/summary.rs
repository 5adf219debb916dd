//! Bare numbers of many cells.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::group::Group;
use super::measure::Frame;
use super::nullable::Nullable;
use super::tally::{Kept, Tally};
use super::{Query, QueryError};
use crate::calendar::Window;
use crate::dataset::Dataset;

/// The bare numbers of a cell, in the units of the definition; `None` where there is no number.
///
/// The example is that of [`Query::summary`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CellNumbers {
    /// Deployments that count.
    pub deployments: u32,
    /// Those of them that are rework.
    pub rework: u32,
    /// Failures.
    pub failures: u32,
    /// What they are divided by.
    pub failure_base: u32,
    /// Lead times.
    pub leads: u32,
    /// Failed deployments, or what else recovers.
    pub recoveries: u32,
    /// Incidents, or what else is restored.
    pub restores: u32,
    /// Those of them that are over.
    pub restored: u32,
    pub(super) frequency: Nullable,
    pub(super) lead: Nullable,
    pub(super) failure_rate: Nullable,
    pub(super) recovery: Nullable,
    pub(super) restore: Nullable,
}

impl CellNumbers {
    /// Deployment frequency.
    #[must_use]
    pub const fn frequency(&self) -> Option<f64> {
        self.frequency.get()
    }

    /// Change lead time.
    #[must_use]
    pub const fn lead(&self) -> Option<f64> {
        self.lead.get()
    }

    /// Change failure rate.
    #[must_use]
    pub const fn failure_rate(&self) -> Option<f64> {
        self.failure_rate.get()
    }

    /// Failed deployment recovery time.
    #[must_use]
    pub const fn recovery(&self) -> Option<f64> {
        self.recovery.get()
    }

    /// Time to restore service.
    #[must_use]
    pub const fn restore(&self) -> Option<f64> {
        self.restore.get()
    }
}

/// Bare numbers of all cells: for tables of hundreds of thousands, where a full [`Report`](super::Report) is more than
/// is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// The groups, in order.
    pub groups: Vec<Group>,
    /// The periods, in order.
    pub periods: Vec<alloc::string::String>,
    /// Of each group all periods.
    pub cells: Vec<CellNumbers>,
}

impl Summary {
    /// The numbers of a group (by its place) in a period (by its place).
    #[must_use]
    pub fn get(&self, group: usize, period: usize) -> Option<&CellNumbers> {
        if period >= self.periods.len() {
            return None;
        }
        self.cells.get(group.checked_mul(self.periods.len())?.checked_add(period)?)
    }
}

impl Query {
    /// The bare numbers of all cells, zero-filled: group by group, period by period.
    ///
    /// Groups are pooled, also where the definition asks for the mean of services.
    ///
    /// # Errors
    ///
    /// [`QueryError`].
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, PeriodKind};
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::{Grouping, Query};
    ///
    /// let mut log = DeliveryLog::new();
    /// log.read_json_lines(br#"{"type":"deployment","id":"d1","service":"api","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}"#)?;
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let query = Query::new(Definition::dora_2025(), march).by(Grouping::Service).every(PeriodKind::Day);
    /// let summary = query.summary(&Dataset::of(&log))?;
    /// let second = summary.get(0, 1).unwrap();
    /// assert_eq!((summary.cells.len(), second.deployments), (31, 1));
    /// assert_eq!((second.frequency(), second.lead()), (Some(1.0), None)); // a day, and no change
    /// assert_eq!((second.failure_rate(), second.recovery(), second.restore()), (Some(0.0), None, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn summary(&self, dataset: &Dataset<'_>) -> Result<Summary, QueryError> {
        let plan = self.plan(dataset)?;
        let across = plan.across();
        let needs = BTreeMap::new();
        let frame = Frame { definition: &self.definition, calendar: &plan.calendar, needs: &needs };
        let windows: Vec<Option<Window>> =
            (0..plan.slots.len()).map(|slot| plan.slots.window(slot)).collect();
        let nothing: Vec<CellNumbers> = windows.iter().map(|window| frame.nothing(*window)).collect();
        let cells = plan.each_batch(|batch, kept: &mut Kept, cells| {
            let first = cells.len();
            batch.groups.iter().for_each(|_| cells.extend_from_slice(&nothing));
            let cells = cells.get_mut(first..).unwrap_or(&mut []);
            kept.clear();
            let mut tally = Tally { definition: &self.definition, cells, kept };
            plan.sweep(batch, &batch.services, &across, false, &mut tally);
            frame.finish(&mut tally, &windows);
            kept.refused().map_or(Ok(()), |(event, value)| Err(plan.negative(event, value)))
        })?;
        let groups = plan.batches.iter().flat_map(|batch| batch.groups.iter().cloned()).collect();
        let periods = (0..plan.slots.len()).map(|slot| plan.slots.label(slot)).collect();
        Ok(Summary { groups, periods, cells })
    }
}
