//! How often the verdict on an improvement is wrong, and how often it sees one: the tables of
//! `docs/improvement.md`. Seeded: `cargo run --release -p devops-metrics --example simulate_improvement`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::disallowed_macros,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program that prints tables"
)]

use devops_core::{Comparison, Criterion, MetricId, Timestamp, Unit};
use devops_metrics::calendar::Window;
use devops_metrics::improvement::{
    Baseline, Control, Observation, Proposal, Sample, Verdict, VerdictPolicy, judge,
};
use devops_stats::rng::Rng;

const RUNS: u32 = 4_000;
const WEEK: i64 = 604_800_000;

/// What teams measure.
#[derive(Clone, Copy)]
enum Noise {
    /// Minutes to recover, log-normal around an hour.
    Recovery,
    /// The same, of which the longest fifth is cut off: still open.
    OpenRecovery,
    /// Failed deployments of so many, 15 %.
    Failures,
    /// Deployments a week, Poisson around 4.
    Deployments,
    /// The same, with a mean that itself varies from week to week.
    Bursts,
}

impl Noise {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Recovery, "durations, log-normal"),
        (Self::OpenRecovery, "durations, a fifth open"),
        (Self::Failures, "shares of 15 %"),
        (Self::Deployments, "counts of 4 a week"),
        (Self::Bursts, "counts in bursts"),
    ];

    /// Which way is better, and by how much an improvement multiplies: half the time, half the failures, twice
    /// the deployments.
    fn better(self) -> (Comparison, f64) {
        match self {
            Self::Recovery | Self::OpenRecovery | Self::Failures => (Comparison::AtMost, 0.5),
            Self::Deployments | Self::Bursts => (Comparison::AtLeast, 2.0),
        }
    }

    fn draw(self, n: u32, factor: f64, rng: &mut Rng) -> Sample {
        let minutes = |rng: &mut Rng| 60.0 * factor * libm::exp(rng.normal());
        match self {
            Self::Recovery => Sample::durations((0..n).map(|_| minutes(rng)), []).unwrap(),
            Self::OpenRecovery => {
                let cut = 60.0 * factor * libm::exp(0.84);
                let all: Vec<f64> = (0..n).map(|_| minutes(rng)).collect();
                let ended = all.iter().copied().filter(|m| *m <= cut);
                Sample::durations(ended, all.iter().filter(|m| **m > cut).map(|_| cut)).unwrap()
            }
            Self::Failures => {
                let part = (0..n).filter(|_| rng.next_f64() < 0.15 * factor).count();
                Sample::share(part as u64, n.into()).unwrap()
            }
            Self::Deployments => counts(n, rng, |_| 4.0 * factor),
            Self::Bursts => counts(n, rng, |rng| 4.0 * factor * rng.exponential(1.0).unwrap()),
        }
    }
}

fn counts(weeks: u32, rng: &mut Rng, mean: impl Fn(&mut Rng) -> f64) -> Sample {
    let week = |rng: &mut Rng| {
        let mean = mean(rng);
        (rng.poisson(mean).unwrap(), 1.0)
    };
    let weeks: Vec<(u64, f64)> = (0..weeks).map(|_| week(rng)).collect();
    Sample::counts(weeks).unwrap()
}

fn metric(index: usize) -> MetricId {
    MetricId::new(&format!("m{index}")).unwrap()
}

fn window(from: i64, to: i64) -> Window {
    let at = |weeks: i64| Timestamp::from_millis(weeks * WEEK).unwrap();
    Window::new(at(from), at(to)).unwrap()
}

fn observed(index: usize, weeks: (i64, i64), sample: Sample) -> Observation {
    Observation::new(metric(index), Unit::None, window(weeks.0, weeks.1), sample)
}

fn proposal(metrics: usize, better: Comparison) -> Proposal {
    let json = r#"{"format":1,"id":"p","metric":"m0","title":"t","description":"d","kind":"process",
        "pain_points":[],"solution":"s","actions":[],"benefits":[],"effort":"low","impact":"low",
        "proposer":"me","stakeholders":[],"success":[],"guardrails":[],
        "trigger_window":{"from":"1970-01-01T00:00:00Z","to":"1970-04-02T00:00:00Z"}}"#;
    let start: Proposal = serde_json::from_str(json).unwrap();
    (0..metrics).fold(start, |proposal, index| {
        let goal = Criterion::new(metric(index), better, "1".parse().unwrap(), Unit::None);
        proposal.with_success(goal)
    })
}

/// A verdict on so many metrics with a fresh baseline.
fn verdict(noise: Noise, n: u32, metrics: usize, factor: f64, rng: &mut Rng) -> Verdict {
    let proposal = proposal(metrics, noise.better().0);
    let sides = |weeks, factor: f64, rng: &mut Rng| -> Vec<Observation> {
        (0..metrics).map(|m| observed(m, weeks, noise.draw(n, factor, rng))).collect()
    };
    let baseline = Baseline { observations: sides((13, 26), 1.0, rng) };
    let after = sides((30, 43), factor, rng);
    judge(&proposal, &baseline, &after, &[], &VerdictPolicy::default()).unwrap().verdict
}

