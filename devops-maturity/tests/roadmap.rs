//! From a team's answers to a plan, as a user would do it.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may panic and compare exactly"
)]

use devops_core::{Measure, Measures, MetricId, Timestamp, Unit};
use devops_maturity::initiative::{InitiativeSpec, Library, LibrarySpec, five_dimensions};
use devops_maturity::roadmap::{
    Basis, InitiativeOutcome, PlanError, PlanInput, RiskCondition, Roadmap, RoadmapRequest, Target,
    analyse_gaps, compare, plan, revise, track,
};
use devops_maturity::schedule::violations;
use devops_maturity::selection::Wish;
use devops_maturity::{
    Aggregation, Answers, Assessment, ItemSpec, MeasureSpec, Model, ModelSpec, NodeSpec, Observation, assess,
    models,
};

fn now() -> Timestamp {
    "2026-11-25T00:00:00Z".parse().unwrap()
}

const TEAM: &[(&str, f64, Unit)] = &[
    ("cross_team_projects", 2.0, Unit::Count),
    ("shared_tool_adoption", 60.0, Unit::Percent),
    ("knowledge_sharing_events", 8.0, Unit::Count),
    ("communication_score", 6.0, Unit::Score),
    ("automated_deployments", 55.0, Unit::Percent),
    ("automated_test_coverage", 48.0, Unit::Percent),
    ("infrastructure_as_code_coverage", 30.0, Unit::Percent),
    ("automated_monitoring_coverage", 40.0, Unit::Percent),
    ("build_success_rate", 82.0, Unit::Percent),
    ("trunk_based_share", 35.0, Unit::Percent),
    ("pipeline_duration", 28.0, Unit::Minutes),
    ("deployment_frequency", 0.2, Unit::PerDay),
    ("change_failure_rate", 22.0, Unit::Percent),
    ("slo_coverage", 10.0, Unit::Percent),
    ("alert_precision", 35.0, Unit::Percent),
    ("time_to_detect", 95.0, Unit::Minutes),
    ("review_time", 30.0, Unit::Hours),
    ("retrospective_actions_done", 45.0, Unit::Percent),
    ("post_incident_reviews_done", 50.0, Unit::Percent),
    ("user_feedback_loop", 60.0, Unit::Days),
];

fn measures(list: &[(&str, f64, Unit)]) -> Measures {
    let measure = |(id, value, unit): &(&str, f64, Unit)| {
        Measure::number(MetricId::new(id).unwrap(), *value, *unit).unwrap()
    };
    Measures::try_from(list.iter().map(measure).collect::<Vec<_>>()).unwrap()
}

fn assessed(model: &Model, list: &[(&str, f64, Unit)], at: Timestamp) -> Assessment {
    let answers = measures(list).iter().fold(Answers::new(model, "checkout"), |answers, m| {
        answers.with_observation(Observation::new(m.clone(), at))
    });
    assess(model, &answers, at).unwrap()
}

fn request(target: Target) -> RoadmapRequest {
    ["developers", "operations", "platform", "quality", "coaching"]
        .into_iter()
        .zip([3.0, 2.0, 2.0, 1.0, 1.0])
        .fold(RoadmapRequest::new(target, now()), |request, (role, people)| request.with_people(role, people))
}

fn planned(target: Target) -> Roadmap {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let assessment = assessed(&model, TEAM, now());
    plan(&PlanInput::new(&model, &assessment, &library).with_measures(measures(TEAM)), &request(target))
        .unwrap()
}

