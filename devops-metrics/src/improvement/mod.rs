//! What should we improve next, and did it help?
//!
//! A loop: metrics → opportunities → proposals → change → verdict.
//!
//! ```
//! use devops_core::{GoodDirection, MetricId, Number, Unit};
//! use devops_metrics::improvement::{
//!     CardValue, Library, MetricCard, OpportunityPolicy, StageShares, opportunities, propose,
//! };
//!
//! let recovery = MetricCard::new(
//!     MetricId::new("failed_deployment_recovery_time")?, Unit::Minutes, GoodDirection::Down,
//!     CardValue::Measured { value: Number::new(1_000_000.0)?, n: 9 },
//! );
//! let deployments = MetricCard::new(
//!     MetricId::new("deployment_frequency")?, Unit::PerMonth, GoodDirection::Up,
//!     CardValue::Counted { events: 9, exposure: Number::from(3) },
//! );
//! let (cards, library) = ([deployments, recovery], Library::standard());
//! let first = |policy: &OpportunityPolicy| {
//!     let report = opportunities(&cards, &StageShares::new(), &library, policy)?;
//!     Ok::<_, Box<dyn std::error::Error>>(report.opportunities[0].clone())
//! };
//! // An outage of a million minutes; the classic form would rather deploy more often.
//! assert_eq!(first(&OpportunityPolicy::classic())?.metric.as_str(), "deployment_frequency");
//! let opportunity = first(&OpportunityPolicy::recommended())?;
//! assert_eq!(opportunity.metric.as_str(), "failed_deployment_recovery_time");
//! let proposal = propose(&opportunity, &library)?;
//! assert_eq!(proposal.proposer, "SRE team");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! - **Where do we stand?** [`MetricCard::of_delivery`] and [`delivery_trends`] take the numbers of a
//!   [`query`](crate::query), [`Query::observe`](crate::query::Query::observe) the observations behind them.
//! - **What next?** [`opportunities`] ranks [`MetricCard`]s by an [`OpportunityPolicy`]; the [`Library`] knows
//!   causes, effects and actions.
//! - **What exactly?** [`propose`] writes a [`Proposal`] with success metrics, guardrails and a hypothesis;
//!   [`ProposalState`] is its life, [`ProposalBook`] holds many.
//! - **Did it help?** [`judge`] compares [`Observation`]s after with the [`Baseline`]; [`progress`] says how far
//!   it is, [`benefit`] what it is worth, [`calibration`] how good the predictions are.

mod benefit;
mod book;
mod calibration;
mod card;
mod control;
mod delivery;
mod effect;
mod error;
mod guardrail;
mod level;
mod library;
mod library_data;
mod observation;
mod opportunity;
mod policy;
mod progress;
mod proposal;
mod rank;
mod sample;
mod state;
mod text;
mod verdict;

pub use benefit::{Benefit, BenefitBasis, benefit};
pub use book::{ProposalBook, Record};
pub use calibration::{Calibration, calibration};
pub use card::{CardTrend, CardValue, Category, MetricCard};
pub use delivery::{delivery_trends, with_trends};
pub use effect::{Effect, Method, Movement, effect};
pub use error::ImprovementError;
pub use guardrail::{GuardrailStatus, GuardrailVerdict};
pub use level::Level;
pub use library::{Action, Area, Library, LibraryErrors, LibraryFault, Note, Template};
pub use observation::Observation;
pub use opportunity::{InBand, Opportunity, OpportunityReport, RankedAction, Unjudged};
pub use policy::{Band, ClassicRule, OpportunityPolicy, Ranking};
pub use progress::{CriterionProgress, Progress, progress};
pub use proposal::{Guardrail, Hypothesis, Margin, Proposal, ProposalKind, propose};
pub use rank::{StageShares, opportunities};
pub use sample::Sample;
pub use state::{Entry, Event, ProposalState, Status, TransitionError};
pub use text::texts;
pub use verdict::{
    Baseline, Control, ImprovementVerdict, MetricVerdict, Obstacle, Verdict, VerdictPolicy, judge,
};
