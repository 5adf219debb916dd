//! What the quality gate is judged by beside what a run measures.

use devops_core::{Measures, Timestamp};
use devops_gates::{Evidence, GateState, History, Waivers};

/// What the quality gate is judged by beside what a run measures: earlier runs, what runs already, waivers, where
/// conditions stood, and the time. The caller puts it into the context as an extension; a context without one has
/// none of these.
///
/// The findings of all stages so far are the gate's anyway. Where conditions stand after the run says
/// [`Verdict::state`](devops_gates::Verdict::state) of the report's verdict.
///
/// ```
/// use devops_core::{ChangeSet, Context, JobId, Measure, Measures, MetricId, PipelineJob, Unit};
/// use devops_gates::{ConditionSpec, Gate, GateSpec, History, Run, Status};
/// use devops_pipeline::{GateEvidence, Pipeline, PipelinePolicy, PolicySpec, TestReport, test_fn};
///
/// let latency = |ms| Measure::number(MetricId::new("latency")?, ms, Unit::Milliseconds);
/// let mut policy = PolicySpec::default();
/// policy.gate = GateSpec::new("as fast as before")
///     .with_condition(ConditionSpec::new("fast", "latency", "<= baseline + 10 %").with_unit(Unit::Milliseconds));
/// let slower = latency(230.0)?;
/// let pipeline = Pipeline::builder()
///     .test_runner(test_fn(&["latency"], move |_input| Ok(TestReport::new(3, 0, 0).with_measure(slower.clone()))))
///     .policy(PipelinePolicy::new(policy)?)
///     .build()?;
/// let (job, change) = (PipelineJob::new(JobId::new("build 7")?), ChangeSet::default());
/// let before = Run::new("build 6", "2026-11-24T00:00:00Z".parse()?, Measures::try_from(vec![latency(200.0)?])?);
/// let evidence = GateEvidence::new().with_history(History::new(vec![before])?);
/// for (context, status) in [
///     (Context::new().with_extension(evidence), Status::Failed),
///     (Context::new(), Status::Inconclusive),
/// ] {
///     let report = futures::executor::block_on(pipeline.run(&job, &change, &context));
///     assert_eq!(report.verdict().unwrap().status(), status);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct GateEvidence {
    /// Earlier runs: baselines and last known values are taken from them.
    pub history: Option<History>,
    /// The measures of what runs already, for conditions that are held against the control.
    pub control: Option<Measures>,
    /// What may fail for now; counts only where the time is told.
    pub waivers: Option<Waivers>,
    /// Where conditions stood after the last run, for those that are not to flap.
    pub state: Option<GateState>,
    /// The time of the evaluation, by which waivers end and values grow old.
    pub now: Option<Timestamp>,
}

impl GateEvidence {
    /// None of it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With earlier runs.
    #[must_use]
    pub fn with_history(self, history: History) -> Self {
        Self { history: Some(history), ..self }
    }

    /// With the measures of what runs already.
    #[must_use]
    pub fn with_control(self, control: Measures) -> Self {
        Self { control: Some(control), ..self }
    }

    /// With waivers as they stand at that time, which is the time of the evaluation.
    #[must_use]
    pub fn with_waivers(self, waivers: Waivers, now: Timestamp) -> Self {
        Self { waivers: Some(waivers), now: Some(now), ..self }
    }

    /// With where conditions stood after the last run.
    #[must_use]
    pub fn with_state(self, state: GateState) -> Self {
        Self { state: Some(state), ..self }
    }

    /// With the time of the evaluation.
    #[must_use]
    pub fn with_now(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The evidence with all that is there.
    pub(crate) fn added_to<'a>(&'a self, mut evidence: Evidence<'a>) -> Evidence<'a> {
        if let Some(history) = &self.history {
            evidence = evidence.with_history(history);
        }
        if let Some(control) = &self.control {
            evidence = evidence.with_control(control);
        }
        if let Some(state) = &self.state {
            evidence = evidence.with_state(state);
        }
        match (&self.waivers, self.now) {
            (Some(waivers), Some(now)) => evidence.with_waivers(waivers, now),
            (None, Some(now)) => evidence.with_now(now),
            (_, None) => evidence,
        }
    }
}
