//! Conditions relative to a baseline, last known values and minimum evidence.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests may panic")]

use devops_core::{Measure, Measures, MetricId, Scope, Unit, Value};
use devops_gates::{
    Aggregate, BaselineSpec, ConditionSpec, Distance, Evidence, Gate, GateSpec, Ground, History, LintKind,
    MinEvidence, Missing, NegativeBaseline, NoBaseline, Run, Status, Verdict, ZeroBaseline,
};
use proptest::prelude::*;

fn id(text: &str) -> MetricId {
    MetricId::new(text).unwrap()
}

fn measures(value: Value, unit: Unit) -> Measures {
    Measures::try_from(vec![Measure::new(id("m"), value, unit)]).unwrap()
}

fn number(value: f64) -> Value {
    Value::number_or_missing(value)
}

/// Runs on consecutive days, all passed.
fn history(values: &[Value], unit: Unit) -> History {
    let run = |(index, value): (usize, &Value)| {
        let at = format!("2026-11-{:02}T00:00:00Z", index + 1).parse().unwrap();
        Run::new(format!("r{index}"), at, measures(value.clone(), unit)).with_status(Status::Passed)
    };
    History::new(values.iter().enumerate().map(run).collect()).unwrap()
}

fn condition(pass: &str, unit: Unit) -> ConditionSpec {
    ConditionSpec::new("c", "m", pass).with_unit(unit)
}

fn judge(condition: ConditionSpec, value: Value, unit: Unit, history: &History) -> Verdict {
    let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
    let verdict = gate.evaluate(&Evidence::new(&measures(value, unit)).with_history(history));
    assert_eq!(verdict.recomputed(), verdict.status());
    let json = serde_json::to_string(&verdict).unwrap();
    let read: Verdict = serde_json::from_str(&json).unwrap();
    assert_eq!(read, verdict);
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    verdict
}

#[test]
fn exact_at_the_threshold() {
    for (pass, unit, before, now, holds) in [
        ("<= baseline + 10 %", Unit::Milliseconds, 200.0, 220.0, true),
        ("<= baseline + 10 %", Unit::Milliseconds, 200.0, 220.0_f64.next_up(), false),
        // 0.1 + 10 % is 0.11, which no float sum decides.
        ("<= baseline + 10 %", Unit::Seconds, 0.1, 0.11, true),
        ("< baseline + 10 %", Unit::Seconds, 0.1, 0.11, false),
        ("= baseline + 0.1", Unit::None, 0.2, 0.3, true),
        ("= baseline + 0.1", Unit::None, 0.2, 0.1 + 0.2, false),
        (">= baseline - 2 pp", Unit::Percent, 80.0, 78.0, true),
        (">= baseline - 2 pp", Unit::Percent, 80.0, 77.999_999_9, false),
        // Ten percent of a coverage, not ten points.
        (">= baseline - 10 %", Unit::Percent, 80.0, 72.0, true),
        (">= baseline - 10 %", Unit::Percent, 80.0, 71.0, false),
        ("<= baseline + 5", Unit::Count, 0.0, 5.0, true),
        ("<= baseline", Unit::Count, 3.0, 3.0, true),
        ("> baseline", Unit::Count, 3.0, 3.0, false),
        ("!= baseline", Unit::Count, 3.0, 4.0, true),
        ("<= baseline - 5", Unit::None, -3.0, -8.0, true),
        // A plain sign is never relative.
        (">= -5", Unit::None, 100.0, -5.0, true),
        (">= -5", Unit::None, 100.0, -5.5, false),
    ] {
        let verdict = judge(condition(pass, unit), number(now), unit, &history(&[number(before)], unit));
        let expected = if holds { Status::Passed } else { Status::Failed };
        assert_eq!(verdict.status(), expected, "{pass}: {before} then {now}");
    }
}

#[test]
fn an_unchanged_fraction_is_unchanged() {
    let third = Value::Fraction { part: 1, whole: 3 };
    let same = Value::Fraction { part: 7, whole: 21 };
    for unit in [Unit::Percent, Unit::Ratio] {
        let history = history(&[third.clone(), third.clone(), third.clone()], unit);
        for aggregate in [Aggregate::Mean, Aggregate::Median, Aggregate::P90, Aggregate::P95] {
            let baseline = BaselineSpec::last_k(3).with_aggregate(aggregate);
            for pass in [">= baseline", "<= baseline", "= baseline"] {
                let condition = condition(pass, unit).with_baseline(baseline.clone());
                assert_eq!(judge(condition, same.clone(), unit, &history).status(), Status::Passed, "{pass}");
            }
        }
    }
}

