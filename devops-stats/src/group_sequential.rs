//! How far must a statistic be out at each of several looks, so that all looks together keep the level?
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "floats, and indices of a grid of some hundred points"
)]

use crate::StatsError;
use crate::input::{finite, open_unit, positive, same_length};
use crate::special::{normal_quantile, normal_sf};
use crate::spending::Spending;
use alloc::vec::Vec;

/// Fineness of the grid: 6r − 1 points and as many midpoints (Jennison & Turnbull 2000, ch. 19).
const FINENESS: usize = 16;
/// A look that adds less than this share to the information is not tested; its values count at the next.
const LEAST_GAIN: f64 = 0.002;
/// Less than this is not spent, but kept for the next look.
const LEAST_SPENT: f64 = 1e-12;

/// The looks of a one-sided test that spends its level as they come.
///
/// At each look the statistic, standard normal when nothing differs, has seen some *information* (its variance before
/// it is standardised); statistics of two looks are correlated by √(earlier / later information). The boundary of a
/// look is where the chance to cross it there, and none before, is what its time adds to the spending function: the
/// recursion of Armitage, McPherson & Rowe 1969 over the density of what has not crossed yet, on the grid of
/// Jennison & Turnbull 2000. Times and information need not be even, nor known beforehand (Lan & DeMets 1983; Lan,
/// Reboussin & DeMets 1994); but when to look must not depend on what was seen.
///
/// ```
/// use devops_stats::group_sequential::GroupSequential;
/// use devops_stats::spending::Spending;
/// let mut test = GroupSequential::new(Spending::ObrienFleming, 0.025)?;
/// let first = test.look(0.5, 40.0)?.unwrap();
/// assert!((first - 2.963).abs() < 1e-3); // half-way, only a large difference stops
/// let last = test.look(1.0, 80.0)?.unwrap();
/// assert!((last - 1.969).abs() < 1e-3); // 1.960 without the look before
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSequential {
    spending: Spending,
    alpha: f64,
    spent: f64,
    information: f64,
    /// What has not crossed before the last look that was tested.
    density: Option<Density>,
    /// That look; what has not crossed it either is computed when there is another.
    last: Option<Step>,
}

impl GroupSequential {
    /// A test at one-sided level `alpha` before its first look.
    ///
    /// # Errors
    ///
    /// `alpha` outside (0, 1).
    ///
    /// ```
    /// use devops_stats::group_sequential::GroupSequential;
    /// use devops_stats::spending::Spending;
    /// assert!(GroupSequential::new(Spending::Pocock, 0.0).is_err());
    /// ```
    pub fn new(spending: Spending, alpha: f64) -> Result<Self, StatsError> {
        open_unit("alpha", alpha)?;
        Ok(Self { spending, alpha, spent: 0.0, information: 0.0, density: None, last: None })
    }

    /// The boundary of a look at that time, a share of the planned course, when the statistic has seen that
    /// information: the null hypothesis is rejected where the statistic is at least this. `None` where nothing is
    /// tested: the look adds (next to) no information, or there is (next to) nothing to spend; what it would have
    /// spent is left for the next.
    ///
    /// # Errors
    ///
    /// A time that is not finite, or information that is not finite and above 0, or less than before.
    ///
    /// ```
    /// use devops_stats::group_sequential::GroupSequential;
    /// use devops_stats::spending::Spending;
    /// let mut test = GroupSequential::new(Spending::Pocock, 0.05)?;
    /// assert!(test.look(0.5, 10.0)?.is_some());
    /// assert_eq!(test.look(0.75, 10.0)?, None); // nothing new was seen
    /// assert!(test.look(1.0, 9.0).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn look(&mut self, time: f64, information: f64) -> Result<Option<f64>, StatsError> {
        let until = self.spending.spent(self.alpha, time)?;
        positive("information", information)?;
        let gain = information - self.information;
        if gain < 0.0 {
            return Err(StatsError::out_of_range(
                "information",
                information,
                "at least that of the look before",
            ));
        }
        let spend = until - self.spent;
        if gain < LEAST_GAIN * information || spend < LEAST_SPENT {
            return Ok(None);
        }
        if let Some(last) = self.last.take() {
            self.density = Some(Density::after(self.density.as_ref(), last));
        }
        let (step, spread) = (libm::sqrt(gain), libm::sqrt(information));
        let bound = match &self.density {
            None => -normal_quantile(spend) * step,
            Some(density) => density.bound(spend, step, spread),
        };
        self.last = Some(Step { bound, step, spread });
        self.spent = until;
        self.information = information;
        Ok(Some(bound / spread))
    }
}

