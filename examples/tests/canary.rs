//! The canary program from outside: what it prints on its shipped samples, and its exit codes.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::path::Path;
use std::process::Output;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/canary");

/// Runs the program in the folder of its data.
fn run(arguments: &[&str], input: &str) -> Output {
    program::run("canary", "data/canary", arguments, input.as_bytes())
}

fn golden(name: &str, arguments: &[&str], code: i32) {
    program::golden(&format!("data/canary/expected/{name}"), code, &run(arguments, ""));
}

#[test]
fn the_shipped_canaries_are_judged_as_before() {
    golden("canary.txt", &[], 1);
    golden("canary.md", &["--format", "markdown"], 1);
    golden("fixed.txt", &["--experiment", "canary-fixed.csv"], 0);
    golden("fixed.md", &["--experiment", "canary-fixed.csv", "--format", "markdown"], 0);
    golden("watch.txt", &["--watch", "12"], 1);
    golden("watch-fixed.txt", &["--watch", "12", "--experiment", "canary-fixed.csv"], 0);
}

#[test]
fn json_is_read_by_any_reader() {
    let output = run(&["--format", "json"], "");
    let judgement: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&judgement["format"], &judgement["status"]), (&1.into(), &"failed".into()));
}

#[test]
fn a_gate_holds_the_release_to_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("canary.json");
    for (experiment, code, said) in [
        ("canary.csv", 1, "canary: failed does not meet = \"passed\""),
        ("canary-fixed.csv", 0, "release passed"),
    ] {
        let measures = run(&["--experiment", experiment, "--format", "measures"], "");
        std::fs::write(&file, &measures.stdout).unwrap();
        let output = program::run("gate", "data/canary", &["gate.toml", file.to_str().unwrap()], b"");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn json_lines_say_what_the_table_says() {
    let rows = std::fs::read_to_string(Path::new(DATA).join("canary-fixed.csv")).unwrap();
    let mut lines = rows.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let object = |line: &str| -> String {
        let cells = names.iter().zip(line.split(',')).map(|(name, cell)| {
            let text =
                if cell.contains('/') || *name == "time" { format!("\"{cell}\"") } else { cell.into() };
            format!("\"{name}\":{text}")
        });
        format!("{{{}}}\n", cells.collect::<Vec<_>>().join(","))
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("canary.jsonl");
    std::fs::write(&file, lines.map(object).collect::<String>()).unwrap();
    let output = run(&["--experiment", file.to_str().unwrap()], "");
    let expected = std::fs::read_to_string(Path::new(DATA).join("expected/fixed.txt")).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn exit_codes_are_those_of_the_help() {
    let few = "latency_p50 [milliseconds]\n41\n42\n";
    let code = |arguments: &[&str], input: &str| run(arguments, input).status.code();
    assert_eq!(code(&["--experiment", "-"], few), Some(4));
    assert_eq!(code(&["--experiment", "-", "--deadline"], few), Some(1));
    assert_eq!(code(&["--nonsense"], ""), Some(3));
    assert_eq!(code(&["--watch", "0"], ""), Some(3));
    assert_eq!(code(&["--watch", "3", "--policy", "policy.toml"], ""), Some(3));
    let help = run(&["--help"], "");
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("Exit codes"));
}

#[test]
fn errors_name_the_place() {
    let cases = [
        ("", "the table is empty: a header is expected"),
        ("m\n1\nx\n", "line 3, column `m`: `x` is no finite number and no `events/outcomes`"),
        ("m\nNaN\n", "line 2, column `m`: `NaN` is no finite number"),
        ("m\n5/3\n", "line 2, column `m`: `5/3` has more events than outcomes"),
        ("m,n\n1\n", "line 2 has 1 cells, 2 are expected"),
        ("m,m\n1,2\n", "metric `m` has two columns"),
        ("m\n1\n2/3\n", "metric `m` has both numbers and events out of outcomes"),
        ("m [parsecs]\n1\n", "header `m [parsecs]`"),
        ("m [ms\n1\n", "header `m [ms` lacks a closing bracket"),
    ];
    for (input, message) in cases {
        let output = run(&["--experiment", "-"], input);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{input}");
        assert!(error.contains(message), "{error}");
    }
}
