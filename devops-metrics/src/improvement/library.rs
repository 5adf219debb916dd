//! What a team can do about a metric: causes, effects, actions and a proposal for each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::{Criterion, GoodDirection, MetricId, Unit};
use serde::{Deserialize, Serialize};

use super::library_data;
use super::{Category, Guardrail, Level, ProposalKind};

/// An action that a team can take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Action {
    /// A stable id, once in a library.
    pub id: String,
    /// What to do.
    pub text: String,
    /// What it takes.
    pub effort: Level,
    /// The stage of delivery that it shortens, such as `review`, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relieves: Option<String>,
}

/// A cause or an effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Note {
    /// A stable id, once in a library.
    pub id: String,
    /// What it says.
    pub text: String,
}

/// What a proposal for an area says; `{current}`, `{target}` and `{unit}` are filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Template {
    /// What kind of change it is.
    pub kind: ProposalKind,
    /// What it takes.
    pub effort: Level,
    /// What it brings.
    pub impact: Level,
    /// Who proposes it.
    pub proposer: String,
    /// Whom it concerns.
    pub stakeholders: Vec<String>,
    /// The title.
    pub title: String,
    /// What is to be done.
    pub solution: String,
    /// What hurts today.
    pub pain_points: Vec<String>,
    /// What gets better.
    pub benefits: Vec<String>,
    /// What must hold beside reaching the target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub success: Vec<Criterion>,
    /// What must not get worse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardrails: Vec<Guardrail>,
    /// How much of the way from the current value to the target it is expected to go, in percent: from.
    pub predicted_from: u32,
    /// To.
    pub predicted_to: u32,
}

/// All about one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Area {
    /// The metric.
    pub metric: MetricId,
    /// What people call it.
    pub title: String,
    /// What it speaks of.
    pub category: Category,
    /// The unit that its numbers are in.
    pub unit: Unit,
    /// Which way it should go.
    pub good: GoodDirection,
    /// Why it may be bad.
    pub causes: Vec<Note>,
    /// What comes of it.
    pub effects: Vec<Note>,
    /// What can be done, best first where all else is equal.
    pub actions: Vec<Action>,
    /// What a proposal says.
    pub proposal: Template,
}

/// Areas by metric. Checked when built or read; all faults come at once.
///
/// ```
/// use devops_metrics::improvement::Library;
///
/// let library = Library::standard();
/// let area = library.area("change_failure_rate").unwrap();
/// assert_eq!(area.actions[0].id, "change_failure_rate.review");
/// assert_eq!(serde_json::from_str::<Library>(&serde_json::to_string(&library)?)?, library);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Library(BTreeMap<MetricId, Area>);

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    areas: Vec<Area>,
}

/// One fault of a library: where, such as `areas.batch_size.actions[2].id`, what is wrong and what would be right.
pub type LibraryFault = devops_core::Fault<String>;

/// All faults of a library, in the order of their places.
///
/// ```
/// let json = r#"{"format": 2, "areas": []}"#;
/// let error = serde_json::from_str::<devops_metrics::improvement::Library>(json).unwrap_err();
/// assert!(error.to_string().starts_with("format: is `2`, must be 1"), "{error}");
/// ```
pub type LibraryErrors = devops_core::Faults<LibraryFault>;

impl Library {
    /// What ships with the crate: the four DORA metrics, rework rate, batch size, review time and flaky tests.
    #[must_use]
    pub fn standard() -> Self {
        Self(library_data::areas().into_iter().map(|a| (a.metric.clone(), a)).collect())
    }

    /// Those areas.
    ///
    /// # Errors
    ///
    /// [`LibraryErrors`] with every fault: a metric or an id twice, a text without words, an area without an
    /// action, a prediction that is no range within 0 to 100.
    ///
    /// ```
    /// use devops_metrics::improvement::Library;
    ///
    /// let area = Library::standard().area("batch_size").unwrap().clone();
    /// let error = Library::new([area.clone(), area]).unwrap_err();
    /// assert_eq!(error.faults()[0].path, "areas.batch_size");
    /// ```
    pub fn new(areas: impl IntoIterator<Item = Area>) -> Result<Self, LibraryErrors> {
        let areas: Vec<Area> = areas.into_iter().collect();
        LibraryErrors::check(faults(&areas))?;
        Ok(Self(areas.into_iter().map(|a| (a.metric.clone(), a)).collect()))
    }

