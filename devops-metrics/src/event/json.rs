//! The JSON form of events.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use devops_core::{Severity, Timestamp, ValueError};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::error::{EventError, describe};
use super::record::{Code, List, PARTS_BIT, Record, Text, Time, allowed, has_one_service};
use super::{CauseClass, ChangeUnit, DeclaredFailure, DeploymentKind, EventKind, Outcome, Recovery, Tier};

/// A text that borrows from the input where it can.
struct Borrowed<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Borrowed<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Borrowed<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Borrowed(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Borrowed(Cow::Owned(text.into())))
            }
            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Borrowed(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(Texts)
    }
}

/// What a key of the object means.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Type,
    Id,
    ArrivedAt,
    Service,
    Parts,
    Time(Time),
    Text(Text),
    Code(Code),
    List(List),
    Unknown,
}

impl Key {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "type" => Self::Type,
            "id" => Self::Id,
            "arrived_at" => Self::ArrivedAt,
            "service" => Self::Service,
            "parts_finished_at" => Self::Parts,
            _ => Self::of_time(text)
                .or_else(|| Text::ALL.iter().find(|f| f.name() == text).map(|f| Self::Text(*f)))
                .or_else(|| Code::ALL.iter().find(|f| f.name() == text).map(|f| Self::Code(*f)))
                .or_else(|| List::ALL.iter().find(|f| f.name() == text).map(|f| Self::List(*f)))
                .unwrap_or(Self::Unknown),
        }
    }

    fn of_time(text: &str) -> Option<Self> {
        Time::ALL.iter().find(|f| f.name() == text).map(|f| Self::Time(*f))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Id => "id",
            Self::ArrivedAt => "arrived_at",
            Self::Service => "service",
            Self::Parts => "parts_finished_at",
            Self::Time(field) => field.name(),
            Self::Text(field) => field.name(),
            Self::Code(field) => field.name(),
            Self::List(field) => field.name(),
            Self::Unknown => "an unknown field",
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl Visitor<'_> for Keys {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }
            fn visit_str<E>(self, text: &str) -> Result<Key, E> {
                Ok(Key::of(text))
            }
        }
        deserializer.deserialize_identifier(Keys)
    }
}

/// What stood in an object, before it is known whether it is right.
pub(super) struct Parsed<'a> {
    kind: Option<EventKind>,
    id: Option<Cow<'a, str>>,
    arrived_at: Option<Timestamp>,
    record: Record<'a>,
    problem: Option<(&'static str, ValueError)>,
    /// The first field that was given more than once.
    repeated: Option<&'static str>,
}

impl<'de> Parsed<'de> {
    const fn new() -> Self {
        let record = Record::new(EventKind::Retraction, Cow::Borrowed(""));
        Self { kind: None, id: None, arrived_at: None, record, problem: None, repeated: None }
    }

    /// Notes a field that is given though it has a value.
    fn once(&mut self, field: &'static str, known: bool) {
        if known {
            self.repeated.get_or_insert(field);
        }
    }

    /// Keeps a value, or its error under the field's name.
    fn keep<T>(&mut self, field: &'static str, value: Result<T, ValueError>) -> Option<T> {
        value.map_err(|error| self.problem.get_or_insert((field, error))).ok()
    }

