//! Statistics that may not exist.

use serde::{Deserialize, Serialize};

/// A statistic, or the reason why it does not exist for this (acceptable) input.
///
/// No method of this crate answers with NaN: where the textbook divides by zero, it answers
/// [`Undefined`](Outcome::Undefined) and says why.
///
/// Closed: a statistic exists or it does not, and callers should match both.
///
/// ```
/// use devops_stats::{Outcome, Undefined};
///
/// let there = Outcome::Defined(0.03);
/// let absent: Outcome<f64> = Outcome::Undefined(Undefined::Constant);
/// assert_eq!(there.defined(), Some(0.03));
/// assert_eq!(absent.reason(), Some(Undefined::Constant));
/// assert_eq!(Undefined::Constant.to_string(), "all values are equal");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a statistic exists or it does not")]
pub enum Outcome<T> {
    /// The statistic.
    Defined(T),
    /// It does not exist, and why.
    Undefined(Undefined),
}

/// Why a statistic does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Undefined {
    /// All values are equal, so there is nothing to rank.
    Constant,
    /// The (corrected) variance is zero or negative.
    NoVariance,
    /// The residual that the statistic is divided by is zero.
    PerfectFit,
    /// Every outcome is the same: no event at all, or nothing but events.
    OneOutcome,
    /// The method needs more values than there are.
    TooFewValues,
    /// All times or scores are equal.
    OneTime,
    /// A margin of the table is zero.
    EmptyMargin,
    /// The estimate runs away to infinity, as when all events fall on one side.
    Separated,
    /// The iteration did not settle.
    NotConverged,
    /// The result is larger than a floating point number can hold.
    Overflow,
}

impl core::fmt::Display for Undefined {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Constant => "all values are equal",
            Self::NoVariance => "the variance is not positive",
            Self::PerfectFit => "the residuals are all zero",
            Self::OneOutcome => "all outcomes are the same",
            Self::TooFewValues => "there are too few values",
            Self::OneTime => "all times are equal",
            Self::EmptyMargin => "a margin of the table is zero",
            Self::Separated => "the events fall on one side only",
            Self::NotConverged => "the iteration did not settle",
            Self::Overflow => "the result is too large",
        })
    }
}

impl<T> Outcome<T> {
    /// The statistic, if it exists.
    ///
    /// ```
    /// use devops_stats::Outcome;
    /// assert_eq!(Outcome::Defined(2).defined(), Some(2));
    /// ```
    pub fn defined(self) -> Option<T> {
        match self {
            Self::Defined(value) => Some(value),
            Self::Undefined(_) => None,
        }
    }

    /// The statistic by reference, if it exists.
    ///
    /// ```
    /// use devops_stats::Outcome;
    /// assert_eq!(Outcome::Defined(2).as_defined(), Some(&2));
    /// ```
    pub fn as_defined(&self) -> Option<&T> {
        match self {
            Self::Defined(value) => Some(value),
            Self::Undefined(_) => None,
        }
    }

    /// Why the statistic does not exist.
    ///
    /// ```
    /// use devops_stats::{Outcome, Undefined};
    /// let absent: Outcome<f64> = Outcome::Undefined(Undefined::OneOutcome);
    /// assert_eq!(absent.reason(), Some(Undefined::OneOutcome));
    /// ```
    pub fn reason(&self) -> Option<Undefined> {
        match self {
            Self::Defined(_) => None,
            Self::Undefined(reason) => Some(*reason),
        }
    }

    /// Applies `f` to the statistic, if it exists.
    ///
    /// ```
    /// use devops_stats::Outcome;
    /// assert_eq!(Outcome::Defined(2).map(|v| v + 1), Outcome::Defined(3));
    /// ```
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Defined(value) => Outcome::Defined(f(value)),
            Self::Undefined(reason) => Outcome::Undefined(reason),
        }
    }
}

impl Outcome<f64> {
    /// The number, or [`Undefined::Overflow`] where it is NaN or infinite.
    pub(crate) fn finite(value: f64) -> Self {
        if value.is_finite() { Self::Defined(value) } else { Self::Undefined(Undefined::Overflow) }
    }
}
