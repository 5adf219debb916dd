//! How likely two samples are as far apart as they are, if nothing (or nothing beyond the tolerance) changed.

use alloc::vec::Vec;

use devops_stats::fisher::fisher_exact;
use devops_stats::mann_whitney_conservative::mann_whitney_conservative;
use devops_stats::poisson_rate::two_rates;
use devops_stats::quantile::median;
use devops_stats::special::ln_gamma;
use devops_stats::tail::DirectedP;
use devops_stats::two_proportion_margin::two_proportion_margin;

use super::judgement::PValues;
use super::spec::{Direction, Tolerance};

/// How the control is moved before the samples are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Not,
    Up,
    Down,
}

/// p-values of the experiment being smaller and being larger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tails {
    pub(super) less: f64,
    pub(super) greater: f64,
}

impl Tails {
    /// Nothing speaks for a difference.
    const NOTHING: Self = Self { less: 1.0, greater: 1.0 };
}

impl From<DirectedP> for Tails {
    fn from(p: DirectedP) -> Self {
        Self { less: p.less, greater: p.greater }
    }
}

/// The p-values of a metric from those of the three comparisons; `p` compares the experiment with the moved
/// control.
pub(super) fn p_values(direction: Direction, p: impl Fn(Move) -> Tails) -> PValues {
    let plain = p(Move::Not);
    let twice = |a: f64, b: f64| {
        let least = 2.0 * if a < b { a } else { b };
        if least > 1.0 { 1.0 } else { least }
    };
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    let (change, harm, safe) = match direction {
        Direction::Increase => {
            let up = p(Move::Up);
            (plain.greater, up.greater, up.less)
        }
        Direction::Decrease => {
            let down = p(Move::Down);
            (plain.less, down.less, down.greater)
        }
        Direction::Either => {
            let (up, down) = (p(Move::Up), p(Move::Down));
            (twice(plain.greater, plain.less), twice(up.greater, down.less), larger(up.less, down.greater))
        }
    };
    // What is beyond the tolerance is a change, whatever ties the moving makes or breaks.
    PValues { change, harm: larger(harm, change), safe }
}

/// A value of the control, moved by the tolerance.
fn moved(value: f64, tolerance: Tolerance, how: Move) -> f64 {
    let by = match tolerance {
        Tolerance::None => 0.0,
        Tolerance::Absolute { value } => value,
        Tolerance::Relative { share } => share * value.abs(),
    };
    match how {
        Move::Not => value,
        Move::Up => value + by,
        Move::Down => value - by,
    }
}

/// Both samples as places in their common order.
///
/// Values that differ by no more than the rounding of what they were computed from are one place, so that the
/// unit in which they are measured cannot make or break a tie.
pub(super) struct Places {
    pub(super) experiment: Vec<f64>,
    pub(super) control: Vec<f64>,
}

impl Places {
    /// `grain` is the size of the largest number that took part in computing the values, beside themselves.
    fn of(experiment: &[f64], control: &[f64], grain: f64) -> Self {
        let mut all: Vec<(f64, bool, usize)> =
            experiment.iter().enumerate().map(|(i, v)| (*v, true, i)).collect();
        all.extend(control.iter().enumerate().map(|(i, v)| (*v, false, i)));
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut places =
            Self { experiment: alloc::vec![0.0; experiment.len()], control: alloc::vec![0.0; control.len()] };
        let (mut place, mut before) = (0.0, None);
        for (value, is_experiment, index) in all {
            let size = [value.abs(), grain].into_iter().fold(0.0, |a, b| if b > a { b } else { a });
            if before.is_some_and(|b: f64| value - b > 16.0 * f64::EPSILON * size) {
                place += 1.0;
            }
            before = Some(value);
            let side = if is_experiment { &mut places.experiment } else { &mut places.control };
            if let Some(slot) = side.get_mut(index) {
                *slot = place;
            }
        }
        places
    }

    /// The experiment against the moved control.
    pub(super) fn moved(experiment: &[f64], control: &[f64], tolerance: Tolerance, how: Move) -> Self {
        let grain = match tolerance {
            Tolerance::Absolute { value } if how != Move::Not => value,
            _ => 0.0,
        };
        let control: Vec<f64> = control.iter().map(|v| moved(*v, tolerance, how)).collect();
        Self::of(experiment, &control, grain)
    }

