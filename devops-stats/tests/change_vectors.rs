//! Quantiles, control charts and change points against the reference vectors.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "tests may panic"
)]

mod vectors;

use devops_stats::cusum::{CusumOptions, cusum};
use devops_stats::e_divisive::e_divisive_candidate;
use devops_stats::ewma::{EwmaOptions, ewma};
use devops_stats::fpop::fpop_l2;
use devops_stats::otava::{OtavaOptions, otava_change_points};
use devops_stats::pelt::pelt_l2;
use devops_stats::pettitt::pettitt;
use devops_stats::quantile::{QuantileType, median_absolute_deviation, quantiles};
use devops_stats::run_rules::{Rule, run_rules};
use devops_stats::segmentation::{Pruning, SegmentOptions};
use devops_stats::xmr::{Constants, MovingRange, xmr};
use vectors::{cases, close, close_all, indices, number, numbers};

#[test]
fn quantiles_types_7_and_8_and_mad() {
    for case in cases("quantiles.json") {
        let (input, expect) = (&case["input"], &case["expect"]);
        let (x, p) = (numbers(&input["x"]), numbers(&input["p"]));
        let scale = x.iter().fold(0.0_f64, |m, v| if v.abs() > m { v.abs() } else { m });
        for (kind, key) in [(QuantileType::Type7, "type7"), (QuantileType::Type8, "type8")] {
            let found = quantiles(&x, &p, kind).unwrap();
            close_all(&found, &numbers(&expect[key]), 1e-12, 1e-15 * scale, &case["id"]);
        }
        close(median_absolute_deviation(&x).unwrap(), number(&expect["mad"]), 1e-12, 0.0, &case["id"]);
    }
}

#[test]
fn xmr_limits_and_rules() {
    for case in cases("xmr.json") {
        let (x, expect) = (numbers(&case["input"]["x"]), &case["expect"]);
        let id = &case["id"];
        let scale = x.iter().fold(0.0_f64, |m, v| if v.abs() > m { v.abs() } else { m });
        let exact = xmr(&x, MovingRange::Mean, Constants::Exact).unwrap();
        let wheeler = xmr(&x, MovingRange::Mean, Constants::Wheeler).unwrap();
        let median = xmr(&x, MovingRange::Median, Constants::Wheeler).unwrap();
        let near = |found: f64, key: &str| close(found, number(&expect[key]), 1e-12, 1e-15 * scale, id);
        near(exact.center, "center");
        near(exact.moving_range, "mr_bar");
        near(median.moving_range, "mr_median");
        near(exact.sigma, "sigma");
        near(exact.range_upper, "url_exact");
        near(wheeler.range_upper, "url_wheeler");
        for (found, key) in
            [(exact, "limits_exact"), (wheeler, "limits_wheeler"), (median, "limits_median_mr")]
        {
            let want = numbers(&expect[key]);
            close_all(&[found.lower, found.upper], &want, 1e-12, 1e-14 * scale, id);
        }
        for (rule, key) in [
            (Rule::BeyondLimits, "beyond_limits"),
            (Rule::TwoOfThreeBeyondTwoSigma, "western_electric_2of3_beyond_2s"),
            (Rule::FourOfFiveBeyondOneSigma, "western_electric_4of5_beyond_1s"),
            (Rule::EightOnOneSide, "run8_one_side"),
            (Rule::ThreeOfFourNearerLimit, "wheeler_3of4_nearer_limit"),
            (Rule::NineOnOneSide, "nelson2_run9"),
            (Rule::SixMonotone, "nelson3_6_monotone"),
            (Rule::FourteenAlternating, "nelson4_14_alternating"),
            (Rule::FifteenWithinOneSigma, "nelson7_15_within_1s"),
            (Rule::EightOutsideOneSigma, "nelson8_8_outside_1s"),
        ] {
            let found = run_rules(&x, exact.center, exact.sigma, &[rule]).unwrap();
            let found: Vec<usize> = found.iter().map(|s| s.index).collect();
            assert_eq!(found, indices(&expect[key]), "{id} {key}");
        }
    }
}

