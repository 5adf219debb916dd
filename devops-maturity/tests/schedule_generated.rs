//! Schedules of drawn projects beyond the public instances: other sizes, shapes and scarcities.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may panic and print"
)]

mod generated;

use devops_maturity::schedule::{Project, Schedule, ScheduleOptions, critical_path, schedule, violations};
use generated::Shape;

fn shapes(activities: usize) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for reach in [8, activities] {
        for factor in [25, 50, 100] {
            for strength in [0, 20, 50, 100] {
                shapes.push(Shape { activities, reach, factor, strength });
            }
        }
    }
    shapes
}

fn planned(shape: &Shape, seed: u64, samples: u32) -> (Project, Schedule) {
    let project = Project::build(shape.draw(seed)).unwrap();
    let plan = schedule(&project, &ScheduleOptions::new().with_samples(samples).with_seed(seed));
    assert_eq!(violations(&project, &plan.activities), [], "{shape:?} {seed}");
    assert!(plan.bounds.best <= plan.makespan, "{shape:?} {seed}: {:?}", plan.bounds);
    assert!(plan.bounds.best >= critical_path(&project).length);
    (project, plan)
}

#[test]
fn drawn_projects_are_scheduled_feasibly() {
    for activities in [1, 2, 17, 50] {
        for shape in shapes(activities) {
            let (project, plan) = planned(&shape, 5, 4);
            // Where the earliest starts need no more than there is, they are the schedule.
            if shape.strength == 100 {
                assert!(plan.is_optimal(), "{shape:?}");
                assert_eq!(plan.makespan.to_bits(), critical_path(&project).length.to_bits());
            }
            let again = schedule(&project, &ScheduleOptions::new().with_samples(4).with_seed(5));
            assert_eq!(plan, again, "{shape:?}");
        }
    }
}

#[test]
fn large_projects_are_scheduled_feasibly() {
    for activities in [120, 1_000] {
        for strength in [0, 20] {
            planned(&Shape { activities, reach: 30, factor: 50, strength }, 1, 1);
        }
    }
}

/// How far 50 and 500 samples are from the best of 5,000, and that from the bound.
#[test]
#[ignore = "takes minutes"]
fn gaps_of_drawn_projects() {
    for activities in [30, 60, 90, 120] {
        let (mut n, mut few, mut many, mut bound) = (0.0, 0.0, 0.0, 0.0);
        for shape in shapes(activities).iter().filter(|s| s.strength < 100) {
            for seed in 1..=3 {
                let [a, b, c] = [50, 500, 5_000].map(|samples| planned(shape, seed, samples).1);
                let best = a.makespan.min(b.makespan).min(c.makespan);
                n += 1.0;
                few += 100.0 * (a.makespan / best - 1.0);
                many += 100.0 * (b.makespan / best - 1.0);
                bound += 100.0 * (best / c.bounds.best - 1.0);
            }
        }
        println!(
            "{activities} activities: 50 samples {:.2} %, 500 samples {:.2} % above the best of 5,000, which is \
             {:.1} % above the bound",
            few / n,
            many / n,
            bound / n
        );
    }
}
