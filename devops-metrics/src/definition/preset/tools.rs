//! The definitions of well-known tools, what looks like an error in them included.
//!
//! Read from their public sources and documentation as of 2026.

use alloc::vec;
use alloc::vec::Vec;

use super::super::{
    ChangeLink, ChangeTime, Composition, Definition, DeploymentRule, Empty, FailureBase, FailureCount,
    FailureRule, FailureSignal, FailuresInARow, FirstDeployment, FrequencyMeasure, FrequencyRule,
    FrequencyWeeks, IncidentLink, IncidentRule, LeadPeriod, LeadTimeRule, LeadUnit, LeadUntil, LinkScope,
    NonPositive, OpenRule, Redeployed, RestoreFrom, RestorePeriod, RestoreRule, RestoreTo, RestoreUnit,
    Rounding, Statistic,
};
use devops_core::Unit;

use crate::calendar::{Calendar, Weekday};
use crate::event::Outcome;

fn utc_from(week_start: Weekday) -> Option<Calendar> {
    Some(Calendar::utc().with_week_start(week_start))
}

fn latest(scope: LinkScope, same_instant: bool) -> Vec<IncidentLink> {
    vec![IncidentLink::Latest { scope, same_instant, within_millis: None }]
}

/// The mean time of resolved incidents from opening to resolution: what most tools do.
const fn mean_of_resolved(period: RestorePeriod, empty: Empty) -> RestoreRule {
    RestoreRule {
        unit: RestoreUnit::Incident,
        from: RestoreFrom::Opened,
        to: RestoreTo::Resolved,
        open: OpenRule::Ignore,
        period,
        non_positive: NonPositive::Keep,
        rounding: Rounding::None,
        statistic: Statistic::Mean,
        empty,
    }
}

impl Definition {
    /// Four Keys (dora-team/fourkeys): any successful deployment whatever its environment; the changes that the
    /// deployment's push lists; medians of whole minutes (lead, non-positive dropped) and whole hours (restore);
    /// rows of deployment, change and incident over deployments with changes, so that the rate can exceed 1; weeks from
    /// Sunday, UTC; no data is 0.
    #[must_use]
    pub fn fourkeys() -> Self {
        let base = Self::dora_2025().named("fourkeys", "1");
        let restore = RestoreRule {
            unit: RestoreUnit::Incident,
            from: RestoreFrom::Earlier,
            to: RestoreTo::Resolved,
            open: OpenRule::Ignore,
            period: RestorePeriod::Start,
            non_positive: NonPositive::Keep,
            rounding: Rounding::FloorHours,
            statistic: Statistic::Median,
            empty: Empty::Zero,
        };
        Self {
            calendar: utc_from(Weekday::Sunday),
            deployments: DeploymentRule { tiers: None, ..base.deployments },
            frequency: FrequencyRule {
                measure: FrequencyMeasure::MedianDaysPerWeek,
                weeks: FrequencyWeeks::AfterFirstEvent,
                partial_weeks: true,
            },
            lead_time: LeadTimeRule {
                unit: LeadUnit::Commit,
                from: vec![ChangeTime::Committed],
                link: ChangeLink::Given,
                redeployed: Redeployed::Every,
                non_positive: NonPositive::KeepPositive,
                rounding: Rounding::FloorMinutes,
                empty: Empty::Zero,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: vec![IncidentLink::Commit] },
            failure: FailureRule {
                signals: vec![FailureSignal::Incident],
                count: FailureCount::Rows,
                base: FailureBase::DeploymentsWithChanges,
                empty: Empty::Zero,
                ..base.failure
            },
            recovery: restore.clone(),
            restore,
            duration_unit: Unit::Minutes,
            ..base
        }
    }

