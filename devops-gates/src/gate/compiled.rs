//! A gate made ready to be evaluated: names resolved to indices, thresholds ready to compare.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use devops_core::{
    Comparison, ConditionId, Decimal, Fraction, MetricId, Number, Scope, Severity, Unit, Value, compare,
};

use crate::condition::predicate::Test;
use crate::condition::relative::{self, Offset};
use crate::evaluate::samples::SampleRule;
use crate::lint::Lint;
use crate::lint::checks::Possible;
use crate::{BaselineSpec, FindingsSpec, GateSpec, Missing, Predicate, StabilitySpec};

/// All that an evaluation needs.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) spec: GateSpec,
    /// What is looked up, each pair once, sorted.
    pub(crate) inputs: Vec<(MetricId, Scope)>,
    /// In the order of the document.
    pub(crate) conditions: Vec<Condition>,
    /// Parts before what holds them; the gate itself is last.
    pub(crate) groups: Vec<Group>,
    pub(crate) lints: Vec<Lint>,
    /// What each condition can come to.
    pub(crate) possible: Vec<Possible>,
}

/// One condition.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) name: ConditionId,
    pub(crate) metric: MetricId,
    pub(crate) scope: Scope,
    /// Which findings it looks at, where it looks at none of the measures.
    pub(crate) findings: Option<FindingsSpec>,
    /// Its place in the document.
    pub(crate) path: String,
    /// Which group holds it.
    pub(crate) holder: usize,
    /// Which of the inputs it looks at; beyond them, which selection of findings.
    pub(crate) input: usize,
    pub(crate) pass: Criterion,
    pub(crate) warn: Option<Criterion>,
    /// The same for plain comparisons without a minimum of observations.
    pub(crate) fast: Option<Fast>,
    /// Whether the document or the catalogue names the unit.
    pub(crate) unit_written: bool,
    pub(crate) part: Part,
    /// What `baseline` stands for, where a criterion names it.
    pub(crate) baseline: Option<BaselineSpec>,
    /// How its samples are compared, where its criteria are on samples.
    pub(crate) samples: Option<alloc::boxed::Box<SampleRule>>,
    pub(crate) missing: Missing,
    pub(crate) when_expected: bool,
    pub(crate) min_samples: u64,
    pub(crate) min_evidence: Option<Guard>,
    pub(crate) stable: Option<alloc::boxed::Box<Stable>>,
    pub(crate) shadow: bool,
    pub(crate) owner: Option<String>,
    pub(crate) link: Option<String>,
}

impl Condition {
    /// Whether a criterion asks for a percentage of the baseline.
    pub(crate) fn percent_of_baseline(&self) -> bool {
        let percent = |c: &Criterion| c.predicate.offset().is_some_and(Offset::is_percent);
        percent(&self.pass) || self.warn.as_ref().is_some_and(percent)
    }
}

/// How a condition is kept from flapping.
#[derive(Debug)]
pub(crate) struct Stable {
    pub(crate) spec: StabilitySpec,
    pub(crate) recover: Option<Criterion>,
}

/// Another measure that says whether there is enough to judge by.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) metric: MetricId,
    pub(crate) scope: Scope,
    /// Which of the inputs it is.
    pub(crate) input: usize,
    pub(crate) at_least: u64,
}

impl Guard {
    /// A count must be so high; of a fraction, what it is out of.
    pub(crate) fn is_met(&self, value: &Value) -> bool {
        match value {
            Value::Fraction { whole, .. } => *whole >= self.at_least,
            value => compare(value, Unit::None, Decimal::from(self.at_least)).is_some_and(Ordering::is_ge),
        }
    }
}

/// How a part counts in what holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// In millionths.
    pub(crate) weight: u64,
    pub(crate) mandatory: bool,
}

/// A gate or group.
#[derive(Debug)]
pub(crate) struct Group {
    /// The gate itself has none.
    pub(crate) name: Option<ConditionId>,
    pub(crate) path: String,
    pub(crate) rule: Rule,
    pub(crate) part: Part,
    pub(crate) children: Vec<Child>,
}

/// What a group holds, by index.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Child {
    Condition { index: usize, part: Part },
    Group(usize),
}

/// How a group's verdict is made; shares in millionths of a percent, `warning_earns` in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    All,
    Any,
    AtLeast(usize),
    Not,
    Weighted { pass: u64, warn: Option<u64>, warning_earns: u64 },
}

/// A predicate ready to be held against values.
#[derive(Debug)]
pub(crate) struct Criterion {
    /// As written, with its unit.
    pub(crate) predicate: Predicate,
    /// The unit that a number must have; `None` for flags and texts.
    pub(crate) unit: Option<Unit>,
    /// Whether the text names the unit.
    pub(crate) written: bool,
    points: Points,
}

