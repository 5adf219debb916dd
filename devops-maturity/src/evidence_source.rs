//! Where measured values come from.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use devops_core::{MetricId, Timestamp, async_trait};

use crate::{Model, Observation};

/// Supplies measured values for the items of a model.
///
/// # Contract
///
/// - `name` is cheap and always says the same.
/// - `observe` gives observations of metrics in `wanted`, none of a time after `now`; what it does not have it
///   leaves out, and what could not be measured it gives as [`Value::Missing`](devops_core::Value::Missing) with
///   the reason. An error means that it says nothing at all.
/// - Dropping the future must be safe at every await.
///
/// ```
/// use devops_core::{MetricId, Timestamp};
/// use devops_maturity::{EvidenceError, EvidenceSource, Observation};
///
/// #[derive(Debug)]
/// struct Nothing;
///
/// #[devops_core::async_trait]
/// impl EvidenceSource for Nothing {
///     fn name(&self) -> &str {
///         "nothing"
///     }
///
///     async fn observe(&self, _wanted: &[MetricId], _now: Timestamp) -> Result<Vec<Observation>, EvidenceError> {
///         Ok(Vec::new())
///     }
/// }
/// let _: &dyn EvidenceSource = &Nothing;
/// ```
#[async_trait]
pub trait EvidenceSource: Send + Sync + fmt::Debug {
    /// What failures call it.
    fn name(&self) -> &str;

    /// What it observed of the wanted metrics.
    async fn observe(&self, wanted: &[MetricId], now: Timestamp) -> Result<Vec<Observation>, EvidenceError>;
}

/// Why a source says nothing.
///
/// ```
/// assert_eq!(devops_maturity::EvidenceError::new("no answer").to_string(), "no answer");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct EvidenceError {
    /// What happened, as it should be shown.
    pub message: String,
}

impl EvidenceError {
    /// With that message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        #[async_trait]
        impl<T: EvidenceSource + ?Sized> EvidenceSource for $kind {
            fn name(&self) -> &str {
                (**self).name()
            }

            async fn observe(
                &self,
                wanted: &[MetricId],
                now: Timestamp,
            ) -> Result<Vec<Observation>, EvidenceError> {
                (**self).observe(wanted, now).await
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// A function as a source; made by [`evidence_fn`].
#[derive(Clone)]
pub struct FnEvidence<F> {
    name: String,
    run: F,
}

impl<F> fmt::Debug for FnEvidence<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnEvidence").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An [`EvidenceSource`] from a function.
///
/// ```
/// use devops_maturity::{EvidenceError, EvidenceSource, evidence_fn};
///
/// let down = evidence_fn("ci", |_wanted, _now| Err(EvidenceError::new("the server does not answer")));
/// assert_eq!(down.name(), "ci");
/// ```
pub fn evidence_fn<F>(name: impl Into<String>, run: F) -> FnEvidence<F>
where
    F: Fn(&[MetricId], Timestamp) -> Result<Vec<Observation>, EvidenceError> + Send + Sync,
{
    FnEvidence { name: name.into(), run }
}

#[async_trait]
impl<F> EvidenceSource for FnEvidence<F>
where
    F: Fn(&[MetricId], Timestamp) -> Result<Vec<Observation>, EvidenceError> + Send + Sync,
{
    fn name(&self) -> &str {
        &self.name
    }

    async fn observe(&self, wanted: &[MetricId], now: Timestamp) -> Result<Vec<Observation>, EvidenceError> {
        (self.run)(wanted, now)
    }
}

/// What was gathered for a model, and which sources failed.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Gathered {
    /// The observations, by metric; each metric once.
    pub observations: Vec<Observation>,
    /// The sources that failed, and why.
    pub failures: Vec<(String, EvidenceError)>,
}

/// Asks sources for the metrics of a model, one after the other. A metric that a source gave is not asked again,
/// so the first source wins; a source that fails leaves its metrics to the next, and unknown in the end.
///
/// ```
/// use devops_core::{Measure, Timestamp, Unit};
/// use devops_maturity::{EvidenceError, EvidenceSource, Observation, evidence_fn, gather, models};
///
/// let ci = evidence_fn("ci", |_wanted, now| {
///     let metric = "build_success_rate".parse().map_err(|_| EvidenceError::new("no metric"))?;
///     Ok(vec![Observation::new(Measure::fraction(metric, 190, 200, Unit::Percent), now)])
/// });
/// let down = evidence_fn("wiki", |_wanted, _now| Err(EvidenceError::new("it does not answer")));
/// let sources: [&dyn EvidenceSource; 2] = [&ci, &down];
/// let found = futures::executor::block_on(gather(&models::five_dimensions(), &sources, Timestamp::EPOCH));
/// assert_eq!(found.observations.len(), 1);
/// assert_eq!(found.failures[0].0, "wiki");
/// ```
pub async fn gather(model: &Model, sources: &[&dyn EvidenceSource], now: Timestamp) -> Gathered {
    let mut wanted: Vec<MetricId> = model.items().iter().filter_map(|i| i.metric().cloned()).collect();
    wanted.sort();
    wanted.dedup();
    let mut gathered = Gathered::default();
    for source in sources {
        if wanted.is_empty() {
            break;
        }
        match source.observe(&wanted, now).await {
            Ok(observations) => {
                for observation in observations {
                    // A metric that was not asked for, or is there already, is not taken.
                    let metric = observation.measure.metric();
                    if let Some(place) = wanted.iter().position(|m| m == metric) {
                        wanted.remove(place);
                        gathered.observations.push(observation);
                    }
                }
            }
            Err(error) => gathered.failures.push((source.name().to_string(), error)),
        }
    }
    gathered.observations.sort_by(|a, b| a.measure.metric().cmp(b.measure.metric()));
    gathered
}
