//! The interval of the shift that Kayenta classifies by.

use devops_stats::StatsError;
use devops_stats::rank_sum_shift::rank_sum_shift;
use devops_stats::zeroin::zeroin;

use super::statistics::normal_quantile;

/// Zeros closer together than this are not told apart, whatever the unit.
const ROOT_TOLERANCE: f64 = 1e-4;
const ROOT_STEPS: usize = 1000;

/// Why Kayenta's arithmetic has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KayentaError {
    /// All values are equal at a shift that has to be looked at.
    #[error("all observations are tied, so there is no interval")]
    AllTied,
    /// Differences of the values are too large for a float.
    #[error("the differences of the values are too large")]
    Overflow,
    /// A sample or an option is not what the method takes.
    #[error(transparent)]
    Input(#[from] StatsError),
    /// A group's weight is no number.
    #[error("the weight of group `{group}` is `{value}`, expected a finite number")]
    Weight {
        /// The group.
        group: alloc::string::String,
        /// Its weight.
        value: alloc::string::String,
    },
    /// Samples of a metric that the configuration does not have.
    #[error("metric `{name}` is not in the configuration")]
    UnknownMetric {
        /// The metric.
        name: alloc::string::String,
    },
}

/// The interval and the estimate of the shift between experiment and control.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "what the original's result holds")]
pub struct MannWhitneyCi {
    /// Lower end; it may lie above the upper end, as both are found to 0.0001 only.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The shift at which the statistic changes sign.
    pub estimate: f64,
}

/// The standardised rank sum of `experiment − mu` against `control`, less `quantile`.
///
/// With continuity and tie correction: [`rank_sum_shift`] less the quantile.
///
/// # Errors
///
/// A value that is not finite, an empty sample, or all values tied at that shift.
///
/// ```
/// use devops_gates::compat::kayenta::wilcoxon_diff;
/// let w = wilcoxon_diff(&[5.0, 7.0, 9.0], &[1.0, 2.0, 3.5], 5.0, 1.96)?;
/// assert!((w - -1.96).abs() < 1e-12);
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn wilcoxon_diff(
    experiment: &[f64],
    control: &[f64],
    mu: f64,
    quantile: f64,
) -> Result<f64, KayentaError> {
    let z = rank_sum_shift(experiment, control, mu)?.defined().ok_or(KayentaError::AllTied)?;
    Ok(z - quantile)
}

/// The interval of the shift at `confidence` (0.98 in the judge), and its estimate.
///
/// The zeros of [`wilcoxon_diff`] at the normal quantiles, by Brent's method as R's `zeroin` has it, to an
/// *absolute* 0.0001; the estimate at quantile 0.
///
/// # Errors
///
/// A value that is not finite, an empty sample, a confidence outside (0, 1); all values tied at a shift that has
/// to be looked at, as with one value a side.
///
/// ```
/// use devops_gates::compat::kayenta::mann_whitney_ci;
/// let ci = mann_whitney_ci(&[5.0, 7.0, 9.0, 8.0], &[1.0, 2.0, 3.5, 2.5], 0.9)?;
/// assert!(ci.low < ci.estimate && ci.estimate < ci.high);
/// # Ok::<(), devops_gates::compat::kayenta::KayentaError>(())
/// ```
pub fn mann_whitney_ci(
    experiment: &[f64],
    control: &[f64],
    confidence: f64,
) -> Result<MannWhitneyCi, KayentaError> {
    if !(confidence > 0.0 && confidence < 1.0) {
        let value = alloc::format!("{confidence}");
        return Err(StatsError::OutOfRange { argument: "confidence", value, range: "in (0, 1)" }.into());
    }
    // Also refuses empty and non-finite samples.
    wilcoxon_diff(experiment, control, 0.0, 0.0).or_else(|e| match e {
        KayentaError::AllTied => Ok(0.0),
        other => Err(other),
    })?;
    let (x, y) = (Ends::of(experiment), Ends::of(control));
    let (low, high) = (x.least - y.greatest, x.greatest - y.least);
    if !(low.is_finite() && high.is_finite()) {
        return Err(KayentaError::Overflow);
    }
    let z = normal_quantile((1.0 - confidence) / 2.0);
    let end = |quantile: f64| -> Result<f64, KayentaError> {
        if wilcoxon_diff(experiment, control, low, quantile)? <= 0.0 {
            Ok(low)
        } else if wilcoxon_diff(experiment, control, high, quantile)? >= 0.0 {
            Ok(high)
        } else {
            zero(experiment, control, quantile, (low, high))
        }
    };
    Ok(MannWhitneyCi { low: end(-z)?, high: end(z)?, estimate: zero(experiment, control, 0.0, (low, high))? })
}

fn zero(
    experiment: &[f64],
    control: &[f64],
    quantile: f64,
    (low, high): (f64, f64),
) -> Result<f64, KayentaError> {
    let failed = core::cell::Cell::new(false);
    let found = zeroin(
        |mu| {
            wilcoxon_diff(experiment, control, mu, quantile).unwrap_or_else(|_| {
                failed.set(true);
                0.0
            })
        },
        low,
        high,
        ROOT_TOLERANCE,
        ROOT_STEPS,
    );
    if failed.get() { Err(KayentaError::AllTied) } else { Ok(found) }
}

struct Ends {
    least: f64,
    greatest: f64,
}

impl Ends {
    fn of(values: &[f64]) -> Self {
        let start = Self { least: f64::INFINITY, greatest: f64::NEG_INFINITY };
        values.iter().fold(start, |ends, &v| Self {
            least: if v < ends.least { v } else { ends.least },
            greatest: if v > ends.greatest { v } else { ends.greatest },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn bad_input_is_told() {
        let cases: [(&[f64], &[f64], f64, &str); 5] = [
            (&[], &[1.0], 0.9, "not enough data: needs 1 values, got 0"),
            (&[f64::NAN], &[1.0], 0.9, "`x` holds `NaN` at index 0, every value must be finite"),
            (&[1.0, 2.0], &[1.0], 1.0, "`confidence` is `1`, must be in (0, 1)"),
            (&[2.0], &[1.0], 0.9, "all observations are tied, so there is no interval"),
            (&[1e308, 0.0], &[-1e308, 0.0], 0.9, "the differences of the values are too large"),
        ];
        for (x, y, confidence, message) in cases {
            assert_eq!(mann_whitney_ci(x, y, confidence).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn tiny_samples_have_the_widest_interval() {
        let ci = mann_whitney_ci(&[3.0, 4.0], &[1.0, 2.0], 0.98).unwrap();
        assert_eq!((ci.low, ci.high), (1.0, 3.0));
    }
}
