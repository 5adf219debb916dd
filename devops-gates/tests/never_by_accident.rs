//! What is missing, of another kind or in another unit never passes: every kind of condition, every kind of
//! value, every policy.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests may panic"
)]

use devops_core::{Finding, Measure, Measures, MetricId, Number, RuleId, Severity, Timestamp, Unit, Value};
use devops_gates::{
    BaselineSpec, ConditionSpec, Evidence, FindingsSpec, Gate, GateSpec, GateState, Ground, History,
    LintKind, MinEvidence, Missing, NegativeBaseline, NoBaseline, Run, StabilitySpec, Status, Verdict,
    ZeroBaseline,
};

const NUMERIC: [&str; 12] = [
    "< 1e9",
    "<= 1e9",
    "= 7",
    "!= 8",
    ">= 0",
    "> -1",
    "in [0, 1e9]",
    "in (-1, 1e9)",
    "not in [3, 4]",
    "in {7}",
    "not in {8}",
    "not in (3, 4)",
];
const TEXTS: [&str; 4] = ["= \"ok\"", "!= \"bad\"", "in {\"ok\", \"fine\"}", "not in {\"bad\", \"worse\"}"];
const FLAGS: [&str; 3] = ["= true", "= false", "!= false"];

const POLICIES: [Missing; 3] = [Missing::Inconclusive, Missing::Fail, Missing::Skip];

fn values() -> Vec<(&'static str, Value)> {
    vec![
        ("number", Value::number_or_missing(7.0)),
        ("fraction", Value::Fraction { part: 7, whole: 1 }),
        ("empty fraction", Value::Fraction { part: 7, whole: 0 }),
        ("NaN", Value::number_or_missing(f64::NAN)),
        ("infinity", Value::number_or_missing(f64::INFINITY)),
        ("missing", Value::Missing { reason: "no report".into() }),
        ("text", Value::Text { value: "ok".into() }),
        ("numeric text", Value::Text { value: "7".into() }),
        ("true", Value::from(true)),
        ("false", Value::from(false)),
    ]
}

fn verdict(pass: &str, missing: Missing, value: Option<(Value, Unit)>) -> Verdict {
    let condition =
        ConditionSpec::new("c", "m", pass).with_unit(Unit::Count).with_missing(missing).with_warn(pass);
    let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
    let mut measures = Measures::new();
    if let Some((value, unit)) = value {
        measures.insert(Measure::new(MetricId::new("m").unwrap(), value, unit)).unwrap();
    }
    gate.evaluate(&Evidence::new(&measures))
}

fn expected(ground: Ground, missing: Missing) -> (Status, bool) {
    match (ground, missing) {
        (Ground::Missing, Missing::Skip) => (Status::Inconclusive, false),
        (_, Missing::Fail) => (Status::Failed, true),
        _ => (Status::Inconclusive, true),
    }
}

fn assert_ground(verdict: &Verdict, ground: Ground, missing: Missing, what: &str) {
    let condition = verdict.condition("c").unwrap();
    assert_eq!(condition.ground(), ground, "{what}");
    let (status, counted) = expected(ground, missing);
    assert_eq!((condition.status(), condition.is_counted()), (status, counted), "{what}");
    // A gate of which nothing counts is inconclusive, not passed.
    assert_eq!(verdict.status(), status, "{what}");
    assert_eq!(verdict.recomputed(), verdict.status(), "{what}");
}

#[test]
fn numbers_hold_where_they_should() {
    for pass in NUMERIC {
        for (name, value) in values().into_iter().take(2) {
            let verdict = verdict(pass, Missing::Inconclusive, Some((value, Unit::Count)));
            assert_eq!(verdict.status(), Status::Passed, "{pass} {name}");
        }
    }
}

