//! What queries answer on small logs whose numbers can be worked out by hand.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_cmp,
    reason = "tests may panic and compare exactly"
)]

use devops_metrics::calendar::{Calendar, PeriodKind, Window};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::{ChangeTime, Definition, NonPositive, OpenRule, RestoreFrom, SmallSample};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{Answer, Cell, DeliveryMetric, Group, Grouping, Needs, Query, Reason};

fn log_of(lines: &str) -> DeliveryLog {
    let mut log = DeliveryLog::new();
    log.read_json_lines(lines.as_bytes()).unwrap();
    log
}

fn march() -> Window {
    Calendar::utc().days("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap()).unwrap()
}

fn whole(log: &DeliveryLog, definition: Definition) -> Cell {
    let report = Query::new(definition, march()).run(&Dataset::of(log)).unwrap();
    report.cells.into_iter().next().unwrap()
}

fn answer(cell: &Cell, metric: DeliveryMetric) -> Answer {
    cell.value(metric).unwrap().answer
}

const SMALL: &str = r#"
{"type":"change","id":"c1","service":"api","committed_at":"2026-03-02T00:00:00Z","deployments":["d1"]}
{"type":"change","id":"c2","service":"api","committed_at":"2026-03-02T06:00:00Z","deployments":["d1","d2"]}
{"type":"change","id":"c3","service":"api","committed_at":"2026-03-03T00:00:00Z"}
{"type":"change","id":"c4","service":"api","committed_at":"2026-03-30T00:00:00Z"}
{"type":"change","id":"c5","service":"api","committed_at":"2026-03-01T00:00:00Z"}
{"type":"change","id":"c6","service":"api","committed_at":"2026-03-09T00:00:00Z","deployments":["d2"]}
{"type":"deployment","id":"d1","service":"api","environment":"prod","finished_at":"2026-03-02T12:00:00Z","outcome":"succeeded"}
{"type":"deployment","id":"d2","service":"api","environment":"prod","finished_at":"2026-03-04T00:00:00Z","outcome":"succeeded","kind":"hotfix"}
{"type":"deployment","id":"d3","service":"api","environment":"staging","finished_at":"2026-03-05T00:00:00Z","outcome":"succeeded"}
{"type":"deployment","id":"d4","service":"api","environment":"prod","finished_at":"2026-03-06T00:00:00Z","outcome":"failed"}
{"type":"incident","id":"i1","service":"api","opened_at":"2026-03-02T13:00:00Z","resolved_at":"2026-03-02T15:00:00Z"}
{"type":"incident","id":"i2","service":"api","opened_at":"2026-03-20T00:00:00Z"}
{"type":"incident","id":"i3","service":"api","opened_at":"2026-03-04T01:00:00Z","resolved_at":"2026-03-04T05:00:00Z","cause":"infrastructure"}
"#;

#[test]
fn what_lasts_is_explained_with_its_unit_and_whether_it_is_over() {
    let log = log_of(SMALL);
    let told = |definition: Definition| {
        let query = Query::new(definition, march());
        query.explain(&Dataset::of(&log), &Group::All, &march().to_string()).unwrap().to_string()
    };
    let ours = told(Definition::dora_2025());
    for line in [
        "change c1: change lead time 12 h",
        "incident i1: time to restore service 2 h",
        "incident i2: time to restore service 288 h so far",
    ] {
        assert!(ours.lines().any(|told| told.trim().starts_with(line)), "{line}\n{ours}");
    }
    let theirs = told(Definition::fourkeys());
    assert!(theirs.contains("change c1: change lead time 720 min\n"), "{theirs}");
}

#[test]
fn a_rare_deployment_is_not_told_as_none() {
    let log = log_of(SMALL);
    let years = Calendar::utc().days("2017-01-01".parse().unwrap(), "2026-12-31".parse().unwrap()).unwrap();
    let report = Query::new(Definition::dora_2025(), years).run(&Dataset::of(&log)).unwrap();
    let told = report.cells[0].value(DeliveryMetric::DeploymentFrequency).unwrap().to_string();
    assert!(told.starts_with("deployment frequency: 0.00055/day (6.63e-5 to 0.00198 "), "{told}");
}

#[test]
fn a_recovery_from_one_case_has_no_interval() {
    let cell = whole(
        &log_of(
            r#"{"type":"incident","id":"i1","service":"api","opened_at":"2026-03-02T00:00:00Z","resolved_at":"2026-03-20T00:00:00Z"}
            {"type":"incident","id":"i2","service":"api","opened_at":"2026-03-30T00:00:00Z"}"#,
        ),
        Definition::dora_2025(),
    );
    let restore = cell.value(DeliveryMetric::TimeToRestore).unwrap();
    assert_eq!((restore.n, restore.part, restore.value()), (2, Some(1), Some(18.0 * 24.0)));
    let limits = restore.limits.unwrap();
    assert_eq!((limits.low, limits.high), (None, None));
}

#[test]
fn the_five_metrics_of_a_small_log() {
    let cell = whole(&log_of(SMALL), Definition::dora_2025());
    let value = |metric| cell.value(metric).unwrap();
    let frequency = value(DeliveryMetric::DeploymentFrequency);
    assert_eq!((frequency.n, frequency.value()), (2, Some(2.0 / 31.0)));
    assert_eq!(frequency.excluded[&Reason::OtherTier], 1);
    assert_eq!(frequency.excluded[&Reason::OtherOutcome], 1);
    // c1 12 h, c2 6 h (its first deployment), c3 24 h (the next one); c6 is negative, c4 not deployed, c5 too early.
    let lead = value(DeliveryMetric::ChangeLeadTime);
    assert_eq!((lead.n, lead.value(), lead.small), (3, Some(12.0), true));
    assert_eq!(lead.quantiles.unwrap().p75, 18.0);
    let reasons = [Reason::Negative, Reason::NotDeployed, Reason::BeforeFirstDeployment];
    assert!(reasons.iter().all(|reason| lead.excluded[reason] == 1), "{:?}", lead.excluded);
    // d1 by the incident within a day, and because the hotfix follows it.
    let failure = value(DeliveryMetric::ChangeFailureRate);
    assert_eq!((failure.part, failure.n, failure.value()), (Some(1), 2, Some(50.0)));
    let limits = failure.limits.unwrap();
    assert!((limits.low.unwrap() - 9.45).abs() < 0.01 && (limits.high.unwrap() - 90.55).abs() < 0.01);
    let recovery = value(DeliveryMetric::RecoveryTime);
    assert_eq!((recovery.n, recovery.value()), (1, Some(3.0)));
    // i1 took 2 h, i2 is open since 12 days: the median is reached by i1 alone, half of the cases.
    let restore = value(DeliveryMetric::TimeToRestore);
    assert_eq!((restore.n, restore.part, restore.excluded[&Reason::OtherCause]), (2, Some(1), 1));
    let rework = value(DeliveryMetric::ReworkRate);
    assert_eq!((rework.part, rework.n), (Some(1), 2));
}

#[test]
fn open_incidents_follow_the_rule() {
    let log = log_of(SMALL);
    let restore = |open| {
        let mut definition = Definition::dora_2025();
        definition.restore.open = open;
        let cell = whole(&log, definition);
        let value = cell.value(DeliveryMetric::TimeToRestore).unwrap().clone();
        (value.n, value.value())
    };
    assert_eq!(restore(OpenRule::Ignore), (1, Some(2.0)));
    assert_eq!(restore(OpenRule::UntilNow), (2, Some((2.0 + 12.0 * 24.0) / 2.0)));
    assert_eq!(restore(OpenRule::Censor).0, 2);
}

#[test]
fn no_data_is_an_answer_of_its_own() {
    let cell = whole(&log_of(""), Definition::dora_2025());
    assert_eq!(answer(&cell, DeliveryMetric::DeploymentFrequency), Answer::Known { value: 0.0 });
    for metric in &DeliveryMetric::ALL[1..] {
        let value = cell.value(*metric).unwrap();
        assert_eq!(value.answer, Answer::NotEnoughData);
        assert!(value.to_string().ends_with(": not enough data"), "{value}");
    }
    let line = r#"{"type":"incident","id":"i","service":"a","opened_at":"2026-03-02T00:00:00Z"}"#;
    let cell = whole(&log_of(line), Definition::dora_2025());
    assert_eq!(answer(&cell, DeliveryMetric::TimeToRestore), Answer::NotReached);
}

#[test]
fn small_samples_can_be_kept_back() {
    let mut definition = Definition::dora_2025();
    definition.certainty.small = SmallSample::Suppress;
    let cell = whole(&log_of(SMALL), definition);
    assert_eq!(answer(&cell, DeliveryMetric::ChangeLeadTime), Answer::Suppressed);
    assert!(cell.value(DeliveryMetric::ChangeLeadTime).unwrap().quantiles.is_none());
    assert!(matches!(answer(&cell, DeliveryMetric::DeploymentFrequency), Answer::Known { .. }));
}

#[test]
fn a_definition_says_what_the_log_lacks() {
    let log = log_of(SMALL);
    let report = |definition| Query::new(definition, march()).run(&Dataset::of(&log)).unwrap();
    let gitlab = report(Definition::gitlab());
    assert_eq!(gitlab.needs[&DeliveryMetric::ChangeLeadTime], Needs::PullRequests);
    let lead = gitlab.cells[0].value(DeliveryMetric::ChangeLeadTime).unwrap();
    assert_eq!(lead.to_string(), "change lead time: needs pull requests, of which the log holds none");
    assert_eq!(lead.excluded[&Reason::OtherUnit], 6);
    assert_eq!(
        report(Definition::pelorus()).needs[&DeliveryMetric::ChangeLeadTime],
        Needs::DeploymentsWithCommits
    );
    assert_eq!(
        report(Definition::devopsmetrics()).needs[&DeliveryMetric::ChangeFailureRate],
        Needs::Declarations
    );
    let mut merged = Definition::dora_2025();
    merged.lead_time.from = vec![ChangeTime::Merged];
    assert_eq!(report(merged).needs[&DeliveryMetric::ChangeLeadTime], Needs::MergeTimes);
    assert!(report(Definition::dora_2025()).needs.is_empty());
}

#[test]
fn negative_durations_can_be_refused() {
    let mut definition = Definition::dora_2025();
    definition.lead_time.non_positive = NonPositive::RefuseNegative;
    let refused = Query::new(definition, march()).run(&Dataset::of(&log_of(SMALL))).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the duration of `c6` is `-120` hours, must not be negative under definition `dora_2025`"
    );
}

