//! The choices that a definition is made of.

use alloc::vec::Vec;
use core::cmp::Ordering;
use devops_core::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::{CauseClass, DeploymentKind, Outcome, Tier};

/// Which instant a deployment happened at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeploymentTime {
    /// When it began; its end where the beginning is not known.
    Started,
    /// When it ended: of several parts, the last.
    Finished,
    /// When the first of its parts ended.
    FirstPart,
}

/// Which deployments count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DeploymentRule {
    /// The tiers that count; `None` for all.
    pub tiers: Option<Vec<Tier>>,
    /// Whether a deployment counts whose environment is not told.
    pub untold_tier: bool,
    /// The outcomes that count, for frequency and lead time.
    pub outcomes: Vec<Outcome>,
    /// The kinds that count; `None` for all.
    pub kinds: Option<Vec<DeploymentKind>>,
    /// When it happened.
    pub time: DeploymentTime,
}

/// An instant in the life of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeTime {
    /// Written.
    Authored,
    /// Committed.
    Committed,
    /// Pull request opened.
    Opened,
    /// Merged.
    Merged,
}

/// Which changes are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LeadUnit {
    /// Commits and pull requests alike.
    Change,
    /// Commits only.
    Commit,
    /// Pull requests only.
    PullRequest,
}

/// Which changes belong to a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeLink {
    /// Those that an event names: the change its deployments, or the deployment its changes.
    Given,
    /// Those that an event names; a change of which none is named belongs to the next deployment of its service.
    GivenOrNext,
    /// Those that an event names; where that deployment does not count (it failed, say), the next one that does.
    GivenRolledForward,
    /// The next deployment of the service at or after the change's time, whatever is named.
    Next,
    /// The one commit that was deployed.
    HeadCommit,
    /// Those committed after the commit of the previous deployment to the environment, up to the commit that was
    /// deployed; of the first deployment that commit alone. Pull requests stand at their merge.
    UpToHeadCommit,
}

/// Where a lead time ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LeadUntil {
    /// At the deployment.
    #[default]
    Deployed,
    /// At the deployment; where that failed, when it was recovered from, and where it was not yet, now.
    Recovered,
}

/// Which changes the first deployment of a service gets, where they are linked by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FirstDeployment {
    /// None: nobody knows how far back they reach.
    Skip,
    /// All before it.
    Credit,
    /// Those of the time before it.
    LookBack {
        /// How long, in milliseconds.
        millis: u64,
    },
    /// Those since an instant.
    Since {
        /// The instant.
        time: Timestamp,
    },
}

/// What happens to a change that several deployments carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Redeployed {
    /// Its first one counts.
    First,
    /// Each one counts.
    Every,
}

/// What happens to durations of zero or less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NonPositive {
    /// They count.
    Keep,
    /// Negative ones are left out.
    KeepNonNegative,
    /// Negative ones and zeros are left out.
    KeepPositive,
    /// A negative one is an error of the query.
    RefuseNegative,
}

/// How a lead time is put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Composition {
    /// From the first instant to the deployment.
    Span,
    /// The same less a day for each Saturday and Sunday (UTC) on which a walk in steps of a day from the first instant
    /// comes by, where it lasts two days or more.
    SpanWithoutWeekends,
    /// Authored to opened, opened to merged, merged to deployed, each rounded alone; a part that is negative or not
    /// known is left out of the sum.
    PartsWithoutNegative,
    /// Committed to opened, opened to merged, merged to deployed; a part that is negative or not known is 0.
    PartsMissingZero,
}

/// Which period a duration belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LeadPeriod {
    /// That of the deployment.
    Deployed,
    /// That of the merge.
    Merged,
}