#[test]
fn unusable_baselines() {
    let none = History::default();
    let zero = history(&[number(0.0)], Unit::None);
    let below = history(&[number(-50.0)], Unit::None);
    let with = |baseline: BaselineSpec| condition("<= baseline + 10 %", Unit::None).with_baseline(baseline);
    let last = BaselineSpec::last;
    for (spec, history, value, ground, status) in [
        (last(), &none, 1.0, Ground::NoBaseline, Status::Inconclusive),
        (last().with_absent(NoBaseline::Fail), &none, 1.0, Ground::NoBaseline, Status::Failed),
        (last().with_at_least(1), &zero, 0.0, Ground::ZeroBaseline, Status::Inconclusive),
        (last().with_zero(ZeroBaseline::Fail), &zero, 0.0, Ground::ZeroBaseline, Status::Failed),
        (last().with_zero(ZeroBaseline::Compare), &zero, 0.0, Ground::Holds, Status::Passed),
        (last().with_zero(ZeroBaseline::Compare), &zero, 0.1, Ground::DoesNotHold, Status::Failed),
        (last(), &below, -50.0, Ground::NegativeBaseline, Status::Inconclusive),
        (
            last().with_negative(NegativeBaseline::Fail),
            &below,
            -50.0,
            Ground::NegativeBaseline,
            Status::Failed,
        ),
        (last().with_negative(NegativeBaseline::Magnitude), &below, -50.0, Ground::Holds, Status::Passed),
        (last().with_negative(NegativeBaseline::Magnitude), &below, -45.0, Ground::Holds, Status::Passed),
        (
            last().with_negative(NegativeBaseline::Magnitude),
            &below,
            -44.9,
            Ground::DoesNotHold,
            Status::Failed,
        ),
    ] {
        let verdict = judge(with(spec.clone()), number(value), Unit::None, history);
        let result = verdict.condition("c").unwrap();
        assert_eq!((result.ground(), result.status()), (ground, status), "{spec:?} {value}");
        assert!(result.is_counted());
    }
    for (spec, history) in [
        (last().with_absent(NoBaseline::Skip), &none),
        (last().with_zero(ZeroBaseline::Skip), &zero),
        (last().with_negative(NegativeBaseline::Skip), &below),
    ] {
        let verdict = judge(with(spec), number(-1.0), Unit::None, history);
        assert!(!verdict.condition("c").unwrap().is_counted());
        assert_eq!(verdict.status(), Status::Inconclusive);
    }
    // A plain offset from zero or below has no such trouble.
    for (history, value) in [(&zero, 5.0), (&below, -45.0)] {
        let verdict = judge(condition("<= baseline + 5", Unit::None), number(value), Unit::None, history);
        assert_eq!(verdict.status(), Status::Passed);
    }
    // In another unit nothing is compared.
    let other = history(&[number(5.0)], Unit::Bytes);
    let verdict = judge(condition("<= baseline", Unit::Count), number(5.0), Unit::Count, &other);
    assert_eq!(verdict.condition("c").unwrap().ground(), Ground::NoBaseline);
}

#[test]
fn what_is_not_a_number_never_meets_a_baseline() {
    let history = history(&[number(5.0)], Unit::Count);
    for pass in ["<= baseline + 10 %", ">= baseline - 5", "!= baseline + 1", "= baseline"] {
        for missing in [
            Missing::Inconclusive,
            Missing::Fail,
            Missing::Skip,
            Missing::LastKnown { max_age_hours: 9_999_999 },
        ] {
            for value in [
                number(f64::NAN),
                number(f64::INFINITY),
                Value::Text { value: "5".into() },
                Value::from(true),
                Value::Fraction { part: 5, whole: 0 },
                Value::Missing { reason: "no report".into() },
            ] {
                let condition = condition(pass, Unit::Count).with_missing(missing).with_warn(pass);
                let verdict = judge(condition, value.clone(), Unit::Count, &history);
                assert!(verdict.status() <= Status::Inconclusive, "{pass} {value} {missing:?}");
            }
        }
    }
}

