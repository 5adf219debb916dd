//! What is written is read back.
#![cfg(feature = "sarif")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::print_stdout,
    reason = "tests may panic, and read shipped files"
)]

use devops_analyzers::sarif::{SarifReader, SarifWriter};
use devops_core::{
    Analysis, AnalyzerKind, AnalyzerRun, BaselineState, Descriptor, Finding, Location, Outcome, Region,
    RepoPath, RuleId, Severity, Suppression, SuppressionKind, Timestamp,
};
use proptest::prelude::*;

fn descriptor(kind: AnalyzerKind) -> Descriptor {
    Descriptor::new("own", kind).unwrap().with_version("1.2.3")
}

fn at(path: &[u8], region: Option<Region>) -> Location {
    let location = Location::new(RepoPath::from_bytes(path.to_vec()).unwrap());
    match region {
        Some(region) => location.with_region(region),
        None => location,
    }
}

/// Everything but the second key, which needs the code that the first analyzer saw.
fn assert_same(read: &[&Finding], written: &[Finding]) {
    let known = |f: &Finding| {
        let mut json = serde_json::to_value(f).unwrap();
        json.as_object_mut().unwrap().remove("content_fingerprint");
        json
    };
    let mut written: Vec<_> = written.iter().collect();
    written.sort_by(|a, b| a.report_order(b));
    let (read, written): (Vec<_>, Vec<_>) =
        (read.iter().map(|f| known(f)).collect(), written.into_iter().map(known).collect());
    assert_eq!(read, written);
}

const TEXT: &[u8] = "let é = \"😀\";\nx\n".as_bytes();

fn everything() -> Vec<Finding> {
    let rule = RuleId::new("secret/key").unwrap();
    let columns = Region::line(1).unwrap().with_columns(11, 15).unwrap();
    vec![
        Finding::new(rule.clone(), Severity::Critical, "see [here](1) {0}")
            .at(at("src/é a.rs".as_bytes(), Some(columns)))
            .with_context(b"let")
            .with_help("https://rules/key?x=1")
            .with_fix("take it out")
            .with_baseline(BaselineState::New),
        Finding::new(rule.clone(), Severity::Info, "second")
            .at(at(b"a\\b%\xff#?:.txt", Some(Region::lines(2, 4).unwrap())))
            .with_heuristic(true)
            .with_suppression(
                Suppression::new(SuppressionKind::InSource, "known".into()).with_added_by_change(true),
            )
            .with_suppression(
                Suppression::new(SuppressionKind::Waiver, "until May".into())
                    .with_owner("ada".into())
                    .with_expiry(Timestamp::from_millis(1_777_000_000_000).unwrap()),
            ),
        Finding::new(RuleId::new("no place").unwrap(), Severity::Minor, "")
            .with_baseline(BaselineState::Unchanged),
        Finding::new(rule, Severity::Major, "third").at(at(b"whole.rs", None)).with_help("not an address"),
    ]
}

#[test]
fn a_round_trip_keeps_everything() {
    let contents = |path: &RepoPath| (path.as_bytes() == "src/é a.rs".as_bytes()).then_some(TEXT);
    for kind in [AnalyzerKind::Secrets, AnalyzerKind::Style] {
        let analysis = Analysis::new().with_findings(everything());
        let run = AnalyzerRun { descriptor: descriptor(kind), outcome: Outcome::Completed(analysis) };
        let sarif = SarifWriter::new().with_information("https://x").write_with(&[run], &contents);
        let report = SarifReader::new().read_with(sarif.as_bytes(), &contents).unwrap();
        assert_eq!((&*report.runs[0].tool, &*report.runs[0].version), ("own", "1.2.3"));
        assert!(report.runs[0].warnings.is_empty(), "{:?}", report.runs[0].warnings);
        assert_same(&report.runs[0].findings.iter().collect::<Vec<_>>(), &everything());
    }
}

#[test]
fn the_form_is_fixed() {
    let contents = |path: &RepoPath| (path.as_bytes() == "src/é a.rs".as_bytes()).then_some(TEXT);
    let partial =
        Analysis::new().with_findings(everything()).with_skipped("b.rs", "binary").with_note("a note");
    let runs = [
        AnalyzerRun { descriptor: descriptor(AnalyzerKind::Secrets), outcome: Outcome::Completed(partial) },
        AnalyzerRun {
            descriptor: descriptor(AnalyzerKind::Style),
            outcome: Outcome::Failed { reason: "no rules".into(), transient: false },
        },
        AnalyzerRun {
            descriptor: descriptor(AnalyzerKind::Naming),
            outcome: Outcome::Skipped { reason: "not asked".into() },
        },
    ];
    let sarif = SarifWriter::new().write_with(&runs, &contents);
    let known = include_str!("../testdata/sarif/written.sarif");
    assert_eq!(sarif, known.trim_end(), "the written form has changed");
    let report = SarifReader::new().read(sarif.as_bytes()).unwrap();
    assert_eq!(report.runs[0].failures, ["b.rs: binary"]);
    assert!(!report.runs[1].looked && !report.runs[2].looked);
    assert_eq!(report.outcome().status(), "partial");
}

#[test]
fn the_order_of_findings_does_not_matter() {
    let mut reversed = everything();
    reversed.reverse();
    let descriptor = descriptor(AnalyzerKind::Code);
    let writer = SarifWriter::new().with_compact(true);
    assert_eq!(
        writer.write_findings(&descriptor, &reversed),
        writer.write_findings(&descriptor, &everything())
    );
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let place = proptest::option::of((
        "[a-c]{1,3}(/[^\\x00/.]{1,4}){0,2}",
        proptest::option::of((1u32..50, 0u32..5)),
    ));
    let severity = prop_oneof![
        Just(Severity::Critical),
        Just(Severity::Major),
        Just(Severity::Minor),
        Just(Severity::Info)
    ];
    ("[a-z/]{1,6}", severity, "\\PC{0,20}", place, any::<bool>()).prop_map(
        |(rule, severity, message, place, new)| {
            let mut finding = Finding::new(RuleId::new(&rule).unwrap(), severity, message);
            if let Some((path, lines)) = place {
                let region = lines.map(|(start, more)| Region::lines(start, start + more).unwrap());
                finding = finding.at(at(path.as_bytes(), region));
            }
            finding.with_baseline(if new { BaselineState::New } else { BaselineState::Unknown })
        },
    )
}

proptest! {
    #[test]
    fn any_findings_come_back(findings in proptest::collection::vec(any_finding(), 0..6)) {
        let sarif = SarifWriter::new().write_findings(&descriptor(AnalyzerKind::Sast), &findings);
        let report = SarifReader::new().read(sarif.as_bytes()).unwrap();
        assert_same(&report.findings().collect::<Vec<_>>(), &findings);
    }
}
