//! The repeated median slope without computing all slopes.
//!
//! As for [`slope_select`](crate::slope_select), merge sorts tell for any slope `b` how many slopes of each
//! point lie below it, hence how many inner medians do. Interpolating in those counts gives the next, narrower
//! window (in the manner of Matoušek, Mount & Netanyahu 1998), until it holds O(n) pairs; those are computed as
//! the double loop computes them.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "indices are those of the points, ranks below their number"
)]

use crate::inversions::{between_keys, count_passed, key, unkey};
use crate::rng::Rng;
use crate::slope_field::{Bound, SlopeField, inverse};
use crate::special::two_sum;
use alloc::vec;
use alloc::vec::Vec;

/// Up to this many points all slopes are computed.
const ALL: usize = 200;
/// Rounds of narrowing before what is left is computed outright.
const ROUNDS: u32 = 60;
/// This many slopes may be computed outright at the end.
const OUTRIGHT: usize = 400_000_000;

/// The inner medians in the middle: one, or two to be averaged. The field has one group and some pair.
pub(crate) fn middle_medians(field: &SlopeField) -> Vec<f64> {
    let n = field.len();
    let ranks = if n % 2 == 1 { [n / 2, n / 2] } else { [n / 2 - 1, n / 2] };
    if n <= ALL {
        let mut medians: Vec<f64> = (0..n).map(|i| inner_median(field, i)).collect();
        return ranks.iter().map(|&r| nth(&mut medians, r)).collect();
    }
    Search::new(field, ranks).run()
}

fn nth(values: &mut [f64], rank: usize) -> f64 {
    *values.select_nth_unstable_by(rank, f64::total_cmp).1
}

/// Median of the slopes from one point to all others with a different time.
pub(crate) fn inner_median(field: &SlopeField, i: usize) -> f64 {
    let mut slopes: Vec<f64> = (0..field.len())
        .filter(|&j| field.has_slope(i, j))
        .map(|j| field.slope(i as u32, j as u32))
        .collect();
    median_of(&mut slopes)
}

/// Median of unsorted values; 0 of none.
pub(crate) fn median_of(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (below, &mut high, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return high;
    }
    let low = below.iter().copied().fold(f64::NEG_INFINITY, |m, v| if v > m { v } else { m });
    let sum = low + high;
    if sum.is_finite() { sum * 0.5 } else { low * 0.5 + high * 0.5 }
}

/// An order of the points at a slope, and how many slopes of each point lie below it.
#[derive(Clone)]
struct Cut {
    bound: Bound,
    order: Vec<u32>,
    below: Vec<u32>,
}

struct Search<'a> {
    field: &'a SlopeField,
    /// Ranks of the middle inner medians.
    ranks: [usize; 2],
    /// Ranks of the middle slopes of each point.
    inner: Vec<[u32; 2]>,
    low: Cut,
    high: Cut,
}

impl<'a> Search<'a> {
    fn new(field: &'a SlopeField, ranks: [usize; 2]) -> Self {
        let end = |slope: f64, inclusive: bool| cut(field, Bound { slope, inclusive, precise: false });
        let (low, high) = (end(f64::NEG_INFINITY, false), end(f64::INFINITY, true));
        let inner = high.below.iter().map(|&m| [m.saturating_sub(1) / 2, m / 2]).collect();
        Self { field, ranks, inner, low, high }
    }

    fn run(mut self) -> Vec<f64> {
        for inclusive in [false, true] {
            self.take(cut(self.field, Bound { slope: 0.0, inclusive, precise: false }));
        }
        let held = (12 * self.field.len() as u64).max(8_192);
        let mut rng = Rng::new(self.field.pairs);
        let mut stalled = 0;
        for _ in 0..ROUNDS {
            let before = self.pairs();
            if before <= held || self.is_narrow() || stalled > 6 {
                break;
            }
            let (from, to) = self.guess(&mut rng, stalled);
            self.take(cut(self.field, self.bound(from, false)));
            self.take(cut(self.field, self.bound(to, true)));
            stalled = if self.pairs() > before / 10 * 8 { stalled + 1 } else { 0 };
        }
        self.finish(held)
    }

    /// Pairs inside the window.
    fn pairs(&self) -> u64 {
        let total = |c: &Cut| c.below.iter().map(|v| u64::from(*v)).sum::<u64>();
        total(&self.high).saturating_sub(total(&self.low)) / 2
    }

    fn is_narrow(&self) -> bool {
        let (low, high) = (self.low.bound.slope, self.high.bound.slope);
        let size = if low.abs() > high.abs() { low } else { high };
        size.is_finite() && !(high - low > 64.0 * self.field.margin(size, true))
    }

    /// How many inner medians are surely below a cut, and how many surely are not.
    fn split(&self, at: &Cut) -> (usize, usize) {
        let mut counts = (0, 0);
        for (below, [first, second]) in at.below.iter().zip(&self.inner) {
            counts.0 += usize::from(second < below);
            counts.1 += usize::from(first >= below);
        }
        counts
    }