    /// Apache DevLake with the 2021 metrics: lower medians; lead time is a pull request's cycle time from parts in
    /// whole minutes, rounded up, negative parts left out; an incident belongs to the latest successful production
    /// deployment of the whole project before it, without limit; restore by resolution.
    #[must_use]
    pub fn devlake_2021() -> Self {
        let base = Self::dora_2025().named("devlake_2021", "1");
        let restore = RestoreRule {
            open: OpenRule::Ignore,
            period: RestorePeriod::End,
            non_positive: NonPositive::Keep,
            rounding: Rounding::TruncateMinutes,
            statistic: Statistic::LowerMedian,
            ..base.restore
        };
        Self {
            calendar: utc_from(Weekday::Monday),
            deployments: DeploymentRule { untold_tier: false, ..base.deployments },
            frequency: FrequencyRule {
                measure: FrequencyMeasure::LowerMedianDaysPerWeek,
                weeks: FrequencyWeeks::All,
                partial_weeks: true,
            },
            lead_time: LeadTimeRule {
                unit: LeadUnit::PullRequest,
                from: vec![ChangeTime::Authored, ChangeTime::Opened],
                composition: Composition::PartsWithoutNegative,
                link: ChangeLink::GivenOrNext,
                non_positive: NonPositive::Keep,
                rounding: Rounding::CeilMinutes,
                statistic: Statistic::LowerMedian,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: latest(LinkScope::Project, false) },
            failure: FailureRule { signals: vec![FailureSignal::Incident], ..base.failure },
            recovery: restore.clone(),
            restore,
            duration_unit: Unit::Minutes,
            rate_unit: Unit::Ratio,
            ..base
        }
    }

    /// Apache DevLake with the metrics of 2023: as [`devlake_2021`](Self::devlake_2021), but recovery runs from the end
    /// of the failed deployment, needs both ends in the window, and can be negative.
    #[must_use]
    pub fn devlake_2023() -> Self {
        let base = Self::devlake_2021().named("devlake_2023", "1");
        let recovery = RestoreRule {
            unit: RestoreUnit::LinkedIncident,
            from: RestoreFrom::Deployed,
            period: RestorePeriod::DeployedAndEnd,
            ..base.recovery
        };
        Self { recovery, ..base }
    }

    /// GitLab: deployments a day to production; merge requests from merge to deployment; the median of daily
    /// medians; the rate is incidents per deployment, without any link.
    #[must_use]
    pub fn gitlab() -> Self {
        let base = Self::dora_2025().named("gitlab", "1");
        let restore = RestoreRule {
            open: OpenRule::Ignore,
            period: RestorePeriod::End,
            non_positive: NonPositive::Keep,
            statistic: Statistic::MedianOfDailyMedians,
            ..base.restore
        };
        Self {
            calendar: utc_from(Weekday::Monday),
            deployments: DeploymentRule { untold_tier: false, ..base.deployments },
            lead_time: LeadTimeRule {
                unit: LeadUnit::PullRequest,
                from: vec![ChangeTime::Merged],
                redeployed: Redeployed::Every,
                non_positive: NonPositive::Keep,
                statistic: Statistic::MedianOfDailyMedians,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: Vec::new() },
            failure: FailureRule { signals: Vec::new(), count: FailureCount::Incidents, ..base.failure },
            recovery: restore.clone(),
            restore,
            ..base
        }
    }

    /// Middleware (middlewarehq): means everywhere; deployments a day rounded down; lead time is the sum of a pull
    /// request's parts, a missing one 0, by merge time; an incident belongs to the latest deployment at or before it,
    /// in all services asked for; the rate is over all attempts, failed ones too.
    #[must_use]
    pub fn middleware() -> Self {
        let base = Self::dora_2025().named("middleware", "1");
        let restore = mean_of_resolved(RestorePeriod::End, Empty::NotEnoughData);
        Self {
            calendar: utc_from(Weekday::Monday),
            deployments: DeploymentRule { tiers: None, ..base.deployments },
            frequency: FrequencyRule {
                measure: FrequencyMeasure::PerDayFloor,
                weeks: FrequencyWeeks::All,
                partial_weeks: true,
            },
            lead_time: LeadTimeRule {
                unit: LeadUnit::PullRequest,
                from: vec![ChangeTime::Committed, ChangeTime::Opened, ChangeTime::Merged],
                composition: Composition::PartsMissingZero,
                undeployed: true,
                non_positive: NonPositive::Keep,
                period: LeadPeriod::Merged,
                statistic: Statistic::Mean,
                empty: Empty::Zero,
                first_deployment: FirstDeployment::Credit,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: latest(LinkScope::Project, true) },
            failure: FailureRule {
                signals: vec![FailureSignal::Incident],
                outcomes: vec![Outcome::Succeeded, Outcome::Failed],
                empty: Empty::Zero,
                ..base.failure
            },
            recovery: restore.clone(),
            restore,
            duration_unit: Unit::Seconds,
            ..base
        }
    }

