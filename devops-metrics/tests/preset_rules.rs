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

#[test]
fn fourkeys() {
    check(
        &Definition::fourkeys(),
        &[
            (
                "queries/deployments.sql: no filter by environment",
                MARCH,
                "D d1 at=02T10:00 env=staging",
                Frequency,
                N(1),
            ),
            (
                "queries/deployments.sql: successes only",
                MARCH,
                "D d1 at=02T10:00 outcome=failed",
                Frequency,
                N(0),
            ),
            (
                "BigQuery WEEK begins on Sunday",
                (1, 7),
                "D d1 at=01T10:00;D d2 at=07T10:00",
                Frequency,
                V(2.0),
            ),
            (
                "days, not deployments, of a week",
                (1, 7),
                "D d1 at=02T10:00;D d2 at=02T11:00",
                Frequency,
                V(1.0),
            ),
            (
                "weeks before the first event are dropped",
                MARCH,
                "D d1 at=22T10:00;D d2 at=23T10:00;D d3 at=24T10:00",
                Frequency,
                V(1.5),
            ),
            (
                "under a minute is automated, and no data is 0",
                MARCH,
                "C c1 committed=02T09:59:30 by=d1;D d1 at=02T10:00",
                Lead,
                V(0.0),
            ),
            (
                "whole minutes, rounded down",
                MARCH,
                "C c1 committed=02T09:58:01 by=d1;D d1 at=02T10:00",
                Lead,
                V(1.0),
            ),
            (
                "a commit counts with each deployment",
                MARCH,
                "C c1 committed=02T09:00 by=d1,d2;D d1 at=02T10:00;D d2 at=02T12:00",
                Lead,
                V(120.0),
            ),
            (
                "a commit that no push lists is lost",
                MARCH,
                "C c1 committed=02T09:00;D d0 at=02T08:00;D d1 at=02T10:00",
                Lead,
                N(0),
            ),
            (
                "a blamed commit of two deployments fails both",
                MARCH,
                "C c1 committed=02T09:00 by=d1,d2;D d1 at=02T10:00;D d2 at=02T12:00;I i1 opened=02T13:00 blames=c1",
                Rate,
                V(100.0),
            ),
            (
                "two incidents of a deployment count twice",
                MARCH,
                "C c1 committed=02T09:00 by=d1;D d1 at=02T10:00;I i1 opened=02T13:00 blames=c1;I i2 opened=02T14:00 blames=c1",
                Rate,
                V(200.0),
            ),
            (
                "an incident is joined by its commit alone",
                MARCH,
                "C c1 committed=02T09:00 by=d1;C c2 committed=02T09:00 by=d1;D d1 at=02T10:00;I i1 opened=02T13:00 blames=c1",
                Rate,
                V(100.0),
            ),
            (
                "deployments without changes fall out of the join",
                MARCH,
                "C c1 committed=02T09:00 by=d1;D d1 at=02T10:00;D d2 at=03T10:00;I i1 opened=02T13:00 blames=c1",
                Rate,
                V(100.0),
            ),
            (
                "no changes: 0",
                MARCH,
                "C z committed=01T09:00;D d at=02T10:00;I i opened=02T11:00 blames=z",
                Rate,
                V(0.0),
            ),
            (
                "59 minutes are 0 hours",
                MARCH,
                "C c1 committed=02T09:00 by=d1;D d1 at=02T10:00;I i1 opened=02T10:10 resolved=02T10:59 blames=c1",
                Restore,
                V(0.0),
            ),
            (
                "restore runs from the deployment",
                MARCH,
                "C c1 committed=02T09:00 by=d1;D d1 at=02T10:00;I i1 opened=02T12:00 resolved=02T13:30 blames=c1",
                Restore,
                V(180.0),
            ),
            (
                "or from the ticket, where that came first",
                MARCH,
                "C c1 committed=02T08:00 by=d1;D d1 at=02T10:00;I i1 opened=02T09:00 resolved=02T11:30 blames=c1",
                Restore,
                V(120.0),
            ),
            ("open incidents are ignored", MARCH, "I i1 opened=02T12:00", Restore, N(0)),
            ("no data: 0", MARCH, "", Restore, V(0.0)),
        ],
    );
}

