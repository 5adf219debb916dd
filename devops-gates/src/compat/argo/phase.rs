//! Phases of measurements, metrics and runs.

/// How a measurement, a metric or a run stands.
///
/// ```
/// use devops_gates::compat::argo::Phase;
///
/// assert!(Phase::Failed.is_worse_than(Phase::Error));
/// assert!(Phase::Error.is_worse_than(Phase::Inconclusive));
/// assert!(!Phase::Running.is_completed());
/// ```
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[expect(clippy::exhaustive_enums, reason = "the phases of an AnalysisRun")]
pub enum Phase {
    /// It succeeded.
    Successful,
    /// It goes on.
    #[default]
    Running,
    /// It did not begin.
    Pending,
    /// Neither success nor failure.
    Inconclusive,
    /// It could not be measured.
    Error,
    /// It failed.
    Failed,
}

impl Phase {
    /// Whether it is at an end.
    ///
    /// ```
    /// use devops_gates::compat::argo::Phase;
    ///
    /// assert!(Phase::Error.is_completed() && !Phase::Pending.is_completed());
    /// ```
    #[must_use]
    pub const fn is_completed(self) -> bool {
        !matches!(self, Self::Running | Self::Pending)
    }

    /// The order of a run's worst phase: successful, running, pending, inconclusive, error, failed.
    ///
    /// ```
    /// use devops_gates::compat::argo::Phase;
    ///
    /// assert!(Phase::Inconclusive.is_worse_than(Phase::Successful));
    /// assert!(!Phase::Error.is_worse_than(Phase::Failed));
    /// ```
    #[must_use]
    pub fn is_worse_than(self, other: Self) -> bool {
        self > other
    }
}
