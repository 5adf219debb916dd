//! The label of one metric.

use core::fmt;

use super::mann_whitney::{MannWhitneyCi, mann_whitney_ci};
use super::statistics::{cles, mean_ratio};
use super::{ClassifierOptions, Direction, EffectMeasure, KayentaError, NanStrategy};

/// Kayenta's label of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "the original has six")]
pub enum Classification {
    /// No difference in a direction that counts.
    Pass,
    /// Too high.
    High,
    /// Too low.
    Low,
    /// A sample is empty.
    Nodata,
    /// A sample is empty where data are required.
    NodataFailMetric,
    /// The arithmetic has no answer.
    Error,
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The label of a metric, with what goes with it.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "what the original's result holds")]
pub struct MetricClassification {
    /// The label.
    pub classification: Classification,
    /// Mean of the experiment over mean of the control, whatever the measure of effect; 1 where nothing was
    /// tested; `None` (NaN in Kayenta) where it does not exist.
    pub deviation: Option<f64>,
    /// Whether it fails the canary when its label is not `Pass`.
    pub critical: bool,
}

impl MetricClassification {
    const fn untested(classification: Classification, critical: bool) -> Self {
        Self { classification, deviation: Some(1.0), critical }
    }
}

/// Labels a metric by its samples, from which NaN is already removed or replaced.
///
/// In this order: a sample without values; equal samples; the interval of the shift
/// ([`mann_whitney_ci`](super::mann_whitney_ci)) against a share of its estimate, and the effect against its
/// thresholds, the interval strictly and the effect inclusively. Too high is looked for before too low. What has
/// no answer, values that are not finite too, is [`Classification::Error`].
///
/// ```
/// use devops_gates::compat::kayenta::{Classification, ClassifierOptions, classify};
/// let found = classify(&[11.0, 12.0, 13.0, 14.0, 15.0], &[1.0, 2.0, 3.0, 4.0, 5.0], &ClassifierOptions::new());
/// assert_eq!(found.classification, Classification::High);
/// assert_eq!(found.deviation, Some(13.0 / 3.0));
/// ```
#[must_use]
pub fn classify(experiment: &[f64], control: &[f64], options: &ClassifierOptions) -> MetricClassification {
    if experiment.is_empty() || control.is_empty() {
        return match options.nan_strategy {
            NanStrategy::Replace => MetricClassification::untested(Classification::Pass, false),
            NanStrategy::Remove if options.must_have_data && !options.critical => {
                MetricClassification::untested(Classification::NodataFailMetric, false)
            }
            NanStrategy::Remove => MetricClassification::untested(Classification::Nodata, options.critical),
        };
    }
    if same(experiment, control) {
        return MetricClassification::untested(Classification::Pass, false);
    }
    compare(experiment, control, options).unwrap_or(MetricClassification {
        classification: Classification::Error,
        deviation: None,
        critical: false,
    })
}

