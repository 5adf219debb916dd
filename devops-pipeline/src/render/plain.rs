//! The report as a page of plain text.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use devops_core::{Message, TextTable};

use super::{ACTIONS, mark, not_looked_at, suppressed, told, top_findings};
use crate::{PipelineReport, RunOutcome};

/// Writes `report` in the words of `table`.
pub(crate) fn text(report: &PipelineReport, table: &TextTable) -> String {
    let mut page = String::new();
    let outcome = report.outcome.in_words(table);
    let title = Message::new("report.title").with("job", &report.job.id).with("outcome", outcome);
    line(&mut page, &table.render(&title));
    line(&mut page, "");
    for stage in &report.stages {
        let row = alloc::format!(
            "{:<14} {:<9} {:>6}  {}",
            stage.stage.as_str(),
            stage.outcome.status(),
            mark(report, stage),
            told(stage, table)
        );
        line(&mut page, row.trim_end());
    }
    section(&mut page, table, "report.actions", actions(report, table));
    if let RunOutcome::SucceededWithWarnings { warnings } = &report.outcome {
        let items = warnings.iter().map(|w| alloc::format!("{}: {}", w.stage, table.render(&w.reason)));
        section(&mut page, table, "report.warnings", items.collect());
    }
    section(&mut page, table, "report.findings", findings(report, table));
    let not_run = not_looked_at(report).into_iter().map(|(who, how)| alloc::format!("{who}: {how}"));
    section(&mut page, table, "report.not_run", not_run.collect());
    section(&mut page, table, "report.conflicts", report.conflicts.iter().map(ToString::to_string).collect());
    section(&mut page, table, "report.notes", report.notes.iter().map(|n| table.render(n)).collect());
    page
}

/// One line, without what could move a terminal's cursor.
fn line(page: &mut String, text: &str) {
    page.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    page.push('\n');
}

fn section(page: &mut String, table: &TextTable, heading: &'static str, items: Vec<String>) {
    if items.is_empty() {
        return;
    }
    line(page, "");
    line(page, &table.render(&Message::new(heading)));
    for item in items {
        line(page, &alloc::format!("  {item}"));
    }
}

fn actions(report: &PipelineReport, table: &TextTable) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, action) in report.recommendations.iter().take(ACTIONS).enumerate() {
        let number = index.saturating_add(1);
        lines.push(alloc::format!("{number}. {}", table.render(&action.message)));
        lines.extend(action.evidence.iter().map(|e| alloc::format!("   {e}")));
    }
    lines
}

fn findings(report: &PipelineReport, table: &TextTable) -> Vec<String> {
    let (shown, more) = top_findings(report);
    let mut items: Vec<String> = shown.iter().map(ToString::to_string).collect();
    for (id, count) in [("report.more", more), ("report.suppressed", suppressed(report))] {
        if count > 0 {
            items.push(table.render(&Message::new(id).with("count", count)));
        }
    }
    items
}