#[test]
fn a_plan_reaches_its_target_in_order_and_within_its_people() {
    let roadmap = planned(Target::level(4));
    assert!(!roadmap.met && roadmap.selection.bound <= roadmap.selection.effort);
    assert!(planned(Target::level(3)).selection.exact);
    let end = roadmap.trajectory.last().unwrap();
    assert!(end.overall.unwrap() >= 7.0 && end.dimensions.iter().all(|d| d.unwrap() >= 7.0), "{end:?}");
    assert_eq!((roadmap.gaps.level, end.level), (Some(2), Some(4)));
    for initiative in &roadmap.initiatives {
        for before in &initiative.after {
            assert!(roadmap.initiative(before).unwrap().finish <= initiative.start);
        }
        assert!(initiative.finish <= roadmap.schedule.makespan);
    }
    for role in &roadmap.roles {
        assert!(role.peak <= role.capacity);
        let periods: f64 = role.periods.iter().map(|p| p.people_weeks).sum();
        // Each period is rounded to a millionth.
        assert!((periods - role.people_weeks).abs() < 1e-6 * role.periods.len() as f64);
    }
    let effort: f64 = roadmap.initiatives.iter().map(|i| i.effort).sum();
    assert!((effort - roadmap.selection.effort).abs() < 1e-3);
    assert!(roadmap.simulation.p50.value < roadmap.simulation.p80.value);
    // The automation is above 5 points nowhere, but deployments are measured at 55 %.
    assert!(roadmap.phases[0].state.need.is_needed());
}

#[test]
fn what_is_there_is_not_planned_again() {
    let roadmap = planned(Target::level(4));
    // Deployments are at 55 %, so the command that deploys is there.
    assert!(roadmap.initiative("deploy_command").is_none());
    let shown: Vec<_> = roadmap.initiatives.iter().flat_map(|i| &i.shown).collect();
    assert!(shown.iter().all(|s| !s.shown_by.is_empty()));
    assert!(
        shown.iter().any(|s| s.shown_by.contains("(met: ") || s.shown_by.contains("of its credit")),
        "{shown:?}"
    );
    assert!(roadmap.metrics.iter().all(|m| m.credit_expected > m.credit_now && m.value_expected.is_some()));
}

#[test]
fn a_met_target_gives_an_empty_plan_that_says_so() {
    let roadmap = planned(Target::new().with_overall(2.0).with_dimension("monitoring", 1.0));
    assert!(roadmap.met && roadmap.initiatives.is_empty() && roadmap.simulation.fixed);
    assert_eq!(roadmap.to_string(), "checkout: the target is met, so there is nothing to plan");
    assert!(roadmap.to_markdown().contains("nothing to plan"));
    assert_eq!(roadmap.schedule.makespan, 0.0);
}

#[test]
fn limits_are_kept_or_told() {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let assessment = assessed(&model, TEAM, now());
    let input = PlanInput::new(&model, &assessment, &library).with_measures(measures(TEAM));
    let whole = plan(&input, &request(Target::level(4))).unwrap();
    let effort = whole.selection.effort;

    let refused = plan(&input, &request(Target::level(4)).with_budget(10.0)).unwrap_err().to_string();
    assert!(
        refused.starts_with("budget `10` is too small: ") && refused.ends_with(" is needed for all goals")
    );
    let part =
        plan(&input, &request(Target::level(4)).with_budget(effort / 2.0).with_wish(Wish::Most)).unwrap();
    assert!(part.selection.effort <= effort / 2.0 && !part.initiatives.is_empty());

    let refused = plan(&input, &request(Target::level(4)).with_weeks(3.0)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "no choice that reaches the target ends within `3` weeks: the one of least effort ends in week {}",
            whole.schedule.makespan
        )
    );
    let short = plan(&input, &request(Target::level(4)).with_weeks(8.0).with_wish(Wish::Most)).unwrap();
    // How surely the limit is kept is told without asking.
    assert_eq!(short.simulation.chances.iter().map(|c| c.date).collect::<Vec<_>>(), [8.0]);
    assert!(short.schedule.makespan <= 8.0 && !short.initiatives.is_empty());

    let refused = plan(&input, &request(Target::new().with_overall(10.0))).unwrap_err();
    assert!(
        matches!(&refused, PlanError::UnreachableTarget { missing, .. } if !missing.is_empty()),
        "{refused}"
    );
    assert!(refused.to_string().starts_with("target cannot be reached: "), "{refused}");
}

