//! Branch and bound (Land & Doig 1960) over candidates in the order of their requirements.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked choice; efforts of 2,000 candidates stay below 2⁶⁴"
)]

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::problem::{Points, Problem, State};

/// The most sets that are looked at before the search gives up and says so.
const NODES: u32 = 20_000;

/// What each candidate from `from` on would give alone beside `state`: its points by goal.
fn gains(problem: &Problem<'_>, state: &State, from: usize) -> Vec<(usize, Vec<Points>)> {
    let alone = |i: usize| {
        let mut with = state.clone();
        problem.add(&mut with, i);
        with.points.iter().zip(&state.points).map(|(with, own)| with - own).collect()
    };
    (from..problem.len()).filter(|&i| !state.chosen[i]).map(|i| (i, alone(i))).collect()
}

/// Gains by effort, the cheapest points first.
fn by_ratio(mut list: Vec<(u128, u64)>) -> Vec<(u128, u64)> {
    list.retain(|(gain, _)| *gain > 0);
    // gain / effort falling, without division: effort times a fixed point of gain stays below 2¹²⁷.
    list.sort_unstable_by_key(|(gain, effort)| (u128::from(*effort) << 40) / *gain);
    list
}

/// The least effort that can still be needed; `u64::MAX` where the goals are out of reach. What one candidate
/// gives beside others is no more than it gives alone, so a fraction of each is a bound.
pub(super) fn least_effort(problem: &Problem<'_>, state: &State, from: usize) -> u64 {
    let gains = gains(problem, state, from);
    let mut bound = 0;
    for (goal, needed) in problem.needed.iter().enumerate() {
        let Some(mut missing) = needed.and_then(|n| n.checked_sub(state.points[goal])).filter(|m| *m > 0)
        else {
            continue;
        };
        let list = gains.iter().map(|(i, own)| (own[goal], problem.choices[*i].effort)).collect();
        let mut effort = 0;
        for (gain, own) in by_ratio(list) {
            if gain >= missing {
                effort += share(own, missing, gain);
                missing = 0;
                break;
            }
            missing -= gain;
            effort += own;
        }
        if missing > 0 {
            return u64::MAX;
        }
        bound = bound.max(effort);
    }
    bound
}

/// `effort` · part / whole, rounded down.
fn share(effort: u64, part: u128, whole: u128) -> u64 {
    let (part, whole) = (part >> 24, (whole >> 24) + 1);
    u64::try_from(u128::from(effort) * part / whole).unwrap_or(effort)
}

/// The highest value that can still be had.
pub(super) fn most_value(problem: &Problem<'_>, state: &State, from: usize) -> u128 {
    let gains = gains(problem, state, from);
    let mut all = state.points.clone();
    let value = problem.value(&state.points);
    let mut list = Vec::with_capacity(gains.len());
    for (i, own) in gains {
        let with: Vec<Points> = state.points.iter().zip(&own).map(|(a, b)| a + b).collect();
        list.push((problem.value(&with).saturating_sub(value), problem.choices[i].effort));
        all.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
    }
    let mut left = problem.budget.saturating_sub(state.effort);
    let mut best = value;
    for (gain, effort) in by_ratio(list) {
        if effort > left {
            best += gain * u128::from(left) / u128::from(effort) + 1;
            break;
        }
        left -= effort;
        best += gain;
    }
    best.min(problem.value(&all))
}

struct Search<'a, 'b> {
    problem: &'a Problem<'b>,
    fits: &'a dyn Fn(&State) -> bool,
    best: Option<State>,
    nodes: u32,
}

impl Search<'_, '_> {
    /// Whether the search may go on.
    fn enter(&mut self) -> bool {
        self.nodes = self.nodes.saturating_add(1);
        self.nodes <= NODES
    }

    /// `state` with a candidate, where what it requires is chosen and the whole fits.
    fn with(&self, state: &State, i: usize) -> Option<State> {
        if !self.problem.choices[i].requires.iter().all(|&r| state.chosen[r]) {
            return None;
        }
        let mut with = state.clone();
        self.problem.add(&mut with, i);
        (self.fits)(&with).then_some(with)
    }

    fn reach(&mut self, state: &State, i: usize) {
        let best = self.best.as_ref().map_or(u64::MAX, |b| b.effort);
        if !self.enter() || state.effort >= best {
            return;
        }
        if self.problem.reached(state) {
            self.best = Some(state.clone());
            return;
        }
        if i >= self.problem.len()
            || state.effort.saturating_add(least_effort(self.problem, state, i)) >= best
        {
            return;
        }
        if let Some(with) = self.with(state, i) {
            self.reach(&with, i + 1);
        }
        self.reach(state, i + 1);
    }

    fn most(&mut self, state: &State, i: usize) {
        if !self.enter() {
            return;
        }
        let rank = |s: &State| (self.problem.value(&s.points), Reverse(s.effort));
        if self.best.as_ref().is_none_or(|b| rank(state) > rank(b)) {
            self.best = Some(state.clone());
        }
        let best = self.best.as_ref().map_or(0, |b| self.problem.value(&b.points));
        if i >= self.problem.len() || most_value(self.problem, state, i) <= best {
            return;
        }
        if let Some(with) = self.with(state, i).filter(|with| with.effort <= self.problem.budget) {
            self.most(&with, i + 1);
        }
        self.most(state, i + 1);
    }
}

/// The least effort that reaches all goals, no worse than `start`; and whether that is proved.
pub(super) fn reach(
    problem: &Problem<'_>,
    start: Option<State>,
    fits: &dyn Fn(&State) -> bool,
) -> (Option<State>, bool) {
    let mut search = Search { problem, fits, best: start, nodes: 0 };
    search.reach(&problem.nothing(), 0);
    (search.best, search.nodes <= NODES)
}

/// The highest value within the budget, no worse than `start`; and whether that is proved.
pub(super) fn most(problem: &Problem<'_>, start: State, fits: &dyn Fn(&State) -> bool) -> (State, bool) {
    let mut search = Search { problem, fits, best: Some(start), nodes: 0 };
    search.most(&problem.nothing(), 0);
    let proved = search.nodes <= NODES;
    (search.best.unwrap_or_else(|| problem.nothing()), proved)
}
