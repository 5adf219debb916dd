//! The report as a comment on a pull request.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use devops_core::{Message, TextTable};
use devops_gates::{ScoreResult, Term};

use super::{ACTIONS, mark, not_looked_at, suppressed, told, top_findings};
use crate::{PipelineReport, RunOutcome};

/// Writes `report` in the words of `table`.
pub(crate) fn markdown(report: &PipelineReport, table: &TextTable) -> String {
    let mut page = Page { text: String::new(), table };
    let outcome = report.outcome.in_words(table);
    page.heading(2, &Message::new("report.title").with("job", &report.job.id).with("outcome", outcome));
    warnings(&mut page, report);
    actions(&mut page, report);
    stages(&mut page, report);
    if let Some(verdict) = report.verdict() {
        page.line(verdict.to_markdown_with(table).trim_end());
        page.line("");
    }
    scores(&mut page, report);
    findings(&mut page, report);
    page.section("report.not_run", not_looked_at(report).iter().map(|(who, how)| pair(who, how)));
    page.section("report.conflicts", report.conflicts.iter().map(|c| escape(&c.to_string())));
    page.section("report.notes", report.notes.iter().map(|n| escape(&table.render(n))));
    footer(&mut page, report);
    page.text
}

struct Page<'a> {
    text: String,
    table: &'a TextTable,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, level: usize, message: &Message) {
        let text = escape(&self.table.render(message));
        self.line(&alloc::format!("{} {text}\n", "#".repeat(level)));
    }

    /// A list under a heading; nothing where it is empty.
    fn section(&mut self, heading: &'static str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if items.is_empty() {
            return;
        }
        self.heading(3, &Message::new(heading));
        for item in items {
            self.line(&alloc::format!("- {item}"));
        }
        self.line("");
    }
}

fn pair(who: &str, how: &str) -> String {
    alloc::format!("{}: {}", escape(who), escape(how))
}

/// Makes text safe for Markdown: it shows as it is, and links, marks up and mentions nothing.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '@' => safe.push_str("&#64;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => {
                safe.push('\\');
                safe.push(c);
            }
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

fn warnings(page: &mut Page<'_>, report: &PipelineReport) {
    if let RunOutcome::SucceededWithWarnings { warnings } = &report.outcome {
        let table = page.table;
        let items = warnings.iter().map(|w| pair(w.stage.as_str(), &table.render(&w.reason)));
        page.section("report.warnings", items);
    }
}

fn actions(page: &mut Page<'_>, report: &PipelineReport) {
    if report.recommendations.is_empty() {
        return;
    }
    page.heading(3, &Message::new("report.actions"));
    for (index, action) in report.recommendations.iter().take(ACTIONS).enumerate() {
        let text = escape(&page.table.render(&action.message));
        page.line(&alloc::format!("{}. {text}", index.saturating_add(1)));
        for line in &action.evidence {
            page.line(&alloc::format!("   - {}", escape(line)));
        }
    }
    page.line("");
}

fn stages(page: &mut Page<'_>, report: &PipelineReport) {
    page.heading(3, &Message::new("report.stages"));
    let columns = page.table.render(&Message::new("report.stage_columns"));
    page.line(&columns);
    page.line("| --- | --- | ---: | --- |");
    for stage in &report.stages {
        let row = alloc::format!(
            "| {} | {} | {} | {} |",
            stage.stage,
            stage.outcome.status(),
            mark(report, stage),
            escape(&told(stage, page.table))
        );
        page.line(&row);
    }
    page.line("");
}

fn scores(page: &mut Page<'_>, report: &PipelineReport) {
    let cards: Vec<_> = report.stages.iter().filter_map(|s| s.scores.as_ref()).collect();
    if cards.is_empty() {
        return;
    }
    page.heading(3, &Message::new("report.scores"));
    let columns = page.table.render(&Message::new("report.score_columns"));
    page.line(&columns);
    page.line("| --- | ---: | --- |");
    for card in cards {
        for result in [&card.overall].into_iter().chain(&card.components) {
            let score = result.score().map(|s| alloc::format!("{s:.2}")).unwrap_or_default();
            let row = alloc::format!("| {} | {score} | {} |", result.metric, escape(&terms(result)));
            page.line(&row);
        }
    }
    page.line("");
}

/// The terms of a score in one cell, or why there is none.
fn terms(result: &ScoreResult) -> String {
    const SHOWN: usize = 6;
    if result.terms.is_empty() {
        return result.summary_text();
    }
    let shown = |t: &Term| alloc::format!("{} {} ({})", t.amount, t.what, t.why_text());
    let mut parts: Vec<String> = result.terms.iter().take(SHOWN).map(shown).collect();
    let more = result.terms.len().saturating_sub(SHOWN);
    if more > 0 {
        parts.push(alloc::format!("+{more}"));
    }
    parts.join("; ")
}

fn findings(page: &mut Page<'_>, report: &PipelineReport) {
    let (shown, more) = top_findings(report);
    let mut items: Vec<String> = shown.iter().map(|f| escape(&f.to_string())).collect();
    let counted = |id, count: usize| page.table.render(&Message::new(id).with("count", count));
    if more > 0 {
        items.push(counted("report.more", more));
    }
    let hidden = suppressed(report);
    if hidden > 0 {
        items.push(counted("report.suppressed", hidden));
    }
    page.section("report.findings", items.into_iter());
}

fn footer(page: &mut Page<'_>, report: &PipelineReport) {
    let job = &report.job;
    let footer = Message::new("report.footer")
        .with("repository", &job.repository)
        .with("branch", &job.branch)
        .with("commit", &job.commit)
        .with("policy", &report.policy);
    let text = page.table.render(&footer);
    let _ = writeln!(page.text, "{}", escape(text.trim()));
}
