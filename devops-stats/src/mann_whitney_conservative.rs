//! Is one sample larger than the other, when false alarms must not exceed the level? The Mann–Whitney test with
//! p-values that hold it, however many values are equal.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "counts and doubled ranks of samples that fit in memory"
)]

use crate::StatsError;
use crate::fisher::fisher_exact;
use crate::mann_whitney::{Counts, mann_whitney};
use crate::outcome::Outcome;
use crate::tail::{DirectedP, at_most_one};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// So many steps may the exact distribution take where values are equal; it is reached at about 35 values beside
/// the most frequent one.
const STEPS_MAX: usize = 100_000;
/// Below so many rare values, expected in the smaller sample, the normal approximation is held against Fisher's
/// test.
const RARE: f64 = 200.0;

/// Where p-values come from.
///
/// ```
/// use devops_stats::mann_whitney_conservative::{RankSumMethod, mann_whitney_conservative};
/// let found = mann_whitney_conservative(&[1.0, 2.0], &[2.0, 3.0])?.defined().unwrap();
/// assert_eq!(found.method, RankSumMethod::Exact);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RankSumMethod {
    /// The distribution over all ways to split the values.
    Exact,
    /// The normal approximation, continuity-corrected by half of the widest step between neighbouring midranks.
    Normal,
    /// The same, and never below Fisher's test of the rare values.
    NormalAndFisher,
}

/// p-values that hold their level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConservativeRankSum {
    /// p-values; `greater`: the first sample is larger.
    pub p: DirectedP,
    /// Where they come from.
    pub method: RankSumMethod,
}

/// The Mann–Whitney test of two independent samples with p-values that hold their level under ties.
///
/// Exact where [`mann_whitney`] is, and wherever few values differ from the
/// most frequent one: then the distribution is summed over the groups of equal values, given their sizes (Lehmann
/// 1975, ch. 1.4). Else the normal approximation with tie-corrected variance, whose continuity correction is half
/// of the widest step between neighbouring midranks, not half of a rank: with many zeros and few events a single
/// event moves the sum by that much. Where more than half of all values are equal and few others are expected in
/// the smaller sample, it is not let below Fisher's exact test of these others, which holds the level whatever
/// the sizes. Undefined where all values are equal.
///
/// # Errors
///
/// A value that is not finite, or an empty sample.
///
/// ```
/// use devops_stats::mann_whitney::mann_whitney;
/// use devops_stats::mann_whitney_conservative::mann_whitney_conservative;
/// // 3 errors in 100 values against none: 1 in 8 by chance. The usual approximation says 1 in 24.
/// let mut errors = [0.0; 100];
/// errors[..3].copy_from_slice(&[1.0, 2.0, 3.0]);
/// let careful = mann_whitney_conservative(&errors, &[0.0; 100])?.defined().unwrap();
/// assert!((careful.p.greater - 0.1231).abs() < 1e-4);
/// assert!(mann_whitney(&errors, &[0.0; 100])?.p().unwrap().greater < 0.05);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn mann_whitney_conservative(x: &[f64], y: &[f64]) -> Result<Outcome<ConservativeRankSum>, StatsError> {
    let plain = mann_whitney(x, y)?;
    let reason = plain.asymptotic.reason();
    if let Some(reason) = reason {
        return Ok(Outcome::Undefined(reason));
    }
    if let Some(p) = plain.exact {
        return Ok(Outcome::Defined(ConservativeRankSum { p, method: RankSumMethod::Exact }));
    }
    let groups = groups(x, y);
    if plain.ties
        && few_outcomes(&groups)
        && let Some(p) = exact_by_groups(&groups, plain.n1)
    {
        return Ok(Outcome::Defined(ConservativeRankSum { p, method: RankSumMethod::Exact }));
    }
    let product = plain.n1 as f64 * plain.n2 as f64;
    let approximate = Counts::of(x, y).normal(product, 0.5 * widest_step(&groups));
    let guard = guard(&groups, plain.n1, plain.n2)?;
    Ok(approximate.map(|p| match guard {
        None => ConservativeRankSum { p, method: RankSumMethod::Normal },
        Some(least) => ConservativeRankSum { p: larger(p, least), method: RankSumMethod::NormalAndFisher },
    }))
}

