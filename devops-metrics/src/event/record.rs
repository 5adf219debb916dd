//! One flat form of all events: what JSON is read into, what the log packs, what typed events are made of.

use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;
use devops_core::{EventId, ServiceId, Timestamp, excerpt};

use super::EventKind;
use super::error::{EventError, describe};

/// Fields of one shape, by position; the position is also the bit in the mask of a packed record.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident from $first:literal, $($variant:ident = $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant,)* }

        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),*];
            pub(crate) const COUNT: usize = Self::ALL.len();

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub(crate) const fn bit(self) -> u64 {
                1_u64.wrapping_shl($first).wrapping_shl(self as u32)
            }

            /// The field whose bit is at that place of the mask.
            #[inline]
            pub(crate) fn of_bit(place: u32) -> Option<Self> {
                Self::ALL.get(place.wrapping_sub($first) as usize).copied()
            }
        }
    };
}

fields! {
    /// Instants.
    Time from 0,
    AuthoredAt = "authored_at",
    CommittedAt = "committed_at",
    OpenedAt = "opened_at",
    ReviewedAt = "reviewed_at",
    MergedAt = "merged_at",
    StartedAt = "started_at",
    FinishedAt = "finished_at",
    DetectedAt = "detected_at",
    ResolvedAt = "resolved_at",
    At = "at",
    From = "from",
    To = "to",
}
fields! {
    /// Texts.
    Text from 12,
    Environment = "environment",
    Commit = "commit",
    Version = "version",
    Replaces = "replaces",
    Reverts = "reverts",
    CausedByDeployment = "caused_by_deployment",
    CausedByCommit = "caused_by_commit",
}
fields! {
    /// Words of a closed vocabulary, and flags; one byte each.
    Code from 19,
    Tier = "tier",
    Outcome = "outcome",
    Kind = "kind",
    DeclaredFailure = "declared_failure",
    Unit = "unit",
    Cause = "cause",
    Recovery = "recovery",
    Severity = "severity",
    Bot = "bot",
    Merge = "merge",
    Predicted = "predicted",
    Actual = "actual",
    Up = "up",
}
fields! {
    /// Lists of texts; sorted, without duplicates.
    List from 32,
    Services = "services",
    Deployments = "deployments",
    Changes = "changes",
}
/// The bit of `parts_finished_at`.
pub(crate) const PARTS_BIT: u64 = 1 << 35;

const TIMES: usize = Time::COUNT;
const TEXTS: usize = Text::COUNT;
const CODES: usize = Code::COUNT;
const LISTS: usize = List::COUNT;

