//! The canary judge: one judgement, and watches of twenty looks, beside forms that compare every pair of values and
//! beside Kayenta's judge.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_core::{Measures, MetricId, Unit};
use devops_gates::compat::kayenta::{ClassifierOptions, classify};
use devops_gates::judge::{
    CanaryMetric, CanaryTest, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec, Spending, WatchPlan,
    judge, sampled,
};
use devops_stats::rng::Rng;
use std::hint::black_box;

fn draw(seed: u64, n: usize) -> Vec<f64> {
    let mut rng = Rng::new(seed);
    (0..n).map(|_| 100.0 + 10.0 * rng.normal()).collect()
}

fn side(values: &[f64]) -> Measures {
    let id = MetricId::new("latency").unwrap();
    Measures::try_from(vec![sampled(id, Unit::Milliseconds, values).unwrap()]).unwrap()
}

fn policy(tests: &[CanaryTest]) -> JudgePolicy {
    let metric = CanaryMetric::new("latency", Direction::Increase).with_tests(tests.iter().copied());
    JudgePolicy::build(JudgePolicySpec::new("bench").with_metric(metric)).unwrap()
}

/// The same by definition: U by all pairs and its normal approximation, the shift as the median of all
/// differences with its interval between two of them.
#[allow(clippy::cast_precision_loss, reason = "counts of values")]
fn naive(experiment: &[f64], control: &[f64]) -> (f64, f64, f64, f64) {
    let (n, m) = (experiment.len() as f64, control.len() as f64);
    let mut differences: Vec<f64> =
        experiment.iter().flat_map(|x| control.iter().map(move |y| x - y)).collect();
    differences.sort_unstable_by(f64::total_cmp);
    let larger = differences.iter().filter(|d| **d > 0.0).count() as f64;
    let spread = (n * m * (n + m + 1.0) / 12.0).sqrt();
    let z = (larger - n * m / 2.0 - 0.5) / spread;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let low = (n * m / 2.0 - 1.96 * spread).max(0.0) as usize;
    (z, differences[low], differences[differences.len() / 2], differences[differences.len() - 1 - low])
}

fn fixed(c: &mut Criterion) {
    let mut group = c.benchmark_group("judge once");
    let shift = policy(&[CanaryTest::Shift]);
    let all = policy(&[CanaryTest::Shift, CanaryTest::Spread, CanaryTest::tail(0.9)]);
    for n in [10, 100, 1_000] {
        let (control, experiment) = (draw(1, n), draw(2, n));
        let sides = (side(&control), side(&experiment));
        group.bench_function(BenchmarkId::new("shift, with trace", n), |b| {
            b.iter(|| judge(black_box(&sides.0), &sides.1, &shift).status);
        });
        group.bench_function(BenchmarkId::new("shift, spread and tail", n), |b| {
            b.iter(|| judge(black_box(&sides.0), &sides.1, &all).status);
        });
        group.bench_function(BenchmarkId::new("all pairs, approximate", n), |b| {
            b.iter(|| naive(black_box(&experiment), &control));
        });
        group.bench_function(BenchmarkId::new("Kayenta's label", n), |b| {
            let options = ClassifierOptions::new();
            b.iter(|| classify(black_box(&experiment), &control, &options));
        });
    }
    group.finish();
}

fn watched(c: &mut Criterion) {
    let mut group = c.benchmark_group("twenty looks");
    let policy = policy(&[CanaryTest::Shift]);
    let plan = WatchPlan::Planned { looks: 20, spending: Spending::ObrienFleming };
    let planned = JudgePolicy::build(policy.spec().clone().with_watch(plan)).unwrap();
    for n in [5, 50] {
        let values: Vec<[Vec<f64>; 2]> = (0..20).map(|look| [draw(look, n), draw(look + 100, n)]).collect();
        let looks: Vec<[Measures; 2]> = values.iter().map(|[a, b]| [side(a), side(b)]).collect();
        for (name, policy) in [("watch", &policy), ("watch, planned", &planned)] {
            group.bench_function(BenchmarkId::new(name, n), |b| {
                b.iter(|| {
                    let mut watch = CanaryWatch::new(policy).unwrap();
                    for [control, experiment] in black_box(&looks) {
                        watch.look(control, experiment, policy).unwrap();
                    }
                    watch.finish(policy).unwrap().status
                });
            });
        }
        group.bench_function(BenchmarkId::new("all values so far, at each look", n), |b| {
            b.iter(|| {
                let (mut control, mut experiment) = (Vec::new(), Vec::new());
                for [new_control, new_experiment] in black_box(&values) {
                    control.extend(new_control);
                    experiment.extend(new_experiment);
                    black_box(naive(&experiment, &control));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, fixed, watched);
criterion_main!(benches);
