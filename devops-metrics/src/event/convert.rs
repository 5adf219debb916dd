//! Typed events from and to their flat form.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use devops_core::{EnvironmentId, EventId, ServiceId, Severity, Timestamp, ValueError};

use super::json::{Parsed, Written, read_record};
use super::plain::{LineReader, lines};
use super::record::{Code, List, Record, Text, Time};
use super::{
    Alert, CauseClass, CausedBy, Change, ChangeUnit, Check, DeclaredFailure, Deployment, DeploymentKind,
    EventError, EventKind, Incident, LineError, Outcome, Recovery, Retraction, Tier, Uptime,
};

/// Anything that can happen.
///
/// ```
/// use devops_metrics::event::{Event, EventKind};
///
/// let event = Event::from_json(br#"{"type":"retraction","id":"INC-7"}"#)?;
/// assert_eq!((event.kind(), event.id().as_str()), (EventKind::Retraction, "INC-7"));
/// assert_eq!(event.to_json(), r#"{"type":"retraction","id":"INC-7"}"#);
/// # Ok::<(), devops_metrics::event::EventError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A commit or pull request.
    Change(Change),
    /// An attempt to deploy.
    Deployment(Deployment),
    /// An impairment.
    Incident(Incident),
    /// A run of a code check.
    Check(Check),
    /// A monitor's verdict.
    Alert(Alert),
    /// Up or down for a while.
    Uptime(Uptime),
    /// Takes an earlier event back.
    Retraction(Retraction),
}

macro_rules! from_event {
    ($($name:ident),*) => {
        $(impl From<$name> for Event {
            fn from(event: $name) -> Self {
                Self::$name(event)
            }
        })*
    };
}
from_event!(Change, Deployment, Incident, Check, Alert, Uptime, Retraction);

impl Event {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Change(_) => EventKind::Change,
            Self::Deployment(_) => EventKind::Deployment,
            Self::Incident(_) => EventKind::Incident,
            Self::Check(_) => EventKind::Check,
            Self::Alert(_) => EventKind::Alert,
            Self::Uptime(_) => EventKind::Uptime,
            Self::Retraction(_) => EventKind::Retraction,
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &EventId {
        match self {
            Self::Change(event) => &event.id,
            Self::Deployment(event) => &event.id,
            Self::Incident(event) => &event.id,
            Self::Check(event) => &event.id,
            Self::Alert(event) => &event.id,
            Self::Uptime(event) => &event.id,
            Self::Retraction(event) => &event.id,
        }
    }

    /// Reads one JSON object; `arrived_at` is ignored.
    ///
    /// # Errors
    ///
    /// [`EventError`], which names event and field.
    pub fn from_json(json: &[u8]) -> Result<Self, EventError> {
        Self::of_record(&read_record(json)?.0)
    }

    /// Writes one JSON object, without line breaks.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(&self.record(), None)
    }

    /// The flat form, not checked yet.
    pub(crate) fn record(&self) -> Record<'_> {
        let mut record = Record::new(self.kind(), Cow::Borrowed(self.id().as_str()));
        match self {
            Self::Change(event) => fill_change(&mut record, event),
            Self::Deployment(event) => fill_deployment(&mut record, event),
            Self::Incident(event) => fill_incident(&mut record, event),
            Self::Check(event) => {
                set_services(&mut record, core::slice::from_ref(&event.service));
                record.set_time(Time::FinishedAt, Some(event.finished_at));
                record.set_code(Code::Outcome, Some(event.outcome.code()));
                record.set_text(Text::Commit, id_text(event.commit.as_ref()));
            }
            Self::Alert(event) => {
                set_services(&mut record, core::slice::from_ref(&event.service));
                record.set_time(Time::At, Some(event.at));
                record.set_code(Code::Predicted, Some(u8::from(event.predicted)));
                record.set_code(Code::Actual, event.actual.map(u8::from));
            }
            Self::Uptime(event) => {
                set_services(&mut record, core::slice::from_ref(&event.service));
                record.set_time(Time::From, Some(event.from));
                record.set_time(Time::To, Some(event.to));
                record.set_code(Code::Up, Some(u8::from(event.up)));
            }
            Self::Retraction(_) => {}
        }
        record.drop_defaults();
        record
    }

    /// The typed form of a checked record.
    pub(crate) fn of_record(record: &Record<'_>) -> Result<Self, EventError> {
        typed(record).map_err(|error| EventError::of_value(describe_record(record), "id", error))
    }
}

