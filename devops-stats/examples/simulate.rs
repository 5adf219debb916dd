//! Prints the simulation tables of docs/statistics.md.
//!
//! `cargo run --release -p devops-stats --example simulate [rounds]` (2000 rounds unless given; some minutes).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a program that prints; its indices are those of its own lists"
)]

use devops_stats::Outcome;
use devops_stats::bootstrap::{BootstrapMethod, BootstrapOptions, bootstrap};
use devops_stats::e_divisive::{EDivisiveOptions, e_divisive};
use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
use devops_stats::hodges_lehmann::hodges_lehmann;
use devops_stats::kaplan_meier::kaplan_meier;
use devops_stats::mann_kendall::mann_kendall;
use devops_stats::mann_kendall_ar1::mk_ar1;
use devops_stats::mann_kendall_hamed_rao::mk_hamed_rao;
use devops_stats::mann_kendall_whitened::{mk_prewhitening, mk_tfpw};
use devops_stats::mann_kendall_yue_wang::mk_yue_wang;
use devops_stats::otava::{OtavaOptions, otava_change_points};
use devops_stats::pelt::{pelt_l2, pelt_rank};
use devops_stats::pettitt::pettitt;
use devops_stats::poisson_rate::garwood;
use devops_stats::proportion::{agresti_coull, clopper_pearson, jeffreys, wilson};
use devops_stats::quantile::median;
use devops_stats::quantile_interval::quantile_interval;
use devops_stats::rng::Rng;
use devops_stats::segmentation::SegmentOptions;
use devops_stats::significance::{SignificanceOptions, significant_changes};
use devops_stats::special::normal_cdf;
use devops_stats::tail::Interval;
use devops_stats::theil_sen::{TheilSenOptions, sen_slope};

const LENGTHS: [usize; 5] = [5, 12, 26, 52, 104];
const PHIS: [f64; 3] = [0.0, 0.3, 0.6];
const KINDS: [&str; 3] = ["normal", "log-normal", "Poisson(4)"];

/// Stationary AR(1) noise of variance 1, as it is, exponentiated, or turned into counts of mean 4.
fn noise(rng: &mut Rng, n: usize, phi: f64, kind: usize) -> Vec<f64> {
    let spread = (1.0 - phi * phi).sqrt();
    let mut state = rng.normal();
    (0..n)
        .map(|_| {
            state = phi * state + spread * rng.normal();
            match kind {
                0 => state,
                1 => state.exp(),
                _ => poisson_quantile(normal_cdf(state)),
            }
        })
        .collect()
}

fn poisson_quantile(u: f64) -> f64 {
    let (mut k, mut term) = (0.0, (-4.0_f64).exp());
    let mut sum = term;
    while sum < u && k < 60.0 {
        k += 1.0;
        term *= 4.0 / k;
        sum += term;
    }
    k
}

/// Share of `rounds` in which `hit` says yes.
fn share(rounds: usize, mut hit: impl FnMut(u64) -> bool) -> f64 {
    (0..rounds).filter(|&r| hit(r as u64)).count() as f64 / rounds as f64
}

fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// The trend tests side by side: does each reject at 5 %?
fn rejections(x: &[f64]) -> [bool; 7] {
    let low = |p: Option<f64>| p.is_some_and(|p| p < 0.05);
    [
        low(mann_kendall(x).ok().and_then(|f| f.p())),
        low(mk_hamed_rao(x, 0.05, None).ok().and_then(|f| f.test.defined()).map(|t| t.p)),
        low(mk_yue_wang(x, None).ok().and_then(|f| f.test.defined()).map(|t| t.p)),
        low(mk_yue_wang(x, Some(1)).ok().and_then(|f| f.test.defined()).map(|t| t.p)),
        low(mk_prewhitening(x).ok().and_then(|f| f.test.defined()).map(|t| t.p)),
        low(mk_tfpw(x).ok().and_then(|f| f.test.defined()).map(|t| t.p)),
        low(mk_ar1(x).ok().and_then(|f| f.test.defined()).map(|t| t.p)),
    ]
}

fn trend_table(rounds: usize, rise: f64, kinds: usize) {
    println!(
        "| noise | φ | n | plain | Hamed–Rao | Yue–Wang, all lags | Yue–Wang, lag 1 | pre-whitening | TFPW | mk_ar1 |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (kind, name) in KINDS.iter().enumerate().take(kinds) {
        for phi in PHIS {
            for n in LENGTHS {
                let mut rng = Rng::for_stream(n as u64, kind as u64 * 100 + (phi * 10.0) as u64);
                let mut hits = [0_usize; 7];
                for _ in 0..rounds {
                    let mut x = noise(&mut rng, n, phi, kind);
                    for (t, v) in x.iter_mut().enumerate() {
                        *v += rise * t as f64 / (n - 1) as f64;
                    }
                    for (count, rejected) in hits.iter_mut().zip(rejections(&x)) {
                        *count += usize::from(rejected);
                    }
                }
                let mut cells = vec![(*name).to_string(), phi.to_string(), n.to_string()];
                cells.extend(hits.iter().map(|&h| percent(h as f64 / rounds as f64)));
                row(&cells);
            }
        }
    }
}

