//! Quantiles of a sample by any of the nine definitions in use, the median, and the median absolute deviation.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks are clamped to the sample before they are used"
)]

use crate::StatsError;
use crate::input::{check_finite, enough};
use crate::selection::select_ranks;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The nine definitions of a sample quantile (Hyndman & Fan 1996), by their numbers there.
///
/// Types 1–3 answer with an observed value (or the middle of two), types 4–9 interpolate. Type 7 is what
/// spreadsheets, NumPy and most dashboards show; type 8 is the one that Hyndman & Fan recommend: it is close
/// to median-unbiased whatever the distribution.
///
/// Closed: the paper has nine.
///
/// ```
/// use devops_stats::quantile::QuantileType;
/// assert_eq!(QuantileType::default(), QuantileType::Type7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the paper has nine")]
pub enum QuantileType {
    /// Inverse of the empirical distribution.
    Type1,
    /// As 1, with the middle of two values at a step.
    Type2,
    /// The nearest even order statistic.
    Type3,
    /// Linear interpolation of the empirical distribution.
    Type4,
    /// Midway through the steps (hydrology).
    Type5,
    /// The mean position of a uniform order statistic (Weibull; Minitab, SPSS).
    Type6,
    /// The mode of that position (R, NumPy, spreadsheets).
    #[default]
    Type7,
    /// The median of that position, nearly; recommended by Hyndman & Fan.
    Type8,
    /// Nearly unbiased for normal data (Blom).
    Type9,
}

/// Where a quantile lies: between the order statistics `low` and `low + 1` (from 0), `fraction` of the way.
#[derive(Debug, Clone, Copy)]
struct Place {
    low: usize,
    high: usize,
    fraction: f64,
}

impl QuantileType {
    /// The constants a and b of the plotting position p_k = (k − a)/(n + 1 − a − b); `None` for types 1–3.
    fn plotting(self) -> Option<(f64, f64)> {
        match self {
            Self::Type1 | Self::Type2 | Self::Type3 => None,
            Self::Type4 => Some((0.0, 1.0)),
            Self::Type5 => Some((0.5, 0.5)),
            Self::Type6 => Some((0.0, 0.0)),
            Self::Type7 => Some((1.0, 1.0)),
            Self::Type8 => Some((1.0 / 3.0, 1.0 / 3.0)),
            Self::Type9 => Some((0.375, 0.375)),
        }
    }

    fn place(self, n: usize, p: f64) -> Place {
        match self.plotting() {
            Some((1.0, 1.0)) => continuous_place(n, (n - 1) as f64 * p),
            Some((a, b)) => continuous_place(n, n as f64 * p + (a + p * (1.0 - a - b)) - 1.0),
            None => self.step_place(n, p),
        }
    }

    /// Types 1–3; `n * p` counts as whole when it is so within rounding, as 0.1 × 10 is meant.
    fn step_place(self, n: usize, p: f64) -> Place {
        let position = if self == Self::Type3 { n as f64 * p - 0.5 } else { n as f64 * p };
        let nearest = libm::round(position);
        let whole = libm::fabs(position - nearest) <= 4.0 * f64::EPSILON * (n as f64 * p + 1.0);
        let j = if whole { nearest } else { libm::floor(position) };
        let fraction = match (self, whole) {
            (Self::Type2, true) => 0.5,
            (Self::Type1, true) => 0.0,
            (Self::Type3, true) if libm::fmod(j, 2.0) == 0.0 => 0.0,
            _ => 1.0,
        };
        // The order statistics are x_j and x_{j+1} counted from 1.
        let clamp = |rank: f64| rank.clamp(0.0, (n - 1) as f64) as usize;
        Place { low: clamp(j - 1.0), high: clamp(j), fraction }
    }
}

fn continuous_place(n: usize, position: f64) -> Place {
    let position = position.clamp(0.0, (n - 1) as f64);
    let low = libm::floor(position);
    let low_rank = low as usize;
    Place { low: low_rank, high: (low_rank + 1).min(n - 1), fraction: position - low }
}