#[test]
fn devlake() {
    let common: &[Rule] = &[
        ("environment must be PRODUCTION", MARCH, "D d1 at=02T10:00 env=-", Frequency, N(0)),
        (
            "percent_rank() <= 0.5: the lower median",
            (2, 15),
            "D a at=02T10:00;D b at=03T10:00;D c at=04T10:00;D d at=09T10:00",
            Frequency,
            V(1.0),
        ),
        (
            "weeks begin on Monday and partial ones count",
            (1, 7),
            "D d1 at=01T10:00;D d2 at=07T10:00",
            Frequency,
            V(1.0),
        ),
        (
            "parts in whole minutes, each rounded up",
            MARCH,
            "P p authored=02T09:00 opened=02T09:10:30 merged=02T09:20:30 by=d;D d at=02T10:00",
            Lead,
            V(61.0),
        ),
        (
            "opened before its first commit: that part is left out",
            MARCH,
            "P p authored=02T09:00 opened=02T08:00 merged=02T09:30 by=d;D d at=02T10:00",
            Lead,
            V(120.0),
        ),
        (
            "deployed before its merge: that part is left out",
            MARCH,
            "P p authored=02T09:00 opened=02T09:30 merged=02T11:00 by=d;D d at=02T10:00",
            Lead,
            V(120.0),
        ),
        (
            "the lower of two",
            MARCH,
            "P p authored=02T09:00 opened=02T09:00 merged=02T09:00 by=d;P q authored=02T08:00 opened=02T08:00 merged=02T08:00 by=d;D d at=02T10:00",
            Lead,
            V(60.0),
        ),
        ("direct pushes have no lead time", MARCH, "C c committed=02T09:00 by=d;D d at=02T10:00", Lead, N(0)),
        (
            "not deployed: not counted",
            MARCH,
            "P p authored=02T09:00 opened=02T09:00 merged=02T09:00",
            Lead,
            N(0),
        ),
        (
            "the first deployment is not credited, the next is",
            MARCH,
            "P p authored=02T09:00 opened=02T09:00 merged=02T09:00;P q authored=02T11:00 opened=02T11:00 merged=02T11:00;D d at=02T10:00;D e at=02T12:00",
            Lead,
            N(1),
        ),
        (
            "the latest deployment of the whole project",
            MARCH,
            "D d1 at=02T10:00 service=a;D d2 at=02T11:00 service=b;I i opened=02T12:00 service=a",
            Rate,
            V(0.5),
        ),
        (
            "finished before the incident, not with it",
            MARCH,
            "D d at=02T10:00;I i opened=02T10:00",
            Rate,
            V(0.0),
        ),
        ("however long before", MARCH, "D d at=02T10:00;I i opened=30T10:00", Rate, V(1.0)),
        (
            "two incidents, one failed deployment",
            MARCH,
            "D d at=02T10:00;I i opened=02T11:00;I j opened=02T12:00",
            Rate,
            V(1.0),
        ),
        (
            "result FAILURE is no change failure",
            MARCH,
            "D d at=02T10:00;D e at=03T10:00 outcome=failed",
            Rate,
            V(0.0),
        ),
        ("no deployment: no rate", MARCH, "I i opened=30T10:00", Rate, Nothing),
    ];
    check(&Definition::devlake_2021(), common);
    check(&Definition::devlake_2023(), common);
    let late = "D d at=02T09:00;I i opened=02T10:00 resolved=12T10:00";
    check(&Definition::devlake_2021(), &[("restore by resolution", (10, 31), late, Restore, V(14_400.0))]);
    check(
        &Definition::devlake_2023(),
        &[
            ("recovery needs the deployment in the window too", (10, 31), late, Recovery, N(0)),
            ("recovery runs from the end of the deployment", MARCH, late, Recovery, V(14_460.0)),
            (
                "and is negative where the incident was over before",
                MARCH,
                "D d at=02T14:00 parts=02T10:00,02T14:00;I i opened=02T11:00 resolved=02T12:00",
                Recovery,
                V(-120.0),
            ),
        ],
    );
}

#[test]
fn gitlab() {
    check(
        &Definition::gitlab(),
        &[
            (
                "the median of daily medians",
                MARCH,
                "P p merged=02T09:00 by=a;P q merged=02T09:00 by=b;P r merged=02T09:00 by=c;P s merged=03T09:00 by=d;D a at=02T10:00;D b at=02T12:00;D c at=02T14:00;D d at=03T16:00",
                Lead,
                V(5.0),
            ),
            (
                "a merge request counts with each deployment",
                MARCH,
                "P p merged=02T09:00 by=a,b;D a at=02T10:00;D b at=02T12:00",
                Lead,
                V(2.0),
            ),
            (
                "incidents per deployment, without a link",
                MARCH,
                "D d at=20T10:00;I i opened=02T10:00;I j opened=02T11:00",
                Rate,
                V(200.0),
            ),
            ("deployments a day", MARCH, "D d at=20T10:00", Frequency, V(1.0 / 31.0)),
            ("tier production", MARCH, "D d at=20T10:00 env=staging", Frequency, N(0)),
            (
                "restore of what was resolved",
                MARCH,
                "I i opened=02T10:00;I j opened=02T10:00 resolved=02T12:00",
                Restore,
                V(2.0),
            ),
            ("no data: null", MARCH, "", Lead, Nothing),
        ],
    );
}

