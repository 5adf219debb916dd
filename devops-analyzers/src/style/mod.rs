//! The form of added lines.
//!
//! Rules of form that need no compiler: long lines, blanks at the end, mixed indentation and line ends, conflict
//! markers, output left from debugging, notes without owner, and signs that are not seen. They look only at
//! lines that the change adds. Generated, vendored and lock files are left out and listed as skipped.
//!
//! ```
//! use devops_analyzers::style::{StyleConfig, check};
//! use devops_core::ChangeSet;
//!
//! let change = ChangeSet::from_diff(b"--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@\n a = 1\n+# TODO later\n")?;
//! let analysis = check(&change, &StyleConfig::default());
//! assert_eq!(
//!     analysis.findings[0].to_string(),
//!     "info x.py:2:3: `TODO` without an owner or an issue [style/todo-owner]"
//! );
//! # Ok::<(), devops_core::DiffError>(())
//! ```
//!
//! Programs, tests, scripts, tools and examples, known by their paths, may print. No rule is critical.

mod analyzer;
mod config;
mod lines;
mod rule;
mod tokens;

pub use analyzer::{StyleAnalyzer, check};
pub use config::StyleConfig;
pub use rule::StyleRule;

#[cfg(test)]
mod tests;