    /// Pelorus: the number of deployments; lead time of the one commit that was deployed; means by service, and of
    /// several services the mean of their means; failures are incidents over lead times, without any link.
    #[must_use]
    pub fn pelorus() -> Self {
        let base = Self::dora_2025().named("pelorus", "1");
        let restore = mean_of_resolved(RestorePeriod::Start, Empty::NotEnoughData);
        Self {
            calendar: utc_from(Weekday::Monday),
            deployments: DeploymentRule { tiers: None, ..base.deployments },
            frequency: FrequencyRule {
                measure: FrequencyMeasure::Count,
                weeks: FrequencyWeeks::All,
                partial_weeks: true,
            },
            lead_time: LeadTimeRule {
                unit: LeadUnit::Change,
                from: vec![ChangeTime::Committed],
                link: ChangeLink::HeadCommit,
                redeployed: Redeployed::Every,
                non_positive: NonPositive::Keep,
                statistic: Statistic::Mean,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: Vec::new() },
            failure: FailureRule {
                signals: Vec::new(),
                count: FailureCount::Incidents,
                base: FailureBase::LeadTimes,
                ..base.failure
            },
            recovery: restore.clone(),
            restore,
            mean_of_services: true,
            duration_unit: Unit::Seconds,
            rate_unit: Unit::Ratio,
            ..base
        }
    }

    /// Faros Community Edition: means; weeks from Sunday; a deployment's changes by the time of their commits, between
    /// the previously deployed commit and this one, the first deployment's own commit alone; from the opening of a pull
    /// request; incidents per deployment, without any link.
    #[must_use]
    pub fn faros() -> Self {
        let base = Self::dora_2025().named("faros", "1");
        let restore = mean_of_resolved(RestorePeriod::Start, Empty::NotEnoughData);
        Self {
            calendar: utc_from(Weekday::Sunday),
            frequency: FrequencyRule {
                measure: FrequencyMeasure::PerWeek,
                weeks: FrequencyWeeks::All,
                partial_weeks: true,
            },
            lead_time: LeadTimeRule {
                unit: LeadUnit::PullRequest,
                from: vec![ChangeTime::Opened, ChangeTime::Merged],
                link: ChangeLink::UpToHeadCommit,
                non_positive: NonPositive::Keep,
                statistic: Statistic::Mean,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: Vec::new() },
            failure: FailureRule { signals: Vec::new(), count: FailureCount::Incidents, ..base.failure },
            recovery: restore.clone(),
            restore,
            ..base
        }
    }

    /// Metrik (thoughtworks): runs of a target stage; lead time is the mean over all commits since the last run that
    /// succeeded; the rate is failed runs over all runs; restore is the mean time from a first failed run to the next
    /// that succeeds, without any incident.
    #[must_use]
    pub fn metrik() -> Self {
        let base = Self::dora_2025().named("metrik", "1");
        let restore = RestoreRule {
            unit: RestoreUnit::FailedOutcome,
            from: RestoreFrom::Deployed,
            to: RestoreTo::NextSuccess,
            ..mean_of_resolved(RestorePeriod::End, Empty::NotEnoughData)
        };
        Self {
            calendar: utc_from(Weekday::Monday),
            deployments: DeploymentRule { tiers: None, ..base.deployments },
            lead_time: LeadTimeRule {
                unit: LeadUnit::Commit,
                from: vec![ChangeTime::Committed],
                link: ChangeLink::GivenRolledForward,
                redeployed: Redeployed::Every,
                non_positive: NonPositive::Keep,
                statistic: Statistic::Mean,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: Vec::new() },
            failure: FailureRule {
                signals: vec![FailureSignal::Outcome],
                outcomes: vec![Outcome::Succeeded, Outcome::Failed],
                ..base.failure
            },
            recovery: restore.clone(),
            restore,
            duration_unit: Unit::Milliseconds,
            ..base
        }
    }

