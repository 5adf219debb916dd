//! A metric of a cell, with all that belongs to it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use core::fmt;
use devops_core::{Interval, Measure, MetricId, Number, Ratio, Scope, Unit, Value, ValueError, metric};
use serde::{Deserialize, Serialize};

use super::group::Group;
use crate::sweep::Reason;
use crate::trend::short_number;

/// The delivery metrics.
///
/// Closed: the five of the DORA guide and the older time to restore service.
///
/// ```
/// use devops_metrics::query::DeliveryMetric;
/// assert_eq!(DeliveryMetric::ChangeLeadTime.id(), "change_lead_time");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "five metrics and an older one")]
pub enum DeliveryMetric {
    /// How often is deployed.
    DeploymentFrequency,
    /// How long a change takes to its deployment.
    ChangeLeadTime,
    /// How many deployments fail.
    ChangeFailureRate,
    /// How long recovering from a failed deployment takes.
    RecoveryTime,
    /// How long restoring service takes, of the incidents whose cause the definition counts.
    TimeToRestore,
    /// How many deployments are rework.
    ReworkRate,
}

impl DeliveryMetric {
    /// All six, in order.
    pub const ALL: [Self; 6] = [
        Self::DeploymentFrequency,
        Self::ChangeLeadTime,
        Self::ChangeFailureRate,
        Self::RecoveryTime,
        Self::TimeToRestore,
        Self::ReworkRate,
    ];

    /// Its id in the catalogue.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::DeploymentFrequency => metric::DEPLOYMENT_FREQUENCY,
            Self::ChangeLeadTime => metric::CHANGE_LEAD_TIME,
            Self::ChangeFailureRate => metric::CHANGE_FAILURE_RATE,
            Self::RecoveryTime => metric::RECOVERY_TIME,
            Self::TimeToRestore => metric::TIME_TO_RESTORE,
            Self::ReworkRate => metric::REWORK_RATE,
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeploymentFrequency => "deployment frequency",
            Self::ChangeLeadTime => "change lead time",
            Self::ChangeFailureRate => "change failure rate",
            Self::RecoveryTime => "failed deployment recovery time",
            Self::TimeToRestore => "time to restore service",
            Self::ReworkRate => "deployment rework rate",
        }
    }

    /// Whether it is made of durations.
    pub(super) const fn is_duration(self) -> bool {
        matches!(self, Self::ChangeLeadTime | Self::RecoveryTime | Self::TimeToRestore)
    }
}

impl fmt::Display for DeliveryMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A number, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
#[non_exhaustive]
pub enum Answer {
    /// The number.
    Known {
        /// In the unit of the metric.
        value: f64,
    },
    /// There is nothing to compute it from.
    NotEnoughData,
    /// More than half of the cases are still open, so that the median lies beyond what was seen.
    NotReached,
    /// The sample is smaller than the definition shows.
    Suppressed,
    /// The definition needs events of a kind that the log does not hold.
    NeedsEvents {
        /// What is needed.
        needs: Needs,
    },
}

/// A kind of events that a definition needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Needs {
    /// Pull requests.
    PullRequests,
    /// Commits.
    Commits,
    /// Deployments that failed.
    FailedDeployments,
    /// Incidents that name a commit.
    IncidentsWithCommits,
    /// Deployments that name their commit.
    DeploymentsWithCommits,
    /// Deployments that were declared failed or not.
    Declarations,
    /// Changes that tell when they were merged.
    MergeTimes,
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::PullRequests => "pull requests",
            Self::Commits => "commits",
            Self::FailedDeployments => "failed deployments",
            Self::IncidentsWithCommits => "incidents that name a commit",
            Self::DeploymentsWithCommits => "deployments that name their commit",
            Self::Declarations => "declared failures",
            Self::MergeTimes => "merge times",
        })
    }
}

/// Where a number probably lies; an end is absent where the sample is too small for one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// The lower end.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The confidence.
    pub level: f64,
}

