//! Where a value stands among others.

use crate::StatsError;
use crate::input::{check_finite, enough, finite_one};

/// Below so many values a rank says nothing.
const MIN_SAMPLE: usize = 5;

/// The mid-rank percentile of a value in a sample, 0 to 100: the share of the sample below it plus half the
/// share that equals it.
///
/// Half of the ties count as below, so that the ranks of a sample's own values have mean 50 whatever their ties
/// (Crawford, Garthwaite & Slick 2009). O(n).
///
/// # Errors
///
/// [`StatsError::NotEnoughData`] below 5 values, [`StatsError::NonFinite`] and [`StatsError::OutOfRange`] for
/// values that are no finite numbers.
///
/// ```
/// use devops_stats::percentile_rank::percentile_rank;
///
/// let teams = [3.1, 4.0, 5.5, 5.5, 7.2];
/// assert_eq!(percentile_rank(&teams, 5.5)?, 60.0);
/// assert_eq!(percentile_rank(&teams, 9.0)?, 100.0);
/// assert!(percentile_rank(&teams[..4], 5.5).is_err());
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn percentile_rank(sample: &[f64], value: f64) -> Result<f64, StatsError> {
    enough(MIN_SAMPLE, sample.len())?;
    check_finite("sample", sample)?;
    let value = finite_one("value", value)?;
    let below = sample.iter().filter(|x| **x < value).count();
    let equal = sample.iter().filter(|x| **x == value).count();
    // Counts of half values, so that the division is the only rounding.
    let halves = below.saturating_mul(2).saturating_add(equal);
    #[expect(clippy::cast_precision_loss, reason = "counts of values in memory are far below 2^53")]
    Ok(halves as f64 * 50.0 / sample.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_cannot_be_ranked() {
        assert!(percentile_rank(&[1.0; 4], 1.0).is_err());
        assert!(percentile_rank(&[1.0, 2.0, 3.0, f64::NAN, 4.0], 1.0).is_err());
        assert!(percentile_rank(&[1.0; 5], f64::INFINITY).is_err());
    }

    proptest! {
        #[test]
        fn own_values_have_mean_rank_50(sample in prop::collection::vec(-5i8..5, 5..40)) {
            let sample: alloc::vec::Vec<f64> = sample.into_iter().map(f64::from).collect();
            let sum: f64 = sample.iter().map(|x| percentile_rank(&sample, *x).unwrap()).sum();
            prop_assert!((sum / sample.len() as f64 - 50.0).abs() < 1e-9);
        }

        #[test]
        fn more_never_ranks_lower(sample in prop::collection::vec(-5.0f64..5.0, 5..40), a in -6.0f64..6.0, b in 0.0f64..3.0) {
            prop_assert!(percentile_rank(&sample, a).unwrap() <= percentile_rank(&sample, a + b).unwrap());
        }
    }
}
