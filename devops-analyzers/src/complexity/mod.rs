//! How hard the functions that a change touches are to understand and to test.
mod braces;
mod frame;
mod metrics;
mod open;
mod prepare;
mod python;
mod python_lines;
mod statement;
mod words;

pub use metrics::{FileMetrics, FunctionMetrics};

use crate::language::Language;

/// x
#[must_use]
pub fn functions(language: Language, source: &[u8]) -> Vec<FunctionMetrics> {
    file(language, source).map(|f| f.functions).unwrap_or_default()
}

/// x
#[must_use]
pub fn file(language: Language, source: &[u8]) -> Option<FileMetrics> {
    match language {
        Language::Python => Some(python::count(source)),
        Language::Rust
        | Language::JavaScript
        | Language::TypeScript
        | Language::Tsx
        | Language::Go
        | Language::Java
        | Language::C
        | Language::Cpp
        | Language::CSharp
        | Language::Kotlin
        | Language::Swift
        | Language::Scala
        | Language::Php => Some(braces::count(language, source)),
        _ => None,
    }
}
#[cfg(test)]
mod tests;
