//! A definition in words: each choice that changes a number changes the words for it.
#![allow(clippy::panic, reason = "tests may panic")]

use std::collections::BTreeMap;

use devops_metrics::calendar::{Calendar, Weekday};
use devops_metrics::definition::{
    ChangeLink, ChangeTime, Composition, Definition, DeploymentTime, Empty, FailureBase, FailureCount,
    FailureSignal, FailuresInARow, FirstDeployment, FrequencyMeasure, FrequencyWeeks, IncidentLink,
    LeadPeriod, LeadUnit, LeadUntil, LinkScope, NonPositive, OpenRule, Redeployed, RestoreFrom,
    RestorePeriod, RestoreRule, RestoreTo, RestoreUnit, Rounding, Statistic,
};
use devops_metrics::event::{CauseClass, DeploymentKind, Outcome, Tier};
use devops_metrics::query::DeliveryMetric;

type Change = Box<dyn Fn(&mut Definition)>;

fn each<T: Clone + 'static>(values: &[T], set: fn(&mut Definition, T)) -> Vec<Change> {
    let change = |value: &T| {
        let value = value.clone();
        Box::new(move |definition: &mut Definition| set(definition, value.clone())) as Change
    };
    values.iter().map(change).collect()
}

/// All of `changes`, made to `base` one at a time, are told apart from it and from each other.
fn told_apart(base: &Definition, metric: DeliveryMetric, changes: Vec<Change>) {
    let mut words = BTreeMap::from([(base.in_words(metric), 0)]);
    for (number, change) in (1..).zip(changes) {
        let mut changed = base.clone();
        change(&mut changed);
        assert_ne!(changed, *base, "{metric}: {number} changes nothing");
        let told = changed.in_words(metric);
        if let Some(other) = words.insert(told.clone(), number) {
            panic!("{metric}: {other} and {number} are both told as: {told}");
        }
    }
}

fn deployments() -> Vec<Change> {
    let tiers: &[Option<Vec<Tier>>] =
        &[None, Some(vec![Tier::Production, Tier::Staging]), Some(vec![Tier::Staging])];
    let mut changes = each(tiers, |d, tiers| d.deployments.tiers = tiers);
    changes.extend(each(&[false], |d, untold| d.deployments.untold_tier = untold));
    changes.extend(each(
        &[vec![Outcome::Failed], vec![Outcome::Succeeded, Outcome::Failed]],
        |d, outcomes| {
            d.deployments.outcomes = outcomes;
        },
    ));
    changes.extend(each(&[Some(vec![DeploymentKind::Normal])], |d, kinds| d.deployments.kinds = kinds));
    changes
}

#[test]
fn every_choice_of_frequency_and_rework_is_told() {
    let base = Definition::dora_2025();
    let mut changes = deployments();
    changes.extend(each(&[DeploymentTime::Started, DeploymentTime::FirstPart], |d, time| {
        d.deployments.time = time;
    }));
    let measures = [
        FrequencyMeasure::PerWeek,
        FrequencyMeasure::PerDayFloor,
        FrequencyMeasure::Count,
        FrequencyMeasure::MedianDaysPerWeek,
        FrequencyMeasure::LowerMedianDaysPerWeek,
        FrequencyMeasure::MeanGap,
    ];
    changes.extend(each(&measures, |d, measure| d.frequency.measure = measure));
    let calendars = [Weekday::Monday, Weekday::Sunday].map(|day| Some(Calendar::utc().with_week_start(day)));
    changes.extend(each(&calendars, |d, calendar| d.calendar = calendar));
    told_apart(&base, DeliveryMetric::DeploymentFrequency, changes);

    let mut weekly = base.clone();
    weekly.frequency.measure = FrequencyMeasure::MedianDaysPerWeek;
    let some = [
        FrequencyWeeks::FromFirstDeployment,
        FrequencyWeeks::WithDeployment,
        FrequencyWeeks::AfterFirstEvent,
    ];
    let mut weeks = each(&some, |d, some| d.frequency.weeks = some);
    weeks.extend(each(&[false], |d, partial| d.frequency.partial_weeks = partial));
    weeks.extend(each(&some, |d, some| {
        (d.frequency.weeks, d.frequency.partial_weeks) = (some, false);
    }));
    told_apart(&weekly, DeliveryMetric::DeploymentFrequency, weeks);

    let mut changes = deployments();
    changes.extend(each(&[vec![DeploymentKind::Hotfix]], |d, kinds| d.rework.kinds = kinds));
    told_apart(&base, DeliveryMetric::ReworkRate, changes);
}

