//! The result of an assessment.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{ItemId, NodeId, Ratio, Timestamp, Value};

use crate::{Evidence, Fraction, Grade, Inferred, IntegrityWarning, Model};

/// What is known of a team by a model at a time. Tells which model, which version and when; the same answers
/// give the same bytes, whatever their order.
///
/// ```
/// use devops_maturity::{Answers, assess, models};
///
/// let model = models::five_dimensions();
/// let assessment = assess(&model, &Answers::new(&model, "checkout"), "2026-11-25T00:00:00Z".parse()?)?;
/// let overall = assessment.root().score.as_ref().unwrap();
/// // Nothing is known: not a zero, but anything from 0 to 10.
/// assert_eq!((overall.low.get(), overall.point.as_ref(), overall.high.get()), (0.0, None, 10.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Assessment {
    /// The form of the document: 1.
    pub format: u32,
    /// The id of the model.
    pub model: String,
    /// The version of the model.
    pub version: String,
    /// The team.
    pub team: String,
    /// The caller's time: what was valid then counts.
    pub assessed_at: Timestamp,
    /// The nodes, depth first; the root is the first.
    pub nodes: Vec<NodeResult>,
    /// The items, in the order of the model.
    pub items: Vec<ItemResult>,
    /// Where a claim is above what was measured.
    pub contradictions: Vec<Contradiction>,
    /// Where assessors disagree.
    pub disputes: Vec<Dispute>,
    /// What speaks against taking the answers at their word.
    pub warnings: Vec<IntegrityWarning>,
    /// The principles of the model, and what of them is covered.
    pub principles: Vec<PrincipleCoverage>,
}

impl Assessment {
    /// The whole.
    ///
    /// # Panics
    ///
    /// Never for an assessment that [`assess`](crate::assess()) made; one that was read from a file without
    /// nodes gives the empty result.
    #[must_use]
    pub fn root(&self) -> &NodeResult {
        static NOTHING: NodeResult = NodeResult::NOTHING;
        self.nodes.first().unwrap_or(&NOTHING)
    }

    /// The node of that id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&NodeResult> {
        self.nodes.iter().find(|n| n.node.as_ref().is_some_and(|n| n.as_str() == id))
    }

    /// The item of that id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&ItemResult> {
        self.items.iter().find(|i| i.item.as_str() == id)
    }

    /// The nodes directly below the root, in the order of the model: the dimensions.
    pub fn dimensions(&self) -> impl Iterator<Item = &NodeResult> {
        let root = self.root().node.as_ref();
        self.nodes.iter().filter(move |n| n.parent.is_some() && n.parent.as_ref() == root)
    }

    /// The dimensions that do not reach a level by themselves: what stands in the way of it.
    ///
    /// ```
    /// use devops_maturity::{Answers, assess, models};
    ///
    /// let model = models::five_dimensions();
    /// let assessment = assess(&model, &Answers::new(&model, "checkout"), "2026-11-25T00:00:00Z".parse()?)?;
    /// assert_eq!(assessment.below(2).count(), 5);
    /// assert_eq!(assessment.below(0).count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn below(&self, level: u32) -> impl Iterator<Item = &NodeResult> {
        self.dimensions()
            .filter(move |n| n.score.is_some() && n.level.as_ref().is_some_and(|l| l.firm() < level))
    }

    /// The principles that no known item speaks of.
    pub fn uncovered_principles(&self) -> impl Iterator<Item = &PrincipleCoverage> {
        self.principles.iter().filter(|p| p.known == 0)
    }

    /// Whether it was made with that model in that version.
    #[must_use]
    pub fn is_of(&self, model: &Model) -> bool {
        self.model == model.id() && self.version == model.version()
    }
}

/// The score and level of a node.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NodeResult {
    /// The node.
    pub node: Option<NodeId>,
    /// The node above; none for the root.
    pub parent: Option<NodeId>,
    /// Its name.
    pub title: String,
    /// Its score; none where nothing below applies.
    pub score: Option<NodeScore>,
    /// Its level; none where the model gives it none, or nothing below applies.
    pub level: Option<NodeLevel>,
    /// The mean credit of the items at each level that has any, lowest level first, where levels are reached
    /// by items rather than by the score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub level_shares: Vec<LevelShare>,
}

impl NodeResult {
    const NOTHING: Self = Self {
        node: None,
        parent: None,
        title: String::new(),
        score: None,
        level: None,
        level_shares: Vec::new(),
    };

    /// The id of the node; empty where there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.node.as_ref().map_or("", NodeId::as_str)
    }
}

/// A score with its bounds, in points of the model's scale.
///
/// `low` counts what is not known as nothing, `high` as full credit; `point` is over what is known, cut to the
/// bounds, and none where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NodeScore {
    /// What can be defended.
    pub low: Fraction,
    /// What is seen.
    pub point: Option<Fraction>,
    /// What is possible.
    pub high: Fraction,
    /// The score with full credit on all that applies.
    pub max: Fraction,
    /// The share of the applicable items that are known, cut to a millionth.
    pub completeness: Ratio,
    /// The share of all items that do not apply, cut to a millionth.
    pub not_applicable_share: Ratio,
    /// How many items are known.
    pub n: u32,
    /// How many items there are.
    pub items: u32,
}

impl NodeScore {
    /// Whether everything that applies is known.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.low == self.high
    }
}

