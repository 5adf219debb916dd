//! How far from "no difference" are two samples when one is shifted? The statistic that intervals of a shift
//! are found from.

use crate::StatsError;
use crate::input::{enough, finite, finite_one};
use crate::mann_whitney::Counts;
use crate::outcome::{Outcome, Undefined};
use alloc::vec::Vec;

/// The standardised rank sum of `x − shift` against `y`, with continuity correction: about standard normal at
/// the true shift, and falling in `shift`.
///
/// `(d − ½ sign d)/σ` with `d = U − n₁n₂/2` and `σ² = n₁n₂/12 [(N + 1) − Σ(t³ − t)/(N(N − 1))]`, ties counted
/// after the shift: what R's `wilcox.test(conf.int = TRUE, exact = FALSE)` searches the zeros of (Bauer 1972).
/// Undefined where all values are equal after the shift. O(n log n).
///
/// # Errors
///
/// A value or shift that is not finite, or an empty sample.
///
/// ```
/// use devops_stats::rank_sum_shift::rank_sum_shift;
/// let z = |shift| rank_sum_shift(&[5.0, 7.0, 9.0], &[1.0, 2.0, 3.5], shift).map(|z| z.defined());
/// assert_eq!(z(5.0)?, Some(0.0));
/// assert!(z(0.0)?.unwrap() > 1.7);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn rank_sum_shift(x: &[f64], y: &[f64], shift: f64) -> Result<Outcome<f64>, StatsError> {
    let (x, y) = (finite("x", x)?, finite("y", y)?);
    enough(1, x.len())?;
    enough(1, y.len())?;
    let shift = finite_one("shift", shift)?;
    let moved: Vec<f64> = x.iter().map(|v| v - shift).collect();
    let counts = Counts::of(&moved, &y);
    let spread = libm::sqrt(counts.variance());
    if spread <= 0.0 {
        return Ok(Outcome::Undefined(Undefined::Constant));
    }
    let distance = 0.5 * counts.delta();
    let correction = if distance == 0.0 { 0.0 } else { libm::copysign(0.5, distance) };
    Ok(Outcome::Defined((distance - correction) / spread))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert!(rank_sum_shift(&[], &[1.0], 0.0).is_err());
        assert!(rank_sum_shift(&[1.0], &[1.0], f64::NAN).is_err());
        let tied = rank_sum_shift(&[3.0, 3.0], &[1.0], 2.0).unwrap();
        assert_eq!(tied.reason(), Some(Undefined::Constant));
    }

    proptest! {
        #[test]
        fn falls_and_is_antisymmetric(x in prop::collection::vec(-9_i32..9, 1..12), y in prop::collection::vec(-9_i32..9, 1..12), s in -20_i32..20) {
            let float = |v: Vec<i32>| -> Vec<f64> { v.into_iter().map(f64::from).collect() };
            let (x, y, s) = (float(x), float(y), f64::from(s) + 0.5);
            let at = |x: &[f64], y: &[f64], s| rank_sum_shift(x, y, s).unwrap().defined();
            let (here, back) = (at(&x, &y, s), at(&y, &x, -s));
            prop_assert_eq!(here, back.map(|z| -z + 0.0));
            prop_assert_eq!(here, at(&x.iter().map(|v| v - s).collect::<Vec<_>>(), &y, 0.0));
            if let (Some(a), Some(b)) = (at(&x, &y, -40.0), at(&x, &y, 40.0)) {
                prop_assert!(a >= b);
            }
        }
    }
}
