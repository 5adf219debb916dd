//! How mature is a team, how sure is that, and how does it get to the next level?
//!
//! ```
//! use devops_core::{Measure, MetricId, Unit};
//! use devops_maturity::{Answers, Observation, assess, models};
//!
//! let model = models::five_dimensions();
//! let now = "2026-11-25T00:00:00Z".parse()?;
//! let share = |metric, part, whole| {
//!     let measure = Measure::fraction(MetricId::new(metric)?, part, whole, Unit::Percent);
//!     Ok::<_, devops_core::ValueError>(Observation::new(measure, now))
//! };
//! let answers = Answers::new(&model, "checkout")
//!     .with_observation(share("automated_deployments", 20, 20)?)
//!     .with_observation(share("automated_test_coverage", 810, 1000)?)
//!     .with_observation(share("slo_coverage", 1, 10)?);
//! let assessment = assess(&model, &answers, now)?;
//!
//! let overall = assessment.root();
//! assert_eq!(format!("{:.1}", overall.score.as_ref().unwrap()), "6.0 (1.4 to 9.3)");
//! // On what is known the team looks "defined"; its monitoring does not.
//! let level = overall.level.as_ref().unwrap();
//! assert_eq!(level.ungated.point.map(|l| model.level_name(l)), Some("defined"));
//! assert_eq!(level.gated.unwrap().point.map(|l| model.level_name(l)), Some("initial"));
//! assert!(level.blocking.iter().any(|n| n.as_str() == "monitoring"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! - **Models as data**: a [`ModelSpec`] of [`NodeSpec`]s and [`ItemSpec`]s is built to a [`Model`] or refused
//!   with all its faults ([`ModelErrors`]). [`Aggregation`], [`Rounding`], [`NotApplicablePolicy`],
//!   [`UnknownPolicy`], [`LevelPolicy`] and [`GateSpec`] are its rules. [`models`] has three of our own.
//! - **Answers**: [`Answers`] of [`ItemAnswer`]s with [`Evidence`], and [`Observation`]s of what was measured.
//! - **Assessments**: [`assess()`] gives an [`Assessment`]: a [`NodeScore`] and a [`NodeLevel`] with bounds for
//!   each node, [`Contradiction`]s, [`Dispute`]s, [`IntegrityWarning`]s and the principles that are not covered.
//! - **What next**: [`explain()`] gives the cheapest set of items that reaches a level, [`recommend()`] ranks what to
//!   do by gain for effort.
//! - **Over time and teams**: [`changes`] between two assessments, [`Model::migrate`] for answers to an earlier
//!   version, [`Mapping`] for what one model's answers say about another, [`roll_up()`] for many teams,
//!   [`peer_percentile`] for one among many.
//! - **From outside**: [`EvidenceSource`]s supply measured items, [`gather`] asks them; [`import`] reads users'
//!   own copies of OWASP SAMM and DSOMM.
//! - [`initiative`]: what can be done, what it takes and gives, as data; phases with criteria that can be checked.
//! - [`roadmap`]: the plan to a target, what would be different, and what became of it.
//! - [`schedule`]: activities with precedence and limited resources, their critical path, and a short schedule
//!   with its lower bound.
//! - [`selection`]: what to do with limited people and time.
//! - [`uncertainty`]: the distribution of a plan's end, and what is critical how often.
//!
//! # Laws
//!
//! Scores are exact [`Fraction`]s. What is not known is never nothing: `low` counts it so, `high` counts it in
//! full, `point` leaves it out. An answer to an unknown item never widens the bounds, and more credit lowers no
//! score and no level, wherever means are taken over parts of the same scale (a mean over nodes that are sums is
//! the one exception: where such a node loses its last applicable item, its place in the mean goes to the others).
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
        clippy::disallowed_methods,
        clippy::float_cmp,
        clippy::string_slice,
        reason = "tests may panic and compare exactly"
    )
)]

extern crate alloc;

mod answers;
mod assess;
mod assessment;
mod evidence;
mod evidence_source;
mod explain;
mod history;
pub mod import;
pub mod initiative;
mod integrity;
mod mapping;
mod migrate;
mod model;
pub mod models;
mod peers;
mod recommend;
pub mod roadmap;
mod roll_up;
pub mod schedule;
pub mod selection;
mod text;
pub mod uncertainty;

pub use answers::{Answer, Answers, Inferred, ItemAnswer};
pub use assess::{AnswerErrors, AnswerFault, AnswerProblem, assess};
pub use assessment::{
    Assessment, Contradiction, CreditBounds, Dispute, ItemResult, ItemState, LevelBounds, LevelShare,
    NodeLevel, NodeResult, NodeScore, PrincipleCoverage,
};
pub use devops_core::Fraction;
pub use evidence::{Evidence, Grade, Observation};
pub use evidence_source::{EvidenceError, EvidenceSource, FnEvidence, Gathered, evidence_fn, gather};
pub use explain::{ExplainError, Explanation, Step, explain};
pub use history::{Changes, HistoryError, ItemChange, ItemChangeKind, NodeChange, changes};
pub use integrity::IntegrityWarning;
pub use mapping::{Mapping, MappingError, MappingLink};
pub use migrate::{MigrateError, Migrated};
pub use model::{
    Aggregation, AnswerSetSpec, BandSpec, CompetenceSpec, CreditSpec, EmptyLevel, EntrySpec, EvidencePolicy,
    GateSpec, GradeCapSpec, ItemKind, ItemLevelSpec, ItemSpec, LevelPolicy, LevelSpec, LocaleSpec,
    MeasureSpec, MigrationSpec, Model, ModelErrors, ModelFault, ModelItem, ModelNode, ModelProblem,
    ModelSpec, MoveSpec, NeedOf, NeedSpec, NodeSpec, NotApplicablePolicy, OfNone, OptionSpec, PrincipleSpec,
    Rounding, RoundingMode, TextSpec, ThresholdSpec, UnknownPolicy,
};
pub use peers::{PeerPercentile, peer_percentile};
pub use recommend::{Reason, Recommendation, recommend};
pub use roll_up::{NodeRollUp, RollUpError, RollUpPolicy, roll_up};
pub use text::texts;
