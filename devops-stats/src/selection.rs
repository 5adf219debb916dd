//! Order statistics by selection, several ranks in one pass.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks are below the length by the callers' contract"
)]

use crate::rng::Rng;
use alloc::vec;
use alloc::vec::Vec;

/// Above this length a sample tells where the ranks are, and one scan keeps only what lies there.
const SCAN_FROM: usize = 20_000;

/// The values of the given ranks (from 0, rising, each below the length) of finite values.
///
/// Short input: recursive selection. Long input: a sample brackets each rank, one scan counts what lies below
/// and collects what lies inside (Floyd & Rivest 1975, with several ranks at once); where a bracket misses,
/// plain selection answers. O(n) either way.
pub(crate) fn select_ranks(x: &[f64], ranks: &[usize]) -> Vec<f64> {
    if x.len() >= SCAN_FROM
        && ranks.len() <= 64
        && let Some(found) = select_by_scan(x, ranks)
    {
        return found;
    }
    let mut copy = x.to_vec();
    let mut found = vec![0.0; ranks.len()];
    select_within(&mut copy, 0, ranks, &mut found);
    found
}

/// Selects from `part`, whose first element has rank `offset`, the middle rank first.
fn select_within(part: &mut [f64], offset: usize, ranks: &[usize], found: &mut [f64]) {
    if ranks.is_empty() || part.is_empty() {
        return;
    }
    let middle = ranks.len() / 2;
    let at = ranks[middle] - offset;
    let (left, value, right) = part.select_nth_unstable_by(at, f64::total_cmp);
    found[middle] = *value;
    let (found_left, found_right) = found.split_at_mut(middle);
    select_within(left, offset, &ranks[..middle], found_left);
    select_within(right, ranks[middle] + 1, &ranks[middle + 1..], &mut found_right[1..]);
}

/// A range of values in which some of the ranks are expected.
struct Bracket {
    low: f64,
    high: f64,
    below: usize,
    inside: Vec<f64>,
    ranks: core::ops::Range<usize>,
}

fn select_by_scan(x: &[f64], ranks: &[usize]) -> Option<Vec<f64>> {
    let mut brackets = brackets(x, ranks);
    let room = x.len() / 8;
    for bracket in &mut brackets {
        scan(x, bracket, room)?;
    }
    let mut found = vec![0.0; ranks.len()];
    for bracket in &mut brackets {
        let wanted = &ranks[bracket.ranks.clone()];
        let (first, last) = (*wanted.first()?, *wanted.last()?);
        if first < bracket.below || last >= bracket.below + bracket.inside.len() {
            return None;
        }
        let into = &mut found[bracket.ranks.clone()];
        select_within(&mut bracket.inside, bracket.below, wanted, into);
    }
    Some(found)
}

/// Brackets from a sorted random sample; overlapping ones are made one.
fn brackets(x: &[f64], ranks: &[usize]) -> Vec<Bracket> {
    let n = x.len();
    let size = (libm::pow(n as f64, 2.0 / 3.0) as usize).clamp(64, n);
    // The seed is fixed: an unlucky sample costs time, never the answer.
    let mut rng = Rng::new(n as u64);
    let mut sample: Vec<f64> = (0..size).map(|_| x[rng.index(n)]).collect();
    sample.sort_unstable_by(f64::total_cmp);
    let margin = 3.0 * libm::sqrt(size as f64);
    let mut found: Vec<Bracket> = Vec::new();
    for (index, &rank) in ranks.iter().enumerate() {
        let center = rank as f64 * size as f64 / n as f64;
        let low = if center < margin { f64::NEG_INFINITY } else { sample[(center - margin) as usize] };
        let top = center + margin;
        let high = if top >= (size - 1) as f64 { f64::INFINITY } else { sample[top as usize] };
        match found.last_mut() {
            Some(last) if low <= last.high => {
                last.high = high;
                last.ranks.end = index + 1;
            }
            _ => found.push(Bracket { low, high, below: 0, inside: Vec::new(), ranks: index..index + 1 }),
        }
    }
    found
}

/// Counts what lies below the bracket and collects what lies inside; `None` when that is too much to gain.
fn scan(x: &[f64], bracket: &mut Bracket, room: usize) -> Option<()> {
    const BLOCK: usize = 256;
    let (low, high) = (bracket.low, bracket.high);
    let mut block = [0.0; BLOCK];
    for chunk in x.chunks(BLOCK) {
        let (mut below, mut kept) = (0, 0);
        for &v in chunk {
            below += usize::from(v < low);
            // Written always, kept only when inside: no branch to mispredict.
            block[kept] = v;
            kept += usize::from(v >= low && v <= high);
        }
        bracket.below += below;
        bracket.inside.extend_from_slice(&block[..kept]);
        if bracket.inside.len() > room {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(x: &[f64], ranks: &[usize]) {
        let mut sorted = x.to_vec();
        sorted.sort_by(f64::total_cmp);
        let want: Vec<f64> = ranks.iter().map(|&r| sorted[r]).collect();
        assert_eq!(select_ranks(x, ranks), want);
    }

    #[test]
    fn long_input_agrees_with_sorting() {
        let mut rng = Rng::new(1);
        let n = 30_000;
        let normal: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
        let ties: Vec<f64> = (0..n).map(|_| rng.below(3) as f64).collect();
        let mut spiky = normal.clone();
        spiky[..10].fill(1e300);
        let rising: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let constant = vec![2.0; n];
        for x in [normal, ties, spiky, rising, constant] {
            check(&x, &[0]);
            check(&x, &[n - 1]);
            check(&x, &[0, 14_999, 15_000, 26_999, 27_000, 28_500, 29_700, n - 1]);
        }
    }

    #[test]
    fn short_input_agrees_with_sorting() {
        let mut rng = Rng::new(2);
        for n in 1..60_usize {
            let x: Vec<f64> = (0..n).map(|_| rng.below(10) as f64).collect();
            let ranks: Vec<usize> = (0..n).filter(|r| r % 3 == 0).collect();
            check(&x, &ranks);
        }
    }
}
