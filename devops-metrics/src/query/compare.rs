//! The same events under several definitions.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use devops_core::{EventId, Unit, markdown_cell as cell};
use serde::{Deserialize, Serialize};

use super::explain::Explained;
use super::group::Group;
use super::measure::name_of;
use super::report::Report;
use super::value::{DeliveryMetric, MetricValue, Needs, shown};
use super::words::statistic_words;
use super::{Query, QueryError, Reason};
use crate::calendar::Window;
use crate::dataset::Dataset;
use crate::definition::{Definition, FailureBase, FrequencyMeasure};
use crate::event::EventKind;

/// An event that one definition counts and another does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OneSided {
    /// The event.
    pub event: EventId,
    /// Its kind.
    pub kind: EventKind,
    /// Why the other definition leaves it out; `None` where it does not look at it for this metric.
    pub reason: Option<Reason>,
    /// Whether the other definition looks at the event in this window at all.
    pub in_window: bool,
}

/// An event that both definitions count, for different amounts: hours of a duration, or numbers of failures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unequal {
    /// The event.
    pub event: EventId,
    /// What it is worth under the first definition; a change carried by two deployments has two parts.
    pub first: Vec<f64>,
    /// What it is worth under the other.
    pub other: Vec<f64>,
}

/// What tells one definition's number from that of the first.
///
/// Its `Display` is a line such as `leaves out 3 (its environment is of another tier); takes the mean`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Difference {
    /// Name and version of the definition that is compared with the first.
    pub definition: String,
    /// The metric.
    pub metric: DeliveryMetric,
    /// Whether the numbers are the same, in whatever unit.
    pub same: bool,
    /// How many events the first counts.
    pub counted_first: usize,
    /// Events that only the first counts.
    pub only_first: Vec<OneSided>,
    /// Events that only the other counts.
    pub only_other: Vec<OneSided>,
    /// Events that both count, for different amounts.
    pub unequal: Vec<Unequal>,
    /// What the other makes one number with, such as `mean`, where it is not what the first does.
    pub statistic: Option<String>,
    /// The number that stands in the second where it found nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for_nothing: Option<f64>,
}

/// One metric under all definitions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Compared {
    /// The metric.
    pub metric: DeliveryMetric,
    /// Its value under each definition, in their order.
    pub values: Vec<MetricValue>,
    /// What tells each of the others from the first.
    pub differences: Vec<Difference>,
}

/// The same events under several definitions, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// What it is of.
    pub group: Group,
    /// What was looked at.
    pub window: Window,
    /// Names and versions of the definitions, the first first.
    pub definitions: Vec<String>,
    /// What the log lacks for each of them.
    #[serde(default)]
    pub needs: Vec<BTreeMap<DeliveryMetric, Needs>>,
    /// The metrics.
    pub metrics: Vec<Compared>,
}

