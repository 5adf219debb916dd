//! The peers' own cases, where they are there: `../shared/vectors/dora` beside the checkout.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::cast_possible_truncation,
    clippy::print_stderr,
    clippy::panic,
    clippy::too_many_lines,
    reason = "tests may panic, read files and print"
)]

use std::collections::BTreeMap;

use devops_core::Timestamp;
use devops_metrics::calendar::Window;
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::event::{Arrival, Change, Deployment, Event, Incident, Outcome};
use devops_metrics::log::DeliveryLog;
use devops_metrics::peers::{devlake, devopsmetrics, metrik, middleware, pelorus};
use devops_metrics::query::{DeliveryMetric, Query};
use serde_json::Value;

/// The cases of a file, or nothing and a word about it.
fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/../../shared/vectors/dora/{file}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {path} is not there");
        return Vec::new();
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn time(value: &Value) -> Timestamp {
    match value {
        Value::String(text) => text.parse().unwrap(),
        number => millis(number.as_i64().unwrap()),
    }
}

fn millis(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_string()
}

fn close(a: f64, b: f64, id: &Value) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{id}: {a} is not {b}");
}

fn log_of(events: Vec<Event>) -> DeliveryLog {
    let mut log = DeliveryLog::new();
    for event in events {
        let arrival = Arrival::new(event, Timestamp::EPOCH);
        log.insert(&arrival).unwrap();
    }
    log
}

fn value_of(
    events: Vec<Event>,
    definition: Definition,
    window: Window,
    metric: DeliveryMetric,
) -> Option<f64> {
    let log = log_of(events);
    let report = Query::new(definition, window).run(&Dataset::of(&log)).unwrap();
    report.cells[0].value(metric).unwrap().value()
}

fn deployment(id: &str, at: Timestamp, outcome: Outcome) -> Deployment {
    Deployment::new(id.parse().unwrap(), "api".parse().unwrap(), at, outcome)
}

fn everything() -> Window {
    Window::new(Timestamp::EPOCH, "2100-01-01T00:00:00Z".parse().unwrap()).unwrap()
}

#[test]
fn middleware_agrees() {
    for case in cases("middleware.json") {
        let (input, expected) = (&case["input"], &case["expected"]);
        let deployments = list(&input["deployments"]);
        let times: Vec<Timestamp> =
            deployments.iter().map(|d| time(if d.is_object() { &d["time"] } else { d })).collect();
        let name = |place: &usize| deployments[*place]["id"].clone();
        let opened: Vec<Timestamp> =
            list(&input["incidents"]).iter().map(|i| time(&i["opened_at"])).collect();
        match case["metric"].as_str().unwrap() {
            "cfr" => {
                let percent = expected["cfr_percent"].as_f64().unwrap();
                close(middleware::change_failure_rate(&times, &opened), percent, &case["id"]);
                middleware_preset_agrees(&times, &opened, percent, &case["id"]);
            }
            "cfr_weekly" => {
                let interval = &input["interval"];
                let (from, to) = (time(&interval["from"]), time(&interval["to"]));
                let weeks = middleware::weekly_change_failures(&times, &opened, from, to).unwrap();
                let found: BTreeMap<String, Value> = weeks
                    .iter()
                    .map(|(week, found)| {
                        let ids = |places: &[usize]| places.iter().map(name).collect::<Vec<_>>();
                        (
                            week.to_string(),
                            serde_json::json!({"failed": ids(&found.failed), "total": ids(&found.total)}),
                        )
                    })
                    .collect();
                assert_eq!(serde_json::to_value(found).unwrap(), *expected, "{}", case["id"]);
            }
            "incident_link" => {
                let incidents = list(&input["incidents"]);
                let linked = middleware::deployment_incidents(&times, &opened);
                let found: BTreeMap<String, Vec<Value>> = linked
                    .iter()
                    .enumerate()
                    .map(|(place, of)| {
                        (text(&name(&place)), of.iter().map(|i| incidents[*i]["id"].clone()).collect())
                    })
                    .collect();
                assert_eq!(
                    serde_json::to_value(found).unwrap(),
                    expected["deployment_incidents"],
                    "{}",
                    case["id"]
                );
            }
            "deployment_frequency_floor_mean" => {
                let interval = &input["interval"];
                let (from, to) = (time(&interval["from"]), time(&interval["to"]));
                let means = middleware::deployment_frequency(&times, from, to).unwrap();
                let found = [means.total, means.per_day, means.per_week, means.per_month];
                let wanted =
                    ["total", "per_day", "per_week", "per_month"].map(|key| expected[key].as_u64().unwrap());
                assert_eq!(found, wanted, "{}", case["id"]);
                let window = Window::new(from, to.checked_add_millis(1).unwrap()).unwrap();
                let events = times
                    .iter()
                    .enumerate()
                    .map(|(i, at)| deployment(&format!("d{i}"), *at, Outcome::Succeeded).into());
                let value = value_of(
                    events.collect(),
                    Definition::middleware(),
                    window,
                    DeliveryMetric::DeploymentFrequency,
                );
                assert_eq!(value, expected["per_day"].as_f64(), "{}", case["id"]);
            }
            "deployment_changes" => {
                let prs = list(&input["prs"]);
                let merges: Vec<_> = prs
                    .iter()
                    .map(|pr| {
                        let merged = (pr["state"] == "MERGED").then(|| time(&pr["merged_at"]));
                        middleware::BranchMerge::new(&text(&pr["head"]), &text(&pr["base"]), merged)
                    })
                    .collect();
                let branch = text(&input["deployment"]["branch"]);
                let found =
                    middleware::deployed_pull_requests(&merges, &branch, time(&input["deployment"]["time"]));
                let mut ids: Vec<String> = found.iter().map(|place| text(&prs[*place]["id"])).collect();
                ids.sort();
                assert_eq!(serde_json::to_value(ids).unwrap(), expected["deployed"], "{}", case["id"]);
            }
            "lead_time_weighted_mean" => {
                let values: Vec<(f64, f64)> = list(&input["values"])
                    .iter()
                    .map(|v| (v["value"].as_f64().unwrap(), v["weight"].as_f64().unwrap()))
                    .collect();
                close(middleware::weighted_mean(&values), expected["mean"].as_f64().unwrap(), &case["id"]);
            }
            other => panic!("unknown kind {other}"),
        }
    }
}

