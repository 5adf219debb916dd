//! What beside its measure a condition is judged by.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Measure, Timestamp, Unit, Value};

use crate::condition::stability::Held;
use crate::evaluate::entry::Reading;
use crate::evaluate::evidence::{Evidence, Slot};
use crate::evaluate::samples;
use crate::gate::compiled::Condition;
use crate::history::baseline::{self, Baseline};
use crate::{Missing, SampleComparison};

/// What beside its measure a condition was judged by.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Context {
    pub(crate) baseline: Option<Baseline>,
    /// How its samples compare with those of the baseline.
    pub(crate) samples: Option<Box<SampleComparison>>,
    /// Where the value comes from, where it is not of this run.
    pub(crate) last_known: Option<LastKnown>,
    /// What says whether there is enough to judge by.
    pub(crate) evidence: Option<Value>,
    /// Where it stood before, where it is not to flap.
    pub(crate) before: Option<Held>,
    /// The ids of the waivers by which its failure is waived.
    pub(crate) waived: Vec<String>,
}

/// The earlier run that a value is taken from.
///
/// ```
/// use devops_core::{Measure, Measures, MetricId, Unit};
/// use devops_gates::{ConditionSpec, Evidence, Gate, GateSpec, History, Missing, Run, Status};
///
/// let coverage = Measure::fraction(MetricId::new("test_coverage")?, 9, 10, Unit::Percent);
/// let run = Run::new("nightly-7", "2026-11-24T02:00:00Z".parse()?, Measures::try_from(vec![coverage])?);
/// let history = History::new(vec![run])?;
/// let spec = GateSpec::new("g").with_condition(
///     ConditionSpec::new("covered", "test_coverage", ">= 80 %")
///         .with_missing(Missing::LastKnown { max_age_hours: 48 }),
/// );
/// let measures = Measures::new();
/// let evidence = Evidence::new(&measures).with_history(&history).with_now("2026-11-25T12:00:00Z".parse()?);
/// let verdict = Gate::build(spec)?.evaluate(&evidence);
/// assert_eq!(verdict.status(), Status::Passed);
/// assert_eq!(verdict.condition("covered").unwrap().last_known().unwrap().run, "nightly-7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct LastKnown {
    /// Its id.
    pub run: String,
    /// When it was.
    pub at: Timestamp,
}

impl Context {
    /// The ids of the waivers in a context that may not be there.
    pub(crate) fn waived(context: Option<&Self>) -> &[String] {
        context.map_or(&[], |c| &c.waived)
    }

    /// What the evidence holds for a condition; where its measure is missing and its policy asks for it, with the
    /// last known one.
    pub(crate) fn gather(
        condition: &Condition,
        measure: Option<&Measure>,
        expected: bool,
        slots: &[Slot<'_>],
        evidence: Option<&Evidence<'_>>,
    ) -> (Option<Reading>, Option<Box<Self>>) {
        let mut context = Self::default();
        let mut reading = measure.map(Reading::of);
        if let (Some(spec), Some(found)) = (&condition.findings, evidence.and_then(Evidence::findings)) {
            let value = spec.value(found);
            let unit = condition.pass.unit.unwrap_or(Unit::None);
            reading = Some(Reading { value, unit, sample_size: None });
        }
        let absent = reading.as_ref().map_or(expected || !condition.when_expected, Reading::is_empty);
        if let Missing::LastKnown { max_age_hours } = condition.missing
            && absent
            && let Some((known, origin)) = evidence.and_then(|e| last_known(condition, e, max_age_hours))
        {
            reading = Some(known);
            context.last_known = Some(origin);
        }
        if let Some(guard) = &condition.min_evidence
            && let Some(Slot::Measured(measure)) = slots.get(guard.input)
        {
            context.evidence = Some(measure.value().clone());
        }
        let sources = evidence.map(Evidence::sources).unwrap_or_default();
        if let Some(rule) = &condition.samples {
            let compared = measure.and_then(|m| samples::compare(condition, rule, m, sources));
            context.samples = compared.map(Box::new);
        } else if let (Some(spec), Some(unit)) = (&condition.baseline, condition.pass.unit) {
            context.baseline = baseline::find(spec, sources, &condition.metric, &condition.scope, unit);
        }
        if condition.stable.is_some() {
            context.before = Some(
                evidence
                    .and_then(Evidence::state)
                    .map_or_else(Held::default, |state| state.of(&condition.name)),
            );
        }
        let context = (context != Self::default()).then(|| Box::new(context));
        (reading, context)
    }
}

/// The latest value that is not older than that.
fn last_known(
    condition: &Condition,
    evidence: &Evidence<'_>,
    max_age_hours: u64,
) -> Option<(Reading, LastKnown)> {
    let now = evidence.now()?;
    let max_age = i64::try_from(max_age_hours).unwrap_or(i64::MAX).saturating_mul(3_600_000);
    let young = |at: Timestamp| (0..=max_age).contains(&now.millis_since(at));
    let runs = evidence.history()?.runs().iter().rev().filter(|run| young(run.at));
    let mut found = runs.filter_map(|run| Some((run, run.measured(&condition.metric, &condition.scope)?)));
    let (run, measure) = found.next()?;
    Some((Reading::of(measure), LastKnown { run: run.id.clone(), at: run.at }))
}
