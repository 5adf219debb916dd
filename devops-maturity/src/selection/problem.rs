//! A checked choice, and how a set of candidates does.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked choice; sums of 10,000 products of 10¹² stay far below 2¹²⁷"
)]

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::build::build;
use super::error::{SelectionError, Shortfall};
use super::spec::{SelectionSpec, Wish};
use super::{exact, greedy};

/// Millionths of a millionth: points of goals, as the product of credit and worth.
pub(super) type Points = u128;
const POINT: f64 = 1e12;

/// What is gained of a goal.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct GoalResult {
    /// The goal.
    pub goal: String,
    /// How many points it needs; none where more is always better.
    pub needed: Option<f64>,
    /// How many points the choice gives.
    pub gained: f64,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Selection {
    /// The chosen candidates, by id.
    pub chosen: Vec<String>,
    /// Their effort together.
    pub effort: f64,
    /// The weighted points that count.
    pub value: f64,
    /// Each goal, by id.
    pub goals: Vec<GoalResult>,
    /// Whether no better choice exists.
    pub exact: bool,
    /// What no choice can beat: for [`Wish::Reach`] the least effort, 0 where nothing is known of it, for
    /// [`Wish::Most`] the highest value.
    pub bound: f64,
}

/// A candidate in whole numbers.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) effort: u64,
    pub(super) requires: Vec<usize>,
    /// Parts, each once.
    pub(super) raises: Vec<usize>,
}

/// A raise of a part; by the end, which is counted first where it is lower.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Raiser {
    pub(super) up_to: u64,
    pub(super) by: u64,
    pub(super) choice: usize,
}

/// A checked choice; candidates in an order in which each stands behind what it requires.
pub(super) struct Problem<'a> {
    pub(super) ids: Vec<&'a str>,
    pub(super) goal_ids: Vec<&'a str>,
    pub(super) wish: Wish,
    pub(super) budget: u64,
    pub(super) weights: Vec<u64>,
    /// None: without an end.
    pub(super) needed: Vec<Option<Points>>,
    pub(super) room: Vec<u64>,
    /// By part.
    pub(super) raisers: Vec<Vec<Raiser>>,
    pub(super) worth: Vec<Vec<(usize, u64)>>,
    pub(super) choices: Vec<Choice>,
}

/// A set of candidates and what it raises.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) chosen: Vec<bool>,
    pub(super) effort: u64,
    raised: Vec<u64>,
    pub(super) points: Vec<Points>,
}

impl Problem<'_> {
    pub(super) fn len(&self) -> usize {
        self.choices.len()
    }

    pub(super) fn nothing(&self) -> State {
        State {
            chosen: vec![false; self.len()],
            effort: 0,
            raised: vec![0; self.room.len()],
            points: vec![0; self.needed.len()],
        }
    }

    /// Adds a candidate.
    pub(super) fn add(&self, state: &mut State, i: usize) {
        if core::mem::replace(&mut state.chosen[i], true) {
            return;
        }
        state.effort += self.choices[i].effort;
        for &part in &self.choices[i].raises {
            let now = self.level(part, &state.chosen);
            let more = now - core::mem::replace(&mut state.raised[part], now);
            for &(goal, points) in &self.worth[part] {
                state.points[goal] += Points::from(more) * Points::from(points);
            }
        }
    }

    /// How far a set raises a part. More never raise it less, and the more there are, the less another one adds.
    fn level(&self, part: usize, chosen: &[bool]) -> u64 {
        let raisers = self.raisers[part].iter().filter(|r| chosen[r.choice]);
        let level = raisers.fold(0_u64, |level, r| level.max(r.up_to.min(level + r.by)));
        level.min(self.room[part])
    }

    pub(super) fn of(&self, set: impl Iterator<Item = usize>) -> State {
        let mut state = self.nothing();
        set.for_each(|i| self.add(&mut state, i));
        state
    }

    /// A candidate with all that it requires.
    pub(super) fn closure(&self, i: usize) -> Vec<usize> {
        let mut found = vec![i];
        let mut next = 0;
        while let Some(&j) = found.get(next) {
            for &required in &self.choices[j].requires {
                if !found.contains(&required) {
                    found.push(required);
                }
            }
            next += 1;
        }
        found
    }

    /// The points of a goal that count.
    pub(super) fn counted(&self, goal: usize, points: Points) -> Points {
        self.needed[goal].map_or(points, |needed| points.min(needed))
    }

    /// Weighted points that count, of millionths of a weight.
    pub(super) fn value(&self, points: &[Points]) -> u128 {
        let goals = points.iter().enumerate();
        goals.map(|(goal, own)| self.counted(goal, *own) / 1_000 * u128::from(self.weights[goal])).sum()
    }

    pub(super) fn reached(&self, state: &State) -> bool {
        state.points.iter().zip(&self.needed).all(|(own, needed)| needed.is_none_or(|needed| *own >= needed))
    }

    fn missing(&self, state: &State) -> Vec<Shortfall> {
        let open = state.points.iter().zip(&self.needed).zip(&self.goal_ids);
        open.filter_map(|((own, needed), id)| {
            let needed = needed.filter(|needed| own < needed)?;
            let (needed, reachable) = (shown_points(needed), shown_points(*own));
            Some(Shortfall { goal: (*id).to_owned(), needed, reachable })
        })
        .collect()
    }

    fn result(&self, state: &State, exact: bool, bound: f64) -> Selection {
        let mut chosen: Vec<String> =
            (0..self.len()).filter(|&i| state.chosen[i]).map(|i| self.ids[i].to_owned()).collect();
        chosen.sort_unstable();
        let mut goals: Vec<GoalResult> = (0..self.goal_ids.len())
            .map(|goal| GoalResult {
                goal: self.goal_ids[goal].to_owned(),
                needed: self.needed[goal].map(shown_points),
                gained: shown_points(state.points[goal]),
            })
            .collect();
        goals.sort_by(|a, b| a.goal.cmp(&b.goal));
        let value = shown_value(self.value(&state.points));
        Selection { chosen, effort: shown(state.effort), value, goals, exact, bound }
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown, not computed with")]
pub(super) fn shown(micros: u64) -> f64 {
    micros as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "shown, not computed with")]
