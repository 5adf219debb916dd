//! JUnit reports of several runners, broken ones and hostile ones.
#![cfg(feature = "junit")]
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

use core::time::Duration;

use devops_analyzers::junit::{JunitReader, JunitSource, TestReport, TestResult};
use devops_core::{Analyzer as _, AnalyzerKind, ChangeSet, Context, Descriptor, metric};
use proptest::prelude::*;

fn read(text: &str) -> TestReport {
    JunitReader::new().read(text.as_bytes()).unwrap()
}

fn counts(report: &TestReport) -> (u64, u64, u64, u64) {
    (report.run(), report.failed(), report.skipped(), report.flaky())
}

/// Reports in the shapes that these runners write, made by hand.
#[test]
fn shapes_of_runners() {
    let surefire = r#"<?xml version="1.0" encoding="UTF-8"?>
        <testsuite xmlns:xsi="http://x" name="com.x.ATest" time="1,234.5" tests="0" errors="0" skipped="0" failures="0">
          <properties><property name="java.version" value="21"/></properties>
          <testcase name="a" classname="com.x.ATest" time="0.5"/>
          <testcase name="b" classname="com.x.ATest" time="1,000.25">
            <failure message="expected &lt;1&gt;" type="AssertionError"><![CDATA[trace]]></failure>
            <rerunFailure message="again" type="AssertionError"><stackTrace>t</stackTrace></rerunFailure>
            <system-out>noise</system-out>
          </testcase>
          <testcase name="c" classname="com.x.ATest" time=""><flakyFailure message="once"><stackTrace/></flakyFailure></testcase>
          <testcase name="d" classname="com.x.ATest"><skipped/></testcase>
        </testsuite>"#;
    let pytest = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="0" skipped="1" tests="3" time="0.5" hostname="ci">
        <testcase classname="tests.test_a" name="test_x[1-2]" time="0.001" />
        <testcase classname="tests.test_a" name="test_y" time="0.002"><error message="failed on setup with &quot;E&quot;">trace</error></testcase>
        <testcase classname="tests.test_a" name="test_z" file="tests/test_a.py" line="7" time="0.0"><skipped type="pytest.skip" message="no net">x</skipped></testcase>
        </testsuite></testsuites>"#;
    let nextest = r#"<testsuites name="nextest-run" tests="2" failures="1" errors="0" uuid="u" timestamp="2026-01-01T00:00:00+00:00" time="0.05">
        <testsuite name="crate" tests="2" disabled="0" errors="0" failures="1">
        <testcase name="tests::a" classname="crate" timestamp="2026-01-01T00:00:00+00:00" time="0.004"></testcase>
        <testcase name="tests::b" classname="crate" time="0.005"><failure message="panicked at 'x'" type="test failure">thread</failure>
        <flakyError type="x"/></testcase></testsuite></testsuites>"#;
    let gotestsum = r#"<testsuites tests="2" failures="1" errors="0" time="0.002"><testsuite tests="2" failures="1" time="0.001" name="x/y">
        <properties><property name="go.version" value="go1.22"></property></properties>
        <testcase classname="x/y" name="TestA" time="0.000000"></testcase>
        <testcase classname="x/y" name="TestB" time="0.000000"><failure message="Failed" type="">=== RUN TestB</failure></testcase></testsuite></testsuites>"#;
    let jest = r#"<testsuites name="jest tests" tests="2" failures="0" errors="1" time="1.2"><testsuite name="undefined" errors="1" failures="0" tests="2">
        <testcase classname="a works" name="a works" time="0.003"></testcase>
        <testcase classname="Test suite failed to run" name="x.test.ts" time="0"><error>Cannot find module</error></testcase></testsuite></testsuites>"#;
    let gtest = r#"<testsuites tests="3" failures="0" disabled="1" errors="0" time="0.1" name="AllTests"><testsuite name="S">
        <testcase name="A" status="run" result="completed" time="0.1" classname="S" file="s.cc" line="3" />
        <testcase name="B" status="notrun" result="suppressed" time="0." classname="S" />
        <testcase name="C" status="run" result="skipped" time="0" classname="S"><skipped message=""/></testcase></testsuite></testsuites>"#;
    let nested = r#"<testsuite name="outer"><testsuite name="inner"><testcase name="a"/></testsuite><testcase name="b"/>
        <testsuite name="broken"><error message="set-up failed"/></testsuite></testsuite>"#;
    for (name, text, expected) in [
        ("surefire", surefire, (3, 1, 1, 1)),
        ("pytest", pytest, (2, 1, 1, 0)),
        ("nextest", nextest, (2, 1, 0, 1)),
        ("gotestsum", gotestsum, (2, 1, 0, 0)),
        ("jest", jest, (2, 1, 0, 0)),
        ("gtest", gtest, (1, 0, 2, 0)),
        ("nested", nested, (3, 1, 0, 0)),
    ] {
        assert_eq!(counts(&read(text)), expected, "{name}");
    }
    let report = read(surefire);
    assert_eq!(report.cases()[1].message, "expected <1>");
    assert_eq!(report.duration(), Some(Duration::from_millis(1_000_750)));
    let report = read(pytest);
    assert_eq!(report.cases()[1].result, TestResult::Errored);
    assert_eq!(report.cases()[2].file.as_ref().map(ToString::to_string).as_deref(), Some("tests/test_a.py"));
    let names: Vec<_> =
        read(nested).cases().iter().map(devops_analyzers::junit::TestCase::full_name).collect();
    assert_eq!(names, ["inner::a", "outer::b", "broken::(the whole suite)"]);
}

