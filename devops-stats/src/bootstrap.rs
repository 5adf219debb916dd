//! How sure is any statistic? Seeded bootstrap intervals.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "resampled indices are below the length"
)]

use crate::StatsError;
use crate::input::{enough, finite, open_unit};
use crate::quantile::{QuantileType, quantiles};
use crate::rng::Rng;
use crate::special::{normal_cdf, normal_quantile};
use crate::sums::{mean, scale_of};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// How the interval is read off the resampled statistics.
///
/// Closed: the two methods of the function.
///
/// ```
/// use devops_stats::bootstrap::BootstrapMethod;
/// assert_eq!(BootstrapMethod::default(), BootstrapMethod::Bca);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the two methods of the function")]
pub enum BootstrapMethod {
    /// Their quantiles.
    Percentile,
    /// Their quantiles, corrected for bias and skewness (bias-corrected and accelerated).
    #[default]
    Bca,
}

/// Options of a bootstrap.
///
/// ```
/// use devops_stats::bootstrap::{BootstrapMethod, BootstrapOptions};
/// let options = BootstrapOptions::new(7).with_resamples(999).with_method(BootstrapMethod::Percentile);
/// assert_eq!((options.seed, options.resamples), (7, 999));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BootstrapOptions {
    /// Confidence of the interval; 0.95 unless set.
    pub confidence: f64,
    /// Number of resamples, from 20 to 1,000,000; 1,999 unless set.
    pub resamples: usize,
    /// Percentile or BCa.
    pub method: BootstrapMethod,
    /// Seed of the resampling.
    pub seed: u64,
}

impl BootstrapOptions {
    /// BCa, 95 %, 1,999 resamples.
    ///
    /// ```
    /// use devops_stats::bootstrap::BootstrapOptions;
    /// assert_eq!(BootstrapOptions::new(1).confidence, 0.95);
    /// ```
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { confidence: 0.95, resamples: 1_999, method: BootstrapMethod::Bca, seed }
    }

    /// Sets the confidence.
    ///
    /// ```
    /// use devops_stats::bootstrap::BootstrapOptions;
    /// assert_eq!(BootstrapOptions::new(1).with_confidence(0.9).confidence, 0.9);
    /// ```
    #[must_use]
    pub fn with_confidence(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }

    /// Sets the number of resamples.
    ///
    /// ```
    /// use devops_stats::bootstrap::BootstrapOptions;
    /// assert_eq!(BootstrapOptions::new(1).with_resamples(499).resamples, 499);
    /// ```
    #[must_use]
    pub fn with_resamples(mut self, resamples: usize) -> Self {
        self.resamples = resamples;
        self
    }

    /// Sets the method.
    ///
    /// ```
    /// use devops_stats::bootstrap::{BootstrapMethod, BootstrapOptions};
    /// let options = BootstrapOptions::new(1).with_method(BootstrapMethod::Percentile);
    /// assert_eq!(options.method, BootstrapMethod::Percentile);
    /// ```
    #[must_use]
    pub fn with_method(mut self, method: BootstrapMethod) -> Self {
        self.method = method;
        self
    }
}

/// A statistic with its bootstrap interval.
///
/// ```
/// use devops_stats::bootstrap::{BootstrapOptions, bootstrap};
/// let found = bootstrap(&[1.0, 2.0, 3.0], |s| s.iter().sum(), &BootstrapOptions::new(1))?;
/// assert_eq!((found.estimate, found.options.seed), (6.0, 1));
/// assert!(found.low <= 6.0 && 6.0 <= found.high);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BootstrapInterval {
    /// The statistic of the sample itself.
    pub estimate: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// Number of values.
    pub n: usize,
    /// Method, confidence, resamples and seed, so that the result can be computed again.
    pub options: BootstrapOptions,
}

