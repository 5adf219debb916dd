//! What is behind a cell.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use devops_core::{EventId, Unit};
use serde::{Deserialize, Serialize};

use super::cells::{CellFacts, Facts};
use super::group::Group;
use super::left_out::left_out;
use super::measure::name_of;
use super::numbers::float;
use super::value::{DeliveryMetric, shown};
use super::{Plan, Query, QueryError};
use crate::calendar::Window;
use crate::dataset::column::NO_ROW;
use crate::dataset::{Dataset, row};
use crate::event::EventKind;
use crate::sweep::Reason;

/// An event of a cell: what it counts in, and what it is left out of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explained {
    /// Its id.
    pub event: EventId,
    /// Its kind.
    pub kind: EventKind,
    /// The metrics that it counts in, with what it adds: a duration in the definition's unit, 1 for a deployment, a
    /// failure or rework, 0 for a deployment that only stands below the line.
    pub counts: Vec<(DeliveryMetric, f64)>,
    /// The metrics in which what it adds has lasted so long and is not over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<DeliveryMetric>,
    /// The metrics that it is left out of, and why: none in which it counts, and of several reasons the first one in the
    /// order of [`Reason`].
    pub left_out: Vec<(DeliveryMetric, Reason)>,
    /// Of a change the deployments through which it counts, in the order of its lead times in `counts`.
    pub through: Vec<EventId>,
}

/// All events behind a cell, by kind and id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What it is of.
    pub group: Group,
    /// The period's label.
    pub period: String,
    /// What of the period is counted.
    pub window: Window,
    /// Name and version of the definition.
    pub definition: String,
    /// The unit of its durations.
    pub unit: Unit,
    /// The events.
    pub events: Vec<Explained>,
}

impl Query {
    /// Which events are behind a cell, and which ones are left out, each with its reason. `period` is the label of the
    /// cell ([`Cell::period`](crate::query::Cell::period)): that of the window where the query has no periods.
    ///
    /// # Errors
    ///
    /// [`QueryError`]; among others where the query has no such group or period.
    ///
    /// The example is that of [the module](crate::query).
    pub fn explain(
        &self,
        dataset: &Dataset<'_>,
        group: &Group,
        period: &str,
    ) -> Result<Explanation, QueryError> {
        let plan = self.plan(dataset)?;
        let (batch, place) = plan.place_of(group)?;
        let slot = (0..plan.slots.len()).find(|slot| plan.slots.label(*slot) == period);
        let Some((slot, window)) = slot.and_then(|slot| Some((slot, plan.slots.window(slot)?))) else {
            return Err(QueryError::unknown_period(period, plan.slots.len(), plan.slots.label(0)));
        };
        let mut facts = Facts::default();
        plan.fill(batch, &batch.services, &plan.across(), true, &mut facts)?;
        let cell = place.saturating_mul(plan.slots.len()).saturating_add(slot);
        let events = plan.explained(facts.cell(row(cell)));
        let (definition, unit) = (name_of(&self.definition), self.definition.duration_unit);
        Ok(Explanation { group: group.clone(), period: period.into(), window, definition, unit, events })
    }
}

/// What an event counts in, and what it is left out of.
#[derive(Default)]
struct Roles {
    counts: Vec<(DeliveryMetric, f64)>,
    open: Vec<DeliveryMetric>,
    left_out: Vec<(DeliveryMetric, Reason)>,
    through: Vec<u32>,
}

impl Plan<'_> {
    fn explained(&self, facts: CellFacts<'_>) -> Vec<Explained> {
        let unit = self.query.definition.duration_unit;
        let in_unit = |millis: i64| float(millis) / unit.factor_to(Unit::Milliseconds).unwrap_or(1.0);
        let mut roles: BTreeMap<u32, Roles> = BTreeMap::new();
        let mut counts = |event: u32, metric: DeliveryMetric, value: f64| {
            roles.entry(event).or_default().counts.push((metric, value));
        };
        for (_, fact) in facts.deployments {
            if fact.counted {
                counts(fact.event, DeliveryMetric::DeploymentFrequency, 1.0);
                counts(fact.event, DeliveryMetric::ReworkRate, f64::from(u8::from(fact.rework)));
            }
            if fact.is_in_failure_rate() {
                counts(fact.event, DeliveryMetric::ChangeFailureRate, f64::from(fact.failures));
            }
        }
        for (_, fact) in facts.leads {
            counts(fact.event, DeliveryMetric::ChangeLeadTime, in_unit(fact.value));
        }
        for (_, fact) in facts.recoveries {
            counts(fact.event, DeliveryMetric::RecoveryTime, in_unit(fact.value));
        }
        for (_, fact) in facts.restores {
            counts(fact.event, DeliveryMetric::TimeToRestore, in_unit(fact.value));
        }
        for (_, fact) in facts.incidents {
            counts(fact.event, DeliveryMetric::ChangeFailureRate, 1.0);
        }
        for (_, fact) in facts.leads {
            roles.entry(fact.event).or_default().through.push(fact.deployment);
        }
        let recovering = facts.recoveries.iter().map(|(_, fact)| (DeliveryMetric::RecoveryTime, fact));
        let restoring = facts.restores.iter().map(|(_, fact)| (DeliveryMetric::TimeToRestore, fact));
        for (metric, fact) in recovering.chain(restoring).filter(|(_, fact)| fact.open) {
            roles.entry(fact.event).or_default().open.push(metric);
        }
        for metric in DeliveryMetric::ALL {
            for (event, reason) in left_out(metric, facts) {
                roles.entry(event).or_default().left_out.push((metric, reason));
            }
        }
        let told = roles.into_iter().filter_map(|(revision, roles)| {
            let event = self.dataset.id(revision)?;
            let through = roles.through.iter().filter(|revision| **revision != NO_ROW);
            let through = through.filter_map(|revision| self.dataset.id(*revision)).collect();
            let Roles { counts, open, left_out, .. } = roles;
            Some(Explained { event, kind: self.dataset.log.kind(revision), counts, open, left_out, through })
        });
        let mut events: Vec<Explained> = told.collect();
        events.sort_by(|a, b| (a.kind, &a.event).cmp(&(b.kind, &b.event)));
        events
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} by {}:", self.group, self.period, self.definition)?;
        for event in &self.events {
            let counts = event.counts.iter().map(|(metric, value)| {
                let so_far = if event.open.contains(metric) { " so far" } else { "" };
                let unit =
                    if metric.is_duration() { format!(" {}", self.unit.symbol()) } else { String::new() };
                format!("{metric} {}{unit}{so_far}", shown(*value))
            });
            let left = event.left_out.iter().map(|(metric, reason)| format!("not {metric}: {reason}"));
            let all: Vec<String> = counts.chain(left).collect();
            writeln!(f, "  {} {}: {}", event.kind, event.event, all.join("; "))?;
        }
        Ok(())
    }
}
