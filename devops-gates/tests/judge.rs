//! The native canary judge: its verdicts, its laws, its faults.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests may panic"
)]

use devops_core::{Measure, Measures, MetricId, Unit, Value};
use devops_gates::judge::{
    CanaryGroup, CanaryMetric, CanaryTest, Direction, Effect, JudgePolicy, JudgePolicySpec, Judgement,
    Obstacle, Proof, Sampling, Side, TestGround, Tolerance, judge, sampled,
};
use devops_gates::{Combine, Missing, Status};
use devops_stats::rng::Rng;
use proptest::prelude::*;

fn id(name: &str) -> MetricId {
    MetricId::new(name).unwrap()
}

fn values(name: &str, values: &[f64]) -> Measure {
    sampled(id(name), Unit::Milliseconds, values).unwrap()
}

fn rate(name: &str, events: u64, total: u64) -> Measure {
    Measure::fraction(id(name), events, total, Unit::Percent)
}

fn side(measures: impl IntoIterator<Item = Measure>) -> Measures {
    Measures::try_from(measures.into_iter().collect::<Vec<_>>()).unwrap()
}

fn one(metric: CanaryMetric) -> JudgePolicy {
    JudgePolicy::build(JudgePolicySpec::new("p").with_metric(metric)).unwrap()
}

fn latency(direction: Direction) -> CanaryMetric {
    CanaryMetric::new("latency", direction)
}

fn compare(metric: CanaryMetric, control: &[f64], experiment: &[f64]) -> Judgement {
    judge(&side([values("latency", control)]), &side([values("latency", experiment)]), &one(metric))
}

fn noise(seed: u64, n: usize, factor: f64) -> Vec<f64> {
    let mut rng = Rng::new(seed);
    (0..n).map(|_| 100.0 * factor * (0.1 * rng.normal()).exp()).collect()
}

#[test]
fn each_direction_fails_its_own_way() {
    let (control, up, down) = (noise(1, 40, 1.0), noise(2, 40, 1.3), noise(3, 40, 0.7));
    let verdict = |direction, experiment: &[f64]| compare(latency(direction), &control, experiment).status;
    let cases = [
        (Direction::Increase, Status::Failed, Status::Passed),
        (Direction::Decrease, Status::Passed, Status::Failed),
        (Direction::Either, Status::Failed, Status::Failed),
    ];
    for (direction, risen, fallen) in cases {
        assert_eq!((verdict(direction, &up), verdict(direction, &down)), (risen, fallen), "{direction:?}");
    }
}

#[test]
fn tolerance_divides_failure_from_warning_and_pass() {
    let (control, experiment) = (noise(1, 200, 1.0), noise(2, 200, 1.1));
    let with = |tolerance| {
        let found = compare(latency(Direction::Increase).with_tolerance(tolerance), &control, &experiment);
        (found.status, found.metrics[0].tests[0].ground)
    };
    assert_eq!(with(Tolerance::None), (Status::Failed, TestGround::Harm));
    assert_eq!(with(Tolerance::Relative { share: 0.05 }), (Status::Failed, TestGround::Harm));
    let warned = (Status::Warning, TestGround::ChangeWithinTolerance);
    assert_eq!(with(Tolerance::Relative { share: 0.1 }), warned);
    assert_eq!(with(Tolerance::Relative { share: 0.5 }), warned);
    assert_eq!(with(Tolerance::Absolute { value: 2.0 }), (Status::Failed, TestGround::Harm));
    assert_eq!(with(Tolerance::Absolute { value: 50.0 }), warned);
    let same = compare(
        latency(Direction::Increase).with_tolerance(Tolerance::Absolute { value: 50.0 }),
        &control,
        &control,
    );
    assert_eq!(same.metrics[0].tests[0].ground, TestGround::HarmRuledOut);
    assert!(same.confidence.unwrap() > 0.999);
}