#[derive(Debug)]
enum Points {
    Compare(Comparison, Point),
    Relative(Comparison, Offset),
    Range {
        negated: bool,
        low: Point,
        low_included: bool,
        high: Point,
        high_included: bool,
    },
    Numbers {
        negated: bool,
        points: Vec<Point>,
    },
    /// Texts, flags and severities.
    Other,
}

/// A threshold beside its nearest `f64`, so that a number is compared exactly without being written out.
///
/// A number that is not that `f64` stands to the decimal as it stands to the `f64`: its shortest decimal rounds
/// to it and the threshold rounds to another, and rounding keeps the order. For the number that is that `f64`
/// the answer is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    decimal: Decimal,
    nearest: f64,
    at_nearest: Ordering,
}

/// Plain comparisons in one unit: what most conditions are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fast {
    pub(crate) unit: Unit,
    pub(crate) pass: FastCompare,
    pub(crate) warn: Option<FastCompare>,
}

/// A comparison with its answers below, at and above the nearest `f64` of its threshold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FastCompare {
    nearest: f64,
    below: bool,
    at: bool,
    above: bool,
}

impl FastCompare {
    pub(crate) fn holds(self, number: Number) -> bool {
        let value = number.get();
        if value < self.nearest {
            self.below
        } else if value > self.nearest {
            self.above
        } else {
            self.at
        }
    }
}

impl Fast {
    /// Where both are plain comparisons; they are in one unit by the checks of the build.
    pub(crate) fn of(pass: &Criterion, warn: Option<&Criterion>) -> Option<Self> {
        let warn = match warn {
            Some(warn) => Some(warn.fast()?),
            None => None,
        };
        Some(Self { unit: pass.unit?, pass: pass.fast()?, warn })
    }
}

impl Point {
    pub(crate) fn new(decimal: Decimal) -> Self {
        let nearest = decimal.get();
        let at_nearest = Number::new(nearest).map_or(Ordering::Equal, |n| Decimal::from(n).cmp(&decimal));
        Self { decimal, nearest, at_nearest }
    }

    /// How a number stands to it.
    pub(crate) fn order(&self, number: Number) -> Ordering {
        match number.get().partial_cmp(&self.nearest) {
            Some(Ordering::Equal) | None => self.at_nearest,
            Some(order) => order,
        }
    }

    /// How a value in that unit stands to it; `None` where it is no number.
    pub(crate) fn order_of(&self, value: &Value, unit: Unit) -> Option<Ordering> {
        match value {
            Value::Number { value } => Some(self.order(*value)),
            _ => compare(value, unit, self.decimal),
        }
    }
}

impl Criterion {
    /// With that unit for numbers that are written without one.
    pub(crate) fn new(mut predicate: Predicate, unit: Unit) -> Self {
        let points = match &predicate.test {
            Test::Compare { comparison, value } => Points::Compare(*comparison, Point::new(*value)),
            Test::Relative { comparison, offset } => Points::Relative(*comparison, *offset),
            Test::Range { negated, low, high } => Points::Range {
                negated: *negated,
                low: Point::new(low.value),
                low_included: low.included,
                high: Point::new(high.value),
                high_included: high.included,
            },
            Test::Numbers { negated, values } => {
                Points::Numbers { negated: *negated, points: values.iter().map(|v| Point::new(*v)).collect() }
            }
            Test::Texts { .. } | Test::Flag { .. } | Test::Severity { .. } | Test::Samples(_) => {
                Points::Other
            }
        };
        let written = predicate.unit.is_some();
        // Samples are compared in any unit, unless something names one or an amount must be in one.
        let any_unit = predicate.samples().is_some_and(|s| s.is_strict() || s.beyond.is_percent());
        let asks = predicate.is_numeric() || predicate.is_on_samples();
        let own = predicate.unit.unwrap_or(unit);
        let unit = (asks && !(any_unit && own == Unit::None)).then_some(own);
        predicate.unit = unit;
        Self { predicate, unit, written, points }
    }

