//! The slow, obvious reference for tiny projects: every order, scheduled serially. Some order gives the
//! shortest schedule (Sprecher, Kolisch & Drexl 1995: the active schedules hold an optimum).

use alloc::vec::Vec;

use super::network::Network;

/// The shortest end of a tiny network.
pub(crate) fn shortest(network: &Network) -> u64 {
    fn rest(network: &Network, placed: &mut Vec<(usize, u64)>, best: &mut u64) {
        let ends = placed.iter().map(|&(i, s)| s + network.durations[i]).max().unwrap_or(0);
        if placed.len() == network.len() {
            *best = ends.min(*best);
            return;
        }
        for i in 0..network.len() {
            let finish = |b: usize| placed.iter().find(|p| p.0 == b).map(|p| p.1 + network.durations[b]);
            let ready: Option<Vec<u64>> = network.before.of(i).iter().map(|&b| finish(b)).collect();
            if placed.iter().any(|p| p.0 == i) {
                continue;
            }
            let Some(ready) = ready else { continue };
            let from = ready.into_iter().max().unwrap_or(0);
            let start = (from..).find(|&at| fits(network, placed, i, at)).unwrap();
            placed.push((i, start));
            rest(network, placed, best);
            placed.pop();
        }
    }
    let mut best = u64::MAX;
    rest(network, &mut Vec::new(), &mut best);
    best
}

/// Whether `i` may start at `at` beside what is placed, tick by tick.
fn fits(network: &Network, placed: &[(usize, u64)], i: usize, at: u64) -> bool {
    (at..at + network.durations[i]).all(|tick| {
        network.demands(i).iter().all(|&(resource, amount)| {
            let running = placed.iter().filter(|&&(j, s)| s <= tick && tick < s + network.durations[j]);
            let demands = running.flat_map(|&(j, _)| network.demands(j)).filter(|d| d.0 == resource);
            demands.map(|d| d.1).sum::<u64>() + amount <= network.capacity[resource]
        })
    })
}
