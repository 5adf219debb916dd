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
#[derive(Default)]
pub struct Context {
    files: BTreeMap<RepoPath, Arc<[u8]>>,
    image: Option<String>,
    deadline: Option<Timestamp>,
    cancellation: Cancellation,
    work_budget: Option<u64>,
    work_done: AtomicU64,
    extensions: BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl Context {
    /// Nothing but the change set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a file of the repository as it is behind the change: a lock file, a manifest, code to compare with.
    #[must_use]
    pub fn with_file(mut self, path: RepoPath, contents: impl Into<Arc<[u8]>>) -> Self {
        self.files.insert(path, contents.into());
        self
    }

    /// With the name of the container image that is built.
    #[must_use]
    pub fn with_image(self, image: impl Into<String>) -> Self {
        Self { image: Some(image.into()), ..self }
    }

    /// With the time by which the caller wants an answer.
    #[must_use]
    pub fn with_deadline(self, deadline: Timestamp) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// With the flag that stops the run.
    #[must_use]
    pub fn with_cancellation(self, cancellation: Cancellation) -> Self {
        Self { cancellation, ..self }
    }

    /// With the number of bytes that each analyzer may look at: unlike time, the same on every machine.
    #[must_use]
    pub fn with_work_budget(self, bytes: u64) -> Self {
        Self { work_budget: Some(bytes), ..self }
    }

    /// With a value of the caller's own type, one of each.
    #[must_use]
    pub fn with_extension<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.extensions.insert(TypeId::of::<T>(), Arc::new(value));
        self
    }

    /// A file of the repository as it is behind the change, where the caller gave it.
    #[must_use]
    pub fn file(&self, path: &RepoPath) -> Option<&[u8]> {
        self.files.get(path).map(|contents| &**contents)
    }

    /// The files that the caller gave, by path.
    pub fn files(&self) -> impl Iterator<Item = (&RepoPath, &[u8])> {
        self.files.iter().map(|(path, contents)| (path, &**contents))
    }

    /// The container image that is built.
    #[must_use]
    pub fn image(&self) -> Option<&str> {
        self.image.as_deref()
    }

    /// The time by which the caller wants an answer.
    #[must_use]
    pub const fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }

    /// The flag that stops the run.
    #[must_use]
    pub const fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// The caller's value of type `T`.
    #[must_use]
    pub fn extension<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.extensions.get(&TypeId::of::<T>())?.downcast_ref()
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
        if self.cancellation.is_cancelled() { Err(AnalyzerError::Cancelled) } else { Ok(()) }
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
        match self.work_budget {
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
    #[must_use]
    pub fn with_fresh_budget(&self) -> Self {
        Self {
            files: self.files.clone(),
            image: self.image.clone(),
            deadline: self.deadline,
            cancellation: self.cancellation.clone(),
            work_budget: self.work_budget,
            work_done: AtomicU64::new(0),
            extensions: self.extensions.clone(),
        }
    }

    /// Whether a work budget is set.
    #[must_use]
    pub const fn has_work_budget(&self) -> bool {
        self.work_budget.is_some()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("files", &self.files.len())
            .field("image", &self.image)
            .field("deadline", &self.deadline)
            .field("cancelled", &self.cancellation.is_cancelled())
            .field("work_budget", &self.work_budget)
            .field("extensions", &self.extensions.len())
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
