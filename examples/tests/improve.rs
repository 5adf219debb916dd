//! The improve program from outside: what it prints on its shipped events, its files and its exit codes.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::path::{Path, PathBuf};
use std::process::Output;

const PROPOSAL: &str = "data/improve/fewer-failures.json";

fn run(arguments: &[&str]) -> Output {
    program::run("improve", "", arguments, b"")
}

fn golden(name: &str, code: i32, arguments: &[&str]) {
    program::golden(&format!("data/improve/expected/{name}"), code, &run(arguments));
}

#[test]
fn the_shipped_events_are_told_as_before() {
    golden("find.txt", 0, &[]);
    golden("find.md", 0, &["--format", "markdown"]);
    golden("classic.json", 0, &["--policy", "classic", "--format", "json"]);
    let track = |rest: &[&'static str]| [&["--at", "2025-01-01", "--track", PROPOSAL], rest].concat();
    golden("track.txt", 0, &track(&["--hours-per-unit", "8"]));
    golden("track.md", 0, &track(&["--format", "markdown"]));
    golden("track.json", 0, &track(&["--format", "json"]));
    golden("early.txt", 2, &["--at", "2023-07-01", "--track", PROPOSAL]);
}

#[test]
fn a_proposal_goes_through_its_life() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("p.json");
    let file = path.to_str().unwrap();
    assert!(run(&["--at", "2022-01-01", "--propose", "change_failure_rate", "--out", file]).status.success());
    for (at, event, by) in
        [("2023-01-01", "approve", true), ("2023-01-02", "start", false), ("2023-01-15", "finish", false)]
    {
        let mut arguments = vec!["--at", at, "--apply", event, "--proposal", file, "--out", file];
        if by {
            arguments.extend(["--by", "release team"]);
        }
        let output = run(&arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    // The shipped file was made so.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(PROPOSAL);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), std::fs::read_to_string(shipped).unwrap());
}

#[test]
fn what_is_refused_says_why() {
    for (arguments, message) in [
        (
            &["--at", "2022-01-01", "--propose", "batch_size"][..],
            "`batch_size` is no opportunity on that day; these are:",
        ),
        (&["--service", "nobody"], "service `nobody` is unknown: the log has prometheus"),
        (
            &["--at", "2025-01-01", "--apply", "validate", "--proposal", PROPOSAL],
            "guardrail `change_lead_time` is broken",
        ),
        (
            &["--at", "2025-01-01", "--apply", "start", "--proposal", PROPOSAL],
            "`start` is not possible for a proposal that is",
        ),
        (&["--at", "2022-06-01", "--apply", "finish", "--proposal", PROPOSAL], "`finish` is not possible"),
        (&["--at", "2025-01-01", "--apply", "resume", "--proposal", PROPOSAL], "`--by` is missing"),
        (&["--at", "2022-06-01", "--track", PROPOSAL], "must be after the change was made"),
        (&["--track", "data/improve/README.md"], "failed to read the proposal in data/improve/README.md"),
        (&["nowhere.jsonl"], "failed to read nowhere.jsonl"),
        (&["data/improve/README.md"], "failed to read events from data/improve/README.md"),
        (&["--at", "tomorrow"], "tomorrow"),
    ] {
        let output = run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {error}");
        assert!(error.contains(message), "{message} in {error}");
    }
}
