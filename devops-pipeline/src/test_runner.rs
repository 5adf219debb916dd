//! Who tests.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use async_trait::async_trait;
use devops_core::MetricId;

use crate::{StageError, StageInput, TestReport};

/// Tests the change.
///
/// # Contract
///
/// - Tests that fail are an answer, [`TestReport::new`]; an error means that they could not be run.
/// - `measures` is cheap, always says the same and names what the runner is set up to measure. The gate expects
///   it: what is named and then not measured is *missing*, never skipped over. `tests_failed` is expected of
///   every runner.
/// - The code analysis is in the input. A runner that runs a part of the tests for it says so in its summary.
/// - The future may be dropped at every await, when the run is cancelled; what it started must end then.
///
/// ```
/// use std::collections::BTreeSet;
/// use devops_core::{MetricId, async_trait, metric};
/// use devops_pipeline::{StageError, StageInput, TestReport, TestRunner};
///
/// #[derive(Debug)]
/// struct Suite;
///
/// #[async_trait]
/// impl TestRunner for Suite {
///     fn measures(&self) -> BTreeSet<MetricId> {
///         MetricId::new(metric::TEST_COVERAGE).into_iter().collect()
///     }
///
///     async fn test(&self, _input: &StageInput<'_>) -> Result<TestReport, StageError> {
///         Ok(TestReport::new(128, 0, 2).with_coverage(4_120, 5_000))
///     }
/// }
/// # let _: &dyn TestRunner = &Suite;
/// ```
#[async_trait]
pub trait TestRunner: Send + Sync + fmt::Debug {
    /// The metrics that it is set up to measure, besides the counts of tests.
    fn measures(&self) -> BTreeSet<MetricId>;

    /// Tests.
    async fn test(&self, input: &StageInput<'_>) -> Result<TestReport, StageError>;
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        #[async_trait]
        impl<T: TestRunner + ?Sized> TestRunner for $kind {
            fn measures(&self) -> BTreeSet<MetricId> {
                (**self).measures()
            }

            async fn test(&self, input: &StageInput<'_>) -> Result<TestReport, StageError> {
                (**self).test(input).await
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// A [`TestRunner`] of a function; made by [`test_fn`].
#[derive(Clone)]
pub struct FnTestRunner<F> {
    measures: BTreeSet<MetricId>,
    test: F,
}

impl<F> fmt::Debug for FnTestRunner<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnTestRunner").field("measures", &self.measures).finish_non_exhaustive()
    }
}

/// A [`TestRunner`] of what it measures and a function that does not wait: for results that are there already,
/// and for tests. Texts that are no metric ids are left out.
///
/// ```
/// use devops_core::metric;
/// use devops_pipeline::{TestReport, TestRunner, test_fn};
///
/// let done_before = test_fn(&[metric::TEST_COVERAGE], |_input| {
///     Ok(TestReport::new(10, 0, 0).with_coverage(81, 100))
/// });
/// assert_eq!(done_before.measures().len(), 1);
/// ```
pub fn test_fn<F>(measures: &[&str], test: F) -> FnTestRunner<F>
where
    F: Fn(&StageInput<'_>) -> Result<TestReport, StageError> + Send + Sync,
{
    let ids: Vec<MetricId> = measures.iter().filter_map(|m| MetricId::new(m).ok()).collect();
    FnTestRunner { measures: ids.into_iter().collect(), test }
}

#[async_trait]
impl<F> TestRunner for FnTestRunner<F>
where
    F: Fn(&StageInput<'_>) -> Result<TestReport, StageError> + Send + Sync,
{
    fn measures(&self) -> BTreeSet<MetricId> {
        self.measures.clone()
    }

    async fn test(&self, input: &StageInput<'_>) -> Result<TestReport, StageError> {
        (self.test)(input)
    }
}
