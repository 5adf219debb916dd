//! What a condition asks: criteria, findings, and when it changes its mind.

mod builders;
pub(crate) mod domain;
pub(crate) mod findings_spec;
pub(crate) mod predicate;
pub(crate) mod reader;
pub(crate) mod relative;
pub(crate) mod sample_criterion;
pub(crate) mod stability;

pub use builders::NoChange;
pub use findings_spec::{FindingsMeasure, FindingsSpec};
pub use predicate::Predicate;
pub use reader::PredicateError;
pub use stability::{GateState, StabilitySpec, StateError};
