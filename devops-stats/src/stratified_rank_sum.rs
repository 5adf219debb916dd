//! Is one sample larger than the other within each of several strata? The rank sums of all of them together.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and doubled ranks of samples that fit in memory"
)]

use crate::StatsError;
use crate::input::finite;
use crate::mann_whitney_conservative::{Group, distribution, few_outcomes, groups, widest_step};
use crate::rank_sum_exact::u_counts;
use crate::special::normal_sf;
use crate::tail::{DirectedP, at_most_one};
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// So many steps may the exact distribution of all strata take.
const STEPS_MAX: usize = 500_000;
/// The exact distribution of one stratum without ties is known up to this product of the sizes.
const PRODUCT_MAX: usize = 2_500;

/// The rank sums of strata, each ranked by itself: of looks at a canary, of days, of sites.
///
/// What moves both samples of a stratum alike does not matter. The statistic is the sum of U less its mean over the
/// strata, so that each pair of values of one stratum counts alike (Lehmann 1975, ch. 3.3). Its p-values are exact
/// given the ties while few values were seen: the distributions of the strata are convolved. Beyond, they are
/// normal with tie-corrected variance, continuity-corrected by half of the widest step that a stratum can take, and
/// never below the first Edgeworth correction for skewness, which samples of uneven size with many equal values have.
///
/// ```
/// use devops_stats::stratified_rank_sum::StratifiedRankSum;
/// let mut sum = StratifiedRankSum::new();
/// sum.add(&[5.0, 7.0, 6.5], &[4.0, 5.5, 3.0])?; // 8 of 9 pairs
/// sum.add(&[95.0, 97.0, 96.5], &[94.0, 95.5, 93.0])?;
/// assert_eq!(sum.superiority(), Some(16.0 / 18.0));
/// assert!((sum.p().greater - 0.02).abs() < 1e-12);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StratifiedRankSum {
    /// Pairs in which the first is larger, less those in which the second is.
    delta: i64,
    pairs: f64,
    variance: f64,
    /// Third central moment.
    skew: f64,
    /// Widest step, of `delta`.
    step: f64,
    information: f64,
    /// The strata, as long as the exact distribution is at hand.
    strata: Option<Vec<Stratum>>,
}

/// All that the distribution of a stratum rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Stratum {
    first: usize,
    second: usize,
    /// Sizes of the groups of equal values, from small to large; empty without ties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ties: Vec<usize>,
}

