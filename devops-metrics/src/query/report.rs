//! The answer to a query.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::fmt::Write as _;
use devops_core::{
    DuplicateMeasure, EventId, Measures, ServiceId, Timestamp, Unit, ValueError, markdown_cell as cell,
};
use serde::{Deserialize, Serialize};

use super::cells::{Facts, Walk};
use super::group::{Batch, Group, Grouping};
use super::left_out::reasons;
use super::measure::{Frame, name_of};
use super::needs::{Holds, needs};
use super::value::{Answer, DeliveryMetric, MetricValue, Needs};
use super::{Plan, Query, QueryError};
use crate::calendar::{PeriodKind, Window};
use crate::dataset::{Dataset, row};
use crate::event::EventKind;
use crate::sweep::Across;
use crate::trend::{Series, Step};

/// One group in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cell {
    /// What it is of.
    pub group: Group,
    /// The period's label; the window itself where it was not cut.
    pub period: String,
    /// What of the period is counted.
    pub window: Window,
    /// The metrics, in the order of [`DeliveryMetric::ALL`].
    pub values: Vec<MetricValue>,
}

impl Cell {
    /// One of its metrics.
    #[must_use]
    pub fn value(&self, metric: DeliveryMetric) -> Option<&MetricValue> {
        self.values.iter().find(|value| value.metric == metric)
    }

    /// Its metrics as measures: overall for everything together, else with the group's name as component.
    ///
    /// # Errors
    ///
    /// [`ValueError`] where a number is not finite, which no definition of this crate produces.
    pub fn measures(&self) -> Result<Vec<devops_core::Measure>, ValueError> {
        self.values.iter().map(|value| value.measure(&self.group)).collect()
    }
}

/// The answer to a query: all cells, group by group, period by period, none left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// Name and version of the definition.
    pub definition: String,
    /// What was looked at.
    pub window: Window,
    /// Into which periods it was cut; `None` where it was not.
    #[serde(default)]
    pub period: Option<PeriodKind>,
    /// Groups are pooled, or the mean of their services.
    pub mean_of_services: bool,
    /// The cells.
    pub cells: Vec<Cell>,
    /// What the definition needs and the log does not hold.
    pub needs: BTreeMap<DeliveryMetric, Needs>,
    /// Services that the grouping leaves out.
    pub without_team: Vec<String>,
    /// Services that the grouping gives a team and of which the log holds nothing.
    #[serde(default)]
    pub unknown_services: Vec<String>,
    /// Ids that are left out because a later event of the same id is of another kind.
    pub of_two_kinds: Vec<(EventId, EventKind)>,
    /// Deployments whose `replaces` leads in a circle, and was not followed.
    pub circular: Vec<EventId>,
    /// Deployments that ended before they started, or before one of their parts did. They count at the instant that the
    /// definition asks for.
    #[serde(default)]
    pub backwards: Vec<EventId>,
}

impl Query {
    /// All metrics of all cells, with intervals, quantiles and what is left out.
    ///
    /// # Errors
    ///
    /// [`QueryError`].
    ///
    /// The example is that of [the module](crate::query).
    pub fn run(&self, dataset: &Dataset<'_>) -> Result<Report, QueryError> {
        self.run_holding(dataset, Holds::of(dataset))
    }

    /// The same of a part of a log that holds more.
    pub(super) fn run_holding(&self, dataset: &Dataset<'_>, holds: Holds) -> Result<Report, QueryError> {
        let plan = self.plan(dataset)?;
        let across = plan.across();
        let needs = needs(&self.definition, holds);
        let frame = Frame { definition: &self.definition, calendar: &plan.calendar, needs: &needs };
        let cells = plan.each_batch(|batch, facts, cells| {
            cells.extend(plan.batch_cells(batch, &across, &frame, facts)?);
            Ok(())
        })?;
        let (without_team, unknown_services) = strangers(&self.grouping, dataset);
        let mut circular: Vec<EventId> =
            dataset.circles.iter().filter_map(|revision| dataset.id(*revision)).collect();
        circular.sort();
        Ok(Report {
            definition: name_of(&self.definition),
            window: self.window,
            period: self.period,
            mean_of_services: self.definition.mean_of_services,
            cells,
            without_team,
            unknown_services,
            of_two_kinds: dataset.log.of_two_kinds(),
            circular,
            backwards: backwards(dataset),
            needs,
        })
    }
}

