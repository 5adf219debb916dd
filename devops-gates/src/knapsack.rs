//! The cheapest choice that gains enough: dynamic programming over the number of conditions.

use alloc::vec::Vec;

use crate::fixes::Plan;

/// What one part can be brought to: plans with what each gains. One of them at most is taken.
pub(crate) struct Item {
    options: Vec<(Plan, u128)>,
    /// Whether one of them must be taken.
    forced: bool,
}

impl Item {
    pub(crate) fn new(options: Vec<(Plan, u128)>) -> Self {
        Self { options: options.into_iter().filter(|(_, gain)| *gain > 0).collect(), forced: false }
    }

    /// One of these must be taken.
    pub(crate) const fn forced(options: Vec<(Plan, u128)>) -> Self {
        Self { options, forced: true }
    }
}

/// The smallest plan that takes what must be taken and gains at least `needed`; `None` where there is none.
pub(crate) fn cheapest(items: &[Item], needed: u128) -> Option<Plan> {
    let best = |item: &Item| item.options.iter().map(|(_, gain)| *gain).max().unwrap_or(0);
    let all = items.iter().fold(0_u128, |sum, item| sum.saturating_add(best(item)));
    if all < needed || items.iter().any(|item| item.forced && item.options.is_empty()) {
        return None;
    }
    let simple = |item: &Item| {
        item.options.iter().all(|(plan, _)| plan.len() == 1) || (item.forced && item.options.len() == 1)
    };
    if items.iter().all(simple) { Some(largest_first(items, needed)) } else { table(items, needed) }
}

/// Where there is one price for everything: what must be taken, then the largest gains first.
fn largest_first(items: &[Item], needed: u128) -> Plan {
    let best = |item: &'_ Item| item.options.iter().max_by_key(|(_, gain)| *gain).cloned();
    let (forced, free): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| item.forced);
    let forced: Vec<(Plan, u128)> = forced.into_iter().filter_map(best).collect();
    let mut free: Vec<(Plan, u128)> = free.into_iter().filter_map(best).collect();
    free.sort_by_key(|(_, gain)| core::cmp::Reverse(*gain));
    let mut gained = forced.iter().fold(0_u128, |sum, (_, gain)| sum.saturating_add(*gain));
    let mut plan: Plan = forced.into_iter().flat_map(|(own, _)| own).collect();
    for (own, gain) in free {
        if gained >= needed {
            break;
        }
        gained = gained.saturating_add(gain);
        plan.extend(own);
    }
    plan
}

/// For each number of conditions the most that they gain, part by part, and which option led there.
fn table(items: &[Item], needed: u128) -> Option<Plan> {
    let most = |item: &Item| item.options.iter().map(|(plan, _)| plan.len()).max().unwrap_or(0);
    let limit = items.iter().fold(0_usize, |sum, item| sum.saturating_add(most(item)));
    let mut gains: Vec<Option<u128>> = alloc::vec![None; limit.saturating_add(1)];
    if let Some(first) = gains.first_mut() {
        *first = Some(0);
    }
    let mut choices: Vec<Vec<Option<usize>>> = Vec::with_capacity(items.len());
    for item in items {
        let mut next = if item.forced { alloc::vec![None; gains.len()] } else { gains.clone() };
        let mut chosen = alloc::vec![None; gains.len()];
        for (index, (plan, gain)) in item.options.iter().enumerate() {
            for (cost, before) in gains.iter().enumerate() {
                let (Some(before), cost) = (before, cost.saturating_add(plan.len())) else { continue };
                let sum = before.saturating_add(*gain);
                if let (Some(slot), Some(choice)) = (next.get_mut(cost), chosen.get_mut(cost))
                    && slot.is_none_or(|s| s < sum)
                {
                    *slot = Some(sum);
                    *choice = Some(index);
                }
            }
        }
        gains = next;
        choices.push(chosen);
    }
    let mut cost = gains.iter().position(|gain| gain.is_some_and(|g| g >= needed))?;
    let mut plan = Plan::new();
    for (item, chosen) in items.iter().zip(&choices).rev() {
        let Some(option) = chosen.get(cost).copied().flatten() else { continue };
        let (own, _) = item.options.get(option)?;
        plan.extend(own);
        cost = cost.checked_sub(own.len())?;
    }
    Some(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_needed_costs_nothing() {
        assert_eq!(cheapest(&[], 0), Some(Plan::new()));
        assert_eq!(cheapest(&[], 1), None);
    }

    proptest! {
        #[test]
        fn agrees_with_every_choice(
            shapes in proptest::collection::vec(
                (any::<bool>(), proptest::collection::vec((1usize..4, 1u128..9), 0..3)), 0..5,
            ),
            needed in 0u128..25,
        ) {
            let items: Vec<Item> = shapes
                .iter()
                .map(|(forced, o)| {
                    let options = o.iter().map(|(cost, gain)| (alloc::vec![0; *cost], *gain)).collect();
                    if *forced { Item::forced(options) } else { Item::new(options) }
                })
                .collect();
            let mut best: Option<usize> = None;
            let mut stack = alloc::vec![(0usize, 0usize, 0u128)];
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
            prop_assert_eq!(cheapest(&items, needed).map(|p| p.len()), best);
        }
    }
}
