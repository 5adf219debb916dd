//! How far one period resembles the next, on the side of caution.

use alloc::vec::Vec;
use devops_stats::autocorrelation::autocorrelation;
use devops_stats::mann_kendall_ar1::inflation;
use devops_stats::special::{normal_quantile, student_t_quantile, student_t_sf};
use serde::{Deserialize, Serialize};

/// How many standard errors are added to the autocorrelation: from simulation (docs/statistics.md).
const CAUTION: f64 = 0.75;

/// How far one period resembles the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Autocorrelation {
    /// Correlation of neighbouring residuals around the trend; `None` below 6 periods.
    pub r1: Option<f64>,
    /// The coefficient used: the larger of that of the residuals and that of their normal scores, corrected for
    /// bias, and three quarters of a standard error more; in 0 to 0.95.
    pub phi: f64,
    /// Factor of the variance of Kendall's S.
    pub inflation: f64,
    /// How many independent periods these are worth.
    pub effective_n: f64,
}

impl Autocorrelation {
    pub(crate) fn of(residuals: &[f64]) -> Self {
        let n = residuals.len();
        let r1 = lag_one(residuals).filter(|_| n >= 6);
        let scores = lag_one(&normal_scores(residuals)).filter(|_| n >= 6);
        let raw = match (r1, scores) {
            (Some(a), Some(b)) => larger(unbiased(a, n), unbiased(b, n)),
            _ => 0.0,
        };
        let error = libm::sqrt((1.0 - raw * raw) / larger(n as f64, 1.0));
        let phi = if r1.is_some() { (raw + CAUTION * error).clamp(0.0, 0.95) } else { 0.0 };
        let inflation = inflation(n, phi);
        Self { r1, phi, inflation, effective_n: n as f64 / inflation }
    }

    /// Degrees of freedom of the t distribution that a slope is judged by.
    pub(crate) fn degrees(&self) -> f64 {
        larger(self.effective_n - 2.0, 1.0)
    }

    /// Two-sided p of a standardised statistic.
    pub(crate) fn p(&self, z: f64) -> f64 {
        (2.0 * student_t_sf(z.abs(), self.degrees())).clamp(0.0, 1.0)
    }

    /// The factor of a standard error at that two-sided confidence.
    pub(crate) fn critical(&self, confidence: f64) -> f64 {
        student_t_quantile(0.5 + 0.5 * confidence, self.degrees())
    }

    /// What the variance of S must be multiplied by for a normal interval to become this one.
    pub(crate) fn widened(&self, variance: f64, confidence: f64) -> f64 {
        let ratio = self.critical(confidence) / normal_quantile(0.5 + 0.5 * confidence);
        variance * self.inflation * ratio * ratio
    }

    /// By how much the squares of residuals around a line over these times, divided by n − 2, fall short of the
    /// variance. A fitted level and slope each take their inflation, not 1, out of the squares of correlated errors:
    /// n less both is expected to be left. At most 2.
    pub(crate) fn hidden_scatter(&self, xs: &[f64]) -> f64 {
        let n = xs.len() as f64;
        let level = (1.0 + self.phi) / (1.0 - self.phi);
        let left = n - level - self.slope_inflation(xs);
        larger(n - 2.0, 1.0) / larger(left, 0.5 * larger(n - 2.0, 1.0))
    }

    /// Factor of the variance of a regression slope over these times, for AR(1) errors.
    pub(crate) fn slope_inflation(&self, xs: &[f64]) -> f64 {
        let mean = xs.iter().sum::<f64>() / larger(xs.len() as f64, 1.0);
        let centred: Vec<f64> = xs.iter().map(|x| x - mean).collect();
        let square: f64 = centred.iter().map(|c| c * c).sum();
        if !(square > 0.0) {
            return 1.0;
        }
        let (mut power, mut total) = (1.0, 0.0);
        for lag in 1..xs.len() {
            power *= self.phi;
            if power < 1e-6 {
                break;
            }
            let products: f64 = centred.iter().zip(centred.iter().skip(lag)).map(|(a, b)| a * b).sum();
            total += power * products;
        }
        larger(1.0 + 2.0 * total / square, 1.0)
    }
}

pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

fn lag_one(values: &[f64]) -> Option<f64> {
    autocorrelation(values, 1).ok()?.defined()?.get(1).copied()
}

/// Kendall 1954; Marriott & Pope 1954.
fn unbiased(r1: f64, n: usize) -> f64 {
    let n = n as f64;
    ((n * r1 + 2.0) / (n - 4.0)).clamp(0.0, 0.95)
}

/// Normal quantiles of the midranks.
fn normal_scores(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut scores: Vec<(usize, f64)> = Vec::with_capacity(values.len());
    let mut before = 0.0;
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        let size = group.len() as f64;
        let rank = before + 0.5 * (size + 1.0);
        let score = normal_quantile(rank / (values.len() as f64 + 1.0));
        scores.extend(group.iter().map(|g| (g.1, score)));
        before += size;
    }
    scores.sort_unstable_by_key(|s| s.0);
    scores.into_iter().map(|s| s.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caution_shrinks_the_effective_number() {
        let noise: Vec<f64> = (0..52).map(|i| f64::from(i * 37 % 53)).collect();
        let found = Autocorrelation::of(&noise);
        assert!(found.effective_n <= 52.0 && found.inflation >= 1.0);
        assert!(found.p(2.0) > 0.0455);
        let slow: Vec<f64> = (0..52).map(|i| f64::from((i / 7) % 2)).collect();
        assert!(Autocorrelation::of(&slow).phi > 0.5);
        assert!(Autocorrelation::of(&slow).slope_inflation(&noise) >= 1.0);
        let weeks: Vec<f64> = (0..52).map(f64::from).collect();
        let none = Autocorrelation { phi: 0.0, ..Autocorrelation::of(&noise) };
        assert_eq!(none.hidden_scatter(&weeks), 1.0);
        let hidden = Autocorrelation::of(&slow).hidden_scatter(&weeks);
        assert!(hidden > 1.05 && hidden <= 2.0);
        assert_eq!(Autocorrelation::of(&[]).phi, 0.0);
    }
}
