//! Whole verdicts: one service for a year, and a fleet of services over three years.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use devops_core::{GoodDirection, Timestamp};
use devops_metrics::trend::{FalseDiscovery, Series, TrendPolicy, assess, assess_many};
use devops_stats::rng::Rng;
use std::hint::black_box;
use std::time::Duration;

fn weeks(n: i32) -> impl Iterator<Item = (Timestamp, f64)> {
    (0..n).filter_map(|i| {
        Some((Timestamp::EPOCH.checked_add_millis(i64::from(i) * 604_800_000)?, f64::from(i)))
    })
}

/// Hours that fall a little, counts of four a week, shares of forty.
fn all_kinds(n: i32, seed: u64) -> [(&'static str, Series); 3] {
    let mut rng = Rng::new(seed);
    let hours: Vec<_> =
        weeks(n).map(|(t, i)| (t, Some((3.4 - 0.004 * i + 0.4 * rng.normal()).exp()))).collect();
    let counts: Vec<_> = weeks(n).map(|(t, _)| (t, rng.poisson(4.0).unwrap_or(0), 1.0)).collect();
    let shares: Vec<_> = weeks(n).map(|(t, _)| (t, rng.poisson(6.0).unwrap_or(0).min(40), 40)).collect();
    [
        ("values", Series::values(hours)),
        ("counts", Series::counts(counts)),
        ("shares", Series::proportions(shares)),
    ]
}

fn verdicts(c: &mut Criterion) {
    let plain = TrendPolicy::new(GoodDirection::Down);
    let far = plain.clone().with_horizon(8);
    let mut group = c.benchmark_group("assess");
    for (kind, series) in all_kinds(52, 1) {
        group.bench_function(BenchmarkId::new(kind, "52 weeks"), |b| {
            b.iter(|| assess(black_box(&series), &plain));
        });
        group.bench_function(BenchmarkId::new(kind, "52 weeks with forecast and back-test"), |b| {
            b.iter(|| assess(black_box(&series), &far));
        });
    }
    group.finish();
}

fn fleet(c: &mut Criterion) {
    let policy = TrendPolicy::new(GoodDirection::Down);
    let services: Vec<Series> =
        (0..10_000).filter_map(|seed| all_kinds(156, seed).into_iter().next().map(|(_, s)| s)).collect();
    c.bench_function("assess_many/10,000 services of 156 weeks", |b| {
        b.iter(|| assess_many(black_box(&services), &policy, FalseDiscovery::BenjaminiHochberg));
    });
}

fn brief() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
}

criterion_group! { name = trend; config = brief(); targets = verdicts, fleet }
criterion_main!(trend);
