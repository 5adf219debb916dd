//! What each stage does.

mod analysis;
mod build;
mod deployment;
mod gate;
mod validation;

use alloc::string::ToString;
use alloc::vec::Vec;

use devops_core::{
    Analysis, AnalyzerKind, AnalyzerRun, Descriptor, Finding, Measure, Message, Outcome, Stage,
};

use crate::builder::stage_id;
use crate::conflict::sign;
use crate::surroundings::Ended;
use crate::{StageError, StageOutcome};

/// What somebody else's code returned, or how the stage ends without it.
fn settle<T>(ended: Ended<Result<T, StageError>>) -> Result<T, StageOutcome> {
    let errored = |reason| Err(StageOutcome::Errored { reason });
    match ended {
        Ended::Value(Ok(value)) => Ok(value),
        Ended::Value(Err(StageError::Cancelled)) | Ended::Cancelled => Err(StageOutcome::Cancelled),
        Ended::Value(Err(error)) => errored(said("stage.error", &error.to_string())),
        Ended::Panicked(panic) => errored(said("stage.panicked", &panic.0)),
        Ended::TimedOut(limit) => errored(said("stage.timed_out", &crate::timings::seconds(limit))),
    }
}

/// A message around what an implementation says.
fn said(id: &'static str, text: &str) -> Message {
    Message::new(id).with("text", text)
}

/// The runner of a stage as a source among the others.
fn source(stage: Stage, outcome: Outcome) -> Option<AnalyzerRun> {
    let descriptor = Descriptor::new(stage_id(stage)?.as_str(), AnalyzerKind::Code).ok()?;
    Some(AnalyzerRun { descriptor, outcome })
}

/// What a runner found and measured, as a source among the others.
fn completed(stage: Stage, findings: Vec<Finding>, measures: Vec<Measure>) -> Option<AnalyzerRun> {
    let mut analysis = Analysis::new().with_findings(findings);
    analysis.measures = measures;
    let mut run = source(stage, Outcome::Skipped { reason: alloc::string::String::new() })?;
    sign(&mut analysis.measures, &run.descriptor);
    run.outcome = Outcome::Completed(analysis.settled());
    Some(run)
}

/// A runner that says nothing about the change.
fn without_answer(stage: Stage, outcome: &StageOutcome) -> Option<AnalyzerRun> {
    let outcome = match outcome {
        StageOutcome::Cancelled => Outcome::Cancelled,
        other => Outcome::Failed {
            reason: other.reason().map_or_else(|| other.to_string(), |r| crate::texts().render(r)),
            transient: false,
        },
    };
    source(stage, outcome)
}
