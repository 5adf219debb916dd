//! Prints the simulation tables of docs/canary.md.
//!
//! `cargo run --release -p devops-gates --features compat --example canary_rates [rounds [table]]`: 4000 rounds unless
//! given, some minutes; of the tables `alarms`, `rates`, `power`, `watched`, `planned` and `dependent` all unless one
//! is named.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program that prints; its policies are written below"
)]

use devops_core::{Measure, Measures, MetricId, Unit};
use devops_gates::Status;
use devops_gates::compat::kayenta::{Classification, ClassifierOptions, classify};
use devops_gates::judge::{
    CanaryMetric, CanaryTest, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec, Sampling, Spending,
    WatchPlan, judge, sampled,
};
use devops_stats::rng::Rng;

const KINDS: [&str; 4] = ["normal", "log-normal", "counts, mean 4", "errors, mean 0.05"];
const SIZES: [usize; 4] = [5, 10, 30, 100];

/// A sample; `effect` moves it: by so many standard deviations, or to so many times as much.
fn draw(rng: &mut Rng, kind: usize, n: usize, effect: f64) -> Vec<f64> {
    (0..n)
        .map(|_| match kind {
            0 => 10.0 + rng.normal() + effect,
            1 => (0.5 * rng.normal()).exp() * (1.0 + effect),
            2 => rng.poisson(4.0 * (1.0 + effect)).map_or(0.0, |k| k as f64),
            _ => rng.poisson(0.05 * (1.0 + effect)).map_or(0.0, |k| k as f64),
        })
        .collect()
}

fn metric(direction: Direction) -> CanaryMetric {
    CanaryMetric::new("m", direction)
}

fn policy(metrics: impl IntoIterator<Item = CanaryMetric>) -> JudgePolicy {
    let spec = metrics.into_iter().fold(JudgePolicySpec::new("p"), JudgePolicySpec::with_metric);
    JudgePolicy::build(spec).expect("a policy of this program")
}

fn measures(named: &[(&str, Vec<f64>)]) -> Measures {
    let measure = |(name, values): &(&str, Vec<f64>)| {
        sampled(MetricId::new(name).expect("an id"), Unit::None, values).expect("finite values")
    };
    Measures::try_from(named.iter().map(measure).collect::<Vec<_>>()).expect("each once")
}

fn one(values: Vec<f64>) -> Measures {
    measures(&[("m", values)])
}

fn rate(events: u64, total: u64) -> Measures {
    let id = MetricId::new("m").expect("an id");
    Measures::try_from(vec![Measure::fraction(id, events, total, Unit::None)]).expect("one")
}

/// Called worse: failed or in warning.
fn worse(status: Status) -> bool {
    matches!(status, Status::Failed | Status::Warning)
}

/// Percent of the rounds in which `hit` says yes; each round has a stream of random numbers of its own.
fn percent(rounds: u64, stream: u64, mut hit: impl FnMut(&mut Rng) -> bool) -> String {
    let hits = (0..rounds).filter(|r| hit(&mut Rng::for_stream(stream, *r))).count();
    format!("{:.1}", hits as f64 * 100.0 / rounds as f64)
}

/// How far off a rate of 5 % can be by the luck of so many rounds: two standard errors, in points.
fn luck(rounds: u64) -> String {
    format!("±{:.1}", 200.0 * (0.05 * 0.95 / rounds as f64).sqrt())
}

fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

fn head(cells: &[&str]) {
    println!("\n| {} |", cells.join(" | "));
    println!("|{}", " --- |".repeat(cells.len()));
}

fn kayenta(experiment: &[f64], control: &[f64], high_only: bool) -> bool {
    let label = classify(experiment, control, &ClassifierOptions::new()).classification;
    label == Classification::High || (!high_only && label == Classification::Low)
}