#[test]
fn a_tolerance_in_seconds_is_one_in_milliseconds() {
    let (control, experiment) = (noise(1, 60, 1.0), noise(2, 60, 1.2));
    let metric = |unit, value| {
        latency(Direction::Increase).with_unit(unit).with_tolerance(Tolerance::Absolute { value })
    };
    let seconds = compare(metric(Unit::Seconds, 0.01), &control, &experiment);
    let milliseconds = compare(metric(Unit::Milliseconds, 10.0), &control, &experiment);
    assert_eq!(seconds.metrics[0].tests[0].p, milliseconds.metrics[0].tests[0].p);
    let bytes = compare(metric(Unit::Bytes, 1.0), &control, &experiment);
    let obstacle = Obstacle::WrongUnit { side: Side::Control, unit: Unit::Milliseconds };
    assert_eq!((bytes.status, bytes.metrics[0].obstacle.clone()), (Status::Inconclusive, Some(obstacle)));
}

#[test]
fn proof_asks_for_more_than_silence() {
    let metric = latency(Direction::Increase)
        .with_tolerance(Tolerance::Relative { share: 0.03 })
        .with_proof(Proof::NonInferior);
    let small = compare(metric.clone(), &noise(1, 10, 1.0), &noise(2, 10, 1.0));
    assert_eq!(small.metrics[0].tests[0].ground, TestGround::HarmNotRuledOut);
    assert_eq!((small.status, small.confidence), (Status::Inconclusive, None));
    let large = compare(metric, &noise(1, 600, 1.0), &noise(2, 600, 1.0));
    assert_eq!(large.status, Status::Passed);
    assert!(large.confidence.unwrap() >= 0.95);
}

#[test]
fn spread_and_tail_see_what_the_shift_does_not() {
    let control = noise(1, 400, 1.0);
    // The same middle, five times as wide; or a few values far out.
    let wide: Vec<f64> = noise(2, 400, 1.0).iter().map(|v| 100.0 + 5.0 * (v - 100.0)).collect();
    let mut far = noise(3, 400, 1.0);
    far[..20].fill(5000.0);
    let by = |test, experiment: &[f64]| {
        compare(latency(Direction::Increase).with_tests([test]), &control, experiment).status
    };
    assert_eq!(
        (by(CanaryTest::Shift, &wide), by(CanaryTest::Spread, &wide)),
        (Status::Passed, Status::Failed)
    );
    assert_eq!(
        (by(CanaryTest::Shift, &far), by(CanaryTest::tail(0.99), &far)),
        (Status::Passed, Status::Failed)
    );
    let low: Vec<f64> = far.iter().map(|v| -v).collect();
    let below = latency(Direction::Decrease).with_tests([CanaryTest::tail(0.99)]);
    let turned: Vec<f64> = control.iter().map(|v| -v).collect();
    assert_eq!(compare(below, &turned, &low).status, Status::Failed);
}

#[test]
fn a_tail_needs_the_values_that_bound_it() {
    let metric = latency(Direction::Increase).with_tests([CanaryTest::tail(0.99)]);
    let at = |n: usize| {
        let found = compare(metric.clone(), &noise(1, n, 1.0), &noise(2, n, 1.0));
        (found.status, found.metrics[0].tests[0].ground)
    };
    assert_eq!(at(298), (Status::Inconclusive, TestGround::TooFewValues { needed: 299 }));
    assert_eq!(at(299).0, Status::Passed);
}

