//! The checks behind the lints.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use devops_core::{Catalogue, Message, Unit, Value};

use crate::condition::domain::Domain;
use crate::condition::predicate::Test;
use crate::gate::compiled::{Child, Compiled, Condition, Criterion, Group, Rule};
use crate::lint::groups;
use crate::lint::{Lint, LintKind};
use crate::{BaselineFrom, Missing, NoBaseline};

/// Pairs of conditions on one metric are compared up to this many.
const MAX_PAIRS: usize = 64;

/// What is known to be possible for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Possible {
    pub(crate) fail: bool,
    pub(crate) warn: bool,
    pub(crate) pass: bool,
}

/// All remarks, in the order of the document, and what each condition can come to. The catalogue tells the units of its metrics; `strict` also
/// remarks on metrics that it does not have.
pub(crate) fn check(gate: &Compiled, catalogue: &Catalogue, strict: bool) -> (Vec<Lint>, Vec<Possible>) {
    let mut lints = Vec::new();
    let mut possible = Vec::with_capacity(gate.conditions.len());
    for condition in &gate.conditions {
        known(condition, catalogue, strict, &mut lints);
        possible.push(criteria(condition, &mut lints));
        silence(condition, &mut lints);
    }
    let mut groups: Vec<Possible> = Vec::with_capacity(gate.groups.len());
    for group in &gate.groups {
        pairs(gate, group, &mut lints);
        weightless(gate, group, &mut lints);
        let state = groups::group(gate, group, &possible, &groups, &mut lints);
        groups.push(state);
    }
    lints.sort_by_cached_key(|lint| (place(&lint.path), lint.kind));
    (lints, possible)
}

/// Policies under which withholding something can improve the verdict.
fn silence(condition: &Condition, lints: &mut Vec<Lint>) {
    let mut add = |field: &str, id| {
        let message = Message::new(id).with("condition", &condition.name);
        lints.push(Lint::new(
            alloc::format!("{}.{field}", condition.path),
            LintKind::RewardsSilence,
            message,
        ));
    };
    match condition.missing {
        Missing::Skip => add("missing", "gate.lint.rewards_silence"),
        Missing::LastKnown { .. } => add("missing", "gate.lint.rewards_silence_known"),
        Missing::Inconclusive | Missing::Fail => {}
    }
    let Some(baseline) = &condition.baseline else { return };
    let given = matches!(baseline.from, BaselineFrom::Value { .. });
    if baseline.absent == NoBaseline::Skip && !given {
        let control = baseline.is_control();
        add(
            "baseline.absent",
            if control { "gate.lint.rewards_silence_control" } else { "gate.lint.rewards_silence_baseline" },
        );
    }
}

/// The path with its numbers padded, so that it sorts as the document does.
fn place(path: &str) -> String {
    let mut key = String::new();
    for piece in path.split(['[', ']']) {
        match piece.parse::<u64>() {
            Ok(n) => key.push_str(&alloc::format!("{n:020}")),
            Err(_) => key.push_str(piece),
        }
    }
    key
}

fn known(condition: &Condition, catalogue: &Catalogue, strict: bool, lints: &mut Vec<Lint>) {
    let at = |field: &str| alloc::format!("{}.{field}", condition.path);
    let (Some(unit), None) = (condition.pass.unit, &condition.findings) else { return };
    match catalogue.get(condition.metric.as_str()) {
        Some(spec) if spec.unit != unit => {
            let message = Message::new("gate.lint.unit_mismatch")
                .with("metric", &condition.metric)
                .with("unit", unit)
                .with("expected", spec.unit);
            lints.push(Lint::new(at("pass"), LintKind::UnitMismatch, message));
        }
        Some(_) => {}
        None => {
            if strict {
                let message = Message::new("gate.lint.unknown_metric").with("metric", &condition.metric);
                lints.push(Lint::new(at("metric"), LintKind::UnknownMetric, message));
            }
            if unit == Unit::None && !condition.unit_written {
                let message = Message::new("gate.lint.no_unit").with("metric", &condition.metric);
                lints.push(Lint::new(at("pass"), LintKind::UnitMismatch, message));
            }
        }
    }
}

