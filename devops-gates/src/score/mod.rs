//! From findings to scores.

pub(crate) mod amount;
pub(crate) mod complexity;
pub(crate) mod deduction;
pub(crate) mod facts;
pub(crate) mod overall;
pub(crate) mod performance;
pub(crate) mod policy;
pub(crate) mod risk;
pub(crate) mod scorecard;
pub(crate) mod sources;

pub use amount::Amount;
pub use facts::facts;
pub use overall::{score_code, score_security};
pub use performance::score_performance;
pub use policy::{
    CodeWeights, ComplexityLimit, ComplexityLimits, Dilution, FailedSource, LengthLimit, NotApplicable,
    PerformanceLimits, RiskModel, ScoringPolicy, ScoringPolicySpec, SecurityWeights, SeverityWeights,
};
pub use scorecard::{ScoreResult, Scorecard, SeverityCounts, Standing, Term};
