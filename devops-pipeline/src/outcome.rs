//! How stages and runs end.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{Message, Stage};

use crate::text::texts;

/// How a stage ended.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
#[non_exhaustive]
pub enum StageOutcome {
    /// It ran and is content.
    Passed,
    /// It ran, and the run goes on, but somebody should know.
    Warning {
        /// What.
        reason: Message,
    },
    /// It ran and is not content.
    Failed {
        /// Why.
        reason: Message,
    },
    /// It did not run. That is never the same as passed.
    Skipped {
        /// Why.
        reason: Message,
    },
    /// It could not do its work: nobody knows.
    Errored {
        /// Why.
        reason: Message,
    },
    /// The run was cancelled before it ended.
    Cancelled,
}

impl StageOutcome {
    /// One word: `passed`, `warning`, `failed`, `skipped`, `errored` or `cancelled`.
    ///
    /// ```
    /// assert_eq!(devops_pipeline::StageOutcome::Passed.status(), "passed");
    /// ```
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Warning { .. } => "warning",
            Self::Failed { .. } => "failed",
            Self::Skipped { .. } => "skipped",
            Self::Errored { .. } => "errored",
            Self::Cancelled => "cancelled",
        }
    }

    /// Why it is not simply passed.
    #[must_use]
    pub const fn reason(&self) -> Option<&Message> {
        match self {
            Self::Warning { reason }
            | Self::Failed { reason }
            | Self::Skipped { reason }
            | Self::Errored { reason } => Some(reason),
            Self::Passed | Self::Cancelled => None,
        }
    }
}

impl fmt::Display for StageOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status())?;
        match self.reason() {
            Some(reason) => write!(f, ": {}", texts().render(reason)),
            None => Ok(()),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
#[non_exhaustive]
pub enum RunOutcome {
    /// All that was asked for was done.
    Succeeded,
    /// The same, and somebody should look at something.
    SucceededWithWarnings {
        /// At what.
        warnings: Vec<Warning>,
    },
    /// The change does not pass.
    Failed {
        /// Where it stopped.
        stage: Stage,
        /// Why.
        reason: Message,
    },
    /// It was deployed and taken back.
    RolledBack {
        /// Where it stopped.
        stage: Stage,
        /// Why.
        reason: Message,
    },
    /// It was cancelled.
    Cancelled {
        /// Where.
        stage: Stage,
    },
    /// A stage could not do its work: nobody knows whether the change is fit to pass.
    Errored {
        /// Which stage.
        stage: Stage,
        /// Why.
        reason: Message,
    },
}

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "where and what are all there is")]
pub struct Warning {
    /// The stage.
    pub stage: Stage,
    /// What.
    pub reason: Message,
}

impl RunOutcome {
    /// One word: `succeeded`, `succeeded_with_warnings`, `failed`, `rolled_back`, `cancelled` or `errored`.
    ///
    /// ```
    /// assert_eq!(devops_pipeline::RunOutcome::Succeeded.status(), "succeeded");
    /// ```
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::SucceededWithWarnings { .. } => "succeeded_with_warnings",
            Self::Failed { .. } => "failed",
            Self::RolledBack { .. } => "rolled_back",
            Self::Cancelled { .. } => "cancelled",
            Self::Errored { .. } => "errored",
        }
    }

    /// Whether all that was asked for was done, with warnings or without.
    ///
    /// ```
    /// use devops_core::Stage;
    /// use devops_pipeline::RunOutcome;
    ///
    /// assert!(RunOutcome::Succeeded.is_success());
    /// assert!(!RunOutcome::Cancelled { stage: Stage::Build }.is_success());
    /// ```
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded | Self::SucceededWithWarnings { .. })
    }

    /// The outcome in the words of a table of texts.
    ///
    /// ```
    /// use devops_core::Stage;
    /// use devops_pipeline::{RunOutcome, texts};
    ///
    /// assert_eq!(RunOutcome::Cancelled { stage: Stage::Build }.in_words(&texts()), "cancelled in build");
    /// ```
    #[must_use]
    pub fn in_words(&self, table: &devops_core::TextTable) -> String {
        let said = |id, stage: &Stage, reason: &Message| {
            Message::new(id).with("stage", stage).with("reason", table.render(reason))
        };
        let message = match self {
            Self::Succeeded => Message::new("outcome.succeeded"),
            Self::SucceededWithWarnings { warnings } if warnings.len() == 1 => {
                Message::new("outcome.warning")
            }
            Self::SucceededWithWarnings { warnings } => {
                Message::new("outcome.warnings").with("count", warnings.len())
            }
            Self::Failed { stage, reason } => said("outcome.failed", stage, reason),
            Self::RolledBack { stage, reason } => said("outcome.rolled_back", stage, reason),
            Self::Errored { stage, reason } => said("outcome.errored", stage, reason),
            Self::Cancelled { stage } => Message::new("outcome.cancelled").with("stage", stage),
        };
        table.render(&message)
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(&texts()))
    }
}
