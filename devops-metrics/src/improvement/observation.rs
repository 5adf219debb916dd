//! A metric in a window, as a verdict takes it.

use alloc::string::String;

use devops_core::{MetricId, Unit};
use serde::{Deserialize, Serialize};

use super::Sample;
use crate::calendar::Window;

/// What was observed of one metric in one window, by one definition.
///
/// ```
/// use devops_core::{MetricId, Unit};
/// use devops_metrics::calendar::Window;
/// use devops_metrics::improvement::{Observation, Sample};
///
/// let quarter = Window::new("2026-01-01T00:00:00Z".parse()?, "2026-04-01T00:00:00Z".parse()?)?;
/// let failures = Observation::new(
///     MetricId::new("change_failure_rate")?, Unit::Percent, quarter, Sample::share(6, 40)?,
/// );
/// assert_eq!(failures.sample.estimate(), Some(15.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Observation {
    /// The metric.
    pub metric: MetricId,
    /// The unit of the sample; shares are in percent.
    pub unit: Unit,
    /// When it was observed.
    pub window: Window,
    /// Name and version of the definition that it was computed by, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// What was observed.
    pub sample: Sample,
}

impl Observation {
    /// Without a definition.
    #[must_use]
    pub const fn new(metric: MetricId, unit: Unit, window: Window, sample: Sample) -> Self {
        Self { metric, unit, window, definition: None, sample }
    }

    /// Computed by that definition; a verdict compares like with like only.
    #[must_use]
    pub fn with_definition(self, definition: impl Into<String>) -> Self {
        Self { definition: Some(definition.into()), ..self }
    }
}