/// Quantiles of single durations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quantiles {
    /// Half are at most this.
    pub p50: f64,
    /// Three quarters are at most this.
    pub p75: f64,
    /// Nine tenths are at most this.
    pub p90: f64,
    /// Nineteen of twenty are at most this.
    pub p95: f64,
}

/// One metric of one cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MetricValue {
    /// Which metric.
    pub metric: DeliveryMetric,
    /// Its unit.
    pub unit: Unit,
    /// The number, or why there is none.
    pub answer: Answer,
    /// How many observations it rests on: deployments, lead times or recoveries.
    pub n: u64,
    /// Of a rate, how many of the `n`; of recoveries, how many are over.
    pub part: Option<u64>,
    /// Where it probably lies.
    pub limits: Option<Limits>,
    /// Quantiles of durations that are all over.
    pub quantiles: Option<Quantiles>,
    /// Whether the sample is small by the definition.
    pub small: bool,
    /// How many events are left out, by reason: each once, and none that counts, as
    /// [`Query::explain`](crate::query::Query::explain) lists them.
    pub excluded: BTreeMap<Reason, u64>,
    /// Name and version of the definition.
    pub definition: String,
}

impl MetricValue {
    /// The number, where there is one.
    #[must_use]
    pub const fn value(&self) -> Option<f64> {
        match self.answer {
            Answer::Known { value } => Some(value),
            _ => None,
        }
    }

    /// As a measure, for gates, criteria and assessments.
    ///
    /// # Errors
    ///
    /// [`ValueError`] where the number is not finite, which no definition of this crate produces.
    pub fn measure(&self, group: &Group) -> Result<Measure, ValueError> {
        let id = MetricId::new(self.metric.id())?;
        let value = match (self.answer, self.part) {
            (Answer::Known { value }, _) => Value::from(Number::new(value)?),
            (other, _) => Value::Missing { reason: describe(other) },
        };
        let mut measure = Measure::new(id, value, self.unit).with_sample_size(self.n);
        if let Some(Limits { low: Some(low), high: Some(high), level }) = self.limits {
            let interval = Interval::new(Number::new(low)?, Number::new(high)?, Ratio::new(level)?)?;
            measure = measure.with_interval(interval);
        }
        Ok(match group {
            Group::All => measure,
            Group::Service(name) | Group::Team(name) | Group::Environment(name) => {
                measure.with_scope(Scope::Component(name.clone()))
            }
        })
    }
}

fn describe(answer: Answer) -> String {
    match answer {
        Answer::Known { value } => format!("{value}"),
        Answer::NotEnoughData => "not enough data".into(),
        Answer::NotReached => "more than half are still open".into(),
        Answer::Suppressed => "suppressed, the sample is small".into(),
        Answer::NeedsEvents { needs } => format!("needs {needs}, of which the log holds none"),
    }
}

impl fmt::Display for MetricValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.metric)?;
        let Answer::Known { value } = self.answer else {
            return f.write_str(&describe(self.answer));
        };
        let symbol = self.unit.symbol();
        let space = if symbol.is_empty() || symbol.starts_with('/') { "" } else { " " };
        // One deployment in a year is not none.
        let told = if value != 0.0 && value.abs() < 0.005 { short_number } else { shown };
        write!(f, "{}{space}{symbol}", told(value))?;
        if let Some(limits) = self.limits {
            let end = |end: Option<f64>| end.map_or_else(|| "?".into(), told);
            write!(f, " ({} to {} at {} %", end(limits.low), end(limits.high), shown(limits.level * 100.0))?;
            write!(f, ", n = {})", self.n)?;
        } else {
            write!(f, " (n = {})", self.n)?;
        }
        if self.small { f.write_str(", small sample") } else { Ok(()) }
    }
}

/// Three significant places behind the point at most, without trailing zeros.
pub(crate) fn shown(value: f64) -> String {
    let text = if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').into();
    }
    text
}
