//! Conditions on samples: against the canary judge, against a count of all splits, and by their laws.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::panic,
    reason = "tests may panic"
)]

use std::collections::BTreeSet;

use devops_core::{Measure, Measures, MetricId, Number, Scope, Unit, Value};
use devops_gates::judge::{
    CanaryMetric, CanaryTest, Direction, JudgePolicy, JudgePolicySpec, Sampling, TestGround, Tolerance,
    judge, sampled,
};
use devops_gates::{
    Aggregate, BaselineSpec, Combine, ConditionSpec, Distance, Evidence, Gate, GateSpec, Ground, History,
    LintKind, Missing, NegativeBaseline, NoBaseline, Pending, Run, StabilitySpec, Status, Verdict,
    ZeroBaseline,
};
use devops_stats::rng::Rng;
use proptest::prelude::*;

fn id(text: &str) -> MetricId {
    MetricId::new(text).unwrap()
}

fn values(metric: &str, values: &[f64]) -> Measure {
    sampled(id(metric), Unit::Milliseconds, values).unwrap()
}

fn one(measure: Measure) -> Measures {
    Measures::try_from(vec![measure]).unwrap()
}

fn gate_of(condition: ConditionSpec) -> Gate {
    Gate::build(GateSpec::new("g").with_condition(condition)).unwrap()
}

fn held(condition: ConditionSpec, experiment: &Measures, control: &Measures) -> Verdict {
    gate_of(condition).evaluate(&Evidence::new(experiment).with_control(control))
}

fn ground(verdict: &Verdict) -> Ground {
    verdict.conditions().next().unwrap().ground()
}

/// Values that do not repeat, of that size.
fn spread_out(n: u32, factor: f64) -> Vec<f64> {
    (0..n).map(|i| factor * (100.0 + f64::from(i * 7919 % 101) / 3.0)).collect()
}

/// How often the experiment's values rank as high as they do or higher, over all ways to split them.
fn share_of_splits(experiment: &[f64], control: &[f64]) -> f64 {
    let all: Vec<f64> = experiment.iter().chain(control).copied().collect();
    let sum = |chosen: &dyn Fn(usize) -> bool| -> u64 {
        let rank = |v: f64| all.iter().filter(|o| **o < v).count() as u64;
        (0..all.len()).filter(|i| chosen(*i)).map(|i| rank(all[i])).sum()
    };
    let seen = sum(&|i| i < experiment.len());
    let splits: Vec<u32> =
        (0..1_u32 << all.len()).filter(|bits| bits.count_ones() as usize == experiment.len()).collect();
    let as_high = splits.iter().filter(|bits| sum(&|i| *bits >> i & 1 == 1) >= seen).count();
    as_high as f64 / splits.len() as f64
}

/// What is held against 40 values.
#[derive(Debug, Clone, Copy)]
enum Side {
    Same,
    /// 30 % slower.
    Slower,
    /// Four values.
    Little,
}

/// Criteria of passing and of a warning, with what they come to and how that is told.
const FOUND: [(&str, Option<&str>, Side, Status, &str); 10] = [
    (
        "no increase",
        None,
        Side::Same,
        Status::Passed,
        "an increase is not shown (p 0.5038 at a level of 5 %); shift 0 ms",
    ),
    (
        "no increase",
        None,
        Side::Slower,
        Status::Failed,
        "an increase is shown (p < 0.0001 at a level of 5 %); shift +",
    ),
    (
        "no increase",
        Some("no increase beyond 60 ms"),
        Side::Slower,
        Status::Warning,
        "an increase is shown (p < 0.0001 at a level of 5 %), an increase beyond 60 ms is not (p 1); shift +",
    ),
    (
        "no increase",
        Some("proven no increase beyond 60 ms"),
        Side::Slower,
        Status::Warning,
        "an increase is shown (p < 0.0001 at a level of 5 %), an increase beyond 60 ms is ruled out (p < 0.0001)",
    ),
    (
        "proven no increase beyond 20 % at 1 %",
        None,
        Side::Same,
        Status::Passed,
        "an increase beyond 20 % is ruled out (p < 0.0001 at a level of 1 %)",
    ),
    (
        "proven no increase beyond 3 ms",
        None,
        Side::Same,
        Status::Inconclusive,
        "an increase beyond 3 ms is neither shown nor ruled out (p 0.",
    ),
    (
        "proven no increase beyond 3 ms",
        Some("no increase beyond 3 ms"),
        Side::Same,
        Status::Warning,
        "an increase beyond 3 ms is not ruled out (p 0.",
    ),
    ("no decrease in spread", None, Side::Same, Status::Passed, "a decrease in spread is not shown"),
    (
        "no change",
        None,
        Side::Little,
        Status::Inconclusive,
        "4 values against 40: at least 5 a side are expected; 4 values against 40 of the control",
    ),
    (
        "no increase in p99",
        None,
        Side::Same,
        Status::Inconclusive,
        "40 values against 40: at least 299 a side are expected",
    ),
];

