//! Has the level drifted a little? The exponentially weighted moving average chart.

use crate::StatsError;
use crate::input::{finite, finite_one, positive};
use crate::sums::fits;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Settings of an EWMA chart: the steady process and how the chart looks at it.
///
/// ```
/// use devops_stats::ewma::EwmaOptions;
/// let options = EwmaOptions::new(10.0, 2.0).with_lambda(0.1).with_width(2.7);
/// assert_eq!(options.lambda, 0.1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EwmaOptions {
    /// Mean of the steady process.
    pub mean: f64,
    /// Standard deviation of the steady process, above 0.
    pub sigma: f64,
    /// Weight of the newest value, in (0, 1]; 0.2 unless set.
    pub lambda: f64,
    /// Half width of the limits in standard deviations of the average, above 0; 3 unless set.
    pub width: f64,
}

impl EwmaOptions {
    /// λ = 0.2 and L = 3 around the given process.
    ///
    /// ```
    /// use devops_stats::ewma::EwmaOptions;
    /// assert_eq!(EwmaOptions::new(0.0, 1.0).width, 3.0);
    /// ```
    #[must_use]
    pub fn new(mean: f64, sigma: f64) -> Self {
        Self { mean, sigma, lambda: 0.2, width: 3.0 }
    }

    /// Sets the weight of the newest value.
    ///
    /// ```
    /// use devops_stats::ewma::EwmaOptions;
    /// assert_eq!(EwmaOptions::new(0.0, 1.0).with_lambda(0.4).lambda, 0.4);
    /// ```
    #[must_use]
    pub fn with_lambda(mut self, lambda: f64) -> Self {
        self.lambda = lambda;
        self
    }

    /// Sets the width of the limits.
    ///
    /// ```
    /// use devops_stats::ewma::EwmaOptions;
    /// assert_eq!(EwmaOptions::new(0.0, 1.0).with_width(2.7).width, 2.7);
    /// ```
    #[must_use]
    pub fn with_width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }

    fn check(&self) -> Result<(), StatsError> {
        finite_one("mean", self.mean)?;
        positive("sigma", self.sigma)?;
        positive("width", self.width)?;
        if self.lambda > 0.0 && self.lambda <= 1.0 {
            Ok(())
        } else {
            Err(StatsError::out_of_range("lambda", self.lambda, "in (0, 1]"))
        }
    }
}

/// One point of the chart.
///
/// ```
/// use devops_stats::ewma::{EwmaOptions, ewma};
/// let point = ewma(&[1.0], &EwmaOptions::new(0.0, 1.0))?[0];
/// assert_eq!(point.value, 0.2);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EwmaPoint {
    /// The weighted average after this value.
    pub value: f64,
    /// Half width of the limits at this point: they widen from the first point on.
    pub half_width: f64,
    /// The average lies beyond a limit.
    pub signal: bool,
}

/// The chart as a stream: O(1) time and memory per value.
///
/// ```
/// use devops_stats::ewma::{Ewma, EwmaOptions};
///
/// let mut chart = Ewma::new(EwmaOptions::new(10.0, 1.0))?;
/// assert!(!chart.push(10.5)?.signal);
/// assert!(chart.push(19.0)?.signal);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ewma {
    options: EwmaOptions,
    value: f64,
    /// (1 − λ)^(2i) after i values.
    fading: f64,
}

impl Ewma {
    /// A chart that has seen nothing: its average is the process mean.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] names the option that is outside its range.
    ///
    /// ```
    /// use devops_stats::ewma::{Ewma, EwmaOptions};
    /// assert!(Ewma::new(EwmaOptions::new(0.0, 0.0)).is_err());
    /// ```
    pub fn new(options: EwmaOptions) -> Result<Self, StatsError> {
        options.check()?;
        Ok(Self { options, value: options.mean, fading: 1.0 })
    }

    /// Takes the next value: zᵢ = λ xᵢ + (1 − λ) zᵢ₋₁, limits mean ± L σ √(λ/(2 − λ) (1 − (1 − λ)²ⁱ)).
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for NaN or infinity; the chart is as before.
    ///
    /// ```
    /// use devops_stats::ewma::{Ewma, EwmaOptions};
    /// let mut chart = Ewma::new(EwmaOptions::new(0.0, 1.0).with_lambda(0.5))?;
    /// assert_eq!(chart.push(4.0)?.value, 2.0);
    /// assert_eq!(chart.push(4.0)?.value, 3.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn push(&mut self, x: f64) -> Result<EwmaPoint, StatsError> {
        let x = finite_one("x", x)?;
        let EwmaOptions { mean, sigma, lambda, width } = self.options;
        let value = lambda * x + (1.0 - lambda) * self.value;
        let fading = self.fading * (1.0 - lambda) * (1.0 - lambda);
        let half_width = fits("sigma", width * sigma * libm::sqrt(lambda / (2.0 - lambda) * (1.0 - fading)))?;
        (self.value, self.fading) = (value, fading);
        Ok(EwmaPoint { value, half_width, signal: libm::fabs(value - mean) > half_width })
    }
}

/// The exponentially weighted moving average of a whole series with its limits: notices small lasting shifts.
///
/// Source: Roberts (1959); limits as in Montgomery (2013), exact at every point. O(n).
/// [`Ewma`] is the streaming form and gives the same numbers.
///
/// # Errors
/// [`StatsError::NonFinite`] for NaN or infinity in `x`, [`StatsError::OutOfRange`] for a bad option.
///
/// ```
/// use devops_stats::ewma::{EwmaOptions, ewma};
///
/// let drifting = [0.0, 0.1, 1.2, 1.1, 1.3, 1.2, 1.4];
/// let points = ewma(&drifting, &EwmaOptions::new(0.0, 0.5))?;
/// assert_eq!(points.iter().position(|p| p.signal), Some(4));
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
pub fn ewma(x: &[f64], options: &EwmaOptions) -> Result<Vec<EwmaPoint>, StatsError> {
    let x = finite("x", x)?;
    let mut chart = Ewma::new(*options)?;
    x.iter().map(|&v| chart.push(v)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn options_are_checked() {
        let refused = |o: EwmaOptions| ewma(&[1.0], &o).is_err();
        assert!(refused(EwmaOptions::new(f64::NAN, 1.0)));
        assert!(refused(EwmaOptions::new(0.0, 1.0).with_lambda(1.5)));
        assert!(refused(EwmaOptions::new(0.0, 1.0).with_width(-1.0)));
        assert_eq!(ewma(&[], &EwmaOptions::new(0.0, 1.0)), Ok(Vec::new()));
    }

    #[test]
    fn a_bad_value_leaves_the_chart_as_it_was() {
        let mut chart = Ewma::new(EwmaOptions::new(0.0, 1.0)).unwrap();
        let before = chart.clone();
        assert!(chart.push(f64::NAN).is_err());
        assert_eq!(chart, before);
    }

    proptest! {
        #[test]
        fn any_bits_never_panic(bits in proptest::collection::vec(any::<u64>(), 0..20), o in any::<[u64; 4]>()) {
            let x: Vec<f64> = bits.iter().map(|&b| f64::from_bits(b)).collect();
            let o = o.map(f64::from_bits);
            let options = EwmaOptions::new(o[0], o[1]).with_lambda(o[2]).with_width(o[3]);
            let _ = ewma(&x, &options);
            let _ = ewma(&x, &EwmaOptions::new(0.0, 1.0));
        }
    }
}