#[test]
fn sums_are_not_trusted() {
    let report = read(
        r#"<testsuites tests="9" failures="2" errors="1"><testsuite><testcase name="a"/></testsuite></testsuites>"#,
    );
    assert_eq!(counts(&report), (1, 0, 0, 0));
    assert_eq!(
        report.warnings(),
        ["the report claims 3 failures and lists 0", "the report claims 9 tests and lists 1"]
    );
}

#[test]
fn measures_and_findings() {
    let analysis = read(
        r#"<testsuite><testcase classname="C" name="a" file="t.py" line="4" time="0.5"><failure>
        assert 1 == 2
        more</failure></testcase><testcase name="b"/></testsuite>"#,
    )
    .to_analysis();
    assert_eq!(
        analysis.findings[0].to_string(),
        "major t.py:4: test `C::a` failed: assert 1 == 2 [test/failed]"
    );
    let shown: Vec<_> = analysis.measures.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["tests_run = 2", "tests_failed = 1", "tests_skipped = 0", "test_duration = 0.5 s"]);
}

#[test]
fn no_case_is_no_pass() {
    let empty = read(r#"<testsuites tests="0" failures="0"/>"#);
    let analysis = empty.to_analysis();
    assert!(!analysis.is_complete());
    let failed = analysis.measures.iter().find(|m| m.metric().as_str() == metric::TESTS_FAILED).unwrap();
    assert_eq!(failed.to_string(), "tests_failed = missing: the report holds no test case");
    let descriptor = Descriptor::new("tests", AnalyzerKind::Review).unwrap();
    let source = JunitSource::new(descriptor, JunitReader::new(), [b"<testsuites/>".to_vec()]);
    let (change, context) = (ChangeSet::default(), Context::new());
    let run = futures::executor::block_on(source.analyze(&change, &context));
    assert_eq!(run.unwrap_err().to_string(), "the test report holds no test case");
}

#[test]
fn broken_reports() {
    for (text, message) in [
        ("", "report holds no element: expected `<testsuites>` or `<testsuite>`"),
        ("{}", "report holds no element: expected `<testsuites>` or `<testsuite>`"),
        ("<coverage/>", "report begins with `<coverage>`: expected `<testsuites>` or `<testsuite>`"),
        ("<testsuite><testcase name='a'>", "report ends inside `<testcase>`: was it cut off?"),
        ("<testsuite><testcase name='a", "report ends inside `<testsuite>`: was it cut off?"),
    ] {
        assert_eq!(JunitReader::new().read(text.as_bytes()).unwrap_err().to_string(), message, "{text}");
    }
    let crossed = JunitReader::new().read(b"<testsuite><testcase></testsuite>").unwrap_err().to_string();
    assert!(crossed.starts_with("report is not well-formed at byte 21: "), "{crossed}");
    let large = JunitReader::new().with_max_bytes(3).read(b"<testsuite/>").unwrap_err().to_string();
    assert_eq!(large, "report of 12 bytes is larger than the limit of 3 bytes");
    let deep = "<testsuite>".repeat(100_000);
    let deep = JunitReader::new().read(deep.as_bytes()).unwrap_err().to_string();
    assert_eq!(deep, "report nests elements deeper than 200");
}

/// Entities that would stand for gigabytes, or for a file, stay as they are.
#[test]
fn entities_are_not_expanded() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
        <testsuite name="s"><testcase name="&b;"><failure message="&f;">&b; &amp; &f;</failure></testcase></testsuite>"#;
    let report = read(bomb);
    assert_eq!((&*report.cases()[0].name, &*report.cases()[0].message), ("&b;", "&f;"));
}

#[test]
fn cutting_a_report_anywhere_is_an_error() {
    let text = r#"<testsuites><testsuite name="é"><testcase name="a"><failure message="m">x</failure></testcase></testsuite></testsuites>"#;
    for end in 0..text.len() {
        assert!(JunitReader::new().read(&text.as_bytes()[..end]).is_err(), "{end}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = JunitReader::new().read(&bytes);
    }

    #[test]
    fn arbitrary_elements_never_panic(
        inner in "(<(testcase|failure|skipped|testsuite|/testcase|/failure)( name='a'| time='-'| message='&x;')?/?>|x){0,12}"
    ) {
        let _ = JunitReader::new().read(format!("<testsuite>{inner}</testsuite>").as_bytes());
    }

    #[test]
    fn the_order_of_cases_does_not_matter(order in Just(vec![0, 1, 2]).prop_shuffle()) {
        let cases = [r#"<testcase name="a" time="0.1"/>"#, r#"<testcase name="b" time="0.2"><failure/></testcase>"#, r#"<testcase name="c" time="0.7"/>"#];
        let body: String = order.iter().map(|i| cases[*i]).collect();
        let analysis = read(&format!("<testsuite>{body}</testsuite>")).to_analysis();
        let known = read(&format!("<testsuite>{}</testsuite>", cases.concat())).to_analysis();
        prop_assert_eq!(analysis, known);
    }
}
