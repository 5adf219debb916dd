//! The laws of gates, each against the slow evaluator.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests may panic"
)]
#![allow(clippy::panic, clippy::unreachable, clippy::cast_precision_loss, reason = "tests may panic")]

mod support;

use std::collections::BTreeSet;

use devops_core::{Finding, Measure, Measures, Number, RuleId, Score, Severity, Timestamp, Unit, Value};
use devops_gates::{
    Combine, ConditionSpec, Distance, Evidence, FindingsSpec, Gate, GateSpec, GroupSpec, History, LintKind,
    Run, Slot, Status, Verdict,
};
use proptest::prelude::*;
use support::{LESS_IS_BETTER, METRICS, Reference, Shape, flags, gate, id, known, measures, names};

const ANY: Shape = Shape { one_sided: false, not: true, skip: true, groups: true };
const STRICT: Shape = Shape { one_sided: true, not: false, skip: false, groups: true };
const FLAT: Shape = Shape { one_sided: true, not: false, skip: true, groups: false };

fn evaluate(spec: &GateSpec, measures: &Measures) -> Verdict {
    Gate::build(spec.clone()).unwrap().evaluate(&Evidence::new(measures))
}

fn reverse(conditions: &mut [ConditionSpec], groups: &mut [GroupSpec]) {
    conditions.reverse();
    groups.reverse();
    for group in groups {
        reverse(&mut group.conditions, &mut group.groups);
    }
}

