//! What an implementation says of itself.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use crate::{AnalyzerId, Stage, ValueError};

/// What an analyzer looks at; it decides which score its findings count for.
///
/// ```
/// use devops_core::{AnalyzerKind, Stage};
///
/// assert_eq!(AnalyzerKind::Naming.stage(), Stage::CodeAnalysis);
/// assert_eq!(AnalyzerKind::Secrets.stage(), Stage::SecurityScan);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnalyzerKind {
    /// Form of the code: counts for the quality score.
    Style,
    /// Repeated code: counts for the quality score.
    Duplication,
    /// Names: counts for the quality score.
    Naming,
    /// Other findings on the code: count for the quality score.
    Code,
    /// Complexity of functions: counts for the complexity score.
    Complexity,
    /// Probability of a defect: counts for the risk score.
    DefectRisk,
    /// Hints to the reviewer: count for no score.
    Review,
    /// Static security findings.
    Sast,
    /// Vulnerable dependencies.
    Dependencies,
    /// Container images and manifests.
    Container,
    /// Leaked secrets.
    Secrets,
}

impl AnalyzerKind {
    /// The stage that runs it.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::Sast | Self::Dependencies | Self::Container | Self::Secrets => Stage::SecurityScan,
            _ => Stage::CodeAnalysis,
        }
    }

    /// The name as it is written in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Duplication => "duplication",
            Self::Naming => "naming",
            Self::Code => "code",
            Self::Complexity => "complexity",
            Self::DefectRisk => "defect_risk",
            Self::Review => "review",
            Self::Sast => "sast",
            Self::Dependencies => "dependencies",
            Self::Container => "container",
            Self::Secrets => "secrets",
        }
    }
}

impl fmt::Display for AnalyzerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What an analyzer or scanner says of itself: id, version, kind, whether it is required, its time limit.
///
/// ```
/// use core::time::Duration;
/// use devops_core::{AnalyzerKind, Descriptor};
///
/// let descriptor = Descriptor::new("licence-header", AnalyzerKind::Style)?
///     .with_version("1.2.0")
///     .with_required(true)
///     .with_time_limit(Duration::from_secs(5));
/// assert_eq!(descriptor.to_string(), "licence-header 1.2.0");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Descriptor {
    id: AnalyzerId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    version: String,
    kind: AnalyzerKind,
    #[serde(default)]
    required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_limit_ms: Option<u64>,
}

impl Descriptor {
    /// An implementation that is not required and has no time limit of its own.
    ///
    /// # Errors
    ///
    /// [`ValueError`] where `id` is no [`AnalyzerId`].
    pub fn new(id: &str, kind: AnalyzerKind) -> Result<Self, ValueError> {
        Ok(Self {
            id: AnalyzerId::new(id)?,
            version: String::new(),
            kind,
            required: false,
            time_limit_ms: None,
        })
    }

    /// With a version.
    #[must_use]
    pub fn with_version(self, version: impl Into<String>) -> Self {
        Self { version: version.into(), ..self }
    }

    /// Required: where it does not run to an end, the change does not pass.
    #[must_use]
    pub fn with_required(self, required: bool) -> Self {
        Self { required, ..self }
    }

    /// With a time limit of its own, in place of the pipeline's.
    #[must_use]
    pub fn with_time_limit(self, limit: Duration) -> Self {
        Self { time_limit_ms: Some(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX)), ..self }
    }

    /// The id, unique in a pipeline.
    #[must_use]
    pub const fn id(&self) -> &AnalyzerId {
        &self.id
    }

    /// The version; empty where none is told.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What it looks at.
    #[must_use]
    pub const fn kind(&self) -> AnalyzerKind {
        self.kind
    }

    /// Whether the change cannot pass without it.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Its own time limit.
    #[must_use]
    pub fn time_limit(&self) -> Option<Duration> {
        self.time_limit_ms.map(Duration::from_millis)
    }
}

impl fmt::Display for Descriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.version.is_empty() {
            write!(f, "{}", self.id)
        } else {
            write!(f, "{} {}", self.id, self.version)
        }
    }
}
