//! The cheapest conditions to fix so that a gate passes.

use alloc::vec::Vec;

use crate::evaluate::{Ends, Tally, part};
use crate::gate::compiled::{Child, Group, Part, Rule};
use crate::verdict::knapsack::{Item, cheapest};
use crate::{Status, Verdict};

/// Conditions to fix, by index, and what that costs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) conditions: Vec<usize>,
    pub(crate) cost: u64,
}

impl Plan {
    pub(crate) fn extend(&mut self, other: Self) {
        self.conditions.extend(other.conditions);
        self.cost = self.cost.saturating_add(other.cost);
    }

    fn together(plans: impl IntoIterator<Item = Self>) -> Self {
        let mut sum = Self::default();
        plans.into_iter().for_each(|plan| sum.extend(plan));
        sum
    }
}

/// Looks for the cheapest plans over the tree of a verdict. A plan brings what a part comes to at the least up to
/// a goal, or, under a `not`, what it comes to at the most down to one.
pub(crate) struct Planner<'a> {
    verdict: &'a Verdict,
    /// What each condition costs; one each where it is empty.
    costs: Vec<u64>,
    /// No plan is dearer than this.
    bound: u64,
}

impl<'a> Planner<'a> {
    /// Counts conditions.
    pub(crate) const fn new(verdict: &'a Verdict) -> Self {
        Self { verdict, costs: Vec::new(), bound: u64::MAX }
    }

    /// Sums costs, up to a bound.
    pub(crate) const fn with_costs(verdict: &'a Verdict, costs: Vec<u64>, bound: u64) -> Self {
        Self { verdict, costs, bound }
    }

    /// The cheapest set of conditions that makes the gate pass; `None` where none does.
    pub(crate) fn pass(&self) -> Option<Plan> {
        if self.verdict.status() == Status::Passed {
            return Some(Plan::default());
        }
        let root = self.verdict.compiled().groups.last()?;
        self.parts(root).next()?;
        let mut plan = self.raise_group(root, Status::Passed)?;
        plan.conditions.sort_unstable();
        (plan.cost <= self.bound).then_some(plan)
    }

    fn seen(&self, child: Child) -> Option<(Ends, Part)> {
        part(self.verdict.compiled(), child, self.verdict.entries(), self.verdict.inner_states())
    }

