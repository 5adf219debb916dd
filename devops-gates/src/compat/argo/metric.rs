//! A metric of an analysis, and what was counted of it.

use alloc::string::String;

use super::Phase;
use crate::compat::lenient;

/// A metric as an `AnalysisTemplate` writes it. What a provider needs is passed over.
///
/// ```
/// use devops_gates::compat::argo::Metric;
///
/// let metric: Metric = serde_json::from_str(r#"{
///     "name": "success-rate", "interval": "5m", "count": "3", "failureLimit": 1,
///     "successCondition": "result[0] >= 0.95", "provider": {"prometheus": {"query": "up"}}
/// }"#)?;
/// assert_eq!((metric.interval, metric.effective_count()), (true, Some(3)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Whether an interval is written, so that it is measured more than once.
    #[serde(deserialize_with = "lenient::given")]
    pub interval: bool,
    /// How often it is measured; without it once, or for ever where an interval is written.
    #[serde(deserialize_with = "lenient::optional_whole", skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// How many failed measurements are borne: 0 unless written, and -1 for any number.
    #[serde(
        alias = "failure_limit",
        deserialize_with = "lenient::optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub failure_limit: Option<i64>,
    /// How many inconclusive measurements are borne: 0 unless written.
    #[serde(
        alias = "inconclusive_limit",
        deserialize_with = "lenient::optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub inconclusive_limit: Option<i64>,
    /// How many errors in a row are borne: 4 unless written.
    #[serde(
        alias = "consecutive_error_limit",
        deserialize_with = "lenient::optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub consecutive_error_limit: Option<i64>,
    /// How many successes in a row are enough: 0, for never, unless written.
    #[serde(
        alias = "consecutive_success_limit",
        deserialize_with = "lenient::optional_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub consecutive_success_limit: Option<i64>,
    /// When a measurement succeeds, an [`Expression`](super::Expression); empty for none.
    #[serde(
        alias = "success_condition",
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub success_condition: String,
    /// When a measurement fails; empty for none.
    #[serde(
        alias = "failure_condition",
        deserialize_with = "lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub failure_condition: String,
    /// Whether it is measured and does not count.
    #[serde(alias = "dry_run")]
    pub dry_run: bool,
}

impl Metric {
    /// A metric of that name, measured once.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// assert_eq!(Metric::new("success-rate").effective_count(), Some(1));
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// With those conditions; an empty one is none.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// let metric = Metric::new("m").with_conditions("result >= 0.95", "");
    /// assert!(metric.failure_condition.is_empty());
    /// ```
    #[must_use]
    pub fn with_conditions(self, success: impl Into<String>, failure: impl Into<String>) -> Self {
        Self { success_condition: success.into(), failure_condition: failure.into(), ..self }
    }

    /// Measured at an interval, so often, or for ever.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// assert_eq!(Metric::new("m").with_interval(None).effective_count(), None);
    /// assert_eq!(Metric::new("m").with_interval(Some(5)).effective_count(), Some(5));
    /// ```
    #[must_use]
    pub fn with_interval(self, count: Option<i64>) -> Self {
        Self { interval: true, count, ..self }
    }

    /// With that many failed measurements borne; -1 for any number.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// assert_eq!(Metric::new("m").with_failure_limit(-1).failure_limit, Some(-1));
    /// ```
    #[must_use]
    pub fn with_failure_limit(self, limit: i64) -> Self {
        Self { failure_limit: Some(limit), ..self }
    }

    /// With that many inconclusive measurements borne.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// assert_eq!(Metric::new("m").with_inconclusive_limit(2).inconclusive_limit, Some(2));
    /// ```
    #[must_use]
    pub fn with_inconclusive_limit(self, limit: i64) -> Self {
        Self { inconclusive_limit: Some(limit), ..self }
    }

    /// With that many successes in a row enough.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// assert_eq!(Metric::new("m").with_consecutive_success_limit(3).consecutive_success_limit, Some(3));
    /// ```
    #[must_use]
    pub fn with_consecutive_success_limit(self, limit: i64) -> Self {
        Self { consecutive_success_limit: Some(limit), ..self }
    }

