//! Who waits for whom in a plan: predecessors, and those who pass on what they held.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked project; a feasible plan never holds more than there is"
)]

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::options::SimulationError;
use crate::schedule::{Project, Schedule};

/// Activities in the order of the plan, with all that each waits for.
pub(super) struct Flow {
    /// Places in the order of planned starts; each behind what it waits for.
    pub(super) order: Vec<usize>,
    /// By place.
    pub(super) waits_for: Vec<Vec<usize>>,
}

/// Start and finish of every activity of the project, in millionths.
fn times(project: &Project, plan: &Schedule) -> Result<Vec<(u64, u64)>, SimulationError> {
    let mut by_name: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for entry in &plan.activities {
        let fit = |time: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to be 0 to 10¹⁸"
            )]
            (0.0..=1e12).contains(&time).then(|| libm::rint(time * 1e6) as u64)
        };
        let times = fit(entry.start).zip(fit(entry.finish));
        let times = times.ok_or_else(|| SimulationError::not_this_project(&entry.name))?;
        if by_name.insert(&entry.name, times).is_some() {
            return Err(SimulationError::not_this_project(&entry.name));
        }
    }
    let own = project.activities().iter().map(|activity| {
        by_name
            .remove(activity.name.as_str())
            .ok_or_else(|| SimulationError::not_this_project(&activity.name))
    });
    let times: Vec<(u64, u64)> = own.collect::<Result<_, _>>()?;
    match by_name.keys().next() {
        Some(stranger) => Err(SimulationError::not_this_project(stranger)),
        None => Ok(times),
    }
}

impl Flow {
    pub(super) fn of(project: &Project, plan: &Schedule) -> Result<Self, SimulationError> {
        let times = times(project, plan)?;
        let activities = project.activities();
        let misfit = |i: usize| SimulationError::not_this_project(&activities[i].name);
        for (i, activity) in activities.iter().enumerate() {
            let planned = activity.estimate.mean(project.distribution());
            let late = activity.after.iter().any(|&b| times[b].1 > times[i].0);
            if late || times[i].1.checked_sub(times[i].0) != Some(planned) {
                return Err(misfit(i));
            }
        }
        let depth = depths(project);
        let mut order: Vec<usize> = (0..activities.len()).collect();
        order.sort_unstable_by_key(|&i| (times[i].0, depth[i], i));
        let mut waits_for: Vec<Vec<usize>> = activities.iter().map(|a| a.after.clone()).collect();
        for resource in 0..project.resources().len() {
            pass_on(project, resource, &times, &order, &mut waits_for).map_err(misfit)?;
        }
        for list in &mut waits_for {
            list.sort_unstable();
            list.dedup();
        }
        Ok(Self { order, waits_for })
    }
}

/// How many activities lie before each at most: what orders milestones of the same time.
fn depths(project: &Project) -> Vec<usize> {
    let activities = project.activities();
    let mut depth = vec![0; activities.len()];
    for &i in &crate::schedule::Network::planned(project).order {
        depth[i] = activities[i].after.iter().map(|&b| depth[b] + 1).max().unwrap_or(0);
    }
    depth
}

/// Gives each activity what it needs of a resource from those who had it: from its predecessors first, as it
/// waits for them anyway, then from whoever was finished first, as that one is the least likely to be late.
fn pass_on(
    project: &Project,
    resource: usize,
    times: &[(u64, u64)],
    order: &[usize],
    waits_for: &mut [Vec<usize>],
) -> Result<(), usize> {
    // Free amounts by when and by whom; nobody had the first.
    let mut pool: BTreeMap<(u64, Option<usize>), u64> = BTreeMap::new();
    pool.insert((0, None), project.resources()[resource].1);
    let holders = order.iter().filter_map(|&i| {
        let demand = project.activities()[i].demands.iter().find(|d| d.0 == resource)?;
        // What takes no time in the plan holds nothing.
        (times[i].0 < times[i].1).then_some((i, demand.1))
    });
    for (i, amount) in holders {
        let (start, finish) = times[i];
        let mut needed = amount;
        let friends: Vec<_> = project.activities()[i].after.iter().map(|&b| (times[b].1, Some(b))).collect();
        for friend in friends {
            take(&mut pool, friend, &mut needed);
        }
        while needed > 0 {
            let Some(key) = pool.keys().next().copied().filter(|key| key.0 <= start) else { return Err(i) };
            take(&mut pool, key, &mut needed);
            waits_for[i].extend(key.1);
        }
        pool.insert((finish, Some(i)), amount);
    }
    Ok(())
}

fn take(pool: &mut BTreeMap<(u64, Option<usize>), u64>, key: (u64, Option<usize>), needed: &mut u64) {
    let Some(free) = pool.get_mut(&key) else { return };
    let taken = (*free).min(*needed);
    *needed -= taken;
    *free -= taken;
    if *free == 0 {
        pool.remove(&key);
    }
}
