//! Build and test.

use devops_core::{Message, Stage};

use super::{completed, said, settle, without_answer};
use crate::run::{Run, skipped};
use crate::{StageOutcome, StageReport, TestReport};

impl Run<'_> {
    pub(crate) async fn build(&self) -> StageReport {
        let Some(runner) = &self.pipeline.parts.build else {
            return skipped(Stage::Build, Message::new("skipped.no_build_runner"));
        };
        let input = self.input();
        let ended = self.around.call(|| runner.build(&input), None).await;
        match settle(ended) {
            Ok(built) => {
                let outcome = if built.passed {
                    StageOutcome::Passed
                } else {
                    StageOutcome::Failed { reason: said("stage.build_failed", &built.summary) }
                };
                let mut report = StageReport::new(Stage::Build, outcome);
                report.summary.push(said("stage.said", &built.summary));
                report.runs.extend(completed(Stage::Build, built.findings, built.measures));
                report
            }
            Err(outcome) => unanswered(Stage::Build, outcome),
        }
    }

    pub(crate) async fn test(&self) -> StageReport {
        let Some(runner) = &self.pipeline.parts.test else {
            return skipped(Stage::Test, Message::new("skipped.no_test_runner"));
        };
        let input = self.input();
        let ended = self.around.call(|| runner.test(&input), None).await;
        match settle(ended) {
            Ok(tested) => {
                let outcome = if tested.passed {
                    StageOutcome::Passed
                } else {
                    StageOutcome::Failed { reason: counts("stage.tests_failed", &tested) }
                };
                let mut report = StageReport::new(Stage::Test, outcome);
                report.summary.push(counts("stage.tests", &tested));
                if !tested.summary.is_empty() {
                    report.summary.push(said("stage.said", &tested.summary));
                }
                let measures = tested.measures();
                report.runs.extend(completed(Stage::Test, tested.findings, measures));
                report
            }
            Err(outcome) => unanswered(Stage::Test, outcome),
        }
    }
}

fn unanswered(stage: Stage, outcome: StageOutcome) -> StageReport {
    let run = without_answer(stage, &outcome);
    let mut report = StageReport::new(stage, outcome);
    report.runs.extend(run);
    report
}

fn counts(id: &'static str, tested: &TestReport) -> Message {
    Message::new(id).with("run", tested.run).with("failed", tested.failed).with("skipped", tested.skipped)
}
