//! When will it be done? Activities with precedence and limited resources, their critical path, and a schedule
//! that says how far from the best possible it can be.
//!
//! [`Project::build`] checks what people wrote, all faults at once. [`critical_path`] gives the dates that
//! precedence alone allows (Kelley & Walker 1959). [`schedule`] heeds the resources too: the resource-constrained
//! project scheduling problem, renewable resources, no interruption. It is solved by serial schedule generation
//! (Kelley 1963) from the latest-finish-time rule (Davis & Patterson 1975), forward-backward improvement (Li &
//! Willis 1992; Valls, Ballestín & Quintanilla 2005), regret-based biased samples (Drexl 1991), and then samples
//! that recombine the best found so far (Hartmann 1998; Valls, Ballestín & Quintanilla 2008). A lower bound
//! stands beside every schedule, so nobody has to trust it.
//!
//! Inside, time and amounts are whole numbers: the same project and the same seed give the same schedule on
//! every platform, whatever the order of the activities in the document.
//!
//! ```
//! use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec, ScheduleOptions, critical_path, schedule};
//!
//! let spec = ProjectSpec::new("two weeks")
//!     .with_resource("engineers", 3.0)
//!     .with_activity(ActivitySpec::new("pipeline", 4.0).with_demand("engineers", 2.0))
//!     .with_activity(ActivitySpec::new("dashboard", 3.0).with_demand("engineers", 2.0))
//!     .with_activity(ActivitySpec::new("alerts", 2.0).with_demand("engineers", 1.0).after("dashboard"));
//! let project = Project::build(spec)?;
//! assert_eq!(critical_path(&project).length, 5.0); // with people enough
//!
//! let plan = schedule(&project, &ScheduleOptions::new());
//! assert_eq!((plan.makespan, plan.bounds.best, plan.gap_percent), (7.0, 7.0, 0.0)); // with three
//! # Ok::<(), devops_maturity::schedule::ProjectErrors>(())
//! ```

mod critical_path;
mod fault;
mod feasibility;
mod generation;
mod improvement;
mod lower_bound;
mod network;
mod order;
mod plan;
mod priority;
mod project;
mod propagation;
mod recombination;
#[cfg(test)]
mod reference;
mod sampling;
mod search;
mod spec;
#[cfg(test)]
mod tests;
mod timeline;

pub use critical_path::{CriticalActivity, CriticalPath, critical_path};
pub use fault::{ProjectErrors, ProjectFault};
pub use feasibility::{Violation, violations};
pub use lower_bound::{LowerBounds, lower_bounds};
pub(crate) use network::Network;
pub(crate) use order::ordered;
pub use plan::{ResourceLoad, Schedule, ScheduledActivity, UsageStep};
pub use project::Project;
pub(crate) use project::{Estimate, rounded, shown};
pub(crate) use search::quick_makespan;
pub use search::{ScheduleOptions, schedule};
pub use spec::{ActivitySpec, DemandSpec, Distribution, EstimateSpec, ProjectSpec, ResourceSpec};
