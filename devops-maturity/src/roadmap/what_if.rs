//! What would be different? Two plans compared.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::result::Roadmap;

/// A number in both plans.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// In the first plan.
    pub before: f64,
    /// In the second plan.
    pub after: f64,
}

impl Change {
    const fn new(before: f64, after: f64) -> Self {
        Self { before, after }
    }

    /// After less before.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.after - self.before
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} → {:.1} ({:+.1})", self.before, self.after, self.difference())
    }
}

/// An initiative that is in both plans at different times.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct InitiativeChange {
    /// The initiative.
    pub id: String,
    /// Its start, in weeks.
    pub start: Change,
    /// Its finish, in weeks.
    pub finish: Change,
}

/// How one plan differs from another.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct RoadmapDiff {
    /// Initiatives of the second plan alone.
    pub added: Vec<String>,
    /// Initiatives of the first plan alone.
    pub removed: Vec<String>,
    /// Initiatives of both at different times, by id.
    pub moved: Vec<InitiativeChange>,
    /// The end at planned durations, in weeks.
    pub end: Change,
    /// The end in half of the runs. Both plans are run on the same luck, so the difference is not noise where the
    /// seed is the same.
    pub p50: Change,
    /// The end in eight of ten runs.
    pub p80: Change,
    /// People-weeks.
    pub effort: Change,
    /// The score of the whole when the plan is done; none where a plan has none.
    pub score: Option<Change>,
    /// Risks of the second plan alone, by rule.
    pub new_risks: Vec<String>,
    /// Risks of the first plan alone, by rule.
    pub gone_risks: Vec<String>,
}

impl RoadmapDiff {
    /// Whether nothing is different.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let same = |c: &Change| c.before.total_cmp(&c.after).is_eq();
        self.added.is_empty()
            && self.removed.is_empty()
            && self.moved.is_empty()
            && self.new_risks.is_empty()
            && self.gone_risks.is_empty()
            && [self.end, self.p50, self.p80, self.effort].iter().all(same)
            && self.score.as_ref().is_none_or(same)
    }
}

/// The names that are in `a` alone, in order.
fn alone<'a>(a: impl Iterator<Item = &'a String>, b: impl Iterator<Item = &'a String>) -> Vec<String> {
    let other: Vec<&String> = b.collect();
    let mut found: Vec<String> = a.filter(|id| !other.contains(id)).cloned().collect();
    found.sort_unstable();
    found
}

/// How the second plan differs from the first.
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
/// use devops_maturity::roadmap::compare;
///
/// let before = plan(&input, &request)?;
/// let first = before.initiatives[0].id.clone();
/// let after = plan(&input, &request.without(first.clone()))?;
/// assert!(compare(&before, &before).is_empty());
/// assert!(compare(&before, &after).removed.contains(&first));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn compare(before: &Roadmap, after: &Roadmap) -> RoadmapDiff {
    let ids = |r: &'_ Roadmap| r.initiatives.iter().map(|i| i.id.clone()).collect::<Vec<_>>();
    let risks = |r: &'_ Roadmap| r.risks.iter().map(|r| r.rule.clone()).collect::<Vec<_>>();
    let (own, other) = (ids(before), ids(after));
    let (own_risks, other_risks) = (risks(before), risks(after));
    let mut moved: Vec<InitiativeChange> = before
        .initiatives
        .iter()
        .filter_map(|first| {
            let second = after.initiative(&first.id)?;
            let start = Change::new(first.start, second.start);
            let finish = Change::new(first.finish, second.finish);
            let same = start.before.total_cmp(&start.after).is_eq()
                && finish.before.total_cmp(&finish.after).is_eq();
            (!same).then(|| InitiativeChange { id: first.id.clone(), start, finish })
        })
        .collect();
    moved.sort_by(|a, b| a.id.cmp(&b.id));
    let score = |r: &Roadmap| r.trajectory.last().and_then(|p| p.overall);
    RoadmapDiff {
        added: alone(other.iter(), own.iter()),
        removed: alone(own.iter(), other.iter()),
        moved,
        end: Change::new(before.schedule.makespan, after.schedule.makespan),
        p50: Change::new(before.simulation.p50.value, after.simulation.p50.value),
        p80: Change::new(before.simulation.p80.value, after.simulation.p80.value),
        effort: Change::new(before.selection.effort, after.selection.effort),
        score: score(before).zip(score(after)).map(|(a, b)| Change::new(a, b)),
        new_risks: alone(other_risks.iter(), own_risks.iter()),
        gone_risks: alone(own_risks.iter(), other_risks.iter()),
    }
}
