//! Conditions that do not flap: several results in a row, and another threshold for the way back.

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{ConditionId, ValueError, excerpt};

use crate::Status;

/// When a condition changes between failing and not failing.
///
/// It begins as not failing. Before it has failed `fail_after` times in a row it is in warning; once it fails, it
/// fails until it has met its criteria `pass_after` times in a row, and `recover` with them where that is written.
/// What is inconclusive is inconclusive at once and breaks no row. The state comes in with the
/// [`Evidence`](crate::Evidence) and goes out with the [`Verdict`](crate::Verdict).
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, GateState, StabilitySpec, Status};
///
/// let stable = StabilitySpec::default().with_fail_after(2).with_recover(">= 85");
/// let gate = Gate::build(GateSpec::new("g").with_condition(
///     ConditionSpec::new("covered", "test_coverage", ">= 80").with_stable(stable),
/// ))?;
/// let mut state = GateState::default();
/// let mut seen = Vec::new();
/// for coverage in [79.0, 79.0, 81.0, 85.0] {
///     let measure = Measure::number(MetricId::new("test_coverage")?, coverage, Unit::Percent)?;
///     let measures = Measures::try_from(vec![measure])?;
///     let verdict = gate.evaluate(&Evidence::new(&measures).with_state(&state));
///     seen.push(verdict.status());
///     state = verdict.state();
/// }
/// assert_eq!(seen, [Status::Warning, Status::Failed, Status::Failed, Status::Passed]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct StabilitySpec {
    /// It fails after so many failures in a row: 1 to 1,000.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1000)))]
    pub fail_after: u64,
    /// It recovers after so many successes in a row: 1 to 1,000.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1000)))]
    pub pass_after: u64,
    /// What must hold too, for it to recover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::criterion"))]
    pub recover: Option<String>,
}

const fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_one(n: &u64) -> bool {
    *n == 1
}

impl Default for StabilitySpec {
    /// At once, both ways.
    fn default() -> Self {
        Self { fail_after: 1, pass_after: 1, recover: None }
    }
}

impl StabilitySpec {
    /// Failing after so many failures in a row.
    #[must_use]
    pub fn with_fail_after(self, fail_after: u64) -> Self {
        Self { fail_after, ..self }
    }

    /// Recovering after so many successes in a row.
    #[must_use]
    pub fn with_pass_after(self, pass_after: u64) -> Self {
        Self { pass_after, ..self }
    }

    /// Recovering only where that holds too.
    #[must_use]
    pub fn with_recover(self, recover: impl Into<String>) -> Self {
        Self { recover: Some(recover.into()), ..self }
    }
}

/// Where a condition stands: whether it fails, and how many results in a row speak against that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Held {
    pub(crate) failing: bool,
    pub(crate) streak: u64,
}

impl Held {
    /// What follows from one more result, and where it stands then. `recovers`: whether what is asked for the way
    /// back holds.
    pub(crate) const fn after(self, seen: Status, recovers: bool, spec: &StabilitySpec) -> (Status, Self) {
        let longer = Self { failing: self.failing, streak: self.streak.saturating_add(1) };
        match (self.failing, seen) {
            (_, Status::Inconclusive) => (seen, self),
            (true, Status::Failed) => (Status::Failed, Self { failing: true, streak: 0 }),
            (false, Status::Failed) if longer.streak >= spec.fail_after => {
                (Status::Failed, Self { failing: true, streak: 0 })
            }
            (false, Status::Failed) => (Status::Warning, longer),
            (false, _) => (seen, Self { failing: false, streak: 0 }),
            (true, _) if !recovers => (Status::Failed, Self { failing: true, streak: 0 }),
            (true, _) if longer.streak >= spec.pass_after => (seen, Self { failing: false, streak: 0 }),
            (true, _) => (Status::Failed, longer),
        }
    }
}

/// Where the conditions of a gate stand that are not to flap: out of one verdict, into the next.
///
/// ```
/// use devops_gates::GateState;
///
/// let state: GateState = serde_json::from_str(
///     r#"{"format":1,"conditions":[{"name":"covered","failing":true,"streak":1}]}"#,
/// )?;
/// assert_eq!(serde_json::from_str::<GateState>(&serde_json::to_string(&state)?)?, state);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "StateForm", into = "StateForm")]
pub struct GateState(Vec<(ConditionId, Held)>);

