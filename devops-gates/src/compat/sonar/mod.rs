//! SonarQube's judgement: conditions and quality gates.
//!
//! [`condition`] holds one value against one threshold; [`evaluate_gate`] evaluates a gate as the web API shows it on
//! measures as the web API shows them, with small changes and the fallback from the multi-quality rule mode to the
//! standard one. [`metric_type`] and [`standard_equivalent`] are the tables behind it.
//! [`to_gate_spec`] makes a native gate and lists what decides otherwise.
//!
//! What is kept although it lets things pass: a missing measure is OK, and so is a gate without conditions.

mod condition;
mod convert;
mod gate;
mod metric;

pub use condition::{Condition, Level, Op, SonarError, condition};
pub use convert::{to_gate_spec, unit};
pub use gate::{
    ConditionOutcome, GateOutcome, GateSettings, IGNORED_IN_SMALL_CHANGES, QualityGate, SMALL_CHANGE_LINES,
    SonarMeasure, evaluate_gate,
};
pub use metric::{ValueType, metric_type, standard_equivalent};
