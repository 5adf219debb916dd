//! From evidence to a verdict.

pub(crate) mod context;
pub(crate) mod early;
pub(crate) mod entry;
pub(crate) mod evidence;
pub(crate) mod samples;
mod settled;
pub(crate) mod status;
pub(crate) mod tally;
pub(crate) mod what_if;

pub use context::LastKnown;
pub use early::{Decision, Pending};
pub use entry::Ground;
pub use evidence::{Evidence, Slot};
pub use samples::SampleComparison;
pub use status::Status;
pub(crate) use tally::{Tally, state_of};

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::evaluate::entry::Entry;
use crate::gate::compiled::{Child, Compiled, Group, Part};
use crate::waiver::waiving;
use crate::{Gate, Verdict};

/// The least and the most that a part can come to, however what is inconclusive turns out: each of the two is
/// failed, warning or passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) low: Status,
    pub(crate) high: Status,
}

impl Ends {
    const UNKNOWN: Self = Self { low: Status::Failed, high: Status::Passed };

    pub(crate) const fn of(status: Status) -> Self {
        match status {
            Status::Inconclusive => Self::UNKNOWN,
            status => Self { low: status, high: status },
        }
    }

    const fn negated(self) -> Self {
        Self { low: self.high.negated(), high: self.low.negated() }
    }
}

/// What a group can come to, and whether it has a say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GroupState {
    pub(crate) ends: Ends,
    /// `false` where none of its parts counts.
    pub(crate) counted: bool,
    /// Whether something below is inconclusive, even where that decides nothing now.
    pub(crate) open: bool,
}

impl GroupState {
    pub(crate) const EMPTY: Self = Self { ends: Ends::UNKNOWN, counted: false, open: false };

    /// Passed and failed are told where nothing can change them any more, a warning only where nothing is open:
    /// else a better measure, or one more withheld, could move a verdict between the two.
    pub(crate) fn status(self) -> Status {
        let Ends { low, high } = self.ends;
        if low == Status::Passed || high == Status::Failed || (low == high && !self.open) {
            low
        } else {
            Status::Inconclusive
        }
    }
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
        self.evaluate_slots(&self.slots(evidence), Some(evidence))
    }

    /// The measures of that evidence in the order of [`Gate::inputs`], for [`Gate::evaluate_indexed`].
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::{Evidence, Gate, Slot};
    ///
    /// let measures = Measures::new();
    /// let slots = Gate::classic().slots(&Evidence::new(&measures));
    /// assert!(matches!(slots[..], [Slot::Missing, Slot::Missing, Slot::Missing, Slot::Missing]));
    /// ```
    #[must_use]
    pub fn slots<'a>(&self, evidence: &Evidence<'a>) -> Vec<Slot<'a>> {
        let inputs = &self.0.inputs;
        let absent = |metric| if evidence.expects(metric) { Slot::Missing } else { Slot::NotExpected };
        let measures = evidence.measures();
        let few = measures.len().checked_div(8).is_none_or(|n| n <= inputs.len());
        if !few {
            let find =
                |metric, scope| measures.get(metric, scope).map_or_else(|| absent(metric), Slot::Measured);
            return inputs.iter().map(|(metric, scope)| find(metric, scope)).collect();
        }
        // Both are sorted: one walk along both.
        let mut rest = measures.iter().peekable();
        let find = |metric, scope| loop {
            let Some(measure) = rest.peek() else { return absent(metric) };
            match measure.metric().cmp(metric).then_with(|| measure.scope().cmp(scope)) {
                core::cmp::Ordering::Less => {
                    rest.next();
                }
                core::cmp::Ordering::Equal => return Slot::Measured(measure),
                core::cmp::Ordering::Greater => return absent(metric),
            }
        };
        let mut find = find;
        inputs.iter().map(|(metric, scope)| find(metric, scope)).collect()
    }

    /// The verdict on measures in the order of [`Gate::inputs`], without looking anything up by name. What is
    /// behind the end of the slice is missing. That each measure is the one of its place is up to the caller;
    /// units are checked. There is neither history nor control here: a condition relative to a baseline has none but a
    /// given one.
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
        self.evaluate_slots(slots, None)
    }

    fn evaluate_slots(&self, slots: &[Slot<'_>], evidence: Option<&Evidence<'_>>) -> Verdict {
        let mut entries = Entry::of_slots(&self.0.conditions, slots, evidence);
        let waivers = evidence.map(|e| waiving::apply(&self.0, &mut entries, e)).unwrap_or_default();
        Verdict::new(Arc::clone(&self.0), entries, waivers)
    }
}

/// The states of the inner groups, which are filled in, and of the gate itself, from those of the conditions.
pub(crate) fn decide(gate: &Compiled, entries: &[Entry], inner: &mut Vec<GroupState>) -> GroupState {
    let Some((last, groups)) = gate.groups.split_last() else { return GroupState::EMPTY };
    inner.reserve_exact(groups.len());
    for group in groups {
        let state = group_state(gate, group, entries, inner);
        inner.push(state);
    }
    group_state(gate, last, entries, inner)
}

/// A part as its holder sees it, or `None` where it does not count.
#[inline]
pub(crate) fn part(
    gate: &Compiled,
    child: Child,
    entries: &[Entry],
    inner: &[GroupState],
) -> Option<(Ends, Part)> {
    match child {
        Child::Condition { index, part } => {
            let entry = entries.get(index).filter(|e| e.counted)?;
            Some((Ends::of(entry.status), part))
        }
        Child::Group(index) => {
            let state = inner.get(index).filter(|g| g.counted)?;
            Some((state.ends, gate.groups.get(index)?.part))
        }
    }
}

fn group_state(gate: &Compiled, group: &Group, entries: &[Entry], inner: &[GroupState]) -> GroupState {
    if let Some(state) = settled::settled(group, entries) {
        return state;
    }
    let mut tally = Tally::of(core::iter::empty());
    let mut open = false;
    for child in &group.children {
        if let Some((ends, own)) = part(gate, *child, entries, inner) {
            tally.add(ends, own);
            open |= is_open(*child, entries, inner);
        }
    }
    if tally.parts() == 0 { GroupState::EMPTY } else { state_of(&tally, group.rule, open) }
}

/// Whether a condition below the part is inconclusive.
#[inline]
pub(crate) fn is_open(child: Child, entries: &[Entry], inner: &[GroupState]) -> bool {
    match child {
        Child::Condition { index, .. } => {
            entries.get(index).is_some_and(|e| e.counted && e.status == Status::Inconclusive)
        }
        Child::Group(index) => inner.get(index).is_some_and(|state| state.open),
    }
}
