//! Durations in working time.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec::Vec;

use devops_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CalendarError, ClockTime, Date, Weekday, Window, Zone};

/// Working time on one day of the week. A day may have several shifts.
///
/// ```
/// use devops_metrics::calendar::{Shift, Weekday};
/// let shift = Shift::new(Weekday::Friday, "09:00".parse()?, "13:30".parse()?);
/// assert_eq!(shift.open.to_string(), "09:00");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Shift {
    /// The day of the week.
    pub day: Weekday,
    /// When work starts.
    pub open: ClockTime,
    /// When it ends; `24:00` is the end of the day.
    pub close: ClockTime,
}

impl Shift {
    /// From `open` to `close` on that day of the week.
    #[must_use]
    pub const fn new(day: Weekday, open: ClockTime, close: ClockTime) -> Self {
        Self { day, open, close }
    }
}

/// When people work: a zone, hours by day of the week, and holidays that the caller passes in.
///
/// ```
/// use devops_metrics::calendar::{BusinessCalendar, Zone};
///
/// let calendar = BusinessCalendar::nine_to_five(Zone::new("Europe/Berlin")?)
///     .with_holidays(["2026-04-03".parse()?, "2026-04-06".parse()?]);
/// // From Thursday 16:00 to Tuesday 10:00, over Easter: one hour on each side.
/// let (from, to) = ("2026-04-02T14:00:00Z".parse()?, "2026-04-07T08:00:00Z".parse()?);
/// assert_eq!(calendar.millis_between(from, to)?, 2 * 3_600_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Spec")]
pub struct BusinessCalendar {
    zone: Zone,
    shifts: Vec<Shift>,
    holidays: BTreeSet<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    zone: Zone,
    shifts: Vec<Shift>,
    #[serde(default)]
    holidays: BTreeSet<Date>,
}

impl TryFrom<Spec> for BusinessCalendar {
    type Error = CalendarError;

    fn try_from(spec: Spec) -> Result<Self, CalendarError> {
        Ok(Self::new(spec.zone, spec.shifts)?.with_holidays(spec.holidays))
    }
}

