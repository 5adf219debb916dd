//! Initiatives as people write them.

use alloc::string::String;
use alloc::vec::Vec;

use super::{PhaseSpec, SuccessCriterion};
use crate::schedule::{DemandSpec, EstimateSpec};

/// What an initiative does for an item of the model.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RaiseSpec {
    /// The item.
    pub item: String,
    /// By how much its credit rises: above 0, at most 1.
    pub by: f64,
    /// Where the rise ends: a team that is there already gains nothing from it; above 0, at most 1.
    pub up_to: f64,
}

/// Who works on initiatives.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RoleSpec {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
}

impl RoleSpec {
    /// A role.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into() }
    }
}

/// Something that a team can do to become more mature.
///
/// ```
/// use devops_maturity::initiative::InitiativeSpec;
///
/// let diet = InitiativeSpec::new("alert_diet", "Alerts that ask for action", "monitoring", (2.0, 3.0, 5.0))
///     .with_need("operations", 1.0)
///     .with_raise("alert_precision", 0.5, 0.8)
///     .with_success_pattern("every alert names what to do")
///     .with_anti_pattern("alerts are muted and never removed");
/// assert_eq!(diet.people(), 1.0);
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct InitiativeSpec {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The dimension that it belongs to: a node of the model.
    pub dimension: String,
    /// The initiatives that must be finished, or shown to be there, before it starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// How long it takes, in weeks: min, mode and max.
    pub duration: EstimateSpec,
    /// People of each role while it runs, in full-time equivalents.
    pub needs: Vec<DemandSpec>,
    /// What it raises.
    pub raises: Vec<RaiseSpec>,
    /// What shows that it is done; where all of it is shown before, there is nothing to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done_when: Vec<SuccessCriterion>,
    /// What has worked elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub success_patterns: Vec<String>,
    /// What has failed elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anti_patterns: Vec<String>,
}

impl InitiativeSpec {
    /// That takes `weeks` (min, mode, max), and nobody yet.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        dimension: impl Into<String>,
        weeks: (f64, f64, f64),
    ) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            dimension: dimension.into(),
            requires: Vec::new(),
            duration: EstimateSpec::new(weeks.1).with_range(weeks.0, weeks.2),
            needs: Vec::new(),
            raises: Vec::new(),
            done_when: Vec::new(),
            success_patterns: Vec::new(),
            anti_patterns: Vec::new(),
        }
    }

    /// After those.
    #[must_use]
    pub fn after(mut self, ids: &[&str]) -> Self {
        self.requires.extend(ids.iter().map(|id| String::from(*id)));
        self
    }

    /// It takes so many people of that role.
    #[must_use]
    pub fn with_need(mut self, role: impl Into<String>, people: f64) -> Self {
        self.needs.push(DemandSpec { resource: role.into(), amount: people });
        self
    }

    /// It raises the credit of that item by so much, up to so much.
    #[must_use]
    pub fn with_raise(mut self, item: impl Into<String>, by: f64, up_to: f64) -> Self {
        self.raises.push(RaiseSpec { item: item.into(), by, up_to });
        self
    }

    /// That shows that it is done.
    #[must_use]
    pub fn with_done_when(mut self, criterion: SuccessCriterion) -> Self {
        self.done_when.push(criterion);
        self
    }

    /// That has worked.
    #[must_use]
    pub fn with_success_pattern(mut self, text: impl Into<String>) -> Self {
        self.success_patterns.push(text.into());
        self
    }

    /// That has failed.
    #[must_use]
    pub fn with_anti_pattern(mut self, text: impl Into<String>) -> Self {
        self.anti_patterns.push(text.into());
        self
    }

    /// People of all roles together while it runs.
    #[must_use]
    pub fn people(&self) -> f64 {
        self.needs.iter().map(|n| n.amount).sum()
    }
}

/// A library as people write it; [`Library::build`](super::Library::build) checks it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LibrarySpec {
    /// 1: this form.
    pub format: u32,
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The model whose items it raises.
    pub model: String,
    /// Who works on it.
    pub roles: Vec<RoleSpec>,
    /// What can be done.
    pub initiatives: Vec<InitiativeSpec>,
    /// A view on it: steps that are told to managers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseSpec>,
}

impl LibrarySpec {
    /// Empty, for that model.
    #[must_use]
    pub fn new(id: impl Into<String>, version: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            format: 1,
            id: id.into(),
            version: version.into(),
            model: model.into(),
            roles: Vec::new(),
            initiatives: Vec::new(),
            phases: Vec::new(),
        }
    }

    /// With a role.
    #[must_use]
    pub fn with_role(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.roles.push(RoleSpec::new(id, title));
        self
    }

    /// With an initiative.
    #[must_use]
    pub fn with_initiative(mut self, initiative: InitiativeSpec) -> Self {
        self.initiatives.push(initiative);
        self
    }

    /// With a phase.
    #[must_use]
    pub fn with_phase(mut self, phase: PhaseSpec) -> Self {
        self.phases.push(phase);
        self
    }
}
