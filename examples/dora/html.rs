//! The report as one page.

use anyhow::Result;
use devops_core::Unit;
use devops_examples::{Card, Cell, Page, Tone};
use devops_metrics::benchmark::Standing;
use devops_metrics::definition::FailureCount;
use devops_metrics::query::DeliveryMetric;
use devops_metrics::trend::{Direction, TrendReport};

use crate::analysis::{Analysis, FIVE};
use crate::flow::Flow;
use crate::look::{comparable, counted, without_number};
use crate::sides::Side;
use crate::{chart, definition, text, timeline};

/// The whole page.
pub(crate) fn page(analysis: &Analysis<'_>, sides: &[Side]) -> Result<String> {
    let chosen = analysis.chosen().map_or("", |cell| cell.period.as_str());
    let lead = format!("{}, measured by the definition {}", analysis.span(), analysis.report.definition);
    let mut page = Page::new(&format!("Delivery of {}", analysis.name), &lead);
    if let Some(basis) = analysis.basis {
        page.paragraph(basis);
    }
    if let Some(note) = analysis.note {
        page.note(note);
    }
    page.heading(&format!("{chosen} at a glance"));
    page.cards(&FIVE.map(|metric| card(analysis, metric)));
    let (level, few) = (text::level(analysis), text::few(analysis));
    page.note(&format!(
        "The interval is where the true value lies with {level} confidence; few events make it wide."
    ));
    page.heading("What happened when");
    let (picture, [deployments, failures, incidents]) = timeline::draw(analysis)?;
    let [told, incidents] = [counted(deployments, "deployment"), counted(incidents, "incident")];
    // Some definitions count incidents, or pairs, and no deployments as failed.
    let failures = match analysis.query.definition.failure.count {
        FailureCount::Deployments => format!(", {failures} of them failed"),
        _ => String::new(),
    };
    let caption = format!("{told}{failures}; {incidents}.");
    page.figure(&picture, &caption);
    page.heading("How it develops");
    page.note(&format!(
        "Line: the value of each period; shade: its {level} interval, cut at the top where it would flatten the rest; dashed: the level or trend that the numbers support, \
         with a mark where it changed; hollow: {few} events."
    ));
    for (metric, trend) in &analysis.trends {
        section(&mut page, analysis, *metric, trend.as_ref());
    }
    if let Some(flow) = &analysis.flow {
        page.heading(&format!("How work flows in {chosen}{}", Flow::by(analysis)));
        page.paragraph(
            "What was delivered at a time, what waits, how long each stage takes, and whether that fits together: a ratio \
             far above 1 means that work piles up, far below that old work is being delivered.",
        );
        table(&mut page, &flow.rows());
    }
    page.heading(&format!("{chosen} under {} definitions", sides.len()));
    page.paragraph(
        "Tools that speak of the same metrics count different things. These are the numbers that each of them would \
         show for the same events.",
    );
    table(&mut page, &text::definitions(analysis, sides));
    page.details("Why they differ", |page| {
        let rows = sides
            .iter()
            .flat_map(|side| side.reasons.iter().map(|r| vec![side.definition.name.clone(), r.clone()]));
        let head = vec!["definition".to_string(), format!("compared with {}", analysis.report.definition)];
        table(page, &std::iter::once(head).chain(rows).collect::<Vec<_>>());
    });
    page.heading("All numbers");
    table(&mut page, &text::periods(analysis));
    page.note(&format!(
        "In brackets the {level} interval, then how many events; * {few}; – not enough data."
    ));
    page.details("How each number is counted", |page| {
        let rows = definition::words(&analysis.query.definition)
            .map(|(metric, words)| vec![metric.to_string(), words]);
        let head = vec!["metric".to_string(), format!("by definition {}", analysis.report.definition)];
        table(page, &std::iter::once(head).chain(rows).collect::<Vec<_>>());
    });
    let left = text::left_out(analysis);
    if left.len() > 1 {
        page.details(&format!("What {chosen} leaves out"), |page| table(page, &left));
    }
    let odd = text::oddities(analysis);
    if !odd.is_empty() {
        page.details("Events that cannot be right", |page| odd.iter().for_each(|line| page.note(line)));
    }
    page.heading("What the comparisons are worth");
    page.paragraph(&format!("{} {}.", Standing::ASSUMPTION, Standing::SOURCE));
    Ok(page.finish("Computed from delivery events alone, by an example program of the devops crates."))
}

fn table(page: &mut Page, rows: &[Vec<String>]) {
    let Some((head, body)) = rows.split_first() else { return };
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let body: Vec<Vec<Cell>> = body.iter().map(|row| row.iter().cloned().map(Cell::Text).collect()).collect();
    page.table(&head, &body);
}

fn trend_of<'a>(analysis: &'a Analysis<'_>, metric: DeliveryMetric) -> Option<&'a TrendReport> {
    analysis.trends.iter().find(|(of, _)| *of == metric).and_then(|(_, trend)| trend.as_ref())
}

fn card(analysis: &Analysis<'_>, metric: DeliveryMetric) -> Card {
    let look = analysis.look(metric);
    let value = analysis.chosen().and_then(|cell| cell.value(metric));
    let number = match value {
        // Days a week and the like have no sign of their own.
        Some(value) if value.unit == Unit::Days && metric == DeliveryMetric::DeploymentFrequency => {
            comparable(value, &analysis.query.definition, &look)
        }
        Some(value) => value.value().map_or_else(|| without_number(value), |number| look.amount(number)),
        None => String::from("–"),
    };
    let mut detail = Vec::new();
    if let Some(value) = value {
        if let Some(interval) = value.value().and_then(|_| look.interval(value)) {
            detail.push(format!("interval {interval}"));
        }
        detail.push(match value.part {
            Some(part) => format!("{part}\u{a0}of\u{a0}{}", value.n),
            None => format!("n\u{a0}=\u{a0}{}", value.n),
        });
    }
    let trend = trend_of(analysis, metric);
    if let Some(trend) = trend {
        detail.push(match trend.direction {
            Direction::NotEnoughData => String::from("too few periods for a trend"),
            direction => direction.to_string(),
        });
    }
    let tone = trend.map_or(Tone::Plain, |trend| text::tone(trend.direction));
    Card { label: metric.to_string(), value: number, detail: detail.join(" · "), tone }
}

fn section(page: &mut Page, analysis: &Analysis<'_>, metric: DeliveryMetric, trend: Option<&TrendReport>) {
    page.subheading(&capitalised(metric.name()));
    let look = analysis.look(metric);
    if let Some(trend) = trend {
        page.paragraph(&capitalised(&trend.to_string()));
    }
    let picture = chart::metric(analysis.cells(), metric, &look, trend);
    page.figure(&picture, "");
    let place = analysis.place(metric);
    if let Some(class) = place.class {
        page.note(&format!("Class: {class}. {}", class.caveat()));
    }
    if let Some(standing) = place.standing {
        page.note(&format!("{}.", capitalised(&standing.to_string())));
    }
    if place.few {
        page.note(&format!("This rests on {}.", text::few(analysis)));
    }
    if let Some(trend) = trend {
        page.details("What this rests on", |page| trend.evidence().iter().for_each(|line| page.note(line)));
    }
}

fn capitalised(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