/// How messages call the event of a record.
pub(crate) fn describe_record(record: &Record<'_>) -> String {
    super::error::describe(Some(record.kind), Some(&record.id))
}

fn id_text(id: Option<&EventId>) -> Option<Cow<'_, str>> {
    id.map(|id| Cow::Borrowed(id.as_str()))
}

fn id_list(ids: &[EventId]) -> impl Iterator<Item = Cow<'_, str>> {
    ids.iter().map(|id| Cow::Borrowed(id.as_str()))
}

fn set_services<'a>(record: &mut Record<'a>, services: &'a [ServiceId]) {
    record.set_list(List::Services, services.iter().map(|s| Cow::Borrowed(s.as_str())));
}

fn fill_change<'a>(record: &mut Record<'a>, event: &'a Change) {
    set_services(record, &event.services);
    record.set_time(Time::AuthoredAt, event.authored_at);
    record.set_time(Time::CommittedAt, event.committed_at);
    record.set_time(Time::OpenedAt, event.opened_at);
    record.set_time(Time::ReviewedAt, event.reviewed_at);
    record.set_time(Time::MergedAt, event.merged_at);
    record.set_text(Text::Commit, id_text(event.commit.as_ref()));
    record.set_text(Text::Reverts, id_text(event.reverts.as_ref()));
    record.set_code(Code::Unit, Some(event.unit.code()));
    record.set_code(Code::Bot, Some(u8::from(event.bot)));
    record.set_code(Code::Merge, Some(u8::from(event.merge)));
    record.set_list(List::Deployments, id_list(&event.deployments));
}

fn fill_deployment<'a>(record: &mut Record<'a>, event: &'a Deployment) {
    set_services(record, core::slice::from_ref(&event.service));
    record.set_time(Time::StartedAt, event.started_at);
    record.set_time(Time::FinishedAt, Some(event.finished_at));
    record.parts.clone_from(&event.parts_finished_at);
    let environment = event.environment.as_ref().map(|name| Cow::Borrowed(name.as_str()));
    record.set_text(Text::Environment, environment);
    record.set_text(Text::Commit, id_text(event.commit.as_ref()));
    record.set_text(Text::Version, id_text(event.version.as_ref()));
    record.set_text(Text::Replaces, id_text(event.replaces.as_ref()));
    record.set_code(Code::Tier, event.tier.map(Tier::code));
    record.set_code(Code::Outcome, Some(event.outcome.code()));
    record.set_code(Code::Kind, Some(event.kind.code()));
    record.set_code(Code::DeclaredFailure, event.declared_failure.map(DeclaredFailure::code));
    record.set_list(List::Changes, id_list(&event.changes));
}

fn fill_incident<'a>(record: &mut Record<'a>, event: &'a Incident) {
    set_services(record, &event.services);
    record.set_time(Time::OpenedAt, Some(event.opened_at));
    record.set_time(Time::DetectedAt, event.detected_at);
    record.set_time(Time::ResolvedAt, event.resolved_at);
    match &event.caused_by {
        Some(CausedBy::Deployment(id)) => record.set_text(Text::CausedByDeployment, id_text(Some(id))),
        Some(CausedBy::Commit(id)) => record.set_text(Text::CausedByCommit, id_text(Some(id))),
        None => {}
    }
    record.set_code(Code::Cause, Some(event.cause.code()));
    record.set_code(Code::Recovery, Some(event.recovery.code()));
    record.set_code(Code::Severity, event.severity.map(|severity| severity as u8));
}

/// The severity of a packed byte.
pub(crate) fn severity_of_code(code: u8) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| *severity as u8 == code)
}

