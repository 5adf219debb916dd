//! Which points say that the process is not steady? Western Electric, Nelson and Wheeler rules.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "windows are cut from the slice by its own length"
)]

use crate::StatsError;
use crate::input::{check_finite, finite_one};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A pattern that steady noise seldom shows.
///
/// The false alarm rate is for one point of independent normal noise with known centre and spread, counting
/// every point at which the pattern is complete.
///
/// ```
/// use devops_stats::run_rules::Rule;
/// assert_eq!(Rule::WHEELER.len(), 3);
/// assert!(Rule::BeyondLimits.description().contains("3 sigma"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// Beyond 3σ on either side: 0.27 % (Western Electric 1, Nelson 1, Wheeler 1).
    BeyondLimits,
    /// 2 of 3 beyond 2σ on one side, the last among them: 0.2 % (Western Electric 2, Nelson 5).
    TwoOfThreeBeyondTwoSigma,
    /// 4 of 5 beyond 1σ on one side, the last among them: 0.5 % (Western Electric 3, Nelson 6).
    FourOfFiveBeyondOneSigma,
    /// 8 in a row on one side of the centre: 0.8 % (Western Electric 4, Wheeler 2).
    EightOnOneSide,
    /// 3 of 4 nearer a limit than the centre (beyond 1.5σ), the last among them: 0.2 % (Wheeler 3).
    ThreeOfFourNearerLimit,
    /// 9 in a row on one side of the centre: 0.4 % (Nelson 2).
    NineOnOneSide,
    /// 6 in a row rising, or falling: 0.3 % (Nelson 3).
    SixMonotone,
    /// 14 in a row alternating up and down: 0.5 % (Nelson 4).
    FourteenAlternating,
    /// 15 in a row within 1σ: 0.3 % (Nelson 7).
    FifteenWithinOneSigma,
    /// 8 in a row beyond 1σ, on whichever side: 0.01 % (Nelson 8).
    EightOutsideOneSigma,
}

impl Rule {
    /// The three rules of Wheeler's books.
    pub const WHEELER: [Self; 3] = [Self::BeyondLimits, Self::EightOnOneSide, Self::ThreeOfFourNearerLimit];
    /// The four zone rules of the Western Electric handbook (1956).
    pub const WESTERN_ELECTRIC: [Self; 4] = [
        Self::BeyondLimits,
        Self::TwoOfThreeBeyondTwoSigma,
        Self::FourOfFiveBeyondOneSigma,
        Self::EightOnOneSide,
    ];
    /// The eight rules of Nelson (1984).
    pub const NELSON: [Self; 8] = [
        Self::BeyondLimits,
        Self::NineOnOneSide,
        Self::SixMonotone,
        Self::FourteenAlternating,
        Self::TwoOfThreeBeyondTwoSigma,
        Self::FourOfFiveBeyondOneSigma,
        Self::FifteenWithinOneSigma,
        Self::EightOutsideOneSigma,
    ];

    /// The pattern in a few words.
    ///
    /// ```
    /// use devops_stats::run_rules::Rule;
    /// assert_eq!(Rule::EightOnOneSide.description(), "8 in a row on one side of the centre");
    /// ```
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::BeyondLimits => "beyond 3 sigma",
            Self::TwoOfThreeBeyondTwoSigma => "2 of 3 beyond 2 sigma on one side",
            Self::FourOfFiveBeyondOneSigma => "4 of 5 beyond 1 sigma on one side",
            Self::EightOnOneSide => "8 in a row on one side of the centre",
            Self::ThreeOfFourNearerLimit => "3 of 4 nearer a limit than the centre",
            Self::NineOnOneSide => "9 in a row on one side of the centre",
            Self::SixMonotone => "6 in a row rising or falling",
            Self::FourteenAlternating => "14 in a row alternating",
            Self::FifteenWithinOneSigma => "15 in a row within 1 sigma",
            Self::EightOutsideOneSigma => "8 in a row beyond 1 sigma",
        }
    }

    /// Length of the pattern.
    fn length(self) -> usize {
        match self {
            Self::BeyondLimits => 1,
            Self::TwoOfThreeBeyondTwoSigma => 3,
            Self::ThreeOfFourNearerLimit => 4,
            Self::FourOfFiveBeyondOneSigma => 5,
            Self::SixMonotone => 6,
            Self::EightOnOneSide | Self::EightOutsideOneSigma => 8,
            Self::NineOnOneSide => 9,
            Self::FourteenAlternating => 14,
            Self::FifteenWithinOneSigma => 15,
        }
    }

    /// Is the pattern complete at the window's last point?
    fn holds(self, window: &[f64], center: f64, sigma: f64) -> bool {
        let all = |test: &dyn Fn(f64) -> bool| window.iter().all(|&v| test(v - center));
        match self {
            Self::BeyondLimits => all(&|d| libm::fabs(d) > 3.0 * sigma),
            Self::TwoOfThreeBeyondTwoSigma => zone(window, center, 2.0 * sigma, 2),
            Self::FourOfFiveBeyondOneSigma => zone(window, center, sigma, 4),
            Self::ThreeOfFourNearerLimit => zone(window, center, 1.5 * sigma, 3),
            Self::EightOnOneSide | Self::NineOnOneSide => all(&|d| d > 0.0) || all(&|d| d < 0.0),
            Self::SixMonotone => {
                window.windows(2).all(|w| w[0] < w[1]) || window.windows(2).all(|w| w[0] > w[1])
            }
            Self::FourteenAlternating => {
                window.windows(3).all(|w| (w[0] < w[1] && w[1] > w[2]) || (w[0] > w[1] && w[1] < w[2]))
            }
            Self::FifteenWithinOneSigma => all(&|d| libm::fabs(d) < sigma),
            Self::EightOutsideOneSigma => all(&|d| libm::fabs(d) > sigma),
        }
    }
}

