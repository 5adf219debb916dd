//! Criteria on samples: `no increase beyond 5 %`.

use alloc::string::String;
use core::fmt;

use devops_core::{Decimal, Unit};

use crate::condition::predicate::short_unit;
use crate::condition::relative::Offset;
use crate::judge::{CanaryTest, Direction, Tolerance};

/// What must not be shown by the samples of two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SampleCriterion {
    /// Whether the change must be ruled out.
    pub(crate) proven: bool,
    pub(crate) direction: Direction,
    pub(crate) look: Look,
    /// Up to which change it is accepted; zero for none.
    pub(crate) beyond: Offset,
    /// How often it may hold for nothing, in percent; a share of that of the gate unless written.
    pub(crate) level: Option<Decimal>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Look {
    Values,
    Spread,
    /// That percentile.
    Tail(Decimal),
    Rate,
}

/// What a direction is called in a criterion.
pub(super) const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Increase => "increase",
        Direction::Decrease => "decrease",
        Direction::Either => "change",
    }
}

impl Look {
    /// The test of the canary judge for it.
    pub(crate) fn test(self) -> CanaryTest {
        match self {
            Self::Values => CanaryTest::Shift,
            Self::Spread => CanaryTest::Spread,
            Self::Tail(percentile) => CanaryTest::tail(percentile.get() / 100.0),
            Self::Rate => CanaryTest::Rate,
        }
    }
}

impl SampleCriterion {
    /// What is accepted, of values in that unit.
    pub(crate) fn tolerance(&self, unit: Unit) -> Tolerance {
        if self.is_strict() {
            return Tolerance::None;
        }
        match self.beyond {
            Offset::Percent(percent) => Tolerance::Relative { share: percent.get() / 100.0 },
            // Rates are told as shares.
            Offset::Plain(points) if self.look == Look::Rate && unit == Unit::Percent => {
                Tolerance::Absolute { value: points.get() / 100.0 }
            }
            Offset::Plain(amount) => Tolerance::Absolute { value: amount.get() },
        }
    }

    /// Whether no change is accepted.
    pub(crate) fn is_strict(&self) -> bool {
        self.beyond.amount() == Decimal::ZERO
    }

    /// Whether another one looks at the same change in the same way, at the same level.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.direction, self.look, self.level) == (other.direction, other.look, other.level)
    }

    /// Whether what passes it passes the other one too, as far as that can be told without the samples.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let alike = self.beyond.is_percent() == other.beyond.is_percent() || self.is_strict();
        self.is_like(other)
            && alike
            && self.beyond.amount() <= other.beyond.amount()
            && (self.proven || !other.proven)
    }

    /// What is looked for: `an increase in p99 beyond 5 %`.
    pub(crate) fn change(&self, unit: Option<Unit>) -> String {
        let article = if self.direction == Direction::Increase { "an" } else { "a" };
        alloc::format!("{article} {}{}", word(self.direction), self.detail(unit))
    }

    /// All behind the direction but for the level.
    fn detail(&self, unit: Option<Unit>) -> String {
        let look = match self.look {
            Look::Values => String::new(),
            Look::Spread => " in spread".into(),
            Look::Tail(percentile) => alloc::format!(" in p{percentile}"),
            Look::Rate => " in rate".into(),
        };
        let amount = self.beyond.amount();
        let beyond = match (self.is_strict(), self.beyond.is_percent(), unit) {
            (true, ..) => String::new(),
            (_, true, _) => alloc::format!(" beyond {amount} %"),
            (_, _, Some(Unit::Percent)) => alloc::format!(" beyond {amount} pp"),
            (_, _, Some(unit)) => alloc::format!(" beyond {amount} {}", short_unit(unit)),
            (_, _, None) => alloc::format!(" beyond {amount}"),
        };
        alloc::format!("{look}{beyond}")
    }

    /// As it is written.
    pub(crate) fn fmt(&self, f: &mut fmt::Formatter<'_>, unit: Option<Unit>) -> fmt::Result {
        let proven = if self.proven { "proven " } else { "" };
        write!(f, "{proven}no {}{}", word(self.direction), self.detail(unit))?;
        match self.level {
            Some(level) => write!(f, " at {level} %"),
            None => Ok(()),
        }
    }
}
