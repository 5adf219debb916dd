//! A native canary policy made of Kayenta's configuration, and what decides otherwise.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{
    CanaryConfig, CanaryOptions, Direction, EffectMeasure, JUDGE_NAME, MetricConfig, NanStrategy,
    OutlierStrategy, ScoreThresholds,
};
use crate::Combine;
use crate::compat::conversion::Differences;
use crate::compat::{ConversionError, Difference, DifferenceKind};
use crate::judge::{self, CanaryMetric, JudgePolicy, JudgePolicySpec, Tolerance};

/// A native canary policy, and every way in which it decides otherwise than the configuration that it is made of.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct JudgeConversion {
    /// The policy.
    pub policy: JudgePolicySpec,
    /// What decides otherwise, in the order of the file.
    pub differences: Vec<Difference>,
}

/// Makes a native canary policy of a configuration.
///
/// Directions, criticals and muted metrics (shadows) stay; `allowedIncrease` becomes a relative tolerance; each metric
/// weighs its group's weight shared among the group's metrics, so that the weighted share is Kayenta's score where
/// every metric has data. The level is 0.02, Kayenta's nominal one, over all metrics together. Words that Kayenta
/// does not know, which it reads as others, and fields that it passes over are among the differences.
///
/// # Errors
///
/// No metric that counts, a metric whose name no metric id can be made of, and what makes a policy that cannot be
/// built, such as thresholds outside 0 to 100.
///
/// ```
/// use devops_gates::compat::kayenta::{CanaryConfig, ScoreThresholds, to_judge_policy};
/// use devops_gates::judge::JudgePolicy;
/// let config: CanaryConfig = serde_json::from_str(r#"{"name": "checkout", "metrics": [
///     {"name": "latency p50", "groups": ["speed"], "analysisConfigurations": {"canary": {
///         "direction": "increase", "effectSize": {"allowedIncrease": 1.1}}}}]}"#)?;
/// let made = to_judge_policy(&config, ScoreThresholds { pass: 95.0, marginal: 75.0 })?;
/// assert_eq!(made.policy.metrics[0].metric, "latency_p50");
/// assert!(JudgePolicy::build(made.policy).is_ok());
/// assert!(made.differences.iter().any(|d| d.to_string().starts_with("metrics[0]: its name")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_judge_policy(
    config: &CanaryConfig,
    thresholds: ScoreThresholds,
) -> Result<JudgeConversion, ConversionError> {
    let mut differences = Differences::default();
    if !matches!(config.judge.name.as_str(), "" | JUDGE_NAME) {
        differences.add_value("judge.name", &config.judge.name, DifferenceKind::OtherJudge);
    }
    differences.add("metrics", DifferenceKind::NativeTests);
    let mut metrics = Vec::new();
    for (index, metric) in config.metrics.iter().enumerate() {
        metrics.push(converted(config, metric, &format!("metrics[{index}]"), &mut differences)?);
    }
    for group in config.classifier.group_weights.keys() {
        let place = format!("classifier.groupWeights.{group}");
        differences.add_where(counted(config, group) == 0, &place, DifferenceKind::LostWeight);
    }
    let partial = !weights_are_whole(config);
    differences.add_where(partial, "classifier.groupWeights", DifferenceKind::PartialWeights);
    differences.add("classifier", DifferenceKind::RoundedScore);
    for place in &config.passed_over {
        differences.add(place, passed_over(place));
    }
    if metrics.iter().all(|m: &CanaryMetric| m.shadow || m.weight == 0.0) {
        return Err(ConversionError::Nothing { expected: "metric that counts" });
    }
    let name = if config.name.is_empty() { "canary" } else { &config.name };
    let combine = Combine::Weighted {
        pass: thresholds.pass,
        warn: Some(if thresholds.marginal < thresholds.pass { thresholds.marginal } else { thresholds.pass }),
        warning_earns: 1.0,
    };
    let mut policy = JudgePolicySpec::new(name).with_alpha(0.02).with_combine(combine);
    policy.metrics = metrics;
    JudgePolicy::build(policy.clone()).map_err(ConversionError::UnbuildablePolicy)?;
    Ok(JudgeConversion { policy, differences: differences.0 })
}

/// What a field is to Kayenta that its judge does not look at.
fn passed_over(place: &str) -> DifferenceKind {
    const WITHOUT_EFFECT: [&str; 10] = [
        "applications",
        "configVersion",
        "createdTimestamp",
        "createdTimestampIso",
        "description",
        "id",
        "isVisible",
        "owner",
        "updatedTimestamp",
        "updatedTimestampIso",
    ];
    let of_metric = place.strip_prefix("metrics[").and_then(|rest| rest.split_once("].")).map(|(_, f)| f);
    match (place, of_metric) {
        ("templates", _) | (_, Some("query" | "scopeName")) => DifferenceKind::DataSource,
        _ if WITHOUT_EFFECT.contains(&place) || place.starts_with("judge.judgeConfigurations.") => {
            DifferenceKind::WithoutEffect
        }
        _ => DifferenceKind::UnknownField,
    }
}