/// A confidence interval for any statistic of independent values, by resampling them.
///
/// The statistic sees resamples of the same length and must answer a finite number. For fewer than about 10
/// values the intervals are too short. Source: Efron (1979); BCa: Efron (1987), acceleration by the
/// jackknife; quantiles of type 6. Costs `resamples` (BCa: and n) evaluations of the statistic.
///
/// # Errors
/// [`StatsError::NotEnoughData`] below 2 values, [`StatsError::NonFinite`] for NaN or infinity in `x` or in
/// the statistic (named `statistic`), [`StatsError::OutOfRange`] for bad options.
///
/// ```
/// use devops_stats::bootstrap::{BootstrapOptions, bootstrap};
/// use devops_stats::quantile::median;
///
/// let hours = [1.0, 1.5, 2.0, 2.2, 3.0, 3.1, 4.0, 5.5, 8.0, 13.0, 20.0];
/// let found = bootstrap(&hours, |s| median(s).unwrap_or(f64::NAN), &BootstrapOptions::new(7))?;
/// assert_eq!(found.estimate, 3.1);
/// assert!(found.low >= 1.5 && found.high <= 13.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn bootstrap(
    x: &[f64],
    mut statistic: impl FnMut(&[f64]) -> f64,
    options: &BootstrapOptions,
) -> Result<BootstrapInterval, StatsError> {
    enough(2, x.len())?;
    open_unit("confidence", options.confidence)?;
    if !(20..=1_000_000).contains(&options.resamples) {
        return Err(StatsError::out_of_range("resamples", options.resamples, "from 20 to 1000000"));
    }
    let x = finite("x", x)?;
    let mut rng = Rng::new(options.seed);
    let estimate = statistic(&x);
    let mut resample = x.clone();
    let mut values = Vec::with_capacity(options.resamples);
    for _ in 0..options.resamples {
        for slot in &mut resample {
            *slot = x[rng.index(x.len())];
        }
        values.push(statistic(&resample));
    }
    finite("statistic", &[estimate])?;
    let values = finite("statistic", &values)?;
    let tail = (1.0 - options.confidence) * 0.5;
    let tails = match options.method {
        BootstrapMethod::Percentile => [tail, 1.0 - tail],
        BootstrapMethod::Bca => bca_tails(&values, estimate, acceleration(&x, &mut statistic)?, tail),
    };
    let limits = quantiles(&values, &tails, QuantileType::Type6)?;
    Ok(BootstrapInterval { estimate, low: limits[0], high: limits[1], n: x.len(), options: *options })
}

/// Which quantiles to read: Φ(z₀ + (z₀ + z)/(1 − a (z₀ + z))).
fn bca_tails(values: &[f64], estimate: f64, a: f64, tail: f64) -> [f64; 2] {
    let count = values.len() as f64;
    let below = values.iter().filter(|v| **v < estimate).count() as f64;
    let equal = values.iter().filter(|v| **v == estimate).count() as f64;
    let share = ((below + 0.5 * equal) / count).clamp(0.5 / count, 1.0 - 0.5 / count);
    let z0 = normal_quantile(share);
    [tail, 1.0 - tail].map(|p| {
        let z = z0 + normal_quantile(p);
        let shrink = 1.0 - a * z;
        // Beyond the pole of the correction the whole tail is taken.
        let moved = if shrink > 1e-3 { z0 + z / shrink } else { z * 1e3 };
        normal_cdf(moved).clamp(0.0, 1.0)
    })
}

/// Skewness of the jackknife values over 6.
fn acceleration(x: &[f64], statistic: &mut impl FnMut(&[f64]) -> f64) -> Result<f64, StatsError> {
    let mut without = x[1..].to_vec();
    let mut values = Vec::with_capacity(x.len());
    for i in 0..x.len() {
        if i > 0 {
            without[i - 1] = x[i - 1];
        }
        values.push(statistic(&without));
    }
    let values = finite("statistic", &values)?;
    let scale = scale_of(&values);
    let scaled: Vec<f64> = values.iter().map(|v| v * scale).collect();
    let center = mean(&scaled);
    let (mut square, mut cube) = (0.0, 0.0);
    for v in scaled {
        let d = center - v;
        square += d * d;
        cube += d * d * d;
    }
    let spread = square * libm::sqrt(square);
    Ok(if spread > 0.0 { cube / (6.0 * spread) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantile::median;
    use crate::rng::Rng;
    use proptest::prelude::*;

    fn average(s: &[f64]) -> f64 {
        s.iter().sum::<f64>() / s.len() as f64
    }

    #[test]
    fn the_mean_of_normal_values_is_covered() {
        let mut rng = Rng::new(1);
        for method in [BootstrapMethod::Percentile, BootstrapMethod::Bca] {
            let covered = (0..200)
                .filter(|&seed| {
                    let x: Vec<f64> = (0..30).map(|_| rng.normal()).collect();
                    let options = BootstrapOptions::new(seed).with_resamples(199).with_method(method);
                    let found = bootstrap(&x, average, &options).unwrap();
                    found.low <= 0.0 && 0.0 <= found.high
                })
                .count();
            assert!((178..=199).contains(&covered), "{covered}");
        }
    }

    #[test]
    fn edges() {
        let options = BootstrapOptions::new(1);
        assert!(bootstrap(&[1.0], average, &options).is_err());
        assert!(bootstrap(&[1.0, 2.0], average, &options.with_resamples(5)).is_err());
        assert!(bootstrap(&[1.0, 2.0], average, &options.with_confidence(0.0)).is_err());
        assert!(bootstrap(&[1.0, 2.0], |_| f64::NAN, &options).is_err());
        let flat = bootstrap(&[3.0; 5], average, &options).unwrap();
        assert_eq!((flat.low, flat.high), (3.0, 3.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn limits_are_ordered_whatever_the_bits(
            bits in proptest::collection::vec(any::<u64>(), 0..20), seed in any::<u64>(),
        ) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).filter(|v| v.is_finite()).collect();
            let options = BootstrapOptions::new(seed).with_resamples(40);
            if let Ok(found) = bootstrap(&x, |s| median(s).unwrap(), &options) {
                prop_assert!(found.low <= found.high);
            }
        }
    }
}
