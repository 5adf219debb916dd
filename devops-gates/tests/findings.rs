//! Conditions on findings.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use devops_core::{
    BaselineState, Finding, Location, Measures, RepoPath, RuleId, Severity, Suppression, SuppressionKind,
};
use devops_gates::{
    ConditionSpec, Evidence, FindingsSpec, Gate, GateSpec, Ground, LintKind, Missing, Status, Verdict,
};

fn finding(rule: &str, severity: Severity, path: &str) -> Finding {
    Finding::new(RuleId::new(rule).unwrap(), severity, "x")
        .at(Location::new(RepoPath::new(path).unwrap()))
        .with_baseline(BaselineState::New)
}

fn findings() -> Vec<Finding> {
    let waived = Suppression::new(SuppressionKind::Waiver, "later".into());
    vec![
        finding("style/tabs", Severity::Minor, "src/a.rs"),
        finding("style/tabs", Severity::Minor, "src/gen/b.rs"),
        finding("sql/injection", Severity::Major, "src/a.rs").with_baseline(BaselineState::Unchanged),
        finding("ruff/E501", Severity::Info, "tools/x.py").with_baseline(BaselineState::Unknown),
        finding("secrets/key", Severity::Critical, "src/a.rs").with_suppression(waived),
        finding("secrets/key", Severity::Critical, "src/c.rs").with_baseline(BaselineState::Fixed),
        finding("risk/file", Severity::Critical, "src/a.rs").with_heuristic(true),
    ]
}

fn judge(spec: FindingsSpec, pass: &str) -> Verdict {
    let gate =
        Gate::build(GateSpec::new("g").with_condition(ConditionSpec::on_findings("c", spec, pass))).unwrap();
    let (measures, findings) = (Measures::new(), findings());
    let verdict = gate.evaluate(&Evidence::new(&measures).with_findings(&findings));
    assert_eq!(verdict.recomputed(), verdict.status());
    let json = serde_json::to_string(&verdict).unwrap();
    assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
    let mut turned: Vec<&Finding> = findings.iter().collect();
    turned.reverse();
    assert_eq!(gate.evaluate(&Evidence::new(&measures).with_findings(turned)), verdict);
    verdict
}

#[test]
fn counts() {
    let count = FindingsSpec::count;
    for (spec, n) in [
        (count(), 4),
        (count().with_heuristics(true), 5),
        (count().with_severity(Severity::Minor), 2),
        (count().with_min_severity(Severity::Minor), 3),
        (count().with_min_severity(Severity::Critical), 0),
        (count().with_rule("style/tabs"), 2),
        (count().with_rule("style"), 2),
        (count().with_rule("E501"), 1),
        (count().with_path("src"), 3),
        (count().with_path("src/"), 3),
        (count().with_path("src/*.rs"), 2),
        (count().with_path("**/*.py"), 1),
        (count().with_path("sr"), 0),
        // What is not known to be old is new.
        (count().with_new_only(true), 3),
        (count().with_new_only(true).with_min_severity(Severity::Major), 0),
        (count().with_rule("style/*").with_path("src/gen").with_new_only(true), 1),
    ] {
        assert_eq!(judge(spec.clone(), &format!("= {n}")).status(), Status::Passed, "{spec} is not {n}");
        assert_eq!(judge(spec.clone(), &format!("!= {n}")).status(), Status::Failed, "{spec}");
    }
}

#[test]
fn severities() {
    let max = FindingsSpec::max_severity;
    for (spec, pass, status) in [
        (max(), "<= major", Status::Passed),
        (max(), "< major", Status::Failed),
        (max(), "= major", Status::Passed),
        (max().with_heuristics(true), "<= major", Status::Failed),
        (max().with_path("tools"), "<= info", Status::Passed),
        (max().with_path("nowhere"), "= none", Status::Passed),
        (max().with_path("nowhere"), "<= info", Status::Passed),
        (max().with_path("tools"), "= none", Status::Failed),
    ] {
        assert_eq!(judge(spec, pass).status(), status, "{pass}");
    }
    let verdict = judge(max().with_path("src").with_new_only(true), "<= info");
    assert_eq!(
        verdict.condition("c").unwrap().reason_text(),
        "minor does not meet <= info; of new findings, in src"
    );
}

