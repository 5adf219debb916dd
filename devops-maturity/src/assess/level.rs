//! The level that a node reaches.

use alloc::vec::Vec;
use devops_core::NodeId;

use super::score::Span;
use crate::model::{EmptyLevel, Model, ModelNode, NeedOf, Policy};
use crate::{Aggregation, CreditBounds, Fraction, LevelBounds, LevelShare, NodeLevel};

/// Which of the three readings of what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Low,
    Point,
    High,
}

impl View {
    fn of_credit(self, credit: &CreditBounds) -> Option<&Fraction> {
        match self {
            Self::Low => Some(&credit.low),
            Self::Point => credit.point.as_ref(),
            Self::High => Some(&credit.high),
        }
    }
}

/// What a level's items amount to.
enum Share {
    /// No item there applies.
    Empty,
    /// Items apply, none is known.
    Unknown,
    Is(Fraction),
}

/// How a level stands on the way up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Holds,
    Fails,
    Skipped,
}

impl From<EmptyLevel> for Step {
    fn from(empty: EmptyLevel) -> Self {
        match empty {
            EmptyLevel::Pass => Self::Holds,
            EmptyLevel::Skip => Self::Skipped,
            EmptyLevel::Fail => Self::Fails,
        }
    }
}

impl From<bool> for Step {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// The level of a node without its gate; `None` where the model gives it no levels.
pub(super) fn ungated(
    model: &Model,
    node: &ModelNode,
    span: &Span,
    credits: &[Option<CreditBounds>],
) -> Option<LevelBounds> {
    let policy = node.policy.as_ref()?;
    let climber = Climber { model, node, policy, span, credits };
    Some(LevelBounds {
        low: climber.reached(View::Low),
        point: span.point.is_some().then(|| climber.reached(View::Point)),
        high: climber.reached(View::High),
    })
}

/// The mean credit at each level of a node whose levels are reached by items.
pub(crate) fn shares(
    model: &Model,
    node: &ModelNode,
    span: &Span,
    credits: &[Option<CreditBounds>],
) -> Vec<LevelShare> {
    let policy = match &node.policy {
        None | Some(Policy::Thresholds(_)) => return Vec::new(),
        Some(policy) => policy,
    };
    let climber = Climber { model, node, policy, span, credits };
    let share = |level, view| match climber.mean(node, level, view) {
        Share::Is(value) => Some(value),
        Share::Empty | Share::Unknown => None,
    };
    let levels = model.levels().iter().filter_map(|level| {
        let level = level.number;
        let point = share(level, View::Point);
        Some(LevelShare { level, low: share(level, View::Low)?, point, high: share(level, View::High)? })
    });
    levels.collect()
}

struct Climber<'a> {
    model: &'a Model,
    node: &'a ModelNode,
    policy: &'a Policy,
    span: &'a Span,
    credits: &'a [Option<CreditBounds>],
}

