//! Order statistics of all pairwise slopes without computing them all.
//!
//! Randomised narrowing in the manner of Matoušek 1991 and Dillencourt, Mount & Netanyahu 1992: the slopes
//! below `b` are the pairs out of order in `y − b·x`, so that merge sorts count them; samples narrow the
//! interval around the wanted ranks until it holds O(n) pairs, which are then computed as the double loop
//! computes them. The answer is the double loop's, bit for bit; the generator only decides how long it takes.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "ranks are below the number of pairs, indices below the number of points"
)]

use crate::inversions::{between_keys, key, unkey};
use crate::rng::Rng;
use crate::slope_field::{Bound, SlopeField};
use crate::special::two_sum;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// Up to this many pairs, all slopes are computed.
const ALL: u64 = 20_000;
/// At least this many slopes may be held at once.
const HELD: u64 = 8_192;
/// This many slopes may be held at once where the window cannot be narrowed.
const HELD_AT_MOST: u64 = 1 << 22;
/// Up to this many pairs of nearly the same slope are looked at one by one.
const STREAMED: u64 = 60_000_000;
/// At most this many neighbouring floats are told apart by counting.
const COUNTERS: usize = 1 << 20;
/// Rounds of narrowing before giving up on it.
const ROUNDS: u32 = 40;

/// A bound with its order and the number of pairs below.
#[derive(Clone)]
struct Cut {
    bound: Bound,
    order: Vec<u32>,
    below: u64,
}

/// An interval of slopes that contains the wanted ranks.
struct Window {
    low: Cut,
    high: Cut,
}

impl Window {
    fn pairs(&self) -> u64 {
        self.high.below.saturating_sub(self.low.below)
    }

    fn holds(&self, rank: u64) -> bool {
        self.low.below <= rank && rank < self.high.below
    }
}

/// The slopes of the given ranks (from 0, each below `field.pairs`), smallest first.
pub(crate) fn select_slopes(field: &SlopeField, ranks: &[u64]) -> Vec<f64> {
    if field.pairs <= ALL {
        return pick(&mut every(field), ranks);
    }
    let mut found: BTreeMap<u64, f64> = BTreeMap::new();
    let zero = Bound { slope: 0.0, inclusive: false, precise: false };
    let below_zero = cut(field, zero);
    let to_zero = if field.has_level_pairs(&below_zero.order) {
        cut(field, Bound { inclusive: true, ..zero })
    } else {
        Cut { bound: Bound { inclusive: true, ..zero }, ..below_zero.clone() }
    };
    let mut falling = Vec::new();
    let mut rising = Vec::new();
    for &rank in ranks {
        if rank < below_zero.below {
            falling.push(rank);
        } else if rank < to_zero.below {
            found.insert(rank, 0.0);
        } else {
            rising.push(rank);
        }
    }
    let mut rng = Rng::new(field.pairs);
    if !falling.is_empty() {
        let low = cut(field, Bound { slope: f64::NEG_INFINITY, inclusive: false, precise: false });
        narrow(field, Window { low, high: below_zero }, &falling, &mut rng, &mut found);
    }
    if !rising.is_empty() {
        let high = cut(field, Bound { slope: f64::INFINITY, inclusive: true, precise: false });
        narrow(field, Window { low: to_zero, high }, &rising, &mut rng, &mut found);
    }
    ranks.iter().map(|r| found.get(r).copied().unwrap_or(0.0)).collect()
}

/// The slopes of a field, kept where they are few.
pub(crate) enum Slopes {
    Few(Vec<f64>),
    Many(SlopeField),
}

impl Slopes {
    pub(crate) fn of(field: SlopeField) -> Self {
        if field.pairs > ALL { Self::Many(field) } else { Self::Few(every(&field)) }
    }

    /// As [`select_slopes`].
    pub(crate) fn at(&mut self, ranks: &[u64]) -> Vec<f64> {
        match self {
            Self::Few(slopes) => pick(slopes, ranks),
            Self::Many(field) => select_slopes(field, ranks),
        }
    }
}

fn every(field: &SlopeField) -> Vec<f64> {
    let mut slopes = Vec::with_capacity(field.pairs as usize);
    field.each_slope(|s| slopes.push(s));
    slopes
}

/// The values of the given ranks of `slopes`, smallest first: the largest of all, the others of what is below.
fn pick(slopes: &mut [f64], ranks: &[u64]) -> Vec<f64> {
    let mut end = slopes.len();
    let mut found = vec![0.0; ranks.len()];
    for (value, &rank) in found.iter_mut().zip(ranks).rev() {
        let at = rank as usize;
        if at < end {
            slopes[..end].select_nth_unstable_by(at, f64::total_cmp);
            end = at;
        }
        *value = slopes[at];
    }
    found
}

