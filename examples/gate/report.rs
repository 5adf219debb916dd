//! The verdict for people at a terminal.

use devops_gates::{Distance, Verdict};

use crate::args::WhatIf;

/// The summary, each condition, and what to do.
pub(crate) fn text(verdict: &Verdict) -> String {
    let mut text = format!("{verdict}\n\n");
    let name_width = verdict.conditions().map(|c| c.name().len()).max().unwrap_or(0);
    for condition in verdict.conditions() {
        let mark = match (condition.is_shadow(), condition.is_counted(), condition.is_mandatory()) {
            (true, ..) => " (shadow)",
            (false, false, _) => " (left out)",
            (false, true, true) => " (mandatory)",
            (false, true, false) => "",
        };
        let name = condition.name();
        text += &format!(
            "  {:<13}{name:<name_width$}  {}{mark}\n",
            condition.status().to_string(),
            condition.reason_text()
        );
    }
    match verdict.fixes() {
        Some(fixes) if !fixes.is_empty() => {
            text += "\nTo pass\n";
            for name in fixes {
                let distance = verdict.condition(name).map(|c| c.distance());
                text += &match distance {
                    Some(distance @ Distance::Change { .. }) => format!("  {name}: {distance}\n"),
                    _ => format!("  {name}\n"),
                };
            }
        }
        _ => {}
    }
    text
}

/// What changes if the measures were so.
pub(crate) fn what_if(before: &Verdict, after: &Verdict, changes: &[WhatIf]) -> String {
    let changes: Vec<String> = changes.iter().map(|c| format!("{} = {}", c.key, c.value)).collect();
    let mut text =
        format!("What if {}: {} becomes {}\n", changes.join(", "), before.status(), after.status());
    for (old, new) in before.conditions().zip(after.conditions()) {
        if old.status() != new.status() {
            text += &format!(
                "  {}: {} becomes {}: {}\n",
                new.name(),
                old.status(),
                new.status(),
                new.reason_text()
            );
        }
    }
    text
}
