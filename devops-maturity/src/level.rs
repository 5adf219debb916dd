//! Maturity levels.

use core::fmt;

use devops_core::Score;

/// A maturity level, numbered from 1 to 5.
///
/// ```
/// use devops_core::Score;
/// use devops_maturity::Level;
///
/// assert_eq!(Level::of(Score::new(5.0)?), Level::Defined);
/// assert_eq!(Level::of(Score::new(4.999_999)?), Level::Managed);
/// assert_eq!(Level::Optimized.number(), 5);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the five levels are the scale")]
pub enum Level {
    /// Below 3: success depends on single people.
    Initial,
    /// From 3: the basics are in place and repeated.
    Managed,
    /// From 5: one way of working, written down and followed.
    Defined,
    /// From 7: measured, and steered by the measures.
    Quantified,
    /// From 9: improved all the time.
    Optimized,
}

impl Level {
    /// All five, lowest first.
    pub const ALL: [Self; 5] =
        [Self::Initial, Self::Managed, Self::Defined, Self::Quantified, Self::Optimized];

    /// The level that an overall score reaches. Scores are exact, so 5 is "defined" however it was summed.
    #[must_use]
    pub fn of(score: Score) -> Self {
        Self::ALL.into_iter().rfind(|level| score >= level.threshold()).unwrap_or(Self::Initial)
    }

    /// The lowest overall score of the level.
    ///
    /// ```
    /// assert_eq!(devops_maturity::Level::Quantified.threshold().to_string(), "7");
    /// ```
    #[must_use]
    pub const fn threshold(self) -> Score {
        Score::saturating_from_micros(match self {
            Self::Initial => 0,
            Self::Managed => 3_000_000,
            Self::Defined => 5_000_000,
            Self::Quantified => 7_000_000,
            Self::Optimized => 9_000_000,
        })
    }

    /// The number, from 1 to 5.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Initial => 1,
            Self::Managed => 2,
            Self::Defined => 3,
            Self::Quantified => 4,
            Self::Optimized => 5,
        }
    }

    /// The name as it is written in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Managed => "managed",
            Self::Defined => "defined",
            Self::Quantified => "quantified",
            Self::Optimized => "optimized",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
