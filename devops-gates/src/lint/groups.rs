//! What a group can come to, and whether its warning band can be reached.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use devops_core::Message;

use crate::Missing;
use crate::condition::domain::{Cut, Domain};
use crate::gate::compiled::{Child, Compiled, Condition, Group, Part, Rule};
use crate::lint::band::{Band, Options, reach};
use crate::lint::checks::Possible;
use crate::lint::{Lint, LintKind};

/// Sets of metrics that may be left out are looked at up to this many metrics.
const MAX_OPTIONAL: usize = 6;
/// Conditions on one metric are looked at together up to this many.
const MAX_TOGETHER: usize = 32;

/// What a group can come to, with its remarks. Parts count as independent of each other but for the conditions
/// of one weighted group on one metric, which are looked at together.
pub(crate) fn group(
    gate: &Compiled,
    group: &Group,
    conditions: &[Possible],
    groups: &[Possible],
    lints: &mut Vec<Lint>,
) -> Possible {
    let parts: Vec<(Possible, Part)> = group
        .children
        .iter()
        .filter_map(|child| match child {
            Child::Condition { index: i, .. } => {
                let condition = gate.conditions.get(*i).filter(|c| !c.shadow)?;
                Some((*conditions.get(*i)?, condition.part))
            }
            Child::Group(i) => Some((*groups.get(*i)?, gate.groups.get(*i)?.part)),
        })
        .collect();
    let mut possible = match group.rule {
        Rule::Not => parts.first().map_or(Possible { fail: true, warn: false, pass: true }, |(p, _)| {
            Possible { fail: p.pass, warn: p.warn, pass: p.fail }
        }),
        Rule::All => at_least(&parts, parts.len()),
        Rule::Any => at_least(&parts, 1),
        Rule::AtLeast(k) => at_least(&parts, k),
        Rule::Weighted { pass, warn, .. } => {
            let warns = band(gate, group, groups, lints);
            weighted(&parts, group.rule, pass, warn, warns)
        }
    };
    for (part, _) in parts.iter().filter(|(_, p)| p.mandatory) {
        possible.fail |= part.fail;
        possible.warn |= part.warn;
        possible.pass &= part.pass;
        if group.rule == Rule::Not {
            possible.pass = false;
        }
    }
    remark(group, possible, lints);
    possible
}

/// Told of the group only where it does not follow from one condition that is told of itself.
fn remark(group: &Group, possible: Possible, lints: &mut Vec<Lint>) {
    let at = alloc::format!("{}combine", group.path);
    if !possible.pass {
        lints.push(Lint::new(at, LintKind::NeverPasses, Message::new("gate.lint.group_never_passes")));
    } else if !possible.fail {
        lints.push(Lint::new(at, LintKind::NeverFails, Message::new("gate.lint.group_never_fails")));
    }
}

fn at_least(parts: &[(Possible, Part)], k: usize) -> Possible {
    let count = |f: fn(&Possible) -> bool| parts.iter().filter(|(p, _)| f(p)).count();
    // The k-th best is below a status where all but k − 1 parts are.
    let others = parts.len().saturating_sub(k).saturating_add(1);
    Possible {
        fail: count(|p| p.fail) >= others,
        warn: count(|p| p.warn) > 0
            && count(|p| p.warn || p.pass) >= k
            && count(|p| p.warn || p.fail) >= others,
        pass: count(|p| p.pass) >= k,
    }
}

fn weighted(parts: &[(Possible, Part)], rule: Rule, pass: u64, warn: Option<u64>, warns: bool) -> Possible {
    let mut total = 0_u128;
    let (mut most, mut least) = (0_u128, 0_u128);
    for (possible, part) in parts {
        let amounts = amounts(*possible, *part, rule);
        total = total.saturating_add(u128::from(part.weight).saturating_mul(1_000_000));
        most = most.saturating_add(amounts.last().copied().unwrap_or(0));
        least = least.saturating_add(amounts.first().copied().unwrap_or(0));
    }
    let reaches =
        |sum: u128, share: u64| sum.saturating_mul(100_000_000) >= total.saturating_mul(u128::from(share));
    Possible { fail: !reaches(least, warn.unwrap_or(pass)), warn: warns, pass: reaches(most, pass) }
}

