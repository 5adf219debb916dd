//! What a gate is evaluated on.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use devops_core::{AnalyzerKind, AnalyzerRun, Finding, Measure, Measures, MetricId, Timestamp};

use crate::history::baseline::Sources;
use crate::{GateState, History, Waivers};

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
    control: Option<&'a Measures>,
    now: Option<Timestamp>,
    findings: Option<Vec<&'a Finding>>,
    waivers: Option<(&'a Waivers, Timestamp)>,
    state: Option<&'a GateState>,
}

impl<'a> Evidence<'a> {
    /// Those measures. Until [`Evidence::with_expected`] says otherwise every metric is expected, so that
    /// nothing is left out by accident.
    #[must_use]
    pub const fn new(measures: &'a Measures) -> Self {
        Self {
            measures,
            expected: None,
            history: None,
            control: None,
            now: None,
            findings: None,
            waivers: None,
            state: None,
        }
    }

    /// The same with those measures in place of its own.
    #[must_use]
    pub fn with_measures(self, measures: &'a Measures) -> Self {
        Self { measures, ..self }
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

    /// With the measures of what runs already, taken beside those that are judged: what conditions on samples are
    /// held against unless they say otherwise, and any whose baseline is the control.
    ///
    /// ```
    /// use devops_core::Measures;
    /// use devops_gates::Evidence;
    ///
    /// let (measures, control) = (Measures::new(), Measures::new());
    /// assert!(Evidence::new(&measures).with_control(&control).control().is_some());
    /// ```
    #[must_use]
    pub fn with_control(self, control: &'a Measures) -> Self {
        Self { control: Some(control), ..self }
    }

    /// With the time of the evaluation. Without it nothing is known to be young enough: last known values are
    /// not used.
    #[must_use]
    pub fn with_now(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// With the findings of the sources that were to look. Without them conditions on findings are missing their
    /// measure: nobody looked.
    #[must_use]
    pub fn with_findings(self, findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        Self { findings: Some(findings.into_iter().collect()), ..self }
    }

    /// With the findings of those runs but for hints to the reviewer; without any where no source ran to an end.
    ///
    /// ```
    /// use devops_core::{AnalyzerKind, AnalyzerRun, Descriptor, Measures, Outcome};
    /// use devops_gates::Evidence;
    ///
    /// let descriptor = Descriptor::new("style", AnalyzerKind::Style)?;
    /// let runs = [AnalyzerRun { descriptor, outcome: Outcome::Cancelled }];
    /// assert!(Evidence::new(&Measures::new()).with_runs(&runs).findings().is_none());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn with_runs(self, runs: impl IntoIterator<Item = &'a AnalyzerRun>) -> Self {
        let looked = runs.into_iter().filter(|r| r.descriptor.kind() != AnalyzerKind::Review);
        let analyses: Vec<_> = looked.filter_map(|r| r.outcome.analysis()).collect();
        if analyses.is_empty() {
            return Self { findings: None, ..self };
        }
        self.with_findings(analyses.into_iter().flat_map(|analysis| &analysis.findings))
    }

    /// With waivers as they stand at that time, which is the time of the evaluation.
    #[must_use]
    pub fn with_waivers(self, waivers: &'a Waivers, now: Timestamp) -> Self {
        Self { waivers: Some((waivers, now)), now: Some(now), ..self }
    }

    /// With where conditions stood after the last verdict, for those that are not to flap.
    #[must_use]
    pub fn with_state(self, state: &'a GateState) -> Self {
        Self { state: Some(state), ..self }
    }

    pub(crate) const fn waivers(&self) -> Option<(&'a Waivers, Timestamp)> {
        self.waivers
    }

    pub(crate) const fn state(&self) -> Option<&'a GateState> {
        self.state
    }

    /// The findings, where they were given.
    #[must_use]
    pub fn findings(&self) -> Option<&[&'a Finding]> {
        self.findings.as_deref()
    }

    /// The earlier runs, where they were given.
    #[must_use]
    pub const fn history(&self) -> Option<&'a History> {
        self.history
    }

    /// The measures of what runs already, where they were given.
    #[must_use]
    pub const fn control(&self) -> Option<&'a Measures> {
        self.control
    }

    /// What baselines are taken from.
    pub(crate) const fn sources(&self) -> Sources<'a> {
        Sources { history: self.history, control: self.control }
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
