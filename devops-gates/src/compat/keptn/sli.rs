//! Service level indicators: what was measured.

use alloc::string::String;
use alloc::vec::Vec;

use crate::compat::lenient;

/// One indicator as an SLI provider sends it.
///
/// In JSON the value is a number, or a text such as `"NaN"`; metric, success and message may be left out.
///
/// ```
/// use devops_gates::compat::keptn::SliResult;
///
/// let sli: SliResult = serde_json::from_str(r#"{"metric": "response_time_p95", "value": 205.5, "success": true}"#)?;
/// assert_eq!(sli, SliResult::new("response_time_p95", 205.5));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct SliResult {
    /// The name of the indicator.
    #[serde(default)]
    pub metric: String,
    /// Its value, in whatever unit the provider measures; NaN and infinities are compared as Keptn compares them.
    #[serde(deserialize_with = "lenient::number")]
    pub value: f64,
    /// Whether the provider could measure it.
    #[serde(default = "yes")]
    pub success: bool,
    /// What the provider said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl SliResult {
    /// A measured value.
    ///
    /// ```
    /// use devops_gates::compat::keptn::SliResult;
    ///
    /// assert!(SliResult::new("error_rate", 0.5).success);
    /// ```
    #[must_use]
    pub fn new(metric: impl Into<String>, value: f64) -> Self {
        Self { metric: metric.into(), value, success: true, message: String::new() }
    }

    /// An indicator that could not be measured.
    ///
    /// ```
    /// use devops_gates::compat::keptn::SliResult;
    ///
    /// assert!(!SliResult::failed("error_rate", "timeout").success);
    /// ```
    #[must_use]
    pub fn failed(metric: impl Into<String>, message: impl Into<String>) -> Self {
        Self { metric: metric.into(), value: 0.0, success: false, message: message.into() }
    }
}

const fn yes() -> bool {
    true
}

/// Takes an indicator out of the list: an objective consumes it, so that a second objective of the same name finds
/// none. The last of the list moves into its place.
///
/// ```
/// use devops_gates::compat::keptn::{SliResult, take_sli};
///
/// let mut slis = vec![SliResult::new("a", 1.0), SliResult::new("b", 2.0)];
/// assert_eq!(take_sli(&mut slis, "a").map(|sli| sli.value), Some(1.0));
/// assert_eq!(take_sli(&mut slis, "a"), None);
/// assert_eq!(slis.len(), 1);
/// ```
pub fn take_sli(slis: &mut Vec<SliResult>, metric: &str) -> Option<SliResult> {
    let at = slis.iter().position(|sli| sli.metric == metric)?;
    Some(slis.swap_remove(at))
}