#[test]
fn ewma_and_cusum_charts() {
    for case in cases("ewma_cusum.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let x = numbers(&input["x"]);
        let (mu, sigma) = (number(&expect["mu"]), number(&expect["sigma"]));
        let options =
            EwmaOptions::new(mu, sigma).with_lambda(number(&input["lam"])).with_width(number(&input["L"]));
        let points = ewma(&x, &options).unwrap();
        let values: Vec<f64> = points.iter().map(|p| p.value).collect();
        close_all(&values, &numbers(&expect["ewma"]), 1e-12, 1e-14 * sigma, id);
        let widths: Vec<f64> = points.iter().map(|p| p.half_width).collect();
        close_all(&widths, &numbers(&expect["ewma_halfwidth"]), 1e-12, 0.0, id);
        let signals: Vec<usize> = (0..x.len()).filter(|&i| points[i].signal).collect();
        assert_eq!(signals, indices(&expect["ewma_signals"]), "{id}");

        let options =
            CusumOptions::new(mu, sigma).with_slack(number(&input["k"])).with_threshold(number(&input["h"]));
        let points = cusum(&x, &options).unwrap();
        let high: Vec<f64> = points.iter().map(|p| p.high).collect();
        let low: Vec<f64> = points.iter().map(|p| p.low).collect();
        close_all(&high, &numbers(&expect["cusum_pos"]), 1e-12, 1e-13, id);
        close_all(&low, &numbers(&expect["cusum_neg"]), 1e-12, 1e-13, id);
        let signals: Vec<usize> = (0..x.len()).filter(|&i| points[i].signal).collect();
        assert_eq!(signals, indices(&expect["cusum_signals"]), "{id}");
    }
}

#[test]
fn pettitt_single_change() {
    for case in cases("pettitt.json") {
        let (x, expect, id) = (numbers(&case["input"]["x"]), &case["expect"], &case["id"]);
        let found = pettitt(&x).unwrap();
        assert_eq!(found.k, expect["k"].as_i64().unwrap(), "{id}");
        assert_eq!(found.change_at, indices(&expect["change_at"]), "{id}");
        assert_eq!(i64::from(found.direction), expect["direction"].as_i64().unwrap(), "{id}");
        match found.p.defined() {
            Some(p) => close(p, number(&expect["p"]), 1e-10, 0.0, id),
            None => assert_eq!(case["degenerate"], true, "{id}"),
        }
    }
}

#[test]
fn pelt_reaches_the_optimum() {
    for case in cases("pelt_l2.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let x = numbers(&input["x"]);
        let min_segment = usize::try_from(input["min_size"].as_u64().unwrap()).unwrap();
        let options =
            SegmentOptions::new().with_penalty(number(&input["penalty"])).with_min_segment(min_segment);
        let want = number(&expect["objective"]);
        let inequality = pelt_l2(&x, &options.with_pruning(Pruning::Inequality)).unwrap();
        for found in [inequality, fpop_l2(&x, &options).unwrap()] {
            close(found.objective, want, 0.0, 1e-9 * (1.0 + want), id);
            if expect["unique"] == true {
                let ends: Vec<usize> = found.segments.iter().map(|s| s.end).collect();
                assert_eq!(ends, indices(&expect["breakpoints"]), "{id}");
            }
        }
    }
}

#[test]
fn e_divisive_candidate_and_otava_change_points() {
    for case in cases("e_divisive.json") {
        let (input, expect, id) = (&case["input"], &case["expect"], &case["id"]);
        let x = numbers(&input["x"]);
        let found = e_divisive_candidate(&x).unwrap();
        let q = number(&expect["candidate_qhat"]);
        close(found.q, q, 1e-9, 1e-9, id);
        if expect["candidate_unique"] == true {
            assert_eq!(found.index as u64, expect["candidate_index"].as_u64().unwrap(), "{id}");
        }
        let options = OtavaOptions::new()
            .with_window(usize::try_from(input["window_len"].as_u64().unwrap()).unwrap())
            .with_max_p(number(&input["max_pvalue"]))
            .with_min_magnitude(number(&input["min_magnitude"]));
        let found = otava_change_points(&x, &options).unwrap();
        let want = expect["otava_change_points"].as_array().unwrap();
        assert_eq!(found.len(), want.len(), "{id} {found:?}");
        for (found, want) in found.iter().zip(want) {
            assert_eq!(found.index as u64, want["index"].as_u64().unwrap(), "{id}");
            close(found.p, number(&want["p"]), 1e-8, 0.0, id);
            close(found.mean_before, number(&want["mean_before"]), 1e-12, 0.0, id);
            close(found.mean_after, number(&want["mean_after"]), 1e-12, 0.0, id);
            close(found.deviation_before, number(&want["std_before_pop"]), 1e-10, 1e-12, id);
            close(found.deviation_after, number(&want["std_after_pop"]), 1e-10, 1e-12, id);
        }
    }
}
