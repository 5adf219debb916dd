//! The exact distribution of the rank sum, without and with ties.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "indices are at most the largest statistic, which is small where this is used"
)]

use crate::tail::{DirectedP, at_most_one};
use alloc::vec;
use alloc::vec::Vec;

/// Number of ways to reach each value of U for samples of these sizes without ties.
///
/// Coefficients of the Gaussian binomial (Mann & Whitney 1947), by products and quotients of `1 − qⁱ` modulo
/// 2¹²⁸; the counts themselves fit, as `C(n1 + n2, n1) < 2¹²⁸` where `n1 · n2 ≤ 2500`.
pub(crate) fn u_counts(n1: usize, n2: usize) -> Vec<u128> {
    let (small, large) = if n1 < n2 { (n1, n2) } else { (n2, n1) };
    let mut counts = vec![0_u128; n1 * n2 + 1];
    counts[0] = 1;
    for i in 1..=small {
        for k in (large + i..counts.len()).rev() {
            counts[k] = counts[k].wrapping_sub(counts[k - large - i]);
        }
        for k in i..counts.len() {
            counts[k] = counts[k].wrapping_add(counts[k - i]);
        }
    }
    counts
}

/// Exact p-values of U of the first sample, without ties, `n1 · n2 ≤ 2500`.
pub(crate) fn untied(n1: usize, n2: usize, u1: f64) -> DirectedP {
    let counts = u_counts(n1, n2);
    let at = (u1 as usize).min(counts.len() - 1);
    directed(&counts, at)
}

/// Exact p-values given the ties: `ranks` are doubled midranks of all values, the first sample's sum is `sum`
/// over `n1` of them. At most 50 values. The shift algorithm of Streitberg & Röhmel 1986.
pub(crate) fn tied(ranks: &[i64], n1: usize, sum: i64) -> DirectedP {
    let least = ranks.iter().copied().min().unwrap_or(0);
    let reduced: Vec<usize> = ranks.iter().map(|r| (r - least) as usize).collect();
    let total: usize = reduced.iter().sum();
    let width = total + 1;
    let mut ways = vec![0_u128; (n1 + 1) * width];
    ways[0] = 1;
    for (seen, &rank) in reduced.iter().enumerate() {
        for size in (1..=n1.min(seen + 1)).rev() {
            let (before, here) = ways.split_at_mut(size * width);
            let before = &before[(size - 1) * width..];
            for k in rank..width {
                here[k] += before[k - rank];
            }
        }
    }
    let at = (sum - least * n1 as i64) as usize;
    directed(&ways[n1 * width..], at.min(total))
}

fn directed(counts: &[u128], at: usize) -> DirectedP {
    let all: u128 = counts.iter().sum();
    let low: u128 = counts[..=at].iter().sum();
    let high: u128 = counts[at..].iter().sum();
    let less = low as f64 / all as f64;
    let greater = high as f64 / all as f64;
    let smaller = if less < greater { less } else { greater };
    DirectedP { two_sided: at_most_one(2.0 * smaller), less, greater }
}

/// The smallest `q` with `P(U ≤ q) ≥ p`, and `P(U ≤ q − 1)`.
pub(crate) fn u_quantile(n1: usize, n2: usize, p: f64) -> (usize, f64) {
    let counts = u_counts(n1, n2);
    let all = counts.iter().sum::<u128>() as f64;
    let target = p * (1.0 - 10.0 * f64::EPSILON);
    let mut below = 0_u128;
    for (q, &count) in counts.iter().enumerate() {
        let with = below + count;
        if with as f64 / all >= target {
            return (q, below as f64 / all);
        }
        below = with;
    }
    (counts.len() - 1, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_against_four() {
        let p = untied(3, 4, 0.0);
        assert!((p.two_sided - 2.0 / 35.0).abs() < 1e-16);
        assert_eq!(p.greater, 1.0);
    }

    #[test]
    fn counts_are_symmetric_and_complete() {
        for (n1, n2) in [(1, 1), (2, 5), (7, 7), (50, 50), (1, 2500), (10, 250)] {
            let counts = u_counts(n1, n2);
            assert!(counts.iter().eq(counts.iter().rev()));
            let log: f64 = libm::lgamma((n1 + n2 + 1) as f64)
                - libm::lgamma((n1 + 1) as f64)
                - libm::lgamma((n2 + 1) as f64);
            let all = counts.iter().sum::<u128>() as f64;
            assert!((libm::log(all) - log).abs() < 1e-9, "{n1} {n2}");
        }
    }

    #[test]
    fn tied_equals_untied_where_nothing_is_tied() {
        let ranks: Vec<i64> = (1..=9).map(|r| 2 * r).collect();
        for sum in 10..=30 {
            let u = sum as f64 - 10.0;
            let (a, b) = (tied(&ranks, 4, 2 * sum), untied(4, 5, u));
            assert_eq!(a, b, "{sum}");
        }
    }

    #[test]
    fn tied_equals_enumeration() {
        let ranks = [3_i64, 3, 7, 7, 7, 12, 14, 16];
        let n1 = 3;
        let sums: Vec<i64> = (0_u32..256)
            .filter(|m| m.count_ones() == 3)
            .map(|m| (0..8).filter(|i| m >> i & 1 == 1).map(|i| ranks[i]).sum())
            .collect();
        for &sum in &sums {
            let less = sums.iter().filter(|s| **s <= sum).count() as f64 / sums.len() as f64;
            let greater = sums.iter().filter(|s| **s >= sum).count() as f64 / sums.len() as f64;
            let found = tied(&ranks, n1, sum);
            assert!((found.less - less).abs() < 1e-15 && (found.greater - greater).abs() < 1e-15);
        }
    }
}
