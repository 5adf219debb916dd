//! Kaplan–Meier and log-rank against the reference vectors.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "tests may panic"
)]

mod vectors;

use devops_stats::kaplan_meier::{kaplan_meier, kaplan_meier_median};
use devops_stats::log_rank::log_rank;
use serde_json::Value;
use vectors::{cases, close, close_all, number, numbers, optional};

fn flags(value: &Value) -> Vec<bool> {
    value.as_array().unwrap().iter().map(|v| v.as_bool().unwrap()).collect()
}

fn close_options(found: &[Option<f64>], want: &Value, tolerance: f64, id: &Value) {
    for (found, want) in found.iter().zip(want.as_array().unwrap()) {
        match (found, optional(want)) {
            (Some(found), Some(want)) => close(*found, want, tolerance, 1e-15, id),
            (found, want) => assert_eq!(*found, want, "{id}"),
        }
    }
}

#[test]
fn kaplan_meier_table_and_median() {
    for case in cases("kaplan_meier.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let (time, event) = (numbers(&input["time"]), flags(&input["event"]));
        let found = kaplan_meier(&time, &event, number(&input["conf"])).unwrap();
        assert_eq!(kaplan_meier_median(&time, &event).unwrap(), found.median, "{}", case["id"]);
        let column = |f: &dyn Fn(usize) -> f64| (0..found.steps.len()).map(f).collect::<Vec<f64>>();
        assert_eq!(column(&|i| found.steps[i].time), numbers(&expect["times"]), "{id}");
        assert_eq!(column(&|i| found.steps[i].at_risk as f64), numbers(&expect["at_risk"]), "{id}");
        assert_eq!(column(&|i| found.steps[i].events as f64), numbers(&expect["events"]), "{id}");
        close_all(&column(&|i| found.steps[i].survival), &numbers(&expect["survival"]), 1e-12, 0.0, id);
        let options = |f: &dyn Fn(usize) -> Option<f64>| (0..found.steps.len()).map(f).collect::<Vec<_>>();
        close_options(&options(&|i| found.steps[i].greenwood), &expect["greenwood_sum"], 1e-12, id);
        close_options(&options(&|i| found.steps[i].low), &expect["ci_low"], 1e-10, id);
        close_options(&options(&|i| found.steps[i].high), &expect["ci_high"], 1e-10, id);
        for (found, key) in [
            (found.median, "median"),
            (found.median_midpoint, "median_midpoint_r"),
            (found.median_low, "median_ci_low"),
            (found.median_high, "median_ci_high"),
            (found.median_low_strict, "median_ci_low_strict"),
            (found.median_high_strict, "median_ci_high_strict"),
        ] {
            assert_eq!(found, optional(&expect[key]), "{id} {key}");
        }
    }
}

#[test]
fn log_rank_statistic() {
    for case in cases("logrank.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let found = log_rank(
            &numbers(&input["time1"]),
            &flags(&input["event1"]),
            &numbers(&input["time2"]),
            &flags(&input["event2"]),
        )
        .unwrap();
        close(found.observed as f64, number(&expect["observed1"]), 0.0, 0.0, id);
        close(found.expected, number(&expect["expected1"]), 1e-12, 0.0, id);
        close(found.variance, number(&expect["variance"]), 1e-12, 0.0, id);
        if let (Some(chi), Some(p)) = (found.chi_squared.defined(), found.p.defined()) {
            close(chi, number(&expect["chi2"]), 1e-10, 1e-14, id);
            close(p, number(&expect["p"]), 1e-10, 0.0, id);
        } else {
            assert!(expect["p"].is_null() || number(&expect["p"]).is_nan(), "{id}");
        }
    }
}