#[test]
fn every_choice_of_lead_time_is_told() {
    let from = [
        vec![ChangeTime::Merged],
        vec![ChangeTime::Opened],
        vec![ChangeTime::Authored, ChangeTime::Committed],
    ];
    let mut changes = each(&from, |d, from| d.lead_time.from = from);
    changes.extend(each(&[LeadUnit::Commit, LeadUnit::PullRequest], |d, unit| d.lead_time.unit = unit));
    changes.extend(each(&[LeadUntil::Recovered], |d, until| d.lead_time.until = until));
    let compositions =
        [Composition::SpanWithoutWeekends, Composition::PartsWithoutNegative, Composition::PartsMissingZero];
    changes.extend(each(&compositions, |d, composition| d.lead_time.composition = composition));
    let links = [
        ChangeLink::Given,
        ChangeLink::GivenRolledForward,
        ChangeLink::Next,
        ChangeLink::HeadCommit,
        ChangeLink::UpToHeadCommit,
    ];
    changes.extend(each(&links, |d, link| d.lead_time.link = link));
    let first = [
        FirstDeployment::Credit,
        FirstDeployment::LookBack { millis: 604_800_000 },
        FirstDeployment::LookBack { millis: 5_400_000 },
        FirstDeployment::Since { time: devops_core::Timestamp::EPOCH },
    ];
    changes.extend(each(&first, |d, first| d.lead_time.first_deployment = first));
    changes.extend(each(&[Redeployed::Every], |d, redeployed| d.lead_time.redeployed = redeployed));
    changes.extend(each(&[true], |d, undeployed| d.lead_time.undeployed = undeployed));
    changes.extend(each(&[false], |d, bots| d.lead_time.bots = bots));
    changes.extend(each(&[false], |d, merges| d.lead_time.merges = merges));
    changes.extend(each(&[LeadPeriod::Merged], |d, period| d.lead_time.period = period));
    let signs = [NonPositive::Keep, NonPositive::KeepPositive, NonPositive::RefuseNegative];
    changes.extend(each(&signs, |d, sign| d.lead_time.non_positive = sign));
    changes.extend(each(&ROUNDINGS, |d, rounding| d.lead_time.rounding = rounding));
    changes.extend(each(&STATISTICS, |d, statistic| d.lead_time.statistic = statistic));
    changes.extend(each(&EMPTY, |d, empty| d.lead_time.empty = empty));
    told_apart(&Definition::dora_2025(), DeliveryMetric::ChangeLeadTime, changes);
}

const ROUNDINGS: [Rounding; 6] = [
    Rounding::NearestHundredthHours,
    Rounding::FloorSeconds,
    Rounding::FloorMinutes,
    Rounding::TruncateMinutes,
    Rounding::CeilMinutes,
    Rounding::FloorHours,
];
const STATISTICS: [Statistic; 4] =
    [Statistic::Mean, Statistic::LowerMedian, Statistic::UpperMedian, Statistic::MedianOfDailyMedians];
const EMPTY: [Empty; 2] = [Empty::Zero, Empty::MinusOne];

