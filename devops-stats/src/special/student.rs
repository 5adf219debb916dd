//! Student's t and Fisher's F.

use super::beta::beta_tails;
use super::double::{Double, two_prod, two_sum};
use super::normal::{normal_quantile, normal_sf};
use super::root::{Tails, invert};

/// Degrees of freedom from which Student's t is the normal distribution to the last bit.
const NORMAL_DEGREES: f64 = 1e30;

/// Probability that a Student t variable with this many degrees of freedom is above `t`.
///
/// NaN unless `degrees > 0`; `degrees` need not be whole.
///
/// ```
/// use devops_stats::special::student_t_sf;
/// assert!((student_t_sf(12.706204736174694, 1.0) - 0.025).abs() < 1e-15);
/// ```
#[must_use]
pub fn student_t_sf(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || !(degrees > 0.0) {
        return f64::NAN;
    }
    if t.is_infinite() || degrees > NORMAL_DEGREES {
        return normal_sf(t);
    }
    let half = upper_half(t.abs(), degrees);
    if t < 0.0 { 1.0 - half } else { half }
}

/// The upper tail at `t ≥ 0`: half of I at ν/(ν + t²).
fn upper_half(t: f64, degrees: f64) -> f64 {
    let (x, y) = if t > 1e100 {
        (Double::new(degrees / t / t), Double::new(1.0))
    } else if t < 1e-100 {
        (Double::new(1.0), Double::new(t * (t / degrees)))
    } else {
        let square = two_prod(t, t);
        let sum = square.add(Double::new(degrees));
        (Double::new(degrees).div(sum), square.div(sum))
    };
    0.5 * beta_tails(0.5 * degrees, 0.5, x, y).0
}

/// The `t` that a Student t variable is below with probability `p`.
///
/// NaN outside `0 ≤ p ≤ 1`, `degrees > 0`. Relative error about 10⁻¹³.
///
/// ```
/// use devops_stats::special::student_t_quantile;
/// assert!((student_t_quantile(0.975, 10.0) - 2.228138851986274).abs() < 1e-12);
/// ```
#[must_use]
pub fn student_t_quantile(p: f64, degrees: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || !(degrees > 0.0) {
        return f64::NAN;
    }
    if p == 0.5 {
        return 0.0;
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    if tail == 0.0 || degrees > NORMAL_DEGREES {
        return normal_quantile(p);
    }
    let t = invert(tail, false, start(tail, degrees), (0.0, f64::MAX), |t| {
        let above = upper_half(t, degrees);
        Tails { below: 1.0 - above, above, density: density(t, degrees) }
    });
    if p < 0.5 { -t } else { t }
}

/// A first guess: the expansion of Cornish & Fisher around the normal quantile, or the power law of the tail.
fn start(tail: f64, degrees: f64) -> f64 {
    let z = -normal_quantile(tail);
    let square = z * z;
    if square < degrees {
        return z + z * (square + 1.0) / (4.0 * degrees);
    }
    // The tail is about (√ν/t)^ν · C; far out that alone decides.
    let constant = libm::lgamma(0.5 * (degrees + 1.0)) - libm::lgamma(0.5 * degrees);
    let log = constant - 0.572_364_942_924_700_1 - libm::log(tail);
    libm::sqrt(degrees) * libm::exp((log - libm::log(degrees)) / degrees)
}

/// The density of Student's t, good enough for a step of Newton's method.
fn density(t: f64, degrees: f64) -> f64 {
    if degrees > 1e7 {
        return libm::exp(-0.5 * t * t) * 0.398_942_280_401_432_7;
    }
    let constant = libm::lgamma(0.5 * (degrees + 1.0)) - libm::lgamma(0.5 * degrees);
    let power =
        if t > 1e100 { 2.0 * libm::log(t) - libm::log(degrees) } else { libm::log1p(t * t / degrees) };
    let half_log_pi = 0.572_364_942_924_700_1;
    libm::exp(constant - half_log_pi - 0.5 * libm::log(degrees) - 0.5 * (degrees + 1.0) * power)
}

/// Probability that an F variable with these degrees of freedom is above `f`.
///
/// ```
/// use devops_stats::special::f_sf;
/// assert!((f_sf(1.0, 5.0, 5.0) - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn f_sf(f: f64, degrees1: f64, degrees2: f64) -> f64 {
    if !(f >= 0.0) {
        return f64::NAN;
    }
    let scaled = two_prod(f, degrees1);
    if scaled.hi.is_infinite() {
        return 0.0;
    }
    let sum = two_sum(scaled.hi, degrees2).add(Double::new(scaled.lo));
    let other = Double::new(degrees2);
    beta_tails(0.5 * degrees1, 0.5 * degrees2, scaled.div(sum), other.div(sum)).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_invert_in_every_corner() {
        for degrees in [0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 7.5, 30.0, 1e3, 1e6, 1e9, 1e15] {
            for tail in [0.499, 0.3, 0.1, 0.025, 1e-3, 1e-6, 1e-12, 1e-40, 1e-200] {
                let t = student_t_quantile(tail, degrees);
                if t == f64::MIN || student_t_sf(-t.next_down(), degrees) == 0.0 {
                    continue;
                }
                let found = student_t_sf(-t, degrees);
                assert!((found / tail - 1.0).abs() < 1e-11, "{degrees} {tail}: {t} {found}");
                assert_eq!(student_t_quantile(1.0 - tail, degrees) > 0.0, tail < 1.0);
            }
        }
        assert!((student_t_quantile(0.75, 1.0) - 1.0).abs() < 1e-14);
    }

    #[test]
    fn many_degrees_are_normal() {
        assert!((student_t_sf(2.0, 1e12) - 0.022_750_131_948).abs() < 1e-12);
        assert_eq!(student_t_sf(0.0, 3.0), 0.5);
        assert_eq!(student_t_sf(f64::INFINITY, 3.0), 0.0);
    }

    proptest! {
        #[test]
        fn never_leaves_the_unit_interval(t in any::<f64>(), nu in any::<f64>()) {
            let p = student_t_sf(t, nu);
            prop_assert!(p.is_nan() || (0.0..=1.0).contains(&p), "{t} {nu} {p}");
            prop_assert_eq!(p.is_nan(), t.is_nan() || !(nu > 0.0));
        }
    }
}
