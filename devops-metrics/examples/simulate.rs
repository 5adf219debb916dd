//! Prints the table "What `assess` does" of docs/statistics.md: how often noise is called a trend or a change.
//!
//! `cargo run --release -p devops-metrics --example simulate [rounds [series [phi]]]` (1000 rounds of everything
//! unless given; `simulate 4000 shares 0.6` looks closer at some rows).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    clippy::cast_possible_wrap,
    reason = "a program that prints"
)]

use devops_core::{GoodDirection, Timestamp};
use devops_metrics::stats::rng::Rng;
use devops_metrics::stats::special::{normal_cdf, poisson_cdf};
use devops_metrics::trend::{Direction, Series, TrendPolicy, TrendReport, assess};

const WEEK: i64 = 604_800_000;

fn ar1(rng: &mut Rng, n: usize, phi: f64) -> Vec<f64> {
    let mut x = rng.normal();
    (0..n)
        .map(|_| {
            let now = x;
            x = phi * x + (1.0 - phi * phi).sqrt() * rng.normal();
            now
        })
        .collect()
}

fn week(i: usize) -> Timestamp {
    Timestamp::from_millis(i as i64 * WEEK).unwrap()
}

fn count(z: f64, mean: f64) -> u64 {
    let p = normal_cdf(z);
    (0..200).find(|&k| poisson_cdf(k, mean) >= p).unwrap_or(200)
}

/// Noise around `level(i)` in standard deviations.
fn series(kind: &str, z: &[f64]) -> Series {
    let rows = || z.iter().copied().enumerate();
    match kind {
        "normal" => Series::values(rows().map(|(i, z)| (week(i), Some(50.0 + 10.0 * z)))),
        "log-normal" => Series::values(rows().map(|(i, z)| (week(i), Some(z.exp())))),
        "counts, mean 4" => Series::counts(rows().map(|(i, z)| (week(i), count(z, 4.0), 1.0))),
        "shares of 40, mean 15 %" => {
            Series::proportions(rows().map(|(i, z)| (week(i), count(z, 6.0).min(40), 40)))
        }
        _ => Series::censored(rows().flat_map(|(i, z)| {
            let middle = (0.3 * z).exp();
            (0..5).map(move |k| {
                let spread = f64::from(k * 7 % 5 + 1) + 0.01 * (z * 1000.0).fract();
                (week(i), middle * spread, k != 4)
            })
        })),
    }
}

fn moves(report: &TrendReport) -> bool {
    matches!(report.direction, Direction::Improving | Direction::Worsening)
}

fn main() {
    let rounds: usize = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(1000);
    let only = |place: usize, text: &str| std::env::args().nth(place).is_none_or(|a| text.starts_with(&a));
    let policy = TrendPolicy::new(GoodDirection::Up);
    println!("| series | φ | n | false verdicts | false changes | trend of 2σ found | step of 3σ found |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let kinds = ["normal", "log-normal", "counts, mean 4", "shares of 40, mean 15 %", "open cases"];
    for (k, kind) in kinds.into_iter().enumerate() {
        for (j, phi) in [0.0, 0.3, 0.6].into_iter().enumerate() {
            if !only(2, kind) || !only(3, &phi.to_string()) {
                continue;
            }
            for n in [12_usize, 26, 52, 104] {
                let mut rng = Rng::for_stream(2026, (k * 1000 + j * 200 + n) as u64);
                let mut found = [0_usize; 4];
                for _ in 0..rounds {
                    let noise = ar1(&mut rng, n, phi);
                    let told = assess(&series(kind, &noise), &policy).unwrap();
                    found[0] += usize::from(moves(&told));
                    found[1] += usize::from(!told.changes.is_empty());
                    let trend: Vec<f64> =
                        noise.iter().enumerate().map(|(i, z)| z + 2.0 * i as f64 / (n - 1) as f64).collect();
                    found[2] += usize::from(moves(&assess(&series(kind, &trend), &policy).unwrap()));
                    let step: Vec<f64> = noise
                        .iter()
                        .enumerate()
                        .map(|(i, z)| z + if i >= n / 2 { 3.0 } else { 0.0 })
                        .collect();
                    found[3] += usize::from(moves(&assess(&series(kind, &step), &policy).unwrap()));
                }
                let percent = found.map(|f| format!("{:.1}", 100.0 * f as f64 / rounds as f64));
                println!("| {kind} | {phi} | {n} | {} |", percent.join(" | "));
            }
        }
    }
}
