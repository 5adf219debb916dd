//! Models of others, from their own files.
//!
//! A user's copy of OWASP SAMM or OWASP DSOMM is read with any reader of YAML or JSON into the types here and
//! becomes a [`ModelSpec`]. Their texts are theirs and are not in this crate; their scoring
//! rules are model data like any other.

mod dsomm;
mod samm;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub use dsomm::{
    DsommActivity, DsommDifficulty, DsommModel, DsommProgress, ProgressTitle, dsomm, dsomm_answers,
};
pub use samm::{SammDocument, SammValue, samm};

use crate::ModelSpec;

/// A model that was imported, and what of it could not be kept.
///
/// ```
/// use devops_maturity::import;
///
/// let errors = import::samm(&[]).unwrap_err();
/// assert_eq!(errors.to_string(), "the documents hold no function: at least one is expected");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Imported {
    /// The model, to be changed where wanted and then built.
    pub spec: ModelSpec,
    /// What was left out, in words.
    pub remarks: Vec<String>,
}

/// What keeps a foreign model from being read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportProblem {
    /// Nothing of a kind is there.
    #[error("the documents hold no {kind}: at least one is expected")]
    None {
        /// What is missing.
        kind: &'static str,
    },
    /// A link to what is not there.
    #[error("{kind} `{id}` links to {target_kind} `{target}`, which is not among the documents")]
    Dangling {
        /// What links.
        kind: &'static str,
        /// Its id.
        id: String,
        /// What it links to.
        target_kind: &'static str,
        /// The link.
        target: String,
    },
    /// A share that is none.
    #[error("progress `{title}` has share `{value}`: expected 0 to 1 or a percentage such as `50%`")]
    Share {
        /// The title.
        title: String,
        /// What it was.
        value: String,
    },
    /// A title of progress that is not defined.
    #[error("activity `{activity}` has progress `{title}`, which is not defined")]
    UnknownProgress {
        /// The activity.
        activity: String,
        /// The title.
        title: String,
    },
}

/// Everything that keeps a foreign model from being read.
pub type ImportErrors = devops_core::Faults<ImportProblem>;

/// Text on one line, as titles are.
fn line(text: &str) -> String {
    let mut shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
    shown.retain(|c| !c.is_control());
    let mut end = shown.len().min(2000);
    while !shown.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    shown.truncate(end);
    if shown.is_empty() { "untitled".to_string() } else { shown }
}

/// An id from a name: lower case, with `-` for everything that an id cannot have.
fn slug(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
    let words: String = kept.collect();
    let slug = words.split_whitespace().collect::<Vec<_>>().join("-");
    if slug.is_empty() { "unnamed".to_string() } else { slug }
}