#[derive(serde::Serialize, serde::Deserialize)]
struct StateForm {
    format: u32,
    #[serde(default)]
    conditions: Vec<HeldForm>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct HeldForm {
    name: ConditionId,
    failing: bool,
    #[serde(default)]
    streak: u64,
}

/// Why a document is no state of a gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// A format number that this version does not read.
    #[error("state of format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// A condition twice.
    #[error("condition `{name}` is there twice: a condition is expected once in a state")]
    DuplicateCondition {
        /// Its name.
        name: String,
    },
    /// A value that is none.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl GateState {
    pub(crate) fn new(held: impl Iterator<Item = (ConditionId, Held)>) -> Self {
        let mut held: Vec<_> = held.collect();
        held.sort_by(|a, b| a.0.cmp(&b.0));
        Self(held)
    }

    pub(crate) fn of(&self, condition: &ConditionId) -> Held {
        let place = self.0.binary_search_by(|(name, _)| name.cmp(condition));
        place.ok().and_then(|place| self.0.get(place)).map(|(_, held)| *held).unwrap_or_default()
    }
}

impl TryFrom<StateForm> for GateState {
    type Error = StateError;

    fn try_from(form: StateForm) -> Result<Self, StateError> {
        if form.format != 1 {
            return Err(StateError::UnknownFormat { found: form.format });
        }
        let held = form.conditions.into_iter();
        let state = Self::new(held.map(|h| (h.name, Held { failing: h.failing, streak: h.streak })));
        let twice = state.0.windows(2).find_map(|pair| match pair {
            [a, b] if a.0 == b.0 => Some(excerpt(a.0.as_str())),
            _ => None,
        });
        match twice {
            Some(name) => Err(StateError::DuplicateCondition { name }),
            None => Ok(state),
        }
    }
}

impl From<GateState> for StateForm {
    fn from(state: GateState) -> Self {
        let form =
            |(name, held): (ConditionId, Held)| HeldForm { name, failing: held.failing, streak: held.streak };
        Self { format: 1, conditions: state.0.into_iter().map(form).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn rows_are_counted_from_their_beginning() {
        let spec = StabilitySpec { fail_after: 2, pass_after: 3, recover: None };
        let mut held = Held::default();
        let mut shown = String::new();
        // p: passed, w: warning, f: failed, i: inconclusive.
        for c in "fpffpwipffppwp".chars() {
            let seen = match c {
                'p' => Status::Passed,
                'w' => Status::Warning,
                'f' => Status::Failed,
                _ => Status::Inconclusive,
            };
            let (status, next) = held.after(seen, true, &spec);
            held = next;
            shown.push(status.as_str().chars().next().unwrap());
        }
        assert_eq!(shown, "wpwfffipwfffwp");
    }

    #[test]
    fn a_better_result_is_never_a_worse_status() {
        const ORDER: [Status; 3] = [Status::Failed, Status::Warning, Status::Passed];
        for failing in [false, true] {
            for streak in 0..4 {
                for (fail_after, pass_after) in [(1, 1), (1, 3), (3, 1), (2, 2)] {
                    let spec = StabilitySpec { fail_after, pass_after, recover: None };
                    let held = Held { failing, streak };
                    for (worse, better) in [(0, 1), (1, 2), (0, 2)] {
                        for (before, after) in [(false, false), (false, true), (true, true)] {
                            let low = held.after(ORDER[worse], before, &spec).0;
                            assert!(low <= held.after(ORDER[better], after, &spec).0);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn bad_states() {
        for (text, expected) in [
            (r#"{"format":2}"#, "state of format `2` is not known"),
            (
                r#"{"format":1,"conditions":[{"name":"a","failing":true},{"name":"a","failing":false}]}"#,
                "condition `a` is there twice",
            ),
            (r#"{"format":1,"conditions":[{"name":"a b","failing":true}]}"#, "condition id `a b`"),
        ] {
            let error = serde_json::from_str::<GateState>(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
