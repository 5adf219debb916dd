//! What is wrong in an event is refused by name or counted with its reason: one row for each kind of mistake and each
//! field in which it can be made, by both doors, typed events and JSON Lines. Nothing panics, and nothing vanishes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "tests may panic; tables are long"
)]

use devops_core::{EnvironmentId, EventId, ServiceId, Severity, Timestamp};
use devops_metrics::event::{
    Arrival, CauseClass, Change, ChangeUnit, DeclaredFailure, Deployment, DeploymentKind, Event, EventError,
    EventKind, Incident, Outcome, Recovery, Retraction, Tier, Uptime,
};
use devops_metrics::log::DeliveryLog;
use serde_json::{Value, json};

const AN_ID: &str = "1 to 500 bytes of text without control characters";
const A_TIME: &str = "an RFC 3339 time such as `2026-11-23T08:30:00Z`";
const AN_OUTCOME: &str = "`succeeded`, `failed` or `cancelled`";

/// A kind of event with all its fields, by what they hold.
struct Form {
    kind: &'static str,
    times: &'static [&'static str],
    texts: &'static [&'static str],
    lists: &'static [&'static str],
    words: &'static [(&'static str, &'static str)],
    flags: &'static [&'static str],
    required: &'static [&'static str],
}

const FORMS: [Form; 7] = [
    Form {
        kind: "change",
        times: &["authored_at", "committed_at", "opened_at", "reviewed_at", "merged_at", "arrived_at"],
        texts: &["id", "service", "commit", "reverts"],
        lists: &["services", "deployments"],
        words: &[("unit", "`commit` or `pull_request`")],
        flags: &["bot", "merge"],
        required: &["id", "service"],
    },
    Form {
        kind: "deployment",
        times: &["started_at", "finished_at", "parts_finished_at", "arrived_at"],
        texts: &["id", "service", "environment", "commit", "version", "replaces"],
        lists: &["changes"],
        words: &[
            ("tier", "`production`, `staging`, `testing`, `development` or `other`"),
            ("outcome", AN_OUTCOME),
            ("kind", "`normal`, `hotfix`, `rollback` or `rework`"),
            ("declared_failure", "`yes`, `no` or `pending`"),
        ],
        flags: &[],
        required: &["id", "service", "finished_at", "outcome"],
    },
    Form {
        kind: "incident",
        times: &["opened_at", "detected_at", "resolved_at", "arrived_at"],
        texts: &["id", "service", "caused_by_deployment", "caused_by_commit"],
        lists: &["services"],
        words: &[
            ("cause", "`change`, `infrastructure`, `external` or `unknown`"),
            ("recovery", "`automatic`, `manual` or `unknown`"),
            ("severity", "`critical`, `major`, `minor` or `info`"),
        ],
        flags: &[],
        required: &["id", "service", "opened_at"],
    },
    Form {
        kind: "check",
        times: &["finished_at", "arrived_at"],
        texts: &["id", "service", "commit"],
        lists: &[],
        words: &[("outcome", AN_OUTCOME)],
        flags: &[],
        required: &["id", "service", "finished_at", "outcome"],
    },
    Form {
        kind: "alert",
        times: &["at", "arrived_at"],
        texts: &["id", "service"],
        lists: &[],
        words: &[],
        flags: &["predicted", "actual"],
        required: &["id", "service", "at", "predicted"],
    },
    Form {
        kind: "uptime",
        times: &["from", "to", "arrived_at"],
        texts: &["id", "service"],
        lists: &[],
        words: &[],
        flags: &["up"],
        required: &["id", "service", "from", "to", "up"],
    },
    Form {
        kind: "retraction",
        times: &["arrived_at"],
        texts: &["id"],
        lists: &[],
        words: &[],
        flags: &[],
        required: &["id"],
    },
];

impl Form {
    /// An event of the kind with what it needs and no more.
    fn least(&self) -> Value {
        let mut event = json!({"type": self.kind});
        for field in self.required {
            event[*field] = match *field {
                "outcome" => json!("failed"),
                "predicted" | "up" => json!(true),
                "to" => json!("2026-03-02T11:00:00Z"),
                "id" => json!("e1"),
                "service" => json!("api"),
                _ => json!("2026-03-02T10:00:00Z"),
            };
        }
        event
    }

