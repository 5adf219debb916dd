//! The total score of a run.

use super::{KeptnError, ObjectiveResult, TotalScore};
use crate::compat::go_float;

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "Keptn v1 is archived")]
pub enum RunResult {
    /// It passes.
    Pass,
    /// It passes with a warning.
    Warning,
    /// It fails.
    Fail,
}

/// What one objective brings into the total.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "all that the total looks at")]
pub struct EarnedScore {
    /// What it earned.
    pub score: f64,
    /// How many pass criteria it has; one without any is not counted.
    pub pass_targets: usize,
}

impl From<&ObjectiveResult> for EarnedScore {
    fn from(objective: &ObjectiveResult) -> Self {
        Self { score: objective.score, pass_targets: objective.pass_targets.len() }
    }
}

/// The total score and what it means.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct TotalResult {
    /// 0 to 100, a float and not rounded.
    pub score: f64,
    /// The result.
    pub result: RunResult,
}

/// The total: `100 × (earned / maximum)` in floating point, held against the thresholds. 57 of 100 does not reach
/// `57%`, as it comes out as 56.99999999999999. A maximum of 0 passes with 100, whatever the thresholds.
///
/// # Errors
///
/// [`KeptnError::NoTargetScore`] without a pass threshold, [`KeptnError::UnparsablePass`] and
/// [`KeptnError::UnparsableWarning`] where one is no number; the warning threshold is only looked at where the run does
/// not pass and no key objective failed.
///
/// ```
/// use devops_gates::compat::keptn::{EarnedScore, RunResult, TotalScore, total_score};
///
/// let earned = [EarnedScore { score: 57.0, pass_targets: 1 }];
/// let total = total_score(100.0, &earned, Some(&TotalScore::new("57%", "")), false)?;
/// assert_eq!(total.score, 56.99999999999999);
/// assert_eq!(total.result, RunResult::Fail);
/// # Ok::<(), devops_gates::compat::keptn::KeptnError>(())
/// ```
pub fn total_score(
    max_score: f64,
    scores: &[EarnedScore],
    thresholds: Option<&TotalScore>,
    key_failed: bool,
) -> Result<TotalResult, KeptnError> {
    if max_score == 0.0 {
        return Ok(TotalResult { score: 100.0, result: RunResult::Pass });
    }
    let earned = scores.iter().filter(|s| s.pass_targets > 0).fold(0.0, |sum, s| sum + s.score);
    let score = 100.0 * (earned / max_score);
    let thresholds = thresholds.filter(|t| !t.pass.is_empty()).ok_or(KeptnError::NoTargetScore)?;
    let pass = percentage(&thresholds.pass)
        .ok_or_else(|| KeptnError::UnparsablePass { value: thresholds.pass.clone() })?;
    let result = if score >= pass && !key_failed {
        RunResult::Pass
    } else if !thresholds.warning.is_empty() && !key_failed {
        let warning = percentage(&thresholds.warning)
            .ok_or_else(|| KeptnError::UnparsableWarning { value: thresholds.warning.clone() })?;
        if score >= warning { RunResult::Warning } else { RunResult::Fail }
    } else {
        RunResult::Fail
    };
    Ok(TotalResult { score, result })
}

pub(super) fn percentage(text: &str) -> Option<f64> {
    go_float(text.strip_suffix('%').unwrap_or(text))
}
