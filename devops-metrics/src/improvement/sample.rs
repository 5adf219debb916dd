//! What was observed of a metric in one window.

use alloc::vec::Vec;

use devops_stats::kaplan_meier::kaplan_meier;
use devops_stats::poisson_rate::garwood;
use devops_stats::proportion::wilson;
use devops_stats::quantile::median;
use devops_stats::quantile_interval::quantile_interval;
use devops_stats::tail::Interval;
use serde::{Deserialize, Serialize};

use super::ImprovementError;

/// The observations of one window: counted events, so many of so many, or durations.
///
/// Checked when built or read. The order of periods and durations does not matter.
///
/// ```
/// use devops_metrics::improvement::Sample;
///
/// // 3, 5 and 4 deployments in a month each.
/// let deployments = Sample::counts([(3, 1.0), (5, 1.0), (4, 1.0)])?;
/// assert_eq!(deployments.estimate(), Some(4.0));
/// // 3 of 40 deployments failed.
/// assert_eq!(Sample::share(3, 40)?.estimate(), Some(7.5));
/// // Minutes to recover; one incident is open for 90 minutes.
/// assert_eq!(Sample::durations([20.0, 35.0, 50.0], [90.0])?.estimate(), Some(35.0));
/// # Ok::<(), devops_metrics::improvement::ImprovementError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Sample(pub(super) Data);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    /// Events and exposure, period by period, sorted.
    Counts(Vec<(u64, f64)>),
    Share {
        part: u64,
        whole: u64,
    },
    /// Sorted.
    Durations {
        ended: Vec<f64>,
        open: Vec<f64>,
    },
}

/// What is written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Written {
    Counts {
        periods: Vec<Period>,
    },
    Share {
        part: u64,
        whole: u64,
    },
    Durations {
        ended: Vec<f64>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<f64>,
    },
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    events: u64,
    exposure: f64,
}

impl Sample {
    /// Events and the exposure in which they happened, period by period. The exposure is in the time of the
    /// metric's unit: months where it is counted a month.
    ///
    /// # Errors
    ///
    /// No period, or an exposure that is not finite and above 0.
    ///
    /// ```
    /// assert!(devops_metrics::improvement::Sample::counts([(3, 0.0)]).is_err());
    /// ```
    pub fn counts(periods: impl IntoIterator<Item = (u64, f64)>) -> Result<Self, ImprovementError> {
        let mut periods: Vec<(u64, f64)> = periods.into_iter().collect();
        if periods.is_empty() {
            return Err(ImprovementError::range("periods", "[]", "at least one period"));
        }
        if let Some((_, bad)) = periods.iter().find(|p| !(p.1 > 0.0 && p.1.is_finite())) {
            return Err(ImprovementError::range("exposure", bad, "finite and above 0"));
        }
        periods.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Ok(Self(Data::Counts(periods)))
    }

    /// So many of so many; its value is in percent.
    ///
    /// # Errors
    ///
    /// A part above the whole.
    ///
    /// ```
    /// assert_eq!(devops_metrics::improvement::Sample::share(0, 0)?.estimate(), None);
    /// # Ok::<(), devops_metrics::improvement::ImprovementError>(())
    /// ```
    pub fn share(part: u64, whole: u64) -> Result<Self, ImprovementError> {
        if part > whole {
            return Err(ImprovementError::range("part", part, alloc::format!("at most the whole, {whole}")));
        }
        Ok(Self(Data::Share { part, whole }))
    }

    /// Durations, or other values from 0 on, in the metric's unit: of what has ended, and so far of what has
    /// not.
    ///
    /// # Errors
    ///
    /// A value that is negative or not finite.
    ///
    /// ```
    /// assert!(devops_metrics::improvement::Sample::durations([-1.0], []).is_err());
    /// ```
    pub fn durations(
        ended: impl IntoIterator<Item = f64>,
        open: impl IntoIterator<Item = f64>,
    ) -> Result<Self, ImprovementError> {
        let sorted = |values: &mut Vec<f64>, field| {
            if let Some(bad) = values.iter().find(|v| !(v.is_finite() && **v >= 0.0)) {
                return Err(ImprovementError::range(field, bad, "finite and at least 0"));
            }
            values.iter_mut().for_each(|v| *v += 0.0);
            values.sort_by(f64::total_cmp);
            Ok(())
        };
        let (mut ended, mut open): (Vec<f64>, Vec<f64>) =
            (ended.into_iter().collect(), open.into_iter().collect());
        sorted(&mut ended, "ended")?;
        sorted(&mut open, "open")?;
        Ok(Self(Data::Durations { ended, open }))
    }

