//! Scores and levels of all nodes from the credits of the items: what assessments, explanations and
//! recommendations share.

use alloc::vec::Vec;

use devops_core::Ratio;

use super::score::{Span, score};
use super::{level, node_result};
use crate::{CreditBounds, ItemState, Model, NodeLevel, NodeResult, NodeScore};

/// Scores and levels by node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rating {
    pub(crate) spans: Vec<Option<Span>>,
    pub(crate) levels: Vec<Option<NodeLevel>>,
}

/// Rates all nodes, the lowest first.
pub(crate) fn rate(model: &Model, credits: &[Option<CreditBounds>]) -> Rating {
    let mut spans: Vec<Option<Span>> = alloc::vec![None; model.nodes.len()];
    let mut levels: Vec<Option<NodeLevel>> = alloc::vec![None; model.nodes.len()];
    for (index, node) in model.nodes.iter().enumerate().rev() {
        let span = score(model, node, credits, &spans);
        let ungated = span.as_ref().and_then(|span| level::ungated(model, node, span, credits));
        let reached = ungated.map(|ungated| level::gated(model, node, ungated, &levels));
        if let (Some(own_span), Some(own_level)) = (spans.get_mut(index), levels.get_mut(index)) {
            *own_span = span;
            *own_level = reached;
        }
    }
    Rating { spans, levels }
}

impl Rating {
    /// With what is known of the items below each node.
    pub(super) fn nodes(
        self,
        model: &Model,
        states: &[&ItemState],
        credits: &[Option<CreditBounds>],
    ) -> Vec<NodeResult> {
        let mut nodes = Vec::new();
        for (index, (span, level)) in self.spans.into_iter().zip(self.levels).enumerate() {
            let Some(node) = model.nodes.get(index) else { continue };
            let below = || node.all_items.iter().filter_map(|i| states.get(*i));
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let n = count(below().filter(|s| ***s == ItemState::Known).count());
            let out = count(below().filter(|s| matches!(s, ItemState::NotApplicable { .. })).count());
            let items = count(node.all_items.len());
            let level_shares =
                span.as_ref().map(|span| level::shares(model, node, span, credits)).unwrap_or_default();
            let result = node_result(model, index).map(|result| NodeResult {
                level_shares,
                score: span.map(|span| NodeScore {
                    low: span.low,
                    point: span.point,
                    high: span.high,
                    max: span.max,
                    completeness: share(n, items.saturating_sub(out)),
                    not_applicable_share: share(out, items),
                    n,
                    items,
                }),
                level,
                ..result
            });
            nodes.extend(result);
        }
        nodes
    }
}

/// Cut to a millionth; 1 of nothing.
fn share(part: u32, whole: u32) -> Ratio {
    let micros = u64::from(part).saturating_mul(1_000_000).checked_div(u64::from(whole));
    Ratio::saturating_from_micros(micros.unwrap_or(1_000_000))
}
