//! A canary policy as people write it.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Scope, Unit};

use super::plan::WatchPlan;
use crate::{Combine, Missing};

/// A canary policy as it is written in a file; [`JudgePolicy::build`](super::JudgePolicy::build) checks it.
///
/// ```
/// use devops_gates::judge::{JudgePolicy, JudgePolicySpec};
///
/// let spec: JudgePolicySpec = toml::from_str(r#"
///     format = 1
///     name = "checkout"
///     alpha = 0.05
///
///     [[metrics]]
///     metric = "latency_p50"
///     unit = "milliseconds"
///     direction = "increase"
///     tolerance = { kind = "relative", share = 0.05 }
///
///     [[metrics]]
///     metric = "error_rate"
///     direction = "increase"
///     tests = [{ kind = "rate" }]
///     critical = true
/// "#)?;
/// assert_eq!(JudgePolicy::build(spec)?.name(), "checkout");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct JudgePolicySpec {
    /// The form of the document: 1.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1)))]
    pub format: u32,
    /// What reports call the policy.
    pub name: String,
    /// How often a canary that is no different may be called worse, over all metrics together: above 0, at most
    /// 0.5; 0.05 unless written.
    #[serde(default = "five_percent")]
    pub alpha: f64,
    /// On fewer values a side than this a metric is inconclusive: 2 to 1,000,000; 5 unless written.
    #[serde(default = "five")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 2, max = 1_000_000)))]
    pub min_samples: u64,
    /// How metrics and groups make the verdict: `all` or `weighted`.
    #[serde(default)]
    pub combine: Combine,
    /// How a watch keeps the level over many looks; a judgement made once does not look at it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub watch: WatchPlan,
    /// Metrics that stand in no group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<CanaryMetric>,
    /// Groups of metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<CanaryGroup>,
}

impl JudgePolicySpec {
    /// A policy at 5 % without metrics yet.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicy, JudgePolicySpec};
    ///
    /// let spec = JudgePolicySpec::new("p").with_metric(CanaryMetric::new("latency", Direction::Increase));
    /// assert!(JudgePolicy::build(spec).is_ok());
    /// assert!(JudgePolicy::build(JudgePolicySpec::new("p")).is_err());
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            format: 1,
            name: name.into(),
            alpha: five_percent(),
            min_samples: five(),
            combine: Combine::All,
            watch: WatchPlan::AlwaysValid,
            metrics: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// With another chance of a false alarm.
    ///
    /// ```
    /// use devops_gates::judge::JudgePolicySpec;
    /// assert_eq!(JudgePolicySpec::new("p").with_alpha(0.02).alpha, 0.02);
    /// ```
    #[must_use]
    pub fn with_alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// With another minimum of values a side.
    ///
    /// ```
    /// use devops_gates::judge::JudgePolicySpec;
    /// assert_eq!(JudgePolicySpec::new("p").with_min_samples(30).min_samples, 30);
    /// ```
    #[must_use]
    pub fn with_min_samples(self, min_samples: u64) -> Self {
        Self { min_samples, ..self }
    }

    /// With another way to make the verdict.
    ///
    /// ```
    /// use devops_gates::Combine;
    /// use devops_gates::judge::JudgePolicySpec;
    /// let shares = Combine::Weighted { pass: 90.0, warn: Some(75.0), warning_earns: 0.5 };
    /// assert_eq!(JudgePolicySpec::new("p").with_combine(shares).combine, shares);
    /// ```
    #[must_use]
    pub fn with_combine(self, combine: Combine) -> Self {
        Self { combine, ..self }
    }

    /// With another way to keep the level over many looks.
    ///
    /// ```
    /// use devops_gates::judge::{JudgePolicySpec, Spending, WatchPlan};
    /// let plan = WatchPlan::Planned { looks: 12, spending: Spending::Pocock };
    /// assert_eq!(JudgePolicySpec::new("p").with_watch(plan).watch, plan);
    /// ```
    #[must_use]
    pub fn with_watch(self, watch: WatchPlan) -> Self {
        Self { watch, ..self }
    }

    /// With one more metric.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction, JudgePolicySpec};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(JudgePolicySpec::new("p").with_metric(metric).metrics.len(), 1);
    /// ```
    #[must_use]
    pub fn with_metric(mut self, metric: CanaryMetric) -> Self {
        self.metrics.push(metric);
        self
    }

