//! Waivers: what they change, and what they never do.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{
    Finding, Location, Measure, Measures, MetricId, RepoPath, RuleId, Scope, Severity, Timestamp,
};
use devops_gates::{
    Combine, ConditionSpec, Evidence, FindingsSpec, Gate, GateSpec, Missing, Status, Verdict, Waiver,
    WaiverState, Waivers, WaiversSpec,
};
use proptest::prelude::*;

const BY: (&str, &str) = ("ada", "grace");

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn end() -> Timestamp {
    at("2026-12-01T00:00:00Z")
}

fn waivers(list: Vec<Waiver>) -> Waivers {
    Waivers::build(list.into_iter().fold(WaiversSpec::default(), WaiversSpec::with_waiver)).unwrap()
}

/// Conditions on flags of their own names; those in `good` hold, those in `bad` do not, the others are missing.
fn flags(names: &[&str], combine: Combine) -> Gate {
    let spec = names.iter().fold(GateSpec::new("g").with_combine(combine), |spec, name| {
        spec.with_condition(ConditionSpec::new(*name, *name, "= true"))
    });
    Gate::build(spec).unwrap()
}

fn measures(good: &[&str], bad: &[&str]) -> Measures {
    let measure = |(name, value): (&&str, bool)| {
        Measure::new(MetricId::new(name).unwrap(), value.into(), devops_core::Unit::None)
    };
    let all = good.iter().map(|n| (n, true)).chain(bad.iter().map(|n| (n, false)));
    Measures::try_from(all.map(measure).collect::<Vec<_>>()).unwrap()
}

fn checked(verdict: Verdict) -> Verdict {
    assert_eq!(verdict.recomputed(), verdict.status());
    let json = serde_json::to_string(&verdict).unwrap();
    let read: Verdict = serde_json::from_str(&json).unwrap();
    assert_eq!(read, verdict);
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    assert_eq!(read.to_markdown(), verdict.to_markdown());
    verdict
}

fn judge(gate: &Gate, measures: &Measures, waivers: &Waivers, now: &str) -> Verdict {
    checked(gate.evaluate(&Evidence::new(measures).with_waivers(waivers, at(now))))
}

#[test]
fn used_unused_and_expired() {
    let gate = flags(&["a", "b", "c"], Combine::All);
    let measures = measures(&["a"], &["b", "c"]);
    let list = waivers(vec![
        Waiver::of_condition("W1", "a", "r", BY, end()),
        Waiver::of_condition("W2", "b", "r", BY, end()),
        Waiver::of_condition("W3", "c", "r", BY, at("2026-11-25T00:00:00Z")),
        Waiver::of_condition("W4", "c", "r", BY, end()).with_gate("other"),
        Waiver::of_condition("W5", "c", "r", BY, end()).with_scope(Scope::NewCode),
    ]);
    let verdict = judge(&gate, &measures, &list, "2026-11-25T00:00:00Z");
    let states: Vec<WaiverState> = verdict.waivers().iter().map(|w| w.state).collect();
    use WaiverState::{Expired, Unused, Used};
    assert_eq!(states, [Unused, Used, Expired, Unused, Unused]);
    // `c` still fails: nothing that covers it is in force.
    assert_eq!(verdict.status(), Status::Failed);
    // A millisecond before it expires the third is in force.
    let verdict = judge(&gate, &measures, &list, "2026-11-24T23:59:59.999Z");
    assert_eq!((verdict.status(), verdict.status_without_waivers()), (Status::Warning, Status::Failed));
    let c = verdict.condition("c").unwrap();
    assert_eq!((c.status(), c.waived_by()), (Status::Failed, &["W3".to_string()][..]));
    assert_eq!(c.reason_text(), "no does not meet = true; waived by W3");
    assert_eq!((verdict.passed(), verdict.total()), (1, 3));
    assert_eq!(verdict.fixes(), Some(vec!["b", "c"]));
    let report = verdict.to_markdown();
    assert!(
        report.contains("| c | failed | no does not meet = true; waived by W3 |  | waived |"),
        "{report}"
    );
    assert!(
        report.contains("- W1 not needed: a, r (ada, approved by grace, until 2026-12-01T00:00:00Z)"),
        "{report}"
    );
    // Without a time nothing is waived.
    let verdict = checked(gate.evaluate(&Evidence::new(&measures)));
    assert!(verdict.waivers().is_empty());
    assert_eq!(verdict.status(), Status::Failed);
}

