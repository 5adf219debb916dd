//! The beta distribution: regularised incomplete beta function and its inverse.

use super::double::{Double, deviance, two_sum};
use super::gamma::stirling_error;
use super::normal::{normal_quantile, scaled_erfc};
use super::root::{Tails, invert};

/// From this smaller shape on, the continued fraction would need too many steps near the mean.
const UNIFORM_SHAPE: f64 = 1e9;

/// Probability that a beta variable is at most `x`: the regularised incomplete beta function.
///
/// NaN unless `a, b > 0` and `0 ≤ x ≤ 1`.
///
/// ```
/// use devops_stats::special::beta_cdf;
/// assert!((beta_cdf(0.25, 1.0, 2.0) - 0.4375).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    beta_tails(a, b, Double::new(x), two_sum(1.0, -x)).0
}

/// Probability that a beta variable is above `x`.
///
/// ```
/// use devops_stats::special::beta_sf;
/// assert!((beta_sf(0.25, 1.0, 2.0) - 0.5625).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_sf(x: f64, a: f64, b: f64) -> f64 {
    beta_tails(a, b, Double::new(x), two_sum(1.0, -x)).1
}

/// `(a + b)! / (a! b!) x^a y^b` for real `a` and `b` (Loader 2000).
pub(super) fn binomial_density(a: f64, b: f64, x: Double, y: Double) -> f64 {
    let n = two_sum(a, b);
    if a == 0.0 {
        return y.ln().scale(b).exp();
    }
    if b == 0.0 {
        return x.ln().scale(a).exp();
    }
    if b < a {
        return binomial_density(b, a, y, x);
    }
    if a < 1e-3 {
        // a! and (a + b)!/b! by their derivatives: the powers are all that matters.
        let ratio = libm::lgamma(n.hi + 1.0) - libm::lgamma(b + 1.0) - libm::lgamma(a + 1.0);
        return y.ln().scale(b).add(x.ln().scale(a)).add(Double::new(ratio)).exp();
    }
    let stirling = stirling_error(n.hi) - stirling_error(a) - stirling_error(b);
    let exponent = Double::new(stirling).sub(deviance(a, n.mul(x))).sub(deviance(b, n.mul(y)));
    let share = n.hi / (b * core::f64::consts::TAU) / a;
    exponent.exp() * libm::sqrt(share)
}

/// Both tails at `x`, where `y = 1 − x` is given as exactly.
pub(super) fn beta_tails(a: f64, b: f64, x: Double, y: Double) -> (f64, f64) {
    let inside = a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite() && x.hi >= 0.0 && y.hi >= 0.0;
    if !inside {
        return (f64::NAN, f64::NAN);
    }
    if x.hi == 0.0 {
        return (0.0, 1.0);
    }
    if y.hi == 0.0 {
        return (1.0, 0.0);
    }
    // a·y − b·x > 0: left of the mean.
    let left = y.scale(a).sub(x.scale(b)).value();
    if left.is_nan() || a.max_of(b) > 1e290 {
        return point_mass(a / 4.0, b / 4.0, x.hi, y.hi);
    }
    let (p, q) = if left >= 0.0 {
        let p = lower_tail(a, b, x, y, left);
        (p, 1.0 - p)
    } else {
        let q = lower_tail(b, a, y, x, -left);
        (1.0 - q, q)
    };
    if p.is_nan() { point_mass(a, b, x.hi, y.hi) } else { (p.clamp(0.0, 1.0), q.clamp(0.0, 1.0)) }
}

/// The larger of two numbers that are not NaN.
trait MaxOf {
    fn max_of(self, other: Self) -> Self;
}