#[test]
fn rates_are_counted() {
    let metric = CanaryMetric::new("errors", Direction::Increase).with_tests([CanaryTest::Rate]);
    let by = |metric: &CanaryMetric, x: u64, n: u64, y: u64, m: u64| {
        judge(&side([rate("errors", y, m)]), &side([rate("errors", x, n)]), &one(metric.clone())).status
    };
    assert_eq!(by(&metric, 30, 1000, 10, 1000), Status::Failed);
    assert_eq!(by(&metric, 0, 100, 0, 100), Status::Passed);
    assert_eq!(by(&metric, 100, 100, 0, 10_000), Status::Failed);
    let absolute = metric.clone().with_tolerance(Tolerance::Absolute { value: 0.05 });
    assert_eq!(by(&absolute, 30, 1000, 10, 1000), Status::Warning);
    assert_eq!(by(&absolute, 130, 1000, 10, 1000), Status::Failed);
    let relative = metric.clone().with_tolerance(Tolerance::Relative { share: 1.0 });
    assert_eq!(by(&relative, 30, 1000, 10, 1000), Status::Warning);
    assert_eq!(by(&relative, 60, 1000, 10, 1000), Status::Failed);
    assert_eq!(by(&metric, 2, 2, 0, 2), Status::Inconclusive);
    let nothing = judge(&side([values("errors", &[1.0; 9])]), &side([rate("errors", 1, 9)]), &one(metric));
    assert_eq!(nothing.metrics[0].obstacle, Some(Obstacle::NoCounts { side: Side::Control }));
}

#[test]
fn what_is_missing_never_passes() {
    let control = side([values("latency", &noise(1, 30, 1.0))]);
    let absent =
        Measure::new(id("latency"), Value::Missing { reason: "scrape failed".into() }, Unit::Milliseconds);
    let bare = Measure::number(id("latency"), 3.0, Unit::Milliseconds).unwrap();
    let empty = sampled(id("latency"), Unit::Milliseconds, &[]).unwrap();
    let few = values("latency", &[1.0; 4]);
    let experiments = [side([]), side([absent]), side([bare]), side([empty]), side([few])];
    let tests = [
        vec![CanaryTest::Shift],
        vec![CanaryTest::Spread],
        vec![CanaryTest::tail(0.9)],
        vec![CanaryTest::Rate],
        vec![CanaryTest::Shift, CanaryTest::Spread, CanaryTest::tail(0.9)],
    ];
    for tests in tests {
        for missing in [Missing::Inconclusive, Missing::Fail] {
            for direction in [Direction::Increase, Direction::Decrease, Direction::Either] {
                let policy = one(latency(direction).with_tests(tests.clone()).with_missing(missing));
                for experiment in &experiments {
                    for (a, b) in [(&control, experiment), (experiment, &control), (experiment, experiment)] {
                        let found = judge(a, b, &policy);
                        assert!(found.status <= Status::Inconclusive, "{tests:?} {missing:?}: {found}");
                        assert_eq!(found.status_at_deadline(), Status::Failed);
                    }
                }
            }
        }
    }
    let failed = judge(&control, &side([]), &one(latency(Direction::Increase).with_missing(Missing::Fail)));
    assert_eq!(failed.status, Status::Failed);
    assert_eq!(failed.to_string(), "canary p failed: latency: experiment is missing: no measure");
}

#[test]
fn samples_that_could_not_fail_do_not_pass() {
    // 4 against 4 can give 1/70 at best: enough for one test at 5 %, not for four.
    let few = |tests: usize| {
        let metrics =
            (0..tests).map(|i| CanaryMetric::new(format!("m{i}"), Direction::Increase).with_min_samples(2));
        let spec = metrics.fold(JudgePolicySpec::new("p"), JudgePolicySpec::with_metric);
        let all = side((0..tests).map(|i| values(&format!("m{i}"), &[1.0, 2.0, 3.0, 4.0])));
        judge(&all, &all, &JudgePolicy::build(spec).unwrap())
    };
    assert_eq!(few(1).status, Status::Passed);
    assert_eq!(few(4).metrics[0].tests[0].ground, TestGround::CannotShow);
    assert_eq!(few(4).status, Status::Inconclusive);
}

