//! How sure are we of a quantile? Order statistics as interval, whatever the distribution.

use crate::StatsError;
use crate::input::{enough, finite, open_unit};
use crate::selection::select_ranks;
use crate::special::binomial_cdf;
use serde::{Deserialize, Serialize};

/// A distribution-free interval of a quantile; an end is `None` where the sample is too small for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuantileInterval {
    /// Lower end: the order statistic of rank `rank_low`.
    pub low: Option<f64>,
    /// Upper end: the order statistic of rank `rank_high`.
    pub high: Option<f64>,
    /// Rank of the lower end, from 1.
    pub rank_low: Option<usize>,
    /// Rank of the upper end, from 1.
    pub rank_high: Option<usize>,
    /// Probability that the interval (open where an end is missing) holds the quantile; at least the confidence.
    pub coverage: f64,
}

/// The narrowest order statistics that hold the quantile at `probability` with at least the given confidence,
/// half of the error on each side at most.
///
/// The number of values below the quantile is binomial (Thompson 1936; David & Nagaraja). O(n). Fewer than 6
/// values have no 95 % interval of the median.
///
/// # Errors
///
/// A value that is not finite, no value, a probability or confidence outside (0, 1).
///
/// ```
/// use devops_stats::quantile_interval::quantile_interval;
/// let found = quantile_interval(&[3.0, 1.0, 2.0, 6.0, 5.0, 4.0, 7.0], 0.5, 0.95)?;
/// assert_eq!((found.low, found.high, found.coverage), (Some(1.0), Some(7.0), 0.984375));
/// assert_eq!(quantile_interval(&[3.0, 1.0], 0.5, 0.95)?.low, None);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn quantile_interval(
    x: &[f64],
    probability: f64,
    confidence: f64,
) -> Result<QuantileInterval, StatsError> {
    let x = finite("x", x)?;
    enough(1, x.len())?;
    open_unit("probability", probability)?;
    open_unit("confidence", confidence)?;
    let n = x.len();
    let half = 0.5 * (1.0 - confidence);
    let below = |k: usize| binomial_cdf(k as u64, n as u64, probability);
    // The largest l with P(X ≤ l − 1) ≤ α/2 and the smallest u with P(X ≥ u) ≤ α/2.
    let rank_low = last_true(n, |l| below(l.saturating_sub(1)) <= half);
    let above = |u: usize| binomial_cdf((n.saturating_sub(u)) as u64, n as u64, 1.0 - probability);
    let rank_high = last_true(n, |back| above(n.saturating_add(1).saturating_sub(back)) <= half)
        .map(|back| n.saturating_add(1).saturating_sub(back));
    let ranks: alloc::vec::Vec<usize> =
        rank_low.iter().chain(&rank_high).map(|r| r.saturating_sub(1)).collect();
    let mut values = select_ranks(&x, &ranks).into_iter();
    let low = rank_low.and_then(|_| values.next());
    let high = rank_high.and_then(|_| values.next());
    let missed_low = rank_low.map_or(0.0, |l| below(l.saturating_sub(1)));
    let missed_high = rank_high.map_or(0.0, above);
    Ok(QuantileInterval { low, high, rank_low, rank_high, coverage: 1.0 - missed_low - missed_high })
}

/// The largest number of `1 ..= to` that satisfies a predicate which, once false, stays false.
fn last_true(to: usize, holds: impl Fn(usize) -> bool) -> Option<usize> {
    let (mut low, mut high) = (0, to);
    while low < high {
        let middle = high.saturating_sub(high.saturating_sub(low) / 2);
        if holds(middle) {
            low = middle;
        } else {
            high = middle.saturating_sub(1);
        }
    }
    (low > 0).then_some(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn median_needs_six_values() {
        let x: Vec<f64> = (0..6).map(f64::from).collect();
        let five = quantile_interval(&x[..5], 0.5, 0.95).unwrap();
        assert_eq!((five.low, five.high, five.coverage), (None, None, 1.0));
        let six = quantile_interval(&x, 0.5, 0.95).unwrap();
        assert_eq!((six.low, six.high, six.rank_high), (Some(0.0), Some(5.0), Some(6)));
    }

    #[test]
    fn high_quantiles_may_lack_an_upper_end() {
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let found = quantile_interval(&x, 0.95, 0.95).unwrap();
        assert!(found.low.is_some() && found.high.is_none() && found.coverage >= 0.95);
    }
}