fn middleware_preset_agrees(times: &[Timestamp], opened: &[Timestamp], percent: f64, id: &Value) {
    let deployments =
        times.iter().enumerate().map(|(i, at)| deployment(&format!("d{i}"), *at, Outcome::Succeeded).into());
    let incidents = opened
        .iter()
        .enumerate()
        .map(|(i, at)| Incident::new(format!("i{i}").parse().unwrap(), ["api".parse().unwrap()], *at).into());
    let events = deployments.chain(incidents).collect();
    let value = value_of(events, Definition::middleware(), everything(), DeliveryMetric::ChangeFailureRate);
    close(value.unwrap(), percent, id);
}

#[test]
fn metrik_agrees() {
    for case in cases("metrik.json") {
        let (input, expected) = (&case["input"], &case["expected"]);
        if case["metric"] == "level" {
            let value = input["value"].as_f64().unwrap_or(f64::NAN);
            let level = match input["measure"].as_str().unwrap() {
                "cfr_percent" => metrik::change_failure_rate_level(value),
                "restore_hours" => metrik::restore_level(value),
                "lead_time_days" => metrik::lead_time_level(value),
                other => panic!("unknown measure {other}"),
            };
            assert_eq!(level.as_str(), expected["level"], "{}", case["id"]);
            continue;
        }
        let builds: Vec<metrik::Build> = list(&input["builds"]).iter().map(build).collect();
        let targets: metrik::TargetStages = serde_json::from_value(input["target_stage"].clone()).unwrap();
        let (from, to) = (time(&input["window_ms"][0]), time(&input["window_ms"][1]));
        match case["metric"].as_str().unwrap() {
            "cfr" => {
                let rate = metrik::change_failure_rate(&builds, &targets, from, to);
                assert_eq!(rate, expected["cfr_percent"].as_f64(), "{}", case["id"]);
                assert_eq!(metrik_preset_rate(&builds, &targets, from, to), rate, "{}", case["id"]);
            }
            "lead_time_mean" => {
                let mean = metrik::mean_lead_time(&builds, &targets, from, to);
                assert_eq!(mean, expected["mean_ms"].as_f64(), "{}", case["id"]);
                let preset = metrik_preset_lead(&builds, &targets, from, to);
                assert_eq!(preset, mean, "{}", case["id"]);
            }
            other => panic!("unknown kind {other}"),
        }
    }
}

fn build(value: &Value) -> metrik::Build {
    let stages = list(&value["stages"]);
    let stages =
        stages.iter().map(|s| metrik::Stage::new(&text(&s["name"]), &text(&s["status"]), time(&s["done"])));
    let commits = list(&value["commits"]);
    metrik::Build::new(&text(&value["pipeline"]), time(&value["start"]))
        .with_stages(stages)
        .with_commits(commits.iter().map(|commit| time(&commit["time"])))
}

