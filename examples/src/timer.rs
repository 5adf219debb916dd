//! The clock of the example programs.

use std::time::{Duration, Instant};

use devops_core::async_trait;
use devops_pipeline::Timer;

/// A [`Timer`] by tokio: what a service passes to its pipelines.
#[derive(Debug)]
pub struct TokioTimer(Instant);

impl TokioTimer {
    /// Counts from now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Timer for TokioTimer {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
