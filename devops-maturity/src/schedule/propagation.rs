//! Proofs that a project cannot end by a given time.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "places come from the network; windows stay between 0 and the end"
)]

use alloc::vec;
use alloc::vec::Vec;

use super::network::Network;

/// What a proof needs to know of a network, whatever the end.
pub(crate) struct Refuter<'a> {
    network: &'a Network,
    heads: Vec<u64>,
    tails: Vec<u64>,
    /// Pairs that cannot run at the same time and are not ordered by precedence.
    pairs: Vec<(usize, usize)>,
    /// Holders of each resource, and of each clique of activities that exclude each other.
    pools: Vec<Pool>,
}

/// A resource, or a clique: at most one of it at a time.
struct Pool {
    capacity: u64,
    holders: Vec<(usize, u64)>,
}

/// Earliest starts and latest finishes.
struct Windows {
    start: Vec<u64>,
    finish: Vec<u64>,
    changed: bool,
}

/// The end is impossible.
struct Impossible;

impl Windows {
    fn not_before(&mut self, i: usize, time: u64) {
        if time > self.start[i] {
            self.start[i] = time;
            self.changed = true;
        }
    }

    /// No later than `time` and `less` before it, which must not be before 0.
    fn not_after(&mut self, i: usize, time: u64, less: u64) -> Result<(), Impossible> {
        let time = time.checked_sub(less).ok_or(Impossible)?;
        if time < self.finish[i] {
            self.finish[i] = time;
            self.changed = true;
        }
        Ok(())
    }
}

impl<'a> Refuter<'a> {
    /// The most activities for which proofs are sought: their time grows with the cube.
    pub(crate) const LIMIT: usize = 120;
    /// The most cliques.
    const CLIQUES: usize = 24;

    pub(crate) fn new(network: &'a Network) -> Self {
        let n = network.len();
        let ordered = closure(network);
        let over = |i: usize, j: usize| {
            network
                .demands(i)
                .iter()
                .any(|(r, a)| network.demands(j).iter().any(|(s, b)| r == s && a + b > network.capacity[*r]))
        };
        let mut exclude = ordered.clone();
        let mut pairs = Vec::new();
        for i in 0..n {
            for j in i + 1..n {
                if !ordered[i * n + j] && over(i, j) {
                    pairs.push((i, j));
                    exclude[i * n + j] = true;
                    exclude[j * n + i] = true;
                }
            }
        }
        let mut pools: Vec<Pool> = (0..network.capacity.len())
            .map(|resource| Pool {
                capacity: network.capacity[resource],
                holders: (0..n)
                    .filter_map(|i| Some((i, network.demands(i).iter().find(|(r, _)| *r == resource)?.1)))
                    .collect(),
            })
            .collect();
        if !pairs.is_empty() {
            pools.extend(cliques(network, &exclude));
        }
        Self { network, heads: network.heads(), tails: network.tails(), pairs, pools }
    }

    /// Whether it is proved that nothing ends by `end`.
    pub(crate) fn refutes(&self, end: u64) -> bool {
        let finish: Option<Vec<u64>> = self.tails.iter().map(|tail| end.checked_sub(*tail)).collect();
        let Some(finish) = finish else { return true };
        let mut windows = Windows { start: self.heads.clone(), finish, changed: true };
        self.propagate(&mut windows).is_err()
    }

    fn propagate(&self, windows: &mut Windows) -> Result<(), Impossible> {
        for _ in 0..50 {
            while core::mem::take(&mut windows.changed) {
                self.precedence(windows)?;
                self.pairs(windows)?;
            }
            self.compulsory(windows)?;
            if !windows.changed {
                break;
            }
        }
        self.energy(windows)
    }

    fn precedence(&self, windows: &mut Windows) -> Result<(), Impossible> {
        let network = self.network;
        for &i in &network.order {
            let ready = network.before.of(i).iter().map(|&b| windows.start[b] + network.durations[b]).max();
            windows.not_before(i, ready.unwrap_or(0));
        }
        for &i in network.order.iter().rev() {
            for &b in network.behind.of(i) {
                let finish = windows.finish[b];
                windows.not_after(i, finish, network.durations[b])?;
            }
            if windows.start[i] + network.durations[i] > windows.finish[i] {
                return Err(Impossible);
            }
        }
        Ok(())
    }

    /// Of two that exclude each other one comes first.
    fn pairs(&self, windows: &mut Windows) -> Result<(), Impossible> {
        let durations = &self.network.durations;
        for &(i, j) in &self.pairs {
            let both = durations[i] + durations[j];
            let i_first = windows.start[i] + both <= windows.finish[j];
            let j_first = windows.start[j] + both <= windows.finish[i];
            let (first, second) = match (i_first, j_first) {
                (true, true) => continue,
                (false, false) => return Err(Impossible),
                (true, false) => (i, j),
                (false, true) => (j, i),
            };
            windows.not_before(second, windows.start[first] + durations[first]);
            windows.not_after(first, windows.finish[second], durations[second])?;
        }
        Ok(())
    }

