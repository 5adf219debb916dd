//! The life of a proposal: a pure state machine over an append-only history.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use devops_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Baseline, GuardrailStatus, ImprovementVerdict, Verdict};

/// Where a proposal stands.
///
/// ```
/// use devops_metrics::improvement::Status;
///
/// assert_eq!(Status::InProgress.to_string(), "in progress");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a caller shows each of the states")]
pub enum Status {
    /// Written down, not decided.
    Proposed,
    /// To be done; its baseline is frozen.
    Approved,
    /// Not to be done.
    Rejected,
    /// To be decided later.
    Deferred,
    /// Being done.
    InProgress,
    /// Done; whether it helped is not known yet.
    Implemented,
    /// Given up half way.
    Abandoned,
    /// Shown to have helped.
    Validated,
    /// Undone.
    RolledBack,
    /// Nothing more will happen.
    Closed,
}

impl Status {
    /// All ten.
    pub const ALL: [Self; 10] = [
        Self::Proposed,
        Self::Approved,
        Self::Rejected,
        Self::Deferred,
        Self::InProgress,
        Self::Implemented,
        Self::Abandoned,
        Self::Validated,
        Self::RolledBack,
        Self::Closed,
    ];

    /// What may follow.
    ///
    /// ```
    /// use devops_metrics::improvement::Status;
    ///
    /// assert_eq!(Status::Deferred.next(), [Status::Proposed]);
    /// assert!(Status::Closed.next().is_empty());
    /// ```
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Proposed => &[Self::Approved, Self::Rejected, Self::Deferred],
            Self::Deferred => &[Self::Proposed],
            Self::Approved => &[Self::InProgress, Self::Deferred, Self::Rejected],
            Self::InProgress => &[Self::Implemented, Self::Abandoned],
            Self::Implemented => &[Self::Validated, Self::InProgress, Self::RolledBack],
            Self::Validated | Self::RolledBack | Self::Rejected | Self::Abandoned => &[Self::Closed],
            Self::Closed => &[],
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Deferred => "deferred",
            Self::InProgress => "in progress",
            Self::Implemented => "implemented",
            Self::Abandoned => "abandoned",
            Self::Validated => "validated",
            Self::RolledBack => "rolled back",
            Self::Closed => "closed",
        })
    }
}

/// What happens to a proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Event {
    /// It is to be done.
    Approve {
        /// Who says so.
        by: String,
        /// What was observed before, frozen here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        baseline: Option<Baseline>,
    },
    /// It is not to be done.
    Reject {
        /// Why.
        reason: String,
    },
    /// It is to be decided later.
    Defer {
        /// Why.
        reason: String,
    },
    /// It is to be decided again.
    Resubmit {},
    /// Work begins.
    Start {},
    /// Work is done.
    Finish {},
    /// Work is given up.
    Abandon {
        /// Why.
        reason: String,
    },
    /// It is shown to have helped.
    Validate {
        /// The verdict that says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<Box<ImprovementVerdict>>,
    },
    /// More is to be done.
    Resume {
        /// Why.
        reason: String,
    },
    /// It is undone.
    RollBack {
        /// Why.
        reason: String,
    },
    /// Nothing more will happen.
    Close {},
}

impl Event {
    /// The status that it leads to.
    #[must_use]
    pub const fn leads_to(&self) -> Status {
        match self {
            Self::Approve { .. } => Status::Approved,
            Self::Reject { .. } => Status::Rejected,
            Self::Defer { .. } => Status::Deferred,
            Self::Resubmit {} => Status::Proposed,
            Self::Start {} | Self::Resume { .. } => Status::InProgress,
            Self::Finish {} => Status::Implemented,
            Self::Abandon { .. } => Status::Abandoned,
            Self::Validate { .. } => Status::Validated,
            Self::RollBack { .. } => Status::RolledBack,
            Self::Close {} => Status::Closed,
        }
    }

    /// Its name in messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::Defer { .. } => "defer",
            Self::Resubmit {} => "resubmit",
            Self::Start {} => "start",
            Self::Finish {} => "finish",
            Self::Abandon { .. } => "abandon",
            Self::Validate { .. } => "validate",
            Self::Resume { .. } => "resume",
            Self::RollBack { .. } => "roll back",
            Self::Close {} => "close",
        }
    }
}

