//! Scores: the tables of both policies, and their laws against plain arithmetic.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests may panic"
)]

use std::collections::BTreeSet;

use devops_core::{
    Analysis, AnalyzerKind, AnalyzerRun, BaselineState, ChangeRisk, Complexity, Descriptor, FileRisk,
    Finding, FunctionComplexity, Location, Number, Outcome, Ratio, RepoPath, RuleId, Score, Severity,
    Suppression, SuppressionKind, metric,
};
use devops_gates::{
    Scorecard, ScoringPolicy, ScoringPolicySpec, Standing, facts, score_code, score_performance,
    score_security,
};
use proptest::prelude::*;

fn finding(severity: Severity) -> Finding {
    Finding::new(RuleId::new("rule").unwrap(), severity, "a finding")
}

fn run(name: &str, kind: AnalyzerKind, analysis: Analysis) -> AnalyzerRun {
    AnalyzerRun { descriptor: Descriptor::new(name, kind).unwrap(), outcome: Outcome::Completed(analysis) }
}

fn failed(name: &str, kind: AnalyzerKind) -> AnalyzerRun {
    let outcome = Outcome::Failed { reason: "no network".into(), transient: true };
    AnalyzerRun { descriptor: Descriptor::new(name, kind).unwrap(), outcome }
}

fn style(findings: Vec<Finding>) -> AnalyzerRun {
    run("style", AnalyzerKind::Style, Analysis::new().with_findings(findings))
}

fn score(card: &Scorecard, metric: &str) -> String {
    let result = card.get(metric).unwrap();
    if let Standing::Measured { score } = result.standing {
        assert_eq!(result.recomputed(), Some(score), "{metric}");
    }
    result.score().map_or_else(|| "-".into(), |s| s.to_string())
}

fn function(now: (u32, u32, u32), before: Option<(u32, u32, u32)>) -> FunctionComplexity {
    let figures = |(cognitive, cyclomatic, lines)| Complexity { cognitive, cyclomatic, lines };
    let function = FunctionComplexity::new("f", Location::new(RepoPath::new("a.rs").unwrap()), figures(now));
    match before {
        Some(before) => function.with_before(figures(before)),
        None => function,
    }
}

#[test]
fn quality_by_severity() {
    use Severity::{Critical, Info, Major, Minor};
    for (severities, lines, classic, recommended) in [
        (vec![], 0, "10", "10"),
        (vec![Critical], 1000, "7", "7"),
        (vec![Major], 100, "8", "8"),
        (vec![Minor], 100, "9", "9"),
        (vec![Info], 100, "9.5", "9.5"),
        (vec![Critical, Major, Minor, Info], 50, "3.5", "3.5"),
        (vec![Critical, Major, Minor, Info], 200, "3.5", "5.25"),
        (vec![Minor; 10], 100, "0", "0"),
        (vec![Minor; 12], 300, "0", "6"),
        (vec![Major; 3], 700, "4", "9.142857"),
        (vec![Critical; 4], 100_000, "0", "0"),
    ] {
        let runs = [style(severities.iter().map(|s| finding(*s)).collect())];
        let what = format!("{severities:?} in {lines}");
        assert_eq!(score(&score_code(&runs, lines, &ScoringPolicy::classic()), "quality"), classic, "{what}");
        let card = score_code(&runs, lines, &ScoringPolicy::recommended());
        assert_eq!(score(&card, "quality"), recommended, "{what}");
    }
}

#[test]
fn what_does_not_count() {
    let waived = Suppression::new(SuppressionKind::Waiver, "known".into());
    let own = Suppression::new(SuppressionKind::InSource, "fine".into()).with_added_by_change(true);
    let runs = [
        style(vec![
            finding(Severity::Major).with_suppression(waived.clone()),
            finding(Severity::Major).with_baseline(BaselineState::Fixed),
            finding(Severity::Minor).with_suppression(own.clone()),
            finding(Severity::Minor).with_suppression(own).with_suppression(waived),
            finding(Severity::Critical).with_heuristic(true),
        ]),
        run("review", AnalyzerKind::Review, Analysis::new().with_finding(finding(Severity::Critical))),
    ];
    let card = score_code(&runs, 100, &ScoringPolicy::recommended());
    assert_eq!(score(&card, "quality"), "7"); // one minor, and a heuristic critical that counts as major
    let quality = card.get("quality").unwrap();
    assert_eq!((quality.suppressed, quality.counts.to_string()), (2, "1 major, 1 minor".into()));
    assert_eq!(quality.summary_text(), "quality 7: 1 major, 1 minor");
    assert_eq!(score(&score_code(&runs, 100, &ScoringPolicy::classic()), "quality"), "6");
    let shown: Vec<String> = facts(&runs, &BTreeSet::new()).iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["open_findings = 2", "critical_findings = 0", "required_not_run = 0"]);
}