fn slope_coverage(rounds: usize) {
    println!("| φ | n | Sen, plain variance | Sen, variance of mk_ar1 |");
    println!("| --- | --- | --- | --- |");
    for phi in PHIS {
        for n in LENGTHS {
            let mut rng = Rng::for_stream(n as u64, 7 + (phi * 10.0) as u64);
            let mut hits = [0.0; 2];
            for _ in 0..rounds {
                let x = noise(&mut rng, n, phi, 0);
                let variance = mk_ar1(&x).map_or(1.0, |f| f.var_s);
                let plain = TheilSenOptions::new();
                for (hit, options) in hits.iter_mut().zip([plain, plain.with_variance(variance)]) {
                    let found = sen_slope(&x, &options).ok().and_then(Outcome::defined);
                    // No interval says nothing, so it holds the truth.
                    let holds = found.and_then(|f| f.interval).is_none_or(|i| i.low <= 0.0 && 0.0 <= i.high);
                    *hit += f64::from(u8::from(holds)) / rounds as f64;
                }
            }
            row(&[phi.to_string(), n.to_string(), percent(hits[0]), percent(hits[1])]);
        }
    }
}

fn holds(interval: Option<Interval>, truth: f64) -> bool {
    interval.is_none_or(|i| i.low <= truth && truth <= i.high)
}

fn interval_coverage(rounds: usize) {
    println!("| interval | truth | n = 5 | 12 | 26 | 52 | 104 |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    type Check = fn(&mut Rng, usize, u64) -> bool;
    let checks: [(&str, &str, Check); 12] = [
        ("Wilson", "share 0.1", |r, n, _| holds(wilson(hits(r, n), n as u64, 0.95).ok(), 0.1)),
        ("Jeffreys", "share 0.1", |r, n, _| holds(jeffreys(hits(r, n), n as u64, 0.95, true).ok(), 0.1)),
        ("Clopper–Pearson", "share 0.1", |r, n, _| {
            holds(clopper_pearson(hits(r, n), n as u64, 0.95).ok(), 0.1)
        }),
        ("Agresti–Coull", "share 0.1", |r, n, _| {
            holds(agresti_coull(hits(r, n), n as u64, 0.95).ok(), 0.1)
        }),
        ("Garwood", "0.5 events in each of n", |r, n, _| {
            holds(garwood(r.poisson(0.5 * n as f64).unwrap_or(0), n as f64, 0.95).ok(), 0.5)
        }),
        ("order statistics, median", "log-normal", |r, n, _| {
            let x = noise(r, n, 0.0, 1);
            quantile_interval(&x, 0.5, 0.95)
                .is_ok_and(|i| i.low.is_none_or(|l| l <= 1.0) && i.high.is_none_or(|h| 1.0 <= h))
        }),
        ("bootstrap percentile, mean", "log-normal", |r, n, seed| {
            booted(r, n, seed, BootstrapMethod::Percentile, false)
        }),
        ("bootstrap BCa, mean", "log-normal", |r, n, seed| booted(r, n, seed, BootstrapMethod::Bca, false)),
        ("bootstrap BCa, median", "log-normal", |r, n, seed| booted(r, n, seed, BootstrapMethod::Bca, true)),
        ("Hodges–Lehmann", "n + n normal", |r, n, _| {
            let (x, y) = (noise(r, n, 0.0, 0), noise(r, n, 0.0, 0));
            hodges_lehmann(&x, &y, 0.95).is_ok_and(|o| holds(o.defined().map(|f| f.interval), 0.0))
        }),
        ("Kaplan–Meier, median", "exponential, 30 % open", |r, n, _| median_of_durations(r, n)),
        ("ETS damped, next value", "AR(1) 0.3", |r, n, _| {
            let x = noise(r, n + 1, 0.3, 0);
            let fit = ets_fit(&x[..n], EtsFitOptions::new(EtsShape::DampedTrend));
            fit.and_then(|f| f.forecast(1, 0.95))
                .is_ok_and(|f| f.steps[0].low <= x[n] && x[n] <= f.steps[0].high)
        }),
    ];
    for (name, truth, check) in checks {
        let mut cells = vec![name.to_string(), truth.to_string()];
        for n in LENGTHS {
            if name.starts_with("ETS") && n < 6 {
                cells.push("refused".into());
                continue;
            }
            let mut rng = Rng::for_stream(n as u64, name.len() as u64);
            let fewer = if name.starts_with("boot") { rounds / 4 + 1 } else { rounds };
            cells.push(percent(share(fewer, |seed| check(&mut rng, n, seed))));
        }
        row(&cells);
    }
}

fn median_of_durations(rng: &mut Rng, n: usize) -> bool {
    let (mut time, mut event) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let (t, c) = (rng.exponential(1.0).unwrap_or(0.0), rng.exponential(3.0 / 7.0).unwrap_or(0.0));
        time.push(if t < c { t } else { c });
        event.push(t <= c);
    }
    kaplan_meier(&time, &event, 0.95).is_ok_and(|f| {
        let truth = std::f64::consts::LN_2;
        f.median_low_strict.is_none_or(|l| l <= truth) && f.median_high_strict.is_none_or(|h| truth <= h)
    })
}

