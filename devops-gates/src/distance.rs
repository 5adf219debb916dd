//! How far a condition is from passing.

use core::fmt;

use devops_core::{Comparison, Decimal, Message, Number, Score, Unit, Value};

use crate::compiled::{Condition, Criterion, Point};
use crate::entry::{Entry, Reading};
use crate::predicate::Test;
use crate::{Ground, texts};

/// How far a condition is from passing.
///
/// The value to reach is the nearest one that passes: in steps of 10⁻⁶ for scores, of one for counts, lines
/// and bytes and for the counts of a fraction (whose whole stays), else the next `f64`.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{Distance, Evidence, Gate};
///
/// let mut measures = Measures::new();
/// measures.insert(Measure::fraction(MetricId::new("test_coverage")?, 57, 100, Unit::Percent))?;
/// let verdict = Gate::classic().evaluate(&Evidence::new(&measures));
/// let coverage = verdict.condition("test_coverage").unwrap().distance();
/// assert_eq!(coverage.to_string(), "from 57 of 100 to 80 of 100");
/// assert!(matches!(verdict.condition("security").unwrap().distance(), Distance::Unknown { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Distance {
    /// It passes.
    None,
    /// It passes from this value on.
    Change {
        /// What was measured.
        from: Value,
        /// The nearest value that passes.
        to: Value,
        /// The unit of both.
        unit: Unit,
    },
    /// It has none: nothing comparable was measured, or the criterion is an equality, a set or a gap.
    Unknown {
        /// Why.
        reason: Message,
    },
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Change { from, to, unit } => {
                let symbol = unit.symbol();
                let fraction = matches!(to, Value::Fraction { .. });
                let unit =
                    if symbol.is_empty() || fraction { "".into() } else { alloc::format!(" {symbol}") };
                write!(f, "from {from}{unit} to {to}{unit}")
            }
            Self::Unknown { reason } => f.write_str(&texts().render(reason)),
        }
    }
}

/// Which way a value must go, and how far: to the threshold or beyond it.
#[derive(Debug, Clone, Copy)]
enum Way {
    Up { threshold: Decimal },
    Down { threshold: Decimal },
}

pub(crate) fn distance(condition: &Condition, entry: &Entry) -> Distance {
    let unknown = |id| Distance::Unknown { reason: Message::new(id) };
    let reading = match (entry.ground, &entry.reading) {
        (Ground::Holds, _) => return Distance::None,
        (Ground::WarningHolds | Ground::DoesNotHold, Some(reading)) => reading,
        (Ground::TooFewSamples, _) => return unknown("gate.distance.too_few_samples"),
        _ => return unknown("gate.distance.not_measured"),
    };
    let Some(way) = way(&condition.pass, reading) else {
        return unknown("gate.distance.not_ordered");
    };
    match nearest(&condition.pass, reading, way) {
        Some(to) if condition.pass.holds(&to) == Some(true) => {
            Distance::Change { from: reading.value.clone(), to, unit: reading.unit }
        }
        _ => unknown("gate.distance.out_of_reach"),
    }
}

fn way(pass: &Criterion, reading: &Reading) -> Option<Way> {
    match &pass.predicate.test {
        Test::Compare { comparison, value } => match comparison {
            Comparison::AtLeast | Comparison::Above => Some(Way::Up { threshold: *value }),
            Comparison::AtMost | Comparison::Below => Some(Way::Down { threshold: *value }),
            Comparison::Equal | Comparison::NotEqual => None,
        },
        Test::Range { negated: false, low, high } => {
            let below = devops_core::compare(&reading.value, reading.unit, low.value)?;
            let under = below.is_lt() || (below.is_eq() && !low.included);
            Some(if under { Way::Up { threshold: low.value } } else { Way::Down { threshold: high.value } })
        }
        _ => None,
    }
}

/// The nearest value that way that passes.
fn nearest(pass: &Criterion, reading: &Reading, way: Way) -> Option<Value> {
    match reading.value {
        Value::Fraction { part, whole } => nearest_part(pass, part, whole, way),
        _ => match reading.unit {
            Unit::Score => nearest_step(pass, way, 1e6)
                .and_then(|n| Score::from_micros(u64::try_from(n).ok()?))
                .map(Score::get),
            Unit::Count | Unit::Lines | Unit::Bytes =>
            {
                #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
                nearest_step(pass, way, 1.0).map(|n| n as f64)
            }
            _ => nearest_float(pass, way),
        }
        .and_then(|value| Number::new(value).ok())
        .map(Value::from),
    }
}

fn holds(pass: &Criterion, value: f64) -> bool {
    Number::new(value).is_ok_and(|n| pass.holds(&n.into()) == Some(true))
}

/// The nearest whole number of steps that passes, where `per_one` steps make one.
fn nearest_step(pass: &Criterion, way: Way, per_one: f64) -> Option<i64> {
    let (threshold, step) = match way {
        Way::Up { threshold } => (threshold, 1_i64),
        Way::Down { threshold } => (threshold, -1),
    };
    let about = threshold.get() * per_one;
    if about.abs() > 9e15 {
        return None;
    }
    // At most two steps off through rounding; from there towards the passing side.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be below 2^53")]
    let mut steps = (about as i64).saturating_sub(step.saturating_mul(2));
    for _ in 0..5 {
        #[expect(clippy::cast_precision_loss, reason = "checked to be below 2^53")]
        if holds(pass, steps as f64 / per_one) {
            return Some(steps);
        }
        steps = steps.saturating_add(step);
    }
    None
}

/// The nearest float that passes.
fn nearest_float(pass: &Criterion, way: Way) -> Option<f64> {
    let (threshold, up) = match way {
        Way::Up { threshold } => (threshold, true),
        Way::Down { threshold } => (threshold, false),
    };
    let on = |x: f64| if up { x.next_up() } else { x.next_down() };
    let back = |x: f64| if up { x.next_down() } else { x.next_up() };
    let nearest = threshold.get();
    [back(nearest), nearest, on(nearest)].into_iter().find(|x| holds(pass, *x))
}

/// The nearest count that passes out of the same whole.
fn nearest_part(pass: &Criterion, part: u64, whole: u64, way: Way) -> Option<Value> {
    let (threshold, up) = match way {
        Way::Up { threshold } => (threshold, true),
        Way::Down { threshold } => (threshold, false),
    };
    let point = Point::new(threshold);
    let unit = pass.unit?;
    // Whether that count has come to the threshold or beyond; once it has, it stays so that way.
    let beyond = |n: u64| {
        let value = Value::Fraction { part: n, whole };
        let order = point.order_of(&value, unit);
        let strict = pass.holds(&value) != Some(true);
        order.is_some_and(|o| (if up { o.is_gt() } else { o.is_lt() }) || (o.is_eq() && !strict))
    };
    let (mut near, mut far) = if up { (part, whole) } else { (part, 0) };
    if !beyond(far) {
        return None;
    }
    // `near` has not come there, `far` has.
    while near.abs_diff(far) > 1 {
        let middle = near.midpoint(far);
        if beyond(middle) { far = middle } else { near = middle }
    }
    Some(Value::Fraction { part: far, whole })
}