#[test]
fn nobody_looked() {
    for runs in [
        vec![],
        vec![failed("style", AnalyzerKind::Style)],
        vec![run("review", AnalyzerKind::Review, Analysis::new())],
    ] {
        let shown: Vec<String> = facts(&runs, &BTreeSet::new()).iter().map(ToString::to_string).collect();
        assert_eq!(shown[0], "open_findings = missing: no source ran to an end");
        assert_eq!(shown[1], "critical_findings = missing: no source ran to an end");
    }
}

#[test]
fn complexity_by_function() {
    for (functions, expected) in [
        (vec![], "10"),
        (vec![function((15, 10, 80), Some((0, 0, 0)))], "10"),
        (vec![function((20, 10, 80), Some((0, 0, 0)))], "9"),
        (vec![function((16, 10, 80), Some((0, 0, 0)))], "9.8"),
        (vec![function((500, 10, 80), Some((0, 0, 0)))], "6"),
        (vec![function((15, 15, 80), Some((0, 0, 0)))], "9.5"),
        (vec![function((15, 500, 80), Some((0, 0, 0)))], "8"),
        (vec![function((15, 10, 81), Some((0, 0, 0)))], "9.5"),
        // Only touched: a quarter.
        (vec![function((20, 10, 80), Some((20, 10, 80)))], "9.75"),
        // Half of it added.
        (vec![function((25, 10, 80), Some((20, 10, 80)))], "8.75"),
        // Made simpler: what is left is only touched.
        (vec![function((20, 10, 80), Some((40, 30, 200)))], "9.75"),
        // Not known before: counted as added.
        (vec![function((20, 10, 80), None)], "9"),
        (vec![function((500, 500, 500), None), function((500, 500, 500), None)], "0"),
    ] {
        let analysis = functions.iter().fold(Analysis::new(), |a, f| a.with_function(f.clone()));
        let card =
            score_code(&[run("c", AnalyzerKind::Complexity, analysis)], 100, &ScoringPolicy::default());
        assert_eq!(score(&card, "complexity"), expected, "{functions:?}");
    }
}

#[test]
fn complexity_of_a_bare_diff() {
    let skipped = Analysis::new().with_skipped("a.rs", "no contents");
    let complexity = |analysis| {
        let runs = [style(vec![finding(Severity::Major)]), run("c", AnalyzerKind::Complexity, analysis)];
        score_code(&runs, 100, &ScoringPolicy::recommended())
    };
    let card = complexity(skipped.clone());
    assert!(matches!(card.get("complexity").unwrap().standing, Standing::NotApplicable { .. }));
    assert_eq!(score(&card, "code_quality"), "8", "the weight is shared out");
    assert!(card.is_partial());
    let card = complexity(skipped.with_function(function((20, 1, 1), None)));
    assert_eq!(score(&card, "complexity"), "9");
    assert!(card.get("complexity").unwrap().partial);
    assert_eq!(card.overall.skipped.len(), 1);
}

fn risk(probability: f64, files: &[f64]) -> AnalyzerRun {
    let ratio = |p| Ratio::new(p).unwrap();
    let path = |i| RepoPath::new(&format!("f{i}.rs")).unwrap();
    let risk = files.iter().enumerate().fold(ChangeRisk::new(ratio(probability)), |risk, (i, p)| {
        risk.with_file(FileRisk::new(path(i), ratio(*p)))
    });
    run("risk", AnalyzerKind::DefectRisk, Analysis::new().with_risk(risk))
}

#[test]
fn risk_of_both_models() {
    for (probability, files, classic, recommended) in [
        (0.0, vec![], "10", "10"),
        (0.25, vec![0.7, 0.69], "10", "7.5"),
        (0.9, vec![0.99, 0.70], "0.1", "1"),
        (0.9, vec![0.99, 0.71], "1.5", "1"),
        (1.0, vec![1.0, 0.9, 0.8], "1", "0"),
        (0.123_457, vec![0.8, 0.8, 0.9], "1.666667", "8.76543"),
    ] {
        let runs = [risk(probability, &files)];
        assert_eq!(
            score(&score_code(&runs, 10, &ScoringPolicy::classic()), "defect_risk"),
            classic,
            "{files:?}"
        );
        assert_eq!(
            score(&score_code(&runs, 10, &ScoringPolicy::default()), "defect_risk"),
            recommended,
            "{files:?}"
        );
    }
    let silent = [run("risk", AnalyzerKind::DefectRisk, Analysis::new())];
    let card = score_code(&silent, 10, &ScoringPolicy::default());
    assert!(matches!(card.get("defect_risk").unwrap().standing, Standing::NotMeasured { .. }));
}

