//! Built-in code analyzers, a secret scanner and report readers: pure functions of bytes.
//!
//! # What is wrong with this change, and what do our other tools say of it?
//!
#![cfg_attr(all(feature = "style", feature = "complexity"), doc = "```")]
#![cfg_attr(not(all(feature = "style", feature = "complexity")), doc = "```ignore")]
//! use devops_analyzers::{complexity, style};
//! use devops_core::ChangeSet;
//!
//! let change = ChangeSet::from_diff(
//!     b"--- /dev/null\n+++ b/a.py\n@@ -0,0 +1,3 @@\n+def f(a):\n+    if a:\n+        breakpoint()\n",
//! )?;
//! let findings = style::check(&change, &style::StyleConfig::default()).findings;
//! assert_eq!(findings[0].to_string(), "minor a.py:3:9: `breakpoint` left in the code [style/debug-leftover]");
//! let functions = complexity::check(&change, &complexity::ComplexityConfig::default()).functions;
//! assert_eq!((&*functions[0].name, functions[0].now.cognitive), ("f", 1));
//! # Ok::<(), devops_core::DiffError>(())
//! ```
//!
//! # Map
//!
//! Each module but `language` and `suppress` is behind the feature of its name; the default is all of them.
//!
//! - **Code**: `style` (form of added lines), `naming` (names that added lines declare), `duplication` (added
//!   code that stands elsewhere), `complexity` (cognitive and cyclomatic, of the touched functions). Each has a
//!   pure function `check` and a struct that implements [`Analyzer`](devops_core::Analyzer).
//! - **Security**: `secrets`, rules in the format of gitleaks.
//! - **Reports** of other tools: `sarif` (2.1.0, read and written), `junit`, `lcov` and `cobertura`.
//! - **Suppressions**: [`suppress`], markers in the source, baselines and waivers.
//! - **Languages**: [`language`], which language a file is in, and its tokens.
//!
//! Not there yet, and to stand beside these: defect risk, review suggestions, static security, dependencies and
//! containers.
//!
//! No function reads a file, a clock or the environment; none panics on any input; all take time linear in it.
//! What could not be looked at is in [`Analysis::skipped`](devops_core::Analysis), and no finding of style, naming
//! or complexity is critical.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests may panic"))]

#[cfg(feature = "cobertura")]
pub mod cobertura;
#[cfg(feature = "complexity")]
pub mod complexity;
#[cfg(any(feature = "lcov", feature = "cobertura"))]
pub mod coverage;
#[cfg(feature = "duplication")]
pub mod duplication;
#[cfg(feature = "junit")]
pub mod junit;
pub mod language;
#[cfg(feature = "lcov")]
pub mod lcov;
#[cfg(feature = "naming")]
pub mod naming;
#[cfg(any(feature = "style", feature = "naming", feature = "duplication", feature = "complexity"))]
mod new_side;
#[cfg(any(feature = "sarif", feature = "junit", feature = "lcov", feature = "cobertura"))]
pub mod report_path;
#[cfg(feature = "sarif")]
pub mod sarif;
#[cfg(feature = "secrets")]
pub mod secrets;
#[cfg(feature = "style")]
pub mod style;
pub mod suppress;
#[cfg(any(feature = "junit", feature = "cobertura"))]
mod xml;
