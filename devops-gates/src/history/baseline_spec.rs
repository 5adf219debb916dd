//! What a condition is compared with, as people write it.

use alloc::string::String;

use devops_core::Decimal;

/// What stands for `baseline` in the criteria of a condition, and what samples are held against. Unless written it
/// is the latest run that measured it; of samples, the control. Samples of several runs are taken together.
///
/// Runs differ by more than their samples tell: another host, another hour. Against earlier runs a condition on samples
/// therefore fails for nothing more often than its level says; against a control, measured beside the run, it does not.
///
/// ```
/// use devops_gates::{Aggregate, BaselineSpec, ConditionSpec, NoBaseline};
///
/// let baseline = BaselineSpec::last_passed(5).with_aggregate(Aggregate::Median).with_absent(NoBaseline::Skip);
/// let condition = ConditionSpec::new("latency", "p95_latency", "<= baseline + 10 %").with_baseline(baseline);
/// assert!(condition.baseline.is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct BaselineSpec {
    /// Where it is taken from.
    #[serde(default)]
    pub from: BaselineFrom,
    /// What is made of several runs.
    #[serde(default, skip_serializing_if = "crate::gate::unwritten::is_default")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::aggregate"))]
    pub aggregate: Aggregate,
    /// With fewer runs than this there is no baseline: 1 to `k`.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 500)))]
    pub at_least: u64,
    /// What becomes of the condition where there is none.
    #[serde(default, skip_serializing_if = "crate::gate::unwritten::is_default")]
    pub absent: NoBaseline,
    /// What becomes of a criterion in percent of a baseline of zero.
    #[serde(default, skip_serializing_if = "crate::gate::unwritten::is_default")]
    pub zero: ZeroBaseline,
    /// What becomes of a criterion in percent of a baseline below zero.
    #[serde(default, skip_serializing_if = "crate::gate::unwritten::is_default")]
    pub negative: NegativeBaseline,
}

const fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_one(n: &u64) -> bool {
    *n == 1
}

/// Where a baseline is taken from. Only runs that measured the metric in that scope and unit are looked at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "BaselineFromForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum BaselineFrom {
    /// The latest `k` runs.
    Last {
        /// How many: 1 to 500.
        #[serde(skip_serializing_if = "is_one")]
        #[cfg_attr(feature = "schemars", schemars(default = "one", range(min = 1, max = 500)))]
        k: u64,
        /// Which runs are looked at.
        #[serde(skip_serializing_if = "crate::gate::unwritten::is_default")]
        #[cfg_attr(feature = "schemars", schemars(default))]
        include: Include,
    },
    /// One run, by its id.
    Run {
        /// The id.
        id: String,
    },
    /// A given value, in the unit of the condition.
    Value {
        /// The value.
        #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::decimal"))]
        value: Decimal,
    },
    /// What runs already, measured beside what is judged
    /// ([`Evidence::with_control`](crate::Evidence::with_control)).
    Control,
}

/// What is read; `Control {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum BaselineFromForm {
    Last {
        #[serde(default = "one")]
        k: u64,
        #[serde(default)]
        include: Include,
    },
    Run {
        id: String,
    },
    Value {
        value: Decimal,
    },
    Control {},
}

impl From<BaselineFromForm> for BaselineFrom {
    fn from(form: BaselineFromForm) -> Self {
        match form {
            BaselineFromForm::Last { k, include } => Self::Last { k, include },
            BaselineFromForm::Run { id } => Self::Run { id },
            BaselineFromForm::Value { value } => Self::Value { value },
            BaselineFromForm::Control {} => Self::Control,
        }
    }
}

impl Default for BaselineFrom {
    /// The latest run.
    fn default() -> Self {
        Self::Last { k: 1, include: Include::Any }
    }
}

/// Which runs a baseline is taken from, by their verdict.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Include {
    /// All, also those without a verdict.
    #[default]
    Any,
    /// Those that passed.
    Passed,
    /// Those that passed or were in warning.
    PassedOrWarning,
}

/// What is made of the values of several runs; exact, without rounding.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aggregate {
    /// The arithmetic mean.
    #[default]
    Mean,
    /// The middle value, or the mean of the two in the middle; also written `p50`.
    #[serde(alias = "p50")]
    Median,
    /// The 90th percentile, linear between order statistics (type 7 of Hyndman and Fan, 1996).
    P90,
    /// The 95th percentile, by the same rule.
    P95,
}