    fn with(&self, field: &str, value: Value) -> Value {
        let mut event = self.least();
        if field == "services" {
            event.as_object_mut().unwrap().remove("service");
        }
        event[field] = if field == "parts_finished_at" { json!([value]) } else { value };
        event
    }
}

/// By JSON Lines the event is refused with that message, and the log holds nothing of it.
fn refused(event: &Value, message: &str) {
    let (line, mut log) = (event.to_string(), DeliveryLog::new());
    let shown = devops_core::excerpt(&line);
    assert_eq!(Event::from_json(line.as_bytes()).unwrap_err().to_string(), message, "{shown}");
    assert_eq!(Arrival::from_json(line.as_bytes()).unwrap_err().to_string(), message, "{shown}");
    let told = log.read_json_lines(format!("\n{line}").as_bytes()).unwrap_err().to_string();
    assert_eq!(told, format!("line 2: {message}"), "{shown}");
    assert!(log.is_empty() && log.to_json_lines().is_empty());
}

/// How a message names the event, and how it shows a value.
fn name(form: &Form, field: &str, value: &str) -> String {
    let id = if field == "id" { value } else { "e1" };
    format!("{} `{}`", form.kind, devops_core::excerpt(id))
}

#[test]
fn every_time_refuses_what_is_no_time_of_the_years_0000_to_9999() {
    let no_times = [
        "",
        "soon",
        "2026-02-30T00:00:00Z",
        "2026-03-02T10:00:00",
        "2026-03-02T24:00:01Z",
        "-0001-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "99999999999999-01-01T00:00:00Z",
    ];
    let mut rows = 0;
    for form in &FORMS {
        for (field, bad) in form.times.iter().flat_map(|field| no_times.map(|bad| (field, bad))) {
            let event = name(form, field, "e1");
            refused(
                &form.with(field, json!(bad)),
                &format!("{event}: `{field}` is `{bad}`, must be {A_TIME}"),
            );
            rows += 1;
        }
        for (field, bad) in form
            .times
            .iter()
            .flat_map(|f| [(f, "9999-12-31T23:59:59-01:00"), (f, "0000-01-01T00:00:00+00:01")])
        {
            let range = "between 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z";
            let event = name(form, field, "e1");
            refused(
                &form.with(field, json!(bad)),
                &format!("{event}: `{field}` is `{bad}`, must be {range}"),
            );
        }
    }
    assert_eq!(rows, 22 * no_times.len());
    // The typed door is the type of the field itself.
    for millis in [i64::MIN, -62_167_219_200_001, 253_402_300_800_000, i64::MAX] {
        let told = Timestamp::from_millis(millis).unwrap_err().to_string();
        assert_eq!(
            told,
            format!("timestamp `{millis}` is outside 0000-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z")
        );
    }
    assert!("10000-01-01T00:00:00Z".parse::<Timestamp>().is_err());
}

#[test]
fn every_id_refuses_to_be_empty_long_or_of_several_lines() {
    let long = "x".repeat(1 << 20);
    let wide = "é".repeat(1 << 19);
    let mut rows = 0;
    for form in &FORMS {
        for bad in ["", &long, &wide, "a\nb", "nul\u{0}"] {
            let shown = devops_core::excerpt(bad);
            for field in form.texts {
                let event = name(form, field, bad);
                let message = format!("{event}: `{field}` is `{shown}`, must be {AN_ID}");
                refused(&form.with(field, json!(bad)), &message);
                rows += 1;
            }
            for field in form.lists {
                let event = name(form, field, bad);
                let message = format!("{event}: `{field}` is `{shown}`, must be {AN_ID}");
                refused(&form.with(field, json!(["fine", bad])), &message);
                rows += 1;
            }
        }
    }
    assert_eq!(rows, 5 * (22 + 4));
    for bad in ["", &long, &wide, "a\nb", "nul\u{0}"] {
        let told = [
            EventId::new(bad).unwrap_err().to_string(),
            ServiceId::new(bad).unwrap_err().to_string(),
            EnvironmentId::new(bad).unwrap_err().to_string(),
        ];
        for message in told {
            assert!(message.ends_with(&format!("expected {AN_ID}")) && message.len() < 400, "{message}");
        }
    }
    // The longest id that is one is kept whole.
    let longest = "x".repeat(500);
    let mut log = DeliveryLog::new();
    log.read_json_lines(FORMS[2].with("id", json!(longest)).to_string().as_bytes()).unwrap();
    assert_eq!(log.events().next().unwrap().id().as_str(), longest);
}

