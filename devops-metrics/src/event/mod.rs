//! Delivery events: what happened to changes, deployments and services, and when.
//!
//! # JSON
//!
//! One object an event, one a line in JSON Lines. `type` says the kind, `id` names the event; `arrived_at`
//! (optional) says when it became known. Times are RFC 3339. Fields that a kind does not have are ignored; absent
//! and `null` are the same. Lists have no order and name nothing twice; a field that is given twice is refused, and
//! `service` and `services` are one.
//!
//! | `type` | needs | may have |
//! | --- | --- | --- |
//! | `change` | `service` or `services` | `unit` (`commit`, `pull_request`), `commit`, `authored_at`, `committed_at`, `opened_at`, `reviewed_at`, `merged_at`, `deployments`, `bot`, `merge`, `reverts` |
//! | `deployment` | `service`, `finished_at`, `outcome` (`succeeded`, `failed`, `cancelled`) | `environment`, `tier` (`production`, `staging`, `testing`, `development`, `other`), `started_at`, `parts_finished_at`, `kind` (`normal`, `hotfix`, `rollback`, `rework`), `commit`, `version`, `replaces`, `declared_failure` (`yes`, `no`, `pending`), `changes` |
//! | `incident` | `service` or `services`, `opened_at` | `detected_at`, `resolved_at`, `caused_by_deployment`, `caused_by_commit`, `cause` (`change`, `infrastructure`, `external`, `unknown`), `recovery` (`automatic`, `manual`, `unknown`), `severity` (`critical`, `major`, `minor`, `info`) |
//! | `check` | `service`, `finished_at`, `outcome` | `commit` |
//! | `alert` | `service`, `at`, `predicted` | `actual` |
//! | `uptime` | `service`, `from`, `to`, `up` | |
//! | `retraction` | | |
//!
//! ```
//! use devops_metrics::event::{Event, read_json_lines};
//!
//! let text = br#"
//! {"type":"change","id":"8023f6f","service":"api","committed_at":"2026-03-02T09:00:00Z","deployments":["api@1.4.0"]}
//! {"type":"deployment","id":"api@1.4.0","service":"api","environment":"prod","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
//! {"type":"incident","id":"INC-7","service":"api","opened_at":"2026-03-02T10:20:00Z","caused_by_deployment":"api@1.4.0"}
//! "#;
//! let events = read_json_lines(text).collect::<Result<Vec<_>, _>>()?;
//! assert!(matches!(events[2].event, Event::Incident(_)));
//! # Ok::<(), devops_metrics::event::LineError>(())
//! ```

mod change;
mod choice;
mod convert;
mod deployment;
mod error;
mod incident;
pub(crate) mod json;
pub(crate) mod plain;
pub(crate) mod record;
mod signal;

pub use change::Change;
pub use choice::{
    CauseClass, ChangeUnit, DeclaredFailure, DeploymentKind, EventKind, Outcome, Recovery, Tier,
};
pub use convert::{Arrival, Event, read_json_lines};
pub(crate) use convert::{describe_record, severity_of_code, written as written_record};
pub use deployment::Deployment;
pub use error::{EventError, LineError};
pub use incident::{CausedBy, Incident};
pub use signal::{Alert, Check, Retraction, Uptime};
