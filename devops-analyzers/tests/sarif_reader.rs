//! Bent, broken and hostile SARIF reports.
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

use std::fmt::Write as _;

use devops_analyzers::report_path::ReportPaths;
use devops_analyzers::sarif::{SarifReader, SarifReport};
use devops_core::{BaselineState, Outcome, Severity, SuppressionKind};
use proptest::prelude::*;

fn with_results(results: &str) -> String {
    format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"t","rules":[
        {{"id":"R0","shortDescription":{{"text":"rule zero"}},"defaultConfiguration":{{"level":"error"}},
          "helpUri":"https://r/0","messageStrings":{{"m":{{"text":"{{0}} of {{1}}"}}}}}},
        {{"id":"R1","properties":{{"security-severity":"9.8"}}}}]}}}},
        "results":[{results}]}}]}}"#
    )
}

fn read(text: &str) -> SarifReport {
    SarifReader::new().read(text.as_bytes()).unwrap()
}

/// Each bent result: what becomes of it, and the warning.
#[test]
fn one_bent_result_costs_no_other() {
    let at = |region: &str| {
        format!(
            r#"{{"ruleId":"R0","message":{{"text":"m"}},"locations":[{{"physicalLocation":{{
            "artifactLocation":{{"uri":"a.py"}},"region":{{{region}}}}}}}]}}"#
        )
    };
    let cases: Vec<(String, &str, &str)> = vec![
        (at(r#""startLine":0"#), "major a.py: m [R0]", "startLine `0` is outside 1 to 4294967295: left out"),
        (at(r#""startLine":-1"#), "major a.py: m [R0]", "startLine `-1` is outside 1 to 4294967295: left out"),
        (at(r#""startLine":4294967296"#), "major a.py: m [R0]", "startLine `4294967296` is outside 1 to 4294967295: left out"),
        (at(r#""startLine":1.0"#), "major a.py:1: m [R0]", "startLine `1.0` is not written as a whole number: read as one"),
        (at(r#""startLine":1.5"#), "major a.py: m [R0]", "startLine `1.5` is no whole number: left out"),
        (at(r#""startLine":"7""#), "major a.py: m [R0]", "startLine `7` is no whole number: left out"),
        (at(r#""startLine":null"#), "major a.py: m [R0]", "startLine `null` is no whole number: left out"),
        (at(r#""startLine":7,"endLine":3"#), "major a.py:7: m [R0]", "endLine `3` is before startLine `7`: taken as one line"),
        (r#"{"ruleId":"R0","level":"fatal","message":{"text":"m"}}"#.into(), "major: m [R0]", "level `fatal` is not known: expected `none`, `note`, `warning` or `error`"),
        (r#"{"ruleId":"R0","level":3,"message":{"text":"m"}}"#.into(), "major: m [R0]", "level `3` is not known: expected `none`, `note`, `warning` or `error`"),
        (r#"{"ruleId":"R0","kind":"bug","message":{"text":"m"}}"#.into(), "major: m [R0]", "kind `bug` is not known: taken as `fail`"),
        (r#"{"ruleId":"R0"}"#.into(), "major: rule zero [R0]", "message is missing: the rule's description stands for it"),
        (r#"{"ruleId":"R1","message":[]}"#.into(), "critical: no message [R1]", "message is missing: the rule's description stands for it"),
        (r#"{"message":{"text":"m"}}"#.into(), "minor: m [unknown]", "no rule is named: called `unknown`"),
        (r#"{"ruleId":"X","ruleIndex":9,"message":{"text":"m"}}"#.into(), "minor: m [X]", "rule index `9` is not known: 2 rules are listed"),
        (r#"{"ruleId":"a\nb","message":{"text":"m"}}"#.into(), "minor: m [a b]", "rule id is no short line of text: shortened"),
        (r#"{"ruleId":"R0","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":null}}}]}"#.into(), "major: m [R0]", "file address null is no text: left without a place"),
        (r#"{"ruleId":"R0","message":{"text":"m"},"locations":[{"physicalLocation":{}}]}"#.into(), "major: m [R0]", "`artifactLocation` is missing: left without a place"),
        (r#"{"ruleId":"R0","message":{"text":"m"},"locations":{}}"#.into(), "major: m [R0]", "`locations` is no list of places: left without a place"),
        (r#"{"ruleId":"R0","ruleId":"R1","message":{"text":"m"}}"#.into(), "major: m [R0]", "key `ruleId` stands there twice: the first counts"),
        (r#"{"ruleId":"R0","message":{"text":"m"},"baselineState":"old"}"#.into(), "major: m [R0]", "baselineState `old` is not known: left out"),
        (r#"{"ruleId":"R0","message":{"text":"m"},"suppressions":null}"#.into(), "major: m [R0]", "`suppressions` is no list: taken as not suppressed"),
    ];
    let good = r#"{"ruleId":"R0","message":{"text":"good"}}"#;
    for (bent, finding, warning) in cases {
        let report = read(&with_results(&format!("{good},{bent},{good}")));
        let run = &report.runs[0];
        assert_eq!(run.findings.len(), 3, "{bent}");
        assert_eq!(run.findings[1].to_string(), finding, "{bent}");
        assert_eq!(run.warnings.len(), 1, "{bent}: {:?}", run.warnings);
        assert_eq!(run.warnings[0].to_string(), format!("result 1: {warning}"));
        assert_eq!(report.outcome().status(), "completed");
    }
}

#[test]
fn results_that_are_no_objects_are_counted() {
    let report = read(&with_results(r#"null,3,"x",[],true,1e3,{"ruleId":"R0","message":{"text":"m"}}"#));
    assert_eq!((report.runs[0].findings.len(), report.runs[0].unreadable), (1, 6));
    let outcome = report.outcome();
    assert_eq!(outcome.status(), "partial");
    assert_eq!(outcome.analysis().unwrap().skipped[0].reason, "6 results that cannot be read");
}

/// Each broken file, and its exact message.
#[test]
fn broken_files_are_typed_errors() {
    let deep = |depth: usize| format!(r#"{{"version":"2.1.0","runs":{}"#, "[".repeat(depth));
    let huge = r#"{"version":"2.1.0","runs":[{"results":1000000000000}]}"#;
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(), "SARIF report ends too early, at line 1, column 0: was it cut off?"),
        (
            b"{\"version\":\"2.1.0\",\"runs\":[{".to_vec(),
            "SARIF report ends too early, at line 1, column 28: was it cut off?",
        ),
        (
            deep(100_000).into_bytes(),
            "SARIF report ends too early, at line 1, column 100026: was it cut off?",
        ),
        (b"<xml/>".to_vec(), "SARIF report is not JSON at line 1, column 1: expected value"),
        (
            b"{\"version\":\"2.1.0\",\"runs\":[]}{}".to_vec(),
            "SARIF report is not JSON at line 1, column 30: trailing characters",
        ),
        (
            b"{\"version\":\"2.1.0\",\"runs\":[1e999]}".to_vec(),
            "SARIF report is not JSON at line 1, column 32: number out of range",
        ),
        (b"[]".to_vec(), "SARIF field `(the whole file)` is no object: expected an object"),
        (b"{\"runs\":[]}".to_vec(), "SARIF field `version` is nothing: expected `2.1.0`"),
        (
            b"{\"version\":\"2.0.0\",\"runs\":[]}".to_vec(),
            "SARIF version `2.0.0` is not known: expected `2.1.0`",
        ),
        (b"{\"version\":2.1,\"runs\":[]}".to_vec(), "SARIF field `version` is 2.1: expected `2.1.0`"),
        (b"{\"version\":\"2.1.0\"}".to_vec(), "SARIF field `runs` is missing: expected a list of runs"),
        (
            b"{\"version\":\"2.1.0\",\"runs\":null}".to_vec(),
            "SARIF field `runs` is no list: expected a list of runs",
        ),
        (huge.into(), "SARIF field `results` is no list: expected a list of results"),
        (
            b"{\"version\":\"2.1.0\",\"runs\":[],\"runs\":[]}".to_vec(),
            "SARIF field `runs` stands there twice: expected it once",
        ),
        (
            b"{\"version\":\"2.1.0\",\"runs\":[{\"results\":[],\"results\":[]}]}".to_vec(),
            "SARIF field `results` stands there twice: expected it once",
        ),
        (b"\xff\xfe{\0".to_vec(), "SARIF report is written in UTF-16: expected UTF-8"),
        (b"{\"version\":\"\xe9\"}".to_vec(), "SARIF report is not UTF-8 from byte 12 on: expected UTF-8"),
    ];
    for (bytes, message) in cases {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        assert_eq!(SarifReader::new().read(&bytes).unwrap_err().to_string(), message, "{shown}");
    }
    let small = SarifReader::new().with_max_bytes(10);
    let error = small.read(with_results("").as_bytes()).unwrap_err().to_string();
    assert!(error.ends_with("is larger than the limit of 10 bytes"), "{error}");
}

#[test]
fn depth_where_nobody_looks_costs_nothing() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let object = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for nested in [deep, object] {
        for place in ["message", "locations", "ruleId", "properties", "codeFlows"] {
            let report = read(&with_results(&format!(r#"{{"{place}":{nested}}}"#)));
            assert_eq!(report.runs[0].findings.len(), 1);
        }
        assert_eq!(
            read(&with_results(&nested)).runs[0].findings.len() as u64
                + read(&with_results(&nested)).runs[0].unreadable,
            1
        );
    }
}

#[test]
fn lists_of_nothing_take_bounded_memory() {
    let text = format!(r#"{{"version":"2.1.0","runs":[{}{{}}]}}"#, "{},".repeat(1_000_000));
    let error = SarifReader::new().read(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "SARIF report lists more runs, rules or files than fit in 268435456 bytes");
}

#[test]
fn byte_order_mark_and_cut_surrogates_are_taken() {
    let text = with_results(r#"{"ruleId":"R0","message":{"text":"cut \ud83d"}}"#);
    let report = read(&format!("\u{feff}{text}"));
    assert_eq!(report.runs[0].findings[0].message(), "cut \u{fffd}");
}

#[test]
fn not_looking_is_not_finding_nothing() {
    let run = |body: &str| read(&format!(r#"{{"version":"2.1.0","runs":[{body}]}}"#)).outcome();
    let reason = |outcome: Outcome| outcome.to_string();
    assert_eq!(run(r#"{"results":[]}"#).status(), "completed");
    assert_eq!(reason(run("")), "skipped: did not look: the report has no run");
    for absent in ["{}", r#"{"results":null}"#, "3"] {
        assert_eq!(reason(run(absent)), "skipped: the tool did not look: the report has no list of results");
    }
    assert_eq!(
        reason(run(
            r#"{"results":[],"invocations":[{"executionSuccessful":false,"exitCode":2,"exitCodeDescription":"no rules"}]}"#
        )),
        "failed: the tool did not run to its end: the tool reports an unsuccessful run (exit code 2): no rules"
    );
    let partial = run(r#"{"results":[{"message":{"text":"m"}}],"invocations":[{"executionSuccessful":true,
        "toolExecutionNotifications":[{"level":"error","message":{"text":"cannot parse b.py"}},{"level":"warning"}]}]},{}"#);
    assert_eq!(partial.status(), "partial");
    let skipped: Vec<_> = partial.analysis().unwrap().skipped.iter().map(|s| s.reason.as_str()).collect();
    assert_eq!(skipped, ["cannot parse b.py", "did not look: the report has no list of results"]);
    let elsewhere = run(r#"{"results":[],"externalPropertyFileReferences":{"results":[{"location":{}}]}}"#);
    assert_eq!(elsewhere.status(), "failed");
}

/// The table of the documentation: where the severity comes from.
#[test]
fn severities() {
    for (result, severity) in [
        (r#""ruleIndex":1,"level":"note""#, Severity::Critical),
        (r#""ruleId":"R1","properties":{"security-severity":4.0}"#, Severity::Minor),
        (r#""ruleId":"R1","properties":{"security-severity":"high"}"#, Severity::Critical),
        (r#""ruleId":"R0""#, Severity::Major),
        (r#""ruleId":"R0/sub""#, Severity::Major),
        (r#""ruleId":"R0","level":"warning""#, Severity::Minor),
        (r#""ruleId":"R0","level":"none""#, Severity::Info),
        (r#""ruleId":"R0","kind":"review""#, Severity::Info),
        (r#""ruleId":"R1","kind":"informational""#, Severity::Info),
        (r#""rule":{"id":"R0","index":0}"#, Severity::Major),
        (r#""ruleId":"other","ruleIndex":-1"#, Severity::Minor),
    ] {
        let report = read(&with_results(&format!(r#"{{{result},"message":{{"text":"m"}}}}"#)));
        assert_eq!(report.runs[0].findings[0].severity(), severity, "{result}");
        assert!(report.runs[0].warnings.is_empty(), "{:?}", report.runs[0].warnings);
    }
    let passed = read(&with_results(r#"{"kind":"pass"},{"kind":"notApplicable"}"#));
    assert_eq!((passed.runs[0].passed, passed.runs[0].findings.len()), (2, 0));
    let capped = SarifReader::new().with_severity_at_most(Severity::Minor);
    let capped = capped.read(with_results(r#"{"ruleId":"R1","message":{"text":"m"}}"#).as_bytes()).unwrap();
    assert_eq!(capped.runs[0].findings[0].severity(), Severity::Minor);
}

#[test]
fn messages_suppressions_and_baselines() {
    let report = read(&with_results(
        r#"{"ruleId":"R0","message":{"id":"m","arguments":["2","3"]},
            "suppressions":[{"kind":"inSource","justification":"known"}],"baselineState":"updated"},
           {"ruleId":"R0","message":{"text":"see [here](1)","markdown":"**x**"},
            "suppressions":[{"kind":"external","status":"underReview"}]},
           {"ruleId":"R0","message":{"text":"gone"},"baselineState":"absent","suppressions":[]}"#,
    ));
    let [first, second, third] = &report.runs[0].findings[..] else { panic!("three") };
    assert_eq!((first.message(), first.help()), ("2 of 3", Some("https://r/0")));
    assert_eq!(first.suppressions()[0].kind, SuppressionKind::Tool);
    assert_eq!((&*first.suppressions()[0].reason, first.baseline()), ("known", BaselineState::Unchanged));
    assert_eq!((second.message(), second.is_suppressed()), ("see here", false));
    assert_eq!((third.baseline(), third.is_suppressed()), (BaselineState::Fixed, false));
    assert_eq!(report.findings().count(), 2);
}

#[test]
fn rules_of_extensions_and_rules_behind_the_results() {
    let report = read(
        r#"{"version":"2.1.0","runs":[{"results":[
        {"ruleId":"late","message":{"text":"a"}},
        {"rule":{"id":"E","index":0,"toolComponent":{"index":0}},"message":{"text":"b"}},
        {"ruleId":"E","message":{"text":"c"}}],
        "tool":{"driver":{"name":"t","rules":[{"id":"late","defaultConfiguration":{"level":"note"}}]},
        "extensions":[{"name":"x","rules":[{"id":"E","defaultConfiguration":{"level":"error"}}]}]}}]}"#,
    );
    let severities: Vec<_> = report.findings().map(devops_core::Finding::severity).collect();
    assert_eq!(severities, [Severity::Info, Severity::Major, Severity::Major]);
}

#[test]
fn limits_are_said() {
    let many = [r#"{"ruleId":"R0","message":{"text":"m"}}"#; 10].join(",");
    let report = SarifReader::new().with_max_results(4).read(with_results(&many).as_bytes()).unwrap();
    assert_eq!((report.runs[0].findings.len(), report.runs[0].left_out), (4, 6));
    let analysis = report.outcome();
    assert_eq!(analysis.analysis().unwrap().skipped[0].reason, "6 results beyond the reader's limit");
}

#[test]
fn absolute_addresses_need_a_root() {
    let text = with_results(
        r#"{"ruleId":"R0","message":{"text":"m"},"locations":[{"physicalLocation":{
        "artifactLocation":{"uri":"file:///srv/app/a%20b.py"}}}]}"#,
    );
    let rooted = SarifReader::new().with_paths(ReportPaths::new().with_root("/srv/app"));
    let report = rooted.read(text.as_bytes()).unwrap();
    assert_eq!(report.runs[0].findings[0].location().unwrap().to_string(), "a b.py");
    let report = read(&text);
    assert_eq!(report.runs[0].findings[0].location().unwrap().to_string(), "srv/app/a b.py");
    assert_eq!(
        report.runs[0].warnings[0].problem,
        "`/srv/app/a b.py` is outside the roots that the reader was given"
    );
}

#[test]
fn cutting_a_report_anywhere_never_panics() {
    let text = with_results(
        r#"{"ruleId":"R0","message":{"text":"é"},"locations":[{"physicalLocation":{
        "artifactLocation":{"uri":"a.py"},"region":{"startLine":3,"startColumn":1}}}]}"#,
    );
    for end in 0..text.len() {
        assert!(SarifReader::new().read(&text.as_bytes()[..end]).is_err(), "{end}");
    }
}

#[test]
fn a_hundred_thousand_results_are_fine() {
    let mut results = String::new();
    for n in 1..=100_000 {
        write!(
            results,
            r#"{{"ruleId":"R0","message":{{"text":"m {n}"}},"locations":[{{"physicalLocation":{{
            "artifactLocation":{{"uri":"src/{}.py"}},"region":{{"startLine":{n}}}}}}}]}},"#,
            n % 100
        )
        .unwrap();
    }
    let report = read(&with_results(results.trim_end_matches(',')));
    assert_eq!(report.runs[0].findings.len(), 100_000);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = SarifReader::new().read(&bytes);
    }

    #[test]
    fn arbitrary_values_never_panic(
        key in prop_oneof![Just("ruleId"), Just("level"), Just("message"), Just("locations"), Just("ruleIndex"),
            Just("rule"), Just("suppressions"), Just("partialFingerprints"), Just("fixes"), Just("kind")],
        value in prop_oneof![Just("null"), Just("-1"), Just("1e300"), Just("\"x\""), Just("[]"), Just("[[]]"),
            Just("{}"), Just("[{}]"), Just("[null]"), Just("true"), Just("{\"text\":{}}"), Just("18446744073709551615")],
    ) {
        let report = read(&with_results(&format!(r#"{{"{key}":{value}}}"#)));
        prop_assert_eq!(report.runs[0].findings.len(), 1);
    }

    #[test]
    fn runs_do_not_depend_on_key_order(swap in any::<bool>()) {
        let tool = r#""tool":{"driver":{"rules":[{"id":"R","defaultConfiguration":{"level":"error"}}]}}"#;
        let results = r#""results":[{"ruleId":"R","message":{"text":"m"}}]"#;
        let (a, b) = if swap { (tool, results) } else { (results, tool) };
        let report = read(&format!(r#"{{"runs":[{{{a},{b}}}],"version":"2.1.0"}}"#));
        prop_assert_eq!(report.runs[0].findings[0].severity(), Severity::Major);
    }
}
