//! What was seen and decided at one condition.

use devops_core::{Measure, Unit, Value};

use crate::compiled::Condition;
use crate::evidence::Slot;
use crate::{Missing, Status};

/// What was seen and decided at one condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) reading: Option<Reading>,
    pub(crate) ground: Ground,
    pub(crate) status: Status,
    /// Whether it has a say in the verdict.
    pub(crate) counted: bool,
    /// Whether somebody was to measure it.
    pub(crate) expected: bool,
}

/// What the measure said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub(crate) value: Value,
    pub(crate) unit: Unit,
    pub(crate) sample_size: Option<u64>,
}

/// Why a condition has its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ground {
    /// Its pass criterion holds.
    Holds,
    /// Only its warning criterion holds.
    WarningHolds,
    /// None of its criteria holds.
    DoesNotHold,
    /// There is no measure, or it has no value.
    Missing,
    /// There is no measure, and nobody was to take it.
    NotExpected,
    /// The measure is in another unit: the two are not compared.
    WrongUnit,
    /// The value is of another kind, such as a text where a number is needed.
    WrongKind,
    /// It rests on too few observations, or nobody said on how many.
    TooFewSamples,
}

impl Entry {
    /// What follows for a condition from an input.
    pub(crate) fn of_slot(condition: &Condition, slot: Slot<'_>) -> Self {
        let measure = match slot {
            Slot::Measured(measure) => measure,
            Slot::Missing => return Self::new(condition, None, true),
            Slot::NotExpected => return Self::new(condition, None, false),
        };
        Self::of_number(condition, measure).unwrap_or_else(|| {
            let value = measure.value().clone();
            let reading = Reading { value, unit: measure.unit(), sample_size: measure.sample_size() };
            Self::new(condition, Some(reading), true)
        })
    }

    /// The plain case, done without detours: a number in the right unit against plain comparisons.
    fn of_number(condition: &Condition, measure: &Measure) -> Option<Self> {
        let fast = condition.fast.as_ref()?;
        let Value::Number { value } = measure.value() else { return None };
        if measure.unit() != fast.unit {
            return None;
        }
        let (ground, status) = if fast.pass.holds(*value) {
            (Ground::Holds, Status::Passed)
        } else if fast.warn.is_some_and(|w| w.holds(*value)) {
            (Ground::WarningHolds, Status::Warning)
        } else {
            (Ground::DoesNotHold, Status::Failed)
        };
        let value = Value::Number { value: *value };
        let reading = Reading { value, unit: fast.unit, sample_size: measure.sample_size() };
        Some(Self { reading: Some(reading), ground, status, counted: !condition.shadow, expected: true })
    }

    /// What follows for a condition from what was seen.
    pub(crate) fn new(condition: &Condition, reading: Option<Reading>, expected: bool) -> Self {
        let ground = match &reading {
            Some(reading) => ground(condition, reading),
            None if expected || !condition.when_expected => Ground::Missing,
            None => Ground::NotExpected,
        };
        let skipped = ground == Ground::NotExpected
            || (ground == Ground::Missing && condition.missing == Missing::Skip);
        let counted = !skipped && !condition.shadow;
        Self { reading, ground, status: status(condition, ground), counted, expected }
    }
}

fn ground(condition: &Condition, reading: &Reading) -> Ground {
    let value = &reading.value;
    if matches!(value, Value::Missing { .. } | Value::Fraction { whole: 0, .. }) {
        return Ground::Missing;
    }
    let number = matches!(value, Value::Number { .. } | Value::Fraction { .. });
    match condition.pass.unit {
        Some(unit) if number && unit != reading.unit => return Ground::WrongUnit,
        _ => {}
    }
    let Some(passes) = condition.pass.holds(value) else {
        return Ground::WrongKind;
    };
    if condition.min_samples > 0 && reading.sample_size.is_none_or(|n| n < condition.min_samples) {
        return Ground::TooFewSamples;
    }
    if passes {
        Ground::Holds
    } else if condition.warn.as_ref().is_some_and(|w| w.holds(value) == Some(true)) {
        Ground::WarningHolds
    } else {
        Ground::DoesNotHold
    }
}

fn status(condition: &Condition, ground: Ground) -> Status {
    match ground {
        Ground::Holds => Status::Passed,
        Ground::WarningHolds => Status::Warning,
        Ground::DoesNotHold => Status::Failed,
        Ground::Missing | Ground::WrongUnit | Ground::WrongKind if condition.missing == Missing::Fail => {
            Status::Failed
        }
        _ => Status::Inconclusive,
    }
}
