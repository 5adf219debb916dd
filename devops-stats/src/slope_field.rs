//! The points between which slopes are taken, and the orders that they stand in at a given slope.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "indices are those of the points; at most 2^32 points are taken"
)]

use crate::inversions::{count_falling, key, visit_inversions};
use crate::special::{Double, two_prod, two_sum};
use alloc::vec::Vec;

/// Rounding unit of `f64`.
const UNIT: f64 = f64::EPSILON / 2.0;

/// Points sorted by group, time and value; slopes are taken within groups between different times.
pub(crate) struct SlopeField {
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    group: Vec<u32>,
    /// Place of each point in the order at an infinite slope: times falling, equal times as here.
    last: Vec<u32>,
    /// Number of pairs with a slope.
    pub(crate) pairs: u64,
    middle_x: f64,
    middle_y: f64,
    span_x: f64,
    span_y: f64,
    smallest_step: f64,
}

/// A slope at which the points are ordered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub(crate) slope: f64,
    /// Whether pairs of exactly this slope count as below.
    pub(crate) inclusive: bool,
    /// Whether residuals are computed with 32 digits.
    pub(crate) precise: bool,
}

impl SlopeField {
    /// From points `(group, x, y)` of finite numbers without −0.0.
    pub(crate) fn new(mut points: Vec<(u32, f64, f64)>) -> Self {
        points.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)));
        let x: Vec<f64> = points.iter().map(|p| p.1).collect();
        let y: Vec<f64> = points.iter().map(|p| p.2).collect();
        let group: Vec<u32> = points.iter().map(|p| p.0).collect();
        let mut field = Self {
            last: Vec::with_capacity(x.len()),
            pairs: 0,
            middle_x: middle(&x),
            middle_y: middle(&y),
            span_x: span(&x),
            span_y: span(&y),
            smallest_step: f64::INFINITY,
            x,
            y,
            group,
        };
        field.measure();
        field
    }

    /// Fills in what depends on the groups of equal times.
    fn measure(&mut self) {
        let n = self.x.len();
        self.last = alloc::vec![0; n];
        let mut start = 0;
        while start < n {
            let end = self.run_end(start, |i| self.group[i]);
            let mut from = start;
            while from < end {
                let to = self.run_end(from, |i| (self.group[i], self.x[i].to_bits()));
                for i in from..to {
                    self.last[i] = (start + (end - to) + (i - from)) as u32;
                }
                self.pairs += ((to - from) as u64) * ((end - to) as u64);
                if to < end {
                    let step = self.x[to] - self.x[from];
                    if step < self.smallest_step {
                        self.smallest_step = step;
                    }
                }
                from = to;
            }
            start = end;
        }
    }

    fn run_end<K: PartialEq>(&self, from: usize, of: impl Fn(usize) -> K) -> usize {
        let first = of(from);
        (from..self.x.len()).find(|&i| of(i) != first).unwrap_or(self.x.len())
    }

    pub(crate) fn len(&self) -> usize {
        self.x.len()
    }

    /// The slope of a pair with different times, as the double loop computes it.
    #[inline]
    pub(crate) fn slope(&self, i: u32, j: u32) -> f64 {
        let (i, j) = (i as usize, j as usize);
        (self.y[j] - self.y[i]) / (self.x[j] - self.x[i]) + 0.0
    }

    pub(crate) fn has_slope(&self, i: usize, j: usize) -> bool {
        self.group[i] == self.group[j] && self.x[i] != self.x[j]
    }

    /// Every slope, in the order of the double loop.
    pub(crate) fn each_slope(&self, mut take: impl FnMut(f64)) {
        for i in 0..self.x.len() {
            let mut first = i + 1;
            while first < self.x.len() && self.group[first] == self.group[i] && self.x[first] == self.x[i] {
                first += 1;
            }
            let mut j = first;
            while j < self.x.len() && self.group[j] == self.group[i] {
                take((self.y[j] - self.y[i]) / (self.x[j] - self.x[i]) + 0.0);
                j += 1;
            }
        }
    }

    /// How far a slope may be from `bound` and still be counted on its wrong side.
    pub(crate) fn margin(&self, slope: f64, precise: bool) -> f64 {
        let unit = if precise { UNIT * UNIT * 64.0 } else { 8.0 * UNIT };
        let size = slope.abs();
        unit * (self.span_y + size * self.span_x) / self.smallest_step + 8.0 * UNIT * size
    }

    /// The points in the order of `y − slope · x`: pairs of smaller slope stand in reverse.
    ///
    /// At slope 0 the order is exact; elsewhere up to [`margin`](Self::margin).
    pub(crate) fn order(&self, bound: Bound) -> Vec<u32> {
        if bound.slope == f64::NEG_INFINITY {
            return (0..self.x.len() as u32).collect();
        }
        if bound.slope == f64::INFINITY {
            return inverse(&self.last);
        }
        if bound.precise && bound.slope != 0.0 && bound.slope.is_finite() {
            return self.precise_order(Double::new(bound.slope), bound.inclusive);
        }
        let mut keys: Vec<u128> = (0..self.x.len())
            .map(|i| {
                let residual = if bound.slope == 0.0 {
                    key(self.y[i])
                } else {
                    key((self.y[i] - self.middle_y) - bound.slope * (self.x[i] - self.middle_x) + 0.0)
                };
                let ordered = residual.cast_unsigned() ^ (1 << 63);
                let tie = if bound.inclusive { self.last[i] } else { i as u32 };
                (u128::from(self.group[i]) << 96) | (u128::from(ordered) << 32) | u128::from(tie)
            })
            .collect();
        keys.sort_unstable();
        let mut order: Vec<u32> = keys.iter().map(|k| (*k & 0xffff_ffff) as u32).collect();
        if bound.inclusive {
            let places = inverse(&self.last);
            for place in &mut order {
                *place = places[*place as usize];
            }
        }
        order
    }

    /// As [`order`](Self::order), with residuals of 32 digits and a slope that may lie between two floats.
    pub(crate) fn precise_order(&self, slope: Double, inclusive: bool) -> Vec<u32> {
        let residuals: Vec<Double> = (0..self.x.len())
            .map(|i| {
                let x = two_sum(self.x[i], -self.middle_x);
                let y = two_sum(self.y[i], -self.middle_y);
                let product = two_prod(slope.hi, x.hi);
                let rest = product.lo + (slope.hi * x.lo + slope.lo * x.hi);
                y.sub(two_sum(product.hi, rest))
            })
            .collect();
        let mut order: Vec<u32> = (0..self.x.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| {
            let (i, j) = (a as usize, b as usize);
            let ties = if inclusive { self.last[i].cmp(&self.last[j]) } else { a.cmp(&b) };
            let (p, q) = (residuals[i], residuals[j]);
            self.group[i]
                .cmp(&self.group[j])
                .then(key(p.hi + 0.0).cmp(&key(q.hi + 0.0)))
                .then(key(p.lo + 0.0).cmp(&key(q.lo + 0.0)))
                .then(ties)
        });
        order
    }

    /// Number of pairs of smaller slope, from the order there.
    pub(crate) fn below(order: &[u32]) -> u64 {
        count_falling(order.to_vec())
    }

    /// Number of pairs that stand in a different order in two orders; near O(n) where those are few.
    pub(crate) fn apart(low: &[u32], high: &[u32]) -> u64 {
        let rank = inverse(low);
        count_falling(high.iter().map(|&i| rank[i as usize]).collect())
    }

    /// Whether two points of a group have the same value; `order` is that at slope 0.
    pub(crate) fn has_level_pairs(&self, order: &[u32]) -> bool {
        let same = |a: usize, b: usize| self.group[a] == self.group[b] && self.y[a] == self.y[b];
        order.windows(2).any(|pair| same(pair[0] as usize, pair[1] as usize))
    }

    /// Shows `visit` the pairs whose order differs: first the passed points (as ranks in `high`), then the one
    /// that passes them.
    pub(crate) fn between(low: &[u32], high: &[u32], visit: impl FnMut(&[u32], u32)) {
        let rank = inverse(high);
        let mut sequence: Vec<u32> = low.iter().map(|&i| rank[i as usize]).collect();
        visit_inversions(&mut sequence, visit);
    }
}

/// The inverse permutation.
pub(crate) fn inverse(permutation: &[u32]) -> Vec<u32> {
    let mut places = alloc::vec![0; permutation.len()];
    for (rank, &item) in permutation.iter().enumerate() {
        places[item as usize] = rank as u32;
    }
    places
}

fn middle(values: &[f64]) -> f64 {
    let (low, high) = ends(values);
    low * 0.5 + high * 0.5
}

fn span(values: &[f64]) -> f64 {
    let (low, high) = ends(values);
    high - low
}

fn ends(values: &[f64]) -> (f64, f64) {
    let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
    for &v in values {
        ends = (if v < ends.0 { v } else { ends.0 }, if v > ends.1 { v } else { ends.1 });
    }
    ends
}
