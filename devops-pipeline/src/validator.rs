//! Who looks at what was deployed.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use async_trait::async_trait;
use devops_core::Measure;

use crate::{StageError, StageInput};

/// Checks what was deployed.
///
/// # Contract
///
/// - It judges the deployed thing against what was there before. An error means that it could not look, and is
///   taken like [`Judgement::Inconclusive`].
/// - The future may be dropped at every await, when the run is cancelled.
///
/// ```
/// use devops_core::async_trait;
/// use devops_pipeline::{StageError, StageInput, ValidationReport, Validator};
///
/// #[derive(Debug)]
/// struct SmokeTest;
///
/// #[async_trait]
/// impl Validator for SmokeTest {
///     async fn validate(&self, _input: &StageInput<'_>) -> Result<ValidationReport, StageError> {
///         Ok(ValidationReport::not_worse("12 of 12 probes answered"))
///     }
/// }
/// # let _: &dyn Validator = &SmokeTest;
/// ```
#[async_trait]
pub trait Validator: Send + Sync + fmt::Debug {
    /// Checks.
    async fn validate(&self, input: &StageInput<'_>) -> Result<ValidationReport, StageError>;
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        #[async_trait]
        impl<T: Validator + ?Sized> Validator for $kind {
            async fn validate(&self, input: &StageInput<'_>) -> Result<ValidationReport, StageError> {
                (**self).validate(input).await
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// How the deployed thing compares with what was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "what follows from each is decided by the policy")]
pub enum Judgement {
    /// It is as good, or better.
    NotWorse,
    /// It is worse.
    Worse,
    /// Too little was seen to tell.
    Inconclusive,
}

/// What came of a validation.
///
/// ```
/// use devops_pipeline::{Judgement, ValidationReport};
///
/// assert_eq!(ValidationReport::worse("p95 latency rose by 40 %").judgement, Judgement::Worse);
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ValidationReport {
    /// The judgement.
    pub judgement: Judgement,
    /// What it rests on, in a sentence.
    pub summary: String,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
}

impl ValidationReport {
    const fn new(judgement: Judgement, summary: String) -> Self {
        Self { judgement, summary, measures: Vec::new() }
    }

    /// It is as good, or better.
    #[must_use]
    pub fn not_worse(summary: impl Into<String>) -> Self {
        Self::new(Judgement::NotWorse, summary.into())
    }

    /// It is worse: to be taken back.
    #[must_use]
    pub fn worse(summary: impl Into<String>) -> Self {
        Self::new(Judgement::Worse, summary.into())
    }

    /// Too little was seen to tell.
    #[must_use]
    pub fn inconclusive(summary: impl Into<String>) -> Self {
        Self::new(Judgement::Inconclusive, summary.into())
    }

    /// With one more measure.
    #[must_use]
    pub fn with_measure(mut self, measure: Measure) -> Self {
        self.measures.push(measure);
        self
    }
}

/// A [`Validator`] of a function; made by [`validate_fn`].
#[derive(Clone)]
pub struct FnValidator<F>(F);

impl<F> fmt::Debug for FnValidator<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnValidator").finish_non_exhaustive()
    }
}

/// A [`Validator`] of a function that does not wait.
///
/// ```
/// use devops_pipeline::{ValidationReport, Validator, validate_fn};
///
/// let validator = validate_fn(|_input| Ok(ValidationReport::inconclusive("no traffic yet")));
/// # let _: &dyn Validator = &validator;
/// ```
pub const fn validate_fn<F>(validate: F) -> FnValidator<F>
where
    F: Fn(&StageInput<'_>) -> Result<ValidationReport, StageError> + Send + Sync,
{
    FnValidator(validate)
}

#[async_trait]
impl<F> Validator for FnValidator<F>
where
    F: Fn(&StageInput<'_>) -> Result<ValidationReport, StageError> + Send + Sync,
{
    async fn validate(&self, input: &StageInput<'_>) -> Result<ValidationReport, StageError> {
        (self.0)(input)
    }
}
