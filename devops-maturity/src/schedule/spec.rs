//! What people write: resources, activities, estimates.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Unit;

/// How a three-point estimate is read.
///
/// ```
/// use devops_maturity::schedule::Distribution;
/// assert_eq!(Distribution::default(), Distribution::Triangular);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Distribution {
    /// Triangular: mean (min + mode + max) / 3. The cautious choice, with its heavier tail.
    #[default]
    Triangular,
    /// Beta-PERT (Malcolm, Roseboom, Clark & Fazar 1959): mean (min + 4 mode + max) / 6.
    Pert,
}

/// A duration as people estimate it, in the unit of the project: most likely, at least, at most.
///
/// ```
/// use devops_maturity::schedule::EstimateSpec;
/// let estimate: EstimateSpec = serde_json::from_str(r#"{"mode": 3, "max": 6}"#)?;
/// assert_eq!(estimate, EstimateSpec::new(3.0).with_range(3.0, 6.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(from = "EstimateForm", into = "EstimateForm")]
#[non_exhaustive]
pub struct EstimateSpec {
    /// At least; at most `mode`.
    pub min: f64,
    /// Most likely.
    pub mode: f64,
    /// At most; at least `mode`.
    pub max: f64,
}

/// The form in files, where the ends may be left out.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct EstimateForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    mode: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
}

impl From<EstimateForm> for EstimateSpec {
    fn from(form: EstimateForm) -> Self {
        Self { min: form.min.unwrap_or(form.mode), mode: form.mode, max: form.max.unwrap_or(form.mode) }
    }
}

impl From<EstimateSpec> for EstimateForm {
    fn from(spec: EstimateSpec) -> Self {
        let end = |value: f64| (value.total_cmp(&spec.mode).is_ne()).then_some(value);
        Self { min: end(spec.min), mode: spec.mode, max: end(spec.max) }
    }
}

impl From<f64> for EstimateSpec {
    fn from(fixed: f64) -> Self {
        Self::new(fixed)
    }
}

impl EstimateSpec {
    /// Fixed: no more and no less.
    #[must_use]
    pub const fn new(fixed: f64) -> Self {
        Self { min: fixed, mode: fixed, max: fixed }
    }

    /// At least `min`, at most `max`.
    #[must_use]
    pub const fn with_range(self, min: f64, max: f64) -> Self {
        Self { min, mode: self.mode, max }
    }
}

/// A resource that several activities use at the same time up to its capacity, such as a team's engineers.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ResourceSpec {
    /// Its name; unique in the project.
    pub name: String,
    /// How much of it there is at any time, such as people; 0 to 10⁶.
    pub capacity: f64,
}

impl ResourceSpec {
    /// So much of a resource.
    #[must_use]
    pub fn new(name: impl Into<String>, capacity: f64) -> Self {
        Self { name: name.into(), capacity }
    }
}

/// How much of a resource an activity holds from its start to its finish.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DemandSpec {
    /// The resource's name.
    pub resource: String,
    /// How much of it; 0 to its capacity.
    pub amount: f64,
}

/// Something that takes time.
///
/// ```
/// use devops_maturity::schedule::{ActivitySpec, EstimateSpec};
///
/// let alerts = ActivitySpec::new("alerts", EstimateSpec::new(2.0).with_range(1.0, 4.0))
///     .after("dashboard")
///     .with_demand("engineers", 1.5);
/// assert_eq!(alerts.demands[0].amount, 1.5);
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ActivitySpec {
    /// Its name; unique in the project.
    pub name: String,
    /// How long it takes, in the unit of the project; 0 (a milestone) to 10⁶.
    pub duration: EstimateSpec,
    /// The activities that must be finished before it starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What it holds of which resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demands: Vec<DemandSpec>,
}

impl ActivitySpec {
    /// Without predecessors or demands; `duration` is a number or an [`EstimateSpec`].
    #[must_use]
    pub fn new(name: impl Into<String>, duration: impl Into<EstimateSpec>) -> Self {
        Self { name: name.into(), duration: duration.into(), after: Vec::new(), demands: Vec::new() }
    }

    /// It starts when that activity is finished.
    #[must_use]
    pub fn after(mut self, name: impl Into<String>) -> Self {
        self.after.push(name.into());
        self
    }

    /// It holds that much of that resource.
    #[must_use]
    pub fn with_demand(mut self, resource: impl Into<String>, amount: f64) -> Self {
        self.demands.push(DemandSpec { resource: resource.into(), amount });
        self
    }
}

/// A project as people write it; [`Project::build`](super::Project::build) checks it.
///
/// ```
/// use devops_maturity::schedule::{Project, ProjectSpec};
///
/// let spec: ProjectSpec = serde_json::from_str(r#"{
///     "format": 1, "name": "alerts", "unit": "days",
///     "resources": [{"name": "ops", "capacity": 1}],
///     "activities": [
///         {"name": "metrics", "duration": {"min": 2, "mode": 3, "max": 7}, "demands": [{"resource": "ops", "amount": 1}]},
///         {"name": "rules", "duration": {"mode": 1}, "after": ["metrics"]}
///     ]
/// }"#)?;
/// assert_eq!(Project::build(spec)?.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ProjectSpec {
    /// 1: this form.
    pub format: u32,
    /// What it is called.
    pub name: String,
    /// The unit of all durations; shown, never converted.
    #[serde(default = "weeks")]
    pub unit: Unit,
    /// How the estimates are read.
    #[serde(default)]
    pub distribution: Distribution,
    /// The resources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceSpec>,
    /// The activities.
    pub activities: Vec<ActivitySpec>,
}

const fn weeks() -> Unit {
    Unit::Weeks
}

impl ProjectSpec {
    /// In weeks, triangular, with nothing in it yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            format: 1,
            name: name.into(),
            unit: weeks(),
            distribution: Distribution::default(),
            resources: Vec::new(),
            activities: Vec::new(),
        }
    }

    /// With durations in that unit.
    #[must_use]
    pub fn with_unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    /// With estimates read that way.
    #[must_use]
    pub fn with_distribution(self, distribution: Distribution) -> Self {
        Self { distribution, ..self }
    }

    /// With a resource.
    #[must_use]
    pub fn with_resource(mut self, name: impl Into<String>, capacity: f64) -> Self {
        self.resources.push(ResourceSpec::new(name, capacity));
        self
    }

    /// With an activity.
    #[must_use]
    pub fn with_activity(mut self, activity: ActivitySpec) -> Self {
        self.activities.push(activity);
        self
    }
}
