//! What is asked of the events.

use alloc::collections::BTreeSet;
use alloc::string::String;

use devops_core::ServiceId;
use devops_stats::StatsError;

use crate::calendar::Window;
use crate::event::{Deployment, Tier};

/// Which events are looked at: those in a window, of some services, of some tiers of environments.
///
/// What is open at the end of the window has lasted until then.
///
/// ```
/// use devops_metrics::calendar::Window;
/// use devops_metrics::flow::FlowQuery;
///
/// let window = Window::new("2026-03-01T00:00:00Z".parse()?, "2026-04-01T00:00:00Z".parse()?)?;
/// let query = FlowQuery::new(window).of_services(["api".parse()?]).with_confidence(0.9)?;
/// assert_eq!(query.window(), window);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FlowQuery {
    window: Window,
    services: Option<BTreeSet<ServiceId>>,
    tiers: BTreeSet<Tier>,
    confidence: f64,
}

/// Why flow was not measured.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// A level that is no probability.
    #[error("`confidence` is `{value}`, must be above 0 and below 1")]
    Confidence {
        /// What was given.
        value: String,
    },
    /// A statistical method refused the numbers.
    #[error("a statistical method refused the durations")]
    Method(#[from] StatsError),
}

impl FlowQuery {
    /// All services, production, intervals at 95 %.
    #[must_use]
    pub fn new(window: Window) -> Self {
        Self { window, services: None, tiers: BTreeSet::from([Tier::Production]), confidence: 0.95 }
    }

    /// Those services alone.
    #[must_use]
    pub fn of_services(self, services: impl IntoIterator<Item = ServiceId>) -> Self {
        Self { services: Some(services.into_iter().collect()), ..self }
    }

    /// Deployments to those tiers; to production unless given. A deployment that tells neither tier nor environment is
    /// one to production.
    #[must_use]
    pub fn with_tiers(self, tiers: impl IntoIterator<Item = Tier>) -> Self {
        Self { tiers: tiers.into_iter().collect(), ..self }
    }

    /// Another level of the intervals.
    ///
    /// # Errors
    ///
    /// [`FlowError::Confidence`] unless 0 < level < 1.
    ///
    /// ```
    /// use devops_core::Timestamp;
    /// use devops_metrics::calendar::Window;
    /// use devops_metrics::flow::FlowQuery;
    ///
    /// let window = Window::new(Timestamp::EPOCH, Timestamp::MAX)?;
    /// let refused = FlowQuery::new(window).with_confidence(95.0).unwrap_err();
    /// assert_eq!(refused.to_string(), "`confidence` is `95`, must be above 0 and below 1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_confidence(self, confidence: f64) -> Result<Self, FlowError> {
        if confidence > 0.0 && confidence < 1.0 {
            Ok(Self { confidence, ..self })
        } else {
            Err(FlowError::Confidence { value: alloc::format!("{confidence}") })
        }
    }

    /// The window.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The level of the intervals.
    #[must_use]
    pub const fn confidence(&self) -> f64 {
        self.confidence
    }

    pub(super) fn tiers(&self) -> impl Iterator<Item = Tier> + '_ {
        self.tiers.iter().copied()
    }

    pub(super) fn wants(&self, service: &ServiceId) -> bool {
        self.services.as_ref().is_none_or(|services| services.contains(service))
    }

    pub(super) fn wants_deployment(&self, deployment: &Deployment) -> bool {
        self.wants(&deployment.service) && self.tiers.contains(&deployment.tier().unwrap_or(Tier::Production))
    }
}
