//! What can be wrong with a pipeline before it runs.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use devops_core::AnalyzerId;

/// Everything that is wrong with a pipeline, at once.
///
/// ```
/// use devops_pipeline::PipelinePolicy;
///
/// let mut spec = PipelinePolicy::recommended().spec().clone();
/// spec.concurrency = 0;
/// let error = PipelinePolicy::try_from(spec).unwrap_err();
/// assert_eq!(error.to_string(), "policy: concurrency `0` is outside 1 to 65535");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineError {
    faults: Vec<Fault>,
}

/// One thing that is wrong with a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Two analyzers have the same id.
    #[error("analyzer id `{id}` is registered twice: each needs an id of its own")]
    DuplicateAnalyzer {
        /// The id.
        id: AnalyzerId,
    },
    /// An analyzer has an id that belongs to the pipeline itself.
    #[error("analyzer id `{id}` begins with `stage/`: such ids name the runners of stages")]
    ReservedId {
        /// The id.
        id: AnalyzerId,
    },
    /// An analyzer panicked when it was asked who it is.
    #[error("analyzer {position} panicked when asked for its descriptor: {message}")]
    DescriptorPanicked {
        /// The how-manieth of those registered, from 1.
        position: usize,
        /// What the panic said.
        message: String,
    },
    /// The test runner panicked when it was asked what it measures.
    #[error("the test runner panicked when asked what it measures: {message}")]
    TestRunnerPanicked {
        /// What the panic said.
        message: String,
    },
    /// A number of the policy is outside its range.
    #[error("policy: {field} `{value}` is outside {min} to {max}")]
    OutOfRange {
        /// Which.
        field: &'static str,
        /// What it was.
        value: u64,
        /// The smallest value allowed.
        min: u64,
        /// The largest value allowed.
        max: u64,
    },
    /// The gate of the policy cannot be built.
    #[error("policy: gate: {message}")]
    Gate {
        /// What the gate says.
        message: String,
    },
    /// The document has a form that this version does not know.
    #[error("policy: format `{format}` is not known: expected 1")]
    Format {
        /// What it was.
        format: u32,
    },
}

impl PipelineError {
    /// An error, if there is any fault.
    pub(crate) fn unless_empty(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }

    /// The faults, in the order they were found; at least one.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for PipelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl core::error::Error for PipelineError {}
