//! What Kayenta can be told about a metric.

use alloc::string::String;

/// In which direction a metric can fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase", from = "String")]
#[expect(clippy::exhaustive_enums, reason = "the original has three")]
pub enum Direction {
    /// When it rises.
    Increase,
    /// When it falls.
    Decrease,
    /// When it moves; also what every text but `increase` and `decrease` is read as.
    #[default]
    Either,
}

impl From<String> for Direction {
    fn from(text: String) -> Self {
        match text.as_str() {
            "increase" => Self::Increase,
            "decrease" => Self::Decrease,
            _ => Self::Either,
        }
    }
}

/// What becomes of NaN, and of an empty sample.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase", from = "String")]
#[expect(clippy::exhaustive_enums, reason = "the original has two")]
pub enum NanStrategy {
    /// NaN is left out, an empty sample is no data; also what every text but `replace` is read as.
    #[default]
    Remove,
    /// NaN counts as 0, an empty sample passes.
    Replace,
}

impl From<String> for NanStrategy {
    fn from(text: String) -> Self {
        if text == "replace" { Self::Replace } else { Self::Remove }
    }
}

/// Whether outliers are removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase", from = "String")]
#[expect(clippy::exhaustive_enums, reason = "the original has two")]
pub enum OutlierStrategy {
    /// They stay; also what every text but `remove` is read as.
    #[default]
    Keep,
    /// They are removed by interquartile range, with reduced sensitivity.
    Remove,
}

impl From<String> for OutlierStrategy {
    fn from(text: String) -> Self {
        if text == "remove" { Self::Remove } else { Self::Keep }
    }
}

/// By which measure an effect has to be large enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "String")]
#[expect(clippy::exhaustive_enums, reason = "the original has two")]
pub enum EffectMeasure {
    /// Mean of the experiment over mean of the control; also what every text but `cles` is read as.
    #[default]
    #[serde(rename = "meanRatio")]
    MeanRatio,
    /// Share of pairs in which the experiment is larger.
    #[serde(rename = "cles")]
    Cles,
}

impl EffectMeasure {
    /// The value that means no effect, which is the default of every threshold.
    #[must_use]
    pub(super) const fn none(self) -> f64 {
        match self {
            Self::MeanRatio => 1.0,
            Self::Cles => 0.5,
        }
    }
}

impl From<String> for EffectMeasure {
    fn from(text: String) -> Self {
        if text == "cles" { Self::Cles } else { Self::MeanRatio }
    }
}

/// How [`classify`](super::classify) judges one metric.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ClassifierOptions {
    /// Share of the estimate that the interval must clear: 0.25 in the judge.
    pub tolerance: f64,
    /// Confidence of the interval: 0.98 in the judge.
    pub confidence: f64,
    /// In which direction the metric can fail.
    pub direction: Direction,
    /// What becomes of an empty sample.
    pub nan_strategy: NanStrategy,
    /// Whether its failure fails the canary.
    pub critical: bool,
    /// Whether no data is a failure.
    pub must_have_data: bool,
    /// The measure of effect.
    pub effect_measure: EffectMeasure,
    /// Low only where the effect is at most this.
    pub allowed_decrease: f64,
    /// High only where the effect is at least this.
    pub allowed_increase: f64,
    /// Critically low only where the effect is at most this.
    pub critical_decrease: f64,
    /// Critically high only where the effect is at least this.
    pub critical_increase: f64,
}

impl Default for ClassifierOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl ClassifierOptions {
    /// What the judge uses where nothing is configured.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::ClassifierOptions;
    /// let options = ClassifierOptions::new();
    /// assert_eq!((options.tolerance, options.confidence), (0.25, 0.98));
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            tolerance: 0.25,
            confidence: 0.98,
            direction: Direction::Either,
            nan_strategy: NanStrategy::Remove,
            critical: false,
            must_have_data: false,
            effect_measure: EffectMeasure::MeanRatio,
            allowed_decrease: 1.0,
            allowed_increase: 1.0,
            critical_decrease: 1.0,
            critical_increase: 1.0,
        }
    }

    /// With another tolerance and confidence: dead knobs of the original, whose tests use them.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::ClassifierOptions;
    /// assert_eq!(ClassifierOptions::new().with_test(0.1, 0.95).confidence, 0.95);
    /// ```
    #[must_use]
    pub const fn with_test(self, tolerance: f64, confidence: f64) -> Self {
        Self { tolerance, confidence, ..self }
    }

    /// With another direction.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{ClassifierOptions, Direction};
    /// assert_eq!(ClassifierOptions::new().with_direction(Direction::Decrease).direction, Direction::Decrease);
    /// ```
    #[must_use]
    pub const fn with_direction(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    /// With another strategy for NaN and empty samples.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{Classification, ClassifierOptions, NanStrategy, classify};
    /// let options = ClassifierOptions::new().with_nan_strategy(NanStrategy::Replace);
    /// assert_eq!(classify(&[], &[1.0], &options).classification, Classification::Pass);
    /// ```
    #[must_use]
    pub const fn with_nan_strategy(self, nan_strategy: NanStrategy) -> Self {
        Self { nan_strategy, ..self }
    }

    /// As critical, or not.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::ClassifierOptions;
    /// assert!(ClassifierOptions::new().with_critical(true).critical);
    /// ```
    #[must_use]
    pub const fn with_critical(self, critical: bool) -> Self {
        Self { critical, ..self }
    }

    /// With no data as a failure, or not.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{Classification, ClassifierOptions, classify};
    /// let options = ClassifierOptions::new().with_must_have_data(true);
    /// assert_eq!(classify(&[], &[1.0], &options).classification, Classification::NodataFailMetric);
    /// ```
    #[must_use]
    pub const fn with_must_have_data(self, must_have_data: bool) -> Self {
        Self { must_have_data, ..self }
    }

    /// With another measure of effect and its thresholds; the critical thresholds become "no effect".
    ///
    /// ```
    /// use devops_gates::compat::kayenta::{ClassifierOptions, EffectMeasure};
    /// let options = ClassifierOptions::new().with_effect(EffectMeasure::Cles, 0.2, 0.8);
    /// assert_eq!((options.allowed_increase, options.critical_increase), (0.8, 0.5));
    /// ```
    #[must_use]
    pub const fn with_effect(self, measure: EffectMeasure, decrease: f64, increase: f64) -> Self {
        Self {
            effect_measure: measure,
            allowed_decrease: decrease,
            allowed_increase: increase,
            critical_decrease: measure.none(),
            critical_increase: measure.none(),
            ..self
        }
    }

    /// With other critical thresholds.
    ///
    /// ```
    /// use devops_gates::compat::kayenta::ClassifierOptions;
    /// assert_eq!(ClassifierOptions::new().with_critical_effect(0.5, 1.5).critical_increase, 1.5);
    /// ```
    #[must_use]
    pub const fn with_critical_effect(self, decrease: f64, increase: f64) -> Self {
        Self { critical_decrease: decrease, critical_increase: increase, ..self }
    }
}
