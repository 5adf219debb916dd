//! What could this much data have shown? The smallest slope that a trend test would have found.

use crate::StatsError;
use crate::input::{enough, finite_one, open_unit, positive};
use crate::mann_kendall_ar1::inflation;
use crate::special::{normal_cdf, normal_quantile};
use crate::theil_sen::real;
use alloc::vec::Vec;

/// The most values taken.
const LIMIT: usize = 1 << 20;
/// Newton steps at most; five or six do.
const STEPS: usize = 60;
/// So many standard deviations apart, one value is above the other but for 1e-17.
const SURE: f64 = 8.5;
const SQRT_TAU: f64 = 2.506_628_274_631_000_5;

/// The smallest slope a period that a two-sided Mann–Kendall test of `n` values would find with probability
/// `power`, when values scatter normally around the line with standard deviation `sigma` and AR(1)
/// coefficient `phi`.
///
/// Under a slope `b`, two values `k` periods apart rise with probability `Φ(bk/(σ√(2(1 − φᵏ))))`, so that
/// `E S = Σ_k (n − k)(2Φ − 1)`; the slope is that at which
/// `E S = (z_{1−α/2} + z_power) √V*`, with `V*` the variance under no trend inflated for `phi` as in
/// [`mk_ar1`](crate::mann_kendall_ar1::mk_ar1) (normal approximation, Kendall 1975; Wang et al. 2020). Solved by
/// Newton's method, O(n) a step. A rough answer, within about a tenth for `n ≥ 12`.
///
/// # Errors
///
/// Fewer than 5 values (no slope is ever significant at 5 %) or more than 2²⁰, `sigma` not finite and positive, `phi` outside
/// 0–0.95, `alpha` or `power` outside (0, 1), or a smallest S that even a perfect order cannot reach.
///
/// ```
/// use devops_stats::trend_power::smallest_slope;
/// // 26 weeks with a scatter of 2 hours.
/// let hours_a_week = smallest_slope(26, 2.0, 0.0, 0.05, 0.8)?;
/// assert!(hours_a_week > 0.12 && hours_a_week < 0.18);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn smallest_slope(n: usize, sigma: f64, phi: f64, alpha: f64, power: f64) -> Result<f64, StatsError> {
    enough(5, n)?;
    if n > LIMIT {
        return Err(StatsError::TooMany { argument: "n", limit: LIMIT, got: n });
    }
    positive("sigma", sigma)?;
    finite_one("phi", phi)?;
    open_unit("alpha", alpha)?;
    open_unit("power", power)?;
    if !(0.0..=0.95).contains(&phi) {
        return Err(StatsError::out_of_range("phi", phi, "in [0, 0.95]"));
    }
    let size = real(n);
    let variance = size * (size - 1.0) * (2.0 * size + 5.0) / 18.0 * inflation(n, phi);
    let wanted = (normal_quantile(1.0 - alpha / 2.0) + normal_quantile(power)) * libm::sqrt(variance) + 1.0;
    if wanted <= 1.0 {
        return Ok(0.0);
    }
    if wanted >= size * (size - 1.0) / 2.0 {
        return Err(StatsError::out_of_range("power", power, "lower, or more values: no slope reaches it"));
    }
    // In units of sigma. The expectation is concave in the slope, so Newton's method climbs from below.
    let distances = distances(n, phi);
    let mut slope = 0.0;
    for _ in 0..STEPS {
        let (expected, steepness) = expected(&distances, slope);
        let step = (wanted - expected) / steepness;
        if !(step.is_finite() && slope < 1e9) {
            break;
        }
        slope += step;
        if step <= 1e-12 * slope {
            break;
        }
    }
    Ok(slope * sigma)
}

/// The pairs `k` periods apart: how many, and their distance in standard deviations for a slope of 1.
fn distances(n: usize, phi: f64) -> Vec<(f64, f64)> {
    let mut power = 1.0;
    (1..n)
        .map(|k| {
            power *= phi;
            (real(n.saturating_sub(k)), real(k) / libm::sqrt(2.0 * (1.0 - power)))
        })
        .collect()
}

/// Expected S at a slope in standard deviations a period, and its derivative.
fn expected(distances: &[(f64, f64)], slope: f64) -> (f64, f64) {
    distances.iter().fold((0.0, 0.0), |(value, steepness), (pairs, distance)| {
        let z = slope * distance;
        if z > SURE {
            return (value + pairs, steepness);
        }
        let density = libm::exp(-0.5 * z * z) * 2.0 / SQRT_TAU;
        (value + pairs * (1.0 - 2.0 * normal_cdf(-z)), steepness + pairs * distance * density)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mann_kendall_ar1::mk_ar1;

    #[test]
    fn refusals() {
        assert!(smallest_slope(4, 1.0, 0.0, 0.05, 0.8).is_err());
        assert!(smallest_slope(20, 0.0, 0.0, 0.05, 0.8).is_err());
        assert!(smallest_slope(20, 1.0, 1.0, 0.05, 0.8).is_err());
        assert!(smallest_slope(5, 1.0, 0.0, 1e-9, 0.999).is_err());
        assert!(smallest_slope(usize::MAX, 1.0, 0.0, 0.05, 0.8).is_err());
    }

    #[test]
    fn at_the_slope_found_s_is_expected_to_be_as_wanted() {
        for (n, phi) in [(5, 0.0), (12, 0.3), (52, 0.6), (400, 0.95)] {
            let Ok(slope) = smallest_slope(n, 1.0, phi, 0.05, 0.7) else { continue };
            let variance = real(n) * (real(n) - 1.0) * (2.0 * real(n) + 5.0) / 18.0 * inflation(n, phi);
            let wanted = (normal_quantile(0.975) + normal_quantile(0.7)) * libm::sqrt(variance) + 1.0;
            let found = expected(&distances(n, phi), slope).0;
            assert!((found - wanted).abs() < 1e-9 * wanted, "{n} {phi}: {found} {wanted}");
        }
    }

    #[test]
    fn more_data_shows_smaller_slopes_and_memory_hides_them() {
        let at = |n, phi| smallest_slope(n, 1.0, phi, 0.05, 0.8).unwrap();
        assert!(at(52, 0.0) < at(26, 0.0));
        assert!(at(52, 0.5) > at(52, 0.0));
    }

    #[test]
    fn the_slope_is_found_about_as_often_as_said() {
        let mut rng = crate::rng::Rng::new(11);
        let slope = smallest_slope(30, 1.0, 0.0, 0.05, 0.8).unwrap();
        let mut hits = 0;
        for _ in 0..1_000 {
            let x: Vec<f64> = (0..30)
                .map(|t| slope * f64::from(t) + normal_quantile(rng.next_f64().clamp(1e-12, 1.0 - 1e-12)))
                .collect();
            hits += u32::from(mk_ar1(&x).unwrap().test.defined().unwrap().p < 0.05);
        }
        // AR(1) correction costs a little power.
        assert!((600..=880).contains(&hits), "{hits}");
    }
}