    /// Liatrio's DORA API and charts: attempts to production, whatever their outcome; the mean gap between them and the
    /// time from the merge to the deployment, or to the fix of one that failed, both without weekends; an incident between
    /// a deployment and the next makes it a failure, of such failures in a row the first, and the last deployment of all;
    /// failed deployments over those that did not fail; restore runs from the incident, or from the deployment that failed
    /// by itself, in hundredths of an hour, and belongs to the period of the deployment; what is open runs until now.
    ///
    /// The tool keeps failures by commit, so that a second run of one commit has the failure of the first, and drops some
    /// of such runs: here each run stands for itself. Where a failed run lies in the middle of a row of failures its charts
    /// stop with an error; here it has no time to restore.
    #[must_use]
    pub fn liatrio() -> Self {
        let base = Self::dora_2025().named("liatrio", "1");
        let restore = RestoreRule {
            unit: RestoreUnit::FailedDeployment,
            from: RestoreFrom::Opened,
            to: RestoreTo::SomeResolvedOrNextGood,
            open: OpenRule::UntilNow,
            rounding: Rounding::NearestHundredthHours,
            ..mean_of_resolved(RestorePeriod::Deployed, Empty::NotEnoughData)
        };
        Self {
            calendar: utc_from(Weekday::Monday),
            deployments: DeploymentRule {
                untold_tier: false,
                outcomes: vec![Outcome::Succeeded, Outcome::Failed],
                ..base.deployments
            },
            frequency: FrequencyRule {
                measure: FrequencyMeasure::MeanGap,
                weeks: FrequencyWeeks::All,
                partial_weeks: true,
            },
            lead_time: LeadTimeRule {
                from: vec![ChangeTime::Merged],
                until: LeadUntil::Recovered,
                composition: Composition::SpanWithoutWeekends,
                link: ChangeLink::HeadCommit,
                redeployed: Redeployed::Every,
                non_positive: NonPositive::Keep,
                statistic: Statistic::Mean,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: latest(LinkScope::Service, true) },
            failure: FailureRule {
                signals: vec![FailureSignal::Incident, FailureSignal::Outcome],
                outcomes: vec![Outcome::Succeeded, Outcome::Failed],
                base: FailureBase::Successful,
                in_a_row: FailuresInARow::FirstAndLast,
                ..base.failure
            },
            recovery: restore.clone(),
            restore,
            ..base
        }
    }

    /// DeveloperMetrics' DevOpsMetrics: means; deployments over days; pull requests from their first commit; a
    /// deployment failed when somebody said so; no deployment is −1.
    #[must_use]
    pub fn devopsmetrics() -> Self {
        let base = Self::dora_2025().named("devopsmetrics", "1");
        let restore = mean_of_resolved(RestorePeriod::Start, Empty::Zero);
        Self {
            calendar: utc_from(Weekday::Monday),
            deployments: DeploymentRule { tiers: None, ..base.deployments },
            lead_time: LeadTimeRule {
                unit: LeadUnit::PullRequest,
                from: vec![ChangeTime::Committed, ChangeTime::Opened],
                non_positive: NonPositive::Keep,
                statistic: Statistic::Mean,
                empty: Empty::Zero,
                ..base.lead_time
            },
            incidents: IncidentRule { causes: None, links: Vec::new() },
            failure: FailureRule {
                signals: vec![FailureSignal::Declared],
                outcomes: vec![Outcome::Succeeded, Outcome::Failed],
                empty: Empty::MinusOne,
                ..base.failure
            },
            recovery: restore.clone(),
            restore,
            ..base
        }
    }
}
