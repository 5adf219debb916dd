//! How long a period is, and where a time lies on that grid.

use alloc::format;
use alloc::vec::Vec;
use devops_core::Timestamp;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400_000;

/// The length of a period.
///
/// ```
/// use devops_metrics::trend::Step;
/// assert_eq!(Step::WEEK.name(), "week");
/// assert_eq!(Step::QUARTER.name(), "quarter");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::exhaustive_enums, reason = "a period has a fixed length or follows the calendar")]
pub enum Step {
    /// A fixed length.
    Millis {
        /// Milliseconds, at least 1.
        millis: i64,
    },
    /// Calendar months.
    Months {
        /// How many, at least 1.
        months: i64,
    },
}

impl Step {
    /// A day.
    pub const DAY: Self = Self::Millis { millis: DAY };
    /// Seven days.
    pub const WEEK: Self = Self::Millis { millis: 7 * DAY };
    /// A calendar month.
    pub const MONTH: Self = Self::Months { months: 1 };
    /// Three calendar months.
    pub const QUARTER: Self = Self::Months { months: 3 };
    /// A calendar year.
    pub const YEAR: Self = Self::Months { months: 12 };

    /// What people call it; `period` where it has no name.
    ///
    /// ```
    /// assert_eq!(devops_metrics::trend::Step::Millis { millis: 5 }.name(), "period");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Millis { millis: 3_600_000 } => "hour",
            Self::Millis { millis: DAY } => "day",
            Self::Millis { millis: 604_800_000 } => "week",
            Self::Months { months: 1 } => "month",
            Self::Months { months: 3 } => "quarter",
            Self::Months { months: 12 } => "year",
            _ => "period",
        }
    }

    /// The length of sorted, distinct times: calendar months when all stand at midnight of a month's first day,
    /// else the median distance. Of one time nothing can be told.
    pub(crate) fn guess(times: &[Timestamp]) -> Self {
        if times.len() < 2 {
            return Self::Millis { millis: 1 };
        }
        let Some(months) = times.iter().map(|&t| first_of_month(t)).collect::<Option<Vec<i64>>>() else {
            return Self::Millis { millis: median_gap(times.iter().map(|t| t.as_millis())).unwrap_or(DAY) };
        };
        Self::Months { months: median_gap(months.into_iter()).unwrap_or(1) }
    }

    /// Periods from `origin` to `time`.
    pub(crate) fn between(self, origin: Timestamp, time: Timestamp) -> f64 {
        match self {
            Self::Millis { millis } => time.millis_since(origin) as f64 / at_least_one(millis),
            Self::Months { months } => (month_place(time) - month_place(origin)) / at_least_one(months),
        }
    }

    /// The time that many periods behind `time`; `None` outside the calendar.
    pub(crate) fn after(self, time: Timestamp, count: usize) -> Option<Timestamp> {
        let count = i64::try_from(count).ok()?;
        match self {
            Self::Millis { millis } => time.checked_add_millis(millis.checked_mul(count)?),
            Self::Months { months } => {
                let (month, rest) = civil(time);
                month_start(month.checked_add(months.checked_mul(count)?)?)?.checked_add_millis(rest)
            }
        }
    }
}

fn at_least_one(value: i64) -> f64 {
    if value > 1 { value as f64 } else { 1.0 }
}

fn median_gap(places: impl Iterator<Item = i64>) -> Option<i64> {
    let places: Vec<i64> = places.collect();
    let mut gaps: Vec<i64> =
        places.windows(2).filter_map(|w| w.last()?.checked_sub(*w.first()?)).filter(|g| *g > 0).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len().checked_sub(1)? / 2).copied()
}

/// Months since year 0 and the milliseconds since that month began.
fn civil(time: Timestamp) -> (i64, i64) {
    let text = format!("{time}");
    let number = |range: core::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<i64>().ok());
    let (year, month) = (number(0..4).unwrap_or(0), number(5..7).unwrap_or(1));
    let index = year.saturating_mul(12).saturating_add(month.saturating_sub(1));
    let start = month_start(index).unwrap_or(Timestamp::MIN);
    (index, time.millis_since(start))
}

fn month_start(index: i64) -> Option<Timestamp> {
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12).saturating_add(1));
    format!("{year:04}-{month:02}-01T00:00:00Z").parse().ok()
}

fn first_of_month(time: Timestamp) -> Option<i64> {
    if time.as_millis().rem_euclid(DAY) != 0 {
        return None;
    }
    let (month, rest) = civil(time);
    (rest == 0).then_some(month)
}

fn month_place(time: Timestamp) -> f64 {
    let (month, rest) = civil(time);
    let length = match (month_start(month), month_start(month.saturating_add(1))) {
        (Some(start), Some(end)) => end.millis_since(start) as f64,
        _ => 31.0 * DAY as f64,
    };
    month as f64 + rest as f64 / length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn calendar_months_are_equally_long() {
        let times = [at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z")];
        assert_eq!(Step::guess(&times), Step::MONTH);
        assert_eq!(Step::MONTH.between(times[0], times[2]), 2.0);
        assert_eq!(Step::QUARTER.after(times[1], 4), Some(at("2027-02-01T00:00:00Z")));
        assert_eq!(Step::MONTH.after(Timestamp::MAX, 1), None);
    }

    #[test]
    fn weeks_are_found_in_spite_of_a_gap() {
        let times = [at("2026-01-05T00:00:00Z"), at("2026-01-12T00:00:00Z"), at("2026-01-26T00:00:00Z")];
        assert_eq!(Step::guess(&times), Step::WEEK);
        assert_eq!(Step::WEEK.between(times[0], times[2]), 3.0);
    }

    #[test]
    fn one_time_is_of_no_period_that_has_a_name() {
        for time in ["2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-05T00:00:01Z"] {
            assert_eq!(Step::guess(&[at(time)]).name(), "period");
        }
    }
}
