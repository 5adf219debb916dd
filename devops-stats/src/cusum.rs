//! Has the level shifted, and since when? The tabular cumulative sum chart.

use crate::StatsError;
use crate::input::{check_finite, finite_one, positive};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Settings of a CUSUM chart.
///
/// ```
/// use devops_stats::cusum::CusumOptions;
/// let options = CusumOptions::new(10.0, 2.0).with_slack(0.25).with_threshold(8.0);
/// assert_eq!(options.threshold, 8.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CusumOptions {
    /// Mean of the steady process.
    pub mean: f64,
    /// Standard deviation of the steady process, above 0.
    pub sigma: f64,
    /// Allowance k in standard deviations, at least 0: half the shift to be noticed; 0.5 unless set.
    pub slack: f64,
    /// Decision limit h in standard deviations, above 0; 5 unless set.
    pub threshold: f64,
}

impl CusumOptions {
    /// k = 0.5 and h = 5 around the given process: one false alarm in about 465 values of normal noise, and a
    /// shift of 1σ noticed after about 10.
    ///
    /// ```
    /// use devops_stats::cusum::CusumOptions;
    /// assert_eq!(CusumOptions::new(0.0, 1.0).slack, 0.5);
    /// ```
    #[must_use]
    pub fn new(mean: f64, sigma: f64) -> Self {
        Self { mean, sigma, slack: 0.5, threshold: 5.0 }
    }

    /// Sets the allowance k.
    ///
    /// ```
    /// use devops_stats::cusum::CusumOptions;
    /// assert_eq!(CusumOptions::new(0.0, 1.0).with_slack(0.25).slack, 0.25);
    /// ```
    #[must_use]
    pub fn with_slack(mut self, slack: f64) -> Self {
        self.slack = slack;
        self
    }

    /// Sets the decision limit h.
    ///
    /// ```
    /// use devops_stats::cusum::CusumOptions;
    /// assert_eq!(CusumOptions::new(0.0, 1.0).with_threshold(4.0).threshold, 4.0);
    /// ```
    #[must_use]
    pub fn with_threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    fn check(&self) -> Result<(), StatsError> {
        finite_one("mean", self.mean)?;
        positive("sigma", self.sigma)?;
        positive("threshold", self.threshold)?;
        if finite_one("slack", self.slack)? < 0.0 {
            return Err(StatsError::out_of_range("slack", self.slack, "at least 0"));
        }
        Ok(())
    }
}

/// One point of the chart, in standard deviations.
///
/// ```
/// use devops_stats::cusum::{CusumOptions, cusum};
/// let point = cusum(&[2.0], &CusumOptions::new(0.0, 1.0))?[0];
/// assert_eq!((point.high, point.low), (1.5, 0.0));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CusumPoint {
    /// Evidence of a rise: Cᵢ⁺ = max(0, Cᵢ₋₁⁺ + zᵢ − k).
    pub high: f64,
    /// Evidence of a fall: Cᵢ⁻ = max(0, Cᵢ₋₁⁻ − zᵢ − k).
    pub low: f64,
    /// Values since `high` left 0: when it signals, the shift is dated that many values back.
    pub high_run: usize,
    /// Values since `low` left 0.
    pub low_run: usize,
    /// One of the two sums is above the decision limit.
    pub signal: bool,
}

/// The chart as a stream: O(1) time and memory per value. It is not reset by a signal; call
/// [`reset`](Self::reset) for that.
///
/// ```
/// use devops_stats::cusum::{Cusum, CusumOptions};
///
/// let mut chart = Cusum::new(CusumOptions::new(0.0, 1.0))?;
/// let signals: Vec<bool> =
///     [0.2, 2.0, 2.5, 3.0].iter().map(|&x| chart.push(x).map(|p| p.signal)).collect::<Result<_, _>>()?;
/// assert_eq!(signals, [false, false, false, true]);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cusum {
    options: CusumOptions,
    last: CusumPoint,
}

const START: CusumPoint = CusumPoint { high: 0.0, low: 0.0, high_run: 0, low_run: 0, signal: false };

/// One step of one side, kept finite.
fn step(sum: f64, run: usize, change: f64) -> (f64, usize) {
    let next = sum + change;
    if next > 0.0 { (if next > f64::MAX { f64::MAX } else { next }, run.saturating_add(1)) } else { (0.0, 0) }
}

