//! Measures of many sources, each metric and scope once.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use devops_core::{
    AnalyzerId, AnalyzerRun, Measure, Measures, MetricId, Provenance, Scope, Stage, Unit, Value,
};

/// Who measured something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
#[non_exhaustive]
pub enum MeasureSource {
    /// An analyzer or scanner.
    Analyzer(AnalyzerId),
    /// The implementation of a stage, such as the test runner.
    Stage(Stage),
    /// The pipeline itself: scores and counts of what was found.
    Pipeline,
}

impl fmt::Display for MeasureSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Analyzer(id) => write!(f, "{id}"),
            Self::Stage(stage) => write!(f, "stage {stage}"),
            Self::Pipeline => f.write_str("the pipeline"),
        }
    }
}

/// What one source says of a metric.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "who says what are all there is")]
pub struct Claim {
    /// Who.
    pub source: MeasureSource,
    /// What.
    pub value: Value,
    /// In which unit.
    pub unit: Unit,
}

/// Several sources measured the same metric and scope. None of them counts: for the gate the measure is
/// missing, with this as the reason.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct MeasureConflict {
    /// The metric.
    pub metric: MetricId,
    /// The scope.
    pub scope: Scope,
    /// What each says, by source.
    pub claims: Vec<Claim>,
}

impl fmt::Display for MeasureConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metric `{}` ({}) is measured by ", self.metric, self.scope)?;
        for (index, claim) in self.claims.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{} ({})", claim.source, claim.value)?;
        }
        Ok(())
    }
}

/// Each metric and scope once, and what was measured more than once.
///
/// ```
/// use devops_core::{Measure, MetricId, Scope, Unit, Value};
/// use devops_pipeline::{MeasureSource, merge_measures};
/// use devops_core::Stage;
///
/// let id = MetricId::new("bundle_size")?;
/// let (small, large) = (Measure::number(id.clone(), 1.0, Unit::Bytes)?, Measure::number(id.clone(), 2.0, Unit::Bytes)?);
/// let (measures, conflicts) =
///     merge_measures([(MeasureSource::Stage(Stage::Build), &small), (MeasureSource::Stage(Stage::Test), &large)]);
/// assert!(matches!(measures.get(&id, &Scope::Overall).unwrap().value(), Value::Missing { .. }));
/// assert_eq!(
///     conflicts[0].to_string(),
///     "metric `bundle_size` (overall) is measured by stage build (1), stage test (2)"
/// );
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[expect(single_use_lifetimes, reason = "a lifetime inside `impl Trait` must be named")]
pub fn merge_measures<'a>(
    claims: impl IntoIterator<Item = (MeasureSource, &'a Measure)>,
) -> (Measures, Vec<MeasureConflict>) {
    let mut claims: Vec<(MeasureSource, &Measure)> = claims.into_iter().collect();
    claims.sort_by(|(by, a), (other, b)| {
        (a.metric(), a.scope(), by, a.value()).cmp(&(b.metric(), b.scope(), other, b.value()))
    });
    let mut merged = Vec::new();
    let mut conflicts = Vec::new();
    for group in claims.chunk_by(|(_, a), (_, b)| (a.metric(), a.scope()) == (b.metric(), b.scope())) {
        match group {
            [(_, measure)] => merged.push((*measure).clone()),
            [(_, first), ..] => {
                let conflict = conflict(first, group);
                let reason = missing_reason(&conflict);
                let missing = Measure::new(first.metric().clone(), Value::Missing { reason }, first.unit());
                merged.push(missing.with_scope(first.scope().clone()));
                conflicts.push(conflict);
            }
            [] => {}
        }
    }
    (Measures::try_from(merged).unwrap_or_default(), conflicts)
}

fn conflict(first: &Measure, group: &[(MeasureSource, &Measure)]) -> MeasureConflict {
    let claim = |(source, measure): &(MeasureSource, &Measure)| Claim {
        source: source.clone(),
        value: measure.value().clone(),
        unit: measure.unit(),
    };
    MeasureConflict {
        metric: first.metric().clone(),
        scope: first.scope().clone(),
        claims: group.iter().map(claim).collect(),
    }
}

fn missing_reason(conflict: &MeasureConflict) -> String {
    let sources: Vec<String> = conflict.claims.iter().map(|c| c.source.to_string()).collect();
    alloc::format!("measured more than once: {}", sources.join(", "))
}

/// What analyzers measured, each with its source.
pub(crate) fn measured_by(runs: &[AnalyzerRun]) -> impl Iterator<Item = (MeasureSource, &Measure)> {
    runs.iter().flat_map(|run| {
        let measures = run.outcome.analysis().map_or(&[][..], |a| &a.measures);
        measures.iter().map(|m| (MeasureSource::Analyzer(run.descriptor.id().clone()), m))
    })
}

/// Says in each measure who took it, unless it says so itself.
pub(crate) fn sign(measures: &mut [Measure], descriptor: &devops_core::Descriptor) {
    for measure in measures {
        if measure.provenance().is_none() {
            let by = Provenance::new(descriptor.id().clone(), descriptor.version().to_string());
            *measure = measure.clone().with_provenance(by);
        }
    }
}