pub(super) fn shown_points(points: Points) -> f64 {
    points as f64 / POINT
}

#[expect(clippy::cast_precision_loss, reason = "shown, not computed with")]
pub(super) fn shown_value(value: u128) -> f64 {
    value as f64 / (POINT * 1e3)
}

/// Chooses.
///
/// # Errors
///
/// [`SelectionError`]: faults of the input, all at once; a target that all candidates together do not reach, with
/// what is missing; a budget too small, with what is needed.
///
/// ```
/// use devops_maturity::selection::{Candidate, Goal, Part, SelectionSpec, Wish, select};
///
/// let spec = SelectionSpec::new(Wish::Reach)
///     .with_budget(5.0)
///     .with_goal(Goal::new("score", 1.0).with_needed(2.0))
///     .with_part(Part::new("tests", 1.0).with_worth("score", 3.0))
///     .with_candidate(Candidate::new("pyramid", 12.0).with_raise("tests", 0.8));
/// let refused = select(&spec).unwrap_err();
/// assert_eq!(refused.to_string(), "budget `5` is too small: 12 is needed for all goals");
/// ```
pub fn select(spec: &SelectionSpec) -> Result<Selection, SelectionError> {
    select_fitting(spec, |_| true)
}

/// Chooses among the sets that `fits` allows, such as those whose schedule ends by a date. It is given the ids
/// of a set, and must allow every part of a set that it allows.
///
/// # Errors
///
/// As [`select`], and [`SelectionError::NothingFits`] where the goals are reached by no set that fits.
///
/// ```
/// use devops_maturity::selection::{Candidate, Goal, Part, SelectionSpec, Wish, select_fitting};
///
/// let spec = SelectionSpec::new(Wish::Most)
///     .with_goal(Goal::new("score", 1.0))
///     .with_part(Part::new("tests", 1.0).with_worth("score", 3.0))
///     .with_candidate(Candidate::new("pyramid", 12.0).with_raise("tests", 0.8))
///     .with_candidate(Candidate::new("mutants", 2.0).with_raise("tests", 0.1));
/// let found = select_fitting(&spec, |set| !set.contains(&"pyramid"))?;
/// assert_eq!(found.chosen, ["mutants"]);
/// # Ok::<(), devops_maturity::selection::SelectionError>(())
/// ```
pub fn select_fitting(
    spec: &SelectionSpec,
    fits: impl Fn(&[&str]) -> bool,
) -> Result<Selection, SelectionError> {
    let problem = build(spec)?;
    let fits = |state: &State| {
        let set: Vec<&str> =
            (0..problem.len()).filter(|&i| state.chosen[i]).map(|i| problem.ids[i]).collect();
        fits(&set)
    };
    match problem.wish {
        Wish::Reach => reach(&problem, &fits),
        Wish::Most => most(&problem, &fits),
    }
}

fn reach(problem: &Problem<'_>, fits: &dyn Fn(&State) -> bool) -> Result<Selection, SelectionError> {
    let missing = problem.missing(&problem.of(0..problem.len()));
    if !missing.is_empty() {
        return Err(SelectionError::UnreachableTarget { missing });
    }
    let start = greedy::reach(problem, fits);
    let (best, exact) = exact::reach(problem, start, fits);
    let best = best.ok_or(SelectionError::NothingFits)?;
    if best.effort > problem.budget {
        let (budget, needed) = (shown(problem.budget), shown(best.effort));
        return Err(SelectionError::BudgetTooSmall { budget, needed, what: "all goals".into() });
    }
    let bound = if exact { best.effort } else { exact::root_bound(problem) };
    Ok(problem.result(&best, exact, shown(bound)))
}

fn most(problem: &Problem<'_>, fits: &dyn Fn(&State) -> bool) -> Result<Selection, SelectionError> {
    let useful = |i: &usize| problem.value(&problem.of(problem.closure(*i).into_iter()).points) > 0;
    let steps = (0..problem.len()).filter(useful).map(|i| problem.of(problem.closure(i).into_iter()));
    let cheapest = steps.min_by_key(|state| state.effort);
    if let Some(cheapest) = cheapest.filter(|state| state.effort > problem.budget) {
        let (budget, needed) = (shown(problem.budget), shown(cheapest.effort));
        return Err(SelectionError::BudgetTooSmall { budget, needed, what: "the cheapest step".into() });
    }
    let start = greedy::most(problem, fits);
    let (best, exact) = exact::most(problem, start, fits);
    let value = problem.value(&best.points);
    let bound = if exact { value } else { exact::most_value(problem, &problem.nothing(), 0) };
    Ok(problem.result(&best, exact, shown_value(bound)))
}
