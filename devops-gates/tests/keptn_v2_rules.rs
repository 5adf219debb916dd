//! Keptn v2, rule by rule: each test is named after what its metrics operator does, the odd corners included.
#![cfg(feature = "compat")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, reason = "tests may panic")]

use std::collections::BTreeMap;

use devops_gates::compat::keptn::RunResult;
use devops_gates::compat::keptn::v2::{
    AnalysisDefinition, AnalysisObjective, AnalysisThresholds, Earned, Operator, OperatorFault, Target,
    TargetResult, achieved_percentage, analyse, analysis_total, evaluate_target, fulfilled, objective_score,
};

fn operator(text: &str) -> Operator {
    serde_json::from_str(text).unwrap()
}

fn target(text: &str) -> Target {
    serde_json::from_str(text).unwrap()
}

/// Objectives by what they earn, of which weight, and whether they are key.
fn total(parts: &[(f64, i64, bool)], pass: f64, warning: f64) -> (f64, RunResult) {
    let earned: Vec<Earned> = parts
        .iter()
        .map(|(score, weight, key)| Earned { score: *score, weight: *weight, key: *key })
        .collect();
    let found = analysis_total(&earned, AnalysisThresholds::new(pass, warning));
    (found.percent, found.result)
}

#[test]
fn each_operator_compares_plain_floats_and_ranges_include_their_ends() {
    for (text, holds, fails) in [
        (r#"{"lessThan": 5}"#, &[4.9, f64::NEG_INFINITY][..], &[5.0, 5.1, f64::NAN][..]),
        (r#"{"lessThanOrEqual": 5}"#, &[5.0, -1.0], &[5.000_001, f64::NAN]),
        (r#"{"greaterThan": 5}"#, &[5.1, f64::INFINITY], &[5.0, f64::NAN]),
        (r#"{"greaterThanOrEqual": 5}"#, &[5.0], &[4.9, f64::NAN]),
        (r#"{"equalTo": 0}"#, &[0.0, -0.0], &[1e-300, f64::NAN]),
        (r#"{"inRange": {"lowBound": 5, "highBound": 7}}"#, &[5.0, 6.0, 7.0], &[4.9, 7.1, f64::NAN]),
        (r#"{"notInRange": {"lowBound": 5, "highBound": 7}}"#, &[4.9, 7.1], &[5.0, 6.0, 7.0, f64::NAN]),
        ("{}", &[], &[0.0, 1.0, f64::NAN]),
    ] {
        let read = operator(text);
        assert!(holds.iter().all(|value| fulfilled(*value, &read)), "{text}");
        assert!(fails.iter().all(|value| !fulfilled(*value, &read)), "{text}");
    }
}

#[test]
fn the_webhook_asks_for_exactly_one_operator_and_a_range_with_a_width() {
    use OperatorFault::{EmptyRange, None, Several};
    for (text, faults) in [
        ("{}", &[None][..]),
        (r#"{"lessThan": 1}"#, &[]),
        (r#"{"lessThan": 1, "greaterThan": 2}"#, &[Several]),
        (r#"{"inRange": [1, 2]}"#, &[]),
        (r#"{"inRange": [2, 2]}"#, &[EmptyRange]),
        (r#"{"notInRange": [3, 2]}"#, &[EmptyRange]),
        (r#"{"equalTo": 1, "inRange": [3, 2]}"#, &[Several, EmptyRange]),
    ] {
        assert_eq!(operator(text).faults(), faults, "{text}");
    }
}

#[test]
fn failure_goes_before_warning_and_neither_is_a_pass() {
    let both = target(r#"{"failure": {"lessThan": 10}, "warning": {"lessThan": 20}}"#);
    for (value, result) in
        [(5.0, TargetResult::Fail), (15.0, TargetResult::Warning), (25.0, TargetResult::Pass)]
    {
        assert_eq!(evaluate_target(value, &both), result, "{value}");
    }
    // A warning that lies within the failure is never told.
    let within = target(r#"{"failure": {"lessThan": 20}, "warning": {"lessThan": 10}}"#);
    assert_eq!(evaluate_target(5.0, &within), TargetResult::Fail);
    let only_warning = target(r#"{"warning": {"equalTo": 3}}"#);
    assert_eq!(evaluate_target(3.0, &only_warning), TargetResult::Warning);
}

#[test]
fn without_a_target_and_for_nan_an_objective_passes() {
    for text in ["{}", r#"{"failure": null, "warning": null}"#, r#"{"failure": {}}"#] {
        assert_eq!(evaluate_target(1.0, &target(text)), TargetResult::Pass, "{text}");
    }
    let strict = target(r#"{"failure": {"notInRange": [0, 1]}, "warning": {"greaterThanOrEqual": 0}}"#);
    assert_eq!(evaluate_target(f64::NAN, &strict), TargetResult::Pass);
}

#[test]
fn a_pass_earns_the_weight_and_a_warning_half_of_it() {
    for (result, weight, score) in [
        (TargetResult::Pass, 3, 3.0),
        (TargetResult::Warning, 3, 1.5),
        (TargetResult::Fail, 3, 0.0),
        (TargetResult::Pass, 0, 0.0),
        (TargetResult::Warning, -1, -0.5),
    ] {
        assert_eq!(objective_score(result, weight), score);
    }
}

#[test]
fn the_percentage_is_0_of_nothing_100_of_all_and_else_a_float() {
    for (total, max, percent) in [
        (0.0, 0.0, 0.0),
        (5.0, 0.0, 0.0),
        (3.0, 3.0, 100.0),
        (1.0, 3.0, 33.33333333333333),
        (57.0, 100.0, 56.99999999999999),
        (0.0, 4.0, 0.0),
        (2.0, 3.0, 66.66666666666666),
    ] {
        assert_eq!(achieved_percentage(total, max), percent, "{total} {max}");
    }
}

#[test]
fn the_float_trap_of_57_of_100_is_there_too() {
    assert_eq!(
        total(&[(57.0, 57, false), (0.0, 43, false)], 57.0, 0.0),
        (56.99999999999999, RunResult::Warning)
    );
}

#[test]
fn pass_goes_before_warning_and_both_are_reached_by_equality() {
    for (score, result) in [
        (90.0, RunResult::Pass),
        (89.0, RunResult::Warning),
        (75.0, RunResult::Warning),
        (74.0, RunResult::Fail),
    ] {
        assert_eq!(total(&[(score, 100, false)], 90.0, 75.0).1, result, "{score}");
    }
    // A warning above the pass, which the webhook refuses, is never told.
    assert!(
        !AnalysisThresholds::new(75.0, 90.0).is_ordered()
            && !AnalysisThresholds::new(75.0, 75.0).is_ordered()
    );
    assert_eq!(total(&[(80.0, 100, false)], 75.0, 90.0).1, RunResult::Pass);
}

#[test]
fn a_key_objective_that_earns_exactly_nothing_fails_all() {
    assert_eq!(total(&[(99.0, 99, false), (0.0, 1, true)], 90.0, 75.0), (99.0, RunResult::Fail));
    assert_eq!(total(&[(99.0, 99, false), (-0.0, 1, true)], 90.0, 75.0).1, RunResult::Fail);
    // Always without weight, also where it passes.
    assert_eq!(total(&[(1.0, 1, false), (0.0, 0, true)], 90.0, 75.0), (100.0, RunResult::Fail));
}

#[test]
fn a_key_objective_in_warning_does_not_fail() {
    assert_eq!(total(&[(99.0, 99, false), (0.5, 1, true)], 90.0, 75.0), (99.5, RunResult::Pass));
}

#[test]
fn without_objectives_a_pass_percentage_above_0_is_not_reached() {
    assert_eq!(total(&[], 80.0, 50.0), (0.0, RunResult::Fail));
    assert_eq!(total(&[], 80.0, 0.0), (0.0, RunResult::Warning));
    assert_eq!(total(&[], 0.0, 0.0), (0.0, RunResult::Pass));
}

fn definition(objectives: &str) -> AnalysisDefinition {
    serde_json::from_str(&format!(
        r#"{{"objectives": {objectives}, "totalScore": {{"passPercentage": 90, "warningPercentage": 75}}}}"#
    ))
    .unwrap()
}

#[test]
fn a_value_that_is_missing_or_no_number_earns_nothing_and_nan_passes() {
    let read = definition(
        r#"[{"analysisValueTemplateRef": {"name": "m"}, "target": {"failure": {"greaterThan": 5}}, "weight": 1}]"#,
    );
    let found = |value: Option<&str>| {
        let values: BTreeMap<String, String> =
            value.map(|v| ("m".to_owned(), v.to_owned())).into_iter().collect();
        let found = analyse(&read, &values);
        (found.objectives[0].result, found.total.result)
    };
    for (value, result, run) in [
        (Some("5"), Some(TargetResult::Pass), RunResult::Pass),
        (Some("5.1"), Some(TargetResult::Fail), RunResult::Fail),
        (Some("NaN"), Some(TargetResult::Pass), RunResult::Pass),
        (Some("-Inf"), Some(TargetResult::Pass), RunResult::Pass),
        (Some("1e3"), Some(TargetResult::Fail), RunResult::Fail),
        (Some(""), None, RunResult::Fail),
        (Some("5 ms"), None, RunResult::Fail),
        (Some("1e400"), None, RunResult::Fail),
        (None, None, RunResult::Fail),
    ] {
        assert_eq!(found(value), (result, run), "{value:?}");
    }
}

#[test]
fn a_weight_that_is_not_written_is_1_and_a_written_0_stays() {
    let read = definition(r#"[{"name": "a"}, {"name": "b", "weight": 0}, {"name": "c", "weight": 4}]"#);
    let weights: Vec<i64> = read.objectives.iter().map(|o| o.weight).collect();
    assert_eq!(weights, [1, 0, 4]);
    assert_eq!(AnalysisObjective::default().weight, 1);
}

#[test]
fn values_are_found_by_name_and_namespace() {
    let read = definition(
        r#"[{"analysisValueTemplateRef": {"name": "m", "namespace": "shop"}}, {"analysisValueTemplateRef": {"name": "m", "namespace": null}}]"#,
    );
    let values = BTreeMap::from([("m-shop".to_owned(), "1".to_owned())]);
    let found = analyse(&read, &values);
    let results: Vec<_> = found.objectives.iter().map(|o| o.result).collect();
    assert_eq!(results, [Some(TargetResult::Pass), None]);
    assert_eq!((found.total.percent, found.total.result), (50.0, RunResult::Fail));
}

#[test]
fn the_whole_resource_and_its_spec_are_read_alike() {
    let spec =
        r#"{"objectives": [{"name": "a"}], "totalScore": {"passPercentage": 90, "warningPercentage": 75}}"#;
    let whole = format!(
        r#"{{"apiVersion": "metrics.keptn.sh/v1", "kind": "AnalysisDefinition", "metadata": {{"name": "x"}}, "spec": {spec}}}"#
    );
    let read: AnalysisDefinition = serde_json::from_str(&whole).unwrap();
    assert_eq!(read, serde_json::from_str(spec).unwrap());
    assert_eq!(read.total_score.pass_percentage, 90.0);
    assert!(serde_json::from_str::<AnalysisDefinition>(r#"{"spec": []}"#).is_err());
}