#[test]
fn overall_of_the_code_analysis() {
    let complexity =
        run("c", AnalyzerKind::Complexity, Analysis::new().with_function(function((30, 1, 1), None)));
    let runs = [style(vec![finding(Severity::Critical)]), complexity, risk(0.5, &[])];
    let card = score_code(&runs, 10, &ScoringPolicy::recommended());
    // 0.4 × 7 + 0.3 × 7 + 0.3 × 5
    assert_eq!(score(&card, metric::CODE_QUALITY), "6.4");
    assert_eq!(card.to_string(), "code_quality 6.4: quality 7, complexity 7, defect_risk 5; 1 critical");
    assert_eq!(card.overall.terms[0].why_text(), "score 7 with a share of 0.4");
    assert_eq!(card.measures().len(), 4);
}

#[test]
fn what_did_not_run_is_not_measured() {
    for policy in [ScoringPolicy::recommended(), ScoringPolicy::classic()] {
        let runs = [style(vec![]), failed("risk", AnalyzerKind::DefectRisk)];
        let card = score_code(&runs, 10, &policy);
        assert_eq!((score(&card, "defect_risk"), score(&card, "code_quality")), ("-".into(), "-".into()));
        let shown: Vec<String> = card.measures().iter().map(ToString::to_string).collect();
        let reason = "risk failed: no network (sources that did not run: 1)";
        assert_eq!(shown[1], format!("defect_risk = missing: {reason}"));
        assert_eq!(shown[2], format!("code_quality = missing: defect_risk is not measured: {reason}"));
        // Nobody looked at all: not even the classic policy takes that for a ten.
        assert_eq!(score(&score_code(&[], 10, &policy), "code_quality"), "-");
        assert_eq!(score(&score_security(&[], true, &policy), "security"), "-");
    }
}

#[test]
fn one_of_two_sources_failed() {
    let runs = [
        run("a", AnalyzerKind::Sast, Analysis::new().with_finding(finding(Severity::Minor))),
        failed("b", AnalyzerKind::Sast),
    ];
    assert_eq!(score(&score_security(&runs, false, &ScoringPolicy::recommended()), "sast"), "-");
    let card = score_security(&runs, false, &ScoringPolicy::classic());
    assert_eq!(score(&card, "sast"), "9");
    let sast = card.get("sast").unwrap();
    assert!(sast.partial);
    assert_eq!((sast.skipped[0].what.as_str(), sast.skipped[0].reason.as_str()), ("b", "failed: no network"));
}

#[test]
fn the_container_part() {
    let clean = |name, kind| run(name, kind, Analysis::new());
    let base = vec![
        run("sast", AnalyzerKind::Sast, Analysis::new().with_finding(finding(Severity::Critical))),
        clean("osv", AnalyzerKind::Dependencies),
        clean("secrets", AnalyzerKind::Secrets),
    ];
    let with = |run: AnalyzerRun| base.iter().cloned().chain([run]).collect::<Vec<_>>();
    let skipped = AnalyzerRun {
        descriptor: Descriptor::new("image", AnalyzerKind::Container).unwrap(),
        outcome: Outcome::Skipped { reason: "no image".into() },
    };
    let (recommended, classic) = (ScoringPolicy::recommended(), ScoringPolicy::classic());
    // (0.3 × 7 + 0.3 × 10 + 0.2 × 10) / 0.8, and with 0.2 × 10 assumed.
    for runs in [base.clone(), with(skipped.clone())] {
        let card = score_security(&runs, false, &recommended);
        assert_eq!(score(&card, "security"), "8.875");
        assert!(card.to_string().contains("container not applicable"), "{card}");
        let card = score_security(&runs, false, &classic);
        assert_eq!(score(&card, "security"), "9.1");
        assert!(card.to_string().contains("container 10 assumed"), "{card}");
        assert_eq!(card.measures().len(), 4, "what is assumed is no measure");
    }
    assert_eq!(score(&score_security(&with(skipped), true, &recommended), "security"), "-");
    let looked =
        with(run("image", AnalyzerKind::Container, Analysis::new().with_finding(finding(Severity::Major))));
    assert_eq!(score(&score_security(&looked, false, &recommended), "container"), "8");
}