#[test]
fn the_latest_value_stands_in_while_it_is_young() {
    let runs = history(&[number(9.0), number(1.0)], Unit::Count);
    let with = |max_age_hours| {
        let condition = condition(">= 1", Unit::Count).with_missing(Missing::LastKnown { max_age_hours });
        Gate::build(GateSpec::new("g").with_condition(condition)).unwrap()
    };
    let none = Measures::new();
    let evidence = Evidence::new(&none).with_history(&runs);
    // The latest run was on the second at midnight.
    let at = |text: &str| evidence.clone().with_now(text.parse().unwrap());
    for (gate, evidence, status) in [
        (with(24), at("2026-11-03T00:00:00Z"), Status::Passed),
        (with(24), at("2026-11-03T00:00:00.001Z"), Status::Inconclusive),
        (with(0), at("2026-11-02T00:00:00Z"), Status::Passed),
        // What lies ahead is not known yet; the run before is.
        (with(24), at("2026-11-01T12:00:00Z"), Status::Passed),
        (with(24), at("2026-10-31T00:00:00Z"), Status::Inconclusive),
        (with(u64::MAX), at("2027-11-01T12:00:00Z"), Status::Passed),
        (with(24), evidence.clone(), Status::Inconclusive),
    ] {
        let verdict = gate.evaluate(&evidence);
        assert_eq!(verdict.status(), status, "{:?}", evidence.now());
        let json = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
    }
    let verdict = with(24).evaluate(&at("2026-11-03T00:00:00Z"));
    let result = verdict.condition("c").unwrap();
    assert_eq!(result.reason_text(), "1 meets >= 1; last known value, of run r1 at 2026-11-02T00:00:00Z");
    assert_eq!(with(24).lints()[0].kind, LintKind::RewardsSilence);
}

#[test]
fn too_little_to_judge_by() {
    let condition = ConditionSpec::new("c", "test_coverage", ">= 80")
        .with_scope(Scope::NewCode)
        .with_min_evidence(MinEvidence::new("lines_added", 20));
    let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
    let coverage = Measure::number(id("test_coverage"), 85.0, Unit::Percent).unwrap();
    let coverage = coverage.with_scope(Scope::NewCode);
    for (lines, status) in [
        (None, Status::Inconclusive),
        (Some(number(19.0)), Status::Inconclusive),
        (Some(number(20.0)), Status::Passed),
        (Some(Value::Fraction { part: 1, whole: 20 }), Status::Passed),
        (Some(Value::Fraction { part: 20, whole: 19 }), Status::Inconclusive),
        (Some(Value::Text { value: "20".into() }), Status::Inconclusive),
        (Some(number(f64::NAN)), Status::Inconclusive),
    ] {
        let mut list = vec![coverage.clone()];
        list.extend(lines.clone().map(|value| Measure::new(id("lines_added"), value, Unit::Lines)));
        let measures = Measures::try_from(list).unwrap();
        let verdict = gate.evaluate(&Evidence::new(&measures));
        assert_eq!(verdict.status(), status, "{lines:?}");
        let json = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
    }
    let measures = Measures::try_from(vec![coverage]).unwrap();
    let verdict = gate.evaluate(&Evidence::new(&measures));
    assert_eq!(
        verdict.condition("c").unwrap().reason_text(),
        "too little to judge by: lines_added is not measured, at least 20 is expected"
    );
}

#[test]
fn faults_and_remarks() {
    let errors = |condition: ConditionSpec| {
        Gate::build(GateSpec::new("g").with_condition(condition)).unwrap_err().to_string()
    };
    for (condition, expected) in [
        (
            condition("<= 5", Unit::Count).with_baseline(BaselineSpec::last()),
            "conditions[0].baseline: `<= 5` does not fit: expected a criterion that names the baseline, such as `<= baseline + 10 %`, or one on samples",
        ),
        (
            condition("<= baseline", Unit::Count).with_baseline(BaselineSpec::last_k(0)),
            "conditions[0].baseline.from.k: `0` is outside 1 to 500",
        ),
        (
            condition("<= baseline", Unit::Count).with_baseline(BaselineSpec::last_k(3).with_at_least(4)),
            "conditions[0].baseline.at_least: `4` is outside 1 to 3",
        ),
        (
            condition("<= baseline", Unit::Count).with_baseline(BaselineSpec::run("")),
            "conditions[0].baseline.from.id: run id `` is malformed: expected the id of a run",
        ),
        (
            condition(">= baseline - 2 pp", Unit::Milliseconds),
            "conditions[0].pass: `>= baseline - 2 pp` does not fit: expected the unit of the condition, milliseconds",
        ),
        (
            condition("<= 5", Unit::Count).with_min_evidence(MinEvidence::new("a b", 1)),
            "conditions[0].min_evidence.metric: metric id `a b` is malformed: expected 1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit",
        ),
    ] {
        assert_eq!(errors(condition), expected);
    }
    let lints = |condition: ConditionSpec| {
        let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
        gate.lints().iter().map(|l| (l.path.clone(), l.kind)).collect::<Vec<_>>()
    };
    let relative = |pass, warn| condition(pass, Unit::Count).with_warn(warn);
    assert_eq!(lints(relative("<= baseline + 10 %", "<= baseline + 20 %")), []);
    assert_eq!(
        lints(relative("<= baseline + 10 %", "<= baseline")),
        [("conditions[0].warn".into(), LintKind::UnreachableWarning)]
    );
    assert_eq!(lints(relative("<= baseline + 10 %", "<= baseline + 2")), []);
    assert_eq!(lints(relative("<= baseline + 10 %", "<= 200")), []);
    assert_eq!(lints(relative("<= 200", "<= baseline + 10 %")), []);
    let skip = BaselineSpec::last().with_absent(NoBaseline::Skip);
    assert_eq!(
        lints(condition("<= baseline", Unit::Count).with_baseline(skip)),
        [("conditions[0].baseline.absent".into(), LintKind::RewardsSilence)]
    );
}

