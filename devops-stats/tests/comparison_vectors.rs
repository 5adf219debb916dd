//! Comparisons, intervals and adjusted p-values against the reference vectors.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "tests may panic"
)]

mod vectors;

use devops_stats::cochran_armitage::cochran_armitage;
use devops_stats::false_discovery::{benjamini_hochberg, benjamini_yekutieli, holm};
use devops_stats::fisher::fisher_exact;
use devops_stats::hodges_lehmann::hodges_lehmann;
use devops_stats::kendall_tau::kendall_tau;
use devops_stats::mann_whitney::mann_whitney;
use devops_stats::poisson_rate::{garwood, two_rates};
use devops_stats::poisson_regression::poisson_regression;
use devops_stats::proportion::{agresti_coull, clopper_pearson, jeffreys, wilson};
use devops_stats::quantile_interval::quantile_interval;
use devops_stats::special;
use devops_stats::tail::{DirectedP, Interval};
use devops_stats::two_proportion::two_proportion;
use serde_json::Value;
use vectors::{cases, close, close_all, number, numbers};

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn counts(value: &Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(count).collect()
}

fn same_interval(found: Interval, want: &Value, relative: f64, absolute: f64, id: &Value) {
    close_all(&[found.low, found.high], &numbers(want), relative, absolute, id);
}

fn same_p(found: DirectedP, expect: &Value, prefix: &str, id: &Value) {
    close(found.two_sided, number(&expect[format!("{prefix}two_sided")]), 1e-10, 1e-280, id);
    close(found.less, number(&expect[format!("{prefix}less")]), 1e-10, 1e-280, id);
    close(found.greater, number(&expect[format!("{prefix}greater")]), 1e-10, 1e-280, id);
}

#[test]
fn special_functions_to_13_digits() {
    for case in cases("special_functions.json") {
        let a = numbers(&case["args"]);
        let found = match case["fn"].as_str().unwrap() {
            "normal_sf" => special::normal_sf(a[0]),
            "normal_cdf" => special::normal_cdf(a[0]),
            "normal_ppf" => special::normal_quantile(a[0]),
            "student_t_sf" => special::student_t_sf(a[0], a[1]),
            "gamma_q_upper" => special::gamma_sf(a[0], a[1]),
            "gamma_p_lower" => special::gamma_cdf(a[0], a[1]),
            "beta_inc" => special::beta_cdf(a[2], a[0], a[1]),
            "beta_ppf" => special::beta_quantile(a[0], a[1], a[2]),
            "gamma_ppf" => special::gamma_quantile(a[0], a[1]),
            "ln_gamma" => special::ln_gamma(a[0]),
            other => panic!("{other}"),
        };
        close(found, number(&case["value"]), 1e-14, 1e-290, &case);
    }
}

#[test]
fn kendall() {
    for case in cases("kendalltau.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let found = kendall_tau(&numbers(&input["x"]), &numbers(&input["y"])).unwrap();
        if expect["tau_b"] == "NaN" {
            assert!(found.tau_b.reason().is_some() && found.test.reason().is_some(), "{id}");
            continue;
        }
        close(found.tau_b.defined().unwrap(), number(&expect["tau_b"]), 1e-12, 1e-15, id);
        close(found.tau_c.defined().unwrap(), number(&expect["tau_c"]), 1e-12, 1e-15, id);
        close(found.test.defined().unwrap().p, number(&expect["p_asymptotic"]), 1e-10, 0.0, id);
        assert_eq!(found.exact_p.is_none(), expect["p_exact"].is_null(), "{id}");
        if let Some(p) = found.exact_p {
            close(p, number(&expect["p_exact"]), 1e-10, 0.0, id);
        }
    }
}

