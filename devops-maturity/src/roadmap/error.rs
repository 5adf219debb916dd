//! Why there is no plan.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::initiative::LibraryErrors;
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

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
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
    Library(#[from] LibraryErrors),
    /// A target that the model does not have: each fault of it.
    #[error("{}", .0.join("; "))]
    Target(Vec<String>),
    /// A reference to an initiative that the library does not have.
    #[error("{field} names initiative `{initiative}`, which the library does not have")]
    UnknownInitiative {
        /// `exclude` or `anti_patterns_seen`.
        field: &'static str,
        /// The initiative.
        initiative: String,
    },
    /// A number outside its range.
    #[error("{field} is `{value}`: expected {expected}")]
    Number {
        /// Which number.
        field: &'static str,
        /// What it was.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A target that all initiatives together do not reach: what is missing, and what could not take part.
    #[error("target cannot be reached: {}{}", list(missing), reasons(left_out))]
    UnreachableTarget {
        /// Each goal that stays open.
        missing: Vec<Shortfall>,
        /// What was left out; where it could take part, there may be a plan.
        left_out: Vec<LeftOut>,
    },
    /// Too small a budget, or no choice that ends in time.
    #[error(transparent)]
    Selection(SelectionError),
    /// People that no project can have, such as a negative number of them.
    #[error(transparent)]
    Project(#[from] ProjectErrors),
    /// A simulation that cannot be made.
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
