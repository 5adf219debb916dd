//! How sure are we of a rate, and do two rates differ?

use crate::StatsError;
use crate::input::{open_unit, positive};
use crate::minimum_likelihood::{FarTail, far_tail};
use crate::outcome::{Outcome, Undefined};
use crate::special::{beta_quantile, binomial_cdf, binomial_pmf, binomial_sf, gamma_quantile};
use crate::tail::{DirectedP, Interval, at_most_one};
use serde::{Deserialize, Serialize};

/// The exact interval of a rate: `count` events in `exposure` units of time (Garwood 1936).
///
/// `χ²(α/2; 2c)/2T` to `χ²(1 − α/2; 2c + 2)/2T`. O(1).
///
/// # Errors
///
/// `exposure` not finite and positive, a confidence outside (0, 1), or ends too large for a float.
///
/// ```
/// use devops_stats::poisson_rate::garwood;
/// let none = garwood(0, 30.0, 0.95)?; // no incident in 30 days
/// assert_eq!(none.low, 0.0);
/// assert!((none.high - 0.12296).abs() < 1e-5);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn garwood(count: u64, exposure: f64, confidence: f64) -> Result<Interval, StatsError> {
    positive("exposure", exposure)?;
    open_unit("confidence", confidence)?;
    let half = 0.5 * (1.0 - confidence);
    let events = real(count);
    let low = if count == 0 { 0.0 } else { gamma_quantile(half, events) };
    let high = if count == 0 { -libm::log(half) } else { gamma_quantile(1.0 - half, events + 1.0) };
    if (high / exposure).is_infinite() {
        return Err(StatsError::out_of_range("exposure", exposure, "large enough for a finite rate"));
    }
    Ok(Interval::new(low / exposure, high / exposure))
}

/// Two rates compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TwoRates {
    /// First rate over second; undefined as [`Undefined::Separated`] where it is infinite (no event in the
    /// second) and as [`Undefined::OneOutcome`] where there is no event at all.
    pub ratio: Outcome<f64>,
    /// p-values; two-sided: all splits at most as likely as this one. `less`: the first rate is lower.
    pub p: DirectedP,
    /// Lower end of the ratio's interval.
    pub low: f64,
    /// Upper end of the ratio's interval; `None` is infinity.
    pub high: Option<f64>,
}

/// Compares two rates exactly, given the total number of events (Przyborowski & Wilenski 1940).
///
/// Given `c₁ + c₂`, the first count is binomial with `p = T₁/(T₁ + T₂)` when the rates are equal; the interval
/// is that of Clopper & Pearson on the split. O(log count).
///
/// # Errors
///
/// An exposure not finite and positive, a confidence outside (0, 1), counts above 2⁶².
///
/// ```
/// use devops_stats::poisson_rate::two_rates;
/// // 12 incidents in 90 days against 3 in 60.
/// let found = two_rates(12, 90.0, 3, 60.0, 0.95)?;
/// assert!((found.ratio.defined().unwrap() - 8.0 / 3.0).abs() < 1e-15);
/// assert!(found.p.two_sided > 0.1);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn two_rates(
    count1: u64,
    exposure1: f64,
    count2: u64,
    exposure2: f64,
    confidence: f64,
) -> Result<TwoRates, StatsError> {
    positive("exposure1", exposure1)?;
    positive("exposure2", exposure2)?;
    open_unit("confidence", confidence)?;
    for (name, count) in [("count1", count1), ("count2", count2)] {
        if count > 1 << 62 {
            return Err(StatsError::out_of_range(name, count, "at most 2^62"));
        }
    }
    let n = count1.saturating_add(count2);
    let p = if exposure1 <= exposure2 {
        split_p(count1, n, share(exposure1, exposure2))
    } else {
        // The smaller share keeps its digits; that of the larger would be 1 less a rounding error.
        let DirectedP { two_sided, less, greater } = split_p(count2, n, share(exposure2, exposure1));
        DirectedP { two_sided, less: greater, greater: less }
    };
    let half = 0.5 * (1.0 - confidence);
    let scale = exposure2 / exposure1;
    let (a, b) = (real(count1), real(count2));
    let low = if count1 == 0 { 0.0 } else { odds(half, a, b + 1.0) * scale };
    let high = (count2 > 0).then(|| scale / odds(half, b, a + 1.0)).filter(|h| h.is_finite());
    let ratio = match (count1, count2) {
        (0, 0) => Outcome::Undefined(Undefined::OneOutcome),
        (_, 0) => Outcome::Undefined(Undefined::Separated),
        _ => Outcome::finite(a / b * scale),
    };
    let low = if low.is_finite() { low } else { f64::MAX };
    Ok(TwoRates { ratio, p, low, high })
}

