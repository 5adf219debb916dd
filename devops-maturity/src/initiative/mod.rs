//! What can be done, and what comes of it: a library of initiatives as data.
//!
//! An [`InitiativeSpec`] says what it takes (weeks, people by role, what must come first) and what it gives (which
//! items of a model it raises, by how much and up to where), how it succeeds and how it fails. Phases are a view on
//! the initiatives, with [`SuccessCriterion`]s that can be checked on measures. [`five_dimensions`] is the library
//! for [`models::five_dimensions`](crate::models::five_dimensions).
//!
//! ```
//! use devops_maturity::initiative::five_dimensions;
//!
//! let library = five_dimensions();
//! assert!(library.initiatives().len() >= 30);
//! let daily = library.initiative("deploy_daily").unwrap();
//! assert_eq!(daily.requires, ["deploy_pipeline"]);
//! ```

mod criterion;
mod fault;
mod five_dimensions;
mod library;
mod phase;
mod spec;
#[cfg(test)]
mod tests;

pub use criterion::{CriterionCheck, CriterionState, SuccessCriterion};
pub use fault::{LibraryErrors, LibraryFault};
pub use five_dimensions::five_dimensions;
pub use library::Library;
pub use phase::{OnlyBelow, PhaseNeed, PhaseSpec, PhaseState, Prerequisite, phase_states, phase_weeks};
pub use spec::{InitiativeSpec, LibrarySpec, RaiseSpec, RoleSpec};
