//! Whether a verdict is certain before everything is measured.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::MetricId;

use crate::evaluate::entry::Entry;
use crate::evaluate::evidence::Slot;
use crate::evaluate::{Ends, GroupState, Tally, state_of};
use crate::gate::compiled::{Child, Compiled, Condition, Group, Part, Rule};
use crate::verdict::sensitivity::{combined, lenient};
use crate::{BaselineSpec, Evidence, Gate, Missing, NegativeBaseline, NoBaseline, Status, ZeroBaseline};

/// What is still being measured.
///
/// ```
/// use std::collections::BTreeSet;
/// use devops_core::MetricId;
/// use devops_gates::Pending;
///
/// let pending = Pending::metrics(BTreeSet::from([MetricId::new("test_coverage")?])).with_findings(true);
/// assert!(pending.findings);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Metrics that may still be measured, in whatever scope is not measured yet, of the control too where a
    /// condition is held against it.
    pub metrics: BTreeSet<MetricId>,
    /// Whether there may be more findings.
    pub findings: bool,
}

impl Pending {
    /// Those metrics, and no findings.
    #[must_use]
    pub const fn metrics(metrics: BTreeSet<MetricId>) -> Self {
        Self { metrics, findings: false }
    }

    /// With or without findings.
    #[must_use]
    pub fn with_findings(self, findings: bool) -> Self {
        Self { findings, ..self }
    }
}

/// Whether a verdict is certain.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Decision {
    /// It is, whatever is still measured.
    Decided {
        /// The verdict.
        status: Status,
    },
    /// It is not.
    Undecided {
        /// The conditions that count and wait for something, by name in the order of the document.
        waiting_for: Vec<String>,
    },
}

impl Decision {
    /// The verdict, where it is certain.
    #[must_use]
    pub const fn status(&self) -> Option<Status> {
        match self {
            Self::Decided { status } => Some(*status),
            Self::Undecided { .. } => None,
        }
    }
}

impl Gate {
    /// Whether the verdict is certain while something is still being measured, so that a pipeline can stop: what is
    /// pending may come to anything, also to nothing. What is measured already is taken as final.
    ///
    /// Passed and failed are told as soon as nothing can change them. A warning is not while something is pending,
    /// since a measure that stays missing makes it inconclusive; but one that rests on waivers is.
    ///
    /// ```
    /// use std::collections::BTreeSet;
    /// use devops_core::{Measure, Measures, MetricId, Number, Unit};
    /// use devops_gates::{ConditionSpec, Decision, Evidence, Gate, GateSpec, Pending, Status};
    ///
    /// let gate = Gate::build(GateSpec::new("g")
    ///     .with_condition(ConditionSpec::new("tests", "tests_failed", "= 0"))
    ///     .with_condition(ConditionSpec::new("covered", "test_coverage", ">= 80 %")))?;
    /// let pending = Pending::metrics(BTreeSet::from([MetricId::new("test_coverage")?]));
    /// let failed = |n: u32| Measures::try_from(vec![
    ///     Measure::new(MetricId::new("tests_failed")?, Number::from(n).into(), Unit::Count),
    /// ]).map_err(Box::<dyn std::error::Error>::from);
    /// // Two tests fail: nobody need wait for the coverage.
    /// let decision = gate.decide_early(&Evidence::new(&failed(2)?), &pending);
    /// assert_eq!(decision.status(), Some(Status::Failed));
    /// let decision = gate.decide_early(&Evidence::new(&failed(0)?), &pending);
    /// assert_eq!(decision, Decision::Undecided { waiting_for: vec!["covered".into()] });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn decide_early(&self, so_far: &Evidence<'_>, pending: &Pending) -> Decision {
        let slots = self.slots(so_far);
        let verdict = self.evaluate(so_far);
        let waits: Vec<bool> = self.0.conditions.iter().map(|c| waits(c, &slots, so_far, pending)).collect();
        let waiting = self.0.conditions.iter().zip(&waits).filter(|(c, waits)| **waits && !c.shadow);
        let waiting_for: Vec<String> = waiting.map(|(c, _)| c.name.as_str().into()).collect();
        if waiting_for.is_empty() {
            return Decision::Decided { status: verdict.status() };
        }
        let certain = |entries: &[Entry]| certain(&self.0, entries, &waits, so_far);
        let entries = verdict.entries();
        match certain(entries).zip(certain(&lenient(entries))) {
            Some((without, with)) => Decision::Decided { status: combined(without, with) },
            None => Decision::Undecided { waiting_for },
        }
    }
}