#[test]
fn every_word_refuses_what_is_not_in_its_vocabulary() {
    let mut rows = 0;
    for form in &FORMS {
        for (field, expected) in form.words {
            for bad in ["", "Succeeded", "unheard-of", "succeeded "] {
                let event = name(form, field, "e1");
                let message = format!("{event}: `{field}` is `{bad}`, must be {expected}");
                refused(&form.with(field, json!(bad)), &message);
                rows += 1;
            }
            refused(
                &form.with(field, json!(1)),
                &json_error(field, "integer `1`, expected a text", &form.with(field, json!(1))),
            );
        }
        for field in form.flags {
            let event = form.with(field, json!("yes"));
            refused(&event, &json_error(field, "string \"yes\", expected a boolean", &event));
            rows += 1;
        }
    }
    assert_eq!(rows, 4 * 9 + 5);
    let bad = "unheard-of";
    let typed = [
        bad.parse::<Tier>().map(drop),
        bad.parse::<Outcome>().map(drop),
        bad.parse::<DeploymentKind>().map(drop),
        bad.parse::<DeclaredFailure>().map(drop),
        bad.parse::<ChangeUnit>().map(drop),
        bad.parse::<CauseClass>().map(drop),
        bad.parse::<Recovery>().map(drop),
        bad.parse::<Severity>().map(drop),
        bad.parse::<EventKind>().map(drop),
    ];
    for refused in typed {
        let told = refused.unwrap_err().to_string();
        assert!(told.contains("`unheard-of` is malformed: expected `"), "{told}");
    }
    refused(
        &json!({"type": "deploy", "id": "e1"}),
        "event `e1`: `type` is `deploy`, must be `change`, `deployment`, `incident`, `check`, `alert`, `uptime` or `retraction`",
    );
}

/// What the JSON reader says of a value of another shape, with its place.
fn json_error(field: &str, found: &str, event: &Value) -> String {
    let told = Event::from_json(event.to_string().as_bytes()).unwrap_err();
    assert!(matches!(told, EventError::Json { .. }));
    let place = told.to_string().rsplit_once(" at line 1 column ").unwrap().1.to_string();
    format!(
        "event is no JSON of the documented form: `{field}`: invalid type: {found} at line 1 column {place}"
    )
}

#[test]
fn what_a_kind_needs_is_missed_by_name() {
    let mut rows = 0;
    for form in &FORMS {
        for field in form.required {
            let mut event = form.least();
            event.as_object_mut().unwrap().remove(*field);
            let whose = if *field == "id" { "without id" } else { "`e1`" };
            refused(&event, &format!("{} {whose}: `{field}` is missing", form.kind));
            event[*field] = Value::Null;
            refused(&event, &format!("{} {whose}: `{field}` is missing", form.kind));
            rows += 1;
        }
    }
    assert_eq!(rows, 23);
}

#[test]
fn absent_and_null_are_the_same_everywhere() {
    for form in &FORMS {
        let least = Arrival::from_json(form.least().to_string().as_bytes()).unwrap();
        let words = form.words.iter().map(|(field, _)| field);
        let all = form.times.iter().chain(form.texts).chain(form.lists).chain(words).chain(form.flags);
        for field in all.filter(|field| !form.required.contains(field)) {
            let mut event = form.least();
            event[*field] = Value::Null;
            assert_eq!(Arrival::from_json(event.to_string().as_bytes()).as_ref(), Ok(&least), "{event}");
        }
    }
}

