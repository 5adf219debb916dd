//! Sets of numbers as unions of intervals: which values a criterion lets pass.

use alloc::vec::Vec;

use devops_core::{Comparison, Decimal, Unit};

use crate::Predicate;
use crate::condition::predicate::{End, Test};
use crate::condition::relative::Offset;

/// A cut between numbers: `At(x, false)` lies just before x, `At(x, true)` just behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cut {
    Low,
    At(Decimal, bool),
    High,
}

/// A set of numbers: intervals between cuts, sorted, apart from each other, none empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Domain(Vec<(Cut, Cut)>);

impl Domain {
    pub(crate) fn between(low: Cut, high: Cut) -> Self {
        Self(if low < high { alloc::vec![(low, high)] } else { Vec::new() })
    }

    /// The numbers that a value in that unit can have.
    pub(crate) fn of_unit(unit: Unit) -> Self {
        let top = match unit {
            Unit::Score => Cut::At(Decimal::from(10), true),
            Unit::Percent => Cut::At(Decimal::from(100), true),
            Unit::Ratio | Unit::Probability => Cut::At(Decimal::from(1), true),
            _ => Cut::High,
        };
        let low = if unit == Unit::None { Cut::Low } else { Cut::At(Decimal::ZERO, false) };
        Self::between(low, top)
    }

    /// The numbers that stand so to a threshold.
    fn of_comparison(comparison: Comparison, value: Decimal) -> Self {
        let (before, behind) = (Cut::At(value, false), Cut::At(value, true));
        match comparison {
            Comparison::Below => Self::between(Cut::Low, before),
            Comparison::AtMost => Self::between(Cut::Low, behind),
            Comparison::Equal => Self::between(before, behind),
            Comparison::NotEqual => Self::between(before, behind).complement(),
            Comparison::AtLeast => Self::between(before, Cut::High),
            Comparison::Above => Self::between(behind, Cut::High),
        }
    }

    /// The differences to a baseline that two criteria let pass, where both count in percent or both do not.
    pub(crate) fn of_offsets(first: &Predicate, second: &Predicate) -> Option<(Self, Self)> {
        let (Test::Relative { comparison, offset }, Test::Relative { comparison: other, offset: its }) =
            (&first.test, &second.test)
        else {
            return None;
        };
        let bare = |o: &Offset| o.amount() == Decimal::ZERO;
        let alike = offset.is_percent() == its.is_percent() || bare(offset) || bare(its);
        let domain = |c: &Comparison, o: &Offset| Self::of_comparison(*c, o.amount());
        alike.then(|| (domain(comparison, offset), domain(other, its)))
    }

    /// The numbers that a criterion lets pass; `None` for flags, texts, samples and what is relative to
    /// a baseline.
    pub(crate) fn of(predicate: &Predicate) -> Option<Self> {
        let (set, negated) = match &predicate.test {
            Test::Compare { comparison, value } => (Self::of_comparison(*comparison, *value), false),
            Test::Range { negated, low, high } => {
                let End { value, included } = low;
                let start = Cut::At(*value, !included);
                (Self::between(start, Cut::At(high.value, high.included)), *negated)
            }
            Test::Numbers { negated, values } => {
                let mut values = values.clone();
                values.sort();
                values.dedup();
                let cuts = values.into_iter().map(|v| (Cut::At(v, false), Cut::At(v, true)));
                (Self(cuts.collect()), *negated)
            }
            Test::Relative { .. }
            | Test::Texts { .. }
            | Test::Flag { .. }
            | Test::Severity { .. }
            | Test::Samples(_) => return None,
        };
        Some(if negated { set.complement() } else { set })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len().saturating_add(1));
        let mut start = Cut::Low;
        for (low, high) in &self.0 {
            if start < *low {
                gaps.push((start, *low));
            }
            start = *high;
        }
        if start < Cut::High {
            gaps.push((start, Cut::High));
        }
        Self(gaps)
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut common = Vec::new();
        let (mut own, mut its) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some((a, b)), Some((c, d))) = (own.peek(), its.peek()) {
            let (low, high) = ((*a).max(*c), (*b).min(*d));
            if low < high {
                common.push((low, high));
            }
            if b < d {
                own.next();
            } else {
                its.next();
            }
        }
        Self(common)
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        self.complement().intersection(&other.complement()).complement()
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.intersection(&other.complement()).is_empty()
    }

    /// The cuts at its ends.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = Cut> + '_ {
        self.0.iter().flat_map(|(low, high)| [*low, *high])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn domain(text: &str) -> Domain {
        Domain::of(&text.parse().unwrap()).unwrap()
    }

    #[test]
    fn sets_of_criteria() {
        assert!(domain("in [3, 2]").is_empty());
        assert!(domain("in [2, 2)").is_empty());
        assert!(!domain("in [2, 2]").is_empty());
        assert!(domain("= 0").is_within(&domain("<= 0")));
        assert!(!domain("<= 0").is_within(&domain("= 0")));
        assert!(domain("= 0").intersection(&domain("!= 0")).is_empty());
        assert_eq!(domain("< 2").union(&domain(">= 2")).complement(), Domain(Vec::new()));
        assert_eq!(domain("not in {1, 3}"), domain("in {3, 1, 1}").complement());
        assert!(domain(">= 11").intersection(&Domain::of_unit(Unit::Score)).is_empty());
        assert!(Domain::of(&"= true".parse().unwrap()).is_none());
    }

    proptest! {
        #[test]
        fn agrees_with_the_criterion(a in 0u64..6, b in 0u64..6, form in 0usize..9, x in 0u64..12) {
            let text = match form {
                0 => alloc::format!("< {a}"),
                1 => alloc::format!("<= {a}"),
                2 => alloc::format!("= {a}"),
                3 => alloc::format!("!= {a}"),
                4 => alloc::format!("in [{a}, {b})"),
                5 => alloc::format!("not in ({a}, {b}]"),
                6 => alloc::format!("in {{{a}, {b}}}"),
                7 => alloc::format!("> {a}"),
                _ => alloc::format!("not in {{{b}, {a}}}"),
            };
            let predicate: Predicate = text.parse().unwrap();
            let half: Decimal = alloc::format!("{}.{}", x / 2, (x % 2) * 5).parse().unwrap();
            let point = Domain::between(Cut::At(half, false), Cut::At(half, true));
            let value = devops_core::Value::number_or_missing(half.get());
            let holds = crate::gate::compiled::Criterion::new(predicate.clone(), Unit::None).holds(&value, None);
            prop_assert_eq!(Some(point.is_within(&Domain::of(&predicate).unwrap())), holds);
        }
    }
}