    /// Makes a cut the lower or the upper end of the window where it is a closer one.
    fn take(&mut self, at: Cut) {
        if !(at.bound.slope >= self.low.bound.slope && at.bound.slope <= self.high.bound.slope) {
            return;
        }
        let (below, above) = self.split(&at);
        if below <= self.ranks[0] && self.field.len() - above <= self.ranks[0] {
            self.low = at;
        } else if self.field.len() - above > self.ranks[1] && below > self.ranks[1] {
            self.high = at;
        }
    }

    fn bound(&self, slope: f64, inclusive: bool) -> Bound {
        let rough = self.field.margin(slope, false);
        let width = self.high.bound.slope - self.low.bound.slope;
        let precise = !(rough < width * 1e-6) && !(rough < slope.abs() * 1e-12);
        Bound { slope, inclusive, precise }
    }

    /// Where the middle inner medians probably are.
    fn guess(&self, rng: &mut Rng, stalled: u32) -> (f64, f64) {
        let (low, high) = (self.low.bound.slope, self.high.bound.slope);
        if !(low.is_finite() && high.is_finite()) {
            return self.sampled(rng);
        }
        let width = high - low;
        if stalled > 1 {
            return (low + 0.5 * width, low + 0.5 * width);
        }
        let mut guesses: Vec<f64> = Vec::new();
        let mut inside = 0.0;
        for i in 0..self.field.len() {
            let (l, h) = (f64::from(self.low.below[i]), f64::from(self.high.below[i]));
            let middle = 0.5 * (f64::from(self.inner[i][0]) + f64::from(self.inner[i][1])) + 0.5;
            inside += h - l;
            guesses.push(low + width * ((middle - l) / (h - l).clamp(1.0, f64::MAX)).clamp(-1.0, 2.0));
        }
        let first = nth(&mut guesses, self.ranks[0]);
        let second = nth(&mut guesses, self.ranks[1]);
        let each = inside / self.field.len() as f64;
        let spread = width * (1.0 / libm::sqrt(each + 4.0)).clamp(0.0, 0.25);
        (first - spread, second + spread)
    }

    /// From inner medians of some points over some others.
    fn sampled(&self, rng: &mut Rng) -> (f64, f64) {
        let n = self.field.len();
        let size = 256.min(n);
        let mut medians: Vec<f64> = Vec::with_capacity(size);
        for _ in 0..size {
            let i = rng.index(n);
            let mut slopes: Vec<f64> = (0..size)
                .map(|_| rng.index(n))
                .filter(|&j| self.field.has_slope(i, j))
                .map(|j| self.field.slope(i as u32, j as u32))
                .filter(|s| s.is_finite())
                .collect();
            medians.push(median_of(&mut slopes));
        }
        let spread = (1.5 * libm::sqrt(size as f64)) as usize;
        let middle = size / 2;
        (nth(&mut medians, middle.saturating_sub(spread)), nth(&mut medians, (middle + spread).min(size - 1)))
    }

    /// Computes the inner medians that may be in the middle.
    fn finish(mut self, held: u64) -> Vec<f64> {
        for widening in [0.0, 1e3, 1e6] {
            if widening > 0.0 {
                self.widen(widening);
            }
            if let Some(found) = self.listed(held)
                && found.iter().all(|v| self.is_inside(*v))
            {
                return found;
            }
        }
        self.ranks.iter().map(|&r| self.bisected(r)).collect()
    }

    fn is_inside(&self, slope: f64) -> bool {
        let clear = |bound: Bound, distance: f64| {
            bound.slope == 0.0
                || bound.slope.is_infinite()
                || distance > self.field.margin(bound.slope, bound.precise)
        };
        clear(self.low.bound, slope - self.low.bound.slope)
            && clear(self.high.bound, self.high.bound.slope - slope)
    }

    fn widen(&mut self, factor: f64) {
        let moved = |end: &Cut, sign: f64| {
            let slope = end.bound.slope;
            if slope == 0.0 || slope.is_infinite() {
                return end.clone();
            }
            let step = sign * factor * self.field.margin(slope, true);
            cut(self.field, Bound { slope: slope + step, precise: true, ..end.bound })
        };
        let (low, high) = (moved(&self.low, -1.0), moved(&self.high, 1.0));
        self.low = low;
        self.high = high;
    }

    /// The middle inner medians from the pairs inside the window; `None` when those are too many.
    fn listed(&self, held: u64) -> Option<Vec<f64>> {
        let n = self.field.len();
        let all_zero = self.low.bound.slope == 0.0 && self.high.bound.slope == 0.0;
        let listable = all_zero || self.pairs() <= held;
        let candidate =
            |i: usize| self.inner[i][1] >= self.low.below[i] && self.inner[i][0] < self.high.below[i];
        let whole = |i: usize| {
            listable && self.inner[i][0] >= self.low.below[i] && self.inner[i][1] < self.high.below[i]
        };
        let outright = (0..n).filter(|&i| candidate(i) && !whole(i)).count();
        if outright.saturating_mul(n) > OUTRIGHT {
            return None;
        }
        let below = (0..n).filter(|&i| self.inner[i][1] < self.low.below[i]).count();
        let slopes = if all_zero { Vec::new() } else { self.collected(|i| candidate(i) && whole(i)) };
        let mut medians = Vec::new();
        let mut slopes = slopes.into_iter();
        for i in (0..n).filter(|&i| candidate(i)) {
            medians.push(if !whole(i) {
                inner_median(self.field, i)
            } else if all_zero {
                0.0
            } else {
                self.picked(i, &mut slopes.next()?)
            });
        }
        self.ranks
            .iter()
            .map(|r| {
                let at = r.checked_sub(below).filter(|a| *a < medians.len())?;
                Some(nth(&mut medians, at))
            })
            .collect()
    }