#[test]
fn what_only_waivers_make_better_is_a_warning() {
    let waiver = |name| waivers(vec![Waiver::of_condition("W", name, "r", BY, end())]);
    for (combine, good, bad, waived, status) in [
        (Combine::All, vec!["a", "b"], vec!["c"], "c", Status::Warning),
        // Nobody needed the waiver: it passes.
        (Combine::Any, vec!["a"], vec!["b", "c"], "c", Status::Passed),
        (Combine::Any, vec![], vec!["a", "b", "c"], "c", Status::Warning),
        (Combine::AtLeast { k: 2 }, vec!["a"], vec!["b", "c"], "c", Status::Warning),
        (Combine::weighted(100.0, 60.0), vec!["a", "b"], vec!["c"], "c", Status::Warning),
        (Combine::weighted(100.0, 100.0), vec!["a"], vec!["b", "c"], "c", Status::Failed),
        (Combine::All, vec!["a", "b"], vec![], "c", Status::Warning),
        (Combine::All, vec!["a"], vec![], "c", Status::Inconclusive),
    ] {
        let gate = flags(&["a", "b", "c"], combine);
        let verdict = judge(&gate, &measures(&good, &bad), &waiver(waived), "2026-11-25T00:00:00Z");
        assert_eq!(verdict.status(), status, "{combine:?} {good:?} {bad:?}");
    }
}

#[test]
fn findings_of_a_rule() {
    let finding = |rule: &str, path: &str| {
        let path = RepoPath::new(path).unwrap();
        Finding::new(RuleId::new(rule).unwrap(), Severity::Major, "x").at(Location::new(path))
    };
    let findings =
        [finding("style/tabs", "gen/a.rs"), finding("style/tabs", "gen/b.rs"), finding("sql/x", "src/c.rs")];
    let rule = |path: &str| Waiver::of_rule("R", "style/*", "generated", BY, end()).with_path(path);
    let gate = |pass: &str| {
        let condition = ConditionSpec::on_findings("few", FindingsSpec::count(), pass);
        Gate::build(GateSpec::new("g").with_condition(condition)).unwrap()
    };
    let none = Measures::new();
    for (pass, list, state, status) in [
        ("<= 1", vec![rule("gen")], WaiverState::Used, Status::Warning),
        ("<= 1", vec![rule("gen/a.rs")], WaiverState::Unused, Status::Failed),
        ("<= 0", vec![rule("gen")], WaiverState::Unused, Status::Failed),
        ("<= 3", vec![rule("gen")], WaiverState::Unused, Status::Passed),
        (
            "<= 0",
            vec![rule("gen"), Waiver::of_rule("S", "sql/x", "r", BY, end())],
            WaiverState::Used,
            Status::Warning,
        ),
    ] {
        let waivers = waivers(list);
        let evidence =
            Evidence::new(&none).with_findings(&findings).with_waivers(&waivers, at("2026-11-25T00:00:00Z"));
        let verdict = checked(gate(pass).evaluate(&evidence));
        assert_eq!((verdict.waivers()[0].state, verdict.status()), (state, status), "{pass}");
        assert_ne!(verdict.condition("few").unwrap().status(), Status::Inconclusive);
    }
}

#[test]
fn a_forged_waiver_is_refused() {
    let gate = flags(&["a"], Combine::All);
    let list = waivers(vec![Waiver::of_condition("W", "a", "r", BY, end())]);
    let verdict = judge(&gate, &measures(&[], &["a"]), &list, "2026-11-25T00:00:00Z");
    let json = serde_json::to_string(&verdict).unwrap();
    for (from, to) in [
        ("\"waived\":[\"W\"]", "\"waived\":[\"V\"]"),
        ("\"waived\":[\"W\"],", ""),
        ("\"state\":\"used\"", "\"state\":\"expired\""),
        ("\"conditions\":[\"a\"]", "\"conditions\":[\"b\"]"),
        ("\"status\":\"warning\"", "\"status\":\"passed\""),
    ] {
        let changed = json.replace(from, to);
        assert_ne!(changed, json, "{from}");
        assert!(serde_json::from_str::<Verdict>(&changed).is_err(), "{to}");
    }
}

