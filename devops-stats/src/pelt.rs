//! All changes of level at once: the exactly best segmentation (PELT).
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "candidates are earlier indices of the series"
)]

use crate::StatsError;
use crate::fpop::functional;
use crate::input::{check_finite, enough, finite, same_length};
use crate::pettitt::doubled_ranks;
use crate::segment_cost::{BinomialCost, L2Cost, PoissonCost, SegmentCost};
use crate::segmentation::{Pruning, Scaled, Segment, SegmentOptions, Segmentation, default_penalty, spans};
use alloc::vec;
use alloc::vec::Vec;

/// A candidate for the last change; it leaves once a later candidate that beats it is admitted.
struct Candidate {
    tau: usize,
    total: f64,
    leaves_at: usize,
}

/// The changes of the optimum, by inequality pruning: F(t) = min over τ of F(τ) + C(τ, t) + penalty.
///
/// A candidate with F(τ) + C(τ, t) ≥ F(t) can never beat t as the last change, but with a minimum segment m
/// t itself is admitted only from t + m on, and until then τ must stay.
fn inequality<C: SegmentCost>(costs: &C, penalty: f64, min_segment: usize) -> Vec<usize> {
    let n = costs.len();
    if n / 2 < min_segment {
        return Vec::new();
    }
    let mut best = vec![f64::INFINITY; n + 1];
    best[0] = -penalty;
    let mut last = vec![0; n + 1];
    let mut candidates: Vec<Candidate> = Vec::new();
    for t in min_segment..=n {
        let tau = t - min_segment;
        if best[tau] < f64::INFINITY {
            candidates.push(Candidate { tau, total: 0.0, leaves_at: usize::MAX });
        }
        candidates.retain(|c| c.leaves_at > t);
        for candidate in &mut candidates {
            candidate.total = best[candidate.tau] + costs.cost(candidate.tau, t);
            if candidate.total + penalty < best[t] {
                best[t] = candidate.total + penalty;
                last[t] = candidate.tau;
            }
        }
        for candidate in &mut candidates {
            if candidate.total >= best[t] && candidate.leaves_at == usize::MAX {
                candidate.leaves_at = t.saturating_add(min_segment);
            }
        }
    }
    last_changes(&last)
}

/// Follows the last change of every prefix back from the end.
pub(crate) fn last_changes(last: &[usize]) -> Vec<usize> {
    let mut changes = Vec::new();
    let mut at = last[last.len() - 1];
    while at > 0 {
        changes.push(at);
        at = last[at];
    }
    changes.reverse();
    changes
}

/// The best segmentation of scaled values.
pub(crate) fn search(values: &[f64], penalty: f64, min_segment: usize, pruning: Pruning) -> Vec<usize> {
    let costs = L2Cost::new(values);
    match pruning {
        Pruning::Functional => functional(&costs, penalty, min_segment),
        Pruning::Inequality => inequality(&costs, penalty, min_segment),
    }
}

/// All changes of the mean: the segmentation with the least sum of squared deviations plus a penalty for each
/// change. It is the optimum, not an approximation.
///
/// Unless set, the penalty is 3 σ² ln n with σ = 1.4826 MAD(differences)/√2; with more than half of the
/// differences equal, σ comes from the mean moving range; equal values have no change. The penalty alone does
/// not control false alarms under autocorrelation or heavy tails:
/// [`significant_changes`](crate::significance::significant_changes) does. Values are centred and scaled
/// first, so offsets of 10⁹ and extreme scales do no harm.
///
/// Source: Killick, Fearnhead & Eckley (2012), pruning deferred by the minimum segment; functional pruning of
/// Maidstone et al. (2017). Near O(n log n) with functional pruning, O(n²) at worst; memory O(n).
///
/// # Errors
/// [`StatsError::NotEnoughData`] for an empty series, [`StatsError::NonFinite`] for NaN or infinity,
/// [`StatsError::OutOfRange`] for a negative penalty, a minimum segment of 0, or values so large that the
/// objective is not finite.
///
/// ```
/// use devops_stats::pelt::pelt_l2;
/// use devops_stats::segmentation::SegmentOptions;
///
/// let x = [5.0, 5.2, 4.9, 5.1, 9.0, 9.2, 8.9, 9.1, 5.0, 5.1, 4.9, 5.2];
/// assert_eq!(pelt_l2(&x, &SegmentOptions::new())?.changes, [4, 8]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn pelt_l2(x: &[f64], options: &SegmentOptions) -> Result<Segmentation, StatsError> {
    options.check()?;
    enough(1, x.len())?;
    let scaled = Scaled::new(&finite("x", x)?);
    segment_scaled(&scaled, options)
}

fn segment_scaled(scaled: &Scaled, options: &SegmentOptions) -> Result<Segmentation, StatsError> {
    let values = &scaled.values;
    let penalty = options.penalty.map_or_else(|| default_penalty(values), |p| scaled.penalty(p));
    let constant = values.iter().all(|v| *v == values[0]);
    let changes =
        if constant { Vec::new() } else { search(values, penalty, options.min_segment, options.pruning) };
    scaled.result(changes, penalty, options.min_segment)
}

