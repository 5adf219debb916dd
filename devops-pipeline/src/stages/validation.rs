//! Checks on what was deployed.

use alloc::vec::Vec;

use devops_core::{Message, Stage};

use super::{completed, said, settle, without_answer};
use crate::run::{Run, skipped};
use crate::{Judgement, OnFailure, StageOutcome, StageReport};

impl Run<'_> {
    pub(crate) async fn validation(&self) -> StageReport {
        let deployed = |r: &StageReport| r.stage == Stage::Deployment && r.outcome == StageOutcome::Passed;
        if !self.reports.iter().any(deployed) {
            return skipped(Stage::Validation, Message::new("skipped.not_deployed"));
        }
        let Some(validator) = &self.pipeline.parts.validator else {
            return skipped(Stage::Validation, Message::new("skipped.no_validator"));
        };
        let input = self.input();
        let ended = self.around.call(|| validator.validate(&input), None).await;
        let mut report = match settle(ended) {
            Ok(seen) => {
                let outcome = match seen.judgement {
                    Judgement::NotWorse => StageOutcome::Passed,
                    Judgement::Worse => StageOutcome::Failed { reason: said("stage.worse", &seen.summary) },
                    Judgement::Inconclusive => self.cannot_tell(said("stage.cannot_tell", &seen.summary)),
                };
                let mut report = StageReport::new(Stage::Validation, outcome);
                report.summary.push(said("stage.said", &seen.summary));
                report.runs.extend(completed(Stage::Validation, Vec::new(), seen.measures));
                report
            }
            Err(ended) => {
                let run = without_answer(Stage::Validation, &ended);
                let outcome = match ended {
                    StageOutcome::Errored { reason } => self.cannot_tell(reason),
                    other => other,
                };
                let mut report = StageReport::new(Stage::Validation, outcome);
                report.runs.extend(run);
                report
            }
        };
        if matches!(report.outcome, StageOutcome::Failed { .. }) {
            self.roll_back(&mut report).await;
        }
        report
    }

    /// What follows where nobody can tell whether the deployed thing is worse.
    fn cannot_tell(&self, reason: Message) -> StageOutcome {
        match self.pipeline.policy().spec().on_inconclusive_validation {
            OnFailure::Stop => StageOutcome::Failed { reason },
            OnFailure::GoOn => StageOutcome::Warning { reason },
        }
    }
}
