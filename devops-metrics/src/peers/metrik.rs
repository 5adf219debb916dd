//! Metrik (`backend/src/main/kotlin/metrik/metrics/domain/calculator`).
//!
//! Metrik looks at builds of pipelines and, of each pipeline, at one stage that is called a deployment. All windows
//! include both ends.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::Timestamp;

/// A stage of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// `SUCCESS`, `FAILED`, or another, which does not count.
    pub status: String,
    /// When it was done.
    pub done_at: Timestamp,
}

impl Stage {
    /// A stage that was done then.
    #[must_use]
    pub fn new(name: &str, status: &str, done_at: Timestamp) -> Self {
        Self { name: name.into(), status: status.into(), done_at }
    }
}

/// A build of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Build {
    /// The pipeline.
    pub pipeline: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// When each of its commits was made.
    pub commits: Vec<Timestamp>,
}

impl Build {
    /// A build without stages and commits.
    #[must_use]
    pub fn new(pipeline: &str, started_at: Timestamp) -> Self {
        Self { pipeline: pipeline.into(), started_at, stages: Vec::new(), commits: Vec::new() }
    }

    /// With those stages.
    #[must_use]
    pub fn with_stages(self, stages: impl IntoIterator<Item = Stage>) -> Self {
        Self { stages: stages.into_iter().collect(), ..self }
    }

    /// With commits of those times.
    #[must_use]
    pub fn with_commits(self, commits: impl IntoIterator<Item = Timestamp>) -> Self {
        Self { commits: commits.into_iter().collect(), ..self }
    }

    /// The first successful run of a stage.
    fn success(&self, stage: &str) -> Option<&Stage> {
        self.stages.iter().find(|s| s.name == stage && s.status == "SUCCESS")
    }
}

/// The deployment stage of each pipeline.
pub type TargetStages = BTreeMap<String, String>;

/// The builds of each pipeline that has a target stage, with the stage, by their beginning.
fn pipelines<'a>(builds: &'a [Build], targets: &'a TargetStages) -> Vec<(&'a str, Vec<&'a Build>)> {
    let each = targets.iter().map(|(pipeline, stage)| {
        let mut own: Vec<&Build> = builds.iter().filter(|build| build.pipeline == *pipeline).collect();
        own.sort_by_key(|build| build.started_at);
        (stage.as_str(), own)
    });
    each.collect()
}

/// The mean time in milliseconds from a commit to the deployment that carried it: commits of builds without a successful
/// deployment go with the next one; of two deployments of a pipeline that were done at the same instant the later build's
/// commits count alone. `None` of none.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::metrik::{Build, Stage, mean_lead_time};
///
/// let at = |millis| Timestamp::from_millis(millis).unwrap();
/// let build = |start, status, done, commits: [i64; 1]| {
///     Build::new("1", at(start)).with_stages([Stage::new("prod", status, at(done))]).with_commits(commits.map(at))
/// };
/// let builds = [build(3, "FAILED", 5, [1]), build(6, "SUCCESS", 8, [6])];
/// let targets = [("1".to_string(), "prod".to_string())].into();
/// assert_eq!(mean_lead_time(&builds, &targets, at(0), at(20)), Some(4.5));
/// ```
#[must_use]
pub fn mean_lead_time(
    builds: &[Build],
    targets: &TargetStages,
    from: Timestamp,
    to: Timestamp,
) -> Option<f64> {
    let mut spans: Vec<i64> = Vec::new();
    for (stage, own) in pipelines(builds, targets) {
        let mut carried: BTreeMap<Timestamp, Vec<Timestamp>> = BTreeMap::new();
        let deploys = |build: &Build, is: &dyn Fn(Timestamp) -> bool| {
            build.stages.iter().any(|s| s.name == stage && s.status == "SUCCESS" && is(s.done_at))
        };
        let Some(last) = own.iter().rfind(|b| deploys(b, &|done| from <= done && done <= to)) else {
            continue;
        };
        let before = own.iter().rfind(|build| deploys(build, &|done| done < from));
        let begins = |build: &Build| {
            before.is_none_or(|before| build.started_at > before.started_at)
                && build.started_at.as_millis() > 0
                && build.started_at <= last.started_at
        };
        let mut waiting: Vec<Timestamp> = Vec::new();
        for build in own.iter().filter(|build| begins(build)) {
            waiting.extend(&build.commits);
            if let Some(deployed) = build.success(stage) {
                carried.insert(deployed.done_at, core::mem::take(&mut waiting));
            }
        }
        let of_one = |(done, commits): (Timestamp, Vec<Timestamp>)| {
            commits.into_iter().map(move |commit| done.millis_since(commit))
        };
        spans.extend(carried.into_iter().flat_map(of_one));
    }
    super::mean(&spans)
}

