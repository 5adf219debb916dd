//! Why nothing can be chosen.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// One fault of what is to be chosen from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectionFault {
    /// More of something than can be searched.
    #[error("too many {what}: `{found}`, expected at most {limit}")]
    TooMany {
        /// `goals`, `parts` or `candidates`.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Two of the same id.
    #[error("{what} `{id}` is there twice: ids are expected once")]
    Duplicate {
        /// `goal`, `part` or `candidate`.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A reference to something that is not there.
    #[error("{holder} refers to {what} `{id}`, which is not there")]
    Unknown {
        /// Who refers.
        holder: String,
        /// `goal`, `part` or `candidate`.
        what: &'static str,
        /// What is not there.
        id: String,
    },
    /// A number that is none, or outside its range.
    #[error("{field} is `{value}`: expected a number from 0 to 1000000")]
    Number {
        /// Which number.
        field: String,
        /// What it was.
        value: String,
    },
    /// Candidates that require each other.
    #[error("candidates require each other in a circle: {}", .path.join(" requires "))]
    Cycle {
        /// Each requires the next; the last is the first again.
        path: Vec<String>,
    },
}

/// A goal that cannot be reached.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Shortfall {
    /// The goal.
    pub goal: String,
    /// How many points it needs.
    pub needed: f64,
    /// How many all candidates together give.
    pub reachable: f64,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} needs {} more points, all candidates together give {}",
            self.goal, self.needed, self.reachable
        )
    }
}

/// Why nothing can be chosen.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// What is to be chosen from has faults: all of them.
    #[error("{}", join(.0))]
    Faults(Vec<SelectionFault>),
    /// Goals that all candidates together do not reach: what is missing.
    #[error("target cannot be reached: {}", join(.missing))]
    UnreachableTarget {
        /// Each goal that stays open.
        missing: Vec<Shortfall>,
    },
    /// Less effort than is needed.
    #[error("budget `{budget}` is too small: {needed} is needed for {what}")]
    BudgetTooSmall {
        /// The budget.
        budget: f64,
        /// The least that would do; an upper bound of it where the set is too large to search.
        needed: f64,
        /// What it would do: all goals, or the cheapest step.
        what: String,
    },
    /// No choice that reaches the goals fits what the caller demands, such as a date.
    #[error("no choice that reaches the target fits the given date")]
    NothingFits,
}

fn join<T: fmt::Display>(list: &[T]) -> String {
    let shown: Vec<String> = list.iter().map(|entry| alloc::format!("{entry}")).collect();
    shown.join("; ")
}
