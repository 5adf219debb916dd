//! The text form of a criterion: `>= 80 %`.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use devops_core::{Comparison, Decimal, Severity, Unit};

use crate::condition::reader::PredicateError;
use crate::condition::relative::Offset;
use crate::condition::sample_criterion::SampleCriterion;

/// What a value must be: a comparison, also relative to a baseline, a range, one of a set, a flag or a text; or
/// what its samples must not show against those of a baseline.
///
/// ```text
/// criterion  = comparison | relative | range | set | flag | text | severity | samples
/// comparison = ("<" | "<=" | "=" | "!=" | ">=" | ">") number [unit]
/// relative   = ("<" | "<=" | "=" | "!=" | ">=" | ">") "baseline" [("+" | "-") offset]
/// offset     = number "%" | number "pp" | number [unit]
/// range      = ["not"] "in" ("[" | "(") number "," number ("]" | ")") [unit]
/// set        = ["not"] "in" "{" (number {"," number} | string {"," string}) "}" [unit]
/// flag       = ("=" | "!=") ("true" | "false")
/// text       = ("=" | "!=") string
/// severity   = ("<" | "<=" | "=" | "!=" | ">=" | ">") ("none" | "info" | "minor" | "major" | "critical")
/// samples    = ["proven"] "no" ("increase" | "decrease" | "change") ["in" ("spread" | "rate" | "p" number)]
///              ["beyond" number ("%" | "pp" | [unit])] ["at" number "%"]
/// number     = a decimal: 80, -2.5, 1e-3
/// string     = text in double quotes, without a double quote in it
/// unit       = the name or the symbol of a unit: percent, %, ms, seconds, score
/// ```
///
/// Square brackets take their end in, round ones leave it out. Numbers are kept exactly as written; text sets
/// and flags take no unit.
///
/// A sign in front of a number belongs to the number: `>= -5` is a plain threshold below zero. Only what names
/// the `baseline` is relative: `<= baseline + 10 %` allows ten percent of the baseline more, `>= baseline - 2 pp`
/// two percentage points less (of a measure in percent), `<= baseline + 5` five more in the unit of the measure.
/// What the baseline is says the condition, in a [`BaselineSpec`](crate::BaselineSpec).
///
/// `no increase beyond 5 %` compares [samples](devops_core::Measure::samples), by the tests of
/// [`judge`](crate::judge::judge()): the values (Mann–Whitney), their `spread`, their tail beyond a percentile such
/// as `p99`, or the `rate` of a fraction. It holds unless such a change is shown at its level, by samples that could
/// have shown it; with `proven` it holds where the change is ruled out at that level, fails where it is shown, and
/// is inconclusive between the two. `beyond 5 %` is of each value of the baseline, `beyond 2 pp` and `beyond 20 ms`
/// are in the unit of the measure. The level, `at 1 %`, is how often it fails where nothing changed, at most (with
/// `proven`, how often it holds although things are worse by that much); the conditions that do not write theirs
/// share 5 % equally, so that a gate raises a false alarm in at most one of twenty.
///
/// ```
/// use devops_gates::Predicate;
///
/// for text in [">= 80 %", "<= baseline + 10 %", ">= -5", "in [0, 200) ms", "not in {3, 5}", "= true", "in {\"A\", \"B\"}",
///     "no increase in p99 beyond 5 % at 1 %", "proven no decrease in rate beyond 2 pp"] {
///     assert_eq!(text.parse::<Predicate>()?.to_string(), text);
/// }
/// let error = ">= 80 %%".parse::<Predicate>().unwrap_err();
/// assert_eq!(error.to_string(), "criterion `>= 80 %%`, column 7: expected a unit such as `%` or the end, found `%%`");
/// # Ok::<(), devops_gates::PredicateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Predicate {
    pub(crate) test: Test,
    pub(crate) unit: Option<Unit>,
}

/// What is tested.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    Compare {
        comparison: Comparison,
        value: Decimal,
    },
    Relative {
        comparison: Comparison,
        offset: Offset,
    },
    Range {
        negated: bool,
        low: End,
        high: End,
    },
    Numbers {
        negated: bool,
        values: Vec<Decimal>,
    },
    Texts {
        negated: bool,
        values: Vec<String>,
    },
    Flag {
        value: bool,
    },
    /// `None` is no finding at all, below every severity.
    Severity {
        comparison: Comparison,
        severity: Option<Severity>,
    },
    Samples(SampleCriterion),
}

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct End {
    pub(crate) value: Decimal,
    pub(crate) included: bool,
}

