//! How findings and measures become scores: every threshold and weight, as configuration.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use devops_core::Severity;

use crate::PolicyErrors;
use crate::fault::{Faults, Problem};

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

/// The same in millionths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exact {
    /// Critical, major, minor, info.
    severity: [u64; 4],
    pub(crate) cognitive: ExactLimit,
    pub(crate) cyclomatic: ExactLimit,
    pub(crate) length_above: u64,
    pub(crate) length_points: u64,
    pub(crate) touched_share: u64,
    pub(crate) high_risk_above: u64,
    /// Quality, complexity, defect risk.
    pub(crate) code: [u64; 3],
    /// SAST, dependencies, container, secrets.
    pub(crate) security: [u64; 4],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExactLimit {
    pub(crate) above: u64,
    pub(crate) step: u64,
    pub(crate) points: u64,
    pub(crate) at_most: u64,
}

impl Exact {
    /// What a finding of that severity takes, in millionths.
    pub(crate) const fn severity(&self, severity: Severity) -> u64 {
        let [critical, major, minor, info] = self.severity;
        match severity {
            Severity::Critical => critical,
            Severity::Major => major,
            Severity::Minor => minor,
            Severity::Info => info,
        }
    }
}

/// A scoring policy as it is written; what is left out is as recommended.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ScoringPolicySpec {
    /// The form of the document: 1.
    #[cfg_attr(feature = "schemars", schemars(range(min = 1, max = 1)))]
    pub format: u32,
    /// What reports call the policy.
    #[serde(default = "default_name")]
    pub name: String,
    /// What a finding of each severity takes from 10.
    #[serde(default)]
    pub severity: SeverityWeights,
    /// What the size of the change does to findings below critical.
    #[serde(default)]
    pub dilution: Dilution,
    /// The most severe that a finding of a heuristic can count as.
    #[serde(default = "major")]
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::severity"))]
    pub heuristic_at_most: Severity,
    /// What complex functions take from 10.
    #[serde(default)]
    pub complexity: ComplexityLimits,
    /// How the probability of a defect becomes a score.
    #[serde(default)]
    pub risk: RiskModel,
    /// How much each part counts in the overall score of the code analysis.
    #[serde(default)]
    pub code_weights: CodeWeights,
    /// How much each part counts in the overall security score.
    #[serde(default)]
    pub security_weights: SecurityWeights,
    /// What becomes of the weight of a part that does not apply.
    #[serde(default)]
    pub not_applicable: NotApplicable,
    /// What becomes of a part when one of its sources did not run to an end.
    #[serde(default)]
    pub failed_source: FailedSource,
    /// How a measured duration becomes a score.
    #[serde(default)]
    pub performance: PerformanceLimits,
}

fn default_name() -> String {
    "recommended".to_owned()
}

const fn major() -> Severity {
    Severity::Major
}

/// What a finding of each severity takes from 10: 0 to 10 each, never less for a worse one.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "one field for each of the closed severities")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct SeverityWeights {
    /// 3 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub critical: f64,
    /// 2 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub major: f64,
    /// 1 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub minor: f64,
    /// 0.5 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub info: f64,
}

impl Default for SeverityWeights {
    fn default() -> Self {
        Self { critical: 3.0, major: 2.0, minor: 1.0, info: 0.5 }
    }
}

/// What the size of the change does to findings below critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "DilutionForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum Dilution {
    /// Nothing: each finding counts in full.
    None,
    /// A finding weighs `weight × lines / max(changed lines, lines)`.
    PerLines {
        /// Up to how many changed lines a finding counts in full: 1 to 1,000,000.
        lines: u64,
    },
}

/// What is read; `None {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum DilutionForm {
    None {},
    PerLines { lines: u64 },
}

impl From<DilutionForm> for Dilution {
    fn from(form: DilutionForm) -> Self {
        match form {
            DilutionForm::None {} => Self::None,
            DilutionForm::PerLines { lines } => Self::PerLines { lines },
        }
    }
}

impl Default for Dilution {
    fn default() -> Self {
        Self::PerLines { lines: 100 }
    }
}

/// What complex functions take from 10. What the change adds counts in full, what was there before counts by
/// [`touched_share`](Self::touched_share).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ComplexityLimits {
    /// Cognitive complexity: above 15, 1 point for each further 5, at most 4 a function.
    pub cognitive: ComplexityLimit,
    /// Cyclomatic complexity: above 10, half a point for each further 5, at most 2 a function.
    pub cyclomatic: ComplexityLimit,
    /// Length: above 80 lines, half a point.
    pub length: LengthLimit,
    /// How much counts of what was there before, 0 to 1; a quarter by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1)))]
    pub touched_share: f64,
}