/// How durations are rounded before they are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rounding {
    /// Not at all.
    None,
    /// Down to whole seconds.
    FloorSeconds,
    /// Down to whole minutes.
    FloorMinutes,
    /// To whole minutes, towards zero.
    TruncateMinutes,
    /// Up to whole minutes.
    CeilMinutes,
    /// Down to whole hours.
    FloorHours,
    /// To hundredths of an hour, as a float of hours is written with two digits: to the nearest one, away from zero where
    /// two are as near to the last bit (ECMA-262, `Number.prototype.toFixed`).
    NearestHundredthHours,
}

impl Rounding {
    /// Rounds milliseconds.
    ///
    /// ```
    /// use devops_metrics::definition::Rounding;
    /// assert_eq!(Rounding::CeilMinutes.apply(60_001), 120_000);
    /// assert_eq!(Rounding::FloorHours.apply(3_599_999), 0);
    /// assert_eq!((Rounding::FloorMinutes.apply(-1), Rounding::TruncateMinutes.apply(-1)), (-60_000, 0));
    /// // 0.015 hours are a little less as a float, 0.005 a little more.
    /// assert_eq!(Rounding::NearestHundredthHours.apply(54_000), 36_000);
    /// assert_eq!(Rounding::NearestHundredthHours.apply(18_000), 36_000);
    /// ```
    #[must_use]
    pub fn apply(self, millis: i64) -> i64 {
        let (step, up) = match self {
            Self::None => return millis,
            Self::FloorSeconds => (1_000, false),
            Self::FloorMinutes => (60_000, false),
            Self::TruncateMinutes => (60_000, millis < 0),
            Self::CeilMinutes => (60_000, true),
            Self::FloorHours => (3_600_000, false),
            Self::NearestHundredthHours => {
                let (size, step) = (millis.saturating_abs(), 36_000);
                let up = match size.rem_euclid(step).cmp(&(step / 2)) {
                    Ordering::Less => false,
                    Ordering::Equal => middle_rounds_up(size),
                    Ordering::Greater => true,
                };
                (step, up != (millis < 0))
            }
        };
        let rest = millis.rem_euclid(step);
        let floor = millis.saturating_sub(rest);
        if up && rest > 0 { floor.saturating_add(step) } else { floor }
    }
}

/// Whether a time in the middle of two hundredths of an hour is nearer to the upper one as a float, or as near.
#[expect(clippy::cast_precision_loss, reason = "durations lie below 2⁵³ milliseconds")]
fn middle_rounds_up(millis: i64) -> bool {
    let (hours, halves) = (millis as f64 / 3.6e6, (millis / 18_000) as f64);
    // Exact: how far the float lies from the middle.
    libm::fma(hours, 200.0, -halves) >= 0.0
}

/// What single numbers are made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Statistic {
    /// The mean.
    Mean,
    /// The median; of an even number the middle of the two.
    Median,
    /// The median; of an even number the lower of the two.
    LowerMedian,
    /// The median; of an even number the upper of the two.
    UpperMedian,
    /// The median of the medians of the days (UTC).
    MedianOfDailyMedians,
}

/// What stands where there is nothing to compute from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Empty {
    /// Nothing: there is not enough data.
    NotEnoughData,
    /// A zero, as some tools have it.
    Zero,
    /// −1, as some tools have it.
    MinusOne,
}

/// How lead time is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LeadTimeRule {
    /// Which changes are looked at.
    pub unit: LeadUnit,
    /// Where it starts: the first of these that is known.
    pub from: Vec<ChangeTime>,
    /// Where it ends.
    #[serde(default)]
    pub until: LeadUntil,
    /// How it is put together.
    pub composition: Composition,
    /// Which changes belong to a deployment.
    pub link: ChangeLink,
    /// Which changes the first deployment gets.
    pub first_deployment: FirstDeployment,
    /// Which deployment of a change counts.
    pub redeployed: Redeployed,
    /// Whether a change counts that no deployment carried: its parts up to then.
    pub undeployed: bool,
    /// Whether changes of programs count.
    pub bots: bool,
    /// Whether merge commits count.
    pub merges: bool,
    /// What happens to durations of zero or less.
    pub non_positive: NonPositive,
    /// Which period it belongs to.
    pub period: LeadPeriod,
    /// How single durations are rounded.
    pub rounding: Rounding,
    /// What they are made into.
    pub statistic: Statistic,
    /// What stands where there are none.
    pub empty: Empty,
}

