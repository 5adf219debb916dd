//! A time of day, to the minute.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use devops_core::ValueError;

/// What a wall clock shows, `00:00` to `24:00`, to the minute. `24:00` is the end of the day.
///
/// ```
/// use devops_metrics::calendar::ClockTime;
///
/// let nine: ClockTime = "09:00".parse()?;
/// assert_eq!(nine.minutes(), 540);
/// assert!("9:00".parse::<ClockTime>().is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(u16);

impl ClockTime {
    /// `00:00`.
    pub const MIDNIGHT: Self = Self(0);
    /// `24:00`.
    pub const END: Self = Self(1440);

    /// The time of day that many hours and minutes after midnight.
    ///
    /// # Errors
    ///
    /// [`ValueError::OutOfRange`] for more than 59 minutes, or past `24:00`.
    ///
    /// ```
    /// use devops_metrics::calendar::ClockTime;
    /// assert_eq!(ClockTime::new(17, 30)?.to_string(), "17:30");
    /// assert!(ClockTime::new(24, 1).is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn new(hour: u8, minute: u8) -> Result<Self, ValueError> {
        let minutes = u16::from(hour).saturating_mul(60).saturating_add(u16::from(minute));
        if minute > 59 || minutes > Self::END.0 {
            return Err(ValueError::OutOfRange {
                field: "clock time",
                value: format!("{hour:02}:{minute:02}"),
                min: Self::MIDNIGHT.to_string(),
                max: Self::END.to_string(),
            });
        }
        Ok(Self(minutes))
    }

    /// Minutes after midnight, 0 to 1440.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }

    pub(super) const fn hour(self) -> u16 {
        self.0 / 60
    }

    pub(super) const fn minute(self) -> u16 {
        self.0 % 60
    }
}

impl FromStr for ClockTime {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let malformed = || ValueError::malformed("clock time", text, "hours and minutes such as `09:30`");
        let number = |part: &str| {
            let plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u8>().ok()).flatten()
        };
        let (hour, minute) = text.split_once(':').ok_or_else(malformed)?;
        let (hour, minute) = number(hour).zip(number(minute)).ok_or_else(malformed)?;
        Self::new(hour, minute)
    }
}

impl TryFrom<String> for ClockTime {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:02}:{:02}", self.hour(), self.minute()))
    }
}

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClockTime({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_time_of_day() {
        for (text, message) in [
            ("9:00", "clock time `9:00` is malformed: expected hours and minutes such as `09:30`"),
            ("24:01", "clock time `24:01` is outside 00:00 to 24:00"),
            ("09:60", "clock time `09:60` is outside 00:00 to 24:00"),
            ("", "clock time `` is malformed: expected hours and minutes such as `09:30`"),
            ("+9:00", "clock time `+9:00` is malformed: expected hours and minutes such as `09:30`"),
        ] {
            assert_eq!(text.parse::<ClockTime>().unwrap_err().to_string(), message);
        }
        assert_eq!("24:00".parse(), Ok(ClockTime::END));
    }
}
