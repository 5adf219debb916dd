//! The maturity program from outside: what it prints on its shipped team and models, its files and exit codes.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::process::Output;

use serde_json::Value;

const DATA: &str = "data/maturity";

fn run(arguments: &[&str]) -> Output {
    program::run("maturity", "", arguments, b"")
}

fn golden(name: &str, code: i32, arguments: &[&str]) {
    program::golden(&format!("{DATA}/expected/{name}"), code, &run(arguments));
}

#[test]
fn the_shipped_team_is_told_as_before() {
    golden("report.txt", 0, &[]);
    golden("report.md", 0, &["--format", "markdown"]);
    golden("report.json", 0, &["--format", "json"]);
    golden("report.html", 0, &["--format", "html"]);
    // By the score alone this would hold.
    golden("report.txt", 1, &["--require", "2"]);
}

#[test]
fn pages_load_nothing() {
    let page = String::from_utf8(run(&["--format", "html"]).stdout).unwrap();
    for word in ["http", "<script", "<link", "src=", "url("] {
        assert!(!page.contains(word), "{word}");
    }
    assert_eq!(page.matches("<svg").count(), 2);
}

#[test]
fn models_of_others_are_read_from_their_files() {
    let at = ["--at", "2026-11-25"];
    let samm = ["data/maturity/samm-answers.yaml", "--import", "samm", "data/maturity/samm"];
    golden("samm.txt", 0, &[&samm[..], &at].concat());
    let dsomm = ["--import", "dsomm", "data/maturity/dsomm", "--team", "checkout"];
    golden("dsomm.txt", 0, &[&dsomm[..], &at].concat());
    golden("dsomm.html", 0, &[&dsomm[..], &at, &["--format", "html"]].concat());
    // The same from single files.
    let files = ["--import", "dsomm", "data/maturity/dsomm/model.yaml", "--import", "dsomm"];
    let files = [&files[..], &["data/maturity/dsomm/meta.yaml", "--format", "json"], &at].concat();
    let told: Value = serde_json::from_slice(&run(&files).stdout).unwrap();
    assert_eq!(told["assessment"]["nodes"][0]["score"]["n"], 0);
}

#[test]
fn what_is_printed_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, arguments: &[&str]| {
        let path = folder.path().join(name);
        std::fs::write(&path, run(arguments).stdout).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let model = write("model.json", &["--shipped", "continuous_delivery", "--print", "model"]);
    let answers = write("answers.json", &["--shipped", "continuous_delivery", "--print", "answers"]);
    let again = run(&[&answers, "--model", &model, "--at", "2026-11-25"]);
    let direct = run(&[&answers, "--shipped", "continuous_delivery", "--at", "2026-11-25"]);
    assert!(again.status.success() && !again.stdout.is_empty());
    assert_eq!(again.stdout, direct.stdout);
}

#[test]
fn what_is_refused_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let broken = written(
        "broken.json",
        r#"{"format": 2, "id": "m", "version": "1", "title": "M", "root": {"id": "all", "title": "All", "weight": -1}}"#,
    );
    let wrong = written(
        "wrong.yaml",
        "{format: 1, team: t, model: five_dimensions, version: 1.0.0, answers: [{item: nothing, answer: {kind: unknown}}]}",
    );
    let few = written("few.yaml", "overall: [1, 2, 3]");
    let samm = written("samm.yaml", "{type: Practice, id: p, function: gone, name: P, shortName: P}");
    for (arguments, message) in [
        (&["nowhere.yaml"][..], "failed to read the answers in `nowhere.yaml`"),
        (&["data/maturity/README.md"], "failed to read the answers in `data/maturity/README.md`"),
        (&[&wrong], "answers[0]: item `nothing` is not in the model"),
        (
            &["--model", &broken],
            "format `2` is not known: expected 1; root.weight: `-1` is outside 0 to 1000000",
        ),
        (&["--peers", &few], "the peers of `overall`: not enough data: needs 5 values, got 3"),
        (&["--at", "tomorrow"], "`tomorrow` is no day: expected one such as 2026-11-25"),
        (&["--level", "9"], "level 9 is not in the model"),
        (&["--import", "cmmi", &samm], "`cmmi` is not known: expected `samm` or `dsomm`"),
        (
            &["--import", "samm", &samm],
            "practice `p` links to function `gone`, which is not among the documents",
        ),
        (&["--import", "dsomm", "data/maturity/dsomm"], "--team: one of these is expected: checkout, search"),
        (
            &["--import", "samm", "data/maturity/dsomm"],
            "failed to understand `data/maturity/dsomm/meta.yaml`",
        ),
        (&["--import", "samm", "nowhere"], "failed to read the model to import in `nowhere`"),
    ] {
        let output = run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {error}");
        assert!(error.contains(message), "{message} in {error}");
    }
}
