//! One trend in many services or seasons that move together.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "places are below the number of periods; sums of ranks and signs fit 128 bits"
)]

use crate::StatsError;
use crate::input::{enough, finite};
use crate::mann_kendall::z_test;
use crate::mann_kendall_grouped::{
    Group, GroupedMannKendall, GroupedSlope, regional_slope, regions, seasonal_slope, seasons, test,
};
use crate::outcome::{Outcome, Undefined};
use crate::pettitt::doubled_ranks;
use alloc::vec;
use alloc::vec::Vec;

/// The most periods taken, as every pair of them is looked at.
const LIMIT: usize = 1 << 14;

/// The regional Mann–Kendall test over services that share their periods and may move together, as on one
/// release train.
///
/// As [`regional_mann_kendall`](crate::mann_kendall_grouped::regional_mann_kendall), but the variance of the sum
/// holds the covariance of every two services too, `σ_gh = (K_gh + 4 Σ_j R_jg R_jh − n (n_g + 1)(n_h + 1))/3`
/// with `K_gh = Σ_{i<j} sgn((x_jg − x_ig)(x_jh − x_ih))` and midranks `R` (Dietz & Killeen 1981; Hirsch & Slack
/// 1984). The sum over all services is formed before squaring, so that `m` services of `n` periods cost
/// O(m n²). Series of different lengths share the first periods. As an estimate from the data it needs about
/// 10 periods; below that it rejects too seldom.
///
/// # Errors
///
/// As [`regional_mann_kendall`](crate::mann_kendall_grouped::regional_mann_kendall), and
/// [`StatsError::TooMany`] above 2¹⁴ periods.
///
/// ```
/// use devops_stats::mann_kendall_correlated::regional_mann_kendall_correlated;
/// use devops_stats::mann_kendall_grouped::regional_mann_kendall;
///
/// // The same series twice is no second witness.
/// let twice = [[3.0, 1.0, 4.0, 6.0, 5.0, 9.0], [3.0, 1.0, 4.0, 6.0, 5.0, 9.0]];
/// let together = regional_mann_kendall_correlated(&twice)?;
/// let apart = regional_mann_kendall(&twice)?;
/// assert_eq!(together.s, apart.s);
/// assert_eq!(together.var_s, 2.0 * apart.var_s);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn regional_mann_kendall_correlated<S: AsRef<[f64]>>(
    services: &[S],
) -> Result<GroupedMannKendall, StatsError> {
    correlated(&regions(services)?)
}

/// The seasonal Mann–Kendall test where one season's value says something of the next (Hirsch & Slack 1984).
///
/// As [`seasonal_mann_kendall`](crate::mann_kendall_grouped::seasonal_mann_kendall), with the covariance of every
/// two seasons as in [`regional_mann_kendall_correlated`]. Needs about 10 cycles.
///
/// # Errors
///
/// As [`seasonal_mann_kendall`](crate::mann_kendall_grouped::seasonal_mann_kendall), and
/// [`StatsError::TooMany`] above 2¹⁴ cycles.
///
/// ```
/// use devops_stats::mann_kendall_correlated::seasonal_mann_kendall_correlated;
/// let found = seasonal_mann_kendall_correlated(&[5.0, 1.0, 6.0, 2.0, 7.0, 3.0], 2)?;
/// assert_eq!((found.s, found.groups), (6, 2));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn seasonal_mann_kendall_correlated(x: &[f64], period: usize) -> Result<GroupedMannKendall, StatsError> {
    let x = finite("x", x)?;
    enough(2, x.len())?;
    correlated(&seasons(x.into_iter().enumerate(), period)?)
}

/// As [`regional_sen_slope`](crate::mann_kendall_grouped::regional_sen_slope), with the variance of
/// [`regional_mann_kendall_correlated`] in its interval.
///
/// # Errors
///
/// As [`regional_mann_kendall_correlated`], and a confidence outside (0, 1).
///
/// ```
/// use devops_stats::mann_kendall_correlated::regional_sen_slope_correlated;
/// let found = regional_sen_slope_correlated(&[[1.0, 2.0, 4.0], [5.0, 8.0, 9.0]], 0.9)?;
/// assert_eq!(found.defined().unwrap().slope, 1.75);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn regional_sen_slope_correlated<S: AsRef<[f64]>>(
    services: &[S],
    confidence: f64,
) -> Result<Outcome<GroupedSlope>, StatsError> {
    let groups = regions(services)?;
    let variance = variance(&groups)?;
    regional_slope(&groups, variance, confidence)
}

/// As [`seasonal_sen_slope`](crate::mann_kendall_grouped::seasonal_sen_slope), with the variance of
/// [`seasonal_mann_kendall_correlated`] in its interval.
///
/// # Errors
///
/// As [`seasonal_mann_kendall_correlated`], and a confidence outside (0, 1).
///
/// ```
/// use devops_stats::mann_kendall_correlated::seasonal_sen_slope_correlated;
/// let found = seasonal_sen_slope_correlated(&[10.0, 1.0, 11.0, 3.0, 12.0, 5.0], 2, 0.95)?;
/// assert_eq!(found.defined().unwrap().slope, 1.5);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn seasonal_sen_slope_correlated(
    x: &[f64],
    period: usize,
    confidence: f64,
) -> Result<Outcome<GroupedSlope>, StatsError> {
    let x = finite("x", x)?;
    enough(2, x.len())?;
    let groups = seasons(x.iter().copied().enumerate(), period)?;
    let variance = variance(&groups)?;
    seasonal_slope(&groups, &x, period, variance, confidence)
}

