//! Criteria made in Rust in place of text. Each writes the text form and reads it, so that there is one place that
//! says what is allowed.

use alloc::format;
use alloc::string::{String, ToString as _};
use core::ops::{Bound, RangeBounds};

use devops_core::{Comparison, Decimal, Severity, Unit};

use crate::condition::predicate::Test;
use crate::condition::relative::Offset;
use crate::condition::sample_criterion::word;
use crate::judge::Direction;
use crate::{Predicate, PredicateError};

impl Predicate {
    const fn of(test: Test) -> Self {
        Self { test, unit: None }
    }

    /// A number that stands so to a threshold.
    ///
    /// ```
    /// use devops_core::{Comparison, Unit};
    /// use devops_gates::{ConditionSpec, Predicate};
    ///
    /// let covered = Predicate::compare(Comparison::AtLeast, 80).with_unit(Unit::Percent)?;
    /// assert_eq!(covered.to_string(), ">= 80 %");
    /// assert_eq!(ConditionSpec::new("covered", "test_coverage", covered).pass, ">= 80 %");
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    #[must_use]
    pub fn compare(comparison: Comparison, threshold: impl Into<Decimal>) -> Self {
        Self::of(Test::Compare { comparison, value: threshold.into() })
    }

    /// A number from that threshold on.
    ///
    /// ```
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::at_least("7.5".parse::<devops_core::Decimal>()?).to_string(), ">= 7.5");
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn at_least(threshold: impl Into<Decimal>) -> Self {
        Self::compare(Comparison::AtLeast, threshold)
    }

    /// A number up to that threshold.
    ///
    /// ```
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::at_most(0).to_string(), "<= 0");
    /// ```
    #[must_use]
    pub fn at_most(threshold: impl Into<Decimal>) -> Self {
        Self::compare(Comparison::AtMost, threshold)
    }

    /// A number within a range that has both ends.
    ///
    /// # Errors
    ///
    /// For a range without a low or a high end: that is a comparison.
    ///
    /// ```
    /// use devops_core::Decimal;
    /// use devops_gates::Predicate;
    ///
    /// let end = |n: u64| Decimal::from(n);
    /// assert_eq!(Predicate::within(end(0)..end(200))?.to_string(), "in [0, 200)");
    /// assert_eq!(Predicate::within(end(1)..=end(3))?.negated()?.to_string(), "not in [1, 3]");
    /// assert!(Predicate::within(end(1)..).is_err());
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    pub fn within(range: impl RangeBounds<Decimal>) -> Result<Self, PredicateError> {
        let end = |bound: Bound<&Decimal>, included, left_out| match bound {
            Bound::Included(value) => (value.to_string(), included),
            Bound::Excluded(value) => (value.to_string(), left_out),
            Bound::Unbounded => (String::new(), left_out),
        };
        let (low, open) = end(range.start_bound(), "[", "(");
        let (high, close) = end(range.end_bound(), "]", ")");
        format!("in {open}{low}, {high}{close}").parse()
    }

    /// One of those numbers.
    ///
    /// # Errors
    ///
    /// Where there are none.
    ///
    /// ```
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::one_of([1, 2])?.to_string(), "in {1, 2}");
    /// assert!(Predicate::one_of::<u64>([]).is_err());
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    pub fn one_of<N: Into<Decimal>>(numbers: impl IntoIterator<Item = N>) -> Result<Self, PredicateError> {
        let numbers = numbers.into_iter().map(|n| n.into().to_string());
        format!("in {{{}}}", joined(numbers)).parse()
    }

    /// One of those texts.
    ///
    /// # Errors
    ///
    /// Where there are none, and for a text with a double quote in it.
    ///
    /// ```
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::one_of_texts(["MIT", "ISC"])?.to_string(), r#"in {"MIT", "ISC"}"#);
    /// assert_eq!(Predicate::one_of_texts(["A"])?.negated()?.to_string(), r#"!= "A""#);
    /// assert!(Predicate::one_of_texts([r#"""#]).is_err());
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    pub fn one_of_texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, PredicateError> {
        let quoted = texts.into_iter().map(|text| format!("\"{}\"", text.as_ref()));
        format!("in {{{}}}", joined(quoted)).parse()
    }

    /// That flag.
    ///
    /// ```
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::flag(true).to_string(), "= true");
    /// ```
    #[must_use]
    pub const fn flag(value: bool) -> Self {
        Self::of(Test::Flag { value })
    }

    /// A worst severity that stands so to this one; `None` is no finding at all.
    ///
    /// ```
    /// use devops_core::{Comparison, Severity};
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::severity(Comparison::AtMost, Some(Severity::Minor)).to_string(), "<= minor");
    /// ```
    #[must_use]
    pub const fn severity(comparison: Comparison, severity: Option<Severity>) -> Self {
        Self::of(Test::Severity { comparison, severity })
    }

    /// A number that stands so to the baseline with so much added; of less, a number below zero.
    ///
    /// ```
    /// use devops_core::{Comparison, Decimal, Unit};
    /// use devops_gates::Predicate;
    ///
    /// let two = Decimal::from(2);
    /// let covered = Predicate::baseline(Comparison::AtLeast, two.negated()).with_unit(Unit::Percent)?;
    /// assert_eq!(covered.to_string(), ">= baseline - 2 pp");
    /// assert_eq!(Predicate::baseline(Comparison::AtMost, 0).to_string(), "<= baseline");
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    #[must_use]
    pub fn baseline(comparison: Comparison, plus: impl Into<Decimal>) -> Self {
        Self::of(Test::Relative { comparison, offset: Offset::Plain(plus.into()) })
    }

    /// A number that stands so to the baseline with so many percent of it added.
    ///
    /// ```
    /// use devops_core::Comparison;
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::baseline_percent(Comparison::AtMost, 10).to_string(), "<= baseline + 10 %");
    /// ```
    #[must_use]
    pub fn baseline_percent(comparison: Comparison, plus: impl Into<Decimal>) -> Self {
        Self::of(Test::Relative { comparison, offset: Offset::Percent(plus.into()) })
    }

    /// With that unit for its number.
    ///
    /// # Errors
    ///
    /// For a criterion that takes no unit, such as a flag, or that names one already.
    ///
    /// ```
    /// use devops_core::Unit;
    /// use devops_gates::Predicate;
    /// assert!(Predicate::flag(true).with_unit(Unit::Percent).is_err());
    /// ```
    pub fn with_unit(&self, unit: Unit) -> Result<Self, PredicateError> {
        let relative = self.offset().is_some_and(|offset| !offset.is_bare());
        let name = if relative { added_unit(unit) } else { unit.as_str() };
        format!("{self} {name}").parse()
    }

    /// Outside the range, or none of the set.
    ///
    /// # Errors
    ///
    /// For a criterion that is neither a range nor a set.
    ///
    /// ```
    /// use devops_gates::Predicate;
    /// assert_eq!(Predicate::one_of([3])?.negated()?.to_string(), "not in {3}");
    /// assert!(Predicate::at_least(3).negated().is_err());
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    pub fn negated(&self) -> Result<Self, PredicateError> {
        match &self.test {
            Test::Texts { negated, values } => {
                Ok(Self::of(Test::Texts { negated: !negated, values: values.clone() }))
            }
            Test::Range { negated: true, .. } | Test::Numbers { negated: true, .. } => {
                self.to_string().trim_start_matches("not ").parse()
            }
            _ => format!("not {self}").parse(),
        }
    }
}