#[test]
fn mann_whitney_and_shift() {
    for case in cases("mannwhitney.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let (x, y) = (numbers(&input["x"]), numbers(&input["y"]));
        let found = mann_whitney(&x, &y).unwrap();
        assert_eq!(found.u1, number(&expect["u1"]), "{id}");
        assert_eq!(Value::from(found.ties), expect["ties"], "{id}");
        close(found.cliffs_delta, number(&expect["cliffs_delta"]), 1e-12, 1e-15, id);
        close(found.superiority, number(&expect["auc"]), 1e-12, 0.0, id);
        if case["degenerate"] == true {
            assert!(found.asymptotic.reason().is_some() && found.p().is_none(), "{id}");
        } else {
            same_p(found.asymptotic.defined().unwrap(), expect, "p_asym_cc_", id);
            same_p(found.asymptotic_uncorrected.defined().unwrap(), expect, "p_asym_nocc_", id);
        }
        if !expect["p_exact_two_sided"].is_null() {
            same_p(found.exact.unwrap(), expect, "p_exact_", id);
        }
        let shift = hodges_lehmann(&x, &y, 0.95).unwrap().defined().unwrap();
        close(shift.shift, number(&expect["hodges_lehmann"]), 1e-12, 1e-15, id);
        if !expect["hl_low"].is_null() {
            close(shift.interval.low, number(&expect["hl_low"]), 1e-12, 0.0, id);
            close(shift.interval.high, number(&expect["hl_high"]), 1e-12, 0.0, id);
            close(shift.achieved.unwrap(), number(&expect["hl_achieved_conf"]), 1e-12, 0.0, id);
        }
    }
}

#[test]
fn fisher() {
    for case in cases("fisher_exact.json") {
        let (table, expect, id) = (&case["input"]["table"], &case["expect"], &case["id"]);
        let cell = |i: usize, j: usize| count(&table[i][j]);
        let found = fisher_exact([[cell(0, 0), cell(0, 1)], [cell(1, 0), cell(1, 1)]]).unwrap();
        same_p(found.p, expect, "p_", id);
        close(found.mid_p.less, number(&expect["p_less_mid"]), 1e-10, 0.0, id);
        match found.odds_ratio.defined() {
            Some(ratio) => close(ratio, number(&expect["odds_ratio"]), 1e-12, 0.0, id),
            None => assert!(!number(&expect["odds_ratio"]).is_finite(), "{id}"),
        }
    }
}

#[test]
fn two_proportions() {
    for case in cases("two_proportion.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let k = |key: &str| count(&input[key]);
        let found = two_proportion(k("k1"), k("n1"), k("k2"), k("n2"), 0.95).unwrap();
        if case["degenerate"] == true {
            assert!(found.test.reason().is_some(), "{id}");
        } else {
            let test = found.test.defined().unwrap();
            close(test.z, number(&expect["z"]), 1e-10, 1e-14, id);
            close(test.p, number(&expect["p"]), 1e-10, 1e-280, id);
        }
        same_interval(found.newcombe, &expect["diff_newcombe"], 1e-10, 1e-15, id);
        same_interval(found.wald, &expect["diff_wald"], 1e-10, 1e-15, id);
        same_interval(found.agresti_caffo, &expect["diff_agresti_caffo"], 1e-10, 1e-15, id);
    }
}

#[test]
fn two_poisson_rates() {
    for case in cases("two_poisson.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let found = two_rates(
            count(&input["count1"]),
            number(&input["exposure1"]),
            count(&input["count2"]),
            number(&input["exposure2"]),
            0.95,
        )
        .unwrap();
        close(found.p.two_sided, number(&expect["p_two_sided_minlik"]), 1e-10, 1e-280, id);
        close(found.p.less, number(&expect["p_less"]), 1e-10, 1e-280, id);
        close(found.p.greater, number(&expect["p_greater"]), 1e-10, 1e-280, id);
        let finite = |value: &Value| !value.is_null() && number(value).is_finite();
        match found.ratio.defined() {
            Some(ratio) => close(ratio, number(&expect["ratio"]), 1e-12, 0.0, id),
            None => assert!(!finite(&expect["ratio"]), "{id}"),
        }
        close(found.low, number(&expect["ratio_low"]), 1e-10, 0.0, id);
        match found.high {
            Some(high) => close(high, number(&expect["ratio_high"]), 1e-10, 0.0, id),
            None => assert!(!finite(&expect["ratio_high"]), "{id}"),
        }
    }
}

#[test]
fn intervals_of_proportions_and_rates() {
    for case in cases("proportion_ci.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let (k, n, level) = (count(&input["k"]), count(&input["n"]), number(&input["conf"]));
        same_interval(wilson(k, n, level).unwrap(), &expect["wilson"], 1e-10, 1e-17, id);
        same_interval(jeffreys(k, n, level, false).unwrap(), &expect["jeffreys"], 1e-10, 0.0, id);
        same_interval(jeffreys(k, n, level, true).unwrap(), &expect["jeffreys_modified"], 1e-10, 0.0, id);
        same_interval(clopper_pearson(k, n, level).unwrap(), &expect["clopper_pearson"], 1e-10, 0.0, id);
        same_interval(agresti_coull(k, n, level).unwrap(), &expect["agresti_coull"], 1e-10, 0.0, id);
    }
    for case in cases("poisson_ci.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let (events, exposure) = (count(&input["count"]), number(&input["exposure"]));
        let found = garwood(events, exposure, number(&input["conf"])).unwrap();
        close(found.low, number(&expect["low"]), 1e-10, 0.0, id);
        close(found.high, number(&expect["high"]), 1e-10, 0.0, id);
    }
}