/// The boundaries of a one-sided test at `alpha` whose looks bring information in the given shares, which are the
/// times too; `None` where a look is not tested.
///
/// # Errors
///
/// `alpha` outside (0, 1), or times that do not rise or are not above 0.
///
/// ```
/// use devops_stats::group_sequential::spending_bounds;
/// use devops_stats::spending::Spending;
/// // Five even looks, each way at 0.025: 4.877, 3.357, 2.680, 2.290, 2.031.
/// let bounds = spending_bounds(Spending::ObrienFleming, 0.025, &[0.2, 0.4, 0.6, 0.8, 1.0])?;
/// assert!((bounds[1].unwrap() - 3.357).abs() < 1e-3);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn spending_bounds(
    spending: Spending,
    alpha: f64,
    times: &[f64],
) -> Result<Vec<Option<f64>>, StatsError> {
    let mut test = GroupSequential::new(spending, alpha)?;
    times.iter().map(|time| test.look(*time, *time)).collect()
}

/// The chance that a statistic with that drift has crossed its upper boundary by each look. The mean of the statistic
/// at a look is `drift` times the square root of its information: 0 when nothing differs, which gives false alarms;
/// else the power.
///
/// # Errors
///
/// Boundaries or information that are not finite, are not as many, or information that does not rise from above 0.
///
/// ```
/// use devops_stats::group_sequential::crossing_probabilities;
/// // Twice at 1.96 is more than 0.025.
/// let p = crossing_probabilities(&[1.96, 1.96], &[1.0, 2.0], 0.0)?;
/// assert!((p[0] - 0.025).abs() < 1e-4 && p[1] > 0.04);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn crossing_probabilities(
    bounds: &[f64],
    information: &[f64],
    drift: f64,
) -> Result<Vec<f64>, StatsError> {
    let (bounds, information) = (finite("bounds", bounds)?, finite("information", information)?);
    same_length("bounds", bounds.len(), "information", information.len())?;
    crate::input::finite_one("drift", drift)?;
    let (mut crossed, mut before, mut density) = (Vec::with_capacity(bounds.len()), 0.0, None);
    let mut sum = 0.0;
    for (bound, &now) in bounds.iter().zip(&information) {
        if now <= before {
            return Err(StatsError::out_of_range("information", now, "above that of the look before"));
        }
        // Without its drift the process has mean 0, and its boundary moves the other way.
        let spread = libm::sqrt(now);
        let (step, at) = (libm::sqrt(now - before), bound * spread - drift * now);
        sum += match &density {
            None => normal_sf(at / step),
            Some(density) => Density::beyond(density, at, step).0,
        };
        crossed.push(crate::tail::at_most_one(sum));
        density = Some(Density::after(density.as_ref(), Step { bound: at, step, spread }));
        before = now;
    }
    Ok(crossed)
}

/// A look: its boundary, not standardised, the standard deviation of what it added and of all.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    bound: f64,
    step: f64,
    spread: f64,
}

/// The density of the statistic, not standardised, of what has not crossed: points with their weight and density
/// multiplied.
#[derive(Debug, Clone, PartialEq)]
struct Density(Vec<(f64, f64)>);

impl Density {
    /// The chance to be at least `bound` after one more step, and the density there.
    fn beyond(&self, bound: f64, step: f64) -> (f64, f64) {
        let add = |(sum, density): (f64, f64), (at, mass): &(f64, f64)| {
            let z = (bound - at) / step;
            let tail = 0.5 * libm::erfc(z * core::f64::consts::FRAC_1_SQRT_2);
            (sum + mass * tail, density + mass * normal_density(z) / step)
        };
        self.0.iter().fold((0.0, 0.0), add)
    }

    /// Where the chance to be beyond it is `spend`: Newton's method on its logarithm, kept inside a bracket.
    fn bound(&self, spend: f64, step: f64, spread: f64) -> f64 {
        let (mut low, mut high) = (-8.0 * spread, 40.0 * spread);
        let mut at = -normal_quantile(spend) * spread;
        for _ in 0..100 {
            let (tail, density) = self.beyond(at, step);
            if tail > spend {
                low = at;
            } else {
                high = at;
            }
            let next = at + tail / density * libm::log(tail / spend);
            let next = if next > low && next < high { next } else { 0.5 * (low + high) };
            let there = (next - at).abs() <= 1e-12 * spread;
            at = next;
            if there {
                break;
            }
        }
        at
    }

    /// What has not crossed the boundary of one more step.
    fn after(before: Option<&Self>, Step { bound, step, spread }: Step) -> Self {
        let density = |at: f64| match before {
            None => normal_density(at / step) / step,
            Some(Self(points)) => {
                points.iter().map(|(from, mass)| mass * normal_density((at - from) / step)).sum::<f64>()
                    / step
            }
        };
        let grid = grid(spread, bound);
        Self(grid.into_iter().map(|(at, weight)| (at, weight * density(at))).collect())
    }
}

