//! Cognitive complexity on the cases of other tools: gocognit, rust-code-analysis, cognitive_complexity, biome.

#![cfg(feature = "complexity")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its cases from a file and may panic"
)]

use devops_analyzers::complexity::file;
use devops_analyzers::language::Language;
use serde_json::Value;

fn language(name: &str) -> Language {
    match name.to_lowercase().as_str() {
        "js" => Language::JavaScript,
        "ts" => Language::TypeScript,
        other => *Language::ALL.iter().find(|l| l.as_str() == other).unwrap(),
    }
}

/// The cases that differ on purpose.
const DIFFERENT: &[(&str, &str)] = &[
    ("gocognit/a/GetWords", "the figure is that of `GetWords_Complex`, the last function of the file"),
    ("gocognit/b/GetWords", "the figure is that of `GetWords_Complex`, the last function of the file"),
    ("gocognit/a/SumOfPrimes", "the figure is that of `FactRec`, the last function of the file"),
    ("melevir/test_real_function_with_try/0", "the tool's own comments add up to 10, as ours; it says 9"),
];

#[test]
fn agrees_with_other_tools() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors/cognitive/cases.json");
    let Ok(text) = std::fs::read(path) else {
        println!("skipped: {path} is not there");
        return;
    };
    let cases: Value = serde_json::from_slice(&text).unwrap();
    let (mut right, mut wrong) = (0, Vec::new());
    for case in cases["cases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let lang = language(case["lang"].as_str().unwrap());
        let source = case["source"].as_str().unwrap();
        let found = file(lang, source.as_bytes()).unwrap();
        let mut ok = true;
        if let Some(expected) = case["expect_sum"].as_f64() {
            ok &= f64::from(found.cognitive()) == expected;
        }
        if let Some(expected) = case["expect_max"].as_f64() {
            ok &= f64::from(found.functions.iter().map(|f| f.cognitive).max().unwrap_or(0)) == expected;
        }
        if let Some(expected) = case["expect_per_function"].as_object() {
            for (name, value) in expected {
                ok &= found
                    .functions
                    .iter()
                    .any(|f| f.name == *name && u64::from(f.cognitive) == value.as_u64().unwrap());
            }
        }
        if let Some(expected) = case["expect_diagnostics"].as_array() {
            let limit = case["max_allowed"].as_u64().unwrap();
            let over: Vec<_> = found.functions.iter().filter(|f| u64::from(f.cognitive) > limit).collect();
            ok &= over.len() == expected.len()
                && over.iter().zip(expected).all(|(f, e)| {
                    e["line"] == f.start_line && e["score"].as_u64() == Some(u64::from(f.cognitive))
                });
        }
        if ok {
            right += 1;
        } else if !DIFFERENT.iter().any(|(known, _)| *known == id) {
            wrong.push(format!("{id}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all = cases["cases"].as_array().unwrap().len();
    println!("{right} of {all} agree");
    assert!(right * 100 >= all * 95);
}
