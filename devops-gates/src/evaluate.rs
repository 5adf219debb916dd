//! From evidence to a verdict.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::compiled::{Child, Compiled, Group, Part, Rule};
use crate::entry::Entry;
use crate::evidence::Slot;
use crate::{Evidence, Gate, Status, Verdict};

/// The status of a group, and whether it has a say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GroupState {
    pub(crate) status: Status,
    /// `false` where none of its parts counts.
    pub(crate) counted: bool,
    /// Whether a condition below that counts is inconclusive, even where that decides nothing now.
    pub(crate) open: bool,
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
    /// units are checked. There is no history here: a condition relative to a baseline has none but a given one.
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
        let entry = |c| Entry::of_slot(c, slots, evidence);
        let entries: Vec<Entry> = self.0.conditions.iter().map(entry).collect();
        let (inner, root) = decide(&self.0, &entries);
        Verdict::new(Arc::clone(&self.0), entries, inner, root)
    }
}

/// The states of the inner groups and of the gate itself, from those of the conditions.
pub(crate) fn decide(gate: &Compiled, entries: &[Entry]) -> (Vec<GroupState>, GroupState) {
    let mut root = GroupState { status: Status::Inconclusive, counted: false, open: false };
    let Some((last, groups)) = gate.groups.split_last() else {
        return (Vec::new(), root);
    };
    let mut inner = Vec::with_capacity(groups.len());
    for group in groups {
        let state = group_state(gate, group, entries, &inner);
        inner.push(state);
    }
    root = group_state(gate, last, entries, &inner);
    (inner, root)
}

/// A part as its holder sees it: status and weight, or `None` where it does not count.
pub(crate) fn part(
    gate: &Compiled,
    child: Child,
    entries: &[Entry],
    inner: &[GroupState],
) -> Option<(Status, Part)> {
    match child {
        Child::Condition { index, part } => {
            let entry = entries.get(index).filter(|e| e.counted)?;
            Some((entry.status, part))
        }
        Child::Group(index) => {
            let state = inner.get(index).filter(|g| g.counted)?;
            Some((state.status, gate.groups.get(index)?.part))
        }
    }
}

/// How many parts have each status, and what they weigh together: failed, inconclusive, warning, passed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    counts: [usize; 4],
    /// In millionths; a part weighs at most 1,000.
    weights: [u64; 4],
    /// The worst status of the mandatory parts.
    veto: Status,
}

impl Tally {
    pub(crate) fn of(parts: impl Iterator<Item = (Status, Part)>) -> Self {
        let mut tally = Self { counts: [0; 4], weights: [0; 4], veto: Status::Passed };
        for (status, part) in parts {
            let place = status as usize;
            if let (Some(count), Some(weight)) = (tally.counts.get_mut(place), tally.weights.get_mut(place)) {
                *count = count.saturating_add(1);
                *weight = weight.saturating_add(part.weight);
            }
            if part.mandatory && status < tally.veto {
                tally.veto = status;
            }
        }
        tally
    }

    /// The k-th best status: the best that at least k parts reach; inconclusive where there are fewer.
    fn kth_best(&self, k: usize) -> Status {
        let [failed, inconclusive, warning, passed] = self.counts;
        let warned = passed.saturating_add(warning);
        let open = warned.saturating_add(inconclusive);
        if passed >= k {
            Status::Passed
        } else if warned >= k {
            Status::Warning
        } else if open >= k || open.saturating_add(failed) < k {
            Status::Inconclusive
        } else {
            Status::Failed
        }
    }

    fn parts(&self) -> usize {
        self.counts.iter().fold(0, |sum: usize, n| sum.saturating_add(*n))
    }

    /// What is earned, where a part in warning earns that share of its weight.
    pub(crate) fn earned(&self, warning_earns: u64) -> Earned {
        let [failed, open, warned, passed] = self.weights.map(u128::from);
        let full = |weight: u128| weight.saturating_mul(1_000_000);
        let low = full(passed).saturating_add(warned.saturating_mul(u128::from(warning_earns)));
        Earned {
            low,
            high: low.saturating_add(full(open)),
            total: full(failed.saturating_add(open).saturating_add(warned).saturating_add(passed)),
        }
    }
}

fn group_state(gate: &Compiled, group: &Group, entries: &[Entry], inner: &[GroupState]) -> GroupState {
    let tally = Tally::of(group.children.iter().filter_map(|c| part(gate, *c, entries, inner)));
    let parts = tally.parts();
    if parts == 0 {
        return GroupState { status: Status::Inconclusive, counted: false, open: false };
    }
    let open = group.children.iter().any(|c| is_open(gate, *c, entries, inner));
    let status = match group.rule {
        Rule::All => tally.kth_best(parts),
        Rule::Any => tally.kth_best(1),
        Rule::Not => tally.kth_best(1).negated(),
        Rule::AtLeast(k) => tally.kth_best(k),
        Rule::Weighted { pass, warn, warning_earns } => {
            match tally.earned(warning_earns).status(pass, warn) {
                // Else a better measure, or one more withheld, could move a verdict between the two.
                Status::Warning if open => Status::Inconclusive,
                decided => decided,
            }
        }
    };
    GroupState { status: status.min(tally.veto), counted: true, open }
}

/// Whether a condition below the part is inconclusive.
fn is_open(gate: &Compiled, child: Child, entries: &[Entry], inner: &[GroupState]) -> bool {
    match child {
        Child::Condition { .. } => {
            part(gate, child, entries, inner).is_some_and(|(status, _)| status == Status::Inconclusive)
        }
        Child::Group(index) => inner.get(index).is_some_and(|state| state.open),
    }
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
        if self.low == self.high || low == self.status_of(self.high, pass, warn) {
            low
        } else {
            Status::Inconclusive
        }
    }
}
