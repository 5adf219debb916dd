//! The query against the slow and obvious way, in weeks in which clocks jump by an hour or half of one, in either
//! direction, at leap days and turns of years, in zones off by half hours and quarters, for every start of the week, and
//! with the edges of windows cutting days, weeks, months, quarters and years.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "tests may panic"
)]

mod naive;
mod reference;

use devops_core::{EventId, ServiceId, Timestamp};
use devops_metrics::calendar::{Calendar, PeriodKind, Weekday, Window, Zone};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::{
    ChangeLink, Definition, FirstDeployment, FrequencyMeasure, FrequencyWeeks, OpenRule, RestoreFrom,
    Statistic,
};
use devops_metrics::event::{
    self, Arrival, CauseClass, CausedBy, DeclaredFailure, DeploymentKind, Event, Outcome,
};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{Cell, CellNumbers, DeliveryMetric, Grouping, Query};
use naive::{DAY, HOUR, MINUTE, days_of, offset};
use proptest::prelude::*;
use reference::{Asked, Blame, Change, Deployment, Incident, Numbers, STEP, World};

const ZONES: [&str; 9] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "-09:30",
];

/// Days at which something is odd in some zone: jumps of clocks to and fro, the leap day, turns of years.
const ODD_DAYS: [(i64, i64, i64); 14] = [
    (2024, 2, 29),
    (2024, 3, 10),
    (2024, 3, 31),
    (2024, 4, 7),
    (2024, 4, 26),
    (2024, 9, 29),
    (2024, 10, 6),
    (2024, 10, 27),
    (2024, 10, 31),
    (2024, 11, 3),
    (2024, 12, 31),
    (2025, 3, 1),
    (2025, 12, 29),
    (2026, 1, 1),
];

/// What a draw is made of: a service, where in time, what else, and what it points to.
type Drawn = (u8, prop::sample::Index, i64, u16, u8);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let one = (0..3_u8, any::<prop::sample::Index>(), 0..i64::MAX, any::<u16>(), 0..14_u8);
    prop::collection::vec(one, 0..14)
}

/// An instant near the window: at the edge of a local day or at random, to the millisecond.
fn instant(asked: Asked, (_, place, random, odd, _): &Drawn) -> i64 {
    let (from, to) = (asked.from - 12 * DAY, asked.to + 6 * DAY);
    let random = from + random % (to - from);
    if odd % 3 == 0 {
        return random / MINUTE * MINUTE;
    }
    let nearby = [-1, 0, 1, -HOUR, HOUR, -30 * MINUTE, 30 * MINUTE, 45 * MINUTE, -DAY, DAY - 1];
    // The local midnight before a random instant, by whichever offset holds there, and a little more or less.
    let local = (random + offset(asked.zone, random)).div_euclid(DAY) * DAY;
    local - offset(asked.zone, local - offset(asked.zone, random)) + nearby[place.index(nearby.len())]
}

