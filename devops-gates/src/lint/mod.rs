//! What is legal in a gate and most likely a mistake.

pub(crate) mod band;
pub(crate) mod checks;
pub(crate) mod groups;

use alloc::string::String;
use core::fmt;

use devops_core::Message;

use crate::texts;

/// A remark on a gate: where, and what is most likely a mistake there.
///
/// ```
/// use devops_gates::{Gate, LintKind};
///
/// let gate = Gate::classic();
/// assert_eq!(gate.lints()[0].kind, LintKind::UnreachableWarning);
/// assert_eq!(
///     gate.lints()[0].to_string(),
///     "combine: no outcome of the parts gives a warning: none earns a share from 80 % up to below 100 %",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Lint {
    /// The place in the document, such as `groups[0].conditions[2].pass`.
    pub path: String,
    /// What kind of remark it is.
    pub kind: LintKind,
    /// What it says.
    pub message: Message,
}

impl Lint {
    pub(crate) fn new(path: impl Into<String>, kind: LintKind, message: Message) -> Self {
        Self { path: path.into(), kind, message }
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, texts().render(&self.message))
    }
}

/// What kind of remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LintKind {
    /// A warning that cannot happen.
    UnreachableWarning,
    /// A warning band that has too many outcomes to be checked.
    NotChecked,
    /// A pass that cannot happen.
    NeverPasses,
    /// A fail that cannot happen.
    NeverFails,
    /// Two conditions that cannot pass together.
    Contradictory,
    /// A condition that another one includes.
    Redundant,
    /// A part that cannot change the verdict.
    NoEffect,
    /// A metric that the catalogue does not have.
    UnknownMetric,
    /// A unit that is not the metric's in the catalogue, or none where one is needed.
    UnitMismatch,
    /// A policy under which a measure that is withheld can improve the verdict.
    RewardsSilence,
    /// A waiver that has expired.
    Expired,
}
