//! One rule of one tool a line: a few events, a metric, and what the tool makes of them. Sources: each tool's public code
//! and documentation as of 2026, named with the rule.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test may panic"
)]

mod devlake;
mod devopsmetrics;
mod dora_2025;
mod faros;
mod fourkeys;
mod gitlab;
mod liatrio;
mod metrik;
mod middleware;
mod pelorus;

use Want::{N, Nothing, V};
use devops_metrics::calendar::Calendar;
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::Definition;
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::DeliveryMetric::{
    ChangeFailureRate as Rate, ChangeLeadTime as Lead, DeploymentFrequency as Frequency,
    RecoveryTime as Recovery, TimeToRestore as Restore,
};
use devops_metrics::query::{DeliveryMetric, Query};
use serde_json::{Value, json};

#[derive(Clone, Copy)]
enum Want {
    /// The number.
    V(f64),
    /// How many it is made of.
    N(u64),
    /// No number.
    Nothing,
}

/// Rule, days of March 2026, events, metric, answer.
type Rule = (&'static str, (u8, u8), &'static str, DeliveryMetric, Want);

const MARCH: (u8, u8) = (1, 31);

/// An instant of March 2026, written `DDTHH:MM` or `DDTHH:MM:SS`.
fn time(text: &str) -> Value {
    let seconds = if text.len() == 8 { ":00" } else { "" };
    json!(format!("2026-03-{text}{seconds}Z"))
}

/// `D`eployment, `C`ommit, `P`ull request or `I`ncident, its id and its fields.
fn event(line: &str) -> String {
    let mut words = line.split_whitespace();
    let (kind, id) = (words.next().unwrap(), words.next().unwrap());
    let mut event = match kind {
        "D" => json!({"type": "deployment", "environment": "production", "outcome": "succeeded"}),
        "C" => json!({"type": "change"}),
        "P" => json!({"type": "change", "unit": "pull_request"}),
        _ => json!({"type": "incident"}),
    };
    event["id"] = json!(id);
    event["service"] = json!("api");
    for word in words {
        let (key, value) = word.split_once('=').unwrap();
        let list = || json!(value.split(',').collect::<Vec<_>>());
        match key {
            "at" => event["finished_at"] = time(value),
            "committed" | "authored" | "opened" | "merged" | "resolved" => {
                event[format!("{key}_at")] = time(value);
            }
            "by" => event["deployments"] = list(),
            "parts" => event["parts_finished_at"] = value.split(',').map(time).collect(),
            "blames" => event["caused_by_commit"] = json!(value),
            "declared" => event["declared_failure"] = json!(value),
            "env" if value == "-" => drop(event.as_object_mut().unwrap().remove("environment")),
            "env" => event["environment"] = json!(value),
            _ => event[key] = json!(value),
        }
    }
    event.to_string()
}

fn check(definition: &Definition, rules: &[Rule]) {
    let mut wrong = Vec::new();
    for (rule, (first, last), events, metric, want) in rules {
        let mut log = DeliveryLog::new();
        for line in events.split(';').filter(|line| !line.trim().is_empty()) {
            let line = event(line);
            log.read_json_lines(line.as_bytes())
                .unwrap_or_else(|refused| panic!("{rule}: {refused}: {line}"));
        }
        let day = |day: u8| format!("2026-03-{day:02}").parse().unwrap();
        let window = Calendar::utc().days(day(*first), day(*last)).unwrap();
        let report = Query::new(definition.clone(), window).run(&Dataset::of(&log)).unwrap();
        let value = report.cells[0].value(*metric).unwrap();
        let right = match want {
            V(number) => value.value().is_some_and(|value| (value - number).abs() < 1e-9),
            N(number) => value.n == *number,
            Nothing => value.value().is_none(),
        };
        if !right {
            wrong.push(format!("{}: {rule}: {value}", definition.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
