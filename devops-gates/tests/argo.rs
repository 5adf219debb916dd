//! Argo Rollouts' judgement: reference cases, and its expressions. Its rules are in `argo_rules`.
#![cfg(feature = "compat")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic, read their data and say what they skip"
)]

use devops_gates::compat::argo::{
    Expression, Metric, MetricResult, Value, evaluate_condition, metric_status,
};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn reference_cases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors/gates/argo.json");
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("skipped: the reference cases `{path}` are not there");
        return;
    };
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    for case in document["cases"].as_array().unwrap() {
        assert_eq!(case["kind"], "metric_status", "no function for the kind of {}", case["id"]);
        let metric: Metric = serde_json::from_value(case["metric"].clone()).unwrap();
        let result: MetricResult = serde_json::from_value(case["result"].clone()).unwrap();
        let phase = metric_status(&metric, &result, case["terminating"] == true);
        assert_eq!(json!(phase), case["expect"], "{}", case["id"]);
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn conditions_of_real_templates() {
    for (condition, result, holds) in [
        ("result[0] >= 0.95", "[0.97]", true),
        ("result[0] >= 0.95", "[0.9]", false),
        ("len(result) == 0 || isNaN(result[0]) || result[0] >= 0.95", "[]", true),
        ("all(result, # >= 0.95)", "[0.96, 0.97]", true),
        ("all(result, {# < 1.5})", "[1.0, 2.0]", false),
        ("any(result, # > 1) and none(result, # > 5)", "[2, 0]", true),
        ("count(result, # > 1) == 1 && one(result, # > 1)", "[2, 0]", true),
        ("result == 'true'", "\"true\"", true),
        ("result == \"ok\" && !(result != 'ok')", "\"ok\"", true),
        ("asFloat(result) >= 0.90", "\"0.95\"", true),
        ("asInt(result) == 3", "3.7", true),
        ("default(result, 0) < 0.05", "null", true),
        ("default(result, 0) < 0.05", "0.5", false),
        ("isNil(result) || result < 5", "null", true),
        ("result.ok && result.successPercent >= 0.80", r#"{"ok": true, "successPercent": 0.9}"#, true),
        ("result['data'][0].value > 1", r#"{"data": [{"value": 2}]}"#, true),
        ("result.missing == nil", "{}", true),
        ("(result.missing ?? 4) == 4", "{}", true),
        ("result in ['Healthy', 'Progressing']", "\"Healthy\"", true),
        ("result not in [1, 2]", "3", true),
        ("not (result > 3) or result == 3", "3", true),
        ("result > 1 ? result < 10 : false", "5", true),
        ("result * 100 + 2 > 1", "5", true),
        ("-result[-1] < 1e-3", "[1, 2]", true),
        ("result contains 'ea' && result startsWith 'H' && result endsWith \"y\"", "\"Healthy\"", true),
        ("10 % 3 == 1 && 7 / 2 == 3.5 && 'a' + 'b' == 'ab' && 1 - 2 < 0", "null", true),
        ("'it\\'s' == result", "\"it's\"", true),
        ("abs(result) == 2", "-2", true),
        ("true", "null", true),
        ("1_000 == 1000 && .5 == 0.5", "null", true),
    ] {
        assert_eq!(evaluate_condition(condition, &value(result)), Ok(holds), "{condition} on {result}");
    }
    for condition in ["result < 5", "result >= 5", "result == result", "result <= result"] {
        assert_eq!(evaluate_condition(condition, &Value::Number(f64::NAN)), Ok(false), "{condition}");
    }
}

#[test]
fn conditions_that_are_errors() {
    for (condition, result, error) in [
        ("", "1", "expression ``, column 1: expected a value"),
        ("result >", "1", "expression `result >`, column 9: expected a value"),
        ("result 5", "1", "expression `result 5`, column 8: expected an operator or the end"),
        ("2 ** 3 > 1", "1", "expression `2 ** 3 > 1`, column 3: expected an operator or the end"),
        ("(result", "1", "expression `(result`, column 8: expected `)`"),
        (
            "'open",
            "1",
            "expression `'open`, column 1: expected a text that ends with the quote it begins with",
        ),
        ("len(result", "1", "expression `len(result`, column 11: expected `,` or `)`"),
        ("len()", "1", "expression `len()`, column 1: expected another number of arguments"),
        (
            "rate(result) > 1",
            "1",
            "expression `rate(result) > 1`, column 1: `rate` is not known: expected `result` or a function such as `len`",
        ),
        ("result", "1", "expression `result`, column 1: a flag is expected, found a number"),
        ("result > 1", "\"2\"", "expression `result > 1`, column 10: a text is expected, found a number"),
        (
            "result == 1",
            "\"1\"",
            "expression `result == 1`, column 11: a value of the same kind is expected, found a number",
        ),
        (
            "result[0] > 1",
            "[]",
            "expression `result[0] > 1`, column 7: no item stands at that index, found a list",
        ),
        (
            "result > 1",
            "null",
            "expression `result > 1`, column 1: a number or a text is expected, found nil",
        ),
        (
            "asFloat(result) > 1",
            "\"x\"",
            "expression `asFloat(result) > 1`, column 1: the text is no number, found a text",
        ),
        ("# > 1", "1", "expression `# > 1`, column 1: expected `#` only inside a predicate"),
    ] {
        let told = evaluate_condition(condition, &value(result)).unwrap_err().to_string();
        assert_eq!(told, error, "{condition} on {result}");
    }
}

#[test]
fn long_and_deep_expressions_are_refused() {
    let deep = format!("{}true{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(deep.parse::<Expression>().unwrap_err().to_string().ends_with("expected less nesting"));
    for long in [format!("true{}", " && true".repeat(100_000)), format!("result{}", "[0]".repeat(100_000))] {
        assert!(long.parse::<Expression>().unwrap_err().to_string().ends_with("expected fewer operators"));
    }
    assert!("!".repeat(100_000).parse::<Expression>().is_err());
    assert!(format!("true{}", " && true".repeat(200)).parse::<Expression>().is_ok());
}

proptest! {
    #[test]
    fn no_expression_panics(text in "[a-z0-9 .#'\"\\[\\](){}<>=!&|?:+*/%-]{0,40}") {
        for result in [Value::Nil, Value::Number(f64::NAN), value(r#"[1, "a", {"b": [null]}]"#)] {
            let _ = evaluate_condition(&text, &result);
        }
    }

    #[test]
    fn plausible_expressions_neither(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "result", "[0]", ".a", "#", "1", "'x'", "true", "nil", "&&", "||", "!", "==", "<", "in", "not", "(", ")",
                "len(", "all(result,", "default(result,", "asInt(", "?", ":", "??", "-", "%",
            ]),
            0..12,
        ),
    ) {
        let _ = evaluate_condition(&words.join(" "), &value(r#"[1, "a", {"b": [null]}]"#));
    }
}
