//! Keptn's judgement: reference cases. Its rules, one by one, are in `keptn_v1_rules` and `keptn_v2_rules`.
#![cfg(feature = "compat")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic, read their data and say what they skip"
)]

use std::collections::BTreeMap;

use devops_gates::compat::keptn::v2::{
    AnalysisDefinition, AnalysisThresholds, achieved_percentage, analyse, evaluate_target, fulfilled,
    objective_score,
};
use devops_gates::compat::keptn::{
    CriteriaSet, EarnedScore, Evaluation, KeptnError, Objective, ObjectiveStatus, SliResult, TotalScore,
    aggregate, compare, criteria_all, criteria_any_of_all, evaluate_criterion, evaluate_objectives,
    evaluate_run, fixed_threshold, normalise_slo, parse_criterion, percentile, relative_threshold, take_sli,
    total_score,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> f64 {
    read::<SliResult>(&json!({ "value": value })).value
}

/// What a function says, in the form of the cases: a value, or `{"error": …}`.
fn told<T: serde::Serialize>(result: Result<T, KeptnError>) -> Value {
    match result {
        Ok(value) => json!(value),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

/// That every field that is expected is there with that value.
fn covers(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|f| covers(f, value)))
        }
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| covers(f, e))
        }
        (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
        _ => found == expected,
    }
}

fn objectives(value: &Value) -> Vec<Objective> {
    read(value)
}

fn run_value(run: &Evaluation) -> Value {
    let statuses: Vec<ObjectiveStatus> = run.objectives.iter().map(|o| o.status).collect();
    json!({
        "result": run.result, "score": run.score, "statuses": statuses, "key_failed": run.key_failed, "error": run.error,
    })
}

fn criterion_answer(case: &Value) -> Option<Value> {
    let previous = || read::<Vec<SliResult>>(&case["previous"]);
    let function = text(&case["aggregate"]);
    let measured = || SliResult::new("", number(&case["measured"]));
    let sets = || read::<Vec<CriteriaSet>>(&case["criteria"]);
    Some(match text(&case["kind"]) {
        "parse_criterion" => told(parse_criterion(text(&case["criterion"]))),
        "compare" => {
            told(compare(number(&case["measured"]), number(&case["target"]), text(&case["operator"])))
        }
        "fixed_threshold" => {
            told(fixed_threshold(number(&case["measured"]), &read(&case["parsed"])).map(|c| c.satisfied))
        }
        "relative_threshold" => {
            let criterion = read(&case["parsed"]);
            told(
                relative_threshold(number(&case["measured"]), &criterion, &previous(), function)
                    .map(|c| c.satisfied),
            )
        }
        "criterion" => told(
            evaluate_criterion(&measured(), text(&case["criterion"]), &previous(), function)
                .map(|check| check.satisfied),
        ),
        "criteria_all" => told(
            criteria_all(&measured(), &read(&case["criteria"]), &previous(), function).map(|r| r.satisfied),
        ),
        "criteria_any_of_all" => {
            told(criteria_any_of_all(&measured(), &sets(), &previous(), function).map(|r| r.satisfied))
        }
        _ => return None,
    })
}

fn run_answer(case: &Value) -> Option<Value> {
    let old_runs = || read::<Vec<Vec<SliResult>>>(&case["previous"]);
    let function = text(&case["aggregate"]);
    Some(match text(&case["kind"]) {
        "percentile" => json!({ "value": percentile(&read::<Vec<f64>>(&case["data"]), number(&case["p"])) }),
        "aggregate" => json!(aggregate(&read::<Vec<SliResult>>(&case["previous"]), function)),
        "objectives" => told(evaluate_objectives(
            &read::<Vec<SliResult>>(&case["slis"]),
            &objectives(&case["objectives"]),
            &old_runs(),
            function,
        )),
        "total_score" => {
            let thresholds = TotalScore::new(text(&case["total_pass"]), text(&case["total_warning"]));
            let scores: Vec<EarnedScore> = read(&case["scores"]);
            told(total_score(
                number(&case["max_score"]),
                &scores,
                Some(&thresholds),
                case["key_failed"] == true,
            ))
        }
        "end_to_end" => run_value(&evaluate_run(
            &read::<Vec<SliResult>>(&case["slis"]),
            &objectives(&case["objectives"]),
            &old_runs(),
            function,
            Some(&TotalScore::new(text(&case["total_pass"]), text(&case["total_warning"]))),
        )),
        "normalise_slo" => {
            let slo = normalise_slo(read(&case["given"]));
            let comparison = slo.comparison.unwrap();
            let weights: Vec<i64> = slo.objectives.iter().flatten().map(|o| o.weight).collect();
            json!({
                "comparison": {
                    "compare_with": comparison.compare_with,
                    "include": comparison.include_result_with_score,
                    "count": comparison.number_of_comparison_results,
                    "aggregate": comparison.aggregate_function,
                },
                "weights": weights,
            })
        }
        "take_sli" => {
            let mut slis: Vec<SliResult> = read(&case["slis"]);
            json!(take_sli(&mut slis, text(&case["sli"])))
        }
        _ => return None,
    })
}

fn v2_answer(case: &Value) -> Option<Value> {
    Some(match text(&case["kind"]) {
        "v2_operator" => json!(fulfilled(number(&case["value"]), &read(&case["operator"]))),
        "v2_target" => json!(evaluate_target(number(&case["value"]), &read(&case["target"]))),
        "v2_objective" => {
            json!({ "score": objective_score(read(&case["target_result"]), case["weight"].as_i64().unwrap()) })
        }
        "v2_percent" => json!({ "value": achieved_percentage(number(&case["total"]), number(&case["max"])) }),
        "v2_analysis" => {
            let thresholds = AnalysisThresholds::new(
                number(&case["pass_percentage"]),
                number(&case["warning_percentage"]),
            );
            let mut definition = AnalysisDefinition::default();
            definition.objectives = read(&case["objectives"]);
            definition.total_score = thresholds;
            json!(analyse(&definition, &BTreeMap::new()).total)
        }
        _ => return None,
    })
}

#[test]
fn reference_cases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors/gates/keptn.json");
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("skipped: the reference cases `{path}` are not there");
        return;
    };
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let cases = document["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let found = criterion_answer(case).or_else(|| run_answer(case)).or_else(|| v2_answer(case));
        let found = found.unwrap_or_else(|| panic!("no function for the kind of {}", case["id"]));
        let expected = &case["expect"];
        assert!(covers(&found, expected), "{}\nfound    {found}\nexpected {expected}", case["id"]);
    }
}
