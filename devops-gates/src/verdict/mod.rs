//! A verdict and the trace that it follows from.

pub(crate) mod condition_result;
pub(crate) mod difference;
pub(crate) mod distance;
pub(crate) mod fixes;
pub(crate) mod form;
pub(crate) mod group_result;
pub(crate) mod knapsack;
pub(crate) mod per_status;
pub(crate) mod render;
mod samples_text;
pub(crate) mod sensitivity;

pub use condition_result::ConditionResult;
pub use difference::{ChangeKind, ConditionChange, Difference, Standpoint};
pub use distance::Distance;
pub use group_result::GroupResult;
pub use per_status::PerStatus;
pub use sensitivity::Sensitivity;

use alloc::sync::Arc;
use alloc::vec::Vec;

use devops_core::Ratio;

use crate::evaluate::context::Context;
use crate::evaluate::entry::Entry;
use crate::evaluate::{GroupState, Tally, decide, part};
use crate::gate::compiled::{Compiled, Condition, Rule};
use crate::verdict::fixes::Planner;
use crate::verdict::sensitivity::{combined, lenient};
use crate::{Amount, GateSpec, GateState, Status, WaiverResult};

/// The verdict of a gate with its whole trace.
///
/// The trace holds indices into the gate; names are resolved when it is read. [`Display`](core::fmt::Display)
/// is the short form, [`Verdict::to_markdown`] the report; the serialised form carries the gate, so that a
/// verdict can be read and checked years later.
#[derive(Debug, Clone)]
pub struct Verdict {
    gate: Arc<Compiled>,
    entries: Vec<Entry>,
    /// Of the groups within the gate.
    inner: Vec<GroupState>,
    root: GroupState,
    status: Status,
    waivers: Vec<WaiverResult>,
}

impl Verdict {
    #[inline]
    pub(crate) fn new(gate: Arc<Compiled>, entries: Vec<Entry>, waivers: Vec<WaiverResult>) -> Self {
        let mut inner = Vec::new();
        let root = decide(&gate, &entries, &mut inner);
        let status = match waivers.as_slice() {
            [] => root.status(),
            _ => with_waived(&gate, &entries, root.status()),
        };
        Self { gate, entries, inner, root, status, waivers }
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.gate
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn inner_states(&self) -> &[GroupState] {
        &self.inner
    }

    /// What the parts of a weighted group can earn in all.
    pub(crate) fn total_earned(&self, group: usize) -> Option<u128> {
        let group = self.gate.groups.get(group)?;
        let Rule::Weighted { warning_earns, .. } = group.rule else { return None };
        let parts = group.children.iter().filter_map(|c| part(&self.gate, *c, &self.entries, &self.inner));
        Some(Tally::of(parts).earned(warning_earns).total)
    }

    /// What each condition adds to its holder's share, in one pass.
    pub(crate) fn contributions(&self) -> Vec<Option<Amount>> {
        let totals: Vec<Option<u128>> = (0..self.gate.groups.len()).map(|g| self.total_earned(g)).collect();
        let holders = self.gate.conditions.iter().map(|c| totals.get(c.holder).copied().flatten());
        self.conditions().zip(holders).map(|(c, total)| c.contribution_of(total?)).collect()
    }

    /// The verdict on the gate. What only waivers make better is a warning at best.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// The verdict as if there were no waivers.
    #[must_use]
    pub fn status_without_waivers(&self) -> Status {
        self.root.status()
    }

    /// What each waiver did, in the order in which they were given.
    #[must_use]
    pub fn waivers(&self) -> &[WaiverResult] {
        &self.waivers
    }

    /// Where the conditions stand that are not to flap, for the next [`Evidence`](crate::Evidence).
    #[must_use]
    pub fn state(&self) -> GateState {
        let held = |(c, e): (&Condition, &Entry)| Some((c.name.clone(), e.after(c)?));
        GateState::new(self.gate.conditions.iter().zip(&self.entries).filter_map(held))
    }

    /// The name of the gate.
    #[must_use]
    pub fn gate_name(&self) -> &str {
        &self.gate.spec.name
    }

    /// The gate as it was written.
    #[must_use]
    pub fn gate_spec(&self) -> &GateSpec {
        &self.gate.spec
    }

    /// What was seen and decided at each condition, in the order of the document.
    #[must_use]
    pub fn conditions(&self) -> impl ExactSizeIterator<Item = ConditionResult<'_>> {
        self.gate.conditions.iter().zip(&self.entries).map(|(c, e)| ConditionResult::new(self, c, e))
    }

