//! Argo Rollouts, rule by rule: each test is named after what its controller does, the odd corners included.
#![cfg(feature = "compat")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]

use Phase::{Error, Failed, Inconclusive, Pending, Running, Successful};
use devops_gates::compat::argo::{
    AnalysisTemplate, DEFAULT_CONSECUTIVE_ERROR_LIMIT, Metric, MetricResult, Phase, Value,
    evaluate_condition, measure, measurement, metric_status, run_status,
};

fn metric(text: &str) -> Metric {
    serde_json::from_str(text).unwrap()
}

fn result(text: &str) -> MetricResult {
    serde_json::from_str(text).unwrap()
}

/// The status of a metric by its counters.
fn status(metric_text: &str, result_text: &str) -> Phase {
    metric_status(&metric(metric_text), &result(result_text), false)
}

fn after(phases: &[Phase]) -> MetricResult {
    phases.iter().fold(MetricResult::none(), |result, phase| result.with_measurement(*phase))
}

fn phase_of(success: &str, failure: &str, value: &Value) -> Phase {
    measure(&Metric::new("m").with_conditions(success, failure), value).unwrap_or(Error)
}

#[test]
fn failure_goes_first_one_condition_is_the_negation_of_the_other_and_none_succeeds() {
    for (success, failure, phase) in [
        (None, None, Successful),
        (Some(true), None, Successful),
        (Some(false), None, Failed),
        (None, Some(true), Failed),
        (None, Some(false), Successful),
        (Some(true), Some(true), Failed),
        (Some(false), Some(true), Failed),
        (Some(true), Some(false), Successful),
        (Some(false), Some(false), Inconclusive),
    ] {
        assert_eq!(measurement(success, failure), phase, "{success:?} {failure:?}");
    }
}

#[test]
fn conditions_are_evaluated_on_the_result() {
    for (success, failure, value, phase) in [
        ("result >= 0.95", "", 0.95, Successful),
        ("result >= 0.95", "", 0.94, Failed),
        ("", "result < 0.9", 0.94, Successful),
        ("", "result < 0.9", 0.89, Failed),
        ("result >= 0.95", "result < 0.9", 0.92, Inconclusive),
        ("result >= 0.95", "result < 0.99", 0.96, Failed),
        ("", "", 0.1, Successful),
        // NaN meets no comparison: a success condition alone fails it, a failure condition alone lets it pass.
        ("result >= 0.95", "", f64::NAN, Failed),
        ("", "result < 0.9", f64::NAN, Successful),
        ("result >= 0.95", "result < 0.9", f64::NAN, Inconclusive),
        ("result != result", "", f64::NAN, Successful),
    ] {
        assert_eq!(
            phase_of(success, failure, &Value::Number(value)),
            phase,
            "`{success}` `{failure}` {value}"
        );
    }
}

#[test]
fn a_condition_that_cannot_be_evaluated_is_an_error_also_beside_one_that_can() {
    let empty = Value::List(vec![]);
    for (success, failure) in [
        ("result[0] > 1", ""),
        ("", "result[0] > 1"),
        ("true", "result[0] > 1"),
        ("result[0] > 1", "true"),
        ("result", ""),
        ("nothing > 1", ""),
        ("result >", ""),
        ("result == 'a'", "len(result) > 0 ? nope : false"),
    ] {
        assert_eq!(phase_of(success, failure, &empty), Error, "`{success}` `{failure}`");
    }
    // What is not written is not evaluated.
    assert_eq!(phase_of("", "", &empty), Successful);
}

