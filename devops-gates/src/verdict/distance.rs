//! How far a condition is from passing.

use alloc::string::ToString as _;
use core::cmp::Ordering;
use core::fmt;

use devops_core::{Comparison, Decimal, Fraction, Message, Number, Score, Unit, Value};

use crate::condition::predicate::Test;
use crate::condition::relative;
use crate::evaluate::entry::{Entry, Reading};
use crate::gate::compiled::{Condition, Criterion};
use crate::history::baseline::Baseline;
use crate::verdict::render::with_unit;
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
    /// It has none: nothing comparable was measured, or the criterion is an equality, a set or a gap,
    /// or on samples.
    Unknown {
        /// Why.
        reason: Message,
    },
}

impl Distance {
    /// What it says, in one line.
    ///
    /// ```
    /// assert_eq!(devops_gates::Distance::None.message().id(), "gate.distance.none");
    /// ```
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::None => Message::new("gate.distance.none"),
            Self::Change { from, to, unit } => {
                let bare = matches!(to, Value::Fraction { .. });
                let shown = |value: &Value| {
                    if bare { value.to_string() } else { with_unit(value.to_string(), *unit) }
                };
                Message::new("gate.distance.change").with("from", shown(from)).with("to", shown(to))
            }
            Self::Unknown { reason } => reason.clone(),
        }
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&texts().render(&self.message()))
    }
}

/// A criterion to be met, with the baseline that it is held against.
struct Goal<'a> {
    pass: &'a Criterion,
    baseline: Option<&'a Fraction>,
}

impl Goal<'_> {
    fn holds(&self, value: &Value) -> bool {
        self.pass.holds(value, self.baseline) == Some(true)
    }

    fn holds_for(&self, value: f64) -> bool {
        Number::new(value).is_ok_and(|n| self.holds(&n.into()))
    }
}

/// Which way a value must go, and how far: to the threshold or beyond it.
struct Way {
    up: bool,
    threshold: Threshold,
}

enum Threshold {
    Plain(Decimal),
    OfBaseline(Fraction),
}

impl Threshold {
    /// The nearest `f64`, or one beside it.
    fn get(&self) -> f64 {
        match self {
            Self::Plain(decimal) => decimal.get(),
            Self::OfBaseline(exact) => exact.get(),
        }
    }

    /// How a value in that unit stands to it.
    fn order_of(&self, value: &Value, unit: Unit) -> Option<Ordering> {
        match self {
            Self::Plain(decimal) => devops_core::compare(value, unit, *decimal),
            Self::OfBaseline(exact) => relative::order_of(value, unit, exact),
        }
    }
}

pub(crate) fn distance(condition: &Condition, entry: &Entry) -> Distance {
    let unknown = |id| Distance::Unknown { reason: Message::new(id) };
    let reading = match (entry.ground, &entry.reading) {
        (Ground::Holds, _) => return Distance::None,
        (Ground::WarningHolds | Ground::DoesNotHold | Ground::NotYetFailed, _)
            if condition.samples.is_some() =>
        {
            return unknown("gate.distance.samples");
        }
        (Ground::NotProven | Ground::NotComparable, _) => return unknown("gate.distance.samples"),
        (Ground::WarningHolds | Ground::DoesNotHold | Ground::NotYetFailed, Some(reading)) => reading,
        (Ground::NotYetRecovered, _) => return unknown("gate.distance.not_yet_recovered"),
        (Ground::TooFewSamples | Ground::TooLittleEvidence | Ground::CannotShow, _) => {
            return unknown("gate.distance.too_few_samples");
        }
        (Ground::NoBaseline | Ground::ZeroBaseline | Ground::NegativeBaseline, _) => {
            return unknown("gate.distance.no_baseline");
        }
        _ => return unknown("gate.distance.not_measured"),
    };
    let baseline = entry.context.as_ref().and_then(|c| c.baseline.as_ref());
    let goal = Goal { pass: &condition.pass, baseline: baseline.map(Baseline::exact) };
    let Some(way) = way(&goal, reading) else {
        return unknown("gate.distance.not_ordered");
    };
    match nearest(&goal, reading, &way) {
        Some(to) if goal.holds(&to) => {
            Distance::Change { from: reading.value.clone(), to, unit: reading.unit }
        }
        _ => unknown("gate.distance.out_of_reach"),
    }
}

