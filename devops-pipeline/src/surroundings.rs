//! Observer, timer and stop flag of a run, each kept from breaking it.

use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll};
use core::time::Duration;

use devops_core::Cancellation;

use crate::guard::{BoxFuture, Guarded, Panic, guarded};
use crate::{Event, Observer, Timer};

/// What a run has around it.
pub(crate) struct Surroundings<'a> {
    observer: Option<&'a dyn Observer>,
    observer_panicked: AtomicBool,
    timer: Option<&'a dyn Timer>,
    cancellation: Cancellation,
}

/// How a call of somebody else's code ended.
#[derive(Debug)]
pub(crate) enum Ended<T> {
    /// It returned.
    Value(T),
    /// It panicked.
    Panicked(Panic),
    /// It did not end in time.
    TimedOut(Duration),
    /// The run was cancelled.
    Cancelled,
}

impl<'a> Surroundings<'a> {
    pub(crate) const fn new(
        observer: Option<&'a dyn Observer>,
        timer: Option<&'a dyn Timer>,
        cancellation: Cancellation,
    ) -> Self {
        Self { observer, observer_panicked: AtomicBool::new(false), timer, cancellation }
    }

    /// Tells the observer, unless it has panicked before.
    pub(crate) fn tell(&self, event: Event<'_>) {
        let Some(observer) = self.observer else { return };
        if self.observer_panicked.load(Ordering::Relaxed) {
            return;
        }
        if guarded(|| observer.notify(event)).is_err() {
            self.observer_panicked.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn observer_panicked(&self) -> bool {
        self.observer_panicked.load(Ordering::Relaxed)
    }

    pub(crate) const fn has_timer(&self) -> bool {
        self.timer.is_some()
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancellation.is_cancelled()
    }

    /// The time, where there is a timer that tells it.
    pub(crate) fn now(&self) -> Option<Duration> {
        let timer = self.timer?;
        guarded(|| timer.now()).ok()
    }

    /// The time since `start`.
    pub(crate) fn since(&self, start: Option<Duration>) -> Option<Duration> {
        Some(self.now()?.saturating_sub(start?))
    }

    /// Waits; at once where there is no timer. `false` where the run was cancelled meanwhile.
    pub(crate) async fn pause(&self, duration: Duration) -> bool {
        let Some(timer) = self.timer else { return !self.is_cancelled() };
        matches!(self.call(|| timer.sleep(duration), None).await, Ended::Value(()))
    }

    /// Runs somebody else's future to its end, its limit or the end of the run.
    pub(crate) async fn call<'f, T>(
        &'f self,
        build: impl FnOnce() -> BoxFuture<'f, T>,
        limit: Option<Duration>,
    ) -> Ended<T> {
        if self.is_cancelled() {
            return Ended::Cancelled;
        }
        let work = match Guarded::new(build) {
            Ok(work) => work,
            Err(panic) => return Ended::Panicked(panic),
        };
        let limit = match (self.timer, limit) {
            (Some(timer), Some(limit)) => match Guarded::new(|| timer.sleep(limit)) {
                Ok(sleep) => Some((sleep, limit)),
                Err(panic) => return Ended::Panicked(of_timer(&panic)),
            },
            _ => None,
        };
        Supervised { work, limit, cancellation: &self.cancellation }.await
    }

    /// The same for what must not be left half done: it ends by itself or not at all.
    pub(crate) async fn call_through<'f, T>(&'f self, build: impl FnOnce() -> BoxFuture<'f, T>) -> Ended<T> {
        match Guarded::new(build) {
            Ok(work) => work.await.map_or_else(Ended::Panicked, Ended::Value),
            Err(panic) => Ended::Panicked(panic),
        }
    }
}

fn of_timer(panic: &Panic) -> Panic {
    Panic(alloc::format!("the timer panicked: {}", panic.0))
}

/// A future beside its time limit and the flag that stops it.
struct Supervised<'f, T> {
    work: Guarded<'f, T>,
    limit: Option<(Guarded<'f, ()>, Duration)>,
    cancellation: &'f Cancellation,
}

impl<T> Supervised<'_, T> {
    /// Drops the work; a panic in that is told in place of how it ended.
    fn discard(&mut self, ended: Ended<T>) -> Ended<T> {
        match self.work.discard() {
            Ok(()) => ended,
            Err(panic) => Ended::Panicked(panic),
        }
    }
}

impl<T> Future for Supervised<'_, T> {
    type Output = Ended<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ended<T>> {
        if self.cancellation.is_cancelled() {
            return Poll::Ready(self.discard(Ended::Cancelled));
        }
        match Pin::new(&mut self.work).poll(cx) {
            Poll::Ready(Ok(value)) => return Poll::Ready(Ended::Value(value)),
            Poll::Ready(Err(panic)) => return Poll::Ready(Ended::Panicked(panic)),
            Poll::Pending => {}
        }
        let Some((sleep, limit)) = self.limit.as_mut() else { return Poll::Pending };
        let limit = *limit;
        match Pin::new(sleep).poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(())) => Poll::Ready(self.discard(Ended::TimedOut(limit))),
            Poll::Ready(Err(panic)) => {
                let ended = Ended::Panicked(of_timer(&panic));
                Poll::Ready(self.discard(ended))
            }
        }
    }
}
