//! Code analysis and security scan.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{AnalyzerId, AnalyzerKind, AnalyzerRun, Message, PipelineJob, Stage};
use devops_gates::{Scorecard, Standing, score_code, score_security};

use crate::analyzer_set::Member;
use crate::run::{Run, skipped};
use crate::runner::Work;
use crate::{AnalyzerRuns, StageOutcome, StageReport, StageRule};

const NO_IMAGE: &str = "the job builds no image";

impl Run<'_> {
    /// Runs the analyzers of the stage and scores what they say.
    pub(crate) async fn analysis(&self, stage: Stage) -> (StageReport, AnalyzerRuns) {
        let code = stage == Stage::CodeAnalysis;
        let set = if code { &self.pipeline.code } else { &self.pipeline.security };
        if set.is_empty() {
            let id = if code { "skipped.no_analyzers" } else { "skipped.no_scanners" };
            return (skipped(stage, Message::new(id)), AnalyzerRuns::default());
        }
        let policy = self.pipeline.policy();
        let work = Work {
            change: self.change,
            context: self.context,
            around: &self.around,
            time_limit: policy.time_limit(),
            retry: policy.spec().retry,
        };
        let not_asked = |member: &Member| {
            let container = member.descriptor.kind() == AnalyzerKind::Container;
            (container && self.job.image.is_none()).then_some(NO_IMAGE)
        };
        let mut done = work.run(set, policy.concurrency(), not_asked).await;
        let runs = core::mem::take(&mut done.runs);
        (self.judged(stage, runs), done)
    }

    fn judged(&self, stage: Stage, runs: Vec<AnalyzerRun>) -> StageReport {
        let mut report = StageReport::new(stage, StageOutcome::Cancelled).saying(counted(&runs));
        if self.around.is_cancelled() {
            report.runs = runs;
            return report;
        }
        let spec = self.pipeline.policy().spec();
        let (scores, rule) = if stage == Stage::CodeAnalysis {
            let lines = self.change.lines_added().saturating_add(self.change.lines_removed());
            (score_code(&runs, lines, &spec.scoring), spec.code_analysis)
        } else {
            (score_security(&runs, self.job.image.is_some(), &spec.scoring), spec.security_scan)
        };
        report.outcome = match self.not_run(&runs) {
            Some(reason) => StageOutcome::Failed { reason },
            None => match (scored(&scores, rule), fell_out(self.job, &runs)) {
                (StageOutcome::Passed, Some(reason)) => StageOutcome::Warning { reason },
                (outcome, _) => outcome,
            },
        };
        report.summary.push(scores.overall.summary.clone());
        report.scores = Some(scores);
        report.runs = runs;
        report
    }

    /// Which required sources among those did not run to an end.
    fn not_run(&self, runs: &[AnalyzerRun]) -> Option<Message> {
        let failed = runs.iter().filter(|r| self.asked_for(r) && r.outcome.analysis().is_none());
        let failed = failed.map(|r| alloc::format!("{} ({})", r.descriptor.id(), r.outcome));
        required_message(&failed.collect::<Vec<_>>())
    }

    /// Whether the change cannot pass without that source.
    fn asked_for(&self, run: &AnalyzerRun) -> bool {
        self.pipeline.required.contains(run.descriptor.id()) && applies(self.job, run)
    }

    /// What this job cannot pass without.
    pub(crate) fn required_here(&self) -> BTreeSet<AnalyzerId> {
        let mut required = self.pipeline.required.clone();
        if self.job.image.is_none() {
            let idle = self.pipeline.security.descriptors().filter(|d| d.kind() == AnalyzerKind::Container);
            for descriptor in idle {
                required.remove(descriptor.id());
            }
        }
        required
    }
}

/// Whether that source has anything to look at in this job.
pub(super) fn applies(job: &PipelineJob, run: &AnalyzerRun) -> bool {
    run.descriptor.kind() != AnalyzerKind::Container || job.image.is_some()
}

/// Which sources did not run to an end, though they had something to look at.
fn fell_out(job: &PipelineJob, runs: &[AnalyzerRun]) -> Option<Message> {
    let failed = runs.iter().filter(|r| applies(job, r) && r.outcome.analysis().is_none());
    let failed: Vec<String> =
        failed.map(|r| alloc::format!("{} ({})", r.descriptor.id(), r.outcome)).collect();
    let message = || Message::new("stage.fell_out").with("sources", failed.join(", "));
    (!failed.is_empty()).then(message)
}

pub(super) fn required_message(sources: &[String]) -> Option<Message> {
    let id = if sources.len() == 1 { "stage.required_not_run" } else { "stage.required_not_run_many" };
    let message = || Message::new(id).with("count", sources.len()).with("sources", sources.join(", "));
    (!sources.is_empty()).then(message)
}

/// How many ran, and how many of those not to an end.
fn counted(runs: &[AnalyzerRun]) -> Message {
    let ran = runs.iter().filter(|r| r.outcome.analysis().is_some()).count();
    let findings = runs.iter().filter_map(|r| r.outcome.analysis()).map(|a| a.findings.len());
    Message::new("stage.analyzers")
        .with("ran", ran)
        .with("total", runs.len())
        .with("findings", findings.fold(0, usize::saturating_add))
}

fn scored(scores: &Scorecard, rule: StageRule) -> StageOutcome {
    let overall = &scores.overall;
    match &overall.standing {
        Standing::Measured { score } | Standing::Assumed { score, .. } if *score < rule.at_least => {
            let reason = Message::new("stage.score_below")
                .with("metric", &overall.metric)
                .with("score", score)
                .with("threshold", rule.at_least);
            StageOutcome::Failed { reason }
        }
        Standing::NotMeasured { .. } => StageOutcome::Failed { reason: overall.summary.clone() },
        Standing::NotApplicable { .. } => {
            StageOutcome::Warning { reason: super::said("stage.not_scored", overall.metric.as_str()) }
        }
        Standing::Measured { .. } | Standing::Assumed { .. } => StageOutcome::Passed,
    }
}
