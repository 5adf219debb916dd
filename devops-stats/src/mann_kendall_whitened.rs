//! Mann–Kendall after pre-whitening, for comparison with other tools.

use crate::StatsError;
use crate::autocorrelation::Deviations;
use crate::detrend::Detrended;
use crate::input::{enough, finite};
use crate::mann_kendall::test_clean;
use crate::outcome::{Outcome, Undefined};
use crate::tail::NormalTest;
use crate::theil_sen::real;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a Mann–Kendall test on a whitened series found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WhitenedMannKendall {
    /// Number of values of the original series; the statistic is that of `n − 1` whitened ones.
    pub n: usize,
    /// The lag-1 autocorrelation taken out; `None` when there is none to speak of.
    pub r1: Option<f64>,
    /// Rising pairs less falling pairs of the whitened series.
    pub s: i64,
    /// Kendall's τ-a of the whitened series.
    pub tau: f64,
    /// Variance of `s`.
    pub var_s: f64,
    /// The Sen slope a period of the original series; `None` when it overflows.
    pub slope: Option<f64>,
    /// Normal test with continuity correction.
    pub test: Outcome<NormalTest>,
}

/// The Mann–Kendall test of `x_{t+1} − r₁ x_t` (von Storch 1995).
///
/// Keeps its level but loses most of its power when there is a trend: for comparison only. O(n log n).
/// Undefined when all values are equal.
///
/// # Errors
///
/// A value that is not finite, or fewer than 3 values.
///
/// ```
/// use devops_stats::mann_kendall_whitened::mk_prewhitening;
/// let found = mk_prewhitening(&[1.0, 3.0, 2.0, 5.0, 4.0, 7.0])?;
/// assert_eq!(found.n, 6);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mk_prewhitening(x: &[f64]) -> Result<WhitenedMannKendall, StatsError> {
    let x = finite("x", x)?;
    enough(3, x.len())?;
    let detrended = Detrended::of(&x);
    let Some(deviations) = Deviations::of(&detrended.scaled) else {
        return Ok(nothing(&x, &detrended, Undefined::Constant));
    };
    let r1 = deviations.at(1);
    let white = differences(&detrended.scaled, r1);
    Ok(tested(&x, &detrended, r1, &white))
}

/// The Mann–Kendall test with trend-free pre-whitening (Yue, Pilon, Phinney & Cavadias 2002).
///
/// The Sen slope is taken out, the residuals are whitened by their lag-1 autocorrelation, the slope is put back.
/// As liberal as the plain test under autocorrelation: for comparison only. O(n log n). Undefined when all
/// values are equal or lie on a line.
///
/// # Errors
///
/// A value that is not finite, or fewer than 3 values.
///
/// ```
/// use devops_stats::mann_kendall_whitened::mk_tfpw;
/// let found = mk_tfpw(&[1.0, 3.0, 2.0, 5.0, 4.0, 7.0])?;
/// assert_eq!(found.n, 6);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mk_tfpw(x: &[f64]) -> Result<WhitenedMannKendall, StatsError> {
    let x = finite("x", x)?;
    enough(3, x.len())?;
    let detrended = Detrended::of(&x);
    if Deviations::of(&detrended.scaled).is_none() {
        return Ok(nothing(&x, &detrended, Undefined::Constant));
    }
    let Some(r1) = detrended.r1() else {
        return Ok(nothing(&x, &detrended, Undefined::PerfectFit));
    };
    let white: Vec<f64> = differences(&detrended.residuals, r1)
        .iter()
        .enumerate()
        .map(|(i, v)| v + real(i.saturating_add(1)) * detrended.slope)
        .collect();
    Ok(tested(&x, &detrended, r1, &white))
}

/// `x_{t+1} − r x_t`
fn differences(x: &[f64], r: f64) -> Vec<f64> {
    x.iter().zip(x.iter().skip(1)).map(|(a, b)| b - a * r).collect()
}

fn tested(x: &[f64], detrended: &Detrended, r1: f64, white: &[f64]) -> WhitenedMannKendall {
    let clean: Vec<f64> = white.iter().map(|v| v + 0.0).collect();
    let found = test_clean(&clean);
    WhitenedMannKendall {
        n: x.len(),
        r1: Some(r1),
        s: found.s,
        tau: found.tau,
        var_s: found.var_s,
        slope: detrended.own_slope,
        test: found.test,
    }
}

fn nothing(x: &[f64], detrended: &Detrended, reason: Undefined) -> WhitenedMannKendall {
    WhitenedMannKendall {
        n: x.len(),
        r1: None,
        s: 0,
        tau: 0.0,
        var_s: 0.0,
        slope: detrended.own_slope,
        test: Outcome::Undefined(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_constants_are_undefined() {
        assert_eq!(mk_tfpw(&[1.0, 2.0, 3.0, 4.0]).unwrap().test.reason(), Some(Undefined::PerfectFit));
        assert_eq!(mk_tfpw(&[1.0; 4]).unwrap().test.reason(), Some(Undefined::Constant));
        assert_eq!(mk_prewhitening(&[1.0; 4]).unwrap().test.reason(), Some(Undefined::Constant));
        assert!(mk_prewhitening(&[1.0; 2]).is_err());
    }
}
