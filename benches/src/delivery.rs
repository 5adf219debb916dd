//! A made-up delivery history: 2,000 services, 500,000 deployments, 2,000,000 changes, 50,000 incidents in 156 weeks.
//!
//! Bit for bit the same in any language: integers, and multiplication, division and floor of doubles. Its numbers are
//! known: see [`Expected`].

use devops_core::{EventId, ServiceId, Timestamp, Unit};
use devops_metrics::calendar::{PeriodKind, Window};
use devops_metrics::definition::{
    ChangeLink, Definition, FailureSignal, IncidentLink, NonPositive, OpenRule,
};
use devops_metrics::event::{Arrival, CausedBy, Change, Deployment, Event, Incident, Outcome};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{Grouping, Query};

const SERVICES: f64 = 2_000.0;
const SEED: u64 = 20_261_122;
/// The first second: Monday, 2 January 2023.
pub const START: i64 = 1_672_617_600;
/// Seconds of a week.
pub const WEEK: i64 = 604_800;
const SPAN: f64 = 156.0 * 604_800.0;

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Deployments.
    pub deployments: usize,
    /// Changes.
    pub changes: usize,
    /// Incidents.
    pub incidents: usize,
}

/// The size whose numbers are known.
pub const FULL: Size = Size { deployments: 500_000, changes: 2_000_000, incidents: 50_000 };

/// The numbers of the full history by service and week.
pub struct Expected;

impl Expected {
    /// Cells with a deployment that succeeded.
    pub const CELLS: usize = 217_266;
    /// Cells with such a deployment or with an incident.
    pub const JOINED_CELLS: usize = 218_064;
    /// Deployments that succeeded.
    pub const DEPLOYMENTS: u64 = 474_979;
    /// Those of them that an incident names.
    pub const FAILED: u64 = 45_211;
    /// Cells with a lead time.
    pub const LEAD_CELLS: usize = 215_364;
    /// The sum of their medians in seconds.
    pub const LEAD_SUM: f64 = 9_057_366_849.5;
    /// Cells with a resolved incident.
    pub const RESTORE_CELLS: usize = 40_371;
    /// Resolved incidents.
    pub const RESTORED: u64 = 48_506;
    /// The sum of the cells' medians in seconds.
    pub const RESTORE_SUM: f64 = 618_376_070.0;
}

fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn uniform(stream: u64, index: usize) -> f64 {
    let base = mix(SEED.wrapping_add(stream));
    (mix(base.wrapping_add(index as u64)) >> 11) as f64 * 2.0_f64.powi(-53)
}

struct Row {
    service: u32,
    time: i64,
    ok: bool,
}

fn deployments(count: usize) -> Vec<Row> {
    let mut rows: Vec<(i64, usize)> =
        (0..count).map(|i| (START + (SPAN * uniform(2, i)).floor() as i64, i)).collect();
    rows.sort_unstable();
    let row = |(time, i): (i64, usize)| {
        let a = uniform(1, i);
        Row { service: (SERVICES * (a * a)).floor() as u32, time, ok: uniform(3, i) < 0.95 }
    };
    rows.into_iter().map(row).collect()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000).unwrap_or(Timestamp::EPOCH)
}

fn id(text: &str) -> EventId {
    EventId::new(text).expect("made of a letter and digits")
}

fn service(number: u32) -> ServiceId {
    ServiceId::new(&format!("s{number}")).expect("made of a letter and digits")
}

/// The events: deployments by time, then changes and incidents as they are drawn.
pub fn events(size: Size) -> impl Iterator<Item = Event> {
    let rows = std::rc::Rc::new(deployments(size.deployments));
    let count = size.deployments as f64;
    let (for_changes, for_incidents) = (rows.clone(), rows.clone());
    let deployments = (0..size.deployments).map(move |i| {
        let row = &rows[i];
        let outcome = if row.ok { Outcome::Succeeded } else { Outcome::Failed };
        Deployment::new(id(&format!("d{i}")), service(row.service), at(row.time), outcome).into()
    });
    let changes = (0..size.changes).map(move |j| {
        let deployment = (count * uniform(5, j)).floor() as usize;
        let x = uniform(6, j);
        let lead = (21_600.0 * x / (1.0 - x + 1e-6)).floor().min(90.0 * 86_400.0) as i64;
        let row = &for_changes[deployment];
        Change::new(id(&format!("c{j}")), [service(row.service)])
            .with_committed_at(at(row.time - lead))
            .with_deployments([id(&format!("d{deployment}"))])
            .into()
    });
    let incidents = (0..size.incidents).map(move |k| {
        let deployment = (count * uniform(7, k)).floor() as usize;
        let (x, y) = (uniform(8, k), uniform(9, k));
        let row = &for_incidents[deployment];
        let opened = row.time + (3600.0 * x / (1.0 - x + 1e-3)).floor() as i64;
        let resolved = opened + (2700.0 * y / (1.0 - y + 1e-3)).floor() as i64;
        let incident = Incident::new(id(&format!("i{k}")), [service(row.service)], at(opened))
            .with_caused_by(CausedBy::Deployment(id(&format!("d{deployment}"))));
        if uniform(10, k) < 0.03 { incident.into() } else { incident.with_resolved_at(at(resolved)).into() }
    });
    deployments.chain(changes).chain(incidents)
}

/// The events in a log.
///
/// # Panics
///
/// Never: the events are right.
#[must_use]
pub fn log(size: Size) -> DeliveryLog {
    let mut log = DeliveryLog::new();
    for event in events(size) {
        log.insert(&Arrival::new(event, at(START))).expect("the events are right");
    }
    log
}

/// The events as JSON Lines.
#[must_use]
pub fn json_lines(size: Size) -> String {
    events(size).fold(String::new(), |mut text, event| {
        text.push_str(&event.to_json());
        text.push('\n');
        text
    })
}

/// Deployments, median lead time, failures and median time to restore, by service and week, as the peers count them.
///
/// # Panics
///
/// Never: the window is right.
#[must_use]
pub fn weekly_four() -> Query {
    let mut definition = Definition::dora_2025().named("weekly four", "1");
    definition.duration_unit = Unit::Seconds;
    definition.lead_time.link = ChangeLink::Given;
    definition.lead_time.non_positive = NonPositive::Keep;
    definition.incidents.causes = None;
    definition.incidents.links = vec![IncidentLink::Named];
    definition.failure.signals = vec![FailureSignal::Incident];
    definition.restore.open = OpenRule::Ignore;
    definition.recovery.open = OpenRule::Ignore;
    // Some incidents are opened after the last week.
    let from = at(START);
    let to = at(START + 158 * WEEK);
    Query::new(definition, Window::new(from, to).expect("in order"))
        .by(Grouping::Service)
        .every(PeriodKind::Week)
}
