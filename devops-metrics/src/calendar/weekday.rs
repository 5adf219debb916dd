//! Days of the week.

use core::fmt;

/// A day of the week; Monday unless given.
///
/// ```
/// use devops_metrics::calendar::Weekday;
/// assert_eq!(Weekday::Saturday.days_since(Weekday::Monday), 5);
/// assert_eq!(Weekday::default().to_string(), "Monday");
/// ```
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a week has seven days")]
pub enum Weekday {
    /// The first day of a week in ISO 8601.
    #[default]
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All seven, from Monday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// Days from the last `earlier` to this day, 0 to 6.
    ///
    /// ```
    /// use devops_metrics::calendar::Weekday;
    /// assert_eq!(Weekday::Monday.days_since(Weekday::Sunday), 1);
    /// ```
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> u8 {
        ((self as u8).wrapping_add(7).wrapping_sub(earlier as u8)) % 7
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Monday => "Monday",
            Self::Tuesday => "Tuesday",
            Self::Wednesday => "Wednesday",
            Self::Thursday => "Thursday",
            Self::Friday => "Friday",
            Self::Saturday => "Saturday",
            Self::Sunday => "Sunday",
        }
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_since_counts_forward() {
        for (index, day) in Weekday::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(day.days_since(Weekday::Monday)), index);
            assert_eq!(day.days_since(day), 0);
        }
        assert_eq!(Weekday::Sunday.days_since(Weekday::Saturday), 1);
        assert_eq!(Weekday::Saturday.days_since(Weekday::Sunday), 6);
        assert_eq!(serde_json::to_string(&Weekday::Sunday).unwrap(), "\"sunday\"");
    }
}
