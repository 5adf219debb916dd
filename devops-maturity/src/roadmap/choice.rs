//! The choice of initiatives, held against the model's own scores.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::candidates::{Candidates, effort};
use super::credits::Credits;
use super::draft;
use super::error::PlanError;
use super::gap::Goal;
use super::request::{PlanInput, RoadmapRequest};
use crate::initiative::InitiativeSpec;
use crate::schedule::{rounded, schedule};
use crate::selection::{GoalResult, Selection, SelectionError, Shortfall, Wish, select_fitting};
use crate::{Aggregation, Fraction, Model};

/// What is chosen from, and for what.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub(super) input: &'a PlanInput<'a>,
    pub(super) request: &'a RoadmapRequest,
    pub(super) goals: &'a [Goal],
    pub(super) credits: &'a Credits,
    pub(super) candidates: &'a Candidates<'a>,
}

impl<'a> Choice<'a> {
    /// The choice; where nothing ends in time, with the week in which it would.
    pub(super) fn make(&self) -> Result<Selection, PlanError> {
        let refused = match self.found() {
            Err(PlanError::Selection(SelectionError::NothingFits)) => SelectionError::NothingFits,
            other => return other,
        };
        let free = RoadmapRequest { within_weeks: None, ..self.request.clone() };
        let needed = Choice { request: &free, ..*self }.found().and_then(|selection| {
            let ids: Vec<&str> = selection.chosen.iter().map(String::as_str).collect();
            let project = draft::project(self.input, &free, &draft::pick(&self.candidates.open, &ids))?;
            Ok(schedule(&project, &free.schedule).makespan)
        });
        match (needed, self.request.within_weeks) {
            (Ok(needed), Some(weeks)) => Err(PlanError::TooLate { weeks, needed }),
            _ => Err(PlanError::Selection(refused)),
        }
    }

    fn found(&self) -> Result<Selection, PlanError> {
        match self.estimated() {
            // Where one rise alone gives nothing, as in the minimum of two, all together still may.
            Err(PlanError::UnreachableTarget { .. })
                if self.request.wish == Wish::Reach && self.short(&self.candidates.open).is_empty() =>
            {
                self.pruned().map_err(PlanError::Selection)
            }
            other => other,
        }
    }

    /// Chosen by what each rise gives alone; and again with higher needs where the model's own scores fall short.
    fn estimated(&self) -> Result<Selection, PlanError> {
        let mut more: Vec<Fraction> = self.goals.iter().map(|_| Fraction::ZERO).collect();
        let mut short: Vec<(usize, Fraction)> = Vec::new();
        let fits = |ids: &[&str]| self.in_time(&draft::pick(&self.candidates.open, ids));
        for _ in 0..12 {
            let spec = self.candidates.problem(self.input, self.request, self.goals, self.credits, &more);
            let mut found = select_fitting(&spec, fits).map_err(|refused| match refused {
                // What was added on the way is not what the caller asked for.
                SelectionError::UnreachableTarget { missing } if short.is_empty() => {
                    self.unreachable(missing)
                }
                SelectionError::UnreachableTarget { .. } => self.unreachable(self.shortfalls(&short)),
                other => PlanError::Selection(other),
            })?;
            // What was proved of an estimate holds of the model where the two are the same.
            if !short.is_empty() || !adds_up(self.input.model) {
                found.exact = false;
                // Nothing is worth more than all that is needed.
                let all: f64 = found.goals.iter().filter_map(|goal| goal.needed).sum();
                found.bound = if self.request.wish == Wish::Reach { 0.0 } else { rounded(all) };
            }
            let set = self.set(&found);
            short = if self.request.wish == Wish::Reach { self.short(&set) } else { Vec::new() };
            if short.is_empty() {
                return Ok(found);
            }
            for (goal, missing) in &short {
                if let Some(more) = more.get_mut(*goal) {
                    *more = more.plus(missing).plus(&Fraction::of(1, 100_000));
                }
            }
        }
        Err(self.unreachable(self.shortfalls(&short)))
    }