/// The value `fraction` of the way from `low` to `high`, without overflow.
fn between(low: f64, high: f64, fraction: f64) -> f64 {
    if fraction <= 0.0 || low == high {
        return low;
    }
    if fraction >= 1.0 {
        return high;
    }
    let width = high - low;
    let value = if width.is_infinite() {
        low * (1.0 - fraction) + high * fraction
    } else if fraction < 0.5 {
        low + width * fraction
    } else {
        high - width * (1.0 - fraction)
    };
    value.clamp(low, high)
}

/// Several quantiles of one sample, of the given type, in the order of `probabilities`.
///
/// Source: Hyndman & Fan (1996), "Sample quantiles in statistical packages". The sample need not be sorted.
/// Time O(n + k log k) for k probabilities: all of them come from one selection pass. Memory O(n).
///
/// # Errors
/// [`StatsError::NotEnoughData`] for an empty sample, [`StatsError::NonFinite`] for NaN or infinity in it,
/// [`StatsError::ElementOutOfRange`] for a probability outside [0, 1].
///
/// ```
/// use devops_stats::quantile::{QuantileType, quantiles};
///
/// let hours = [3.0, 1.0, 2.0, 10.0];
/// assert_eq!(quantiles(&hours, &[0.5, 0.75], QuantileType::Type7)?, [2.5, 4.75]);
/// assert_eq!(quantiles(&hours, &[0.5], QuantileType::Type1)?, [2.0]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn quantiles(x: &[f64], probabilities: &[f64], kind: QuantileType) -> Result<Vec<f64>, StatsError> {
    enough(1, x.len())?;
    check_finite("x", x)?;
    let mut places = Vec::with_capacity(probabilities.len());
    for (index, &p) in probabilities.iter().enumerate() {
        if !(0.0..=1.0).contains(&p) {
            let value = alloc::format!("{p}");
            let range = "in [0, 1]";
            return Err(StatsError::ElementOutOfRange { argument: "probabilities", index, value, range });
        }
        places.push(kind.place(x.len(), p));
    }
    let mut ranks: Vec<usize> = places.iter().flat_map(|place| [place.low, place.high]).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let values = select_ranks(x, &ranks);
    let at = |rank: usize| ranks.binary_search(&rank).map_or(f64::NAN, |i| values[i] + 0.0);
    Ok(places.iter().map(|p| between(at(p.low), at(p.high), p.fraction)).collect())
}

/// One quantile: see [`quantiles`].
///
/// # Errors
/// As [`quantiles`].
///
/// ```
/// use devops_stats::quantile::{QuantileType, quantile};
/// assert_eq!(quantile(&[1.0, 2.0, 3.0], 0.5, QuantileType::Type8)?, 2.0);
/// assert!(quantile(&[1.0], 1.5, QuantileType::Type8).is_err());
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn quantile(x: &[f64], probability: f64, kind: QuantileType) -> Result<f64, StatsError> {
    quantiles(x, &[probability], kind).map(|found| found[0])
}

/// The median: the middle value, or the mean of the two middle values. O(n).
///
/// # Errors
/// [`StatsError::NotEnoughData`] for an empty sample, [`StatsError::NonFinite`] for NaN or infinity.
///
/// ```
/// use devops_stats::quantile::median;
/// assert_eq!(median(&[5.0, 1.0, 2.0, 4.0])?, 3.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn median(x: &[f64]) -> Result<f64, StatsError> {
    enough(1, x.len())?;
    check_finite("x", x)?;
    let (low, high) = ((x.len() - 1) / 2, x.len() / 2);
    let ranks = if low == high { &[low][..] } else { &[low, high][..] };
    let values = select_ranks(x, ranks);
    Ok(mean_of_two(values[0], values[values.len() - 1]))
}

/// (a + b)/2 without overflow.
pub(crate) fn mean_of_two(a: f64, b: f64) -> f64 {
    let sum = a + b;
    let middle = if sum.is_finite() { sum * 0.5 } else { a * 0.5 + b * 0.5 };
    middle + 0.0
}

