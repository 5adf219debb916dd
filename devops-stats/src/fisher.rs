//! Do two proportions differ, exactly? Fisher's test.

use crate::StatsError;
use crate::minimum_likelihood::{FarTail, far_tail};
use crate::outcome::{Outcome, Undefined};
use crate::special::binomial_pmf;
use crate::tail::{DirectedP, at_most_one};
use serde::{Deserialize, Serialize};

/// At most so many observations are taken.
pub const TOTAL_MAX: u64 = 1 << 40;

/// What Fisher's exact test found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FisherExact {
    /// p-values; two-sided: all tables at most as likely as this one. `less`: odds ratio below 1.
    pub p: DirectedP,
    /// Mid-p-values: half of this table's probability taken off.
    pub mid_p: DirectedP,
    /// Sample odds ratio `ad/(bc)`; undefined as [`Undefined::Separated`] where it is infinite and as
    /// [`Undefined::EmptyMargin`] where it is 0/0.
    pub odds_ratio: Outcome<f64>,
}

/// Fisher's exact test of the table `[[a, b], [c, d]]`.
///
/// The hypergeometric distribution of `a` given the margins (Fisher 1935), each tail summed outwards from a
/// saddle-point value (Loader 2000), so that p-values of 10⁻³⁰⁰ keep their digits. O(√N) for `N` observations.
///
/// # Errors
///
/// More than 2⁴⁰ observations.
///
/// ```
/// use devops_stats::fisher::fisher_exact;
/// // 8 failures in 10 against 1 in 6.
/// let found = fisher_exact([[8, 2], [1, 5]])?;
/// assert!((found.p.two_sided - 0.034965).abs() < 1e-6);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn fisher_exact(table: [[u64; 2]; 2]) -> Result<FisherExact, StatsError> {
    let [[a, b], [c, d]] = table;
    for count in [a, b, c, d] {
        if count > TOTAL_MAX / 4 {
            return Err(StatsError::out_of_range("table", count, "at most 2^38 a cell"));
        }
    }
    let urn = Urn::new(a, b, c, d);
    let here = urn.probability(a);
    let less = urn.at_most(a);
    let greater = urn.at_least(a);
    let far = match far_tail(a, urn.mode(), (urn.low(), urn.high()), |k| urn.probability(k)) {
        FarTail::Above(k) => urn.at_least(k),
        FarTail::Below(k) => urn.at_most(k),
        FarTail::None => 0.0,
    };
    let near = if a <= urn.mode() { less } else { greater };
    let two_sided = at_most_one(near + far);
    let half = 0.5 * here;
    Ok(FisherExact {
        p: DirectedP { two_sided, less, greater },
        mid_p: DirectedP { two_sided: two_sided - half, less: less - half, greater: greater - half },
        odds_ratio: odds_ratio(a, b, c, d),
    })
}

#[expect(clippy::cast_precision_loss, reason = "the ratio is rounded once")]
fn odds_ratio(a: u64, b: u64, c: u64, d: u64) -> Outcome<f64> {
    let over = u128::from(a).saturating_mul(u128::from(d));
    let under = u128::from(b).saturating_mul(u128::from(c));
    match (over, under) {
        (0, 0) => Outcome::Undefined(Undefined::EmptyMargin),
        (_, 0) => Outcome::Undefined(Undefined::Separated),
        (over, under) => Outcome::Defined(over as f64 / under as f64),
    }
}

/// The hypergeometric distribution: `drawn` from `marked` and `rest`.
struct Urn {
    marked: u64,
    rest: u64,
    drawn: u64,
}

#[expect(clippy::arithmetic_side_effects, reason = "cells are below 2^38, so sums and products of two fit")]
#[expect(clippy::cast_precision_loss, reason = "counts below 2^40 are exact")]
impl Urn {
    fn new(a: u64, b: u64, c: u64, d: u64) -> Self {
        Self { marked: a + b, rest: c + d, drawn: a + c }
    }

