//! Laws of schedules over random projects, and the table of faults.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::network::Network;
use super::reference::shortest;
use super::{
    ActivitySpec, Distribution, EstimateSpec, Project, ProjectSpec, ScheduleOptions, ScheduledActivity,
    critical_path, lower_bounds, schedule, violations,
};

/// Up to `n` activities, links from lower to higher places, two resources.
fn projects(n: usize) -> impl Strategy<Value = ProjectSpec> {
    let activity = (0u32..=6, 0u32..=3, 0u32..=2, any::<u64>());
    (1u32..=2, proptest::collection::vec(activity, 1..=n)).prop_map(|(second, list)| {
        let spec = ProjectSpec::new("p").with_resource("x", 3.0).with_resource("y", f64::from(second));
        list.iter().enumerate().fold(spec, |spec, (i, &(duration, x, y, links))| {
            let activity = ActivitySpec::new(format!("a{i}"), f64::from(duration))
                .with_demand("x", f64::from(x))
                .with_demand("y", f64::from(y.min(second)));
            let links = (0..i.min(64)).filter(|j| links >> j & 3 == 3);
            spec.with_activity(links.fold(activity, |a, j| a.after(format!("a{j}"))))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_schedule_is_feasible_and_above_its_bounds(spec in projects(25), seed: u64) {
        let project = Project::build(spec).unwrap();
        let options = ScheduleOptions::new().with_samples(20).with_seed(seed);
        let plan = schedule(&project, &options);
        prop_assert_eq!(violations(&project, &plan.activities), []);
        prop_assert!(plan.makespan >= plan.bounds.best);
        prop_assert_eq!(plan.bounds.critical_path, critical_path(&project).length);
        prop_assert!(plan.bounds.best >= plan.bounds.critical_path);
        prop_assert_eq!(plan.is_optimal(), plan.makespan == plan.bounds.best);
        for load in &plan.loads {
            prop_assert!(load.peak <= load.capacity && load.utilisation_percent <= 100.0 + 1e-9);
            let area: f64 = load.steps.iter().map(|s| (s.to - s.from) * s.used).sum();
            prop_assert!((area - load.work).abs() < 1e-9);
        }
    }

    #[test]
    fn bounds_hold_and_samples_find_the_shortest_of_tiny_projects(spec in projects(6)) {
        let project = Project::build(spec).unwrap();
        let network = Network::planned(&project);
        let shortest = shortest(&network) as f64 * network.tick as f64 / 1e6;
        prop_assert!(lower_bounds(&project).best <= shortest);
        let plan = schedule(&project, &ScheduleOptions::new().with_samples(100));
        prop_assert_eq!(plan.makespan, shortest);
    }

    #[test]
    fn the_order_of_the_document_changes_nothing(spec in projects(12), seed: u64) {
        let mut shuffled = spec.clone();
        let mut rng = devops_stats::rng::Rng::new(seed);
        rng.shuffle(&mut shuffled.activities);
        rng.shuffle(&mut shuffled.resources);
        for activity in &mut shuffled.activities {
            rng.shuffle(&mut activity.after);
            rng.shuffle(&mut activity.demands);
        }
        let options = ScheduleOptions::new().with_samples(10);
        let [a, b] = [spec, shuffled].map(|spec| schedule(&Project::build(spec).unwrap(), &options));
        prop_assert_eq!(a, b);
    }

    #[test]
    fn scaling_time_scales_the_schedule(spec in projects(12)) {
        let mut twice = spec.clone();
        for activity in &mut twice.activities {
            activity.duration = EstimateSpec::new(activity.duration.mode * 2.0);
        }
        let options = ScheduleOptions::new().with_samples(10);
        let [a, b] = [spec, twice].map(|spec| schedule(&Project::build(spec).unwrap(), &options));
        prop_assert_eq!(a.makespan * 2.0, b.makespan);
    }
}

#[test]
fn same_seed_same_plan() {
    let spec = (0..40_u32).fold(ProjectSpec::new("p").with_resource("r", 5.0), |spec, i| {
        let activity = ActivitySpec::new(format!("a{i:02}"), f64::from(i * 7 % 11 + 1))
            .with_demand("r", f64::from(i * 5 % 4 + 1));
        spec.with_activity(if i > 5 { activity.after(format!("a{:02}", i - 5 - i % 3)) } else { activity })
    });
    let project = Project::build(spec).unwrap();
    let plan = schedule(&project, &ScheduleOptions::new().with_seed(3));
    assert_eq!(plan, schedule(&project, &ScheduleOptions::new().with_seed(3)));
    // The numbers are whole inside, so these hold on every platform.
    let digest = plan.activities.iter().fold(0_u64, |d, a| d.wrapping_mul(31).wrapping_add(a.start as u64));
    assert_eq!((plan.makespan, plan.bounds.best, digest), (125.0, 121.0, 16_430_011_294_587_079_076));
}

#[test]
fn float_is_as_in_the_textbook() {
    let spec = ProjectSpec::new("p")
        .with_activity(ActivitySpec::new("a", 3.0))
        .with_activity(ActivitySpec::new("b", 2.0))
        .with_activity(ActivitySpec::new("c", 4.0).after("a"))
        .with_activity(ActivitySpec::new("d", 1.0).after("b"))
        .with_activity(ActivitySpec::new("e", 2.0).after("c").after("d"));
    let found = critical_path(&Project::build(spec).unwrap());
    let floats: Vec<(f64, f64)> = found.activities.iter().map(|a| (a.total_float, a.free_float)).collect();
    assert_eq!(floats, [(0.0, 0.0), (4.0, 0.0), (0.0, 0.0), (4.0, 4.0), (0.0, 0.0)]);
    assert_eq!(found.path, ["a", "c", "e"]);
    let b = &found.activities[1];
    assert_eq!((b.earliest_start, b.earliest_finish, b.latest_start, b.latest_finish), (0.0, 2.0, 4.0, 6.0));
}

#[test]
fn estimates_plan_with_their_mean() {
    for (distribution, length) in [(Distribution::Triangular, 12.0), (Distribution::Pert, 11.0)] {
        let estimate = EstimateSpec::new(10.0).with_range(8.0, 18.0);
        let spec = ProjectSpec::new("p").with_distribution(distribution);
        let project = Project::build(spec.with_activity(ActivitySpec::new("a", estimate))).unwrap();
        assert_eq!(critical_path(&project).length, length);
    }
}

#[test]
fn nothing_to_do_ends_at_once() {
    let project = Project::build(ProjectSpec::new("p").with_resource("r", 0.0)).unwrap();
    let plan = schedule(&project, &ScheduleOptions::new());
    assert_eq!((plan.makespan, plan.gap_percent, plan.is_optimal()), (0.0, 0.0, true));
    assert_eq!(plan.to_string(), "p: 0 activities end at 0 wk, and nothing shorter exists");
    assert!(critical_path(&project).path.is_empty());
}

#[test]
fn milestones_hold_nothing() {
    let spec = ProjectSpec::new("p")
        .with_resource("r", 1.0)
        .with_activity(ActivitySpec::new("a", 4.0).with_demand("r", 1.0))
        .with_activity(ActivitySpec::new("m", 0.0).with_demand("r", 1.0));
    let plan = schedule(&Project::build(spec).unwrap(), &ScheduleOptions::new());
    assert_eq!(plan.activity("m").unwrap().finish, 0.0);
}

#[test]
fn every_violation_is_told() {
    let spec = ProjectSpec::new("p")
        .with_resource("r", 1.0)
        .with_activity(ActivitySpec::new("a", 2.0).with_demand("r", 1.0))
        .with_activity(ActivitySpec::new("b", 2.0).with_demand("r", 0.5).after("a"));
    let project = Project::build(spec).unwrap();
    let entry = ScheduledActivity::new;
    for (plan, expected) in [
        ([entry("a", 0.0, 2.0), entry("b", 2.0, 4.0)], ""),
        (
            [entry("a", 1.0, 3.0), entry("b", 0.0, 2.0)],
            "activity `b` starts at 0, before `a` is finished at 3; at 1, 1.5 of `r` are used: expected at most its \
             capacity 1",
        ),
        (
            [entry("a", 0.0, 2.0), entry("b", 2.0, 3.5)],
            "activity `b` takes 1.5: expected its planned duration 2",
        ),
        (
            [entry("a", 0.0, 2.0), entry("a", 2.0, 4.0)],
            "activity `a` is scheduled 2 times: expected once; activity `b` is scheduled 0 times: expected once",
        ),
        (
            [entry("a", -1.0, 1.0), entry("c", 2.0, 4.0)],
            "activity `a` starts at `-1`: expected a finite time from 0 on; activity `c` is scheduled, but is not in \
             the project; activity `a` is scheduled 0 times: expected once; activity `b` is scheduled 0 times: \
             expected once",
        ),
    ] {
        let found: Vec<_> = violations(&project, &plan).iter().map(ToString::to_string).collect();
        assert_eq!(found.join("; "), expected);
    }
}

fn told(spec: ProjectSpec) -> alloc::string::String {
    Project::build(spec).unwrap_err().to_string()
}

#[test]
fn every_fault_has_its_message() {
    let one = |activity| told(ProjectSpec::new("p").with_resource("ops", 2.0).with_activity(activity));
    let a = |estimate: EstimateSpec| ActivitySpec::new("a", estimate);
    for (found, message) in [
        (one(a(EstimateSpec::new(-1.0))), "duration of activity `a` is `-1`: expected 0 to 1000000"),
        (one(a(EstimateSpec::new(2e6))), "duration of activity `a` is `2000000`: expected 0 to 1000000"),
        (one(a(EstimateSpec::new(f64::NAN))), "duration of activity `a` is `NaN`: expected a finite number"),
        (
            one(a(EstimateSpec::new(3.0).with_range(1.0, f64::INFINITY))),
            "maximum duration of activity `a` is `inf`: expected a finite number",
        ),
        (
            one(a(EstimateSpec::new(9.0).with_range(2.0, 8.0))),
            "most likely duration of activity `a` is `9`: expected between its minimum 2 and its maximum 8",
        ),
        (
            one(a(EstimateSpec::new(5.0).with_range(8.0, 2.0))),
            "most likely duration of activity `a` is `5`: expected between its minimum 8 and its maximum 2",
        ),
        (
            one(a(EstimateSpec::new(1.0)).after("x`y")),
            "activity `a` comes after `x y`: expected the name of an activity of the project",
        ),
        (
            one(a(EstimateSpec::new(1.0)).with_demand("dev", 1.0)),
            "activity `a` needs `dev`: expected the name of a resource of the project",
        ),
        (
            one(a(EstimateSpec::new(1.0)).with_demand("ops", 2.5)),
            "activity `a` needs 2.5 of `ops`: expected at most its capacity 2",
        ),
        (
            one(a(EstimateSpec::new(1.0)).with_demand("ops", -1.0)),
            "demand of activity `a` for `ops` is `-1`: expected 0 to 1000000",
        ),
        (
            one(a(EstimateSpec::new(1.0)).with_demand("ops", 1.0).with_demand("ops", 1.0)),
            "activity `a` needs `ops` twice: a resource is expected once in an activity",
        ),
        (
            one(a(EstimateSpec::new(1.0)).after("a")),
            "activities wait for each other in a circle: `a` after `a`",
        ),
    ] {
        assert_eq!(found, message);
    }
}

#[test]
fn every_fault_of_the_document_has_its_message() {
    let activity = |name: &str| told(ProjectSpec::new("p").with_activity(ActivitySpec::new(name, 1.0)));
    for (found, message) in [
        (
            told(ProjectSpec::new("p").with_resource("r", f64::NAN)),
            "capacity of resource `r` is `NaN`: expected a finite number",
        ),
        (activity(""), "name of activity 0 is ``: expected 1 to 200 bytes without control characters"),
        (
            told(ProjectSpec::new("p").with_resource("r", 1.0).with_resource("r", 2.0)),
            "resource `r` is there twice: names are expected once",
        ),
        (told(ProjectSpec { format: 2, ..ProjectSpec::new("p") }), "format `2` is not known: expected 1"),
    ] {
        assert_eq!(found, message);
    }
    let many =
        ProjectSpec { activities: alloc::vec![ActivitySpec::new("a", 1.0); 50_001], ..ProjectSpec::new("p") };
    assert_eq!(told(many), "too many activities: `50001`, expected at most 50000");
}

#[test]
fn all_faults_come_at_once_and_every_circle_has_its_path() {
    let a = |name: &str| ActivitySpec::new(name, 1.0);
    let spec = ProjectSpec::new("p")
        .with_activity(a("a").after("c").with_demand("ops", 1.0))
        .with_activity(a("b").after("a"))
        .with_activity(a("c").after("b"))
        .with_activity(a("x").after("y"))
        .with_activity(a("y").after("x").after("nowhere"));
    assert_eq!(
        told(spec),
        "activity `a` needs `ops`: expected the name of a resource of the project; activity `y` comes after \
         `nowhere`: expected the name of an activity of the project; activities wait for each other in a circle: \
         `a` after `c` after `b` after `a`; activities wait for each other in a circle: `x` after `y` after `x`"
    );
    let ring = (0..20).fold(ProjectSpec::new("p"), |spec, i| {
        spec.with_activity(a(&format!("a{i:02}")).after(format!("a{:02}", (i + 1) % 20)))
    });
    assert_eq!(
        told(ring),
        "activities wait for each other in a circle: `a00` after `a01` after `a02` after `a03` after `a04` after \
         `a05` after `a06` after `a07` after `a08` after `a09` after 9 others after `a19` after `a00`"
    );
}

#[test]
fn documents_are_read_and_written() {
    let text = r#"{"format":1,"name":"p","unit":"days","distribution":"pert","resources":[{"name":"r","capacity":1.5}],
        "activities":[{"name":"a","duration":{"min":1,"mode":2,"max":4},"demands":[{"resource":"r","amount":0.5}]},
        {"name":"b","duration":{"mode":1},"after":["a"]}]}"#;
    let spec: ProjectSpec = serde_json::from_str(text).unwrap();
    let again: ProjectSpec = serde_json::from_str(&serde_json::to_string(&spec).unwrap()).unwrap();
    assert_eq!(spec, again);
    let plan = schedule(&Project::build(spec).unwrap(), &ScheduleOptions::new());
    let read: super::Schedule = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(plan, read);
    assert!(serde_json::from_str::<ProjectSpec>(r#"{"format":1,"name":"p","activities":[],"x":1}"#).is_err());
}