/// The last point and enough of the others lie beyond `distance` on the same side.
fn zone(window: &[f64], center: f64, distance: f64, enough: usize) -> bool {
    [1.0, -1.0].into_iter().any(|side| {
        let beyond = |v: &&f64| side * (**v - center) > distance;
        window.last().is_some_and(|v| beyond(&v)) && window.iter().filter(beyond).count() >= enough
    })
}

/// A point at which a rule's pattern is complete.
///
/// ```
/// use devops_stats::run_rules::{Rule, run_rules};
/// let signals = run_rules(&[0.0, 9.0], 0.0, 1.0, &Rule::WHEELER)?;
/// assert_eq!((signals[0].index, signals[0].rule), (1, Rule::BeyondLimits));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Signal {
    /// Index of the pattern's last point, from 0.
    pub index: usize,
    /// The rule that it breaks.
    pub rule: Rule,
}

/// All points at which one of `rules` is broken, by index, then by rule.
///
/// A point on the centre line is on neither side; comparisons are strict. With `sigma` 0 (all values equal)
/// there is no signal. `center` and `sigma` come from a steady stretch: [`xmr`](crate::xmr::xmr) gives them.
/// Several rules together alarm more often than each: Nelson's eight on about 1.5 % of the points of steady
/// noise. Source: Western Electric (1956); Nelson (1984); Wheeler & Chambers (1992). O(n) per rule.
///
/// # Errors
/// [`StatsError::NonFinite`] for NaN or infinity in `x`, [`StatsError::OutOfRange`] for a centre that is not
/// finite or a sigma that is negative or not finite.
///
/// ```
/// use devops_stats::run_rules::{Rule, run_rules};
///
/// let x = [1.0, 2.0, 1.0, 1.0, 3.0, 1.0, 2.0, 1.0];
/// let signals = run_rules(&x, 0.0, 10.0, &Rule::WESTERN_ELECTRIC)?;
/// assert_eq!(signals.len(), 1);
/// assert_eq!(signals[0].rule, Rule::EightOnOneSide);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn run_rules(x: &[f64], center: f64, sigma: f64, rules: &[Rule]) -> Result<Vec<Signal>, StatsError> {
    check_finite("x", x)?;
    let center = finite_one("center", center)?;
    if finite_one("sigma", sigma)? < 0.0 {
        return Err(StatsError::out_of_range("sigma", sigma, "at least 0"));
    }
    let mut found = Vec::new();
    if sigma == 0.0 {
        return Ok(found);
    }
    for &rule in rules {
        let length = rule.length();
        for (start, window) in x.windows(length).enumerate() {
            if rule.holds(window, center, sigma) {
                found.push(Signal { index: start + length - 1, rule });
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    fn at(x: &[f64], rule: Rule) -> Vec<usize> {
        run_rules(x, 0.0, 1.0, &[rule]).unwrap().iter().map(|s| s.index).collect()
    }

    #[test]
    fn zone_rules_need_the_last_point() {
        assert_eq!(at(&[2.1, 0.0, 2.1, 0.0], Rule::TwoOfThreeBeyondTwoSigma), [2]);
        assert_eq!(at(&[2.1, -2.1, 0.0], Rule::TwoOfThreeBeyondTwoSigma), [0_usize; 0]);
        assert_eq!(at(&[1.1, 1.1, 0.0, 1.1, 1.1], Rule::FourOfFiveBeyondOneSigma), [4]);
        assert_eq!(at(&[1.6, 1.6, 0.0, 1.6], Rule::ThreeOfFourNearerLimit), [3]);
    }

    #[test]
    fn runs_are_broken_by_a_point_on_the_line() {
        let mut x = vec![0.5; 9];
        assert_eq!(at(&x, Rule::EightOnOneSide), [7, 8]);
        assert_eq!(at(&x, Rule::NineOnOneSide), [8]);
        x[4] = 0.0;
        assert_eq!(at(&x, Rule::EightOnOneSide), [0_usize; 0]);
    }

    #[test]
    fn shape_rules() {
        assert_eq!(at(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], Rule::SixMonotone), [5]);
        assert_eq!(at(&[1.0, 2.0, 3.0, 3.0, 5.0, 6.0], Rule::SixMonotone), [0_usize; 0]);
        let zigzag: Vec<f64> = (0..14).map(|i| f64::from(i % 2)).collect();
        assert_eq!(at(&zigzag, Rule::FourteenAlternating), [13]);
        assert_eq!(at(&[0.9; 15], Rule::FifteenWithinOneSigma), [14]);
        assert_eq!(at(&[1.1; 8], Rule::EightOutsideOneSigma), [7]);
        assert_eq!(at(&[3.0, -3.1], Rule::BeyondLimits), [1]);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert!(run_rules(&[1.0], f64::NAN, 1.0, &Rule::NELSON).is_err());
        assert!(run_rules(&[1.0], 0.0, -1.0, &Rule::NELSON).is_err());
        assert_eq!(run_rules(&[], 0.0, 1.0, &Rule::NELSON), Ok(vec![]));
        assert_eq!(run_rules(&[5.0; 20], 1.0, 0.0, &Rule::NELSON), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn mirrored_data_break_the_same_rules(x in proptest::collection::vec(-4.0..4.0_f64, 0..60)) {
            let mirrored: Vec<f64> = x.iter().map(|v| -v).collect();
            prop_assert_eq!(
                run_rules(&x, 0.0, 1.0, &Rule::NELSON).unwrap(),
                run_rules(&mirrored, 0.0, 1.0, &Rule::NELSON).unwrap()
            );
        }
    }
}
