//! What can be wrong with a library.

use alloc::string::String;

use crate::schedule::ProjectFault;

/// One fault of a library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LibraryFault {
    /// A format number that this version does not read.
    #[error("format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// Two of the same id.
    #[error("{what} `{id}` is there twice: ids are expected once")]
    Duplicate {
        /// `initiative`, `phase` or `role`.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A reference to something that is not there.
    #[error("{holder} refers to {what} `{id}`, which is not there")]
    Unknown {
        /// Who refers.
        holder: String,
        /// `initiative`, `phase`, `role`, `item`, `dimension` or `model`.
        what: &'static str,
        /// What is not there.
        id: String,
    },
    /// A number outside its range.
    #[error("{field} is `{value}`: expected {expected}")]
    Number {
        /// Which number.
        field: String,
        /// What it was.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Something that raises nothing.
    #[error("initiative `{id}` raises nothing: at least one item is expected")]
    RaisesNothing {
        /// The initiative.
        id: String,
    },
    /// A name, duration, need or circle that no project can have.
    #[error(transparent)]
    Project(#[from] ProjectFault),
}

/// Everything that is wrong with a library; never empty.
pub type LibraryErrors = devops_core::Faults<LibraryFault>;
