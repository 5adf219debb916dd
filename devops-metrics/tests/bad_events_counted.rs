//! Events that are well formed and yet cannot be right: each is counted, or left out with its reason, by whichever door
//! it came; counted and left out add up to all events. Nothing panics, and nothing vanishes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "tests may panic; tables are long"
)]

use std::collections::BTreeMap;

use devops_metrics::calendar::{Calendar, PeriodKind, Window};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::{Definition, DeploymentTime, NonPositive, RestoreFrom};
use devops_metrics::event::{Event, EventKind, read_json_lines};
use devops_metrics::flow::{FlowQuery, Operations};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{Cell, DeliveryMetric, Group, Grouping, Live, Query, Reason};

use DeliveryMetric::{
    ChangeLeadTime as Lead, DeploymentFrequency as Frequency, RecoveryTime as Recovery,
    TimeToRestore as Restore,
};

/// Events by both doors: the lines themselves, and the typed events that they say.
fn log_of(lines: &str) -> DeliveryLog {
    let mut read = DeliveryLog::new();
    read.read_json_lines(lines.as_bytes()).unwrap();
    let mut typed = DeliveryLog::new();
    for arrival in read_json_lines(lines.as_bytes()) {
        typed.insert(&arrival.unwrap()).unwrap();
    }
    assert_eq!(read, typed);
    read
}

