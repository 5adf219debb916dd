//! Exit codes.

use devops_pipeline::{PipelineReport, RunOutcome};

/// The change passes.
pub(crate) const PASSED: u8 = 0;
/// The change does not pass.
pub(crate) const FAILED: u8 = 1;
/// The verdict is a warning and that was asked for.
pub(crate) const WARNING: u8 = 2;
/// The change could not be judged.
pub(crate) const ERROR: u8 = 3;

/// The exit code of a report.
pub(crate) fn code(report: &PipelineReport, fail_on_warning: bool) -> u8 {
    match &report.outcome {
        RunOutcome::Succeeded => PASSED,
        RunOutcome::SucceededWithWarnings { .. } => {
            if fail_on_warning {
                WARNING
            } else {
                PASSED
            }
        }
        RunOutcome::Failed { .. } | RunOutcome::RolledBack { .. } => FAILED,
        _ => ERROR,
    }
}