/// The number of builds whose target stage succeeded in the window.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::metrik::{Build, Stage, deployment_count};
///
/// let at = |millis| Timestamp::from_millis(millis).unwrap();
/// let build = Build::new("1", at(1)).with_stages([Stage::new("prod", "SUCCESS", at(5))]);
/// let targets = [("1".to_string(), "prod".to_string())].into();
/// assert_eq!(deployment_count(&[build], &targets, at(5), at(9)), 1);
/// ```
#[must_use]
pub fn deployment_count(builds: &[Build], targets: &TargetStages, from: Timestamp, to: Timestamp) -> usize {
    let deployed = |build: &&Build| {
        let target = targets.get(&build.pipeline);
        let stage = target.and_then(|target| build.stages.iter().find(|stage| stage.name == *target));
        stage.is_some_and(|stage| stage.status == "SUCCESS" && from <= stage.done_at && stage.done_at <= to)
    };
    builds.iter().filter(deployed).count()
}

/// Percent of the target stage's runs in the window that failed; `None` of none.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::metrik::{Build, Stage, change_failure_rate};
///
/// let at = |millis| Timestamp::from_millis(millis).unwrap();
/// let build = |status| Build::new("1", at(1)).with_stages([Stage::new("prod", status, at(5))]);
/// let targets = [("1".to_string(), "prod".to_string())].into();
/// let builds = [build("FAILED"), build("SUCCESS"), build("OTHER")];
/// assert_eq!(change_failure_rate(&builds, &targets, at(0), at(9)), Some(50.0));
/// ```
#[must_use]
pub fn change_failure_rate(
    builds: &[Build],
    targets: &TargetStages,
    from: Timestamp,
    to: Timestamp,
) -> Option<f64> {
    let (mut failed, mut all) = (0_usize, 0_usize);
    for (stage, own) in pipelines(builds, targets) {
        let runs = own.iter().flat_map(|build| &build.stages).filter(|run| run.name == stage);
        for run in runs.filter(|run| from <= run.done_at && run.done_at <= to) {
            failed = failed.saturating_add(usize::from(run.status == "FAILED"));
            all = all.saturating_add(usize::from(matches!(run.status.as_str(), "FAILED" | "SUCCESS")));
        }
    }
    super::ratio(failed.saturating_mul(100), all)
}

