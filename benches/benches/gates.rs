//! Gates: a verdict with its trace, from indexed measures and from measures by name, beside bare comparisons.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_core::{Measure, Measures, MetricId, Number, Unit};
use devops_gates::{Combine, ConditionSpec, Evidence, Gate, GateSpec, Slot};
use std::hint::black_box;

fn gate(n: usize) -> Gate {
    let spec = (0..n).fold(GateSpec::new("bench").with_combine(Combine::weighted(90.0, 70.0)), |spec, i| {
        let condition = ConditionSpec::new(format!("c{i:03}"), format!("metric_{i:03}"), ">= 80");
        spec.with_condition(condition.with_unit(Unit::Count).with_warn(">= 70"))
    });
    Gate::build(spec).unwrap()
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
    let (gate, measures) = (gate(200), Measures::new());
    let verdict = gate.evaluate(&Evidence::new(&measures));
    c.bench_function("fewest fixes of 200 conditions", |b| {
        b.iter(|| black_box(&verdict).fixes().map(|f| f.len()));
    });
}

criterion_group!(benches, evaluation);
criterion_main!(benches);
