//! How two samples of a metric differ.

use alloc::vec::Vec;

use devops_stats::fisher::fisher_exact;
use devops_stats::hodges_lehmann::hodges_lehmann;
use devops_stats::log_rank::log_rank;
use devops_stats::mann_whitney::mann_whitney;
use devops_stats::poisson_rate::{garwood, two_rates};
use devops_stats::special::student_t_sf;
use devops_stats::tail::Interval;
use devops_stats::two_proportion::two_proportion;
use devops_stats::{Outcome, StatsError};
use serde::{Deserialize, Serialize};

use super::sample::{Data, exposure, real, subjects};
use super::{ImprovementError, Sample};

/// The comparison behind an effect.
///
/// ```
/// use devops_metrics::improvement::Method;
///
/// assert_eq!(Method::RateRatio.name(), "exact conditional test of two rates");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// Counts: exact conditional test (Przyborowski & Wilenski 1940), with the scatter between periods where
    /// that is larger.
    RateRatio,
    /// Shares: Fisher's exact test (1935) and Newcombe's interval of the difference (1998).
    ShareDifference,
    /// Durations that have all ended: Mann–Whitney (1947) and the Hodges–Lehmann shift (1963).
    RankShift,
    /// Durations of which some are open: log-rank test (Mantel 1966), held against Student's law with as many
    /// degrees of freedom as cases have ended, less two; and Kaplan–Meier medians.
    LogRank,
    /// Any of these, less what changed in the control teams.
    DifferenceInDifferences,
}

impl Method {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RateRatio => "exact conditional test of two rates",
            Self::ShareDifference => "Fisher's exact test and Newcombe's interval",
            Self::RankShift => "Mann-Whitney test and Hodges-Lehmann shift",
            Self::LogRank => "log-rank test and Kaplan-Meier medians",
            Self::DifferenceInDifferences => "difference in differences",
        }
    }
}

/// Which way a metric went, as the test sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "up, down or neither")]
pub enum Movement {
    /// Up.
    Rose,
    /// Down.
    Fell,
    /// Neither.
    Same,
}

impl Movement {
    pub(super) fn of(difference: f64) -> Self {
        if difference > 0.0 {
            Self::Rose
        } else if difference < 0.0 {
            Self::Fell
        } else {
            Self::Same
        }
    }
}

/// How a metric differs after a change from before.
///
/// ```
/// use devops_metrics::improvement::{Movement, Sample, effect};
///
/// let before = Sample::durations([300.0, 260.0, 410.0, 280.0, 350.0, 290.0, 330.0, 270.0], [])?;
/// let after = Sample::durations([60.0, 75.0, 40.0, 90.0, 55.0, 80.0, 65.0, 70.0], [])?;
/// let found = effect(&before, &after, 0.95)?;
/// assert_eq!(found.movement, Movement::Fell);
/// assert!(found.p.unwrap() < 0.001 && found.interval.unwrap().high < -190.0);
/// # Ok::<(), devops_metrics::improvement::ImprovementError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Effect {
    /// By which comparison.
    pub method: Method,
    /// How much was observed before.
    pub n_before: u64,
    /// How much was observed after.
    pub n_after: u64,
    /// The estimate before, in the metric's unit.
    pub before: Option<f64>,
    /// The estimate after.
    pub after: Option<f64>,
    /// After less before, in the metric's unit (percentage points for shares); the Hodges–Lehmann shift for
    /// durations.
    pub difference: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// After by before, of counts.
    pub ratio: Option<f64>,
    /// Its interval; one end is open where a count is 0.
    pub ratio_interval: Option<Interval>,
    /// Two-sided p-value; `None` where there is no test, as of values that are all equal.
    pub p: Option<f64>,
    /// Which way it went.
    pub movement: Movement,
    /// Confidence of the intervals.
    pub confidence: f64,
}

/// Compares what was observed after a change with what was observed before.
///
/// # Errors
///
/// Samples of different kinds, no observation on a side, or a confidence outside (0, 1).
pub fn effect(before: &Sample, after: &Sample, confidence: f64) -> Result<Effect, ImprovementError> {
    let mut found = match (&before.0, &after.0) {
        (Data::Counts(b), Data::Counts(a)) => counts(b, a, before.n(), after.n(), confidence)?,
        (Data::Share { part: k0, whole: n0 }, Data::Share { part: k1, whole: n1 }) => {
            shares((*k0, *n0), (*k1, *n1), confidence)?
        }
        (Data::Durations { ended: e0, open: o0 }, Data::Durations { ended: e1, open: o1 }) => {
            if o0.is_empty() && o1.is_empty() {
                ranks(e0, e1, confidence)?
            } else {
                survival((e0, o0), (e1, o1), (before, after), confidence)?
            }
        }
        _ => {
            let metric = "the sample".into();
            return Err(ImprovementError::Kind { metric, before: before.kind(), after: after.kind() });
        }
    };
    (found.n_before, found.n_after) = (before.n(), after.n());
    (found.before, found.after) = (before.estimate(), after.estimate());
    Ok(found)
}