/// Equal values: how many in each sample, and their doubled midrank.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) rank: i64,
}

impl Group {
    pub(crate) fn size(&self) -> usize {
        self.first + self.second
    }
}

/// The groups of equal values, from small to large.
pub(crate) fn groups(x: &[f64], y: &[f64]) -> Vec<Group> {
    let mut all: Vec<(f64, bool)> = x.iter().map(|v| (v + 0.0, true)).collect();
    all.extend(y.iter().map(|v| (v + 0.0, false)));
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut before = 0;
    all.chunk_by(|a, b| a.0 == b.0)
        .map(|equal| {
            let first = equal.iter().filter(|v| v.1).count();
            // Midrank: ranks before + (size + 1)/2.
            let rank = (2 * before + equal.len() + 1) as i64;
            before += equal.len();
            Group { first, second: equal.len() - first, rank }
        })
        .collect()
}

/// The widest step between neighbouring midranks.
pub(crate) fn widest_step(groups: &[Group]) -> f64 {
    let steps = groups.windows(2).filter_map(|pair| match pair {
        [low, high] => Some(high.rank - low.rank),
        _ => None,
    });
    steps.max().unwrap_or(2) as f64 / 2.0
}

/// The place of the largest group.
fn mode(groups: &[Group]) -> usize {
    let sizes = groups.iter().enumerate().map(|(i, g)| (g.size(), core::cmp::Reverse(i)));
    sizes.max().map_or(0, |(_, core::cmp::Reverse(i))| i)
}

/// Whether it is worth trying to sum over all outcomes: few values beside the most frequent one, or few ways to
/// deal the groups out.
pub(crate) fn few_outcomes(groups: &[Group]) -> bool {
    let largest = mode(groups);
    let others = || groups.iter().enumerate().filter(|(i, _)| *i != largest).map(|(_, g)| g.size());
    others().sum::<usize>() <= 40
        || others().fold(1, |ways: usize, n| ways.saturating_mul(n + 1)) <= STEPS_MAX
}

/// The exact p-values given the sizes of the groups, unless that takes too many steps.
fn exact_by_groups(groups: &[Group], n1: usize) -> Option<DirectedP> {
    let total = distribution(groups, n1)?;
    let observed: i64 = groups.iter().map(|g| g.first as i64 * g.rank).sum();
    let less: f64 = total.range(..=observed).map(|(_, w)| w).sum();
    let greater: f64 = total.range(observed..).map(|(_, w)| w).sum();
    let smaller = if less < greater { less } else { greater };
    let p = DirectedP {
        two_sided: at_most_one(2.0 * smaller),
        less: at_most_one(less),
        greater: at_most_one(greater),
    };
    Some(p)
}