/// What deployment frequency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FrequencyMeasure {
    /// Deployments a day: their number over the days of the period (partial days as fractions).
    PerDay,
    /// Deployments a week: their number over the days of the period, times seven.
    PerWeek,
    /// Deployments a day, rounded down to a whole number; the days are those the period touches.
    PerDayFloor,
    /// The number of deployments.
    Count,
    /// Days with a deployment in a week: the median over the weeks that the period touches, weeks without one
    /// included.
    MedianDaysPerWeek,
    /// The same with the lower of two middle weeks.
    LowerMedianDaysPerWeek,
    /// Days from one deployment to the next: the sum of the gaps over the number of deployments, weekends left out of
    /// gaps of two days or more. Of one deployment the days of the period.
    MeanGap,
}

/// Which weeks count where days of a week are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FrequencyWeeks {
    /// All that the period touches; of no deployment at all there is no number.
    All,
    /// Those from the first one with a deployment on.
    FromFirstDeployment,
    /// Those with a deployment.
    WithDeployment,
    /// Those after the day of the first event, whenever that was: the first time that a deployment of the group's
    /// services ended, a change of theirs was committed, opened or merged, or an incident of theirs was opened.
    /// Deployments of that day do not count either. A period behind it without a deployment has the number 0.
    AfterFirstEvent,
}

/// How deployment frequency is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FrequencyRule {
    /// What is measured.
    pub measure: FrequencyMeasure,
    /// Which weeks count.
    pub weeks: FrequencyWeeks,
    /// Whether weeks that the period cuts count.
    pub partial_weeks: bool,
}

/// What makes a deployment a failed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureSignal {
    /// People declared it.
    Declared,
    /// An incident is linked to it.
    Incident,
    /// It ended as failed.
    Outcome,
    /// A deployment of one of these kinds replaces it, or follows it as the next of its service.
    Remediation {
        /// The kinds.
        kinds: Vec<DeploymentKind>,
        /// How soon, in milliseconds.
        within_millis: u64,
    },
    /// A change that it carried is reverted by one that a later deployment carries.
    Revert {
        /// How soon, in milliseconds.
        within_millis: u64,
    },
}

/// What is counted as failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureCount {
    /// Failed deployments.
    Deployments,
    /// Incidents opened in the period, linked or not.
    Incidents,
    /// Rows of deployment, change and incident: an incident counts with each deployment of the commit that it names.
    Rows,
}

/// What failures are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureBase {
    /// Deployments of the outcomes that the rule looks at.
    Deployments,
    /// Those of them that carried a change.
    DeploymentsWithChanges,
    /// Those of them that succeeded and did not fail afterwards; 1 where there is none but a failure.
    Successful,
    /// Changes that were deployed.
    LeadTimes,
}

/// How the change failure rate is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FailureRule {
    /// What makes a deployment a failed one; any of these.
    pub signals: Vec<FailureSignal>,
    /// The outcomes of the deployments that it looks at.
    pub outcomes: Vec<Outcome>,
    /// What is counted.
    pub count: FailureCount,
    /// What it is divided by.
    pub base: FailureBase,
    /// Which of failed deployments in a row count, besides those whose own outcome is failed.
    pub in_a_row: FailuresInARow,
    /// What stands where there is nothing to divide by.
    pub empty: Empty,
}

/// Where an earlier deployment is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkScope {
    /// In the incident's own services.
    Service,
    /// In all services.
    Project,
}

/// A way to find the deployment that caused an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IncidentLink {
    /// The one that the incident names.
    Named,
    /// The first one that carried the commit that the incident names.
    Commit,
    /// The latest one before the incident.
    Latest {
        /// Where.
        scope: LinkScope,
        /// Whether one of the same instant counts.
        same_instant: bool,
        /// How far back, in milliseconds; `None` without limit.
        within_millis: Option<u64>,
    },
}