#[test]
fn functions_of_argo_look_at_the_result_and_convert_texts() {
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (condition, result, holds) in [
        ("asInt(result) == 1", "\"1\"", true),
        ("asInt(result) == 1", "1.9", true),
        ("asInt(result) == -1", "-1.9", true),
        ("asFloat(result) == 1.1", "\"1.1\"", true),
        ("asFloat(result) > 1e2", "\"1e3\"", true),
        ("isNil(result)", "null", true),
        ("isNil(result)", "[]", false),
        ("isNil(1)", "null", true),
        ("default(result, 0) == 0", "null", true),
        ("default(result, 0) == 5", "5", true),
        ("2 in result", "[2, 3]", true),
        ("all(result.a.b, {# > 1})", r#"{"a": {"b": [2, 3]}}"#, true),
    ] {
        assert_eq!(evaluate_condition(condition, &value(result)), Ok(holds), "{condition} on {result}");
    }
    for (condition, result) in [
        ("asInt(result) == 1", "\"1.1\""),
        ("asInt(result) == 1", "true"),
        ("asFloat(result) == 1", "\"one\""),
        ("asFloat(result) == 1", "null"),
        ("asFloat(result) == \"1.1\"", "\"1.1\""),
        ("isNaN(result)", "\"NaN\""),
        ("result.Name() == 'hi'", "true"),
    ] {
        assert!(evaluate_condition(condition, &value(result)).is_err(), "{condition} on {result}");
    }
}

#[test]
fn more_failures_than_the_limit_fail_and_minus_1_is_no_limit() {
    for (limit, failed, phase) in [
        ("{\"interval\": true}", 0, Running),
        ("{\"interval\": true}", 1, Failed),
        ("{\"interval\": true, \"failureLimit\": 2}", 2, Running),
        ("{\"interval\": true, \"failureLimit\": 2}", 3, Failed),
        ("{\"interval\": true, \"failureLimit\": \"2\"}", 3, Failed),
        ("{\"interval\": true, \"failureLimit\": -1}", 1_000, Running),
    ] {
        assert_eq!(
            status(limit, &format!("{{\"failed\": {failed}, \"count\": {failed}}}")),
            phase,
            "{limit} {failed}"
        );
    }
}

#[test]
fn more_inconclusive_ones_than_the_limit_override_a_failure() {
    for (limits, counters, phase) in [
        ("", r#""inconclusive": 1"#, Inconclusive),
        (r#", "inconclusiveLimit": 1"#, r#""inconclusive": 1"#, Running),
        (r#", "inconclusiveLimit": 1"#, r#""inconclusive": 2"#, Inconclusive),
        ("", r#""failed": 9, "inconclusive": 1"#, Inconclusive),
        (r#", "inconclusiveLimit": 1"#, r#""failed": 9, "inconclusive": 1"#, Failed),
        (r#", "failureLimit": -1"#, r#""failed": 9, "inconclusive": 1"#, Inconclusive),
    ] {
        let metric = format!(r#"{{"interval": true {limits}}}"#);
        assert_eq!(status(&metric, &format!("{{{counters}}}")), phase, "{limits} {counters}");
    }
}

#[test]
fn five_errors_in_a_row_override_both() {
    assert_eq!(DEFAULT_CONSECUTIVE_ERROR_LIMIT, 4);
    for (limits, counters, phase) in [
        ("", r#""error": 4, "consecutiveError": 4"#, Running),
        ("", r#""error": 5, "consecutiveError": 5"#, Error),
        ("", r#""error": 50, "consecutiveError": 4"#, Running),
        (r#", "consecutiveErrorLimit": 0"#, r#""error": 1, "consecutiveError": 1"#, Error),
        ("", r#""failed": 9, "consecutiveError": 5"#, Error),
        ("", r#""failed": 9, "inconclusive": 9, "consecutiveError": 5"#, Error),
    ] {
        let metric = format!(r#"{{"interval": true {limits}}}"#);
        assert_eq!(status(&metric, &format!("{{{counters}}}")), phase, "{limits} {counters}");
    }
}

#[test]
fn a_reached_count_is_a_success_even_without_a_single_one() {
    for (metric, counters, phase) in [
        (r#"{"count": 10}"#, r#"{"successful": 10, "count": 10}"#, Successful),
        (r#"{"count": 10}"#, r#"{"successful": 9, "count": 9}"#, Running),
        (r#"{"interval": true, "count": 5, "failureLimit": 5}"#, r#"{"failed": 5, "count": 5}"#, Successful),
        (r#"{"interval": true, "count": 5, "failureLimit": 4}"#, r#"{"failed": 5, "count": 5}"#, Failed),
        (
            r#"{"interval": true, "count": 5}"#,
            r#"{"error": 4, "consecutiveError": 4, "count": 5}"#,
            Successful,
        ),
        (r#"{"interval": true, "count": 5}"#, r#"{"error": 5, "consecutiveError": 5, "count": 5}"#, Error),
        ("{}", r#"{"successful": 1, "count": 1}"#, Successful),
        // Errors do not count, so one measurement that errs is repeated.
        ("{}", r#"{"error": 1, "consecutiveError": 1, "count": 0}"#, Running),
    ] {
        assert_eq!(status(metric, counters), phase, "{metric} {counters}");
    }
}

#[test]
fn without_a_count_a_metric_is_measured_once_or_with_an_interval_for_ever() {
    for (text, count) in [
        ("{}", Some(1)),
        (r#"{"count": 0}"#, Some(1)),
        (r#"{"interval": "5m"}"#, None),
        (r#"{"interval": "5m", "count": 0}"#, None),
        (r#"{"interval": "5m", "count": 3}"#, Some(3)),
        (r#"{"count": "7"}"#, Some(7)),
        (r#"{"interval": ""}"#, Some(1)),
    ] {
        assert_eq!(metric(text).effective_count(), count, "{text}");
    }
}

#[test]
fn a_limit_of_successes_in_a_row_ends_early_and_leaves_a_reached_count_open() {
    let at = |limit: i64, counters: &str| {
        status(
            &format!(
                r#"{{"interval": true, "count": 7, "failureLimit": {limit}, "consecutiveSuccessLimit": 3}}"#
            ),
            counters,
        )
    };
    for (limit, counters, phase) in [
        (-1, r#"{"successful": 3, "consecutiveSuccess": 3, "count": 3}"#, Successful),
        (-1, r#"{"successful": 2, "consecutiveSuccess": 2, "count": 2}"#, Running),
        // Failures do not count, and there were not enough successes in a row: it failed.
        (-1, r#"{"failed": 4, "successful": 3, "consecutiveSuccess": 1, "count": 7}"#, Failed),
        // Neither limit is met.
        (5, r#"{"failed": 4, "successful": 3, "consecutiveSuccess": 1, "count": 7}"#, Inconclusive),
        (3, r#"{"failed": 4, "successful": 3, "consecutiveSuccess": 3, "count": 7}"#, Failed),
        (5, r#"{"failed": 4, "successful": 3, "consecutiveSuccess": 3, "count": 7}"#, Successful),
    ] {
        assert_eq!(at(limit, counters), phase, "{limit} {counters}");
    }
    // A limit of 0 is none.
    assert_eq!(
        status(r#"{"count": 1, "consecutiveSuccessLimit": 0}"#, r#"{"consecutiveSuccess": 9, "count": 1}"#),
        Successful
    );
}

#[test]
fn a_metric_told_to_end_is_successful_unless_a_limit_is_broken() {
    let for_ever = Metric::new("m").with_interval(None);
    for (phases, phase) in [
        (&[][..], Successful),
        (&[Successful], Successful),
        (&[Error, Error, Error, Error], Successful),
        (&[Error, Error, Error, Error, Error], Error),
        (&[Failed], Failed),
        (&[Inconclusive], Inconclusive),
        (&[Successful, Running], Running),
    ] {
        assert_eq!(metric_status(&for_ever, &after(phases), true), phase, "{phases:?}");
    }
    assert_eq!(metric_status(&for_ever, &after(&[]), false), Pending);
}

#[test]
fn a_completed_metric_stays_as_it_is() {
    for phase in [Successful, Inconclusive, Error, Failed] {
        let told = result(&format!(r#"{{"phase": "{phase:?}", "failed": 9, "consecutiveError": 9}}"#));
        for terminating in [false, true] {
            assert_eq!(metric_status(&Metric::new("m"), &told, terminating), phase);
        }
    }
    // Pending and running are no ends.
    for phase in ["Pending", "Running"] {
        assert_eq!(status("{}", &format!(r#"{{"phase": "{phase}", "failed": 1, "count": 1}}"#)), Failed);
    }
}

#[test]
fn errors_in_a_row_and_successes_in_a_row_are_broken_by_anything_else() {
    let counted = after(&[Error, Error, Successful, Error, Successful, Successful]);
    assert_eq!((counted.error, counted.consecutive_error, counted.consecutive_success), (3, 0, 2));
    assert_eq!((counted.count, counted.successful, counted.measurements), (3, 3, Some(6)));
    let broken = after(&[Successful, Successful, Inconclusive]);
    assert_eq!((broken.consecutive_success, broken.inconclusive, broken.count), (0, 1, 3));
    let running = after(&[Successful, Running]);
    assert!(running.in_flight && running.measurements == Some(2) && running.count == 1);
    let resumed = running.with_measurement(Failed);
    assert!(!resumed.in_flight && resumed.measurements == Some(2) && resumed.failed == 1);
}

#[test]
fn phases_from_best_to_worst() {
    let order = [Successful, Running, Pending, Inconclusive, Error, Failed];
    for (index, worse) in order.iter().enumerate() {
        for (other, better) in order.iter().enumerate() {
            assert_eq!(worse.is_worse_than(*better), index > other, "{worse:?} {better:?}");
        }
    }
}

fn run(parts: &[(&Metric, Option<&[Phase]>)], terminate: bool) -> Phase {
    let results: Vec<_> = parts.iter().map(|(metric, phases)| (*metric, phases.map(after))).collect();
    let parts: Vec<_> = results.iter().map(|(metric, result)| (*metric, result.as_ref())).collect();
    run_status(&parts, terminate)
}

#[test]
fn a_run_is_its_worst_metric_once_all_are_completed() {
    let m = &Metric::new("m");
    for (parts, phase) in [
        (vec![Some(&[Successful][..]), Some(&[Successful])], Successful),
        (vec![Some(&[Successful]), Some(&[Inconclusive])], Inconclusive),
        (vec![Some(&[Inconclusive]), Some(&[Error; 5])], Error),
        (vec![Some(&[Failed]), Some(&[Error; 5])], Failed),
        (vec![Some(&[Failed]), Some(&[Running])], Running),
        (vec![Some(&[Failed]), None], Running),
        (vec![Some(&[]), Some(&[Successful])], Running),
        (vec![], Running),
    ] {
        let metrics: Vec<_> = parts.iter().map(|phases| (m, *phases)).collect();
        assert_eq!(run(&metrics, false), phase, "{parts:?}");
    }
}

#[test]
fn a_run_that_ends_is_the_worst_of_what_completed_and_without_a_measurement_successful() {
    let m = &Metric::new("m");
    for (parts, phase) in [
        (vec![], Successful),
        (vec![None, None], Successful),
        (vec![Some(&[][..])], Successful),
        (vec![Some(&[Running])], Successful),
        (vec![Some(&[Failed]), None], Failed),
        (vec![Some(&[Inconclusive]), Some(&[Running])], Inconclusive),
        (vec![Some(&[Successful]), None], Successful),
    ] {
        let metrics: Vec<_> = parts.iter().map(|phases| (m, *phases)).collect();
        assert_eq!(run(&metrics, true), phase, "{parts:?}");
    }
}

#[test]
fn a_metric_that_was_told_to_have_failed_ends_the_run() {
    let m = Metric::new("m");
    for phase in [Failed, Error, Inconclusive] {
        let told = result(&format!(r#"{{"phase": "{phase:?}"}}"#));
        assert_eq!(run_status(&[(&m, Some(&told)), (&m, None)], false), phase);
        // One that does not count ends nothing.
        let dry = Metric::new("d").with_dry_run(true);
        assert_eq!(run_status(&[(&dry, Some(&told)), (&m, None)], false), Running);
    }
    let told = result(r#"{"phase": "Successful"}"#);
    assert_eq!(run_status(&[(&m, Some(&told)), (&m, None)], false), Running);
}

#[test]
fn a_dry_run_is_measured_and_does_not_count() {
    let (m, dry) = (&Metric::new("m"), &Metric::new("d").with_dry_run(true));
    for (parts, phase) in [
        (vec![(dry, Some(&[Failed][..])), (m, Some(&[Successful][..]))], Successful),
        (vec![(dry, Some(&[Failed]))], Successful),
        (vec![(dry, Some(&[Running])), (m, Some(&[Successful]))], Running),
        (vec![(dry, Some(&[Successful])), (m, Some(&[Failed]))], Failed),
    ] {
        assert_eq!(run(&parts, false), phase, "{parts:?}");
    }
    let template: AnalysisTemplate = serde_json::from_str(
        r#"{"spec": {"metrics": [{"name": "a-1"}, {"name": "a-2"}, {"name": "b"}], "dryRun": [{"metricName": "a-.*"}]}}"#,
    )
    .unwrap();
    let marked: Vec<bool> = template.metrics().iter().map(|m| m.dry_run).collect();
    assert_eq!(marked, [true, true, false]);
}
