//! The quality gate.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{AnalyzerId, Measure, Message, MetricId, Stage, Unit, Value, metric};
use devops_gates::{Evidence, Scorecard, Status, Verdict, facts};

use super::analysis::required_message;
use crate::conflict::measured_by;
use crate::run::Run;
use crate::stage_report::find_run;
use crate::{
    Event, GateEvidence, MeasureConflict, MeasureSource, OnFailure, StageOutcome, StageReport, merge_measures,
};

impl Run<'_> {
    /// Evaluates the gate over everything measured so far.
    pub(crate) fn quality_gate(&mut self) -> StageReport {
        let not_run = self.required_not_run();
        let facts = self.facts(not_run.len());
        let (verdict, conflicts) = self.verdict(&facts);
        self.conflicts = conflicts;
        self.around.tell(Event::GateDecided {
            status: verdict.status().as_str(),
            passed: verdict.passed(),
            total: verdict.total(),
        });
        let mut report = StageReport::new(Stage::QualityGate, self.decided(&verdict, &not_run));
        report.summary.push(verdict.summary());
        if verdict.status() != Status::Passed {
            report.summary.push(match verdict.fixes() {
                Some(names) => Message::new("stage.fixes").with("conditions", names.join(", ")),
                None => Message::new("stage.no_fixes"),
            });
        }
        report.verdict = Some(verdict);
        report
    }

    fn verdict(&self, facts: &[Measure]) -> (Verdict, Vec<MeasureConflict>) {
        let scores: Vec<Measure> =
            self.reports.iter().filter_map(|r| r.scores.as_ref()).flat_map(Scorecard::measures).collect();
        let own = scores.iter().chain(facts).map(|m| (MeasureSource::Pipeline, m));
        let measured = self.reports.iter().flat_map(|r| measured_by(&r.runs));
        let (measures, conflicts) = merge_measures(own.chain(measured));
        let runs = self.reports.iter().flat_map(|r| &r.runs);
        let evidence = Evidence::new(&measures).with_expected(self.pipeline.expected.clone()).with_runs(runs);
        let given = self.context.extension::<GateEvidence>();
        let evidence = match given {
            Some(given) => given.added_to(evidence),
            None => evidence,
        };
        (self.pipeline.policy().gate().evaluate(&evidence), conflicts)
    }

    /// The counts of open findings, summed over the stages, and of required sources that did not run.
    fn facts(&self, not_run: usize) -> Vec<Measure> {
        let mut sums: BTreeMap<MetricId, Measure> = BTreeMap::new();
        for measure in self.reports.iter().flat_map(|r| facts(&r.runs, &BTreeSet::new())) {
            let sum = match sums.get(measure.metric()) {
                Some(before) => sum(before, measure),
                None => measure,
            };
            sums.insert(sum.metric().clone(), sum);
        }
        // What is required of this job is known here alone.
        if let Ok(id) = MetricId::new(metric::REQUIRED_NOT_RUN) {
            let value = Value::Number { value: u32::try_from(not_run).unwrap_or(u32::MAX).into() };
            sums.insert(id.clone(), Measure::new(id, value, Unit::Count));
        }
        sums.into_values().collect()
    }

    /// Required sources that did not run to an end, each with how it ended.
    fn required_not_run(&self) -> Vec<String> {
        let missing = |id: AnalyzerId| match find_run(&self.reports, &id).map(|r| &r.outcome) {
            None => Some(alloc::format!("{id} (not registered)")),
            Some(outcome) if outcome.analysis().is_none() => Some(alloc::format!("{id} ({outcome})")),
            Some(_) => None,
        };
        self.required_here().into_iter().filter_map(missing).collect()
    }

    /// How the stage ends. Whatever the gate asks for, what is required must have run.
    fn decided(&self, verdict: &Verdict, not_run: &[String]) -> StageOutcome {
        let reason = || Message::new("stage.gate").with("text", verdict.to_string());
        if let Some(required) = required_message(not_run) {
            let both = Message::new("stage.gate_and_required")
                .with("text", verdict.to_string())
                .with("required", crate::texts().render(&required));
            let reason = if verdict.status() == Status::Passed { required } else { both };
            return StageOutcome::Failed { reason };
        }
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

/// The sum of two counts; a stage in which nobody looked adds nothing.
fn sum(before: &Measure, measure: Measure) -> Measure {
    match (before.value().as_number(), measure.value().as_number()) {
        (Some(a), Some(b)) => {
            let value = Value::number_or_missing(a.get() + b.get());
            Measure::new(measure.metric().clone(), value, measure.unit())
        }
        (Some(_), None) => before.clone(),
        (None, _) => measure,
    }
}
