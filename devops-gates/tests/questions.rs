//! What is asked of verdicts: what if, what decides, what is otherwise, is it certain already.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "tests may panic"
)]
#![allow(dead_code, reason = "the support is shared with other tests")]

mod support;

use std::collections::BTreeSet;

use devops_core::{Finding, Measure, Measures, MetricId, RuleId, Severity, Timestamp, Unit, Value};
use devops_gates::{
    ChangeKind, Combine, ConditionSpec, Decision, Difference, Evidence, FindingsSpec, Gate, GateSpec,
    MinEvidence, Missing, Pending, Status, Verdict, Waiver, Waivers, WaiversSpec,
};
use proptest::prelude::*;
use support::{METRICS, Shape, flags, gate, id, known, measure, measures, names};

const ANY: Shape = Shape { one_sided: false, not: true, skip: true, groups: true };

fn text(name: &str, value: &str) -> Measure {
    Measure::new(id(name), Value::Text { value: value.into() }, Unit::None)
}

fn all(list: Vec<Measure>) -> Measures {
    Measures::try_from(list).unwrap()
}

const VALUES: [&str; 4] = ["good", "fair", "bad", ""];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn sensitivity_is_what_evaluating_again_says(
        spec in gate(Shape { skip: false, ..ANY }),
        values in proptest::collection::vec(0usize..4, 40),
        waived in 0u32..64,
    ) {
        let mut spec = spec;
        flags(&mut spec.conditions, &mut spec.groups);
        let mut list = Vec::new();
        names(&spec.conditions, &spec.groups, &mut list);
        let gate = Gate::build(spec).unwrap();
        let waivers = list.iter().enumerate().filter(|(i, _)| *i < 6 && waived >> i & 1 == 1);
        let waivers = waivers.fold(WaiversSpec::default(), |all, (_, name)| {
            all.with_waiver(Waiver::of_condition(name, name, "r", ("a", "b"), Timestamp::MAX))
        });
        let waivers = Waivers::build(waivers).unwrap();
        let status = |values: &[usize]| {
            let seen = list.iter().zip(values).filter(|(_, v)| **v < 3);
            let measures = all(seen.map(|(name, v)| text(name, VALUES[*v])).collect());
            gate.evaluate(&Evidence::new(&measures).with_waivers(&waivers, Timestamp::MIN))
        };
        let verdict = status(&values);
        let sensitivity = verdict.sensitivity();
        prop_assert_eq!(sensitivity.len(), verdict.total());
        for lever in sensitivity {
            let index = list.iter().position(|name| name == lever.condition).unwrap();
            let with = |value: usize| {
                let mut changed = values.clone();
                changed[index] = value;
                status(&changed).status()
            };
            // A waiver that lies ready would be used; one for what passes now is not foreseen.
            let covered = waived >> index & 1 == 1 && index < 6;
            let foreseen = !covered || verdict.condition(lever.condition).unwrap().status() < Status::Warning;
            prop_assert_eq!(lever.if_passed, with(0));
            if let Some(status) = lever.if_warning {
                prop_assert_eq!(status, with(1));
            }
            if foreseen {
                prop_assert_eq!(lever.if_failed, with(2));
                let fails = verdict.condition(lever.condition).unwrap().missing() == Missing::Fail;
                prop_assert_eq!(if fails { lever.if_failed } else { lever.if_inconclusive }, with(3));
            }
            prop_assert_eq!(lever.verdict, verdict.status());
        }
    }

    #[test]
    fn what_if_is_evaluating_those_measures(
        spec in gate(ANY), known in known(), metric in 0..METRICS.len(), halves in 0u32..=20,
    ) {
        let gate = Gate::build(spec).unwrap();
        let before = measures(&known);
        let mut changed = known.clone();
        changed[metric] = Some(halves);
        let asked = gate.what_if(&Evidence::new(&before), [measure(metric, 3), measure(metric, halves)]);
        prop_assert_eq!(asked, gate.evaluate(&Evidence::new(&measures(&changed))));
    }

    #[test]
    fn what_is_decided_early_stays(
        spec in gate(ANY),
        so_far in known(),
        pending in 0u32..32,
        others in proptest::collection::vec(known(), 12),
        expected in 0u32..32,
    ) {
        let gate = Gate::build(spec).unwrap();
        let of = |mask: u32| -> BTreeSet<MetricId> {
            METRICS.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, m)| id(m.0)).collect()
        };
        let mut seen = so_far;
        let wait: Vec<usize> = (0..METRICS.len()).filter(|i| pending >> i & 1 == 1).collect();
        wait.iter().for_each(|i| seen[*i] = None);
        let evaluate = |known: &support::Known| {
            gate.evaluate(&Evidence::new(&measures(known)).with_expected(of(expected))).status()
        };
        let first = measures(&seen);
        let decision =
            gate.decide_early(&Evidence::new(&first).with_expected(of(expected)), &Pending::metrics(of(pending)));
        if pending == 0 {
            prop_assert_eq!(decision.status(), Some(evaluate(&seen)));
        }
        let Some(status) = decision.status() else { return Ok(()) };
        prop_assert_eq!(evaluate(&seen), status);
        for other in others {
            let mut later = seen.clone();
            wait.iter().for_each(|i| later[*i] = other[*i]);
            prop_assert_eq!(evaluate(&later), status, "{:?}", later);
        }
    }

    #[test]
    fn differences_are_whole(spec in gate(ANY), one in known(), other in known()) {
        let gate = Gate::build(spec).unwrap();
        let verdict = |known| gate.evaluate(&Evidence::new(&measures(known)));
        let (before, after) = (verdict(&one), verdict(&other));
        let difference = after.difference(&before);
        prop_assert_eq!(difference.is_empty(), before == after);
        for (old, new) in before.conditions().zip(after.conditions()) {
            let change = difference.changes.iter().find(|c| c.name == new.name());
            let kind = change.map(|c| c.kind);
            prop_assert_eq!(kind == Some(ChangeKind::Better), new.status() > old.status());
            prop_assert_eq!(kind == Some(ChangeKind::Worse), new.status() < old.status());
            prop_assert_eq!(kind.is_none(), old.value() == new.value() && old.status() == new.status());
        }
        let json = serde_json::to_string(&difference).unwrap();
        prop_assert_eq!(serde_json::from_str::<Difference>(&json).unwrap(), difference);
    }
}

