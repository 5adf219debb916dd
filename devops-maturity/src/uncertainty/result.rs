//! What many runs tell.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from a checked project"
)]
#![expect(clippy::cast_precision_loss, reason = "at most 10⁶ runs")]

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use devops_core::Unit;
use devops_stats::proportion::wilson;
use devops_stats::quantile::{QuantileType, quantiles};
use devops_stats::quantile_interval::quantile_interval;

use super::options::SimulationOptions;
use crate::schedule::{Project, Schedule, rounded, shown};

/// A quantile of the end, with the interval that the number of runs allows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct QuantileEstimate {
    /// The probability that the project ends by `value`: 0.8 for P80.
    pub probability: f64,
    /// The time, in the unit of the project (type 7 of Hyndman & Fan 1996).
    pub value: f64,
    /// Lower end of its 95 % interval (distribution-free); none where the runs are too few.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
}

/// The chance to be finished at a date.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Chance {
    /// The date, in the unit of the project from the beginning.
    pub date: f64,
    /// The share of the runs that were finished.
    pub probability: f64,
    /// The standard error of that share, √(p(1 − p)/runs); 0 where no or every run was finished, so see the
    /// interval.
    pub standard_error: f64,
    /// Lower end of the 95 % interval (Wilson 1927).
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
}

/// What the runs tell of an activity.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ActivityRisk {
    /// Its name.
    pub name: String,
    /// The share of the runs in which it was critical: any delay would have delayed the end (the criticality
    /// index, van Slyke 1963). What an activity waits for counts too, predecessors and resources alike.
    pub criticality: f64,
    /// The standard error of that share.
    pub criticality_standard_error: f64,
    /// Its finish in half of the runs at most; none where finishes were not kept.
    pub finish_p50: Option<f64>,
    /// Its finish in eight of ten runs at most.
    pub finish_p80: Option<f64>,
}

/// The distribution of a plan's end.
///
/// `Display` is one sentence. The same project, plan and options give the same result on every platform.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Simulation {
    /// The project's name.
    pub project: String,
    /// The unit of all times.
    pub unit: Unit,
    /// Whether all durations are fixed: the quantiles are then one number that says nothing of risk.
    pub fixed: bool,
    /// How many runs were made: 1 where all durations are fixed.
    pub runs: u32,
    /// The seed.
    pub seed: u64,
    /// The end of the plan at planned durations.
    pub planned: f64,
    /// The mean end.
    pub mean: f64,
    /// Its standard error.
    pub mean_standard_error: f64,
    /// The standard deviation of the end.
    pub standard_deviation: f64,
    /// The end in half of the runs at most.
    pub p50: QuantileEstimate,
    /// The end in eight of ten runs at most.
    pub p80: QuantileEstimate,
    /// The end in 95 of 100 runs at most.
    pub p95: QuantileEstimate,
    /// The ends at 0, 5, … 100 %.
    pub percentiles: Vec<f64>,
    /// The chances of the dates asked about, in that order.
    pub chances: Vec<Chance>,
    /// Every activity, by name.
    pub activities: Vec<ActivityRisk>,
}

/// What is collected from run to run.
pub(super) struct Runs {
    n: usize,
    ends: Vec<f64>,
    critical: Vec<u32>,
    /// Run by run; empty where it would be too much.
    finishes: Vec<u64>,
    kept: bool,
}

impl Runs {
    /// The most finishes of single activities that are kept.
    const LIMIT: usize = 20_000_000;

    pub(super) fn new(n: usize, count: u32) -> Self {
        let kept = n.saturating_mul(usize::try_from(count).unwrap_or(usize::MAX)) <= Self::LIMIT;
        Self { n, ends: Vec::new(), critical: vec![0; n], finishes: Vec::new(), kept }
    }

    pub(super) fn add(&mut self, finish: &[u64], critical: &[bool]) {
        self.ends.push(shown(finish.iter().copied().max().unwrap_or(0)));
        for (count, own) in self.critical.iter_mut().zip(critical) {
            *count += u32::from(*own);
        }
        if self.kept {
            self.finishes.extend_from_slice(finish);
        }
    }

