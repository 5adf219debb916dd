//! Why there is no plan.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::initiative::LibraryFault;
use crate::schedule::ProjectErrors;
use crate::selection::{SelectionError, Shortfall};
use crate::uncertainty::SimulationError;

/// An initiative that could not take part, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The initiative.
    pub initiative: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is left out, as {}", self.initiative, self.reason)
    }
}

/// One fault of what a plan was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestFault {
    /// A format number that this version does not read.
    #[error("format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// An assessment by another model.
    #[error("assessment is by model `{found}`: expected `{expected}`")]
    OtherModel {
        /// Model and version of the assessment.
        found: String,
        /// Model and version that the plan is made with.
        expected: String,
    },
    /// A library that does not fit the model.
    #[error(transparent)]
    Library(#[from] LibraryFault),
    /// A target that asks for nothing.
    #[error("target is empty: expected a level, an overall score or scores of dimensions")]
    EmptyTarget,
    /// A level that the model does not have, or that does not begin at a score.
    #[error(
        "target level is `{found}`: expected a level of the model that begins at a score{}",
        levels(known)
    )]
    UnknownLevel {
        /// What it was.
        found: u32,
        /// The levels that can be asked for.
        known: Vec<u32>,
    },
    /// A dimension that the model does not have.
    #[error("target names dimension `{dimension}`, which the model does not have")]
    UnknownDimension {
        /// The dimension.
        dimension: String,
    },
    /// A reference to an initiative that the library does not have.
    #[error("{field} names initiative `{initiative}`, which the library does not have")]
    UnknownInitiative {
        /// `exclude` or `anti_patterns_seen`.
        field: &'static str,
        /// The initiative.
        initiative: String,
    },
    /// People of a role that the library does not have.
    #[error("people names role `{role}`, which the library does not have")]
    UnknownRole {
        /// The role.
        role: String,
    },
    /// Two of the same.
    #[error("{what} `{id}` is there twice: it is expected once")]
    Duplicate {
        /// `role` or `risk rule`.
        what: &'static str,
        /// Which one.
        id: String,
    },
    /// A number outside its range.
    #[error("{field} is `{value}`: expected {expected}")]
    Number {
        /// Which number.
        field: String,
        /// What it was.
        value: String,
        /// What would be right.
        expected: String,
    },
    /// A simulation that cannot be made.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
}

fn levels(known: &[u32]) -> String {
    let shown: Vec<String> = known.iter().map(|level| alloc::format!("{level}")).collect();
    if shown.is_empty() { String::new() } else { alloc::format!(", one of {}", shown.join(", ")) }
}

/// Everything that is wrong with what a plan was asked for; never empty.
pub type RequestErrors = devops_core::Faults<RequestFault>;

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Faults of what was asked for: all of them.
    #[error(transparent)]
    Request(#[from] RequestErrors),
    /// A target that all initiatives together do not reach: what is missing, and what could not take part.
    #[error("target cannot be reached: {}{}", list(missing), reasons(left_out))]
    UnreachableTarget {
        /// Each goal that stays open.
        missing: Vec<Shortfall>,
        /// What was left out; where it could take part, there may be a plan.
        left_out: Vec<LeftOut>,
    },
    /// A date that nothing which reaches the target meets.
    #[error(
        "no choice that reaches the target ends within `{weeks}` weeks: the one of least effort ends in week {needed}"
    )]
    TooLate {
        /// What was asked for.
        weeks: f64,
        /// When the choice of least effort ends, in weeks; people or a smaller target may change that.
        needed: f64,
    },
    /// Too small a budget, or a library too large to choose from.
    #[error(transparent)]
    Selection(SelectionError),
    /// Initiatives that no project can have.
    #[error(transparent)]
    Project(#[from] ProjectErrors),
    /// A plan that cannot be simulated.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
}

fn list<T: fmt::Display>(entries: &[T]) -> String {
    let shown: Vec<String> = entries.iter().map(|e| alloc::format!("{e}")).collect();
    shown.join("; ")
}

fn reasons(left_out: &[LeftOut]) -> String {
    if left_out.is_empty() { String::new() } else { alloc::format!("; {}", list(left_out)) }
}
