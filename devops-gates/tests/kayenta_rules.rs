//! Kayenta's judge, rule by rule, from the configuration to the verdict: each test is named after what it does, the
//! odd corners included.
#![cfg(feature = "compat")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "tests may panic"
)]

use std::collections::BTreeMap;

use Classification::{High, Low, Nodata, NodataFailMetric, Pass};
use devops_gates::compat::kayenta::{
    CanaryConfig, CanaryResult, Classification, ClassifierOptions, Direction, EffectMeasure, MetricPair,
    NanStrategy, ScoreReason, ScoreThresholds, ScoreVerdict, ScoredMetric, aggregate_judgement, classify,
    classify_score, iqr_outliers, judge, mann_whitney_ci, score, wilcoxon_diff,
};

const THRESHOLDS: ScoreThresholds = ScoreThresholds { pass: 95.0, marginal: 75.0 };

fn ramp(n: u32, factor: f64) -> Vec<f64> {
    (0..n).map(|i| factor * (100.0 + f64::from(i * 7 % 23))).collect()
}

/// Judges one metric `m` of group `g` with those options of the analysis.
fn judged(options: &str, experiment: &[f64], control: &[f64]) -> CanaryResult {
    let config: CanaryConfig = serde_json::from_str(&format!(
        r#"{{"metrics": [{{"name": "m", "groups": ["g"], "analysisConfigurations": {{"canary": {{{options}}}}}}}]}}"#
    ))
    .unwrap();
    let pair = MetricPair { name: "m".into(), experiment: experiment.into(), control: control.into() };
    judge(&config, THRESHOLDS, &[pair]).unwrap()
}

fn label(options: &str, experiment: &[f64], control: &[f64]) -> Classification {
    judged(options, experiment, control).metrics[0].result.classification
}

