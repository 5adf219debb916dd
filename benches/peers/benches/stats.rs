//! Trend statistics beside `u-analytics`, on the same data in the same run.
#![allow(missing_docs, reason = "a bench")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_stats::kendall_tau::kendall_tau;
use devops_stats::mann_kendall::mann_kendall;
use devops_stats::mann_whitney::mann_whitney;
use devops_stats::pelt::pelt_l2;
use devops_stats::rng::Rng;
use devops_stats::segmentation::SegmentOptions;
use std::hint::black_box;
use std::time::Duration;
use u_analytics::correlation::kendall_tau_b;
use u_analytics::detection::{CostFunction, Pelt, Penalty};
use u_analytics::testing::{mann_kendall_test, mann_whitney_u_test};

fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = Rng::new(seed);
    (0..n).map(|_| rng.normal()).collect()
}

/// Twenty levels with normal noise.
fn steps(n: usize) -> Vec<f64> {
    let mut rng = Rng::new(n as u64);
    let levels: Vec<f64> = (0..20).map(|_| 3.0 * rng.normal()).collect();
    (0..n).map(|i| levels[i * 20 / n] + rng.normal()).collect()
}

fn trend(c: &mut Criterion) {
    let mut group = c.benchmark_group("mann_kendall");
    for n in [52, 1_000, 10_000] {
        let x = noise(n, 1);
        group.bench_function(BenchmarkId::new("devops-stats", n), |b| b.iter(|| mann_kendall(black_box(&x))));
        group.bench_function(BenchmarkId::new("u-analytics", n), |b| {
            b.iter(|| mann_kendall_test(black_box(&x)));
        });
    }
    group.finish();
    let mut group = c.benchmark_group("kendall_tau");
    for n in [1_000, 10_000] {
        let (x, y) = (noise(n, 1), noise(n, 2));
        group.bench_function(BenchmarkId::new("devops-stats", n), |b| {
            b.iter(|| kendall_tau(black_box(&x), black_box(&y)));
        });
        group.bench_function(BenchmarkId::new("u-analytics", n), |b| {
            b.iter(|| kendall_tau_b(black_box(&x), black_box(&y)));
        });
    }
    group.finish();
}

fn two_samples(c: &mut Criterion) {
    let mut group = c.benchmark_group("mann_whitney");
    for n in [26, 1_000, 100_000] {
        let (x, y) = (noise(n, 3), noise(n, 4));
        group.bench_function(BenchmarkId::new("devops-stats", n), |b| {
            b.iter(|| mann_whitney(black_box(&x), black_box(&y)));
        });
        group.bench_function(BenchmarkId::new("u-analytics", n), |b| {
            b.iter(|| mann_whitney_u_test(black_box(&x), black_box(&y)));
        });
    }
    group.finish();
}

fn changes(c: &mut Criterion) {
    let mut group = c.benchmark_group("pelt_l2");
    for n in [1_000_usize, 10_000, 100_000] {
        let penalty = 3.0 * (n as f64).ln();
        let options = SegmentOptions::new().with_penalty(penalty);
        let peer = Pelt::new(CostFunction::L2, Penalty::Custom(penalty));
        for (kind, x) in [("steps", steps(n)), ("noise", noise(n, 5))] {
            group.bench_function(BenchmarkId::new(format!("devops-stats {kind}"), n), |b| {
                b.iter(|| pelt_l2(black_box(&x), &options));
            });
            // On noise the peer is quadratic.
            if n <= 10_000 || kind == "steps" {
                group.bench_function(BenchmarkId::new(format!("u-analytics {kind}"), n), |b| {
                    b.iter(|| peer.as_ref().map(|p| p.detect(black_box(&x))));
                });
            }
        }
    }
    group.finish();
}

fn brief() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
}

criterion_group! { name = peers; config = brief(); targets = trend, two_samples, changes }
criterion_main!(peers);