/// The unit of what is added to a baseline: a percentage there would be a share of it.
fn added_unit(unit: Unit) -> &'static str {
    if unit == Unit::Percent { "pp" } else { unit.as_str() }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<alloc::vec::Vec<_>>().join(", ")
}

/// Builds a criterion on samples: which change they must not show against those of a baseline.
///
/// ```
/// use devops_gates::NoChange;
/// use devops_gates::judge::Direction;
///
/// assert_eq!(NoChange::new(Direction::Increase).beyond_percent(5).build()?.to_string(), "no increase beyond 5 %");
/// assert_eq!(
///     NoChange::new(Direction::Either).in_tail(99).at_level(1).build()?.to_string(),
///     "no change in p99 at 1 %",
/// );
/// // To rule out a change, one must say how large a one.
/// assert!(NoChange::new(Direction::Increase).proven().build().is_err());
/// # Ok::<(), devops_gates::PredicateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct NoChange {
    proven: bool,
    direction: Direction,
    look: String,
    beyond: String,
    level: String,
}

impl NoChange {
    /// No such change of the values.
    pub const fn new(direction: Direction) -> Self {
        Self { proven: false, direction, look: String::new(), beyond: String::new(), level: String::new() }
    }

    /// Of how far the values are spread.
    pub fn in_spread(self) -> Self {
        Self { look: " in spread".into(), ..self }
    }

