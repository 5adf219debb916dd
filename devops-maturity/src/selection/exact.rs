//! Branch and bound (Land & Doig 1960) over candidates in the order of their requirements.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked choice; efforts of 2,000 candidates stay below 2⁶⁴"
)]

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::problem::{Points, Problem, State, shown, shown_points};

/// The most sets that are looked at before the search gives up and says so.
const NODES: u32 = 10_000;

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

/// The least effort that can still be needed; `u64::MAX` where the goals are out of reach.
///
/// What one candidate gives beside others is no more than it gives alone, so covering what is missing by fractions of
/// candidates is a bound; and so is each solution of its dual, prices of points by goal. `prices` are improved one goal
/// at a time and kept for the next set, which is much like this one.
pub(super) fn least_effort(problem: &Problem<'_>, state: &State, from: usize, prices: &mut [f64]) -> u64 {
    let missing = |goal: usize| problem.needed[goal].map_or(0, |n| n.saturating_sub(state.points[goal]));
    let open: Vec<usize> = (0..problem.needed.len()).filter(|goal| missing(*goal) > 0).collect();
    let gains = gains(problem, state, from);
    if open.iter().any(|&goal| gains.iter().map(|(_, own)| own[goal]).sum::<Points>() < missing(goal)) {
        return u64::MAX;
    }
    let rows: Vec<(f64, Vec<f64>)> = gains
        .iter()
        .map(|(i, own)| {
            (shown(problem.choices[*i].effort), open.iter().map(|g| shown_points(own[*g])).collect())
        })
        .collect();
    let missing: Vec<f64> = open.iter().map(|goal| shown_points(missing(*goal))).collect();
    let mut own: Vec<f64> = open.iter().map(|goal| prices[*goal]).collect();
    for _ in 0..2 {
        (0..open.len()).for_each(|goal| own[goal] = price(&rows, &missing, &own, goal));
    }
    for (goal, price) in open.iter().zip(&own) {
        prices[*goal] = *price;
    }
    // What rounding could do is taken off.
    let bound = bound(&rows, &missing, &own) * (1.0 - 1e-9) * 1e6 - 1.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped; efforts are below 2⁵³"
    )]
    let bound = bound.clamp(0.0, 9e15) as u64;
    bound
}

fn worth(gains: &[f64], prices: &[f64]) -> f64 {
    gains.iter().zip(prices).map(|(gain, price)| gain * price).sum()
}

/// The dual's value: what is missing at these prices, less what candidates are worth beyond their effort.
fn bound(rows: &[(f64, Vec<f64>)], missing: &[f64], prices: &[f64]) -> f64 {
    let beyond = rows.iter().map(|(effort, gains)| worth(gains, prices) - effort).filter(|own| *own > 0.0);
    worth(missing, prices) - beyond.sum::<f64>()
}

/// The best price of a goal's points while the others stay: that of the candidate that covers the last of what is
/// missing, at the effort that the other goals do not pay for.
fn price(rows: &[(f64, Vec<f64>)], missing: &[f64], prices: &[f64], goal: usize) -> f64 {
    let mut list: Vec<(f64, f64)> = rows
        .iter()
        .filter(|(_, gains)| gains[goal] > 0.0)
        .map(|(effort, gains)| {
            let others = worth(gains, prices) - gains[goal] * prices[goal];
            (if effort > &others { (effort - others) / gains[goal] } else { 0.0 }, gains[goal])
        })
        .collect();
    list.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)));
    let mut left = missing[goal];
    for (price, gain) in list {
        left -= gain;
        if left <= 0.0 {
            return price;
        }
    }
    prices[goal]
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

/// The least effort that reaches all goals, from nothing.
pub(super) fn root_bound(problem: &Problem<'_>) -> u64 {
    let mut prices = alloc::vec![0.0; problem.needed.len()];
    let state = problem.nothing();
    let bounds = (0..10).map(|_| least_effort(problem, &state, 0, &mut prices));
    bounds.max().unwrap_or(0)
}

struct Search<'a, 'b> {
    problem: &'a Problem<'b>,
    fits: &'a dyn Fn(&State) -> bool,
    best: Option<State>,
    nodes: u32,
    /// Of points by goal, for the bound.
    prices: Vec<f64>,
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
        if i >= self.problem.len() {
            return;
        }
        let mut prices = core::mem::take(&mut self.prices);
        let least = least_effort(self.problem, state, i, &mut prices);
        self.prices = prices;
        if state.effort.saturating_add(least) >= best {
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
    let mut search =
        Search { problem, fits, best: start, nodes: 0, prices: alloc::vec![0.0; problem.needed.len()] };
    search.reach(&problem.nothing(), 0);
    (search.best, search.nodes <= NODES)
}

/// The highest value within the budget, no worse than `start`; and whether that is proved.
pub(super) fn most(problem: &Problem<'_>, start: State, fits: &dyn Fn(&State) -> bool) -> (State, bool) {
    let mut search = Search { problem, fits, best: Some(start), nodes: 0, prices: Vec::new() };
    search.most(&problem.nothing(), 0);
    let proved = search.nodes <= NODES;
    (search.best.unwrap_or_else(|| problem.nothing()), proved)
}