fn share(exposure: f64, other: f64) -> f64 {
    1.0 / (1.0 + other / exposure)
}

/// `x/(1 − x)` at the lower quantile of Beta(a, b), both parts to full precision.
fn odds(half: f64, a: f64, b: f64) -> f64 {
    beta_quantile(half, a, b) / beta_quantile(1.0 - half, b, a)
}

/// p-values of `seen` out of `n` at probability `share`.
fn split_p(seen: u64, n: u64, share: f64) -> DirectedP {
    let at_most = |k: u64| binomial_cdf(k, n, share);
    let at_least = |k: u64| if k == 0 { 1.0 } else { binomial_sf(k.saturating_sub(1), n, share) };
    let (less, greater) = (at_most(seen), at_least(seen));
    let mode = mode(n, share);
    let far = match far_tail(seen, mode, (0, n), |k| binomial_pmf(k, n, share)) {
        FarTail::Above(k) => at_least(k),
        FarTail::Below(k) => at_most(k),
        FarTail::None => 0.0,
    };
    let near = if seen <= mode { less } else { greater };
    DirectedP { two_sided: at_most_one(near + far), less, greater }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and n, clamped")]
fn mode(n: u64, share: f64) -> u64 {
    ((real(n) + 1.0) * share).clamp(0.0, 9e18) as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts above 2^53 are rounded")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_events() {
        let found = two_rates(0, 1.0, 0, 2.0, 0.95).unwrap();
        assert_eq!(found.p.two_sided, 1.0);
        assert_eq!((found.low, found.high), (0.0, None));
        assert_eq!(found.ratio.reason(), Some(Undefined::OneOutcome));
        assert!(garwood(1, 0.0, 0.95).is_err());
    }

    #[test]
    fn exposures_of_very_different_sizes() {
        // Exact: (10⁻³/(10⁶ + 10⁻³))² that both events fall into the short one, by rational arithmetic.
        let exact = 9.99999998e-19;
        let p = two_rates(0, 1e6, 2, 1e-3, 0.95).unwrap().p;
        assert!((p.less / exact - 1.0).abs() < 1e-13, "{:e}", p.less);
        assert_eq!(two_rates(2, 1e-3, 0, 1e6, 0.95).unwrap().p.greater, p.less);
    }

    proptest! {
        #[test]
        fn any_input_is_answered(c1 in any::<u64>(), c2 in any::<u64>(), t1 in any::<f64>(), t2 in any::<f64>(), conf in any::<f64>()) {
            if let Ok(found) = two_rates(c1 >> 30, t1, c2 >> 30, t2, conf) {
                prop_assert!((0.0..=1.0).contains(&found.p.two_sided));
            }
            let _ = garwood(c1, t1, conf);
        }

        #[test]
        fn swapping_swaps_tails(c1 in 0_u64..400, c2 in 0_u64..400, t1 in 0.1_f64..100.0, t2 in 0.1_f64..100.0) {
            let (a, b) = (two_rates(c1, t1, c2, t2, 0.95).unwrap(), two_rates(c2, t2, c1, t1, 0.95).unwrap());
            prop_assert!((a.p.less - b.p.greater).abs() < 1e-12);
            prop_assert!((a.p.two_sided - b.p.two_sided).abs() < 1e-10);
        }
    }
}