#[test]
fn says_what_it_found() {
    let before = one(values("latency", &spread_out(40, 1.0)));
    let slower = one(values("latency", &spread_out(40, 1.3)));
    let little = one(values("latency", &spread_out(4, 1.0)));
    for (pass, warn, side, status, reason) in FOUND {
        let experiment = match side {
            Side::Same => &before,
            Side::Slower => &slower,
            Side::Little => &little,
        };
        let mut condition = ConditionSpec::new("c", "latency", pass);
        condition.warn = warn.map(Into::into);
        let verdict = held(condition, experiment, &before);
        let found = verdict.condition("c").unwrap();
        assert_eq!(found.status(), status, "{pass}: {}", found.reason_text());
        assert!(found.reason_text().starts_with(reason), "{pass}: {}", found.reason_text());
    }
}

#[test]
fn rates_are_told_as_counts() {
    let errors = |part| one(Measure::fraction(id("errors"), part, 100_000, Unit::Percent));
    let pass = "no increase in rate beyond 0.1 pp";
    let verdict = held(ConditionSpec::new("c", "errors", pass), &errors(300), &errors(100));
    assert_eq!(
        verdict.condition("c").unwrap().reason_text(),
        "an increase in rate beyond 0.1 pp is shown (p < 0.0001 at a level of 5 %); \
         300 of 100000 against 100 of 100000: +0.2 pp (0.1614 to 0.24), held against the control",
    );
    assert!(matches!(verdict.condition("c").unwrap().distance(), Distance::Unknown { .. }));
    assert_eq!(
        verdict.condition("c").unwrap().distance().to_string(),
        "a comparison of samples has no distance"
    );
}

#[test]
fn amounts_are_in_the_unit_of_the_measure() {
    // Shares of outcomes: 0.3 % against 0.1 %, in either unit.
    let errors = |part, unit| one(Measure::fraction(id("errors"), part, 100_000, unit));
    for (pass, unit, status) in [
        ("no increase in rate beyond 0.001 ratio", Unit::Ratio, Status::Failed),
        ("no increase in rate beyond 0.01 ratio", Unit::Ratio, Status::Passed),
        ("no increase in rate beyond 0.1 pp", Unit::Percent, Status::Failed),
        ("no increase in rate beyond 1 pp", Unit::Percent, Status::Passed),
        ("no increase in rate beyond 100 %", Unit::Percent, Status::Failed),
        ("no increase in rate beyond 300 %", Unit::Percent, Status::Passed),
    ] {
        let verdict = held(ConditionSpec::new("c", "errors", pass), &errors(300, unit), &errors(100, unit));
        assert_eq!(verdict.status(), status, "{pass}");
    }
    // Values that are percentages themselves, by ten points higher.
    let load = |by: f64| {
        let values: Vec<f64> = spread_out(40, 0.3).iter().map(|v| v + by).collect();
        one(sampled(id("load"), Unit::Percent, &values).unwrap())
    };
    for (pass, status) in
        [("no increase beyond 20 pp", Status::Passed), ("no increase beyond 1 pp", Status::Failed)]
    {
        let verdict = held(ConditionSpec::new("c", "load", pass), &load(10.0), &load(0.0));
        assert_eq!(verdict.status(), status, "{pass}");
    }
}

