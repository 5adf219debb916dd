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

/// `w/3 + w²/5 + w³/7 + …` for `w = v²`, `|v| ≤ 0.2`: what follows the first term of `artanh(v)/v`.
fn odd_tail(w: Double) -> Double {
    let mut sum = Double::new(0.0);
    let mut k = 47.0;
    while k > 2.0 {
        sum = sum.mul(w).add(Double::new(1.0).div(Double::new(k)));
        k -= 2.0;
    }
    sum.mul(w)
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
