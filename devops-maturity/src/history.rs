//! What changed between two assessments of a team.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{ItemId, Timestamp};

use crate::integrity::known_credit;
use crate::{Assessment, Fraction, IntegrityWarning, ItemResult, ItemState, NodeScore};

/// What changed from one assessment of a team to a later one.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Changes {
    /// The team.
    pub team: String,
    /// When the earlier one was made.
    pub from: Timestamp,
    /// When the later one was made.
    pub to: Timestamp,
    /// The nodes whose score or level changed.
    pub nodes: Vec<NodeChange>,
    /// The items whose state or credit changed.
    pub items: Vec<ItemChange>,
    /// Credit that rose without newer evidence.
    pub warnings: Vec<IntegrityWarning>,
}

/// A node whose score or level changed.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NodeChange {
    /// The node.
    pub node: String,
    /// Its score then.
    pub score_from: Option<NodeScore>,
    /// Its score now.
    pub score_to: Option<NodeScore>,
    /// Its level then, the gated one where there is a gate.
    pub level_from: Option<u32>,
    /// Its level now.
    pub level_to: Option<u32>,
}

/// An item whose state or credit changed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ItemChange {
    /// The item.
    pub item: ItemId,
    /// What happened.
    pub kind: ItemChangeKind,
    /// The known credit then.
    pub credit_from: Option<Fraction>,
    /// The known credit now.
    pub credit_to: Option<Fraction>,
}

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemChangeKind {
    /// More credit.
    Rose,
    /// Less credit.
    Fell,
    /// Known for the first time, or again.
    BecameKnown,
    /// No longer known: not answered, not measured, or its evidence has expired.
    BecameUnknown,
    /// It applies now, or no longer.
    Applicability,
}

/// Why two assessments cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// Different models or versions.
    #[error("the assessments are of `{from}` and `{to}`: migrate the earlier answers and assess them again")]
    OtherModel {
        /// Model and version of the earlier one.
        from: String,
        /// Model and version of the later one.
        to: String,
    },
    /// Different teams.
    #[error("the assessments are of teams `{from}` and `{to}`: one team is expected")]
    OtherTeam {
        /// The earlier one's.
        from: String,
        /// The later one's.
        to: String,
    },
    /// In the wrong order.
    #[error("the later assessment of {to} is before the earlier one of {from}")]
    OutOfOrder {
        /// The earlier one's time.
        from: Timestamp,
        /// The later one's time.
        to: Timestamp,
    },
}

/// What changed from an assessment to a later one of the same team by the same model.
///
/// # Errors
///
/// [`HistoryError`].
///
/// ```
/// use devops_maturity::{Answer, Answers, ItemAnswer, ItemChangeKind, assess, changes, models};
///
/// let model = models::continuous_delivery();
/// let at = |day: &str, option: &str| {
///     let answer = ItemAnswer::new("build.1.1".parse().unwrap(), Answer::choice(option));
///     assess(&model, &Answers::new(&model, "checkout").with_answer(answer), day.parse().unwrap()).unwrap()
/// };
/// let found = changes(&at("2026-05-01T00:00:00Z", "no"), &at("2026-11-01T00:00:00Z", "yes"))?;
/// assert_eq!(found.items[0].kind, ItemChangeKind::Rose);
/// assert_eq!(found.warnings[0].kind(), "jump_without_evidence");
/// # Ok::<(), devops_maturity::HistoryError>(())
/// ```
pub fn changes(earlier: &Assessment, later: &Assessment) -> Result<Changes, HistoryError> {
    let name = |a: &Assessment| alloc::format!("{} {}", a.model, a.version);
    if name(earlier) != name(later) {
        return Err(HistoryError::OtherModel { from: name(earlier), to: name(later) });
    }
    if earlier.team != later.team {
        return Err(HistoryError::OtherTeam { from: earlier.team.clone(), to: later.team.clone() });
    }
    if later.assessed_at < earlier.assessed_at {
        return Err(HistoryError::OutOfOrder { from: earlier.assessed_at, to: later.assessed_at });
    }
    let mut nodes = Vec::new();
    for now in &later.nodes {
        let before = earlier.node(now.id());
        let change = NodeChange {
            node: now.id().to_string(),
            score_from: before.and_then(|n| n.score.clone()),
            score_to: now.score.clone(),
            level_from: before.and_then(|n| n.level.as_ref()).map(crate::NodeLevel::firm),
            level_to: now.level.as_ref().map(crate::NodeLevel::firm),
        };
        if change.score_from != change.score_to || change.level_from != change.level_to {
            nodes.push(change);
        }
    }
    let pairs = || later.items.iter().filter_map(|now| Some((earlier.item(now.item.as_str())?, now)));
    Ok(Changes {
        team: later.team.clone(),
        from: earlier.assessed_at,
        to: later.assessed_at,
        nodes,
        items: pairs().filter_map(|(before, now)| item_change(before, now)).collect(),
        warnings: pairs().filter_map(|(before, now)| jump(before, now, earlier.assessed_at)).collect(),
    })
}

fn item_change(before: &ItemResult, now: &ItemResult) -> Option<ItemChange> {
    let (from, to) = (known_credit(before), known_credit(now));
    let applies = |item: &ItemResult| !matches!(item.state, ItemState::NotApplicable { .. });
    let kind = match (from, to) {
        _ if applies(before) != applies(now) => ItemChangeKind::Applicability,
        (Some(from), Some(to)) if to > from => ItemChangeKind::Rose,
        (Some(from), Some(to)) if to < from => ItemChangeKind::Fell,
        (None, Some(_)) => ItemChangeKind::BecameKnown,
        (Some(_), None) => ItemChangeKind::BecameUnknown,
        _ => return None,
    };
    let (credit_from, credit_to) = (from.cloned(), to.cloned());
    Some(ItemChange { item: now.item.clone(), kind, credit_from, credit_to })
}

/// Credit that rose although nothing newer than the earlier assessment shows it.
fn jump(before: &ItemResult, now: &ItemResult, then: Timestamp) -> Option<IntegrityWarning> {
    let (from, to) = (known_credit(before)?, known_credit(now)?);
    let newer = now.evidence.as_ref().is_some_and(|e| e.observed_at > then);
    (to > from && !newer).then(|| IntegrityWarning::JumpWithoutEvidence {
        item: now.item.clone(),
        from: from.clone(),
        to: to.clone(),
    })
}
