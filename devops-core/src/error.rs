//! The one error of all checked values.

use alloc::string::String;

/// Why a value was refused at the boundary.
///
/// Every message names the field, the value and what would be right, so that it can be shown to the person
/// who wrote the value as it is.
///
/// ```
/// use devops_core::Score;
///
/// let error = Score::new(11.0).unwrap_err();
/// assert_eq!(error.to_string(), "score `11` is outside 0 to 10");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// NaN or an infinity where a number is needed.
    #[error("{field} `{value}` is not a finite number")]
    NotFinite {
        /// Which value.
        field: &'static str,
        /// What it was: `NaN`, `inf` or `-inf`.
        value: String,
    },
    /// A number outside its range.
    #[error("{field} `{value}` is outside {min} to {max}")]
    OutOfRange {
        /// Which value.
        field: &'static str,
        /// What it was.
        value: String,
        /// The smallest value allowed.
        min: String,
        /// The largest value allowed.
        max: String,
    },
    /// An empty text where one is needed.
    #[error("{field} is empty: expected {expected}")]
    Empty {
        /// Which value.
        field: &'static str,
        /// What would be right.
        expected: &'static str,
    },
    /// A text in the wrong form.
    #[error("{field} `{value}` is malformed: expected {expected}")]
    Malformed {
        /// Which value.
        field: &'static str,
        /// What it was, shortened to 80 characters, without control characters.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Two parts that do not fit together.
    #[error("{field} `{value}` does not fit: {expected}")]
    Inconsistent {
        /// Which value.
        field: &'static str,
        /// What it was.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
}

impl ValueError {
    /// A [`ValueError::Malformed`] whose value is made fit to show.
    ///
    /// ```
    /// use devops_core::ValueError;
    ///
    /// let error = ValueError::malformed("branch", "a\nb", "one line");
    /// assert_eq!(error.to_string(), "branch `a b` is malformed: expected one line");
    /// ```
    #[must_use]
    pub fn malformed(field: &'static str, value: &str, expected: &'static str) -> Self {
        Self::Malformed { field, value: excerpt(value), expected }
    }
}

/// At most 80 characters of user input, on one line and without back-ticks, for an error message.
///
/// ```
/// assert_eq!(devops_core::excerpt("a\tb"), "a b");
/// assert_eq!(devops_core::excerpt(&"x".repeat(100)).chars().count(), 81);
/// ```
#[must_use]
pub fn excerpt(value: &str) -> String {
    let mut shown: String =
        value.chars().take(80).map(|c| if c.is_control() || c == '`' { ' ' } else { c }).collect();
    if value.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}
