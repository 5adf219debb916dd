//! What can be wrong with a project.

use alloc::string::String;
use alloc::vec::Vec;

/// One fault of a project, as it would be told to the person who wrote it.
///
/// ```
/// use devops_maturity::schedule::{ActivitySpec, Project, ProjectSpec};
///
/// let spec = ProjectSpec::new("p")
///     .with_activity(ActivitySpec::new("a", 1.0).after("b"))
///     .with_activity(ActivitySpec::new("b", -2.0).after("a"));
/// let errors = Project::build(spec).unwrap_err();
/// assert_eq!(errors.to_string(), "duration of activity `b` is `-2`: expected 0 to 1000000; \
///     activities wait for each other in a circle: `a` after `b` after `a`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectFault {
    /// A format number that this version does not read.
    #[error("format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// More of something than can be scheduled.
    #[error("too many {what}: `{found}`, expected at most {limit}")]
    TooMany {
        /// `activities`, `resources` or `links and demands of activities`.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// No name, or one that is not fit to show.
    #[error("name of {what} {index} is `{name}`: expected 1 to 200 bytes without control characters")]
    BadName {
        /// `activity` or `resource`.
        what: &'static str,
        /// Its place in the document, from 0.
        index: usize,
        /// The name, made fit to show.
        name: String,
    },
    /// Two of the same name.
    #[error("{what} `{name}` is there twice: names are expected once")]
    DuplicateName {
        /// `activity` or `resource`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A number that is NaN or infinite.
    #[error("{field} is `{value}`: expected a finite number")]
    NotFinite {
        /// What the number is, such as "duration of activity `b`".
        field: String,
        /// What it was.
        value: String,
    },
    /// A negative number, or one too large.
    #[error("{field} is `{value}`: expected 0 to 1000000")]
    OutOfRange {
        /// What the number is.
        field: String,
        /// What it was.
        value: String,
    },
    /// A most likely value outside its range, or an empty range.
    #[error(
        "most likely duration of activity `{activity}` is `{mode}`: expected between its minimum {min} and its \
         maximum {max}"
    )]
    ModeOutsideRange {
        /// The activity.
        activity: String,
        /// At least.
        min: String,
        /// Most likely.
        mode: String,
        /// At most.
        max: String,
    },
    /// An activity after one that does not exist.
    #[error("activity `{activity}` comes after `{unknown}`: expected the name of an activity of the project")]
    UnknownActivity {
        /// The activity.
        activity: String,
        /// What does not exist.
        unknown: String,
    },
    /// A demand of a resource that does not exist.
    #[error("activity `{activity}` needs `{unknown}`: expected the name of a resource of the project")]
    UnknownResource {
        /// The activity.
        activity: String,
        /// What does not exist.
        unknown: String,
    },
    /// The same resource twice in one activity.
    #[error("activity `{activity}` needs `{resource}` twice: a resource is expected once in an activity")]
    DuplicateDemand {
        /// The activity.
        activity: String,
        /// The resource.
        resource: String,
    },
    /// A demand that can never be met.
    #[error("activity `{activity}` needs {amount} of `{resource}`: expected at most its capacity {capacity}")]
    AboveCapacity {
        /// The activity.
        activity: String,
        /// The resource.
        resource: String,
        /// How much is needed.
        amount: String,
        /// How much there is.
        capacity: String,
    },
    /// Activities that wait for each other.
    #[error("activities wait for each other in a circle: {}", circle(path))]
    Cycle {
        /// Each comes after the next; the last is the first again.
        path: Vec<String>,
    },
}

/// `a` after `b` after `a`; the middle of a long circle is left out.
fn circle(path: &[String]) -> String {
    let mut shown = String::new();
    for (index, name) in path.iter().enumerate() {
        let rest = path.len().saturating_sub(index);
        if index == 10 && rest > 3 {
            shown.push_str(&alloc::format!(" after {} others", rest.saturating_sub(2)));
        }
        if index < 10 || rest <= 2 || path.len() <= 13 {
            shown.push_str(&alloc::format!("{}`{name}`", if index == 0 { "" } else { " after " }));
        }
    }
    shown
}

/// Everything that is wrong with a project; never empty.
pub type ProjectErrors = devops_core::Faults<ProjectFault>;