fn typed(record: &Record<'_>) -> Result<Event, ValueError> {
    let id = EventId::new(&record.id)?;
    let services =
        record.list(List::Services).iter().map(|s| ServiceId::new(s)).collect::<Result<Vec<_>, _>>()?;
    // `settle` has made sure of what a kind needs; the fall-backs are never taken.
    let time = |field| record.time(field).unwrap_or(Timestamp::EPOCH);
    let outcome = record.code(Code::Outcome).and_then(Outcome::of_code).unwrap_or(Outcome::Failed);
    let Some(service) = services.first().cloned() else { return Ok(Retraction::new(id).into()) };
    let commit = record.text(Text::Commit).map(EventId::new).transpose()?;
    Ok(match record.kind {
        EventKind::Change => typed_change(record, id, services)?.into(),
        EventKind::Deployment => {
            typed_deployment(record, Deployment::new(id, service, time(Time::FinishedAt), outcome))?.into()
        }
        EventKind::Incident => {
            typed_incident(record, Incident::new(id, services, time(Time::OpenedAt)))?.into()
        }
        EventKind::Check => {
            let check = Check::new(id, service, time(Time::FinishedAt), outcome);
            Check { commit, ..check }.into()
        }
        EventKind::Alert => {
            let alert = Alert::new(id, service, time(Time::At), record.flag(Code::Predicted));
            Alert { actual: record.code(Code::Actual).map(|code| code == 1), ..alert }.into()
        }
        EventKind::Uptime => {
            Uptime::new(id, service, time(Time::From), time(Time::To), record.flag(Code::Up)).into()
        }
        EventKind::Retraction => Retraction::new(id).into(),
    })
}

fn typed_list(record: &Record<'_>, field: List) -> Result<Vec<EventId>, ValueError> {
    record.list(field).iter().map(|text| EventId::new(text)).collect()
}

fn typed_change(record: &Record<'_>, id: EventId, services: Vec<ServiceId>) -> Result<Change, ValueError> {
    Ok(Change {
        unit: record.code(Code::Unit).and_then(ChangeUnit::of_code).unwrap_or(ChangeUnit::Commit),
        commit: record.text(Text::Commit).map(EventId::new).transpose()?,
        authored_at: record.time(Time::AuthoredAt),
        committed_at: record.time(Time::CommittedAt),
        opened_at: record.time(Time::OpenedAt),
        reviewed_at: record.time(Time::ReviewedAt),
        merged_at: record.time(Time::MergedAt),
        deployments: typed_list(record, List::Deployments)?,
        bot: record.flag(Code::Bot),
        merge: record.flag(Code::Merge),
        reverts: record.text(Text::Reverts).map(EventId::new).transpose()?,
        ..Change::new(id, services)
    })
}

fn typed_deployment(record: &Record<'_>, plain: Deployment) -> Result<Deployment, ValueError> {
    Ok(Deployment {
        environment: record.text(Text::Environment).map(EnvironmentId::new).transpose()?,
        tier: record.code(Code::Tier).and_then(Tier::of_code),
        started_at: record.time(Time::StartedAt),
        parts_finished_at: record.parts.clone(),
        kind: record.code(Code::Kind).and_then(DeploymentKind::of_code).unwrap_or(DeploymentKind::Normal),
        commit: record.text(Text::Commit).map(EventId::new).transpose()?,
        version: record.text(Text::Version).map(EventId::new).transpose()?,
        replaces: record.text(Text::Replaces).map(EventId::new).transpose()?,
        declared_failure: record.code(Code::DeclaredFailure).and_then(DeclaredFailure::of_code),
        changes: typed_list(record, List::Changes)?,
        ..plain
    })
}

fn typed_incident(record: &Record<'_>, plain: Incident) -> Result<Incident, ValueError> {
    let deployment = record.text(Text::CausedByDeployment).map(EventId::new).transpose()?;
    let commit = record.text(Text::CausedByCommit).map(EventId::new).transpose()?;
    Ok(Incident {
        detected_at: record.time(Time::DetectedAt),
        resolved_at: record.time(Time::ResolvedAt),
        caused_by: deployment.map(CausedBy::Deployment).or(commit.map(CausedBy::Commit)),
        cause: record.code(Code::Cause).and_then(CauseClass::of_code).unwrap_or(CauseClass::Unknown),
        recovery: record.code(Code::Recovery).and_then(Recovery::of_code).unwrap_or(Recovery::Unknown),
        severity: record.code(Code::Severity).and_then(severity_of_code),
        ..plain
    })
}

/// An event and when it became known.
///
/// ```
/// use devops_metrics::event::{Arrival, Retraction};
///
/// let arrival = Arrival::new(Retraction::new("INC-7".parse()?), "2026-03-04T00:00:00Z".parse()?);
/// let json = arrival.to_json();
/// assert_eq!(json, r#"{"type":"retraction","id":"INC-7","arrived_at":"2026-03-04T00:00:00Z"}"#);
/// assert_eq!(Arrival::from_json(json.as_bytes()).unwrap(), arrival);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arrival {
    /// What happened.
    pub event: Event,
    /// When it became known; `None` where that is not.
    pub arrived_at: Option<Timestamp>,
}

