//! Canaries under a watch of planned looks: the level holds over all of them, and each look spends a share of it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::unwrap_used,
    reason = "tests may panic"
)]

mod watched;

use devops_core::{Measures, MetricId, Unit};
use devops_gates::Status;
use devops_gates::judge::{
    CanaryMetric, CanaryTest, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec, Spending, TestGround,
    Tolerance, WatchError, WatchPlan, sampled,
};
use devops_stats::rng::Rng;
use watched::{draw, errors, latency, side, up};

const BOTH: [Spending; 2] = [Spending::ObrienFleming, Spending::Pocock];

fn spec(looks: u64, spending: Spending) -> JudgePolicySpec {
    JudgePolicySpec::new("p").with_watch(WatchPlan::Planned { looks, spending })
}

fn policy(looks: u64, spending: Spending, metric: CanaryMetric) -> JudgePolicy {
    JudgePolicy::build(spec(looks, spending).with_metric(metric)).unwrap()
}

fn rate() -> CanaryMetric {
    CanaryMetric::new("errors", Direction::Increase).with_tests([CanaryTest::Rate])
}

/// Looks of `n` a side until failed or the plan is over.
fn run(policy: &JudgePolicy, rng: &mut Rng, n: usize, looks: u64, factor: f64, scale: f64) -> (Status, u64) {
    let mut watch = CanaryWatch::new(policy).unwrap();
    for look in 1..=looks {
        let mut values = |factor: f64| draw(rng, n, factor).iter().map(|v| v * scale).collect::<Vec<_>>();
        let (control, experiment) = (side([latency(&values(1.0))]), side([latency(&values(factor))]));
        if watch.look(&control, &experiment, policy).unwrap().status == Status::Failed {
            return (Status::Failed, look);
        }
    }
    (watch.finish(policy).unwrap().status, looks)
}

#[test]
fn no_difference_passes_at_the_end_and_seldom_fails() {
    for spending in BOTH {
        // As many as 1 in 20 on average, and two standard deviations more.
        for (looks, rounds, most) in [(1, 200, 16), (5, 80, 7), (12, 20, 3)] {
            let policy = policy(looks, spending, up());
            let failed = (0..rounds).filter(|&round| {
                let (status, at) = run(&policy, &mut Rng::for_stream(looks, round), 8, looks, 1.0, 1.0);
                assert!(status == Status::Failed || (status, at) == (Status::Passed, looks));
                status == Status::Failed
            });
            let failed = failed.count();
            assert!(failed <= most, "{spending:?} {looks}: {failed}");
        }
    }
}

#[test]
fn a_few_planned_looks_show_what_as_many_unplanned_ones_do_not() {
    let planned = policy(5, Spending::ObrienFleming, up());
    let open = JudgePolicy::build(JudgePolicySpec::new("p").with_metric(up())).unwrap();
    let failed = |policy: &JudgePolicy| {
        (0..60)
            .filter(|&round| {
                run(policy, &mut Rng::for_stream(7, round), 10, 5, 1.12, 1.0).0 == Status::Failed
            })
            .count()
    };
    let (with, without) = (failed(&planned), failed(&open));
    assert!(with > 42 && without < 32, "{with} {without}");
}

#[test]
fn the_unit_does_not_matter_and_the_course_is_written_out_in_between() {
    let policy = policy(6, Spending::Pocock, up());
    let stops = |scale| -> Vec<(Status, u64)> {
        (0..12).map(|round| run(&policy, &mut Rng::for_stream(2, round), 6, 6, 1.3, scale)).collect()
    };
    let plain = stops(1.0);
    assert!(plain.iter().any(|(status, at)| *status == Status::Failed && *at < 6), "{plain:?}");
    for scale in [1e-9, 0.1, 1e9] {
        assert_eq!(stops(scale), plain);
    }
    let mut rng = Rng::new(5);
    let mut kept = CanaryWatch::new(&policy).unwrap();
    let mut written = kept.clone();
    for _ in 0..6 {
        let (control, experiment) =
            (side([latency(&draw(&mut rng, 6, 1.0))]), side([latency(&draw(&mut rng, 6, 1.1))]));
        let found = kept.look(&control, &experiment, &policy).unwrap();
        assert_eq!(written.look(&control, &experiment, &policy).unwrap(), found);
        written = serde_json::from_str(&serde_json::to_string(&written).unwrap()).unwrap();
        assert_eq!(written, kept);
    }
}

