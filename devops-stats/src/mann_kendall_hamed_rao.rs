//! Mann–Kendall with the variance correction of Hamed & Rao (1998), for comparison with other tools.

use crate::StatsError;
use crate::autocorrelation::Deviations;
use crate::detrend::Detrended;
use crate::input::{enough, finite, open_unit};
use crate::mann_kendall::{Score, z_test};
use crate::outcome::{Outcome, Undefined};
use crate::pettitt::doubled_ranks;
use crate::special::normal_quantile;
use crate::tail::NormalTest;
use crate::theil_sen::real;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// At most this many products of values are summed for autocorrelations.
const PRODUCTS_MAX: usize = 4_000_000_000;

/// What a Mann–Kendall test with corrected variance found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CorrectedMannKendall {
    /// Number of values.
    pub n: usize,
    /// Rising pairs less falling pairs.
    pub s: i64,
    /// Kendall's τ-a.
    pub tau: f64,
    /// Variance of `s` for independent values.
    pub var_s_plain: f64,
    /// Corrected variance, which may be negative; undefined where the residuals have no autocorrelation.
    pub var_s: Outcome<f64>,
    /// The Sen slope a period; `None` when it overflows.
    pub slope: Option<f64>,
    /// Normal test with continuity correction; undefined unless the corrected variance is positive.
    pub test: Outcome<NormalTest>,
}

impl CorrectedMannKendall {
    /// From the variance factor.
    pub(crate) fn new(score: &Score, slope: Option<f64>, factor: Outcome<f64>) -> Self {
        let var_s = factor.map(|f| score.variance() * f);
        let test = match var_s {
            Outcome::Defined(v) if score.variance18 > 0 => z_test(score.s, v, Undefined::NoVariance),
            Outcome::Defined(_) => Outcome::Undefined(Undefined::Constant),
            Outcome::Undefined(reason) => Outcome::Undefined(reason),
        };
        Self { n: score.n, s: score.s, tau: score.tau(), var_s_plain: score.variance(), var_s, slope, test }
    }
}

/// The number of lags to use: all of them unless told, refused when the sums would take for ever.
pub(crate) fn lags(n: usize, lags: Option<usize>) -> Result<usize, StatsError> {
    let used = lags.unwrap_or(usize::MAX).min(n.saturating_sub(1));
    if used.saturating_mul(n) > PRODUCTS_MAX {
        let limit = PRODUCTS_MAX.checked_div(n).unwrap_or(0);
        return Err(StatsError::TooMany { argument: "lags", limit, got: used });
    }
    Ok(used)
}

/// The Mann–Kendall test with variance corrected by the significant rank autocorrelations of the detrended
/// series (Hamed & Rao 1998).
///
/// `V* = V [1 + 2/(n(n−1)(n−2)) Σ_k (n−k)(n−k−1)(n−k−2) r_k]` over the lags `k ≤ lags` (`None`: all) whose
/// `|r_k|` exceeds the `1 − alpha/2` normal quantile over `√n`. O(n · lags).
///
/// At 12–52 periods it rejects a true "no trend" in 7–26 % of series at a nominal 5 %, and its variance may come
/// out negative: prefer [`mk_ar1`](crate::mann_kendall_ar1::mk_ar1).
///
/// # Errors
///
/// A value that is not finite, fewer than 3 values, `alpha` outside (0, 1), more than 4·10⁹ products.
///
/// ```
/// use devops_stats::mann_kendall_hamed_rao::mk_hamed_rao;
/// let found = mk_hamed_rao(&[1.0, 3.0, 2.0, 5.0, 4.0, 7.0], 0.05, Some(1))?;
/// assert_eq!(found.s, 11);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mk_hamed_rao(
    x: &[f64],
    alpha: f64,
    max_lags: Option<usize>,
) -> Result<CorrectedMannKendall, StatsError> {
    let x = finite("x", x)?;
    open_unit("alpha", alpha)?;
    enough(3, x.len())?;
    let used = lags(x.len(), max_lags)?;
    let score = Score::of(&x);
    let detrended = Detrended::of(&x);
    let factor = if score.variance18 == 0 {
        Outcome::Undefined(Undefined::Constant)
    } else if detrended.is_line() {
        Outcome::Undefined(Undefined::PerfectFit)
    } else {
        rank_factor(&detrended.residuals, alpha, used)
    };
    Ok(CorrectedMannKendall::new(&score, detrended.own_slope, factor))
}

fn rank_factor(residuals: &[f64], alpha: f64, lags: usize) -> Outcome<f64> {
    let clean: Vec<f64> = residuals.iter().map(|v| v + 0.0).collect();
    let ranks: Vec<f64> = doubled_ranks(&clean).into_iter().map(crate::mann_kendall::real).collect();
    let Some(deviations) = Deviations::of(&ranks) else {
        return Outcome::Undefined(Undefined::PerfectFit);
    };
    let n = real(residuals.len());
    let significant = normal_quantile(1.0 - alpha / 2.0) / libm::sqrt(n);
    let total: f64 = (1..=lags)
        .map(|k| {
            let r = deviations.at(k);
            let left = n - real(k);
            if r.abs() <= significant { 0.0 } else { left * (left - 1.0) * (left - 2.0) * r }
        })
        .sum();
    Outcome::Defined(1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_constants_are_undefined() {
        let line: Vec<f64> = (0..20).map(|i| f64::from(3 * i)).collect();
        assert_eq!(mk_hamed_rao(&line, 0.05, None).unwrap().test.reason(), Some(Undefined::PerfectFit));
        assert_eq!(mk_hamed_rao(&[1.0; 9], 0.05, None).unwrap().test.reason(), Some(Undefined::Constant));
    }

    #[test]
    fn too_much_work_is_refused() {
        let x: Vec<f64> = (0..100_000).map(f64::from).collect();
        assert!(matches!(mk_hamed_rao(&x, 0.05, None), Err(StatsError::TooMany { .. })));
    }
}
