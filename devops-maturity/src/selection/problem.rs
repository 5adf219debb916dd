//! A checked choice, and how a set of candidates does.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked choice; sums of 10,000 products of 10¹² stay far below 2¹²⁷"
)]

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;

use devops_core::excerpt;

use super::error::{SelectionError, SelectionFault, Shortfall};
use super::spec::{Candidate, SelectionSpec, Wish};
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
    /// What no choice can beat: for [`Wish::Reach`] the least effort, for [`Wish::Most`] the highest value.
    pub bound: f64,
}

/// A candidate in whole numbers.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) effort: u64,
    pub(super) requires: Vec<usize>,
    raises: Vec<(usize, u64)>,
}

/// A checked choice; candidates in an order in which each stands behind what it requires.
pub(super) struct Problem<'a> {
    ids: Vec<&'a str>,
    goal_ids: Vec<&'a str>,
    pub(super) wish: Wish,
    pub(super) budget: u64,
    pub(super) weights: Vec<u64>,
    /// None: without an end.
    pub(super) needed: Vec<Option<Points>>,
    room: Vec<u64>,
    worth: Vec<Vec<(usize, u64)>>,
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
        for &(part, by) in &self.choices[i].raises {
            let before = state.raised[part].min(self.room[part]);
            state.raised[part] += by;
            let more = state.raised[part].min(self.room[part]) - before;
            for &(goal, points) in &self.worth[part] {
                state.points[goal] += Points::from(more) * Points::from(points);
            }
        }
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

/// Collects faults.
#[derive(Default)]
struct Faults(Vec<SelectionFault>);

