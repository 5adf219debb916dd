//! Apache DevLake (`backend/plugins/dora/tasks`, `grafana/dashboards`).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::Timestamp;

const MINUTE: i64 = 60_000;

/// A pull request, as DevLake's tables hold it.
///
/// ```
/// use devops_metrics::peers::devlake::{PullRequest, pull_request_times};
///
/// let mut pr = PullRequest::new("2023-04-12T04:51:47Z".parse()?);
/// pr.merged_at = Some("2023-04-12T05:51:47Z".parse()?);
/// pr.author = "a".into();
/// pr.commits = vec![("c1".into(), "2023-04-13T04:51:47Z".parse()?)];
/// pr.comments = vec![("m1".into(), "2023-04-12T04:51:49Z".parse()?, "d".into())];
/// pr.deployed_at = Some("2023-04-13T07:29:14Z".parse()?);
/// let times = pull_request_times(&pr).unwrap();
/// assert_eq!((times.coding, times.pickup, times.review), (None, Some(1), Some(60)));
/// assert_eq!((times.deploy, times.cycle), (Some(1538), 1598));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullRequest {
    /// Who opened it.
    pub author: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// Its commits: id and when each was authored.
    pub commits: Vec<(String, Timestamp)>,
    /// Its comments: id, time and author.
    pub comments: Vec<(String, Timestamp, String)>,
    /// When the deployment that [`credited_deployment`] finds ended.
    pub deployed_at: Option<Timestamp>,
}

impl PullRequest {
    /// An open pull request without commits.
    #[must_use]
    pub const fn new(opened_at: Timestamp) -> Self {
        Self {
            author: String::new(),
            opened_at,
            merged_at: None,
            commits: Vec::new(),
            comments: Vec::new(),
            deployed_at: None,
        }
    }
}

/// The parts of a pull request's life in whole minutes, rounded up; a negative part is none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullRequestTimes {
    /// First commit authored to opened.
    pub coding: Option<i64>,
    /// Opened to first comment of somebody else.
    pub pickup: Option<i64>,
    /// That comment to merged.
    pub review: Option<i64>,
    /// Merged to deployed.
    pub deploy: Option<i64>,
    /// Coding, opened to merged, and deploy together; parts that are none are left out of the sum.
    pub cycle: i64,
    /// The commit that was authored first.
    pub first_commit: Option<String>,
    /// The first comment of somebody else.
    pub first_review: Option<String>,
}

/// Whole minutes from one instant to another, rounded up; `None` where one is missing or the span is negative.
///
/// ```
/// use devops_metrics::peers::devlake::minutes_between;
/// let (a, b) = ("2023-04-12T04:51:47Z".parse()?, "2023-04-12T04:51:49Z".parse()?);
/// assert_eq!((minutes_between(Some(a), Some(b)), minutes_between(Some(a), None)), (Some(1), None));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn minutes_between(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<i64> {
    let span = to?.millis_since(from?);
    let rest = i64::from(span.rem_euclid(MINUTE) > 0);
    // A span of less than a minute below zero rounds up to zero.
    Some(span.div_euclid(MINUTE).saturating_add(rest)).filter(|minutes| *minutes >= 0)
}

/// The parts of a pull request's life; `None` of one that was not merged.
///
/// The example is that of [`PullRequest`].
#[must_use]
pub fn pull_request_times(pr: &PullRequest) -> Option<PullRequestTimes> {
    let merged = Some(pr.merged_at?);
    let opened = Some(pr.opened_at);
    let first_commit = pr.commits.iter().min_by_key(|(_, authored)| *authored);
    let others = pr.comments.iter().filter(|(_, _, by)| *by != pr.author);
    let first_review = others.min_by_key(|(_, time, _)| *time);
    let coding = minutes_between(first_commit.map(|(_, authored)| *authored), opened);
    let review_at = first_review.map(|(_, time, _)| *time);
    let deploy = minutes_between(merged, pr.deployed_at);
    let parts = [coding, minutes_between(opened, merged), deploy];
    Some(PullRequestTimes {
        coding,
        pickup: minutes_between(opened, review_at),
        review: minutes_between(review_at, merged),
        deploy,
        cycle: parts.into_iter().flatten().fold(0, i64::saturating_add),
        first_commit: first_commit.map(|(id, _)| id.clone()),
        first_review: first_review.map(|(id, _, _)| id.clone()),
    })
}

