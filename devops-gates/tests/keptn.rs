//! Keptn's judgement: reference cases, and the corners of its semantics.
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
    AnalysisDefinition, AnalysisThresholds, Operator, OperatorFault, TargetResult, achieved_percentage,
    analyse, evaluate_target, fulfilled, objective_score,
};
use devops_gates::compat::keptn::{
    Comparison, CriteriaSet, EarnedScore, Evaluation, KeptnError, Objective, ObjectiveStatus, PreviousRun,
    RunResult, SliResult, Slo, TotalScore, aggregate, compare, criteria_all, criteria_any_of_all, evaluate,
    evaluate_criterion, evaluate_objectives, evaluate_run, fixed_threshold, normalise_slo, parse_criterion,
    percentile, relative_threshold, take_sli, total_score,
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

fn objective(sli: &str, weight: i64, pass: &str) -> Objective {
    Objective::new(sli).with_weight(weight).with_pass([CriteriaSet::new([pass])])
}

fn run(slis: &[SliResult], objectives: &[Objective], pass: &str, warning: &str) -> Evaluation {
    evaluate_run(slis, objectives, &[], "avg", Some(&TotalScore::new(pass, warning)))
}

#[test]
fn criteria_as_the_unanchored_expression_takes_them() {
    for (criterion, operator, value, percent, relative, increase) in [
        ("<=+10.5%", "<=", 10.5, true, true, true),
        ("<10%", "<", 10.0, true, true, true),
        (">-8%", ">", 8.0, true, true, false),
        (">=-5", ">=", 5.0, false, true, false),
        ("=0", "=", 0.0, false, false, false),
        ("< 5 0 0", "<", 500.0, false, false, false),
        ("<1e3", "<", 1000.0, false, false, false),
        ("<=+0x10p0", "<=", 16.0, false, true, true),
        (">Inf", ">", f64::INFINITY, false, false, false),
        ("<+-5", "<", -5.0, false, true, true),
        ("<--5", "<", -5.0, false, true, false),
        ("<-+5", "<", 5.0, false, true, false),
    ] {
        let read = parse_criterion(criterion).unwrap();
        assert_eq!(
            (read.operator.as_str(), read.value, read.percent, read.relative, read.increase),
            (operator, value, percent, relative, increase),
            "{criterion}"
        );
    }
    assert!(parse_criterion("<NaN").unwrap().value.is_nan());
    for criterion in ["", "10", "!=1", "abc", "+10%", "\t<5"] {
        assert_eq!(
            parse_criterion(criterion).unwrap_err().to_string(),
            "invalid criteria string",
            "{criterion}"
        );
    }
    for criterion in
        ["==1", "=<1", "=>1", "<", "<=", "|5", "<|5", "<10%%", "<ten", "<10ms", "<1e999", "<\t5", ">=+"]
    {
        let error = parse_criterion(criterion).unwrap_err().to_string();
        assert_eq!(error, "could not parse criteria target value", "{criterion}");
    }
}

#[test]
fn baselines_of_zero_below_zero_and_unknown_functions() {
    let old = |value| [SliResult::new("", value)];
    let check = |measured, criterion, old: &[SliResult], function| {
        evaluate_criterion(&SliResult::new("", measured), criterion, old, function).unwrap()
    };
    assert!(check(0.0, "<=+10%", &old(0.0), "avg").satisfied);
    assert!(!check(0.1, "<=+10%", &old(0.0), "avg").satisfied);
    assert!(!check(-5.0, "<=+10%", &old(-5.0), "avg").satisfied);
    assert_eq!(check(1.0, "<=+10", &old(7.0), "p99").target, 10.0);
    let nothing = check(9.0, "<=+10", &[SliResult::failed("", "down")], "avg");
    assert_eq!((nothing.satisfied, nothing.target), (true, 0.0));
}

#[test]
fn percentiles_between_and_beyond() {
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    assert_eq!(percentile(&ten, 0.5), 5.5);
    assert_eq!(percentile(&ten, 0.9), 9.9);
    assert_eq!(percentile(&ten, 0.95), 10.0);
    assert_eq!(percentile(&ten, 0.05), 1.0);
    assert_eq!(percentile(&[7.0], 0.5), 7.0);
}

#[test]
fn the_float_traps_of_both_versions() {
    let slis = [SliResult::new("a", 1.0), SliResult::new("b", 1.0)];
    let objectives = [objective("a", 57, "=1"), objective("b", 43, "=2")];
    let trapped = run(&slis, &objectives, "57%", "");
    assert_eq!((trapped.score, trapped.result), (56.99999999999999, RunResult::Fail));
    assert_eq!(achieved_percentage(57.0, 100.0), 56.99999999999999);
}

#[test]
fn key_objectives_and_warnings() {
    let slis = [SliResult::new("a", 16.0), SliResult::new("b", 1.0)];
    let warned = objective("a", 1, "<=15").with_warning([CriteriaSet::new(["<=20"])]).with_key(true);
    let both = [warned.clone(), objective("b", 3, "=1")];
    let passed = run(&slis, &both, "80", "");
    assert_eq!((passed.score, passed.result, passed.key_failed), (87.5, RunResult::Pass, false));
    let broken = [objective("a", 1, "<=20").with_warning([CriteriaSet::new(["abc"])])];
    let unread = run(&slis, &broken, "80", "");
    assert_eq!((unread.result, unread.error), (RunResult::Pass, None));
    let swallowed =
        [objective("a", 1, "<=15").with_warning([CriteriaSet::new(["<=20"]), CriteriaSet::new(["abc"])])];
    assert_eq!(run(&slis, &swallowed, "80", "").objectives[0].status, ObjectiveStatus::Fail);
    // The warning is reachable nowhere, and Keptn says nothing.
    assert_eq!(run(&slis, &[warned], "40", "90").result, RunResult::Pass);
}

#[test]
fn missing_repeated_and_informative_indicators() {
    let slis = [SliResult::new("a", 1.0)];
    let missing = run(&slis, &[objective("a", 1, "=1"), objective("b", 1, "=1").with_key(true)], "50%", "");
    assert_eq!((missing.score, missing.result, missing.key_failed), (50.0, RunResult::Fail, true));
    let twice = run(&slis, &[objective("a", 1, "=1"), objective("a", 1, "=1")], "50%", "");
    assert_eq!(twice.objectives[1].status, ObjectiveStatus::Fail);
    assert_eq!(twice.objectives[1].message, "no value received from SLI provider");
    let informative = Objective::new("b").with_key(true);
    let info = run(&slis, &[objective("a", 1, "=1"), informative], "90", "");
    assert_eq!((info.objectives[1].status, info.result), (ObjectiveStatus::Info, RunResult::Pass));
    let failed = run(&[SliResult::failed("a", "down")], &[objective("a", 1, "=1").with_key(true)], "0", "");
    assert_eq!((failed.objectives[0].status, failed.result), (ObjectiveStatus::Fail, RunResult::Fail));
    assert!(failed.objectives[0].pass_targets[0].violated);
    let empty = [Objective::new("a").with_pass([CriteriaSet::default()])];
    let earns_nothing = run(&slis, &empty, "50", "");
    assert_eq!((earns_nothing.objectives[0].status, earns_nothing.score), (ObjectiveStatus::Pass, 0.0));
    assert_eq!(run(&slis, &[], "0", "").result, RunResult::Fail);
}

#[test]
fn thresholds_that_are_missing_or_no_numbers() {
    let (slis, objectives) = ([SliResult::new("a", 1.0)], [objective("a", 1, "=1")]);
    for (pass, warning, error) in [
        ("", "75%", Some("no target score defined")),
        ("ninety", "75%", Some("could not parse pass target percentage")),
        ("90%%", "", Some("could not parse pass target percentage")),
        ("101", "x", Some("could not parse warning target percentage")),
        ("90", "x", None),
    ] {
        assert_eq!(run(&slis, &objectives, pass, warning).error.as_deref(), error, "{pass} {warning}");
    }
    assert_eq!(evaluate_run(&slis, &objectives, &[], "avg", None).result, RunResult::Fail);
}

#[test]
fn a_file_and_its_history() {
    let slo = |comparison: &str| -> Slo {
        serde_json::from_str(&format!(
            r#"{{"spec_version": 0.1, "filter": {{"id": "x"}}, "comparison": {comparison},
                "objectives": [{{"sli": "a", "pass": [{{"criteria": ["<=+10%"]}}], "warning": null, "weight": 0}}, null],
                "total_score": {{"pass": 90}}}}"#
        ))
        .unwrap()
    };
    let old: Vec<PreviousRun> = [("fail", 100.0), ("pass", 50.0), ("warning", 60.0), ("pass", 10.0)]
        .map(|(result, value)| PreviousRun::new(result, vec![SliResult::new("a", value)]))
        .into();
    let baseline = |comparison: &str| {
        evaluate(slo(comparison), &[SliResult::new("a", 1.0)], &old).objectives[0].compared_value
    };
    assert_eq!(baseline("null"), 100.0);
    assert_eq!(baseline(r#"{"compare_with": "single_result", "include_result_with_score": "pass"}"#), 50.0);
    assert_eq!(baseline(r#"{"include_result_with_score": "PASS"}"#), 30.0);
    assert_eq!(baseline("{}"), 70.0);
    let several = r#"{"compare_with": "several_results", "number_of_comparison_results": 2, "include": "pass_or_warn"}"#;
    assert_eq!(baseline(several), 55.0);
    let many = Comparison::new("several_results", "all", -1, "avg");
    assert_eq!(devops_gates::compat::keptn::select_history(&old, &many).len(), 4);
}

#[test]
fn targets_of_version_two() {
    let operator = |text: &str| serde_json::from_str::<Operator>(text).unwrap();
    assert_eq!(
        operator(r#"{"equalTo": 1, "inRange": {"lowBound": 5, "highBound": 5}}"#).faults(),
        [OperatorFault::Several, OperatorFault::EmptyRange]
    );
    assert!(!fulfilled(1.0, &Operator::default()));
    assert!(fulfilled(1.0, &operator(r#"{"equalTo": 1, "lessThan": 0}"#)));
    assert!(!fulfilled(15.0, &operator(r#"{"notInRange": [15, 25]}"#)));
    let target = serde_json::from_str(r#"{"failure": null}"#).unwrap();
    assert_eq!(evaluate_target(1.0, &target), TargetResult::Pass);
    assert!(serde_json::from_str::<Operator>(r#"{"below": 1}"#).is_err());
}
