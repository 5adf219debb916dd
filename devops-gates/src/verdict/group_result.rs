//! One group of a verdict, with names resolved.

use core::fmt;

use devops_core::Message;

use crate::evaluate::{GroupState, Tally, part};
use crate::gate::compiled::{Group, Rule};
use crate::{Amount, Status, Verdict};

/// What was decided at one group, or at the gate itself.
///
/// ```
/// use devops_core::Measures;
/// use devops_gates::{Evidence, Gate};
///
/// let verdict = Gate::classic().evaluate(&Evidence::new(&Measures::new()));
/// let gate = verdict.groups().last().unwrap();
/// assert_eq!(gate.name(), None);
/// assert_eq!(gate.share().unwrap().to_string(), "0");
/// ```
#[derive(Clone, Copy)]
pub struct GroupResult<'a> {
    verdict: &'a Verdict,
    group: &'a Group,
    state: GroupState,
}

impl<'a> GroupResult<'a> {
    pub(crate) const fn new(verdict: &'a Verdict, group: &'a Group, state: GroupState) -> Self {
        Self { verdict, group, state }
    }

    /// Its name; `None` for the gate itself.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.group.name.as_ref().map(devops_core::ConditionId::as_str)
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> Status {
        self.state.status()
    }

    /// Whether it has a say: some part of it counts.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        self.state.counted
    }

    /// Whether its holder can be no better than it is.
    #[must_use]
    pub const fn is_mandatory(&self) -> bool {
        self.group.part.mandatory
    }

    /// The share of the weight that its parts are known to earn, in percent; `None` where it is not weighted or
    /// nothing with a weight counts.
    #[must_use]
    pub fn share(&self) -> Option<Amount> {
        let Rule::Weighted { warning_earns, .. } = self.group.rule else { return None };
        let gate = self.verdict.compiled();
        let parts = self
            .group
            .children
            .iter()
            .filter_map(|c| part(gate, *c, self.verdict.entries(), self.verdict.inner_states()));
        let earned = Tally::of(parts).earned(warning_earns);
        let (low, total) = (i128::try_from(earned.low).ok()?, i128::try_from(earned.total).ok()?);
        (total > 0).then(|| Amount::ratio(low.saturating_mul(100), total))
    }

    /// How its parts made its status.
    #[must_use]
    pub fn rule(&self) -> Message {
        let percent = |micros: u64| Amount::from_micros(micros);
        match self.group.rule {
            Rule::All => Message::new("gate.rule.all"),
            Rule::Any => Message::new("gate.rule.any"),
            Rule::Not => Message::new("gate.rule.not"),
            Rule::AtLeast(k) => Message::new("gate.rule.at_least").with("k", k),
            Rule::Weighted { pass, warn: Some(warn), .. } => Message::new("gate.rule.weighted_warn")
                .with("pass", percent(pass))
                .with("warn", percent(warn)),
            Rule::Weighted { pass, warn: None, .. } => {
                Message::new("gate.rule.weighted").with("pass", percent(pass))
            }
        }
    }
}

impl fmt::Debug for GroupResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupResult({}: {})", self.name().unwrap_or("gate"), self.status())
    }
}