fn way(goal: &Goal<'_>, reading: &Reading) -> Option<Way> {
    let one_sided = |comparison: &Comparison, threshold| match comparison {
        Comparison::AtLeast | Comparison::Above => Some(Way { up: true, threshold }),
        Comparison::AtMost | Comparison::Below => Some(Way { up: false, threshold }),
        Comparison::Equal | Comparison::NotEqual => None,
    };
    match &goal.pass.predicate.test {
        Test::Compare { comparison, value } => one_sided(comparison, Threshold::Plain(*value)),
        Test::Relative { comparison, offset } => {
            one_sided(comparison, Threshold::OfBaseline(offset.applied(goal.baseline?)))
        }
        Test::Range { negated: false, low, high } => {
            let below = devops_core::compare(&reading.value, reading.unit, low.value)?;
            let up = below.is_lt() || (below.is_eq() && !low.included);
            Some(Way { up, threshold: Threshold::Plain(if up { low.value } else { high.value }) })
        }
        _ => None,
    }
}

/// The nearest value that way that passes.
fn nearest(goal: &Goal<'_>, reading: &Reading, way: &Way) -> Option<Value> {
    match reading.value {
        Value::Fraction { part, whole } => nearest_part(goal, part, whole, way),
        _ => match reading.unit {
            Unit::Score => nearest_step(goal, way, 1e6)
                .and_then(|n| Score::from_micros(u64::try_from(n).ok()?))
                .map(Score::get),
            Unit::Count | Unit::Lines | Unit::Bytes =>
            {
                #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
                nearest_step(goal, way, 1.0).map(|n| n as f64)
            }
            _ => nearest_float(goal, way),
        }
        .and_then(|value| Number::new(value).ok())
        .map(Value::from),
    }
}

/// The nearest whole number of steps that passes, where `per_one` steps make one.
fn nearest_step(goal: &Goal<'_>, way: &Way, per_one: f64) -> Option<i64> {
    let step = if way.up { 1_i64 } else { -1 };
    let about = way.threshold.get() * per_one;
    if about.abs() > 9e15 {
        return None;
    }
    // At most two steps off through rounding; from there towards the passing side.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be below 2^53")]
    let mut steps = (about as i64).saturating_sub(step.saturating_mul(2));
    for _ in 0..6 {
        #[expect(clippy::cast_precision_loss, reason = "checked to be below 2^53")]
        if goal.holds_for(steps as f64 / per_one) {
            return Some(steps);
        }
        steps = steps.saturating_add(step);
    }
    None
}

/// The nearest float that passes.
fn nearest_float(goal: &Goal<'_>, way: &Way) -> Option<f64> {
    let on = |x: f64| if way.up { x.next_up() } else { x.next_down() };
    let back = |x: f64| if way.up { x.next_down() } else { x.next_up() };
    let mut value = back(back(way.threshold.get()));
    for _ in 0..5 {
        if goal.holds_for(value) {
            return Some(value);
        }
        value = on(value);
    }
    None
}

/// The nearest count that passes out of the same whole.
fn nearest_part(goal: &Goal<'_>, part: u64, whole: u64, way: &Way) -> Option<Value> {
    let unit = goal.pass.unit?;
    // Whether that count has come to the threshold or beyond; once it has, it stays so that way.
    let beyond = |n: u64| {
        let value = Value::Fraction { part: n, whole };
        let order = way.threshold.order_of(&value, unit);
        let strict = !goal.holds(&value);
        order.is_some_and(|o| (if way.up { o.is_gt() } else { o.is_lt() }) || (o.is_eq() && !strict))
    };
    let (mut near, mut far) = if way.up { (part, whole) } else { (part, 0) };
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
