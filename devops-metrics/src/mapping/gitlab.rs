//! GitLab's webhooks.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use devops_core::{EventId, ServiceId, excerpt};
use serde::Deserialize;

use super::error::{id, parsed, present, time};
use super::{Ignored, Mapped, MappingError};
use crate::event::{Change, Deployment, Event, Outcome, Retraction, Tier};

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    object_kind: String,
    project: Option<Project>,
    // Deployment events.
    deployment_id: Option<u64>,
    status: Option<String>,
    status_changed_at: Option<String>,
    environment: Option<String>,
    environment_tier: Option<String>,
    commit_url: Option<String>,
    // Merge request events.
    object_attributes: Option<MergeRequest>,
}

#[derive(Deserialize)]
struct Project {
    path_with_namespace: String,
}

#[derive(Deserialize)]
struct MergeRequest {
    iid: u64,
    state: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    merged_at: Option<String>,
    merge_commit_sha: Option<String>,
}

/// Events of a GitLab webhook.
///
/// The service is the project's path. A `deployment` that ended (`success`, `failed`, `canceled`) becomes a
/// [`Deployment`] with environment, tier and commit; GitLab does not say when it started. A `merge_request` becomes a
/// [`Change`] whose id is `group/name!12`; where it is merged and the payload has no `merged_at`, the time of its last
/// change counts, which is that of the merge in the event of merging. One that is closed is retracted.
///
/// # Errors
///
/// [`MappingError`]: no JSON, a field that is missing or malformed.
///
/// ```
/// use devops_metrics::event::{Event, Tier};
/// use devops_metrics::mapping::{Mapped, gitlab};
///
/// let payload = br#"{"object_kind":"deployment","status":"success","status_changed_at":"2026-03-02 11:00:00 +0100",
///     "deployment_id":15,"environment":"prod-eu","environment_tier":"production",
///     "project":{"path_with_namespace":"shop/api"},"commit_url":"https://git.example/shop/api/-/commit/8023f6f"}"#;
/// let Mapped::Events(events) = gitlab(payload)? else { unreachable!() };
/// let Event::Deployment(deployment) = &events[0] else { unreachable!() };
/// assert_eq!(deployment.commit.as_ref().map(|c| c.as_str()), Some("8023f6f"));
/// assert_eq!(deployment.tier, Some(Tier::Production));
/// # Ok::<(), devops_metrics::mapping::MappingError>(())
/// ```
pub fn gitlab(payload: &[u8]) -> Result<Mapped, MappingError> {
    let payload: Payload = parsed(payload)?;
    match payload.object_kind.as_str() {
        "" => Err(MappingError::Missing { field: "object_kind" }),
        "deployment" => deployment(payload),
        "merge_request" => merge_request(payload),
        other => Ok(Mapped::Ignored(Ignored::Kind { kind: excerpt(other) })),
    }
}

fn deployment(payload: Payload) -> Result<Mapped, MappingError> {
    let state = present(payload.status, "status")?;
    let outcome = match state.as_str() {
        "success" => Outcome::Succeeded,
        "failed" => Outcome::Failed,
        "canceled" => Outcome::Cancelled,
        "created" | "running" | "blocked" => return Ok(Mapped::Ignored(Ignored::NotFinished { state })),
        "skipped" => return Ok(Mapped::Ignored(Ignored::NoDelivery { state })),
        other => {
            return Err(MappingError::Field {
                field: "status",
                value: excerpt(other),
                expected: String::from("a status such as `success` or `failed`"),
            });
        }
    };
    let project = present(payload.project, "project.path_with_namespace")?.path_with_namespace;
    let number = present(payload.deployment_id, "deployment_id")?;
    let finished_at = present(payload.status_changed_at, "status_changed_at")?;
    let mut event = Deployment::new(
        id(&format!("{project}/deployments/{number}"), "project.path_with_namespace")?,
        id::<ServiceId>(&project, "project.path_with_namespace")?,
        time(&finished_at, "status_changed_at")?,
        outcome,
    );
    event.environment = payload.environment.map(|e| id(&e, "environment")).transpose()?;
    event.tier = payload.environment_tier.as_deref().map(tier).transpose()?;
    let sha = payload.commit_url.as_deref().and_then(|url| Some(url.rsplit_once('/')?.1));
    event.commit = sha.map(|sha| id(sha, "commit_url")).transpose()?;
    Ok(Mapped::Events(vec![Event::Deployment(event)]))
}

fn tier(text: &str) -> Result<Tier, MappingError> {
    text.parse().map_err(|_| MappingError::Field {
        field: "environment_tier",
        value: excerpt(text),
        expected: String::from("`production`, `staging`, `testing`, `development` or `other`"),
    })
}

