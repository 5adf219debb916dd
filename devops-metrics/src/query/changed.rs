//! Which cells differ between two states of a log.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::cells::{CellFacts, Facts, Placed};
use super::group::Group;
use super::left_out::reasons;
use super::measure::Frame;
use super::report::Cell;
use super::value::{DeliveryMetric, Needs};
use super::{Plan, Query, QueryError};
use crate::dataset::{Dataset, row};
use crate::sweep::{Across, RestoreFact};

/// A cell whose answers an event changed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ChangedCell {
    /// What it is of.
    pub group: Group,
    /// The period's label.
    pub period: String,
    /// The answers before; `None` where there was no such group, or no answer.
    pub before: Option<Cell>,
    /// The answers now; `None` where there is no such group any more, or no answer.
    pub after: Option<Cell>,
}

/// The facts of all cells of a dataset, from which the answers of some are made.
pub(super) struct Table<'a> {
    plan: Plan<'a>,
    across: Across,
    needs: BTreeMap<DeliveryMetric, Needs>,
    /// Of each batch.
    facts: Vec<Facts>,
    /// The batch of each group, and its place there.
    places: BTreeMap<Group, (usize, usize)>,
}

impl<'a> Table<'a> {
    pub(super) fn of(
        query: &'a Query,
        dataset: &'a Dataset<'a>,
        needs: BTreeMap<DeliveryMetric, Needs>,
    ) -> Result<Self, QueryError> {
        let plan = query.plan(dataset)?;
        let across = plan.across();
        let mut table = Self { plan, across, needs, facts: Vec::new(), places: BTreeMap::new() };
        for (number, batch) in table.plan.batches.iter().enumerate() {
            let mut facts = Facts::default();
            table.plan.fill(batch, &batch.services, &table.across, true, &mut facts)?;
            table.facts.push(facts);
            let groups = batch.groups.iter().cloned().enumerate();
            table.places.extend(groups.map(|(place, group)| (group, (number, place))));
        }
        Ok(table)
    }

    fn facts(&self, group: &Group, slot: usize) -> Option<CellFacts<'_>> {
        let (batch, place) = self.places.get(group)?;
        let cell = place.saturating_mul(self.plan.slots.len()).saturating_add(slot);
        Some(self.facts.get(*batch)?.cell(row(cell)))
    }

    /// The answers of some cells of a group, in order.
    fn cells(&self, group: &Group, slots: &[usize]) -> Vec<Option<Cell>> {
        let Some((number, place)) = self.places.get(group) else {
            return slots.iter().map(|_| None).collect();
        };
        let definition = &self.plan.query.definition;
        let frame = Frame { definition, calendar: &self.plan.calendar, needs: &self.needs };
        let batch = self.plan.batches.get(*number);
        if definition.mean_of_services && batch.is_some_and(|batch| batch.services.len() > 1) {
            // Means of services are made of the cells of each.
            let all = batch.and_then(|batch| {
                self.plan.batch_cells(batch, &self.across, &frame, &mut Facts::default()).ok()
            });
            let first = place.saturating_mul(self.plan.slots.len());
            let at = |slot: &usize| all.as_ref()?.get(first.saturating_add(*slot)).cloned();
            return slots.iter().map(at).collect();
        }
        let cell = |slot: &usize| {
            let (facts, window) = (self.facts(group, *slot)?, self.plan.slots.window(*slot)?);
            let (group, period) = (group.clone(), self.plan.slots.label(*slot));
            Some(Cell { group, period, window, values: frame.values(facts, window) })
        };
        slots.iter().map(cell).collect()
    }
}

/// Whether the same answers are made of the facts of two cells, whatever the ids.
fn alike(one: CellFacts<'_>, other: CellFacts<'_>) -> bool {
    fn each<T, K: PartialEq>(one: &[Placed<T>], other: &[Placed<T>], key: impl Fn(&T) -> K) -> bool {
        one.len() == other.len() && one.iter().zip(other).all(|(a, b)| key(&a.1) == key(&b.1))
    }
    let restore = |fact: &RestoreFact| (fact.at, fact.value, fact.open);
    each(one.deployments, other.deployments, |f| (f.at, f.counted, f.base, f.failures, f.rework))
        && each(one.leads, other.leads, |fact| (fact.at, fact.value))
        && each(one.recoveries, other.recoveries, restore)
        && each(one.restores, other.restores, restore)
        && each(one.incidents, other.incidents, |fact| fact.at)
        && left_out_alike(one, other)
        && one.begin == other.begin
}

/// Whether as many events are left out of each metric for the same reasons.
fn left_out_alike(one: CellFacts<'_>, other: CellFacts<'_>) -> bool {
    if one.excluded.is_empty() && other.excluded.is_empty() {
        return true;
    }
    DeliveryMetric::ALL.into_iter().all(|metric| reasons(metric, one) == reasons(metric, other))
}

/// The cells whose answers differ, by group and period. A table is absent where there is no answer.
pub(super) fn changed(before: Option<&Table<'_>>, after: Option<&Table<'_>>) -> Vec<ChangedCell> {
    let tables = || before.into_iter().chain(after);
    let groups: BTreeSet<&Group> = tables().flat_map(|table| table.places.keys()).collect();
    let Some(plan) = tables().next().map(|table| &table.plan) else { return Vec::new() };
    // Where the facts do not tell: an answer may be of another kind, and a mean has parts.
    let look_at_all = plan.query.definition.mean_of_services
        || before.zip(after).is_none_or(|(before, after)| before.needs != after.needs);
    let mut found = Vec::new();
    for group in groups {
        let facts = |slot| Some((before?.facts(group, slot)?, after?.facts(group, slot)?));
        let differs =
            |slot: &usize| look_at_all || facts(*slot).is_none_or(|(one, other)| !alike(one, other));
        let slots: Vec<usize> = (0..plan.slots.len()).filter(differs).collect();
        let cells = |table: Option<&Table<'_>>| {
            table.map_or_else(|| slots.iter().map(|_| None).collect(), |table| table.cells(group, &slots))
        };
        let pairs = slots.iter().zip(cells(before)).zip(cells(after));
        found.extend(pairs.filter(|((_, before), after)| before != after).map(|((slot, before), after)| {
            ChangedCell { group: group.clone(), period: plan.slots.label(*slot), before, after }
        }));
    }
    found
}