impl fmt::Display for NodeScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(6);
        let shown = |value: &Fraction| {
            if f.precision().is_some() {
                alloc::format!("{value:.digits$}")
            } else {
                alloc::format!("{value}")
            }
        };
        match &self.point {
            Some(point) if self.is_certain() => f.write_str(&shown(point)),
            Some(point) => {
                write!(f, "{} ({} to {})", shown(point), shown(&self.low), shown(&self.high))
            }
            None => write!(f, "unknown ({} to {})", shown(&self.low), shown(&self.high)),
        }
    }
}

/// The level of a node with its bounds, as level numbers; 0 is below every level.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NodeLevel {
    /// The level of the score itself.
    pub ungated: LevelBounds,
    /// The level that the nodes directly below allow; none where the model has no gate here.
    pub gated: Option<LevelBounds>,
    /// The nodes that keep the gated level below the other, in the order of the model.
    pub blocking: Vec<NodeId>,
}

impl NodeLevel {
    /// The level that counts: the gated one where there is a gate, seen over what is known, or what can be
    /// defended where nothing is known.
    #[must_use]
    pub fn firm(&self) -> u32 {
        let bounds = self.gated.as_ref().unwrap_or(&self.ungated);
        bounds.point.unwrap_or(bounds.low)
    }
}

/// A level with its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct LevelBounds {
    /// With all that is not known counted as nothing.
    pub low: u32,
    /// Over what is known; none where nothing is known.
    pub point: Option<u32>,
    /// With all that is not known counted in full.
    pub high: u32,
}

/// The mean credit of the items at a level, 0 to 1, with its bounds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct LevelShare {
    /// The level.
    pub level: u32,
    /// With all that is not known counted as nothing.
    pub low: Fraction,
    /// Over what is known; none where nothing is known.
    pub point: Option<Fraction>,
    /// With all that is not known counted in full.
    pub high: Fraction,
}

/// An item's credit and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ItemResult {
    /// The item.
    pub item: ItemId,
    /// The node that holds it.
    pub node: NodeId,
    /// What it asks.
    pub title: String,
    /// Whether it is known.
    pub state: ItemState,
    /// Its credit, 0 to 1; none where it leaves the score.
    pub credit: Option<CreditBounds>,
    /// What the credit rests on, where there is more than a word; the weakest of several.
    pub evidence: Option<Evidence>,
    /// How many assessors answered it.
    pub assessors: u32,
    /// Whether its grade of evidence limits its credit.
    pub capped: bool,
    /// Where it was taken from, when nobody answered this item itself.
    pub inferred: Option<Inferred>,
}

impl ItemResult {
    /// How strong its evidence is; none where it is not known.
    #[must_use]
    pub fn grade(&self) -> Option<Grade> {
        let known = self.state == ItemState::Known;
        known.then(|| self.evidence.as_ref().map_or(Grade::Claim, |e| e.grade))
    }
}

/// Whether an item is known.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum ItemState {
    /// It has a credit.
    Known,
    /// It does not apply.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// Nobody answered it.
    NotAnswered,
    /// It was answered with "unknown".
    SaidUnknown,
    /// The evidence for its answer was valid until then.
    Expired {
        /// When it was seen.
        observed_at: Timestamp,
    },
    /// It could not be measured.
    NotMeasured {
        /// Why.
        reason: String,
    },
}

impl ItemState {
    /// Whether it applies and is not known.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        !matches!(self, Self::Known | Self::NotApplicable { .. })
    }
}

/// A credit with its bounds, 0 to 1.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CreditBounds {
    /// At least so much.
    pub low: Fraction,
    /// What is known; none where it is not.
    pub point: Option<Fraction>,
    /// At most so much.
    pub high: Fraction,
}

impl CreditBounds {
    pub(crate) fn known(credit: Fraction) -> Self {
        Self { low: credit.clone(), point: Some(credit.clone()), high: credit }
    }

    pub(crate) fn unknown(high: Fraction) -> Self {
        Self { low: Fraction::ZERO, point: None, high }
    }
}

/// A claim above what was measured. The measurement wins.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Contradiction {
    /// The item.
    pub item: ItemId,
    /// The credit that was claimed; none where it was claimed not to apply.
    pub claimed: Option<Fraction>,
    /// The credit that the measured value allows, and that counts.
    pub measured: Fraction,
    /// The metric.
    pub metric: devops_core::MetricId,
    /// The measured value.
    pub value: Value,
    /// The unit of the value.
    pub unit: devops_core::Unit,
}

/// Assessors who disagree on an item. The median counts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Dispute {
    /// The item.
    pub item: ItemId,
    /// The lowest credit that an assessor gives; none where all say that it does not apply.
    pub lowest: Fraction,
    /// The middle one, which counts.
    pub median: Fraction,
    /// The highest one.
    pub highest: Fraction,
    /// How many assessors gave a credit.
    pub scored: u32,
    /// How many assessors say that it does not apply.
    pub not_applicable: u32,
}

impl Dispute {
    /// The highest less the lowest credit.
    #[must_use]
    pub fn spread(&self) -> Fraction {
        self.highest.minus(&self.lowest)
    }
}

/// A principle and what of it is covered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PrincipleCoverage {
    /// Its id.
    pub principle: String,
    /// Its name.
    pub title: String,
    /// How many items of the model speak of it.
    pub items: u32,
    /// How many of them are known.
    pub known: u32,
}