/// What a part can earn without vetoing, sorted, each amount once.
fn amounts(possible: Possible, part: Part, rule: Rule) -> Vec<u128> {
    let Rule::Weighted { warning_earns, .. } = rule else { return Vec::new() };
    let weight = u128::from(part.weight);
    let mut amounts = Vec::with_capacity(3);
    if possible.fail && !part.mandatory {
        amounts.push(0);
    }
    if possible.warn {
        amounts.push(weight.saturating_mul(u128::from(warning_earns)));
    }
    if possible.pass {
        amounts.push(weight.saturating_mul(1_000_000));
    }
    amounts.sort_unstable();
    amounts.dedup();
    amounts
}

/// What the parts on one metric, or one group, can earn together.
struct Bundle {
    amounts: Vec<u128>,
    full: u128,
    /// The metric, where all of it may be left out.
    optional: Option<String>,
}

/// Whether the warning band can be reached; where it cannot, or that cannot be told, with a remark.
fn band(gate: &Compiled, group: &Group, groups: &[Possible], lints: &mut Vec<Lint>) -> bool {
    let Rule::Weighted { pass, warn: Some(warn), .. } = group.rule else { return false };
    let bundles = bundles(gate, group, groups);
    let optional: Vec<&str> = bundles.iter().filter_map(|b| b.optional.as_deref()).collect();
    let looked_at = optional.len().min(MAX_OPTIONAL);
    let mut reachable = false;
    let mut told = false;
    let sets = 1_usize.checked_shl(u32::try_from(looked_at).unwrap_or(0)).unwrap_or(1);
    for set in 0..sets {
        let left_out: BTreeSet<&str> = optional
            .iter()
            .take(looked_at)
            .enumerate()
            .filter(|(i, _)| (set >> i) & 1 == 1)
            .map(|(_, m)| *m)
            .collect();
        let found = band_without(&bundles, &left_out, pass, warn);
        reachable |= found != Some(Band::Empty);
        if told || found.is_none() || found == Some(Band::Reachable) {
            continue;
        }
        told = true;
        let (id, kind) = match (found, left_out.is_empty()) {
            (Some(Band::TooMany), _) => ("gate.lint.band_not_checked", LintKind::NotChecked),
            (_, true) => ("gate.lint.unreachable_warning", LintKind::UnreachableWarning),
            (_, false) => ("gate.lint.unreachable_warning_without", LintKind::UnreachableWarning),
        };
        let metrics: Vec<&str> = left_out.into_iter().collect();
        let percent = crate::Amount::from_micros;
        let message = Message::new(id)
            .with("pass", percent(pass))
            .with("warn", percent(warn))
            .with("metrics", metrics.join(", "));
        lints.push(Lint::new(alloc::format!("{}combine", group.path), kind, message));
    }
    if optional.len() > MAX_OPTIONAL && !told {
        let message = Message::new("gate.lint.band_not_checked");
        lints.push(Lint::new(alloc::format!("{}combine", group.path), LintKind::NotChecked, message));
    }
    reachable
}

/// The band where those metrics are left out; `None` where no weight is left.
fn band_without(bundles: &[Bundle], left_out: &BTreeSet<&str>, pass: u64, warn: u64) -> Option<Band> {
    let mut options = Options::new();
    let mut total = 0_u128;
    for bundle in bundles {
        if bundle.optional.as_deref().is_some_and(|m| left_out.contains(m)) {
            continue;
        }
        total = total.saturating_add(bundle.full);
        let count = options.entry(bundle.amounts.clone()).or_default();
        *count = count.saturating_add(1);
    }
    if total == 0 {
        return None;
    }
    let sum_from = |share: u64| total.saturating_mul(u128::from(share)).div_ceil(100_000_000);
    Some(reach(&options, sum_from(warn), sum_from(pass)))
}

