//! GitHub's webhooks.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use devops_core::{EventId, ServiceId, excerpt};
use serde::Deserialize;

use super::error::{id, parsed, present, time};
use super::{Ignored, Mapped, MappingError};
use crate::event::{Change, Deployment, DeploymentKind, Event, Outcome, Retraction, Tier};

/// The parts of all three payloads that matter here; anything else is not read.
#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    action: String,
    repository: Option<Repository>,
    deployment: Option<DeploymentPart>,
    deployment_status: Option<Status>,
    pull_request: Option<PullRequest>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

#[derive(Deserialize)]
struct DeploymentPart {
    id: u64,
    sha: Option<String>,
    #[serde(default)]
    task: String,
    environment: Option<String>,
    production_environment: Option<bool>,
    created_at: Option<String>,
}

#[derive(Deserialize)]
struct Status {
    state: String,
    environment: Option<String>,
    created_at: Option<String>,
}

#[derive(Deserialize)]
struct PullRequest {
    number: u64,
    created_at: Option<String>,
    merged_at: Option<String>,
    merge_commit_sha: Option<String>,
    user: Option<User>,
    head: Option<Head>,
}

#[derive(Deserialize)]
struct User {
    #[serde(rename = "type", default)]
    kind: String,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "ref", default)]
    branch: String,
}

/// Events of a GitHub webhook; `kind` is its header `X-GitHub-Event`.
///
/// The service is the repository's full name. A `deployment_status` that ends a deployment (`success`, `failure`,
/// `error`) becomes that [`Deployment`], started when the deployment was created, with the commit and the
/// environment; where GitHub says that it is the production environment, the tier says so too. Its task tells
/// rollbacks and hotfixes (`deploy:rollback`). A `pull_request` becomes a [`Change`] whose id is `owner/name#12`, with
/// the times of opening and merging and the merge commit; one that is closed without merging is retracted. A branch that
/// GitHub's "Revert" button made (`revert-12-…`) names what it reverts.
///
/// # Errors
///
/// [`MappingError`]: no JSON, a field that is missing or malformed.
///
/// ```
/// use devops_metrics::event::Event;
/// use devops_metrics::mapping::{Mapped, github};
///
/// let payload = br#"{"action":"closed","repository":{"full_name":"shop/api"},
///     "pull_request":{"number":12,"created_at":"2026-03-01T08:00:00Z","merged_at":"2026-03-02T08:00:00Z",
///         "merge_commit_sha":"8023f6f","user":{"type":"Bot"},"head":{"ref":"bump-serde"}}}"#;
/// let Mapped::Events(events) = github("pull_request", payload)? else { unreachable!() };
/// let Event::Change(change) = &events[0] else { unreachable!() };
/// assert_eq!((change.id.as_str(), change.bot), ("shop/api#12", true));
/// # Ok::<(), devops_metrics::mapping::MappingError>(())
/// ```
pub fn github(kind: &str, payload: &[u8]) -> Result<Mapped, MappingError> {
    match kind {
        "deployment_status" => deployment_status(parsed(payload)?),
        "pull_request" => pull_request(parsed(payload)?),
        "deployment" => {
            let payload: Payload = parsed(payload)?;
            Ok(Mapped::Ignored(Ignored::NotFinished { state: excerpt(&payload.action) }))
        }
        other => Ok(Mapped::Ignored(Ignored::Kind { kind: excerpt(other) })),
    }
}

