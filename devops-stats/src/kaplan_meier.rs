//! How long does it take, when some have not finished yet? The Kaplan–Meier estimate.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "steps are cut from the sorted times; counts are at most the number of times"
)]

use crate::StatsError;
use crate::exact_half::half_reached;
use crate::input::{check_finite, enough, finite_one, open_unit, same_length};
use crate::quantile::mean_of_two;
use crate::special::normal_quantile;
use crate::sums::sum;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The survival function from one event time on.
///
/// ```
/// use devops_stats::kaplan_meier::kaplan_meier;
/// let step = kaplan_meier(&[1.0, 2.0], &[true, false], 0.95)?.steps[0];
/// assert_eq!((step.time, step.at_risk, step.events, step.survival), (1.0, 2, 1, 0.5));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SurvivalStep {
    /// The event time.
    pub time: f64,
    /// Subjects still under observation just before it.
    pub at_risk: usize,
    /// Events at it.
    pub events: usize,
    /// Estimated share that lasts longer than `time`.
    pub survival: f64,
    /// Greenwood's sum Σ d/(n (n − d)), the variance of ln S; `None` where S is 0.
    pub greenwood: Option<f64>,
    /// Lower confidence limit of S by the log-log method; `None` where S is 0.
    pub low: Option<f64>,
    /// Upper confidence limit of S; `None` where S is 0.
    pub high: Option<f64>,
}

/// The estimate.
///
/// ```
/// use devops_stats::kaplan_meier::kaplan_meier;
/// let found = kaplan_meier(&[2.0, 5.0, 9.0], &[true, true, false], 0.95)?;
/// assert_eq!((found.n, found.events, found.median), (3, 2, Some(5.0)));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KaplanMeier {
    /// Number of subjects.
    pub n: usize,
    /// Number of events; the others are censored.
    pub events: usize,
    /// One step for every distinct event time, rising.
    pub steps: Vec<SurvivalStep>,
    /// The first time at which S is at most 1/2, compared exactly; `None` when it is not reached.
    pub median: Option<f64>,
    /// As `median`, but when S is exactly 1/2 the middle of the stretch on which it is (R's convention).
    pub median_midpoint: Option<f64>,
    /// The first time at which the lower limit is at most 1/2; limits count as 0 where S is 0.
    pub median_low: Option<f64>,
    /// The first time at which the upper limit is at most 1/2; limits count as 0 where S is 0.
    pub median_high: Option<f64>,
    /// As `median_low`, but without limits where S is 0 (R's convention).
    pub median_low_strict: Option<f64>,
    /// As `median_high`, but without limits where S is 0 (R's convention).
    pub median_high_strict: Option<f64>,
    /// Confidence of the limits.
    pub confidence: f64,
    /// The last time under observation, event or not.
    pub last_time: f64,
}

/// Times and whether each ended with an event, sorted by time.
pub(crate) fn sorted_times(time: &[f64], event: &[bool]) -> Result<Vec<(f64, bool)>, StatsError> {
    same_length("time", time.len(), "event", event.len())?;
    check_finite("time", time)?;
    if let Some(index) = time.iter().position(|&t| t < 0.0) {
        let value = alloc::format!("{}", time[index]);
        return Err(StatsError::ElementOutOfRange { argument: "time", index, value, range: "at least 0" });
    }
    let mut subjects: Vec<(f64, bool)> = time.iter().zip(event).map(|(&t, &e)| (t + 0.0, e)).collect();
    subjects.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    Ok(subjects)
}

/// Distinct event times with the numbers at risk and of events.
fn event_table(subjects: &[(f64, bool)]) -> Vec<(f64, usize, usize)> {
    let mut table = Vec::new();
    let mut start = 0;
    for group in subjects.chunk_by(|a, b| a.0 == b.0) {
        let events = group.iter().filter(|s| s.1).count();
        if events > 0 {
            table.push((group[0].0, subjects.len() - start, events));
        }
        start += group.len();
    }
    table
}

