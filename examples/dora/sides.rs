//! One period under all definitions, with what makes each number differ from ours.

use std::collections::BTreeMap;

use anyhow::Result;
use devops_core::{EventId, Unit};
use devops_metrics::definition::Definition;
use devops_metrics::event::EventKind;
use devops_metrics::query::{DeliveryMetric, Explanation, MetricValue, Query};

use crate::analysis::{Analysis, FIVE};
use crate::look::short_name;

/// A definition's numbers for the period.
pub(crate) struct Side {
    pub(crate) definition: Definition,
    pub(crate) values: Vec<MetricValue>,
    /// Why they are not those of the first definition; empty for the first.
    pub(crate) reasons: Vec<String>,
}

/// The report's own definition first, then all presets.
pub(crate) fn side_by_side(analysis: &Analysis<'_>) -> Result<Vec<Side>> {
    let Some(chosen) = analysis.chosen() else { return Ok(Vec::new()) };
    let own = &analysis.query.definition;
    let others = Definition::presets().into_iter().filter(|preset| preset.name != own.name);
    let mut sides = Vec::new();
    let mut first: Option<Told> = None;
    for definition in std::iter::once(own.clone()).chain(others) {
        // The same instants for all, whatever a definition's own weeks are.
        let mut query = Query::new(definition, chosen.window).by(analysis.query.grouping.clone());
        query.calendar.clone_from(&analysis.query.calendar);
        let mut report = query.run(analysis.dataset)?;
        report.cells.retain(|cell| cell.group == analysis.group);
        let Some(cell) = report.cells.pop() else { continue };
        let explanation = query.explain(analysis.dataset, &cell.group, &cell.period)?;
        let told = Told { definition: query.definition, values: cell.values, explanation };
        let reasons = first.as_ref().map(|first| reasons(first, &told)).unwrap_or_default();
        sides.push(Side { definition: told.definition.clone(), values: told.values.clone(), reasons });
        first.get_or_insert(told);
    }
    Ok(sides)
}

struct Told {
    definition: Definition,
    values: Vec<MetricValue>,
    explanation: Explanation,
}

impl Told {
    fn value(&self, metric: DeliveryMetric) -> Option<&MetricValue> {
        self.values.iter().find(|value| value.metric == metric)
    }

    /// What counts for a metric, event by event; durations in hours.
    fn counted(&self, metric: DeliveryMetric) -> BTreeMap<&EventId, Vec<f64>> {
        let durations = matches!(metric, DeliveryMetric::ChangeLeadTime | DeliveryMetric::RecoveryTime);
        let hours = self.definition.duration_unit.factor_to(Unit::Hours).filter(|_| durations);
        let factor = hours.unwrap_or(1.0);
        let mut counted: BTreeMap<&EventId, Vec<f64>> = BTreeMap::new();
        for event in &self.explanation.events {
            let of_metric = event.counts.iter().filter(|(counts, _)| *counts == metric);
            for (_, value) in of_metric {
                counted.entry(&event.event).or_default().push(value * factor);
            }
        }
        counted
    }

    /// The kind of events that are all of one kind.
    fn kind(&self, ids: &[&EventId]) -> Option<EventKind> {
        let of = |id: &EventId| self.explanation.events.iter().find(|e| e.event == *id).map(|e| e.kind);
        let first = of(ids.first()?)?;
        ids.iter().all(|id| of(id) == Some(first)).then_some(first)
    }

    /// Why it leaves an event out of a metric.
    fn why_not(&self, metric: DeliveryMetric, id: &EventId) -> String {
        let Some(event) = self.explanation.events.iter().find(|event| event.event == *id) else {
            return String::from("not in this period");
        };
        let reason = event.left_out.iter().find(|(left, _)| *left == metric);
        reason
            .map_or_else(|| format!("{}s do not count for it", event.kind), |(_, reason)| reason.to_string())
    }
}

fn reasons(ours: &Told, theirs: &Told) -> Vec<String> {
    FIVE.iter()
        .filter_map(|metric| Some(format!("{}: {}", short_name(*metric), reason(ours, theirs, *metric)?)))
        .collect()
}

