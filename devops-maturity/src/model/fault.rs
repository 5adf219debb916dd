//! What is wrong with a model, each fault with its place.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::Fraction;

/// One fault of a model: where and what.
///
/// ```
/// use devops_maturity::{ItemSpec, Model, ModelSpec, NodeSpec};
///
/// let node = NodeSpec::new("all", "All").with_weight(-1.0);
/// let errors = Model::build(ModelSpec::new("m", "1", "M", node)).unwrap_err();
/// assert_eq!(errors.faults()[0].path, "root.weight");
/// assert_eq!(errors.faults()[0].to_string(), "root.weight: `-1` is outside 0 to 1000000");
/// assert_eq!(errors.faults()[1].to_string(), "root: it has no node and no item: at least one is expected");
/// ```
pub type ModelFault = devops_core::Fault<ModelProblem>;

/// What can be wrong at a place of a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelProblem {
    /// A format number that this version does not read.
    #[error("format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// A number that is NaN or infinite.
    #[error("`{value}` is not a finite number")]
    NotFinite {
        /// What it was.
        value: String,
    },
    /// A number outside its range.
    #[error("`{value}` is outside {min} to {max}")]
    OutOfRange {
        /// What it was.
        value: String,
        /// The smallest value allowed.
        min: String,
        /// The largest value allowed.
        max: String,
    },
    /// A number that must be above 0.
    #[error("`0` is not above 0")]
    Zero,
    /// A text that is no id, name or the like.
    #[error(transparent)]
    Value(#[from] devops_core::ValueError),
    /// An id that is used twice.
    #[error("`{id}` is used twice: first at {first}")]
    Duplicate {
        /// The id.
        id: String,
        /// Where it stands first.
        first: String,
    },
    /// A reference to what is not there.
    #[error("{kind} `{id}` is not in the model")]
    Unknown {
        /// What is referred to.
        kind: &'static str,
        /// The reference.
        id: String,
    },
    /// Items that wait for each other.
    #[error("the items wait for each other: {}", path.join(" -> "))]
    Cycle {
        /// The items, ending with the first again.
        path: Vec<String>,
    },
    /// An item or level that depends on a higher level.
    #[error("level {level} depends on level {on}, which is above it{}", item.as_ref().map(|i| alloc::format!(": `{i}`")).unwrap_or_default())]
    DependsOnHigher {
        /// The level.
        level: u32,
        /// What it depends on.
        on: u32,
        /// The item there, where the dependency is between items.
        item: Option<String>,
    },
    /// Something without any parts.
    #[error("it has no {what}: at least one is expected")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
    /// A level without items, and no word on what that means.
    #[error("level {level} has no item: `empty` must say whether it passes, is skipped or fails")]
    EmptyLevel {
        /// The level.
        level: u32,
    },
    /// All weights are zero.
    #[error("all weights are zero: at least one above zero is expected")]
    NoWeight,
    /// Values that must rise and do not.
    #[error("`{value}` does not fit after `{before}`: {expected}")]
    OutOfOrder {
        /// The value.
        value: String,
        /// The one before it.
        before: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Something that makes no sense beside something else.
    #[error("`{value}` does not fit: expected {expected}")]
    Inconsistent {
        /// What it was.
        value: String,
        /// What would be right.
        expected: String,
    },
    /// Nested more deeply than is allowed.
    #[error("nodes are nested more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

/// Everything that is wrong with a model, each fault with its place.
pub type ModelErrors = devops_core::Faults<ModelFault>;

/// Collects faults on the way through a model.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<ModelFault>);

impl Faults {
    pub(super) fn add(&mut self, path: impl Into<String>, problem: impl Into<ModelProblem>) {
        self.0.push(ModelFault::new(path, problem));
    }

    pub(super) fn finish(self) -> Result<(), ModelErrors> {
        ModelErrors::check(self.0)
    }

    /// A finite number of any size; 0 where it is a fault.
    pub(super) fn number(&mut self, path: &str, value: f64) -> Fraction {
        Fraction::from_f64(value).unwrap_or_else(|_| {
            self.add(path, ModelProblem::NotFinite { value: value.to_string() });
            Fraction::ZERO
        })
    }

    /// A number within a range, exactly as written; 0 where it is a fault.
    pub(super) fn within(&mut self, path: &str, value: f64, min: u32, max: u32) -> Fraction {
        let number = self.number(path, value);
        if value.is_finite() && (number < Fraction::from(min) || number > Fraction::from(max)) {
            let value = value.to_string();
            self.add(path, ModelProblem::OutOfRange { value, min: min.to_string(), max: max.to_string() });
            return Fraction::ZERO;
        }
        number
    }

    /// A number above 0, to a maximum; 1 where it is a fault.
    pub(super) fn positive(&mut self, path: &str, value: f64, max: u32) -> Fraction {
        let before = self.0.len();
        let number = self.within(path, value, 0, max);
        if !number.is_zero() {
            return number;
        }
        if self.0.len() == before {
            self.add(path, ModelProblem::Zero);
        }
        Fraction::ONE
    }

    /// A line of text.
    pub(super) fn line(&mut self, path: &str, field: &'static str, value: &str) {
        const EXPECTED: &str = "1 to 2000 bytes of text without control characters";
        if value.is_empty() {
            self.add(path, devops_core::ValueError::Empty { field, expected: EXPECTED });
        } else if value.len() > 2000 || value.chars().any(char::is_control) {
            self.add(path, devops_core::ValueError::malformed(field, value, EXPECTED));
        }
    }
}
