//! Is the canary worse than what runs already? Judged by samples of both.
//!
//! ```
//! use devops_core::{Measure, Measures, MetricId, Unit};
//! use devops_gates::Status;
//! use devops_gates::judge::{JudgePolicy, judge, sampled};
//!
//! let policy: JudgePolicy = toml::from_str(r#"
//!     format = 1
//!     name = "checkout"
//!     [[metrics]]
//!     metric = "latency"
//!     direction = "increase"
//!     tolerance = { kind = "relative", share = 0.02 }
//!     [[metrics]]
//!     metric = "errors"
//!     direction = "increase"
//!     tests = [{ kind = "rate" }]
//! "#)?;
//! let side = |factor: f64, failed: u64| -> Result<Measures, Box<dyn std::error::Error>> {
//!     let values: Vec<f64> = (0..40).map(|i| factor * (100.0 + f64::from(i * 17 % 23))).collect();
//!     Ok(Measures::try_from(vec![
//!         sampled(MetricId::new("latency")?, Unit::Milliseconds, &values)?,
//!         Measure::fraction(MetricId::new("errors")?, failed, 10_000, Unit::Percent),
//!     ])?)
//! };
//! let found = judge(&side(1.0, 12)?, &side(1.2, 14)?, &policy);
//! assert_eq!(found.status, Status::Failed);
//! assert!(found.to_string().starts_with("canary checkout failed: latency"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`judge`] compares two sets of measures by a [`JudgePolicy`] and gives a [`Judgement`]; its documentation says
//!   what is tested and what each verdict means.
//! - [`CanaryWatch`] does the same look by look while a canary runs, without raising the rate of false alarms.
//! - [`Sampling`] makes values that depend on their neighbours fit to compare; [`suggested_block`] says how far
//!   apart they must be.
//!
//! # What it promises
//!
//! A canary whose values come from where the control's come from is called worse (failed or in warning) with
//! probability at most `alpha`, over all metrics together, whatever the distribution and however many values are
//! equal. That rests on two things that no test can see to: the values of a sample are independent
//! ([`Sampling`]), and both sides were measured under the same load.

mod compare;
mod decide;
mod effect;
mod evidence;
mod judgement;
mod measured;
mod plan;
mod policy;
mod render;
mod sampling;
mod single;
mod spec;
mod text;
mod watch;

pub use decide::judge;
pub use devops_stats::spending::Spending;
pub use judgement::{
    Effect, GroupJudgement, Judgement, MetricJudgement, Obstacle, PValues, Side, TestGround, TestJudgement,
};
pub use measured::sampled;
pub use plan::WatchPlan;
pub use policy::JudgePolicy;
pub(crate) use render::{effect_text, probability, short};
pub use sampling::suggested_block;
pub(crate) use single::Single;
pub use spec::{
    CanaryGroup, CanaryMetric, CanaryTest, Direction, JudgePolicySpec, Proof, Sampling, Tolerance,
};
pub(crate) use text::TEXTS;
pub use watch::{CanaryWatch, WatchError};
