//! Why an event was refused.

use alloc::string::String;
use devops_core::{ValueError, excerpt};

use super::EventKind;

/// Why an event was refused; names the event and the field.
///
/// ```
/// use devops_metrics::event::Event;
///
/// let line = r#"{"type":"deployment","id":"d1","service":"api","finished_at":"soon","outcome":"succeeded"}"#;
/// let refused = Event::from_json(line.as_bytes()).unwrap_err().to_string();
/// assert!(refused.starts_with("deployment `d1`: `finished_at` is `soon`, must be an RFC 3339 time"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// A field holds what it cannot.
    #[error("{event}: `{field}` is `{value}`, must be {expected}")]
    Field {
        /// Kind and id of the event, as far as they are known.
        event: String,
        /// The field.
        field: &'static str,
        /// What it held, shortened to 80 characters.
        value: String,
        /// What would be right.
        expected: String,
    },
    /// A field that this kind of event needs is absent.
    #[error("{event}: `{field}` is missing")]
    Missing {
        /// Kind and id of the event, as far as they are known.
        event: String,
        /// The field.
        field: &'static str,
    },
    /// A list names something more than once.
    #[error("{event}: `{field}` names `{value}` twice")]
    Twice {
        /// Kind and id of the event.
        event: String,
        /// The field.
        field: &'static str,
        /// What it names twice.
        value: String,
    },
    /// A field is given more than once; `service` and `services` are one.
    #[error("{event}: `{field}` is given more than once")]
    Repeated {
        /// Kind and id of the event, as far as they are known.
        event: String,
        /// The field.
        field: &'static str,
    },
    /// The text is no JSON object of the documented form.
    #[error("event is no JSON of the documented form: {reason}")]
    Json {
        /// What the JSON reader says.
        reason: String,
    },
}

/// How messages call an event.
pub(crate) fn describe(kind: Option<EventKind>, id: Option<&str>) -> String {
    let kind = kind.map_or("event", EventKind::as_str);
    match id {
        Some(id) => alloc::format!("{kind} `{}`", excerpt(id)),
        None => alloc::format!("{kind} without id"),
    }
}

impl EventError {
    pub(crate) fn of_value(event: String, field: &'static str, error: ValueError) -> Self {
        let (value, expected) = match error {
            ValueError::Malformed { value, expected, .. }
            | ValueError::Inconsistent { value, expected, .. } => (value, String::from(expected)),
            ValueError::Empty { expected, .. } => (String::new(), String::from(expected)),
            ValueError::OutOfRange { value, min, max, .. } => {
                (value, alloc::format!("between {min} and {max}"))
            }
            other => (String::new(), alloc::format!("right: {other}")),
        };
        Self::Field { event, field, value, expected }
    }
}

/// Why a line of a JSON Lines text was refused.
///
/// ```
/// use devops_metrics::event::read_json_lines;
///
/// let text = b"{\"type\":\"retraction\",\"id\":\"a\"}\n{\"type\":\"retraction\"}\n";
/// let refused = read_json_lines(text).find_map(Result::err).unwrap();
/// assert_eq!(refused.to_string(), "line 2: retraction without id: `id` is missing");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {error}")]
#[non_exhaustive]
pub struct LineError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub error: EventError,
}