#[test]
fn criticals_groups_and_weights() {
    let good = || values("good", &noise(1, 40, 1.0));
    let control = side([good(), values("bad", &noise(2, 40, 1.0)), values("gone", &noise(3, 40, 1.0))]);
    let experiment = side([good(), values("bad", &noise(5, 40, 1.5))]);
    let metric = |name: &str| CanaryMetric::new(name, Direction::Increase);
    let weighted = Combine::weighted(80.0, 50.0);
    let group = |bad: CanaryMetric, weight: f64| {
        let spec = JudgePolicySpec::new("p")
            .with_combine(weighted)
            .with_group(CanaryGroup::new("a", 9.0).with_metric(metric("good")))
            .with_group(CanaryGroup::new("b", weight).with_metric(bad));
        judge(&control, &experiment, &JudgePolicy::build(spec).unwrap())
    };
    assert_eq!(group(metric("bad"), 1.0).status, Status::Passed);
    assert_eq!(group(metric("bad"), 9.0).status, Status::Warning);
    assert_eq!(group(metric("bad"), 90.0).status, Status::Failed);
    // The failed metric is in the group; its veto reaches the whole.
    assert_eq!(group(metric("bad").with_critical(true), 1.0).status, Status::Failed);
    assert_eq!(group(metric("gone").with_critical(true), 1.0).status, Status::Inconclusive);
    // A group without data is not lost: with weight 1 it cannot matter, with weight 9 it can.
    assert_eq!(group(metric("gone"), 1.0).status, Status::Passed);
    assert_eq!(group(metric("gone"), 9.0).status, Status::Inconclusive);
    let found = group(metric("gone"), 9.0);
    assert_eq!(
        found.groups.iter().map(|g| g.status).collect::<Vec<_>>(),
        [Status::Passed, Status::Inconclusive]
    );
    assert_eq!(found.unjudged, [id("bad")]);
    let shadow =
        JudgePolicySpec::new("p").with_metric(metric("good")).with_metric(metric("bad").with_shadow(true));
    let shown = judge(&control, &experiment, &JudgePolicy::build(shadow).unwrap());
    assert_eq!((shown.status, shown.metric("bad").unwrap().status), (Status::Passed, Status::Failed));
}

#[test]
fn one_bad_of_many_is_held_to_the_level_of_all() {
    let control = noise(1, 40, 1.0);
    // Slower until it fails alone, and not among ten.
    let (experiment, alone, p) = (0..40)
        .map(|step| {
            let experiment = noise(2, 40, 1.0 + 0.005 * f64::from(step));
            let alone = compare(latency(Direction::Increase), &control, &experiment);
            let p = alone.metrics[0].tests[0].p.unwrap().harm;
            (experiment, alone, p)
        })
        .find(|(_, _, p)| *p < 0.05)
        .unwrap();
    assert!(p > 0.006, "{p}");
    assert_eq!(alone.status, Status::Failed);
    let spec = (0..10).fold(JudgePolicySpec::new("p"), |spec, i| {
        spec.with_metric(CanaryMetric::new(format!("m{i}"), Direction::Increase))
    });
    let many =
        |last: &[f64]| side((0..10).map(|i| values(&format!("m{i}"), if i == 9 { last } else { &control })));
    let policy = JudgePolicy::build(spec).unwrap();
    let found = judge(&many(&control), &many(&experiment), &policy);
    assert_eq!(found.status, Status::Passed);
    assert!((found.metrics[9].tests[0].harm_adjusted.unwrap() - 10.0 * p).abs() < 1e-12);
    // Nine metrics less do not lower the bar.
    let gone = side([values("m9", &experiment)]);
    let found = judge(&many(&control), &gone, &policy);
    assert!((found.metrics[9].tests[0].harm_adjusted.unwrap() - 10.0 * p).abs() < 1e-12);
}

#[test]
fn blocks_and_thinning() {
    let control = noise(1, 40, 1.0);
    let found = compare(
        latency(Direction::Increase).with_sampling(Sampling::Block { length: 4 }),
        &control,
        &noise(2, 43, 1.5),
    );
    assert_eq!((found.metrics[0].control_size, found.metrics[0].experiment_size), (10, 10));
    assert_eq!(found.status, Status::Failed);
    let thin = latency(Direction::Increase).with_sampling(Sampling::Thin { every: 10 });
    assert_eq!(
        compare(thin, &control, &control).metrics[0].tests[0].ground,
        TestGround::TooFewValues { needed: 5 }
    );
}