#[test]
fn groups_pool_and_say_what_they_leave_out() {
    let log = log_of(
        r#"
{"type":"deployment","id":"a1","service":"a","environment":"eu","tier":"production","finished_at":"2026-03-02T12:00:00Z","outcome":"succeeded"}
{"type":"deployment","id":"b1","service":"b","environment":"us","tier":"production","finished_at":"2026-03-02T13:00:00Z","outcome":"succeeded"}
{"type":"deployment","id":"c1","service":"c","finished_at":"2026-03-02T13:00:00Z","outcome":"succeeded"}
{"type":"incident","id":"i1","services":["a","b"],"opened_at":"2026-03-02T14:00:00Z","resolved_at":"2026-03-02T15:00:00Z"}
"#,
    );
    let dataset = Dataset::of(&log);
    let base = Query::new(Definition::dora_2025(), march());
    let teams = [("a".parse().unwrap(), "x".to_string()), ("b".parse().unwrap(), "x".to_string())];
    let report = base.clone().by(Grouping::teams(teams)).run(&dataset).unwrap();
    assert_eq!(report.without_team, ["c"]);
    let team = &report.cells[0];
    assert_eq!(team.group, Group::Team("x".into()));
    // One incident of two services: one restore, two failed deployments.
    assert_eq!(team.value(DeliveryMetric::TimeToRestore).unwrap().n, 1);
    assert_eq!(team.value(DeliveryMetric::ChangeFailureRate).unwrap().part, Some(2));
    let report = base.clone().by(Grouping::Service).run(&dataset).unwrap();
    let restored: Vec<_> =
        report.cells.iter().map(|c| c.value(DeliveryMetric::TimeToRestore).unwrap().n).collect();
    assert_eq!(restored, [1, 1, 0]);
    let report = base.by(Grouping::Environment).run(&dataset).unwrap();
    let counts: Vec<_> = report
        .cells
        .iter()
        .map(|c| (c.group.to_string(), c.value(DeliveryMetric::DeploymentFrequency).unwrap().n))
        .collect();
    assert_eq!(counts, [("eu".to_string(), 1), ("us".to_string(), 1)]);
}

