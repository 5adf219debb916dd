//! The smallest number of conditions to fix so that a gate passes.

use alloc::vec::Vec;

use crate::compiled::{Child, Group, Part, Rule};
use crate::evaluate::{Tally, part};
use crate::knapsack::{Item, cheapest};
use crate::{Status, Verdict};

/// The conditions to fix, by index, in order.
pub(crate) type Plan = Vec<usize>;

/// Looks for the smallest plans over the tree of a verdict.
pub(crate) struct Planner<'a> {
    verdict: &'a Verdict,
}

impl<'a> Planner<'a> {
    pub(crate) const fn new(verdict: &'a Verdict) -> Self {
        Self { verdict }
    }

    /// The smallest set of conditions that makes the gate pass; `None` where none does.
    pub(crate) fn pass(&self) -> Option<Plan> {
        if self.verdict.status() == Status::Passed {
            return Some(Plan::new());
        }
        let root = self.verdict.compiled().groups.last()?;
        self.parts(root).next()?;
        let mut plan = self.reach_group(root, Status::Passed)?;
        plan.sort_unstable();
        plan.dedup();
        Some(plan)
    }

    fn seen(&self, child: Child) -> Option<(Status, Part)> {
        part(self.verdict.compiled(), child, self.verdict.entries(), self.verdict.inner_states())
    }

    /// The parts of a group that count.
    fn parts(&self, group: &'a Group) -> impl Iterator<Item = (Child, Status, Part)> + '_ {
        group.children.iter().filter_map(|c| self.seen(*c).map(|(status, part)| (*c, status, part)))
    }

    /// The smallest plan that brings a part to `goal`, passed or warning, or better.
    fn reach(&self, child: Child, goal: Status) -> Option<Plan> {
        let (status, _) = self.seen(child)?;
        if status >= goal {
            return Some(Plan::new());
        }
        match child {
            Child::Condition { index, .. } => {
                let possible = self.verdict.compiled().possible.get(index)?;
                let can = possible.pass || (goal == Status::Warning && possible.warn);
                can.then(|| alloc::vec![index])
            }
            Child::Group(index) => {
                // A weighted group warns only where nothing below is inconclusive; to pass is always enough.
                let is_open = self.verdict.inner_states().get(index).is_some_and(|state| state.open);
                let goal = if is_open { Status::Passed } else { goal };
                self.reach_group(self.verdict.compiled().groups.get(index)?, goal)
            }
        }
    }

    fn reach_group(&self, group: &'a Group, goal: Status) -> Option<Plan> {
        if group.rule == Rule::Not {
            let (child, _, part) = self.parts(group).next()?;
            return if part.mandatory { None } else { self.fail(child) };
        }
        if let Rule::Weighted { pass, warn, warning_earns } = group.rule {
            let share = if goal == Status::Passed { pass } else { warn.unwrap_or(pass) };
            return self.reach_share(group, goal, share, warning_earns);
        }
        let mut plan = Plan::new();
        let mut others = Vec::new();
        let mut forced = 0_usize;
        for (child, _, part) in self.parts(group) {
            let own = self.reach(child, goal);
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

    /// The smallest plan that earns that share of the weight, mandatory parts first.
    fn reach_share(&self, group: &'a Group, goal: Status, share: u64, warning_earns: u64) -> Option<Plan> {
        let parts: Vec<_> = self.parts(group).collect();
        let earned = Tally::of(parts.iter().map(|(_, s, p)| (*s, *p))).earned(warning_earns);
        if earned.total == 0 {
            return None;
        }
        let mut items = Vec::new();
        for (child, status, part) in &parts {
            let worth = |s: Status| Tally::of([(s, *part)].into_iter()).earned(warning_earns).low;
            let option = |s: Status| Some((self.reach(*child, s)?, worth(s).saturating_sub(worth(*status))));
            let from = |least: Status| {
                [Status::Warning, Status::Passed].into_iter().filter(move |s| *s >= least).filter_map(option)
            };
            // A warning that may still turn out a pass is none yet: what is open must be settled as well.
            let open = goal == Status::Warning && *status == Status::Inconclusive && part.weight > 0;
            items.push(if (part.mandatory || open) && *status < goal {
                Item::forced(from(goal).collect())
            } else {
                Item::new(from(Status::Warning).collect())
            });
        }
        let needed = earned.total.saturating_mul(u128::from(share)).div_ceil(100_000_000);
        cheapest(&items, needed.saturating_sub(earned.low))
    }

    /// The smallest plan that makes a part fail, for what stands under a `not`.
    fn fail(&self, child: Child) -> Option<Plan> {
        let (status, _) = self.seen(child)?;
        if status == Status::Failed {
            return Some(Plan::new());
        }
        match child {
            Child::Condition { index, .. } => {
                self.verdict.compiled().possible.get(index)?.fail.then(|| alloc::vec![index])
            }
            Child::Group(index) => self.fail_group(self.verdict.compiled().groups.get(index)?),
        }
    }

    fn fail_group(&self, group: &'a Group) -> Option<Plan> {
        let parts: Vec<_> = self.parts(group).collect();
        let vetoes = parts.iter().filter(|(_, _, p)| p.mandatory).map(|(c, ..)| self.fail(*c));
        let veto = smallest(vetoes.collect(), 1);
        let all = || parts.iter().map(|(c, ..)| self.fail(*c)).collect();
        let own = match group.rule {
            Rule::All => smallest(all(), 1),
            Rule::Any => smallest(all(), parts.len()),
            Rule::AtLeast(k) => {
                let needed = parts.len().checked_sub(k).map(|n| n.saturating_add(1));
                needed.and_then(|n| smallest(all(), n))
            }
            Rule::Not => parts.first().and_then(|(c, ..)| self.reach(*c, Status::Passed)),
            Rule::Weighted { pass, warn, warning_earns } => {
                self.lose_share(&parts, warn.unwrap_or(pass), warning_earns)
            }
        };
        [veto, own].into_iter().flatten().min_by_key(Vec::len)
    }

    /// The smallest plan after which less than that share can be earned.
    fn lose_share(&self, parts: &[(Child, Status, Part)], share: u64, warning_earns: u64) -> Option<Plan> {
        let earned = Tally::of(parts.iter().map(|(_, s, p)| (*s, *p))).earned(warning_earns);
        let needed = earned.total.saturating_mul(u128::from(share)).div_ceil(100_000_000);
        let items: Vec<Item> = parts
            .iter()
            .map(|(child, status, part)| {
                let worth = Tally::of([(*status, *part)].into_iter()).earned(warning_earns).high;
                Item::new(self.fail(*child).map(|plan| (plan, worth)).into_iter().collect())
            })
            .collect();
        let too_much = earned.high.checked_sub(needed).map_or(0, |n| n.saturating_add(1));
        if needed == 0 { None } else { cheapest(&items, too_much) }
    }
}

/// The `n` smallest of the plans together; `None` where fewer than `n` are there.
fn smallest(plans: Vec<Option<Plan>>, n: usize) -> Option<Plan> {
    let mut plans: Vec<Plan> = plans.into_iter().flatten().collect();
    if plans.len() < n {
        return None;
    }
    plans.sort_by_key(Vec::len);
    Some(plans.into_iter().take(n).flatten().collect())
}
