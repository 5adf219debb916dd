//! How measurements make a metric, and metrics a run.

use super::{ExpressionError, Metric, MetricResult, Phase, Value, evaluate_condition};

/// Errors in a row that are borne unless a metric says otherwise.
pub const DEFAULT_CONSECUTIVE_ERROR_LIMIT: i64 = 4;

/// What a measurement comes to, of conditions that were evaluated. `None` is a condition that is not written: of one
/// alone the other is the opposite, and without both it succeeds. Failure goes before success; neither is
/// inconclusive.
///
/// ```
/// use devops_gates::compat::argo::{Phase, measurement};
///
/// assert_eq!(measurement(Some(true), Some(true)), Phase::Failed);
/// assert_eq!(measurement(Some(false), Some(false)), Phase::Inconclusive);
/// assert_eq!(measurement(Some(false), None), Phase::Failed);
/// assert_eq!(measurement(None, Some(false)), Phase::Successful);
/// assert_eq!(measurement(None, None), Phase::Successful);
/// ```
#[must_use]
pub fn measurement(success: Option<bool>, failure: Option<bool>) -> Phase {
    let (success, failure) = match (success, failure) {
        (None, None) => (true, false),
        (Some(success), None) => (success, !success),
        (None, Some(failure)) => (!failure, failure),
        (Some(success), Some(failure)) => (success, failure),
    };
    if failure {
        Phase::Failed
    } else if success {
        Phase::Successful
    } else {
        Phase::Inconclusive
    }
}

/// What a measured value comes to, by the conditions of its metric.
///
/// # Errors
///
/// [`ExpressionError`] of the first condition that cannot be read or evaluated; the measurement is [`Phase::Error`]
/// then.
///
/// ```
/// use devops_gates::compat::argo::{Metric, Phase, Value, measure};
///
/// let metric = Metric::new("success-rate").with_conditions("result[0] >= 0.95", "result[0] < 0.9");
/// let result = |value| Value::List(vec![Value::Number(value)]);
/// assert_eq!(measure(&metric, &result(0.97))?, Phase::Successful);
/// assert_eq!(measure(&metric, &result(0.92))?, Phase::Inconclusive);
/// assert_eq!(measure(&metric, &result(f64::NAN))?, Phase::Inconclusive);
/// assert!(measure(&metric, &Value::List(vec![])).is_err());
/// # Ok::<(), devops_gates::compat::argo::ExpressionError>(())
/// ```
pub fn measure(metric: &Metric, result: &Value) -> Result<Phase, ExpressionError> {
    let evaluate = |condition: &str| {
        if condition.is_empty() { Ok(None) } else { evaluate_condition(condition, result).map(Some) }
    };
    let success = evaluate(&metric.success_condition)?;
    Ok(measurement(success, evaluate(&metric.failure_condition)?))
}

/// Which limit is broken, if any: failed, which inconclusive overrides, which errors in a row override.
fn broken_limit(metric: &Metric, result: &MetricResult) -> Option<Phase> {
    let failure_limit = metric.failure_limit.unwrap_or(0);
    let error_limit = metric.consecutive_error_limit.unwrap_or(DEFAULT_CONSECUTIVE_ERROR_LIMIT);
    let mut phase = None;
    if failure_limit >= 0 && result.failed > failure_limit {
        phase = Some(Phase::Failed);
    }
    if result.inconclusive > metric.inconclusive_limit.unwrap_or(0) {
        phase = Some(Phase::Inconclusive);
    }
    if result.consecutive_error > error_limit {
        phase = Some(Phase::Error);
    }
    phase
}

/// How a metric stands.
///
/// A completed phase stays; a broken limit ends it; enough successes in a row are a success. Where the count is
/// reached, it is successful, also without a single success (all errors count for nothing); with a limit of successes
/// in a row it is failed where failures do not count, else inconclusive. A metric that is told to end is successful
/// then, also without a measurement.
///
/// ```
/// use devops_gates::compat::argo::{Metric, MetricResult, Phase, metric_status};
///
/// let metric = Metric::new("m").with_interval(Some(5)).with_failure_limit(2);
/// let result: MetricResult = serde_json::from_str(r#"{"failed": 3, "successful": 2, "count": 5}"#)?;
/// assert_eq!(metric_status(&metric, &result, false), Phase::Failed);
/// assert_eq!(metric_status(&metric, &MetricResult::none(), false), Phase::Pending);
/// assert_eq!(metric_status(&metric, &MetricResult::none(), true), Phase::Successful);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn metric_status(metric: &Metric, result: &MetricResult, terminating: bool) -> Phase {
    if result.phase.is_completed() {
        return result.phase;
    }
    if result.measurements == Some(0) {
        return if terminating { Phase::Successful } else { Phase::Pending };
    }
    if result.in_flight {
        return Phase::Running;
    }
    if let Some(phase) = broken_limit(metric, result) {
        return phase;
    }
    let successes = metric.consecutive_success_limit.unwrap_or(0);
    if successes > 0 && result.consecutive_success >= successes {
        return Phase::Successful;
    }
    if metric.effective_count().is_some_and(|count| result.count >= count) {
        return match (successes > 0, metric.failure_limit.unwrap_or(0) >= 0) {
            (false, _) => Phase::Successful,
            (true, false) => Phase::Failed,
            (true, true) => Phase::Inconclusive,
        };
    }
    if terminating { Phase::Successful } else { Phase::Running }
}

/// How a run stands: running while a metric is not completed or has no result, else the worst of the metrics that
/// count. It is terminating where the caller says so, or where a metric that counts was told to have failed, erred or
/// been inconclusive; then what is completed decides, and nothing is a success.
///
/// ```
/// use devops_gates::compat::argo::{Metric, MetricResult, Phase, run_status};
///
/// let metrics = [Metric::new("a"), Metric::new("b").with_dry_run(true)];
/// let results = [
///     Some(MetricResult::none().with_measurement(Phase::Successful)),
///     Some(MetricResult::none().with_measurement(Phase::Failed)),
/// ];
/// let parts: Vec<_> = metrics.iter().zip(&results).map(|(m, r)| (m, r.as_ref())).collect();
/// assert_eq!(run_status(&parts, false), Phase::Successful);
/// assert_eq!(run_status(&[(&metrics[0], None)], false), Phase::Running);
/// assert_eq!(run_status(&[(&metrics[0], None)], true), Phase::Successful);
/// ```
#[must_use]
pub fn run_status(metrics: &[(&Metric, Option<&MetricResult>)], terminate: bool) -> Phase {
    let broken = |(metric, result): &(&Metric, Option<&MetricResult>)| {
        !metric.dry_run && result.is_some_and(|r| r.phase.is_worse_than(Phase::Pending))
    };
    let terminating = terminate || metrics.iter().any(broken);
    let (mut worst, mut all_completed): (Option<Phase>, bool) = (None, true);
    for (metric, result) in metrics {
        let Some(result) = result else {
            all_completed = false;
            continue;
        };
        let phase = metric_status(metric, result, terminating);
        if !phase.is_completed() {
            all_completed = false;
        } else if metric.dry_run {
            worst = worst.or(Some(Phase::Successful));
        } else {
            worst = Some(worst.map_or(phase, |w| w.max(phase)));
        }
    }
    match worst {
        None if terminating => Phase::Successful,
        Some(phase) if terminating || all_completed => phase,
        _ => Phase::Running,
    }
}
