//! What a gate is evaluated on.

use alloc::collections::BTreeSet;

use devops_core::{Measure, Measures, MetricId, Timestamp};

use crate::History;

/// The measures of a change, which metrics somebody was to measure, and what came before.
///
/// ```
/// use std::collections::BTreeSet;
/// use devops_core::{Measures, MetricId};
/// use devops_gates::Evidence;
///
/// let measures = Measures::new();
/// let evidence = Evidence::new(&measures).with_expected(BTreeSet::from([MetricId::new("test_coverage")?]));
/// assert!(evidence.expects(&MetricId::new("test_coverage")?));
/// assert!(!evidence.expects(&MetricId::new("performance")?));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    measures: &'a Measures,
    expected: Option<BTreeSet<MetricId>>,
    history: Option<&'a History>,
    now: Option<Timestamp>,
}

impl<'a> Evidence<'a> {
    /// Those measures. Until [`Evidence::with_expected`] says otherwise every metric is expected, so that
    /// nothing is left out by accident.
    #[must_use]
    pub const fn new(measures: &'a Measures) -> Self {
        Self { measures, expected: None, history: None, now: None }
    }

    /// With the metrics that a configured source was to measure. A condition that applies when expected, on a
    /// metric that is neither here nor measured, does not count.
    #[must_use]
    pub fn with_expected(self, expected: BTreeSet<MetricId>) -> Self {
        Self { expected: Some(expected), ..self }
    }

    /// With the earlier runs: baselines and last known values are taken from them.
    #[must_use]
    pub fn with_history(self, history: &'a History) -> Self {
        Self { history: Some(history), ..self }
    }

    /// With the time of the evaluation. Without it nothing is known to be young enough: last known values are
    /// not used.
    #[must_use]
    pub fn with_now(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The earlier runs, where they were given.
    #[must_use]
    pub const fn history(&self) -> Option<&'a History> {
        self.history
    }

    /// The time of the evaluation, where it was given.
    #[must_use]
    pub const fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// Whether somebody was to measure it.
    #[must_use]
    pub fn expects(&self, metric: &MetricId) -> bool {
        self.expected.as_ref().is_none_or(|e| e.contains(metric))
    }

    /// The measures.
    #[must_use]
    pub const fn measures(&self) -> &'a Measures {
        self.measures
    }
}

/// What one input of a gate is, for [`Gate::evaluate_indexed`](crate::Gate::evaluate_indexed).
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_enums, reason = "measured, missing or not asked for: there is no fourth")]
pub enum Slot<'a> {
    /// It was measured.
    Measured(&'a Measure),
    /// Somebody was to measure it, and there is no measure.
    Missing,
    /// Nobody was to measure it.
    NotExpected,
}
