//! Pelorus (`pelorus-operator/helm-charts/pelorus/templates/prometheus-rules.yaml`).
//!
//! Deployments and commits are joined by application and image; of several applications the mean of their means counts.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::Timestamp;

/// `deploy_timestamp`: when an image of an application was deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageDeployed {
    /// The application.
    pub app: String,
    /// The image.
    pub image: String,
    /// When.
    pub at: Timestamp,
}

impl ImageDeployed {
    /// An image of an application, deployed then.
    #[must_use]
    pub fn new(app: &str, image: &str, at: Timestamp) -> Self {
        Self { app: app.into(), image: image.into(), at }
    }
}

/// `commit_timestamp`: which commit an image of an application was built from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageCommit {
    /// The application.
    pub app: String,
    /// The image.
    pub image: String,
    /// The commit.
    pub commit: String,
    /// When it was made.
    pub at: Timestamp,
}

impl ImageCommit {
    /// An image of an application, built from a commit of that time.
    #[must_use]
    pub fn new(app: &str, image: &str, commit: &str, at: Timestamp) -> Self {
        Self { app: app.into(), image: image.into(), commit: commit.into(), at }
    }
}

/// `failure_creation_timestamp` and `failure_resolution_timestamp` of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The application.
    pub app: String,
    /// The issue.
    pub issue: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
}

impl Failure {
    /// A failure of an application.
    #[must_use]
    pub fn new(app: &str, issue: &str, created_at: Timestamp, resolved_at: Option<Timestamp>) -> Self {
        Self { app: app.into(), issue: issue.into(), created_at, resolved_at }
    }
}

/// `sdp:lead_time:by_commit`: one row for each application, commit and image.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommitLead {
    /// The application.
    pub app: String,
    /// The commit.
    pub commit: String,
    /// The image.
    pub image: String,
    /// From commit to deployment.
    pub seconds: i64,
}

/// The lead time of each commit whose image was deployed, by application, commit and image; of an image that was deployed
/// in several places the shortest (`min by`).
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::pelorus::{ImageCommit, ImageDeployed, lead_times};
///
/// let at = |seconds: i64| Timestamp::from_millis(seconds * 1000).unwrap();
/// let deployed = [ImageDeployed::new("a", "i", at(160)), ImageDeployed::new("a", "i", at(180))];
/// let rows = lead_times(&deployed, &[ImageCommit::new("a", "i", "c", at(49))]);
/// assert_eq!((rows.len(), rows[0].seconds), (1, 111));
/// ```
#[must_use]
pub fn lead_times(deployed: &[ImageDeployed], commits: &[ImageCommit]) -> Vec<CommitLead> {
    let mut times: BTreeMap<(&str, &str), Timestamp> = BTreeMap::new();
    for row in deployed {
        let first = times.entry((&row.app, &row.image)).or_insert(row.at);
        *first = row.at.min(*first);
    }
    let joined = commits.iter().filter_map(|row| {
        let at = times.get(&(row.app.as_str(), row.image.as_str()))?;
        let seconds = at.millis_since(row.at).div_euclid(1000);
        Some(CommitLead {
            app: row.app.clone(),
            commit: row.commit.clone(),
            image: row.image.clone(),
            seconds,
        })
    });
    let mut rows: Vec<CommitLead> = joined.collect();
    rows.sort_by(|a, b| (&a.app, &a.commit, &a.image).cmp(&(&b.app, &b.commit, &b.image)));
    rows
}

/// `sdp:lead_time:by_app`: the mean lead time in seconds of each application.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::pelorus::{ImageCommit, ImageDeployed, lead_time_by_app, lead_times, mean_over_apps};
///
/// let at = |seconds: i64| Timestamp::from_millis(seconds * 1000).unwrap();
/// let deployed = [ImageDeployed::new("a", "i", at(10)), ImageDeployed::new("b", "j", at(30))];
/// let commits = [ImageCommit::new("a", "i", "c", at(0)), ImageCommit::new("b", "j", "d", at(0))];
/// let by_app = lead_time_by_app(&lead_times(&deployed, &commits));
/// assert_eq!((by_app["a"], mean_over_apps(&by_app)), (10.0, Some(20.0)));
/// ```
#[must_use]
pub fn lead_time_by_app(rows: &[CommitLead]) -> BTreeMap<String, f64> {
    means(rows.iter().map(|row| (row.app.clone(), row.seconds)))
}

