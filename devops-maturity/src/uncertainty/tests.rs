//! Known answers and laws of simulated plans.

use alloc::format;
use alloc::string::ToString as _;

use proptest::prelude::*;

use super::{SimulationOptions, simulate};
use crate::schedule::{
    ActivitySpec, Distribution, EstimateSpec, Project, ProjectSpec, Schedule, ScheduleOptions, schedule,
};

fn planned(spec: ProjectSpec) -> (Project, Schedule) {
    let project = Project::build(spec).unwrap();
    let plan = schedule(&project, &ScheduleOptions::new());
    (project, plan)
}

fn five(distribution: Distribution) -> ProjectSpec {
    let estimate = EstimateSpec::new(10.0).with_range(8.0, 18.0);
    (0..5).fold(ProjectSpec::new("five").with_distribution(distribution), |spec, i| {
        spec.with_activity(ActivitySpec::new(format!("a{i}"), estimate))
    })
}

#[test]
fn the_latest_of_five_triangles_is_known() {
    let (project, plan) = planned(five(Distribution::Triangular));
    let found =
        simulate(&project, &plan, &SimulationOptions::new().with_runs(40_000).with_date(16.13)).unwrap();
    // By integrating 1 − F⁵.
    let f = |x: f64| if x < 10.0 { (x - 8.0).powi(2) / 20.0 } else { 1.0 - (18.0 - x).powi(2) / 80.0 };
    let mean =
        8.0 + (0..100_000).map(|k| (1.0 - f(8.0 + (f64::from(k) + 0.5) / 1e4).powi(5)) / 1e4).sum::<f64>();
    assert!((mean - 14.70).abs() < 0.005);
    assert_eq!(plan.makespan, 12.0);
    assert!((found.mean - mean).abs() < 4.0 * found.mean_standard_error, "{found}");
    assert!(found.mean_standard_error < 0.01);
    let p80 = 18.0 - (80.0 * (1.0 - 0.8_f64.powf(0.2))).sqrt();
    assert!((p80 - 16.13).abs() < 0.005);
    assert!(found.p80.low.unwrap() <= p80 && p80 <= found.p80.high.unwrap(), "{:?}", found.p80);
    assert!((found.chances[0].probability - 0.8).abs() < 4.0 * found.chances[0].standard_error);
    // Each is the latest in a fifth of the runs.
    for activity in &found.activities {
        assert!(
            (activity.criticality - 0.2).abs() < 4.0 * activity.criticality_standard_error,
            "{activity:?}"
        );
    }
}

#[test]
fn runs_are_the_same_on_every_platform() {
    let options = SimulationOptions::new().with_runs(1_000).with_seed(7);
    let (project, plan) = planned(five(Distribution::Triangular));
    let found = simulate(&project, &plan, &options).unwrap();
    assert_eq!((found.p50.value, found.p95.value), (14.834_436, 17.128_922));
    let (project, plan) = planned(five(Distribution::Pert));
    let found = simulate(&project, &plan, &options).unwrap();
    assert_eq!((plan.makespan, found.p50.value), (11.0, 13.189_609));
}

#[test]
fn one_after_another_adds_up() {
    let estimate = EstimateSpec::new(3.0).with_range(2.0, 7.0);
    // The resource alone puts them one after another.
    let spec = (0..4).fold(ProjectSpec::new("p").with_resource("r", 1.0), |spec, i| {
        spec.with_activity(ActivitySpec::new(format!("a{i}"), estimate).with_demand("r", 1.0))
    });
    let (project, plan) = planned(spec);
    let found = simulate(&project, &plan, &SimulationOptions::new()).unwrap();
    assert_eq!(plan.makespan, 16.0);
    assert!((found.mean - 16.0).abs() < 4.0 * found.mean_standard_error);
    let variance = 4.0 * (4.0 + 9.0 + 49.0 - 6.0 - 14.0 - 21.0) / 18.0;
    assert!((found.standard_deviation.powi(2) / variance - 1.0).abs() < 0.05);
    assert!(found.activities.iter().all(|a| a.criticality == 1.0));
}

#[test]
fn fixed_durations_are_one_number_and_say_so() {
    let (project, plan) = planned(ProjectSpec::new("p").with_activity(ActivitySpec::new("a", 5.0)));
    let found = simulate(&project, &plan, &SimulationOptions::new().with_date(4.0).with_date(5.0)).unwrap();
    assert!(found.fixed && found.runs == 1);
    assert_eq!((found.p50.value, found.p80.value, found.p95.value), (5.0, 5.0, 5.0));
    assert_eq!((found.chances[0].high, found.chances[1].low), (0.0, 1.0));
    let (project, plan) = planned(ProjectSpec::new("nothing"));
    assert_eq!(simulate(&project, &plan, &SimulationOptions::new()).unwrap().mean, 0.0);
}

#[test]
fn every_refusal_has_its_message() {
    let (project, plan) = planned(five(Distribution::Triangular));
    let (_, other) = planned(ProjectSpec::new("p").with_activity(ActivitySpec::new("x", 5.0)));
    let mut early = plan.clone();
    early.activities[2].finish = 3.0;
    for (plan, options, message) in [
        (&plan, SimulationOptions::new().with_runs(99), "number of runs is `99`: expected 100 to 1000000"),
        (
            &plan,
            SimulationOptions::new().with_date(f64::NAN),
            "date is `NaN`: expected a finite time from 0 on, in the unit of the project",
        ),
        (
            &other,
            SimulationOptions::new(),
            "activity `a0` is not scheduled as the project needs it: expected a schedule of this project",
        ),
        (
            &early,
            SimulationOptions::new(),
            "activity `a2` is not scheduled as the project needs it: expected a schedule of this project",
        ),
    ] {
        assert_eq!(simulate(&project, plan, &options).unwrap_err().to_string(), message);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// At planned durations the run is the plan, and the mean end is no earlier (Jensen).
    #[test]
    fn the_plan_is_kept(list in proptest::collection::vec((1u32..6, 0u32..4, 0u32..3, any::<u64>()), 1..12)) {
        let spec = |spread: u32| {
            let spec = ProjectSpec::new("p").with_resource("r", 2.0);
            list.iter().enumerate().fold(spec, |spec, (i, &(mode, wide, demand, links))| {
                let (mode, wide) = (f64::from(mode * 3), f64::from(wide * spread));
                // The mean is the same whatever the spread.
                let estimate = EstimateSpec::new(mode).with_range(mode - wide / 2.0, mode + wide / 2.0);
                let activity = ActivitySpec::new(format!("a{i}"), estimate).with_demand("r", f64::from(demand));
                let links = (0..i).filter(|j| links >> j & 3 == 3);
                spec.with_activity(links.fold(activity, |a, j| a.after(format!("a{j}"))))
            })
        };
        let (project, plan) = planned(spec(0));
        let fixed = simulate(&project, &plan, &SimulationOptions::new()).unwrap();
        prop_assert!(fixed.fixed);
        prop_assert!(fixed.mean <= plan.makespan);
        let (project, plan) = planned(spec(1));
        let found = simulate(&project, &plan, &SimulationOptions::new().with_runs(500)).unwrap();
        prop_assert!(found.mean >= fixed.mean - 5.0 * found.mean_standard_error);
        prop_assert!(found.p50.value <= found.p80.value && found.p80.value <= found.p95.value);
        prop_assert!(found.activities.iter().any(|a| a.criticality > 0.0));
    }
}