/// A row of `cicd_deployment_commits`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeploymentCommit {
    /// Its id.
    pub id: String,
    /// The deployment (`cicd_deployment_id`) that it is a part of.
    pub deployment: String,
    /// The scope (pipeline definition).
    pub scope: String,
    /// The repository; empty where it is not known.
    pub repository: String,
    /// The environment; empty where it is not known.
    pub environment: String,
    /// The commit that was deployed.
    pub commit: String,
    /// Whether the result is `SUCCESS`.
    pub success: bool,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl DeploymentCommit {
    /// A successful production deployment of a commit, a deployment of its own.
    #[must_use]
    pub fn new(id: &str, repository: &str, commit: &str, finished_at: Timestamp) -> Self {
        Self {
            id: id.into(),
            deployment: id.into(),
            scope: String::new(),
            repository: repository.into(),
            environment: "PRODUCTION".into(),
            commit: commit.into(),
            success: true,
            started_at: Some(finished_at),
            finished_at: Some(finished_at),
        }
    }

    fn succeeded_in_production(&self) -> bool {
        self.success && self.environment == "PRODUCTION"
    }
}

/// Of each deployment (by its place) the place of the previous success of the same scope, repository and environment,
/// in order of their ends; `None` for the first, and for rows that are no finished success.
///
/// ```
/// use devops_metrics::peers::devlake::{DeploymentCommit, previous_successes};
///
/// let day = |day: &str| format!("2023-04-{day}T00:00:00Z").parse().unwrap();
/// let rows = [
///     DeploymentCommit::new("2", "repo", "b", day("02")),
///     DeploymentCommit::new("1", "repo", "a", day("01")),
///     DeploymentCommit::new("3", "other", "x", day("03")),
/// ];
/// assert_eq!(previous_successes(&rows), [Some(1), None, None]);
/// ```
#[must_use]
pub fn previous_successes(rows: &[DeploymentCommit]) -> Vec<Option<usize>> {
    let usable = |row: &DeploymentCommit| {
        row.success && row.finished_at.is_some() && !row.environment.is_empty() && !row.repository.is_empty()
    };
    let mut order: Vec<(usize, &DeploymentCommit)> =
        rows.iter().enumerate().filter(|(_, row)| usable(row)).collect();
    let group = |row: &DeploymentCommit| (row.scope.clone(), row.repository.clone(), row.environment.clone());
    order.sort_by_key(|(_, row)| (group(row), row.finished_at));
    let mut previous = alloc::vec![None; rows.len()];
    for pair in order.windows(2) {
        if let [(earlier, a), (later, b)] = pair
            && group(a) == group(b)
            && let Some(slot) = previous.get_mut(*later)
        {
            *slot = Some(*earlier);
        }
    }
    previous
}

/// The place of the deployment that a merge commit is credited to: of the successful production deployments with a
/// previous success whose difference to it holds the commit, the one that started first. A difference is (new commit,
/// old commit, commit between). `None` where there is none; so the first deployment is credited nothing.
///
/// ```
/// use devops_metrics::peers::devlake::{DeploymentCommit, credited_deployment};
///
/// let day = |day: &str| format!("2023-04-{day}T00:00:00Z").parse().unwrap();
/// let rows = [
///     DeploymentCommit::new("1", "repo", "a", day("01")),
///     DeploymentCommit::new("2", "repo", "c", day("02")),
/// ];
/// let differences = [("c".into(), "a".into(), "b".into()), ("c".into(), "a".into(), "c".into())];
/// assert_eq!(credited_deployment("b", &rows, &differences), Some(1));
/// assert_eq!(credited_deployment("a", &rows, &differences), None);
/// ```
#[must_use]
pub fn credited_deployment(
    merge_commit: &str,
    rows: &[DeploymentCommit],
    differences: &[(String, String, String)],
) -> Option<usize> {
    let previous = previous_successes(rows);
    let carries = |new: &str, old: &str| {
        differences.iter().any(|(to, from, commit)| to == new && from == old && commit == merge_commit)
    };
    let candidates = rows.iter().enumerate().zip(previous).filter_map(|((place, row), previous)| {
        let old = rows.get(previous?)?;
        (row.succeeded_in_production() && carries(&row.commit, &old.commit)).then_some((
            row.started_at,
            &row.id,
            place,
        ))
    });
    candidates.min().map(|(_, _, place)| place)
}

