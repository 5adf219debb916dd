//! A project as the engines see it: whole numbers and neighbours.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked project; sums of 50,000 durations of 10¹² stay below 2⁶⁴"
)]

use alloc::vec;
use alloc::vec::Vec;

use super::order::ordered;
use super::project::Project;

/// Lists of neighbours, one behind the other.
#[derive(Debug, Clone)]
pub(crate) struct Neighbours {
    from: Vec<usize>,
    items: Vec<usize>,
}

impl Neighbours {
    /// Of edges (owner, neighbour) with `n` owners.
    fn new(n: usize, edges: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut from = vec![0; n + 1];
        for (owner, _) in edges.clone() {
            from[owner + 1] += 1;
        }
        for i in 0..n {
            from[i + 1] += from[i];
        }
        let mut next = from.clone();
        let mut items = vec![0; from[n]];
        for (owner, neighbour) in edges {
            items[next[owner]] = neighbour;
            next[owner] += 1;
        }
        Self { from, items }
    }

    #[inline]
    pub(crate) fn of(&self, owner: usize) -> &[usize] {
        &self.items[self.from[owner]..self.from[owner + 1]]
    }
}

/// Activities 0 to n − 1 with planned durations in ticks.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Millionths of the project's unit in one tick.
    pub(crate) tick: u64,
    pub(crate) durations: Vec<u64>,
    /// Free amounts of the resources, each in its own grain.
    pub(crate) capacity: Vec<u64>,
    demand_from: Vec<usize>,
    demands: Vec<(usize, u64)>,
    pub(crate) before: Neighbours,
    pub(crate) behind: Neighbours,
    /// Every activity behind those that it comes after.
    pub(crate) order: Vec<usize>,
}

fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Network {
    /// With the planned durations, in ticks as long as they share.
    pub(crate) fn planned(project: &Project) -> Self {
        let durations: Vec<u64> =
            project.activities().iter().map(|a| a.estimate.mean(project.distribution())).collect();
        let tick = durations.iter().fold(0, |shared, d| gcd(shared, *d)).max(1);
        Self::new(project, durations.into_iter().map(|d| d / tick).collect(), tick)
    }

    fn new(project: &Project, durations: Vec<u64>, tick: u64) -> Self {
        let activities = project.activities();
        let n = activities.len();
        let mut grain: Vec<u64> = vec![0; project.resources().len()];
        for (resource, amount) in activities.iter().flat_map(|a| &a.demands) {
            grain[*resource] = gcd(grain[*resource], *amount);
        }
        let capacity = project.resources().iter().zip(&grain).map(|(r, g)| r.1 / (*g).max(1)).collect();
        let mut demand_from = vec![0];
        let mut demands = Vec::new();
        for activity in activities {
            // A milestone holds nothing.
            let own = activity.demands.iter().filter(|_| activity.estimate.max > 0);
            demands.extend(own.map(|(r, amount)| (*r, amount / grain[*r])));
            demand_from.push(demands.len());
        }
        let edges = activities.iter().enumerate().flat_map(|(i, a)| a.after.iter().map(move |b| (i, *b)));
        let before = Neighbours::new(n, edges.clone());
        let behind = Neighbours::new(n, edges.map(|(i, b)| (b, i)));
        let after: Vec<&[usize]> = activities.iter().map(|a| a.after.as_slice()).collect();
        let (order, _) = ordered(&after);
        Self { tick, durations, capacity, demand_from, demands, before, behind, order }
    }

    pub(crate) fn len(&self) -> usize {
        self.durations.len()
    }

    /// What an activity holds of which resource; nothing is left out but zeros.
    #[inline]
    pub(crate) fn demands(&self, activity: usize) -> &[(usize, u64)] {
        &self.demands[self.demand_from[activity]..self.demand_from[activity + 1]]
    }

    /// The same project run backwards.
    pub(crate) fn reversed(&self) -> Self {
        let mut reversed = self.clone();
        core::mem::swap(&mut reversed.before, &mut reversed.behind);
        reversed.order.reverse();
        reversed
    }

    /// Earliest starts by precedence alone.
    pub(crate) fn heads(&self) -> Vec<u64> {
        let mut heads = vec![0; self.len()];
        for &i in &self.order {
            heads[i] = self.before.of(i).iter().map(|&b| heads[b] + self.durations[b]).max().unwrap_or(0);
        }
        heads
    }

    /// For each activity the least time from its finish to the end of the project, by precedence alone.
    pub(crate) fn tails(&self) -> Vec<u64> {
        let mut tails = vec![0; self.len()];
        for &i in self.order.iter().rev() {
            tails[i] = self.behind.of(i).iter().map(|&b| tails[b] + self.durations[b]).max().unwrap_or(0);
        }
        tails
    }

    /// The end of a schedule.
    pub(crate) fn end(&self, starts: &[u64]) -> u64 {
        starts.iter().zip(&self.durations).map(|(s, d)| s + d).max().unwrap_or(0)
    }
}
