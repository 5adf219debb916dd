//! Names that break the conventions of their language.
//!
//! [`check`] looks at the names that added lines declare, in Rust, Python, JavaScript, TypeScript, Go and Java.
//! It would rather miss a name than complain of a right one: names that others chose (of a trait or base class,
//! of another language, behind attributes and decorators) are left out.
//!
//! ```
//! use devops_analyzers::language::Language;
//! use devops_analyzers::naming::misnamed;
//!
//! let found = misnamed(Language::Rust, b"const max_size: u8 = 1; impl Ord for A { fn notOurs() {} }");
//! assert_eq!(found.iter().map(|d| &*d.name).collect::<Vec<_>>(), ["max_size"]);
//! ```

mod analyzer;
mod config;
mod convention;
mod declaration;
mod go;
mod java;
mod python;
mod rust;
mod script;
mod style;

pub use analyzer::{NamingAnalyzer, check, misnamed};
pub use config::NamingConfig;
pub use convention::convention;
pub use declaration::{Declaration, NameKind, declarations};
pub use style::NameStyle;

#[cfg(test)]
mod tests;