#[test]
fn any_live_secret_scores_zero() {
    for (severity, expected) in [(Severity::Critical, "0"), (Severity::Major, "8")] {
        let runs = [run("secrets", AnalyzerKind::Secrets, Analysis::new().with_finding(finding(severity)))];
        assert_eq!(score(&score_security(&runs, false, &ScoringPolicy::default()), "secrets"), expected);
    }
}

#[test]
fn performance_between_its_ends() {
    for (current, baseline, expected) in [
        (0, 100, "10"),
        (100, 100, "10"),
        (105, 100, "10"),
        (106, 100, "9.777778"),
        (1275, 1000, "5"),
        (150, 100, "0"),
        (1000, 1, "0"),
    ] {
        let result =
            score_performance(Number::from(current), Number::from(baseline), &ScoringPolicy::default());
        assert_eq!(result.score().unwrap().to_string(), expected, "{current}/{baseline}");
        assert_eq!(result.recomputed(), result.score());
    }
    for (current, baseline) in [(1.0, 0.0), (1.0, -1.0), (-1.0, 1.0)] {
        let (current, baseline) = (Number::new(current).unwrap(), Number::new(baseline).unwrap());
        let result = score_performance(current, baseline, &ScoringPolicy::default());
        assert!(matches!(result.standing, Standing::NotMeasured { .. }), "{current}/{baseline}");
    }
    let extreme = Number::new(f64::MAX).unwrap();
    let tiny = Number::new(f64::MIN_POSITIVE).unwrap();
    assert_eq!(score_performance(extreme, tiny, &ScoringPolicy::default()).score(), Some(Score::MIN));
}

#[test]
fn formats_that_were_written_are_read_for_ever() {
    let policy: ScoringPolicy = toml::from_str(include_str!("../testdata/policy_format_1.toml")).unwrap();
    assert_eq!(policy, ScoringPolicy::classic());
}

fn severity() -> impl Strategy<Value = Severity> {
    prop_oneof![Just(Severity::Critical), Just(Severity::Major), Just(Severity::Minor), Just(Severity::Info)]
}

fn analyses() -> impl Strategy<Value = Vec<(usize, Vec<Severity>)>> {
    proptest::collection::vec((0usize..4, proptest::collection::vec(severity(), 0..6)), 1..5)
}

fn runs(list: &[(usize, Vec<Severity>)]) -> Vec<AnalyzerRun> {
    let kinds = [AnalyzerKind::Style, AnalyzerKind::Duplication, AnalyzerKind::Naming, AnalyzerKind::Code];
    let analysis =
        |severities: &[Severity]| Analysis::new().with_findings(severities.iter().map(|s| finding(*s)));
    list.iter().enumerate().map(|(i, (kind, s))| run(&format!("a{i}"), kinds[*kind], analysis(s))).collect()
}

