//! Special functions: tails and quantiles of the distributions that the methods need.
//!
//! Relative error at most about 10⁻¹³, in the tails too (down to 10⁻²⁹⁰), by extended-precision exponents;
//! every iteration is bounded. These are plain functions from `f64` to `f64`, as those of `libm` are: outside
//! its domain a function answers NaN (which the methods of this crate never do).

mod beta;
mod discrete;
mod double;
mod gamma;
mod normal;
mod root;
mod student;

pub use beta::{beta_cdf, beta_quantile, beta_sf};
pub use discrete::{binomial_cdf, binomial_pmf, binomial_sf, poisson_cdf, poisson_pmf, poisson_sf};
pub use gamma::{chi_squared_quantile, chi_squared_sf, gamma_cdf, gamma_quantile, gamma_sf, ln_gamma};
pub use normal::{erfc, ln_normal_sf, normal_cdf, normal_quantile, normal_sf, two_sided_p};
pub use student::{f_sf, student_t_quantile, student_t_sf};

pub(crate) use double::{Double, two_prod, two_sum};
pub(crate) use gamma::stirling_error;

/// Polynomial with coefficients from the constant term up (Horner).
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}
