//! Tails of the binomial and Poisson distributions.

use super::beta::{beta_cdf, beta_sf, binomial_density};
use super::double::{Double, two_sum};
use super::gamma::{gamma_cdf, gamma_sf, poisson_density};

#[expect(clippy::cast_precision_loss, reason = "counts above 2^53 are rounded to the nearest double")]
fn real(count: u64) -> f64 {
    count as f64
}

/// Probability of exactly `k` events in `n` trials of probability `p`.
///
/// ```
/// use devops_stats::special::binomial_pmf;
/// assert!((binomial_pmf(1, 2, 0.5) - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn binomial_pmf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if k > n {
        return 0.0;
    }
    if p == 0.0 || p == 1.0 {
        let sure = if p == 0.0 { 0 } else { n };
        return if k == sure { 1.0 } else { 0.0 };
    }
    binomial_density(real(k), real(n.saturating_sub(k)), Double::new(p), two_sum(1.0, -p))
}

/// Probability of at most `k` events in `n` trials of probability `p`.
///
/// ```
/// use devops_stats::special::binomial_cdf;
/// assert!((binomial_cdf(1, 2, 0.5) - 0.75).abs() < 1e-15);
/// ```
#[must_use]
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if k >= n { 1.0 } else { beta_sf(p, real(k) + 1.0, real(n.saturating_sub(k))) }
}

/// Probability of more than `k` events in `n` trials of probability `p`.
///
/// ```
/// use devops_stats::special::binomial_sf;
/// assert!((binomial_sf(1, 2, 0.5) - 0.25).abs() < 1e-15);
/// ```
#[must_use]
pub fn binomial_sf(k: u64, n: u64, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if k >= n { 0.0 } else { beta_cdf(p, real(k) + 1.0, real(n.saturating_sub(k))) }
}

/// Probability of exactly `k` events where `mean` are expected.
///
/// ```
/// use devops_stats::special::poisson_pmf;
/// assert!((poisson_pmf(0, 1.0) - (-1.0_f64).exp()).abs() < 1e-16);
/// ```
#[must_use]
pub fn poisson_pmf(k: u64, mean: f64) -> f64 {
    if !(mean >= 0.0) || mean.is_infinite() {
        return f64::NAN;
    }
    if mean == 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    if k == 0 { libm::exp(-mean) } else { poisson_density(real(k), Double::new(mean)) }
}

/// Probability of at most `k` events where `mean` are expected.
///
/// ```
/// use devops_stats::special::poisson_cdf;
/// assert!((poisson_cdf(0, 1.0) - (-1.0_f64).exp()).abs() < 1e-15);
/// ```
#[must_use]
pub fn poisson_cdf(k: u64, mean: f64) -> f64 {
    gamma_sf(real(k) + 1.0, mean)
}

/// Probability of more than `k` events where `mean` are expected.
///
/// ```
/// use devops_stats::special::poisson_sf;
/// assert!((poisson_sf(0, 1.0) - (1.0 - (-1.0_f64).exp())).abs() < 1e-15);
/// ```
#[must_use]
pub fn poisson_sf(k: u64, mean: f64) -> f64 {
    gamma_cdf(real(k) + 1.0, mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_sum_to_one_with_the_point() {
        for k in 1..20 {
            let total = binomial_cdf(k - 1, 20, 0.3) + binomial_pmf(k, 20, 0.3) + binomial_sf(k, 20, 0.3);
            assert!((total - 1.0).abs() < 1e-14);
            let total = poisson_cdf(k - 1, 4.5) + poisson_pmf(k, 4.5) + poisson_sf(k, 4.5);
            assert!((total - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn sure_events() {
        assert_eq!(binomial_pmf(3, 3, 1.0), 1.0);
        assert_eq!(binomial_pmf(0, 3, 0.0), 1.0);
        assert_eq!(poisson_pmf(0, 0.0), 1.0);
        assert!(binomial_cdf(0, 3, 1.5).is_nan());
    }
}