/// When each deployment ended: the latest end of its commits that succeeded in production. A deployment with one such
/// commit is a success, whatever became of its others.
///
/// ```
/// use devops_metrics::peers::devlake::{DeploymentCommit, deployments};
///
/// let day = |day: &str| format!("2023-04-{day}T00:00:00Z").parse().unwrap();
/// let (mut one, mut two) = (
///     DeploymentCommit::new("1", "repo", "a", day("01")),
///     DeploymentCommit::new("2", "other", "b", day("02")),
/// );
/// (two.deployment, one.success) = ("1".into(), false);
/// assert_eq!(deployments(&[one, two]), [("1".to_string(), day("02"))].into());
/// ```
#[must_use]
pub fn deployments(rows: &[DeploymentCommit]) -> BTreeMap<String, Timestamp> {
    let mut ends: BTreeMap<String, Timestamp> = BTreeMap::new();
    for (row, end) in rows.iter().filter_map(successful_end) {
        let latest = ends.entry(row.deployment.clone()).or_insert(end);
        *latest = end.max(*latest);
    }
    ends
}

/// The end of a row that succeeded in production.
fn successful_end(row: &DeploymentCommit) -> Option<(&DeploymentCommit, Timestamp)> {
    row.finished_at.filter(|_| row.succeeded_in_production()).map(|end| (row, end))
}

/// The deployment that an incident belongs to: that of the commit which ended last before the incident was created, of
/// all that succeeded in production, whatever their scope and repository and however long before. `None` without one.
///
/// ```
/// use devops_metrics::peers::devlake::{DeploymentCommit, incident_deployment};
///
/// let day = |day: &str| format!("2023-04-{day}T00:00:00Z").parse().unwrap();
/// let rows = [
///     DeploymentCommit::new("1", "repo", "a", day("01")),
///     DeploymentCommit::new("2", "other", "b", day("05")),
/// ];
/// assert_eq!(incident_deployment(day("07"), &rows), Some("2"));
/// assert_eq!(incident_deployment(day("05"), &rows), Some("1")); // not with it
/// assert_eq!(incident_deployment(day("01"), &rows), None);
/// ```
#[must_use]
pub fn incident_deployment(created_at: Timestamp, rows: &[DeploymentCommit]) -> Option<&str> {
    let before = rows.iter().filter_map(successful_end).filter(|(_, end)| *end < created_at);
    let latest = before.max_by(|(a, x), (b, y)| (x, &a.deployment).cmp(&(y, &b.deployment)));
    latest.map(|(row, _)| row.deployment.as_str())
}

/// Deployments with an incident over deployments; `None` of none. Incidents are given by when they were created.
///
/// ```
/// use devops_metrics::peers::devlake::{DeploymentCommit, change_failure_rate};
///
/// let day = |day: &str| format!("2023-04-{day}T00:00:00Z").parse().unwrap();
/// let rows = [
///     DeploymentCommit::new("1", "repo", "a", day("01")),
///     DeploymentCommit::new("2", "other", "b", day("05")),
/// ];
/// assert_eq!(change_failure_rate(&rows, &[day("02"), day("03")]), Some(0.5));
/// assert_eq!(change_failure_rate(&[], &[]), None);
/// ```
#[must_use]
pub fn change_failure_rate(rows: &[DeploymentCommit], incidents: &[Timestamp]) -> Option<f64> {
    let failed: BTreeSet<&str> = incidents.iter().filter_map(|at| incident_deployment(*at, rows)).collect();
    super::ratio(failed.len(), deployments(rows).len())
}

/// Whole minutes from the end of the deployment that an incident belongs to until it was resolved: negative where the
/// deployment's last commit ended after that. `None` where it belongs to none.
///
/// ```
/// use devops_metrics::peers::devlake::{DeploymentCommit, recovery_minutes};
///
/// let hour = |hour: &str| format!("2023-04-01T{hour}:00:00Z").parse().unwrap();
/// let (one, mut two) = (
///     DeploymentCommit::new("1", "repo", "a", hour("01")),
///     DeploymentCommit::new("2", "other", "b", hour("06")),
/// );
/// two.deployment = "1".into();
/// assert_eq!(recovery_minutes(hour("02"), hour("05"), &[one, two]), Some(-60));
/// ```
#[must_use]
pub fn recovery_minutes(
    created_at: Timestamp,
    resolved_at: Timestamp,
    rows: &[DeploymentCommit],
) -> Option<i64> {
    let end = *deployments(rows).get(incident_deployment(created_at, rows)?)?;
    Some(resolved_at.millis_since(end).checked_div(MINUTE).unwrap_or(0))
}

