//! The runs.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked project; 50,000 durations of 10¹² stay below 2⁶⁴"
)]

use alloc::vec;
use alloc::vec::Vec;

use devops_stats::rng::Rng;

use super::flow::Flow;
use super::options::{SimulationError, SimulationOptions};
use super::result::{Runs, Simulation};
use crate::schedule::{Distribution, Estimate, Project, Schedule};

/// Draws durations of one activity.
struct Source {
    rng: Rng,
    estimate: Estimate,
    distribution: Distribution,
}

impl Source {
    /// A stream of its own for each activity, told by its name: what is drawn for one does not depend on the
    /// others, so that two variants of a plan are compared on the same luck.
    fn new(seed: u64, name: &str, estimate: Estimate, distribution: Distribution) -> Self {
        // FNV-1a (Fowler, Noll & Vo).
        let stream = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { rng: Rng::for_stream(seed, stream), estimate, distribution }
    }

    fn draw(&mut self) -> u64 {
        let Estimate { min, mode, max } = self.estimate;
        if min == max {
            return min;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 10¹²")]
        let (low, peak, high) = (min as f64, mode as f64, max as f64);
        let drawn = match self.distribution {
            Distribution::Triangular => self.rng.triangular(low, peak, high),
            Distribution::Pert => self.rng.pert(low, peak, high),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between min and max")]
        drawn.map_or(mode, |value| libm::rint(value) as u64)
    }
}

/// Runs the plan many times with durations drawn from the estimates.
///
/// The runs depend on the seed and the names of the activities alone. A project whose durations are all fixed
/// is run once, and the result says so. Time and memory grow with runs × activities; finishes of single
/// activities are kept up to 20 million of them.
///
/// # Errors
///
/// [`SimulationError`]: fewer than 100 or more than 1,000,000 runs, a date that is no time, a schedule that is
/// not one of this project.
///
/// ```
/// use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec, ScheduleOptions, schedule};
/// use devops_maturity::uncertainty::{SimulationOptions, simulate};
///
/// let project = Project::build(ProjectSpec::new("p").with_activity(ActivitySpec::new("a", 3.0)))?;
/// let plan = schedule(&project, &ScheduleOptions::new());
/// let found = simulate(&project, &plan, &SimulationOptions::new())?;
/// assert!(found.fixed);
/// assert_eq!(found.to_string(), "p: ends at 3 wk in every run, as all durations are fixed: that says nothing of risk");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn simulate(
    project: &Project,
    plan: &Schedule,
    options: &SimulationOptions,
) -> Result<Simulation, SimulationError> {
    options.faults().into_iter().next().map_or(Ok(()), Err)?;
    let flow = Flow::of(project, plan)?;
    let n = project.len();
    let mut sources: Vec<Source> = project
        .activities()
        .iter()
        .map(|a| Source::new(options.seed, &a.name, a.estimate, project.distribution()))
        .collect();
    let count = if project.is_fixed() { 1 } else { options.runs };
    let mut runs = Runs::new(n, count);
    let (mut start, mut finish) = (vec![0_u64; n], vec![0_u64; n]);
    for _ in 0..count {
        for &i in &flow.order {
            start[i] = flow.waits_for[i].iter().map(|&b| finish[b]).max().unwrap_or(0);
            finish[i] = start[i] + sources[i].draw();
        }
        runs.add(&finish, &critical(&flow, &start, &finish));
    }
    Ok(Simulation::new(project, plan, options, &runs))
}

/// Whether a longer duration of each activity would have delayed the end.
fn critical(flow: &Flow, start: &[u64], finish: &[u64]) -> Vec<bool> {
    let end = finish.iter().copied().max().unwrap_or(0);
    let mut critical: Vec<bool> = finish.iter().map(|f| *f == end).collect();
    for &i in flow.order.iter().rev().filter(|_| end > 0) {
        if critical[i] {
            for &b in flow.waits_for[i].iter().filter(|b| finish[**b] == start[i]) {
                critical[b] = true;
            }
        }
    }
    critical
}
