//! From evidence to a verdict.

use alloc::sync::Arc;
use alloc::vec::Vec;

use devops_core::{Measure, Unit, Value};

use crate::compiled::{Child, Compiled, Condition, Group, Part, Rule};
use crate::evidence::Slot;
use crate::{Evidence, Gate, Missing, Status, Verdict};

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

/// The status of a group, and whether it has a say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GroupState {
    pub(crate) status: Status,
    /// `false` where none of its parts counts.
    pub(crate) counted: bool,
}

impl Gate {
    /// The verdict on that evidence, with its whole trace.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::{Evidence, Gate, Status};
    ///
    /// // Nothing was measured: nobody can say that it is fit to ship.
    /// let verdict = Gate::recommended().evaluate(&Evidence::new(&Measures::new()));
    /// assert_eq!(verdict.status(), Status::Inconclusive);
    /// ```
    #[must_use]
    pub fn evaluate(&self, evidence: &Evidence<'_>) -> Verdict {
        self.run(|index| {
            let Some((metric, scope)) = self.0.inputs.get(index) else {
                return Slot::Missing;
            };
            match evidence.measures().get(metric, scope) {
                Some(measure) => Slot::Measured(measure),
                None if evidence.expects(metric) => Slot::Missing,
                None => Slot::NotExpected,
            }
        })
    }

    /// The same from measures in the order of [`Gate::inputs`], without looking anything up by name. What is
    /// behind the end of the slice is missing. That each measure is the one of its place is up to the caller;
    /// units are checked.
    ///
    /// ```
    /// use devops_core::{Measure, MetricId, Score};
    /// use devops_gates::{ConditionSpec, Gate, GateSpec, Slot, Status};
    ///
    /// let gate = Gate::build(GateSpec::new("g").with_condition(ConditionSpec::new("s", "security", ">= 8")))?;
    /// let measure = Measure::score(MetricId::new("security")?, Score::MAX);
    /// assert_eq!(gate.evaluate_indexed(&[Slot::Measured(&measure)]).status(), Status::Passed);
    /// assert_eq!(gate.evaluate_indexed(&[]).status(), Status::Inconclusive);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn evaluate_indexed(&self, slots: &[Slot<'_>]) -> Verdict {
        self.run(|index| slots.get(index).copied().unwrap_or(Slot::Missing))
    }

    fn run<'a>(&self, slot: impl Fn(usize) -> Slot<'a>) -> Verdict {
        let entries: Vec<Entry> = self.0.conditions.iter().map(|c| entry(c, slot(c.input))).collect();
        let groups = decide(&self.0, &entries);
        Verdict::new(Arc::clone(&self.0), entries, groups)
    }
}

/// The statuses of all groups, from those of the conditions.
pub(crate) fn decide(gate: &Compiled, entries: &[Entry]) -> Vec<GroupState> {
    let mut groups = Vec::with_capacity(gate.groups.len());
    for group in &gate.groups {
        let state = group_state(gate, group, entries, &groups);
        groups.push(state);
    }
    groups
}

fn entry(condition: &Condition, slot: Slot<'_>) -> Entry {
    let read =
        |m: &Measure| Reading { value: m.value().clone(), unit: m.unit(), sample_size: m.sample_size() };
    match slot {
        Slot::Measured(measure) => entry_of(condition, Some(read(measure)), true),
        Slot::Missing => entry_of(condition, None, true),
        Slot::NotExpected => entry_of(condition, None, false),
    }
}

