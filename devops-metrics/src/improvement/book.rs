//! The proposals of a team.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use devops_core::{ProposalId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Event, ImprovementError, Proposal, ProposalState, TransitionError};

/// A proposal with its state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a proposal and its state")]
pub struct Record {
    /// What is proposed.
    pub proposal: Proposal,
    /// Where it stands.
    pub state: ProposalState,
}

/// Proposals by id, with their states.
///
/// ```
/// use devops_core::{ProposalId, Timestamp};
/// use devops_metrics::improvement::{Event, ProposalBook};
///
/// let mut book = ProposalBook::new();
/// let error = book.apply(&ProposalId::new("lead-time-1")?, Event::Start {}, Timestamp::EPOCH).unwrap_err();
/// assert_eq!(error.to_string(), "proposal `lead-time-1` is unknown: the book holds 0 proposals");
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct ProposalBook(BTreeMap<ProposalId, Record>);

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    records: Vec<Record>,
}

impl TryFrom<Written> for ProposalBook {
    type Error = ImprovementError;

    fn try_from(written: Written) -> Result<Self, ImprovementError> {
        if written.format != 1 {
            return Err(ImprovementError::range("format", written.format, "1"));
        }
        let mut book = Self::new();
        for record in written.records {
            let id = record.proposal.id.clone();
            if book.0.insert(id.clone(), record).is_some() {
                return Err(ImprovementError::range("id", id, "there once"));
            }
        }
        Ok(book)
    }
}

impl From<ProposalBook> for Written {
    fn from(book: ProposalBook) -> Self {
        Self { format: 1, records: book.0.into_values().collect() }
    }
}

impl ProposalBook {
    /// An empty book.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Takes a proposal in.
    ///
    /// # Errors
    ///
    /// [`TransitionError::KnownProposal`] where its id is there already.
    pub fn add(&mut self, proposal: Proposal, at: Timestamp) -> Result<(), TransitionError> {
        if self.0.contains_key(&proposal.id) {
            return Err(TransitionError::KnownProposal { id: proposal.id.as_str().into() });
        }
        let state = ProposalState::new(proposal.proposer.clone(), at);
        self.0.insert(proposal.id.clone(), Record { proposal, state });
        Ok(())
    }

    /// Brings a proposal into its next state.
    ///
    /// # Errors
    ///
    /// [`TransitionError`]; the book is as it was.
    pub fn apply(&mut self, id: &ProposalId, event: Event, at: Timestamp) -> Result<(), TransitionError> {
        let known = self.0.len();
        let Some(record) = self.0.get_mut(id) else {
            return Err(TransitionError::UnknownProposal { id: id.as_str().into(), known });
        };
        record.state = record.state.apply(event, at)?;
        Ok(())
    }

    /// A proposal with its state.
    ///
    /// # Errors
    ///
    /// [`TransitionError::UnknownProposal`].
    pub fn get(&self, id: &ProposalId) -> Result<&Record, TransitionError> {
        let known = self.0.len();
        self.0.get(id).ok_or_else(|| TransitionError::UnknownProposal { id: id.as_str().into(), known })
    }

    /// All, by id.
    #[must_use]
    pub fn records(&self) -> impl ExactSizeIterator<Item = &Record> {
        self.0.values()
    }
}
