//! Middleware (`backend/analytics_server/mhq/service`).

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::Timestamp;

use crate::calendar::{Calendar, CalendarError, Date, PeriodKind, Window};

/// Deployments, floored means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FloorMeans {
    /// Deployments of the interval.
    pub total: u64,
    /// Over its days, rounded down.
    pub per_day: u64,
    /// Over its weeks from Monday, rounded down; at least seven times the daily number.
    pub per_week: u64,
    /// Over its calendar months, rounded down; at least thirty times the daily number.
    pub per_month: u64,
}

/// Deployment frequency as floored means over the zero-filled days, weeks and months (UTC) that the interval touches,
/// both ends included.
///
/// # Errors
///
/// [`CalendarError`] where `to` is before `from`, and at the ends of the years 0000 and 9999.
///
/// ```
/// use devops_metrics::peers::middleware::deployment_frequency;
///
/// let time = |text: &str| text.parse().unwrap();
/// let deployments = ["2024-01-02T12:00:00Z", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z"].map(time);
/// let means = deployment_frequency(&deployments, time("2024-01-02T00:00:00Z"), time("2024-01-05T00:00:00Z"))?;
/// assert_eq!((means.total, means.per_day, means.per_week, means.per_month), (3, 0, 3, 3));
/// # Ok::<(), devops_metrics::calendar::CalendarError>(())
/// ```
pub fn deployment_frequency(
    deployments: &[Timestamp],
    from: Timestamp,
    to: Timestamp,
) -> Result<FloorMeans, CalendarError> {
    let window = closed(from, to)?;
    let total = deployments.iter().filter(|at| window.contains(**at)).count() as u64;
    let touched = |kind| Ok::<_, CalendarError>(Calendar::utc().periods(kind, window)?.len() as u64);
    let over = |periods: u64| total.checked_div(periods).unwrap_or(0);
    let per_day = over(touched(PeriodKind::Day)?);
    Ok(FloorMeans {
        total,
        per_day,
        per_week: over(touched(PeriodKind::Week)?).max(per_day.saturating_mul(7)),
        per_month: over(touched(PeriodKind::Month)?).max(per_day.saturating_mul(30)),
    })
}

/// A window with both ends in.
fn closed(from: Timestamp, to: Timestamp) -> Result<Window, CalendarError> {
    Window::new(from, to.checked_add_millis(1).unwrap_or(to).max(from.min(to)))
}

/// Of each deployment (by its place) the places of its incidents, in order: an incident belongs to the latest deployment
/// at or before it, and to none before the first.
///
/// ```
/// use devops_metrics::peers::middleware::deployment_incidents;
///
/// let time = |text: &str| text.parse().unwrap();
/// let deployments = [time("2024-01-30T00:00:00Z"), time("2024-01-31T18:00:00Z")];
/// let incidents = [time("2024-01-31T18:00:00Z"), time("2024-01-29T00:00:00Z"), time("2024-01-30T01:00:00Z")];
/// assert_eq!(deployment_incidents(&deployments, &incidents), [vec![2], vec![0]]);
/// ```
#[must_use]
pub fn deployment_incidents(deployments: &[Timestamp], incidents: &[Timestamp]) -> Vec<Vec<usize>> {
    let mut order: Vec<(Timestamp, usize)> = deployments.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let mut of_each = alloc::vec![Vec::new(); deployments.len()];
    let mut opened: Vec<(Timestamp, usize)> = incidents.iter().copied().zip(0..).collect();
    opened.sort_unstable();
    for (at, incident) in opened {
        let before = order.partition_point(|(deployed, _)| *deployed <= at);
        let target = before.checked_sub(1).and_then(|place| order.get(place));
        if let Some(list) = target.and_then(|(_, deployment)| of_each.get_mut(*deployment)) {
            list.push(incident);
        }
    }
    of_each
}

/// Percent of the deployments, failed attempts included, that have an incident; 0 of none.
///
/// ```
/// use devops_metrics::peers::middleware::change_failure_rate;
///
/// let time = |text: &str| text.parse().unwrap();
/// let deployments = [time("2024-01-30T00:00:00Z"), time("2024-01-31T18:00:00Z")];
/// assert_eq!(change_failure_rate(&deployments, &[time("2024-01-31T20:00:00Z")]), 50.0);
/// assert_eq!(change_failure_rate(&deployments, &[time("2024-01-29T00:00:00Z")]), 0.0);
/// ```
#[must_use]
pub fn change_failure_rate(deployments: &[Timestamp], incidents: &[Timestamp]) -> f64 {
    let linked = deployment_incidents(deployments, incidents);
    let failed = linked.iter().filter(|incidents| !incidents.is_empty()).count();
    super::ratio(failed.saturating_mul(100), deployments.len()).unwrap_or(0.0)
}

/// The deployments of a week, by their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WeekOfDeployments {
    /// Those with an incident.
    pub failed: Vec<usize>,
    /// All of them.
    pub total: Vec<usize>,
}

