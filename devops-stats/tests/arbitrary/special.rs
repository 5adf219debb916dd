//! Distributions: total functions of any number, so the answer may be NaN only where an argument is.

use super::Draw;
use devops_stats::special::{
    beta_cdf, beta_quantile, beta_sf, binomial_cdf, binomial_pmf, binomial_sf, chi_squared_quantile,
    chi_squared_sf, erfc, f_sf, gamma_cdf, gamma_quantile, gamma_sf, ln_gamma, ln_normal_sf, normal_cdf,
    normal_quantile, normal_sf, poisson_cdf, poisson_pmf, poisson_sf, student_t_quantile, student_t_sf,
    two_sided_p,
};
use devops_stats::tail::NormalTest;

/// A probability is NaN or in [0, 1].
#[track_caller]
fn probability(value: f64) {
    assert!(value.is_nan() || (0.0..=1.0).contains(&value), "{value}");
}

pub fn special(draw: &mut Draw<'_>) {
    let (a, b, c) = (draw.any(), draw.any(), draw.any());
    let (p, k, n) = (draw.share(), draw.whole(), draw.whole());
    match draw.byte() % 6 {
        0 => {
            for value in [normal_sf(a), normal_cdf(a), two_sided_p(a), erfc(a.abs())] {
                probability(value);
            }
            let _ = (ln_normal_sf(a), ln_gamma(a), normal_quantile(p));
            assert!(a.is_nan() || NormalTest::from_z(a).ln_p() <= 0.0);
        }
        1 => {
            for value in [gamma_cdf(a, b), gamma_sf(a, b), chi_squared_sf(a, b)] {
                probability(value);
            }
        }
        2 => {
            let _ = (gamma_quantile(p, a), chi_squared_quantile(p, b));
        }
        3 => {
            for value in [beta_cdf(a, b, c), beta_sf(a, b, c), beta_cdf(p, b, c), beta_sf(p, b, c)] {
                probability(value);
            }
            probability(beta_quantile(p, b, c));
        }
        4 => {
            for value in [binomial_pmf(k, n, p), binomial_cdf(k, n, p), binomial_sf(k, n, p)] {
                probability(value);
            }
            for value in [poisson_pmf(k, a), poisson_cdf(k, a), poisson_sf(k, a)] {
                probability(value);
            }
        }
        _ => {
            probability(student_t_sf(a, b));
            probability(f_sf(a, b, c));
            let _ = student_t_quantile(p, b);
        }
    }
}
