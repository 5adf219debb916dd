//! The score of a node from what lies below.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::model::{Model, ModelNode};
use crate::{Aggregation, CreditBounds, Fraction};

/// A score in points: its bounds, what is known, and the most it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) low: Fraction,
    pub(crate) point: Option<Fraction>,
    pub(crate) high: Fraction,
    pub(crate) max: Fraction,
}

/// A part of a node: its weight and its score.
type Part = (Fraction, Span);

/// The score of a node; `None` where nothing that counts applies. `below` holds the scores of all nodes behind
/// it in the model.
pub(super) fn score(
    model: &Model,
    node: &ModelNode,
    credits: &[Option<CreditBounds>],
    below: &[Option<Span>],
) -> Option<Span> {
    let span = match node.aggregation {
        Aggregation::WeightedMean => mean(&direct(model, node, credits, below)),
        Aggregation::Sum => sum(&direct(model, node, credits, below)),
        Aggregation::Minimum => minimum(&direct(model, node, credits, below)),
        Aggregation::PooledMean => mean(&items(model, &node.all_items, credits)),
        Aggregation::LevelSums => level_sums(model, node, credits),
        Aggregation::TieredSum => tiered_sum(model, node, credits),
    }?;
    let round = |value: Fraction| node.rounding.map_or(value.clone(), |r| r.apply(&value));
    let (low, high, max) = (round(span.low), round(span.high), round(span.max));
    let point = span.point.map(|point| round(point).clamped(&low, &high));
    Some(Span { low, point, high, max })
}

/// The items of a list that count, in points.
fn items(model: &Model, list: &[usize], credits: &[Option<CreditBounds>]) -> Vec<Part> {
    list.iter()
        .filter_map(|index| Some((model.items.get(*index)?.weight.clone(), points(model, *index, credits)?)))
        .collect()
}

fn points(model: &Model, item: usize, credits: &[Option<CreditBounds>]) -> Option<Span> {
    let credit = credits.get(item)?.as_ref()?;
    let points = |value: &Fraction| value.times(&model.scale);
    Some(Span {
        low: points(&credit.low),
        point: credit.point.as_ref().map(points),
        high: points(&credit.high),
        max: model.scale.clone(),
    })
}

/// What stands directly below: items and nodes.
fn direct(
    model: &Model,
    node: &ModelNode,
    credits: &[Option<CreditBounds>],
    below: &[Option<Span>],
) -> Vec<Part> {
    let mut parts = items(model, &node.items, credits);
    parts.extend(
        node.children
            .iter()
            .filter_map(|index| Some((model.nodes.get(*index)?.weight.clone(), below.get(*index)?.clone()?))),
    );
    parts
}

fn total(parts: &[Part], of: impl Fn(&Span) -> Option<&Fraction>) -> (Fraction, Fraction) {
    let known = parts.iter().filter_map(|(weight, span)| Some((weight, of(span)?)));
    known.fold((Fraction::ZERO, Fraction::ZERO), |(sum, weights), (weight, value)| {
        (sum.plus(&weight.times(value)), weights.plus(weight))
    })
}

fn mean(parts: &[Part]) -> Option<Span> {
    let of = |pick: &dyn Fn(&Span) -> Option<&Fraction>| {
        let (sum, weights) = total(parts, pick);
        sum.over(&weights)
    };
    Some(Span {
        low: of(&|s| Some(&s.low))?,
        point: of(&|s| s.point.as_ref()),
        high: of(&|s| Some(&s.high))?,
        max: of(&|s| Some(&s.max))?,
    })
}

fn sum(parts: &[Part]) -> Option<Span> {
    if parts.is_empty() {
        return None;
    }
    let known = parts.iter().any(|(_, span)| span.point.is_some());
    Some(Span {
        low: total(parts, |s| Some(&s.low)).0,
        point: known.then(|| total(parts, |s| s.point.as_ref()).0),
        high: total(parts, |s| Some(&s.high)).0,
        max: total(parts, |s| Some(&s.max)).0,
    })
}

fn minimum(parts: &[Part]) -> Option<Span> {
    let spans = || parts.iter().filter(|(weight, _)| !weight.is_zero()).map(|(_, span)| span);
    Some(Span {
        low: spans().map(|s| &s.low).min()?.clone(),
        point: spans().filter_map(|s| s.point.as_ref()).min().cloned(),
        high: spans().map(|s| &s.high).min()?.clone(),
        max: spans().map(|s| &s.max).min()?.clone(),
    })
}

/// The items at each level that apply, lowest level first, and how many levels have items at all.
fn by_level(
    model: &Model,
    node: &ModelNode,
    credits: &[Option<CreditBounds>],
) -> (BTreeMap<u32, Vec<Part>>, u32) {
    let mut levels: BTreeMap<u32, Vec<Part>> = BTreeMap::new();
    let mut written: BTreeMap<u32, ()> = BTreeMap::new();
    for index in &node.all_items {
        let Some(item) = model.items.get(*index) else { continue };
        for (level, _) in &item.levels {
            written.insert(*level, ());
            if let (Some(weight), Some(span)) = (item.weight_at(*level), points(model, *index, credits)) {
                levels.entry(*level).or_default().push((weight, span));
            }
        }
    }
    (levels, u32::try_from(written.len()).unwrap_or(u32::MAX))
}

fn level_sums(model: &Model, node: &ModelNode, credits: &[Option<CreditBounds>]) -> Option<Span> {
    let (levels, written) = by_level(model, node, credits);
    let means: Vec<Part> = levels.values().filter_map(|parts| Some((Fraction::ONE, mean(parts)?))).collect();
    let applicable = u32::try_from(means.len()).unwrap_or(u32::MAX);
    let span = sum(&means)?;
    // What does not apply is made up for by the others.
    let factor = Fraction::from(written).over(&Fraction::from(applicable))?;
    let scaled = |value: Fraction| value.times(&factor);
    Some(Span {
        low: scaled(span.low),
        point: span.point.map(scaled),
        high: scaled(span.high),
        max: scaled(span.max),
    })
}

/// One tier after the other, until one is not full.
fn tiered_sum(model: &Model, node: &ModelNode, credits: &[Option<CreditBounds>]) -> Option<Span> {
    let (levels, _) = by_level(model, node, credits);
    if levels.is_empty() {
        return None;
    }
    let climb = |of: &dyn Fn(&Span) -> Option<&Fraction>| {
        let mut points = Fraction::ZERO;
        for parts in levels.values() {
            points = points.plus(&total(parts, of).0);
            if parts.iter().any(|(_, span)| of(span).is_some_and(|value| *value < span.max)) {
                break;
            }
        }
        points
    };
    let known = levels.values().flatten().any(|(_, span)| span.point.is_some());
    Some(Span {
        low: climb(&|s| Some(&s.low)),
        point: known.then(|| climb(&|s| s.point.as_ref())),
        high: climb(&|s| Some(&s.high)),
        max: climb(&|s| Some(&s.max)),
    })
}
