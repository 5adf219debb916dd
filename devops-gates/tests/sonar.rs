//! SonarQube's judgement: reference cases, and the corners of its semantics.
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

use devops_gates::compat::sonar::{
    Condition, GateOutcome, GateSettings, Level, Op, QualityGate, SonarMeasure, ValueType, condition,
    evaluate_gate, metric_type, standard_equivalent,
};
use serde_json::{Value, json};

#[test]
fn reference_cases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors/gates/sonar.json");
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("skipped: the reference cases `{path}` are not there");
        return;
    };
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    for case in document["cases"].as_array().unwrap() {
        assert_eq!(case["kind"], "condition", "no function for the kind of {}", case["id"]);
        let measure: SonarMeasure = serde_json::from_value(json!({
            "metric": "m", "type": case["type"], "value": case["value"],
        }))
        .unwrap();
        let op = serde_json::from_value(case["op"].clone()).unwrap();
        let level = condition(
            measure.value(),
            measure.value_type.unwrap(),
            op,
            case["error_threshold"].as_str().unwrap(),
        );
        assert_eq!(json!(level.unwrap()), case["expect"], "{}", case["id"]);
    }
}

#[test]
fn whole_numbers_and_ratings_are_cut_on_both_sides() {
    use Level::{Error, Ok as Fine};
    use Op::{GreaterThan, LessThan};
    use ValueType::{Float, Int, Millisec, Percent, Rating, WorkDur};
    for (value, value_type, op, threshold, level) in [
        (9.99, Int, GreaterThan, "9", Fine),
        (10.0, Int, GreaterThan, "9.9", Error),
        (-0.9, Int, LessThan, "0", Fine),
        (-1.0, Int, LessThan, "-0.5", Error),
        (1e12, Int, GreaterThan, "2147483647", Fine),
        (f64::NAN, Int, GreaterThan, "0", Fine),
        (2.0, Rating, GreaterThan, "1", Error),
        (1.9, Rating, GreaterThan, "1", Fine),
        (1.9, Millisec, GreaterThan, "1", Fine),
        (5e9, WorkDur, GreaterThan, "4999999999", Error),
        (79.999, Percent, LessThan, "80", Error),
        (80.0, Percent, LessThan, " 80.0d ", Fine),
        (f64::NAN, Float, GreaterThan, "Infinity", Error),
        (-0.0, Float, LessThan, "0", Error),
        (1.0, Float, GreaterThan, "1e-3", Error),
    ] {
        let told = condition(Some(value), value_type, op, threshold).unwrap();
        assert_eq!(told, level, "{value} {value_type:?} {op:?} {threshold}");
    }
}

#[test]
fn thresholds_and_types_that_are_refused() {
    for (value_type, threshold) in [
        (ValueType::Int, "ten"),
        (ValueType::Int, ".5"),
        (ValueType::Int, "3000000000"),
        (ValueType::WorkDur, "9.9"),
        (ValueType::Float, ""),
        (ValueType::Float, "inf"),
        (ValueType::Percent, "80 %"),
    ] {
        let error = condition(Some(1.0), value_type, Op::LessThan, threshold).unwrap_err().to_string();
        assert!(
            error.contains(&format!("threshold `{threshold}` of a metric of type {value_type:?}")),
            "{error}"
        );
    }
    let error = condition(Some(1.0), ValueType::Level, Op::LessThan, "OK").unwrap_err().to_string();
    assert_eq!(error, "a condition on a metric of type Level is not allowed: expected a numeric type");
    assert_eq!(condition(None, ValueType::Level, Op::LessThan, "OK"), Ok(Level::Ok));
    assert_eq!(condition(None, ValueType::Int, Op::LessThan, "9bar"), Ok(Level::Ok));
    for value_type in [ValueType::Bool, ValueType::String, ValueType::Data, ValueType::Distrib] {
        assert!(condition(None, value_type, Op::LessThan, "9").is_err(), "{value_type:?}");
    }
}

fn gate(conditions: &[(&str, Op, &str)]) -> QualityGate {
    QualityGate::new("g", conditions.iter().map(|(m, op, error)| Condition::new(*m, *op, *error)).collect())
}

fn outcome(gate: &QualityGate, measures: &[(&str, f64)], ignore_small_changes: bool) -> GateOutcome {
    let mut settings = GateSettings::default();
    settings.ignore_small_changes = ignore_small_changes;
    let measures: Vec<_> =
        measures.iter().map(|(metric, value)| SonarMeasure::new(*metric, *value)).collect();
    evaluate_gate(gate, &measures, settings).unwrap()
}

#[test]
fn small_changes_missing_measures_and_fallbacks() {
    assert_eq!(outcome(&gate(&[]), &[], true).level, Level::Ok);
    let covered = gate(&[("new_coverage", Op::LessThan, "80"), ("new_violations", Op::GreaterThan, "0")]);
    assert_eq!(outcome(&covered, &[], true).level, Level::Ok);
    let small = [("new_coverage", 10.0), ("new_lines", 19.0)];
    let ignored = outcome(&covered, &small, true);
    assert!(ignored.ignored_conditions && ignored.conditions[0].ignored && ignored.level == Level::Ok);
    assert_eq!(outcome(&covered, &small, false).level, Level::Error);
    assert_eq!(outcome(&covered, &[("new_coverage", 10.0)], true).level, Level::Error);
    assert_eq!(outcome(&covered, &[("new_violations", 1.0), ("new_lines", 1.0)], true).level, Level::Error);
    let quality = gate(&[("new_software_quality_maintainability_rating", Op::GreaterThan, "1")]);
    let fallen_back = outcome(&quality, &[("new_maintainability_rating", 2.0)], true);
    assert_eq!(fallen_back.level, Level::Error);
    assert_eq!(fallen_back.conditions[0].measured_by.as_deref(), Some("new_maintainability_rating"));
    let standard = gate(&[("bugs", Op::GreaterThan, "0")]);
    assert_eq!(outcome(&standard, &[("software_quality_reliability_issues", 5.0)], true).level, Level::Ok);
}

#[test]
fn metrics_and_their_equivalents() {
    for (key, value_type) in [
        ("new_duplicated_lines_density", Some(ValueType::Percent)),
        ("new_security_hotspots_reviewed", Some(ValueType::Percent)),
        ("reliability_rating", Some(ValueType::Rating)),
        ("sqale_index", Some(ValueType::WorkDur)),
        ("new_technical_debt", Some(ValueType::WorkDur)),
        ("software_quality_high_issues", Some(ValueType::Int)),
        ("blocker_violations", Some(ValueType::Int)),
        ("alert_status", Some(ValueType::Level)),
        ("plugin_metric", None),
    ] {
        assert_eq!(metric_type(key), value_type, "{key}");
    }
    for (quality, standard) in [
        ("software_quality_maintainability_rating", Some("sqale_rating")),
        ("software_quality_maintainability_remediation_effort", Some("sqale_index")),
        ("new_software_quality_maintainability_remediation_effort", Some("new_technical_debt")),
        ("new_software_quality_blocker_issues", Some("new_blocker_violations")),
        ("new_software_quality_maintainability_debt_ratio", Some("new_sqale_debt_ratio")),
        (
            "effort_to_reach_software_quality_maintainability_rating_a",
            Some("effort_to_reach_maintainability_rating_a"),
        ),
        ("new_effort_to_reach_software_quality_maintainability_rating_a", None),
        ("coverage", None),
    ] {
        assert_eq!(standard_equivalent(quality).as_deref(), standard, "{quality}");
    }
}
