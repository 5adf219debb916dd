//! What is wrong with a document, each fault with its place.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::PredicateError;

/// One fault of a document: where and what.
///
/// ```
/// use devops_gates::{Gate, GateSpec};
///
/// let spec: GateSpec = serde_json::from_str(r#"{"format": 1, "name": "g",
///     "conditions": [{"name": "c", "metric": "security", "pass": ">= 8", "weight": -1}]}"#)?;
/// let errors = Gate::build(spec).unwrap_err();
/// assert_eq!(errors.faults()[0].path, "conditions[0].weight");
/// assert_eq!(errors.to_string(), "conditions[0].weight: `-1` is outside 0 to 1000");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub type Fault = devops_core::Fault<Problem>;

/// What can be wrong at a place of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A format number that this version does not read.
    #[error("format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// NaN or an infinity.
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
    /// A number with more decimals than are kept exactly.
    #[error("`{value}` has more than six decimals, which are not kept exactly")]
    TooFine {
        /// What it was.
        value: String,
    },
    /// A text that is no name, metric id or the like.
    #[error(transparent)]
    Value(#[from] devops_core::ValueError),
    /// A criterion that cannot be read.
    #[error(transparent)]
    Criterion(#[from] PredicateError),
    /// Two parts of the same name.
    #[error("`{name}` is used twice: a name is expected once in a gate, first at {first}")]
    DuplicateName {
        /// The name.
        name: String,
        /// Where it stands first.
        first: String,
    },
    /// A gate or group without anything that counts.
    #[error("it has no condition or group that counts: at least one is expected")]
    Empty,
    /// All weights are zero.
    #[error("all weights are zero: at least one above zero is expected")]
    NoWeight,
    /// `not` over more or less than one part.
    #[error("`not` holds {found} parts: exactly one is expected")]
    NotTakesOne {
        /// How many.
        found: usize,
    },
    /// `at_least` with a number that cannot be reached.
    #[error("at least `{k}` of {parts} parts is asked: 1 to {parts} is expected")]
    BadCount {
        /// What is asked.
        k: u64,
        /// How many parts count.
        parts: usize,
    },
    /// Nested more deeply than is allowed.
    #[error("groups are nested more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Two values in the wrong order.
    #[error("`{value}` does not fit: expected {expected}")]
    Inconsistent {
        /// What it was.
        value: String,
        /// What would be right.
        expected: String,
    },
}

/// Everything that is wrong with a gate's document, each fault with its place.
pub type GateErrors = devops_core::Faults<Fault>;

/// Everything that is wrong with a canary policy's document, each fault with its place.
pub type JudgePolicyErrors = devops_core::Faults<Fault>;

/// Everything that is wrong with a scoring policy's document, each fault with its place.
pub type PolicyErrors = devops_core::Faults<Fault>;

/// Everything that is wrong with a document of waivers, each fault with its place.
pub type WaiverErrors = devops_core::Faults<Fault>;

/// Collects faults on the way through a document.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, path: impl Into<String>, problem: impl Into<Problem>) {
        self.0.push(Fault::new(path, problem));
    }

    /// A number from 0 to `max` of at most six decimals, in millionths; 0 where it is a fault.
    pub(crate) fn micros(&mut self, path: &str, value: f64, max: u64) -> u64 {
        if !value.is_finite() {
            self.add(path, Problem::NotFinite { value: value.to_string() });
            return 0;
        }
        let weight =
            devops_core::Weight::new(value).ok().filter(|w| w.micros() <= max.saturating_mul(1_000_000));
        let Some(weight) = weight else {
            let (value, min, max) = (value.to_string(), "0".to_string(), max.to_string());
            self.add(path, Problem::OutOfRange { value, min, max });
            return 0;
        };
        if weight.get().total_cmp(&(value + 0.0)).is_ne() {
            self.add(path, Problem::TooFine { value: value.to_string() });
        }
        weight.micros()
    }

    /// A whole number within a range.
    pub(crate) fn whole(&mut self, path: &str, value: u64, min: u64, max: u64) -> u64 {
        if !(min..=max).contains(&value) {
            let value = value.to_string();
            self.add(path, Problem::OutOfRange { value, min: min.to_string(), max: max.to_string() });
        }
        value.clamp(min, max.max(min))
    }
}