fn flag_gate(names: &[&str], combine: Combine) -> GateSpec {
    names.iter().fold(GateSpec::new("g").with_combine(combine), |spec, name| {
        spec.with_condition(ConditionSpec::new(*name, *name, "= \"good\"").with_warn("= \"fair\""))
    })
}

fn pending(metrics: &[&str]) -> Pending {
    Pending::metrics(metrics.iter().map(|m| id(m)).collect())
}

fn waiting(names: &[&str]) -> Decision {
    Decision::Undecided { waiting_for: names.iter().map(ToString::to_string).collect() }
}

#[test]
fn decided_as_soon_as_it_is() {
    let decided = |status| Decision::Decided { status };
    for (combine, seen, open, expected) in [
        (Combine::All, &[("a", "bad")][..], &["b", "c"][..], decided(Status::Failed)),
        (Combine::All, &[("a", "good"), ("b", "good")], &["c"], waiting(&["c"])),
        (Combine::Any, &[("a", "good")], &["b", "c"], decided(Status::Passed)),
        (Combine::Any, &[("a", "fair")], &["b", "c"], waiting(&["b", "c"])),
        (Combine::AtLeast { k: 2 }, &[("a", "good"), ("b", "good")], &["c"], decided(Status::Passed)),
        (Combine::AtLeast { k: 2 }, &[("a", "bad"), ("b", "bad")], &["c"], decided(Status::Failed)),
        (Combine::weighted(60.0, 30.0), &[("a", "good"), ("b", "good")], &["c"], decided(Status::Passed)),
        (Combine::weighted(90.0, 80.0), &[("a", "bad")], &["b", "c"], decided(Status::Failed)),
        // A warning is certain only once nothing is pending.
        (Combine::All, &[("a", "fair"), ("b", "good")], &["c"], waiting(&["c"])),
        (Combine::All, &[("a", "fair"), ("b", "good"), ("c", "good")], &["c"], decided(Status::Warning)),
    ] {
        let gate = Gate::build(flag_gate(&["a", "b", "c"], combine)).unwrap();
        let measures = all(seen.iter().map(|(n, v)| text(n, v)).collect());
        let decision = gate.decide_early(&Evidence::new(&measures), &pending(open));
        assert_eq!(decision, expected, "{combine:?} {seen:?}");
    }
}

