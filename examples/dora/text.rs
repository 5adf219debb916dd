//! The report for a terminal, and as Markdown.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use devops_core::{EventId, Unit, markdown_cell};
use devops_examples::{aligned, markdown_table};
use devops_metrics::benchmark::Standing;
use devops_metrics::definition::FrequencyMeasure;
use devops_metrics::event::{CausedBy, Event, EventKind, Incident};
use devops_metrics::query::{DeliveryMetric, Explained, Explanation, MetricValue};
use devops_metrics::trend::{Direction, short_number};

use crate::analysis::{Analysis, FIVE, place_of};
use crate::definition;
use crate::flow::Flow;
use crate::look::{Look, comparable, counted, short_name};
use crate::sides::Side;

/// The metrics by period: a head, then a row a period.
pub(crate) fn periods(analysis: &Analysis<'_>) -> Vec<Vec<String>> {
    let looks = FIVE.map(|metric| analysis.look(metric));
    let unit = |metric, look: &Look| match analysis.query.definition.frequency.measure {
        _ if metric != DeliveryMetric::DeploymentFrequency => look.symbol(),
        FrequencyMeasure::MedianDaysPerWeek | FrequencyMeasure::LowerMedianDaysPerWeek => "days a week",
        FrequencyMeasure::MeanGap => "days between",
        FrequencyMeasure::Count => "in all",
        _ => look.symbol(),
    };
    let head = FIVE.iter().zip(&looks).map(|(metric, look)| match unit(*metric, look) {
        "" => short_name(*metric).to_string(),
        unit => format!("{} ({unit})", short_name(*metric)),
    });
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::from("period")).chain(head).collect()];
    for cell in analysis.cells() {
        let values = FIVE
            .iter()
            .zip(&looks)
            .map(|(metric, look)| cell.value(*metric).map_or("–".into(), |v| look.cell(v)));
        rows.push(std::iter::once(cell.period.clone()).chain(values).collect());
    }
    rows
}

/// How sure intervals are.
pub(crate) fn level(analysis: &Analysis<'_>) -> String {
    format!("{} %", short_number(analysis.query.definition.certainty.level * 100.0))
}

/// What a small sample is.
pub(crate) fn few(analysis: &Analysis<'_>) -> String {
    match analysis.query.definition.certainty.small_below {
        5 => String::from("fewer than five"),
        below => format!("fewer than {below}"),
    }
}

/// One sentence a metric.
pub(crate) fn trends(analysis: &Analysis<'_>) -> Vec<String> {
    let told = analysis.trends.iter().map(|(metric, report)| match report {
        Some(report) => report.to_string(),
        None => format!("{metric}: no trend can be told"),
    });
    told.collect()
}

/// Where the chosen period stands.
pub(crate) fn places(analysis: &Analysis<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut caveats, mut assumed) = (Vec::new(), false);
    for metric in FIVE {
        let place = analysis.place(metric);
        let class = place.class.as_ref().map(ToString::to_string);
        let standing = place.standing.map(|standing| standing.to_string());
        let both: Vec<String> = class.into_iter().chain(standing).collect();
        if !both.is_empty() {
            let weak = if place.few { format!("; this rests on {}", few(analysis)) } else { String::new() };
            lines.push(format!("{metric}: {}{weak}", both.join("; ")));
            caveats.extend(place.class.map(|class| (metric, class.caveat())));
            assumed |= place.standing.is_some();
        }
    }
    lines.extend(weaknesses(&caveats));
    lines.extend(assumed.then(|| Standing::ASSUMPTION.to_string()));
    lines
}

