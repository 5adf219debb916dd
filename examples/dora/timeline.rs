//! Deployments, failures and incidents on a line of time.

use std::collections::BTreeSet;

use anyhow::Result;
use devops_core::{EventId, Timestamp};
use devops_examples::{AxisStyle, Frame, Scale, Svg};
use devops_metrics::event::{DeploymentKind, Event, EventKind, Incident};
use devops_metrics::query::{DeliveryMetric, Explained, Group};

use crate::analysis::Analysis;

const FRAME: Frame = Frame { left: 96.0, right: 964.0, top: 14.0, bottom: 116.0 };
const DEPLOYMENTS: f64 = 34.0;
const FAILURES: f64 = 64.0;
const INCIDENTS: f64 = 92.0;

/// The picture, 1000 wide, and how many of each it shows: deployments, failed ones, incidents.
pub(crate) fn draw(analysis: &Analysis<'_>) -> Result<(String, [usize; 3])> {
    let mut svg = Svg::new(1000.0, 178.0);
    let window = analysis.query.window;
    let time = Scale::of_time(window.from(), window.to(), (FRAME.left, FRAME.right));
    FRAME.time_axis(&mut svg, &time, &AxisStyle::PAGE);
    for (y, words) in [(DEPLOYMENTS, "deployments"), (FAILURES, "failed"), (INCIDENTS, "incidents")] {
        svg.text(FRAME.left - 10.0, y + 4.0, "class=\"muted\" text-anchor=\"end\"", words);
        svg.line((FRAME.left, y), (FRAME.right, y), "class=\"grid\"");
    }
    let (counted, failed) = counted(analysis)?;
    let mut incidents: Vec<(Timestamp, Option<Timestamp>, String)> = Vec::new();
    let mut deployments: Vec<(Timestamp, EventId, DeploymentKind)> = Vec::new();
    for event in analysis.log.events() {
        match event {
            Event::Deployment(d) if counted.contains(&d.id) => {
                deployments.push((d.finished_at, d.id, d.kind));
            }
            Event::Incident(i) if window.contains(i.opened_at) && of_group(&i, &analysis.group) => {
                incidents.push((i.opened_at, i.resolved_at, i.id.to_string()));
            }
            _ => {}
        }
    }
    deployments.sort();
    incidents.sort();
    let mut failures = 0;
    for (at, id, kind) in &deployments {
        let x = time.at_time(*at);
        let class = if *kind == DeploymentKind::Normal { "stroke-main" } else { "stroke-warn" };
        let words = format!("{id}, {at}");
        svg.told(&words, |svg| {
            svg.line(
                (x, DEPLOYMENTS - 11.0),
                (x, DEPLOYMENTS + 11.0),
                &format!("class=\"{class}\" stroke-width=\"1.6\""),
            )
        });
        if failed.contains(id) {
            failures += 1;
            let cross = format!("{id} failed");
            svg.told(&cross, |svg| {
                svg.line(
                    (x - 4.0, FAILURES - 4.0),
                    (x + 4.0, FAILURES + 4.0),
                    "class=\"stroke-bad\" stroke-width=\"2\"",
                );
                svg.line(
                    (x - 4.0, FAILURES + 4.0),
                    (x + 4.0, FAILURES - 4.0),
                    "class=\"stroke-bad\" stroke-width=\"2\"",
                );
            });
        }
    }
    for (opened, resolved, id) in &incidents {
        let (from, to) = (time.at_time(*opened), time.at_time(resolved.unwrap_or(window.to())));
        let words = format!("{id}: {opened} to {}", resolved.map_or_else(|| "now".into(), |t| t.to_string()));
        svg.told(&words, |svg| {
            svg.rect(
                (from, INCIDENTS - 5.0),
                (to - from).max(2.0),
                10.0,
                "class=\"fill-bad\" fill-opacity=\"0.55\" rx=\"2\"",
            )
        });
    }
    let entries = [
        ("class=\"fill-main\"", "deployment"),
        ("class=\"fill-warn\"", "hotfix, rollback or rework"),
        ("class=\"fill-bad\"", "failed deployment; incident from opened to resolved"),
    ];
    FRAME.legend(&mut svg, FRAME.bottom + 52.0, &entries, "class=\"muted\"");
    let counts = [deployments.len(), failures, incidents.len()];
    Ok((svg.into_inline("deployments, failed deployments and incidents over time"), counts))
}

fn of_group(incident: &Incident, group: &Group) -> bool {
    match group {
        Group::Service(name) => incident.services.iter().any(|service| service.as_str() == name),
        _ => true,
    }
}

/// The deployments that count, and those of them that failed.
fn counted(analysis: &Analysis<'_>) -> Result<(BTreeSet<EventId>, BTreeSet<EventId>)> {
    let (mut counted, mut failed) = (BTreeSet::new(), BTreeSet::new());
    let mut query = analysis.query.clone();
    query.period = None;
    let explanation = query.explain(analysis.dataset, &analysis.group, &query.window.to_string())?;
    for event in explanation.events.into_iter().filter(|event| event.kind == EventKind::Deployment) {
        let has = |event: &Explained, metric, least: f64| {
            event.counts.iter().any(|(m, v)| *m == metric && *v >= least)
        };
        if has(&event, DeliveryMetric::ChangeFailureRate, 1.0) {
            failed.insert(event.event.clone());
        }
        if has(&event, DeliveryMetric::DeploymentFrequency, 1.0) || failed.contains(&event.event) {
            counted.insert(event.event);
        }
    }
    Ok((counted, failed))
}
