//! Keptn v1, rule by rule: each test is named after what lighthouse does, the odd corners included.
#![cfg(feature = "compat")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "tests may panic"
)]

use devops_gates::compat::keptn::{
    Check, Comparison, CriteriaSet, Evaluation, Objective, ObjectiveStatus, ObjectivesResult, PreviousRun,
    RunResult, SliResult, Slo, TotalScore, aggregate, criteria_all, criteria_any_of_all, evaluate,
    evaluate_criterion, evaluate_objectives, evaluate_run, evaluate_without_slo, history_size, normalise_slo,
    parse_criterion, percentile, select_history, total_score, with_provider_failed,
};

fn slo(text: &str) -> Slo {
    serde_json::from_str(text).unwrap()
}

fn values(list: &[f64]) -> Vec<SliResult> {
    list.iter().map(|value| SliResult::new("a", *value)).collect()
}

fn check(measured: f64, criterion: &str, old: &[f64], function: &str) -> Check {
    evaluate_criterion(&SliResult::new("a", measured), criterion, &values(old), function).unwrap()
}

fn objective(sli: &str, weight: i64, pass: &[&[&str]], warning: &[&[&str]]) -> Objective {
    let sets =
        |sets: &[&[&str]]| sets.iter().map(|set| CriteriaSet::new(set.iter().copied())).collect::<Vec<_>>();
    Objective::new(sli).with_weight(weight).with_pass(sets(pass)).with_warning(sets(warning))
}

fn judged(slis: &[SliResult], objectives: &[Objective]) -> ObjectivesResult {
    evaluate_objectives(slis, objectives, &[], "avg").unwrap()
}

fn run(slis: &[SliResult], objectives: &[Objective], pass: &str, warning: &str) -> Evaluation {
    evaluate_run(slis, objectives, &[], "avg", Some(&TotalScore::new(pass, warning)))
}

/// One objective that passes with `earned`, one that fails with the rest of `max`.
fn scored(earned: i64, max: i64, pass: &str, warning: &str) -> (f64, RunResult) {
    let slis = [SliResult::new("a", 1.0), SliResult::new("b", 1.0)];
    let parts = [objective("a", earned, &[&["=1"]], &[]), objective("b", max - earned, &[&["=2"]], &[])];
    let run = run(&slis, &parts, pass, warning);
    (run.score, run.result)
}

