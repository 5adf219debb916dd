//! A whole `AnalysisTemplate`.

use alloc::string::String;
use alloc::vec::Vec;

use super::Metric;
use crate::compat::lenient;

/// An `AnalysisTemplate`, `ClusterAnalysisTemplate` or `AnalysisRun`, of which only `spec` is looked at.
///
/// ```
/// use devops_gates::compat::argo::AnalysisTemplate;
///
/// let template: AnalysisTemplate = serde_json::from_str(r#"{
///     "kind": "AnalysisTemplate", "metadata": {"name": "success-rate"},
///     "spec": {"metrics": [{"name": "a"}, {"name": "b"}], "dryRun": [{"metricName": "b"}]}
/// }"#)?;
/// let metrics = template.metrics();
/// assert!(!metrics[0].dry_run && metrics[1].dry_run);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AnalysisTemplate {
    /// Its name and where it lives.
    pub metadata: Metadata,
    /// What it says.
    pub spec: AnalysisSpec,
}

/// The name of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Metadata {
    /// The name.
    pub name: String,
}

/// The metrics of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnalysisSpec {
    /// The metrics.
    #[serde(deserialize_with = "lenient::list")]
    pub metrics: Vec<Metric>,
    /// Which of them are measured and do not count.
    #[serde(deserialize_with = "lenient::list")]
    pub dry_run: Vec<DryRun>,
}

/// A metric that is measured and does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct DryRun {
    /// Its name; one that ends in `.*` stands for every name that begins so.
    pub metric_name: String,
}

impl AnalysisTemplate {
    /// The metrics, each knowing whether it counts. Of the patterns for names that Argo takes, plain names and a
    /// trailing `.*` are known.
    ///
    /// ```
    /// use devops_gates::compat::argo::AnalysisTemplate;
    ///
    /// let template: AnalysisTemplate = serde_json::from_str(
    ///     r#"{"spec": {"metrics": [{"name": "a-1"}, {"name": "b"}], "dryRun": [{"metricName": "a-.*"}]}}"#)?;
    /// assert!(template.metrics()[0].dry_run && !template.metrics()[1].dry_run);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn metrics(&self) -> Vec<Metric> {
        let named = |metric: &Metric, dry_run: &DryRun| match dry_run.metric_name.strip_suffix(".*") {
            Some(beginning) => metric.name.starts_with(beginning),
            None => metric.name == dry_run.metric_name,
        };
        let marked = |metric: &Metric| {
            let dry_run = metric.dry_run || self.spec.dry_run.iter().any(|d| named(metric, d));
            metric.clone().with_dry_run(dry_run)
        };
        self.spec.metrics.iter().map(marked).collect()
    }
}