    /// The result of the condition of that name.
    #[must_use]
    pub fn condition(&self, name: &str) -> Option<ConditionResult<'_>> {
        self.conditions().find(|c| c.name() == name)
    }

    /// What was decided at each group, parts before what holds them; the gate itself is last.
    #[must_use]
    pub fn groups(&self) -> impl ExactSizeIterator<Item = GroupResult<'_>> {
        let state = |index: usize| self.inner.get(index).copied().unwrap_or(self.root);
        self.gate.groups.iter().enumerate().map(move |(i, g)| GroupResult::new(self, g, state(i)))
    }

    /// How many conditions have a say: neither shadows nor left out.
    #[must_use]
    pub fn total(&self) -> usize {
        self.entries.iter().filter(|e| e.counted).count()
    }

    /// How many of these passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.entries.iter().filter(|e| e.counted && e.status == Status::Passed).count()
    }

    /// The share of these that passed; `None` where none has a say.
    #[must_use]
    pub fn pass_rate(&self) -> Option<Ratio> {
        let total = u64::try_from(self.total()).ok().filter(|n| *n > 0)?;
        let passed = u64::try_from(self.passed()).ok()?;
        let twice = passed.saturating_mul(2_000_000).saturating_add(total);
        Ratio::from_micros(twice.checked_div(total.saturating_mul(2))?)
    }

    /// The smallest set of conditions whose passing makes the gate pass, by name in the order of the document;
    /// `None` where none does. A gate that passes needs none.
    ///
    /// Only conditions that count are taken; one that stands under a `not` is fixed by failing. The number is
    /// exact for conditions that are met one by one.
    ///
    /// ```
    /// use devops_core::{Measure, Measures, MetricId, Score};
    /// use devops_gates::{Evidence, Gate};
    ///
    /// let mut measures = Measures::new();
    /// measures.insert(Measure::score(MetricId::new("security")?, Score::MAX))?;
    /// let verdict = Gate::classic().evaluate(&Evidence::new(&measures));
    /// assert_eq!(verdict.fixes(), Some(vec!["code_quality", "test_coverage", "performance"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fixes(&self) -> Option<Vec<&str>> {
        let plan = Planner::new(self).pass()?;
        let name = |index: usize| self.gate.conditions.get(index).map(|c| c.name.as_str());
        Some(plan.conditions.into_iter().filter_map(name).collect())
    }

    /// The cheapest set of conditions whose passing makes the gate pass, where fixing each costs what `cost` says
    /// of its name; `None` where every such set costs more than `bound`. Exact under the same terms as
    /// [`Verdict::fixes`].
    ///
    /// # Errors
    ///
    /// [`PlanTooLarge`] where the number of conditions times `bound` is above 100,000,000.
    ///
    /// ```
    /// use devops_core::{Measure, Measures, MetricId, Score};
    /// use devops_gates::{Combine, ConditionSpec, Evidence, Gate, GateSpec};
    ///
    /// let spec = ["a", "b", "c"].into_iter().fold(
    ///     GateSpec::new("g").with_combine(Combine::AtLeast { k: 2 }),
    ///     |spec, name| spec.with_condition(ConditionSpec::new(name, name, "= true")),
    /// );
    /// let measures = Measures::new();
    /// let verdict = Gate::build(spec)?.evaluate(&Evidence::new(&measures));
    /// let cost = |name: &str| if name == "b" { 5 } else { 1 };
    /// assert_eq!(verdict.cheapest_fixes(cost, 10)?, Some((vec!["a", "c"], 2)));
    /// assert_eq!(verdict.cheapest_fixes(cost, 1)?, None);
    /// assert!(verdict.cheapest_fixes(cost, u32::MAX).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cheapest_fixes(
        &self,
        cost: impl Fn(&str) -> u32,
        bound: u32,
    ) -> Result<Option<(Vec<&str>, u64)>, PlanTooLarge> {
        let conditions = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        if conditions.saturating_mul(bound.into()) > MAX_PLAN {
            return Err(PlanTooLarge { conditions, bound });
        }
        let costs = self.gate.conditions.iter().map(|c| u64::from(cost(c.name.as_str()))).collect();
        let Some(plan) = Planner::with_costs(self, costs, bound.into()).pass() else { return Ok(None) };
        let name = |index: &usize| self.gate.conditions.get(*index).map(|c| c.name.as_str());
        Ok(Some((plan.conditions.iter().filter_map(name).collect(), plan.cost)))
    }

    /// The status that the trace leads to, computed again from what was seen: always [`Verdict::status`].
    #[must_use]
    pub fn recomputed(&self) -> Status {
        let again = |(condition, entry): (_, &Entry)| {
            Entry::new(condition, entry.reading.clone(), entry.expected, entry.context.clone())
        };
        let entries: Vec<Entry> = self.gate.conditions.iter().zip(&self.entries).map(again).collect();
        with_waived(&self.gate, &entries, decide(&self.gate, &entries, &mut Vec::new()).status())
    }
}

/// The status with what is waived taken as passed; better than without that it is a warning at best.
fn with_waived(gate: &Compiled, entries: &[Entry], without: Status) -> Status {
    if !entries.iter().any(|e| !Context::waived(e.context.as_deref()).is_empty()) {
        return without;
    }
    combined(without, decide(gate, &lenient(entries), &mut Vec::new()).status())
}

/// So many sums are looked at for the cheapest fixes.
const MAX_PLAN: u64 = 100_000_000;

/// Why no cheapest fixes are looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the cheapest fixes of `{conditions}` conditions up to a cost of `{bound}` are too many sums: expected a product of at most 100000000"
)]
#[non_exhaustive]
pub struct PlanTooLarge {
    /// How many conditions there are.
    pub conditions: u64,
    /// The bound that was asked for.
    pub bound: u32,
}

impl PartialEq for Verdict {
    fn eq(&self, other: &Self) -> bool {
        self.gate.spec == other.gate.spec
            && self.entries == other.entries
            && self.root == other.root
            && self.inner == other.inner
            && self.status == other.status
            && self.waivers == other.waivers
    }
}
