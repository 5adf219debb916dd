//! How far is it? Present and target of the whole and of each dimension.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::{Ratio, excerpt};

use super::credits::Credits;
use super::error::PlanError;
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
/// [`PlanError::OtherModel`] for an assessment by another model or version, [`PlanError::Target`] for a target that
/// the model does not have, with all its faults.
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
    let goals = goals(model, assessment, target)?;
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

/// What has to be reached, by node.
pub(super) fn goals(model: &Model, assessment: &Assessment, target: &Target) -> Result<Vec<Goal>, PlanError> {
    if !assessment.is_of(model) {
        let name = |id: &str, version: &str| excerpt(&format!("{id} {version}"));
        return Err(PlanError::OtherModel {
            found: name(&assessment.model, &assessment.version),
            expected: name(model.id(), model.version()),
        });
    }
    let (mut goals, mut faults) = (Vec::<Goal>::new(), Vec::new());
    let mut aim = |place: usize, target: Fraction| match goals.iter_mut().find(|g| g.place == place) {
        Some(goal) => goal.target = goal.target.clone().max(target),
        None => goals.push(Goal { place, target }),
    };
    if *target == Target::new() {
        faults.push("target is empty: expected a level, an overall score or scores of dimensions".into());
    }
    if let Some(level) = target.level {
        match level_goals(model, level) {
            Some(list) => list.into_iter().for_each(|goal| aim(goal.place, goal.target)),
            None => faults.push(format!(
                "target level is `{level}`: expected a level of the model that begins at a score"
            )),
        }
    }
    let named = target.dimensions.iter().map(|d| (Some(d.dimension.as_str()), d.score));
    for (dimension, score) in target.overall.map(|score| (None, score)).into_iter().chain(named) {
        let place = dimension.map_or(Some(0), |id| model.node_index.get(id).copied());
        let what = dimension.map_or("the whole".to_string(), |id| format!("dimension `{}`", excerpt(id)));
        match (place, Fraction::from_f64(score)) {
            (None, _) => faults.push(format!("target names {what}, which the model does not have")),
            (Some(place), Ok(points)) if !points.is_negative() && points <= *model.scale() => {
                aim(place, points);
            }
            _ => faults.push(format!("target of {what} is `{score}`: expected 0 to {}", model.scale())),
        }
    }
    if faults.is_empty() { Ok(goals) } else { Err(PlanError::Target(faults)) }
}

/// The scores that a level asks for: of the whole, and where levels are gated of each dimension.
fn level_goals(model: &Model, level: u32) -> Option<Vec<Goal>> {
    let root = model.root();
    let mut goals = Vec::from([Goal { place: 0, target: root.threshold(level)?.clone() }]);
    if let Some(allowance) = root.allowance {
        let rank = model.rank(level).saturating_sub(usize::try_from(allowance).unwrap_or(usize::MAX));
        let lower = rank.checked_sub(1).and_then(|place| model.levels().get(place)).map(|l| l.number);
        for &place in &root.children {
            let own = model.nodes().get(place).and_then(|n| n.threshold(lower?));
            let target = own.or_else(|| root.threshold(lower?));
            goals.extend(target.map(|target| Goal { place, target: target.clone() }));
        }
    }
    Some(goals)
}
