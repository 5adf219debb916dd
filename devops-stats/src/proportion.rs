//! How sure are we of a proportion? Intervals for k out of n.

use crate::StatsError;
use crate::input::open_unit;
use crate::special::{beta_quantile, normal_quantile};
use crate::tail::Interval;

/// Wilson's score interval of `k` out of `n` (Wilson 1927). The one to show.
///
/// The roots of `(p̂ − p)² = z² p(1 − p)/n`. O(1).
///
/// # Errors
///
/// `n` is 0, `k > n`, or a confidence outside (0, 1).
///
/// ```
/// use devops_stats::proportion::wilson;
/// let interval = wilson(0, 30, 0.95)?;
/// assert_eq!(interval.low, 0.0);
/// assert!((interval.high - 0.11351).abs() < 1e-5);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn wilson(k: u64, n: u64, confidence: f64) -> Result<Interval, StatsError> {
    let (count, size) = check(k, n, confidence)?;
    let z = critical(confidence);
    Ok(score(count, size, z))
}

/// The score interval for a critical value.
pub(crate) fn score(count: f64, size: f64, z: f64) -> Interval {
    let z2 = z * z;
    let root = z * libm::sqrt(z2 + 4.0 * count * ((size - count) / size));
    let double = 2.0 * (size + z2);
    // The end further from 0 or 1 first; the other one from the product of the roots.
    let high = (2.0 * count + z2 + root) / double;
    let low = if count > 0.0 { (count / size) * (count / (size + z2)) / high } else { 0.0 };
    let rest = size - count;
    let above = (2.0 * rest + z2 + root) / double;
    let high = if rest > 0.0 { 1.0 - (rest / size) * (rest / (size + z2)) / above } else { 1.0 };
    Interval::new(clip(low), clip(high))
}

/// Jeffreys' interval of `k` out of `n`: quantiles of Beta(k + ½, n − k + ½) (Brown, Cai & DasGupta 2001).
///
/// With `modified`, the lower end is 0 at `k = 0` and the upper end 1 at `k = n` (their endpoint fix).
///
/// # Errors
///
/// As [`wilson`].
///
/// ```
/// use devops_stats::proportion::jeffreys;
/// assert!(jeffreys(0, 11, 0.95, false)?.low > 0.0);
/// assert_eq!(jeffreys(0, 11, 0.95, true)?.low, 0.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn jeffreys(k: u64, n: u64, confidence: f64, modified: bool) -> Result<Interval, StatsError> {
    let (count, size) = check(k, n, confidence)?;
    let half = 0.5 * (1.0 - confidence);
    let (a, b) = (count + 0.5, size - count + 0.5);
    let low = if modified && k == 0 { 0.0 } else { beta_quantile(half, a, b) };
    let high = if modified && k == n { 1.0 } else { upper(half, a, b) };
    Ok(Interval::new(low, high))
}

/// The Clopper–Pearson interval of `k` out of `n`, whose coverage is guaranteed (Clopper & Pearson 1934).
///
/// Quantiles of Beta(k, n − k + 1) and Beta(k + 1, n − k) at half the error each, at the ends too.
///
/// # Errors
///
/// As [`wilson`].
///
/// ```
/// use devops_stats::proportion::clopper_pearson;
/// // No failure in 30 deploys still allows 11.6 %.
/// assert!((clopper_pearson(0, 30, 0.95)?.high - 0.11570).abs() < 1e-5);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn clopper_pearson(k: u64, n: u64, confidence: f64) -> Result<Interval, StatsError> {
    let (count, size) = check(k, n, confidence)?;
    let half = 0.5 * (1.0 - confidence);
    let low = if k == 0 { 0.0 } else { beta_quantile(half, count, size - count + 1.0) };
    let high = if k == n { 1.0 } else { upper(half, count + 1.0, size - count) };
    Ok(Interval::new(low, high))
}

/// The interval of Agresti & Coull 1998 of `k` out of `n`: Wald's around `(k + z²/2)/(n + z²)`, cut to 0–1.
///
/// # Errors
///
/// As [`wilson`].
///
/// ```
/// use devops_stats::proportion::agresti_coull;
/// assert!(agresti_coull(2, 20, 0.95)?.contains(0.1));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn agresti_coull(k: u64, n: u64, confidence: f64) -> Result<Interval, StatsError> {
    let (count, size) = check(k, n, confidence)?;
    let z = critical(confidence);
    let size = size + z * z;
    let center = (count + 0.5 * z * z) / size;
    let half = z * libm::sqrt(center * (1.0 - center) / size);
    Ok(Interval::new(clip(center - half), clip(center + half)))
}

/// The point above which a Beta(a, b) variable is with probability `half`.
fn upper(half: f64, a: f64, b: f64) -> f64 {
    1.0 - beta_quantile(half, b, a)
}

/// The normal quantile at `1 − (1 − confidence)/2`.
pub(crate) fn critical(confidence: f64) -> f64 {
    -normal_quantile(0.5 * (1.0 - confidence))
}

fn clip(p: f64) -> f64 {
    p.clamp(0.0, 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts above 2^53 are rounded")]
pub(crate) fn check(k: u64, n: u64, confidence: f64) -> Result<(f64, f64), StatsError> {
    open_unit("confidence", confidence)?;
    if n == 0 {
        return Err(StatsError::NotEnoughData { needed: 1, got: 0 });
    }
    if k > n {
        return Err(StatsError::out_of_range("k", k, "at most n"));
    }
    Ok((k as f64, n as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refusals() {
        assert!(wilson(1, 0, 0.95).is_err());
        assert!(clopper_pearson(3, 2, 0.95).is_err());
        assert!(jeffreys(1, 2, f64::NAN, false).is_err());
    }

    proptest! {
        #[test]
        fn all_contain_the_estimate(n in 1_u64..100_000, share in 0.0_f64..=1.0, confidence in 0.5_f64..0.9999) {
            let k = ((n as f64) * share) as u64;
            let p = k as f64 / n as f64;
            for i in [
                wilson(k, n, confidence).unwrap(),
                jeffreys(k, n, confidence, true).unwrap(),
                clopper_pearson(k, n, confidence).unwrap(),
                agresti_coull(k, n, confidence).unwrap(),
            ] {
                prop_assert!(0.0 <= i.low && i.low <= p + 1e-12 && p <= i.high + 1e-12 && i.high <= 1.0, "{i:?}");
            }
        }

        #[test]
        fn any_count_is_answered(k in any::<u64>(), n in any::<u64>(), confidence in any::<f64>()) {
            if let Ok(i) = jeffreys(k, n, confidence, false) {
                prop_assert!((0.0..=1.0).contains(&i.low) && (0.0..=1.0).contains(&i.high));
            }
        }
    }
}