    /// Whether it holds; `None` where the value is of another kind, or the baseline that it needs is not given.
    pub(crate) fn holds(&self, value: &Value, baseline: Option<&Fraction>) -> Option<bool> {
        let unit = self.unit.unwrap_or(Unit::None);
        match &self.points {
            Points::Compare(comparison, point) => Some(comparison.holds(point.order_of(value, unit)?)),
            Points::Relative(comparison, offset) => {
                let threshold = offset.applied(baseline?);
                Some(comparison.holds(relative::order_of(value, unit, &threshold)?))
            }
            Points::Range { negated, low, low_included, high, high_included } => {
                let above = low.order_of(value, unit)?;
                let below = high.order_of(value, unit)?;
                let inside = (above.is_gt() || (*low_included && above.is_eq()))
                    && (below.is_lt() || (*high_included && below.is_eq()));
                Some(inside != *negated)
            }
            Points::Numbers { negated, points } => {
                let mut found = false;
                for point in points {
                    found |= point.order_of(value, unit)?.is_eq();
                }
                Some(found != *negated)
            }
            Points::Other => self.holds_other(value),
        }
    }

    /// Whether another one speaks of the same kind of value in the same unit.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        if let (Some(own), Some(its)) = (self.predicate.samples(), other.predicate.samples()) {
            let units = self.unit.zip(other.unit);
            return own.is_like(its) && units.is_none_or(|(a, b)| a == b);
        }
        if self.predicate.is_on_samples() != other.predicate.is_on_samples() {
            return false;
        }
        let kind = |c: &Self| (c.unit, core::mem::discriminant(&c.predicate.test));
        match (self.unit, other.unit) {
            (Some(own), Some(its)) => own == its,
            _ => kind(self) == kind(other),
        }
    }

    /// Whether a value is of the kind that it speaks of.
    pub(crate) fn speaks_of(&self, value: &Value) -> bool {
        match self.predicate.test {
            Test::Texts { .. } => matches!(value, Value::Text { .. }),
            Test::Flag { .. } => matches!(value, Value::Flag { .. }),
            Test::Severity { .. } => severity(value).is_some(),
            _ => matches!(value, Value::Number { .. } | Value::Fraction { .. }),
        }
    }

    fn fast(&self) -> Option<FastCompare> {
        let Points::Compare(comparison, point) = &self.points else { return None };
        Some(FastCompare {
            nearest: point.nearest,
            below: comparison.holds(Ordering::Less),
            at: comparison.holds(point.at_nearest),
            above: comparison.holds(Ordering::Greater),
        })
    }

    fn holds_other(&self, value: &Value) -> Option<bool> {
        match (&self.predicate.test, value) {
            (Test::Texts { negated, values }, Value::Text { value }) => {
                Some(values.contains(value) != *negated)
            }
            (Test::Flag { value: wanted }, Value::Flag { value }) => Some(value == wanted),
            (Test::Severity { comparison, severity: wanted }, value) => {
                Some(comparison.holds(severity(value)?.cmp(wanted)))
            }
            _ => None,
        }
    }
}

/// The severity that a text names, `none` being below all; nothing where it names none.
fn severity(value: &Value) -> Option<Option<Severity>> {
    match value {
        Value::Text { value } if value == "none" => Some(None),
        Value::Text { value } => value.parse().ok().map(Some),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_threshold_between_two_floats_is_exact() {
        // 0.1 + 0.2 is the float above 0.3.
        let three = Point::new(decimal("0.3"));
        assert_eq!(three.order(Number::new(0.1 + 0.2).unwrap()), Ordering::Greater);
        assert_eq!(three.order(Number::new(0.3).unwrap()), Ordering::Equal);
        // A decimal beside 80 that rounds to the float 80.
        let beside = Point::new(decimal("80.00000000000000000001"));
        assert_eq!(beside.order(Number::new(80.0).unwrap()), Ordering::Less);
        for (text, order) in [("1e400", Ordering::Less), ("-1e400", Ordering::Greater)] {
            assert_eq!(Point::new(decimal(text)).order(Number::new(f64::MAX).unwrap()), order);
        }
        for (text, order) in [("1e-400", Ordering::Less), ("-1e-400", Ordering::Greater)] {
            assert_eq!(Point::new(decimal(text)).order(Number::ZERO), order);
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_written_out_comparison(bits in any::<u64>(), near in 0u64..3, digits in 1usize..22) {
            let Ok(number) = Number::new(f64::from_bits(bits)) else { return Ok(()) };
            let other = Number::new(f64::from_bits(bits.wrapping_add(near))).unwrap_or(number);
            let threshold: Decimal = alloc::format!("{:.*e}", digits, other.get()).parse().unwrap();
            let expected = Decimal::from(number).cmp(&threshold);
            prop_assert_eq!(Point::new(threshold).order(number), expected);
            for comparison in Comparison::ALL {
                let predicate = Predicate { test: Test::Compare { comparison, value: threshold }, unit: None };
                let fast = Criterion::new(predicate, Unit::None).fast().unwrap();
                prop_assert_eq!(fast.holds(number), comparison.holds(expected));
            }
        }
    }
}
