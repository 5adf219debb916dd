//! Scores and quality gates that explain themselves: pure, synchronous, exact.

#![no_std]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests may panic"))]

extern crate alloc;

mod amount;
mod build;
mod compiled;
mod complexity;
mod condition_result;
mod deduction;
mod evaluate;
mod evidence;
mod facts;
mod fault;
mod gate;
mod group_result;
mod lint;
mod lint_checks;
mod overall;
mod performance;
mod policy;
mod predicate;
mod preset;
mod render;
mod risk;
mod scorecard;
mod sources;
mod spec;
mod status;
mod text;
mod verdict;
mod verdict_form;

pub use amount::Amount;
pub use condition_result::ConditionResult;
pub use evaluate::Ground;
pub use evidence::{Evidence, Slot};
pub use facts::facts;
pub use fault::{Fault, GateErrors, PolicyErrors, Problem};
pub use gate::Gate;
pub use group_result::GroupResult;
pub use lint::{Lint, LintKind};
pub use overall::{score_code, score_security};
pub use performance::score_performance;
pub use policy::{
    CodeWeights, ComplexityLimit, ComplexityLimits, Dilution, FailedSource, LengthLimit, NotApplicable,
    PerformanceLimits, RiskModel, ScoringPolicy, ScoringPolicySpec, SecurityWeights, SeverityWeights,
};
pub use predicate::{Predicate, PredicateError};
pub use scorecard::{ScoreResult, Scorecard, SeverityCounts, Standing, Term};
pub use spec::{Applies, Combine, ConditionSpec, GateSpec, GroupSpec, Missing};
pub use status::Status;
pub use text::texts;
pub use verdict::Verdict;