/// Beyond `above`, `points` for each further `step`, in proportion, and at most `at_most` a function.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the four figures of a straight line with an end")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ComplexityLimit {
    /// Up to here nothing is taken; at most 1,000,000.
    pub above: u64,
    /// 1 to 1,000.
    pub step: u64,
    /// 0 to 10.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub points: f64,
    /// 0 to 10.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub at_most: f64,
}

/// Beyond `above` lines, `points` once.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a threshold and what it costs")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct LengthLimit {
    /// Up to here nothing is taken; at most 1,000,000.
    pub above: u64,
    /// 0 to 10.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 10)))]
    pub points: f64,
}

impl Default for ComplexityLimits {
    fn default() -> Self {
        Self {
            cognitive: ComplexityLimit { above: 15, step: 5, points: 1.0, at_most: 4.0 },
            cyclomatic: ComplexityLimit { above: 10, step: 5, points: 0.5, at_most: 2.0 },
            length: LengthLimit { above: 80, points: 0.5 },
            touched_share: 0.25,
        }
    }
}

/// How the probability of a defect becomes a score.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", from = "RiskModelForm")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(!from, deny_unknown_fields))]
pub enum RiskModel {
    /// `(1 − p) × 10` with the probability p of the whole change.
    #[default]
    WholeChange,
    /// `(1 − mean probability of the high-risk files) × 10`, and 10 where there is none. It is not monotone:
    /// files at .99 and .70 score worse than files at .99 and .71.
    HighRiskFiles {
        /// Above this probability a file is of high risk, 0 to 1.
        above: f64,
    },
}

/// What is read; `WholeChange {}` so that unknown keys beside it are refused.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
enum RiskModelForm {
    WholeChange {},
    HighRiskFiles { above: f64 },
}

impl From<RiskModelForm> for RiskModel {
    fn from(form: RiskModelForm) -> Self {
        match form {
            RiskModelForm::WholeChange {} => Self::WholeChange,
            RiskModelForm::HighRiskFiles { above } => Self::HighRiskFiles { above },
        }
    }
}

/// How much each part counts in the code analysis: 0 to 1,000 each, not all 0.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the parts of the code analysis")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct CodeWeights {
    /// 0.4 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub quality: f64,
    /// 0.3 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub complexity: f64,
    /// 0.3 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub defect_risk: f64,
}

impl Default for CodeWeights {
    fn default() -> Self {
        Self { quality: 0.4, complexity: 0.3, defect_risk: 0.3 }
    }
}

/// How much each part counts in the security score: 0 to 1,000 each, not all 0.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the parts of the security scan")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct SecurityWeights {
    /// 0.3 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub sast: f64,
    /// 0.3 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub dependencies: f64,
    /// 0.2 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub container: f64,
    /// 0.2 by default.
    #[cfg_attr(feature = "schemars", schemars(range(min = 0, max = 1000)))]
    pub secrets: f64,
}

impl Default for SecurityWeights {
    fn default() -> Self {
        Self { sast: 0.3, dependencies: 0.3, container: 0.2, secrets: 0.2 }
    }
}

/// What becomes of the weight of a part that does not apply: no source for it, or no image is built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum NotApplicable {
    /// The other parts share it.
    #[default]
    Renormalise,
    /// The part is taken as 10; the report says so.
    AssumeTen,
}

/// What becomes of a part when one of its sources did not run to an end. Where none of them did, it is not
/// measured either way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum FailedSource {
    /// The part is not measured: what that source would have found is not known.
    #[default]
    NotMeasured,
    /// The part is scored from the sources that ran, marked as partial.
    Partial,
}

/// 10 up to `tolerance` slower than the baseline, falling in a straight line to 0 at `zero_at`.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the two ends of a straight line")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct PerformanceLimits {
    /// A share of the baseline, 0.05 by default.
    pub tolerance: f64,
    /// A share of the baseline above the tolerance, at most 100; 0.5 by default.
    pub zero_at: f64,
}

impl Default for PerformanceLimits {
    fn default() -> Self {
        Self { tolerance: 0.05, zero_at: 0.5 }
    }
}

impl Default for ScoringPolicySpec {
    fn default() -> Self {
        Self {
            format: 1,
            name: default_name(),
            severity: SeverityWeights::default(),
            dilution: Dilution::default(),
            heuristic_at_most: major(),
            complexity: ComplexityLimits::default(),
            risk: RiskModel::default(),
            code_weights: CodeWeights::default(),
            security_weights: SecurityWeights::default(),
            not_applicable: NotApplicable::default(),
            failed_source: FailedSource::default(),
            performance: PerformanceLimits::default(),
        }
    }
}

impl ScoringPolicySpec {
    /// The plain form: findings are not diluted, the risk is that of the high-risk files, and a part that does
    /// not apply is taken as 10.
    ///
    /// ```
    /// use devops_gates::{Dilution, ScoringPolicySpec};
    ///
    /// assert_eq!(ScoringPolicySpec::classic().dilution, Dilution::None);
    /// ```
    #[must_use]
    pub fn classic() -> Self {
        Self {
            name: "classic".to_owned(),
            dilution: Dilution::None,
            heuristic_at_most: Severity::Critical,
            risk: RiskModel::HighRiskFiles { above: 0.7 },
            not_applicable: NotApplicable::AssumeTen,
            failed_source: FailedSource::Partial,
            ..Self::default()
        }
    }