/// Each run of a target stage as a deployment; the commits of builds that never got there go with the next run.
fn metrik_events(builds: &[metrik::Build], targets: &metrik::TargetStages) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (pipeline, stage) in targets {
        let service: devops_core::ServiceId = pipeline.parse().unwrap();
        let mut waiting = Vec::new();
        let mut own: Vec<_> = builds.iter().filter(|b| b.pipeline == *pipeline).collect();
        own.sort_by_key(|b| b.started_at);
        for (number, build) in own.into_iter().enumerate() {
            waiting.extend(build.commits.iter().copied());
            for run in build.stages.iter().filter(|run| run.name == *stage) {
                let outcome = if run.status == "SUCCESS" { Outcome::Succeeded } else { Outcome::Failed };
                let id = format!("{pipeline}/{number}");
                let carried =
                    if outcome == Outcome::Succeeded { std::mem::take(&mut waiting) } else { Vec::new() };
                for (commit, at) in carried.into_iter().enumerate() {
                    let change = Change::new(format!("{id}/{commit}").parse().unwrap(), [service.clone()]);
                    events.push(change.with_committed_at(at).with_deployments([id.parse().unwrap()]).into());
                }
                events
                    .push(Deployment::new(id.parse().unwrap(), service.clone(), run.done_at, outcome).into());
            }
        }
    }
    events
}

fn closed(from: Timestamp, to: Timestamp) -> Window {
    Window::new(from, to.checked_add_millis(1).unwrap()).unwrap()
}

fn metrik_preset_rate(
    builds: &[metrik::Build],
    targets: &metrik::TargetStages,
    from: Timestamp,
    to: Timestamp,
) -> Option<f64> {
    let events = metrik_events(builds, targets);
    value_of(events, Definition::metrik(), closed(from, to), DeliveryMetric::ChangeFailureRate)
}

fn metrik_preset_lead(
    builds: &[metrik::Build],
    targets: &metrik::TargetStages,
    from: Timestamp,
    to: Timestamp,
) -> Option<f64> {
    let events = metrik_events(builds, targets);
    value_of(events, Definition::metrik(), closed(from, to), DeliveryMetric::ChangeLeadTime)
}

#[test]
fn pelorus_agrees() {
    let cases = cases("pelorus.json");
    let sets: BTreeMap<String, &Value> = cases
        .iter()
        .filter(|case| case["metric"] == "input")
        .map(|case| (text(&case["id"]).replace("pelorus-series-", ""), &case["input"]["series"]))
        .collect();
    for case in cases.iter().filter(|case| case["metric"] == "promql") {
        let Some(series) = sets.get(&case["input"]["series_set"].to_string()) else { continue };
        pelorus_case(case, series);
    }
}

struct Pelorus {
    deployed: Vec<pelorus::ImageDeployed>,
    commits: Vec<pelorus::ImageCommit>,
    failures: Vec<pelorus::Failure>,
}

fn pelorus_input(series: &Value, keep: impl Fn(&str) -> bool) -> Pelorus {
    let mut input = Pelorus { deployed: Vec::new(), commits: Vec::new(), failures: Vec::new() };
    let rows = list(series);
    let rows: Vec<&Value> = rows.iter().filter(|row| keep(row["app"].as_str().unwrap())).collect();
    let at = |row: &Value| millis(row["value"].as_i64().unwrap() * 1000);
    for row in &rows {
        let app = text(&row["app"]);
        match row["kind"].as_str().unwrap() {
            "deploy_timestamp" => {
                input.deployed.push(pelorus::ImageDeployed::new(&app, &text(&row["image_sha"]), at(row)));
            }
            "commit_timestamp" => {
                let (image, commit) = (text(&row["image_sha"]), text(&row["commit"]));
                input.commits.push(pelorus::ImageCommit::new(&app, &image, &commit, at(row)));
            }
            "failure_creation_timestamp" => {
                let issue = text(&row["issue_number"]);
                let resolved = rows.iter().find(|other| {
                    other["kind"] == "failure_resolution_timestamp"
                        && other["issue_number"] == row["issue_number"]
                        && other["app"] == row["app"]
                });
                input.failures.push(pelorus::Failure::new(&app, &issue, at(row), resolved.map(|r| at(r))));
            }
            _ => {}
        }
    }
    input
}