/// The Kaplan–Meier estimate of how long something lasts, open cases included.
///
/// `time[i]` is the duration of case i, `event[i]` whether it ended then (true) or was still open when last
/// seen (false). Leaving open cases out makes the median too short: use this instead.
/// S(t) = Π (1 − dᵢ/nᵢ) over event times up to t; limits S^exp(∓z √G/ln S) with Greenwood's sum G. The median
/// is found by comparing S with 1/2 in exact arithmetic, so rounding never moves it to the next event.
///
/// Source: Kaplan & Meier (1958); Greenwood (1926); log-log limits of Kalbfleisch & Prentice (1980); interval
/// of the median by Brookmeyer & Crowley (1982). O(n log n).
///
/// # Errors
/// [`StatsError::NotEnoughData`] for no subject, [`StatsError::LengthMismatch`], [`StatsError::NonFinite`],
/// [`StatsError::ElementOutOfRange`] for a negative time, [`StatsError::OutOfRange`] for a confidence outside
/// (0, 1).
///
/// ```
/// use devops_stats::kaplan_meier::kaplan_meier;
///
/// // Hours to restore; the 30 is still open.
/// let hours = [2.0, 4.0, 7.0, 12.0, 30.0];
/// let restored = [true, true, true, true, false];
/// let found = kaplan_meier(&hours, &restored, 0.95)?;
/// assert_eq!(found.median, Some(7.0));
/// assert_eq!(found.median_high, None); // not reached: too few cases
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn kaplan_meier(time: &[f64], event: &[bool], confidence: f64) -> Result<KaplanMeier, StatsError> {
    enough(1, time.len())?;
    let z = normal_quantile(0.5 + open_unit("confidence", confidence)? * 0.5);
    let subjects = sorted_times(time, event)?;
    let table = event_table(&subjects);
    let steps = survival_steps(&table, z);
    let last_time = subjects.last().map_or(0.0, |s| s.0);
    let half = half_reached(&table);
    let median = half.map(|(i, _)| steps[i].time);
    let median_midpoint = half.map(|(i, exactly)| {
        if exactly {
            mean_of_two(steps[i].time, steps.get(i + 1).map_or(last_time, |s| s.time))
        } else {
            steps[i].time
        }
    });
    let first =
        |at_most_half: &dyn Fn(&SurvivalStep) -> bool| steps.iter().find(|s| at_most_half(s)).map(|s| s.time);
    Ok(KaplanMeier {
        n: subjects.len(),
        events: table.iter().map(|row| row.2).sum(),
        median,
        median_midpoint,
        median_low: first(&|s| s.low.unwrap_or(0.0) <= 0.5),
        median_high: first(&|s| s.high.unwrap_or(0.0) <= 0.5),
        median_low_strict: first(&|s| s.low.is_some_and(|v| v <= 0.5)),
        median_high_strict: first(&|s| s.high.is_some_and(|v| v <= 0.5)),
        confidence,
        last_time,
        steps,
    })
}

/// The median of [`kaplan_meier`] alone, without its curve and limits; `None` where it is not reached.
///
/// # Errors
/// As [`kaplan_meier`].
///
/// ```
/// use devops_stats::kaplan_meier::kaplan_meier_median;
/// assert_eq!(kaplan_meier_median(&[2.0, 4.0, 7.0, 9.0], &[true, true, true, false])?, Some(4.0));
/// assert_eq!(kaplan_meier_median(&[2.0, 4.0], &[false, false])?, None);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn kaplan_meier_median(time: &[f64], event: &[bool]) -> Result<Option<f64>, StatsError> {
    enough(1, time.len())?;
    let table = event_table(&sorted_times(time, event)?);
    Ok(half_reached(&table).and_then(|(i, _)| table.get(i)).map(|row| row.0))
}