fn cut(field: &SlopeField, bound: Bound) -> Cut {
    let order = field.order(bound);
    let below = if bound.slope == f64::NEG_INFINITY {
        0
    } else if bound.slope == f64::INFINITY {
        field.pairs
    } else {
        SlopeField::below(&order)
    };
    Cut { bound, order, below }
}

/// A cut inside a window, counted from the window's lower end where that is quicker and as exact.
fn cut_inside(field: &SlopeField, window: &Window, bound: Bound) -> Cut {
    let low = &window.low;
    let doubt = field.margin(bound.slope, bound.precise) + field.margin(low.bound.slope, low.bound.precise);
    // Beyond both doubts no pair can be out of order at the lower end and in order here.
    if window.pairs() > field.pairs / 8 || !(bound.slope - low.bound.slope > 2.0 * doubt) {
        return cut(field, bound);
    }
    let order = field.order(bound);
    let below = low.below + SlopeField::apart(&low.order, &order);
    Cut { bound, order, below }
}

/// Ranks near enough to be found in one window.
fn clusters(ranks: &[u64]) -> impl Iterator<Item = &[u64]> {
    ranks.chunk_by(|a, b| b - a <= HELD / 8)
}

/// Narrows the window around the ranks until it is small enough to list.
fn narrow(
    field: &SlopeField,
    mut window: Window,
    ranks: &[u64],
    rng: &mut Rng,
    found: &mut BTreeMap<u64, f64>,
) {
    let held = HELD.max(12 * field.len() as u64);
    for round in 0..ROUNDS {
        if window.pairs() <= held {
            break;
        }
        let before = window.pairs();
        let mut sample = sampled(field, &window, rng);
        sample.sort_unstable_by(f64::total_cmp);
        let one = clusters(ranks).count() == 1;
        if !one && round > 0 {
            // The ranks are too far apart for one window: each has its own from here.
            for near in clusters(ranks) {
                let own = narrowed(field, &window, near, &sample);
                narrow(field, own, near, rng, found);
            }
            return;
        }
        window = narrowed(field, &window, ranks, &sample);
        if one && window.pairs() > before / 10 * 9 && is_narrow(field, &window) {
            break;
        }
    }
    list(field, &window, ranks, held, found);
}

/// Slopes of pairs drawn from the window with equal chance.
fn sampled(field: &SlopeField, window: &Window, rng: &mut Rng) -> Vec<f64> {
    let size = field.len().clamp(1_000, 1_000_000);
    let total = window.pairs();
    let mut targets: Vec<u64> = (0..size).map(|_| rng.below(total)).collect();
    targets.sort_unstable();
    let mut slopes = Vec::with_capacity(size);
    let (mut next, mut passed_before) = (0, 0_u64);
    SlopeField::between(&window.low.order, &window.high.order, |passed, moving| {
        let end = passed_before + passed.len() as u64;
        while next < targets.len() && targets[next] < end {
            let at = passed[(targets[next] - passed_before) as usize];
            let (i, j) = (window.high.order[at as usize], window.high.order[moving as usize]);
            slopes.push(field.slope(i, j));
            next += 1;
        }
        passed_before = end;
    });
    slopes
}

/// The part of the window where a sorted sample says that the ranks are, or as much of it as still holds them.
fn narrowed(field: &SlopeField, window: &Window, ranks: &[u64], sample: &[f64]) -> Window {
    let (first, last) = (ranks[0], ranks[ranks.len() - 1]);
    let (total, size) = (window.pairs() as f64, sample.len() as f64);
    let at = |rank: u64| {
        let share = (rank.saturating_sub(window.low.below)) as f64 / total;
        (share * size, 3.0 * libm::sqrt(size * share * (1.0 - share) + 1.0) + 1.0)
    };
    let mut result = Window { low: window.low.clone(), high: window.high.clone() };
    let (center, spread) = at(first);
    if center > spread
        && let Some(&slope) = sample.get((center - spread) as usize)
    {
        let low = cut_inside(field, window, placed(field, window, slope, false));
        if low.below <= first {
            result.low = low;
        } else if low.below > last {
            result.high = low;
            return result;
        }
    }
    let (center, spread) = at(last);
    if let Some(&slope) = sample.get((center + spread) as usize) {
        let high = cut_inside(field, window, placed(field, window, slope, true));
        if high.below > last {
            result.high = high;
        } else if high.below <= first {
            result.low = high;
        }
    }
    result
}

