//! Criteria relative to a baseline: `baseline + 10 %`.

use core::cmp::Ordering;
use core::fmt;

use devops_core::{Decimal, Fraction, Unit, Value};

/// What is added to a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Offset {
    /// A share of its magnitude, in percent.
    Percent(Decimal),
    /// So much in its unit.
    Plain(Decimal),
}

impl Offset {
    /// The baseline with it.
    pub(crate) fn applied(self, baseline: &Fraction) -> Fraction {
        match self {
            Self::Plain(offset) => baseline.plus(&offset.into()),
            Self::Percent(percent) => {
                baseline.plus(&baseline.magnitude().times(&percent.into()).times(&Fraction::of(1, 100)))
            }
        }
    }

    /// How much it is, in percent or in the unit.
    pub(crate) const fn amount(self) -> Decimal {
        match self {
            Self::Percent(amount) | Self::Plain(amount) => amount,
        }
    }

    /// Whether nothing is added.
    pub(crate) fn is_bare(self) -> bool {
        self == Self::Plain(Decimal::ZERO)
    }

    pub(crate) const fn is_percent(self) -> bool {
        matches!(self, Self::Percent(_))
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.amount();
        if self.is_bare() {
            return f.write_str("baseline");
        }
        let (sign, amount) = if amount.is_negative() { ('-', amount.negated()) } else { ('+', amount) };
        let percent = if self.is_percent() { " %" } else { "" };
        write!(f, "baseline {sign} {amount}{percent}")
    }
}

/// How a value in that unit stands to a threshold; `None` where it is no number.
pub(crate) fn order_of(value: &Value, unit: Unit, threshold: &Fraction) -> Option<Ordering> {
    Fraction::of_value(value, unit).map(|value| value.cmp(threshold))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn offsets() {
        let exact = |text: &str| text.parse::<Fraction>().unwrap();
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        for (offset, baseline, threshold, shown) in [
            (Offset::Percent(decimal("10")), "200", "220", "baseline + 10 %"),
            (Offset::Percent(decimal("-2.5")), "200", "195", "baseline - 2.5 %"),
            // More is more, below zero too.
            (Offset::Percent(decimal("10")), "-50", "-45", "baseline + 10 %"),
            (Offset::Percent(decimal("0")), "7", "7", "baseline + 0 %"),
            (Offset::Percent(decimal("10")), "1/3", "11/30", "baseline + 10 %"),
            (Offset::Plain(decimal("5")), "-50", "-45", "baseline + 5"),
            (Offset::Plain(decimal("-5")), "0", "-5", "baseline - 5"),
            (Offset::Plain(Decimal::ZERO), "1/3", "1/3", "baseline"),
        ] {
            assert_eq!(offset.applied(&exact(baseline)), exact(threshold), "{offset}");
            assert_eq!(offset.to_string(), shown);
        }
    }
}
