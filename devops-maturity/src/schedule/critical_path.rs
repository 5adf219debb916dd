//! The critical path method (Kelley & Walker 1959).
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Unit;

use super::network::Network;
use super::project::{Project, shown};

/// The dates of an activity that precedence alone allows, in the unit of the project.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CriticalActivity {
    /// Its name.
    pub name: String,
    /// The planned duration.
    pub duration: f64,
    /// The earliest start.
    pub earliest_start: f64,
    /// The earliest finish.
    pub earliest_finish: f64,
    /// The latest start that does not delay the project.
    pub latest_start: f64,
    /// The latest finish that does not delay the project.
    pub latest_finish: f64,
    /// How late it may start without delaying the project: `latest_start − earliest_start`.
    pub total_float: f64,
    /// How late it may start without delaying any other activity.
    pub free_float: f64,
    /// Whether it has no total float.
    pub critical: bool,
}

/// The critical path of a project.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct CriticalPath {
    /// The unit of all times.
    pub unit: Unit,
    /// The length of the longest chain.
    pub length: f64,
    /// One longest chain from its first activity to its last; of several the first by name.
    pub path: Vec<String>,
    /// Every activity, by name.
    pub activities: Vec<CriticalActivity>,
}

/// The longest chain of activities and the float of every activity, as if there were people enough.
///
/// Linear time.
///
/// ```
/// use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec, critical_path};
///
/// let spec = ProjectSpec::new("p")
///     .with_activity(ActivitySpec::new("a", 3.0))
///     .with_activity(ActivitySpec::new("b", 5.0))
///     .with_activity(ActivitySpec::new("c", 2.0).after("a").after("b"));
/// let found = critical_path(&Project::build(spec)?);
/// assert_eq!((found.length, found.path), (7.0, vec!["b".into(), "c".into()]));
/// assert_eq!((found.activities[0].total_float, found.activities[0].free_float), (2.0, 2.0));
/// # Ok::<(), devops_maturity::schedule::ProjectErrors>(())
/// ```
#[must_use]
pub fn critical_path(project: &Project) -> CriticalPath {
    let network = Network::planned(project);
    let (heads, tails) = (network.heads(), network.tails());
    let end = network.end(&heads);
    let units = |ticks: u64| shown(ticks * network.tick);
    let row = |i: usize| {
        let (duration, start) = (network.durations[i], heads[i]);
        let finish = start + duration;
        let latest_finish = end - tails[i];
        let next = network.behind.of(i).iter().map(|&b| heads[b]).min().unwrap_or(end);
        CriticalActivity {
            name: project.activities()[i].name.clone(),
            duration: units(duration),
            earliest_start: units(start),
            earliest_finish: units(finish),
            latest_start: units(latest_finish - duration),
            latest_finish: units(latest_finish),
            total_float: units(latest_finish - finish),
            free_float: units(next - finish),
            critical: latest_finish == finish,
        }
    };
    CriticalPath {
        unit: project.unit(),
        length: units(end),
        path: chain(&network, &heads, &tails, end)
            .into_iter()
            .map(|i| project.activities()[i].name.clone())
            .collect(),
        activities: (0..network.len()).map(row).collect(),
    }
}

/// A chain without float from a start at 0.
fn chain(network: &Network, heads: &[u64], tails: &[u64], end: u64) -> Vec<usize> {
    let finish = |i: usize| heads[i] + network.durations[i];
    let critical = |i: usize| finish(i) + tails[i] == end;
    let mut path = Vec::new();
    let mut next = (0..network.len()).find(|&i| critical(i) && network.before.of(i).is_empty());
    while let Some(i) = next {
        path.push(i);
        next = network.behind.of(i).iter().copied().find(|&b| critical(b) && heads[b] == finish(i));
    }
    path
}