    /// The parts of a group that count.
    fn parts(&self, group: &'a Group) -> impl Iterator<Item = (Child, Ends, Part)> + '_ {
        group.children.iter().filter_map(|c| self.seen(*c).map(|(ends, part)| (*c, ends, part)))
    }

    fn fix(&self, index: usize) -> Plan {
        Plan { conditions: alloc::vec![index], cost: self.costs.get(index).copied().unwrap_or(1) }
    }

    /// The cheapest plan that brings a part to `goal`, passed or warning, or better.
    fn raise(&self, child: Child, goal: Status) -> Option<Plan> {
        let (ends, _) = self.seen(child)?;
        if ends.low >= goal {
            return Some(Plan::default());
        }
        match child {
            Child::Condition { index, .. } => {
                let possible = self.verdict.compiled().possible.get(index)?;
                let can = possible.pass || (goal == Status::Warning && possible.warn);
                can.then(|| self.fix(index))
            }
            Child::Group(index) => self.raise_group(self.verdict.compiled().groups.get(index)?, goal),
        }
    }

    fn raise_group(&self, group: &'a Group, goal: Status) -> Option<Plan> {
        if group.rule == Rule::Not {
            let (child, _, part) = self.parts(group).next()?;
            return if part.mandatory { None } else { self.lower(child, goal.negated()) };
        }
        if let Rule::Weighted { pass, warn, warning_earns } = group.rule {
            let share = if goal == Status::Passed { pass } else { warn.unwrap_or(pass) };
            return self.earn(group, goal, share, warning_earns);
        }
        let mut plan = Plan::default();
        let mut others = Vec::new();
        let mut forced = 0_usize;
        for (child, _, part) in self.parts(group) {
            let own = self.raise(child, goal);
            if part.mandatory {
                plan.extend(own?);
                forced = forced.saturating_add(1);
            } else {
                others.push(own);
            }
        }
        let needed = match group.rule {
            Rule::Any => 1,
            Rule::AtLeast(k) => k,
            _ => forced.saturating_add(others.len()),
        };
        plan.extend(smallest(others, needed.saturating_sub(forced))?);
        Some(plan)
    }

    /// The cheapest plan that earns that share of the weight, mandatory parts first.
    fn earn(&self, group: &'a Group, goal: Status, share: u64, warning_earns: u64) -> Option<Plan> {
        let parts: Vec<_> = self.parts(group).collect();
        let earned = Tally::of(parts.iter().map(|(_, e, p)| (*e, *p))).earned(warning_earns);
        if earned.total == 0 {
            return None;
        }
        let mut items = Vec::with_capacity(parts.len());
        for (child, ends, part) in &parts {
            let worth = |s: Status| worth(s, *part, warning_earns);
            let gain = |s: Status| worth(s).saturating_sub(worth(ends.low));
            let option = |s: Status| Some((self.raise(*child, s)?, gain(s)));
            let from = |least: Status| {
                [Status::Warning, Status::Passed].into_iter().filter(move |s| *s >= least).filter_map(option)
            };
            items.push(if part.mandatory && ends.low < goal {
                Item::forced(from(goal).collect())
            } else {
                Item::new(from(Status::Warning).collect())
            });
        }
        let needed = earned.total.saturating_mul(u128::from(share)).div_ceil(100_000_000);
        cheapest(&items, needed.saturating_sub(earned.low), self.bound)
    }

    /// The cheapest plan after which a part comes to `goal`, failed or warning, or worse.
    fn lower(&self, child: Child, goal: Status) -> Option<Plan> {
        let (ends, _) = self.seen(child)?;
        if ends.high <= goal {
            return Some(Plan::default());
        }
        match child {
            Child::Condition { index, .. } => {
                let possible = self.verdict.compiled().possible.get(index)?;
                let can = possible.fail || (goal == Status::Warning && possible.warn);
                can.then(|| self.fix(index))
            }
            Child::Group(index) => self.lower_group(self.verdict.compiled().groups.get(index)?, goal),
        }
    }

    fn lower_group(&self, group: &'a Group, goal: Status) -> Option<Plan> {
        let parts: Vec<_> = self.parts(group).collect();
        let vetoes = parts.iter().filter(|(_, _, p)| p.mandatory).map(|(c, ..)| self.lower(*c, goal));
        let veto = smallest(vetoes.collect(), 1);
        let all = || parts.iter().map(|(c, ..)| self.lower(*c, goal)).collect();
        let own = match group.rule {
            Rule::All => smallest(all(), 1),
            Rule::Any => smallest(all(), parts.len()),
            Rule::AtLeast(k) => {
                let needed = parts.len().checked_sub(k).map(|n| n.saturating_add(1));
                needed.and_then(|n| smallest(all(), n))
            }
            Rule::Not => parts.first().and_then(|(c, ..)| self.raise(*c, goal.negated())),
            Rule::Weighted { pass, warn, warning_earns } => {
                let share = if goal == Status::Failed { warn.unwrap_or(pass) } else { pass };
                self.lose(&parts, share, warning_earns)
            }
        };
        [veto, own].into_iter().flatten().min_by_key(|plan| plan.cost)
    }

    /// The cheapest plan after which less than that share can be earned.
    fn lose(&self, parts: &[(Child, Ends, Part)], share: u64, warning_earns: u64) -> Option<Plan> {
        let earned = Tally::of(parts.iter().map(|(_, e, p)| (*e, *p))).earned(warning_earns);
        let needed = earned.total.saturating_mul(u128::from(share)).div_ceil(100_000_000);
        let items: Vec<Item> = parts
            .iter()
            .map(|(child, ends, part)| {
                let worth = |s: Status| worth(s, *part, warning_earns);
                let loss = |s: Status| worth(ends.high).saturating_sub(worth(s));
                let option = |s: Status| Some((self.lower(*child, s)?, loss(s)));
                Item::new([Status::Warning, Status::Failed].into_iter().filter_map(option).collect())
            })
            .collect();
        let too_much = earned.high.checked_sub(needed).map_or(0, |n| n.saturating_add(1));
        cheapest(&items, too_much, self.bound)
    }
}

/// What a part of that status earns.
fn worth(status: Status, part: Part, warning_earns: u64) -> u128 {
    Tally::of([(Ends::of(status), part)].into_iter()).earned(warning_earns).low
}

/// The `n` cheapest of the plans together; `None` where fewer than `n` are there.
fn smallest(plans: Vec<Option<Plan>>, n: usize) -> Option<Plan> {
    let mut plans: Vec<Plan> = plans.into_iter().flatten().collect();
    if plans.len() < n {
        return None;
    }
    plans.sort_by_key(|plan| plan.cost);
    Some(Plan::together(plans.into_iter().take(n)))
}
