//! Sums that keep their digits, and the scaling that keeps squares finite.
#![expect(clippy::arithmetic_side_effects, reason = "floating point sums; exponents are clamped")]

use crate::StatsError;

/// Neumaier's (1974) compensated sum.
pub(crate) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for v in values {
        let next = total + v;
        lost += if libm::fabs(total) >= libm::fabs(v) { (total - next) + v } else { (v - next) + total };
        total = next;
    }
    total + lost
}

/// Arithmetic mean of scaled values (see [`scale_of`]); 0 when there is none.
pub(crate) fn mean(x: &[f64]) -> f64 {
    if x.is_empty() {
        return 0.0;
    }
    // Around the first value, so that equal values have exactly that mean.
    let first = x.first().copied().unwrap_or(0.0);
    first + sum(x.iter().map(|v| v - first)) / x.len() as f64
}

/// Sum of squared deviations from `center`.
pub(crate) fn squares(x: &[f64], center: f64) -> f64 {
    sum(x.iter().map(|v| (v - center) * (v - center)))
}

/// A power of two that brings the largest size of the values into the range where sums, products and squares
/// neither overflow nor vanish; 1 for ordinary values. Its inverse is finite too.
pub(crate) fn scale_of(x: &[f64]) -> f64 {
    let largest = x.iter().fold(0.0, |m: f64, v| if libm::fabs(*v) > m { libm::fabs(*v) } else { m });
    if largest == 0.0 || (1e-100..1e100).contains(&largest) {
        return 1.0;
    }
    let exponent = libm::ilogb(largest).clamp(-900, 900);
    libm::ldexp(1.0, -exponent)
}

/// Refuses a result that does not fit a float.
pub(crate) fn fits(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value.is_finite() {
        Ok(value + 0.0)
    } else {
        Err(StatsError::out_of_range(argument, value, "of values small enough for a finite result"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_small_terms() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(mean(&[0.7982251256293909; 20]), 0.7982251256293909);
        assert_eq!(squares(&[1e9, 1e9 + 2.0], 1e9 + 1.0), 2.0);
    }

    #[test]
    fn scales_are_powers_of_two_with_finite_inverse() {
        for x in [5e-324, 1e-200, 1.0, 1e200, f64::MAX] {
            let s = scale_of(&[0.0, -x]);
            assert!(s.is_finite() && (1.0 / s).is_finite() && ((x * s) * (x * s)).is_normal());
        }
    }
}
