//! From findings to the verdicts of the two named gates.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::collections::BTreeSet;

use devops_core::{
    Analysis, AnalyzerId, AnalyzerKind, AnalyzerRun, ChangeRisk, Descriptor, Finding, Measure, Measures,
    MetricId, Number, Outcome, Ratio, RuleId, Score, Severity, Suppression, SuppressionKind, Unit, metric,
};
use devops_gates::{
    Evidence, Gate, ScoringPolicy, Status, Verdict, facts, score_code, score_performance, score_security,
};

fn id(text: &str) -> MetricId {
    MetricId::new(text).unwrap()
}

fn run(name: &str, kind: AnalyzerKind, outcome: Outcome) -> AnalyzerRun {
    AnalyzerRun { descriptor: Descriptor::new(name, kind).unwrap().with_required(true), outcome }
}

fn clean() -> Outcome {
    Outcome::Completed(Analysis::new())
}

fn secret() -> Finding {
    Finding::new(RuleId::new("aws-key").unwrap(), Severity::Critical, "an access key")
}

/// A change where all is perfect but what the caller replaces.
struct Change {
    runs: Vec<AnalyzerRun>,
    tests: Option<(u32, u32)>,
    coverage: Option<(u64, u64)>,
    duration: Option<(u32, u32)>,
}

impl Change {
    fn perfect() -> Self {
        let risk = Analysis::new().with_risk(ChangeRisk::new(Ratio::MIN));
        Self {
            runs: vec![
                run("style", AnalyzerKind::Style, clean()),
                run("complexity", AnalyzerKind::Complexity, clean()),
                run("risk", AnalyzerKind::DefectRisk, Outcome::Completed(risk)),
                run("sast", AnalyzerKind::Sast, clean()),
                run("osv", AnalyzerKind::Dependencies, clean()),
                run("image", AnalyzerKind::Container, clean()),
                run("secrets", AnalyzerKind::Secrets, clean()),
            ],
            tests: Some((120, 0)),
            coverage: Some((90, 100)),
            duration: Some((100, 100)),
        }
    }

    fn with(mut self, name: &str, outcome: Outcome) -> Self {
        let run = self.runs.iter_mut().find(|r| r.descriptor.id().as_str() == name).unwrap();
        run.outcome = outcome;
        self
    }

    fn measures(&self, policy: &ScoringPolicy) -> Measures {
        let mut all = score_code(&self.runs, 40, policy).measures();
        all.extend(score_security(&self.runs, true, policy).measures());
        all.extend(facts(&self.runs, &BTreeSet::new()));
        let count = |m: &str, n: u32| Measure::new(id(m), Number::from(n).into(), Unit::Count);
        if let Some((ran, failed)) = self.tests {
            all.extend([count(metric::TESTS_RUN, ran), count(metric::TESTS_FAILED, failed)]);
        }
        if let Some((part, whole)) = self.coverage {
            all.push(Measure::fraction(id(metric::TEST_COVERAGE), part, whole, Unit::Percent));
        }
        if let Some((now, before)) = self.duration {
            all.extend(score_performance(now.into(), before.into(), policy).measure());
        }
        Measures::try_from(all).unwrap()
    }

    fn recommended(&self) -> Verdict {
        Gate::recommended().evaluate(&Evidence::new(&self.measures(&ScoringPolicy::recommended())))
    }

    fn classic(&self) -> Verdict {
        Gate::classic().evaluate(&Evidence::new(&self.measures(&ScoringPolicy::classic())))
    }
}

#[test]
fn a_perfect_change_passes_both() {
    assert_eq!(Change::perfect().recommended().status(), Status::Passed);
    assert_eq!(Change::perfect().classic().status(), Status::Passed);
}

#[test]
fn a_leaked_secret_fails_the_recommended_gate_and_passes_the_classic_one_at_exactly_8() {
    let change =
        Change::perfect().with("secrets", Outcome::Completed(Analysis::new().with_finding(secret())));
    let measures = change.measures(&ScoringPolicy::recommended());
    let security = measures.get(&id(metric::SECURITY), &devops_core::Scope::Overall).unwrap();
    assert_eq!(security.to_string(), "security = 8");
    let verdict = change.recommended();
    assert_eq!(verdict.status(), Status::Failed);
    assert_eq!(
        verdict.to_string(),
        "gate recommended failed: 7 of 8 conditions pass; no_critical_findings: 1 does not meet = 0"
    );
    assert_eq!(change.classic().status(), Status::Passed);
}

#[test]
fn a_marker_that_the_change_adds_lifts_no_veto() {
    let own = Suppression::new(SuppressionKind::InSource, "fine".into()).with_added_by_change(true);
    let old = Suppression::new(SuppressionKind::Waiver, "rotated".into());
    let with = |s| Outcome::Completed(Analysis::new().with_finding(secret().with_suppression(s)));
    assert_eq!(Change::perfect().with("secrets", with(own)).recommended().status(), Status::Failed);
    assert_eq!(Change::perfect().with("secrets", with(old)).recommended().status(), Status::Passed);
}

