//! Bare numbers of many cells.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use super::cells::{CellFacts, Facts, Walk};
use super::group::{Batch, Group};
use super::measure::Frame;
use super::numbers::{self, Figure};
use super::{Plan, Query, QueryError};
use crate::calendar::Window;
use crate::dataset::{Dataset, row};
use crate::sweep::ProjectLinks;

/// The bare numbers of a cell, in the units of the definition; `None` where there is no number.
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
    /// Deployment frequency.
    pub frequency: Option<f64>,
    /// Change lead time.
    pub lead: Option<f64>,
    /// Change failure rate.
    pub failure_rate: Option<f64>,
    /// Failed deployment recovery time.
    pub recovery: Option<f64>,
    /// Time to restore service.
    pub restore: Option<f64>,
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
    /// assert_eq!((summary.cells.len(), summary.get(0, 1).unwrap().deployments), (31, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn summary(&self, dataset: &Dataset<'_>) -> Result<Summary, QueryError> {
        let plan = self.plan(dataset)?;
        let project = plan.project_links();
        let windows: Vec<Option<Window>> =
            (0..plan.slots.len()).map(|slot| plan.slots.window(slot)).collect();
        let cells =
            plan.each_batch(|batch, facts| plan.batch_numbers(batch, project.as_ref(), &windows, facts))?;
        let groups = plan.batches.iter().flat_map(|batch| batch.groups.iter().cloned()).collect();
        let periods = (0..plan.slots.len()).map(|slot| plan.slots.label(slot)).collect();
        Ok(Summary { groups, periods, cells })
    }
}

impl Plan<'_> {
    pub(super) fn batch_numbers(
        &self,
        batch: &Batch,
        project: Option<&ProjectLinks>,
        windows: &[Option<Window>],
        facts: &mut Facts,
    ) -> Result<Vec<CellNumbers>, QueryError> {
        self.fill(batch, &batch.services, project, false, facts)?;
        let needs = alloc::collections::BTreeMap::new();
        let definition = &self.query.definition;
        let frame = Frame { definition, calendar: &self.calendar, needs: &needs };
        let mut walk = Walk::new(facts);
        let mut scratch = Vec::new();
        let count = batch.groups.len().saturating_mul(windows.len());
        let cells = (0..row(count)).zip(windows.iter().cycle());
        Ok(cells.map(|(cell, window)| frame.numbers(walk.next(cell), *window, &mut scratch)).collect())
    }
}

impl Frame<'_> {
    /// The bare numbers of a cell.
    pub(super) fn numbers(
        &self,
        facts: CellFacts<'_>,
        window: Option<Window>,
        scratch: &mut Vec<i64>,
    ) -> CellNumbers {
        let definition = self.definition;
        let unit = self.millis_per_unit();
        let known = |figure: Figure| match figure {
            Figure::Known(value) => Some(value),
            _ => None,
        };
        let (failures, base) = numbers::failures(definition, facts);
        let (rework, counted) = numbers::reworked(facts);
        let level = definition.certainty.level;
        let factor = if definition.rate_unit == devops_core::Unit::Percent { 100.0 } else { 1.0 };
        let in_unit = |figure: Figure| known(figure).map(|millis| millis / unit);
        let recovery = numbers::restore(definition.recovery.statistic, facts.recoveries, level, scratch);
        let restore = numbers::restore(definition.restore.statistic, facts.restores, level, scratch);
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let restored = facts.restores.iter().filter(|(_, fact)| !fact.open).count();
        CellNumbers {
            deployments: small(counted),
            rework: small(rework),
            failures: small(failures),
            failure_base: small(base),
            leads: row(facts.leads.len()),
            recoveries: row(facts.recoveries.len()),
            restores: row(facts.restores.len()),
            restored: row(restored),
            frequency: window
                .and_then(|window| numbers::frequency(&definition.frequency, facts, window, self.calendar)),
            lead: numbers::lead(definition, facts, scratch).map(|millis| millis / unit),
            failure_rate: known(numbers::failure_rate(definition, failures, base, factor)),
            recovery: in_unit(recovery),
            restore: in_unit(restore),
        }
    }
}
