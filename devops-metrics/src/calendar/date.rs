//! Days of the calendar.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use devops_core::ValueError;
use jiff::{Span, civil};

use super::Weekday;

/// A day of the (proleptic) Gregorian calendar, 0000-01-01 to 9999-12-31, in no particular zone.
///
/// ```
/// use devops_metrics::calendar::{Date, Weekday};
///
/// let day: Date = "2028-02-29".parse()?;
/// assert_eq!(day.weekday(), Weekday::Tuesday);
/// assert_eq!(day.next()?.to_string(), "2028-03-01");
/// assert!("2026-02-29".parse::<Date>().is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(civil::Date);

impl Date {
    /// The day of that year, month and day of month.
    ///
    /// # Errors
    ///
    /// [`ValueError::Malformed`] where there is no such day.
    ///
    /// ```
    /// use devops_metrics::calendar::Date;
    /// assert!(Date::new(2026, 2, 29).is_err());
    /// assert_eq!(Date::new(2026, 2, 28)?.to_string(), "2026-02-28");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn new(year: i16, month: u8, day: u8) -> Result<Self, ValueError> {
        let date = (0..=9999).contains(&year).then(|| {
            civil::Date::new(year, i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0)).ok()
        });
        date.flatten().map(Self).ok_or_else(|| malformed(&format!("{year:04}-{month:02}-{day:02}")))
    }

    /// The year, 0 to 9999.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }

    /// The quarter of the year, 1 to 4.
    #[must_use]
    pub fn quarter(self) -> u8 {
        self.month().saturating_add(2) / 3
    }

    /// The day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        let index = usize::from(self.0.weekday().to_monday_zero_offset().unsigned_abs());
        Weekday::ALL.get(index).copied().unwrap_or_default()
    }

    /// Year and number of the ISO 8601 week that holds this day.
    ///
    /// ```
    /// use devops_metrics::calendar::Date;
    /// assert_eq!("2027-01-01".parse::<Date>()?.iso_week(), (2026, 53));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn iso_week(self) -> (i16, u8) {
        let week = self.0.iso_week_date();
        (week.year(), week.week().unsigned_abs())
    }

    /// The day that many days later, or earlier for a negative number.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] outside the years 0000 to 9999.
    ///
    /// ```
    /// use devops_metrics::calendar::Date;
    /// assert_eq!("2026-01-01".parse::<Date>()?.plus_days(-1)?.to_string(), "2025-12-31");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn plus_days(self, days: i32) -> Result<Self, ValueError> {
        self.moved(Span::new().try_days(days)).ok_or_else(|| out_of_range(&format!("{self} {days:+} days")))
    }

    /// The day after.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] after 9999-12-31.
    pub fn next(self) -> Result<Self, ValueError> {
        self.plus_days(1)
    }

    /// The first day of the month that many months later.
    pub(super) fn month_start(self, months: i32) -> Result<Self, ValueError> {
        let first = Self(self.0.first_of_month());
        first
            .moved(Span::new().try_months(months))
            .ok_or_else(|| out_of_range(&format!("{self} {months:+} months")))
    }

    fn moved(self, by: Result<Span, jiff::Error>) -> Option<Self> {
        let date = self.0.checked_add(by.ok()?).ok()?;
        (0..=9999).contains(&date.year()).then_some(Self(date))
    }

    pub(super) const fn from_civil(date: civil::Date) -> Self {
        Self(date)
    }

    pub(super) const fn civil(self) -> civil::Date {
        self.0
    }
}

fn malformed(text: &str) -> ValueError {
    ValueError::malformed("date", text, "a day such as `2026-02-28`")
}

fn out_of_range(text: &str) -> ValueError {
    ValueError::OutOfRange {
        field: "date",
        value: text.to_string(),
        min: "0000-01-01".to_string(),
        max: "9999-12-31".to_string(),
    }
}

impl FromStr for Date {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let number = |range: core::ops::Range<usize>| -> Option<i16> {
            let part = text.get(range)?;
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten()
        };
        let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let parts = || {
            let month = u8::try_from(number(5..7)?).ok()?;
            Some((number(0..4)?, month, u8::try_from(number(8..10)?).ok()?))
        };
        let (year, month, day) = dashes.then(parts).flatten().ok_or_else(|| malformed(text))?;
        Self::new(year, month, day)
    }
}

impl TryFrom<String> for Date {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}-{:02}", self.year(), self.month(), self.day()))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_and_nothing_else() {
        for good in ["0000-01-01", "2000-02-29", "9999-12-31"] {
            assert_eq!(good.parse::<Date>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "2026-2-28",
            "2026-02-30",
            "1900-02-29",
            "2026/02/28",
            "+026-02-28",
            "2026-02-28T",
            "２０２６",
        ] {
            let message = bad.parse::<Date>().unwrap_err().to_string();
            assert_eq!(message, format!("date `{bad}` is malformed: expected a day such as `2026-02-28`"));
        }
    }

    #[test]
    fn the_calendar_ends() {
        let last: Date = "9999-12-31".parse().unwrap();
        assert_eq!(
            last.next().unwrap_err().to_string(),
            "date `9999-12-31 +1 days` is outside 0000-01-01 to 9999-12-31"
        );
        assert!(last.month_start(1).is_err());
        assert!("0000-01-01".parse::<Date>().unwrap().plus_days(-1).is_err());
        assert!(last.plus_days(i32::MAX).is_err() && last.plus_days(i32::MIN).is_err());
    }

    #[test]
    fn quarters_and_iso_weeks() {
        for (day, quarter, week) in [
            ("2024-12-30", 4, (2025, 1)),
            ("2026-03-31", 1, (2026, 14)),
            ("2026-04-01", 2, (2026, 14)),
            ("2021-01-03", 1, (2020, 53)),
            ("2028-02-29", 1, (2028, 9)),
        ] {
            let date: Date = day.parse().unwrap();
            assert_eq!((date.quarter(), date.iso_week()), (quarter, week), "{day}");
        }
    }
}
