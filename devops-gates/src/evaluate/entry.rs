//! What was seen and decided at one condition.

use alloc::boxed::Box;
use alloc::vec::Vec;

use devops_core::{Measure, Number, Unit, Value};

use crate::condition::stability::Held;
use crate::evaluate::context::Context;
use crate::evaluate::evidence::{Evidence, Slot};
use crate::evaluate::samples;
use crate::gate::compiled::Condition;
use crate::history::baseline::Baseline;
use crate::{Missing, NegativeBaseline, NoBaseline, Status, ZeroBaseline};

/// What was seen and decided at one condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) reading: Option<Reading>,
    /// What beside its measure it was judged by.
    pub(crate) context: Option<Box<Context>>,
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

impl Reading {
    pub(crate) fn of(measure: &Measure) -> Self {
        Self { value: measure.value().clone(), unit: measure.unit(), sample_size: measure.sample_size() }
    }

    /// Whether there is no value in it.
    pub(crate) const fn is_empty(&self) -> bool {
        matches!(self.value, Value::Missing { .. } | Value::Fraction { whole: 0, .. })
    }
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
    /// There is too little to judge by, such as too few changed lines, or nobody said how much.
    TooLittleEvidence,
    /// There is no baseline to compare with.
    NoBaseline,
    /// The baseline is zero, and a percentage of it is asked.
    ZeroBaseline,
    /// The baseline is below zero, and a percentage of it is asked.
    NegativeBaseline,
    /// There are no samples to compare, or their values are too large for it.
    NotComparable,
    /// However different the samples are, so few could not show it at the level of the condition.
    CannotShow,
    /// The change that is to be ruled out is neither shown nor ruled out.
    NotProven,
    /// None of its criteria holds, though not often enough in a row to fail.
    NotYetFailed,
    /// Its criteria hold, though not often or clearly enough to recover from failing.
    NotYetRecovered,
}