    /// With one more group.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryGroup, JudgePolicySpec};
    /// assert_eq!(JudgePolicySpec::new("p").with_group(CanaryGroup::new("speed", 2.0)).groups.len(), 1);
    /// ```
    #[must_use]
    pub fn with_group(mut self, group: CanaryGroup) -> Self {
        self.groups.push(group);
        self
    }
}

/// Metrics that count as one part of the verdict.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CanaryGroup {
    /// Its name, once in a policy.
    pub name: String,
    /// How its metrics make its verdict: `all` or `weighted`.
    #[serde(default)]
    pub combine: Combine,
    /// How much it counts where the policy is weighted: 0 to 1,000; 1 unless written.
    #[serde(default = "one")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub weight: f64,
    /// Its metrics; at least one that is no shadow, so that no weight is lost.
    pub metrics: Vec<CanaryMetric>,
}

impl CanaryGroup {
    /// A group of weight 1 without metrics yet, all of which must pass.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryGroup, CanaryMetric, Direction};
    /// let group = CanaryGroup::new("speed", 2.0).with_metric(CanaryMetric::new("latency", Direction::Increase));
    /// assert_eq!(group.metrics.len(), 1);
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, weight: f64) -> Self {
        Self { name: name.into(), combine: Combine::All, weight, metrics: Vec::new() }
    }

    /// With another way to make its verdict.
    ///
    /// ```
    /// use devops_gates::Combine;
    /// use devops_gates::judge::CanaryGroup;
    /// assert_eq!(CanaryGroup::new("speed", 2.0).with_combine(Combine::All).combine, Combine::All);
    /// ```
    #[must_use]
    pub fn with_combine(self, combine: Combine) -> Self {
        Self { combine, ..self }
    }

    /// With one more metric.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryGroup, CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(CanaryGroup::new("speed", 2.0).with_metric(metric).metrics[0].metric, "latency");
    /// ```
    #[must_use]
    pub fn with_metric(mut self, metric: CanaryMetric) -> Self {
        self.metrics.push(metric);
        self
    }
}

/// One metric, and what would be bad news about it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CanaryMetric {
    /// The metric, once in a policy for each scope.
    pub metric: String,
    /// Of what part of the product.
    #[serde(default, skip_serializing_if = "is_overall")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::scope"))]
    pub scope: Scope,
    /// The unit that an absolute tolerance is in, and that effects are told in; that of the control's measure
    /// unless written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::unit"))]
    pub unit: Option<Unit>,
    /// Which change is bad.
    pub direction: Direction,
    /// Up to which change it is accepted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tolerance: Tolerance,
    /// What is looked at; the shift alone unless written.
    #[serde(default = "shift")]
    pub tests: Vec<CanaryTest>,
    /// What a pass asks for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub proof: Proof,
    /// How values that depend on their neighbours are made fit to compare.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sampling: Sampling,
    /// On fewer values a side than this it is inconclusive; that of the policy unless written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 2, max = 1_000_000)))]
    pub min_samples: Option<u64>,
    /// What becomes of it where a side is missing: `inconclusive` or `fail`, never a pass.
    #[serde(default, skip_serializing_if = "is_default")]
    pub missing: Missing,
    /// How much it counts where its holder is weighted: 0 to 1,000; 1 unless written.
    #[serde(default = "one")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub weight: f64,
    /// Whether the whole verdict can be no better than it is.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub critical: bool,
    /// Judged and shown, never counted.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub shadow: bool,
}

impl CanaryMetric {
    /// A metric of weight 1 whose shift is looked at, without tolerance.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction, Tolerance};
    /// let metric = CanaryMetric::new("latency", Direction::Increase)
    ///     .with_tolerance(Tolerance::Relative { share: 0.05 });
    /// assert_eq!(metric.weight, 1.0);
    /// ```
    #[must_use]
    pub fn new(metric: impl Into<String>, direction: Direction) -> Self {
        Self {
            metric: metric.into(),
            scope: Scope::Overall,
            unit: None,
            direction,
            tolerance: Tolerance::None,
            tests: shift(),
            proof: Proof::NoHarmShown,
            sampling: Sampling::Independent,
            min_samples: None,
            missing: Missing::Inconclusive,
            weight: one(),
            critical: false,
            shadow: false,
        }
    }

