//! Runs analyzers and delivery stages concurrently on any executor and returns one deterministic report.

#![no_std]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests may panic"))]

extern crate alloc;
// Panics are caught where they happen, and only std can catch them.
extern crate std;

mod analyzer_set;
mod build_runner;
mod builder;
mod conflict;
mod deployer;
mod error;
mod guard;
mod observer;
mod outcome;
mod pipeline;
mod policy;
mod recommend;
mod recommendation;
mod render;
mod report;
mod run;
mod runner;
mod stage_input;
mod stage_report;
mod stages;
mod surroundings;
mod test_report;
mod test_runner;
mod text;
mod timer;
mod timings;
mod validator;

pub use analyzer_set::AnalyzerSet;
pub use build_runner::{BuildReport, BuildRunner, FnBuildRunner, build_fn};
pub use builder::PipelineBuilder;
pub use conflict::{Claim, MeasureConflict, MeasureSource, merge_measures};
pub use deployer::{DeployReport, Deployer, FnDeployer, deploy_fn};
pub use error::{Fault, PipelineError};
pub use observer::{Event, FnObserver, Observer, observer_fn};
pub use outcome::{RunOutcome, StageOutcome, Warning};
pub use pipeline::Pipeline;
pub use policy::{OnFailure, PipelinePolicy, PolicySpec, Required, StageRule};
pub use recommendation::Recommendation;
pub use report::{GateSummary, PipelineReport};
pub use runner::{AnalyzerRuns, Retry, RunnerOptions, run_analyzers};
pub use stage_input::{StageError, StageInput};
pub use stage_report::{Rollback, StageReport};
pub use test_report::TestReport;
pub use test_runner::{FnTestRunner, TestRunner, test_fn};
pub use text::texts;
pub use timer::{FnTimer, Timer, timer_fn};
pub use timings::{AnalyzerTiming, StageTiming, Timings};
pub use validator::{FnValidator, Judgement, ValidationReport, Validator, validate_fn};