    /// Where an activity runs whenever it starts, others may have no room.
    fn compulsory(&self, windows: &mut Windows) -> Result<(), Impossible> {
        let durations = &self.network.durations;
        for pool in &self.pools {
            let part = |windows: &Windows, i: usize| {
                let (from, to) = (windows.finish[i] - durations[i], windows.start[i] + durations[i]);
                (from < to).then_some((from, to))
            };
            let parts: Vec<(u64, u64, u64)> = pool
                .holders
                .iter()
                .filter_map(|&(i, amount)| part(windows, i).map(|(from, to)| (from, to, amount)))
                .collect();
            let mut cuts: Vec<u64> = parts.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let steps: Vec<(u64, u64, u64)> = cuts
                .windows(2)
                .map(|cut| {
                    let used = parts.iter().filter(|(from, to, _)| *from <= cut[0] && cut[1] <= *to);
                    (cut[0], cut[1], used.map(|(_, _, amount)| amount).sum())
                })
                .collect();
            if steps.iter().any(|(_, _, used)| *used > pool.capacity) {
                return Err(Impossible);
            }
            for &(i, amount) in pool.holders.iter().filter(|(i, _)| durations[*i] > 0) {
                let own = part(windows, i);
                let blocked = |&&(from, to, used): &&(u64, u64, u64)| {
                    used + amount > pool.capacity && own.is_none_or(|(a, b)| to <= a || b <= from)
                };
                for &(from, to, _) in steps.iter().filter(blocked) {
                    if windows.start[i] < to && windows.start[i] + durations[i] > from {
                        windows.not_before(i, to);
                    }
                }
                for &(from, to, _) in steps.iter().rev().filter(blocked) {
                    if windows.finish[i] > from && windows.finish[i] < to + durations[i] {
                        windows.not_after(i, from, 0)?;
                    }
                }
                if windows.start[i] + durations[i] > windows.finish[i] {
                    return Err(Impossible);
                }
            }
        }
        Ok(())
    }

    /// What must run between two times does not fit between them (Erschler, Lopez & Thuriot 1991).
    fn energy(&self, windows: &Windows) -> Result<(), Impossible> {
        let durations = &self.network.durations;
        for pool in &self.pools {
            let mut from: Vec<u64> = pool.holders.iter().map(|(i, _)| windows.start[*i]).collect();
            let mut to: Vec<u64> = pool.holders.iter().map(|(i, _)| windows.finish[*i]).collect();
            for times in [&mut from, &mut to] {
                times.sort_unstable();
                times.dedup();
            }
            for &a in &from {
                for &b in to.iter().filter(|b| **b > a) {
                    let inside = |i: usize| {
                        let left = (windows.start[i] + durations[i]).saturating_sub(a);
                        let right = (b + durations[i]).saturating_sub(windows.finish[i]);
                        durations[i].min(b - a).min(left).min(right)
                    };
                    let need = pool.holders.iter().map(|&(i, c)| u128::from(inside(i)) * u128::from(c));
                    if need.sum::<u128>() > u128::from(pool.capacity) * u128::from(b - a) {
                        return Err(Impossible);
                    }
                }
            }
        }
        Ok(())
    }
}

/// For each pair whether precedence orders it, in either direction.
fn closure(network: &Network) -> Vec<bool> {
    let n = network.len();
    let mut comes_before = vec![false; n * n];
    for &i in &network.order {
        for &b in network.before.of(i) {
            comes_before[b * n + i] = true;
            for a in 0..n {
                comes_before[a * n + i] |= comes_before[a * n + b];
            }
        }
    }
    for i in 0..n {
        for j in 0..i {
            let either = comes_before[i * n + j] || comes_before[j * n + i];
            comes_before[i * n + j] = either;
            comes_before[j * n + i] = either;
        }
    }
    comes_before
}

/// Some sets of activities that exclude each other, grown from each activity by the longest that still fits.
fn cliques(network: &Network, exclude: &[bool]) -> Vec<Pool> {
    let n = network.len();
    let mut by_length: Vec<usize> = (0..n).filter(|&i| network.durations[i] > 0).collect();
    by_length.sort_by_key(|&i| core::cmp::Reverse(network.durations[i]));
    let mut found: Vec<(u64, Vec<usize>)> = Vec::new();
    for &seed in &by_length {
        let mut clique = vec![seed];
        for &i in &by_length {
            if i != seed && clique.iter().all(|&c| exclude[c * n + i]) {
                clique.push(i);
            }
        }
        clique.sort_unstable();
        let length = clique.iter().map(|&i| network.durations[i]).sum();
        if clique.len() > 1 && !found.iter().any(|(_, known)| *known == clique) {
            found.push((length, clique));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.truncate(Refuter::CLIQUES);
    let pool =
        |clique: Vec<usize>| Pool { capacity: 1, holders: clique.into_iter().map(|i| (i, 1)).collect() };
    found.into_iter().map(|(_, clique)| pool(clique)).collect()
}
