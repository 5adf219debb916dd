//! One trend in many seasons, or in many services.

use crate::StatsError;
use crate::input::{check_finite, enough, finite, open_unit, present};
use crate::mann_kendall::{Score, z_test};
use crate::outcome::{Outcome, Undefined};
use crate::quantile::median;
use crate::slope_field::SlopeField;
use crate::tail::{Interval, NormalTest};
use crate::theil_sen::{guarded, real, slope_and_interval};
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a Mann–Kendall test over several groups found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupedMannKendall {
    /// Number of values used.
    pub n: usize,
    /// Number of groups with at least two values.
    pub groups: usize,
    /// Sum of the groups' S.
    pub s: i64,
    /// Sum of the groups' variances.
    pub var_s: f64,
    /// `s` over the number of pairs within groups.
    pub tau: f64,
    /// Normal test with continuity correction; undefined when no group varies.
    pub test: Outcome<NormalTest>,
}

/// The median slope over several groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupedSlope {
    /// Number of pairs within groups.
    pub pairs: u64,
    /// Median of all slopes within groups, a cycle (seasonal) or a period (regional).
    pub slope: f64,
    /// Value of the line at time 0.
    pub intercept: f64,
    /// Interval of the slope, for independent groups.
    pub interval: Option<Interval>,
}

/// Values of one group with their times.
pub(crate) type Group = Vec<(f64, f64)>;

/// The seasonal Mann–Kendall test: season = index mod `period` (Hirsch, Slack & Smith 1982).
///
/// S and its variance are summed over seasons, which are taken as independent; empty seasons count nothing.
/// O(n log n).
///
/// # Errors
///
/// A value that is not finite, fewer than 2 values, `period` 0.
///
/// ```
/// use devops_stats::mann_kendall_grouped::seasonal_mann_kendall;
/// // Two days a week, both rising.
/// let found = seasonal_mann_kendall(&[10.0, 1.0, 11.0, 2.0, 12.0, 3.0], 2)?;
/// assert_eq!((found.s, found.groups), (6, 2));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn seasonal_mann_kendall(x: &[f64], period: usize) -> Result<GroupedMannKendall, StatsError> {
    let x = finite("x", x)?;
    enough(2, x.len())?;
    Ok(test(&seasons(x.into_iter().enumerate(), period)?))
}

/// The seasonal Mann–Kendall test of a series with gaps (`None`), which keep their season.
///
/// # Errors
///
/// As [`seasonal_mann_kendall`].
///
/// ```
/// use devops_stats::mann_kendall_grouped::seasonal_mann_kendall_gaps;
/// let found = seasonal_mann_kendall_gaps(&[Some(1.0), None, Some(2.0), Some(5.0)], 2)?;
/// assert_eq!((found.n, found.s), (3, 1));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn seasonal_mann_kendall_gaps(
    x: &[Option<f64>],
    period: usize,
) -> Result<GroupedMannKendall, StatsError> {
    let (values, places) = present("x", x)?;
    enough(2, values.len())?;
    Ok(test(&seasons(places.into_iter().zip(values), period)?))
}

/// The seasonal Sen slope, a whole cycle (Hirsch, Slack & Smith 1982).
///
/// The median of `(x_j − x_i)/(cycles between)` within seasons; the intercept is
/// `median(x) − median(t)/period · slope`. Exact, as [`theil_sen`](crate::theil_sen::theil_sen). Undefined
/// when no season has two values.
///
/// # Errors
///
/// As [`seasonal_mann_kendall`], and a confidence outside (0, 1).
///
/// ```
/// use devops_stats::mann_kendall_grouped::seasonal_sen_slope;
/// let found = seasonal_sen_slope(&[10.0, 1.0, 11.0, 3.0, 12.0, 5.0], 2, 0.95)?;
/// assert_eq!(found.defined().unwrap().slope, 1.5);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn seasonal_sen_slope(
    x: &[f64],
    period: usize,
    confidence: f64,
) -> Result<Outcome<GroupedSlope>, StatsError> {
    let x = finite("x", x)?;
    enough(2, x.len())?;
    let groups = seasons(x.iter().copied().enumerate(), period)?;
    seasonal_slope(&groups, &x, period, total(&groups).variance(), confidence)
}

pub(crate) fn seasonal_slope(
    groups: &[Group],
    x: &[f64],
    period: usize,
    variance: f64,
    confidence: f64,
) -> Result<Outcome<GroupedSlope>, StatsError> {
    let times: Vec<f64> = (0..x.len()).map(real).collect();
    slope(groups, (x, &times), real(period), variance, confidence)
}

/// The regional Mann–Kendall test over services (Helsel & Frans 2006).
///
/// S and its variance are summed over the series, which may differ in length; independent services are assumed.
/// O(n log n).
///
/// # Errors
///
/// A value that is not finite (the index is that within its series), or no series with 2 values.
///
/// ```
/// use devops_stats::mann_kendall_grouped::regional_mann_kendall;
/// let found = regional_mann_kendall(&[vec![1.0, 2.0, 3.0], vec![5.0, 7.0, 9.0]])?;
/// assert_eq!(found.s, 6);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn regional_mann_kendall<S: AsRef<[f64]>>(services: &[S]) -> Result<GroupedMannKendall, StatsError> {
    Ok(test(&regions(services)?))
}