proptest! {
    #[test]
    fn quality_agrees_with_plain_arithmetic(list in analyses(), lines in 0u64..2000) {
        let weight = |s: Severity| match s {
            Severity::Critical => 30_i128,
            Severity::Major => 20,
            Severity::Minor => 10,
            Severity::Info => 5,
        };
        let all: Vec<Severity> = list.iter().flat_map(|(_, s)| s.clone()).collect();
        let runs = runs(&list);
        let classic: i128 = all.iter().map(|s| weight(*s)).sum();
        let card = score_code(&runs, lines, &ScoringPolicy::classic());
        prop_assert_eq!(i128::from(card.get("quality").unwrap().score().unwrap().micros()), (100 - classic).max(0) * 100_000);
        // In units of 1/10 of 1/lines, rounded once, half to even.
        let lines = i128::from(lines.max(100));
        let taken: i128 =
            all.iter().map(|s| if *s == Severity::Critical { weight(*s) * lines } else { weight(*s) * 100 }).sum();
        let left = (100 * lines - taken).max(0) * 100_000;
        let (quotient, rest) = (left / lines, left % lines);
        let up = rest * 2 > lines || (rest * 2 == lines && quotient % 2 == 1);
        let card = score_code(&runs, u64::try_from(lines).unwrap(), &ScoringPolicy::recommended());
        let score = card.get("quality").unwrap();
        prop_assert_eq!(i128::from(score.score().unwrap().micros()), quotient + i128::from(up));
        prop_assert_eq!(score.recomputed(), score.score());
    }

    #[test]
    fn the_order_of_runs_and_findings_does_not_matter(list in analyses(), lines in 0u64..2000, seed in 0usize..100) {
        let runs = runs(&list);
        let mut turned = runs.clone();
        let places = turned.len();
        turned.rotate_left(seed % places);
        for run in &mut turned {
            if let Outcome::Completed(analysis) = &mut run.outcome {
                analysis.findings.reverse();
            }
        }
        let policy = ScoringPolicy::recommended();
        let bytes = |runs: &[AnalyzerRun]| serde_json::to_string(&score_code(runs, lines, &policy)).unwrap();
        prop_assert_eq!(bytes(&runs), bytes(&turned));
        let (one, other) = (facts(&runs, &BTreeSet::new()), facts(&turned, &BTreeSet::new()));
        prop_assert_eq!(one, other);
        let card = score_code(&runs, lines, &policy);
        prop_assert_eq!(serde_json::from_str::<Scorecard>(&bytes(&runs)).unwrap(), card);
    }

    #[test]
    fn one_more_finding_is_never_better(list in analyses(), lines in 0u64..2000, at in 0usize..5, more in severity()) {
        let mut worse = list.clone();
        let places = worse.len();
        worse[at % places].1.push(more);
        for policy in [ScoringPolicy::recommended(), ScoringPolicy::classic()] {
            let quality = |list: &[(usize, Vec<Severity>)]| {
                score_code(&runs(list), lines, &policy).get("quality").unwrap().score().unwrap()
            };
            prop_assert!(quality(&worse) <= quality(&list));
        }
    }

    #[test]
    fn more_complex_is_never_better(
        now in (0u32..60, 0u32..60, 0u32..200),
        before in proptest::option::of((0u32..60, 0u32..60, 0u32..200)),
        more in (0u32..9, 0u32..9, 0u32..50),
    ) {
        let score = |now| {
            let analysis = Analysis::new().with_function(function(now, before));
            let card = score_code(&[run("c", AnalyzerKind::Complexity, analysis)], 9, &ScoringPolicy::default());
            let result = card.get("complexity").unwrap().clone();
            assert_eq!(result.recomputed(), result.score());
            result.score().unwrap()
        };
        let worse = (now.0 + more.0, now.1 + more.1, now.2 + more.2);
        prop_assert!(score(worse) <= score(now));
        // Without the change's own past a function never scores better than with it.
        let unknown = {
            let analysis = Analysis::new().with_function(function(now, None));
            score_code(&[run("c", AnalyzerKind::Complexity, analysis)], 9, &ScoringPolicy::default())
        };
        prop_assert!(unknown.get("complexity").unwrap().score().unwrap() <= score(now));
    }

    #[test]
    fn slower_is_never_better(a in 0u32..10_000, b in 0u32..10_000, baseline in 1u32..5000) {
        let score = |n: u32| score_performance(n.into(), baseline.into(), &ScoringPolicy::default()).score().unwrap();
        prop_assert!(score(a.max(b)) <= score(a.min(b)));
    }

    #[test]
    fn a_source_that_fails_never_raises_a_score(list in analyses(), lines in 0u64..2000, at in 0usize..5) {
        let policy = ScoringPolicy::recommended();
        let mut runs = runs(&list);
        let places = runs.len();
        runs[at % places].outcome = Outcome::Cancelled;
        prop_assert_eq!(score_code(&runs, lines, &policy).overall_score(), None);
    }

    #[test]
    fn any_policy_is_checked_or_works(
        weights in proptest::collection::vec(prop_oneof![Just(0.0), Just(-1.0), Just(f64::NAN), 0.0..2000.0f64, (0u32..20).prop_map(|n| f64::from(n) / 4.0)], 7),
        list in analyses(),
    ) {
        let mut spec = ScoringPolicySpec::default();
        spec.code_weights.quality = weights[0];
        spec.code_weights.complexity = weights[1];
        spec.severity.critical = weights[2];
        spec.severity.major = weights[3];
        spec.complexity.touched_share = weights[4];
        spec.performance.tolerance = weights[5];
        spec.performance.zero_at = weights[6];
        if let Ok(policy) = ScoringPolicy::new(spec) {
            let card = score_code(&runs(&list), 150, &policy);
            prop_assert_eq!(card.get("quality").unwrap().recomputed(), card.get("quality").unwrap().score());
            let _ = score_performance(3.into(), 2.into(), &policy);
        }
    }
}
