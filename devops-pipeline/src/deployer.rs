//! Who deploys.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use async_trait::async_trait;
use devops_core::JobId;

use crate::{StageError, StageInput};

/// Deploys what passed, and takes it back.
///
/// # Contract
///
/// - `key` is the idempotency key, the id of the job: a second `deploy` with the same key changes nothing and
///   says what the first said; a `roll_back` of a key that was never deployed changes nothing.
/// - The pipeline does not drop a deployment or rollback that it has begun, not even when the run is cancelled;
///   who drops the whole run does, and may call again with the same key.
/// - A deployment that fails is an answer, [`DeployReport::failed`]; an error means that nobody knows what is
///   running now. Either way a rollback is asked for where there is one.
///
/// ```
/// use devops_core::{JobId, async_trait};
/// use devops_pipeline::{DeployReport, Deployer, StageError, StageInput};
///
/// #[derive(Debug)]
/// struct Cluster;
///
/// #[async_trait]
/// impl Deployer for Cluster {
///     async fn deploy(&self, _input: &StageInput<'_>, key: &JobId) -> Result<DeployReport, StageError> {
///         Ok(DeployReport::deployed(format!("release {key} is live")))
///     }
///
///     fn can_roll_back(&self) -> bool {
///         true
///     }
///
///     async fn roll_back(&self, _input: &StageInput<'_>, key: &JobId, _why: &str) -> Result<String, StageError> {
///         Ok(format!("release {key} is taken back"))
///     }
/// }
/// # let _: &dyn Deployer = &Cluster;
/// ```
#[async_trait]
pub trait Deployer: Send + Sync + fmt::Debug {
    /// Deploys.
    async fn deploy(&self, input: &StageInput<'_>, key: &JobId) -> Result<DeployReport, StageError>;

    /// Whether it can take a deployment back; it cannot unless it says so.
    fn can_roll_back(&self) -> bool {
        false
    }

    /// Takes the deployment of that key back, and says what happened.
    async fn roll_back(&self, input: &StageInput<'_>, key: &JobId, why: &str) -> Result<String, StageError> {
        let _ = (input, why);
        Err(StageError::failed(alloc::format!("the deployer cannot take `{key}` back")))
    }
}

macro_rules! forward {
    ($($kind:ty),*) => {$(
        #[async_trait]
        impl<T: Deployer + ?Sized> Deployer for $kind {
            async fn deploy(&self, input: &StageInput<'_>, key: &JobId) -> Result<DeployReport, StageError> {
                (**self).deploy(input, key).await
            }

            fn can_roll_back(&self) -> bool {
                (**self).can_roll_back()
            }

            async fn roll_back(
                &self,
                input: &StageInput<'_>,
                key: &JobId,
                why: &str,
            ) -> Result<String, StageError> {
                (**self).roll_back(input, key, why).await
            }
        }
    )*};
}

forward!(&T, Arc<T>, Box<T>);

/// What came of a deployment.
///
/// ```
/// use devops_pipeline::DeployReport;
///
/// assert!(DeployReport::deployed("version 1.4 is live").deployed);
/// assert!(!DeployReport::failed("2 of 3 replicas did not start").deployed);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct DeployReport {
    /// Whether it is deployed.
    pub deployed: bool,
    /// What happened, in a sentence.
    pub summary: String,
}

impl DeployReport {
    /// It is deployed.
    #[must_use]
    pub fn deployed(summary: impl Into<String>) -> Self {
        Self { deployed: true, summary: summary.into() }
    }

    /// It could not be deployed.
    #[must_use]
    pub fn failed(summary: impl Into<String>) -> Self {
        Self { deployed: false, summary: summary.into() }
    }
}

/// A [`Deployer`] of two functions; made by [`deploy_fn`].
#[derive(Clone)]
pub struct FnDeployer<D, R> {
    deploy: D,
    roll_back: R,
}

impl<D, R> fmt::Debug for FnDeployer<D, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnDeployer").finish_non_exhaustive()
    }
}

/// A [`Deployer`] of a function that deploys and one that takes back, neither of which waits.
///
/// ```
/// use devops_pipeline::{DeployReport, Deployer, deploy_fn};
///
/// let deployer = deploy_fn(
///     |_input, key| Ok(DeployReport::deployed(format!("{key} is live"))),
///     |_input, key, _why| Ok(format!("{key} is taken back")),
/// );
/// assert!(deployer.can_roll_back());
/// ```
pub const fn deploy_fn<D, R>(deploy: D, roll_back: R) -> FnDeployer<D, R>
where
    D: Fn(&StageInput<'_>, &JobId) -> Result<DeployReport, StageError> + Send + Sync,
    R: Fn(&StageInput<'_>, &JobId, &str) -> Result<String, StageError> + Send + Sync,
{
    FnDeployer { deploy, roll_back }
}

#[async_trait]
impl<D, R> Deployer for FnDeployer<D, R>
where
    D: Fn(&StageInput<'_>, &JobId) -> Result<DeployReport, StageError> + Send + Sync,
    R: Fn(&StageInput<'_>, &JobId, &str) -> Result<String, StageError> + Send + Sync,
{
    async fn deploy(&self, input: &StageInput<'_>, key: &JobId) -> Result<DeployReport, StageError> {
        (self.deploy)(input, key)
    }

    fn can_roll_back(&self) -> bool {
        true
    }

    async fn roll_back(&self, input: &StageInput<'_>, key: &JobId, why: &str) -> Result<String, StageError> {
        (self.roll_back)(input, key, why)
    }
}
