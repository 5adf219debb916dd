//! The metrics that the crates agree on.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;

use crate::{MetricId, Unit, ValueError};

/// Which way a metric should go.
///
/// ```
/// use devops_core::GoodDirection;
///
/// assert_eq!(serde_json::to_string(&GoodDirection::Down)?, "\"down\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "more, less or neither is better: there is no fourth")]
pub enum GoodDirection {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither is better by itself.
    Neutral,
}

/// What a metric is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct MetricSpec {
    /// Its unit.
    pub unit: Unit,
    /// Which way it should go.
    pub good: GoodDirection,
    /// What it says, in one line.
    pub summary: Cow<'static, str>,
}

/// Ids of the metrics that the crates themselves produce or ask for.
pub mod metric {
    macro_rules! metrics {
        ($(#[doc = $doc:literal] $name:ident = $id:literal, $unit:ident, $good:ident;)*) => {
            $(#[doc = $doc] pub const $name: &str = $id;)*

            pub(super) const ALL: &[(&str, super::Unit, super::GoodDirection, &str)] =
                &[$(($id, super::Unit::$unit, super::GoodDirection::$good, $doc)),*];
        };
    }

    metrics! {
        /// Overall score of the code analysis.
        CODE_QUALITY = "code_quality", Score, Up;
        /// Score of style, duplication and naming findings.
        QUALITY = "quality", Score, Up;
        /// Score of the complexity that the change adds.
        COMPLEXITY = "complexity", Score, Up;
        /// Score of the change's defect risk.
        DEFECT_RISK = "defect_risk", Score, Up;
        /// Overall score of the security scanners.
        SECURITY = "security", Score, Up;
        /// Score of static security findings.
        SAST = "sast", Score, Up;
        /// Score of vulnerable dependencies.
        DEPENDENCIES = "dependencies", Score, Up;
        /// Score of container findings.
        CONTAINER = "container", Score, Up;
        /// Score of leaked secrets.
        SECRETS = "secrets", Score, Up;
        /// Share of the lines that the tests ran.
        TEST_COVERAGE = "test_coverage", Percent, Up;
        /// Score of the measured performance.
        PERFORMANCE = "performance", Score, Up;
        /// How many tests ran to an end.
        TESTS_RUN = "tests_run", Count, Up;
        /// How many tests failed.
        TESTS_FAILED = "tests_failed", Count, Down;
        /// How many tests were skipped.
        TESTS_SKIPPED = "tests_skipped", Count, Down;
        /// How long the tests took.
        TEST_DURATION = "test_duration", Seconds, Down;
        /// Lines that the change adds.
        LINES_ADDED = "lines_added", Lines, Neutral;
        /// Lines that the change removes.
        LINES_REMOVED = "lines_removed", Lines, Neutral;
        /// Files that the change touches.
        FILES_CHANGED = "files_changed", Count, Neutral;
        /// Highest cognitive complexity among the touched functions.
        COGNITIVE_COMPLEXITY_MAX = "cognitive_complexity_max", Count, Down;
        /// Highest cyclomatic complexity among the touched functions.
        CYCLOMATIC_COMPLEXITY_MAX = "cyclomatic_complexity_max", Count, Down;
        /// Share of the added lines that repeat other code.
        DUPLICATED_LINES = "duplicated_lines", Percent, Down;
        /// Findings that no suppression covers.
        OPEN_FINDINGS = "open_findings", Count, Down;
        /// Critical findings that no suppression covers.
        CRITICAL_FINDINGS = "critical_findings", Count, Down;
        /// Required sources that did not run to an end.
        REQUIRED_NOT_RUN = "required_not_run", Count, Down;
        /// Deployments to production in a time (DORA).
        DEPLOYMENT_FREQUENCY = "deployment_frequency", PerDay, Up;
        /// Time from a change to its deployment (DORA).
        CHANGE_LEAD_TIME = "change_lead_time", Hours, Down;
        /// Share of the deployments that failed (DORA).
        CHANGE_FAILURE_RATE = "change_failure_rate", Percent, Down;
        /// Time from a failed deployment to its recovery (DORA).
        RECOVERY_TIME = "failed_deployment_recovery_time", Hours, Down;
        /// Time from the opening of an incident to its resolution (DORA until 2023).
        TIME_TO_RESTORE = "time_to_restore", Hours, Down;
        /// Share of the deployments that were not planned but answer an incident (DORA).
        REWORK_RATE = "deployment_rework_rate", Percent, Down;
        /// Share of the deployments that succeeded, of those that succeeded or failed.
        DEPLOYMENT_SUCCESS_RATE = "deployment_success_rate", Percent, Up;
        /// Time from the start of a deployment to its end.
        DEPLOYMENT_DURATION = "deployment_duration", Minutes, Down;
        /// Time from the beginning of an incident to its detection.
        TIME_TO_DETECT = "time_to_detect", Minutes, Down;
        /// Share of the incidents that recovered by themselves.
        AUTOMATIC_RECOVERY = "automatic_recovery", Percent, Up;
        /// Share of the time in which a service was up.
        AVAILABILITY = "availability", Percent, Up;
        /// Share of the alarms that were right.
        ALERT_PRECISION = "alert_precision", Percent, Up;
        /// Share of the moments at which something was wrong that had an alarm.
        ALERT_RECALL = "alert_recall", Percent, Up;
        /// Share of the code checks that passed.
        CHECK_PASS_RATE = "check_pass_rate", Percent, Up;
        /// Changes that are begun and not deployed.
        WORK_IN_PROGRESS = "work_in_progress", Count, Down;
        /// Age of the changes that are not deployed.
        UNDEPLOYED_AGE = "undeployed_age", Hours, Down;
        /// Changes that one deployment carries.
        BATCH_SIZE = "batch_size", Count, Down;
        /// Time from asking for a review to the merge.
        REVIEW_TIME = "review_time", Hours, Down;
        /// Share of the test runs that fail and pass without a change.
        FLAKY_TESTS = "flaky_tests", Percent, Down;
    }
}

/// Known metrics by id: the contract between the crates.
///
/// ```
/// use devops_core::{Catalogue, GoodDirection, metric};
///
/// let catalogue = Catalogue::standard();
/// let spec = catalogue.get(metric::TESTS_FAILED).unwrap();
/// assert_eq!(spec.good, GoodDirection::Down);
/// assert!(catalogue.get("no_such_metric").is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Catalogue(BTreeMap<MetricId, MetricSpec>);

impl Catalogue {
    /// No metrics.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The metrics of [`metric`].
    #[must_use]
    pub fn standard() -> Self {
        let entries = metric::ALL.iter().filter_map(|(id, unit, good, summary)| {
            let spec = MetricSpec { unit: *unit, good: *good, summary: Cow::Borrowed(summary.trim()) };
            Some((MetricId::new(id).ok()?, spec))
        });
        Self(entries.collect())
    }

    /// Adds a metric of the caller's own.
    ///
    /// # Errors
    ///
    /// [`ValueError::Inconsistent`] where the id is there already with another unit or direction.
    ///
    /// ```
    /// use devops_core::{Catalogue, GoodDirection, MetricId, Unit};
    ///
    /// let mut catalogue = Catalogue::standard();
    /// catalogue.add(MetricId::new("bundle_size")?, Unit::Bytes, GoodDirection::Down, "Size of the web bundle.")?;
    /// assert!(catalogue.add(MetricId::new("bundle_size")?, Unit::Lines, GoodDirection::Down, "").is_err());
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    pub fn add(
        &mut self,
        id: MetricId,
        unit: Unit,
        good: GoodDirection,
        summary: &str,
    ) -> Result<(), ValueError> {
        if let Some(known) = self.0.get(&id) {
            if (known.unit, known.good) == (unit, good) {
                return Ok(());
            }
            return Err(ValueError::Inconsistent {
                field: "metric",
                value: alloc::format!("{id}"),
                expected: "the unit and direction that the catalogue already has for it",
            });
        }
        self.0.insert(id, MetricSpec { unit, good, summary: Cow::Owned(summary.into()) });
        Ok(())
    }

    /// What is known of that metric.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&MetricSpec> {
        self.0.get(id)
    }

    /// All, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&MetricId, &MetricSpec)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_metric_is_in() {
        let catalogue = Catalogue::standard();
        assert_eq!(catalogue.iter().count(), metric::ALL.len());
        assert_eq!(
            catalogue.get(metric::SECURITY).unwrap().summary,
            "Overall score of the security scanners."
        );
    }
}
