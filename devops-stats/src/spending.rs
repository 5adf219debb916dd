//! How much of the level may be used up by a point in time: alpha spending.

use crate::StatsError;
use crate::input::open_unit;
use crate::special::{normal_quantile, normal_sf};
use serde::{Deserialize, Serialize};

/// How the level of a sequential test is spent over a planned course (Lan & DeMets 1983).
///
/// ```
/// use devops_stats::spending::Spending;
/// // Half-way one has spent little, the other more than half.
/// assert!((Spending::ObrienFleming.spent(0.05, 0.5)? - 0.005575).abs() < 1e-6);
/// assert!((Spending::Pocock.spent(0.05, 0.5)? - 0.031006).abs() < 1e-6);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Spending {
    /// Next to nothing early and nearly all at the end, as the boundaries of O'Brien & Fleming 1979 do:
    /// `2 − 2Φ(z(α/2)/√t)`. The last look is held to little less than a single test would be.
    #[default]
    ObrienFleming,
    /// Nearly evenly, as the boundaries of Pocock 1977 do: `α ln(1 + (e − 1)t)`. Large differences are seen early, for
    /// a harder last look.
    Pocock,
}

impl Spending {
    /// What a one-sided test at level `alpha` has spent by `time`, a share of the planned course; all of `alpha`
    /// from 1 on, nothing up to 0.
    ///
    /// # Errors
    ///
    /// `alpha` outside (0, 1), or a time that is not finite.
    ///
    /// ```
    /// use devops_stats::spending::Spending;
    /// assert_eq!(Spending::Pocock.spent(0.05, 1.5)?, 0.05);
    /// assert_eq!(Spending::Pocock.spent(0.05, 0.0)?, 0.0);
    /// assert!(Spending::Pocock.spent(1.0, 0.5).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn spent(self, alpha: f64, time: f64) -> Result<f64, StatsError> {
        open_unit("alpha", alpha)?;
        if !time.is_finite() {
            return Err(StatsError::out_of_range("time", time, "a finite number"));
        }
        if time <= 0.0 {
            return Ok(0.0);
        }
        if time >= 1.0 {
            return Ok(alpha);
        }
        Ok(match self {
            Self::ObrienFleming => 2.0 * normal_sf(-normal_quantile(0.5 * alpha) / libm::sqrt(time)),
            Self::Pocock => alpha * libm::log1p((core::f64::consts::E - 1.0) * time),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_before_and_all_after() {
        for spending in [Spending::ObrienFleming, Spending::Pocock] {
            assert_eq!(spending.spent(0.025, -1.0), Ok(0.0));
            assert_eq!(spending.spent(0.025, 1.0), Ok(0.025));
            assert!((spending.spent(0.025, 1.0 - 1e-12).unwrap() - 0.025).abs() < 1e-12);
            for (alpha, time) in [(0.0, 0.5), (f64::NAN, 0.5), (0.05, f64::NAN), (0.05, f64::INFINITY)] {
                assert!(spending.spent(alpha, time).is_err(), "{alpha} {time}");
            }
        }
        assert!(Spending::ObrienFleming.spent(0.05, 1e-6).unwrap() >= 0.0);
    }

    proptest! {
        /// A smaller level spends less in every interval of time, so that the boundaries of levels are nested
        /// (Maurer & Bretz 2013); the O'Brien–Fleming type up to 0.318.
        #[test]
        fn levels_are_nested(a in 1e-6..0.3_f64, by in 0.1..1.0_f64, t in 0.0..1.0_f64, u in 0.0..1.0_f64) {
            let (early, late) = if t < u { (t, u) } else { (u, t) };
            for spending in [Spending::ObrienFleming, Spending::Pocock] {
                let in_between =
                    |alpha| spending.spent(alpha, late).unwrap() - spending.spent(alpha, early).unwrap();
                prop_assert!(in_between(a) >= 0.0);
                prop_assert!(in_between(a * by) <= in_between(a) + 1e-15);
            }
        }
    }
}
