//! The change failure rate in words.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::phrase::{any_of, empty_words, joined, time_words};
use crate::definition::{
    Definition, FailureBase, FailureCount, FailureSignal, FailuresInARow, IncidentLink, LinkScope,
};
use crate::event::Outcome;

impl Definition {
    pub(super) fn failure_words(&self) -> Vec<String> {
        let rule = &self.failure;
        let looked_at = self.deployment_words(&rule.outcomes);
        let base = match rule.base {
            FailureBase::Deployments => looked_at,
            FailureBase::DeploymentsWithChanges => format!("{looked_at} and carried a change"),
            FailureBase::Successful => {
                format!("{} and did not fail afterwards", self.deployment_words(&[Outcome::Succeeded]))
            }
            FailureBase::LeadTimes => "changes that were deployed".into(),
        };
        let counted = match rule.count {
            FailureCount::Deployments => "deployments that failed",
            FailureCount::Incidents => "incidents, linked or not,",
            FailureCount::Rows => "pairs of a deployed change and an incident that names it",
        };
        let mut sentences = alloc::vec![format!("The number of {counted} over that of {base}")];
        if rule.count == FailureCount::Deployments {
            let signals: Vec<String> = rule.signals.iter().map(signal_words).collect();
            if !signals.is_empty() {
                sentences.push(format!("A deployment failed where {}", joined(&signals)));
            }
            if rule.base == FailureBase::Successful {
                sentences.push(format!("Failures are looked for in those that {}", any_of(&rule.outcomes)));
            }
            match rule.in_a_row {
                FailuresInARow::Each => {}
                FailuresInARow::First => sentences.push("Of failures in a row the first counts".into()),
                FailuresInARow::FirstAndLast => {
                    sentences
                        .push("Of failures in a row the first counts, and the last deployment of all".into());
                }
            }
        }
        sentences.extend(self.incident_words());
        sentences.extend(empty_words(rule.empty));
        sentences
    }

    fn incident_words(&self) -> Vec<String> {
        let rule = &self.incidents;
        let mut sentences = Vec::new();
        if let Some(causes) = &rule.causes {
            sentences.push(format!("Incidents count whose cause is {}", any_of(causes)));
        }
        if !rule.links.is_empty() {
            let links: Vec<String> = rule.links.iter().map(incident_link_words).collect();
            sentences.push(format!("An incident is linked to {}", joined(&links)));
        }
        sentences
    }
}

fn signal_words(signal: &FailureSignal) -> String {
    match signal {
        FailureSignal::Declared => "people declared it".into(),
        FailureSignal::Incident => "an incident is linked to it".into(),
        FailureSignal::Outcome => "it ended as failed".into(),
        FailureSignal::Remediation { kinds, within_millis } => {
            format!("a {} replaced it or came next within {}", any_of(kinds), time_words(*within_millis))
        }
        FailureSignal::Revert { within_millis } => {
            format!("a change of it was reverted within {}", time_words(*within_millis))
        }
    }
}

fn incident_link_words(link: &IncidentLink) -> String {
    match link {
        IncidentLink::Named => "the deployment that it names".into(),
        IncidentLink::Commit => "the first deployment of the commit that it names".into(),
        IncidentLink::Latest { scope, same_instant, within_millis } => {
            let scope = if *scope == LinkScope::Service { "of its service" } else { "of all services" };
            let before = if *same_instant { "at or before its opening" } else { "before its opening" };
            let limit = match within_millis {
                Some(millis) => format!("no more than {} before", time_words(*millis)),
                None => "however long before".into(),
            };
            format!("the latest deployment {scope} {before}, {limit}")
        }
    }
}
