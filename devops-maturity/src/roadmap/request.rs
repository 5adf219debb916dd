//! What is asked for.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Measures, Timestamp};

use super::gap::Basis;
use super::risk::{RiskRule, default_risk_rules};
use crate::initiative::Library;
use crate::schedule::{ResourceSpec, ScheduleOptions};
use crate::selection::Wish;
use crate::uncertainty::SimulationOptions;
use crate::{Assessment, Model};

/// A score that a dimension is to reach.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DimensionTarget {
    /// The dimension: a node of the model.
    pub dimension: String,
    /// The score, on the model's scale.
    pub score: f64,
}

/// Where to go: a level, an overall score, scores of dimensions, or several of them.
///
/// ```
/// use devops_maturity::roadmap::Target;
///
/// let target = Target::level(3).with_dimension("monitoring", 6.0);
/// assert_eq!((target.level, target.dimensions.len()), (Some(3), 1));
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Target {
    /// A level of the model. Where the model gates levels, each dimension has to reach it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    /// A score of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overall: Option<f64>,
    /// Scores of dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<DimensionTarget>,
}

impl Target {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { level: None, overall: None, dimensions: Vec::new() }
    }

    /// That level.
    #[must_use]
    pub const fn level(level: u32) -> Self {
        Self { level: Some(level), overall: None, dimensions: Vec::new() }
    }

    /// And that score of the whole.
    #[must_use]
    pub fn with_overall(self, score: f64) -> Self {
        Self { overall: Some(score), ..self }
    }

    /// And that score of a dimension.
    #[must_use]
    pub fn with_dimension(mut self, dimension: impl Into<String>, score: f64) -> Self {
        self.dimensions.push(DimensionTarget { dimension: dimension.into(), score });
        self
    }
}

/// What a plan is made for.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RoadmapRequest {
    /// 1: this form.
    pub format: u32,
    /// Where to go.
    pub target: Target,
    /// When week 0 begins.
    pub start: Timestamp,
    /// People by role, in full-time equivalents; nobody of a role that is not there.
    #[serde(default)]
    pub people: Vec<ResourceSpec>,
    /// All of the target, or as much as the limits allow.
    #[serde(default = "reach")]
    pub wish: Wish,
    /// The most people-weeks that may be spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// The most weeks that the plan may take at planned durations; the chance that it does is simulated too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_weeks: Option<f64>,
    /// What is taken for the present where it is not known.
    #[serde(default)]
    pub basis: Basis,
    /// Initiatives that are out of the question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Initiatives whose anti-patterns are seen in the team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anti_patterns_seen: Vec<String>,
    /// Weeks of a period in the table of people.
    #[serde(default = "four")]
    pub period_weeks: u32,
    /// How hard the schedule is searched for.
    #[serde(default)]
    pub schedule: ScheduleOptions,
    /// How the plan is simulated; the dates are weeks.
    #[serde(default)]
    pub simulation: SimulationOptions,
    /// What is looked out for.
    #[serde(default = "default_risk_rules")]
    pub risk_rules: Vec<RiskRule>,
}

const fn reach() -> Wish {
    Wish::Reach
}

const fn four() -> u32 {
    4
}

impl RoadmapRequest {
    /// Without people yet.
    #[must_use]
    pub fn new(target: Target, start: Timestamp) -> Self {
        Self {
            format: 1,
            target,
            start,
            people: Vec::new(),
            wish: reach(),
            budget: None,
            within_weeks: None,
            basis: Basis::default(),
            exclude: Vec::new(),
            anti_patterns_seen: Vec::new(),
            period_weeks: four(),
            schedule: ScheduleOptions::new(),
            simulation: SimulationOptions::new(),
            risk_rules: default_risk_rules(),
        }
    }

    /// With so many people of that role, instead of those it had.
    #[must_use]
    pub fn with_people(mut self, role: impl Into<String>, people: f64) -> Self {
        let role = role.into();
        self.people.retain(|r| r.name != role);
        self.people.push(ResourceSpec::new(role, people));
        self
    }

    /// As much of the target as the limits allow, instead of all of it.
    #[must_use]
    pub fn with_wish(self, wish: Wish) -> Self {
        Self { wish, ..self }
    }

    /// At most so many people-weeks.
    #[must_use]
    pub fn with_budget(self, people_weeks: f64) -> Self {
        Self { budget: Some(people_weeks), ..self }
    }

    /// At most so many weeks.
    #[must_use]
    pub fn with_weeks(self, weeks: f64) -> Self {
        Self { within_weeks: Some(weeks), ..self }
    }

    /// Without that initiative.
    #[must_use]
    pub fn without(mut self, initiative: impl Into<String>) -> Self {
        self.exclude.push(initiative.into());
        self
    }
}

/// What a plan is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PlanInput<'a> {
    /// The model.
    pub model: &'a Model,
    /// Where the team stands, by that model.
    pub assessment: &'a Assessment,
    /// What can be done, for that model.
    pub library: &'a Library,
    /// What is measured now: evidence for criteria.
    pub measures: Measures,
    /// What was measured at the beginning, for criteria that compare with it.
    pub baseline: Measures,
}

impl<'a> PlanInput<'a> {
    /// Without measures.
    #[must_use]
    pub const fn new(model: &'a Model, assessment: &'a Assessment, library: &'a Library) -> Self {
        Self { model, assessment, library, measures: Measures::new(), baseline: Measures::new() }
    }

    /// With what is measured now.
    #[must_use]
    pub fn with_measures(self, measures: Measures) -> Self {
        Self { measures, ..self }
    }

    /// With what was measured at the beginning.
    #[must_use]
    pub fn with_baseline(self, baseline: Measures) -> Self {
        Self { baseline, ..self }
    }
}