fn survival_steps(table: &[(f64, usize, usize)], z: f64) -> Vec<SurvivalStep> {
    let mut steps: Vec<SurvivalStep> = Vec::with_capacity(table.len());
    let (mut survival, mut sum, mut lost) = (1.0, 0.0, 0.0);
    // Between censored cases n − d is the next n: the fractions cancel, and S keeps its digits.
    let (mut numerator, mut denominator) = (0, 1);
    let mut before = 1.0;
    for &(time, at_risk, events) in table {
        if numerator == at_risk && numerator > 0 {
            numerator = at_risk - events;
        } else {
            before = survival;
            (numerator, denominator) = (at_risk - events, at_risk);
        }
        survival = before * (numerator as f64 / denominator as f64);
        let left = at_risk - events;
        // Compensated, as the sum may have very many terms.
        let term = events as f64 / (at_risk as f64 * left as f64) - lost;
        let next = sum + term;
        lost = (next - sum) - term;
        sum = next;
        let (mut greenwood, mut low, mut high) = (None, None, None);
        if left > 0 {
            let theta = z * libm::sqrt(sum) / libm::log(survival);
            greenwood = Some(sum);
            low = Some(libm::pow(survival, libm::exp(-theta)));
            high = Some(libm::pow(survival, libm::exp(theta)));
        }
        steps.push(SurvivalStep { time, at_risk, events, survival, greenwood, low, high });
    }
    steps
}

/// The mean time up to a horizon: the area under the survival function.
///
/// ```
/// use devops_stats::kaplan_meier::restricted_mean;
/// let found = restricted_mean(&[2.0, 4.0], &[true, true], 4.0, 0.95)?;
/// assert_eq!(found.mean, 3.0);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RestrictedMean {
    /// Mean of min(T, horizon), in the unit of the times.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Lower normal confidence limit, at least 0.
    pub low: f64,
    /// Upper normal confidence limit, at most the horizon.
    pub high: f64,
    /// The horizon.
    pub horizon: f64,
    /// Cases were still open at the last observation and the horizon lies beyond it, so that S was held flat.
    pub extrapolated: bool,
}