#[test]
fn every_fault_is_told_with_its_place() {
    let cases = [
        ("format = 2", "format: format `2` is not known: expected 1"),
        ("alpha = 0.0", "alpha: `0` is outside above 0 to 0.5"),
        ("alpha = nan", "alpha: `NaN` is not a finite number"),
        ("min_samples = 1", "min_samples: `1` is outside 2 to 1000000"),
        (
            "combine = { kind = \"any\" }",
            "combine: `another way to combine` does not fit: expected `all` or `weighted`",
        ),
        (
            "combine = { kind = \"weighted\", pass = 10.0, warn = 20.0 }",
            "combine.warn: `20` does not fit: expected a share not above that of `pass`, 10",
        ),
    ];
    for (line, message) in cases {
        let format = if line.starts_with("format") { "" } else { "format = 1\n" };
        let text =
            format!("{format}name = \"p\"\n{line}\n[[metrics]]\nmetric = \"m\"\ndirection = \"increase\"");
        let error = toml::from_str::<JudgePolicySpec>(&text).map(JudgePolicy::build).unwrap().unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let metric_cases = [
        ("weight = -1.0", "weight: `-1` is outside 0 to 1000"),
        ("tests = []", "tests: it has no condition or group that counts: at least one is expected"),
        (
            "tests = [{ kind = \"tail\", quantile = 1.0 }]",
            "tests[0].quantile: `1` is outside 0.5 to 0.999999999",
        ),
        ("tests = [{ kind = \"rate\" }, { kind = \"shift\" }]", "tests[0]: `rate` does not fit"),
        (
            "tests = [{ kind = \"shift\" }, { kind = \"shift\" }]",
            "tests[1]: `the test of metrics[0].tests[0] again`",
        ),
        ("tolerance = { kind = \"relative\", share = -0.1 }", "tolerance.share: `-0.1` is outside 0 to 100"),
        ("tolerance = { kind = \"absolute\", value = inf }", "tolerance.value: `inf` is not a finite number"),
        ("proof = \"non_inferior\"", "tolerance: `no tolerance` does not fit"),
        ("sampling = { kind = \"thin\", every = 1 }", "sampling.every: `1` is outside 2 to 1000000"),
        (
            "missing = \"skip\"",
            "missing: `a policy that leaves a missing metric out or takes an old one` does not fit",
        ),
    ];
    for (line, message) in metric_cases {
        let text = format!(
            "format = 1\nname = \"p\"\n[[metrics]]\nmetric = \"m\"\ndirection = \"increase\"\n{line}"
        );
        let error = toml::from_str::<JudgePolicySpec>(&text).map(JudgePolicy::build).unwrap().unwrap_err();
        let expected = format!("metrics[0].{message}");
        let got = error.to_string().replace("`rate` beside other tests", "rate");
        assert!(
            got.starts_with(&expected) || got.contains("metrics[0].tests[0]: `rate`"),
            "{got} / {expected}"
        );
    }
    let refused = [
        "format = 1\nname = \"p\"\nalfa = 0.1",
        "format = 1\nname = \"p\"\n[[metrics]]\nmetric = \"m\"\ndirection = \"up\"",
        "format = 1\nname = \"p\"\n[[metrics]]\nmetric = \"m\"",
        "format = 1\nname = \"p\"\n[[metrics]]\nmetric = \"m\"\ndirection = \"increase\"\ntests = [{ kind = \"shift\", quantile = 0.9 }]",
    ];
    for text in refused {
        assert!(toml::from_str::<JudgePolicySpec>(text).is_err(), "{text}");
    }
    let twice = JudgePolicySpec::new("p")
        .with_metric(latency(Direction::Increase))
        .with_group(CanaryGroup::new("g", 1.0).with_metric(latency(Direction::Increase)))
        .with_group(
            CanaryGroup::new("g", 1.0)
                .with_metric(CanaryMetric::new("m", Direction::Increase).with_shadow(true)),
        );
    let faults = JudgePolicy::build(twice).unwrap_err();
    let paths: Vec<&str> = faults.faults().iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["groups[0].metrics[0].metric", "groups[1].name", "groups[1].metrics"]);
}

