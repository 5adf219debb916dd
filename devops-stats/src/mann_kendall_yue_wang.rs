//! Mann–Kendall with the variance correction of Yue & Wang (2004), for comparison with other tools.

use crate::StatsError;
use crate::detrend::Detrended;
use crate::input::{enough, finite};
use crate::mann_kendall::Score;
use crate::mann_kendall_hamed_rao::{CorrectedMannKendall, lags};
use crate::outcome::{Outcome, Undefined};
use crate::theil_sen::real;

/// The Mann–Kendall test with variance corrected by the autocorrelations of the detrended series (Yue & Wang
/// 2004).
///
/// `V* = V [1 + 2 Σ_{k ≤ lags} (1 − k/n) r_k]`; `None` uses all lags. O(n · lags).
///
/// With all lags the test is broken by construction (biased autocorrelations sum to −1/2): it rejects 39–47 %
/// of white noise at a nominal 5 %. Use one lag, or better [`mk_ar1`](crate::mann_kendall_ar1::mk_ar1).
///
/// # Errors
///
/// A value that is not finite, fewer than 3 values, more than 4·10⁹ products.
///
/// ```
/// use devops_stats::mann_kendall_yue_wang::mk_yue_wang;
/// let found = mk_yue_wang(&[1.0, 3.0, 2.0, 5.0, 4.0, 7.0], Some(1))?;
/// assert!(found.var_s.defined().unwrap() < found.var_s_plain);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mk_yue_wang(x: &[f64], max_lags: Option<usize>) -> Result<CorrectedMannKendall, StatsError> {
    let x = finite("x", x)?;
    enough(3, x.len())?;
    let used = lags(x.len(), max_lags)?;
    let score = Score::of(&x);
    let detrended = Detrended::of(&x);
    let n = real(x.len());
    let factor = if score.variance18 == 0 {
        Outcome::Undefined(Undefined::Constant)
    } else if detrended.is_line() {
        Outcome::Undefined(Undefined::PerfectFit)
    } else {
        match detrended.deviations() {
            None => Outcome::Undefined(Undefined::PerfectFit),
            Some(d) => {
                let total: f64 = (1..=used).map(|k| (1.0 - real(k) / n) * d.at(k)).sum();
                Outcome::Defined(1.0 + 2.0 * total)
            }
        }
    };
    Ok(CorrectedMannKendall::new(&score, detrended.own_slope, factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_constants_are_undefined() {
        let found = mk_yue_wang(&[1.0, 2.0, 3.0, 4.0], None).unwrap();
        assert_eq!(found.test.reason(), Some(Undefined::PerfectFit));
        let found = mk_yue_wang(&[1.0; 4], None).unwrap();
        assert_eq!(found.test.reason(), Some(Undefined::Constant));
        assert!(mk_yue_wang(&[1.0; 2], None).is_err());
    }
}
