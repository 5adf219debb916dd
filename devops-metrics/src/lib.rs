//! Delivery metrics that explain themselves: what happened, how it is counted, what came out, and whether it is
//! getting better.
//!
//! # How often do we deploy, how long do changes take, how much fails?
//!
//! ```
//! use devops_metrics::calendar::{Calendar, PeriodKind};
//! use devops_metrics::{dataset::Dataset, definition::Definition, log::DeliveryLog};
//! use devops_metrics::query::{DeliveryMetric, Query};
//!
//! let mut log = DeliveryLog::new();
//! log.read_json_lines(br#"
//! {"type":"change","id":"c1","service":"api","committed_at":"2026-03-02T09:00:00Z","deployments":["d1"]}
//! {"type":"deployment","id":"d1","service":"api","environment":"prod","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
//! "#)?;
//! let march = Calendar::utc().days("2026-03-01".parse()?, "2026-03-31".parse()?)?;
//! let report = Query::new(Definition::dora_2025(), march).run(&Dataset::of(&log))?;
//! let lead = report.cells[0].value(DeliveryMetric::ChangeLeadTime).unwrap();
//! assert_eq!(lead.to_string(), "change lead time: 1 h (? to ? at 95 %, n = 1), small sample");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Is it getting better, by how much, since when, and how sure are we?
//!
//! ```
//! use devops_core::{GoodDirection, Timestamp, Unit};
//! use devops_metrics::trend::{Direction, Series, TrendPolicy, assess};
//!
//! let start: Timestamp = "2026-01-05T00:00:00Z".parse()?;
//! let hours = [26.0, 24.5, 25.1, 22.0, 21.4, 22.3, 19.0, 18.2, 18.9, 16.5, 15.2, 15.9];
//! let weeks = (0..12).filter_map(|week| start.checked_add_millis(week * 604_800_000));
//! let series = Series::values(weeks.zip(hours.map(Some))).named("lead time").in_unit(Unit::Hours);
//! let report = assess(&series, &TrendPolicy::new(GoodDirection::Down))?;
//! assert_eq!(report.direction, Direction::Improving);
//! assert!(report.to_string().starts_with("lead time: improving, -"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! - [`event`]: changes, deployments, incidents and what else happens, with their JSON form.
//! - [`log`]: all events by id with every revision, in any order; logs merge.
//! - [`dataset`]: a log laid out for questions, with the links that events name.
//! - [`definition`]: what is counted, and how, as a value; eleven ready-made ones.
//! - [`peers`]: what other tools compute on the way to their numbers, and the levels that they award.
//! - [`query`]: the five metrics by group and period, with intervals; what is behind each number; definitions side by
//!   side; [`query::Live`] follows the events one by one.
//! - [`source`]: where events come from, page by page.
//! - [`trend`]: [`trend::assess`] for one metric of one service, [`trend::assess_many`] for many. Values,
//!   counts, shares and durations with open cases each have their own test; the report has direction, effect,
//!   changes of level, unusual periods, forecast and target, and says what it rests on.
//! - [`improvement`]: what to improve next, proposals with a life cycle, and whether they helped.
//! - [`calendar`]: time zones, windows, and the day, week, month or quarter of an instant; working time.
//! - `mapping`: payloads of GitHub, GitLab and `CDEvents` to events, each behind a feature.
//! - [`flow`]: how work flows and how services fare: batch size, work in progress, detection, availability.
//! - [`benchmark`]: where a number stands among what DORA has published, by year, with what is weak about it.
//! - [`stats`]: the methods themselves, slices in and results out (the crate `devops-stats`).
//!
//! The crate does no I/O, reads no clock, draws no random numbers and needs only `alloc`.

#![no_std]
#![allow(clippy::neg_cmp_op_on_partial_ord, reason = "`!(a > b)` is meant to hold for NaN too")]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::string_slice,
        clippy::float_cmp,
        clippy::disallowed_methods,
        reason = "tests may panic and compare exactly"
    )
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod benchmark;
pub mod calendar;
pub mod dataset;
pub mod definition;
pub mod event;
pub mod flow;
pub mod improvement;
pub mod log;
#[cfg(any(feature = "cdevents", feature = "github", feature = "gitlab"))]
pub mod mapping;
pub mod peers;
pub mod query;
pub mod source;
mod sweep;
pub mod trend;

pub use devops_stats as stats;