impl MaxOf for f64 {
    fn max_of(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
}

/// Where the exponents overflow, all mass is at the mean.
fn point_mass(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    let (above, below) = (a * y, b * x);
    if above > below {
        (0.0, 1.0)
    } else if above < below {
        (1.0, 0.0)
    } else {
        (0.5, 0.5)
    }
}

/// The lower tail left of the mean; `left = a·y − b·x ≥ 0`.
fn lower_tail(a: f64, b: f64, x: Double, y: Double, left: f64) -> f64 {
    let smaller = if a < b { a } else { b };
    if smaller >= UNIFORM_SHAPE {
        return uniform(a, b, x, y, left);
    }
    let density = binomial_density(a, b, x, y);
    if b * x.hi <= 0.7 && x.hi <= 0.7 {
        return density * power_series(a, b, x.hi) * (b / (a + b));
    }
    density * a * (b / (a + b)) * fraction(a, b, x.hi, left)
}

/// `1 + (a + b) x/(a + 1) + (a + b)(a + b + 1) x²/((a + 1)(a + 2)) + …`, of positive terms.
fn power_series(a: f64, b: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = 0.0;
    for _ in 0..2_000 {
        term *= (a + b + n) / (a + 1.0 + n) * x;
        n += 1.0;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// The continued fraction of Didonato & Morris 1992 (their equation 9), by Lentz's method.
fn fraction(a: f64, b: f64, x: f64, left: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut m = 0.0;
    let mut value = (a * (left + 1.0)) / (a + 1.0);
    value = if value.abs() < TINY { TINY } else { value };
    let mut c = value;
    let mut d = 0.0;
    for _ in 0..200_000 {
        m += 1.0;
        let twice = a + 2.0 * m;
        let ratio = m / (twice - 1.0) * x;
        let numerator = (a + m - 1.0) / (twice - 1.0) * (a + b + m - 1.0) * ratio * ((b - m) * x);
        let denominator = m + ratio * (b - m) + (a + m) * (left + 1.0 + m * (2.0 - x)) / (twice + 1.0);
        d = denominator + numerator * d;
        d = if d.abs() < TINY { TINY } else { d };
        c = denominator + numerator / c;
        c = if c.abs() < TINY { TINY } else { c };
        d = 1.0 / d;
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    1.0 / value
}

/// Leading terms of the uniform expansion for large shapes (Temme 1982); the error is of order
/// `min(a, b)^(−3/2)`.
fn uniform(a: f64, b: f64, x: Double, y: Double, left: f64) -> f64 {
    let n = two_sum(a, b);
    let exponent = deviance(a, n.mul(x)).add(deviance(b, n.mul(y)));
    let half_square = exponent.value();
    let eta = -libm::sqrt(2.0 * (half_square / n.hi));
    let (p, q) = (a / n.hi, b / n.hi);
    let spread = libm::sqrt(p * q);
    let gap = -left / n.hi;
    let correction =
        if eta.abs() < 1e-7 * spread { (1.0 - 2.0 * p) / (3.0 * spread) } else { 1.0 / eta - spread / gap };
    let main = 0.5 * scaled_erfc(libm::sqrt(half_square));
    exponent.neg().exp() * (main + correction / libm::sqrt(core::f64::consts::TAU * n.hi))
}

/// The `x` that a beta variable is below with probability `p`; NaN outside the domain.
///
/// ```
/// use devops_stats::special::beta_quantile;
/// assert!((beta_quantile(0.4375, 1.0, 2.0) - 0.25).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let shapes = a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite();
    if !shapes || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return p;
    }
    // The smaller of x and 1 − x is the one that is solved for.
    if beta_cdf(0.5, a, b) >= p {
        lower_quantile(p, 1.0 - p, a, b)
    } else {
        1.0 - lower_quantile(1.0 - p, p, b, a)
    }
}

/// The quantile at lower probability `p`, upper probability `q`, known to be at most a half.
fn lower_quantile(p: f64, q: f64, a: f64, b: f64) -> f64 {
    let n = a + b;
    let mean = a / n;
    let spread = libm::sqrt(mean * (b / n) / (n + 1.0));
    let mut start = mean + normal_quantile(p) * spread;
    if !(start > 0.1 * mean) {
        start = libm::exp((libm::log(p * a) + libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(n)) / a);
    }
    let lower = p < 0.5;
    invert(if lower { p } else { q }, lower, start, (0.0, 0.5_f64.next_up()), |x| {
        let (exact, rest) = (Double::new(x), two_sum(1.0, -x));
        let (below, above) = beta_tails(a, b, exact, rest);
        let density = binomial_density(a, b, exact, rest) * a * (b / n) / (x * rest.hi);
        Tails { below, above, density }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_million_clean_deploys_and_more() {
        // Jeffreys' upper limit with no failure in 10⁹.
        let high = beta_quantile(0.975, 0.5, 1e9 + 0.5);
        assert!((high / 2.511_943_090e-9 - 1.0).abs() < 1e-6, "{high}");
        assert!((beta_cdf(0.5, 1e15, 1e15) - 0.5).abs() < 1e-12);
        assert!((beta_cdf(0.5, 1e6, 1e6) - 0.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn never_hangs_or_leaves_the_unit_interval(x in 0.0_f64..=1.0, a in any::<f64>(), b in any::<f64>()) {
            let (p, q) = (beta_cdf(x, a, b), beta_sf(x, a, b));
            let inside = a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite();
            prop_assert_eq!(inside, !p.is_nan(), "{} {} {}", x, a, b);
            prop_assert!(p.is_nan() || (0.0..=1.0).contains(&p) && (0.0..=1.0).contains(&q));
        }

        #[test]
        fn quantile_stays_inside(p in 0.0_f64..=1.0, a in any::<f64>(), b in any::<f64>()) {
            let x = beta_quantile(p, a, b);
            prop_assert!(x.is_nan() || (0.0..=1.0).contains(&x), "{p} {a} {b} {x}");
        }

        #[test]
        fn quantile_inverts(p in 1e-9_f64..1.0, a in 0.5_f64..500.0, b in 0.5_f64..5000.0) {
            let x = beta_quantile(p, a, b);
            prop_assert!((beta_cdf(x, a, b) - p).abs() <= 1e-12 * p || (beta_sf(x, a, b) - (1.0 - p)).abs() <= 1e-12 * (1.0 - p));
        }
    }
}
