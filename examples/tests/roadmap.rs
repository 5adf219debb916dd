//! The roadmap program from outside: what it prints for its shipped team, and its exit codes.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::process::Output;

const PLAN: &str = "data/roadmap/expected/plan.json";
const LATER: &str = "data/roadmap/answers-later.json";

fn run(arguments: &[&str]) -> Output {
    program::run("roadmap", "", arguments, b"")
}

fn golden(name: &str, code: i32, arguments: &[&str]) {
    program::golden(&format!("data/roadmap/expected/{name}"), code, &run(arguments));
}

#[test]
fn the_shipped_team_is_planned_for_as_before() {
    golden("plan.txt", 0, &[]);
    golden("plan.json", 0, &["--format", "json"]);
    golden("plan.md", 0, &["--format", "markdown"]);
    golden("plan.html", 0, &["--format", "html"]);
    golden("plan.svg", 0, &["--format", "svg"]);
    golden("plan.mmd", 0, &["--format", "mermaid"]);
}

#[test]
fn changed_plans_are_compared_as_before() {
    golden("what-if.txt", 0, &["--what-if", "people.coaching=1", "--what-if", "without=joint_planning"]);
    golden("what-if.md", 0, &["--what-if", "level=3", "--format", "markdown"]);
    let track = |rest: &[&'static str]| [&[LATER, "--track", PLAN, "--at", "2027-06-01"], rest].concat();
    golden("track.txt", 0, &track(&[]));
    let page = String::from_utf8(run(&track(&["--format", "html"])).stdout).unwrap();
    assert!(page.contains("<h2>What moved</h2>") && page.contains("<h2>The plan from now on</h2>"));
    assert!(!page.contains("http") && !page.contains("<script"), "the page loads nothing");
    let output = run(&["--what-if", "level=4", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read["changes"], serde_json::json!(["level=4"]));
    assert_eq!(read["diff"]["added"], serde_json::json!([]));
    assert_eq!(read["roadmap"]["format"], 1);
}

#[test]
fn a_target_out_of_reach_says_what_is_missing() {
    golden("too-small.txt", 1, &["--set", "budget=20"]);
    golden("too-late.txt", 1, &["--set", "weeks=3"]);
    golden("unreachable.txt", 1, &["--set", "level=none", "--set", "overall=10"]);
    golden("most.txt", 0, &["--set", "budget=20", "--set", "wish=most"]);
    let met = run(&["--set", "level=1"]);
    assert_eq!(met.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&met.stdout).contains("the target is met, so there is nothing to plan"));
}

#[test]
fn what_is_refused_says_why() {
    for (arguments, message) in [
        (&["--set", "level"][..], "`level` is no change: expected KEY=VALUE"),
        (&["--set", "speed=9"], "`speed=9` cannot be used: `speed` is no key; --help names them"),
        (
            &["--set", "budget=much"],
            "`budget=much` cannot be used: `much` is not the number that is expected",
        ),
        (&["--what-if", "wish=all"], "`wish=all` cannot be used: expected `reach` or `most`"),
        (&["--set", "level=9"], "target level is `9`: expected a level of the model that begins at a score"),
        (&["--set", "people.wizards=1"], "people names role `wizards`, which the library does not have"),
        (
            &["--set", "runs=5", "--set", "without=magic"],
            "`magic`, which the library does not have; number of runs",
        ),
        (&["--at", "tomorrow"], "`tomorrow` is no date such as 2026-12-01"),
        (&["--track", PLAN], "--at"),
        (
            &["--track", LATER, "--at", "2027-06-01"],
            "failed to read the plan in data/roadmap/answers-later.json",
        ),
        (
            &["--what-if", "level=3", "--format", "svg"],
            "what is different is written as text, markdown, json or html",
        ),
        (&["nowhere.json"], "failed to read nowhere.json"),
        (&["data/roadmap/request.json"], "failed to read the answers in data/roadmap/request.json"),
        (
            &["--measures", "data/roadmap/request.json"],
            "failed to read the measures in data/roadmap/request.json",
        ),
        (
            &["--library", "data/roadmap/request.json"],
            "failed to read the library in data/roadmap/request.json",
        ),
    ] {
        let output = run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {error}");
        assert!(error.contains(message), "{message} in {error}");
    }
    let help = run(&["--help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("Exit codes"));
}
