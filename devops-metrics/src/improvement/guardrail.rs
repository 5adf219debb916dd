//! Did anything get worse meanwhile?

use core::fmt;

use devops_core::{GoodDirection, MetricId, Unit};
use devops_stats::tail::Interval;
use serde::{Deserialize, Serialize};

use super::effect::{Effect, effect};
use super::proposal::{Guardrail, Margin};
use super::{ImprovementError, Observation, VerdictPolicy};

/// What is known of a guardrail.
///
/// ```
/// use devops_metrics::improvement::GuardrailStatus;
///
/// assert_eq!(GuardrailStatus::NotMeasured.to_string(), "not measured");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a caller must say what becomes of each")]
pub enum GuardrailStatus {
    /// It got worse, by more than the margin.
    Broken,
    /// Too little was observed to say anything.
    NotMeasured,
    /// The data allow for more than the margin.
    Unclear,
    /// It is not worse by the margin.
    Kept,
}

impl fmt::Display for GuardrailStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Broken => "broken",
            Self::NotMeasured => "not measured",
            Self::Unclear => "unclear",
            Self::Kept => "kept",
        })
    }
}

/// What came of a guardrail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GuardrailVerdict {
    /// The metric.
    pub metric: MetricId,
    /// Its unit.
    pub unit: Unit,
    /// What is known.
    pub status: GuardrailStatus,
    /// By how much it may get worse, in its unit; `None` where a relative margin has no value to refer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// The comparison, with the interval that the margin is held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
}

/// Non-inferiority by the confidence interval of 1 − 2α (Wellek 2010): kept where its bad end is within the
/// margin, broken where it lies on the bad side and the estimate beyond the margin.
pub(super) fn guardrail(
    guardrail: &Guardrail,
    before: Option<&Observation>,
    after: Option<&Observation>,
    policy: &VerdictPolicy,
) -> Result<GuardrailVerdict, ImprovementError> {
    let mut verdict = GuardrailVerdict {
        metric: guardrail.metric.clone(),
        unit: guardrail.unit,
        status: GuardrailStatus::NotMeasured,
        margin: None,
        effect: None,
    };
    let (Some(before), Some(after)) = (before, after) else { return Ok(verdict) };
    for observation in [before, after] {
        if observation.unit != guardrail.unit {
            return Err(ImprovementError::Unit {
                metric: guardrail.metric.as_str().into(),
                unit: observation.unit,
                expected: guardrail.unit,
            });
        }
    }
    if before.definition != after.definition || policy.still_needed(before, after) > 0 {
        return Ok(verdict);
    }
    let found = effect(&before.sample, &after.sample, 1.0 - 2.0 * policy.alpha())?;
    verdict.margin = match guardrail.margin {
        Margin::Unit { value } => Some(value.get()),
        Margin::Percent { percent } => found.before.map(|b| b.abs() * percent.get() / 100.0),
    };
    verdict.status = match (worsening(&found, guardrail.good), verdict.margin) {
        (Some((_, ends)), Some(margin)) if ends.high <= margin => GuardrailStatus::Kept,
        (Some((middle, ends)), Some(margin)) if ends.low > 0.0 && middle > margin => GuardrailStatus::Broken,
        _ => GuardrailStatus::Unclear,
    };
    verdict.effect = Some(found);
    Ok(verdict)
}

/// By how much it got worse, with the interval; for a metric without a direction, by how much it moved at all.
fn worsening(effect: &Effect, good: GoodDirection) -> Option<(f64, Interval)> {
    let (middle, ends) = (effect.difference?, effect.interval?);
    Some(match good {
        GoodDirection::Down => (middle, ends),
        GoodDirection::Up => (-middle, Interval::new(-ends.high, -ends.low)),
        GoodDirection::Neutral => {
            let far = super::effect::larger(ends.high.abs(), ends.low.abs());
            let near = if ends.contains(0.0) { 0.0 } else { far - (ends.high - ends.low) };
            (middle.abs(), Interval::new(near, far))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Window;
    use crate::improvement::Sample;
    use devops_core::{Number, Timestamp};

    fn observed(part: u64, whole: u64) -> Observation {
        let window = Window::new(Timestamp::EPOCH, Timestamp::EPOCH).unwrap();
        let sample = Sample::share(part, whole).unwrap();
        Observation::new("change_failure_rate".parse().unwrap(), Unit::Percent, window, sample)
    }

    #[test]
    fn kept_broken_or_unclear() {
        let five = Margin::Unit { value: Number::from(5) };
        for (before, after, margin, status) in [
            ((10, 200), (9, 200), five, GuardrailStatus::Kept),
            ((10, 200), (60, 200), five, GuardrailStatus::Broken),
            ((2, 25), (3, 25), five, GuardrailStatus::Unclear),
            ((2, 10), (3, 25), five, GuardrailStatus::NotMeasured),
            ((100, 1000), (100, 1000), Margin::Percent { percent: Number::from(25) }, GuardrailStatus::Kept),
            ((0, 200), (0, 200), Margin::Percent { percent: Number::from(25) }, GuardrailStatus::Unclear),
        ] {
            let rail = Guardrail::new(
                "change_failure_rate".parse().unwrap(),
                Unit::Percent,
                GoodDirection::Down,
                margin,
            );
            let (before, after) = (observed(before.0, before.1), observed(after.0, after.1));
            let verdict = guardrail(&rail, Some(&before), Some(&after), &VerdictPolicy::default()).unwrap();
            assert_eq!(verdict.status, status, "{verdict:?}");
        }
    }

    #[test]
    fn not_measured_is_not_kept() {
        let margin = Margin::Unit { value: Number::from(5) };
        let rail = Guardrail::new("m".parse().unwrap(), Unit::Percent, GoodDirection::Down, margin);
        let verdict = guardrail(&rail, None, None, &VerdictPolicy::default()).unwrap();
        assert_eq!(verdict.status, GuardrailStatus::NotMeasured);
    }
}