impl Climber<'_> {
    fn reached(&self, view: View) -> u32 {
        let mut reached = 0;
        for level in self.model.levels() {
            match self.step(level.number, view) {
                Step::Holds => reached = level.number,
                Step::Skipped => {}
                // The highest item met counts, whatever lies below it.
                Step::Fails if matches!(self.policy, Policy::HighWater { .. }) => {}
                Step::Fails => break,
            }
        }
        reached
    }

    fn step(&self, level: u32, view: View) -> Step {
        match self.policy {
            Policy::Thresholds(list) => {
                let score = match view {
                    View::Low => &self.span.low,
                    View::High => &self.span.high,
                    View::Point => self.span.point.as_ref().unwrap_or(&self.span.low),
                };
                let threshold = list.iter().find(|t| t.level == level);
                threshold.map_or(Step::Skipped, |t| t.holds(score).into())
            }
            Policy::HighWater { met } => {
                let mut at = self.credits_at(level).filter_map(|c| view.of_credit(c));
                at.any(|credit| credit >= met).into()
            }
            Policy::AllBelow { met, empty } => match self.each(level, view) {
                Share::Empty => (*empty).into(),
                Share::Unknown => Step::Fails,
                Share::Is(lowest) => (lowest >= *met).into(),
            },
            Policy::Competences { needs, empty } => {
                let needs = needs.get(&level).map_or(&[][..], Vec::as_slice);
                let own_empty = matches!(self.each(level, view), Share::Empty);
                let mut worst = Step::Holds;
                for need in needs {
                    let share = |view| match need.of {
                        NeedOf::Mean => self.mean(self.node, need.level, view),
                        NeedOf::Each => self.each(need.level, view),
                    };
                    let share = match share(view) {
                        Share::Unknown => share(View::Low),
                        known => known,
                    };
                    match share {
                        Share::Empty if *empty == EmptyLevel::Fail => return Step::Fails,
                        Share::Empty if *empty == EmptyLevel::Skip && own_empty => worst = Step::Skipped,
                        Share::Is(share) if share < need.at_least => return Step::Fails,
                        _ => {}
                    }
                }
                worst
            }
        }
    }

    fn credits_at(&self, level: u32) -> impl Iterator<Item = &CreditBounds> {
        let items = self.node.all_items.iter().filter_map(|i| Some((self.model.items.get(*i)?, *i)));
        let at = items.filter(move |(item, _)| item.levels.iter().any(|(l, _)| *l == level));
        at.filter_map(|(_, index)| self.credits.get(index)?.as_ref())
    }

    /// The lowest credit at a level.
    fn each(&self, level: u32, view: View) -> Share {
        if self.credits_at(level).next().is_none() {
            return Share::Empty;
        }
        let lowest = self.credits_at(level).filter_map(|c| view.of_credit(c)).min();
        lowest.map_or(Share::Unknown, |credit| Share::Is(credit.clone()))
    }

    /// The mean credit at a level, which nodes below pass on as their own mean.
    fn mean(&self, node: &ModelNode, level: u32, view: View) -> Share {
        let over_items = node.aggregation.is_over_items();
        let items = if over_items { &node.all_items } else { &node.items };
        let mut parts: Vec<(Fraction, Share)> = Vec::new();
        for index in items {
            let Some(weight) = self.model.items.get(*index).and_then(|i| i.weight_at(level)) else {
                continue;
            };
            let Some(Some(credit)) = self.credits.get(*index) else { continue };
            let share = view.of_credit(credit).map_or(Share::Unknown, |c| Share::Is(c.clone()));
            parts.push((weight, share));
        }
        let children = if over_items { &[][..] } else { &node.children };
        for child in children.iter().filter_map(|index| self.model.nodes.get(*index)) {
            match self.mean(child, level, view) {
                Share::Empty if self.policy.empty_fails() => {
                    parts.push((child.weight.clone(), Share::Is(Fraction::ZERO)));
                }
                Share::Empty => {}
                share => parts.push((child.weight.clone(), share)),
            }
        }
        weigh(&parts, node.aggregation == Aggregation::Minimum)
    }
}

fn weigh(parts: &[(Fraction, Share)], minimum: bool) -> Share {
    if parts.is_empty() {
        return Share::Empty;
    }
    let known = || {
        parts.iter().filter_map(|(weight, share)| match share {
            Share::Is(value) => Some((weight, value)),
            _ => None,
        })
    };
    if minimum {
        let lowest = known().map(|(_, value)| value).min();
        return lowest.map_or(Share::Unknown, |value| Share::Is(value.clone()));
    }
    let weights: Fraction = known().map(|(weight, _)| weight.clone()).sum();
    let sum: Fraction = known().map(|(weight, value)| weight.times(value)).sum();
    sum.over(&weights).map_or(Share::Unknown, Share::Is)
}

/// The level of a node with its gate, from the levels of the nodes directly below.
pub(super) fn gated(
    model: &Model,
    node: &ModelNode,
    ungated: LevelBounds,
    below: &[Option<NodeLevel>],
) -> NodeLevel {
    let Some(allowance) = node.allowance else {
        return NodeLevel { ungated, gated: None, blocking: Vec::new() };
    };
    let allowance = usize::try_from(allowance).unwrap_or(usize::MAX);
    let children: Vec<(&ModelNode, LevelBounds)> = node
        .children
        .iter()
        .filter_map(|index| {
            let level = below.get(*index)?.as_ref()?;
            Some((model.nodes.get(*index)?, level.gated.unwrap_or(level.ungated)))
        })
        .collect();
    let rank = |number: u32| model.rank(number);
    let held = |own: u32, of: &dyn Fn(&LevelBounds) -> u32| {
        let lowest = children.iter().map(|(_, level)| rank(of(level)).saturating_add(allowance)).min();
        let allowed = lowest.map_or(rank(own), |lowest| lowest.min(rank(own)));
        let place = allowed.checked_sub(1).and_then(|i| model.levels().get(i));
        place.map_or(0, |level| level.number)
    };
    let seen = |level: &LevelBounds| level.point.unwrap_or(level.low);
    let bounds = LevelBounds {
        low: held(ungated.low, &|l| l.low),
        point: ungated.point.map(|own| held(own, &seen)),
        high: held(ungated.high, &|l| l.high),
    };
    let own = rank(seen(&ungated));
    let blocks = |level: &LevelBounds| rank(seen(level)).saturating_add(allowance) < own;
    let blocking: Vec<NodeId> =
        children.iter().filter(|(_, level)| blocks(level)).map(|(child, _)| child.id.clone()).collect();
    NodeLevel { ungated, gated: Some(bounds), blocking }
}