    /// With the areas of another library, which replace those of the same metric: how a team brings its own.
    ///
    /// # Errors
    ///
    /// [`LibraryErrors`] where an id would be there twice.
    ///
    /// ```
    /// use devops_metrics::improvement::Library;
    ///
    /// let mut own = Library::standard().area("batch_size").unwrap().clone();
    /// own.actions.truncate(1);
    /// let library = Library::standard().extended(Library::new([own])?)?;
    /// assert_eq!(library.area("batch_size").unwrap().actions.len(), 1);
    /// # Ok::<(), devops_metrics::improvement::LibraryErrors>(())
    /// ```
    pub fn extended(mut self, other: Self) -> Result<Self, LibraryErrors> {
        self.0.extend(other.0);
        Self::new(self.0.into_values())
    }

    /// The area of a metric.
    #[must_use]
    pub fn area(&self, metric: &str) -> Option<&Area> {
        self.0.get(metric)
    }

    /// All areas, by metric.
    #[must_use]
    pub fn areas(&self) -> impl ExactSizeIterator<Item = &Area> {
        self.0.values()
    }
}

fn faults(areas: &[Area]) -> Vec<LibraryFault> {
    let mut found = Vec::new();
    let mut metrics = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let mut say = |path: String, problem: &str| found.push(LibraryFault::new(path, problem));
    for area in areas {
        let at = alloc::format!("areas.{}", area.metric);
        if !metrics.insert(&area.metric) {
            say(at.clone(), "is there twice, must be there once");
        }
        if area.title.trim().is_empty() {
            say(alloc::format!("{at}.title"), "is empty, must say what people call the metric");
        }
        if area.actions.is_empty() {
            say(alloc::format!("{at}.actions"), "is empty, must hold at least one action");
        }
        let template = &area.proposal;
        if template.title.trim().is_empty() {
            say(alloc::format!("{at}.proposal.title"), "is empty, must say what is proposed");
        }
        if !(template.predicted_from <= template.predicted_to && template.predicted_to <= 100) {
            say(
                alloc::format!("{at}.proposal.predicted_from"),
                "and `predicted_to` must be a range within 0 to 100",
            );
        }
        let notes = |list: &'static str, notes: &'_ [Note]| -> Vec<(String, String, bool)> {
            let line = |(i, n): (usize, &Note)| {
                (alloc::format!("{at}.{list}[{i}]"), n.id.clone(), n.text.trim().is_empty())
            };
            notes.iter().enumerate().map(line).collect()
        };
        let mut lines = notes("causes", &area.causes);
        lines.extend(notes("effects", &area.effects));
        lines.extend(
            area.actions
                .iter()
                .enumerate()
                .map(|(i, a)| (alloc::format!("{at}.actions[{i}]"), a.id.clone(), a.text.trim().is_empty())),
        );
        for (place, id, empty) in lines {
            if id.is_empty() || !ids.insert(id) {
                say(alloc::format!("{place}.id"), "must be there, and once in the library");
            }
            if empty {
                say(alloc::format!("{place}.text"), "is empty, must say something");
            }
        }
    }
    found.sort();
    found
}

impl TryFrom<Written> for Library {
    type Error = LibraryErrors;

    fn try_from(written: Written) -> Result<Self, LibraryErrors> {
        if written.format != 1 {
            let problem = alloc::format!("is `{}`, must be 1", written.format);
            LibraryErrors::check(alloc::vec![LibraryFault::new("format", problem)])?;
        }
        Self::new(written.areas)
    }
}

impl From<Library> for Written {
    fn from(library: Library) -> Self {
        Self { format: 1, areas: library.0.into_values().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_has_no_fault_and_covers_eight_areas() {
        let library = Library::standard();
        assert_eq!(Library::new(library.areas().cloned()).unwrap(), library);
        assert_eq!(library.areas().len(), 8);
        for area in library.areas() {
            assert!(
                area.causes.len() >= 2 && area.effects.len() >= 2 && area.actions.len() >= 3,
                "{}",
                area.metric
            );
            assert!(!area.proposal.benefits.is_empty() && !area.proposal.pain_points.is_empty());
        }
    }

    #[test]
    fn all_faults_at_once() {
        let mut area = Library::standard().area("batch_size").unwrap().clone();
        area.title = " ".into();
        area.proposal.predicted_to = 101;
        area.actions[1].id = area.actions[0].id.clone();
        area.causes[0].text = String::new();
        let errors = Library::new([area]).unwrap_err();
        let places: Vec<&str> = errors.faults().iter().map(|f| f.path.as_str()).collect();
        assert_eq!(
            places,
            [
                "areas.batch_size.actions[1].id",
                "areas.batch_size.causes[0].text",
                "areas.batch_size.proposal.predicted_from",
                "areas.batch_size.title",
            ]
        );
    }
}
