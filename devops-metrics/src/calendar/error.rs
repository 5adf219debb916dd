//! Why a zone, a window or a calendar was refused.

use alloc::string::String;
use devops_core::{Timestamp, ValueError};

/// Why a zone, a window or a calendar was refused.
///
/// ```
/// use devops_metrics::calendar::Zone;
///
/// assert_eq!(
///     Zone::new("Europe/Berlln").unwrap_err().to_string(),
///     "zone `Europe/Berlln` is unknown: expected a name such as `Europe/Berlin`, or an offset such as `+05:30`",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// No zone has that name.
    #[error(
        "zone `{value}` is unknown: expected a name such as `Europe/Berlin`, or an offset such as `+05:30`"
    )]
    UnknownZone {
        /// What was given, made fit to show.
        value: String,
    },
    /// A window that ends before it starts.
    #[error("`to` of the window is `{to}`, must not be before `from`, `{from}`")]
    Window {
        /// Where it starts.
        from: Timestamp,
        /// Where it ends.
        to: Timestamp,
    },
    /// A rolling period of no day, or of more than ten years.
    #[error("`days` of the rolling period is `{value}`, must be between 1 and 3660")]
    RollingDays {
        /// What was given.
        value: u16,
    },
    /// More periods than can be listed.
    #[error("the window has more than {limit} periods: take longer periods or a shorter window")]
    TooManyPeriods {
        /// The largest number that is listed.
        limit: usize,
    },
    /// A shift that ends before it starts, or that meets another of the same day.
    #[error("shift `{shift}` of {day} {problem}")]
    Shift {
        /// The day of the week.
        day: &'static str,
        /// The shift, such as `09:00-17:00`.
        shift: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A date or a time that is none.
    #[error(transparent)]
    Value(#[from] ValueError),
}
