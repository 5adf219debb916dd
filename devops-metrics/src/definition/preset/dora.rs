//! This crate's own definition.

use alloc::vec;
use alloc::vec::Vec;
use devops_core::Unit;

use super::super::{
    CertaintyRule, ChangeLink, ChangeTime, Composition, Definition, DeploymentRule, DeploymentTime, Empty,
    FailureBase, FailureCount, FailureRule, FailureSignal, FailuresInARow, FirstDeployment, FrequencyMeasure,
    FrequencyRule, FrequencyWeeks, IncidentLink, IncidentRule, LeadPeriod, LeadTimeRule, LeadUnit, LeadUntil,
    LinkScope, NonPositive, OpenRule, RateInterval, Redeployed, RestoreFrom, RestorePeriod, RestoreRule,
    RestoreTo, RestoreUnit, ReworkRule, Rounding, SmallSample, Statistic,
};
use crate::event::{CauseClass, DeploymentKind, Outcome, Tier};

const DAY: u64 = 86_400_000;

fn unplanned() -> Vec<DeploymentKind> {
    vec![DeploymentKind::Hotfix, DeploymentKind::Rollback, DeploymentKind::Rework]
}

fn lead_time() -> LeadTimeRule {
    LeadTimeRule {
        unit: LeadUnit::Change,
        from: vec![ChangeTime::Committed, ChangeTime::Authored],
        until: LeadUntil::Deployed,
        composition: Composition::Span,
        link: ChangeLink::GivenOrNext,
        first_deployment: FirstDeployment::Skip,
        redeployed: Redeployed::First,
        undeployed: false,
        bots: true,
        merges: true,
        non_positive: NonPositive::KeepNonNegative,
        period: LeadPeriod::Deployed,
        rounding: Rounding::None,
        statistic: Statistic::Median,
        empty: Empty::NotEnoughData,
    }
}

fn incidents() -> IncidentRule {
    let day_before =
        IncidentLink::Latest { scope: LinkScope::Service, same_instant: true, within_millis: Some(DAY) };
    IncidentRule {
        causes: Some(vec![CauseClass::Change, CauseClass::Unknown]),
        links: vec![IncidentLink::Named, IncidentLink::Commit, day_before],
    }
}

fn failure() -> FailureRule {
    FailureRule {
        signals: vec![
            FailureSignal::Declared,
            FailureSignal::Incident,
            FailureSignal::Remediation { kinds: unplanned(), within_millis: 7 * DAY },
        ],
        outcomes: vec![Outcome::Succeeded],
        count: FailureCount::Deployments,
        base: FailureBase::Deployments,
        in_a_row: FailuresInARow::Each,
        empty: Empty::NotEnoughData,
    }
}

const fn recovery() -> RestoreRule {
    RestoreRule {
        unit: RestoreUnit::FailedDeployment,
        from: RestoreFrom::Deployed,
        to: RestoreTo::ResolvedOrNextSuccess,
        open: OpenRule::Censor,
        period: RestorePeriod::Start,
        non_positive: NonPositive::KeepNonNegative,
        rounding: Rounding::None,
        statistic: Statistic::Median,
        empty: Empty::NotEnoughData,
    }
}

impl Definition {
    /// The five metrics as the current DORA guide describes them, with every choice that the guide leaves open made
    /// for honesty: production deployments that succeeded; changes from commit to their first deployment, as named or
    /// else by the next deployment; a deployment fails when people declare it, an incident is linked to it (named, by
    /// commit, or the latest deployment of the service within a day before it), or a rollback, hotfix or rework
    /// replaces it within a week; open incidents are censored; medians with intervals.
    ///
    /// Source: dora.dev/guides/dora-metrics, as of 2025.
    ///
    /// ```
    /// use devops_metrics::definition::Definition;
    /// assert_eq!(Definition::dora_2025(), Definition::default());
    /// ```
    #[must_use]
    pub fn dora_2025() -> Self {
        let restore = RestoreRule {
            unit: RestoreUnit::Incident,
            from: RestoreFrom::Opened,
            to: RestoreTo::Resolved,
            ..recovery()
        };
        Self {
            format: 1,
            name: "dora_2025".into(),
            version: "1".into(),
            calendar: None,
            deployments: DeploymentRule {
                tiers: Some(vec![Tier::Production]),
                untold_tier: true,
                outcomes: vec![Outcome::Succeeded],
                kinds: None,
                time: DeploymentTime::Finished,
            },
            frequency: FrequencyRule {
                measure: FrequencyMeasure::PerDay,
                weeks: FrequencyWeeks::All,
                partial_weeks: true,
            },
            lead_time: lead_time(),
            incidents: incidents(),
            failure: failure(),
            recovery: recovery(),
            restore,
            rework: ReworkRule { kinds: unplanned() },
            duration_unit: Unit::Hours,
            rate_unit: Unit::Percent,
            mean_of_services: false,
            certainty: CertaintyRule {
                level: 0.95,
                rates: RateInterval::Wilson,
                small_below: 5,
                small: SmallSample::Flag,
            },
        }
    }
}

impl Default for Definition {
    fn default() -> Self {
        Self::dora_2025()
    }
}
