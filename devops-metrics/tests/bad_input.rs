//! What is wrong in an event is refused by name or counted; nothing panics, and nothing vanishes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use devops_metrics::calendar::{Calendar, PeriodKind, Window};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::event::Event;
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{DeliveryMetric, Grouping, Query, Reason};

fn log_of(lines: &[&str]) -> DeliveryLog {
    let mut log = DeliveryLog::new();
    for line in lines {
        log.read_json_lines(line.as_bytes()).unwrap();
    }
    log
}

fn march() -> Window {
    Calendar::utc().days("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap()).unwrap()
}

#[test]
fn ends_before_beginnings_are_refused_or_counted() {
    let table = [
        r#"{"type":"incident","id":"i","service":"a","opened_at":"2026-03-02T10:00:00Z","resolved_at":"2026-03-02T09:00:00Z"}"#,
        r#"{"type":"deployment","id":"d","service":"a","outcome":"succeeded","started_at":"2026-03-02T11:00:00Z","finished_at":"2026-03-02T10:00:00Z"}"#,
    ];
    for line in table {
        match Event::from_json(line.as_bytes()) {
            Err(refused) => {
                let text = refused.to_string();
                assert!(text.contains("_at`") && text.contains("2026-03-02T"), "{text}");
            }
            Ok(_) => {
                let log = log_of(&[line]);
                let report = Query::new(Definition::dora_2025(), march()).run(&Dataset::of(&log)).unwrap();
                let restore = report.cells[0].value(DeliveryMetric::TimeToRestore).unwrap();
                let frequency = report.cells[0].value(DeliveryMetric::DeploymentFrequency).unwrap();
                let counted = restore.excluded.get(&Reason::Negative).copied().unwrap_or(0);
                assert_eq!(counted + frequency.n, 1, "{line}");
            }
        }
    }
}

#[test]
fn what_an_event_names_may_be_unknown() {
    let log = log_of(&[
        r#"{"type":"deployment","id":"d","service":"a","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded","changes":["nobody"],"commit":"nobody","replaces":"nobody"}"#,
        r#"{"type":"change","id":"c","service":"ghost","committed_at":"2026-03-02T09:00:00Z","deployments":["nobody"],"reverts":"nobody"}"#,
        r#"{"type":"incident","id":"i","service":"ghost","opened_at":"2026-03-02T11:00:00Z","caused_by_deployment":"nobody"}"#,
    ]);
    let report = Query::new(Definition::dora_2025(), march()).run(&Dataset::of(&log)).unwrap();
    let value = |metric| report.cells[0].value(metric).unwrap();
    assert_eq!(value(DeliveryMetric::ChangeLeadTime).excluded[&Reason::NotDeployed], 1);
    assert_eq!(value(DeliveryMetric::RecoveryTime).excluded[&Reason::NamesUnknown], 1);
}

#[test]
fn deployments_that_replace_each_other_in_a_circle_are_told() {
    let log = log_of(&[
        r#"{"type":"deployment","id":"a","service":"s","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded","kind":"rollback","replaces":"b"}"#,
        r#"{"type":"deployment","id":"b","service":"s","finished_at":"2026-03-02T11:00:00Z","outcome":"succeeded","kind":"rollback","replaces":"c"}"#,
        r#"{"type":"deployment","id":"c","service":"s","finished_at":"2026-03-02T12:00:00Z","outcome":"succeeded","replaces":"a"}"#,
        r#"{"type":"deployment","id":"d","service":"s","finished_at":"2026-03-02T13:00:00Z","outcome":"succeeded","replaces":"d"}"#,
        r#"{"type":"deployment","id":"e","service":"s","finished_at":"2026-03-02T14:00:00Z","outcome":"succeeded","replaces":"d"}"#,
    ]);
    for definition in Definition::presets() {
        let report = Query::new(definition, march()).run(&Dataset::of(&log)).unwrap();
        let told: Vec<_> = report.circular.iter().map(devops_core::EventId::as_str).collect();
        assert_eq!(told, ["a", "b", "c", "d"]);
    }
}

#[test]
fn the_ends_of_time_are_answered_or_refused() {
    let log = log_of(&[
        r#"{"type":"deployment","id":"a","service":"s","finished_at":"0000-01-01T00:00:00Z","outcome":"succeeded"}"#,
        r#"{"type":"deployment","id":"b","service":"s","finished_at":"9999-12-31T23:59:59.999Z","outcome":"failed"}"#,
        r#"{"type":"change","id":"c","service":"s","committed_at":"0000-01-01T00:00:00Z","merged_at":"9999-12-31T23:59:59.999Z"}"#,
        r#"{"type":"incident","id":"i","service":"s","opened_at":"0000-01-01T00:00:00Z","resolved_at":"9999-12-31T23:59:59.999Z","caused_by_deployment":"a"}"#,
        r#"{"type":"incident","id":"o","service":"s","opened_at":"9999-12-31T23:59:59.999Z"}"#,
    ]);
    let dataset = Dataset::of(&log);
    let all =
        Window::new("0000-01-01T00:00:00Z".parse().unwrap(), "9999-12-31T23:59:59.999Z".parse().unwrap())
            .unwrap();
    for definition in Definition::presets() {
        let query = Query::new(definition, all).by(Grouping::Service);
        let _ = query.run(&dataset).map(|report| assert_eq!(report.cells.len(), 1));
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
}
