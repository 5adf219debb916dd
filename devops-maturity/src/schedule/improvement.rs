//! Forward-backward improvement, also called double justification.
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::generation::{Generator, Starts};
use super::network::Network;

/// A network in both directions of time, with room to work in.
#[derive(Debug)]
pub(crate) struct BothWays {
    pub(crate) forward: Network,
    pub(crate) backward: Network,
    generator: Generator,
    /// The place of each activity in the topological order, and in its reverse.
    rank: Vec<usize>,
    mirrored_rank: Vec<usize>,
}

impl BothWays {
    pub(crate) fn new(network: Network) -> Self {
        let n = network.len();
        let mut rank = alloc::vec![0; n];
        for (place, &i) in network.order.iter().enumerate() {
            rank[i] = place;
        }
        let mirrored_rank = rank.iter().map(|place| n - place).collect();
        let (backward, generator) = (network.reversed(), Generator::new(&network));
        Self { forward: network, backward, generator, rank, mirrored_rank }
    }

    /// The activities by start.
    pub(crate) fn list_of(&self, schedule: &Starts) -> Vec<usize> {
        let (starts, durations) = (&schedule.starts, &self.forward.durations);
        let mut list: Vec<usize> = (0..starts.len()).collect();
        list.sort_unstable_by_key(|&i| (starts[i], starts[i] + durations[i], self.rank[i]));
        list
    }

    /// A schedule from a list, and the best that improvement makes of it.
    pub(crate) fn decode(&mut self, list: &[usize]) -> Starts {
        let schedule = self.generator.serial(&self.forward, list);
        self.improve(schedule)
    }

    /// The same from a list that begins at the end of the project.
    pub(crate) fn decode_backward(&mut self, list: &[usize]) -> Starts {
        let late = self.generator.serial(&self.backward, list);
        let schedule = self.forth(&late);
        self.improve(schedule)
    }

    /// Moves every activity as late as it goes, the last to finish first.
    fn back(&mut self, early: &Starts) -> Starts {
        let list = last_first(&early.starts, &self.forward.durations, &self.rank);
        self.generator.serial(&self.backward, &list)
    }

    /// Moves every activity as early as it goes, the first to start first: the last to finish in the mirror.
    fn forth(&mut self, late: &Starts) -> Starts {
        let list = last_first(&late.starts, &self.backward.durations, &self.mirrored_rank);
        self.generator.serial(&self.forward, &list)
    }

    /// Back and forth while the end comes closer (Li & Willis 1992; Valls, Ballestín & Quintanilla 2005), by 1 in 256
    /// at least: in large projects each round gains a little, and the time is better spent on another order. The
    /// end never moves away: each activity can at least keep its place.
    fn improve(&mut self, schedule: Starts) -> Starts {
        let mut best = schedule;
        loop {
            let late = self.back(&best);
            let next = self.forth(&late);
            let much_closer = best.end.saturating_sub(next.end) > best.end / 256;
            best = next;
            if !much_closer {
                return best;
            }
        }
    }
}

/// The activities by finish, the last first; of those without length, what comes behind another first.
fn last_first(starts: &[u64], durations: &[u64], rank: &[usize]) -> Vec<usize> {
    let mut list: Vec<usize> = (0..starts.len()).collect();
    list.sort_unstable_by_key(|&i| Reverse((starts[i] + durations[i], starts[i], rank[i])));
    list
}