    fn picked(&self, i: usize, slopes: &mut [f64]) -> f64 {
        let [first, second] = self.inner[i].map(|rank| (rank - self.low.below[i]) as usize);
        if second >= slopes.len() {
            return inner_median(self.field, i);
        }
        let high = nth(slopes, second);
        if first == second {
            return high;
        }
        let low = nth(slopes, first);
        let sum = low + high;
        if sum.is_finite() { sum * 0.5 } else { low * 0.5 + high * 0.5 }
    }

    /// The slopes inside the window of each wanted point, in the order of the points.
    fn collected(&self, wanted: impl Fn(usize) -> bool) -> Vec<Vec<f64>> {
        let mut places = vec![u32::MAX; self.field.len()];
        let mut lists: Vec<Vec<f64>> = Vec::new();
        for (i, place) in places.iter_mut().enumerate() {
            if wanted(i) {
                *place = lists.len() as u32;
                lists.push(Vec::new());
            }
        }
        if lists.is_empty() {
            return lists;
        }
        SlopeField::between(&self.low.order, &self.high.order, |passed, moving| {
            let j = self.high.order[moving as usize];
            for &p in passed {
                let i = self.high.order[p as usize];
                for point in [i, j] {
                    if let Some(list) = lists.get_mut(places[point as usize] as usize) {
                        list.push(self.field.slope(i, j));
                    }
                }
            }
        });
        lists
    }

    /// The float next to the inner median of this rank, where very many slopes are nearly equal.
    fn bisected(&self, rank: usize) -> f64 {
        let mut low = key(self.low.bound.slope.clamp(-f64::MAX, f64::MAX) + 0.0);
        let mut high = key(self.high.bound.slope.clamp(-f64::MAX, f64::MAX) + 0.0);
        while low < high {
            let middle = between_keys(low, high);
            let value = unkey(middle);
            let order = self.field.precise_order(two_sum(value, (value.next_up() - value) * 0.5), true);
            let below = each_below(&order);
            if below.iter().zip(&self.inner).filter(|(b, inner)| inner[1] < **b).count() > rank {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        unkey(low) + 0.0
    }
}

fn cut(field: &SlopeField, bound: Bound) -> Cut {
    let order = field.order(bound);
    let below = each_below(&order);
    Cut { bound, order, below }
}

/// For each point, how many pairs with it stand out of order.
fn each_below(order: &[u32]) -> Vec<u32> {
    let passed_by = count_passed(order);
    let rank = inverse(order);
    // A point's rank is its index, less the earlier points that come after it, plus the later ones before it.
    (0..order.len()).map(|i| (2 * u64::from(passed_by[i]) + i as u64 - u64::from(rank[i])) as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_double_loop_on_noise_ties_lines_and_offsets() {
        let mut rng = Rng::new(5);
        for case in 0..80_u32 {
            let n = 201 + (case as usize * 13) % 170;
            let points = (0..n)
                .map(|i| {
                    let (t, u) = (i as f64, rng.next_f64());
                    let (x, y) = match case % 11 {
                        0 => (t, u),
                        1 => (t, (u * 5.0).floor()),
                        2 => ((u * 40.0).floor(), (rng.next_f64() * 6.0).floor()),
                        3 => (t, 3.0 * t + 1.0),
                        4 => (t, 0.1 * t),
                        5 => (1.7e9 + t * 86_400.0 + u * 1_000.0, 1e9 + rng.next_f64()),
                        6 => (rng.next_f64(), u * 1e-300),
                        7 => (t, 0.2 * t + (u * 20.0).floor() * 0.1),
                        8 => ((t / 3.0).floor(), 5.0 - 0.3 * (t / 3.0).floor() + (u * 2.0).floor()),
                        9 => (t, if i % 50 == 0 { 1e12 * u } else { u - 0.01 * t }),
                        _ => (t, 7.0),
                    };
                    (0, x, y)
                })
                .collect();
            let field = SlopeField::new(points);
            let mut slow: Vec<f64> = (0..n).map(|i| inner_median(&field, i)).collect();
            slow.sort_unstable_by(f64::total_cmp);
            let want = [slow[(n - 1) / 2], slow[n / 2]];
            assert_eq!(middle_medians(&field), want, "case {case}");
        }
    }

    #[test]
    fn a_perfect_line_of_many_points() {
        let points = (0..30_000).map(|i| (0, f64::from(i), 0.5 * f64::from(i))).collect();
        assert_eq!(middle_medians(&SlopeField::new(points)), [0.5, 0.5]);
    }
}
