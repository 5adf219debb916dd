//! A good choice fast: the best step for its effort, again and again, then exchange.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked choice; points in millionths of their goal stay far below 2¹²⁷"
)]

use super::problem::{Problem, State};

/// Millionths of each goal that are reached; the points themselves where more is always better.
fn progress(problem: &Problem<'_>, state: &State) -> u128 {
    let goals = state.points.iter().enumerate();
    goals
        .map(|(goal, own)| match problem.needed[goal] {
            Some(0) => 0,
            Some(needed) => problem.counted(goal, *own) * 1_000_000 / needed,
            None => 0,
        })
        .sum()
}

/// Takes the step with the most of `measure` for its effort while one fits, a step being a candidate with what it
/// requires.
fn fill(
    problem: &Problem<'_>,
    mut state: State,
    measure: impl Fn(&State) -> u128,
    fits: impl Fn(&State) -> bool,
    enough: impl Fn(&State) -> bool,
) -> State {
    while !enough(&state) {
        let own = measure(&state);
        let steps = (0..problem.len()).filter(|&i| !state.chosen[i]).filter_map(|i| {
            let mut with = state.clone();
            problem.closure(i).into_iter().for_each(|j| problem.add(&mut with, j));
            let gain = measure(&with).saturating_sub(own);
            let effort = u128::from(with.effort - state.effort).max(1);
            (gain > 0).then(|| ((effort << 20) / gain.max(1), i, with))
        });
        let mut steps: alloc::vec::Vec<_> = steps.collect();
        steps.sort_by_key(|(price, i, _)| (*price, *i));
        match steps.into_iter().find(|(_, _, with)| fits(with)) {
            Some((_, _, with)) => state = with,
            None => break,
        }
    }
    state
}

/// Without a candidate and those that require it.
fn without(problem: &Problem<'_>, state: &State, i: usize) -> State {
    let mut out = alloc::vec![false; problem.len()];
    out[i] = true;
    // Each stands behind what it requires.
    for j in i + 1..problem.len() {
        out[j] = problem.choices[j].requires.iter().any(|&r| out[r]);
    }
    problem.of((0..problem.len()).filter(|&j| state.chosen[j] && !out[j]))
}

/// Leaves out what is not needed, the dearest first.
fn prune(problem: &Problem<'_>, mut state: State) -> State {
    let mut chosen: alloc::vec::Vec<usize> = (0..problem.len()).filter(|&i| state.chosen[i]).collect();
    chosen.sort_by_key(|&i| (core::cmp::Reverse(problem.choices[i].effort), i));
    for i in chosen {
        if state.chosen[i] {
            let less = without(problem, &state, i);
            if problem.reached(&less) {
                state = less;
            }
        }
    }
    state
}

/// The most candidates that are exchanged two by two, and how often that is begun anew.
const PAIRS: usize = 60;
const ROUNDS: usize = 4;

/// A cheap set that reaches the goals and fits; none where none was found.
pub(super) fn reach(problem: &Problem<'_>, fits: &dyn Fn(&State) -> bool) -> Option<State> {
    let complete = |state: State, fits: &dyn Fn(&State) -> bool| {
        let enough = |s: &State| problem.reached(s);
        let full = fill(problem, state, |s| progress(problem, s), fits, enough);
        enough(&full).then(|| prune(problem, full))
    };
    let mut best = complete(problem.nothing(), fits)?;
    for _ in 0..ROUNDS {
        let before = best.effort;
        for (i, j) in exchanges(problem.len()) {
            if !best.chosen[i] || (problem.len() > PAIRS && !best.chosen[j]) {
                continue;
            }
            // Without the one and the other, or with the other instead; and what else that takes.
            let mut other = without(problem, &best, i);
            let swap = !best.chosen[j];
            if swap {
                problem.closure(j).into_iter().for_each(|k| problem.add(&mut other, k));
                if other.chosen[i] || other.effort >= best.effort || !fits(&other) {
                    continue;
                }
            } else {
                other = without(problem, &other, j);
            }
            let barred = |s: &State| !s.chosen[i] && s.chosen[j] == swap && fits(s);
            if let Some(full) = complete(other, &barred).filter(|full| full.effort < best.effort) {
                best = full;
            }
        }
        if best.effort == before {
            break;
        }
    }
    Some(best)
}

/// Each candidate alone, then in small choices each with each other.
fn exchanges(n: usize) -> impl Iterator<Item = (usize, usize)> {
    let pairs =
        (0..n).flat_map(move |i| (0..n).map(move |j| (i, j))).filter(move |(i, j)| n <= PAIRS && i != j);
    (0..n.min(200)).map(|i| (i, i)).chain(pairs)
}

/// A set of high value within the budget that fits.
pub(super) fn most(problem: &Problem<'_>, fits: &dyn Fn(&State) -> bool) -> State {
    let value = |s: &State| problem.value(&s.points);
    let fitting = |s: &State| s.effort <= problem.budget && fits(s);
    let mut best = fill(problem, problem.nothing(), value, fitting, |_| false);
    for i in 0..problem.len().min(200) {
        let other = if best.chosen[i] {
            without(problem, &best, i)
        } else {
            // It first, whatever its price.
            let alone = problem.of(problem.closure(i).into_iter());
            if !fitting(&alone) {
                continue;
            }
            alone
        };
        let barred = |s: &State| fitting(s) && (s.chosen[i] != best.chosen[i]);
        let full = fill(problem, other, value, barred, |_| false);
        if (value(&full), core::cmp::Reverse(full.effort)) > (value(&best), core::cmp::Reverse(best.effort)) {
            best = full;
        }
    }
    best
}
