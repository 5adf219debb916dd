//! A roadmap: what is done when, by whom, and what comes of it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::Timestamp;

use super::error::LeftOut;
use super::gap::GapAnalysis;
use super::metrics::{ScorePoint, SuccessMetric};
use super::people::RoleLoad;
use super::phases::PhaseView;
use super::request::RoadmapRequest;
use super::risk::Risk;
use crate::initiative::SuccessCriterion;
use crate::schedule::{DemandSpec, Schedule};
use crate::selection::{Selection, Wish};
use crate::uncertainty::Simulation;

/// What an initiative is expected to do for an item.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ExpectedRaise {
    /// The item.
    pub item: String,
    /// Its credit when the initiative starts, 0 to 1.
    pub from: f64,
    /// Its credit when the initiative is finished.
    pub to: f64,
}

/// A requirement that is not in the plan, as it is shown to be there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ShownRequirement {
    /// The initiative that is required.
    pub initiative: String,
    /// What shows that it has been done.
    pub shown_by: String,
}

/// An initiative of the plan.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PlannedInitiative {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The dimension that it belongs to.
    pub dimension: String,
    /// When it starts, in weeks from the start of the plan.
    pub start: f64,
    /// When it is finished at planned durations, in weeks.
    pub finish: f64,
    /// The day that it starts; none past the year 9999.
    pub starts_at: Option<Timestamp>,
    /// The day that it is finished.
    pub ends_at: Option<Timestamp>,
    /// The week by which it is finished in eight of ten runs.
    pub finish_p80: Option<f64>,
    /// The share of the runs in which a delay of it delays the end.
    pub criticality: f64,
    /// People by role.
    pub people: Vec<DemandSpec>,
    /// People-weeks.
    pub effort: f64,
    /// What must be finished before, in the plan.
    pub after: Vec<String>,
    /// What it requires and is there already.
    pub shown: Vec<ShownRequirement>,
    /// What comes of it.
    pub raises: Vec<ExpectedRaise>,
    /// What shows that it is done.
    pub done_when: Vec<SuccessCriterion>,
    /// What has worked elsewhere.
    pub success_patterns: Vec<String>,
    /// What has failed elsewhere.
    pub anti_patterns: Vec<String>,
}

/// A plan from an assessment to a target.
///
/// `Display` is one sentence, [`to_markdown`](Self::to_markdown) the report. The same input gives the same bytes.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Roadmap {
    /// The form of the document: 1.
    pub format: u32,
    /// The team.
    pub team: String,
    /// The model and its version.
    pub model: String,
    /// The library and its version.
    pub library: String,
    /// When the team was assessed.
    pub assessed_at: Timestamp,
    /// What was asked for.
    pub request: RoadmapRequest,
    /// Whether the target was met before anything is done: the plan is empty.
    pub met: bool,
    /// How far it is.
    pub gaps: GapAnalysis,
    /// What was chosen, at what effort, and how good that choice is.
    pub selection: Selection,
    /// The initiatives, by start.
    pub initiatives: Vec<PlannedInitiative>,
    /// Their schedule.
    pub schedule: Schedule,
    /// How sure the end is.
    pub simulation: Simulation,
    /// The plan as phases.
    pub phases: Vec<PhaseView>,
    /// What it takes of each role.
    pub roles: Vec<RoleLoad>,
    /// What should be measured, and where it should be.
    pub metrics: Vec<SuccessMetric>,
    /// The scores that are expected, from week to week.
    pub trajectory: Vec<ScorePoint>,
    /// What stands in the way.
    pub risks: Vec<Risk>,
    /// What could not take part.
    pub left_out: Vec<LeftOut>,
}

impl Roadmap {
    /// The initiative of that id.
    #[must_use]
    pub fn initiative(&self, id: &str) -> Option<&PlannedInitiative> {
        self.initiatives.iter().find(|i| i.id == id)
    }

    /// What the choice costs, and how much less another could: one sentence.
    #[must_use]
    pub fn effort_summary(&self) -> String {
        let Selection { effort, bound, exact, value, .. } = &self.selection;
        match (self.request.wish, exact) {
            (Wish::Reach, true) => {
                format!("{effort:.1} people-weeks; no choice that reaches the target needs less.")
            }
            (Wish::Reach, false) if *bound <= 0.0 => {
                format!("{effort:.1} people-weeks; whether less would do is not known.")
            }
            (Wish::Reach, false) => format!(
                "{effort:.1} people-weeks; whether less would do is not proved, below {bound:.1} nothing does."
            ),
            (Wish::Most, true) => {
                format!("{effort:.1} people-weeks; no choice within the limits gives more.")
            }
            (Wish::Most, false) => format!(
                "{effort:.1} people-weeks for {value:.2} of the missing points; no choice gives more than {bound:.2}."
            ),
        }
    }

    /// The initiatives that delay the end in at least that share of the runs, the most critical first.
    #[must_use]
    pub fn critical(&self, from: f64) -> Vec<&PlannedInitiative> {
        let mut found: Vec<&PlannedInitiative> =
            self.initiatives.iter().filter(|i| i.criticality >= from).collect();
        found.sort_by(|a, b| {
            b.criticality.total_cmp(&a.criticality).then_with(|| a.start.total_cmp(&b.start))
        });
        found
    }
}

impl fmt::Display for Roadmap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.met {
            return write!(f, "{}: the target is met, so there is nothing to plan", self.team);
        }
        let n = self.initiatives.len();
        let effort = self.selection.effort;
        let (p50, p80) = (self.simulation.p50.value, self.simulation.p80.value);
        let word = if n == 1 { "initiative" } else { "initiatives" };
        write!(
            f,
            "{}: {n} {word}, {effort:.0} people-weeks, done in {p50:.0} weeks (P50) to {p80:.0} weeks (P80)",
            self.team
        )
    }
}
