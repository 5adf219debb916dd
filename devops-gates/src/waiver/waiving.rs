//! Waivers applied to what was seen.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Finding, Message, Timestamp};

use crate::evaluate::context::Context;
use crate::evaluate::entry::Entry;
use crate::evaluate::evidence::Evidence;
use crate::gate::compiled::{Compiled, Condition};
use crate::{Gate, Lint, LintKind, Status, Waiver, Waivers};

/// What a waiver did for a verdict.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{
///     ConditionSpec, Evidence, Gate, GateSpec, Status, Waiver, WaiverState, Waivers, WaiversSpec,
/// };
///
/// let end = "2026-12-01T00:00:00Z".parse()?;
/// let waiver = Waiver::of_condition("W-1", "covered", "a spike", ("ada", "grace"), end);
/// let waivers = Waivers::build(WaiversSpec::default().with_waiver(waiver))?;
/// let spec = GateSpec::new("g").with_condition(ConditionSpec::new("covered", "test_coverage", ">= 80"));
/// let low = Measure::number(MetricId::new("test_coverage")?, 60.0, Unit::Percent)?;
/// let measures = Measures::try_from(vec![low])?;
/// let at = |now: &str| Ok::<_, devops_core::ValueError>(Evidence::new(&measures).with_waivers(&waivers, now.parse()?));
///
/// let verdict = Gate::build(spec)?.evaluate(&at("2026-11-25T00:00:00Z")?);
/// assert_eq!(verdict.condition("covered").unwrap().status(), Status::Failed);
/// assert_eq!(verdict.condition("covered").unwrap().waived_by(), ["W-1"]);
/// assert_eq!(verdict.waivers()[0].state, WaiverState::Used);
/// assert_eq!(verdict.status(), Status::Warning);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct WaiverResult {
    /// The waiver.
    pub waiver: Waiver,
    /// Whether it was needed.
    pub state: WaiverState,
    /// The conditions that fail and are waived by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
}

/// Whether a waiver was needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaiverState {
    /// A condition fails and is waived by it.
    Used,
    /// Nothing that it covers fails, or not because of what it covers.
    Unused,
    /// It has expired.
    Expired,
}

impl WaiverState {
    /// The name as it is written in reports.
    ///
    /// ```
    /// assert_eq!(devops_gates::WaiverState::Expired.as_str(), "expired");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Unused => "unused",
            Self::Expired => "expired",
        }
    }
}

impl WaiverResult {
    /// What it did, in one line.
    #[must_use]
    pub fn message(&self) -> Message {
        let waiver = &self.waiver;
        let what = match (&waiver.condition, &waiver.rule, &waiver.path) {
            (Some(condition), ..) => condition.clone(),
            (None, Some(rule), Some(path)) => alloc::format!("{rule} in {path}"),
            (None, rule, _) => rule.clone().unwrap_or_default(),
        };
        Message::new(match self.state {
            WaiverState::Used => "gate.waiver.used",
            WaiverState::Unused => "gate.waiver.unused",
            WaiverState::Expired => "gate.waiver.expired",
        })
        .with("id", devops_core::excerpt(&waiver.id))
        .with("what", devops_core::excerpt(&what))
        .with("reason", devops_core::excerpt(&waiver.reason))
        .with("owner", devops_core::excerpt(&waiver.owner))
        .with("approver", devops_core::excerpt(&waiver.approver))
        .with("expires", waiver.expires)
        .with("conditions", self.conditions.join(", "))
    }
}

impl Gate {
    /// What is most likely a mistake in waivers for this gate: a condition that it does not have, a rule where no
    /// condition looks at findings, a waiver that has expired. Those of other gates are passed over.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_gates::{Gate, Waiver, Waivers, WaiversSpec};
    ///
    /// let waiver = Waiver::of_condition("W-1", "covrage", "a spike", ("ada", "grace"), Timestamp::MAX);
    /// let waivers = Waivers::build(WaiversSpec::default().with_waiver(waiver))?;
    /// assert_eq!(
    ///     Gate::classic().lint_waivers(&waivers, Timestamp::EPOCH)[0].to_string(),
    ///     "waivers[0].condition: waiver W-1 is for covrage, which gate classic does not have",
    /// );
    /// # Ok::<(), devops_gates::WaiverErrors>(())
    /// ```
    #[must_use]
    pub fn lint_waivers(&self, waivers: &Waivers, now: Timestamp) -> Vec<Lint> {
        let gate = &self.0;
        let names: BTreeSet<&str> = gate.conditions.iter().map(|c| c.name.as_str()).collect();
        let no_findings = gate.conditions.iter().all(|c| c.findings.is_none());
        let mut lints = Vec::new();
        for (index, waiver) in waivers.waivers().iter().enumerate() {
            if waiver.gate.as_ref().is_some_and(|name| *name != gate.spec.name) {
                continue;
            }
            let mut add = |field: &str, kind, id, what: &dyn alloc::string::ToString| {
                let message = Message::new(id)
                    .with("id", devops_core::excerpt(&waiver.id))
                    .with("what", devops_core::excerpt(&what.to_string()))
                    .with("gate", devops_core::excerpt(&gate.spec.name));
                lints.push(Lint::new(alloc::format!("waivers[{index}].{field}"), kind, message));
            };
            match (&waiver.condition, &waiver.rule) {
                (Some(name), _) if !names.contains(name.as_str()) => {
                    add("condition", LintKind::NoEffect, "gate.lint.waives_nothing", name);
                }
                (None, Some(rule)) if no_findings => {
                    add("rule", LintKind::NoEffect, "gate.lint.waives_no_findings", rule);
                }
                _ => {}
            }
            if now >= waiver.expires {
                add("expires", LintKind::Expired, "gate.lint.waiver_expired", &waiver.expires);
            }
        }
        lints
    }
}

