//! Why a definition was refused.

use alloc::string::String;

/// A choice of a definition that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` of definition `{definition}` is `{value}`, must be {expected}")]
#[non_exhaustive]
pub struct DefinitionError {
    /// Its name.
    pub definition: String,
    /// The field.
    pub field: &'static str,
    /// What it holds.
    pub value: String,
    /// What would be right.
    pub expected: &'static str,
}
