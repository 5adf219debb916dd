//! The short way for groups in which nothing is open.

use crate::Status;
use crate::evaluate::entry::Entry;
use crate::evaluate::tally::in_band;
use crate::evaluate::{Ends, GroupState};
use crate::gate::compiled::{Child, Group, Rule};

/// The state of a group of conditions of which each is passed, in warning or failed, and which all count: what most
/// groups are. `None` for any other group; the same as the way over a tally, in a fraction of its time.
#[inline]
pub(super) fn settled(group: &Group, entries: &[Entry]) -> Option<GroupState> {
    let (mut passed, mut warned, mut total) = (0_u64, 0_u64, 0_u64);
    let (mut worst, mut best, mut veto) = (Status::Passed, Status::Failed, Status::Passed);
    for child in &group.children {
        let Child::Condition { index, part } = child else { return None };
        let entry = entries.get(*index)?;
        if !entry.counted || entry.status == Status::Inconclusive {
            return None;
        }
        total = total.saturating_add(part.weight);
        match entry.status {
            Status::Passed => passed = passed.saturating_add(part.weight),
            Status::Warning => warned = warned.saturating_add(part.weight),
            _ => {}
        }
        worst = worst.min(entry.status);
        best = best.max(entry.status);
        if part.mandatory {
            veto = veto.min(entry.status);
        }
    }
    let own = match group.rule {
        Rule::All => worst,
        Rule::Any => best,
        // In millionths of a percent of a weight: so small a total cannot overflow.
        Rule::Weighted { pass, warn, warning_earns } if (1..SMALL_TOTAL).contains(&total) => {
            let earned = passed.wrapping_mul(1_000_000).wrapping_add(warned.wrapping_mul(warning_earns));
            let reaches = |share: u64| earned >= total.wrapping_mul(share).div_ceil(100);
            in_band(reaches, pass, warn)
        }
        _ => return None,
    };
    let status = own.min(veto);
    Some(GroupState { ends: Ends { low: status, high: status }, counted: true, open: false })
}

/// Weights of so many millionths in all can be multiplied by a share in millionths of a percent.
const SMALL_TOTAL: u64 = u64::MAX / 100_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Tally, state_of};
    use crate::{Combine, ConditionSpec, Evidence, Gate, GateSpec};
    use alloc::vec::Vec;
    use devops_core::{Measure, Measures, MetricId, Unit, Value};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_what_a_tally_leads_to(
            parts in proptest::collection::vec((0u32..3, 0u32..=4, prop::bool::weighted(0.1)), 1..9),
            // Enough of the heaviest to leave the small totals.
            times in prop_oneof![9 => Just(1_usize), 1 => Just(150)],
            pass in 0u32..=100, warn in proptest::option::of(0u32..=100), earns in 0u32..=10, rule in 0usize..4,
        ) {
            let combine = match rule {
                0 => Combine::All,
                1 => Combine::Any,
                2 => Combine::AtLeast { k: 1 },
                _ => Combine::Weighted {
                    pass: f64::from(pass),
                    warn: warn.map(|w| f64::from(w.min(pass))),
                    warning_earns: f64::from(earns) / 10.0,
                },
            };
            let mut spec = GateSpec::new("g").with_combine(combine);
            let mut measures = Vec::new();
            for (index, (status, weight, mandatory)) in parts.iter().cycle().take(parts.len() * times).enumerate() {
                let name = alloc::format!("m{index}");
                let condition = ConditionSpec::new(&name, &name, "= \"good\"").with_warn("= \"fair\"");
                spec = spec.with_condition(
                    condition.with_weight(f64::from(*weight) * 250.0).with_mandatory(*mandatory),
                );
                let text = ["bad", "fair", "good"][usize::try_from(*status).unwrap()];
                let value = Value::Text { value: text.into() };
                measures.push(Measure::new(MetricId::new(&name).unwrap(), value, Unit::None));
            }
            let Ok(gate) = Gate::build(spec) else { return Ok(()) };
            let measures = Measures::try_from(measures).unwrap();
            let verdict = gate.evaluate(&Evidence::new(&measures));
            let group = gate.0.groups.last().unwrap();
            let seen = gate.0.conditions.iter().zip(verdict.entries());
            let tally = Tally::of(seen.map(|(c, e)| (Ends::of(e.status), c.part)));
            if let Some(state) = settled(group, verdict.entries()) {
                prop_assert_eq!(state, state_of(&tally, group.rule, false));
            } else {
                prop_assert!(rule >= 2);
            }
        }
    }
}