#[test]
fn trends_of_proportions() {
    for case in cases("cochran_armitage.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let found = cochran_armitage(
            &counts(&input["events"]),
            &counts(&input["totals"]),
            &numbers(&input["scores"]),
        )
        .unwrap();
        if case["degenerate"] == true {
            assert!(found.test.reason().is_some(), "{id}");
            continue;
        }
        let test = found.test.defined().unwrap();
        close(test.z, number(&expect["z"]), 1e-10, 1e-13, id);
        close(test.p, number(&expect["p"]), 1e-10, 1e-280, id);
        close(found.z_n_minus_1.defined().unwrap(), number(&expect["z_n_minus_1"]), 1e-10, 1e-13, id);
    }
}

#[test]
fn adjusted_p_values() {
    for case in cases("benjamini_hochberg.json") {
        let (p, expect, id) = (numbers(&case["input"]["p"]), &case["expect"], &case["id"]);
        let q = benjamini_hochberg(&p).unwrap();
        close_all(&q, &numbers(&expect["bh"]), 1e-12, 0.0, id);
        close_all(&benjamini_yekutieli(&p).unwrap(), &numbers(&expect["by"]), 1e-12, 0.0, id);
        close_all(&holm(&p).unwrap(), &numbers(&expect["holm"]), 1e-12, 0.0, id);
        let rejected: Vec<Value> = q.iter().map(|q| Value::from(*q <= 0.05)).collect();
        assert_eq!(Value::from(rejected), expect["reject_bh_q05"], "{id}");
    }
}

#[test]
fn trends_of_counts() {
    for case in cases("poisson_regression.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let (y, t) = (counts(&input["y"]), numbers(&input["t"]));
        let found = poisson_regression(&y, &t, &numbers(&input["exposure"]), 0.95).unwrap();
        let found = found.defined().unwrap();
        let near = |found: f64, key: &str, relative: f64, absolute: f64| {
            close(found, number(&expect[key]), relative, absolute, id);
        };
        near(found.slope, "slope", 0.0, 1e-10 * found.se_slope);
        near(found.intercept, "intercept", 0.0, 1e-10 * found.se_intercept);
        near(found.se_slope, "se_slope", 1e-10, 0.0);
        near(found.se_intercept, "se_intercept", 1e-10, 0.0);
        near(found.test.z, "z", 1e-8, 1e-10);
        near(found.test.p, "p", 1e-8, 1e-280);
        near(found.deviance, "deviance", 1e-8, 1e-12);
        near(found.null_deviance, "null_deviance", 1e-8, 1e-12);
        near(found.log_likelihood, "loglik", 1e-8, 0.0);
        near(found.pearson, "pearson_chi2", 1e-8, 1e-12);
        near(found.dispersion.unwrap(), "dispersion", 1e-8, 1e-12);
        near(found.se_slope_quasi.unwrap(), "se_slope_quasi", 1e-8, 0.0);
        near(found.rate_ratio.unwrap(), "rate_ratio_per_unit", 1e-10, 0.0);
        same_interval(found.interval, &expect["ci95"], 1e-8, 1e-12, id);
    }
}

#[test]
fn intervals_of_the_median() {
    for case in cases("quantiles.json") {
        let (expect, id) = (&case["expect"]["median_ci"], &case["id"]);
        let found = quantile_interval(&numbers(&case["input"]["x"]), 0.5, 0.95).unwrap();
        let rank = |key: &str| expect[key].as_u64().map(|r| r as usize);
        assert_eq!((found.rank_low, found.rank_high), (rank("rank_low"), rank("rank_high")), "{id}");
        assert_eq!(found.low, expect["low"].as_f64(), "{id}");
        assert_eq!(found.high, expect["high"].as_f64(), "{id}");
        if let Some(coverage) = expect["coverage"].as_f64() {
            close(found.coverage, coverage, 1e-12, 0.0, id);
        }
    }
}
