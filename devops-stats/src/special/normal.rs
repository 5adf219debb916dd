//! The normal distribution, accurate in both tails.

use super::double::{Double, two_prod};
use super::polynomial;

/// 1/√2 to 32 digits.
const FRAC_1_SQRT_2: Double = Double { hi: core::f64::consts::FRAC_1_SQRT_2, lo: -4.833_646_656_726_457e-17 };

/// Complementary error function, `2/√π ∫ₓ^∞ exp(−t²) dt`.
///
/// ```
/// assert_eq!(devops_stats::special::erfc(0.0), 1.0);
/// ```
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Probability that a standard normal variable is above `z`.
///
/// `erfc(z/√2)/2`, with the rounding of `z/√2` put right (it would cost three digits at z = 37).
///
/// ```
/// use devops_stats::special::normal_sf;
/// assert!((normal_sf(1.959963984540054) - 0.025).abs() < 1e-16);
/// assert!(normal_sf(37.0) > 0.0);
/// ```
#[must_use]
pub fn normal_sf(z: f64) -> f64 {
    0.5 * erfc_of_half(z)
}

/// Probability that a standard normal variable is at most `z`.
///
/// ```
/// use devops_stats::special::normal_cdf;
/// assert_eq!(normal_cdf(0.0), 0.5);
/// ```
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// Probability that a standard normal variable is at least as far from 0 as `z`: `erfc(|z|/√2)`.
///
/// ```
/// use devops_stats::special::two_sided_p;
/// assert!((two_sided_p(-1.959963984540054) - 0.05).abs() < 1e-16);
/// ```
#[must_use]
pub fn two_sided_p(z: f64) -> f64 {
    erfc_of_half(z.abs())
}

/// `erfc(z/√2)`.
fn erfc_of_half(z: f64) -> f64 {
    if z.is_nan() || z.abs() > 40.0 {
        return libm::erfc(z);
    }
    let scaled = FRAC_1_SQRT_2.scale(z);
    let (x, rest) = (scaled.hi, scaled.lo);
    // erfc' = −2/√π exp(−x²)
    libm::erfc(x) - rest * core::f64::consts::FRAC_2_SQRT_PI * libm::exp(-x * x)
}

/// Natural logarithm of [`normal_sf`], finite for every finite `z` up to 10¹⁵³.
///
/// ```
/// use devops_stats::special::ln_normal_sf;
/// assert!((ln_normal_sf(100.0) - -5005.524208).abs() < 1e-6);
/// ```
#[must_use]
pub fn ln_normal_sf(z: f64) -> f64 {
    if z < -1.0 {
        libm::log1p(-normal_cdf(z))
    } else if z < 5.0 {
        libm::log(normal_sf(z))
    } else {
        let y = z * core::f64::consts::FRAC_1_SQRT_2;
        -0.5 * z * z + libm::log(0.5 * scaled_erfc(y))
    }
}

/// `exp(y²) erfc(y)` for `y ≥ 0`.
pub(super) fn scaled_erfc(y: f64) -> f64 {
    if y < 25.0 {
        let square = two_prod(y, y);
        let base = libm::erfc(y) * libm::exp(square.hi);
        return base + base * square.lo;
    }
    let w = 0.5 / (y * y);
    0.5 * core::f64::consts::FRAC_2_SQRT_PI / y * polynomial(&[1.0, -1.0, 3.0, -15.0, 105.0, -945.0], w)
}

/// The `z` with `normal_cdf(z) = p`, for `p` in (0, 1); ∓∞ at 0 and 1, NaN outside.
///
/// Wichura 1988 (algorithm AS 241).
///
/// ```
/// use devops_stats::special::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-15);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&CENTRE.0, r) / polynomial(&CENTRE.1, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 {
        polynomial(&MIDDLE.0, r - 1.6) / polynomial(&MIDDLE.1, r - 1.6)
    } else {
        polynomial(&FAR.0, r - 5.0) / polynomial(&FAR.1, r - 5.0)
    };
    if q < 0.0 { -z } else { z }
}

/// Numerator and denominator of a rational approximation.
type Rational = ([f64; 8], [f64; 8]);

const CENTRE: Rational = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
);

const MIDDLE: Rational = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

const FAR: Rational = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tails_at_the_edge_of_range() {
        assert_eq!(normal_sf(f64::INFINITY), 0.0);
        assert_eq!(normal_sf(f64::NEG_INFINITY), 1.0);
        assert!(normal_sf(f64::NAN).is_nan());
        assert!(normal_quantile(f64::from_bits(1)) < -38.0);
        assert!(normal_quantile(1.5).is_nan());
    }

    proptest! {
        #[test]
        fn quantile_inverts(z in -37.0_f64..0.0) {
            let back = normal_quantile(normal_cdf(z));
            prop_assert!((back - z).abs() <= 4e-15 * (1.0 + z.abs()));
        }

        #[test]
        fn logarithm_agrees(z in -8.0_f64..37.0) {
            let direct = libm::log(normal_sf(z));
            prop_assert!((ln_normal_sf(z) - direct).abs() <= 1e-14 * (1e-2 + direct.abs()));
        }
    }
}
