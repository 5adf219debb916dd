//! What a plan takes of each role, period by period.

use alloc::string::String;
use alloc::vec::Vec;

use crate::initiative::Library;
use crate::schedule::{Schedule, rounded};

/// What is used of a role in a period.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PeriodLoad {
    /// From that week,
    pub from: f64,
    /// to that week
    pub to: f64,
    /// so many people-weeks.
    pub people_weeks: f64,
}

/// What a plan takes of a role.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct RoleLoad {
    /// The role.
    pub role: String,
    /// What it is called.
    pub title: String,
    /// How many people there are.
    pub capacity: f64,
    /// The most people at a time.
    pub peak: f64,
    /// People-weeks over the whole plan.
    pub people_weeks: f64,
    /// People-weeks as a percentage of what the people could give over the plan.
    pub utilisation_percent: f64,
    /// Period by period, to the end of the plan.
    pub periods: Vec<PeriodLoad>,
}

/// The roles that the plan uses.
pub(super) fn loads(library: &Library, schedule: &Schedule, period_weeks: u32) -> Vec<RoleLoad> {
    let length = f64::from(period_weeks.max(1));
    let used = schedule.loads.iter().filter(|load| load.work > 0.0);
    used.map(|load| {
        let title = library.roles().iter().find(|r| r.id == load.resource);
        let mut periods = Vec::new();
        let mut from = 0.0;
        while from < schedule.makespan {
            let to = from + length;
            let inside = load.steps.iter().map(|step| {
                let start = if step.from > from { step.from } else { from };
                let end = if step.to < to { step.to } else { to };
                if end > start { (end - start) * step.used } else { 0.0 }
            });
            periods.push(PeriodLoad { from, to, people_weeks: rounded(inside.sum()) });
            from = to;
        }
        RoleLoad {
            role: load.resource.clone(),
            title: title.map_or_else(|| load.resource.clone(), |r| r.title.clone()),
            capacity: load.capacity,
            peak: load.peak,
            people_weeks: load.work,
            utilisation_percent: load.utilisation_percent,
            periods,
        }
    })
    .collect()
}