/// The mean time in milliseconds from a first failed run of the target stage to the next that succeeds, of those since
/// the last success before the window; `None` of none.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::peers::metrik::{Build, Stage, mean_time_to_restore};
///
/// let at = |millis| Timestamp::from_millis(millis).unwrap();
/// let build = |status, done| Build::new("1", at(done)).with_stages([Stage::new("prod", status, at(done))]);
/// let targets = [("1".to_string(), "prod".to_string())].into();
/// let builds = [build("FAILED", 5), build("FAILED", 7), build("SUCCESS", 9)];
/// assert_eq!(mean_time_to_restore(&builds, &targets, at(0), at(9)), Some(4.0));
/// ```
#[must_use]
pub fn mean_time_to_restore(
    builds: &[Build],
    targets: &TargetStages,
    from: Timestamp,
    to: Timestamp,
) -> Option<f64> {
    let mut spans = Vec::new();
    for (stage, own) in pipelines(builds, targets) {
        let runs = own.iter().flat_map(|build| &build.stages);
        let mut runs: Vec<&Stage> = runs
            .filter(|run| run.name == stage && matches!(run.status.as_str(), "FAILED" | "SUCCESS"))
            .collect();
        runs.sort_by_key(|run| run.done_at);
        let before = runs.iter().rfind(|run| run.status == "SUCCESS" && run.done_at < from);
        let since = before.map(|run| run.done_at);
        let mut failed: Option<Timestamp> = None;
        for run in runs.iter().filter(|run| since.is_none_or(|s| run.done_at > s) && run.done_at <= to) {
            match (run.status.as_str(), failed) {
                ("FAILED", None) => failed = Some(run.done_at),
                ("SUCCESS", Some(first)) => {
                    spans.push(run.done_at.millis_since(first));
                    failed = None;
                }
                _ => {}
            }
        }
    }
    super::mean(&spans)
}

/// A level.
///
/// Closed: Metrik knows these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the tool knows these")]
pub enum Level {
    /// There was no number.
    Invalid,
    /// The worst.
    Low,
    /// Better.
    Medium,
    /// Good.
    High,
    /// The best.
    Elite,
}

impl Level {
    /// Its name in small letters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Elite => "elite",
        }
    }
}

/// The level of a number by upper limits for elite, high and medium, each excluded.
fn below(value: f64, elite: f64, high: f64, medium: f64) -> Level {
    match value {
        value if value < elite => Level::Elite,
        value if value < high => Level::High,
        value if value < medium => Level::Medium,
        value if value.is_nan() => Level::Invalid,
        _ => Level::Low,
    }
}

/// The level of a mean lead time in days; negative ones are invalid.
///
/// ```
/// use devops_metrics::peers::metrik::{Level, lead_time_level};
/// assert_eq!((lead_time_level(0.9), lead_time_level(7.0)), (Level::Elite, Level::Medium));
/// ```
#[must_use]
pub fn lead_time_level(days: f64) -> Level {
    if days < 0.0 { Level::Invalid } else { below(days, 1.0, 7.0, 30.0) }
}

/// The level of a number of deployments in a number of days; of no days it is invalid.
///
/// ```
/// use devops_metrics::peers::metrik::{Level, deployment_frequency_level};
/// assert_eq!(deployment_frequency_level(2.0, 1.0), Level::Elite);
/// assert_eq!(deployment_frequency_level(1.0, 7.0), Level::Medium);
/// assert_eq!(deployment_frequency_level(1.0, 0.0), Level::Invalid);
/// ```
#[must_use]
pub fn deployment_frequency_level(deployments: f64, days: f64) -> Level {
    let per_day = deployments / days;
    match per_day {
        rate if rate.is_nan() || days == 0.0 => Level::Invalid,
        rate if rate <= 1.0 / 30.0 => Level::Low,
        rate if rate <= 1.0 / 7.0 => Level::Medium,
        rate if rate <= 1.0 => Level::High,
        _ => Level::Elite,
    }
}

/// The level of a change failure rate in percent.
///
/// ```
/// use devops_metrics::peers::metrik::{Level, change_failure_rate_level};
/// assert_eq!(change_failure_rate_level(15.0), Level::High);
/// assert_eq!(change_failure_rate_level(f64::NAN), Level::Invalid);
/// ```
#[must_use]
pub fn change_failure_rate_level(percent: f64) -> Level {
    below(percent, 15.0, 30.0, 45.0)
}

/// The level of a mean time to restore in hours, rounded to hundredths before.
///
/// ```
/// use devops_metrics::peers::metrik::{Level, restore_level};
/// assert_eq!((restore_level(156.0), restore_level(0.999)), (Level::Medium, Level::High));
/// ```
#[must_use]
pub fn restore_level(hours: f64) -> Level {
    below(libm::round(hours * 100.0) / 100.0, 1.0, 24.0, 168.0)
}
