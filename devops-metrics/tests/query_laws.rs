//! Laws of every query under every definition: the order of events, repetition, splitting and retraction change no
//! byte of the answer; whole weeks change the labels alone, and names the names; every event is counted or left out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

use devops_core::{EventId, ServiceId, Timestamp};
use devops_metrics::calendar::{PeriodKind, Window};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::event::{
    Arrival, CausedBy, Change, DeclaredFailure, Deployment, DeploymentKind, Event, EventKind, Incident,
    Outcome, Retraction,
};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{
    DeliveryMetric, Explanation, Grouping, Live, Query, Report, is_closed_by_service,
};
use proptest::prelude::*;

const WEEK: i64 = 7 * 86_400_000;
/// Monday, 5 January 2026.
const START: i64 = 1_767_571_200_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(START + millis).unwrap()
}

/// What an event is drawn as: kind, service, hours since the start, a second time, a link, and odds and ends.
type Drawn = (u8, u8, i64, i64, u8, u8);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let one = (0..4_u8, 0..3_u8, 0..21 * 24_i64, -5..80_i64, 0..12_u8, 0..24_u8);
    proptest::collection::vec(one, 0..24)
}

/// How the drawn events are named and placed.
#[derive(Clone, Copy)]
struct Naming {
    service: &'static str,
    shift: i64,
    /// Names of events differ from service to service, so that links stay within one.
    closed: bool,
}

const PLAIN: Naming = Naming { service: "service-", shift: 0, closed: false };

fn events(drawn: &[Drawn], naming: Naming) -> Vec<Event> {
    let hour = |hours: i64| at(naming.shift + hours * 3_600_000);
    let make = |(index, (kind, service, start, later, link, odd)): (usize, &Drawn)| -> Event {
        let id = |number: usize| -> EventId {
            let whose = if naming.closed { format!("{service}") } else { String::new() };
            format!("e{whose}.{number}").parse().unwrap()
        };
        let linked = id(usize::from(*link));
        let service: ServiceId = format!("{}{service}", naming.service).parse().unwrap();
        let (from, to) = (hour(*start), hour(start + later));
        let id = id(index);
        match kind {
            0 => {
                let change = if odd % 3 == 0 {
                    Change::pull_request(id, [service]).with_opened_at(from).with_merged_at(to)
                } else {
                    Change::new(id, [service])
                };
                let change = change.with_committed_at(from).with_authored_at(from).with_bot(odd % 7 == 6);
                if odd % 2 == 0 { change.with_deployments([linked]) } else { change }.into()
            }
            1 | 2 => {
                let outcome = [Outcome::Succeeded, Outcome::Succeeded, Outcome::Failed][usize::from(odd % 3)];
                let kinds = [DeploymentKind::Normal, DeploymentKind::Hotfix, DeploymentKind::Rollback];
                let deployment = Deployment::new(id, service, from, outcome)
                    .with_environment(["prod", "staging"][usize::from(odd % 8 == 0)].parse().unwrap())
                    .with_kind(kinds[usize::from(odd / 8)]);
                if odd % 11 == 5 {
                    deployment.with_declared_failure(DeclaredFailure::Yes)
                } else {
                    deployment
                }
                .into()
            }
            _ => {
                let incident = Incident::new(id, [service], from);
                let incident = if odd % 4 == 0 {
                    incident
                } else {
                    incident.with_resolved_at(hour(start + later.abs()))
                };
                if odd % 2 == 0 { incident.with_caused_by(CausedBy::Deployment(linked)) } else { incident }
                    .into()
            }
        }
    };
    drawn.iter().enumerate().map(make).collect()
}

fn services(event: &Event) -> Vec<ServiceId> {
    match event {
        Event::Change(change) => change.services.to_vec(),
        Event::Deployment(deployment) => vec![deployment.service.clone()],
        Event::Incident(incident) => incident.services.to_vec(),
        _ => Vec::new(),
    }
}

fn log_of(events: &[Event]) -> DeliveryLog {
    let mut log = DeliveryLog::new();
    for event in events {
        log.insert(&Arrival::new(event.clone(), at(0))).unwrap();
    }
    log
}

