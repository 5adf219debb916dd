//! The rules held against an assessment and a plan.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::request::PlanInput;
use super::result::Roadmap;
use super::risk::{Risk, RiskCondition};
use crate::initiative::Prerequisite;

/// The risks of a plan, the worst first; a met target has none of the plan's own.
pub(super) fn risks(input: &PlanInput<'_>, roadmap: &Roadmap) -> Vec<Risk> {
    let rules = roadmap.request.risk_rules.iter();
    let mut found: Vec<Risk> = rules
        .filter_map(|rule| {
            let evidence = evidence(input, roadmap, &rule.when);
            (!evidence.is_empty()).then(|| Risk {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                likelihood: rule.likelihood,
                impact: rule.impact,
                evidence,
                mitigation: rule.mitigation.clone(),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        (b.impact, b.likelihood).cmp(&(a.impact, a.likelihood)).then_with(|| a.rule.cmp(&b.rule))
    });
    found
}

fn evidence(input: &PlanInput<'_>, roadmap: &Roadmap, when: &RiskCondition) -> Vec<String> {
    match when {
        RiskCondition::DimensionSkipped { dimension, below } => skipped(roadmap, dimension, *below),
        RiskCondition::ParallelInitiatives { more_than } => parallel(roadmap, *more_than),
        RiskCondition::RoleBusy { above_percent } => busy(roadmap, *above_percent),
        RiskCondition::Contradictions => {
            let list = input.assessment.contradictions.iter();
            list.map(|c| {
                let claimed = c.claimed.as_ref().map_or_else(|| "not to apply".into(), |f| format!("{f:.2}"));
                format!("{}: claimed {claimed}, measured {:.2}", c.item, c.measured)
            })
            .collect()
        }
        RiskCondition::Disputes => {
            let list = input.assessment.disputes.iter();
            list.map(|d| format!("{}: from {:.2} to {:.2}", d.item, d.lowest, d.highest)).collect()
        }
        RiskCondition::Unknown { above_percent } => unknown(roadmap, *above_percent),
        RiskCondition::LevelJump { more_than } => jump(input, roadmap, *more_than),
        RiskCondition::AntiPatterns => anti_patterns(input, roadmap),
        RiskCondition::OpenPrerequisites => open(roadmap),
        RiskCondition::LateFinish { chance_below_percent } => late(roadmap, *chance_below_percent),
        RiskCondition::WideSpread { above_percent } => {
            let (p50, p95) = (roadmap.simulation.p50.value, roadmap.simulation.p95.value);
            let wide = !roadmap.simulation.fixed && p95 > p50 * (1.0 + above_percent / 100.0);
            wide.then(|| format!("half of the runs end by week {p50:.1}, one in twenty after week {p95:.1}"))
                .into_iter()
                .collect()
        }
    }
}

fn skipped(roadmap: &Roadmap, dimension: &str, below: f64) -> Vec<String> {
    let place = roadmap.gaps.dimensions.iter().position(|g| g.node == dimension);
    let Some((place, end)) = place.zip(roadmap.trajectory.last()) else { return Vec::new() };
    let others = roadmap.initiatives.iter().any(|i| i.dimension != dimension);
    match end.dimensions.get(place).copied().flatten() {
        Some(score) if score < below && others => {
            [format!("{dimension} is {score:.1} when the plan is done, below {below}")].into()
        }
        _ => Vec::new(),
    }
}

/// The most initiatives at a time, and when.
fn parallel(roadmap: &Roadmap, more_than: u32) -> Vec<String> {
    let running =
        |at: f64| roadmap.initiatives.iter().filter(move |i| i.start <= at && at < i.finish).count();
    let counts = roadmap.initiatives.iter().map(|i| (running(i.start), i.start));
    let most = counts.fold((0, 0.0), |best, own| if own.0 > best.0 { own } else { best });
    let limit = usize::try_from(more_than).unwrap_or(usize::MAX);
    (most.0 > limit)
        .then(|| format!("{} initiatives run in week {:.1}", most.0, most.1))
        .into_iter()
        .collect()
}

fn busy(roadmap: &Roadmap, above: f64) -> Vec<String> {
    let list = roadmap.roles.iter().filter(|r| r.utilisation_percent > above);
    list.map(|r| format!("{} are busy for {:.0} % of the plan", r.title, r.utilisation_percent)).collect()
}

fn unknown(roadmap: &Roadmap, above: f64) -> Vec<String> {
    let share = 100.0 * (1.0 - roadmap.gaps.overall.confidence.get());
    (share > above)
        .then(|| {
            format!(
                "{} items, {share:.0} % of what applies, are not known",
                roadmap.gaps.overall.unknown_items
            )
        })
        .into_iter()
        .collect()
}

fn jump(input: &PlanInput<'_>, roadmap: &Roadmap, more_than: u32) -> Vec<String> {
    let (Some(now), Some(target)) = (roadmap.gaps.level, roadmap.request.target.level) else {
        return Vec::new();
    };
    let step = input.model.rank(target).saturating_sub(input.model.rank(now));
    let name = |level| input.model.level_name(level);
    let far = step > usize::try_from(more_than).unwrap_or(usize::MAX);
    far.then(|| format!("from {} to {}: {step} levels", name(now), name(target))).into_iter().collect()
}

fn anti_patterns(input: &PlanInput<'_>, roadmap: &Roadmap) -> Vec<String> {
    let planned = |id: &str| {
        roadmap.initiatives.iter().any(|i| i.id == id || i.shown.iter().any(|s| s.initiative == id))
    };
    let seen = roadmap.request.anti_patterns_seen.iter().filter(|id| planned(id));
    let found = seen.filter_map(|id| input.library.initiative(id));
    found.flat_map(|i| i.anti_patterns.iter().map(move |text| format!("{}: {text}", i.id))).collect()
}

fn open(roadmap: &Roadmap) -> Vec<String> {
    let used = roadmap.phases.iter().filter(|p| !p.initiatives.is_empty());
    let mut found = Vec::new();
    for prerequisite in used.flat_map(|p| &p.state.prerequisites) {
        if let Prerequisite::Evidence { phase, open, .. } = prerequisite {
            found.extend(open.iter().map(|criterion| format!("{phase}: {criterion}")));
        }
    }
    found
}

fn late(roadmap: &Roadmap, below: f64) -> Vec<String> {
    let unlikely = roadmap.simulation.chances.iter().filter(|c| 100.0 * c.probability < below);
    unlikely
        .map(|c| {
            let (chance, error) = (100.0 * c.probability, 100.0 * c.standard_error);
            format!("done by week {} with a chance of {chance:.0} % (± {error:.1})", c.date)
        })
        .collect()
}