fn pelorus_case(case: &Value, series: &Value) {
    let expr = text(&case["input"]["expr"]);
    let pattern =
        expr.split("{app=").nth(1).and_then(|rest| rest.split('"').nth(1)).unwrap_or("").replace(".*", "");
    let exact = !expr.contains("app=~");
    let input = pelorus_input(series, |app| {
        pattern.is_empty() || if exact { app == pattern } else { app.contains(&pattern) }
    });
    let leads = pelorus::lead_times(&input.deployed, &input.commits);
    let expected = list(&case["expected"]);
    let first = expected.first().and_then(|row| row["value"].as_f64());
    let by_app = pelorus::lead_time_by_app(&leads);
    let found = if expr.contains("lead_time:by_commit") && !expr.contains("avg") && !expr.contains("count") {
        assert_eq!(leads.len(), expected.len(), "{}", case["id"]);
        for row in &expected {
            let labels = text(&row["labels"]);
            let same =
                leads.iter().find(|lead| labels.contains(&lead.image) && labels.contains(&lead.commit));
            assert_eq!(same.map(|lead| lead.seconds), row["value"].as_i64(), "{}", case["id"]);
        }
        return;
    } else if expr.contains("lead_time") && !expr.contains("count") {
        pelorus::mean_over_apps(&by_app)
    } else if expr.contains("change_failure_rate") {
        pelorus::mean_over_apps(&pelorus::change_failure_rate_by_app(&input.failures, &leads))
    } else if expr.contains("time_to_restore") {
        pelorus::mean_over_apps(&pelorus::time_to_restore_by_app(&input.failures))
    } else if expr.contains("count (count_over_time (deploy_timestamp") {
        Some(input.deployed.len() as f64)
    } else {
        panic!("unknown expression {expr}");
    };
    match (found, first) {
        (Some(found), Some(first)) => close(found, first, &case["id"]),
        (found, first) => assert_eq!(found, first, "{}", case["id"]),
    }
}

#[test]
fn devopsmetrics_agrees() {
    let now: Timestamp = "2026-03-09T12:00:00Z".parse().unwrap();
    let day = |offset: &Value| now.checked_add_millis(offset.as_i64().unwrap() * 86_400_000).unwrap();
    for case in cases("devopsmetrics.json") {
        let (input, expected) = (&case["input"], &case["expected"]);
        let days = input["days"].as_u64().unwrap_or(0) as u32;
        let rating = match case["metric"].as_str().unwrap() {
            "df_per_day" => {
                let deployments: Vec<_> = list(&input["day_offsets"]).iter().map(day).collect();
                let rate = devopsmetrics::deployments_per_day(&deployments, now, days);
                close(rate, expected["per_day"].as_f64().unwrap(), &case["id"]);
                devopsmetrics::deployment_frequency_rating(rate)
            }
            "lead_time_mean_hours" => {
                let items = list(&input["items"]);
                let items: Vec<_> = items
                    .iter()
                    .map(|i| (day(&i["day_offset"]), i["minutes"].as_i64().unwrap() * 60_000))
                    .collect();
                let hours = devopsmetrics::mean_lead_time_hours(&items, now, days);
                close(hours, expected["hours"].as_f64().unwrap(), &case["id"]);
                devopsmetrics::lead_time_rating(hours)
            }
            "level" => {
                let value = input["value"].as_f64().unwrap();
                match input["measure"].as_str().unwrap() {
                    "deployments_per_day" => devopsmetrics::deployment_frequency_rating(value),
                    other => panic!("unknown measure {other}"),
                }
            }
            other => panic!("unknown kind {other}"),
        };
        assert_eq!(expected["rating"], rating, "{}", case["id"]);
    }
}

#[test]
fn devlake_agrees() {
    for case in cases("devlake.json") {
        let (input, expected) = (&case["input"], &case["expected"]);
        // The tables of the other cases are not part of the vectors.
        if case["metric"] != "pr_lead_time" {
            continue;
        }
        let pr = &input["pr"];
        if pr["merged_at"].is_null() {
            assert_eq!(devlake::pull_request_times(&devlake::PullRequest::new(Timestamp::EPOCH)), None);
            continue;
        }
        let mut row = devlake::PullRequest::new(time(&pr["opened_at"]));
        row.author = text(&pr["author"]);
        row.merged_at = Some(time(&pr["merged_at"]));
        row.commits =
            list(&pr["commits"]).iter().map(|c| (text(&c["sha"]), time(&c["authored_at"]))).collect();
        row.comments = list(&pr["comments"])
            .iter()
            .map(|c| (text(&c["id"]), time(&c["time"]), text(&c["by"])))
            .collect();
        row.deployed_at = expected["deployed_at"].as_str().map(|at| at.parse().unwrap());
        let times = devlake::pull_request_times(&row).unwrap();
        let minutes = |key: &str| expected[key].as_i64();
        assert_eq!(times.coding, minutes("coding_min"), "{}", case["id"]);
        assert_eq!(times.pickup, minutes("pickup_min"), "{}", case["id"]);
        assert_eq!(times.review, minutes("review_min"), "{}", case["id"]);
        assert_eq!(times.deploy, minutes("deploy_min"), "{}", case["id"]);
        assert_eq!(Some(times.cycle), minutes("cycle_min"), "{}", case["id"]);
        assert_eq!(times.first_commit.as_deref(), expected["first_commit"].as_str(), "{}", case["id"]);
        assert_eq!(times.first_review.as_deref(), expected["first_review"].as_str(), "{}", case["id"]);
    }
}
