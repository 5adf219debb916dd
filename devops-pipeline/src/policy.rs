//! When the pipeline stops, what must have run, and what scores and passes: as configuration.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::num::NonZeroU16;
use core::time::Duration;

use devops_core::{AnalyzerId, Score};
use devops_gates::{Gate, GateSpec, ScoringPolicy};

use crate::{Fault, PipelineError, Retry};

/// A checked policy. [`PipelinePolicy::recommended`] is the default, [`PipelinePolicy::classic`] keeps the plain
/// form for parity; a file is read into it through [`PolicySpec`].
///
/// ```
/// use devops_pipeline::{OnFailure, PipelinePolicy};
///
/// let policy: PipelinePolicy = serde_json::from_str(
///     r#"{ "format": 1, "security_scan": { "at_least": 9.0, "on_failure": "stop" } }"#,
/// )?;
/// assert_eq!(policy.spec().security_scan.on_failure, OnFailure::Stop);
/// assert_eq!(policy.spec().code_analysis.at_least.get(), 7.0); // what is not written is as recommended
/// assert!(serde_json::from_str::<PipelinePolicy>(r#"{ "format": 1, "concurency": 4 }"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "PolicySpec", into = "PolicySpec")]
pub struct PipelinePolicy {
    spec: PolicySpec,
    gate: Gate,
    concurrency: NonZeroU16,
}

/// A policy as it is written; what is left out is as recommended.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PolicySpec {
    /// The form of the document: 1.
    pub format: u32,
    /// What reports call the policy.
    #[serde(default = "default_name")]
    pub name: String,
    /// When the code analysis fails and what follows.
    #[serde(default = "default_code")]
    pub code_analysis: StageRule,
    /// When the security scan fails and what follows.
    #[serde(default = "default_security")]
    pub security_scan: StageRule,
    /// What follows from failed tests.
    #[serde(default = "go_on")]
    pub on_failed_tests: OnFailure,
    /// What follows from a gate that cannot decide; stopping counts as failed.
    #[serde(default = "stop")]
    pub on_inconclusive_gate: OnFailure,
    /// What follows from a validation that cannot tell; stopping rolls back.
    #[serde(default = "stop")]
    pub on_inconclusive_validation: OnFailure,
    /// What must have run to an end.
    #[serde(default)]
    pub required: Required,
    /// How findings and measures become scores.
    #[serde(default)]
    pub scoring: ScoringPolicy,
    /// The gate.
    #[serde(default = "GateSpec::recommended")]
    pub gate: GateSpec,
    /// The time limit of analyzers that name none, in milliseconds: up to 86,400,000; 0 is no limit.
    #[serde(default = "default_time_limit")]
    pub time_limit_ms: u64,
    /// How many analyzers may be under way at once: 1 to 65,535.
    #[serde(default = "default_concurrency")]
    pub concurrency: u64,
    /// How often transient failures of analyzers are tried again.
    #[serde(default)]
    pub retry: Retry,
}

/// When a scored stage fails and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a threshold and what follows are all there is")]
pub struct StageRule {
    /// Below this overall score the stage fails.
    pub at_least: Score,
    /// What follows.
    pub on_failure: OnFailure,
}

/// What follows when a stage fails or cannot tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a pipeline stops or goes on")]
pub enum OnFailure {
    /// The pipeline stops there.
    Stop,
    /// The pipeline goes on; the report warns, and the gate decides.
    GoOn,
}

/// What must have run to an end: where one did not, its stage fails and the gate does not pass. A container
/// scanner is not asked for where the job builds no image. Sources whose descriptor says that they are
/// required always are.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a plain record that policies fill in")]
pub struct Required {
    /// These, whether they are registered or not.
    pub ids: BTreeSet<AnalyzerId>,
    /// All that are registered: analyzers, scanners, build and test runner.
    pub registered: bool,
}

impl Default for Required {
    fn default() -> Self {
        Self { ids: AnalyzerId::new("secrets").into_iter().collect(), registered: true }
    }
}

impl Required {
    /// Nothing but the sources that say so themselves.
    ///
    /// ```
    /// assert!(devops_pipeline::Required::nothing().ids.is_empty());
    /// ```
    #[must_use]
    pub const fn nothing() -> Self {
        Self { ids: BTreeSet::new(), registered: false }
    }
}

fn default_name() -> String {
    "recommended".to_owned()
}

const fn default_code() -> StageRule {
    StageRule { at_least: Score::saturating_from_micros(7_000_000), on_failure: OnFailure::Stop }
}

const fn default_security() -> StageRule {
    StageRule { at_least: Score::saturating_from_micros(8_000_000), on_failure: OnFailure::GoOn }
}

const fn go_on() -> OnFailure {
    OnFailure::GoOn
}

const fn stop() -> OnFailure {
    OnFailure::Stop
}

const fn default_time_limit() -> u64 {
    300_000
}

const fn default_concurrency() -> u64 {
    16
}

impl Default for PolicySpec {
    fn default() -> Self {
        Self {
            format: 1,
            name: default_name(),
            code_analysis: default_code(),
            security_scan: default_security(),
            on_failed_tests: go_on(),
            on_inconclusive_gate: stop(),
            on_inconclusive_validation: stop(),
            required: Required::default(),
            scoring: ScoringPolicy::recommended(),
            gate: GateSpec::recommended(),
            time_limit_ms: default_time_limit(),
            concurrency: default_concurrency(),
            retry: Retry::default(),
        }
    }
}

