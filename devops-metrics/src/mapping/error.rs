//! Why a payload could not be read, and reading of its parts.

use alloc::string::{String, ToString};

use devops_core::{Timestamp, ValueError, excerpt};
use serde::de::DeserializeOwned;

/// Why a payload could not be mapped; the message names the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingError {
    /// It is no JSON of the form that this kind of payload has.
    #[error("payload is no JSON of the expected form: {reason}")]
    Json {
        /// What the JSON reader says.
        reason: String,
    },
    /// A field is absent.
    #[error("payload: `{field}` is missing")]
    Missing {
        /// The field, by its path.
        field: &'static str,
    },
    /// A field holds what it cannot.
    #[error("payload: `{field}` is `{value}`, must be {expected}")]
    Field {
        /// The field, by its path.
        field: &'static str,
        /// What it holds, made fit to show.
        value: String,
        /// What would be right.
        expected: String,
    },
    /// It ends something whose beginning is not known.
    #[error("payload: `{id}` ended, but nothing tells when it began: map its beginning first")]
    NoBeginning {
        /// What ended, made fit to show.
        id: String,
    },
}

impl MappingError {
    fn of(field: &'static str, error: &ValueError, value: &str) -> Self {
        let expected = match error {
            ValueError::Malformed { expected, .. } | ValueError::Empty { expected, .. } => {
                (*expected).to_string()
            }
            other => other.to_string(),
        };
        Self::Field { field, value: excerpt(value), expected }
    }
}

pub(super) fn parsed<T: DeserializeOwned>(payload: &[u8]) -> Result<T, MappingError> {
    serde_json::from_slice(payload)
        .map_err(|error| MappingError::Json { reason: excerpt(&error.to_string()) })
}

pub(super) fn present<T>(value: Option<T>, field: &'static str) -> Result<T, MappingError> {
    value.ok_or(MappingError::Missing { field })
}

/// An id of `devops_core` from a text of the payload.
pub(super) fn id<'a, T>(text: &'a str, field: &'static str) -> Result<T, MappingError>
where
    T: TryFrom<&'a str, Error = ValueError>,
{
    T::try_from(text).map_err(|error| MappingError::of(field, &error, text))
}

/// RFC 3339, and GitLab's `2026-03-02 10:00:00 +0100` and `2026-03-02 10:00:00 UTC`.
pub(super) fn time(text: &str, field: &'static str) -> Result<Timestamp, MappingError> {
    let compact = match text.rsplit_once(' ') {
        Some((front, "UTC")) => alloc::format!("{front}Z"),
        Some((front, offset)) if offset.starts_with(['+', '-']) => alloc::format!("{front}{offset}"),
        _ => text.to_string(),
    };
    compact.parse().map_err(|error| MappingError::of(field, &error, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_three_forms() {
        for text in ["2026-03-02T10:00:00Z", "2026-03-02 12:00:00 +0200", "2026-03-02 10:00:00 UTC"] {
            assert_eq!(time(text, "at").unwrap().to_string(), "2026-03-02T10:00:00Z");
        }
        let message = time("yesterday", "created_at").unwrap_err().to_string();
        assert!(
            message.starts_with("payload: `created_at` is `yesterday`, must be an RFC 3339 time"),
            "{message}"
        );
    }
}
