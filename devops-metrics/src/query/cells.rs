//! Facts by cell: group and period.

use alloc::vec::Vec;
use core::ops::Range;

use super::group::Batch;
use super::slots::Slots;
use crate::dataset::Dataset;
use crate::dataset::column::{NEVER, NO_ROW};
use crate::definition::{Definition, RestorePeriod};
use crate::sweep::{
    DeploymentFact, ExcludedFact, IncidentFact, LeadFact, LeadRun, Part, Reason, RestoreFact, Sink,
};

/// A fact and the cell that it belongs to, within its batch.
pub(crate) type Placed<T> = (u32, T);

/// The facts of a batch.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) deployments: Vec<Placed<DeploymentFact>>,
    pub(crate) leads: Vec<Placed<LeadFact>>,
    pub(crate) recoveries: Vec<Placed<RestoreFact>>,
    pub(crate) restores: Vec<Placed<RestoreFact>>,
    pub(crate) incidents: Vec<Placed<IncidentFact>>,
    pub(crate) excluded: Vec<Placed<ExcludedFact>>,
    /// When the first event of all was, where the definition asks for that.
    pub(crate) begin: Option<i64>,
}

impl Facts {
    pub(crate) fn clear(&mut self) {
        self.begin = None;
        self.deployments.clear();
        self.leads.clear();
        self.recoveries.clear();
        self.restores.clear();
        self.incidents.clear();
        self.excluded.clear();
    }

    /// Puts the facts in order of their cells; within a cell they keep the order in which they were found.
    pub(crate) fn settle(&mut self) {
        by_cell(&mut self.deployments);
        by_cell(&mut self.leads);
        by_cell(&mut self.recoveries);
        by_cell(&mut self.restores);
        by_cell(&mut self.incidents);
        by_cell(&mut self.excluded);
    }

    /// The facts of a cell.
    pub(crate) fn cell(&self, cell: u32) -> CellFacts<'_> {
        CellFacts {
            deployments: run(&self.deployments, cell),
            leads: run(&self.leads, cell),
            recoveries: run(&self.recoveries, cell),
            restores: run(&self.restores, cell),
            incidents: run(&self.incidents, cell),
            excluded: run(&self.excluded, cell),
            begin: self.begin,
        }
    }
}

pub(super) fn by_cell<T>(facts: &mut [Placed<T>]) {
    if !facts.is_sorted_by_key(|fact| fact.0) {
        facts.sort_by_key(|fact| fact.0);
    }
}

fn run<T>(facts: &[Placed<T>], cell: u32) -> &[Placed<T>] {
    let from = facts.partition_point(|fact| fact.0 < cell);
    let rest = facts.get(from..).unwrap_or(&[]);
    rest.get(..rest.partition_point(|fact| fact.0 == cell)).unwrap_or(&[])
}

/// The earlier of two instants that may not be there.
pub(crate) fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

/// Keeps facts by cell.
pub(crate) trait Keep {
    fn begins(&mut self, at: i64);
    fn deployment(&mut self, cell: u32, fact: DeploymentFact);
    fn leads(&mut self, cell: u32, run: &LeadRun<'_>);
    fn restore(&mut self, cell: u32, part: Part, fact: RestoreFact);
    fn incident(&mut self, cell: u32, fact: IncidentFact);
    fn excluded(&mut self, cell: u32, fact: ExcludedFact);
}

impl Keep for Facts {
    fn begins(&mut self, at: i64) {
        self.begin = earlier(self.begin, Some(at));
    }

    fn deployment(&mut self, cell: u32, fact: DeploymentFact) {
        self.deployments.push((cell, fact));
    }

    fn leads(&mut self, cell: u32, run: &LeadRun<'_>) {
        self.leads.extend(run.facts().map(|fact| (cell, fact)));
    }

    fn restore(&mut self, cell: u32, part: Part, fact: RestoreFact) {
        let list = if part == Part::Recovery { &mut self.recoveries } else { &mut self.restores };
        list.push((cell, fact));
    }

    fn incident(&mut self, cell: u32, fact: IncidentFact) {
        self.incidents.push((cell, fact));
    }

    fn excluded(&mut self, cell: u32, fact: ExcludedFact) {
        self.excluded.push((cell, fact));
    }
}

/// Takes the facts of each cell one after the other, without searching.
pub(crate) struct Walk<'a>(CellFacts<'a>);

impl<'a> Walk<'a> {
    pub(crate) fn new(facts: &'a Facts) -> Self {
        Self(CellFacts {
            deployments: &facts.deployments,
            leads: &facts.leads,
            recoveries: &facts.recoveries,
            restores: &facts.restores,
            incidents: &facts.incidents,
            excluded: &facts.excluded,
            begin: facts.begin,
        })
    }

    /// The facts of a cell; cells must be asked for in order.
    pub(crate) fn next(&mut self, cell: u32) -> CellFacts<'a> {
        CellFacts {
            deployments: take(&mut self.0.deployments, cell),
            leads: take(&mut self.0.leads, cell),
            recoveries: take(&mut self.0.recoveries, cell),
            restores: take(&mut self.0.restores, cell),
            incidents: take(&mut self.0.incidents, cell),
            excluded: take(&mut self.0.excluded, cell),
            begin: self.0.begin,
        }
    }
}

fn take<'a, T>(facts: &mut &'a [Placed<T>], cell: u32) -> &'a [Placed<T>] {
    let count = facts.iter().take_while(|fact| fact.0 == cell).count();
    let Some((head, rest)) = facts.split_at_checked(count) else { return &[] };
    *facts = rest;
    head
}

