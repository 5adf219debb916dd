//! `CDEvents` 0.4 and 0.5.

use alloc::string::String;
use alloc::vec;

use devops_core::{EventId, ServiceId, Timestamp, excerpt};
use serde::Deserialize;

use super::error::{id, parsed, present, time};
use super::{Ignored, Mapped, MappingError};
use crate::event::{Change, Deployment, DeploymentKind, Event, Incident, Outcome, Retraction};

/// A `CDEvents` document, alone or as the `data` of a `CloudEvents` one.
#[derive(Deserialize)]
struct Document {
    context: Option<Context>,
    subject: Option<Subject>,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    context: Option<Context>,
    subject: Option<Subject>,
}

#[derive(Deserialize)]
struct Context {
    #[serde(alias = "specversion")]
    version: Option<String>,
    id: Option<String>,
    source: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    timestamp: Option<String>,
}

#[derive(Deserialize)]
struct Subject {
    id: Option<String>,
    #[serde(default)]
    content: Content,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Content {
    environment: Option<Reference>,
    artifact_id: Option<String>,
    service: Option<Reference>,
    repository: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    id: Option<String>,
}

/// The parts that every event needs, checked.
struct Told {
    predicate: String,
    event: EventId,
    subject: String,
    at: Timestamp,
    content: Content,
}

/// Events of a `CDEvents` document of the versions 0.4 and 0.5.
///
/// - `service.deployed`, `.upgraded`, `.rolledback`: a [`Deployment`] that succeeded; its id is the source and id of the
///   event, its version the artifact.
/// - `change.created`, `.merged`, `.abandoned`: a [`Change`] of the repository, opened and merged then, or taken back.
///   `CDEvents` has neither commit times nor the merge commit: lead time needs changes from another source as well.
/// - `incident.detected`, `.reported`, `.resolved`: an [`Incident`], opened when it was detected or reported. `CDEvents`
///   does not say what caused it.
///
/// `CDEvents` tells the parts of a change or incident one by one: `known` gives the event that the log holds under an
/// id, and what it says is kept. An incident that is resolved before it is known is an error, so that the caller can try
/// again.
///
/// # Errors
///
/// [`MappingError`]: no JSON, another version, a field that is missing or malformed, an end without a beginning.
///
/// ```
/// use devops_metrics::event::Event;
/// use devops_metrics::mapping::{Mapped, cdevents};
///
/// let told = |kind: &str, at: &str| format!(
///     r#"{{"context":{{"version":"0.4.1","id":"e1","source":"/monitor","type":"dev.cdevents.incident.{kind}.0.2.0",
///         "timestamp":"{at}"}},"subject":{{"id":"INC-7","content":{{"environment":{{"id":"prod"}},
///         "service":{{"id":"api"}}}}}}}}"#
/// );
/// let Mapped::Events(opened) = cdevents(told("detected", "2026-03-02T10:20:00Z").as_bytes(), |_| None)? else { unreachable!() };
/// let known = |id: &devops_core::EventId| opened.iter().find(|event| event.id() == id).cloned();
/// let Mapped::Events(closed) = cdevents(told("resolved", "2026-03-02T11:00:00Z").as_bytes(), known)? else { unreachable!() };
/// let Event::Incident(incident) = &closed[0] else { unreachable!() };
/// assert_eq!(incident.opened_at.to_string(), "2026-03-02T10:20:00Z");
/// assert_eq!(incident.resolved_at.map(|t| t.to_string()).as_deref(), Some("2026-03-02T11:00:00Z"));
/// # Ok::<(), devops_metrics::mapping::MappingError>(())
/// ```
pub fn cdevents(payload: &[u8], known: impl Fn(&EventId) -> Option<Event>) -> Result<Mapped, MappingError> {
    let document: Document = parsed(payload)?;
    let (context, subject) = match document.data {
        Some(data) => (data.context, data.subject),
        None => (document.context, document.subject),
    };
    let context = present(context, "context")?;
    let kind = present(context.kind.as_deref(), "context.type")?;
    let Some(rest) = kind.strip_prefix("dev.cdevents.") else {
        return Ok(Mapped::Ignored(Ignored::Kind { kind: excerpt(kind) }));
    };
    let mut words = rest.splitn(3, '.');
    let (of, predicate) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let Some(map) = mapping(of, predicate) else {
        return Ok(Mapped::Ignored(Ignored::Kind { kind: excerpt(kind) }));
    };
    check_version(present(context.version.as_deref(), "context.version")?)?;
    let subject = present(subject, "subject")?;
    let name = alloc::format!(
        "{}#{}",
        present(context.source.as_deref(), "context.source")?,
        present(context.id.as_deref(), "context.id")?
    );
    let told = Told {
        predicate: String::from(predicate),
        event: id(&name, "context.id")?,
        subject: present(subject.id, "subject.id")?,
        at: time(present(context.timestamp.as_deref(), "context.timestamp")?, "context.timestamp")?,
        content: subject.content,
    };
    map(told, &known)
}

type Map = fn(Told, &dyn Fn(&EventId) -> Option<Event>) -> Result<Mapped, MappingError>;

/// What tells of delivery.
fn mapping(of: &str, predicate: &str) -> Option<Map> {
    match (of, predicate) {
        ("service", "deployed" | "upgraded" | "rolledback" | "removed") => Some(|told, _| service(told)),
        ("change", "created" | "merged" | "abandoned") => Some(change),
        ("incident", "detected" | "reported" | "resolved") => Some(incident),
        _ => None,
    }
}

fn check_version(version: &str) -> Result<(), MappingError> {
    if version.starts_with("0.4.") || version.starts_with("0.5.") {
        return Ok(());
    }
    Err(MappingError::Field {
        field: "context.version",
        value: excerpt(version),
        expected: String::from("a version 0.4 or 0.5"),
    })
}

fn service(told: Told) -> Result<Mapped, MappingError> {
    if told.predicate == "removed" {
        return Ok(Mapped::Ignored(Ignored::NoDelivery { state: told.predicate }));
    }
    let service: ServiceId = id(&told.subject, "subject.id")?;
    let mut event = Deployment::new(told.event, service, told.at, Outcome::Succeeded);
    if told.predicate == "rolledback" {
        event.kind = DeploymentKind::Rollback;
    }
    let environment = told.content.environment.and_then(|e| e.id);
    event.environment = environment.map(|e| id(&e, "subject.content.environment.id")).transpose()?;
    event.version = told.content.artifact_id.map(|a| id(&a, "subject.content.artifactId")).transpose()?;
    Ok(Mapped::Events(vec![Event::Deployment(event)]))
}

fn change(told: Told, known: &dyn Fn(&EventId) -> Option<Event>) -> Result<Mapped, MappingError> {
    let name: EventId = id(&told.subject, "subject.id")?;
    if told.predicate == "abandoned" {
        return Ok(Mapped::Events(vec![Event::Retraction(Retraction::new(name))]));
    }
    let mut change = match known(&name) {
        Some(Event::Change(change)) => change,
        _ => {
            let repository = told.content.repository.and_then(|r| r.id);
            let repository = present(repository, "subject.content.repository.id")?;
            Change::pull_request(name, [id::<ServiceId>(&repository, "subject.content.repository.id")?])
        }
    };
    if told.predicate == "merged" {
        change.merged_at = Some(told.at);
    } else {
        change.opened_at = Some(told.at);
    }
    Ok(Mapped::Events(vec![Event::Change(change)]))
}

fn incident(told: Told, known: &dyn Fn(&EventId) -> Option<Event>) -> Result<Mapped, MappingError> {
    let name: EventId = id(&told.subject, "subject.id")?;
    let before = match known(&name) {
        Some(Event::Incident(incident)) => Some(incident),
        _ => None,
    };
    if before.is_none() && told.predicate == "resolved" {
        return Err(MappingError::NoBeginning { id: excerpt(&told.subject) });
    }
    let mut incident = match before {
        Some(incident) => incident,
        None => {
            let service = present(told.content.service.and_then(|s| s.id), "subject.content.service.id")?;
            Incident::new(name, [id::<ServiceId>(&service, "subject.content.service.id")?], told.at)
        }
    };
    match told.predicate.as_str() {
        "resolved" => incident.resolved_at = Some(told.at),
        "detected" => {
            incident.opened_at = incident.opened_at.min(told.at);
            incident.detected_at = Some(told.at);
        }
        _ => incident.opened_at = incident.opened_at.min(told.at),
    }
    Ok(Mapped::Events(vec![Event::Incident(incident)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    fn document(version: &str, kind: &str, subject: &str, content: &str) -> String {
        format!(
            r#"{{"context":{{"version":"{version}","id":"271069a8","chainId":"4c8c","source":"/ci/shop","type":"dev.cdevents.{kind}",
            "timestamp":"2026-03-02T10:00:00.5Z","links":[]}},"subject":{{"id":"{subject}","source":"/ci/shop","content":{content}}},
            "customData":{{"a":1}}}}"#
        )
    }

