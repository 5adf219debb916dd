//! Built-in code analyzers, secret scanner and report readers: pure functions of bytes.

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
