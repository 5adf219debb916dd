//! Events and proposals from files.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use devops_core::Timestamp;
use devops_examples::read_text;
use devops_metrics::calendar::{Calendar, Date, PeriodKind, Window};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::improvement::Record;
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{Group, Grouping, Query};

use crate::args::Args;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/delivery/prometheus.jsonl");
/// The day on which the question is asked of the events that ship.
const SHIPPED_AT: &str = "2022-01-01";
const DAY: i64 = 86_400_000;

pub(crate) fn log(args: &Args) -> Result<DeliveryLog> {
    let path = args.log.as_deref().unwrap_or(Path::new(SHIPPED));
    let mut log = DeliveryLog::new();
    log.read_json_lines(read_text(path)?.as_bytes())
        .with_context(|| format!("failed to read events from {}", path.display()))?;
    Ok(log)
}

pub(crate) fn record(path: &Path) -> Result<Record> {
    let text = read_text(path)?;
    serde_json::from_str(&text).with_context(|| format!("failed to read the proposal in {}", path.display()))
}

/// What is asked of the events.
pub(crate) struct Question {
    pub(crate) grouping: Grouping,
    pub(crate) group: Group,
    pub(crate) at: Timestamp,
    calendar: Calendar,
}

impl Question {
    pub(crate) fn new(args: &Args, log: &DeliveryLog, dataset: &Dataset<'_>, story: bool) -> Result<Self> {
        let calendar = Calendar::utc();
        let shipped = (args.log.is_none() && story).then(|| SHIPPED_AT.parse::<Date>()).transpose()?;
        let at = match args.at.or(shipped) {
            Some(date) => calendar.start_of_day(date)?,
            None => end_of(log, &calendar)?,
        };
        let (grouping, group) = match &args.service {
            None => (Grouping::All, Group::All),
            Some(name) => {
                if !dataset.services().any(|s| s == name) {
                    let known: Vec<&str> = dataset.services().take(20).collect();
                    bail!("service `{name}` is unknown: the log has {}", known.join(", "));
                }
                (Grouping::Service, Group::Service(name.clone()))
            }
        };
        Ok(Self { grouping, group, at, calendar })
    }

    /// So many days up to the day of the question.
    pub(crate) fn back(&self, days: u16) -> Result<Window> {
        let from =
            self.at.checked_add_millis(-i64::from(days) * DAY).context("`--days` reaches too far back")?;
        Ok(Window::new(from, self.at)?)
    }

    /// From an instant up to the day of the question.
    pub(crate) fn since(&self, from: Timestamp, what: &str) -> Result<Window> {
        ensure!(from < self.at, "`--at` is `{}`, must be after {what}, `{from}`", self.at);
        Ok(Window::new(from, self.at)?)
    }

    pub(crate) fn query(&self, window: Window) -> Query {
        Query::new(Definition::dora_2025(), window)
            .by(self.grouping.clone())
            .in_calendar(self.calendar.clone())
    }

    /// By month, which is what trends and counts look at.
    pub(crate) fn monthly(&self, window: Window) -> Query {
        self.query(window).every(PeriodKind::Month)
    }
}

/// The first midnight after the last event that has a time.
fn end_of(log: &DeliveryLog, calendar: &Calendar) -> Result<Timestamp> {
    use devops_metrics::event::Event;
    let last = log.events().filter_map(|event| match event {
        Event::Deployment(deployment) => Some(deployment.finished_at),
        Event::Incident(incident) => Some(incident.resolved_at.unwrap_or(incident.opened_at)),
        Event::Change(change) => change.committed_at,
        _ => None,
    });
    let last = last.max().context("the log holds no deployment, incident or change")?;
    Ok(calendar.start_of_day(calendar.date_of(last).next()?)?)
}
