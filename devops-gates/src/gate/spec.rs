//! A gate as people write it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::gate::unwritten::{is_false, is_one, one};
use crate::{Combine, ConditionSpec};

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