    fn take<A: MapAccess<'de>>(&mut self, key: Key, map: &mut A) -> Result<(), A::Error> {
        let name = key.name();
        match key {
            Key::Unknown => drop(map.next_value::<IgnoredAny>()?),
            Key::Type => {
                if let Some(Borrowed(text)) = map.next_value::<Option<Borrowed<'de>>>()? {
                    self.once(name, self.kind.is_some());
                    self.kind = self.keep(name, text.parse());
                }
            }
            Key::Id => {
                if let Some(Borrowed(text)) = map.next_value::<Option<Borrowed<'de>>>()? {
                    self.once(name, self.id.is_some());
                    self.id = Some(text);
                }
            }
            Key::ArrivedAt => {
                if let Some(time) = self.take_time(name, map)? {
                    self.once(name, self.arrived_at.is_some());
                    self.arrived_at = Some(time);
                }
            }
            Key::Time(field) => {
                if let Some(time) = self.take_time(name, map)? {
                    self.once(name, self.record.time(field).is_some());
                    self.record.set_time(field, Some(time));
                }
            }
            Key::Text(field) => {
                if let Some(Borrowed(text)) = map.next_value::<Option<Borrowed<'de>>>()? {
                    self.once(name, self.record.text(field).is_some());
                    self.record.set_text(field, Some(text));
                }
            }
            Key::Service => {
                let text = map.next_value::<Option<Borrowed<'de>>>()?;
                self.set_list(name, List::Services, text.into_iter().collect());
            }
            Key::List(field) => {
                let texts = map.next_value::<Option<Vec<Borrowed<'de>>>>()?;
                self.set_list(name, field, texts.unwrap_or_default());
            }
            Key::Parts => {
                let texts = map.next_value::<Option<Vec<Borrowed<'de>>>>()?.unwrap_or_default();
                self.once(name, !self.record.parts.is_empty() && !texts.is_empty());
                for Borrowed(text) in texts {
                    let time: Option<Timestamp> = self.keep(name, text.parse());
                    self.record.parts.extend(time);
                }
            }
            Key::Code(field) => {
                if let Some(code) = self.take_code(field, map)? {
                    self.once(name, self.record.code(field).is_some());
                    self.record.set_code(field, Some(code));
                }
            }
        }
        Ok(())
    }

    /// Sets a list; an empty one is as good as absent.
    fn set_list(&mut self, name: &'static str, field: List, texts: Vec<Borrowed<'de>>) {
        if !texts.is_empty() {
            self.once(name, !self.record.list(field).is_empty());
            self.record.set_list(field, texts.into_iter().map(|text| text.0));
        }
    }

    fn take_time<A: MapAccess<'de>>(
        &mut self,
        name: &'static str,
        map: &mut A,
    ) -> Result<Option<Timestamp>, A::Error> {
        let text = map.next_value::<Option<Borrowed<'de>>>()?;
        Ok(text.and_then(|text| self.keep(name, text.0.parse())))
    }

    fn take_code<A: MapAccess<'de>>(&mut self, field: Code, map: &mut A) -> Result<Option<u8>, A::Error> {
        if is_flag(field) {
            return Ok(map.next_value::<Option<bool>>()?.map(u8::from));
        }
        let Some(Borrowed(text)) = map.next_value::<Option<Borrowed<'de>>>()? else { return Ok(None) };
        let code = code_of(field, &text);
        Ok(self.keep(field.name(), code))
    }

    /// The record in its one form, and when it arrived, where the object says so.
    pub(super) fn settle(mut self) -> Result<(Record<'de>, Option<Timestamp>), EventError> {
        let name = || describe(self.kind, self.id.as_deref());
        if let Some((field, error)) = self.problem {
            return Err(EventError::of_value(name(), field, error));
        }
        if let Some(field) = self.repeated {
            return Err(EventError::Repeated { event: name(), field });
        }
        let Some(kind) = self.kind else { return Err(EventError::Missing { event: name(), field: "type" }) };
        let Some(id) = self.id else { return Err(EventError::Missing { event: name(), field: "id" }) };
        if has_one_service(kind) && self.record.list(List::Services).len() > 1 {
            let (event, value) = (describe(Some(kind), Some(&id)), "several".to_string());
            return Err(EventError::Field {
                event,
                field: "services",
                value,
                expected: "one service".into(),
            });
        }
        self.record.kind = kind;
        self.record.id = id;
        Ok((self.record.settle()?, self.arrived_at))
    }
}

