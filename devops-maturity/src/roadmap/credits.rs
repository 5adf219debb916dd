//! The credits of a team's items as a plan sees them: known, one by one, and raised.

use alloc::vec::Vec;

use super::gap::Basis;
use crate::initiative::InitiativeSpec;
use crate::{Assessment, CreditBounds, Fraction, Model};

/// The credit of each item of the model; none where it does not apply.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Credits(Vec<Option<Fraction>>);

impl Credits {
    /// What is there now. Where it is not known, what the basis says.
    pub(super) fn now(model: &Model, assessment: &Assessment, basis: Basis) -> Self {
        let own = model.items().iter().map(|item| {
            let result = assessment.item(item.id().as_str())?;
            let credit = result.credit.as_ref()?;
            let known = credit.point.clone();
            Some(match basis {
                Basis::Defensible => credit.low.clone(),
                Basis::LikeTheRest => {
                    known.or_else(|| share(assessment, result.node.as_str())).unwrap_or_default()
                }
            })
        });
        Self(own.collect())
    }

    fn bounds(&self) -> Vec<Option<CreditBounds>> {
        self.0.iter().map(|c| c.clone().map(CreditBounds::known)).collect()
    }

    /// The score of each node of the model; none where nothing below applies.
    pub(super) fn scores(&self, model: &Model) -> Vec<Option<Fraction>> {
        let rating = crate::assess::rate(model, &self.bounds());
        rating.spans.into_iter().map(|span| span.map(|s| s.low)).collect()
    }

    /// The level of the whole that counts.
    pub(super) fn level(&self, model: &Model) -> Option<u32> {
        let rating = crate::assess::rate(model, &self.bounds());
        rating.levels.into_iter().next().flatten().map(|level| level.firm())
    }

    pub(super) fn of(&self, model: &Model, item: &str) -> Option<&Fraction> {
        self.0.get(*model.item_index.get(item)?)?.as_ref()
    }

    /// The same with full credit of one item.
    pub(super) fn with_full(&self, place: usize) -> Self {
        let mut with = self.clone();
        if let Some(Some(credit)) = with.0.get_mut(place) {
            *credit = Fraction::ONE;
        }
        with
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Option<&Fraction>> {
        self.0.iter().map(Option::as_ref)
    }

    /// What the initiatives make of it: rises of an item add up, those that end lower come first.
    #[expect(single_use_lifetimes, reason = "it cannot be left out in `impl Iterator`")]
    pub(super) fn raised<'a>(&self, model: &Model, done: impl Iterator<Item = &'a InitiativeSpec>) -> Self {
        let mut rises: Vec<(usize, Fraction, Fraction)> = done
            .flat_map(|initiative| &initiative.raises)
            .filter_map(|raise| {
                let number = |value| Fraction::from_f64(value).ok();
                Some((*model.item_index.get(raise.item.as_str())?, number(raise.up_to)?, number(raise.by)?))
            })
            .collect();
        rises.sort();
        let mut with = self.clone();
        for (place, up_to, by) in rises {
            if let Some(Some(credit)) = with.0.get_mut(place)
                && *credit < up_to
            {
                *credit = credit.plus(&by).min(up_to);
            }
        }
        with
    }
}

/// The share of its points that a node has over what is known.
fn share(assessment: &Assessment, node: &str) -> Option<Fraction> {
    let score = assessment.node(node)?.score.as_ref()?;
    score.point.as_ref()?.over(&score.max)
}
