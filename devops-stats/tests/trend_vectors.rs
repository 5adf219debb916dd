//! Trend tests and slopes against the reference vectors.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "tests may panic"
)]

mod vectors;

use devops_stats::Outcome;
use devops_stats::mann_kendall::{mann_kendall, mann_kendall_gaps};
use devops_stats::mann_kendall_ar1::mk_ar1;
use devops_stats::mann_kendall_grouped::{
    regional_mann_kendall, regional_sen_slope, seasonal_mann_kendall, seasonal_sen_slope,
};
use devops_stats::mann_kendall_hamed_rao::mk_hamed_rao;
use devops_stats::mann_kendall_whitened::{WhitenedMannKendall, mk_prewhitening, mk_tfpw};
use devops_stats::mann_kendall_yue_wang::mk_yue_wang;
use devops_stats::siegel::{SiegelIntercept, siegel};
use devops_stats::tail::NormalTest;
use devops_stats::theil_sen::{Intercept, TheilSen, TheilSenOptions, sen_slope, sen_slope_gaps, theil_sen};
use serde_json::Value;
use vectors::{cases, close, number, numbers, optional};

fn size(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |m: f64, v| if v.abs() > m { v.abs() } else { m })
}

/// z and p, where the case has them; a degenerate case has a reason instead.
fn same_test(found: Outcome<NormalTest>, case: &Value) {
    let (expect, id) = (&case["expect"], &case["id"]);
    if case["degenerate"] == true {
        assert!(found.reason().is_some(), "{id}");
        return;
    }
    let found = found.defined().unwrap_or_else(|| panic!("{id}: undefined"));
    close(found.z, number(&expect["z"]), 1e-10, 1e-14, id);
    close(found.p, number(&expect["p"]), 1e-10, 1e-280, id);
}

fn same_line(slope: f64, intercept: f64, case: &Value, scale: f64) {
    let (expect, id) = (&case["expect"], &case["id"]);
    close(slope, number(&expect["slope"]), 1e-12, 1e-15 * scale, id);
    close(intercept, number(&expect["intercept"]), 1e-12, 1e-14 * scale, id);
}

fn line(found: Result<Outcome<TheilSen>, devops_stats::StatsError>) -> TheilSen {
    found.unwrap().defined().unwrap()
}

#[test]
fn mann_kendall_original() {
    for case in cases("mk_original.json") {
        let (x, expect, id) = (numbers(&case["input"]["x"]), &case["expect"], &case["id"]);
        let found = mann_kendall(&x).unwrap();
        assert_eq!(found.s as f64, number(&expect["s"]), "{id}");
        close(found.var_s, number(&expect["var_s"]), 1e-12, 0.0, id);
        close(found.tau, number(&expect["tau"]), 1e-12, 0.0, id);
        same_test(found.test, &case);
        let found = line(sen_slope(&x, &TheilSenOptions::new()));
        same_line(found.slope, found.intercept, &case, size(&x));
    }
}

#[test]
fn mann_kendall_with_gaps() {
    for case in cases("mk_gaps.json") {
        let x: Vec<Option<f64>> = case["input"]["x"].as_array().unwrap().iter().map(optional).collect();
        let (expect, id) = (&case["expect"], &case["id"]);
        let found = mann_kendall_gaps(&x).unwrap();
        assert_eq!(found.n as f64, number(&expect["n"]), "{id}");
        assert_eq!(found.s as f64, number(&expect["s"]), "{id}");
        close(found.var_s, number(&expect["var_s"]), 1e-12, 0.0, id);
        close(found.tau, number(&expect["tau"]), 1e-12, 0.0, id);
        same_test(found.test, &case);
        let found = line(sen_slope_gaps(&x, &TheilSenOptions::new()));
        let present: Vec<f64> = x.iter().flatten().copied().collect();
        same_line(found.slope, found.intercept, &case, size(&present));
    }
}

#[test]
fn mann_kendall_with_ar1_variance() {
    for case in cases("mk_ar1.json") {
        let (x, expect, id) = (numbers(&case["input"]["x"]), &case["expect"], &case["id"]);
        let found = mk_ar1(&x).unwrap();
        assert_eq!(found.s as f64, number(&expect["s"]), "{id}");
        close(found.var_s_plain, number(&expect["var_s_plain"]), 1e-12, 0.0, id);
        close(found.slope.unwrap(), number(&expect["slope"]), 1e-12, 1e-15 * size(&x), id);
        same_test(found.test, &case);
        if case["degenerate"] == true {
            continue;
        }
        if x.len() >= 6 {
            close(found.r1.unwrap_or(0.0), number(&expect["r1"]), 1e-10, 1e-14, id);
        }
        close(found.phi, number(&expect["phi"]), 1e-10, 1e-14, id);
        close(found.correction, number(&expect["cf"]), 1e-10, 0.0, id);
        close(found.var_s, number(&expect["var_s"]), 1e-10, 0.0, id);
    }
}

