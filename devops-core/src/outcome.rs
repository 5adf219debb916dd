//! How the run of an analyzer ended.

use alloc::string::String;
use core::fmt;

use crate::{Analysis, Descriptor};

/// How the run of an analyzer ended. Only [`Outcome::Completed`] says anything about the change: "found
/// nothing" and "did not run" are never the same.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "status", content = "detail")]
#[non_exhaustive]
pub enum Outcome {
    /// It ran to an end; what it could not look at is in the analysis.
    Completed(Analysis),
    /// It returned an error.
    Failed {
        /// What it said.
        reason: String,
        /// Whether another try may succeed.
        transient: bool,
    },
    /// It did not end in time.
    TimedOut {
        /// The limit, in milliseconds.
        limit_ms: u64,
    },
    /// The run was cancelled before it ended.
    Cancelled,
    /// It panicked.
    Panicked {
        /// What the panic said.
        message: String,
    },
    /// It was not asked to run.
    Skipped {
        /// Why.
        reason: String,
    },
}

impl Outcome {
    /// What it returned, where it ran to an end.
    #[must_use]
    pub const fn analysis(&self) -> Option<&Analysis> {
        match self {
            Self::Completed(analysis) => Some(analysis),
            _ => None,
        }
    }

    /// One word: `completed`, `partial`, `failed`, `timed_out`, `cancelled`, `panicked` or `skipped`.
    ///
    /// ```
    /// use devops_core::{Analysis, Outcome};
    ///
    /// assert_eq!(Outcome::Completed(Analysis::new()).status(), "completed");
    /// assert_eq!(Outcome::TimedOut { limit_ms: 10 }.to_string(), "timed out after 10 ms");
    /// ```
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self::Completed(analysis) if analysis.is_complete() => "completed",
            Self::Completed(_) => "partial",
            Self::Failed { .. } => "failed",
            Self::TimedOut { .. } => "timed_out",
            Self::Cancelled => "cancelled",
            Self::Panicked { .. } => "panicked",
            Self::Skipped { .. } => "skipped",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed(analysis) if analysis.is_complete() => f.write_str("completed"),
            Self::Completed(analysis) => write!(f, "completed in part ({} skipped)", analysis.skipped.len()),
            Self::Failed { reason, .. } => write!(f, "failed: {reason}"),
            Self::TimedOut { limit_ms } => write!(f, "timed out after {limit_ms} ms"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Panicked { message } => write!(f, "panicked: {message}"),
            Self::Skipped { reason } => write!(f, "skipped: {reason}"),
        }
    }
}

/// One analyzer's run: who it was and how it ended.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "who and how are all there is")]
pub struct AnalyzerRun {
    /// Who.
    pub descriptor: Descriptor,
    /// How it ended.
    pub outcome: Outcome,
}
