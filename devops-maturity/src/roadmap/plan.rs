//! From gaps to a plan.

use alloc::format;
use alloc::vec::Vec;

use devops_core::Timestamp;

use super::candidates::{Candidates, effort};
use super::choice::Choice;
use super::credits::Credits;
use super::error::PlanError;
use super::gap::gaps;
use super::metrics::{by_finish, metrics, trajectory};
use super::request::{PlanInput, RoadmapRequest};
use super::result::{ExpectedRaise, PlannedInitiative, Roadmap, ShownRequirement};
use super::{check, draft, people, phases, risk_check};
use crate::initiative::InitiativeSpec;
use crate::schedule::{Project, Schedule, rounded, schedule};
use crate::uncertainty::{Simulation, SimulationOptions, simulate};

const WEEK: f64 = 7.0 * 86_400_000.0;

/// Plans from where a team stands to a target.
///
/// Where the target is met, the plan is empty and says so. Initiatives that are shown to be there are not planned
/// again. What the chosen ones make of the scores is computed by the model itself; in models whose scores do not simply
/// add up, such as a minimum, the choice reaches the target without a claim to be the cheapest.
///
/// # Errors
///
/// [`PlanError::Request`] with all faults of what was asked for, such as an assessment of another model, a library or
/// target that does not fit, unknown initiatives and roles, numbers out of range. Else an unreachable target (what is
/// missing), a budget too small (what is needed), or a date too early (when it would end).
///
/// ```
/// # use devops_maturity::roadmap::{PlanInput, RoadmapRequest, Target, plan};
/// # use devops_maturity::{Answers, assess, initiative, models};
/// # let (model, library) = (models::five_dimensions(), initiative::five_dimensions());
/// # let now = "2026-11-25T00:00:00Z".parse()?;
/// # let assessment = assess(&model, &Answers::new(&model, "checkout"), now)?;
/// # let input = PlanInput::new(&model, &assessment, &library);
/// # let request = RoadmapRequest::new(Target::new().with_dimension("feedback", 2.0), now)
/// #     .with_people("developers", 2.0).with_people("coaching", 1.0).with_people("operations", 1.0);
/// let roadmap = plan(&input, &request)?;
/// assert!(roadmap.trajectory.last().unwrap().dimensions[4] >= Some(2.0));
/// let refused = plan(&input, &request.without("magic").with_budget(-1.0)).unwrap_err();
/// assert_eq!(refused.to_string(), "exclude names initiative `magic`, which the library does not have; \
///     budget is `-1`: expected 0 to 1000000");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan(input: &PlanInput<'_>, request: &RoadmapRequest) -> Result<Roadmap, PlanError> {
    let goals = check::request(input, request)?;
    let credits = Credits::now(input.model, input.assessment, request.basis);
    let candidates = Candidates::of(input, request, &credits);
    let gaps = gaps(input.model, input.assessment, &request.target, request.basis, &goals, &credits);
    let choice = Choice { input, request, goals: &goals, credits: &credits, candidates: &candidates };
    let selection = choice.make()?;
    let set: Vec<&InitiativeSpec> =
        selection.chosen.iter().filter_map(|id| candidates.initiative(id)).collect();
    let project: Project = draft::project(input, request, &set)?;
    let schedule = schedule(&project, &request.schedule);
    let simulation = simulate(&project, &schedule, &with_limit(request))?;
    let done = by_finish(&schedule, &set);
    let mut roadmap = Roadmap {
        format: 1,
        team: input.assessment.team.clone(),
        model: format!("{} {}", input.model.id(), input.model.version()),
        library: format!("{} {}", input.library.spec().id, input.library.spec().version),
        assessed_at: input.assessment.assessed_at,
        request: request.clone(),
        met: gaps.is_met(),
        gaps,
        initiatives: planned(input, request, &credits, &candidates, &set, &schedule, &simulation),
        phases: phases::views(input, &credits, &set, &schedule),
        roles: people::loads(input.library, &schedule, request.period_weeks),
        metrics: metrics(input.model, &credits, &done),
        trajectory: trajectory(input.model, &credits, &done),
        risks: Vec::new(),
        left_out: candidates.left_out,
        selection,
        schedule,
        simulation,
    };
    roadmap.risks = risk_check::risks(input, &roadmap);
    Ok(roadmap)
}

/// With the chance that the limit of weeks is kept.
fn with_limit(request: &RoadmapRequest) -> SimulationOptions {
    let options = request.simulation.clone();
    match request.within_weeks {
        Some(weeks) if !options.dates.contains(&weeks) => options.with_date(weeks),
        _ => options,
    }
}

fn planned(
    input: &PlanInput<'_>,
    request: &RoadmapRequest,
    credits: &Credits,
    candidates: &Candidates<'_>,
    set: &[&InitiativeSpec],
    schedule: &Schedule,
    simulation: &Simulation,
) -> Vec<PlannedInitiative> {
    let rows = schedule.activities.iter().filter_map(|entry| {
        let initiative = set.iter().find(|i| i.id == entry.name)?;
        let risk = simulation.activity(&entry.name);
        let shown = initiative.requires.iter().filter_map(|id| {
            let shown_by = candidates.there.get(id.as_str())?.clone();
            Some(ShownRequirement { initiative: id.clone(), shown_by })
        });
        let inside = |id: &&alloc::string::String| set.iter().any(|i| i.id == **id);
        Some(PlannedInitiative {
            id: initiative.id.clone(),
            title: initiative.title.clone(),
            dimension: initiative.dimension.clone(),
            start: entry.start,
            finish: entry.finish,
            starts_at: at_week(request.start, entry.start),
            ends_at: at_week(request.start, entry.finish),
            finish_p80: risk.and_then(|r| r.finish_p80),
            criticality: risk.map_or(0.0, |r| r.criticality),
            people: initiative.needs.clone(),
            effort: rounded(effort(initiative)),
            after: initiative.requires.iter().filter(inside).cloned().collect(),
            shown: shown.collect(),
            raises: raises(input, credits, set, schedule, initiative),
            done_when: initiative.done_when.clone(),
            success_patterns: initiative.success_patterns.clone(),
            anti_patterns: initiative.anti_patterns.clone(),
        })
    });
    rows.collect()
}

/// What an initiative adds to those that are finished no later.
fn raises(
    input: &PlanInput<'_>,
    credits: &Credits,
    set: &[&InitiativeSpec],
    schedule: &Schedule,
    initiative: &InitiativeSpec,
) -> Vec<ExpectedRaise> {
    let order = by_finish(schedule, set);
    let before = order.iter().map(|(_, i)| *i).take_while(|i| i.id != initiative.id);
    let from = credits.raised(input.model, before.clone());
    let to = credits.raised(input.model, before.chain([initiative]));
    let rise = |item: &str| {
        Some((rounded(from.of(input.model, item)?.get()), rounded(to.of(input.model, item)?.get())))
    };
    let list = initiative.raises.iter().filter_map(|raise| {
        let (from, to) = rise(&raise.item)?;
        Some(ExpectedRaise { item: raise.item.clone(), from, to })
    });
    list.collect()
}

/// The instant so many weeks after `start`.
pub(super) fn at_week(start: Timestamp, weeks: f64) -> Option<Timestamp> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 10¹⁰ weeks, checked when the project was built"
    )]
    start.checked_add_millis(libm::rint(weeks * WEEK) as i64)
}
