//! A level as linear goals over the items that can be raised.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::Search;
use crate::assess::{Rating, rate, shares};
use crate::model::{ModelNode, NeedOf, Policy};
use crate::{Aggregation, Fraction};

/// So much is needed, and each item in full gives so much.
pub(super) struct Constraint {
    pub(super) needed: Fraction,
    pub(super) worth: Vec<(usize, Fraction)>,
}

/// What the root needs for a level; `None` where that is not linear.
pub(super) fn of(search: &Search<'_>, level: u32) -> Option<Vec<Constraint>> {
    let now = rate(search.model, &search.credits);
    let each = |item: &usize| (*item, rate(search.model, &search.raised(&BTreeSet::from([*item]))));
    let raised: Vec<(usize, Rating)> = search.open.iter().map(each).collect();
    let mut goals = Goals { search, now, raised, found: Vec::new() };
    goals.level(0, search.model.rank(level))?;
    Some(goals.found)
}

struct Goals<'a> {
    search: &'a Search<'a>,
    now: Rating,
    /// The rating with each open item in full.
    raised: Vec<(usize, Rating)>,
    found: Vec<Constraint>,
}

impl Goals<'_> {
    /// A node must reach the level of that rank, and with a gate so must the nodes below, less the allowance.
    fn level(&mut self, node: usize, rank: usize) -> Option<()> {
        let model = self.search.model;
        let place = model.nodes.get(node)?;
        // A node that does not apply holds nothing back.
        if rank == 0 || self.now.spans.get(node)?.is_none() {
            return Some(());
        }
        match place.policy.as_ref()? {
            Policy::Thresholds(list) => {
                let asked = model.levels().iter().take(rank);
                let asked: Vec<_> = asked.filter_map(|l| list.iter().find(|t| t.level == l.number)).collect();
                let strict = asked.iter().any(|t| t.exclusive);
                let from = asked.iter().map(|t| &t.from).max();
                // The level itself must have a threshold, else it is never reached.
                let level = model.levels().get(rank.checked_sub(1)?)?.number;
                if strict || !list.iter().any(|t| t.level == level) {
                    return None;
                }
                if let Some(from) = from {
                    self.score(node, &from.clone())?;
                }
            }
            Policy::AllBelow { met, .. } => {
                for level in model.levels().iter().take(rank) {
                    self.each(place, level.number, met);
                }
            }
            Policy::HighWater { met } => self.any(place, rank, met),
            Policy::Competences { needs, .. } => {
                for level in model.levels().iter().take(rank) {
                    for need in needs.get(&level.number).map_or(&[][..], Vec::as_slice) {
                        match need.of {
                            NeedOf::Each => self.each(place, need.level, &need.at_least),
                            NeedOf::Mean => self.share(node, need.level, &need.at_least)?,
                        }
                    }
                }
            }
        }
        if let Some(allowance) = place.allowance {
            let allowance = usize::try_from(allowance).unwrap_or(usize::MAX);
            for child in &place.children {
                if model.nodes.get(*child)?.policy.is_some() {
                    self.level(*child, rank.saturating_sub(allowance))?;
                }
            }
        }
        Some(())
    }

    /// A node must score so much.
    fn score(&mut self, node: usize, from: &Fraction) -> Option<()> {
        let model = self.search.model;
        let place = model.nodes.get(node)?;
        if place.rounding.is_some() {
            return None;
        }
        let Some(span) = self.now.spans.get(node)?.clone() else { return Some(()) };
        match place.aggregation {
            Aggregation::Minimum => {
                for child in &place.children {
                    if !model.nodes.get(*child)?.weight.is_zero() {
                        self.score(*child, from)?;
                    }
                }
                let credit = from.over(&model.scale)?;
                let items: Vec<usize> = place.items.clone();
                self.forced(
                    items.into_iter().filter(|i| model.items.get(*i).is_some_and(|i| !i.weight.is_zero())),
                    &credit,
                );
                Some(())
            }
            Aggregation::TieredSum => None,
            _ => {
                if !self.linear(place) {
                    return None;
                }
                let gain = |rating: &Rating| {
                    let low = rating.spans.get(node)?.as_ref()?.low.clone();
                    Some(low.minus(&span.low))
                };
                let worth = self.raised.iter().filter_map(|(item, rating)| Some((*item, gain(rating)?)));
                let worth: Vec<_> = worth.filter(|(_, gain)| !gain.is_zero()).collect();
                self.need(from.minus(&span.low), worth);
                Some(())
            }
        }
    }

    /// Whether a node's score is a weighted sum of its items' credits.
    fn linear(&self, node: &ModelNode) -> bool {
        let plain = node.rounding.is_none()
            && !matches!(node.aggregation, Aggregation::Minimum | Aggregation::TieredSum);
        let below = || node.children.iter().filter_map(|c| self.search.model.nodes.get(*c));
        plain && (node.aggregation.is_over_items() || below().all(|child| self.linear(child)))
    }

    /// The items at a level must have so much on average.
    fn share(&mut self, node: usize, level: u32, at_least: &Fraction) -> Option<()> {
        let model = self.search.model;
        let place = model.nodes.get(node)?;
        // Of the rounding only scores know; of the minimum also shares do.
        if has_minimum(self.search, place) {
            return None;
        }
        let low = |credits: &[Option<crate::CreditBounds>], rating: &Rating| {
            let span = rating.spans.get(node)?.as_ref()?;
            let all = shares(model, place, span, credits);
            all.into_iter().find(|s| s.level == level).map(|s| s.low)
        };
        let Some(now) = low(&self.search.credits, &self.now) else { return Some(()) };
        let worth = self.raised.iter().filter_map(|(item, rating)| {
            let credits = self.search.raised(&BTreeSet::from([*item]));
            let gain = low(&credits, rating)?.minus(&now);
            (!gain.is_zero()).then_some((*item, gain))
        });
        let worth = worth.collect();
        self.need(at_least.minus(&now), worth);
        Some(())
    }

    /// The items at any of these levels.
    fn at(&self, node: &ModelNode, wanted: impl Fn(u32) -> bool) -> Vec<usize> {
        let at = |i: &usize| {
            let item = self.search.model.items.get(*i);
            item.is_some_and(|item| item.levels.iter().any(|(level, _)| wanted(*level)))
        };
        node.all_items.iter().copied().filter(at).collect()
    }

    fn each(&mut self, node: &ModelNode, level: u32, met: &Fraction) {
        let items = self.at(node, |own| own == level);
        self.forced(items.into_iter(), met);
    }

    /// Items that must have so much credit themselves.
    fn forced(&mut self, items: impl Iterator<Item = usize>, met: &Fraction) {
        for item in items.filter(|i| self.search.open.contains(i)) {
            if self.low(item).is_some_and(|low| low < met) {
                self.need(Fraction::ONE, alloc::vec![(item, Fraction::ONE)]);
            }
        }
    }

    /// Any one item of the level, or of a higher one, must have so much credit.
    fn any(&mut self, node: &ModelNode, rank: usize, met: &Fraction) {
        let model = self.search.model;
        let items = self.at(node, |level| model.rank(level) >= rank);
        if !items.iter().any(|i| self.low(*i).is_some_and(|low| low >= met)) {
            let open = items.into_iter().filter(|i| self.search.open.contains(i));
            let worth = open.map(|item| (item, Fraction::ONE)).collect();
            self.need(Fraction::ONE, worth);
        }
    }

    fn low(&self, item: usize) -> Option<&Fraction> {
        self.search.credits.get(item)?.as_ref().map(|credit| &credit.low)
    }

    fn need(&mut self, needed: Fraction, worth: Vec<(usize, Fraction)>) {
        if !needed.is_negative() && !needed.is_zero() {
            self.found.push(Constraint { needed, worth });
        }
    }
}

fn has_minimum(search: &Search<'_>, node: &ModelNode) -> bool {
    let mut below = node.children.iter().filter_map(|c| search.model.nodes.get(*c));
    node.aggregation == Aggregation::Minimum || below.any(|child| has_minimum(search, child))
}
