//! What is wrong with answers.

use alloc::string::String;

use devops_core::Timestamp;

/// One fault of a set of answers: where and what.
///
/// ```
/// use devops_core::{Measure, MetricId, Unit};
/// use devops_maturity::{Answers, Observation, assess, models};
///
/// let model = models::five_dimensions();
/// let now = "2026-11-25T00:00:00Z".parse()?;
/// let measure = Measure::number(MetricId::new("shared_tool_adoption")?, 140.0, Unit::Percent)?;
/// let answers = Answers::new(&model, "checkout").with_observation(Observation::new(measure, now));
/// let errors = assess(&model, &answers, now).unwrap_err();
/// assert_eq!(errors.to_string(), "observations[0]: shared_tool_adoption `140` is outside 0 to 100 %");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
pub type AnswerFault = devops_core::Fault<AnswerProblem>;

/// What can be wrong with an answer or an observation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerProblem {
    /// A format number that this version does not read.
    #[error("format `{found}` is not known: expected 1")]
    UnknownFormat {
        /// What it was.
        found: u32,
    },
    /// Answers for another model.
    #[error("the answers are for model `{found}`: expected `{expected}`")]
    OtherModel {
        /// The model they are for.
        found: String,
        /// The model they are held against.
        expected: String,
    },
    /// Answers for another version.
    #[error("the answers are for version `{found}`: expected `{expected}`, migrate them first")]
    OtherVersion {
        /// The version they are for.
        found: String,
        /// The version they are held against.
        expected: String,
    },
    /// An item that the model does not have.
    #[error("item `{item}` is not in the model")]
    UnknownItem {
        /// The item.
        item: String,
    },
    /// The same assessor, or nobody, twice on an item; or a metric measured twice.
    #[error("{what} `{id}` has a second entry of the same source: first at {first}")]
    Twice {
        /// What it is.
        what: &'static str,
        /// Its id.
        id: String,
        /// Where it stands first.
        first: String,
    },
    /// An answer that does not fit the item.
    #[error("item `{item}` is answered with {found}: expected {expected}")]
    WrongKind {
        /// The item.
        item: String,
        /// What was given.
        found: &'static str,
        /// What would be right.
        expected: &'static str,
    },
    /// An option or entry that is not there.
    #[error("item `{item}` has no {what} `{found}`: expected one of {expected}")]
    NoSuchPart {
        /// The item.
        item: String,
        /// Option or entry.
        what: &'static str,
        /// What was given.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// A credit outside 0 to 1.
    #[error("item `{item}` has credit `{value}`: expected 0 to 1")]
    CreditOutOfRange {
        /// The item.
        item: String,
        /// What it was.
        value: String,
    },
    /// A value outside the range of its metric.
    #[error("{metric} `{value}` is outside {range}")]
    OutOfRange {
        /// The metric.
        metric: String,
        /// What it was.
        value: String,
        /// What would be right.
        range: String,
    },
    /// A part larger than its whole.
    #[error("{metric} `{part} of {whole}` has a part larger than its whole")]
    PartAboveWhole {
        /// The metric.
        metric: String,
        /// The part.
        part: u64,
        /// The whole.
        whole: u64,
    },
    /// A value in another unit.
    #[error("{metric} is given in {found}: expected {expected}")]
    WrongUnit {
        /// The metric.
        metric: String,
        /// The unit given.
        found: &'static str,
        /// The unit of the model.
        expected: &'static str,
    },
    /// A value that is no number.
    #[error("{metric} `{value}` is no number")]
    NotANumber {
        /// The metric.
        metric: String,
        /// What it was.
        value: String,
    },
    /// Evidence from the future.
    #[error("the evidence is of {observed_at}, which is after the assessment at {now}")]
    InTheFuture {
        /// When it was seen.
        observed_at: Timestamp,
        /// The time of the assessment.
        now: Timestamp,
    },
    /// A text that is empty or too long.
    #[error(transparent)]
    Value(#[from] devops_core::ValueError),
}

/// Everything that is wrong with a set of answers, each fault with its place.
pub type AnswerErrors = devops_core::Faults<AnswerFault>;
