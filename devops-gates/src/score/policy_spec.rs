//! A scoring policy as people write it: every threshold and weight, as configuration.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use devops_core::Severity;

use super::{
    CodeWeights, ComplexityLimits, Dilution, FailedSource, NotApplicable, PerformanceLimits, RiskModel,
    SecurityWeights, SeverityWeights,
};

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
}