#[test]
fn middleware() {
    check(
        &Definition::middleware(),
        &[
            (
                "total // days: three in four days are none",
                (2, 5),
                "D a at=02T10:00;D b at=03T10:00;D c at=04T10:00",
                Frequency,
                V(0.0),
            ),
            (
                "a missing stage is 0",
                MARCH,
                "P p committed=02T09:00 merged=02T12:00 by=d;D d at=02T13:00",
                Lead,
                V(3_600.0),
            ),
            (
                "by the merge",
                (10, 31),
                "P p committed=09T09:00 opened=09T10:00 merged=09T12:00 by=d;D d at=10T13:00",
                Lead,
                N(0),
            ),
            (
                "the mean",
                MARCH,
                "P p merged=02T12:00 by=d;P q merged=02T10:00 by=d;D d at=02T13:00",
                Lead,
                V(7_200.0),
            ),
            (
                "failed attempts are below the line, and can be blamed",
                MARCH,
                "D a at=02T10:00;D b at=02T11:00 outcome=failed;I i opened=02T12:00",
                Rate,
                V(50.0),
            ),
            ("conducted_at <= created", MARCH, "D d at=02T10:00;I i opened=02T10:00", Rate, V(100.0)),
            (
                "incidents before the first deployment are dropped",
                MARCH,
                "D d at=02T10:00;I i opened=02T09:00",
                Rate,
                V(0.0),
            ),
            (
                "all services of a team",
                MARCH,
                "D a at=02T10:00 service=a;I i opened=02T11:00 service=b",
                Rate,
                V(100.0),
            ),
            ("restore by the resolution", (10, 31), "I i opened=02T10:00 resolved=10T10:00", Restore, N(1)),
            ("no incident: null", MARCH, "", Restore, Nothing),
            ("no deployment: 0", MARCH, "", Rate, V(0.0)),
        ],
    );
}

#[test]
fn pelorus() {
    check(
        &Definition::pelorus(),
        &[
            (
                "the deployed commit alone",
                MARCH,
                "C a committed=02T09:00 by=d;C b committed=02T11:00;D d at=02T12:00 commit=b",
                Lead,
                V(3_600.0),
            ),
            (
                "the mean of the services' means",
                MARCH,
                "C a committed=02T09:00 service=s;C b committed=02T09:00 service=s;C c committed=02T09:00 service=t;D x at=02T10:00 commit=a service=s;D y at=02T12:00 commit=b service=s;D z at=02T14:00 commit=c service=t",
                Lead,
                V(12_600.0),
            ),
            (
                "failures over lead times: can exceed 1",
                MARCH,
                "C a committed=02T09:00;D d at=02T12:00 commit=a;I i opened=02T10:00;I j opened=02T11:00",
                Rate,
                V(2.0),
            ),
            ("the count", MARCH, "D d at=02T12:00;D e at=02T12:00", Frequency, V(2.0)),
            ("absent where nothing is", MARCH, "", Lead, Nothing),
        ],
    );
}

#[test]
fn faros() {
    check(
        &Definition::faros(),
        &[
            ("deployments a week", MARCH, "D d at=02T12:00", Frequency, V(7.0 / 31.0)),
            (
                "incidents per deployment, without a link",
                MARCH,
                "D d at=20T10:00;I i opened=02T10:00;I j opened=02T11:00",
                Rate,
                V(200.0),
            ),
            (
                "a change set by time between two deployments",
                MARCH,
                "P p opened=02T10:00 merged=02T11:00;D d at=02T09:00;D e at=02T13:00",
                Lead,
                V(3.0),
            ),
            (
                "a stage that is not known falls back",
                MARCH,
                "P p merged=02T11:00;D d at=02T09:00;D e at=02T13:00",
                Lead,
                V(2.0),
            ),
            (
                "the mean of what was resolved",
                MARCH,
                "I i opened=02T10:00 resolved=02T11:00;I j opened=02T10:00 resolved=02T15:00;I k opened=02T10:00",
                Restore,
                V(3.0),
            ),
        ],
    );
}

