//! Trend tests, slopes and rank tests: growth with n on noise and on tied counts.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_stats::hodges_lehmann::hodges_lehmann;
use devops_stats::kendall_tau::kendall_tau;
use devops_stats::mann_kendall::mann_kendall;
use devops_stats::mann_kendall_ar1::mk_ar1;
use devops_stats::mann_whitney::mann_whitney;
use devops_stats::rng::Rng;
use devops_stats::siegel::{SiegelIntercept, siegel};
use devops_stats::sliding_mann_kendall::SlidingMannKendall;
use devops_stats::theil_sen::{TheilSenOptions, sen_slope};
use std::hint::black_box;
use std::time::Duration;

fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = Rng::new(seed);
    (0..n).map(|_| rng.next_f64()).collect()
}

fn counts(n: usize) -> Vec<f64> {
    noise(n, 9).into_iter().map(|u| (u * 8.0).floor()).collect()
}

fn trend_tests(c: &mut Criterion) {
    let mut group = c.benchmark_group("mann_kendall");
    for n in [52, 1_000, 10_000, 1_000_000] {
        let (x, tied) = (noise(n, 1), counts(n));
        group.bench_with_input(BenchmarkId::new("noise", n), &x, |b, x| {
            b.iter(|| mann_kendall(black_box(x)));
        });
        group.bench_with_input(BenchmarkId::new("counts", n), &tied, |b, x| {
            b.iter(|| mann_kendall(black_box(x)));
        });
    }
    let x = noise(52, 1);
    group.bench_function("ar1/52", |b| b.iter(|| mk_ar1(black_box(&x))));
    let x = noise(10_000, 1);
    group.bench_function("sliding 1000 of 10000", |b| {
        b.iter(|| {
            let mut window = SlidingMannKendall::new(1_000)?;
            for &v in &x {
                window.push(v)?;
            }
            window.result()
        });
    });
    group.finish();
}

fn slopes(c: &mut Criterion) {
    let options = TheilSenOptions::new();
    let mut group = c.benchmark_group("slopes");
    for n in [52, 1_000, 10_000, 100_000, 1_000_000] {
        let (x, tied) = (noise(n, 2), counts(n));
        let times: Vec<f64> = (0..u32::try_from(n).unwrap_or(0)).map(f64::from).collect();
        group.bench_with_input(BenchmarkId::new("theil_sen noise", n), &x, |b, x| {
            b.iter(|| sen_slope(black_box(x), &options));
        });
        group.bench_with_input(BenchmarkId::new("theil_sen counts", n), &tied, |b, x| {
            b.iter(|| sen_slope(black_box(x), &options));
        });
        group.bench_with_input(BenchmarkId::new("siegel noise", n), &x, |b, x| {
            b.iter(|| siegel(&times, black_box(x), SiegelIntercept::Hierarchical));
        });
    }
    group.finish();
}

fn two_samples(c: &mut Criterion) {
    let mut group = c.benchmark_group("two_samples");
    for n in [26, 1_000, 100_000] {
        let (x, y) = (noise(n, 3), noise(n, 4));
        group.bench_function(BenchmarkId::new("mann_whitney", n), |b| {
            b.iter(|| mann_whitney(black_box(&x), black_box(&y)));
        });
        group.bench_function(BenchmarkId::new("hodges_lehmann", n), |b| {
            b.iter(|| hodges_lehmann(black_box(&x), black_box(&y), 0.95));
        });
        group.bench_function(BenchmarkId::new("kendall_tau", n), |b| {
            b.iter(|| kendall_tau(black_box(&x), black_box(&y)));
        });
    }
    let (x, y) = (noise(1_000_000, 3), noise(1_000_000, 4));
    group.bench_function("kendall_tau/1000000", |b| {
        b.iter(|| kendall_tau(black_box(&x), black_box(&y)));
    });
    group.finish();
}

criterion_group! {
    name = rank;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = trend_tests, slopes, two_samples
}
criterion_main!(rank);
