//! Any choice of rules on any events: every question has an answer or a typed refusal, the ways of asking agree, the
//! order of events does not matter, and what is counted and left out adds up.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::too_many_lines,
    reason = "a test may panic, and a table is long"
)]

use devops_core::Timestamp;
use devops_metrics::calendar::{BusinessCalendar, PeriodKind, Window, Zone};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::event::EventKind;
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{
    Cell, CellNumbers, DeliveryMetric, Group, Grouping, Live, MetricValue, Query, QueryError, Report,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What the fields of a definition can hold. Lists are drawn whole.
fn choices() -> Vec<(&'static str, Value)> {
    let words = |words: &str| json!(words.split(' ').collect::<Vec<_>>());
    let latest = |scope: &str, same: bool, within: Value| json!({"latest": {"scope": scope, "same_instant": same, "within_millis": within}});
    let outcomes = json!([["succeeded"], ["succeeded", "failed"], ["failed"], ["cancelled", "succeeded"]]);
    let statistics = words("mean median lower_median upper_median median_of_daily_medians");
    let non_positive = words("keep keep_non_negative keep_positive keep_non_negative refuse_negative");
    let rounding = words(
        "none none floor_seconds floor_minutes truncate_minutes ceil_minutes floor_hours nearest_hundredth_hours",
    );
    let empty = words("not_enough_data zero minus_one");
    let signals = json!([
        [],
        ["declared"],
        ["incident"],
        ["outcome"],
        ["declared", "incident", {"remediation": {"kinds": ["hotfix", "rollback"], "within_millis": 604_800_000_u64}}],
        [{"revert": {"within_millis": 864_000_000_u64}}, "outcome"],
        [{"remediation": {"kinds": ["normal"], "within_millis": 0}}, "incident"],
    ]);
    let links = json!([
        [],
        ["named"],
        ["commit"],
        ["named", "commit", latest("service", true, json!(86_400_000))],
        [latest("project", false, Value::Null)],
        [latest("project", true, json!(3_600_000)), "named"],
        [latest("service", false, Value::Null), "commit"],
    ]);
    let mut all = vec![
        ("deployments.tiers", json!([null, ["production"], ["staging", "production"], []])),
        ("deployments.untold_tier", json!([true, false])),
        ("deployments.outcomes", outcomes.clone()),
        ("deployments.kinds", json!([null, ["normal"], ["normal", "hotfix"]])),
        ("deployments.time", words("started finished first_part")),
        (
            "frequency.measure",
            words(
                "per_day per_week per_day_floor count median_days_per_week lower_median_days_per_week mean_gap",
            ),
        ),
        ("frequency.weeks", words("all from_first_deployment with_deployment after_first_event")),
        ("frequency.partial_weeks", json!([true, false])),
        ("lead_time.unit", words("change commit pull_request")),
        (
            "lead_time.from",
            json!([["authored"], ["committed", "authored"], ["opened", "merged"], ["merged"]]),
        ),
        ("lead_time.until", words("deployed recovered")),
        (
            "lead_time.composition",
            words("span span_without_weekends parts_without_negative parts_missing_zero"),
        ),
        (
            "lead_time.link",
            words("given given_or_next given_rolled_forward next head_commit up_to_head_commit"),
        ),
        (
            "lead_time.first_deployment",
            json!(["skip", "credit", {"look_back": {"millis": 86_400_000}}, {"since": {"time": "2026-01-06T00:00:00Z"}}]),
        ),
        ("lead_time.redeployed", words("first every")),
        ("lead_time.undeployed", json!([true, false])),
        ("lead_time.bots", json!([true, false])),
        ("lead_time.merges", json!([true, false])),
        ("lead_time.non_positive", non_positive.clone()),
        ("lead_time.period", words("deployed merged")),
        ("lead_time.rounding", rounding.clone()),
        ("lead_time.statistic", statistics.clone()),
        ("lead_time.empty", empty.clone()),
        ("incidents.causes", json!([null, ["change"], ["change", "unknown"], []])),
        ("incidents.links", links),
        ("failure.signals", signals),
        ("failure.outcomes", outcomes),
        ("failure.count", words("deployments incidents rows")),
        ("failure.base", words("deployments deployments_with_changes successful lead_times")),
        ("failure.in_a_row", words("each first first_and_last")),
        ("failure.empty", empty.clone()),
        ("rework.kinds", json!([["hotfix"], ["hotfix", "rollback", "rework"], []])),
        ("duration_unit", words("hours minutes seconds milliseconds days")),
        ("rate_unit", words("percent ratio")),
        ("mean_of_services", json!([false, false, true])),
        ("certainty.small", words("flag suppress")),
        ("certainty.rates", words("wilson jeffreys clopper_pearson")),
        ("certainty.level", json!([0.95, 0.5, 0.999])),
    ];
    for part in ["recovery", "restore"] {
        let field = |name: &str| -> &'static str { Box::leak(format!("{part}.{name}").into_boxed_str()) };
        all.extend([
            (field("unit"), words("incident linked_incident failed_deployment failed_outcome")),
            (field("from"), words("opened detected deployed earlier")),
            (field("to"), words("resolved next_success resolved_or_next_success some_resolved_or_next_good")),
            (field("open"), words("ignore until_now censor")),
            (field("period"), words("start end deployed deployed_and_end")),
            (field("non_positive"), non_positive.clone()),
            (field("rounding"), rounding.clone()),
            (field("statistic"), statistics.clone()),
            (field("empty"), empty.clone()),
        ]);
    }
    all
}

/// A preset with some of its choices made otherwise.
fn definition(preset: usize, made: &[(prop::sample::Index, prop::sample::Index)]) -> Definition {
    let mut file = serde_json::to_value(&Definition::presets()[preset % 11]).unwrap();
    let choices = choices();
    for (which, what) in made {
        let (path, values) = &choices[which.index(choices.len())];
        let values = values.as_array().unwrap();
        let mut place = &mut file;
        for name in path.split('.') {
            place = place.get_mut(name).unwrap();
        }
        *place = values[what.index(values.len())].clone();
    }
    serde_json::from_value(file).unwrap()
}

/// Kind, service, hours since the start, a second time, a link, and odds and ends.
type Drawn = (u8, u8, i64, i64, u8, u32);

/// Monday, 5 January 2026.
const START: i64 = 1_767_571_200_000;
const HOUR: i64 = 3_600_000;
const WEEK: i64 = 7 * 24 * HOUR;

fn time(hours: i64) -> String {
    Timestamp::from_millis(START + hours * HOUR).unwrap().to_string()
}

fn line(number: usize, (kind, service, start, later, link, odd): &Drawn) -> String {
    let bit = |place: u32| odd >> place & 1 == 1;
    let (from, to, linked) = (time(*start), time(start + later), format!("e{link}"));
    let pick = |place: u32, words: &[&str]| words[(odd >> place) as usize % words.len()].to_string();
    let mut event = match kind {
        0 | 1 => json!({
            "type": "change", "committed_at": from, "bot": bit(0), "merge": bit(1),
            "unit": pick(2, &["commit", "commit", "pull_request"]),
        }),
        2..=4 => json!({
            "type": "deployment", "finished_at": from,
            "outcome": pick(0, &["succeeded", "succeeded", "succeeded", "failed", "cancelled"]),
            "kind": pick(3, &["normal", "normal", "normal", "hotfix", "rollback", "rework"]),
        }),
        _ => json!({
            "type": "incident", "opened_at": from,
            "cause": pick(0, &["change", "unknown", "unknown", "external"]),
        }),
    };
    event["id"] = json!(format!("e{number}"));
    event["service"] = json!(format!("s{service}"));
    let mut set = |place: u32, field: &str, value: Value| {
        if bit(place) {
            event[field] = value;
        }
    };
    match kind {
        0 | 1 => {
            set(5, "authored_at", json!(time(start - 3)));
            set(6, "opened_at", json!(time(start + 1)));
            set(7, "merged_at", json!(to));
            set(8, "deployments", json!([linked, format!("e{}", link + 1)]));
            set(9, "commit", json!(format!("sha{number}")));
            set(10, "reverts", json!(format!("e{}", link / 2)));
        }
        2..=4 => {
            set(6, "started_at", json!(time(start - later.abs())));
            set(7, "parts_finished_at", json!([time(start - 1), from]));
            set(8, "environment", json!(["prod", "prod", "staging", "blue"][(odd >> 20) as usize % 4]));
            set(9, "changes", json!([linked, format!("sha{}", link + 1)]));
            set(10, "commit", json!(if bit(11) { linked } else { format!("sha{link}") }));
            set(12, "replaces", json!(format!("e{}", link / 3)));
            set(13, "declared_failure", json!(["yes", "no", "pending"][(odd >> 22) as usize % 3]));
        }
        _ => {
            set(5, "detected_at", json!(time(start + later / 2)));
            set(6, "resolved_at", json!(to));
            set(7, "caused_by_deployment", json!(linked));
            set(8, "caused_by_commit", json!(format!("sha{link}")));
        }
    }
    if bit(15) && !matches!(kind, 2..=4) {
        event.as_object_mut().unwrap().remove("service");
        event["services"] = json!([format!("s{service}"), format!("s{}", service + 1)]);
    }
    event.to_string()
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let one = (0..7_u8, 0..3_u8, 0..21 * 24_i64, -5..80_i64, 0..26_u8, any::<u32>());
    prop::collection::vec(one, 0..26)
}

fn log(lines: &[String]) -> DeliveryLog {
    let mut log = DeliveryLog::new();
    for line in lines {
        log.read_json_lines(line.as_bytes()).unwrap();
    }
    log
}

fn query(definition: Definition, shape: u8) -> Query {
    let at = |millis| Timestamp::from_millis(START + millis).unwrap();
    // Everything lies in the window; its edges cut weeks.
    let window = Window::new(at(-WEEK + 5 * HOUR), at(6 * WEEK - 7 * HOUR)).unwrap();
    let team = |service: &str, team: &str| (service.parse().unwrap(), team.to_string());
    let query = Query::new(definition, window).by(match shape % 4 {
        0 => Grouping::All,
        1 => Grouping::Service,
        2 => Grouping::teams([team("s0", "x"), team("s2", "x"), team("s9", "y")]),
        _ => Grouping::Environment,
    });
    let query = match shape / 4 % 4 {
        0 => query,
        1 => query.every(PeriodKind::Week),
        2 => query.every(PeriodKind::Month),
        _ => query.every(PeriodKind::Rolling { days: 9 }),
    };
    if shape >= 56 { query.in_working_time(BusinessCalendar::nine_to_five(Zone::utc())) } else { query }
}

fn finite(value: &MetricValue) -> bool {
    let limits = value.limits.into_iter().flat_map(|limits| [limits.low, limits.high]).flatten();
    let quantiles = value.quantiles.into_iter().flat_map(|q| [q.p50, q.p75, q.p90, q.p95]);
    value.value().into_iter().chain(limits).chain(quantiles).all(f64::is_finite)
}

/// The number of a cell in the summary, where there is one.
fn bare(numbers: &CellNumbers, metric: DeliveryMetric) -> Option<f64> {
    match metric {
        DeliveryMetric::DeploymentFrequency => numbers.frequency(),
        DeliveryMetric::ChangeLeadTime => numbers.lead(),
        DeliveryMetric::ChangeFailureRate => numbers.failure_rate(),
        DeliveryMetric::RecoveryTime => numbers.recovery(),
        DeliveryMetric::TimeToRestore => numbers.restore(),
        DeliveryMetric::ReworkRate => None,
    }
}

fn agrees(cell: &Cell, numbers: &CellNumbers) -> Result<(), TestCaseError> {
    let value = |metric| cell.value(metric).unwrap();
    let counts = [
        (numbers.deployments, value(DeliveryMetric::DeploymentFrequency).n),
        (numbers.leads, value(DeliveryMetric::ChangeLeadTime).n),
        (numbers.failure_base, value(DeliveryMetric::ChangeFailureRate).n),
        (numbers.failures, value(DeliveryMetric::ChangeFailureRate).part.unwrap()),
        (numbers.recoveries, value(DeliveryMetric::RecoveryTime).n),
        (numbers.restores, value(DeliveryMetric::TimeToRestore).n),
        (numbers.restored, value(DeliveryMetric::TimeToRestore).part.unwrap()),
        (numbers.rework, value(DeliveryMetric::ReworkRate).part.unwrap()),
    ];
    for (found, expected) in counts {
        prop_assert_eq!(u64::from(found), expected);
    }
    for value in &cell.values {
        prop_assert!(finite(value), "{value}");
        let number = bare(numbers, value.metric);
        if let Some(number) = number.filter(|_| value.value().is_some()) {
            prop_assert_eq!(value.value(), Some(number), "{}", value.metric);
        }
    }
    Ok(())
}

/// What a report says stands in its explanation, event by event.
fn explained(query: &Query, log: &DeliveryLog, report: &Report) -> Result<(), TestCaseError> {
    let dataset = Dataset::of(log);
    let mut deployments = 0_u64;
    // Each explanation asks anew, which of many cells takes long.
    let rolling = matches!(query.period, Some(PeriodKind::Rolling { .. }));
    for cell in report.cells.iter().filter(|_| !rolling) {
        let told = query.explain(&dataset, &cell.group, &cell.period).unwrap();
        let frequency = cell.value(DeliveryMetric::DeploymentFrequency).unwrap();
        let counts = |event: &&devops_metrics::query::Explained| {
            event.counts.iter().any(|(metric, _)| *metric == frequency.metric)
        };
        let counted = told.events.iter().filter(|e| e.kind == EventKind::Deployment).filter(counts).count();
        prop_assert_eq!(counted as u64, frequency.n);
        deployments += frequency.n + frequency.excluded.values().sum::<u64>();
        for event in &told.events {
            let metrics: Vec<_> = event.left_out.iter().map(|(metric, _)| metric).collect();
            let apart = metrics.is_sorted_by(|a, b| a < b);
            let counts = event.counts.iter().any(|(metric, _)| metrics.contains(&metric));
            prop_assert!(apart && !counts, "{} counts or is left out, once", event.event.as_str());
        }
        for value in &cell.values {
            for (reason, count) in &value.excluded {
                let left =
                    told.events.iter().filter(|e| e.left_out.contains(&(value.metric, *reason))).count();
                prop_assert_eq!(left as u64, *count, "{} {}", value.metric, reason);
            }
        }
    }
    // Every change of the window is told of, with what it counts or why it does not.
    if query.period.is_none() && query.grouping == Grouping::All {
        let told = query.explain(&dataset, &Group::All, &report.cells[0].period).unwrap();
        let lead = DeliveryMetric::ChangeLeadTime;
        for event in log.events().filter(|event| event.kind() == EventKind::Change) {
            let found = told.events.iter().find(|told| told.event == *event.id()).map(|told| {
                told.counts.iter().any(|(m, _)| *m == lead) || told.left_out.iter().any(|(m, _)| *m == lead)
            });
            prop_assert_eq!(found, Some(true), "{}", event.id().as_str());
        }
    }
    // Each deployment is in exactly one cell, where cells are apart and hold all services.
    if matches!(query.period, None | Some(PeriodKind::Week | PeriodKind::Month))
        && matches!(query.grouping, Grouping::All | Grouping::Service)
    {
        let all = log.events().filter(|event| event.kind() == EventKind::Deployment).count();
        prop_assert_eq!(deployments, all as u64);
    }
    Ok(())
}

fn check(lines: &[String], query: &Query) -> Result<(), TestCaseError> {
    let whole = log(lines);
    let dataset = Dataset::of(&whole);
    let report = match query.run(&dataset) {
        Ok(report) => report,
        Err(refused) => {
            // Only what a definition refuses is refused, by every way of asking.
            let known = matches!(&refused, QueryError::Definition(_) | QueryError::Negative { .. });
            prop_assert!(known, "{refused}");
            prop_assert_eq!(query.summary(&dataset).err().map(|e| e.to_string()), Some(refused.to_string()));
            prop_assert!(query.states(&dataset).is_err());
            return Ok(());
        }
    };
    let mut back = lines.to_vec();
    back.reverse();
    back.extend(lines.iter().take(4).cloned());
    let back = log(&back);
    let anew = query.run(&Dataset::of(&back)).unwrap();
    prop_assert_eq!(serde_json::to_string(&anew).unwrap(), serde_json::to_string(&report).unwrap());
    let summary = query.summary(&dataset).unwrap();
    prop_assert_eq!(summary.cells.len(), report.cells.len());
    let pooled = !query.definition.mean_of_services || query.grouping == Grouping::Service;
    for (cell, numbers) in report.cells.iter().zip(&summary.cells).filter(|_| pooled) {
        agrees(cell, numbers)?;
    }
    prop_assert!(report.cells.iter().flat_map(|cell| &cell.values).all(finite));
    explained(query, &whole, &report)?;
    let live = Live::of(query.clone(), &whole).unwrap();
    prop_assert_eq!((&live.report().unwrap(), &live.summary().unwrap()), (&report, &summary));
    for (state, cell) in query.states(&dataset).into_iter().flatten().zip(&report.cells) {
        for (mut value, found) in
            cell.values.clone().into_iter().zip(state.state.values(query, state.window).unwrap())
        {
            value.excluded.clear();
            // The mean of several services is not kept in a state.
            if pooled {
                prop_assert_eq!(value, found);
            }
        }
    }
    prop_assert!(!report.to_markdown().is_empty());
    let group = report.cells.first().map_or(Group::All, |cell| cell.group.clone());
    if let Ok(comparison) = query.compare(&dataset, &group, &[Definition::dora_2025()]) {
        prop_assert!(!comparison.to_markdown().is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_definition_is_answered_alike_by_every_way_of_asking(
        preset in 0..11_usize,
        made in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..30),
        drawn in drawn(),
        shape in 0..64_u8,
    ) {
        let lines: Vec<String> = drawn.iter().enumerate().map(|(number, draw)| line(number, draw)).collect();
        check(&lines, &query(definition(preset, &made), shape))?;
    }
}