#[test]
fn metrik() {
    check(
        &Definition::metrik(),
        &[
            (
                "commits of failed runs roll to the next success",
                MARCH,
                "C a committed=02T09:00 by=d;C b committed=02T11:00 by=e;D d at=02T10:00 outcome=failed;D e at=02T12:00",
                Lead,
                V(7_200_000.0),
            ),
            (
                "failed runs over all runs",
                MARCH,
                "D d at=02T10:00 outcome=failed;D e at=02T12:00",
                Rate,
                V(50.0),
            ),
            (
                "from the first of failed runs to the next success",
                MARCH,
                "D d at=02T10:00 outcome=failed;D e at=02T11:00 outcome=failed;D f at=02T13:00",
                Restore,
                V(10_800_000.0),
            ),
            (
                "incidents are not looked at",
                MARCH,
                "D f at=02T13:00;I i opened=02T14:00 resolved=02T15:00",
                Restore,
                N(0),
            ),
            ("what never recovered is not counted", MARCH, "D d at=02T10:00 outcome=failed", Restore, N(0)),
            ("no run: NaN", MARCH, "", Rate, Nothing),
        ],
    );
}

#[test]
fn liatrio() {
    check(
        &Definition::liatrio(),
        &[
            (
                "the gaps over the number of deployments",
                MARCH,
                "D d at=02T10:00;D e at=03T10:00",
                Frequency,
                V(0.5),
            ),
            ("without weekends", MARCH, "D d at=06T12:00;D e at=09T12:00", Frequency, V(0.5)),
            ("one deployment has no gap", MARCH, "D d at=02T10:00", Frequency, Nothing),
            (
                "equal instants have a gap of none",
                MARCH,
                "D d at=02T10:00;D e at=02T10:00",
                Frequency,
                V(0.0),
            ),
            (
                "failed over successful",
                MARCH,
                "D d at=02T10:00;D e at=03T10:00 outcome=failed",
                Rate,
                V(100.0),
            ),
            (
                "of failures in a row the first",
                MARCH,
                "D d at=02T10:00;D e at=03T10:00 outcome=failed;D f at=04T10:00 outcome=failed",
                Rate,
                V(100.0),
            ),
            (
                "an issue until the next deployment",
                MARCH,
                "D d at=02T10:00;I i opened=02T11:00;D e at=02T12:00",
                Rate,
                V(50.0),
            ),
            ("open until now", MARCH, "D d at=31T00:00 outcome=failed", Restore, V(24.0)),
        ],
    );
}

#[test]
fn devopsmetrics() {
    check(
        &Definition::devopsmetrics(),
        &[
            ("no deployment: -1", (10, 31), "D d at=02T10:00 declared=yes", Rate, V(-1.0)),
            (
                "a failure is what somebody declared",
                MARCH,
                "D d at=02T10:00 declared=yes;D e at=03T10:00",
                Rate,
                V(50.0),
            ),
            (
                "a failed run alone is none",
                MARCH,
                "D c at=01T10:00 declared=no;D d at=02T10:00 outcome=failed;D e at=03T10:00",
                Rate,
                V(0.0),
            ),
            ("no pull request: 0", (10, 31), "P p committed=02T09:00 by=d;D d at=02T10:00", Lead, V(0.0)),
            ("no incident: 0", MARCH, "", Restore, V(0.0)),
            ("deployments over days", MARCH, "D d at=02T10:00", Frequency, V(1.0 / 31.0)),
        ],
    );
}

#[test]
fn dora_2025() {
    check(
        &Definition::dora_2025(),
        &[
            ("no data is no number", MARCH, "", Lead, Nothing),
            ("no deployment is no rate", MARCH, "I i opened=02T10:00", Rate, Nothing),
            (
                "a commit at the very instant waited for nothing",
                MARCH,
                "C a committed=02T10:00 by=d;D d at=02T10:00;D e at=02T10:00",
                Lead,
                V(0.0),
            ),
            ("negative times are left out", MARCH, "C a committed=02T11:00 by=d;D d at=02T10:00", Lead, N(0)),
            ("production alone", MARCH, "D d at=02T10:00 env=staging;D e at=02T10:00", Frequency, N(1)),
            (
                "an incident at the instant of a deployment is its own",
                MARCH,
                "D d at=02T10:00;I i opened=02T10:00",
                Rate,
                V(100.0),
            ),
            ("a link reaches back a day", MARCH, "D d at=02T10:00;I i opened=03T10:00:01", Rate, V(0.0)),
            (
                "a rollback within a week tells a failure",
                MARCH,
                "D d at=02T10:00;D e at=03T10:00 kind=rollback",
                Rate,
                V(50.0),
            ),
            (
                "what is open is censored: the median is not reached",
                MARCH,
                "I i opened=02T10:00",
                Restore,
                Nothing,
            ),
        ],
    );
}
