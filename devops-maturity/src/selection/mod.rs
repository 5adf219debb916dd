//! What to do with limited people and time? A choice of measures that reaches given goals with the least
//! effort, or that gains the most within a budget.
//!
//! Each [`Candidate`] raises some parts (items of a model, say) up to their room, and each part is worth some
//! points of each [`Goal`]. What another one requires is chosen with it. Few candidates are searched
//! exhaustively by branch and bound (Land & Doig 1960) and the answer is the best there is; of many a greedy
//! choice is improved by exchange, and the bound beside it tells how much better the best could be (Dantzig
//! 1957, fractional relaxation).
//!
//! ```
//! use devops_maturity::selection::{Candidate, Goal, Part, SelectionSpec, Wish, select};
//!
//! let spec = SelectionSpec::new(Wish::Reach)
//!     .with_goal(Goal::new("monitoring", 1.0).with_needed(3.0))
//!     .with_part(Part::new("slo", 1.0).with_worth("monitoring", 4.0))
//!     .with_candidate(Candidate::new("metrics", 4.0).with_raise("slo", 0.25))
//!     .with_candidate(Candidate::new("objectives", 3.0).with_raise("slo", 0.5).with_requirement("metrics"));
//! let found = select(&spec)?;
//! assert_eq!(found.chosen, ["metrics", "objectives"]);
//! assert_eq!((found.effort, found.goals[0].gained, found.exact), (7.0, 3.0, true));
//! # Ok::<(), devops_maturity::selection::SelectionError>(())
//! ```

mod build;
mod error;
mod exact;
mod greedy;
mod problem;
mod spec;
#[cfg(test)]
mod tests;

pub use error::{SelectionError, SelectionFault, Shortfall};
pub use problem::{GoalResult, Selection, select, select_fitting};
pub use spec::{Candidate, Goal, Part, Raise, SelectionSpec, Wish, Worth};