/// What is said of a request of level 4 that is changed so.
fn refused(change: impl FnOnce(&mut RoadmapRequest)) -> String {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let assessment = assessed(&model, TEAM, now());
    let mut request = request(Target::level(4));
    change(&mut request);
    plan(&PlanInput::new(&model, &assessment, &library), &request).unwrap_err().to_string()
}

#[test]
fn every_fault_of_a_request_has_its_message() {
    type Case = (fn(&mut RoadmapRequest), &'static str);
    let cases: [Case; 19] = [
        (|r| r.format = 2, "format `2` is not known: expected 1"),
        (
            |r| r.target = Target::new(),
            "target is empty: expected a level, an overall score or scores of dimensions",
        ),
        (
            |r| r.target = Target::level(9),
            "target level is `9`: expected a level of the model that begins at a score, one of 1, 2, 3, 4, 5",
        ),
        (
            |r| r.target = Target::new().with_dimension("fun", 1.0),
            "target names dimension `fun`, which the model does not have",
        ),
        (|r| r.target.overall = Some(11.0), "target of the whole is `11`: expected 0 to 10"),
        (
            |r| r.target = Target::new().with_dimension("feedback", f64::NAN),
            "target of dimension `feedback` is `NaN`: expected 0 to 10",
        ),
        (
            |r| r.exclude.push("magic".into()),
            "exclude names initiative `magic`, which the library does not have",
        ),
        (
            |r| r.anti_patterns_seen.push("ha\nste".into()),
            "anti_patterns_seen names initiative `ha ste`, which the library does not have",
        ),
        (
            |r| *r = r.clone().with_people("wizards", 1.0),
            "people names role `wizards`, which the library does not have",
        ),
        (|r| r.people.push(r.people[0].clone()), "role `developers` is there twice: it is expected once"),
        (|r| r.people[0].capacity = -1.0, "people of role `developers` is `-1`: expected 0 to 1000000"),
        (|r| r.budget = Some(f64::NAN), "budget is `NaN`: expected 0 to 1000000"),
        (|r| r.within_weeks = Some(-1.0), "within_weeks is `-1`: expected 0 to 1000000"),
        (|r| r.period_weeks = 0, "period_weeks is `0`: expected 1 to 520"),
        (|r| r.schedule.samples = 100_001, "schedule.samples is `100001`: expected 0 to 100000"),
        (|r| r.simulation.runs = 5, "number of runs is `5`: expected 100 to 1000000"),
        (
            |r| r.simulation.dates.push(f64::INFINITY),
            "date is `inf`: expected a finite time from 0 on, in the unit of the project",
        ),
        (
            |r| r.risk_rules.push(r.risk_rules[0].clone()),
            "risk rule `contradictions` is there twice: it is expected once",
        ),
        (
            |r| r.risk_rules[2].when = RiskCondition::Unknown { above_percent: f64::NAN },
            "above_percent of risk rule `unknown` is `NaN`: expected 0 to 1000000",
        ),
    ];
    for (change, message) in cases {
        assert_eq!(refused(change), message);
    }
}

#[test]
fn all_faults_of_a_request_come_at_once() {
    let told = refused(|r| {
        (r.format, r.period_weeks, r.simulation.runs) = (0, 521, 0);
        r.target = Target::level(0).with_overall(-1.0);
        r.people[1].capacity = f64::INFINITY;
        r.exclude = vec!["a".into(), "b".into()];
    });
    assert_eq!(
        told,
        "format `0` is not known: expected 1; target level is `0`: expected a level of the model that begins at a \
         score, one of 1, 2, 3, 4, 5; target of the whole is `-1`: expected 0 to 10; exclude names initiative `a`, \
         which the library does not have; exclude names initiative `b`, which the library does not have; people of \
         role `operations` is `inf`: expected 0 to 1000000; period_weeks is `521`: expected 1 to 520; number of runs \
         is `0`: expected 100 to 1000000"
    );
}

#[test]
fn models_and_libraries_that_do_not_fit_are_refused() {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let assessment = assessed(&model, TEAM, now());
    let other = models::dora_capabilities();
    let told =
        plan(&PlanInput::new(&other, &assessment, &library), &request(Target::new().with_overall(2.0)))
            .unwrap_err();
    let PlanError::Request(errors) = &told else { panic!("{told}") };
    assert_eq!(
        errors.faults()[0].to_string(),
        "assessment is by model `five_dimensions 1.0.0`: expected `dora_capabilities 1.0.0`"
    );
    let told = told.to_string();
    assert!(
        told.contains("library `five_dimensions` refers to model `five_dimensions`, which is not there"),
        "{told}"
    );
    assert!(told.contains("initiative `golden_signals` refers to dimension `monitoring`"), "{told}");
    assert!(told.contains("initiative `golden_signals` refers to item `"), "{told}");
    let empty = ["developers", "operations", "platform", "quality", "coaching"]
        .into_iter()
        .fold(LibrarySpec::new("l", "1", "five_dimensions"), |spec, role| spec.with_role(role, role));
    let empty = Library::build(empty).unwrap();
    let input = PlanInput::new(&model, &assessment, &empty);
    let told =
        plan(&input, &request(Target::new().with_dimension("monitoring", 9.0))).unwrap_err().to_string();
    assert_eq!(
        told,
        "target cannot be reached: monitoring needs 5.698937 more points, all candidates together give 0"
    );
}

#[test]
fn people_who_are_not_there_are_told() {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let assessment = assessed(&model, TEAM, now());
    let input = PlanInput::new(&model, &assessment, &library).with_measures(measures(TEAM));
    let request = request(Target::new().with_dimension("monitoring", 5.0)).with_people("operations", 0.0);
    let refused = plan(&input, &request).unwrap_err().to_string();
    assert!(
        refused.contains("`service_objectives` is left out, as it needs 1 of `operations` and there are 0"),
        "{refused}"
    );
    assert!(refused.contains("`error_budgets` is left out"), "{refused}");
}

#[test]
fn gaps_tell_what_they_rest_on() {
    let model = models::five_dimensions();
    let half: Vec<_> = TEAM.iter().filter(|t| t.0 != "slo_coverage").copied().collect();
    let assessment = assessed(&model, &half, now());
    let target = Target::level(3);
    let sure = analyse_gaps(&model, &assessment, &target, Basis::Defensible).unwrap();
    let like = analyse_gaps(&model, &assessment, &target, Basis::LikeTheRest).unwrap();
    assert_eq!((sure.dimensions[3].unknown_items, sure.overall.unknown_items), (1, 1));
    assert!(sure.dimensions[3].current < like.dimensions[3].current);
    assert_eq!(sure.dimensions[3].low, sure.dimensions[3].current);
    assert!(!sure.is_met() && sure.dimensions[3].confidence.get() < 1.0);
}

#[test]
fn risks_are_seen_by_something() {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let assessment = assessed(&model, TEAM, now());
    let input = PlanInput::new(&model, &assessment, &library).with_measures(measures(TEAM));
    let mut request = request(Target::level(4));
    request.anti_patterns_seen.push("service_objectives".into());
    request.simulation = request.simulation.with_date(10.0);
    let roadmap = plan(&input, &request).unwrap();
    let rules: Vec<&str> = roadmap.risks.iter().map(|r| r.rule.as_str()).collect();
    assert!(
        rules.contains(&"jump") && rules.contains(&"anti_patterns") && rules.contains(&"late"),
        "{rules:?}"
    );
    assert!(roadmap.risks.iter().all(|r| !r.evidence.is_empty() && !r.mitigation.is_empty()));
    let jump = roadmap.risks.iter().find(|r| r.rule == "jump").unwrap();
    assert_eq!(jump.evidence, ["from managed to quantified: 2 levels"]);
    // A plan that leaves monitoring where it is.
    request.target = Target::new().with_dimension("ci_cd", 6.5);
    let roadmap = plan(&input, &request).unwrap();
    assert!(roadmap.risks.iter().any(|r| r.rule == "skipped_monitoring"), "{:?}", roadmap.risks);
}

#[test]
fn another_input_is_another_plan_and_the_difference_is_told() {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let assessment = assessed(&model, TEAM, now());
    let input = PlanInput::new(&model, &assessment, &library).with_measures(measures(TEAM));
    let first = plan(&input, &request(Target::level(4))).unwrap();
    assert!(compare(&first, &first).is_empty());
    let second = plan(&input, &request(Target::level(4)).with_people("operations", 1.0)).unwrap();
    let diff = compare(&first, &second);
    assert!(!diff.is_empty() && diff.p80.difference() > 0.0, "{diff:?}");
    let third = plan(&input, &request(Target::level(4)).without("retrospectives")).unwrap();
    let diff = compare(&first, &third);
    assert!(third.initiative("retrospectives").is_none());
    assert!(
        diff.removed.contains(&"retrospectives".to_string()) || first.initiative("retrospectives").is_none()
    );
}

#[test]
fn a_later_assessment_tells_what_moved() {
    let (model, library) = (models::five_dimensions(), five_dimensions());
    let first = planned(Target::level(4));
    let later: Timestamp = "2027-11-25T00:00:00Z".parse().unwrap();
    // One metric is where it should be, all others are where they were.
    let moved = first.metrics.iter().find(|m| m.item == "retrospective_actions_done").unwrap();
    let list: Vec<_> = TEAM
        .iter()
        .map(
            |&(id, value, unit)| {
                if id == moved.item { (id, moved.value_expected.unwrap(), unit) } else { (id, value, unit) }
            },
        )
        .collect();
    let assessment = assessed(&model, &list, later);
    let tracking = track(&first, &assessment).unwrap();
    assert!(
        tracking
            .with(InitiativeOutcome::Moved)
            .all(|i| i.items.iter().all(|i| i.item == "retrospective_actions_done"))
    );
    assert!(
        tracking
            .initiatives
            .iter()
            .any(|i| i.id == "retrospectives" && i.outcome == InitiativeOutcome::Moved)
    );
    assert!(tracking.with(InitiativeOutcome::NotMoved).count() > 3);
    let early = track(&first, &assessed(&model, TEAM, now())).unwrap();
    assert!(early.initiatives.iter().all(|i| i.outcome == InitiativeOutcome::NotDue));
    let blind = track(&first, &assessed(&model, &[], later)).unwrap();
    assert!(blind.initiatives.iter().all(|i| i.outcome == InitiativeOutcome::Unknown));

    let input = PlanInput::new(&model, &assessment, &library).with_measures(measures(&list));
    let mut request = request(Target::level(4));
    request.start = later;
    let revision = revise(&first, &input, &request).unwrap();
    assert!(revision.roadmap.initiative("retrospectives").is_none());
    assert!(revision.diff.removed.contains(&"retrospectives".to_string()));
    assert!(revision.roadmap.selection.effort < first.selection.effort);
    let other = assess(&models::dora_capabilities(), &Answers::new(&models::dora_capabilities(), "x"), now())
        .unwrap();
    assert!(matches!(track(&first, &other), Err(PlanError::Request(errors)) if errors.faults().len() == 1));
}

#[test]
fn exports_hold_every_initiative() {
    let roadmap = planned(Target::level(4));
    let rows = roadmap.chart_rows();
    assert_eq!(rows.len(), roadmap.initiatives.len());
    let mermaid = roadmap.to_mermaid();
    assert!(mermaid.starts_with("gantt\n    title Roadmap of checkout\n    dateFormat YYYY-MM-DD\n"));
    assert!(roadmap.initiatives.iter().all(|i| mermaid.contains(&format!("{}, 20", i.id))), "{mermaid}");
    let json = serde_json::to_string(&roadmap).unwrap();
    let read: Roadmap = serde_json::from_str(&json).unwrap();
    assert_eq!(read, roadmap);
    let markdown = roadmap.to_markdown();
    for heading in [
        "## Gaps",
        "## Initiatives",
        "## How sure is the date?",
        "## People",
        "## What to measure",
        "## Risks",
    ] {
        assert!(markdown.contains(heading));
    }
    assert!(violations_of(&roadmap).is_empty());
}

/// The schedule checked as one of a project that is built from what the roadmap tells.
fn violations_of(roadmap: &Roadmap) -> Vec<String> {
    use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec};
    let library = five_dimensions();
    let spec = roadmap
        .request
        .people
        .iter()
        .fold(ProjectSpec::new("again"), |spec, p| spec.with_resource(p.name.clone(), p.capacity));
    let spec = roadmap.initiatives.iter().fold(spec, |spec, i| {
        let activity = ActivitySpec::new(i.id.clone(), library.initiative(&i.id).unwrap().duration);
        let activity = i.people.iter().fold(activity, |a, d| a.with_demand(d.resource.clone(), d.amount));
        spec.with_activity(i.after.iter().fold(activity, |a, before| a.after(before.clone())))
    });
    let project = Project::build(spec).unwrap();
    violations(&project, &roadmap.schedule.activities).iter().map(ToString::to_string).collect()
}