/// What follows for a condition from what was seen.
pub(crate) fn entry_of(condition: &Condition, reading: Option<Reading>, expected: bool) -> Entry {
    let ground = match &reading {
        Some(reading) => ground(condition, reading),
        None if expected || !condition.when_expected => Ground::Missing,
        None => Ground::NotExpected,
    };
    let status = status(condition, ground);
    let skipped =
        ground == Ground::NotExpected || (ground == Ground::Missing && condition.missing == Missing::Skip);
    Entry { reading, ground, status, counted: !skipped && !condition.shadow, expected }
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

/// A part as its holder sees it: status and weight, or `None` where it does not count.
pub(crate) fn part(
    gate: &Compiled,
    child: Child,
    entries: &[Entry],
    groups: &[GroupState],
) -> Option<(Status, Part)> {
    match child {
        Child::Condition(index) => {
            let entry = entries.get(index).filter(|e| e.counted)?;
            Some((entry.status, gate.conditions.get(index)?.part))
        }
        Child::Group(index) => {
            let state = groups.get(index).filter(|g| g.counted)?;
            Some((state.status, gate.groups.get(index)?.part))
        }
    }
}

fn group_state(gate: &Compiled, group: &Group, entries: &[Entry], groups: &[GroupState]) -> GroupState {
    let parts = || group.children.iter().filter_map(|c| part(gate, *c, entries, groups));
    let mut worst = None;
    let mut best = Status::Failed;
    let mut veto = Status::Passed;
    for (status, part) in parts() {
        worst = Some(worst.map_or(status, |w: Status| w.min(status)));
        best = best.max(status);
        if part.mandatory {
            veto = veto.min(status);
        }
    }
    let Some(worst) = worst else {
        return GroupState { status: Status::Inconclusive, counted: false };
    };
    let status = match group.rule {
        Rule::All => worst,
        Rule::Any => best,
        Rule::Not => worst.negated(),
        Rule::AtLeast(k) => kth_best(parts().map(|(status, _)| status), k),
        Rule::Weighted { pass, warn, warning_earns } => weighted(parts(), warning_earns).status(pass, warn),
    };
    GroupState { status: status.min(veto), counted: true }
}

/// The k-th best status: the best that at least k parts reach.
fn kth_best(parts: impl Iterator<Item = Status>, k: usize) -> Status {
    let mut reached = [0_usize; 4];
    let mut count = 0_usize;
    for status in parts {
        let slot = match status {
            Status::Passed => 0,
            Status::Warning => 1,
            Status::Inconclusive => 2,
            Status::Failed => 3,
        };
        for (index, n) in reached.iter_mut().enumerate() {
            *n = n.saturating_add(usize::from(slot <= index));
        }
        count = count.saturating_add(1);
    }
    if count < k {
        return Status::Inconclusive;
    }
    let ranked = [Status::Passed, Status::Warning, Status::Inconclusive, Status::Failed];
    ranked.into_iter().zip(reached).find(|(_, n)| *n >= k).map_or(Status::Failed, |(status, _)| status)
}

/// What the parts of a weighted group earn: in millionths of millionths of a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Earned {
    /// What is known to be earned.
    pub(crate) low: u128,
    /// What is earned if all that is inconclusive passes.
    pub(crate) high: u128,
    /// What can be earned in all.
    pub(crate) total: u128,
}

pub(crate) fn weighted(parts: impl Iterator<Item = (Status, Part)>, warning_earns: u64) -> Earned {
    let mut earned = Earned { low: 0, high: 0, total: 0 };
    for (status, part) in parts {
        let full = u128::from(part.weight).saturating_mul(1_000_000);
        let warned = u128::from(part.weight).saturating_mul(u128::from(warning_earns));
        let (low, high) = match status {
            Status::Passed => (full, full),
            Status::Warning => (warned, warned),
            Status::Inconclusive => (0, full),
            Status::Failed => (0, 0),
        };
        earned.low = earned.low.saturating_add(low);
        earned.high = earned.high.saturating_add(high);
        earned.total = earned.total.saturating_add(full);
    }
    earned
}

impl Earned {
    /// The status of that much; shares in millionths of a percent.
    fn status_of(self, earned: u128, pass: u64, warn: Option<u64>) -> Status {
        let reaches =
            |share: u64| earned.saturating_mul(100_000_000) >= self.total.saturating_mul(u128::from(share));
        if reaches(pass) {
            Status::Passed
        } else if warn.is_some_and(reaches) {
            Status::Warning
        } else {
            Status::Failed
        }
    }

    /// The status however the inconclusive parts turn out, or inconclusive.
    pub(crate) fn status(self, pass: u64, warn: Option<u64>) -> Status {
        if self.total == 0 {
            return Status::Inconclusive;
        }
        let low = self.status_of(self.low, pass, warn);
        if low == self.status_of(self.high, pass, warn) { low } else { Status::Inconclusive }
    }
}
