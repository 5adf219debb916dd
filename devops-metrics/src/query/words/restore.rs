//! Times to recover in words.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::phrase::{empty_words, rounding_words, sign_words, statistic_words};
use crate::definition::{OpenRule, RestoreFrom, RestorePeriod, RestoreRule, RestoreTo, RestoreUnit};

pub(super) fn restore_words(rule: &RestoreRule) -> Vec<String> {
    let unit = match rule.unit {
        RestoreUnit::Incident => "incidents",
        RestoreUnit::LinkedIncident => "incidents of deployments",
        RestoreUnit::FailedDeployment => "failed deployments",
        RestoreUnit::FailedOutcome => "rows of deployments that ended as failed",
    };
    let from = match rule.from {
        RestoreFrom::Opened => "the opening of the incident",
        RestoreFrom::Detected => "the detection of the incident",
        RestoreFrom::Deployed => "the deployment",
        RestoreFrom::Earlier => "the deployment or the opening of the incident, whichever is earlier,",
    };
    let to = match rule.to {
        RestoreTo::Resolved => "the end of the last incident",
        RestoreTo::NextSuccess => "the next deployment that succeeds",
        RestoreTo::ResolvedOrNextSuccess => {
            "the end of the last incident, or without one to the next deployment that succeeds"
        }
        RestoreTo::SomeResolvedOrNextGood => {
            "the end of the last incident that is over, or without one to the next deployment that succeeds and stays good"
        }
    };
    // A row of failed outcomes ends with the next success, and incidents alone with themselves.
    let way = match rule.unit {
        RestoreUnit::FailedOutcome => "from the first of them to the next one that succeeds".to_string(),
        RestoreUnit::Incident | RestoreUnit::LinkedIncident => format!("from {from} to its end"),
        RestoreUnit::FailedDeployment if matches!(rule.from, RestoreFrom::Opened | RestoreFrom::Detected) => {
            format!("from {from} (or else the deployment) to {to}")
        }
        RestoreUnit::FailedDeployment => format!("from {from} to {to}"),
    };
    let mut sentences =
        alloc::vec![format!("The {} of the times of {unit} {way}", statistic_words(rule.statistic))];
    sentences.extend(rounding_words(rule.rounding));
    sentences.push(match rule.open {
        OpenRule::Ignore => "What is still open is left out".into(),
        OpenRule::UntilNow => "What is still open lasts until the end of the window".into(),
        OpenRule::Censor => {
            "What is still open is known to last longer than the window (Kaplan and Meier)".into()
        }
    });
    sentences.push(match rule.period {
        RestorePeriod::Start => "A time belongs to the period in which it starts".into(),
        RestorePeriod::End => "A time belongs to the period in which it ends".into(),
        RestorePeriod::Deployed => "A time belongs to the period of the deployment".into(),
        RestorePeriod::DeployedAndEnd => {
            "A time belongs to the period in which it both starts and ends".into()
        }
    });
    sentences.push(sign_words(rule.non_positive).into());
    sentences.extend(empty_words(rule.empty));
    sentences
}
