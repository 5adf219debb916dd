//! A whole run, end to end.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::{
    EarnedScore, Objective, ObjectiveResult, PreviousRun, RunResult, SliResult, Slo, TotalScore,
    evaluate_objectives, normalise_slo, select_history, total_score,
};

/// What Keptn v1 says of a run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Evaluation {
    /// The result.
    pub result: RunResult,
    /// 0 to 100, a float and not rounded.
    pub score: f64,
    /// Whether a key objective failed.
    pub key_failed: bool,
    /// The objectives, in order; none where the run could not be evaluated.
    pub objectives: Vec<ObjectiveResult>,
    /// Why the run could not be evaluated, in Keptn's words; it is failed then, with 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Evaluation {
    fn without_objectives(result: RunResult, score: f64, error: Option<String>) -> Self {
        Self { result, score, key_failed: false, objectives: Vec::new(), error }
    }
}

/// Evaluates a run on an SLO file, as Keptn v1 does from the file to the result.
///
/// `previous` holds the old runs, newest first. Where there is no SLO file the run passes: that is
/// [`evaluate_without_slo`]. Where the provider of the indicators itself failed, the result is made to fail afterwards:
/// that is [`with_provider_failed`].
///
/// ```
/// use devops_gates::compat::keptn::{PreviousRun, RunResult, SliResult, Slo, evaluate};
///
/// let slo: Slo = serde_json::from_str(r#"{
///     "objectives": [{"sli": "response_time_p95", "pass": [{"criteria": ["<=+10%"]}]}],
///     "total_score": {"pass": "90%"}
/// }"#)?;
/// let old = [PreviousRun::new("pass", vec![SliResult::new("response_time_p95", 200.0)])];
/// let run = evaluate(slo, &[SliResult::new("response_time_p95", 230.0)], &old);
/// assert_eq!((run.result, run.score), (RunResult::Fail, 0.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn evaluate(slo: Slo, slis: &[SliResult], previous: &[PreviousRun]) -> Evaluation {
    let slo = normalise_slo(slo);
    let comparison = slo.comparison.unwrap_or_default();
    let old: Vec<Vec<SliResult>> =
        select_history(previous, &comparison).into_iter().map(|run| run.slis.clone()).collect();
    let objectives: Vec<Objective> = slo.objectives.into_iter().flatten().collect();
    evaluate_run(slis, &objectives, &old, &comparison.aggregate_function, slo.total_score.as_ref())
}

/// The same on parts that are ready: objectives that are normalised, old runs that are selected.
///
/// ```
/// use devops_gates::compat::keptn::{CriteriaSet, Objective, RunResult, SliResult, TotalScore, evaluate_run};
///
/// let objectives = [Objective::new("b").with_pass([CriteriaSet::new(["abc"])])];
/// let run = evaluate_run(&[SliResult::new("b", 1.0)], &objectives, &[], "avg", Some(&TotalScore::new("90%", "75%")));
/// assert_eq!((run.result, run.score), (RunResult::Fail, 0.0));
/// assert_eq!(run.error.as_deref(), Some("error with b: invalid criteria string"));
/// ```
#[must_use]
pub fn evaluate_run(
    slis: &[SliResult],
    objectives: &[Objective],
    previous: &[Vec<SliResult>],
    aggregate_function: &str,
    thresholds: Option<&TotalScore>,
) -> Evaluation {
    if objectives.is_empty() {
        return Evaluation::without_objectives(RunResult::Fail, 0.0, None);
    }
    let errored = |error: super::KeptnError| {
        Evaluation::without_objectives(RunResult::Fail, 0.0, Some(error.to_string()))
    };
    let parts = match evaluate_objectives(slis, objectives, previous, aggregate_function) {
        Ok(parts) => parts,
        Err(error) => return errored(error),
    };
    let earned: Vec<EarnedScore> = parts.objectives.iter().map(EarnedScore::from).collect();
    match total_score(parts.max_score, &earned, thresholds, parts.key_failed) {
        Ok(total) => Evaluation {
            result: total.result,
            score: total.score,
            key_failed: parts.key_failed,
            objectives: parts.objectives,
            error: None,
        },
        Err(error) => errored(error),
    }
}

/// What Keptn says where no SLO file is there: the run passes, with a score of 0.
///
/// ```
/// use devops_gates::compat::keptn::{RunResult, evaluate_without_slo};
///
/// assert_eq!(evaluate_without_slo().result, RunResult::Pass);
/// ```
#[must_use]
pub fn evaluate_without_slo() -> Evaluation {
    Evaluation::without_objectives(RunResult::Pass, 0.0, None)
}

/// The evaluation where the provider of the indicators answered with `fail`: failed, with the score as it is.
///
/// ```
/// use devops_gates::compat::keptn::{RunResult, evaluate_without_slo, with_provider_failed};
///
/// assert_eq!(with_provider_failed(evaluate_without_slo()).result, RunResult::Fail);
/// ```
#[must_use]
pub fn with_provider_failed(evaluation: Evaluation) -> Evaluation {
    Evaluation { result: RunResult::Fail, ..evaluation }
}
