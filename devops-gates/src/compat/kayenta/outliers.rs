//! What is done to samples before they are compared.

use alloc::vec::Vec;

use super::KayentaError;
use super::statistics::{mean, percentile_r7, variance};

/// The values without NaN.
///
/// ```
/// assert_eq!(devops_gates::compat::kayenta::remove_nan(&[1.0, f64::NAN]), [1.0]);
/// ```
#[must_use]
pub fn remove_nan(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|v| !v.is_nan()).collect()
}

/// The values with 0 for each NaN.
///
/// ```
/// assert_eq!(devops_gates::compat::kayenta::replace_nan(&[1.0, f64::NAN]), [1.0, 0.0]);
/// ```
#[must_use]
pub fn replace_nan(values: &[f64]) -> Vec<f64> {
    values.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect()
}

/// What counts as an outlier.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum OutlierDetector {
    /// Beyond `factor` interquartile ranges from the quartiles.
    Iqr {
        /// How many; the judge takes 3 unless configured.
        factor: f64,
        /// Whether the fences are at least the 1st and 99th percentiles, as in the judge.
        reduce_sensitivity: bool,
    },
    /// Farther from the mean than `k` standard deviations (over n).
    KSigma {
        /// How many.
        k: f64,
    },
}

/// Which values lie beyond `factor` interquartile ranges from the quartiles (type 7). With `reduce_sensitivity`
/// the fences are moved out to the 1st and 99th percentiles where these lie farther.
///
/// # Errors
///
/// A value that is not finite, or a factor that is not above 0.
///
/// ```
/// use devops_gates::compat::kayenta::iqr_outliers;
/// let found = iqr_outliers(&[21.0, 7.0, 8.0, 9.0, 8.0, 100.0, 9.0], 3.0, false)?;
/// assert_eq!(found.iter().filter(|o| **o).count(), 1);
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn iqr_outliers(
    values: &[f64],
    factor: f64,
    reduce_sensitivity: bool,
) -> Result<Vec<bool>, KayentaError> {
    positive("factor", factor)?;
    let at = |p: f64| percentile_r7(values, p);
    let (q1, q3) = (at(25.0)?, at(75.0)?);
    let (mut low, mut high) = (q1 - factor * (q3 - q1), q3 + factor * (q3 - q1));
    if reduce_sensitivity {
        let (p01, p99) = (at(1.0)?, at(99.0)?);
        low = if p01 < low { p01 } else { low };
        high = if p99 > high { p99 } else { high };
    }
    Ok(values.iter().map(|&v| v > high || v < low).collect())
}

/// Which values lie farther from the mean than `k` standard deviations (over n).
///
/// # Errors
///
/// A value that is not finite, or a `k` that is not above 0.
///
/// ```
/// use devops_gates::compat::kayenta::k_sigma_outliers;
/// let mut values = [1.0; 11];
/// values[5] = 20.0;
/// assert_eq!(k_sigma_outliers(&values, 3.0)?.iter().position(|o| *o), Some(5));
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn k_sigma_outliers(values: &[f64], k: f64) -> Result<Vec<bool>, KayentaError> {
    positive("k", k)?;
    // Refuses what is not finite.
    percentile_r7(values, 50.0)?;
    let (center, spread) = (mean(values), libm::sqrt(variance(values, 0.0)));
    Ok(values.iter().map(|v| (v - center).abs() > spread * k).collect())
}

/// The values that are no outliers, in their order.
///
/// # Errors
///
/// As [`iqr_outliers`] and [`k_sigma_outliers`].
///
/// ```
/// use devops_gates::compat::kayenta::{OutlierDetector, remove_outliers};
/// let mut values = [1.0; 11];
/// values[5] = 20.0;
/// assert_eq!(remove_outliers(&values, OutlierDetector::KSigma { k: 3.0 })?, [1.0; 10]);
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn remove_outliers(values: &[f64], detector: OutlierDetector) -> Result<Vec<f64>, KayentaError> {
    let outlier = match detector {
        OutlierDetector::Iqr { factor, reduce_sensitivity } => {
            iqr_outliers(values, factor, reduce_sensitivity)?
        }
        OutlierDetector::KSigma { k } => k_sigma_outliers(values, k)?,
    };
    Ok(values.iter().zip(outlier).filter(|(_, out)| !out).map(|(v, _)| *v).collect())
}

fn positive(argument: &'static str, value: f64) -> Result<(), KayentaError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    let range = "a finite number above 0";
    Err(devops_stats::StatsError::OutOfRange { argument, value: alloc::format!("{value}"), range }.into())
}
