//! A definition in words: how each number comes about.

mod failure;
mod lead;
mod phrase;
mod restore;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::value::DeliveryMetric;
use crate::definition::{Definition, DeploymentTime, FrequencyMeasure, FrequencyWeeks};
use crate::event::Outcome;
use phrase::any_of;
pub(super) use phrase::statistic_words;
use restore::restore_words;

impl Definition {
    /// How a metric comes about under it, in a few sentences for those who have to defend the number.
    ///
    /// Two definitions that count a metric otherwise have other words for it.
    ///
    /// ```
    /// use devops_metrics::definition::Definition;
    /// use devops_metrics::query::DeliveryMetric;
    ///
    /// assert_eq!(
    ///     Definition::dora_2025().in_words(DeliveryMetric::DeploymentFrequency),
    ///     "The number a day of deployments to production, or to an environment of which nothing is told, that succeeded. \
    ///      Each counts when it ends.",
    /// );
    /// ```
    #[must_use]
    pub fn in_words(&self, metric: DeliveryMetric) -> String {
        let sentences = match metric {
            DeliveryMetric::DeploymentFrequency => self.frequency_words(),
            DeliveryMetric::ChangeLeadTime => self.lead_words(),
            DeliveryMetric::ChangeFailureRate => self.failure_words(),
            DeliveryMetric::RecoveryTime => restore_words(&self.recovery),
            DeliveryMetric::TimeToRestore => restore_words(&self.restore),
            DeliveryMetric::ReworkRate => {
                let counted = self.deployment_words(&self.deployments.outcomes);
                alloc::vec![format!("Of {counted}, the share that is a {}", any_of(&self.rework.kinds))]
            }
        };
        sentences.iter().map(|sentence| format!("{sentence}.")).collect::<Vec<_>>().join(" ")
    }

    /// The deployments of some outcomes.
    fn deployment_words(&self, outcomes: &[Outcome]) -> String {
        let rule = &self.deployments;
        let mut words = String::from("deployments");
        match &rule.tiers {
            None => words.push_str(" to any environment"),
            Some(tiers) => {
                words.push_str(&format!(" to {}", any_of(tiers)));
                if rule.untold_tier {
                    words.push_str(", or to an environment of which nothing is told,");
                }
            }
        }
        words.push_str(&format!(" that {}", any_of(outcomes)));
        if let Some(kinds) = &rule.kinds {
            words.push_str(&format!(", of kind {}", any_of(kinds)));
        }
        words
    }

    fn frequency_words(&self) -> Vec<String> {
        let rule = &self.frequency;
        let number = match rule.measure {
            FrequencyMeasure::PerDay => "The number a day of",
            FrequencyMeasure::PerWeek => "The number a week of",
            FrequencyMeasure::PerDayFloor => "The whole number a day, rounded down, of",
            FrequencyMeasure::Count => "The number of",
            FrequencyMeasure::MedianDaysPerWeek => "The median over the weeks of the number of days with",
            FrequencyMeasure::LowerMedianDaysPerWeek => {
                "The lower median over the weeks of the number of days with"
            }
            FrequencyMeasure::MeanGap => "The mean number of days, without weekends, between",
        };
        let mut sentences =
            alloc::vec![format!("{number} {}", self.deployment_words(&self.deployments.outcomes))];
        sentences.push(match self.deployments.time {
            DeploymentTime::Started => "Each counts when it begins".into(),
            DeploymentTime::Finished => "Each counts when it ends".into(),
            DeploymentTime::FirstPart => "Each counts when the first of its parts ends".into(),
        });
        if matches!(
            rule.measure,
            FrequencyMeasure::MedianDaysPerWeek | FrequencyMeasure::LowerMedianDaysPerWeek
        ) {
            let weeks = match rule.weeks {
                FrequencyWeeks::All => None,
                FrequencyWeeks::FromFirstDeployment => Some("weeks before the first deployment"),
                FrequencyWeeks::WithDeployment => Some("weeks without a deployment"),
                FrequencyWeeks::AfterFirstEvent => Some("all days up to that of the first event of any kind"),
            };
            let cut = (!rule.partial_weeks).then_some("weeks that the period cuts");
            let left_out: Vec<_> = weeks.into_iter().chain(cut).collect();
            if !left_out.is_empty() {
                sentences.push(format!("Left out are {}", left_out.join(" and ")));
            }
        }
        if let Some(calendar) = &self.calendar {
            sentences.push(format!("Weeks begin on {} in {}", calendar.week_start(), calendar.zone()));
        }
        sentences
    }
}