/// A bound just outside `slope`, so that pairs of that very slope are surely inside.
fn placed(field: &SlopeField, window: &Window, slope: f64, upper: bool) -> Bound {
    let rough = field.margin(slope, false);
    let width = window.high.bound.slope - window.low.bound.slope;
    let precise = !(rough < width * 1e-6) && !(rough < slope.abs() * 1e-12);
    let step = 4.0 * field.margin(slope, precise);
    Bound { slope: if upper { slope + step } else { slope - step }, inclusive: upper, precise }
}

/// Whether the window is a few rounding errors wide.
fn is_narrow(field: &SlopeField, window: &Window) -> bool {
    let (low, high) = (window.low.bound.slope, window.high.bound.slope);
    let size = if low.abs() > high.abs() { low } else { high };
    !(high - low > 64.0 * field.margin(size, true))
}

/// Finds the ranks in a window that needs no more narrowing.
fn list(field: &SlopeField, window: &Window, ranks: &[u64], held: u64, found: &mut BTreeMap<u64, f64>) {
    if let Some(slopes) = listed_all(field, window, ranks, held)
        && slopes.iter().all(|s| is_inside(field, window, *s))
    {
        found.extend(ranks.iter().copied().zip(slopes));
        return;
    }
    for &rank in ranks {
        let mut own = Window { low: window.low.clone(), high: window.high.clone() };
        for widening in [0.0, 1e3, 1e6] {
            if widening > 0.0 {
                own = widened(field, &own, widening);
            }
            let Some(slope) = listed(field, &own, rank, held) else { break };
            if is_inside(field, &own, slope) {
                found.insert(rank, slope);
                break;
            }
        }
        found.entry(rank).or_insert_with(|| bisected(field, window, rank));
    }
}

/// Whether a slope is so far from the window's ends that no pair outside can be on its wrong side.
fn is_inside(field: &SlopeField, window: &Window, slope: f64) -> bool {
    let clear = |bound: Bound, distance: f64| {
        bound.slope == 0.0 || bound.slope.is_infinite() || distance > field.margin(bound.slope, bound.precise)
    };
    clear(window.low.bound, slope - window.low.bound.slope)
        && clear(window.high.bound, window.high.bound.slope - slope)
}

/// The window with ends further out by so many margins.
fn widened(field: &SlopeField, window: &Window, factor: f64) -> Window {
    let moved = |end: &Cut, sign: f64| {
        let slope = end.bound.slope;
        if slope == 0.0 || slope.is_infinite() {
            return end.clone();
        }
        let step = sign * factor * field.margin(slope, true);
        cut(field, Bound { slope: slope + step, precise: true, ..end.bound })
    };
    Window { low: moved(&window.low, -1.0), high: moved(&window.high, 1.0) }
}

/// The slopes of ranks by computing those in the window; `None` when there are too many.
fn listed_all(field: &SlopeField, window: &Window, ranks: &[u64], held: u64) -> Option<Vec<f64>> {
    if window.pairs() > held.max(HELD_AT_MOST) || !ranks.iter().all(|r| window.holds(*r)) {
        return None;
    }
    let mut slopes = Vec::with_capacity(window.pairs() as usize);
    each_between(field, window, |slope| slopes.push(slope));
    let places: Vec<u64> = ranks.iter().map(|r| r - window.low.below).collect();
    let complete = places.last().is_some_and(|last| (*last as usize) < slopes.len());
    complete.then(|| pick(&mut slopes, &places))
}

/// The slope of a rank by computing the slopes in the window; `None` when there are too many.
fn listed(field: &SlopeField, window: &Window, rank: u64, held: u64) -> Option<f64> {
    let pairs = window.pairs();
    if !window.holds(rank) || pairs > STREAMED {
        return None;
    }
    let mut left = rank - window.low.below;
    if pairs <= held.max(HELD_AT_MOST) {
        let mut slopes = Vec::with_capacity(pairs as usize);
        each_between(field, window, |slope| slopes.push(slope));
        let at = left as usize;
        return (at < slopes.len()).then(|| *slopes.select_nth_unstable_by(at, f64::total_cmp).1);
    }
    // Very many pairs within a few rounding errors: one counter for each float there.
    let first = key(window.low.bound.slope);
    let width = usize::try_from(key(window.high.bound.slope).saturating_sub(first)).ok()?;
    if width > COUNTERS {
        return None;
    }
    let mut counts = vec![0_u64; width + 3];
    each_between(field, window, |slope| {
        let at = key(slope).saturating_sub(first).saturating_add(1).clamp(0, width as i64 + 2);
        counts[at as usize] += 1;
    });
    for (at, &count) in counts.iter().enumerate() {
        if left < count {
            let inside = at >= 1 && at <= width + 1;
            return inside.then(|| unkey(first + at as i64 - 1) + 0.0);
        }
        left -= count;
    }
    None
}

