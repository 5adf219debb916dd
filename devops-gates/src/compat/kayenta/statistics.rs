//! Means, quantiles and effect sizes as Kayenta computes them.

use devops_stats::mann_whitney::mann_whitney;
use devops_stats::quantile::{QuantileType, quantile};

use super::KayentaError;

/// Mean as Apache Commons Math has it: the sum over n, then corrected by the mean of what is left over.
pub(super) fn mean(values: &[f64]) -> f64 {
    let n = real(values.len());
    let first = values.iter().sum::<f64>() / n;
    first + values.iter().map(|v| v - first).sum::<f64>() / n
}

/// Variance by the corrected two-pass formula, over `n − divisor_less`.
pub(super) fn variance(values: &[f64], divisor_less: f64) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let n = real(values.len());
    let center = mean(values);
    let (squares, rest) = values.iter().map(|v| v - center).fold((0.0, 0.0), |(s, r), d| (s + d * d, r + d));
    (squares - rest * rest / n) / (n - divisor_less)
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

/// What Kayenta reports of a sample. All zero for an empty one.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "what the original reports")]
pub struct Summary {
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// The standard deviation over n − 1; 0 for one value.
    pub std: f64,
    /// How many values.
    pub count: usize,
}

/// Smallest and largest value, mean, standard deviation and count of a sample.
///
/// ```
/// use devops_gates::compat::kayenta::summary;
/// let found = summary(&[10.0, 20.0, 30.0, 40.0]);
/// assert_eq!((found.min, found.max, found.mean, found.count), (10.0, 40.0, 25.0, 4));
/// assert!((found.std - 12.909944487).abs() < 1e-9);
/// assert_eq!(summary(&[]).mean, 0.0);
/// ```
#[must_use]
pub fn summary(values: &[f64]) -> Summary {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
        return Summary { min: 0.0, max: 0.0, mean: 0.0, std: 0.0, count: 0 };
    };
    Summary { min, max, mean: mean(values), std: libm::sqrt(variance(values, 1.0)), count: values.len() }
}

/// The percentile at `p` (0 to 100) with linear interpolation (type 7 of Hyndman & Fan 1996); 0 for an empty
/// sample, as Kayenta has it.
///
/// # Errors
///
/// A value that is not finite, or `p` outside 0 to 100.
///
/// ```
/// use devops_gates::compat::kayenta::percentile_r7;
/// assert_eq!(percentile_r7(&[0.0, 1.0, 2.0, 3.0], 50.0)?, 1.5);
/// assert!(percentile_r7(&[0.0], 101.0).is_err());
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn percentile_r7(values: &[f64], p: f64) -> Result<f64, KayentaError> {
    if values.is_empty() {
        return Ok(0.0);
    }
    Ok(quantile(values, p / 100.0, QuantileType::Type7)?)
}

/// The ratio of the means, experiment over control; `None` (NaN in Kayenta) where either is 0, a sample is empty,
/// or the ratio is no finite number.
///
/// ```
/// use devops_gates::compat::kayenta::mean_ratio;
/// assert_eq!(mean_ratio(&[3.0, 5.0], &[2.0, 2.0]), Some(2.0));
/// assert_eq!(mean_ratio(&[3.0, 5.0], &[0.0]), None);
/// ```
#[must_use]
pub fn mean_ratio(experiment: &[f64], control: &[f64]) -> Option<f64> {
    if experiment.is_empty() || control.is_empty() {
        return None;
    }
    let (above, below) = (mean(experiment), mean(control));
    let ratio = above / below;
    (above != 0.0 && below != 0.0 && ratio.is_finite()).then_some(ratio)
}

/// The common-language effect size: the share of pairs in which the experiment is larger, ties counting half
/// (Vargha & Delaney 2000).
///
/// # Errors
///
/// A value that is not finite, or an empty sample.
///
/// ```
/// use devops_gates::compat::kayenta::cles;
/// assert_eq!(cles(&[1.0, 2.0], &[1.0, 0.0])?, 0.875);
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn cles(experiment: &[f64], control: &[f64]) -> Result<f64, KayentaError> {
    Ok(mann_whitney(experiment, control)?.superiority)
}

/// The distance of the means in pooled standard deviations, without sign (Cohen 1969); `None` where the spread is
/// zero or there are fewer than three values in both samples.
///
/// ```
/// use devops_gates::compat::kayenta::cohens_d;
/// assert_eq!(cohens_d(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]), Some(1.0));
/// assert_eq!(cohens_d(&[1.0, 1.0], &[2.0, 2.0]), None);
/// ```
#[must_use]
pub fn cohens_d(experiment: &[f64], control: &[f64]) -> Option<f64> {
    let (x, y) = (summary(experiment), summary(control));
    let (n, m) = (real(x.count), real(y.count));
    let pooled = ((n - 1.0) * x.std * x.std + (m - 1.0) * y.std * y.std) / (n + m - 2.0);
    let d = (x.mean - y.mean).abs() / libm::sqrt(pooled);
    d.is_finite().then_some(d)
}

/// The value below which a standard normal lies with probability `p`; ∓∞ at 0 and 1, NaN outside.
///
/// ```
/// use devops_gates::compat::kayenta::normal_quantile;
/// assert!((normal_quantile(0.01) - -2.3263478740408408).abs() < 1e-14);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    devops_stats::special::normal_quantile(p)
}