impl Predicate {
    /// The unit that is written, if any.
    ///
    /// ```
    /// use devops_core::Unit;
    /// use devops_gates::Predicate;
    ///
    /// assert_eq!("<= 200 ms".parse::<Predicate>()?.unit(), Some(Unit::Milliseconds));
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        self.unit
    }

    /// For sentences: without the name of a unit that has no symbol.
    pub(crate) fn short(&self) -> String {
        let unit = self.unit.filter(|u| !u.symbol().is_empty());
        Self { test: self.test.clone(), unit }.to_string()
    }

    /// What it adds to a baseline, where it is relative to one.
    pub(crate) const fn offset(&self) -> Option<Offset> {
        match self.test {
            Test::Relative { offset, .. } => Some(offset),
            _ => None,
        }
    }

    /// Whether it is relative to a baseline.
    ///
    /// ```
    /// assert!("<= baseline + 10 %".parse::<devops_gates::Predicate>()?.is_relative());
    /// assert!(!">= -5".parse::<devops_gates::Predicate>()?.is_relative());
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    #[must_use]
    pub const fn is_relative(&self) -> bool {
        self.offset().is_some()
    }

    /// Whether it compares samples.
    ///
    /// ```
    /// assert!("no increase beyond 5 %".parse::<devops_gates::Predicate>()?.is_on_samples());
    /// assert!(!"<= baseline + 5 %".parse::<devops_gates::Predicate>()?.is_on_samples());
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    #[must_use]
    pub const fn is_on_samples(&self) -> bool {
        self.samples().is_some()
    }

    /// What it asks of samples, where it asks that.
    pub(crate) const fn samples(&self) -> Option<&SampleCriterion> {
        match &self.test {
            Test::Samples(criterion) => Some(criterion),
            _ => None,
        }
    }

    /// Whether it speaks of numbers, which have a unit.
    ///
    /// ```
    /// assert!(!"= true".parse::<devops_gates::Predicate>()?.is_numeric());
    /// # Ok::<(), devops_gates::PredicateError>(())
    /// ```
    #[must_use]
    pub const fn is_numeric(&self) -> bool {
        matches!(
            self.test,
            Test::Compare { .. } | Test::Relative { .. } | Test::Range { .. } | Test::Numbers { .. }
        )
    }
}

fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    negated: bool,
    values: &[T],
    quote: &str,
) -> fmt::Result {
    f.write_str(if negated { "not in {" } else { "in {" })?;
    for (index, value) in values.iter().enumerate() {
        write!(f, "{}{quote}{value}{quote}", if index == 0 { "" } else { ", " })?;
    }
    f.write_str("}")
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Compare { comparison, value } => write!(f, "{comparison} {value}")?,
            Test::Relative { comparison, offset } => {
                write!(f, "{comparison} {offset}")?;
                return match self.unit {
                    Some(Unit::Percent) if !offset.is_percent() && !offset.is_bare() => f.write_str(" pp"),
                    Some(unit) if !offset.is_percent() && !offset.is_bare() => write_unit(f, unit),
                    _ => Ok(()),
                };
            }
            Test::Range { negated, low, high } => {
                let not = if *negated { "not " } else { "" };
                let open = if low.included { "[" } else { "(" };
                let close = if high.included { "]" } else { ")" };
                write!(f, "{not}in {open}{}, {}{close}", low.value, high.value)?;
            }
            Test::Numbers { negated, values } => list(f, *negated, values, "")?,
            Test::Texts { negated, values } => match values.as_slice() {
                [one] => write!(f, "{} \"{one}\"", if *negated { "!=" } else { "=" })?,
                _ => list(f, *negated, values, "\"")?,
            },
            Test::Flag { value } => write!(f, "= {value}")?,
            Test::Samples(criterion) => return criterion.fmt(f, self.unit),
            Test::Severity { comparison, severity } => {
                write!(f, "{comparison} {}", severity.map_or("none", Severity::as_str))?;
            }
        }
        self.unit.map_or(Ok(()), |unit| write_unit(f, unit))
    }
}

