//! The judge on samples at the edges of what a float can be, on samples that say nothing, and on policies of every wrong
//! type: it answers, it does not pass what it cannot see, and the size of the numbers does not matter.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests may panic"
)]

use devops_core::{Measure, Measures, MetricId, Unit};
use devops_gates::Status;
use devops_gates::judge::{
    CanaryMetric, CanaryTest, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec, Judgement, Obstacle,
    Side, Spending, Tolerance, WatchPlan, judge, sampled,
};

fn id() -> MetricId {
    MetricId::new("m").unwrap()
}

fn side(unit: Unit, values: &[f64]) -> Measures {
    Measures::try_from(vec![sampled(id(), unit, values).unwrap()]).unwrap()
}

fn policy(tests: &[CanaryTest], tolerance: Tolerance, watch: WatchPlan) -> JudgePolicy {
    let metric = CanaryMetric::new("m", Direction::Increase)
        .with_tests(tests.iter().copied())
        .with_tolerance(tolerance);
    JudgePolicy::build(JudgePolicySpec::new("p").with_watch(watch).with_metric(metric)).unwrap()
}

const PLAN: WatchPlan = WatchPlan::Planned { looks: 1, spending: Spending::ObrienFleming };

/// The verdict of one judgement and of a watch of one planned look.
fn verdicts(
    tests: &[CanaryTest],
    tolerance: Tolerance,
    control: &Measures,
    experiment: &Measures,
) -> [Status; 2] {
    let policy = policy(tests, tolerance, PLAN);
    let once = judge(control, experiment, &policy);
    sound(&once);
    let mut watch = CanaryWatch::new(&policy).unwrap();
    watch.look(control, experiment, &policy).unwrap();
    let watched = watch.finish(&policy).unwrap();
    sound(&watched);
    [once.status, watched.status]
}

/// Every number that is told is one.
fn sound(found: &Judgement) {
    let text = serde_json::to_string(found).unwrap();
    assert_eq!(serde_json::from_str::<Judgement>(&text).unwrap(), *found);
    for test in found.metrics.iter().flat_map(|m| &m.tests) {
        let p = test.p.into_iter().flat_map(|p| [p.change, p.harm, p.safe]);
        for p in p.chain(test.change_adjusted).chain(test.harm_adjusted) {
            assert!((0.0..=1.0).contains(&p), "{text}");
        }
    }
    assert!(!found.to_string().contains("NaN") && !found.to_markdown().contains("NaN"), "{text}");
}

const SHIFT: [CanaryTest; 1] = [CanaryTest::Shift];
const BOTH: [CanaryTest; 2] = [CanaryTest::Shift, CanaryTest::Spread];

fn ramp(from: u32, n: u32, unit: f64) -> Vec<f64> {
    (0..n).map(|i| f64::from(from + i * 7 % n) * unit).collect()
}

#[test]
fn numbers_that_are_none_stop_at_the_boundary() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = sampled(id(), Unit::None, &[1.0, value, 2.0]).unwrap_err().to_string();
        assert!(error.contains(&value.to_string()), "{error}");
    }
    assert!(Measure::number(id(), f64::NAN, Unit::None).is_err());
}

#[test]
fn samples_that_say_nothing_do_not_pass() {
    let some = ramp(1, 20, 1.0);
    for (control, experiment) in [
        (&[][..], &some[..]),
        (&some[..], &[]),
        (&[], &[]),
        (&[5.0], &[5.0]),
        (&some, &[5.0]),
        (&[5.0], &some),
        (&[1.0, 2.0], &[3.0, 4.0]),
        (&[1.0, 2.0, 3.0, 4.0], &some),
    ] {
        let (control, experiment) = (side(Unit::None, control), side(Unit::None, experiment));
        assert_eq!(verdicts(&BOTH, Tolerance::None, &control, &experiment), [Status::Inconclusive; 2]);
    }
}

#[test]
fn ties_are_no_change_and_constants_can_differ() {
    for (control, experiment, status) in [
        (vec![7.0; 12], vec![7.0; 12], Status::Passed),
        (vec![0.0; 12], vec![-0.0; 12], Status::Passed),
        (vec![-0.0, 0.0, -0.0, 0.0, 0.0, -0.0], vec![0.0; 6], Status::Passed),
        (vec![7.0; 12], vec![7.5; 12], Status::Failed),
        (vec![7.0; 12], vec![6.5; 12], Status::Passed),
        (vec![-0.0; 12], vec![5e-324; 12], Status::Failed),
        (vec![1.0; 12], vec![1.0 + f64::EPSILON; 12], Status::Passed),
    ] {
        let (a, b) = (side(Unit::None, &control), side(Unit::None, &experiment));
        assert_eq!(verdicts(&SHIFT, Tolerance::None, &a, &b), [status; 2], "{control:?} {experiment:?}");
    }
}