/// Restricted mean survival time: the fallback when the median is not reached.
///
/// Area under the Kaplan–Meier curve up to `horizon`; variance Σ (∫ from tᵢ to the horizon of S)² dᵢ/(nᵢ (nᵢ − dᵢ)).
/// Source: Irwin (1949); Klein & Moeschberger (2003). O(n log n).
///
/// # Errors
/// As [`kaplan_meier`]; [`StatsError::OutOfRange`] for a horizon that is not finite and above 0.
///
/// ```
/// use devops_stats::kaplan_meier::restricted_mean;
///
/// let found = restricted_mean(&[1.0, 3.0, 8.0, 8.0], &[true, true, false, false], 8.0, 0.95)?;
/// assert_eq!(found.mean, 1.0 + 2.0 * 0.75 + 5.0 * 0.5);
/// assert!(!found.extrapolated);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn restricted_mean(
    time: &[f64],
    event: &[bool],
    horizon: f64,
    confidence: f64,
) -> Result<RestrictedMean, StatsError> {
    if finite_one("horizon", horizon)? <= 0.0 {
        return Err(StatsError::out_of_range("horizon", horizon, "a finite number above 0"));
    }
    let curve = kaplan_meier(time, event, confidence)?;
    let z = normal_quantile(0.5 + confidence * 0.5);
    let steps: Vec<&SurvivalStep> = curve.steps.iter().take_while(|s| s.time < horizon).collect();
    let end = |i: usize| steps.get(i + 1).map_or(horizon, |s| s.time);
    let mut area = 0.0;
    let mut terms = Vec::with_capacity(steps.len());
    for (i, step) in steps.iter().enumerate().rev() {
        area += step.survival * (end(i) - step.time);
        let left = (step.at_risk - step.events) as f64;
        if left > 0.0 {
            // In units of the horizon, so that squares stay finite.
            let share = area / horizon;
            terms.push(share * share * (step.events as f64 / (step.at_risk as f64 * left)));
        }
    }
    let mean = area + steps.first().map_or(horizon, |s| s.time);
    let standard_error = (horizon * libm::sqrt(sum(terms))).clamp(0.0, horizon);
    let open = curve.steps.last().is_none_or(|s| s.survival > 0.0);
    Ok(RestrictedMean {
        mean,
        standard_error,
        low: (mean - z * standard_error).clamp(0.0, horizon),
        high: (mean + z * standard_error).clamp(0.0, horizon),
        horizon,
        extrapolated: open && horizon > curve.last_time,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    #[test]
    fn none_one_and_all_censored() {
        assert!(kaplan_meier(&[], &[], 0.95).is_err());
        let one = kaplan_meier(&[3.0], &[true], 0.95).unwrap();
        assert_eq!((one.median, one.median_low, one.median_low_strict), (Some(3.0), Some(3.0), None));
        let open = kaplan_meier(&[1.0, 2.0], &[false, false], 0.95).unwrap();
        assert_eq!((open.events, open.median, open.median_low), (0, None, None));
        assert_eq!(open.steps, vec![]);
        assert!(restricted_mean(&[1.0], &[false], 2.0, 0.95).unwrap().extrapolated);
    }

    #[test]
    fn bad_input_is_refused() {
        assert!(kaplan_meier(&[1.0, -2.0], &[true, true], 0.95).is_err());
        assert!(kaplan_meier(&[1.0], &[true, true], 0.95).is_err());
        assert!(kaplan_meier(&[f64::NAN], &[true], 0.95).is_err());
        assert!(kaplan_meier(&[1.0], &[true], 1.0).is_err());
        assert!(restricted_mean(&[1.0], &[true], 0.0, 0.95).is_err());
    }

    #[test]
    fn without_open_cases_it_is_the_sample() {
        let found = kaplan_meier(&[1.0, 2.0, 3.0, 4.0], &[true; 4], 0.95).unwrap();
        let survival: Vec<f64> = found.steps.iter().map(|s| s.survival).collect();
        assert_eq!(survival, [0.75, 0.5, 0.25, 0.0]);
        assert_eq!((found.median, found.median_midpoint), (Some(2.0), Some(2.5)));
        let area = restricted_mean(&[1.0, 2.0, 3.0, 4.0], &[true; 4], 10.0, 0.95).unwrap();
        assert_eq!((area.mean, area.extrapolated), (2.5, false));
    }

    proptest! {
        #[test]
        fn survival_falls_and_limits_hold_it(
            subjects in proptest::collection::vec((0..20_u32, any::<bool>()), 1..60),
        ) {
            let time: Vec<f64> = subjects.iter().map(|s| f64::from(s.0)).collect();
            let event: Vec<bool> = subjects.iter().map(|s| s.1).collect();
            let found = kaplan_meier(&time, &event, 0.9).unwrap();
            let mut last = 1.0;
            for step in &found.steps {
                prop_assert!(step.survival < last && step.survival >= 0.0);
                last = step.survival;
                if let (Some(low), Some(high)) = (step.low, step.high) {
                    prop_assert!(low <= step.survival && step.survival <= high);
                }
            }
            let area = restricted_mean(&time, &event, 10.0, 0.9).unwrap();
            prop_assert!(area.mean <= 10.0 && area.low <= area.mean && area.mean <= area.high);
        }

        #[test]
        fn any_bits_never_panic(subjects in proptest::collection::vec((any::<u64>(), any::<bool>()), 0..20)) {
            let time: Vec<f64> = subjects.iter().map(|s| f64::from_bits(s.0 >> 1)).collect();
            let event: Vec<bool> = subjects.iter().map(|s| s.1).collect();
            let _ = kaplan_meier(&time, &event, 0.95);
            let _ = restricted_mean(&time, &event, f64::MAX, 0.95);
        }
    }
}
