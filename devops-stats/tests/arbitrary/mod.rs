//! Every public function on arguments of any kind: nothing panics, and nothing answers NaN.
//!
//! Property tests and fuzz targets share these calls.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "tests may panic; each test program uses a part"
)]

mod change;
mod compare;
mod draw;
mod future;
mod series;
mod special;
mod trend;

pub use draw::Draw;

/// One family of functions.
pub type Family = fn(&mut Draw<'_>);

/// The families with their names.
pub const FAMILIES: [(&str, Family); 7] = [
    ("trend", trend::trend),
    ("slope", trend::slope),
    ("compare", compare::compare),
    ("change", change::change),
    ("series", series::series),
    ("future", future::future),
    ("special", special::special),
];

/// A result must not hold NaN anywhere.
#[track_caller]
pub fn sound<T: std::fmt::Debug, E: std::fmt::Debug>(result: Result<T, E>) {
    if let Ok(value) = result {
        let text = format!("{value:?}");
        assert!(!text.contains("NaN"), "{}", text.get(..4_000).unwrap_or(&text));
    }
}
