//! Is a product of fractions at most 1/2? Exactly.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "carries are split at 32 bits; factors are below 2^32 by the callers' contract"
)]

use crate::special::Double;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The first row at which Π (n − d)/n is at most 1/2, and whether it is exactly that.
///
/// Rows are (time, n at risk, d events). A product in double-double decides unless it is within its error of
/// 1/2; then whole numbers of any size do.
pub(crate) fn half_reached(table: &[(f64, usize, usize)]) -> Option<(usize, bool)> {
    let mut product = Double::new(1.0);
    for (i, &(_, at_risk, events)) in table.iter().enumerate() {
        let fraction = Double::new((at_risk - events) as f64).div(Double::new(at_risk as f64));
        product = product.mul(fraction);
        let distance = product.sub(Double::new(0.5)).value();
        // Each step adds a relative error of a few 2^-104.
        let doubt = (i + 2) as f64 * 1e-30;
        if distance < -doubt {
            return Some((i, false));
        }
        if distance <= doubt {
            match compare_with_half(&table[..=i]) {
                Ordering::Less => return Some((i, false)),
                Ordering::Equal => return Some((i, true)),
                Ordering::Greater => {}
            }
        }
    }
    None
}

/// Compares Π (n − d)/n with 1/2 by whole numbers: 2 Π (n − d) with Π n, after equal factors have cancelled.
fn compare_with_half(table: &[(f64, usize, usize)]) -> Ordering {
    let mut top: Vec<u64> = table.iter().map(|row| (row.1 - row.2) as u64).collect();
    let mut bottom: Vec<u64> = table.iter().map(|row| row.1 as u64).collect();
    top.push(2);
    cancel(&mut top, &mut bottom);
    compare(&product(&top), &product(&bottom))
}

/// Removes factors that both lists have.
fn cancel(top: &mut Vec<u64>, bottom: &mut Vec<u64>) {
    top.sort_unstable();
    bottom.sort_unstable();
    let (mut kept_top, mut kept_bottom) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < top.len() && j < bottom.len() {
        match top[i].cmp(&bottom[j]) {
            Ordering::Less => {
                kept_top.push(top[i]);
                i += 1;
            }
            Ordering::Greater => {
                kept_bottom.push(bottom[j]);
                j += 1;
            }
            Ordering::Equal => {
                i += 1;
                j += 1;
            }
        }
    }
    kept_top.extend_from_slice(&top[i..]);
    kept_bottom.extend_from_slice(&bottom[j..]);
    (*top, *bottom) = (kept_top, kept_bottom);
}

/// The product as 32-bit limbs, lowest first, without leading zeros.
fn product(factors: &[u64]) -> Vec<u32> {
    let mut limbs: Vec<u32> = alloc::vec![1];
    for &factor in factors {
        let mut carry = 0_u128;
        for limb in &mut limbs {
            let wide = u128::from(*limb) * u128::from(factor) + carry;
            *limb = wide as u32;
            carry = wide >> 32;
        }
        while carry > 0 {
            limbs.push(carry as u32);
            carry >>= 32;
        }
    }
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    limbs
}

fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn rows(pairs: &[(usize, usize)]) -> Vec<(f64, usize, usize)> {
        pairs.iter().map(|&(n, d)| (0.0, n, d)).collect()
    }

    #[test]
    fn exactly_half_is_seen() {
        assert_eq!(half_reached(&rows(&[(4, 1), (3, 1)])), Some((1, true)));
        // 6/7 · 5/6 · 7/10 with censoring between: 1/2.
        assert_eq!(half_reached(&rows(&[(7, 1), (6, 1), (10, 3)])), Some((2, true)));
        assert_eq!(half_reached(&rows(&[(49, 1), (48, 24)])), Some((1, false)));
        assert_eq!(half_reached(&rows(&[(10, 1)])), None);
        assert_eq!(half_reached(&rows(&[(1, 1)])), Some((0, false)));
    }

    #[test]
    fn whole_numbers_decide_what_floats_cannot() {
        // One part in 10^15 above and below one half.
        let (big, half) = (2_000_000_000_000_000_usize, 1_000_000_000_000_000_usize);
        assert_eq!(compare_with_half(&rows(&[(big, half - 1)])), Ordering::Greater);
        assert_eq!(compare_with_half(&rows(&[(big, half)])), Ordering::Equal);
        assert_eq!(compare_with_half(&rows(&[(big, half + 1)])), Ordering::Less);
    }

    #[test]
    fn the_quick_way_agrees_with_whole_numbers() {
        let mut rng = Rng::new(1);
        for _ in 0..3000 {
            let mut at_risk = 2 + rng.index(40);
            let mut pairs = Vec::new();
            while at_risk > 0 {
                let events = 1 + rng.index(at_risk.min(3));
                pairs.push((at_risk, events));
                at_risk = at_risk.saturating_sub(events + rng.index(3));
            }
            let table = rows(&pairs);
            let slow = (0..table.len()).find_map(|i| match compare_with_half(&table[..=i]) {
                Ordering::Greater => None,
                order => Some((i, order == Ordering::Equal)),
            });
            assert_eq!(half_reached(&table), slow, "{pairs:?}");
        }
    }

    #[test]
    fn long_products_agree_with_telescoping() {
        let pairs: Vec<(usize, usize)> = (501..=1000).rev().map(|n| (n, 1)).collect();
        assert_eq!(half_reached(&rows(&pairs)), Some((499, true)));
        assert_eq!(half_reached(&rows(&pairs[..499])), None);
    }
}
