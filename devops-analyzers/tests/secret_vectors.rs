//! The built-in rules and the engine against gitleaks' own cases, where these are at hand.

#![cfg(feature = "secrets")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::print_stdout,
    reason = "tests may panic, read vectors and say that they skip"
)]

use devops_analyzers::secrets::{Fragment, RuleSet, SecretMatch};
use serde_json::Value;

/// The cases of a folder, or `None` (said aloud) where they are not there.
fn cases(folder: &str) -> Option<Vec<Value>> {
    let path = format!("{}/../../shared/vectors/{folder}/cases.json", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read(&path) else {
        println!("skipped: {path} is not there (its licence does not allow a copy here)");
        return None;
    };
    let file: Value = serde_json::from_slice(&text).unwrap();
    Some(file["cases"].as_array().unwrap().clone())
}

fn scan(rules: &RuleSet, case: &Value, text: &str) -> Vec<SecretMatch> {
    let fragment = Fragment::new(text.as_bytes());
    match case["path"].as_str().filter(|path| !path.is_empty()) {
        Some(path) => rules.scan(&fragment.with_path(path)),
        None => rules.scan(&fragment),
    }
}

/// Each rule alone, as gitleaks checks them: its cases are found or left alone.
#[test]
fn every_case_of_every_rule() {
    let Some(cases) = cases("gitleaks_rules") else { return };
    let all = RuleSet::builtin();
    let mut wrong = Vec::new();
    for case in &cases {
        let rule = case["rule"].as_str().unwrap();
        assert!(all.get(rule).is_some(), "no rule {rule}");
        let found = scan(&all.only(&[rule]), case, case["text"].as_str().unwrap());
        if found.is_empty() == case["expect_found"].as_bool().unwrap() {
            wrong.push(case["id"].as_str().unwrap().to_owned());
        }
    }
    println!("{} cases, {} wrong", cases.len(), wrong.len());
    assert_eq!(wrong, [""; 0]);
}

/// All rules together find them too: no other rule takes a secret away from its own.
#[test]
fn every_case_with_all_rules() {
    let Some(cases) = cases("gitleaks_rules") else { return };
    let all = RuleSet::builtin();
    let mut wrong = Vec::new();
    for case in &cases {
        let rule = case["rule"].as_str().unwrap();
        let found = scan(&all, case, case["text"].as_str().unwrap());
        let by_rule = found.iter().any(|m| m.rule().id() == rule);
        let by_any = !found.is_empty();
        let expected = case["expect_found"].as_bool().unwrap();
        // A generic match may be taken over by a specific rule.
        let right = if expected { by_rule || (rule.contains("generic") && by_any) } else { !by_rule };
        if !right {
            wrong.push(case["id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// Line, column and entropy. Two quirks are not copied: there lines count from 0 and the end column is that of
/// the last byte, which are conventions, and the column on later lines counts the newline, which is a fault.
#[test]
fn places_and_entropies() {
    let Some(cases) = cases("gitleaks_detect") else { return };
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        let rules =
            RuleSet::from_toml(case["config_toml"].as_str().unwrap()).unwrap_or_else(|e| panic!("{id}: {e}"));
        let text = case["raw"].as_str().unwrap();
        let commit = rules_commit(case);
        let mut fragment = Fragment::new(text.as_bytes()).with_decode_depth(8);
        if let Some(path) = case["path"].as_str().filter(|path| !path.is_empty()) {
            fragment = fragment.with_path(path);
        }
        if let Some(commit) = &commit {
            fragment = fragment.with_commit(commit);
        }
        let found = rules.scan(&fragment);
        let expected = case["expect"].as_array().unwrap();
        assert_eq!(found.len(), expected.len(), "{id}: {found:?}");
        for (m, want) in found.iter().zip(expected) {
            check_place(id, text, m, want);
        }
    }
}

/// The case about commits leaves its commit to the name.
fn rules_commit(case: &Value) -> Option<String> {
    let commit = case["commit"].as_str().map(str::to_owned);
    let named = case["id"].as_str().unwrap().contains("ignore commit").then(|| "allowthiscommit".to_owned());
    commit.or(named)
}

fn check_place(id: &str, text: &str, m: &SecretMatch, want: &Value) {
    assert_eq!(m.rule().id(), want["RuleID"], "{id}");
    assert!((m.entropy() - want["Entropy"].as_f64().unwrap()).abs() < 1e-5, "{id}: {}", m.entropy());
    let start = u32::try_from(want["StartLine"].as_u64().unwrap()).unwrap();
    assert_eq!(m.line(), start + 1, "{id}");
    assert_eq!(u64::from(m.end_line()), want["EndLine"].as_u64().unwrap() + 1, "{id}");
    if m.is_path_only() || m.decode_depth() > 0 {
        return;
    }
    assert_eq!(text[m.range()], *want["Match"].as_str().unwrap(), "{id}");
    assert_eq!(text[m.secret_range()], *want["Secret"].as_str().unwrap(), "{id}");
    let later = u64::from(start > 0);
    assert_eq!(u64::from(m.column()) + later, want["StartColumn"].as_u64().unwrap(), "{id}");
    if m.line() == m.end_line() {
        assert_eq!(u64::from(m.end_column()) + later - 1, want["EndColumn"].as_u64().unwrap(), "{id}");
    }
}