impl PolicySpec {
    /// The plain form, for parity: classic scores and gate, nothing required, and a validation that cannot tell
    /// only warns.
    ///
    /// ```
    /// assert_eq!(devops_pipeline::PolicySpec::classic().gate.conditions.len(), 4);
    /// ```
    #[must_use]
    pub fn classic() -> Self {
        Self {
            name: "classic".to_owned(),
            on_inconclusive_validation: OnFailure::GoOn,
            required: Required::nothing(),
            scoring: ScoringPolicy::classic(),
            gate: GateSpec::classic(),
            ..Self::default()
        }
    }
}

impl PipelinePolicy {
    /// Checks a policy.
    ///
    /// # Errors
    ///
    /// [`PipelineError`] with all faults at once.
    ///
    /// ```
    /// use devops_pipeline::{PipelinePolicy, PolicySpec};
    ///
    /// let mut spec = PolicySpec::default();
    /// spec.time_limit_ms = u64::MAX;
    /// spec.format = 2;
    /// assert_eq!(PipelinePolicy::new(spec).unwrap_err().faults().len(), 2);
    /// ```
    pub fn new(spec: PolicySpec) -> Result<Self, PipelineError> {
        let mut faults = Vec::new();
        if spec.format != 1 {
            faults.push(Fault::Format { format: spec.format });
        }
        let mut within = |field, value: u64, min, max| {
            if !(min..=max).contains(&value) {
                faults.push(Fault::OutOfRange { field, value, min, max });
            }
        };
        within("concurrency", spec.concurrency, 1, u64::from(u16::MAX));
        within("time_limit_ms", spec.time_limit_ms, 0, 86_400_000);
        within("retry.attempts", u64::from(spec.retry.attempts), 1, 100);
        within("retry.back_off_ms", spec.retry.back_off_ms, 0, 3_600_000);
        let gate = match Gate::build(spec.gate.clone()) {
            Ok(gate) => gate,
            Err(error) => {
                faults.push(Fault::Gate { message: error.to_string() });
                Gate::recommended()
            }
        };
        PipelineError::unless_empty(faults)?;
        let concurrency = u16::try_from(spec.concurrency).ok().and_then(NonZeroU16::new);
        Ok(Self { gate, concurrency: concurrency.unwrap_or(NonZeroU16::MIN), spec })
    }

    /// The recommended policy: what leaks a secret, fails a test, holds an open critical finding or was not
    /// looked at by a required source does not pass, whatever the means say.
    ///
    /// ```
    /// assert_eq!(devops_pipeline::PipelinePolicy::recommended().gate().name(), "recommended");
    /// ```
    #[must_use]
    pub fn recommended() -> Self {
        Self::preset(PolicySpec::default(), Gate::recommended())
    }

    /// The plain form, for parity; see [`PolicySpec::classic`].
    #[must_use]
    pub fn classic() -> Self {
        Self::preset(PolicySpec::classic(), Gate::classic())
    }

    fn preset(spec: PolicySpec, gate: Gate) -> Self {
        let concurrency = u16::try_from(spec.concurrency).ok().and_then(NonZeroU16::new);
        Self { spec, gate, concurrency: concurrency.unwrap_or(NonZeroU16::MIN) }
    }

    /// The policy as it was written.
    #[must_use]
    pub const fn spec(&self) -> &PolicySpec {
        &self.spec
    }

    /// The gate, ready to be evaluated.
    #[must_use]
    pub const fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) const fn concurrency(&self) -> NonZeroU16 {
        self.concurrency
    }

    pub(crate) fn time_limit(&self) -> Option<Duration> {
        Some(self.spec.time_limit_ms).filter(|ms| *ms > 0).map(Duration::from_millis)
    }
}

impl Default for PipelinePolicy {
    fn default() -> Self {
        Self::recommended()
    }
}

impl PartialEq for PipelinePolicy {
    fn eq(&self, other: &Self) -> bool {
        self.spec == other.spec
    }
}

impl TryFrom<PolicySpec> for PipelinePolicy {
    type Error = PipelineError;

    fn try_from(spec: PolicySpec) -> Result<Self, PipelineError> {
        Self::new(spec)
    }
}

impl From<PipelinePolicy> for PolicySpec {
    fn from(policy: PipelinePolicy) -> Self {
        policy.spec
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_and_survive_json() {
        for policy in [PipelinePolicy::recommended(), PipelinePolicy::classic()] {
            assert_eq!(PipelinePolicy::new(policy.spec().clone()).unwrap(), policy);
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<PipelinePolicy>(&json).unwrap(), policy);
        }
        assert_eq!(
            serde_json::from_str::<PipelinePolicy>(r#"{"format":1}"#).unwrap(),
            PipelinePolicy::recommended()
        );
    }

    #[test]
    fn no_time_limit_survives_json() {
        let spec = PolicySpec { time_limit_ms: 0, ..PolicySpec::default() };
        let policy = PipelinePolicy::new(spec).unwrap();
        assert_eq!(policy.time_limit(), None);
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<PipelinePolicy>(&json).unwrap().time_limit(), None);
    }

    #[test]
    fn faults_come_all_at_once() {
        let mut spec = PolicySpec { concurrency: 0, format: 7, ..PolicySpec::default() };
        spec.retry.attempts = 0;
        spec.gate.conditions.clear();
        let error = PipelinePolicy::new(spec).unwrap_err();
        assert_eq!(error.faults().len(), 4, "{error}");
        let error =
            serde_json::from_str::<PipelinePolicy>(r#"{"format":1,"concurrency":70000}"#).unwrap_err();
        assert!(error.to_string().contains("concurrency `70000` is outside 1 to 65535"), "{error}");
    }
}
