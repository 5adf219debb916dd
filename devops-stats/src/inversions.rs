//! Counting and listing the pairs that a merge sort finds out of order (Knight 1966).
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "indices stay inside the run that is merged; counts are at most n²/2 of slices that fit in memory"
)]

use alloc::vec;
use alloc::vec::Vec;

/// Runs of this length are sorted by insertion before merging.
const RUN: usize = 16;

/// An integer that orders as the number does; −0.0 must have been made 0.0.
pub(crate) fn key(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The number of a [`key`].
pub(crate) fn unkey(key: i64) -> f64 {
    f64::from_bits((key ^ ((key >> 63).cast_unsigned() >> 1).cast_signed()).cast_unsigned())
}

/// The key half way between two, rounded down; their difference may overflow.
pub(crate) fn between_keys(low: i64, high: i64) -> i64 {
    (low & high) + ((low ^ high) >> 1)
}

/// Sorts `keys` and counts the pairs that stood in falling order. O(n log n).
pub(crate) fn sort_counting(keys: &mut Vec<i64>) -> u64 {
    let n = keys.len();
    let mut count = 0_u64;
    for run in keys.chunks_mut(RUN) {
        count += insertion(run);
    }
    let mut from = core::mem::take(keys);
    let mut to = vec![0; n];
    let mut width = RUN;
    while width < n {
        for (source, target) in from.chunks(2 * width).zip(to.chunks_mut(2 * width)) {
            let (left, right) = source.split_at(width.min(source.len()));
            count += merge(left, right, target);
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    *keys = from;
    count
}

fn insertion(run: &mut [i64]) -> u64 {
    let mut count = 0;
    for i in 1..run.len() {
        let value = run[i];
        let mut j = i;
        while j > 0 && run[j - 1] > value {
            run[j] = run[j - 1];
            j -= 1;
        }
        run[j] = value;
        count += (i - j) as u64;
    }
    count
}

/// Merges without a data-dependent branch, so that random input costs no mispredictions.
fn merge(left: &[i64], right: &[i64], target: &mut [i64]) -> u64 {
    let (mut i, mut j, mut count) = (0, 0, 0_u64);
    let all = left.len();
    let target = &mut target[..all + right.len()];
    while i < all && j < right.len() {
        let (a, b) = (left[i], right[j]);
        let take_right = b < a;
        // Arithmetic, as a choice would be compiled to a branch.
        target[i + j] = a ^ ((a ^ b) & i64::from(take_right).wrapping_neg());
        count += u64::from(take_right).wrapping_neg() & ((all - i) as u64);
        j += usize::from(take_right);
        i += usize::from(!take_right);
    }
    let filled = i + j;
    let rest = all - i;
    target[filled..filled + rest].copy_from_slice(&left[i..]);
    target[filled + rest..].copy_from_slice(&right[j..]);
    count
}

/// Sorts `values` and shows `visit` every pair in falling order: for each element that moves forward, the
/// elements it passes and itself. O(n log n) plus what `visit` does.
pub(crate) fn visit_inversions(values: &mut Vec<u32>, mut visit: impl FnMut(&[u32], u32)) {
    let n = values.len();
    let mut from = core::mem::take(values);
    let mut to = vec![0; n];
    let mut width = 1;
    while width < n {
        for (source, target) in from.chunks(2 * width).zip(to.chunks_mut(2 * width)) {
            let (left, right) = source.split_at(width.min(source.len()));
            let (mut i, mut filled) = (0, 0);
            for &moving in right {
                while i < left.len() && left[i] < moving {
                    target[filled] = left[i];
                    i += 1;
                    filled += 1;
                }
                if i < left.len() {
                    visit(&left[i..], moving);
                }
                target[filled] = moving;
                filled += 1;
            }
            target[filled..].copy_from_slice(&left[i..]);
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    *values = from;
}

/// For each item of a permutation of `0 .. n`, how many larger items stand before it. O(n log n).
pub(crate) fn count_passed(permutation: &[u32]) -> Vec<u32> {
    let n = permutation.len();
    let mut counts = vec![0_u32; n];
    let mut from = permutation.to_vec();
    let mut to = vec![0; n];
    let mut width = 1;
    while width < n {
        for (source, target) in from.chunks(2 * width).zip(to.chunks_mut(2 * width)) {
            let (left, right) = source.split_at(width.min(source.len()));
            let (mut i, mut j, all) = (0, 0, left.len());
            while i < all && j < right.len() {
                let (a, b) = (left[i], right[j]);
                let take_right = b < a;
                target[i + j] = a ^ ((a ^ b) & u32::from(take_right).wrapping_neg());
                let passed = u32::try_from(all - i).unwrap_or(u32::MAX);
                counts[b as usize] += u32::from(take_right).wrapping_neg() & passed;
                j += usize::from(take_right);
                i += usize::from(!take_right);
            }
            let (filled, rest) = (i + j, all - i);
            target[filled..filled + rest].copy_from_slice(&left[i..]);
            target[filled + rest..].copy_from_slice(&right[j..]);
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    counts
}

/// Sums over the groups of equal neighbours of sorted keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ties {
    /// Σ t(t − 1)/2
    pub(crate) pairs: u128,
    /// Σ t(t − 1)(2t + 5)
    pub(crate) variance: u128,
    /// Σ t(t − 1)(t − 2)
    pub(crate) triples: u128,
    /// Number of groups, those of one element too.
    pub(crate) groups: usize,
}

impl Ties {
    /// Ties of sorted items.
    pub(crate) fn of<T: PartialEq>(sorted: &[T]) -> Self {
        let mut ties = Self::default();
        for group in sorted.chunk_by(|a, b| a == b) {
            ties.add(group.len() as u128);
        }
        ties
    }

    fn add(&mut self, t: u128) {
        self.groups += 1;
        self.pairs += t * (t - 1) / 2;
        self.variance += t * (t - 1) * (2 * t + 5);
        self.triples += if t > 2 { t * (t - 1) * (t - 2) } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_as_the_double_loop_does(x in prop::collection::vec(-5_i64..5, 0..200)) {
            let slow = (0..x.len()).flat_map(|i| (i..x.len()).map(move |j| (i, j)))
                .filter(|&(i, j)| x[i] > x[j]).count();
            let mut sorted = x.clone();
            prop_assert_eq!(sort_counting(&mut sorted), slow as u64);
            prop_assert!(sorted.is_sorted());
        }

        #[test]
        fn visits_each_falling_pair_once(n in 0_u32..120, seed in any::<u64>()) {
            let mut values: Vec<u32> = (0..n).collect();
            crate::rng::Rng::new(seed).shuffle(&mut values);
            let mut expected = Vec::new();
            for i in 0..values.len() {
                for j in i..values.len() {
                    if values[i] > values[j] {
                        expected.push((values[i], values[j]));
                    }
                }
            }
            let mut found = Vec::new();
            visit_inversions(&mut values, |passed, moving| found.extend(passed.iter().map(|&p| (p, moving))));
            expected.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(expected, found);
        }

        #[test]
        fn keys_order_as_numbers(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(!a.is_nan() && !b.is_nan());
            let (a, b) = (a + 0.0, b + 0.0);
            prop_assert_eq!(a.partial_cmp(&b), Some(key(a).cmp(&key(b))));
        }
    }
}
