//! The gamma distribution and with it χ²: incomplete gamma functions and their inverse.

use super::double::{Double, deviance};
use super::normal::{normal_quantile, scaled_erfc};
use super::polynomial;
use super::root::{Tails, invert};

/// Above this shape, neighbouring numbers are more than 40 standard deviations apart.
const STEP_SHAPE: f64 = 1e37;
/// From this shape on, Temme's expansion is used near the mean.
const UNIFORM_SHAPE: f64 = 1e4;

/// Natural logarithm of the absolute value of the gamma function.
///
/// ```
/// assert!((devops_stats::special::ln_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `ln x! − ((x + ½) ln x − x + ½ ln 2π)` for `x ≥ 0`: the error of Stirling's formula.
pub(crate) fn stirling_error(x: f64) -> f64 {
    const SERIES: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1_260.0,
        -1.0 / 1_680.0,
        1.0 / 1_188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3_617.0 / 122_400.0,
    ];
    let mut at = x;
    let mut extra = 0.0;
    while at < 12.0 {
        extra += (at + 0.5) * libm::log1p(1.0 / at) - 1.0;
        at += 1.0;
    }
    extra + polynomial(&SERIES, 1.0 / (at * at)) / at
}

/// `m^x exp(−m) / Γ(x + 1)`: the Poisson density for real `x` (Loader 2000).
pub(super) fn poisson_density(x: f64, m: Double) -> f64 {
    if x < 1e-3 {
        return libm::exp(x * libm::log(m.value()) - m.value() - ln_gamma_1p(x));
    }
    let exponent = deviance(x, m).add(Double::new(stirling_error(x))).neg();
    exponent.exp() / libm::sqrt(core::f64::consts::TAU * x)
}

/// `ln Γ(1 + x)` without loss for small `x`.
fn ln_gamma_1p(x: f64) -> f64 {
    // ζ(k)/k from k = 2, signs alternate.
    const SERIES: [f64; 7] = [
        -0.577_215_664_901_532_9,
        0.822_467_033_424_113_2,
        -0.400_685_634_386_531_4,
        0.270_580_808_427_784_54,
        -0.207_385_551_028_673_98,
        0.169_557_176_997_408_2,
        -0.144_049_896_768_846_1,
    ];
    if x.abs() < 1e-3 { x * polynomial(&SERIES, x) } else { libm::lgamma(1.0 + x) }
}

/// Probability that a gamma variable of this shape and rate 1 is at most `x`: P(shape, x).
///
/// ```
/// use devops_stats::special::gamma_cdf;
/// assert!((gamma_cdf(1.0, 2.0) - (1.0 - (-2.0_f64).exp())).abs() < 1e-15);
/// ```
#[must_use]
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    gamma_tails(shape, x).0
}

/// Probability that a gamma variable of this shape and rate 1 is above `x`: Q(shape, x).
///
/// ```
/// use devops_stats::special::gamma_sf;
/// assert!((gamma_sf(1.0, 700.0) / (-700.0_f64).exp() - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn gamma_sf(shape: f64, x: f64) -> f64 {
    gamma_tails(shape, x).1
}

/// Probability that a χ² variable is above `x`.
///
/// ```
/// use devops_stats::special::chi_squared_sf;
/// assert!((chi_squared_sf(3.841458820694124, 1.0) - 0.05).abs() < 1e-15);
/// ```
#[must_use]
pub fn chi_squared_sf(x: f64, degrees: f64) -> f64 {
    gamma_sf(0.5 * degrees, 0.5 * x)
}

/// The `x` that a χ² variable is below with probability `p`.
///
/// ```
/// use devops_stats::special::chi_squared_quantile;
/// assert!((chi_squared_quantile(0.95, 1.0) - 3.841458820694124).abs() < 1e-13);
/// ```
#[must_use]
pub fn chi_squared_quantile(p: f64, degrees: f64) -> f64 {
    2.0 * gamma_quantile(p, 0.5 * degrees)
}