/// The same ranks from the smallest floats to the largest: the same verdict.
#[test]
fn from_subnormal_to_the_largest_floats_the_verdict_is_the_same() {
    for unit in [5e-324, 1e-310, 2.3e-308, 1e-9, 1.0, 1e9, 1e300, 1e306] {
        for (from, status) in [(1, Status::Passed), (25, Status::Failed)] {
            let (control, experiment) =
                (side(Unit::None, &ramp(1, 18, unit)), side(Unit::None, &ramp(from, 18, unit)));
            assert_eq!(
                verdicts(&BOTH[..1], Tolerance::None, &control, &experiment),
                [status; 2],
                "{unit} {from}"
            );
        }
        // Some tolerances move a value beyond the largest float; that is said, and passes nothing.
        let tolerance = Tolerance::Relative { share: 0.5 };
        let (control, experiment) =
            (side(Unit::None, &ramp(1, 18, unit)), side(Unit::None, &ramp(40, 18, unit)));
        let found = verdicts(&SHIFT, tolerance, &control, &experiment);
        assert!(
            found == [Status::Failed; 2] || (unit > 1e305 && found == [Status::Inconclusive; 2]),
            "{unit} {found:?}"
        );
    }
}

#[test]
fn differences_beyond_the_largest_float_are_an_obstacle() {
    let wide: Vec<f64> = (0..12).map(|i| if i % 2 == 0 { f64::MAX } else { f64::MIN }).collect();
    let (control, experiment) = (side(Unit::None, &wide), side(Unit::None, &ramp(1, 12, 1.0)));
    assert_eq!(verdicts(&BOTH, Tolerance::None, &control, &experiment), [Status::Inconclusive; 2]);
    let found = judge(&control, &experiment, &policy(&SHIFT, Tolerance::None, PLAN));
    assert_eq!(found.metrics[0].obstacle, Some(Obstacle::Overflow { side: Side::Control }));
    // A unit in which the values have no float.
    let huge = side(Unit::Seconds, &ramp(1, 12, 1e307));
    let small = side(Unit::Milliseconds, &ramp(1, 12, 1.0));
    assert_eq!(verdicts(&SHIFT, Tolerance::None, &small, &huge), [Status::Inconclusive; 2]);
}

#[test]
fn units_are_turned_into_one_and_others_are_not_compared() {
    let milliseconds = ramp(100, 20, 1.0);
    let seconds: Vec<f64> = milliseconds.iter().map(|v| v / 1000.0).collect();
    let control = side(Unit::Milliseconds, &milliseconds);
    assert_eq!(
        verdicts(&BOTH, Tolerance::None, &control, &side(Unit::Seconds, &seconds)),
        [Status::Passed; 2]
    );
    let slower: Vec<f64> = seconds.iter().map(|v| v + 0.03).collect();
    assert_eq!(
        verdicts(&BOTH, Tolerance::None, &control, &side(Unit::Seconds, &slower)),
        [Status::Failed; 2]
    );
    for other in [Unit::Bytes, Unit::Percent, Unit::None, Unit::Count] {
        let found = judge(&control, &side(other, &milliseconds), &policy(&SHIFT, Tolerance::None, PLAN));
        assert_eq!(found.status, Status::Inconclusive);
        let expected = Obstacle::WrongUnit { side: Side::Experiment, unit: other };
        assert_eq!(found.metrics[0].obstacle, Some(expected));
    }
    // Each look by itself, too: the first sets the unit.
    let plan = WatchPlan::Planned { looks: 3, spending: Spending::Pocock };
    let policy = policy(&SHIFT, Tolerance::None, plan);
    let mut watch = CanaryWatch::new(&policy).unwrap();
    watch.look(&control, &side(Unit::Seconds, &seconds), &policy).unwrap();
    let wrong =
        watch.look(&side(Unit::Bytes, &milliseconds), &side(Unit::Bytes, &milliseconds), &policy).unwrap();
    assert!(matches!(wrong.metrics[0].obstacle, Some(Obstacle::WrongUnit { unit: Unit::Bytes, .. })));
    watch.look(&control, &side(Unit::Seconds, &slower), &policy).unwrap();
    assert_eq!(watch.finish(&policy).unwrap().metrics[0].control_size, 40);
}