fn merge_request(payload: Payload) -> Result<Mapped, MappingError> {
    let project = present(payload.project, "project.path_with_namespace")?.path_with_namespace;
    let request = present(payload.object_attributes, "object_attributes")?;
    let name: EventId = id(&format!("{project}!{}", request.iid), "project.path_with_namespace")?;
    let state = present(request.state, "object_attributes.state")?;
    if state == "closed" {
        return Ok(Mapped::Events(vec![Event::Retraction(Retraction::new(name))]));
    }
    let opened_at = present(request.created_at, "object_attributes.created_at")?;
    let mut change = Change::pull_request(name, [id::<ServiceId>(&project, "project.path_with_namespace")?])
        .with_opened_at(time(&opened_at, "object_attributes.created_at")?);
    if state == "merged" {
        let merged_at = present(request.merged_at.or(request.updated_at), "object_attributes.updated_at")?;
        change.merged_at = Some(time(&merged_at, "object_attributes.updated_at")?);
        let sha = request.merge_commit_sha.filter(|sha| !sha.is_empty());
        change.commit = sha.map(|sha| id(&sha, "object_attributes.merge_commit_sha")).transpose()?;
    }
    Ok(Mapped::Events(vec![Event::Change(change)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployed(status: &str, tier: &str) -> String {
        format!(
            r#"{{"object_kind":"deployment","status":"{status}","status_changed_at":"2026-03-02 11:00:00 +0100","deployment_id":15,
            "deployable_id":796,"deployable_url":"https://git.example/shop/api/-/jobs/796","environment":"eu","environment_tier":"{tier}",
            "project":{{"id":30,"name":"api","path_with_namespace":"shop/api"}},"short_sha":"279484c0",
            "commit_url":"https://git.example/shop/api/-/commit/279484c09fbe69ededfced8c1bb6e6d24616b468","ref":"main"}}"#
        )
    }

    #[test]
    fn an_ended_deployment_is_told() {
        for (status, outcome) in [("success", "succeeded"), ("failed", "failed"), ("canceled", "cancelled")] {
            let Mapped::Events(events) = gitlab(deployed(status, "staging").as_bytes()).unwrap() else {
                panic!()
            };
            let told = format!(
                r#"{{"type":"deployment","id":"shop/api/deployments/15","service":"shop/api","environment":"eu","tier":"staging","finished_at":"2026-03-02T10:00:00Z","outcome":"{outcome}","commit":"279484c09fbe69ededfced8c1bb6e6d24616b468"}}"#
            );
            assert_eq!(events[0], Event::from_json(told.as_bytes()).unwrap());
        }
        for status in ["created", "running", "blocked", "skipped"] {
            assert!(
                matches!(gitlab(deployed(status, "other").as_bytes()), Ok(Mapped::Ignored(_))),
                "{status}"
            );
        }
    }

    fn request(state: &str) -> String {
        format!(
            r#"{{"object_kind":"merge_request","project":{{"path_with_namespace":"shop/api"}},"object_attributes":{{"id":99,"iid":12,
            "state":"{state}","action":"merge","created_at":"2026-03-01 08:00:00 UTC","updated_at":"2026-03-02 08:00:00 UTC",
            "merge_commit_sha":"abc1234"}}}}"#
        )
    }

    #[test]
    fn merge_requests_open_merge_and_close() {
        for (state, json) in [
            (
                "opened",
                r#"{"type":"change","id":"shop/api!12","service":"shop/api","unit":"pull_request","opened_at":"2026-03-01T08:00:00Z"}"#,
            ),
            (
                "merged",
                r#"{"type":"change","id":"shop/api!12","service":"shop/api","unit":"pull_request","commit":"abc1234","opened_at":"2026-03-01T08:00:00Z","merged_at":"2026-03-02T08:00:00Z"}"#,
            ),
            ("closed", r#"{"type":"retraction","id":"shop/api!12"}"#),
        ] {
            let Mapped::Events(events) = gitlab(request(state).as_bytes()).unwrap() else { panic!() };
            assert_eq!(events[0], Event::from_json(json.as_bytes()).unwrap());
        }
    }

    #[test]
    fn bad_payloads_name_the_field() {
        let bad_tier = deployed("success", "prod");
        let bad_status = deployed("done", "other");
        for (payload, message) in [
            ("", "payload is no JSON of the expected form"),
            ("{}", "payload: `object_kind` is missing"),
            (r#"{"object_kind":"deployment"}"#, "payload: `status` is missing"),
            (
                r#"{"object_kind":"deployment","status":"success"}"#,
                "payload: `project.path_with_namespace` is missing",
            ),
            (&bad_tier, "payload: `environment_tier` is `prod`, must be `production`, `staging`"),
            (&bad_status, "payload: `status` is `done`, must be a status such as `success` or `failed`"),
        ] {
            let error = gitlab(payload.as_bytes()).unwrap_err();
            assert!(format!("{error}").starts_with(message), "{error}");
        }
        let push = gitlab(br#"{"object_kind":"push"}"#).unwrap();
        assert_eq!(push, Mapped::Ignored(Ignored::Kind { kind: "push".into() }));
    }
}