/// Whether both samples hold the same values in some order, or all values are one.
fn same(experiment: &[f64], control: &[f64]) -> bool {
    let sorted = |values: &[f64]| {
        let mut values: alloc::vec::Vec<f64> = values.iter().map(|v| v + 0.0).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    sorted(experiment) == sorted(control)
        || matches!((constant(experiment), constant(control)), (Some(a), Some(b)) if a == b)
}

fn constant(values: &[f64]) -> Option<f64> {
    values.first().copied().filter(|first| values.iter().all(|v| v == first))
}

fn compare(
    experiment: &[f64],
    control: &[f64],
    options: &ClassifierOptions,
) -> Result<MetricClassification, KayentaError> {
    let interval = interval(experiment, control, options.confidence)?;
    let deviation = mean_ratio(experiment, control);
    let effect = match options.effect_measure {
        EffectMeasure::MeanRatio => deviation,
        EffectMeasure::Cles => Some(cles(experiment, control)?),
    };
    let bound = options.tolerance * interval.estimate.abs();
    let at_least = |least: f64| effect.is_none_or(|e| e >= least);
    let at_most = |most: f64| effect.is_none_or(|e| e <= most);
    let high = options.direction != Direction::Decrease
        && interval.low > bound
        && at_least(options.allowed_increase);
    let low = options.direction != Direction::Increase
        && interval.high < -bound
        && at_most(options.allowed_decrease);
    let (classification, severe) = if high {
        (Classification::High, at_least(options.critical_increase))
    } else if low {
        (Classification::Low, at_most(options.critical_decrease))
    } else {
        (Classification::Pass, false)
    };
    Ok(MetricClassification { classification, deviation, critical: options.critical && severe })
}

/// The interval; between two constants its limit as the original's noise goes to zero.
fn interval(experiment: &[f64], control: &[f64], confidence: f64) -> Result<MannWhitneyCi, KayentaError> {
    match (constant(experiment), constant(control)) {
        // At the only shift there is to look at; rounding of the shift must not break the tie.
        (Some(_), Some(_)) if experiment.len() == 1 && control.len() == 1 => Err(KayentaError::AllTied),
        (Some(a), Some(b)) => {
            let shift = a - b;
            if !shift.is_finite() {
                return Err(KayentaError::Overflow);
            }
            Ok(MannWhitneyCi { low: shift, high: shift, estimate: shift })
        }
        _ => mann_whitney_ci(experiment, control, confidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn constants_are_compared_without_noise() {
        let options = ClassifierOptions::new();
        let label = |x: &[f64], y: &[f64]| classify(x, y, &options).classification;
        assert_eq!(label(&[20.0; 5], &[10.0; 5]), Classification::High);
        assert_eq!(label(&[10.0; 5], &[20.0; 5]), Classification::Low);
        assert_eq!(label(&[0.0; 5], &[20.0; 2]), Classification::Low);
        assert_eq!(label(&[7.0; 5], &[7.0; 2]), Classification::Pass);
        assert_eq!(label(&[0.0], &[-0.0]), Classification::Pass);
        assert_eq!(label(&[20.0], &[10.0]), Classification::Error);
        assert_eq!(
            label(&[0.002_775_921_516_778_324_8], &[0.000_808_978_091_698_700_1]),
            Classification::Error
        );
        assert_eq!(label(&[20.0, f64::INFINITY], &[10.0]), Classification::Error);
    }

    #[test]
    fn what_a_missing_sample_is() {
        let base = ClassifierOptions::new();
        let cases = [
            (base, Classification::Nodata, false),
            (base.with_critical(true), Classification::Nodata, true),
            (base.with_must_have_data(true), Classification::NodataFailMetric, false),
            (base.with_must_have_data(true).with_critical(true), Classification::Nodata, true),
            (
                base.with_must_have_data(true).with_critical(true).with_nan_strategy(NanStrategy::Replace),
                Classification::Pass,
                false,
            ),
        ];
        for (options, classification, critical) in cases {
            let found = classify(&[], &[1.0], &options);
            assert_eq!((found.classification, found.critical), (classification, critical));
            assert_eq!(classify(&[1.0], &[], &options), found);
        }
    }

    #[test]
    fn effects_are_inclusive_and_make_it_critical() {
        let control = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let doubled: vec::Vec<f64> = control.iter().map(|v| v + 10.5).collect();
        let ratio = mean_ratio(&doubled, &control).unwrap();
        let base = ClassifierOptions::new().with_critical(true);
        let at = |allowed: f64, critical: f64| {
            let options =
                base.with_effect(EffectMeasure::MeanRatio, 1.0, allowed).with_critical_effect(1.0, critical);
            let found = classify(&doubled, &control, &options);
            (found.classification, found.critical)
        };
        assert_eq!(at(ratio, ratio), (Classification::High, true));
        assert_eq!(at(ratio, ratio + 1.0), (Classification::High, false));
        assert_eq!(at(ratio + 1.0, 1.0), (Classification::Pass, false));
    }
}
