//! Canaries under watch: looking often raises no alarms, and nothing passes before the end.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::unwrap_used,
    reason = "tests may panic"
)]

mod watched;

use devops_gates::Status;
use devops_gates::judge::{
    CanaryMetric, CanaryTest, CanaryWatch, Direction, Effect, JudgePolicy, JudgePolicySpec, TestGround,
    Tolerance, WatchError,
};
use devops_stats::rng::Rng;
use watched::{draw, errors, latency, side, up};

fn policy(metric: CanaryMetric) -> JudgePolicy {
    JudgePolicy::build(JudgePolicySpec::new("p").with_metric(metric)).unwrap()
}

/// Looks of five a side, until failed or `looks` are over.
fn run(policy: &JudgePolicy, rng: &mut Rng, looks: usize, factor: f64, scale: f64) -> (Status, usize) {
    let mut watch = CanaryWatch::new(policy).unwrap();
    for look in 1..=looks {
        let mut values = |factor: f64| draw(rng, 5, factor).iter().map(|v| v * scale).collect::<Vec<_>>();
        let (control, experiment) = (side([latency(&values(1.0))]), side([latency(&values(factor))]));
        let found = watch.look(&control, &experiment, policy).unwrap();
        if found.status == Status::Failed {
            return (found.status, look);
        }
    }
    (watch.finish(policy).unwrap().status, looks)
}

#[test]
fn no_difference_passes_at_the_end_and_seldom_fails() {
    let policy = policy(up());
    let failed = (0..200).filter(|&round| {
        let (status, looks) = run(&policy, &mut Rng::for_stream(1, round), 20, 1.0, 1.0);
        assert!(looks == 20 || status == Status::Failed);
        status == Status::Failed
    });
    // 10 are allowed on average.
    assert!(failed.count() <= 18);
}

#[test]
fn a_difference_stops_the_watch_early_in_any_unit() {
    let policy = policy(up());
    let stops = |scale| -> Vec<(Status, usize)> {
        (0..20).map(|round| run(&policy, &mut Rng::for_stream(2, round), 40, 1.4, scale)).collect()
    };
    let plain = stops(1.0);
    assert!(plain.iter().all(|(status, looks)| *status == Status::Failed && *looks < 30), "{plain:?}");
    for scale in [1e-9, 0.1, 1e9] {
        assert_eq!(stops(scale), plain);
    }
}

#[test]
fn a_tolerated_change_is_a_warning() {
    let policy = policy(up().with_tolerance(Tolerance::Relative { share: 0.5 }));
    assert_eq!(run(&policy, &mut Rng::new(3), 60, 1.25, 1.0).0, Status::Warning);
    assert_eq!(run(&policy, &mut Rng::new(3), 60, 2.0, 1.0).0, Status::Failed);
}

#[test]
fn spread_and_rates_are_watched() {
    let wide = policy(up().with_tests([CanaryTest::Spread]));
    let mut watch = CanaryWatch::new(&wide).unwrap();
    let mut rng = Rng::new(4);
    let statuses: Vec<Status> = (0..30)
        .map(|_| {
            let (control, experiment) = (draw(&mut rng, 9, 1.0), draw(&mut rng, 9, 1.0));
            let experiment: Vec<f64> = experiment.iter().map(|v| 100.0 + 4.0 * (v - 100.0)).collect();
            watch.look(&side([latency(&control)]), &side([latency(&experiment)]), &wide).unwrap().status
        })
        .collect();
    assert_eq!(statuses.last(), Some(&Status::Failed));
    let rate = policy(CanaryMetric::new("errors", Direction::Increase).with_tests([CanaryTest::Rate]));
    let mut watch = CanaryWatch::new(&rate).unwrap();
    for _ in 0..3 {
        watch.look(&side([errors(2, 500)]), &side([errors(2, 100)]), &rate).unwrap();
    }
    assert_eq!(watch.finish(&rate).unwrap().status, Status::Passed);
    for _ in 0..3 {
        watch.look(&side([errors(2, 500)]), &side([errors(9, 100)]), &rate).unwrap();
    }
    let found = watch.finish(&rate).unwrap();
    assert_eq!((found.status, found.metrics[0].experiment_size), (Status::Failed, 600));
    assert!(matches!(found.metrics[0].tests[0].effect, Some(Effect::Rate { experiment_events: 33, .. })));
}

#[test]
fn nothing_passes_before_the_end_or_without_evidence() {
    let policy = policy(up());
    let mut watch = CanaryWatch::new(&policy).unwrap();
    let same = side([latency(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])]);
    let found = watch.look(&same, &same, &policy).unwrap();
    assert_eq!(found.status, Status::Inconclusive);
    for _ in 0..5 {
        let found = watch.look(&same, &same, &policy).unwrap();
        assert_eq!(found.status, Status::Inconclusive);
        assert_eq!(found.metrics[0].tests[0].ground, TestGround::StillWatched);
        assert_eq!(
            found.to_string(),
            "canary p inconclusive: latency: larger in 50 % of pairs, not shown to be worse so far (p 1)"
        );
    }
    assert_eq!(watch.finish(&policy).unwrap().status, Status::Passed);
    // The last look lacks the metric: it is missing, whatever was seen before.
    let found = watch.look(&same, &side([]), &policy).unwrap();
    assert!(found.to_string().contains("experiment is missing: no measure"));
    assert_eq!(watch.finish(&policy).unwrap().status, Status::Inconclusive);
    let mut single = CanaryWatch::new(&policy).unwrap();
    for _ in 0..2 {
        single.look(&side([latency(&[1.0])]), &side([latency(&[2.0])]), &policy).unwrap();
    }
    let found = single.finish(&policy).unwrap();
    assert_eq!(found.metrics[0].tests[0].ground, TestGround::TooFewValues { needed: 5 });
}

#[test]
fn the_state_is_carried_by_serde_and_held_to_its_policy() {
    let first = policy(up());
    let mut rng = Rng::new(6);
    let mut straight = CanaryWatch::new(&first).unwrap();
    let mut carried = straight.clone();
    for _ in 0..4 {
        let (control, experiment) =
            (side([latency(&draw(&mut rng, 6, 1.0))]), side([latency(&draw(&mut rng, 6, 1.1))]));
        let text = serde_json::to_string(&carried).unwrap();
        carried = serde_json::from_str(&text).unwrap();
        let a = straight.look(&control, &experiment, &first).unwrap();
        assert_eq!(a, carried.look(&control, &experiment, &first).unwrap());
        let text = serde_json::to_string(&a).unwrap();
        assert_eq!(serde_json::from_str::<devops_gates::judge::Judgement>(&text).unwrap(), a);
    }
    let other = policy(CanaryMetric::new("errors", Direction::Increase));
    assert!(matches!(straight.finish(&other), Err(WatchError::OtherPolicy { .. })));
    straight.format = 2;
    let refused = straight.finish(&first).unwrap_err();
    assert_eq!(refused.to_string(), "format `2` of the watch is not known: expected 1");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let tail = CanaryWatch::new(&policy(up().with_tests([CanaryTest::tail(0.99)]))).unwrap_err();
    assert!(tail.to_string().starts_with("latency.tests: `a tail under watch` does not fit"));
    let rate = CanaryMetric::new("errors", Direction::Increase)
        .with_tests([CanaryTest::Rate])
        .with_tolerance(Tolerance::Absolute { value: 0.01 });
    assert!(CanaryWatch::new(&policy(rate)).is_err());
}