fn means(rows: impl Iterator<Item = (String, i64)>) -> BTreeMap<String, f64> {
    let mut of_app: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (app, value) in rows {
        of_app.entry(app).or_default().push(value);
    }
    of_app.into_iter().filter_map(|(app, values)| Some((app, super::mean(&values)?))).collect()
}

/// `…:global`, and `avg(…)` of a selection: the mean over applications, each weighing the same; `None` of none.
///
/// The example is that of [`lead_time_by_app`].
#[must_use]
pub fn mean_over_apps(by_app: &BTreeMap<String, f64>) -> Option<f64> {
    super::mean_of(&by_app.values().copied().collect::<Vec<_>>())
}

/// `sdp:change_failure_rate:by_app`: failures over lead times of each application that has a lead time, 0 without a
/// failure; it can exceed 1. Failures of the application `unknown` are left out.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::pelorus::{
///     Failure, ImageCommit, ImageDeployed, change_failure_rate_by_app, lead_times,
/// };
///
/// let at = |seconds: i64| Timestamp::from_millis(seconds * 1000).unwrap();
/// let leads = lead_times(&[ImageDeployed::new("a", "i", at(10))], &[ImageCommit::new("a", "i", "c", at(0))]);
/// let failures = [Failure::new("a", "1", at(11), None), Failure::new("other", "2", at(11), None)];
/// assert_eq!(change_failure_rate_by_app(&failures, &leads), [("a".to_string(), 1.0)].into());
///
/// let untold = lead_times(&[ImageDeployed::new("unknown", "i", at(10))], &[ImageCommit::new("unknown", "i", "c", at(0))]);
/// let failures = [Failure::new("unknown", "1", at(11), None)];
/// assert_eq!(change_failure_rate_by_app(&failures, &untold)["unknown"], 0.0);
/// ```
#[must_use]
pub fn change_failure_rate_by_app(failures: &[Failure], leads: &[CommitLead]) -> BTreeMap<String, f64> {
    let mut rows: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for lead in leads {
        let counts = rows.entry(&lead.app).or_default();
        counts.1 = counts.1.saturating_add(1);
    }
    for failure in failures.iter().filter(|failure| is_told(failure)) {
        if let Some(counts) = rows.get_mut(failure.app.as_str()) {
            counts.0 = counts.0.saturating_add(1);
        }
    }
    rows.into_iter()
        .filter_map(|(app, (failed, all))| Some((app.into(), super::ratio(failed, all)?)))
        .collect()
}

/// Whether a failure is of an application: what the exporters could not tell is of `unknown`.
fn is_told(failure: &Failure) -> bool {
    failure.app != "unknown"
}

/// `sdp:time_to_restore:by_app`: the mean time in seconds from creation to resolution of each application; failures that
/// are open, or of the application `unknown`, are left out.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::pelorus::{Failure, time_to_restore_by_app};
///
/// let at = |seconds: i64| Timestamp::from_millis(seconds * 1000).unwrap();
/// let mut failures = vec![Failure::new("a", "1", at(10), Some(at(30))), Failure::new("a", "2", at(10), None)];
/// failures.push(Failure::new("unknown", "3", at(10), Some(at(90))));
/// assert_eq!(time_to_restore_by_app(&failures), [("a".to_string(), 20.0)].into());
/// ```
#[must_use]
pub fn time_to_restore_by_app(failures: &[Failure]) -> BTreeMap<String, f64> {
    let over = failures.iter().filter(|failure| is_told(failure)).filter_map(|failure| {
        let seconds = failure.resolved_at?.millis_since(failure.created_at).div_euclid(1000);
        Some((failure.app.clone(), seconds))
    });
    means(over)
}
