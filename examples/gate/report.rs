//! The verdict for people at a terminal.

use devops_gates::{Decision, Difference, Distance, Verdict};

use crate::args::WhatIf;

/// The summary, each condition, and what to do.
pub(crate) fn text(verdict: &Verdict) -> String {
    let mut text = format!("{verdict}\n\n");
    let name_width = verdict.conditions().map(|c| c.name().len()).max().unwrap_or(0);
    for condition in verdict.conditions() {
        let mark = match (condition.is_shadow(), condition.is_counted(), condition.is_mandatory()) {
            (true, ..) => " (shadow)",
            (false, false, _) => " (left out)",
            _ if !condition.waived_by().is_empty() => " (waived)",
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
    if !verdict.waivers().is_empty() {
        text += "\nWaivers\n";
        for waiver in verdict.waivers() {
            text += &format!("  {}\n", devops_gates::texts().render(&waiver.message()));
        }
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
pub(crate) fn what_if(difference: &Difference, changes: &[WhatIf]) -> String {
    let changes: Vec<String> = changes.iter().map(|c| format!("{} = {}", c.key, c.value)).collect();
    let (before, after) = (difference.before, difference.after);
    let mut text = format!("What if {}: {before} becomes {after}\n", changes.join(", "));
    for change in &difference.changes {
        if let (Some(old), Some(new)) = (&change.before, &change.after)
            && old.status != new.status
        {
            text += &format!("  {}: {} becomes {}: {}\n", change.name, old.status, new.status, new.reason);
        }
    }
    text
}

/// Whether the verdict is certain.
pub(crate) fn decision(decision: &Decision) -> String {
    match decision {
        Decision::Decided { status } => format!("decided: {status}, whatever is still measured\n"),
        Decision::Undecided { waiting_for } => format!("undecided: waits for {}\n", waiting_for.join(", ")),
        _ => format!("{decision:?}\n"),
    }
}

/// The conditions on which the verdict depends, and what it would be.
pub(crate) fn sensitivity(verdict: &Verdict) -> String {
    let mut text = String::from("What decides\n");
    for lever in verdict.sensitivity().iter().filter(|lever| lever.decides()) {
        let ways = [
            ("passed", Some(lever.if_passed)),
            ("warning", lever.if_warning),
            ("inconclusive", Some(lever.if_inconclusive)),
            ("failed", Some(lever.if_failed)),
        ];
        let others = ways.into_iter().filter_map(|(way, status)| Some((way, status?)));
        let others: Vec<String> = others
            .filter(|(_, status)| *status != lever.verdict)
            .map(|(way, status)| format!("{status} if it were {way}"))
            .collect();
        text += &format!("  {}: {}\n", lever.condition, others.join(", "));
    }
    if text.lines().count() == 1 {
        text += "  no single condition\n";
    }
    text
}
