//! Built-in code analyzers, secret scanner and report readers: pure functions of bytes.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests may panic"))]

#[cfg(feature = "complexity")]
pub mod complexity;
#[cfg(feature = "duplication")]
pub mod duplication;
pub mod language;
#[cfg(feature = "naming")]
pub mod naming;
#[cfg(any(feature = "sarif", feature = "junit", feature = "lcov", feature = "cobertura"))]
pub mod report_path;
#[cfg(feature = "sarif")]
pub mod sarif;
#[cfg(feature = "secrets")]
pub mod secrets;
#[cfg(feature = "style")]
pub mod style;
pub mod suppress;