    /// All initiatives without those that the model does not need, the dearest left out first.
    fn pruned(&self) -> Result<Selection, SelectionError> {
        let mut set = self.candidates.open.clone();
        let mut dearest = set.clone();
        dearest.sort_by(|a, b| match effort(b).total_cmp(&effort(a)) {
            Ordering::Equal => a.id.cmp(&b.id),
            other => other,
        });
        for out in dearest {
            let less = without(&set, &out.id);
            if less.len() < set.len() && self.short(&less).is_empty() {
                set = less;
            }
        }
        let needed = rounded(set.iter().map(|i| effort(i)).sum());
        if let Some(budget) = self.request.budget.filter(|budget| needed > *budget) {
            return Err(SelectionError::BudgetTooSmall { budget, needed, what: "all goals".into() });
        }
        if !self.in_time(&set) {
            return Err(SelectionError::NothingFits);
        }
        let goals: Vec<GoalResult> = self.goals.iter().map(|goal| self.result(goal, &set)).collect();
        let counted = goals.iter().map(|g| g.needed.filter(|n| *n < g.gained).unwrap_or(g.gained));
        Ok(Selection {
            chosen: set.iter().map(|i| i.id.clone()).collect(),
            effort: needed,
            value: rounded(counted.sum()),
            goals,
            exact: false,
            bound: 0.0,
        })
    }

    fn in_time(&self, set: &[&InitiativeSpec]) -> bool {
        let weeks = self.request.within_weeks;
        weeks.is_none_or(|weeks| draft::ends_within(self.input, self.request, set, weeks))
    }

    fn set(&self, found: &Selection) -> Vec<&'a InitiativeSpec> {
        found.chosen.iter().filter_map(|id| self.candidates.initiative(id)).collect()
    }

    /// What goals miss when a set is done, by the model itself: place and points.
    fn short(&self, set: &[&InitiativeSpec]) -> Vec<(usize, Fraction)> {
        let scores = self.credits.raised(self.input.model, set.iter().copied()).scores(self.input.model);
        let missing =
            self.goals.iter().enumerate().map(|(k, goal)| (k, goal.target.minus(&of(goal, &scores))));
        missing.filter(|(_, missing)| *missing > Fraction::ZERO).collect()
    }

    fn result(&self, goal: &Goal, set: &[&InitiativeSpec]) -> GoalResult {
        let model = self.input.model;
        let now = of(goal, &self.credits.scores(model));
        let then = of(goal, &self.credits.raised(model, set.iter().copied()).scores(model));
        GoalResult {
            goal: self.name(goal),
            needed: Some(rounded(goal.target.minus(&now).max(Fraction::ZERO).get())),
            gained: rounded(then.minus(&now).get()),
        }
    }

    fn shortfalls(&self, short: &[(usize, Fraction)]) -> Vec<Shortfall> {
        let now = self.credits.scores(self.input.model);
        let found = short.iter().filter_map(|(goal, missing)| {
            let goal = self.goals.get(*goal)?;
            let needed = goal.target.minus(&of(goal, &now));
            Some(Shortfall {
                goal: self.name(goal),
                needed: rounded(needed.get()),
                reachable: rounded(needed.minus(missing).get()),
            })
        });
        found.collect()
    }

    fn name(&self, goal: &Goal) -> String {
        self.input.model.nodes().get(goal.place).map_or("", |n| n.id().as_str()).into()
    }

    fn unreachable(&self, missing: Vec<Shortfall>) -> PlanError {
        PlanError::UnreachableTarget { missing, left_out: self.candidates.left_out.clone() }
    }
}

fn of(goal: &Goal, scores: &[Option<Fraction>]) -> Fraction {
    scores.get(goal.place).cloned().flatten().unwrap_or_default()
}

/// Whether what rises give alone is what they give together.
fn adds_up(model: &Model) -> bool {
    use Aggregation::{LevelSums, PooledMean, Sum, WeightedMean};
    model.nodes().iter().all(|node| {
        node.rounding.is_none() && matches!(node.aggregation, WeightedMean | Sum | PooledMean | LevelSums)
    })
}

/// Without an initiative and those that require it, however far away.
fn without<'a>(set: &[&'a InitiativeSpec], out: &str) -> Vec<&'a InitiativeSpec> {
    let mut gone = Vec::from([out]);
    let mut next = 0;
    while let Some(id) = gone.get(next).copied() {
        let more = set.iter().filter(|i| i.requires.iter().any(|r| r == id));
        for initiative in more.map(|i| i.id.as_str()).collect::<Vec<_>>() {
            if !gone.contains(&initiative) {
                gone.push(initiative);
            }
        }
        next = next.saturating_add(1);
    }
    set.iter().copied().filter(|i| !gone.contains(&i.id.as_str())).collect()
}
