//! The life of a proposal: every transition, every forbidden one, replay and round trip.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::panic,
    reason = "tests may panic"
)]

use devops_core::{ProposalId, Timestamp, Unit};
use devops_metrics::calendar::Window;
use devops_metrics::improvement::{
    Baseline, Event, ImprovementVerdict, Observation, Proposal, ProposalBook, ProposalState, Sample, Status,
    TransitionError,
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000).unwrap()
}

fn baseline() -> Baseline {
    let window = Window::new(at(0), at(10)).unwrap();
    let sample = Sample::share(5, 50).unwrap();
    let observation = Observation::new("change_failure_rate".parse().unwrap(), Unit::Percent, window, sample);
    Baseline { observations: vec![observation] }
}

fn verdict(verdict: &str, guardrail: &str) -> Box<ImprovementVerdict> {
    let json = format!(
        r#"{{"format":1,"proposal":"p-1","verdict":"{verdict}","metrics":[],"controls":0,"alpha":0.05,
            "guardrails":[{{"metric":"change_lead_time","unit":"hours","status":"{guardrail}"}}]}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn events() -> Vec<Event> {
    let reason = || "because".to_string();
    vec![
        Event::Approve { by: "board".into(), baseline: Some(baseline()) },
        Event::Reject { reason: reason() },
        Event::Defer { reason: reason() },
        Event::Resubmit {},
        Event::Start {},
        Event::Finish {},
        Event::Abandon { reason: reason() },
        Event::Validate { verdict: Some(verdict("improved", "kept")) },
        Event::Resume { reason: reason() },
        Event::RollBack { reason: reason() },
        Event::Close {},
    ]
}

/// Status, event, status.
const TABLE: [(Status, &str, Status); 17] = [
    (Status::Proposed, "approve", Status::Approved),
    (Status::Proposed, "reject", Status::Rejected),
    (Status::Proposed, "defer", Status::Deferred),
    (Status::Deferred, "resubmit", Status::Proposed),
    (Status::Approved, "start", Status::InProgress),
    (Status::Approved, "defer", Status::Deferred),
    (Status::Approved, "reject", Status::Rejected),
    (Status::InProgress, "finish", Status::Implemented),
    (Status::InProgress, "abandon", Status::Abandoned),
    (Status::Implemented, "validate", Status::Validated),
    (Status::Implemented, "resume", Status::InProgress),
    (Status::Implemented, "roll back", Status::RolledBack),
    (Status::Validated, "close", Status::Closed),
    (Status::RolledBack, "close", Status::Closed),
    (Status::Rejected, "close", Status::Closed),
    (Status::Abandoned, "close", Status::Closed),
    (Status::Closed, "", Status::Closed),
];

fn event(name: &str) -> Event {
    events().into_iter().find(|e| e.name() == name).unwrap()
}

/// A way to each status.
fn reach(status: Status) -> ProposalState {
    let way: &[&str] = match status {
        Status::Proposed => &[],
        Status::Approved => &["approve"],
        Status::Rejected => &["reject"],
        Status::Deferred => &["defer"],
        Status::InProgress => &["approve", "start"],
        Status::Implemented => &["approve", "start", "finish"],
        Status::Abandoned => &["approve", "start", "abandon"],
        Status::Validated => &["approve", "start", "finish", "validate"],
        Status::RolledBack => &["approve", "start", "finish", "roll back"],
        Status::Closed => &["defer", "resubmit", "approve", "defer", "resubmit", "reject", "close"],
    };
    let start = ProposalState::new("DevOps team", at(100));
    way.iter().zip(101..).fold(start, |state, (name, t)| state.apply(event(name), at(t)).unwrap())
}

#[test]
fn every_transition_and_every_forbidden_one() {
    for status in Status::ALL {
        let state = reach(status);
        assert_eq!(state.status(), status);
        for event in events() {
            let allowed = TABLE.iter().find(|(from, name, _)| *from == status && *name == event.name());
            match (state.apply(event.clone(), at(1000)), allowed) {
                (Ok(after), Some((_, _, to))) => {
                    assert_eq!(after.status(), *to);
                    assert_eq!(after.history().len(), state.history().len() + 1);
                    assert_eq!(after.history().last().unwrap().event, event);
                }
                (Err(TransitionError::AlreadyClosed { event: name }), None) if status == Status::Closed => {
                    assert_eq!(name, event.name());
                }
                (Err(TransitionError::Illegal { from, event: name, .. }), None) => {
                    assert_eq!((from, name), (status, event.name()));
                }
                (result, _) => panic!("{status} {}: {result:?}", event.name()),
            }
        }
    }
}

#[test]
fn histories_replay_and_every_state_survives_json() {
    for status in Status::ALL {
        for four_eyes in [false, true] {
            let state = reach(status);
            let start = ProposalState::new("DevOps team", at(100)).with_four_eyes(four_eyes);
            let state = start.replay(state.history().to_vec()).unwrap();
            assert_eq!(state.status(), status);
            let json = serde_json::to_string(&state).unwrap();
            assert_eq!(serde_json::from_str::<ProposalState>(&json).unwrap(), state);
        }
    }
    let impossible = r#"{"proposer":"me","proposed_at":"2026-01-01T00:00:00Z","status":"implemented",
        "history":[{"at":"2026-01-02T00:00:00Z","event":{"kind":"finish"}}]}"#;
    let error = serde_json::from_str::<ProposalState>(impossible).unwrap_err().to_string();
    assert!(error.starts_with("`finish` is not possible for a proposal that is proposed"), "{error}");
    let extra = r#"{"proposer":"me","proposed_at":"2026-01-01T00:00:00Z","status":"approved",
        "history":[{"at":"2026-01-02T00:00:00Z","event":{"kind":"start","by":"x"}}]}"#;
    assert!(serde_json::from_str::<ProposalState>(extra).is_err());
}