#[test]
fn failed_tests_do_not_pass() {
    let change = Change { tests: Some((120, 1)), ..Change::perfect() };
    let verdict = change.recommended();
    assert_eq!(verdict.status(), Status::Failed);
    assert_eq!(
        verdict.condition("tests_pass").unwrap().distance().to_string(),
        "an equality, a set or a gap has no distance"
    );
    assert_eq!(verdict.fixes(), Some(vec!["tests_pass"]));
}

#[test]
fn tests_that_did_not_run_do_not_pass() {
    let none = Change { tests: None, ..Change::perfect() };
    assert_eq!(none.recommended().status(), Status::Inconclusive);
    let zero = Change { tests: Some((0, 0)), ..Change::perfect() };
    assert_eq!(zero.recommended().status(), Status::Failed);
}

#[test]
fn a_source_that_did_not_run_does_not_pass() {
    let failures = [
        Outcome::Failed { reason: "no network".into(), transient: true },
        Outcome::TimedOut { limit_ms: 5 },
        Outcome::Cancelled,
        Outcome::Panicked { message: "index".into() },
        Outcome::Skipped { reason: "switched off".into() },
    ];
    for name in ["style", "complexity", "risk", "sast", "osv", "image", "secrets"] {
        for outcome in &failures {
            let change = Change::perfect().with(name, outcome.clone());
            assert_eq!(change.recommended().status(), Status::Failed, "{name} {outcome}");
            assert_eq!(change.classic().status(), Status::Inconclusive, "{name} {outcome}");
        }
    }
}

#[test]
fn a_required_source_that_was_never_there_does_not_pass() {
    let change = Change::perfect();
    let policy = ScoringPolicy::recommended();
    let required = BTreeSet::from([AnalyzerId::new("licences").unwrap()]);
    let mut measures: Vec<Measure> = change.measures(&policy).into();
    measures.retain(|m| m.metric().as_str() != metric::REQUIRED_NOT_RUN);
    measures.extend(facts(&change.runs, &required).pop());
    let measures = Measures::try_from(measures).unwrap();
    assert_eq!(Gate::recommended().evaluate(&Evidence::new(&measures)).status(), Status::Failed);
}

#[test]
fn coverage_counts_where_a_source_for_it_is_configured() {
    let change = Change { coverage: None, duration: None, ..Change::perfect() };
    assert_eq!(change.recommended().status(), Status::Inconclusive, "expected unless told otherwise");
    let measures = change.measures(&ScoringPolicy::recommended());
    let expected = BTreeSet::from([id(metric::TESTS_RUN), id(metric::TESTS_FAILED)]);
    let verdict = Gate::recommended().evaluate(&Evidence::new(&measures).with_expected(expected));
    assert_eq!(verdict.status(), Status::Passed);
    let coverage = verdict.condition("test_coverage").unwrap();
    assert!(!coverage.is_counted());
    assert_eq!(coverage.reason_text(), "not measured: no source for it is configured");
    assert!(verdict.to_markdown().contains("| test_coverage | inconclusive | not measured: no source"));
}

#[test]
fn the_recommended_warning_band_is_reached() {
    let change = Change { coverage: Some((60, 100)), ..Change::perfect() };
    let verdict = change.recommended();
    assert_eq!(verdict.status(), Status::Warning);
    assert_eq!(verdict.groups().last().unwrap().share().unwrap().to_string(), "80");
    assert_eq!((verdict.passed(), verdict.total()), (7, 8));
    assert_eq!(verdict.pass_rate().unwrap().to_string(), "0.875");
}

#[test]
fn the_classic_warning_cannot_happen_and_is_told() {
    let change = Change { coverage: Some((60, 100)), ..Change::perfect() };
    assert_eq!(change.classic().status(), Status::Failed, "3 of 4 is 75 %");
    assert_eq!(Gate::classic().lints().len(), 1);
    assert!(Gate::recommended().lints().is_empty());
}

#[test]
fn classic_thresholds_are_met_exactly() {
    for (metric, least, below) in [
        (metric::CODE_QUALITY, 7_000_000, 6_999_999),
        (metric::SECURITY, 8_000_000, 7_999_999),
        (metric::PERFORMANCE, 8_000_000, 7_999_999),
    ] {
        for (micros, expected) in [(least, Status::Passed), (below, Status::Failed)] {
            let mut measures: Vec<Measure> = Change::perfect().measures(&ScoringPolicy::classic()).into();
            measures.retain(|m| m.metric().as_str() != metric);
            measures.push(Measure::score(id(metric), Score::from_micros(micros).unwrap()));
            let measures = Measures::try_from(measures).unwrap();
            assert_eq!(
                Gate::classic().evaluate(&Evidence::new(&measures)).status(),
                expected,
                "{metric} {micros}"
            );
        }
    }
    for (part, whole, expected) in
        [(80, 100, Status::Passed), (799_999, 1_000_000, Status::Failed), (4, 5, Status::Passed)]
    {
        let change = Change { coverage: Some((part, whole)), ..Change::perfect() };
        assert_eq!(change.classic().status(), expected, "{part}/{whole}");
    }
}
