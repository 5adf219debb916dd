//! Quantiles, change points and charts of `devops-stats`: the sizes of the bars in docs/statistics.md.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a bench may panic"
)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_stats::backtest::{BacktestOptions, ets_backtest};
use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
use devops_stats::fpop::fpop_l2;
use devops_stats::kaplan_meier::kaplan_meier;
use devops_stats::pelt::{pelt_l2, pelt_poisson};
use devops_stats::pettitt::pettitt;
use devops_stats::quantile::{QuantileType, median, quantiles};
use devops_stats::rng::Rng;
use devops_stats::run_rules::{Rule, run_rules};
use devops_stats::segmentation::{Pruning, SegmentOptions};
use devops_stats::significance::{SignificanceOptions, significant_changes};
use devops_stats::xmr::{Constants, MovingRange, xmr};
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

/// What a verdict for a year of weeks is made of.
fn one_year(c: &mut Criterion) {
    let mut group = c.benchmark_group("weeks_52");
    let quiet = noise(52);
    let mut stepped = quiet.clone();
    stepped[26..].iter_mut().for_each(|v| *v += 3.0);
    let options = SignificanceOptions::new();
    group.bench_function("significant_changes/noise", |b| {
        b.iter(|| significant_changes(black_box(&quiet), &options));
    });
    group.bench_function("significant_changes/step", |b| {
        b.iter(|| significant_changes(black_box(&stepped), &options));
    });
    group.bench_function("xmr_and_nelson", |b| {
        b.iter(|| {
            let limits = xmr(black_box(&stepped), MovingRange::Mean, Constants::Exact).unwrap();
            run_rules(&stepped, limits.center, limits.sigma, &Rule::NELSON)
        });
    });
    let damped = EtsFitOptions::new(EtsShape::DampedTrend);
    group.bench_function("ets_fit", |b| b.iter(|| ets_fit(black_box(&stepped), damped)));
    group.bench_function("ets_backtest", |b| {
        b.iter(|| ets_backtest(black_box(&stepped), damped, &BacktestOptions::new(4)));
    });
    group.finish();
    let mut rng = Rng::new(1);
    let time: Vec<f64> =
        (0..100_000).map(|_| (rng.exponential(0.01).unwrap() * 10.0).ceil() / 10.0).collect();
    let event: Vec<bool> = (0..100_000).map(|_| rng.next_f64() < 0.8).collect();
    c.bench_function("kaplan_meier/100000", |b| b.iter(|| kaplan_meier(black_box(&time), &event, 0.95)));
}

fn brief() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
}

criterion_group! { name = benches; config = brief(); targets = one_year, segmentations, order_statistics }
criterion_main!(benches);
