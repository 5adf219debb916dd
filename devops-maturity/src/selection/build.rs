//! Reads a choice, all faults at once.
#![expect(clippy::indexing_slicing, reason = "places come from the maps of ids")]

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;

use devops_core::excerpt;

use super::error::{SelectionError, SelectionFault};
use super::problem::{Choice, Points, Problem, Raiser};
use super::spec::{Candidate, SelectionSpec};

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

pub(super) fn build(spec: &SelectionSpec) -> Result<Problem<'_>, SelectionError> {
    let many = too_many(spec);
    if !many.is_empty() {
        return Err(SelectionError::Faults(many));
    }
    let mut faults = Faults::default();
    let goals = faults.places("goal", spec.goals.iter().map(|g| g.id.as_str()));
    let parts = faults.places("part", spec.parts.iter().map(|p| p.id.as_str()));
    let order = faults.places("candidate", spec.candidates.iter().map(|c| c.id.as_str()));
    let (weights, needed) = read_goals(spec, &goals, &mut faults);
    let (room, worth) = read_parts(spec, &parts, &goals, &mut faults);
    let mut choices = vec![Choice { effort: 0, requires: Vec::new(), raises: Vec::new() }; order.len()];
    let mut raisers = vec![Vec::new(); parts.len()];
    for candidate in &spec.candidates {
        let choice = order[candidate.id.as_str()];
        choices[choice] = read(candidate, &order, &mut faults);
        for (part, up_to, by) in raises(candidate, &parts, &mut faults) {
            raisers[part].push(Raiser { up_to, by, choice });
            if !choices[choice].raises.contains(&part) {
                choices[choice].raises.push(part);
            }
        }
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
    for raiser in raisers.iter_mut().flatten() {
        raiser.choice = place_of[raiser.choice];
    }
    raisers.iter_mut().for_each(|list| list.sort());
    Ok(Problem {
        ids: sorted.iter().map(|&i| ids[i]).collect(),
        goal_ids: goals.keys().copied().collect(),
        wish: spec.wish,
        budget,
        weights,
        needed,
        room,
        raisers,
        worth,
        choices: sorted.iter().map(|&i| moved(&choices[i])).collect(),
    })
}

/// Weights and needs by goal.
fn read_goals(
    spec: &SelectionSpec,
    goals: &BTreeMap<&str, usize>,
    faults: &mut Faults,
) -> (Vec<u64>, Vec<Option<Points>>) {
    let (mut weights, mut needed) = (vec![0; goals.len()], vec![None; goals.len()]);
    for goal in &spec.goals {
        let place = goals[goal.id.as_str()];
        let id = excerpt(&goal.id);
        weights[place] = faults.micros(goal.weight, || format!("weight of goal `{id}`"), false);
        let own = goal.needed.map(|n| faults.micros(n, || format!("need of goal `{id}`"), true));
        needed[place] = own.map(|micros| Points::from(micros) * 1_000_000);
    }
    (weights, needed)
}

/// Room by part, and what it is worth of which goal.
type Parts = (Vec<u64>, Vec<Vec<(usize, u64)>>);

fn read_parts(
    spec: &SelectionSpec,
    parts: &BTreeMap<&str, usize>,
    goals: &BTreeMap<&str, usize>,
    faults: &mut Faults,
) -> Parts {
    let (mut room, mut worth) = (vec![0; parts.len()], vec![Vec::new(); parts.len()]);
    for part in &spec.parts {
        let place = parts[part.id.as_str()];
        let id = excerpt(&part.id);
        room[place] = faults.micros(part.room, || format!("room of part `{id}`"), false);
        for own in &part.worth {
            let goal = faults.find(goals, ("part", &part.id), ("goal", &own.goal));
            let points = faults.micros(own.points, || format!("worth of part `{id}`"), false);
            worth[place].extend(goal.map(|goal| (goal, points)));
        }
    }
    (room, worth)
}

fn read(candidate: &Candidate, order: &BTreeMap<&str, usize>, faults: &mut Faults) -> Choice {
    let (holder, id) = (("candidate", candidate.id.as_str()), excerpt(&candidate.id));
    let effort = faults.micros(candidate.effort, || format!("effort of candidate `{id}`"), true);
    let requires =
        candidate.requires.iter().filter_map(|r| faults.find(order, holder, ("candidate", r))).collect();
    Choice { effort, requires, raises: Vec::new() }
}

/// Part, end and rise.
fn raises(
    candidate: &Candidate,
    parts: &BTreeMap<&str, usize>,
    faults: &mut Faults,
) -> Vec<(usize, u64, u64)> {
    let (holder, id) = (("candidate", candidate.id.as_str()), excerpt(&candidate.id));
    let read = candidate.raises.iter().filter_map(|raise| {
        let part = faults.find(parts, holder, ("part", &raise.part));
        let by = faults.micros(raise.by, || format!("raise by candidate `{id}`"), false);
        let end = || format!("end of a raise by candidate `{id}`");
        let up_to = raise.up_to.map_or(u64::MAX, |up_to| faults.micros(up_to, end, false));
        Some((part?, up_to, by))
    });
    read.collect()
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