impl Query {
    /// The metrics of a group in the whole window under this query's definition and under others: which events make
    /// the difference, and why. Periods do not matter; all definitions look at the same instants.
    ///
    /// # Errors
    ///
    /// [`QueryError`] of the first definition that is refused; where the query has no such group.
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// use devops_metrics::dataset::Dataset;
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::log::DeliveryLog;
    /// use devops_metrics::query::{Group, Query};
    ///
    /// let mut log = DeliveryLog::new();
    /// log.read_json_lines(br#"
    /// {"type":"deployment","id":"d1","service":"api","environment":"prod","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
    /// {"type":"deployment","id":"d2","service":"api","environment":"staging","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
    /// "#)?;
    /// let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
    /// let query = Query::new(Definition::dora_2025(), march);
    /// let comparison = query.compare(&Dataset::of(&log), &Group::All, &[Definition::fourkeys()])?;
    /// let frequency = &comparison.metrics[0].differences[0];
    /// assert_eq!(frequency.only_other[0].event.as_str(), "d2"); // Four Keys knows no environments.
    /// assert_eq!(
    ///     frequency.to_string(),
    ///     "adds 1 (its environment is of another tier); takes the median days per week"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compare(
        &self,
        dataset: &Dataset<'_>,
        group: &Group,
        others: &[Definition],
    ) -> Result<Comparison, QueryError> {
        let first = self.side(dataset, group, &self.definition)?;
        let others: Result<Vec<Side>, _> =
            others.iter().map(|definition| self.side(dataset, group, definition)).collect();
        let others = others?;
        let metrics = DeliveryMetric::ALL.into_iter().map(|metric| compared(metric, &first, &others));
        let sides = || core::iter::once(&first).chain(&others);
        Ok(Comparison {
            group: group.clone(),
            window: self.window,
            metrics: metrics.collect(),
            definitions: sides().map(|side| name_of(&side.definition)).collect(),
            needs: sides().map(|side| side.needs.clone()).collect(),
        })
    }

    fn side(
        &self,
        dataset: &Dataset<'_>,
        group: &Group,
        definition: &Definition,
    ) -> Result<Side, QueryError> {
        let query = Self { definition: definition.clone(), period: None, ..self.clone() };
        let Report { mut cells, needs, .. } = query.run(dataset)?;
        let Some(place) = cells.iter().position(|cell| cell.group == *group) else {
            return Err(QueryError::unknown_group(group, cells.iter().map(|cell| &cell.group)));
        };
        let cell = cells.remove(place);
        let events = query.explain(dataset, group, &cell.period)?.events;
        Ok(Side { definition: query.definition, values: cell.values, needs, events })
    }
}

/// One definition's answer.
struct Side {
    definition: Definition,
    values: Vec<MetricValue>,
    needs: BTreeMap<DeliveryMetric, Needs>,
    events: Vec<Explained>,
}

impl Side {
    fn value(&self, metric: DeliveryMetric) -> Option<&MetricValue> {
        self.values.iter().find(|value| value.metric == metric)
    }

    /// What counts for a metric, event by event; durations in hours.
    fn counted(&self, metric: DeliveryMetric) -> BTreeMap<&EventId, (EventKind, Vec<f64>)> {
        let unit = match metric {
            DeliveryMetric::ChangeLeadTime | DeliveryMetric::RecoveryTime | DeliveryMetric::TimeToRestore => {
                self.definition.duration_unit.factor_to(Unit::Hours)
            }
            _ => None,
        };
        let mut counted: BTreeMap<&EventId, (EventKind, Vec<f64>)> = BTreeMap::new();
        for event in &self.events {
            for (_, value) in event.counts.iter().filter(|(counts, _)| *counts == metric) {
                let entry = counted.entry(&event.event).or_insert_with(|| (event.kind, Vec::new()));
                entry.1.push(value * unit.unwrap_or(1.0));
            }
        }
        counted
    }

    /// What the other side alone counts, with what this side says to it.
    fn lacks(&self, metric: DeliveryMetric, event: &EventId, kind: EventKind) -> OneSided {
        // By kind and id, as explanations are.
        let place = self.events.binary_search_by(|told| (told.kind, &told.event).cmp(&(kind, event)));
        let told = place.ok().and_then(|place| self.events.get(place));
        let reason = told.and_then(|told| told.left_out.iter().find(|(left, _)| *left == metric));
        OneSided { event: event.clone(), kind, reason: reason.map(|(_, r)| *r), in_window: told.is_some() }
    }

    /// What makes one number of many.
    const fn statistic(&self, metric: DeliveryMetric) -> Option<&'static str> {
        let definition = &self.definition;
        match metric {
            DeliveryMetric::DeploymentFrequency => Some(measure_words(definition.frequency.measure)),
            DeliveryMetric::ChangeLeadTime => Some(statistic_words(definition.lead_time.statistic)),
            DeliveryMetric::ChangeFailureRate => Some(base_words(definition.failure.base)),
            DeliveryMetric::RecoveryTime => Some(statistic_words(definition.recovery.statistic)),
            DeliveryMetric::TimeToRestore => Some(statistic_words(definition.restore.statistic)),
            DeliveryMetric::ReworkRate => None,
        }
    }
}

