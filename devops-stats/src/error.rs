//! Why a method refused its input.

use alloc::format;
use alloc::string::String;

/// Why a method of this crate refused its input.
///
/// A refusal says which argument, where, what was there and what would be right. A statistic that does not
/// exist for *acceptable* input (all values equal, say) is no error: see [`Outcome`](crate::Outcome).
///
/// ```
/// use devops_stats::StatsError;
///
/// let refused = StatsError::NotEnoughData { needed: 5, got: 3 };
/// assert_eq!(refused.to_string(), "not enough data: needs 5 values, got 3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// A value is NaN or infinite.
    #[error("`{argument}` holds `{value}` at index {index}, every value must be finite")]
    NonFinite {
        /// The argument's name.
        argument: &'static str,
        /// Index of the first such value, from 0.
        index: usize,
        /// The value as text: NaN, inf or -inf.
        value: String,
    },
    /// The series is shorter than the method's minimum.
    #[error("not enough data: needs {needed} values, got {got}")]
    NotEnoughData {
        /// The method's minimum.
        needed: usize,
        /// The number of usable values.
        got: usize,
    },
    /// A parameter is outside its range.
    #[error("`{argument}` is `{value}`, must be {range}")]
    OutOfRange {
        /// The parameter's name.
        argument: &'static str,
        /// The value as text.
        value: String,
        /// What would be right, as a fragment: "in (0, 1)".
        range: &'static str,
    },
    /// One element of a slice is outside its range.
    #[error("`{argument}` holds `{value}` at index {index}, must be {range}")]
    ElementOutOfRange {
        /// The argument's name.
        argument: &'static str,
        /// Index of the first such element, from 0.
        index: usize,
        /// The element as text.
        value: String,
        /// What would be right, as a fragment.
        range: &'static str,
    },
    /// Two slices that belong together differ in length.
    #[error("`{left}` has {left_len} values and `{right}` has {right_len}, they must be equally many")]
    LengthMismatch {
        /// Name of the first argument.
        left: &'static str,
        /// Its length.
        left_len: usize,
        /// Name of the second argument.
        right: &'static str,
        /// Its length.
        right_len: usize,
    },
    /// More values than the method can take.
    #[error("`{argument}` has {got} values, at most {limit} can be taken")]
    TooMany {
        /// The argument's name.
        argument: &'static str,
        /// The largest number accepted.
        limit: usize,
        /// The number given.
        got: usize,
    },
    /// Values that must not decrease do.
    #[error("`{argument}` decreases at index {index}, it must be sorted")]
    Unsorted {
        /// The argument's name.
        argument: &'static str,
        /// Index of the first value smaller than its predecessor.
        index: usize,
    },
}

impl StatsError {
    /// An [`OutOfRange`](Self::OutOfRange) with the value rendered.
    pub(crate) fn out_of_range(
        argument: &'static str,
        value: impl core::fmt::Display,
        range: &'static str,
    ) -> Self {
        Self::OutOfRange { argument, value: format!("{value}"), range }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn messages_are_fragments_that_name_the_argument() {
        let text = StatsError::out_of_range("confidence", 1.5, "in (0, 1)").to_string();
        assert_eq!(text, "`confidence` is `1.5`, must be in (0, 1)");
        let text = StatsError::NonFinite { argument: "x", index: 3, value: "NaN".into() }.to_string();
        assert_eq!(text, "`x` holds `NaN` at index 3, every value must be finite");
    }
}
