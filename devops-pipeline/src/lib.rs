//! Runs a change through analyzers, build, tests, gate, deployment and validation, concurrently on any executor,
//! and returns one deterministic report.
//!
//! # May this change go out, and if not, what is to be done?
//!
//! ```
//! use devops_core::{
//!     Analysis, AnalyzerKind, ChangeSet, Context, Finding, JobId, PipelineJob, RuleId, Severity, metric,
//!     scanner_fn,
//! };
//! use devops_pipeline::{Pipeline, TestReport, test_fn};
//!
//! let secrets = scanner_fn("secrets", AnalyzerKind::Secrets, |change, _context| {
//!     let lines = change.files().iter().flat_map(|file| file.added_lines());
//!     let keys = lines.filter(|line| line.text.starts_with(b"AKIA"));
//!     let rule = RuleId::new("aws-key")?;
//!     Ok(Analysis::new().with_findings(keys.map(|_| Finding::new(rule.clone(), Severity::Critical, "an access key"))))
//! })?;
//! let pipeline = Pipeline::builder()
//!     .scanner(secrets)
//!     .test_runner(test_fn(&[metric::TEST_COVERAGE], |_input| {
//!         Ok(TestReport::new(128, 1, 0).with_coverage(4_120, 5_000))
//!     }))
//!     .build()?;
//! let job = PipelineJob::new(JobId::new("build 1042")?).with_repository("shop/checkout");
//! let change = ChangeSet::from_diff(b"--- a/pay.py\n+++ b/pay.py\n@@ -1 +1,2 @@\n a = 1\n+b = 2\n")?;
//! let report = futures::executor::block_on(pipeline.run(&job, &change, &Context::new()));
//! assert!(!report.outcome.is_success());
//! assert_eq!(report.recommendations[0].id, "gate:tests_pass");
//! println!("{}", report.to_markdown());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! - **Running**: [`Pipeline`] and its [`PipelineBuilder`]; [`run_analyzers`] over an [`AnalyzerSet`] for who
//!   wants the analyzers alone.
//! - **Deciding**: [`PipelinePolicy`], written as a [`PolicySpec`]: thresholds, what stops a run, what is
//!   [`Required`], scoring, gate, time limits. [`GateEvidence`] in the context gives the gate earlier runs, a control and waivers.
//! - **The world**, as traits that the embedding service implements: [`BuildRunner`], [`TestRunner`],
//!   [`Deployer`], [`Validator`], [`Observer`], [`Timer`]. Each has a named adaptor for closures: [`build_fn`],
//!   [`test_fn`], [`deploy_fn`], [`validate_fn`], [`observer_fn`], [`timer_fn`].
//! - **Reporting**: [`PipelineReport`] with a [`StageReport`] for each stage, [`Recommendation`]s and, beside
//!   what is the same in every run, [`Timings`]. All that is shown to people is looked up in [`texts`].
//!
//! # What it promises
//!
//! - Nothing is spawned and no runtime is needed; the crate does no I/O and reads no clock but the [`Timer`].
//! - One analyzer that fails, panics or takes too long costs nobody else's result, and is never read as clean.
//! - The same inputs and answers give the same serialised report, whatever finished first.
//! - Results of stages and sources are serde values, each complete when its stage ends.
//!
//! With `panic = "abort"` no panic can be caught; what never awaits cannot be stopped.

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
mod gate_evidence;
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
pub use gate_evidence::GateEvidence;
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