fn deployment_status(payload: Payload) -> Result<Mapped, MappingError> {
    let repository = present(payload.repository, "repository.full_name")?.full_name;
    let deployment = present(payload.deployment, "deployment")?;
    let status = present(payload.deployment_status, "deployment_status")?;
    let outcome = match status.state.as_str() {
        "success" => Outcome::Succeeded,
        "failure" | "error" => Outcome::Failed,
        "inactive" => return Ok(Mapped::Ignored(Ignored::NoDelivery { state: status.state })),
        "pending" | "queued" | "in_progress" | "waiting" => {
            return Ok(Mapped::Ignored(Ignored::NotFinished { state: status.state }));
        }
        other => {
            return Err(MappingError::Field {
                field: "deployment_status.state",
                value: excerpt(other),
                expected: String::from("a state such as `success` or `failure`"),
            });
        }
    };
    let finished_at = present(status.created_at, "deployment_status.created_at")?;
    let mut event = Deployment::new(
        id(&format!("{repository}/deployments/{}", deployment.id), "repository.full_name")?,
        id::<ServiceId>(&repository, "repository.full_name")?,
        time(&finished_at, "deployment_status.created_at")?,
        outcome,
    );
    event.started_at = deployment.created_at.map(|t| time(&t, "deployment.created_at")).transpose()?;
    let environment = status.environment.filter(|e| !e.is_empty()).or(deployment.environment);
    event.environment = environment.map(|e| id(&e, "deployment.environment")).transpose()?;
    event.tier = deployment.production_environment.filter(|p| *p).map(|_| Tier::Production);
    event.commit = deployment.sha.map(|sha| id(&sha, "deployment.sha")).transpose()?;
    event.kind = kind_of_task(&deployment.task);
    Ok(Mapped::Events(vec![Event::Deployment(event)]))
}

fn kind_of_task(task: &str) -> DeploymentKind {
    let task = task.to_ascii_lowercase();
    if task.contains("rollback") {
        DeploymentKind::Rollback
    } else if task.contains("hotfix") {
        DeploymentKind::Hotfix
    } else {
        DeploymentKind::Normal
    }
}

fn pull_request(payload: Payload) -> Result<Mapped, MappingError> {
    let repository = present(payload.repository, "repository.full_name")?.full_name;
    let request = present(payload.pull_request, "pull_request")?;
    let name: EventId = id(&format!("{repository}#{}", request.number), "repository.full_name")?;
    if payload.action == "closed" && request.merged_at.is_none() {
        return Ok(Mapped::Events(vec![Event::Retraction(Retraction::new(name))]));
    }
    let opened_at = present(request.created_at, "pull_request.created_at")?;
    let mut change = Change::pull_request(name, [id::<ServiceId>(&repository, "repository.full_name")?])
        .with_opened_at(time(&opened_at, "pull_request.created_at")?)
        .with_bot(request.user.is_some_and(|user| user.kind == "Bot"));
    if let Some(merged_at) = request.merged_at {
        change.merged_at = Some(time(&merged_at, "pull_request.merged_at")?);
        // Before merging GitHub tells a trial merge under the same name.
        change.commit =
            request.merge_commit_sha.map(|s| id(&s, "pull_request.merge_commit_sha")).transpose()?;
    }
    let reverted = request.head.as_ref().and_then(|head| reverted_number(&head.branch));
    change.reverts =
        reverted.map(|n| id(&format!("{repository}#{n}"), "repository.full_name")).transpose()?;
    Ok(Mapped::Events(vec![Event::Change(change)]))
}

