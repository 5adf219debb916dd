//! Reads SARIF 2.1.0 of other tools and writes that of our own findings.
//!
//! # What did the tools that have already run find?
//!
//! [`SarifReader`] turns a report into a [`SarifReport`]; [`SarifSource`] makes a report one more analyzer of a
//! pipeline. [`SarifWriter`] writes what our own analyzers found.

mod address;
mod error;
mod json;
mod line_hash;
mod lines;
mod message;
mod reader;
mod report;
mod resolve;
mod severity;
mod shape;
mod source;
mod stream;
mod suppression;
mod surrogate;
mod writer;
mod written;
mod written_result;

pub use error::SarifError;
pub use line_hash::line_hashes;
pub use reader::SarifReader;
pub use report::{SarifReport, SarifRun, SarifWarning};
pub use severity::{severity_of_level, severity_of_number};
pub use source::SarifSource;
pub use writer::SarifWriter;