impl Arrival {
    /// An event that became known then.
    #[must_use]
    pub fn new(event: impl Into<Event>, arrived_at: Timestamp) -> Self {
        Self { event: event.into(), arrived_at: Some(arrived_at) }
    }

    /// Reads one JSON object.
    ///
    /// # Errors
    ///
    /// [`EventError`], which names event and field.
    pub fn from_json(json: &[u8]) -> Result<Self, EventError> {
        let (record, arrived_at) = read_record(json)?;
        Ok(Self { event: Event::of_record(&record)?, arrived_at })
    }

    /// Writes one JSON object, without line breaks.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(&self.event.record(), self.arrived_at)
    }
}

pub(crate) fn written(record: &Record<'_>, arrived_at: Option<Timestamp>) -> String {
    // Writing to a text fails only where the value does, and this one holds texts, flags and lists alone.
    serde_json::to_string(&Written(record, arrived_at)).unwrap_or_default()
}

/// Reads JSON Lines, one event after the other; empty lines are skipped.
///
/// Each item is an event or the error of its line, so that the caller decides whether one bad line ends the
/// reading.
pub fn read_json_lines(text: &[u8]) -> impl Iterator<Item = Result<Arrival, LineError>> {
    let mut reader = LineReader::new();
    lines(text).map(move |(line, json)| {
        let read = reader
            .read(json)
            .and_then(|(record, arrived_at)| Ok(Arrival { event: Event::of_record(record)?, arrived_at }));
        read.map_err(|error| LineError { line, error })
    })
}

