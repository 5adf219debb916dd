//! A condition as people write it.

use alloc::string::String;

use devops_core::{Scope, Unit};

use crate::gate::unwritten::{is_default, is_false, is_one, one};
use crate::judge::Sampling;
use crate::{BaselineSpec, FindingsSpec, StabilitySpec};

/// A condition as it is written.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ConditionSpec {
    /// Its name, once in a gate.
    pub name: String,
    /// The metric that it looks at; empty for a condition on findings.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub metric: String,
    /// Which findings it looks at, in place of a metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<FindingsSpec>,
    /// Of what part of the product.
    #[serde(default, skip_serializing_if = "is_overall")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::scope"))]
    pub scope: Scope,
    /// The unit of numbers that are written without one; else that of the metric in the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::unit"))]
    pub unit: Option<Unit>,
    /// How samples whose values depend on their neighbours are made fit to compare, for criteria on samples.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sampling: Sampling,
    /// When it passes, in the form of a [`Predicate`](crate::Predicate).
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::criterion"))]
    pub pass: String,
    /// When it is in warning, where it does not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::criterion"))]
    pub warn: Option<String>,
    /// What `baseline` stands for in its criteria, and what samples are held against; unless written, the latest
    /// run that measured it, and of samples the control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineSpec>,
    /// How much it counts where its holder is weighted: 0 to 1,000.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub weight: f64,
    /// Whether its holder can be no better than it is.
    #[serde(default, skip_serializing_if = "is_false")]
    pub mandatory: bool,
    /// What becomes of it where the measure is missing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub missing: Missing,
    /// Whether it counts where nobody was to measure it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub applies: Applies,
    /// On fewer observations than this it is inconclusive; of samples, on either side, and 5 unless written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_samples: Option<u64>,
    /// Where another measure says that there is too little to judge by, it is inconclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_evidence: Option<MinEvidence>,
    /// When it changes between failing and not failing; at once unless written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stable: Option<StabilitySpec>,
    /// Evaluated and shown, never counted.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shadow: bool,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The address of a page that explains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl ConditionSpec {
    /// A condition of weight 1 on the whole product.
    ///
    /// ```
    /// use devops_gates::{ConditionSpec, Missing};
    ///
    /// let condition = ConditionSpec::new("covered", "test_coverage", ">= 80 %")
    ///     .with_warn(">= 70 %")
    ///     .with_missing(Missing::Fail);
    /// assert_eq!(condition.weight, 1.0);
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, metric: impl Into<String>, pass: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            metric: metric.into(),
            findings: None,
            scope: Scope::Overall,
            unit: None,
            sampling: Sampling::Independent,
            pass: pass.into(),
            warn: None,
            baseline: None,
            weight: 1.0,
            mandatory: false,
            missing: Missing::Inconclusive,
            applies: Applies::Always,
            min_samples: None,
            min_evidence: None,
            stable: None,
            shadow: false,
            owner: None,
            link: None,
        }
    }

    /// A condition of weight 1 on findings.
    ///
    /// ```
    /// use devops_gates::{ConditionSpec, FindingsSpec};
    ///
    /// let new = FindingsSpec::count().with_new_only(true);
    /// assert!(ConditionSpec::on_findings("nothing_new", new, "= 0").metric.is_empty());
    /// ```
    #[must_use]
    pub fn on_findings(name: impl Into<String>, findings: FindingsSpec, pass: impl Into<String>) -> Self {
        Self { findings: Some(findings), ..Self::new(name, "", pass) }
    }

    /// With a criterion for the warning.
    #[must_use]
    pub fn with_warn(self, warn: impl Into<String>) -> Self {
        Self { warn: Some(warn.into()), ..self }
    }

    /// Of another part of the product.
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// With the unit of numbers that are written without one.
    #[must_use]
    pub fn with_unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// With what `baseline` stands for in its criteria.
    #[must_use]
    pub fn with_baseline(self, baseline: BaselineSpec) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// With thinned or blocked samples.
    ///
    /// ```
    /// use devops_gates::ConditionSpec;
    /// use devops_gates::judge::Sampling;
    ///
    /// let condition = ConditionSpec::new("no_slower", "latency", "no increase beyond 5 %")
    ///     .with_sampling(Sampling::Block { length: 10 });
    /// assert_eq!(condition.sampling, Sampling::Block { length: 10 });
    /// ```
    #[must_use]
    pub fn with_sampling(self, sampling: Sampling) -> Self {
        Self { sampling, ..self }
    }

    /// With another weight.
    #[must_use]
    pub fn with_weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// As a veto: its holder can be no better than it is.
    #[must_use]
    pub fn with_mandatory(self, mandatory: bool) -> Self {
        Self { mandatory, ..self }
    }

    /// With another policy for a missing measure.
    #[must_use]
    pub fn with_missing(self, missing: Missing) -> Self {
        Self { missing, ..self }
    }

    /// Counted always, or only where somebody was to measure it.
    #[must_use]
    pub fn with_applies(self, applies: Applies) -> Self {
        Self { applies, ..self }
    }

    /// Inconclusive on fewer observations than this.
    #[must_use]
    pub fn with_min_samples(self, n: u64) -> Self {
        Self { min_samples: Some(n), ..self }
    }

    /// Inconclusive where that other measure is missing or below that.
    #[must_use]
    pub fn with_min_evidence(self, evidence: MinEvidence) -> Self {
        Self { min_evidence: Some(evidence), ..self }
    }

    /// Kept from flapping.
    #[must_use]
    pub fn with_stable(self, stable: StabilitySpec) -> Self {
        Self { stable: Some(stable), ..self }
    }

    /// Evaluated and shown, never counted.
    #[must_use]
    pub fn with_shadow(self, shadow: bool) -> Self {
        Self { shadow, ..self }
    }

    /// Answered for by `owner`.
    #[must_use]
    pub fn with_owner(self, owner: impl Into<String>) -> Self {
        Self { owner: Some(owner.into()), ..self }
    }

    /// Explained at that address.
    #[must_use]
    pub fn with_link(self, link: impl Into<String>) -> Self {
        Self { link: Some(link.into()), ..self }
    }
}

