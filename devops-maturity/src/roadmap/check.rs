//! Whether a plan can be asked for so: all faults at once, and the goals.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::excerpt;

use super::error::{RequestErrors, RequestFault};
use super::gap::Goal;
use super::request::{PlanInput, RoadmapRequest, Target};
use super::risk::RiskCondition;
use crate::{Assessment, Fraction, Model};

/// The most people, people-weeks and weeks.
const MAX: f64 = 1e6;
/// The most orders that a schedule is sought among.
const MAX_SAMPLES: u32 = 100_000;

/// What has to be reached, or everything that is wrong.
pub(super) fn request(input: &PlanInput<'_>, request: &RoadmapRequest) -> Result<Vec<Goal>, RequestErrors> {
    let mut faults = Vec::new();
    if request.format != 1 {
        faults.push(RequestFault::UnknownFormat { found: request.format });
    }
    let goals = goals(input.model, input.assessment, &request.target, &mut faults);
    if let Err(errors) = input.library.check(input.model) {
        faults.extend(errors.faults().iter().cloned().map(RequestFault::Library));
    }
    references(input, request, &mut faults);
    numbers(request, &mut faults);
    rules(request, &mut faults);
    faults.extend(request.simulation.faults().into_iter().map(RequestFault::Simulation));
    RequestErrors::check(faults)?;
    Ok(goals)
}

fn references(input: &PlanInput<'_>, request: &RoadmapRequest, faults: &mut Vec<RequestFault>) {
    let lists = [("exclude", &request.exclude), ("anti_patterns_seen", &request.anti_patterns_seen)];
    for (field, list) in lists {
        let unknown = list.iter().filter(|id| input.library.initiative(id).is_none());
        faults.extend(unknown.map(|id| RequestFault::UnknownInitiative { field, initiative: excerpt(id) }));
    }
    let mut seen = BTreeSet::new();
    for people in &request.people {
        if !input.library.roles().iter().any(|role| role.id == people.name) {
            faults.push(RequestFault::UnknownRole { role: excerpt(&people.name) });
        }
        if !seen.insert(&people.name) {
            faults.push(RequestFault::Duplicate { what: "role", id: excerpt(&people.name) });
        }
    }
}

fn numbers(request: &RoadmapRequest, faults: &mut Vec<RequestFault>) {
    let mut limit = |field: String, value: f64, most: f64| {
        if !(0.0..=most).contains(&value) {
            let expected = format!("0 to {most}");
            faults.push(RequestFault::Number { field, value: value.to_string(), expected });
        }
    };
    for people in &request.people {
        limit(format!("people of role `{}`", excerpt(&people.name)), people.capacity, MAX);
    }
    let limits = [("budget", request.budget), ("within_weeks", request.within_weeks)];
    for (field, value) in limits.into_iter().filter_map(|(field, value)| Some((field, value?))) {
        limit(field.into(), value, MAX);
    }
    limit("schedule.samples".into(), f64::from(request.schedule.samples), f64::from(MAX_SAMPLES));
    if !(1..=520).contains(&request.period_weeks) {
        let (value, expected) = (request.period_weeks.to_string(), "1 to 520".into());
        faults.push(RequestFault::Number { field: "period_weeks".into(), value, expected });
    }
}

fn rules(request: &RoadmapRequest, faults: &mut Vec<RequestFault>) {
    let mut seen = BTreeSet::new();
    for rule in &request.risk_rules {
        if !seen.insert(&rule.id) {
            faults.push(RequestFault::Duplicate { what: "risk rule", id: excerpt(&rule.id) });
        }
        let (name, value) = match rule.when {
            RiskCondition::DimensionSkipped { below, .. } => ("below", below),
            RiskCondition::RoleBusy { above_percent }
            | RiskCondition::Unknown { above_percent }
            | RiskCondition::WideSpread { above_percent } => ("above_percent", above_percent),
            RiskCondition::LateFinish { chance_below_percent } => {
                ("chance_below_percent", chance_below_percent)
            }
            _ => continue,
        };
        if !(0.0..=MAX).contains(&value) {
            let field = format!("{name} of risk rule `{}`", excerpt(&rule.id));
            let expected = format!("0 to {MAX}");
            faults.push(RequestFault::Number { field, value: value.to_string(), expected });
        }
    }
}

/// What has to be reached, by node.
pub(super) fn goals(
    model: &Model,
    assessment: &Assessment,
    target: &Target,
    faults: &mut Vec<RequestFault>,
) -> Vec<Goal> {
    if !assessment.is_of(model) {
        let name = |id: &str, version: &str| excerpt(&format!("{id} {version}"));
        faults.push(RequestFault::OtherModel {
            found: name(&assessment.model, &assessment.version),
            expected: name(model.id(), model.version()),
        });
    }
    let mut goals = Vec::<Goal>::new();
    let mut aim = |place: usize, target: Fraction| match goals.iter_mut().find(|g| g.place == place) {
        Some(goal) => goal.target = goal.target.clone().max(target),
        None => goals.push(Goal { place, target }),
    };
    if *target == Target::new() {
        faults.push(RequestFault::EmptyTarget);
    }
    if let Some(level) = target.level {
        match level_goals(model, level) {
            Some(list) => list.into_iter().for_each(|goal| aim(goal.place, goal.target)),
            None => {
                let numbers = model.levels().iter().map(|l| l.number);
                let known = numbers.filter(|l| model.root().threshold(*l).is_some()).collect();
                faults.push(RequestFault::UnknownLevel { found: level, known });
            }
        }
    }
    let named = target.dimensions.iter().map(|d| (Some(d.dimension.as_str()), d.score));
    for (dimension, score) in target.overall.map(|score| (None, score)).into_iter().chain(named) {
        let place = dimension.map_or(Some(0), |id| model.node_index.get(id).copied());
        let name = dimension.map(excerpt);
        match (place, Fraction::from_f64(score)) {
            (None, _) => faults.push(RequestFault::UnknownDimension { dimension: name.unwrap_or_default() }),
            (Some(place), Ok(points)) if !points.is_negative() && points <= *model.scale() => {
                aim(place, points);
            }
            _ => faults.push(RequestFault::Number {
                field: name.map_or("target of the whole".into(), |id| format!("target of dimension `{id}`")),
                value: score.to_string(),
                expected: format!("0 to {}", model.scale()),
            }),
        }
    }
    goals
}

/// The scores that a level asks for: of the whole, and where levels are gated of each dimension.
fn level_goals(model: &Model, level: u32) -> Option<Vec<Goal>> {
    let root = model.root();
    let mut goals = Vec::from([Goal { place: 0, target: root.threshold(level)?.clone() }]);
    if let Some(allowance) = root.allowance {
        let rank = model.rank(level).saturating_sub(usize::try_from(allowance).unwrap_or(usize::MAX));
        let lower = rank.checked_sub(1).and_then(|place| model.levels().get(place)).map(|l| l.number);
        for &place in &root.children {
            let own = model.nodes().get(place).and_then(|n| n.threshold(lower?));
            let target = own.or_else(|| root.threshold(lower?));
            goals.extend(target.map(|target| Goal { place, target: target.clone() }));
        }
    }
    Some(goals)
}
