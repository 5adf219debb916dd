//! The analyses of Keptn v2 (lifecycle toolkit): targets without history, weights, key objectives.
//!
//! | step | function |
//! | --- | --- |
//! | an operator | [`fulfilled`] |
//! | failure, warning or pass | [`evaluate_target`] |
//! | what an objective earns | [`objective_score`] |
//! | the share of the weight | [`achieved_percentage`] |
//! | the total | [`analysis_total`] |
//! | all of it | [`analyse`] |
//! | a native gate | [`to_gate_spec`] |

mod analysis;
mod convert;
mod quantity;
mod target;

pub use analysis::{
    AnalysisDefinition, AnalysisObjective, AnalysisObjectiveResult, AnalysisResult, AnalysisThresholds,
    AnalysisTotal, Earned, achieved_percentage, analyse, analysis_total, objective_score,
};
pub use convert::to_gate_spec;
pub use quantity::{Quantity, Range};
pub use target::{Operator, OperatorFault, Target, TargetResult, evaluate_target, fulfilled};
