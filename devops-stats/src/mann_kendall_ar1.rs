//! Is there a monotone trend, when one week resembles the next? The default trend test.

use crate::StatsError;
use crate::detrend::Detrended;
use crate::input::{enough, finite, present};
use crate::mann_kendall::{Score, z_test};
use crate::outcome::{Outcome, Undefined};
use crate::tail::NormalTest;
use crate::theil_sen::real;
use serde::{Deserialize, Serialize};

/// What the Mann–Kendall test with AR(1) variance found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MannKendallAr1 {
    /// Number of values used.
    pub n: usize,
    /// Rising pairs less falling pairs.
    pub s: i64,
    /// Kendall's τ-a.
    pub tau: f64,
    /// Variance of `s` for independent values.
    pub var_s_plain: f64,
    /// Variance of `s` under the autocorrelation found.
    pub var_s: f64,
    /// Lag-1 autocorrelation of the detrended series; `None` below 6 values, and when nothing is left but
    /// rounding.
    pub r1: Option<f64>,
    /// AR(1) coefficient used: `r1` corrected for its bias, within 0 and 0.95.
    pub phi: f64,
    /// Variance inflation, `var_s / var_s_plain`; at least 1.
    pub correction: f64,
    /// How many independent values these are worth: `n / correction`.
    pub effective_n: f64,
    /// The Sen slope a period; `None` when it overflows.
    pub slope: Option<f64>,
    /// Normal test with continuity correction; undefined when all values are equal.
    pub test: Outcome<NormalTest>,
}

/// Mann–Kendall test whose variance allows for AR(1) autocorrelation; the default for operational series.
///
/// With `d` the residuals of the Sen slope, `r1 = Σ d_t d_{t−1} / Σ d_t²`,
/// `φ = clip((n r1 + 2)/(n − 4), 0, 0.95)` for `n ≥ 6`, else 0 (bias: Kendall 1954, Marriott & Pope 1954), the
/// variance is multiplied by `1 + 2/(n(n−1)(n−2)) Σ_k (n−k)(n−k−1)(n−k−2) (6/π) asin(φᵏ/2)` (Hamed & Rao
/// 1998, with the rank autocorrelation of a normal AR(1): Kendall & Stuart; Hamed 2009). Never negative.
/// O(n log n).
///
/// # Errors
///
/// A value that is not finite, or fewer than 2 values.
///
/// ```
/// use devops_stats::mann_kendall_ar1::mk_ar1;
///
/// let weeks = [9.0, 8.8, 8.9, 8.0, 7.6, 7.9, 7.1, 6.8, 6.9, 6.0];
/// let found = mk_ar1(&weeks)?;
/// assert!(found.test.defined().unwrap().p < 0.01);
/// assert!(found.effective_n <= 10.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mk_ar1(x: &[f64]) -> Result<MannKendallAr1, StatsError> {
    let x = finite("x", x)?;
    enough(2, x.len())?;
    Ok(test_clean(&x))
}

/// [`mk_ar1`] of the values present in a series with gaps (`None`), as if they followed each other.
///
/// # Errors
///
/// As [`mk_ar1`].
///
/// ```
/// use devops_stats::mann_kendall_ar1::mk_ar1_gaps;
/// assert_eq!(mk_ar1_gaps(&[Some(1.0), None, Some(3.0)])?.n, 2);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mk_ar1_gaps(x: &[Option<f64>]) -> Result<MannKendallAr1, StatsError> {
    let (values, _) = present("x", x)?;
    enough(2, values.len())?;
    Ok(test_clean(&values))
}

fn test_clean(x: &[f64]) -> MannKendallAr1 {
    let score = Score::of(x);
    let n = x.len();
    let detrended = Detrended::of(x);
    let r1 = detrended.r1().filter(|_| n >= 6);
    let phi = match r1 {
        Some(r1) => ((real(n) * r1 + 2.0) / (real(n) - 4.0)).clamp(0.0, 0.95),
        None => 0.0,
    };
    let correction = inflation(n, phi);
    let var_s = score.variance() * correction;
    MannKendallAr1 {
        n,
        s: score.s,
        tau: score.tau(),
        var_s_plain: score.variance(),
        var_s,
        r1,
        phi,
        correction,
        effective_n: real(n) / correction,
        slope: detrended.own_slope,
        test: z_test(score.s, var_s, Undefined::Constant),
    }
}

/// The variance inflation of Kendall's S for `n` values of a normal AR(1) process with coefficient `phi`.
///
/// 1 for `phi` outside (0, 1) or fewer than 3 values.
///
/// ```
/// use devops_stats::mann_kendall_ar1::inflation;
/// assert_eq!(inflation(52, 0.0), 1.0);
/// assert!(inflation(52, 0.5) > 2.0);
/// ```
#[must_use]
pub fn inflation(n: usize, phi: f64) -> f64 {
    if n < 3 || !(phi > 0.0 && phi < 1.0) {
        return 1.0;
    }
    let size = real(n);
    let mut power = 1.0;
    let mut total = 0.0;
    for k in 1..n {
        power *= phi;
        if power < 1e-18 {
            break;
        }
        let left = size - real(k);
        total += left * (left - 1.0) * (left - 2.0) * libm::asin(0.5 * power);
    }
    1.0 + 12.0 * core::f64::consts::FRAC_1_PI * total / (size * (size - 1.0) * (size - 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_autocorrelation() {
        let x: alloc::vec::Vec<f64> = (0..40).map(|i| 0.1 * f64::from(i)).collect();
        let found = mk_ar1(&x).unwrap();
        assert_eq!((found.r1, found.phi, found.correction), (None, 0.0, 1.0));
    }

    #[test]
    fn constant_is_undefined_and_uncorrected() {
        let found = mk_ar1(&[4.2; 12]).unwrap();
        assert_eq!(found.correction, 1.0);
        assert_eq!(found.slope, Some(0.0));
        assert_eq!(found.test.reason(), Some(Undefined::Constant));
    }

    #[test]
    fn short_series_are_uncorrected() {
        assert_eq!(mk_ar1(&[1.0, 5.0, 2.0, 4.0, 3.0]).unwrap().correction, 1.0);
        assert!(mk_ar1(&[1.0]).is_err());
    }
}