/// The number in `revert-12-branch`.
fn reverted_number(branch: &str) -> Option<u64> {
    branch.strip_prefix("revert-")?.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(kind: &str, payload: &str) -> vec::Vec<Event> {
        match github(kind, payload.as_bytes()).unwrap() {
            Mapped::Events(events) => events,
            Mapped::Ignored(reason) => panic!("{reason}"),
        }
    }

    fn status(state: &str, task: &str) -> String {
        format!(
            r#"{{"action":"created","deployment_status":{{"id":91,"state":"{state}","environment":"live-eu","created_at":"2026-03-02T10:00:00Z"}},
            "deployment":{{"id":7,"sha":"8023f6f","task":"{task}","environment":"live","production_environment":true,
            "created_at":"2026-03-02T09:58:00Z","unknown":[1,2]}},"repository":{{"id":1,"full_name":"shop/api"}}}}"#
        )
    }

    #[test]
    fn an_ended_deployment_is_told_whole() {
        for (state, task, outcome, kind) in [
            ("success", "deploy", "succeeded", None),
            ("failure", "deploy", "failed", None),
            ("error", "deploy:rollback", "failed", Some("rollback")),
            ("success", "hotfix", "succeeded", Some("hotfix")),
        ] {
            let json = events("deployment_status", &status(state, task))[0].to_json();
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(value["id"], "shop/api/deployments/7");
            assert_eq!(value["service"], "shop/api");
            assert_eq!(value["environment"], "live-eu");
            assert_eq!(value["tier"], "production");
            assert_eq!(value["started_at"], "2026-03-02T09:58:00Z");
            assert_eq!(value["finished_at"], "2026-03-02T10:00:00Z");
            assert_eq!(value["commit"], "8023f6f");
            assert_eq!(value["outcome"], outcome);
            assert_eq!(value.get("kind").and_then(|k| k.as_str()), kind);
        }
    }

    #[test]
    fn what_is_no_end_is_ignored_with_its_reason() {
        for (state, reason) in [
            ("in_progress", "`in_progress` is a state on the way"),
            ("waiting", "`waiting` is a state on the way"),
            ("inactive", "`inactive` ends something that was delivered before"),
        ] {
            let Mapped::Ignored(ignored) = github("deployment_status", status(state, "").as_bytes()).unwrap()
            else {
                panic!("{state}")
            };
            assert_eq!(format!("{ignored}"), reason);
        }
        let created = github("deployment", br#"{"action":"created","deployment":{"id":1}}"#);
        assert_eq!(created, Ok(Mapped::Ignored(Ignored::NotFinished { state: "created".into() })));
    }

    fn request(action: &str, merged_at: &str, branch: &str) -> String {
        format!(
            r#"{{"action":"{action}","repository":{{"full_name":"shop/api"}},"pull_request":{{"number":12,
            "created_at":"2026-03-01T08:00:00Z","merged_at":{merged_at},"merge_commit_sha":"abc1234","user":{{"type":"User"}},
            "head":{{"ref":"{branch}"}}}}}}"#
        )
    }

    #[test]
    fn pull_requests_open_merge_and_close() {
        let open = events("pull_request", &request("opened", "null", "feature"));
        let told = r#"{"type":"change","id":"shop/api#12","service":"shop/api","unit":"pull_request","opened_at":"2026-03-01T08:00:00Z"}"#;
        assert_eq!(open[0], Event::from_json(told.as_bytes()).unwrap());
        let merged =
            events("pull_request", &request("closed", "\"2026-03-02T08:00:00Z\"", "revert-9-feature"));
        let Event::Change(change) = &merged[0] else { panic!() };
        assert_eq!(change.commit.as_ref().unwrap().as_str(), "abc1234");
        assert_eq!(change.reverts.as_ref().unwrap().as_str(), "shop/api#9");
        let closed = events("pull_request", &request("closed", "null", "feature"));
        assert_eq!(closed[0].to_json(), r#"{"type":"retraction","id":"shop/api#12"}"#);
    }

    #[test]
    fn bad_payloads_name_the_field() {
        for (kind, payload, message) in [
            ("pull_request", "[]", "payload is no JSON of the expected form"),
            ("pull_request", "{}", "payload: `repository.full_name` is missing"),
            ("pull_request", r#"{"repository":{"full_name":"a/b"}}"#, "payload: `pull_request` is missing"),
            (
                "deployment_status",
                r#"{"repository":{"full_name":"a/b"},"deployment":{"id":-1}}"#,
                "payload is no JSON",
            ),
            (
                "deployment_status",
                r#"{"repository":{"full_name":"a/b"},"deployment":{"id":1},"deployment_status":{"state":"done"}}"#,
                "payload: `deployment_status.state` is `done`, must be a state such as `success` or `failure`",
            ),
            (
                "deployment_status",
                r#"{"repository":{"full_name":"a/b"},"deployment":{"id":1},"deployment_status":{"state":"success","created_at":"now"}}"#,
                "payload: `deployment_status.created_at` is `now`, must be an RFC 3339 time",
            ),
            (
                "pull_request",
                r#"{"repository":{"full_name":"a\nb"},"pull_request":{"number":1,"created_at":"2026-03-01T08:00:00Z"}}"#,
                "payload: `repository.full_name` is `a b#1`, must be 1 to 500 bytes of text",
            ),
        ] {
            let error = github(kind, payload.as_bytes()).unwrap_err();
            assert!(format!("{error}").starts_with(message), "{error}");
        }
    }
}