/// The class of deployment frequency in the report of 2023, by the lower medians of days with a deployment in a week and
/// in a month.
///
/// ```
/// use devops_metrics::peers::devlake::frequency_class_2023;
/// assert_eq!((frequency_class_2023(5, 20), frequency_class_2023(0, 1)), ("elite", "medium"));
/// ```
#[must_use]
pub const fn frequency_class_2023(days_per_week: u32, days_per_month: u32) -> &'static str {
    match (days_per_week, days_per_month) {
        (5.., _) => "elite",
        (1.., _) => "high",
        (_, 1..) => "medium",
        _ => "low",
    }
}

/// The class of deployment frequency in the report of 2021, by the lower medians of days with a deployment in a week and
/// in a month, and the upper median of those in six months.
///
/// ```
/// use devops_metrics::peers::devlake::frequency_class_2021;
/// assert_eq!((frequency_class_2021(1, 4, 20), frequency_class_2021(0, 0, 1)), ("high", "medium"));
/// ```
#[must_use]
pub const fn frequency_class_2021(
    days_per_week: u32,
    days_per_month: u32,
    days_per_six_months: u32,
) -> &'static str {
    match (days_per_week, days_per_month, days_per_six_months) {
        (5.., _, _) => "elite",
        (_, 1.., _) => "high",
        (_, _, 1..) => "medium",
        _ => "low",
    }
}

/// A pipeline run and its tasks, as DevLake's tables hold them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PipelineRun {
    /// The type: `DEPLOYMENT`, `BUILD`, `TEST` or empty.
    pub kind: String,
    /// The result: `SUCCESS`, `FAILURE`, `ABORT`, or another.
    pub result: String,
    /// The environment; empty where the run names none.
    pub environment: String,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How long it ran, in seconds.
    pub duration_seconds: i64,
    /// Its tasks: type, environment and result of each.
    pub tasks: Vec<(String, String, String)>,
}

/// What DevLake's deployment generator makes of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GeneratedDeployment {
    /// The result, as the run has it.
    pub result: String,
    /// The run's environment, or else `PRODUCTION`, `STAGING` or `TESTING`, where a task ran there.
    pub environment: Option<String>,
    /// The end less the duration, where both are known.
    pub started_at: Option<Timestamp>,
    /// The end.
    pub finished_at: Option<Timestamp>,
}

/// The deployment that a run is; `None` where it is none: only runs that failed or succeeded and are of type
/// `DEPLOYMENT`, or have such a task, are.
///
/// ```
/// use devops_metrics::peers::devlake::{PipelineRun, generated_deployment};
///
/// let mut run = PipelineRun::default();
/// run.result = "FAILURE".into();
/// assert_eq!(generated_deployment(&run), None);
/// run.tasks = vec![("DEPLOYMENT".into(), "PRODUCTION".into(), "FAILURE".into())];
/// assert_eq!(generated_deployment(&run).unwrap().environment.as_deref(), Some("PRODUCTION"));
/// ```
#[must_use]
pub fn generated_deployment(run: &PipelineRun) -> Option<GeneratedDeployment> {
    let ran = |result: &str| matches!(result, "SUCCESS" | "FAILURE");
    let task = |is: &dyn Fn(&(String, String, String)) -> bool| {
        run.tasks.iter().any(|task| ran(&task.2) && is(task))
    };
    if !ran(&run.result) || !(run.kind == "DEPLOYMENT" || task(&|t| t.0 == "DEPLOYMENT")) {
        return None;
    }
    let own = Some(run.environment.clone()).filter(|name| !name.is_empty());
    let of_tasks = ["PRODUCTION", "STAGING", "TESTING"].into_iter().find(|name| task(&|t| t.1 == *name));
    let millis = run.duration_seconds.saturating_mul(1000).saturating_neg();
    let counted = run.finished_at.filter(|_| run.duration_seconds != 0);
    Some(GeneratedDeployment {
        result: run.result.clone(),
        environment: own.or(of_tasks.map(String::from)),
        started_at: counted.and_then(|end| end.checked_add_millis(millis)).or(run.started_at),
        finished_at: run.finished_at,
    })
}

/// The lower median: `MAX(value) WHERE percent_rank() <= 0.5`.
///
/// ```
/// use devops_metrics::peers::devlake::lower_median;
/// assert_eq!((lower_median(&[4, 1, 3, 2]), lower_median(&[])), (Some(2), None));
/// ```
#[must_use]
pub fn lower_median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

/// The upper median: `MIN(value) WHERE percent_rank() >= 0.5`, where no two values are equal. Of equal ones in the middle
/// that query takes the next greater value, or none.
///
/// ```
/// use devops_metrics::peers::devlake::upper_median;
/// assert_eq!((upper_median(&[4, 1, 3, 2]), upper_median(&[])), (Some(3), None));
/// ```
#[must_use]
pub fn upper_median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}