fn empty(method: Method, confidence: f64) -> Effect {
    Effect {
        method,
        n_before: 0,
        n_after: 0,
        before: None,
        after: None,
        difference: None,
        interval: None,
        ratio: None,
        ratio_interval: None,
        p: None,
        movement: Movement::Same,
        confidence,
    }
}

fn counts(
    before: &[(u64, f64)],
    after: &[(u64, f64)],
    n0: u64,
    n1: u64,
    confidence: f64,
) -> Result<Effect, StatsError> {
    let (t0, t1) = (exposure(before), exposure(after));
    let rates = two_rates(n1, t1, n0, t0, confidence)?;
    let (l0, l1) = (real(n0) / t0, real(n1) / t1);
    let scatter = Scatter::of(before, after, (l0, l1));
    let mut found = empty(Method::RateRatio, confidence);
    found.difference = Some(l1 - l0);
    found.movement = Movement::of(l1 - l0);
    let (g0, g1) = (garwood(n0, t0, confidence)?, garwood(n1, t1, confidence)?);
    found.interval = Some(widened(mover((l1, g1), (l0, g0)), l1 - l0, scatter.factor()));
    found.ratio = rates.ratio.defined();
    let log = (real(n1) + 0.5, real(n0) + 0.5);
    let z = libm::log(log.0 / log.1 * (t0 / t1)) / libm::sqrt(1.0 / log.0 + 1.0 / log.1);
    found.p = Some(larger(rates.p.two_sided, scatter.p(z)));
    if let (Some(ratio), Some(high)) = (found.ratio, rates.high)
        && rates.low > 0.0
    {
        let middle = libm::log(ratio);
        let ends = Interval::new(libm::log(rates.low), libm::log(high));
        let wide = widened(ends, middle, scatter.factor());
        found.ratio_interval = Some(Interval::new(libm::exp(wide.low), libm::exp(wide.high)));
    }
    Ok(found)
}

/// How much more periods scatter than Poisson counts would (McCullagh & Nelder 1989): Pearson's statistic by
/// its degrees of freedom.
struct Scatter {
    dispersion: f64,
    degrees: f64,
}

impl Scatter {
    fn of(before: &[(u64, f64)], after: &[(u64, f64)], (l0, l1): (f64, f64)) -> Self {
        let pearson = |periods: &[(u64, f64)], rate: f64| -> f64 {
            let term = |&(events, exposure): &(u64, f64)| {
                let expected = rate * exposure;
                let off = real(events) - expected;
                if expected > 0.0 { off * off / expected } else { 0.0 }
            };
            periods.iter().map(term).sum()
        };
        let degrees = (before.len() as f64 - 1.0) + (after.len() as f64 - 1.0);
        let dispersion =
            if degrees > 0.0 { (pearson(before, l0) + pearson(after, l1)) / degrees } else { 1.0 };
        Self { dispersion: larger(dispersion, 1.0), degrees }
    }

    fn factor(&self) -> f64 {
        libm::sqrt(self.dispersion)
    }

    /// Two-sided p of a standardised log ratio with the scatter in it; 0 where the scatter is that of Poisson
    /// counts, so that the exact test decides.
    fn p(&self, z: f64) -> f64 {
        if self.dispersion > 1.0 { 2.0 * student_t_sf(z.abs() / self.factor(), self.degrees) } else { 0.0 }
    }
}

fn widened(interval: Interval, middle: f64, factor: f64) -> Interval {
    Interval::new(middle - (middle - interval.low) * factor, middle + (interval.high - middle) * factor)
}

/// The interval of a difference from those of its parts (Zou & Donner 2008).
pub(super) fn mover((a, of_a): (f64, Interval), (b, of_b): (f64, Interval)) -> Interval {
    let difference = a - b;
    Interval::new(
        difference - libm::hypot(a - of_a.low, of_b.high - b),
        difference + libm::hypot(of_a.high - a, b - of_b.low),
    )
}

fn shares((k0, n0): (u64, u64), (k1, n1): (u64, u64), confidence: f64) -> Result<Effect, StatsError> {
    let both = two_proportion(k1, n1, k0, n0, confidence)?;
    let table = [[k1, n1.saturating_sub(k1)], [k0, n0.saturating_sub(k0)]];
    let mut found = empty(Method::ShareDifference, confidence);
    found.difference = Some(100.0 * both.difference);
    found.interval = Some(Interval::new(100.0 * both.newcombe.low, 100.0 * both.newcombe.high));
    found.movement = Movement::of(both.difference);
    found.p = Some(fisher_exact(table)?.p.two_sided);
    Ok(found)
}