    /// Of another part of the product.
    ///
    /// ```
    /// use devops_core::Scope;
    /// use devops_gates::judge::{CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(metric.with_scope(Scope::NewCode).scope, Scope::NewCode);
    /// ```
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// In that unit.
    ///
    /// ```
    /// use devops_core::Unit;
    /// use devops_gates::judge::{CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(metric.with_unit(Unit::Milliseconds).unit, Some(Unit::Milliseconds));
    /// ```
    #[must_use]
    pub fn with_unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// With another tolerance.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction, Tolerance};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let tolerance = Tolerance::Absolute { value: 5.0 };
    /// assert_eq!(metric.with_tolerance(tolerance).tolerance, tolerance);
    /// ```
    #[must_use]
    pub fn with_tolerance(self, tolerance: Tolerance) -> Self {
        Self { tolerance, ..self }
    }

    /// With those tests instead.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, CanaryTest, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(metric.with_tests([CanaryTest::Shift, CanaryTest::tail(0.99)]).tests.len(), 2);
    /// ```
    #[must_use]
    pub fn with_tests(self, tests: impl IntoIterator<Item = CanaryTest>) -> Self {
        Self { tests: tests.into_iter().collect(), ..self }
    }

    /// With another demand on a pass.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction, Proof};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(metric.with_proof(Proof::NonInferior).proof, Proof::NonInferior);
    /// ```
    #[must_use]
    pub fn with_proof(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    /// With thinned or blocked values.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction, Sampling};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// let sampling = Sampling::Block { length: 10 };
    /// assert_eq!(metric.with_sampling(sampling).sampling, sampling);
    /// ```
    #[must_use]
    pub fn with_sampling(self, sampling: Sampling) -> Self {
        Self { sampling, ..self }
    }

    /// With another minimum of values a side.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(metric.with_min_samples(100).min_samples, Some(100));
    /// ```
    #[must_use]
    pub fn with_min_samples(self, n: u64) -> Self {
        Self { min_samples: Some(n), ..self }
    }

    /// With another policy for a missing side.
    ///
    /// ```
    /// use devops_gates::Missing;
    /// use devops_gates::judge::{CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(metric.with_missing(Missing::Fail).missing, Missing::Fail);
    /// ```
    #[must_use]
    pub fn with_missing(self, missing: Missing) -> Self {
        Self { missing, ..self }
    }

    /// With another weight.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert_eq!(metric.with_weight(3.0).weight, 3.0);
    /// ```
    #[must_use]
    pub fn with_weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// As a veto on the whole verdict, or not.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert!(metric.with_critical(true).critical);
    /// ```
    #[must_use]
    pub fn with_critical(self, critical: bool) -> Self {
        Self { critical, ..self }
    }

    /// Only shown, or not.
    ///
    /// ```
    /// use devops_gates::judge::{CanaryMetric, Direction};
    /// let metric = CanaryMetric::new("latency", Direction::Increase);
    /// assert!(metric.with_shadow(true).shadow);
    /// ```
    #[must_use]
    pub fn with_shadow(self, shadow: bool) -> Self {
        Self { shadow, ..self }
    }
}

/// Which change of a metric is bad.
///
/// Closed: up, down, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "up, down or both: there is no fourth")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Direction {
    /// A rise: latency, errors.
    Increase,
    /// A fall: throughput, hit rate.
    Decrease,
    /// Any change; each way is tested at half the level.
    Either,
}

/// Up to which change a metric is accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "ToleranceForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum Tolerance {
    /// None.
    #[default]
    None,
    /// By so much, in the metric's unit: each value of the control is moved by it before the two are compared.
    /// Of rates, a difference of shares (0 to 1).
    Absolute {
        /// Not below 0.
        value: f64,
    },
    /// By this share of its size: each value of the control is moved by that share of itself. Of rates, their
    /// ratio less 1.
    Relative {
        /// 0 to 100; 0.05 is five percent.
        share: f64,
    },
}