/// All changes of location, whatever the distribution: [`pelt_l2`] on midranks with mean 0 and variance 1.
///
/// A few huge values move it little. Penalty and objective are in units of the variance of the ranks; unless
/// set, the penalty is 3 σ² ln n with σ from the ranks. Source: the rank cost of Lung-Yut-Fong, Lévy-Leduc &
/// Cappé (2015) for one series, up to a constant. O(n log n) as seen.
///
/// # Errors
/// As [`pelt_l2`].
///
/// ```
/// use devops_stats::pelt::pelt_rank;
/// use devops_stats::segmentation::SegmentOptions;
///
/// let x = [1.0, 2.0, 1.5, 1.8, 1e9, 1.2, 1.6, 1.1, 20.0, 21.0, 19.0, 22.0, 20.5, 23.0, 19.5, 20.2];
/// assert_eq!(pelt_rank(&x, &SegmentOptions::new().with_penalty(6.0))?.changes, [8]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn pelt_rank(x: &[f64], options: &SegmentOptions) -> Result<Segmentation, StatsError> {
    options.check()?;
    enough(1, x.len())?;
    let scores = standard_ranks(&finite("x", x)?);
    segment_scaled(&Scaled::new(&scores), options)
}

/// Midranks with mean 0 and variance 1; all 0 when all values are equal.
pub(crate) fn standard_ranks(x: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    let centered: Vec<f64> = doubled_ranks(x).iter().map(|&r| (r as f64 - (n + 1.0)) * 0.5).collect();
    let variance = centered.iter().map(|r| r * r).sum::<f64>() / n;
    let deviation = if variance > 0.0 { libm::sqrt(variance) } else { 1.0 };
    centered.iter().map(|r| r / deviation).collect()
}

/// All changes of the rate of counts: the least Poisson deviance plus a penalty for each change.
///
/// `exposure` (time, deployments) is 1 for every count when `None`. Unless set, the penalty is 3 ln n. Levels
/// are events per unit of exposure. Counts that scatter more than Poisson counts do need a higher penalty.
/// Source: Killick, Fearnhead & Eckley (2012). O(n) when changes keep coming, O(n²) within a long segment.
///
/// # Errors
/// [`StatsError::NotEnoughData`] for an empty series, [`StatsError::LengthMismatch`],
/// [`StatsError::NonFinite`] and [`StatsError::ElementOutOfRange`] for exposures that are not finite and above
/// 0, [`StatsError::OutOfRange`] for bad options.
///
/// ```
/// use devops_stats::pelt::pelt_poisson;
/// use devops_stats::segmentation::SegmentOptions;
///
/// let deployments = [2, 1, 3, 2, 2, 1, 9, 12, 8, 11, 10, 9];
/// let found = pelt_poisson(&deployments, None, &SegmentOptions::new())?;
/// assert_eq!(found.changes, [6]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn pelt_poisson(
    counts: &[u64],
    exposure: Option<&[f64]>,
    options: &SegmentOptions,
) -> Result<Segmentation, StatsError> {
    options.check()?;
    enough(1, counts.len())?;
    let ones = vec![1.0; counts.len()];
    let exposure = exposure.unwrap_or(&ones);
    same_length("counts", counts.len(), "exposure", exposure.len())?;
    check_finite("exposure", exposure)?;
    if let Some(index) = exposure.iter().position(|e| !(1e-200..=1e200).contains(e)) {
        let (value, range) = (alloc::format!("{}", exposure[index]), "in [1e-200, 1e200]");
        return Err(StatsError::ElementOutOfRange { argument: "exposure", index, value, range });
    }
    let costs = PoissonCost::new(counts, exposure);
    Ok(likelihood(&costs, options, |start, end| costs.rate(start, end)))
}

/// All changes of a proportion: the least binomial deviance plus a penalty for each change.
///
/// Unless set, the penalty is 3 ln n for n pairs. Pairs without trials are allowed. Levels are shares in
/// [0, 1]. Source: Killick, Fearnhead & Eckley (2012). O(n) when changes keep coming, O(n²) within a long
/// segment.
///
/// # Errors
/// [`StatsError::NotEnoughData`] for an empty series, [`StatsError::LengthMismatch`],
/// [`StatsError::ElementOutOfRange`] where there are more successes than trials, [`StatsError::OutOfRange`]
/// for bad options.
///
/// ```
/// use devops_stats::pelt::pelt_binomial;
/// use devops_stats::segmentation::SegmentOptions;
///
/// let failed = [8, 9, 7, 8, 1, 2, 0, 1];
/// let changes = [20, 20, 20, 20, 20, 20, 20, 20];
/// let found = pelt_binomial(&failed, &changes, &SegmentOptions::new())?;
/// assert_eq!((found.changes, found.segments[0].level), (vec![4], 0.4));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn pelt_binomial(
    successes: &[u64],
    trials: &[u64],
    options: &SegmentOptions,
) -> Result<Segmentation, StatsError> {
    options.check()?;
    enough(1, successes.len())?;
    same_length("successes", successes.len(), "trials", trials.len())?;
    if let Some(index) = successes.iter().zip(trials).position(|(k, n)| k > n) {
        let (value, range) = (alloc::format!("{}", successes[index]), "at most the trials");
        return Err(StatsError::ElementOutOfRange { argument: "successes", index, value, range });
    }
    let costs = BinomialCost::new(successes, trials);
    Ok(likelihood(&costs, options, |start, end| costs.share(start, end)))
}

/// The best segmentation by a deviance.
fn likelihood<C: SegmentCost>(
    costs: &C,
    options: &SegmentOptions,
    level: impl Fn(usize, usize) -> f64,
) -> Segmentation {
    let n = costs.len();
    let min_segment = options.min_segment;
    let penalty = options.penalty.unwrap_or_else(|| 3.0 * libm::log(n as f64));
    let changes = inequality(costs, penalty, min_segment);
    let mut objective = penalty * changes.len() as f64;
    let mut segments = Vec::with_capacity(changes.len() + 1);
    for (start, end) in spans(&changes, n) {
        let cost = costs.cost(start, end);
        objective += if cost > 0.0 { cost } else { 0.0 };
        segments.push(Segment { start, end, level: level(start, end) });
    }
    Segmentation { n, changes, segments, objective, penalty, min_segment }
}

#[cfg(test)]
mod tests;