/// What is weak about some classes: each sentence once, with the metrics that it is said of unless that is all.
fn weaknesses(caveats: &[(DeliveryMetric, String)]) -> Option<String> {
    let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
    for (metric, caveat) in caveats {
        for sentence in caveat.trim_end_matches('.').split(". ") {
            match told.iter_mut().find(|(known, _)| *known == sentence) {
                Some((_, metrics)) => metrics.push(short_name(*metric)),
                None => told.push((sentence, vec![short_name(*metric)])),
            }
        }
    }
    let sentences = told.iter().map(|(sentence, metrics)| {
        let whose =
            if metrics.len() == caveats.len() { String::new() } else { format!("{}: ", metrics.join(", ")) };
        format!("{whose}{sentence}")
    });
    let all: Vec<String> = sentences.collect();
    (!all.is_empty()).then(|| format!("weak about classes: {}.", all.join("; ")))
}

/// The chosen period under all definitions.
pub(crate) fn definitions(analysis: &Analysis<'_>, sides: &[Side]) -> Vec<Vec<String>> {
    let head = FIVE.iter().map(|metric| short_name(*metric).to_string());
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::from("definition")).chain(head).collect()];
    let looks = FIVE.map(|metric| analysis.look(metric));
    for side in sides {
        let cells = FIVE.iter().zip(&looks).map(|(metric, look)| {
            let value = side.values.iter().find(|value| value.metric == *metric);
            let shown = value.map_or_else(|| "–".into(), |value| comparable(value, &side.definition, look));
            // A number that the log cannot tell otherwise.
            let needs = value.and_then(MetricValue::value).and_then(|_| side.needs.get(metric));
            needs.map_or_else(|| shown.clone(), |needs| format!("{shown}, but needs {needs}"))
        });
        rows.push(std::iter::once(side.definition.name.clone()).chain(cells).collect());
    }
    rows
}

/// The report for a terminal.
pub(crate) fn text(analysis: &Analysis<'_>, sides: &[Side]) -> String {
    let basis = analysis.basis.map(|basis| format!("{basis}\n\n")).unwrap_or_default();
    let mut out = format!(
        "{}, {} by definition {}\n\n{basis}{}",
        analysis.name,
        analysis.span(),
        analysis.report.definition,
        aligned(&periods(analysis))
    );
    out += &format!("[{} interval] n; * {}; – not enough data\n", level(analysis), few(analysis));
    let mut section = |title: &str, lines: &[String]| {
        if !lines.is_empty() {
            out += &format!("\n{title}\n");
            lines.iter().for_each(|line| out += &format!("  {line}\n"));
        }
    };
    section("Where it goes", &trends(analysis));
    let chosen = analysis.chosen().map_or("", |cell| cell.period.as_str());
    section(&format!("Where {chosen} stands"), &places(analysis));
    let lines = |rows: &[Vec<String>]| aligned(rows).lines().map(String::from).collect::<Vec<_>>();
    let flow = analysis.flow.as_ref().map(|flow| lines(&flow.rows())).unwrap_or_default();
    section(&format!("How work flows in {chosen}{}", Flow::by(analysis)), flow.get(1..).unwrap_or_default());
    section(&format!("{chosen} under {} definitions", sides.len()), &lines(&definitions(analysis, sides)));
    section("Why they differ", &differences(sides));
    let left: Vec<String> = left_out(analysis).into_iter().skip(1).map(|row| row.join(": ")).collect();
    section(&format!("Left out of {chosen}"), &left);
    section("Events that cannot be right", &oddities(analysis));
    if let Some(note) = analysis.note {
        section("Note", &[note.to_string()]);
    }
    section(
        "Further",
        &[
            format!("every number down to its events: --explain {chosen}; with pictures: --format html"),
            String::from("how each number is counted: --print words"),
        ],
    );
    out
}

pub(crate) fn differences(sides: &[Side]) -> Vec<String> {
    let told = sides.iter().filter(|side| !side.reasons.is_empty());
    told.flat_map(|side| side.reasons.iter().map(|reason| format!("{}: {reason}", side.definition.name)))
        .collect()
}