fn false_alarms(rounds: u64) {
    println!("\n## False alarms at 5 %, in percent\n");
    println!(
        "{rounds} rounds, by luck {} at 5 %; of the three metrics {}, {}.",
        luck(rounds),
        rounds / 4,
        luck(rounds / 4)
    );
    head(&[
        "values",
        "n a side",
        "shift, increase",
        "shift, either",
        "shift, spread and tail of three metrics",
        "Kayenta, either (nominal 2)",
    ]);
    let tests = [CanaryTest::Shift, CanaryTest::Spread, CanaryTest::tail(0.9)];
    let three =
        policy(["a", "b", "c"].map(|name| CanaryMetric::new(name, Direction::Increase).with_tests(tests)));
    let (up, either) = (policy([metric(Direction::Increase)]), policy([metric(Direction::Either)]));
    for (kind, name) in KINDS.iter().enumerate() {
        for n in SIZES {
            let stream = (kind * 1000 + n) as u64;
            let pair = |rng: &mut Rng| (draw(rng, kind, n, 0.0), draw(rng, kind, n, 0.0));
            let by = |policy: &JudgePolicy, rng: &mut Rng| {
                let (control, experiment) = pair(rng);
                worse(judge(&one(control), &one(experiment), policy).status)
            };
            let all = |rng: &mut Rng| {
                let mut side = || measures(&["a", "b", "c"].map(|name| (name, draw(rng, kind, n, 0.0))));
                let (control, experiment) = (side(), side());
                let found = judge(&control, &experiment, &three);
                found.metrics.iter().flat_map(|m| &m.tests).any(|t| worse(t.status))
            };
            row(&[
                (*name).into(),
                n.to_string(),
                percent(rounds, stream, |rng| by(&up, rng)),
                percent(rounds, stream, |rng| by(&either, rng)),
                percent(rounds / 4, stream, all),
                percent(rounds, stream, |rng| {
                    let (control, experiment) = pair(rng);
                    kayenta(&experiment, &control, false)
                }),
            ]);
        }
    }
}

fn rates(rounds: u64) {
    println!("\n## False alarms of rates at 5 %, and power against twice the rate, in percent\n");
    println!("{} rounds, by luck {} at 5 %.", rounds / 2, luck(rounds / 2));
    head(&["requests (experiment, control)", "error rate", "false alarms", "power"]);
    let by = policy([metric(Direction::Increase).with_tests([CanaryTest::Rate])]);
    for (n, m, p) in
        [(100, 100, 0.05), (500, 500, 0.01), (500, 9500, 0.01), (5000, 5000, 0.001), (5000, 5000, 0.02)]
    {
        let hit = |rng: &mut Rng, factor: f64| {
            let mut events = |n: u64, p: f64| (0..n).filter(|_| rng.next_f64() < p).count() as u64;
            let (y, x) = (events(m, p), events(n, p * factor));
            worse(judge(&rate(y, m), &rate(x, n), &by).status)
        };
        let stream = n * 7 + m;
        row(&[
            format!("{n}, {m}"),
            format!("{} %", p * 100.0),
            percent(rounds / 2, stream, |rng| hit(rng, 1.0)),
            percent(rounds / 2, stream, |rng| hit(rng, 2.0)),
        ]);
    }
}

fn power(rounds: u64) {
    println!("\n## Power against an increase, in percent, beside Kayenta's on the same data\n");
    println!("{} rounds; Kayenta's nominal level is 2 %.", rounds / 2);
    head(&[
        "values",
        "effect",
        "n a side",
        "judge at 5 %",
        "judge at 2 %",
        "Kayenta",
        "judge at 2 %, unit × 10⁶",
        "Kayenta, unit × 10⁶",
    ]);
    let up = |alpha: f64| {
        let spec = JudgePolicySpec::new("p").with_alpha(alpha).with_metric(metric(Direction::Increase));
        JudgePolicy::build(spec).expect("a policy of this program")
    };
    let (five, two) = (up(0.05), up(0.02));
    let effects = [(0, 1.0, "+1 sd"), (1, 0.5, "× 1.5"), (1, 1.0, "× 2"), (2, 0.5, "× 1.5"), (3, 3.0, "× 4")];
    for (kind, effect, name) in effects {
        for n in SIZES {
            let stream = (kind * 1000 + n + 77) as u64;
            let hit = |rng: &mut Rng, scale: f64, native: Option<&JudgePolicy>| {
                let control: Vec<f64> = draw(rng, kind, n, 0.0).iter().map(|v| v * scale).collect();
                let experiment: Vec<f64> = draw(rng, kind, n, effect).iter().map(|v| v * scale).collect();
                match native {
                    Some(policy) => judge(&one(control), &one(experiment), policy).status == Status::Failed,
                    None => kayenta(&experiment, &control, true),
                }
            };
            let cell = |scale, native| percent(rounds / 2, stream, |rng| hit(rng, scale, native));
            row(&[
                KINDS[kind].into(),
                name.into(),
                n.to_string(),
                cell(1.0, Some(&five)),
                cell(1.0, Some(&two)),
                cell(1.0, None),
                cell(1e-6, Some(&two)),
                cell(1e-6, None),
            ]);
        }
    }
}