#[test]
fn every_choice_of_the_failure_rate_is_told() {
    let signals: [Vec<FailureSignal>; 6] = [
        Vec::new(),
        vec![FailureSignal::Declared],
        vec![FailureSignal::Incident],
        vec![FailureSignal::Outcome],
        vec![FailureSignal::Remediation { kinds: vec![DeploymentKind::Hotfix], within_millis: 1_500 }],
        vec![FailureSignal::Revert { within_millis: 60_000 }],
    ];
    let mut changes = each(&signals, |d, signals| d.failure.signals = signals);
    changes.extend(each(&[vec![Outcome::Succeeded, Outcome::Failed]], |d, outcomes| {
        d.failure.outcomes = outcomes;
    }));
    let bases = [FailureBase::DeploymentsWithChanges, FailureBase::Successful, FailureBase::LeadTimes];
    changes.extend(each(&bases, |d, base| d.failure.base = base));
    changes.extend(each(&[FailureCount::Incidents, FailureCount::Rows], |d, count| d.failure.count = count));
    changes.extend(each(&[FailuresInARow::First, FailuresInARow::FirstAndLast], |d, row| {
        d.failure.in_a_row = row;
    }));
    changes.extend(each(&EMPTY, |d, empty| d.failure.empty = empty));
    changes.extend(each(&[None, Some(vec![CauseClass::Change])], |d, causes| d.incidents.causes = causes));
    let latest = |scope, same_instant, within_millis| {
        vec![IncidentLink::Latest { scope, same_instant, within_millis }]
    };
    let links = [
        Vec::new(),
        vec![IncidentLink::Named],
        vec![IncidentLink::Commit],
        latest(LinkScope::Service, true, None),
        latest(LinkScope::Project, true, None),
        latest(LinkScope::Service, false, None),
        latest(LinkScope::Service, true, Some(3_600_000)),
    ];
    changes.extend(each(&links, |d, links| d.incidents.links = links));
    changes.extend(each(&[None, Some(vec![Tier::Staging])], |d, tiers| d.deployments.tiers = tiers));
    told_apart(&Definition::dora_2025(), DeliveryMetric::ChangeFailureRate, changes);
}

type RuleOf = fn(&mut Definition) -> &mut RestoreRule;

#[test]
fn every_choice_of_recovery_and_restore_is_told() {
    let rules: [(DeliveryMetric, RuleOf); 2] = [
        (DeliveryMetric::RecoveryTime, |d| &mut d.recovery),
        (DeliveryMetric::TimeToRestore, |d| &mut d.restore),
    ];
    for (metric, rule) in rules {
        // Of what recovers a failed deployment has all choices.
        let mut base = Definition::dora_2025();
        *rule(&mut base) = base.recovery.clone();
        let mut changes: Vec<Change> = Vec::new();
        let mut add = |change: fn(&mut RestoreRule)| changes.push(Box::new(move |d| change(rule(d))));
        add(|r| r.unit = RestoreUnit::Incident);
        add(|r| r.unit = RestoreUnit::LinkedIncident);
        add(|r| r.unit = RestoreUnit::FailedOutcome);
        add(|r| r.from = RestoreFrom::Opened);
        add(|r| r.from = RestoreFrom::Detected);
        add(|r| r.from = RestoreFrom::Earlier);
        add(|r| r.to = RestoreTo::Resolved);
        add(|r| r.to = RestoreTo::NextSuccess);
        add(|r| r.to = RestoreTo::SomeResolvedOrNextGood);
        add(|r| r.open = OpenRule::Ignore);
        add(|r| r.open = OpenRule::UntilNow);
        add(|r| r.period = RestorePeriod::End);
        add(|r| r.period = RestorePeriod::Deployed);
        add(|r| r.period = RestorePeriod::DeployedAndEnd);
        add(|r| r.non_positive = NonPositive::Keep);
        add(|r| r.rounding = Rounding::FloorHours);
        add(|r| r.statistic = Statistic::Mean);
        add(|r| r.empty = Empty::Zero);
        told_apart(&base, metric, changes);
    }
}

#[test]
fn words_are_sentences() {
    for definition in Definition::presets() {
        for metric in DeliveryMetric::ALL {
            let words = definition.in_words(metric);
            assert!(words.ends_with('.') && !words.contains("..") && !words.contains("  "), "{words}");
            assert!(words.split(". ").all(|s| s.starts_with(char::is_uppercase)), "{words}");
        }
    }
    let lead = Definition::gitlab().in_words(DeliveryMetric::ChangeLeadTime);
    assert_eq!(
        lead,
        "The median of daily medians of the times of pull requests from merge to deployment. A change belongs to the \
         deployment that an event names, or else to the next one of its service. The first deployment of a service \
         takes none by time. What several deployments carry counts with each. Negative times count."
    );
}
