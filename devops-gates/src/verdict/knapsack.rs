//! The cheapest choice that gains enough: dynamic programming over the cost.

use alloc::vec::Vec;

use crate::verdict::fixes::Plan;

/// What one part can be brought to: plans with what each gains. One of them at most is taken.
pub(crate) struct Item {
    /// The cheaper first; each gains more than those before it.
    options: Vec<(Plan, u128)>,
    /// Whether one of them must be taken.
    forced: bool,
}

impl Item {
    pub(crate) fn new(options: Vec<(Plan, u128)>) -> Self {
        let options = options.into_iter().filter(|(_, gain)| *gain > 0).collect();
        Self { options: worthwhile(options), forced: false }
    }

    /// One of these must be taken.
    pub(crate) fn forced(options: Vec<(Plan, u128)>) -> Self {
        Self { options: worthwhile(options), forced: true }
    }
}

/// Without those that cost as much as another and gain no more.
fn worthwhile(mut options: Vec<(Plan, u128)>) -> Vec<(Plan, u128)> {
    options.sort_by(|(a, more), (b, less)| a.cost.cmp(&b.cost).then(less.cmp(more)));
    let mut best = None;
    options.retain(|(_, gain)| {
        let keep = best.is_none_or(|b| *gain > b);
        if keep {
            best = Some(*gain);
        }
        keep
    });
    options
}

/// The cheapest plan that takes what must be taken and gains at least `needed`; `None` where there is none that
/// costs at most `bound`.
pub(crate) fn cheapest(items: &[Item], needed: u128, bound: u64) -> Option<Plan> {
    let best = |item: &Item| item.options.last().map_or(0, |(_, gain)| *gain);
    let all = items.iter().fold(0_u128, |sum, item| sum.saturating_add(best(item)));
    if all < needed || items.iter().any(|item| item.forced && item.options.is_empty()) {
        return None;
    }
    let simple = |item: &Item| {
        let one_price = item.options.iter().all(|(plan, _)| plan.cost == 1);
        item.options.len() <= 1 && (one_price || item.forced)
    };
    if items.iter().all(simple) { Some(largest_first(items, needed)) } else { table(items, needed, bound) }
}

/// Where there is one price for everything: what must be taken, then the largest gains first.
fn largest_first(items: &[Item], needed: u128) -> Plan {
    let (forced, free): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| item.forced);
    let mut free: Vec<&(Plan, u128)> = free.into_iter().filter_map(|item| item.options.last()).collect();
    free.sort_by_key(|(_, gain)| core::cmp::Reverse(*gain));
    let mut gained = 0_u128;
    let mut plan = Plan::default();
    for (own, gain) in forced.into_iter().filter_map(|item| item.options.last()) {
        gained = gained.saturating_add(*gain);
        plan.extend(own.clone());
    }
    for (own, gain) in free {
        if gained >= needed {
            break;
        }
        gained = gained.saturating_add(*gain);
        plan.extend(own.clone());
    }
    plan
}

/// For each cost the most that it gains, part by part, and which option led there.
fn table(items: &[Item], needed: u128, bound: u64) -> Option<Plan> {
    let most = |item: &Item| item.options.iter().map(|(plan, _)| plan.cost).max().unwrap_or(0);
    let limit = items.iter().fold(0_u64, |sum, item| sum.saturating_add(most(item))).min(bound);
    let mut gains: Vec<Option<u128>> = alloc::vec![None; usize::try_from(limit).ok()?.saturating_add(1)];
    if let Some(first) = gains.first_mut() {
        *first = Some(0);
    }
    let mut choices: Vec<Vec<Option<u8>>> = Vec::with_capacity(items.len());
    for item in items {
        let mut next = if item.forced { alloc::vec![None; gains.len()] } else { gains.clone() };
        let mut chosen = alloc::vec![None; gains.len()];
        for (index, (plan, gain)) in item.options.iter().enumerate() {
            let Ok(price) = usize::try_from(plan.cost) else { continue };
            for (cost, before) in gains.iter().enumerate() {
                let (Some(before), cost) = (before, cost.saturating_add(price)) else { continue };
                let sum = before.saturating_add(*gain);
                if let (Some(slot), Some(choice)) = (next.get_mut(cost), chosen.get_mut(cost))
                    && slot.is_none_or(|s| s < sum)
                {
                    *slot = Some(sum);
                    *choice = u8::try_from(index).ok();
                }
            }
        }
        gains = next;
        choices.push(chosen);
    }
    let mut cost = gains.iter().position(|gain| gain.is_some_and(|g| g >= needed))?;
    let mut plan = Plan::default();
    for (item, chosen) in items.iter().zip(&choices).rev() {
        let Some(option) = chosen.get(cost).copied().flatten() else { continue };
        let (own, _) = item.options.get(usize::from(option))?;
        plan.extend(own.clone());
        cost = cost.checked_sub(usize::try_from(own.cost).ok()?)?;
    }
    Some(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_needed_costs_nothing() {
        assert_eq!(cheapest(&[], 0, 9), Some(Plan::default()));
        assert_eq!(cheapest(&[], 1, 9), None);
    }

    proptest! {
        #[test]
        fn agrees_with_every_choice(
            shapes in proptest::collection::vec(
                (any::<bool>(), proptest::collection::vec((0u64..4, 1u128..9), 0..3)), 0..5,
            ),
            needed in 0u128..25,
            bound in 0u64..12,
        ) {
            let items: Vec<Item> = shapes
                .iter()
                .map(|(forced, o)| {
                    let plan = |cost: u64| Plan { conditions: Vec::new(), cost };
                    let options = o.iter().map(|(cost, gain)| (plan(*cost), *gain)).collect();
                    if *forced { Item::forced(options) } else { Item::new(options) }
                })
                .collect();
            let mut best: Option<u64> = None;
            let mut stack = alloc::vec![(0usize, 0u64, 0u128)];
            while let Some((at, cost, gain)) = stack.pop() {
                let Some((forced, options)) = shapes.get(at) else {
                    if gain >= needed {
                        best = Some(best.map_or(cost, |b| b.min(cost)));
                    }
                    continue;
                };
                if !forced {
                    stack.push((at + 1, cost, gain));
                }
                stack.extend(options.iter().map(|(c, g)| (at + 1, cost + c, gain + g)));
            }
            prop_assert_eq!(cheapest(&items, needed, u64::MAX).map(|p| p.cost), best);
            let bounded = cheapest(&items, needed, bound).map(|p| p.cost).filter(|cost| *cost <= bound);
            prop_assert_eq!(bounded, best.filter(|cost| *cost <= bound));
        }
    }
}
