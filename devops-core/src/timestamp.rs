//! Instants.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use crate::ValueError;

const DAY: i64 = 86_400_000;

/// An instant: whole milliseconds since 1970-01-01T00:00:00Z, between the years 0000 and 9999.
///
/// There is no `now()`: libraries read no clock, callers pass the time in. Text and JSON are RFC 3339; any
/// offset is read, UTC is written. Digits behind the millisecond are cut off, and a leap second (`:60`) is read
/// as the last millisecond before it.
///
/// ```
/// use devops_core::Timestamp;
///
/// let time: Timestamp = "2026-11-23T09:30:00+01:00".parse()?;
/// assert_eq!(time.to_string(), "2026-11-23T08:30:00Z");
/// assert_eq!(time.as_millis(), 1_795_422_600_000);
/// assert!("2026-02-30T00:00:00Z".parse::<Timestamp>().is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The instant that many milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] outside the years 0000 to 9999.
    ///
    /// ```
    /// assert!(devops_core::Timestamp::from_millis(i64::MAX).is_err());
    /// ```
    #[inline]
    pub fn from_millis(millis: i64) -> Result<Self, ValueError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(out_of_range(millis))
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Milliseconds from `earlier` to this instant; negative where `earlier` is later.
    ///
    /// ```
    /// use devops_core::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_millis(5)?.millis_since(Timestamp::EPOCH), 5);
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        // Both lie within 10^15 of each other.
        self.0.saturating_sub(earlier.0)
    }

    /// The instant that many milliseconds later, or `None` past the year 9999 or before 0000.
    ///
    /// ```
    /// use devops_core::Timestamp;
    ///
    /// assert_eq!(Timestamp::MAX.checked_add_millis(1), None);
    /// ```
    #[must_use]
    pub fn checked_add_millis(self, millis: i64) -> Option<Self> {
        Self::from_millis(self.0.checked_add(millis)?).ok()
    }
}

#[cold]
fn out_of_range(millis: i64) -> ValueError {
    ValueError::OutOfRange {
        field: "timestamp",
        value: millis.to_string(),
        min: Timestamp::MIN.to_string(),
        max: Timestamp::MAX.to_string(),
    }
}

/// Days from 1970-01-01 of a date in the proleptic Gregorian calendar (Hinnant, 2013, "chrono-compatible
/// low-level date algorithms").
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year.saturating_sub(1) } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_index = month.saturating_add(9).rem_euclid(12);
    let day_of_year =
        month_index.saturating_mul(153).saturating_add(2).div_euclid(5).saturating_add(day).saturating_sub(1);
    let day_of_era = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era.div_euclid(4))
        .saturating_sub(year_of_era.div_euclid(100))
        .saturating_add(day_of_year);
    era.saturating_mul(146_097).saturating_add(day_of_era).saturating_sub(719_468)
}

/// The inverse of [`days_from_civil`]: year, month and day.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = day_of_era
        .saturating_sub(day_of_era.div_euclid(1_460))
        .saturating_add(day_of_era.div_euclid(36_524))
        .saturating_sub(day_of_era.div_euclid(146_096))
        .div_euclid(365);
    let day_of_year = day_of_era.saturating_sub(
        year_of_era
            .saturating_mul(365)
            .saturating_add(year_of_era.div_euclid(4))
            .saturating_sub(year_of_era.div_euclid(100)),
    );
    let month_index = day_of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let day = day_of_year
        .saturating_sub(month_index.saturating_mul(153).saturating_add(2).div_euclid(5))
        .saturating_add(1);
    let month = if month_index < 10 { month_index.saturating_add(3) } else { month_index.saturating_sub(9) };
    let year = era.saturating_mul(400).saturating_add(year_of_era).saturating_add(i64::from(month <= 2));
    (year, month, day)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A text that is eaten from the front.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn number(&mut self, digits: usize, max: i64) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let mut value = 0_i64;
        for byte in head {
            if !byte.is_ascii_digit() {
                return None;
            }
            value = value.saturating_mul(10).saturating_add(i64::from(byte.saturating_sub(b'0')));
        }
        self.0 = rest;
        (value <= max).then_some(value)
    }

    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !allowed.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    /// Milliseconds behind a point; further digits are cut off.
    fn fraction(&mut self) -> Option<i64> {
        if self.one_of(b".,").is_none() {
            return Some(0);
        }
        let length = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let mut millis = 0_i64;
        for place in 0..3 {
            let digit = digits.get(place).map_or(0, |b| b.saturating_sub(b'0'));
            millis = millis.saturating_mul(10).saturating_add(i64::from(digit));
        }
        (length > 0).then_some(millis)
    }

    /// Minutes east of UTC.
    fn offset(&mut self) -> Option<i64> {
        match self.one_of(b"Zz+-")? {
            b'Z' | b'z' => Some(0),
            sign => {
                let hours = self.number(2, 23)?;
                let _ = self.one_of(b":");
                let minutes = self.number(2, 59)?.saturating_add(hours.saturating_mul(60));
                Some(if sign == b'-' { minutes.saturating_neg() } else { minutes })
            }
        }
    }
}

