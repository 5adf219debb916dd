//! Which old runs count.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Comparison, SliResult};
use crate::compat::lenient;

/// An old run: its result and what it measured.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PreviousRun {
    /// Its overall result: `pass`, `warning` or `fail`.
    #[serde(deserialize_with = "lenient::text")]
    pub result: String,
    /// What it measured.
    #[serde(deserialize_with = "lenient::list")]
    pub slis: Vec<SliResult>,
}

impl PreviousRun {
    /// A run of that result.
    ///
    /// ```
    /// use devops_gates::compat::keptn::{PreviousRun, SliResult};
    ///
    /// let run = PreviousRun::new("pass", vec![SliResult::new("error_rate", 0.5)]);
    /// assert_eq!(run.slis[0].value, 0.5);
    /// ```
    #[must_use]
    pub fn new(result: impl Into<String>, slis: Vec<SliResult>) -> Self {
        Self { result: result.into(), slis }
    }
}

/// How many old runs count: 1 for `single_result`, the number that is written for `several_results`, and 3 for
/// anything else, a comparison without a word included. `None` for a negative number, which is no limit.
///
/// ```
/// use devops_gates::compat::keptn::{Comparison, history_size};
///
/// assert_eq!(history_size(&Comparison::new("single_result", "all", 5, "avg")), Some(1));
/// assert_eq!(history_size(&Comparison::new("several_results", "all", 5, "avg")), Some(5));
/// assert_eq!(history_size(&Comparison::new("", "all", 5, "avg")), Some(3));
/// ```
#[must_use]
pub fn history_size(comparison: &Comparison) -> Option<usize> {
    match comparison.compare_with.as_str() {
        "single_result" => Some(1),
        "several_results" => usize::try_from(comparison.number_of_comparison_results).ok(),
        _ => Some(3),
    }
}

/// The old runs that count, of a list with the newest first: those whose overall result is included, and of these
/// the newest. Fewer than asked for are taken as they are.
///
/// ```
/// use devops_gates::compat::keptn::{Comparison, PreviousRun, select_history};
///
/// let runs = ["fail", "pass", "warning", "pass"].map(|result| PreviousRun::new(result, Vec::new()));
/// let picked = select_history(&runs, &Comparison::new("several_results", "pass_or_warn", 2, "avg"));
/// assert_eq!(picked.iter().map(|run| run.result.as_str()).collect::<Vec<_>>(), ["pass", "warning"]);
/// ```
#[must_use]
pub fn select_history<'a>(runs: &'a [PreviousRun], comparison: &Comparison) -> Vec<&'a PreviousRun> {
    let include = comparison.include_result_with_score.to_ascii_lowercase();
    let included = |run: &&PreviousRun| match include.as_str() {
        "pass" => run.result.eq_ignore_ascii_case("pass"),
        "pass_or_warn" => {
            run.result.eq_ignore_ascii_case("pass") || run.result.eq_ignore_ascii_case("warning")
        }
        _ => true,
    };
    runs.iter().filter(included).take(history_size(comparison).unwrap_or(usize::MAX)).collect()
}
