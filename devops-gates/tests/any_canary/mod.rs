//! Canaries of any kind, read off bytes: policies, samples, looks, and Kayenta's configurations. Nothing panics, and
//! nothing answers NaN. A property test and a fuzz target share these calls.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::disallowed_methods,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests may panic; each program uses a part"
)]

#[path = "../../../devops-stats/tests/arbitrary/draw.rs"]
mod draw;

use std::collections::BTreeMap;

use devops_core::{Measure, Measures, MetricId, Unit, Value};
use devops_gates::compat::kayenta::{self, CanaryConfig, MetricPair, ScoreThresholds, to_judge_policy};
use devops_gates::judge::{
    CanaryGroup, CanaryMetric, CanaryTest, CanaryWatch, Direction, JudgePolicy, JudgePolicySpec, Judgement,
    Proof, Sampling, Spending, Tolerance, WatchPlan, judge, sampled, suggested_block,
};
use devops_gates::{Combine, Missing, Status};

pub use draw::Draw;

const NAMES: [&str; 4] = ["a", "b.c", "d", "not an id"];
const UNITS: [Unit; 4] = [Unit::Milliseconds, Unit::Seconds, Unit::Bytes, Unit::Percent];

fn test(draw: &mut Draw<'_>) -> CanaryTest {
    match draw.byte() % 5 {
        0 | 1 => CanaryTest::Shift,
        2 => CanaryTest::Spread,
        3 => CanaryTest::Tail { quantile: draw.share(), confidence: draw.share() },
        _ => CanaryTest::Rate,
    }
}

fn metric(draw: &mut Draw<'_>) -> CanaryMetric {
    let name = NAMES[usize::from(draw.byte() % 16) / 5];
    let direction =
        [Direction::Increase, Direction::Decrease, Direction::Either][usize::from(draw.byte() % 3)];
    let tests: Vec<CanaryTest> = (0..draw.byte() % 3 + 1).map(|_| test(draw)).collect();
    let mut metric =
        CanaryMetric::new(name, direction).with_tests(tests).with_tolerance(match draw.byte() % 4 {
            0 | 1 => Tolerance::None,
            2 => Tolerance::Absolute { value: draw.any() },
            _ => Tolerance::Relative { share: draw.share() },
        });
    match draw.byte() % 8 {
        0 => metric = metric.with_sampling(Sampling::Thin { every: draw.whole() }),
        1 => metric = metric.with_sampling(Sampling::Block { length: draw.whole() }),
        2 => metric = metric.with_proof(Proof::NonInferior),
        3 => metric = metric.with_missing(Missing::Fail).with_unit(UNITS[usize::from(draw.byte() % 4)]),
        4 => metric = metric.with_min_samples(draw.whole()),
        5 => metric = metric.with_weight(draw.any()).with_shadow(draw.flag()),
        _ => {}
    }
    let critical = draw.byte().is_multiple_of(8);
    metric.with_critical(critical)
}

fn policy(draw: &mut Draw<'_>) -> JudgePolicySpec {
    let mut spec = JudgePolicySpec::new("any");
    for _ in 0..draw.byte() % 4 {
        spec = spec.with_metric(metric(draw));
    }
    if draw.flag() {
        let group = CanaryGroup::new("g", 1.0).with_combine(Combine::weighted(draw.any(), 0.0));
        spec = spec.with_group(group.with_metric(metric(draw)));
    }
    if draw.flag() {
        let spending = if draw.flag() { Spending::Pocock } else { Spending::ObrienFleming };
        spec = spec.with_watch(WatchPlan::Planned { looks: u64::from(draw.byte() % 8), spending });
    }
    match draw.byte() % 4 {
        0 => spec.with_alpha(draw.share()),
        1 => spec.with_min_samples(draw.whole()),
        2 => spec.with_combine(Combine::weighted(draw.any(), draw.any())),
        _ => spec,
    }
}

