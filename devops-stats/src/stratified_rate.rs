//! Is one rate of events larger than the other within each of several strata? The counts of all of them together.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "floats; counts are rounded once"
)]

use crate::StatsError;
use crate::input::rates;
use crate::special::{binomial_pmf, binomial_sf};
use crate::tail::{DirectedP, at_most_one};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The events of strata, each compared by itself: of looks at a canary, of days, of sites.
///
/// Given how many events a stratum has, those of the first side are binomial with share `n₁·ratio/(n₁·ratio + n₂)`
/// where the rates are as `ratio` to 1 and the events rare, and vary less where they are not (Przyborowski & Wilenski
/// 1940; Hoeffding 1956): their tails bound the p-values from one event beyond the expected on, and a single event has
/// no smaller p-value than the number that is expected (Markov). Up to a thousand events these binomials are
/// convolved; beyond, their sum varies less than binomial with the mean share (Hoeffding 1956, theorem 5).
///
/// ```
/// use devops_stats::stratified_rate::StratifiedRate;
/// let mut rate = StratifiedRate::new();
/// rate.add((9, 1000), (2, 1000), 1.0)?; // 9 and 2 errors in 1,000 requests each
/// rate.add((7, 500), (1, 500), 1.0)?;
/// assert!((rate.p().greater - 0.002213).abs() < 1e-6);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StratifiedRate {
    /// Events of the first side.
    first: u64,
    /// Events of both.
    events: u64,
    /// What of them is expected on the first.
    expected: f64,
    variance: f64,
    /// Events of each stratum and their share, while there are few.
    strata: Vec<(u64, f64)>,
}

/// Up to so many events the distribution is exact.
const EXACT_MAX: u64 = 1000;

impl StratifiedRate {
    /// Nothing seen yet.
    ///
    /// ```
    /// use devops_stats::stratified_rate::StratifiedRate;
    /// assert_eq!(StratifiedRate::new().p().greater, 1.0);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { first: 0, events: 0, expected: 0.0, variance: 0.0, strata: Vec::new() }
    }

    /// Adds the events and outcomes of a stratum, held against "the first rate is `ratio` times the second". A side
    /// without outcomes tells nothing.
    ///
    /// # Errors
    ///
    /// More events than outcomes, or a ratio that is not finite and above 0; nothing is added then.
    ///
    /// ```
    /// use devops_stats::stratified_rate::StratifiedRate;
    /// assert!(StratifiedRate::new().add((2, 1), (0, 1), 1.0).is_err());
    /// ```
    pub fn add(&mut self, first: (u64, u64), second: (u64, u64), ratio: f64) -> Result<(), StatsError> {
        if !rates(first, second, ratio)? {
            return Ok(());
        }
        let share = 1.0 / (1.0 + second.1 as f64 / (first.1 as f64 * ratio));
        let events = first.0.saturating_add(second.0);
        self.first = self.first.saturating_add(first.0);
        self.events = self.events.saturating_add(events);
        self.expected += events as f64 * share;
        self.variance += events as f64 * share * (1.0 - share);
        if events > 0 {
            self.strata.push((events, share));
        }
        if self.events > EXACT_MAX {
            self.strata = Vec::new();
        }
        Ok(())
    }

    /// The p-values; `greater`: the first rate is more than the ratio times the second. 1 without events.
    ///
    /// ```
    /// use devops_stats::stratified_rate::StratifiedRate;
    /// let mut rate = StratifiedRate::new();
    /// rate.add((3, 10), (0, 10), 1.0)?;
    /// assert!((rate.p().greater - 0.125).abs() < 1e-15);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn p(&self) -> DirectedP {
        if self.events == 0 {
            return DirectedP { two_sided: 1.0, less: 1.0, greater: 1.0 };
        }
        let second = self.events.saturating_sub(self.first);
        let rest = self.events as f64 - self.expected;
        let (less, greater) = if self.strata.is_empty() {
            (binomial(second, self.events, rest), binomial(self.first, self.events, self.expected))
        } else {
            exact(&self.strata, self.first)
        };
        let (less, greater) =
            (at_least_one(second, rest, less), at_least_one(self.first, self.expected, greater));
        let smaller = if less < greater { less } else { greater };
        DirectedP {
            two_sided: at_most_one(2.0 * smaller),
            less: at_most_one(less),
            greater: at_most_one(greater),
        }
    }

    /// How much was seen: the variance of the events of the first side, given those of both.
    ///
    /// ```
    /// use devops_stats::stratified_rate::StratifiedRate;
    /// let mut rate = StratifiedRate::new();
    /// rate.add((3, 10), (1, 10), 1.0)?;
    /// assert_eq!(rate.information(), 1.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub const fn information(&self) -> f64 {
        self.variance
    }
}