/// `2026-11-23T08:30:00Z` and its like, as most times are written; `None` for what is written otherwise.
fn parse_plain(text: &str) -> Option<i64> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = *bytes
    else {
        return None;
    };
    let digit = |byte: u8| byte.wrapping_sub(b'0');
    if [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2].into_iter().any(|byte| digit(byte) > 9) {
        return None;
    }
    let two = |tens: u8, ones: u8| i64::from(digit(tens).wrapping_mul(10).wrapping_add(digit(ones)));
    let year = two(y1, y2).saturating_mul(100).saturating_add(two(y3, y4));
    let (month, day, hour, minute, second) =
        (two(m1, m2), two(d1, d2), two(h1, h2), two(n1, n2), two(s1, s2));
    if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
        return None;
    }
    // A leap second is read as any other form.
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60)).saturating_add(second);
    let days = days_from_civil(year, month, day);
    Some(days.saturating_mul(DAY).saturating_add(seconds.saturating_mul(1000)))
}

/// Any form of RFC 3339.
fn parse(text: &str) -> Option<i64> {
    let mut cursor = Cursor(text.as_bytes());
    let year = cursor.number(4, 9999)?;
    cursor.one_of(b"-")?;
    let month = cursor.number(2, 12)?;
    cursor.one_of(b"-")?;
    let day = cursor.number(2, days_in_month(year, month))?;
    cursor.one_of(b"Tt ")?;
    let hour = cursor.number(2, 23)?;
    cursor.one_of(b":")?;
    let minute = cursor.number(2, 59)?;
    cursor.one_of(b":")?;
    let second = cursor.number(2, 60)?;
    let millis = cursor.fraction()?;
    let offset = cursor.offset()?;
    if month == 0 || day == 0 || !cursor.0.is_empty() {
        return None;
    }
    let second_millis =
        if second == 60 { 59_999 } else { second.saturating_mul(1000).saturating_add(millis) };
    let minutes = hour.saturating_mul(60).saturating_add(minute).saturating_sub(offset);
    Some(
        days_from_civil(year, month, day)
            .saturating_mul(DAY)
            .saturating_add(minutes.saturating_mul(60_000))
            .saturating_add(second_millis),
    )
}

impl FromStr for Timestamp {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let millis = parse_plain(text).or_else(|| parse(text)).ok_or_else(|| {
            ValueError::malformed("timestamp", text, "an RFC 3339 time such as `2026-11-23T08:30:00Z`")
        })?;
        Self::from_millis(millis).map_err(|_| ValueError::OutOfRange {
            field: "timestamp",
            value: crate::excerpt(text),
            min: Self::MIN.to_string(),
            max: Self::MAX.to_string(),
        })
    }
}

impl TryFrom<String> for Timestamp {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> String {
        time.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        let rest = self.0.rem_euclid(DAY);
        let (hour, minute) = (rest.div_euclid(3_600_000), rest.div_euclid(60_000).rem_euclid(60));
        let (second, millis) = (rest.div_euclid(1000).rem_euclid(60), rest.rem_euclid(1000));
        let fraction = if millis == 0 { String::new() } else { alloc::format!(".{millis:03}") };
        f.pad(&alloc::format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_rfc_3339() {
        for (text, shown) in [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2000-02-29t23:59:60.9z", "2000-02-29T23:59:59.999Z"),
            ("2026-11-23 08:30:00.123456789-05:30", "2026-11-23T14:00:00.123Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
            ("2026-01-01T00:00:00+0100", "2025-12-31T23:00:00Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), shown, "{text}");
        }
        assert_eq!("0000-01-01T00:00:00Z".parse(), Ok(Timestamp::MIN));
        assert_eq!("9999-12-31T23:59:59.999Z".parse(), Ok(Timestamp::MAX));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2026",
            "2026-11-23",
            "2026-11-23T08:30:00",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2025-02-29T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00Zx",
            "0000-01-01T00:00:00+01:00",
            "+2026-01-01T00:00:00Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(millis in Timestamp::MIN.0..=Timestamp::MAX.0) {
            let time = Timestamp::from_millis(millis).unwrap();
            prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        }

        #[test]
        fn text_order_is_time_order(a in Timestamp::MIN.0..=Timestamp::MAX.0, b in Timestamp::MIN.0..=Timestamp::MAX.0) {
            let (a, b) = (Timestamp(a / 1000 * 1000), Timestamp(b / 1000 * 1000));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn an_offset_past_the_ends_is_refused_as_written(text in prop::sample::select(&["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+00:01"][..])) {
            let told = text.parse::<Timestamp>().unwrap_err().to_string();
            prop_assert_eq!(told, alloc::format!("timestamp `{text}` is outside 0000-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z"));
        }

        #[test]
        fn the_plain_form_is_read_as_any_other(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z") {
            if let Some(millis) = parse_plain(&text) {
                prop_assert_eq!(parse(&text), Some(millis));
            } else {
                // A leap second, or no time.
                prop_assert!(text.ends_with("60Z") || parse(&text).is_none());
            }
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
