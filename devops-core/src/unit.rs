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
