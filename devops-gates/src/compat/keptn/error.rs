//! What Keptn says when it cannot evaluate.

use alloc::boxed::Box;
use alloc::string::String;

/// Why Keptn v1 cannot evaluate; shown in Keptn's own words, the value that is at fault in the fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeptnError {
    /// A criterion that does not begin with an operator.
    #[error("invalid criteria string")]
    InvalidCriterion {
        /// The criterion.
        criterion: String,
    },
    /// What follows the operator is no number.
    #[error("could not parse criteria target value")]
    UnparsableTarget {
        /// The criterion.
        criterion: String,
    },
    /// An operator that is none of `<`, `<=`, `=`, `>=`, `>`.
    #[error("no operator set")]
    NoOperator {
        /// What stands in its place.
        operator: String,
    },
    /// An indicator without a value cannot be held against a criterion.
    #[error("cannot evaluate invalid SLI result")]
    InvalidSli {
        /// The indicator.
        metric: String,
    },
    /// There is no `total_score.pass`.
    #[error("no target score defined")]
    NoTargetScore,
    /// `total_score.pass` is no number.
    #[error("could not parse pass target percentage")]
    UnparsablePass {
        /// What it is.
        value: String,
    },
    /// `total_score.warning` is no number.
    #[error("could not parse warning target percentage")]
    UnparsableWarning {
        /// What it is.
        value: String,
    },
    /// A pass criterion of an objective.
    #[error("error with {sli}: {source}")]
    Objective {
        /// The indicator of the objective.
        sli: String,
        /// What is wrong.
        #[source]
        source: Box<Self>,
    },
}
