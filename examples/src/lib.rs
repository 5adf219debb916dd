//! What the example programs share.

mod paint;
mod timer;

pub use paint::paint;
pub use timer::TokioTimer;

/// The README's code is compiled and run with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
