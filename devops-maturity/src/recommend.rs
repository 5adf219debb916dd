//! What to do next.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{ItemId, Message, NodeId};

use crate::assess::{Rating, rate};
use crate::explain::{Search, firm_low};
use crate::integrity::known_credit;
use crate::{Assessment, Evidence, ExplainError, Fraction, ItemState, Model};

/// One thing to do, with what speaks for it and what it is expected to give.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Recommendation {
    /// The item.
    pub item: ItemId,
    /// What it asks.
    pub title: String,
    /// The dimension that it belongs to: the node directly below the root, or the root.
    pub dimension: NodeId,
    /// Its credit now; none where it is not known.
    pub credit: Option<Fraction>,
    /// What its credit rests on, where there is more than a word.
    pub evidence: Option<Evidence>,
    /// What speaks for it, the strongest first.
    pub reasons: Vec<Reason>,
    /// Person-days for what is missing: its effort times the missing credit.
    pub effort: f64,
    /// What can be defended of the whole, now.
    pub score_from: Fraction,
    /// What could be defended with this item in full.
    pub score_to: Fraction,
    /// Points of the whole for a person-day.
    pub gain_per_day: f64,
    /// The level of the whole that could be defended with this item in full.
    pub level_to: u32,
    /// What must come first and is not in place.
    pub first: Vec<ItemId>,
}

impl Recommendation {
    /// What it gives, in points of the whole.
    #[must_use]
    pub fn gain(&self) -> Fraction {
        self.score_to.minus(&self.score_from)
    }
}

/// What speaks for doing something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Its dimension holds the level back.
    Blocking,
    /// What is claimed is more than what was measured.
    Contradicted,
    /// The evidence for it has expired.
    Expired,
    /// It is not known: find out first, it may be in place.
    Unknown,
    /// Assessors disagree.
    Disputed,
    /// Its credit is limited by weak evidence.
    WeakEvidence,
    /// It lacks credit.
    Gap,
}

impl Reason {
    /// What it says, to be rendered with [`texts`](crate::texts).
    #[must_use]
    pub const fn message(self) -> Message {
        Message::new(match self {
            Self::Blocking => "reason.blocking",
            Self::Contradicted => "reason.contradicted",
            Self::Expired => "reason.expired",
            Self::Unknown => "reason.unknown",
            Self::Disputed => "reason.disputed",
            Self::WeakEvidence => "reason.weak_evidence",
            Self::Gap => "reason.gap",
        })
    }
}

/// What to do next, the most points of the whole for a person-day first; what holds the level back stands before
/// the rest.
///
/// Gains are on what can be defended: an unknown item counts as nothing until it is shown. Each gain is that of
/// the item alone, so the gains of several do not add up where levels or minima come in.
///
/// # Errors
///
/// [`ExplainError::OtherModel`].
///
/// ```
/// use devops_core::{Measure, Unit};
/// use devops_maturity::{Answers, Observation, Reason, assess, models, recommend};
///
/// let model = models::five_dimensions();
/// let now = "2026-11-25T00:00:00Z".parse()?;
/// let slow = Measure::number("review_time".parse()?, 72.0, Unit::Hours)?;
/// let assessment = assess(&model, &Answers::new(&model, "checkout").with_observation(Observation::new(slow, now)), now)?;
/// let list = recommend(&model, &assessment)?;
/// let review = list.iter().find(|r| r.item.as_str() == "review_time").unwrap();
/// assert_eq!(review.gain().to_string(), "0.375"); // a quarter of a dimension that weighs 0.15
/// assert_eq!(review.reasons, [Reason::Gap]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn recommend(model: &Model, assessment: &Assessment) -> Result<Vec<Recommendation>, ExplainError> {
    let search = Search::new(model, assessment)?;
    let now = rate(model, &search.credits);
    let Some(score_from) = low(&now) else { return Ok(Vec::new()) };
    let blocking = blocking(assessment);
    let mut list = Vec::new();
    for index in &search.open {
        let Some(item) = model.items.get(*index) else { continue };
        let raised = rate(model, &search.raised(&BTreeSet::from([*index])));
        let score_to = low(&raised).unwrap_or_else(|| score_from.clone());
        let holders = holders(model, item.node);
        let reasons = reasons(assessment, &item.id, holders.iter().any(|h| blocking.contains(h)));
        let gain = score_to.minus(&score_from);
        if gain.is_zero() && !reasons.contains(&Reason::Blocking) {
            continue;
        }
        let effort = search.effort(*index);
        let result = assessment.item(item.id.as_str());
        let first = search.closure(*index).into_iter().filter(|i| i != index);
        // The last holder is the root, the one before it the dimension.
        let dimension = holders.iter().rev().nth(1).or(holders.last());
        list.push(Recommendation {
            item: item.id.clone(),
            title: item.title.clone(),
            dimension: dimension.cloned().unwrap_or_else(|| model.root().id.clone()),
            credit: result.and_then(known_credit).cloned(),
            evidence: result.and_then(|r| r.evidence.clone()),
            reasons,
            effort: effort.get(),
            gain_per_day: gain.over(&effort).unwrap_or_default().get(),
            score_from: score_from.clone(),
            score_to,
            level_to: firm_low(&raised),
            first: first.filter_map(|i| model.items.get(i)).map(|i| i.id.clone()).collect(),
        });
    }
    let blocks = |r: &Recommendation| r.reasons.contains(&Reason::Blocking);
    list.sort_by(|a, b| {
        blocks(b)
            .cmp(&blocks(a))
            .then_with(|| b.gain_per_day.total_cmp(&a.gain_per_day))
            .then_with(|| a.item.cmp(&b.item))
    });
    Ok(list)
}

fn low(rating: &Rating) -> Option<Fraction> {
    rating.spans.first()?.as_ref().map(|span| span.low.clone())
}

/// The nodes that hold a level back.
fn blocking(assessment: &Assessment) -> Vec<NodeId> {
    let levels = assessment.nodes.iter().filter_map(|n| n.level.as_ref());
    levels.flat_map(|l| l.blocking.iter().cloned()).collect()
}

/// A node and all above it, the root last.
fn holders(model: &Model, node: usize) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut next = model.nodes.get(node);
    while let Some(node) = next {
        found.push(node.id.clone());
        next = node.parent.and_then(|p| model.nodes.get(p));
    }
    found
}

fn reasons(assessment: &Assessment, id: &ItemId, blocking: bool) -> Vec<Reason> {
    let Some(item) = assessment.item(id.as_str()) else { return Vec::new() };
    let disputed = assessment.disputes.iter().any(|d| d.item == *id);
    let contradicted = assessment.contradictions.iter().any(|c| c.item == *id);
    let expired = matches!(item.state, ItemState::Expired { .. });
    let all = [
        (blocking, Reason::Blocking),
        (contradicted, Reason::Contradicted),
        (expired, Reason::Expired),
        (item.state.is_unknown() && !expired, Reason::Unknown),
        (disputed, Reason::Disputed),
        (item.capped, Reason::WeakEvidence),
        (item.state == ItemState::Known, Reason::Gap),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect()
}
