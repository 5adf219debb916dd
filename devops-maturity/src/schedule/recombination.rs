//! New orders from good ones: two-point crossover and mutation of activity lists (Hartmann 1998).
#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "places come from the network")]

use alloc::vec;
use alloc::vec::Vec;

use devops_stats::rng::Rng;

use super::network::Network;

/// The ends from `mother`, the middle in the order of `father`. Where both respect precedence, so does the child.
pub(crate) fn crossover(mother: &[usize], father: &[usize], rng: &mut Rng) -> Vec<usize> {
    let n = mother.len();
    let (a, b) = (rng.index(n + 1), rng.index(n + 1));
    let (from, to) = (a.min(b), a.max(b));
    let mut taken = vec![false; n];
    let mut child = Vec::with_capacity(n);
    let mut fill = |source: &[usize], until: usize, child: &mut Vec<usize>| {
        for &i in source {
            if child.len() >= until {
                break;
            }
            if !core::mem::replace(&mut taken[i], true) {
                child.push(i);
            }
        }
    };
    fill(mother, from, &mut child);
    fill(father, to, &mut child);
    fill(mother, n, &mut child);
    child
}

/// The farthest that a mutation moves an activity.
const REACH: usize = 64;

/// Moves some activities to another place near by, between their predecessors and successors.
pub(crate) fn mutate(network: &Network, list: &mut [usize], moves: usize, rng: &mut Rng) {
    let n = list.len();
    for _ in 0..moves {
        let at = rng.index(n);
        let i = list[at];
        let (first, last) = (at.saturating_sub(REACH), (at + REACH).min(n - 1));
        let before = list[first..at].iter().rposition(|j| network.before.of(i).contains(j));
        let behind = list[at + 1..=last].iter().position(|j| network.behind.of(i).contains(j));
        let (lowest, highest) = (before.map_or(first, |p| first + p + 1), behind.map_or(last, |p| at + p));
        let to = lowest + rng.index(highest - lowest + 1);
        if to < at {
            list[to..=at].rotate_right(1);
        } else {
            list[at..=to].rotate_left(1);
        }
    }
}
