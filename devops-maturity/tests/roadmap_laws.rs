//! Laws of plans, whatever is asked for: a plan keeps every limit and reaches its target, or the refusal says why not.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests may panic"
)]

use devops_core::{Measure, Timestamp, Unit};
use devops_maturity::initiative::{Library, five_dimensions};
use devops_maturity::roadmap::{
    Basis, PlanError, PlanInput, Roadmap, RoadmapRequest, Target, compare, plan, track,
};
use devops_maturity::selection::Wish;
use devops_maturity::uncertainty::SimulationOptions;
use devops_maturity::{Answers, Assessment, Model, Observation, assess, models};
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-25T00:00:00Z".parse().unwrap()
}

/// For each item what share of its full credit is measured; nothing where it is not.
fn assessed(model: &Model, shares: &[Option<u8>]) -> Assessment {
    let answers =
        model.items().iter().zip(shares).fold(Answers::new(model, "team"), |answers, (item, share)| {
            let Some(share) = share else { return answers };
            let credit = devops_maturity::Fraction::of(u64::from(*share), 100);
            let Some(value) = item.value_for(&credit) else { return answers };
            let (metric, unit) = (item.metric().unwrap().clone(), item.unit().unwrap_or(Unit::None));
            let measure = Measure::number(metric, value.get(), unit).unwrap();
            answers.with_observation(Observation::new(measure, now()))
        });
    assess(model, &answers, now()).unwrap()
}

const DIMENSIONS: [&str; 5] = ["collaboration", "automation", "ci_cd", "monitoring", "feedback"];
const ROLES: [&str; 5] = ["developers", "operations", "platform", "quality", "coaching"];

prop_compose! {
    fn targets()(
        level in proptest::option::of(1u32..=5),
        overall in proptest::option::of(0u32..=90),
        dimensions in proptest::collection::vec((0usize..5, 0u32..=95), 0..3),
    ) -> Target {
        let mut target = Target::new();
        target.level = level;
        target.overall = overall.map(|s| f64::from(s) / 10.0);
        dimensions.into_iter().fold(target, |t, (d, s)| t.with_dimension(DIMENSIONS[d], f64::from(s) / 10.0))
    }
}

prop_compose! {
    fn requests()(
        target in targets(),
        people in proptest::collection::vec(0u32..=8, 5),
        most in any::<bool>(),
        budget in proptest::option::of(0u32..=150),
        weeks in proptest::option::of(0u32..=60),
        exclude in proptest::collection::vec(0usize..40, 0..4),
        like in any::<bool>(),
        seed in any::<u64>(),
    ) -> RoadmapRequest {
        let library = five_dimensions();
        let mut request = RoadmapRequest::new(target, now());
        for (role, halves) in ROLES.iter().zip(people) {
            request = request.with_people(*role, f64::from(halves) / 2.0);
        }
        request.wish = if most { Wish::Most } else { Wish::Reach };
        request.budget = budget.map(f64::from);
        request.within_weeks = weeks.map(f64::from);
        request.basis = if like { Basis::LikeTheRest } else { Basis::Defensible };
        for place in exclude {
            let id = library.initiatives()[place % library.initiatives().len()].id.clone();
            if !request.exclude.contains(&id) {
                request.exclude.push(id);
            }
        }
        request.schedule = request.schedule.with_samples(3).with_seed(seed);
        request.simulation = SimulationOptions::new().with_runs(100).with_seed(seed);
        request
    }
}