/// An event with its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "an event and its time")]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// Why an event was refused; nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransitionError {
    /// The event does not follow on the status.
    #[error("`{event}` is not possible for a proposal that is {from}: it may become {allowed}")]
    Illegal {
        /// The status.
        from: Status,
        /// The event.
        event: &'static str,
        /// What may follow.
        allowed: String,
    },
    /// Nothing happens to a closed proposal.
    #[error("`{event}` is not possible: the proposal is closed")]
    AlreadyClosed {
        /// The event.
        event: &'static str,
    },
    /// The event is older than the one before it.
    #[error("`at` is `{at}`, must not be before the last event, `{last}`")]
    TimeGoesBack {
        /// The time of the event before.
        last: Timestamp,
        /// The time given.
        at: Timestamp,
    },
    /// An approval without observations to compare with.
    #[error("`baseline` is missing: an approval freezes at least one observation from before")]
    MissingBaseline,
    /// A validation without a verdict.
    #[error("`verdict` is missing: only a verdict `improved` validates a proposal")]
    MissingVerdict,
    /// A validation with another verdict.
    #[error("`verdict` is `{verdict}`, must be `improved`")]
    NotImproved {
        /// The verdict.
        verdict: Verdict,
    },
    /// A validation while a guardrail is not kept.
    #[error("guardrail `{metric}` is {status}, must be kept")]
    GuardrailBroken {
        /// The metric.
        metric: String,
        /// What is known of it.
        status: GuardrailStatus,
    },
    /// Somebody approves their own proposal.
    #[error("approver `{name}` is the proposer, must be somebody else")]
    ApproverIsProposer {
        /// Who.
        name: String,
    },
    /// The book holds no such proposal.
    #[error("proposal `{id}` is unknown: the book holds {known} proposals")]
    UnknownProposal {
        /// The id given.
        id: String,
        /// How many the book holds.
        known: usize,
    },
    /// The book holds that proposal already.
    #[error("proposal `{id}` is in the book already")]
    KnownProposal {
        /// The id.
        id: String,
    },
}

/// The state of a proposal with the history that led to it.
///
/// Written as its history and read by replaying it, so that a history that could not have happened is refused.
///
/// ```
/// use devops_core::Timestamp;
/// use devops_metrics::improvement::{Event, ProposalState, Status};
///
/// let state = ProposalState::new("DevOps team", Timestamp::EPOCH);
/// let rejected = state.apply(Event::Reject { reason: "no time".into() }, Timestamp::EPOCH)?;
/// assert_eq!(rejected.status(), Status::Rejected);
/// let error = rejected.apply(Event::Start {}, Timestamp::EPOCH).unwrap_err();
/// assert_eq!(error.to_string(), "`start` is not possible for a proposal that is rejected: it may become closed");
/// # Ok::<(), devops_metrics::improvement::TransitionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct ProposalState {
    proposer: String,
    proposed_at: Timestamp,
    four_eyes: bool,
    status: Status,
    history: Vec<Entry>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    proposer: String,
    proposed_at: Timestamp,
    #[serde(default)]
    four_eyes: bool,
    /// Told for readers; replaying decides.
    status: Status,
    history: Vec<Entry>,
}

impl ProposalState {
    /// A proposal that was just made. Anybody may approve it.
    #[must_use]
    pub fn new(proposer: impl Into<String>, at: Timestamp) -> Self {
        Self {
            proposer: proposer.into(),
            proposed_at: at,
            four_eyes: false,
            status: Status::Proposed,
            history: Vec::new(),
        }
    }

    /// Whether somebody else than the proposer must approve it.
    #[must_use]
    pub fn with_four_eyes(self, four_eyes: bool) -> Self {
        Self { four_eyes, ..self }
    }

    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// What happened, oldest first.
    #[must_use]
    pub fn history(&self) -> &[Entry] {
        &self.history
    }

