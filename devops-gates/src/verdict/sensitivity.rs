//! Which conditions decide: what the verdict would be if one of them came out otherwise.

use alloc::vec::Vec;

use crate::evaluate::context::Context;
use crate::evaluate::entry::Entry;
use crate::evaluate::{Ends, GroupState, Tally, is_open, part, state_of};
use crate::gate::compiled::{Child, Compiled, Group, Part};
use crate::{Status, Verdict};

/// What the verdict would be if one condition came out otherwise, all others being as they are.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{Combine, ConditionSpec, Evidence, Gate, GateSpec, Status};
///
/// let spec = GateSpec::new("g")
///     .with_combine(Combine::weighted(80.0, 40.0))
///     .with_condition(ConditionSpec::new("heavy", "a", "= true").with_weight(9.0))
///     .with_condition(ConditionSpec::new("light", "b", "= true"));
/// let flag = |name| Ok::<_, devops_core::ValueError>(Measure::new(MetricId::new(name)?, true.into(), Unit::None));
/// let measures = Measures::try_from(vec![flag("a")?, flag("b")?])?;
/// let verdict = Gate::build(spec)?.evaluate(&Evidence::new(&measures));
/// let [heavy, light] = verdict.sensitivity()[..] else { panic!() };
/// assert_eq!((heavy.condition, heavy.if_failed, heavy.decides()), ("heavy", Status::Failed, true));
/// assert_eq!((light.if_failed, light.decides()), (Status::Passed, false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Sensitivity<'a> {
    /// The name of the condition.
    pub condition: &'a str,
    /// The verdict as it is.
    pub verdict: Status,
    /// The verdict if it passed.
    pub if_passed: Status,
    /// The verdict if it were in warning; `None` where it cannot be.
    pub if_warning: Option<Status>,
    /// The verdict if nobody could tell.
    pub if_inconclusive: Status,
    /// The verdict if it failed. A failure that is waived now stays waived.
    pub if_failed: Status,
}

impl Sensitivity<'_> {
    /// Whether the verdict depends on it.
    #[must_use]
    pub fn decides(&self) -> bool {
        let others =
            [Some(self.if_passed), self.if_warning, Some(self.if_inconclusive), Some(self.if_failed)];
        others.into_iter().flatten().any(|status| status != self.verdict)
    }
}

impl Verdict {
    /// For each condition that counts, in the order of the document, what the verdict would be if it came out
    /// otherwise. Linear in the number of conditions.
    #[must_use]
    pub fn sensitivity(&self) -> Vec<Sensitivity<'_>> {
        let gate = self.compiled();
        let entries = self.entries();
        let strict = Levels::new(gate, entries);
        let waived: Vec<bool> =
            entries.iter().map(|e| !Context::waived(e.context.as_deref()).is_empty()).collect();
        let lenient = waived.contains(&true).then(|| Levels::new(gate, &lenient(entries)));
        let verdict_if = |index: usize, status: Status| {
            let without = strict.gate_if(index, status).status();
            let Some(lenient) = &lenient else { return without };
            let covered = waived.get(index) == Some(&true) && status < Status::Warning;
            let with = lenient.gate_if(index, if covered { Status::Passed } else { status }).status();
            combined(without, with)
        };
        let counted = gate.conditions.iter().zip(entries).enumerate().filter(|(_, (_, e))| e.counted);
        counted
            .map(|(index, (condition, _))| Sensitivity {
                condition: condition.name.as_str(),
                verdict: self.status(),
                if_passed: verdict_if(index, Status::Passed),
                if_warning: (condition.warn.is_some() || condition.stable.is_some())
                    .then(|| verdict_if(index, Status::Warning)),
                if_inconclusive: verdict_if(index, Status::Inconclusive),
                if_failed: verdict_if(index, Status::Failed),
            })
            .collect()
    }
}

/// What is waived taken as passed.
pub(crate) fn lenient(entries: &[Entry]) -> Vec<Entry> {
    let mut lenient = entries.to_vec();
    for entry in lenient.iter_mut().filter(|e| !Context::waived(e.context.as_deref()).is_empty()) {
        entry.status = Status::Passed;
    }
    lenient
}

/// The status without waivers and with what is waived taken as passed: better than without it is a warning at best.
pub(crate) fn combined(without: Status, with: Status) -> Status {
    with.min(Status::Warning).max(without)
}

/// What each group of a verdict adds up, so that one part can be exchanged.
struct Levels<'a> {
    gate: &'a Compiled,
    /// Of each condition as it is: its ends and part where it counts, and whether it is open.
    conditions: Vec<(Option<(Ends, Part)>, bool)>,
    groups: Vec<Level>,
}

struct Level {
    tally: Tally,
    /// How many parts have something open below.
    open: usize,
    state: GroupState,
    holder: Option<usize>,
}

impl<'a> Levels<'a> {
    fn new(gate: &'a Compiled, entries: &[Entry]) -> Self {
        let mut states: Vec<GroupState> = Vec::with_capacity(gate.groups.len());
        let mut groups: Vec<Level> = Vec::with_capacity(gate.groups.len());
        for group in &gate.groups {
            let tally = Tally::of(group.children.iter().filter_map(|c| part(gate, *c, entries, &states)));
            let open = group.children.iter().filter(|c| is_open(**c, entries, &states)).count();
            let state = state(&tally, group, open);
            states.push(state);
            groups.push(Level { tally, open, state, holder: None });
        }
        for (holder, group) in gate.groups.iter().enumerate() {
            for child in &group.children {
                if let Child::Group(index) = child
                    && let Some(level) = groups.get_mut(*index)
                {
                    level.holder = Some(holder);
                }
            }
        }
        let seen = |(index, condition): (usize, &crate::gate::compiled::Condition)| {
            let child = Child::Condition { index, part: condition.part };
            (part(gate, child, entries, &states), is_open(child, entries, &states))
        };
        Self { conditions: gate.conditions.iter().enumerate().map(seen).collect(), gate, groups }
    }

    /// What the gate comes to if one condition that counts had that status.
    fn gate_if(&self, index: usize, status: Status) -> GroupState {
        let as_is = self.groups.last().map_or(GroupState::EMPTY, |level| level.state);
        let Some((Some((ends, own)), open)) = self.conditions.get(index) else { return as_is };
        let mut before = Some((*ends, *own));
        let mut after = Some((Ends::of(status), *own));
        let mut was_open = *open;
        let mut now_open = status == Status::Inconclusive;
        let mut at = self.gate.conditions.get(index).map(|c| c.holder);
        let mut state = as_is;
        while let Some(place) = at {
            let (Some(level), Some(group)) = (self.groups.get(place), self.gate.groups.get(place)) else {
                break;
            };
            let (mut tally, open) = (level.tally, exchanged(level.open, was_open, now_open));
            if let Some((ends, part)) = before {
                tally.remove(ends, part);
            }
            if let Some((ends, part)) = after {
                tally.add(ends, part);
            }
            state = self::state(&tally, group, open);
            let as_part = |state: &GroupState| state.counted.then_some((state.ends, group.part));
            (before, after) = (as_part(&level.state), as_part(&state));
            (was_open, now_open) = (level.state.open, state.open);
            at = level.holder;
        }
        state
    }
}

const fn exchanged(count: usize, was: bool, is: bool) -> usize {
    match (was, is) {
        (true, false) => count.saturating_sub(1),
        (false, true) => count.saturating_add(1),
        _ => count,
    }
}

fn state(tally: &Tally, group: &Group, open: usize) -> GroupState {
    if tally.parts() == 0 { GroupState::EMPTY } else { state_of(tally, group.rule, open > 0) }
}