/// A query by service and week over four weeks.
fn query(definition: Definition, shift: i64) -> Query {
    let window = Window::new(at(shift - WEEK), at(shift + 3 * WEEK)).unwrap();
    // Weeks from Monday in UTC, whatever the definition's own are.
    let calendar = devops_metrics::calendar::Calendar::utc();
    Query::new(definition, window).in_calendar(calendar).by(Grouping::Service).every(PeriodKind::Week)
}

/// The answer of each definition, or its error.
fn answers(log: &DeliveryLog) -> String {
    let dataset = Dataset::of(log);
    let answer = |definition| match query(definition, 0).run(&dataset) {
        Ok(report) => serde_json::to_string(&report).unwrap(),
        Err(error) => error.to_string(),
    };
    Definition::presets().into_iter().map(answer).collect::<Vec<_>>().join("\n")
}

fn report(log: &DeliveryLog, definition: Definition, shift: i64) -> Option<Report> {
    query(definition, shift).run(&Dataset::of(log)).ok()
}

fn explanations(log: &DeliveryLog, definition: &Definition) -> Vec<Explanation> {
    let (dataset, query) = (Dataset::of(log), query(definition.clone(), 0));
    let Ok(report) = query.run(&dataset) else { return Vec::new() };
    report.cells.iter().map(|cell| query.explain(&dataset, &cell.group, &cell.period).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn order_repetition_and_splitting_change_no_byte(
        drawn in drawn(), order in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(),
    ) {
        let events = events(&drawn, PLAIN);
        let expected = answers(&log_of(&events));
        let mut other = events.clone();
        other.rotate_left(order.index(events.len().max(1)));
        other.reverse();
        other.extend(events.iter().take(5).cloned());
        prop_assert_eq!(&answers(&log_of(&other)), &expected);
        let (one, two) = events.split_at(cut.index(events.len() + 1));
        let (mut one, two) = (log_of(one), log_of(two));
        let mut back = two.clone();
        back.merge(&one);
        one.merge(&two);
        prop_assert_eq!(&answers(&one), &expected);
        prop_assert_eq!(&answers(&back), &expected);
    }

    #[test]
    fn what_is_retracted_was_never_there(drawn in drawn(), more in drawn()) {
        let events = events(&drawn, PLAIN);
        let expected = answers(&log_of(&events));
        let mut log = log_of(&events);
        let service = |id: &EventId| EventId::new(&format!("x{id}")).unwrap();
        for event in self::events(&more, PLAIN) {
            // A log keeps the services that it has heard of; a retracted event of one's own service leaves none.
            let Event::Change(change) = event else { continue };
            let renamed = Change::new(service(&change.id), change.services.iter().cloned())
                .with_committed_at(at(0));
            if !events.iter().any(|e| services(e).iter().any(|s| change.services.contains(s))) { continue }
            log.insert(&Arrival::new(renamed, at(1))).unwrap();
            log.insert(&Arrival::new(Retraction::new(service(&change.id)), at(2))).unwrap();
        }
        prop_assert_eq!(answers(&log), expected);
    }

    #[test]
    fn whole_weeks_change_the_labels_alone(drawn in drawn(), weeks in 1..200_i64) {
        let (here, there) = (
            log_of(&events(&drawn, PLAIN)),
            log_of(&events(&drawn, Naming { shift: weeks * WEEK, ..PLAIN })),
        );
        for definition in Definition::presets() {
            let (one, two) = (report(&here, definition.clone(), 0), report(&there, definition, weeks * WEEK));
            prop_assert_eq!(one.is_some(), two.is_some());
            for (one, two) in one.iter().zip(&two).flat_map(|(one, two)| one.cells.iter().zip(&two.cells)) {
                prop_assert_eq!(&one.values, &two.values);
                prop_assert_eq!(&one.group, &two.group);
                prop_assert_ne!(&one.period, &two.period);
            }
        }
    }

    #[test]
    fn names_of_services_change_the_names_alone(drawn in drawn()) {
        let (here, there) = (
            log_of(&events(&drawn, PLAIN)),
            log_of(&events(&drawn, Naming { service: "zebra-", ..PLAIN })),
        );
        prop_assert_eq!(answers(&here).replace("service-", "zebra-"), answers(&there));
    }

    #[test]
    fn every_event_is_counted_or_left_out_with_a_reason(drawn in drawn()) {
        let events = events(&drawn, PLAIN);
        let log = log_of(&events);
        for definition in Definition::presets() {
            let told = explanations(&log, &definition);
            let Some(report) = report(&log, definition.clone(), 0) else { continue };
            let within = |time: Timestamp| report.window.contains(time);
            // Each deployment of the window stands in exactly one cell, where it counts in the frequency or is left out.
            for event in &events {
                let Event::Deployment(deployment) = event else { continue };
                if !within(deployment.finished_at) { continue }
                let stands: usize = told.iter().flat_map(|cell| &cell.events).filter(|e| e.event == deployment.id)
                    .map(|e| {
                        let metric = DeliveryMetric::DeploymentFrequency;
                        e.counts.iter().filter(|(m, _)| *m == metric).count()
                            + e.left_out.iter().filter(|(m, _)| *m == metric).count().min(1)
                    }).sum();
                let definition = &definition.name;
                prop_assert_eq!(stands, 1, "{} {}", definition, deployment.id.as_str());
            }
            // What a cell says it counts and leaves out is what its explanation lists.
            for (cell, told) in report.cells.iter().zip(&told) {
                for value in &cell.values {
                    for (reason, count) in &value.excluded {
                        let listed = told.events.iter()
                            .filter(|e| e.left_out.contains(&(value.metric, *reason))).count();
                        prop_assert_eq!(listed as u64, *count, "{} {}", value.metric, reason);
                    }
                    if value.metric == DeliveryMetric::DeploymentFrequency {
                        let counted = told.events.iter().filter(|e| e.kind == EventKind::Deployment
                            && e.counts.iter().any(|(m, _)| *m == value.metric)).count();
                        prop_assert_eq!(counted as u64, value.n);
                    }
                }
            }
        }
    }

    #[test]
    fn states_of_parts_merge_to_the_whole(drawn in drawn(), twice in 0..3_usize) {
        let events = events(&drawn, Naming { closed: true, ..PLAIN });
        for definition in Definition::presets().into_iter().filter(is_closed_by_service) {
            let means = definition.mean_of_services;
            let query = query(definition, 0).by(Grouping::All);
            if means {
                let refused = query.states(&Dataset::of(&log_of(&events))).unwrap_err();
                prop_assert!(refused.to_string().contains("takes the mean of services"));
                continue;
            }
            let Ok(report) = query.run(&Dataset::of(&log_of(&events))) else { continue };
            let parts: Vec<_> = ["service-0", "service-1", "service-2"].iter().map(|name| {
                let of = |e: &&Event| services(e).iter().any(|s| s.as_str() == *name);
                query.states(&Dataset::of(&log_of(&events.iter().filter(of).cloned().collect::<Vec<_>>()))).unwrap()
            }).collect();
            // One part comes twice, and the last first.
            let mut whole = parts[2].clone();
            for part in [&parts[0], &parts[twice], &parts[1]] {
                whole.iter_mut().zip(part).for_each(|(whole, part)| whole.state.merge(&part.state));
            }
            for (cell, state) in report.cells.iter().zip(&whole) {
                prop_assert_eq!((&cell.period, &cell.window), (&state.period, &state.window));
                let values = state.state.values(&query, state.window).unwrap();
                for (here, there) in cell.values.iter().zip(&values) {
                    let mut here = here.clone();
                    here.excluded.clear();
                    prop_assert_eq!(serde_json::to_string(&here).unwrap(), serde_json::to_string(there).unwrap());
                }
                let json = serde_json::to_string(state).unwrap();
                prop_assert_eq!(&serde_json::from_str::<devops_metrics::query::PlacedState>(&json).unwrap(), state);
            }
        }
    }

    #[test]
    fn a_comparison_has_the_numbers_of_its_definitions(drawn in drawn()) {
        let log = log_of(&events(&drawn, PLAIN));
        let dataset = Dataset::of(&log);
        let query = query(Definition::dora_2025(), 0).by(Grouping::All);
        let group = devops_metrics::query::Group::All;
        let Ok(comparison) = query.compare(&dataset, &group, &Definition::presets()) else { return Ok(()) };
        for (index, definition) in std::iter::once(Definition::dora_2025()).chain(Definition::presets()).enumerate() {
            let mut alone = query.clone();
            (alone.definition, alone.period) = (definition, None);
            let alone = alone.run(&dataset).unwrap();
            for compared in &comparison.metrics {
                prop_assert_eq!(&compared.values[index], alone.cells[0].value(compared.metric).unwrap());
            }
        }
        for compared in &comparison.metrics {
            for (difference, other) in compared.differences.iter().zip(&compared.values[1..]) {
                // The same events for the same amounts, put together in the same way, make the same number.
                let alike = difference.only_first.is_empty() && difference.only_other.is_empty()
                    && difference.unequal.is_empty() && difference.statistic.is_none();
                let first = &compared.values[0];
                let comparable = first.value().is_some() && other.value().is_some();
                let percentage = matches!(compared.metric,
                    DeliveryMetric::ChangeFailureRate | DeliveryMetric::ReworkRate);
                if alike && comparable && !percentage {
                    let definition = &difference.definition;
                    prop_assert!(difference.same || definition.contains("devlake") || definition.contains("fourkeys"),
                        "{} {}: {} and {}", definition, compared.metric, first, other);
                }
                prop_assert!(!difference.to_string().is_empty());
            }
        }
    }

    #[test]
    fn a_live_query_answers_as_if_asked_anew(drawn in drawn(), again in drawn(), taken_back in 0..24_u8, by in 0..4_u8, which in 0..11_usize) {
        let team = |service: &str, team: &str| (service.parse().unwrap(), team.to_string());
        let grouping = match by {
            0 => Grouping::Service,
            1 => Grouping::teams([team("service-0", "x"), team("service-2", "x")]),
            2 => Grouping::Environment,
            _ => Grouping::All,
        };
        // The second draw revises events of the first: the ids are the same.
        let mut arrivals: Vec<_> = events(&drawn, PLAIN).into_iter().map(|e| Arrival::new(e, at(0))).collect();
        arrivals.extend(events(&again, PLAIN).into_iter().map(|e| Arrival::new(e, at(i64::from(taken_back % 2)))));
        let gone: EventId = format!("e.{taken_back}").parse().unwrap();
        arrivals.insert(arrivals.len() / 2, Arrival::new(Retraction::new(gone), at(1)));
        for definition in Definition::presets().into_iter().skip(which).take(1) {
            let query = query(definition, 0).by(grouping.clone());
            let mut live = Live::new(query.clone()).unwrap();
            let mut log = DeliveryLog::new();
            let full = |log: &DeliveryLog| query.run(&Dataset::of(log)).unwrap();
            let mut report = full(&log);
            for arrival in &arrivals {
                let update = live.insert(arrival).unwrap();
                prop_assert_eq!(&update.effect, &log.insert(arrival).unwrap());
                let now = full(&log);
                // Each cell that differs is listed with both answers, and no other; unless all lack something else now.
                let mut listed = Vec::new();
                for cell in &update.cells {
                    let of = |report: &Report| report.cells.iter().find(|c| c.group == cell.group && c.period == cell.period).cloned();
                    prop_assert_eq!((&cell.before, &cell.after), (&of(&report), &of(&now)));
                    listed.push((cell.group.clone(), cell.period.clone()));
                }
                let before = |cell: &devops_metrics::query::Cell| report.cells.iter().any(|c| c == cell);
                let differ = now.cells.iter().filter(|cell| !before(cell)).map(|cell| (cell.group.clone(), cell.period.clone()));
                if report.needs == now.needs {
                    prop_assert!(differ.clone().all(|cell| listed.contains(&cell)), "{:?} {:?}", listed, differ.collect::<Vec<_>>());
                }
                report = now;
            }
            prop_assert_eq!(serde_json::to_string(&live.report().unwrap()).unwrap(), serde_json::to_string(&report).unwrap());
            let anew = query.summary(&Dataset::of(&log));
            prop_assert_eq!(serde_json::to_string(&live.summary().unwrap()).unwrap(), serde_json::to_string(&anew.clone().unwrap()).unwrap());
            let again = Live::of(query.clone(), &log).unwrap();
            prop_assert_eq!(again.summary(), anew);
            prop_assert_eq!(again.report().unwrap(), report.clone());
            let known = at(i64::from(taken_back) % 2);
            prop_assert_eq!(live.report_as_known_at(known).unwrap(), full(&log.as_known_at(known)));
            for cell in report.cells.iter().take(3) {
                prop_assert_eq!(&live.cell(&cell.group, &cell.period).unwrap(), cell);
            }
        }
    }
}