impl<'de> Deserialize<'de> for Parsed<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Objects;
        impl<'de> Visitor<'de> for Objects {
            type Value = Parsed<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut parsed = Parsed::new();
                while let Some(key) = map.next_key::<Key>()? {
                    parsed.take(key, &mut map).map_err(|error| {
                        serde::de::Error::custom(alloc::format!("`{}`: {error}", key.name()))
                    })?;
                }
                Ok(parsed)
            }
        }
        deserializer.deserialize_map(Objects)
    }
}

/// Whether a field is written as `true` or `false`.
pub(super) const fn is_flag(field: Code) -> bool {
    matches!(field, Code::Bot | Code::Merge | Code::Predicted | Code::Actual | Code::Up)
}

/// The code of a word.
pub(super) fn code_of(field: Code, text: &str) -> Result<u8, ValueError> {
    match field {
        Code::Tier => text.parse().map(Tier::code),
        Code::Outcome => text.parse().map(Outcome::code),
        Code::Kind => text.parse().map(DeploymentKind::code),
        Code::DeclaredFailure => text.parse().map(DeclaredFailure::code),
        Code::Unit => text.parse().map(ChangeUnit::code),
        Code::Cause => text.parse().map(CauseClass::code),
        Code::Recovery => text.parse().map(Recovery::code),
        _ => text.parse().map(|severity: Severity| severity as u8),
    }
}

/// Reads one object.
pub(crate) fn read_record(json: &[u8]) -> Result<(Record<'_>, Option<Timestamp>), EventError> {
    let parsed: Parsed<'_> =
        serde_json::from_slice(json).map_err(|error| EventError::Json { reason: error.to_string() })?;
    parsed.settle()
}

/// A record with its arrival time, as it is written.
pub(super) struct Written<'a>(pub(super) &'a Record<'a>, pub(super) Option<Timestamp>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(record, arrived_at) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", record.kind.as_str())?;
        map.serialize_entry("id", &record.id)?;
        if let [one] = record.list(List::Services) {
            map.serialize_entry("service", one)?;
        }
        for field in List::ALL {
            let list = record.list(*field);
            if !(list.is_empty() || *field == List::Services && list.len() == 1) {
                map.serialize_entry(field.name(), list)?;
            }
        }
        for field in Time::ALL {
            if let Some(time) = record.time(*field) {
                map.serialize_entry(field.name(), &time)?;
            }
        }
        if allowed(record.kind) & PARTS_BIT != 0 && !record.parts.is_empty() {
            map.serialize_entry("parts_finished_at", &record.parts)?;
        }
        for field in Text::ALL {
            if let Some(text) = record.text(*field) {
                map.serialize_entry(field.name(), text)?;
            }
        }
        for field in Code::ALL {
            if let Some(code) = record.code(*field) {
                write_code(&mut map, *field, code)?;
            }
        }
        if let Some(time) = arrived_at {
            map.serialize_entry("arrived_at", time)?;
        }
        map.end()
    }
}

fn write_code<M: SerializeMap>(map: &mut M, field: Code, code: u8) -> Result<(), M::Error> {
    let word = match field {
        Code::Tier => Tier::of_code(code).map(Tier::as_str),
        Code::Outcome => Outcome::of_code(code).map(Outcome::as_str),
        Code::Kind => DeploymentKind::of_code(code).map(DeploymentKind::as_str),
        Code::DeclaredFailure => DeclaredFailure::of_code(code).map(DeclaredFailure::as_str),
        Code::Unit => ChangeUnit::of_code(code).map(ChangeUnit::as_str),
        Code::Cause => CauseClass::of_code(code).map(CauseClass::as_str),
        Code::Recovery => Recovery::of_code(code).map(Recovery::as_str),
        Code::Severity => super::severity_of_code(code).map(Severity::as_str),
        Code::Bot | Code::Merge | Code::Predicted | Code::Actual | Code::Up => {
            return map.serialize_entry(field.name(), &(code == 1));
        }
    };
    map.serialize_entry(field.name(), &word)
}
