//! What is different: two plans, or a plan and what became of it.

use anyhow::Result;
use devops_examples::{aligned, markdown_table};
use devops_maturity::roadmap::{
    Change, InitiativeOutcome, ItemProgress, Revision, Roadmap, RoadmapDiff, Tracking, compare,
};
use serde_json::json;

use crate::input::Input;
use crate::text::indented;

/// A part of the report: its heading, a sentence, and a table whose first row is the head.
pub(crate) struct Part {
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) rows: Vec<Vec<String>>,
}

pub(crate) struct Compared {
    pub(crate) title: String,
    changes: Vec<String>,
    diff: RoadmapDiff,
    tracking: Option<Tracking>,
    pub(crate) parts: Vec<Part>,
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(String::from).to_vec()
}

impl Compared {
    pub(crate) fn what_if(changes: &[String], before: &Roadmap, after: &Roadmap, diff: RoadmapDiff) -> Self {
        let title = format!("What if {}? The plan of {}", changes.join(" and "), after.team);
        let parts = parts(before, after, &diff);
        Self { title, changes: changes.to_vec(), diff, tracking: None, parts }
    }

    pub(crate) fn tracked(first: &Roadmap, revision: &Revision, input: &Input) -> Self {
        let day = |text: String| text.chars().take(10).collect::<String>();
        let title = format!(
            "What became of the plan of {} of {}, as of {}",
            first.team,
            day(first.request.start.to_string()),
            day(input.request.start.to_string())
        );
        let mut all = vec![outcomes(first, &revision.tracking)];
        all.extend(parts(first, &revision.roadmap, &compare(first, &revision.roadmap)));
        if let Some(part) = all.get_mut(1) {
            part.heading = "The plan from now on".into();
            part.lead = format!("{}. Weeks count from its own start.", revision.roadmap);
        }
        let tracking = Some(revision.tracking.clone());
        Self { title, changes: Vec::new(), diff: revision.diff.clone(), tracking, parts: all }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n", self.title);
        for part in &self.parts {
            text += &format!("\n{}\n", part.heading);
            text += &if part.lead.is_empty() { String::new() } else { indented(&part.lead) };
            text += &indented(&aligned(&part.rows));
        }
        text
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# {}\n", self.title);
        for part in &self.parts {
            text += &format!("\n## {}\n\n", part.heading);
            text += &if part.lead.is_empty() { String::new() } else { format!("{}\n\n", part.lead) };
            text += &markdown_table(&part.rows);
        }
        text
    }

    pub(crate) fn json(&self, roadmap: &Roadmap) -> Result<String> {
        let document = match &self.tracking {
            Some(tracking) => json!({ "tracking": tracking, "diff": self.diff, "roadmap": roadmap }),
            None => json!({ "changes": self.changes, "diff": self.diff, "roadmap": roadmap }),
        };
        Ok(serde_json::to_string_pretty(&document)? + "\n")
    }
}

fn parts(before: &Roadmap, after: &Roadmap, diff: &RoadmapDiff) -> Vec<Part> {
    let lead = if diff.is_empty() { "Nothing is different.".to_string() } else { format!("{after}.") };
    let mut found = vec![Part { heading: "What is different".into(), lead, rows: numbers(diff) }];
    let initiatives = initiatives(before, after, diff);
    if initiatives.len() > 1 {
        let heading = "Initiatives, in weeks".to_string();
        found.push(Part { heading, lead: String::new(), rows: initiatives });
    }
    let mut risks = vec![row(["risk", "is now"])];
    for (list, plan, told) in [(&diff.new_risks, after, "new"), (&diff.gone_risks, before, "gone")] {
        let titles = list.iter().filter_map(|rule| plan.risks.iter().find(|r| r.rule == *rule));
        risks.extend(titles.map(|risk| row([risk.title.as_str(), told])));
    }
    if risks.len() > 1 {
        found.push(Part { heading: "Risks".into(), lead: String::new(), rows: risks });
    }
    found
}

fn numbers(diff: &RoadmapDiff) -> Vec<Vec<String>> {
    let mut rows = vec![row(["", "before", "after", "difference"])];
    let mut line = |name: &str, change: &Change, digits: usize| {
        rows.push(vec![
            name.to_string(),
            format!("{:.digits$}", change.before),
            format!("{:.digits$}", change.after),
            format!("{:+.digits$}", change.difference()),
        ]);
    };
    line("done in half of the runs (P50), week", &diff.p50, 1);
    line("done in eight of ten runs (P80), week", &diff.p80, 1);
    line("done at mean durations, week", &diff.end, 1);
    line("people-weeks", &diff.effort, 1);
    if let Some(score) = &diff.score {
        line("score when done", score, 2);
    }
    rows
}

fn initiatives(before: &Roadmap, after: &Roadmap, diff: &RoadmapDiff) -> Vec<Vec<String>> {
    let mut rows = vec![row(["initiative", "", "from", "to"])];
    let one = |plan: &Roadmap, id: &str, told: &str| {
        let i = plan.initiative(id)?;
        Some(vec![i.title.clone(), told.into(), format!("{:.1}", i.start), format!("{:.1}", i.finish)])
    };
    rows.extend(diff.added.iter().filter_map(|id| one(after, id, "added")));
    rows.extend(diff.removed.iter().filter_map(|id| one(before, id, "taken out")));
    for moved in &diff.moved {
        let told = |change: &Change| match change.difference().abs() < 0.05 {
            true => format!("{:.1}", change.after),
            false => format!("{:.1} → {:.1}", change.before, change.after),
        };
        let title = after.initiative(&moved.id).map_or_else(|| moved.id.clone(), |i| i.title.clone());
        let times = [told(&moved.start), told(&moved.finish)];
        // What moves by less than what is shown stays where it is.
        if times.iter().any(|t| t.contains('→')) {
            rows.push([vec![title, "moved".into()], times.to_vec()].concat());
        }
    }
    rows
}

fn outcomes(first: &Roadmap, tracking: &Tracking) -> Part {
    let count = |outcome| tracking.with(outcome).count();
    let lead = format!(
        "{} of {} initiatives moved their items, {} in part; {} should have and did not.",
        count(InitiativeOutcome::Moved),
        tracking.initiatives.len(),
        count(InitiativeOutcome::PartlyMoved),
        count(InitiativeOutcome::NotMoved),
    );
    let mut rows = vec![row(["initiative", "due", "outcome", "credit: at first, now, expected"])];
    for progress in &tracking.initiatives {
        let title = first.initiative(&progress.id).map_or_else(|| progress.id.clone(), |i| i.title.clone());
        let due = progress.due.map_or_else(|| "–".into(), |at| at.to_string().chars().take(10).collect());
        let outcome = match progress.outcome {
            InitiativeOutcome::Moved => "moved",
            InitiativeOutcome::PartlyMoved => "moved in part",
            InitiativeOutcome::NotMoved => "did not move",
            InitiativeOutcome::NotDue => "not due yet",
            _ => "not known",
        };
        let item = |i: &ItemProgress| {
            let now = i.now.map_or_else(|| "?".into(), |now| format!("{:.0}", 100.0 * now));
            format!("{} {:.0}, {now}, {:.0} %", i.item, 100.0 * i.planned_from, 100.0 * i.planned_to)
        };
        let items: Vec<String> = progress.items.iter().map(item).collect();
        rows.push(vec![title, due, outcome.into(), items.join("; ")]);
    }
    Part { heading: "What moved".into(), lead, rows }
}
