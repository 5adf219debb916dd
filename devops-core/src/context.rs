//! What a diff lacks and a caller may have.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use core::any::{Any, TypeId};
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::task::{Poll, Waker};

use crate::{AnalyzerError, RepoPath, Timestamp};

/// A flag that asks every analyzer of a run to stop; clones share it.
///
/// ```
/// let stop = devops_core::Cancellation::new();
/// let seen_by_others = stop.clone();
/// stop.cancel();
/// assert!(seen_by_others.is_cancelled());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks all to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether anyone asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What a diff lacks and a caller may have: other files of the repository, the image, a deadline, a stop flag,
/// a work budget, and values of the caller's own types.
///
/// ```
/// use devops_core::Context;
///
/// #[derive(Debug)]
/// struct OnCall(&'static str);
///
/// let context = Context::new().with_image("registry/app:1.4").with_extension(OnCall("ada"));
/// assert_eq!(context.extension::<OnCall>().unwrap().0, "ada");
/// assert!(context.extension::<String>().is_none());
/// ```
///
/// What it carries is shared, so [`Context::with_fresh_budget`] costs the same however much that is.
#[derive(Default)]
pub struct Context {
    shared: Arc<Shared>,
    work_done: AtomicU64,
}

/// What all analyzers of a run see alike.
#[derive(Clone, Default)]
struct Shared {
    files: BTreeMap<RepoPath, Arc<[u8]>>,
    image: Option<String>,
    deadline: Option<Timestamp>,
    cancellation: Cancellation,
    work_budget: Option<u64>,
    extensions: BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl Context {
    /// Nothing but the change set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The shared part to write to: copied first where another context holds it too.
    fn shared_mut(&mut self) -> &mut Shared {
        Arc::make_mut(&mut self.shared)
    }

    /// With a file of the repository as it is behind the change: a lock file, a manifest, code to compare with.
    #[must_use]
    pub fn with_file(mut self, path: RepoPath, contents: impl Into<Arc<[u8]>>) -> Self {
        self.shared_mut().files.insert(path, contents.into());
        self
    }

    /// With the name of the container image that is built.
    #[must_use]
    pub fn with_image(mut self, image: impl Into<String>) -> Self {
        self.shared_mut().image = Some(image.into());
        self
    }

    /// With the time by which the caller wants an answer.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Timestamp) -> Self {
        self.shared_mut().deadline = Some(deadline);
        self
    }

    /// With the flag that stops the run.
    #[must_use]
    pub fn with_cancellation(mut self, cancellation: Cancellation) -> Self {
        self.shared_mut().cancellation = cancellation;
        self
    }

    /// With the number of bytes that each analyzer may look at: unlike time, the same on every machine.
    #[must_use]
    pub fn with_work_budget(mut self, bytes: u64) -> Self {
        self.shared_mut().work_budget = Some(bytes);
        self
    }

    /// With a value of the caller's own type, one of each.
    #[must_use]
    pub fn with_extension<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.shared_mut().extensions.insert(TypeId::of::<T>(), Arc::new(value));
        self
    }

    /// A file of the repository as it is behind the change, where the caller gave it.
    #[must_use]
    pub fn file(&self, path: &RepoPath) -> Option<&[u8]> {
        self.shared.files.get(path).map(|contents| &**contents)
    }

    /// The files that the caller gave, by path.
    pub fn files(&self) -> impl Iterator<Item = (&RepoPath, &[u8])> {
        self.shared.files.iter().map(|(path, contents)| (path, &**contents))
    }

    /// The container image that is built.
    #[must_use]
    pub fn image(&self) -> Option<&str> {
        self.shared.image.as_deref()
    }

    /// The time by which the caller wants an answer.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        self.shared.deadline
    }

    /// The flag that stops the run.
    #[must_use]
    pub fn cancellation(&self) -> &Cancellation {
        &self.shared.cancellation
    }

    /// The caller's value of type `T`.
    #[must_use]
    pub fn extension<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.shared.extensions.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// Fails once the run is cancelled: for loops without an `await`.
    ///
    /// # Errors
    ///
    /// [`AnalyzerError::Cancelled`].
    ///
    /// ```
    /// use devops_core::{Cancellation, Context};
    ///
    /// let stop = Cancellation::new();
    /// let context = Context::new().with_cancellation(stop.clone());
    /// assert!(context.check().is_ok());
    /// stop.cancel();
    /// assert!(context.check().is_err());
    /// ```
    pub fn check(&self) -> Result<(), AnalyzerError> {
        if self.shared.cancellation.is_cancelled() { Err(AnalyzerError::Cancelled) } else { Ok(()) }
    }

    /// Counts work against the budget.
    ///
    /// # Errors
    ///
    /// [`AnalyzerError::OverBudget`] once more bytes are looked at than the budget allows.
    ///
    /// ```
    /// let context = devops_core::Context::new().with_work_budget(10);
    /// assert!(context.spend(10).is_ok());
    /// assert!(context.spend(1).is_err());
    /// ```
    pub fn spend(&self, bytes: u64) -> Result<(), AnalyzerError> {
        let before = self.work_done.fetch_add(bytes, Ordering::Relaxed);
        match self.shared.work_budget {
            Some(budget) if before.saturating_add(bytes) > budget => {
                Err(AnalyzerError::OverBudget { budget })
            }
            _ => Ok(()),
        }
    }

    /// Lets others run, then fails if the run is cancelled: call it between files.
    ///
    /// # Errors
    ///
    /// [`AnalyzerError::Cancelled`].
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// assert!(devops_core::Context::new().checkpoint().await.is_ok());
    /// # });
    /// ```
    pub async fn checkpoint(&self) -> Result<(), AnalyzerError> {
        YieldOnce(false).await;
        self.check()
    }

    /// The same context with the work of nobody counted yet: each analyzer of a run gets one.
    ///
    /// ```
    /// let context = devops_core::Context::new().with_work_budget(10);
    /// assert!(context.spend(10).is_ok());
    /// assert!(context.with_fresh_budget().spend(10).is_ok());
    /// ```
    #[must_use]
    pub fn with_fresh_budget(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), work_done: AtomicU64::new(0) }
    }

    /// Whether a work budget is set.
    #[must_use]
    pub fn has_work_budget(&self) -> bool {
        self.shared.work_budget.is_some()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("files", &self.shared.files.len())
            .field("image", &self.shared.image)
            .field("deadline", &self.shared.deadline)
            .field("cancelled", &self.shared.cancellation.is_cancelled())
            .field("work_budget", &self.shared.work_budget)
            .field("extensions", &self.shared.extensions.len())
            .finish()
    }
}

/// Is pending once, and wakes itself at once.
struct YieldOnce(bool);

impl Future for YieldOnce {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut core::task::Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        Waker::wake_by_ref(cx.waker());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_one_context_is_not_seen_in_another() {
        let stop = Cancellation::new();
        let first = Context::new().with_image("a").with_extension(7_u8).with_cancellation(stop.clone());
        let second = first.with_fresh_budget().with_image("b");
        assert_eq!((first.image(), second.image()), (Some("a"), Some("b")));
        assert_eq!(second.extension::<u8>(), Some(&7));
        stop.cancel();
        assert!(first.check().is_err() && second.check().is_err());
    }
}