/// Both tails: P and Q.
fn gamma_tails(shape: f64, x: f64) -> (f64, f64) {
    let (below, above) = tails(shape, x);
    let inside = shape > 0.0 && x >= 0.0 && shape.is_finite();
    if below.is_nan() && inside {
        // Exponents beyond the range of floats: one tail is all there is.
        return if x < shape { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    (below, above)
}

fn tails(shape: f64, x: f64) -> (f64, f64) {
    if !(shape > 0.0) || !(x >= 0.0) || !shape.is_finite() {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    if shape > STEP_SHAPE {
        let below = if x < shape { 0.0 } else { 1.0 };
        return if x == shape { (0.5, 0.5) } else { (below, 1.0 - below) };
    }
    let ratio = x / shape;
    if shape >= UNIFORM_SHAPE && (0.75..1.35).contains(&ratio) {
        return uniform(shape, x);
    }
    if shape < 1.0 && x < 1.5 {
        return small_shape(shape, x);
    }
    if x < shape + 1.0 {
        let below = poisson_density(shape, Double::new(x)) * lower_series(shape, x);
        (below, 1.0 - below)
    } else {
        let above = shape * poisson_density(shape, Double::new(x)) * upper_fraction(shape, x);
        (1.0 - above, above)
    }
}

/// `1 + x/(a+1) + x²/((a+1)(a+2)) + …`
fn lower_series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut a = shape;
    for _ in 0..20_000 {
        a += 1.0;
        term *= x / a;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// Legendre's continued fraction `1/(x+1−a − 1(1−a)/(x+3−a − …))` by Lentz's method (Thompson & Barnett 1986).
fn upper_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let start = (x - shape) + 1.0;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / start;
    let mut value = d;
    let mut b = start;
    let mut i = 0.0;
    for _ in 0..20_000 {
        i += 1.0;
        let numerator = -i * (i - shape);
        b += 2.0;
        d = numerator * d + b;
        d = if d.abs() < TINY { TINY } else { d };
        c = b + numerator / c;
        c = if c.abs() < TINY { TINY } else { c };
        d = 1.0 / d;
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// Shapes below 1 near zero, where Q is computed without taking a number close to 1 from 1.
fn small_shape(shape: f64, x: f64) -> (f64, f64) {
    let exponent = shape * libm::log(x) - ln_gamma_1p(shape);
    let mut term = shape;
    let mut sum = 0.0;
    let mut n = 0.0;
    for _ in 0..60 {
        n += 1.0;
        term *= -x / n;
        let part = term / (shape + n);
        sum += part;
        if part.abs() <= sum.abs() * 1e-17 {
            break;
        }
    }
    let scale = libm::exp(exponent);
    let above = -libm::expm1(exponent) - scale * sum;
    let below = scale * (1.0 + sum);
    if below < 0.5 { (below, 1.0 - below) } else { (1.0 - above, above) }
}

/// Temme's uniform expansion for large shapes near the mean (Temme 1979).
fn uniform(shape: f64, x: f64) -> (f64, f64) {
    let exponent = deviance(shape, Double::new(x));
    let half_square = exponent.value();
    let eta = libm::sqrt(2.0 * half_square / shape);
    let signed = if x < shape { -eta } else { eta };
    let correction =
        UNIFORM.iter().rev().fold(0.0, |sum, coefficients| sum / shape + polynomial(coefficients, signed));
    let correction = correction / libm::sqrt(core::f64::consts::TAU * shape);
    let main = 0.5 * scaled_erfc(libm::sqrt(half_square));
    let scale = exponent.neg().exp();
    if x < shape {
        let below = scale * (main - correction);
        (below, 1.0 - below)
    } else {
        let above = scale * (main + correction);
        (1.0 - above, above)
    }
}

/// The `x` that a gamma variable of this shape and rate 1 is below with probability `p`.
///
/// NaN outside `0 ≤ p ≤ 1`, `shape > 0`.
///
/// ```
/// use devops_stats::special::gamma_quantile;
/// assert!((gamma_quantile(0.5, 1.0) - 2.0_f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || !(shape > 0.0) || !shape.is_finite() {
        return f64::NAN;
    }
    if p == 0.0 {
        return 0.0;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    if shape > STEP_SHAPE {
        return shape;
    }
    // Wilson & Hilferty 1931, or the leading term near zero.
    let cube = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(p) / (3.0 * libm::sqrt(shape));
    let mut start = shape * cube * cube * cube;
    if !(cube > 0.1) || shape < 0.5 {
        start = libm::exp((libm::log(p) + libm::lgamma(shape + 1.0)) / shape);
    }
    let lower = p < 0.5;
    let target = if lower { p } else { 1.0 - p };
    invert(target, lower, start, (0.0, f64::MAX), |x| {
        let (below, above) = gamma_tails(shape, x);
        Tails { below, above, density: poisson_density(shape, Double::new(x)) * shape / x }
    })
}

/// Taylor coefficients in η of the terms `c₀ … c₄` of Temme's expansion; computed from
/// `c₀ = 1/μ − 1/η`, `c_k = c'_{k−1}/η − c'_{k−1}(0)/μ` with `η²/2 = μ − ln(1 + μ)`, to 80 digits.
const UNIFORM: [&[f64]; 5] = [
    &[
        -1.0 / 3.0,
        1.0 / 12.0,
        -0.014_814_814_814_814_815,
        0.001_157_407_407_407_407_3,
        0.000_352_733_686_067_019_4,
        -0.000_178_755_144_032_921_8,
        3.919_263_178_522_438e-5,
        -2.185_448_510_679_992e-6,
        -1.854_062_210_715_16e-6,
        8.296_711_340_953_086e-7,
        -1.766_595_273_682_608e-7,
        6.707_853_543_401_499e-9,
        1.026_180_978_424_030_9e-8,
        -4.382_036_018_453_353e-9,
        9.147_699_582_236_79e-10,
        -2.551_419_399_494_625e-11,
        -5.830_772_132_550_425e-11,
        2.436_194_802_066_741_6e-11,
    ],
    &[
        -1.0 / 540.0,
        -1.0 / 288.0,
        0.002_645_502_645_502_645_5,
        -0.000_990_226_337_448_559_7,
        0.000_205_761_316_872_427_98,
        -4.018_775_720_164_609e-7,
        -1.809_855_033_448_997_7e-5,
        7.649_160_916_081_11e-6,
        -1.612_090_089_456_344_7e-6,
        4.647_127_802_807_434e-9,
        1.378_633_446_915_721e-7,
        -5.752_545_603_517_705e-8,
        1.195_162_859_977_814_7e-8,
        -1.754_324_171_974_764_8e-11,
    ],
    &[
        0.004_133_597_883_597_883,
        -0.002_681_327_160_493_827,
        0.000_771_604_938_271_604_9,
        2.009_387_860_082_304_4e-6,
        -0.000_107_366_532_263_651_6,
        5.292_344_882_912_013e-5,
        -1.276_063_518_861_872_8e-5,
        3.423_578_734_096_138e-8,
        1.372_195_730_906_293_2e-6,
        -6.298_992_138_380_055e-7,
        1.428_061_420_606_424_2e-7,
        -2.047_709_842_199_086_6e-10,
    ],
    &[
        0.000_649_434_156_378_600_8,
        0.000_229_472_093_621_399_18,
        -0.000_469_189_494_395_255_7,
        0.000_267_720_632_062_838_85,
        -7.561_801_671_883_977e-5,
        -2.396_505_113_867_297e-7,
        1.108_265_411_534_73e-5,
        -5.674_952_826_991_596_6e-6,
        1.423_090_007_324_358_8e-6,
        -2.786_108_029_152_814_2e-11,
    ],
    &[
        -0.000_861_888_290_916_711_7,
        0.000_784_039_221_720_066_6,
        -0.000_299_072_480_303_190_2,
        -1.463_845_257_884_341_8e-6,
        6.641_498_215_465_122e-5,
        -3.968_365_047_179_435e-5,
        1.137_572_697_067_841_9e-5,
        2.507_497_226_237_532_6e-10,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn huge_shapes_answer_at_once() {
        assert!((gamma_cdf(1e15, 1e15) - 0.5).abs() < 1e-7);
        assert_eq!(gamma_cdf(1e300, 1e299), 0.0);
        assert!((gamma_quantile(0.5, 1e12) - (1e12 - 1.0 / 3.0)).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn never_hangs_or_leaves_the_unit_interval(a in any::<f64>(), x in any::<f64>()) {
            let (p, q) = gamma_tails(a, x);
            prop_assert!(p.is_nan() || (0.0..=1.0).contains(&p), "{a} {x} {p}");
            prop_assert!(q.is_nan() || (0.0..=1.0).contains(&q), "{a} {x} {q}");
            let inside = a > 0.0 && x >= 0.0 && a.is_finite();
            prop_assert_eq!(inside, !p.is_nan(), "{} {}", a, x);
        }

        #[test]
        fn quantile_inverts(p in 1e-12_f64..1.0, a in prop::sample::select(&[0.3, 0.5, 1.0, 7.5, 120.0, 2e4, 1e8][..])) {
            let x = gamma_quantile(p, a);
            prop_assert!((gamma_cdf(a, x) - p).abs() <= 3e-13 * p * (1.0 + a.sqrt() * 0.1), "{} {}", p, a);
        }

        #[test]
        fn quantile_ends(p in 0.0_f64..1.0, a in any::<f64>()) {
            let x = gamma_quantile(p, a);
            prop_assert_eq!(x.is_nan(), !(a > 0.0 && a.is_finite()));
        }
    }
}
