//! So many of so many.

use core::fmt;

use devops_stats::proportion::wilson;
use devops_stats::tail::Interval;

use super::FlowError;

/// A share, with its interval by Wilson (1927). Of nothing there is none.
///
/// ```
/// use devops_metrics::flow::Share;
///
/// let passed = Share::new(9, 10, 0.95)?;
/// assert_eq!(passed.percent(), Some(90.0));
/// assert_eq!(Share::new(0, 0, 0.95)?.percent(), None);
/// # Ok::<(), devops_metrics::flow::FlowError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Share {
    /// How many have it.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
    /// Interval of the share, 0 to 1; none of nothing.
    pub interval: Option<Interval>,
}

impl Share {
    /// `part` of `whole`, with an interval at that level.
    ///
    /// # Errors
    ///
    /// [`FlowError::Method`] where `part` is more than `whole` or the level is no probability.
    pub fn new(part: u64, whole: u64, confidence: f64) -> Result<Self, FlowError> {
        let interval = if whole == 0 { None } else { Some(wilson(part, whole, confidence)?) };
        Ok(Self { part, whole, interval })
    }

    /// The share in percent; `None` of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of events are far below 2^53")]
    pub fn percent(&self) -> Option<f64> {
        (self.whole > 0).then(|| 100.0 * self.part as f64 / self.whole as f64)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.percent() {
            Some(percent) => {
                let percent = libm::round(percent * 10.0) / 10.0;
                write!(f, "{percent} % ({} of {})", self.part, self.whole)
            }
            None => f.write_str("no data"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn shows_part_and_whole() {
        assert_eq!(Share::new(1, 3, 0.95).unwrap().to_string(), "33.3 % (1 of 3)");
        assert_eq!(Share::new(0, 0, 0.95).unwrap().to_string(), "no data");
        assert!(Share::new(2, 1, 0.95).is_err());
        let interval = Share::new(0, 10, 0.95).unwrap().interval.unwrap();
        assert!(interval.low == 0.0 && interval.high > 0.25);
    }
}
