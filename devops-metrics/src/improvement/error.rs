//! Why an observation, a policy or a judgement was refused.

use alloc::string::{String, ToString};

use devops_core::{Unit, ValueError};
use devops_stats::StatsError;

/// Why a value of the improvement loop was refused.
///
/// ```
/// use devops_metrics::improvement::Sample;
///
/// let refused = Sample::share(7, 5).unwrap_err();
/// assert_eq!(refused.to_string(), "`part` is `7`, must be at most the whole, 5");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImprovementError {
    /// A value is outside its range.
    #[error("`{field}` is `{value}`, must be {range}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
        /// What would be right.
        range: String,
    },
    /// A unit that does not measure what is asked.
    #[error("`{metric}` is in `{unit}`, must be in a unit that converts to `{expected}`")]
    Unit {
        /// The metric.
        metric: String,
        /// Its unit.
        unit: Unit,
        /// The unit that is asked.
        expected: Unit,
    },
    /// Two samples that cannot be compared.
    #[error("`{metric}` was sampled as {before} before and as {after} after, must be sampled alike")]
    Kind {
        /// The metric.
        metric: String,
        /// The earlier sample.
        before: &'static str,
        /// The later sample.
        after: &'static str,
    },
    /// A statistical method refused a sample.
    #[error("a statistical method refused the sample")]
    Method(#[from] StatsError),
    /// An id or a number that is none.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl ImprovementError {
    #[expect(clippy::needless_pass_by_value, reason = "callers pass plain numbers and texts")]
    pub(super) fn range(field: &'static str, value: impl ToString, range: impl ToString) -> Self {
        Self::OutOfRange { field, value: value.to_string(), range: range.to_string() }
    }
}
