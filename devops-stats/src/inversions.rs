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

fn insertion<T: Copy + Ord>(run: &mut [T]) -> u64 {
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

/// A choice by arithmetic, as one by `if` would be compiled to a branch.
trait Select: Copy + Ord {
    /// `yes` if the condition holds, else `no`.
    fn select(condition: bool, yes: Self, no: Self) -> Self;
}

impl Select for i64 {
    #[inline]
    fn select(condition: bool, yes: Self, no: Self) -> Self {
        no ^ ((no ^ yes) & Self::from(condition).wrapping_neg())
    }
}

impl Select for u32 {
    #[inline]
    fn select(condition: bool, yes: Self, no: Self) -> Self {
        no ^ ((no ^ yes) & Self::from(condition).wrapping_neg())
    }
}

/// Merges without a data-dependent branch, so that random input costs no mispredictions.
fn merge<T: Select>(left: &[T], right: &[T], target: &mut [T]) -> u64 {
    let (mut i, mut j, mut count) = (0, 0, 0_u64);
    let all = left.len();
    let target = &mut target[..all + right.len()];
    while i < all && j < right.len() {
        let (a, b) = (left[i], right[j]);
        let take_right = b < a;
        target[i + j] = T::select(take_right, b, a);
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
    for run in values.chunks_mut(RUN) {
        for i in 1..run.len() {
            let moving = run[i];
            let j = run[..i].iter().rposition(|v| *v < moving).map_or(0, |at| at + 1);
            if j < i {
                visit(&run[j..i], moving);
                run.copy_within(j..i, j + 1);
                run[j] = moving;
            }
        }
    }
    let mut from = core::mem::take(values);
    let mut to = vec![0; n];
    let mut width = RUN;
    while width < n {
        for (source, target) in from.chunks(2 * width).zip(to.chunks_mut(2 * width)) {
            let (left, right) = source.split_at(width.min(source.len()));
            let (start, end) = overlap(left, right);
            target[..start].copy_from_slice(&left[..start]);
            let (mut i, mut filled) = (start, start);
            for &moving in &right[..end] {
                while i < left.len() && left[i] < moving {
                    target[filled] = left[i];
                    i += 1;
                    filled += 1;
                }
                visit(&left[i..], moving);
                target[filled] = moving;
                filled += 1;
            }
            let rest = filled + left.len() - i;
            target[filled..rest].copy_from_slice(&left[i..]);
            target[rest..].copy_from_slice(&right[end..]);
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    *values = from;
}

/// Where two sorted runs overlap: the left elements from the first place on and the right ones before the second
/// are out of order among each other. What is nearly sorted overlaps little.
fn overlap(left: &[u32], right: &[u32]) -> (usize, usize) {
    let (Some(last), Some(first)) = (left.last(), right.first()) else { return (left.len(), 0) };
    if last < first {
        return (left.len(), 0);
    }
    (left.partition_point(|v| v < first), right.partition_point(|v| v < last))
}

/// The number of pairs of a permutation that stand in falling order. O(n log n), and near O(n) where few do.
pub(crate) fn count_falling(mut permutation: Vec<u32>) -> u64 {
    let n = permutation.len();
    let mut count = 0_u64;
    for run in permutation.chunks_mut(RUN) {
        count += insertion(run);
    }
    let mut from = permutation;
    let mut to = vec![0; n];
    let mut width = RUN;
    while width < n {
        for (source, target) in from.chunks(2 * width).zip(to.chunks_mut(2 * width)) {
            let (left, right) = source.split_at(width.min(source.len()));
            let (start, end) = overlap(left, right);
            target[..start].copy_from_slice(&left[..start]);
            let middle = left.len() + end;
            count += merge(&left[start..], &right[..end], &mut target[start..middle]);
            target[middle..].copy_from_slice(&right[end..]);
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    count
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
                target[i + j] = u32::select(take_right, b, a);
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
            prop_assert_eq!(count_falling(values.clone()), expected.len() as u64);
            // Nearly sorted runs too.
            let nearly: Vec<u32> = values.chunks(7).rev().flatten().copied().collect();
            let passed: u64 = count_passed(&nearly).into_iter().map(u64::from).sum();
            prop_assert_eq!(count_falling(nearly), passed);
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