/// What is read; `None {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum ToleranceForm {
    None {},
    Absolute { value: f64 },
    Relative { share: f64 },
}

impl From<ToleranceForm> for Tolerance {
    fn from(form: ToleranceForm) -> Self {
        match form {
            ToleranceForm::None {} => Self::None,
            ToleranceForm::Absolute { value } => Self::Absolute { value },
            ToleranceForm::Relative { share } => Self::Relative { share },
        }
    }
}

/// What is looked at in the two samples of a metric.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "CanaryTestForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum CanaryTest {
    /// Are the values larger or smaller? Mann–Whitney, with the Hodges–Lehmann shift.
    Shift,
    /// Are they farther from the common median? Mann–Whitney on the distances.
    Spread,
    /// Do more of them lie beyond the quantile of both samples together? Fisher's exact test.
    Tail {
        /// Which quantile of the values: 0.5 to below 1; where a fall is bad, of the values turned around.
        quantile: f64,
        /// How surely the quantile must be bounded by the sample: 0.5 to below 1; 0.95 unless written. It sets
        /// the smallest sample: 299 a side for 0.95 at the quantile 0.99.
        #[cfg_attr(feature = "schemars", schemars(default = "ninety_five_percent"))]
        confidence: f64,
    },
    /// Do more of the counted outcomes go wrong? Fisher's exact test of two fractions.
    Rate,
}

impl CanaryTest {
    /// The tail beyond that quantile, at 95 %.
    ///
    /// ```
    /// use devops_gates::judge::CanaryTest;
    /// assert_eq!(CanaryTest::tail(0.99), CanaryTest::Tail { quantile: 0.99, confidence: 0.95 });
    /// ```
    #[must_use]
    pub const fn tail(quantile: f64) -> Self {
        Self::Tail { quantile, confidence: 0.95 }
    }
}

/// What is read; `Shift {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum CanaryTestForm {
    Shift {},
    Spread {},
    Tail {
        quantile: f64,
        #[serde(default = "ninety_five_percent")]
        confidence: f64,
    },
    Rate {},
}

impl From<CanaryTestForm> for CanaryTest {
    fn from(form: CanaryTestForm) -> Self {
        match form {
            CanaryTestForm::Shift {} => Self::Shift,
            CanaryTestForm::Spread {} => Self::Spread,
            CanaryTestForm::Tail { quantile, confidence } => Self::Tail { quantile, confidence },
            CanaryTestForm::Rate {} => Self::Rate,
        }
    }
}

/// What a pass asks for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Proof {
    /// No harm is shown by samples that could have shown it.
    #[default]
    NoHarmShown,
    /// A change beyond the tolerance is ruled out at the policy's level; else it is inconclusive. Needs a
    /// tolerance.
    NonInferior,
}

/// How values that depend on their neighbours are made fit to compare.
///
/// Tests of two samples take the values of a sample as independent. Metrics scraped every few seconds are not:
/// a slow moment lasts. Taken as they are, they give false alarms far above the level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "SamplingForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum Sampling {
    /// They are independent; their order does not matter.
    #[default]
    Independent,
    /// Only every so many-th value is kept, from the first on.
    Thin {
        /// 2 to 1,000,000.
        every: u64,
    },
    /// The means of consecutive values are compared; values that fill no block at the end are left out.
    Block {
        /// How many values make a block: 2 to 1,000,000.
        length: u64,
    },
}

/// What is read; `Independent {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum SamplingForm {
    Independent {},
    Thin { every: u64 },
    Block { length: u64 },
}

impl From<SamplingForm> for Sampling {
    fn from(form: SamplingForm) -> Self {
        match form {
            SamplingForm::Independent {} => Self::Independent,
            SamplingForm::Thin { every } => Self::Thin { every },
            SamplingForm::Block { length } => Self::Block { length },
        }
    }
}

const fn one() -> f64 {
    1.0
}

const fn five() -> u64 {
    5
}

const fn five_percent() -> f64 {
    0.05
}

const fn ninety_five_percent() -> f64 {
    0.95
}

fn shift() -> Vec<CanaryTest> {
    alloc::vec![CanaryTest::Shift]
}

fn is_overall(scope: &Scope) -> bool {
    *scope == Scope::Overall
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
