//! What is missing to a level: the cheapest set of items that reaches it.

mod constraints;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::cmp::Reverse;

use devops_core::ItemId;

use crate::assess::{Rating, rate};
use crate::selection::{Candidate, Goal, Part, Selection, SelectionSpec, Wish, select};
use crate::{Assessment, CreditBounds, Fraction, LevelBounds, Model};
use constraints::Constraint;

/// The items that must come to full credit for a level.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The level that can be defended now.
    pub from: u32,
    /// The level that is asked for.
    pub to: u32,
    /// What must be raised, in the order of the model; nothing where the level is reached.
    pub steps: Vec<Step>,
    /// Person-days for all of it.
    pub effort: f64,
    /// Whether no cheaper set exists.
    pub exact: bool,
    /// No set takes fewer person-days; none where no bound is known.
    pub bound: Option<f64>,
}

/// An item to be raised to full credit.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// The item.
    pub item: ItemId,
    /// What it asks.
    pub title: String,
    /// Its credit now; none where it is not known, and may be there already.
    pub credit: Option<Fraction>,
    /// Person-days for what is missing: its effort times the missing credit.
    pub effort: f64,
}

/// Why a level cannot be explained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// An assessment by another model.
    #[error("the assessment is of `{found}`: expected `{expected}`")]
    OtherModel {
        /// Model and version of the assessment.
        found: String,
        /// Model and version.
        expected: String,
    },
    /// A level that the model does not have, or a model without levels.
    #[error("level {level} is not in the model")]
    UnknownLevel {
        /// The level.
        level: u32,
    },
    /// Even with everything that applies in place.
    #[error("level {level} is out of reach: with all that applies in place it is level {best}")]
    OutOfReach {
        /// The level.
        level: u32,
        /// The best that can be reached.
        best: u32,
    },
}

/// The cheapest set of items that reaches a level, so that it can be defended: what is not known counts as
/// nothing until it is shown.
///
/// The level is that of the root, the gated one where there is a gate; without `level`, the next above what can
/// be defended now. Items come to full credit, and what they require comes with them. Under means, sums, minima,
/// thresholds, competences and levels of items this is a choice under linear goals, searched exactly where it is
/// small and with a bound otherwise ([`selection`](crate::selection)); under rounding or tiers, a set from which
/// nothing can be spared is given, and said to be no more than that. O(n²) in the items, and the search.
///
/// # Errors
///
/// [`ExplainError`].
///
/// ```
/// use devops_maturity::{Answer, Answers, ItemAnswer, assess, explain, models};
///
/// let model = models::continuous_delivery();
/// let answers = model.items().iter().filter(|i| i.id().as_str().contains(".1.")).fold(
///     Answers::new(&model, "checkout"),
///     |answers, item| answers.with_answer(ItemAnswer::new(item.id().clone(), Answer::choice("yes"))),
/// );
/// let assessment = assess(&model, &answers, "2026-11-25T00:00:00Z".parse()?)?;
/// let found = explain(&model, &assessment, None)?;
/// // The first level is there; all that is missing is of the second.
/// assert_eq!((found.from, found.to, found.exact), (1, 2, true));
/// assert!(found.steps.iter().all(|s| s.item.as_str().contains(".2.")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(
    model: &Model,
    assessment: &Assessment,
    level: Option<u32>,
) -> Result<Explanation, ExplainError> {
    let search = Search::new(model, assessment)?;
    let from = search.reached(&search.credits);
    let to = match level {
        Some(level) if model.levels().iter().any(|l| l.number == level) => level,
        Some(level) => return Err(ExplainError::UnknownLevel { level }),
        None => match model.levels().iter().find(|l| l.number > from) {
            Some(next) => next.number,
            None => return Ok(search.explanation(from, from, &BTreeSet::new(), true, Some(0.0))),
        },
    };
    if from >= to {
        return Ok(search.explanation(from, to, &BTreeSet::new(), true, Some(0.0)));
    }
    let all: BTreeSet<usize> = search.open.iter().copied().collect();
    let best = search.reached(&search.raised(&all));
    if best < to {
        return Err(ExplainError::OutOfReach { level: to, best });
    }
    if let Some((set, exact, bound)) = search.by_selection(to) {
        return Ok(search.explanation(from, to, &set, exact, Some(bound)));
    }
    let set = search.greedy(to);
    Ok(search.explanation(from, to, &set, false, None))
}