#[test]
fn nan_is_removed_or_replaced_by_0_and_an_unknown_word_removes() {
    let control = ramp(20, 1.0);
    let with_nan = |values: &[f64]| -> Vec<f64> { values.iter().copied().chain([f64::NAN; 5]).collect() };
    for (options, count) in [
        ("", 20),
        (r#""nanStrategy": "remove""#, 20),
        (r#""nanStrategy": "none""#, 20),
        (r#""nanStrategy": "replace""#, 25),
    ] {
        let found = judged(options, &control, &with_nan(&control));
        assert_eq!(found.metrics[0].control.count, count, "{options}");
    }
    assert_eq!(
        judged(r#""nanStrategy": "replace""#, &control, &with_nan(&control)).metrics[0].control.min,
        0.0
    );
}

#[test]
fn an_empty_side_is_no_data_a_failure_or_under_replace_a_pass() {
    let all_nan = [f64::NAN; 9];
    for (options, classification, verdict) in [
        ("", Nodata, ScoreVerdict::Fail),
        (r#""critical": true"#, Nodata, ScoreVerdict::Fail),
        (r#""mustHaveData": true"#, NodataFailMetric, ScoreVerdict::Fail),
        (r#""mustHaveData": true, "critical": true"#, Nodata, ScoreVerdict::Fail),
    ] {
        let found = judged(options, &all_nan, &ramp(9, 1.0));
        assert_eq!(
            (found.metrics[0].result.classification, found.verdict),
            (classification, verdict),
            "{options}"
        );
    }
    let options = r#""nanStrategy": "replace", "critical": true, "mustHaveData": true"#;
    assert_eq!(label(options, &[], &ramp(9, 1.0)), Pass);
    // Not empty but all zero after the replacement: low.
    assert_eq!(label(options, &all_nan, &ramp(9, 1.0)), Low);
}

#[test]
fn outliers_stay_unless_removed_beyond_three_quartile_ranges_and_the_outer_percentiles() {
    let mut values = ramp(40, 1.0);
    values.push(1e6);
    let kept = |options: &str| judged(options, &values, &ramp(40, 1.0)).metrics[0].experiment.count;
    assert_eq!(kept(""), 41);
    assert_eq!(kept(r#""outliers": {"strategy": "keep", "outlierFactor": 1}"#), 41);
    assert_eq!(kept(r#""outliers": {"strategy": "trim"}"#), 41);
    assert_eq!(kept(r#""outliers": {"strategy": "remove"}"#), 40);
    // A fence at the 99th percentile keeps what lies below it, however far out.
    let many: Vec<f64> = std::iter::repeat_n(1.0, 90).chain(std::iter::repeat_n(50.0, 10)).collect();
    let out = |reduced| iqr_outliers(&many, 3.0, reduced).unwrap().iter().filter(|o| **o).count();
    assert_eq!((out(false), out(true)), (10, 0));
}

#[test]
fn equal_samples_in_any_order_and_one_value_everywhere_pass_with_deviation_1() {
    for (x, y) in [
        (vec![3.0, 1.0, 2.0], vec![1.0, 2.0, 3.0]),
        (vec![5.0], vec![5.0; 7]),
        (vec![0.0, -0.0], vec![0.0, 0.0]),
    ] {
        let found = classify(&x, &y, &ClassifierOptions::new());
        assert_eq!((found.classification, found.deviation), (Pass, Some(1.0)), "{x:?} {y:?}");
    }
}

/// By hand: experiment 5, 7, 9 has ranks 3, 5, 6 of 1, 2, 5, 5, 7, 9 with half ties; dz = 14.5 − 6 − 4.5.
#[test]
fn the_statistic_has_mean_ranks_a_tie_correction_and_a_half_step() {
    let variance: f64 = 9.0 / 12.0 * (7.0 - (8.0 - 2.0) / (6.0 * 5.0));
    let expected = (4.0 - 0.5) / variance.sqrt();
    let found = wilcoxon_diff(&[5.0, 7.0, 9.0], &[1.0, 2.0, 5.0], 0.0, 0.0).unwrap();
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    let shifted = wilcoxon_diff(&[105.0, 107.0, 109.0], &[1.0, 2.0, 5.0], 100.0, 1.5).unwrap();
    assert!((shifted - (expected - 1.5)).abs() < 1e-12);
    assert!(wilcoxon_diff(&[5.0], &[1.0], 4.0, 0.0).is_err());
}

#[test]
fn an_end_that_is_not_crossed_is_the_outermost_difference() {
    // Three a side cannot reach 98 %.
    let (x, y) = ([5.0, 7.0, 9.5], [1.0, 2.0, 3.25]);
    let found = mann_whitney_ci(&x, &y, 0.98).unwrap();
    assert_eq!((found.low, found.high), (5.0 - 3.25, 9.5 - 1.0));
    assert!(found.low < found.estimate && found.estimate < found.high);
}

#[test]
fn the_interval_must_clear_a_quarter_of_the_estimate_in_a_direction_that_counts() {
    let control = ramp(30, 1.0);
    for (factor, direction, classification) in [
        (2.0, "increase", High),
        (2.0, "either", High),
        (2.0, "decrease", Pass),
        (0.5, "increase", Pass),
        (0.5, "either", Low),
        (0.5, "decrease", Low),
        (2.0, "sideways", High),
        (1.001, "either", Pass),
    ] {
        let options = format!(r#""direction": "{direction}""#);
        assert_eq!(label(&options, &ramp(30, factor), &control), classification, "{factor} {direction}");
    }
    let base = ClassifierOptions::new();
    assert_eq!((base.tolerance, base.confidence, base.direction), (0.25, 0.98, Direction::Either));
    // The bound is strict: at a tolerance that equals the lower end nothing is high.
    let doubled = ramp(30, 2.0);
    let ci = mann_whitney_ci(&doubled, &control, 0.98).unwrap();
    let at = |tolerance| classify(&doubled, &control, &base.with_test(tolerance, 0.98)).classification;
    assert_eq!((at(ci.low / ci.estimate * 1.000_001), at(ci.low / ci.estimate * 0.999_999)), (Pass, High));
}

#[test]
fn an_effect_is_reached_by_equality_and_counts_where_it_does_not_exist() {
    let (control, doubled) = (vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], vec![11.0, 12.0, 13.0, 14.0, 15.0, 16.0]);
    let ratio = 13.5 / 3.5;
    for (increase, classification) in [(ratio, High), (ratio + 1e-9, Pass), (1.0, High)] {
        let options = format!(r#""effectSize": {{"allowedIncrease": {increase}}}"#);
        assert_eq!(label(&options, &doubled, &control), classification, "{increase}");
    }
    for (increase, classification) in [(1.0, High), (1.1, Pass)] {
        let options = format!(r#""effectSize": {{"measure": "cles", "allowedIncrease": {increase}}}"#);
        assert_eq!(label(&options, &doubled, &control), classification, "{increase}");
    }
    // A mean of 0 has no ratio: whatever is asked for is reached.
    let zeros = [0.0; 9];
    let options = r#""critical": true, "effectSize": {"allowedIncrease": 1000, "criticalIncrease": 1000}"#;
    let found = judged(options, &ramp(9, 1.0), &zeros).metrics[0].result;
    assert_eq!((found.classification, found.deviation, found.critical), (High, None, true));
}

#[test]
fn a_metric_is_critical_only_where_it_fails_and_reaches_the_critical_effect() {
    let control = ramp(30, 1.0);
    for (options, factor, critical, total) in [
        (r#""critical": true"#, 2.0, true, 0.0),
        (r#""critical": true"#, 1.0, false, 100.0),
        (r#""critical": true, "effectSize": {"criticalIncrease": 1.9}"#, 2.0, true, 0.0),
        (r#""critical": true, "effectSize": {"criticalIncrease": 2.1}"#, 2.0, false, 0.0),
        (r#""critical": true, "effectSize": {"criticalDecrease": 0.4}"#, 0.5, false, 0.0),
        (r#""critical": true, "effectSize": {"criticalDecrease": 0.5}"#, 0.5, true, 0.0),
    ] {
        let found = judged(options, &ramp(30, factor), &control);
        assert_eq!(
            (found.metrics[0].result.critical, found.score.score),
            (critical, total),
            "{options} {factor}"
        );
    }
}

#[test]
fn what_cannot_be_computed_is_an_error_that_is_not_critical_and_does_not_count() {
    let found = judged(r#""critical": true"#, &[2.0], &[1.0]);
    let of = found.metrics[0].result;
    assert_eq!((of.classification, of.critical), (Classification::Error, false));
    assert_eq!((found.score.score, found.verdict), (100.0, ScoreVerdict::Pass));
}

fn metric(name: &str, classification: Classification, groups: &[&str]) -> ScoredMetric {
    ScoredMetric::new(name, classification, groups.iter().copied())
}

fn scored(metrics: &[ScoredMetric], weights: &[(&str, f64)]) -> f64 {
    let weights: BTreeMap<String, f64> = weights.iter().map(|(g, w)| ((*g).to_owned(), *w)).collect();
    score(metrics, &weights).unwrap().score
}

#[test]
fn a_metric_counts_once_in_each_of_its_groups_and_nowhere_without_one() {
    let both = [metric("a", Pass, &["g", "h"]), metric("b", High, &["h"])];
    assert_eq!(scored(&both, &[]), 75.0);
    assert_eq!(scored(&[metric("a", Pass, &["g"]), metric("b", High, &[])], &[]), 100.0);
    assert_eq!(scored(&[metric("a", Pass, &["g"]), metric("b", High, &[]).with_critical(true)], &[]), 0.0);
}

#[test]
fn muted_metrics_are_dropped_before_anything_else() {
    let muted = |m: ScoredMetric| m.with_muted(true);
    assert_eq!(
        scored(&[metric("a", Pass, &["g"]), muted(metric("b", High, &["g"]).with_critical(true))], &[]),
        100.0
    );
    let nothing = [metric("a", Pass, &["g"]), metric("b", Pass, &["g"]), muted(metric("c", Nodata, &["g"]))];
    assert_eq!(scored(&nothing, &[]), 100.0);
    // What is muted leaves its group without a metric, whose weight is lost.
    assert_eq!(
        scored(&[metric("a", Pass, &["g"]), muted(metric("b", Pass, &["h"]))], &[("g", 60.0), ("h", 40.0)]),
        60.0
    );
}

#[test]
fn half_of_the_metrics_without_data_is_0_and_an_absent_group_counts_as_100() {
    for (labels, total) in [
        (&[Pass, Nodata][..], 0.0),
        (&[Pass, Pass, Nodata], 100.0),
        (&[High, Pass, Nodata], 50.0),
        (&[NodataFailMetric, Pass], 50.0),
        (&[Classification::Error, Classification::Error], 100.0),
        (&[], 0.0),
    ] {
        let metrics: Vec<_> = labels.iter().map(|l| metric("m", *l, &["g"])).collect();
        assert_eq!(scored(&metrics, &[]), total, "{labels:?}");
    }
    let absent = [metric("a", High, &["g"]), metric("b", Pass, &["g"]), metric("c", Nodata, &["h"])];
    let found = score(&absent, &BTreeMap::new()).unwrap();
    assert!(found.groups[1].no_data && found.groups[1].score == 0.0);
    assert_eq!((found.score, found.reason), (75.0, ScoreReason::WeightedSum));
}

#[test]
fn groups_without_a_weight_share_what_is_left_also_where_nothing_is() {
    let three = [metric("a", Pass, &["g"]), metric("b", High, &["h"]), metric("c", Pass, &["i"])];
    assert_eq!(scored(&three, &[("g", 40.0)]), 70.0);
    assert_eq!(scored(&three, &[("g", 100.0)]), 100.0);
    assert_eq!(scored(&three, &[]), 66.67);
    // More than 100 leaves a negative share: a failed group raises the score.
    assert_eq!(scored(&[metric("a", Pass, &["g"]), metric("b", High, &["h"])], &[("g", 120.0)]), 120.0);
    assert_eq!(scored(&[metric("a", Pass, &["g"]), metric("b", Pass, &["h"])], &[("g", 120.0)]), 100.0);
    // A configured group without metrics takes its weight with it.
    assert_eq!(scored(&[metric("a", Pass, &["g"])], &[("g", 50.0), ("gone", 50.0)]), 50.0);
}

#[test]
fn the_score_is_rounded_half_up_before_it_meets_its_thresholds() {
    let weights = |w: f64| scored(&[metric("a", Pass, &["g"])], &[("g", w)]);
    for (weight, total) in [(94.995, 95.0), (94.994, 94.99), (0.005, 0.01), (74.995, 75.0)] {
        assert_eq!(weights(weight), total, "{weight}");
    }
    assert_eq!(classify_score(weights(94.995), 95.0, 75.0), ScoreVerdict::Pass);
    for (total, pass, marginal, verdict) in [
        (95.0, 95.0, 75.0, ScoreVerdict::Pass),
        (94.99, 95.0, 75.0, ScoreVerdict::Marginal),
        (75.0, 95.0, 75.0, ScoreVerdict::Marginal),
        (74.99, 95.0, 75.0, ScoreVerdict::Fail),
        (80.0, 80.0, 80.0, ScoreVerdict::Pass),
        (80.0, 75.0, 90.0, ScoreVerdict::Pass),
        (70.0, 75.0, 90.0, ScoreVerdict::Fail),
    ] {
        assert_eq!(classify_score(total, pass, marginal), verdict, "{total} {pass} {marginal}");
    }
}

#[test]
fn the_stand_alone_analysis_fails_at_its_marginal_threshold() {
    for (total, marginal, pass, passes) in [
        (10.0, None, None, true),
        (75.0, Some(75.0), None, false),
        (75.01, Some(75.0), None, true),
        (75.0, None, Some(75.0), true),
        (74.99, None, Some(75.0), false),
        (80.0, Some(80.0), Some(80.0), false),
        (80.01, Some(80.0), Some(80.0), true),
        (85.0, Some(75.0), Some(95.0), false),
    ] {
        assert_eq!(aggregate_judgement(total, marginal, pass), passes, "{total} {marginal:?} {pass:?}");
    }
}

#[test]
fn two_values_a_side_are_judged() {
    let options = ClassifierOptions::new().with_nan_strategy(NanStrategy::Remove);
    assert_eq!(classify(&[10.0, 11.0], &[1.0, 2.0], &options).classification, High);
    let cles = options.with_effect(EffectMeasure::Cles, 0.5, 1.0);
    assert_eq!(classify(&[10.0, 11.0], &[1.0, 2.0], &cles).classification, High);
}

#[test]
fn samples_of_a_metric_that_is_not_configured_are_refused() {
    let pair = MetricPair { name: "x".into(), experiment: vec![], control: vec![] };
    let told = judge(&CanaryConfig::default(), THRESHOLDS, &[pair]).unwrap_err().to_string();
    assert_eq!(told, "metric `x` is not in the configuration");
}
