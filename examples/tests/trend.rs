//! The trend program from outside: what it prints on its shipped series, and its exit codes.
//!
//! `UPDATE_GOLDEN=1 cargo test -p devops-examples` writes the golden files anew.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program, which cargo builds beside this test.
fn run(arguments: &[&str], input: &str) -> Output {
    let deps = std::env::current_exe().unwrap();
    let built = deps.parent().unwrap().parent().unwrap().join("examples/trend");
    let mut child = Command::new(built)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its options does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn golden(name: &str, arguments: &[&str]) {
    let output = run(arguments, "");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/trend/expected").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &output.stdout).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{name}");
}

#[test]
fn the_shipped_series_is_told_as_before() {
    golden("renovate.txt", &[]);
    golden("renovate.md", &["--format", "markdown"]);
    golden("renovate.svg", &["--format", "svg"]);
    let lead = "data/trend/prometheus-lead-time.csv";
    golden("prometheus.txt", &[lead, "--name", "lead time of Prometheus", "--unit", "days"]);
    golden(
        "prometheus.svg",
        &[lead, "--name", "lead time of Prometheus", "--unit", "days", "--format", "svg"],
    );
}

#[test]
fn exit_codes_are_those_of_the_help() {
    let rising: String = (1..=28).map(|d| format!("2026-02-{d:02},{}\n", d * 3 + d % 2)).collect();
    let rows = format!("time,value\n{rising}");
    assert_eq!(run(&["-"], &rows).status.code(), Some(1));
    assert_eq!(run(&["-", "--good", "up"], &rows).status.code(), Some(0));
    assert_eq!(run(&["-"], "time,value\n2026-02-01,3\n").status.code(), Some(2));
    assert_eq!(run(&["-"], "time,value\n2026-02-01,x\n").status.code(), Some(3));
    assert_eq!(run(&["--alpha", "7"], "").status.code(), Some(3));
    assert_eq!(run(&["--nonsense"], "").status.code(), Some(3));
    let help = run(&["--help"], "");
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("Exit codes"));
}

#[test]
fn json_is_read_by_any_reader() {
    let output = run(&["--format", "json"], "");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["format"], 1);
    assert_eq!(report["kind"], "count");
}