impl Aggregate {
    /// The name as it is written in files.
    ///
    /// ```
    /// assert_eq!(devops_gates::Aggregate::P90.as_str(), "p90");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::P90 => "p90",
            Self::P95 => "p95",
        }
    }
}

/// What becomes of a condition without a baseline.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum NoBaseline {
    /// It is inconclusive.
    #[default]
    Inconclusive,
    /// It is failed.
    Fail,
    /// It does not count; the other parts share its weight. Good for a first run.
    Skip,
}

/// What becomes of a criterion in percent of a baseline of zero; plain offsets have no such trouble.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum ZeroBaseline {
    /// The condition is inconclusive.
    #[default]
    Inconclusive,
    /// The condition is failed.
    Fail,
    /// The condition does not count.
    Skip,
    /// Taken at its word: any percentage of zero is zero.
    Compare,
}

/// What becomes of a criterion in percent of a baseline below zero; plain offsets have no such trouble.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum NegativeBaseline {
    /// The condition is inconclusive.
    #[default]
    Inconclusive,
    /// The condition is failed.
    Fail,
    /// The condition does not count.
    Skip,
    /// The percentage is of its magnitude, so that `+ 10 %` of −50 is −45: more is always more.
    Magnitude,
}

impl Default for BaselineSpec {
    /// The latest run that measured it.
    fn default() -> Self {
        Self {
            from: BaselineFrom::default(),
            aggregate: Aggregate::default(),
            at_least: 1,
            absent: NoBaseline::default(),
            zero: ZeroBaseline::default(),
            negative: NegativeBaseline::default(),
        }
    }
}

impl BaselineSpec {
    /// The latest run that measured it.
    #[must_use]
    pub fn last() -> Self {
        Self::default()
    }

    /// The latest `k` runs that measured it.
    #[must_use]
    pub fn last_k(k: u64) -> Self {
        Self { from: BaselineFrom::Last { k, include: Include::Any }, ..Self::default() }
    }

    /// The latest `k` runs that measured it and passed.
    #[must_use]
    pub fn last_passed(k: u64) -> Self {
        Self { from: BaselineFrom::Last { k, include: Include::Passed }, ..Self::default() }
    }

    /// The run of that id.
    ///
    /// ```
    /// use devops_gates::{BaselineFrom, BaselineSpec};
    ///
    /// assert!(matches!(BaselineSpec::run("release-4").from, BaselineFrom::Run { .. }));
    /// ```
    #[must_use]
    pub fn run(id: impl Into<String>) -> Self {
        Self { from: BaselineFrom::Run { id: id.into() }, ..Self::default() }
    }

    /// That value.
    ///
    /// ```
    /// use devops_gates::{BaselineFrom, BaselineSpec};
    ///
    /// assert!(matches!(BaselineSpec::value("12.5".parse()?).from, BaselineFrom::Value { .. }));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn value(value: Decimal) -> Self {
        Self { from: BaselineFrom::Value { value }, ..Self::default() }
    }

    /// What runs already, measured beside what is judged.
    ///
    /// ```
    /// use devops_gates::{BaselineSpec, ConditionSpec};
    ///
    /// let as_before = ConditionSpec::new("errors", "error_rate", "<= baseline + 0.1 pp")
    ///     .with_baseline(BaselineSpec::control());
    /// assert!(as_before.baseline.is_some());
    /// ```
    #[must_use]
    pub fn control() -> Self {
        Self { from: BaselineFrom::Control, ..Self::default() }
    }

    pub(crate) fn is_control(&self) -> bool {
        self.from == BaselineFrom::Control
    }

    /// With another way to make one value of several runs.
    #[must_use]
    pub fn with_aggregate(self, aggregate: Aggregate) -> Self {
        Self { aggregate, ..self }
    }

    /// With a least number of runs.
    #[must_use]
    pub fn with_at_least(self, at_least: u64) -> Self {
        Self { at_least, ..self }
    }

    /// With another policy for a missing baseline.
    #[must_use]
    pub fn with_absent(self, absent: NoBaseline) -> Self {
        Self { absent, ..self }
    }

    /// With another policy for a baseline of zero.
    #[must_use]
    pub fn with_zero(self, zero: ZeroBaseline) -> Self {
        Self { zero, ..self }
    }

    /// With another policy for a baseline below zero.
    #[must_use]
    pub fn with_negative(self, negative: NegativeBaseline) -> Self {
        Self { negative, ..self }
    }
}