#[test]
fn numeric_conditions() {
    for pass in NUMERIC {
        for missing in POLICIES {
            assert_ground(&verdict(pass, missing, None), Ground::Missing, missing, pass);
            for (name, value) in values() {
                let what = format!("{pass} {name} {missing:?}");
                let ground = match name {
                    "number" | "fraction" => Ground::WrongUnit,
                    "text" | "numeric text" | "true" | "false" => Ground::WrongKind,
                    _ => Ground::Missing,
                };
                // In a wrong unit nothing is compared, whatever the value.
                for unit in [Unit::Percent, Unit::Ratio, Unit::None, Unit::Milliseconds] {
                    assert_ground(
                        &verdict(pass, missing, Some((value.clone(), unit))),
                        ground,
                        missing,
                        &what,
                    );
                }
                if ground != Ground::WrongUnit {
                    let verdict = verdict(pass, missing, Some((value, Unit::Count)));
                    assert_ground(&verdict, ground, missing, &what);
                }
            }
        }
    }
}

#[test]
fn texts_and_flags() {
    for missing in POLICIES {
        for pass in TEXTS.into_iter().chain(FLAGS) {
            let text = TEXTS.contains(&pass);
            assert_ground(&verdict(pass, missing, None), Ground::Missing, missing, pass);
            for (name, value) in values() {
                let what = format!("{pass} {name} {missing:?}");
                let verdict = verdict(pass, missing, Some((value, Unit::Count)));
                match name {
                    "text" if text => assert_eq!(verdict.status(), Status::Passed, "{what}"),
                    "numeric text" if text => {}
                    "true" | "false" if !text => {
                        let wanted = pass == "= false";
                        let status =
                            if wanted == (name == "false") { Status::Passed } else { Status::Failed };
                        assert_eq!(verdict.status(), status, "{what}");
                    }
                    "empty fraction" | "NaN" | "infinity" | "missing" => {
                        assert_ground(&verdict, Ground::Missing, missing, &what);
                    }
                    _ => assert_ground(&verdict, Ground::WrongKind, missing, &what),
                }
            }
        }
    }
}

#[test]
fn too_few_observations_decide_nothing() {
    let gate = |missing| {
        let condition = ConditionSpec::new("c", "m", ">= 1")
            .with_unit(Unit::Count)
            .with_min_samples(20)
            .with_missing(missing);
        Gate::build(GateSpec::new("g").with_condition(condition)).unwrap()
    };
    let base = Measure::new(MetricId::new("m").unwrap(), Number::from(7).into(), Unit::Count);
    for missing in POLICIES {
        for (n, status) in
            [(None, Status::Inconclusive), (Some(19), Status::Inconclusive), (Some(20), Status::Passed)]
        {
            let measure = n.map_or_else(|| base.clone(), |n| base.clone().with_sample_size(n));
            let measures = Measures::try_from(vec![measure]).unwrap();
            assert_eq!(gate(missing).evaluate(&Evidence::new(&measures)).status(), status, "{n:?}");
        }
    }
}

#[test]
fn exact_comparisons() {
    for (pass, unit, value, holds) in [
        (">= 80 %", Unit::Percent, Value::number_or_missing(79.999_999_6), false),
        (">= 80 %", Unit::Percent, Value::number_or_missing(80.0), true),
        (">= 57 %", Unit::Percent, Value::Fraction { part: 57, whole: 100 }, true),
        (">= 0.57 ratio", Unit::Ratio, Value::Fraction { part: 57, whole: 100 }, true),
        ("> 57 %", Unit::Percent, Value::Fraction { part: 57, whole: 100 }, false),
        ("= 0.3", Unit::None, Value::number_or_missing(0.1 + 0.2), false),
        ("<= 0.3", Unit::None, Value::number_or_missing(0.1 + 0.2), false),
        (
            ">= 33.333333333333333333333333333333 %",
            Unit::Percent,
            Value::Fraction { part: 1, whole: 3 },
            true,
        ),
        (
            ">= 33.333333333333333333333333333334 %",
            Unit::Percent,
            Value::Fraction { part: 1, whole: 3 },
            false,
        ),
        (">= -5", Unit::None, Value::number_or_missing(-5.0), true),
        ("in [0, 1)", Unit::None, Value::number_or_missing(1.0), false),
        ("in (0, 1]", Unit::None, Value::number_or_missing(0.0), false),
        ("in (0, 1]", Unit::None, Value::number_or_missing(-0.0), false),
        ("in [0, 1]", Unit::None, Value::number_or_missing(-0.0), true),
    ] {
        let gate =
            Gate::build(GateSpec::new("g").with_condition(ConditionSpec::new("c", "m", pass))).unwrap();
        let measure = Measure::new(MetricId::new("m").unwrap(), value, unit);
        let measures = Measures::try_from(vec![measure]).unwrap();
        let expected = if holds { Status::Passed } else { Status::Failed };
        assert_eq!(gate.evaluate(&Evidence::new(&measures)).status(), expected, "{pass}");
    }
}