/// The median of all slopes within services, a period.
///
/// The intercept is `median(all) − median(place)/m · slope` with the values of the `m` services laid side by
/// side, period by period. Exact, as [`theil_sen`](crate::theil_sen::theil_sen).
///
/// # Errors
///
/// As [`regional_mann_kendall`], and a confidence outside (0, 1).
///
/// ```
/// use devops_stats::mann_kendall_grouped::regional_sen_slope;
/// let found = regional_sen_slope(&[vec![1.0, 2.0], vec![5.0, 8.0]], 0.95)?;
/// assert_eq!(found.defined().unwrap().slope, 2.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn regional_sen_slope<S: AsRef<[f64]>>(
    services: &[S],
    confidence: f64,
) -> Result<Outcome<GroupedSlope>, StatsError> {
    let groups = regions(services)?;
    regional_slope(&groups, total(&groups).variance(), confidence)
}

pub(crate) fn regional_slope(
    groups: &[Group],
    variance: f64,
    confidence: f64,
) -> Result<Outcome<GroupedSlope>, StatsError> {
    let width = groups.len();
    let mut values = Vec::new();
    let mut places = Vec::new();
    for (column, group) in groups.iter().enumerate() {
        for &(time, value) in group {
            values.push(value);
            places.push(time * real(width) + real(column));
        }
    }
    slope(groups, (&values, &places), real(width), variance, confidence)
}

pub(crate) fn seasons(
    values: impl Iterator<Item = (usize, f64)>,
    period: usize,
) -> Result<Vec<Group>, StatsError> {
    if period == 0 {
        return Err(StatsError::out_of_range("period", period, "at least 1"));
    }
    let mut groups: alloc::collections::BTreeMap<usize, Group> = alloc::collections::BTreeMap::new();
    for (index, value) in values {
        let season = index.checked_rem(period).unwrap_or(0);
        let cycle = index.checked_div(period).unwrap_or(0);
        groups.entry(season).or_default().push((real(cycle), value));
    }
    Ok(groups.into_values().collect())
}

pub(crate) fn regions<S: AsRef<[f64]>>(services: &[S]) -> Result<Vec<Group>, StatsError> {
    let mut groups = vec![];
    let mut longest = 0;
    for service in services {
        let values = service.as_ref();
        check_finite("services", values)?;
        longest = longest.max(values.len());
        groups.push(values.iter().enumerate().map(|(i, v)| (real(i), v + 0.0)).collect());
    }
    enough(2, longest)?;
    Ok(groups)
}

pub(crate) fn test(groups: &[Group]) -> GroupedMannKendall {
    let total = total(groups);
    GroupedMannKendall {
        n: total.n,
        groups: groups.iter().filter(|g| g.len() > 1).count(),
        s: total.s,
        var_s: total.variance(),
        tau: total.tau(),
        test: z_test(total.s, total.variance(), Undefined::Constant),
    }
}

fn total(groups: &[Group]) -> Score {
    groups.iter().fold(Score::default(), |sum, group| {
        let values: Vec<f64> = group.iter().map(|p| p.1).collect();
        sum.plus(&Score::of(&values))
    })
}

fn slope(
    groups: &[Group],
    (values, times): (&[f64], &[f64]),
    period: f64,
    variance: f64,
    confidence: f64,
) -> Result<Outcome<GroupedSlope>, StatsError> {
    open_unit("confidence", confidence)?;
    let points = groups
        .iter()
        .zip(0_u32..)
        .flat_map(|(group, g)| group.iter().map(move |&(t, v)| (g, t, v)))
        .collect();
    let (points, factor) = guarded(points);
    let field = SlopeField::new(points);
    if field.pairs == 0 {
        return Ok(Outcome::Undefined(Undefined::TooFewValues));
    }
    let sigma = libm::sqrt(variance);
    let (slope, interval) = slope_and_interval(&field, Some(sigma), confidence, factor);
    let intercept = median(values)? - median(times)? / period * slope;
    if !slope.is_finite() || !intercept.is_finite() {
        return Ok(Outcome::Undefined(Undefined::Overflow));
    }
    let interval = interval.filter(|i| i.low.is_finite() && i.high.is_finite());
    Ok(Outcome::Defined(GroupedSlope { pairs: field.pairs, slope, intercept: intercept + 0.0, interval }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert!(seasonal_mann_kendall(&[1.0, 2.0], 0).is_err());
        let few = seasonal_mann_kendall(&[1.0, 2.0], 7).unwrap();
        assert_eq!((few.groups, few.test), (0, Outcome::Undefined(Undefined::Constant)));
        assert_eq!(seasonal_sen_slope(&[1.0, 2.0], 7, 0.95), Ok(Outcome::Undefined(Undefined::TooFewValues)));
        assert!(regional_mann_kendall::<Vec<f64>>(&[]).is_err());
        assert!(regional_mann_kendall(&[vec![1.0]]).is_err());
    }

    #[test]
    fn one_season_is_the_plain_test() {
        let x = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0];
        let plain = crate::mann_kendall::mann_kendall(&x).unwrap();
        let one = seasonal_mann_kendall(&x, 1).unwrap();
        assert_eq!((plain.s, plain.var_s, plain.test), (one.s, one.var_s, one.test));
    }
}