#[test]
fn baselines_are_runs_or_the_control() {
    let run = |name: &str, day: u32, status, factor: f64| {
        let at = format!("2026-11-{day:02}T00:00:00Z").parse().unwrap();
        Run::new(name, at, one(values("latency", &spread_out(20, factor)))).with_status(status)
    };
    let history = History::new(vec![
        run("a", 1, Status::Passed, 1.0),
        run("b", 2, Status::Passed, 1.02),
        run("slow", 3, Status::Failed, 2.0),
    ])
    .unwrap();
    let (measures, control) =
        (one(values("latency", &spread_out(20, 1.5))), one(values("latency", &spread_out(30, 1.5))));
    let evidence = Evidence::new(&measures).with_history(&history).with_control(&control);
    for (baseline, status, sizes, origin) in [
        (None, Status::Passed, (20, 30, 0), "20 values against 30 of the control"),
        (Some(BaselineSpec::control()), Status::Passed, (20, 30, 0), "of the control"),
        (Some(BaselineSpec::last()), Status::Passed, (20, 20, 1), "of one run"),
        (Some(BaselineSpec::run("a")), Status::Failed, (20, 20, 1), "of run a"),
        (Some(BaselineSpec::last_passed(5)), Status::Failed, (20, 40, 2), "of 2 runs"),
    ] {
        let mut condition = ConditionSpec::new("c", "latency", "no increase");
        condition.baseline = baseline.clone();
        let verdict = gate_of(condition).evaluate(&evidence);
        let found = verdict.condition("c").unwrap();
        let compared = found.comparison().unwrap();
        assert_eq!(found.status(), status, "{baseline:?}");
        assert_eq!((compared.size, compared.baseline_size, compared.runs), sizes, "{baseline:?}");
        assert!(found.reason_text().contains(origin), "{}", found.reason_text());
    }
    // What is not there is told, and its policy decides.
    for (absent, status) in [
        (NoBaseline::Inconclusive, Status::Inconclusive),
        (NoBaseline::Fail, Status::Failed),
        (NoBaseline::Skip, Status::Inconclusive),
    ] {
        for baseline in [BaselineSpec::run("z"), BaselineSpec::last_passed(9).with_at_least(3)] {
            let condition =
                ConditionSpec::new("c", "latency", "no increase").with_baseline(baseline.with_absent(absent));
            let verdict = gate_of(condition).evaluate(&evidence);
            assert_eq!((verdict.status(), ground(&verdict)), (status, Ground::NoBaseline));
            assert!(verdict.condition("c").unwrap().reason_text().starts_with("no samples of "));
        }
        let condition = ConditionSpec::new("c", "latency", "no increase")
            .with_baseline(BaselineSpec::control().with_absent(absent));
        let verdict = gate_of(condition).evaluate(&Evidence::new(&measures));
        assert_eq!((verdict.status(), ground(&verdict)), (status, Ground::NoBaseline));
    }
    // A plain criterion can be held against the control too.
    let condition = ConditionSpec::new("c", "latency", "<= baseline + 1 %")
        .with_unit(Unit::Milliseconds)
        .with_baseline(BaselineSpec::control());
    let verdict = gate_of(condition.clone()).evaluate(&evidence);
    assert_eq!(verdict.status(), Status::Passed);
    assert!(verdict.condition("c").unwrap().reason_text().contains(", of the control, which asks for <= "));
    assert_eq!(ground(&gate_of(condition).evaluate(&Evidence::new(&measures))), Ground::NoBaseline);
}

/// A run that kept no samples, or counted nothing, is no baseline; the one before it is.
#[test]
fn runs_without_anything_to_compare_are_passed_over() {
    let run = |name: &str, day: u32, measure: Measure| {
        Run::new(name, format!("2026-11-{day:02}T00:00:00Z").parse().unwrap(), one(measure))
    };
    let number = Measure::number(id("m"), 100.0, Unit::Percent).unwrap();
    let sample = sampled(id("m"), Unit::Percent, &spread_out(20, 0.3)).unwrap();
    let counts = |part, whole| Measure::fraction(id("m"), part, whole, Unit::Percent);
    let history = History::new(vec![
        run("counts", 1, counts(3, 1000)),
        run("samples", 2, sample.clone()),
        run("number", 3, number),
        run("none of none", 4, counts(0, 0)),
    ])
    .unwrap();
    for (pass, measure, size) in [("no increase", sample, 20), ("no increase in rate", counts(4, 1000), 1000)]
    {
        let condition = ConditionSpec::new("c", "m", pass).with_baseline(BaselineSpec::last());
        let measures = one(measure);
        let verdict = gate_of(condition).evaluate(&Evidence::new(&measures).with_history(&history));
        let compared = verdict.condition("c").unwrap().comparison().unwrap();
        assert_eq!((verdict.status(), compared.baseline_size), (Status::Passed, size), "{pass}");
    }
}