#[test]
fn every_fault_at_once() {
    let spec: WaiversSpec = serde_json::from_str(
        r#"{"format":2,"waivers":[
        {"id":"","condition":"a b","reason":" ","owner":"","approver":"","expires":"2026-12-01T00:00:00Z","path":"x"},
        {"id":"W","reason":"r","owner":"o","approver":"a","expires":"2026-12-01T00:00:00Z"},
        {"id":"W","condition":"c","rule":"","reason":"r","owner":"o","approver":"a","expires":"2026-12-01T00:00:00Z"},
        {"id":"X","rule":"r","scope":{"kind":"new_code"},"reason":"r","owner":"o","approver":"a","expires":"2026-12-01T00:00:00Z"}
        ]}"#,
    )
    .unwrap();
    let errors = Waivers::build(spec).unwrap_err();
    let shown: Vec<String> = errors.faults().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "format: format `2` is not known: expected 1",
            "waivers[0].id: id is empty: expected a text",
            "waivers[0].reason: reason is empty: expected a text",
            "waivers[0].owner: owner is empty: expected a text",
            "waivers[0].approver: approver is empty: expected a text",
            "waivers[0].condition: condition id `a b` is malformed: expected 1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit",
            "waivers[0].path: `x` does not fit: expected no path without a rule",
            "waivers[1].condition: `` does not fit: expected a condition or a rule",
            "waivers[2].rule: rule is empty: expected a text",
            "waivers[2].rule: `` does not fit: expected a condition or a rule, not both",
            "waivers[2].id: `W` is used twice: a name is expected once in a gate, first at waivers[1].id",
            "waivers[3].scope: `new code` does not fit: expected no scope without a condition",
        ]
    );
    for key in ["reason", "owner", "approver", "expires", "id"] {
        let full = r#"{"format":1,"waivers":[{"id":"a","condition":"c","reason":"r","owner":"o","approver":"a","expires":"2026-12-01T00:00:00Z"}]}"#;
        let without = full.replace(&format!("\"{key}\":"), "\"x\":");
        assert!(serde_json::from_str::<WaiversSpec>(&without).is_err(), "{key}");
    }
}

proptest! {
    /// A waiver never makes a verdict worse, and never lets one pass that did not.
    #[test]
    fn never_worse_and_never_passed(
        values in proptest::collection::vec(0usize..3, 5),
        waived in 0u32..32,
        kind in 0usize..5,
        pass in 0u32..5,
        missing in 0usize..2,
    ) {
        const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
        let combine = [Combine::All, Combine::Any, Combine::AtLeast { k: 3 }, Combine::weighted(100.0, 60.0),
            Combine::weighted(f64::from(pass) * 20.0, 0.0)][kind];
        let missing = [Missing::Inconclusive, Missing::Fail][missing];
        let spec = NAMES.iter().fold(GateSpec::new("g").with_combine(combine), |spec, name| {
            spec.with_condition(ConditionSpec::new(*name, *name, "= true").with_missing(missing))
        });
        let gate = Gate::build(spec).unwrap();
        let pick = |v: usize| -> Vec<&str> {
            NAMES.iter().zip(&values).filter(|(_, value)| **value == v).map(|(n, _)| *n).collect()
        };
        let measures = measures(&pick(0), &pick(1));
        let list = NAMES.iter().enumerate().filter(|(i, _)| waived >> i & 1 == 1)
            .map(|(_, name)| Waiver::of_condition(name, name, "r", BY, end())).collect();
        let with = judge(&gate, &measures, &waivers(list), "2026-11-25T00:00:00Z");
        let without = gate.evaluate(&Evidence::new(&measures));
        prop_assert!(with.status() >= without.status());
        prop_assert_eq!(with.status() == Status::Passed, without.status() == Status::Passed);
        prop_assert_eq!(with.status_without_waivers(), without.status());
        for (a, b) in with.conditions().zip(without.conditions()) {
            prop_assert_eq!(a.status(), b.status());
        }
    }
}

#[test]
fn waivers_that_do_nothing_are_remarked_on() {
    let with_findings = |gate: GateSpec| {
        gate.with_condition(ConditionSpec::on_findings("clean", FindingsSpec::count(), "= 0"))
    };
    let blind = GateSpec::new("g").with_condition(ConditionSpec::new("a", "a", "= true"));
    let list = waivers(vec![
        Waiver::of_condition("W1", "a", "r", BY, end()),
        Waiver::of_condition("W2", "b", "r", BY, end()),
        Waiver::of_condition("W3", "b", "r", BY, end()).with_gate("other"),
        Waiver::of_rule("W4", "style/*", "r", BY, end()),
        Waiver::of_condition("W5", "a", "r", BY, at("2026-11-25T00:00:00Z")),
    ]);
    let lints = |spec: GateSpec| -> Vec<String> {
        let gate = Gate::build(spec).unwrap();
        gate.lint_waivers(&list, at("2026-11-25T00:00:00Z")).iter().map(ToString::to_string).collect()
    };
    let unknown = "waivers[1].condition: waiver W2 is for b, which gate g does not have";
    let expired = "waivers[4].expires: waiver W5 expired at 2026-11-25T00:00:00Z";
    assert_eq!(
        lints(blind.clone()),
        [
            unknown,
            "waivers[3].rule: waiver W4 is for findings of style/*, at which gate g does not look",
            expired
        ]
    );
    assert_eq!(lints(with_findings(blind)), [unknown, expired]);
}
