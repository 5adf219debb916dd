//! Which initiatives can take part, and the choice among them.

use alloc::borrow::ToOwned as _;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::credits::Credits;
use super::error::LeftOut;
use super::gap::Goal;
use super::request::{PlanInput, RoadmapRequest};
use crate::Fraction;
use crate::initiative::InitiativeSpec;
use crate::selection::{self, Candidate, Part, SelectionSpec};

/// Which initiatives can take part.
pub(super) struct Candidates<'a> {
    pub(super) open: Vec<&'a InitiativeSpec>,
    /// What is there already, and what shows it.
    pub(super) there: BTreeMap<&'a str, String>,
    pub(super) left_out: Vec<LeftOut>,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(input: &PlanInput<'a>, request: &RoadmapRequest, credits: &Credits) -> Self {
        let mut found = Self { open: Vec::new(), there: BTreeMap::new(), left_out: Vec::new() };
        let mut out: BTreeSet<&str> = BTreeSet::new();
        for initiative in input.library.initiatives() {
            if let Some(shown_by) = there(input, credits, initiative) {
                found.there.insert(&initiative.id, shown_by);
            } else if let Some(reason) = obstacle(request, initiative) {
                found.left_out.push(LeftOut { initiative: initiative.id.clone(), reason });
                out.insert(&initiative.id);
            }
        }
        // What requires something that is left out is left out too, however far away.
        loop {
            let blocked = input.library.initiatives().iter().find_map(|initiative| {
                let known =
                    out.contains(initiative.id.as_str()) || found.there.contains_key(initiative.id.as_str());
                let missing = initiative.requires.iter().find(|r| out.contains(r.as_str()))?;
                (!known).then_some((initiative, missing))
            });
            let Some((initiative, missing)) = blocked else { break };
            out.insert(&initiative.id);
            let reason = format!("it requires `{missing}`");
            found.left_out.push(LeftOut { initiative: initiative.id.clone(), reason });
        }
        let all = input.library.initiatives().iter();
        found.open = all
            .filter(|i| !out.contains(i.id.as_str()) && !found.there.contains_key(i.id.as_str()))
            .collect();
        found
    }

    pub(super) fn initiative(&self, id: &str) -> Option<&'a InitiativeSpec> {
        self.open.iter().copied().find(|i| i.id == id)
    }

    /// What is to be chosen from; `more` points are added to what each goal needs.
    pub(super) fn problem(
        &self,
        input: &PlanInput<'_>,
        request: &RoadmapRequest,
        goals: &[Goal],
        credits: &Credits,
        more: &[Fraction],
    ) -> SelectionSpec {
        let model = input.model;
        let mut spec = SelectionSpec::new(request.wish);
        spec.budget = request.budget;
        let now = credits.scores(model);
        let name = |goal: &Goal| model.nodes().get(goal.place).map_or("", |n| n.id().as_str()).to_owned();
        for (goal, more) in goals.iter().zip(more) {
            let own = now.get(goal.place).cloned().flatten().unwrap_or_default();
            let needed = goal.target.minus(&own).max(Fraction::ZERO).plus(more);
            spec = spec.with_goal(selection::Goal::new(name(goal), 1.0).with_needed(needed.get()));
        }
        for (place, (item, credit)) in model.items().iter().zip(credits.iter()).enumerate() {
            let Some(credit) = credit else { continue };
            let room = Fraction::ONE.minus(credit);
            let full = credits.with_full(place).scores(model);
            let mut part = Part::new(item.id().as_str(), room.get());
            for goal in goals {
                let score = |scores: &[Option<Fraction>]| scores.get(goal.place).cloned().flatten();
                let gain = score(&full).zip(score(&now)).and_then(|(full, now)| full.minus(&now).over(&room));
                if let Some(gain) = gain.filter(|g| *g > Fraction::ZERO) {
                    part = part.with_worth(name(goal), gain.get());
                }
            }
            spec = spec.with_part(part);
        }
        self.open
            .iter()
            .fold(spec, |spec, initiative| spec.with_candidate(self.candidate(input, credits, initiative)))
    }

    fn candidate(&self, input: &PlanInput<'_>, credits: &Credits, initiative: &InitiativeSpec) -> Candidate {
        let mut candidate = Candidate::new(initiative.id.clone(), effort(initiative));
        for required in initiative.requires.iter().filter(|r| !self.there.contains_key(r.as_str())) {
            candidate = candidate.with_requirement(required.clone());
        }
        for raise in &initiative.raises {
            let Some(credit) = credits.of(input.model, &raise.item) else { continue };
            let left = raise.up_to - credit.get();
            if left > 0.0 {
                candidate = candidate.with_raise_up_to(raise.item.clone(), raise.by, left);
            }
        }
        candidate
    }
}

/// People-weeks at the mean duration.
pub(super) fn effort(initiative: &InitiativeSpec) -> f64 {
    let d = initiative.duration;
    (d.min + d.mode + d.max) / 3.0 * initiative.people()
}

/// What shows that an initiative has been done: all its criteria, or that all it raises is as high already.
fn there(input: &PlanInput<'_>, credits: &Credits, initiative: &InitiativeSpec) -> Option<String> {
    let checks: Vec<_> = initiative
        .done_when
        .iter()
        .map(|criterion| (criterion, criterion.check(&input.measures, &input.baseline)))
        .collect();
    if !checks.is_empty() && checks.iter().all(|(_, state)| state.is_met()) {
        let shown: Vec<String> =
            checks.iter().map(|(criterion, state)| format!("{criterion} ({state})")).collect();
        return Some(shown.join(", "));
    }
    let mut shown = Vec::new();
    for raise in &initiative.raises {
        // What does not apply cannot be raised.
        let Some(credit) = credits.of(input.model, &raise.item) else { continue };
        if credit.get() < raise.up_to {
            return None;
        }
        shown.push(format!("{} has {:.0} % of its credit", raise.item, 100.0 * credit.get()));
    }
    Some(if shown.is_empty() { "nothing that it raises applies".into() } else { shown.join(", ") })
}

/// Why an initiative cannot take part.
fn obstacle(request: &RoadmapRequest, initiative: &InitiativeSpec) -> Option<String> {
    if request.exclude.contains(&initiative.id) {
        return Some("it is excluded".into());
    }
    initiative.needs.iter().find_map(|need| {
        let have = request.people.iter().find(|p| p.name == need.resource).map_or(0.0, |p| p.capacity);
        (need.amount > have)
            .then(|| format!("it needs {} of `{}` and there are {have}", need.amount, need.resource))
    })
}
