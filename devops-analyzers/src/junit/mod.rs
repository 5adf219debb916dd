//! Reads JUnit XML: what became of the tests.
//!
//! # Did the tests pass?
//!
//! [`JunitReader`] turns the report of any test runner that writes JUnit's XML into a [`TestReport`]: one
//! [`TestCase`] each, counted from the cases themselves. [`JunitSource`] makes it a part of a pipeline.

mod duration;
mod reader;
mod report;
mod source;

pub use crate::xml::XmlError;
pub use reader::JunitReader;
pub use report::{TestCase, TestReport, TestResult};
pub use source::JunitSource;
