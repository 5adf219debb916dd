//! Reads the text form of a criterion, and points at the column of a fault.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

use devops_core::{Comparison, Decimal, Severity, Unit, excerpt};

use crate::Predicate;
use crate::condition::predicate::{End, Test};
use crate::condition::relative::Offset;
use crate::condition::sample_criterion::{Look, SampleCriterion, word};
use crate::judge::Direction;

/// Why a criterion cannot be read: the column, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("criterion `{text}`, column {column}: expected {expected}, found {found}")]
#[non_exhaustive]
pub struct PredicateError {
    /// The criterion, shortened.
    pub text: String,
    /// The column of the fault in characters, from 1.
    pub column: usize,
    /// What would be right there.
    pub expected: &'static str,
    /// What stands there.
    pub found: String,
}

/// Where the reader stands.
struct Cursor<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn error(&self, expected: &'static str) -> PredicateError {
        let before = self.text.len().saturating_sub(self.rest.len());
        let column = self.text.get(..before).map_or(0, |t| t.chars().count()).saturating_add(1);
        let found = match self.rest.split_whitespace().next() {
            Some(word) => alloc::format!("`{}`", excerpt(word)),
            None => "the end".to_owned(),
        };
        PredicateError { text: excerpt(self.text), column, expected, found }
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A word that is not followed by more letters.
    fn take_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let rest = self.rest.strip_prefix(word);
        match rest.filter(|r| !r.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn number(&mut self) -> Result<Decimal, PredicateError> {
        const EXPECTED: &str = "a decimal number such as `80` or `-2.5`";
        self.skip_blanks();
        let mut end = 0;
        let mut last = ' ';
        for (at, c) in self.rest.char_indices() {
            let sign = matches!(c, '+' | '-') && (at == 0 || matches!(last, 'e' | 'E'));
            // An `e` belongs to the number only where a power follows it: `5 events` is no power.
            let mut after = self.rest.get(at.saturating_add(1)..).unwrap_or("").chars();
            let power = matches!(c, 'e' | 'E')
                && match after.next() {
                    Some('+' | '-') => after.next().is_some_and(|d| d.is_ascii_digit()),
                    next => next.is_some_and(|d| d.is_ascii_digit()),
                };
            if !(c.is_ascii_digit() || c == '.' || sign || power) {
                break;
            }
            end = at.saturating_add(1);
            last = c;
        }
        let (number, rest) = self.rest.split_at_checked(end).unwrap_or(("", self.rest));
        let value = number.parse().map_err(|_| self.error(EXPECTED))?;
        self.rest = rest;
        Ok(value)
    }

    fn string(&mut self) -> Result<Option<&'a str>, PredicateError> {
        self.skip_blanks();
        let Some(inner) = self.rest.strip_prefix('"') else {
            return Ok(None);
        };
        let Some((text, rest)) = inner.split_once('"') else {
            return Err(self.error("a text that ends with a double quote"));
        };
        self.rest = rest;
        Ok(Some(text))
    }

    fn end(&mut self, expected: &'static str) -> Result<(), PredicateError> {
        self.skip_blanks();
        if self.rest.is_empty() { Ok(()) } else { Err(self.error(expected)) }
    }

    fn unit(&mut self) -> Result<Option<Unit>, PredicateError> {
        self.skip_blanks();
        let word = self.rest.trim_end();
        if word.is_empty() {
            return Ok(None);
        }
        let mut units = Unit::ALL.iter();
        match units.find(|u| u.as_str() == word || (!u.symbol().is_empty() && u.symbol() == word)) {
            Some(unit) => {
                self.rest = "";
                Ok(Some(*unit))
            }
            None => Err(self.error("a unit such as `%` or the end")),
        }
    }

    fn range(&mut self, negated: bool) -> Result<Test, PredicateError> {
        const EXPECTED: &str = "`[`, `(` or `{`";
        let low_included = self.take("[");
        if !low_included && !self.take("(") {
            return Err(self.error(EXPECTED));
        }
        let low = End { value: self.number()?, included: low_included };
        if !self.take(",") {
            return Err(self.error("`,`"));
        }
        let value = self.number()?;
        let included = self.take("]");
        if !included && !self.take(")") {
            return Err(self.error("`]` or `)`"));
        }
        Ok(Test::Range { negated, low, high: End { value, included } })
    }

    fn set(&mut self, negated: bool) -> Result<Test, PredicateError> {
        let mut numbers = Vec::new();
        let mut texts = Vec::new();
        loop {
            let start = self.rest;
            match self.string()? {
                Some(text) if numbers.is_empty() => texts.push(text.to_owned()),
                None if texts.is_empty() => numbers.push(self.number()?),
                _ => {
                    self.rest = start.trim_start();
                    return Err(self.error("values of one kind, numbers or texts"));
                }
            }
            if self.take("}") {
                break;
            }
            if !self.take(",") {
                return Err(self.error("`,` or `}`"));
            }
        }
        if texts.is_empty() {
            return Ok(Test::Numbers { negated, values: numbers });
        }
        Ok(Test::Texts { negated, values: texts })
    }

    /// What follows an operator.
    fn operand(&mut self, comparison: Comparison) -> Result<Test, PredicateError> {
        self.skip_blanks();
        let start = self.rest;
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let negated = comparison == Comparison::NotEqual;
        if self.take_word("true") || self.take_word("false") {
            let value = start.starts_with("true") != negated;
            if equality {
                return Ok(Test::Flag { value });
            }
            self.rest = start;
            return Err(self.error("a number behind this sign"));
        }
        if start.starts_with('"') {
            if !equality {
                return Err(self.error("a number behind this sign"));
            }
            let text = self.string()?.unwrap_or_default().to_owned();
            return Ok(Test::Texts { negated, values: alloc::vec![text] });
        }
        for severity in Severity::ALL {
            if self.take_word(severity.as_str()) {
                return Ok(Test::Severity { comparison, severity: Some(severity) });
            }
        }
        if self.take_word("none") {
            return Ok(Test::Severity { comparison, severity: None });
        }
        if self.take_word("baseline") {
            return Ok(Test::Relative { comparison, offset: self.offset()? });
        }
        Ok(Test::Compare { comparison, value: self.number()? })
    }

    /// What follows `baseline`.
    fn offset(&mut self) -> Result<Offset, PredicateError> {
        let negative = if self.take("+") {
            false
        } else if self.take("-") {
            true
        } else {
            return Ok(Offset::Plain(Decimal::ZERO));
        };
        self.skip_blanks();
        if self.rest.starts_with(['+', '-']) {
            return Err(self.error("a number without a sign of its own"));
        }
        let number = self.number()?;
        let number = if negative { number.negated() } else { number };
        Ok(if self.take("%") { Offset::Percent(number) } else { Offset::Plain(number) })
    }

    /// The unit of a test; percentage points are written `pp`, since `%` is a share of the baseline there.
    fn unit_of(&mut self, test: &Test) -> Result<Option<Unit>, PredicateError> {
        match test {
            Test::Relative { offset, .. } if offset.is_percent() || offset.is_bare() => {
                self.end(if offset.is_bare() { "`+`, `-` or the end" } else { "the end" }).map(|()| None)
            }
            Test::Relative { .. } if self.take_word("pp") => {
                self.end("the end").map(|()| Some(Unit::Percent))
            }
            _ => self.unit(),
        }
    }

    /// What follows `no`, with the unit that it names.
    fn samples(&mut self, proven: bool) -> Result<(SampleCriterion, Option<Unit>), PredicateError> {
        let mut directions = [Direction::Increase, Direction::Decrease, Direction::Either].into_iter();
        let Some(direction) = directions.find(|direction| self.take_word(word(*direction))) else {
            return Err(self.error("`increase`, `decrease` or `change`"));
        };
        let look = if self.take_word("in") { self.look()? } else { Look::Values };
        let none = Offset::Plain(Decimal::ZERO);
        let mut criterion = SampleCriterion { proven, direction, look, beyond: none, level: None };
        let mut unit = None;
        if self.take_word("beyond") {
            (criterion.beyond, unit) = self.beyond(look)?;
        } else if proven {
            return Err(self.error("`beyond` and the change that is to be ruled out"));
        }
        if self.take_word("at") {
            criterion.level = Some(self.level()?);
            self.end("the end")?;
        }
        self.end(if criterion.is_strict() { "`in`, `beyond`, `at` or the end" } else { "`at` or the end" })?;
        Ok((criterion, unit))
    }

    /// What is looked at.
    fn look(&mut self) -> Result<Look, PredicateError> {
        if self.take_word("spread") {
            return Ok(Look::Spread);
        }
        if self.take_word("rate") {
            return Ok(Look::Rate);
        }
        self.skip_blanks();
        let start = self.rest;
        if !self.take("p") || !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            self.rest = start;
            return Err(self.error("`spread`, `rate` or a percentile such as `p99`"));
        }
        let percentile = self.number()?;
        if percentile < Decimal::from(50) || percentile.get() >= 99.999_999 {
            self.rest = start;
            return Err(self.error("a percentile from `p50` to below `p99.999999`"));
        }
        Ok(Look::Tail(percentile))
    }

    /// How much change is accepted.
    fn beyond(&mut self, look: Look) -> Result<(Offset, Option<Unit>), PredicateError> {
        self.skip_blanks();
        let start = self.rest;
        let amount = self.number()?;
        let percent = self.take("%");
        let at_least = |cursor: &mut Self, expected| {
            cursor.rest = start;
            Err(cursor.error(expected))
        };
        if amount <= Decimal::ZERO || !amount.get().is_normal() {
            return at_least(self, "a number above 0");
        }
        if percent {
            return if amount > Decimal::from(10_000) {
                at_least(self, "at most 10,000 %")
            } else {
                Ok((Offset::Percent(amount), None))
            };
        }
        let unit = if self.take_word("pp") { Some(Unit::Percent) } else { self.unit_word(look)? };
        let most = Decimal::from(if unit == Some(Unit::Percent) { 100 } else { 1 });
        if look == Look::Rate && amount > most {
            return at_least(self, "not more than all outcomes");
        }
        Ok((Offset::Plain(amount), unit))
    }

    /// A unit that more may follow.
    fn unit_word(&mut self, look: Look) -> Result<Option<Unit>, PredicateError> {
        self.skip_blanks();
        let (word, rest) = self.rest.split_at(self.rest.find(char::is_whitespace).unwrap_or(self.rest.len()));
        if word.is_empty() || word == "at" {
            return Ok(None);
        }
        let share = |u: Unit| matches!(u, Unit::Percent | Unit::Ratio | Unit::Probability);
        let found = Unit::ALL.iter().copied().find(|u| u.as_str() == word || u.symbol() == word);
        match found {
            Some(unit) if look != Look::Rate || share(unit) => {
                self.rest = rest;
                Ok(Some(unit))
            }
            Some(_) => Err(self.error("`%`, `pp`, `ratio` or `at`, as a rate is a share")),
            None => Err(self.error("a unit such as `%`, `at` or the end")),
        }
    }

    /// The level, in percent.
    fn level(&mut self) -> Result<Decimal, PredicateError> {
        self.skip_blanks();
        let start = self.rest;
        let level = self.number()?;
        if level.get() < 1e-9 || level > Decimal::from(50) {
            self.rest = start;
            return Err(self.error("a level above 0 % and at most 50 %"));
        }
        if self.take("%") { Ok(level) } else { Err(self.error("`%`")) }
    }

    fn test(&mut self) -> Result<Test, PredicateError> {
        const EXPECTED: &str = "`<`, `<=`, `=`, `!=`, `>=`, `>`, `in`, `not in` or `no`";
        const LONGEST_FIRST: [Comparison; 6] = [
            Comparison::AtMost,
            Comparison::AtLeast,
            Comparison::NotEqual,
            Comparison::Below,
            Comparison::Above,
            Comparison::Equal,
        ];
        let start = self.rest;
        let negated = self.take_word("not");
        if self.take_word("in") {
            return if self.take("{") { self.set(negated) } else { self.range(negated) };
        }
        self.rest = start;
        match LONGEST_FIRST.into_iter().find(|c| self.take(c.as_str())) {
            Some(comparison) => self.operand(comparison),
            None => {
                self.skip_blanks();
                Err(self.error(EXPECTED))
            }
        }
    }
}

/// A criterion is not longer than this, in bytes.
const MAX_LENGTH: usize = 10_000;

impl FromStr for Predicate {
    type Err = PredicateError;

    fn from_str(text: &str) -> Result<Self, PredicateError> {
        let mut cursor = Cursor { text, rest: text };
        if text.len() > MAX_LENGTH {
            return Err(cursor.error("at most 10,000 bytes"));
        }
        let proven = cursor.take_word("proven");
        if cursor.take_word("no") {
            let (criterion, unit) = cursor.samples(proven)?;
            return Ok(Self { test: Test::Samples(criterion), unit });
        }
        if proven {
            return Err(cursor.error("`no`"));
        }
        let test = cursor.test()?;
        let predicate = Self { test, unit: None };
        if predicate.is_numeric() {
            return Ok(Self { unit: cursor.unit_of(&predicate.test)?, ..predicate });
        }
        cursor.end("the end")?;
        Ok(predicate)
    }
}
