//! A slope that half of the data cannot break: repeated medians.

use crate::StatsError;
use crate::input::{enough, finite, same_length};
use crate::outcome::{Outcome, Undefined};
use crate::repeated_median::{median_of, middle_medians};
use crate::slope_field::SlopeField;
use crate::theil_sen::{guarded, joint};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// At most so many points are taken with the separate intercept, which needs all pairs.
pub const SEPARATE_MAX: usize = 20_000;

/// How the intercept of the repeated-median line is estimated.
///
/// Closed: these are the two in use. They are named as SciPy names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "these are the two in use")]
pub enum SiegelIntercept {
    /// `median(y − slope · x)`, from the slope found.
    #[default]
    Hierarchical,
    /// The repeated median of the pairwise lines' intercepts, on its own. O(n²).
    Separate,
}

/// A line by repeated medians.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Siegel {
    /// Number of points.
    pub n: usize,
    /// Median over points of the median slope to the other points.
    pub slope: f64,
    /// Value of the line at time 0.
    pub intercept: f64,
}

/// The repeated-median line through `(x, y)` (Siegel 1982), which resists up to half of the points being wrong.
///
/// `median_i median_{j: x_j ≠ x_i} (y_j − y_i)/(x_j − x_i)`, exactly as the double loop computes it, in
/// O(n log² n) expected time and O(n) memory (same exception as
/// [`theil_sen`](crate::theil_sen::theil_sen)); the separate intercept takes O(n²).
///
/// Undefined when all `x` are equal or the slope overflows.
///
/// # Errors
///
/// Values that are not finite, different lengths, fewer than 2 points, more than [`SEPARATE_MAX`] points
/// with the separate intercept.
///
/// ```
/// use devops_stats::siegel::{SiegelIntercept, siegel};
/// let x = [0.0, 1.0, 2.0, 3.0, 4.0];
/// let y = [1.0, 3.0, 50.0, 7.0, 9.0]; // one outlier
/// let line = siegel(&x, &y, SiegelIntercept::Hierarchical)?.defined().unwrap();
/// assert_eq!((line.slope, line.intercept), (2.0, 1.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn siegel(x: &[f64], y: &[f64], intercept: SiegelIntercept) -> Result<Outcome<Siegel>, StatsError> {
    same_length("x", x.len(), "y", y.len())?;
    let (x, y) = (finite("x", x)?, finite("y", y)?);
    enough(2, x.len())?;
    let separate = intercept == SiegelIntercept::Separate;
    if separate && x.len() > SEPARATE_MAX {
        return Err(StatsError::TooMany { argument: "x", limit: SEPARATE_MAX, got: x.len() });
    }
    let (points, factor) = guarded(x.iter().zip(&y).map(|(&a, &b)| (0, a, b)).collect());
    let field = SlopeField::new(points);
    if field.pairs == 0 {
        return Ok(Outcome::Undefined(Undefined::OneTime));
    }
    let slope = median_of(&mut middle_medians(&field)) * factor + 0.0;
    let intercept = if separate { repeated_intercept(&x, &y) } else { joint(&x, &y, slope) };
    if !slope.is_finite() || !intercept.is_finite() {
        return Ok(Outcome::Undefined(Undefined::Overflow));
    }
    Ok(Outcome::Defined(Siegel { n: x.len(), slope, intercept: intercept + 0.0 }))
}

/// `median_i median_j (y_j x_i − y_i x_j)/(x_i − x_j)`, on values scaled by powers of two against overflow.
fn repeated_intercept(x: &[f64], y: &[f64]) -> f64 {
    let (sx, sy) = (crate::sums::scale_of(x), crate::sums::scale_of(y));
    let points: Vec<(f64, f64)> = x.iter().zip(y).map(|(a, b)| (a * sx, b * sy)).collect();
    let mut medians: Vec<f64> = points
        .iter()
        .map(|&(xi, yi)| {
            let mut inner: Vec<f64> = points
                .iter()
                .filter(|p| p.0 != xi)
                .map(|&(xj, yj)| (yj * xi - yi * xj) / (xi - xj))
                .collect();
            median_of(&mut inner)
        })
        .collect();
    median_of(&mut medians) / sy
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        let line = |x: &[f64], y: &[f64]| siegel(x, y, SiegelIntercept::Separate);
        assert!(line(&[1.0], &[1.0]).is_err());
        assert_eq!(line(&[1.0, 1.0], &[1.0, 2.0]), Ok(Outcome::Undefined(Undefined::OneTime)));
        let two = line(&[0.0, 2.0], &[1.0, 5.0]).unwrap().defined().unwrap();
        assert_eq!((two.slope, two.intercept), (2.0, 1.0));
        let many: Vec<f64> = (0..20_001).map(f64::from).collect();
        assert!(matches!(line(&many, &many), Err(StatsError::TooMany { .. })));
    }

    proptest! {
        #[test]
        fn any_bits_are_answered(bits in prop::collection::vec((any::<u64>(), any::<u64>()), 0..30)) {
            let x: Vec<f64> = bits.iter().map(|b| f64::from_bits(b.0)).collect();
            let y: Vec<f64> = bits.iter().map(|b| f64::from_bits(b.1)).collect();
            for how in [SiegelIntercept::Separate, SiegelIntercept::Hierarchical] {
                if let Ok(Outcome::Defined(found)) = siegel(&x, &y, how) {
                    prop_assert!(found.slope.is_finite() && found.intercept.is_finite());
                }
            }
        }
    }
}