    /// The distances from the median of both samples together; those of the control are moved.
    pub(super) fn spread(experiment: &[f64], control: &[f64], tolerance: Tolerance, how: Move) -> Self {
        let all: Vec<f64> = experiment.iter().chain(control).copied().collect();
        let center = median(&all).unwrap_or(0.0);
        let grain = match tolerance {
            Tolerance::Absolute { value } if value > center.abs() => value,
            _ => center.abs(),
        };
        let distance = |v: &f64| {
            let d = (v - center).abs();
            if d.is_finite() { d } else { f64::MAX }
        };
        let experiment: Vec<f64> = experiment.iter().map(distance).collect();
        let control: Vec<f64> = control.iter().map(|v| moved(distance(v), tolerance, how)).collect();
        Self::of(&experiment, &control, grain)
    }

    /// The Mann–Whitney test.
    pub(super) fn rank_sum(&self) -> Tails {
        mann_whitney_conservative(&self.experiment, &self.control)
            .ok()
            .and_then(devops_stats::Outcome::defined)
            .map_or(Tails::NOTHING, |found| found.p.into())
    }

    /// How many of each lie beyond the quantile of both together (below that of the values turned around): the
    /// largest values, a share of `1 − quantile` rounded up, or the nearest number that splits no equal ones.
    pub(super) fn beyond(&self, quantile: f64, below: bool) -> [u64; 2] {
        let turned = |v: &f64| if below { -*v } else { *v };
        let mut all: Vec<f64> = self.experiment.iter().chain(&self.control).map(turned).collect();
        all.sort_unstable_by(|a, b| b.total_cmp(a));
        let wanted = tail_size(all.len(), quantile).max(1);
        let Some(&last) = all.get(wanted.saturating_sub(1)) else { return [0, 0] };
        let (above, with) = (all.partition_point(|v| *v > last), all.partition_point(|v| *v >= last));
        let strictly = above > 0 && wanted.saturating_sub(above) < with.saturating_sub(wanted);
        let count = |side: &[f64]| {
            let beyond = side.iter().map(turned).filter(|v| *v > last || (!strictly && *v == last)).count();
            u64::try_from(beyond).unwrap_or(u64::MAX)
        };
        [count(&self.experiment), count(&self.control)]
    }

    /// Fisher's test of these numbers. `greater`: the experiment has more large values.
    pub(super) fn tail(&self, quantile: f64) -> [Tails; 2] {
        [false, true].map(|below| {
            let [a, c] = self.beyond(quantile, below);
            let size = |side: &[f64]| u64::try_from(side.len()).unwrap_or(u64::MAX);
            fisher(a, size(&self.experiment), c, size(&self.control))
        })
    }
}

/// How many of `n` values may lie beyond the quantile.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count"
)]
fn tail_size(n: usize, quantile: f64) -> usize {
    // 0.01 · 500 is meant to be 5.
    libm::ceil((1.0 - quantile) * n as f64 - 1e-9 * n as f64) as usize
}

fn fisher(events: u64, total: u64, others: u64, other_total: u64) -> Tails {
    let table = [[events, total.saturating_sub(events)], [others, other_total.saturating_sub(others)]];
    fisher_exact(table).map_or(Tails::NOTHING, |found| found.p.into())
}

/// Events out of a number of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(super) events: u64,
    pub(super) total: u64,
}

/// The rate of the experiment against the moved rate of the control.
pub(super) fn rate(experiment: Counted, control: Counted, tolerance: Tolerance, how: Move) -> Tails {
    let exact = fisher(experiment.events, experiment.total, control.events, control.total);
    let sign = match how {
        Move::Not => return exact,
        Move::Up => 1.0,
        Move::Down => -1.0,
    };
    match tolerance {
        Tolerance::None => exact,
        Tolerance::Absolute { value } => margin(experiment, control, sign * value).unwrap_or(exact),
        Tolerance::Relative { share } => ratio(experiment, control, 1.0 + sign * share),
    }
}

