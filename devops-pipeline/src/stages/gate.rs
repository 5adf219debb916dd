//! The quality gate.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{AnalyzerId, AnalyzerRun, Measure, Message, Stage};
use devops_gates::{Evidence, Scorecard, Status, Verdict, facts};

use super::analysis::{applies, required_message};
use crate::conflict::measured_by;
use crate::run::Run;
use crate::{Event, MeasureConflict, MeasureSource, OnFailure, StageOutcome, StageReport, merge_measures};

impl Run<'_> {
    /// Evaluates the gate over everything measured so far.
    pub(crate) fn quality_gate(&mut self) -> StageReport {
        let facts = self.facts();
        let (verdict, conflicts) = self.verdict(&facts);
        self.conflicts = conflicts;
        self.around.tell(Event::GateDecided {
            status: verdict.status().as_str(),
            passed: verdict.passed(),
            total: verdict.total(),
        });
        let mut report = StageReport::new(Stage::QualityGate, self.decided(&verdict));
        report.summary.push(verdict.summary());
        report.verdict = Some(verdict);
        report
    }

    fn verdict(&self, facts: &[Measure]) -> (Verdict, Vec<MeasureConflict>) {
        let scores: Vec<Measure> =
            self.reports.iter().filter_map(|r| r.scores.as_ref()).flat_map(Scorecard::measures).collect();
        let own = scores.iter().chain(facts).map(|m| (MeasureSource::Pipeline, m));
        let measured = self.reports.iter().flat_map(|r| measured_by(&r.runs));
        let (measures, conflicts) = merge_measures(own.chain(measured));
        let evidence = Evidence::new(&measures).with_expected(self.pipeline.expected.clone());
        (self.pipeline.policy().gate().evaluate(&evidence), conflicts)
    }

    /// Counts over the sources of all stages that have anything to look at. The sources are lent out of the
    /// stages' reports for that, since they may hold very many findings.
    fn facts(&mut self) -> Vec<Measure> {
        let mut lent: Vec<AnalyzerRun> = Vec::new();
        let mut homes = Vec::new();
        for (home, report) in self.reports.iter_mut().enumerate() {
            let runs = core::mem::take(&mut report.runs);
            let (seen, idle): (Vec<_>, Vec<_>) = runs.into_iter().partition(|r| applies(self.job, r));
            homes.extend(seen.iter().map(|_| home));
            lent.extend(seen);
            report.runs = idle;
        }
        let facts = facts(&lent, &self.required_here());
        for (home, run) in homes.into_iter().zip(lent) {
            if let Some(report) = self.reports.get_mut(home) {
                report.runs.push(run);
            }
        }
        for report in &mut self.reports {
            report.runs.sort_by(|a, b| a.descriptor.id().cmp(b.descriptor.id()));
        }
        facts
    }

    /// Required sources that did not run to an end, each with how it ended.
    fn required_not_run(&self) -> Vec<String> {
        let mut runs = BTreeMap::new();
        for run in self.reports.iter().flat_map(|r| &r.runs) {
            runs.insert(run.descriptor.id(), &run.outcome);
        }
        let missing = |id: AnalyzerId| match runs.get(&id) {
            None => Some(alloc::format!("{id} (not registered)")),
            Some(outcome) if outcome.analysis().is_none() => Some(alloc::format!("{id} ({outcome})")),
            Some(_) => None,
        };
        self.required_here().into_iter().filter_map(missing).collect()
    }

    /// How the stage ends. Whatever the gate asks for, what is required must have run.
    fn decided(&self, verdict: &Verdict) -> StageOutcome {
        if let Some(reason) = required_message(&self.required_not_run()) {
            return StageOutcome::Failed { reason };
        }
        let reason = || Message::new("stage.gate").with("text", verdict.to_string());
        match verdict.status() {
            Status::Passed => StageOutcome::Passed,
            Status::Warning => StageOutcome::Warning { reason: reason() },
            Status::Failed => StageOutcome::Failed { reason: reason() },
            Status::Inconclusive => match self.pipeline.policy().spec().on_inconclusive_gate {
                OnFailure::Stop => StageOutcome::Failed { reason: reason() },
                OnFailure::GoOn => StageOutcome::Warning { reason: reason() },
            },
        }
    }
}