#[test]
fn recovery_runs_from_detection_where_the_definition_has_it_so() {
    let log = log_of(
        r#"
{"type":"deployment","id":"d1","service":"api","environment":"prod","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
{"type":"incident","id":"i1","service":"api","opened_at":"2026-03-02T11:00:00Z","detected_at":"2026-03-02T13:00:00Z","resolved_at":"2026-03-02T17:00:00Z","caused_by_deployment":"d1"}
{"type":"incident","id":"i2","service":"api","opened_at":"2026-03-02T14:00:00Z","resolved_at":"2026-03-02T16:00:00Z","caused_by_deployment":"d1"}
"#,
    );
    let hours = |from| {
        let mut definition = Definition::dora_2025();
        definition.recovery.from = from;
        whole(&log, definition).value(DeliveryMetric::RecoveryTime).unwrap().value()
    };
    assert_eq!(hours(RestoreFrom::Deployed), Some(7.0));
    assert_eq!(hours(RestoreFrom::Opened), Some(6.0));
    assert_eq!(hours(RestoreFrom::Detected), Some(4.0));
    assert_eq!(hours(RestoreFrom::Earlier), Some(7.0));
}

#[test]
fn periods_are_zero_filled_and_rolling_ones_overlap() {
    let log = log_of(SMALL);
    let dataset = Dataset::of(&log);
    let weeks = Query::new(Definition::dora_2025(), march()).every(PeriodKind::Week);
    let summary = weeks.summary(&dataset).unwrap();
    let counts: Vec<_> = summary.cells.iter().map(|cell| cell.deployments).collect();
    assert_eq!(counts, [0, 2, 0, 0, 0, 0]);
    let rolling = Query::new(Definition::dora_2025(), march()).every(PeriodKind::Rolling { days: 7 });
    let summary = rolling.summary(&dataset).unwrap();
    let counts: Vec<_> = summary.cells.iter().map(|cell| cell.deployments).take(12).collect();
    assert_eq!(counts, [0, 1, 1, 2, 2, 2, 2, 2, 1, 1, 0, 0]);
}

#[test]
fn unknown_groups_and_periods_are_refused() {
    let log = log_of(SMALL);
    let dataset = Dataset::of(&log);
    let query = Query::new(Definition::dora_2025(), march()).by(Grouping::Service);
    let refused = query.explain(&dataset, &Group::Service("web".into()), "").unwrap_err();
    assert_eq!(refused.to_string(), "`group` is `web`, must be `api`, the only group of the query");
    let refused = query.explain(&dataset, &Group::Service("api".into()), "May").unwrap_err();
    let only = "`period` is `May`, must be `2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z`, the only period of the query";
    assert_eq!(refused.to_string(), only);
    let weekly = query.clone().every(PeriodKind::Week);
    let refused = weekly.explain(&dataset, &Group::Service("api".into()), "May").unwrap_err();
    let several = "`period` is `May`, must be one of the 6 periods of the query, such as `2026-W09`";
    assert_eq!(refused.to_string(), several);
    let nothing = DeliveryLog::new();
    let refused = query.explain(&Dataset::of(&nothing), &Group::All, "").unwrap_err();
    assert_eq!(refused.to_string(), "`group` is `all`, must be a group of the query, which has none");
}

#[test]
fn reports_render_and_travel() {
    let report = Query::new(Definition::dora_2025(), march()).run(&Dataset::of(&log_of(SMALL))).unwrap();
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<devops_metrics::query::Report>(&json).unwrap(), report);
    assert!(report.to_markdown().contains("| 50 % (9.45 to 90.55 at 95 %, n = 2), small sample |"));
    let measures = report.measures().unwrap();
    assert_eq!(measures.len(), 6);
}

