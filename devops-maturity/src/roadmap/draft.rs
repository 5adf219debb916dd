//! A set of initiatives as a project.

use alloc::vec::Vec;

use super::request::{PlanInput, RoadmapRequest};
use crate::initiative::InitiativeSpec;
use crate::schedule::{ActivitySpec, Project, ProjectErrors, ProjectSpec, ResourceSpec, quick_makespan};

/// The initiatives within the people of the request; what is required and not in the set is there already.
pub(super) fn project(
    input: &PlanInput<'_>,
    request: &RoadmapRequest,
    set: &[&InitiativeSpec],
) -> Result<Project, ProjectErrors> {
    let mut spec = ProjectSpec::new(input.assessment.team.clone());
    spec.resources.clone_from(&request.people);
    for role in input.library.roles() {
        if !request.people.iter().any(|p| p.name == role.id) {
            spec.resources.push(ResourceSpec::new(role.id.clone(), 0.0));
        }
    }
    for initiative in set {
        let mut activity = ActivitySpec::new(initiative.id.clone(), initiative.duration);
        let inside = |id: &&alloc::string::String| set.iter().any(|i| i.id == **id);
        activity.after = initiative.requires.iter().filter(inside).cloned().collect();
        activity.demands.clone_from(&initiative.needs);
        spec = spec.with_activity(activity);
    }
    Project::build(spec)
}

/// Whether a set ends within so many weeks by the rule alone, without samples.
pub(super) fn ends_within(
    input: &PlanInput<'_>,
    request: &RoadmapRequest,
    set: &[&InitiativeSpec],
    weeks: f64,
) -> bool {
    project(input, request, set).is_ok_and(|project| quick_makespan(&project) <= weeks)
}

/// The initiatives of those ids, in the order of `ids`.
pub(super) fn pick<'a>(all: &[&'a InitiativeSpec], ids: &[&str]) -> Vec<&'a InitiativeSpec> {
    ids.iter().filter_map(|id| all.iter().copied().find(|i| i.id == *id)).collect()
}
