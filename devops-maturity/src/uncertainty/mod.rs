//! How sure is the date? Many runs of one plan, each with durations drawn from the estimates.
//!
//! A plan's end at mean durations is no likely end: where paths meet, the later one counts, so the mean end is
//! later (Fulkerson 1962). [`simulate`] runs the plan with drawn durations (van Slyke 1963) and tells the
//! quantiles of the end, how often each activity is critical, and the chance of a date, each with its own
//! sampling error.
//!
//! In every run the plan's policy is kept: the same work in the same order. Each activity starts when its
//! predecessors are finished and when those have passed on what they held that pass it on in the plan
//! (resource flows; Artigues, Michelon & Reusser 2003). So a longer duration never shortens the project, at
//! planned durations the run is the plan, and nothing is decided by durations that nobody knows yet.
//!
//! ```
//! use devops_maturity::schedule::{ActivitySpec, EstimateSpec, Project, ProjectSpec, ScheduleOptions, schedule};
//! use devops_maturity::uncertainty::{SimulationOptions, simulate};
//!
//! let estimate = EstimateSpec::new(10.0).with_range(8.0, 18.0);
//! let spec = (0..5).fold(ProjectSpec::new("five at once"), |spec, i| {
//!     spec.with_activity(ActivitySpec::new(format!("task {i}"), estimate))
//! });
//! let project = Project::build(spec)?;
//! let plan = schedule(&project, &ScheduleOptions::new());
//! let found = simulate(&project, &plan, &SimulationOptions::new().with_date(13.0))?;
//! assert_eq!(plan.makespan, 12.0);
//! assert!((found.mean - 14.7).abs() < 4.0 * found.mean_standard_error);
//! assert!(found.chances[0].probability < 0.25); // the plan's own end, and one more week
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod flow;
mod options;
mod result;
mod simulation;
#[cfg(test)]
mod tests;

pub use options::{SimulationError, SimulationOptions};
pub use result::{ActivityRisk, Chance, QuantileEstimate, Simulation};
pub use simulation::simulate;
