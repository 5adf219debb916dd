//! Delivery events as JSON Lines, and webhooks of other systems: all is read or refused, what is read is written and read
//! back, and every definition answers on what a log took, in any order, with the same bytes.
#![no_main]

use devops_core::Timestamp;
use devops_metrics::calendar::{PeriodKind, Window};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::event::{Arrival, Event, read_json_lines};
use devops_metrics::log::DeliveryLog;
use devops_metrics::mapping::{Mapped, MappingError, cdevents, github, gitlab};
use devops_metrics::query::{Grouping, Live, Query};

fn taken(mapped: Result<Mapped, MappingError>) {
    match mapped {
        Ok(Mapped::Events(events)) => {
            assert!(!events.is_empty());
            for event in events {
                assert_eq!(Event::from_json(event.to_json().as_bytes()), Ok(event));
            }
        }
        Ok(Mapped::Ignored(reason)) => assert!(!reason.to_string().is_empty()),
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
}

fn webhooks(bytes: &[u8]) {
    for kind in ["deployment", "deployment_status", "pull_request", "push"] {
        taken(github(kind, bytes));
    }
    taken(gitlab(bytes));
    taken(cdevents(bytes, |_| None));
}

fn lines(bytes: &[u8]) {
    let mut arrivals: Vec<Arrival> = Vec::new();
    for read in read_json_lines(bytes) {
        match read {
            Ok(arrival) => arrivals.push(arrival),
            Err(error) => assert!(!error.to_string().contains('\n')),
        }
    }
    arrivals.truncate(40);
    let (mut log, mut backwards) = (DeliveryLog::new(), DeliveryLog::new());
    arrivals.iter().for_each(|arrival| drop(log.insert(arrival)));
    arrivals.iter().rev().for_each(|arrival| drop(backwards.insert(arrival)));
    assert_eq!(log, backwards);
    let mut again = DeliveryLog::new();
    assert_eq!(again.read_json_lines(log.to_json_lines().as_bytes()), Ok(log.revision_count()));
    assert_eq!(again, log);
    let first = log.events().filter_map(|event| match event {
        Event::Deployment(deployment) => Some(deployment.finished_at),
        Event::Incident(incident) => Some(incident.opened_at),
        _ => None,
    });
    let from = first.min().unwrap_or(Timestamp::EPOCH);
    let Some(to) = from.checked_add_millis(40 * 86_400_000) else { return };
    let Ok(window) = Window::new(from, to) else { return };
    for definition in Definition::presets() {
        let query = Query::new(definition, window).by(Grouping::Service).every(PeriodKind::Week);
        let (one, two) = (query.run(&Dataset::of(&log)), query.run(&Dataset::of(&backwards)));
        let text = |report: &devops_metrics::query::Report| serde_json::to_string(report).unwrap();
        assert_eq!(one.as_ref().map(text), two.as_ref().map(text));
        // At the ends of time there is no calendar.
        let Ok(live) = Live::of(query.clone(), &log) else { continue };
        assert_eq!(live.summary().ok(), query.summary(&Dataset::of(&log)).ok());
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((b'w', bytes)) => webhooks(bytes),
        Some((_, bytes)) => lines(bytes),
        None => {}
    }
});