/// The facts of one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CellFacts<'a> {
    pub(crate) deployments: &'a [Placed<DeploymentFact>],
    pub(crate) leads: &'a [Placed<LeadFact>],
    pub(crate) recoveries: &'a [Placed<RestoreFact>],
    pub(crate) restores: &'a [Placed<RestoreFact>],
    pub(crate) incidents: &'a [Placed<IncidentFact>],
    pub(crate) excluded: &'a [Placed<ExcludedFact>],
    pub(crate) begin: Option<i64>,
}

/// Places what a sweep finds.
pub(crate) struct Placer<'a, K> {
    pub(crate) kept: &'a mut K,
    pub(crate) slots: &'a Slots,
    pub(crate) batch: &'a Batch,
    pub(crate) dataset: &'a Dataset<'a>,
    pub(crate) definition: &'a Definition,
    /// The service that is being swept.
    pub(crate) service: u32,
    pub(crate) explain: bool,
}

impl<K: Keep> Placer<'_, K> {
    /// The cells of an instant in an environment; none where the environment is needed and not known.
    #[inline]
    fn cells(&self, at: i64, environment: u32) -> Range<u32> {
        let group = if self.batch.by_environment { environment } else { 0 };
        if group == NO_ROW {
            return 0..0;
        }
        let slots = self.slots.of(at);
        let first = group.wrapping_mul(crate::dataset::row(self.slots.len()));
        let cell = |slot: usize| first.wrapping_add(crate::dataset::row(slot));
        cell(slots.start)..cell(slots.end)
    }

    /// Whether an incident of several services is counted with an earlier service of the batch.
    fn counted_elsewhere(&self, shared: Option<u32>) -> bool {
        let Some(shared) = shared.and_then(|place| self.dataset.shared.get(place as usize)) else {
            return false;
        };
        let mut here = shared.services.iter().filter(|s| self.batch.services.binary_search(s).is_ok());
        here.next().is_some_and(|first| *first != self.service)
    }

    fn leave_out(&mut self, part: Part, at: i64, event: u32, environment: u32, reason: Reason) {
        if self.explain {
            self.excluded(ExcludedFact { at, event, environment, part, reason });
        }
    }
}

impl<K: Keep> Sink for Placer<'_, K> {
    fn wants_exclusions(&self) -> bool {
        self.explain
    }

    fn takes_elsewhere(&self, shared: u32) -> bool {
        let places = self.dataset.shared.get(shared as usize).map_or(&[][..], |shared| &shared.places);
        let mut others = places.iter().filter(|(service, _)| *service != self.service);
        others.any(|(service, _)| self.batch.services.binary_search(service).is_ok())
    }

    fn begins(&mut self, at: i64) {
        self.kept.begins(at);
    }

    #[inline]
    fn deployment(&mut self, fact: DeploymentFact) {
        if self.batch.by_environment && fact.environment == NO_ROW {
            self.leave_out(Part::Deployments, fact.at, fact.event, NO_ROW, Reason::NoEnvironment);
            return;
        }
        for cell in self.cells(fact.at, fact.environment) {
            self.kept.deployment(cell, fact);
        }
    }

    #[inline(always)]
    fn leads(&mut self, run: LeadRun<'_>) {
        if self.batch.by_environment && run.environment == NO_ROW {
            for fact in run.facts() {
                self.leave_out(Part::Lead, fact.at, fact.event, NO_ROW, Reason::NoEnvironment);
            }
            return;
        }
        for cell in self.cells(run.at, run.environment) {
            self.kept.leads(cell, &run);
        }
    }

    fn restore(&mut self, part: Part, fact: RestoreFact) {
        let rule = if part == Part::Recovery { &self.definition.recovery } else { &self.definition.restore };
        if self.counted_elsewhere(fact.shared) {
            self.leave_out(part, fact.at, fact.event, fact.environment, Reason::CountedElsewhere);
            return;
        }
        if self.batch.by_environment && fact.environment == NO_ROW {
            self.leave_out(part, fact.at, fact.event, NO_ROW, Reason::NoEnvironment);
            return;
        }
        let must_end = rule.period == RestorePeriod::DeployedAndEnd;
        let ends = if must_end { self.cells(fact.end, fact.environment) } else { 0..u32::MAX };
        for cell in self.cells(fact.at, fact.environment) {
            if ends.contains(&cell) {
                self.kept.restore(cell, part, fact);
            } else if self.explain {
                let (at, event, environment) = (fact.at, fact.event, fact.environment);
                let reason = Reason::EndsElsewhere;
                self.kept.excluded(cell, ExcludedFact { at, event, environment, part, reason });
            }
        }
    }

    fn incident(&mut self, fact: IncidentFact) {
        if self.batch.by_environment {
            self.leave_out(Part::Failures, fact.at, fact.event, NO_ROW, Reason::NoEnvironment);
            return;
        }
        if self.counted_elsewhere(fact.shared) {
            return;
        }
        for cell in self.cells(fact.at, 0) {
            self.kept.incident(cell, fact);
        }
    }

    fn excluded(&mut self, fact: ExcludedFact) {
        // What has no time of its own, or no environment, is told with the first cell.
        let environment = if fact.environment == NO_ROW { 0 } else { fact.environment };
        if fact.at == NEVER {
            self.kept.excluded(0, fact);
            return;
        }
        for cell in self.cells(fact.at, environment) {
            self.kept.excluded(cell, fact);
        }
    }
}