/// A kind of condition, and a value that passes it.
fn kinds() -> Vec<(ConditionSpec, Value)> {
    let number = || Value::number_or_missing(7.0);
    let text = |text: &str| Value::Text { value: text.into() };
    let mut kinds: Vec<(&str, Value)> = NUMERIC.iter().map(|pass| (*pass, number())).collect();
    kinds.extend(TEXTS.iter().map(|pass| (*pass, text("ok"))));
    kinds.extend([
        ("= true", Value::from(true)),
        ("= false", Value::from(false)),
        ("!= false", Value::from(true)),
    ]);
    kinds.extend([
        ("<= minor", text("minor")),
        (">= none", text("info")),
        ("!= critical", text("none")),
        ("<= baseline", number()),
        (">= baseline - 10 %", number()),
        ("< baseline + 5", number()),
        ("!= baseline + 1", number()),
        ("= baseline", number()),
    ]);
    let condition = |pass: &str| {
        let given = BaselineSpec::value("7".parse().unwrap());
        let relative = pass.contains("baseline").then_some(given);
        relative.into_iter().fold(ConditionSpec::new("c", "m", pass), ConditionSpec::with_baseline)
    };
    kinds
        .into_iter()
        .map(|(pass, value)| (condition(pass).with_warn(pass).with_unit(Unit::Count), value))
        .collect()
}

/// What stands for a measure that says nothing: its value, its unit and on how many observations it rests.
fn useless(condition: &ConditionSpec) -> Vec<(&'static str, Option<Measure>)> {
    let id = MetricId::new("m").unwrap();
    let of = |value: Value| Some(Measure::new(id.clone(), value, Unit::Count).with_sample_size(1000));
    let text = |text: &str| Value::Text { value: text.into() };
    let mut list = vec![
        ("absent", None),
        ("NaN", of(Value::number_or_missing(f64::NAN))),
        ("infinity", of(Value::number_or_missing(f64::INFINITY))),
        ("-infinity", of(Value::number_or_missing(f64::NEG_INFINITY))),
        ("missing", of(Value::Missing { reason: "no report".into() })),
        ("none of none", of(Value::Fraction { part: 0, whole: 0 })),
    ];
    let pass = condition.pass.as_str();
    let severity = pass.ends_with(|c: char| c.is_alphabetic()) && !pass.contains("baseline");
    let flag = pass.ends_with("true") || pass.ends_with("false");
    if !pass.contains('"') {
        list.push(("empty text", of(text(""))));
        list.push(("numeric text", of(text("7"))));
        list.push(("NaN as text", of(text("NaN"))));
        list.push(("flag as text", of(text("true"))));
    }
    if !flag {
        list.push(("true", of(Value::from(true))));
        list.push(("false", of(Value::from(false))));
    }
    if severity || flag || pass.contains('"') {
        list.push(("number", of(Value::number_or_missing(7.0))));
    } else {
        let other =
            |unit| Some(Measure::new(id.clone(), Number::from(7).into(), unit).with_sample_size(1000));
        list.push(("percent", other(Unit::Percent)));
        list.push(("no unit", other(Unit::None)));
        list.push(("milliseconds", other(Unit::Milliseconds)));
    }
    list
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const NOW: &str = "2026-11-25T00:00:00Z";

/// A history that has nothing young enough to say: too old, in the future, or without a value.
fn stale(good: &Value) -> Vec<History> {
    let run = |id: &str, time: &str, value: Value| {
        let measure = Measure::new(MetricId::new("m").unwrap(), value, Unit::Count).with_sample_size(1000);
        Run::new(id, at(time), Measures::try_from(vec![measure]).unwrap()).with_status(Status::Passed)
    };
    let missing = Value::Missing { reason: "no report".into() };
    vec![
        History::default(),
        History::new(vec![run("old", "2026-11-22T23:59:59.999Z", good.clone())]).unwrap(),
        History::new(vec![run("later", "2026-11-25T00:00:00.001Z", good.clone())]).unwrap(),
        History::new(vec![run("empty", "2026-11-24T00:00:00Z", missing)]).unwrap(),
    ]
}

/// Whatever the policy, there is no pass and no warning, and no trace that says so.
fn assert_no_pass(verdict: &Verdict, missing: Missing, what: &str) {
    let condition = verdict.condition("c").unwrap();
    let fails = missing == Missing::Fail;
    let status = if fails { Status::Failed } else { Status::Inconclusive };
    assert_eq!((verdict.status(), condition.status()), (status, status), "{what}");
    assert!(!matches!(condition.ground(), Ground::Holds | Ground::WarningHolds), "{what}");
    assert_eq!((verdict.passed(), verdict.recomputed()), (0, status), "{what}");
    let json = serde_json::to_string(verdict).unwrap();
    assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap().status(), status, "{what}");
}

