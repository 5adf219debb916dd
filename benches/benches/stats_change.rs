//! Quantiles, change points and charts of `devops-stats`: the sizes of the bars in docs/statistics.md.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a bench may panic")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_stats::fpop::fpop_l2;
use devops_stats::pelt::{pelt_l2, pelt_poisson};
use devops_stats::pettitt::pettitt;
use devops_stats::quantile::{QuantileType, median, quantiles};
use devops_stats::rng::Rng;
use devops_stats::segmentation::{Pruning, SegmentOptions};
use std::hint::black_box;
use std::time::Duration;

fn noise(n: usize) -> Vec<f64> {
    let mut rng = Rng::new(n as u64);
    (0..n).map(|_| rng.normal()).collect()
}

/// Twenty levels with normal noise, as the peers' bench scripts have it.
fn steps(n: usize) -> Vec<f64> {
    let mut rng = Rng::new(n as u64);
    let levels: Vec<f64> = (0..20).map(|_| 3.0 * rng.normal()).collect();
    (0..n).map(|i| levels[i * 20 / n] + rng.normal()).collect()
}

fn segmentations(c: &mut Criterion) {
    let mut group = c.benchmark_group("pelt_l2");
    for n in [1_000_usize, 10_000, 100_000] {
        let options = SegmentOptions::new().with_penalty(3.0 * (n as f64).ln());
        for (name, x) in [("steps", steps(n)), ("noise", noise(n))] {
            group.bench_with_input(BenchmarkId::new(format!("functional/{name}"), n), &x, |b, x| {
                b.iter(|| fpop_l2(black_box(x), &options));
            });
            if n <= 10_000 {
                let options = options.with_pruning(Pruning::Inequality);
                group.bench_with_input(BenchmarkId::new(format!("inequality/{name}"), n), &x, |b, x| {
                    b.iter(|| pelt_l2(black_box(x), &options));
                });
            }
        }
    }
    group.finish();
    let mut rng = Rng::new(1);
    let counts: Vec<u64> = (0..2_000).map(|_| rng.poisson(5.0).unwrap()).collect();
    c.bench_function("pelt_poisson/noise/2000", |b| {
        b.iter(|| pelt_poisson(black_box(&counts), None, &SegmentOptions::new()));
    });
    let x = steps(1_000_000);
    c.bench_function("pettitt/1000000", |b| b.iter(|| pettitt(black_box(&x))));
}

fn order_statistics(c: &mut Criterion) {
    let mut group = c.benchmark_group("quantiles");
    for n in [1_000_000_usize, 10_000_000] {
        let mut rng = Rng::new(n as u64);
        let x: Vec<f64> = (0..n).map(|_| (3.0 + rng.normal()).exp()).collect();
        group.bench_function(BenchmarkId::new("median", n), |b| b.iter(|| median(black_box(&x))));
        group.bench_function(BenchmarkId::new("four", n), |b| {
            b.iter(|| quantiles(black_box(&x), &[0.5, 0.9, 0.95, 0.99], QuantileType::Type7));
        });
    }
    group.finish();
}

fn brief() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
}

criterion_group! { name = benches; config = brief(); targets = segmentations, order_statistics }
criterion_main!(benches);