#[test]
fn nobody_looked() {
    for (missing, status) in [
        (Missing::Inconclusive, Status::Inconclusive),
        (Missing::Fail, Status::Failed),
        (Missing::Skip, Status::Inconclusive),
    ] {
        for pass in ["= 0", "<= 3"] {
            let condition =
                ConditionSpec::on_findings("c", FindingsSpec::count(), pass).with_missing(missing);
            let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
            let verdict = gate.evaluate(&Evidence::new(&Measures::new()));
            assert_eq!(
                (verdict.status(), verdict.condition("c").unwrap().ground()),
                (status, Ground::Missing)
            );
        }
    }
}

#[test]
fn faults_and_remarks() {
    let errors = |condition: ConditionSpec| {
        Gate::build(GateSpec::new("g").with_condition(condition)).unwrap_err().to_string()
    };
    let on = |pass| ConditionSpec::on_findings("c", FindingsSpec::count(), pass);
    let mut both = on("= 0");
    both.metric = "m".into();
    for (condition, expected) in [
        (both, "conditions[0].metric: `m` does not fit: expected a metric or findings, not both"),
        (
            ConditionSpec::new("c", "", "= 0"),
            "conditions[0].metric: metric id is empty: expected 1 to 200 ASCII letters, digits, `.`, `_`, `-`, `/` or `:`, beginning with a letter or digit",
        ),
        (
            on("<= minor"),
            "conditions[0].pass: `<= minor` does not fit: expected a number of findings, such as `<= 3`",
        ),
        (
            on("<= 3 %"),
            "conditions[0].pass: `<= 3 %` does not fit: expected a number of findings, such as `<= 3`",
        ),
        (
            on("<= baseline"),
            "conditions[0].pass: `<= baseline` does not fit: expected a number of findings, such as `<= 3`",
        ),
        (
            ConditionSpec::on_findings("c", FindingsSpec::max_severity(), "<= 3"),
            "conditions[0].pass: `<= 3` does not fit: expected a severity, such as `<= minor`",
        ),
        (
            ConditionSpec::on_findings("c", FindingsSpec::count().with_rule("").with_path(""), "= 0"),
            "conditions[0].findings.rule: `` does not fit: expected a text that is not empty; conditions[0].findings.path: `` does not fit: expected a text that is not empty",
        ),
        (
            on("= 0").with_min_samples(3),
            "conditions[0].min_samples: `3` does not fit: expected no number of observations for findings",
        ),
        (
            on("= 0").with_missing(Missing::LastKnown { max_age_hours: 9 }),
            "conditions[0].missing: `last_known` does not fit: expected no last known value for findings",
        ),
    ] {
        assert_eq!(errors(condition), expected);
    }
    let worst = |pass: &str, warn: &str| {
        let condition = ConditionSpec::on_findings("c", FindingsSpec::max_severity(), pass).with_warn(warn);
        let gate = Gate::build(GateSpec::new("g").with_condition(condition)).unwrap();
        gate.lints().iter().map(|l| l.kind).collect::<Vec<_>>()
    };
    assert_eq!(worst("<= minor", "<= major"), []);
    assert_eq!(worst("<= minor", "<= info"), [LintKind::UnreachableWarning]);
    // Two selections are two measures; the same one twice is one.
    let two = |other: FindingsSpec| {
        let spec = GateSpec::new("g")
            .with_condition(on("= 0"))
            .with_condition(ConditionSpec::on_findings("d", other, "> 3"));
        Gate::build(spec).unwrap().lints().len()
    };
    assert_eq!((two(FindingsSpec::count()), two(FindingsSpec::count().with_rule("a"))), (1, 0));
}

#[test]
fn the_form_in_files() {
    let spec: GateSpec = toml::from_str(
        r#"
        format = 1
        name = "g"

        [[conditions]]
        name = "new"
        findings = { min_severity = "major", rule = "style/*", path = "src", new_only = true, heuristics = true }
        pass = "= 0"

        [[conditions]]
        name = "worst"
        findings = { what = "max_severity" }
        pass = "<= minor"
        "#,
    )
    .unwrap();
    let json = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<GateSpec>(&json).unwrap(), spec);
    let gate = Gate::build(spec).unwrap();
    assert!(gate.lints().is_empty());
    assert_eq!(gate.inputs().len(), 0);
}