#[test]
fn every_kind_by_every_policy_by_everything_useless() {
    let policies = POLICIES.into_iter().chain([Missing::LastKnown { max_age_hours: 48 }]);
    let mut cases = 0;
    for missing in policies {
        for (condition, good) in kinds() {
            let pass = condition.pass.clone();
            let condition = condition.with_missing(missing);
            let gate = |c: &ConditionSpec| Gate::build(GateSpec::new("g").with_condition(c.clone())).unwrap();
            let (plain, sampled) = (gate(&condition), gate(&condition.clone().with_min_samples(20)));
            let guarded = gate(&condition.clone().with_min_evidence(MinEvidence::new("lines", 20)));
            let lines =
                |n: u32| Measure::new(MetricId::new("lines").unwrap(), Number::from(n).into(), Unit::Lines);
            let measured = Measure::new(MetricId::new("m").unwrap(), good.clone(), Unit::Count);
            let judge = |gate: &Gate, list: Vec<Measure>, history: &History| {
                let measures = Measures::try_from(list).unwrap();
                gate.evaluate(&Evidence::new(&measures).with_history(history).with_now(at(NOW)))
            };
            let full = vec![measured.clone().with_sample_size(20), lines(20)];
            for history in stale(&good) {
                for gate in [&plain, &sampled, &guarded] {
                    assert_eq!(judge(gate, full.clone(), &history).status(), Status::Passed, "{pass}");
                    for (name, measure) in useless(&condition) {
                        let list = measure.into_iter().chain([lines(20)]).collect();
                        let what = format!("{pass} {name} {missing:?}");
                        assert_no_pass(&judge(gate, list, &history), missing, &what);
                        cases += 1;
                    }
                }
                // Too little to judge by is inconclusive, whatever the policy for what is missing.
                for (gate, list) in [
                    (&sampled, vec![measured.clone(), lines(20)]),
                    (&sampled, vec![measured.clone().with_sample_size(19), lines(20)]),
                    (&guarded, vec![measured.clone()]),
                    (&guarded, vec![measured.clone(), lines(19)]),
                ] {
                    let verdict = judge(gate, list, &history);
                    assert_eq!(verdict.status(), Status::Inconclusive, "{pass} {missing:?}");
                    assert_eq!(verdict.passed(), 0);
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 5000, "{cases}");
}

#[test]
fn a_baseline_of_no_use_never_passes() {
    let numbers = |value: f64| {
        let measure = Measure::new(MetricId::new("m").unwrap(), Value::number_or_missing(value), Unit::Count);
        Measures::try_from(vec![measure]).unwrap()
    };
    let run = |value: f64| Run::new("r", at("2026-11-24T00:00:00Z"), numbers(value));
    for pass in ["<= baseline + 10 %", ">= baseline - 10 %", "!= baseline + 0 %"] {
        for (baseline, absent) in [(f64::NAN, true), (f64::INFINITY, true), (0.0, false), (-5.0, false)] {
            for policy in 0..3 {
                let spec = BaselineSpec::last()
                    .with_absent([NoBaseline::Inconclusive, NoBaseline::Fail, NoBaseline::Skip][policy])
                    .with_zero([ZeroBaseline::Inconclusive, ZeroBaseline::Fail, ZeroBaseline::Skip][policy])
                    .with_negative(
                        [NegativeBaseline::Inconclusive, NegativeBaseline::Fail, NegativeBaseline::Skip]
                            [policy],
                    );
                let condition = ConditionSpec::new("c", "m", pass).with_unit(Unit::Count).with_baseline(spec);
                let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
                let history = History::new(vec![run(baseline)]).unwrap();
                let measures = numbers(1.0);
                let verdict = gate.evaluate(&Evidence::new(&measures).with_history(&history));
                let expected = if policy == 1 { Status::Failed } else { Status::Inconclusive };
                assert_eq!(verdict.status(), expected, "{pass} {baseline} {policy}");
                assert_eq!(verdict.condition("c").unwrap().ground() == Ground::NoBaseline, absent);
            }
        }
    }
}

#[test]
fn conditions_on_findings_need_findings() {
    let finding = Finding::new(RuleId::new("x").unwrap(), Severity::Critical, "x");
    for (spec, pass) in [
        (FindingsSpec::count(), "= 0"),
        (FindingsSpec::count(), "!= 3"),
        (FindingsSpec::max_severity(), "<= minor"),
        (FindingsSpec::max_severity(), "= none"),
    ] {
        for missing in POLICIES {
            let condition = ConditionSpec::on_findings("c", spec.clone(), pass).with_missing(missing);
            let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
            // A measure that is called so is none of them.
            let named = Measure::new(MetricId::new("findings").unwrap(), Number::ZERO.into(), Unit::Count);
            for measures in [Measures::new(), Measures::try_from(vec![named]).unwrap()] {
                let evidence = Evidence::new(&measures);
                assert_no_pass(&gate.evaluate(&evidence), missing, pass);
                let looked = gate.evaluate(&evidence.with_findings([]));
                assert_eq!(looked.status(), Status::Passed, "{pass}");
            }
            let verdict = gate.evaluate(&Evidence::new(&Measures::new()).with_findings([&finding]));
            assert_eq!(verdict.status() == Status::Passed, pass == "!= 3", "{pass}");
        }
    }
}

#[test]
fn a_condition_that_recovers_does_not_recover_on_nothing() {
    let stable = StabilitySpec::default().with_pass_after(2).with_recover(">= 8");
    for missing in POLICIES.into_iter().chain([Missing::LastKnown { max_age_hours: 48 }]) {
        let condition = ConditionSpec::new("c", "m", ">= 5")
            .with_unit(Unit::Count)
            .with_missing(missing)
            .with_stable(stable.clone());
        let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
        let failing: GateState =
            serde_json::from_str(r#"{"format":1,"conditions":[{"name":"c","failing":true,"streak":1}]}"#)
                .unwrap();
        for (name, measure) in useless(&gate.spec().conditions[0]) {
            let measures = Measures::try_from(measure.into_iter().collect::<Vec<_>>()).unwrap();
            let verdict = gate.evaluate(&Evidence::new(&measures).with_state(&failing));
            assert_no_pass(&verdict, missing, name);
            // What nobody could tell breaks no row.
            let streak = if missing == Missing::Fail { 0 } else { 1 };
            let state = serde_json::to_string(&verdict.state()).unwrap();
            assert!(state.contains(&format!("\"failing\":true,\"streak\":{streak}")), "{name} {state}");
        }
    }
}

#[test]
fn numbers_that_are_none_stop_at_the_boundary() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(Measure::number(MetricId::new("m").unwrap(), value, Unit::Count).is_err());
    }
    for value in ["1e999", "-1e999", "NaN", "\"7\"", "null"] {
        let json =
            format!(r#"[{{"metric":"m","value":{{"kind":"number","value":{value}}},"unit":"count"}}]"#);
        assert!(serde_json::from_str::<Measures>(&json).is_err(), "{value}");
    }
}

#[test]
fn policies_that_could_reward_silence_are_named() {
    for (missing, named) in POLICIES.into_iter().zip([false, false, true]) {
        let condition = ConditionSpec::new("c", "m", ">= 1").with_unit(Unit::Count).with_missing(missing);
        let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
        assert_eq!(gate.lints().iter().any(|l| l.kind == LintKind::RewardsSilence), named);
    }
}