#[test]
fn a_series_is_of_the_periods_of_its_query() {
    use devops_core::GoodDirection;
    use devops_metrics::trend::{TrendPolicy, assess};
    let log = log_of(SMALL);
    let zone = Calendar::new("America/New_York".parse().unwrap());
    for (kind, words) in [
        (PeriodKind::Day, "31 days of at least"),
        (PeriodKind::Week, "6 weeks of at least"),
        (PeriodKind::Month, "1 month of at least"),
        (PeriodKind::Quarter, "1 quarter of at least"),
        (PeriodKind::Year, "1 year of at least"),
    ] {
        let query = Query::new(Definition::dora_2025(), march()).every(kind);
        let zoned = query.clone().in_calendar(zone.clone());
        for query in [query, zoned] {
            let report = query.run(&Dataset::of(&log)).unwrap();
            let series = report.series(&Group::All, DeliveryMetric::ReworkRate);
            let told = assess(&series, &TrendPolicy::new(GoodDirection::Down)).unwrap().to_string();
            let noun = words.split(' ').nth(1).unwrap().trim_end_matches('s');
            assert!(told.contains(noun), "{kind}: {told}");
        }
    }
    let report = Query::new(Definition::dora_2025(), march()).run(&Dataset::of(&log)).unwrap();
    let series = report.series(&Group::All, DeliveryMetric::DeploymentFrequency);
    let told = assess(&series, &TrendPolicy::new(GoodDirection::Up)).unwrap().to_string();
    assert!(told.contains("1 period of at least 8"), "{told}");
}