#[test]
fn what_else_is_refused() {
    let own = Event::Approve { by: "me".into(), baseline: Some(baseline()) };
    let mine = ProposalState::new("me", at(100));
    assert!(mine.apply(own.clone(), at(100)).is_ok());
    let empty = Baseline { observations: Vec::new() };
    let done = reach(Status::Implemented);
    for (state, event, when, message) in [
        (mine.clone().with_four_eyes(true), own, 100, "approver `me` is the proposer, must be somebody else"),
        (
            mine.clone(),
            Event::Approve { by: "x".into(), baseline: None },
            100,
            "`baseline` is missing: an approval freezes at least one observation from before",
        ),
        (
            mine.clone(),
            Event::Approve { by: "x".into(), baseline: Some(empty) },
            100,
            "`baseline` is missing: an approval freezes at least one observation from before",
        ),
        (
            mine,
            Event::Defer { reason: String::new() },
            99,
            "`at` is `1970-01-01T00:01:39Z`, must not be before the last event, `1970-01-01T00:01:40Z`",
        ),
        (
            done.clone(),
            Event::Validate { verdict: None },
            200,
            "`verdict` is missing: only a verdict `improved` validates a proposal",
        ),
        (
            done.clone(),
            Event::Validate { verdict: Some(verdict("no_evidence", "kept")) },
            200,
            "`verdict` is `no evidence`, must be `improved`",
        ),
        (
            done.clone(),
            Event::Validate { verdict: Some(verdict("improved", "broken")) },
            200,
            "guardrail `change_lead_time` is broken, must be kept",
        ),
        (
            done,
            Event::Validate { verdict: Some(verdict("improved", "not_measured")) },
            200,
            "guardrail `change_lead_time` is not measured, must be kept",
        ),
        (reach(Status::Closed), Event::Start {}, 900, "`start` is not possible: the proposal is closed"),
    ] {
        let before = state.clone();
        assert_eq!(state.apply(event, at(when)).unwrap_err().to_string(), message);
        assert_eq!(state, before);
    }
}

#[test]
fn a_book_of_proposals() {
    let json = r#"{"format":1,"id":"p-1","metric":"batch_size","title":"t","description":"d","kind":"process",
        "pain_points":[],"solution":"s","actions":[],"benefits":[],"effort":"low","impact":"low",
        "proposer":"me","stakeholders":[],"success":[],"guardrails":[]}"#;
    let proposal: Proposal = serde_json::from_str(json).unwrap();
    let mut book = ProposalBook::new();
    book.add(proposal.clone(), at(1)).unwrap();
    assert_eq!(book.add(proposal, at(2)).unwrap_err().to_string(), "proposal `p-1` is in the book already");
    let id = ProposalId::new("p-1").unwrap();
    book.apply(&id, event("approve"), at(3)).unwrap();
    assert_eq!(book.get(&id).unwrap().state.since(Status::Approved), Some(at(3)));
    assert!(book.get(&id).unwrap().state.baseline().is_some());
    let text = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<ProposalBook>(&text).unwrap(), book);
    let twice = text.replacen(
        "\"records\":[",
        &format!("\"records\":[{},", &text[text.find('[').unwrap() + 1..text.len() - 2]),
        1,
    );
    let error = serde_json::from_str::<ProposalBook>(&twice).unwrap_err().to_string();
    assert!(error.starts_with("`id` is `p-1`, must be there once"), "{error}");
}