impl StratifiedRankSum {
    /// Nothing seen yet.
    ///
    /// ```
    /// use devops_stats::stratified_rank_sum::StratifiedRankSum;
    /// assert_eq!(StratifiedRankSum::new().p().greater, 1.0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { strata: Some(Vec::new()), ..Self::default() }
    }

    /// Adds a stratum. One without values on a side tells nothing.
    ///
    /// # Errors
    ///
    /// A value that is not finite; nothing is added then.
    ///
    /// ```
    /// use devops_stats::stratified_rank_sum::StratifiedRankSum;
    /// let mut sum = StratifiedRankSum::new();
    /// assert!(sum.add(&[f64::NAN], &[1.0]).is_err());
    /// sum.add(&[], &[1.0])?;
    /// assert_eq!(sum, StratifiedRankSum::new());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn add(&mut self, x: &[f64], y: &[f64]) -> Result<(), StatsError> {
        let (x, y) = (finite("x", x)?, finite("y", y)?);
        if x.is_empty() || y.is_empty() {
            return Ok(());
        }
        let groups = groups(&x, &y);
        let (n, m) = (x.len(), y.len());
        let doubled: i64 = groups.iter().map(|g| g.first as i64 * g.rank).sum();
        self.take(doubled - (n * (n + m + 1)) as i64, &groups, (n, m));
        Ok(())
    }

    /// Adds a stratum of these sizes in which every value of the first sample is larger: the most that such a
    /// stratum can show.
    ///
    /// ```
    /// use devops_stats::stratified_rank_sum::StratifiedRankSum;
    /// let mut most = StratifiedRankSum::new();
    /// most.add_best(2, 2);
    /// assert!((most.p().greater - 1.0 / 6.0).abs() < 1e-15);
    /// ```
    pub fn add_best(&mut self, n1: usize, n2: usize) {
        if n1 > 0 && n2 > 0 {
            let product = (n1 as u128 * n2 as u128).min(i64::MAX as u128) as i64;
            self.take(product, &[], (n1, n2));
        }
    }

    /// `groups`: of equal values; none stands for values that are all different.
    fn take(&mut self, delta: i64, groups: &[Group], (n, m): (usize, usize)) {
        let tied = groups.iter().any(|g| g.size() > 1);
        let (first, second) = (n as f64, m as f64);
        let all = first + second;
        let untied = first * second * (all + 1.0) / 3.0;
        self.delta = self.delta.saturating_add(delta);
        self.pairs += first * second;
        self.information += untied;
        if tied {
            let middle = all + 1.0;
            let moment = |power: i32| -> f64 {
                let of = |g: &Group| {
                    let d = g.rank as f64 - middle;
                    g.size() as f64 * if power == 2 { d * d } else { d * d * d }
                };
                groups.iter().map(of).sum()
            };
            // Sums of n of N values drawn without replacement (Cochran 1977, ch. 2).
            self.variance += first * second / (all * (all - 1.0)) * moment(2);
            if all > 2.0 {
                let thin = first * second * (second - first) / (all * (all - 1.0) * (all - 2.0));
                self.skew += thin * moment(3);
            }
        } else {
            self.variance += untied;
        }
        let step = if tied { 2.0 * widest_step(groups) } else { 2.0 };
        self.step = if step > self.step { step } else { self.step };
        let ties = if tied { groups.iter().map(Group::size).collect() } else { Vec::new() };
        self.remember(Stratum { first: n, second: m, ties });
    }

    /// Keeps the stratum while the exact distribution can be had.
    fn remember(&mut self, stratum: Stratum) {
        let Some(strata) = &mut self.strata else { return };
        strata.push(stratum);
        if law(strata).is_none() {
            self.strata = None;
        }
    }

    /// The p-values; `greater`: the first sample is larger. 1 before the first stratum, and where all values of each
    /// stratum are equal.
    ///
    /// ```
    /// use devops_stats::stratified_rank_sum::StratifiedRankSum;
    /// let mut sum = StratifiedRankSum::new();
    /// for _ in 0..6 {
    ///     sum.add(&[1.0, 3.0, 5.0, 7.0, 9.0], &[2.0, 4.0, 6.0, 8.0, 0.0])?;
    /// }
    /// assert!((sum.p().greater - 0.108).abs() < 0.001);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn p(&self) -> DirectedP {
        let exact = self.strata.as_deref().and_then(law);
        let (less, greater) = match exact {
            Some(law) => law.tails(self.delta),
            None => (self.normal(-1.0), self.normal(1.0)),
        };
        let smaller = if less < greater { less } else { greater };
        DirectedP {
            two_sided: at_most_one(2.0 * smaller),
            less: at_most_one(less),
            greater: at_most_one(greater),
        }
    }

    /// The chance of a sum at least as far in that direction.
    fn normal(&self, sign: f64) -> f64 {
        if self.variance <= 0.0 {
            return 1.0;
        }
        let spread = libm::sqrt(self.variance);
        let z = (sign * self.delta as f64 - 0.5 * self.step) / spread;
        let plain = normal_sf(z);
        let skewness = sign * self.skew / (spread * self.variance);
        let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * core::f64::consts::PI);
        let corrected = plain + density * skewness / 6.0 * (z * z - 1.0);
        if corrected > plain { corrected } else { plain }
    }

    /// The chance that a value of the first sample exceeds one of the second in its stratum, ties counting half;
    /// `None` before the first stratum.
    ///
    /// ```
    /// use devops_stats::stratified_rank_sum::StratifiedRankSum;
    /// assert_eq!(StratifiedRankSum::new().superiority(), None);
    /// ```
    #[must_use]
    pub fn superiority(&self) -> Option<f64> {
        (self.pairs > 0.0).then(|| 0.5 + 0.5 * self.delta as f64 / self.pairs)
    }

    /// How much the strata could tell if no values were equal: the variance of the statistic, `Σ n₁n₂(N + 1)/3`.
    ///
    /// ```
    /// use devops_stats::stratified_rank_sum::StratifiedRankSum;
    /// let mut sum = StratifiedRankSum::new();
    /// sum.add(&[1.0, 1.0, 1.0], &[1.0, 1.0])?;
    /// assert_eq!(sum.information(), 12.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub const fn information(&self) -> f64 {
        self.information
    }
}

/// Probabilities of the values of a sum from `-half` to `half`.
struct Law {
    half: usize,
    weights: Vec<f64>,
}