    fn first(payload: &str, known: Option<&Event>) -> Event {
        match cdevents(payload.as_bytes(), |_| known.cloned()).unwrap() {
            Mapped::Events(events) => events[0].clone(),
            Mapped::Ignored(reason) => panic!("{reason}"),
        }
    }

    fn ignored(payload: &str) -> String {
        match cdevents(payload.as_bytes(), |_| None).unwrap() {
            Mapped::Events(events) => panic!("{events:?}"),
            Mapped::Ignored(reason) => reason.to_string(),
        }
    }

    fn event(json: &str) -> Event {
        Event::from_json(json.as_bytes()).unwrap()
    }

    #[test]
    fn services_are_deployed_and_rolled_back() {
        let content = r#"{"environment":{"id":"prod"},"artifactId":"pkg:oci/api@sha256%3Aab"}"#;
        for (kind, extra) in [
            ("service.deployed.0.2.0", ""),
            ("service.upgraded.0.3.0-draft", ""),
            ("service.rolledback.0.2.0", "\"kind\":\"rollback\","),
        ] {
            let told = first(&document("0.5.1", kind, "api", content), None);
            assert_eq!(
                told,
                event(&format!(
                    r#"{{"type":"deployment","id":"/ci/shop#271069a8","service":"api","environment":"prod","finished_at":"2026-03-02T10:00:00.500Z","outcome":"succeeded",{extra}"version":"pkg:oci/api@sha256%3Aab"}}"#
                ))
            );
        }
        let removed = ignored(&document("0.4.0", "service.removed.0.2.0", "api", content));
        assert_eq!(removed, "`removed` ends something that was delivered before");
    }