fn march() -> Window {
    Calendar::utc().days("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap()).unwrap()
}

fn cell(log: &DeliveryLog, definition: Definition) -> Cell {
    Query::new(definition, march()).run(&Dataset::of(log)).unwrap().cells.remove(0)
}

/// Counted and left out, event by event: every deployment in the frequency, every change in the lead time, every
/// incident in the time to restore.
fn adds_up(log: &DeliveryLog, cell: &Cell) {
    let mut events: BTreeMap<EventKind, u64> = BTreeMap::new();
    log.events().for_each(|event| *events.entry(event.kind()).or_default() += 1);
    for (kind, metric) in
        [(EventKind::Deployment, Frequency), (EventKind::Change, Lead), (EventKind::Incident, Restore)]
    {
        let value = cell.value(metric).unwrap();
        let told = value.n + value.excluded.values().sum::<u64>();
        assert_eq!(told, events.get(&kind).copied().unwrap_or(0), "{metric}: {value:?}");
    }
}

const DEPLOYED: &str = r#"{"type":"deployment","id":"d","service":"a","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}"#;

/// What is wrong, the events beside a good deployment `d` of 2 March, 10:00, and where they are left out and why.
const TABLE: &[(&str, &str, DeliveryMetric, Reason)] = &[
    (
        "resolved before opened",
        r#"{"type":"incident","id":"i","service":"a","opened_at":"2026-03-02T12:00:00Z","resolved_at":"2026-03-02T11:00:00Z"}"#,
        Restore,
        Reason::Negative,
    ),
    (
        "resolved before the deployment that caused it",
        r#"{"type":"incident","id":"i","service":"a","opened_at":"2026-03-02T08:00:00Z","resolved_at":"2026-03-02T09:00:00Z","caused_by_deployment":"d"}"#,
        Recovery,
        Reason::Negative,
    ),
    (
        "committed after its deployment",
        r#"{"type":"change","id":"c","service":"a","committed_at":"2026-03-02T10:00:00.001Z","deployments":["d"]}"#,
        Lead,
        Reason::Negative,
    ),
    (
        "committed in the far future",
        r#"{"type":"change","id":"c","service":"a","committed_at":"2026-03-30T10:00:00Z","deployments":["d"]}"#,
        Lead,
        Reason::Negative,
    ),
    (
        "no time at all",
        r#"{"type":"change","id":"c","service":"a","deployments":["d"],"arrived_at":"2026-03-02T10:00:00Z"}"#,
        Lead,
        Reason::NoStart,
    ),
    (
        "a service of which nothing was deployed",
        r#"{"type":"change","id":"c","service":"ghost","committed_at":"2026-03-02T09:00:00Z"}"#,
        Lead,
        Reason::NotDeployed,
    ),
    (
        "an incident of a service of which nothing was deployed",
        r#"{"type":"incident","id":"i","service":"ghost","opened_at":"2026-03-02T11:00:00Z"}"#,
        Recovery,
        Reason::NotLinked,
    ),
    (
        "a deployment that the log does not know",
        r#"{"type":"change","id":"c","service":"a","committed_at":"2026-03-02T09:00:00Z","deployments":["nobody"]}"#,
        Lead,
        Reason::NotDeployed,
    ),
    (
        "an incident that blames an unknown deployment",
        r#"{"type":"incident","id":"i","service":"ghost","opened_at":"2026-03-02T11:00:00Z","caused_by_deployment":"nobody"}"#,
        Recovery,
        Reason::NamesUnknown,
    ),
    (
        "an incident that blames an unknown commit",
        r#"{"type":"incident","id":"i","service":"ghost","opened_at":"2026-03-02T11:00:00Z","caused_by_commit":"nobody"}"#,
        Recovery,
        Reason::NamesUnknown,
    ),
    (
        "an incident that blames an event of another kind",
        r#"{"type":"incident","id":"i","service":"ghost","opened_at":"2026-03-02T11:00:00Z","caused_by_deployment":"i"}"#,
        Recovery,
        Reason::NamesUnknown,
    ),
    (
        "a deployment whose environment is of no tier that is known",
        r#"{"type":"deployment","id":"e","service":"a","environment":"blue","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}"#,
        Frequency,
        Reason::OtherTier,
    ),
    (
        "a change of one service whose deployment is of another",
        r#"{"type":"change","id":"c","service":"ghost","committed_at":"2026-03-02T11:00:00Z","deployments":["d"]}"#,
        Lead,
        Reason::NotDeployed,
    ),
];

#[test]
fn each_mistake_is_left_out_once_with_its_reason() {
    for (what, events, metric, reason) in TABLE {
        let log = log_of(&format!("{DEPLOYED}\n{events}"));
        let cell = cell(&log, Definition::dora_2025());
        let value = cell.value(*metric).unwrap();
        assert_eq!(value.excluded.get(reason), Some(&1), "{what}: {value:?}");
        adds_up(&log, &cell);
        let explained = Query::new(Definition::dora_2025(), march())
            .explain(&Dataset::of(&log), &Group::All, &cell.period)
            .unwrap();
        let told = explained.events.iter().any(|event| event.left_out.contains(&(*metric, *reason)));
        assert!(told, "{what}");
        for definition in Definition::presets() {
            let _ = self::cell(&log, definition);
        }
    }
}

#[test]
fn deployments_that_end_before_they_start_count_by_the_end_and_are_told() {
    let log = log_of(
        r#"{"type":"deployment","id":"d1","service":"a","outcome":"succeeded","started_at":"2026-03-02T11:00:00Z","finished_at":"2026-03-02T10:00:00Z"}
{"type":"deployment","id":"d2","service":"a","outcome":"succeeded","parts_finished_at":["2026-03-02T11:00:00Z"],"finished_at":"2026-03-02T10:00:00Z"}
{"type":"deployment","id":"d3","service":"b","outcome":"failed","parts_finished_at":["2026-03-02T09:00:00Z","2026-03-02T11:00:00Z"],"finished_at":"2026-03-02T10:00:00Z"}
{"type":"deployment","id":"d4","service":"b","outcome":"succeeded","started_at":"2026-03-02T10:00:00Z","parts_finished_at":["2026-03-02T10:00:00Z"],"finished_at":"2026-03-02T10:00:00Z"}"#,
    );
    let mut by_start = Definition::dora_2025();
    by_start.deployments.time = DeploymentTime::Started;
    let mut by_part = Definition::dora_2025();
    by_part.deployments.time = DeploymentTime::FirstPart;
    for definition in Definition::presets().into_iter().chain([by_start, by_part]) {
        let report = Query::new(definition, march()).run(&Dataset::of(&log)).unwrap();
        let told: Vec<_> = report.backwards.iter().map(devops_core::EventId::as_str).collect();
        assert_eq!(told, ["d1", "d2", "d3"]);
        let frequency = report.cells[0].value(Frequency).unwrap();
        assert_eq!(frequency.n + frequency.excluded.values().sum::<u64>(), 4);
    }
    let found = Operations::of(&log, &FlowQuery::new(march())).unwrap();
    let told: Vec<_> =
        found.excluded.iter().filter(|e| e.event.as_str() == "d1").map(|e| e.reason.as_str()).collect();
    assert_eq!((told, found.deployment_duration.n), (vec!["it ended before it started"], 1));
}

#[test]
fn an_incident_that_is_detected_before_it_opens_is_told_where_detection_counts() {
    let log = log_of(
        r#"{"type":"incident","id":"i","service":"a","opened_at":"2026-03-02T12:00:00Z","detected_at":"2026-03-02T11:00:00Z","resolved_at":"2026-03-02T11:30:00Z"}"#,
    );
    let found = Operations::of(&log, &FlowQuery::new(march())).unwrap();
    let told: Vec<String> = found.excluded.iter().map(|e| format!("{}: {}", e.from, e.reason)).collect();
    assert_eq!(
        told,
        [
            "automatic_recovery: nothing tells how it recovered",
            "recovery_by_cause: it was resolved before it opened",
            "time_to_detect: it was detected before it opened",
        ]
    );
    // From detection on the time is positive, and counts.
    let mut definition = Definition::dora_2025();
    definition.restore.from = RestoreFrom::Detected;
    let cell = cell(&log, definition);
    assert_eq!(cell.value(Restore).unwrap().value(), Some(0.5));
    adds_up(&log, &cell);
}

#[test]
fn a_commit_that_a_deployment_has_by_two_names_counts_once() {
    let log = log_of(&format!(
        "{}\n{}",
        r#"{"type":"change","id":"pr1","service":"a","commit":"abc","committed_at":"2026-03-02T09:00:00Z","deployments":["d"]}"#,
        r#"{"type":"deployment","id":"d","service":"a","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded","changes":["pr1","abc"],"commit":"abc"}"#
    ));
    for definition in Definition::presets() {
        let cell = cell(&log, definition);
        let value = cell.value(Lead).unwrap();
        assert!(value.n <= 1 && value.n + value.excluded.values().sum::<u64>() == 1, "{value:?}");
    }
    adds_up(&log, &cell(&log, Definition::dora_2025()));
}

#[test]
fn what_names_itself_or_goes_in_a_circle_is_told_and_not_followed() {
    let log = log_of(
        r#"{"type":"deployment","id":"a","service":"s","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded","kind":"rollback","replaces":"b"}
{"type":"deployment","id":"b","service":"s","finished_at":"2026-03-02T11:00:00Z","outcome":"succeeded","kind":"rollback","replaces":"c"}
{"type":"deployment","id":"c","service":"s","finished_at":"2026-03-02T12:00:00Z","outcome":"succeeded","replaces":"a"}
{"type":"deployment","id":"d","service":"s","finished_at":"2026-03-02T13:00:00Z","outcome":"succeeded","replaces":"d"}
{"type":"deployment","id":"e","service":"s","finished_at":"2026-03-02T14:00:00Z","outcome":"succeeded","replaces":"d"}
{"type":"deployment","id":"x","service":"s","finished_at":"2026-03-02T15:00:00Z","outcome":"succeeded","replaces":"y"}
{"type":"deployment","id":"y","service":"t","finished_at":"2026-03-02T16:00:00Z","outcome":"succeeded","replaces":"x"}
{"type":"change","id":"r","service":"s","committed_at":"2026-03-02T09:00:00Z","reverts":"r","deployments":["a"]}
{"type":"change","id":"p","service":"s","committed_at":"2026-03-02T09:00:00Z","reverts":"q","deployments":["a"]}
{"type":"change","id":"q","service":"s","committed_at":"2026-03-02T09:00:00Z","reverts":"p","deployments":["b"]}"#,
    );
    let mut reverting = Definition::dora_2025();
    reverting
        .failure
        .signals
        .push(devops_metrics::definition::FailureSignal::Revert { within_millis: 86_400_000 });
    for definition in Definition::presets().into_iter().chain([reverting]) {
        let report = Query::new(definition, march()).run(&Dataset::of(&log)).unwrap();
        let told: Vec<_> = report.circular.iter().map(devops_core::EventId::as_str).collect();
        assert_eq!(told, ["a", "b", "c", "d"]);
        let frequency = report.cells[0].value(Frequency).unwrap();
        assert_eq!(frequency.n + frequency.excluded.values().sum::<u64>(), 7);
    }
    adds_up(&log, &cell(&log, Definition::dora_2025()));
}

#[test]
fn the_ends_of_time_are_answered_or_refused() {
    let ends = ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"];
    let mut lines = String::new();
    for (number, (early, late)) in
        [(ends[0], ends[1]), (ends[1], ends[0]), (ends[0], ends[0]), (ends[1], ends[1])].iter().enumerate()
    {
        lines += &format!(
            r#"{{"type":"deployment","id":"d{number}","service":"s","started_at":"{early}","finished_at":"{late}","parts_finished_at":["{early}","{late}"],"outcome":"succeeded"}}
{{"type":"deployment","id":"f{number}","service":"s","started_at":"{early}","finished_at":"{late}","outcome":"failed"}}
{{"type":"change","id":"c{number}","service":"s","authored_at":"{early}","committed_at":"{late}","opened_at":"{early}","reviewed_at":"{late}","merged_at":"{early}","deployments":["d{number}"]}}
{{"type":"change","id":"m{number}","service":"s","unit":"pull_request","authored_at":"{late}","committed_at":"{early}","opened_at":"{late}","merged_at":"{early}"}}
{{"type":"incident","id":"i{number}","service":"s","opened_at":"{early}","detected_at":"{late}","resolved_at":"{late}","caused_by_deployment":"d{number}"}}
{{"type":"incident","id":"o{number}","service":"s","opened_at":"{early}"}}
{{"type":"check","id":"k{number}","service":"s","finished_at":"{early}","outcome":"failed"}}
{{"type":"alert","id":"a{number}","service":"s","at":"{late}","predicted":true,"actual":true}}
"#
        );
    }
    lines += &format!(
        r#"{{"type":"uptime","id":"u","service":"s","from":"{}","to":"{}","up":true}}"#,
        ends[0], ends[1]
    );
    let log = log_of(&lines);
    assert_eq!(DeliveryLog::default(), log_of(""));
    let again = log_of(&log.to_json_lines());
    assert_eq!(again, log);
    let dataset = Dataset::of(&log);
    let all = Window::new(ends[0].parse().unwrap(), ends[1].parse().unwrap()).unwrap();
    let zones = ["UTC", "Pacific/Kiritimati", "America/St_Johns", "-12:00"];
    for definition in Definition::presets() {
        for zone in zones {
            let calendar = Calendar::new(zone.parse().unwrap());
            for until in [all, march()] {
                let query = Query::new(definition.clone(), until).in_calendar(calendar.clone());
                for period in [None, Some(PeriodKind::Year), Some(PeriodKind::Rolling { days: u16::MAX })] {
                    // Rolling windows over ten thousand years are more than a test should wait for.
                    if until == all && matches!(period, Some(PeriodKind::Rolling { .. })) {
                        continue;
                    }
                    let mut query = query.clone();
                    query.period = period;
                    match query.run(&dataset) {
                        Ok(report) => assert!(!report.cells.is_empty()),
                        Err(refused) => assert!(refused.to_string().contains('`'), "{refused}"),
                    }
                }
            }
        }
    }
    let query = Query::new(Definition::dora_2025(), all).by(Grouping::Service);
    // The last quarter ends after the last date.
    let refused = query.clone().every(PeriodKind::Quarter).summary(&dataset).unwrap_err();
    assert!(refused.to_string().contains("`9999-10-01 +3 months`"), "{refused}");
    let until = Window::new(all.from(), "9999-07-01T00:00:00Z".parse().unwrap()).unwrap();
    let quarters = Query::new(query.definition, until)
        .by(Grouping::Service)
        .every(PeriodKind::Quarter)
        .summary(&dataset)
        .unwrap();
    assert_eq!((quarters.cells.len(), quarters.periods.len()), (39_998, 39_998));
    assert!(Operations::of(&log, &FlowQuery::new(all)).is_ok());
}

#[test]
fn groups_that_the_log_does_not_know_are_refused_or_told() {
    let log = log_of(DEPLOYED);
    let dataset = Dataset::of(&log);
    let query = Query::new(Definition::dora_2025(), march());
    let teams = [("a", "x"), ("ghost", "x"), ("phantom", "y")];
    let teams = teams.map(|(service, team)| (service.parse().unwrap(), team.to_string()));
    let by_team = query.clone().by(Grouping::teams(teams));
    let report = by_team.run(&dataset).unwrap();
    assert_eq!(report.unknown_services, ["ghost", "phantom"]);
    assert_eq!((report.cells.len(), report.cells[0].group.to_string().as_str()), (1, "x"));
    for (query, group) in [
        (by_team, Group::Team("y".into())),
        (query.clone().by(Grouping::Service), Group::Service("ghost".into())),
        (query.clone().by(Grouping::Environment), Group::Environment("prod".into())),
        (query, Group::Service("a".into())),
    ] {
        let refused = query.explain(&dataset, &group, "2026-03").unwrap_err().to_string();
        assert!(refused.starts_with(&format!("`group` is `{group}`, must be ")), "{refused}");
        assert_eq!(query.observe(&dataset, &group).unwrap_err().to_string(), refused);
        let compared = query.compare(&dataset, &group, &[]).unwrap_err().to_string();
        assert!(compared.starts_with(&format!("`group` is `{group}`")), "{compared}");
    }
}

#[test]
fn an_id_of_two_kinds_is_told_and_a_line_that_breaks_off_is_refused() {
    let log = log_of(
        r#"{"type":"deployment","id":"7","service":"a","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded","arrived_at":"2026-03-02T10:00:00Z"}
{"type":"incident","id":"7","service":"a","opened_at":"2026-03-02T11:00:00Z","arrived_at":"2026-03-03T10:00:00Z"}"#,
    );
    let report = Query::new(Definition::dora_2025(), march()).run(&Dataset::of(&log)).unwrap();
    assert_eq!(report.of_two_kinds, [("7".parse().unwrap(), EventKind::Deployment)]);
    adds_up(&log, &report.cells[0]);
    let line = log.to_json_lines();
    let line = line.lines().next().unwrap();
    for end in (1..line.len()).filter(|end| line.is_char_boundary(*end)) {
        assert!(Event::from_json(&line.as_bytes()[..end]).is_err());
    }
    for (byte, junk) in (0..line.len()).flat_map(|byte| [0_u8, b'"', b'{', 0xff].map(|junk| (byte, junk))) {
        let mut bytes = line.as_bytes().to_vec();
        bytes[byte] = junk;
        let mut log = DeliveryLog::new();
        let count = log.read_json_lines(&bytes).unwrap_or(0);
        assert_eq!(log.len(), count);
    }
}

#[test]
fn definitions_that_cannot_be_are_refused_by_every_question() {
    let refused = |change: &dyn Fn(&mut Definition), message: &str| {
        let mut definition = Definition::dora_2025();
        change(&mut definition);
        assert_eq!(definition.check().unwrap_err().to_string(), message);
        let query = Query::new(definition, march());
        let (log, group) = (log_of(DEPLOYED), Group::All);
        let dataset = Dataset::of(&log);
        let told = [
            query.run(&dataset).map(drop),
            query.summary(&dataset).map(drop),
            query.states(&dataset).map(drop),
            query.explain(&dataset, &group, "").map(drop),
            query.observe(&dataset, &group).map(drop),
            query.compare(&dataset, &group, &[]).map(drop),
            Live::new(query.clone()).map(drop),
            Live::of(query.clone(), &log).map(drop),
        ];
        told.into_iter().for_each(|told| assert_eq!(told.unwrap_err().to_string(), message));
    };
    for level in [f64::NAN, 0.0, 1.0, -0.5, 95.0, f64::INFINITY] {
        let message =
            format!("`certainty.level` of definition `dora_2025` is `{level}`, must be above 0 and below 1");
        refused(&|definition| definition.certainty.level = level, &message);
    }
    refused(&|d| d.format = 2, "`format` of definition `dora_2025` is `2`, must be 1");
    refused(&|d| d.name.clear(), "`name` of definition `` is ``, must be a name");
    refused(
        &|d| d.duration_unit = devops_core::Unit::Percent,
        "`duration_unit` of definition `dora_2025` is `percent`, must be a unit of time",
    );
    refused(
        &|d| d.rate_unit = devops_core::Unit::Hours,
        "`rate_unit` of definition `dora_2025` is `hours`, must be `percent` or `ratio`",
    );
    refused(
        &|d| d.lead_time.from.clear(),
        "`lead_time.from` of definition `dora_2025` is `[]`, must be at least one instant",
    );
    refused(
        &|d| d.recovery.statistic = devops_metrics::definition::Statistic::Mean,
        "`recovery.statistic` of definition `dora_2025` is `mean`, must be `median` where open cases are censored",
    );
    refused(
        &|d| d.restore.non_positive = NonPositive::Keep,
        "`restore.non_positive` of definition `dora_2025` is `keep`, must be `keep_non_negative` or stricter where open cases are censored",
    );
    let unknown = r#"{"format":1,"name":"x","speed":3}"#;
    assert!(serde_json::from_str::<Definition>(unknown).unwrap_err().to_string().contains("`speed`"));
}