    /// What was sampled: `counts`, `share` or `durations`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.0 {
            Data::Counts(_) => "counts",
            Data::Share { .. } => "share",
            Data::Durations { .. } => "durations",
        }
    }

    /// How much was observed: events, the whole, or durations.
    #[must_use]
    pub fn n(&self) -> u64 {
        match &self.0 {
            Data::Counts(periods) => periods.iter().fold(0, |sum, p| p.0.saturating_add(sum)),
            Data::Share { whole, .. } => *whole,
            Data::Durations { ended, open } => {
                u64::try_from(ended.len().saturating_add(open.len())).unwrap_or(u64::MAX)
            }
        }
    }

    /// Events by exposure, the share in percent, or the median, which open cases enter as Kaplan–Meier has it
    /// (1958). `None` where there is none: nothing was observed, or half of the cases are open.
    #[must_use]
    pub fn estimate(&self) -> Option<f64> {
        match &self.0 {
            Data::Counts(periods) => Some(real(self.n()) / exposure(periods)),
            Data::Share { whole: 0, .. } => None,
            Data::Share { part, whole } => Some(100.0 * real(*part) / real(*whole)),
            Data::Durations { ended, open } if open.is_empty() => median(ended).ok(),
            Data::Durations { ended, open } => {
                let (time, event) = subjects(ended, open);
                kaplan_meier(&time, &event, 0.95).ok()?.median
            }
        }
    }

    /// The interval of the estimate: exact Poisson (Garwood 1936), Wilson (1927), order statistics (Thompson
    /// 1936), or the limits of Brookmeyer and Crowley (1982) where cases are open. `None` where one of its ends
    /// does not exist.
    ///
    /// ```
    /// use devops_metrics::improvement::Sample;
    ///
    /// let interval = Sample::share(3, 40)?.interval(0.95).unwrap();
    /// assert!(interval.low > 2.5 && interval.high < 20.0);
    /// assert!(Sample::durations([1.0, 2.0], [])?.interval(0.95).is_none());
    /// # Ok::<(), devops_metrics::improvement::ImprovementError>(())
    /// ```
    #[must_use]
    pub fn interval(&self, confidence: f64) -> Option<Interval> {
        match &self.0 {
            Data::Counts(periods) => garwood(self.n(), exposure(periods), confidence).ok(),
            Data::Share { part, whole } => {
                let share = wilson(*part, *whole, confidence).ok()?;
                Some(Interval::new(100.0 * share.low, 100.0 * share.high))
            }
            Data::Durations { ended, open } if open.is_empty() => {
                let found = quantile_interval(ended, 0.5, confidence).ok()?;
                Some(Interval::new(found.low?, found.high?))
            }
            Data::Durations { ended, open } => {
                let (time, event) = subjects(ended, open);
                let curve = kaplan_meier(&time, &event, confidence).ok()?;
                Some(Interval::new(curve.median_low_strict?, curve.median_high_strict?))
            }
        }
    }
}

/// Times and whether they have ended, as survival methods take them.
pub(super) fn subjects(ended: &[f64], open: &[f64]) -> (Vec<f64>, Vec<bool>) {
    let time = ended.iter().chain(open).copied().collect();
    let event = ended.iter().map(|_| true).chain(open.iter().map(|_| false)).collect();
    (time, event)
}

pub(super) fn exposure(periods: &[(u64, f64)]) -> f64 {
    periods.iter().map(|p| p.1).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts above 2^53 are rounded")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

impl TryFrom<Written> for Sample {
    type Error = ImprovementError;

    fn try_from(written: Written) -> Result<Self, ImprovementError> {
        match written {
            Written::Counts { periods } => Self::counts(periods.iter().map(|p| (p.events, p.exposure))),
            Written::Share { part, whole } => Self::share(part, whole),
            Written::Durations { ended, open } => Self::durations(ended, open),
        }
    }
}

impl From<Sample> for Written {
    fn from(sample: Sample) -> Self {
        match sample.0 {
            Data::Counts(periods) => Self::Counts {
                periods: periods.iter().map(|&(events, exposure)| Period { events, exposure }).collect(),
            },
            Data::Share { part, whole } => Self::Share { part, whole },
            Data::Durations { ended, open } => Self::Durations { ended, open },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn what_is_refused() {
        for (refused, message) in [
            (Sample::counts([]), "`periods` is `[]`, must be at least one period"),
            (Sample::counts([(1, f64::NAN)]), "`exposure` is `NaN`, must be finite and above 0"),
            (Sample::counts([(1, -1.0)]), "`exposure` is `-1`, must be finite and above 0"),
            (Sample::share(2, 1), "`part` is `2`, must be at most the whole, 1"),
            (Sample::durations([f64::INFINITY], []), "`ended` is `inf`, must be finite and at least 0"),
            (Sample::durations([], [-0.5]), "`open` is `-0.5`, must be finite and at least 0"),
        ] {
            assert_eq!(refused.unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn one_case_has_no_interval() {
        let sample = Sample::durations([3.0], [1.0]).unwrap();
        assert_eq!((sample.estimate(), sample.interval(0.95)), (Some(3.0), None));
    }

    #[test]
    fn json_is_checked_and_order_does_not_matter() {
        let json = r#"{"kind":"durations","ended":[3.0,1.0],"open":[2.0]}"#;
        let sample: Sample = serde_json::from_str(json).unwrap();
        assert_eq!(sample, Sample::durations([1.0, 3.0], [2.0]).unwrap());
        let text = serde_json::to_string(&sample).unwrap();
        assert_eq!(text, r#"{"kind":"durations","ended":[1.0,3.0],"open":[2.0]}"#);
        for bad in [
            r#"{"kind":"share","part":2,"whole":1}"#,
            r#"{"kind":"share","part":1,"whole":1,"x":0}"#,
            r#"{"kind":"counts","periods":[]}"#,
            r#"{"kind":"durations","ended":[-1.0]}"#,
        ] {
            assert!(serde_json::from_str::<Sample>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_estimate_is_no_zero() {
        assert_eq!(Sample::share(0, 0).unwrap().estimate(), None);
        assert_eq!(Sample::durations([], []).unwrap().estimate(), None);
        assert_eq!(Sample::durations([1.0], [2.0, 2.0]).unwrap().estimate(), None);
        assert_eq!(Sample::counts([(0, 2.0)]).unwrap().estimate(), Some(0.0));
    }
}
