//! Payloads of other systems to delivery events: pure functions of bytes, each behind a feature.
//!
//! # What does this webhook say?
//!
#![cfg_attr(
    feature = "github",
    doc = r##"
```
use devops_metrics::mapping::{Mapped, github};

let payload = br#"{"action":"created","repository":{"full_name":"shop/api"},
    "deployment":{"id":7,"sha":"8023f6f","environment":"production","created_at":"2026-03-02T09:58:00Z"},
    "deployment_status":{"state":"success","created_at":"2026-03-02T10:00:00Z"}}"#;
let Mapped::Events(events) = github("deployment_status", payload)? else { unreachable!() };
assert_eq!(events[0].id().as_str(), "shop/api/deployments/7");

let Mapped::Ignored(reason) = github("star", br#"{"action":"created"}"#)? else { unreachable!() };
assert_eq!(reason.to_string(), "`star` says nothing about delivery");
# Ok::<(), Box<dyn std::error::Error>>(())
```
"##
)]
//!
//! | feature | function | reads |
//! | --- | --- | --- |
//! | `github` | `github` | webhooks `deployment`, `deployment_status`, `pull_request` |
//! | `gitlab` | `gitlab` | webhooks `deployment`, `merge_request` |
//! | `cdevents` | `cdevents` | `CDEvents` 0.4 and 0.5: services, changes, incidents; also inside a `CloudEvents` envelope |
//!
//! What a payload says about delivery becomes [`Event`]s; anything else is [`Mapped::Ignored`] with its reason, so
//! that nothing is dropped silently; what cannot be read is a [`MappingError`]. Ids are made from the payload alone, so
//! the same payload twice changes nothing in a log.

#[cfg(feature = "cdevents")]
mod cdevents;
mod error;
#[cfg(feature = "github")]
mod github;
#[cfg(feature = "gitlab")]
mod gitlab;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::event::Event;

#[cfg(feature = "cdevents")]
pub use cdevents::cdevents;
pub use error::MappingError;
#[cfg(feature = "github")]
pub use github::github;
#[cfg(feature = "gitlab")]
pub use gitlab::gitlab;

/// What a payload became.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a payload says something or it does not")]
pub enum Mapped {
    /// Events for a log, at least one.
    Events(Vec<Event>),
    /// Nothing that a log takes.
    Ignored(Ignored),
}

/// Why a payload says nothing that a log takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ignored {
    /// Its kind has nothing to do with delivery.
    Kind {
        /// The kind, made fit to show.
        kind: String,
    },
    /// A state on the way: its end will be told by another payload.
    NotFinished {
        /// The state.
        state: String,
    },
    /// It tells of an end of life, not of a delivery.
    NoDelivery {
        /// The state or predicate.
        state: String,
    },
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { kind } => write!(f, "`{kind}` says nothing about delivery"),
            Self::NotFinished { state } => write!(f, "`{state}` is a state on the way"),
            Self::NoDelivery { state } => write!(f, "`{state}` ends something that was delivered before"),
        }
    }
}
