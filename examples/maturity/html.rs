//! The report as a page.

use devops_examples::{Card, Cell, Page, Tone};

use crate::found::Found;
use crate::report::{Part, Report, counted};
use crate::{heat, radar};

pub(crate) fn page(found: &Found<'_>) -> String {
    let report = Report::new(found);
    let mut page = Page::new(&report.title, &report.lead.join(" "));
    page.cards(&cards(found));
    let mut parts = report.parts.iter();
    if let Some(first) = parts.next() {
        page.heading(first.heading);
        if let Some(picture) = radar::picture(found) {
            page.figure(
                &picture,
                "Each axis runs to the best score of its dimension. Red: holds the level back.",
            );
        }
        table(&mut page, first);
        page.heading("Items");
        page.figure(
            &heat::picture(found),
            "Credit of each item; dashed: not known, or not applicable. Hover for details.",
        );
    }
    for part in parts {
        page.heading(part.heading);
        for words in &part.lead {
            page.paragraph(words.strip_prefix("- ").unwrap_or(words));
        }
        table(&mut page, part);
    }
    let assessment = found.assessment;
    page.finish(&format!(
        "Model {} {}, assessed at {}. The same input gives the same page.",
        assessment.model, assessment.version, assessment.assessed_at
    ))
}

/// What begins like a number stands at the right.
fn table(page: &mut Page, part: &Part) {
    let Some((head, rows)) = part.rows.split_first() else { return };
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let number = |words: &str| {
        words.chars().count() < 13
            && words.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '–' | '?'))
            && !words.contains('“')
    };
    let cell =
        |words: &String| if number(words) { Cell::Number(words.clone()) } else { Cell::Text(words.clone()) };
    page.table(&head, &rows.iter().map(|row| row.iter().map(cell).collect()).collect::<Vec<_>>());
}

fn cards(found: &Found<'_>) -> Vec<Card> {
    let root = found.assessment.root();
    let card =
        |label: &str, value: String, detail: String, tone| Card { label: label.into(), value, detail, tone };
    let mut cards = Vec::new();
    if let (Some(level), Some(own)) = (found.level(), root.level.as_ref()) {
        let seen = level.point.unwrap_or(level.low);
        let ungated = own.ungated.point.unwrap_or(own.ungated.low);
        let held = seen < ungated;
        cards.push(card(
            "Level",
            found.model.level_name(seen).to_owned(),
            format!("level {seen}; {} to {}", level.low, level.high),
            if held { Tone::Warn } else { Tone::Plain },
        ));
        if held {
            cards.push(card(
                "By the score alone",
                found.model.level_name(ungated).to_owned(),
                format!("level {ungated}; held back by {}", counted(own.blocking.len(), "dimension")),
                Tone::Bad,
            ));
        }
    }
    if let Some(score) = &root.score {
        let point = score.point.as_ref().map_or_else(|| "unknown".into(), |p| format!("{p:.1}"));
        cards.push(card(
            "Score",
            point,
            format!("{:.1} to {:.1} of {:.0}", score.low, score.high, score.max),
            Tone::Plain,
        ));
        let share = 100.0 * score.completeness.get();
        let tone = if share < 70.0 { Tone::Warn } else { Tone::Plain };
        cards.push(card("Known", format!("{share:.0} %"), counted(score.n as usize, "item"), tone));
    }
    let doubts = found.assessment.contradictions.len() + found.assessment.disputes.len();
    if doubts > 0 {
        let detail = "contradictions and disputes".into();
        cards.push(card("To be talked about", doubts.to_string(), detail, Tone::Warn));
    }
    if let Some(Ok(told)) = &found.explanation
        && !told.steps.is_empty()
    {
        let detail = format!("person-days, {}", counted(told.steps.len(), "item"));
        cards.push(card(
            &format!("To level {}", told.to),
            format!("{:.0}", told.effort),
            detail,
            Tone::Plain,
        ));
    }
    cards
}
