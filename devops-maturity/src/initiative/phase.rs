//! Phases: steps that are told to managers, taken only where they are needed.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Measures;

use super::{CriterionCheck, CriterionState, Library, SuccessCriterion};
use crate::Fraction;

/// A phase is only needed below a score of a dimension.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OnlyBelow {
    /// The dimension: a node of the model.
    pub dimension: String,
    /// The score from which on it is not needed.
    pub score: f64,
}

impl OnlyBelow {
    /// Only below that score of that dimension.
    #[must_use]
    pub fn new(dimension: impl Into<String>, score: f64) -> Self {
        Self { dimension: dimension.into(), score }
    }
}

/// A phase as people write it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PhaseSpec {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How long it takes by itself, in weeks.
    pub weeks: f64,
    /// The phases before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// Where it is not always needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_below: Option<OnlyBelow>,
    /// What it is for.
    pub objectives: Vec<String>,
    /// What it leaves behind.
    pub deliverables: Vec<String>,
    /// When it is done.
    pub done_when: Vec<SuccessCriterion>,
    /// The initiatives that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub initiatives: Vec<String>,
}

impl PhaseSpec {
    /// Without anything in it yet.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>, weeks: f64) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            weeks,
            requires: Vec::new(),
            only_below: None,
            objectives: Vec::new(),
            deliverables: Vec::new(),
            done_when: Vec::new(),
            initiatives: Vec::new(),
        }
    }
}

/// Whether a phase is needed, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum PhaseNeed {
    /// It has to be done.
    Needed {
        /// Why.
        reason: String,
    },
    /// Its criteria are all met.
    Done,
    /// It is not needed from this score on, and no measure speaks against that.
    AboveScore {
        /// The score that is reached.
        reason: String,
    },
}

impl PhaseNeed {
    /// Whether it has to be done.
    #[must_use]
    pub const fn is_needed(&self) -> bool {
        matches!(self, Self::Needed { .. })
    }
}

/// What a phase builds on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Prerequisite {
    /// A phase that has to be done before.
    Phase {
        /// The phase.
        phase: String,
    },
    /// A phase that is skipped: what shows that it is not needed.
    Evidence {
        /// The phase.
        phase: String,
        /// What was checked; never empty.
        shown_by: Vec<String>,
        /// What was not measured, and should be before the next phase starts.
        open: Vec<String>,
    },
}

/// How a phase stands.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PhaseState {
    /// The phase.
    pub phase: String,
    /// What it is called.
    pub title: String,
    /// How long it takes by itself, in weeks.
    pub weeks: f64,
    /// Whether it is needed.
    pub need: PhaseNeed,
    /// What it builds on; each is either a phase to be done or evidence.
    pub prerequisites: Vec<Prerequisite>,
    /// Its criteria.
    pub criteria: Vec<CriterionCheck>,
}

/// How the phases of a library stand, by measures now and at the beginning, and by the scores of dimensions.
///
/// A phase is skipped where all its criteria are met. One that is only needed below some score is skipped from that
/// score on as well, unless a measure shows one of its criteria not met. What a skipped phase should have left behind
/// is told as evidence with each phase that builds on it, so no prerequisite dangles.
///
/// ```
/// use devops_core::Measures;
/// use devops_maturity::initiative::{five_dimensions, phase_states, phase_weeks};
/// use devops_maturity::Fraction;
///
/// let library = five_dimensions();
/// let states = |automation: u64| {
///     let score = |dimension: &str| (dimension == "automation").then(|| Fraction::of(automation, 1));
///     phase_states(&library, score, &Measures::new(), &Measures::new())
/// };
/// assert_eq!(phase_weeks(&states(4)), 56.0);
/// assert_eq!(phase_weeks(&states(5)), 48.0);
/// ```
#[must_use]
pub fn phase_states(
    library: &Library,
    score: impl Fn(&str) -> Option<Fraction>,
    now: &Measures,
    baseline: &Measures,
) -> Vec<PhaseState> {
    let mut states: Vec<PhaseState> = Vec::new();
    for phase in library.phases() {
        let criteria: Vec<CriterionCheck> = phase
            .done_when
            .iter()
            .map(|c| CriterionCheck { criterion: c.clone(), state: c.check(now, baseline) })
            .collect();
        states.push(PhaseState {
            phase: phase.id.clone(),
            title: phase.title.clone(),
            weeks: phase.weeks,
            need: need(phase, &criteria, &score),
            prerequisites: Vec::new(),
            criteria,
        });
    }
    let linked: Vec<Vec<Prerequisite>> = library
        .phases()
        .iter()
        .map(|phase| phase.requires.iter().filter_map(|id| prerequisite(&states, id)).collect())
        .collect();
    for (state, prerequisites) in states.iter_mut().zip(linked) {
        state.prerequisites = prerequisites;
    }
    states
}

fn need(
    phase: &PhaseSpec,
    criteria: &[CriterionCheck],
    score: impl Fn(&str) -> Option<Fraction>,
) -> PhaseNeed {
    if !criteria.is_empty() && criteria.iter().all(|c| c.state.is_met()) {
        return PhaseNeed::Done;
    }
    let failed = criteria.iter().find(|c| matches!(c.state, CriterionState::NotMet { .. }));
    if let Some(failed) = failed {
        return PhaseNeed::Needed { reason: format!("{} is {}", failed.criterion, failed.state) };
    }
    let Some(below) = &phase.only_below else {
        return PhaseNeed::Needed { reason: "not all of its criteria are shown to be met".into() };
    };
    let reached = score(&below.dimension);
    let limit = Fraction::from_f64(below.score).unwrap_or_default();
    match reached {
        Some(own) if own >= limit => {
            PhaseNeed::AboveScore { reason: format!("{} is {own:.2}, from {limit} on", below.dimension) }
        }
        Some(own) => PhaseNeed::Needed { reason: format!("{} is {own:.2}, below {limit}", below.dimension) },
        None => PhaseNeed::Needed { reason: format!("{} is not known", below.dimension) },
    }
}

fn prerequisite(states: &[PhaseState], id: &str) -> Option<Prerequisite> {
    let state = states.iter().find(|s| s.phase == id)?;
    let phase = state.phase.clone();
    let told = |met: bool| {
        let own = state.criteria.iter().filter(move |c| c.state.is_met() == met);
        own.map(|c| format!("{} ({})", c.criterion, c.state))
    };
    Some(match &state.need {
        PhaseNeed::Needed { .. } => Prerequisite::Phase { phase },
        PhaseNeed::Done => Prerequisite::Evidence { phase, shown_by: told(true).collect(), open: Vec::new() },
        PhaseNeed::AboveScore { reason } => {
            let shown_by = [reason.clone()].into_iter().chain(told(true)).collect();
            Prerequisite::Evidence { phase, shown_by, open: told(false).collect() }
        }
    })
}

/// The weeks of all needed phases, one after the other.
#[must_use]
pub fn phase_weeks(states: &[PhaseState]) -> f64 {
    states.iter().filter(|s| s.need.is_needed()).map(|s| s.weeks).sum()
}
