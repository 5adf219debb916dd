//! What the pipeline is asked to do.

use alloc::string::String;

use crate::JobId;

/// What set a job off.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trigger {
    /// A person.
    #[default]
    Manual,
    /// Commits were pushed.
    Push,
    /// A pull or merge request.
    PullRequest,
    /// The clock.
    Schedule,
    /// Another job.
    Upstream,
}

/// A run of the pipeline: what is judged, and what is to be done with it.
///
/// ```
/// use devops_core::{JobId, PipelineJob, Trigger};
///
/// let job = PipelineJob::new(JobId::new("1042")?)
///     .with_repository("shop/checkout")
///     .with_branch("main")
///     .with_commit("4f2a9c1")
///     .with_trigger(Trigger::Push)
///     .with_deploy(true);
/// assert!(job.deploy);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct PipelineJob {
    /// Its id; also the idempotency key of its deployment.
    pub id: JobId,
    /// The repository.
    #[serde(default)]
    pub repository: String,
    /// The branch.
    #[serde(default)]
    pub branch: String,
    /// The commit.
    #[serde(default)]
    pub commit: String,
    /// Who made the change.
    #[serde(default)]
    pub author: String,
    /// What set it off.
    #[serde(default)]
    pub trigger: Trigger,
    /// Whether to deploy what passes.
    #[serde(default)]
    pub deploy: bool,
    /// The container image that is built; `None` where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

impl PipelineJob {
    /// A job that builds no image and deploys nothing.
    #[must_use]
    pub const fn new(id: JobId) -> Self {
        Self {
            id,
            repository: String::new(),
            branch: String::new(),
            commit: String::new(),
            author: String::new(),
            trigger: Trigger::Manual,
            deploy: false,
            image: None,
        }
    }

    /// Of that repository.
    #[must_use]
    pub fn with_repository(self, repository: impl Into<String>) -> Self {
        Self { repository: repository.into(), ..self }
    }

    /// On that branch.
    #[must_use]
    pub fn with_branch(self, branch: impl Into<String>) -> Self {
        Self { branch: branch.into(), ..self }
    }

    /// At that commit.
    #[must_use]
    pub fn with_commit(self, commit: impl Into<String>) -> Self {
        Self { commit: commit.into(), ..self }
    }

    /// By that author.
    #[must_use]
    pub fn with_author(self, author: impl Into<String>) -> Self {
        Self { author: author.into(), ..self }
    }

    /// Set off by that.
    #[must_use]
    pub fn with_trigger(self, trigger: Trigger) -> Self {
        Self { trigger, ..self }
    }

    /// To be deployed when it passes.
    #[must_use]
    pub fn with_deploy(self, deploy: bool) -> Self {
        Self { deploy, ..self }
    }

    /// Building that image.
    #[must_use]
    pub fn with_image(self, image: impl Into<String>) -> Self {
        Self { image: Some(image.into()), ..self }
    }
}
