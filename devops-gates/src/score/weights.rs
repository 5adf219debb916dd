//! What findings and parts weigh.

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