    /// The baseline that the last approval froze.
    #[must_use]
    pub fn baseline(&self) -> Option<&Baseline> {
        self.history.iter().rev().find_map(|entry| match &entry.event {
            Event::Approve { baseline, .. } => baseline.as_ref(),
            _ => None,
        })
    }

    /// When it was last brought into a status.
    #[must_use]
    pub fn since(&self, status: Status) -> Option<Timestamp> {
        self.history.iter().rev().find(|e| e.event.leads_to() == status).map(|e| e.at)
    }

    /// The state after an event. Events of the same time follow each other as they are applied.
    ///
    /// # Errors
    ///
    /// [`TransitionError`]; the state is as it was.
    pub fn apply(&self, event: Event, at: Timestamp) -> Result<Self, TransitionError> {
        self.check(&event, at)?;
        let mut after = self.clone();
        after.status = event.leads_to();
        after.history.push(Entry { at, event });
        Ok(after)
    }

    fn check(&self, event: &Event, at: Timestamp) -> Result<(), TransitionError> {
        let name = event.name();
        if self.status == Status::Closed {
            return Err(TransitionError::AlreadyClosed { event: name });
        }
        // Starting and resuming lead to the same status from different ones.
        let from_there = match event {
            Event::Start {} => self.status == Status::Approved,
            Event::Resume { .. } => self.status == Status::Implemented,
            other => self.status.next().contains(&other.leads_to()),
        };
        if !from_there {
            let allowed: Vec<String> = self.status.next().iter().map(ToString::to_string).collect();
            return Err(TransitionError::Illegal {
                from: self.status,
                event: name,
                allowed: allowed.join(", "),
            });
        }
        let last = self.history.last().map_or(self.proposed_at, |e| e.at);
        if at < last {
            return Err(TransitionError::TimeGoesBack { last, at });
        }
        match event {
            Event::Approve { by, baseline } => {
                if self.four_eyes && *by == self.proposer {
                    return Err(TransitionError::ApproverIsProposer { name: by.clone() });
                }
                match baseline {
                    Some(baseline) if !baseline.observations.is_empty() => Ok(()),
                    _ => Err(TransitionError::MissingBaseline),
                }
            }
            Event::Validate { verdict: None } => Err(TransitionError::MissingVerdict),
            Event::Validate { verdict: Some(verdict) } => convincing(verdict),
            _ => Ok(()),
        }
    }

    /// The state that a history leads to.
    ///
    /// # Errors
    ///
    /// The first event that could not have happened.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::improvement::{Event, ProposalState};
    ///
    /// let start = ProposalState::new("me", Timestamp::EPOCH);
    /// let state = start.apply(Event::Defer { reason: "later".into() }, Timestamp::EPOCH)?;
    /// assert_eq!(start.replay(state.history().to_vec())?, state);
    /// # Ok::<(), devops_metrics::improvement::TransitionError>(())
    /// ```
    pub fn replay(&self, history: Vec<Entry>) -> Result<Self, TransitionError> {
        history.into_iter().try_fold(self.clone(), |state, entry| state.apply(entry.event, entry.at))
    }
}

fn convincing(verdict: &ImprovementVerdict) -> Result<(), TransitionError> {
    if verdict.verdict != Verdict::Improved {
        return Err(TransitionError::NotImproved { verdict: verdict.verdict });
    }
    match verdict.guardrails.iter().find(|g| g.status != GuardrailStatus::Kept) {
        Some(guardrail) => Err(TransitionError::GuardrailBroken {
            metric: guardrail.metric.as_str().into(),
            status: guardrail.status,
        }),
        None => Ok(()),
    }
}

impl TryFrom<Written> for ProposalState {
    type Error = TransitionError;

    fn try_from(written: Written) -> Result<Self, TransitionError> {
        let start = Self::new(written.proposer, written.proposed_at).with_four_eyes(written.four_eyes);
        start.replay(written.history)
    }
}

impl From<ProposalState> for Written {
    fn from(state: ProposalState) -> Self {
        Self {
            proposer: state.proposer,
            proposed_at: state.proposed_at,
            four_eyes: state.four_eyes,
            status: state.status,
            history: state.history,
        }
    }
}