/// What the criteria of a condition can come to.
fn criteria(condition: &Condition, lints: &mut Vec<Lint>) -> Possible {
    let mut add = |field: &str, kind, message: Message| {
        lints.push(Lint::new(alloc::format!("{}.{field}", condition.path), kind, message));
    };
    let Some(pass) = Domain::of(&condition.pass.predicate) else {
        return other_criteria(condition, &mut add);
    };
    let unit = condition.pass.unit.unwrap_or(Unit::None);
    let all = Domain::of_unit(unit);
    let warn = condition.warn.as_ref().and_then(|w| Domain::of(&w.predicate));
    // What a warning relative to a baseline leaves open is not known here.
    let relative = condition.warn.as_ref().is_some_and(|w| w.predicate.is_relative());
    let mut possible = Possible { fail: true, warn: relative, pass: true };
    let message =
        |id| Message::new(id).with("criterion", condition.pass.predicate.short()).with("unit", unit);
    if pass.intersection(&all).is_empty() {
        possible.pass = false;
        add("pass", LintKind::NeverPasses, message("gate.lint.never_passes"));
    }
    let either = warn.as_ref().map_or_else(|| pass.clone(), |w| pass.union(w));
    if all.is_within(&either) {
        possible.fail = false;
        add("pass", LintKind::NeverFails, message("gate.lint.never_fails"));
    }
    if let (Some(warn), Some(written)) = (warn, &condition.warn) {
        possible.warn = !warn.intersection(&pass.complement()).intersection(&all).is_empty();
        if !possible.warn {
            let message = message("gate.lint.warning_within_pass").with("warning", written.predicate.short());
            add("warn", LintKind::UnreachableWarning, message);
        }
    }
    possible
}

/// The same for flags, texts, samples and what is relative to a baseline.
fn other_criteria(condition: &Condition, add: &mut impl FnMut(&str, LintKind, Message)) -> Possible {
    let mut possible = Possible { fail: true, warn: false, pass: true };
    let Some(written) = &condition.warn else { return possible };
    possible.warn = match (&condition.pass.predicate.test, &written.predicate.test) {
        (Test::Relative { .. }, Test::Relative { .. }) => {
            let offsets = Domain::of_offsets(&condition.pass.predicate, &written.predicate);
            offsets.is_none_or(|(pass, warn)| !warn.is_within(&pass))
        }
        (Test::Samples(pass), Test::Samples(warn)) => !warn.is_within(pass),
        (Test::Flag { value }, Test::Flag { value: warn }) => {
            possible.fail = value == warn;
            value != warn
        }
        (Test::Severity { .. }, Test::Severity { .. }) => {
            let holds = |c: &Criterion, text: &str| c.holds(&Value::Text { value: text.into() }, None);
            let only =
                |text| holds(written, text) == Some(true) && holds(&condition.pass, text) == Some(false);
            ["none", "info", "minor", "major", "critical"].into_iter().any(only)
        }
        (Test::Texts { negated: false, values }, Test::Texts { negated: false, values: warn }) => {
            warn.iter().any(|w| !values.contains(w))
        }
        (Test::Texts { negated: true, values }, Test::Texts { negated: false, values: warn }) => {
            warn.iter().any(|w| values.contains(w))
        }
        (Test::Texts { negated: true, values }, Test::Texts { negated: true, values: warn }) => {
            values.iter().any(|v| !warn.contains(v))
        }
        _ => true,
    };
    if !possible.warn {
        let message = Message::new("gate.lint.warning_within_pass")
            .with("criterion", condition.pass.predicate.short())
            .with("warning", written.predicate.short());
        add("warn", LintKind::UnreachableWarning, message);
    }
    possible
}

/// Conditions on one metric that must hold together and cannot, or of which one includes the other.
fn pairs(gate: &Compiled, group: &Group, lints: &mut Vec<Lint>) {
    let needed = |c: &&Condition| !c.shadow && (group.rule == Rule::All || c.part.mandatory);
    let mut own: Vec<&Condition> = group
        .children
        .iter()
        .filter_map(|child| match child {
            Child::Condition { index, .. } => gate.conditions.get(*index),
            Child::Group(_) => None,
        })
        .filter(needed)
        .collect();
    own.sort_by_key(|c| c.input);
    for same in own.chunk_by(|a, b| a.input == b.input).filter(|s| s.len() <= MAX_PAIRS) {
        for (index, second) in same.iter().enumerate() {
            for first in same.iter().take(index) {
                pair(first, second, lints);
            }
        }
    }
}

