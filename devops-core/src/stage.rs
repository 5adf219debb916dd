//! The stages of a pipeline.

use core::fmt;

/// A stage of the pipeline, in the order they run.
///
/// ```
/// use devops_core::Stage;
///
/// assert!(Stage::Test < Stage::QualityGate);
/// assert_eq!(Stage::ALL.len(), 8);
/// assert_eq!(Stage::QualityGate.as_str(), "quality_gate");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the eight stages are the pipeline")]
pub enum Stage {
    /// Code analyzers side by side.
    CodeAnalysis,
    /// Security scanners side by side.
    SecurityScan,
    /// The build.
    Build,
    /// The tests.
    Test,
    /// The gate, over everything measured so far.
    QualityGate,
    /// The deployment.
    Deployment,
    /// Checks on what was deployed.
    Validation,
    /// The watch window.
    Monitoring,
}

impl Stage {
    /// All eight, in order.
    pub const ALL: [Self; 8] = [
        Self::CodeAnalysis,
        Self::SecurityScan,
        Self::Build,
        Self::Test,
        Self::QualityGate,
        Self::Deployment,
        Self::Validation,
        Self::Monitoring,
    ];

    /// The name as it is written in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodeAnalysis => "code_analysis",
            Self::SecurityScan => "security_scan",
            Self::Build => "build",
            Self::Test => "test",
            Self::QualityGate => "quality_gate",
            Self::Deployment => "deployment",
            Self::Validation => "validation",
            Self::Monitoring => "monitoring",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