/// One side of a comparison: samples, counts, gaps.
fn side(draw: &mut Draw<'_>) -> Measures {
    let mut measures = Measures::new();
    for name in ["a", "b.c", "d", "other"] {
        let (id, unit) = (MetricId::new(name).unwrap(), UNITS[usize::from(draw.byte() / 64)]);
        let measure = match draw.byte() % 6 {
            0 => Measure::fraction(id, draw.whole(), draw.whole(), unit),
            1 => Measure::new(id, Value::Missing { reason: "gone".into() }, unit),
            2 => continue,
            _ => match sampled(id, unit, &draw.floats()) {
                Ok(measure) => measure,
                // What is not finite stops here.
                Err(_) => continue,
            },
        };
        measures.insert(measure).unwrap();
    }
    measures
}

fn sound(found: &Judgement) {
    assert!(found.confidence.is_none_or(|c| (0.0..=1.0).contains(&c)), "{found:?}");
    let json = serde_json::to_string(found).unwrap();
    let again: Judgement = serde_json::from_str(&json).unwrap();
    assert_eq!(&again, found);
    assert_eq!(again.to_markdown(), found.to_markdown());
    assert!(!format!("{found:?}").contains("NaN"), "{found:?}");
    for metric in &found.metrics {
        for test in metric.tests.iter().filter(|t| t.status == Status::Failed) {
            assert!(test.harm_adjusted.unwrap() <= found.alpha);
        }
    }
    assert_eq!(found.measures().len(), found.metrics.len() + 1);
}

/// A policy, two sides and some looks.
pub fn canary(draw: &mut Draw<'_>) {
    let policy = match JudgePolicy::build(policy(draw)) {
        Ok(policy) => policy,
        Err(faults) => return assert!(!faults.to_string().is_empty()),
    };
    let (control, experiment) = (side(draw), side(draw));
    sound(&judge(&control, &experiment, &policy));
    let Ok(mut watch) = CanaryWatch::new(&policy) else { return };
    for (a, b) in [(&control, &experiment), (&experiment, &control), (&side(draw), &experiment)] {
        let found = watch.look(a, b, &policy).unwrap();
        sound(&found);
        assert!(found.metrics.iter().all(|m| m.status != Status::Passed));
        watch = serde_json::from_str(&serde_json::to_string(&watch).unwrap()).unwrap();
    }
    sound(&watch.finish(&policy).unwrap());
    let _ = suggested_block(&draw.floats());
}

/// Kayenta's steps on any numbers, then its configuration as text.
pub fn kayenta(draw: &mut Draw<'_>, text: &[u8]) {
    let (experiment, control) = (draw.floats(), draw.floats());
    let options = kayenta::ClassifierOptions::new()
        .with_test(draw.any(), draw.share())
        .with_effect(kayenta::EffectMeasure::MeanRatio, draw.any(), draw.any())
        .with_critical(draw.flag());
    let found = kayenta::classify(&experiment, &control, &options);
    assert!(found.deviation.is_none_or(f64::is_finite), "{found:?}");
    if let Ok(ci) = kayenta::mann_whitney_ci(&experiment, &control, draw.share()) {
        assert!(ci.low.is_finite() && ci.high.is_finite() && ci.estimate.is_finite(), "{ci:?}");
    }
    let _ = kayenta::wilcoxon_diff(&experiment, &control, draw.any(), draw.any());
    let _ = kayenta::iqr_outliers(&experiment, draw.any(), draw.flag());
    let _ = kayenta::k_sigma_outliers(&control, draw.any());
    let _ = (kayenta::cohens_d(&experiment, &control), kayenta::percentile_r7(&control, draw.any()));
    let weights = BTreeMap::from([("g".to_owned(), draw.any())]);
    let scored = [kayenta::ScoredMetric::new("m", found.classification, ["g", "h"])];
    let _ = kayenta::score(&scored, &weights);
    let Ok(config) = serde_json::from_slice::<CanaryConfig>(text) else { return };
    let thresholds = ScoreThresholds { pass: draw.any(), marginal: draw.any() };
    let pair = |m: &kayenta::MetricConfig| MetricPair {
        name: m.name.clone(),
        experiment: experiment.clone(),
        control: control.clone(),
    };
    let pairs: Vec<MetricPair> = config.metrics.iter().map(pair).collect();
    let _ = kayenta::judge(&config, thresholds, &pairs);
    if let Ok(made) = to_judge_policy(&config, thresholds) {
        assert!(!made.differences.is_empty());
        let _ = JudgePolicy::build(made.policy);
    }
}