fn margin(experiment: Counted, control: Counted, margin: f64) -> Option<Tails> {
    if margin == 0.0 {
        return None;
    }
    // A difference of 1 or more cannot be exceeded, one of −1 or less cannot be fallen short of.
    if margin >= 1.0 {
        return Some(Tails { less: 0.0, ..Tails::NOTHING });
    }
    if margin <= -1.0 {
        return Some(Tails { greater: 0.0, ..Tails::NOTHING });
    }
    let (x, y) = (experiment, control);
    let found = two_proportion_margin(x.events, x.total, y.events, y.total, margin).ok()?.defined();
    Some(found.map_or(Tails::NOTHING, |t| Tails { less: t.less, greater: t.greater }))
}

/// Given the number of events on both sides, those of the experiment are binomial where they are rare; where
/// they are not, they vary less, which errs on the careful side.
#[expect(clippy::cast_precision_loss, reason = "totals are rounded once")]
fn ratio(experiment: Counted, control: Counted, ratio: f64) -> Tails {
    if ratio <= 0.0 {
        return Tails { greater: 0.0, ..Tails::NOTHING };
    }
    let exposure = experiment.total as f64 * ratio;
    two_rates(experiment.events, exposure, control.events, control.total as f64, 0.95)
        .map_or(Tails::NOTHING, |found| found.p.into())
}

/// The smallest p-value that samples of these sizes can give in a rank test: 1 of all ways to split them.
#[expect(clippy::cast_precision_loss, reason = "counts are rounded once")]
pub(super) fn least_p_ranks(n: usize, m: usize) -> f64 {
    let ln_ways = ln_gamma(n as f64 + m as f64 + 1.0) - ln_gamma(n as f64 + 1.0) - ln_gamma(m as f64 + 1.0);
    libm::exp(-ln_ways)
}

/// The same of the tail: all values beyond the quantile are of one side.
pub(super) fn least_p_tail(n: usize, m: usize, quantile: f64) -> f64 {
    let size = |k: usize| u64::try_from(k).unwrap_or(u64::MAX);
    let beyond = size(tail_size(n.saturating_add(m), quantile));
    fisher(beyond.min(size(n)), size(n), beyond.saturating_sub(size(n)), size(m)).greater
}

/// How many values a side a bound on that quantile needs: the smallest `n` with `1 − quantileⁿ ≥ confidence`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 1 and below 10^12")]
pub(super) fn needed_for_tail(quantile: f64, confidence: f64) -> u64 {
    libm::ceil(libm::log1p(-confidence) / libm::log(quantile)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_needs_299_values() {
        assert_eq!(needed_for_tail(0.99, 0.95), 299);
        assert_eq!(needed_for_tail(0.5, 0.95), 5);
        assert_eq!(needed_for_tail(0.95, 0.95), 59);
        assert_eq!(tail_size(598, 0.99), 6);
        assert_eq!(tail_size(500, 0.99), 5);
    }

    #[test]
    fn rounding_makes_and_breaks_no_ties() {
        for scale in [1.0, 1e-9, 1e9, 0.1, 3.0] {
            let (x, y) = ([0.3 * scale, 0.5 * scale], [0.2 * scale, 0.4 * scale]);
            let tolerance = Tolerance::Absolute { value: 0.1 * scale };
            let places = Places::moved(&x, &y, tolerance, Move::Up);
            assert_eq!((places.experiment, places.control), (alloc::vec![0.0, 1.0], alloc::vec![0.0, 1.0]));
        }
    }

    #[test]
    fn least_p_values() {
        assert!((least_p_ranks(5, 5) - 1.0 / 252.0).abs() < 1e-12);
        // All six of 598 on one side.
        assert!((least_p_tail(299, 299, 0.99) - 0.0152).abs() < 1e-3);
    }

    #[test]
    fn rates_beyond_the_possible() {
        let (x, y) = (Counted { events: 10, total: 10 }, Counted { events: 0, total: 10 });
        let at = |tolerance, how| rate(x, y, tolerance, how);
        assert_eq!(at(Tolerance::Absolute { value: 1.0 }, Move::Up).greater, 1.0);
        assert_eq!(at(Tolerance::Relative { share: 1.0 }, Move::Down).less, 1.0);
        assert_eq!(at(Tolerance::Absolute { value: 0.0 }, Move::Up), at(Tolerance::None, Move::Up));
    }
}
