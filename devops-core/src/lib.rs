//! The vocabulary and the async traits of the devops crates: what a change is, what an analyzer returns, and
//! what the other crates pass between each other.
//!
//! # What do analyzers, gates and pipelines talk about?
//!
//! ```
//! use devops_core::{Analysis, AnalyzerKind, ChangeSet, Context, Finding, RuleId, Severity, analyzer_fn};
//! use devops_core::Analyzer as _;
//!
//! let change = ChangeSet::from_diff(b"--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@\n a = 1\n+print(a)\n")?;
//! let analyzer = analyzer_fn("no-print", AnalyzerKind::Style, |change, _context| {
//!     let prints = change.files().iter().flat_map(|f| f.added_lines()).filter(|l| l.text.starts_with(b"print"));
//!     let rule = RuleId::new("no-print")?;
//!     Ok(Analysis::new().with_findings(prints.map(|_| Finding::new(rule.clone(), Severity::Minor, "print left in"))))
//! })?;
//! # futures::executor::block_on(async {
//! let analysis = analyzer.analyze(&change, &Context::new()).await?;
//! assert_eq!(analysis.findings[0].severity(), Severity::Minor);
//! # Ok::<(), devops_core::AnalyzerError>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! - **Change**: [`ChangeSet`] from a unified diff, its [`FileChange`]s, [`Hunk`]s and [`Line`]s.
//! - **Analyzers**: the traits [`Analyzer`] and [`Scanner`], the [`Context`] they get, the [`Analysis`] they
//!   return, the [`Outcome`] of running one.
//! - **Findings**: [`Finding`], [`Severity`], [`Location`], [`Fingerprint`], [`Suppression`].
//! - **Measures**: [`Measure`], [`Measures`], [`Unit`], [`Catalogue`], [`Criterion`].
//! - **Values**: [`Score`], [`Percent`], [`Ratio`] and [`Weight`] in exact millionths, finite [`Number`]s,
//!   [`Decimal`] thresholds as written, [`Timestamp`]s; with the feature `fraction` exact fractions of any size.
//! - **Jobs**: [`PipelineJob`], [`Stage`].
//! - **Text**: [`Message`] and [`TextTable`]; the [`Faults`] of a document, each with its place.
//!
//! The crate does no I/O, reads no clock and needs only `alloc`.

#![no_std]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests may panic"))]

extern crate alloc;

mod analysis;
mod analyzer;
mod catalogue;
mod change;
mod context;
mod criterion;
mod decimal;
mod descriptor;
mod error;
mod fault;
mod finding;
mod fingerprint;
mod fixed;
#[cfg(feature = "fraction")]
mod fraction;
mod glob;
mod id;
mod job;
mod location;
mod markdown;
mod measure;
mod measures;
mod number;
mod outcome;
mod path;
mod severity;
mod stage;
mod text;
mod timestamp;
mod unit;

pub use analysis::{Analysis, ChangeRisk, Complexity, FileRisk, FunctionComplexity, Skipped};
pub use analyzer::{
    Analyzer, AnalyzerError, FnAnalyzer, Scanner, ScannerAnalyzer, ScannerExt, analyzer_fn, scanner_fn,
};
pub use async_trait::async_trait;
pub use catalogue::{Catalogue, GoodDirection, MetricSpec, metric};
pub use change::{
    ApplyError, ChangeKind, ChangeSet, CommitInfo, DiffError, FileChange, FileMode, Hunk, Line, LineKind,
    LineRange, Side,
};
pub use context::{Cancellation, Context};
pub use criterion::{Comparison, Criterion, compare};
pub use decimal::Decimal;
pub use descriptor::{AnalyzerKind, Descriptor};
pub use error::{ValueError, excerpt};
pub use fault::{Fault, Faults};
pub use finding::{BaselineState, Finding, Suppression, SuppressionKind, settle_findings};
pub use fingerprint::Fingerprint;
pub use fixed::{Percent, Ratio, Score, Weight};
#[cfg(feature = "fraction")]
pub use fraction::Fraction;
pub use id::{
    AnalyzerId, ConditionId, EnvironmentId, EventId, ItemId, JobId, MetricId, NodeId, ProposalId, RuleId,
    ServiceId,
};
pub use job::{PipelineJob, Trigger};
pub use location::{Location, Region};
pub use markdown::markdown_cell;
pub use measure::{Interval, Measure, Provenance, Scope, Value};
pub use measures::{DuplicateMeasure, Measures};
pub use number::Number;
pub use outcome::{AnalyzerRun, Outcome};
pub use path::RepoPath;
pub use severity::Severity;
pub use stage::Stage;
pub use text::{Message, TextTable};
pub use timestamp::Timestamp;
pub use unit::Unit;