#[test]
fn names_cannot_break_out_of_markdown() {
    let hostile = "a|b <img src=x> `c`\u{7}";
    let service = "s|<script>";
    let log = log_of(&format!(
        r#"{{"type":"deployment","id":"d","service":"{service}","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}}"#
    ));
    let dataset = Dataset::of(&log);
    let query = Query::new(Definition::dora_2025().named(hostile, "1\n2"), march()).by(Grouping::Service);
    let report = query.run(&dataset).unwrap().to_markdown();
    let group = Group::Service(service.into());
    let comparison = query.compare(&dataset, &group, &[Definition::gitlab().named(hostile, "3")]).unwrap();
    for text in [report, comparison.to_markdown()] {
        assert!(!text.contains('<') && !text.contains('\u{7}'), "{text}");
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        let rows: Vec<usize> = text.lines().filter(|line| line.starts_with('|')).map(columns).collect();
        assert!(rows.iter().all(|count| *count == 8), "{rows:?} {text}");
    }
}

#[test]
fn what_is_of_several_services_or_deployments_counts_once() {
    let count = |lines: &str, definition: Definition, metric| {
        let cell = whole(&log_of(lines), definition);
        cell.value(metric).unwrap().n
    };
    // A merge that no deployment carried, of two services.
    let merge = r#"{"type":"change","id":"p","services":["a","b"],"unit":"pull_request","committed_at":"2026-03-02T09:00:00Z","opened_at":"2026-03-02T10:00:00Z","merged_at":"2026-03-02T11:00:00Z"}"#;
    assert_eq!(count(merge, Definition::middleware(), DeliveryMetric::ChangeLeadTime), 1);
    // An incident of two services, linked to the one deployment of the project before it.
    let incident = r#"
{"type":"deployment","id":"d","service":"a","environment":"prod","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
{"type":"incident","id":"i","services":["a","b"],"opened_at":"2026-03-02T11:00:00Z","resolved_at":"2026-03-02T12:00:00Z"}"#;
    assert_eq!(count(incident, Definition::devlake_2023(), DeliveryMetric::RecoveryTime), 1);
    // A commit of two failed runs, which goes with the next that succeeds.
    let rolled = r#"
{"type":"change","id":"c","service":"a","committed_at":"2026-03-02T09:00:00Z","deployments":["d","e"]}
{"type":"deployment","id":"d","service":"a","finished_at":"2026-03-02T10:00:00Z","outcome":"failed"}
{"type":"deployment","id":"e","service":"a","finished_at":"2026-03-02T11:00:00Z","outcome":"failed"}
{"type":"deployment","id":"f","service":"a","finished_at":"2026-03-02T12:00:00Z","outcome":"succeeded"}"#;
    assert_eq!(count(rolled, Definition::metrik(), DeliveryMetric::ChangeLeadTime), 1);
}

#[test]
fn an_incident_linked_with_another_service_of_the_group_is_not_left_out() {
    let log = log_of(
        r#"{"type":"deployment","id":"d","service":"b","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
        {"type":"incident","id":"i","services":["a","b"],"opened_at":"2026-03-02T11:00:00Z","resolved_at":"2026-03-02T12:00:00Z","caused_by_deployment":"d"}"#,
    );
    let query = Query::new(Definition::dora_2025(), march());
    let of = |query: &Query, group: &str| {
        let report = query.run(&Dataset::of(&log)).unwrap();
        let cell = report.cells.iter().find(|cell| cell.group.to_string() == group).unwrap();
        let recovery = cell.value(DeliveryMetric::RecoveryTime).unwrap();
        (recovery.n, recovery.excluded.get(&Reason::CountedElsewhere).copied())
    };
    assert_eq!(of(&query, "all"), (1, None));
    let by_service = query.by(Grouping::Service);
    assert_eq!((of(&by_service, "a"), of(&by_service, "b")), ((0, Some(1)), (1, None)));
}

#[test]
fn a_state_is_read_under_its_own_definition_alone() {
    let log = log_of(SMALL);
    let state = |definition: Definition| {
        let query = Query::new(definition, march());
        query.states(&Dataset::of(&log)).unwrap().remove(0).state
    };
    let mut both = state(Definition::fourkeys());
    both.merge(&state(Definition::dora_2025()));
    let refused = both.values(&Query::new(Definition::dora_2025(), march()), march()).unwrap_err();
    let told = "`definition` of the query is `dora_2025 1`, must be that of the state, `dora_2025 1` and `fourkeys 1`";
    assert_eq!(refused.to_string(), told);
}