#[test]
fn hamed_rao_and_yue_wang() {
    for (file, hamed) in [("mk_hamed_rao.json", true), ("mk_yue_wang.json", false)] {
        for case in cases(file) {
            let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
            let x = numbers(&input["x"]);
            let lag = input["lag"].as_u64().map(|v| v as usize);
            let found = if hamed {
                mk_hamed_rao(&x, number(&input["alpha"]), lag).unwrap()
            } else {
                mk_yue_wang(&x, lag).unwrap()
            };
            assert_eq!(found.s as f64, number(&expect["s"]), "{id}");
            close(found.tau, number(&expect["tau"]), 1e-12, 0.0, id);
            close(found.slope.unwrap(), number(&expect["slope"]), 1e-12, 1e-15 * size(&x), id);
            same_test(found.test, &case);
            if case["degenerate"] != true {
                close(found.var_s.defined().unwrap(), number(&expect["var_s"]), 1e-11, 0.0, id);
            }
        }
    }
}

#[test]
fn prewhitening() {
    type Test = fn(&[f64]) -> Result<WhitenedMannKendall, devops_stats::StatsError>;
    for (file, test) in [("mk_prewhitening.json", mk_prewhitening as Test), ("mk_tfpw.json", mk_tfpw)] {
        for case in cases(file) {
            let (x, expect, id) = (numbers(&case["input"]["x"]), &case["expect"], &case["id"]);
            let found = test(&x).unwrap();
            if case["shape"] == "constant" {
                // The package divides zero by zero here; the test does not exist.
                assert!(found.test.reason().is_some(), "{id}");
                continue;
            }
            assert_eq!(found.n as f64, number(&expect["n"]), "{id}");
            close(found.slope.unwrap(), number(&expect["slope"]), 1e-12, 1e-15 * size(&x), id);
            same_test(found.test, &case);
            if case["degenerate"] != true {
                assert_eq!(found.s as f64, number(&expect["s"]), "{id}");
                close(found.var_s, number(&expect["var_s"]), 1e-12, 0.0, id);
                close(found.tau, number(&expect["tau"]), 1e-12, 0.0, id);
            }
        }
    }
}

#[test]
fn seasonal_and_regional() {
    for case in cases("mk_seasonal.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let (x, period) = (numbers(&input["x"]), input["period"].as_u64().unwrap() as usize);
        let found = seasonal_mann_kendall(&x, period).unwrap();
        assert_eq!(found.s as f64, number(&expect["s"]), "{id}");
        close(found.var_s, number(&expect["var_s"]), 1e-12, 0.0, id);
        close(found.tau, number(&expect["tau"]), 1e-12, 0.0, id);
        same_test(found.test, &case);
        let found = seasonal_sen_slope(&x, period, 0.95).unwrap().defined().unwrap();
        same_line(found.slope, found.intercept, &case, size(&x));
    }
    for case in cases("mk_regional.json") {
        let (expect, id) = (&case["expect"], &case["id"]);
        let columns: Vec<Vec<f64>> =
            case["input"]["columns"].as_array().unwrap().iter().map(numbers).collect();
        let found = regional_mann_kendall(&columns).unwrap();
        assert_eq!(found.s as f64, number(&expect["s"]), "{id}");
        close(found.var_s, number(&expect["var_s"]), 1e-12, 0.0, id);
        close(found.tau, number(&expect["tau"]), 1e-12, 0.0, id);
        same_test(found.test, &case);
        let found = regional_sen_slope(&columns, 0.95).unwrap().defined().unwrap();
        same_line(found.slope, found.intercept, &case, size(&columns.concat()));
    }
}

#[test]
fn theil_sen_lines() {
    for case in cases("theil_sen.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let (x, y) = (numbers(&input["x"]), numbers(&input["y"]));
        let method = if input["method"] == "joint" { Intercept::Joint } else { Intercept::Separate };
        let options = TheilSenOptions::new().with_confidence(number(&input["conf"])).with_intercept(method);
        let found = line(theil_sen(&x, &y, &options));
        let scale = size(&x) + size(&y);
        same_line(found.slope, found.intercept, &case, scale);
        assert_eq!(found.pairs as f64, number(&expect["n_slopes"]), "{id}");
        close(found.sigma, number(&expect["sigma"]), 1e-12, 0.0, id);
        let interval = found.interval.unwrap();
        close(interval.low, number(&expect["low"]), 1e-12, 0.0, id);
        close(interval.high, number(&expect["high"]), 1e-12, 0.0, id);
    }
}

#[test]
fn siegel_lines() {
    for case in cases("siegel.json") {
        let input = &case["input"];
        let (x, y) = (numbers(&input["x"]), numbers(&input["y"]));
        let how = if input["method"] == "hierarchical" {
            SiegelIntercept::Hierarchical
        } else {
            SiegelIntercept::Separate
        };
        let found = siegel(&x, &y, how).unwrap().defined().unwrap();
        same_line(found.slope, found.intercept, &case, size(&x) + size(&y));
    }
}
