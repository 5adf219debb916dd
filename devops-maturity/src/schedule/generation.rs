//! Serial schedule generation (Kelley 1963).
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::vec::Vec;

use super::network::Network;
use super::timeline::Timeline;

/// A schedule of the engine: starts by activity, and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Starts {
    pub(crate) starts: Vec<u64>,
    pub(crate) end: u64,
}

/// Room to work in, kept from one schedule to the next.
#[derive(Debug)]
pub(crate) struct Generator {
    timeline: Timeline,
}

impl Generator {
    pub(crate) fn new(network: &Network) -> Self {
        Self { timeline: Timeline::new(&network.capacity) }
    }

    /// Each activity in the order of `list` as early as predecessors and resources allow. `list` holds every
    /// activity once, behind those that it comes after.
    pub(crate) fn serial(&mut self, network: &Network, list: &[usize]) -> Starts {
        self.timeline.clear(&network.capacity);
        let mut starts = alloc::vec![0; network.len()];
        let mut end = 0;
        for &i in list {
            let ready =
                network.before.of(i).iter().map(|&b| starts[b] + network.durations[b]).max().unwrap_or(0);
            let (duration, demands) = (network.durations[i], network.demands(i));
            let start = self.timeline.earliest(ready, duration, demands);
            self.timeline.hold(start, duration, demands);
            starts[i] = start;
            end = end.max(start + duration);
        }
        Starts { starts, end }
    }
}