#[test]
fn the_level_is_shared_by_those_that_write_none() {
    let gate = Gate::build(
        GateSpec::new("g")
            .with_condition(ConditionSpec::new("a", "a", "no increase"))
            .with_condition(ConditionSpec::new("b", "b", "no change beyond 5 %"))
            .with_condition(ConditionSpec::new("own", "c", "no increase at 1 %"))
            .with_condition(ConditionSpec::new("shadow", "d", "no increase").with_shadow(true)),
    )
    .unwrap();
    let all: Vec<Measure> = ["a", "b", "c", "d"].map(|m| values(m, &spread_out(30, 1.0))).to_vec();
    let all = Measures::try_from(all).unwrap();
    let verdict = gate.evaluate(&Evidence::new(&all).with_control(&all));
    let level = |name: &str| verdict.condition(name).unwrap().comparison().unwrap().level;
    assert_eq!([level("a"), level("b"), level("own"), level("shadow")], [0.025, 0.025, 0.01, 0.025]);
}

#[test]
fn samples_are_thinned_in_each_run_by_itself() {
    let ramp: Vec<f64> = (0..25).map(f64::from).collect();
    let run =
        |name: &str| Run::new(name, "2026-11-24T00:00:00Z".parse().unwrap(), one(values("latency", &ramp)));
    let history = History::new(vec![run("a"), run("b")]).unwrap();
    let condition = ConditionSpec::new("c", "latency", "no change")
        .with_sampling(Sampling::Block { length: 4 })
        .with_baseline(BaselineSpec::last_k(2));
    let measures = one(values("latency", &ramp));
    let verdict = gate_of(condition).evaluate(&Evidence::new(&measures).with_history(&history));
    let compared = verdict.condition("c").unwrap().comparison().unwrap();
    assert_eq!((compared.size, compared.baseline_size), (6, 12));
}

#[test]
fn what_cannot_be_compared_never_passes() {
    let good = values("latency", &spread_out(40, 1.0));
    let control = one(good.clone());
    let huge = values("latency", &[1e308; 10]);
    let number = Measure::number(id("latency"), 100.0, Unit::Milliseconds).unwrap().with_sample_size(1000);
    let text = Value::Text { value: "fast".into() };
    let cases = [
        ("absent", None, Ground::Missing),
        ("no values", Some(values("latency", &[])), Ground::Missing),
        ("one value", Some(values("latency", &[1.0])), Ground::TooFewSamples),
        ("a number alone", Some(number), Ground::NotComparable),
        (
            "a fraction",
            Some(Measure::fraction(id("latency"), 1, 100, Unit::Milliseconds)),
            Ground::NotComparable,
        ),
        (
            "nothing of nothing",
            Some(Measure::fraction(id("latency"), 0, 0, Unit::Milliseconds)),
            Ground::Missing,
        ),
        ("a text", Some(Measure::new(id("latency"), text, Unit::Milliseconds)), Ground::WrongKind),
        ("a flag", Some(Measure::new(id("latency"), true.into(), Unit::Milliseconds)), Ground::WrongKind),
        ("huge", Some(huge), Ground::NotComparable),
        (
            "another unit",
            Some(sampled(id("latency"), Unit::Seconds, &spread_out(40, 0.001)).unwrap()),
            Ground::WrongUnit,
        ),
        ("another scope", Some(good.clone().with_scope(Scope::NewCode)), Ground::Missing),
    ];
    for missing in [Missing::Inconclusive, Missing::Fail, Missing::Skip] {
        for pass in ["no increase beyond 5 ms", "no change beyond 5 ms", "proven no increase beyond 90 ms"] {
            for (name, measure, expected) in &cases {
                let condition = ConditionSpec::new("c", "latency", pass)
                    .with_unit(Unit::Milliseconds)
                    .with_missing(missing)
                    .with_warn(pass);
                let measures = Measures::try_from(measure.iter().cloned().collect::<Vec<_>>()).unwrap();
                let verdict = held(condition, &measures, &control);
                let what = format!("{pass} {name} {missing:?}");
                assert_eq!(ground(&verdict), *expected, "{what}");
                let too_few = *expected == Ground::TooFewSamples;
                let status = match missing {
                    Missing::Fail if !too_few => Status::Failed,
                    _ => Status::Inconclusive,
                };
                assert_eq!((verdict.status(), verdict.recomputed()), (status, status), "{what}");
                let json = serde_json::to_string(&verdict).unwrap();
                assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict, "{what}");
            }
        }
    }
}