impl Faults {
    fn micros(&mut self, value: f64, field: impl Fn() -> String, up: bool) -> u64 {
        if !(0.0..=1e6).contains(&value) {
            self.0.push(SelectionFault::Number { field: field(), value: value.to_string() });
            return 0;
        }
        let micros = value * 1e6;
        let near = libm::rint(micros);
        // What was meant as a whole number of millionths is one; else it is rounded to the safe side.
        let whole = match libm::fabs(micros - near) <= 1e-9 * micros {
            true => near,
            false if up => libm::ceil(micros),
            false => libm::floor(micros),
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 10¹², checked above"
        )]
        let whole = whole as u64;
        whole
    }

    fn places<'a>(
        &mut self,
        what: &'static str,
        ids: impl Iterator<Item = &'a str>,
    ) -> BTreeMap<&'a str, usize> {
        let mut found = BTreeMap::new();
        for id in ids {
            if found.insert(id, 0).is_some() {
                self.0.push(SelectionFault::Duplicate { what, id: excerpt(id) });
            }
        }
        found.values_mut().enumerate().for_each(|(rank, place)| *place = rank);
        found
    }

    fn find(
        &mut self,
        places: &BTreeMap<&str, usize>,
        holder: (&'static str, &str),
        (what, id): (&'static str, &str),
    ) -> Option<usize> {
        let found = places.get(id).copied();
        if found.is_none() {
            let holder = format!("{} `{}`", holder.0, excerpt(holder.1));
            self.0.push(SelectionFault::Unknown { holder, what, id: excerpt(id) });
        }
        found
    }
}

fn too_many(spec: &SelectionSpec) -> Vec<SelectionFault> {
    [
        ("goals", spec.goals.len(), 1_000),
        ("parts", spec.parts.len(), 10_000),
        ("candidates", spec.candidates.len(), 2_000),
    ]
    .into_iter()
    .filter(|(_, found, limit)| found > limit)
    .map(|(what, found, limit)| SelectionFault::TooMany { what, found, limit })
    .collect()
}

fn build(spec: &SelectionSpec) -> Result<Problem<'_>, SelectionError> {
    let many = too_many(spec);
    if !many.is_empty() {
        return Err(SelectionError::Faults(many));
    }
    let mut faults = Faults::default();
    let goals = faults.places("goal", spec.goals.iter().map(|g| g.id.as_str()));
    let parts = faults.places("part", spec.parts.iter().map(|p| p.id.as_str()));
    let order = faults.places("candidate", spec.candidates.iter().map(|c| c.id.as_str()));
    let (mut weights, mut needed) = (vec![0; goals.len()], vec![None; goals.len()]);
    for goal in &spec.goals {
        let place = goals[goal.id.as_str()];
        let id = excerpt(&goal.id);
        weights[place] = faults.micros(goal.weight, || format!("weight of goal `{id}`"), false);
        let own = goal.needed.map(|n| faults.micros(n, || format!("need of goal `{id}`"), true));
        needed[place] = own.map(|micros| Points::from(micros) * 1_000_000);
    }
    let (mut room, mut worth) = (vec![0; parts.len()], vec![Vec::new(); parts.len()]);
    for part in &spec.parts {
        let place = parts[part.id.as_str()];
        let id = excerpt(&part.id);
        room[place] = faults.micros(part.room, || format!("room of part `{id}`"), false);
        for own in &part.worth {
            let goal = faults.find(&goals, ("part", &part.id), ("goal", &own.goal));
            let points = faults.micros(own.points, || format!("worth of part `{id}`"), false);
            worth[place].extend(goal.map(|goal| (goal, points)));
        }
    }
    let mut choices = vec![Choice { effort: 0, requires: Vec::new(), raises: Vec::new() }; order.len()];
    for candidate in &spec.candidates {
        choices[order[candidate.id.as_str()]] = read(candidate, &order, &parts, &mut faults);
    }
    let budget = spec.budget.map_or(u64::MAX, |b| faults.micros(b, || "budget".into(), false));
    let ids: Vec<&str> = order.keys().copied().collect();
    let sorted = in_order(&ids, &choices, &mut faults);
    if !faults.0.is_empty() {
        return Err(SelectionError::Faults(faults.0));
    }
    let mut place_of = vec![0; sorted.len()];
    sorted.iter().enumerate().for_each(|(place, &i)| place_of[i] = place);
    let moved = |choice: &Choice| Choice {
        requires: choice.requires.iter().map(|&i| place_of[i]).collect(),
        ..choice.clone()
    };
    Ok(Problem {
        ids: sorted.iter().map(|&i| ids[i]).collect(),
        goal_ids: goals.keys().copied().collect(),
        wish: spec.wish,
        budget,
        weights,
        needed,
        room,
        worth,
        choices: sorted.iter().map(|&i| moved(&choices[i])).collect(),
    })
}

fn read(
    candidate: &Candidate,
    order: &BTreeMap<&str, usize>,
    parts: &BTreeMap<&str, usize>,
    faults: &mut Faults,
) -> Choice {
    let (holder, id) = (("candidate", candidate.id.as_str()), excerpt(&candidate.id));
    let effort = faults.micros(candidate.effort, || format!("effort of candidate `{id}`"), true);
    let requires =
        candidate.requires.iter().filter_map(|r| faults.find(order, holder, ("candidate", r))).collect();
    let mut raises: BTreeMap<usize, u64> = BTreeMap::new();
    for raise in &candidate.raises {
        let part = faults.find(parts, holder, ("part", &raise.part));
        let by = faults.micros(raise.by, || format!("raise by candidate `{id}`"), false);
        if let Some(part) = part {
            *raises.entry(part).or_default() += by;
        }
    }
    Choice { effort, requires, raises: raises.into_iter().collect() }
}

/// Each behind what it requires; a fault for each circle.
fn in_order(ids: &[&str], choices: &[Choice], faults: &mut Faults) -> Vec<usize> {
    let after: Vec<&[usize]> = choices.iter().map(|c| c.requires.as_slice()).collect();
    let (order, circles) = crate::schedule::ordered(&after);
    for circle in circles {
        let path = circle.into_iter().map(|i| format!("`{}`", excerpt(ids[i]))).collect();
        faults.0.push(SelectionFault::Cycle { path });
    }
    order
}