fn ranks(before: &[f64], after: &[f64], confidence: f64) -> Result<Effect, StatsError> {
    let test = mann_whitney(after, before)?;
    let mut found = empty(Method::RankShift, confidence);
    found.movement = Movement::of(test.cliffs_delta);
    found.p = test.p().map(|p| p.two_sided);
    if let Outcome::Defined(shift) = hodges_lehmann(after, before, confidence)? {
        found.difference = Some(shift.shift);
        found.interval = Some(shift.interval);
    }
    Ok(found)
}

type Cases<'a> = (&'a [f64], &'a [f64]);

fn survival(
    (e0, o0): Cases<'_>,
    (e1, o1): Cases<'_>,
    (before, after): (&Sample, &Sample),
    confidence: f64,
) -> Result<Effect, StatsError> {
    let ((t0, d0), (t1, d1)): ((Vec<f64>, Vec<bool>), _) = (subjects(e0, o0), subjects(e1, o1));
    let test = log_rank(&t1, &d1, &t0, &d0)?;
    let mut found = empty(Method::LogRank, confidence);
    // More ends than expected: the cases are shorter.
    found.movement = Movement::of(test.expected - test.observed as f64);
    // With few ends the normal law promises too much: Student's, by the number of ends, keeps the level.
    let degrees = e0.len() as f64 + e1.len() as f64 - 2.0;
    found.p = test
        .chi_squared
        .defined()
        .filter(|_| degrees > 0.0)
        .map(|c| 2.0 * student_t_sf(libm::sqrt(c), degrees));
    if let (Some(m0), Some(m1)) = (before.estimate(), after.estimate()) {
        found.difference = Some(m1 - m0);
        if let (Some(i0), Some(i1)) = (before.interval(confidence), after.interval(confidence)) {
            found.interval = Some(mover((m1, i1), (m0, i0)));
        }
    }
    Ok(found)
}

pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_alike_in_number_do_not_differ() {
        let sample = |n| Sample::counts([(n, 3.0)]).unwrap();
        let found = effect(&sample(12), &sample(12), 0.95).unwrap();
        assert_eq!((found.movement, found.p), (Movement::Same, Some(1.0)));
        let found = effect(&sample(12), &sample(60), 0.95).unwrap();
        assert_eq!(found.ratio, Some(5.0));
        assert!(found.p.unwrap() < 1e-6 && found.ratio_interval.unwrap().low > 2.5);
        let none = effect(&sample(0), &sample(9), 0.95).unwrap();
        assert!(none.ratio.is_none() && none.p.unwrap() < 0.01 && none.movement == Movement::Rose);
    }

    #[test]
    fn scatter_between_periods_counts() {
        let calm = |n: u64| Sample::counts((0..8).map(|_| (n, 1.0))).unwrap();
        let wild =
            |n: u64| Sample::counts((0..8).map(|i| (if i % 4 == 0 { 4 * n } else { 0 }, 1.0))).unwrap();
        let (steady, bursts) =
            (effect(&calm(4), &calm(7), 0.95).unwrap(), effect(&wild(4), &wild(7), 0.95).unwrap());
        assert_eq!(steady.difference, bursts.difference);
        assert!(steady.p.unwrap() < 0.05 && bursts.p.unwrap() > 0.2);
        assert!(bursts.interval.unwrap().low < steady.interval.unwrap().low);
    }

    #[test]
    fn equal_values_have_no_test() {
        let sample = Sample::durations([5.0; 9], []).unwrap();
        let found = effect(&sample, &sample, 0.95).unwrap();
        assert_eq!((found.p, found.difference, found.movement), (None, Some(0.0), Movement::Same));
    }

    #[test]
    fn open_cases_count() {
        let before =
            Sample::durations([100.0, 120.0, 150.0, 180.0, 90.0, 110.0, 140.0, 130.0], [400.0]).unwrap();
        let after = Sample::durations([30.0, 20.0, 25.0, 40.0, 35.0, 28.0, 22.0, 33.0], [10.0]).unwrap();
        let found = effect(&before, &after, 0.95).unwrap();
        assert_eq!((found.method, found.movement), (Method::LogRank, Movement::Fell));
        assert!(found.p.unwrap() < 0.001 && found.difference.unwrap() < -80.0);
    }

    #[test]
    fn kinds_are_not_mixed() {
        let (share, count) = (Sample::share(1, 2).unwrap(), Sample::counts([(1, 1.0)]).unwrap());
        assert_eq!(
            alloc::format!("{}", effect(&share, &count, 0.95).unwrap_err()),
            "`the sample` was sampled as share before and as counts after, must be sampled alike"
        );
        let nothing = Sample::durations([], []).unwrap();
        assert!(effect(&nothing, &nothing, 0.95).is_err());
        assert!(effect(&count, &count, 1.0).is_err());
    }
}