#[test]
fn samples_that_could_show_nothing_do_not_pass() {
    let good = values("latency", &spread_out(40, 1.0));
    let control = one(good.clone());
    let five = one(values("latency", &spread_out(5, 1.0)));
    let verdict = held(ConditionSpec::new("c", "latency", "no increase at 0.1 %"), &five, &five);
    assert_eq!((verdict.status(), ground(&verdict)), (Status::Inconclusive, Ground::CannotShow));
    assert_eq!(
        verdict.condition("c").unwrap().reason_text(),
        "5 values against 5 could not show an increase at a level of 0.1 %; 5 values against 5 of the control",
    );
    // Counts where values are asked for, and the other way round.
    let counts = one(Measure::fraction(id("latency"), 1, 100, Unit::Percent));
    let verdict = held(ConditionSpec::new("c", "latency", "no increase in rate"), &control, &counts);
    assert_eq!(ground(&verdict), Ground::NoBaseline);
    let verdict = gate_of(ConditionSpec::new("c", "latency", "no increase"))
        .evaluate_indexed(&[devops_gates::Slot::Measured(&good)]);
    assert_eq!((verdict.status(), ground(&verdict)), (Status::Inconclusive, Ground::NoBaseline));
}

#[test]
fn faults_have_a_place() {
    let base = || ConditionSpec::new("c", "latency", "no increase");
    for (condition, expected) in [
        (base().with_missing(Missing::LastKnown { max_age_hours: 1 }), "conditions[0].missing: `last_known`"),
        (base().with_min_samples(1), "conditions[0].min_samples: `1` is outside 2 to 1000000"),
        (
            base().with_sampling(Sampling::Thin { every: 1 }),
            "conditions[0].sampling.every: `1` is outside 2 to 1000000",
        ),
        (
            ConditionSpec::new("c", "errors", "no increase in rate")
                .with_sampling(Sampling::Block { length: 2 }),
            "conditions[0].sampling: `thinned or blocked counts`",
        ),
        (
            ConditionSpec::new("c", "latency", ">= 8").with_sampling(Sampling::Block { length: 2 }),
            "conditions[0].sampling: `>= 8`",
        ),
        (base().with_baseline(BaselineSpec::value("7".parse().unwrap())), "conditions[0].baseline.from: `7`"),
        (
            base().with_baseline(BaselineSpec::last_k(3).with_aggregate(Aggregate::P90)),
            "conditions[0].baseline.aggregate: `p90`",
        ),
        (
            base().with_baseline(BaselineSpec::control().with_zero(ZeroBaseline::Fail)),
            "conditions[0].baseline: `a policy for a baseline of zero or below`",
        ),
        (
            base().with_baseline(BaselineSpec::control().with_negative(NegativeBaseline::Fail)),
            "conditions[0].baseline: `a policy for a baseline of zero or below`",
        ),
        (
            base().with_stable(StabilitySpec::default().with_recover("no increase")),
            "conditions[0].stable.recover: `no increase`",
        ),
        (base().with_warn("<= 8"), "conditions[0].warn: `<= 8`"),
        (base().with_warn("no decrease"), "conditions[0].warn: `no decrease`"),
        (base().with_warn("no increase at 1 %"), "conditions[0].warn: `no increase at 1 %`"),
        (
            ConditionSpec::on_findings("c", devops_gates::FindingsSpec::count(), "no increase"),
            "conditions[0].findings: `no increase`",
        ),
        (
            ConditionSpec::new("c", "latency", "no increase beyond 5 ms").with_unit(Unit::Seconds),
            "conditions[0].pass: `no increase beyond 5 ms`",
        ),
    ] {
        let error = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}

#[test]
fn remarks() {
    let lints = |condition: ConditionSpec| -> Vec<(String, LintKind)> {
        gate_of(condition).lints().iter().map(|l| (l.path.clone(), l.kind)).collect()
    };
    let base = |warn: &str| ConditionSpec::new("c", "latency", "no increase beyond 5 %").with_warn(warn);
    assert_eq!(lints(base("no increase beyond 8 %")), []);
    assert_eq!(lints(base("no increase beyond 8 ms")), []);
    for within in ["no increase beyond 5 %", "no increase", "proven no increase beyond 3 %"] {
        assert_eq!(lints(base(within)), [("conditions[0].warn".into(), LintKind::UnreachableWarning)]);
    }
    let skips =
        base("no increase beyond 8 %").with_baseline(BaselineSpec::control().with_absent(NoBaseline::Skip));
    assert_eq!(lints(skips), [("conditions[0].baseline.absent".into(), LintKind::RewardsSilence)]);
    let two = |a: &str, b: &str| {
        let spec = GateSpec::new("g")
            .with_condition(ConditionSpec::new("a", "latency", a))
            .with_condition(ConditionSpec::new("b", "latency", b));
        Gate::build(spec).unwrap().lints().iter().map(|l| l.kind).collect::<Vec<_>>()
    };
    assert_eq!(two("no increase", "no increase beyond 5 %"), [LintKind::Redundant]);
    assert_eq!(two("no increase", "no decrease"), []);
    assert_eq!(two("no increase", "no increase in spread"), []);
}

#[test]
fn waits_for_both_sides() {
    let gate = gate_of(ConditionSpec::new("c", "latency", "no increase"));
    let (none, some) = (Measures::new(), one(values("latency", &spread_out(30, 1.0))));
    let pending = Pending::metrics(BTreeSet::from([id("latency")]));
    for (measures, control, decided) in
        [(&none, &none, false), (&some, &none, false), (&none, &some, false), (&some, &some, true)]
    {
        let evidence = Evidence::new(measures).with_control(control);
        assert_eq!(gate.decide_early(&evidence, &pending).status().is_some(), decided);
    }
}

#[test]
fn conditions_that_are_not_to_flap_wait_for_a_row() {
    let condition = ConditionSpec::new("c", "latency", "no increase")
        .with_stable(StabilitySpec::default().with_fail_after(2));
    let gate = gate_of(condition);
    let (before, slower) =
        (one(values("latency", &spread_out(30, 1.0))), one(values("latency", &spread_out(30, 2.0))));
    let first = gate.evaluate(&Evidence::new(&slower).with_control(&before));
    assert_eq!((first.status(), ground(&first)), (Status::Warning, Ground::NotYetFailed));
    let state = first.state();
    let second = gate.evaluate(&Evidence::new(&slower).with_control(&before).with_state(&state));
    assert_eq!((second.status(), ground(&second)), (Status::Failed, Ground::DoesNotHold));
}

/// Three metrics that nothing changed: normal, log-normal and counted.
#[test]
fn a_gate_raises_false_alarms_no_oftener_than_told() {
    let gate = Gate::build(
        GateSpec::new("g")
            .with_condition(ConditionSpec::new("a", "a", "no increase"))
            .with_condition(ConditionSpec::new("b", "b", "no change"))
            .with_condition(ConditionSpec::new("c", "c", "no increase in rate")),
    )
    .unwrap();
    let mut rng = Rng::new(7);
    let mut side = |n: usize| {
        let a: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
        let b: Vec<f64> = (0..n).map(|_| libm::exp(rng.normal())).collect();
        let events = (0..400).filter(|_| rng.next_f64() < 0.03).count() as u64;
        Measures::try_from(vec![
            values("a", &a),
            values("b", &b),
            Measure::fraction(id("c"), events, 400, Unit::Percent),
        ])
        .unwrap()
    };
    let runs = 600_u32;
    let mut alarms = 0;
    for _ in 0..runs {
        let (control, experiment) = (side(15), side(15));
        let verdict = gate.evaluate(&Evidence::new(&experiment).with_control(&control));
        alarms += u32::from(verdict.status() == Status::Failed);
    }
    // 5 % and three standard errors.
    assert!(f64::from(alarms) / f64::from(runs) < 0.05 + 3.0 * 0.0089, "{alarms}");
}

fn sample() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec((0u32..30).prop_map(f64::from), 5..14)
}