fn pair(first: &Condition, second: &Condition, lints: &mut Vec<Lint>) {
    let remark = |id, kind| {
        let message = Message::new(id)
            .with("first", &first.name)
            .with("second", &second.name)
            .with("pass", first.pass.predicate.short())
            .with("other", second.pass.predicate.short());
        Lint::new(alloc::format!("{}.pass", second.path), kind, message)
    };
    let contradictory = || remark("gate.lint.contradictory", LintKind::Contradictory);
    let on_samples = [first, second].iter().any(|c| c.samples.is_some());
    if first.pass.unit != second.pass.unit && !on_samples {
        return lints.push(contradictory());
    }
    let relative = first.pass.predicate.is_relative() || second.pass.predicate.is_relative();
    if (relative || on_samples) && first.baseline != second.baseline {
        return;
    }
    match relation(&first.pass, &second.pass) {
        Relation::Apart => lints.push(contradictory()),
        Relation::Included if first.warn.is_none() && second.warn.is_none() => {
            lints.push(remark("gate.lint.redundant", LintKind::Redundant));
        }
        _ => {}
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Apart,
    Included,
    Overlapping,
}

impl Relation {
    fn of(a: &Domain, b: &Domain) -> Self {
        if a.intersection(b).is_empty() {
            Self::Apart
        } else if a.is_within(b) || b.is_within(a) {
            Self::Included
        } else {
            Self::Overlapping
        }
    }
}

/// How the values that two criteria of one kind let pass stand to each other.
fn relation(first: &Criterion, second: &Criterion) -> Relation {
    let domains = (Domain::of(&first.predicate), Domain::of(&second.predicate));
    if let (Some(a), Some(b)) = domains {
        let all = Domain::of_unit(first.unit.unwrap_or(Unit::None));
        let (a, b) = (a.intersection(&all), b.intersection(&all));
        if a.is_empty() || b.is_empty() {
            return Relation::Overlapping; // told of the condition itself
        }
        return Relation::of(&a, &b);
    }
    if let Some((a, b)) = Domain::of_offsets(&first.predicate, &second.predicate) {
        return Relation::of(&a, &b);
    }
    match (&first.predicate.test, &second.predicate.test) {
        (a, b) if a == b => Relation::Included,
        (Test::Samples(a), Test::Samples(b)) if a.is_within(b) || b.is_within(a) => Relation::Included,
        (Test::Samples(_), _) | (_, Test::Samples(_)) => Relation::Overlapping,
        (Test::Flag { .. }, Test::Flag { .. }) => Relation::Apart,
        (Test::Texts { negated: false, values }, Test::Texts { negated: false, values: other })
            if !values.iter().any(|v| other.contains(v)) =>
        {
            Relation::Apart
        }
        (Test::Flag { .. }, Test::Texts { .. }) | (Test::Texts { .. }, Test::Flag { .. }) => Relation::Apart,
        _ => Relation::Overlapping,
    }
}

/// Parts of a weighted group that weigh nothing and veto nothing.
fn weightless(gate: &Compiled, group: &Group, lints: &mut Vec<Lint>) {
    if !matches!(group.rule, Rule::Weighted { .. }) {
        return;
    }
    for child in &group.children {
        let found = match child {
            Child::Condition { index, .. } => gate
                .conditions
                .get(*index)
                .filter(|c| !c.shadow)
                .map(|c| (c.part, c.path.clone(), c.name.to_string())),
            Child::Group(index) => gate.groups.get(*index).map(|g| {
                let name = g.name.as_ref().map(devops_core::ConditionId::to_string).unwrap_or_default();
                (g.part, g.path.trim_end_matches('.').to_string(), name)
            }),
        };
        if let Some((part, path, name)) = found
            && part.weight == 0
            && !part.mandatory
        {
            let message = Message::new("gate.lint.no_effect").with("part", name);
            lints.push(Lint::new(alloc::format!("{path}.weight"), LintKind::NoEffect, message));
        }
    }
}