/// Services of the log without a team, and services with a team of which the log holds nothing.
fn strangers(grouping: &Grouping, dataset: &Dataset<'_>) -> (Vec<String>, Vec<String>) {
    let Grouping::Team { teams } = grouping else { return (Vec::new(), Vec::new()) };
    let known: BTreeSet<&str> = dataset.services().collect();
    let without_team = known.iter().filter(|name| !teams.contains_key(**name)).copied();
    let unknown = teams.keys().map(ServiceId::as_str).filter(|name| !known.contains(name));
    (without_team.map(String::from).collect(), unknown.map(String::from).collect())
}

/// Deployments that ended before they started, or before one of their parts did, by id.
fn backwards(dataset: &Dataset<'_>) -> Vec<EventId> {
    let mut found = Vec::new();
    for deployments in dataset.shards.iter().map(|shard| &shard.deployments) {
        for (place, (event, end)) in deployments.event.iter().zip(&deployments.finished).enumerate() {
            let parts = deployments.parts.get(&row(place)).and_then(|parts| parts.last().copied());
            let latest = [deployments.started.get(place), deployments.first_part.get(place)];
            if latest.into_iter().chain(parts).any(|instant| instant > *end) {
                found.extend(dataset.id(*event));
            }
        }
    }
    found.sort();
    found
}

impl Plan<'_> {
    pub(super) fn batch_cells(
        &self,
        batch: &Batch,
        across: &Across,
        frame: &Frame<'_>,
        facts: &mut Facts,
    ) -> Result<Vec<Cell>, QueryError> {
        if frame.definition.mean_of_services && batch.services.len() > 1 {
            let mut parts = Vec::new();
            for service in &batch.services {
                parts.push(self.cells_of(batch, &[*service], across, frame, facts)?);
            }
            let mut cells = means(parts);
            // An event that counts with one service is not left out with another.
            self.fill(batch, &batch.services, across, true, facts)?;
            let mut walk = Walk::new(facts);
            for (number, cell) in (0_u32..).zip(&mut cells) {
                let found = walk.next(number);
                cell.values.iter_mut().for_each(|value| value.excluded = reasons(value.metric, found));
            }
            return Ok(cells);
        }
        self.cells_of(batch, &batch.services, across, frame, facts)
    }

    fn cells_of(
        &self,
        batch: &Batch,
        services: &[u32],
        across: &Across,
        frame: &Frame<'_>,
        facts: &mut Facts,
    ) -> Result<Vec<Cell>, QueryError> {
        self.fill(batch, services, across, true, facts)?;
        let mut walk = Walk::new(facts);
        let mut cells = Vec::new();
        let mut number = 0_usize;
        for group in &batch.groups {
            for slot in 0..self.slots.len() {
                let found = walk.next(row(number));
                number = number.saturating_add(1);
                let Some(window) = self.slots.window(slot) else { continue };
                let (group, period) = (group.clone(), self.slots.label(slot));
                cells.push(Cell { group, period, window, values: frame.values(found, window) });
            }
        }
        Ok(cells)
    }
}

/// The mean of each metric over services, of those that have a number; a count is of all of them.
fn means(parts: Vec<Vec<Cell>>) -> Vec<Cell> {
    let mut parts = parts.into_iter();
    let Some(mut cells) = parts.next() else { return Vec::new() };
    let mut sums: Vec<Vec<(f64, u32)>> =
        cells.iter().map(|cell| cell.values.iter().map(start).collect()).collect();
    for part in parts {
        for ((cell, sum), other) in cells.iter_mut().zip(&mut sums).zip(part) {
            for ((value, sum), other) in cell.values.iter_mut().zip(sum).zip(other.values) {
                let (number, count) = start(&other);
                *sum = (sum.0 + number, sum.1.saturating_add(count));
                value.n = value.n.saturating_add(other.n);
                value.part = value.part.zip(other.part).map(|(a, b)| a.saturating_add(b));
            }
        }
    }
    for (cell, sums) in cells.iter_mut().zip(sums) {
        for (value, (sum, count)) in cell.values.iter_mut().zip(sums) {
            (value.limits, value.quantiles) = (None, None);
            if count > 0 {
                let parts = if value.unit == Unit::Count { 1.0 } else { f64::from(count) };
                value.answer = Answer::Known { value: sum / parts };
            }
        }
    }
    cells
}

fn start(value: &MetricValue) -> (f64, u32) {
    value.value().map_or((0.0, 0), |number| (number, 1))
}

impl Report {
    /// Takes the cells of another report of the same query, over events that have nothing to do with those of this one.
    pub(super) fn join(&mut self, other: Self) {
        self.cells.extend(other.cells);
        self.without_team.extend(other.without_team);
        self.unknown_services.retain(|name| other.unknown_services.contains(name));
        self.of_two_kinds.extend(other.of_two_kinds);
        self.circular.extend(other.circular);
        self.backwards.extend(other.backwards);
    }