/// The median absolute deviation from the median, unscaled. O(n).
///
/// For normal data, 1.4826 times it estimates the standard deviation. Source: Hampel (1974).
///
/// # Errors
/// As [`median`].
///
/// ```
/// use devops_stats::quantile::median_absolute_deviation;
/// assert_eq!(median_absolute_deviation(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0])?, 1.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn median_absolute_deviation(x: &[f64]) -> Result<f64, StatsError> {
    let center = median(x)?;
    let deviations: Vec<f64> = x.iter().map(|v| libm::fabs(v - center)).collect();
    if deviations.iter().all(|d| d.is_finite()) {
        return median(&deviations);
    }
    // A difference of two large values overflows; the answer itself does not.
    let quartered: Vec<f64> = x.iter().map(|v| libm::fabs(v * 0.25 - center * 0.25)).collect();
    Ok((median(&quartered)? * 4.0).clamp(0.0, f64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use QuantileType::*;
    use proptest::prelude::*;

    const ALL: [QuantileType; 9] = [Type1, Type2, Type3, Type4, Type5, Type6, Type7, Type8, Type9];

    /// R: quantile(c(1,3,4,8,10), p, type = 1:9).
    #[test]
    fn the_nine_types_differ_as_published() {
        let x = [10.0, 1.0, 8.0, 3.0, 4.0];
        let at = |p: f64| ALL.map(|kind| quantile(&x, p, kind).unwrap());
        let close = |found: [f64; 9], want: [f64; 9]| {
            for (f, w) in found.iter().zip(want) {
                assert!((f - w).abs() < 1e-12, "{found:?} {want:?}");
            }
        };
        close(at(0.3), [3.0, 3.0, 3.0, 2.0, 3.0, 2.6, 3.2, 2.0 + 13.0 / 15.0, 2.9]);
        close(at(0.2), [1.0, 2.0, 1.0, 1.0, 2.0, 1.4, 2.6, 1.8, 1.85]);
    }

    #[test]
    fn whole_positions_are_taken_as_meant() {
        let x: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(quantile(&x, 0.1, Type1), Ok(1.0));
        assert_eq!(quantile(&x, 0.7, Type2), Ok(7.5));
        assert_eq!(quantile(&x, 0.25, Type3), Ok(2.0));
    }

    #[test]
    fn edges() {
        assert_eq!(median(&[]), Err(StatsError::NotEnoughData { needed: 1, got: 0 }));
        assert!(matches!(median(&[1.0, f64::NAN]), Err(StatsError::NonFinite { index: 1, .. })));
        assert_eq!(median(&[1e308, 1.5e308]), Ok(1.25e308));
        assert_eq!(quantile(&[-1e308, 1e308], 0.5, Type7), Ok(0.0));
        assert_eq!(median_absolute_deviation(&[-1.7e308, 1.7e308]), Ok(1.7e308));
        assert!(median(&[-0.0]).unwrap().is_sign_positive());
        for kind in ALL {
            assert_eq!(quantile(&[4.0], 0.3, kind), Ok(4.0));
        }
    }

    proptest! {
        #[test]
        fn quantiles_are_sorted_within_range_and_blind_to_order(
            mut x in proptest::collection::vec(-1e3..1e3_f64, 1..60),
            mut p in proptest::collection::vec(0.0..=1.0_f64, 1..8),
            kind in 0..9_usize,
        ) {
            p.sort_by(f64::total_cmp);
            let found = quantiles(&x, &p, ALL[kind]).unwrap();
            x.sort_by(f64::total_cmp);
            prop_assert_eq!(&found, &quantiles(&x, &p, ALL[kind]).unwrap());
            prop_assert!(found.windows(2).all(|w| w[0] <= w[1]));
            prop_assert!(found[0] >= x[0] && found[found.len() - 1] <= x[x.len() - 1]);
        }

        #[test]
        fn any_bits_are_taken_or_refused(
            bits in proptest::collection::vec(any::<u64>(), 0..20), p in any::<u64>(), kind in 0..9_usize,
        ) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).collect();
            if let Ok(value) = quantile(&x, f64::from_bits(p), ALL[kind]) {
                prop_assert!(value.is_finite());
            }
            if let Ok(value) = median_absolute_deviation(&x) {
                prop_assert!(value.is_finite() && value >= 0.0);
            }
        }
    }
}