/// Marks the conditions that are waived, and tells of every waiver.
pub(crate) fn apply(gate: &Compiled, entries: &mut [Entry], evidence: &Evidence<'_>) -> Vec<WaiverResult> {
    let Some((waivers, now)) = evidence.waivers() else { return Vec::new() };
    let live: Vec<&Waiver> = waivers.waivers().iter().filter(|w| w.is_live(&gate.spec.name, now)).collect();
    for (condition, entry) in gate.conditions.iter().zip(entries.iter_mut()) {
        if entry.status >= Status::Warning || !entry.counted {
            continue;
        }
        let waived = waived_by(condition, entry, &live, evidence);
        if !waived.is_empty() {
            entry.context.get_or_insert_default().waived = waived;
        }
    }
    results(gate, entries, waivers.waivers(), now)
}

/// The ids of the waivers by which a failing condition is waived.
fn waived_by(condition: &Condition, entry: &Entry, live: &[&Waiver], evidence: &Evidence<'_>) -> Vec<String> {
    let name = condition.name.as_str();
    let own = live.iter().filter(|w| w.covers_condition(name, &condition.scope));
    let own: Vec<String> = own.map(|w| w.id.clone()).collect();
    if !own.is_empty() {
        return own;
    }
    let (Some(spec), Some(findings)) = (&condition.findings, evidence.findings()) else { return own };
    let rest: Vec<&Finding> =
        findings.iter().copied().filter(|f| !live.iter().any(|w| w.covers_finding(f))).collect();
    let mut reading = entry.reading.clone();
    if let Some(reading) = &mut reading {
        reading.value = spec.value(&rest);
    }
    let context = entry.context.clone();
    if Entry::new(condition, reading, entry.expected, context).status < Status::Warning {
        return Vec::new();
    }
    let needed = |w: &&&Waiver| findings.iter().any(|f| spec.selects(f) && w.covers_finding(f));
    live.iter().filter(needed).map(|w| w.id.clone()).collect()
}

fn results(gate: &Compiled, entries: &[Entry], waivers: &[Waiver], now: Timestamp) -> Vec<WaiverResult> {
    let result = |waiver: &Waiver| {
        let names = gate
            .conditions
            .iter()
            .zip(entries)
            .filter(|(_, e)| Context::waived(e.context.as_deref()).contains(&waiver.id));
        let conditions: Vec<String> = names.map(|(c, _)| c.name.as_str().into()).collect();
        let state = if now >= waiver.expires {
            WaiverState::Expired
        } else if conditions.is_empty() {
            WaiverState::Unused
        } else {
            WaiverState::Used
        };
        WaiverResult { waiver: waiver.clone(), state, conditions }
    };
    waivers.iter().map(result).collect()
}

/// Whether what a verdict tells of waivers follows from the rest: the conditions name those that are used.
pub(crate) fn is_told_truly(gate: &Compiled, entries: &[Entry], told: &[WaiverResult]) -> bool {
    let known = |id: &String| told.iter().any(|w| w.waiver.id == *id && w.state == WaiverState::Used);
    let mut waived = entries.iter().flat_map(|e| Context::waived(e.context.as_deref()));
    waived.all(known)
        && told.iter().all(|result| {
            let waivers = core::slice::from_ref(&result.waiver);
            let again = results(gate, entries, waivers, Timestamp::MIN);
            again.first().is_some_and(|again| again.conditions == result.conditions)
                && (result.state == WaiverState::Used) != result.conditions.is_empty()
        })
}