    fn activity(&self, place: usize, name: &str) -> ActivityRisk {
        let runs = self.ends.len() as f64;
        let share = f64::from(self.critical[place]) / runs;
        let own: Vec<f64> = self.finishes.iter().skip(place).step_by(self.n).map(|f| shown(*f)).collect();
        let found = quantiles(&own, &[0.5, 0.8], QuantileType::Type7).ok();
        let quantile = |k: usize| found.as_ref().and_then(|q| q.get(k).copied()).map(rounded);
        ActivityRisk {
            name: name.into(),
            criticality: rounded(share),
            criticality_standard_error: rounded(libm::sqrt(share * (1.0 - share) / runs)),
            finish_p50: quantile(0),
            finish_p80: quantile(1),
        }
    }

    fn quantile(&self, probability: f64) -> QuantileEstimate {
        let value = quantiles(&self.ends, &[probability], QuantileType::Type7).ok();
        let interval = quantile_interval(&self.ends, probability, 0.95).ok();
        QuantileEstimate {
            probability,
            value: rounded(value.and_then(|v| v.first().copied()).unwrap_or(0.0)),
            low: interval.and_then(|i| i.low),
            high: interval.and_then(|i| i.high),
        }
    }

    fn chance(&self, date: f64) -> Chance {
        // Ends are whole millionths; so is the date.
        let date_shown = libm::rint(date * 1e6) / 1e6;
        let met = self.ends.iter().filter(|end| **end <= date_shown).count() as u64;
        let runs = self.ends.len() as u64;
        let share = met as f64 / runs as f64;
        let interval = wilson(met, runs, 0.95).ok();
        Chance {
            date,
            probability: rounded(share),
            standard_error: rounded(libm::sqrt(share * (1.0 - share) / runs as f64)),
            low: interval.map_or(0.0, |i| rounded(i.low)),
            high: interval.map_or(1.0, |i| rounded(i.high)),
        }
    }
}

impl Simulation {
    pub(super) fn new(project: &Project, plan: &Schedule, options: &SimulationOptions, runs: &Runs) -> Self {
        let count = runs.ends.len() as f64;
        let mean = runs.ends.iter().sum::<f64>() / count;
        let squares: f64 = runs.ends.iter().map(|e| (e - mean) * (e - mean)).sum();
        let deviation = if count > 1.0 { libm::sqrt(squares / (count - 1.0)) } else { 0.0 };
        let steps: Vec<f64> = (0..=20_u32).map(|k| f64::from(k) / 20.0).collect();
        let percentiles = quantiles(&runs.ends, &steps, QuantileType::Type7).unwrap_or_default();
        let fixed = project.is_fixed();
        let chance = |date: &f64| {
            let own = runs.chance(*date);
            // One run without chance is no sample.
            if fixed { Chance { low: own.probability, high: own.probability, ..own } } else { own }
        };
        Self {
            project: project.name().into(),
            unit: project.unit(),
            fixed,
            runs: u32::try_from(runs.ends.len()).unwrap_or(u32::MAX),
            seed: options.seed,
            planned: plan.makespan,
            mean: rounded(mean),
            mean_standard_error: rounded(deviation / libm::sqrt(count)),
            standard_deviation: rounded(deviation),
            p50: runs.quantile(0.5),
            p80: runs.quantile(0.8),
            p95: runs.quantile(0.95),
            percentiles: percentiles.into_iter().map(rounded).collect(),
            chances: options.dates.iter().map(chance).collect(),
            activities: project
                .activities()
                .iter()
                .enumerate()
                .map(|(place, activity)| runs.activity(place, &activity.name))
                .collect(),
        }
    }

    /// What the runs tell of the activity of that name.
    #[must_use]
    pub fn activity(&self, name: &str) -> Option<&ActivityRisk> {
        self.activities.iter().find(|a| a.name == name)
    }
}

impl fmt::Display for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.symbol();
        let space = if unit.is_empty() { "" } else { " " };
        if self.fixed {
            let end = self.planned;
            return write!(
                f,
                "{}: ends at {end}{space}{unit} in every run, as all durations are fixed: that says nothing of risk",
                self.project
            );
        }
        let [p50, p80, p95] = [self.p50, self.p80, self.p95].map(|q| q.value);
        write!(
            f,
            "{}: ends by {p50:.1}{space}{unit} (P50), {p80:.1}{space}{unit} (P80), {p95:.1}{space}{unit} (P95) in {} \
             runs; planned at mean durations {:.1}{space}{unit}",
            self.project, self.runs, self.planned
        )
    }
}