fn correlated(groups: &[Group]) -> Result<GroupedMannKendall, StatsError> {
    let independent = test(groups);
    let var_s = variance(groups)?;
    let test = z_test(independent.s, var_s, Undefined::Constant);
    Ok(GroupedMannKendall { var_s, test, ..independent })
}

/// `Σ_gh σ_gh`. As `Σ_gh K_gh` is the sum over pairs of periods of the square of what all groups say of that
/// pair, and likewise for ranks, no two groups are ever compared.
fn variance(groups: &[Group]) -> Result<f64, StatsError> {
    let periods = groups.iter().flatten().map(|p| place(p.0) + 1).max().unwrap_or(0);
    if periods > LIMIT {
        return Err(StatsError::TooMany { argument: "periods", limit: LIMIT, got: periods });
    }
    let (mut ranks, mut middles) = (vec![0_i128; periods], 0_i128);
    for group in groups {
        let values: Vec<f64> = group.iter().map(|p| p.1).collect();
        let middle = values.len() as i128 + 1;
        middles += middle;
        // A missing value stands in the middle; doubled ranks are whole.
        ranks.iter_mut().for_each(|r| *r += middle);
        for (point, rank) in group.iter().zip(doubled_ranks(&values)) {
            ranks[place(point.0)] += i128::from(rank) - middle;
        }
    }
    let squares: i128 = ranks.iter().map(|r| r * r).sum();
    let signs: i128 = (1..periods).map(|late| agreement(groups, late)).sum();
    Ok((signs + squares - periods as i128 * middles * middles) as f64 / 3.0)
}

/// The sum over earlier periods of the squared net number of groups that rise from there to `late`.
fn agreement(groups: &[Group], late: usize) -> i128 {
    let mut net = vec![0_i128; late];
    for group in groups {
        let Ok(at) = group.binary_search_by(|p| place(p.0).cmp(&late)) else { continue };
        let value = group[at].1;
        for &(time, before) in &group[..at] {
            net[place(time)] += i128::from(value > before) - i128::from(value < before);
        }
    }
    net.iter().map(|n| n * n).sum()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times are whole places")]
fn place(time: f64) -> usize {
    time as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kendall_tau::kendall_tau;
    use crate::mann_kendall_grouped::regional_mann_kendall;
    use crate::rng::Rng;

    /// The double sum as it is written, for services without gaps.
    fn slow(services: &[Vec<f64>]) -> f64 {
        let n = services[0].len() as f64;
        let mut total = 0.0;
        for g in services {
            for h in services {
                let k = kendall_tau(g, h).unwrap().s as f64;
                let ranks = doubled_ranks(g).into_iter().zip(doubled_ranks(h));
                let products: f64 = ranks.map(|(a, b)| (a * b) as f64).sum();
                total += (k + products - n * (n + 1.0) * (n + 1.0)) / 3.0;
            }
        }
        total
    }

    #[test]
    fn equals_the_double_sum_with_ties() {
        let mut rng = Rng::new(8);
        for case in 0..60_usize {
            let n = 2 + case % 11;
            let services: Vec<Vec<f64>> =
                (0..1 + case % 5).map(|_| (0..n).map(|_| (rng.next_f64() * 6.0).floor()).collect()).collect();
            let found = regional_mann_kendall_correlated(&services).unwrap();
            assert!((found.var_s - slow(&services)).abs() < 1e-9, "{services:?}");
        }
    }

    #[test]
    fn three_services_as_another_program_has_them() {
        let services = [
            [3.0, 1.0, 4.0, 6.0, 5.0, 9.0, 2.0],
            [2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0],
            [1.0, 6.0, 1.0, 8.0, 0.0, 3.0, 3.0],
        ];
        let found = regional_mann_kendall_correlated(&services).unwrap();
        assert_eq!((found.s, found.var_s), (8, 214.0)); // pyMannKendall 1.4.3
    }

    #[test]
    fn one_service_has_its_own_variance_and_gaps_are_kept() {
        let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let (one, plain) = (regional_mann_kendall_correlated(&[x]), regional_mann_kendall(&[x]));
        assert_eq!(one, plain);
        let uneven = regional_mann_kendall_correlated(&[&x[..], &x[..5]]).unwrap();
        assert!(uneven.var_s > regional_mann_kendall(&[&x[..], &x[..5]]).unwrap().var_s);
    }

    /// Services that share most of their noise: taken as independent they call noise a trend far too often.
    #[test]
    fn the_level_is_held_where_services_move_together() {
        let mut rng = Rng::new(21);
        let (mut together, mut apart) = (0, 0);
        for _ in 0..400 {
            let shared: Vec<f64> = (0..26).map(|_| rng.normal()).collect();
            let services: Vec<Vec<f64>> =
                (0..8).map(|_| shared.iter().map(|s| s + 0.5 * rng.normal()).collect()).collect();
            let p = |found: GroupedMannKendall| found.test.defined().unwrap().p;
            together += u32::from(p(regional_mann_kendall_correlated(&services).unwrap()) <= 0.05);
            apart += u32::from(p(regional_mann_kendall(&services).unwrap()) <= 0.05);
        }
        assert!(together <= 28 && apart > 120, "{together} {apart}");
    }
}