/// A policy with every test, and data for it, scaled.
fn everything(scale: f64, seed: u64, factor: f64) -> (JudgePolicy, Measures, Measures) {
    let metric =
        |name: &str, tolerance| CanaryMetric::new(name, Direction::Increase).with_tolerance(tolerance);
    let tests = [CanaryTest::Shift, CanaryTest::Spread, CanaryTest::tail(0.9)];
    let spec = JudgePolicySpec::new("p")
        .with_metric(metric("a", Tolerance::Absolute { value: 3.0 * scale }).with_tests(tests))
        .with_metric(metric("b", Tolerance::Relative { share: 0.02 }).with_tests(tests))
        .with_metric(CanaryMetric::new("c", Direction::Either).with_tests(tests))
        .with_metric(metric("d", Tolerance::Absolute { value: 2.0 * scale }).with_proof(Proof::NonInferior));
    let mut rng = Rng::new(seed);
    let mut draw = |name: &str, factor: f64| {
        let smooth = name != "c" && name != "d";
        // Half of them on a lattice, so that there are ties, also with the tolerance.
        let raw: Vec<f64> = (0..60)
            .map(|_| {
                if smooth {
                    100.0 * factor * (0.1 * rng.normal()).exp()
                } else {
                    rng.poisson(4.0 * factor).unwrap() as f64
                }
            })
            .collect();
        values(name, &raw.iter().map(|v| v * scale).collect::<Vec<_>>())
    };
    let mut all = |factor| side(["a", "b", "c", "d"].map(|name| draw(name, factor)));
    let (control, experiment) = (all(1.0), all(factor));
    (JudgePolicy::build(spec).unwrap(), control, experiment)
}

fn statuses(found: &Judgement) -> Vec<(Status, Vec<Status>)> {
    let tests = |m: &devops_gates::judge::MetricJudgement| m.tests.iter().map(|t| t.status).collect();
    found.metrics.iter().map(|m| (m.status, tests(m))).collect()
}

/// In whatever unit: the same verdicts, to the last digit of every p-value.
#[test]
fn the_unit_does_not_matter() {
    for seed in 0..6 {
        let factor = 1.0 + 0.03 * (seed % 5) as f64;
        let run = |scale: f64| {
            let (policy, control, experiment) = everything(scale, seed, factor);
            judge(&control, &experiment, &policy)
        };
        let plain = run(1.0);
        for scale in [1e-9, 1e-6, 0.001, 0.1, 3.0, 1e3, 1e9] {
            let scaled = run(scale);
            assert_eq!(statuses(&scaled), statuses(&plain), "{scale} {seed}");
            for (a, b) in scaled.metrics.iter().zip(&plain.metrics) {
                for (s, t) in a.tests.iter().zip(&b.tests) {
                    assert_eq!(s.p, t.p, "{scale} {seed} {}", a.metric);
                }
            }
        }
    }
}

fn share_failed(scale: f64, factor: f64, rounds: u64) -> f64 {
    let policy = one(latency(Direction::Increase));
    let failed = (0..rounds).filter(|&round| {
        let mut rng = Rng::for_stream(9, round);
        let mut draw = |factor: f64| -> Vec<f64> {
            (0..30).map(|_| (0.5 * rng.normal()).exp() * factor * scale).collect()
        };
        let (control, experiment) = (draw(1.0), draw(factor));
        let found =
            judge(&side([values("latency", &control)]), &side([values("latency", &experiment)]), &policy);
        found.status == Status::Failed
    });
    failed.count() as f64 / rounds as f64
}