/// The distribution of the doubled rank sum of the first sample given the sizes of the groups, unless that takes too
/// many steps.
///
/// All groups but the largest are dealt out; the largest takes what is left. The sum is counted from what it is
/// when all values of the first sample are in the largest group.
pub(crate) fn distribution(groups: &[Group], n1: usize) -> Option<BTreeMap<i64, f64>> {
    let largest = mode(groups);
    let base = groups.get(largest)?.rank;
    let others: Vec<&Group> =
        groups.iter().enumerate().filter(|(i, _)| *i != largest).map(|(_, g)| g).collect();
    let mut left: usize = groups.iter().map(Group::size).sum();
    // Of how many values taken so far: the distribution of the sum.
    let mut states: Vec<BTreeMap<i64, f64>> = alloc::vec![BTreeMap::from([(0, 1.0)])];
    let mut steps = 0;
    for group in others {
        let size = group.size();
        let mut next: Vec<BTreeMap<i64, f64>> =
            alloc::vec![BTreeMap::new(); (states.len() + size).min(n1 + 1)];
        for (taken, sums) in states.iter().enumerate().filter(|(_, sums)| !sums.is_empty()) {
            let shares = hypergeometric(left, size, n1 - taken);
            steps += sums.len() * shares.len();
            if steps > STEPS_MAX {
                return None;
            }
            for &(more, share) in &shares {
                let moved = more as i64 * (group.rank - base);
                let target = next.get_mut(taken + more)?;
                for (sum, weight) in sums {
                    *target.entry(sum + moved).or_insert(0.0) += weight * share;
                }
            }
        }
        states = next;
        left -= size;
    }
    // What is left over must fit into the largest group: others have no probability, by construction.
    let mut total: BTreeMap<i64, f64> = BTreeMap::new();
    for (sum, weight) in states.into_iter().flatten() {
        *total.entry(n1 as i64 * base + sum).or_insert(0.0) += weight;
    }
    Some(total)
}

/// How many of `size` values are among `drawn` out of `all`: each number that is possible, and its probability.
fn hypergeometric(all: usize, size: usize, drawn: usize) -> Vec<(usize, f64)> {
    let (low, high) = ((drawn + size).saturating_sub(all), size.min(drawn));
    let mut found = Vec::with_capacity(high - low + 1);
    // Ratios from the first on, then scaled to one: the numbers are small.
    let mut weight = 1.0;
    let mut sum = 0.0;
    for k in low..=high {
        found.push((k, weight));
        sum += weight;
        let up = (size - k) as f64 * (drawn - k) as f64;
        let down = (k + 1) as f64 * (all + k + 1 - size - drawn) as f64;
        weight *= up / down;
        if sum > 1e200 {
            found.iter_mut().for_each(|f| f.1 *= 1e-200);
            (weight, sum) = (weight * 1e-200, sum * 1e-200);
        }
    }
    found.iter_mut().for_each(|f| f.1 /= sum);
    found
}

/// Fisher's p-values of the values beside the most frequent one, where these are rare.
fn guard(groups: &[Group], n1: usize, n2: usize) -> Result<Option<DirectedP>, StatsError> {
    let largest = mode(groups);
    let all = n1 + n2;
    let most = groups.get(largest).map_or(0, Group::size);
    let expected = (all - most) as f64 * n1.min(n2) as f64 / all as f64;
    if most * 2 <= all || expected >= RARE {
        return Ok(None);
    }
    let split = |part: &[Group]| -> Result<Option<DirectedP>, StatsError> {
        let count = |of: fn(&Group) -> usize| part.iter().map(of).sum::<usize>();
        let (a, c) = (count(|g| g.first), count(|g| g.second));
        if a + c == 0 {
            return Ok(None);
        }
        let table = [[a as u64, (n1 - a) as u64], [c as u64, (n2 - c) as u64]];
        Ok(Some(fisher_exact(table)?.p))
    };
    let above = split(groups.get(largest + 1..).unwrap_or_default())?;
    let below = split(groups.get(..largest).unwrap_or_default())?;
    let turned = below.map(|p| DirectedP { two_sided: p.two_sided, less: p.greater, greater: p.less });
    Ok(match (above, turned) {
        (Some(a), Some(b)) => {
            let either = |a: f64, b: f64| at_most_one(2.0 * if a < b { a } else { b });
            Some(DirectedP {
                two_sided: either(a.two_sided, b.two_sided),
                less: either(a.less, b.less),
                greater: either(a.greater, b.greater),
            })
        }
        (a, b) => a.or(b),
    })
}

