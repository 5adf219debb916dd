//! Waivers: failures that somebody answers for, until a day.

pub(crate) mod waiving;

pub use waiving::{WaiverResult, WaiverState};

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{ConditionId, Finding, Scope, Timestamp, ValueError};

use crate::condition::findings_spec::in_path;
use crate::fault::{Faults, Problem, WaiverErrors};

/// Waivers as they are written in a file; [`Waivers::build`] checks them.
///
/// ```
/// use devops_gates::{Waivers, WaiversSpec};
///
/// let spec: WaiversSpec = toml::from_str(r#"
///     format = 1
///
///     [[waivers]]
///     id = "W-17"
///     condition = "coverage"
///     reason = "the new parser is covered next week"
///     owner = "ada"
///     approver = "grace"
///     expires = "2026-12-01T00:00:00Z"
/// "#)?;
/// assert_eq!(Waivers::build(spec)?.waivers().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct WaiversSpec {
    /// The form of the document: 1.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1)))]
    pub format: u32,
    /// The waivers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
}

impl Default for WaiversSpec {
    fn default() -> Self {
        Self { format: 1, waivers: Vec::new() }
    }
}

impl WaiversSpec {
    /// With one more waiver.
    #[must_use]
    pub fn with_waiver(mut self, waiver: Waiver) -> Self {
        self.waivers.push(waiver);
        self
    }
}

/// One waiver: for a condition by name, or for the findings of a rule.
///
/// What is waived is shown as failed but waived, never as passed, and a gate that needs a waiver is in warning at
/// best. From its expiry on a waiver does nothing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Waiver {
    /// Its id, once in a document.
    pub id: String,
    /// Only in the gate of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The condition that may fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Only where the condition speaks of that part of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::scope"))]
    pub scope: Option<Scope>,
    /// The rule whose findings may be there: its id, its part behind the last `/`, or a family such as `style/*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Only findings in those files: a pattern with `*`, `**` and `?`, or a directory with all below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who agreed.
    pub approver: String,
    /// From then on it does nothing.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::timestamp"))]
    pub expires: Timestamp,
}

impl Waiver {
    fn new(id: &str, reason: &str, owner: &str, approver: &str, expires: Timestamp) -> Self {
        Self {
            id: id.into(),
            gate: None,
            condition: None,
            scope: None,
            rule: None,
            path: None,
            reason: reason.into(),
            owner: owner.into(),
            approver: approver.into(),
            expires,
        }
    }

    /// For a condition.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_gates::Waiver;
    ///
    /// let waiver = Waiver::of_condition("W-1", "coverage", "a spike", ("ada", "grace"), Timestamp::MAX);
    /// assert_eq!(waiver.approver, "grace");
    /// ```
    #[must_use]
    pub fn of_condition(
        id: &str,
        condition: &str,
        reason: &str,
        (owner, approver): (&str, &str),
        expires: Timestamp,
    ) -> Self {
        Self { condition: Some(condition.into()), ..Self::new(id, reason, owner, approver, expires) }
    }

    /// For the findings of a rule.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_gates::Waiver;
    ///
    /// let waiver = Waiver::of_rule("W-2", "style/*", "generated", ("ada", "grace"), Timestamp::MAX).with_path("gen");
    /// assert_eq!(waiver.path.as_deref(), Some("gen"));
    /// ```
    #[must_use]
    pub fn of_rule(
        id: &str,
        rule: &str,
        reason: &str,
        (owner, approver): (&str, &str),
        expires: Timestamp,
    ) -> Self {
        Self { rule: Some(rule.into()), ..Self::new(id, reason, owner, approver, expires) }
    }

    /// Only in the gate of that name.
    #[must_use]
    pub fn with_gate(self, gate: impl Into<String>) -> Self {
        Self { gate: Some(gate.into()), ..self }
    }

