//! What is counted, and how: a definition of the delivery metrics is a value.
//!
//! There is no one way to measure deployment frequency or lead time, and tools that use the same names give
//! different numbers. A [`Definition`] names every choice, can be written to a file, and travels with every result.
//! [`Definition::dora_2025`] is this crate's own; ten others each reproduce a well-known tool, so that its numbers
//! can be checked and explained.
//!
//! ```
//! use devops_metrics::definition::{Definition, Statistic};
//!
//! let mut definition = Definition::dora_2025();
//! definition.lead_time.statistic = Statistic::Mean;
//! let definition = definition.named("ours", "1");
//! let json = serde_json::to_string(&definition)?;
//! assert_eq!(serde_json::from_str::<Definition>(&json)?, definition);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod error;
mod preset;
mod rules;

use alloc::string::String;
use devops_core::Unit;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;

pub use error::DefinitionError;
pub use rules::{
    CertaintyRule, ChangeLink, ChangeTime, Composition, DeploymentRule, DeploymentTime, Empty, FailureBase,
    FailureCount, FailureRule, FailureSignal, FailuresInARow, FirstDeployment, FrequencyMeasure,
    FrequencyRule, FrequencyWeeks, IncidentLink, IncidentRule, LeadPeriod, LeadTimeRule, LeadUnit, LeadUntil,
    LinkScope, NonPositive, OpenRule, RateInterval, Redeployed, RestoreFrom, RestorePeriod, RestoreRule,
    RestoreTo, RestoreUnit, ReworkRule, Rounding, SmallSample, Statistic,
};

/// Every choice that the five metrics rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Definition {
    /// The form of the file; 1.
    pub format: u32,
    /// Its name, in results.
    pub name: String,
    /// Its version, in results.
    pub version: String,
    /// Zone and week start that the definition insists on; the query's otherwise.
    pub calendar: Option<Calendar>,
    /// Which deployments count.
    pub deployments: DeploymentRule,
    /// Deployment frequency.
    pub frequency: FrequencyRule,
    /// Change lead time.
    pub lead_time: LeadTimeRule,
    /// Which incidents count and what they are linked to.
    pub incidents: IncidentRule,
    /// Change failure rate.
    pub failure: FailureRule,
    /// Failed deployment recovery time.
    pub recovery: RestoreRule,
    /// Time to restore service, the older metric.
    pub restore: RestoreRule,
    /// Deployment rework rate.
    pub rework: ReworkRule,
    /// The unit of durations in results.
    pub duration_unit: Unit,
    /// The unit of rates in results: percent or ratio.
    pub rate_unit: Unit,
    /// Whether a group's number is the mean of its services' numbers, and not that of all its events; a number of
    /// deployments is always that of all.
    pub mean_of_services: bool,
    /// How sure the numbers are.
    pub certainty: CertaintyRule,
}

impl Definition {
    /// The same choices under another name.
    #[must_use]
    pub fn named(self, name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), version: version.into(), ..self }
    }

    /// Checks what its types do not.
    ///
    /// # Errors
    ///
    /// [`DefinitionError`] for another format, an empty name, a level outside (0, 1), lists without entries, and open
    /// cases that are censored where the statistic is not the median or negative times count: a survival curve has no
    /// mean that can be told, and holds no negative time.
    ///
    /// ```
    /// use devops_metrics::definition::Definition;
    ///
    /// let mut definition = Definition::dora_2025();
    /// definition.certainty.level = 95.0;
    /// assert_eq!(definition.check().unwrap_err().to_string(),
    ///     "`certainty.level` of definition `dora_2025` is `95`, must be above 0 and below 1");
    /// ```
    pub fn check(&self) -> Result<(), DefinitionError> {
        let refuse = |field: &'static str, value: String, expected: &'static str| {
            Err(DefinitionError { definition: self.name.clone(), field, value, expected })
        };
        if self.format != 1 {
            return refuse("format", alloc::format!("{}", self.format), "1");
        }
        if self.name.is_empty() {
            return refuse("name", String::new(), "a name");
        }
        if !(self.certainty.level > 0.0 && self.certainty.level < 1.0) {
            let value = alloc::format!("{}", self.certainty.level);
            return refuse("certainty.level", value, "above 0 and below 1");
        }
        if Unit::Milliseconds.factor_to(self.duration_unit).is_none() {
            return refuse("duration_unit", alloc::format!("{}", self.duration_unit), "a unit of time");
        }
        if !matches!(self.rate_unit, Unit::Percent | Unit::Ratio) {
            return refuse("rate_unit", alloc::format!("{}", self.rate_unit), "`percent` or `ratio`");
        }
        if self.lead_time.from.is_empty() {
            return refuse("lead_time.from", "[]".into(), "at least one instant");
        }
        if self.deployments.outcomes.is_empty() {
            return refuse("deployments.outcomes", "[]".into(), "at least one outcome");
        }
        if self.failure.outcomes.is_empty() {
            return refuse("failure.outcomes", "[]".into(), "at least one outcome");
        }
        let rules = [
            (&self.recovery, "recovery.statistic", "recovery.non_positive"),
            (&self.restore, "restore.statistic", "restore.non_positive"),
        ];
        for (rule, statistic, non_positive) in rules.into_iter().filter(|(r, ..)| r.open == OpenRule::Censor)
        {
            if rule.statistic != Statistic::Median {
                let word = serde_json::to_string(&rule.statistic).unwrap_or_default();
                return refuse(
                    statistic,
                    word.trim_matches('"').into(),
                    "`median` where open cases are censored",
                );
            }
            if rule.non_positive == NonPositive::Keep {
                let expected = "`keep_non_negative` or stricter where open cases are censored";
                return refuse(non_positive, "keep".into(), expected);
            }
        }
        Ok(())
    }
}
