//! Analyzers that have been asked who they are.

use alloc::sync::Arc;
use alloc::vec::Vec;

use devops_core::{Analyzer, AnalyzerId, Descriptor, Stage};

use crate::guard::guarded;
use crate::{Fault, PipelineError};

/// Analyzers with their descriptors, by id. Each was asked once and is held to what it said.
///
/// ```
/// use std::sync::Arc;
/// use devops_core::{Analysis, Analyzer, AnalyzerKind, analyzer_fn};
/// use devops_pipeline::AnalyzerSet;
///
/// let one = Arc::new(analyzer_fn("one", AnalyzerKind::Style, |_, _| Ok(Analysis::new()))?);
/// let set = AnalyzerSet::new([one.clone() as Arc<dyn Analyzer>])?;
/// assert_eq!(set.descriptors().next().unwrap().id().as_str(), "one");
/// let error = AnalyzerSet::new([one.clone() as Arc<dyn Analyzer>, one]).unwrap_err();
/// assert_eq!(error.to_string(), "analyzer id `one` is registered twice: each needs an id of its own");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct AnalyzerSet(Vec<Member>);

/// An analyzer and what it said of itself.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) descriptor: Descriptor,
    pub(crate) analyzer: Arc<dyn Analyzer>,
}

impl AnalyzerSet {
    /// Asks each for its descriptor.
    ///
    /// # Errors
    ///
    /// [`PipelineError`] with all faults at once: ids that are there twice, descriptors that panic.
    pub fn new(analyzers: impl IntoIterator<Item = Arc<dyn Analyzer>>) -> Result<Self, PipelineError> {
        let (set, faults) = Self::asked(analyzers);
        PipelineError::unless_empty(faults)?;
        Ok(set)
    }

    /// The set with what is wrong with it.
    pub(crate) fn asked(analyzers: impl IntoIterator<Item = Arc<dyn Analyzer>>) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut members = Vec::new();
        for (index, analyzer) in analyzers.into_iter().enumerate() {
            match guarded(|| analyzer.descriptor().clone()) {
                Ok(descriptor) => members.push(Member { descriptor, analyzer }),
                Err(panic) => {
                    let position = index.saturating_add(1);
                    faults.push(Fault::DescriptorPanicked { position, message: panic.0 });
                }
            }
        }
        members.sort_by(|a, b| a.descriptor.id().cmp(b.descriptor.id()));
        let mut twice: Vec<AnalyzerId> = members
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if a.descriptor.id() == b.descriptor.id() => Some(a.descriptor.id().clone()),
                _ => None,
            })
            .collect();
        twice.dedup();
        faults.extend(twice.into_iter().map(|id| Fault::DuplicateAnalyzer { id }));
        (Self(members), faults)
    }

    /// What they said of themselves, by id.
    pub fn descriptors(&self) -> impl Iterator<Item = &Descriptor> {
        self.0.iter().map(|m| &m.descriptor)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those whose kind belongs to that stage, and the rest.
    pub(crate) fn split(self, stage: Stage) -> (Self, Self) {
        let (inside, outside) = self.0.into_iter().partition(|m| m.descriptor.kind().stage() == stage);
        (Self(inside), Self(outside))
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.0
    }
}
