//! Rows become sorted, checked periods on a grid.

use alloc::string::ToString;
use alloc::vec::Vec;
use devops_core::Timestamp;
use devops_stats::kaplan_meier::kaplan_meier_median;
use devops_stats::quantile::median;

use super::error::TrendError;
use super::report::Warning;
use super::series::{Kind, Rows, Series};
use super::step::Step;

/// The most rows accepted.
const LIMIT: usize = 1 << 20;

/// One period with what its kind needs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) time: Timestamp,
    /// Periods since the first.
    pub(crate) x: f64,
    /// The value shown and ranked: value, rate, percent or median.
    pub(crate) y: f64,
    /// Events, for counts and proportions.
    pub(crate) events: u64,
    /// Exposure or whole; 1 for values.
    pub(crate) weight: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Prepared {
    pub(crate) kind: Kind,
    pub(crate) step: Step,
    pub(crate) points: Vec<Point>,
    /// Cases by point, for durations that may not have ended.
    pub(crate) cases: Vec<(usize, f64, bool)>,
    /// Periods without a value between the first and the last.
    pub(crate) gaps: usize,
    /// Whether the times lie on the grid of the step.
    pub(crate) regular: bool,
    pub(crate) warnings: Vec<Warning>,
}

impl Prepared {
    pub(crate) fn of(series: &Series) -> Result<Self, TrendError> {
        if series.len() > LIMIT {
            return Err(TrendError::TooLong { limit: LIMIT, got: series.len() });
        }
        check_step(series.step)?;
        let mut cases = Vec::new();
        let mut warnings = Vec::new();
        let (mut points, times) = match &series.rows {
            Rows::Values(rows) => values(rows, &mut warnings)?,
            Rows::Counts(rows) => counts(rows, &mut warnings)?,
            Rows::Proportions(rows) => proportions(rows, &mut warnings)?,
            Rows::Censored(rows) => censored(rows, &mut cases, &mut warnings)?,
        };
        let step = series.step.unwrap_or_else(|| Step::guess(&times));
        let origin = points.first().map_or(Timestamp::EPOCH, |p| p.time);
        let mut regular = true;
        for point in &mut points {
            point.x = step.between(origin, point.time);
            regular &= (point.x - libm::round(point.x)).abs() < 0.08;
        }
        let span = points.last().map_or(0.0, |p| p.x);
        let expected = libm::round(span) + 1.0 - points.len() as f64;
        let gaps = if regular && expected > 0.0 && expected < 1e9 { to_count(expected) } else { 0 };
        let mut this = Self { kind: series.kind(), step, points, cases, gaps, regular, warnings };
        this.remark();
        Ok(this)
    }

    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    pub(crate) fn xs(&self) -> Vec<f64> {
        self.points.iter().map(|p| p.x).collect()
    }

    pub(crate) fn ys(&self) -> Vec<f64> {
        self.points.iter().map(|p| p.y).collect()
    }

    pub(crate) fn constant(&self) -> bool {
        self.points.windows(2).all(|w| matches!(w, [a, b] if a.y == b.y))
    }

    fn remark(&mut self) {
        if self.gaps > 0 {
            self.warnings.push(Warning::Gaps { periods: self.gaps });
        }
        if !self.regular {
            self.warnings.push(Warning::Irregular);
        }
        if self.len() > 1 && self.constant() {
            self.warnings.push(Warning::Constant);
            return;
        }
        let mut sorted = self.ys();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted.dedup();
        let tied = self.len().saturating_sub(sorted.len());
        if tied.saturating_mul(5) > self.len() {
            self.warnings.push(Warning::Ties { periods: tied });
        }
    }
}

/// A whole number of at least 0 and far below the limits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "callers pass small numbers of at least 0"
)]
pub(crate) fn to_count(value: f64) -> usize {
    value as usize
}

fn check_step(step: Option<Step>) -> Result<(), TrendError> {
    let length = match step {
        None => 1,
        Some(Step::Millis { millis }) => millis,
        Some(Step::Months { months }) => months,
    };
    if (1..=1_000_000_000_000).contains(&length) {
        return Ok(());
    }
    Err(TrendError::Policy { field: "step", value: length.to_string(), range: "at least 1" })
}

fn bad(index: usize, field: &'static str, value: f64, range: &'static str) -> TrendError {
    TrendError::Period { index, field, value: value.to_string(), range }
}

type Found = (Vec<Point>, Vec<Timestamp>);

fn times_of(times: impl Iterator<Item = Timestamp>) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = times.collect();
    times.sort_unstable();
    times.dedup();
    times
}

