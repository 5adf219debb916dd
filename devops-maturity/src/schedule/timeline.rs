//! What is free of every resource at any time.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the last step is wholly free and has no end, so each search ends at it"
)]

use alloc::vec;
use alloc::vec::Vec;

/// A step function of time for each resource; the last step has no end and everything free.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    resources: usize,
    /// Where each step begins; the first at 0.
    times: Vec<u64>,
    /// What is free in each step, resource by resource.
    free: Vec<u64>,
}

impl Timeline {
    pub(crate) fn new(capacity: &[u64]) -> Self {
        Self { resources: capacity.len(), times: vec![0], free: capacity.to_vec() }
    }

    /// As new.
    pub(crate) fn clear(&mut self, capacity: &[u64]) {
        self.times.clear();
        self.times.push(0);
        self.free.clear();
        self.free.extend_from_slice(capacity);
    }

    /// The step that holds `time`. Searched from the end, where most places are found.
    fn step_at(&self, time: u64) -> usize {
        self.times.partition_point(|t| *t <= time) - 1
    }

    fn fits(&self, step: usize, demands: &[(usize, u64)]) -> bool {
        let free = &self.free[step * self.resources..(step + 1) * self.resources];
        demands.iter().all(|&(resource, amount)| free[resource] >= amount)
    }

    /// The earliest start from `from` at which `demands` fit for the whole `duration`.
    pub(crate) fn earliest(&self, from: u64, duration: u64, demands: &[(usize, u64)]) -> u64 {
        if duration == 0 || demands.is_empty() {
            return from;
        }
        let mut start = from;
        let mut step = self.step_at(from);
        loop {
            let end = self.times.get(step + 1).copied();
            if !self.fits(step, demands) {
                // Only a step that ends can be full.
                start = end.unwrap_or(start);
            } else if end.is_none_or(|end| end >= start + duration) {
                return start;
            }
            step += 1;
            if step >= self.times.len() {
                return start;
            }
        }
    }

    /// Cuts a step in two at `time` and tells which one begins there.
    fn cut(&mut self, time: u64) -> usize {
        let step = self.step_at(time);
        if self.times[step] == time {
            return step;
        }
        self.times.insert(step + 1, time);
        let (from, to) = (step * self.resources, (step + 1) * self.resources);
        let old = self.free.len();
        self.free.resize(old + self.resources, 0);
        self.free.copy_within(from..old, from + self.resources);
        debug_assert_eq!(self.free[from..to], self.free[to..to + self.resources]);
        step + 1
    }

    /// Holds `demands` from `start` for `duration`.
    pub(crate) fn hold(&mut self, start: u64, duration: u64, demands: &[(usize, u64)]) {
        if duration == 0 || demands.is_empty() {
            return;
        }
        let first = self.cut(start);
        let last = self.cut(start + duration);
        for step in first..last {
            for &(resource, amount) in demands {
                // Where it fits, this does not fall below zero.
                self.free[step * self.resources + resource] -= amount;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_used_and_times_before_them_kept() {
        let mut timeline = Timeline::new(&[3, 1]);
        assert_eq!(timeline.earliest(5, 2, &[(0, 3)]), 5);
        timeline.hold(0, 4, &[(0, 2)]);
        timeline.hold(6, 2, &[(0, 1), (1, 1)]);
        assert_eq!(timeline.earliest(0, 4, &[(0, 1)]), 0);
        assert_eq!(timeline.earliest(0, 2, &[(0, 2)]), 4);
        assert_eq!(timeline.earliest(0, 2, &[(0, 3)]), 4);
        assert_eq!(timeline.earliest(0, 3, &[(0, 3)]), 8);
        assert_eq!(timeline.earliest(0, 6, &[(1, 1)]), 0);
        assert_eq!(timeline.earliest(1, 6, &[(1, 1)]), 8);
        assert_eq!(timeline.earliest(7, 0, &[(1, 1)]), 7);
        timeline.clear(&[3, 1]);
        assert_eq!(timeline.earliest(0, 9, &[(0, 3), (1, 1)]), 0);
    }
}
