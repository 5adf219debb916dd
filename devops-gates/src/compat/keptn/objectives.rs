//! Objectives: what each indicator comes to.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::{KeptnError, Objective, SliResult, SliTarget, aggregate, criteria_any_of_all, take_sli};

/// How an objective stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "Keptn v1 is archived")]
pub enum ObjectiveStatus {
    /// A pass criterion is satisfied.
    Pass,
    /// Only a warning criterion is.
    Warning,
    /// None is, or there is no value.
    Fail,
    /// There is no pass criterion: shown, never scored.
    Info,
}

/// One objective and what came of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ObjectiveResult {
    /// The name of the indicator.
    pub sli: String,
    /// How it stands.
    pub status: ObjectiveStatus,
    /// What it earns: its weight, half of it in warning, or 0.
    pub score: f64,
    /// The pass criteria.
    pub pass_targets: Vec<SliTarget>,
    /// The warning criteria; looked at also where it passes, and none where one of them cannot be read.
    pub warning_targets: Vec<SliTarget>,
    /// The baseline; 0 where there is none.
    pub compared_value: f64,
    /// What was measured; 0 where nothing was.
    pub value: f64,
    /// Whether the run fails where it fails.
    pub key_sli: bool,
    /// What the provider said, or that it said nothing.
    pub message: String,
}

/// All objectives of a run.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ObjectivesResult {
    /// The weight of all objectives with pass criteria.
    pub max_score: f64,
    /// Whether a key objective failed. One in warning did not.
    pub key_failed: bool,
    /// The objectives, in order.
    pub objectives: Vec<ObjectiveResult>,
}

/// Evaluates objectives on the indicators of a run and of old runs, which are those that [`select_history`] picks.
///
/// Each objective consumes its indicator, so that a second one on the same indicator fails as missing. Without pass
/// criteria an objective is for information: never scored, its key flag and a missing value ignored.
///
/// # Errors
///
/// [`KeptnError::Objective`] for a pass criterion that cannot be read; one among the warning criteria only means that
/// there is no warning.
///
/// [`select_history`]: super::select_history
///
/// ```
/// use devops_gates::compat::keptn::{CriteriaSet, Objective, ObjectiveStatus, SliResult, evaluate_objectives};
///
/// let objective = Objective::new("a")
///     .with_pass([CriteriaSet::new(["<=15"])])
///     .with_warning([CriteriaSet::new(["<=20"])]);
/// let result = evaluate_objectives(&[SliResult::new("a", 16.0)], &[objective], &[], "avg")?;
/// assert_eq!(result.objectives[0].status, ObjectiveStatus::Warning);
/// assert_eq!((result.objectives[0].score, result.max_score), (0.5, 1.0));
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn evaluate_objectives(
    slis: &[SliResult],
    objectives: &[Objective],
    previous: &[Vec<SliResult>],
    aggregate_function: &str,
) -> Result<ObjectivesResult, KeptnError> {
    let mut left = slis.to_vec();
    let mut result = ObjectivesResult::default();
    for objective in objectives {
        if !objective.pass.is_empty() {
            result.max_score += weight_of(objective);
        }
        let sli = take_sli(&mut left, &objective.sli)
            .unwrap_or_else(|| SliResult::failed(&*objective.sli, "no value received from SLI provider"));
        let named = |sli: &&SliResult| sli.metric == objective.sli;
        let old: Vec<SliResult> = previous.iter().flatten().filter(named).cloned().collect();
        let one = evaluate_objective(sli, objective, &old, aggregate_function).map_err(|source| {
            KeptnError::Objective { sli: objective.sli.clone(), source: Box::new(source) }
        })?;
        result.key_failed |= objective.key_sli && one.status == ObjectiveStatus::Fail;
        result.objectives.push(one);
    }
    Ok(result)
}

#[expect(clippy::cast_precision_loss, reason = "Keptn counts weights as floats")]
fn weight_of(objective: &Objective) -> f64 {
    objective.weight as f64
}

fn evaluate_objective(
    sli: SliResult,
    objective: &Objective,
    previous: &[SliResult],
    aggregate_function: &str,
) -> Result<ObjectiveResult, KeptnError> {
    let pass = criteria_any_of_all(&sli, &objective.pass, previous, aggregate_function)?;
    let warning =
        criteria_any_of_all(&sli, &objective.warning, previous, aggregate_function).unwrap_or_default();
    let (status, score) = if objective.pass.is_empty() {
        (ObjectiveStatus::Info, 0.0)
    } else if !sli.success {
        (ObjectiveStatus::Fail, 0.0)
    } else if pass.satisfied {
        (ObjectiveStatus::Pass, weight_of(objective))
    } else if warning.satisfied {
        (ObjectiveStatus::Warning, 0.5 * weight_of(objective))
    } else {
        (ObjectiveStatus::Fail, 0.0)
    };
    let compared = sli.success && !(pass.targets.is_empty() && warning.targets.is_empty());
    let compared_value = if compared { aggregate(previous, aggregate_function).value } else { 0.0 };
    Ok(ObjectiveResult {
        sli: objective.sli.clone(),
        status,
        score,
        pass_targets: pass.targets,
        warning_targets: warning.targets,
        compared_value,
        value: sli.value,
        key_sli: objective.key_sli,
        message: sli.message,
    })
}
