//! The plan as phases.

use alloc::string::String;
use alloc::vec::Vec;

use super::credits::Credits;
use super::request::PlanInput;
use crate::initiative::{InitiativeSpec, PhaseState, phase_states};
use crate::schedule::Schedule;

/// A phase of the library as the plan fills it.
///
/// Phases follow from gaps: one without initiatives in the plan is not done, and what builds on it is told what shows
/// that it need not be, or what stays open.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PhaseView {
    /// How the phase stands by its criteria, and what it builds on.
    pub state: PhaseState,
    /// What it is for.
    pub objectives: Vec<String>,
    /// What it leaves behind.
    pub deliverables: Vec<String>,
    /// The initiatives of the plan that belong to it, by start.
    pub initiatives: Vec<String>,
    /// When the first of them starts, in weeks; none where there are none.
    pub start: Option<f64>,
    /// When the last of them is finished, in weeks.
    pub finish: Option<f64>,
}

pub(super) fn views(
    input: &PlanInput<'_>,
    credits: &Credits,
    set: &[&InitiativeSpec],
    schedule: &Schedule,
) -> Vec<PhaseView> {
    let scores = credits.scores(input.model);
    let score = |id: &str| scores.get(*input.model.node_index.get(id)?).cloned().flatten();
    let states = phase_states(input.library, score, &input.measures, &input.baseline);
    let views = input.library.phases().iter().zip(states).map(|(phase, state)| {
        let inside = |id: &str| phase.initiatives.iter().any(|p| p == id) && set.iter().any(|i| i.id == id);
        let own: Vec<_> = schedule.activities.iter().filter(|a| inside(&a.name)).collect();
        PhaseView {
            state,
            objectives: phase.objectives.clone(),
            deliverables: phase.deliverables.clone(),
            initiatives: own.iter().map(|a| a.name.clone()).collect(),
            start: own.iter().map(|a| a.start).min_by(f64::total_cmp),
            finish: own.iter().map(|a| a.finish).max_by(f64::total_cmp),
        }
    });
    views.collect()
}
