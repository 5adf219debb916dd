//! Progress, as it happens.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

use devops_core::{AnalyzerId, JobId, Stage};

use crate::{RunOutcome, StageOutcome};

/// Something that happened in a run.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A run begins.
    RunStarted {
        /// Of that job.
        job: &'a JobId,
    },
    /// A stage begins.
    StageStarted {
        /// Which.
        stage: Stage,
    },
    /// A stage ended, or was skipped.
    StageFinished {
        /// Which.
        stage: Stage,
        /// How.
        outcome: &'a StageOutcome,
    },
    /// An analyzer begins.
    AnalyzerStarted {
        /// Which.
        id: &'a AnalyzerId,
    },
    /// An analyzer ended.
    AnalyzerFinished {
        /// Which.
        id: &'a AnalyzerId,
        /// How, in one word: [`Outcome::status`](devops_core::Outcome::status).
        status: &'static str,
        /// How many of the stage's analyzers have ended.
        done: usize,
        /// How many the stage has.
        total: usize,
    },
    /// An analyzer did not end in time; [`Event::AnalyzerFinished`] follows.
    AnalyzerTimedOut {
        /// Which.
        id: &'a AnalyzerId,
        /// The limit, in milliseconds.
        limit_ms: u64,
    },
    /// An analyzer failed in a way that may pass, and is tried again.
    AnalyzerRetried {
        /// Which.
        id: &'a AnalyzerId,
        /// The number of the next try, from 2.
        attempt: u32,
    },
    /// The gate has decided.
    GateDecided {
        /// `passed`, `warning`, `failed` or `inconclusive`.
        status: &'a str,
        /// How many conditions passed.
        passed: usize,
        /// How many there are.
        total: usize,
    },
    /// The run ended.
    RunFinished {
        /// How.
        outcome: &'a RunOutcome,
    },
}

/// Is told what happens in a run, in the order it happens.
///
/// # Contract
///
/// `notify` is called in the task that runs the pipeline, so it is quick: it writes a line or sends a message,
/// and blocks on nothing. It changes nothing: a run with an observer gives the same report as one without. An
/// observer that panics is not called again in that run, and [`Timings`](crate::Timings) says so.
///
/// ```
/// use devops_pipeline::{Event, Observer, observer_fn};
///
/// let observer = observer_fn(|event| {
///     if let Event::StageFinished { stage, outcome } = event {
///         println!("{stage}: {outcome}");
///     }
/// });
/// # let _: &dyn Observer = &observer;
/// ```
pub trait Observer: Send + Sync + fmt::Debug {
    /// Something happened.
    fn notify(&self, event: Event<'_>);
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        impl<T: Observer + ?Sized> Observer for $kind {
            fn notify(&self, event: Event<'_>) {
                (**self).notify(event);
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// An [`Observer`] of a function; made by [`observer_fn`].
#[derive(Clone)]
pub struct FnObserver<F>(F);

impl<F> fmt::Debug for FnObserver<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnObserver").finish_non_exhaustive()
    }
}

/// An [`Observer`] of a function.
///
/// ```
/// use core::sync::atomic::{AtomicUsize, Ordering};
/// use devops_core::{JobId, Stage};
/// use devops_pipeline::{Event, Observer, observer_fn};
///
/// let count = AtomicUsize::new(0);
/// let observer = observer_fn(|_event| {
///     count.fetch_add(1, Ordering::Relaxed);
/// });
/// observer.notify(Event::StageStarted { stage: Stage::Build });
/// assert_eq!(count.load(Ordering::Relaxed), 1);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
pub const fn observer_fn<F: Fn(Event<'_>) + Send + Sync>(notify: F) -> FnObserver<F> {
    FnObserver(notify)
}

impl<F: Fn(Event<'_>) + Send + Sync> Observer for FnObserver<F> {
    fn notify(&self, event: Event<'_>) {
        (self.0)(event);
    }
}