/// A criterion in the words of a gate, and what asks the same of the judge.
fn question() -> impl Strategy<Value = (String, CanaryMetric)> {
    let direction = prop_oneof![
        Just(("increase", Direction::Increase)),
        Just(("decrease", Direction::Decrease)),
        Just(("change", Direction::Either)),
    ];
    let look = prop_oneof![
        Just(("", CanaryTest::Shift)),
        Just((" in spread", CanaryTest::Spread)),
        Just((" in p60", CanaryTest::tail(0.6))),
    ];
    let tolerance = prop_oneof![
        Just((String::new(), Tolerance::None)),
        (1u32..40)
            .prop_map(|n| (format!(" beyond {n} %"), Tolerance::Relative { share: f64::from(n) / 100.0 })),
        (1u32..12).prop_map(|n| (format!(" beyond {n} ms"), Tolerance::Absolute { value: f64::from(n) })),
    ];
    (direction, look, tolerance).prop_map(|((word, direction), (in_what, test), (beyond, tolerance))| {
        let metric = CanaryMetric::new("latency", direction).with_tests([test]).with_tolerance(tolerance);
        (format!("no {word}{in_what}{beyond}"), metric)
    })
}

proptest! {
    #[test]
    fn agrees_with_the_judge((pass, metric) in question(), x in sample(), y in sample(), level in 1u32..30) {
        let alpha = f64::from(level) / 100.0;
        let policy = JudgePolicySpec::new("p").with_alpha(alpha).with_metric(metric);
        let (experiment, control) = (one(values("latency", &x)), one(values("latency", &y)));
        let judged = judge(&control, &experiment, &JudgePolicy::build(policy).unwrap());
        let expected = match judged.metrics[0].tests[0].ground {
            TestGround::Harm => Ground::DoesNotHold,
            TestGround::TooFewValues { .. } => Ground::TooFewSamples,
            TestGround::CannotShow => Ground::CannotShow,
            _ => Ground::Holds,
        };
        let verdict = held(ConditionSpec::new("c", "latency", format!("{pass} at {level} %")), &experiment, &control);
        prop_assert_eq!(ground(&verdict), expected);
        let proven = !pass.ends_with('e') && !pass.ends_with("spread") && !pass.ends_with("p60");
        if proven {
            let verdict = held(
                ConditionSpec::new("c", "latency", format!("proven {pass} at {level} %")), &experiment, &control,
            );
            let safe = judged.metrics[0].tests[0].p.is_some_and(|p| p.safe <= alpha);
            let expected = match expected {
                Ground::Holds if !safe => Ground::NotProven,
                other => other,
            };
            prop_assert_eq!(ground(&verdict), expected);
        }
    }

    #[test]
    fn agrees_with_a_count_of_all_splits(order in Just((0u32..11).collect::<Vec<_>>()).prop_shuffle(), n in 5usize..7, level in 1u32..50) {
        let all: Vec<f64> = order.iter().map(|v| f64::from(*v)).collect();
        let (x, y) = all.split_at(n);
        let p = share_of_splits(x, y);
        let verdict = held(
            ConditionSpec::new("c", "latency", format!("no increase at {level} %")),
            &one(values("latency", x)), &one(values("latency", y)),
        );
        let compared = verdict.condition("c").unwrap().comparison().unwrap();
        if let Some(found) = compared.pass {
            prop_assert!((found.change - p).abs() < 1e-12, "{} {p}", found.change);
            prop_assert_eq!(ground(&verdict) == Ground::DoesNotHold, found.change <= f64::from(level) / 100.0);
        }
    }

    #[test]
    fn laws((pass, _) in question(), x in sample(), y in sample(), scale in -9i32..10, reversed in any::<bool>()) {
        // The order of values does not matter, nor does the unit where no amount is in one.
        let condition = || ConditionSpec::new("c", "latency", pass.clone());
        let verdict = held(condition(), &one(values("latency", &x)), &one(values("latency", &y)));
        let turned = |v: &[f64], factor: f64| {
            let mut v: Vec<f64> = v.iter().map(|v| v * factor).collect();
            if reversed { v.reverse(); }
            one(values("latency", &v))
        };
        let factor = if pass.ends_with("ms") { 1.0 } else { libm::pow(10.0, f64::from(scale)) };
        let other = held(condition(), &turned(&x, factor), &turned(&y, factor));
        prop_assert_eq!(ground(&other), ground(&verdict));
        let p = |v: &Verdict| v.condition("c").unwrap().comparison().unwrap().pass;
        prop_assert_eq!(p(&other), p(&verdict));
        prop_assert_eq!(verdict.recomputed(), verdict.status());
        let json = serde_json::to_string(&verdict).unwrap();
        prop_assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
    }

    #[test]
    fn more_is_never_better(x in sample(), y in sample(), at in 0usize..5, by in 1u32..40, beyond in 0u32..30) {
        let tolerance = if beyond == 0 { String::new() } else { format!(" beyond {beyond} %") };
        let of = |x: &[f64]| {
            let condition = ConditionSpec::new("c", "latency", "no increase")
                .with_warn(format!("no increase{tolerance}"));
            held(condition, &one(values("latency", x)), &one(values("latency", &y))).status()
        };
        let mut worse = x.clone();
        worse[at] += f64::from(by);
        prop_assert!(of(&worse) <= of(&x));
    }

    #[test]
    fn withholding_never_improves(
        x in sample(), y in sample(), slow in sample(),
        combine in prop_oneof![
            Just(Combine::All), Just(Combine::Any), Just(Combine::AtLeast { k: 2 }), Just(Combine::weighted(80.0, 40.0)),
        ],
        fails in any::<bool>(), withheld in 0usize..3, side in any::<bool>(),
    ) {
        let missing = if fails { Missing::Fail } else { Missing::Inconclusive };
        let mut spec = GateSpec::new("g").with_combine(combine);
        for name in ["a", "b", "c"] {
            spec = spec.with_condition(
                ConditionSpec::new(name, name, "no increase").with_warn("no increase beyond 30 %").with_missing(missing),
            );
        }
        let gate = Gate::build(spec).unwrap();
        let all = |lists: [&[f64]; 3]| -> Vec<Measure> {
            ["a", "b", "c"].into_iter().zip(lists).map(|(m, v)| values(m, v)).collect()
        };
        let (mut experiment, mut control) = (all([&x, &slow, &y]), all([&y, &x, &slow]));
        let verdict = |e: &[Measure], c: &[Measure]| {
            let (e, c) = (Measures::try_from(e.to_vec()).unwrap(), Measures::try_from(c.to_vec()).unwrap());
            gate.evaluate(&Evidence::new(&e).with_control(&c)).status()
        };
        let before = verdict(&experiment, &control);
        if side { experiment.remove(withheld); } else { control.remove(withheld); }
        let after = verdict(&experiment, &control);
        prop_assert!(after <= before || (before == Status::Failed && after == Status::Inconclusive));
    }
}

#[test]
fn the_written_forms_are_read() {
    let toml = r#"
        format = 1
        name = "release"
        [[conditions]]
        name = "no_slower"
        metric = "latency"
        pass = "no increase beyond 5 %"
        sampling = { kind = "block", length = 3 }
        baseline = { from = { kind = "control" } }
    "#;
    let spec: GateSpec = toml::from_str(toml).unwrap();
    assert_eq!(spec.conditions[0].baseline, Some(BaselineSpec::control()));
    let again: GateSpec = serde_json::from_str(&serde_json::to_string(&spec).unwrap()).unwrap();
    assert_eq!(again, spec);
    let error =
        toml::from_str::<GateSpec>(&toml.replace(r#"kind = "control""#, r#"kind = "control", k = 2"#));
    assert!(error.unwrap_err().to_string().contains("unknown field `k`"));
    let number = |v: f64| Number::new(v).unwrap();
    assert_eq!(values("latency", &[1.0, 2.0]).samples(), [number(1.0), number(2.0)]);
}
