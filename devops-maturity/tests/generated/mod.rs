//! Projects drawn by the measures of Kolisch, Sprecher & Drexl (1995): how many links, how many of the resources each
//! activity needs, and how scarce they are. The benches include this file too.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "what is drawn is small"
)]

use devops_core::Unit;
use devops_maturity::schedule::{ActivitySpec, ProjectSpec};
use devops_stats::rng::Rng;

/// What a project is drawn by.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// How many activities.
    pub activities: usize,
    /// How far back a link reaches, in activities: few make a long project, many a wide one.
    pub reach: usize,
    /// The chance of each resource to be needed by an activity, in percent (resource factor).
    pub factor: u64,
    /// Where each capacity lies between the greatest demand (0) and the most that the earliest starts would use (100);
    /// resource strength in percent.
    pub strength: u64,
}

impl Shape {
    const RESOURCES: usize = 4;

    /// The project of that shape and seed: durations and demands from 1 to 10, 1 to 3 links back, four resources.
    pub fn draw(&self, seed: u64) -> ProjectSpec {
        let mut rng = Rng::new(seed);
        let list: Vec<(u64, Vec<usize>, Vec<u64>)> = (0..self.activities)
            .map(|i| {
                let links = if i == 0 { 0 } else { 1 + rng.index(3) };
                let mut after: Vec<usize> =
                    (0..links).map(|_| i - 1 - rng.index(i.min(self.reach))).collect();
                after.sort_unstable();
                after.dedup();
                let demand = |rng: &mut Rng| if rng.below(100) < self.factor { 1 + rng.below(10) } else { 0 };
                let demands = (0..Self::RESOURCES).map(|_| demand(&mut rng)).collect();
                (1 + rng.below(10), after, demands)
            })
            .collect();
        let spec = ProjectSpec::new(format!("{} activities", self.activities)).with_unit(Unit::None);
        let spec = (0..Self::RESOURCES)
            .fold(spec, |spec, r| spec.with_resource(format!("r{r}"), self.capacity(&list, r) as f64));
        list.iter().enumerate().fold(spec, |spec, (i, (duration, after, demands))| {
            let activity = ActivitySpec::new(format!("a{i:05}"), *duration as f64);
            let activity = after.iter().fold(activity, |a, before| a.after(format!("a{before:05}")));
            let needs = demands.iter().enumerate().filter(|(_, amount)| **amount > 0);
            spec.with_activity(
                needs.fold(activity, |a, (r, amount)| a.with_demand(format!("r{r}"), *amount as f64)),
            )
        })
    }

    fn capacity(&self, list: &[(u64, Vec<usize>, Vec<u64>)], resource: usize) -> u64 {
        let mut finish: Vec<u64> = Vec::with_capacity(list.len());
        let mut used: Vec<u64> = Vec::new();
        for (duration, after, demands) in list {
            let start = after.iter().map(|b| finish[*b]).max().unwrap_or(0);
            let end = start + duration;
            finish.push(end);
            used.resize(used.len().max(end as usize), 0);
            used[start as usize..end as usize].iter_mut().for_each(|u| *u += demands[resource]);
        }
        let least = list.iter().map(|(_, _, demands)| demands[resource]).max().unwrap_or(0).max(1);
        let most = used.into_iter().max().unwrap_or(0).max(least);
        least + (most - least) * self.strength / 100
    }
}