/// The chances of at most and at least `observed` events, each stratum being binomial.
fn exact(strata: &[(u64, f64)], observed: u64) -> (f64, f64) {
    let mut law = alloc::vec![1.0];
    for &(events, share) in strata {
        let one: Vec<f64> = (0..=events).map(|k| binomial_pmf(k, events, share)).collect();
        let mut next = alloc::vec![0.0; law.len() + one.len() - 1];
        for (k, weight) in one.iter().enumerate() {
            for (slot, before) in next.iter_mut().skip(k).zip(&law) {
                *slot += weight * before;
            }
        }
        law = next;
    }
    let at = usize::try_from(observed).unwrap_or(usize::MAX).min(law.len().saturating_sub(1));
    let (below, from) = law.split_at(at);
    (below.iter().sum::<f64>() + from.first().copied().unwrap_or(0.0), from.iter().sum())
}

/// The chance of at least `k` of the events if all strata had the share that is expected on the whole.
fn binomial(k: u64, events: u64, expected: f64) -> f64 {
    match k.checked_sub(1) {
        Some(below) => binomial_sf(below, events, at_most_one(expected / events as f64)),
        None => 1.0,
    }
}

/// One event is no less likely than what is expected, should the events not be rare.
fn at_least_one(k: u64, expected: f64, p: f64) -> f64 {
    if k == 1 && expected > p { expected } else { p }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fisher::fisher_exact;
    use crate::rng::Rng;

    /// The distribution of a sum of binomials, one by one.
    fn slow_greater(parts: &[(u64, f64)], observed: usize) -> f64 {
        let mut law = alloc::vec![1.0];
        for (n, p) in parts {
            for _ in 0..*n {
                let mut next = alloc::vec![0.0; law.len() + 1];
                for (k, weight) in law.iter().enumerate() {
                    next[k] += weight * (1.0 - p);
                    next[k + 1] += weight * p;
                }
                law = next;
            }
        }
        law.iter().skip(observed).sum()
    }

    #[test]
    fn strata_of_any_shares_are_exact_and_bounded_beyond() {
        for looks in [
            &[((5_u64, 100_u64), (1_u64, 100_u64)), ((4, 50), (2, 50))][..],
            &[((5, 100), (1, 900)), ((4, 500), (2, 500))],
            &[((9, 100), (20, 900)), ((4, 500), (2, 500)), ((0, 10), (1, 1000))],
        ] {
            let mut rate = StratifiedRate::new();
            let (mut parts, mut first) = (alloc::vec![], 0);
            for (x, y) in looks {
                rate.add(*x, *y, 1.0).unwrap();
                parts.push((x.0 + y.0, x.1 as f64 / (x.1 + y.1) as f64));
                first += x.0;
            }
            let slow = slow_greater(&parts, usize::try_from(first).unwrap());
            assert!((rate.p().greater - slow).abs() < 1e-12, "{} {slow}", rate.p().greater);
            rate.strata = Vec::new();
            assert!(rate.p().greater >= slow);
        }
    }

    #[test]
    fn it_is_never_surer_than_the_exact_test_of_one_table() {
        let mut rng = Rng::new(1);
        for _ in 0..500 {
            let (n, m) = (1 + rng.below(200), 1 + rng.below(200));
            let (a, c) = (rng.below(n + 1), rng.below(m + 1));
            let mut rate = StratifiedRate::new();
            rate.add((a, n), (c, m), 1.0).unwrap();
            let exact = fisher_exact([[a, n - a], [c, m - c]]).unwrap().p;
            let plain = rate.p();
            rate.strata = Vec::new();
            for found in [plain, rate.p()] {
                for (found, least) in [(found.greater, exact.greater), (found.less, exact.less)] {
                    assert!(found >= least * 0.999_999 || least > 0.25, "{a}/{n} {c}/{m}: {found} {least}");
                }
            }
        }
    }

    #[test]
    fn edges() {
        let mut rate = StratifiedRate::new();
        rate.add((0, 0), (5, 10), 1.0).unwrap();
        rate.add((0, 10), (0, 10), 2.0).unwrap();
        assert_eq!((rate.p().greater, rate.p().less, rate.information()), (1.0, 1.0, 0.0));
        for ratio in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(rate.add((1, 10), (1, 10), ratio).is_err());
        }
        rate.add((u64::MAX, u64::MAX), (u64::MAX, u64::MAX), 1e-300).unwrap();
        assert!((0.0..=1.0).contains(&rate.p().greater));
    }
}