#[test]
fn what_may_be_left_out_decides_nothing_too_early() {
    // Two of three must pass, and the third may be left out: two failures leave one part, of which two are asked.
    let mut spec = flag_gate(&["a", "b", "c"], Combine::AtLeast { k: 3 });
    spec.conditions[2].missing = Missing::Skip;
    let gate = Gate::build(spec).unwrap();
    let measures = all(vec![text("a", "bad"), text("b", "bad")]);
    assert_eq!(gate.decide_early(&Evidence::new(&measures), &pending(&["c"])), waiting(&["c"]));
    assert_eq!(gate.evaluate(&Evidence::new(&measures)).status(), Status::Inconclusive);
}

#[test]
fn waivers_findings_and_evidence_are_waited_for() {
    let gate = Gate::build(
        flag_gate(&["a"], Combine::All)
            .with_condition(ConditionSpec::on_findings("clean", FindingsSpec::count(), "= 0"))
            .with_condition(
                ConditionSpec::new("small", "size", "<= 3").with_min_evidence(MinEvidence::new("lines", 9)),
            ),
    )
    .unwrap();
    let finding = Finding::new(RuleId::new("x").unwrap(), Severity::Minor, "x");
    let good = all(vec![text("a", "good"), Measure::number(id("size"), 2.0, Unit::None).unwrap()]);
    let open = pending(&["lines"]).with_findings(true);
    let decide = |evidence: Evidence<'_>| gate.decide_early(&evidence, &open);
    assert_eq!(decide(Evidence::new(&good)), waiting(&["clean", "small"]));
    assert_eq!(decide(Evidence::new(&good).with_findings([&finding])), waiting(&["clean", "small"]));
    // A failure that is waived is no reason to stop: it ends in a warning at best, but may end so.
    let bad = all(vec![text("a", "bad")]);
    let waiver = Waiver::of_condition("W", "a", "r", ("o", "p"), Timestamp::MAX);
    let waivers = Waivers::build(WaiversSpec::default().with_waiver(waiver)).unwrap();
    assert_eq!(decide(Evidence::new(&bad)).status(), Some(Status::Failed));
    assert_eq!(decide(Evidence::new(&bad).with_waivers(&waivers, Timestamp::MIN)).status(), None);
    let gate = Gate::build(flag_gate(&["a", "b"], Combine::Any)).unwrap();
    let bad = all(vec![text("a", "bad"), text("b", "bad")]);
    let decision =
        gate.decide_early(&Evidence::new(&bad).with_waivers(&waivers, Timestamp::MIN), &pending(&["z"]));
    assert_eq!(decision.status(), Some(Status::Warning));
}

#[test]
fn a_difference_names_what_came_and_went() {
    let gate = |names: &[&str]| Gate::build(flag_gate(names, Combine::All)).unwrap();
    let measures = all(vec![text("a", "good"), text("b", "bad"), text("c", "fair")]);
    let judge = |names: &[&str]| -> Verdict { gate(names).evaluate(&Evidence::new(&measures)) };
    let difference = judge(&["c", "a"]).difference(&judge(&["a", "b"]));
    assert_eq!(difference.to_string(), "failed becomes warning; added: c; removed: b");
    assert_eq!(
        difference.to_markdown(),
        "### From failed to warning\n\n\
         | Condition | Change | Before | After |\n|---|---|---|---|\n\
         | c | added | – | warning: fair meets = \"fair\", not = \"good\" |\n\
         | b | removed | failed: bad does not meet = \"good\" | – |\n"
    );
}
