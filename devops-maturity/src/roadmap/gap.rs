//! How far is it? Present and target of the whole and of each dimension.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Ratio;

use super::check;
use super::credits::Credits;
use super::error::{PlanError, RequestErrors};
use super::request::Target;
use crate::schedule::rounded;
use crate::{Assessment, Fraction, Model};

/// What is taken for the present where it is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// Only what can be defended counts: a plan should not rest on luck.
    #[default]
    Defensible,
    /// What is not known is taken to be like the known rest of its dimension.
    LikeTheRest,
}

/// The gap of the whole or of a dimension, in points of the model's scale.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Gap {
    /// The node.
    pub node: String,
    /// What it is called.
    pub title: String,
    /// Where it stands, on the basis of the plan; none where nothing of it applies.
    pub current: Option<f64>,
    /// What can be defended.
    pub low: Option<f64>,
    /// What is possible.
    pub high: Option<f64>,
    /// Where it should be; none where the target does not say.
    pub target: Option<f64>,
    /// How much is missing; 0 where the target is met or there is none.
    pub gap: f64,
    /// The share of the applicable items that are known: how far the numbers can be trusted.
    pub confidence: Ratio,
    /// How many items are not known.
    pub unknown_items: u32,
}

impl Gap {
    /// Whether there is something to do.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.gap > 0.0
    }
}

/// The gaps of a team.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct GapAnalysis {
    /// What is taken for the present where it is not known.
    pub basis: Basis,
    /// The level of the whole that counts, on that basis; none where the model gives it none.
    pub level: Option<u32>,
    /// The level that is asked for.
    pub target_level: Option<u32>,
    /// The whole.
    pub overall: Gap,
    /// The dimensions, in the order of the model.
    pub dimensions: Vec<Gap>,
}

impl GapAnalysis {
    /// Whether the target is met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        !self.overall.is_open() && !self.dimensions.iter().any(Gap::is_open)
    }
}

/// A node that has to reach a score.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    pub(super) place: usize,
    pub(super) target: Fraction,
}

/// The gaps between where a team stands and a target.
///
/// # Errors
///
/// [`PlanError::Request`] with all faults: an assessment by another model or version, a target that the model does not
/// have.
///
/// ```
/// use devops_maturity::roadmap::{Basis, Target, analyse_gaps};
/// use devops_maturity::{Answers, assess, models};
///
/// let model = models::five_dimensions();
/// let assessment = assess(&model, &Answers::new(&model, "checkout"), "2026-11-25T00:00:00Z".parse()?)?;
/// let gaps = analyse_gaps(&model, &assessment, &Target::level(3), Basis::Defensible)?;
/// // Nothing is known, so nothing can be defended: and the analysis says how little that means.
/// let monitoring = gaps.dimensions.iter().find(|g| g.node == "monitoring").unwrap();
/// assert_eq!((monitoring.gap, monitoring.high, monitoring.confidence.get()), (5.0, Some(10.0), 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn analyse_gaps(
    model: &Model,
    assessment: &Assessment,
    target: &Target,
    basis: Basis,
) -> Result<GapAnalysis, PlanError> {
    let mut faults = Vec::new();
    let goals = check::goals(model, assessment, target, &mut faults);
    RequestErrors::check(faults)?;
    let credits = Credits::now(model, assessment, basis);
    Ok(gaps(model, assessment, target, basis, &goals, &credits))
}

pub(super) fn gaps(
    model: &Model,
    assessment: &Assessment,
    target: &Target,
    basis: Basis,
    goals: &[Goal],
    credits: &Credits,
) -> GapAnalysis {
    let scores = credits.scores(model);
    let gap = |place: usize| {
        let node = model.nodes().get(place);
        let id = node.map_or("", |n| n.id().as_str());
        let score = assessment.node(id).and_then(|n| n.score.as_ref());
        let current = scores.get(place).cloned().flatten();
        let goal = goals.iter().find(|g| g.place == place);
        let missing = goal.zip(current.as_ref()).map(|(g, own)| g.target.minus(own));
        Gap {
            node: id.into(),
            title: node.map_or("", |n| n.title()).into(),
            current: current.as_ref().map(|c| rounded(c.get())),
            low: score.map(|s| rounded(s.low.get())),
            high: score.map(|s| rounded(s.high.get())),
            target: goal.map(|g| rounded(g.target.get())),
            gap: missing.filter(|m| !m.is_negative()).map_or(0.0, |m| rounded(m.get())),
            confidence: score.map_or(Ratio::MIN, |s| s.completeness),
            unknown_items: score.map_or(0, |s| {
                let inside = model.nodes().get(place).map_or(&[][..], |n| &n.all_items);
                let unknown = |i: &&usize| {
                    let item = model.items().get(**i).and_then(|item| assessment.item(item.id().as_str()));
                    item.is_some_and(|item| item.state.is_unknown())
                };
                u32::try_from(inside.iter().filter(unknown).count()).unwrap_or(s.items)
            }),
        }
    };
    GapAnalysis {
        basis,
        level: credits.level(model),
        target_level: target.level,
        overall: gap(0),
        dimensions: model.root().children.iter().map(|place| gap(*place)).collect(),
    }
}