/// Whether something that a condition looks at may still come.
fn waits(condition: &Condition, slots: &[Slot<'_>], so_far: &Evidence<'_>, pending: &Pending) -> bool {
    let measured = |input: usize| matches!(slots.get(input), Some(Slot::Measured(_)));
    let own = if condition.findings.is_some() {
        pending.findings
    } else {
        let control =
            || so_far.control().is_some_and(|c| c.get(&condition.metric, &condition.scope).is_some());
        let beside = condition.baseline.as_ref().is_some_and(BaselineSpec::is_control);
        pending.metrics.contains(&condition.metric) && (!measured(condition.input) || (beside && !control()))
    };
    let guard = condition.min_evidence.as_ref();
    let guard = guard.is_some_and(|g| pending.metrics.contains(&g.metric) && !measured(g.input));
    // Findings that are not there yet are not asked about by a gate that has none.
    own || (guard && (condition.findings.is_none() || so_far.findings().is_some()))
}

/// Whether a condition may turn out not to count.
fn may_be_left_out(condition: &Condition, so_far: &Evidence<'_>) -> bool {
    let baseline = condition.baseline.as_ref().is_some_and(|b| {
        b.absent == NoBaseline::Skip || b.zero == ZeroBaseline::Skip || b.negative == NegativeBaseline::Skip
    });
    condition.missing == Missing::Skip
        || baseline
        || (condition.when_expected && !so_far.expects(&condition.metric))
}

/// One part: its ends, and whether it may turn out not to count.
type MaybePart = (Ends, Part, bool);

/// The verdict where it is passed or failed whatever the waiting conditions come to.
fn certain(gate: &Compiled, entries: &[Entry], waits: &[bool], so_far: &Evidence<'_>) -> Option<Status> {
    let condition = |index: usize, part: Part| -> Option<MaybePart> {
        let (condition, entry) = (gate.conditions.get(index)?, entries.get(index)?);
        if waits.get(index) == Some(&true) && !condition.shadow {
            return Some((Ends::of(Status::Inconclusive), part, may_be_left_out(condition, so_far)));
        }
        entry.counted.then(|| (Ends::of(entry.status), part, false))
    };
    let mut groups: Vec<(GroupState, bool)> = Vec::with_capacity(gate.groups.len());
    for group in &gate.groups {
        let parts = group.children.iter().filter_map(|child| match child {
            Child::Condition { index, part } => condition(*index, *part),
            Child::Group(index) => {
                let (state, may_go) = groups.get(*index).filter(|(state, _)| state.counted)?;
                Some((state.ends, gate.groups.get(*index)?.part, *may_go))
            }
        });
        let state = state(group, &parts.collect::<Vec<_>>());
        groups.push(state);
    }
    let (state, may_go) = groups.pop()?;
    let status = state.status();
    (!may_go && matches!(status, Status::Passed | Status::Failed)).then_some(status)
}

/// What a group can come to, and whether it may turn out not to count.
///
/// A part that may not count is taken as one that may come to anything: leaving it out earns no less than its
/// failing and no more than its passing, but where too few parts are then left to say anything.
fn state(group: &Group, parts: &[MaybePart]) -> (GroupState, bool) {
    if parts.is_empty() {
        return (GroupState::EMPTY, false);
    }
    let widened = |(ends, part, may_go): &MaybePart| {
        (if *may_go { Ends::of(Status::Inconclusive) } else { *ends }, *part)
    };
    let tally = Tally::of(parts.iter().map(widened));
    let sure = || parts.iter().filter(|(_, _, may_go)| !may_go);
    let too_few = match group.rule {
        Rule::AtLeast(k) => sure().count() < k,
        Rule::Weighted { .. } => sure().all(|(_, part, _)| part.weight == 0),
        Rule::All | Rule::Any | Rule::Not => false,
    };
    let mut state = state_of(&tally, group.rule, true);
    if too_few {
        state.ends.low = Status::Failed;
        state.ends.high = tally.veto().high;
    }
    (state, sure().next().is_none())
}
