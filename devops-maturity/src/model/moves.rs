//! What became of an item between two versions of a model.

use alloc::string::String;
use alloc::vec::Vec;

/// What became of items of an earlier version.
///
/// ```
/// use devops_maturity::MoveSpec;
///
/// let moved: MoveSpec = serde_json::from_str(r#"{"kind": "renamed", "from": "ci", "to": "build.ci"}"#)?;
/// assert!(matches!(moved, MoveSpec::Renamed { factor: 1.0, .. }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
#[non_exhaustive]
pub enum MoveSpec {
    /// Another id. With a factor other than 1, or where the new item is answered in another way, the answer is
    /// carried over as its credit.
    Renamed {
        /// The item of the earlier version.
        from: String,
        /// The item of this one.
        to: String,
        /// What the credit is multiplied with: above 0, to 1.
        #[serde(default = "one")]
        factor: f64,
    },
    /// Several items in place of one; each gets its credit.
    Split {
        /// The item of the earlier version.
        from: String,
        /// The items of this one.
        to: Vec<String>,
        /// What the credit is multiplied with: above 0, to 1.
        #[serde(default = "one")]
        factor: f64,
    },
    /// One item in place of several; it gets the mean of their credits, and is unknown where one of them is.
    Merged {
        /// The items of the earlier version.
        from: Vec<String>,
        /// The item of this one.
        to: String,
        /// What the credit is multiplied with: above 0, to 1.
        #[serde(default = "one")]
        factor: f64,
    },
    /// No longer asked.
    Dropped {
        /// The item of the earlier version.
        from: String,
    },
}

fn one() -> f64 {
    1.0
}

impl MoveSpec {
    /// The items of the earlier version.
    pub(crate) fn from(&self) -> Vec<&str> {
        match self {
            Self::Renamed { from, .. } | Self::Split { from, .. } | Self::Dropped { from } => {
                alloc::vec![from]
            }
            Self::Merged { from, .. } => from.iter().map(String::as_str).collect(),
        }
    }

    /// The items of this version, with the name of the field that holds them.
    pub(crate) fn to(&self) -> Vec<&str> {
        match self {
            Self::Renamed { to, .. } | Self::Merged { to, .. } => alloc::vec![to],
            Self::Split { to, .. } => to.iter().map(String::as_str).collect(),
            Self::Dropped { .. } => Vec::new(),
        }
    }

    pub(crate) const fn factor(&self) -> f64 {
        match self {
            Self::Renamed { factor, .. } | Self::Split { factor, .. } | Self::Merged { factor, .. } => {
                *factor
            }
            Self::Dropped { .. } => 1.0,
        }
    }
}