    /// All checks, and the numbers in millionths.
    fn check(&self) -> Result<Exact, PolicyErrors> {
        let mut faults = Faults::default();
        if self.format != 1 {
            faults.add("format", Problem::UnknownFormat { found: self.format });
        }
        if self.name.is_empty() || self.name.chars().any(char::is_control) {
            faults.add("name", devops_core::ValueError::malformed("name", &self.name, "one line of text"));
        }
        if let Dilution::PerLines { lines } = self.dilution {
            faults.whole("dilution.lines", lines, 1, 1_000_000);
        }
        let high_risk_above = match self.risk {
            RiskModel::HighRiskFiles { above } => faults.micros("risk.above", above, 1),
            RiskModel::WholeChange => 0,
        };
        self.check_performance(&mut faults);
        let limits = &self.complexity;
        let exact = Exact {
            severity: self.check_severity(&mut faults),
            cognitive: check_limit(&mut faults, "cognitive", &limits.cognitive),
            cyclomatic: check_limit(&mut faults, "cyclomatic", &limits.cyclomatic),
            length_above: faults.whole("complexity.length.above", limits.length.above, 0, 1_000_000),
            length_points: faults.micros("complexity.length.points", limits.length.points, 10),
            touched_share: faults.micros("complexity.touched_share", limits.touched_share, 1),
            high_risk_above,
            code: self.check_code_weights(&mut faults),
            security: self.check_security_weights(&mut faults),
        };
        PolicyErrors::check(faults.0)?;
        Ok(exact)
    }

    fn check_severity(&self, faults: &mut Faults) -> [u64; 4] {
        let s = &self.severity;
        let weights = [
            faults.micros("severity.critical", s.critical, 10),
            faults.micros("severity.major", s.major, 10),
            faults.micros("severity.minor", s.minor, 10),
            faults.micros("severity.info", s.info, 10),
        ];
        if faults.0.iter().all(|f| !f.path.starts_with("severity")) && !weights.is_sorted_by(|a, b| a >= b) {
            let value = alloc::format!("{}, {}, {}, {}", s.critical, s.major, s.minor, s.info);
            let expected = "a worse severity that weighs no less (critical, major, minor, info)".to_owned();
            faults.add("severity", Problem::Inconsistent { value, expected });
        }
        weights
    }

    fn check_code_weights(&self, faults: &mut Faults) -> [u64; 3] {
        let w = &self.code_weights;
        let before = faults.0.len();
        let weights = [
            faults.micros("code_weights.quality", w.quality, 1000),
            faults.micros("code_weights.complexity", w.complexity, 1000),
            faults.micros("code_weights.defect_risk", w.defect_risk, 1000),
        ];
        if faults.0.len() == before && weights.iter().all(|w| *w == 0) {
            faults.add("code_weights", Problem::NoWeight);
        }
        weights
    }

    fn check_security_weights(&self, faults: &mut Faults) -> [u64; 4] {
        let w = &self.security_weights;
        let before = faults.0.len();
        let weights = [
            faults.micros("security_weights.sast", w.sast, 1000),
            faults.micros("security_weights.dependencies", w.dependencies, 1000),
            faults.micros("security_weights.container", w.container, 1000),
            faults.micros("security_weights.secrets", w.secrets, 1000),
        ];
        if faults.0.len() == before && weights.iter().all(|w| *w == 0) {
            faults.add("security_weights", Problem::NoWeight);
        }
        weights
    }

    fn check_performance(&self, faults: &mut Faults) {
        let limits = &self.performance;
        let before = faults.0.len();
        let tolerance = faults.micros("performance.tolerance", limits.tolerance, 100);
        let zero_at = faults.micros("performance.zero_at", limits.zero_at, 100);
        if faults.0.len() == before && zero_at <= tolerance {
            let expected = alloc::format!("a share above the tolerance {}", limits.tolerance);
            let value = alloc::format!("{}", limits.zero_at);
            faults.add("performance.zero_at", Problem::Inconsistent { value, expected });
        }
    }
}

fn check_limit(faults: &mut Faults, name: &str, limit: &ComplexityLimit) -> ExactLimit {
    let path = |field: &str| alloc::format!("complexity.{name}.{field}");
    ExactLimit {
        above: faults.whole(&path("above"), limit.above, 0, 1_000_000),
        step: faults.whole(&path("step"), limit.step, 1, 1000),
        points: faults.micros(&path("points"), limit.points, 10),
        at_most: faults.micros(&path("at_most"), limit.at_most, 10),
    }
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
