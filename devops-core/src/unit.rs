//! What a measured number counts.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::ValueError;

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $symbol:literal;)*) => {
        /// The unit of a [`Measure`](crate::Measure); part of its meaning, so 0.8 and 80 % cannot be mixed up.
        ///
        /// ```
        /// use devops_core::Unit;
        ///
        /// assert_eq!("percent".parse::<Unit>()?, Unit::Percent);
        /// assert_eq!(Unit::Percent.symbol(), "%");
        /// # Ok::<(), devops_core::ValueError>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        #[non_exhaustive]
        pub enum Unit {
            $($(#[$doc])* $name,)*
        }

        impl Unit {
            /// Every unit.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name as it is written in files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What stands behind a number that is shown to people; empty where nothing does.
            #[must_use]
            pub const fn symbol(self) -> &'static str {
                match self { $(Self::$name => $symbol,)* }
            }
        }
    };
}

units! {
    /// A score from 0 to 10.
    Score = "score", "";
    /// A percentage, 0 to 100.
    Percent = "percent", "%";
    /// A share, 0 to 1.
    Ratio = "ratio", "";
    /// A probability, 0 to 1.
    Probability = "probability", "";
    /// How many.
    Count = "count", "";
    /// Lines of text.
    Lines = "lines", "lines";
    /// Milliseconds.
    Milliseconds = "milliseconds", "ms";
    /// Seconds.
    Seconds = "seconds", "s";
    /// Minutes.
    Minutes = "minutes", "min";
    /// Hours.
    Hours = "hours", "h";
    /// Days.
    Days = "days", "d";
    /// Weeks.
    Weeks = "weeks", "wk";
    /// Events a day.
    PerDay = "per_day", "/day";
    /// Events a week.
    PerWeek = "per_week", "/week";
    /// Events a month.
    PerMonth = "per_month", "/month";
    /// Bytes.
    Bytes = "bytes", "B";
    /// A plain number.
    None = "none", "";
}

/// What a unit measures, and how much of it one of the unit is: milliseconds, events a day, hundredths.
enum Kind {
    Time(f64),
    Rate(f64),
    Share(f64),
}

/// Days of a mean Gregorian month: 146,097 days in 4,800 months.
const MONTH: f64 = 146_097.0 / 4_800.0;

impl Unit {
    const fn kind(self) -> Option<Kind> {
        Some(match self {
            Self::Milliseconds => Kind::Time(1.0),
            Self::Seconds => Kind::Time(1e3),
            Self::Minutes => Kind::Time(6e4),
            Self::Hours => Kind::Time(3.6e6),
            Self::Days => Kind::Time(8.64e7),
            Self::Weeks => Kind::Time(6.048e8),
            Self::PerDay => Kind::Rate(MONTH),
            Self::PerWeek => Kind::Rate(MONTH / 7.0),
            Self::PerMonth => Kind::Rate(1.0),
            Self::Percent => Kind::Share(1.0),
            Self::Ratio | Self::Probability => Kind::Share(100.0),
            _ => return None,
        })
    }

    /// By how much a value in this unit is multiplied to be one in `other`; `None` where they measure different
    /// things. A month is 146,097 / 4,800 days, the mean of the Gregorian calendar.
    ///
    /// ```
    /// use devops_core::Unit;
    ///
    /// assert_eq!(Unit::Hours.factor_to(Unit::Minutes), Some(60.0));
    /// assert_eq!(Unit::PerDay.factor_to(Unit::PerMonth), Some(30.436875));
    /// assert_eq!(Unit::Hours.factor_to(Unit::Percent), None);
    /// ```
    #[must_use]
    pub fn factor_to(self, other: Self) -> Option<f64> {
        if self == other {
            return Some(1.0);
        }
        match (self.kind()?, other.kind()?) {
            (Kind::Time(a), Kind::Time(b))
            | (Kind::Rate(a), Kind::Rate(b))
            | (Kind::Share(a), Kind::Share(b)) => Some(a / b),
            _ => None,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Unit {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::ALL.iter().copied().find(|u| u.as_str() == text).ok_or_else(|| {
            ValueError::malformed(
                "unit",
                text,
                "a unit such as `score`, `percent`, `ratio`, `count` or `seconds`",
            )
        })
    }
}

impl TryFrom<String> for Unit {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<Unit> for &'static str {
    fn from(unit: Unit) -> Self {
        unit.as_str()
    }
}