impl serde::Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written(&self.record(), None).serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Event {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (record, _) = Parsed::deserialize(deserializer)?.settle().map_err(serde::de::Error::custom)?;
        Self::of_record(&record).map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for Arrival {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written(&self.event.record(), self.arrived_at).serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Arrival {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (record, arrived_at) =
            Parsed::deserialize(deserializer)?.settle().map_err(serde::de::Error::custom)?;
        let event = Event::of_record(&record).map_err(serde::de::Error::custom)?;
        Ok(Self { event, arrived_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const LINES: &[&str] = &[
        r#"{"type":"change","id":"c1","services":["api","web"],"deployments":["d1","d2"],"authored_at":"2026-03-01T09:00:00Z","committed_at":"2026-03-01T10:00:00Z","opened_at":"2026-03-01T11:00:00Z","reviewed_at":"2026-03-01T12:00:00Z","merged_at":"2026-03-01T13:00:00Z","commit":"abc","reverts":"c0","unit":"pull_request","bot":true,"merge":true}"#,
        r#"{"type":"deployment","id":"d1","service":"api","changes":["c0","c1"],"started_at":"2026-03-02T09:00:00Z","finished_at":"2026-03-02T10:00:00Z","parts_finished_at":["2026-03-02T09:30:00Z","2026-03-02T10:00:00Z"],"environment":"prod-eu","commit":"abc","version":"1.4.0","replaces":"d0","tier":"staging","outcome":"failed","kind":"rollback","declared_failure":"pending"}"#,
        r#"{"type":"incident","id":"i1","service":"api","opened_at":"2026-03-02T10:20:00Z","detected_at":"2026-03-02T10:21:00Z","resolved_at":"2026-03-02T11:00:00.500Z","caused_by_deployment":"d1","cause":"change","recovery":"manual","severity":"critical"}"#,
        r#"{"type":"incident","id":"i2","service":"api","opened_at":"2026-03-02T10:20:00Z","caused_by_commit":"c1","severity":"info"}"#,
        r#"{"type":"check","id":"k1","service":"api","finished_at":"2026-03-02T10:20:00Z","commit":"abc","outcome":"cancelled"}"#,
        r#"{"type":"alert","id":"a1","service":"api","at":"2026-03-02T10:20:00Z","predicted":false,"actual":true}"#,
        r#"{"type":"uptime","id":"u1","service":"api","from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","up":false}"#,
        r#"{"type":"retraction","id":"i2","arrived_at":"2026-03-03T00:00:00Z"}"#,
    ];

    #[test]
    fn every_field_of_every_kind_round_trips() {
        for line in LINES {
            let arrival = Arrival::from_json(line.as_bytes()).unwrap();
            assert_eq!(arrival.to_json(), *line);
            let again: Arrival = serde_json::from_str(line).unwrap();
            assert_eq!(again, arrival);
            let event: Event = serde_json::from_str(line).unwrap();
            assert_eq!(event, arrival.event);
        }
    }

    #[test]
    fn fields_of_other_kinds_and_unknown_ones_are_ignored() {
        let line =
            br#"{"up":true,"note":{"a":[1]},"id":"i1","type":"retraction","services":["x"],"commit":null}"#;
        assert_eq!(Event::from_json(line).unwrap().to_json(), r#"{"type":"retraction","id":"i1"}"#);
    }

    #[test]
    fn bad_input_names_event_and_field() {
        let expected_id = "1 to 500 bytes of text without control characters";
        let long = "x".repeat(1 << 20);
        let long_line = alloc::format!(r#"{{"type":"retraction","id":"{long}"}}"#);
        let table: &[(&str, String)] = &[
            (r#"{"id":"x"}"#, "event `x`: `type` is missing".into()),
            (r#"{"type":"deploy","id":"x"}"#, "event `x`: `type` is `deploy`, must be `change`, `deployment`, `incident`, `check`, `alert`, `uptime` or `retraction`".into()),
            (r#"{"type":"change","service":"api"}"#, "change without id: `id` is missing".into()),
            (r#"{"type":"change","id":"","service":"api"}"#, alloc::format!("change ``: `id` is ``, must be {expected_id}")),
            (r#"{"type":"change","id":"c","services":[]}"#, "change `c`: `service` is missing".into()),
            (r#"{"type":"change","id":"c","service":"a\nb"}"#, alloc::format!("change `c`: `service` is `a b`, must be {expected_id}")),
            (r#"{"type":"change","id":"c","services":["a","b","a"]}"#, "change `c`: `services` names `a` twice".into()),
            (r#"{"type":"deployment","id":"d","service":"a","outcome":"succeeded"}"#, "deployment `d`: `finished_at` is missing".into()),
            (r#"{"type":"deployment","id":"d","service":"a","outcome":"ok","finished_at":"2026-03-02T10:20:00Z"}"#, "deployment `d`: `outcome` is `ok`, must be `succeeded`, `failed` or `cancelled`".into()),
            (r#"{"type":"deployment","id":"d","services":["a","b"],"outcome":"failed","finished_at":"2026-03-02T10:20:00Z"}"#, "deployment `d`: `services` is `several`, must be one service".into()),
            (r#"{"type":"deployment","id":"d","service":"a","outcome":"failed","finished_at":"2026-03-02T10:20:00Z","changes":["c","c"]}"#, "deployment `d`: `changes` names `c` twice".into()),
            (r#"{"type":"incident","id":"i","service":"a","opened_at":"10000-01-01T00:00:00Z"}"#, "incident `i`: `opened_at` is `10000-01-01T00:00:00Z`, must be an RFC 3339 time such as `2026-11-23T08:30:00Z`".into()),
            (r#"{"type":"uptime","id":"u","service":"a","from":"2026-03-02T10:20:00Z","to":"2026-03-02T10:20:00Z","up":true}"#, "uptime `u`: `to` is `2026-03-02T10:20:00Z`, must be later than `from`, 2026-03-02T10:20:00Z".into()),
            (&long_line, alloc::format!("retraction `{}…`: `id` is `{}…`, must be {expected_id}", "x".repeat(80), "x".repeat(80))),
            ("[]", "event is no JSON of the documented form: invalid type: sequence, expected an event object at line 1 column 0".into()),
            (r#"{"id":7}"#, "event is no JSON of the documented form: `id`: invalid type: integer `7`, expected a text at line 1 column 7".into()),
        ];
        for (line, message) in table {
            assert_eq!(Event::from_json(line.as_bytes()).unwrap_err().to_string(), *message);
        }
    }

    #[test]
    fn lines_are_numbered_and_read_on_after_an_error() {
        let text =
            b"\n{\"type\":\"retraction\",\"id\":\"a\"}\r\n\n{}\n{\"type\":\"retraction\",\"id\":\"b\"}";
        let read: Vec<_> = read_json_lines(text).collect();
        assert_eq!(read.len(), 3);
        assert_eq!(read[1].as_ref().unwrap_err().to_string(), "line 4: event without id: `type` is missing");
        assert_eq!(read[2].as_ref().unwrap().event.id().as_str(), "b");
    }

    #[test]
    fn the_ends_of_time_are_times() {
        for time in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"] {
            let line = alloc::format!(r#"{{"type":"incident","id":"i","service":"a","opened_at":"{time}"}}"#);
            assert_eq!(Event::from_json(line.as_bytes()).unwrap().to_json(), line);
        }
    }
}
