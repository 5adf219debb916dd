//! Earlier runs: what baselines and last known values are taken from.

pub(crate) mod baseline;
pub(crate) mod baseline_spec;

pub use baseline::Baseline;
pub use baseline_spec::{
    Aggregate, BaselineFrom, BaselineSpec, Include, NegativeBaseline, NoBaseline, ZeroBaseline,
};

use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Measure, Measures, MetricId, Scope, Timestamp, Value, excerpt};

use crate::Status;

/// One earlier run: when it was, how its gate ended, and what it measured.
///
/// ```
/// use devops_core::Measures;
/// use devops_gates::{Run, Status};
///
/// let run = Run::new("build-41", "2026-11-24T08:30:00Z".parse()?, Measures::new()).with_status(Status::Passed);
/// assert_eq!(run.status, Some(Status::Passed));
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Run {
    /// Its name, once in a history; a baseline can be pinned to it.
    pub id: String,
    /// When it was.
    pub at: Timestamp,
    /// The verdict on it, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// What it measured.
    #[serde(default)]
    pub measures: Measures,
}

impl Run {
    /// A run without a verdict.
    #[must_use]
    pub fn new(id: impl Into<String>, at: Timestamp, measures: Measures) -> Self {
        Self { id: id.into(), at, status: None, measures }
    }

    /// With the verdict on it.
    #[must_use]
    pub fn with_status(self, status: Status) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Its measure of that, where it has a value.
    pub(crate) fn measured(&self, metric: &MetricId, scope: &Scope) -> Option<&Measure> {
        measured_in(&self.measures, metric, scope)
    }
}

/// The measure of that, where it has a value.
pub(crate) fn measured_in<'a>(
    measures: &'a Measures,
    metric: &MetricId,
    scope: &Scope,
) -> Option<&'a Measure> {
    let none = |value: &Value| matches!(value, Value::Missing { .. } | Value::Fraction { whole: 0, .. });
    measures.get(metric, scope).filter(|m| !none(m.value()))
}

/// Earlier runs, the oldest first; without the run that is judged.
///
/// The order in which they are given does not matter: they are sorted by time, then by id.
///
/// ```
/// use devops_core::Measures;
/// use devops_gates::{History, Run};
///
/// let run = |id: &str, at: &str| Ok::<_, devops_core::ValueError>(Run::new(id, at.parse()?, Measures::new()));
/// let late = run("b", "2026-11-25T00:00:00Z")?;
/// let early = run("a", "2026-11-24T00:00:00Z")?;
/// assert_eq!(History::new(vec![late.clone(), early])?.runs()[1], late);
/// assert!(History::new(vec![late.clone(), late]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "HistoryForm", into = "HistoryForm")]
pub struct History(Vec<Run>);

/// The form in files.
#[derive(serde::Serialize, serde::Deserialize)]
struct HistoryForm {
    format: u32,
    #[serde(default)]
    runs: Vec<Run>,
}

/// Why runs are no history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// A format number that this version does not read.
    #[error("history of format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// Two runs of one name.
    #[error("run `{id}` is there twice: an id is expected once in a history")]
    DuplicateRun {
        /// The name, shortened.
        id: String,
    },
}

impl History {
    /// Those runs.
    ///
    /// # Errors
    ///
    /// [`HistoryError::DuplicateRun`] where two have the same id.
    pub fn new(mut runs: Vec<Run>) -> Result<Self, HistoryError> {
        runs.sort_by(|a, b| a.id.cmp(&b.id));
        let twice = runs.windows(2).find_map(|pair| match pair {
            [a, b] if a.id == b.id => Some(HistoryError::DuplicateRun { id: excerpt(&a.id) }),
            _ => None,
        });
        if let Some(error) = twice {
            return Err(error);
        }
        runs.sort_by_key(|run| run.at);
        Ok(Self(runs))
    }

    /// The runs, the oldest first.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.0
    }

    /// The run of that name.
    #[must_use]
    pub fn run(&self, id: &str) -> Option<&Run> {
        self.0.iter().find(|run| run.id == id)
    }
}

impl TryFrom<HistoryForm> for History {
    type Error = HistoryError;

    fn try_from(form: HistoryForm) -> Result<Self, HistoryError> {
        if form.format != 1 {
            return Err(HistoryError::UnknownFormat { found: form.format });
        }
        Self::new(form.runs)
    }
}

impl From<History> for HistoryForm {
    fn from(history: History) -> Self {
        Self { format: 1, runs: history.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn the_form_in_files() {
        let text =
            r#"{"format":1,"runs":[{"id":"a","at":"2026-11-24T00:00:00Z","status":"passed","measures":[]}]}"#;
        let history: History = serde_json::from_str(text).unwrap();
        assert_eq!(history.run("a").unwrap().status, Some(Status::Passed));
        assert_eq!(serde_json::to_string(&history).unwrap(), text);
        for (text, expected) in [
            (r#"{"format":2}"#, "history of format `2` is not known: expected 1"),
            (
                r#"{"format":1,"runs":[{"id":"a","at":"2026-11-24T00:00:00Z"},{"id":"a","at":"2026-11-25T00:00:00Z"}]}"#,
                "run `a` is there twice: an id is expected once in a history",
            ),
            (r#"{"format":1,"runs":[{"id":"a","at":"yesterday"}]}"#, "timestamp `yesterday`"),
        ] {
            let error = serde_json::from_str::<History>(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn order_does_not_matter() {
        let run = |id: &str, at: &str| Run::new(id, at.parse().unwrap(), Measures::new());
        let (a, b, c) = (
            run("a", "2026-11-24T00:00:00Z"),
            run("b", "2026-11-23T00:00:00Z"),
            run("c", "2026-11-24T00:00:00Z"),
        );
        let one = History::new(alloc::vec![a.clone(), b.clone(), c.clone()]).unwrap();
        assert_eq!(one, History::new(alloc::vec![c.clone(), b.clone(), a.clone()]).unwrap());
        assert_eq!(one.runs(), [b, a, c]);
    }
}