/// All values of every look differ, as much as they can: the first look of an O'Brien–Fleming plan shows nothing, that
/// of a Pocock plan does.
#[test]
fn early_looks_spend_little_or_evenly() {
    let first = |spending| {
        let policy = policy(10, spending, up());
        let mut watch = CanaryWatch::new(&policy).unwrap();
        let (low, high) =
            (side([latency(&[1.0, 2.0, 3.0, 4.0, 5.0])]), side([latency(&[11.0, 12.0, 13.0, 14.0, 15.0])]));
        let looks: Vec<Status> = (0..4).map(|_| watch.look(&low, &high, &policy).unwrap().status).collect();
        looks.iter().position(|status| *status == Status::Failed)
    };
    assert_eq!(first(Spending::Pocock), Some(0));
    assert_eq!(first(Spending::ObrienFleming), Some(2));
}

#[test]
fn a_look_more_than_planned_is_refused_and_nothing_is_taken() {
    let policy = policy(2, Spending::Pocock, up());
    let mut watch = CanaryWatch::new(&policy).unwrap();
    let (control, experiment) = (side([latency(&[1.0; 6])]), side([latency(&[2.0; 6])]));
    watch.look(&control, &control, &policy).unwrap();
    watch.look(&control, &control, &policy).unwrap();
    let before = watch.clone();
    let error = watch.look(&control, &experiment, &policy).unwrap_err();
    assert_eq!(error, WatchError::PlanOver { planned: 2 });
    assert_eq!(
        error.to_string(),
        "all 2 planned looks were taken: expected no more, or a watch that is `always_valid`"
    );
    assert_eq!(watch, before);
    assert_eq!(watch.finish(&policy).unwrap().status, Status::Passed);
}

#[test]
fn a_watch_that_ends_early_leaves_the_rest_unspent() {
    let plan = policy(20, Spending::ObrienFleming, up());
    let mut watch = CanaryWatch::new(&plan).unwrap();
    let (low, high) =
        (side([latency(&[1.0, 2.0, 3.0, 4.0, 5.0])]), side([latency(&[11.0, 12.0, 13.0, 14.0, 15.0])]));
    // As different as can be, but a twentieth of the course may spend nothing: nothing is shown, nothing passes.
    watch.look(&low, &high, &plan).unwrap();
    let found = watch.finish(&plan).unwrap();
    assert_eq!(found.status, Status::Inconclusive);
    assert_eq!(found.metrics[0].tests[0].ground, TestGround::CannotShow);
}

#[test]
fn what_was_shown_once_stays() {
    let policy = policy(6, Spending::Pocock, up());
    let mut watch = CanaryWatch::new(&policy).unwrap();
    let values = |from: f64| -> Vec<f64> { (0..12).map(|i| from + f64::from(i)).collect() };
    let (control, worse) = (side([latency(&values(0.0))]), side([latency(&values(50.0))]));
    assert_eq!(watch.look(&control, &worse, &policy).unwrap().status, Status::Failed);
    for _ in 0..5 {
        assert_eq!(watch.look(&worse, &control, &policy).unwrap().status, Status::Failed);
    }
}

/// Looks without values spend nothing: the next one has their share too.
#[test]
fn uneven_looks_are_held_to_the_information_that_they_bring() {
    let policy = policy(4, Spending::Pocock, up());
    let mut rng = Rng::new(9);
    let mut failed = 0;
    for _ in 0..60 {
        let mut watch = CanaryWatch::new(&policy).unwrap();
        for n in [5, 0, 60, 11] {
            let (control, experiment) = if n == 0 {
                (Measures::new(), Measures::new())
            } else {
                (side([latency(&draw(&mut rng, n, 1.0))]), side([latency(&draw(&mut rng, 2 * n, 1.0))]))
            };
            watch.look(&control, &experiment, &policy).unwrap();
        }
        failed += usize::from(watch.finish(&policy).unwrap().status == Status::Failed);
    }
    assert!(failed <= 6, "{failed}");
}

