//! Schedules of 100, 1,000 and 10,000 activities: by the rule alone, with samples, and simulated.

#[path = "../../devops-maturity/tests/generated/mod.rs"]
mod generated;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use devops_maturity::roadmap::{PlanInput, RoadmapRequest, Target, plan};
use devops_maturity::schedule::{Project, ScheduleOptions, critical_path, schedule};
use devops_maturity::uncertainty::{SimulationOptions, simulate};
use devops_maturity::{Answers, assess, initiative, models};
use generated::Shape;
use std::hint::black_box;

const SIZES: [usize; 3] = [100, 1_000, 10_000];

/// Long projects, wide ones whose links reach back anywhere, and wide ones with very scarce resources.
fn shapes(activities: usize) -> [(&'static str, Shape); 3] {
    let long = Shape { activities, reach: 30, factor: 50, strength: 20 };
    let wide = Shape { reach: activities, ..long };
    [("long", long), ("wide", wide), ("wide and scarce", Shape { strength: 0, ..wide })]
}

fn schedules(c: &mut Criterion) {
    for samples in [0, 50] {
        let mut group = c.benchmark_group(format!("schedule, {samples} samples"));
        group.sample_size(10);
        for n in SIZES {
            group.throughput(Throughput::Elements(n as u64));
            for (name, shape) in shapes(n) {
                let project = Project::build(shape.draw(1)).unwrap();
                let options = ScheduleOptions::new().with_samples(samples);
                group.bench_function(BenchmarkId::new(name, n), |b| {
                    b.iter(|| schedule(black_box(&project), &options).makespan);
                });
            }
        }
        group.finish();
    }
}

fn others(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan");
    group.sample_size(10);
    for n in SIZES {
        group.throughput(Throughput::Elements(n as u64));
        let mut spec = shapes(n)[0].1.draw(1);
        for activity in &mut spec.activities {
            let mode = activity.duration.mode;
            activity.duration = activity.duration.with_range(mode * 0.5, mode * 2.0);
        }
        group.bench_function(BenchmarkId::new("check", n), |b| {
            b.iter(|| Project::build(black_box(spec.clone())).unwrap().len());
        });
        let project = Project::build(spec).unwrap();
        group.bench_function(BenchmarkId::new("critical path", n), |b| {
            b.iter(|| critical_path(black_box(&project)).length);
        });
        let plan = schedule(&project, &ScheduleOptions::new().with_samples(0));
        let options = SimulationOptions::new().with_runs(1_000);
        group.bench_function(BenchmarkId::new("1,000 runs", n), |b| {
            b.iter(|| simulate(&project, black_box(&plan), &options).unwrap().p80);
        });
    }
    group.finish();
}

/// A whole plan from the library that ships: choice, schedule, 10,000 runs.
fn roadmaps(c: &mut Criterion) {
    let (model, library) = (models::five_dimensions(), initiative::five_dimensions());
    let start = "2026-11-25T00:00:00Z".parse().unwrap();
    let assessment = assess(&model, &Answers::new(&model, "team"), start).unwrap();
    let input = PlanInput::new(&model, &assessment, &library);
    for level in [2, 3, 4] {
        let request =
            library.roles().iter().fold(RoadmapRequest::new(Target::level(level), start), |r, role| {
                r.with_people(role.id.clone(), 3.0)
            });
        c.bench_function(&format!("roadmap to level {level}"), |b| {
            b.iter(|| plan(black_box(&input), &request).unwrap().simulation.p80);
        });
    }
}

criterion_group!(benches, schedules, others, roadmaps);
criterion_main!(benches);
