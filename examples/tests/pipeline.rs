//! The pipeline program from outside: what it prints on its shipped change, and its exit codes.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::path::{Path, PathBuf};
use std::process::Output;

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(arguments: &[&str]) -> Output {
    program::run("pipeline", "", arguments, b"")
}

fn run_on(diff: &[u8], arguments: &[&str]) -> Output {
    program::run("pipeline", "", &[&["-"], arguments].concat(), diff)
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A file of this test's own, which ends with the process's directory for such files.
fn scratch(name: &str, contents: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(name);
    std::fs::write(&path, contents).unwrap();
    path
}

#[test]
fn the_shipped_change_reads_as_it_did() {
    for (format, file) in [
        ("text", "report.txt"),
        ("markdown", "report.md"),
        ("json", "report.json"),
        ("sarif", "report.sarif"),
    ] {
        let output = run(&["--format", format]);
        program::golden(&format!("golden/pipeline/{file}"), 1, &output);
    }
}

#[test]
fn waivers_reach_the_gate() {
    let waivers = "format = 1\n[[waivers]]\nid = \"W-1\"\ncondition = \"tests_pass\"\nreason = \"flaky\"\n\
                   owner = \"ada\"\napprover = \"grace\"\nexpires = \"2026-12-01T00:00:00Z\"\n";
    let file = scratch("waivers.toml", waivers);
    let file = file.to_str().unwrap();
    let text = |now: &str| {
        String::from_utf8(run(&["--waivers", file, "--now", now, "--format", "markdown"]).stdout).unwrap()
    };
    assert!(text("2026-11-25T00:00:00Z").contains("waived by W-1"));
    assert!(!text("2026-12-02T00:00:00Z").contains("waived by W-1"));
    let timeless = run(&["--waivers", file]);
    assert_eq!(code(&timeless), 3, "{}", error(&timeless));
}

#[test]
fn the_second_attempt_passes() {
    let data = "data/pipeline/fixed";
    let named = |kind: &str, file: &str| format!("{kind}={data}/reports/{file}");
    let output = run(&[
        &format!("{data}/change.diff"),
        "--root",
        &format!("{data}/after"),
        "--report-root",
        "/srv/checkout",
        "--junit",
        &format!("{data}/reports/junit.xml"),
        "--coverage",
        &format!("{data}/reports/coverage.xml"),
        "--sarif",
        &(named("style", "ruff.sarif") + ",at-most=minor"),
        "--sarif",
        &named("sast", "bandit.sarif"),
        "--sarif",
        &(named("dependencies", "cargo-audit.sarif") + ",base=codes"),
        "--sarif",
        &named("container", "checkov.sarif"),
        "--image",
        "shop/checkout:next",
        "--fail-on-warning",
    ]);
    assert_eq!(code(&output), 0, "{}{}", String::from_utf8_lossy(&output.stdout), error(&output));
}

#[test]
fn a_leaked_secret_fails_whatever_else_is_fine() {
    let token = format!("ghp_{}", "x1Y2z3W4v5U6t7S8r9Q0".repeat(2).split_at(36).0);
    let diff = format!("--- a/ci.env\n+++ b/ci.env\n@@ -1 +1,2 @@\n A=1\n+TOKEN={token}\n");
    let output = run_on(diff.as_bytes(), &[]);
    assert_eq!(code(&output), 1);
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("GitHub personal access token") && !report.contains(&token), "{report}");
}

#[test]
fn a_scanner_without_an_answer_fails() {
    let half =
        scratch("half.sarif", r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"#);
    let output =
        run_on(b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", &["--sarif", &format!("sast={}", half.display())]);
    assert_eq!(code(&output), 1);
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("sarif/half: failed"), "{report}");
}

#[test]
fn commands_decide_too() {
    let diff = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
    for (build, test, expected) in [("true", "true", 0), ("exit 7", "true", 1), ("true", "exit 7", 1)] {
        let output = run_on(diff, &["--build", build, "--test", test]);
        assert_eq!(code(&output), expected, "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn an_empty_diff_is_a_change_without_files() {
    assert_eq!(code(&run_on(b"", &[])), 0);
}

#[test]
fn bad_input_is_told_with_exit_code_3() {
    let bad = |name: &str, text: &str| scratch(name, text).display().to_string();
    for (arguments, message) in [
        (vec!["no-such.diff".to_owned()], "error: failed to read `no-such.diff`: "),
        (vec![bad("garbage.diff", "\u{1}\u{2}not a diff\n")], "line 1"),
        (vec![bad("cut.diff", "--- a/x\n+++ b/x\n@@ -1,3 +1 @@\n a\n")], "line "),
        (vec!["--policy".into(), bad("unknown.toml", "format = 1\nconcurency = 4\n")], "concurency"),
        (vec!["--policy".into(), bad("format.toml", "format = 9\n")], "format"),
        (
            vec![
                "--policy".into(),
                bad("nan.toml", "format = 1\n[code_analysis]\nat_least = nan\non_failure = \"stop\"\n"),
            ],
            "score `NaN` is not a finite number",
        ),
        (
            vec![
                "--policy".into(),
                bad(
                    "negative.toml",
                    "format = 1\n[gate]\nformat = 1\nname = \"g\"\n[[gate.conditions]]\nname = \"a\"\nmetric = \"security\"\npass = \">= 8\"\nweight = -1.0\n",
                ),
            ],
            "-1",
        ),
        (vec!["--sarif".into(), "sats=x".into()], "expected KIND=FILE"),
        (vec!["--no-such-flag".into()], "unexpected argument"),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = run(&arguments);
        assert_eq!(code(&output), 3, "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
        assert!(error(&output).contains(message), "{arguments:?}: {}", error(&output));
    }
}

#[test]
fn the_printed_policy_can_be_read_back() {
    for arguments in [vec!["--print-policy"], vec!["--print-policy", "--classic"]] {
        let printed = run(&arguments);
        assert_eq!(code(&printed), 0, "{}", error(&printed));
        let name = if arguments.len() > 1 { "classic.toml" } else { "recommended.toml" };
        let file = scratch(name, &String::from_utf8(printed.stdout.clone()).unwrap());
        let again = run(&["--print-policy", "--policy", &file.display().to_string()]);
        assert_eq!(printed.stdout, again.stdout, "{}", error(&again));
    }
}

#[test]
fn the_classic_gate_tells_of_its_empty_band() {
    let output = run(&["--classic"]);
    assert!(error(&output).contains("note: "), "{}", error(&output));
}

/// The output in the README is what the program prints: lines may be cut at `…`, parts left out at `[…]`.
#[test]
fn the_readme_shows_the_real_output() {
    let readme = std::fs::read_to_string(package().join("../README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let golden = std::fs::read_to_string(package().join("golden/pipeline/report.txt")).unwrap();
    let mut lines = golden.lines();
    for line in shown.lines().filter(|l| !l.is_empty() && !l.contains("[…]")) {
        let real = lines.by_ref().find(|real| match line.strip_suffix('…') {
            Some(start) => real.starts_with(start),
            None => *real == line,
        });
        assert!(real.is_some(), "not in the report, or not in this order: {line}");
    }
}