impl Law {
    /// The chances of at most and at least that value.
    fn tails(&self, delta: i64) -> (f64, f64) {
        let at = (delta + self.half as i64).clamp(0, 2 * self.half as i64) as usize;
        let (below, from) = self.weights.split_at(at);
        let here = from.first().copied().unwrap_or(0.0);
        (below.iter().sum::<f64>() + here, from.iter().sum())
    }
}

/// The distribution of the sum over the strata, unless that takes too many steps.
fn law(strata: &[Stratum]) -> Option<Law> {
    let mut law = Law { half: 0, weights: vec![1.0] };
    let mut steps = 0_usize;
    for stratum in strata {
        let one = stratum.law()?;
        let half = law.half + stratum.first * stratum.second;
        steps = steps.saturating_add(one.len().saturating_mul(law.weights.len()));
        if steps > STEPS_MAX {
            return None;
        }
        let mut weights = vec![0.0; 2 * half + 1];
        for (delta, share) in one {
            // From -half of one to -half of both.
            let from = (half as i64 - law.half as i64 + delta) as usize;
            for (slot, weight) in weights.get_mut(from..)?.iter_mut().zip(&law.weights) {
                *slot += share * weight;
            }
        }
        law = Law { half, weights };
    }
    Some(law)
}

impl Stratum {
    /// Each value of the difference of pairs, and its probability.
    fn law(&self) -> Option<Vec<(i64, f64)>> {
        let (n, m) = (self.first, self.second);
        let product = n.checked_mul(m)?;
        if self.ties.is_empty() {
            if product > PRODUCT_MAX {
                return None;
            }
            let counts = u_counts(n, m);
            let all: u128 = counts.iter().sum();
            let value =
                |(u, count): (usize, &u128)| (2 * u as i64 - product as i64, *count as f64 / all as f64);
            return Some(counts.iter().enumerate().map(value).collect());
        }
        let mut before = 0;
        let group = |size: &usize| {
            let rank = (2 * before + size + 1) as i64;
            before += size;
            Group { first: 0, second: *size, rank }
        };
        let groups: Vec<Group> = self.ties.iter().map(group).collect();
        // The wide lattice of a stratum is walked through as often as it has values.
        if !few_outcomes(&groups) || product > STEPS_MAX / 2 {
            return None;
        }
        let least = (n * (n + m + 1)) as i64;
        Some(
            distribution(&groups, n)?
                .into_iter()
                .map(|(doubled, weight)| (doubled - least, weight))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mann_whitney_conservative::mann_whitney_conservative;
    use crate::rng::Rng;
    use proptest::prelude::*;

    /// All ways to deal the values of each stratum out, one by one.
    fn slow_greater(strata: &[(Vec<f64>, Vec<f64>)]) -> f64 {
        let delta = |x: &[f64], y: &[f64]| -> i64 {
            let pair = |a: &f64, b: &f64| i64::from(a > b) - i64::from(a < b);
            x.iter().map(|a| y.iter().map(|b| pair(a, b)).sum::<i64>()).sum()
        };
        let mut sums = vec![(0_i64, 1.0)];
        for (x, y) in strata {
            let all: Vec<f64> = x.iter().chain(y).copied().collect();
            let masks: Vec<u32> =
                (0_u32..1 << all.len()).filter(|mask| mask.count_ones() as usize == x.len()).collect();
            let pick = |mask: u32, taken: bool| -> Vec<f64> {
                all.iter()
                    .enumerate()
                    .filter(|(i, _)| (mask >> i & 1 == 1) == taken)
                    .map(|(_, v)| *v)
                    .collect()
            };
            let deltas: Vec<i64> =
                masks.iter().map(|mask| delta(&pick(*mask, true), &pick(*mask, false))).collect();
            let share = 1.0 / deltas.len() as f64;
            sums = sums.iter().flat_map(|(s, w)| deltas.iter().map(move |d| (s + d, w * share))).collect();
        }
        let observed: i64 = strata.iter().map(|(x, y)| delta(x, y)).sum();
        sums.iter().filter(|(s, _)| *s >= observed).map(|(_, w)| w).sum()
    }

    fn of(strata: &[(Vec<f64>, Vec<f64>)]) -> StratifiedRankSum {
        let mut sum = StratifiedRankSum::new();
        strata.iter().for_each(|(x, y)| sum.add(x, y).unwrap());
        sum
    }

    #[test]
    fn one_stratum_is_the_rank_sum_test() {
        let mut rng = Rng::new(1);
        for (n, m, levels) in [(5, 5, 0), (4, 9, 0), (12, 8, 3), (30, 20, 2), (40, 60, 1)] {
            let mut side = |n: usize| -> Vec<f64> {
                let draw =
                    |rng: &mut Rng| if levels == 0 { rng.normal() } else { rng.below(levels + 1) as f64 };
                (0..n).map(|_| draw(&mut rng)).collect()
            };
            let (x, y) = (side(n), side(m));
            let (found, plain) =
                (of(&[(x.clone(), y.clone())]).p(), mann_whitney_conservative(&x, &y).unwrap());
            let plain = plain.defined().unwrap().p;
            assert!((found.greater - plain.greater).abs() < 1e-12, "{n} {m} {levels}: {found:?} {plain:?}");
            assert!((found.less - plain.less).abs() < 1e-12);
        }
    }

    #[test]
    fn many_strata_are_nearly_normal_and_never_surer() {
        let mut rng = Rng::new(2);
        let (mut exact, mut far) = (StratifiedRankSum::new(), 0);
        for _ in 0..7 {
            let mut side = || -> Vec<f64> { (0..10).map(|_| rng.normal()).collect() };
            let (x, y) = (side(), side());
            exact.add(&x, &y).unwrap();
            let mut normal = exact.clone();
            normal.strata = None;
            assert!(exact.strata.is_some());
            let (a, b) = (exact.p().greater, normal.p().greater);
            assert!((a - b).abs() < 0.01, "{a} {b}");
            far += u32::from(b < a * 0.98);
        }
        assert_eq!(far, 0);
        // Beyond, the strata are let go.
        for _ in 0..20 {
            exact.add(&[1.0; 10], &[0.0; 10]).unwrap();
            exact.add(&(0..30).map(f64::from).collect::<Vec<_>>(), &[0.5; 30]).unwrap();
        }
        assert!(exact.strata.is_none());
        assert!(exact.p().greater < 1e-6);
    }

    /// A canary with a tenth of the traffic and rare events: its tail is longer than the normal one.
    #[test]
    fn the_skewness_of_uneven_sides_is_taken_in() {
        let mut sum = StratifiedRankSum::new();
        for round in 0..15 {
            let mut y = vec![0.0; 90];
            y[0] = 1.0;
            let mut x = vec![0.0; 10];
            x[0] = f64::from(u8::from(round % 3 == 0));
            sum.add(&x, &y).unwrap();
        }
        let exact = sum.p().greater;
        let mut normal = sum.clone();
        normal.strata = None;
        assert!(sum.strata.is_some(), "few values differ, so that it stays exact");
        let plain = {
            let z = (normal.delta as f64 - 0.5 * normal.step) / normal.variance.sqrt();
            normal_sf(z)
        };
        assert!(plain < exact && normal.p().greater > plain, "{plain} {exact} {}", normal.p().greater);
        assert!((normal.p().greater / exact - 1.0).abs() < 0.25, "{} {exact}", normal.p().greater);
    }

    #[test]
    fn edges() {
        let mut sum = StratifiedRankSum::new();
        sum.add(&[2.0; 5], &[2.0; 9]).unwrap();
        assert_eq!((sum.p().greater, sum.p().less, sum.superiority()), (1.0, 1.0, Some(0.5)));
        sum.strata = None;
        assert_eq!(sum.p().greater, 1.0);
        let mut best = StratifiedRankSum::new();
        best.add_best(0, 3);
        assert_eq!(best, StratifiedRankSum::new());
        best.add_best(1_000_000, 1_000_000);
        assert!(best.strata.is_none() && best.p().greater == 0.0 && best.superiority() == Some(1.0));
        best.add_best(usize::MAX / 4, usize::MAX / 4);
        assert!(best.p().greater <= 1.0);
        let written = serde_json::to_string(&sum).unwrap();
        assert_eq!(serde_json::from_str::<StratifiedRankSum>(&written).unwrap(), sum);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn p_values_equal_enumeration(
            strata in prop::collection::vec((prop::collection::vec(-3_i8..4, 1..4), prop::collection::vec(-3_i8..4, 1..4)), 1..4),
        ) {
            let float = |v: &Vec<i8>| -> Vec<f64> { v.iter().map(|k| f64::from(*k)).collect() };
            let strata: Vec<_> = strata.iter().map(|(x, y)| (float(x), float(y))).collect();
            let found = of(&strata).p();
            prop_assert!((found.greater - slow_greater(&strata)).abs() < 1e-12);
            let turned: Vec<_> = strata.iter().map(|(x, y)| (y.clone(), x.clone())).collect();
            prop_assert!((found.less - slow_greater(&turned)).abs() < 1e-12);
        }
    }
}
