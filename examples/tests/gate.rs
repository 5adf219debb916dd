//! The gate program from outside: what it prints on its shipped files, its exit codes, and its errors.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::process::Output;

fn run(arguments: &[&str], input: &str) -> Output {
    program::run("gate", "data/gate", arguments, input.as_bytes())
}

fn code(arguments: &[&str]) -> Option<i32> {
    run(arguments, "").status.code()
}

fn golden(name: &str, code: i32, arguments: &[&str]) {
    let output = run(arguments, "");
    program::golden(&format!("data/gate/expected/{name}"), code, &output);
}

/// The error on standard error, where the program ends with exit code 3.
fn refused(arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_shipped_service_is_judged_as_before() {
    golden("verdict.txt", 1, &[]);
    golden("verdict.md", 1, &["--format", "markdown"]);
    golden("what-if.txt", 0, &["--what-if", "test_coverage@new_code=41/50", "--what-if", "approvals=2"]);
    golden("lints.txt", 1, &["--lint"]);
}

const NOW: [&str; 4] = ["--waivers", "waivers.toml", "--now", "2026-11-25T12:00:00Z"];
const SHIPPED: [&str; 6] = [
    "gate.toml",
    "measures.json",
    "--history",
    "history.json",
    "--findings",
    "../pipeline/reports/bandit.sarif",
];

#[test]
fn waivers_are_shown_and_remarked_on() {
    golden("waivers.txt", 0, &[&SHIPPED[..], &NOW[..]].concat());
    golden("waivers.md", 0, &[&SHIPPED[..], &NOW[..], &["--format", "markdown"][..]].concat());
    golden("waiver-lints.txt", 1, &[&["gate.toml", "--lint"][..], &NOW[..]].concat());
    // Without a time nobody knows which of them are in force.
    assert_eq!(code(&["gate.toml", "measures.json", "--waivers", "waivers.toml"]), Some(3));
}

#[test]
fn samples_are_compared_with_those_of_the_control() {
    let release = ["release.toml", "release.json", "--control", "release-control.json"];
    golden("release.txt", 1, &release);
    golden("release.md", 1, &[&release[..], &["--format", "markdown"][..]].concat());
    // Nobody can say whether it is worse than what was not measured.
    assert_eq!(code(&["release.toml", "release.json"]), Some(2));
    assert_eq!(code(&["release.toml", "release-control.json", "--control", "release-control.json"]), Some(0));
    // What waits for samples is not certain; what failed without them is.
    assert_eq!(code(&["release.toml", "release.json", "--pending", "latency_p50"]), Some(5));
    assert!(refused(&["release.toml", "-"], r#"{"latency_p50": [1, "2"]}"#).contains("line 1 column"));
}

#[test]
fn what_decides_and_whether_it_is_certain() {
    golden("sensitivity.txt", 1, &["--sensitivity"]);
    let gate = "format = 1\nname = \"g\"\n[[conditions]]\nname = \"a\"\nmetric = \"a\"\npass = \"= true\"\n\
                [[conditions]]\nname = \"b\"\nmetric = \"b\"\npass = \"= true\"\n";
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.into_os_string().into_string().unwrap()
    };
    let (bad, good) = (file("bad.json", r#"{"a": false}"#), file("good.json", r#"{"a": true}"#));
    let bad = run(&["-", &bad, "--pending", "b"], gate);
    assert_eq!(bad.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&bad.stdout), "decided: failed, whatever is still measured\n");
    let good = run(&["-", &good, "--pending", "b"], gate);
    assert_eq!(good.status.code(), Some(5));
    assert_eq!(String::from_utf8_lossy(&good.stdout), "undecided: waits for b\n");
    // What is not to flap stands where it stood: the state goes out and comes in again.
    let stable = format!("{gate}stable = {{ fail_after = 2 }}\n");
    let measures = file("measures.json", r#"{"a": true, "b": false}"#);
    let first = run(&["-", &measures, "--print-state"], &stable);
    assert_eq!(first.status.code(), Some(0));
    let state = file("state.json", &String::from_utf8(first.stdout).unwrap());
    assert_eq!(run(&["-", &measures, "--state", &state], &stable).status.code(), Some(1));
}

#[test]
fn errors_name_their_place_in_the_document() {
    for (text, place) in [
        (
            "{\"format\": 1, \"name\": \"g\", \"conditions\": [{\"name\": \"a\", \"metric\": \"m\", \"pass\": 80}]}",
            "conditions[0].pass: ",
        ),
        ("format = 1\nname = \"g\"\n[[conditions]]\nname = \"a\"\nwieght = 2\n", "conditions[0].wieght: "),
        (
            "format: 1\nname: g\nconditions:\n  - name: a\n    metric: m\n    pass: \"= 1\"\n    unit: furlong\n",
            "conditions[0].unit: ",
        ),
    ] {
        let error = refused(&["-"], text);
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn files_of_other_engines_are_converted_as_before() {
    golden("keptn-slo.toml", 0, &["keptn/slo.yaml", "--convert-from", "keptn"]);
    golden("keptn-analysis.toml", 0, &["keptn/analysis.yaml", "--convert-from", "keptn"]);
    golden("sonar.toml", 0, &["sonar/gate.json", "--convert-from", "sonar"]);
    golden("argo.toml", 0, &["argo/template.yaml", "--convert-from", "argo"]);
    golden("argo.md", 0, &["argo/template.yaml", "--convert-from", "argo", "--format", "markdown"]);
    let canary = ["../canary/kayenta.json", "--convert-from", "kayenta"];
    golden("kayenta.toml", 0, &canary);
    golden("kayenta.md", 0, &[&canary[..], &["--format", "markdown"]].concat());
    golden("kayenta.json", 0, &[&canary[..], &["--format", "json"]].concat());
}

#[test]
fn a_converted_gate_is_a_gate() {
    for (file, engine) in [
        ("keptn/slo.yaml", "keptn"),
        ("keptn/analysis.yaml", "keptn"),
        ("sonar/gate.json", "sonar"),
        ("argo/template.yaml", "argo"),
    ] {
        let converted = String::from_utf8(run(&[file, "--convert-from", engine], "").stdout).unwrap();
        let printed = run(&["-", "--print-gate"], &converted);
        assert_eq!(printed.status.code(), Some(0), "{file}");
        let gate = String::from_utf8(printed.stdout).unwrap();
        let kept: String =
            converted.lines().filter(|line| !line.starts_with('#')).map(|l| format!("{l}\n")).collect();
        assert_eq!(gate.trim(), kept.trim(), "{file}");
        let as_json = run(&["-", "--print-gate", "--format", "json"], &gate).stdout;
        let again = run(&["-", "--print-gate"], &String::from_utf8(as_json).unwrap()).stdout;
        assert_eq!(String::from_utf8(again).unwrap(), gate, "{file}");
    }
    let piped =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/gate/keptn/slo.yaml")).unwrap();
    assert_eq!(run(&["-", "--convert-from", "keptn"], &piped).status.code(), Some(0));
}

#[test]
fn one_gate_in_three_languages() {
    let toml = run(&["gate.toml", "--print-gate"], "").stdout;
    for file in ["gate.yaml", "gate.json"] {
        let printed = run(&[file, "--print-gate"], "");
        assert_eq!(
            String::from_utf8(printed.stdout).unwrap(),
            String::from_utf8(toml.clone()).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn exit_codes_are_those_of_the_help() {
    assert_eq!(code(&[]), Some(1));
    let shipped = ["gate.toml", "measures.json", "--history", "history.json"];
    let with = |more: &[&str]| code(&[&shipped[..], more].concat());
    assert_eq!(with(&[]), Some(1));
    assert_eq!(with(&["--what-if", "approvals=2"]), Some(2), "findings were not looked for");
    let sarif = ["--findings", "../pipeline/reports/bandit.sarif"];
    assert_eq!(with(&sarif), Some(1));
    let warned = [&sarif[..], &["--what-if", "approvals=2"]].concat();
    assert_eq!(with(&warned), Some(0));
    assert_eq!(with(&[&warned[..], &["--fail-on-warning"]].concat()), Some(4));
    let covered = [&warned[..], &["--what-if", "test_coverage@new_code=41/50", "--fail-on-warning"]].concat();
    assert_eq!(with(&covered), Some(0));
    assert_eq!(code(&["gate.toml", "--lint"]), Some(1));
    assert_eq!(code(&["--preset", "classic", "--lint"]), Some(1));
    assert_eq!(code(&["sonar/gate.json", "--convert-from", "sonar"]), Some(0));
    assert_eq!(code(&["--help"]), Some(0));
    for usage in [
        &["--nonsense"][..],
        &["--what-if", "x"],
        &["--what-if", "nonsense=3"],
        &["--convert-from", "keptn"],
        &["nowhere.toml"],
    ] {
        assert_eq!(code(usage), Some(3), "{usage:?}");
    }
}

#[test]
fn errors_name_the_place() {
    let gate = |text: &str| refused(&["-", "--lint"], text);
    let typo = gate("format = 1\nname = \"g\"\n[[conditions]]\nname = \"a\"\nmetrics = \"m\"\n");
    assert!(typo.contains("line 5") && typo.contains("unknown field `metrics`"), "{typo}");
    let faults = gate(
        "format: 1\nname: g\nconditions:\n  - {name: a, metric: security, pass: '>= eight'}\n  - {name: a, metric: m, pass: '> 1'}\n",
    );
    assert!(faults.contains("faults: 2"), "{faults}");
    assert!(faults.contains("conditions[0].pass: criterion `>= eight`, column 4"), "{faults}");
    assert!(faults.contains("conditions[1].name: `a` is used twice"), "{faults}");
    let measures = |text: &str| refused(&["gate.toml", "-"], text);
    let twice = measures(r#"{"security": 8, "security": 9}"#);
    assert!(twice.contains("security"), "{twice}");
    let nowhere = measures(r#"{"security@": 8}"#);
    assert!(nowhere.contains("`security@` has no scope behind its `@`"), "{nowhere}");
    let nested = measures(r#"{"security": {"value": 8}}"#);
    assert!(
        nested.contains("line 1 column") && nested.contains("expected a number, a list of numbers"),
        "{nested}"
    );
    let slo = refused(
        &["-", "--convert-from", "keptn"],
        "objectives:\n  - sli: a\n    pass:\n      - criteria: ['!=1']\ntotal_score: {pass: 90%}\n",
    );
    assert!(slo.contains("objectives[0].pass: `!=1` cannot be expressed: invalid criteria string"), "{slo}");
    let now = refused(&["gate.toml", "measures.json", "--now", "yesterday"], "");
    assert!(now.contains("yesterday"), "{now}");
}

#[test]
fn files_of_other_engines_that_cannot_be_used() {
    for (engine, text, error) in [
        ("keptn", "", "it is empty, expected TOML, JSON or YAML"),
        ("sonar", " \r\n", "it is empty"),
        (
            "keptn",
            "kind: AnalysisTemplate",
            "kind: `AnalysisTemplate` is not known: expected `AnalysisDefinition`",
        ),
        ("keptn", "kind: AnalysisDefinition", "spec: it is missing"),
        (
            "keptn",
            "objectives:\n  - {sli: a, weight: 1.5}",
            "objectives[0].weight: invalid value: floating point `1.5`",
        ),
        ("keptn", "objectives:\n  - {sli: a, weight: 99999999999999999999}", "objectives[0].weight: "),
        (
            "keptn",
            "objectives:\n  - {sli: [a]}",
            "objectives[0].sli: invalid type: sequence, expected a number or a text",
        ),
        ("keptn", "objectives: 5", "objectives: "),
        (
            "sonar",
            r#"{"conditions": [{"metric": "bugs", "op": "EQ", "error": "1"}]}"#,
            "conditions[0].op: unknown variant `EQ`",
        ),
        (
            "sonar",
            r#"{"conditions": [{"metric": "bugs", "op": "GT"}]}"#,
            "conditions[0]: missing field `error`",
        ),
        (
            "sonar",
            r#"{"conditions": [{"metric": "bugs", "op": "GT", "error": "1e5"}]}"#,
            "conditions[0].error: `1e5`",
        ),
        (
            "argo",
            "spec: {metrics: [{name: m, count: many}]}",
            "spec.metrics[0].count: invalid value: string \"many\"",
        ),
        (
            "argo",
            "spec: {metrics: [{name: m, successCondition: 'result >='}]}",
            "spec.metrics[0].successCondition: `result >=`",
        ),
        (
            "kayenta",
            r#"{"classifier": {"groupWeights": {"g": "x"}}}"#,
            "classifier.groupWeights.g: invalid type: string \"x\"",
        ),
        ("kayenta", "{}", "at least one metric that counts is expected"),
        (
            "kayenta",
            r#"{"metrics": [{"name": "m", "groups": ["g"]}, {"name": "m", "groups": ["g"]}]}"#,
            "metrics[1].metric: `m` is used twice",
        ),
        (
            "kayenta",
            r#"{"metrics": [{"name": "m", "groups": ["g"]}], "classifier": {"scoreThresholds": {"pass": 195, "marginal": 50}}}"#,
            "combine.pass: `195` is outside 0 to 100",
        ),
    ] {
        let told = refused(&["-", "--convert-from", engine], text);
        assert!(told.contains(error), "{engine}: {text}\n{told}");
    }
}

#[test]
fn files_as_windows_writes_them() {
    let shipped = |name: &str| {
        std::fs::read_to_string(format!("{}/data/gate/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let marked = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let plain = run(&["gate.toml", "--print-gate"], "").stdout;
    for file in ["gate.toml", "gate.yaml", "gate.json"] {
        let printed = run(&["-", "--print-gate"], &marked(&shipped(file)));
        assert_eq!(String::from_utf8(printed.stdout), String::from_utf8(plain.clone()), "{file}");
    }
    let judged = |measures: &str| run(&["gate.toml", "-"], measures).stdout;
    assert_eq!(judged(&marked(&shipped("measures.json"))), judged(&shipped("measures.json")));
    let error = program::run("gate", "data/gate", &["-"], b"format = 1\nname = \"\xff\"\n");
    assert!(String::from_utf8(error.stderr).unwrap().contains("standard input`: it is not UTF-8"));
}

#[test]
fn values_are_never_read_as_what_they_are_not() {
    let output = run(&["gate.toml", "-", "--format", "json"], r#"{"tests_failed": "0", "security": null}"#);
    let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let statuses: Vec<_> = verdict["conditions"].as_array().unwrap().iter().map(|c| &c["status"]).collect();
    assert!(statuses.iter().all(|status| *status == "inconclusive" || *status == "skipped"), "{statuses:?}");
}

#[test]
fn a_misspelt_change_names_what_is_looked_at() {
    let error = refused(&["--what-if", "aprovals=2"], "");
    assert!(error.contains("no condition looks at `aprovals`: expected one of approvals, "), "{error}");
}