    fn low(&self) -> u64 {
        self.drawn.saturating_sub(self.rest)
    }

    fn high(&self) -> u64 {
        self.drawn.min(self.marked)
    }

    fn mode(&self) -> u64 {
        let top = u128::from(self.marked + 1) * u128::from(self.drawn + 1);
        let mode = top / u128::from(self.marked + self.rest + 2);
        u64::try_from(mode).unwrap_or(u64::MAX).clamp(self.low(), self.high())
    }

    fn probability(&self, k: u64) -> f64 {
        let all = self.marked + self.rest;
        if all == 0 || self.low() == self.high() {
            return 1.0;
        }
        let p = self.drawn as f64 / all as f64;
        binomial_pmf(k, self.marked, p) * binomial_pmf(self.drawn - k, self.rest, p)
            / binomial_pmf(self.drawn, all, p)
    }

    fn at_most(&self, k: u64) -> f64 {
        if k >= self.high() {
            1.0
        } else if k <= self.mode() {
            self.sum_down(k)
        } else {
            1.0 - self.sum_up(k + 1)
        }
    }

    fn at_least(&self, k: u64) -> f64 {
        if k <= self.low() {
            1.0
        } else if k >= self.mode() {
            self.sum_up(k)
        } else {
            1.0 - self.sum_down(k - 1)
        }
    }

    /// Probability of at most `k`, from `k` down until terms vanish.
    fn sum_down(&self, k: u64) -> f64 {
        let first = self.probability(k);
        let (mut k, mut term, mut sum) = (k, 1.0, 1.0);
        while k > self.low() && term > sum * 1e-18 {
            let up = k as f64 * (self.rest + k - self.drawn) as f64;
            let down = (self.marked - k + 1) as f64 * (self.drawn - k + 1) as f64;
            term *= up / down;
            sum += term;
            k -= 1;
        }
        at_most_one(first * sum)
    }

    /// Probability of at least `k`, from `k` up until terms vanish.
    fn sum_up(&self, k: u64) -> f64 {
        let first = self.probability(k);
        let (mut k, mut term, mut sum) = (k, 1.0, 1.0);
        while k < self.high() && term > sum * 1e-18 {
            let up = (self.marked - k) as f64 * (self.drawn - k) as f64;
            let down = (k + 1) as f64 * (self.rest + k + 1 - self.drawn) as f64;
            term *= up / down;
            sum += term;
            k += 1;
        }
        at_most_one(first * sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn empty_rows_tell_nothing() {
        let found = fisher_exact([[0, 0], [2, 3]]).unwrap();
        assert_eq!((found.p.two_sided, found.mid_p.less), (1.0, 0.5));
        assert_eq!(found.odds_ratio.reason(), Some(Undefined::EmptyMargin));
        assert_eq!(fisher_exact([[0, 0], [0, 0]]).unwrap().p.less, 1.0);
        assert!(fisher_exact([[u64::MAX, 0], [0, 0]]).is_err());
    }

    proptest! {
        #[test]
        fn tails_are_complementary(a in 0_u64..300, b in 0_u64..300, c in 0_u64..300, d in 0_u64..300) {
            let found = fisher_exact([[a, b], [c, d]]).unwrap();
            let swapped = fisher_exact([[b, a], [d, c]]).unwrap();
            prop_assert!((found.p.less - swapped.p.greater).abs() < 1e-12);
            prop_assert!((found.p.two_sided - swapped.p.two_sided).abs() < 1e-12);
            prop_assert!(found.p.two_sided <= 1.0 && found.p.two_sided >= 0.0);
            prop_assert!(found.p.less + found.p.greater >= 1.0 - 1e-12);
        }

        #[test]
        fn any_counts_are_answered(a in any::<u64>(), b in 0_u64..1 << 38, c in 0_u64..1 << 38, d in 0_u64..1 << 20) {
            let _ = fisher_exact([[a >> 27, b, ], [c, d]]);
        }
    }
}