    /// Only where the condition speaks of that part of the product.
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope: Some(scope), ..self }
    }

    /// Only findings in those files.
    #[must_use]
    pub fn with_path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    pub(crate) fn is_live(&self, gate: &str, now: Timestamp) -> bool {
        now < self.expires && self.gate.as_ref().is_none_or(|g| g == gate)
    }

    pub(crate) fn covers_condition(&self, name: &str, scope: &Scope) -> bool {
        self.condition.as_deref() == Some(name) && self.scope.as_ref().is_none_or(|s| s == scope)
    }

    pub(crate) fn covers_finding(&self, finding: &Finding) -> bool {
        self.rule.as_ref().is_some_and(|rule| finding.rule().fits(rule))
            && self.path.as_ref().is_none_or(|pattern| in_path(finding, pattern))
    }
}

/// Waivers that were checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waivers(Vec<Waiver>);

impl Waivers {
    /// Checks waivers.
    ///
    /// # Errors
    ///
    /// [`WaiverErrors`] with every fault and its place: an id that is there twice, a text that is empty, neither or
    /// both of condition and rule, a path without a rule, a scope without a condition.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_gates::{Waiver, Waivers, WaiversSpec};
    ///
    /// let waiver = Waiver::of_condition("W-1", "coverage", "", ("ada", "grace"), Timestamp::MAX);
    /// let errors = Waivers::build(WaiversSpec::default().with_waiver(waiver)).unwrap_err();
    /// assert_eq!(errors.to_string(), "waivers[0].reason: reason is empty: expected a text");
    /// ```
    pub fn build(spec: WaiversSpec) -> Result<Self, WaiverErrors> {
        let mut faults = Faults::default();
        if spec.format != 1 {
            faults.add("format", Problem::UnknownFormat { found: spec.format });
        }
        let mut ids: BTreeMap<&str, String> = BTreeMap::new();
        for (index, waiver) in spec.waivers.iter().enumerate() {
            let path = alloc::format!("waivers[{index}]");
            check(waiver, &path, &mut faults);
            let place = alloc::format!("{path}.id");
            match ids.get(waiver.id.as_str()) {
                Some(first) if !waiver.id.is_empty() => {
                    let (name, first) = (waiver.id.clone(), first.clone());
                    faults.add(place, Problem::DuplicateName { name, first });
                }
                _ => {
                    ids.insert(&waiver.id, place);
                }
            }
        }
        WaiverErrors::check(faults.0)?;
        Ok(Self(spec.waivers))
    }

    /// The waivers, as written.
    #[must_use]
    pub fn waivers(&self) -> &[Waiver] {
        &self.0
    }
}

fn check(waiver: &Waiver, path: &str, faults: &mut Faults) {
    let texts: [(&'static str, Option<&String>); 7] = [
        ("id", Some(&waiver.id)),
        ("reason", Some(&waiver.reason)),
        ("owner", Some(&waiver.owner)),
        ("approver", Some(&waiver.approver)),
        ("gate", waiver.gate.as_ref()),
        ("rule", waiver.rule.as_ref()),
        ("path", waiver.path.as_ref()),
    ];
    for (field, text) in texts {
        if text.is_some_and(|t| t.trim().is_empty()) {
            faults.add(alloc::format!("{path}.{field}"), ValueError::Empty { field, expected: "a text" });
        }
    }
    if let Some(Err(error)) = waiver.condition.as_ref().map(|c| ConditionId::new(c)) {
        faults.add(alloc::format!("{path}.condition"), error);
    }
    let mut conflict = |field: &str, value: &dyn alloc::string::ToString, expected: &str| {
        let problem = Problem::Inconsistent { value: value.to_string(), expected: expected.into() };
        faults.add(alloc::format!("{path}.{field}"), problem);
    };
    match (&waiver.condition, &waiver.rule) {
        (None, None) => conflict("condition", &"", "a condition or a rule"),
        (Some(_), Some(rule)) => conflict("rule", rule, "a condition or a rule, not both"),
        (Some(_), None) => {
            if let Some(pattern) = &waiver.path {
                conflict("path", pattern, "no path without a rule");
            }
        }
        (None, Some(_)) => {
            if let Some(scope) = &waiver.scope {
                conflict("scope", scope, "no scope without a condition");
            }
        }
    }
}