fn joined(rows: usize, times: usize, warnings: &mut Vec<Warning>) {
    if rows > times {
        warnings.push(Warning::Joined { rows: rows.saturating_sub(times) });
    }
}

fn values(rows: &[(Timestamp, Option<f64>)], warnings: &mut Vec<Warning>) -> Result<Found, TrendError> {
    for (index, value) in rows.iter().enumerate() {
        if let Some(value) = value.1.filter(|v| !(v.is_finite() && v.abs() <= 1e300)) {
            return Err(bad(index, "value", value, "a finite number within 1e300"));
        }
    }
    let mut sorted: Vec<(Timestamp, f64)> =
        rows.iter().filter_map(|(t, v)| v.map(|v| (*t, v + 0.0))).collect();
    sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut points = Vec::new();
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let all: Vec<f64> = group.iter().map(|g| g.1).collect();
        let Some(first) = group.first() else { continue };
        points.push(Point { time: first.0, x: 0.0, y: median(&all)? + 0.0, events: 0, weight: 1.0 });
    }
    joined(sorted.len(), points.len(), warnings);
    Ok((points, times_of(rows.iter().map(|r| r.0))))
}

fn counts(rows: &[(Timestamp, u64, f64)], warnings: &mut Vec<Warning>) -> Result<Found, TrendError> {
    for (index, row) in rows.iter().enumerate() {
        if !(row.2 >= 1e-9 && row.2 <= 1e15) {
            return Err(bad(index, "exposure", row.2, "between 1e-9 and 1e15"));
        }
        if row.1 > 1 << 40 {
            return Err(bad(index, "count", row.1 as f64, "at most 2^40"));
        }
    }
    let mut sorted = rows.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2)));
    let mut points = Vec::new();
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let Some(first) = group.first() else { continue };
        let events = group.iter().fold(0_u64, |sum, g| sum.saturating_add(g.1));
        let weight: f64 = group.iter().map(|g| g.2).sum();
        points.push(Point { time: first.0, x: 0.0, y: events as f64 / weight, events, weight });
    }
    joined(rows.len(), points.len(), warnings);
    Ok((points, times_of(rows.iter().map(|r| r.0))))
}

fn proportions(rows: &[(Timestamp, u64, u64)], warnings: &mut Vec<Warning>) -> Result<Found, TrendError> {
    for (index, row) in rows.iter().enumerate() {
        if row.1 > row.2 {
            return Err(bad(index, "part", row.1 as f64, "at most the whole"));
        }
        if row.2 > 1 << 40 {
            return Err(bad(index, "whole", row.2 as f64, "at most 2^40"));
        }
    }
    let mut sorted: Vec<(Timestamp, u64, u64)> = rows.iter().copied().filter(|r| r.2 > 0).collect();
    sorted.sort_unstable();
    let mut points = Vec::new();
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let Some(first) = group.first() else { continue };
        let events = group.iter().fold(0_u64, |sum, g| sum.saturating_add(g.1));
        let weight = group.iter().fold(0_u64, |sum, g| sum.saturating_add(g.2)) as f64;
        points.push(Point { time: first.0, x: 0.0, y: 100.0 * events as f64 / weight, events, weight });
    }
    joined(sorted.len(), points.len(), warnings);
    Ok((points, times_of(rows.iter().map(|r| r.0))))
}

fn censored(
    rows: &[(Timestamp, f64, bool)],
    cases: &mut Vec<(usize, f64, bool)>,
    warnings: &mut Vec<Warning>,
) -> Result<Found, TrendError> {
    for (index, row) in rows.iter().enumerate() {
        if !(row.1 >= 0.0 && row.1 <= 1e300) {
            return Err(bad(index, "duration", row.1, "a finite number of at least 0"));
        }
    }
    let mut sorted = rows.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut points, mut open) = (Vec::new(), 0_usize);
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let Some(first) = group.first() else { continue };
        let durations: Vec<f64> = group.iter().map(|g| g.1).collect();
        let ended: Vec<bool> = group.iter().map(|g| g.2).collect();
        let Some(middle) = kaplan_meier_median(&durations, &ended)? else {
            open = open.saturating_add(1);
            continue;
        };
        cases.extend(group.iter().map(|g| (points.len(), g.1, g.2)));
        points.push(Point {
            time: first.0,
            x: 0.0,
            y: middle + 0.0,
            events: ended.iter().filter(|e| **e).count() as u64,
            weight: group.len() as f64,
        });
    }
    if open > 0 {
        warnings.push(Warning::MedianNotReached { periods: open });
    }
    Ok((points, times_of(rows.iter().map(|r| r.0))))
}
