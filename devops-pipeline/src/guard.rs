//! Keeps a panic where it happens.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::any::Any;
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a panic said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panic(pub(crate) String);

/// The future that `async_trait` makes.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Calls `f`; a panic inside it, or in dropping what the panic carried, ends here.
pub(crate) fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(f)).map_err(message)
}

/// Reads the message, then drops the payload, which may be of any type and panic in turn.
fn message(payload: Box<dyn Any + Send>) -> Panic {
    let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_string(),
        (_, Some(text)) => text.clone(),
        _ => "a panic without a message".to_string(),
    };
    if let Err(again) = catch_unwind(AssertUnwindSafe(move || drop(payload))) {
        // A payload whose drop panics with such a payload again could go on for ever.
        mem::forget(again);
    }
    Panic(devops_core::excerpt(&text))
}

/// A future of somebody else's making: built, polled and dropped under guard, and never polled again behind a
/// panic.
pub(crate) struct Guarded<'a, T>(Option<BoxFuture<'a, T>>);

impl<'a, T> Guarded<'a, T> {
    /// Builds the future.
    pub(crate) fn new(build: impl FnOnce() -> BoxFuture<'a, T>) -> Result<Self, Panic> {
        guarded(build).map(|future| Self(Some(future)))
    }

    /// Drops the future, if it is still there.
    pub(crate) fn discard(&mut self) -> Result<(), Panic> {
        match self.0.take() {
            Some(future) => guarded(move || drop(future)),
            None => Ok(()),
        }
    }
}

impl<T> Future for Guarded<'_, T> {
    type Output = Result<T, Panic>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(future) = self.0.as_mut() else {
            return Poll::Ready(Err(Panic("polled behind its end".to_string())));
        };
        let polled = guarded(|| future.as_mut().poll(cx));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(self.discard().map(|()| value)),
            Err(panic) => {
                // The first panic is the one to tell of.
                let _ = self.discard();
                Poll::Ready(Err(panic))
            }
        }
    }
}

impl<T> Drop for Guarded<'_, T> {
    fn drop(&mut self) {
        let _ = self.discard();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    struct PanicsOnDrop;

    impl Drop for PanicsOnDrop {
        fn drop(&mut self) {
            panic!("in drop");
        }
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_kept_in() {
        let caught = guarded(|| std::panic::panic_any(PanicsOnDrop)).unwrap_err();
        assert_eq!(caught.0, "a panic without a message");
    }

    #[test]
    fn built_polled_and_dropped_under_guard() {
        let built: Result<Guarded<'_, ()>, Panic> = Guarded::new(|| panic!("in {}", "build"));
        assert_eq!(built.err(), Some(Panic("in build".into())));
        let mut polled = Guarded::new(|| async { panic!("in poll") }.boxed()).unwrap();
        assert_eq!((&mut polled).now_or_never(), Some(Err::<(), _>(Panic("in poll".into()))));
        assert_eq!(polled.now_or_never(), Some(Err(Panic("polled behind its end".into()))));
        let late = Guarded::new(|| {
            let bomb = PanicsOnDrop;
            let mut ends = false;
            core::future::poll_fn(move |_| {
                let _held = &bomb;
                ends = !ends;
                if ends { Poll::Ready(1) } else { Poll::Pending }
            })
            .boxed()
        });
        assert_eq!(late.unwrap().now_or_never(), Some(Err(Panic("in drop".into()))));
        let unfinished = Guarded::new(|| {
            let bomb = PanicsOnDrop;
            async move {
                let _bomb = bomb;
                core::future::pending::<()>().await;
            }
            .boxed()
        });
        drop(unfinished);
    }
}
