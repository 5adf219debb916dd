//! Argo Rollouts' judgement: measurements, metrics and analysis runs.
//!
//! | step | function |
//! | --- | --- |
//! | a condition on a result | [`evaluate_condition`], [`Expression`] |
//! | a measurement of two conditions | [`measurement`], [`measure`] |
//! | a metric of many measurements | [`metric_status`], [`MetricResult::with_measurement`] |
//! | a run of many metrics | [`run_status`] |
//! | a native gate | [`to_gate_spec`] |
//!
//! What is kept although it lets things pass: a metric without conditions succeeds, so does one that is told to end
//! before it was measured, and errors do not count as long as there are not five in a row.

mod assess;
mod convert;
mod expression;
mod metric;
mod phase;
mod template;
mod value;

pub use assess::{DEFAULT_CONSECUTIVE_ERROR_LIMIT, measure, measurement, metric_status, run_status};
pub use convert::to_gate_spec;
pub use expression::{Expression, ExpressionError, evaluate_condition};
pub use metric::{Metric, MetricResult};
pub use phase::Phase;
pub use template::{AnalysisSpec, AnalysisTemplate, DryRun, Metadata};
pub use value::Value;