/// Which incidents count and what they are linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct IncidentRule {
    /// The classes of cause that count; `None` for all.
    pub causes: Option<Vec<CauseClass>>,
    /// How their deployment is found; the first way that finds one.
    pub links: Vec<IncidentLink>,
}

/// What recovers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RestoreUnit {
    /// Each incident.
    Incident,
    /// Each incident that is linked to a deployment.
    LinkedIncident,
    /// Each failed deployment; of a row of them the first, where the failure rule has it so.
    FailedDeployment,
    /// Each deployment whose outcome is failed and whose predecessor's is not: a row of failures is one.
    FailedOutcome,
}

/// Where the time to restore starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RestoreFrom {
    /// When the incident was opened.
    Opened,
    /// When it was detected; when it was opened where that is not known.
    Detected,
    /// When the failed deployment happened; when the incident was opened where none is linked.
    Deployed,
    /// The earlier of the two.
    Earlier,
}

/// Where the time to restore ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RestoreTo {
    /// When the (last) incident was resolved.
    Resolved,
    /// When the next deployment succeeded.
    NextSuccess,
    /// When the last incident was resolved; when the next deployment succeeded where there is no incident.
    ResolvedOrNextSuccess,
    /// When the last of the incidents that are over was resolved; where none is, when the next deployment succeeded and
    /// did not fail afterwards. Incidents of a deployment whose own outcome is failed do not matter.
    SomeResolvedOrNextGood,
}

/// What happens to what is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OpenRule {
    /// It is left out.
    Ignore,
    /// It runs until the end of the window.
    UntilNow,
    /// It is known to last longer than until the end of the window: Kaplan–Meier.
    Censor,
}

/// Which of failed deployments in a row count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailuresInARow {
    /// Each.
    Each,
    /// The first.
    First,
    /// The first, and the service's last deployment of all, whatever comes before it.
    FirstAndLast,
}

/// Which period a recovery belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RestorePeriod {
    /// That in which it starts: the incident's opening, or the deployment's time.
    Start,
    /// That in which it ends.
    End,
    /// That of the deployment; that in which it starts where none is linked.
    Deployed,
    /// That of the deployment, and the end must lie in the same period.
    DeployedAndEnd,
}

/// How the time to recover is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RestoreRule {
    /// What recovers.
    pub unit: RestoreUnit,
    /// Where it starts.
    pub from: RestoreFrom,
    /// Where it ends.
    pub to: RestoreTo,
    /// What happens to what is still open.
    pub open: OpenRule,
    /// Which period it belongs to.
    pub period: RestorePeriod,
    /// What happens to durations of zero or less.
    pub non_positive: NonPositive,
    /// How single durations are rounded.
    pub rounding: Rounding,
    /// What they are made into.
    pub statistic: Statistic,
    /// What stands where there are none.
    pub empty: Empty,
}

/// How the rework rate is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReworkRule {
    /// The kinds of deployments that are rework.
    pub kinds: Vec<DeploymentKind>,
}

/// How the interval of a share is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RateInterval {
    /// Wilson (1927).
    Wilson,
    /// Jeffreys (Brown, Cai & DasGupta 2001).
    Jeffreys,
    /// Clopper & Pearson (1934).
    ClopperPearson,
}

/// What happens to numbers that rest on few observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SmallSample {
    /// They are given, and flagged.
    Flag,
    /// They are not given.
    Suppress,
}

/// How sure the numbers are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CertaintyRule {
    /// Confidence of the intervals, above 0 and below 1.
    pub level: f64,
    /// The interval of shares.
    pub rates: RateInterval,
    /// A sample below this is small.
    pub small_below: u32,
    /// What happens to it.
    pub small: SmallSample,
}
