//! How long it all took: what is never the same twice.

use alloc::vec::Vec;
use core::time::Duration;

use devops_core::{AnalyzerId, Message, Stage};

use crate::text;

/// How long it all took. It stands beside the report and not in it, because it is never the same twice; empty
/// where the pipeline has no timer.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Timings {
    /// The whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Duration>,
    /// The stages that ran, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageTiming>,
    /// The analyzers and scanners that ran, by stage and id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub analyzers: Vec<AnalyzerTiming>,
    /// Whether the observer panicked, and was not called from then on.
    #[serde(default)]
    pub observer_panicked: bool,
}

/// How long a stage took.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "who and how long are all there is")]
pub struct StageTiming {
    /// Which.
    pub stage: Stage,
    /// How long.
    pub took: Duration,
}

/// How long an analyzer took.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "who and how long are all there is")]
pub struct AnalyzerTiming {
    /// Which.
    pub id: AnalyzerId,
    /// Its stage.
    pub stage: Stage,
    /// How long, from its start; others may have run meanwhile.
    pub took: Duration,
}

impl Timings {
    /// The stage that took longest, and what in it to look at first.
    ///
    /// ```
    /// assert_eq!(devops_pipeline::Timings::default().slowest(), None);
    /// ```
    #[must_use]
    pub fn slowest(&self) -> Option<Message> {
        let slowest = self.stages.iter().rev().max_by_key(|s| s.took)?;
        let inside = self.analyzers.iter().rev().filter(|a| a.stage == slowest.stage).max_by_key(|a| a.took);
        let message = |id| {
            Message::new(id)
                .with("stage", slowest.stage)
                .with("took", seconds(slowest.took))
                .with("total", self.total.map_or_else(|| "?".into(), seconds))
        };
        Some(match inside {
            Some(analyzer) => message(text::SLOWEST_ANALYZER)
                .with("analyzer", &analyzer.id)
                .with("analyzer_took", seconds(analyzer.took)),
            None => message(text::SLOWEST),
        })
    }
}

/// Seconds with one decimal; below a second, milliseconds.
pub(crate) fn seconds(duration: Duration) -> alloc::string::String {
    if duration < Duration::from_secs(1) {
        alloc::format!("{} ms", duration.as_millis())
    } else {
        alloc::format!("{:.1} s", duration.as_secs_f64())
    }
}