#[test]
fn what_is_given_twice_is_refused_and_not_half_taken() {
    let mut rows = 0;
    for form in &FORMS {
        for field in form.lists {
            let message = format!("{} `e1`: `{field}` names `c` twice", form.kind);
            refused(&form.with(field, json!(["c", "d", "c"])), &message);
            rows += 1;
        }
        // The same key once more, with whatever it held.
        for field in form.required.iter().chain(form.times.iter().filter(|f| !form.required.contains(f))) {
            let mut event = form.least();
            if event.get(*field).is_none() {
                event[*field] = json!("2026-03-02T10:00:00Z");
            }
            if *field == "parts_finished_at" {
                event[*field] = json!(["2026-03-02T10:00:00Z"]);
            }
            let line = event.to_string();
            let again = format!("{},\"{field}\":{}}}", line.strip_suffix('}').unwrap(), event[*field]);
            let told = Event::from_json(again.as_bytes()).unwrap_err().to_string();
            assert_eq!(told, format!("{} `e1`: `{field}` is given more than once", form.kind));
            rows += 1;
        }
    }
    assert_eq!(rows, 4 + 23 + 16);
    let both =
        |a: &str, b: &str| format!(r#"{{"type":"change","id":"c1","{a}":"#) + b + r#","service":"web"}"#;
    for (line, field) in [
        (both("services", r#"["api","db"]"#), "service"),
        (both("service", r#""api""#), "service"),
        (r#"{"type":"change","id":"c1","service":"web","services":["api"]}"#.into(), "services"),
    ] {
        let told = Event::from_json(line.as_bytes()).unwrap_err().to_string();
        assert_eq!(told, format!("change `c1`: `{field}` is given more than once"));
    }
}

fn id(text: &str) -> EventId {
    text.parse().unwrap()
}

fn service(text: &str) -> ServiceId {
    text.parse().unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn typed_events_are_refused_as_their_lines_are() {
    let at = time("2026-03-02T10:00:00Z");
    let table: [(Event, &str, &str); 9] = [
        (
            Deployment::new(id("d"), service("a"), at, Outcome::Succeeded)
                .with_changes([id("c"), id("b"), id("c")])
                .into(),
            r#"{"type":"deployment","id":"d","service":"a","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded","changes":["c","b","c"]}"#,
            "deployment `d`: `changes` names `c` twice",
        ),
        (
            Change::new(id("c"), [service("a")]).with_deployments([id("d"), id("d")]).into(),
            r#"{"type":"change","id":"c","service":"a","deployments":["d","d"]}"#,
            "change `c`: `deployments` names `d` twice",
        ),
        (
            Change::new(id("c"), [service("a"), service("a")]).into(),
            r#"{"type":"change","id":"c","services":["a","a"]}"#,
            "change `c`: `services` names `a` twice",
        ),
        (
            Change::pull_request(id("c"), []).into(),
            r#"{"type":"change","id":"c","unit":"pull_request"}"#,
            "change `c`: `service` is missing",
        ),
        (
            Incident::new(id("i"), [service("b"), service("a"), service("b")], at).into(),
            r#"{"type":"incident","id":"i","services":["b","a","b"],"opened_at":"2026-03-02T10:00:00Z"}"#,
            "incident `i`: `services` names `b` twice",
        ),
        (
            Incident::new(id("i"), [], at).into(),
            r#"{"type":"incident","id":"i","services":[],"opened_at":"2026-03-02T10:00:00Z"}"#,
            "incident `i`: `service` is missing",
        ),
        (
            Uptime::new(id("u"), service("a"), at, at, true).into(),
            r#"{"type":"uptime","id":"u","service":"a","from":"2026-03-02T10:00:00Z","to":"2026-03-02T10:00:00Z","up":true}"#,
            "uptime `u`: `to` is `2026-03-02T10:00:00Z`, must be later than `from`, 2026-03-02T10:00:00Z",
        ),
        (
            Uptime::new(id("u"), service("a"), at, time("2026-03-02T09:00:00Z"), true).into(),
            r#"{"type":"uptime","id":"u","service":"a","from":"2026-03-02T10:00:00Z","to":"2026-03-02T09:00:00Z","up":true}"#,
            "uptime `u`: `to` is `2026-03-02T09:00:00Z`, must be later than `from`, 2026-03-02T10:00:00Z",
        ),
        (
            Retraction::new(id("r")).into(),
            r#"{"type":"retraction","id":"r"}"#,
            "retraction `r`: `arrived_at` is missing",
        ),
    ];
    for (event, line, message) in table {
        let mut log = DeliveryLog::new();
        let mut arrival = Arrival::new(event.clone(), at);
        arrival.arrived_at = None;
        let typed = log.insert(&arrival).unwrap_err();
        let read = log.read_json_lines(line.as_bytes()).unwrap_err();
        assert_eq!((&typed, typed.to_string().as_str(), read.line), (&read.error, message, 1));
        assert!(log.is_empty());
        // What is refused alone is refused among others, which stay.
        let two = format!("{}\n{line}", r#"{"type":"change","id":"ok","service":"a"}"#);
        let _ = log.insert(&Arrival::new(Change::new(id("ok"), [service("a")]), at)).unwrap();
        assert!(log.read_json_lines(two.as_bytes()).is_err());
        assert_eq!(log.len(), 1);
    }
}
