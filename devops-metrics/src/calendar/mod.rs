//! Time zones, weeks and periods: which day, week, month or quarter an instant belongs to.
//!
//! # Which week is this deployment in?
//!
//! ```
//! use devops_metrics::calendar::{Calendar, PeriodKind, Window, Zone};
//!
//! let calendar = Calendar::new(Zone::new("Europe/Berlin")?);
//! let window = Window::new("2026-03-01T23:00:00Z".parse()?, "2026-04-12T22:00:00Z".parse()?)?;
//! let weeks = calendar.periods(PeriodKind::Week, window)?;
//! assert_eq!(weeks.len(), 6);
//! // The week in which the clocks go forward has 167 hours.
//! let fifth = weeks.get(3).unwrap();
//! assert_eq!((fifth.label.as_str(), fifth.window.millis() / 3_600_000), ("2026-W13", 167));
//! assert_eq!(weeks.index_of("2026-03-29T21:59:59Z".parse()?), Some(3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - A [`Zone`] is a name of the IANA time zone database or a fixed offset. The table is part of the program: no
//!   file is read, and an update of the table is an update of this crate.
//! - A [`Calendar`] is a zone and the day on which a week starts.
//! - A [`Window`] is what a query looks at, `from ≤ t < to`; [`Calendar::periods`] cuts it into [`Periods`], none
//!   left out, the cut ones at its ends marked.
//! - [`BusinessCalendar`] measures durations in working time.
//!
//! **The rule for clocks that jump.** A day starts at the first instant at which the local clock shows that day's
//! midnight or later. Where midnight is skipped, that is the end of the gap; where it comes twice, the first. Days
//! that were skipped whole (Samoa, 30 December 2011) are no period. Years run from 0000 to 9999.

mod business;
mod clock_time;
mod date;
mod error;
mod period;
mod periods;
mod weekday;
mod window;
mod zone;

use devops_core::Timestamp;

pub use business::{BusinessCalendar, BusinessClock, Shift};
pub use clock_time::ClockTime;
pub use date::Date;
pub use error::CalendarError;
pub use period::{Period, PeriodKind};
pub use periods::Periods;
pub use weekday::Weekday;
pub use window::Window;
pub use zone::Zone;

/// A time zone and the day on which a week starts.
///
/// ```
/// use devops_metrics::calendar::{Calendar, Weekday, Zone};
///
/// let calendar = Calendar::new(Zone::new("Asia/Kolkata")?).with_week_start(Weekday::Sunday);
/// assert_eq!(calendar.date_of("2026-02-14T18:30:00Z".parse()?).to_string(), "2026-02-15");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    zone: Zone,
    #[serde(default)]
    week_start: Weekday,
}

impl Calendar {
    /// Weeks start on Monday, as in ISO 8601.
    #[must_use]
    pub const fn new(zone: Zone) -> Self {
        Self { zone, week_start: Weekday::Monday }
    }

    /// UTC, weeks from Monday.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, Weekday};
    /// assert_eq!(Calendar::utc().week_start(), Weekday::Monday);
    /// ```
    #[must_use]
    pub fn utc() -> Self {
        Self::new(Zone::utc())
    }

    /// The same zone with weeks that start on another day.
    #[must_use]
    pub fn with_week_start(mut self, week_start: Weekday) -> Self {
        self.week_start = week_start;
        self
    }

    /// The time zone.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The day on which a week starts.
    #[must_use]
    pub const fn week_start(&self) -> Weekday {
        self.week_start
    }

    /// The local date of an instant.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, Zone};
    /// let calendar = Calendar::new(Zone::new("America/New_York")?);
    /// assert_eq!(calendar.date_of("2026-01-01T04:59:59Z".parse()?).to_string(), "2025-12-31");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.date_of(at)
    }

    /// The first instant of a local day.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Value`] at the ends of the years 0000 and 9999.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, Zone};
    /// // In Cairo the clocks go forward at midnight: the day begins at one o'clock.
    /// let calendar = Calendar::new(Zone::new("Africa/Cairo")?);
    /// assert_eq!(calendar.start_of_day("2026-04-24".parse()?)?.to_string(), "2026-04-23T22:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start_of_day(&self, date: Date) -> Result<Timestamp, CalendarError> {
        self.zone.first_instant(date, ClockTime::MIDNIGHT)
    }

    /// The day, by the rule for clocks that jump, that an instant lies in: its date, or where the clock went back over
    /// midnight the one that had begun.
    pub(crate) fn day_holding(&self, at: Timestamp) -> Result<Date, CalendarError> {
        let mut day = self.date_of(at);
        while self.start_of_day(day.next()?)? <= at {
            day = day.next()?;
        }
        Ok(day)
    }

    /// The window of the local days `first` to `last`, both included.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Window`] where `last` is before `first`, [`CalendarError::Value`] at the ends of the years
    /// 0000 and 9999.
    ///
    /// ```
    /// use devops_metrics::calendar::Calendar;
    /// let january = Calendar::utc().days("2026-01-01".parse()?, "2026-01-31".parse()?)?;
    /// assert_eq!(january.to().to_string(), "2026-02-01T00:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn days(&self, first: Date, last: Date) -> Result<Window, CalendarError> {
        Window::new(self.start_of_day(first)?, self.start_of_day(last.next()?)?)
    }

    /// Cuts a window into periods: every one it touches, empty ones too, in order.
    ///
    /// # Errors
    ///
    /// [`CalendarError::RollingDays`], [`CalendarError::TooManyPeriods`], and [`CalendarError::Value`] where a
    /// period would leave the years 0000 to 9999.
    ///
    /// ```
    /// use devops_metrics::calendar::{Calendar, PeriodKind, Window};
    /// let window = Window::new("2026-01-10T00:00:00Z".parse()?, "2026-07-01T00:00:00Z".parse()?)?;
    /// let quarters = Calendar::utc().periods(PeriodKind::Quarter, window)?;
    /// let labels: Vec<_> = quarters.iter().map(|p| (p.label, p.partial)).collect();
    /// assert_eq!(labels, [("2026-Q1".to_string(), true), ("2026-Q2".to_string(), false)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn periods(&self, kind: PeriodKind, window: Window) -> Result<Periods, CalendarError> {
        Periods::cut(self, kind, window)
    }
}
