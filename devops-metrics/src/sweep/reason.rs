//! Why an event is left out.

use core::fmt;
use serde::{Deserialize, Serialize};

/// Why an event of a window is left out of a number.
///
/// ```
/// use devops_metrics::query::Reason;
/// assert_eq!(Reason::OtherTier.to_string(), "its environment is of another tier");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The deployment went to an environment of another tier.
    OtherTier,
    /// It is not told which environment the deployment went to.
    UntoldTier,
    /// The deployment ended otherwise.
    OtherOutcome,
    /// The deployment carried no change that is known.
    WithoutChanges,
    /// The deployment is of another kind.
    OtherKind,
    /// The definition looks at changes of another unit.
    OtherUnit,
    /// A program wrote the change.
    Bot,
    /// The change is a merge commit.
    MergeCommit,
    /// The instant at which the duration would start is not known.
    NoStart,
    /// The change was not merged.
    NotMerged,
    /// No deployment carried the change yet.
    NotDeployed,
    /// The definition looks at the one commit of each deployment, and this is that of none.
    NotHeadCommit,
    /// The deployment that carried the change does not count.
    DeploymentNotCounted,
    /// The change was there before the first deployment of its service that is known.
    BeforeFirstDeployment,
    /// An earlier deployment carried the change.
    Redeployed,
    /// The duration is negative.
    Negative,
    /// The duration is zero.
    Zero,
    /// The duration leaves the calendar of working time.
    OutsideWorkingCalendar,
    /// The incident's cause is of another class.
    OtherCause,
    /// No deployment is linked to the incident.
    NotLinked,
    /// The definition does not look at incidents.
    NoIncidents,
    /// The incident names a deployment or commit that the log does not know.
    NamesUnknown,
    /// It is not over.
    StillOpen,
    /// It ends in another period.
    EndsElsewhere,
    /// It is counted with another service of the group.
    CountedElsewhere,
    /// It is not known in which environment.
    NoEnvironment,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OtherTier => "its environment is of another tier",
            Self::UntoldTier => "its environment is not told",
            Self::OtherOutcome => "it ended otherwise",
            Self::WithoutChanges => "no change is known that it carried",
            Self::OtherKind => "it is of another kind",
            Self::OtherUnit => "the definition looks at other units of change",
            Self::Bot => "a program wrote it",
            Self::MergeCommit => "it is a merge commit",
            Self::NoStart => "the instant at which it would start is not known",
            Self::NotMerged => "it was not merged",
            Self::NotDeployed => "no deployment carried it yet",
            Self::NotHeadCommit => "it is not the commit of a deployment",
            Self::DeploymentNotCounted => "the deployment that carried it does not count",
            Self::BeforeFirstDeployment => "it was there before the first known deployment",
            Self::Redeployed => "an earlier deployment carried it",
            Self::Negative => "its duration is negative",
            Self::Zero => "its duration is zero",
            Self::OutsideWorkingCalendar => "it leaves the calendar of working time",
            Self::OtherCause => "its cause is of another class",
            Self::NotLinked => "no deployment is linked to it",
            Self::NoIncidents => "the definition does not look at incidents",
            Self::NamesUnknown => "it names a deployment or commit that the log does not know",
            Self::StillOpen => "it is not over",
            Self::EndsElsewhere => "it ends in another period",
            Self::CountedElsewhere => "it is counted with another service of the group",
            Self::NoEnvironment => "its environment is not known",
        })
    }
}
