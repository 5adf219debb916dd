//! The exact distribution of the number of discordant pairs.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "indices are at most the number of pairs, which is small where this is used"
)]

use crate::StatsError;
use crate::tail::at_most_one;
use alloc::vec;
use alloc::vec::Vec;

/// The most values whose exact distribution is computed: beyond it the probabilities are too small for `f64`.
pub const EXACT_MAX: usize = 171;

/// Two-sided exact p-value of `discordant` out of `n(n−1)/2` pairs, without ties.
///
/// Twice the probability of at most as few inversions in a random permutation, by the recurrence over `n`
/// (Kendall 1970) in the lower half of the symmetric distribution, where the running sum only grows, so that no
/// digits cancel. O(n · discordant).
///
/// # Errors
///
/// [`StatsError::TooMany`] for more than [`EXACT_MAX`] values, [`StatsError::OutOfRange`] for more discordant
/// pairs than there are pairs.
///
/// ```
/// use devops_stats::kendall_exact::kendall_exact_p;
/// // A monotone series of 4 values: 2/4!.
/// assert!((kendall_exact_p(4, 0)? - 2.0 / 24.0).abs() < 1e-16);
/// assert!(kendall_exact_p(4, 7).is_err());
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn kendall_exact_p(n: usize, discordant: u64) -> Result<f64, StatsError> {
    if n > EXACT_MAX {
        return Err(StatsError::TooMany { argument: "n", limit: EXACT_MAX, got: n });
    }
    let pairs = (n * n.saturating_sub(1) / 2) as u64;
    if discordant > pairs {
        return Err(StatsError::out_of_range("discordant", discordant, "at most n(n − 1)/2"));
    }
    let few = discordant.min(pairs - discordant);
    if 2 * few == pairs {
        return Ok(1.0);
    }
    Ok(at_most_one(2.0 * lower_tail(n, few as usize)))
}

/// Probability of at most `few` inversions, `few` below half of the pairs.
fn lower_tail(n: usize, few: usize) -> f64 {
    // Probability of each count of inversions for permutations of 1, 2, … n elements.
    let mut density = vec![0.0; few + 1];
    density[0] = 1.0;
    for size in 2..=n {
        density = grown(&density, size);
    }
    density.iter().sum()
}

/// From `size − 1` to `size` elements: each count is the mean over the last `size` counts.
fn grown(density: &[f64], size: usize) -> Vec<f64> {
    let most = size * (size - 1) / 2;
    let mut window = 0.0;
    let mut next = vec![0.0; density.len()];
    for k in 0..=(density.len() - 1).min(most / 2) {
        window += density[k];
        if k >= size {
            window -= density[k - size];
        }
        next[k] = window / size as f64;
    }
    // The upper half mirrors the lower one.
    for k in (most / 2 + 1)..=(density.len() - 1).min(most) {
        next[k] = next[most - k];
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_permutations_of_six() {
        let mut counts = [0_u32; 16];
        let mut items = [0, 1, 2, 3, 4, 5];
        permute(&mut items, 0, &mut counts);
        for d in 0..16_usize {
            let few = d.min(15 - d);
            let p = 2.0 * f64::from(counts[..=few].iter().sum::<u32>()) / 720.0;
            assert!((kendall_exact_p(6, d as u64).unwrap() - p.min(1.0)).abs() < 1e-15);
        }
    }

    fn permute(items: &mut [i32; 6], from: usize, counts: &mut [u32; 16]) {
        if from == 6 {
            let inversions = (0..6)
                .flat_map(|i| (i..6).map(move |j| (i, j)))
                .filter(|&(i, j)| items[i] > items[j])
                .count();
            counts[inversions] += 1;
            return;
        }
        for i in from..6 {
            items.swap(from, i);
            permute(items, from + 1, counts);
            items.swap(from, i);
        }
    }

    #[test]
    fn ends() {
        assert_eq!(kendall_exact_p(0, 0), Ok(1.0));
        assert_eq!(kendall_exact_p(1, 0), Ok(1.0));
        assert!(kendall_exact_p(50, 0).unwrap() > 0.0);
        assert!(kendall_exact_p(2, 7).is_err());
        assert!(kendall_exact_p(usize::MAX, u64::MAX / 3).is_err());
    }
}