/// One step beside a value, away from passing.
fn one_less(to: &Value, from: &Value, unit: Unit) -> Value {
    let up = match (to, from) {
        (Value::Number { value: to }, Value::Number { value: from }) => to > from,
        (Value::Fraction { part: to, .. }, Value::Fraction { part: from, .. }) => to > from,
        _ => unreachable!(),
    };
    match to {
        Value::Fraction { part, whole } => {
            Value::Fraction { part: if up { part - 1 } else { part + 1 }, whole: *whole }
        }
        Value::Number { value } => Value::number_or_missing(match unit {
            Unit::Score => {
                let micros = Score::new(value.get()).unwrap().micros();
                Score::from_micros(if up { micros - 1 } else { micros + 1 }).unwrap().get()
            }
            Unit::Count => value.get() + if up { -1.0 } else { 1.0 },
            _ if up => value.get().next_down(),
            _ => value.get().next_up(),
        }),
        _ => unreachable!(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_slow_evaluator(spec in gate(ANY), known in known(), mask in 0u32..32, all in any::<bool>()) {
        let measures = measures(&known);
        let expected: BTreeSet<_> =
            METRICS.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, m)| id(m.0)).collect();
        let built = Gate::build(spec.clone()).unwrap();
        let evidence = Evidence::new(&measures);
        let evidence = if all { evidence } else { evidence.with_expected(expected.clone()) };
        let verdict = built.evaluate(&evidence);
        let slow = Reference { measures: &measures, expected: (!all).then_some(&expected) };
        if let Some(status) = slow.gate(&spec) {
            prop_assert_eq!(verdict.status(), status);
        }
        prop_assert_eq!(verdict.recomputed(), verdict.status());
        let slots: Vec<Slot<'_>> = built
            .inputs()
            .map(|(metric, scope)| match measures.get(metric, scope) {
                Some(measure) => Slot::Measured(measure),
                None if evidence.expects(metric) => Slot::Missing,
                None => Slot::NotExpected,
            })
            .collect();
        prop_assert_eq!(built.evaluate_indexed(&slots), verdict);
    }

    #[test]
    fn more_is_never_worse(spec in gate(STRICT), known in known(), metric in 0..METRICS.len(), more in 1u32..10) {
        let Some(halves) = known[metric] else { return Ok(()) };
        let before = evaluate(&spec, &measures(&known));
        let mut better = known.clone();
        better[metric] =
            Some(if metric == LESS_IS_BETTER { halves.saturating_sub(more) } else { (halves + more).min(20) });
        let after = evaluate(&spec, &measures(&better));
        prop_assert!(after.status() >= before.status(), "{} -> {}", before, after);
    }

    #[test]
    fn withholding_is_never_better(spec in gate(STRICT), known in known(), metric in 0..METRICS.len()) {
        let before = evaluate(&spec, &measures(&known)).status();
        let mut less = known.clone();
        less[metric] = None;
        let after = evaluate(&spec, &measures(&less)).status();
        // From failed to inconclusive is no improvement.
        prop_assert!(after <= before.max(Status::Inconclusive), "{before} -> {after}");
    }

    #[test]
    fn policies_that_reward_silence_are_named(spec in gate(ANY)) {
        fn skips(conditions: &[ConditionSpec], groups: &[GroupSpec]) -> usize {
            conditions.iter().filter(|c| c.missing == devops_gates::Missing::Skip).count()
                + groups.iter().map(|g| skips(&g.conditions, &g.groups)).sum::<usize>()
        }
        let built = Gate::build(spec.clone()).unwrap();
        let named = built.lints().iter().filter(|l| l.kind == LintKind::RewardsSilence).count();
        prop_assert_eq!(named, skips(&spec.conditions, &spec.groups));
    }

    #[test]
    fn order_does_not_matter(spec in gate(ANY), known in known()) {
        let measures = measures(&known);
        let mut turned = spec.clone();
        reverse(&mut turned.conditions, &mut turned.groups);
        let (one, other) = (evaluate(&spec, &measures), evaluate(&turned, &measures));
        prop_assert_eq!(one.status(), other.status());
        prop_assert_eq!((one.passed(), one.total()), (other.passed(), other.total()));
        prop_assert_eq!(one.fixes().map(|f| f.len()), other.fixes().map(|f| f.len()));
    }

    #[test]
    fn documents_round_trip(spec in gate(ANY), known in known()) {
        let measures = measures(&known);
        let verdict = evaluate(&spec, &measures);
        let json = serde_json::to_string(&spec).unwrap();
        let again: GateSpec = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&again, &spec);
        prop_assert_eq!(&evaluate(&again, &measures), &verdict);
        let json = serde_json::to_string(&verdict).unwrap();
        let read: Verdict = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read, &verdict);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), json);
        prop_assert_eq!(read.to_markdown(), verdict.to_markdown());
    }

    #[test]
    fn the_distance_is_exact(spec in gate(ANY), known in known()) {
        let measures = measures(&known);
        let verdict = evaluate(&spec, &measures);
        for condition in verdict.conditions() {
            let Distance::Change { from, to, unit } = condition.distance() else { continue };
            let with = |value: Value| {
                let mut list: Vec<Measure> = measures.clone().into();
                list.retain(|m| m.metric() != condition.metric());
                list.push(Measure::new(condition.metric().clone(), value, unit));
                evaluate(&spec, &Measures::try_from(list).unwrap()).condition(condition.name()).unwrap().status()
            };
            prop_assert_eq!(with(to.clone()), Status::Passed);
            let less = one_less(&to, &from, unit);
            prop_assert_ne!(with(less), Status::Passed, "{} {}", condition, to);
        }
    }

    #[test]
    fn a_passing_or_fixable_condition_says_so(spec in gate(ANY), known in known()) {
        let verdict = evaluate(&spec, &measures(&known));
        for condition in verdict.conditions() {
            let none = condition.distance() == Distance::None;
            prop_assert_eq!(none, condition.status() == Status::Passed);
        }
        prop_assert_eq!(verdict.fixes() == Some(Vec::new()), verdict.status() == Status::Passed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn each_empty_band_of_a_flat_gate_has_a_lint(spec in gate(FLAT)) {
        let Combine::Weighted { warn: Some(low), pass, warning_earns } = spec.combine else { return Ok(()) };
        let built = Gate::build(spec.clone()).unwrap();
        let told = |kind| built.lints().iter().any(|l| l.kind == kind && l.path == "combine");
        prop_assert!(!told(LintKind::NotChecked));
        // What the conditions on each metric earn together, at every quarter up to 10.
        let total: f64 = spec.conditions.iter().filter(|c| !c.shadow).map(|c| c.weight).sum();
        let mut sums = vec![0.0];
        for (name, unit) in METRICS {
            let own: Vec<_> = spec.conditions.iter().filter(|c| c.metric == name && !c.shadow).collect();
            let mut earned: Vec<f64> = Vec::new();
            // A plain number may be below zero; scores, percents and counts are not.
            let lowest = if unit == Unit::None { -1 } else { 0 };
            for quarters in lowest..=40_i32 {
                let value = match (unit, u64::try_from(quarters)) {
                    (Unit::Percent, Ok(part)) => Value::Fraction { part, whole: 400 },
                    _ => Value::number_or_missing(f64::from(quarters) / 4.0),
                };
                let one = Measures::try_from(vec![Measure::new(id(name), value, unit)]).unwrap();
                let slow = Reference { measures: &one, expected: None };
                let parts = own.iter().map(|c| match slow.condition(c).unwrap() {
                    Status::Passed => Some(c.weight),
                    Status::Warning => Some(c.weight * warning_earns),
                    _ => (!c.mandatory).then_some(0.0),
                });
                earned.extend(parts.sum::<Option<f64>>());
            }
            earned.sort_by(f64::total_cmp);
            earned.dedup();
            sums = sums.iter().flat_map(|s| earned.iter().map(move |e| s + e)).collect();
        }
        let reached = sums.iter().any(|s| s * 100.0 >= low * total && s * 100.0 < pass * total);
        if !reached {
            prop_assert!(told(LintKind::UnreachableWarning), "{:?}", spec);
        }
        let optional = |c: &ConditionSpec| {
            c.missing == devops_gates::Missing::Skip || c.applies == devops_gates::Applies::WhenExpected
        };
        if reached && !spec.conditions.iter().any(optional) {
            prop_assert!(!told(LintKind::UnreachableWarning), "{:?}", spec);
        }
    }
}

/// What fixes each condition.
fn good_or_bad(
    under: bool,
    combine: Combine,
    conditions: &[ConditionSpec],
    groups: &[GroupSpec],
    list: &mut Vec<&'static str>,
) {
    let under = under != (combine == Combine::Not);
    list.extend(conditions.iter().map(|_| if under { "bad" } else { "good" }));
    for group in groups {
        good_or_bad(under, group.combine, &group.conditions, &group.groups, list);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_fewest_fixes_are_the_fewest(
        spec in gate(Shape { skip: false, ..ANY }),
        values in proptest::collection::vec(0usize..4, 40),
    ) {
        let mut spec = spec;
        flags(&mut spec.conditions, &mut spec.groups);
        let mut all = Vec::new();
        names(&spec.conditions, &spec.groups, &mut all);
        prop_assume!(all.len() <= 7);
        let gate = Gate::build(spec.clone()).unwrap();
        // What stands under a `not` is fixed by failing.
        let mut turned = Vec::new();
        good_or_bad(false, spec.combine, &spec.conditions, &spec.groups, &mut turned);
        let text = |name: &str, value: &str| {
            Measure::new(id(name), Value::Text { value: value.into() }, Unit::None)
        };
        let status = |fixed: u32| {
            let list = all.iter().enumerate().filter_map(|(i, name)| {
                let fixed = fixed >> i & 1 == 1;
                let value = if fixed { turned[i] } else { *["good", "fair", "bad"].get(values[i])? };
                Some(text(name, value))
            });
            gate.evaluate(&Evidence::new(&Measures::try_from(list.collect::<Vec<_>>()).unwrap()))
        };
        let verdict = status(0);
        let fewest = (0..1_u32 << all.len()).filter(|f| status(*f).status() == Status::Passed).map(u32::count_ones).min();
        let fixes = verdict.fixes();
        prop_assert_eq!(fixes.as_ref().map(|f| u32::try_from(f.len()).unwrap()), fewest, "{:?}", fixes);
        if let Some(fixes) = fixes {
            let fixed = all.iter().enumerate().filter(|(_, n)| fixes.contains(&n.as_str())).map(|(i, _)| 1 << i).sum();
            prop_assert_eq!(status(fixed).status(), Status::Passed);
        }
    }
}

/// One condition in seconds or, with everything a thousand times as large, in milliseconds.
fn timed(criterion: (usize, i32, i32), value: i32, baseline: Option<i32>, millis: bool) -> Status {
    let shown = |thousandths: i32| {
        if millis { thousandths.to_string() } else { format!("{thousandths}e-3") }
    };
    let (form, a, b) = criterion;
    let pass = match form {
        0 => format!(">= {}", shown(a)),
        1 => format!("< {}", shown(a)),
        2 => format!("in ({}, {}]", shown(a.min(b)), shown(a.max(b))),
        3 => format!("not in {{{}, {}}}", shown(a), shown(b)),
        4 => format!("<= baseline + {}", shown(a.abs())),
        5 => format!(">= baseline - {} %", f64::from(b.abs()) / 10.0),
        _ => format!("= {}", shown(a)),
    };
    let unit = if millis { Unit::Milliseconds } else { Unit::Seconds };
    let number = |thousandths: i32| shown(thousandths).parse::<f64>().unwrap();
    let measures = |thousandths: i32| {
        Measures::try_from(vec![Measure::number(id("time"), number(thousandths), unit).unwrap()]).unwrap()
    };
    let history = baseline.map(|b| Run::new("r", "2026-11-24T00:00:00Z".parse().unwrap(), measures(b)));
    let history = History::new(history.into_iter().collect()).unwrap();
    let condition = ConditionSpec::new("c", "time", pass).with_unit(unit);
    let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
    gate.evaluate(&Evidence::new(&measures(value)).with_history(&history)).status()
}

proptest! {
    #[test]
    fn units_scale_through(
        form in 0usize..7, a in -3000i32..3000, b in -3000i32..3000, value in -3000i32..3000,
        near in prop::option::of(-2i32..=2), baseline in prop::option::of(-3000i32..3000),
    ) {
        // Often right at the threshold, where rounding would show.
        let value = near.map_or(value, |near| a + near);
        prop_assert_eq!(
            timed((form, a, b), value, baseline, false),
            timed((form, a, b), value, baseline, true)
        );
    }

    #[test]
    fn the_order_of_findings_and_runs_does_not_matter(
        severities in prop::collection::vec((0usize..4, 0usize..3), 0..8), turn in 0usize..8, limit in 0u32..5,
    ) {
        let finding = |(severity, rule): &(usize, usize)| {
            let rule = RuleId::new(["a/x", "a/y", "b"][*rule]).unwrap();
            Finding::new(rule, Severity::ALL[*severity], "a finding")
        };
        let one: Vec<Finding> = severities.iter().map(finding).collect();
        let mut other = one.clone();
        other.rotate_left(turn.min(one.len()));
        let major = FindingsSpec::count().with_min_severity(Severity::Major);
        let spec = GateSpec::new("g")
            .with_condition(ConditionSpec::on_findings("few", major, format!("<= {limit}")))
            .with_condition(ConditionSpec::on_findings("a", FindingsSpec::count().with_rule("a/*"), "< 3"))
            .with_condition(ConditionSpec::on_findings("mild", FindingsSpec::max_severity(), "<= major"));
        let gate = Gate::build(spec).unwrap();
        let measures = Measures::new();
        let judge = |findings: &[Finding]| gate.evaluate(&Evidence::new(&measures).with_findings(findings));
        prop_assert_eq!(serde_json::to_string(&judge(&one)).unwrap(), serde_json::to_string(&judge(&other)).unwrap());
        let run = |(i, (value, _)): (usize, &(usize, usize))| {
            let value = Number::new(*value as f64).unwrap();
            let measure = Measure::new(id("m"), value.into(), Unit::None);
            Run::new(format!("r{i}"), Timestamp::EPOCH, Measures::try_from(vec![measure]).unwrap())
        };
        let runs: Vec<Run> = severities.iter().enumerate().map(run).collect();
        let mut turned = runs.clone();
        turned.rotate_left(turn.min(runs.len()));
        prop_assert_eq!(History::new(runs).unwrap(), History::new(turned).unwrap());
    }
}

#[test]
fn a_changed_trace_is_refused() {
    let verdict = Gate::classic().evaluate(&Evidence::new(&Measures::new()));
    let json = serde_json::to_string(&verdict).unwrap();
    for (from, to, expected) in [
        (
            "\"status\":\"inconclusive\"",
            "\"status\":\"passed\"",
            "the status of the verdict does not follow from its trace",
        ),
        ("\"format\":1", "\"format\":2", "verdict of format `2` is not known: expected 1"),
        (
            "\"name\":\"security\"",
            "\"name\":\"other\"",
            "condition `security` does not follow from its trace",
        ),
    ] {
        let changed = json.replacen(from, to, 1);
        assert_ne!(changed, json, "{from}");
        let error = serde_json::from_str::<Verdict>(&changed).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn two_hundred_conditions_are_fixed_at_once() {
    let mut spec = GateSpec::new("large").with_combine(Combine::weighted(90.0, 50.0));
    for index in 0..200 {
        let weight = f64::from(index % 7) + 1.0;
        spec = spec.with_condition(
            ConditionSpec::new(format!("c{index}"), format!("m{index}"), "= true").with_weight(weight),
        );
    }
    let gate = Gate::build(spec).unwrap();
    let fixes = gate.evaluate(&Evidence::new(&Measures::new())).fixes().unwrap().len();
    // 794 weights in all: 54 of the lightest may fail.
    assert_eq!(fixes, 146);
}