    #[test]
    fn a_cloud_event_is_opened() {
        let inner = document("0.4.1", "service.deployed.0.2.0", "api", r#"{"environment":{"id":"prod"}}"#);
        let outer = format!(
            r#"{{"specversion":"1.0","id":"x","source":"y","type":"dev.cdevents.service.deployed.0.2.0","data":{inner}}}"#
        );
        assert_eq!(first(&outer, None), first(&inner, None));
    }

    #[test]
    fn parts_of_a_change_come_in_any_order() {
        let content = r#"{"repository":{"id":"shop/api","source":"https://git.example"}}"#;
        let created = document("0.4.1", "change.created.0.3.0", "shop/api!4", content);
        let merged =
            document("0.4.1", "change.merged.0.2.0", "shop/api!4", content).replace("10:00:00.5", "12:00:00");
        let opened = first(&created, None);
        let landed = first(&merged, None);
        let whole = event(
            r#"{"type":"change","id":"shop/api!4","service":"shop/api","unit":"pull_request","opened_at":"2026-03-02T10:00:00.500Z","merged_at":"2026-03-02T12:00:00Z"}"#,
        );
        assert_eq!(first(&merged, Some(&opened)), whole);
        assert_eq!(first(&created, Some(&landed)), whole);
        let abandoned = document("0.4.1", "change.abandoned.0.2.0", "shop/api!4", content);
        assert_eq!(first(&abandoned, Some(&opened)), event(r#"{"type":"retraction","id":"shop/api!4"}"#));
    }

    #[test]
    fn an_incident_has_a_beginning() {
        let content = r#"{"environment":{"id":"prod"},"service":{"id":"api"}}"#;
        let reported = document("0.4.1", "incident.reported.0.2.0", "INC-7", content);
        let detected =
            document("0.4.1", "incident.detected.0.2.0", "INC-7", content).replace("10:00:00.5", "09:59:00");
        let resolved =
            document("0.4.1", "incident.resolved.0.2.0", "INC-7", content).replace("10:00:00.5", "11:00:00");
        let open = first(&reported, None);
        let seen = first(&detected, Some(&open));
        assert_eq!(
            first(&resolved, Some(&seen)),
            event(
                r#"{"type":"incident","id":"INC-7","service":"api","opened_at":"2026-03-02T09:59:00Z","detected_at":"2026-03-02T09:59:00Z","resolved_at":"2026-03-02T11:00:00Z"}"#
            )
        );
        let error = cdevents(resolved.as_bytes(), |_| None).unwrap_err().to_string();
        assert_eq!(error, "payload: `INC-7` ended, but nothing tells when it began: map its beginning first");
    }

    #[test]
    fn bad_documents_name_the_field() {
        let old = document("0.3.0", "service.deployed.0.1.1", "api", "{}");
        let nobody = document("0.4.1", "incident.detected.0.2.0", "INC-7", "{}");
        let empty = document("0.4.1", "service.deployed.0.2.0", "", "{}");
        for (payload, message) in [
            ("{", "payload is no JSON of the expected form"),
            ("{}", "payload: `context` is missing"),
            (r#"{"context":{}}"#, "payload: `context.type` is missing"),
            (&old, "payload: `context.version` is `0.3.0`, must be a version 0.4 or 0.5"),
            (&nobody, "payload: `subject.content.service.id` is missing"),
            (&empty, "payload: `subject.id` is ``, must be 1 to 500 bytes of text"),
        ] {
            let error = cdevents(payload.as_bytes(), |_| None).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
        for kind in ["build.finished.0.2.0", "service.published.0.2.0", "ticket.created.0.2.0", ""] {
            let reason = ignored(&document("0.4.1", kind, "x", "{}"));
            assert_eq!(reason, format!("`dev.cdevents.{kind}` says nothing about delivery"));
        }
    }
}
