//! Does a schedule respect its project? A check that shares nothing with the engines.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::plan::ScheduledActivity;
use super::project::{Project, shown};

/// How a schedule breaks its project.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// An activity is scheduled more or less than once.
    #[error("activity `{activity}` is scheduled {times} times: expected once")]
    NotOnce {
        /// The activity.
        activity: String,
        /// How often.
        times: usize,
    },
    /// An activity that the project does not have.
    #[error("activity `{activity}` is scheduled, but is not in the project")]
    Unknown {
        /// The activity.
        activity: String,
    },
    /// A start that is no time from 0 on.
    #[error("activity `{activity}` starts at `{start}`: expected a finite time from 0 on")]
    BadStart {
        /// The activity.
        activity: String,
        /// The start.
        start: String,
    },
    /// A finish that is not the planned duration after the start.
    #[error("activity `{activity}` takes {taken}: expected its planned duration {planned}")]
    WrongDuration {
        /// The activity.
        activity: String,
        /// From start to finish.
        taken: String,
        /// As planned.
        planned: String,
    },
    /// A start before a predecessor is finished.
    #[error("activity `{activity}` starts at {start}, before `{after}` is finished at {finish}")]
    TooEarly {
        /// The activity.
        activity: String,
        /// Its start.
        start: String,
        /// What it comes after.
        after: String,
        /// The finish of that.
        finish: String,
    },
    /// More of a resource than there is.
    #[error("at {at}, {used} of `{resource}` are used: expected at most its capacity {capacity}")]
    OverCapacity {
        /// The resource.
        resource: String,
        /// The first such time that is the start of an activity.
        at: String,
        /// How much.
        used: String,
        /// How much there is.
        capacity: String,
    },
}

/// Every way in which a schedule breaks its project; none where it is feasible.
///
/// Slow and plain: the time grows with the square of the activities. Times are compared to the millionth.
///
/// ```
/// use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec, ScheduledActivity, violations};
///
/// let spec = ProjectSpec::new("p")
///     .with_activity(ActivitySpec::new("a", 3.0))
///     .with_activity(ActivitySpec::new("b", 1.0).after("a"));
/// let project = Project::build(spec)?;
/// let plan = [ScheduledActivity::new("a", 0.0, 3.0), ScheduledActivity::new("b", 2.0, 3.0)];
/// let found = violations(&project, &plan);
/// assert_eq!(found[0].to_string(), "activity `b` starts at 2, before `a` is finished at 3");
/// # Ok::<(), devops_maturity::schedule::ProjectErrors>(())
/// ```
#[must_use]
pub fn violations(project: &Project, schedule: &[ScheduledActivity]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut times: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
    for activity in project.activities() {
        times.insert(&activity.name, Vec::new());
    }
    for entry in schedule {
        let (Some(start), Some(finish)) = (micros(entry.start), micros(entry.finish)) else {
            found.push(Violation::BadStart { activity: entry.name.clone(), start: entry.start.to_string() });
            continue;
        };
        match times.get_mut(entry.name.as_str()) {
            Some(own) => own.push((start, finish)),
            None => found.push(Violation::Unknown { activity: entry.name.clone() }),
        }
    }
    for (name, own) in &times {
        if own.len() != 1 {
            found.push(Violation::NotOnce { activity: (*name).into(), times: own.len() });
        }
    }
    if found.is_empty() {
        let times: Vec<(u64, u64)> = times.into_values().flatten().collect();
        check_dates(project, &times, &mut found);
        check_loads(project, &times, &mut found);
    }
    found
}

/// A time in millionths.
fn micros(time: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 0 to 10¹⁸")]
    (0.0..=1e12).contains(&time).then(|| libm::rint(time * 1e6) as u64)
}

fn text(micros: u64) -> String {
    shown(micros).to_string()
}

/// `times` in the order of the project's activities.
fn check_dates(project: &Project, times: &[(u64, u64)], found: &mut Vec<Violation>) {
    for (activity, &(start, finish)) in project.activities().iter().zip(times) {
        let planned = activity.estimate.mean(project.distribution());
        if finish.checked_sub(start) != Some(planned) {
            found.push(Violation::WrongDuration {
                activity: activity.name.clone(),
                taken: (shown(finish) - shown(start)).to_string(),
                planned: text(planned),
            });
        }
        for (&place, after) in activity.after.iter().filter_map(|p| Some((p, project.activities().get(*p)?)))
        {
            let end = times.get(place).map_or(0, |t| t.1);
            if start < end {
                found.push(Violation::TooEarly {
                    activity: activity.name.clone(),
                    start: text(start),
                    after: after.name.clone(),
                    finish: text(end),
                });
            }
        }
    }
}

fn check_loads(project: &Project, times: &[(u64, u64)], found: &mut Vec<Violation>) {
    let mut instants: Vec<u64> = times.iter().map(|t| t.0).collect();
    instants.sort_unstable();
    instants.dedup();
    for (place, (resource, capacity)) in project.resources().iter().enumerate() {
        let used_at = |at: u64| -> u64 {
            let running = project.activities().iter().zip(times).filter(|(_, t)| t.0 <= at && at < t.1);
            let amounts = running.flat_map(|(a, _)| &a.demands).filter(|(r, _)| *r == place);
            amounts.map(|(_, amount)| *amount).sum()
        };
        let first = instants.iter().map(|at| (*at, used_at(*at))).find(|(_, used)| used > capacity);
        if let Some((at, used)) = first {
            found.push(Violation::OverCapacity {
                resource: resource.clone(),
                at: text(at),
                used: text(used),
                capacity: text(*capacity),
            });
        }
    }
}