    /// Measured, and not counted.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// assert!(Metric::new("m").with_dry_run(true).dry_run);
    /// ```
    #[must_use]
    pub fn with_dry_run(self, dry_run: bool) -> Self {
        Self { dry_run, ..self }
    }

    /// How often it is measured: as is written, else once without an interval, and for ever with one.
    ///
    /// ```
    /// use devops_gates::compat::argo::Metric;
    ///
    /// let metric: Metric = serde_json::from_str(r#"{"interval": "5m", "count": 0}"#)?;
    /// assert_eq!(metric.effective_count(), None); // for ever
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn effective_count(&self) -> Option<i64> {
        self.count.filter(|count| *count != 0).or(if self.interval { None } else { Some(1) })
    }
}

/// What was counted of a metric so far.
///
/// ```
/// use devops_gates::compat::argo::MetricResult;
///
/// let result: MetricResult = serde_json::from_str(r#"{"failed": 1, "successful": 4, "count": 5}"#)?;
/// assert_eq!(result.error, 0);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct MetricResult {
    /// The phase that was told last; a completed one stays.
    pub phase: Phase,
    /// How many measurements were taken; at least one unless written.
    #[serde(deserialize_with = "measurements", skip_serializing_if = "Option::is_none")]
    pub measurements: Option<u64>,
    /// Whether the last of them still runs.
    #[serde(alias = "in_flight")]
    pub in_flight: bool,
    /// Measurements that succeeded.
    pub successful: i64,
    /// Measurements that failed.
    pub failed: i64,
    /// Measurements that did neither.
    pub inconclusive: i64,
    /// Measurements that ended in an error.
    pub error: i64,
    /// Errors since the last measurement without one.
    #[serde(alias = "consecutive_error")]
    pub consecutive_error: i64,
    /// Successes since the last measurement without one.
    #[serde(alias = "consecutive_success")]
    pub consecutive_success: i64,
    /// Measurements without errors.
    pub count: i64,
}

impl MetricResult {
    /// Nothing yet.
    ///
    /// ```
    /// use devops_gates::compat::argo::{Metric, MetricResult, Phase, metric_status};
    ///
    /// assert_eq!(metric_status(&Metric::new("m"), &MetricResult::none(), false), Phase::Pending);
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self { measurements: Some(0), ..Self::default() }
    }

    /// With one more measurement. One that runs is in flight; the next takes its place. Errors do not add to the
    /// count.
    ///
    /// ```
    /// use devops_gates::compat::argo::{MetricResult, Phase};
    ///
    /// let result = MetricResult::none().with_measurement(Phase::Successful).with_measurement(Phase::Error);
    /// assert_eq!((result.count, result.consecutive_success, result.consecutive_error), (1, 0, 1));
    /// ```
    #[must_use]
    pub fn with_measurement(mut self, phase: Phase) -> Self {
        if !self.in_flight {
            self.measurements = Some(self.measurements.unwrap_or(1).saturating_add(1));
        }
        self.in_flight = !phase.is_completed();
        let counter = match phase {
            Phase::Successful => &mut self.successful,
            Phase::Failed => &mut self.failed,
            Phase::Inconclusive => &mut self.inconclusive,
            Phase::Error => &mut self.error,
            Phase::Running | Phase::Pending => return self,
        };
        *counter = counter.saturating_add(1);
        let next = |before: i64, counts: bool| if counts { before.saturating_add(1) } else { 0 };
        self.consecutive_error = next(self.consecutive_error, phase == Phase::Error);
        self.consecutive_success = next(self.consecutive_success, phase == Phase::Successful);
        self.count = self.count.saturating_add(i64::from(phase != Phase::Error));
        self
    }
}

/// A number, or the list of measurements, which is counted.
fn measurements<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    deserializer.deserialize_any(lenient::CountOrList)
}
