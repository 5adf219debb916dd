//! One run of a pipeline: which stage is next, and when it is over.

use alloc::vec::Vec;

use devops_core::{ChangeSet, Context, Message, PipelineJob, Stage};

use crate::surroundings::Surroundings;
use crate::timings::{AnalyzerTiming, StageTiming};
use crate::{
    AnalyzerRuns, Event, MeasureConflict, OnFailure, Pipeline, PipelineReport, RunOutcome, StageInput,
    StageOutcome, StageReport, Timings, Warning, recommend,
};

/// A run under way.
pub(crate) struct Run<'a> {
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) job: &'a PipelineJob,
    pub(crate) change: &'a ChangeSet,
    pub(crate) context: &'a Context,
    pub(crate) around: Surroundings<'a>,
    pub(crate) reports: Vec<StageReport>,
    pub(crate) conflicts: Vec<MeasureConflict>,
    pub(crate) timings: Timings,
    notes: Vec<Message>,
    /// The stage that ended the run before its last.
    halted: Option<Stage>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        pipeline: &'a Pipeline,
        job: &'a PipelineJob,
        change: &'a ChangeSet,
        context: &'a Context,
    ) -> Self {
        let parts = &pipeline.parts;
        let around = Surroundings::new(
            parts.observer.as_deref(),
            parts.timer.as_deref(),
            context.cancellation().clone(),
        );
        Self {
            pipeline,
            job,
            change,
            context,
            around,
            reports: Vec::with_capacity(Stage::ALL.len()),
            conflicts: Vec::new(),
            timings: Timings::default(),
            notes: Vec::new(),
            halted: None,
        }
    }

    pub(crate) async fn complete(mut self) -> PipelineReport {
        self.around.tell(Event::RunStarted { job: &self.job.id });
        let started = self.around.now();
        for stage in Stage::ALL {
            let report = match self.halted {
                Some(halted) => skipped(stage, Message::new("skipped.stopped").with("stage", halted)),
                None => self.timed(stage).await,
            };
            self.around.tell(Event::StageFinished { stage, outcome: &report.outcome });
            if self.halted.is_none() && self.halts(&report) {
                self.halted = Some(stage);
            }
            self.reports.push(report);
        }
        self.timings.total = self.around.since(started);
        self.finish()
    }

    async fn timed(&mut self, stage: Stage) -> StageReport {
        if self.around.is_cancelled() {
            return StageReport::new(stage, StageOutcome::Cancelled);
        }
        self.around.tell(Event::StageStarted { stage });
        let started = self.around.now();
        let report = match stage {
            Stage::CodeAnalysis | Stage::SecurityScan => {
                let (report, runs) = self.analysis(stage).await;
                self.keep(stage, runs);
                report
            }
            Stage::Build => self.build().await,
            Stage::Test => self.test().await,
            Stage::QualityGate => self.quality_gate(),
            Stage::Deployment => self.deployment().await,
            Stage::Validation => self.validation().await,
            Stage::Monitoring => skipped(stage, Message::new("skipped.monitoring")),
        };
        if let (Some(took), false) = (self.around.since(started), is_skipped(&report)) {
            self.timings.stages.push(StageTiming { stage, took });
        }
        report
    }

    /// Keeps what belongs beside the stage's report.
    fn keep(&mut self, stage: Stage, runs: AnalyzerRuns) {
        self.notes.extend(runs.notes.into_iter().filter(|n| !self.notes.contains(n)).collect::<Vec<_>>());
        let timings = runs.durations.into_iter().map(|(id, took)| AnalyzerTiming { id, stage, took });
        self.timings.analyzers.extend(timings);
    }

    /// What the implementation of a stage gets to see.
    pub(crate) fn input(&self) -> StageInput<'_> {
        StageInput::new(self.job, self.change, self.context).with_reports(&self.reports)
    }

    /// Whether the run ends with that report.
    fn halts(&self, report: &StageReport) -> bool {
        let spec = self.pipeline.policy().spec();
        match (&report.outcome, report.stage) {
            (StageOutcome::Cancelled, _) => true,
            (StageOutcome::Failed { .. }, Stage::CodeAnalysis) => {
                spec.code_analysis.on_failure == OnFailure::Stop
            }
            (StageOutcome::Failed { .. }, Stage::SecurityScan) => {
                spec.security_scan.on_failure == OnFailure::Stop
            }
            (StageOutcome::Failed { .. } | StageOutcome::Errored { .. }, Stage::Test) => {
                spec.on_failed_tests == OnFailure::Stop
            }
            (StageOutcome::Failed { .. } | StageOutcome::Errored { .. }, _) => true,
            _ => false,
        }
    }

    fn finish(mut self) -> PipelineReport {
        let outcome = self.outcome();
        self.around.tell(Event::RunFinished { outcome: &outcome });
        self.timings.observer_panicked = self.around.observer_panicked();
        let ran = self.reports.iter().rev().find(|r| !is_skipped(r)).map_or(Stage::CodeAnalysis, |r| r.stage);
        let mut report = PipelineReport {
            format: 1,
            policy: self.pipeline.policy().spec().name.clone(),
            job: self.job.clone(),
            required: self.required_here().into_iter().collect(),
            outcome,
            current_stage: self.halted.unwrap_or(ran),
            gate: None,
            stages: self.reports,
            conflicts: self.conflicts,
            notes: self.notes,
            recommendations: Vec::new(),
            timings: self.timings,
        };
        report.gate = report.gate_summary();
        report.recommendations = recommend::recommend(&report);
        report
    }

    fn outcome(&self) -> RunOutcome {
        let Some(stage) = self.halted else { return self.success() };
        let Some(report) = self.reports.iter().find(|r| r.stage == stage) else { return self.success() };
        let reason = report.outcome.reason().cloned().unwrap_or_else(|| Message::new("stage.ended"));
        match (&report.outcome, &report.rollback) {
            (StageOutcome::Cancelled, _) => RunOutcome::Cancelled { stage },
            (_, Some(rollback)) if rollback.done => RunOutcome::RolledBack { stage, reason },
            (StageOutcome::Errored { .. }, _) => RunOutcome::Errored { stage, reason },
            _ => RunOutcome::Failed { stage, reason },
        }
    }

    /// The outcome of a run that came to its last stage.
    fn success(&self) -> RunOutcome {
        let mut warnings = Vec::new();
        for report in &self.reports {
            let deployable = report.stage == Stage::Deployment && self.job.deploy;
            match &report.outcome {
                StageOutcome::Warning { reason }
                | StageOutcome::Failed { reason }
                | StageOutcome::Errored { reason } => {
                    warnings.push(Warning { stage: report.stage, reason: reason.clone() });
                }
                StageOutcome::Skipped { reason } if deployable => {
                    warnings.push(Warning { stage: report.stage, reason: reason.clone() });
                }
                _ => {}
            }
        }
        if warnings.is_empty() {
            RunOutcome::Succeeded
        } else {
            RunOutcome::SucceededWithWarnings { warnings }
        }
    }
}

fn is_skipped(report: &StageReport) -> bool {
    matches!(report.outcome, StageOutcome::Skipped { .. })
}

/// A stage that does not run.
pub(crate) const fn skipped(stage: Stage, reason: Message) -> StageReport {
    StageReport::new(stage, StageOutcome::Skipped { reason })
}
