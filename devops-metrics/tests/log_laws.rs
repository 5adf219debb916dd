//! Laws of the delivery log: order, repetition, splitting and retraction change nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]

use devops_core::Timestamp;
use devops_metrics::event::{Arrival, Change, Deployment, Event, EventKind, Incident, Outcome, Retraction};
use devops_metrics::log::{DeliveryLog, Insertion};
use proptest::prelude::*;

fn time(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000 + minutes * 60_000).unwrap()
}

/// Few ids and few times, so that revisions, conflicts and ties are common.
fn arrival() -> impl Strategy<Value = Arrival> {
    (0..8_u8, 0..4_u8, 0..6_i64, 0..5_i64).prop_map(|(id, kind, at, arrived)| {
        let (id, service) = (format!("id{id}").parse().unwrap(), "api".parse().unwrap());
        let event: Event = match kind {
            0 => Change::new(id, [service]).with_committed_at(time(at)).into(),
            1 => Deployment::new(id, service, time(at), Outcome::Succeeded).into(),
            2 => Incident::new(id, [service], time(at)).into(),
            _ => Retraction::new(id).into(),
        };
        Arrival::new(event, time(arrived))
    })
}

fn log_of(arrivals: &[Arrival]) -> DeliveryLog {
    let mut log = DeliveryLog::new();
    for arrival in arrivals {
        log.insert(arrival).unwrap();
    }
    log
}

fn current(log: &DeliveryLog) -> Vec<String> {
    let mut events: Vec<_> = log.events().map(|event| event.to_json()).collect();
    events.sort();
    events
}

/// The newest revision of an id counts: the slow, obvious way, over all arrivals.
fn naive(arrivals: &[Arrival]) -> Vec<String> {
    let mut ids: Vec<_> = arrivals.iter().map(|a| a.event.id().clone()).collect();
    ids.sort();
    ids.dedup();
    let mut events = Vec::new();
    for id in ids {
        let of_id = arrivals.iter().filter(|a| *a.event.id() == id);
        let newest = of_id.clone().map(|a| a.arrived_at).max().unwrap();
        let tied: Vec<_> = of_id.filter(|a| a.arrived_at == newest).collect();
        // Kinds are ordered as the log packs them; what counts within a kind is not looked at.
        let kind = tied.iter().map(|a| a.event.kind()).max().unwrap();
        events.push((id, kind));
    }
    events
        .into_iter()
        .filter(|(_, kind)| *kind != EventKind::Retraction)
        .map(|(id, kind)| format!("{id} {kind}"))
        .collect()
}

proptest! {
    #[test]
    fn order_and_repetition_change_nothing(
        (arrivals, shuffled) in prop::collection::vec(arrival(), 0..24)
            .prop_flat_map(|all| (Just(all.clone()), Just([all.clone(), all].concat()).prop_shuffle()))
    ) {
        let (one, two) = (log_of(&arrivals), log_of(&shuffled));
        prop_assert_eq!(one.to_json_lines(), two.to_json_lines());
        prop_assert_eq!(current(&one), current(&two));
        prop_assert_eq!(one, two);
    }

    #[test]
    fn any_split_merges_to_the_whole(
        parts in prop::collection::vec(prop::collection::vec(arrival(), 0..8), 3..4)
    ) {
        let whole = log_of(&parts.concat());
        let logs: Vec<_> = parts.iter().map(|part| log_of(part)).collect();
        let mut left = logs[0].clone();
        left.merge(&logs[1]);
        left.merge(&logs[2]);
        let mut tail = logs[2].clone();
        tail.merge(&logs[1]);
        let mut right = logs[0].clone();
        right.merge(&tail);
        right.merge(&logs[0]);
        prop_assert_eq!(&left, &whole);
        prop_assert_eq!(left.to_json_lines(), right.to_json_lines());
    }

    #[test]
    fn the_newest_revision_counts(arrivals in prop::collection::vec(arrival(), 0..24)) {
        let mut told: Vec<_> =
            log_of(&arrivals).events().map(|event| format!("{} {}", event.id(), event.kind())).collect();
        told.sort();
        prop_assert_eq!(told, naive(&arrivals));
    }

    #[test]
    fn the_past_does_not_change(arrivals in prop::collection::vec(arrival(), 0..24), at in 0..5_i64) {
        let then: Vec<_> = arrivals.iter().filter(|a| a.arrived_at <= Some(time(at))).cloned().collect();
        prop_assert_eq!(log_of(&arrivals).as_known_at(time(at)), log_of(&then));
    }

    #[test]
    fn what_is_added_and_retracted_leaves_no_trace_in_the_present(
        arrivals in prop::collection::vec(arrival(), 0..16)
    ) {
        let before = log_of(&arrivals);
        let mut after = before.clone();
        let change = Change::new("new".parse().unwrap(), ["api".parse().unwrap()]);
        after.insert(&Arrival::new(change, time(1))).unwrap();
        after.insert(&Arrival::new(Retraction::new("new".parse().unwrap()), time(2))).unwrap();
        prop_assert_eq!(current(&before), current(&after));
    }

    #[test]
    fn writing_and_reading_loses_nothing(arrivals in prop::collection::vec(arrival(), 0..16)) {
        let log = log_of(&arrivals);
        let mut lines = DeliveryLog::new();
        lines.read_json_lines(log.to_json_lines().as_bytes()).unwrap();
        prop_assert_eq!(&lines, &log);
        let json = serde_json::to_string(&log).unwrap();
        prop_assert_eq!(serde_json::from_str::<DeliveryLog>(&json).unwrap(), log);
    }
}

#[test]
fn insertions_say_what_they_did_and_where() {
    let deployment =
        |at| Deployment::new("d".parse().unwrap(), "api".parse().unwrap(), time(at), Outcome::Failed);
    let mut log = DeliveryLog::new();
    let mut insert = |at, arrived| {
        let effect = log.insert(&Arrival::new(deployment(at), time(arrived))).unwrap();
        (effect.insertion, effect.touched.first().map(|t| (t.from, t.to)))
    };
    assert_eq!(insert(10, 20), (Insertion::Added, Some((time(10), time(10)))));
    assert_eq!(insert(12, 30), (Insertion::Revised, Some((time(10), time(12)))));
    assert_eq!(insert(99, 25), (Insertion::Superseded, None));
    assert_eq!(insert(99, 25), (Insertion::Known, None));
    let id = "d".parse().unwrap();
    let arrived: Vec<_> = log.revisions(&id).into_iter().filter_map(|a| a.arrived_at).collect();
    assert_eq!(arrived, [time(30), time(25), time(20)]);
    assert_eq!((log.len(), log.revision_count()), (1, 3));
}

#[test]
fn a_retraction_needs_a_time() {
    let mut log = DeliveryLog::new();
    let refused = log.read_json_lines(b"{\"type\":\"retraction\",\"id\":\"a\"}").unwrap_err();
    assert_eq!(refused.to_string(), "line 1: retraction `a`: `arrived_at` is missing");
}