    /// Puts what was joined in the order of a report.
    pub(super) fn settle(mut self) -> Self {
        // Within a group periods are in order already.
        self.cells.sort_by(|a, b| a.group.cmp(&b.group));
        self.without_team.sort();
        self.of_two_kinds.sort();
        self.circular.sort();
        self.backwards.sort();
        self
    }

    /// The groups, each once, in order.
    #[must_use]
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.cells.iter().map(|cell| &cell.group).collect();
        groups.dedup();
        groups
    }

    /// All metrics of all groups as measures, of a query without periods; of a cell among several periods take
    /// [`Cell::measures`].
    ///
    /// # Errors
    ///
    /// [`DuplicateMeasure`] where a group has several periods.
    pub fn measures(&self) -> Result<Measures, DuplicateMeasure> {
        let mut measures = Measures::new();
        let all = self.cells.iter().filter_map(|cell| cell.measures().ok()).flatten();
        for measure in all {
            measures.insert(measure)?;
        }
        Ok(measures)
    }

    /// One metric of a group over its periods, for [`trend::assess`](crate::trend::assess): frequency as a count of
    /// deployments in days, rates as shares, durations as values; periods without a number are gaps.
    #[must_use]
    pub fn series(&self, group: &Group, metric: DeliveryMetric) -> Series {
        let cells = self.cells.iter().filter(|cell| cell.group == *group);
        let rows: Vec<(Timestamp, Window, &MetricValue)> =
            cells.filter_map(|cell| Some((cell.window.from(), cell.window, cell.value(metric)?))).collect();
        let name = format!("{metric} of {group}");
        let unit = rows.first().map_or(Unit::None, |(_, _, value)| value.unit);
        let shares = rows.iter().all(|(_, _, value)| value.part.is_some_and(|part| part <= value.n));
        let series = match metric {
            DeliveryMetric::DeploymentFrequency if unit == Unit::PerDay => {
                let days = |window: Window| super::numbers::float(window.millis()) / 86_400_000.0;
                let counted = rows.iter().filter(|(_, window, _)| window.millis() > 0);
                Series::counts(counted.map(|(at, window, value)| (*at, value.n, days(*window))))
            }
            DeliveryMetric::ChangeFailureRate | DeliveryMetric::ReworkRate if shares => {
                Series::proportions(rows.iter().map(|(at, _, v)| (*at, v.part.unwrap_or(0), v.n)))
            }
            _ => Series::values(rows.iter().map(|(at, _, value)| (*at, value.value()))),
        };
        let series = series.named(name).in_unit(unit);
        match self.period {
            Some(kind) => series.every(step(kind)),
            None => series,
        }
    }

    /// The report as Markdown: one table a group.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        let pooled = if self.mean_of_services { ", groups are means of their services" } else { "" };
        let _ = writeln!(text, "Definition {}, {}{pooled}.", cell(&self.definition), self.window);
        for (metric, needs) in &self.needs {
            let _ = writeln!(text, "\n{metric} needs {needs}, of which the log holds none.");
        }
        for group in self.groups() {
            let _ = writeln!(text, "\n## {}\n", cell(&format!("{group}")));
            let _ =
                writeln!(text, "| period | {} |", DeliveryMetric::ALL.map(DeliveryMetric::name).join(" | "));
            let _ = writeln!(text, "| --- |{}", " --- |".repeat(DeliveryMetric::ALL.len()));
            for row in self.cells.iter().filter(|row| row.group == *group) {
                let shown: Vec<String> = row.values.iter().map(table_entry).collect();
                let _ = writeln!(text, "| {} | {} |", row.period, shown.join(" | "));
            }
        }
        text
    }
}

/// The distance between the starts of periods.
const fn step(kind: PeriodKind) -> Step {
    match kind {
        PeriodKind::Day | PeriodKind::Rolling { .. } => Step::DAY,
        PeriodKind::Week => Step::WEEK,
        PeriodKind::Month => Step::MONTH,
        PeriodKind::Quarter => Step::QUARTER,
        PeriodKind::Year => Step::YEAR,
    }
}

/// A value without the metric's name.
fn table_entry(value: &MetricValue) -> String {
    let text = format!("{value}");
    text.split_once(": ").map(|(_, rest)| String::from(rest)).unwrap_or(text)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cell in &self.cells {
            for value in &cell.values {
                writeln!(f, "{} {}: {value}", cell.group, cell.period)?;
            }
        }
        Ok(())
    }
}
