//! Numbers of about 32 digits as sums of two `f64`, for exponents that are exponentiated.
//!
//! Error-free sums and products: Knuth 1969, Dekker 1971. An error of one unit in the last place of an
//! exponent of 700 is 10⁻¹³ of the result; these keep tail probabilities good to the last few bits.

/// An unevaluated sum `hi + lo` with `|lo| ≤ ulp(hi)/2`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Double {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// `a + b` without error, for any order of magnitudes.
pub(crate) fn two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    let bb = hi - a;
    Double { hi, lo: (a - (hi - bb)) + (b - bb) }
}

/// `a + b` without error, for `|a| ≥ |b|`.
fn quick_two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    Double { hi, lo: b - (hi - a) }
}

/// `a · b` without error (no over- or underflow).
pub(crate) fn two_prod(a: f64, b: f64) -> Double {
    let hi = a * b;
    Double { hi, lo: libm::fma(a, b, -hi) }
}

/// ln 2 to 32 digits.
const LN_2: Double = Double { hi: core::f64::consts::LN_2, lo: 2.319_046_813_846_299_6e-17 };

impl Double {
    pub(crate) fn new(value: f64) -> Self {
        Self { hi: value, lo: 0.0 }
    }

    pub(crate) fn value(self) -> f64 {
        self.hi + self.lo
    }

    pub(crate) fn neg(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }

    pub(crate) fn add(self, other: Self) -> Self {
        let s = two_sum(self.hi, other.hi);
        let t = two_sum(self.lo, other.lo);
        let s = quick_two_sum(s.hi, s.lo + t.hi);
        quick_two_sum(s.hi, s.lo + t.lo)
    }

    pub(crate) fn sub(self, other: Self) -> Self {
        self.add(other.neg())
    }

    pub(crate) fn mul(self, other: Self) -> Self {
        let p = two_prod(self.hi, other.hi);
        quick_two_sum(p.hi, p.lo + (self.hi * other.lo + self.lo * other.hi))
    }

    pub(crate) fn scale(self, factor: f64) -> Self {
        let p = two_prod(self.hi, factor);
        quick_two_sum(p.hi, p.lo + self.lo * factor)
    }

    pub(crate) fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        let rest = self.sub(other.scale(first));
        let second = rest.hi / other.hi;
        let rest = rest.sub(other.scale(second));
        let third = rest.hi / other.hi;
        quick_two_sum(first, second).add(Self::new(third))
    }

    /// Natural logarithm of a positive number, by `2 artanh((m − 1)/(m + 1))` after taking out powers of two.
    pub(crate) fn ln(self) -> Self {
        let (mut mantissa, mut exponent) = libm::frexp(self.hi);
        if mantissa < core::f64::consts::FRAC_1_SQRT_2 {
            mantissa *= 2.0;
            exponent = exponent.saturating_sub(1);
        }
        let shift = exponent.saturating_neg();
        let m = Self { hi: mantissa, lo: libm::ldexp(self.lo, shift) };
        let one = Self::new(1.0);
        let v = m.sub(one).div(m.add(one));
        let tail = v.mul(odd_tail(v.mul(v))).scale(2.0);
        LN_2.scale(f64::from(exponent)).add(v.scale(2.0)).add(tail)
    }

    /// `exp(self)` rounded to one `f64`.
    pub(crate) fn exp(self) -> f64 {
        if self.hi < -800.0 {
            return 0.0;
        }
        let base = libm::exp(self.hi);
        base + base * self.lo
    }
}

/// 1/3, 1/5, … 1/47, each as its `f64` and what that lacks.
const ODD_RECIPROCALS: [(f64, f64); 23] = [
    (0.333_333_333_333_333_3, 1.850_371_707_708_594e-17),
    (0.2, -1.110_223_024_625_156_6e-17),
    (0.142_857_142_857_142_85, 7.930_164_461_608_26e-18),
    (0.111_111_111_111_111_1, 6.167_905_692_361_980_4e-18),
    (0.090_909_090_909_090_91, -2.523_234_146_875_356e-18),
    (0.076_923_076_923_076_93, -4.270_088_556_250_602e-18),
    (0.066_666_666_666_666_67, 9.251_858_538_542_971e-19),
    (0.058_823_529_411_764_705, 8.163_404_592_832_033e-19),
    (0.052_631_578_947_368_42, 2.921_639_538_487_254e-18),
    (0.047_619_047_619_047_616, 2.643_388_153_869_42e-18),
    (0.043_478_260_869_565_216, 1.206_764_157_201_257e-18),
    (0.04, -8.326_672_684_688_674e-19),
    (0.037_037_037_037_037_035, 2.055_968_564_120_66e-18),
    (0.034_482_758_620_689_655, 4.785_444_071_660_157e-19),
    (0.032_258_064_516_129_03, 8.953_411_488_912_552e-19),
    (0.030_303_030_303_030_304, -8.410_780_489_584_519e-19),
    (0.028_571_428_571_428_57, 8.921_435_019_309_293e-19),
    (0.027_027_027_027_027_03, -1.500_301_384_628_59e-18),
    (0.025_641_025_641_025_64, 8.896_017_825_522_087e-19),
    (0.024_390_243_902_439_025, -8.462_065_736_472_23e-19),
    (0.023_255_813_953_488_372, 3.227_392_513_445_222_5e-19),
    (0.022_222_222_222_222_223, -8.480_870_326_997_723e-19),
    (0.021_276_595_744_680_85, 5.167_261_417_803_255e-19),
];

/// `w/3 + w²/5 + w³/7 + …` for `w = v²`, `|v| ≤ 0.2`: what follows the first term of `artanh(v)/v`.
fn odd_tail(w: Double) -> Double {
    // Terms that a smaller w needs: those above 2⁻¹¹⁰ of the first.
    let digits = libm::ilogb(w.hi).clamp(-110, -4).unsigned_abs() as usize;
    let terms = 110_usize.div_ceil(digits).saturating_add(1);
    let needed = ODD_RECIPROCALS.iter().take(terms).rev();
    needed.fold(Double::new(0.0), |sum, &(hi, lo)| sum.mul(w).add(Double { hi, lo })).mul(w)
}

/// `x ln(x/m) + m − x`, the deviance part of Poisson and binomial densities (Loader 2000), for `x, m > 0`.
///
/// Near `x = m` by the series in `v = (m − x)/(m + x)`, so that the relative error stays at 10⁻³⁰.
pub(crate) fn deviance(x: f64, m: Double) -> Double {
    let exact = Double::new(x);
    let v = m.sub(exact).div(m.add(exact));
    if v.hi.abs() < 0.2 {
        // x/m − ln: 2v²/(1 − v) − 2v·(v²/3 + v⁴/5 + …)
        let w = v.mul(v);
        let first = w.div(Double::new(1.0).sub(v));
        return first.sub(v.mul(odd_tail(w))).scale(2.0).scale(x);
    }
    let log = exact.div(m).ln().scale(x);
    log.add(m.sub(exact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_of_ten_has_thirty_digits() {
        let ln10 = Double::new(10.0).ln();
        assert_eq!(ln10.hi, core::f64::consts::LN_10);
        // ln 10 = 2.302585092994045684017991454684364207601101488628772976...
        assert!((ln10.lo - -2.170_756_223_382_249_4e-16).abs() < 1e-31);
    }

    #[test]
    fn deviance_is_zero_only_at_its_mean() {
        assert_eq!(deviance(3.0, Double::new(3.0)).value(), 0.0);
        assert!(deviance(3.0, Double::new(3.0 + 1e-15)).value() > 0.0);
    }
}
