//! The best piecewise constant fit by functional pruning (FPOP): near linear, on pure noise too.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "candidates are earlier indices of the series"
)]

use crate::StatsError;
use crate::pelt::{last_changes, pelt_l2};
use crate::segment_cost::{L2Cost, SegmentCost};
use crate::segmentation::{Pruning, SegmentOptions, Segmentation};
use alloc::vec;
use alloc::vec::Vec;

/// For levels in `low..=high`, the candidate `tau` is the best last change.
#[derive(Debug, Clone, Copy)]
struct Piece {
    low: f64,
    high: f64,
    tau: usize,
}

/// The exact optimum of the penalised L2 cost by functional pruning: [`pelt_l2`] with [`Pruning::Functional`].
///
/// For every level μ of the current segment one candidate for the last change is best; a candidate that is
/// best for no level never will be. The best ones are kept as intervals of μ. With a minimum segment m a
/// candidate enters m values late, which keeps the answer optimal. Source: Maidstone, Hocking, Rigaill &
/// Fearnhead (2017). O(n log n) as seen on noise and on data with changes, O(n²) at worst.
///
/// # Errors
/// As [`pelt_l2`].
///
/// ```
/// use devops_stats::fpop::fpop_l2;
/// use devops_stats::segmentation::SegmentOptions;
///
/// let x = [1.0, 1.1, 0.9, 1.0, 3.0, 3.1, 2.9, 3.0];
/// assert_eq!(fpop_l2(&x, &SegmentOptions::new())?.changes, [4]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn fpop_l2(x: &[f64], options: &SegmentOptions) -> Result<Segmentation, StatsError> {
    pelt_l2(x, &options.with_pruning(Pruning::Functional))
}

/// The changes of the optimum.
pub(crate) fn functional(costs: &L2Cost, penalty: f64, min_segment: usize) -> Vec<usize> {
    let n = costs.len();
    if n / 2 < min_segment {
        return Vec::new();
    }
    let mut best = vec![f64::INFINITY; n + 1];
    best[0] = -penalty;
    let mut last = vec![0; n + 1];
    let (mut pieces, mut spare): (Vec<Piece>, Vec<Piece>) = (Vec::new(), Vec::new());
    for t in min_segment..=n {
        let tau = t - min_segment;
        if best[tau] < f64::INFINITY {
            admit(costs, &best, tau, &pieces, &mut spare);
            core::mem::swap(&mut pieces, &mut spare);
        }
        for piece in &pieces {
            let total = best[piece.tau] + costs.cost(piece.tau, t) + penalty;
            if total < best[t] {
                best[t] = total;
                last[t] = piece.tau;
            }
        }
    }
    last_changes(&last)
}

/// Lets candidate `tau` take every level at which it beats the candidate that holds it.
///
/// Candidate τ beats an older one σ outside m ± √((F(τ) − F(σ) − C(σ, τ))/k), where k values with mean m lie
/// between them: so each older piece shrinks to an interval, and the gaps are the new candidate's.
fn admit(costs: &L2Cost, best: &[f64], tau: usize, pieces: &[Piece], into: &mut Vec<Piece>) {
    into.clear();
    let mut reached = f64::NEG_INFINITY;
    for piece in pieces {
        let (mean, cost) = costs.mean_and_cost(piece.tau, tau);
        let gain = best[tau] - best[piece.tau] - cost;
        if gain < 0.0 {
            continue;
        }
        let radius = libm::sqrt(gain / (tau - piece.tau) as f64);
        let low = if mean - radius > piece.low { mean - radius } else { piece.low };
        let high = if mean + radius < piece.high { mean + radius } else { piece.high };
        if low > high {
            continue;
        }
        if low > reached {
            into.push(Piece { low: reached, high: low, tau });
        }
        into.push(Piece { low, high, tau: piece.tau });
        reached = high;
    }
    if reached < f64::INFINITY {
        into.push(Piece { low: reached, high: f64::INFINITY, tau });
    }
}
