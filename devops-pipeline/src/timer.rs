//! Where time comes from.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::future::Future;
use core::time::Duration;

use async_trait::async_trait;

/// Tells time and waits: the only clock that a pipeline knows. Without one there are no time limits, no waits
/// between tries and no durations, and the report says so.
///
/// # Contract
///
/// - `now` is cheap and never goes back; it counts from any fixed instant.
/// - `sleep` is ready no earlier than `duration` behind its first poll, wakes its task then, and may be dropped
///   before.
/// - Both are used from the task that runs the pipeline, on whatever executor that is.
///
/// ```
/// use core::time::Duration;
/// use devops_pipeline::{Timer, timer_fn};
///
/// // With tokio: `timer_fn(move || start.elapsed(), tokio::time::sleep)`.
/// let timer = timer_fn(|| Duration::ZERO, |_duration| core::future::pending());
/// assert_eq!(timer.now(), Duration::ZERO);
/// ```
#[async_trait]
pub trait Timer: Send + Sync + fmt::Debug {
    /// The time since some fixed instant.
    fn now(&self) -> Duration;

    /// Is ready when that much time has passed.
    async fn sleep(&self, duration: Duration);
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        #[async_trait]
        impl<T: Timer + ?Sized> Timer for $kind {
            fn now(&self) -> Duration {
                (**self).now()
            }

            async fn sleep(&self, duration: Duration) {
                (**self).sleep(duration).await;
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// A [`Timer`] of two functions; made by [`timer_fn`].
#[derive(Clone)]
pub struct FnTimer<N, S> {
    now: N,
    sleep: S,
}

impl<N, S> fmt::Debug for FnTimer<N, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnTimer").finish_non_exhaustive()
    }
}

/// A [`Timer`] of two functions: one that tells the time, one that makes a future to wait on.
///
/// ```
/// use core::time::Duration;
/// use devops_pipeline::{Timer, timer_fn};
///
/// let timer = timer_fn(|| Duration::from_secs(1), |_duration| core::future::ready(()));
/// futures::executor::block_on(timer.sleep(Duration::from_secs(9)));
/// ```
pub const fn timer_fn<N, S, F>(now: N, sleep: S) -> FnTimer<N, S>
where
    N: Fn() -> Duration + Send + Sync,
    S: Fn(Duration) -> F + Send + Sync,
    F: Future<Output = ()> + Send,
{
    FnTimer { now, sleep }
}

#[async_trait]
impl<N, S, F> Timer for FnTimer<N, S>
where
    N: Fn() -> Duration + Send + Sync,
    S: Fn(Duration) -> F + Send + Sync,
    F: Future<Output = ()> + Send,
{
    fn now(&self) -> Duration {
        (self.now)()
    }

    async fn sleep(&self, duration: Duration) {
        (self.sleep)(duration).await;
    }
}