/// What the chosen period leaves out: metric, reason, how many; with a head.
pub(crate) fn left_out(analysis: &Analysis<'_>) -> Vec<Vec<String>> {
    let mut rows = vec![["metric", "reason", "events"].map(String::from).to_vec()];
    let Some(cell) = analysis.chosen() else { return rows };
    for metric in FIVE {
        for (reason, count) in cell.value(metric).iter().flat_map(|value| &value.excluded) {
            rows.push(vec![metric.to_string(), reason.to_string(), count.to_string()]);
        }
    }
    rows
}

/// Events that contradict themselves or each other, one line a kind of mistake.
pub(crate) fn oddities(analysis: &Analysis<'_>) -> Vec<String> {
    const MOST: usize = 5;
    let report = &analysis.report;
    let names = |ids: &[EventId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let of_two_kinds = report.of_two_kinds.iter().map(|(id, _)| id.to_string()).collect();
    let kinds = [
        ("deployments that end before they start, or before a part of them does", names(&report.backwards)),
        ("deployments that replace each other in a circle", names(&report.circular)),
        ("ids under which events of two kinds were told; the later counts", of_two_kinds),
    ];
    let all = kinds.into_iter().chain(analysis.oddities.iter().cloned());
    let told = all.filter(|(_, ids)| !ids.is_empty()).map(|(what, ids)| {
        let more = if ids.len() > MOST { ", and more" } else { "" };
        format!("{what} ({}): {}{more}", ids.len(), ids[..ids.len().min(MOST)].join(", "))
    });
    told.collect()
}

/// The report as Markdown.
pub(crate) fn to_markdown(analysis: &Analysis<'_>, sides: &[Side]) -> String {
    let chosen = analysis.chosen().map_or("", |cell| cell.period.as_str());
    let list = |lines: Vec<String>| {
        lines.iter().map(|line| format!("- {}\n", markdown_cell(line))).collect::<String>()
    };
    let basis = analysis.basis.map(|basis| format!("{basis}\n\n")).unwrap_or_default();
    let mut out = format!(
        "# Delivery of {}\n\n{}, definition {}. In brackets: {} interval; * {}.\n\n{basis}{}",
        markdown_cell(&analysis.name),
        analysis.span(),
        markdown_cell(&analysis.report.definition),
        level(analysis),
        few(analysis),
        markdown_table(&periods(analysis))
    );
    out += &format!("\n## Where it goes\n\n{}", list(trends(analysis)));
    out += &format!("\n## Where {chosen} stands\n\n{}", list(places(analysis)));
    if let Some(flow) = &analysis.flow {
        out += &format!(
            "\n## How work flows in {chosen}{}\n\n{}",
            Flow::by(analysis),
            markdown_table(&flow.rows())
        );
    }
    out += &format!(
        "\n## {chosen} under {} definitions\n\n{}\n",
        sides.len(),
        markdown_table(&definitions(analysis, sides))
    );
    out += &list(differences(sides));
    out += &format!("\n## Left out of {chosen}\n\n{}", markdown_table(&left_out(analysis)));
    let words = definition::words(&analysis.query.definition);
    let words = words.map(|(metric, words)| format!("{metric}: {words}")).collect();
    out += &format!("\n## How each number is counted\n\n{}", list(words));
    let odd = oddities(analysis);
    if !odd.is_empty() {
        out += &format!("\n## Events that cannot be right\n\n{}", list(odd));
    }
    match analysis.note {
        Some(note) => out + &format!("\n{note}\n"),
        None => out,
    }
}

/// A cell down to its events: `PERIOD` or `PERIOD:METRIC`.
pub(crate) fn explained(analysis: &Analysis<'_>, cell: &str) -> Result<String> {
    let (period, wanted) = match cell.split_once(':') {
        Some((period, name)) => (period, Some(metric_named(name)?)),
        None => (cell, None),
    };
    place_of(&analysis.report, period)?;
    let explanation: Explanation = analysis.query.explain(analysis.dataset, &analysis.group, period)?;
    let incidents = incidents(analysis);
    let failed = |id: &EventId| match incidents.get(id) {
        Some(named) => format!("failed ({})", named.join(", ")),
        None => "failed".into(),
    };
    let shown = |metric: DeliveryMetric| wanted.is_none_or(|wanted| wanted == metric);
    let hours = explanation.unit.factor_to(Unit::Hours).unwrap_or(1.0);
    let lasted = |event: &Explained, metric: DeliveryMetric, value: f64| {
        let so_far = if event.open.contains(&metric) { " so far" } else { "" };
        format!("{} {:.1} h{so_far}", short_name(metric), value * hours)
    };
    let mut rows = Vec::new();
    for event in &explanation.events {
        let mut through = event.through.iter();
        let counts = event.counts.iter().filter(|(metric, _)| shown(*metric));
        let counts = counts.map(|(metric, value)| {
            let counted = matches!(metric, DeliveryMetric::DeploymentFrequency)
                || (matches!(metric, DeliveryMetric::ChangeFailureRate | DeliveryMetric::ReworkRate)
                    && *value == 0.0);
            match (metric, counted) {
                (DeliveryMetric::DeploymentFrequency, _) => "counts as a deployment".into(),
                (DeliveryMetric::ChangeFailureRate, true) => "did not fail".into(),
                (DeliveryMetric::ChangeFailureRate, false) if event.kind == EventKind::Incident => {
                    "counts as a failure".into()
                }
                (DeliveryMetric::ChangeFailureRate, false) => failed(&event.event),
                (DeliveryMetric::ReworkRate, true) => "was planned".into(),
                (DeliveryMetric::ReworkRate, false) => "is rework".into(),
                (DeliveryMetric::ChangeLeadTime, _) => {
                    let by = through.next().map(|id| format!(" by {id}")).unwrap_or_default();
                    lasted(event, *metric, *value) + &by
                }
                _ => lasted(event, *metric, *value),
            }
        });
        let left = event.left_out.iter().filter(|(metric, _)| shown(*metric));
        let left = left.map(|(metric, reason)| format!("not in {}: {reason}", short_name(*metric)));
        let all: Vec<String> = counts.chain(left).collect();
        if !all.is_empty() {
            rows.push(vec![event.kind.to_string(), event.event.to_string(), all.join(", ")]);
        }
    }
    let about = wanted.map_or_else(|| String::from("all metrics"), |metric| metric.to_string());
    let head = format!("{} {period}: {about} by definition {}", analysis.name, explanation.definition);
    let words = wanted.map(|metric| definition::lines(&analysis.query.definition, metric, "\n") + "\n");
    let head = head + &words.unwrap_or_default();
    Ok(format!("{head}\n{}, {}\n\n{}", explanation.window, counted(rows.len(), "event"), aligned(&rows)))
}

/// The incidents that name a deployment.
fn incidents(analysis: &Analysis<'_>) -> BTreeMap<EventId, Vec<String>> {
    let mut found: BTreeMap<EventId, Vec<String>> = BTreeMap::new();
    for event in analysis.log.events() {
        if let Event::Incident(Incident { id, caused_by: Some(CausedBy::Deployment(deployment)), .. }) = event
        {
            found.entry(deployment).or_default().push(id.to_string());
        }
    }
    found.values_mut().for_each(|all| all.sort());
    found
}

fn metric_named(name: &str) -> Result<DeliveryMetric> {
    let found = DeliveryMetric::ALL.into_iter().find(|metric| {
        // By the names of the catalogue, of the tables, and of the JSON form.
        let in_json = serde_json::to_value(metric).is_ok_and(|known| known == name);
        metric.id() == name || short_name(*metric) == name || in_json
    });
    let ids = DeliveryMetric::ALL.map(DeliveryMetric::id).join(", ");
    found.ok_or_else(|| anyhow!("metric `{name}` is not among {ids}"))
}

/// Good or bad news, or none.
pub(crate) const fn tone(direction: Direction) -> devops_examples::Tone {
    match direction {
        Direction::Improving => devops_examples::Tone::Good,
        Direction::Worsening => devops_examples::Tone::Bad,
        _ => devops_examples::Tone::Plain,
    }
}