#[test]
fn very_uneven_sides_are_compared() {
    let many = ramp(1, 20_000, 1.0);
    for (few, status) in [
        ([3.0, 9_000.0, 15_000.0, 4_000.0, 11_000.0], Status::Passed),
        ([30_000.0, 30_001.0, 30_002.0, 30_003.0, 30_004.0], Status::Failed),
    ] {
        let (control, experiment) = (side(Unit::None, &many), side(Unit::None, &few));
        assert_eq!(verdicts(&SHIFT, Tolerance::None, &control, &experiment), [status; 2]);
    }
}

/// A million values a side.
#[test]
#[ignore = "most of a minute in a debug build"]
fn a_million_values_a_side() {
    let control = ramp(1, 1_000_000, 1e-3);
    for (factor, status) in [(1.0, Status::Passed), (1.01, Status::Failed)] {
        let experiment: Vec<f64> = control.iter().map(|v| v * factor).collect();
        let tests = [CanaryTest::Shift, CanaryTest::Spread];
        let found =
            verdicts(&tests, Tolerance::None, &side(Unit::None, &control), &side(Unit::None, &experiment));
        assert_eq!(found, [status; 2]);
    }
}

/// What may be left out may be null, and a name may be any text.
fn allowed(pointer: &str, value: &serde_json::Value) -> bool {
    const OPTIONS: [&str; 2] = ["/metrics/0/unit", "/metrics/0/min_samples"];
    const NAMES: [&str; 4] = ["/name", "/metrics/0/metric", "/groups/0/name", "/groups/0/metrics/0/metric"];
    const FLAGS: [&str; 2] = ["/metrics/0/critical", "/metrics/0/shadow"];
    (value.is_null() && OPTIONS.contains(&pointer))
        || (value == "x" && NAMES.contains(&pointer))
        || (value.is_boolean() && FLAGS.contains(&pointer))
}

/// Where a policy can say something.
const FIELDS: [&str; 36] = [
    "/format",
    "/name",
    "/alpha",
    "/min_samples",
    "/combine",
    "/combine/kind",
    "/watch",
    "/watch/kind",
    "/watch/looks",
    "/watch/spending",
    "/metrics",
    "/metrics/0",
    "/metrics/0/metric",
    "/metrics/0/unit",
    "/metrics/0/direction",
    "/metrics/0/weight",
    "/metrics/0/critical",
    "/metrics/0/shadow",
    "/metrics/0/tolerance",
    "/metrics/0/tolerance/kind",
    "/metrics/0/tolerance/share",
    "/metrics/0/tests",
    "/metrics/0/tests/0",
    "/metrics/0/tests/0/kind",
    "/metrics/0/proof",
    "/metrics/0/sampling",
    "/metrics/0/sampling/every",
    "/metrics/0/min_samples",
    "/metrics/0/missing",
    "/groups",
    "/groups/0",
    "/groups/0/name",
    "/groups/0/weight",
    "/groups/0/combine",
    "/groups/0/metrics",
    "/groups/0/metrics/0/direction",
];

/// Every field of a policy, with values of every wrong type.
#[test]
fn policies_of_wrong_types_are_refused() {
    let good = serde_json::json!({
        "format": 1, "name": "p", "alpha": 0.05, "min_samples": 5, "combine": {"kind": "all"},
        "watch": {"kind": "planned", "looks": 5, "spending": "pocock"},
        "metrics": [{
            "metric": "m", "unit": "milliseconds", "direction": "increase", "weight": 1.0, "critical": false,
            "shadow": false, "tolerance": {"kind": "relative", "share": 0.1}, "tests": [{"kind": "shift"}],
            "proof": "no_harm_shown", "sampling": {"kind": "thin", "every": 2}, "min_samples": 5, "missing": "inconclusive",
        }],
        "groups": [{"name": "g", "weight": 1.0, "combine": {"kind": "all"},
            "metrics": [{"metric": "n", "direction": "either"}]}],
    });
    assert!(serde_json::from_value::<JudgePolicy>(good.clone()).is_ok());
    let wrong = [
        serde_json::json!(null),
        serde_json::json!(true),
        serde_json::json!(-1),
        serde_json::json!(1e308),
        serde_json::json!("x"),
        serde_json::json!([[]]),
        serde_json::json!({"x": 1}),
    ];
    for pointer in FIELDS {
        for value in &wrong {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).unwrap() = value.clone();
            let read = serde_json::from_value::<JudgePolicy>(bad);
            assert_eq!(read.is_ok(), allowed(pointer, value), "{pointer} = {value}: {read:?}");
        }
    }
}