/// An event of any kind. Fields that the kind does not have are absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) kind: EventKind,
    pub(crate) id: Cow<'a, str>,
    /// The bits of the fields that are there; those of the parts are not among them.
    present: u64,
    times: [Option<Timestamp>; TIMES],
    texts: [Option<Cow<'a, str>>; TEXTS],
    codes: [Option<u8>; CODES],
    lists: [Vec<Cow<'a, str>>; LISTS],
    pub(crate) parts: Vec<Timestamp>,
}

impl<'a> Record<'a> {
    pub(crate) const fn new(kind: EventKind, id: Cow<'a, str>) -> Self {
        Self {
            kind,
            id,
            present: 0,
            times: [None; TIMES],
            texts: [const { None }; TEXTS],
            codes: [None; CODES],
            lists: [const { Vec::new() }; LISTS],
            parts: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn time(&self, field: Time) -> Option<Timestamp> {
        self.times.get(field as usize).copied().flatten()
    }

    pub(crate) fn text(&self, field: Text) -> Option<&str> {
        self.texts.get(field as usize)?.as_deref()
    }

    pub(crate) fn code(&self, field: Code) -> Option<u8> {
        self.codes.get(field as usize).copied().flatten()
    }

    /// A flag; absent is no.
    pub(crate) fn flag(&self, field: Code) -> bool {
        self.code(field) == Some(1)
    }

    pub(crate) fn list(&self, field: List) -> &[Cow<'a, str>] {
        self.lists.get(field as usize).map_or(&[], Vec::as_slice)
    }

    /// The bits of the fields that are there.
    pub(crate) const fn mask(&self) -> u64 {
        self.present | if self.parts.is_empty() { 0 } else { PARTS_BIT }
    }

    fn mark(&mut self, bit: u64, present: bool) {
        if present { self.present |= bit } else { self.present &= !bit }
    }

    pub(crate) fn set_time(&mut self, field: Time, value: Option<Timestamp>) {
        self.mark(field.bit(), value.is_some());
        if let Some(slot) = self.times.get_mut(field as usize) {
            *slot = value;
        }
    }

    pub(crate) fn set_text(&mut self, field: Text, value: Option<Cow<'a, str>>) {
        self.mark(field.bit(), value.is_some());
        if let Some(slot) = self.texts.get_mut(field as usize) {
            *slot = value;
        }
    }

    pub(crate) fn set_code(&mut self, field: Code, value: Option<u8>) {
        self.mark(field.bit(), value.is_some());
        if let Some(slot) = self.codes.get_mut(field as usize) {
            *slot = value;
        }
    }

    pub(crate) fn set_list(&mut self, field: List, values: impl IntoIterator<Item = Cow<'a, str>>) {
        self.clear(field.bit());
        values.into_iter().for_each(|value| self.add_to_list(field, value));
    }

    pub(crate) fn add_to_list(&mut self, field: List, value: Cow<'a, str>) {
        self.mark(field.bit(), true);
        if let Some(list) = self.lists.get_mut(field as usize) {
            list.push(value);
        }
    }

    /// Drops the fields of those bits; the memory of lists is kept.
    fn clear(&mut self, mask: u64) {
        for place in bits(self.present & mask) {
            if let Some(field) = Time::of_bit(place) {
                self.set_time(field, None);
            } else if let Some(field) = Text::of_bit(place) {
                self.set_text(field, None);
            } else if let Some(field) = Code::of_bit(place) {
                self.set_code(field, None);
            } else if let Some(list) = List::of_bit(place).and_then(|f| self.lists.get_mut(f as usize)) {
                list.clear();
            }
        }
        self.present &= !mask;
    }

    /// Forgets everything, for the next event.
    pub(crate) fn reset(&mut self) {
        self.clear(u64::MAX);
        self.parts.clear();
    }

    /// Drops what the kind does not have and what says no more than its absence, sorts lists, and checks the rest:
    /// the one form of an event.
    pub(crate) fn settle(mut self) -> Result<Self, EventError> {
        self.settle_in_place()?;
        Ok(self)
    }

    /// The same, where the record stays.
    pub(crate) fn settle_in_place(&mut self) -> Result<(), EventError> {
        let allowed = allowed(self.kind);
        self.clear(!allowed);
        self.drop_defaults();
        if allowed & PARTS_BIT == 0 {
            self.parts.clear();
        }
        self.parts.sort_unstable();
        self.check()
    }

    /// Drops the words that say no more than their absence.
    pub(crate) fn drop_defaults(&mut self) {
        for field in bits(self.present).filter_map(Code::of_bit) {
            if default_code(field).is_some() && self.code(field) == default_code(field) {
                self.set_code(field, None);
            }
        }
    }

    fn check(&mut self) -> Result<(), EventError> {
        EventId::check(&self.id).map_err(|e| EventError::of_value(self.name(), "id", e))?;
        for field in bits(self.present).filter_map(Text::of_bit) {
            if let Some(Err(error)) = self.text(field).map(EventId::check) {
                return Err(EventError::of_value(self.name(), field.name(), error));
            }
        }
        for field in bits(self.present).filter_map(List::of_bit) {
            self.check_list(field)?;
        }
        let missing = required(self.kind) & !self.present;
        if missing != 0 {
            let place = missing.trailing_zeros();
            let field = Time::of_bit(place).map(Time::name).or_else(|| Code::of_bit(place).map(Code::name));
            return Err(EventError::Missing { event: self.name(), field: field.unwrap_or("service") });
        }
        if let (Some(from), Some(to)) = (self.time(Time::From), self.time(Time::To))
            && to <= from
        {
            let expected = alloc::format!("later than `from`, {from}");
            let value = to.to_string();
            return Err(EventError::Field { event: self.name(), field: "to", value, expected });
        }
        Ok(())
    }

    fn check_list(&mut self, field: List) -> Result<(), EventError> {
        let Some(list) = self.lists.get_mut(field as usize) else { return Ok(()) };
        list.sort_unstable();
        let twice = list.windows(2).find_map(|pair| match pair {
            [a, b] if a == b => Some(excerpt(a)),
            _ => None,
        });
        let check = if field == List::Services { ServiceId::check } else { EventId::check };
        let bad = list.iter().find_map(|text| check(text).err());
        // One service is written as such.
        let name = if field == List::Services && list.len() == 1 { "service" } else { field.name() };
        if let Some(value) = twice {
            return Err(EventError::Twice { event: self.name(), field: name, value });
        }
        bad.map_or(Ok(()), |error| Err(EventError::of_value(self.name(), name, error)))
    }

    fn name(&self) -> alloc::string::String {
        describe(Some(self.kind), Some(&self.id))
    }
}

/// The places of the bits of a mask, lowest first.
pub(crate) fn bits(mut mask: u64) -> impl Iterator<Item = u32> {
    core::iter::from_fn(move || {
        let place = (mask != 0).then(|| mask.trailing_zeros());
        mask &= mask.wrapping_sub(1);
        place
    })
}

/// What a word that is left out means: writing it says nothing.
const fn default_code(field: Code) -> Option<u8> {
    match field {
        Code::Kind | Code::Unit | Code::Bot | Code::Merge => Some(0),
        Code::Cause => Some(super::CauseClass::Unknown.code()),
        Code::Recovery => Some(super::Recovery::Unknown.code()),
        _ => None,
    }
}

/// Which fields a kind of event has, as bits.
pub(crate) const fn allowed(kind: EventKind) -> u64 {
    match kind {
        EventKind::Change => {
            Time::AuthoredAt.bit()
                | Time::CommittedAt.bit()
                | Time::OpenedAt.bit()
                | Time::ReviewedAt.bit()
                | Time::MergedAt.bit()
                | Text::Commit.bit()
                | Text::Reverts.bit()
                | Code::Unit.bit()
                | Code::Bot.bit()
                | Code::Merge.bit()
                | List::Services.bit()
                | List::Deployments.bit()
        }
        EventKind::Deployment => {
            Time::StartedAt.bit()
                | Time::FinishedAt.bit()
                | Text::Environment.bit()
                | Text::Commit.bit()
                | Text::Version.bit()
                | Text::Replaces.bit()
                | Code::Tier.bit()
                | Code::Outcome.bit()
                | Code::Kind.bit()
                | Code::DeclaredFailure.bit()
                | List::Services.bit()
                | List::Changes.bit()
                | PARTS_BIT
        }
        EventKind::Incident => {
            Time::OpenedAt.bit()
                | Time::DetectedAt.bit()
                | Time::ResolvedAt.bit()
                | Text::CausedByDeployment.bit()
                | Text::CausedByCommit.bit()
                | Code::Cause.bit()
                | Code::Recovery.bit()
                | Code::Severity.bit()
                | List::Services.bit()
        }
        EventKind::Check => {
            Time::FinishedAt.bit() | Text::Commit.bit() | Code::Outcome.bit() | List::Services.bit()
        }
        EventKind::Alert => {
            Time::At.bit() | Code::Predicted.bit() | Code::Actual.bit() | List::Services.bit()
        }
        EventKind::Uptime => Time::From.bit() | Time::To.bit() | Code::Up.bit() | List::Services.bit(),
        EventKind::Retraction => 0,
    }
}

/// Which fields it must have, as bits.
const fn required(kind: EventKind) -> u64 {
    let own = match kind {
        EventKind::Change => 0,
        EventKind::Deployment | EventKind::Check => Time::FinishedAt.bit() | Code::Outcome.bit(),
        EventKind::Incident => Time::OpenedAt.bit(),
        EventKind::Alert => Time::At.bit() | Code::Predicted.bit(),
        EventKind::Uptime => Time::From.bit() | Time::To.bit() | Code::Up.bit(),
        EventKind::Retraction => return 0,
    };
    own | List::Services.bit()
}

/// Whether a kind of event has one service only, written as `service`.
pub(crate) const fn has_one_service(kind: EventKind) -> bool {
    matches!(kind, EventKind::Deployment | EventKind::Check | EventKind::Alert | EventKind::Uptime)
}