const fn base_words(base: FailureBase) -> &'static str {
    match base {
        FailureBase::Deployments => "share of deployments",
        FailureBase::DeploymentsWithChanges => "share of deployments with changes",
        FailureBase::Successful => "ratio to deployments without failure",
        FailureBase::LeadTimes => "ratio to lead times",
    }
}

const fn measure_words(measure: FrequencyMeasure) -> &'static str {
    match measure {
        FrequencyMeasure::PerDay => "number per day",
        FrequencyMeasure::PerWeek => "number per week",
        FrequencyMeasure::PerDayFloor => "whole number per day, rounded down",
        FrequencyMeasure::Count => "number",
        FrequencyMeasure::MedianDaysPerWeek => "median days per week",
        FrequencyMeasure::LowerMedianDaysPerWeek => "lower median days per week",
        FrequencyMeasure::MeanGap => "mean gap",
    }
}

fn compared(metric: DeliveryMetric, first: &Side, others: &[Side]) -> Compared {
    let sides = core::iter::once(first).chain(others);
    let values = sides.filter_map(|side| side.value(metric).cloned()).collect();
    let differences = others.iter().map(|other| difference(metric, first, other)).collect();
    Compared { metric, values, differences }
}

fn difference(metric: DeliveryMetric, first: &Side, other: &Side) -> Difference {
    let (mine, theirs) = (first.counted(metric), other.counted(metric));
    let alone = |has: &BTreeMap<&EventId, (EventKind, Vec<f64>)>, lacks: &BTreeSet<&EventId>, side: &Side| {
        let events = has.iter().filter(|(id, _)| !lacks.contains(**id));
        events.map(|(id, (kind, _))| side.lacks(metric, id, *kind)).collect::<Vec<_>>()
    };
    let both = mine.iter().filter_map(|(id, (_, first))| Some((*id, first, &theirs.get(*id)?.1)));
    let unequal = both.filter(|(_, first, other)| !equal(first, other)).map(|(id, first, other)| Unequal {
        event: id.clone(),
        first: first.clone(),
        other: other.clone(),
    });
    let nothing = |value: &&MetricValue| value.n == 0 && metric != DeliveryMetric::DeploymentFrequency;
    Difference {
        definition: name_of(&other.definition),
        metric,
        same: same(first.value(metric), other.value(metric)),
        counted_first: mine.len(),
        only_first: alone(&mine, &theirs.keys().copied().collect(), other),
        only_other: alone(&theirs, &mine.keys().copied().collect(), first),
        unequal: unequal.collect(),
        statistic: other
            .statistic(metric)
            .filter(|words| first.statistic(metric) != Some(*words))
            .map(String::from),
        stands_for_nothing: other.value(metric).filter(nothing).and_then(MetricValue::value),
    }
}

/// Whether an event is worth the same: to a millionth, for units that are not hours.
fn equal(first: &[f64], other: &[f64]) -> bool {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-6 * (a.abs() + b.abs());
    first.len() == other.len() && first.iter().zip(other).all(near)
}

