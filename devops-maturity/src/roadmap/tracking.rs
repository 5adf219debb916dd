//! Did it help? A plan held against a later assessment.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Timestamp, excerpt};

use super::error::{PlanError, RequestErrors, RequestFault};
use super::plan::{at_week, plan};
use super::request::{PlanInput, RoadmapRequest};
use super::result::{PlannedInitiative, Roadmap};
use super::what_if::{RoadmapDiff, compare};
use crate::schedule::rounded;
use crate::{Assessment, CreditBounds};

/// How an item moved.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ItemProgress {
    /// The item.
    pub item: String,
    /// Its credit that the plan started from, 0 to 1.
    pub planned_from: f64,
    /// The credit that the plan expected.
    pub planned_to: f64,
    /// Its credit now; none where it is not known.
    pub now: Option<f64>,
}

impl ItemProgress {
    /// The share of the expected rise that is there, 0 to 1; none where it is not known.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let planned = self.planned_to - self.planned_from;
        let now = self.now?;
        Some(if planned > 0.0 { ((now - self.planned_from) / planned).clamp(0.0, 1.0) } else { 1.0 })
    }
}

/// What became of an initiative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InitiativeOutcome {
    /// All its items are where they should be.
    Moved,
    /// Some of the expected rise is there.
    PartlyMoved,
    /// It should be finished, and its items are where they were.
    NotMoved,
    /// It is not due yet, and its items are where they were.
    NotDue,
    /// Its items are not known now: nobody can say.
    Unknown,
}

/// An initiative and what became of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct InitiativeProgress {
    /// The initiative.
    pub id: String,
    /// When it should be finished.
    pub due: Option<Timestamp>,
    /// What became of it.
    pub outcome: InitiativeOutcome,
    /// Its items.
    pub items: Vec<ItemProgress>,
}

/// A plan held against a later assessment.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Tracking {
    /// The team.
    pub team: String,
    /// When it was assessed.
    pub assessed_at: Timestamp,
    /// The initiatives of the plan, by start.
    pub initiatives: Vec<InitiativeProgress>,
}

impl Tracking {
    /// The initiatives of that outcome.
    pub fn with(&self, outcome: InitiativeOutcome) -> impl Iterator<Item = &InitiativeProgress> {
        self.initiatives.iter().filter(move |i| i.outcome == outcome)
    }
}

/// Holds a plan against a later assessment: which initiatives moved their items, and which did not.
///
/// # Errors
///
/// [`PlanError::Request`] for an assessment by another model or version than the plan's.
///
/// ```
/// # use devops_maturity::roadmap::{PlanInput, RoadmapRequest, Target, plan};
/// # use devops_maturity::{Answers, assess, initiative, models};
/// # let (model, library) = (models::five_dimensions(), initiative::five_dimensions());
/// # let now = "2026-11-25T00:00:00Z".parse()?;
/// # let assessment = assess(&model, &Answers::new(&model, "checkout"), now)?;
/// # let input = PlanInput::new(&model, &assessment, &library);
/// # let request = RoadmapRequest::new(Target::new().with_dimension("feedback", 2.0), now)
/// #     .with_people("developers", 2.0).with_people("coaching", 1.0).with_people("operations", 1.0);
/// use devops_maturity::roadmap::{InitiativeOutcome, track};
///
/// let roadmap = plan(&input, &request)?;
/// let later = assess(&model, &Answers::new(&model, "checkout"), "2027-11-25T00:00:00Z".parse()?)?;
/// // Nobody measured anything, so nobody can say.
/// let tracking = track(&roadmap, &later)?;
/// assert_eq!(tracking.with(InitiativeOutcome::Unknown).count(), roadmap.initiatives.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn track(roadmap: &Roadmap, later: &Assessment) -> Result<Tracking, PlanError> {
    let found = format!("{} {}", later.model, later.version);
    if found != roadmap.model {
        let fault = RequestFault::OtherModel { found: excerpt(&found), expected: excerpt(&roadmap.model) };
        RequestErrors::check([fault].into())?;
    }
    let progress = |initiative: &PlannedInitiative| {
        let items: Vec<ItemProgress> = initiative
            .raises
            .iter()
            .filter(|raise| raise.to > raise.from)
            .map(|raise| ItemProgress {
                item: raise.item.clone(),
                planned_from: raise.from,
                planned_to: raise.to,
                now: known(later, &raise.item),
            })
            .collect();
        let due = at_week(roadmap.request.start, initiative.finish);
        let is_due = due.is_none_or(|due| due <= later.assessed_at);
        InitiativeProgress { id: initiative.id.clone(), due, outcome: outcome(&items, is_due), items }
    };
    Ok(Tracking {
        team: later.team.clone(),
        assessed_at: later.assessed_at,
        initiatives: roadmap.initiatives.iter().map(progress).collect(),
    })
}

fn known(assessment: &Assessment, item: &str) -> Option<f64> {
    let credit: &CreditBounds = assessment.item(item)?.credit.as_ref()?;
    credit.point.as_ref().map(|c| rounded(c.get()))
}

fn outcome(items: &[ItemProgress], is_due: bool) -> InitiativeOutcome {
    let shares: Vec<f64> = items.iter().filter_map(ItemProgress::share).collect();
    // To a millionth, as credits are rounded where they are written.
    let whole = shares.iter().all(|s| *s > 1.0 - 1e-6);
    if shares.is_empty() && !items.is_empty() {
        InitiativeOutcome::Unknown
    } else if whole && shares.len() == items.len() {
        InitiativeOutcome::Moved
    } else if shares.iter().any(|s| *s > 1e-6) {
        InitiativeOutcome::PartlyMoved
    } else if is_due {
        InitiativeOutcome::NotMoved
    } else {
        InitiativeOutcome::NotDue
    }
}

/// A plan looked at again.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Revision {
    /// What became of the first plan.
    pub tracking: Tracking,
    /// The plan from now on.
    pub roadmap: Roadmap,
    /// How it differs from the first.
    pub diff: RoadmapDiff,
}

/// Plans again from a later assessment: what is there by now falls away, what did not move stays.
///
/// # Errors
///
/// As [`plan`] and [`track`].
///
/// ```
/// # use devops_maturity::roadmap::{PlanInput, RoadmapRequest, Target, plan};
/// # use devops_maturity::{Answers, assess, initiative, models};
/// # let (model, library) = (models::five_dimensions(), initiative::five_dimensions());
/// # let now = "2026-11-25T00:00:00Z".parse()?;
/// # let assessment = assess(&model, &Answers::new(&model, "checkout"), now)?;
/// # let input = PlanInput::new(&model, &assessment, &library);
/// # let request = RoadmapRequest::new(Target::new().with_dimension("feedback", 2.0), now)
/// #     .with_people("developers", 2.0).with_people("coaching", 1.0).with_people("operations", 1.0);
/// use devops_maturity::roadmap::revise;
///
/// let first = plan(&input, &request)?;
/// let revision = revise(&first, &input, &request)?;
/// assert!(revision.diff.is_empty()); // nothing has changed yet
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn revise(
    first: &Roadmap,
    later: &PlanInput<'_>,
    request: &RoadmapRequest,
) -> Result<Revision, PlanError> {
    let tracking = track(first, later.assessment)?;
    let roadmap = plan(later, request)?;
    let diff = compare(first, &roadmap);
    Ok(Revision { tracking, roadmap, diff })
}
