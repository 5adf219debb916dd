//! The individuals chart as a stream.

use crate::StatsError;
use crate::input::finite_one;
use crate::sums::fits;
use crate::xmr::{Constants, MovingRange, XmrLimits, limits_from};
use serde::{Deserialize, Serialize};

/// Limits of the individuals chart, kept up to date value by value: O(1) time and memory.
///
/// By the mean moving range; the numbers are those of [`xmr`](crate::xmr::xmr) on all values so far, to
/// rounding. The median moving range needs all values and has no such form.
///
/// ```
/// use devops_stats::xmr::Constants;
/// use devops_stats::xmr_stream::XmrStream;
///
/// let mut chart = XmrStream::new(Constants::Wheeler);
/// for hours in [10.0, 12.0, 11.0, 13.0, 12.0] {
///     assert!(!chart.push(hours)?);
/// }
/// assert!(chart.push(30.0)?); // beyond the limits of the values before it
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct XmrStream {
    constants: Constants,
    n: usize,
    mean: f64,
    last: f64,
    moving_range: f64,
}

impl XmrStream {
    /// A chart that has seen nothing.
    ///
    /// ```
    /// use devops_stats::xmr::Constants;
    /// use devops_stats::xmr_stream::XmrStream;
    /// assert!(XmrStream::new(Constants::Exact).limits().is_none());
    /// ```
    #[must_use]
    pub fn new(constants: Constants) -> Self {
        Self { constants, n: 0, mean: 0.0, last: 0.0, moving_range: 0.0 }
    }

    /// Takes the next value; true when it lies beyond the limits of the values before it (which need two).
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for NaN or infinity, or when the spread is not finite; the chart is as before.
    ///
    /// ```
    /// use devops_stats::xmr::Constants;
    /// use devops_stats::xmr_stream::XmrStream;
    /// let mut chart = XmrStream::new(Constants::Exact);
    /// assert!(!chart.push(1.0)?);
    /// assert!(chart.push(f64::NAN).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn push(&mut self, x: f64) -> Result<bool, StatsError> {
        let x = finite_one("x", x)?;
        let signal = self.limits().is_some_and(|l| l.sigma > 0.0 && (x < l.lower || x > l.upper));
        let count = self.n as f64;
        let range = fits("x", libm::fabs(x - self.last))?;
        let mean = fits("x", self.mean + (x - self.mean) / (count + 1.0))?;
        if self.n > 0 {
            self.moving_range += (range - self.moving_range) / count;
        }
        (self.n, self.mean, self.last) = (self.n.saturating_add(1), mean, x);
        Ok(signal)
    }

    /// The limits so far; `None` below two values or when they are not finite.
    ///
    /// ```
    /// use devops_stats::xmr::Constants;
    /// use devops_stats::xmr_stream::XmrStream;
    /// let mut chart = XmrStream::new(Constants::Wheeler);
    /// chart.push(1.0)?;
    /// chart.push(2.0)?;
    /// assert_eq!(chart.limits().map(|l| (l.center, l.moving_range)), Some((1.5, 1.0)));
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn limits(&self) -> Option<XmrLimits> {
        if self.n < 2 {
            return None;
        }
        limits_from(self.n, self.mean, self.moving_range, 1.0, MovingRange::Mean, self.constants).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xmr::xmr;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_stream_agrees_with_the_whole(x in proptest::collection::vec(-1e3..1e3_f64, 2..80)) {
            let mut chart = XmrStream::new(Constants::Exact);
            for &v in &x {
                chart.push(v).unwrap();
            }
            let (a, b) = (chart.limits().unwrap(), xmr(&x, MovingRange::Mean, Constants::Exact).unwrap());
            for (a, b) in [(a.center, b.center), (a.lower, b.lower), (a.range_upper, b.range_upper)] {
                prop_assert!((a - b).abs() < 1e-9);
            }
        }

        #[test]
        fn any_bits_never_panic(bits in proptest::collection::vec(any::<u64>(), 0..20)) {
            let mut chart = XmrStream::new(Constants::Exact);
            for b in bits {
                let _ = chart.push(f64::from_bits(b));
            }
        }
    }
}
