//! The trend program from outside: what it prints on its shipped series, and its exit codes.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::process::Output;

fn run(arguments: &[&str], input: &str) -> Output {
    program::run("trend", "", arguments, input.as_bytes())
}

fn golden(name: &str, code: i32, arguments: &[&str]) {
    let output = run(arguments, "");
    program::golden(&format!("data/trend/expected/{name}"), code, &output);
}

#[test]
fn the_shipped_series_is_told_as_before() {
    golden("renovate.txt", 0, &[]);
    golden("renovate.md", 0, &["--format", "markdown"]);
    golden("renovate.svg", 0, &["--format", "svg"]);
    let lead = "data/trend/prometheus-lead-time.csv";
    golden("prometheus.txt", 1, &[lead, "--name", "lead time of Prometheus", "--unit", "days"]);
    golden(
        "prometheus.svg",
        1,
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
