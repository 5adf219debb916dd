//! From evidence to a verdict.

pub(crate) mod context;
pub(crate) mod early;
pub(crate) mod entry;
pub(crate) mod evidence;
pub(crate) mod samples;
pub(crate) mod status;
pub(crate) mod what_if;

pub use context::LastKnown;
pub use early::{Decision, Pending};
pub use entry::Ground;
pub use evidence::{Evidence, Slot};
pub use samples::SampleComparison;
pub use status::Status;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::evaluate::entry::Entry;
use crate::gate::compiled::{Child, Compiled, Group, Part, Rule};
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

/// The states of the inner groups and of the gate itself, from those of the conditions.
pub(crate) fn decide(gate: &Compiled, entries: &[Entry]) -> (Vec<GroupState>, GroupState) {
    let Some((last, groups)) = gate.groups.split_last() else {
        return (Vec::new(), GroupState::EMPTY);
    };
    let mut inner = Vec::with_capacity(groups.len());
    for group in groups {
        let state = group_state(gate, group, entries, &inner);
        inner.push(state);
    }
    let root = group_state(gate, last, entries, &inner);
    (inner, root)
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

/// How many parts have each pair of ends, and what they weigh together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    places: [Place; 6],
    /// How many parts are mandatory.
    mandatory: usize,
}

/// The parts of one pair of ends.
#[derive(Debug, Clone, Copy)]
struct Place {
    count: usize,
    /// In millionths; a part weighs at most 1,000.
    weight: u64,
    mandatory: usize,
}

/// The ends of each place in a tally.
const PLACES: [Ends; 6] = [
    Ends { low: Status::Failed, high: Status::Failed },
    Ends { low: Status::Failed, high: Status::Warning },
    Ends::UNKNOWN,
    Ends { low: Status::Warning, high: Status::Warning },
    Ends { low: Status::Warning, high: Status::Passed },
    Ends { low: Status::Passed, high: Status::Passed },
];

/// The place of a pair of ends in a tally.
const fn place(ends: Ends) -> usize {
    match (ends.low, ends.high) {
        (Status::Passed, _) => 5,
        (Status::Warning, Status::Passed) => 4,
        (Status::Warning, _) => 3,
        (_, Status::Passed) => 2,
        (_, Status::Warning) => 1,
        _ => 0,
    }
}

impl Tally {
    pub(crate) fn of(parts: impl Iterator<Item = (Ends, Part)>) -> Self {
        let none = Place { count: 0, weight: 0, mandatory: 0 };
        let mut tally = Self { places: [none; 6], mandatory: 0 };
        for (ends, part) in parts {
            tally.add(ends, part);
        }
        tally
    }

    #[inline]
    pub(crate) fn add(&mut self, ends: Ends, part: Part) {
        if let Some(place) = self.places.get_mut(place(ends)) {
            place.count = place.count.saturating_add(1);
            place.weight = place.weight.saturating_add(part.weight);
            if part.mandatory {
                place.mandatory = place.mandatory.saturating_add(1);
                self.mandatory = self.mandatory.saturating_add(1);
            }
        }
    }

    /// Takes out a part that was added.
    pub(crate) fn remove(&mut self, ends: Ends, part: Part) {
        if let Some(place) = self.places.get_mut(place(ends)) {
            place.count = place.count.saturating_sub(1);
            place.weight = place.weight.saturating_sub(part.weight);
            if part.mandatory {
                place.mandatory = place.mandatory.saturating_sub(1);
                self.mandatory = self.mandatory.saturating_sub(1);
            }
        }
    }

    /// The worst ends of the mandatory parts.
    pub(crate) fn veto(&self) -> Ends {
        let mut veto = Ends { low: Status::Passed, high: Status::Passed };
        if self.mandatory == 0 {
            return veto;
        }
        for (ends, _) in PLACES.iter().zip(self.places).filter(|(_, place)| place.mandatory > 0) {
            veto = Ends { low: veto.low.min(ends.low), high: veto.high.min(ends.high) };
        }
        veto
    }

    /// The k-th best of each end: the best that at least k parts reach; unknown where there are fewer.
    fn kth_best(&self, k: usize) -> Option<Ends> {
        let [_, fw, fp, ww, wp, pp] = self.places.map(|place| place.count);
        let sum = |parts: &[usize]| parts.iter().fold(0, |sum: usize, n| sum.saturating_add(*n));
        let best = |passed: usize, warned: usize| {
            if passed >= k {
                Status::Passed
            } else if passed.saturating_add(warned) >= k {
                Status::Warning
            } else {
                Status::Failed
            }
        };
        let ends = Ends { low: best(pp, sum(&[ww, wp])), high: best(sum(&[pp, wp, fp]), sum(&[ww, fw])) };
        (self.parts() >= k).then_some(ends)
    }

    pub(crate) fn parts(&self) -> usize {
        self.places.iter().fold(0, |sum: usize, place| sum.saturating_add(place.count))
    }

    /// What is earned, where a part in warning earns that share of its weight.
    pub(crate) fn earned(&self, warning_earns: u64) -> Earned {
        let [ff, fw, fp, ww, wp, pp] = self.places.map(|place| u128::from(place.weight));
        let sum = |parts: &[u128]| parts.iter().fold(0, |sum: u128, n| sum.saturating_add(*n));
        let earned = |passed: u128, warned: u128| {
            passed.saturating_mul(1_000_000).saturating_add(warned.saturating_mul(u128::from(warning_earns)))
        };
        Earned {
            low: earned(pp, sum(&[ww, wp])),
            high: earned(sum(&[pp, wp, fp]), sum(&[ww, fw])),
            total: sum(&[ff, fw, fp, ww, wp, pp]).saturating_mul(1_000_000),
        }
    }

    /// What a rule makes of the parts; `None` where it cannot make anything of them.
    fn ends(&self, rule: Rule) -> Option<Ends> {
        let own = match rule {
            Rule::All => self.kth_best(self.parts()),
            Rule::Any => self.kth_best(1),
            Rule::Not => self.kth_best(1).map(Ends::negated),
            Rule::AtLeast(k) => self.kth_best(k),
            Rule::Weighted { pass, warn, warning_earns } => self.earned(warning_earns).ends(pass, warn),
        };
        let veto = self.veto();
        own.map(|own| Ends { low: own.low.min(veto.low), high: own.high.min(veto.high) })
    }
}

fn group_state(gate: &Compiled, group: &Group, entries: &[Entry], inner: &[GroupState]) -> GroupState {
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

/// The state that a rule makes of parts of which there are some.
pub(crate) fn state_of(tally: &Tally, rule: Rule, open: bool) -> GroupState {
    match tally.ends(rule) {
        Some(ends) => GroupState { ends, counted: true, open },
        None => {
            let ends = Ends { low: Status::Failed, high: tally.veto().high };
            GroupState { ends, counted: true, open: true }
        }
    }
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

    /// What the least and the most that can be earned lead to; `None` where nothing weighs anything.
    fn ends(self, pass: u64, warn: Option<u64>) -> Option<Ends> {
        let low = self.status_of(self.low, pass, warn);
        let high = if self.low == self.high { low } else { self.status_of(self.high, pass, warn) };
        (self.total > 0).then_some(Ends { low, high })
    }
}
