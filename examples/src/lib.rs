//! What the example programs share.

mod timer;

pub use timer::TokioTimer;

/// The README's code is compiled and run with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