#[test]
fn null_objectives_are_dropped_and_a_weight_of_0_is_1() {
    let read = normalise_slo(slo(
        r#"{"objectives": [null, {"sli": "a"}, null, {"sli": "b", "weight": 0, "key_sli": true}, {"sli": "c", "weight": 5}]}"#,
    ));
    let weights: Vec<i64> = read.objectives.iter().flatten().map(|o| o.weight).collect();
    assert_eq!((read.objectives.len(), weights), (3, vec![1, 1, 5]));
    assert_eq!(normalise_slo(slo(r#"{"objectives": null}"#)).objectives.len(), 0);
    // A negative weight stays, and pulls the maximum down.
    assert_eq!(
        normalise_slo(slo(r#"{"objectives": [{"weight": -2}]}"#)).objectives[0].as_ref().unwrap().weight,
        -2
    );
}

#[test]
fn without_a_comparison_the_last_run_counts_and_with_gaps_three() {
    let comparison = |text: &str| normalise_slo(slo(text)).comparison.unwrap();
    for text in ["{}", r#"{"comparison": null}"#] {
        assert_eq!(comparison(text), Comparison::new("single_result", "all", 1, "avg"), "{text}");
    }
    for (block, expected) in [
        ("{}", Comparison::new("", "all", 3, "avg")),
        (r#"{"compare_with": "single_result"}"#, Comparison::new("single_result", "all", 3, "avg")),
        (r#"{"compare_with": "several_results"}"#, Comparison::new("several_results", "all", 3, "avg")),
        (r#"{"number_of_comparison_results": 7}"#, Comparison::new("", "all", 7, "avg")),
        (r#"{"number_of_comparison_results": -1}"#, Comparison::new("", "all", -1, "avg")),
        (r#"{"include_result_with_score": "pass"}"#, Comparison::new("", "pass", 3, "avg")),
        (r#"{"aggregate_function": "p95"}"#, Comparison::new("", "all", 3, "p95")),
    ] {
        assert_eq!(comparison(&format!(r#"{{"comparison": {block}}}"#)), expected, "{block}");
    }
}

#[test]
fn the_history_is_1_or_the_count_or_3_for_any_other_word() {
    for (with, count, size) in [
        ("single_result", 9, Some(1)),
        ("several_results", 9, Some(9)),
        ("several_results", 1, Some(1)),
        ("several_results", -1, None),
        ("", 9, Some(3)),
        ("Single_Result", 9, Some(3)),
        ("all_results", 9, Some(3)),
    ] {
        assert_eq!(history_size(&Comparison::new(with, "all", count, "avg")), size, "{with} {count}");
    }
}

#[test]
fn runs_are_included_by_their_overall_result_newest_first() {
    let results = ["fail", "warning", "pass", "pass", "WARNING", "Pass", "errored"];
    let runs: Vec<PreviousRun> = results.iter().map(|r| PreviousRun::new(*r, vec![])).collect();
    for (include, count, expected) in [
        ("all", 3, vec!["fail", "warning", "pass"]),
        ("pass", 2, vec!["pass", "pass"]),
        ("PASS", 9, vec!["pass", "pass", "Pass"]),
        ("pass_or_warn", 9, vec!["warning", "pass", "pass", "WARNING", "Pass"]),
        ("passed", 2, vec!["fail", "warning"]),
        ("", 9, results.to_vec()),
    ] {
        let picked = select_history(&runs, &Comparison::new("several_results", include, count, "avg"));
        let picked: Vec<&str> = picked.iter().map(|run| run.result.as_str()).collect();
        assert_eq!(picked, expected, "{include} {count}");
    }
}

/// The own result of the old indicator does not matter, that of its whole run does.
#[test]
fn the_filter_is_on_the_run_and_not_on_the_indicator() {
    let read =
        slo(r#"{"comparison": {"compare_with": "several_results", "include_result_with_score": "pass"},
            "objectives": [{"sli": "a", "pass": [{"criteria": ["<=+0"]}]}], "total_score": {"pass": "50"}}"#);
    let old = [PreviousRun::new("fail", values(&[9.0])), PreviousRun::new("pass", values(&[1.0]))];
    let found = evaluate(read, &values(&[1.5]), &old);
    assert_eq!((found.objectives[0].compared_value, found.result), (1.0, RunResult::Fail));
}

#[test]
fn fewer_old_runs_than_asked_for_are_enough() {
    let read = slo(r#"{"comparison": {"compare_with": "several_results", "number_of_comparison_results": 5},
            "objectives": [{"sli": "a", "pass": [{"criteria": ["<=+10%"]}]}], "total_score": {"pass": "100%"}}"#);
    let old = [PreviousRun::new("pass", values(&[10.0])), PreviousRun::new("pass", values(&[20.0]))];
    assert_eq!(evaluate(read.clone(), &values(&[16.5]), &old).result, RunResult::Pass);
    assert_eq!(evaluate(read.clone(), &values(&[16.6]), &old).result, RunResult::Fail);
    // Without any the relative criterion is satisfied.
    let first = evaluate(read, &values(&[1e9]), &[]);
    assert_eq!((first.result, first.objectives[0].pass_targets[0].target), (RunResult::Pass, 0.0));
}

#[test]
fn criteria_are_read_from_their_beginning_only() {
    for (text, expected) in [
        ("<=+10.5%", ("<=", 10.5, true, true, true)),
        ("<=-10.5%", ("<=", 10.5, true, true, false)),
        ("<=10.5%", ("<=", 10.5, true, true, true)),
        ("<=+10", ("<=", 10.0, false, true, true)),
        ("<=-10", ("<=", 10.0, false, true, false)),
        ("<=10", ("<=", 10.0, false, false, false)),
        (">=-5", (">=", 5.0, false, true, false)),
        ("=-0", ("=", 0.0, false, true, false)),
        (" > = 1 0 ", (">=", 10.0, false, false, false)),
        ("<1e3", ("<", 1000.0, false, false, false)),
        ("<1e3%", ("<", 1000.0, true, true, true)),
        ("<.5", ("<", 0.5, false, false, false)),
        ("<5.", ("<", 5.0, false, false, false)),
        ("<Inf", ("<", f64::INFINITY, false, false, false)),
        ("<-inf", ("<", f64::INFINITY, false, true, false)),
        ("<0x10p0", ("<", 16.0, false, false, false)),
        ("<1_000", ("<", 1000.0, false, false, false)),
    ] {
        let read = parse_criterion(text).unwrap();
        let found = (read.operator.as_str(), read.value, read.percent, read.relative, read.increase);
        assert_eq!(found, expected, "{text}");
    }
    let told = |text: &str| parse_criterion(text).unwrap_err().to_string();
    for text in ["", " ", "5", "!=1", "~5", "\u{2264}5", "a<5", "\n<5"] {
        assert_eq!(told(text), "invalid criteria string", "{text}");
    }
    for text in [
        "==1", "=<1", "=>1", "<>1", "><1", "|1", "||1", "<", "<=%", "<+", "<1,5", "<10ms", "<1%%", "<%1",
        "<++1x",
    ] {
        assert_eq!(told(text), "could not parse criteria target value", "{text}");
    }
}

#[test]
fn the_baseline_is_of_measured_values_of_the_same_indicator_alone() {
    let old = [SliResult::new("a", 10.0), SliResult::failed("a", "down"), SliResult::new("a", 20.0)];
    for (function, value) in [
        ("avg", 15.0),
        ("p50", 15.0),
        ("p90", 20.0),
        ("p95", 20.0),
        ("p99", 0.0),
        ("AVG", 0.0),
        ("median", 0.0),
        ("", 0.0),
    ] {
        let found = aggregate(&old, function);
        assert_eq!((found.value, found.skip), (value, false), "{function}");
    }
    assert!(aggregate(&[], "avg").skip && aggregate(&[SliResult::failed("a", "")], "p50").skip);
    let previous =
        vec![vec![SliResult::new("b", 99.0), SliResult::new("a", 10.0)], vec![SliResult::new("a", 30.0)]];
    let parts = [objective("a", 1, &[&["<=+0"]], &[])];
    let found = evaluate_objectives(&values(&[20.0]), &parts, &previous, "avg").unwrap();
    assert_eq!(
        (found.objectives[0].compared_value, found.objectives[0].status),
        (20.0, ObjectiveStatus::Pass)
    );
}

#[test]
fn percentiles_stand_at_p_times_n_plus_1_and_are_cut_at_both_ends() {
    for (list, p, value) in [
        (&[][..], 0.5, 0.0),
        (&[3.0], 0.1, 3.0),
        (&[3.0], 0.95, 3.0),
        (&[2.0, 1.0], 0.5, 1.5),
        (&[3.0, 1.0, 2.0], 0.5, 2.0),
        (&[1.0, 2.0, 3.0], 0.25, 1.0),
        (&[1.0, 2.0, 3.0], 0.24, 1.0),
        (&[1.0, 2.0, 3.0], 0.75, 3.0),
        (&[1.0, 2.0, 3.0], 0.6, 2.4),
        (&[1.0, 2.0, 3.0, 4.0], 0.9, 4.0),
        (&[0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0], 0.9, 89.0),
        (&[-5.0, -1.0], 0.5, -3.0),
    ] {
        assert!((percentile(list, p) - value).abs() < 1e-12, "{list:?} {p}: {}", percentile(list, p));
    }
}

#[test]
fn targets_are_the_value_or_a_percentage_or_a_distance_of_the_baseline() {
    for (criterion, target) in [
        ("<=600", 600.0),
        ("<=+10%", 220.0),
        ("<=10%", 220.0),
        ("<=-10%", 180.0),
        (">=-5", 195.0),
        ("<=+5", 205.0),
        ("=+0%", 200.0),
    ] {
        let found = check(1.0, criterion, &[100.0, 300.0], "avg");
        assert_eq!((found.target, found.compared_value), (target, 200.0), "{criterion}");
    }
}

#[test]
fn without_usable_history_a_relative_criterion_is_satisfied_with_target_0() {
    for criterion in ["<=+10%", ">=-5", "=+0", "<1%"] {
        let found = check(1e9, criterion, &[], "avg");
        assert_eq!((found.satisfied, found.target, found.compared_value), (true, 0.0, 0.0), "{criterion}");
    }
    assert!(!check(1e9, "<=5", &[], "avg").satisfied);
}

#[test]
fn a_baseline_of_0_lets_nothing_above_0_pass() {
    for (measured, satisfied) in [(0.0, true), (-0.0, true), (1e-300, false), (-1.0, true)] {
        assert_eq!(check(measured, "<=+10%", &[0.0], "avg").satisfied, satisfied, "{measured}");
    }
    assert!(check(5.0, "<=+5", &[0.0], "avg").satisfied);
    // An unknown function is a baseline of 0 without a word.
    assert!(!check(5.0, "<=+10%", &[100.0], "mean").satisfied);
}

#[test]
fn a_negative_baseline_turns_the_percentage_around() {
    for (measured, criterion, satisfied) in [
        (-100.0, "<=+10%", false),
        (-110.0, "<=+10%", true),
        (-100.0, ">=-10%", false),
        (-90.0, ">=-10%", true),
        (-95.0, "<=+5", true),
    ] {
        assert_eq!(
            check(measured, criterion, &[-100.0], "avg").satisfied,
            satisfied,
            "{measured} {criterion}"
        );
    }
}

#[test]
fn a_set_needs_all_and_any_set_is_enough_and_every_set_is_shown() {
    let sli = SliResult::new("a", 9.0);
    for (set, satisfied) in [(&["<10", ">8"][..], true), (&["<10", ">9"], false), (&[], true)] {
        let found = criteria_all(&sli, &CriteriaSet::new(set.iter().copied()), &[], "avg").unwrap();
        assert_eq!((found.satisfied, found.targets.len()), (satisfied, set.len()), "{set:?}");
    }
    let sets = [CriteriaSet::new(["<10"]), CriteriaSet::new(["<5", ">8"]), CriteriaSet::new(["=9"])];
    let found = criteria_any_of_all(&sli, &sets, &[], "avg").unwrap();
    let violated: Vec<bool> = found.targets.iter().map(|t| t.violated).collect();
    assert_eq!((found.satisfied, violated), (true, vec![false, true, false, false]));
    assert!(!criteria_any_of_all(&sli, &[], &[], "avg").unwrap().satisfied);
    // One that cannot be read behind one that is satisfied is an error all the same.
    let broken = [CriteriaSet::new(["<10"]), CriteriaSet::new(["ten"])];
    assert_eq!(
        criteria_any_of_all(&sli, &broken, &[], "avg").unwrap_err().to_string(),
        "invalid criteria string"
    );
}

#[test]
fn without_pass_criteria_an_objective_is_information_and_nothing_else() {
    let parts = [
        objective("a", 9, &[], &[&["<5"]]).with_key(true),
        objective("gone", 9, &[], &[]).with_key(true),
        objective("b", 1, &[&["=1"]], &[]),
    ];
    let slis = [SliResult::new("a", 99.0), SliResult::new("b", 1.0)];
    let found = judged(&slis, &parts);
    assert_eq!((found.max_score, found.key_failed), (1.0, false));
    for part in &found.objectives[..2] {
        assert_eq!((part.status, part.score), (ObjectiveStatus::Info, 0.0));
    }
    assert_eq!(run(&slis, &parts, "100%", "").result, RunResult::Pass);
}

#[test]
fn a_missing_or_unsuccessful_indicator_fails_and_its_key_with_it() {
    for slis in [vec![], vec![SliResult::failed("a", "timeout")]] {
        for key in [false, true] {
            let found = judged(&slis, &[objective("a", 2, &[&["<5"]], &[&["<9"]]).with_key(key)]);
            let part = &found.objectives[0];
            assert_eq!((part.status, part.score, found.max_score), (ObjectiveStatus::Fail, 0.0, 2.0));
            assert_eq!((found.key_failed, part.value), (key, 0.0));
        }
    }
    // Its criteria are not even read.
    let unread = judged(&[], &[objective("a", 1, &[&["abc"]], &[])]);
    assert!(unread.objectives[0].pass_targets[0].violated);
}

#[test]
fn a_pass_earns_the_weight_a_warning_half_of_it_and_a_failure_nothing() {
    let parts =
        |value| judged(&[SliResult::new("a", value)], &[objective("a", 3, &[&["<=10"]], &[&["<=20"]])]);
    for (value, status, score) in [
        (10.0, ObjectiveStatus::Pass, 3.0),
        (20.0, ObjectiveStatus::Warning, 1.5),
        (20.1, ObjectiveStatus::Fail, 0.0),
        (f64::NAN, ObjectiveStatus::Fail, 0.0),
        (f64::INFINITY, ObjectiveStatus::Fail, 0.0),
        (f64::NEG_INFINITY, ObjectiveStatus::Pass, 3.0),
    ] {
        let found = &parts(value).objectives[0];
        assert_eq!((found.status, found.score), (status, score), "{value}");
    }
}

#[test]
fn a_key_objective_in_warning_does_not_fail_the_run() {
    let part = objective("a", 1, &[&["<=10"]], &[&["<=20"]]).with_key(true);
    for (value, key_failed, result) in
        [(15.0, false, RunResult::Pass), (25.0, true, RunResult::Fail), (5.0, false, RunResult::Pass)]
    {
        let found = run(&[SliResult::new("a", value)], std::slice::from_ref(&part), "50", "10");
        assert_eq!((found.key_failed, found.result), (key_failed, result), "{value}");
    }
}

#[test]
fn an_unreadable_pass_criterion_ends_the_run_and_an_unreadable_warning_is_no_warning() {
    let slis = [SliResult::new("a", 15.0), SliResult::new("b", 1.0)];
    let good = objective("b", 99, &[&["=1"]], &[]);
    let broken = run(&slis, &[good.clone(), objective("a", 1, &[&["<=20"], &["==5"]], &[])], "1", "");
    assert_eq!((broken.result, broken.score, broken.objectives.len()), (RunResult::Fail, 0.0, 0));
    assert_eq!(broken.error.as_deref(), Some("error with a: could not parse criteria target value"));
    let swallowed = run(&slis, &[good, objective("a", 1, &[&["<=10"]], &[&["<=20"], &["ten"]])], "1", "");
    let part = &swallowed.objectives[1];
    assert_eq!((part.status, part.warning_targets.len()), (ObjectiveStatus::Fail, 0));
    assert_eq!((swallowed.error, swallowed.result), (None, RunResult::Pass));
}

#[test]
fn an_indicator_is_consumed_by_the_first_objective_that_names_it() {
    let twice = [objective("a", 1, &[&["=1"]], &[]), objective("a", 1, &[&["=1"]], &[])];
    let statuses = |slis: &[SliResult]| -> Vec<ObjectiveStatus> {
        judged(slis, &twice).objectives.iter().map(|o| o.status).collect()
    };
    assert_eq!(statuses(&values(&[1.0])), [ObjectiveStatus::Pass, ObjectiveStatus::Fail]);
    assert_eq!(statuses(&values(&[1.0, 1.0])), [ObjectiveStatus::Pass, ObjectiveStatus::Pass]);
    // One for information consumes it too.
    let informative = [objective("a", 1, &[], &[]), objective("a", 1, &[&["=1"]], &[])];
    assert_eq!(judged(&values(&[1.0]), &informative).objectives[1].status, ObjectiveStatus::Fail);
}

#[test]
fn an_empty_list_of_criteria_passes_earns_nothing_and_keeps_its_weight() {
    let parts = [objective("a", 1, &[&[]], &[]), objective("b", 1, &[&["=1"]], &[])];
    let slis = [SliResult::new("a", 1.0), SliResult::new("b", 1.0)];
    let found = run(&slis, &parts, "60", "50");
    assert_eq!(found.objectives[0].status, ObjectiveStatus::Pass);
    assert_eq!((found.score, found.result), (50.0, RunResult::Warning));
}

#[test]
fn the_score_is_a_float_that_is_not_rounded() {
    assert_eq!(scored(57, 100, "57%", ""), (56.99999999999999, RunResult::Fail));
    assert_eq!(scored(29, 100, "29", "").1, RunResult::Fail);
    assert_eq!(scored(28, 100, "28", ""), (28.000000000000004, RunResult::Pass));
    assert_eq!(scored(1, 3, "33.33333333333333", ""), (33.33333333333333, RunResult::Pass));
    assert_eq!(scored(2, 3, "66.67%", ""), (66.66666666666666, RunResult::Fail));
}

#[test]
fn nothing_to_score_is_100_and_passes_and_no_objective_fails() {
    let info = [objective("a", 1, &[], &[])];
    for (pass, warning) in [("90%", "75%"), ("", ""), ("ninety", "x")] {
        let found = run(&values(&[1.0]), &info, pass, warning);
        assert_eq!((found.result, found.score, found.error), (RunResult::Pass, 100.0, None));
    }
    let none = run(&values(&[1.0]), &[], "0", "0");
    assert_eq!((none.result, none.score), (RunResult::Fail, 0.0));
    assert_eq!(total_score(0.0, &[], None, true).unwrap().result, RunResult::Pass);
}

#[test]
fn a_missing_pass_threshold_is_an_error_that_fails_with_0() {
    let parts = [objective("a", 1, &[&["=1"]], &[])];
    let slis = values(&[1.0]);
    for thresholds in [None, Some(TotalScore::default()), Some(TotalScore::new("", "75%"))] {
        let found = evaluate_run(&slis, &parts, &[], "avg", thresholds.as_ref());
        assert_eq!((found.result, found.score), (RunResult::Fail, 0.0));
        assert_eq!(found.error.as_deref(), Some("no target score defined"));
    }
}

#[test]
fn thresholds_are_reached_by_equality_with_or_without_percent_sign() {
    for (earned, pass, warning, result) in [
        (90, "90%", "75%", RunResult::Pass),
        (90, "90", "75", RunResult::Pass),
        (90, "9e1", "", RunResult::Pass),
        (89, "90%", "75%", RunResult::Warning),
        (75, "90%", "75%", RunResult::Warning),
        (74, "90%", "75%", RunResult::Fail),
        (89, "90%", "", RunResult::Fail),
        (0, "0", "", RunResult::Pass),
        (99, "NaN", "", RunResult::Fail),
        (99, "-Inf", "", RunResult::Pass),
        (99, "NaN", "10", RunResult::Warning),
    ] {
        assert_eq!(scored(earned, 100, pass, warning).1, result, "{earned} {pass} {warning}");
    }
}

#[test]
fn a_warning_above_the_pass_is_taken_and_never_told() {
    for (earned, result) in [(80, RunResult::Pass), (95, RunResult::Pass), (70, RunResult::Fail)] {
        assert_eq!(scored(earned, 100, "75%", "90%").1, result, "{earned}");
    }
}

#[test]
fn the_warning_threshold_is_read_only_where_it_is_needed() {
    let error = |earned, key: bool| {
        let slis = [SliResult::new("a", 1.0), SliResult::new("b", 1.0)];
        let parts = [
            objective("a", earned, &[&["=1"]], &[]),
            objective("b", 100 - earned, &[&["=2"]], &[]).with_key(key),
        ];
        run(&slis, &parts, "50%", "soon").error
    };
    assert_eq!(error(60, false), None);
    assert_eq!(error(40, false).as_deref(), Some("could not parse warning target percentage"));
    assert_eq!(error(40, true), None);
}

#[test]
fn a_failed_key_fails_the_run_whatever_the_score_and_is_no_warning() {
    let slis = [SliResult::new("a", 1.0), SliResult::new("b", 1.0)];
    let parts = [objective("a", 99, &[&["=1"]], &[]), objective("b", 1, &[&["=2"]], &[]).with_key(true)];
    let found = run(&slis, &parts, "90%", "75%");
    assert_eq!((found.score, found.key_failed, found.result), (99.0, true, RunResult::Fail));
}

#[test]
fn a_failed_provider_fails_afterwards_and_no_file_passes() {
    let parts = [objective("a", 1, &[&["=1"]], &[])];
    let passed = run(&values(&[1.0]), &parts, "90", "");
    assert_eq!(passed.result, RunResult::Pass);
    let forced = with_provider_failed(passed);
    assert_eq!((forced.result, forced.score, forced.error), (RunResult::Fail, 100.0, None));
    let without = evaluate_without_slo();
    assert_eq!((without.result, without.score), (RunResult::Pass, 0.0));
}