#[test]
fn requests_are_read_from_files() {
    let text = r#"{"format": 1, "target": {"level": 3}, "start": "2026-11-25T00:00:00Z",
        "people": [{"name": "developers", "capacity": 3}]}"#;
    let read: RoadmapRequest = serde_json::from_str(text).unwrap();
    assert_eq!(read, RoadmapRequest::new(Target::level(3), now()).with_people("developers", 3.0));
    let again: RoadmapRequest = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
    assert_eq!(again, read);
    assert!(serde_json::from_str::<RoadmapRequest>(r#"{"format": 1, "target": {"levle": 3}}"#).is_err());
}

#[test]
fn scores_that_do_not_add_up_are_reached_all_the_same() {
    let measured = |id: &str| {
        ItemSpec::measured(id, id, MeasureSpec::linear(id, Unit::Percent, 0.0, 100.0).with_max(100.0))
    };
    // The score is the lower of the two: one rise alone gives nothing.
    let root = NodeSpec::new("root", "Root")
        .with_aggregation(Aggregation::Minimum)
        .with_item(measured("tests"))
        .with_item(measured("alerts"));
    let model = Model::build(ModelSpec::new("m", "1", "M", root).with_scale(10.0)).unwrap();
    let initiative = |id: &str, item: &str, weeks: f64| {
        InitiativeSpec::new(id, id, "root", (weeks, weeks, weeks))
            .with_need("ops", 1.0)
            .with_raise(item, 0.8, 0.8)
    };
    let library = LibrarySpec::new("l", "1", "m")
        .with_role("ops", "Operations")
        .with_initiative(initiative("cheap", "tests", 2.0))
        .with_initiative(initiative("dear", "tests", 9.0))
        .with_initiative(initiative("watch", "alerts", 3.0));
    let library = Library::build(library).unwrap();
    let at = |value: f64| [("tests", value, Unit::Percent), ("alerts", value, Unit::Percent)];
    let assessment = assessed(&model, &at(10.0), now());
    let input = PlanInput::new(&model, &assessment, &library);
    let request = RoadmapRequest::new(Target::new().with_overall(7.0), now()).with_people("ops", 1.0);
    let roadmap = plan(&input, &request).unwrap();
    assert_eq!(roadmap.selection.chosen, ["cheap", "watch"]);
    assert_eq!((roadmap.selection.effort, roadmap.selection.exact), (5.0, false));
    assert_eq!(roadmap.effort_summary(), "5.0 people-weeks; whether less would do is not known.");
    assert_eq!(roadmap.trajectory.last().unwrap().overall, Some(8.0));
    let told = |request: RoadmapRequest| plan(&input, &request).unwrap_err().to_string();
    assert_eq!(told(request.clone().with_budget(4.0)), "budget `4` is too small: 5 is needed for all goals");
    assert_eq!(
        told(request.clone().with_weeks(4.0)),
        "no choice that reaches the target ends within `4` weeks: the one of least effort ends in week 5"
    );
    let mut far = request;
    far.target = Target::new().with_overall(9.0);
    assert!(told(far).starts_with("target cannot be reached: root needs 8 more points"));
}