/// An assessment with what can be raised in it.
pub(crate) struct Search<'a> {
    pub(crate) model: &'a Model,
    pub(crate) credits: Vec<Option<CreditBounds>>,
    /// The items that apply and lack credit.
    pub(crate) open: Vec<usize>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(model: &'a Model, assessment: &Assessment) -> Result<Self, ExplainError> {
        if !assessment.is_of(model) {
            let found = alloc::format!("{} {}", assessment.model, assessment.version);
            let expected = alloc::format!("{} {}", model.id(), model.version());
            return Err(ExplainError::OtherModel { found, expected });
        }
        let credit = |id: &ItemId| assessment.item(id.as_str()).and_then(|i| i.credit.clone());
        let credits: Vec<Option<CreditBounds>> = model.items.iter().map(|i| credit(&i.id)).collect();
        let lacks = |c: &Option<CreditBounds>| c.as_ref().is_some_and(|c| c.low < Fraction::ONE);
        let applies = |i: &ItemId| {
            let state = assessment.item(i.as_str()).map(|i| &i.state);
            !matches!(state, Some(crate::ItemState::NotApplicable { .. }))
        };
        let open = model.items.iter().zip(&credits).enumerate();
        let open = open.filter(|(_, (item, c))| lacks(c) && applies(&item.id)).map(|(i, _)| i).collect();
        Ok(Self { model, credits, open })
    }

    /// The credits with some items in full.
    pub(crate) fn raised(&self, set: &BTreeSet<usize>) -> Vec<Option<CreditBounds>> {
        let full = |index: usize| Some(CreditBounds::known(Fraction::ONE)).filter(|_| set.contains(&index));
        self.credits.iter().enumerate().map(|(index, c)| full(index).or_else(|| c.clone())).collect()
    }

    /// The level that can be defended.
    pub(crate) fn reached(&self, credits: &[Option<CreditBounds>]) -> u32 {
        firm_low(&rate(self.model, credits))
    }

    /// Person-days for what is missing of an item.
    pub(crate) fn effort(&self, item: usize) -> Fraction {
        let low = self.credits.get(item).and_then(|c| c.as_ref()).map_or(Fraction::ONE, |c| c.low.clone());
        self.model.items.get(item).map_or(Fraction::ZERO, |i| i.effort.times(&Fraction::ONE.minus(&low)))
    }

    /// An item with everything open that it requires.
    pub(crate) fn closure(&self, item: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([item]);
        let mut next = alloc::vec![item];
        while let Some(index) = next.pop() {
            for required in self.model.items.get(index).map_or(&[][..], |i| &i.requires) {
                if self.open.contains(required) && found.insert(*required) {
                    next.push(*required);
                }
            }
        }
        found
    }

    fn id(&self, item: usize) -> &str {
        self.model.items.get(item).map_or("", |i| i.id.as_str())
    }

    /// The choice as one under linear goals; `None` where the rules are not linear.
    fn by_selection(&self, to: u32) -> Option<(BTreeSet<usize>, bool, f64)> {
        let constraints = constraints::of(self, to)?;
        // Rounded so that no set is lost: what this finds is a bound, and the answer where it truly reaches.
        let loose = select(&self.selection(&constraints, Round::Up)).ok()?;
        let set = self.chosen(&loose);
        if self.reached(&self.raised(&set)) >= to {
            return Some((set, loose.exact, loose.bound));
        }
        let tight = self.chosen(&select(&self.selection(&constraints, Round::Down)).ok()?);
        (self.reached(&self.raised(&tight)) >= to).then_some((tight, false, loose.bound))
    }

    fn chosen(&self, found: &Selection) -> BTreeSet<usize> {
        self.open.iter().copied().filter(|i| found.chosen.iter().any(|id| id == self.id(*i))).collect()
    }

    /// Each goal is brought to the same size, so that rounding costs a millionth of a millionth of it.
    fn selection(&self, constraints: &[Constraint], round: Round) -> SelectionSpec {
        let mut spec = SelectionSpec::new(Wish::Reach);
        for place in 0..constraints.len() {
            spec = spec.with_goal(Goal::new(alloc::format!("g{place}"), 1.0).with_needed(GOAL));
        }
        for item in &self.open {
            let id = self.id(*item);
            let mut part = Part::new(id, 1.0);
            for (place, constraint) in constraints.iter().enumerate() {
                if let Some((_, worth)) = constraint.worth.iter().find(|(i, _)| i == item) {
                    part =
                        part.with_worth(alloc::format!("g{place}"), round.share(worth, &constraint.needed));
                }
            }
            let mut candidate = Candidate::new(id, self.effort(*item).get()).with_raise(id, 1.0);
            for required in self.model.items.get(*item).map_or(&[][..], |i| &i.requires) {
                if self.open.contains(required) {
                    candidate = candidate.with_requirement(self.id(*required));
                }
            }
            spec = spec.with_part(part).with_candidate(candidate);
        }
        spec
    }

    /// All that is open, less what can be spared, the dearest first.
    fn greedy(&self, to: u32) -> BTreeSet<usize> {
        let closures: BTreeMap<usize, BTreeSet<usize>> =
            self.open.iter().map(|i| (*i, self.closure(*i))).collect();
        let mut set: BTreeSet<usize> = self.open.iter().copied().collect();
        let mut order: Vec<usize> = self.open.clone();
        order.sort_by_key(|i| (Reverse(self.effort(*i)), *i));
        for item in order {
            let needs = |other: &usize| closures.get(other).is_some_and(|all| all.contains(&item));
            let without: BTreeSet<usize> = set.iter().copied().filter(|other| !needs(other)).collect();
            if self.reached(&self.raised(&without)) >= to {
                set = without;
            }
        }
        set
    }

    fn explanation(
        &self,
        from: u32,
        to: u32,
        set: &BTreeSet<usize>,
        exact: bool,
        bound: Option<f64>,
    ) -> Explanation {
        let steps = set.iter().filter_map(|index| {
            let item = self.model.items.get(*index)?;
            let credit = self.credits.get(*index)?.as_ref()?.point.clone();
            let effort = self.effort(*index).get();
            Some(Step { item: item.id.clone(), title: item.title.to_string(), credit, effort })
        });
        let effort = set.iter().map(|i| self.effort(*i)).sum::<Fraction>().get();
        let bound = bound.map(|b| if exact { effort } else { b });
        Explanation { from, to, steps: steps.collect(), effort, exact, bound }
    }
}

/// What every goal is brought to: the largest that a selection takes.
const GOAL: f64 = 1e6;

/// Which way worths are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    Up,
    Down,
}

impl Round {
    /// The part of what is needed that a worth is, of [`GOAL`]; more than all of it is all of it.
    fn share(self, worth: &Fraction, needed: &Fraction) -> f64 {
        let share = worth.over(needed).unwrap_or(Fraction::ONE).clamped(&Fraction::ZERO, &Fraction::ONE);
        let whole = share.times(&Fraction::from(1_000_000));
        let cut = whole.floored(6);
        let step = Fraction::of(1, 1_000_000);
        (if self == Self::Up && cut < whole { cut.plus(&step) } else { cut }).get()
    }
}

/// The level of the root that can be defended.
pub(crate) fn firm_low(rating: &Rating) -> u32 {
    let level = rating.levels.first().and_then(Option::as_ref);
    level.map_or(0, |level| bounds(level).low)
}

fn bounds(level: &crate::NodeLevel) -> LevelBounds {
    level.gated.unwrap_or(level.ungated)
}