#[test]
fn the_form_in_files() {
    let spec: GateSpec = toml::from_str(
        r#"
        format = 1
        name = "g"

        [[conditions]]
        name = "latency"
        metric = "p95"
        unit = "milliseconds"
        pass = "<= baseline + 10 %"
        warn = "<= baseline + 20 %"
        baseline = { from = { kind = "last", k = 5, include = "passed" }, aggregate = "p50", at_least = 3, absent = "skip", zero = "compare", negative = "magnitude" }
        missing = { last_known = { max_age_hours = 24 } }
        min_evidence = { metric = "requests", at_least = 1000 }

        [[conditions]]
        name = "size"
        metric = "size"
        unit = "bytes"
        pass = "<= baseline + 5"
        baseline = { from = { kind = "run", id = "release-4" } }

        [[conditions]]
        name = "given"
        metric = "size"
        unit = "bytes"
        pass = "<= baseline"
        baseline = { from = { kind = "value", value = 5000 } }
        "#,
    )
    .unwrap();
    let json = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<GateSpec>(&json).unwrap(), spec);
    assert!(Gate::build(spec).is_ok());
    for (key, text) in [
        ("x", r#"baseline = { x = 1 }"#),
        ("x", r#"baseline = { from = { kind = "last", x = 1 } }"#),
        ("first", r#"baseline = { from = { kind = "first" } }"#),
        ("x", r#"missing = { last_known = { max_age_hours = 1, x = 2 } }"#),
        ("max_age_hours", r#"missing = { last_known = {} }"#),
    ] {
        let text = format!(
            "format = 1\nname = \"g\"\n[[conditions]]\nname = \"c\"\nmetric = \"m\"\npass = \"<= baseline\"\n{text}\n"
        );
        let error = toml::from_str::<GateSpec>(&text).unwrap_err().to_string();
        assert!(error.contains(key), "{error}");
    }
}

proptest! {
    /// Everything in whole eighths, so that the slow form is exact in integers.
    #[test]
    fn agrees_with_whole_numbers(
        before in proptest::collection::vec(1i64..200, 1..6),
        now in 0i64..300,
        percent in -40i64..40,
        plain in -40i64..40,
        relative in any::<bool>(),
        comparison in 0usize..6,
        unit in 0usize..3,
    ) {
        let unit = [Unit::None, Unit::Score, Unit::Count][unit];
        let sign = ["<", "<=", "=", "!=", ">=", ">"][comparison];
        let offset = if relative { percent } else { plain };
        let shown = if offset < 0 { format!("- {}", -offset) } else { format!("+ {offset}") };
        let pass = format!("{sign} baseline {shown}{}", if relative { " %" } else { "" });
        let values: Vec<Value> = before.iter().map(|n| number(*n as f64 / 8.0)).collect();
        let spec = condition(&pass, unit).with_baseline(BaselineSpec::last_k(500));
        let runs = history(&values, unit);
        let verdict = judge(spec.clone(), number(now as f64 / 8.0), unit, &runs);
        // Both sides times 8 · n · 100.
        let n = i64::try_from(before.len()).unwrap();
        let sum: i64 = before.iter().sum();
        let threshold = if relative { sum * (100 + percent) } else { sum * 100 + plain * 8 * n * 100 };
        let value = now * n * 100;
        let holds = [value < threshold, value <= threshold, value == threshold, value != threshold,
            value >= threshold, value > threshold][comparison];
        prop_assert_eq!(verdict.status() == Status::Passed, holds, "{} {:?} {}", pass, before, now);
        // The distance applied passes.
        if let Distance::Change { to, .. } = verdict.condition("c").unwrap().distance() {
            prop_assert_eq!(judge(spec, to, unit, &runs).status(), Status::Passed);
        }
    }
}
