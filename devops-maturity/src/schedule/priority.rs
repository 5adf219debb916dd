//! Orders by a rule: which of the activities that may come next is the most urgent.
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::network::Network;

/// Keeps track of which activities may come next.
#[derive(Debug)]
pub(crate) struct Eligible<'a> {
    network: &'a Network,
    waiting: Vec<usize>,
}

impl<'a> Eligible<'a> {
    pub(crate) fn new(network: &'a Network) -> (Self, impl Iterator<Item = usize> + 'a) {
        let waiting: Vec<usize> = (0..network.len()).map(|i| network.before.of(i).len()).collect();
        (Self { network, waiting }, (0..network.len()).filter(|&i| network.before.of(i).is_empty()))
    }

    /// Takes `i` and tells which may come now.
    pub(crate) fn take(&mut self, i: usize) -> impl Iterator<Item = usize> {
        let Self { network, waiting } = self;
        network.behind.of(i).iter().copied().filter(move |&b| {
            waiting[b] -= 1;
            waiting[b] == 0
        })
    }
}

/// Every activity behind its predecessors, the smallest urgency first among those that may be next.
pub(crate) fn list_by(network: &Network, urgency: &[u64]) -> Vec<usize> {
    let (mut eligible, first) = Eligible::new(network);
    let mut ready: BTreeSet<(u64, usize)> = first.map(|i| (urgency[i], i)).collect();
    let mut list = Vec::with_capacity(network.len());
    while let Some((_, i)) = ready.pop_first() {
        list.push(i);
        ready.extend(eligible.take(i).map(|b| (urgency[b], b)));
    }
    list
}

/// Latest finish times by precedence alone (Davis & Patterson 1975), counted from the critical path's end.
pub(crate) fn latest_finish(network: &Network) -> Vec<u64> {
    let tails = network.tails();
    let heads = network.heads();
    let end = network.end(&heads);
    tails.into_iter().map(|tail| end - tail).collect()
}