fn watched(rounds: u64) {
    println!("\n## Under watch: 10 values a side at each look\n");
    println!(
        "{} rounds, by luck {} at 5 %; at 100 looks {}, {}; of judging anew at most 400.",
        rounds / 2,
        luck(rounds / 2),
        (rounds / 2).min(600),
        luck((rounds / 2).min(600))
    );
    head(&[
        "values",
        "looks",
        "false alarms, %",
        "false alarms of judging all values anew at each look, %",
        "power, %",
        "mean looks until failed",
        "power of one judgement at the end, %",
    ]);
    let up = policy([metric(Direction::Increase)]);
    for kind in 0..KINDS.len() {
        for looks in [1, 5, 20, 100] {
            let stream = (kind * 1000 + looks + 555) as u64;
            let effect = [0.5, 0.3, 0.3, 3.0][kind];
            let mut sum = 0;
            let mut failed = 0_usize;
            let mut run = |rng: &mut Rng, effect: f64, count: bool| {
                let mut watch = CanaryWatch::new(&up).expect("it can be watched");
                for look in 1..=looks {
                    let (control, experiment) = (draw(rng, kind, 10, 0.0), draw(rng, kind, 10, effect));
                    let found = watch.look(&one(control), &one(experiment), &up).expect("its policy");
                    if worse(found.status) {
                        sum += if count { look } else { 0 };
                        failed += usize::from(count);
                        return true;
                    }
                }
                false
            };
            let budget = (rounds / 2).min(if looks == 100 { 600 } else { rounds });
            let alarms = percent(budget, stream, |rng| run(rng, 0.0, false));
            let hits = percent(budget, stream, |rng| run(rng, effect, true));
            let anew = |rng: &mut Rng, effect: f64, first: usize| {
                let (mut control, mut experiment) = (Vec::new(), Vec::new());
                (1..=looks).any(|look| {
                    control.extend(draw(rng, kind, 10, 0.0));
                    experiment.extend(draw(rng, kind, 10, effect));
                    look >= first && worse(judge(&one(control.clone()), &one(experiment.clone()), &up).status)
                })
            };
            let naive = percent(budget.min(400), stream, |rng| anew(rng, 0.0, 1));
            let single = percent(budget.min(1000), stream, |rng| anew(rng, effect, looks));
            let mean = if failed == 0 { "-".into() } else { format!("{:.1}", sum as f64 / failed as f64) };
            row(&[KINDS[kind].into(), looks.to_string(), alarms, naive, hits, mean, single]);
        }
    }
}

/// What a watch gives: whether it called the canary worse, and at which look.
fn stopped(
    policy: &JudgePolicy,
    looks: usize,
    mut next: impl FnMut() -> (Measures, Measures),
) -> Option<usize> {
    let mut watch = CanaryWatch::new(policy).expect("it can be watched");
    (1..=looks).find(|_| {
        let (control, experiment) = next();
        worse(watch.look(&control, &experiment, policy).expect("its policy").status)
    })
}

/// One look's values a side, or of the fifth kind 500 requests a side with 1 % errors.
fn look(rng: &mut Rng, kind: usize, effect: f64) -> (Measures, Measures) {
    if kind < KINDS.len() {
        return (one(draw(rng, kind, 10, 0.0)), one(draw(rng, kind, 10, effect)));
    }
    let mut side = |share: f64| rate((0..500).filter(|_| rng.next_f64() < share).count() as u64, 500);
    (side(0.01), side(0.01 * (1.0 + effect)))
}

/// How often a watch stops, and after how many looks then.
fn hits(rounds: u64, stream: u64, mut stop: impl FnMut(&mut Rng) -> Option<usize>) -> (String, String) {
    let (mut sum, mut failed) = (0, 0);
    let power = percent(rounds, stream, |rng| {
        let found = stop(rng);
        sum += found.unwrap_or(0);
        failed += usize::from(found.is_some());
        found.is_some()
    });
    (power, if failed == 0 { "-".into() } else { format!("{:.1}", sum as f64 / failed as f64) })
}

