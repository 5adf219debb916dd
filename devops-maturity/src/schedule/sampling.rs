//! Random orders that lean towards a rule: regret-based biased random sampling (Drexl 1991).
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

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

/// Every activity behind its predecessors; next comes one of those that may, with a chance that grows with the
/// square of what waiting for the least urgent of them would cost.
pub(crate) fn biased_list(network: &Network, urgency: &[u64], rng: &mut Rng) -> Vec<usize> {
    let grain = grain(network);
    let (mut eligible, first) = Eligible::new(network);
    let mut ready: Vec<usize> = first.collect();
    let mut list = Vec::with_capacity(network.len());
    while !ready.is_empty() {
        let worst = ready.iter().map(|&i| urgency[i]).max().unwrap_or(0);
        // At most 2⁴⁰ each, so that 50,000 of them add up.
        let weight = |i: usize| {
            let regret = (((worst - urgency[i]) * 2) / grain + 2).min(1 << 20);
            regret * regret
        };
        let total = ready.iter().map(|&i| weight(i)).sum();
        let mut drawn = rng.below(total);
        let place = ready.iter().position(|&i| {
            let own = weight(i);
            let here = drawn < own;
            drawn = drawn.saturating_sub(own);
            here
        });
        let i = ready.swap_remove(place.unwrap_or(0));
        list.push(i);
        ready.extend(eligible.take(i));
    }
    list
}
