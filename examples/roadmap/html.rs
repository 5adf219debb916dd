//! The plan as a page.

use devops_examples::{Card, Cell, Page, Tone};
use devops_maturity::initiative::Prerequisite;
use devops_maturity::roadmap::{PlannedInitiative, Rating, Roadmap};

use crate::compared::Compared;
use crate::text::{certainty, gaps, metrics};
use crate::{gantt, pictures};

pub(crate) fn page(roadmap: &Roadmap, compared: Option<&Compared>, scale: f64) -> String {
    let title = compared.map_or_else(|| format!("Roadmap of {}", roadmap.team), |c| c.title.clone());
    let mut page = Page::new(&title, &format!("{roadmap}."));
    cards(&mut page, roadmap);
    for part in compared.iter().flat_map(|c| &c.parts) {
        page.heading(&part.heading);
        if !part.lead.is_empty() {
            page.paragraph(&part.lead);
        }
        table(&mut page, &part.rows);
    }
    if !roadmap.initiatives.is_empty() {
        page.heading("What is done when");
        page.figure(&gantt::inline(roadmap), "Hover for details.");
        page.heading("How sure the date is");
        if !roadmap.simulation.fixed {
            page.figure(&pictures::chances(roadmap), "The share of the runs that are done by each week.");
        }
        page.note(&certainty(roadmap).join(" "));
        page.note(&format!("Effort: {}", roadmap.effort_summary()));
    }
    page.heading("From where to where");
    page.figure(&pictures::scores(roadmap, scale), "Expected scores; the dashed line is the target.");
    table(&mut page, &gaps(roadmap));
    risks(&mut page, roadmap);
    if !roadmap.initiatives.is_empty() {
        page.heading("Who is needed when");
        page.figure(&pictures::people(roadmap), "The share of each role's time that the plan takes.");
        page.heading("What to measure");
        table(&mut page, &metrics(roadmap));
        page.heading("The initiatives");
        roadmap.initiatives.iter().for_each(|i| initiative(&mut page, i));
        phases(&mut page, roadmap);
    }
    if !roadmap.left_out.is_empty() {
        page.heading("Left out");
        roadmap.left_out.iter().for_each(|entry| page.paragraph(&format!("{entry}.")));
    }
    page.finish(&format!(
        "Model {}, library {}, assessed at {}. The same input gives the same plan.",
        roadmap.model, roadmap.library, roadmap.assessed_at
    ))
}

/// A table whose first row is the head; what begins like a number stands at the right.
fn table(page: &mut Page, rows: &[Vec<String>]) {
    let Some((head, rows)) = rows.split_first() else { return };
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let number = |words: &str| {
        words.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '–'))
            && words.chars().count() < 12
    };
    let cell = |words: &String| {
        if number(words) { Cell::Number(words.clone()) } else { Cell::Text(words.clone()) }
    };
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    page.table(&head, &rows);
}

fn cards(page: &mut Page, roadmap: &Roadmap) {
    let s = &roadmap.simulation;
    let card = |label: &str, value: String, detail: String, tone: Tone| Card {
        label: label.into(),
        value,
        detail,
        tone,
    };
    let level = |level: Option<u32>| level.map_or_else(|| "–".into(), |l| l.to_string());
    let end = roadmap.trajectory.last();
    let score = |value: Option<f64>| value.map_or_else(|| "–".into(), |v| format!("{v:.1}"));
    let mut cards = vec![card(
        "Score",
        format!("{} → {}", score(roadmap.gaps.overall.current), score(end.and_then(|p| p.overall))),
        format!("level {} → {}", level(roadmap.gaps.level), level(end.and_then(|p| p.level))),
        Tone::Plain,
    )];
    if !roadmap.initiatives.is_empty() {
        let day = |week: f64| {
            let at = roadmap.request.start.checked_add_millis((week * 7.0 * 86_400_000.0) as i64);
            at.map_or_else(String::new, |at| at.to_string().chars().take(10).collect())
        };
        let standard = format!("{} runs", s.runs);
        let tight = s.chances.iter().any(|c| c.probability < 0.8);
        let tone = if tight { Tone::Warn } else { Tone::Plain };
        cards.push(card("P50", format!("week {:.1}", s.p50.value), day(s.p50.value), Tone::Plain));
        cards.push(card("P80", format!("week {:.1}", s.p80.value), day(s.p80.value), tone));
        let people = roadmap.roles.iter().map(|r| r.capacity).sum::<f64>();
        cards.push(card(
            "People-weeks",
            format!("{:.0}", roadmap.selection.effort),
            format!("{} initiatives, {people} people", roadmap.initiatives.len()),
            Tone::Plain,
        ));
        for chance in &s.chances {
            let tone = if chance.probability < 0.5 { Tone::Bad } else { Tone::Warn };
            cards.push(card(
                &format!("Done by week {}", chance.date),
                format!("{:.0} %", 100.0 * chance.probability),
                format!("± {:.1}, {standard}", 100.0 * chance.standard_error),
                if chance.probability >= 0.8 { Tone::Good } else { tone },
            ));
        }
    }
    page.cards(&cards);
}