fn planned(rounds: u64) {
    println!("\n## Under a watch of planned looks: 10 values a side at each look\n");
    let alarms_of = |looks| rounds.min([4000, 2000, 600, 200][looks]);
    let hits_of = |looks| rounds.min([4000, 1000, 300, 40][looks]);
    println!(
        "{}, {}, {} and {} rounds at 1, 5, 20 and 100 looks, by luck {}, {}, {} and {} at 5 %; of power {}, {}, {} and {}.",
        alarms_of(0),
        alarms_of(1),
        alarms_of(2),
        alarms_of(3),
        luck(alarms_of(0)),
        luck(alarms_of(1)),
        luck(alarms_of(2)),
        luck(alarms_of(3)),
        hits_of(0),
        hits_of(1),
        hits_of(2),
        hits_of(3)
    );
    head(&[
        "values",
        "looks",
        "false alarms, O'Brien–Fleming, %",
        "Pocock, %",
        "power, always valid, %",
        "O'Brien–Fleming, %",
        "Pocock, %",
        "mean looks until failed: always valid",
        "O'Brien–Fleming",
        "Pocock",
    ]);
    let names = KINDS.into_iter().chain(["errors, 1 % of 500"]);
    for (kind, name) in names.enumerate() {
        for (at, looks) in [1, 5, 20, 100].into_iter().enumerate() {
            let stream = (kind * 1000 + looks + 777) as u64;
            // So large that five looks show it in most cases.
            let effect = [0.5, 0.3, 0.3, 3.0, 1.0][kind];
            let tests = if kind < KINDS.len() { CanaryTest::Shift } else { CanaryTest::Rate };
            let of = |watch: WatchPlan| {
                let spec = JudgePolicySpec::new("p").with_watch(watch);
                let spec = spec.with_metric(metric(Direction::Increase).with_tests([tests]));
                JudgePolicy::build(spec).expect("a policy of this program")
            };
            let plan = |spending| of(WatchPlan::Planned { looks: looks as u64, spending });
            let plans = [plan(Spending::ObrienFleming), plan(Spending::Pocock)];
            let mut cells = vec![name.to_owned(), looks.to_string()];
            for plan in &plans {
                let alarm = |rng: &mut Rng| stopped(plan, looks, || look(rng, kind, 0.0)).is_some();
                cells.push(percent(alarms_of(at), stream, alarm));
            }
            let open = of(WatchPlan::AlwaysValid);
            let found = [&open, &plans[0], &plans[1]].map(|plan| {
                hits(hits_of(at), stream, |rng| stopped(plan, looks, || look(rng, kind, effect)))
            });
            cells.extend(found.iter().map(|(power, _)| power.clone()));
            cells.extend(found.into_iter().map(|(_, mean)| mean));
            row(&cells);
        }
    }
}

fn dependent(rounds: u64) {
    println!(
        "\n## False alarms at 5 % where neighbours depend on each other (first-order autoregressive), in percent\n"
    );
    println!("{} rounds, by luck {} at 5 %.", rounds / 2, luck(rounds / 2));
    head(&[
        "correlation of neighbours",
        "n a side",
        "as they are",
        "every 4th",
        "every 10th",
        "blocks of 10",
    ]);
    let samplings = [
        Sampling::Independent,
        Sampling::Thin { every: 4 },
        Sampling::Thin { every: 10 },
        Sampling::Block { length: 10 },
    ];
    for phi in [0.3, 0.6] {
        for n in [100_u64, 400] {
            let series = |rng: &mut Rng| -> Vec<f64> {
                let mut state = rng.normal();
                (0..n)
                    .map(|_| {
                        state = phi * state + (1.0_f64 - phi * phi).sqrt() * rng.normal();
                        10.0 + state
                    })
                    .collect()
            };
            let mut cells = vec![phi.to_string(), n.to_string()];
            for sampling in samplings {
                let by = policy([metric(Direction::Increase).with_sampling(sampling)]);
                cells.push(percent(rounds / 2, n, |rng| {
                    let (control, experiment) = (series(rng), series(rng));
                    worse(judge(&one(control), &one(experiment), &by).status)
                }));
            }
            row(&cells);
        }
    }
}

/// Prints a table of so many rounds a cell.
type Table = fn(u64);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(4000);
    let wanted = arguments.next();
    let tables: [(&str, Table); 6] = [
        ("alarms", false_alarms),
        ("rates", rates),
        ("power", power),
        ("watched", watched),
        ("planned", planned),
        ("dependent", dependent),
    ];
    for (_, table) in tables.iter().filter(|(name, _)| wanted.as_ref().is_none_or(|w| w == name)) {
        table(rounds);
    }
}
