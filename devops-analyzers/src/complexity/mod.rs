//! How hard the functions that a change touches are to understand and to test.
//!
//! **Cognitive complexity** after Campbell (2018, version 1.7): one for each `if`, `else if`, `else`, loop,
//! `switch`, handler, conditional expression, jump to a label, sequence of like logical operators and for
//! recursion; one more for each level of nesting of an `if`, loop, `switch`, handler or conditional. Functions
//! inside functions and lambdas add a level. **Cyclomatic complexity** after McCabe (1976): one and one for each
//! decision, choice of a `switch`, handler and logical operator.
//!
//! ```
//! use devops_analyzers::complexity::functions;
//! use devops_analyzers::language::Language;
//!
//! let source = b"fn f(a: bool, b: bool) {\n    if a && b {\n        while g() {}\n    }\n}\n";
//! let found = functions(Language::Rust, source);
//! assert_eq!((found[0].cognitive, found[0].cyclomatic, found[0].lines()), (4, 4, 5));
//! ```
//!
//! # Conventions
//!
//! Where the paper leaves room or the tools of a language differ:
//!
//! - A function inside another counts for the outer one. In JavaScript and TypeScript each function is counted
//!   by itself, starting at the nesting it stands in, as biome does: there the outer function is often a module.
//! - Python's decorators (a function that only defines a function and returns) do not nest; `else` of a loop
//!   counts, `else` of `try` does not.
//! - Recursion costs one for each function, in Go one for each call, as gocognit has it. A call to the same name
//!   counts only where the language has no overloads, and in methods only through `self` or `this`.
//! - In Go the body of an `else` is no level, as gocognit has it.
//! - Round brackets start a new sequence of logical operators. Null-coalescing operators and Rust's `?` are free.
//! - Of code that the C preprocessor chooses from, the first choice is counted.
//! - A guard in `match` is a decision but costs no cognitive complexity; the arms of Rust's `match` beyond the
//!   first are decisions.
//!
//! Languages: Rust, Python, JavaScript, TypeScript, Go, Java and C are checked on the cases of their own tools;
//! C++, C#, Kotlin, Swift, Scala and PHP are marked as heuristic.

mod analyzer;
mod braces;
mod config;
mod frame;
mod metrics;
mod open;
mod prepare;
mod python;
mod python_lines;
mod statement;
mod touched;
mod words;

pub use analyzer::{ComplexityAnalyzer, check};
pub use config::ComplexityConfig;
pub use metrics::{FileMetrics, FunctionMetrics};

use crate::language::Language;

/// The functions of a source with their complexity, in the order of their first lines; none for a language that
/// is not counted.
///
/// ```
/// use devops_analyzers::{complexity::functions, language::Language};
///
/// let found = functions(Language::JavaScript, b"const f = (a) => a ? 1 : 2");
/// assert_eq!((&*found[0].name, found[0].cognitive), ("f", 1));
/// ```
#[must_use]
pub fn functions(language: Language, source: &[u8]) -> Vec<FunctionMetrics> {
    file(language, source).map(|metrics| metrics.functions).unwrap_or_default()
}

/// The complexity of a whole source; `None` for a language that is not counted.
///
/// ```
/// use devops_analyzers::{complexity::file, language::Language};
///
/// assert_eq!(file(Language::C, b"int f(int a) { return a || 1; }").unwrap().cognitive(), 1);
/// assert!(file(Language::Yaml, b"a: b").is_none());
/// ```
#[must_use]
pub fn file(language: Language, source: &[u8]) -> Option<FileMetrics> {
    match language {
        Language::Python => Some(python::count(source)),
        _ if counts(language) => Some(braces::count(language, source)),
        _ => None,
    }
}

/// Whether complexity is counted in that language.
pub(crate) const fn counts(language: Language) -> bool {
    is_exact(language)
        || matches!(
            language,
            Language::Cpp
                | Language::CSharp
                | Language::Kotlin
                | Language::Swift
                | Language::Scala
                | Language::Php
        )
}

/// Whether the counts in that language are checked on the cases of its tools.
///
/// ```
/// use devops_analyzers::{complexity::is_exact, language::Language};
///
/// assert!(is_exact(Language::Rust) && !is_exact(Language::Kotlin));
/// ```
#[must_use]
pub const fn is_exact(language: Language) -> bool {
    matches!(language, Language::Rust | Language::Python | Language::Go | Language::Java | Language::C)
        || language.is_javascript_family()
}

#[cfg(test)]
mod tests;