impl Cusum {
    /// A chart that has seen nothing.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] names the option that is outside its range.
    ///
    /// ```
    /// use devops_stats::cusum::{Cusum, CusumOptions};
    /// assert!(Cusum::new(CusumOptions::new(0.0, -1.0)).is_err());
    /// ```
    pub fn new(options: CusumOptions) -> Result<Self, StatsError> {
        options.check()?;
        Ok(Self { options, last: START })
    }

    /// Takes the next value.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for NaN or infinity; the chart is as before.
    ///
    /// ```
    /// use devops_stats::cusum::{Cusum, CusumOptions};
    /// let mut chart = Cusum::new(CusumOptions::new(0.0, 1.0))?;
    /// assert_eq!(chart.push(-3.0)?.low, 2.5);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn push(&mut self, x: f64) -> Result<CusumPoint, StatsError> {
        let x = finite_one("x", x)?;
        let CusumOptions { mean, sigma, slack, threshold } = self.options;
        let difference = x - mean;
        let z = if difference.is_finite() { difference / sigma } else { x / sigma - mean / sigma };
        let z = z.clamp(-f64::MAX, f64::MAX);
        let (high, high_run) = step(self.last.high, self.last.high_run, z - slack);
        let (low, low_run) = step(self.last.low, self.last.low_run, -z - slack);
        self.last = CusumPoint { high, low, high_run, low_run, signal: high > threshold || low > threshold };
        Ok(self.last)
    }

    /// Forgets the evidence, as after a shift that was dealt with.
    ///
    /// ```
    /// use devops_stats::cusum::{Cusum, CusumOptions};
    /// let mut chart = Cusum::new(CusumOptions::new(0.0, 1.0))?;
    /// chart.push(9.0)?;
    /// chart.reset();
    /// assert_eq!(chart.push(0.0)?.high, 0.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn reset(&mut self) {
        self.last = START;
    }
}

/// The tabular CUSUM of a whole series, without reset.
///
/// Source: Page (1954); tabular form as in Montgomery (2013). O(n). [`Cusum`] is the streaming form and gives
/// the same numbers.
///
/// # Errors
/// [`StatsError::NonFinite`] for NaN or infinity in `x`, [`StatsError::OutOfRange`] for a bad option.
///
/// ```
/// use devops_stats::cusum::{CusumOptions, cusum};
///
/// let x = [0.1, -0.3, 0.2, 1.9, 2.2, 1.8, 2.4, 2.1];
/// let points = cusum(&x, &CusumOptions::new(0.0, 1.0))?;
/// let first = points.iter().position(|p| p.signal);
/// assert_eq!(first, Some(6));
/// // The rise began where the sum left zero: the first index after the change.
/// assert_eq!(first.map(|i| i + 1 - points[i].high_run), Some(3));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn cusum(x: &[f64], options: &CusumOptions) -> Result<Vec<CusumPoint>, StatsError> {
    check_finite("x", x)?;
    let mut chart = Cusum::new(*options)?;
    x.iter().map(|&v| chart.push(v)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn options_are_checked() {
        let refused = |o: CusumOptions| cusum(&[1.0], &o).is_err();
        assert!(refused(CusumOptions::new(f64::INFINITY, 1.0)));
        assert!(refused(CusumOptions::new(0.0, 0.0)));
        assert!(refused(CusumOptions::new(0.0, 1.0).with_slack(-0.1)));
        assert!(refused(CusumOptions::new(0.0, 1.0).with_threshold(f64::NAN)));
        assert_eq!(cusum(&[], &CusumOptions::new(0.0, 1.0)), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn mirrored_data_swap_the_sides(x in proptest::collection::vec(-5.0..5.0_f64, 0..50)) {
            let mirrored: Vec<f64> = x.iter().map(|v| -v).collect();
            let options = CusumOptions::new(0.0, 1.0);
            let (a, b) = (cusum(&x, &options).unwrap(), cusum(&mirrored, &options).unwrap());
            for (p, q) in a.iter().zip(&b) {
                prop_assert_eq!((p.high, p.high_run, p.signal), (q.low, q.low_run, q.signal));
            }
        }

        #[test]
        fn any_bits_stay_finite(bits in proptest::collection::vec(any::<u64>(), 0..20), o in any::<[u64; 4]>()) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).filter(|v| v.is_finite()).collect();
            let o = o.map(f64::from_bits);
            let options = CusumOptions::new(o[0], o[1]).with_slack(o[2]).with_threshold(o[3]);
            for point in cusum(&x, &options).unwrap_or_default() {
                prop_assert!(point.high.is_finite() && point.low.is_finite());
            }
        }
    }
}