/// Deployments and failed deployments of each week from Monday (UTC) that the interval touches, empty ones included.
///
/// # Errors
///
/// [`CalendarError`] where `to` is before `from`, and at the ends of the years 0000 and 9999.
///
/// ```
/// use devops_metrics::peers::middleware::weekly_change_failures;
///
/// let time = |text: &str| text.parse().unwrap();
/// let weeks = weekly_change_failures(&[], &[], time("2024-01-02T00:00:00Z"), time("2024-01-17T00:00:00Z"))?;
/// let starts: Vec<_> = weeks.keys().map(ToString::to_string).collect();
/// assert_eq!(starts, ["2024-01-01", "2024-01-08", "2024-01-15"]);
/// # Ok::<(), devops_metrics::calendar::CalendarError>(())
/// ```
pub fn weekly_change_failures(
    deployments: &[Timestamp],
    incidents: &[Timestamp],
    from: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<Date, WeekOfDeployments>, CalendarError> {
    let calendar = Calendar::utc();
    let weeks = calendar.periods(PeriodKind::Week, closed(from, to)?)?;
    let linked = deployment_incidents(deployments, incidents);
    let mut found = BTreeMap::new();
    for week in weeks.iter() {
        let inside =
            || deployments.iter().enumerate().filter(|(_, at)| week.whole.contains(**at)).map(|d| d.0);
        let failed = |place: &usize| linked.get(*place).is_some_and(|incidents| !incidents.is_empty());
        let of_week =
            WeekOfDeployments { failed: inside().filter(failed).collect(), total: inside().collect() };
        found.insert(calendar.date_of(week.whole.from()), of_week);
    }
    Ok(found)
}

/// A pull request between two branches.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BranchMerge {
    /// The branch that was merged.
    pub head: String,
    /// The branch that it was merged into.
    pub base: String,
    /// When; `None` where it was not merged.
    pub merged_at: Option<Timestamp>,
}

impl BranchMerge {
    /// A merge of `head` into `base`.
    #[must_use]
    pub fn new(head: &str, base: &str, merged_at: Option<Timestamp>) -> Self {
        Self { head: head.into(), base: base.into(), merged_at }
    }
}

/// The places of the pull requests that a deployment of a branch carried: those merged into it before it was deployed,
/// and before the branch that they went into was last merged on, breadth first.
///
/// ```
/// use devops_metrics::peers::middleware::{BranchMerge, deployed_pull_requests};
///
/// let day = |day: &str| format!("2024-02-{day}T00:00:00Z").parse().unwrap();
/// let prs = [
///     BranchMerge::new("custom", "feature", Some(day("01"))),
///     BranchMerge::new("feature", "main", Some(day("03"))),
///     BranchMerge::new("late", "feature", Some(day("04"))),
/// ];
/// assert_eq!(deployed_pull_requests(&prs, "main", day("08")), [0, 1]);
/// ```
#[must_use]
pub fn deployed_pull_requests(prs: &[BranchMerge], branch: &str, deployed_at: Timestamp) -> Vec<usize> {
    // Until when changes of a branch were carried on.
    let mut carried: BTreeMap<&str, Timestamp> = BTreeMap::from([(branch, deployed_at)]);
    for pr in prs {
        if let Some(merged) = pr.merged_at {
            carried.entry(&pr.head).and_modify(|last| *last = merged.max(*last)).or_insert(merged);
        }
    }
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut queue = VecDeque::from([branch]);
    while let Some(base) = queue.pop_front() {
        if !seen.insert(base) {
            continue;
        }
        for (place, pr) in prs.iter().enumerate().filter(|(_, pr)| pr.base == base) {
            if pr.merged_at.zip(carried.get(base)).is_some_and(|(merged, last)| merged <= *last) {
                found.insert(place);
                queue.push_back(&pr.head);
            }
        }
    }
    found.into_iter().collect()
}

/// The mean of values with weights, as (value, weight); 0 where the weights are.
///
/// ```
/// use devops_metrics::peers::middleware::weighted_mean;
/// assert_eq!(weighted_mean(&[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0), (4.0, 4.0)]), 3.0);
/// assert_eq!(weighted_mean(&[(0.0, 0.0)]), 0.0);
/// ```
#[must_use]
pub fn weighted_mean(values: &[(f64, f64)]) -> f64 {
    let weight: f64 = values.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = values.iter().map(|(value, weight)| value * weight).sum();
    if weight == 0.0 { 0.0 } else { sum / weight }
}

/// The mean time in seconds from opening to resolution; `None` of none.
///
/// ```
/// use devops_metrics::peers::middleware::mean_time_to_recovery;
/// let (opened, resolved) = ("2024-01-01T00:00:00Z".parse()?, "2024-01-01T01:00:00Z".parse()?);
/// assert_eq!(mean_time_to_recovery(&[(opened, resolved)]), Some(3600.0));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn mean_time_to_recovery(resolved: &[(Timestamp, Timestamp)]) -> Option<f64> {
    let spans: Vec<i64> = resolved.iter().map(|(opened, resolved)| resolved.millis_since(*opened)).collect();
    super::mean(&spans).map(|millis| millis / 1000.0)
}
