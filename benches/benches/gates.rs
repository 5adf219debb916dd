//! Gates: a verdict with its trace, from indexed measures and from measures by name, beside bare comparisons.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_core::{
    Analysis, AnalyzerKind, AnalyzerRun, Descriptor, Measure, Measures, MetricId, Number, Outcome, Unit,
};
use devops_gates::{Combine, ConditionSpec, Distance, Evidence, Gate, GateSpec, Slot, facts};
use std::hint::black_box;

fn spec(n: usize) -> GateSpec {
    (0..n).fold(GateSpec::new("bench").with_combine(Combine::weighted(90.0, 70.0)), |spec, i| {
        let condition = ConditionSpec::new(format!("c{i:03}"), format!("metric_{i:03}"), ">= 80");
        spec.with_condition(condition.with_unit(Unit::Count).with_warn(">= 70"))
    })
}

fn gate(n: usize) -> Gate {
    Gate::build(spec(n)).unwrap()
}

/// Seven in eight meet the threshold.
fn values(n: usize) -> Vec<f64> {
    (0..n).map(|i| if i % 8 == 7 { 75.5 } else { 80.0 + f64::from(u32::try_from(i).unwrap()) }).collect()
}

fn measures(n: usize) -> Measures {
    let list = values(n).into_iter().enumerate().map(|(i, v)| {
        let id = MetricId::new(&format!("metric_{i:03}")).unwrap();
        Measure::new(id, Number::new(v).unwrap().into(), Unit::Count)
    });
    Measures::try_from(list.collect::<Vec<_>>()).unwrap()
}

/// The same decision by plain comparisons of floats in a slice, without a trace.
fn naive(values: &[f64]) -> u8 {
    let mut earned = 0.0;
    for value in values {
        earned += if *value >= 80.0 {
            1.0
        } else if *value >= 70.0 {
            0.5
        } else {
            0.0
        };
    }
    #[allow(clippy::cast_precision_loss, reason = "a few conditions")]
    let share = 100.0 * earned / values.len() as f64;
    u8::from(share >= 70.0) + u8::from(share >= 90.0)
}

fn evaluation(c: &mut Criterion) {
    let mut group = c.benchmark_group("gate");
    for n in [4, 50] {
        let (gate, measures, values) = (gate(n), measures(n), values(n));
        let slots: Vec<Slot<'_>> = measures.iter().map(Slot::Measured).collect();
        group.bench_function(BenchmarkId::new("indexed, with trace", n), |b| {
            b.iter(|| gate.evaluate_indexed(black_box(&slots)).status());
        });
        group.bench_function(BenchmarkId::new("by name, with trace", n), |b| {
            b.iter(|| gate.evaluate(&Evidence::new(black_box(&measures))).status());
        });
        group.bench_function(BenchmarkId::new("bare comparisons, no trace", n), |b| {
            b.iter(|| naive(black_box(&values)));
        });
    }
    group.finish();
}

/// Building, and what is linear: ten times the conditions, ten times the time.
fn sizes(c: &mut Criterion) {
    let mut group = c.benchmark_group("size");
    group.sample_size(10);
    for n in [1_000, 10_000, 100_000] {
        let (spec, measures) = (spec(n), measures(n));
        group.bench_function(BenchmarkId::new("build, with all lints", n), |b| {
            b.iter(|| Gate::build(black_box(&spec).clone()).map(|gate| gate.lints().len()));
        });
        let gate = Gate::build(spec).unwrap();
        let slots: Vec<Slot<'_>> = measures.iter().map(Slot::Measured).collect();
        group.bench_function(BenchmarkId::new("evaluate", n), |b| {
            b.iter(|| gate.evaluate_indexed(black_box(&slots)).status());
        });
        let verdict = gate.evaluate_indexed(&slots);
        group.bench_function(BenchmarkId::new("sensitivity", n), |b| {
            b.iter(|| black_box(&verdict).sensitivity().len());
        });
        group.bench_function(BenchmarkId::new("facts of so many runs", n), |b| {
            let runs = runs(n);
            let required = runs.iter().map(|run| run.descriptor.id().clone()).collect();
            b.iter(|| facts(black_box(&runs), &required).len());
        });
    }
    group.finish();
}

fn runs(n: usize) -> Vec<AnalyzerRun> {
    let run = |i| AnalyzerRun {
        descriptor: Descriptor::new(&format!("source-{i}"), AnalyzerKind::Style).unwrap(),
        outcome: Outcome::Completed(Analysis::new()),
    };
    (0..n).map(run).collect()
}

/// What it takes to pass, for 200 conditions.
fn questions(c: &mut Criterion) {
    let mut group = c.benchmark_group("200 conditions");
    for (name, combine, weight) in [
        ("equal weights", Combine::weighted(90.0, 70.0), 0),
        ("weights of seven sizes", Combine::weighted(90.0, 70.0), 7),
        ("weights of 200 sizes", Combine::weighted(90.0, 70.0), 200),
        ("at least 150", Combine::AtLeast { k: 150 }, 0),
    ] {
        let mut spec = spec(200).with_combine(combine);
        for (i, condition) in spec.conditions.iter_mut().enumerate() {
            condition.weight = f64::from(u32::try_from(i % weight.max(1)).unwrap()) + 1.0;
        }
        let verdict = Gate::build(spec).unwrap().evaluate(&Evidence::new(&Measures::new()));
        group.bench_function(BenchmarkId::new("fewest fixes", name), |b| {
            b.iter(|| black_box(&verdict).fixes().map(|f| f.len()));
        });
        group.bench_function(BenchmarkId::new("cheapest fixes", name), |b| {
            let cost = |name: &str| 1 + u32::from(name.as_bytes()[3] - b'0');
            b.iter(|| black_box(&verdict).cheapest_fixes(cost, 1_000).map(|f| f.is_some()));
        });
    }
    let (gate, measures) = (gate(200), measures(200));
    let verdict = gate.evaluate(&Evidence::new(&measures));
    group.bench_function("all distances", |b| {
        b.iter(|| {
            black_box(&verdict).conditions().map(|c| c.distance()).filter(|d| *d == Distance::None).count()
        });
    });
    group.finish();
}

criterion_group!(benches, evaluation, sizes, questions);
criterion_main!(benches);
