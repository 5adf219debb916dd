//! What is free of every resource at any time.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the last step is wholly free and has no end, so each search ends at it"
)]

use alloc::vec::Vec;

/// The most steps of a block.
const BLOCK: usize = 16;

/// A step function of time for each resource; the last step has no end and everything free.
///
/// Steps lie in blocks that know the most and the least that is free in them: a search passes over blocks in which
/// nothing fits or everything does, and a step is inserted by moving one block alone.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    resources: usize,
    /// When each block begins, in the order of time; the first at 0.
    begins: Vec<u64>,
    /// Where each block is kept, in the same order.
    places: Vec<usize>,
    /// By place: how many steps.
    lens: Vec<usize>,
    /// By place: when each step begins.
    times: Vec<u64>,
    /// By place: what is free in each step, resource by resource.
    free: Vec<u64>,
    /// By place: the most that is free in any step, resource by resource.
    most: Vec<u64>,
    /// By place: the least that is free in every step, resource by resource.
    least: Vec<u64>,
}

impl Timeline {
    pub(crate) fn new(capacity: &[u64]) -> Self {
        let mut timeline = Self {
            resources: capacity.len(),
            begins: Vec::new(),
            places: Vec::new(),
            lens: Vec::new(),
            times: Vec::new(),
            free: Vec::new(),
            most: Vec::new(),
            least: Vec::new(),
        };
        timeline.clear(capacity);
        timeline
    }

    /// As new.
    pub(crate) fn clear(&mut self, capacity: &[u64]) {
        let Self { begins, places, lens, times, free, most, least, .. } = self;
        for list in [&mut *begins, times, free, most, least] {
            list.clear();
        }
        places.clear();
        lens.clear();
        begins.push(0);
        places.push(0);
        lens.push(1);
        times.resize(BLOCK, 0);
        free.extend_from_slice(capacity);
        free.resize(BLOCK * capacity.len(), 0);
        most.extend_from_slice(capacity);
        least.extend_from_slice(capacity);
    }

    /// The block that holds `time`, in the order of time, and the step in it.
    fn at(&self, time: u64) -> (usize, usize) {
        let block = self.begins.partition_point(|t| *t <= time) - 1;
        (block, self.times_of(self.places[block]).partition_point(|t| *t <= time) - 1)
    }

    fn times_of(&self, place: usize) -> &[u64] {
        &self.times[place * BLOCK..place * BLOCK + self.lens[place]]
    }

    fn free_of(&self, place: usize, step: usize) -> &[u64] {
        let from = (place * BLOCK + step) * self.resources;
        &self.free[from..from + self.resources]
    }

    /// The earliest start from `from` at which `demands` fit for the whole `duration`.
    pub(crate) fn earliest(&self, from: u64, duration: u64, demands: &[(usize, u64)]) -> u64 {
        if duration == 0 || demands.is_empty() {
            return from;
        }
        let mut start = from;
        let (mut block, mut step) = self.at(from);
        while let Some(&place) = self.places.get(block) {
            let next = self.begins.get(block + 1).copied();
            let summary = place * self.resources;
            let enough = |(r, amount): &(usize, u64)| self.least[summary + r] >= *amount;
            let never = |(r, amount): &(usize, u64)| self.most[summary + r] < *amount;
            if step == 0 && start >= self.begins[block] && demands.iter().any(never) {
                start = next.unwrap_or(start);
            } else if step == 0 && demands.iter().all(enough) {
                if next.is_none_or(|end| end >= start + duration) {
                    return start;
                }
            } else {
                let times = self.times_of(place);
                while step < times.len() {
                    let end = times.get(step + 1).copied().or(next);
                    let free = self.free_of(place, step);
                    if demands.iter().any(|&(r, amount)| free[r] < amount) {
                        // Only a step that ends can be full.
                        start = end.unwrap_or(start);
                    } else if end.is_none_or(|end| end >= start + duration) {
                        return start;
                    }
                    step += 1;
                }
            }
            (block, step) = (block + 1, 0);
        }
        start
    }

