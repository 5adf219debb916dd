//! Costs of a segment in O(1), from running sums.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "bounds are indices of the series; sums have one element more than it"
)]

use crate::special::{Double, two_prod};
use alloc::vec::Vec;

/// What a stretch costs when it is one segment; splitting it never costs more.
pub(crate) trait SegmentCost {
    /// Number of values.
    fn len(&self) -> usize;
    /// Cost of `start..end`, never negative but for rounding; `start < end`.
    fn cost(&self, start: usize, end: usize) -> f64;
}

/// Running sums of values and squares in double-double: (sum, its rest, squares, their rest).
pub(crate) struct L2Cost {
    sums: Vec<[f64; 4]>,
}

impl L2Cost {
    pub(crate) fn new(x: &[f64]) -> Self {
        let (mut sum, mut square) = (Double::new(0.0), Double::new(0.0));
        let mut sums = Vec::with_capacity(x.len() + 1);
        sums.push([0.0; 4]);
        for &v in x {
            sum = sum.add(Double::new(v));
            square = square.add(two_prod(v, v));
            sums.push([sum.hi, sum.lo, square.hi, square.lo]);
        }
        Self { sums }
    }

    /// Sum and sum of squares of `start..end`.
    #[inline]
    fn both(&self, start: usize, end: usize) -> (f64, f64) {
        let (a, b) = (&self.sums[start], &self.sums[end]);
        ((b[0] - a[0]) + (b[1] - a[1]), (b[2] - a[2]) + (b[3] - a[3]))
    }

    /// Mean and sum of squared deviations of `start..end`.
    #[inline]
    pub(crate) fn mean_and_cost(&self, start: usize, end: usize) -> (f64, f64) {
        let (sum, square) = self.both(start, end);
        let mean = sum / (end - start) as f64;
        let cost = square - sum * mean;
        (mean, if cost > 0.0 { cost } else { 0.0 })
    }
}

impl SegmentCost for L2Cost {
    fn len(&self) -> usize {
        self.sums.len() - 1
    }

    #[inline]
    fn cost(&self, start: usize, end: usize) -> f64 {
        self.mean_and_cost(start, end).1
    }
}

/// x ln(x/e), continued by 0 at 0.
fn x_ln(x: f64, e: f64) -> f64 {
    if x > 0.0 { x * libm::log(x / e) } else { 0.0 }
}

/// Poisson deviance of counts with exposures: 2 [Σ x ln(x/e) − X ln(X/E)].
pub(crate) struct PoissonCost {
    /// Running counts, exposures, and x ln(x/e).
    sums: Vec<[f64; 3]>,
}

impl PoissonCost {
    pub(crate) fn new(counts: &[u64], exposure: &[f64]) -> Self {
        let mut total = [0.0; 3];
        let mut sums = Vec::with_capacity(counts.len() + 1);
        sums.push(total);
        for (&count, &e) in counts.iter().zip(exposure) {
            let x = count as f64;
            total = [total[0] + x, total[1] + e, total[2] + x_ln(x, e)];
            sums.push(total);
        }
        Self { sums }
    }

    /// Events per unit of exposure in `start..end`.
    pub(crate) fn rate(&self, start: usize, end: usize) -> f64 {
        let (a, b) = (&self.sums[start], &self.sums[end]);
        (b[0] - a[0]) / (b[1] - a[1])
    }
}

impl SegmentCost for PoissonCost {
    fn len(&self) -> usize {
        self.sums.len() - 1
    }

    fn cost(&self, start: usize, end: usize) -> f64 {
        let (a, b) = (&self.sums[start], &self.sums[end]);
        2.0 * ((b[2] - a[2]) - x_ln(b[0] - a[0], b[1] - a[1]))
    }
}

/// Binomial deviance of successes among trials.
pub(crate) struct BinomialCost {
    /// Running successes, trials, and k ln(k/n) + (n − k) ln((n − k)/n).
    sums: Vec<[f64; 3]>,
}

fn binomial_ln(k: f64, n: f64) -> f64 {
    x_ln(k, n) + x_ln(n - k, n)
}

impl BinomialCost {
    pub(crate) fn new(successes: &[u64], trials: &[u64]) -> Self {
        let mut total = [0.0; 3];
        let mut sums = Vec::with_capacity(successes.len() + 1);
        sums.push(total);
        for (&k, &n) in successes.iter().zip(trials) {
            let (k, n) = (k as f64, n as f64);
            total = [total[0] + k, total[1] + n, total[2] + binomial_ln(k, n)];
            sums.push(total);
        }
        Self { sums }
    }

    /// Share of successes in `start..end`; 0 when there was no trial.
    pub(crate) fn share(&self, start: usize, end: usize) -> f64 {
        let (a, b) = (&self.sums[start], &self.sums[end]);
        let trials = b[1] - a[1];
        if trials > 0.0 { (b[0] - a[0]) / trials } else { 0.0 }
    }
}

impl SegmentCost for BinomialCost {
    fn len(&self) -> usize {
        self.sums.len() - 1
    }

    fn cost(&self, start: usize, end: usize) -> f64 {
        let (a, b) = (&self.sums[start], &self.sums[end]);
        2.0 * ((b[2] - a[2]) - binomial_ln(b[0] - a[0], b[1] - a[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l2_is_the_sum_of_squared_deviations() {
        let cost = L2Cost::new(&[1.0, 2.0, 3.0, 10.0]);
        assert_eq!(cost.mean_and_cost(0, 3), (2.0, 2.0));
        assert_eq!(cost.cost(3, 4), 0.0);
    }

    #[test]
    fn deviances_vanish_for_equal_rates() {
        let poisson = PoissonCost::new(&[2, 4, 6], &[1.0, 2.0, 3.0]);
        assert!(poisson.cost(0, 3).abs() < 1e-12);
        assert_eq!(poisson.rate(0, 3), 2.0);
        let binomial = BinomialCost::new(&[1, 2, 0], &[4, 8, 0]);
        assert!(binomial.cost(0, 3).abs() < 1e-12);
        assert_eq!((binomial.share(0, 2), binomial.share(2, 3)), (0.25, 0.0));
    }

    #[test]
    fn one_pure_and_one_empty_half_cost_their_whole_information() {
        let binomial = BinomialCost::new(&[0, 4], &[4, 4]);
        assert!((binomial.cost(0, 2) - 16.0 * core::f64::consts::LN_2).abs() < 1e-12);
        let poisson = PoissonCost::new(&[0, 4], &[1.0, 1.0]);
        assert!((poisson.cost(0, 2) - 8.0 * core::f64::consts::LN_2).abs() < 1e-12);
    }
}
