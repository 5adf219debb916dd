//! Periods of the calendar.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::{CalendarError, Date, Weekday, Window};

const MOST_ROLLING_DAYS: u16 = 3660;

/// What a window is cut into.
///
/// ```
/// use devops_metrics::calendar::PeriodKind;
/// assert_eq!(PeriodKind::Rolling { days: 30 }.to_string(), "rolling 30 days");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PeriodKind {
    /// Local days.
    Day,
    /// Seven local days from the calendar's week start.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
    /// One period for each local day of the window: that day and the `days` − 1 before it. The first ones reach
    /// back before the window, so that each is whole.
    Rolling {
        /// Length in local days, 1 to 3660.
        days: u16,
    },
}

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day => f.pad("day"),
            Self::Week => f.pad("week"),
            Self::Month => f.pad("month"),
            Self::Quarter => f.pad("quarter"),
            Self::Year => f.pad("year"),
            Self::Rolling { days } => f.pad(&format!("rolling {days} days")),
        }
    }
}

/// One period of a window.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Period {
    /// `2026-02-14`, `2026-W07`, `2026-02`, `2026-Q1`, `2026`, `30 days to 2026-02-14`; a week that does not start on
    /// Monday has no ISO number and is `week of 2026-02-08`.
    pub label: String,
    /// The part of it that lies in the query's window: what is counted.
    pub window: Window,
    /// The whole of it.
    pub whole: Window,
    /// Whether the query's window cuts it.
    pub partial: bool,
}

impl PeriodKind {
    /// How many local days each period reaches back before its own.
    pub(super) fn look_back(self) -> Result<u16, CalendarError> {
        match self {
            Self::Rolling { days } if (1..=MOST_ROLLING_DAYS).contains(&days) => Ok(days.saturating_sub(1)),
            Self::Rolling { days } => Err(CalendarError::RollingDays { value: days }),
            _ => Ok(0),
        }
    }

    /// The first day of the period that holds a day.
    pub(super) fn first_day(self, date: Date, week_start: Weekday) -> Result<Date, CalendarError> {
        let back_in_year = |month: u8| i32::from(month).saturating_sub(i32::from(date.month()));
        Ok(match self {
            Self::Day | Self::Rolling { .. } => date,
            Self::Week => {
                date.plus_days(i32::from(date.weekday().days_since(week_start)).saturating_neg())?
            }
            Self::Month => date.month_start(0)?,
            Self::Quarter => {
                let first = date.quarter().saturating_sub(1).saturating_mul(3).saturating_add(1);
                date.month_start(back_in_year(first))?
            }
            Self::Year => date.month_start(back_in_year(1))?,
        })
    }

    /// The first day of the next period, from the first day of one.
    pub(super) fn next_first_day(self, first: Date) -> Result<Date, CalendarError> {
        Ok(match self {
            Self::Day | Self::Rolling { .. } => first.next()?,
            Self::Week => first.plus_days(7)?,
            Self::Month => first.month_start(1)?,
            Self::Quarter => first.month_start(3)?,
            Self::Year => first.month_start(12)?,
        })
    }

    /// The label of the period whose first day, or for rolling ones whose last day, that is.
    pub(super) fn label(self, day: Date, week_start: Weekday) -> String {
        match self {
            Self::Day => format!("{day}"),
            Self::Week if week_start == Weekday::Monday => {
                let (year, week) = day.iso_week();
                format!("{year:04}-W{week:02}")
            }
            Self::Week => format!("week of {day}"),
            Self::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Self::Quarter => format!("{:04}-Q{}", day.year(), day.quarter()),
            Self::Year => format!("{:04}", day.year()),
            Self::Rolling { days } => format!("{days} days to {day}"),
        }
    }
}