fn larger(a: DirectedP, b: DirectedP) -> DirectedP {
    let of = |a: f64, b: f64| if a > b { a } else { b };
    DirectedP {
        two_sided: of(a.two_sided, b.two_sided),
        less: of(a.less, b.less),
        greater: of(a.greater, b.greater),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Undefined;
    use crate::rng::Rng;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert!(mann_whitney_conservative(&[], &[1.0]).is_err());
        let flat = mann_whitney_conservative(&[1.0; 3], &[1.0]).unwrap();
        assert_eq!(flat.reason(), Some(Undefined::Constant));
        let one = mann_whitney_conservative(&[1.0], &[2.0]).unwrap().defined().unwrap();
        assert_eq!(one.p.greater, 1.0);
    }

    #[test]
    fn rare_values_equal_fisher() {
        // Events of one kind: the rank sum knows nothing but their number.
        let side = |events: usize, n: usize| -> Vec<f64> {
            (0..n).map(|i| f64::from(u8::from(i < events))).collect()
        };
        for (a, n, c, m) in [(3, 100, 0, 100), (30, 400, 12, 500), (2, 60, 9, 300)] {
            let found = mann_whitney_conservative(&side(a, n), &side(c, m)).unwrap().defined().unwrap();
            let table = [[a as u64, (n - a) as u64], [c as u64, (m - c) as u64]];
            let fisher = fisher_exact(table).unwrap().p;
            assert_eq!(found.method, RankSumMethod::Exact);
            assert!((found.p.greater - fisher.greater).abs() < 1e-12, "{found:?} {fisher:?}");
            assert!((found.p.less - fisher.less).abs() < 1e-12);
        }
    }

    #[test]
    fn large_samples_fall_back() {
        let mut rng = Rng::new(1);
        let mut side = |n: usize| -> Vec<f64> { (0..n).map(|_| rng.poisson(4.0).unwrap() as f64).collect() };
        let found = mann_whitney_conservative(&side(500), &side(500)).unwrap().defined().unwrap();
        assert_eq!(found.method, RankSumMethod::Normal);
        let mut rare = |n: usize| -> Vec<f64> {
            (0..n).map(|i| if i % 20 == 0 { rng.next_f64() } else { 0.0 }).collect()
        };
        let found = mann_whitney_conservative(&rare(2000), &rare(2000)).unwrap().defined().unwrap();
        assert_eq!(found.method, RankSumMethod::NormalAndFisher);
    }

    /// The share of samples without difference that are called larger at 5 %, in the hard cases.
    #[test]
    fn holds_its_level_in_hard_cases() {
        let mut rng = Rng::new(7);
        let rounds = 300;
        // (n, m, mean count): rare errors, sizes far apart, counts with ties.
        for (n, m, mean) in [(100, 100, 0.02), (30, 3000, 0.05), (60, 60, 1.0), (200, 200, 0.3)] {
            let mut hits = 0;
            for _ in 0..rounds {
                let mut side =
                    |k: usize| -> Vec<f64> { (0..k).map(|_| rng.poisson(mean).unwrap() as f64).collect() };
                let (x, y) = (side(n), side(m));
                let found = mann_whitney_conservative(&x, &y).unwrap().defined();
                hits += usize::from(found.is_some_and(|f| f.p.greater <= 0.05));
            }
            let share = f64::from(u32::try_from(hits).unwrap()) / f64::from(rounds);
            // Three standard errors of a share of 5 % over 300 rounds.
            assert!(share <= 0.05 + 0.0378, "{n} {m} {mean}: {share}");
        }
    }

    proptest! {
        #[test]
        fn sums_over_groups_equal_the_sum_over_values(x in prop::collection::vec(0_i32..6, 1..14), y in prop::collection::vec(0_i32..6, 1..14)) {
            let float = |v: Vec<i32>| -> Vec<f64> { v.into_iter().map(f64::from).collect() };
            let (x, y) = (float(x), float(y));
            if let Some(reference) = mann_whitney(&x, &y).unwrap().exact {
                let found = exact_by_groups(&groups(&x, &y), x.len()).unwrap();
                prop_assert!((found.less - reference.less).abs() < 1e-12);
                prop_assert!((found.greater - reference.greater).abs() < 1e-12);
            }
        }
    }
}