impl BusinessCalendar {
    /// The working time that these shifts make.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Shift`] for one that does not end after it starts, or that meets another of its day.
    ///
    /// ```
    /// use devops_metrics::calendar::{BusinessCalendar, Shift, Weekday, Zone};
    ///
    /// let backwards = Shift::new(Weekday::Friday, "17:00".parse()?, "09:00".parse()?);
    /// assert_eq!(
    ///     BusinessCalendar::new(Zone::utc(), [backwards]).unwrap_err().to_string(),
    ///     "shift `17:00-09:00` of Friday does not end after it starts",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(zone: Zone, shifts: impl IntoIterator<Item = Shift>) -> Result<Self, CalendarError> {
        let mut shifts: Vec<Shift> = shifts.into_iter().collect();
        shifts.sort_unstable();
        let refuse = |shift: &Shift, problem| CalendarError::Shift {
            day: shift.day.name(),
            shift: format!("{}-{}", shift.open, shift.close),
            problem,
        };
        let mut last: BTreeMap<Weekday, ClockTime> = BTreeMap::new();
        for shift in &shifts {
            if shift.close <= shift.open {
                return Err(refuse(shift, "does not end after it starts"));
            }
            if last.insert(shift.day, shift.close).is_some_and(|close| shift.open < close) {
                return Err(refuse(shift, "starts before the shift before it ends"));
            }
        }
        Ok(Self { zone, shifts, holidays: BTreeSet::new() })
    }

    /// Monday to Friday, 09:00 to 17:00.
    #[must_use]
    pub fn nine_to_five(zone: Zone) -> Self {
        let hour = |hour| ClockTime::new(hour, 0).unwrap_or(ClockTime::END);
        let shifts = Weekday::ALL.into_iter().take(5).map(|day| Shift::new(day, hour(9), hour(17)));
        Self { zone, shifts: shifts.collect(), holidays: BTreeSet::new() }
    }

    /// Adds days on which nobody works.
    #[must_use]
    pub fn with_holidays(mut self, holidays: impl IntoIterator<Item = Date>) -> Self {
        self.holidays.extend(holidays);
        self
    }

    /// The time zone of its hours.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether somebody works on a day.
    ///
    /// ```
    /// use devops_metrics::calendar::{BusinessCalendar, Zone};
    /// assert!(!BusinessCalendar::nine_to_five(Zone::utc()).is_working_day("2026-02-14".parse()?));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        self.shifts_on(date).next().is_some()
    }

    fn shifts_on(&self, date: Date) -> impl Iterator<Item = &Shift> {
        let day = date.weekday();
        let working = !self.holidays.contains(&date);
        self.shifts.iter().filter(move |shift| working && shift.day == day)
    }

    /// Milliseconds of working time from one instant to another; negative where `to` is earlier.
    ///
    /// For many durations take a [`clock`](Self::clock) once.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Value`] at the ends of the years 0000 and 9999.
    ///
    /// ```
    /// use devops_metrics::calendar::{BusinessCalendar, Zone};
    /// let calendar = BusinessCalendar::nine_to_five(Zone::utc());
    /// let (friday, monday) = ("2026-02-13T16:00:00Z".parse()?, "2026-02-16T10:00:00Z".parse()?);
    /// assert_eq!(calendar.millis_between(friday, monday)?, 2 * 3_600_000);
    /// assert_eq!(calendar.millis_between(monday, friday)?, -2 * 3_600_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn millis_between(&self, from: Timestamp, to: Timestamp) -> Result<i64, CalendarError> {
        let clock = self.clock(Window::new(from.min(to), from.max(to))?)?;
        Ok(clock.worked_until(to).saturating_sub(clock.worked_until(from)))
    }

    /// The working time of a window, laid out so that a duration costs two searches.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Value`] at the ends of the years 0000 and 9999.
    ///
    /// ```
    /// use devops_metrics::calendar::{BusinessCalendar, Calendar, Zone};
    ///
    /// let window = Calendar::utc().days("2026-01-01".parse()?, "2026-12-31".parse()?)?;
    /// let clock = BusinessCalendar::nine_to_five(Zone::utc()).clock(window)?;
    /// let (open, close) = ("2026-02-13T16:00:00Z".parse()?, "2026-02-16T10:00:00Z".parse()?);
    /// assert_eq!(clock.millis_between(open, close), Some(2 * 3_600_000));
    /// assert_eq!(clock.millis_between("2025-12-31T12:00:00Z".parse()?, close), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clock(&self, window: Window) -> Result<BusinessClock, CalendarError> {
        let mut clock = BusinessClock { window, spans: Vec::new(), before: Vec::new() };
        // One day more on each side: where clocks jump, a day's hours may lie outside its own midnights.
        let mut date = self.zone.date_of(window.from());
        let last = self.zone.date_of(window.to());
        date = date.plus_days(-1).unwrap_or(date);
        let last = last.next().unwrap_or(last);
        let mut worked = 0_i64;
        let mut free_from = window.from();
        while date <= last {
            for shift in self.shifts_on(date) {
                let open = self.zone.first_instant(date, shift.open)?;
                let close = self.zone.first_instant(date, shift.close)?;
                let (open, close) = (open.max(free_from), close.min(window.to()));
                if open < close {
                    clock.spans.push((open, close));
                    clock.before.push(worked);
                    worked = worked.saturating_add(close.millis_since(open));
                    free_from = close;
                }
            }
            let Ok(next) = date.next() else { break };
            date = next;
        }
        Ok(clock)
    }
}

/// The working time of a window, for many durations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessClock {
    window: Window,
    /// Working spans within the window, in order, apart.
    spans: Vec<(Timestamp, Timestamp)>,
    /// Milliseconds worked before each.
    before: Vec<i64>,
}

impl BusinessClock {
    /// Milliseconds of working time from one instant to another, negative where `to` is earlier; `None` where one lies
    /// outside the clock's window (its end is inside).
    #[must_use]
    pub fn millis_between(&self, from: Timestamp, to: Timestamp) -> Option<i64> {
        let inside = |at: Timestamp| self.window.from() <= at && at <= self.window.to();
        (inside(from) && inside(to)).then(|| self.worked_until(to).saturating_sub(self.worked_until(from)))
    }

    fn worked_until(&self, at: Timestamp) -> i64 {
        let started = self.spans.partition_point(|(open, _)| *open <= at);
        let span = started.checked_sub(1).and_then(|i| self.spans.get(i).zip(self.before.get(i)));
        span.map_or(0, |((open, close), before)| before.saturating_add(at.min(*close).millis_since(*open)))
    }
}
