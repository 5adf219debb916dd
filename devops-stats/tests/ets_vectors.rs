//! Exponential smoothing against the reference vectors.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "tests may panic"
)]

mod vectors;

use devops_stats::ets::{EtsModel, ets};
use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
use vectors::{cases, close, close_all, number, numbers};

#[test]
fn recursion_and_intervals() {
    for case in cases("ets.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let x = numbers(&input["x"]);
        let get = |key: &str| number(&input[key]);
        let model = match (input["trend"] == true, input["damped"] == true) {
            (false, _) => EtsModel::simple(get("alpha"), get("level0")),
            (true, false) => EtsModel::trend(get("alpha"), get("beta"), get("level0"), get("trend0")),
            (true, true) => {
                EtsModel::damped(get("alpha"), get("beta"), get("phi"), get("level0"), get("trend0"))
            }
        };
        let state = ets(&x, &model.unwrap()).unwrap();
        let scale = x.iter().fold(0.0_f64, |m, v| if v.abs() > m { v.abs() } else { m });
        let tolerance = 1e-11 * scale;
        close(state.model.level, number(&expect["level"]), 0.0, tolerance, id);
        if input["trend"] == true {
            close(state.model.trend, number(&expect["trend"]), 0.0, tolerance, id);
        }
        close(state.sse, number(&expect["sse"]), 1e-11, 0.0, id);
        close(state.sigma2, number(&expect["sigma2"]), 1e-11, 0.0, id);
        let horizon = usize::try_from(input["horizon"].as_u64().unwrap()).unwrap();
        let forecast = state.forecast(horizon, number(&input["conf"])).unwrap();
        let column = |f: &dyn Fn(usize) -> f64| (0..horizon).map(f).collect::<Vec<f64>>();
        close_all(&column(&|h| forecast.steps[h].mean), &numbers(&expect["forecast"]), 0.0, tolerance, id);
        close_all(&column(&|h| forecast.steps[h].variance), &numbers(&expect["variance"]), 1e-11, 0.0, id);
        close_all(&column(&|h| forecast.steps[h].low), &numbers(&expect["low"]), 0.0, tolerance * 10.0, id);
        close_all(&column(&|h| forecast.steps[h].high), &numbers(&expect["high"]), 0.0, tolerance * 10.0, id);
    }
}

#[test]
fn fits_reach_the_best_sum_of_squares() {
    for case in cases("ets_fit.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let shape = match input["model"].as_str().unwrap() {
            "ANN" => EtsShape::Simple,
            "AAN" => EtsShape::Trend,
            other => panic!("{other}"),
        };
        let fit = ets_fit(&numbers(&input["x"]), EtsFitOptions::new(shape)).unwrap();
        let best = number(&expect["sse_best_found"]);
        assert!(fit.sse <= best * (1.0 + 1e-6), "{id}: {} {best}", fit.sse);
    }
}