fn bundles(gate: &Compiled, group: &Group, groups: &[Possible]) -> Vec<Bundle> {
    let mut by_input: BTreeMap<usize, Vec<&Condition>> = BTreeMap::new();
    let mut bundles = Vec::new();
    for child in &group.children {
        match child {
            Child::Condition { index, .. } => {
                if let Some(condition) = gate.conditions.get(*index).filter(|c| !c.shadow) {
                    by_input.entry(condition.input).or_default().push(condition);
                }
            }
            Child::Group(index) => {
                if let (Some(possible), Some(inner)) = (groups.get(*index), gate.groups.get(*index)) {
                    bundles.push(Bundle {
                        amounts: amounts(*possible, inner.part, group.rule),
                        full: u128::from(inner.part.weight).saturating_mul(1_000_000),
                        optional: None,
                    });
                }
            }
        }
    }
    for (input, conditions) in by_input {
        let full = conditions
            .iter()
            .fold(0_u128, |sum, c| sum.saturating_add(u128::from(c.part.weight).saturating_mul(1_000_000)));
        let may_go = full > 0 && conditions.iter().all(|c| c.when_expected || c.missing == Missing::Skip);
        let metric = gate.inputs.get(input).map(|(m, s)| alloc::format!("{m} ({s})"));
        let optional = metric.filter(|_| may_go);
        bundles.push(Bundle { amounts: together(&conditions, group.rule), full, optional });
    }
    bundles
}

/// What the conditions on one metric can earn together without a veto: one amount for each stretch of values
/// between the thresholds of any of them.
fn together(conditions: &[&Condition], rule: Rule) -> Vec<u128> {
    let Rule::Weighted { warning_earns, .. } = rule else { return Vec::new() };
    let domains: Vec<Option<(Domain, Option<Domain>)>> = conditions
        .iter()
        .map(|c| {
            let warn = c.warn.as_ref().map(|w| Domain::of(&w.predicate));
            Some((Domain::of(&c.pass.predicate)?, warn.flatten()))
        })
        .collect();
    let units: BTreeSet<_> = conditions.iter().map(|c| c.pass.unit).collect();
    let numeric = domains.iter().all(Option::is_some) && units.len() == 1 && conditions.len() <= MAX_TOGETHER;
    let all = units.first().copied().flatten().map(Domain::of_unit);
    let (Some(all), true) = (all, numeric) else {
        return apart(conditions, rule);
    };
    let mut cuts: BTreeSet<Cut> = BTreeSet::from([Cut::Low, Cut::High]);
    cuts.extend(all.cuts());
    for (pass, warn) in domains.iter().flatten() {
        cuts.extend(pass.cuts());
        cuts.extend(warn.iter().flat_map(Domain::cuts));
    }
    let cuts: Vec<Cut> = cuts.into_iter().collect();
    let mut amounts = BTreeSet::new();
    for pair in cuts.windows(2) {
        let [low, high] = pair else { continue };
        let stretch = Domain::between(*low, *high);
        if !stretch.is_within(&all) {
            continue;
        }
        let mut sum = Some(0_u128);
        for (condition, (pass, warn)) in conditions.iter().zip(domains.iter().flatten()) {
            let earns = if stretch.is_within(pass) {
                Some(1_000_000)
            } else if warn.as_ref().is_some_and(|w| stretch.is_within(w)) {
                Some(warning_earns)
            } else {
                (!condition.part.mandatory).then_some(0)
            };
            let weight = u128::from(condition.part.weight);
            sum = sum.zip(earns).map(|(s, e)| s.saturating_add(weight.saturating_mul(u128::from(e))));
        }
        amounts.extend(sum);
    }
    amounts.into_iter().collect()
}

/// The same for flags, texts and mixed units, each on its own.
fn apart(conditions: &[&Condition], rule: Rule) -> Vec<u128> {
    let mut sums = BTreeSet::from([0_u128]);
    for condition in conditions.iter().take(MAX_TOGETHER) {
        let possible = Possible { fail: true, warn: condition.warn.is_some(), pass: true };
        let own = amounts(possible, condition.part, rule);
        sums = sums.iter().flat_map(|s| own.iter().map(|a| s.saturating_add(*a))).take(1024).collect();
    }
    sums.into_iter().collect()
}
