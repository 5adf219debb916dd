//! A gate as people write it.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Scope, Unit};

use crate::judge::Sampling;
use crate::{BaselineSpec, FindingsSpec, StabilitySpec};

/// A gate as it is written in a file; [`Gate::build`](crate::Gate::build) checks it.
///
/// ```
/// use devops_gates::{Gate, GateSpec};
///
/// let spec: GateSpec = toml::from_str(r#"
///     format = 1
///     name = "service"
///     combine = { kind = "weighted", pass = 90.0, warn = 70.0 }
///
///     [[conditions]]
///     name = "tests"
///     metric = "tests_failed"
///     pass = "= 0"
///     mandatory = true
///     weight = 0.0
///
///     [[conditions]]
///     name = "coverage"
///     metric = "test_coverage"
///     pass = ">= 80 %"
///     warn = ">= 70 %"
/// "#)?;
/// assert_eq!(Gate::build(spec)?.name(), "service");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct GateSpec {
    /// The form of the document: 1.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1)))]
    pub format: u32,
    /// What reports call the gate.
    pub name: String,
    /// How its parts make its verdict.
    #[serde(default)]
    pub combine: Combine,
    /// Its conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ConditionSpec>,
    /// Its groups of further parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupSpec>,
}

impl GateSpec {
    /// A gate without conditions yet, all of which must pass.
    ///
    /// ```
    /// use devops_gates::{ConditionSpec, Gate, GateSpec};
    ///
    /// let spec = GateSpec::new("g").with_condition(ConditionSpec::new("safe", "security", ">= 8"));
    /// assert!(Gate::build(spec).is_ok());
    /// assert!(Gate::build(GateSpec::new("g")).is_err());
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            format: 1,
            name: name.into(),
            combine: Combine::All,
            conditions: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// With that way to make the verdict.
    #[must_use]
    pub fn with_combine(self, combine: Combine) -> Self {
        Self { combine, ..self }
    }

    /// With one more condition.
    #[must_use]
    pub fn with_condition(mut self, condition: ConditionSpec) -> Self {
        self.conditions.push(condition);
        self
    }

    /// With one more group.
    #[must_use]
    pub fn with_group(mut self, group: GroupSpec) -> Self {
        self.groups.push(group);
        self
    }
}

/// A group of conditions and groups, which counts as one part of what holds it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct GroupSpec {
    /// Its name, once in a gate.
    pub name: String,
    /// How its parts make its verdict.
    #[serde(default)]
    pub combine: Combine,
    /// How much it counts where its holder is weighted: 0 to 1,000.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub weight: f64,
    /// Whether its holder can be no better than it is.
    #[serde(default, skip_serializing_if = "is_false")]
    pub mandatory: bool,
    /// Its conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ConditionSpec>,
    /// Its groups of further parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupSpec>,
}

impl GroupSpec {
    /// A group without parts yet.
    ///
    /// ```
    /// use devops_gates::{Combine, ConditionSpec, GroupSpec};
    ///
    /// let group = GroupSpec::new("either", Combine::Any)
    ///     .with_condition(ConditionSpec::new("covered", "test_coverage", ">= 80 %"))
    ///     .with_condition(ConditionSpec::new("small", "lines_added", "<= 20"));
    /// assert_eq!(group.conditions.len(), 2);
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, combine: Combine) -> Self {
        Self {
            name: name.into(),
            combine,
            weight: 1.0,
            mandatory: false,
            conditions: Vec::new(),
            groups: Vec::new(),
        }
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

    /// With one more condition.
    #[must_use]
    pub fn with_condition(mut self, condition: ConditionSpec) -> Self {
        self.conditions.push(condition);
        self
    }

    /// With one more group.
    #[must_use]
    pub fn with_group(mut self, group: GroupSpec) -> Self {
        self.groups.push(group);
        self
    }
}

/// How the parts of a gate or group make its verdict. Verdicts are ordered failed, inconclusive, warning,
/// passed; whatever the way, no verdict is better than that of a mandatory part.
///
/// Where something below is inconclusive, the verdict is passed or failed where it is so however that turns out;
/// a warning is told only where nothing below is inconclusive; else the verdict is inconclusive. So a better
/// measure never makes a verdict worse, and one that is withheld never makes it better, unless the policy of a
/// condition gives that up: the [lint](crate::LintKind::RewardsSilence) names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "CombineForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum Combine {
    /// The worst verdict of its parts.
    #[default]
    All,
    /// The best verdict of its parts.
    Any,
    /// The k-th best verdict of its parts; open where fewer than k count.
    AtLeast {
        /// How many: 1 to the number of parts.
        #[cfg_attr(feature = "schemars", schemars(range(min = 1)))]
        k: u64,
    },
    /// Passed and failed exchanged, the others as they are; of exactly one part.
    Not,
    /// The share of the weight that the parts earn, in percent: a part that passes earns its whole weight, one
    /// in warning a share of it.
    Weighted {
        /// Passed from this share on: 0 to 100.
        #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 100)))]
        pass: f64,
        /// Warning from this share on: 0 to 100, not above `pass`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 100)))]
        warn: Option<f64>,
        /// Which share of its weight a part in warning earns: 0 to 1; one half unless written.
        #[serde(skip_serializing_if = "is_half")]
        #[cfg_attr(feature = "schemars", schemars(default = "half", range(min = 0, max = 1)))]
        warning_earns: f64,
    },
}

/// What is read. The kinds without fields are written `{}` here: only then are unknown keys beside them refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum CombineForm {
    All {},
    Any {},
    AtLeast {
        k: u64,
    },
    Not {},
    Weighted {
        pass: f64,
        #[serde(default)]
        warn: Option<f64>,
        #[serde(default = "half")]
        warning_earns: f64,
    },
}

impl From<CombineForm> for Combine {
    fn from(form: CombineForm) -> Self {
        match form {
            CombineForm::All {} => Self::All,
            CombineForm::Any {} => Self::Any,
            CombineForm::AtLeast { k } => Self::AtLeast { k },
            CombineForm::Not {} => Self::Not,
            CombineForm::Weighted { pass, warn, warning_earns } => {
                Self::Weighted { pass, warn, warning_earns }
            }
        }
    }
}

impl Combine {
    /// The weighted share with a warning band; a part in warning earns half its weight.
    ///
    /// ```
    /// use devops_gates::Combine;
    ///
    /// assert!(matches!(Combine::weighted(90.0, 70.0), Combine::Weighted { warn: Some(_), .. }));
    /// ```
    #[must_use]
    pub const fn weighted(pass: f64, warn: f64) -> Self {
        Self::Weighted { pass, warn: Some(warn), warning_earns: 0.5 }
    }
}

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

const fn one() -> f64 {
    1.0
}

const fn half() -> f64 {
    0.5
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_one(weight: &f64) -> bool {
    weight.total_cmp(&1.0).is_eq()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_half(share: &f64) -> bool {
    share.total_cmp(&0.5).is_eq()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

fn is_overall(scope: &Scope) -> bool {
    *scope == Scope::Overall
}

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