fn reason(ours: &Told, theirs: &Told, metric: DeliveryMetric) -> Option<String> {
    let (here, there) = (ours.value(metric)?, theirs.value(metric)?);
    // What it lacks is said in the table.
    there.value()?;
    let same_number = here.unit.factor_to(there.unit).zip(here.value()).zip(there.value());
    if same_number.is_some_and(|((factor, here), there)| (here * factor - there).abs() <= 1e-9 * there.abs())
    {
        return None;
    }
    let (counted, others) = (ours.counted(metric), theirs.counted(metric));
    let mut said = Vec::new();
    let missing: Vec<&EventId> = counted.keys().filter(|id| !others.contains_key(*id)).copied().collect();
    let added: Vec<&EventId> = others.keys().filter(|id| !counted.contains_key(*id)).copied().collect();
    match (ours.kind(&missing), theirs.kind(&added)) {
        (Some(one), Some(other)) if one != other && missing.len() == counted.len() => {
            said.push(format!("counts {} {other}s instead of {} {one}s", added.len(), missing.len()));
        }
        _ => {
            said.extend(grouped("leaves out", &missing, |id| theirs.why_not(metric, id)));
            said.extend(grouped("adds", &added, |id| ours.why_not(metric, id)));
        }
    }
    let both = counted.iter().filter_map(|(id, value)| Some((value, others.get(id)?)));
    said.extend(other_values(metric, both.collect()));
    said.extend(other_statistic(ours, theirs, metric));
    if said.is_empty() {
        said.push(String::from("from the same events, computed otherwise"));
    }
    Some(said.join("; "))
}

/// Events that count in both, but not the same.
fn other_values(metric: DeliveryMetric, both: Vec<(&Vec<f64>, &Vec<f64>)>) -> Option<String> {
    let differ = both.iter().filter(|(a, b)| {
        a.len() != b.len() || a.iter().zip(*b).any(|(a, b)| (a - b).abs() > 1e-6 * a.abs().max(b.abs()))
    });
    let n = differ.clone().count();
    if n == 0 {
        return None;
    }
    if metric != DeliveryMetric::ChangeFailureRate {
        return Some(format!("{n} differ in value, or are rounded"));
    }
    let sum = |values: &Vec<f64>| values.iter().sum::<f64>();
    let more = both.iter().filter(|(a, b)| sum(a) == 0.0 && sum(b) > 0.0).count();
    let fewer = both.iter().filter(|(a, b)| sum(a) > 0.0 && sum(b) == 0.0).count();
    let most = both.iter().map(|(_, b)| sum(b)).fold(0.0, f64::max);
    let parts = [
        (more > 0).then(|| format!("sees a failure in {more} more")),
        (fewer > 0).then(|| format!("sees no failure in {fewer}")),
        (most > 1.0).then(|| format!("counts one deployment up to {most} times")),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// Another way to make one number of many.
fn other_statistic(ours: &Told, theirs: &Told, metric: DeliveryMetric) -> Option<String> {
    let choice = |told: &Told| match metric {
        DeliveryMetric::DeploymentFrequency => serde_json::to_value(told.definition.frequency.measure).ok(),
        DeliveryMetric::ChangeLeadTime => serde_json::to_value(told.definition.lead_time.statistic).ok(),
        DeliveryMetric::RecoveryTime => serde_json::to_value(told.definition.recovery.statistic).ok(),
        _ => None,
    };
    let (here, there) = (choice(ours)?, choice(theirs)?);
    let words = there.as_str().unwrap_or_default().replace('_', " ");
    (here != there).then(|| format!("takes the {}", words.trim_start_matches("the ")))
}

/// How many events, by reason; the most frequent first.
fn grouped(verb: &str, ids: &[&EventId], why: impl Fn(&EventId) -> String) -> Vec<String> {
    let mut by_reason: BTreeMap<String, usize> = BTreeMap::new();
    for id in ids {
        *by_reason.entry(why(id)).or_default() += 1;
    }
    let mut all: Vec<(String, usize)> = by_reason.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    all.into_iter().map(|(reason, n)| format!("{verb} {n} ({reason})")).collect()
}