    /// Cuts a step in two at `time`, unless one begins there.
    fn cut(&mut self, time: u64) {
        let (mut block, mut step) = self.at(time);
        if self.times_of(self.places[block])[step] == time {
            return;
        }
        if self.lens[self.places[block]] == BLOCK {
            self.split(block);
            (block, step) = self.at(time);
        }
        let place = self.places[block];
        let (first, at, end) = (place * BLOCK, place * BLOCK + step, place * BLOCK + self.lens[place]);
        self.times.copy_within(at + 1..end, at + 2);
        self.times[at + 1] = time;
        self.free.copy_within(at * self.resources..end * self.resources, (at + 1) * self.resources);
        self.lens[place] += 1;
        debug_assert!(self.lens[place] <= BLOCK && self.times[first] == self.begins[block]);
    }

    /// Moves the upper half of a full block to one of its own.
    fn split(&mut self, block: usize) {
        let (place, new) = (self.places[block], self.lens.len());
        let half = BLOCK / 2;
        let middle = place * BLOCK + half;
        let end = (place + 1) * BLOCK;
        self.times.extend_from_within(middle..end);
        self.times.resize((new + 1) * BLOCK, 0);
        self.free.extend_from_within(middle * self.resources..end * self.resources);
        self.free.resize((new + 1) * BLOCK * self.resources, 0);
        self.most.resize((new + 1) * self.resources, 0);
        self.least.resize((new + 1) * self.resources, 0);
        self.lens[place] = half;
        self.lens.push(BLOCK - half);
        self.begins.insert(block + 1, self.times[middle]);
        self.places.insert(block + 1, new);
        for place in [place, new] {
            (0..self.resources).for_each(|resource| self.summarise(place, resource));
        }
    }

    fn summarise(&mut self, place: usize, resource: usize) {
        let (mut most, mut least) = (0, u64::MAX);
        for step in 0..self.lens[place] {
            let free = self.free_of(place, step)[resource];
            (most, least) = (most.max(free), least.min(free));
        }
        self.most[place * self.resources + resource] = most;
        self.least[place * self.resources + resource] = least;
    }

    /// Holds `demands` from `start` for `duration`.
    pub(crate) fn hold(&mut self, start: u64, duration: u64, demands: &[(usize, u64)]) {
        if duration == 0 || demands.is_empty() {
            return;
        }
        let end = start + duration;
        self.cut(start);
        self.cut(end);
        let (mut block, mut step) = self.at(start);
        while self.begins.get(block).is_some_and(|begin| *begin < end) {
            let place = self.places[block];
            let last = self.times_of(place).partition_point(|t| *t < end);
            for step in step..last {
                for &(resource, amount) in demands {
                    // Where it fits, this does not fall below zero.
                    self.free[(place * BLOCK + step) * self.resources + resource] -= amount;
                }
            }
            demands.iter().for_each(|(resource, _)| self.summarise(place, *resource));
            (block, step) = (block + 1, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

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

    /// What is free, tick by tick.
    struct Ticks(Vec<[u64; 2]>);

    impl Ticks {
        fn earliest(&self, from: u64, duration: u64, demands: &[(usize, u64)]) -> u64 {
            let fits = |t: usize| demands.iter().all(|(r, a)| self.0[t][*r] >= *a);
            (from..).find(|&s| (s..s + duration).all(|t| fits(usize::try_from(t).unwrap()))).unwrap()
        }

        fn hold(&mut self, start: u64, duration: u64, demands: &[(usize, u64)]) {
            for t in start..start + duration {
                demands.iter().for_each(|(r, a)| self.0[usize::try_from(t).unwrap()][*r] -= a);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn blocks_find_what_ticks_find(
            list in proptest::collection::vec((0u64..300, 1u64..7, 0u64..=4, 0u64..=3), 1..300),
        ) {
            let mut timeline = Timeline::new(&[4, 3]);
            let mut ticks = Ticks(vec![[4, 3]; 4000]);
            for (from, duration, x, y) in list {
                let all = [(0, x), (1, y)];
                let demands: Vec<(usize, u64)> = all.into_iter().filter(|d| d.1 > 0).collect();
                let start = timeline.earliest(from, duration, &demands);
                prop_assert_eq!(start, ticks.earliest(from, duration, &demands));
                timeline.hold(start, duration, &demands);
                ticks.hold(start, duration, &demands);
            }
            prop_assert!(timeline.lens.iter().all(|n| *n <= BLOCK));
        }
    }
}
