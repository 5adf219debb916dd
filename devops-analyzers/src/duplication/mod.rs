//! Code that repeats itself.
//!
//! [`clones`] finds the same tokens in two places of a list of sources, in time linear in their size: a rolling
//! hash over windows of tokens finds candidates, which are compared token by token and grown to their full
//! length. [`check`] reports those of which the change adds a side, against the change itself, the files that it
//! touches and the files that the caller gives.
//!
//! - **Exact** clones have the same tokens; blanks and line ends do not matter. A comment is a token: one that
//!   stands in one place only splits a clone in two, as in jscpd.
//! - **Renamed** clones, a weaker sign, have other names or literals, each replaced by one other throughout.
//!
//! `jscpd:ignore-start`, `jscpd:ignore-end`, `CPD-OFF` and `CPD-ON` in comments take code out.

mod analyzer;
mod clones;
mod config;
mod search;
mod units;

pub use analyzer::{DuplicationAnalyzer, check};
pub use clones::{CloneKind, CodeClone, Source, Stretch, clones};
pub use config::DuplicationConfig;

#[cfg(test)]
mod tests;