/// What Kayenta does not see in small units is seen here: a doubled latency, at every scale alike.
#[test]
fn power_is_the_same_at_every_scale() {
    let rates: Vec<f64> =
        [1e-9, 1e-5, 1.0, 1e9].into_iter().map(|scale| share_failed(scale, 2.0, 60)).collect();
    assert!(rates[0] > 0.95 && rates.iter().all(|r| *r == rates[0]), "{rates:?}");
    assert!(share_failed(1.0, 1.0, 200) <= 0.1);
}

#[test]
fn judgements_survive_serialisation_and_have_a_report() {
    let (policy, control, experiment) = everything(1.0, 3, 1.1);
    let found = judge(&control, &experiment, &policy);
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Judgement>(&text).unwrap(), found);
    let policy_text = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<JudgePolicy>(&policy_text).unwrap(), policy);
    let report = found.to_markdown();
    assert_eq!(report.lines().filter(|l| l.starts_with("| ")).count(), 1 + 10);
    let Some(Effect::Shift { shift, rank_biserial, superiority, .. }) = found.metrics[0].tests[0].effect
    else {
        panic!("{found:?}")
    };
    assert!(shift.unwrap() > 0.0 && (2.0 * superiority - 1.0 - rank_biserial).abs() < 1e-12);
}

fn arbitrary_values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(
        prop_oneof![any::<f64>().prop_filter("finite", |v| v.is_finite()), (-5_i32..5).prop_map(f64::from)],
        0..40,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_values_are_judged(a in arbitrary_values(), b in arbitrary_values(), t in 0.0_f64..1e300, either in any::<bool>()) {
        let direction = if either { Direction::Either } else { Direction::Decrease };
        for tolerance in [Tolerance::None, Tolerance::Absolute { value: t }, Tolerance::Relative { share: t % 100.0 }] {
            let metric = latency(direction).with_tolerance(tolerance).with_tests([CanaryTest::Shift, CanaryTest::Spread, CanaryTest::tail(0.6)]);
            let found = compare(metric, &a, &b);
            let finite = found.confidence.is_none_or(|c| (0.0..=1.0).contains(&c));
            prop_assert!(finite, "{found:?}");
            let text = serde_json::to_string(&found).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Judgement>(&text).unwrap(), &found);
            prop_assert!(!found.to_markdown().contains("NaN"));
        }
    }

    #[test]
    fn order_does_not_matter(a in arbitrary_values(), b in arbitrary_values(), seed in any::<u64>()) {
        let metric = latency(Direction::Increase).with_tests([CanaryTest::Shift, CanaryTest::Spread, CanaryTest::tail(0.6)]);
        let (mut c, mut d) = (a.clone(), b.clone());
        Rng::new(seed).shuffle(&mut c);
        Rng::new(!seed).shuffle(&mut d);
        prop_assert_eq!(compare(metric.clone(), &a, &b), compare(metric, &c, &d));
    }

    /// More of the same harm never improves the verdict, nor does taking a metric away.
    #[test]
    fn worse_values_and_withheld_metrics_never_help(seed in 0_u64..500, shift in 0.0_f64..40.0) {
        let (policy, control, experiment) = everything(1.0, seed, 1.0);
        let without = |measures: &Measures, name: &str| side(measures.iter().filter(|m| m.metric().as_str() != name).cloned());
        let before = judge(&control, &experiment, &policy);
        for name in ["a", "b", "c", "d"] {
            prop_assert!(judge(&control, &without(&experiment, name), &policy).status <= before.status.max(Status::Inconclusive));
        }
        let a: Vec<f64> = noise(seed, 30, 1.0);
        let b: Vec<f64> = noise(seed + 1000, 30, 1.0);
        let worse: Vec<f64> = b.iter().map(|v| v + shift).collect();
        let metric = latency(Direction::Increase).with_tolerance(Tolerance::Relative { share: 0.03 });
        prop_assert!(compare(metric.clone(), &a, &worse).status <= compare(metric, &a, &b).status);
    }
}
