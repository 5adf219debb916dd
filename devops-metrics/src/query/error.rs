//! Why a query was refused.

use alloc::string::String;

use crate::calendar::CalendarError;
use crate::definition::DefinitionError;

/// Why a query was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The definition holds a choice that cannot be.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// The window cannot be cut as asked.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The definition refuses negative durations, and there is one.
    #[error(
        "the duration of `{event}` is `{hours}` hours, must not be negative under definition `{definition}`"
    )]
    Negative {
        /// The change, incident or deployment.
        event: String,
        /// The duration in hours.
        hours: String,
        /// The definition's name.
        definition: String,
    },
    /// A number that is a mean of services cannot be made of what several services have together.
    #[error(
        "definition `{definition}` takes the mean of services, of which states do not keep the parts: \
         group by service is expected"
    )]
    MeanOfServices {
        /// The definition's name.
        definition: String,
    },
    /// The group is not among those of the query.
    #[error("`group` is `{group}`, must be one of the {count} groups of the query")]
    UnknownGroup {
        /// What was asked for.
        group: String,
        /// How many groups there are.
        count: usize,
    },
    /// The period is not among those of the query.
    #[error("`period` is `{period}`, must be one of the {count} periods of the query")]
    UnknownPeriod {
        /// What was asked for.
        period: String,
        /// How many periods there are.
        count: usize,
    },
    /// More cells than can be taken.
    #[error("the query has {groups} groups of {periods} periods, at most {limit} cells can be taken")]
    TooManyCells {
        /// Groups of one batch.
        groups: usize,
        /// Periods.
        periods: usize,
        /// The largest number of cells.
        limit: u32,
    },
}
