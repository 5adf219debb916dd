//! How a plan is simulated.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::excerpt;

/// How a plan is simulated, and which dates are asked about.
///
/// ```
/// use devops_maturity::uncertainty::SimulationOptions;
///
/// let options = SimulationOptions::new().with_runs(2_000).with_seed(7).with_date(26.0);
/// assert_eq!((options.runs, options.seed), (2_000, 7));
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SimulationOptions {
    /// How many runs; 100 to 1,000,000.
    pub runs: u32,
    /// Of the drawn durations; echoed in the result.
    pub seed: u64,
    /// Times from the beginning, in the unit of the project, whose chance is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<f64>,
}

impl Default for SimulationOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl SimulationOptions {
    /// 10,000 runs with seed 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { runs: 10_000, seed: 1, dates: Vec::new() }
    }

    /// With so many runs.
    #[must_use]
    pub fn with_runs(self, runs: u32) -> Self {
        Self { runs, ..self }
    }

    /// With that seed.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// And the chance to be finished at that time, in the unit of the project from the beginning.
    #[must_use]
    pub fn with_date(mut self, date: f64) -> Self {
        self.dates.push(date);
        self
    }
}

/// Why a plan cannot be simulated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// Too few or too many runs.
    #[error("number of runs is `{found}`: expected 100 to 1000000")]
    Runs {
        /// How many were asked for.
        found: u32,
    },
    /// A date that is no time from 0 on.
    #[error("date is `{found}`: expected a finite time from 0 on, in the unit of the project")]
    Date {
        /// What was asked for.
        found: String,
    },
    /// A schedule of another project, or one that breaks this one.
    #[error(
        "activity `{activity}` is not scheduled as the project needs it: expected a schedule of this project"
    )]
    NotThisProject {
        /// The first activity that does not fit.
        activity: String,
    },
}

impl SimulationError {
    pub(crate) fn not_this_project(activity: &str) -> Self {
        Self::NotThisProject { activity: excerpt(activity) }
    }
}

impl SimulationOptions {
    /// Everything that is wrong.
    pub(crate) fn faults(&self) -> Vec<SimulationError> {
        let mut faults = Vec::new();
        if !(100..=1_000_000).contains(&self.runs) {
            faults.push(SimulationError::Runs { found: self.runs });
        }
        let odd = self.dates.iter().filter(|date| !(0.0..f64::INFINITY).contains(*date));
        faults.extend(odd.map(|date| SimulationError::Date { found: date.to_string() }));
        faults
    }
}
