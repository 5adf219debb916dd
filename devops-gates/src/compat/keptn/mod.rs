//! Keptn's judgement: the SLO files of Keptn v1 (lighthouse), and the analyses of Keptn v2 in [`v2`].
//!
//! Keptn v1 is archived and its users are stranded; [`evaluate`] judges their `slo.yaml` as it did, from the bytes that
//! any serde format reads. Each step is a function of its own:
//!
//! | step | function |
//! | --- | --- |
//! | the file with its gaps filled | [`normalise_slo`] |
//! | which old runs count | [`history_size`], [`select_history`] |
//! | the baseline | [`aggregate`], [`percentile`] |
//! | a criterion | [`parse_criterion`], [`compare`], [`fixed_threshold`], [`relative_threshold`], [`evaluate_criterion`] |
//! | all of a set, any of the sets | [`criteria_all`], [`criteria_any_of_all`] |
//! | an indicator is consumed | [`take_sli`] |
//! | the objectives | [`evaluate_objectives`] |
//! | the total | [`total_score`] |
//! | all of it | [`evaluate`], [`evaluate_run`], [`evaluate_without_slo`], [`with_provider_failed`] |
//!
//! [`to_gate_spec`] makes a native gate of a file and lists what decides otherwise.
//!
//! What Keptn gets wrong is kept: without history a relative criterion is satisfied, 57 of 100 does not reach `57%`,
//! and a weight of 0 is 1.

mod aggregate;
mod convert;
mod criteria;
mod criterion;
mod error;
mod evaluation;
mod history;
mod objectives;
mod sli;
mod slo;
mod total;
pub mod v2;

pub use aggregate::{Aggregate, aggregate, percentile};
pub use convert::to_gate_spec;
pub use criteria::{CriteriaResult, CriteriaSet, SliTarget, criteria_all, criteria_any_of_all};
pub use criterion::{
    Check, Criterion, compare, evaluate_criterion, fixed_threshold, parse_criterion, relative_threshold,
};
pub use error::KeptnError;
pub use evaluation::{Evaluation, evaluate, evaluate_run, evaluate_without_slo, with_provider_failed};
pub use history::{PreviousRun, history_size, select_history};
pub use objectives::{ObjectiveResult, ObjectiveStatus, ObjectivesResult, evaluate_objectives};
pub use sli::{SliResult, take_sli};
pub use slo::{Comparison, Objective, Slo, TotalScore, normalise_slo};
pub use total::{EarnedScore, RunResult, TotalResult, total_score};