fn risks(page: &mut Page, roadmap: &Roadmap) {
    page.heading("What stands in the way");
    if roadmap.risks.is_empty() {
        page.paragraph("None of the rules speaks up.");
        return;
    }
    let word = |rating: Rating| Cell::Text(rating.to_string());
    let rows: Vec<Vec<Cell>> = roadmap
        .risks
        .iter()
        .map(|r| {
            vec![
                Cell::Text(r.title.clone()),
                word(r.likelihood),
                word(r.impact),
                Cell::Text(r.evidence.join("; ")),
                Cell::Text(r.mitigation.clone()),
            ]
        })
        .collect();
    page.table(&["Risk", "Likelihood", "Impact", "Seen by", "What helps"], &rows);
}

fn initiative(page: &mut Page, i: &PlannedInitiative) {
    let summary =
        format!("{}: week {:.1} to {:.1}, {:.1} people-weeks", i.title, i.start, i.finish, i.effort);
    page.details(&summary, |page| {
        let people: Vec<String> =
            i.people.iter().map(|d| format!("{} of {}", d.amount, d.resource)).collect();
        page.paragraph(&format!("{}; needs {}.", i.dimension, people.join(", ")));
        let raises = i
            .raises
            .iter()
            .map(|r| format!("{} from {:.0} to {:.0} % of its credit", r.item, 100.0 * r.from, 100.0 * r.to));
        page.paragraph(&format!("Raises {}.", raises.collect::<Vec<_>>().join(", ")));
        let done: Vec<String> = i.done_when.iter().map(ToString::to_string).collect();
        page.paragraph(&format!("Done when {}.", done.join(", ")));
        for shown in &i.shown {
            page.paragraph(&format!("Builds on {}, which is there: {}.", shown.initiative, shown.shown_by));
        }
        for (told, list) in [("What has worked", &i.success_patterns), ("What has failed", &i.anti_patterns)]
        {
            if !list.is_empty() {
                page.paragraph(&format!("{told}: {}.", list.join("; ").trim_end_matches('.')));
            }
        }
    });
}

fn phases(page: &mut Page, roadmap: &Roadmap) {
    let used: Vec<_> = roadmap.phases.iter().filter(|p| !p.initiatives.is_empty()).collect();
    if !used.is_empty() {
        page.heading("As phases");
    }
    for phase in used {
        let (start, finish) = (phase.start.unwrap_or(0.0), phase.finish.unwrap_or(0.0));
        page.subheading(&format!("{}, week {start:.1} to {finish:.1}", phase.state.title));
        page.paragraph(&format!(
            "For {}. Leaves {}.",
            phase.objectives.join(", "),
            phase.deliverables.join(", ")
        ));
        for prerequisite in &phase.state.prerequisites {
            if let Prerequisite::Evidence { phase, shown_by, .. } = prerequisite {
                page.note(&format!("Builds on {phase}, which is not needed: {}.", shown_by.join(", ")));
            }
        }
        let checks =
            phase.state.criteria.iter().map(|check| {
                vec![Cell::Text(check.criterion.to_string()), Cell::Text(check.state.to_string())]
            });
        page.table(&["Done when", "Now"], &checks.collect::<Vec<_>>());
    }
}
