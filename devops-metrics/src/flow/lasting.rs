//! Durations, some of which are not over.

use alloc::vec::Vec;
use core::fmt;

use devops_core::Unit;
use devops_stats::kaplan_meier::{KaplanMeier, kaplan_meier};
use devops_stats::quantile::{QuantileType, quantiles};
use devops_stats::quantile_interval::quantile_interval;

use super::FlowError;
use crate::query::numbers::median_of;

/// How long things last. What is not over has lasted at least so long, and counts as such (Kaplan & Meier 1958), and the
/// interval of the median is by the log-log limits. Where all are over, median, quantiles (Hyndman & Fan's type 7) and
/// interval (by order statistics, Thompson 1936) are those that the five metrics have of the same durations.
///
/// ```
/// use devops_core::Unit;
/// use devops_metrics::flow::Lasting;
///
/// let hours = Lasting::new(&[(2.0, true), (4.0, true), (30.0, false)], Unit::Hours, 0.95)?;
/// assert_eq!((hours.n, hours.open, hours.median), (3, 1, Some(4.0)));
/// assert_eq!(hours.p90, None); // two of three are over: nobody knows the 90th percentile
/// # Ok::<(), devops_metrics::flow::FlowError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Lasting {
    /// How many there are.
    pub n: usize,
    /// How many of them are not over.
    pub open: usize,
    /// Half of them last at most so long, the middle of the two where their number is even; `None` where fewer are over.
    pub median: Option<f64>,
    /// Lower limit of the median; `None` where there are too few to tell one.
    pub low: Option<f64>,
    /// Upper limit of the median; `None` where too few are over to tell one.
    pub high: Option<f64>,
    /// Three quarters last at most so long.
    pub p75: Option<f64>,
    /// Nine tenths last at most so long.
    pub p90: Option<f64>,
    /// 19 of 20 last at most so long.
    pub p95: Option<f64>,
    /// The unit of all of these.
    pub unit: Unit,
}

impl Lasting {
    /// Durations in that unit, each with whether it is over.
    ///
    /// # Errors
    ///
    /// [`FlowError::Method`] for a duration that is negative or not finite, or a level that is no probability.
    pub fn new(durations: &[(f64, bool)], unit: Unit, confidence: f64) -> Result<Self, FlowError> {
        let open = durations.iter().filter(|(_, over)| !over).count();
        let empty = Self {
            n: durations.len(),
            open,
            median: None,
            low: None,
            high: None,
            p75: None,
            p90: None,
            p95: None,
            unit,
        };
        if durations.is_empty() {
            return Ok(empty);
        }
        let (times, over): (Vec<f64>, Vec<bool>) = durations.iter().copied().unzip();
        let found = kaplan_meier(&times, &over, confidence)?;
        let upper = [0.75, 0.90, 0.95];
        let (low, high, upper) = if open == 0 {
            let interval = quantile_interval(&times, 0.5, confidence)?;
            (interval.low, interval.high, quantiles(&times, &upper, QuantileType::Type7)?)
        } else {
            let upper = upper.iter().map_while(|share| reached(&found, *share)).collect();
            (found.median_low_strict, found.median_high_strict, upper)
        };
        let [p75, p90, p95] = [0, 1, 2].map(|place| upper.get(place).copied());
        Ok(Self { median: median_of(&found), low, high, p75, p90, p95, ..empty })
    }
}

/// The first time at which at most the rest still lasts; products of fractions are off by a rounding.
fn reached(found: &KaplanMeier, share: f64) -> Option<f64> {
    found.steps.iter().find(|step| step.survival <= 1.0 - share + 1e-9).map(|step| step.time)
}

impl fmt::Display for Lasting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let round = |value: f64| libm::round(value * 100.0) / 100.0;
        match self.median {
            Some(median) => write!(f, "{} {} (n = {}", round(median), self.unit.symbol(), self.n)?,
            None if self.n == 0 => return f.write_str("no data"),
            None => write!(f, "not half are over (n = {}", self.n)?,
        }
        if self.open > 0 {
            write!(f, ", {} open", self.open)?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn all_over_are_told_as_by_the_metrics() {
        let ten: Vec<(f64, bool)> = (1..=10).map(|i| (f64::from(i), true)).collect();
        let found = Lasting::new(&ten, Unit::Hours, 0.95).unwrap();
        assert_eq!(
            (found.median, found.p75, found.p90, found.p95),
            (Some(5.5), Some(7.75), Some(9.1), Some(9.549_999_999_999_999))
        );
        assert_eq!(found.to_string(), "5.5 h (n = 10)");
        // One that is not over, and they are read off the curve; on which half last from 5 to 6.
        let open: Vec<(f64, bool)> = ten.iter().map(|(time, _)| (*time, *time < 10.0)).collect();
        let found = Lasting::new(&open, Unit::Hours, 0.95).unwrap();
        assert_eq!((found.median, found.p75, found.p90, found.p95), (Some(5.5), Some(8.0), Some(9.0), None));
    }

    #[test]
    fn few_have_no_interval() {
        let limits = |durations: &[(f64, bool)]| {
            let found = Lasting::new(durations, Unit::Hours, 0.95).unwrap();
            (found.low, found.high)
        };
        assert_eq!(limits(&[(3.0, true)]), (None, None));
        assert_eq!(limits(&[(1.0, false), (3.0, true)]), (None, None));
        assert_eq!(limits(&[(0.0, true); 11]), (Some(0.0), Some(0.0)));
        let ten: Vec<(f64, bool)> = (1..=10).map(|i| (f64::from(i), true)).collect();
        assert_eq!(limits(&ten), (Some(2.0), Some(9.0)));
    }

    #[test]
    fn what_is_open_is_not_over() {
        let found = Lasting::new(&[(5.0, false), (7.0, false), (1.0, true)], Unit::Minutes, 0.95).unwrap();
        assert_eq!((found.median, found.to_string().as_str()), (None, "not half are over (n = 3, 2 open)"));
        assert_eq!(Lasting::new(&[], Unit::Minutes, 0.95).unwrap().to_string(), "no data");
        assert!(Lasting::new(&[(-1.0, true)], Unit::Minutes, 0.95).is_err());
    }
}
