//! Random orders that lean towards a rule: regret-based biased random sampling (Drexl 1991).
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use devops_stats::rng::Rng;

use super::network::Network;
use super::priority::Eligible;

/// How strongly a difference of urgency counts: in fifths of the mean duration.
fn grain(network: &Network) -> u64 {
    let sum: u64 = network.durations.iter().sum();
    let n = u64::try_from(network.len()).unwrap_or(1).max(1);
    (sum / n / 5).max(1)
}

/// The most activities that a draw is made from.
const CHOICE: usize = 64;

/// Every activity behind its predecessors; next comes one of the most urgent of those that may, with a chance that
/// grows with the square of what waiting for the least urgent of them would cost.
pub(crate) fn biased_list(network: &Network, urgency: &[u64], rng: &mut Rng) -> Vec<usize> {
    let grain = grain(network);
    let (mut eligible, first) = Eligible::new(network);
    let mut ready: BTreeSet<(u64, usize)> = first.map(|i| (urgency[i], i)).collect();
    let mut list = Vec::with_capacity(network.len());
    let mut choice = Vec::with_capacity(CHOICE);
    while let Some(&(_, most_urgent)) = ready.first() {
        choice.clear();
        choice.extend(ready.iter().take(CHOICE));
        let worst = choice.last().map_or(0, |(own, _)| *own);
        // At most 2⁴⁰ each.
        let weight = |own: u64| {
            let regret = (((worst - own) * 2) / grain + 2).min(1 << 20);
            regret * regret
        };
        let mut drawn = rng.below(choice.iter().map(|(own, _)| weight(*own)).sum());
        let found = choice.iter().find(|(own, _)| {
            let own = weight(*own);
            let here = drawn < own;
            drawn = drawn.saturating_sub(own);
            here
        });
        let i = found.map_or(most_urgent, |(_, i)| *i);
        ready.remove(&(urgency[i], i));
        list.push(i);
        ready.extend(eligible.take(i).map(|b| (urgency[b], b)));
    }
    list
}
