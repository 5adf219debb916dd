//! How work flows and how services fare, from the same events as the DORA metrics.
//!
//! # How long does it take to notice, and do we recover by ourselves?
//!
//! ```
//! use devops_metrics::calendar::Window;
//! use devops_metrics::flow::{FlowQuery, Operations};
//! use devops_metrics::log::DeliveryLog;
//!
//! let mut log = DeliveryLog::new();
//! log.read_json_lines(br#"
//! {"type":"incident","id":"INC-1","service":"api","opened_at":"2026-03-02T10:00:00Z","detected_at":"2026-03-02T10:04:00Z","resolved_at":"2026-03-02T11:00:00Z","recovery":"automatic"}
//! {"type":"incident","id":"INC-2","service":"api","opened_at":"2026-03-09T10:00:00Z","detected_at":"2026-03-09T10:20:00Z","resolved_at":"2026-03-09T12:00:00Z","recovery":"manual"}
//! {"type":"uptime","id":"u1","service":"api","from":"2026-03-01T00:00:00Z","to":"2026-04-01T00:00:00Z","up":true}
//! {"type":"uptime","id":"u2","service":"api","from":"2026-03-02T10:00:00Z","to":"2026-03-02T11:00:00Z","up":false}
//! "#)?;
//! let march = Window::new("2026-03-01T00:00:00Z".parse()?, "2026-04-01T00:00:00Z".parse()?)?;
//! let operations = Operations::of(&log, &FlowQuery::new(march))?;
//! assert_eq!(operations.automatic_recovery.to_string(), "50 % (1 of 2)");
//! assert_eq!(operations.availability.to_string(), "99.8656 % (all of the window known)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Operations`] tells how services fare, [`Work`] how changes flow: how many a deployment carries, how many wait and
//! since when, how long each stage takes, and whether that fits together.
//!
//! Every number comes with how many events it rests on; what is left out is listed with its reason; a share of
//! nothing and a duration of nothing are no numbers.

mod carried;
mod lasting;
mod measures;
mod operations;
mod query;
mod share;
mod uptime;
mod work;

pub use lasting::Lasting;
pub use operations::{Excluded, Operations};
pub use query::{FlowError, FlowQuery};
pub use share::Share;
pub use uptime::Availability;
pub use work::{Ages, BatchSize, LittlesLaw, Stage, Work, WorkInProgress};