fn hits(rng: &mut Rng, n: usize) -> u64 {
    (0..n).filter(|_| rng.next_f64() < 0.1).count() as u64
}

fn booted(rng: &mut Rng, n: usize, seed: u64, method: BootstrapMethod, of_median: bool) -> bool {
    let x = noise(rng, n, 0.0, 1);
    let options = BootstrapOptions::new(seed).with_resamples(399).with_method(method);
    let average = |s: &[f64]| s.iter().sum::<f64>() / s.len() as f64;
    let (found, truth) = if of_median {
        (bootstrap(&x, |s| median(s).unwrap_or(0.0), &options), 1.0)
    } else {
        (bootstrap(&x, average, &options), 0.5_f64.exp())
    };
    found.is_ok_and(|f| f.low <= truth && truth <= f.high)
}

/// The change-point methods side by side: does each report any change?
fn reports(x: &[f64], seed: u64) -> [bool; 7] {
    let options = SegmentOptions::new();
    let otava =
        |p: f64| otava_change_points(x, &OtavaOptions::new().with_max_p(p)).is_ok_and(|f| !f.is_empty());
    [
        pelt_l2(x, &options).is_ok_and(|f| !f.changes.is_empty()),
        pelt_rank(x, &options).is_ok_and(|f| !f.changes.is_empty()),
        pettitt(x).is_ok_and(|f| f.p.defined().is_some_and(|p| p < 0.05)),
        otava(0.001),
        otava(0.05),
        e_divisive(x, &EDivisiveOptions::new(seed).with_permutations(99))
            .is_ok_and(|f| !f.changes.is_empty()),
        significant_changes(x, &SignificanceOptions::new()).is_ok_and(|f| !f.changes.is_empty()),
    ]
}

fn change_table(rounds: usize, step: f64, cases: &[(f64, usize)]) {
    println!(
        "| noise | φ | n | PELT L2, penalty alone | PELT ranks, penalty alone | Pettitt | Otava 0.001 | Otava 0.05 | E-divisive | significant_changes |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for &(phi, kind) in cases {
        for n in &LENGTHS[1..] {
            let mut rng = Rng::for_stream(*n as u64, 31 + kind as u64 * 100 + (phi * 10.0) as u64);
            let mut counts = [0_usize; 7];
            for round in 0..rounds {
                let mut x = noise(&mut rng, *n, phi, kind);
                x[n / 2..].iter_mut().for_each(|v| *v += step);
                for (count, found) in counts.iter_mut().zip(reports(&x, round as u64)) {
                    *count += usize::from(found);
                }
            }
            let mut cells = vec![KINDS[kind].to_string(), phi.to_string(), n.to_string()];
            cells.extend(counts.iter().map(|&c| percent(c as f64 / rounds as f64)));
            row(&cells);
        }
    }
}

fn main() {
    let rounds = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(2000);
    println!("### False trends: share of trendless series called a trend at 5 %\n");
    trend_table(rounds, 0.0, 3);
    println!(
        "\n### Power: share called a trend when the level rises by 2 standard deviations from first to last\n"
    );
    trend_table(rounds, 2.0, 1);
    println!("\n### Coverage of the 95 % interval of the slope, normal noise\n");
    slope_coverage(rounds);
    println!("\n### Coverage of other 95 % intervals\n");
    interval_coverage(rounds);
    println!("\n### False changes: share of series without change in which one is reported\n");
    let all = [(0.0, 0), (0.3, 0), (0.6, 0), (0.0, 1), (0.6, 1), (0.0, 2), (0.3, 2)];
    change_table(rounds / 2, 0.0, &all);
    println!(
        "\n### Power: share in which a change is reported when the level rises by 3 standard deviations half way\n"
    );
    change_table(rounds / 4, 3.0, &[(0.0, 0), (0.3, 0), (0.6, 0)]);
}
