//! How much does a value tell about the next ones?

use crate::StatsError;
use crate::input::{enough, finite};
use crate::outcome::{Outcome, Undefined};
use crate::sums::{mean, scale_of, sum};
use alloc::vec::Vec;

/// The autocorrelations at lags 0, 1, … `max_lag` (at most `n − 1`).
///
/// `r_k = Σ (x_t − x̄)(x_{t+k} − x̄) / Σ (x_t − x̄)²`, the biased estimate (both sums divided by `n`; Box &
/// Jenkins 1976). O(n · max_lag). Undefined when all values are equal.
///
/// # Errors
///
/// A value that is not finite, or fewer than 2 values.
///
/// ```
/// use devops_stats::autocorrelation::autocorrelation;
/// let r = autocorrelation(&[1.0, 2.0, 3.0, 4.0], 1)?.defined().unwrap();
/// assert_eq!(r, [1.0, 0.25]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn autocorrelation(x: &[f64], max_lag: usize) -> Result<Outcome<Vec<f64>>, StatsError> {
    let x = finite("x", x)?;
    enough(2, x.len())?;
    let scale = scale_of(&x);
    let scaled: Vec<f64> = x.iter().map(|v| v * scale).collect();
    let lags = max_lag.min(x.len().saturating_sub(1));
    Ok(match Deviations::of(&scaled) {
        Some(d) => Outcome::Defined((0..=lags).map(|k| d.at(k)).collect()),
        None => Outcome::Undefined(Undefined::Constant),
    })
}

/// Deviations from the mean of scaled values.
pub(crate) struct Deviations {
    values: Vec<f64>,
    pub(crate) squares: f64,
}

impl Deviations {
    /// `None` when all are zero.
    pub(crate) fn of(scaled: &[f64]) -> Option<Self> {
        let center = mean(scaled);
        let values: Vec<f64> = scaled.iter().map(|v| v - center).collect();
        let squares = sum(values.iter().map(|d| d * d));
        (squares > 0.0).then_some(Self { values, squares })
    }

    /// The autocorrelation at a lag.
    pub(crate) fn at(&self, lag: usize) -> f64 {
        let later = self.values.get(lag..).unwrap_or_default();
        sum(self.values.iter().zip(later).map(|(a, b)| a * b)) / self.squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_has_none() {
        assert_eq!(autocorrelation(&[3.0; 4], 2), Ok(Outcome::Undefined(Undefined::Constant)));
    }

    #[test]
    fn scale_does_not_matter() {
        let x = [1.0, 3.0, 2.0, 5.0];
        let huge: Vec<f64> = x.iter().map(|v| v * 2.0_f64.powi(1020)).collect();
        assert_eq!(autocorrelation(&x, 3), autocorrelation(&huge, 3));
        assert_eq!(autocorrelation(&x, 99).unwrap().defined().unwrap().len(), 4);
    }
}
