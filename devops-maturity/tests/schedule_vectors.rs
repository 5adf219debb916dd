//! Schedules of public instances with a proven optimum: PSPLIB j30 (Kolisch & Sprecher 1996), Patterson (1984).

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_macros,
    clippy::float_cmp,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reads its cases from a file and may panic"
)]

use devops_core::Unit;
use devops_maturity::schedule::{
    ActivitySpec, Project, ProjectSpec, ScheduleOptions, critical_path, schedule, violations,
};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn project(case: &Value) -> Project {
    let mut spec = ProjectSpec::new(case["id"].as_str().unwrap()).with_unit(Unit::None);
    for (resource, capacity) in numbers(&case["capacity"]).into_iter().enumerate() {
        spec = spec.with_resource(format!("r{resource}"), capacity);
    }
    let demands = case["demand"].as_array().unwrap();
    let mut activities: Vec<ActivitySpec> = numbers(&case["duration"])
        .into_iter()
        .zip(demands)
        .enumerate()
        .map(|(i, (duration, demand))| {
            let activity = ActivitySpec::new(format!("a{i:02}"), duration);
            numbers(demand)
                .into_iter()
                .enumerate()
                .fold(activity, |a, (r, amount)| a.with_demand(format!("r{r}"), amount))
        })
        .collect();
    for (i, successors) in case["successors"].as_array().unwrap().iter().enumerate() {
        for next in numbers(successors) {
            let next = activities.iter().position(|a| a.name == format!("a{next:02}")).unwrap();
            activities[next].after.push(format!("a{i:02}"));
        }
    }
    for activity in activities {
        spec = spec.with_activity(activity);
    }
    Project::build(spec).unwrap()
}

/// Mean and greatest gap to the optimum in percent, the share solved, the share proved.
#[derive(Default)]
struct Gaps {
    n: f64,
    sum: f64,
    worst: f64,
    solved: f64,
    proved: f64,
}

fn run(cases: &Value, set: &str, samples: u32, seed: u64) -> Gaps {
    let mut gaps = Gaps::default();
    for case in cases["cases"].as_array().unwrap().iter().filter(|c| c["set"] == set) {
        let project = project(case);
        let plan = schedule(&project, &ScheduleOptions::new().with_samples(samples).with_seed(seed));
        let optimum = case["optimum"].as_f64().unwrap();
        assert_eq!(violations(&project, &plan.activities), [], "{}", case["id"]);
        assert!(plan.bounds.best <= optimum, "{}: bound {:?} above {optimum}", case["id"], plan.bounds);
        assert!(plan.makespan >= optimum, "{}", case["id"]);
        assert!(critical_path(&project).length <= plan.bounds.best);
        let gap = 100.0 * (plan.makespan - optimum) / optimum;
        gaps.n += 1.0;
        gaps.sum += gap;
        gaps.worst = if gap > gaps.worst { gap } else { gaps.worst };
        gaps.solved += f64::from(u8::from(gap == 0.0));
        gaps.proved += f64::from(u8::from(plan.is_optimal()));
    }
    println!(
        "{set}, {samples} samples, seed {seed}: mean gap {:.3} %, worst {:.1} %, optimal {:.1} %, proved {:.1} %",
        gaps.sum / gaps.n,
        gaps.worst,
        100.0 * gaps.solved / gaps.n,
        100.0 * gaps.proved / gaps.n
    );
    gaps
}

fn cases() -> Option<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors/maturity/rcpsp.json");
    let Ok(text) = std::fs::read(path) else {
        println!("skipped: {path} is not there");
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}

#[test]
fn gaps_to_proven_optima_are_small() {
    let Some(cases) = cases() else { return };
    for (set, samples, limit) in [("j30.sm", 50, 0.8), ("j30.sm", 500, 0.3), ("patterson.rcp", 50, 0.5)] {
        let gaps = run(&cases, set, samples, 1);
        assert!(gaps.n > 0.0 && gaps.sum / gaps.n <= limit, "{set} {samples}");
    }
}

#[test]
#[ignore = "takes a while in a debug build"]
fn gaps_over_seeds() {
    let Some(cases) = cases() else { return };
    for samples in [0, 10, 50, 200, 500, 2000] {
        for seed in 1..=3 {
            run(&cases, "j30.sm", samples, seed);
            run(&cases, "patterson.rcp", samples, seed);
        }
    }
}