/// What becomes of a condition whose measure is missing. A value of the wrong kind or unit is never taken as
/// missing: it is failed under `fail`, else inconclusive.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Missing {
    /// It is inconclusive.
    #[default]
    Inconclusive,
    /// It is failed.
    Fail,
    /// It does not count; the other parts share its weight.
    Skip,
    /// The latest value in the history stands for it, where it is young enough; else it is inconclusive. The
    /// history and the time are those of the [`Evidence`](crate::Evidence).
    LastKnown {
        /// How old it may be, in hours.
        max_age_hours: u64,
    },
}

/// Another measure that must be high enough before a condition is judged, such as the number of changed lines
/// that can be covered. Of a fraction, what it is out of counts.
///
/// ```
/// use devops_core::Scope;
/// use devops_gates::{ConditionSpec, MinEvidence};
///
/// let condition = ConditionSpec::new("duplication", "duplicated_lines", "<= 3 %")
///     .with_scope(Scope::NewCode)
///     .with_min_evidence(MinEvidence::new("lines_added", 20));
/// assert_eq!(condition.min_evidence.unwrap().at_least, 20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct MinEvidence {
    /// The other metric.
    pub metric: String,
    /// Of what part of the product.
    #[serde(default, skip_serializing_if = "is_overall")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::scope"))]
    pub scope: Scope,
    /// How high it must be.
    pub at_least: u64,
}

impl MinEvidence {
    /// That metric of the whole product must be so high.
    #[must_use]
    pub fn new(metric: impl Into<String>, at_least: u64) -> Self {
        Self { metric: metric.into(), scope: Scope::Overall, at_least }
    }

    /// Of another part of the product.
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }
}

/// Whether a condition counts where nobody was to measure it.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Applies {
    /// It does.
    #[default]
    Always,
    /// It does where its metric is expected (see [`Evidence::with_expected`](crate::Evidence::with_expected))
    /// or measured; else it is shown as not measured and does not count.
    WhenExpected,
}

fn is_overall(scope: &Scope) -> bool {
    *scope == Scope::Overall
}
