//! One line of progress per analyzer, on standard error, where that is a terminal.

use std::io::{IsTerminal as _, Write as _};

use devops_pipeline::{Event, Observer};

/// Writes progress to standard error.
#[derive(Debug)]
pub(crate) struct Progress;

impl Progress {
    /// Progress, where somebody is watching.
    pub(crate) fn if_watched() -> Option<Self> {
        std::io::stderr().is_terminal().then_some(Self)
    }
}

impl Observer for Progress {
    fn notify(&self, event: Event<'_>) {
        let line = match event {
            Event::StageStarted { stage } => format!("{stage} …"),
            Event::AnalyzerFinished { id, status, done, total } => {
                format!("  [{done}/{total}] {id}: {status}")
            }
            Event::AnalyzerTimedOut { id, limit_ms } => format!("  {id}: no answer within {limit_ms} ms"),
            _ => return,
        };
        // Nothing is lost when progress cannot be shown.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}
