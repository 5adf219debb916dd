//! Reading the reference vectors.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "tests may panic and read their vectors; each test program uses a part"
)]

use serde_json::Value;

/// The cases of one file under `testdata/`.
pub(crate) fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/testdata/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let root: Value = serde_json::from_str(&text).unwrap();
    root["cases"].as_array().unwrap().clone()
}

/// A number; the strings "NaN", "Infinity" and "-Infinity" stand for what they say.
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::String(s) if s == "Infinity" => f64::INFINITY,
        Value::String(s) if s == "-Infinity" => f64::NEG_INFINITY,
        Value::String(s) if s == "NaN" => f64::NAN,
        other => other.as_f64().unwrap_or_else(|| panic!("{other} is no number")),
    }
}

/// A number, or `None` for null.
pub(crate) fn optional(value: &Value) -> Option<f64> {
    (!value.is_null()).then(|| number(value))
}

/// A list of numbers.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// A list of indices.
pub(crate) fn indices(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

/// Within a relative or an absolute tolerance.
#[track_caller]
pub(crate) fn close(found: f64, want: f64, relative: f64, absolute: f64, id: &Value) {
    let error = (found - want).abs();
    assert!(error <= relative * want.abs() || error <= absolute, "{id}: found {found:e}, want {want:e}");
}

/// Every element within the tolerances.
#[track_caller]
pub(crate) fn close_all(found: &[f64], want: &[f64], relative: f64, absolute: f64, id: &Value) {
    assert_eq!(found.len(), want.len(), "{id}");
    for (f, w) in found.iter().zip(want) {
        close(*f, *w, relative, absolute, id);
    }
}