fn world(asked: Asked, drawn: [&[Drawn]; 3]) -> World {
    let [deployments, changes, incidents] = drawn;
    let deployments = deployments.iter().enumerate().map(|(number, draw)| {
        let (service, _, _, odd, link) = draw;
        let kinds = [DeploymentKind::Hotfix, DeploymentKind::Rollback, DeploymentKind::Rework];
        Deployment {
            id: format!("d{number:02}"),
            service: *service,
            at: instant(asked, draw),
            environment: [Some("prod"), Some("prod"), None, Some("staging")][usize::from(odd >> 2 & 3)],
            outcome: [Outcome::Succeeded, Outcome::Succeeded, Outcome::Succeeded, Outcome::Failed]
                [usize::from(odd >> 4 & 3)],
            kind: *kinds.get(usize::from(odd >> 6 & 7)).unwrap_or(&DeploymentKind::Normal),
            declared: odd >> 9 & 7 == 0,
            replaces: (odd >> 12 & 3 == 0).then_some(usize::from(*link)),
            changes: if odd >> 14 == 0 { vec![usize::from(*link)] } else { Vec::new() },
        }
    });
    let deployments: Vec<Deployment> = deployments.collect();
    let changes = changes.iter().enumerate().map(|(number, draw)| {
        let (service, _, random, odd, link) = draw;
        let at = instant(asked, draw);
        Change {
            id: format!("c{number:02}"),
            service: *service,
            authored: (odd >> 2 & 7 != 0).then_some(at - 2 * HOUR),
            committed: (odd >> 5 & 3 != 0).then_some(at),
            merged: (odd >> 7 & 3 == 0).then_some(at + random % (3 * DAY)),
            deployments: match odd >> 9 & 3 {
                0 => vec![usize::from(*link)],
                1 => vec![usize::from(*link), usize::from(link / 2)],
                _ => Vec::new(),
            },
        }
    });
    let incidents = incidents.iter().enumerate().map(|(number, draw)| {
        let (service, _, random, odd, link) = draw;
        let opened = instant(asked, draw);
        let causes = [CauseClass::Change, CauseClass::Unknown, CauseClass::Unknown, CauseClass::External];
        Incident {
            id: format!("i{number:02}"),
            services: if odd >> 2 & 3 == 0 { vec![*service, (service + 1) % 3] } else { vec![*service] },
            opened,
            resolved: (odd >> 4 & 3 != 0).then_some(opened + random % (2 * DAY) - HOUR),
            cause: causes[usize::from(odd >> 6 & 3)],
            blames: match odd >> 8 & 3 {
                0 => Blame::Deployment(usize::from(*link)),
                1 => Blame::Commit(usize::from(*link)),
                _ => Blame::Nothing,
            },
        }
    });
    World { changes: changes.collect(), incidents: incidents.collect(), deployments }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn service(number: u8) -> ServiceId {
    format!("s{number}").parse().unwrap()
}

fn id(kind: char, place: usize) -> EventId {
    format!("{kind}{place:02}").parse().unwrap()
}

fn ids(kind: char, places: &[usize]) -> Vec<EventId> {
    let mut ids: Vec<EventId> = places.iter().map(|place| id(kind, *place)).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn log(world: &World) -> DeliveryLog {
    let mut events: Vec<Event> = Vec::new();
    for d in &world.deployments {
        let mut event =
            event::Deployment::new(d.id.parse().unwrap(), service(d.service), at(d.at), d.outcome)
                .with_kind(d.kind)
                .with_changes(ids('c', &d.changes));
        if let Some(name) = d.environment {
            event = event.with_environment(name.parse().unwrap());
        }
        if d.declared {
            event = event.with_declared_failure(DeclaredFailure::Yes);
        }
        if let Some(place) = d.replaces {
            event = event.with_replaces(id('d', place));
        }
        events.push(event.into());
    }
    for c in &world.changes {
        let mut event = event::Change::new(c.id.parse().unwrap(), [service(c.service)])
            .with_deployments(ids('d', &c.deployments));
        (event.authored_at, event.committed_at, event.merged_at) =
            (c.authored.map(at), c.committed.map(at), c.merged.map(at));
        events.push(event.into());
    }
    for i in &world.incidents {
        let services = i.services.iter().map(|number| service(*number));
        let mut event =
            event::Incident::new(i.id.parse().unwrap(), services, at(i.opened)).with_cause(i.cause);
        event.resolved_at = i.resolved.map(at);
        event.caused_by = match i.blames {
            Blame::Nothing => None,
            Blame::Deployment(place) => Some(CausedBy::Deployment(id('d', place))),
            Blame::Commit(place) => Some(CausedBy::Commit(id('c', place))),
        };
        events.push(event.into());
    }
    let mut log = DeliveryLog::new();
    for event in events {
        log.insert(&Arrival::new(event, Timestamp::EPOCH)).unwrap();
    }
    log
}

/// This crate's own definition with some of its choices made otherwise.
fn definition(choices: u32) -> Definition {
    let mut definition = Definition::dora_2025();
    definition.frequency.measure = [
        FrequencyMeasure::PerDay,
        FrequencyMeasure::PerWeek,
        FrequencyMeasure::PerDayFloor,
        FrequencyMeasure::MedianDaysPerWeek,
        FrequencyMeasure::LowerMedianDaysPerWeek,
        FrequencyMeasure::Count,
    ][(choices % 6) as usize];
    definition.frequency.weeks = [
        FrequencyWeeks::All,
        FrequencyWeeks::FromFirstDeployment,
        FrequencyWeeks::WithDeployment,
        FrequencyWeeks::AfterFirstEvent,
    ][(choices >> 13 & 3) as usize];
    definition.frequency.partial_weeks = choices >> 4 & 1 == 0;
    if choices >> 5 & 3 == 0 {
        definition.lead_time.link = ChangeLink::Next;
    }
    definition.lead_time.first_deployment = [
        FirstDeployment::Skip,
        FirstDeployment::Skip,
        FirstDeployment::Credit,
        FirstDeployment::LookBack { millis: 3 * DAY as u64 },
    ][(choices >> 7 & 3) as usize];
    definition.lead_time.statistic =
        [Statistic::Median, Statistic::Mean, Statistic::LowerMedian, Statistic::UpperMedian]
            [(choices >> 9 & 3) as usize];
    let open = [OpenRule::Censor, OpenRule::Censor, OpenRule::Ignore, OpenRule::UntilNow]
        [(choices >> 11 & 3) as usize];
    (definition.recovery.open, definition.restore.open) = (open, open);
    definition.restore.from =
        [RestoreFrom::Opened, RestoreFrom::Opened, RestoreFrom::Deployed, RestoreFrom::Earlier]
            [(choices >> 15 & 3) as usize];
    definition
}

fn close(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * (expected.abs() + 1.0),
        (None, None) => true,
        _ => false,
    }
}

fn in_hours(millis: Option<f64>) -> Option<f64> {
    millis.map(|millis| millis / HOUR as f64)
}

fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// Every number of a cell, in the report and in the summary, against the reference.
fn check(cell: &Cell, summary: &CellNumbers, expected: &Numbers) -> Result<(), TestCaseError> {
    let table = [
        (DeliveryMetric::DeploymentFrequency, expected.deployments, None, expected.frequency),
        (DeliveryMetric::ChangeLeadTime, expected.leads, None, in_hours(expected.lead)),
        (
            DeliveryMetric::ChangeFailureRate,
            expected.deployments,
            Some(expected.failures),
            percent(expected.failures, expected.deployments),
        ),
        (
            DeliveryMetric::RecoveryTime,
            expected.recoveries.0,
            Some(expected.recoveries.1),
            in_hours(expected.recovery),
        ),
        (
            DeliveryMetric::TimeToRestore,
            expected.restores.0,
            Some(expected.restores.1),
            in_hours(expected.restore),
        ),
        (
            DeliveryMetric::ReworkRate,
            expected.deployments,
            Some(expected.rework),
            percent(expected.rework, expected.deployments),
        ),
    ];
    for (metric, n, part, number) in table {
        let value = cell.value(metric).unwrap();
        let found = (value.n, value.part);
        prop_assert_eq!(found, (n, part), "{} {} {}", &cell.group, &cell.period, metric);
        prop_assert!(close(value.value(), number), "{} {}: {value}, not {number:?}", cell.group, cell.period);
    }
    let frequency = cell.value(DeliveryMetric::DeploymentFrequency).unwrap();
    let told = frequency.n + frequency.excluded.values().sum::<u64>();
    prop_assert_eq!(told, expected.all_deployments);
    check_bare(summary, expected)
}

/// The bare numbers of the summary.
fn check_bare(summary: &CellNumbers, expected: &Numbers) -> Result<(), TestCaseError> {
    let bare = [
        summary.deployments,
        summary.rework,
        summary.failures,
        summary.failure_base,
        summary.leads,
        summary.recoveries,
        summary.restores,
        summary.restored,
    ];
    let counts = [
        expected.deployments,
        expected.rework,
        expected.failures,
        expected.deployments,
        expected.leads,
        expected.recoveries.0,
        expected.restores.0,
        expected.restores.1,
    ];
    prop_assert_eq!(bare.map(u64::from), counts);
    let numbers = [
        (summary.frequency(), expected.frequency),
        (summary.lead(), in_hours(expected.lead)),
        (summary.failure_rate(), percent(expected.failures, expected.deployments)),
        (summary.recovery(), in_hours(expected.recovery)),
        (summary.restore(), in_hours(expected.restore)),
    ];
    for (found, wanted) in numbers {
        prop_assert!(close(found, wanted), "{found:?}, not {wanted:?}");
    }
    Ok(())
}

fn compare(
    asked: Asked,
    kind: PeriodKind,
    by_service: bool,
    world: &World,
    definition: Definition,
) -> Result<(), TestCaseError> {
    let log = log(world);
    let dataset = Dataset::of(&log);
    let window = Window::new(at(asked.from), at(asked.to)).unwrap();
    let calendar = Calendar::new(Zone::new(asked.zone).unwrap()).with_week_start(asked.week_start);
    let grouping = if by_service { Grouping::Service } else { Grouping::All };
    let query = Query::new(definition, window).in_calendar(calendar).every(kind).by(grouping);
    let (report, summary) = (query.run(&dataset).unwrap(), query.summary(&dataset).unwrap());
    let known: Vec<u8> =
        dataset.services().map(|name| name.trim_start_matches('s').parse().unwrap()).collect();
    let groups: Vec<(String, Vec<u8>)> = if by_service {
        known.iter().map(|number| (format!("s{number}"), vec![*number])).collect()
    } else {
        vec![("all".into(), vec![0, 1, 2])]
    };
    let cells = asked.cells(kind);
    let expected: Vec<(String, String)> = groups
        .iter()
        .flat_map(|(group, _)| cells.iter().map(move |cell| (group.clone(), cell.label.clone())))
        .collect();
    let found: Vec<(String, String)> =
        report.cells.iter().map(|cell| (cell.group.to_string(), cell.period.clone())).collect();
    prop_assert_eq!(found, expected);
    let mut answers = report.cells.iter().zip(&summary.cells);
    for (_, services) in &groups {
        for cell in &cells {
            let (answer, bare) = answers.next().unwrap();
            check(answer, bare, &world.numbers(services, asked, cell, &query.definition))?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_query_says_what_every_event_says_one_by_one(
        zone in prop::sample::select(&ZONES[..]),
        week_start in prop::sample::select(&Weekday::ALL[..]),
        odd_day in prop::sample::select(&ODD_DAYS[..]),
        (before, length, shape) in (0..40 * 96_i64, 1..50 * 96_i64, 0..8_u8),
        by_service in any::<bool>(),
        (deployments, changes, incidents) in (drawn(), drawn(), drawn()),
        choices in any::<u32>(),
    ) {
        let (year, month, day) = odd_day;
        let middle = days_of(year, month, day) * DAY;
        let from = middle - before * STEP;
        // Long periods are asked of long windows; most windows cut their periods on both sides.
        let (kind, length) = match shape {
            0 | 1 => (PeriodKind::Day, length % (12 * 96) + 1),
            2 | 3 => (PeriodKind::Week, length),
            4 => (PeriodKind::Month, length + 40 * 96),
            5 => (PeriodKind::Quarter, length + 60 * 96),
            6 => (PeriodKind::Year, length + 40 * 96),
            _ => (PeriodKind::Rolling { days: (1 + choices % 9) as u16 }, length % (9 * 96) + 1),
        };
        let asked = Asked { zone, week_start, from, to: from + length * STEP };
        let world = world(asked, [&deployments, &changes, &incidents]);
        compare(asked, kind, by_service, &world, definition(choices))?;
    }
}

/// A deployment at each quarter of an hour around a jump: every one is in the local day and week that the clock shows.
#[test]
fn no_quarter_of_an_hour_is_lost_or_doubled_where_clocks_jump() {
    for zone in ZONES {
        for (year, month, day) in ODD_DAYS {
            let middle = days_of(year, month, day) * DAY;
            for kind in [PeriodKind::Day, PeriodKind::Week] {
                let asked = Asked {
                    zone,
                    week_start: Weekday::Sunday,
                    from: middle - DAY - HOUR,
                    to: middle + 2 * DAY + HOUR,
                };
                let quarters = (asked.to - asked.from) / STEP;
                let mut world = World::default();
                for number in 0..quarters {
                    world.deployments.push(Deployment {
                        id: format!("d{number:03}"),
                        service: 0,
                        at: asked.from + number * STEP,
                        environment: Some("prod"),
                        outcome: Outcome::Succeeded,
                        kind: DeploymentKind::Normal,
                        declared: false,
                        replaces: None,
                        changes: Vec::new(),
                    });
                }
                let log = log(&world);
                let window = Window::new(at(asked.from), at(asked.to)).unwrap();
                let calendar = Calendar::new(Zone::new(zone).unwrap()).with_week_start(Weekday::Sunday);
                let query = Query::new(Definition::dora_2025(), window).in_calendar(calendar).every(kind);
                let summary = query.summary(&Dataset::of(&log)).unwrap();
                let counts: Vec<i64> = summary.cells.iter().map(|cell| i64::from(cell.deployments)).collect();
                let expected: Vec<i64> = asked
                    .cells(kind)
                    .iter()
                    .map(|cell| world.deployments.iter().filter(|d| asked.holds(cell, d.at)).count() as i64)
                    .collect();
                assert_eq!((counts.iter().sum::<i64>(), &counts), (quarters, &expected), "{zone} {month}");
                // A deployment a quarter of an hour is 96 a day, however long the day.
                for cell in &summary.cells {
                    assert!((cell.frequency().unwrap() - 96.0).abs() < 1e-9, "{zone} {month} {cell:?}");
                }
            }
        }
    }
}
