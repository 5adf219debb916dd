//! How findings and measures become scores.

use super::ScoringPolicySpec;
use super::exact::Exact;
use crate::PolicyErrors;

/// A checked scoring policy. [`ScoringPolicy::recommended`] is the default, [`ScoringPolicy::classic`] keeps
/// the plain form for parity; a file is read into it through [`ScoringPolicySpec`].
///
/// ```
/// use devops_gates::ScoringPolicy;
///
/// let policy: ScoringPolicy = toml::from_str("format = 1\n[severity]\nmajor = 2.5")?;
/// assert_eq!(policy.spec().severity.critical, 3.0); // what is not written is as recommended
/// let error = toml::from_str::<ScoringPolicy>("format = 1\n[severity]\nminor = -1.0").unwrap_err();
/// assert!(error.to_string().contains("severity.minor: `-1` is outside 0 to 10"));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "ScoringPolicySpec", into = "ScoringPolicySpec")]
pub struct ScoringPolicy {
    spec: ScoringPolicySpec,
    pub(crate) exact: Exact,
}

impl ScoringPolicy {
    /// Checks a policy.
    ///
    /// # Errors
    ///
    /// [`PolicyErrors`] with every fault and its place.
    ///
    /// ```
    /// use devops_gates::{ScoringPolicy, ScoringPolicySpec};
    ///
    /// let mut spec = ScoringPolicySpec::default();
    /// spec.severity.info = 0.25;
    /// assert!(ScoringPolicy::new(spec).is_ok());
    /// ```
    pub fn new(spec: ScoringPolicySpec) -> Result<Self, PolicyErrors> {
        let exact = spec.check()?;
        Ok(Self { spec, exact })
    }

    /// The default: findings below critical are diluted by the size of the change, the risk is that of the
    /// whole change, the weight of a part that does not apply is shared by the others, and a part is not
    /// measured where one of its sources did not run.
    ///
    /// ```
    /// use devops_gates::ScoringPolicy;
    ///
    /// assert_eq!(ScoringPolicy::recommended(), ScoringPolicy::default());
    /// ```
    #[must_use]
    pub fn recommended() -> Self {
        Self::preset(ScoringPolicySpec::default())
    }

    /// The plain form for parity, see [`ScoringPolicySpec::classic`].
    ///
    /// ```
    /// use devops_gates::ScoringPolicy;
    ///
    /// assert_eq!(ScoringPolicy::classic().spec().name, "classic");
    /// ```
    #[must_use]
    pub fn classic() -> Self {
        Self::preset(ScoringPolicySpec::classic())
    }

    #[expect(clippy::expect_used, reason = "both presets are built by tests")]
    fn preset(spec: ScoringPolicySpec) -> Self {
        Self::new(spec).expect("a preset is a valid policy")
    }

    /// The policy as it is written.
    #[must_use]
    pub const fn spec(&self) -> &ScoringPolicySpec {
        &self.spec
    }
}

impl Default for ScoringPolicy {
    fn default() -> Self {
        Self::recommended()
    }
}

impl TryFrom<ScoringPolicySpec> for ScoringPolicy {
    type Error = PolicyErrors;

    fn try_from(spec: ScoringPolicySpec) -> Result<Self, PolicyErrors> {
        Self::new(spec)
    }
}

impl From<ScoringPolicy> for ScoringPolicySpec {
    fn from(policy: ScoringPolicy) -> Self {
        policy.spec
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CodeWeights, RiskModel};
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn presets_are_valid_and_round_trip() {
        for policy in [ScoringPolicy::recommended(), ScoringPolicy::classic()] {
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<ScoringPolicy>(&json).unwrap(), policy);
        }
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let mut spec = ScoringPolicySpec { format: 2, ..ScoringPolicySpec::classic() };
        spec.severity.minor = f64::NAN;
        spec.severity.info = 0.000_000_1;
        spec.complexity.cognitive.step = 0;
        spec.risk = RiskModel::HighRiskFiles { above: 1.5 };
        spec.code_weights = CodeWeights { quality: 0.0, complexity: -0.0, defect_risk: 0.0 };
        spec.security_weights.sast = -1.0;
        spec.performance.zero_at = 0.05;
        let errors = ScoringPolicy::new(spec).unwrap_err();
        let shown: alloc::vec::Vec<_> = errors.faults().iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "format: format `2` is not known: expected 1",
                "risk.above: `1.5` is outside 0 to 1",
                "performance.zero_at: `0.05` does not fit: expected a share above the tolerance 0.05",
                "severity.minor: `NaN` is not a finite number",
                "severity.info: `0.0000001` has more than six decimals, which are not kept exactly",
                "complexity.cognitive.step: `0` is outside 1 to 1000",
                "code_weights: all weights are zero: at least one above zero is expected",
                "security_weights.sast: `-1` is outside 0 to 1000",
            ]
        );
    }

    #[test]
    fn a_worse_finding_never_weighs_less() {
        let mut spec = ScoringPolicySpec::default();
        spec.severity.major = 4.0;
        let error = ScoringPolicy::new(spec).unwrap_err().to_string();
        assert!(error.starts_with("severity: `3, 4, 1, 0.5` does not fit"), "{error}");
    }

    #[test]
    fn unknown_keys_are_refused() {
        for text in [
            "format = 1\nfoo = 1",
            "format = 1\n[severity]\nblocker = 5.0",
            "format = 1\n[dilution]\nkind = \"none\"\nlines = 50",
            "format = 1\n[risk]\nkind = \"whole_change\"\nabove = 0.5",
            "name = \"x\"",
        ] {
            assert!(toml::from_str::<ScoringPolicy>(text).is_err(), "{text}");
        }
    }
}