    /// Of the share of outcomes that a fraction counts.
    pub fn in_rate(self) -> Self {
        Self { look: " in rate".into(), ..self }
    }

    /// Of the tail beyond that percentile, from 50 to below 100.
    pub fn in_tail(self, percentile: impl Into<Decimal>) -> Self {
        Self { look: format!(" in p{}", percentile.into()), ..self }
    }

    /// Up to so many percent of each value of the baseline are accepted.
    pub fn beyond_percent(self, percent: impl Into<Decimal>) -> Self {
        Self { beyond: format!(" beyond {} %", percent.into()), ..self }
    }

    /// Up to so much is accepted, in that unit; percentage points in [`Unit::Percent`].
    pub fn beyond(self, amount: impl Into<Decimal>, unit: Unit) -> Self {
        Self { beyond: format!(" beyond {} {}", amount.into(), added_unit(unit)), ..self }
    }

    /// The change must be ruled out; where it is neither shown nor ruled out, the condition is inconclusive.
    pub fn proven(self) -> Self {
        Self { proven: true, ..self }
    }

    /// It may fail for nothing in so many percent of all cases: above 0, at most 50.
    pub fn at_level(self, percent: impl Into<Decimal>) -> Self {
        Self { level: format!(" at {} %", percent.into()), ..self }
    }

    /// The criterion.
    ///
    /// # Errors
    ///
    /// For an amount, a percentile or a level outside its range, and for a `proven` without an amount; told of the
    /// text form.
    ///
    /// ```
    /// use devops_gates::NoChange;
    /// use devops_gates::judge::Direction;
    ///
    /// let error = NoChange::new(Direction::Decrease).at_level(60).build().unwrap_err();
    /// assert_eq!(error.expected, "a level above 0 % and at most 50 %");
    /// ```
    pub fn build(self) -> Result<Predicate, PredicateError> {
        let proven = if self.proven { "proven " } else { "" };
        format!("{proven}no {}{}{}{}", word(self.direction), self.look, self.beyond, self.level).parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal() -> impl Strategy<Value = Decimal> {
        (-200i32..200, 0u32..3).prop_map(|(n, places)| format!("{n}e-{places}").parse().unwrap())
    }

    proptest! {
        #[test]
        fn what_is_built_reads_back(
            a in decimal(), b in decimal(), comparison in 0usize..6, unit in 0usize..17, percent in any::<bool>(),
        ) {
            let comparison = Comparison::ALL[comparison];
            let unit = Unit::ALL[unit];
            let mut all = alloc::vec![
                Predicate::compare(comparison, a),
                Predicate::baseline(comparison, a),
                Predicate::baseline_percent(comparison, a),
                Predicate::flag(percent),
                Predicate::severity(comparison, None),
            ];
            all.extend(Predicate::within(a..=b));
            all.extend(Predicate::one_of([a, b]));
            let mut samples = NoChange::new(Direction::Increase);
            samples = if percent { samples.beyond_percent(a) } else { samples.beyond(a, unit) };
            all.extend(samples.in_spread().at_level(b).build());
            for predicate in all.clone() {
                all.extend(predicate.with_unit(unit));
                if let Ok(other) = predicate.negated() {
                    prop_assert_eq!(other.negated().unwrap(), predicate);
                }
            }
            for predicate in all {
                prop_assert_eq!(predicate.to_string().parse::<Predicate>().unwrap(), predicate);
            }
        }
    }
}