#[test]
fn a_tolerated_change_is_a_warning_and_spread_and_rates_are_watched() {
    let tolerant =
        policy(8, Spending::ObrienFleming, up().with_tolerance(Tolerance::Relative { share: 0.5 }));
    assert_eq!(run(&tolerant, &mut Rng::new(3), 20, 8, 1.25, 1.0).0, Status::Warning);
    assert_eq!(run(&tolerant, &mut Rng::new(3), 20, 8, 2.0, 1.0).0, Status::Failed);
    let wide = policy(8, Spending::ObrienFleming, up().with_tests([CanaryTest::Spread]));
    let mut watch = CanaryWatch::new(&wide).unwrap();
    let mut rng = Rng::new(4);
    for _ in 0..8 {
        let (control, experiment) = (draw(&mut rng, 12, 1.0), draw(&mut rng, 12, 1.0));
        let experiment: Vec<f64> = experiment.iter().map(|v| 100.0 + 4.0 * (v - 100.0)).collect();
        watch.look(&side([latency(&control)]), &side([latency(&experiment)]), &wide).unwrap();
    }
    assert_eq!(watch.finish(&wide).unwrap().status, Status::Failed);
    let rates = |worse: u64| {
        let policy = policy(4, Spending::ObrienFleming, rate());
        let mut watch = CanaryWatch::new(&policy).unwrap();
        for _ in 0..4 {
            watch.look(&side([errors(5, 500)]), &side([errors(worse, 100)]), &policy).unwrap();
        }
        watch.finish(&policy).unwrap().status
    };
    assert_eq!((rates(1), rates(5)), (Status::Passed, Status::Failed));
}

/// Ten metrics: the one that is worse is held to a tenth of the level, and found.
#[test]
fn metrics_share_the_level() {
    let mut spec = spec(5, Spending::ObrienFleming);
    let names: Vec<String> = (0..10).map(|i| format!("m{i}")).collect();
    for name in &names {
        spec = spec.with_metric(CanaryMetric::new(name, Direction::Either));
    }
    let policy = JudgePolicy::build(spec).unwrap();
    let mut failed = 0;
    for round in 0..12 {
        let mut rng = Rng::for_stream(11, round);
        let mut watch = CanaryWatch::new(&policy).unwrap();
        for _ in 0..5 {
            let mut all = |factor: f64| {
                let one = |(i, name): (usize, &String)| {
                    let values = draw(&mut rng, 10, if i == 3 { factor } else { 1.0 });
                    sampled(MetricId::new(name).unwrap(), Unit::Milliseconds, &values).unwrap()
                };
                side(names.iter().enumerate().map(one))
            };
            watch.look(&all(1.0), &all(if round < 6 { 1.4 } else { 1.0 }), &policy).unwrap();
        }
        let found = watch.finish(&policy).unwrap();
        if round < 6 {
            assert_eq!(found.metric("m3").unwrap().status, Status::Failed, "{found}");
        } else {
            failed += usize::from(found.status == Status::Failed);
        }
    }
    assert!(failed <= 2, "{failed}");
}

#[test]
fn a_watch_of_another_plan_does_not_fit() {
    let (five, six) = (policy(5, Spending::Pocock, up()), policy(6, Spending::Pocock, up()));
    let mut watch = CanaryWatch::new(&five).unwrap();
    let nothing = Measures::new();
    assert!(matches!(watch.look(&nothing, &nothing, &six), Err(WatchError::OtherPolicy { .. })));
    let open = JudgePolicy::build(JudgePolicySpec::new("p").with_metric(up())).unwrap();
    assert!(matches!(watch.finish(&open), Err(WatchError::OtherPolicy { .. })));
    assert_eq!(watch.looks, 0);
}

#[test]
fn plans_that_are_refused() {
    for looks in [0, 101, u64::MAX] {
        let error =
            JudgePolicy::build(spec(looks, Spending::Pocock).with_metric(up())).unwrap_err().to_string();
        assert!(error.contains(&format!("watch.looks: `{looks}` is outside 1 to 100")), "{error}");
    }
    for (watch, error) in [
        (r#"{"kind": "planned"}"#, "missing field `looks`"),
        (r#"{"kind": "planned", "looks": 5, "spending": "haybittle"}"#, "unknown variant `haybittle`"),
        (r#"{"kind": "planned", "looks": -1}"#, "invalid value: integer `-1`"),
        (r#"{"kind": "planned", "looks": 2.5}"#, "invalid type: floating point"),
        (r#"{"kind": "planned", "looks": 5, "alpha": 0.1}"#, "unknown field `alpha`"),
        (r#"{"kind": "always_valid", "looks": 5}"#, "unknown field `looks`"),
        (r#""planned""#, "invalid type: string"),
    ] {
        let text = format!(r#"{{"format": 1, "name": "p", "watch": {watch}, "metrics": []}}"#);
        let told = serde_json::from_str::<JudgePolicySpec>(&text).unwrap_err().to_string();
        assert!(told.contains(error), "{watch}: {told}");
    }
}
