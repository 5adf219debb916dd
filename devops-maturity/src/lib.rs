//! How mature is a team, and how does it get to the next level?
//!
//! ```
//! use devops_core::Score;
//! use devops_maturity::{FiveDimensions, Level};
//!
//! let team = FiveDimensions {
//!     collaboration: Score::new(6.0)?,
//!     automation: Score::new(8.0)?,
//!     ci_cd: Score::new(7.5)?,
//!     monitoring: Score::new(2.0)?,
//!     feedback: Score::new(5.0)?,
//! };
//! assert_eq!(team.level(), Level::Defined);
//! assert_eq!(team.below(Level::Defined), ["monitoring"]);
//! # Ok::<(), devops_core::ValueError>(())
//! ```
//!
//! # Map
//!
//! - [`Level`]: the five levels and their exact thresholds.
//! - [`FiveDimensions`]: the scores of a team, their weighted mean, and the dimensions that hold it back.
//!
//! - [`schedule`]: activities with precedence and limited resources, their critical path, and a short schedule
//!   with its lower bound.
//! - [`uncertainty`]: the distribution of a plan's end, and what is critical how often.
//!
//! Models as data, assessments from evidence and whole roadmaps are not there yet.
//!
//! The crate does no I/O, reads no clock and needs only `alloc`.

#![no_std]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::float_cmp,
        reason = "tests may panic and compare exactly"
    )
)]

extern crate alloc;

mod five_dimensions;
mod level;
pub mod schedule;
pub mod uncertainty;

pub use five_dimensions::FiveDimensions;
pub use level::Level;