fn write_unit(f: &mut fmt::Formatter<'_>, unit: Unit) -> fmt::Result {
    write!(f, " {}", short_unit(unit))
}

/// The symbol of a unit, or its name where it has none.
pub(crate) const fn short_unit(unit: Unit) -> &'static str {
    if unit.symbol().is_empty() { unit.as_str() } else { unit.symbol() }
}

impl TryFrom<String> for Predicate {
    type Error = PredicateError;

    fn try_from(text: String) -> Result<Self, PredicateError> {
        text.parse()
    }
}

impl From<Predicate> for String {
    fn from(predicate: Predicate) -> Self {
        predicate.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_every_form() {
        for (text, shown) in [
            (">=80", ">= 80"),
            ("  <  -2.50  ", "< -2.5"),
            ("= 0", "= 0"),
            ("!=1e3 ms", "!= 1000 ms"),
            (">= 80%", ">= 80 %"),
            (">= 8 score", ">= 8 score"),
            ("<= 200ms", "<= 200 ms"),
            ("> 5 events", "column 5"),
            ("in [0,1)", "in [0, 1)"),
            ("not in ( 0 , 1 ] ratio", "not in (0, 1] ratio"),
            ("in {1}", "in {1}"),
            ("not in {1, 2.5} count", "not in {1, 2.5} count"),
            ("in {\"a\", \"b c\"}", "in {\"a\", \"b c\"}"),
            ("in {\"a\"}", "= \"a\""),
            ("!= \"x\"", "!= \"x\""),
            ("= true", "= true"),
            ("!= true", "= false"),
            (">= 2 /week", ">= 2 /week"),
            ("<=minor", "<= minor"),
            ("= none", "= none"),
            ("< critical %", "column 12"),
            ("<= minors", "column 4"),
            (">=-5", ">= -5"),
            ("<=baseline+10%", "<= baseline + 10 %"),
            (">= baseline - 2pp", ">= baseline - 2 pp"),
            ("<= baseline + 5", "<= baseline + 5"),
            ("< baseline - 0.50 ms", "< baseline - 0.5 ms"),
            (">= baseline", ">= baseline"),
            (">= baseline percent", "column 13"),
            ("<= baseline - 0", "<= baseline"),
            ("<= baseline + 3 count", "<= baseline + 3 count"),
            ("no increase", "no increase"),
            ("no  change in  spread", "no change in spread"),
            ("no decrease beyond 5%", "no decrease beyond 5 %"),
            ("no increase beyond 20ms at 1%", "no increase beyond 20 ms at 1 %"),
            ("no increase beyond 3", "no increase beyond 3"),
            ("no increase beyond 3 count", "no increase beyond 3 count"),
            ("no increase beyond 0.50 at 2.50 %", "no increase beyond 0.5 at 2.5 %"),
            ("no increase in rate beyond 0.1pp", "no increase in rate beyond 0.1 pp"),
            ("no increase in p99.9 at 1 %", "no increase in p99.9 at 1 %"),
            ("proven no change beyond 2 pp", "proven no change beyond 2 pp"),
        ] {
            match text.parse::<Predicate>() {
                Ok(read) => assert_eq!(read.to_string(), shown, "{text}"),
                Err(error) => assert!(error.to_string().contains(shown), "{error}"),
            }
        }
    }

    #[test]
    fn errors_point_at_the_column() {
        for (text, column, expected, found) in [
            ("", 1, "`<`, `<=`", "the end"),
            ("80", 1, "`<`, `<=`", "`80`"),
            ("=> 80", 2, "a decimal number", "`>`"),
            ("== 80", 2, "a decimal number", "`=`"),
            (">= eighty", 4, "a decimal number", "`eighty`"),
            (">= NaN", 4, "a decimal number", "`NaN`"),
            (">= inf", 4, "a decimal number", "`inf`"),
            (">= 80 apples", 7, "a unit such as", "`apples`"),
            (">= 80 % and", 7, "a unit such as", "`%`"),
            (">= true", 4, "a number", "`true`"),
            ("< \"a\"", 3, "a number", "`\"a\"`"),
            ("= \"a", 3, "a text that ends", "`\"a`"),
            ("= true %", 8, "the end", "`%`"),
            ("in", 3, "`[`, `(` or `{`", "the end"),
            ("in [1 2]", 7, "`,`", "`2]`"),
            ("in [1, 2", 9, "`]` or `)`", "the end"),
            ("in {}", 5, "a decimal number", "`}`"),
            ("in {1 2}", 7, "`,` or `}`", "`2}`"),
            ("in {1, \"a\"}", 8, "values of one kind", "`\"a\"}`"),
            ("in {\"a\", 1}", 10, "values of one kind", "`1}`"),
            ("<= baselines", 4, "a decimal number", "`baselines`"),
            ("<= baseline 10%", 13, "`+`, `-` or the end", "`10%`"),
            ("<= baseline + ten", 15, "a decimal number", "`ten`"),
            ("<= baseline + -5", 15, "a number without a sign", "`-5`"),
            ("<= baseline + 10 % ms", 20, "the end", "`ms`"),
            ("<= baseline + 2 ppm", 17, "a unit such as", "`ppm`"),
            ("<= baseline + 2 pp %", 20, "the end", "`%`"),
            ("in [baseline, 3]", 5, "a decimal number", "`baseline,`"),
            ("+ 10 %", 1, "`<`, `<=`", "`+`"),
            ("é", 1, "`<`, `<=`", "`é`"),
            ("no", 3, "`increase`, `decrease` or `change`", "the end"),
            ("no rise", 4, "`increase`, `decrease` or `change`", "`rise`"),
            ("proven", 7, "`no`", "the end"),
            ("proven >= 8", 8, "`no`", "`>=`"),
            ("no increase in", 15, "`spread`, `rate` or a percentile", "the end"),
            ("no increase in latency", 16, "`spread`, `rate` or a percentile", "`latency`"),
            ("no increase in p40", 16, "a percentile from `p50`", "`p40`"),
            ("no increase in p100", 16, "a percentile from `p50`", "`p100`"),
            ("no increase beyond", 19, "a decimal number", "the end"),
            ("no increase beyond -5 %", 20, "a number above 0", "`-5`"),
            ("no increase beyond 0", 20, "a number above 0", "`0`"),
            ("no increase beyond 20000 %", 20, "at most 10,000 %", "`20000`"),
            ("no increase beyond 5 apples", 22, "a unit such as", "`apples`"),
            ("no increase at", 15, "a decimal number", "the end"),
            ("no increase at 0 %", 16, "a level above 0 %", "`0`"),
            ("no increase at 51 %", 16, "a level above 0 %", "`51`"),
            ("no increase at 5", 17, "`%`", "the end"),
            ("no increase at 5 % beyond 3", 20, "the end", "`beyond`"),
            ("no increase by 5 %", 13, "`in`, `beyond`, `at` or the end", "`by`"),
            ("proven no increase", 19, "`beyond`", "the end"),
            ("no increase in rate beyond 3 ms", 30, "`%`, `pp`", "`ms`"),
        ] {
            let error = text.parse::<Predicate>().unwrap_err();
            assert_eq!(error.column, column, "{error}");
            assert!(error.expected.starts_with(expected), "{error}");
            assert_eq!(error.found, found, "{error}");
        }
        assert!("x".repeat(20_000).parse::<Predicate>().is_err());
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,60}") {
            let _ = text.parse::<Predicate>();
        }

        #[test]
        fn near_misses_never_panic_and_print_reads_back(
            text in "(not )?(in|<|>=|=|!=) ?[\\[({]?[-0-9.e\"a]{0,6},? ?[0-9]{0,3}[\\])}]? ?(%|ms|score)?|(<|>=) ?baseline ?[+-]? ?[-0-9.]{0,3} ?(%|pp|ms|score)?|(proven )?no (increase|change)( in (spread|rate|p[0-9.]{1,4}))?( beyond [-0-9.]{1,3} ?(%|pp|ms|ratio)?)?( at [0-9.]{1,2} ?%)?",
        ) {
            if let Ok(read) = text.parse::<Predicate>() {
                prop_assert_eq!(read.to_string().parse::<Predicate>().unwrap(), read);
            }
        }
    }
}