/// What holds of every plan.
fn check(roadmap: &Roadmap, request: &RoadmapRequest, library: &Library) -> Result<(), TestCaseError> {
    let capacity = |role: &str| request.people.iter().find(|p| p.name == role).map_or(0.0, |p| p.capacity);
    prop_assert!(roadmap.roles.iter().all(|r| r.peak <= r.capacity + 1e-9));
    prop_assert!(roadmap.roles.iter().all(|r| r.capacity <= capacity(&r.role)));
    prop_assert!(request.budget.is_none_or(|b| roadmap.selection.effort <= b + 1e-6));
    prop_assert!(request.within_weeks.is_none_or(|w| roadmap.schedule.makespan <= w + 1e-6));
    prop_assert!(roadmap.schedule.bounds.best <= roadmap.schedule.makespan);
    for initiative in &roadmap.initiatives {
        prop_assert!(!request.exclude.contains(&initiative.id));
        // Each requirement is in the plan and finished before, or shown to be there.
        for required in &library.initiative(&initiative.id).unwrap().requires {
            let before = roadmap.initiative(required).is_some_and(|r| r.finish <= initiative.start);
            let there = initiative.shown.iter().any(|s| s.initiative == *required && !s.shown_by.is_empty());
            prop_assert!(before != there, "{} requires {required}", initiative.id);
        }
        prop_assert!(initiative.raises.iter().all(|r| r.to >= r.from));
        prop_assert!((0.0..=1.0).contains(&initiative.criticality));
    }
    let (first, last) = (roadmap.trajectory.first().unwrap(), roadmap.trajectory.last().unwrap());
    prop_assert_eq!(first.overall, roadmap.gaps.overall.current);
    for pair in roadmap.trajectory.windows(2) {
        prop_assert!(pair[0].week < pair[1].week && pair[0].overall <= pair[1].overall);
        prop_assert!(pair[0].level <= pair[1].level);
    }
    prop_assert_eq!(
        roadmap.met,
        !roadmap.gaps.overall.is_open() && roadmap.gaps.dimensions.iter().all(|g| !g.is_open())
    );
    if request.wish == Wish::Reach {
        let ends = [last.overall].into_iter().chain(last.dimensions.iter().copied());
        let gaps = [&roadmap.gaps.overall].into_iter().chain(&roadmap.gaps.dimensions);
        for (gap, end) in gaps.zip(ends) {
            prop_assert!(
                gap.target.is_none_or(|target| end.unwrap_or(0.0) >= target - 1e-6),
                "{gap:?} {end:?}"
            );
        }
        prop_assert!(request.target.level.is_none_or(|level| last.level >= Some(level)));
        prop_assert!(roadmap.selection.bound <= roadmap.selection.effort + 1e-6);
        prop_assert_eq!(roadmap.met, roadmap.initiatives.is_empty());
    }
    prop_assert!(roadmap.risks.iter().all(|r| !r.evidence.is_empty()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_plan_keeps_its_limits_or_says_why_there_is_none(
        shares in proptest::collection::vec(proptest::option::weighted(0.8, 0u8..=100), 20),
        request in requests(),
    ) {
        let (model, library) = (models::five_dimensions(), five_dimensions());
        let assessment = assessed(&model, &shares);
        let input = PlanInput::new(&model, &assessment, &library);
        match plan(&input, &request) {
            Ok(roadmap) => {
                check(&roadmap, &request, &library)?;
                prop_assert!(compare(&roadmap, &roadmap).is_empty());
                prop_assert_eq!(track(&roadmap, &assessment).unwrap().initiatives.len(), roadmap.initiatives.len());
                let mut shuffled = request.clone();
                shuffled.people.reverse();
                shuffled.exclude.reverse();
                let mut again = plan(&input, &shuffled).unwrap();
                again.request = request.clone();
                prop_assert_eq!(&again, &roadmap);
                let json = serde_json::to_string(&roadmap).unwrap();
                prop_assert_eq!(serde_json::from_str::<Roadmap>(&json).unwrap(), roadmap);
            }
            Err(PlanError::Request(errors)) => prop_assert_eq!(&request.target, &Target::new(), "{}", errors),
            Err(PlanError::UnreachableTarget { missing, .. }) => {
                prop_assert!(missing.iter().all(|m| m.reachable < m.needed) && !missing.is_empty());
            }
            Err(PlanError::TooLate { weeks, needed }) => prop_assert!(needed > weeks),
            Err(PlanError::Selection(refused)) => prop_assert!(request.budget.is_some(), "{}", refused),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