impl Entry {
    /// What follows for each condition from its input.
    #[inline]
    pub(crate) fn of_slots(
        conditions: &[Condition],
        slots: &[Slot<'_>],
        evidence: Option<&Evidence<'_>>,
    ) -> Vec<Self> {
        // Filled in their place: made beside it and moved, they cost a third more.
        let mut entries: Vec<Self> = core::iter::repeat_with(Self::blank).take(conditions.len()).collect();
        for (entry, condition) in entries.iter_mut().zip(conditions) {
            let slot = slots.get(condition.input).copied().unwrap_or(Slot::Missing);
            if let Slot::Measured(measure) = slot
                && let Some((value, ground, status)) = plain(condition, measure)
            {
                let value = Value::Number { value };
                entry.reading =
                    Some(Reading { value, unit: measure.unit(), sample_size: measure.sample_size() });
                entry.ground = ground;
                entry.status = status;
                entry.counted = !condition.shadow;
                entry.expected = true;
            } else {
                *entry = Self::of_any(condition, slot, slots, evidence);
            }
        }
        entries
    }

    const fn blank() -> Self {
        Self {
            reading: None,
            context: None,
            ground: Ground::Missing,
            status: Status::Inconclusive,
            counted: false,
            expected: false,
        }
    }

    fn of_any(
        condition: &Condition,
        slot: Slot<'_>,
        slots: &[Slot<'_>],
        evidence: Option<&Evidence<'_>>,
    ) -> Self {
        let (measure, expected) = match slot {
            Slot::Measured(measure) => (Some(measure), true),
            Slot::Missing => (None, true),
            Slot::NotExpected => (None, false),
        };
        let (reading, context) = Context::gather(condition, measure, expected, slots, evidence);
        Self::new(condition, reading, expected, context)
    }

    /// What follows for a condition from what was seen.
    pub(crate) fn new(
        condition: &Condition,
        reading: Option<Reading>,
        expected: bool,
        context: Option<Box<Context>>,
    ) -> Self {
        let ground = match &reading {
            Some(reading) => ground(condition, reading, context.as_deref()),
            None if expected || !condition.when_expected => Ground::Missing,
            None => Ground::NotExpected,
        };
        let (seen, left_out) = match outcome(condition, ground) {
            Outcome::Decided(status) => (status, false),
            Outcome::LeftOut => (Status::Inconclusive, true),
        };
        let counted = !left_out && !condition.shadow;
        let mut entry = Self { reading, context, ground, status: seen, counted, expected };
        if let Some((status, _)) = entry.held(condition, seen) {
            entry.status = status;
            entry.ground = match (seen, status) {
                (Status::Failed, Status::Warning) => Ground::NotYetFailed,
                (Status::Warning | Status::Passed, Status::Failed) => Ground::NotYetRecovered,
                _ => ground,
            };
        }
        entry
    }

    /// What a result leads to where the condition is not to flap, and where it stands then.
    fn held(&self, condition: &Condition, seen: Status) -> Option<(Status, Held)> {
        let stable = condition.stable.as_ref()?;
        let context = self.context.as_ref()?;
        let baseline = context.baseline.as_ref().map(Baseline::exact);
        let recovers = match (&stable.recover, &self.reading) {
            (Some(recover), Some(reading)) => recover.holds(&reading.value, baseline) == Some(true),
            _ => true,
        };
        Some(context.before?.after(seen, recovers, &stable.spec))
    }

    /// Where the condition stands after this result, where it is not to flap.
    pub(crate) fn after(&self, condition: &Condition) -> Option<Held> {
        let seen = match self.ground {
            Ground::NotYetFailed => Status::Failed,
            // Whether it was in warning or passed makes no difference to where it stands.
            Ground::NotYetRecovered => Status::Passed,
            _ => self.status,
        };
        self.held(condition, seen).map(|(_, held)| held)
    }
}

/// The plain case: a number in the right unit against plain comparisons.
#[inline]
fn plain(condition: &Condition, measure: &Measure) -> Option<(Number, Ground, Status)> {
    let fast = condition.fast.as_ref().filter(|fast| fast.unit == measure.unit())?;
    let Value::Number { value } = *measure.value() else { return None };
    Some(if fast.pass.holds(value) {
        (value, Ground::Holds, Status::Passed)
    } else if fast.warn.is_some_and(|w| w.holds(value)) {
        (value, Ground::WarningHolds, Status::Warning)
    } else {
        (value, Ground::DoesNotHold, Status::Failed)
    })
}

fn ground(condition: &Condition, reading: &Reading, context: Option<&Context>) -> Ground {
    let value = &reading.value;
    if reading.is_empty() {
        return Ground::Missing;
    }
    let number = matches!(value, Value::Number { .. } | Value::Fraction { .. });
    match condition.pass.unit {
        Some(unit) if number && unit != reading.unit => return Ground::WrongUnit,
        _ => {}
    }
    if !condition.pass.speaks_of(value) {
        return Ground::WrongKind;
    }
    let on_samples = condition.samples.is_some();
    if !on_samples
        && condition.min_samples > 0
        && reading.sample_size.is_none_or(|n| n < condition.min_samples)
    {
        return Ground::TooFewSamples;
    }
    if let Some(guard) = &condition.min_evidence
        && !context.and_then(|c| c.evidence.as_ref()).is_some_and(|value| guard.is_met(value))
    {
        return Ground::TooLittleEvidence;
    }
    if let Some(rule) = &condition.samples {
        return samples::ground(rule, context.and_then(|c| c.samples.as_deref()));
    }
    let baseline = context.and_then(|c| c.baseline.as_ref());
    if let Some(unusable) = unusable_baseline(condition, baseline) {
        return unusable;
    }
    let exact = baseline.map(Baseline::exact);
    if condition.pass.holds(value, exact) == Some(true) {
        Ground::Holds
    } else if condition.warn.as_ref().is_some_and(|w| w.holds(value, exact) == Some(true)) {
        Ground::WarningHolds
    } else {
        Ground::DoesNotHold
    }
}

/// Why nothing can be compared with the baseline, where one is needed.
fn unusable_baseline(condition: &Condition, baseline: Option<&Baseline>) -> Option<Ground> {
    let spec = condition.baseline.as_ref()?;
    let Some(baseline) = baseline else { return Some(Ground::NoBaseline) };
    if !condition.percent_of_baseline() {
        return None;
    }
    if baseline.exact().is_zero() && spec.zero != ZeroBaseline::Compare {
        return Some(Ground::ZeroBaseline);
    }
    (baseline.exact().is_negative() && spec.negative != NegativeBaseline::Magnitude)
        .then_some(Ground::NegativeBaseline)
}

/// What a ground leads to.
enum Outcome {
    Decided(Status),
    /// It does not count.
    LeftOut,
}

fn outcome(condition: &Condition, ground: Ground) -> Outcome {
    let decided = |fails: bool, left_out: bool| match (fails, left_out) {
        (true, _) => Outcome::Decided(Status::Failed),
        (_, true) => Outcome::LeftOut,
        _ => Outcome::Decided(Status::Inconclusive),
    };
    let spec = condition.baseline.as_ref();
    let missing = condition.missing;
    match ground {
        Ground::Holds => Outcome::Decided(Status::Passed),
        Ground::WarningHolds => Outcome::Decided(Status::Warning),
        Ground::DoesNotHold | Ground::NotYetFailed | Ground::NotYetRecovered => {
            Outcome::Decided(Status::Failed)
        }
        Ground::Missing => decided(missing == Missing::Fail, missing == Missing::Skip),
        Ground::WrongUnit | Ground::WrongKind | Ground::NotComparable => {
            decided(missing == Missing::Fail, false)
        }
        Ground::TooFewSamples | Ground::TooLittleEvidence | Ground::CannotShow | Ground::NotProven => {
            Outcome::Decided(Status::Inconclusive)
        }
        Ground::NotExpected => Outcome::LeftOut,
        Ground::NoBaseline => decided(
            spec.is_some_and(|s| s.absent == NoBaseline::Fail),
            spec.is_some_and(|s| s.absent == NoBaseline::Skip),
        ),
        Ground::ZeroBaseline => decided(
            spec.is_some_and(|s| s.zero == ZeroBaseline::Fail),
            spec.is_some_and(|s| s.zero == ZeroBaseline::Skip),
        ),
        Ground::NegativeBaseline => decided(
            spec.is_some_and(|s| s.negative == NegativeBaseline::Fail),
            spec.is_some_and(|s| s.negative == NegativeBaseline::Skip),
        ),
    }
}