fn each_between(field: &SlopeField, window: &Window, mut take: impl FnMut(f64)) {
    SlopeField::between(&window.low.order, &window.high.order, |passed, moving| {
        let j = window.high.order[moving as usize];
        for &p in passed {
            take(field.slope(window.high.order[p as usize], j));
        }
    });
}

/// The float next to the exact slope of this rank, where very many pairs have nearly the same slope.
///
/// Equal to the double loop's answer when differences of the data are exact, as for integers; else within two
/// units in the last place of it.
fn bisected(field: &SlopeField, window: &Window, rank: u64) -> f64 {
    let mut low = key(window.low.bound.slope.clamp(-f64::MAX, f64::MAX) + 0.0);
    let mut high = key(window.high.bound.slope.clamp(-f64::MAX, f64::MAX) + 0.0);
    while low < high {
        let middle = between_keys(low, high);
        let value = unkey(middle);
        let half = (value.next_up() - value) * 0.5;
        let order = field.precise_order(two_sum(value, half), true);
        if SlopeField::below(&order) > rank {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    unkey(low) + 0.0
}

/// The mean of the two middle slopes, or the middle one.
pub(crate) fn median_ranks(pairs: u64) -> Vec<u64> {
    if pairs % 2 == 1 { vec![pairs / 2] } else { vec![pairs / 2 - 1, pairs / 2] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(field: &SlopeField) -> Vec<f64> {
        let mut all = Vec::new();
        field.each_slope(|s| all.push(s));
        all.sort_unstable_by(f64::total_cmp);
        all
    }

    fn check(points: Vec<(u32, f64, f64)>) {
        let field = SlopeField::new(points);
        let all = slow(&field);
        assert_eq!(all.len() as u64, field.pairs);
        let n = field.pairs;
        for ranks in [
            vec![0, n / 2, n - 1],
            vec![n / 2 - 100, n / 2, n / 2 + 100],
            vec![n / 10],
            vec![n / 3, n / 3 + 1],
        ] {
            let fast = select_slopes(&field, &ranks);
            for (rank, value) in ranks.iter().zip(fast) {
                assert_eq!(all[*rank as usize].to_bits(), value.to_bits(), "rank {rank} of {n}");
            }
        }
    }

    #[test]
    fn equals_the_double_loop_on_noise_ties_lines_and_offsets() {
        let mut rng = Rng::new(3);
        for case in 0..60_u32 {
            let n = 210 + (case as usize * 7) % 300;
            let points = (0..n)
                .map(|i| {
                    let t = i as f64;
                    let u = rng.next_f64();
                    let (x, y) = match case % 12 {
                        0 => (t, u),
                        1 => (t, (u * 5.0).floor()),
                        2 => ((u * 40.0).floor(), (rng.next_f64() * 6.0).floor()),
                        3 => (t, 3.0 * t + 1.0),
                        4 => (t, 0.1 * t),
                        5 => (1.7e9 + t * 86_400.0 + u * 1_000.0, 1e9 + rng.next_f64()),
                        6 => (rng.next_f64(), u * 1e-300),
                        7 => (rng.next_f64() * 1e150, u * 1e-150),
                        8 => (t, (u * 20.0).floor() * 0.1),
                        9 => ((t / 3.0).floor(), 5.0 - 0.3 * (t / 3.0).floor() + (u * 2.0).floor()),
                        10 => (t, if i % 50 == 0 { 1e12 * u } else { u }),
                        _ => (t, 7.0),
                    };
                    (u32::from(case % 5 == 4 && i % 2 == 0), x, y)
                })
                .collect();
            check(points);
        }
    }

    #[test]
    fn a_perfect_line_of_many_points() {
        let points = (0..60_000).map(|i| (0, f64::from(i), 0.5 * f64::from(i))).collect();
        let field = SlopeField::new(points);
        assert_eq!(select_slopes(&field, &[field.pairs / 2]), vec![0.5]);
    }
}
