//! A schedule as it is told.
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::Unit;

use super::generation::Starts;
use super::lower_bound::{Bounds, LowerBounds};
use super::network::Network;
use super::project::{Project, rounded, shown};
use super::search::ScheduleOptions;

/// When an activity runs, in the unit of the project from its beginning.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ScheduledActivity {
    /// Its name.
    pub name: String,
    /// When it starts.
    pub start: f64,
    /// When it is finished: its planned duration later.
    pub finish: f64,
}

impl ScheduledActivity {
    /// An activity that runs from `start` to `finish`.
    #[must_use]
    pub fn new(name: impl Into<String>, start: f64, finish: f64) -> Self {
        Self { name: name.into(), start, finish }
    }
}

/// What is used of a resource from one time to another.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct UsageStep {
    /// From then,
    pub from: f64,
    /// until then
    pub to: f64,
    /// so much is used.
    pub used: f64,
}

/// How a resource is used.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ResourceLoad {
    /// Its name.
    pub resource: String,
    /// How much of it there is.
    pub capacity: f64,
    /// The most that is used at a time.
    pub peak: f64,
    /// Amount × duration over all activities, such as people-weeks.
    pub work: f64,
    /// `work` as a percentage of capacity × makespan; 0 where nothing takes time.
    pub utilisation_percent: f64,
    /// From 0 to the makespan without a hole, neighbours differ.
    pub steps: Vec<UsageStep>,
}

/// A schedule with its bounds, loads and how it was found.
///
/// `Display` is one line. The same project and options give the same schedule everywhere.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Schedule {
    /// The project's name.
    pub project: String,
    /// The unit of all times.
    pub unit: Unit,
    /// When all is finished.
    pub makespan: f64,
    /// What no schedule can undercut.
    pub bounds: LowerBounds,
    /// How much longer than the best bound the schedule is, in percent of the bound; 0 proves it the shortest.
    pub gap_percent: f64,
    /// Every activity, by start, then name.
    pub activities: Vec<ScheduledActivity>,
    /// Every resource, by name.
    pub loads: Vec<ResourceLoad>,
    /// What was asked for, the seed among it.
    pub options: ScheduleOptions,
    /// How many of the samples were tried before the bound was reached.
    pub samples_tried: u32,
}

impl Schedule {
    pub(crate) fn new(
        project: &Project,
        network: &Network,
        found: &Starts,
        bounds: &Bounds,
        options: &ScheduleOptions,
        samples_tried: u32,
    ) -> Self {
        let units = |ticks: u64| shown(ticks * network.tick);
        let mut activities: Vec<ScheduledActivity> = project
            .activities()
            .iter()
            .enumerate()
            .map(|(i, a)| {
                let start = found.starts[i];
                ScheduledActivity::new(a.name.clone(), units(start), units(start + network.durations[i]))
            })
            .collect();
        activities.sort_by(|a, b| a.start.total_cmp(&b.start).then_with(|| a.name.cmp(&b.name)));
        let (makespan, best) = (units(found.end), units(bounds.best()));
        Self {
            project: project.name().into(),
            unit: project.unit(),
            makespan,
            bounds: bounds.shown(network.tick),
            gap_percent: if best > 0.0 { rounded(100.0 * (makespan - best) / best) } else { 0.0 },
            activities,
            loads: loads(project, network, found),
            options: *options,
            samples_tried,
        }
    }

    /// Whether it is proved that nothing shorter exists.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.gap_percent <= 0.0
    }

    /// The activity of that name.
    #[must_use]
    pub fn activity(&self, name: &str) -> Option<&ScheduledActivity> {
        self.activities.iter().find(|a| a.name == name)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, unit) = (self.activities.len(), self.unit.symbol());
        let space = if unit.is_empty() { "" } else { " " };
        write!(f, "{}: {n} activities end at {}{space}{unit}", self.project, self.makespan)?;
        if self.is_optimal() {
            write!(f, ", and nothing shorter exists")
        } else {
            let best = self.bounds.best;
            write!(f, ", at most {:.1} % above the shortest (bound {best}{space}{unit})", self.gap_percent)
        }
    }
}

fn loads(project: &Project, network: &Network, found: &Starts) -> Vec<ResourceLoad> {
    let mut holders: Vec<Vec<(u64, u64, u64)>> = alloc::vec![Vec::new(); project.resources().len()];
    for (i, activity) in project.activities().iter().enumerate() {
        for &(resource, amount) in &activity.demands {
            let start = found.starts[i];
            holders[resource].push((start, start + network.durations[i], amount));
        }
    }
    let units = |ticks: u64| shown(ticks * network.tick);
    let loads = project.resources().iter().zip(holders).map(|((name, capacity), holders)| {
        let work = rounded(holders.iter().map(|(from, to, amount)| units(to - from) * shown(*amount)).sum());
        let steps = steps(&holders, found.end, units);
        let peak = steps.iter().map(|s| s.used).max_by(f64::total_cmp).unwrap_or(0.0);
        let whole = shown(*capacity) * units(found.end);
        ResourceLoad {
            resource: name.clone(),
            capacity: shown(*capacity),
            peak,
            work,
            utilisation_percent: if whole > 0.0 { rounded(100.0 * work / whole) } else { 0.0 },
            steps,
        }
    });
    loads.collect()
}

/// The sum over time of (from, to, amount).
fn steps(holders: &[(u64, u64, u64)], end: u64, units: impl Fn(u64) -> f64) -> Vec<UsageStep> {
    let mut changes: Vec<(u64, i128)> = holders
        .iter()
        .filter(|(from, to, _)| from < to)
        .flat_map(|&(from, to, amount)| [(from, i128::from(amount)), (to, -i128::from(amount))])
        .chain([(end, 0)])
        .collect();
    changes.sort_unstable();
    let (mut at, mut used, mut found) = (0, 0_i128, Vec::<UsageStep>::new());
    for (time, change) in changes {
        if time > at {
            let amount = shown(u64::try_from(used).unwrap_or(0));
            match found.last_mut() {
                Some(last) if last.used.total_cmp(&amount).is_eq() => last.to = units(time),
                _ => found.push(UsageStep { from: units(at), to: units(time), used: amount }),
            }
            at = time;
        }
        used += change;
    }
    found
}
