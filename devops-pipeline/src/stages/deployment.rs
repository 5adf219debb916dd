//! Deployment and rollback.

use devops_core::{Message, Stage};

use super::{said, settle};
use crate::guard::guarded;
use crate::run::{Run, skipped};
use crate::{Rollback, StageOutcome, StageReport};

impl Run<'_> {
    pub(crate) async fn deployment(&self) -> StageReport {
        if !self.job.deploy {
            return skipped(Stage::Deployment, Message::new("skipped.no_deploy"));
        }
        let Some(deployer) = &self.pipeline.parts.deployer else {
            return skipped(Stage::Deployment, Message::new("skipped.no_deployer"));
        };
        let input = self.input();
        let ended = self.around.call_through(|| deployer.deploy(&input, &self.job.id)).await;
        let (outcome, sentence) = match settle(ended) {
            Ok(done) if done.deployed => (StageOutcome::Passed, Some(done.summary)),
            Ok(done) => {
                let reason = said("stage.deployment_failed", &done.summary);
                (StageOutcome::Failed { reason }, Some(done.summary))
            }
            Err(outcome) => (outcome, None),
        };
        let mut report = StageReport::new(Stage::Deployment, outcome);
        report.summary.extend(sentence.map(|s| said("stage.said", &s)));
        if report.outcome != StageOutcome::Passed {
            self.roll_back(&mut report).await;
        }
        report
    }

    /// Asks for the deployment to be taken back, because of how that stage ended.
    pub(crate) async fn roll_back(&self, report: &mut StageReport) {
        let Some(deployer) = &self.pipeline.parts.deployer else { return };
        let able = guarded(|| deployer.can_roll_back());
        if able == Ok(false) {
            report.summary.push(Message::new("stage.cannot_roll_back"));
            return;
        }
        let why = report.outcome.reason().map(|r| crate::texts().render(r)).unwrap_or_default();
        let input = self.input();
        let ended = self.around.call_through(|| deployer.roll_back(&input, &self.job.id, &why)).await;
        let rollback = match settle(ended) {
            Ok(summary) => Rollback { done: true, summary },
            Err(outcome) => {
                let reason = outcome.reason().map(|r| crate::texts().render(r));
                Rollback { done: false, summary: reason.unwrap_or_default() }
            }
        };
        let id = if rollback.done { "stage.rolled_back" } else { "stage.rollback_failed" };
        report.summary.push(said(id, &rollback.summary));
        report.rollback = Some(rollback);
    }
}
