//! Documents that were written once are read for ever, and reports keep their form.
//!
//! With `UPDATE_GOLDEN=1` the files of `testdata/` are written anew.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic and read files"
)]

use devops_core::{
    Analysis, AnalyzerKind, AnalyzerRun, ChangeRisk, Descriptor, Finding, Measure, Measures, MetricId,
    Number, Outcome, Ratio, RuleId, Scope, Severity, Unit, Value,
};
use devops_gates::{Evidence, Gate, GateSpec, Scorecard, ScoringPolicy, Status, Verdict, score_code};

fn golden(name: &str, now: &str) -> String {
    let path = format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    std::fs::read_to_string(&path).unwrap()
}

fn spec() -> GateSpec {
    toml::from_str(include_str!("../testdata/gate_format_1.toml")).unwrap()
}

fn verdict() -> Verdict {
    let id = |text| MetricId::new(text).unwrap();
    let latency = Measure::number(id("p95_latency"), 231.5, Unit::Milliseconds).unwrap();
    let licence = Value::Text { value: "GPL-3.0 | <b>".into() };
    let measures = Measures::try_from(vec![
        Measure::new(id("tests_failed"), Number::ZERO.into(), Unit::Count),
        Measure::fraction(id("test_coverage"), 38, 51, Unit::Percent).with_scope(Scope::NewCode),
        latency.with_scope(Scope::Component("api".into())),
        Measure::number(id("security"), 8.5, Unit::Score).unwrap(),
        Measure::new(id("licence"), licence, Unit::None),
        Measure::new(id("release_freeze"), false.into(), Unit::None),
    ]);
    Gate::build(spec()).unwrap().evaluate(&Evidence::new(&measures.unwrap()))
}

#[test]
fn the_gate() {
    let gate = Gate::build(spec()).unwrap();
    let lints: Vec<String> = gate.lints().iter().map(ToString::to_string).collect();
    assert_eq!(
        lints,
        [
            "groups[0].conditions[1].missing: licence is left out where its measure is missing: withholding it can improve the verdict"
        ]
    );
    let again: GateSpec =
        toml::from_str(&golden("gate_format_1.toml", include_str!("../testdata/gate_format_1.toml")))
            .unwrap();
    assert_eq!(again, spec());
}

#[test]
fn the_verdict() {
    let verdict = verdict();
    assert_eq!(verdict.status(), Status::Warning);
    assert_eq!(verdict.fixes(), Some(vec!["new_code_covered"]));
    let json = serde_json::to_string_pretty(&verdict).unwrap() + "\n";
    let kept = golden("verdict_format_1.json", &json);
    assert_eq!(kept, json);
    assert_eq!(serde_json::from_str::<Verdict>(&kept).unwrap(), verdict);
    let markdown = verdict.to_markdown();
    assert_eq!(golden("verdict.md", &markdown), markdown);
}

#[test]
fn the_scorecard() {
    let finding = |rule, severity| Finding::new(RuleId::new(rule).unwrap(), severity, "a finding");
    let style = Analysis::new()
        .with_finding(finding("todo", Severity::Minor))
        .with_finding(finding("todo", Severity::Minor))
        .with_finding(finding("conflict-marker", Severity::Critical));
    let risk = Analysis::new().with_risk(ChangeRisk::new(Ratio::new(0.25).unwrap()));
    let run = |name, kind, analysis| AnalyzerRun {
        descriptor: Descriptor::new(name, kind).unwrap(),
        outcome: Outcome::Completed(analysis),
    };
    let runs = [run("style", AnalyzerKind::Style, style), run("risk", AnalyzerKind::DefectRisk, risk)];
    let card = score_code(&runs, 300, &ScoringPolicy::recommended());
    let json = serde_json::to_string_pretty(&card).unwrap() + "\n";
    let kept = golden("scorecard.json", &json);
    assert_eq!(kept, json);
    assert_eq!(serde_json::from_str::<Scorecard>(&kept).unwrap(), card);
}
