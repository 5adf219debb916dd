//! Scores and quality gates that explain themselves: pure, synchronous, exact.
//!
//! # May this change ship, and if not, what stands in the way?
//!
//! ```
//! use std::collections::BTreeSet;
//! use devops_core::{Analysis, AnalyzerKind, AnalyzerRun, Descriptor, Finding, Measures, Outcome, RuleId, Severity};
//! use devops_gates::{Evidence, Gate, ScoringPolicy, Status, facts, score_security};
//!
//! let leak = Finding::new(RuleId::new("aws-key")?, Severity::Critical, "an access key");
//! let outcome = Outcome::Completed(Analysis::new().with_finding(leak));
//! let runs = [AnalyzerRun { descriptor: Descriptor::new("secrets", AnalyzerKind::Secrets)?, outcome }];
//! let card = score_security(&runs, false, &ScoringPolicy::recommended());
//! assert_eq!(card.get("secrets").unwrap().summary_text(), "secrets 0: 1 critical");
//! let mut measures = card.measures();
//! measures.extend(facts(&runs, &BTreeSet::new()));
//! let verdict = Gate::recommended().evaluate(&Evidence::new(&Measures::try_from(measures)?));
//! assert_eq!(verdict.status(), Status::Failed);
//! assert_eq!(verdict.condition("no_critical_findings").unwrap().reason_text(), "1 does not meet = 0");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! Two steps, never one: findings become scores, scores and measures become a verdict.
//!
//! - **Scores**: [`score_code`], [`score_security`] and [`score_performance`] by a [`ScoringPolicy`]; a
//!   [`Scorecard`] of [`ScoreResult`]s, each the exact sum of its [`Term`]s in [`Amount`]s. What did not run is
//!   not measured, and never a ten: [`Standing`].
//! - **Facts**: [`facts`] counts open and critical findings, and required sources that did not run.
//! - **Gates**: a [`GateSpec`] of [`ConditionSpec`]s and [`GroupSpec`]s, each [`Combine`]d in its way, is built
//!   to a [`Gate`] or refused with [`GateErrors`]; a built gate has [`Lint`]s. Criteria are [`Predicate`]s such
//!   as `>= 80 %`, or `no increase beyond 5 %` where samples are compared ([`SampleComparison`]), written as text or built
//!   ([`Predicate::at_least`], [`NoChange`]); a [`FindingsSpec`] counts findings or takes their worst severity. [`Gate::recommended`] is the
//!   default, [`Gate::classic`] the plain form for parity.
//! - **History**: earlier [`Run`]s in a [`History`] give the [`Baseline`] that `<= baseline + 10 %` names, chosen by a
//!   [`BaselineSpec`], and values that were [`LastKnown`].
//! - **Waivers**: [`Waivers`] let a condition or the findings of a rule fail until a day; what is waived is shown as
//!   failed but waived, and a gate that needs one is in warning at best.
//! - **Stability**: a [`StabilitySpec`] keeps a condition from flapping; its [`GateState`] comes in with the
//!   evidence and goes out with the verdict.
//! - **Verdicts**: [`Gate::evaluate`] takes [`Evidence`] and gives a [`Verdict`]: a [`Status`], a
//!   [`ConditionResult`] with its [`Ground`] for each condition, a [`GroupResult`] for each group, the
//!   [`Distance`] to passing, and the fewest conditions to fix. [`PerStatus`] makes an exit code or a check of it.
//! - **Questions**: [`Gate::what_if`] measures were so, the [`Difference`] between two verdicts, the
//!   [`Sensitivity`] to each condition, and whether the [`Decision`] is certain while something is [`Pending`].
//! - **Canaries**: [`judge`] compares the samples of a canary with those of what runs already, over many metrics at one
//!   level; a gate does it condition by condition.
//! - **Files**: the types that people write are read with any `serde` reader and refuse unknown keys; `schema/` holds
//!   their JSON Schemas, which the feature `schemars` makes.
//! - **Text**: [`texts`] holds every sentence by id.
//! - **Other engines** (feature `compat`): judge as Keptn, Kayenta, SonarQube and Argo Rollouts do, and convert
//!   their gates.
//!
//! # Exactness
//!
//! Thresholds are decimals as written. A measured number is taken as its shortest decimal and a fraction as its
//! two counts, so 79.9999996 does not reach 80 and 57 of 100 reaches 57 %. A baseline is an exact fraction, so an
//! unchanged third is unchanged. Weights and shares are whole
//! millionths; a score is the exact sum of its terms and is rounded once. A value that is missing, of another
//! kind or in another unit never passes.
//!
//! The crate does no I/O, reads no clock and needs only `alloc`.

#![no_std]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests may panic"))]

extern crate alloc;

#[cfg(feature = "compat")]
pub mod compat;
mod condition;
mod evaluate;
mod fault;
mod gate;
mod history;
pub mod judge;
mod lint;
#[cfg(feature = "schemars")]
pub mod schema;
mod score;
mod text;
mod verdict;
mod waiver;

pub use condition::{
    FindingsMeasure, FindingsSpec, GateState, NoChange, Predicate, PredicateError, StabilitySpec, StateError,
};
pub use evaluate::{Decision, Evidence, Ground, LastKnown, Pending, SampleComparison, Slot, Status};
pub use fault::{Fault, GateErrors, JudgePolicyErrors, PolicyErrors, Problem, WaiverErrors};
pub use gate::{Applies, Combine, ConditionSpec, Gate, GateSpec, GroupSpec, MinEvidence, Missing};
pub use history::{
    Aggregate, Baseline, BaselineFrom, BaselineSpec, History, HistoryError, Include, NegativeBaseline,
    NoBaseline, Run, ZeroBaseline,
};
pub use lint::{Lint, LintKind};
pub use score::{
    Amount, CodeWeights, ComplexityLimit, ComplexityLimits, Dilution, FailedSource, LengthLimit,
    NotApplicable, PerformanceLimits, RiskModel, ScoreResult, Scorecard, ScoringPolicy, ScoringPolicySpec,
    SecurityWeights, SeverityCounts, SeverityWeights, Standing, Term, facts, score_code, score_performance,
    score_security,
};
pub use text::texts;
pub use verdict::{
    ChangeKind, ConditionChange, ConditionResult, Difference, Distance, GroupResult, PerStatus, PlanTooLarge,
    Sensitivity, Standpoint, Verdict,
};
pub use waiver::{Waiver, WaiverResult, WaiverState, Waivers, WaiversSpec};
