//! What the example programs share: their frame, documents, waivers, a clock, colours, tables, pictures and pages.

mod axis;
mod clock;
pub mod document;
mod page;
mod paint;
mod program;
mod svg;
mod table;
mod timer;
mod waivers;

pub use axis::{AxisStyle, Frame, Scale, round_step};
pub use clock::now;
pub use page::{Card, Cell, Page, Tone};
pub use paint::paint;
pub use program::{print, program, read_text};
pub use svg::{Svg, escape, wrapped};
pub use table::{aligned, markdown_table};
pub use timer::TokioTimer;
pub use waivers::read_waivers;

/// The README's code is compiled and run with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
