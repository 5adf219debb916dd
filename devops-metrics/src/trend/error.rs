//! Why a series or a policy was refused.

use alloc::string::String;
use devops_stats::StatsError;

/// Why [`assess`](super::assess) refused a series or a policy.
///
/// ```
/// use devops_core::GoodDirection;
/// use devops_metrics::trend::TrendPolicy;
///
/// let refused = TrendPolicy::new(GoodDirection::Down).with_alpha(2.0).unwrap_err();
/// assert_eq!(refused.to_string(), "`alpha` is `2`, must be between 0.000001 and 0.5");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrendError {
    /// A setting is outside its range.
    #[error("`{field}` is `{value}`, must be {range}")]
    Policy {
        /// The setting.
        field: &'static str,
        /// What was given.
        value: String,
        /// What would be right.
        range: &'static str,
    },
    /// A period holds something that it cannot.
    #[error("`{field}` of period {index} is `{value}`, must be {range}")]
    Period {
        /// Index of the period as given, from 0.
        index: usize,
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
        /// What would be right.
        range: &'static str,
    },
    /// More periods than can be taken.
    #[error("the series has {got} periods, at most {limit} can be taken")]
    TooLong {
        /// The largest number accepted.
        limit: usize,
        /// The number given.
        got: usize,
    },
    /// A statistical method refused what the series became.
    #[error("a statistical method refused the series")]
    Method(#[from] StatsError),
}