fn percent(runs: u32, mut hit: impl FnMut(u32) -> bool) -> f64 {
    100.0 * f64::from((0..runs).filter(|run| hit(*run)).count() as u32) / f64::from(runs)
}

fn rate(noise: Noise, n: u32, metrics: usize, factor: f64) -> f64 {
    percent(RUNS, |run| {
        let mut rng = Rng::for_stream(7, run.into());
        verdict(noise, n, metrics, factor, &mut rng) == Verdict::Improved
    })
}

/// Of identical teams the worst is chosen; then nothing is changed.
struct Chosen {
    trigger: Sample,
    fresh: Sample,
    after: Sample,
    /// The trigger, and what was observed after, of the next worst and of any other team.
    alike: (Sample, Sample),
    other: (Sample, Sample),
}

fn choose(noise: Noise, n: u32, rng: &mut Rng) -> Chosen {
    let bad = |s: &Sample| {
        let value = s.estimate().unwrap_or(f64::INFINITY);
        if noise.better().0 == Comparison::AtMost { -value } else { value }
    };
    let mut teams: Vec<Sample> = (0..50).map(|_| noise.draw(n, 1.0, rng)).collect();
    teams.sort_by(|a, b| bad(a).total_cmp(&bad(b)));
    let draw = |rng: &mut Rng| noise.draw(n, 1.0, rng);
    Chosen {
        trigger: teams[0].clone(),
        fresh: draw(rng),
        after: draw(rng),
        alike: (teams[1].clone(), draw(rng)),
        other: (teams[25].clone(), draw(rng)),
    }
}

fn regression(noise: Noise, n: u32) -> [f64; 5] {
    let (better, _) = noise.better();
    let aware = proposal(1, better);
    let mut naive = aware.clone();
    naive.trigger_window = None;
    let policy = VerdictPolicy::default();
    let improved =
        |proposal: &Proposal, before: (i64, i64), sample: &Sample, after: &Sample, controls: &[Control]| {
            let baseline = Baseline { observations: vec![observed(0, before, sample.clone())] };
            let after = [observed(0, (30, 43), after.clone())];
            judge(proposal, &baseline, &after, controls, &policy).unwrap().verdict == Verdict::Improved
        };
    let control = |(before, after): &(Sample, Sample), alike| {
        let of = |weeks, sample: &Sample| vec![observed(0, weeks, sample.clone())];
        [Control::new("c", of((0, 13), before), of((30, 43), after)).with_chosen_alike(alike)]
    };
    let with = |run: u32, hit: &dyn Fn(&Chosen) -> bool| {
        hit(&choose(noise, n, &mut Rng::for_stream(11, run.into())))
    };
    let runs = RUNS / 2;
    [
        percent(runs, |r| with(r, &|c| improved(&naive, (0, 13), &c.trigger, &c.after, &[]))),
        percent(runs, |r| {
            with(r, &|c| improved(&naive, (0, 13), &c.trigger, &c.after, &control(&c.other, false)))
        }),
        percent(runs, |r| with(r, &|c| improved(&aware, (0, 13), &c.trigger, &c.after, &[]))),
        percent(runs, |r| with(r, &|c| improved(&aware, (13, 26), &c.fresh, &c.after, &[]))),
        percent(runs, |r| {
            with(r, &|c| improved(&aware, (0, 13), &c.trigger, &c.after, &control(&c.alike, true)))
        }),
    ]
}

fn main() {
    println!(
        "False \"improved\" in percent, nothing changed; the level is 5 % two-sided, so 2.5 % this way\n"
    );
    println!("| observations | n | 1 metric | 3 metrics |\n| --- | ---: | ---: | ---: |");
    for (noise, name) in Noise::ALL {
        for n in [8, 13, 26, 100] {
            println!("| {name} | {n} | {:.1} | {:.1} |", rate(noise, n, 1, 1.0), rate(noise, n, 3, 1.0));
        }
    }
    println!("\nThe worst of 50 identical teams, nothing changed: \"improved\" in percent\n");
    println!("| observations | n | naive | naive, any control | stale | fresh | control chosen alike |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (noise, name) in Noise::ALL {
        for n in [13, 26] {
            let [a, b, c, d, e] = regression(noise, n);
            println!("| {name} | {n} | {a:.1} | {b:.1} | {c:.1} | {d:.1} | {e:.1} |");
        }
    }
    println!("\nPower in percent: half the time, half the failures, twice the deployments\n");
    println!(
        "| observations | n = 8 | 13 | 26 | 52 | 100 | 200 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for (noise, name) in Noise::ALL {
        let cells = [8, 13, 26, 52, 100, 200].map(|n| format!("{:.0}", rate(noise, n, 1, noise.better().1)));
        println!("| {name} | {} |", cells.join(" | "));
    }
}
