//! Which of many verdicts stand? Adjusted p-values.

use crate::StatsError;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// Benjamini & Hochberg's (1995) adjusted p-values (q-values), in input order.
///
/// `q_(i) = min_{j ≥ i} m p_(j)/j`, at most 1. Rejecting where `q ≤ α` keeps the expected share of false
/// rejections at most `α` for independent or positively dependent tests. O(m log m).
///
/// # Errors
///
/// A p-value that is NaN or outside 0–1.
///
/// ```
/// use devops_stats::false_discovery::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.25, 0.5, 0.75, 1.0])?, [1.0, 1.0, 1.0, 1.0]);
/// assert_eq!(benjamini_hochberg(&[0.01, 0.5])?, [0.02, 0.5]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    let order = ranked(p)?;
    Ok(step_up(p, &order, 1.0))
}

/// Benjamini & Yekutieli's (2001) adjusted p-values, valid under any dependence, in input order.
///
/// Those of [`benjamini_hochberg`] times `1 + 1/2 + … + 1/m`: for services that share deploy trains.
///
/// # Errors
///
/// As [`benjamini_hochberg`].
///
/// ```
/// use devops_stats::false_discovery::benjamini_yekutieli;
/// assert!((benjamini_yekutieli(&[0.01, 0.5])?[0] - 0.03).abs() < 1e-16);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn benjamini_yekutieli(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    let order = ranked(p)?;
    let harmonic = (1..=p.len()).rev().map(|i| 1.0 / real(i)).sum();
    Ok(step_up(p, &order, harmonic))
}

/// Holm's (1979) adjusted p-values, which bound the chance of any false rejection, in input order.
///
/// `max_{j ≤ i} (m − j + 1) p_(j)`, at most 1. O(m log m).
///
/// # Errors
///
/// As [`benjamini_hochberg`].
///
/// ```
/// use devops_stats::false_discovery::holm;
/// assert_eq!(holm(&[0.01, 0.04, 0.03])?, [0.03, 0.06, 0.06]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn holm(p: &[f64]) -> Result<Vec<f64>, StatsError> {
    let order = ranked(p)?;
    let mut adjusted = vec![0.0; p.len()];
    let mut largest = 0.0;
    for (rank, &index) in order.iter().enumerate() {
        let value = at(p, index) * real(p.len().saturating_sub(rank));
        largest = if value > largest { value } else { largest };
        set(&mut adjusted, index, largest);
    }
    Ok(adjusted)
}

fn step_up(p: &[f64], order: &[usize], factor: f64) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut smallest = 1.0;
    for (rank, &index) in order.iter().enumerate().rev() {
        let share = real(rank.saturating_add(1)) / real(p.len());
        let value = at(p, index) / (share / factor);
        smallest = if value < smallest { value } else { smallest };
        set(&mut adjusted, index, smallest);
    }
    adjusted
}

fn set(adjusted: &mut [f64], index: usize, value: f64) {
    if let Some(slot) = adjusted.get_mut(index) {
        *slot = crate::tail::at_most_one(value);
    }
}

fn at(p: &[f64], index: usize) -> f64 {
    p.get(index).copied().unwrap_or(1.0) + 0.0
}

/// Indices by rising p-value, ties in input order.
fn ranked(p: &[f64]) -> Result<Vec<usize>, StatsError> {
    if let Some(index) = p.iter().position(|v| !(0.0..=1.0).contains(v)) {
        let value = format!("{}", p.get(index).copied().unwrap_or(f64::NAN));
        return Err(StatsError::ElementOutOfRange { argument: "p", index, value, range: "in [0, 1]" });
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| at(p, a).total_cmp(&at(p, b)));
    Ok(order)
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges() {
        assert_eq!(benjamini_hochberg(&[]), Ok(vec![]));
        assert!(holm(&[0.5, f64::NAN]).is_err());
        assert!(benjamini_yekutieli(&[-0.1]).is_err());
    }

    proptest! {
        #[test]
        fn adjusting_never_lowers_and_keeps_the_order(p in prop::collection::vec(0.0_f64..=1.0, 0..60)) {
            for adjusted in [benjamini_hochberg(&p).unwrap(), benjamini_yekutieli(&p).unwrap(), holm(&p).unwrap()] {
                for i in 0..p.len() {
                    prop_assert!(adjusted[i] >= p[i] - 1e-15 && adjusted[i] <= 1.0);
                    for j in 0..p.len() {
                        prop_assert!(p[i] > p[j] || adjusted[i] <= adjusted[j]);
                    }
                }
            }
        }
    }
}
