//! From findings to scores.

mod absence;
pub(crate) mod amount;
pub(crate) mod complexity;
pub(crate) mod deduction;
mod exact;
pub(crate) mod facts;
mod limits;
mod model;
pub(crate) mod overall;
pub(crate) mod performance;
pub(crate) mod policy;
mod policy_spec;
pub(crate) mod risk;
pub(crate) mod scorecard;
pub(crate) mod sources;
mod weights;

pub use absence::{FailedSource, NotApplicable};
pub use amount::Amount;
pub use facts::facts;
pub use limits::{ComplexityLimit, ComplexityLimits, LengthLimit, PerformanceLimits};
pub use model::{Dilution, RiskModel};
pub use overall::{score_code, score_security};
pub use performance::score_performance;
pub use policy::ScoringPolicy;
pub use policy_spec::ScoringPolicySpec;
pub use scorecard::{ScoreResult, Scorecard, SeverityCounts, Standing, Term};
pub use weights::{CodeWeights, SecurityWeights, SeverityWeights};