fn converted(
    config: &CanaryConfig,
    metric: &MetricConfig,
    place: &str,
    differences: &mut Differences,
) -> Result<CanaryMetric, ConversionError> {
    let canary = &metric.analysis_configurations.canary;
    let name = differences.metric(place, &metric.name)?;
    let direction = match canary.direction {
        Direction::Increase => judge::Direction::Increase,
        Direction::Decrease => judge::Direction::Decrease,
        Direction::Either => judge::Direction::Either,
    };
    for word in &canary.unknown_words {
        let place = format!("{place}.analysisConfigurations.canary.{}", word.field);
        differences.add_value(&place, &word.value, DifferenceKind::UnknownWord);
    }
    let (tolerance, exact) = tolerance(canary);
    let ungrouped = metric.groups.is_empty() && !canary.muted;
    let removes = canary.outliers.strategy == OutlierStrategy::Remove;
    let replaces = canary.nan_strategy == NanStrategy::Replace;
    // A critical metric without data fails the canary there, asked for or not.
    let must_have_data = canary.must_have_data || (canary.critical && !replaces);
    for (holds, kind) in [
        (!must_have_data && !replaces, DifferenceKind::NoDataIsLeftOut),
        (!exact, DifferenceKind::EffectSize),
        (replaces, DifferenceKind::NanIsZero),
        (removes, DifferenceKind::OutliersRemoved),
        (!removes && canary.outliers.outlier_factor.is_some(), DifferenceKind::WithoutEffect),
        (has_critical_effect(canary), DifferenceKind::CriticalEffect),
        (ungrouped, DifferenceKind::Ungrouped),
        (metric.groups.len() > 1, DifferenceKind::SeveralGroups),
    ] {
        differences.add_where(holds, place, kind);
    }
    let missing = if must_have_data { crate::Missing::Fail } else { crate::Missing::Inconclusive };
    Ok(CanaryMetric::new(name, direction)
        .with_tolerance(tolerance)
        .with_missing(missing)
        .with_weight(weight(config, metric))
        .with_critical(canary.critical)
        .with_shadow(canary.muted))
}

/// Whether a critical metric is so only where its effect is larger than what makes it fail.
fn has_critical_effect(canary: &CanaryOptions) -> bool {
    let effect = canary.effect_size;
    let none = effect.measure.none();
    let or_none = |value: Option<f64>| value.unwrap_or(none);
    let rises = or_none(effect.critical_increase) > or_none(effect.allowed_increase);
    let falls = or_none(effect.critical_decrease) < or_none(effect.allowed_decrease);
    canary.critical
        && match canary.direction {
            Direction::Increase => rises,
            Direction::Decrease => falls,
            Direction::Either => rises || falls,
        }
}

/// The tolerance that the effect size asks for, and whether it says the same.
fn tolerance(canary: &CanaryOptions) -> (Tolerance, bool) {
    let effect = canary.effect_size;
    let (up, down) = (effect.allowed_increase, effect.allowed_decrease);
    if effect.measure == EffectMeasure::Cles {
        return (Tolerance::None, up.is_none() && down.is_none());
    }
    let rise = up.map(|ratio| ratio - 1.0).filter(|share| (0.0..=100.0).contains(share));
    let fall = down.map(|ratio| 1.0 - ratio).filter(|share| (0.0..=1.0).contains(share));
    let share = match canary.direction {
        Direction::Increase => rise,
        Direction::Decrease => fall,
        Direction::Either => match (rise, fall) {
            (Some(a), Some(b)) if (a - b).abs() < 1e-9 => Some(a),
            _ => None,
        },
    };
    match share {
        // 1.03 - 1 is 0.03 and not 0.030000000000000027.
        Some(share) => (Tolerance::Relative { share: libm::round(share * 1e12) / 1e12 }, true),
        None => (Tolerance::None, up.is_none() && down.is_none()),
    }
}

/// How many metrics of a group count.
fn counted(config: &CanaryConfig, group: &String) -> usize {
    let counts = |m: &&MetricConfig| m.groups.contains(group) && !m.analysis_configurations.canary.muted;
    config.metrics.iter().filter(counts).count()
}

/// The groups without a weight, which share what is left of 100.
fn unweighted(config: &CanaryConfig) -> Vec<&String> {
    let mut groups: Vec<&String> = config.metrics.iter().flat_map(|m| &m.groups).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
        .retain(|group| !config.classifier.group_weights.contains_key(*group) && counted(config, group) > 0);
    groups
}

/// What is left of 100 beside the weights that are written.
fn left(config: &CanaryConfig) -> f64 {
    100.0 - config.classifier.group_weights.values().sum::<f64>()
}

/// Whether the weights are shares of 100: none below zero, and nothing left without a group that takes it.
fn weights_are_whole(config: &CanaryConfig) -> bool {
    let negative = config.classifier.group_weights.values().any(|weight| *weight < 0.0);
    !negative && if unweighted(config).is_empty() { left(config) == 0.0 } else { left(config) >= 0.0 }
}

/// What a metric weighs: the weights of its groups, each shared among the group's metrics that are not muted.
fn weight(config: &CanaryConfig, metric: &MetricConfig) -> f64 {
    let shared = left(config) / super::statistics::real(unweighted(config).len().max(1));
    let shares = metric.groups.iter().map(|group| {
        let weight = config.classifier.group_weights.get(group).copied().unwrap_or(shared);
        weight / super::statistics::real(counted(config, group).max(1))
    });
    let sum: f64 = shares.sum();
    // Weights are kept to six decimals.
    let rounded = libm::round(sum * 1e6) / 1e6;
    if rounded.is_finite() { rounded.clamp(0.0, 1000.0) } else { 0.0 }
}
