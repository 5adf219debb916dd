//! What is missing, of another kind or in another unit never passes: every kind of condition, every kind of
//! value, every policy.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{Measure, Measures, MetricId, Number, Unit, Value};
use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, Ground, Missing, Status, Verdict};

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
