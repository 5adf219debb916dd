//! The schemas of gates, waivers and scoring policies against the files that ship, and against faults.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::path::Path;

use devops_gates::judge::{JudgePolicy, JudgePolicySpec};
use devops_gates::{Gate, GateSpec, ScoringPolicySpec, Waivers, WaiversSpec, schema};
use jsonschema::Validator;
use serde_json::{Value, json};

fn validator(schema: impl Into<Value>) -> Validator {
    jsonschema::validator_for(&schema.into()).unwrap()
}

fn read(path: &str) -> Value {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    match path.rsplit('.').next() {
        Some("toml") => toml::from_str(&text).unwrap(),
        Some("yaml") => serde_saphyr::from_str(&text).unwrap(),
        _ => serde_json::from_str(&text).unwrap(),
    }
}

fn assert_valid(validator: &Validator, document: &Value, what: &str) {
    let faults: Vec<String> =
        validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}");
}

#[test]
fn shipped_gates_in_three_languages() {
    let gate = validator(schema::gate());
    for path in [
        "data/gate/gate.toml",
        "data/gate/gate.json",
        "data/gate/gate.yaml",
        "data/gate/expected/keptn-slo.toml",
        "data/gate/expected/keptn-analysis.toml",
        "data/gate/expected/sonar.toml",
        "data/gate/expected/argo.toml",
        "../devops-gates/testdata/gate_format_1.toml",
    ] {
        let document = read(path);
        assert_valid(&gate, &document, path);
        let spec: GateSpec = serde_json::from_value(document).unwrap();
        assert!(Gate::build(spec.clone()).is_ok(), "{path}");
        assert_valid(&gate, &serde_json::to_value(spec).unwrap(), path);
    }
    for preset in [Gate::recommended(), Gate::classic()] {
        assert_valid(&gate, &serde_json::to_value(preset.spec()).unwrap(), preset.name());
    }
}

#[test]
fn shipped_policies() {
    let policy = validator(schema::scoring_policy());
    assert_valid(&policy, &read("../devops-gates/testdata/policy_format_1.toml"), "policy");
    for spec in [ScoringPolicySpec::default(), ScoringPolicySpec::classic()] {
        assert_valid(&policy, &serde_json::to_value(&spec).unwrap(), &spec.name);
    }
}

#[test]
fn shipped_canary_policies() {
    let policy = validator(schema::canary_policy());
    for path in ["data/canary/policy.toml", "data/canary/watch.toml"] {
        let document = read(path);
        assert_valid(&policy, &document, path);
        let spec: JudgePolicySpec = serde_json::from_value(document.clone()).unwrap();
        assert_valid(&policy, &serde_json::to_value(spec).unwrap(), path);
        for (key, value) in [("format", json!(2)), ("alhpa", json!(0.05)), ("min_samples", json!(1))] {
            let mut faulty = document.clone();
            faulty[key] = value;
            assert!(!policy.is_valid(&faulty), "the schema takes a wrong {key}");
            let built = serde_json::from_value::<JudgePolicySpec>(faulty).map(JudgePolicy::build);
            assert!(!matches!(built, Ok(Ok(_))), "the reader takes a wrong {key}");
        }
    }
}

#[test]
fn shipped_waivers() {
    let document = read("data/gate/waivers.toml");
    assert_valid(&validator(schema::waivers()), &document, "waivers.toml");
    assert!(Waivers::build(serde_json::from_value(document).unwrap()).is_ok());
}

#[test]
fn waivers() {
    let valid = json!({"format": 1, "waivers": [
        {"id": "a", "condition": "c", "scope": {"kind": "component", "name": "api"}, "reason": "r",
         "owner": "o", "approver": "p", "expires": "2026-12-01T00:00:00Z"},
        {"id": "b", "rule": "style/*", "path": "gen", "reason": "r", "owner": "o", "approver": "p",
         "expires": "2026-12-01T00:00:00Z"},
    ]});
    let schema = validator(schema::waivers());
    assert_valid(&schema, &valid, "waivers");
    let spec: WaiversSpec = serde_json::from_value(valid.clone()).unwrap();
    assert_valid(&schema, &serde_json::to_value(spec).unwrap(), "as written");
    let mut without_end = valid;
    without_end["waivers"][0].as_object_mut().unwrap().remove("expires");
    assert!(!schema.is_valid(&without_end));
    assert!(serde_json::from_value::<WaiversSpec>(without_end).is_err());
}

/// What a gate file with one fault says, by schema and by reader.
#[test]
fn faults_are_seen_by_the_schema_and_by_the_reader() {
    let gate = validator(schema::gate());
    let base = || {
        json!({"format": 1, "name": "g", "conditions": [
            {"name": "a", "metric": "m", "pass": ">= 1"},
            {"name": "b", "findings": {"what": "count"}, "pass": "<= 3"},
        ]})
    };
    assert_valid(&gate, &base(), "base");
    let cases: [(&str, &str, Value); 14] = [
        ("", "format", json!(2)),
        ("", "nmae", json!("g")),
        ("", "combine", json!({"kind": "most"})),
        ("", "combine", json!({"kind": "all", "k": 2})),
        ("", "combine", json!({"kind": "weighted", "pass": 101})),
        ("", "combine", json!({"kind": "weighted", "warn": 50})),
        ("/conditions/0", "wieght", json!(2)),
        ("/conditions/0", "weight", json!(-1)),
        ("/conditions/0", "pass", json!(80)),
        ("/conditions/0", "pass", json!("=> 80")),
        ("/conditions/0", "unit", json!("furlong")),
        ("/conditions/0", "missing", json!({"last_known": {"max_age_days": 3}})),
        ("/conditions/0", "scope", json!({"kind": "component"})),
        ("/conditions/1", "findings", json!({"min_severity": "awful"})),
    ];
    for (place, key, value) in cases {
        let mut document = base();
        document.pointer_mut(place).unwrap()[key] = value.clone();
        assert!(!gate.is_valid(&document), "the schema takes {key} = {value}");
        let built = serde_json::from_value::<GateSpec>(document).map(Gate::build);
        assert!(!matches!(built, Ok(Ok(_))), "the reader takes {key} = {value}");
    }
}
