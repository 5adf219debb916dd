//! How good are our predictions?

use devops_stats::proportion::wilson;
use devops_stats::quantile::median;
use devops_stats::tail::Interval;
use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::proposal::Hypothesis;
use super::sample::real;

/// How what happened compares with what was predicted, over many proposals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Calibration {
    /// How many predictions could be compared.
    pub n: u64,
    /// How many effects lie inside their predicted range.
    pub inside: u64,
    /// How many stayed behind it: less happened than was predicted.
    pub less: u64,
    /// How many went beyond it.
    pub more: u64,
    /// The share inside in percent; `None` without predictions.
    pub inside_percent: Option<f64>,
    /// Its interval (Wilson 1927).
    pub inside_interval: Option<Interval>,
    /// Median of effect by middle of the prediction: below 1 where people promise too much.
    pub median_ratio: Option<f64>,
}

/// Compares predictions with effects: the share of effects inside their predicted range, and how much people
/// promise. Pairs without a size of the effect are left out.
///
/// ```
/// use devops_metrics::improvement::{calibration, Sample, effect};
/// # use devops_core::{MetricId, Number, Unit};
/// # let json = r#"{"text":"t","metric":"m","unit":"percent","low":-20,"high":-5}"#;
/// # let hypothesis: devops_metrics::improvement::Hypothesis = serde_json::from_str(json)?;
///
/// // Predicted: 5 to 20 points less. Seen: 10 points less.
/// let found = effect(&Sample::share(30, 100)?, &Sample::share(20, 100)?, 0.95)?;
/// let told = calibration([(&hypothesis, &found)], 0.95);
/// assert_eq!((told.n, told.inside, told.median_ratio), (1, 1, Some(0.8)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn calibration<'a>(
    pairs: impl IntoIterator<Item = (&'a Hypothesis, &'a Effect)>,
    confidence: f64,
) -> Calibration {
    let mut told = Calibration {
        n: 0,
        inside: 0,
        less: 0,
        more: 0,
        inside_percent: None,
        inside_interval: None,
        median_ratio: None,
    };
    let mut ratios = alloc::vec::Vec::new();
    for (hypothesis, effect) in pairs {
        let Some(seen) = effect.difference else { continue };
        let (low, high) = (hypothesis.low.get(), hypothesis.high.get());
        let middle = 0.5 * low + 0.5 * high;
        told.n = told.n.saturating_add(1);
        let place = if (low..=high).contains(&seen) {
            &mut told.inside
        } else if (seen > high) == (middle > 0.0) {
            &mut told.more
        } else {
            &mut told.less
        };
        *place = place.saturating_add(1);
        if middle != 0.0 {
            ratios.push(seen / middle);
        }
    }
    if let Ok(interval) = wilson(told.inside, told.n, confidence) {
        told.inside_percent = Some(100.0 * real(told.inside) / real(told.n));
        told.inside_interval = Some(Interval::new(100.0 * interval.low, 100.0 * interval.high));
    }
    told.median_ratio = median(&ratios).ok();
    told
}