/// Whether two numbers are the same in whatever unit.
fn same(first: Option<&MetricValue>, other: Option<&MetricValue>) -> bool {
    let Some((first, other)) = first.zip(other) else { return false };
    match (first.value(), other.value()) {
        (Some(mine), Some(theirs)) => first
            .unit
            .factor_to(other.unit)
            .is_some_and(|factor| (mine * factor - theirs).abs() <= 1e-9 * theirs.abs()),
        (None, None) => true,
        _ => false,
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.same {
            return f.write_str("the same number");
        }
        let mut said = Vec::new();
        match (one_kind(&self.only_first), one_kind(&self.only_other)) {
            (Some(one), Some(other)) if one != other && self.only_first.len() == self.counted_first => {
                let (added, missing) = (self.only_other.len(), self.only_first.len());
                said.push(format!("counts {added} {other}s instead of {missing} {one}s"));
            }
            _ => {
                said.extend(grouped("leaves out", &self.only_first));
                said.extend(grouped("adds", &self.only_other));
            }
        }
        if self.metric == DeliveryMetric::ChangeFailureRate {
            said.extend(self.other_failures());
        } else if !self.unequal.is_empty() {
            let verb =
                if self.unequal.len() == 1 { "differs in value, or is" } else { "differ in value, or are" };
            said.push(format!("{} {verb} rounded", self.unequal.len()));
        }
        match self.stands_for_nothing {
            Some(number) => said.push(format!("has {} where there is nothing", shown(number))),
            None => said.extend(self.statistic.as_ref().map(|words| format!("takes the {words}"))),
        }
        if said.is_empty() {
            said.push("computes otherwise from the same events".into());
        }
        f.write_str(&said.join("; "))
    }
}

impl Difference {
    /// Deployments that count in both, but not for the same number of failures.
    fn other_failures(&self) -> Vec<String> {
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let sums = || self.unequal.iter().map(|u| (sum(&u.first), sum(&u.other)));
        let more = sums().filter(|(first, other)| *first == 0.0 && *other > 0.0).count();
        let fewer = sums().filter(|(first, other)| *first > 0.0 && *other == 0.0).count();
        let most = sums().map(|(_, other)| other).max_by(f64::total_cmp).unwrap_or(0.0);
        let parts = [
            (more > 0).then(|| format!("sees a failure in {more} more")),
            (fewer > 0).then(|| format!("sees no failure in {fewer}")),
            (most > 1.0).then(|| format!("counts one deployment up to {most} times")),
        ];
        parts.into_iter().flatten().collect()
    }
}

/// The kind of events that are all of one kind.
fn one_kind(events: &[OneSided]) -> Option<EventKind> {
    let first = events.first()?.kind;
    events.iter().all(|event| event.kind == first).then_some(first)
}

/// How many events, by reason; the most frequent first.
fn grouped(verb: &str, events: &[OneSided]) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for event in events {
        let why = match event.reason {
            Some(reason) => reason.to_string(),
            None if event.in_window => format!("{}s do not count for it", event.kind),
            None => "not in this period".into(),
        };
        let count = counts.entry(why).or_insert(0);
        *count = count.saturating_add(1);
    }
    let mut all: Vec<(String, usize)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.into_iter().map(|(reason, n)| format!("{verb} {n} ({reason})")).collect()
}

impl Comparison {
    /// The comparison as Markdown: a row a definition, and below what makes the differences.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let head: Vec<String> = self.metrics.iter().map(|row| row.metric.to_string()).collect();
        let mut text =
            format!("| definition | {} |\n| --- |{}\n", head.join(" | "), " --- |".repeat(head.len()));
        for (index, definition) in self.definitions.iter().enumerate() {
            let number = |row: &Compared| {
                let whole = row.values.get(index).map(ToString::to_string).unwrap_or_default();
                whole.split_once(": ").map_or_else(|| whole.clone(), |(_, number)| number.into())
            };
            let numbers: Vec<String> = self.metrics.iter().map(number).collect();
            text.push_str(&format!("| {} | {} |\n", cell(definition), numbers.join(" | ")));
        }
        let differ = |row: &Compared| row.differences.iter().any(|difference| !difference.same);
        for row in self.metrics.iter().filter(|row| differ(row)) {
            text.push_str(&format!("\n{}:\n\n", row.metric));
            for difference in row.differences.iter().filter(|difference| !difference.same) {
                text.push_str(&format!("- {}: {difference}\n", cell(&difference.definition)));
            }
        }
        text
    }
}
