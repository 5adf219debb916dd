//! What no schedule can undercut.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from the network; energies are 128 bits wide"
)]

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::improvement::BothWays;
use super::network::Network;
use super::priority::{latest_finish, list_by};
use super::project::{Project, shown};
use super::propagation::Refuter;

/// Lower bounds of the makespan, in the unit of the project.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct LowerBounds {
    /// The longest chain of activities.
    pub critical_path: f64,
    /// The work of the busiest resource divided by its capacity.
    pub work: f64,
    /// The same for the activities that cannot start before some time nor leave less than some other time
    /// behind them, both added (Carlier & Pinson 1989, for cumulative resources).
    pub windows: f64,
    /// The longest end that is proved impossible, and one tick: time windows, pairs that exclude each other,
    /// compulsory parts and energy (Klein & Scholl 1999; Baptiste, Le Pape & Nuijten 2001). Sought for at most
    /// 120 activities; 0 where it is not sought or not needed.
    pub refutation: f64,
    /// The greatest of them.
    pub best: f64,
}

/// The same in ticks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    critical_path: u64,
    work: u64,
    windows: u64,
    refutation: u64,
}

impl Bounds {
    /// All but the refutation; near-linear time.
    pub(crate) fn quick(network: &Network) -> Self {
        let (heads, tails) = (network.heads(), network.tails());
        let (mut work, mut windows) = (0, 0);
        for resource in 0..network.capacity.len() {
            let held = held(network, resource);
            work = work.max(energy_end(held.iter().map(|(_, e)| *e).sum(), network.capacity[resource]));
            windows = windows.max(windowed(&held, network.capacity[resource], &heads, &tails));
        }
        Self { critical_path: network.end(&heads), work, windows, refutation: 0 }
    }

    /// With the refutation of ends below `upper`, which some schedule has.
    pub(crate) fn sharpened(self, network: &Network, upper: u64) -> Self {
        let (mut low, mut high) = (self.best(), upper);
        if low >= high || network.len() > Refuter::LIMIT {
            return self;
        }
        let refuter = Refuter::new(network);
        // Every end below `low` is impossible, `high` is possible or not refuted.
        while low < high {
            let middle = low + (high - low) / 2;
            if refuter.refutes(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Self { refutation: low, ..self }
    }

    pub(crate) fn best(&self) -> u64 {
        self.critical_path.max(self.work).max(self.windows).max(self.refutation)
    }

    pub(crate) fn shown(&self, tick: u64) -> LowerBounds {
        let units = |ticks: u64| shown(ticks * tick);
        LowerBounds {
            critical_path: units(self.critical_path),
            work: units(self.work),
            windows: units(self.windows),
            refutation: units(self.refutation),
            best: units(self.best()),
        }
    }
}

/// Who holds a resource, with duration × amount.
fn held(network: &Network, resource: usize) -> Vec<(usize, u128)> {
    let holders = (0..network.len()).filter_map(|i| {
        let (_, amount) = network.demands(i).iter().find(|(r, _)| *r == resource)?;
        Some((i, u128::from(*amount) * u128::from(network.durations[i])))
    });
    holders.collect()
}

/// The least time in which that energy fits; an activity without capacity does not exist in a checked project.
fn energy_end(energy: u128, capacity: u64) -> u64 {
    u64::try_from(energy.div_ceil(u128::from(capacity).max(1))).unwrap_or(u64::MAX)
}

/// The greatest head + energy + tail over sets with at least that head and that tail, for up to 64 heads.
fn windowed(held: &[(usize, u128)], capacity: u64, heads: &[u64], tails: &[u64]) -> u64 {
    let mut thresholds: Vec<u64> = held.iter().map(|(i, _)| heads[*i]).collect();
    thresholds.sort_unstable();
    thresholds.dedup();
    let step = thresholds.len().div_ceil(64).max(1);
    let mut by_tail: Vec<(usize, u128)> = held.to_vec();
    by_tail.sort_unstable_by_key(|(i, _)| Reverse(tails[*i]));
    let mut best = 0;
    for head in thresholds.into_iter().step_by(step) {
        let mut energy = 0;
        for &(i, own) in by_tail.iter().filter(|(i, _)| heads[*i] >= head) {
            energy += own;
            best = best.max(head + energy_end(energy, capacity) + tails[i]);
        }
    }
    best
}

/// The lower bounds of a project alone; [`schedule`](super::schedule) gives them too.
///
/// ```
/// use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec, lower_bounds};
///
/// // Three pairs of hands for three tasks that need two each: nothing runs beside another.
/// let spec = ["a", "b", "c"].iter().fold(ProjectSpec::new("p").with_resource("hands", 3.0), |spec, name| {
///     spec.with_activity(ActivitySpec::new(*name, 2.0).with_demand("hands", 2.0))
/// });
/// let bounds = lower_bounds(&Project::build(spec)?);
/// assert_eq!((bounds.critical_path, bounds.best), (2.0, 6.0));
/// # Ok::<(), devops_maturity::schedule::ProjectErrors>(())
/// ```
#[must_use]
pub fn lower_bounds(project: &Project) -> LowerBounds {
    let network = Network::planned(project);
    let quick = Bounds::quick(&network);
    let list = list_by(&network, &latest_finish(&network));
    let mut both = BothWays::new(network);
    let upper = both.decode(&list).end;
    quick.sharpened(&both.forward, upper).shown(both.forward.tick)
}