fn normal_density(z: f64) -> f64 {
    let square = z * z;
    // Below 10^-17.
    if square > 78.0 { 0.0 } else { libm::exp(-0.5 * square) / libm::sqrt(2.0 * core::f64::consts::PI) }
}

/// Points up to `bound` and their weights for Simpson's rule: dense in the middle, sparse in the tails.
fn grid(spread: f64, bound: f64) -> Vec<(f64, f64)> {
    let r = FINENESS as f64;
    let odd = (1..6 * FINENESS).map(|i| {
        let i = i as f64;
        let z = if i < r {
            -3.0 - 4.0 * libm::log(r / i)
        } else if i <= 5.0 * r {
            -3.0 + 3.0 * (i - r) / (2.0 * r)
        } else {
            3.0 + 4.0 * libm::log(r / (6.0 * r - i))
        };
        z * spread
    });
    // What lies farther out is nothing to a float beside 1.
    let mut points: Vec<f64> = odd.filter(|at| *at > -8.5 * spread && *at < bound).collect();
    points.push(bound);
    let mut grid: Vec<(f64, f64)> = Vec::with_capacity(2 * points.len());
    for pair in points.windows(2) {
        let [left, right] = pair else { continue };
        let sixth = (right - left) / 6.0;
        match grid.last_mut() {
            Some(last) => last.1 += sixth,
            None => grid.push((*left, sixth)),
        }
        grid.push((0.5 * (left + right), 4.0 * sixth));
        grid.push((*right, sixth));
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;

    fn even(looks: u32) -> Vec<f64> {
        (1..=looks).map(|k| f64::from(k) / f64::from(looks)).collect()
    }

    /// By trapezoids of 3,000 intervals in NumPy, with SciPy's normal distribution; the values of five looks at 0.025
    /// are those that DeMets & Lan 1994 print: 4.877, 3.357, 2.680, 2.290, 2.031 and 2.438, 2.427, 2.410, 2.397, 2.386.
    #[test]
    fn boundaries_of_even_looks() {
        use Spending::{ObrienFleming, Pocock};
        for (spending, alpha, expected) in [
            (ObrienFleming, 0.025, &[1.959_963_984_5][..]),
            (ObrienFleming, 0.025, &[2.962_588_042_7, 1.968_595_640_6]),
            (
                ObrienFleming,
                0.025,
                &[4.876_884_948_8, 3.357_011_921_6, 2.680_280_064_5, 2.289_816_767_7, 2.031_032_043_5],
            ),
            (
                ObrienFleming,
                0.05,
                &[4.229_195_059_3, 2.888_136_548_3, 2.298_090_283_9, 1.961_821_465_6, 1.739_704_499_4],
            ),
            (
                Pocock,
                0.025,
                &[2.437_976_688_1, 2.426_813_858_4, 2.410_194_142_5, 2.396_649_265_4, 2.385_999_649_8],
            ),
            (
                Pocock,
                0.05,
                &[2.176_211_453_1, 2.143_747_712_1, 2.113_285_263_2, 2.089_599_184_6, 2.070_998_375_3],
            ),
            (
                Pocock,
                0.01,
                &[2.752_850_290_6, 2.760_537_110_7, 2.756_087_102_4, 2.751_272_831_7, 2.747_328_599_0],
            ),
            (
                Pocock,
                0.05,
                &[
                    2.412_201_675_5,
                    2.362_561_269_4,
                    2.316_614_868_6,
                    2.279_669_337_6,
                    2.249_780_422_6,
                    2.225_125_228_2,
                    2.204_398_451_6,
                    2.186_685_304_7,
                    2.171_334_569_7,
                    2.157_872_091_1,
                ],
            ),
        ] {
            let times = even(u32::try_from(expected.len()).unwrap());
            let found = spending_bounds(spending, alpha, &times).unwrap();
            for (bound, value) in found.iter().zip(expected) {
                assert!((bound.unwrap() - value).abs() < 2e-6, "{spending:?} {alpha}: {found:?}");
            }
        }
    }

    /// The constants of Jennison & Turnbull 2000, tables 2.1 and 2.3, for five looks at 0.05 on two sides: 2.413 and
    /// 2.040; each side crosses its half, as both are hardly ever crossed in one course.
    #[test]
    fn classical_boundaries_keep_half_of_the_level_on_each_side() {
        let information = even(5);
        let pocock = crossing_probabilities(&[2.413; 5], &information, 0.0).unwrap();
        assert!((pocock[4] - 0.025).abs() < 5e-5, "{pocock:?}");
        let obrien: Vec<f64> = information.iter().map(|t| 2.040 / t.sqrt()).collect();
        let crossed = crossing_probabilities(&obrien, &information, 0.0).unwrap();
        assert!((crossed[4] - 0.025).abs() < 5e-5, "{crossed:?}");
    }

    /// By the same trapezoids; SciPy's multivariate normal gives a chance of 0.0250 to cross any of them.
    #[test]
    fn boundaries_of_uneven_looks() {
        let looks = [(0.1, 3.0), (0.15, 4.0), (0.5, 40.0), (0.55, 41.0), (1.0, 100.0)];
        for (spending, expected) in [
            (Spending::ObrienFleming, [6.991_351_7, 5.669_674_9, 2.962_589_3, 2.817_799_9, 1.981_864_5]),
            (Spending::Pocock, [2.655_110_0, 2.716_687_6, 2.321_516_8, 2.359_776_8, 2.292_536_7]),
        ] {
            let mut test = GroupSequential::new(spending, 0.025).unwrap();
            for ((time, information), bound) in looks.iter().zip(expected) {
                let found = test.look(*time, *information).unwrap();
                // Nothing is spent so early.
                let Some(found) = found else {
                    assert!(bound > 6.9);
                    continue;
                };
                assert!((found - bound).abs() < 1e-5, "{spending:?} {time}: {found} {bound}");
            }
        }
    }

    #[test]
    fn a_single_look_is_a_single_test() {
        let bounds = spending_bounds(Spending::Pocock, 0.01, &[1.0]).unwrap();
        assert!((bounds[0].unwrap() + normal_quantile(0.01)).abs() < 1e-12);
        let power = crossing_probabilities(&[1.645], &[4.0], 1.5).unwrap();
        assert!((power[0] - normal_sf(1.645 - 3.0)).abs() < 1e-12);
    }

    #[test]
    fn looks_that_add_nothing_are_left_out_and_their_share_is_kept() {
        let mut patient = GroupSequential::new(Spending::Pocock, 0.05).unwrap();
        let mut plain = patient.clone();
        assert_eq!(patient.look(0.5, 50.0), plain.look(0.5, 50.0));
        assert_eq!(patient.look(0.75, 50.01), Ok(None));
        assert_eq!(patient.look(1.0, 100.0), plain.look(1.0, 100.0));
        // All is spent: no look after the end tests anything.
        assert_eq!(plain.look(1.2, 500.0), Ok(None));
        // So early that nothing can be spent.
        let mut early = GroupSequential::new(Spending::ObrienFleming, 0.01).unwrap();
        assert_eq!(early.look(0.01, 1.0), Ok(None));
        assert!(early.look(1.0, 100.0).unwrap().is_some());
    }

    #[test]
    fn what_is_refused() {
        let mut test = GroupSequential::new(Spending::Pocock, 0.05).unwrap();
        for (time, information) in [(f64::NAN, 1.0), (0.5, 0.0), (0.5, f64::INFINITY), (0.5, -1.0)] {
            assert!(test.look(time, information).is_err(), "{time} {information}");
        }
        assert!(crossing_probabilities(&[1.0], &[1.0, 2.0], 0.0).is_err());
        assert!(crossing_probabilities(&[1.0, 1.0], &[1.0, 1.0], 0.0).is_err());
        assert!(crossing_probabilities(&[f64::NAN], &[1.0], 0.0).is_err());
        assert!(crossing_probabilities(&[1.0], &[1.0], f64::INFINITY).is_err());
        assert_eq!(crossing_probabilities(&[], &[], 0.0), Ok(vec![]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// Whatever the looks: the boundaries spend what they are meant to, and those of a smaller level are farther
        /// out.
        #[test]
        fn uneven_looks_spend_the_level(
            gains in prop::collection::vec((0.02..1.0_f64, 0.5..200.0_f64), 1..9),
            alpha in 0.001..0.2_f64,
        ) {
            let whole: f64 = gains.iter().map(|g| g.0).sum();
            let mut at = (0.0, 0.0);
            let looks: Vec<(f64, f64)> = gains
                .iter()
                .map(|(time, information)| { at = (at.0 + time / whole, at.1 + information); at })
                .collect();
            for spending in [Spending::ObrienFleming, Spending::Pocock] {
                let mut test = GroupSequential::new(spending, alpha).unwrap();
                let mut strict = GroupSequential::new(spending, 0.5 * alpha).unwrap();
                let (mut bounds, mut information) = (vec![], vec![]);
                for (time, seen) in &looks {
                    let (bound, farther) = (test.look(*time, *seen).unwrap(), strict.look(*time, *seen).unwrap());
                    if let (Some(near), Some(far)) = (bound, farther) {
                        prop_assert!(far >= near - 1e-6, "{near} {far}");
                    }
                    if let Some(bound) = bound {
                        bounds.push(bound);
                        information.push(*seen);
                    }
                }
                let crossed = crossing_probabilities(&bounds, &information, 0.0).unwrap();
                prop_assert!((crossed.last().unwrap() - test.spent).abs() < 1e-5 * alpha + 1e-9, "{crossed:?}");
            }
        }
    }
}
