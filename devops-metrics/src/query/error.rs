//! Why a query was refused.

use alloc::format;
use alloc::string::{String, ToString};
use devops_core::excerpt;

use crate::calendar::CalendarError;
use crate::definition::DefinitionError;
use crate::query::Group;

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
    /// A state was made under another definition than that of the query.
    #[error("`definition` of the query is `{asked}`, must be that of the state, `{made}`")]
    OtherDefinition {
        /// Name and version of the query's.
        asked: String,
        /// Name and version of the state's; several where states of several were merged.
        made: String,
    },
    /// The group is not among those of the query.
    #[error("`group` is `{group}`, must be {}", one_of(*count, first, "group"))]
    UnknownGroup {
        /// What was asked for.
        group: String,
        /// How many groups there are.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// The period is not among those of the query.
    #[error("`period` is `{period}`, must be {}", one_of(*count, first, "period"))]
    UnknownPeriod {
        /// What was asked for.
        period: String,
        /// How many periods there are.
        count: usize,
        /// The first of them.
        first: String,
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

/// What would be right.
fn one_of(count: usize, first: &str, what: &str) -> String {
    match count {
        0 => format!("a {what} of the query, which has none"),
        1 => format!("`{first}`, the only {what} of the query"),
        _ => format!("one of the {count} {what}s of the query, such as `{first}`"),
    }
}

impl QueryError {
    pub(super) fn unknown_group<'a, K: IntoIterator<Item = &'a Group>>(group: &Group, known: K) -> Self {
        let mut known = known.into_iter();
        let first = known.next().map(|first| excerpt(&first.to_string()));
        let count = known.count().saturating_add(usize::from(first.is_some()));
        let group = excerpt(&group.to_string());
        Self::UnknownGroup { group, count, first: first.unwrap_or_default() }
    }

    pub(super) fn unknown_period(period: &str, count: usize, first: String) -> Self {
        Self::UnknownPeriod { period: excerpt(period), count, first }
    }
}
