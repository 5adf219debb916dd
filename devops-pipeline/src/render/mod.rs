//! Reports for people.

mod markdown;
mod plain;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{AnalyzerRun, Finding, Outcome, Severity, Stage, TextTable};

pub(crate) use markdown::markdown;
pub(crate) use plain::text;

use crate::recommend::open_findings;
use crate::{PipelineReport, StageReport};

/// How many findings are shown.
const FINDINGS: usize = 15;
/// How many recommendations are shown.
const ACTIONS: usize = 10;

/// The findings to show, the most severe first, and how many more there are.
fn top_findings(report: &PipelineReport) -> (Vec<&Finding>, usize) {
    let mut shown: Vec<&Finding> = Vec::new();
    let mut total = 0_usize;
    for severity in Severity::ALL {
        for finding in open_findings(report).filter(|f| f.severity() == severity) {
            total = total.saturating_add(1);
            if shown.len() < FINDINGS {
                shown.push(finding);
            }
        }
    }
    let more = total.saturating_sub(shown.len());
    (shown, more)
}

fn suppressed(report: &PipelineReport) -> usize {
    report.findings().filter(|f| !f.is_open()).count()
}

/// What was not looked at: sources that did not run to an end, and what the others skipped.
fn not_looked_at(report: &PipelineReport) -> Vec<(String, String)> {
    let not_run = report.not_run().map(|r| (r.descriptor.id().to_string(), r.outcome.to_string()));
    let partial = |run: &AnalyzerRun| match &run.outcome {
        Outcome::Completed(analysis) => {
            let first = analysis.skipped.first()?;
            let more = analysis.skipped.len().saturating_sub(1);
            let more = if more == 0 { String::new() } else { alloc::format!(" (+{more})") };
            let what = alloc::format!("{}{more}: {}", first.what, first.reason);
            Some((run.descriptor.id().to_string(), what))
        }
        _ => None,
    };
    not_run.chain(report.runs().filter_map(partial)).collect()
}

/// The overall score of a stage, or the share of the gate's conditions that pass.
fn mark(report: &PipelineReport, stage: &StageReport) -> String {
    if let Some(score) = stage.scores.as_ref().and_then(devops_gates::Scorecard::overall_score) {
        return alloc::format!("{score:.2}");
    }
    match (&report.gate, stage.stage) {
        (Some(gate), Stage::QualityGate) => alloc::format!("{}/{}", gate.passed, gate.total),
        _ => String::new(),
    }
}

/// What a stage says of itself: why it is not simply passed, then its paragraph.
fn told(stage: &StageReport, table: &TextTable) -> String {
    let reason = stage.outcome.reason().map(|r| table.render(r)).unwrap_or_default();
    let summary = stage.summary_in(table);
    match (reason.is_empty(), summary.is_empty()) {
        (true, _) => summary,
        (false, true) => reason,
        (false, false) if summary.contains(&reason) => summary,
        (false, false) => alloc::format!("{}. {summary}", reason.trim_end_matches('.')),
    }
}
